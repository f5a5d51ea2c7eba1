//! Live plots of what recorders store.
//!
//! | part | holds |
//! | --- | --- |
//! | `kinds` | the kinds of plots: one file each, and the list of them |
//! | `plot`, `kind` | what a kind is made of; kinds side by side, whatever their settings |
//! | `data`, `sheet`, `settings`, `editor`, `table` | what a plot is given, drawn on, set by and written as |
//! | `populations`, `cells`, `bins`, `axis`, `takes` | what several kinds have in common |
//! | `views` | the views of a project as plots |
//! | `panel` | panes, arrangement, gestures |
//! | `reach` | where partners of a neuron stand, as masks and kernels say |
//! | `export`, `paint` | tables, and pictures painted without a window |
//!
//! To export a plot, the panel asks by [`Action::Export`](crate::action::Action::Export); the program then chooses a
//! file and
//! - for CSV writes what [`export_csv`] gives,
//! - for PNG writes what [`picture`] paints, at any scale and without the window.

mod axis;
mod bins;
mod cells;
mod data;
mod editor;
mod export;
mod kind;
mod kinds;
mod paint;
mod panel;
mod plot;
mod populations;
pub mod reach;
#[cfg(test)]
mod sample;
mod settings;
mod sheet;
mod table;
mod takes;
#[cfg(test)]
mod use_of_plots;
mod views;

use spikeloom_engine::models::Model;

pub use data::{PastTrial, PlotData, Trial};
pub use export::{ExportError, export_csv, picture};
pub use panel::{Mark, PlotsState, Still, show};
pub use views::{add_default_views, add_view, check, fitting, full_name_of, heading_of, name_of, show_recorder};

/// The kinds of plots by name, each with text and tooltip of the entry that adds one, in the order of menus.
pub fn kinds() -> impl Iterator<Item = (&'static str, (&'static str, &'static str))> {
    kinds::KINDS.iter().map(|kind| (kind.facts.name, kind.facts.add))
}

/// The recorders that a kind of plot needs, in words: "a spike recorder".
pub fn needs(kind: &str) -> String {
    kinds::find(kind).map_or_else(String::new, kind::Kind::needs)
}

/// Whether a kind of plot can show what this recorder stores.
pub fn takes(kind: &str, recorder: &Model) -> bool {
    kinds::find(kind).is_some_and(|kind| kind.takes(recorder))
}
