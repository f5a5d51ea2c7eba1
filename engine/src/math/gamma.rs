//! The hazard of the gamma distribution.

use super::{exp, ln, ln_gamma};

/// Density over survival at `x ≥ 0` of the gamma distribution of order `a ≥ 1` and scale 1: x^(a−1) e^(−x) / Γ(a, x), with
/// the upper incomplete gamma function.
pub fn gamma_hazard(a: f64, x: f64) -> f64 {
    if a == 1.0 {
        return 1.0;
    }
    if x <= 0.0 {
        return 0.0;
    }
    if x < a + 1.0 {
        // Γ(a, x) = Γ(a) − x^a e^(−x) Σ xⁿ / (a (a+1) … (a+n)).
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        while term > f64::EPSILON * sum {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        let whole = exp(ln_gamma(a) - (a - 1.0) * ln(x) + x);
        return 1.0 / (whole - x * sum);
    }
    // The continued fraction of Γ(a, x) / (x^a e^(−x)), by the method of Lentz.
    let mut b = x + 1.0 - a;
    let mut c = f64::MAX;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for i in 1..10_000 {
        let factor = -(i as f64) * (i as f64 - a);
        b += 2.0;
        d = 1.0 / (factor * d + b);
        c = b + factor / c;
        let change = c * d;
        fraction *= change;
        if (change - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    1.0 / (x * fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hazard_of_whole_orders_is_a_finite_sum() {
        // Γ(a, x) = (a−1)! e^(−x) Σ_{k<a} x^k / k!
        for a in [2, 3, 7, 20] {
            for x in [1e-6, 0.3, 1.0, 2.9, 5.0, 20.9, 21.1, 60.0, 400.0] {
                // Relative to the last term.
                let (mut term, mut sum) = (1.0, 1.0);
                for k in (1..a).rev() {
                    term *= k as f64 / x;
                    sum += term;
                }
                let (is, expected) = (gamma_hazard(a as f64, x), 1.0 / sum);
                assert!((is - expected).abs() <= 1e-11 * expected, "{a} {x}: {is} {expected}");
            }
        }
    }

    #[test]
    fn hazard_rises_from_nought_to_one() {
        for a in [1.5, 3.3, 40.7, 3000.0] {
            let mut before = 0.0;
            for i in 0..4000 {
                let x = i as f64 * a / 1000.0;
                let hazard = gamma_hazard(a, x);
                assert!((before..=1.0).contains(&hazard) || hazard >= before - 1e-9, "{a} {x}: {hazard}");
                before = hazard;
            }
            assert!(before > 0.5 && before < 1.0, "{a}: {before}");
        }
        assert_eq!((gamma_hazard(1.0, 0.0), gamma_hazard(2.0, 0.0)), (1.0, 0.0));
    }
}
