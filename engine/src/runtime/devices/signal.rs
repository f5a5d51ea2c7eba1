//! What devices send in each step, kept as long as targets may read it: a spike or current acts only after its delay.

use std::collections::VecDeque;

/// Numbers by step and device, as a ring over steps.
#[derive(Clone, Default)]
pub struct History {
    values: Vec<f64>,
    steps: usize,
    devices: usize,
}

impl History {
    /// Room for `steps` steps (a power of two).
    pub fn new(steps: usize, devices: usize) -> History {
        History { values: vec![0.0; steps * devices], steps, devices }
    }
    /// One number a device; all were 0 before the first step.
    #[inline(always)]
    pub fn at(&self, step: i64) -> &[f64] {
        &self.values[place(step, self.steps) * self.devices..][..self.devices]
    }
    pub fn at_mut(&mut self, step: i64) -> &mut [f64] {
        &mut self.values[place(step, self.steps) * self.devices..][..self.devices]
    }
}

/// Numbers that a device draws now and then, one a connection, and which draw it sends in each step.
#[derive(Clone, Default)]
pub struct Draws {
    /// Number of the latest draw; the last of those kept.
    latest: u64,
    kept: VecDeque<Vec<f64>>,
    /// By step, as a ring: the number of the draw that is sent, 0 if none.
    sent: Vec<u64>,
}

impl Draws {
    pub fn new(steps: usize) -> Draws {
        Draws { sent: vec![0; steps], ..Draws::default() }
    }
    pub fn draw(&mut self, numbers: Vec<f64>) {
        self.latest += 1;
        self.kept.push_back(numbers);
        // A draw is sent for at least a step.
        while self.kept.len() > self.sent.len() + 2 {
            self.kept.pop_front();
        }
    }
    /// The latest draw is sent in `step`; returns its mean.
    pub fn send(&mut self, step: i64) -> f64 {
        let steps = self.sent.len();
        self.sent[place(step, steps)] = self.latest;
        self.kept.back().filter(|draw| !draw.is_empty()).map_or(0.0, |d| d.iter().sum::<f64>() / d.len() as f64)
    }
    pub fn send_nothing(&mut self, step: i64) {
        let steps = self.sent.len();
        self.sent[place(step, steps)] = 0;
    }
    /// What was sent in `step` to a connection.
    pub fn at(&self, step: i64, connection: usize) -> f64 {
        let sent = self.sent[place(step, self.sent.len())];
        let behind = (self.latest - sent) as usize;
        if sent == 0 || behind >= self.kept.len() {
            return 0.0;
        }
        self.kept[self.kept.len() - 1 - behind].get(connection).copied().unwrap_or(0.0)
    }
}

#[inline(always)]
fn place(step: i64, steps: usize) -> usize {
    step as usize & (steps - 1)
}
