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

/// Ends of both axes that hold all of these and have the shape of the picture, so that circles are round.
pub fn framed(points: impl Iterator<Item = (f64, f64)>, aspect: f64) -> ((f64, f64), (f64, f64)) {
    const MARGIN: f64 = 0.05;
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for (x, y) in points {
        (low[0], low[1]) = (low[0].min(x), low[1].min(y));
        (high[0], high[1]) = (high[0].max(x), high[1].max(y));
    }
    if low[0] > high[0] {
        (low, high) = ([0.0; 2], [1.0; 2]);
    }
    let middle = [0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1])];
    let least = 1e-9 * (middle[0].abs() + middle[1].abs()) + 1e-9;
    let size = [high[0] - low[0], high[1] - low[1]].map(|side| side * (1.0 + 2.0 * MARGIN));
    let aspect = if aspect.is_finite() && aspect > 0.0 { aspect } else { 1.0 };
    let height = size[1].max(size[0] / aspect).max(least);
    let width = height * aspect;
    ((middle[0] - 0.5 * width, middle[0] + 0.5 * width), (middle[1] - 0.5 * height, middle[1] + 0.5 * height))
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
        let corners = [(0.0, 0.0), (2.0, 1.0)];
        for aspect in [0.5, 1.0, 4.0] {
            let (x, y) = framed(corners.into_iter(), aspect);
            assert!(((x.1 - x.0) / (y.1 - y.0) - aspect).abs() < 1e-9);
            assert!(x.0 < 0.0 && x.1 > 2.0 && y.0 < 0.0 && y.1 > 1.0);
        }
        let (x, y) = framed([(3.0, 3.0)].into_iter(), 2.0);
        assert!(x.0 < 3.0 && x.1 > 3.0 && y.0 < 3.0 && y.1 > 3.0, "{x:?} {y:?}");
    }
}
