//! Projections as the running network has them, and what their synapses are made from.

use std::collections::BTreeMap;
use std::ops::Range;

use super::connections::pairs::Pairing;
use super::connections::rows::SynapseRows;
use super::model::Model;
use super::table::{Column, Table};
use crate::description::{Inlet, ProjectionId, Signal, Value};
use crate::mechanisms::random::Purpose;

/// A projection of the network; nodes by index.
#[derive(Clone)]
pub(crate) struct ResolvedProjection {
    pub(crate) id: ProjectionId,
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) carries: Signal,
    pub(crate) pairing: Pairing,
    pub(crate) muted: bool,
    /// The target repeats spikes and ignores weights.
    pub(crate) relays: bool,
    /// … and its synapses keep none either: what was given is only told.
    pub(crate) weightless: bool,
    /// Spikes count by what they carry.
    pub(crate) carried: bool,
    /// Where its events go at the targets.
    pub(crate) inlet: Inlet,
    /// Its weights must not be negative.
    pub(crate) only_positive: bool,
    /// What its synapses were made from, where they have a state of their own or are watched as if they had.
    pub(crate) synapses: Option<Box<SynapseParameters>>,
}

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
    pub(crate) fn table(&self, pairing: &Pairing, targets: Range<usize>, rows: &SynapseRows) -> Result<Table, String> {
        let mut table = Table::of(self.model.declaration());
        for (place, parameter) in self.model.parameters().enumerate().filter(|(_, p)| p.name != "delay") {
            let Some(value) = self.value(parameter.name) else { continue };
            if parameter.is_list() {
                table.set_list(parameter.name, value, 1);
                continue;
            }
            let column = match &value {
                Value::Real(x) => Column::Same(*x),
                Value::Flag(on) => Column::Same(*on as u8 as f64),
                Value::List(_) | Value::Lists(_) | Value::Range(_) | Value::Distribution(_) | Value::Spatial(_) => {
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
