//! One projection: what it carries, who is connected to whom, weight and delay.

use std::borrow::Cow;

use egui::{Button, ComboBox, Label, RichText, Sense, TextEdit, Ui, vec2};
use spikeloom_engine::description::Value;
use spikeloom_engine::models::{self, Signal, Wiring, peak_potential, weight_unit};
use spikeloom_engine::project::{Node, Project, Projection, Rule, Turned};

use super::panel::Panel;
use super::value_editor::Quantity;
use super::words::menu_words;
use super::{allowed, knobs, part, rule, space, storage, synapse};
use crate::action::{Action, Selection};
use crate::sign::Sign;
use crate::theme;
use crate::{editing, model_shape, number};

pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection) {
    let (Some(from), Some(to)) = (panel.project.node(projection.from), panel.project.node(projection.to)) else {
        ui.label("This projection has lost one of its ends; delete it");
        return;
    };
    ends(ui, panel, from, to);
    part::show(ui, panel, projection, from, to);
    // As many as the rule sees, which may be a part of a population, or several.
    let extent = panel.project.extent(projection);
    let (from, to) = (seen(from, extent.sources), seen(to, extent.targets));
    let (from, to) = (&*from, &*to);
    let wiring = panel.project.wiring(projection);
    carried(ui, panel, projection, &wiring);
    ui.separator();
    let carries = wiring.map(|w| w.carries).unwrap_or(Signal::Spikes);
    if carries == Signal::Samples {
        ui.label("Samples are taken from every neuron it is connected to");
    }
    rule::show(ui, panel, projection, from, to);
    storage::show(ui, panel, projection, from, to);
    if carries != Signal::Samples {
        space::projection(ui, panel, projection, from, to);
    }
    synapses(ui, panel, projection, from, to);
    if projection.third_factor.is_none() {
        seed(ui, panel, projection);
    }
    if carries != Signal::Samples {
        ui.separator();
        receptor(ui, panel, projection, to, carries);
        let has = |name: &str| projection.synapse.parameter(name).is_some();
        if has("weight") {
            weight(ui, panel, projection, from, to, carries);
            ui.add_space(4.0);
        }
        if has("delay") {
            delay(ui, panel, projection, from, to);
        }
        synapse::show(ui, panel, projection, (from, to), carries);
    }
}

/// The node as if it had so many neurons or devices.
fn seen(node: &Node, n: usize) -> Cow<'_, Node> {
    if node.n == n { Cow::Borrowed(node) } else { Cow::Owned(Node { n, ..node.clone() }) }
}

/// Several projections at once: what they have in common is changed in all of them.
pub fn several(ui: &mut Ui, panel: &mut Panel<'_, '_>, projections: &[&Projection]) {
    let project = panel.project;
    let kind = |p: &Projection| {
        let carries = project.wiring(p).ok()?.carries;
        Some((carries, weight_unit(carries, project.node(p.to)?.model, p.receptor)))
    };
    let Some((&first, others)) = projections.split_first() else { return };
    let (Some(from), Some(to), Some((carries, unit))) = (project.node(first.from), project.node(first.to), kind(first))
    else {
        return;
    };
    if others.iter().any(|p| kind(p) != Some((carries, unit))) {
        ui.weak("They carry different things and have no values in common");
        return;
    }
    let all = number::counted(projections.len() as u64, "projection");
    ui.label(format!("Changes here go to all {all}"));
    panel.also = others.iter().map(|p| p.id).collect();
    if panel.differs(first, |p| p.rule) {
        ui.small("Their rules differ; a choice sets all of them");
    }
    rule::show(ui, panel, first, from, to);
    let all_have = |name: &str| projections.iter().all(|p| p.synapse.parameter(name).is_some());
    if carries != Signal::Samples {
        let theirs = |p: &Projection| project.node(p.to).map(|to| ports(to, carries));
        if others.iter().all(|p| theirs(p) == theirs(first)) {
            receptor(ui, panel, first, to, carries);
        }
        if all_have("weight") {
            weight(ui, panel, first, from, to, carries);
            ui.add_space(4.0);
        }
        if all_have("delay") {
            delay(ui, panel, first, from, to);
        }
        let fitting = |p: &Projection| match (project.node(p.from), project.node(p.to)) {
            (Some(from), Some(to)) => models::fitting_synapses(from.model, to.model),
            _ => Vec::new(),
        };
        let fits = fitting(first);
        if others.iter().all(|p| fitting(p) == fits) {
            synapse::show_several(ui, panel, first, (from, to), projections, &fits);
        }
    }
    panel.also.clear();
}

