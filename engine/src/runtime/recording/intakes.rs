//! Generators that receive spikes: they are told what has been sent, as recorders are, and count what will arrive.

use super::sources::{RecorderInput, TooMany};
use crate::runtime::devices::Devices;
use crate::runtime::slice::{Outbox, Span};

/// What the devices of a generator node receive.
#[derive(Clone)]
pub struct Intake {
    pub node: usize,
    pub inputs: Vec<RecorderInput>,
}

impl Intake {
    /// Takes what was sent in a span that has just been made; `Err` is its node, if a source floods it.
    pub fn receive(
        &mut self,
        span: &Span,
        devices: &mut Devices,
        outboxes: &[Outbox],
        trains: &[Outbox],
    ) -> Result<(), usize> {
        let flooded = |TooMany| self.node;
        for input in &mut self.inputs {
            input.open(span, devices).map_err(flooded)?;
            let Some(Some(device)) = devices.list.get_mut(self.node) else { continue };
            for i in 0..span.n {
                let stamp = span.first + i as i64 + 1;
                let taken = input.receive(span, i, outboxes, trains, |sent, connections| {
                    for (target, delay) in connections.targets(&sent) {
                        device.arrivals.add(target as usize, stamp + delay as i64, sent.multiplicity as f64);
                    }
                });
                taken.map_err(flooded)?;
            }
        }
        Ok(())
    }
}
