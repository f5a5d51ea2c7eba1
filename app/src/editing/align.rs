//! Selected nodes in line or evenly spaced.

use std::collections::BTreeSet;

use spikeloom_engine::project::{NodeId, Project};

use super::place::{GRID, ROOM};

/// Positions in this order, as close to the wished ones as they can be with these gaps between them at least: the least
/// squares of the deviations, by pooling neighbours that would come too close.
pub fn spread(wishes: &[f32], gaps: &[f32]) -> Vec<f32> {
    let offsets: Vec<f32> = std::iter::once(0.0)
        .chain(gaps.iter().scan(0.0, |sum, gap| {
            *sum += gap;
            Some(*sum)
        }))
        .collect();
    // Each pool: the mean of what its members wish for the first of them, and their number.
    let mut pools: Vec<(f32, usize)> = Vec::new();
    for (wish, offset) in wishes.iter().zip(&offsets) {
        pools.push((wish - offset, 1));
        while let [.., (before, m), (last, n)] = pools[..]
            && before > last
        {
            pools.truncate(pools.len() - 2);
            pools.push(((before * m as f32 + last * n as f32) / (m + n) as f32, m + n));
        }
    }
    let starts = pools.into_iter().flat_map(|(start, n)| std::iter::repeat_n(start, n));
    starts.zip(offsets).map(|(start, offset)| start + offset).collect()
}

/// A direction on the canvas.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Axis {
    /// From left to right.
    Row,
    /// From top to bottom.
    Column,
}

impl Axis {
    /// The coordinate along it, and the one across it.
    fn coordinates(self) -> (usize, usize) {
        match self {
            Axis::Row => (0, 1),
            Axis::Column => (1, 0),
        }
    }
    /// Room that a node takes along it.
    fn room(self) -> f32 {
        match self {
            Axis::Row => ROOM.x,
            Axis::Column => ROOM.y,
        }
    }
}

/// Puts nodes in one row or column, at the mean of their places; those that would cover each other move apart.
pub fn align(project: &mut Project, nodes: &BTreeSet<NodeId>, axis: Axis) {
    let (along, across) = axis.coordinates();
    let places = sorted_along(project, nodes, along);
    let mean = places.iter().map(|(_, at)| at[across]).sum::<f32>() / places.len().max(1) as f32;
    let wishes: Vec<f32> = places.iter().map(|(_, at)| at[along]).collect();
    let found = spread(&wishes, &vec![axis.room(); places.len().saturating_sub(1)]);
    for ((id, _), place) in places.into_iter().zip(found) {
        if let Some(node) = project.node_mut(id) {
            node.position[along] = place;
            node.position[across] = (mean / GRID).round() * GRID;
        }
    }
}

/// Spaces nodes evenly between the first and the last of them.
pub fn distribute(project: &mut Project, nodes: &BTreeSet<NodeId>, axis: Axis) {
    let (along, _) = axis.coordinates();
    let places = sorted_along(project, nodes, along);
    let (Some((_, first)), Some((_, last))) = (places.first(), places.last()) else { return };
    let (first, last) = (first[along], last[along]);
    let step = (last - first) / (places.len() - 1).max(1) as f32;
    for (i, (id, _)) in places.into_iter().enumerate() {
        if let Some(node) = project.node_mut(id) {
            node.position[along] = first + step * i as f32;
        }
    }
}

fn sorted_along(project: &Project, nodes: &BTreeSet<NodeId>, along: usize) -> Vec<(NodeId, [f32; 2])> {
    let mut places: Vec<(NodeId, [f32; 2])> =
        project.nodes.iter().filter(|n| nodes.contains(&n.id)).map(|n| (n.id, n.position)).collect();
    places.sort_by(|a, b| a.1[along].total_cmp(&b.1[along]));
    places
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::models;

    use super::*;
    use crate::editing::create::insert_node;

    fn three_at(places: [[f32; 2]; 3]) -> (Project, BTreeSet<NodeId>) {
        let mut p = Project::default();
        let ids = places.map(|at| insert_node(&mut p, &models::iaf_psc_alpha::MODEL, at, None));
        (p, ids.into_iter().collect())
    }

    #[test]
    fn aligned_nodes_stand_in_line_and_cover_nothing() {
        let (mut p, ids) = three_at([[0.0, 0.0], [300.0, 90.0], [310.0, 300.0]]);
        align(&mut p, &ids, Axis::Row);
        let places: Vec<[f32; 2]> = p.nodes.iter().map(|n| n.position).collect();
        assert!(places.iter().all(|[_, y]| *y == 130.0), "{places:?}");
        assert_eq!(places[0][0], 0.0, "what has room stays");
        assert_eq!(places[2][0] - places[1][0], ROOM.x, "what would be covered moves aside");
        align(&mut p, &ids, Axis::Column);
        let ys: Vec<f32> = p.nodes.iter().map(|n| n.position[1]).collect();
        assert_eq!((ys[1] - ys[0], ys[2] - ys[1]), (ROOM.y, ROOM.y));
    }

    #[test]
    fn distributed_nodes_have_even_distances_between_the_ends() {
        let (mut p, ids) = three_at([[500.0, 7.0], [0.0, 0.0], [40.0, 300.0]]);
        distribute(&mut p, &ids, Axis::Row);
        assert_eq!(p.nodes.iter().map(|n| n.position).collect::<Vec<_>>(), [[500.0, 7.0], [0.0, 0.0], [250.0, 300.0]]);
    }

    #[test]
    fn positions_follow_wishes_as_far_as_gaps_allow() {
        assert_eq!(spread(&[0.0, 100.0], &[50.0]), [0.0, 100.0]);
        assert_eq!(spread(&[10.0, 10.0], &[50.0]), [-15.0, 35.0]);
        assert_eq!(spread(&[0.0, 0.0, 300.0], &[10.0, 10.0]), [-5.0, 5.0, 300.0]);
        assert!(spread(&[], &[]).is_empty());
    }
}
