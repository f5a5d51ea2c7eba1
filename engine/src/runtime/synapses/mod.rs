//! Which pairs a rule connects, the rows of synapses a chunk owns, and synapses with state. Beside them stands what plastic
//! synapses may read of their targets: the archive of spikes, histories of potentials and predictions, volume transmitters.

pub mod archive;
pub(crate) mod by_row;
pub(crate) mod drawn_delays;
pub mod paired;
pub(crate) mod pairs;
pub(crate) mod parameters;
pub mod plastic;
pub(crate) mod predictions;
pub(crate) mod rows;
pub(crate) mod transmitters;
pub(crate) mod voltages;
