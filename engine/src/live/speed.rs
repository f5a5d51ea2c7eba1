//! How fast a run is and how much it fires, averaged over the last half second.

use std::collections::VecDeque;
use std::time::Duration;

use web_time::Instant;

/// Speed and rate are averaged over this time.
const AVERAGED: Duration = Duration::from_millis(500);

/// The speed of a run; it keeps its value while nothing runs.
#[derive(Default)]
pub struct Speed {
    /// Wall time, simulated ms and spikes at some moments of the last half second.
    trail: VecDeque<(Instant, f64, u64)>,
    /// Simulated time over wall time.
    pub factor: f64,
    /// Spikes of all neurons per second of simulated time.
    pub spikes_per_second: f64,
}

impl Speed {
    /// Averages from now on: what was before has nothing to do with it.
    pub fn restart(&mut self) {
        self.trail.clear();
    }

    /// Takes the clock (ms) and the number of spikes so far.
    pub fn measure(&mut self, time: f64, spikes: u64) {
        let now = Instant::now();
        self.trail.push_back((now, time, spikes));
        while self.trail.len() > 2 && now - self.trail[1].0 > AVERAGED {
            self.trail.pop_front();
        }
        if let Some((began, from, before)) = self.trail.front() {
            let (wall, simulated) = ((now - *began).as_secs_f64(), time - from);
            if wall > 0.0 && simulated > 0.0 {
                self.factor = simulated / 1000.0 / wall;
                self.spikes_per_second = (spikes - before) as f64 / (simulated / 1000.0);
            }
        }
    }
}
