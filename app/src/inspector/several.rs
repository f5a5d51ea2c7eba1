//! Several things selected: what can be done with all of them.

use egui::Ui;
use spikeloom_engine::description::Value;
use spikeloom_engine::project::{Node, Projection};

use super::owner::Owner;
use super::panel::Panel;
use super::value_editor::Quantity;
use super::{allowed, node, parameters, projection};
use crate::action::{Action, Edit, Selection};
use crate::command::Command;
use crate::{editing, number};

pub fn show(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    selection: &Selection,
    nodes: &[&Node],
    projections: &[&Projection],
) {
    let mut parts = Vec::new();
    for (n, thing) in [(nodes.len(), "node"), (projections.len(), "projection")] {
        if n > 0 {
            parts.push(number::counted(n as u64, thing));
        }
    }
    ui.heading(format!("{} selected", parts.join(" and ")));
    let neurons: usize = nodes.iter().filter(|n| n.model.is_neuron()).map(|n| n.n).sum();
    let synapses: f64 = projections.iter().map(|p| panel.project.expected_synapses(p)).sum();
    if neurons > 0 {
        ui.label(format!("{} in the selected populations", number::counted(neurons as u64, "neuron")));
    }
    if synapses > 0.0 {
        let expected = number::counted(synapses.round() as u64, "synapse");
        ui.label(format!("≈ {expected} expected in the selected projections"));
    }
    ui.horizontal_wrapped(|ui| {
        for command in [Command::Mute, Command::Duplicate, Command::Delete] {
            let (text, hint) = command.text();
            let text = if command == Command::Mute { editing::mute_text(panel.project, selection) } else { text };
            if ui.button(text).on_hover_text(hint).clicked() {
                panel.push(Action::Command(command));
            }
        }
    });
    if projections.len() > 1 {
        ui.separator();
        projection::several(ui, panel, projections);
    }
    let Some(first) = nodes.first() else { return };
    if nodes.len() > 1 {
        ui.separator();
        if nodes.iter().all(|n| n.model == first.model) {
            ui.label(format!("Changes here go to all {} {}", nodes.len(), first.model.name));
            sizes(ui, panel, nodes);
            parameters::show(ui, panel, Owner::Nodes(nodes));
        } else {
            ui.weak("They are of different models and have no parameters in common");
        }
    }
}

/// How many neurons or devices each of the nodes has.
fn sizes(ui: &mut Ui, panel: &mut Panel<'_, '_>, nodes: &[&Node]) {
    let Some(first) = nodes.first().filter(|n| !n.model.is_recorder()) else { return };
    let (low, high) = (1.0, allowed::MOST_NEURONS);
    let quantity = Quantity {
        key: "number of each".into(),
        mixed: nodes.iter().any(|n| n.n != first.n),
        slider: false,
        whole: true,
        limits: (low, high),
        ..Quantity::plain("Number", "Neurons or devices in each of the selected nodes")
    };
    let outcome = quantity.show(ui, panel.fields, &Value::Real(first.n as f64));
    match outcome.set {
        Some(Value::Real(n)) if (low..=high).contains(&n) => {
            panel.fields.accept(&quantity.key);
            let ids: Vec<_> = nodes.iter().map(|n| n.id).collect();
            let label = format!("Set number of {}", number::counted(nodes.len() as u64, "node"));
            let edit = Edit::new(label, move |project| {
                let chosen = project.nodes.iter_mut().filter(|n| ids.contains(&n.id));
                chosen.for_each(|node| node.n = n as usize);
            });
            panel.push(edit.merged("number of each"));
        }
        Some(_) => panel.fields.refuse(&quantity.key, node::ALLOWED_NUMBER),
        None => {}
    }
    panel.end_gesture(outcome.ended);
}
