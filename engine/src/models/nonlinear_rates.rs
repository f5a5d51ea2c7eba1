//! Rate neurons whose input passes a bent function: tanh, threshold-linear, sigmoids, a Gaussian; with noise at the input
//! or at the output.
//!
//! ipn: tau dX = (−lambda X + mu + φ(input)) dt + √tau sigma dW;  opn: tau dX/dt = −X + mu + φ(input), shown with noise
//!
//! Hahne et al. 2017, Front Neuroinform 11:34; Gancarz & Grossberg 1998, Neural Netw 11:1159.

use super::declare::*;
use super::lin_rate::{INITIAL, LAMBDA, LIN_RATE_IPN, LIN_RATE_OPN, MU, RECTIFY_OUTPUT, RECTIFY_RATE, SIGMA, TAU};
use crate::math;
use crate::runtime::neurons::rates::{Gain, InputNoise, OutputNoise, RateNeuron};
use crate::runtime::neurons::units::Units;
use crate::runtime::parameters::{Declared, Parameters, declared, real as get, reals};

/// φ(u) = tanh(g (u − theta)).
#[derive(Clone, Copy)]
pub struct Tanh {
    g: f64,
    theta: f64,
}

impl Gain for Tanh {
    fn of<M: Declared>(p: &Parameters<'_, M>) -> Self {
        let [g, theta] = reals!(p, M, ["g", "theta"]);
        Tanh { g, theta }
    }
    fn phi(self, u: f64) -> f64 {
        math::tanh(self.g * (u - self.theta))
    }
}

/// φ(u) = g (u − theta), no less than 0 and no more than alpha.
#[derive(Clone, Copy)]
pub struct ThresholdLinear {
    g: f64,
    theta: f64,
    alpha: f64,
}

impl Gain for ThresholdLinear {
    fn of<M: Declared>(p: &Parameters<'_, M>) -> Self {
        let [g, theta, alpha] = reals!(p, M, ["g", "theta", "alpha"]);
        ThresholdLinear { g, theta, alpha }
    }
    fn phi(self, u: f64) -> f64 {
        (self.g * (u - self.theta)).max(0.0).min(self.alpha)
    }
}

/// φ(u) = g / (1 + exp(−beta (u − theta))).
#[derive(Clone, Copy)]
pub struct Sigmoid {
    g: f64,
    beta: f64,
    theta: f64,
}

impl Gain for Sigmoid {
    fn of<M: Declared>(p: &Parameters<'_, M>) -> Self {
        let [g, beta, theta] = reals!(p, M, ["g", "beta", "theta"]);
        Sigmoid { g, beta, theta }
    }
    fn phi(self, u: f64) -> f64 {
        self.g / (1.0 + math::exp(-self.beta * (u - self.theta)))
    }
}

/// φ(u) = (g u)⁴ / (0.1⁴ + (g u)⁴).
#[derive(Clone, Copy)]
pub struct SteepSigmoid {
    g: f64,
}

impl Gain for SteepSigmoid {
    fn of<M: Declared>(p: &Parameters<'_, M>) -> Self {
        SteepSigmoid { g: get!(p, M, "g") }
    }
    fn phi(self, u: f64) -> f64 {
        let square = (self.g * u) * (self.g * u);
        // Right at 0 and where the fourth power is larger than any number, too.
        1.0 / (1.0 + 1e-4 / (square * square))
    }
}

/// φ(u) = g exp(−(u − mu)² / (2 sigma²)).
#[derive(Clone, Copy)]
pub struct Gaussian {
    g: f64,
    mu: f64,
    sigma: f64,
}

impl Gain for Gaussian {
    fn of<M: Declared>(p: &Parameters<'_, M>) -> Self {
        let [g, mu, sigma] = reals!(p, M, ["g", "mu", "sigma"]);
        Gaussian { g, mu, sigma }
    }
    fn phi(self, u: f64) -> f64 {
        let away = u - self.mu;
        // A width of 0 leaves the peak alone.
        let part = if away == 0.0 { 0.0 } else { away / self.sigma };
        self.g * math::exp(-0.5 * part * part)
    }
    /// The noise and the constant input share parameters with the Gaussian unless they have values of their own.
    fn mean_and_noise<M: Declared>(p: &Parameters<'_, M>) -> [f64; 2] {
        let own = |own: f64, shared: f64| if own.is_finite() { own } else { shared };
        [own(get!(p, M, "mean"), get!(p, M, "mu")), own(get!(p, M, "std"), get!(p, M, "sigma"))]
    }
}

