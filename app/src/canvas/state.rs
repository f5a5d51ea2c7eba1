//! What the canvas remembers from frame to frame: the view, the gesture under way, what is open.

use std::collections::BTreeSet;

use egui::{Event, MouseWheelUnit, Pos2, Rect, Ui, vec2};
use spikeloom_engine::project::{Node, NodeId, Project};

use super::camera::Camera;
use super::corner::Corner;
use super::finder::{Finder, Purpose};
use super::menu::{Menu, Target};
use super::moving::Move;
use super::nodes;
use super::notes::Notes;
use super::rename::Rename;
use super::sketch::Sketch;
use super::wiring::Wire;
use crate::action::Selection;
use crate::editing::place::{point, stored};
use crate::favourites::Favourites;

/// How long the reason of a refused wire stays at the pointer.
const REFUSAL_SECONDS: f64 = 3.0;

/// Camera and gesture in progress; never saved.
#[derive(Default)]
pub struct CanvasState {
    pub(super) camera: Camera,
    pub(super) sketch: Sketch,
    pub(super) gesture: Gesture,
    pub(super) cancelled_move: Option<Move>,
    /// Counts moves, so that each is an undo step of its own.
    pub(super) moves: u64,
    pub(super) finder: Option<Finder>,
    pub(super) menu: Option<Menu>,
    pub(super) rename: Option<Rename>,
    pub(super) notes: Notes,
    pub(super) refusal: Option<Refusal>,
    /// Where the overview stands.
    pub(super) corner: Corner,
    /// The highest number of a node when the canvas was last shown: nodes above it are new.
    newest: Option<NodeId>,
    pending: Option<View>,
    /// The view that showed everything; as long as nobody moves it, it keeps doing so.
    fitted: Option<Camera>,
    /// There was nothing to show when it was set: what is drawn by hand stays where it was put while it is seen.
    begun_empty: bool,
    /// The canvas has been shown before.
    shown: bool,
    wants_finder: bool,
    /// The last scroll event came from a wheel, not from a touch pad.
    wheel: bool,
    pub(super) pointer: Option<Pos2>,
}

/// Where the camera goes at the next frame.
enum View {
    All,
    Fit(Selection),
    Reveal(Selection),
    /// Whatever has just come into the network.
    BringIn(Selection),
}

/// Why a wire was not made; shown for some seconds where it was let go.
pub struct Refusal {
    pub reason: String,
    /// On the screen.
    pub at: Pos2,
    until: f64,
}

impl Refusal {
    pub fn new(ui: &Ui, reason: String, at: Pos2) -> Refusal {
        Refusal { reason, at, until: ui.input(|i| i.time) + REFUSAL_SECONDS }
    }
}

/// What the canvas shows.
pub struct Scene<'a> {
    pub project: &'a Project,
    pub selection: &'a Selection,
    /// Spikes per second and neuron of each node while running, for a little activity light.
    pub activity: &'a [(NodeId, f64)],
    /// Whether the overview may be shown.
    pub overview: bool,
    /// A network runs, which portraits must not slow.
    pub running: bool,
    /// Models that the search offers first.
    pub favourites: &'a Favourites,
}

/// The gesture in progress.
#[derive(Default)]
pub enum Gesture {
    #[default]
    None,
    Pan,
    /// A rubber band from a canvas point; what was selected before stays if `base` holds it.
    Band {
        from: Pos2,
        base: Selection,
    },
    Move(Move),
    Wire(Wire),
}

impl CanvasState {
    /// Fits everything (or the selection) into view at the next frame.
    pub fn fit(&mut self, selection: Option<&Selection>) {
        self.pending = Some(match selection {
            Some(selection) if !selection.is_empty() => View::Fit(selection.clone()),
            _ => View::All,
        });
    }
    /// Moves the view at the next frame so that the selection is seen, without zooming.
    pub fn reveal(&mut self, selection: &Selection) {
        self.pending = Some(View::Reveal(selection.clone()));
    }
    /// Opens the model search at the middle of the canvas.
    pub fn open_finder(&mut self) {
        self.wants_finder = true;
    }
    /// Opens the search for a node to wire this one to.
    pub fn connect(&mut self, node: &Node) {
        self.finder = Some(Finder::new(Purpose::Connect(node.id), point(node.position)));
    }
    /// Begins a note at the pointer, or in the middle of what is seen.
    pub fn add_note(&mut self) {
        self.notes.add();
    }
    /// Whether a search for models or nodes is open.
    pub fn finder_open(&self) -> bool {
        self.finder.is_some() || self.wants_finder
    }
    /// Puts the title of a node into editing.
    pub fn rename(&mut self, node: NodeId) {
        self.rename = Some(Rename::new(node));
        self.reveal(&Selection::node(node));
    }
    /// Whether a gesture is in progress that Escape should stop; stops it.
    pub fn cancel_gesture(&mut self) -> bool {
        let finder = self.finder.take().is_some() | std::mem::take(&mut self.wants_finder);
        let menu = self.menu.take().is_some();
        let rename = self.rename.take().is_some();
        let refusal = self.refusal.take().is_some();
        let note = self.notes.cancel();
        self.stop_gesture() | finder | menu | rename | refusal | note
    }
    /// Ends the gesture under way without leaving a trace.
    fn stop_gesture(&mut self) -> bool {
        match std::mem::take(&mut self.gesture) {
            Gesture::None => false,
            Gesture::Move(motion) => {
                self.cancelled_move = Some(motion);
                true
            }
            _ => true,
        }
    }
    /// Where the pointer is, in the coordinates of nodes; `None` if it is not on the canvas.
    pub fn pointer_position(&self) -> Option<[f32; 2]> {
        self.pointer.map(stored)
    }
    /// The middle of what is seen, in the coordinates of nodes.
    pub fn middle(&self) -> [f32; 2] {
        stored(self.camera.center)
    }

