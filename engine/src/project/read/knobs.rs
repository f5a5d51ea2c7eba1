//! Reads knobs.

use super::fields::Reader;
use super::network::Names;
use crate::project::scan::{Item, Spanned};
use crate::project::suggest::unknown;
use crate::project::{Knob, Place, Project, Turn, Turned};

impl Reader {
    pub fn knobs(&mut self, given: Spanned, names: &Names, project: &mut Project) {
        let place = Place::Project;
        let entries = match given.item {
            Item::Map(entries) => entries,
            other => {
                let what = "a map `{\"name\": (range: (0, 10), turns: […]), …}`";
                self.expected::<()>(&place, "knobs", given.position, what, &other);
                return;
            }
        };
        for (key, value) in entries {
            let at = key.position;
            let Some(name) = self.text(&place, "knobs", key) else { continue };
            if project.knobs.iter().any(|k| k.name == name) {
                self.error(&place, at, format!("there are two knobs of the name \"{name}\""));
                continue;
            }
            let Some(knob) = self.knob(name, value, names) else { continue };
            match knob.problem(project) {
                Some(problem) => self.error(&place, at, format!("knob {}: {problem}", knob.name)),
                None => project.knobs.push(knob),
            }
        }
    }

    fn knob(&mut self, name: String, given: Spanned, names: &Names) -> Option<Knob> {
        let place = Place::Project;
        let position = given.position;
        let mut fields = self.fields(&place, "a knob", given, Some(&["doc", "range", "step", "turns"]))?;
        let doc = fields.take("doc").and_then(|v| self.text(&place, "doc", v)).unwrap_or_default();
        let range = self.required(&place, &mut fields, "range", position).and_then(|v| self.range(v));
        let step = match fields.take("step") {
            Some(step) => self.real(&place, "step", step)?,
            None => 0.0,
        };
        let turns = self.required(&place, &mut fields, "turns", position)?;
        let items = self.list(&place, "turns", turns)?;
        let turns: Vec<_> = items.into_iter().map(|item| self.turn(item, names)).collect();
        Some(Knob { name, doc, range: range?, step, turns: turns.into_iter().collect::<Option<_>>()? })
    }

    pub fn range(&mut self, given: Spanned) -> Option<(f64, f64)> {
        let place = Place::Project;
        match given.item {
            Item::Tuple { name: None, items } if items.len() == 2 => {
                let ends: Vec<_> = items.into_iter().map(|item| self.real(&place, "range", item)).collect();
                match ends[..] {
                    [Some(low), Some(high)] => Some((low, high)),
                    _ => None,
                }
            }
            other => self.expected(&place, "range", given.position, "two numbers `(from, to)`", &other),
        }
    }

    fn turn(&mut self, given: Spanned, names: &Names) -> Option<Turn> {
        let place = Place::Project;
        let position = given.position;
        let (kind, fields) = match given.item {
            Item::Struct { name: Some(kind), fields } => (kind, fields),
            other => {
                let what = "`weights(from: …)`, `synapses(from: …, name: …)` or `parameter(of: …, name: …)`";
                return self.expected(&place, "turns", position, what, &other);
            }
        };
        let known: &[&str] = match kind.as_str() {
            "weights" => &["from", "to", "times"],
            "synapses" => &["from", "to", "name", "times"],
            "parameter" => &["of", "name", "times"],
            _ => {
                let message = unknown("kind", &kind, "turns", &["weights", "synapses", "parameter"]);
                self.error_of(&place, "turns", position, message);
                return None;
            }
        };
        let bracket = Spanned { position, item: Item::Struct { name: None, fields } };
        let mut fields = self.fields(&place, &kind, bracket, Some(known))?;
        let times = match fields.take("times") {
            Some(times) => self.real(&place, "times", times)?,
            None => 1.0,
        };
        let what = if kind != "parameter" {
            let from = self.required(&place, &mut fields, "from", position)?;
            let from = self.node_name(&place, "from", from, names)?;
            let to = match fields.take("to") {
                Some(to) => Some(self.node_name(&place, "to", to, names)?),
                None => None,
            };
            match kind.as_str() {
                "synapses" => {
                    let name = self.required(&place, &mut fields, "name", position)?;
                    Turned::Synapses { from, to, name: self.text(&place, "name", name)? }
                }
                _ => Turned::Weights { from, to },
            }
        } else {
            let of = self.required(&place, &mut fields, "of", position)?;
            let of = self.node_name(&place, "of", of, names)?;
            let name = self.required(&place, &mut fields, "name", position)?;
            Turned::Parameter { of, name: self.text(&place, "name", name)? }
        };
        Some(Turn { what, times })
    }
}
