//! Compares what a run gave with what is expected, number by number.

use serde_json::{Map, Value as Json};

use super::case::{Case, Compare};
use super::run::{self, Finished, RecordedColumns};
use super::values::real;
use crate::description::Value;

/// Whether one comparison of the case holds; if not, the first difference in words.
pub fn compare(case: &Case, want: &Compare, finished: &Finished) -> Result<(), String> {
    let expected = case.expected.get(&want.name).and_then(Json::as_object).ok_or("nothing is expected")?;
    match want.kind.as_str() {
        "events" => rows(want, expected, want.senders, finished),
        "spikes" => rows(want, expected, true, finished),
        "status" => status(want, expected, finished),
        "connections" => connections(want, expected, finished),
        other => Err(format!("no comparison {other}")),
    }
}

fn rows(want: &Compare, expected: &Map<String, Json>, senders: bool, finished: &Finished) -> Result<(), String> {
    let mut ours = finished.table(&want.of, want.from.as_deref())?;
    // Without senders nothing but the time decides on the order.
    if !senders {
        ours.senders.clear();
    }
    let theirs = expected_rows(want, expected, senders)?;
    same_rows(&ours.sorted(), &theirs.sorted(), want)
}

fn expected_rows(want: &Compare, expected: &Map<String, Json>, senders: bool) -> Result<RecordedColumns, String> {
    let column = |name: &str| numbers(expected.get(name)).map_err(|e| format!("expected {name}: {e}"));
    let columns = want.columns.iter().map(|name| Ok((name.clone(), column(name)?)));
    Ok(RecordedColumns {
        times: column("times")?,
        senders: if senders { column("senders")?.iter().map(|s| *s as i64).collect() } else { Vec::new() },
        columns: columns.collect::<Result<_, String>>()?,
    })
}

fn numbers(json: Option<&Json>) -> Result<Vec<f64>, &'static str> {
    json.and_then(Json::as_array).ok_or("expected a list")?.iter().map(scalar).collect()
}

/// A number, or a word or switch that stands for one.
fn scalar(json: &Json) -> Result<f64, &'static str> {
    match json {
        Json::Bool(on) => Ok(f64::from(u8::from(*on))),
        Json::String(word) if word == "nan" => Ok(f64::NAN),
        other => real(other),
    }
}

fn same_rows(ours: &RecordedColumns, theirs: &RecordedColumns, want: &Compare) -> Result<(), String> {
    let (n, m) = (ours.times.len(), theirs.times.len());
    let common = n.min(m);
    let at = |i: usize| match theirs.senders.get(i) {
        Some(sender) => format!("{} ms, neuron {sender}", theirs.times[i]),
        None => format!("{} ms", theirs.times[i]),
    };
    for i in 0..common {
        close(ours.times[i], theirs.times[i], want).map_err(|off| format!("time of row {i}: {off}"))?;
        if ours.senders.get(i) != theirs.senders.get(i) {
            let sender = |table: &RecordedColumns| table.senders.get(i).copied().unwrap_or_default();
            return Err(format!("row {i} at {}: sent by neuron {}", at(i), sender(ours)));
        }
    }
    if n != m {
        let next = if n > m { ours.times.get(m) } else { theirs.times.get(n) };
        let next = next
            .map_or(String::new(), |t| format!("; the first {} is at {t} ms", if n > m { "more" } else { "missing" }));
        return Err(format!("{n} rows, expected {m}{next}"));
    }
    for (name, expected) in &theirs.columns {
        let column = ours.column(name)?;
        same_length(column.len(), expected.len(), name)?;
        for (i, (x, y)) in column.iter().zip(expected).enumerate() {
            close(*x, *y, want).map_err(|off| format!("{name} at {}: {off}", at(i)))?;
        }
    }
    Ok(())
}

fn same_length(ours: usize, theirs: usize, name: &str) -> Result<(), String> {
    if ours == theirs { Ok(()) } else { Err(format!("{name}: {ours} values, expected {theirs}")) }
}

/// Whether `x` lies within the tolerance round `expected`.
fn close(x: f64, expected: f64, want: &Compare) -> Result<(), String> {
    // Covers infinities, and values that are undefined on both sides.
    if x == expected || (x.is_nan() && expected.is_nan()) {
        return Ok(());
    }
    let allowed = want.abs + want.rel * expected.abs();
    let off = (x - expected).abs();
    if off <= allowed && expected.is_finite() {
        return Ok(());
    }
    Err(format!("{x}, expected {expected} (off by {off:.2e}, allowed {allowed:.2e})"))
}

/// A property that a node tells: a number or a word.
#[derive(Clone, Debug, PartialEq)]
enum Item {
    Number(f64),
    Word(String),
}

fn status(want: &Compare, expected: &Map<String, Json>, finished: &Finished) -> Result<(), String> {
    let node = finished.node(&want.of)?;
    for name in &want.columns {
        let ours: Vec<Item> = run::status(finished, node, name)?.iter().flat_map(items).collect();
        let theirs = expected_items(expected.get(name).unwrap_or(&Json::Null));
        same_items(name, &ours, &theirs, want)?;
    }
    Ok(())
}

fn same_items(name: &str, ours: &[Item], theirs: &[Item], want: &Compare) -> Result<(), String> {
    same_length(ours.len(), theirs.len(), name)?;
    for (i, pair) in ours.iter().zip(theirs).enumerate() {
        match pair {
            (Item::Number(x), Item::Number(y)) => {
                close(*x, *y, want).map_err(|off| format!("{name}[{i}]: {off}"))?;
            }
            (x, y) if x == y => {}
            (x, y) => return Err(format!("{name}[{i}]: {x:?}, expected {y:?}")),
        }
    }
    Ok(())
}

