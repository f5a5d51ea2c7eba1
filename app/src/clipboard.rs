//! Copy and paste as readable text: a copied part of a network is a small project.
//!
//! With it goes the origin of wires that come in from outside the copy, so that
//! "paste with wires" can connect them again; these nodes are named in `about`.

use std::path::Path;

use spikeloom_engine::models::Service;
use spikeloom_engine::project::{self, Copies, Knob, NodeId, Note, Project, Projection, Turn, Turned, View};

use crate::action::Selection;

/// First line of `about` when nodes are in the text only as the origin of wires.
const OUTSIDE: &str = "Not copied, only the origin of wires:";

/// How far from the original a copy is put.
pub const OFFSET: [f32; 2] = [40.0, 40.0];

/// The selected nodes with the wires between and into them, as text; `None` if no node is selected.
pub fn copy(project: &Project, selection: &Selection) -> Option<String> {
    Some(project::write(&fragment(project, selection)?))
}

/// The selected nodes with the wires between and into them.
pub fn fragment(project: &Project, selection: &Selection) -> Option<Project> {
    let inside = |id: NodeId| selection.nodes.contains(&id);
    if !project.nodes.iter().any(|n| inside(n.id)) {
        return None;
    }
    let projections: Vec<_> = project.projections.iter().filter(|p| inside(p.to)).cloned().collect();
    let outside = |id: NodeId| {
        let origin = |p: &Projection| p.from == id || p.devices().any(|device| device == id);
        !inside(id) && projections.iter().any(origin)
    };
    let names: Vec<&str> = project.nodes.iter().filter(|n| outside(n.id)).map(|n| n.name.as_str()).collect();
    let about = if names.is_empty() { String::new() } else { format!("{OUTSIDE}\n{}", names.join("\n")) };
    if project.nodes.iter().all(|n| inside(n.id)) {
        return Some(Project { projections, ..project.clone() });
    }
    let nodes = project.nodes.iter().filter(|n| inside(n.id) || outside(n.id)).cloned().collect();
    // Knobs and plots that speak only of what is copied go with it.
    let speaks_of_it = |what: &Turned| match what {
        Turned::Parameter { of, .. } => inside(*of),
        Turned::Weights { from, to } | Turned::Synapses { from, to, .. } => inside(*from) && to.is_none_or(inside),
    };
    let knobs = project.knobs.iter().filter(|k| k.turns.iter().all(|t| speaks_of_it(&t.what))).cloned().collect();
    let shown = |v: &&View| !v.sources.is_empty() && v.sources.iter().all(|id| inside(*id));
    let views = project.views.iter().filter(shown).cloned().collect();
    Some(Project { about, nodes, projections, knobs, views, ..Project::default() })
}

/// Whether a text holds a network with a name or a description of its own, not only nodes to be inserted.
pub fn is_whole(fragment: &Project) -> bool {
    !fragment.title.is_empty() || !(fragment.about.is_empty() || fragment.about.starts_with(OUTSIDE))
}

/// Reads what [`copy`] wrote, into a document whose file lies in this folder: files that it names are read there.
///
/// # Errors
/// A sentence that says why the text cannot be pasted.
pub fn parse(text: &str, folder: Option<&Path>) -> Result<Project, String> {
    match project::read_draft_in(text, folder, project::validate) {
        Ok((project, _)) if project.nodes.is_empty() => Err("The clipboard holds a network without nodes".into()),
        Ok((project, _)) => Ok(project),
        Err(e) => {
            let reason = e.problems.first().map_or_else(String::new, |p| format!(" ({p})"));
            Err(format!("The clipboard does not hold a network{reason}"))
        }
    }
}

