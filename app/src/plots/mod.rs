//! Live plots in panels that can be split, moved and closed.

use egui::Ui;
use spikeloom_engine::live::Status;
use spikeloom_engine::project::Project;
use spikeloom_engine::recordings::Recordings;

use crate::action::Action;

/// Caches of the plots; never saved.
#[derive(Default)]
pub struct PlotsState {}

/// What the plots show.
pub struct PlotData<'a> {
    pub project: &'a Project,
    pub recordings: &'a Recordings,
    /// Changes whenever the run starts anew, so that caches are dropped.
    pub generation: u64,
    pub status: &'a Status,
}

/// Draws all views of the project into all the space of `ui`.
pub fn show(ui: &mut Ui, state: &mut PlotsState, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    let _ = (ui, state, data.project, data.recordings, data.generation, data.status, actions);
}
