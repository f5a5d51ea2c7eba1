//! Poisson spike trains, independent for each target.

use super::declare::*;
use super::shared::*;
use crate::runtime::Span;
use crate::runtime::devices::{Emission, Generator, MakeGenerator, Sent, Settings};

pub const MODEL: Model = Model {
    name: "poisson_generator",
    family: Family::Generator,
    title: "Poisson spikes",
    doc: "Sends each target its own random spike train of the given rate",
    equations: "number of spikes in each step ~ Poisson(rate h)",
    reference: "",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[real("rate", "spikes/s", 0.0)
                .at_least(0.0)
                .main(1.0, 20000.0)
                .logarithmic()
                .doc("Mean rate of each train")],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    emits: Emits::Spikes,
    signal: None,
    relations: WINDOW_RELATIONS,
    neurons: None,
    generator: Some(MAKE),
    synapses: None,
};

const MAKE: MakeGenerator = |_, _| Box::new(Poisson::default());

#[derive(Clone, Default)]
struct Poisson {
    /// Mean count a step.
    means: Vec<f64>,
}

impl Generator for Poisson {
    fn emission(&self, _: &Settings) -> Emission {
        Emission::Poisson
    }
    fn set(&mut self, p: &Settings, _: &[&str], _: i64) {
        self.means = p.each("rate").iter().map(|rate| rate * p.grid.h() / 1000.0).collect();
    }
    fn prepare(&mut self, p: &Settings, _: &Span, sent: &mut Sent<'_>) {
        sent.each(|i, stamp| if p.window.holds_drawn(stamp) { self.means[i] } else { 0.0 });
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}
