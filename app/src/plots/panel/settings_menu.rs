//! The menu that tells what a plot shows: its name, its recorders, and the settings of its kind.

use egui::{Checkbox, TextEdit, Ui};
use spikeloom_engine::project::{View, ViewId};

use super::state::Pane;
use crate::action::{Action, Edit};
use crate::plots::data::PlotData;
use crate::plots::kind::Kind;
use crate::plots::views::{fitting, name_of};

/// The settings of one plot.
pub fn show(ui: &mut Ui, kind: &Kind, view: &View, pane: &mut Pane, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    ui.set_min_width(220.0);
    // In a menu numbers would look like plain text.
    let style = ui.ctx().global_style();
    ui.set_style(style);
    // Fields have the colour of the menu's ground where that is light.
    let line = ui.visuals().widgets.noninteractive.bg_stroke;
    ui.visuals_mut().widgets.inactive.bg_stroke = line;
    title(ui, view, data, actions);
    recorders(ui, kind, view, data, actions);
    (kind.edit)(ui, view, data, &mut pane.cells_text, actions);
}

/// An edit of one view.
fn change(id: ViewId, label: &str, edit: impl FnOnce(&mut View) + 'static) -> Edit {
    Edit::new(label, move |project| {
        if let Some(view) = project.view_mut(id) {
            edit(view);
        }
    })
}

fn title(ui: &mut Ui, view: &View, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let label = ui.label("Name");
        let mut title = view.title.clone();
        let edit = TextEdit::singleline(&mut title).desired_width(150.0).hint_text(name_of(view, data.project));
        let field = ui.add(edit).labelled_by(label.id);
        if field.changed() {
            let key = format!("name of view {}", view.id.0);
            actions.push(change(view.id, "Rename plot", |view| view.title = title).merged(key).into());
        }
        if field.lost_focus() {
            actions.push(Action::EndGesture);
        }
    });
}

fn recorders(ui: &mut Ui, kind: &Kind, view: &View, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    ui.separator();
    let all = fitting(data.project, &view.kind);
    if all.is_empty() {
        ui.weak(format!("Needs {}; this network has none", kind.needs()));
    }
    for id in all {
        let Some(node) = data.project.node(id) else { continue };
        let mut shown = view.sources.contains(&id);
        if ui.add(Checkbox::new(&mut shown, &node.name)).changed() {
            let edit = change(view.id, "Choose recorders", move |view| {
                view.sources.retain(|source| *source != id);
                if shown {
                    view.sources.push(id);
                }
            });
            actions.push(edit.into());
        }
    }
}
