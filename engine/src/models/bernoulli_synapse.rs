//! Transmits each spike with a probability.
//!
//! Lefort, Tomm, Sarria & Petersen 2009, Neuron 61:301.

use super::declare::*;
use super::shared::*;
use crate::runtime::parameters::{Parameters, declared, reals};
use crate::runtime::synapses::plastic::{Plastic, Shared, Spike, Synapse};

pub const MODEL: Model = Model {
    name: "bernoulli_synapse",
    title: "Unreliable synapse",
    doc: "Transmits each spike with a probability and drops it otherwise",
    equations: "spike: transmits weight with probability p_transmit",
    reference: "Lefort et al. 2009, Neuron 61:301",
    groups: &[
        SYNAPSE,
        Group {
            title: "Release",
            parameters: &[real("p_transmit", "", 1.0)
                .at_least(0.0)
                .at_most(1.0)
                .main(0.0, 1.0)
                .doc("Probability that a spike is transmitted")],
        },
    ],
    behaviour: Behaviour::plastic(Plastic::<Bernoulli, _, _>::MODEL),
    facts: Facts::NONE.also_called(&["stochastic release", "transmission failure"]),
    ..STATIC
};

pub struct Bernoulli;
declared!(Bernoulli);

impl Synapse<1, 1> for Bernoulli {
    type Reads = ();
    type Interval = ();
    const STATE: [&'static str; 1] = ["weight"];

    fn constants(p: &Parameters<'_, Self>) -> [f64; 1] {
        reals!(p, Self, ["p_transmit"])
    }

    #[inline]
    fn send(k: &[f64; 1], s: &mut [f64; 1], _: Spike, _: &(), _: (), shared: &mut Shared) -> Option<f64> {
        (shared.chance.uniform() < k[0]).then_some(s[0])
    }
}
