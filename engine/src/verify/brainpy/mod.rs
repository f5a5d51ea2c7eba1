//! Cases of the BrainPy family: neurons, synapses, inputs, projections and rules with the answers of brainpy.state.
//!
//! A case becomes a project of the catalogue's models, driven by generators and read by recorders, like any other. Step `i`
//! of a case is the step that begins at `i` times the resolution: what is sent with that stamp and a delay of one step acts
//! in it.

mod drawn;
mod dynamics;
mod gradients;
mod network;
mod quantity;
mod synapses;

use serde_json::Value as Json;

use super::Outcome;
use super::values::Obstacle;

/// What is found not to agree, in words.
type Verdict = Result<Vec<String>, Obstacle>;

/// Runs a case of this family.
pub fn judge(case: &Json) -> Outcome {
    let is_refusal = case.get("expect_error").and_then(Json::as_bool).unwrap_or(false);
    match (verdict(case), is_refusal) {
        (Err(Obstacle::Missing(what)), _) => Outcome::Skipped(what),
        (Err(Obstacle::Refused(_)), true) => Outcome::Passed,
        (Ok(_), true) => Outcome::Failed("accepted what must be refused".into()),
        (Err(Obstacle::Refused(why)), false) => Outcome::Failed(why),
        (Ok(differences), false) if differences.is_empty() => Outcome::Passed,
        (Ok(differences), false) => Outcome::Failed(differences.join("; ")),
    }
}

fn verdict(case: &Json) -> Verdict {
    match word(case, "kind") {
        "neuron" => dynamics::neuron(case),
        "projection" => dynamics::projections(case),
        "input" => dynamics::input(case),
        "output" => dynamics::output(case),
        "synapse" => synapses::synapse(case),
        "readout" => dynamics::readout(case),
        "gap" => dynamics::gap(case),
        "surrogate" => gradients::surrogate(case),
        "gradient" => gradients::gradient(case),
        "random" => drawn::random(case),
        "rule" => drawn::rule(case),
        "dist" => drawn::distribution(case),
        kind => Err(Obstacle::Missing(format!("no kind {kind}"))),
    }
}

/// A word of the case, empty if it is not there.
fn word<'a>(json: &'a Json, key: &str) -> &'a str {
    json.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// A number of the case.
fn number_of(json: &Json, key: &str, default: f64) -> f64 {
    json.get(key).and_then(Json::as_f64).unwrap_or(default)
}

fn refused(why: impl Into<String>) -> Obstacle {
    Obstacle::Refused(why.into())
}

/// How far numbers may be off: `abs + rel |expected|`.
#[derive(Clone, Copy)]
struct Tolerance {
    abs: f64,
    rel: f64,
}

impl Tolerance {
    /// That of an array of this name, or of all.
    fn of(case: &Json, name: &str) -> Tolerance {
        let all = case.get("tolerances");
        let own = all.and_then(|t| t.get(name)).or(all);
        let part = |key: &str| own.and_then(|t| t.get(key)).and_then(Json::as_f64).unwrap_or(0.0);
        Tolerance { abs: part("abs"), rel: part("rel") }
    }
}

/// The first difference between two arrays, if there is one.
fn difference(name: &str, ours: &[f64], theirs: &[f64], width: usize, allowed: Tolerance) -> Option<String> {
    if ours.len() != theirs.len() {
        return Some(format!("{name}: {} values, expected {}", ours.len(), theirs.len()));
    }
    let agree = |x: f64, y: f64| x == y || (x - y).abs() <= allowed.abs + allowed.rel * y.abs();
    let first = (0..ours.len()).find(|&i| !agree(ours[i], theirs[i]))?;
    let (x, y) = (ours[first], theirs[first]);
    let (row, element) = (first / width.max(1), first % width.max(1));
    Some(format!("{name}: row {row}, element {element}: {x}, expected {y} (off by {:.2e})", (x - y).abs()))
}

/// All numbers of nested lists, one after the other.
fn flat(json: &Json) -> Vec<f64> {
    match json {
        Json::Array(items) => items.iter().flat_map(flat).collect(),
        Json::Bool(on) => vec![f64::from(u8::from(*on))],
        other => other.as_f64().into_iter().collect(),
    }
}

/// What is expected under a name, as one list of numbers.
fn expected(case: &Json, name: &str) -> Option<Vec<f64>> {
    Some(flat(case.get("expected")?.get(name)?))
}