/// From and to, each a button that selects the node.
fn ends(ui: &mut Ui, panel: &mut Panel<'_, '_>, from: &Node, to: &Node) {
    ui.horizontal_wrapped(|ui| {
        end(ui, panel, from);
        ui.label(RichText::new("→").heading());
        end(ui, panel, to);
    });
}

fn end(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node) {
    let (rect, _) = ui.allocate_exact_size(vec2(14.0, 14.0), Sense::hover());
    let color = theme::node_color(panel.project, node.id, ui.visuals().dark_mode);
    let sign = Sign::of_population(panel.project, node);
    model_shape::paint(ui.painter(), rect, node.model.family(), sign, color);
    let button = ui.push_id(node.id, |ui| ui.add(Button::new(RichText::new(&node.name).strong()).frame(false))).inner;
    if button.on_hover_text(format!("Select {}", node.name)).clicked() {
        panel.push(Action::Select(Selection::node(node.id)));
    }
}

fn carried(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, wiring: &Result<Wiring, String>) {
    ui.horizontal(|ui| {
        match wiring {
            Ok(w) => {
                let what = match w.carries {
                    Signal::Spikes => "Carries spikes",
                    Signal::Currents => "Carries a current",
                    Signal::Transitions => "Carries states",
                    Signal::Rate => "Carries a rate",
                    Signal::Diffusion => "Carries mean and variance",
                    Signal::Potential => "Joins membranes",
                    Signal::SlowCurrent => "Carries a slow current",
                    Signal::Samples => "Takes samples",
                };
                ui.label(what).on_hover_text(projection.synapse.doc);
                let onto_neurons = panel.project.node(projection.to).is_some_and(|to| to.model.is_neuron());
                let sign = match (w.carries, Sign::of_projection(panel.project, projection)) {
                    _ if !onto_neurons => "",
                    (Signal::Samples | Signal::Potential, _) | (_, Sign::Generic) => "",
                    (_, Sign::Excitatory) => "excitatory",
                    (_, Sign::Inhibitory) => "inhibitory",
                };
                ui.weak(sign);
            }
            Err(reason) => {
                ui.add(Label::new(RichText::new(menu_words(reason)).color(ui.visuals().error_fg_color)).wrap());
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let mut muted = projection.muted;
            if ui.checkbox(&mut muted, "Mute").on_hover_text("Its synapses transmit nothing (M)").changed() {
                let word = if muted { "Mute" } else { "Unmute" };
                panel.change(projection, word, move |p| p.muted = muted);
                panel.push(Action::EndGesture);
            }
        });
    });
}

/// Expected number of synapses, in all and for each neuron.
fn synapses(ui: &mut Ui, panel: &Panel<'_, '_>, projection: &Projection, from: &Node, to: &Node) {
    let all = panel.project.expected_of_all(projection);
    let about = if projection.rule.has_random_number() { "≈ " } else { "" };
    let total = all.round() as u64;
    let mut text = format!("{about}{}", number::counted(total, "synapse"));
    if to.n > 1 {
        let each = (all / to.n as f64 * 10.0).round() / 10.0;
        text += &format!(", {} per target", number::plain(each));
    } else if from.n > 1 {
        text += ", all onto one target";
    }
    ui.add(Label::new(text).wrap());
}

/// A seed of its own, of a projection in which chance has a part: another network seed then leaves it as it is.
fn seed(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection) {
    if projection.seed.is_none() && !projection.is_drawn() {
        return;
    }
    let key = format!("seed of projection {}", projection.id.0);
    let hint = "Who is connected, and what is drawn for these synapses, follows from this seed; left empty, from that of the network";
    let now = projection.seed.map_or_else(String::new, |seed| seed.to_string());
    let mut text = panel.fields.drafts.get(&key).cloned().unwrap_or_else(|| now.clone());
    ui.horizontal(|ui| {
        ui.label("Seed").on_hover_text(hint);
        let edit = TextEdit::singleline(&mut text).desired_width(f32::INFINITY).hint_text("that of the network");
        let response = ui.add(edit).on_hover_text(hint).accessible_name("Seed of the projection");
        if response.changed() {
            panel.fields.drafts.insert(key.clone(), text.clone());
        }
        if panel.fields.drafts.contains_key(&key) && !response.has_focus() {
            let seed = match text.trim() {
                "" => Ok(None),
                text => text.parse::<u64>().map(Some),
            };
            match seed {
                Ok(seed) => {
                    panel.fields.drafts.remove(&key);
                    panel.fields.accept(&key);
                    if seed != projection.seed {
                        panel.change(projection, "Set seed of", move |p| p.seed = seed);
                        panel.push(Action::EndGesture);
                    }
                }
                Err(_) => {
                    let most = number::count(u64::MAX);
                    let message = format!("“{}”: allowed is a whole number 0 … {most}, or nothing", text.trim());
                    panel.fields.refuse(&key, message);
                }
            }
        }
    });
    panel.fields.mark_refusal(ui, &key);
}

