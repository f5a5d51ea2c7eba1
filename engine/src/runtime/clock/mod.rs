//! How time passes: slices and their phases, and the threads that work on chunks in them. Snapshots keep the whole state at
//! the end of a slice.

pub(crate) mod advance;
mod phases;
mod primitives;
pub(crate) mod snapshot;
pub(crate) mod team;
