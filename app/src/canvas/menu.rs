//! Context menus of nodes and wires.

use egui::{Id, Popup, PopupCloseBehavior, PopupKind, Pos2, Ui};
use spikeloom_engine::models::{self, Model};
use spikeloom_engine::project::{NodeId, Project, ProjectionId};

use super::finder::{Finder, Purpose};
use crate::action::{Action, Selection};
use crate::command::{Command, keys_text};
use crate::editing::{self, create, place};
use crate::messages;

/// What an open menu belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    Node(NodeId),
    Projection(ProjectionId),
}

/// An open menu and where it stands on the screen.
#[derive(Clone, Copy, Debug)]
pub struct Menu {
    pub target: Target,
    pub at: Pos2,
}

/// Shows the menu if one is open. `finder` is opened by the entry that connects by keyboard.
pub fn show(
    ui: &mut Ui,
    open: &mut Option<Menu>,
    finder: &mut Option<Finder>,
    project: &Project,
    actions: &mut Vec<Action>,
) {
    let Some(menu) = *open else { return };
    let mut stays_open = true;
    Popup::new(Id::unique("canvas menu"), ui.ctx().clone(), menu.at, ui.layer_id())
        .kind(PopupKind::Menu)
        .style(egui::containers::menu::menu_style)
        .layout(egui::Layout::top_down_justified(egui::Align::Min))
        .close_behavior(PopupCloseBehavior::CloseOnClick)
        .open_bool(&mut stays_open)
        .show(|ui| {
            ui.set_min_width(190.0);
            match menu.target {
                Target::Node(id) => node_menu(ui, id, finder, project, actions),
                Target::Projection(id) => projection_menu(ui, id, project, actions),
            }
        });
    if !stays_open {
        *open = None;
    }
}

fn node_menu(ui: &mut Ui, id: NodeId, finder: &mut Option<Finder>, project: &Project, actions: &mut Vec<Action>) {
    let Some(node) = project.node(id) else { return };
    command(ui, Command::Rename, "Rename", actions);
    command(ui, Command::Duplicate, "Duplicate", actions);
    command(ui, Command::Mute, if node.muted { "Unmute" } else { "Mute" }, actions);
    ui.separator();
    if ui.button("Connect to…").clicked() {
        *finder = Some(Finder::new(Purpose::Connect(id), place::point(node.position)));
    }
    let recorders: [(&str, &'static Model); 3] = [
        ("Record spikes", &models::SPIKE_RECORDER),
        ("Record potential", &models::VOLTMETER),
        ("Record with multimeter", &models::MULTIMETER),
    ];
    for (text, recorder) in recorders {
        if create::can_record(node, recorder)
            && ui.button(text).clicked()
            && let Some(edit) = create::record(project, id, recorder)
        {
            actions.push(edit.into());
        }
    }
    if node.model.is_neuron() && ui.button("Connect to itself").clicked() {
        match create::connect(project, id, id) {
            Ok((edit, _)) => actions.push(edit.into()),
            Err(reason) => actions.push(Action::Say(messages::warning(reason))),
        }
    }
    ui.separator();
    command(ui, Command::FitSelection, "Show selection", actions);
    command(ui, Command::Delete, "Delete", actions);
}

fn projection_menu(ui: &mut Ui, id: ProjectionId, project: &Project, actions: &mut Vec<Action>) {
    let Some(projection) = project.projection(id) else { return };
    command(ui, Command::Mute, if projection.muted { "Unmute" } else { "Mute" }, actions);
    if editing::has_sign(project, projection) {
        let text = if projection.weight.typical() < 0.0 { "Make excitatory" } else { "Make inhibitory" };
        let button = ui.add_enabled(!editing::is_lognormal(&projection.weight), egui::Button::new(text));
        let button = button.on_hover_text("Reverse the sign of the weight");
        if button.on_disabled_hover_text("A lognormal weight is always positive").clicked() {
            actions.extend(editing::reverse_sign(project, &Selection::projection(id)).map(Action::from));
        }
    }
    ui.separator();
    command(ui, Command::Delete, "Delete", actions);
}

fn command(ui: &mut Ui, command: Command, text: &str, actions: &mut Vec<Action>) {
    let mut button = egui::Button::new(text);
    if let Some(shortcut) = command.shortcuts().first() {
        button = button.shortcut_text(keys_text(ui.ctx(), shortcut));
    }
    if ui.add(button).on_hover_text(command.text().1).clicked() {
        actions.push(Action::Command(command));
    }
}
