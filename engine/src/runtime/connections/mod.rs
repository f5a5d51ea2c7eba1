//! Which neurons are connected: the pairs that a rule makes, and the rows of synapses onto a chunk, source by source, with
//! their weights and delays.

pub(crate) mod by_row;
pub(crate) mod delays;
pub(crate) mod drawn_delays;
pub(crate) mod pairs;
pub(crate) mod rows;
pub(crate) mod share;
pub(crate) mod targets;
