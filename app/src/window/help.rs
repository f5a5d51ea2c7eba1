//! The list of keys and gestures.

use egui::{Grid, RichText, ScrollArea, Ui};

use super::overlay::Decision;
use crate::command::{Command, keys_text};

/// Gestures of the mouse and keys that belong to no command.
const GESTURES: &[(&str, &str)] = &[
    ("Double-click on empty canvas", "Search the models and add one there"),
    ("Drag from the palette", "Add a node"),
    ("Drag from a node's rim or port to another", "Connect"),
    ("Drag a wire into empty space", "Add a node and connect it"),
    ("Drag from a node to itself", "Connect it to itself"),
    ("Click, Ctrl+click, Shift+click", "Select, toggle, add to the selection"),
    ("Drag on empty canvas", "Select with a rubber band"),
    ("Drag a node, arrow keys", "Move"),
    ("Alt+drag", "Duplicate"),
    ("Middle drag, Space+drag, scroll", "Pan the canvas"),
    ("Wheel", "Zoom at the pointer"),
    ("Drag a number", "Change it; Ctrl for fine, Shift for coarse"),
    ("Right-click a parameter", "Reset it"),
];

/// What is done in plots.
const PLOTS: &[(&str, &str)] = &[
    ("Drag", "Look at another time"),
    ("Wheel, Shift+wheel", "Zoom in time; zoom the values"),
    ("Drag with the right button", "Zoom into a box"),
    ("Double-click", "Show the whole run"),
    ("Alt+drag in a raster", "Show the traces of these cells"),
    ("Drag the title", "Move the plot: beside, above or behind another"),
];

pub(super) fn show(ui: &mut Ui) -> Decision {
    ui.set_width(620.0);
    let mut decision = Decision::Stay;
    ui.horizontal(|ui| {
        ui.heading("Keys and gestures");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui.button("Close").clicked() {
                decision = Decision::Close;
            }
        });
    });
    let height = (ui.ctx().content_rect().height() - 140.0).clamp(200.0, 620.0);
    ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.strong("Gestures");
        table(ui, "gestures", GESTURES.iter().map(|&(a, b)| (a.to_owned(), b)));
        ui.add_space(8.0);
        ui.strong("In a plot");
        table(ui, "plots", PLOTS.iter().map(|&(a, b)| (a.to_owned(), b)));
        ui.add_space(8.0);
        ui.strong("Keys");
        let keys: Vec<(String, &str)> = Command::ALL
            .iter()
            .filter(|c| !c.shortcuts().is_empty())
            .map(|c| {
                let keys: Vec<String> = c.shortcuts().iter().map(|s| keys_text(ui.ctx(), s)).collect();
                (keys.join(", "), c.text().1)
            })
            .collect();
        table(ui, "keys", keys.into_iter());
    });
    decision
}

fn table<'a>(ui: &mut Ui, id: &str, lines: impl Iterator<Item = (String, &'a str)>) {
    Grid::new(id).num_columns(2).striped(true).min_col_width(254.0).spacing([16.0, 5.0]).show(ui, |ui| {
        for (what, meaning) in lines {
            ui.label(RichText::new(what).strong());
            // All tables are of one width.
            ui.horizontal(|ui| {
                ui.set_min_width(330.0);
                ui.label(meaning);
            });
            ui.end_row();
        }
    });
}