pub const LINEAR_SUMMATION: Parameter =
    flag("linear_summation", true).doc("The input function acts on the sum of inputs, not on each of them");
const MULT_COUPLING: Parameter = flag("mult_coupling", false)
    .acts_if_on("linear_summation")
    .doc("The input function acts on excitation and inhibition apart");

const INPUT_NOISE: Group = Group {
    title: "Rate",
    parameters: &[TAU, MU, SIGMA, LAMBDA, RECTIFY_OUTPUT, RECTIFY_RATE, LINEAR_SUMMATION, MULT_COUPLING],
};
const OUTPUT_NOISE: Group = Group { title: "Rate", parameters: &[TAU, MU, SIGMA, LINEAR_SUMMATION, MULT_COUPLING] };

const G: Parameter = real("g", "", 1.0).main(0.0, 5.0).doc("Gain: steepness or height of the input function");
const THETA: Parameter = real("theta", "", 0.0).main(-5.0, 5.0).doc("Input at which the function has its threshold");

pub const TANH: Group = Group { title: "Input function", parameters: &[G, THETA] };
pub const THRESHOLD_LINEAR: Group = Group {
    title: "Input function",
    parameters: &[
        G,
        THETA,
        real("alpha", "", f64::INFINITY).slider(0.0, 10.0).doc("What the input function does not exceed"),
    ],
};
pub const SIGMOID: Group = Group {
    title: "Input function",
    parameters: &[G, THETA, real("beta", "", 1.0).main(0.0, 10.0).doc("Steepness of the sigmoid")],
};
pub const STEEP_SIGMOID: Group = Group { title: "Input function", parameters: &[G] };
pub const GAUSSIAN: Group = Group { title: "Input function", parameters: &[G, CENTRE, WIDTH.at_least(0.0)] };

pub const CENTRE: Parameter = real("mu", "", 0.0)
    .main(-10.0, 10.0)
    .doc("Input at the peak of the Gaussian; the constant input too, unless mean is given");
pub const WIDTH: Parameter = real("sigma", "", 0.0)
    .main(0.0, 5.0)
    .starts_at(1.0)
    .doc("Width of the Gaussian; the strength of the noise too, unless std is given");

/// What its own mean and noise are besides the Gaussian.
const GAUSSIAN_RATE: Group = Group {
    title: "Rate",
    parameters: &[
        TAU,
        real("mean", "", f64::INFINITY).slider(-10.0, 10.0).doc("Constant input; inf: the same as mu"),
        real("std", "", f64::INFINITY)
            .at_least(0.0)
            .slider(0.0, 5.0)
            .doc("Strength of the noise; inf: the same as sigma"),
        LAMBDA,
        RECTIFY_OUTPUT,
        RECTIFY_RATE,
        LINEAR_SUMMATION,
        MULT_COUPLING,
    ],
};

macro_rules! model {
    ($type:ident, $model:ident, $name:literal, $gain:ty, $noise:ty, $from:ident, $groups:expr, $title:literal, $doc:literal,
     $equations:expr, $called:expr) => {
        pub const $model: Model = Model {
            name: $name,
            title: $title,
            doc: $doc,
            equations: $equations,
            groups: $groups,
            behaviour: Behaviour::neurons(Units::<RateNeuron<$type, $gain, $noise>>::make, &[Signal::Rate]),
            facts: $from.facts.also_called($called),
            ..$from
        };

        #[derive(Clone)]
        pub struct $type;
        declared!($type, $model);
    };
}

