//! The resolution of time as the user gives it, and what it makes of times: they are counted in tics of 0.001 ms.

/// Times beyond this many tics are not exact in doubles (285 years).
const EXACT: f64 = 9e15;

/// What a resolution makes of times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolution {
    /// Tics in a step, a whole number.
    per_step: f64,
}

impl Resolution {
    /// `None` if the resolution is not a whole, positive number of tics.
    pub fn new(resolution: f64) -> Option<Resolution> {
        let tics = resolution * 1000.0;
        let whole = tics.round();
        let fits = (1.0..=EXACT).contains(&whole) && (tics - whole).abs() <= 1e-9 * whole;
        fits.then_some(Resolution { per_step: whole })
    }

    /// The time step, ms.
    pub fn ms(self) -> f64 {
        self.per_step / 1000.0
    }

    /// The step at which `t` ends, if `t`, to the nearest tic, lies on the resolution.
    pub fn step(self, t: f64) -> Option<f64> {
        let tics = (t * 1000.0 + 0.5).floor();
        (tics.abs() <= EXACT && tics % self.per_step == 0.0).then(|| tics / self.per_step)
    }

    /// The end of the step that holds `t`, for devices that may round.
    pub fn step_or_next(self, t: f64) -> f64 {
        self.step(t).unwrap_or_else(|| {
            let below = ((t * 1000.0).floor() / self.per_step).floor();
            if below * self.per_step < t * 1000.0 { below + 1.0 } else { below }
        })
    }

    /// A delay in steps that need not be whole; what is whole but for rounding is whole.
    pub fn delay_parts(self, delay: f64) -> f64 {
        let steps = delay * (1000.0 / self.per_step);
        if (steps - steps.round()).abs() < 1e-9 { steps.round() } else { steps }
    }

    /// A delay in steps, nearest, halves up.
    pub fn delay_steps(self, delay: f64) -> f64 {
        (delay * (1000.0 / self.per_step) + 0.5).floor()
    }
}

#[cfg(test)]
mod tests {
    use super::Resolution;

    #[test]
    fn resolutions_are_whole_microseconds() {
        assert!(Resolution::new(0.1).is_some());
        assert!(Resolution::new(0.001).is_some());
        for bad in [0.0, -0.1, 0.0005, 0.1234567, f64::NAN, f64::INFINITY] {
            assert_eq!(Resolution::new(bad), None, "{bad}");
        }
    }

    #[test]
    fn times_round_to_tics_before_they_are_judged() {
        let resolution = Resolution::new(0.1).unwrap();
        assert_eq!(resolution.step(4.0004), Some(40.0));
        assert_eq!(resolution.step(4.0006), None);
        assert_eq!(resolution.step_or_next(4.0006), 41.0);
        assert_eq!(resolution.step_or_next(4.0004), 40.0);
        assert_eq!(resolution.step(0.3), Some(3.0));
        assert_eq!(resolution.step(f64::INFINITY), None);
    }

    #[test]
    fn delays_round_to_the_nearest_step_with_halves_up() {
        let resolution = Resolution::new(0.1).unwrap();
        for (delay, steps) in [(0.25, 3.0), (0.15, 2.0), (0.34, 3.0), (0.1499, 1.0), (0.05, 1.0), (0.04, 0.0)] {
            assert_eq!(resolution.delay_steps(delay), steps, "{delay}");
        }
    }
}
