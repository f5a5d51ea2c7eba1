//! Values of parameters, weights and delays: numbers, lists, distributions.

use serde::{Deserialize, Serialize};

use super::space::Kernel;
use crate::math;

/// What a user gives for a parameter, a weight or a delay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    Real(f64),
    Flag(bool),
    Text(String),
    /// One value a neuron or synapse, or the value of a list parameter.
    List(Vec<f64>),
    /// Weights by target and source, or one list a neuron for list parameters.
    Lists(Vec<Vec<f64>>),
    /// One switch a neuron.
    Flags(Vec<bool>),
    /// Names, such as recordables.
    Names(Vec<String>),
    /// Entries with keys, such as compartments.
    Table(Vec<Row>),
    Distribution(Distribution),
    /// From one number to another over a population.
    Range(Range),
    /// A function of the distance between source and target, or of the place of a neuron.
    Spatial(Kernel),
}

/// Numbers and words by key; keys that stand together under a name are written `params.C_m`.
pub type Row = std::collections::BTreeMap<String, Value>;

/// A distribution that a value is drawn from, once a neuron or synapse.
///
/// With `min` or `max`, values outside are drawn again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    pub shape: Shape,
    pub min: Option<f64>,
    pub max: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Shape {
    Normal {
        mean: f64,
        std: f64,
    },
    /// `mean` and `std` of the underlying normal distribution, as in NEST.
    Lognormal {
        mean: f64,
        std: f64,
    },
    /// On [low, high).
    Uniform {
        low: f64,
        high: f64,
    },
    /// With this mean.
    Exponential {
        beta: f64,
    },
}

/// Numbers from the first to the last neuron of a population, at equal distances or equal ratios.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    pub from: f64,
    pub to: f64,
    /// Each number is that before it times a factor, not plus a step.
    pub logarithmic: bool,
}

/// A range of more numbers is not written out to be looked at.
const MOST_LISTED: usize = 1_000_000;

impl Range {
    pub fn name(&self) -> &'static str {
        if self.logarithmic { "logarithmic" } else { "linear" }
    }
    /// Number `i` of `n`; the ends are met exactly.
    pub fn at(&self, i: usize, n: usize) -> f64 {
        let Range { from, to, logarithmic } = *self;
        match i {
            0 => from,
            _ if i + 1 >= n => to,
            _ => {
                let share = i as f64 / (n - 1) as f64;
                if logarithmic { from * math::exp(share * math::ln(to / from)) } else { from + share * (to - from) }
            }
        }
    }
    /// The numbers, or so many of them, both ends included, that what holds of all holds of these.
    pub fn some_values(&self, n: usize) -> Vec<f64> {
        self.values(n.min(MOST_LISTED))
    }
    pub fn values(&self, n: usize) -> Vec<f64> {
        (0..n).map(|i| self.at(i, n)).collect()
    }
}

impl Shape {
    pub fn name(&self) -> &'static str {
        match self {
            Shape::Normal { .. } => "normal",
            Shape::Lognormal { .. } => "lognormal",
            Shape::Uniform { .. } => "uniform",
            Shape::Exponential { .. } => "exponential",
        }
    }
    /// Its numbers with their names.
    pub fn numbers(&self) -> Vec<(&'static str, f64)> {
        match *self {
            Shape::Normal { mean, std } | Shape::Lognormal { mean, std } => vec![("mean", mean), ("std", std)],
            Shape::Uniform { low, high } => vec![("low", low), ("high", high)],
            Shape::Exponential { beta } => vec![("beta", beta)],
        }
    }
}

impl Value {
    pub fn as_real(&self) -> Option<f64> {
        match self {
            Value::Real(x) => Some(*x),
            _ => None,
        }
    }
    /// A value that stands for all of them: the constant, or the middle of what varies.
    pub fn typical(&self) -> f64 {
        match self {
            Value::Real(x) => *x,
            Value::List(xs) if !xs.is_empty() => xs.iter().sum::<f64>() / xs.len() as f64,
            Value::Lists(rows) => {
                let (sum, n) = rows.iter().flatten().fold((0.0, 0usize), |(s, n), x| (s + x, n + 1));
                if n == 0 { 0.0 } else { sum / n as f64 }
            }
            Value::Distribution(d) => match d.shape {
                Shape::Normal { mean, .. } => mean,
                Shape::Lognormal { mean, std } => math::exp(mean + 0.5 * std * std),
                Shape::Uniform { low, high } => 0.5 * (low + high),
                Shape::Exponential { beta } => beta,
            },
            Value::Range(range) => 0.5 * (range.from + range.to),
            Value::Spatial(kernel) => kernel.typical(),
            _ => 0.0,
        }
    }
}

