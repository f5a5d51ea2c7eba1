//! When a device is active.
//!
//! A step (t, t + h] has the stamp t + h. Which stamps belong to the window differs between kinds of devices, as in
//! NEST.

use crate::description::{Parameter, real};
use crate::mechanisms::time::Grid;
use crate::runtime::table::Table;

/// What every device declares of its window.
pub const START: Parameter =
    real("start", "ms", 0.0).on_grid().doc("Beginning of the active window, counted from origin");
pub const STOP: Parameter =
    real("stop", "ms", f64::INFINITY).on_grid().doc("End of the active window, counted from origin");
pub const ORIGIN: Parameter = real("origin", "ms", 0.0).on_grid().doc("Time that start and stop are counted from");

/// A time in steps; 0 if it lies between grid points.
fn steps(time: &Parameter, table: &Table, grid: Grid) -> i64 {
    grid.on_grid(table.real(time.name, 0)).unwrap_or(0)
}

/// The active window in steps, counted from time 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Window {
    pub start: i64,
    pub stop: i64,
}

impl Window {
    pub fn of(table: &Table, grid: Grid) -> Window {
        let origin = Window::origin(table, grid);
        let at = |time: &Parameter| origin + steps(time, table, grid);
        Window { start: at(&START), stop: at(&STOP) }
    }
    /// The time from which the window counts, in steps.
    pub fn origin(table: &Table, grid: Grid) -> i64 {
        steps(&ORIGIN, table, grid)
    }
    /// Recorders, listed times, spikes between grid points: start < stamp ≤ stop.
    pub fn holds(self, stamp: i64) -> bool {
        self.start < stamp && stamp <= self.stop
    }
    /// Currents and rates: start ≤ stamp < stop.
    pub fn holds_current(self, stamp: i64) -> bool {
        self.start <= stamp && stamp < self.stop
    }
    /// Random spikes drawn step by step: one step later than listed ones.
    pub fn holds_drawn(self, stamp: i64) -> bool {
        self.holds(stamp - 1)
    }
    /// Devices that decide once a slice: start < beginning of the slice ≤ stop.
    pub fn holds_slice(self, step: i64, slice: i64) -> bool {
        self.holds(step - step.rem_euclid(slice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_devices_differ_at_the_edges() {
        let window = Window { start: 30, stop: 60 };
        let stamps = |active: &dyn Fn(i64) -> bool| {
            let of: Vec<i64> = (0..100).filter(|s| active(*s)).collect();
            (of[0], of[of.len() - 1])
        };
        assert_eq!(stamps(&|s| window.holds(s)), (31, 60));
        assert_eq!(stamps(&|s| window.holds_current(s)), (30, 59));
        assert_eq!(stamps(&|s| window.holds_drawn(s)), (32, 61));
        assert_eq!(stamps(&|s| window.holds_slice(s - 1, 10)), (41, 70));
    }
}
