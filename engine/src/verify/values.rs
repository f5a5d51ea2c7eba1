//! What stands in the JSON of a case, as values of parameters.

use serde_json::Value as Json;

use crate::description::{Row, Value};
use crate::models::{DefaultValue, Parameter};

/// Why a case does not become a project.
#[derive(Clone, Debug, PartialEq)]
pub enum Obstacle {
    /// This program lacks a model or rule that the case needs.
    Missing(String),
    /// The case asks for something that must be refused.
    Refused(String),
}

/// The value of a parameter; `Err` says what was expected.
pub fn value(parameter: &Parameter, json: &Json) -> Result<Value, &'static str> {
    match parameter.default {
        DefaultValue::Real(_) => match json {
            Json::Array(items) => numbers(items).map(Value::List),
            one => real(one).map(Value::Real),
        },
        DefaultValue::Integer(_) => json.as_i64().map(|i| Value::Real(i as f64)).ok_or("expected a whole number"),
        DefaultValue::Flag(_) => json.as_bool().map(Value::Flag).ok_or("expected true or false"),
        DefaultValue::Reals(_) | DefaultValue::Integers(_) => match json {
            Json::Array(items) => numbers(items).map(Value::List),
            // A list of one may be given as a number.
            one => one.as_f64().map(|x| Value::List(vec![x])).ok_or("expected a list of numbers"),
        },
        DefaultValue::Names(_) => {
            let words = json.as_array().map(|items| items.iter().map(|i| i.as_str().map(str::to_owned)).collect());
            words.flatten().map(Value::Names).ok_or("expected a list of names")
        }
        DefaultValue::Table(_) => {
            let entries = json.as_array().map_or(std::slice::from_ref(json), Vec::as_slice);
            entries.iter().map(record).collect::<Option<_>>().map(Value::Table).ok_or("expected entries with keys")
        }
        DefaultValue::Text(_) => json.as_str().map(|s| Value::Text(s.to_owned())).ok_or("expected a word"),
    }
}

/// An entry with keys; what stands in a dictionary within has keys such as `params.C_m`.
fn record(json: &Json) -> Option<Row> {
    let scalar = |json: &Json| match json {
        Json::String(word) => Some(Value::Text(word.clone())),
        other => other.as_f64().map(Value::Real),
    };
    let mut record = Row::new();
    for (key, value) in json.as_object()? {
        match value {
            Json::Object(inner) => {
                for (k, v) in inner {
                    record.insert(format!("{key}.{k}"), scalar(v)?);
                }
            }
            other => {
                record.insert(key.clone(), scalar(other)?);
            }
        }
    }
    Some(record)
}

fn numbers(items: &[Json]) -> Result<Vec<f64>, &'static str> {
    items.iter().map(real).collect()
}

/// A number; JSON has none for infinity, so that is a word.
pub fn real(json: &Json) -> Result<f64, &'static str> {
    match json {
        Json::String(word) if word == "inf" => Ok(f64::INFINITY),
        Json::String(word) if word == "-inf" => Ok(f64::NEG_INFINITY),
        other => other.as_f64().ok_or("expected a number"),
    }
}
