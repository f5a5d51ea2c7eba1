//! Synapses by name.

use std::collections::BTreeMap;

use super::dividing::refused;
use super::view::Neuron;
use super::{Error, ProjectionId};
use crate::project::Projection;
use crate::runtime::Connected;

/// Synapses as names: [`Simulator::get_connections`](super::Simulator::get_connections) finds them,
/// [`Simulator::get_synapses`](super::Simulator::get_synapses) and [`Simulator::set_synapses`](super::Simulator::set_synapses)
/// read and set what they have. They stand by projection in order of creation, then by source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SynapseCollection {
    pairs: Vec<Pair>,
}

/// One synapse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pair {
    pub source: Neuron,
    pub target: Neuron,
    pub projection: ProjectionId,
    /// Its place among the connections of the projection.
    pub place: usize,
    ends: (u32, u32),
}

impl Pair {
    /// A connection of a projection.
    pub fn of(projection: &Projection, place: usize, connected: &Connected) -> Pair {
        let (from, to) = match connected.back {
            false => (projection.from, projection.to),
            true => (projection.to, projection.from),
        };
        Pair {
            source: Neuron { node: from, index: connected.source as usize },
            target: Neuron { node: to, index: connected.target as usize },
            projection: projection.id,
            place,
            ends: (connected.source, connected.target),
        }
    }

    /// Whether it is still where it was.
    pub fn check(&self, connections: &[Connected]) -> Result<(), Error> {
        match connections.get(self.place).is_some_and(|there| (there.source, there.target) == self.ends) {
            true => Ok(()),
            false => Err(refused("the connections have been made anew since; get them again".into())),
        }
    }
}

impl SynapseCollection {
    pub(super) fn of(pairs: Vec<Pair>) -> SynapseCollection {
        SynapseCollection { pairs }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Source and target of each.
    pub fn iter(&self) -> impl Iterator<Item = (Neuron, Neuron)> + '_ {
        self.pairs.iter().map(|pair| (pair.source, pair.target))
    }

    /// The source of each.
    pub fn sources(&self) -> impl Iterator<Item = Neuron> + '_ {
        self.pairs.iter().map(|pair| pair.source)
    }

    /// The target of each.
    pub fn targets(&self) -> impl Iterator<Item = Neuron> + '_ {
        self.pairs.iter().map(|pair| pair.target)
    }

    /// Those of them that fulfil a condition on source and target.
    pub fn filter(&self, is_wanted: impl Fn(Neuron, Neuron) -> bool) -> SynapseCollection {
        SynapseCollection { pairs: self.pairs.iter().filter(|p| is_wanted(p.source, p.target)).copied().collect() }
    }

    /// For each projection, the places in the collection with their synapses.
    pub(super) fn by_projection(&self) -> Vec<(ProjectionId, Vec<(usize, Pair)>)> {
        let mut all: BTreeMap<u32, Vec<(usize, Pair)>> = BTreeMap::new();
        for (i, pair) in self.pairs.iter().enumerate() {
            all.entry(pair.projection.0).or_default().push((i, *pair));
        }
        all.into_iter().map(|(id, pairs)| (ProjectionId(id), pairs)).collect()
    }
}
