//! How many steps at a time: as many as the speed limit lets pass, and as fit into a batch.

use std::time::Duration;

use web_time::Instant;

/// One batch of steps takes about this long, so that commands are felt at once.
pub const BATCH: Duration = Duration::from_millis(2);

/// Steps that take about [`BATCH`].
pub struct Batch {
    steps: u64,
}

impl Batch {
    pub fn new() -> Self {
        Batch { steps: 1 }
    }

    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// So many steps took so long: twice as many next time if that was short, half as many if it was long.
    pub fn measured(&mut self, steps: u64, took: Duration) {
        if steps != self.steps {
            return;
        }
        if took < BATCH / 2 {
            self.steps = (self.steps * 2).min(1 << 20);
        } else if took > BATCH * 2 {
            self.steps = (self.steps / 2).max(1);
        }
    }
}

/// The speed limit.
pub struct Pace {
    /// Simulated seconds per second of wall time.
    limit: Option<f64>,
    /// Wall time and step from which the limit counts.
    from: (Instant, u64),
    /// The time step h, ms.
    resolution: f64,
}

impl Pace {
    pub fn new(resolution: f64) -> Self {
        Pace { limit: None, from: (Instant::now(), 0), resolution }
    }

    /// A new limit, that counts from this step.
    pub fn set(&mut self, limit: Option<f64>, step: u64) {
        self.limit = limit.filter(|x| *x > 0.0);
        self.restart(step);
    }

    /// Counts from this step and the present wall time.
    pub fn restart(&mut self, step: u64) {
        self.from = (Instant::now(), step);
    }

    /// How many steps are due after step `now`, or how long the next one has to wait.
    pub fn due(&self, now: u64) -> Result<u64, Duration> {
        let Some(limit) = self.limit else { return Ok(u64::MAX) };
        let (began, from) = self.from;
        let due = from + (began.elapsed().as_secs_f64() * 1000.0 * limit / self.resolution) as u64;
        if due > now {
            return Ok(due - now);
        }
        let next = (now + 1 - from) as f64 * self.resolution / 1000.0 / limit;
        let wait = next - began.elapsed().as_secs_f64();
        // A limit may be so low that the next step is beyond every clock.
        Err(Duration::try_from_secs_f64(wait.max(0.0)).unwrap_or(Duration::MAX))
    }
}
