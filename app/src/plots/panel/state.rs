//! What the plots keep between two frames; nothing of it is saved.

use std::collections::HashMap;

use egui::{Pos2, Rect, Vec2, vec2};
use spikeloom_engine::live::Asked;
use spikeloom_engine::project::{Layout, ViewId};

use super::time_axis::TimeAxis;
use super::trials::Trials;
use super::zoom::Zoom;
use crate::action::PictureOptions;
use crate::plots::data::PlotData;
use crate::plots::kind::Picture;
use crate::plots::kinds;

/// Height of the title of a picture.
pub const TITLE: f32 = 26.0;

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
    /// The plots of the trials before the present one.
    pub trials: Trials,
    /// Bottom and top, if the user has chosen them.
    pub y: Option<(f64, f64)>,
    /// What of it is seen, of a plot of places.
    pub zoom: Zoom,
    /// What the network is asked of what lies under the pointer.
    pub asked: Option<Asked>,
    /// Where the plot with its axes was drawn in the last frame.
    pub rect: Option<Rect>,
    /// Where a box zoom or a brush began.
    pub zoom_from: Option<Pos2>,
    pub brush_from: Option<Pos2>,
    /// The list of cells while it is being typed.
    pub cells_text: Option<String>,
    /// It stands beside another plot of the same view, at this place.
    pub beside: Option<&'static str>,
    /// How it is painted as a picture.
    pub options: PictureOptions,
}

impl PlotsState {
    /// Width and height of a picture of a plot, in points: those on the screen, with room for a title.
    pub fn picture_size(&self, view: ViewId) -> Vec2 {
        const SMALLEST: Vec2 = vec2(240.0, 160.0);
        const UNSEEN: Vec2 = vec2(560.0, 320.0);
        let size = self.pane_rect(view).map_or(UNSEEN, |rect| rect.size()) + vec2(16.0, TITLE + 8.0);
        size.max(SMALLEST).round()
    }

    /// Where a plot with its axes was drawn in the last frame, in points; `None` if it is closed or behind a tab.
    pub fn pane_rect(&self, view: ViewId) -> Option<Rect> {
        self.panes.get(&view).and_then(|pane| pane.rect)
    }

    /// What the network is asked of what lies under the pointer.
    pub fn asked(&self) -> Option<Asked> {
        self.panes.values().filter(|pane| pane.rect.is_some()).find_map(|pane| pane.asked)
    }

    /// Scrolls with the newest data again, with as much of it in view as at first.
    pub fn reset_time(&mut self) {
        self.axis = TimeAxis::default();
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
    pub(super) fn new(kind: &str) -> Self {
        let (kind, picture) = (kind.to_owned(), picture(kind));
        Pane {
            kind,
            picture,
            trials: Trials::default(),
            y: None,
            zoom: Zoom::default(),
            asked: None,
            rect: None,
            zoom_from: None,
            brush_from: None,
            cells_text: None,
            beside: None,
            options: PictureOptions::default(),
        }
    }

    /// Forgets everything that was made from recordings.
    fn begin_anew(&mut self) {
        self.picture = picture(&self.kind);
        self.trials = Trials::default();
    }
}

fn picture(kind: &str) -> Option<Box<dyn Picture>> {
    kinds::find(kind).map(|kind| (kind.picture)())
}
