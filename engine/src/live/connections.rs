//! To whom a neuron is connected: asked once and answered once, as the network stands at that moment.

use crate::description::{NodeId, ProjectionId};
use crate::runtime::Simulation;

/// Which end of its synapses a neuron is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Those that it reaches.
    Targets,
    /// Those that reach it.
    Sources,
}

/// Whose synapses are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The node.
    pub node: NodeId,
    /// Its neuron, counted from 0.
    pub neuron: usize,
    /// Whether its targets or its sources are wanted.
    pub direction: Direction,
}

/// The synapses of one neuron.
#[derive(Clone, Debug, PartialEq)]
pub struct Connections {
    /// What was asked for.
    pub asked: Asked,
    /// By projection; those without a synapse of the neuron are left out.
    pub bundles: Vec<Bundle>,
}

/// The synapses of one neuron that belong to one projection.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// The projection.
    pub projection: ProjectionId,
    /// The node at the other end.
    pub node: NodeId,
    /// The neuron at the other end of each synapse, and its weight; by neuron.
    pub synapses: Vec<(u32, f64)>,
}

impl Bundle {
    /// How many neurons are at the other end: several synapses may lead to one.
    #[must_use]
    pub fn neurons(&self) -> usize {
        self.synapses.chunk_by(|a, b| a.0 == b.0).count()
    }

    /// The mean weight; 0 without synapses.
    #[must_use]
    pub fn mean_weight(&self) -> f64 {
        self.synapses.iter().map(|(_, weight)| weight).sum::<f64>() / self.synapses.len().max(1) as f64
    }
}

impl Asked {
    /// The answer, now.
    #[must_use]
    pub fn of(self, simulation: &Simulation) -> Connections {
        let mut bundles: Vec<Bundle> = Vec::new();
        let add = |projection, node, neuron, weight| {
            let place = bundles.iter().position(|bundle| bundle.projection == projection).unwrap_or_else(|| {
                bundles.push(Bundle { projection, node, synapses: Vec::new() });
                bundles.len() - 1
            });
            bundles[place].synapses.push((neuron, weight));
        };
        match self.direction {
            Direction::Targets => simulation.tell_targets(self.node, self.neuron, add),
            Direction::Sources => simulation.tell_sources(self.node, self.neuron, add),
        }
        bundles.sort_by_key(|bundle| bundle.projection);
        bundles.iter_mut().for_each(|bundle| bundle.synapses.sort_by_key(|(neuron, _)| *neuron));
        Connections { asked: self, bundles }
    }
}
