//! The time range that all plots of a run share.

use crate::plots::data::PlotData;

/// Follows the newest data until the user looks elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeAxis {
    view: Free,
    /// Width of the window that follows, ms; `None` until the user zooms.
    window: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
enum Free {
    Following,
    At { start: f64, end: f64 },
}

/// Widths that make sense, ms.
const NARROWEST: f64 = 0.5;
const WIDEST: f64 = 1e9;

/// The clock of a run: what the axis has to know of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// Simulated time, ms.
    pub now: f64,
    /// Duration set for a run, ms.
    pub duration: f64,
    /// Width that the document asks for, ms.
    pub window: Option<f64>,
}

impl Clock {
    pub fn of(data: &PlotData<'_>) -> Self {
        let settings = &data.project.simulation;
        Clock { now: data.status.time, duration: settings.duration, window: settings.time_window }
    }
}

impl Default for TimeAxis {
    fn default() -> Self {
        TimeAxis { view: Free::Following, window: None }
    }
}

impl TimeAxis {
    pub fn is_following(&self) -> bool {
        self.view == Free::Following
    }

    /// Start and end of what is shown, ms.
    pub fn range(&self, clock: Clock) -> (f64, f64) {
        match self.view {
            Free::At { start, end } => (start, end),
            Free::Following => {
                let window = self.window(clock);
                let end = clock.now.max(window);
                (end - window, end)
            }
        }
    }

    /// Width of the window that follows, ms: at first what the document says, or else the whole run, but not more than a second.
    pub fn window(&self, clock: Clock) -> f64 {
        let asked = clock.window.filter(|width| width.is_finite()).map(|width| width.clamp(NARROWEST, WIDEST));
        let run = if clock.duration.is_finite() { clock.duration.clamp(NARROWEST, 1000.0) } else { 1000.0 };
        let default = asked.unwrap_or(run);
        self.window.unwrap_or(default)
    }

    /// Scrolls with the newest data again.
    pub fn follow(&mut self) {
        self.view = Free::Following;
    }

    /// Shows this range; the window that follows takes its width.
    pub fn show(&mut self, start: f64, end: f64) {
        let width = end - start;
        if start.is_finite() && width.is_finite() && width > 0.0 {
            let width = width.clamp(NARROWEST, WIDEST);
            let start = start.clamp(-width, WIDEST);
            self.view = Free::At { start, end: start + width };
            self.window = Some(width);
        }
    }

    /// Shows the whole run so far.
    pub fn show_all(&mut self, first: f64, clock: Clock) {
        if clock.now > first {
            self.show(first, clock.now);
        } else {
            *self = TimeAxis::default();
        }
    }

    /// Magnifies by `factor` round the time `at`.
    pub fn zoom(&mut self, factor: f64, at: f64, clock: Clock) {
        let (start, end) = self.range(clock);
        let factor = factor.clamp((end - start) / WIDEST, (end - start) / NARROWEST);
        if factor != 1.0 && factor > 0.0 {
            self.show(at - (at - start) / factor, at + (end - at) / factor);
        }
    }

    /// Moves by `ms` to later times.
    pub fn pan(&mut self, ms: f64, clock: Clock) {
        if ms != 0.0 {
            let (start, end) = self.range(clock);
            self.show(start + ms, end + ms);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOCK: Clock = Clock { now: 2500.0, duration: 5000.0, window: None };

    #[test]
    fn follows_the_newest_data_with_a_second_in_view() {
        let axis = TimeAxis::default();
        assert_eq!(axis.range(CLOCK), (1500.0, 2500.0));
        assert_eq!(axis.range(Clock { now: 100.0, ..CLOCK }), (0.0, 1000.0), "an early run fills from the left");
        assert_eq!(axis.range(Clock { now: 0.0, duration: 200.0, ..CLOCK }), (0.0, 200.0), "a short run is seen whole");
        let asked = Clock { window: Some(300.0), ..CLOCK };
        assert_eq!(axis.range(asked), (2200.0, 2500.0), "as much as the document says");
    }

    #[test]
    fn zooming_keeps_the_time_under_the_pointer_and_sets_the_window() {
        let mut axis = TimeAxis::default();
        axis.zoom(2.0, 1700.0, CLOCK);
        assert_eq!(axis.range(CLOCK), (1600.0, 2100.0));
        assert!(!axis.is_following());
        axis.follow();
        assert_eq!(axis.range(CLOCK), (2000.0, 2500.0));
    }

    #[test]
    fn a_free_view_stands_still_while_the_run_goes_on() {
        let mut axis = TimeAxis::default();
        axis.pan(-300.0, CLOCK);
        assert_eq!(axis.range(Clock { now: 9000.0, ..CLOCK }), (1200.0, 2200.0));
    }

    #[test]
    fn zooming_stops_at_sensible_widths() {
        let mut axis = TimeAxis::default();
        for _ in 0..200 {
            axis.zoom(3.0, 2000.0, CLOCK);
        }
        let (start, end) = axis.range(CLOCK);
        assert!((end - start - NARROWEST).abs() < 1e-6, "{start} {end}");
        for _ in 0..200 {
            axis.zoom(0.1, 2000.0, CLOCK);
        }
        let (start, end) = axis.range(CLOCK);
        assert!(end - start <= WIDEST * 1.001 && start.is_finite());
    }

    #[test]
    fn shows_all_of_a_run() {
        let mut axis = TimeAxis::default();
        axis.show_all(0.0, CLOCK);
        assert_eq!(axis.range(CLOCK), (0.0, 2500.0));
        axis.show_all(0.0, Clock { now: 0.0, ..CLOCK });
        assert!(axis.is_following(), "nothing to show yet");
    }
}
