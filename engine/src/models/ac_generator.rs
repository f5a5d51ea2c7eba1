//! Sine current: I(s) = offset + amplitude sin(2π frequency s + phase), s in absolute time.
//!
//! Rotter & Diesmann 1999, Biol Cybern 81:381.

use super::declare::*;
use super::shared::*;
use crate::runtime::Span;
use crate::runtime::devices::{Emission, Generator, MakeGenerator, Sent, Settings, Sine};

pub const MODEL: Model = Model {
    name: "ac_generator",
    family: Family::Generator,
    title: "Sine current",
    doc: "Sends an alternating current",
    equations: "I(t) = offset + amplitude sin(2π frequency t + phase)",
    reference: "Rotter & Diesmann 1999, Biol Cybern 81:381",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                real("amplitude", "pA", 0.0).main(0.0, 1000.0).doc("Amplitude of the sine"),
                real("frequency", "Hz", 0.0).main(0.0, 200.0).doc("Frequency of the sine"),
                real("offset", "pA", 0.0).main(-500.0, 1000.0).doc("Constant part of the current"),
                real("phase", "deg", 0.0).slider(0.0, 360.0).doc("Phase at time 0"),
            ],
        },
        WINDOW,
    ],
    recordables: &[I],
    ports: &[],
    emits: Emits::Currents,
    signal: None,
    relations: WINDOW_RELATIONS,
    neurons: None,
    generator: Some(MAKE),
    synapses: None,
};

const MAKE: MakeGenerator = |_, _| Box::new(Alternating::default());

#[derive(Clone, Default)]
struct Alternating {
    offset: Vec<f64>,
    amplitude: Vec<f64>,
    sine: Vec<Sine>,
}

impl Generator for Alternating {
    fn emission(&self, _: &Settings) -> Emission {
        Emission::Values
    }
    fn set(&mut self, p: &Settings, _: &[&str], _: i64) {
        (self.offset, self.amplitude, self.sine) = (p.each("offset"), p.each("amplitude"), Sine::of(p));
    }
    fn prepare(&mut self, p: &Settings, _: &Span, sent: &mut Sent<'_>) {
        sent.each(|i, stamp| {
            if p.window.holds_current(stamp) {
                self.offset[i] + self.amplitude[i] * self.sine[i].at(p.grid.ms(stamp))
            } else {
                0.0
            }
        });
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}
