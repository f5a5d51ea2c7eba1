//! Knobs: sliders that the author of a network puts beside its description.

use egui::{DragValue, Popup, PopupCloseBehavior, TextEdit, Ui};
use spikeloom_engine::description::{Role, Value};
use spikeloom_engine::models::Parameter;
use spikeloom_engine::project::{Knob, NodeId, Project, Projection, Turn, Turned};

use super::panel::Panel;
use super::value_editor::Quantity;
use crate::action::{Action, Edit};
use crate::theme::{Icon, icon_button};
use crate::{messages, number};

pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>) {
    let project = panel.project;
    for (place, knob) in project.knobs.iter().enumerate() {
        ui.push_id(("knob", place), |ui| row(ui, panel, place, knob));
    }
}

fn row(ui: &mut Ui, panel: &mut Panel<'_, '_>, place: usize, knob: &Knob) {
    let now = knob.value(panel.project);
    let name = knob.name.clone();
    let quantity = Quantity {
        key: format!("knob {place}"),
        range: Some(knob.range),
        grid: (knob.step > 0.0).then_some(knob.step),
        mixed: now.is_none(),
        ..Quantity::plain(&knob.name, &hover(panel.project, knob))
    };
    let outcome = quantity.show(ui, panel.fields, &Value::Real(now.unwrap_or(knob.range.0)));
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Min), |ui| {
            if icon_button(ui, Icon::Close, &format!("Remove knob {name}"), true).clicked() {
                panel.push(Edit::new(format!("Remove knob {name}"), move |p| {
                    if place < p.knobs.len() {
                        p.knobs.remove(place);
                    }
                }));
            }
            let edit = ui.small_button("Edit").on_hover_text("Name, meaning, range, step and what it turns");
            let edit = edit.accessible_name(format!("Edit knob {name}"));
            Popup::menu(&edit)
                .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
                .show(|ui| editor(ui, panel, place, knob));
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Min), |ui| {
                ui.add(egui::Label::new(egui::RichText::new(&knob.doc).small()).wrap());
            });
        });
    });
    if let Some(Value::Real(x)) = outcome.set {
        let knob = knob.clone();
        let edit = Edit::new(format!("Turn {}", knob.name), move |project| knob.turn(project, x));
        panel.push(edit.merged(format!("knob {place}")));
    }
    panel.end_gesture(outcome.ended);
}

/// Pushes a change of the knob at this place; the same `what` in one gesture becomes one step.
fn change(panel: &mut Panel<'_, '_>, place: usize, what: &str, act: impl FnOnce(&mut Knob) + 'static) {
    let edit = Edit::new(format!("{what} of knob"), move |project| {
        if let Some(knob) = project.knobs.get_mut(place) {
            act(knob);
        }
    });
    panel.push(edit.merged(format!("{what} of knob {place}")));
}

/// Name, meaning, range, step and targets.
fn editor(ui: &mut Ui, panel: &mut Panel<'_, '_>, place: usize, knob: &Knob) {
    ui.set_width(280.0);
    let taken = |name: &str| panel.project.knobs.iter().any(|k| k.name == name);
    let mut name = knob.name.clone();
    if text_row(ui, "Knob name", &mut name) && !name.trim().is_empty() && !taken(&name) {
        change(panel, place, "Set name", move |k| k.name = name);
    }
    let mut doc = knob.doc.clone();
    if text_row(ui, "Meaning", &mut doc) {
        change(panel, place, "Set meaning", move |k| k.doc = doc);
    }
    let (low, high) = knob.range;
    number_row(ui, panel, place, ("From", low), |x| x < high && knob.step <= high - x, |k, x| k.range.0 = x);
    number_row(ui, panel, place, ("To", high), |x| x > low && knob.step <= x - low, |k, x| k.range.1 = x);
    number_row(ui, panel, place, ("Step", knob.step), |x| (0.0..=high - low).contains(&x), |k, x| k.step = x)
        .on_hover_text("The slider stops at multiples of this; 0: anywhere");
    ui.separator();
    ui.label("It turns").on_hover_text("Each value is the factor times what the knob shows");
    for (i, turn) in knob.turns.iter().enumerate() {
        let what = target(panel.project, &turn.what);
        ui.push_id(("turn", i), |ui| {
            ui.horizontal(|ui| {
                if icon_button(ui, Icon::Close, &format!("Do not turn {what}"), knob.turns.len() > 1).clicked() {
                    change(panel, place, "Remove target", move |k| {
                        if i < k.turns.len() {
                            k.turns.remove(i);
                        }
                    });
                }
                ui.add(egui::Label::new(&what).truncate());
            });
            let factor = format!("Factor of {what}");
            let of_turn = move |k: &mut Knob, x: f64| {
                if let Some(turn) = k.turns.get_mut(i) {
                    turn.times = x;
                }
            };
            number_row(ui, panel, place, (factor.as_str(), turn.times), |x| x != 0.0, of_turn);
        });
    }
    ui.menu_button("Add target", |ui| targets(ui, panel, place, knob));
}

fn text_row(ui: &mut Ui, name: &str, text: &mut String) -> bool {
    let row = ui.horizontal(|ui| {
        let label = ui.label(name);
        ui.add(TextEdit::singleline(text).desired_width(f32::INFINITY)).labelled_by(label.id)
    });
    row.inner.changed()
}

