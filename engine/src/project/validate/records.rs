//! Lists of records, such as compartments: keys, kinds, and what entries say of each other.

use super::parameter::{check_number, describe};
use crate::models::{Default, Kind, Parameter, Records, Relation};
use crate::project::Node;
use crate::project::suggest::unknown;
use crate::value::{Record, Value, number};

/// Whether every entry has what it must have, and nothing that it cannot have.
pub(super) fn check(declared: &Records, records: &[Record]) -> Result<(), String> {
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

/// What a relation asks of the lists of a node: the list concerned and what is wrong with it.
pub(super) fn check_relation(node: &Node, relation: Relation) -> Option<(&'static str, String)> {
    let key = |record: &Record, key: &str| record.get(key).and_then(Value::as_real).unwrap_or(-1.0);
    match relation {
        Relation::NotEmpty(list) if node.entries(list) == 0 => Some((list, "must have an entry, is empty".to_owned())),
        Relation::Tree(list, parent) => {
            let wrong = records_of(node, list).into_iter().enumerate().find_map(|(i, record)| {
                let above = key(&record, parent);
                match i {
                    0 if above >= 0.0 => {
                        Some(format!("entry 0: it is the root, so {parent} must be negative, is {}", number(above)))
                    }
                    0 => None,
                    _ if above < 0.0 => Some(format!(
                        "entry {i}: only entry 0 is the root; {parent} must be from 0 to {}, is {}",
                        i - 1,
                        number(above)
                    )),
                    _ if above >= i as f64 => Some(format!(
                        "entry {i}: {parent} must be the number of an entry before it, from 0 to {}, is {}",
                        i - 1,
                        number(above)
                    )),
                    _ => None,
                }
            });
            wrong.map(|message| (list, message))
        }
        Relation::Among(list, member, others) => {
            let n = node.entries(others);
            let wrong = records_of(node, list).into_iter().enumerate().find_map(|(i, record)| {
                let place = key(&record, member);
                (place < 0.0 || place >= n as f64).then(|| {
                    format!("entry {i}: {member} must be the number of one of {n} {others}, is {}", number(place))
                })
            });
            wrong.map(|message| (list, message))
        }
        _ => None,
    }
}

fn records_of(node: &Node, list: &str) -> Vec<Record> {
    match node.value(list) {
        Some(Value::Records(records)) => records,
        _ => Vec::new(),
    }
}
