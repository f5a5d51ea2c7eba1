//! All that menus and the command list offer: the commands, the panels to show or hide, the kinds of plots to add.

use egui::KeyboardShortcut;

use super::Window;
use super::panels::PANELS;
use crate::action::Action;
use crate::command::{Command, MenuPlace, MenuTitle};
use crate::plots;

/// An entry of a menu or of the command list.
pub(super) struct Entry {
    pub what: Offered,
    pub title: String,
    pub tip: &'static str,
    /// Further words by which the command list finds it.
    pub words: &'static str,
    /// The shortcut to show.
    pub keys: Option<KeyboardShortcut>,
    pub menus: &'static [MenuPlace],
    pub enabled: bool,
}

/// What an entry stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Offered {
    Command(Command),
    Panel(&'static str),
    /// A kind of plot, by its name.
    Plot(&'static str),
}

impl From<Offered> for Action {
    fn from(what: Offered) -> Self {
        match what {
            Offered::Command(command) => Action::Command(command),
            Offered::Panel(name) => Action::TogglePanel(name),
            Offered::Plot(kind) => Action::AddPlot(kind),
        }
    }
}

const PANEL_MENU: &[MenuPlace] = &[(MenuTitle::View, 1)];
const PLOT_MENU: &[MenuPlace] = &[(MenuTitle::View, 2)];

impl Window {
    /// All entries, in the order of the menus.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let commands = Command::ALL.iter().map(|&command| self.command_entry(command));
        let panels = PANELS.iter().map(|panel| Entry {
            what: Offered::Panel(panel.name),
            title: panel.name.into(),
            tip: panel.tip,
            words: "panel show hide",
            keys: None,
            menus: PANEL_MENU,
            enabled: !self.on_start_page,
        });
        let plots = plots::kinds().map(|(kind, (title, tip))| Entry {
            what: Offered::Plot(kind),
            title: title.into(),
            tip,
            words: "view graph",
            keys: None,
            menus: PLOT_MENU,
            enabled: !self.on_start_page,
        });
        let mut entries: Vec<Entry> = commands.chain(panels).chain(plots).collect();
        entries.sort_by_key(|entry| entry.menus.first().copied());
        entries
    }

    fn command_entry(&self, command: Command) -> Entry {
        let (text, tip) = command.text();
        Entry {
            what: Offered::Command(command),
            title: self.text_now(command).unwrap_or_else(|| text.into()),
            tip,
            words: command.words(),
            keys: command.shortcuts().first().copied(),
            menus: command.menus(),
            enabled: self.enabled(command),
        }
    }
}
