//! Lists of entries with keys, such as the compartments and receptors of a neuron: every entry folds
//! open, entries are added at the end, and what counts them is renumbered when one is removed.

use egui::{Button, CollapsingHeader, ComboBox, Ui};
use spikeloom_engine::description::{Row, Value};
use spikeloom_engine::models::{DefaultValue, Parameter, TableSchema};
use spikeloom_engine::project::{Node, Project, Projection};

use super::number_field::NumberField;
use super::panel::Panel;
use super::value_editor::{Outcome, name_label};
use super::{allowed, reset};
use crate::action::Edit;

/// What is edited: a list parameter of one node.
pub struct List<'a> {
    pub key: &'a str,
    pub node: &'a Node,
    pub parameter: &'static Parameter,
    pub keys: &'static TableSchema,
    pub hover: &'a str,
}

pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, list: &List<'_>, entries: &[Row]) -> Outcome {
    let mut outcome = Outcome::default();
    ui.horizontal(|ui| {
        name_label(ui, list.parameter.name, false).on_hover_text(list.hover);
        ui.weak(entries.len().to_string());
    });
    for (i, entry) in entries.iter().enumerate() {
        let id = ("entry", list.key, i);
        CollapsingHeader::new(list.title(i, entry)).id_salt(id).show(ui, |ui| {
            list.entry(ui, panel, entries, i, &mut outcome);
        });
    }
    let add = ui.button(format!("Add {}", list.one())).on_hover_text("Add an entry at the end of the list");
    if add.clicked() {
        let mut all = entries.to_vec();
        all.push(list.fresh(entries.len()));
        outcome.set = Some(Value::Table(all));
        outcome.ended = true;
    }
    panel.fields.mark_refusal(ui, list.key);
    outcome
}

impl List<'_> {
    /// "compartment" for `compartments`.
    fn one(&self) -> &'static str {
        self.parameter.name.trim_end_matches('s')
    }

    /// "1, on 0", "2: NMDA, on 1".
    fn title(&self, i: usize, entry: &Row) -> String {
        let mut title = format!("{} {i}", self.one());
        if let Some(Value::Text(kind)) = entry.get(self.keys.kind) {
            title += &format!(": {kind}");
        }
        let place = |key: &str| entry.get(key).and_then(Value::as_real);
        match place(self.keys.parent).or_else(|| self.keys.among.first().and_then(|(key, _)| place(key))) {
            Some(on) if on >= 0.0 => title + &format!(", on {on}"),
            Some(_) => title + ", the root",
            None => title,
        }
    }

    /// A new entry for the end of the list.
    fn fresh(&self, place: usize) -> Row {
        let value = |parameter: &Parameter| match parameter.default {
            // What follows the root hangs on it.
            DefaultValue::Integer(_) if parameter.name == self.keys.parent && place > 0 => Value::Real(0.0),
            default => Value::from(default),
        };
        self.keys.required.iter().map(|p| (p.name.to_owned(), value(p))).collect()
    }

    fn entry(&self, ui: &mut Ui, panel: &mut Panel<'_, '_>, entries: &[Row], i: usize, outcome: &mut Outcome) {
        let mut changed = entries[i].clone();
        let mut ended = false;
        for parameter in self.keys.required {
            self.required(ui, parameter, i, &mut changed);
        }
        ended |= changed != entries[i];
        let Some(kind) = self.keys.kind_of(&changed) else { return };
        let kind = &self.keys.kinds[kind];
        // Another kind of entry has other keys.
        changed.retain(|key, _| {
            self.keys.required.iter().any(|p| p.name == key) || kind.optional.iter().any(|p| p.name == key)
        });
        for parameter in kind.optional {
            if self.optional(ui, panel, parameter, i, &mut changed, &mut ended) {
                // Some make sense only together.
                for other in kind.optional.iter().filter(|p| kind.together.contains(&p.name)) {
                    if kind.together.contains(&parameter.name) {
                        changed.entry(other.name.to_owned()).or_insert_with(|| Value::from(other.default));
                    }
                }
            }
        }
        self.removal(ui, panel, i);
        if changed != entries[i] {
            let mut all = entries.to_vec();
            all[i] = changed;
            outcome.set = Some(Value::Table(all));
        }
        outcome.ended |= ended;
    }

    /// A kind, the parent, or the entry of another list that this one is on.
    fn required(&self, ui: &mut Ui, parameter: &Parameter, i: usize, entry: &mut Row) {
        let choices: Vec<(String, Value)> = if parameter.name == self.keys.kind {
            self.keys.kinds.iter().map(|kind| (kind.name.to_owned(), Value::Text(kind.name.to_owned()))).collect()
        } else if parameter.name == self.keys.parent {
            if i == 0 {
                return;
            }
            (0..i).map(numbered).collect()
        } else {
            let of = self.keys.among.iter().find(|(key, _)| *key == parameter.name).map_or("", |(_, of)| of);
            (0..self.node.entries(of)).map(numbered).collect()
        };
        let now = entry.get(parameter.name).cloned();
        ui.horizontal(|ui| {
            let label = ui.label(parameter.name).on_hover_text(parameter.doc);
            let shown = choices.iter().find(|(_, value)| Some(value) == now.as_ref()).map_or("", |(name, _)| name);
            let combo = ComboBox::from_id_salt((self.key, i, parameter.name)).selected_text(shown).width(90.0);
            let combo = combo.show_ui(ui, |ui| {
                for (name, value) in &choices {
                    if ui.selectable_label(now.as_ref() == Some(value), name).clicked() {
                        entry.insert(parameter.name.to_owned(), value.clone());
                    }
                }
            });
            combo.response.labelled_by(label.id).on_hover_text(parameter.doc);
        });
    }

    /// A number that an entry may have. True if it has been set.
    fn optional(
        &self,
        ui: &mut Ui,
        panel: &mut Panel<'_, '_>,
        parameter: &Parameter,
        i: usize,
        entry: &mut Row,
        ended: &mut bool,
    ) -> bool {
        let name = parameter.name.trim_start_matches("params.");
        let given = entry.get(parameter.name).and_then(Value::as_real);
        let default = Value::from(parameter.default).as_real().unwrap_or(0.0);
        let x = given.unwrap_or(default);
        let key = format!("{} {i} {name}", self.key);
        ui.horizontal(|ui| {
            name_label(ui, name, given.is_some()).on_hover_text(parameter.doc);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let field = NumberField {
                    key: &key,
                    name: &format!("{name} of {} {i}", self.one()),
                    unit: parameter.unit,
                    speed: (0.01 * default.abs()).max(1e-4),
                    whole: false,
                    bold: given.is_some(),
                    limits: allowed::limits(parameter),
                    infinity: "∞",
                    zero: "",
                    grid: None,
                    width: 84.0,
                };
                let answer = field.show(ui, panel.fields, x);
                *ended |= answer.ended;
                if given.is_some() && reset::button(ui, &format!("Reset {name} of {} {i}", self.one())) {
                    entry.remove(parameter.name);
                    *ended = true;
                }
                let set = answer.set.filter(|new| *new != x);
                if let Some(new) = set {
                    entry.insert(parameter.name.to_owned(), Value::Real(new));
                }
                set.is_some()
            })
            .inner
        })
        .inner
    }

    fn removal(&self, ui: &mut Ui, panel: &mut Panel<'_, '_>, i: usize) {
        let objection = self.objection(panel.project, i);
        let name = format!("Remove {} {i}", self.one());
        let hint = objection.clone().unwrap_or_else(|| "What counts the entries after it is renumbered".into());
        let button = ui.add_enabled(objection.is_none(), Button::new(&name).small());
        if button.on_hover_text(&hint).on_disabled_hover_text(&hint).clicked() {
            let (node, list, keys) = (self.node.id, self.parameter.name, self.keys);
            let edit = Edit::new(format!("{name} of {}", self.node.name), move |p| remove(p, node, list, keys, i));
            panel.fields.clear();
            panel.push(edit);
        }
    }

    /// Why an entry cannot be removed: something is on it.
    fn objection(&self, project: &Project, i: usize) -> Option<String> {
        let Some(Value::Table(entries)) = self.node.value(self.parameter.name) else { return None };
        let is_here = |entry: &Row, key: &str| entry.get(key).and_then(Value::as_real) == Some(i as f64);
        if !self.keys.parent.is_empty() {
            if i == 0 {
                return Some("The root cannot be removed; change it instead".into());
            }
            if let Some(child) = entries.iter().position(|e| is_here(e, self.keys.parent)) {
                return Some(format!("{} {child} hangs on it", self.one()));
            }
        }
        for (other, key) in lists_on(self.node, self.parameter.name) {
            let Some(Value::Table(entries)) = self.node.value(other.name) else { continue };
            if let Some(on) = entries.iter().position(|e| is_here(e, key)) {
                return Some(format!("{} {on} is on it", other.name.trim_end_matches('s')));
            }
        }
        let user = project.projections.iter().find(|p| {
            p.to == self.node.id && counted_by(project, p) == Some(self.parameter.name) && p.receptor as usize == i
        })?;
        let from = project.node(user.from).map_or("?", |n| n.name.as_str());
        Some(format!("The projection from {from} ends on it"))
    }
}

