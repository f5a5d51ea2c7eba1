//! Working memory of neurons that are solved with adaptive sub-steps, for one chunk.

use super::constants::Eight;
use crate::runtime::input::inputs::{Gathered, Lanes};

/// A block with stragglers, and what arrived at it in the step.
pub(super) struct StragglerBlock {
    pub block: usize,
    pub gathered: Gathered,
    pub chance: Lanes,
    /// Vectors that have not ended their step: for each, the bit of its first lane is set.
    pub vectors: u64,
}

/// A neuron that is not through with the grid step.
pub(super) struct Straggler {
    /// Place of its block in [`Scratch::waiting`].
    pub waiting: usize,
    pub lane: usize,
    /// Time within the step, ms.
    pub t: f64,
}

/// Working memory of a chunk.
#[derive(Default)]
pub(super) struct Scratch {
    pub stragglers: Vec<Straggler>,
    /// Blocks with stragglers, and blocks no longer needed, whose memory is used again.
    pub waiting: Vec<StragglerBlock>,
    pub spare: Vec<StragglerBlock>,
    /// Who has fired in the step: for each block, one bit a neuron.
    pub fired: Vec<u64>,
    /// Vectors of the block in work that have not ended their step, as in [`StragglerBlock`].
    pub vectors: u64,
    /// The sub-steps tried for the block in work, and the state of receptors in lists that they propose.
    pub tried: Vec<Lanes>,
    pub proposed: Vec<Lanes>,
    pub compacted: CompactedLanes,
    /// State and constants of one neuron.
    pub of_one: (Vec<f64>, Vec<f64>),
}

impl Clone for Scratch {
    /// Working memory holds nothing from one step to the next.
    fn clone(&self) -> Self {
        Scratch::default()
    }
}

impl Scratch {
    /// Makes room for blocks with so many numbers of state and rows of lists.
    pub fn begin(&mut self, blocks: usize, list_rows: usize, state: usize) {
        let none = Lanes([0.0; 64]);
        self.fired.resize(blocks, 0);
        // An attempt is less than two numbers larger than the state that it begins with.
        self.tried.resize(state + 2, none);
        self.proposed.resize(list_rows, none);
    }

    /// Keeps what arrived at a block until its stragglers have arrived, and gives other room to gather in.
    pub fn set_aside(&mut self, block: usize, gathered: &mut Gathered, chance: &Lanes) {
        let none = || StragglerBlock { block: 0, gathered: gathered.clone(), chance: *chance, vectors: 0 };
        let mut place = self.spare.pop().unwrap_or_else(none);
        (place.block, place.vectors, place.chance) = (block, self.vectors, *chance);
        std::mem::swap(&mut place.gathered, gathered);
        self.waiting.push(place);
    }
}

/// The most lanes that a vector has.
pub(super) const WIDEST: usize = 16;

/// Stragglers compacted into one vector; its lanes are the first of each row and group, the others are not used.
pub(super) struct CompactedLanes {
    pub rows: Vec<Lanes>,
    pub constants: Vec<Eight>,
    pub list_rows: Vec<Lanes>,
    pub list_constants: Vec<Eight>,
    /// Time within the step, ms; current, pA; jump by arriving spikes.
    pub t: [f64; WIDEST],
    pub current: [f64; WIDEST],
    pub jump: [f64; WIDEST],
    /// Sub-steps tried.
    pub tried: [u32; WIDEST],
    /// Block and lane of the neuron.
    pub from: [(usize, usize); WIDEST],
}

impl Default for CompactedLanes {
    fn default() -> Self {
        CompactedLanes {
            rows: Vec::new(),
            constants: Vec::new(),
            list_rows: Vec::new(),
            list_constants: Vec::new(),
            t: [0.0; WIDEST],
            current: [0.0; WIDEST],
            jump: [0.0; WIDEST],
            tried: [0; WIDEST],
            from: [(0, 0); WIDEST],
        }
    }
}