/// The target's ports of this kind, by number: what each is for.
fn ports(to: &Node, carries: Signal) -> Vec<(u32, String)> {
    let ports = to.model.ports.iter().filter(|p| p.takes == carries);
    ports
        .flat_map(|port| {
            let entries = match to.value(port.each) {
                Some(Value::List(xs)) => xs,
                _ => Vec::new(),
            };
            let count = if port.each.is_empty() { 1 } else { to.entries(port.each) as u32 };
            (0..count).map(move |i| {
                let entry = entries.get(i as usize).map(|x| format!(" ({} = {})", port.each, number::plain(*x)));
                (port.number + i, format!("{}: {}{}", port.number + i, port.doc, entry.unwrap_or_default()))
            })
        })
        .collect()
}

/// A choice among the target's ports, if there are several.
fn receptor(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, to: &Node, carries: Signal) {
    let ports = ports(to, carries);
    let known = ports.iter().find(|(number, _)| *number == projection.receptor);
    if ports.len() < 2 && known.is_some() {
        return;
    }
    let mixed = panel.differs(projection, |p| p.receptor);
    let title = match known {
        _ if mixed => "(differ)".to_owned(),
        Some((_, title)) => title.clone(),
        None => format!("{}: does not exist", projection.receptor),
    };
    ui.horizontal(|ui| {
        let label = ui.label("Receptor").on_hover_text("Input port of the target");
        let combo = ComboBox::from_id_salt("receptor").width(ui.available_width()).selected_text(title).truncate();
        let response = combo.show_ui(ui, |ui| {
            for (number, title) in ports {
                let chosen = number == projection.receptor && !mixed;
                if ui.selectable_label(chosen, title).clicked() && !chosen {
                    panel.change(projection, "Set receptor of", move |p| p.receptor = number);
                    panel.push(Action::EndGesture);
                }
            }
        });
        response.response.labelled_by(label.id);
    });
}

/// In how many dimensions both ends stand, if they do and neurons are reached.
fn dimensions(from: &Node, to: &Node) -> Option<usize> {
    let of = |node: &Node| node.positions.as_ref().map(|positions| positions.dimensions);
    of(from).filter(|dimensions| of(to) == Some(*dimensions) && to.model.is_neuron() && !from.model.is_recorder())
}

/// How many values a list of weights or delays has, where that does not depend on chance.
fn list_length(projection: &Projection, from: &Node, to: &Node) -> Option<usize> {
    let length = match projection.rule {
        Rule::OneToOne => from.n.min(to.n),
        Rule::Pairs => projection.pairs.len(),
        _ => return None,
    };
    (length > 1).then_some(length)
}

/// Half width of the weight slider: large enough for what is usual with this unit.
fn usual_weight(unit: &str) -> f64 {
    match unit {
        "nS" => 50.0,
        "mV" => 20.0,
        "pA" => 1000.0,
        _ => 10.0,
    }
}

fn weight(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, from: &Node, to: &Node, carries: Signal) {
    let unit = weight_unit(carries, to.model, projection.receptor);
    let width = usual_weight(unit);
    let declared = projection.synapse.parameter("weight").and_then(|p| p.slider);
    let range = declared.filter(|_| carries.is_continuous()).unwrap_or((-width, width));
    let several = panel.project.expected_of_all(projection) > 1.0;
    let quantity = Quantity {
        key: format!("weight of projection {}", projection.id.0),
        unit,
        default: Some(1.0),
        mixed: panel.differs(projection, |p| p.weight.clone()),
        range: Some(range),
        varies: several && carries != Signal::Currents,
        list: list_length(projection, from, to).filter(|_| carries != Signal::Currents),
        tint: Some(sign_color(ui, panel.project, projection)),
        knob: panel.also.is_empty(),
        space: dimensions(from, to).filter(|_| several && carries != Signal::Currents),
        ..Quantity::plain("weight", &weight_doc(carries, unit, to.reversal(projection.receptor)))
    };
    let outcome = quantity.show(ui, panel.fields, &projection.weight);
    if let Some(value) = &outcome.set {
        let checked = panel.together(projection).try_for_each(|p| allowed::weight(p, value));
        match checked {
            Err(reason) => panel.fields.refuse(&quantity.key, reason),
            Ok(()) => {
                panel.fields.accept(&quantity.key);
                let value = value.clone();
                panel.change(projection, "Set weight of", move |p| p.weight.clone_from(&value));
            }
        }
    }
    if let Some(range) = outcome.knob {
        let what = Turned::Weights { from: from.id, to: Some(to.id) };
        let wish = format!("{} → {}", from.name, to.name);
        knobs::add(panel, wish.clone(), format!("Weight of {wish}, {unit}"), range, what);
    }
    panel.end_gesture(outcome.ended);
    below_weight(ui, panel, projection, to, carries);
}

