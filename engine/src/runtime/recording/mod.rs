//! What recorders take of the spikes, samples and weights of a slice, and keep until a frame carries it away. Detectors that
//! count coincidences or transitions stand here too.

pub(crate) mod correlation;
pub(crate) mod listening;
pub(crate) mod recorders;
pub(crate) mod spins;
