//! Equal bins of time, or of any other quantity.

/// Times are multiples of the time step but for rounding errors, and so may be the edges of bins: a value that lies
/// below an edge by less than this share of a bin counts as lying on it.
const ROUNDING: f64 = 1e-9;

/// Bins of equal width, one after the other: bin k holds the values from `origin + k * width` (included) to
/// `origin + (k + 1) * width` (excluded).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bins {
    origin: f64,
    width: f64,
}

impl Bins {
    /// Bins of this width (ms, if times are binned) from `origin` on; `None` unless the width is positive and both are finite.
    pub fn new(origin: f64, width: f64) -> Option<Bins> {
        (origin.is_finite() && width.is_finite() && width > 0.0).then_some(Bins { origin, width })
    }

    /// The width of each bin.
    pub fn width(self) -> f64 {
        self.width
    }

    /// The lower edge of a bin.
    pub fn start(self, bin: usize) -> f64 {
        self.origin + bin as f64 * self.width
    }

    /// The bin that holds a value; `None` below the first one.
    pub fn index(self, value: f64) -> Option<usize> {
        let place = ((value - self.origin) / self.width + ROUNDING).floor();
        (place >= 0.0).then_some(place as usize)
    }

    /// How many whole bins there are up to a value: those that are over when the clock stands there.
    pub fn complete(self, until: f64) -> usize {
        ((until - self.origin) / self.width + ROUNDING).floor().max(0.0) as usize
    }

    /// How many of the values lie in each whole bin up to `until`. The upper edge of the last bin belongs to it. Values outside
    /// of all whole bins are not counted.
    pub fn counts(self, values: impl IntoIterator<Item = f64>, until: f64) -> Vec<u32> {
        let mut counts = vec![0; self.complete(until)];
        for value in values {
            if let Some(count) = self.index_up_to(value, counts.len()).and_then(|bin| counts.get_mut(bin)) {
                *count += 1;
            }
        }
        counts
    }

    /// The bin that holds a value, where the last of `bins` bins is closed on both sides.
    fn index_up_to(self, value: f64, bins: usize) -> Option<usize> {
        let bin = self.index(value)?;
        let on_last_edge = bin == bins && (value - self.origin) / self.width <= bins as f64 + ROUNDING;
        if on_last_edge { bin.checked_sub(1) } else { Some(bin) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_owns_its_lower_edge() {
        let bins = Bins::new(0.0, 5.0).unwrap();
        assert_eq!([-0.1, 0.0, 4.9, 5.0, 12.0].map(|t| bins.index(t)), [None, Some(0), Some(0), Some(1), Some(2)]);
        assert_eq!([0.0, 4.9, 5.0, 19.99].map(|t| bins.complete(t)), [0, 0, 1, 3]);
        assert_eq!(Bins::new(10.0, 5.0).unwrap().start(2), 20.0);
    }

    #[test]
    fn the_last_of_a_number_of_bins_owns_both_edges() {
        // Bins [0, 2), [2, 4), [4, 6]; 6.5 and -1 are in no whole bin.
        assert_eq!(Bins::new(0.0, 2.0).unwrap().counts([0.5, 4.0, 6.0, 6.5, -1.0], 7.0), [1, 0, 2]);
        assert_eq!(Bins::new(0.0, 2.0).unwrap().counts([0.0, 1.0], 1.0), [0u32; 0]);
    }

    #[test]
    fn rounding_errors_do_not_move_a_spike_to_the_bin_before() {
        // One spike at each multiple of 0.1 ms: every bin of 0.3 ms holds three.
        let times = (0..30).map(|i| f64::from(i) * 0.1);
        assert_eq!(Bins::new(0.0, 0.3).unwrap().counts(times, 3.0), [3; 10]);
    }

    #[test]
    fn a_bin_has_a_positive_width() {
        for width in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Bins::new(0.0, width), None);
        }
    }
}
