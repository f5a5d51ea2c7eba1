//! Single numbers of parameters, and values in words.

use crate::description::{DefaultValue, Edge, Parameter, Value, number};

/// What a value is, in words.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Real(x) => number(*x),
        Value::Flag(flag) => flag.to_string(),
        Value::Text(text) if text.chars().count() <= 30 => format!("the text \"{text}\""),
        Value::Text(_) => "a text".into(),
        Value::List(xs) => format!("a list of {}", xs.len()),
        Value::Lists(rows) => format!("a list of {} lists", rows.len()),
        Value::Flags(flags) => format!("a list of {} switches", flags.len()),
        Value::Names(names) => format!("a list of {} names", names.len()),
        Value::Table(records) => format!("a list of {} entries with keys", records.len()),
        Value::Distribution(d) => format!("a {} distribution", d.shape.name()),
        Value::Range(range) => format!("a {} range", range.name()),
        Value::Spatial(kernel) => format!("a function of space, {}", kernel.shape.name()),
    }
}

/// Whether a number is one that the parameter takes.
pub(super) fn check_number(parameter: &Parameter, x: f64) -> Result<(), String> {
    if !x.is_finite() && parameter.default != DefaultValue::Real(x) {
        return Err(format!("must be finite, is {}", number(x)));
    }
    if matches!(parameter.default, DefaultValue::Integer(_) | DefaultValue::Integers(_)) && x.fract() != 0.0 {
        return Err(format!("must be a whole number, is {}", number(x)));
    }
    if let Some(message) = parameter.exceeds(x) {
        return Err(message);
    }
    if parameter.allows(x) { Ok(()) } else { Err(format!("must be {}, is {}", range(parameter), number(x))) }
}

/// The allowed range with its unit.
pub(super) fn range(parameter: &Parameter) -> String {
    let range = match (parameter.min, parameter.max) {
        (Some((min, Edge::Included)), Some((max, Edge::Included))) if min == max => number(min),
        _ => parameter.range_text(),
    };
    if parameter.unit.is_empty() { range } else { format!("{range} {}", parameter.unit) }
}
