//! The menus: every command has its place in one of them.

use egui::{Button, RichText, Ui};

use super::Window;
use super::open_save::Next;
use super::overlays::PathPurpose;
use crate::action::Action;
use crate::command::{Command, keys_text};

const EDIT: &[&[Command]] = &[
    &[Command::Undo, Command::Redo],
    &[Command::Cut, Command::Copy, Command::Paste, Command::PasteWithWires, Command::Duplicate, Command::Delete],
    &[Command::SelectAll, Command::SelectNone, Command::FindNode],
    &[Command::AddNode, Command::Rename, Command::Mute],
];

const VIEW: &[&[Command]] = &[
    &[Command::FitAll, Command::FitSelection],
    &[Command::TogglePalette, Command::ToggleInspector, Command::TogglePlots],
    &[
        Command::AddRaster,
        Command::AddTraces,
        Command::AddRate,
        Command::AddWeights,
        Command::AddCorrelogram,
        Command::AddStates,
    ],
    &[Command::ZoomTextIn, Command::ZoomTextOut, Command::ZoomTextReset],
    &[Command::ToggleTheme],
];

const RUN: &[&[Command]] = &[
    &[Command::PlayPause, Command::StepOnce, Command::RunToEnd, Command::Reset],
    &[Command::Keep, Command::GoBack],
    &[Command::AddRecorders],
];

const HELP: &[&[Command]] = &[&[Command::Help, Command::CommandList], &[Command::StartPage]];

impl Window {
    pub(super) fn show_menus(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        ui.menu_button("File", |ui| self.file_menu(ui, actions));
        for (title, groups) in [("Edit", EDIT), ("View", VIEW), ("Run", RUN), ("Help", HELP)] {
            ui.menu_button(title, |ui| {
                ui.set_min_width(210.0);
                for (i, group) in groups.iter().enumerate() {
                    if i > 0 {
                        ui.separator();
                    }
                    for &command in *group {
                        self.entry(ui, command, actions);
                    }
                }
            });
        }
    }

    fn file_menu(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        ui.set_min_width(210.0);
        self.entry(ui, Command::New, actions);
        self.entry(ui, Command::Open, actions);
        if ui.button("Open by path…").on_hover_text("Type the path of a file").clicked() {
            self.ask_for_path(PathPurpose::Open);
        }
        ui.menu_button("Open recent", |ui| self.recent_menu(ui, actions));
        self.entry(ui, Command::StartPage, actions);
        ui.separator();
        self.entry(ui, Command::Save, actions);
        self.entry(ui, Command::SaveAs, actions);
        let by_path = ui.add_enabled(self.enabled(Command::SaveAs), Button::new("Save to path…"));
        if by_path.on_hover_text("Type the path of a file").clicked() {
            self.ask_for_path(PathPurpose::Save(None::<Next>));
        }
        ui.separator();
        self.entry(ui, Command::Quit, actions);
    }

    fn recent_menu(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        ui.set_min_width(220.0);
        if self.settings.recent.is_empty() {
            ui.weak("No files yet");
        }
        for path in &self.settings.recent {
            let name =
                path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
            let there = path.exists();
            let button = ui.add_enabled(there, Button::new(name));
            let hint = if there { path.display().to_string() } else { format!("{} is gone", path.display()) };
            if button.on_hover_text(&hint).on_disabled_hover_text(&hint).clicked() {
                actions.push(Action::Open(path.clone()));
            }
        }
    }

    /// A menu entry of a command, with its shortcut.
    fn entry(&self, ui: &mut Ui, command: Command, actions: &mut Vec<Action>) {
        let (text, tip) = command.text();
        let text = match command {
            Command::Undo => self.document.undo_label().map_or_else(|| text.into(), |l| format!("Undo {l}")),
            Command::Redo => self.document.redo_label().map_or_else(|| text.into(), |l| format!("Redo {l}")),
            _ => text.to_owned(),
        };
        let mut button = Button::new(text);
        if let Some(shortcut) = command.shortcuts().first() {
            button = button.shortcut_text(RichText::new(keys_text(ui.ctx(), shortcut)).weak());
        }
        if ui.add_enabled(self.enabled(command), button).on_hover_text(tip).clicked() {
            actions.push(Action::Command(command));
            ui.close();
        }
    }
}
