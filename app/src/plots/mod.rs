//! Live plots in panels that can be split, moved and closed.
//!
//! [`show`] draws the project's views, arranged as its layout says. Every kind of plot is a
//! [`kinds::Picture`] that registers in [`kinds::KINDS`].
//!
//! To export a plot, the panel asks by [`Action::Export`]; the program then chooses a file and
//! - for CSV writes what [`export_csv`] gives,
//! - for PNG takes [`PlotsState::pane_rect`], asks `ctx.request_screenshot` for the window's next
//!   picture (menus and dialogs must be closed in it), and writes what [`crop_png`] gives.

mod arrangement;
mod axis;
mod bitmap;
mod brush;
mod cells;
mod correlogram;
mod empty;
mod export;
mod gestures;
mod icons;
mod kinds;
mod pane;
mod panes;
mod populations;
mod pyramid;
mod raster;
mod rate;
mod ring;
#[cfg(test)]
mod sample;
mod settings;
mod states;
mod time_axis;
mod traces;
#[cfg(test)]
mod use_of_plots;
mod weights;

use std::collections::HashMap;

use egui::{Rect, Ui};
use spikeloom_engine::live::Status;
use spikeloom_engine::project::{Layout, NodeId, Project, View, ViewId, ViewKind};
use spikeloom_engine::recordings::Recordings;

use crate::action::Action;
pub use export::{ExportError, crop_png, export_csv};
use kinds::{Kind, Picture};
use time_axis::{Clock, TimeAxis};

/// Caches of the plots, and where the user looks; never saved.
#[derive(Default)]
pub struct PlotsState {
    generation: u64,
    panes: HashMap<ViewId, Pane>,
    axis: TimeAxis,
    arrangement: Option<Arrangement>,
    /// Edits of a gesture that is not over yet have been sent.
    gesture: bool,
}

/// The tiles on the screen, and what of the project they were made from.
struct Arrangement {
    tree: egui_tiles::Tree<ViewId>,
    layout: Option<Layout>,
    views: Vec<ViewId>,
}

/// One plot on the screen.
struct Pane {
    kind: ViewKind,
    picture: Box<dyn Picture>,
    /// Bottom and top, if the user has chosen them.
    y: Option<(f64, f64)>,
    /// Where the plot with its axes was drawn in the last frame.
    rect: Option<Rect>,
    /// Where a box zoom or a brush began.
    zoom_from: Option<egui::Pos2>,
    brush_from: Option<egui::Pos2>,
    /// The list of cells while it is being typed.
    cells_text: Option<String>,
}

/// What the plots show.
pub struct PlotData<'a> {
    pub project: &'a Project,
    pub recordings: &'a Recordings,
    /// Changes whenever the run starts anew, so that caches are dropped.
    pub generation: u64,
    pub status: &'a Status,
}

impl PlotData<'_> {
    fn clock(&self) -> Clock {
        Clock { now: self.status.time, duration: self.project.simulation.duration }
    }
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
    fn catch_up(&mut self, data: &PlotData<'_>) {
        if self.generation != data.generation {
            self.generation = data.generation;
            self.panes.values_mut().for_each(|pane| pane.picture.forget());
            self.axis.follow();
        }
        self.panes.retain(|id, pane| data.project.view(*id).is_some_and(|view| view.kind == pane.kind));
        for view in &data.project.views {
            self.panes.entry(view.id).or_insert_with(|| Pane::new(view.kind)).rect = None;
        }
    }
}

impl Pane {
    fn new(kind: ViewKind) -> Self {
        let picture = Kind::of(kind).picture();
        Pane { kind, picture, y: None, rect: None, zoom_from: None, brush_from: None, cells_text: None }
    }
}

/// Draws all views of the project into all the space of `ui`.
pub fn show(ui: &mut Ui, state: &mut PlotsState, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    state.catch_up(data);
    let before = actions.len();
    if data.project.views.is_empty() {
        panes::invitation(ui, data, actions);
        return;
    }
    panes::strip(ui, state, data, actions);
    panes::tiles(ui, state, data, actions);
    end_gesture(ui, state, actions, before);
}

/// Ends the undo step of a drag or of typing when it is over. The plots' own actions begin at `first`.
fn end_gesture(ui: &Ui, state: &mut PlotsState, actions: &mut Vec<Action>, first: usize) {
    let busy = ui.input(|i| i.pointer.any_down()) || ui.egui_wants_keyboard_input();
    let edited = actions[first..].iter().any(|action| matches!(action, Action::Edit(_)));
    state.gesture |= edited;
    if state.gesture && !edited && !busy {
        state.gesture = false;
        actions.push(Action::EndGesture);
    }
}

