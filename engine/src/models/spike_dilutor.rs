//! Passes on random copies of the spikes it receives: each target gets each of them with some probability.

use super::declare::*;
use super::shared::*;
use super::thinned::{OfCopies, Thinned};
use crate::runtime::Span;
use crate::runtime::devices::{DeviceOutput, DeviceSettings, Generator, MakeGenerator, Origin, Sending, Trains};
use crate::runtime::parameters::{declared, each};

pub const MODEL: Model = Model {
    name: "spike_dilutor",
    title: "Spike dilutor",
    doc: "Passes each target random copies of the spikes that it receives",
    equations: "each target: Binomial(N, p_copy) of the N spikes that arrive in a step",
    reference: "",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[real("p_copy", "", 1.0)
                .at_least(0.0)
                .at_most(1.0)
                .main(0.0, 1.0)
                .starts_at(0.5)
                .doc("Probability that a target gets a spike")],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[Port::spikes(0, "", "Spikes to be copied; weights do not count").weightless()],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(MAKE, &[Signal::Spikes]),
    facts: Facts::NONE.also_called(&["thinning", "random copies", "shared input", "deletion of spikes"]),
};

const MAKE: MakeGenerator = |_, _| Box::new(Dilutor);

#[derive(Clone)]
struct Dilutor;

declared!(Dilutor);

impl OfCopies for Dilutor {
    fn probabilities(p: &DeviceSettings) -> Vec<f64> {
        each!(p, Self, "p_copy")
    }
}

impl Generator for Dilutor {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Trains
    }
    fn prepare(&mut self, p: &DeviceSettings, span: &Span, sent: &mut DeviceOutput<'_>) {
        for step in span.first..span.first + span.n as i64 {
            let active = p.window.holds_slice(step, p.slice);
            for i in 0..p.n {
                // What arrives while it is inactive is lost.
                let arrived = sent.take_arrived(i, step + 1);
                sent.set(i, step, if active { arrived } else { 0.0 });
            }
        }
    }
    fn trains(&self, devices: Vec<u32>, origin: Origin) -> Box<dyn Trains> {
        Box::new(Thinned::<Self>::new(devices, origin))
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}
