//! Weights in lanes: their powers and signs.

use crate::mechanisms::lanes::Real;

/// A weight to a power. Whole powers also of negative numbers; 0⁰ is 1.
#[inline(always)]
pub fn raised<R: Real>(base: R, exponent: f64) -> R {
    if exponent == 0.0 {
        R::of(1.0)
    } else if exponent == 1.0 {
        base
    } else if exponent.fract() == 0.0 && (2.0..=64.0).contains(&exponent) {
        let mut power = base;
        for _ in 1..exponent as u32 {
            power = power * base;
        }
        power
    } else {
        base.power(R::of(exponent))
    }
}

/// A weight to a power, times e^`decay`.
#[inline(always)]
pub fn raised_decayed<R: Real>(base: R, exponent: f64, decay: R) -> R {
    if exponent == 0.0 || exponent.fract() == 0.0 && (1.0..=64.0).contains(&exponent) {
        raised(base, exponent) * R::exp(decay)
    } else {
        // One exponential for both.
        R::exp(R::of(exponent) * R::ln(base) + decay)
    }
}

/// A weight of this size, 0 or more, with the sign of another.
#[inline(always)]
pub fn signed<R: Real>(size: R, other: f64) -> R {
    size * R::of(1f64.copysign(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_the_library() {
        for base in [0.0, 0.3, 1.0, 7.5, 1e6, -0.4, -3.0] {
            for exponent in [0.0, 0.4, 0.5, 1.0, 2.0, 3.0, 1.7] {
                let (ours, theirs) = (raised::<f64>(base, exponent), base.powf(exponent));
                let agree = (ours - theirs).abs() <= 1e-14 * theirs.abs() || ours.is_nan() && theirs.is_nan();
                assert!(agree, "{base}^{exponent}: {ours} {theirs}");
            }
        }
    }
}
