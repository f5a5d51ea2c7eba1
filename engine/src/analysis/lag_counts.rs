//! The histogram that a correlation detector reports, change by change.

use std::collections::BTreeMap;

/// Lags that differ by less are the same, ms.
const FINEST: f64 = 1e-6;

/// What lies at one lag.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LagCount {
    /// Pairs of spikes.
    pub pairs: f64,
    /// Sum of the products of their weights.
    pub weights: f64,
}

/// Pairs of spikes by lag, summed up from the changes that a correlation detector records; what it takes back later
/// disappears again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LagCounts {
    /// By lag in steps of [`FINEST`].
    bins: BTreeMap<i64, LagCount>,
}

impl LagCounts {
    /// Adds a change at a lag (ms).
    pub fn add(&mut self, lag: f64, pairs: f64, weights: f64) {
        let key = key(lag);
        let bin = self.bins.entry(key).or_default();
        *bin = LagCount { pairs: bin.pairs + pairs, weights: bin.weights + weights };
        if bin.pairs == 0.0 {
            self.bins.remove(&key);
        }
    }

    /// What lies at a lag (ms).
    pub fn at(&self, lag: f64) -> LagCount {
        self.bins.get(&key(lag)).copied().unwrap_or_default()
    }

    /// Lags with pairs (ms), ascending, and what lies there.
    pub fn filled(&self) -> impl Iterator<Item = (f64, LagCount)> + '_ {
        let filled = self.bins.iter().filter(|(_, count)| count.pairs > 0.0);
        filled.map(|(key, count)| (*key as f64 * FINEST, *count))
    }

    /// All lags from −`tau_max` to `tau_max` (ms) in steps of `width`, and what lies there, be it nothing.
    pub fn histogram(&self, width: f64, tau_max: f64) -> impl Iterator<Item = (f64, LagCount)> + '_ {
        let side = (tau_max / width).round() as i64;
        (-side..=side).map(move |bin| bin as f64 * width).map(|lag| (lag, self.at(lag)))
    }
}

fn key(lag: f64) -> i64 {
    (lag / FINEST).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_at_one_lag_add_up() {
        let mut counts = LagCounts::default();
        counts.add(-0.5, 2.0, 1.0);
        counts.add(0.1 + 0.2, 1.0, 4.0);
        counts.add(-0.5, 3.0, 1.5);
        assert_eq!(counts.at(-0.5), LagCount { pairs: 5.0, weights: 2.5 });
        assert_eq!(counts.at(0.3), LagCount { pairs: 1.0, weights: 4.0 });
        let histogram: Vec<f64> = counts.histogram(0.5, 1.0).map(|(_, count)| count.pairs).collect();
        assert_eq!(histogram, [0.0, 5.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn what_is_taken_back_leaves_nothing() {
        let mut counts = LagCounts::default();
        counts.add(0.0, 2.0, 2.0);
        counts.add(0.0, -2.0, -2.0);
        counts.add(1.0, 1.0, 1.0);
        assert_eq!(counts.filled().map(|(lag, _)| lag).collect::<Vec<_>>(), [1.0]);
    }
}
