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

/// The timed spikes of a chunk by step of arrival, a ring over steps.
#[derive(Clone)]
pub struct Timed {
    arriving: Vec<Vec<TimedSpike>>,
}

impl Timed {
    /// For spikes up to `steps` ahead.
    pub fn new(steps: usize) -> Timed {
        Timed { arriving: vec![Vec::new(); (steps + 1).next_power_of_two()] }
    }

    fn place(&self, step: i64) -> usize {
        step as usize & (self.arriving.len() - 1)
    }

    #[inline(always)]
    pub fn push(&mut self, step: i64, spike: TimedSpike) {
        let place = self.place(step);
        self.arriving[place].push(spike);
    }

    /// Puts the spikes of a step in order: by neuron, then time; equal times in the order in which they were delivered.
    pub fn sort(&mut self, step: i64) {
        let place = self.place(step);
        self.arriving[place].sort_by(|a, b| a.slot.cmp(&b.slot).then(b.offset.total_cmp(&a.offset)));
    }

    /// The spikes of a step, put in order before, from this neuron on.
    pub fn from(&self, step: i64, slot: usize) -> Arriving<'_> {
        let spikes = &self.arriving[self.place(step)];
        Arriving(&spikes[spikes.partition_point(|spike| usize::from(spike.slot) < slot)..])
    }

    /// Forgets the spikes of a step, which have arrived.
    pub fn clear(&mut self, step: i64) {
        let place = self.place(step);
        self.arriving[place].clear();
    }

    pub fn bytes(&self) -> usize {
        self.arriving.iter().map(Vec::capacity).sum::<usize>() * size_of::<TimedSpike>()
    }
}

/// The spikes of a step in order of the neurons, who take theirs one after the other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arriving<'a>(&'a [TimedSpike]);

impl<'a> Arriving<'a> {
    /// Whether none is left to take.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The spikes of this neuron, the earliest first; those of the neurons before it have been taken.
    #[inline(always)]
    pub fn take(&mut self, slot: usize) -> &'a [TimedSpike] {
        let count = self.0.iter().take_while(|spike| usize::from(spike.slot) == slot).count();
        let (of_this, others) = self.0.split_at(count);
        self.0 = others;
        of_this
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spikes_come_by_neuron_then_time_then_as_delivered() {
        let mut timed = Timed::new(10);
        let spike = |slot, offset, weight| TimedSpike { offset, weight, slot, inlet: 0, multiplicity: 1 };
        for step in [3, 19] {
            for s in [spike(5, 0.02, 1.0), spike(63, 0.01, 2.0), spike(5, 0.07, 3.0), spike(5, 0.02, 4.0)] {
                timed.push(step, s);
            }
            timed.push(step + 1, spike(5, 0.5, 9.0));
            (step..step + 2).for_each(|step| timed.sort(step));
            let mut arriving = timed.from(step, 0);
            let mut weights = |slot: usize| arriving.take(slot).iter().map(|s| s.weight).collect::<Vec<_>>();
            assert_eq!((weights(0), weights(5), weights(63)), (vec![], vec![3.0, 1.0, 4.0], vec![2.0]));
            assert_eq!(timed.from(step, 6).take(63).len(), 1);
            assert_eq!(timed.from(step + 1, 5).take(5).len(), 1);
            (step..step + 2).for_each(|step| timed.clear(step));
            assert!(timed.from(step, 0).take(5).is_empty());
        }
    }
}
