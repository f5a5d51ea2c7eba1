//! Which way a wire runs: from rim to rim, parallel ones fanned out, a pair in both
//! directions bent apart, self-connections as arcs above their node.

use std::collections::{BTreeMap, HashMap};

use egui::{Pos2, Rect, Vec2, pos2, vec2};
use spikeloom_engine::project::{NodeId, Project, Projection, ProjectionId};

use super::figure::Figure;

/// Canvas units between parallel wires.
const LANE: f32 = 34.0;
/// Free space between a rim and a wire's end.
const GAP: f32 = 4.0;
/// In larger networks there is no free way anyway, and looking for one takes time.
const MOST_TO_AVOID: usize = 80;
/// Half the width, and the height, that titles take below their shapes.
const TITLE: Vec2 = vec2(38.0, 40.0);
/// Points of a flattened curve.
const STEPS: usize = 24;

/// A wire as drawn, in canvas coordinates.
#[derive(Clone, Debug)]
pub struct Route {
    pub id: ProjectionId,
    pub from: NodeId,
    pub to: NodeId,
    /// The flattened curve from source to target.
    pub points: Vec<Pos2>,
    pub bounds: Rect,
    /// The how-manieth of several wires with the same source and target, counted from 1.
    pub ordinal: usize,
    /// Shares its pair of nodes with other wires.
    pub crowded: bool,
}

impl Route {
    /// Distance of a point from the curve.
    pub fn distance(&self, at: Pos2) -> f32 {
        if self.bounds.distance_to_pos(at) > 20.0 {
            return f32::INFINITY;
        }
        self.points.windows(2).map(|w| distance_to_segment(at, w[0], w[1])).fold(f32::INFINITY, f32::min)
    }
    /// The point at a share of the curve, 0 at the source and 1 at the target.
    pub fn at(&self, share: f32) -> Pos2 {
        let last = self.points.len().saturating_sub(1);
        let place = share.clamp(0.0, 1.0) * last as f32;
        let i = place as usize;
        match (self.points.get(i), self.points.get(i + 1)) {
            (Some(&a), Some(&b)) => a + (b - a) * (place - i as f32),
            (Some(&a), None) => a,
            _ => Pos2::ZERO,
        }
    }
}

/// The distance of a point from a line segment.
fn distance_to_segment(at: Pos2, a: Pos2, b: Pos2) -> f32 {
    let along: Vec2 = b - a;
    let t = if along.length_sq() > 0.0 { ((at - a).dot(along) / along.length_sq()).clamp(0.0, 1.0) } else { 0.0 };
    at.distance(a + along * t)
}

/// The routes of all projections, in their order. Projections without both ends have none.
pub fn of(project: &Project, figures: &[Figure]) -> Vec<Route> {
    let by_node: HashMap<NodeId, &Figure> = figures.iter().map(|figure| (figure.id, figure)).collect();
    let mut drawn: BTreeMap<ProjectionId, Route> = BTreeMap::new();
    for bundle in bundles(project, &by_node) {
        let ends = |lane: &Lane| Some((*by_node.get(&lane.from)?, *by_node.get(&lane.to)?));
        let curves = |shift: f32| -> Vec<Vec<Pos2>> {
            let curve = |lane: &Lane| ends(lane).map_or_else(Vec::new, |(from, to)| lane.curve(from, to, shift));
            bundle.iter().map(curve).collect()
        };
        let others: Vec<&Figure> =
            figures.iter().filter(|f| bundle.iter().all(|lane| f.id != lane.from && f.id != lane.to)).collect();
        let points = freest(curves, &others, drawn.values());
        for (lane, points) in bundle.into_iter().zip(points).filter(|(lane, _)| ends(lane).is_some()) {
            let bounds = Rect::from_points(&points);
            let Lane { id, from, to, ordinal, of, .. } = lane;
            drawn.insert(id, Route { id, from, to, points, bounds, ordinal, crowded: of > 1 });
        }
    }
    project.projections.iter().filter_map(|p| drawn.remove(&p.id)).collect()
}

/// The way of a line from a node to a point that keeps out of other nodes.
pub fn to_point(from: &Figure, end: Pos2, figures: &[Figure]) -> Vec<Pos2> {
    let others: Vec<&Figure> = figures.iter().filter(|f| f.id != from.id).collect();
    let curve = |shift: f32| {
        let control = bent(from.center, end, shift);
        let start = leave(from, control - from.center, GAP);
        vec![(0..=STEPS).map(|i| quadratic(start, control, end, i as f32 / STEPS as f32)).collect()]
    };
    freest(curve, &others, std::iter::empty()).pop().unwrap_or_default()
}

