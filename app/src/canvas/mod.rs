//! The network canvas: nodes, wires and the gestures on them.
//!
//! Everything is drawn in screen coordinates through an own `camera::Camera`; nodes, ports and
//! wires are named widgets, so that tests and assistive technology can reach them.

mod camera;
mod captions;
mod corner;
mod create;
mod edges;
mod finder;
mod gestures;
mod menu;
mod moving;
mod nodes;
mod picture;
mod place;
mod rename;
mod routes;
mod serving;
mod shapes;
mod sketch;
#[cfg(test)]
mod tests;
mod wiring;

use egui::{DragAndDrop, Event, EventFilter, Id, MouseWheelUnit, Pos2, Rect, Role, Sense, Ui, Vec2, WidgetInfo, vec2};
use spikeloom_engine::models;
use spikeloom_engine::project::{NodeId, Project};

use crate::action::{Action, Message, MessageKind, Selection};
use crate::palette::DraggedModel;
use camera::{Camera, stored};
pub use create::{add_node, insert_beside};
use edges::Chip;
use finder::{Finder, Purpose};
use gestures::{Gesture, Touch};
use menu::Menu;
use nodes::Pen;
pub use place::{arrange, free_spot, is_unplaced};
use rename::Rename;
use sketch::Sketch;

/// How long the reason of a refused wire stays at the pointer.
const REFUSAL_SECONDS: f64 = 3.0;
const PORT_SIDE: f32 = 18.0;

/// Camera and gesture in progress; never saved.
#[derive(Default)]
pub struct CanvasState {
    camera: Camera,
    sketch: Sketch,
    gesture: Gesture,
    cancelled_move: Option<moving::Move>,
    /// Counts moves, so that each is an undo step of its own.
    moves: u64,
    finder: Option<Finder>,
    menu: Option<Menu>,
    rename: Option<Rename>,
    refusal: Option<Refusal>,
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
    pointer: Option<Pos2>,
}

/// Where the camera goes at the next frame.
enum View {
    All,
    Fit(Selection),
    Reveal(Selection),
}

/// Why a wire was not made.
struct Refusal {
    reason: String,
    at: Pos2,
    until: f64,
}

/// What the canvas shows.
pub struct Scene<'a> {
    pub project: &'a Project,
    pub selection: &'a Selection,
    /// Spikes per second and neuron of each node while running, for a little activity light.
    pub activity: &'a [(NodeId, f64)],
}

