//! How the synapses of a projection are kept, and what that needs.

use egui::{ComboBox, Ui};
use spikeloom_engine::description::Storage;
use spikeloom_engine::project::{Node, Projection};
use spikeloom_engine::runtime::Simulation;

use super::panel::Panel;
use crate::action::Action;
use crate::number;

/// The choice, for synapses between neurons, with the memory that they need.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, from: &Node, to: &Node) {
    if !from.model.is_neuron() || !to.model.is_neuron() || projection.third_factor.is_some() {
        return;
    }
    let project = panel.project;
    let (is_dense, against) = (project.keeps_dense(projection), project.reason_against_dense(projection));
    let size = number::bytes(Simulation::bytes_of_synapses(project, projection) as u64);
    let chosen = match (projection.storage, is_dense) {
        (Storage::Auto, true) => format!("Dense, {size}"),
        (Storage::Auto, false) => format!("Sparse, {size}"),
        (Storage::Sparse, _) => format!("Always sparse, {size}"),
        (Storage::Dense, _) => format!("Always dense, {size}"),
    };
    ui.horizontal(|ui| {
        let label = ui.label("Storage");
        let combo = ComboBox::from_id_salt("storage").width(ui.available_width()).selected_text(chosen).truncate();
        let response = combo.show_ui(ui, |ui| {
            let rows = [
                (Storage::Auto, "Automatic", "As costs less memory and time"),
                (Storage::Sparse, "Always sparse", "The target of each synapse is listed"),
                (Storage::Dense, "Always dense", "A table of all pairs: 2 bytes a synapse less, delivered in vectors"),
            ];
            for (storage, title, doc) in rows {
                let possible = storage != Storage::Dense || against.is_none();
                let row = egui::Button::selectable(projection.storage == storage, title);
                let response = ui.add_enabled(possible, row).on_hover_text(doc);
                let response = response.on_disabled_hover_text(against.as_deref().unwrap_or_default());
                if response.clicked() && projection.storage != storage {
                    panel.change(projection, "Set storage of", move |p| p.storage = storage);
                    panel.push(Action::EndGesture);
                }
            }
        });
        let hint = "How these synapses are kept, and their memory; the results are the same";
        response.response.on_hover_text(hint).labelled_by(label.id);
    });
}
