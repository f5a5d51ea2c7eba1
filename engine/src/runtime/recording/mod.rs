//! What recorders take of the spikes, samples and weights of a slice, and keep until a frame carries it away. Detectors that
//! count coincidences or transitions stand here too.

pub(crate) mod correlation;
pub(crate) mod detector;
pub(crate) mod intakes;
pub(crate) mod recorders;
pub(crate) mod sources;
pub(crate) mod spikes;
pub(crate) mod spins;
