//! All that menus and the command list offer: the commands, the panels to show or hide, the kinds of plots and the
//! models to add, the speeds to play at, the plots to export, the examples to open.

use egui::KeyboardShortcut;
use spikeloom_engine::models::{CATALOGUE, Family};
use spikeloom_engine::project::ViewId;

use super::panels::PANELS;
use super::{Window, top_bar};
use crate::action::{Action, ExportKind, PictureOptions};
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
    /// A limit of the speed of play; `None` for none.
    Speed(Option<f64>),
    /// A plot to write to a file.
    Export(ViewId, ExportKind),
}

impl From<Offered> for Action {
    fn from(what: Offered) -> Self {
        match what {
            Offered::Command(command) => Action::Command(command),
            Offered::Panel(name) => Action::TogglePanel(name),
            Offered::Plot(kind) => Action::AddPlot(kind),
            Offered::Model(name) => Action::AddNode(name),
            Offered::Example(file) => Action::OpenExample(file.to_owned()),
            Offered::Speed(limit) => Action::SpeedLimit(limit),
            Offered::Export(view, kind) => Action::Export { view, kind },
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

/// The limits of speed. A menu of the top bar shows them.
fn speeds(enabled: bool) -> impl Iterator<Item = Entry> {
    top_bar::speed_limits().map(move |limit| {
        let (title, tip) = match limit {
            Some(_) => {
                (format!("Limit speed to {}", top_bar::speed_text(limit)), "Simulated time per real time, at most")
            }
            None => ("Unlimited speed".to_owned(), "Run the network as fast as the machine can"),
        };
        let called = ["speed limit", "real time", "slow", "fast", "slow motion", "maximum speed"];
        Entry {
            what: Offered::Speed(limit),
            found_by: Texts::new([title.as_str()]).called(called).about(tip),
            title,
            tip,
            keys: None,
            menus: &[],
            enabled,
        }
    })
}

impl Window {
    /// All entries: those of the menus in their order, then speeds, exports, models and examples.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let commands = Command::ALL.iter().map(|&command| self.command_entry(command));
        let panels = PANELS.iter().filter(|panel| !panel.by_document).map(|panel| Entry {
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
        entries.extend(speeds(!self.on_start_page).chain(self.exports()).chain(models()).chain(examples()));
        entries
    }

    /// Every plot as a picture and as data. The menu of a plot has further choices for a picture.
    fn exports(&self) -> impl Iterator<Item = Entry> {
        let project = self.project();
        let known = project.views.iter().filter(|view| plots::kinds().any(|(kind, _)| kind == view.kind));
        known.flat_map(move |view| {
            let ways = [
                (ExportKind::Png(PictureOptions::default()), "picture (PNG)", "Write the plot as a picture"),
                (ExportKind::Csv, "data (CSV)", "Write what the plot shows as a table"),
            ];
            ways.map(|(kind, form, tip)| {
                let name = plots::full_name_of(view, project);
                let title = format!("Export {form}: {name}…");
                Entry {
                    what: Offered::Export(view.id, kind),
                    found_by: Texts::new([title.as_str()])
                        .called(["export plot", "save plot", "image", "figure", "table", name.as_str()])
                        .about(tip),
                    title,
                    tip,
                    keys: None,
                    menus: &[],
                    enabled: !self.on_start_page,
                }
            })
        })
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
