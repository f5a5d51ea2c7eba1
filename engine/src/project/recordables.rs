//! What can be sampled of a node, and what its receptors do: with lists in its parameters, that depends on them.

use super::Node;
use crate::description::{Parameter, Quantity, Sampled, Signal, Value};
use crate::models::DefaultValue;

/// Where neurons without a parameter for it begin to fire, mV.
const TYPICAL_THRESHOLD: f64 = -50.0;

impl Node {
    /// Everything that can be sampled, in order of declaration.
    pub fn recordables(&self) -> Vec<Sampled> {
        let mut all = Vec::new();
        for (declared, r) in self.model.recordables.iter().enumerate() {
            let mut add = |name, entry| {
                all.push(Sampled { name, unit: r.unit, doc: r.doc, quantity: Quantity { declared, entry } });
            };
            if r.each.is_empty() {
                add(r.name.to_owned(), 0);
            } else {
                (0..self.entries(r.each))
                    .filter(|entry| r.kind.is_empty() || self.kind(r.each, *entry).is_some_and(|kind| r.is_of(kind)))
                    .for_each(|entry| add(format!("{}{}", r.name, r.first + entry), entry));
            }
        }
        all
    }

    /// The kind of an entry of a table.
    pub(crate) fn kind(&self, list: &str, entry: usize) -> Option<&'static str> {
        let Some(Value::Table(records)) = self.params.get(list) else { return None };
        let DefaultValue::Table(declared) = self.model.parameter(list)?.default else { return None };
        Some(declared.kinds[declared.kind_of(records.get(entry)?)?].name)
    }

    /// The potential, mV, at which the currents of a port of spikes reverse; `None` where the sign of a weight alone tells
    /// what they do.
    pub fn reversal(&self, number: u32) -> Option<f64> {
        let port = self.model.port(Signal::Spikes, number, &|list| self.entries(list))?;
        let entry = (number - port.number) as usize;
        match self.value(port.each) {
            _ if port.reversal.is_empty() => None,
            Some(Value::Table(records)) => {
                let DefaultValue::Table(declared) = self.model.parameter(port.each)?.default else { return None };
                let record = records.get(entry)?;
                let column = |p: &&Parameter| p.name.starts_with(port.reversal);
                let column = declared.kinds[declared.kind_of(record)?].optional.iter().find(column)?;
                record.get(column.name).cloned().unwrap_or(column.default.into()).as_real()
            }
            _ => match self.value(port.reversal)? {
                Value::List(each) if !port.each.is_empty() => each.get(entry).copied(),
                Value::Lists(lists) => lists.first()?.get(entry).copied(),
                single => Some(single.typical()),
            },
        }
    }

    /// Whether a spike of positive weight at this port keeps the neuron from firing: its current reverses below the threshold.
    pub fn inhibits(&self, number: u32) -> bool {
        let threshold = if self.model.parameter("V_th").is_some() { self.real("V_th") } else { TYPICAL_THRESHOLD };
        self.reversal(number).is_some_and(|reversal| reversal < threshold)
    }

    /// The quantity of that name, if this node has it.
    pub fn recordable(&self, name: &str) -> Option<Sampled> {
        self.recordables().into_iter().find(|r| r.name == name)
    }
}