/// How far wires may bend aside to keep clear of what is in the way, the least first.
const SHIFTS: [f32; 13] = [0.0, 55.0, -55.0, 100.0, -100.0, 150.0, -150.0, 210.0, -210.0, 280.0, -280.0, 360.0, -360.0];
/// What a point of a wire costs on a node, on a title, beside another wire; and a unit of bending.
const ON_NODE: f32 = 300.0;
const ON_TITLE: f32 = 100.0;
const BESIDE_WIRE: f32 = 12.0;
const BENDING: f32 = 0.12;
/// Wires closer than this are taken for one.
const CLOSE: f32 = 12.0;

/// Bends a bundle of wires aside as far as is worth it.
fn freest<'a>(
    curves: impl Fn(f32) -> Vec<Vec<Pos2>>,
    others: &[&Figure],
    drawn: impl ExactSizeIterator<Item = &'a Route> + Clone,
) -> Vec<Vec<Pos2>> {
    let straight = curves(0.0);
    if others.len() > MOST_TO_AVOID {
        return straight;
    }
    let drawn = (drawn.len() <= MOST_TO_AVOID).then_some(drawn).into_iter().flatten();
    let cost = |points: &[Pos2]| -> f32 {
        let span = Rect::from_points(points).expand(CLOSE);
        let node_cost = |figure: &Figure| {
            let (body, title) = (figure.bounds().expand(8.0), title_of(figure));
            if !span.intersects(body) && !span.intersects(title) {
                return 0.0;
            }
            let on_node = points.iter().filter(|p| body.contains(**p) && figure.contains(**p, 8.0)).count();
            let on_title = points.iter().filter(|p| title.contains(**p)).count();
            ON_NODE * on_node as f32 + ON_TITLE * on_title as f32
        };
        // Wires of one node part only gradually.
        let middle = &points[points.len() / 5..points.len() - points.len() / 5];
        let beside = |route: &Route| {
            let near = route.bounds.expand(CLOSE);
            middle.iter().filter(|p| near.contains(**p) && route.distance(**p) < CLOSE).count()
        };
        let nodes: f32 = others.iter().map(|figure| node_cost(figure)).sum();
        let wires: usize = drawn.clone().filter(|route| route.bounds.intersects(span)).map(beside).sum();
        // A wire is crossed at a point or two.
        nodes + BESIDE_WIRE * wires.saturating_sub(2) as f32
    };
    let mut best = (f32::INFINITY, straight);
    for shift in SHIFTS {
        if BENDING * shift.abs() >= best.0 {
            break;
        }
        let found = if shift == 0.0 { best.1.clone() } else { curves(shift) };
        let total = BENDING * shift.abs() + found.iter().filter(|p| !p.is_empty()).map(|p| cost(p)).sum::<f32>();
        if total < best.0 {
            best = (total, found);
        }
    }
    best.1
}

/// Where the title stands below a shape.
fn title_of(figure: &Figure) -> Rect {
    let top = figure.bounds().center_bottom();
    Rect::from_min_size(top - vec2(TITLE.x, 0.0), vec2(2.0 * TITLE.x, TITLE.y))
}

/// A projection's place among those that join the same two nodes.
struct Lane {
    id: ProjectionId,
    from: NodeId,
    to: NodeId,
    place: usize,
    of: usize,
    /// Sideways bend as seen from the source, in lanes.
    offset: f32,
    ordinal: usize,
}

impl Lane {
    /// Its curve if the whole bundle bends aside by `shift`, as seen from the node with the lower number.
    fn curve(&self, from: &Figure, to: &Figure, shift: f32) -> Vec<Pos2> {
        if self.from == self.to {
            return arc(from, self.place);
        }
        let shift = if self.from < self.to { shift } else { -shift };
        let control = bent(from.center, to.center, self.offset * LANE + shift);
        let start = leave(from, control - from.center, GAP);
        let end = leave(to, control - to.center, GAP);
        (0..=STEPS).map(|i| quadratic(start, control, end, i as f32 / STEPS as f32)).collect()
    }
}