model!(
    TanhRateIpn,
    TANH_RATE_IPN,
    "tanh_rate_ipn",
    Tanh,
    InputNoise,
    LIN_RATE_IPN,
    &[INPUT_NOISE, TANH, INITIAL],
    "Tanh rate, input noise",
    "A rate that follows a hyperbolic tangent of its input; noise enters with the input",
    "tau dX = (−lambda X + mu + φ(input)) dt + √tau sigma dW\nφ(u) = tanh(g (u − theta))",
    &["tanh unit", "saturating rate", "Sompolinsky rate network"]
);
model!(
    TanhRateOpn,
    TANH_RATE_OPN,
    "tanh_rate_opn",
    Tanh,
    OutputNoise,
    LIN_RATE_OPN,
    &[OUTPUT_NOISE, TANH, INITIAL],
    "Tanh rate, output noise",
    "A rate that follows a hyperbolic tangent of its input and is shown to others with noise",
    "tau dX/dt = −X + mu + φ(input)\nshown: X + √(tau/h) sigma ξ\nφ(u) = tanh(g (u − theta))",
    &["tanh unit, output noise"]
);
model!(
    ThresholdLinRateIpn,
    THRESHOLD_LIN_RATE_IPN,
    "threshold_lin_rate_ipn",
    ThresholdLinear,
    InputNoise,
    LIN_RATE_IPN,
    &[INPUT_NOISE, THRESHOLD_LINEAR, INITIAL],
    "Threshold-linear rate, input noise",
    "A rate that follows its input above a threshold and below a bound; noise enters with the input",
    "tau dX = (−lambda X + mu + φ(input)) dt + √tau sigma dW\nφ(u) = g (u − theta), at least 0, at most alpha",
    &["ReLU", "rectified linear unit", "threshold-linear unit"]
);
model!(
    ThresholdLinRateOpn,
    THRESHOLD_LIN_RATE_OPN,
    "threshold_lin_rate_opn",
    ThresholdLinear,
    OutputNoise,
    LIN_RATE_OPN,
    &[OUTPUT_NOISE, THRESHOLD_LINEAR, INITIAL],
    "Threshold-linear rate, output noise",
    "A rate that follows its input above a threshold and below a bound, and is shown to others with noise",
    "tau dX/dt = −X + mu + φ(input)\nshown: X + √(tau/h) sigma ξ\nφ(u) = g (u − theta), at least 0, at most alpha",
    &["ReLU, output noise", "rectified linear unit, output noise"]
);
model!(
    SigmoidRateIpn,
    SIGMOID_RATE_IPN,
    "sigmoid_rate_ipn",
    Sigmoid,
    InputNoise,
    LIN_RATE_IPN,
    &[INPUT_NOISE, SIGMOID, INITIAL],
    "Sigmoidal rate, input noise",
    "A rate that follows a logistic function of its input; noise enters with the input",
    "tau dX = (−lambda X + mu + φ(input)) dt + √tau sigma dW\nφ(u) = g / (1 + exp(−beta (u − theta)))",
    &["logistic unit", "Wilson-Cowan rate"]
);
model!(
    SigmoidRateGg1998Ipn,
    SIGMOID_RATE_GG_1998_IPN,
    "sigmoid_rate_gg_1998_ipn",
    SteepSigmoid,
    InputNoise,
    LIN_RATE_IPN,
    &[INPUT_NOISE, STEEP_SIGMOID, INITIAL],
    "Steep sigmoidal rate, input noise",
    "A rate that follows a steep sigmoid of the fourth power of its input; noise enters with the input",
    "tau dX = (−lambda X + mu + φ(input)) dt + √tau sigma dW\nφ(u) = (g u)⁴ / (0.1⁴ + (g u)⁴)",
    &["Gancarz-Grossberg unit", "saccade generator unit"]
);
model!(
    GaussRateIpn,
    GAUSS_RATE_IPN,
    "gauss_rate_ipn",
    Gaussian,
    InputNoise,
    LIN_RATE_IPN,
    &[GAUSSIAN_RATE, GAUSSIAN, INITIAL],
    "Gaussian rate, input noise",
    "A rate that is largest at one strength of its input; noise enters with the input",
    "tau dX = (−lambda X + mean + φ(input)) dt + √tau std dW\nφ(u) = g exp(−(u − mu)² / (2 sigma²))",
    &["Gaussian unit", "tuned unit", "radial basis unit"]
);
