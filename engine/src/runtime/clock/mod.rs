//! How time passes: slices and their phases, the chunks that are worked on, the threads that claim them. Snapshots keep the
//! whole state at the end of a slice.

pub(crate) mod advance;
pub mod chunk;
pub(crate) mod snapshot;
pub(crate) mod team;
