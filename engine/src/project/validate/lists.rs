//! Lists of any length: how long they may be, and what the entries of lists of records, such as compartments,
//! must hold and say of each other.

use super::parameter::{check_number, describe};
use super::{Place, Problem};
use crate::description::{Record, Value, number};
use crate::models::{Default, Kind, Parameter, Records};
use crate::project::Node;
use crate::project::suggest::unknown;

/// Whether every entry has what it must have, and nothing that it cannot have.
pub(super) fn check_records(declared: &Records, records: &[Record]) -> Result<(), String> {
    let entry = |(i, record)| check_record(declared, record).map_err(|message| format!("entry {i}: {message}"));
    records.iter().enumerate().try_for_each(entry)
}

fn check_record(declared: &Records, record: &Record) -> Result<(), String> {
    let missing = |key: &&Parameter| !record.contains_key(key.name);
    if let Some(key) = declared.required.iter().find(missing) {
        return Err(format!("`{}` is missing", key.name));
    }
    let Some(kind) = declared.kind_of(record).map(|i| &declared.kinds[i]) else {
        let known: Vec<&str> = declared.kinds.iter().map(|kind| kind.name).collect();
        return Err(match &record[declared.kind] {
            Value::Text(word) => unknown(declared.kind, word, "", &known),
            other => format!("{} must be a text in quotes, is {}", declared.kind, describe(other)),
        });
    };
    record.iter().try_for_each(|(key, value)| check_key(declared, kind, key, value))?;
    let given = |key: &&&str| record.contains_key(**key);
    match (kind.together.iter().find(given), kind.together.iter().find(|key| !given(key))) {
        (Some(there), Some(missing)) => Err(format!("`{there}` needs `{missing}` beside it; give both or neither")),
        _ => Ok(()),
    }
}

fn check_key(declared: &Records, kind: &Kind, key: &str, value: &Value) -> Result<(), String> {
    let all = || declared.required.iter().chain(kind.optional);
    let Some(parameter) = all().find(|p| p.name == key) else {
        let known: Vec<&str> = all().map(|p| p.name).collect();
        return Err(unknown("key", key, kind.name, &known));
    };
    match (parameter.default, value) {
        (Default::Text(_), Value::Text(_)) => Ok(()),
        (Default::Real(_) | Default::Integer(_), Value::Real(x)) => {
            check_number(parameter, *x).map_err(|message| format!("{key} {message}"))
        }
        (Default::Text(_), other) => Err(format!("{key} must be a text in quotes, is {}", describe(other))),
        (_, other) => Err(format!("{key} must be a number, is {}", describe(other))),
    }
}

/// What the lists of a node must hold together, each of them being right by itself.
pub(super) fn check_node(node: &Node, place: &Place, problems: &mut Vec<Problem>) {
    for parameter in node.model.parameters().filter(|p| p.is_list()) {
        let wrong = check_length(node, parameter).and_then(|()| match parameter.default {
            Default::Records(declared) => check_references(node, parameter.name, declared),
            _ => Ok(()),
        });
        problems.extend(wrong.err().map(|message| Problem::error(place.clone(), message).of(parameter.name)));
    }
}

fn check_length(node: &Node, parameter: &Parameter) -> Result<(), String> {
    let own = lengths(node, parameter.name);
    if parameter.not_empty && own.contains(&0) {
        return Err("must have an entry, is empty".into());
    }
    // Where each entry has a port, all neurons have as many: a receptor is one of every target.
    if node.model.shapes(parameter.name)
        && let Some(other) = own.iter().find(|n| **n != own[0])
    {
        return Err(format!("must have as many entries in every neuron, here are {} and {other}", own[0]));
    }
    if parameter.as_long_as.is_empty() {
        return Ok(());
    }
    let others = lengths(node, parameter.as_long_as);
    let length = |of: &[usize], i: usize| of.get(i).or(of.first()).copied().unwrap_or(0);
    let n = own.len().max(others.len());
    match (0..n).map(|i| (i, length(&own, i), length(&others, i))).find(|(_, a, b)| a != b) {
        None => Ok(()),
        Some((i, a, b)) => {
            let which = if n > 1 { format!(" (list {})", i + 1) } else { String::new() };
            Err(format!("must have as many entries as {} ({b}), has {a}{which}", parameter.as_long_as))
        }
    }
}

/// The number of entries of a list parameter: one for all neurons, or one a neuron.
fn lengths(node: &Node, name: &str) -> Vec<usize> {
    match node.value(name) {
        Some(Value::Lists(lists)) => lists.iter().map(Vec::len).collect(),
        _ => vec![node.entries(name)],
    }
}

/// Whether the entries that a list of records refers to are there.
fn check_references(node: &Node, list: &str, declared: &Records) -> Result<(), String> {
    let Some(Value::Records(records)) = node.value(list) else { return Ok(()) };
    let of = |record: &Record, key: &str| record.get(key).and_then(Value::as_real).unwrap_or(-1.0);
    for (i, record) in records.iter().enumerate() {
        if !declared.parent.is_empty() {
            check_parent(i, declared.parent, of(record, declared.parent))?;
        }
        for (key, others) in declared.among {
            let (place, n) = (of(record, key), node.entries(others));
            if !(0.0..n as f64).contains(&place) {
                let is = number(place);
                return Err(format!("entry {i}: {key} must be the number of one of {n} {others}, is {is}"));
            }
        }
    }
    Ok(())
}

/// Entry 0 is the root of a tree, the others hang on one before them.
fn check_parent(i: usize, key: &str, parent: f64) -> Result<(), String> {
    let is = number(parent);
    match i {
        0 if parent >= 0.0 => Err(format!("entry 0: it is the root, so {key} must be negative, is {is}")),
        0 => Ok(()),
        _ if parent < 0.0 => {
            Err(format!("entry {i}: only entry 0 is the root; {key} must be from 0 to {}, is {is}", i - 1))
        }
        _ if parent >= i as f64 => {
            Err(format!("entry {i}: {key} must be the number of an entry before it, from 0 to {}, is {is}", i - 1))
        }
        _ => Ok(()),
    }
}
