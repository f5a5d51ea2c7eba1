//! What can be sampled of a node: with lists in its parameters, that depends on them.

use super::Node;
use crate::description::{Quantity, Sampled, Value};
use crate::models::DefaultValue;

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

    /// The quantity of that name, if this node has it.
    pub fn recordable(&self, name: &str) -> Option<Sampled> {
        self.recordables().into_iter().find(|r| r.name == name)
    }
}
