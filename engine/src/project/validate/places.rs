//! How problems name where they are.

use super::Place;
use crate::project::{Node, Part, Project, Projection};

pub(super) fn of_node(node: &Node) -> Place {
    Place::Node { id: node.id, name: node.name.clone() }
}

pub(super) fn of_projection(project: &Project, projection: &Projection) -> Place {
    let name = |id| project.node(id).map_or_else(|| "?".to_owned(), |n| n.name.clone());
    if projection.union.is_some() {
        let id = project.leader(projection).id;
        let names = |members: Vec<(&Node, &Part)>| {
            members.iter().map(|(node, _)| node.name.as_str()).collect::<Vec<_>>().join(" + ")
        };
        let (from, to) = (names(project.sources_of(projection)), names(project.targets_of(projection)));
        return Place::Projection { id, from, to };
    }
    Place::Projection { id: projection.id, from: name(projection.from), to: name(projection.to) }
}
