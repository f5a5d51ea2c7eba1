//! The panels round the canvas, one entry each: to add a panel is to add an entry.

use egui::{CentralPanel, Frame, Margin, Panel, Rangef, Ui, Vec2};
use spikeloom_engine::live::Phase;
use spikeloom_engine::project::{Play, Problem, Project};

use super::Window;
use crate::action::{Action, Selection};
use crate::canvas::{self, CanvasState, Scene};
use crate::favourites::Favourites;
use crate::inspector::{self, Inspected, InspectorState};
use crate::palette::{self, PaletteState};
use crate::plots::{self, PastTrial, PlotData, PlotsState, Trial};
use crate::session::{self, Session};

/// What the panels remember between frames.
#[derive(Default)]
pub(super) struct Panels {
    pub canvas: CanvasState,
    pub palette: PaletteState,
    pub inspector: InspectorState,
    pub plots: PlotsState,
}

/// A panel that can be shown and hidden.
pub(super) struct PanelEntry {
    /// Its name in the menus, by which the settings remember whether it is hidden.
    pub name: &'static str,
    pub tip: &'static str,
    place: Edge,
    /// The size when there is this much room round the canvas.
    size: fn(&Shown<'_>, Vec2) -> PanelSize,
    draw: fn(&mut Ui, &mut Panels, &Shown<'_>, &mut Vec<Action>),
}

/// The edge that a panel stands at.
#[derive(Clone, Copy, PartialEq)]
enum Edge {
    Left,
    Right,
    Bottom,
}

/// Width of a panel at the side, height of one at the bottom, in points.
struct PanelSize {
    /// The size that the user gives the panel is remembered under this name.
    id: &'static str,
    default: f32,
    range: Rangef,
}

/// What panels show.
struct Shown<'a> {
    project: &'a Project,
    revision: u64,
    selection: &'a Selection,
    problems: &'a [Problem],
    session: &'a Session,
    favourites: &'a Favourites,
}

pub(super) const PLOTS: &str = "Plots";

/// All panels but the canvas, in the order in which they take their room from it.
pub(super) const PANELS: &[PanelEntry] = &[
    PanelEntry {
        name: "Palette",
        tip: "Show or hide the list of models",
        place: Edge::Left,
        size: |_, room| PanelSize {
            id: "palette",
            default: if is_narrow(room) { 190.0 } else { 220.0 },
            range: side_range(room, 150.0, 360.0),
        },
        draw: |ui, panels, shown, actions| palette::show(ui, &mut panels.palette, shown.favourites, actions),
    },
    PanelEntry {
        name: "Inspector",
        tip: "Show or hide the parameters",
        place: Edge::Right,
        size: |_, room| PanelSize {
            id: "inspector",
            default: if is_narrow(room) { 270.0 } else { 310.0 },
            range: side_range(room, 220.0, 480.0),
        },
        draw: |ui, panels, shown, actions| {
            let &Shown { project, revision, selection, problems, session, .. } = shown;
            let node = selection.nodes.first().filter(|_| selection.len() == 1);
            let activity = node.and_then(|id| session.statistics().of(project, session.recordings(), *id));
            let inspected = Inspected { project, selection, problems, status: session.status(), activity, revision };
            inspector::show(ui, &mut panels.inspector, &inspected, actions);
        },
    },
    PanelEntry {
        name: PLOTS,
        tip: "Show or hide the plots",
        place: Edge::Bottom,
        // Without plots there is little to show: that strip has a size of its own.
        size: |shown, room| {
            let (id, share) = if shown.project.views.is_empty() { ("no plots", 0.2) } else { ("plots", 0.42) };
            let range = Rangef::new(100.0, (room.y - 140.0).max(120.0));
            PanelSize { id, default: (room.y * share).round(), range }
        },
        draw: |ui, panels, shown, actions| {
            let mut selected = shown.selection.projections.iter().copied();
            let edited = selected.next().filter(|_| shown.selection.len() == 1);
            let data = PlotData { edited, ..plot_data(shown.project, shown.session) };
            plots::show(ui, &mut panels.plots, &data, actions);
        },
    },
];

/// What the plots of a project show of a session.
pub(super) fn plot_data<'a>(project: &'a Project, session: &'a Session) -> PlotData<'a> {
    let repeats = matches!(project.simulation.play, Play::Repeat { .. });
    let past = |trial: &'a session::Trial| PastTrial {
        number: trial.number,
        recordings: &trial.recordings,
        status: &trial.status,
    };
    PlotData {
        project,
        recordings: session.recordings(),
        generation: session.generation(),
        status: session.status(),
        statistics: session.statistics(),
        previous_run: session.shows_previous_run(),
        edited: None,
        trial: repeats.then(|| Trial { number: session.trial(), seed: session.trial_seed() }),
        past: session.past_trials().iter().map(past).collect(),
    }
}

/// Widths that a panel at the side may have: the canvas keeps the larger part of a narrow window.
fn side_range(room: Vec2, least: f32, most: f32) -> Rangef {
    Rangef::new(least, (room.x * most / 1150.0).clamp(least, most))
}

/// Whether the panels at the sides must leave the canvas some room.
fn is_narrow(room: Vec2) -> bool {
    room.x < 1100.0
}

impl Window {
    /// The panels, and the canvas in what is left between them.
    pub(super) fn show_panels(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        // A copy, as the panels may change the settings that hold them.
        let favourites = self.settings.models.clone();
        let shown = Shown {
            project: self.document.project(),
            revision: self.document.revision(),
            selection: self.document.selection(),
            problems: &self.problems,
            session: &self.session,
            favourites: &favourites,
        };
        let room = ui.available_size();
        for entry in PANELS {
            let mut open = self.settings.shows_panel(entry.name);
            entry.show(ui, room, &mut open, &mut self.panels, &shown, actions);
            self.settings.set_panel(entry.name, open);
        }
        let scene = Scene {
            project: shown.project,
            selection: shown.selection,
            activity: self.session.activity(),
            overview: self.settings.overview,
            running: self.session.status().phase == Phase::Running,
            favourites: shown.favourites,
        };
        CentralPanel::default()
            .frame(Frame::new())
            .show(ui, |ui| canvas::show(ui, &mut self.panels.canvas, &scene, actions));
        self.session.look(self.panels.inspector.look());
        self.session.ask(self.panels.plots.asked());
    }
}

impl PanelEntry {
    fn show(
        &self,
        ui: &mut Ui,
        room: Vec2,
        open: &mut bool,
        panels: &mut Panels,
        shown: &Shown<'_>,
        actions: &mut Vec<Action>,
    ) {
        let PanelSize { id, default, range } = (self.size)(shown, room);
        let bare = Frame::new().fill(ui.visuals().panel_fill);
        let (panel, frame) = match self.place {
            Edge::Left => (Panel::left(id), bare.inner_margin(Margin::symmetric(10, 8))),
            Edge::Right => (Panel::right(id), bare.inner_margin(Margin::symmetric(10, 8))),
            Edge::Bottom => (Panel::bottom(id), bare),
        };
        panel
            .default_size(default)
            .size_range(range)
            .frame(frame)
            .show_collapsible(ui, open, |ui| (self.draw)(ui, panels, shown, actions));
    }
}
