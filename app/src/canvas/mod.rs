//! The network canvas: nodes, wires and the gestures on them.

use egui::Ui;
use spikeloom_engine::project::Project;

use crate::action::{Action, Selection};

/// Camera and gesture in progress; never saved.
#[derive(Default)]
pub struct CanvasState {}

/// What the canvas shows.
pub struct Scene<'a> {
    pub project: &'a Project,
    pub selection: &'a Selection,
    /// Spikes per second and neuron of each node while running, for a little activity light.
    pub activity: &'a [(spikeloom_engine::project::NodeId, f64)],
}

/// Draws the canvas into all the space of `ui`.
pub fn show(ui: &mut Ui, state: &mut CanvasState, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let _ = (ui, state, scene.project, scene.selection, scene.activity, actions);
}

impl CanvasState {
    /// Fits everything (or the selection) into view at the next frame.
    pub fn fit(&mut self, selection: Option<&Selection>) {
        let _ = selection;
    }
    /// Opens the model search at the middle of the canvas.
    pub fn open_finder(&mut self) {}
    /// Puts the title of a node into editing.
    pub fn rename(&mut self, node: spikeloom_engine::project::NodeId) {
        let _ = node;
    }
    /// Whether a gesture is in progress that Escape should stop; stops it.
    pub fn cancel_gesture(&mut self) -> bool {
        false
    }
}
