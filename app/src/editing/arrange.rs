//! A layout of all nodes in layers, from generators to recorders.
//!
//! The layered layout is that of Sugiyama, Tagawa and Toda (1981, IEEE Trans. Syst. Man Cybern. 11:109): nodes are given
//! columns, wires that pass columns get a place in each, columns are ordered so that wires cross little, and heights
//! follow from those of the neighbours.

use std::collections::{BTreeMap, BTreeSet};

use spikeloom_engine::project::{NodeId, Project, Projection};

use super::align::spread;
use super::flow::Flow;
use super::place::GRID;

/// Distance between the middles of two columns, canvas units, where no label needs more.
const COLUMN: f32 = 280.0;
/// How far every other node of a column steps aside if wires run within the column, and no label needs more.
const ASIDE: f32 = 200.0;
/// What of the distance between two nodes their shapes, titles and the tips of wires take.
const SHAPES: f32 = 130.0;
/// Room above the middle of a node, below it with its title, and for a loop with its label above it.
const ABOVE: f32 = 60.0;
const BELOW: f32 = 100.0;
const LOOP: f32 = 70.0;
const FURTHER_LOOP: f32 = 30.0;
/// Room above and below the middle of a wire that passes a column.
const PASSING: f32 = 45.0;
/// Free space between parts of the network that no wire joins.
const BETWEEN_PARTS: f32 = 60.0;
/// How often heights and orders are carried through the columns.
const SWEEPS: usize = 8;

/// Room above the middle of a node.
fn above(flow: &Flow, id: NodeId) -> f32 {
    flow.loops.get(&id).map_or(ABOVE, |n| ABOVE + LOOP + FURTHER_LOOP * (*n as f32 - 1.0))
}

/// Lays all nodes out in columns: generators left, neurons by their distance from the input, recorders right of what
/// they record. Parts that no wire joins stand below each other, single nodes last. `label` tells how wide the label of
/// a projection is: there is room for it between its nodes.
pub fn arrange(project: &mut Project, label: impl Fn(&Project, &Projection) -> f32) {
    let flow = Flow::of(project);
    let mut widths: BTreeMap<(NodeId, NodeId), f32> = BTreeMap::new();
    for projection in &project.projections {
        let ends = (projection.from.min(projection.to), projection.from.max(projection.to));
        let width = widths.entry(ends).or_insert(0.0);
        *width = width.max(label(project, projection));
    }
    let (parts, single): (Vec<_>, Vec<_>) = flow.parts().into_iter().partition(|part| part.len() > 1);
    let mut top = 0.0;
    let mut places: BTreeMap<NodeId, [f32; 2]> = BTreeMap::new();
    for part in parts {
        let layout = Layout::of(&flow, &part).places(&widths);
        let rooms = layout.iter().map(|(id, [_, y])| (y - above(&flow, *id), y + BELOW));
        let (high, low) = rooms.fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), (c, d)| (a.min(c), b.max(d)));
        places.extend(layout.into_iter().map(|(id, [x, y])| (id, [x, y + top - high])));
        top += low - high + BETWEEN_PARTS;
    }
    let mut single: Vec<NodeId> = single.into_iter().flatten().collect();
    single.sort_by_key(|id| (flow.kinds[id], *id));
    let width = (single.len() as f32).sqrt().ceil().max(4.0) as usize;
    let high = single.iter().map(|id| above(&flow, *id)).fold(ABOVE, f32::max);
    for (i, id) in single.into_iter().enumerate() {
        let (column, row) = ((i % width) as f32, (i / width) as f32);
        places.insert(id, [column * COLUMN, top + high + row * (high + BELOW)]);
    }
    // The topmost node stands at the height of the origin.
    let first = places.values().map(|[_, y]| *y).fold(f32::INFINITY, f32::min);
    for (id, [x, y]) in places {
        if let Some(node) = project.node_mut(id) {
            node.position = [on_grid(x), on_grid(y - first)];
        }
    }
}

fn on_grid(x: f32) -> f32 {
    (x / GRID).round() * GRID
}

/// What stands in a column: a node, or a wire that passes by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Item {
    Node(NodeId),
    /// Of this wire, in this column.
    Passing(usize, usize),
}

/// The columns of one part of a network.
struct Layout<'a> {
    flow: &'a Flow,
    columns: Vec<Vec<Item>>,
    /// Pairs of items in columns side by side that a wire joins; the left one first.
    links: Vec<(Item, Item)>,
}

