//! What the parameters of a model must be to each other.

use super::number::number;

/// A relation between two parameters of one neuron.
#[derive(Clone, Copy, Debug)]
pub enum Relation {
    /// The first must be smaller than the second.
    Less(&'static str, &'static str),
    /// The first must not be larger than the second.
    NotGreater(&'static str, &'static str),
    /// Both must be the same.
    Equal(&'static str, &'static str),
    /// They must not be the same.
    Differ(&'static str, &'static str),
    /// Of synapses: both have the same sign, 0 counting as positive. Otherwise the model still runs,
    /// but hardly as meant.
    SameSign(&'static str, &'static str),
    /// Of synapses: both have the same sign, or the first is 0. Otherwise as before.
    SameSignOrZero(&'static str, &'static str),
    /// Of synapses: the first is positive or 0 where the second is positive, else negative. Otherwise as before.
    PositiveTogether(&'static str, &'static str),
    /// Together they must not exceed this.
    SumAtMost(&'static str, &'static str, f64),
    /// (high − low)/scale, an exponent, must be less than `below`; a scale of 0 switches the term off.
    Exponent { high: &'static str, low: &'static str, scale: &'static str, below: f64 },
    /// The mean interval 1000/rate (ms) must not be shorter than the second.
    Period { rate: &'static str, least: &'static str },
    /// It must be longer than the second.
    LongerPeriod { rate: &'static str, least: &'static str },
}

impl Relation {
    /// The parameters that it binds.
    pub fn parameters(&self) -> Vec<&'static str> {
        match *self {
            Relation::Less(a, b) | Relation::NotGreater(a, b) | Relation::SameSign(a, b) => vec![a, b],
            Relation::PositiveTogether(a, b) | Relation::SameSignOrZero(a, b) => vec![a, b],
            Relation::Equal(a, b) | Relation::Differ(a, b) => vec![a, b],
            Relation::SumAtMost(a, b, _) => vec![a, b],
            Relation::Exponent { high, low, scale, .. } => vec![scale, high, low],
            Relation::Period { rate, least } | Relation::LongerPeriod { rate, least } => vec![rate, least],
        }
    }
    /// Whether it holds between these values of them.
    pub fn holds(&self, values: &[f64]) -> bool {
        match (self, values) {
            (Relation::Less(..), [a, b]) => a < b,
            (Relation::NotGreater(..), [a, b]) => a <= b,
            (Relation::Equal(..), [a, b]) => a == b,
            (Relation::Differ(..), [a, b]) => a != b,
            (Relation::SameSign(..), [a, b]) => (*a >= 0.0) == (*b >= 0.0),
            (Relation::SameSignOrZero(..), [a, b]) => *a == 0.0 || a.is_sign_negative() == b.is_sign_negative(),
            (Relation::PositiveTogether(..), [a, b]) => (*a >= 0.0) == (*b > 0.0),
            (Relation::SumAtMost(_, _, most), [a, b]) => a + b <= *most,
            (Relation::Exponent { below, .. }, [scale, high, low]) => *scale == 0.0 || (high - low) / scale < *below,
            (Relation::Period { .. }, [rate, least]) => *rate == 0.0 || 1000.0 / rate >= *least,
            (Relation::LongerPeriod { .. }, [rate, least]) => *rate == 0.0 || 1000.0 / rate > *least,
            _ => false,
        }
    }
    /// Whether the model also runs where it does not hold, though hardly as meant.
    pub fn is_advice(&self) -> bool {
        matches!(self, Relation::SameSign(..) | Relation::SameSignOrZero(..) | Relation::PositiveTogether(..))
    }
    /// What the parameter at place `which` must be, given the values of all: "must be < V_th (-55 mV)".
    pub fn demand(&self, which: usize, values: &[f64], unit: &str) -> String {
        let space = if unit.is_empty() { "" } else { " " };
        let names = self.parameters();
        let other = |sign: &str| {
            let place = 1 - which.min(1);
            format!("{sign} {} ({}{space}{unit})", names[place], number(values[place]))
        };
        match self {
            Relation::Less(..) => other(if which == 0 { "must be <" } else { "must be >" }),
            Relation::NotGreater(..) => other(if which == 0 { "must be ≤" } else { "must be ≥" }),
            Relation::Equal(..) => other("must be the same as"),
            Relation::Differ(..) => other("must differ from"),
            Relation::SameSign(..) | Relation::SameSignOrZero(..) | Relation::PositiveTogether(..) => {
                other("must have the sign of")
            }
            Relation::SumAtMost(_, _, most) => other(&format!("must not exceed {} together with", number(*most))),
            Relation::Period { .. } if which == 0 => format!("must be ≤ 1000 / {}", names[1]),
            Relation::LongerPeriod { .. } if which == 0 => format!("must be < 1000 / {}", names[1]),
            Relation::LongerPeriod { .. } => {
                format!("must be < 1000 / {} ({} ms)", names[0], number(1000.0 / values[0]))
            }
            Relation::Period { .. } => format!("must be ≤ 1000 / {} ({} ms)", names[0], number(1000.0 / values[0])),
            Relation::Exponent { high, low, scale, below } => {
                format!("({high} - {low}) / {scale} must be < {}", number(*below))
            }
        }
    }
}
