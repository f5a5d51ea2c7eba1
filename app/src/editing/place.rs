//! Where nodes go: a free spot for a new one, a simple layered layout for all.

use std::collections::BTreeMap;

use egui::{Pos2, Rect, Vec2, pos2, vec2};
use spikeloom_engine::models::{Family, Model};
use spikeloom_engine::project::{Node, NodeId, Project};

/// Room that a node with its title takes, in canvas units.
const ROOM: Vec2 = vec2(140.0, 130.0);
/// Room beside a node: a wire with its rule, weight and delay fits between.
const BESIDE: Vec2 = vec2(260.0, 160.0);
/// New nodes stand on multiples of this.
const GRID: f32 = 10.0;
/// Distances between columns and rows of a layout.
const COLUMN: f32 = 280.0;
const ROW: f32 = 200.0;
/// How far every other node of a column steps aside.
const ASIDE: f32 = 200.0;

/// A position as documents store it.
pub fn stored(point: Pos2) -> [f32; 2] {
    [point.x, point.y]
}

/// A stored position as a point; anything not finite is the origin.
pub fn point([x, y]: [f32; 2]) -> Pos2 {
    if x.is_finite() && y.is_finite() { pos2(x, y) } else { Pos2::ZERO }
}

/// The spot asked for if a node has room there, on the grid, or else one beside with room for wires and what is written
/// on them: to the left for generators, otherwise to the right.
pub fn free_spot(project: &Project, model: &Model, near: [f32; 2]) -> [f32; 2] {
    let near = point(near);
    let near = pos2((near.x / GRID).round() * GRID, (near.y / GRID).round() * GRID);
    let is_free = |at: Pos2, room: Vec2| {
        let room = Rect::from_center_size(at, room * 0.99);
        project.nodes.iter().all(|n| !room.intersects(Rect::from_center_size(point(n.position), room.size())))
    };
    if is_free(near, ROOM) {
        return stored(near);
    }
    let side = if model.is_generator() { -1 } else { 1 };
    // Each node takes up to four places.
    let reach = (project.nodes.len() as f32).sqrt() as i32 + 2;
    let all = (-reach..=reach).flat_map(|i| (-reach..=reach).map(move |j| (i, j)));
    let cost = |i: i32, j: i32| i.abs() as f32 + 1.1 * j.abs() as f32 - 0.3 * (i * side).signum() as f32;
    let place = |i: i32, j: i32| near + vec2(i as f32 * BESIDE.x, j as f32 * BESIDE.y);
    let free = all.filter(|(i, j)| is_free(place(*i, *j), 0.85 * BESIDE));
    let best = free.min_by(|a, b| cost(a.0, a.1).total_cmp(&cost(b.0, b.1)));
    stored(best.map_or(near, |(i, j)| place(i, j)))
}

/// How far copies of nodes at these places are moved so that they stand beside them and cover nothing: below if there
/// is room, or else above or to a side. `None` if there are no places.
pub fn offset_of_copies(project: &Project, originals: &[[f32; 2]]) -> Option<[f32; 2]> {
    let room = |at: &[f32; 2]| Rect::from_center_size(point(*at), ROOM * 0.99);
    let rooms: Vec<Rect> = originals.iter().map(room).collect();
    let block = rooms.iter().copied().reduce(|a, b| a.union(b))?;
    let taken: Vec<Rect> = project.nodes.iter().map(|n| room(&n.position)).collect();
    let is_free = |by: &Vec2| rooms.iter().all(|r| taken.iter().all(|t| !t.intersects(r.translate(*by))));
    // Wires with their labels fit between, and loops above a node.
    let step = block.size() - ROOM * 0.99 + vec2(BESIDE.x, ROW);
    let step = vec2((step.x / GRID).ceil() * GRID, (step.y / GRID).ceil() * GRID);
    let reach = (project.nodes.len() as f32).sqrt() as i32 + 2;
    let mut places: Vec<(i32, i32)> = (-reach..=reach).flat_map(|i| (-reach..=reach).map(move |j| (i, j))).collect();
    let cost =
        |(i, j): (i32, i32)| 1.5 * i.abs() as f32 + j.abs() as f32 - 0.2 * j.signum() as f32 - 0.1 * i.signum() as f32;
    places.sort_by(|a, b| cost(*a).total_cmp(&cost(*b)));
    let by = places.into_iter().map(|(i, j)| vec2(i as f32 * step.x, j as f32 * step.y)).find(is_free);
    // Right of everything there is always room.
    let right = taken.iter().map(|t| t.right()).fold(block.right(), f32::max);
    Some(stored(by.unwrap_or(vec2(right - block.left() + step.x, 0.0)).to_pos2()))
}

