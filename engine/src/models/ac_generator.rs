//! Sine current: I(s) = offset + amplitude sin(2π frequency s + phase), s in absolute time.
//!
//! Rotter & Diesmann 1999, Biol Cybern 81:381.

use super::declare::*;
use super::shared::*;
use crate::runtime::Span;
use crate::runtime::devices::{DeviceOutput, DeviceSettings, Generator, MakeGenerator, Sending, Sine};
use crate::runtime::parameters::{declared, each, named};

pub const MODEL: Model = Model {
    name: "ac_generator",
    title: "Sine current",
    doc: "Sends an alternating current",
    equations: "I(t) = offset + amplitude sin(2π frequency t + phase)",
    reference: "Rotter & Diesmann 1999, Biol Cybern 81:381",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                real("amplitude", "pA", 0.0).main(0.0, 1000.0).starts_at(200.0).doc("Amplitude of the sine"),
                real("frequency", "Hz", 0.0).main(0.0, 200.0).starts_at(10.0).doc("Frequency of the sine"),
                real("offset", "pA", 0.0).main(-500.0, 1000.0).starts_at(360.0).doc("Constant part of the current"),
                real("phase", "deg", 0.0).slider(0.0, 360.0).doc("Phase at time 0"),
            ],
        },
        WINDOW,
    ],
    recordables: &[I],
    ports: &[],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(MAKE, &[Signal::Currents]),
    facts: Facts::NONE
        .also_called(&["AC", "alternating current", "oscillation", "sine wave", "sinusoidal current"])
        .caption(&[Line::Value("amplitude"), Line::Value("frequency")])
        .unfolds(periods)
        .largest_current(largest_current),
};

const MAKE: MakeGenerator = |_, _| Box::new(Alternating::default());

#[derive(Clone, Default)]
struct Alternating {
    offset: Vec<f64>,
    amplitude: Vec<f64>,
    sine: Vec<Sine>,
}

declared!(Alternating);

impl Generator for Alternating {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Values
    }
    fn set(&mut self, p: &DeviceSettings, _: &[&str], _: i64) {
        (self.offset, self.amplitude, self.sine) =
            (each!(p, Self, "offset"), each!(p, Self, "amplitude"), Sine::of::<Self>(p));
    }
    fn prepare(&mut self, p: &DeviceSettings, _: &Span, sent: &mut DeviceOutput<'_>) {
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

fn largest_current(given: &dyn Given, weight: f64) -> Option<f64> {
    Some(
        weight * given.number(named!(Alternating, "offset"))?
            + (weight * given.number(named!(Alternating, "amplitude"))?).abs(),
    )
}
