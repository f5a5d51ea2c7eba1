//! The parameters of nodes and of synapses, from their declaration.

use egui::{CollapsingHeader, ComboBox, RichText, TextEdit, Ui};
use spikeloom_engine::description::Value;
use spikeloom_engine::models::{DefaultValue, Group, Model, Parameter, Role};
use spikeloom_engine::project::Turned;

use super::owner::{Owner, field_key};
use super::panel::Panel;
use super::value_editor::{Outcome, Quantity, name_label};
use super::{allowed, knobs, list_text, recorded, records, stimulus};
use crate::action::Action;
use crate::number;

/// Main parameters as sliders, all others one click away.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, owner: Owner<'_>) {
    let Some(model) = owner.model() else { return };
    let main: Vec<_> = model.parameters().filter(|p| owner.shows(p) && (p.main || is_the_point(model, p))).collect();
    for parameter in &main {
        row(ui, panel, owner, parameter, true);
        ui.add_space(2.0);
    }
    if model.parameters().any(|p| owner.shows(p)) {
        CollapsingHeader::new("All parameters")
            .id_salt("all parameters")
            .default_open(main.is_empty())
            .show(ui, |ui| all(ui, panel, owner, model));
    }
}

/// Lists and recordables are what their devices are for, though no slider can show them.
fn is_the_point(model: &Model, parameter: &Parameter) -> bool {
    matches!(parameter.default, DefaultValue::Names(_))
        || parameter.is_list() && model.is_generator()
        || model.ports.iter().any(|port| port.each == parameter.name)
}

fn all(ui: &mut Ui, panel: &mut Panel<'_, '_>, owner: Owner<'_>, model: &'static Model) {
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
    for group in model.groups {
        let shown: Vec<_> = group.parameters.iter().filter(|p| owner.shows(p) && fits(p, group)).collect();
        if shown.is_empty() {
            continue;
        }
        found = true;
        ui.add_space(4.0);
        panel.section(ui, group.title);
        for parameter in shown {
            ui.push_id(("all", parameter.name), |ui| row(ui, panel, owner, parameter, false));
        }
    }
    if !found {
        ui.weak(format!("No parameter matches “{}”", panel.search.trim()));
    }
}