fn numbered(i: usize) -> (String, Value) {
    (i.to_string(), Value::Real(i as f64))
}

/// The other lists of a node whose entries are on entries of this one, with the key that says on which.
fn lists_on(node: &Node, list: &str) -> Vec<(&'static Parameter, &'static str)> {
    let of = |parameter: &'static Parameter| {
        let DefaultValue::Table(keys) = parameter.default else { return None };
        keys.among.iter().find(|(_, of)| *of == list).map(|(key, _)| (parameter, *key))
    };
    node.model.parameters().filter_map(of).collect()
}

/// The list whose entries the receptor of a projection counts.
fn counted_by(project: &Project, projection: &Projection) -> Option<&'static str> {
    let carries = project.wiring(projection).ok()?.carries;
    let target = project.node(projection.to)?;
    target.model.ports.iter().find(|port| port.takes == carries && !port.each.is_empty()).map(|port| port.each)
}

/// Removes an entry and renumbers what counts those behind it.
fn remove(
    project: &mut Project,
    id: spikeloom_engine::project::NodeId,
    list: &'static str,
    keys: &'static TableSchema,
    i: usize,
) {
    let closer = |entry: &mut Row, key: &str| {
        if let Some(Value::Real(on)) = entry.get_mut(key)
            && *on > i as f64
        {
            *on -= 1.0;
        }
    };
    let Some(node) = project.node_mut(id) else { return };
    let others = lists_on(node, list);
    if let Some(Value::Table(entries)) = node.params.get_mut(list) {
        entries.remove(i);
        entries.iter_mut().for_each(|entry| closer(entry, keys.parent));
    }
    for (other, key) in others {
        if let Some(Value::Table(entries)) = node.params.get_mut(other.name) {
            entries.iter_mut().for_each(|entry| closer(entry, key));
        }
    }
    let behind: Vec<_> = project
        .projections
        .iter()
        .filter(|p| p.to == id && p.receptor as usize > i && counted_by(project, p) == Some(list))
        .map(|p| p.id)
        .collect();
    for id in behind {
        if let Some(projection) = project.projection_mut(id) {
            projection.receptor -= 1;
        }
    }
}
