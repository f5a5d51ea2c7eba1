//! Poisson spike trains, independent for each target.

use super::declare::*;
use super::shared::*;
use crate::runtime::Span;
use crate::runtime::devices::{DeviceOutput, DeviceSettings, Generator, MakeGenerator, Sending};
use crate::runtime::parameters::{declared, each, named};

pub const MODEL: Model = Model {
    name: "poisson_generator",
    title: "Poisson spikes",
    doc: "Sends each target its own random spike train of the given rate",
    equations: "number of spikes in each step ~ Poisson(rate h)",
    reference: "",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[real("rate", "spikes/s", 0.0)
                .up_to(MOST_SPIKES)
                .at_least(0.0)
                .main(1.0, 20000.0)
                .logarithmic()
                .starts_at(1000.0)
                .doc("Mean rate of each train")],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(MAKE, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&[
            "Poisson noise",
            "Poisson process",
            "background",
            "background activity",
            "random spikes",
            "spontaneous activity",
            "external input",
        ])
        .short("Poisson")
        .advise(advise),
};

const MAKE: MakeGenerator = |_, _| Box::new(Poisson::default());

#[derive(Clone, Default)]
struct Poisson {
    /// Mean count a step.
    means: Vec<f64>,
}

declared!(Poisson);

impl Generator for Poisson {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Poisson
    }
    fn set(&mut self, p: &DeviceSettings, _: &[&str], _: i64) {
        self.means = each!(p, Self, "rate").iter().map(|rate| rate * p.grid.h() / 1000.0).collect();
    }
    fn prepare(&mut self, p: &DeviceSettings, _: &Span, sent: &mut DeviceOutput<'_>) {
        sent.each(|i, stamp| if p.window.holds_drawn(stamp) { self.means[i] } else { 0.0 });
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

fn advise(given: &dyn Given) -> Result<(), Wrong> {
    match given.number(named!(Poisson, "rate")) {
        Some(0.0) => Err(("rate", "is 0 spikes/s, so this generator sends nothing".into())),
        _ => Ok(()),
    }
}
