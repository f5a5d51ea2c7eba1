//! Values of single parameters: type, number, range, resolution.

use super::numbers::{check_number, describe, range};
use super::{distribution, lists};
use crate::description::Resolution;
use crate::description::{Distribution, Range, Value, number};
use crate::models::{DefaultValue, Parameter};

/// Whether `value` is allowed for this parameter of a node of `n` neurons or devices;
/// if not, a sentence that says what was given and what is allowed.
///
/// # Errors
/// The sentence, such as "must be > 0 ms, is -3". What several parameters must hold
/// together is not looked at; that is [`check_node`](super::check_node).
pub fn check_parameter(parameter: &Parameter, value: &Value, n: usize, resolution: f64) -> Result<(), String> {
    if let Value::Range(range) = value {
        return check_range(parameter, range, n, resolution);
    }
    check_type(parameter, value)?;
    check_count(parameter, value, n)?;
    check_numbers(parameter, value)?;
    check_grid(parameter, value, resolution)?;
    check_words(parameter, value)
}

/// A range over the population is as good as the list that it stands for.
fn check_range(parameter: &Parameter, range: &Range, n: usize, resolution: f64) -> Result<(), String> {
    let name = range.name();
    if !parameter.is_number() || !parameter.per_neuron {
        let what = if parameter.is_number() { "must be the same for all" } else { "takes no range" };
        return Err(format!("{what}, is a {name} range"));
    }
    check_ends(range)?;
    let values = Value::List(range.some_values(n));
    let checked = check_numbers(parameter, &values).and_then(|()| check_grid(parameter, &values, resolution));
    checked.map_err(|message| format!("{message} of this {name} range"))
}

/// Whether there is a range between these ends.
pub(super) fn check_ends(range: &Range) -> Result<(), String> {
    for (end, x) in [("from", range.from), ("to", range.to)] {
        if !x.is_finite() {
            return Err(format!("{end} must be finite, is {}", number(x)));
        }
    }
    if range.logarithmic && range.from * range.to <= 0.0 {
        let (from, to) = (number(range.from), number(range.to));
        return Err(format!("a logarithmic range goes between numbers of one sign, here are {from} and {to}"));
    }
    Ok(())
}

/// Whether the numbers in `value` are of the right type and within the range of the parameter, however many they are.
pub(super) fn check_entries(parameter: &Parameter, value: &Value) -> Result<(), String> {
    if !matches!(value, Value::Lists(_)) {
        check_type(parameter, value)?;
    }
    check_numbers(parameter, value)
}

fn check_type(parameter: &Parameter, value: &Value) -> Result<(), String> {
    let fits = match parameter.default {
        DefaultValue::Real(_) | DefaultValue::Integer(_) => {
            matches!(value, Value::Real(_) | Value::List(_) | Value::Distribution(_))
        }
        DefaultValue::Flag(_) => matches!(value, Value::Flag(_) | Value::Flags(_)),
        DefaultValue::Reals(_) | DefaultValue::Integers(_) => matches!(value, Value::List(_) | Value::Lists(_)),
        DefaultValue::Names(_) => matches!(value, Value::Names(_)),
        DefaultValue::Text(_) => matches!(value, Value::Text(_)),
        DefaultValue::Table(_) => matches!(value, Value::Table(_)),
    };
    if fits {
        return Ok(());
    }
    let allowed = match parameter.default {
        DefaultValue::Real(_) => "a number",
        DefaultValue::Integer(_) => "a whole number",
        DefaultValue::Flag(_) => "true or false",
        DefaultValue::Reals(_) => "a list of numbers",
        DefaultValue::Integers(_) => "a list of whole numbers",
        DefaultValue::Names(_) => "a list of names, such as [\"V_m\"]",
        DefaultValue::Text(_) => "a text in quotes",
        DefaultValue::Table(_) => "a list of entries `[(name: value, …), …]`",
    };
    Err(format!("must be {allowed}, is {}", describe(value)))
}

/// Whether the value is one a neuron or device, and as many as there are.
fn check_count(parameter: &Parameter, value: &Value, n: usize) -> Result<(), String> {
    let is_list = matches!(parameter.default, DefaultValue::Reals(_) | DefaultValue::Integers(_));
    let given = match value {
        Value::List(xs) if !is_list => xs.len(),
        Value::Lists(rows) => rows.len(),
        Value::Flags(flags) => flags.len(),
        Value::Distribution(_) if parameter.per_neuron => return Ok(()),
        Value::Distribution(_) => n,
        _ => return Ok(()),
    };
    if !parameter.per_neuron {
        return Err(format!("must be the same for all, is {}", describe(value)));
    }
    if given == n {
        return Ok(());
    }
    let what = if is_list { "lists" } else { "values" };
    if n == 1 && given > 1 {
        return Err(format!("must be one value, for `n` is 1, here are {given}; set `n: {given}` for as many of them"));
    }
    Err(format!("must be one value or {n} {what}, one for each, here are {given}"))
}

