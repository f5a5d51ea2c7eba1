//! When a continuous quantity crosses zero.

/// Good enough: a potential (mV) this close to threshold is at threshold.
const AT_ZERO: f64 = 1e-14;
/// Interpolation needs some ten steps; bisection alone would need about fifty.
const MOST_STEPS: usize = 100;

/// The time in (0, `end`] at which `f` comes up to 0, given its values `low` < 0 at 0 and `high` ≥ 0 at the end.
///
/// False position in the Illinois variant: the value at an end that stays is halved. Where the quantity ends at 0 or
/// never was below it there is nothing to look for.
pub fn crossing(f: impl Fn(f64) -> f64, end: f64, low: f64, high: f64) -> f64 {
    let (mut a, mut fa, mut b, mut fb) = (0.0, low, end, high);
    if fa >= 0.0 || fb <= 0.0 {
        return end;
    }
    let mut best = (fb, b);
    let mut stayed = 0i32;
    for _ in 0..MOST_STEPS {
        let t = b - fb * (b - a) / (fb - fa);
        // Where rounding leads out of the bracket there is nothing more to gain.
        if !(t > a && t < b) {
            break;
        }
        let ft = f(t);
        if ft.abs() < best.0.abs() {
            best = (ft, t);
        }
        if ft.abs() <= AT_ZERO {
            break;
        }
        if ft > 0.0 {
            (b, fb) = (t, ft);
            fa *= if stayed > 0 { 0.5 } else { 1.0 };
            stayed = stayed.max(0) + 1;
        } else {
            (a, fa) = (t, ft);
            fb *= if stayed < 0 { 0.5 } else { 1.0 };
            stayed = stayed.min(0) - 1;
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossings_are_found_to_rounding() {
        let rising = |t: f64| 15.0 * (1.0 - (-t / 10.0).exp()) - 1.0;
        let found = crossing(rising, 5.0, rising(0.0), rising(5.0));
        assert!((found + 10.0 * (14.0f64 / 15.0).ln()).abs() < 1e-13, "{found}");
        // Flat at one end, steep at the other.
        let bent = |t: f64| t.powi(9) - 1e-9;
        assert!((crossing(bent, 1.0, bent(0.0), bent(1.0)) - 0.1).abs() < 1e-4);
    }

    #[test]
    fn ends_at_zero_are_crossings() {
        assert_eq!(crossing(|t| t - 2.0, 2.0, -2.0, 0.0), 2.0);
        assert_eq!(crossing(|t| t, 1.0, 0.0, 1.0), 1.0);
    }
}
