//! The panels round the canvas, one entry each: to add a panel is to add an entry.

use egui::{Align, CentralPanel, Frame, Layout, Margin, Panel, Rangef, Sense, Ui, UiBuilder, Vec2, vec2};
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
use crate::theme::{Icon, icon_button};
use crate::training::{self, Trained, TrainingState};

/// What the panels remember between frames.
#[derive(Default)]
pub(super) struct Panels {
    pub canvas: CanvasState,
    pub palette: PaletteState,
    pub inspector: InspectorState,
    pub plots: PlotsState,
    pub training: TrainingState,
}

/// A panel that can be shown and hidden.
pub(super) struct PanelEntry {
    /// Its name in the menus, by which the settings remember whether it is hidden.
    pub name: &'static str,
    pub tip: &'static str,
    /// Whether it is shown is a matter of the document, not of the settings; a command shows it.
    pub by_document: bool,
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
    /// Whether the user lets plots be shown.
    plots: bool,
}

pub(super) const PLOTS: &str = "Plots";
const TRAINING: &str = "Training";

/// All panels but the canvas, in the order in which they take their room from it.
pub(super) const PANELS: &[PanelEntry] = &[
    PanelEntry {
        name: "Palette",
        tip: "Show or hide the list of models",
        by_document: false,
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
        by_document: false,
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
        by_document: false,
        place: Edge::Bottom,
        // Without plots there is little to show: that strip has a size of its own.
        size: |shown, room| {
            let (id, share) = if shown.project.views.is_empty() { ("no plots", 0.2) } else { ("plots", 0.42) };
            let range = Rangef::new(100.0, (room.y - 140.0).max(120.0));
            PanelSize { id, default: (room.y * share).round(), range }
        },
        draw: |ui, panels, shown, actions| {
            if panels.training.shown {
                tabs(ui, &mut panels.training, shown.plots);
            }
            let mut selected = shown.selection.projections.iter().copied();
            let edited = selected.next().filter(|_| shown.selection.len() == 1);
            let data = PlotData { edited, ..plot_data(shown.project, shown.session) };
            plots::show(ui, &mut panels.plots, &data, actions);
        },
    },
    PanelEntry {
        name: TRAINING,
        tip: "Show or hide training",
        by_document: true,
        place: Edge::Bottom,
        size: |_, room| {
            let range = Rangef::new(150.0, (room.y - 120.0).max(170.0));
            PanelSize { id: "training", default: (room.y * 0.54).round(), range }
        },
        draw: |ui, panels, shown, actions| {
            tabs(ui, &mut panels.training, shown.plots);
            let trained = Trained { project: shown.project, revision: shown.revision };
            // Whatever it shows, the panel keeps the size that the user has given it.
            let space = ui.available_rect_before_wrap();
            let mut inside = ui.new_child(UiBuilder::new().max_rect(space.shrink2(vec2(8.0, 2.0))));
            training::show(&mut inside, &mut panels.training, &trained, actions);
            ui.allocate_rect(space, Sense::hover());
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

/// What stands in the place of plots and training, if both are shown: which of them is in front.
fn tabs(ui: &mut Ui, training: &mut TrainingState, plots: bool) {
    Frame::new().inner_margin(Margin { left: 8, right: 4, top: 3, bottom: 2 }).show(ui, |ui| {
        ui.horizontal(|ui| {
            let in_front = training.in_front || !plots;
            if plots && ui.selectable_label(!in_front, PLOTS).on_hover_text("What recorders record").clicked() {
                training.in_front = false;
            }
            let tip = "Change numbers until the network does what is wanted";
            if ui.selectable_label(in_front, TRAINING).on_hover_text(tip).clicked() {
                training.in_front = true;
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if icon_button(ui, Icon::Close, "Hide training", true).on_hover_text("Hide training").clicked() {
                    training.shown = false;
                }
            });
        });
    });
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
            plots: self.settings.shows_panel(PLOTS),
        };
        // Plots and training share a place.
        let training = &self.panels.training;
        let hidden = match training.shown && (training.in_front || !shown.plots) {
            true => PLOTS,
            false => TRAINING,
        };
        let room = ui.available_size();
        for entry in PANELS.iter().filter(|entry| entry.name != hidden) {
            let mut open = entry.by_document || self.settings.shows_panel(entry.name);
            entry.show(ui, room, &mut open, &mut self.panels, &shown, actions);
            match entry.by_document {
                true => self.panels.training.shown &= open,
                false => self.settings.set_panel(entry.name, open),
            }
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