/// Symbol, meaning, unit, default and range, for the pointer.
fn hover(parameter: &Parameter) -> String {
    let mut text = format!("{}: {}", parameter.name, parameter.doc);
    if !parameter.aliases.is_empty() {
        text += &format!("\nAlso called {}", parameter.aliases.join(", "));
    }
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
        DefaultValue::Real(x) if x.is_infinite() => infinity(parameter, x).to_owned(),
        DefaultValue::Real(x) => number::with_unit(x, parameter.unit),
        DefaultValue::Integer(i) => number::plain(i as f64),
        DefaultValue::Flag(on) => if on { "on" } else { "off" }.into(),
        DefaultValue::Reals([]) | DefaultValue::Integers([]) => "empty".into(),
        DefaultValue::Reals(xs) => list_text::text_of(xs),
        DefaultValue::Integers(xs) => list_text::text_of(&xs.iter().map(|&i| i as f64).collect::<Vec<_>>()),
        DefaultValue::Names([]) => "none".into(),
        DefaultValue::Names(names) => names.join(", "),
        DefaultValue::Text("") | DefaultValue::Table(_) => "empty".into(),
        DefaultValue::Text(text) => text.into(),
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
fn row(ui: &mut Ui, panel: &mut Panel<'_, '_>, owner: Owner<'_>, parameter: &'static Parameter, slider: bool) {
    let Some(value) = owner.value(parameter.name) else { return };
    let changed = owner.changed(parameter.name);
    let key = field_key(owner, parameter, slider);
    let outcome = match parameter.default {
        DefaultValue::Real(_) | DefaultValue::Integer(_) => {
            let quantity = quantity(owner, parameter, changed, slider, panel.project.simulation.resolution);
            quantity.show(ui, panel.fields, &value)
        }
        DefaultValue::Flag(_) => flag(ui, panel, owner, (&key, parameter), changed, &value),
        DefaultValue::Reals(_) | DefaultValue::Integers(_) => {
            if let Owner::Nodes([node]) = owner {
                if slider {
                    stimulus::show(ui, panel, node, parameter);
                }
                if stimulus::paste(ui, panel, node, parameter, &key) {
                    return;
                }
            }
            recorded::list(ui, panel, (&key, parameter), changed, &hover(parameter), &value)
        }
        DefaultValue::Names(_) => match owner.first_node() {
            Some(node) => recorded::recordables(ui, panel, node, (&key, parameter), changed, &hover(parameter), &value),
            None => return,
        },
        DefaultValue::Text(_) => text(ui, panel, (&key, parameter), changed, &value),
        DefaultValue::Table(keys) => match (owner, &value) {
            (Owner::Nodes([node]), Value::Table(entries)) => {
                let list = records::List { key: &key, node, parameter, keys, hover: &hover(parameter) };
                records::show(ui, panel, &list, entries)
            }
            _ => {
                ui.weak(format!("{} of one node at a time", parameter.name));
                return;
            }
        },
    };
    apply(panel, owner, parameter, outcome);
}

fn quantity<'a>(
    owner: Owner<'_>,
    parameter: &'a Parameter,
    changed: bool,
    slider: bool,
    resolution: f64,
) -> Quantity<'a> {
    let default = match parameter.default {
        DefaultValue::Real(x) => Some(x),
        DefaultValue::Integer(i) => Some(i as f64),
        _ => None,
    };
    Quantity {
        key: field_key(owner, parameter, slider),
        name: parameter.name,
        unit: parameter.unit,
        // What comes after the meaning is for the tooltip.
        note: parameter.doc.split("; ").next().unwrap_or(parameter.doc),
        hover: hover(parameter),
        default,
        changed,
        mixed: owner.mixed(parameter.name),
        range: parameter.slider,
        logarithmic: parameter.logarithmic,
        slider,
        whole: matches!(parameter.default, DefaultValue::Integer(_)),
        limits: allowed::limits(parameter),
        grid: parameter.on_grid.then_some(resolution),
        infinity: infinity(parameter, default.unwrap_or(0.0)),
        varies: parameter.per_neuron && owner.several() && matches!(parameter.default, DefaultValue::Real(_)),
        list: owner.list_length().filter(|_| parameter.per_neuron),
        tint: None,
        knob: match owner {
            Owner::Nodes([_]) => parameter.live && parameter.is_number(),
            Owner::Synapses { also: [], .. } => knobs::is_turned_in_synapses(parameter),
            _ => false,
        },
        space: owner
            .dimensions()
            .filter(|_| parameter.per_neuron && matches!(parameter.default, DefaultValue::Real(_))),
    }
}

/// A switch: one for all, or one for each neuron.
fn flag(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    owner: Owner<'_>,
    (key, parameter): (&str, &Parameter),
    changed: bool,
    value: &Value,
) -> Outcome {
    let each = if let Value::Flags(flags) = value { Some(flags.as_slice()) } else { None };
    let mut on = match each {
        Some(flags) => flags.iter().all(|on| *on),
        None => *value == Value::Flag(true),
    };
    let mixed = each.is_some_and(|flags| !on && flags.iter().any(|on| *on));
    let mut outcome = Outcome::default();
    ui.horizontal(|ui| {
        let text = RichText::new(parameter.name).monospace();
        let text = if changed { text.strong() } else { text };
        let response = ui.add(egui::Checkbox::new(&mut on, text).indeterminate(mixed));
        if response.changed() {
            panel.fields.drafts.remove(key);
            outcome.set = Some(Value::Flag(on));
            outcome.ended = true;
        }
        outcome.reset = response.secondary_clicked() && changed;
        response.on_hover_text(hover(parameter));
        if let Some(n) = owner.list_length().filter(|_| parameter.per_neuron && each.is_none()) {
            let hint = "A switch for each neuron in place of one for all";
            let name = format!("{} one each", parameter.name);
            if ui.small_button("One each").on_hover_text(hint).accessible_name(name).clicked() {
                outcome.set = Some(Value::Flags(vec![on; n]));
                outcome.ended = true;
            }
        }
    });
    if let Some(flags) = each {
        let on = flags.iter().filter(|on| **on).count();
        ui.small(format!("{on} of {} on: 1 is on, 0 is off; a click on the box sets all", flags.len()));
        let numbers: Vec<f64> = flags.iter().map(|on| f64::from(u8::from(*on))).collect();
        let (set, ended) = list_text::show(ui, panel.fields, key, parameter.name, &numbers, Some(flags.len()));
        outcome.ended |= ended;
        match set {
            Some(numbers) if numbers.iter().any(|x| *x != 0.0 && *x != 1.0) => {
                panel.fields.refuse(key, format!("{}: a switch is 0 or 1", parameter.name));
            }
            Some(numbers) => outcome.set = Some(Value::Flags(numbers.iter().map(|x| *x == 1.0).collect())),
            None => {}
        }
        panel.fields.mark_refusal(ui, key);
    }
    outcome
}

