//! Parameters that are lists: times and values of events, quantities to be sampled.

use egui::{CollapsingHeader, RichText, Ui};
use spikeloom_engine::description::Value;
use spikeloom_engine::models::Parameter;
use spikeloom_engine::project::Node;

use super::number_field::NumberField;
use super::panel::Panel;
use super::value_editor::{Outcome, name_label};
use super::{list_text, reset};
use crate::number;

/// A list parameter such as `spike_times`; with a helper that fills it regularly, where it holds times.
pub fn list(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    (key, parameter): (&str, &Parameter),
    changed: bool,
    hover: &str,
    value: &Value,
) -> Outcome {
    let mut outcome = Outcome::default();
    title(ui, parameter, changed, hover, &mut outcome);
    let values = match value {
        Value::List(values) => values.as_slice(),
        Value::Lists(rows) => {
            ui.small(format!("{} lists, one for each, from the file", rows.len()));
            return outcome;
        }
        _ => &[],
    };
    let (set, ended) = list_text::show(ui, panel.fields, key, parameter.name, values, None);
    outcome.set = set.map(Value::List);
    outcome.ended |= ended;
    if parameter.name.ends_with("_times") {
        CollapsingHeader::new("Fill regularly").id_salt(("fill", parameter.name)).show(ui, |ui| {
            if let Some(list) = fill(ui, panel, parameter, key) {
                panel.fields.drafts.remove(key);
                outcome.set = Some(Value::List(list));
                outcome.ended = true;
            }
        });
    }
    panel.fields.mark_refusal(ui, key);
    outcome
}

fn title(ui: &mut Ui, parameter: &Parameter, changed: bool, hover: &str, outcome: &mut Outcome) {
    ui.horizontal(|ui| {
        name_label(ui, parameter.name, changed).on_hover_text(hover);
        if !parameter.unit.is_empty() {
            ui.weak(format!("in {}", parameter.unit));
        }
        if changed && reset::button(ui, &format!("Reset {}", parameter.name)) {
            outcome.reset = true;
        }
    });
}

/// "From, to, every" and a button; the list when it is pressed.
fn fill(ui: &mut Ui, panel: &mut Panel<'_, '_>, parameter: &Parameter, key: &str) -> Option<Vec<f64>> {
    let duration = panel.project.simulation.duration;
    let mut numbers = [10.0, duration, 10.0];
    ui.horizontal_wrapped(|ui| {
        for (name, x) in ["from", "to", "every"].into_iter().zip(&mut numbers) {
            *x = remembered(ui, panel, key, name, parameter, *x);
        }
    });
    let [from, to, every] = numbers;
    let refusal = format!("{key} fill");
    let mut list = None;
    let button = ui.button("Fill").on_hover_text("Replace the list by from, from + every, … to");
    if button.accessible_name(format!("Fill {}", parameter.name)).clicked() {
        match list_text::regular(from, to, every) {
            Ok(values) => {
                panel.fields.accept(&refusal);
                list = Some(values);
            }
            Err(reason) => panel.fields.refuse(&refusal, reason),
        }
    }
    panel.fields.mark_refusal(ui, &refusal);
    list
}

/// A number that belongs to a helper and not to the document.
pub fn remembered(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    key: &str,
    name: &str,
    parameter: &Parameter,
    default: f64,
) -> f64 {
    let key = format!("{key} {name}");
    let x = panel.fields.drafts.get(&key).and_then(|text| number::parse(text).ok()).unwrap_or(default);
    ui.label(RichText::new(name).small());
    let field = NumberField {
        key: &key,
        name: &format!("{name} for {}", parameter.name),
        unit: parameter.unit,
        speed: 1.0,
        whole: false,
        bold: false,
        limits: (f64::NEG_INFINITY, f64::INFINITY),
        infinity: "∞",
        zero: "",
        grid: None,
        width: 56.0,
    };
    if let Some(new) = field.show(ui, panel.fields, x).set {
        panel.fields.drafts.insert(key, spikeloom_engine::description::number(new));
        return new;
    }
    x
}

/// Check boxes for what a multimeter samples: everything its targets offer.
pub fn recordables(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    node: &Node,
    (key, parameter): (&str, &Parameter),
    changed: bool,
    hover: &str,
    value: &Value,
) -> Outcome {
    let mut outcome = Outcome::default();
    title(ui, parameter, changed, hover, &mut outcome);
    let chosen = if let Value::Names(names) = value { names.clone() } else { Vec::new() };
    let offered = offered(panel, node);
    if offered.is_empty() {
        ui.weak("Connect it to neurons or generators to choose what is sampled");
    }
    let gone = chosen.iter().filter(|name| !offered.iter().any(|(o, ..)| o == *name));
    let rows: Vec<(String, String, String)> =
        offered.iter().cloned().chain(gone.map(|name| (name.clone(), String::new(), String::new()))).collect();
    ui.horizontal_wrapped(|ui| {
        for (name, unit, doc) in rows {
            let mut on = chosen.contains(&name);
            let response = ui.checkbox(&mut on, RichText::new(&name).monospace());
            if response.changed() {
                let mut names = chosen.clone();
                if on {
                    names.push(name.clone());
                } else {
                    names.retain(|n| *n != name);
                }
                outcome.set = Some(Value::Names(names));
                outcome.ended = true;
            }
            let hint = match (doc.as_str(), unit.as_str()) {
                ("", _) => "No target has this quantity".to_owned(),
                (_, "") => doc.clone(),
                _ => format!("{doc}, {unit}"),
            };
            response.on_hover_text(hint);
        }
    });
    if chosen.is_empty() && !offered.is_empty() {
        ui.weak("Choose at least one, or nothing is recorded");
    }
    panel.fields.mark_refusal(ui, key);
    outcome
}

/// Name, unit and meaning of every quantity of the connected targets.
fn offered(panel: &Panel<'_, '_>, node: &Node) -> Vec<(String, String, String)> {
    let mut offered: Vec<(String, String, String)> = Vec::new();
    for projection in panel.project.projections.iter().filter(|p| p.from == node.id || p.to == node.id) {
        let other = if projection.from == node.id { projection.to } else { projection.from };
        let Some(other) = panel.project.node(other) else { continue };
        for r in other.recordables() {
            if !offered.iter().any(|(name, ..)| *name == r.name) {
                offered.push((r.name, r.unit.to_owned(), r.doc.to_owned()));
            }
        }
    }
    offered
}
