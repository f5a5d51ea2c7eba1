//! The forms that a quantity can take: one number, a list, a distribution.

use spikeloom_engine::description::space::{Kernel, KernelShape};
use spikeloom_engine::description::{Distribution, Range, Shape, Value};

use super::number_field::round_for;
use super::space;

/// The forms a quantity can take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    Constant,
    List,
    Normal,
    Lognormal,
    Uniform,
    Exponential,
    Linear,
    Logarithmic,
    Spatial,
}

impl Form {
    pub const ALL: [Form; 9] = [
        Form::Constant,
        Form::List,
        Form::Linear,
        Form::Logarithmic,
        Form::Normal,
        Form::Lognormal,
        Form::Uniform,
        Form::Exponential,
        Form::Spatial,
    ];

    pub fn of(value: &Value) -> Form {
        match value {
            Value::List(_) | Value::Lists(_) => Form::List,
            Value::Distribution(d) => match d.shape {
                Shape::Normal { .. } => Form::Normal,
                Shape::Lognormal { .. } => Form::Lognormal,
                Shape::Uniform { .. } => Form::Uniform,
                Shape::Exponential { .. } => Form::Exponential,
            },
            Value::Range(range) if range.logarithmic => Form::Logarithmic,
            Value::Range(_) => Form::Linear,
            Value::Spatial(_) => Form::Spatial,
            _ => Form::Constant,
        }
    }
    pub fn title(self) -> &'static str {
        match self {
            Form::Constant => "Constant",
            Form::List => "List",
            Form::Normal => "Normal",
            Form::Lognormal => "Lognormal",
            Form::Uniform => "Uniform",
            Form::Exponential => "Exponential",
            Form::Linear => "Range",
            Form::Logarithmic => "Logarithmic range",
            Form::Spatial => "Spatial",
        }
    }
    pub fn doc(self) -> &'static str {
        match self {
            Form::Constant => "The same for all",
            Form::List => "One value each",
            Form::Normal => "Drawn from a bell curve",
            Form::Lognormal => "Drawn so that the logarithm follows a bell curve; always positive",
            Form::Uniform => "Drawn evenly between two bounds",
            Form::Exponential => "Drawn so that large values become ever rarer; always positive",
            Form::Linear => "From the first neuron to the last at equal distances; of synapses, over their targets",
            Form::Logarithmic => "From the first neuron to the last at equal ratios; of synapses, over their targets",
            Form::Spatial => "A function of the distance, or of where a neuron stands",
        }
    }
    /// Whether values of this form are drawn at random.
    pub fn is_drawn(self) -> bool {
        matches!(self, Form::Normal | Form::Lognormal | Form::Uniform | Form::Exponential)
    }
    /// Whether values of this form run over a population.
    pub fn is_range(self) -> bool {
        matches!(self, Form::Linear | Form::Logarithmic)
    }
    /// A value of this form with the same middle as another: `list` values if it is a list, within `limits`.
    pub fn of_the_middle(self, value: &Value, list: Option<usize>, limits: (f64, f64)) -> Value {
        let typical = value.typical();
        let middle = if typical.is_finite() { typical } else { 0.0 };
        let width = if middle == 0.0 { 1.0 } else { round_for(0.1 * middle.abs(), 0.01 * middle.abs(), false) };
        let shape = match self {
            Form::Constant => return Value::Real(typical),
            Form::List => return Value::List(vec![typical; list.unwrap_or(1)]),
            Form::Linear => {
                let (from, to) = ((middle - width).max(limits.0), (middle + width).min(limits.1));
                return Value::Range(Range { from, to, logarithmic: false });
            }
            Form::Logarithmic => {
                let (from, to) = (0.9 * middle, 1.1 * middle);
                let [from, to] = [from, to].map(|x| x.max(limits.0).min(limits.1));
                return Value::Range(Range { from, to, logarithmic: true });
            }
            Form::Spatial => {
                let kernel = space::usual(KernelShape::Gaussian, 1.0);
                return Value::Spatial(Kernel { times: 2.0 * middle, ..kernel });
            }
            Form::Exponential => Shape::Exponential { beta: middle },
            Form::Normal => Shape::Normal { mean: middle, std: width },
            Form::Lognormal => {
                let std = 0.5;
                let mean = middle.max(f64::MIN_POSITIVE).ln() - 0.5 * std * std;
                Shape::Lognormal { mean: round_for(mean, 1e-4, false), std }
            }
            Form::Uniform => {
                Shape::Uniform { low: (middle - width).max(limits.0), high: (middle + width).min(limits.1) }
            }
        };
        // A bell curve has tails: keep it where values are allowed.
        let normal = matches!(shape, Shape::Normal { .. });
        let min = (normal && limits.0.is_finite()).then_some(limits.0);
        let max = (normal && limits.1.is_finite()).then_some(limits.1);
        Value::Distribution(Distribution { shape, min, max })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_form_keeps_the_middle() {
        for form in Form::ALL {
            let value = form.of_the_middle(&Value::Real(20.0), Some(3), (f64::NEG_INFINITY, f64::INFINITY));
            assert_eq!(Form::of(&value), form);
            assert!((value.typical() - 20.0).abs() < 0.01, "{form:?}: {value:?}");
        }
    }

    #[test]
    fn a_bell_curve_is_cut_where_values_are_not_allowed() {
        let normal = Form::Normal.of_the_middle(&Value::Real(20.0), None, (0.001, f64::INFINITY));
        let Value::Distribution(d) = normal else { panic!("no distribution") };
        assert_eq!((d.min, d.max), (Some(0.001), None));
    }
}
