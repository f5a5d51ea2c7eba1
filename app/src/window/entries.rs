//! All that menus and the command list offer: the commands, the panels to show or hide, the kinds of plots and the
//! models to add, the examples to open.

use egui::KeyboardShortcut;
use spikeloom_engine::models::{CATALOGUE, Family};

use super::Window;
use super::panels::PANELS;
use crate::action::Action;
use crate::command::{Command, MenuPlace, MenuTitle};
use crate::examples::{self, EXAMPLES};
use crate::search::Texts;
use crate::{model_search, plots};

/// An entry of a menu or of the command list.
pub(super) struct Entry {
    pub what: Offered,
    pub title: String,
    pub tip: &'static str,
    /// What the command list finds it by.
    pub found_by: Texts,
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
    /// A model to add to the network, by its name.
    Model(&'static str),
    /// An example to open, by its file.
    Example(&'static str),
}

impl From<Offered> for Action {
    fn from(what: Offered) -> Self {
        match what {
            Offered::Command(command) => Action::Command(command),
            Offered::Panel(name) => Action::TogglePanel(name),
            Offered::Plot(kind) => Action::AddPlot(kind),
            Offered::Model(name) => Action::AddNode(name),
            Offered::Example(file) => Action::OpenExample(file.to_owned()),
        }
    }
}

const PANEL_MENU: &[MenuPlace] = &[(MenuTitle::View, 1)];
const PLOT_MENU: &[MenuPlace] = &[(MenuTitle::View, 2)];

/// Every model that can be put onto the canvas. The palette shows them; no menu does.
fn models() -> impl Iterator<Item = Entry> {
    let placed = CATALOGUE.iter().copied().filter(|model| model.family() != Family::Synapse);
    placed.map(|model| Entry {
        what: Offered::Model(model.name),
        title: format!("Add {}", model.title),
        tip: model.doc,
        found_by: model_search::texts(model).called([format!("add {}", model.title).as_str()]),
        keys: None,
        menus: &[],
        enabled: true,
    })
}

/// Every example. The start page shows them; no menu does.
fn examples() -> impl Iterator<Item = Entry> {
    EXAMPLES.iter().zip(examples::titles()).map(|(example, (title, about))| Entry {
        what: Offered::Example(example.file),
        title: format!("Open example {title}"),
        tip: about,
        found_by: Texts::new([title]).called([format!("open example {title}").as_str()]).about(about),
        keys: None,
        menus: &[],
        enabled: true,
    })
}

impl Window {
    /// All entries: those of the menus in their order, then models and examples.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let commands = Command::ALL.iter().map(|&command| self.command_entry(command));
        let panels = PANELS.iter().map(|panel| Entry {
            what: Offered::Panel(panel.name),
            title: panel.name.into(),
            tip: panel.tip,
            found_by: Texts::new([panel.name]).called(["panel", "show", "hide"]).about(panel.tip),
            keys: None,
            menus: PANEL_MENU,
            enabled: !self.on_start_page,
        });
        let plots = plots::kinds().map(|(kind, (title, tip))| Entry {
            what: Offered::Plot(kind),
            title: title.into(),
            tip,
            found_by: Texts::new([title]).called(["view", "graph", "diagram"]).about(tip),
            keys: None,
            menus: PLOT_MENU,
            enabled: !self.on_start_page,
        });
        let mut entries: Vec<Entry> = commands.chain(panels).chain(plots).collect();
        entries.sort_by_key(|entry| entry.menus.first().copied());
        entries.extend(models().chain(examples()));
        entries
    }

    fn command_entry(&self, command: Command) -> Entry {
        let (text, tip) = command.text();
        Entry {
            what: Offered::Command(command),
            title: self.text_now(command).unwrap_or_else(|| text.into()),
            tip,
            found_by: Texts::new([text]).called(command.called()).about(tip),
            keys: command.shortcuts().first().copied(),
            menus: command.menus(),
            enabled: self.enabled(command),
        }
    }
}