impl Layout<'_> {
    fn of<'a>(flow: &'a Flow, part: &BTreeSet<NodeId>) -> Layout<'a> {
        let columns = flow.columns(part);
        let width = columns.values().max().map_or(0, |last| last + 1);
        let mut layout = Layout { flow, columns: vec![Vec::new(); width], links: Vec::new() };
        for (&id, &column) in &columns {
            layout.columns[column].push(Item::Node(id));
        }
        for (wire, (from, to)) in flow.wires.iter().enumerate().filter(|(_, (from, _))| part.contains(from)) {
            let (left, right) = if columns[from] <= columns[to] { (from, to) } else { (to, from) };
            let mut last = Item::Node(*left);
            for column in columns[left] + 1..columns[right] {
                let passing = Item::Passing(wire, column);
                layout.columns[column].push(passing);
                layout.links.push((last, passing));
                last = passing;
            }
            if columns[left] != columns[right] {
                layout.links.push((last, Item::Node(*right)));
            }
        }
        layout.columns.retain(|column| !column.is_empty());
        layout.order();
        layout
    }

    /// The items joined to each item in the columns on one side of it.
    fn neighbours(&self, on_the_left: bool) -> BTreeMap<Item, Vec<Item>> {
        let mut neighbours: BTreeMap<Item, Vec<Item>> = BTreeMap::new();
        for &(left, right) in &self.links {
            let (item, other) = if on_the_left { (right, left) } else { (left, right) };
            neighbours.entry(item).or_default().push(other);
        }
        neighbours
    }

    /// Orders the columns by the mean place of neighbours, to and fro, and keeps the order with the fewest crossings.
    fn order(&mut self) {
        let sides = [self.neighbours(true), self.neighbours(false)];
        let mut best = (self.crossings(), self.columns.clone());
        for sweep in 0..SWEEPS {
            let width = self.columns.len();
            for step in 0..width {
                let column = if sweep % 2 == 0 { step } else { width - 1 - step };
                let places = self.places_in_columns();
                let mean = |item: &Item| {
                    let others = sides[sweep % 2].get(item).map_or(&[][..], Vec::as_slice);
                    let sum: f32 = others.iter().map(|other| places[other]).sum();
                    if others.is_empty() { places[item] } else { sum / others.len() as f32 }
                };
                let mut items: Vec<(f32, Item)> = self.columns[column].iter().map(|i| (mean(i), *i)).collect();
                items.sort_by(|a, b| a.0.total_cmp(&b.0));
                self.columns[column] = items.into_iter().map(|(_, item)| item).collect();
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.columns.clone());
            }
        }
        self.columns = best.1;
    }

    /// Each item's place in its column, from 0 at the top to 1.
    fn places_in_columns(&self) -> BTreeMap<Item, f32> {
        let places = self.columns.iter().flat_map(|column| {
            column.iter().enumerate().map(|(i, item)| (*item, (i as f32 + 0.5) / column.len() as f32))
        });
        places.collect()
    }

    /// How often wires cross between the columns.
    fn crossings(&self) -> usize {
        let mut row: BTreeMap<Item, (usize, usize)> = BTreeMap::new();
        for (column, items) in self.columns.iter().enumerate() {
            row.extend(items.iter().enumerate().map(|(i, item)| (*item, (column, i))));
        }
        let mut gaps: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (left, right) in &self.links {
            gaps.entry(row[left].0).or_default().push((row[left].1, row[right].1));
        }
        let crossings_of = |mut wires: Vec<(usize, usize)>| {
            wires.sort_unstable();
            let mut ends: Vec<usize> = wires.into_iter().map(|(_, right)| right).collect();
            inversions(&mut ends)
        };
        gaps.into_values().map(crossings_of).sum()
    }

    /// Where the nodes stand: heights follow the neighbours on both sides as far as the room in the columns allows.
    fn places(&self, labels: &BTreeMap<(NodeId, NodeId), f32>) -> Vec<(NodeId, [f32; 2])> {
        let sides = [self.neighbours(true), self.neighbours(false)];
        let gaps: Vec<Vec<f32>> = self
            .columns
            .iter()
            .map(|column| column.windows(2).map(|pair| self.below(pair[0]) + self.above(pair[1])).collect())
            .collect();
        let mut heights: BTreeMap<Item, f32> = BTreeMap::new();
        for (column, gaps) in self.columns.iter().zip(&gaps) {
            let stacked = spread(&vec![0.0; column.len()], gaps);
            heights.extend(column.iter().copied().zip(stacked));
        }
        for sweep in 0..2 * SWEEPS {
            for step in 0..self.columns.len() {
                let i = if sweep % 2 == 0 { step } else { self.columns.len() - 1 - step };
                let wished = |item: &Item| {
                    let others = sides.iter().filter_map(|side| side.get(item)).flatten();
                    let (sum, n) = others.fold((0.0, 0), |(sum, n), other| (sum + heights[other], n + 1));
                    if n == 0 { heights[item] } else { sum / n as f32 }
                };
                let wishes: Vec<f32> = self.columns[i].iter().map(wished).collect();
                let found = spread(&wishes, &gaps[i]);
                heights.extend(self.columns[i].iter().copied().zip(found));
            }
        }
        let mut places = Vec::new();
        let mut left = 0.0;
        let nodes_of = |column: &Vec<Item>| -> Vec<NodeId> {
            column.iter().filter_map(|item| if let Item::Node(id) = item { Some(*id) } else { None }).collect()
        };
        // The widest label of the wires between two groups of nodes.
        let widest = |from: &[NodeId], to: &[NodeId]| {
            let joins = |(a, b): &(NodeId, NodeId)| {
                a != b && (from.contains(a) && to.contains(b) || from.contains(b) && to.contains(a))
            };
            labels.iter().filter(|(ends, _)| joins(ends)).map(|(_, width)| *width).fold(0.0, f32::max)
        };
        for (i, column) in self.columns.iter().enumerate() {
            let nodes = nodes_of(column);
            // Wires between nodes of a column need room beside it: every other node steps aside.
            let within = self.flow.wires.iter().any(|(a, b)| nodes.contains(a) && nodes.contains(b));
            let aside = if within { ASIDE.max(widest(&nodes, &nodes) + SHAPES) } else { 0.0 };
            let next = self.columns.get(i + 1).map_or(Vec::new(), nodes_of);
            let step = COLUMN.max(widest(&nodes, &next) + SHAPES);
            for (row, &id) in nodes.iter().enumerate() {
                places.push((id, [left + if row % 2 == 1 { aside } else { 0.0 }, heights[&Item::Node(id)]]));
            }
            left += step + aside;
        }
        places
    }

    fn above(&self, item: Item) -> f32 {
        match item {
            Item::Node(id) => above(self.flow, id),
            Item::Passing(..) => PASSING,
        }
    }

    fn below(&self, item: Item) -> f32 {
        if matches!(item, Item::Node(_)) { BELOW } else { PASSING }
    }
}

