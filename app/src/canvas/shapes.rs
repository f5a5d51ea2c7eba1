//! Outlines of nodes: triangle, circle, square, hexagon, parallelogram
//! (Senk et al. 2022, PLoS Comput Biol 18:e1010086).

use egui::{Pos2, Rect, Vec2, pos2, vec2};
use spikeloom_engine::models::Family;
use spikeloom_engine::project::{Node, Project};

use crate::sign::Sign;

/// What a node looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// An excitatory population.
    Triangle,
    /// An inhibitory population.
    Circle,
    /// A population that is neither or both.
    Square,
    /// A generator.
    Hexagon,
    /// A recorder.
    Parallelogram,
}

impl Shape {
    pub fn of(project: &Project, node: &Node) -> Shape {
        match node.model.family() {
            Family::Generator => Shape::Hexagon,
            Family::Recorder => Shape::Parallelogram,
            Family::Neuron | Family::Synapse => match Sign::of_population(project, node) {
                Sign::Excitatory => Shape::Triangle,
                Sign::Inhibitory => Shape::Circle,
                Sign::Generic => Shape::Square,
            },
        }
    }

    /// Half width and half height in canvas units.
    pub fn half_size(self) -> Vec2 {
        match self {
            Shape::Triangle => vec2(54.0, 46.0),
            Shape::Circle => vec2(38.0, 38.0),
            Shape::Square => vec2(36.0, 36.0),
            Shape::Hexagon => vec2(48.0, 32.0),
            Shape::Parallelogram => vec2(50.0, 26.0),
        }
    }

    /// Where text within the shape is centred, relative to its centre.
    pub fn text_offset(self) -> f32 {
        if self == Shape::Triangle { 22.0 } else { 0.0 }
    }

    /// Width of the space for text there, in canvas units.
    pub fn text_width(self) -> f32 {
        let share = match self {
            Shape::Triangle => 0.54,
            Shape::Circle => 0.8,
            Shape::Square => 0.84,
            Shape::Hexagon => 0.8,
            Shape::Parallelogram => 0.74,
        };
        2.0 * self.half_size().x * share
    }

    /// Corners relative to the centre, in canvas units, clockwise, enlarged on all sides by `grow`.
    pub fn corners(self, grow: f32) -> Vec<Vec2> {
        let half = self.half_size();
        let corners: Vec<Vec2> = match self {
            Shape::Circle => return circle(half.x + grow),
            Shape::Triangle => vec![vec2(0.0, -half.y), vec2(half.x, half.y), vec2(-half.x, half.y)],
            Shape::Square => {
                vec![vec2(-half.x, -half.y), vec2(half.x, -half.y), vec2(half.x, half.y), vec2(-half.x, half.y)]
            }
            Shape::Hexagon => {
                let inner = half.x - 0.58 * half.y;
                vec![
                    vec2(-half.x, 0.0),
                    vec2(-inner, -half.y),
                    vec2(inner, -half.y),
                    vec2(half.x, 0.0),
                    vec2(inner, half.y),
                    vec2(-inner, half.y),
                ]
            }
            Shape::Parallelogram => {
                let slant = 14.0;
                vec![
                    vec2(-half.x + slant, -half.y),
                    vec2(half.x, -half.y),
                    vec2(half.x - slant, half.y),
                    vec2(-half.x, half.y),
                ]
            }
        };
        grown(&corners, grow)
    }

    /// Distance from the centre to the rim in the direction of `towards`.
    pub fn rim(self, towards: Vec2) -> f32 {
        let direction = towards.normalized();
        if direction == Vec2::ZERO || !direction.is_finite() {
            return self.half_size().x;
        }
        if self == Shape::Circle {
            return self.half_size().x;
        }
        let corners = self.corners(0.0);
        let sides = corners.iter().zip(corners.iter().cycle().skip(1));
        sides.filter_map(|(&a, &b)| ray_hits_side(direction, a, b)).fold(0.0, f32::max)
    }