/// Inserts a fragment and returns what was inserted. `wires`: also those that came from nodes
/// outside the copy, as far as nodes of that name exist.
pub fn paste(project: &mut Project, fragment: &Project, wires: bool, offset: [f32; 2]) -> Selection {
    let outside: Vec<&str> =
        fragment.about.strip_prefix(OUTSIDE).map_or(Vec::new(), |names| names.trim().lines().collect());
    let existing: Vec<(String, NodeId)> = project.nodes.iter().map(|n| (n.name.clone(), n.id)).collect();
    let mut inserted = Selection::default();
    // Ids of the fragment's nodes in the project.
    let mut ids: Vec<(NodeId, NodeId)> = Vec::new();
    for node in &fragment.nodes {
        if outside.contains(&node.name.as_str()) {
            let origin = existing.iter().find(|(name, _)| *name == node.name);
            ids.extend(origin.filter(|_| wires).map(|(_, id)| (node.id, *id)));
            continue;
        }
        let mut copy = node.clone();
        copy.id = project.free_node_id();
        copy.name = project.free_name(&node.name);
        copy.position = [node.position[0] + offset[0], node.position[1] + offset[1]];
        ids.push((node.id, copy.id));
        inserted.nodes.insert(copy.id);
        project.nodes.push(copy);
    }
    let find = |id: NodeId| ids.iter().find(|(old, _)| *old == id).map(|(_, new)| *new);
    let mut copies = Copies::default();
    for projection in &fragment.projections {
        if let (Some(from), Some(to)) = (find(projection.from), find(projection.to)) {
            let mut copy = projection.clone();
            (copy.id, copy.from, copy.to) = (project.free_projection_id(), from, to);
            if !copies.tie(&mut copy, projection) {
                continue;
            }
            Service::ALL.into_iter().for_each(|s| copy.set_device(s, copy.device(s).and_then(find)));
            // Wires of a pasted text may fit its own nodes but not the ones found by name here.
            if project.wiring(&copy).is_ok_and(|w| !w.reversed) && inserted.nodes.contains(&to) {
                inserted.projections.insert(copy.id);
                project.projections.push(copy);
            }
        }
    }
    for knob in &fragment.knobs {
        let turns = knob.turns.iter().map(|t| Some(Turn { what: moved(&t.what, find)?, times: t.times }));
        let taken = |name: &str| project.knobs.iter().any(|k| k.name == name);
        if let Some(turns) = turns.collect::<Option<Vec<_>>>() {
            let numbered = (2..).map(|i| format!("{} {i}", knob.name)).find(|name| !taken(name));
            let name = numbered.filter(|_| taken(&knob.name)).unwrap_or_else(|| knob.name.clone());
            project.knobs.push(Knob { name, turns, ..knob.clone() });
        }
    }
    for view in &fragment.views {
        if let Some(sources) = view.sources.iter().map(|id| find(*id)).collect::<Option<Vec<_>>>() {
            project.views.push(View { id: project.free_view_id(), sources, ..view.clone() });
        }
    }
    let at = |[x, y]: [f32; 2]| [x + offset[0], y + offset[1]];
    project.notes.extend(fragment.notes.iter().map(|n| Note { position: at(n.position), ..n.clone() }));
    inserted
}

/// What a knob turns, in the nodes that were inserted.
fn moved(what: &Turned, find: impl Fn(NodeId) -> Option<NodeId>) -> Option<Turned> {
    Some(match what {
        Turned::Parameter { of, name } => Turned::Parameter { of: find(*of)?, name: name.clone() },
        Turned::Weights { from, to: None } => Turned::Weights { from: find(*from)?, to: None },
        Turned::Weights { from, to: Some(to) } => Turned::Weights { from: find(*from)?, to: Some(find(*to)?) },
        Turned::Synapses { from, to, name } => {
            let to = match to {
                Some(to) => Some(find(*to)?),
                None => None,
            };
            Turned::Synapses { from: find(*from)?, to, name: name.clone() }
        }
    })
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::models;
    use spikeloom_engine::project::{Node, Projection, ProjectionId};

    use super::*;

    /// A → B, A → A, B → R
    fn network() -> Project {
        let mut p = Project::default();
        p.nodes.push(Node::new(NodeId(0), "A", &models::iaf_psc_alpha::MODEL));
        p.nodes.push(Node::new(NodeId(1), "B", &models::iaf_psc_alpha::MODEL));
        p.nodes.push(Node::new(NodeId(2), "R", &models::SPIKE_RECORDER));
        for (i, (from, to)) in [(0, 1), (0, 0), (1, 2)].into_iter().enumerate() {
            p.projections.push(Projection::new(ProjectionId(i as u32), NodeId(from), NodeId(to)));
        }
        p
    }

    #[test]
    fn a_copy_has_new_ids_free_names_and_the_wires_between_its_nodes() {
        let mut p = network();
        let fragment = fragment(&p, &Selection::node(NodeId(0))).unwrap();
        let inserted = paste(&mut p, &fragment, false, OFFSET);
        let copy = p.nodes.last().unwrap();
        assert_eq!((copy.id, copy.name.as_str(), copy.position), (NodeId(3), "A 2", OFFSET));
        let wire = p.projections.last().unwrap();
        assert_eq!((wire.id, wire.from, wire.to), (ProjectionId(3), NodeId(3), NodeId(3)));
        assert_eq!(inserted, Selection { nodes: [NodeId(3)].into(), projections: [ProjectionId(3)].into() });
    }

    #[test]
    fn wires_from_outside_come_only_when_asked_for_and_if_their_origin_exists() {
        let fragment = fragment(&network(), &Selection::node(NodeId(1))).unwrap();
        let mut without = network();
        paste(&mut without, &fragment, false, OFFSET);
        assert_eq!(without.projections.len(), 3);
        let mut with = network();
        paste(&mut with, &fragment, true, OFFSET);
        let wire = with.projections.last().unwrap();
        assert_eq!((wire.from, wire.to), (NodeId(0), NodeId(3)));
        let mut elsewhere = Project::default();
        paste(&mut elsewhere, &fragment, true, OFFSET);
        assert_eq!((elsewhere.nodes.len(), elsewhere.projections.len()), (1, 0));
    }

    #[test]
    fn nothing_selected_copies_nothing() {
        assert!(fragment(&network(), &Selection::default()).is_none());
        assert!(fragment(&network(), &Selection::projection(ProjectionId(0))).is_none());
    }

    #[test]
    fn text_that_is_no_network_is_refused() {
        assert!(parse("Lorem ipsum", None).unwrap_err().contains("does not hold a network"));
    }
}
