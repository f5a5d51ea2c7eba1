//! Spikes that a generator receives.

use super::signal::History;
use crate::runtime::slice::LONGEST_SPAN;

/// How many spikes are on their way to each device of a node. No delay is shorter than a slice, so what arrives in a span
/// is known before it begins.
#[derive(Clone, Default)]
pub struct Arrivals {
    /// By the stamp of arrival.
    coming: History,
    /// The longest delay on the way to it, in steps; 0 if nothing reaches it.
    pub longest_delay: usize,
}

impl Arrivals {
    /// All that reaches it is known.
    pub fn open(&mut self, devices: usize) {
        if self.longest_delay > 0 {
            let steps = (self.longest_delay + 2 * LONGEST_SPAN + 2).next_power_of_two();
            self.coming = History::new(steps, devices);
        }
    }

    /// So many spikes arrive at device `i` with this stamp.
    pub fn add(&mut self, i: usize, stamp: i64, spikes: f64) {
        self.coming.at_mut(stamp)[i] += spikes;
    }

    /// Takes the number of spikes that arrive at device `i` with this stamp.
    pub fn take(&mut self, i: usize, stamp: i64) -> f64 {
        if self.longest_delay > 0 { std::mem::take(&mut self.coming.at_mut(stamp)[i]) } else { 0.0 }
    }
}