impl Value {
    /// The smallest number that it is, holds or can give; infinite where it holds none.
    pub fn lowest(&self) -> f64 {
        match self {
            Value::Real(x) => *x,
            Value::List(xs) => xs.iter().copied().fold(f64::INFINITY, f64::min),
            Value::Lists(rows) => rows.iter().flatten().copied().fold(f64::INFINITY, f64::min),
            Value::Distribution(d) => {
                let of_shape = match d.shape {
                    Shape::Normal { std: 0.0, mean } => mean,
                    Shape::Normal { .. } => f64::NEG_INFINITY,
                    Shape::Lognormal { .. } | Shape::Exponential { .. } => 0.0,
                    Shape::Uniform { low, .. } => low,
                };
                d.min.map_or(of_shape, |min| min.max(of_shape))
            }
            Value::Range(range) => range.from.min(range.to),
            Value::Spatial(kernel) => kernel.least(0.0, f64::INFINITY),
            _ => f64::INFINITY,
        }
    }

    /// With the other sign: excitation becomes inhibition, or the reverse. Lognormal and exponential
    /// distributions have no mirror image among their like; they become constant.
    pub fn negated(&self) -> Value {
        // Not `-x`, which makes a negative zero.
        let negative = |x: f64| 0.0 - x;
        let list = |xs: &Vec<f64>| -> Vec<f64> { xs.iter().map(|&x| negative(x)).collect() };
        match self {
            Value::Real(x) => Value::Real(negative(*x)),
            Value::List(xs) => Value::List(list(xs)),
            Value::Lists(rows) => Value::Lists(rows.iter().map(list).collect()),
            Value::Distribution(Distribution { shape, min, max }) => {
                let shape = match *shape {
                    Shape::Normal { mean, std } => Shape::Normal { mean: negative(mean), std },
                    Shape::Uniform { low, high } => Shape::Uniform { low: negative(high), high: negative(low) },
                    Shape::Lognormal { .. } | Shape::Exponential { .. } => {
                        return Value::Real(negative(self.typical()));
                    }
                };
                Value::Distribution(Distribution { shape, min: max.map(negative), max: min.map(negative) })
            }
            Value::Range(range) => Value::Range(Range { from: negative(range.from), to: negative(range.to), ..*range }),
            Value::Spatial(kernel) => {
                Value::Spatial(Kernel { times: negative(kernel.times), plus: negative(kernel.plus), ..*kernel })
            }
            other => other.clone(),
        }
    }
}

impl From<Range> for Value {
    fn from(range: Range) -> Self {
        Value::Range(range)
    }
}

impl From<Kernel> for Value {
    fn from(kernel: Kernel) -> Self {
        Value::Spatial(kernel)
    }
}

impl From<bool> for Value {
    fn from(on: bool) -> Self {
        Value::Flag(on)
    }
}

impl From<Vec<f64>> for Value {
    fn from(list: Vec<f64>) -> Self {
        Value::List(list)
    }
}

impl From<Distribution> for Value {
    fn from(distribution: Distribution) -> Self {
        Value::Distribution(distribution)
    }
}

impl From<Vec<Vec<f64>>> for Value {
    fn from(lists: Vec<Vec<f64>>) -> Value {
        Value::Lists(lists)
    }
}

/// Names, such as those of quantities to be recorded.
impl<const N: usize> From<[&str; N]> for Value {
    fn from(names: [&str; N]) -> Value {
        Value::Names(names.map(str::to_owned).to_vec())
    }
}

impl From<f64> for Value {
    fn from(x: f64) -> Self {
        Value::Real(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_meet_their_ends() {
        let linear = Range { from: -1.0, to: 3.0, logarithmic: false };
        assert_eq!(linear.values(5), [-1.0, 0.0, 1.0, 2.0, 3.0]);
        assert_eq!(linear.values(1), [-1.0]);
        let logarithmic = Range { from: 1.0, to: 1000.0, logarithmic: true }.values(4);
        assert_eq!((logarithmic[0], logarithmic[3]), (1.0, 1000.0));
        assert!((logarithmic[1] - 10.0).abs() < 1e-12 && (logarithmic[2] - 100.0).abs() < 1e-11, "{logarithmic:?}");
    }

    #[test]
    fn the_other_sign_mirrors_distributions() {
        let d = Distribution { shape: Shape::Uniform { low: 1.0, high: 3.0 }, min: None, max: Some(2.5) };
        let Value::Distribution(turned) = Value::Distribution(d).negated() else { panic!("no distribution") };
        assert_eq!(turned.shape, Shape::Uniform { low: -3.0, high: -1.0 });
        assert_eq!((turned.min, turned.max), (Some(-2.5), None));
        assert_eq!(Value::Real(20.0).negated(), Value::Real(-20.0));
    }
}
