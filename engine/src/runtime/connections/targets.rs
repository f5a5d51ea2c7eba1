//! Which neurons of a chunk the sources of a projection reach.

use std::ops::Range;

use crate::mechanisms::large::Large;

/// The targets of all synapses, row by row: slots of a chunk.
#[derive(Clone)]
pub enum Targets {
    /// Listed one by one.
    Sparse(Large<u16>),
    /// Every source reaches every slot in order: one row stands for all.
    Dense { row: Vec<u16>, sources: usize },
}

impl Targets {
    /// Every source reaches each of so many slots. At most 65,536 have a number.
    pub fn dense(sources: usize, slots: usize) -> Targets {
        Targets::Dense { row: (0..slots).map(|slot| slot as u16).collect(), sources }
    }

    /// Whether the rows that begin at `starts` reach every slot in order.
    pub fn are_complete(starts: &[u32], targets: &[u16], slots: usize) -> bool {
        let sources = starts.len() - 1;
        targets.len() == sources * slots
            && starts.iter().enumerate().all(|(s, start)| *start as usize == s * slots)
            && targets.iter().enumerate().all(|(i, target)| usize::from(*target) == i % slots)
    }

    pub fn len(&self) -> usize {
        match self {
            Targets::Sparse(all) => all.len(),
            Targets::Dense { row, sources } => row.len() * sources,
        }
    }

    /// Of one synapse.
    #[inline(always)]
    pub fn at(&self, synapse: usize) -> u16 {
        match self {
            Targets::Sparse(all) => all[synapse],
            Targets::Dense { row, .. } => row[synapse % row.len()],
        }
    }

    /// Of some synapses of one row.
    #[inline(always)]
    pub fn of(&self, synapses: Range<usize>) -> &[u16] {
        match self {
            Targets::Sparse(all) => &all[synapses],
            Targets::Dense { .. } if synapses.is_empty() => &[],
            Targets::Dense { row, .. } => {
                let first = synapses.start % row.len();
                &row[first..first + synapses.len()]
            }
        }
    }

    /// Of all synapses.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        (0..self.len()).map(|synapse| self.at(synapse))
    }

    pub fn bytes(&self) -> usize {
        match self {
            Targets::Sparse(all) => 2 * all.len(),
            Targets::Dense { row, .. } => 2 * row.len(),
        }
    }
}

impl From<Large<u16>> for Targets {
    fn from(all: Large<u16>) -> Targets {
        Targets::Sparse(all)
    }
}
