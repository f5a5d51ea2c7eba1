//! Rate transformers: what they show is an input function of what they receive, one step later, without dynamics or noise.
//!
//! Hahne et al. 2017, Front Neuroinform 11:34.

use super::declare::*;
use super::lin_rate::{INITIAL, LIN_RATE_IPN, Linear, RATE};
use super::nonlinear_rates::{
    CENTRE, Gaussian, LINEAR_SUMMATION, SIGMOID, STEEP_SIGMOID, Sigmoid, SteepSigmoid, TANH, THRESHOLD_LINEAR, Tanh,
    ThresholdLinear, WIDTH,
};
use crate::runtime::neurons::rates::Transformer;
use crate::runtime::neurons::units::Units;
use crate::runtime::parameters::declared;

const SUMMATION: Group = Group { title: "Summation", parameters: &[LINEAR_SUMMATION] };

macro_rules! transformer {
    ($type:ident, $model:ident, $name:literal, $gain:ty, $function:expr, $title:literal, $doc:literal, $phi:literal,
     $called:expr) => {
        pub const $model: Model = Model {
            name: $name,
            title: $title,
            doc: $doc,
            equations: concat!("X = φ(input), one step later\n", $phi),
            groups: &[SUMMATION, $function, INITIAL],
            recordables: &[RATE],
            behaviour: Behaviour::neurons(Units::<Transformer<$type, $gain>>::make, &[Signal::Rate]),
            facts: Facts::NONE.also_called($called).section(Section::Rates),
            ..LIN_RATE_IPN
        };

        #[derive(Clone)]
        pub struct $type;
        declared!($type, $model);
    };
}

transformer!(
    TransformerLin,
    LIN,
    "rate_transformer_lin",
    Linear,
    GAIN,
    "Rate transformer, linear",
    "Passes the sum of its inputs on, times a gain, one step later",
    "φ(u) = g u",
    &["rate relay", "rate scaling"]
);
transformer!(
    TransformerTanh,
    TANH_TRANSFORMER,
    "rate_transformer_tanh",
    Tanh,
    TANH,
    "Rate transformer, tanh",
    "Passes a hyperbolic tangent of its inputs on, one step later",
    "φ(u) = tanh(g (u − theta))",
    &["tanh transformer"]
);
transformer!(
    TransformerThresholdLin,
    THRESHOLD_LIN,
    "rate_transformer_threshold_lin",
    ThresholdLinear,
    THRESHOLD_LINEAR,
    "Rate transformer, threshold-linear",
    "Passes what its inputs have above a threshold on, up to a bound, one step later",
    "φ(u) = g (u − theta), at least 0, at most alpha",
    &["ReLU transformer"]
);
transformer!(
    TransformerSigmoid,
    SIGMOID_TRANSFORMER,
    "rate_transformer_sigmoid",
    Sigmoid,
    SIGMOID,
    "Rate transformer, sigmoid",
    "Passes a logistic function of its inputs on, one step later",
    "φ(u) = g / (1 + exp(−beta (u − theta)))",
    &["logistic transformer"]
);
transformer!(
    TransformerSigmoidGg1998,
    SIGMOID_GG_1998,
    "rate_transformer_sigmoid_gg_1998",
    SteepSigmoid,
    STEEP_SIGMOID,
    "Rate transformer, steep sigmoid",
    "Passes a steep sigmoid of the fourth power of its inputs on, one step later",
    "φ(u) = (g u)⁴ / (0.1⁴ + (g u)⁴)",
    &["Gancarz-Grossberg transformer"]
);
transformer!(
    TransformerGauss,
    GAUSS,
    "rate_transformer_gauss",
    Gaussian,
    TUNING,
    "Rate transformer, Gaussian",
    "Passes a Gaussian function of its inputs on, one step later",
    "φ(u) = g exp(−(u − mu)² / (2 sigma²))",
    &["Gaussian transformer"]
);

const WHY: &str = "a transformer has no multiplicative coupling";
const GAIN: Group = Group {
    title: "Input function",
    parameters: &[
        real("g", "", 1.0).main(0.0, 5.0).doc("Gain: what a unit of input adds"),
        real("g_ex", "", 1.0).acts_never(WHY).doc("Of no effect, as in NEST"),
        real("g_in", "", 1.0).acts_never(WHY).doc("Of no effect, as in NEST"),
        real("theta_ex", "", 0.0).acts_never(WHY).doc("Of no effect, as in NEST"),
        real("theta_in", "", 0.0).acts_never(WHY).doc("Of no effect, as in NEST"),
    ],
};

const TUNING: Group = Group {
    title: "Input function",
    parameters: &[
        real("g", "", 1.0).main(0.0, 5.0).doc("Height of the Gaussian"),
        CENTRE.doc("Input at the peak of the Gaussian"),
        WIDTH.doc("Width of the Gaussian"),
    ],
};