/// The number of pairs in the wrong order; sorts them.
fn inversions(values: &mut [usize]) -> usize {
    if values.len() < 2 {
        return 0;
    }
    let (left, right) = values.split_at_mut(values.len() / 2);
    let mut count = inversions(left) + inversions(right);
    let mut sorted = Vec::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() || j < right.len() {
        if j == right.len() || i < left.len() && left[i] <= right[j] {
            sorted.push(left[i]);
            i += 1;
        } else {
            count += left.len() - i;
            sorted.push(right[j]);
            j += 1;
        }
    }
    values.copy_from_slice(&sorted);
    count
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::models;

    use super::*;
    use crate::editing::create::{insert_node, insert_projection};
    use crate::editing::flow::Kind;
    use crate::editing::place::{ROOM, is_unplaced};

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
        arrange(&mut p, |_, _| 100.0);
        let x = |id| p.node(id).unwrap().position[0];
        assert!(x(noise) < x(first) && x(first) < x(second) && x(second) < x(recorder));
        assert!(!is_unplaced(&p));
    }

    /// Some generators receive spikes: of other generators, in chains and in circles.
    #[test]
    fn generators_that_receive_are_placed_too() {
        let dilutor = models::find("spike_dilutor").unwrap();
        for ends in [&[(0, 1), (1, 2), (2, 3)][..], &[(0, 1), (1, 1)], &[(1, 2), (2, 1), (2, 3)], &[(0, 1)]] {
            let mut p = Project::default();
            let kinds = [&models::POISSON_GENERATOR, dilutor, dilutor, &models::iaf_psc_alpha::MODEL];
            let nodes = kinds.map(|model| insert_node(&mut p, model, [0.0; 2], None));
            for (from, to) in ends {
                let _ = insert_projection(&mut p, nodes[*from], nodes[*to]);
            }
            arrange(&mut p, |_, _| 100.0);
            for (i, a) in p.nodes.iter().enumerate() {
                assert!(p.nodes[..i].iter().all(|b| a.position != b.position), "{ends:?}");
            }
            let x = nodes.map(|id| p.node(id).unwrap().position[0]);
            // What runs in a circle has no first one.
            for &(from, to) in ends.iter().filter(|(from, to)| from != to && !ends.contains(&(*to, *from))) {
                assert!(x[from] < x[to], "{ends:?}: {x:?}");
            }
        }
    }

    #[test]
    fn layout_places_islands_and_cycles() {
        let mut p = Project::default();
        for _ in 0..4 {
            insert_node(&mut p, &models::iaf_psc_alpha::MODEL, [0.0; 2], None);
        }
        insert_projection(&mut p, NodeId(0), NodeId(1)).unwrap();
        insert_projection(&mut p, NodeId(1), NodeId(0)).unwrap();
        arrange(&mut p, |_, _| 100.0);
        let mut places: Vec<[i32; 2]> = p.nodes.iter().map(|n| n.position.map(|x| x as i32)).collect();
        places.sort();
        places.dedup();
        assert_eq!(places.len(), 4);
    }

    /// A network of this many nodes whose wires are drawn by a small generator of random numbers.
    fn random_network(seed: u64, nodes: usize) -> Project {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut draw = |n: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % n as u64) as usize
        };
        let kinds: [&'static models::Model; 6] = [
            &models::iaf_psc_alpha::MODEL,
            &models::iaf_psc_alpha::MODEL,
            &models::iaf_psc_alpha::MODEL,
            &models::POISSON_GENERATOR,
            &models::SPIKE_RECORDER,
            &models::VOLTMETER,
        ];
        let mut p = Project::default();
        for _ in 0..nodes {
            let model = kinds[draw(kinds.len())];
            insert_node(&mut p, model, [0.0; 2], None);
        }
        for _ in 0..2 * nodes {
            let (from, to) = (NodeId(draw(nodes) as u32), NodeId(draw(nodes) as u32));
            let _ = insert_projection(&mut p, from, to);
        }
        p
    }

    #[test]
    fn nodes_of_a_layout_do_not_cover_each_other_and_loops_have_room() {
        for seed in 1..40 {
            let mut p = random_network(seed, 3 + seed as usize / 2);
            arrange(&mut p, |_, _| 100.0);
            let flow = Flow::of(&p);
            for a in &p.nodes {
                for b in p.nodes.iter().filter(|b| b.id != a.id) {
                    let [dx, dy] = [0, 1].map(|k| b.position[k] - a.position[k]);
                    let room = BELOW + above(&flow, b.id) - GRID;
                    let apart = dx.abs() >= ROOM.x || dy < 0.0 || dy >= room;
                    assert!(apart, "seed {seed}: {} at {:?}, {} at {:?}", a.name, a.position, b.name, b.position);
                }
            }
        }
    }

    #[test]
    fn what_flows_runs_to_the_right_unless_it_comes_back() {
        for seed in 1..40 {
            let mut p = random_network(seed, 12);
            arrange(&mut p, |_, _| 100.0);
            let flow = Flow::of(&p);
            let x = |id: NodeId| p.node(id).unwrap().position[0];
            for &(from, to) in &flow.wires {
                if flow.kinds[&from] == Kind::Generator || flow.kinds[&to] == Kind::Recorder {
                    assert!(x(from) < x(to), "seed {seed}: {from:?} stands right of {to:?}");
                }
            }
        }
    }

    #[test]
    fn wires_that_need_not_cross_do_not() {
        let mut p = Project::default();
        let neurons: Vec<NodeId> =
            (0..4).map(|_| insert_node(&mut p, &models::iaf_psc_alpha::MODEL, [0.0; 2], None)).collect();
        let noise: Vec<NodeId> =
            (0..4).map(|_| insert_node(&mut p, &models::POISSON_GENERATOR, [0.0; 2], None)).collect();
        let recorders: Vec<NodeId> =
            (0..4).map(|_| insert_node(&mut p, &models::SPIKE_RECORDER, [0.0; 2], None)).collect();
        for i in 0..4 {
            insert_projection(&mut p, noise[3 - i], neurons[i]).unwrap();
            insert_projection(&mut p, neurons[i], recorders[(i + 2) % 4]).unwrap();
        }
        insert_projection(&mut p, neurons[0], recorders[3]).unwrap();
        arrange(&mut p, |_, _| 100.0);
        let y = |id: NodeId| p.node(id).unwrap().position[1];
        let wires: Vec<(NodeId, NodeId)> = p.projections.iter().map(|w| (w.from, w.to)).collect();
        for &(a, b) in &wires {
            for &(c, d) in &wires {
                let same_gap = p.node(a).unwrap().model == p.node(c).unwrap().model;
                assert!(!same_gap || (y(a) - y(c)) * (y(b) - y(d)) >= 0.0, "{a:?} → {b:?} crosses {c:?} → {d:?}");
            }
        }
    }

    #[test]
    fn the_order_of_a_network_decides_its_layout_alone() {
        let mut p = random_network(7, 20);
        arrange(&mut p, |_, _| 100.0);
        let places: Vec<[f32; 2]> = p.nodes.iter().map(|n| n.position).collect();
        arrange(&mut p, |_, _| 100.0);
        assert_eq!(places, p.nodes.iter().map(|n| n.position).collect::<Vec<_>>(), "where nodes stood does not matter");
    }

    #[test]
    fn inversions_are_counted() {
        assert_eq!(inversions(&mut [0, 1, 2]), 0);
        assert_eq!(inversions(&mut [3, 1, 2, 0]), 5);
        assert_eq!(inversions(&mut [1, 1, 0]), 2);
    }
}
