//! Lines from the neuron under the pointer to its targets, or from its sources, and what is said of them.

use egui::{Color32, Shape, Stroke, pos2};
use serde::{Deserialize, Serialize};
use spikeloom_engine::description::space::{Point, Positions};
use spikeloom_engine::live::{Bundle, Connections, Direction};
use spikeloom_engine::models::weight_unit;
use spikeloom_engine::project::Project;

use super::view::Camera;
use crate::plots::axis::thousands;
use crate::plots::sheet::Sheet;

/// More lines are a patch of colour: of so many, evenly some are drawn.
const MOST: usize = 3000;

/// To whom lines are drawn from the neuron under the pointer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lines {
    #[default]
    Targets,
    Sources,
    None,
}

impl Lines {
    pub const ALL: [Lines; 3] = [Lines::Targets, Lines::Sources, Lines::None];

    pub fn name(self) -> &'static str {
        match self {
            Lines::Targets => "Targets",
            Lines::Sources => "Sources",
            Lines::None => "None",
        }
    }

    pub fn direction(self) -> Option<Direction> {
        match self {
            Lines::Targets => Some(Direction::Targets),
            Lines::Sources => Some(Direction::Sources),
            Lines::None => None,
        }
    }
}

/// A line to be drawn: the place at its other end, its weight as a share of the greatest, its colour.
pub struct Line {
    pub end: Point,
    pub share: f32,
    pub color: Color32,
}

/// Some of so many lines.
pub fn thinned(lines: Vec<Line>) -> Vec<Line> {
    let every = lines.len().div_ceil(MOST).max(1);
    lines.into_iter().step_by(every).collect()
}

/// Draws lines from a place; in a space without edges they take the shortest way, over an edge if that is shorter.
pub fn draw(from: Point, lines: &[Line], space: Option<&Positions>, camera: &Camera, sheet: &Sheet) -> Vec<Shape> {
    // Many lines are fainter each, so that strong ones stand out.
    let faint = (60.0 / lines.len().max(1) as f32).clamp(0.12, 0.7);
    let at = |place: Point| {
        let (x, y) = camera.place(place);
        pos2(sheet.x(x), sheet.y(y))
    };
    let mut shapes = Vec::with_capacity(lines.len());
    for line in lines {
        let color = line.color.gamma_multiply(faint + (1.0 - faint) * 0.5 * line.share);
        let stroke = Stroke::new(0.6 + 1.4 * line.share, color);
        for [a, b] in parts(from, line.end, space).into_iter().flatten() {
            shapes.push(Shape::line_segment([at(a), at(b)], stroke));
        }
    }
    shapes
}

/// The straight way between two places, cut in two where it leaves a space without edges and enters it on the other side.
fn parts(from: Point, to: Point, space: Option<&Positions>) -> [Option<[Point; 2]>; 2] {
    let period = space.map_or([0.0; 3], Positions::period);
    let way: Point = std::array::from_fn(|axis| {
        let way = to[axis] - from[axis];
        if period[axis] > 0.0 { way - period[axis] * (way / period[axis]).round() } else { way }
    });
    let is_direct = (0..3).all(|axis| (way[axis] - (to[axis] - from[axis])).abs() <= 1e-9 * period[axis].max(1e-300));
    let Some(space) = space.filter(|_| !is_direct) else { return [Some([from, to]), None] };
    let (center, extent) = space.frame();
    let until_edge = |begin: Point, way: Point| -> [Point; 2] {
        let share = (0..3).filter(|axis| way[*axis] != 0.0 && extent[*axis] > 0.0).map(|axis| {
            let edge = center[axis] + 0.5 * extent[axis].copysign(way[axis]);
            ((edge - begin[axis]) / way[axis]).max(0.0)
        });
        let share = share.fold(1.0, f64::min);
        [begin, std::array::from_fn(|axis| begin[axis] + share * way[axis])]
    };
    [Some(until_edge(from, way)), Some(until_edge(to, way.map(|x| -x)))]
}

/// What is said of them, a line for each projection: `80 targets in Inhibitory, mean weight 20.5 pA`.
pub fn told(connections: &Connections, project: &Project) -> Vec<String> {
    let what = match connections.asked.direction {
        Direction::Targets => "target",
        Direction::Sources => "source",
    };
    if connections.bundles.is_empty() {
        return vec![format!("no {what}s")];
    }
    connections.bundles.iter().map(|bundle| of_bundle(bundle, what, project)).collect()
}

fn of_bundle(bundle: &Bundle, what: &str, project: &Project) -> String {
    let name = project.node(bundle.node).map_or("", |node| node.name.as_str());
    let unit = project.projection(bundle.projection).and_then(|projection| {
        let carries = project.wiring(projection).ok()?.carries;
        Some(weight_unit(carries, project.node(projection.to)?.model, projection.receptor))
    });
    let neurons = bundle.neurons();
    let plural = if neurons == 1 { "" } else { "s" };
    let synapses = match bundle.synapses.len() {
        n if n > neurons => format!(" by {} synapses", thousands(n)),
        _ => String::new(),
    };
    let weight = crate::number::plain(format!("{:.3e}", bundle.mean_weight()).parse().unwrap_or(0.0));
    let weight = [weight, unit.unwrap_or("").to_owned()].join(" ");
    format!("{} {what}{plural} in {name}{synapses}, mean weight {}", thousands(neurons), weight.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_over_an_edge_is_cut_there() {
        let torus = Positions { edge_wrap: true, ..Positions::grid(&[10, 10]) };
        let [first, second] = parts([0.45, 0.0, 0.0], [-0.45, 0.0, 0.0], Some(&torus));
        let near = |a: Point, b: Point| (0..3).all(|axis| (a[axis] - b[axis]).abs() < 1e-9);
        let ([a, b], [c, d]) = (first.expect("a way out"), second.expect("a way in"));
        assert!(near(a, [0.45, 0.0, 0.0]) && near(b, [0.5, 0.0, 0.0]), "{a:?} {b:?}");
        assert!(near(c, [-0.45, 0.0, 0.0]) && near(d, [-0.5, 0.0, 0.0]), "{c:?} {d:?}");
        let [direct, none] = parts([0.1, 0.0, 0.0], [-0.2, 0.3, 0.0], Some(&torus));
        assert!(direct == Some([[0.1, 0.0, 0.0], [-0.2, 0.3, 0.0]]) && none.is_none());
        let plane = Positions::grid(&[10, 10]);
        assert!(parts([0.45, 0.0, 0.0], [-0.45, 0.0, 0.0], Some(&plane))[1].is_none());
    }
}
