//! Correlated Poisson trains: each target gets a random part of the spikes of one parent process.
//!
//! Kuhn, Aertsen & Rotter 2003, Neural Comput 15:67.

use super::declare::*;
use super::shared::*;
use super::thinned::{OfCopies, Thinned};
use crate::mechanisms::random::Stream;
use crate::runtime::Span;
use crate::runtime::devices::{DeviceOutput, DeviceSettings, Generator, MakeGenerator, Origin, Sending, Trains};
use crate::runtime::parameters::{declared, each};

pub const MODEL: Model = Model {
    name: "mip_generator",
    title: "Correlated Poisson spikes",
    doc: "Sends each target random copies of the spikes of one parent process",
    equations: "parent: number of spikes in each step N ~ Poisson(rate h)\neach target: Binomial(N, p_copy)",
    reference: "Kuhn, Aertsen & Rotter 2003, Neural Comput 15:67",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[
                real("rate", "spikes/s", 0.0)
                    .up_to(MOST_SPIKES)
                    .at_least(0.0)
                    .main(1.0, 20000.0)
                    .logarithmic()
                    .starts_at(1000.0)
                    .doc("Rate of the parent process"),
                real("p_copy", "", 1.0)
                    .at_least(0.0)
                    .at_most(1.0)
                    .main(0.0, 1.0)
                    .doc("Probability that a target gets a spike of the parent"),
            ],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(MAKE, &[Signal::Spikes]),
    facts: Facts::NONE.also_called(&[
        "multiple interaction process",
        "common input",
        "shared background",
        "synchronous spikes",
    ]),
};

const MAKE: MakeGenerator = |p, origin| Box::new(Parents { streams: (0..p.n).map(|i| origin.stream(i)).collect() });

/// The parent processes; what is sent is the number of their spikes.
#[derive(Clone)]
struct Parents {
    streams: Vec<Stream>,
}

declared!(Parents);

impl OfCopies for Parents {
    fn probabilities(p: &DeviceSettings) -> Vec<f64> {
        each!(p, Self, "p_copy")
    }
}

impl Generator for Parents {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Trains
    }
    fn prepare(&mut self, p: &DeviceSettings, _: &Span, sent: &mut DeviceOutput<'_>) {
        let means: Vec<f64> = each!(p, Self, "rate").iter().map(|rate| rate * p.grid.h() / 1000.0).collect();
        sent.each(|i, stamp| {
            let active = p.window.holds_slice(stamp - 1, p.slice);
            if active { self.streams[i].poisson(means[i]) as f64 } else { 0.0 }
        });
    }
    fn trains(&self, devices: Vec<u32>, origin: Origin) -> Box<dyn Trains> {
        Box::new(Thinned::<Self>::new(devices, origin))
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}