    pub(super) fn move_camera(&mut self, ui: &Ui, project: &Project) {
        if !self.shown && !project.nodes.is_empty() && self.pending.is_none() {
            self.pending = Some(View::All);
        }
        let before = std::mem::replace(&mut self.newest, project.nodes.iter().map(|n| n.id).max());
        let new = project.nodes.iter().map(|n| n.id).filter(|id| before.is_none_or(|before| *id > before));
        let new: BTreeSet<NodeId> = new.collect();
        if self.shown && !new.is_empty() && matches!(self.gesture, Gesture::None) {
            let new = Selection { nodes: new, ..Selection::default() };
            self.pending.get_or_insert(View::BringIn(new));
        }
        self.shown = true;
        let (now, quiet) = (self.camera, matches!(self.gesture, Gesture::None));
        if self.fitted.is_some_and(|f| f.rect != now.rect && f.center == now.center && f.zoom == now.zoom) && quiet {
            let all_seen = self.whole().is_none_or(|area| now.seen().contains_rect(area));
            if self.begun_empty && all_seen {
                self.fitted = Some(now);
            } else {
                self.pending.get_or_insert(View::All);
            }
        }
        let Some(view) = self.pending.take() else { return };
        match view {
            View::All => {
                let whole = self.whole();
                self.begun_empty = whole.is_none();
                match whole {
                    Some(area) => self.fit_with_names(ui, project, area, |_| true),
                    None => self.camera = Camera { rect: self.camera.rect, ..Camera::default() },
                }
                self.fitted = Some(self.camera);
            }
            View::Fit(selection) => {
                if let Some(area) = self.area_of(&selection) {
                    self.fit_with_names(ui, project, area, |id| selection.nodes.contains(&id));
                }
            }
            View::Reveal(selection) => {
                if let Some(area) = self.area_of(&selection) {
                    self.camera.reveal(area);
                }
            }
            View::BringIn(selection) => {
                if let Some(area) = self.area_of(&selection) {
                    self.camera.bring_in(area);
                }
            }
        }
    }

    /// Shows an area, with all of the names of these nodes.
    fn fit_with_names(&mut self, ui: &Ui, project: &Project, area: Rect, of: impl Fn(NodeId) -> bool) {
        // Where there are more, names are lost in the picture anyway.
        const MOST: usize = 500;
        let mut camera = self.camera;
        camera.fit_with(area, &nodes::LEGIBLE, |camera| {
            let figures = self.sketch.figures.iter().filter(|figure| of(figure.id)).take(MOST);
            figures.filter_map(|f| nodes::written_rect(ui, camera, project.node(f.id)?, f)).collect()
        });
        self.camera = camera;
    }

    /// The rectangle round the network and its notes.
    fn whole(&self) -> Option<Rect> {
        self.sketch.whole().into_iter().chain(self.notes.areas.iter().copied()).reduce(|a, b| a.union(b))
    }

    fn area_of(&self, selection: &Selection) -> Option<Rect> {
        let nodes = self.sketch.extent(|id| selection.nodes.contains(&id));
        let wires = self.sketch.routes.iter().filter(|r| selection.projections.contains(&r.id)).map(|r| r.bounds);
        nodes.into_iter().chain(wires).reduce(|a, b| a.union(b))
    }

    /// A wheel zooms at the pointer, two fingers pan, a pinch or Ctrl with either zooms.
    pub(super) fn scroll(&mut self, ui: &Ui) {
        if !ui.rect_contains_pointer(self.camera.rect) {
            return;
        }
        let (pointer, zoom, scroll, unit) = ui.input(|i| {
            let unit = i.events.iter().rev().find_map(|e| match e {
                Event::MouseWheel { unit, .. } => Some(*unit),
                _ => None,
            });
            (i.pointer.hover_pos(), i.zoom_delta(), i.smooth_scroll_delta(), unit)
        });
        if let Some(unit) = unit {
            self.wheel = unit != MouseWheelUnit::Point;
        }
        let Some(pointer) = pointer else { return };
        self.camera.zoom_about(pointer, zoom);
        if self.wheel {
            self.camera.zoom_about(pointer, (scroll.y / 240.0).exp());
            self.camera.pan(vec2(scroll.x, 0.0));
        } else {
            self.camera.pan(scroll);
        }
    }

    pub(super) fn remember_pointer(&mut self, ui: &Ui) {
        let over = ui.rect_contains_pointer(self.camera.rect);
        let at = ui.input(|i| i.pointer.hover_pos());
        self.pointer = match &self.finder {
            // What is pasted from the search's buttons belongs where the search was opened.
            Some(finder) => Some(finder.at),
            None => at.filter(|_| over).map(|at| self.camera.to_canvas(at)),
        };
    }

    pub(super) fn forget_what_is_gone(&mut self, ui: &Ui, project: &Project) {
        if std::mem::take(&mut self.wants_finder) {
            let at = self.pointer.unwrap_or(self.camera.center);
            self.finder = Some(Finder::new(Purpose::Add, at));
        }
        let now = ui.input(|i| i.time);
        match &self.refusal {
            Some(refusal) if refusal.until <= now => self.refusal = None,
            Some(refusal) => ui.ctx().request_repaint_after_secs((refusal.until - now) as f32),
            None => {}
        }
        let gone = |menu: &Menu| match menu.target {
            Target::Node(id) => project.node(id).is_none(),
            Target::Projection(id) => project.projection(id).is_none(),
        };
        if self.menu.as_ref().is_some_and(gone) {
            self.menu = None;
        }
    }
}
