//! Binary neuron with a sigmoidal gain, updated at random times.
//!
//! At intervals that are exponential with mean tau_m the state becomes 1 with probability
//! c_1 h + c_2/2 (1 + tanh(c_3 (h − theta))), h the summed weights of the inputs that are 1.
//!
//! Ginzburg & Sompolinsky 1994, Phys Rev E 50:3171; Morrison & Diesmann 2007, Lect Notes Phys.

use super::declare::*;
use super::parts::binary::{Binary, FACTS, PORTS, RECORDABLES, Rule, TAU_M, parameters};
use crate::math;
use crate::mechanisms::random::Stream;
use crate::runtime::neurons::units::Units;
use crate::runtime::parameters::{Declared, Parameters, declared, reals};

pub const MODEL: Model = Model {
    name: "ginzburg_neuron",
    title: "Binary neuron, sigmoidal",
    doc: "Two states; at random times it takes state 1 with a probability that grows with its input",
    equations: "P(1) = c_1 h + c_2/2 (1 + tanh(c_3 (h − theta)))\nh: sum of the weights of inputs that are 1; updates at exponential intervals of mean tau_m",
    reference: "Ginzburg & Sompolinsky 1994, Phys Rev E 50:3171",
    groups: &[parameters(&[
        TAU_M,
        real("theta", "", 0.0).main(-5.0, 5.0).doc("Input at the middle of the sigmoid"),
        real("c_3", "", 1.0).main(0.0, 10.0).doc("Slope of the sigmoid"),
        real("c_2", "", 1.0).slider(0.0, 1.0).doc("Height of the sigmoid"),
        real("c_1", "", 0.0).slider(0.0, 1.0).doc("Slope of the linear part"),
    ])],
    recordables: RECORDABLES,
    ports: PORTS,
    relations: &[],
    behaviour: Behaviour::neurons(Units::<Binary<GinzburgNeuron, TanhRule>>::make, &[Signal::Transitions]),
    facts: FACTS.also_called(&["binary", "Ising", "two-state neuron", "Glauber"]),
};

#[derive(Clone)]
pub struct GinzburgNeuron;
declared!(GinzburgNeuron);

/// 1 with a probability that is a hyperbolic tangent of the input and a linear part.
#[derive(Clone)]
pub struct TanhRule {
    theta: f64,
    c: [f64; 3],
}

impl Rule for TanhRule {
    fn of<M: Declared>(p: &Parameters<'_, M>) -> Self {
        let [theta, c_1, c_2, c_3] = reals!(p, M, ["theta", "c_1", "c_2", "c_3"]);
        TanhRule { theta, c: [c_1, c_2, c_3] }
    }
    fn state(&self, u: f64, chance: &mut Stream) -> bool {
        let probability = self.c[0] * u + 0.5 * self.c[1] * (1.0 + math::tanh(self.c[2] * (u - self.theta)));
        chance.uniform() < probability
    }
}
