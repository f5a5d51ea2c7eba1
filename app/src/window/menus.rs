//! The menus: every entry has its place in one of them.

use egui::{Button, RichText, Ui};

use super::Window;
use super::entries::{Entry, Offered};
use crate::action::Action;
use crate::command::{Command, MenuTitle, keys_text};

impl Window {
    pub(super) fn show_menus(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        for menu in MenuTitle::ALL {
            ui.menu_button(format!("{menu:?}"), |ui| {
                ui.set_min_width(210.0);
                self.menu(ui, menu, actions);
            });
        }
    }

    /// The entries of a menu, with a line between groups.
    fn menu(&self, ui: &mut Ui, menu: MenuTitle, actions: &mut Vec<Action>) {
        let mut entries: Vec<(u8, Entry)> =
            self.entries().into_iter().filter_map(|e| Some((e.group(menu)?, e))).collect();
        entries.sort_by_key(|(group, _)| *group);
        let mut before = None;
        for (group, entry) in entries {
            if before.is_some_and(|before| before != group) {
                ui.separator();
            }
            before = Some(group);
            entry.show(ui, actions);
            if entry.what == Offered::Command(Command::OpenPath) {
                ui.menu_button("Open recent", |ui| self.recent_menu(ui, actions));
            }
        }
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
}

impl Entry {
    /// The group in this menu, if it stands there.
    fn group(&self, menu: MenuTitle) -> Option<u8> {
        self.menus.iter().find(|(title, _)| *title == menu).map(|(_, group)| *group)
    }

    fn show(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let mut button = Button::new(&self.title);
        if let Some(shortcut) = &self.keys {
            button = button.shortcut_text(RichText::new(keys_text(ui.ctx(), shortcut)).weak());
        }
        if ui.add_enabled(self.enabled, button).on_hover_text(self.tip).clicked() {
            actions.push(self.what.into());
            ui.close();
        }
    }
}
