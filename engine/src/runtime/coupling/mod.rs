//! Populations that show signals to each other step together within a slice: show, pass on, step. Signals without delay are
//! found in every step, or slice by slice to a tolerance.

pub(crate) mod relaxation;
pub(crate) mod signals;