/// Adds a plot that shows all fitting recorders that no plot of this kind shows yet, or else all.
pub fn add_view(project: &mut Project, kind: ViewKind) -> ViewId {
    let all = fitting(project, kind);
    let is_shown = |id: &NodeId| project.views.iter().any(|v| v.kind == kind && v.sources.contains(id));
    let new: Vec<NodeId> = all.iter().copied().filter(|id| !is_shown(id)).collect();
    let sources = if new.is_empty() { all } else { new };
    let id = project.free_view_id();
    let title = free_title(project, kind, &sources);
    project.views.push(View {
        id,
        kind,
        title,
        sources,
        variable: String::new(),
        cells: Vec::new(),
        bin: 5.0,
        stacked: false,
    });
    id
}

/// What a plot is called: its title, or else by what it shows.
pub fn name_of(view: &View, project: &Project) -> String {
    let title = view.title.trim();
    if !title.is_empty() {
        return title.into();
    }
    let recorders: Vec<&str> =
        view.sources.iter().filter_map(|id| project.node(*id)).map(|node| node.name.as_str()).collect();
    match recorders[..] {
        [] => Kind::of(view.kind).name.into(),
        _ => recorders.join(", "),
    }
}

/// The recorders that a kind of plot can show.
pub fn fitting(project: &Project, kind: ViewKind) -> Vec<NodeId> {
    let fits = Kind::of(kind).fits;
    project.nodes.iter().filter(|node| fits(node.model)).map(|node| node.id).collect()
}

/// The kinds of plots, each with text and tooltip of the entry that adds one.
pub fn kinds() -> impl Iterator<Item = (ViewKind, (&'static str, &'static str))> {
    kinds::KINDS.iter().map(|kind| (kind.kind, kind.add))
}

/// The recorders that a kind of plot needs, in words: "a spike recorder".
pub fn needs(kind: ViewKind) -> &'static str {
    Kind::of(kind).needs
}

/// The name of the only recorder, or the kind's; numbered if there is such a plot already.
fn free_title(project: &Project, kind: ViewKind, sources: &[NodeId]) -> String {
    let stem = match sources {
        [only] => project.node(*only).map(|node| node.name.clone()),
        _ => None,
    }
    .unwrap_or_else(|| Kind::of(kind).name.into());
    let taken = |title: &str| project.views.iter().any(|v| v.kind == kind && v.title == title);
    let numbered = (2..).map(|i| format!("{stem} {i}"));
    std::iter::once(stem.clone()).chain(numbered).find(|title| !taken(title)).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::sample::Sample;
    use super::*;

    #[test]
    fn a_new_plot_shows_the_recorders_that_no_plot_shows() {
        let mut project = Sample::two_populations().project;
        project.views.clear();
        let first = add_view(&mut project, ViewKind::Raster);
        assert_eq!(
            project.view(first).map(|v| (v.title.as_str(), v.sources.clone())),
            Some(("Spikes", vec![NodeId(2)]))
        );
        let more = spikeloom_engine::models::find("spike_recorder").expect("in the catalogue");
        project.nodes.push(spikeloom_engine::project::Node::new(NodeId(9), "More", more));
        let second = add_view(&mut project, ViewKind::Raster);
        assert_eq!(project.view(second).map(|v| v.sources.clone()), Some(vec![NodeId(9)]));
        let third = add_view(&mut project, ViewKind::Raster);
        assert_eq!(project.view(third).map(|v| v.sources.clone()), Some(vec![NodeId(2), NodeId(9)]));
    }

    #[test]
    fn a_plot_without_a_title_is_called_by_its_recorders() {
        let mut project = Sample::two_populations().project;
        project.views[0].title = "  ".into();
        assert_eq!(name_of(&project.views[0], &project), "Spikes");
        project.views[0].sources = vec![NodeId(2), NodeId(3)];
        assert_eq!(name_of(&project.views[0], &project), "Spikes, Potentials");
        project.views[0].sources.clear();
        assert_eq!(name_of(&project.views[0], &project), "Raster");
    }

    #[test]
    fn titles_of_one_kind_differ() {
        let mut project = Sample::two_populations().project;
        let id = add_view(&mut project, ViewKind::Raster);
        assert_eq!(project.view(id).map(|v| v.title.as_str()), Some("Spikes 2"));
    }
}
