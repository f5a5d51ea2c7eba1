//! Correlograms: pairs of spikes by the time between them.

/// How many pairs of spikes lie at each lag, in bins whose middles are multiples of their width; the middle bin has
/// lag 0 (Perkel, Gerstein & Moore, 1967, Biophys J 7, 391 and 419).
#[derive(Clone, Debug, PartialEq)]
pub struct Correlogram {
    width: f64,
    pairs: Vec<u64>,
    /// Spikes of the train from which lags are counted.
    reference: u64,
}

impl Correlogram {
    fn new(width: f64, tau_max: f64, reference: usize) -> Option<Self> {
        let sound = width.is_finite() && width > 0.0 && tau_max.is_finite() && tau_max >= 0.0;
        let side = (tau_max / width).round() as usize;
        sound.then(|| Correlogram { width, pairs: vec![0; 2 * side + 1], reference: reference as u64 })
    }

    /// The number of bins on each side of the middle one.
    fn side(&self) -> usize {
        self.pairs.len() / 2
    }

    /// The lag up to which pairs are counted: the outer edge of the last bin, ms.
    fn reach(&self) -> f64 {
        (self.side() as f64 + 0.5) * self.width
    }

    /// The bin whose middle is nearest; halves go up.
    fn bin(&self, lag: f64) -> Option<usize> {
        const ROUNDING: f64 = 1e-9;
        let place = (lag / self.width + 0.5 + ROUNDING).floor() + self.side() as f64;
        (place >= 0.0 && place < self.pairs.len() as f64).then_some(place as usize)
    }

    /// The lag at the middle of each bin (ms), ascending, and the number of pairs in it.
    pub fn pairs(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        let side = self.side() as f64;
        self.pairs.iter().enumerate().map(move |(i, n)| ((i as f64 - side) * self.width, *n))
    }

    /// The cross-intensity: the lag at the middle of each bin (ms), and the rate (spikes/s) at which the other train fires at
    /// that lag after a spike of the reference train, pairs / (spikes · width). It is the mean rate of the other train where the trains are
    /// independent. Empty if the reference train has no spike.
    pub fn intensity(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let spike_time = self.reference as f64 * self.width * 1e-3;
        self.pairs().filter(move |_| spike_time > 0.0).map(move |(lag, n)| (lag, n as f64 / spike_time))
    }
}

/// Pairs of a spike at t₁ in the reference train and one at t₂ in the other train, by the lag t₂ − t₁, up to `tau_max` at the
/// middle of the last bin (ms; rounded to whole bins of `width` ms).
///
/// `None` unless the width is positive and `tau_max` not negative.
pub fn cross_correlogram(reference: &[f64], other: &[f64], width: f64, tau_max: f64) -> Option<Correlogram> {
    let mut correlogram = Correlogram::new(width, tau_max, reference.len())?;
    let reach = correlogram.reach() + width;
    let mut first = 0;
    for time in reference {
        first += other[first..].iter().take_while(|t| **t < time - reach).count();
        for partner in other[first..].iter().take_while(|t| **t <= time + reach) {
            if let Some(bin) = correlogram.bin(partner - time) {
                correlogram.pairs[bin] += 1;
            }
        }
    }
    Some(correlogram)
}

/// Pairs of different spikes of one train, by lag; symmetric about 0. Arguments as for [`cross_correlogram`].
pub fn autocorrelogram(train: &[f64], width: f64, tau_max: f64) -> Option<Correlogram> {
    let mut correlogram = Correlogram::new(width, tau_max, train.len())?;
    let (reach, last) = (correlogram.reach() + width, correlogram.pairs.len() - 1);
    for (i, time) in train.iter().enumerate() {
        for later in train[i + 1..].iter().take_while(|t| **t <= time + reach) {
            if let Some(bin) = correlogram.bin(later - time) {
                correlogram.pairs[bin] += 1;
                correlogram.pairs[last - bin] += 1;
            }
        }
    }
    Some(correlogram)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(correlogram: Option<Correlogram>) -> Vec<(f64, u64)> {
        correlogram.unwrap().pairs().collect()
    }

    #[test]
    fn lags_are_those_of_the_other_train() {
        // Lags of 11 and 30 after 10: 1 and 20; after 29: -18 and 1.
        let found = pairs(cross_correlogram(&[10.0, 29.0], &[11.0, 30.0], 1.0, 2.0));
        assert_eq!(found, [(-2.0, 0), (-1.0, 0), (0.0, 0), (1.0, 2), (2.0, 0)]);
    }

    #[test]
    fn a_bin_reaches_half_its_width_to_each_side() {
        // Lags -0.6, -0.5, 0.4, 0.5, 1.4 and 1.5: the last lies beyond.
        let found = pairs(cross_correlogram(&[0.0], &[-0.6, -0.5, 0.4, 0.5, 1.4, 1.5], 1.0, 1.0));
        assert_eq!(found, [(-1.0, 1), (0.0, 2), (1.0, 2)]);
    }

    #[test]
    fn the_intensity_of_a_clock_after_itself() {
        // Spikes at 0, 10, …, 90 ms: 9 of 10 are followed by one 10 ms later.
        let clock: Vec<f64> = (0..10).map(|i| f64::from(i) * 10.0).collect();
        let correlogram = autocorrelogram(&clock, 2.0, 10.0).unwrap();
        let found: Vec<u64> = correlogram.pairs().map(|(_, n)| n).collect();
        assert_eq!(found, [9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
        // 9 / (10 · 2 ms) = 450 spikes/s.
        assert_eq!(correlogram.intensity().last(), Some((10.0, 450.0)));
    }

    #[test]
    fn spikes_at_one_time_are_a_pair_both_ways() {
        assert_eq!(pairs(autocorrelogram(&[1.0, 1.0], 1.0, 0.0)), [(0.0, 2)]);
    }

    #[test]
    fn without_spikes_there_are_no_pairs() {
        assert_eq!(pairs(cross_correlogram(&[], &[1.0], 1.0, 1.0)), [(-1.0, 0), (0.0, 0), (1.0, 0)]);
        assert_eq!(cross_correlogram(&[], &[1.0], 1.0, 1.0).unwrap().intensity().count(), 0);
        assert_eq!(pairs(autocorrelogram(&[1.0], 1.0, 0.0)), [(0.0, 0)]);
        assert_eq!(cross_correlogram(&[1.0], &[1.0], 0.0, 1.0), None);
        assert_eq!(autocorrelogram(&[1.0], 1.0, -1.0), None);
    }
}
