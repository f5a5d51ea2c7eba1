//! The time grid. Time is counted in tics of 0.001 ms; a step is a whole number of tics.
//! Rounding follows NEST, as stated in the doc of each function.

/// Tics per ms.
const TICS: f64 = 1000.0;

/// The grid of a simulation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// Tics of a step, at least 1.
    tics: i64,
}

impl Grid {
    /// The grid with this step in ms; `None` unless it is a positive whole number of tics.
    pub fn new(resolution: f64) -> Option<Grid> {
        let tics = (resolution * TICS).round();
        let whole = (resolution * TICS - tics).abs() < 1e-6;
        (whole && (1.0..1e9).contains(&tics)).then_some(Grid { tics: tics as i64 })
    }
    /// The step h in ms.
    pub fn h(self) -> f64 {
        self.tics as f64 / TICS
    }
    /// Time in ms of a stamp (the right end of a step).
    pub fn ms(self, stamp: i64) -> f64 {
        // Times beyond every simulation are not exact.
        stamp.checked_mul(self.tics).map_or(stamp as f64 * self.tics as f64, |tics| tics as f64) / TICS
    }
    /// Steps of a duration: to the nearest tic, then up to whole steps.
    pub fn steps_up(self, ms: f64) -> i64 {
        let tics = (ms * TICS + 0.5).floor();
        if tics >= 9e15 {
            i64::MAX / 4
        } else {
            (tics as i64).div_euclid(self.tics) + ((tics as i64).rem_euclid(self.tics) > 0) as i64
        }
    }
    /// Steps of a synaptic delay: the nearest whole number, halves up.
    pub fn delay(self, ms: f64) -> i64 {
        let per_ms = TICS / self.tics as f64;
        (ms * per_ms + 0.5).floor() as i64
    }
    /// The whole steps into which a delay fits that need not be whole steps, and how much shorter it is, ms.
    pub fn delay_between(self, ms: f64) -> (i64, f64) {
        let steps = ms * (TICS / self.tics as f64);
        let nearest = (steps + 0.5).floor();
        if (steps - nearest).abs() < 1e-9 {
            return (nearest as i64, 0.0);
        }
        let whole = steps.ceil();
        (whole as i64, (whole * self.h() - ms).max(0.0))
    }
    /// Steps of a time that must lie on the grid; infinities are far away.
    /// `None` if it lies between grid points.
    pub fn on_grid(self, ms: f64) -> Option<i64> {
        if ms.is_nan() {
            return None;
        }
        let tics = (ms * TICS).round();
        if tics.abs() >= 9e15 {
            return Some(if ms > 0.0 { FAR } else { -FAR });
        }
        (tics as i64 % self.tics == 0).then_some(tics as i64 / self.tics)
    }
    /// The end of the step that holds a time between grid points, and how long before it the time is, ms.
    pub fn place(self, ms: f64) -> (i64, f64) {
        let mut stamp = (ms / self.h()).ceil().clamp(-(FAR as f64), FAR as f64) as i64;
        // The quotient may be rounded across a grid point.
        if self.ms(stamp) < ms {
            stamp += 1;
        } else if self.ms(stamp - 1) >= ms {
            stamp -= 1;
        }
        (stamp, self.ms(stamp) - ms)
    }
    /// The grid point of a listed time: as it is if it lies on the grid, else the end of the step that holds it.
    pub fn at_or_after(self, ms: f64) -> i64 {
        if let Some(step) = self.on_grid(ms) {
            return step;
        }
        let step = (((ms * TICS).floor() as i64).div_euclid(self.tics)).clamp(-FAR, FAR);
        if self.ms(step) < ms { step + 1 } else { step }
    }
}

/// A time beyond every simulation, in steps.
pub const FAR: i64 = i64::MAX / 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_round_to_tics_then_up() {
        let grid = Grid::new(0.1).unwrap();
        assert_eq!(grid.steps_up(1.0004), 10);
        assert_eq!(grid.steps_up(1.0006), 11);
        assert_eq!(grid.steps_up(1.04), 11);
        assert_eq!(grid.steps_up(2.71), 28);
        assert_eq!(grid.steps_up(0.0), 0);
    }

    #[test]
    fn delays_round_to_the_nearest_step() {
        let grid = Grid::new(0.1).unwrap();
        assert_eq!([0.25, 0.15, 0.34, 0.1499, 0.05, 0.04].map(|d| grid.delay(d)), [3, 2, 3, 1, 1, 0]);
    }

    #[test]
    fn a_delay_between_grid_points_fits_into_whole_steps() {
        let grid = Grid::new(0.1).unwrap();
        for (ms, steps, shorter) in
            [(1.23, 13, 0.07), (1.1, 11, 0.0), (0.3, 3, 0.0), (4.1, 41, 0.0), (0.100001, 2, 0.099999)]
        {
            let (whole, rest) = grid.delay_between(ms);
            assert!(whole == steps && (rest - shorter).abs() < 1e-9, "{ms}: {whole}, {rest}");
        }
    }

    #[test]
    fn a_time_has_a_step_and_an_offset() {
        let grid = Grid::new(0.1).unwrap();
        for (ms, stamp, offset) in [(0.3, 3, 0.0), (0.1 + 0.2, 4, 0.1), (0.25, 3, 0.05), (1e-12, 1, 0.1)] {
            let (s, o) = grid.place(ms);
            assert!(s == stamp && (o - offset).abs() < 1e-9 && o >= 0.0, "{ms}: {s}, {o}");
        }
    }

    #[test]
    fn listed_times_round_up() {
        let grid = Grid::new(0.1).unwrap();
        assert_eq!(grid.at_or_after(4.0004), 40);
        assert_eq!(grid.at_or_after(4.0006), 41);
        assert_eq!(grid.on_grid(4.05), None);
        assert_eq!(grid.on_grid(f64::INFINITY), Some(FAR));
        assert!(Grid::new(0.0).is_none() && Grid::new(0.00015).is_none() && Grid::new(f64::NAN).is_none());
    }
}
