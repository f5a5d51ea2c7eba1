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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::read;

    /// Who is joined with neuron 1 of `node`: the other node, its neuron, and the weight.
    fn joined(simulation: &Simulation, node: u32, direction: Direction) -> Vec<(u32, u32, f64)> {
        let answer = Asked { node: NodeId(node), neuron: 1, direction }.of(simulation);
        let of = |bundle: &Bundle| {
            let node = bundle.node.0;
            bundle.synapses.iter().map(|(neuron, weight)| (node, *neuron, *weight)).collect::<Vec<_>>()
        };
        answer.bundles.iter().flat_map(of).collect()
    }

    #[test]
    fn gap_junctions_and_rate_connections_lead_somewhere_like_synapses() {
        let text = r#"(nodes: {
            "A": (model: "hh_psc_alpha_gap", n: 3), "B": (model: "hh_psc_alpha_gap", n: 3),
            "R": (model: "lin_rate_ipn", n: 3),
        }, projections: [
            (from: "A", to: "B", synapse: "gap_junction", rule: one_to_one, symmetric: true, weight: 2),
            (from: "A", to: "B", rule: one_to_one, weight: 5),
            (from: "R", to: "R", synapse: "rate_connection_instantaneous", rule: one_to_one, weight: 0.5),
            (from: "R", to: "R", synapse: "rate_connection_delayed", rule: one_to_one, weight: 0.25),
        ])"#;
        let (project, _) = read(text).unwrap_or_else(|problems| panic!("{problems:?}"));
        let simulation = Simulation::build(&project, &|_| true).unwrap_or_else(|problems| panic!("{problems:?}"));
        assert_eq!(joined(&simulation, 0, Direction::Targets), [(1, 1, 2.0), (1, 1, 5.0)]);
        assert_eq!(joined(&simulation, 1, Direction::Sources), [(0, 1, 2.0), (0, 1, 5.0)]);
        assert_eq!(joined(&simulation, 1, Direction::Targets), [(0, 1, 2.0)]);
        assert_eq!(joined(&simulation, 2, Direction::Targets), [(2, 1, 0.5), (2, 1, 0.25)]);
        assert_eq!(joined(&simulation, 2, Direction::Sources), [(2, 1, 0.5), (2, 1, 0.25)]);
    }
}
