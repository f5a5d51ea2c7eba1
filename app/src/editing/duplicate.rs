//! Copies of nodes, wired as their originals are.

use spikeloom_engine::project::{Copies, Node, NodeId, Project, Projection};

use super::place;
use crate::action::{Edit, Selection};
use crate::plots::show_recorder;

/// The step that puts copies of the selected nodes beside them; `None` if no node is selected.
pub fn beside(project: &Project, selection: &Selection) -> Option<Edit> {
    let originals = project.nodes.iter().filter(|n| selection.nodes.contains(&n.id));
    let places: Vec<[f32; 2]> = originals.map(|n| n.position).collect();
    let offset = place::offset_of_copies(project, &places)?;
    Some(moved_by(project, selection, offset).0)
}

/// The step that copies the selected nodes, moved by `offset`; with the numbers of the copies.
///
/// A copy receives what its original receives and is wired to the same devices as it, whichever way the wires run.
pub fn moved_by(project: &Project, selection: &Selection, offset: [f32; 2]) -> (Edit, Vec<NodeId>) {
    let first = project.free_node_id().0;
    let originals: Vec<&Node> = project.nodes.iter().filter(|n| selection.nodes.contains(&n.id)).collect();
    let label = match originals.as_slice() {
        [one] => format!("Duplicate {}", one.name),
        many => format!("Duplicate {} nodes", many.len()),
    };
    let pairs: Vec<(NodeId, NodeId)> = originals.iter().zip(first..).map(|(n, id)| (n.id, NodeId(id))).collect();
    let copies: Vec<NodeId> = pairs.iter().map(|(_, copy)| *copy).collect();
    let edit = Edit::new(label, move |p| insert(p, &pairs, offset));
    (edit.selecting(Selection { nodes: copies.iter().copied().collect(), ..Default::default() }), copies)
}

