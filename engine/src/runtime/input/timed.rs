//! Spikes between grid points on their way to neurons that can tell when within a step they arrive.
//!
//! What arrives at a grid point goes through the rings of [`crate::runtime::input::inputs`] as everywhere; only the rest is here.

/// A spike that arrives within a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimedSpike {
    /// ms before the end of the step, more than 0.
    pub offset: f64,
    pub weight: f64,
    pub slot: u16,
    pub inlet: u16,
    pub multiplicity: u32,
}

/// The timed spikes of a chunk: as they come in, by step of arrival; and those of one step, by neuron and time.
#[derive(Clone)]
pub struct Timed {
    /// A ring over steps.
    arriving: Vec<Vec<TimedSpike>>,
    sorted: Vec<TimedSpike>,
    /// Where the spikes of each neuron begin in `sorted`; one more than neurons.
    starts: Vec<u32>,
}

impl Timed {
    /// For `slots` neurons and spikes up to `steps` ahead.
    pub fn new(slots: usize, steps: usize) -> Timed {
        Timed {
            arriving: vec![Vec::new(); (steps + 1).next_power_of_two()],
            sorted: Vec::new(),
            starts: vec![0; slots + 1],
        }
    }

    fn place(&self, step: i64) -> usize {
        step as usize & (self.arriving.len() - 1)
    }

    #[inline(always)]
    pub fn push(&mut self, step: i64, spike: TimedSpike) {
        let place = self.place(step);
        self.arriving[place].push(spike);
    }

    /// Turns to the spikes of a step: by neuron, then time; equal times in the order in which they were delivered.
    pub fn turn_to(&mut self, step: i64) {
        let place = self.place(step);
        let Timed { arriving, sorted, starts } = self;
        let arriving = &mut arriving[place];
        starts.fill(0);
        sorted.clear();
        if arriving.is_empty() {
            return;
        }
        for spike in arriving.iter() {
            starts[spike.slot as usize + 1] += 1;
        }
        for slot in 1..starts.len() {
            starts[slot] += starts[slot - 1];
        }
        // Each spike goes behind the earlier ones of its neuron, of which there are few.
        sorted.extend_from_slice(arriving);
        let mut behind = std::mem::take(starts);
        for spike in arriving.iter() {
            let end = &mut behind[spike.slot as usize];
            sorted[*end as usize] = *spike;
            *end += 1;
        }
        // Now each entry holds where the next neuron begins.
        behind.rotate_right(1);
        behind[0] = 0;
        *starts = behind;
        for range in starts.windows(2) {
            sorted[range[0] as usize..range[1] as usize].sort_by(|a, b| b.offset.total_cmp(&a.offset));
        }
        arriving.clear();
    }

    /// The spikes of a neuron in the step turned to, the earliest first.
    #[inline(always)]
    pub fn of(&self, slot: usize) -> &[TimedSpike] {
        &self.sorted[self.starts[slot] as usize..self.starts[slot + 1] as usize]
    }

    pub fn bytes(&self) -> usize {
        let spikes: usize = self.arriving.iter().map(Vec::capacity).sum();
        (spikes + self.sorted.capacity()) * size_of::<TimedSpike>() + 4 * self.starts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spikes_come_by_neuron_then_time_then_as_delivered() {
        let mut timed = Timed::new(64, 10);
        let spike = |slot, offset, weight| TimedSpike { offset, weight, slot, inlet: 0, multiplicity: 1 };
        for step in [3, 19] {
            for s in [spike(5, 0.02, 1.0), spike(63, 0.01, 2.0), spike(5, 0.07, 3.0), spike(5, 0.02, 4.0)] {
                timed.push(step, s);
            }
            timed.push(step + 1, spike(5, 0.5, 9.0));
            timed.turn_to(step);
            let weights = |slot: usize| timed.of(slot).iter().map(|s| s.weight).collect::<Vec<_>>();
            assert_eq!((weights(5), weights(63), weights(0)), (vec![3.0, 1.0, 4.0], vec![2.0], vec![]));
            timed.turn_to(step + 1);
            assert_eq!(timed.of(5).len(), 1);
        }
    }
}