/// The projections by the two nodes that they join, each with its lane. Those that no other way could replace come
/// first, so that others bend round them: loops, then wires between close nodes.
fn bundles(project: &Project, by_node: &HashMap<NodeId, &Figure>) -> Vec<Vec<Lane>> {
    let mut pairs: BTreeMap<(NodeId, NodeId), Vec<&Projection>> = BTreeMap::new();
    for p in &project.projections {
        pairs.entry((p.from.min(p.to), p.from.max(p.to))).or_default().push(p);
    }
    let mut bundles: Vec<Vec<Lane>> = Vec::new();
    for ((low, _), mut bundle) in pairs {
        // Those that run one way lie on one side, those that run back on the other.
        bundle.sort_by_key(|p| p.from != low);
        let of = bundle.len();
        let mut seen = BTreeMap::new();
        let lanes = bundle.iter().enumerate().map(|(place, p)| {
            let ordinal = *seen.entry(p.from).and_modify(|n| *n += 1).or_insert(1usize);
            let sideways = place as f32 - (of as f32 - 1.0) / 2.0;
            let offset = if p.from == low { sideways } else { -sideways };
            Lane { id: p.id, from: p.from, to: p.to, place, of, offset, ordinal }
        });
        bundles.push(lanes.collect());
    }
    let length = |lane: &Lane| {
        let at = |id: &NodeId| by_node.get(id).map_or(Pos2::ZERO, |figure| figure.center);
        at(&lane.from).distance(at(&lane.to))
    };
    bundles.sort_by(|a, b| a.first().map_or(0.0, length).total_cmp(&b.first().map_or(0.0, length)));
    bundles
}

/// The point that draws a curve between two points aside.
fn bent(from: Pos2, to: Pos2, bend: f32) -> Pos2 {
    let between = to - from;
    let direction = if between.length() > 1e-3 { between.normalized() } else { vec2(1.0, 0.0) };
    from + between * 0.5 + direction.rot90() * bend * 2.0
}

/// The point just outside the rim in a direction, or below the title if that is in the way.
fn leave(figure: &Figure, towards: Vec2, gap: f32) -> Pos2 {
    let direction = if towards.length() > 1e-3 { towards.normalized() } else { vec2(1.0, 0.0) };
    let rim = figure.shape.rim(direction);
    figure.center + direction * (rim.max(title_reach(figure, direction)) + gap)
}

/// How far a ray from the centre runs until it has left the title below the shape; 0 if it misses it.
fn title_reach(figure: &Figure, direction: Vec2) -> f32 {
    let top = figure.shape.half_size().y;
    if direction.y <= 0.0 {
        return 0.0;
    }
    let to_bottom = (top + TITLE.y) / direction.y;
    let to_side = if direction.x == 0.0 { f32::INFINITY } else { TITLE.x / direction.x.abs() };
    let reach = to_bottom.min(to_side);
    if reach * direction.y > top { reach } else { 0.0 }
}

fn quadratic(a: Pos2, b: Pos2, c: Pos2, t: f32) -> Pos2 {
    let u = 1.0 - t;
    (a.to_vec2() * (u * u) + b.to_vec2() * (2.0 * u * t) + c.to_vec2() * (t * t)).to_pos2()
}