/// Inserts copies with these numbers, the wires among them and those to what is not copied.
fn insert(project: &mut Project, pairs: &[(NodeId, NodeId)], offset: [f32; 2]) {
    for &(original, copy) in pairs {
        let Some(mut node) = project.node(original).cloned() else { continue };
        node.id = copy;
        node.name = project.free_name(&node.name);
        node.position = [node.position[0] + offset[0], node.position[1] + offset[1]];
        project.nodes.push(node);
    }
    let twin = |id: NodeId| pairs.iter().find(|(original, _)| *original == id).map(|(_, copy)| *copy);
    let is_device = |project: &Project, id: NodeId| project.node(id).is_some_and(|n| !n.model.is_neuron());
    let mut copies_of_wires = Copies::default();
    for wire in project.projections.clone() {
        let (from, to) = match (twin(wire.from), twin(wire.to)) {
            (Some(from), Some(to)) => (from, to),
            (None, Some(to)) => (wire.from, to),
            // Copied neurons drive no further neurons, or the network would run differently.
            (Some(from), None) if is_device(project, wire.from) || is_device(project, wire.to) => (from, wire.to),
            _ => continue,
        };
        let device = |id: Option<NodeId>| id.map(|id| twin(id).unwrap_or(id));
        let id = project.free_projection_id();
        let (weight_recorder, volume_transmitter) = (device(wire.weight_recorder), device(wire.volume_transmitter));
        let mut copy = Projection { id, from, to, weight_recorder, volume_transmitter, ..wire.clone() };
        if copies_of_wires.tie(&mut copy, &wire) {
            project.projections.push(copy);
        }
    }
    for &(_, copy) in pairs {
        if project.projections.iter().any(|w| w.from == copy || w.to == copy) {
            show_recorder(project, copy);
        }
    }
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::models;

    use super::*;
    use crate::editing::create::{insert_node, insert_projection};

    /// Noise → A → B, A → A, A → spikes, meter → A.
    fn network() -> (Project, [NodeId; 5]) {
        let mut p = Project::default();
        let noise = insert_node(&mut p, &models::POISSON_GENERATOR, [0.0, 0.0], None);
        let a = insert_node(&mut p, &models::iaf_psc_alpha::MODEL, [200.0, 0.0], None);
        let b = insert_node(&mut p, &models::iaf_psc_alpha::MODEL, [400.0, 0.0], None);
        let spikes = insert_node(&mut p, &models::SPIKE_RECORDER, [400.0, 200.0], None);
        let meter = insert_node(&mut p, &models::VOLTMETER, [400.0, 400.0], None);
        for (from, to) in [(noise, a), (a, b), (a, a), (a, spikes), (meter, a)] {
            insert_projection(&mut p, from, to).unwrap();
        }
        (p, [noise, a, b, spikes, meter])
    }

    fn duplicated(p: &Project, ids: &[NodeId]) -> (Project, Vec<NodeId>) {
        let selection = Selection { nodes: ids.iter().copied().collect(), ..Default::default() };
        let edit = beside(p, &selection).unwrap();
        let copies = edit.select.clone().unwrap().nodes.into_iter().collect();
        let mut after = p.clone();
        (edit.change)(&mut after);
        (after, copies)
    }

    fn wires_of(p: &Project, node: NodeId) -> Vec<(NodeId, NodeId)> {
        let mut wires: Vec<_> = p.projections.iter().map(|w| (w.from, w.to)).collect();
        wires.retain(|(from, to)| *from == node || *to == node);
        wires.sort();
        wires
    }

    #[test]
    fn a_copied_neuron_keeps_its_inputs_and_its_devices_in_both_directions() {
        let (p, [noise, a, _, spikes, meter]) = network();
        let (after, copies) = duplicated(&p, &[a]);
        let [copy] = copies[..] else { panic!("{copies:?}") };
        assert_eq!(wires_of(&after, copy), [(noise, copy), (meter, copy), (copy, spikes), (copy, copy)]);
        assert_eq!(wires_of(&after, a), wires_of(&p, a), "the original is wired as before");
    }

    #[test]
    fn a_copied_device_serves_what_its_original_serves() {
        let (p, [noise, a, _, spikes, meter]) = network();
        let (after, copies) = duplicated(&p, &[noise, spikes, meter]);
        let [noise, spikes, meter] = copies[..] else { panic!("{copies:?}") };
        let new: Vec<_> = [noise, spikes, meter].map(|id| wires_of(&after, id)).concat();
        assert_eq!(new, [(noise, a), (a, spikes), (meter, a)]);
        for recorder in [spikes, meter] {
            assert!(after.views.iter().any(|v| v.sources.contains(&recorder)), "a plot shows the copied recorder");
        }
    }

    #[test]
    fn copies_are_wired_among_themselves_as_their_originals() {
        let (p, [noise, a, b, spikes, meter]) = network();
        let all = [noise, a, b, spikes, meter];
        let (after, copies) = duplicated(&p, &all);
        assert_eq!(after.projections.len(), 2 * p.projections.len());
        assert!(after.projections[5..].iter().all(|w| copies.contains(&w.from) && copies.contains(&w.to)));
        assert_eq!(after.nodes[6].name, "Neurons 3");
    }

    #[test]
    fn copies_stand_beside_and_cover_nothing() {
        let (p, [noise, a, b, spikes, meter]) = network();
        for ids in [&[a][..], &[noise], &[a, b], &[spikes, meter], &[noise, a, b, spikes, meter]] {
            let (mut after, copies) = duplicated(&p, ids);
            // Once more, so that the second copies find the first in their way.
            let selection = Selection { nodes: ids.iter().copied().collect(), ..Default::default() };
            (beside(&after, &selection).unwrap().change)(&mut after);
            for (i, n) in after.nodes.iter().enumerate() {
                for m in &after.nodes[..i] {
                    let [dx, dy] = [0, 1].map(|k| (n.position[k] - m.position[k]).abs());
                    assert!(dx >= 140.0 || dy >= 130.0, "{} covers {}", n.name, m.name);
                }
            }
            let nearest = |id: NodeId| {
                let at = after.node(id).unwrap().position;
                let to = p.nodes.iter().map(|n| (n.position[0] - at[0]).hypot(n.position[1] - at[1]));
                to.fold(f32::INFINITY, f32::min)
            };
            assert!(copies.iter().any(|&id| nearest(id) < 300.0), "beside what is there");
        }
    }

    #[test]
    fn without_a_node_there_is_nothing_to_copy() {
        let (p, _) = network();
        assert!(beside(&p, &Selection::projection(p.projections[0].id)).is_none());
    }
}