/// Draws the canvas into all the space of `ui`.
pub fn show(ui: &mut Ui, state: &mut CanvasState, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    let id = ui.scope_id().with("canvas");
    let rect = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(rect);
    let outer_clip = ui.clip_rect();
    ui.set_clip_rect(rect.intersect(outer_clip));
    state.camera.rect = rect;
    state.sketch.update(scene.project);
    state.move_camera(scene.project);
    state.scroll(ui);
    state.remember_pointer(ui);
    state.forget_what_is_gone(ui, scene.project);

    let visuals = ui.visuals().clone();
    let camera = state.camera;
    let painter = ui.painter().clone();
    let pen = Pen { painter: &painter, camera: &camera, visuals: &visuals, project: scene.project };
    let chips = edges::place_chips(&pen, &state.sketch.figures, &state.sketch.routes, |r| {
        scene.selection.projections.contains(&r.id)
    });
    let touch = touch(ui, id, state, scene, &chips);
    keys(ui, state, scene, &touch, actions);
    gestures::run(ui, state, scene, &touch, actions);
    take_dropped_model(ui, state, scene.project, actions);

    picture::paint(ui, &pen, state, scene, &touch, &chips);
    corner::overview(ui, id, &mut state.camera, &state.sketch, scene.project);
    if corner::buttons(ui, &mut state.camera) {
        state.fit(None);
        ui.ctx().request_repaint();
    }
    rename::show(ui, &mut state.rename, &camera, &state.sketch, scene.project, actions);
    menu::show(ui, &mut state.menu, &mut state.finder, scene.project, actions);
    finder::show(ui, &mut state.finder, &camera, scene.project, actions);
    ui.set_clip_rect(outer_clip);
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
        gestures::cancel(self) | finder | menu | rename | refusal
    }
    /// Where the pointer is, in the coordinates of nodes; `None` if it is not on the canvas.
    pub fn pointer_position(&self) -> Option<[f32; 2]> {
        self.pointer.map(stored)
    }
    /// The middle of what is seen, in the coordinates of nodes.
    pub fn middle(&self) -> [f32; 2] {
        stored(self.camera.center)
    }

    fn move_camera(&mut self, project: &Project) {
        if !self.shown && !project.nodes.is_empty() && self.pending.is_none() {
            self.pending = Some(View::All);
        }
        self.shown = true;
        let (now, quiet) = (self.camera, matches!(self.gesture, Gesture::None));
        if self.fitted.is_some_and(|f| f.rect != now.rect && f.center == now.center && f.zoom == now.zoom) && quiet {
            let all_seen = self.sketch.whole().is_none_or(|area| now.seen().contains_rect(area));
            if self.begun_empty && all_seen {
                self.fitted = Some(now);
            } else {
                self.pending.get_or_insert(View::All);
            }
        }
        let Some(view) = self.pending.take() else { return };
        match view {
            View::All => {
                self.begun_empty = self.sketch.whole().is_none();
                match self.sketch.whole() {
                    Some(area) => self.camera.fit(area),
                    None => self.camera = Camera { rect: self.camera.rect, ..Camera::default() },
                }
                self.fitted = Some(self.camera);
            }
            View::Fit(selection) => {
                if let Some(area) = self.area_of(&selection) {
                    self.camera.fit(area);
                }
            }
            View::Reveal(selection) => {
                if let Some(area) = self.area_of(&selection) {
                    self.camera.reveal(area);
                }
            }
        }
    }

    fn area_of(&self, selection: &Selection) -> Option<Rect> {
        let nodes = self.sketch.extent(|id| selection.nodes.contains(&id));
        let wires = self.sketch.routes.iter().filter(|r| selection.projections.contains(&r.id)).map(|r| r.bounds);
        nodes.into_iter().chain(wires).reduce(|a, b| a.union(b))
    }

    /// A wheel zooms at the pointer, two fingers pan, a pinch or Ctrl with either zooms.
    fn scroll(&mut self, ui: &Ui) {
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

    fn remember_pointer(&mut self, ui: &Ui) {
        let over = ui.rect_contains_pointer(self.camera.rect);
        let at = ui.input(|i| i.pointer.hover_pos());
        self.pointer = match &self.finder {
            // What is pasted from the search's buttons belongs where the search was opened.
            Some(finder) => Some(finder.at),
            None => at.filter(|_| over).map(|at| self.camera.to_canvas(at)),
        };
    }

    fn forget_what_is_gone(&mut self, ui: &Ui, project: &Project) {
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
            menu::Target::Node(id) => project.node(id).is_none(),
            menu::Target::Projection(id) => project.projection(id).is_none(),
        };
        if self.menu.as_ref().is_some_and(gone) {
            self.menu = None;
        }
    }
}

