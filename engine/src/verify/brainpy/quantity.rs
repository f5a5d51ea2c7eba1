//! Quantities with units, and stimuli that are made of them.

use serde_json::Value as Json;

use super::super::values::Obstacle;
use super::refused;

/// The dimension of a unit, and how large it is there.
fn unit(name: &str) -> Option<(&'static str, f64)> {
    Some(match name {
        "" | "1" => ("", 1.0),
        "ms" => ("time", 1.0),
        "s" => ("time", 1e3),
        "us" | "µs" => ("time", 1e-3),
        "mV" => ("voltage", 1.0),
        "V" => ("voltage", 1e3),
        "uV" | "µV" => ("voltage", 1e-3),
        "A" => ("current", 1e3),
        "mA" => ("current", 1.0),
        "uA" | "µA" => ("current", 1e-3),
        "nA" => ("current", 1e-6),
        "pA" => ("current", 1e-9),
        "ohm" | "Ω" => ("resistance", 1.0),
        "kohm" | "kΩ" => ("resistance", 1e3),
        "Mohm" | "MΩ" => ("resistance", 1e6),
        "S" => ("conductance", 1e3),
        "mS" => ("conductance", 1.0),
        "uS" | "µS" => ("conductance", 1e-3),
        "nS" => ("conductance", 1e-6),
        "F" => ("capacitance", 1e6),
        "mF" => ("capacitance", 1e3),
        "uF" | "µF" => ("capacitance", 1.0),
        "nF" => ("capacitance", 1e-3),
        "M" => ("concentration", 1e3),
        "mM" => ("concentration", 1.0),
        "Hz" | "spikes/s" => ("rate", 1.0),
        "kHz" => ("rate", 1e3),
        "1/ms" => ("rate", 1e3),
        "1/s" => ("rate", 1.0),
        "1/mV" => ("1/voltage", 1.0),
        "1/V" => ("1/voltage", 1e-3),
        "mV/ms" => ("voltage/time", 1.0),
        "V/s" => ("voltage/time", 1.0),
        "1/(ms mM)" => ("1/(time concentration)", 1.0),
        _ => return None,
    })
}

/// What a number in one unit is to be multiplied with to be in another.
pub fn factor(from: &str, to: &str) -> Result<f64, Obstacle> {
    let of = |name: &str| unit(name).ok_or_else(|| Obstacle::Missing(format!("no unit {name}")));
    let ((dimension, size), (wanted, step)) = (of(from)?, of(to)?);
    if dimension != wanted {
        return Err(refused(format!("`{from}` where `{to}` is wanted")));
    }
    Ok(size / step)
}

/// Numbers with a unit: one for all, or one an element.
#[derive(Clone, Debug)]
pub struct Quantity {
    pub numbers: Vec<f64>,
    pub is_list: bool,
    pub unit: String,
}

impl Quantity {
    pub fn of(json: &Json) -> Option<Quantity> {
        if let Some(unit) = json.as_str().and_then(|word| word.strip_prefix("unit:")) {
            return Some(Quantity { numbers: vec![1.0], is_list: false, unit: unit.to_owned() });
        }
        let with_unit = json.as_array().filter(|items| items.len() == 2 && items[1].is_string());
        let (value, unit) = match with_unit {
            Some(items) => (&items[0], items[1].as_str().unwrap_or_default()),
            None => (json, "1"),
        };
        let numbers = super::flat(value);
        (!numbers.is_empty() || value.is_array()).then(|| Quantity {
            numbers,
            is_list: value.is_array(),
            unit: unit.to_owned(),
        })
    }
    /// The numbers in this unit.
    pub fn within(&self, unit: &str) -> Result<Vec<f64>, Obstacle> {
        let factor = factor(&self.unit, unit)?;
        Ok(self.numbers.iter().map(|x| scaled(*x, factor)).collect())
    }
    /// The number of each of `n` elements in this unit.
    pub fn each(&self, unit: &str, n: usize) -> Result<Vec<f64>, Obstacle> {
        let numbers = self.within(unit)?;
        match numbers.len() {
            _ if !self.is_list => Ok(vec![numbers[0]; n]),
            given if given == n => Ok(numbers),
            given => Err(refused(format!("{given} numbers where there are {n} elements"))),
        }
    }
}

/// A factor below 1 is a divisor, which rounds once.
pub fn scaled(x: f64, factor: f64) -> f64 {
    if factor < 1.0 { x / (1.0 / factor).round_ties_even() } else { x * factor }
}

/// What is given to each element in each step: segments and single events, which add up.
#[derive(Clone, Debug)]
pub struct Stimulus {
    pub unit: String,
    /// By step, then element.
    pub values: Vec<Vec<f64>>,
}

impl Stimulus {
    /// Over so many steps, for `n` elements; nothing is given where the case has none.
    pub fn of(json: Option<&Json>, steps: usize, n: usize) -> Result<Stimulus, Obstacle> {
        let mut values = vec![vec![0.0; n]; steps];
        let Some(json) = json else { return Ok(Stimulus { unit: String::new(), values }) };
        let entries = |key: &str| json.get(key).and_then(Json::as_array).cloned().unwrap_or_default();
        for segment in entries("segments") {
            let at = |i: usize| segment[i].as_f64().unwrap_or(0.0).max(0.0) as usize;
            let quantity = Quantity::of(&segment[2]).ok_or_else(|| refused("a segment has no value"))?;
            let each = Quantity { unit: "1".into(), ..quantity }.each("1", n)?;
            for row in values.iter_mut().take(at(1)).skip(at(0)) {
                row.iter_mut().zip(&each).for_each(|(sum, x)| *sum += x);
            }
        }
        for event in entries("events") {
            let at = |i: usize| event[i].as_f64().unwrap_or(-1.0);
            let (step, element) = (at(0) as usize, at(1) as usize);
            if at(0) >= 0.0 && step < steps && element < n {
                values[step][element] += event[2].as_f64().unwrap_or(0.0);
            }
        }
        let unit = json.get("unit").and_then(Json::as_str).unwrap_or("1").to_owned();
        Ok(Stimulus { unit, values })
    }
    /// How many elements the events of a case have, at least.
    pub fn is_nothing(&self) -> bool {
        self.values.iter().flatten().all(|x| *x == 0.0)
    }
}
