//! Synapses with a state of their own, and what they may read of their targets: the archive of spikes, histories of
//! potentials and predictions, and volume transmitters.

pub mod archive;
pub mod continuous_delays;
pub mod gated;
pub mod histories;
pub mod paired;
pub mod plastic;
pub mod predictions;
pub mod reads;
pub mod transmitters;
pub mod voltages;
