//! Neurons and devices by name: whole nodes, parts of them, and what is put together from them.

use std::ops::{Add, Bound, RangeBounds};

use super::{Error, NodeId};

/// A neuron or device: the node to which it belongs, and its number there, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Neuron {
    /// The population, generator or recorder.
    pub node: NodeId,
    /// Its number within the node.
    pub index: usize,
}

/// Neurons or devices in order: those of a node, some of them, or several of these one after the other; what NEST calls a
/// node collection. A view is a list of names: it holds no state, and copies of it mean the same neurons.
///
/// ```
/// use spikeloom_engine::network::Simulator;
///
/// let mut simulator = Simulator::new();
/// let excitatory = simulator.create("iaf_psc_exp", 80, &[])?;
/// let inhibitory = simulator.create("iaf_psc_exp", 20, &[])?;
/// let all = &excitatory + &inhibitory;
/// assert_eq!(all.len(), 100);
/// let middle = all.slice(75..85)?; // the last five of the first, the first five of the second
/// assert_eq!(middle.get(5), inhibitory.get(0));
/// assert_eq!(all.step_by(30)?.iter().map(|neuron| neuron.index).collect::<Vec<_>>(), [0, 30, 60, 10]);
/// # Ok::<(), spikeloom_engine::network::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeView {
    segments: Vec<Segment>,
}

/// Neurons of one node at equal distances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub node: NodeId,
    /// Neurons of the whole node.
    pub all: usize,
    pub first: usize,
    pub step: usize,
    pub len: usize,
}

impl Segment {
    /// Whether it is the node with all its neurons in their order.
    pub fn is_whole(&self) -> bool {
        self.first == 0 && self.len == self.all && (self.step == 1 || self.len == 1)
    }
    fn at(&self, i: usize) -> Neuron {
        Neuron { node: self.node, index: self.first + i * self.step }
    }
    /// The place of a neuron among its own.
    pub fn position(&self, neuron: Neuron) -> Option<usize> {
        let beyond = neuron.index.checked_sub(self.first).filter(|_| neuron.node == self.node)?;
        (beyond % self.step == 0 && beyond / self.step < self.len).then_some(beyond / self.step)
    }
}

impl NodeView {
    /// All `n` neurons of a node.
    pub(super) fn whole(node: NodeId, n: usize) -> NodeView {
        NodeView { segments: vec![Segment { node, all: n, first: 0, step: 1, len: n }] }
    }

    /// How many neurons it has.
    pub fn len(&self) -> usize {
        self.segments.iter().map(|segment| segment.len).sum()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its neurons in their order.
    pub fn iter(&self) -> impl Iterator<Item = Neuron> + '_ {
        self.segments.iter().flat_map(|segment| (0..segment.len).map(|i| segment.at(i)))
    }

    /// The neuron at a place, counted from 0.
    pub fn get(&self, place: usize) -> Option<Neuron> {
        let mut place = place;
        for segment in &self.segments {
            if place < segment.len {
                return Some(segment.at(place));
            }
            place -= segment.len;
        }
        None
    }

    /// The place at which a neuron stands in the view.
    pub fn position(&self, neuron: Neuron) -> Option<usize> {
        let mut before = 0;
        for segment in &self.segments {
            if let Some(place) = segment.position(neuron) {
                return Some(before + place);
            }
            before += segment.len;
        }
        None
    }

    /// The neurons at these places, as in `view.slice(0..50)` or `view.slice(10..)`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where the view has not so many.
    pub fn slice(&self, places: impl RangeBounds<usize>) -> Result<NodeView, Error> {
        let len = self.len();
        let start = match places.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match places.end_bound() {
            Bound::Included(last) => last.saturating_add(1),
            Bound::Excluded(end) => *end,
            Bound::Unbounded => len,
        };
        if end > len || start > end {
            return Err(Error::OutOfRange { len, asked: end.max(start).saturating_sub(1) });
        }
        let (mut segments, mut before) = (Vec::new(), 0);
        for segment in &self.segments {
            let (from, to) = (start.max(before), end.min(before + segment.len));
            if from < to {
                let first = segment.first + (from - before) * segment.step;
                segments.push(Segment { first, len: to - from, ..*segment });
            }
            before += segment.len;
        }
        Ok(NodeView { segments })
    }

    /// Every `step`-th of its neurons, the first of them included.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the step is 0.
    pub fn step_by(&self, step: usize) -> Result<NodeView, Error> {
        if step == 0 {
            return Err(Error::OutOfRange { len: self.len(), asked: 0 });
        }
        // How many neurons are passed over before the next one that is taken.
        let (mut segments, mut skip) = (Vec::new(), 0);
        for segment in &self.segments {
            if skip >= segment.len {
                skip -= segment.len;
                continue;
            }
            let len = (segment.len - skip).div_ceil(step);
            let first = segment.first + skip * segment.step;
            segments.push(Segment { first, step: segment.step * step, len, ..*segment });
            skip = skip + len * step - segment.len;
        }
        Ok(NodeView { segments })
    }

