//! Widths of bins that users may ask for.

/// Width of a bin where a view gives no usable one, ms.
pub const USUAL: f64 = 5.0;

/// The widest bin that a view may have, ms.
const WIDEST: f64 = 100_000.0;

/// The narrowest bin that makes sense at a resolution, ms.
pub fn narrowest(resolution: f64) -> f64 {
    if resolution.is_finite() { resolution.clamp(0.01, 1000.0) } else { 0.1 }
}

/// The width of a bin that is used where `given` is asked for: within what makes sense for this run, ms.
pub fn width(given: f64, resolution: f64) -> f64 {
    let least = narrowest(resolution);
    if given.is_finite() && given > 0.0 { given.clamp(least, WIDEST) } else { USUAL.max(least) }
}

/// What is wrong with a width, for [`Plot::problems`](super::plot::Plot::problems).
pub fn problem(width: f64) -> Option<(&'static str, String)> {
    let number = spikeloom_engine::description::number(width);
    (!(width.is_finite() && width > 0.0)).then(|| ("bin", format!("must be > 0 ms, is {number}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_for_a_bin_is_replaced() {
        for (given, used) in [(0.0, 5.0), (f64::NAN, 5.0), (-1.0, 5.0), (1e-12, 0.1), (2.0, 2.0)] {
            assert_eq!(width(given, 0.1), used, "{given}");
        }
    }
}
