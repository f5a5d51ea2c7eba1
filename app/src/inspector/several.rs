//! Several things selected: what can be done with all of them.

use egui::Ui;
use spikeloom_engine::project::{Node, Projection};

use super::owner::Owner;
use super::panel::Panel;
use super::parameters;
use crate::action::Action;
use crate::command::Command;
use crate::number;

pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, nodes: &[&Node], projections: &[&Projection]) {
    let mut parts = Vec::new();
    for (n, one, many) in [(nodes.len(), "node", "nodes"), (projections.len(), "projection", "projections")] {
        if n > 0 {
            parts.push(format!("{} {}", number::count(n as u64), if n == 1 { one } else { many }));
        }
    }
    ui.heading(format!("{} selected", parts.join(" and ")));
    let neurons: usize = nodes.iter().filter(|n| n.model.is_neuron()).map(|n| n.n).sum();
    let synapses: f64 = projections.iter().map(|p| panel.project.expected_synapses(p)).sum();
    if neurons > 0 {
        ui.label(format!("{} neurons", number::count(neurons as u64)));
    }
    if synapses > 0.0 {
        ui.label(format!("≈ {} synapses", number::count(synapses.round() as u64)));
    }
    ui.horizontal_wrapped(|ui| {
        for command in [Command::Mute, Command::Duplicate, Command::Delete] {
            let (text, hint) = command.text();
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
