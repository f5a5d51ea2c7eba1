//! What a connection begins or ends at: a node, some of its cells, or several of them as one.

use std::ops::{Range, RangeFrom, RangeTo};

use super::{NodeId, Part};

/// One end of a connection. Several nodes count as one population, in the order in which they were created.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    pub(super) members: Vec<(NodeId, Part)>,
}

impl End {
    pub(super) fn part(node: NodeId, part: Part) -> End {
        End { members: vec![(node, part)] }
    }
}

impl From<NodeId> for End {
    fn from(node: NodeId) -> End {
        End::part(node, Part::Whole)
    }
}

impl<T: Into<End> + Clone> From<&[T]> for End {
    fn from(ends: &[T]) -> End {
        End { members: ends.iter().flat_map(|end| end.clone().into().members).collect() }
    }
}

impl<T: Into<End> + Clone, const N: usize> From<&[T; N]> for End {
    fn from(ends: &[T; N]) -> End {
        End::from(&ends[..])
    }
}

impl<T: Into<End> + Clone, const N: usize> From<[T; N]> for End {
    fn from(ends: [T; N]) -> End {
        End::from(&ends[..])
    }
}

impl From<Range<usize>> for Part {
    fn from(cells: Range<usize>) -> Part {
        Part::range(cells)
    }
}

impl From<RangeFrom<usize>> for Part {
    fn from(cells: RangeFrom<usize>) -> Part {
        Part::Slice { start: cells.start as i64, stop: None, step: 1 }
    }
}

impl From<RangeTo<usize>> for Part {
    fn from(cells: RangeTo<usize>) -> Part {
        Part::range(0..cells.end)
    }
}

impl From<&[u32]> for Part {
    fn from(cells: &[u32]) -> Part {
        Part::list(cells.iter().copied())
    }
}

impl<const N: usize> From<[u32; N]> for Part {
    fn from(cells: [u32; N]) -> Part {
        Part::list(cells)
    }
}
