//! Whether values can be drawn from a distribution, and between which bounds they lie.

use crate::description::{Distribution, Shape, number};
use crate::math;

/// Values outside `min` and `max` are drawn again; where more than 999 in 1000 are, drawing does not end in practice.
const LEAST_SHARE: f64 = 1e-3;

/// Why nothing can be drawn from the distribution, if so.
pub(super) fn check(distribution: &Distribution) -> Result<(), String> {
    check_shape(distribution)?;
    check_bounds(distribution)?;
    let share = share_between(distribution);
    if share < LEAST_SHARE {
        let within = match (distribution.min, distribution.max) {
            (Some(min), Some(max)) => format!("from {} to {}", number(min), number(max)),
            (Some(min), None) => format!("≥ {}", number(min)),
            (_, max) => format!("≤ {}", number(max.unwrap_or(f64::INFINITY))),
        };
        return Err(format!("hardly any value of this {} distribution is {within}", distribution.shape.name()));
    }
    Ok(())
}

fn check_shape(distribution: &Distribution) -> Result<(), String> {
    let finite = |name: &str, x: f64| {
        if x.is_finite() { Ok(()) } else { Err(format!("{name} must be finite, is {}", number(x))) }
    };
    match distribution.shape {
        Shape::Normal { mean, std } | Shape::Lognormal { mean, std } => {
            finite("mean", mean)?;
            finite("std", std)?;
            if std < 0.0 { Err(format!("std must be ≥ 0, is {}", number(std))) } else { Ok(()) }
        }
        Shape::Uniform { low, high } => {
            finite("low", low)?;
            finite("high", high)?;
            if low >= high {
                return Err(format!("low must be < high, but {} is not < {}", number(low), number(high)));
            }
            finite("high - low", high - low)
        }
        Shape::Exponential { beta } => {
            finite("beta", beta)?;
            if beta > 0.0 { Ok(()) } else { Err(format!("beta must be > 0, is {}", number(beta))) }
        }
    }
}

fn check_bounds(distribution: &Distribution) -> Result<(), String> {
    let (min, max) = (distribution.min, distribution.max);
    if min.is_some_and(f64::is_nan) || max.is_some_and(f64::is_nan) {
        return Err("min and max must be numbers".into());
    }
    match (min, max) {
        (Some(min), Some(max)) if min > max => {
            Err(format!("min must be ≤ max, but {} is not ≤ {}", number(min), number(max)))
        }
        _ => Ok(()),
    }
}

/// The share of draws that lie between `min` and `max`.
fn share_between(distribution: &Distribution) -> f64 {
    let min = distribution.min.unwrap_or(f64::NEG_INFINITY);
    let max = distribution.max.unwrap_or(f64::INFINITY);
    match distribution.shape {
        Shape::Normal { mean, std } => normal_share(mean, std, min, max),
        Shape::Lognormal { .. } if max <= 0.0 => 0.0,
        Shape::Lognormal { mean, std } => normal_share(mean, std, math::ln(min.max(0.0)), math::ln(max)),
        Shape::Uniform { low, high } => (max.min(high) - min.max(low)) / (high - low),
        Shape::Exponential { beta } => math::exp(-min.max(0.0) / beta) - math::exp(-max.max(0.0) / beta),
    }
}

fn normal_share(mean: f64, std: f64, min: f64, max: f64) -> f64 {
    if std == 0.0 {
        return if (min..=max).contains(&mean) { 1.0 } else { 0.0 };
    }
    let scale = std * std::f64::consts::SQRT_2;
    let above = |x: f64| 0.5 * math::erfc((x - mean) / scale);
    above(min) - above(max)
}

/// The smallest and the largest value that can be drawn (or their limits).
pub(super) fn range(distribution: &Distribution) -> (f64, f64) {
    let (low, high) = match distribution.shape {
        Shape::Normal { mean, std: 0.0 } => (mean, mean),
        Shape::Normal { .. } => (f64::NEG_INFINITY, f64::INFINITY),
        Shape::Lognormal { mean, std: 0.0 } => (math::exp(mean), math::exp(mean)),
        Shape::Lognormal { .. } | Shape::Exponential { .. } => (0.0, f64::INFINITY),
        Shape::Uniform { low, high } => (low, high),
    };
    (low.max(distribution.min.unwrap_or(f64::NEG_INFINITY)), high.min(distribution.max.unwrap_or(f64::INFINITY)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(mean: f64, std: f64, min: Option<f64>, max: Option<f64>) -> Distribution {
        Distribution { shape: Shape::Normal { mean, std }, min, max }
    }

    #[test]
    fn impossible_distributions_are_refused() {
        assert!(check(&normal(0.0, 1.0, None, None)).is_ok());
        assert_eq!(check(&normal(0.0, -1.0, None, None)).unwrap_err(), "std must be ≥ 0, is -1");
        assert!(check(&normal(0.0, 1.0, Some(2.0), Some(1.0))).unwrap_err().contains("min must be ≤ max"));
        assert!(check(&normal(f64::NAN, 1.0, None, None)).is_err());
        let uniform = |low, high| Distribution { shape: Shape::Uniform { low, high }, min: None, max: None };
        assert!(check(&uniform(1.0, 2.0)).is_ok());
        assert!(check(&uniform(2.0, 2.0)).unwrap_err().contains("low must be < high"));
    }

    #[test]
    fn bounds_that_drawing_cannot_reach_are_refused() {
        assert!(check(&normal(0.0, 1.0, Some(3.0), None)).is_ok());
        assert!(check(&normal(0.0, 1.0, Some(9.0), None)).unwrap_err().contains("hardly any"));
        assert!(check(&normal(0.0, 0.0, Some(1.0), None)).is_err());
        let lognormal = Distribution { shape: Shape::Lognormal { mean: 0.0, std: 1.0 }, min: None, max: Some(-1.0) };
        assert!(check(&lognormal).is_err());
        let uniform = Distribution { shape: Shape::Uniform { low: 0.0, high: 1.0 }, min: Some(1.0), max: None };
        assert!(check(&uniform).is_err());
    }
}