fn items(value: &Value) -> Vec<Item> {
    match value {
        Value::Real(x) => vec![Item::Number(*x)],
        Value::Flag(on) => vec![Item::Number(f64::from(u8::from(*on)))],
        Value::Flags(flags) => flags.iter().map(|on| Item::Number(f64::from(u8::from(*on)))).collect(),
        Value::Text(word) => vec![Item::Word(word.clone())],
        Value::List(values) => values.iter().map(|x| Item::Number(*x)).collect(),
        Value::Lists(rows) => rows.iter().flatten().map(|x| Item::Number(*x)).collect(),
        Value::Names(words) => words.iter().map(|w| Item::Word(w.clone())).collect(),
        Value::Table(rows) => rows.iter().flat_map(|r| r.values()).flat_map(items).collect(),
        Value::Range(range) => vec![Item::Number(range.from), Item::Number(range.to)],
        Value::Distribution(_) | Value::Spatial(_) => Vec::new(),
    }
}

fn expected_items(json: &Json) -> Vec<Item> {
    match json {
        Json::Array(entries) => entries.iter().flat_map(expected_items).collect(),
        other => match (scalar(other), other.as_str()) {
            (Ok(x), _) => vec![Item::Number(x)],
            (Err(_), Some(word)) => vec![Item::Word(word.to_owned())],
            (Err(_), None) => Vec::new(),
        },
    }
}

fn connections(want: &Compare, expected: &Map<String, Json>, finished: &Finished) -> Result<(), String> {
    let ours = run::connections(finished, &want.pre, &want.post, &want.columns)?;
    for name in &want.columns {
        let column = ours.get(name.as_str()).ok_or_else(|| format!("synapses do not tell {name}"))?;
        let theirs = numbers(expected.get(name)).map_err(|e| format!("expected {name}: {e}"))?;
        same_length(column.len(), theirs.len(), name)?;
        for (i, (x, y)) in column.iter().zip(&theirs).enumerate() {
            close(*x, *y, want).map_err(|off| format!("{name} of synapse {i}: {off}"))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn want(abs: f64, rel: f64) -> Compare {
        let json = serde_json::json!({"name": "x", "kind": "events", "columns": ["V_m"], "abs": abs, "rel": rel});
        serde_json::from_value(json).unwrap()
    }
    fn table(times: &[f64], senders: &[i64], v: &[f64]) -> RecordedColumns {
        RecordedColumns { times: times.to_vec(), senders: senders.to_vec(), columns: vec![("V_m".into(), v.to_vec())] }
    }

    #[test]
    fn tolerances_add_up() {
        assert!(close(100.3, 100.0, &want(0.1, 0.002)).is_ok());
        assert!(close(100.31, 100.0, &want(0.1, 0.002)).is_err());
        assert!(close(f64::NAN, 1.0, &want(1e9, 0.0)).is_err());
        assert!(close(1.0, f64::INFINITY, &want(1e9, 1.0)).is_err());
        assert!(close(f64::INFINITY, f64::INFINITY, &want(0.0, 0.0)).is_ok());
    }

    #[test]
    fn the_first_difference_is_named() {
        let theirs = table(&[1.0, 2.0], &[0, 1], &[-70.0, -60.0]);
        assert!(same_rows(&theirs, &theirs, &want(0.0, 0.0)).is_ok());
        let value = table(&[1.0, 2.0], &[0, 1], &[-70.0, -59.0]);
        let message = same_rows(&value, &theirs, &want(0.5, 0.0)).unwrap_err();
        assert_eq!(message, "V_m at 2 ms, neuron 1: -59, expected -60 (off by 1.00e0, allowed 5.00e-1)");
        let sender = table(&[1.0, 2.0], &[0, 0], &[-70.0, -60.0]);
        assert!(same_rows(&sender, &theirs, &want(9.0, 0.0)).unwrap_err().contains("sent by neuron 0"));
        let fewer = table(&[1.0], &[0], &[-70.0]);
        let message = same_rows(&fewer, &theirs, &want(0.0, 0.0)).unwrap_err();
        assert_eq!(message, "1 rows, expected 2; the first missing is at 2 ms");
    }

    #[test]
    fn a_missing_column_is_no_agreement() {
        let theirs = table(&[1.0], &[0], &[-70.0]);
        let ours = RecordedColumns { columns: Vec::new(), ..theirs.clone() };
        assert!(same_rows(&ours, &theirs, &want(0.0, 0.0)).is_err());
    }

    #[test]
    fn status_compares_lists_switches_and_words() {
        let ours: Vec<Item> =
            [Value::List(vec![1.0, 2.0]), Value::Flag(true), Value::Text("a".into())].iter().flat_map(items).collect();
        let theirs = |text: &str| expected_items(&serde_json::from_str(text).unwrap());
        assert!(same_items("p", &ours, &theirs(r#"[[1.0, 2.0], true, "a"]"#), &want(0.0, 0.0)).is_ok());
        assert!(same_items("p", &ours, &theirs(r#"[1.0, 2.0, false, "a"]"#), &want(0.0, 0.0)).is_err());
        assert!(same_items("p", &ours, &theirs(r#"[1.0, 2.0, true, "b"]"#), &want(0.0, 0.0)).is_err());
        assert!(same_items("p", &ours, &theirs("[1.0]"), &want(0.0, 0.0)).is_err());
    }
}
