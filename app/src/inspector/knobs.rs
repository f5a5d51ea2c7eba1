//! Knobs: sliders that the author of a network puts beside its description.

use egui::Ui;
use spikeloom_engine::description::Value;
use spikeloom_engine::project::{Knob, NodeId, Project, Turn, Turned};

use super::panel::Panel;
use super::value_editor::Quantity;
use crate::action::{Action, Edit};
use crate::theme::{Icon, icon_button};
use crate::{messages, number};

pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>) {
    let project = panel.project;
    for knob in &project.knobs {
        ui.push_id(("knob", &knob.name), |ui| row(ui, panel, knob));
    }
}

fn row(ui: &mut Ui, panel: &mut Panel<'_, '_>, knob: &Knob) {
    let now = knob.value(panel.project);
    let name = knob.name.clone();
    let quantity = Quantity {
        key: format!("knob {name}"),
        range: Some(knob.range),
        mixed: now.is_none(),
        ..Quantity::plain(&knob.name, &hover(panel.project, knob))
    };
    let outcome = quantity.show(ui, panel.fields, &Value::Real(now.unwrap_or(knob.range.0)));
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Min), |ui| {
            if icon_button(ui, Icon::Close, &format!("Remove knob {name}"), true).clicked() {
                let name = name.clone();
                panel.push(Edit::new(format!("Remove knob {name}"), move |p| p.knobs.retain(|k| k.name != name)));
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Min), |ui| {
                ui.add(egui::Label::new(egui::RichText::new(&knob.doc).small()).wrap());
            });
        });
    });
    if let Some(Value::Real(x)) = outcome.set {
        let knob = knob.clone();
        let edit = Edit::new(format!("Turn {name}"), move |project| knob.turn(project, x));
        panel.push(edit.merged(format!("knob {name}")));
    }
    panel.end_gesture(outcome.ended);
}

/// What it turns, in words.
fn hover(project: &Project, knob: &Knob) -> String {
    let name = |id: NodeId| project.node(id).map_or("?", |n| n.name.as_str());
    let mut text = if knob.doc.is_empty() { knob.name.clone() } else { knob.doc.clone() };
    for turn in &knob.turns {
        let what = match &turn.what {
            Turned::Parameter { of, name: parameter } => format!("{parameter} of {}", name(*of)),
            Turned::Weights { from, to: Some(to) } => format!("weight of {} → {}", name(*from), name(*to)),
            Turned::Weights { from, to: None } => format!("all weights of {}", name(*from)),
        };
        let times = if turn.times == 1.0 { String::new() } else { format!("{} × ", number::plain(turn.times)) };
        text += &format!("\n{what} = {times}{}", knob.name);
    }
    text
}

/// Puts a slider for one value beside the description, and says where it is.
pub fn add(panel: &mut Panel<'_, '_>, wish: String, doc: String, range: (f64, f64), what: Turned) {
    let taken = |name: &str| panel.project.knobs.iter().any(|k| k.name == name);
    let name = (2..).map(|i| format!("{wish} {i}")).find(|name| !taken(name)).filter(|_| taken(&wish)).unwrap_or(wish);
    let knob = Knob { name, doc, range, turns: vec![Turn { what, times: 1.0 }] };
    let text = format!("“{}” is a knob now: it stands below the description, where nothing is selected", knob.name);
    panel.push(Edit::new(format!("Add knob {}", knob.name), move |p| p.knobs.push(knob)));
    panel.push(Action::Say(messages::info(text)));
}