pub(super) fn check_numbers(parameter: &Parameter, value: &Value) -> Result<(), String> {
    if let (Value::List(xs), Some(length)) = (value, parameter.length())
        && xs.len() != length
    {
        return Err(format!("must have {length} entries, has {}", xs.len()));
    }
    match value {
        Value::Real(x) => check_number(parameter, *x),
        Value::List(xs) => xs.iter().enumerate().try_for_each(|(i, &x)| {
            check_number(parameter, x).map_err(|message| format!("{message} (entry {})", i + 1))
        }),
        Value::Lists(rows) => rows.iter().enumerate().try_for_each(|(i, xs)| {
            xs.iter().enumerate().try_for_each(|(j, &x)| {
                check_number(parameter, x).map_err(|message| format!("{message} (list {}, entry {})", i + 1, j + 1))
            })
        }),
        Value::Distribution(distribution) => check_drawn(parameter, distribution),
        Value::Table(rows) => match parameter.default {
            DefaultValue::Table(declared) => lists::check_rows(declared, rows),
            _ => Ok(()),
        },
        Value::Flag(_) | Value::Flags(_) | Value::Text(_) | Value::Names(_) | Value::Range(_) | Value::Spatial(_) => {
            Ok(())
        }
    }
}

/// Whether the distribution can be drawn from and gives nothing that is not allowed.
fn check_drawn(parameter: &Parameter, drawn: &Distribution) -> Result<(), String> {
    distribution::check(drawn)?;
    if matches!(parameter.default, DefaultValue::Integer(_)) {
        return Err("must be a whole number, which is not drawn from a distribution".into());
    }
    let (low, high) = distribution::range(drawn);
    // An excluded edge of the range is met with probability 0.
    let too_low = parameter.min.is_some_and(|(min, _)| low < min);
    let too_high = parameter.max.is_some_and(|(max, _)| high > max);
    if !too_low && !too_high {
        return Ok(());
    }
    let bounds = match (too_low, too_high) {
        (true, false) => "min",
        (false, true) => "max",
        _ => "min and max",
    };
    let name = drawn.shape.name();
    Err(format!("must be {}, but this {name} distribution can give other values; set its {bounds}", range(parameter)))
}

/// Times that must fall on the resolution, and if they are not 0, into a later step than 0; durations of a step at least.
fn check_grid(parameter: &Parameter, value: &Value, resolution: f64) -> Result<(), String> {
    let (Value::Real(t), Some(resolution)) = (value, Resolution::new(resolution)) else {
        return Ok(());
    };
    // Durations are rounded to tics, then up to steps.
    if parameter.a_step && (t * 1000.0 + 0.5).floor() < 1.0 {
        return Err(format!("must last a step at least ({} ms), is {}", number(resolution.ms()), number(*t)));
    }
    if !parameter.on_grid || t.is_infinite() {
        return Ok(());
    }
    let h = number(resolution.ms());
    match resolution.step(*t) {
        None => Err(format!("must be a multiple of the resolution ({h} ms), is {}", number(*t))),
        // Less than half a tic, which rounds to nothing.
        Some(0.0) if *t != 0.0 && parameter.min.is_some() => {
            Err(format!("must be at least the resolution ({h} ms), is {}", number(*t)))
        }
        Some(_) => Ok(()),
    }
}

