//! Several things selected: what can be done with all of them.

use egui::Ui;
use spikeloom_engine::project::{Node, Projection};

use super::owner::Owner;
use super::panel::Panel;
use super::parameters;
use crate::action::{Action, Selection};
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
    let Some(first) = nodes.first() else { return };
    if nodes.len() > 1 {
        ui.separator();
        if nodes.iter().all(|n| n.model == first.model) {
            ui.label(format!("Changes here go to all {} {}", nodes.len(), first.model.name));
            parameters::show(ui, panel, Owner::Nodes(nodes));
        } else {
            ui.weak("They are of different models and have no parameters in common");
        }
    }
}
