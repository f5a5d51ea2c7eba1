//! The inspector: parameters of what is selected, or of the simulation.

use egui::Ui;
use spikeloom_engine::live::Status;
use spikeloom_engine::project::{Problem, Project};

use crate::action::{Action, Selection};

/// Search text and what is unfolded; never saved.
#[derive(Default)]
pub struct InspectorState {}

pub struct Inspected<'a> {
    pub project: &'a Project,
    pub selection: &'a Selection,
    /// All problems and warnings of the project.
    pub problems: &'a [Problem],
    pub status: &'a Status,
}

pub fn show(ui: &mut Ui, state: &mut InspectorState, inspected: &Inspected<'_>, actions: &mut Vec<Action>) {
    let _ = (ui, state, inspected.project, inspected.selection, inspected.problems, inspected.status, actions);
}