    /// The neurons at these places, in this order.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where the view has not so many.
    pub fn select(&self, places: &[usize]) -> Result<NodeView, Error> {
        let mut segments: Vec<Segment> = Vec::new();
        for &place in places {
            let Some(neuron) = self.get(place) else {
                return Err(Error::OutOfRange { len: self.len(), asked: place });
            };
            match segments.last_mut() {
                Some(last) if last.step == 1 && last.node == neuron.node && last.first + last.len == neuron.index => {
                    last.len += 1;
                }
                _ => {
                    let all = self.segments.iter().find(|s| s.node == neuron.node).map_or(0, |s| s.all);
                    segments.push(Segment { node: neuron.node, all, first: neuron.index, step: 1, len: 1 });
                }
            }
        }
        Ok(NodeView { segments })
    }

    /// The node of which it shows all or some.
    ///
    /// # Errors
    /// [`Error::SeveralNodes`] where it is put together from several, or empty.
    pub fn node(&self) -> Result<NodeId, Error> {
        let first = self.segments.first().ok_or(Error::SeveralNodes)?.node;
        if self.segments.iter().all(|segment| segment.node == first) { Ok(first) } else { Err(Error::SeveralNodes) }
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether it is whole nodes, each once.
    pub(super) fn is_whole(&self) -> bool {
        let is_new = |i: usize| self.segments[..i].iter().all(|other| other.node != self.segments[i].node);
        self.segments.iter().enumerate().all(|(i, segment)| segment.is_whole() && is_new(i))
    }

    /// A neuron that it holds twice, if it holds one.
    pub(super) fn twice(&self) -> Option<Neuron> {
        let nodes: Vec<NodeId> = self.segments.iter().map(|segment| segment.node).collect();
        if (0..nodes.len()).all(|i| !nodes[..i].contains(&nodes[i])) {
            return None;
        }
        let mut all: Vec<Neuron> = self.iter().collect();
        all.sort_unstable();
        all.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
    }
}

impl Add for &NodeView {
    type Output = NodeView;
    /// The neurons of one view, then those of the other.
    fn add(self, other: &NodeView) -> NodeView {
        NodeView { segments: [&self.segments[..], &other.segments[..]].concat() }
    }
}

impl Add<&NodeView> for NodeView {
    type Output = NodeView;
    fn add(self, other: &NodeView) -> NodeView {
        &self + other
    }
}

impl Add for NodeView {
    type Output = NodeView;
    fn add(self, other: NodeView) -> NodeView {
        &self + &other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(view: &NodeView) -> Vec<(u32, usize)> {
        view.iter().map(|neuron| (neuron.node.0, neuron.index)).collect()
    }

    #[test]
    fn parts_of_parts_are_parts() {
        let (a, b) = (NodeView::whole(NodeId(0), 5), NodeView::whole(NodeId(1), 4));
        let all = &a + &b;
        assert_eq!((all.len(), all.is_whole(), all.slice(..5)), (9, true, Ok(a.clone())));
        let middle = all.slice(3..=6).unwrap();
        assert_eq!(numbers(&middle), [(0, 3), (0, 4), (1, 0), (1, 1)]);
        assert_eq!(numbers(&middle.step_by(3).unwrap()), [(0, 3), (1, 1)]);
        assert_eq!(numbers(&all.step_by(2).unwrap().slice(1..4).unwrap()), [(0, 2), (0, 4), (1, 1)]);
        assert_eq!(numbers(&all.select(&[8, 0, 1]).unwrap()), [(1, 3), (0, 0), (0, 1)]);
        for (place, neuron) in middle.iter().enumerate() {
            assert_eq!((middle.get(place), middle.position(neuron)), (Some(neuron), Some(place)));
        }
        assert_eq!(middle.position(Neuron { node: NodeId(1), index: 2 }), None);
        assert!((a.node().is_ok(), all.node().is_err()) == (true, true));
    }

    #[test]
    fn what_is_not_there_is_told() {
        let a = NodeView::whole(NodeId(0), 5);
        assert_eq!(a.slice(2..6), Err(Error::OutOfRange { len: 5, asked: 5 }));
        let (from, to) = (4, 2);
        assert!(a.slice(from..to).is_err() && a.step_by(0).is_err() && a.select(&[5]).is_err());
        assert_eq!(a.slice(5..).map(|none| none.is_empty()), Ok(true));
        assert_eq!((&a + &a.slice(3..4).unwrap()).twice(), Some(Neuron { node: NodeId(0), index: 3 }));
        assert_eq!((&a.slice(..2).unwrap() + &a.slice(2..).unwrap()).twice(), None);
    }
}