    /// Whether a point relative to the centre lies in the shape or within `margin` of it.
    pub fn contains(self, offset: Vec2, margin: f32) -> bool {
        // Most points are far away; the exact rim is worked out only for the others.
        offset.length() <= self.half_size().length() + margin && offset.length() <= self.rim(offset) + margin
    }

    /// The middle of the right rim, where the port sits, relative to the centre.
    pub fn port(self) -> Vec2 {
        vec2(self.rim(vec2(1.0, 0.0)), 0.0)
    }
}

/// The rectangle round a shape at `center`, without its title, in canvas units.
pub fn bounds(shape: Shape, center: Pos2) -> Rect {
    Rect::from_center_size(center, 2.0 * shape.half_size())
}

/// The rectangle round shape and title, in canvas units; what placing keeps free.
pub fn footprint(shape: Shape, center: Pos2) -> Rect {
    let body = bounds(shape, center);
    Rect::from_min_max(pos2(body.left() - 12.0, body.top()), pos2(body.right() + 12.0, body.bottom() + 40.0))
}

fn circle(radius: f32) -> Vec<Vec2> {
    const STEPS: usize = 48;
    (0..STEPS).map(|i| radius * Vec2::angled(i as f32 / STEPS as f32 * std::f32::consts::TAU)).collect()
}

/// Moves every side of a convex polygon outwards by `grow`.
fn grown(corners: &[Vec2], grow: f32) -> Vec<Vec2> {
    if grow == 0.0 {
        return corners.to_vec();
    }
    let n = corners.len();
    (0..n)
        .map(|i| {
            let (before, here, after) = (corners[(i + n - 1) % n], corners[i], corners[(i + 1) % n]);
            // Clockwise on a screen whose y points down: outside lies to the left of each side.
            let (first, second) = ((here - before).normalized().rot90(), (after - here).normalized().rot90());
            let bisector = (first + second).normalized();
            let stretch = 1.0 / bisector.dot(first).max(0.35);
            here + bisector * grow * stretch
        })
        .collect()
}

fn ray_hits_side(direction: Vec2, a: Vec2, b: Vec2) -> Option<f32> {
    let side = b - a;
    let cross = direction.x * side.y - direction.y * side.x;
    if cross.abs() < 1e-6 {
        return None;
    }
    let along_ray = (a.x * side.y - a.y * side.x) / cross;
    let along_side = (a.x * direction.y - a.y * direction.x) / cross;
    (along_ray > 0.0 && (-1e-4..=1.0001).contains(&along_side)).then_some(along_ray)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Shape; 5] = [Shape::Triangle, Shape::Circle, Shape::Square, Shape::Hexagon, Shape::Parallelogram];

    #[test]
    fn rim_lies_on_the_outline() {
        assert!((Shape::Square.rim(vec2(1.0, 0.0)) - 36.0).abs() < 1e-3);
        assert!((Shape::Square.rim(vec2(1.0, 1.0)) - 36.0 * 2f32.sqrt()).abs() < 1e-2);
        assert!((Shape::Circle.rim(vec2(-0.3, 0.8)) - 38.0).abs() < 1e-3);
        for shape in ALL {
            for i in 0..32 {
                let direction = Vec2::angled(i as f32 * 0.2);
                let rim = shape.rim(direction);
                assert!(rim > 15.0, "{shape:?} has no rim at {direction:?}");
                assert!(shape.contains(direction * (rim - 1.0), 0.0));
                assert!(!shape.contains(direction * (rim + 1.0), 0.0));
            }
        }
    }

    #[test]
    fn grown_outlines_enclose_the_shape() {
        for shape in ALL {
            for corner in shape.corners(6.0) {
                assert!(!shape.contains(corner, 3.0), "{shape:?}: {corner:?} is not outside");
                assert!(corner.length() < shape.half_size().length() + 25.0);
            }
        }
    }
}