/// A loop above the node; later ones stand higher.
fn arc(figure: &Figure, place: usize) -> Vec<Pos2> {
    let top = leave(figure, vec2(0.0, -1.0), 0.0).y;
    let (width, height) = (30.0 + 9.0 * place as f32, 66.0 + 34.0 * place as f32);
    let start = leave(figure, vec2(-0.55, -1.0), GAP);
    let end = leave(figure, vec2(0.55, -1.0), GAP);
    let left = pos2(figure.center.x - width * 1.6, top - height);
    let right = pos2(figure.center.x + width * 1.6, top - height);
    (0..=STEPS)
        .map(|i| {
            let t = i as f32 / STEPS as f32;
            let u = 1.0 - t;
            let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
            let sum = [start, left, right, end].into_iter().zip(weights).map(|(p, w)| p.to_vec2() * w);
            sum.fold(Vec2::ZERO, |a, b| a + b).to_pos2()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::sketch::Sketch;
    use spikeloom_engine::models;
    use spikeloom_engine::project::Node;

    fn three() -> Project {
        let mut project = Project::default();
        for (i, x) in [0.0, 200.0, 400.0].into_iter().enumerate() {
            let mut node = Node::new(NodeId(i as u32), format!("n{i}"), &models::iaf_psc_alpha::MODEL);
            node.position = [x, 0.0];
            project.nodes.push(node);
        }
        project
    }

    fn sketch(project: &Project) -> Sketch {
        let mut sketch = Sketch::default();
        sketch.update(project);
        sketch
    }

    #[test]
    fn a_pair_in_both_directions_bends_apart() {
        let mut project = three();
        project.projections.push(Projection::new(ProjectionId(0), NodeId(0), NodeId(1)));
        project.projections.push(Projection::new(ProjectionId(1), NodeId(1), NodeId(0)));
        let sketch = sketch(&project);
        let gap = sketch.routes[0].at(0.5).distance(sketch.routes[1].at(0.5));
        assert!(gap > 20.0, "middles are only {gap} apart");
    }

    #[test]
    fn parallel_wires_fan_out_and_are_counted() {
        let mut project = three();
        for i in 0..3 {
            project.projections.push(Projection::new(ProjectionId(i), NodeId(0), NodeId(1)));
        }
        let sketch = sketch(&project);
        assert_eq!(sketch.routes.iter().map(|r| r.ordinal).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(sketch.routes[0].at(0.5).distance(sketch.routes[1].at(0.5)) > 20.0);
        assert!(sketch.routes[1].at(0.5).distance(sketch.routes[2].at(0.5)) > 20.0);
    }

    #[test]
    fn wires_keep_out_of_nodes() {
        let mut project = three();
        project.projections.push(Projection::new(ProjectionId(0), NodeId(0), NodeId(2)));
        project.projections.push(Projection::new(ProjectionId(1), NodeId(1), NodeId(1)));
        project.projections.push(Projection::new(ProjectionId(2), NodeId(0), NodeId(1)));
        let sketch = sketch(&project);
        for route in &sketch.routes {
            for figure in &sketch.figures {
                let inside = route.points.iter().any(|&p| figure.contains(p, 0.0));
                assert!(!inside, "wire {:?} runs through node {:?}", route.id, figure.id);
            }
        }
    }

    #[test]
    fn a_line_to_a_point_bends_round_what_stands_between() {
        let project = three();
        let sketch = sketch(&project);
        let line = to_point(&sketch.figures[0], pos2(600.0, 0.0), &sketch.figures);
        assert!(line.last().unwrap().distance(pos2(600.0, 0.0)) < 1.0);
        for figure in &sketch.figures {
            assert!(line.iter().all(|&p| !figure.contains(p, 0.0)), "through {:?}", figure.id);
        }
        let free = to_point(&sketch.figures[0], pos2(0.0, -300.0), &sketch.figures);
        assert!(free.iter().all(|p| p.x.abs() < 1e-3), "straight where nothing stands: {free:?}");
    }

    #[test]
    fn wires_that_would_run_on_top_of_each_other_part() {
        let mut project = three();
        let mut fourth = Node::new(NodeId(3), "n3", &models::iaf_psc_alpha::MODEL);
        fourth.position = [600.0, 0.0];
        project.nodes.push(fourth);
        // Both bend round the node between; the longer one must not take the way of the shorter.
        project.projections.push(Projection::new(ProjectionId(0), NodeId(0), NodeId(2)));
        project.projections.push(Projection::new(ProjectionId(1), NodeId(0), NodeId(3)));
        let sketch = sketch(&project);
        let [short, long] = &sketch.routes[..] else { panic!("two routes") };
        let beside = (5..20).filter(|i| short.distance(long.points[*i]) < 10.0).count();
        assert!(beside < 3, "{beside} points of the longer wire lie on the shorter one");
    }

    /// Populations of a cortical column: each excites and inhibits others and itself, with input and recorders for all.
    fn column() -> Project {
        use crate::editing::create::{insert_node, insert_projection};
        let mut p = Project::default();
        let cells: Vec<NodeId> =
            (0..6).map(|_| insert_node(&mut p, &models::iaf_psc_exp::MODEL, [0.0; 2], None)).collect();
        let spikes = insert_node(&mut p, &models::SPIKE_RECORDER, [0.0; 2], None);
        for (i, &cell) in cells.iter().enumerate() {
            let noise = insert_node(&mut p, &models::POISSON_GENERATOR, [0.0; 2], None);
            insert_projection(&mut p, noise, cell).unwrap();
            insert_projection(&mut p, cell, spikes).unwrap();
            insert_projection(&mut p, cell, cell).unwrap();
            insert_projection(&mut p, cell, cells[(i + 1) % 6]).unwrap();
            if i % 2 == 0 {
                insert_projection(&mut p, cells[i + 1], cell).unwrap();
            }
        }
        p
    }

    #[test]
    fn wires_of_an_arranged_network_run_through_no_node_and_no_title() {
        let mut project = column();
        crate::canvas::arrange(&mut project);
        let sketch = sketch(&project);
        for route in &sketch.routes {
            for figure in sketch.figures.iter().filter(|f| f.id != route.from && f.id != route.to) {
                let inside = route.points.iter().filter(|&&p| figure.contains(p, 0.0)).count();
                let title = route.points.iter().filter(|&&p| title_of(figure).contains(p)).count();
                assert_eq!((inside, title), (0, 0), "{:?} → {:?} at {:?}", route.from, route.to, figure.id);
            }
        }
    }

    #[test]
    fn self_connections_stack_above_the_node() {
        let mut project = three();
        project.projections.push(Projection::new(ProjectionId(0), NodeId(0), NodeId(0)));
        project.projections.push(Projection::new(ProjectionId(1), NodeId(0), NodeId(0)));
        let sketch = sketch(&project);
        let tops: Vec<f32> = sketch.routes.iter().map(|r| r.bounds.top()).collect();
        assert!(tops[0] < -60.0 && tops[1] < tops[0] - 15.0, "{tops:?}");
    }
}
