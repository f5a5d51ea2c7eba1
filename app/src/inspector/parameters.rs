//! The parameters of one node, or of several of the same model together.

use egui::{CollapsingHeader, RichText, TextEdit, Ui};
use spikeloom_engine::models::{Default, Group, Parameter, Role};
use spikeloom_engine::project::{Node, NodeId, Turned};
use spikeloom_engine::value::Value;

use super::value_editor::{Outcome, Quantity, name_label};
use super::{Panel, allowed, knobs, list_text, recorded};
use crate::action::{Action, Edit};
use crate::number;

/// Main parameters as sliders, all others one click away.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, nodes: &[&Node]) {
    let Some(first) = nodes.first() else { return };
    let main: Vec<_> = first.model.parameters().filter(|p| p.main || is_the_point(first, p)).collect();
    for parameter in &main {
        row(ui, panel, nodes, parameter, true);
        ui.add_space(2.0);
    }
    let others = first.model.parameters().count();
    if others > 0 {
        CollapsingHeader::new("All parameters")
            .id_salt("all parameters")
            .default_open(main.is_empty())
            .show(ui, |ui| all(ui, panel, nodes));
    }
}

/// Lists and recordables are what their devices are for, though no slider can show them.
fn is_the_point(node: &Node, parameter: &Parameter) -> bool {
    matches!(parameter.default, Default::Names(_))
        || matches!(parameter.name, "spike_times" | "amplitude_times" | "amplitude_values") && node.model.is_generator()
}

fn all(ui: &mut Ui, panel: &mut Panel<'_, '_>, nodes: &[&Node]) {
    let Some(first) = nodes.first() else { return };
    ui.horizontal(|ui| {
        let edit = TextEdit::singleline(panel.search).hint_text("Search parameters").desired_width(f32::INFINITY);
        ui.add(edit).accessible_name("Search parameters");
    });
    let wanted = panel.search.trim().to_lowercase();
    let fits = |p: &Parameter, group: &Group| {
        wanted.is_empty()
            || p.name.to_lowercase().contains(&wanted)
            || p.doc.to_lowercase().contains(&wanted)
            || group.title.to_lowercase().contains(&wanted)
    };
    let mut found = false;
    for group in first.model.groups {
        let shown: Vec<_> = group.parameters.iter().filter(|p| fits(p, group)).collect();
        if shown.is_empty() {
            continue;
        }
        found = true;
        ui.add_space(4.0);
        panel.section(ui, group.title);
        for parameter in shown {
            ui.push_id(("all", parameter.name), |ui| row(ui, panel, nodes, parameter, false));
        }
    }
    if !found {
        ui.weak(format!("No parameter matches “{}”", panel.search.trim()));
    }
}

/// Symbol, meaning, unit, default and range, for the pointer.
fn hover(parameter: &Parameter) -> String {
    let mut text = format!("{}: {}", parameter.name, parameter.doc);
    if !parameter.unit.is_empty() {
        text += &format!("\nUnit: {}", parameter.unit);
    }
    text += &format!("\nDefault: {}", default_text(parameter));
    let range = parameter.range_text().replace('-', "−");
    if !range.is_empty() {
        text += &format!("\nAllowed: {range}");
    }
    if parameter.on_grid {
        text += "\nA multiple of the time step";
    }
    if parameter.role == Role::State {
        text += "\nState: setting it moves the neuron there";
    }
    if !parameter.live {
        text += "\nTakes effect when the network is built anew";
    }
    text
}

fn default_text(parameter: &Parameter) -> String {
    match parameter.default {
        Default::Real(x) if x.is_infinite() => infinity(parameter, x).to_owned(),
        Default::Real(x) => number::with_unit(x, parameter.unit),
        Default::Integer(i) => number::plain(i as f64),
        Default::Flag(on) => if on { "on" } else { "off" }.into(),
        Default::Reals([]) | Default::Integers([]) => "empty".into(),
        Default::Reals(xs) => list_text::text_of(xs),
        Default::Integers(xs) => list_text::text_of(&xs.iter().map(|&i| i as f64).collect::<Vec<_>>()),
        Default::Names([]) => "none".into(),
        Default::Names(names) => names.join(", "),
        Default::Text("") => "empty".into(),
        Default::Text(text) => text.into(),
    }
}

/// What an infinite value of this parameter means in words.
fn infinity(parameter: &Parameter, x: f64) -> &'static str {
    match parameter.unit {
        "ms" => "never",
        _ if x < 0.0 && parameter.name.ends_with("_min") => "none",
        _ => "∞",
    }
}

/// One parameter, whatever its type.
fn row(ui: &mut Ui, panel: &mut Panel<'_, '_>, nodes: &[&Node], parameter: &'static Parameter, slider: bool) {
    let Some(first) = nodes.first() else { return };
    let Some(value) = first.value(parameter.name) else { return };
    let changed = nodes.iter().any(|n| n.params.contains_key(parameter.name));
    let key = field_key(nodes, parameter, slider);
    let outcome = match parameter.default {
        Default::Real(_) | Default::Integer(_) => {
            let quantity = quantity(nodes, parameter, changed, slider, panel.project.simulation.resolution);
            quantity.show(ui, panel.fields, &value)
        }
        Default::Flag(_) => flag(ui, parameter, changed, &value),
        Default::Reals(_) | Default::Integers(_) => {
            recorded::times(ui, panel, (&key, parameter), changed, &hover(parameter), &value)
        }
        Default::Names(_) => {
            recorded::recordables(ui, panel, first, (&key, parameter), changed, &hover(parameter), &value)
        }
        Default::Text(_) => text(ui, panel, (&key, parameter), changed, &value),
    };
    apply(panel, nodes, parameter, outcome);
}

