//! Integration schemes that advance each state variable by itself.
//!
//! A composition names its scheme as a type; models give the slope of a variable and its derivative by that variable.

use super::lanes::Real;

/// How a variable is advanced by a step.
pub trait Scheme: Send + Sync + 'static {
    /// What a slope of 1 adds in a step of `h`, where the derivative of the slope by the variable is this.
    fn gain<R: Real>(derivative: R, h: R) -> R;

    /// The variable after the step.
    #[inline(always)]
    fn advance<R: Real>(x: R, slope: R, derivative: R, h: R) -> R {
        x + Self::gain(derivative, h) * slope
    }
}

/// x + h φ(h J) f(x) with φ(z) = (e^z − 1)/z: exact where the slope f is linear in x.
///
/// Hochbruck & Ostermann 2010, Acta Numerica 19:209; taken for each variable with the others held.
pub struct ExponentialEuler;

impl Scheme for ExponentialEuler {
    #[inline(always)]
    fn gain<R: Real>(derivative: R, h: R) -> R {
        h * R::phi(h * derivative)
    }
}

/// y/(1 − e^(−y)), 1 where y is 0: rates of gates that open along a line.
#[inline(always)]
pub fn linoid<R: Real>(y: R) -> R {
    R::of(1.0) / R::phi(-y)
}

/// Hyperbolic tangent.
#[inline(always)]
pub fn tanh<R: Real>(x: R) -> R {
    R::of(1.0) - R::of(2.0) / (R::exp(x + x) + R::of(1.0))
}

/// Hyperbolic cosine.
#[inline(always)]
pub fn cosh<R: Real>(x: R) -> R {
    let e = R::exp(x.abs());
    R::of(0.5) * (e + R::of(1.0) / e)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phi_is_that_of_the_library_everywhere() {
        for i in -40_000..40_000 {
            let z = i as f64 * 0.001;
            let expected = if z == 0.0 { 1.0 } else { z.exp_m1() / z };
            assert!((z.phi() / expected - 1.0).abs() < 3e-15, "{z}: {} {expected}", z.phi());
        }
        assert_eq!(0.0f64.phi(), 1.0);
    }

    #[test]
    fn a_linear_decay_is_exact() {
        let after = ExponentialEuler::advance(2.0, -2.0 / 5.0, -1.0 / 5.0, 3.0);
        assert!((after - 2.0 * (-0.6f64).exp()).abs() < 1e-15);
    }
}
