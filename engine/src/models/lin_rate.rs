//! Linear rate neurons, with noise at the input or at the output.
//!
//! ipn: tau dX = (−lambda X + mu + φ(input)) dt + √tau sigma dW;  opn: tau dX/dt = −X + mu + φ(input), shown with noise
//! φ(u) = g u
//!
//! Hahne et al. 2017, Front Neuroinform 11:34.

use super::declare::*;
use crate::runtime::neurons::rates::{Gain, InputNoise, OutputNoise, RateNeuron};
use crate::runtime::neurons::units::Units;
use crate::runtime::parameters::{Declared, Parameters, declared, reals};

/// φ(u) = g u; with multiplicative coupling inputs count g_ex (theta_ex − X) and g_in (theta_in + X).
#[derive(Clone, Copy)]
pub struct Linear {
    g: f64,
    g_ex: f64,
    g_in: f64,
    theta_ex: f64,
    theta_in: f64,
}

impl Gain for Linear {
    fn of<M: Declared>(p: &Parameters<'_, M>) -> Self {
        let [g, g_ex, g_in, theta_ex, theta_in] = reals!(p, M, ["g", "g_ex", "g_in", "theta_ex", "theta_in"]);
        Linear { g, g_ex, g_in, theta_ex, theta_in }
    }
    fn phi(self, u: f64) -> f64 {
        self.g * u
    }
    fn excitatory_factor(self, rate: f64) -> f64 {
        self.g_ex * (self.theta_ex - rate)
    }
    fn inhibitory_factor(self, rate: f64) -> f64 {
        self.g_in * (self.theta_in + rate)
    }
}

pub const GAIN: Group = Group {
    title: "Input function",
    parameters: &[
        real("g", "", 1.0).main(0.0, 5.0).doc("Gain: what a unit of input adds"),
        real("g_ex", "", 1.0).acts_if_on("mult_coupling").doc("Factor on excitatory input in multiplicative coupling"),
        real("g_in", "", 1.0).acts_if_on("mult_coupling").doc("Factor on inhibitory input in multiplicative coupling"),
        real("theta_ex", "", 0.0).acts_if_on("mult_coupling").doc("Rate at which excitatory input has no effect"),
        real("theta_in", "", 0.0)
            .acts_if_on("mult_coupling")
            .doc("Negative rate at which inhibitory input has no effect"),
    ],
};

pub const TAU: Parameter = real("tau", "ms", 10.0).above(0.0).main(1.0, 100.0).doc("Time constant");
pub const LAMBDA: Parameter = real("lambda", "", 1.0).at_least(0.0).slider(0.0, 2.0).doc("Strength of the decay");
pub const MU: Parameter = real("mu", "", 0.0).main(-10.0, 10.0).doc("Constant input").aliases(&["mean"]);
pub const SIGMA: Parameter =
    real("sigma", "", 1.0).at_least(0.0).main(0.0, 5.0).doc("Strength of the noise").aliases(&["std"]);
pub const RECTIFY_OUTPUT: Parameter = flag("rectify_output", false).doc("The rate does not fall below rectify_rate");
pub const RECTIFY_RATE: Parameter =
    real("rectify_rate", "", 0.0).at_least(0.0).acts_if_on("rectify_output").doc("Smallest rate, if rectified");
pub const LINEAR_SUMMATION: Parameter = flag("linear_summation", true)
    .acts_never(
        "the input function of this model is linear, so that it is the same for the sum of inputs and for each of them",
    )
    .doc("The input function acts on the sum of inputs, not on each of them");
pub const MULT_COUPLING: Parameter =
    flag("mult_coupling", false).doc("Input counts by how far the rate is from its bounds");
pub const INITIAL: Group =
    Group { title: "Initial state", parameters: &[state("rate", "", 0.0).slider(-10.0, 10.0).doc("Rate")] };

const INPUT_NOISE: Group = Group {
    title: "Rate",
    parameters: &[TAU, MU, SIGMA, LAMBDA, RECTIFY_OUTPUT, RECTIFY_RATE, LINEAR_SUMMATION, MULT_COUPLING],
};

const OUTPUT_NOISE: Group = Group { title: "Rate", parameters: &[TAU, MU, SIGMA, LINEAR_SUMMATION, MULT_COUPLING] };

pub const RATE: Recordable = Recordable::new("rate", "", "Rate");
pub const NOISE: Recordable = Recordable::new("noise", "", "Noise of the step");
pub const NOISY_RATE: Recordable = Recordable::new("noisy_rate", "", "Rate as shown to others");

/// Noise at the input.
pub const LIN_RATE_IPN: Model = Model {
    name: "lin_rate_ipn",
    title: "Linear rate, input noise",
    doc: "A rate that follows its input with a time constant; noise enters with the input",
    equations: "tau dX = (−lambda X + mu + φ(input)) dt + √tau sigma dW\nφ(u) = g u",
    reference: "Hahne et al. 2017, Front Neuroinform 11:34",
    groups: &[INPUT_NOISE, GAIN, INITIAL],
    recordables: &[RATE, NOISE],
    ports: &[Port::signal(0, Signal::Rate, "", "Rates of other neurons").signed()],
    relations: &[],
    behaviour: Behaviour::neurons(Units::<RateNeuron<LinRateIpn, Linear, InputNoise>>::make, &[Signal::Rate]),
    facts: Facts::NONE.also_called(&["rate neuron", "firing-rate model", "linear rate unit"]).section(Section::Rates),
};

/// Noise at the output.
pub const LIN_RATE_OPN: Model = Model {
    name: "lin_rate_opn",
    title: "Linear rate, output noise",
    doc: "A rate that follows its input with a time constant and is shown to others with noise",
    equations: "tau dX/dt = −X + mu + φ(input)\nshown: X + √(tau/h) sigma ξ\nφ(u) = g u",
    groups: &[OUTPUT_NOISE, GAIN, INITIAL],
    recordables: &[RATE, NOISE, NOISY_RATE],
    behaviour: Behaviour::neurons(Units::<RateNeuron<LinRateOpn, Linear, OutputNoise>>::make, &[Signal::Rate]),
    facts: LIN_RATE_IPN.facts.also_called(&["rate neuron, output noise", "linear rate unit, output noise"]),
    ..LIN_RATE_IPN
};

#[derive(Clone)]
pub struct LinRateIpn;
declared!(LinRateIpn, LIN_RATE_IPN);

#[derive(Clone)]
pub struct LinRateOpn;
declared!(LinRateOpn, LIN_RATE_OPN);