fn number_row(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    place: usize,
    (name, now): (&str, f64),
    fits: impl Fn(f64) -> bool,
    set: impl FnOnce(&mut Knob, f64) + 'static,
) -> egui::Response {
    let mut x = now;
    let row = ui.horizontal(|ui| {
        let label = ui.label(name);
        let speed = (now.abs() * 0.01).max(0.01);
        ui.add(DragValue::new(&mut x).speed(speed)).labelled_by(label.id)
    });
    if row.inner.changed() && x != now && x.is_finite() && fits(x) {
        change(panel, place, &format!("Set {}", name.to_lowercase()), move |k| set(k, x));
    }
    panel.end_gesture(row.inner.drag_stopped() || row.inner.lost_focus());
    row.inner
}

/// All that a knob could turn in addition: numbers of nodes, and weights.
fn targets(ui: &mut Ui, panel: &mut Panel<'_, '_>, place: usize, knob: &Knob) {
    let project = panel.project;
    let mut offer = |ui: &mut Ui, text: &str, what: Turned| {
        if knob.turns.iter().all(|t| t.what != what) && ui.button(text).clicked() {
            // The factor with which the new value stays as it is, if there is one.
            let alone = Knob { turns: vec![Turn { what: what.clone(), times: 1.0 }], ..knob.clone() };
            let factor = alone.value(project).zip(knob.value(project)).map(|(value, shown)| value / shown);
            let times = factor.filter(|x| x.is_finite() && *x != 0.0).unwrap_or(1.0);
            change(panel, place, "Add target", move |k| k.turns.push(Turn { what, times }));
            panel.push(Action::EndGesture);
            ui.close();
        }
    };
    egui::ScrollArea::vertical().max_height(340.0).show(ui, |ui| {
        for node in &project.nodes {
            let parameters = || node.model.parameters().filter(|p| p.live && p.is_number());
            let onto_neurons =
                |p: &&Projection| p.from == node.id && project.node(p.to).is_some_and(|n| n.model.is_neuron());
            let mut ends: Vec<NodeId> = project.projections.iter().filter(onto_neurons).map(|p| p.to).collect();
            ends.sort_unstable();
            ends.dedup();
            if parameters().next().is_none() && ends.is_empty() {
                continue;
            }
            egui::CollapsingHeader::new(&node.name).id_salt(node.id).show(ui, |ui| {
                if ends.len() > 1 {
                    let what = Turned::Weights { from: node.id, to: None };
                    offer(ui, &target(project, &what), what);
                }
                for to in ends {
                    let what = Turned::Weights { from: node.id, to: Some(to) };
                    offer(ui, &target(project, &what), what);
                    for name in synapse_numbers(project, node.id, to) {
                        let what = Turned::Synapses { from: node.id, to: Some(to), name: name.into() };
                        offer(ui, &target(project, &what), what);
                    }
                }
                for parameter in parameters() {
                    let what = Turned::Parameter { of: node.id, name: parameter.name.into() };
                    offer(ui, &target(project, &what), what);
                }
            });
        }
    });
}

/// Numbers of the synapses from one node to another that may change while the network runs.
fn synapse_numbers(project: &Project, from: NodeId, to: NodeId) -> Vec<&'static str> {
    let between = project.projections.iter().filter(|p| (p.from, p.to) == (from, to));
    let turned = |p: &&Parameter| is_turned_in_synapses(p);
    let mut names: Vec<_> = between.flat_map(|p| p.synapse.parameters().filter(turned).map(|p| p.name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether a knob may turn this parameter of synapses; weights and delays have targets of their own, or none.
pub fn is_turned_in_synapses(parameter: &Parameter) -> bool {
    parameter.live
        && parameter.is_number()
        && parameter.role == Role::Parameter
        && !["weight", "delay"].contains(&parameter.name)
}

/// A target in words.
fn target(project: &Project, what: &Turned) -> String {
    let name = |id: NodeId| project.node(id).map_or("?", |n| n.name.as_str());
    match what {
        Turned::Parameter { of, name: parameter } => format!("{parameter} of {}", name(*of)),
        Turned::Weights { from, to: Some(to) } => format!("weight of {} → {}", name(*from), name(*to)),
        Turned::Weights { from, to: None } => format!("all weights of {}", name(*from)),
        Turned::Synapses { from, to: Some(to), name: parameter } => {
            format!("{parameter} of {} → {}", name(*from), name(*to))
        }
        Turned::Synapses { from, to: None, name: parameter } => {
            format!("{parameter} of all synapses of {}", name(*from))
        }
    }
}

/// What it turns, in words.
fn hover(project: &Project, knob: &Knob) -> String {
    let mut text = if knob.doc.is_empty() { knob.name.clone() } else { knob.doc.clone() };
    for turn in &knob.turns {
        let what = target(project, &turn.what);
        let times = if turn.times == 1.0 { String::new() } else { format!("{} × ", number::plain(turn.times)) };
        text += &format!("\n{what} = {times}{}", knob.name);
    }
    text
}

/// Puts a slider for one value beside the description, and says where it is.
pub fn add(panel: &mut Panel<'_, '_>, wish: String, doc: String, range: (f64, f64), what: Turned) {
    let taken = |name: &str| panel.project.knobs.iter().any(|k| k.name == name);
    let name = (2..).map(|i| format!("{wish} {i}")).find(|name| !taken(name)).filter(|_| taken(&wish)).unwrap_or(wish);
    let knob = Knob { name, doc, range, step: 0.0, turns: vec![Turn { what, times: 1.0 }] };
    let text = format!("“{}” is a knob now: it stands below the description, where nothing is selected", knob.name);
    panel.push(Edit::new(format!("Add knob {}", knob.name), move |p| p.knobs.push(knob)));
    panel.push(Action::Say(messages::info(text)));
}
