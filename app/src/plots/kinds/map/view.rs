//! From places in space to the picture.

use spikeloom_engine::description::space::Point;

/// How a space of two or three dimensions is looked at: from above, or from the side and above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Sine and cosine of the angles around the third axis, and above the plane.
    azimuth: (f64, f64),
    elevation: (f64, f64),
}

impl Camera {
    /// Degrees around the third axis and above the plane; 0 and 90 look at the plane from above.
    pub fn new(azimuth: f64, elevation: f64) -> Camera {
        Camera { azimuth: azimuth.to_radians().sin_cos(), elevation: elevation.to_radians().sin_cos() }
    }

    /// Where a place lies in the picture.
    pub fn place(&self, point: Point) -> (f64, f64) {
        let ((sa, ca), (se, ce)) = (self.azimuth, self.elevation);
        let (x, y) = (point[0] * ca + point[1] * sa, point[1] * ca - point[0] * sa);
        (x, y * se + point[2] * ce)
    }
}

/// What holds all that there is to be seen of the picture, along both axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    low: [f64; 2],
    high: [f64; 2],
}

impl Bounds {
    /// Of places in a plane, these places; of places in space the ball that holds their box, which stays as it is when the
    /// camera turns. Without places, a unit.
    pub fn of(places: impl Iterator<Item = Point>, camera: &Camera, solid: bool) -> Bounds {
        let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
        for place in places {
            low = std::array::from_fn(|axis| low[axis].min(place[axis]));
            high = std::array::from_fn(|axis| high[axis].max(place[axis]));
        }
        if low[0] > high[0] {
            return Bounds { low: [0.0; 2], high: [1.0; 2] };
        }
        if !solid {
            return Bounds { low: [low[0], low[1]], high: [high[0], high[1]] };
        }
        let middle = camera.place(std::array::from_fn(|axis| 0.5 * (low[axis] + high[axis])));
        let squares: f64 = (0..3).map(|axis| (high[axis] - low[axis]).powi(2)).sum();
        let radius = 0.5 * squares.sqrt();
        let middle = [middle.0, middle.1];
        Bounds { low: middle.map(|x| x - radius), high: middle.map(|x| x + radius) }
    }

    /// Ends of both axes that hold this and have the shape of the picture, so that circles are round.
    pub fn framed(&self, aspect: f64) -> ((f64, f64), (f64, f64)) {
        const MARGIN: f64 = 0.05;
        let Bounds { low, high } = *self;
        let middle = [0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1])];
        let least = 1e-9 * (middle[0].abs() + middle[1].abs()) + 1e-9;
        let size = [high[0] - low[0], high[1] - low[1]].map(|side| side * (1.0 + 2.0 * MARGIN));
        let aspect = if aspect.is_finite() && aspect > 0.0 { aspect } else { 1.0 };
        let height = size[1].max(size[0] / aspect).max(least);
        let width = height * aspect;
        ((middle[0] - 0.5 * width, middle[0] + 0.5 * width), (middle[1] - 0.5 * height, middle[1] + 0.5 * height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_above_the_plane_is_as_it_is() {
        let (x, y) = Camera::new(0.0, 90.0).place([0.3, -0.2, 5.0]);
        assert!((x - 0.3).abs() < 1e-12 && (y + 0.2).abs() < 1e-12, "{x} {y}");
        let (x, y) = Camera::new(90.0, 0.0).place([0.3, -0.2, 5.0]);
        assert!((x + 0.2).abs() < 1e-12 && (y - 5.0).abs() < 1e-12, "{x} {y}");
    }

    #[test]
    fn a_unit_is_as_long_in_both_directions() {
        let above = Camera::new(0.0, 90.0);
        let of = |places: &[Point]| Bounds::of(places.iter().copied(), &above, false);
        for aspect in [0.5, 1.0, 4.0] {
            let (x, y) = of(&[[0.0; 3], [2.0, 1.0, 0.0]]).framed(aspect);
            assert!(((x.1 - x.0) / (y.1 - y.0) - aspect).abs() < 1e-9);
            assert!(x.0 < 0.0 && x.1 > 2.0 && y.0 < 0.0 && y.1 > 1.0);
        }
        let (x, y) = of(&[[3.0, 3.0, 0.0]]).framed(2.0);
        assert!(x.0 < 3.0 && x.1 > 3.0 && y.0 < 3.0 && y.1 > 3.0, "{x:?} {y:?}");
    }

    #[test]
    fn what_is_seen_of_space_keeps_its_size_while_the_camera_turns() {
        let corners = [[0.0; 3], [2.0, 1.0, 4.0]];
        let sizes = [0.0, 30.0, 77.0].map(|angle| {
            let (x, y) = Bounds::of(corners.into_iter(), &Camera::new(angle, angle), true).framed(1.5);
            (x.1 - x.0, y.1 - y.0)
        });
        for size in sizes {
            assert!((size.0 - sizes[0].0).abs() < 1e-9 && (size.1 - sizes[0].1).abs() < 1e-9, "{sizes:?}");
        }
    }
}