fn check_words(parameter: &Parameter, value: &Value) -> Result<(), String> {
    match value {
        Value::Text(word) if !parameter.words.is_empty() && parameter.place_of_word(word).is_none() => {
            let allowed: Vec<String> = parameter.words.iter().map(|word| format!("\"{word}\"")).collect();
            Err(format!("must be {}, is \"{word}\"", allowed.join(" or ")))
        }
        Value::Names(names) => match repeated(names) {
            Some(name) => Err(format!("`{name}` is listed twice")),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn repeated(names: &[String]) -> Option<&String> {
    names.iter().enumerate().find(|(i, name)| names[..*i].contains(name)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::Shape;
    use crate::models::{self, find};

    fn check(model: &str, name: &str, value: Value, n: usize) -> Result<(), String> {
        let model = find(model).unwrap();
        check_parameter(model.parameter(name).unwrap(), &value, n, 0.1)
    }
    fn error(model: &str, name: &str, value: impl Into<Value>) -> String {
        check(model, name, value.into(), 1).unwrap_err()
    }

    #[test]
    fn defaults_are_allowed() {
        for model in models::CATALOGUE {
            for parameter in model.parameters() {
                let value = Value::from(parameter.default);
                assert_eq!(check_parameter(parameter, &value, 1, 0.1), Ok(()), "{} {}", model.name, parameter.name);
            }
        }
    }

    #[test]
    fn ranges_tell_what_is_given_and_what_is_allowed() {
        assert_eq!(error("iaf_psc_alpha", "tau_m", -3.0), "must be > 0 ms, is -3");
        assert_eq!(error("iaf_psc_exp", "rho", -1.0), "must be ≥ 0 1/s, is -1");
        assert_eq!(error("spike_recorder", "n_events", 3.0), "must be 0, is 3");
    }

    #[test]
    fn types_must_fit() {
        assert_eq!(error("iaf_psc_alpha", "tau_m", Value::Text("x".into())), "must be a number, is the text \"x\"");
        assert_eq!(error("izhikevich", "consistent_integration", 1.0), "must be true or false, is 1");
        assert!(error("spike_generator", "spike_times", 1.0).contains("a list of numbers"));
        assert!(error("multimeter", "record_from", Value::Text("V_m".into())).contains("a list of names"));
        assert_eq!(
            error("spike_generator", "spike_multiplicities", Value::List(vec![1.5])),
            "must be a whole number, is 1.5 (entry 1)"
        );
    }

    #[test]
    fn lists_have_one_value_a_neuron() {
        assert_eq!(check("iaf_psc_alpha", "V_m", Value::List(vec![-70.0, -60.0]), 2), Ok(()));
        let error = check("iaf_psc_alpha", "V_m", Value::List(vec![-70.0, -60.0]), 3).unwrap_err();
        assert_eq!(error, "must be one value or 3 values, one for each, here are 2");
        let error = check("iaf_psc_alpha", "tau_m", Value::List(vec![1.0, 0.0]), 2).unwrap_err();
        assert_eq!(error, "must be > 0 ms, is 0 (entry 2)");
        assert!(check("spike_generator", "spike_times", Value::Lists(vec![vec![1.0]]), 2).is_err());
        assert!(check("dc_generator", "start", Value::List(vec![1.0, 2.0]), 2).unwrap_err().contains("same for all"));
    }

    #[test]
    fn only_infinite_defaults_may_be_infinite() {
        assert_eq!(check("iaf_psc_alpha", "V_min", Value::Real(f64::NEG_INFINITY), 1), Ok(()));
        assert_eq!(check("dc_generator", "stop", Value::Real(f64::INFINITY), 1), Ok(()));
        assert_eq!(error("dc_generator", "start", f64::INFINITY), "must be finite, is inf");
        assert_eq!(error("iaf_psc_alpha", "V_min", f64::INFINITY), "must be finite, is inf");
        assert!(check("iaf_psc_alpha", "V_m", Value::Real(f64::NAN), 1).is_err());
    }

    #[test]
    fn times_of_devices_lie_on_the_grid() {
        assert_eq!(error("dc_generator", "start", 0.05), "must be a multiple of the resolution (0.1 ms), is 0.05");
        assert!(error("multimeter", "interval", 0.25).contains("multiple"));
        assert!(error("multimeter", "interval", 0.0004).contains("at least the resolution"));
        assert!(error("noise_generator", "dt", 0.15).contains("multiple"));
        assert_eq!(check("multimeter", "offset", Value::Real(0.0), 1), Ok(()));
    }

    #[test]
    fn distributions_must_keep_to_the_range() {
        let normal =
            |min| Value::Distribution(Distribution { shape: Shape::Normal { mean: 10.0, std: 1.0 }, min, max: None });
        assert_eq!(check("iaf_psc_alpha", "V_m", normal(None), 5), Ok(()));
        assert!(check("iaf_psc_alpha", "tau_m", normal(None), 5).unwrap_err().contains("set its min"));
        assert_eq!(check("iaf_psc_alpha", "tau_m", normal(Some(0.0)), 5), Ok(()));
        assert!(check("dc_generator", "start", normal(None), 5).unwrap_err().contains("same for all"));
    }

    #[test]
    fn records_go_to_memory_or_a_file() {
        assert_eq!(
            error("spike_recorder", "record_to", Value::Text("nowhere".into())),
            "must be \"memory\" or \"ascii\", is \"nowhere\""
        );
    }
}
