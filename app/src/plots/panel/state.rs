//! What the plots keep between two frames; nothing of it is saved.

use std::collections::HashMap;

use egui::{Pos2, Rect};
use spikeloom_engine::project::{Layout, ViewId};

use super::time_axis::TimeAxis;
use crate::plots::data::PlotData;
use crate::plots::kind::Picture;
use crate::plots::kinds;

/// Caches of the plots, and where the user looks; never saved.
#[derive(Default)]
pub struct PlotsState {
    generation: u64,
    pub(in crate::plots) panes: HashMap<ViewId, Pane>,
    pub(in crate::plots) axis: TimeAxis,
    pub(super) arrangement: Option<Arrangement>,
    /// Edits of a gesture that is not over yet have been sent.
    pub(super) gesture: bool,
}

/// The tiles on the screen, and what of the project they were made from.
pub struct Arrangement {
    pub tree: egui_tiles::Tree<ViewId>,
    pub layout: Option<Layout>,
    pub views: Vec<ViewId>,
}

/// One plot on the screen.
pub struct Pane {
    /// The name of its kind, and the plot; none if there is no such kind.
    kind: String,
    pub picture: Option<Box<dyn Picture>>,
    /// Bottom and top, if the user has chosen them.
    pub y: Option<(f64, f64)>,
    /// Where the plot with its axes was drawn in the last frame.
    pub rect: Option<Rect>,
    /// Where a box zoom or a brush began.
    pub zoom_from: Option<Pos2>,
    pub brush_from: Option<Pos2>,
    /// The list of cells while it is being typed.
    pub cells_text: Option<String>,
}

impl PlotsState {
    /// Where a plot with its axes was drawn in the last frame, in points; `None` if it is closed or behind a tab.
    pub fn pane_rect(&self, view: ViewId) -> Option<Rect> {
        self.panes.get(&view).and_then(|pane| pane.rect)
    }

    /// Scrolls with the newest data again.
    pub fn follow(&mut self) {
        self.axis.follow();
    }

    /// Drops what belongs to an older run or to plots that are gone.
    pub(super) fn catch_up(&mut self, data: &PlotData<'_>) {
        if self.generation != data.generation {
            self.generation = data.generation;
            self.panes.values_mut().for_each(Pane::begin_anew);
            self.axis.follow();
        }
        self.panes.retain(|id, pane| data.project.view(*id).is_some_and(|view| view.kind == pane.kind));
        for view in &data.project.views {
            self.panes.entry(view.id).or_insert_with(|| Pane::new(&view.kind)).rect = None;
        }
    }
}

impl Pane {
    fn new(kind: &str) -> Self {
        let (kind, picture) = (kind.to_owned(), picture(kind));
        Pane { kind, picture, y: None, rect: None, zoom_from: None, brush_from: None, cells_text: None }
    }

    /// Forgets everything that was made from recordings.
    fn begin_anew(&mut self) {
        self.picture = picture(&self.kind);
    }
}

fn picture(kind: &str) -> Option<Box<dyn Picture>> {
    kinds::find(kind).map(|kind| (kind.picture)())
}
