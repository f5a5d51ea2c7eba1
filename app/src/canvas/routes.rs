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
    let lanes = lanes(project);
    let by_node: HashMap<NodeId, &Figure> = figures.iter().map(|figure| (figure.id, figure)).collect();
    project
        .projections
        .iter()
        .filter_map(|p| {
            let (from, to) = (*by_node.get(&p.from)?, *by_node.get(&p.to)?);
            let lane = lanes.get(&p.id)?;
            let points = if p.from == p.to { arc(from, lane.place) } else { curve(from, to, lane.offset, figures) };
            let bounds = Rect::from_points(&points);
            Some(Route {
                id: p.id,
                from: p.from,
                to: p.to,
                points,
                bounds,
                ordinal: lane.ordinal,
                crowded: lane.of > 1,
            })
        })
        .collect()
}

struct Lane {
    place: usize,
    of: usize,
    /// Sideways bend as seen from the source, in lanes.
    offset: f32,
    ordinal: usize,
}

/// Gives every projection its lane among those that join the same two nodes.
fn lanes(project: &Project) -> BTreeMap<ProjectionId, Lane> {
    let mut pairs: BTreeMap<(NodeId, NodeId), Vec<&Projection>> = BTreeMap::new();
    for p in &project.projections {
        pairs.entry((p.from.min(p.to), p.from.max(p.to))).or_default().push(p);
    }
    let mut lanes = BTreeMap::new();
    for ((low, _), mut bundle) in pairs {
        // Those that run one way lie on one side, those that run back on the other.
        bundle.sort_by_key(|p| p.from != low);
        let of = bundle.len();
        let mut seen = BTreeMap::new();
        for (place, p) in bundle.iter().enumerate() {
            let ordinal = seen.entry(p.from).and_modify(|n| *n += 1).or_insert(1usize);
            let sideways = place as f32 - (of as f32 - 1.0) / 2.0;
            let offset = if p.from == low { sideways } else { -sideways };
            lanes.insert(p.id, Lane { place, of, offset, ordinal: *ordinal });
        }
    }
    lanes
}

/// A curve from rim to rim, bent sideways by `lane`, and further if a stranger stands in the way.
fn curve(from: &Figure, to: &Figure, lane: f32, all: &[Figure]) -> Vec<Pos2> {
    let own = lane * LANE;
    let straight = bent(from, to, own);
    if lane != 0.0 || all.len() > MOST_TO_AVOID || is_free(&straight, from, to, all) {
        return straight;
    }
    [55.0, -55.0, 100.0, -100.0, 150.0, -150.0]
        .into_iter()
        .map(|bend| bent(from, to, bend))
        .find(|points| is_free(points, from, to, all))
        .unwrap_or(straight)
}

fn bent(from: &Figure, to: &Figure, bend: f32) -> Vec<Pos2> {
    let between = to.center - from.center;
    let direction = if between.length() > 1e-3 { between.normalized() } else { vec2(1.0, 0.0) };
    let sideways = direction.rot90();
    let control = from.center + between * 0.5 + sideways * bend * 2.0;
    let start = leave(from, control - from.center, GAP);
    let end = leave(to, control - to.center, GAP);
    (0..=STEPS).map(|i| quadratic(start, control, end, i as f32 / STEPS as f32)).collect()
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

fn is_free(points: &[Pos2], from: &Figure, to: &Figure, all: &[Figure]) -> bool {
    let span = Rect::from_points(points);
    all.iter()
        .filter(|f| f.id != from.id && f.id != to.id && span.intersects(f.bounds().expand(8.0)))
        .all(|f| points.iter().all(|&p| !f.contains(p, 8.0)))
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
    fn self_connections_stack_above_the_node() {
        let mut project = three();
        project.projections.push(Projection::new(ProjectionId(0), NodeId(0), NodeId(0)));
        project.projections.push(Projection::new(ProjectionId(1), NodeId(0), NodeId(0)));
        let sketch = sketch(&project);
        let tops: Vec<f32> = sketch.routes.iter().map(|r| r.bounds.top()).collect();
        assert!(tops[0] < -60.0 && tops[1] < tops[0] - 15.0, "{tops:?}");
    }
}
