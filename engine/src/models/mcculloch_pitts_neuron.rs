//! Binary neuron with a sharp threshold, updated at random times.
//!
//! At intervals that are exponential with mean tau_m the state becomes 1 if h, the summed weights of the inputs that are
//! 1, exceeds theta, and else 0.
//!
//! McCulloch & Pitts 1943, Bull Math Biophys 5:115; van Vreeswijk & Sompolinsky 1998, Neural Comput 10:1321.

use super::declare::*;
use super::parts::binary::{Binary, FACTS, PORTS, RECORDABLES, Rule, TAU_M, parameters};
use crate::mechanisms::random::Stream;
use crate::runtime::neurons::units::Units;
use crate::runtime::parameters::{Declared, Parameters, declared, real as get};

pub const MODEL: Model = Model {
    name: "mcculloch_pitts_neuron",
    title: "Binary neuron, sharp threshold",
    doc: "Two states; at random times it takes state 1 if its input exceeds a threshold, else state 0",
    equations: "S = 1 if h > theta, else 0\nh: sum of the weights of inputs that are 1; updates at exponential intervals of mean tau_m",
    reference: "McCulloch & Pitts 1943, Bull Math Biophys 5:115",
    groups: &[parameters(&[TAU_M, real("theta", "", 0.0).main(-5.0, 5.0).doc("Threshold that the input must exceed")])],
    recordables: RECORDABLES,
    ports: PORTS,
    relations: &[],
    behaviour: Behaviour::neurons(Units::<Binary<McCullochPittsNeuron, Threshold>>::make, &[Signal::Transitions]),
    facts: FACTS.also_called(&["threshold unit", "Hopfield", "perceptron unit"]),
};

#[derive(Clone)]
pub struct McCullochPittsNeuron;
declared!(McCullochPittsNeuron);

/// 1 where the input exceeds a threshold.
#[derive(Clone)]
pub struct Threshold {
    theta: f64,
}

impl Rule for Threshold {
    fn of<M: Declared>(p: &Parameters<'_, M>) -> Self {
        Threshold { theta: get!(p, M, "theta") }
    }
    fn state(&self, u: f64, _: &mut Stream) -> bool {
        u > self.theta
    }
}
