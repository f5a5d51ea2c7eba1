//! Where nodes go: a free spot for a new one, and for copies of some.

use egui::{Pos2, Rect, Vec2, pos2, vec2};
use spikeloom_engine::models::Model;
use spikeloom_engine::project::Project;

/// Room that a node with its title takes, in canvas units.
pub const ROOM: Vec2 = vec2(140.0, 130.0);
/// Room beside a node: a wire with its rule, weight and delay fits between.
const BESIDE: Vec2 = vec2(260.0, 160.0);
/// Room beside and below copied nodes: wires with their labels fit between, and loops above a node.
const COPY: Vec2 = vec2(260.0, 200.0);
/// New nodes stand on multiples of this.
pub const GRID: f32 = 10.0;

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
    let step = block.size() - ROOM * 0.99 + COPY;
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

/// Whether the nodes have no places of their own yet: all at one point.
pub fn is_unplaced(project: &Project) -> bool {
    project.nodes.len() > 1 && project.nodes.iter().all(|n| n.position == [0.0, 0.0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editing::create::insert_node;
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
}
