//! Constant current: I(s) = amplitude.

use super::declare::*;
use super::shared::*;
use crate::runtime::Span;
use crate::runtime::devices::{DeviceOutput, DeviceSettings, Generator, MakeGenerator, Sending};
use crate::runtime::parameters::{declared, each, named};

pub const MODEL: Model = Model {
    name: "dc_generator",
    title: "Constant current",
    doc: "Sends a constant current between start and stop",
    equations: "I(t) = amplitude",
    reference: "",
    groups: &[
        Group {
            title: "Current",
            parameters: &[real("amplitude", "pA", 0.0).main(-500.0, 1000.0).starts_at(400.0).doc("Current sent")],
        },
        WINDOW,
    ],
    recordables: &[I],
    ports: &[],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(MAKE, &[Signal::Currents]),
    facts: Facts::NONE
        .also_called(&[
            "current",
            "DC",
            "direct current",
            "electrode",
            "stimulating electrode",
            "clamp",
            "current clamp",
            "current injection",
            "injected current",
            "bias current",
            "tonic input",
        ])
        .caption(&[Line::Value("amplitude")])
        .largest_current(|given, weight| Some(weight * given.number(named!(Direct, "amplitude"))?)),
};

const MAKE: MakeGenerator = |_, _| Box::new(Direct::default());

#[derive(Clone, Default)]
struct Direct {
    amplitude: Vec<f64>,
}

declared!(Direct);

impl Generator for Direct {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Values
    }
    fn set(&mut self, p: &DeviceSettings, _: &[&str], _: i64) {
        self.amplitude = each!(p, Self, "amplitude");
    }
    fn prepare(&mut self, p: &DeviceSettings, _: &Span, sent: &mut DeviceOutput<'_>) {
        sent.each(|i, stamp| if p.window.holds_current(stamp) { self.amplitude[i] } else { 0.0 });
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}