fn quantity<'a>(
    nodes: &[&Node],
    parameter: &'a Parameter,
    changed: bool,
    slider: bool,
    resolution: f64,
) -> Quantity<'a> {
    let n = nodes.iter().map(|n| n.n).max().unwrap_or(1);
    let same_n = nodes.iter().all(|node| node.n == n);
    let first = nodes.first().and_then(|node| node.value(parameter.name));
    let default = match parameter.default {
        Default::Real(x) => Some(x),
        Default::Integer(i) => Some(i as f64),
        _ => None,
    };
    Quantity {
        key: field_key(nodes, parameter, slider),
        name: parameter.name,
        unit: parameter.unit,
        hover: hover(parameter),
        default,
        changed,
        mixed: nodes.iter().any(|node| node.value(parameter.name) != first),
        range: parameter.slider,
        logarithmic: parameter.logarithmic,
        slider,
        whole: matches!(parameter.default, Default::Integer(_)),
        limits: allowed::limits(parameter),
        grid: parameter.on_grid.then_some(resolution),
        infinity: infinity(parameter, default.unwrap_or(0.0)),
        varies: parameter.per_neuron && n > 1 && matches!(parameter.default, Default::Real(_)),
        list: (parameter.per_neuron && n > 1 && same_n).then_some(n),
        tint: None,
        knob: nodes.len() == 1 && parameter.live && parameter.is_number(),
    }
}

/// The same parameter may be shown twice: among the main ones and among all.
fn field_key(nodes: &[&Node], parameter: &Parameter, main: bool) -> String {
    let ids: Vec<String> = nodes.iter().map(|n| n.id.0.to_string()).collect();
    format!("{} of {}{}", parameter.name, ids.join(" "), if main { " main" } else { "" })
}

fn flag(ui: &mut Ui, parameter: &Parameter, changed: bool, value: &Value) -> Outcome {
    let mut on = matches!(value, Value::Flag(true));
    let text = RichText::new(parameter.name).monospace();
    let response = ui.checkbox(&mut on, if changed { text.strong() } else { text });
    let clicked = response.changed();
    let reset = response.secondary_clicked() && changed;
    response.on_hover_text(hover(parameter));
    Outcome { set: clicked.then_some(Value::Flag(on)), reset, ended: clicked, knob: None }
}

fn text(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    (key, parameter): (&str, &Parameter),
    changed: bool,
    value: &Value,
) -> Outcome {
    let mut word = if let Value::Text(word) = value { word.clone() } else { String::new() };
    let response = ui
        .horizontal(|ui| {
            name_label(ui, parameter.name, changed).on_hover_text(hover(parameter));
            ui.add(TextEdit::singleline(&mut word).desired_width(f32::INFINITY).hint_text(default_text(parameter)))
        })
        .inner
        .accessible_name(parameter.name);
    panel.fields.show_refusal(ui, key);
    Outcome { set: response.changed().then_some(Value::Text(word)), ended: response.lost_focus(), ..Outcome::default() }
}

/// Turns what the user did into an edit, if it is allowed for every node.
fn apply(panel: &mut Panel<'_, '_>, nodes: &[&Node], parameter: &'static Parameter, outcome: Outcome) {
    let keys = [field_key(nodes, parameter, true), field_key(nodes, parameter, false)];
    let ids: Vec<NodeId> = nodes.iter().map(|n| n.id).collect();
    if outcome.reset {
        keys.iter().for_each(|key| {
            panel.fields.accept(key);
            panel.fields.drafts.remove(key);
        });
        let name = parameter.name;
        panel.push(Edit::new(format!("Reset {name} of {}", whose(nodes)), move |project| {
            for id in ids {
                if let Some(node) = project.node_mut(id) {
                    node.params.remove(name);
                }
            }
        }));
        panel.push(Action::EndGesture);
        return;
    }
    if let Some(value) = outcome.set {
        let settings = &panel.project.simulation;
        let checked = nodes.iter().try_for_each(|node| allowed::parameter(node, parameter, &value, settings));
        match checked {
            Err(reason) => keys.iter().for_each(|key| panel.fields.refuse(key, reason.clone())),
            Ok(()) => {
                keys.iter().for_each(|key| panel.fields.accept(key));
                panel.push(set(nodes, parameter, value));
            }
        }
    }
    if let (Some(range), [node]) = (outcome.knob, nodes) {
        let what = Turned::Parameter { of: node.id, name: parameter.name.to_owned() };
        let unit = if parameter.unit.is_empty() { String::new() } else { format!(", {}", parameter.unit) };
        let wish = format!("{} of {}", parameter.name, node.name);
        panel.push(knobs::add(panel.project, wish, format!("{}{unit}", parameter.doc), range, what));
    }
    if outcome.ended {
        panel.push(Action::EndGesture);
    }
}

fn whose(nodes: &[&Node]) -> String {
    match nodes {
        [node] => node.name.clone(),
        _ => format!("{} nodes", nodes.len()),
    }
}

/// The edit that sets a parameter; a value equal to the default is not kept.
fn set(nodes: &[&Node], parameter: &'static Parameter, value: Value) -> Edit {
    let ids: Vec<NodeId> = nodes.iter().map(|n| n.id).collect();
    let merge =
        format!("{} of {}", parameter.name, ids.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(" "));
    Edit::new(format!("Set {} of {}", parameter.name, whose(nodes)), move |project| {
        for id in ids {
            let Some(node) = project.node_mut(id) else { continue };
            if value == Value::from(parameter.default) {
                node.params.remove(parameter.name);
            } else {
                node.params.insert(parameter.name.to_owned(), value.clone());
            }
        }
    })
    .merged(merge)
}