/// Lays all nodes out in columns: generators left, neurons in the middle by their
/// distance from the input, recorders right.
pub fn arrange(project: &mut Project) {
    let columns = columns(project);
    let mut members: BTreeMap<usize, Vec<NodeId>> = BTreeMap::new();
    for node in &project.nodes {
        members.entry(columns[&node.id]).or_default().push(node.id);
    }
    let mut heights: BTreeMap<NodeId, f32> = BTreeMap::new();
    let mut left = 0.0;
    for column in members.values_mut() {
        sort_by_neighbours(project, column, &heights);
        // Wires between nodes of a column need room beside it: every other node steps aside.
        let within =
            project.projections.iter().any(|p| p.from != p.to && column.contains(&p.from) && column.contains(&p.to));
        let aside = if within { ASIDE } else { 0.0 };
        let top = -0.5 * ROW * (column.len() as f32 - 1.0);
        for (row, &id) in column.iter().enumerate() {
            let y = top + ROW * row as f32;
            heights.insert(id, y);
            if let Some(node) = project.node_mut(id) {
                node.position = [left + if row % 2 == 1 { aside } else { 0.0 }, y];
            }
        }
        left += COLUMN + aside;
    }
}

/// Whether the nodes have no places of their own yet: all at one point.
pub fn is_unplaced(project: &Project) -> bool {
    project.nodes.len() > 1 && project.nodes.iter().all(|n| n.position == [0.0, 0.0])
}

/// The column of every node. Projections that run back do not push their targets further.
fn columns(project: &Project) -> BTreeMap<NodeId, usize> {
    let is = |id: NodeId, family: Family| project.node(id).is_some_and(|n| n.model.family() == family);
    let mut columns: BTreeMap<NodeId, usize> = BTreeMap::new();
    let mut waiting: Vec<&Node> = project.nodes.iter().filter(|n| n.model.is_neuron()).collect();
    // Neurons that a generator reaches come first, then those that they reach, and so on.
    let driven = |n: &&Node| project.projections.iter().any(|p| p.to == n.id && is(p.from, Family::Generator));
    let (mut layer, rest): (Vec<&Node>, Vec<&Node>) = waiting.iter().partition(|n| driven(n));
    waiting = rest;
    if layer.is_empty() {
        layer = std::mem::take(&mut waiting);
    }
    let mut depth = 1;
    while !layer.is_empty() {
        columns.extend(layer.iter().map(|n| (n.id, depth)));
        depth += 1;
        let reached =
            |n: &&Node| project.projections.iter().any(|p| p.to == n.id && layer.iter().any(|l| l.id == p.from));
        let (next, rest): (Vec<&Node>, Vec<&Node>) = waiting.iter().partition(|n| reached(n));
        (layer, waiting) = (next, rest);
        if layer.is_empty() {
            // What nothing reaches stands with the first neurons.
            columns.extend(std::mem::take(&mut waiting).iter().map(|n| (n.id, 1)));
        }
    }
    for node in &project.nodes {
        columns.entry(node.id).or_insert(if node.model.is_generator() { 0 } else { depth });
    }
    columns
}

