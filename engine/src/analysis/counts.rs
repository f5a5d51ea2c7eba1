//! How spike counts vary: between windows of time, trials or neurons.

use super::moments::mean_and_variance;

/// Fano factor of spike counts: variance (divided by n) over mean (Fano, 1947, Phys Rev 72, 26). A Poisson process has 1, a clock 0.
///
/// `None` if nothing was counted.
pub fn fano_factor(counts: &[u32]) -> Option<f64> {
    let counts: Vec<f64> = counts.iter().map(|n| f64::from(*n)).collect();
    let (mean, variance) = mean_and_variance(&counts)?;
    (mean > 0.0).then(|| variance / mean)
}

/// The distribution of spike counts: entry k tells how many of the windows (or neurons) have k spikes. Empty for no window.
pub fn count_distribution(counts: &[u32]) -> Vec<u64> {
    let longest = counts.iter().max().map_or(0, |most| *most as usize + 1);
    let mut distribution = vec![0; longest];
    counts.iter().for_each(|n| distribution[*n as usize] += 1);
    distribution
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variance_over_mean() {
        // Mean 1, squared deviations 0, 1, 1.
        assert_eq!(fano_factor(&[1, 0, 2]), Some(2.0 / 3.0));
        assert_eq!(fano_factor(&[3; 10]), Some(0.0));
        assert_eq!((fano_factor(&[0, 0]), fano_factor(&[])), (None, None));
    }

    #[test]
    fn windows_by_their_count() {
        assert_eq!(count_distribution(&[1, 0, 3, 1]), [1, 2, 0, 1]);
        assert_eq!(count_distribution(&[0]), [1]);
        assert!(count_distribution(&[]).is_empty());
    }
}