/// Registers all widgets, in the order in which they lie above each other, and names them.
fn touch(ui: &Ui, id: Id, state: &CanvasState, scene: &Scene<'_>, chips: &[Chip]) -> Touch {
    let (camera, sketch) = (&state.camera, &state.sketch);
    let sense = Sense::click_and_drag();
    // Reached by the pointer only; the keyboard goes from node to node.
    let pointer_only = Sense::CLICK | Sense::DRAG;
    let background = ui.interact(camera.rect, id.with("background"), pointer_only);
    background.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Network canvas"));
    let edges = sketch.routes.iter().zip(chips).map(|(route, chip)| {
        let response = ui.interact(chip.rect, id.with(("wire", route.id)), sense);
        response.widget_info(|| {
            let selected = scene.selection.projections.contains(&route.id);
            WidgetInfo::selected(Role::Button, true, selected, captions::projection_name(scene.project, route))
        });
        response
    });
    let edges = edges.collect();
    let nodes = sketch.figures.iter().map(|figure| {
        let title = ui.interact(nodes::title_rect(camera, figure), id.with(("title", figure.id)), pointer_only);
        let body = ui.interact(camera.rect_to_screen(figure.bounds()), id.with(("node", figure.id)), sense);
        body.widget_info(|| {
            let name = scene.project.node(figure.id).map_or_else(String::new, captions::node_name);
            WidgetInfo::selected(Role::Button, true, scene.selection.nodes.contains(&figure.id), name)
        });
        (body, title)
    });
    let nodes = nodes.collect();
    let ports = sketch.figures.iter().map(|figure| {
        let at = camera.to_screen(figure.center + figure.shape.port());
        let rect = Rect::from_center_size(at + vec2(8.0, 0.0), Vec2::splat(PORT_SIDE));
        let response = ui.interact(rect, id.with(("port", figure.id)), sense);
        response.widget_info(|| {
            let name = scene.project.node(figure.id).map_or("", |n| n.name.as_str());
            WidgetInfo::labeled(Role::Button, true, format!("Connect from {name}"))
        });
        response
    });
    let ports = ports.collect();
    Touch { background, nodes, ports, edges }
}

/// Arrow keys move the selection, W connects it; not while a text field or another panel has the focus.
fn keys(ui: &Ui, state: &mut CanvasState, scene: &Scene<'_>, touch: &Touch, actions: &mut Vec<Action>) {
    let focused = ui.memory(|m| m.focused());
    let own = touch
        .nodes
        .iter()
        .map(|(body, _)| body)
        .chain(&touch.ports)
        .chain(&touch.edges)
        .chain([&touch.background])
        .find(|r| Some(r.id) == focused);
    if let Some(own) = own {
        // Arrow keys move what is selected instead of the focus.
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(own.id, filter));
    }
    let busy = state.finder.is_some() || state.menu.is_some() || state.rename.is_some();
    if busy || (focused.is_some() && own.is_none()) {
        return;
    }
    moving::nudge(ui, scene, actions);
    let connect = ui.input(|i| i.key_pressed(egui::Key::W) && i.modifiers.is_none());
    let mut selected = scene.selection.nodes.iter();
    if connect
        && let (Some(&node), None) = (selected.next(), selected.next())
        && let Some(figure) = state.sketch.figure(node)
    {
        state.finder = Some(Finder::new(Purpose::Connect(node), figure.center));
        ui.ctx().request_repaint();
    }
}

/// A model dragged from the palette becomes a node where it is let go.
fn take_dropped_model(ui: &Ui, state: &CanvasState, project: &Project, actions: &mut Vec<Action>) {
    if !DragAndDrop::has_payload_of_type::<DraggedModel>(ui.ctx()) {
        return;
    }
    let (pointer, released) = ui.input(|i| (i.pointer.interact_pos(), i.pointer.any_released()));
    let Some(pointer) = pointer.filter(|&p| state.camera.rect.contains(p) && released) else { return };
    let Some(model) = DragAndDrop::take_payload::<DraggedModel>(ui.ctx()).and_then(|d| models::find(d.0)) else {
        return;
    };
    let at = free_spot(project, model, stored(state.camera.to_canvas(pointer)));
    actions.push(create::add_node(project, model, at).into());
}

fn say(text: String) -> Action {
    Action::Say(Message { kind: MessageKind::Warning, text, culprit: None })
}

fn say_info(text: String) -> Action {
    Action::Say(Message { kind: MessageKind::Info, text, culprit: None })
}
