//! The palette: all models by family, to be dragged onto the canvas.

use egui::Ui;

use crate::action::Action;

#[derive(Default)]
pub struct PaletteState {
    pub search: String,
}

/// What is dragged from the palette onto the canvas (egui drag-and-drop payload): the model's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DraggedModel(pub &'static str);

pub fn show(ui: &mut Ui, state: &mut PaletteState, actions: &mut Vec<Action>) {
    let _ = (ui, state, actions);
}