fn text(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    (key, parameter): (&str, &Parameter),
    changed: bool,
    value: &Value,
) -> Outcome {
    let mut word = if let Value::Text(word) = value { word.clone() } else { String::new() };
    if !parameter.words.is_empty() {
        return choice(ui, parameter, changed, word);
    }
    let response = ui
        .horizontal(|ui| {
            name_label(ui, parameter.name, changed).on_hover_text(hover(parameter));
            ui.add(TextEdit::singleline(&mut word).desired_width(f32::INFINITY).hint_text(default_text(parameter)))
        })
        .inner
        .accessible_name(parameter.name);
    panel.fields.mark_refusal(ui, key);
    Outcome { set: response.changed().then_some(Value::Text(word)), ended: response.lost_focus(), ..Outcome::default() }
}

/// A word that is one of a few.
fn choice(ui: &mut Ui, parameter: &Parameter, changed: bool, mut word: String) -> Outcome {
    let before = word.clone();
    ui.horizontal(|ui| {
        name_label(ui, parameter.name, changed).on_hover_text(hover(parameter));
        let list = ComboBox::from_id_salt(parameter.name).width(ui.available_width()).selected_text(word.clone());
        let shown = list.show_ui(ui, |ui| {
            for allowed in parameter.words {
                ui.selectable_value(&mut word, (*allowed).to_owned(), *allowed);
            }
        });
        shown.response.accessible_name(parameter.name);
    });
    let set = (word != before).then_some(Value::Text(word));
    Outcome { ended: set.is_some(), set, ..Outcome::default() }
}

/// Turns what the user did into an edit, if it is allowed for all of them.
fn apply(panel: &mut Panel<'_, '_>, owner: Owner<'_>, parameter: &'static Parameter, outcome: Outcome) {
    let keys = [field_key(owner, parameter, true), field_key(owner, parameter, false)];
    let name = parameter.name;
    if outcome.reset {
        keys.iter().for_each(|key| {
            panel.fields.accept(key);
            panel.fields.drafts.remove(key);
        });
        let label = format!("Reset {name} of {}", owner.called(panel.project));
        panel.push(owner.edit(label, move |params| {
            params.remove(name);
        }));
        panel.push(Action::EndGesture);
        return;
    }
    if let Some(value) = outcome.set {
        match owner.check(parameter, &value, &panel.project.simulation) {
            Err(reason) => keys.iter().for_each(|key| panel.fields.refuse(key, reason.clone())),
            Ok(()) => {
                keys.iter().for_each(|key| panel.fields.accept(key));
                let label = format!("Set {name} of {}", owner.called(panel.project));
                // A value equal to the default is not kept.
                let edit = owner.edit(label, move |params| {
                    if value == Value::from(parameter.default) {
                        params.remove(name);
                    } else {
                        params.insert(name.to_owned(), value.clone());
                    }
                });
                panel.push(edit.merged(format!("{name} of {}", owner.key())));
            }
        }
    }
    let turned = match owner {
        Owner::Nodes([node]) => {
            Some((Turned::Parameter { of: node.id, name: name.to_owned() }, format!("{name} of {}", node.name)))
        }
        Owner::Synapses { from, to, .. } => {
            let what = Turned::Synapses { from: from.id, to: Some(to.id), name: name.to_owned() };
            Some((what, format!("{name} of {} → {}", from.name, to.name)))
        }
        Owner::Nodes(_) => None,
    };
    if let (Some(range), Some((what, wish))) = (outcome.knob, turned) {
        let unit = if parameter.unit.is_empty() { String::new() } else { format!(", {}", parameter.unit) };
        knobs::add(panel, wish, format!("{}{unit}", parameter.doc), range, what);
    }
    panel.end_gesture(outcome.ended);
}
