//! How irregular spike trains are, by their inter-spike intervals.
//!
//! All measures are 0 for a clock and 1 on average for a Poisson process. Only the coefficient of variation
//! grows with slow changes of the rate; the others compare neighbouring intervals.

use super::intervals::intervals;
use super::moments::{mean, mean_and_variance};

/// Intervals that a neuron must have to count in a mean over neurons, where nothing else is said.
pub const FEWEST_INTERVALS: usize = 5;

/// Coefficient of variation of intervals: standard deviation (divided by n) over mean (Softky & Koch, 1993, J Neurosci 13, 334).
///
/// `None` for fewer than two intervals, or if all are 0.
pub fn cv(intervals: &[f64]) -> Option<f64> {
    let (mean, variance) = mean_and_variance(intervals)?;
    (intervals.len() >= 2 && mean > 0.0).then(|| variance.sqrt() / mean)
}

/// Mean relative difference of successive intervals, 1/(n−1) Σ 2 |I₍ᵢ₊₁₎ − Iᵢ| / (I₍ᵢ₊₁₎ + Iᵢ)
/// (Holt, Softky, Koch & Douglas, 1996, J Neurophysiol 75, 1806).
///
/// `None` for fewer than two intervals.
pub fn cv2(intervals: &[f64]) -> Option<f64> {
    mean_of_pairs(intervals, |a, b| 2.0 * contrast(a, b).abs())
}

/// Local variation of intervals, 3/(n−1) Σ ((Iᵢ − I₍ᵢ₊₁₎) / (Iᵢ + I₍ᵢ₊₁₎))²
/// (Shinomoto, Shima & Tanji, 2003, Neural Comput 15, 2823).
///
/// `None` for fewer than two intervals.
pub fn lv(intervals: &[f64]) -> Option<f64> {
    mean_of_pairs(intervals, |a, b| 3.0 * local_variation(a, b))
}

/// Local variation, revised for a refractory time R (`refractoriness`, ms):
/// 3/(n−1) Σ (1 − 4 Iᵢ I₍ᵢ₊₁₎ / (Iᵢ + I₍ᵢ₊₁₎)²) (1 + 4 R / (Iᵢ + I₍ᵢ₊₁₎))
/// (Shinomoto et al., 2009, PLoS Comput Biol 5, e1000433; R = 5 ms there).
///
/// `None` for fewer than two intervals.
pub fn lvr(intervals: &[f64], refractoriness: f64) -> Option<f64> {
    mean_of_pairs(intervals, |a, b| {
        let correction = if a + b > 0.0 { 1.0 + 4.0 * refractoriness / (a + b) } else { 1.0 };
        3.0 * local_variation(a, b) * correction
    })
}

/// The mean of the coefficients of variation of those trains that have `fewest` intervals or more; `None` if none has.
pub fn mean_cv<'a>(trains: impl IntoIterator<Item = &'a [f64]>, fewest: usize) -> Option<f64> {
    let of_train = |train: &'a [f64]| cv(&intervals(train)).filter(|_| train.len() > fewest);
    let cvs: Vec<f64> = trains.into_iter().filter_map(of_train).collect();
    mean(&cvs)
}

/// The mean over pairs of successive intervals.
fn mean_of_pairs(intervals: &[f64], of_pair: impl Fn(f64, f64) -> f64) -> Option<f64> {
    let pairs: Vec<f64> = intervals.windows(2).map(|pair| of_pair(pair[0], pair[1])).collect();
    mean(&pairs)
}

/// The squared contrast of two intervals; equal to 1 − 4ab / (a + b)².
pub(super) fn local_variation(a: f64, b: f64) -> f64 {
    contrast(a, b) * contrast(a, b)
}

/// Difference over sum of two intervals; 0 where both are 0, since they do not differ.
fn contrast(a: f64, b: f64) -> f64 {
    if a + b > 0.0 { (a - b) / (a + b) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_has_no_variation() {
        let clock = [2.0; 4];
        assert_eq!(
            (cv(&clock), cv2(&clock), lv(&clock), lvr(&clock, 5.0)),
            (Some(0.0), Some(0.0), Some(0.0), Some(0.0))
        );
    }

    #[test]
    fn intervals_of_one_and_three() {
        // Mean 2, standard deviation 1; each pair differs by 2 of 4.
        let turns = [1.0, 3.0, 1.0, 3.0];
        assert_eq!((cv(&turns), cv2(&turns), lv(&turns)), (Some(0.5), Some(1.0), Some(0.75)));
        // (1 + 4 · 2 / 4) is 3.
        assert_eq!(lvr(&turns, 2.0), Some(2.25));
        assert_eq!(lvr(&turns, 0.0), lv(&turns));
    }

    #[test]
    fn a_slow_change_of_rate_shows_in_the_cv_alone() {
        let drift: Vec<f64> = (0..200).map(|i| 1.0 + f64::from(i) * 0.05).collect();
        assert!(cv(&drift).unwrap() > 0.4);
        assert!(lv(&drift).unwrap() < 0.01);
    }

    #[test]
    fn too_few_intervals_have_no_variation() {
        for few in [&[][..], &[1.0]] {
            assert_eq!((cv(few), cv2(few), lv(few), lvr(few, 5.0)), (None, None, None, None));
        }
        assert_eq!(cv(&[0.0, 0.0]), None);
        assert_eq!((cv2(&[0.0, 0.0]), lvr(&[0.0, 0.0], 5.0)), (Some(0.0), Some(0.0)));
    }

    #[test]
    fn the_mean_takes_trains_with_enough_intervals_only() {
        let turns = [0.0, 1.0, 4.0, 5.0, 8.0, 9.0, 12.0];
        let short = [1.0, 50.0];
        assert_eq!(mean_cv([&turns[..], &short], 5), Some(0.5));
        assert_eq!(mean_cv([&turns[..], &short], 7), None);
        assert_eq!(mean_cv([], 1), None);
    }
}
