//! Whether populations and projections excite or inhibit, as the document tells it.

use spikeloom_engine::models::Signal;
use spikeloom_engine::project::{Node, Project, Projection};

/// Excites or inhibits: shapes, colours and the weights of new wires follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Excitatory,
    Inhibitory,
    /// Both, or none yet.
    Generic,
}

impl Sign {
    /// The sign of one projection, by its typical weight and by what its receptor does.
    pub fn of_projection(project: &Project, projection: &Projection) -> Sign {
        let inhibits = project.node(projection.to).is_some_and(|to| to.inhibits(projection.receptor));
        let weight = if inhibits { -projection.weight.typical() } else { projection.weight.typical() };
        if weight > 0.0 {
            Sign::Excitatory
        } else if weight < 0.0 {
            Sign::Inhibitory
        } else {
            Sign::Generic
        }
    }

    /// The sign of a population, by the weights of its projections to neurons.
    pub fn of_population(project: &Project, node: &Node) -> Sign {
        let mut signs = project
            .projections
            .iter()
            .filter(|p| p.from == node.id && project.node(p.to).is_some_and(|n| n.model.is_neuron()))
            .filter(|p| p.synapse.carries() != Some(Signal::Potential))
            .map(|projection| Sign::of_projection(project, projection));
        match signs.next() {
            Some(first) if signs.all(|s| s == first) => first,
            _ => Sign::Generic,
        }
    }
}
