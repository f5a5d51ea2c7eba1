//! Parrots: what arrives is sent on.

use crate::runtime::input::inputs::{Event, Inputs};
use crate::runtime::neurons::interface::{Make, Neurons};
use crate::runtime::slice::{Outbox, Probe, STORM, Span, Trouble};
use crate::runtime::table::Table;

/// Repeat the spikes at their first inlet; those between grid points too, where the port keeps their times.
#[derive(Clone)]
pub struct Parrots {
    first: usize,
    n: usize,
}

impl Parrots {
    pub fn make(make: &Make<'_>) -> Box<dyn Neurons> {
        Box::new(Parrots { first: make.first, n: make.n })
    }
}

impl Neurons for Parrots {
    fn update(
        &mut self,
        span: &Span,
        inputs: &mut Inputs,
        outbox: &mut Outbox,
        _: &mut [Probe],
    ) -> Result<(), Trouble> {
        let (mut gathered, mut timed) = (inputs.lend(), inputs.lend_timed());
        let mut outcome = Ok(());
        for i in 0..span.n {
            let step = span.first + i as i64;
            if let Some(timed) = &mut timed {
                timed.sort(step);
            }
            let mut arriving = timed.as_ref().map(|timed| timed.from(step, 0)).unwrap_or_default();
            let events = &mut outbox.events[span.offset + i];
            for block in 0..self.n.div_ceil(64) {
                inputs.gather(block, span.first, i, &mut gathered);
                let at_ends = &gathered.spikes[0];
                if arriving.is_empty() && at_ends.iter().all(|number| *number == 0.0) {
                    continue;
                }
                for neuron in 64 * block..self.n.min(64 * (block + 1)) {
                    let source = (self.first + neuron) as u32;
                    // Input of a parrot is a number of spikes: its weights are all 1.
                    let at_end = at_ends[neuron % 64] as u32;
                    let mut total = at_end;
                    for spike in arriving.take(neuron).iter().filter(|spike| spike.inlet == 0) {
                        let (multiplicity, offset) = (spike.multiplicity, spike.offset);
                        total = total.saturating_add(multiplicity);
                        events.push(Event { source, multiplicity, factor: 1.0, offset });
                    }
                    if at_end > 0 {
                        events.push(Event { multiplicity: at_end, ..Event::single(source) });
                    }
                    if total > STORM {
                        outcome = outcome.and(Err(Trouble::Storm { neuron }));
                    }
                }
            }
            if let Some(timed) = &mut timed {
                timed.clear(step);
            }
        }
        inputs.give_back(gathered);
        inputs.give_back_timed(timed);
        outcome
    }
    fn set_parameters(&mut self, _: &Table, _: &[&str]) {}
    fn state(&self, _: usize, _: usize) -> f64 {
        0.0
    }
    fn set_state(&mut self, _: usize, _: usize, _: f64) {}
    fn send_events(&self) -> bool {
        true
    }
    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
    fn clone_box(&self) -> Box<dyn Neurons> {
        Box::new(self.clone())
    }
}
