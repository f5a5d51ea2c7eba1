//! Steps that are made at once, and why they cannot be made.

/// Steps that a chunk runs through at once, while its blocks stay in the cache.
#[derive(Clone, Debug, Default)]
pub struct Span {
    /// The first step.
    pub first: i64,
    /// Its place within the slice.
    pub offset: usize,
    /// Number of steps, at most 64.
    pub n: usize,
    /// For each multimeter, one bit a step in which it samples.
    pub due: Vec<u64>,
    /// Whether states are tested for being finite at the end.
    pub check: bool,
}

/// The longest span, set by the bits of [`Span::due`].
pub const LONGEST_SPAN: usize = 64;

/// Why a chunk cannot go on; the neuron is counted within the chunk.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    /// Its state is no longer finite.
    NotFinite { neuron: usize },
    /// It sends more than [`STORM`] spikes in one step.
    Storm { neuron: usize },
}

/// More spikes of one neuron in one step are a storm: parrots that feed each other multiply without bound.
pub const STORM: u32 = 10_000;
