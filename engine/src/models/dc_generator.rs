//! Constant current: I(s) = amplitude.

use super::declare::*;
use super::shared::*;
use crate::runtime::Span;
use crate::runtime::devices::{Emission, Generator, MakeGenerator, Sent, Settings};

pub const MODEL: Model = Model {
    name: "dc_generator",
    family: Family::Generator,
    title: "Constant current",
    doc: "Sends a constant current between start and stop",
    equations: "I(t) = amplitude",
    reference: "",
    groups: &[
        Group {
            title: "Current",
            parameters: &[real("amplitude", "pA", 0.0).main(-500.0, 1000.0).doc("Current sent")],
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

const MAKE: MakeGenerator = |_, _| Box::new(Direct::default());

#[derive(Clone, Default)]
struct Direct {
    amplitude: Vec<f64>,
}

impl Generator for Direct {
    fn emission(&self, _: &Settings) -> Emission {
        Emission::Values
    }
    fn set(&mut self, p: &Settings, _: &[&str], _: i64) {
        self.amplitude = p.each("amplitude");
    }
    fn prepare(&mut self, p: &Settings, _: &Span, sent: &mut Sent<'_>) {
        sent.each(|i, stamp| if p.window.holds_current(stamp) { self.amplitude[i] } else { 0.0 });
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}
