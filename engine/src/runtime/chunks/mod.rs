//! The chunks of the network: the neurons of a part of a population with all that is written for them, so that threads can
//! work on chunks side by side.

pub mod chunk;
pub(crate) mod coupled;