/// Puts a column in the order of the heights of what it is wired to, so that wires cross little.
fn sort_by_neighbours(project: &Project, column: &mut [NodeId], heights: &BTreeMap<NodeId, f32>) {
    let mean = |id: NodeId| {
        let others = project.projections.iter().filter_map(|p| match (p.from == id, p.to == id) {
            (true, false) => heights.get(&p.to),
            (false, true) => heights.get(&p.from),
            _ => None,
        });
        let (sum, n) = others.fold((0.0, 0), |(sum, n), y| (sum + y, n + 1));
        if n == 0 { 0.0 } else { sum / n as f32 }
    };
    column.sort_by(|&a, &b| mean(a).total_cmp(&mean(b)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editing::create::{insert_node, insert_projection};
    use spikeloom_engine::models;

    #[test]
    fn new_nodes_do_not_cover_others() {
        let mut project = Project::default();
        for _ in 0..30 {
            let at = free_spot(&project, &models::iaf_psc_alpha::MODEL, [0.0, 0.0]);
            insert_node(&mut project, &models::iaf_psc_alpha::MODEL, at, None);
        }
        for (i, a) in project.nodes.iter().enumerate() {
            for b in &project.nodes[..i] {
                let (dx, dy) = (a.position[0] - b.position[0], a.position[1] - b.position[1]);
                assert!(dx.abs() > 100.0 || dy.abs() > 100.0, "{} covers {}", a.name, b.name);
            }
        }
        assert_eq!(project.nodes[0].position, [0.0, 0.0]);
    }

    #[test]
    fn generators_go_to_the_left_and_recorders_to_the_right_of_what_is_there() {
        let mut p = Project::default();
        insert_node(&mut p, &models::iaf_psc_alpha::MODEL, [0.0; 2], None);
        assert_eq!(free_spot(&p, &models::POISSON_GENERATOR, [10.0, 20.0]), [-250.0, 20.0]);
        assert_eq!(free_spot(&p, &models::SPIKE_RECORDER, [10.0, 20.0]), [270.0, 20.0]);
        assert_eq!(free_spot(&p, &models::SPIKE_RECORDER, [150.0, 0.0]), [150.0, 0.0], "there is room");
    }

    #[test]
    fn layout_runs_from_generators_to_recorders() {
        let mut p = Project::default();
        let recorder = insert_node(&mut p, &models::SPIKE_RECORDER, [0.0; 2], None);
        let second = insert_node(&mut p, &models::iaf_psc_alpha::MODEL, [0.0; 2], None);
        let first = insert_node(&mut p, &models::iaf_psc_alpha::MODEL, [0.0; 2], None);
        let noise = insert_node(&mut p, &models::POISSON_GENERATOR, [0.0; 2], None);
        for (a, b) in [(noise, first), (first, second), (second, first), (second, recorder)] {
            insert_projection(&mut p, a, b).unwrap();
        }
        assert!(is_unplaced(&p));
        arrange(&mut p);
        let x = |id| p.node(id).unwrap().position[0];
        assert!(x(noise) < x(first) && x(first) < x(second) && x(second) < x(recorder));
        assert!(!is_unplaced(&p));
    }

    #[test]
    fn layout_places_islands_and_cycles() {
        let mut p = Project::default();
        for _ in 0..4 {
            insert_node(&mut p, &models::iaf_psc_alpha::MODEL, [0.0; 2], None);
        }
        insert_projection(&mut p, NodeId(0), NodeId(1)).unwrap();
        insert_projection(&mut p, NodeId(1), NodeId(0)).unwrap();
        arrange(&mut p);
        let mut places: Vec<[i32; 2]> = p.nodes.iter().map(|n| n.position.map(|x| x as i32)).collect();
        places.sort();
        places.dedup();
        assert_eq!(places.len(), 4);
    }
}
