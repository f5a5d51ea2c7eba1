//! Parameters and initial state of the synapses of a projection, before and after distributions are drawn.

use std::collections::BTreeMap;
use std::ops::Range;

use super::pairs::Pairing;
use super::rows::Rows;
use crate::description::Value;
use crate::mechanisms::random::Purpose;
use crate::runtime::model::Model;
use crate::runtime::table::{Column, Table};

/// What the synapses of a projection are made from: as the user gave it, with distributions that are not drawn yet.
#[derive(Clone)]
pub(crate) struct SynapseParameters {
    pub(crate) model: &'static Model,
    /// Only what differs from the model's defaults.
    pub(crate) params: BTreeMap<String, Value>,
    pub(crate) weight: Value,
}

impl SynapseParameters {
    /// The value of a parameter: the user's or the model's default.
    pub(crate) fn value(&self, name: &str) -> Option<Value> {
        if name == "weight" {
            return Some(self.weight.clone());
        }
        let default = || self.model.parameter(name).map(|p| Value::from(p.default));
        self.params.get(name).cloned().or_else(default)
    }

    /// Parameters and initial state of the synapses onto the chunk with these targets.
    pub(crate) fn table(&self, pairing: &Pairing, targets: Range<usize>, rows: &Rows) -> Result<Table, String> {
        let mut table = Table::default();
        for (place, parameter) in self.model.parameters().enumerate().filter(|(_, p)| p.name != "delay") {
            let Some(value) = self.value(parameter.name) else { continue };
            if parameter.is_list() {
                table.set_list(parameter.name, value, 1);
                continue;
            }
            let column = match &value {
                Value::Real(x) => Column::Same(*x),
                Value::Flag(on) => Column::Same(*on as u8 as f64),
                Value::List(_) | Value::Lists(_) | Value::Distribution(_) => {
                    let (purpose, part) = match parameter.name {
                        "weight" => (Purpose::Weight, targets.start as u64),
                        _ => (Purpose::Parameter, (1 << 63) + ((place as u64) << 40) + targets.start as u64),
                    };
                    let values = rows.values(pairing, targets.clone(), &value, purpose, part);
                    Column::Each(values.map_err(|message| format!("{}: {message}", parameter.name))?)
                }
                _ => continue,
            };
            table.set(parameter.name, column);
        }
        Ok(table)
    }
}
