//! What of a plot of places is seen: magnified and moved.

/// How much is magnified at least and at most.
const LEAST: f64 = 0.25;
const MOST: f64 = 1e4;

/// Ends of both axes.
type Ends = ((f64, f64), (f64, f64));

/// What of a plot of places is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zoom {
    by: f64,
    /// How far the middle has moved, in parts of the whole.
    moved: (f64, f64),
}

impl Default for Zoom {
    fn default() -> Self {
        Zoom { by: 1.0, moved: (0.0, 0.0) }
    }
}

impl Zoom {
    /// Ends of the axes where those of the whole are `whole`.
    pub fn of(&self, whole: Ends) -> Ends {
        let part = |(low, high): (f64, f64), moved: f64| {
            let (middle, size) = (0.5 * (low + high) + moved * (high - low), (high - low) / self.by);
            (middle - 0.5 * size, middle + 0.5 * size)
        };
        (part(whole.0, self.moved.0), part(whole.1, self.moved.1))
    }

    /// Magnifies about a point, given in parts of what is seen from its middle.
    pub(super) fn magnify(&mut self, factor: f64, at: (f64, f64)) {
        let before = self.by;
        self.by = (self.by * factor).clamp(LEAST, MOST);
        let shift = 1.0 / before - 1.0 / self.by;
        self.moved = (self.moved.0 + at.0 * shift, self.moved.1 + at.1 * shift);
    }

    /// Moves what is seen by parts of its size.
    pub(super) fn pan(&mut self, by: (f64, f64)) {
        self.moved = (self.moved.0 - by.0 / self.by, self.moved.1 - by.1 / self.by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_under_the_pointer_stays_there() {
        let whole = ((-1.0, 3.0), (0.0, 2.0));
        let mut zoom = Zoom::default();
        assert_eq!(zoom.of(whole), whole);
        let at = (0.25, -0.4);
        let place = |zoom: &Zoom| {
            let ((a, b), (c, d)) = zoom.of(whole);
            (0.5 * (a + b) + at.0 * (b - a), 0.5 * (c + d) + at.1 * (d - c))
        };
        let before = place(&zoom);
        for factor in [1.7, 3.0, 0.4] {
            zoom.magnify(factor, at);
            let after = place(&zoom);
            assert!((after.0 - before.0).abs() < 1e-12 && (after.1 - before.1).abs() < 1e-12, "{before:?} {after:?}");
        }
        zoom.pan((0.5, 0.0));
        let ((left, right), _) = zoom.of(whole);
        assert!((right - left - 4.0 / zoom.by).abs() < 1e-12);
        zoom.magnify(1e9, at);
        assert_eq!(zoom.by, MOST);
    }
}
