//! Whether neurons fire, or their potentials move, together.

use super::moments::{mean, mean_and_variance};

/// Pearson's correlation coefficient of two signals, or of two lists of spike counts: covariance over the product of
/// standard deviations, −1 to 1 (see de la Rocha et al., 2007, Nature 448, 802 for spike counts).
///
/// `None` if they differ in length, or if one of them does not vary.
pub fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.len() != b.len() {
        return None;
    }
    let (a, b) = (standard_scores(a)?, standard_scores(b)?);
    mean(&a.iter().zip(&b).map(|(a, b)| a * b).collect::<Vec<f64>>())
}

/// The mean correlation coefficient of all pairs of different neurons, from the spike counts of each (one list a neuron,
/// one count a window). Neurons whose counts do not vary are left out.
///
/// With z the standard scores of a neuron's counts, the sum over pairs is found in one pass: Σ₍ᵢ≠ⱼ₎ zᵢ zⱼ = (Σ zᵢ)² − Σ zᵢ².
/// `None` for fewer than two neurons whose counts vary, or lists of different length.
pub fn mean_pairwise_correlation(counts: &[Vec<u32>]) -> Option<f64> {
    let windows = counts.first()?.len();
    if counts.iter().any(|of_neuron| of_neuron.len() != windows) {
        return None;
    }
    let (mut sums, mut neurons) = (vec![0.0; windows], 0.0);
    for of_neuron in counts {
        let of_neuron: Vec<f64> = of_neuron.iter().map(|n| f64::from(*n)).collect();
        if let Some(scores) = standard_scores(&of_neuron) {
            sums.iter_mut().zip(scores).for_each(|(sum, z)| *sum += z);
            neurons += 1.0;
        }
    }
    // The squares of a neuron's scores add up to the number of windows.
    let squares = sums.iter().map(|sum| sum * sum).sum::<f64>() / windows as f64;
    (neurons >= 2.0).then(|| (squares - neurons) / (neurons * (neurons - 1.0)))
}

/// Synchrony of continuous signals such as potentials, one list a neuron: χ = √(variance in time of the mean over neurons /
/// mean over neurons of the variances in time). It is 1 if all are equal, and of the order 1/√N if they are independent (Golomb & Rinzel, 1994,
/// Physica D 72, 259; Golomb, 2007, Scholarpedia 2, 1347).
///
/// `None` if nothing varies or the lists differ in length.
pub fn synchrony(signals: &[Vec<f64>]) -> Option<f64> {
    let samples = signals.first()?.len();
    if signals.iter().any(|signal| signal.len() != samples) {
        return None;
    }
    let at = |i: usize| signals.iter().map(|signal| signal[i]).sum::<f64>() / signals.len() as f64;
    let (_, of_mean) = mean_and_variance(&(0..samples).map(at).collect::<Vec<f64>>())?;
    let variances: Vec<f64> = signals.iter().filter_map(|signal| mean_and_variance(signal)).map(|(_, v)| v).collect();
    let of_each = mean(&variances)?;
    (of_each > 0.0).then(|| (of_mean / of_each).sqrt())
}

/// (x − mean) / standard deviation; `None` if nothing varies.
fn standard_scores(values: &[f64]) -> Option<Vec<f64>> {
    let (mean, variance) = mean_and_variance(values)?;
    let deviation = variance.sqrt();
    (deviation > 0.0).then(|| values.iter().map(|x| (x - mean) / deviation).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|x| (x - expected).abs() < 1e-12)
    }

    #[test]
    fn correlation_of_signals() {
        let ramp = [1.0, 2.0, 3.0, 4.0];
        assert!(near(correlation(&ramp, &[10.0, 20.0, 30.0, 40.0]), 1.0));
        assert!(near(correlation(&ramp, &[4.0, 3.0, 2.0, 1.0]), -1.0));
        // Covariance (1.5 + 0.5 + 0.5 + 1.5) / 4 = 1, variances 5/4 and 1.
        assert!(near(correlation(&ramp, &[0.0, 0.0, 2.0, 2.0]), 2.0 / 5f64.sqrt()));
        assert_eq!((correlation(&ramp, &[1.0; 4]), correlation(&ramp, &[1.0])), (None, None));
        assert_eq!(correlation(&[], &[]), None);
    }

    #[test]
    fn the_mean_over_pairs_is_that_of_the_pairs() {
        let counts = vec![vec![1, 0, 2, 5], vec![0, 0, 3, 1], vec![4, 1, 0, 0], vec![2; 4]];
        let real: Vec<Vec<f64>> = counts.iter().map(|c| c.iter().map(|n| f64::from(*n)).collect()).collect();
        let pairs = [(0, 1), (0, 2), (1, 2)].map(|(a, b)| correlation(&real[a], &real[b]).unwrap());
        assert!(near(mean_pairwise_correlation(&counts), pairs.iter().sum::<f64>() / 3.0));
        assert_eq!(mean_pairwise_correlation(&counts[..1]), None);
        assert_eq!(mean_pairwise_correlation(&[]), None);
        assert_eq!(mean_pairwise_correlation(&[vec![1, 2], vec![1]]), None);
    }

    #[test]
    fn equal_signals_are_synchronous_and_opposite_ones_are_not() {
        let wave = vec![0.0, 1.0, 0.0, -1.0];
        let mirrored = vec![0.0, -1.0, 0.0, 1.0];
        let shifted = vec![1.0, 0.0, -1.0, 0.0];
        assert!(near(synchrony(&[wave.clone(), wave.clone()]), 1.0));
        assert!(near(synchrony(&[wave.clone(), mirrored]), 0.0));
        // The mean of both has half the variance of each.
        assert!(near(synchrony(&[wave, shifted]), 0.5f64.sqrt()));
        assert_eq!((synchrony(&[]), synchrony(&[vec![3.0; 5]])), (None, None));
    }
}
