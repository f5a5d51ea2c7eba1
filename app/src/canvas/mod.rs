//! The network canvas: nodes, wires and the gestures on them.
//!
//! Everything is drawn in screen coordinates through an own [`camera::Camera`]; nodes, ports and
//! wires are named widgets, so that tests and assistive technology can reach them.

mod camera;
mod captions;
mod corner;
mod create;
mod edges;
mod finder;
mod gestures;
mod menu;
mod nodes;
mod place;
mod rename;
mod routes;
mod shapes;
mod sketch;
#[cfg(test)]
mod tests;

use egui::{
    Align2, CursorIcon, DragAndDrop, Event, EventFilter, FontId, Id, MouseWheelUnit, Pos2, Rect, Role, Sense, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use spikeloom_engine::models;
use spikeloom_engine::project::{NodeId, Project};

use crate::action::{Action, Message, MessageKind, Selection};
use crate::palette::DraggedModel;
use camera::{Camera, point, stored};
pub use create::add_node;
use edges::Chip;
use finder::{Finder, Purpose};
use gestures::{Gesture, Landing, Touch};
use menu::Menu;
use nodes::{Mood, Pen};
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
    cancelled_move: Option<gestures::Move>,
    /// Counts moves, so that each is an undo step of its own.
    moves: u64,
    finder: Option<Finder>,
    menu: Option<Menu>,
    rename: Option<Rename>,
    refusal: Option<Refusal>,
    pending: Option<View>,
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

    paint(ui, &pen, state, scene, &touch, &chips);
    corner::overview(ui, id, &mut state.camera, &state.sketch, scene.project);
    corner::buttons(ui, &mut state.camera, &state.sketch);
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
        let Some(view) = self.pending.take() else { return };
        match view {
            View::All => match self.sketch.whole() {
                Some(area) => self.camera.fit(area),
                None => self.camera = Camera { rect: self.camera.rect, ..Camera::default() },
            },
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
            self.finder = Some(Finder::new(Purpose::Add, point(free_spot(project, stored(at)))));
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
    gestures::nudge(ui, scene, actions);
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
    let at = free_spot(project, stored(state.camera.to_canvas(pointer)));
    actions.push(create::add_node(project, model, at).into());
}

fn paint(ui: &Ui, pen: &Pen<'_>, state: &CanvasState, scene: &Scene<'_>, touch: &Touch, chips: &[Chip]) {
    pen.painter.rect_filled(pen.camera.rect, 0.0, pen.ground());
    paint_grid(pen);
    if scene.project.nodes.is_empty() {
        paint_hint(pen);
    }
    let pointer = ui.input(|i| i.pointer.latest_pos());
    let quiet = matches!(state.gesture, Gesture::None);
    let near = pointer.filter(|_| quiet && touch.background.hovered());
    let near = near.and_then(|p| state.sketch.route_at(pen.camera.to_canvas(p), 7.0 / pen.camera.zoom));
    let hovered = |i: usize| {
        touch.edges.get(i).is_some_and(|r| r.hovered()) || near.is_some_and(|n| n.id == state.sketch.routes[i].id)
    };
    let selected = |i: usize| scene.selection.projections.contains(&state.sketch.routes[i].id);
    for (i, route) in state.sketch.routes.iter().enumerate() {
        edges::paint_wire(pen, route, selected(i), hovered(i));
    }
    let landing = wire_landing(pen, state, scene.project, pointer);
    for (i, figure) in state.sketch.figures.iter().enumerate() {
        let Some(node) = scene.project.node(figure.id) else { continue };
        let mood = mood(state, scene, touch, i);
        nodes::paint(pen, node, figure, mood);
        let port = touch.ports.get(i);
        if let Some(port) = port.filter(|p| quiet && (mood.selected || mood.hovered || p.hovered())) {
            nodes::paint_port(pen, port.rect, node, port.hovered());
        }
    }
    for (i, chip) in chips.iter().enumerate() {
        edges::paint_chip(pen, chip, selected(i), hovered(i));
    }
    paint_gesture(ui, pen, state, landing, pointer);
    point_cursor(ui, state, touch, near.is_some());
}

fn mood(state: &CanvasState, scene: &Scene<'_>, touch: &Touch, i: usize) -> Mood {
    let id = state.sketch.figures[i].id;
    let fits = match &state.gesture {
        Gesture::Wire(wire) => {
            let project = scene.project;
            Some(create::new_projection(project, project.free_projection_id(), wire.from, id).is_ok())
        }
        _ => None,
    };
    let from_here = matches!(&state.gesture, Gesture::Wire(wire) if wire.from == id);
    Mood {
        selected: scene.selection.nodes.contains(&id),
        hovered: touch.nodes.get(i).is_some_and(|(body, title)| body.hovered() || title.hovered()),
        welcomes: fits == Some(true) && !from_here,
        refuses: fits == Some(false) && !from_here,
        activity: scene.activity.iter().find(|(node, _)| *node == id).map_or(0.0, |(_, rate)| *rate),
        renaming: state.rename.as_ref().is_some_and(|r| r.node == id),
    }
}

fn wire_landing(pen: &Pen<'_>, state: &CanvasState, project: &Project, pointer: Option<Pos2>) -> Option<Landing> {
    let (Gesture::Wire(wire), Some(pointer)) = (&state.gesture, pointer) else { return None };
    Some(gestures::landing(pen.camera, &state.sketch, project, wire, pointer))
}

fn paint_gesture(ui: &Ui, pen: &Pen<'_>, state: &CanvasState, landing: Option<Landing>, pointer: Option<Pos2>) {
    let accent = nodes::strong(pen.visuals);
    if let (Gesture::Band { from, .. }, Some(pointer)) = (&state.gesture, pointer) {
        let band = pen.camera.rect_to_screen(gestures::band_rect(pen.camera, *from, pointer));
        pen.painter.rect(band, 0.0, accent.gamma_multiply(0.12), Stroke::new(1.0, accent), StrokeKind::Inside);
    }
    if let (Gesture::Wire(wire), Some(pointer)) = (&state.gesture, pointer) {
        paint_loose_wire(pen, state, wire.from, pointer);
    }
    if let Some(Finder { purpose: Purpose::AddAndConnect(from), at, .. }) = &state.finder {
        paint_loose_wire(pen, state, *from, pen.camera.to_screen(*at));
    }
    let refused = pen.visuals.error_fg_color;
    if let (Some(Landing::Refused(reason)), Some(pointer)) = (&landing, pointer) {
        name_board(ui, nodes::paint_board(pen, pointer, reason, refused), reason);
    } else if let Some(Refusal { reason, at, .. }) = &state.refusal {
        name_board(ui, nodes::paint_board(pen, *at, reason, refused), reason);
    }
    if let Some(pointer) = pointer.filter(|&p| pen.camera.rect.contains(p))
        && let Some(dragged) = DragAndDrop::payload::<DraggedModel>(ui.ctx())
    {
        pen.painter.circle_stroke(pointer, 36.0 * pen.camera.zoom, Stroke::new(2.0, accent));
        nodes::paint_board(pen, pointer, &format!("Add {}", dragged.0), accent);
    }
}

fn name_board(ui: &Ui, rect: Rect, reason: &str) {
    let response = ui.interact(rect, ui.scope_id().with("canvas refusal"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, reason));
}

fn paint_loose_wire(pen: &Pen<'_>, state: &CanvasState, from: NodeId, to: Pos2) {
    let Some(figure) = state.sketch.figure(from) else { return };
    let end = pen.camera.to_canvas(to) - figure.center;
    let start = if end.length() > 1.0 { end.normalized() * figure.shape.rim(end) } else { figure.shape.port() };
    let stroke = Stroke::new(2.5, nodes::strong(pen.visuals));
    pen.painter.line_segment([pen.camera.to_screen(figure.center + start), to], stroke);
    pen.painter.circle_filled(to, 4.0, stroke.color);
}

fn point_cursor(ui: &Ui, state: &CanvasState, touch: &Touch, near_wire: bool) {
    let icon = match &state.gesture {
        Gesture::Pan => CursorIcon::Grabbing,
        Gesture::Wire(_) | Gesture::Band { .. } => CursorIcon::Crosshair,
        Gesture::Move(_) => CursorIcon::Move,
        Gesture::None => {
            let pointer = ui.input(|i| i.pointer.hover_pos());
            let on_rim = |i: usize, p| gestures::on_rim(&state.camera, &state.sketch, state.sketch.figures[i].id, p);
            let over = touch.nodes.iter().position(|(body, _)| body.hovered());
            match (over, pointer) {
                _ if touch.ports.iter().any(|p| p.hovered()) => CursorIcon::Crosshair,
                (Some(i), Some(p)) if on_rim(i, p) => CursorIcon::Crosshair,
                (Some(_), _) => CursorIcon::Grab,
                _ if near_wire || touch.edges.iter().any(|e| e.hovered()) => CursorIcon::PointingHand,
                _ => return,
            }
        }
    };
    ui.ctx().set_cursor_icon(icon);
}

/// A grid of faint dots that thins out when it would become dense.
fn paint_grid(pen: &Pen<'_>) {
    let step = 40.0;
    if pen.camera.zoom < 0.35 {
        return;
    }
    let color = pen.visuals.weak_text_color().gamma_multiply(0.3);
    let seen = pen.camera.seen();
    let (left, top) = ((seen.left() / step).floor() as i64, (seen.top() / step).floor() as i64);
    let (right, bottom) = ((seen.right() / step).ceil() as i64, (seen.bottom() / step).ceil() as i64);
    for x in left..=right {
        for y in top..=bottom {
            let at = pen.camera.to_screen(pos2(x as f32 * step, y as f32 * step));
            pen.painter.rect_filled(Rect::from_center_size(at, Vec2::splat(1.6)), 0.0, color);
        }
    }
}

fn paint_hint(pen: &Pen<'_>) {
    pen.painter.text(
        pen.camera.rect.center(),
        Align2::CENTER_CENTER,
        "Double-click or drag a model here to begin",
        FontId::proportional(17.0),
        pen.visuals.weak_text_color(),
    );
}

fn say(text: String) -> Action {
    Action::Say(Message { kind: MessageKind::Warning, text, culprit: None })
}

fn say_info(text: String) -> Action {
    Action::Say(Message { kind: MessageKind::Info, text, culprit: None })
}
