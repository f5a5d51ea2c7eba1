//! Binary neuron whose gain is the integral of a Gaussian, updated at random times.
//!
//! At intervals that are exponential with mean tau_m the state becomes 1 with probability
//! ½ erfc(−(h − theta)/(√2 sigma)), h the summed weights of the inputs that are 1.
//!
//! Ginzburg & Sompolinsky 1994, Phys Rev E 50:3171; McCulloch & Pitts 1943, Bull Math Biophys 5:115.

use super::declare::*;
use super::parts::binary::{Binary, FACTS, PORTS, RECORDABLES, Rule, TAU_M, parameters};
use crate::math;
use crate::mechanisms::random::Stream;
use crate::runtime::neurons::units::Units;
use crate::runtime::parameters::{Declared, Parameters, declared, reals};

pub const MODEL: Model = Model {
    name: "erfc_neuron",
    title: "Binary neuron, Gaussian noise",
    doc: "Two states; at random times it takes state 1 if its input with Gaussian noise exceeds a threshold",
    equations: "P(1) = ½ erfc(−(h − theta) / (√2 sigma))\nh: sum of the weights of inputs that are 1; updates at exponential intervals of mean tau_m",
    reference: "Ginzburg & Sompolinsky 1994, Phys Rev E 50:3171",
    groups: &[parameters(&[
        TAU_M,
        real("theta", "", 0.0).main(-5.0, 5.0).doc("Input at which both states are as likely"),
        real("sigma", "", 1.0).main(0.0, 5.0).doc("Width of the noise: 1/√(2π) over the steepest slope"),
    ])],
    recordables: RECORDABLES,
    ports: PORTS,
    relations: &[],
    behaviour: Behaviour::neurons(Units::<Binary<ErfcNeuron, GaussianRule>>::make, &[Signal::Transitions]),
    facts: FACTS.also_called(&["binary, error function", "noisy threshold unit"]),
};

#[derive(Clone)]
pub struct ErfcNeuron;
declared!(ErfcNeuron);

/// 1 with a probability that is the integral of a Gaussian.
#[derive(Clone)]
pub struct GaussianRule {
    theta: f64,
    sigma: f64,
}

impl Rule for GaussianRule {
    fn of<M: Declared>(p: &Parameters<'_, M>) -> Self {
        let [theta, sigma] = reals!(p, M, ["theta", "sigma"]);
        GaussianRule { theta, sigma }
    }
    fn state(&self, u: f64, chance: &mut Stream) -> bool {
        let away = (u - self.theta) / (std::f64::consts::SQRT_2 * self.sigma);
        chance.uniform() < 0.5 * math::erfc(-away)
    }
}
