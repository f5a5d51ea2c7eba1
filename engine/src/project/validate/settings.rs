//! How the network is simulated.

use super::{Place, Problem};
use crate::description::Resolution;
use crate::description::number;
use crate::project::Settings;

pub(super) fn check(settings: &Settings, problems: &mut Vec<Problem>) {
    let mut wrong = |field: &str, message: String| problems.push(Problem::error(Place::Simulation, message).of(field));
    let Settings { resolution, duration, .. } = *settings;
    if Resolution::new(resolution).is_none() {
        let message = format!("must be a whole number of microseconds (0.001 ms), is {} ms", number(resolution));
        wrong("resolution", message);
    }
    if !(duration > 0.0 && duration.is_finite()) {
        wrong("duration", format!("must be > 0 ms and finite, is {}", number(duration)));
    }
    if let Some(step) = Resolution::new(resolution)
        && duration > 0.0
        && (duration / step.ms()).round() < 1.0
    {
        wrong("duration", format!("must be at least one step ({} ms), is {}", number(step.ms()), number(duration)));
    }
    if settings.speed.is_nan() || settings.speed <= 0.0 {
        let message = format!("must be > 0, or inf for as fast as it goes, is {}", number(settings.speed));
        wrong("speed", message);
    }
    if let Some(width) = settings.time_window.filter(|width| !(*width > 0.0 && width.is_finite())) {
        wrong("time_window", format!("must be > 0 ms and finite, is {}", number(width)));
    }
    if ![0, 1, 3].contains(&settings.wfr_interpolation_order) {
        wrong("wfr_interpolation_order", format!("must be 0, 1 or 3, is {}", settings.wfr_interpolation_order));
    }
    if !(settings.wfr_tol >= 0.0 && settings.wfr_tol.is_finite()) {
        wrong("wfr_tol", format!("must be finite and ≥ 0, is {}", number(settings.wfr_tol)));
    }
    if !(1..=10_000).contains(&settings.wfr_max_iterations) {
        wrong("wfr_max_iterations", format!("must be 1 … 10000, is {}", settings.wfr_max_iterations));
    }
}

#[cfg(test)]
mod tests {
    use crate::project::validate::testing::errors;
    use crate::project::{Project, Settings};

    #[test]
    fn speed_and_time_window() {
        let with = |speed, time_window| {
            let simulation = Settings { speed, time_window, ..Settings::default() };
            errors(&Project { simulation, ..Project::default() })
        };
        assert!(with(0.1, Some(200.0)).is_empty() && with(f64::INFINITY, None).is_empty());
        assert!(with(0.0, None)[0].contains("must be > 0, or inf"));
        assert!(with(f64::NAN, None)[0].contains("must be > 0, or inf"));
        assert!(with(1.0, Some(0.0))[0].contains("must be > 0 ms"));
    }

    #[test]
    fn resolution_and_duration() {
        let with = |resolution, duration| {
            errors(&Project {
                simulation: Settings { resolution, duration, ..Settings::default() },
                ..Project::default()
            })
        };
        assert!(with(0.1, 1.0).is_empty());
        assert_eq!(
            with(0.0, 1.0),
            ["simulation: resolution: must be a whole number of microseconds (0.001 ms), is 0 ms"]
        );
        assert_eq!(with(0.1, 0.0), ["simulation: duration: must be > 0 ms and finite, is 0"]);
        assert_eq!(with(0.00015, f64::INFINITY).len(), 2);
        assert_eq!(with(0.1, 0.04), ["simulation: duration: must be at least one step (0.1 ms), is 0.04"]);
    }
}
