/// How synapses of a projection are kept. What they do does not depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Storage {
    /// As costs less.
    #[default]
    Auto,
    /// The target of every synapse is listed.
    Sparse,
    /// A table: every source reaches every target, which need not be listed.
    Dense,
}

impl Storage {
    pub const ALL: [Storage; 3] = [Storage::Auto, Storage::Sparse, Storage::Dense];

    /// As files name it.
    pub const fn name(self) -> &'static str {
        match self {
            Storage::Auto => "auto",
            Storage::Sparse => "sparse",
            Storage::Dense => "dense",
        }
    }
}
