//! The inspector: parameters of what is selected, or of the simulation.

mod allowed;
mod distribution_fields;
mod distribution_picture;
mod fields;
mod knobs;
mod list_text;
mod node;
mod now;
mod number_field;
mod owner;
mod panel;
mod parameters;
mod part;
mod problems;
mod projection;
mod recorded;
mod records;
mod reset;
mod rule;
mod several;
mod simulation;
mod space;
mod space_picture;
mod stimulus;
mod storage;
mod synapse;
#[cfg(test)]
mod tests;
mod value_editor;
mod value_form;
mod words;

use egui::{FontFamily, ScrollArea, Ui};
use spikeloom_engine::live::{Look, Phase, Status};
use spikeloom_engine::project::{Problem, Project};

use crate::action::{Action, Selection};
use crate::portrait::Portraits;
pub use fields::Fields;
pub use number_field::{Answer, NumberField};
use panel::Panel;

/// Search text, what is unfolded, unfinished input; never saved.
#[derive(Default)]
pub struct InspectorState {
    fields: Fields,
    /// Text that filters "All parameters".
    search: String,
    /// What was shown in the last frame; input belongs to it.
    shown: Selection,
    /// Something else has been selected; what was typed is taken before it is shown.
    leaving: bool,
    /// The state of the document that was shown in the last frame.
    revision: u64,
    portraits: Portraits,
    looking: Looking,
}

/// What of the running network is looked at.
#[derive(Default)]
struct Looking {
    /// The neuron of the population.
    neuron: usize,
    /// What was shown of it in the last frame.
    at: Option<Look>,
}

impl InspectorState {
    /// What of the running network the inspector shows.
    pub fn look(&self) -> Option<Look> {
        self.looking.at
    }
}

/// What the inspector shows.
pub struct Inspected<'a> {
    pub project: &'a Project,
    pub selection: &'a Selection,
    /// All problems and warnings of the project.
    pub problems: &'a [Problem],
    pub status: &'a Status,
    /// What is known of the activity of the selected node, in a line.
    pub activity: Option<String>,
    /// Changes with the document.
    pub revision: u64,
}

/// Draws the inspector into the space of `ui`, with a scroll bar if it needs one.
pub fn show(ui: &mut Ui, state: &mut InspectorState, inspected: &Inspected<'_>, actions: &mut Vec<Action>) {
    state.fields.bold = bold_family(ui);
    follow(ui, state, inspected.selection, actions);
    if std::mem::replace(&mut state.revision, inspected.revision) != inspected.revision {
        state.fields.forget_refusals();
    }
    let refused = state.fields.refused();
    let shown = state.shown.clone();
    state.looking.at = None;
    state.portraits.beside_a_run(inspected.status.phase == Phase::Running);
    let mut panel = Panel {
        project: inspected.project,
        problems: inspected.problems,
        activity: inspected.activity.as_deref(),
        fields: &mut state.fields,
        search: &mut state.search,
        portraits: &mut state.portraits,
        looking: &mut state.looking,
        status: inspected.status,
        actions,
        also: Vec::new(),
    };
    problems::show(ui, &mut panel, &shown);
    ScrollArea::vertical().id_salt("inspector").auto_shrink(false).show(ui, |ui| {
        ui.push_id(&shown.nodes, |ui| {
            ui.push_id(&shown.projections, |ui| {
                // Room for the scroll bar.
                ui.set_max_width(ui.available_width() - 4.0);
                contents(ui, &mut panel, &shown);
            })
        })
    });
    if state.fields.refused() != refused {
        // Refusals stand above what has just been refused and are drawn before it.
        ui.ctx().request_repaint();
    }
}

/// Turns to what is selected now; unfinished input gets one more frame to be taken.
fn follow(ui: &Ui, state: &mut InspectorState, selection: &Selection, actions: &mut Vec<Action>) {
    if state.shown == *selection {
        state.leaving = false;
    } else if state.fields.unfinished() && !state.leaving {
        state.leaving = true;
        if let Some(focused) = ui.memory(|m| m.focused()) {
            ui.memory_mut(|m| m.surrender_focus(focused));
        }
        ui.ctx().request_repaint();
    } else {
        state.leaving = false;
        state.shown = selection.clone();
        state.looking = Looking::default();
        state.fields.clear();
        // A gesture cannot go on in fields that are gone.
        actions.push(Action::EndGesture);
    }
}

/// The window's semibold family, where it has been installed.
pub fn bold_family(ui: &Ui) -> FontFamily {
    let semibold = FontFamily::Name("semibold".into());
    if ui.fonts(|fonts| fonts.definitions().families.contains_key(&semibold)) {
        semibold
    } else {
        FontFamily::Proportional
    }
}

fn contents(ui: &mut Ui, panel: &mut Panel<'_, '_>, selection: &Selection) {
    let project = panel.project;
    let nodes: Vec<_> = selection.nodes.iter().filter_map(|&id| project.node(id)).collect();
    let projections: Vec<_> = selection.projections.iter().filter_map(|&id| project.projection(id)).collect();
    match (nodes.as_slice(), projections.as_slice()) {
        ([], []) => simulation::show(ui, panel),
        ([node], []) => node::show(ui, panel, node),
        ([], [projection]) => projection::show(ui, panel, projection),
        _ => several::show(ui, panel, selection, &nodes, &projections),
    }
}
