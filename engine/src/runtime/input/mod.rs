//! What reaches the neurons of a chunk: rings of planes by step and inlet, spikes between grid points, currents, and the
//! trains that generators draw for each connection. Everything that sends writes here; only the update of the chunk reads.

pub(crate) mod inputs;
pub(crate) mod late;
pub(crate) mod ring;
pub(crate) mod timed;
pub(crate) mod train_input;
