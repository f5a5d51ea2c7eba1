//! Settings of a plot: a struct of its kind in the program, names and values in the project.
//!
//! Each kind of plot has its own struct. Its fields are the names in project files, its defaults are what a view has that
//! does not say otherwise. Where a view holds something else, a name that the struct does not know or a value of another
//! type, that entry is passed over and kept.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};
use spikeloom_engine::description::Value;
use spikeloom_engine::project::{ViewId, unknown};

use crate::action::Edit;

/// The settings of a kind of plot. The struct has `#[serde(default, deny_unknown_fields)]`.
pub trait PlotSettings: Serialize + DeserializeOwned + Default + Clone + PartialEq + 'static {}

impl<S: Serialize + DeserializeOwned + Default + Clone + PartialEq + 'static> PlotSettings for S {}

/// Names and values of a view, in the order of the file.
pub type Entries = Vec<(String, Value)>;

/// The settings that these entries give; what they do not give, or not as it should be, has its default.
pub fn read<S: PlotSettings>(entries: &Entries) -> S {
    let sound = entries.iter().filter(|entry| alone::<S>(entry).is_ok());
    let fields: Map<String, Json> = sound.map(|(name, value)| (name.clone(), json(value))).collect();
    serde_json::from_value(Json::Object(fields)).unwrap_or_default()
}

/// Names of entries that cannot be used, with what is wrong with them. `kind` is the kind of plot, for messages.
pub fn problems<S: PlotSettings>(kind: &str, entries: &Entries) -> Vec<(String, String)> {
    let known = fields(&S::default());
    let names: Vec<&str> = known.keys().map(String::as_str).collect();
    let problem = |entry: &(String, Value)| {
        let error = alone::<S>(entry).err()?.to_string();
        if !names.contains(&entry.0.as_str()) {
            return Some((entry.0.clone(), unknown("setting", &entry.0, kind, &names)));
        }
        Some((entry.0.clone(), format!("must be {}", expected(&error))))
    };
    entries.iter().filter_map(problem).collect()
}

/// Makes the entries say what the settings are: what differs from the defaults, in the order of the struct, then what the
/// struct does not know. An entry that says already what it should is kept, also if that is the default.
pub fn write<S: PlotSettings>(settings: &S, entries: &mut Entries) {
    let (now, defaults) = (fields(settings), fields(&S::default()));
    let mut written = Entries::new();
    for (name, json) in &now {
        let value = value(json);
        let stands = entries.iter().any(|(other, old)| other == name && *old == value);
        if stands || Some(json) != defaults.get(name) {
            written.push((name.clone(), value));
        }
    }
    written.extend(entries.drain(..).filter(|(name, _)| !now.contains_key(name)));
    *entries = written;
}

/// A step of the document that changes the settings of a view.
pub fn edit<S: PlotSettings>(view: ViewId, step: &str, change: impl FnOnce(&mut S) + 'static) -> Edit {
    Edit::new(step, move |project| {
        if let Some(view) = project.view_mut(view) {
            let mut settings = read(&view.settings);
            change(&mut settings);
            write(&settings, &mut view.settings);
        }
    })
}

/// Reads an entry as if it were the only one.
fn alone<S: PlotSettings>((name, value): &(String, Value)) -> Result<S, serde_json::Error> {
    serde_json::from_value(Json::Object([(name.clone(), json(value))].into_iter().collect()))
}

fn fields<S: PlotSettings>(settings: &S) -> Map<String, Json> {
    match serde_json::to_value(settings) {
        Ok(Json::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// What a message of serde's says is expected, in words of the file format.
fn expected(error: &str) -> &str {
    let expected = error.rsplit_once("expected ").map_or(error, |(_, what)| what);
    match expected {
        "f64" => "a number",
        "u32" => "a whole number from 0 on",
        "a boolean" => "true or false",
        "string or map" => "a name in quotes",
        "a string" => "a text in quotes",
        "a sequence" => "a list",
        other => other,
    }
}

/// A value as serde knows it. No setting is a distribution or a list of records, so these are nothing.
fn json(given: &Value) -> Json {
    let numbers = |xs: &[f64]| Json::Array(xs.iter().map(|x| number(*x)).collect());
    match given {
        Value::Real(x) => number(*x),
        Value::Flag(flag) => (*flag).into(),
        Value::Text(text) => text.as_str().into(),
        Value::List(xs) => numbers(xs),
        Value::Lists(rows) => Json::Array(rows.iter().map(|row| numbers(row)).collect()),
        Value::Flags(flags) => flags.clone().into(),
        Value::Names(names) => names.clone().into(),
        Value::Table(_) | Value::Distribution(_) | Value::Range(_) | Value::Spatial(_) => Json::Null,
    }
}

/// A whole number where it is one: 80.0 is as whole as 80.
fn number(x: f64) -> Json {
    const EXACT: f64 = 9e15;
    if x.fract() == 0.0 && x.abs() < EXACT { (x as i64).into() } else { x.into() }
}

/// A field of a struct as it stands in a view.
fn value(given: &Json) -> Value {
    let real = |json: &Json| json.as_f64().unwrap_or(f64::NAN);
    match given {
        Json::Bool(flag) => Value::Flag(*flag),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) if items.iter().any(Json::is_string) => {
            Value::Names(items.iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect())
        }
        Json::Array(items) => Value::List(items.iter().map(real).collect()),
        Json::Number(_) | Json::Null | Json::Object(_) => Value::Real(real(given)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Sample {
        name: String,
        cells: Vec<u32>,
        bin: f64,
        log: bool,
    }

    impl Default for Sample {
        fn default() -> Self {
            Sample { name: String::new(), cells: Vec::new(), bin: 5.0, log: false }
        }
    }

    fn entries(entries: &[(&str, Value)]) -> Entries {
        entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let settings = Sample { name: "x".into(), cells: vec![3, 7], bin: 0.1, log: true };
        let mut written = Entries::new();
        write(&settings, &mut written);
        assert_eq!(read::<Sample>(&written), settings);
        assert_eq!(written.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["name", "cells", "bin", "log"]);
        write(&Sample::default(), &mut written);
        assert_eq!(written, [], "defaults need not be said");
    }

    #[test]
    fn what_is_not_understood_is_passed_over_told_and_kept() {
        let strange = entries(&[
            ("bim", Value::Real(3.0)),
            ("bin", Value::Text("wide".into())),
            ("cells", Value::List(vec![1.0, 2.5])),
            ("log", Value::Flag(true)),
        ]);
        assert_eq!(read::<Sample>(&strange), Sample { log: true, ..Sample::default() });
        let told = problems::<Sample>("rate", &strange);
        let told: Vec<(&str, &str)> = told.iter().map(|(name, message)| (name.as_str(), message.as_str())).collect();
        assert_eq!(
            told,
            [
                ("bim", "unknown setting `bim` of rate: did you mean `bin`?"),
                ("bin", "must be a number"),
                ("cells", "must be a whole number from 0 on"),
            ]
        );
        let mut kept = strange.clone();
        write(&Sample { bin: 2.0, ..read(&strange) }, &mut kept);
        let wanted = [("bin", Value::Real(2.0)), ("log", Value::Flag(true)), ("bim", Value::Real(3.0))];
        assert_eq!(kept, entries(&wanted));
    }

    #[test]
    fn a_default_that_a_file_says_stays() {
        let mut said = entries(&[("bin", Value::Real(5.0))]);
        write(&Sample { log: true, ..read(&said) }, &mut said);
        assert_eq!(said, entries(&[("bin", Value::Real(5.0)), ("log", Value::Flag(true))]));
    }
}