/// Size of the effect, and the button that turns the sign.
fn below_weight(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, to: &Node, carries: Signal) {
    ui.horizontal(|ui| {
        let signed = editing::has_sign(panel.project, projection);
        if signed && ui.small_button("Reverse sign").on_hover_text("Turn excitation into inhibition, or back").clicked()
        {
            panel.change(projection, "Reverse sign of", |p| p.weight = p.weight.negated());
            panel.push(Action::EndGesture);
        }
        if carries == Signal::Spikes
            && let Some(size) = peak_potential(to.model, to, projection.weight.typical(), projection.receptor)
        {
            let size = (size * 1000.0).round() / 1000.0;
            let why = "Peak deflection of the membrane potential by one spike, far from threshold";
            ui.small(format!("one spike: {} mV", number::plain(size))).on_hover_text(why);
        }
    });
}

fn weight_doc(carries: Signal, unit: &str, reversal: Option<f64>) -> String {
    match (carries, reversal) {
        (Signal::Currents, _) => "Factor on the current".into(),
        (Signal::Potential, _) => format!("Conductance of each coupling\nUnit: {unit}"),
        (Signal::Diffusion | Signal::SlowCurrent, _) => "Strength of each connection".into(),
        _ if unit.is_empty() => "Strength; does not count at this target".into(),
        (_, Some(reversal)) => {
            let reversal = number::with_unit(reversal, "mV");
            format!("Strength of each synapse\nUnit: {unit}\nDraws the potential towards {reversal}")
        }
        _ => format!("Strength of each synapse\nUnit: {unit}\nPositive excites, negative inhibits"),
    }
}

fn sign_color(ui: &Ui, project: &Project, projection: &Projection) -> egui::Color32 {
    let dark = ui.visuals().dark_mode;
    match Sign::of_projection(project, projection) {
        Sign::Excitatory => theme::palette_color(0, dark),
        Sign::Inhibitory => theme::palette_color(1, dark),
        Sign::Generic => theme::palette_color(7, dark),
    }
}

fn delay(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, from: &Node, to: &Node) {
    let step = panel.project.simulation.resolution;
    let several = panel.project.expected_of_all(projection) > 1.0;
    let doc =
        format!("Time from spike to effect\nUnit: ms\nAllowed: ≥ {} (one time step)", number::with_unit(step, "ms"));
    let untouched = Projection::new(projection.id, from.id, to.id);
    let default = untouched.adapted_delay(step).unwrap_or(Projection::DEFAULT_DELAY);
    let quantity = Quantity {
        key: format!("delay of projection {}", projection.id.0),
        unit: "ms",
        default: Some(default),
        mixed: panel.differs(projection, |p| p.delay.clone()),
        range: Some((step, (20.0f64).max(step * 10.0))),
        limits: (step, f64::INFINITY),
        grid: Some(step),
        varies: several,
        list: list_length(projection, from, to),
        space: dimensions(from, to).filter(|_| several),
        ..Quantity::plain("delay", &doc)
    };
    let adapted = projection.adapted_delay(step).map(Value::Real);
    let outcome = quantity.show(ui, panel.fields, adapted.as_ref().unwrap_or(&projection.delay));
    if let Some(value) = &outcome.set {
        let settings = &panel.project.simulation;
        let checked = panel.together(projection).try_for_each(|p| allowed::delay(p, value, settings));
        match checked {
            Err(reason) => panel.fields.refuse(&quantity.key, reason),
            Ok(()) => {
                panel.fields.accept(&quantity.key);
                let value = value.clone();
                panel.change(projection, "Set delay of", move |p| p.give_delay(value.clone()));
            }
        }
    }
    panel.end_gesture(outcome.ended);
}
