//! What the pointer does: select, move, draw wires, rubber band, pan.

use egui::{PointerButton, Pos2, Rect, Response, Ui};
use spikeloom_engine::project::{NodeId, Project, ProjectionId};

use super::camera::Camera;
use super::finder::{Finder, Purpose};
use super::hand::Hand;
use super::menu::{Menu, Target};
use super::moving::Move;
use super::rename::Rename;
use super::state::{CanvasState, Gesture, Refusal, Scene};
use super::wiring::{self, Landing, Wire, on_rim};
use crate::action::{Action, Selection};
use crate::editing::wire_devices;

/// A wire is selected by a click this close to it, in pixels.
const WIRE_REACH: f32 = 7.0;

/// What the widgets of the canvas report in a frame.
pub struct Touch {
    pub background: Response,
    /// Shape and title of each figure.
    pub nodes: Vec<(Response, Response)>,
    pub ports: Vec<Response>,
    pub edges: Vec<Response>,
}

/// Carries the gesture in progress on, or starts one.
pub fn run(ui: &Ui, state: &mut CanvasState, scene: &Scene<'_>, touch: &Touch, actions: &mut Vec<Action>) {
    if let Some(motion) = state.cancelled_move.take() {
        motion.put_back(actions);
    }
    // Assistive technology clicks without a pointer; a gesture under way waits for it to return.
    let otherwise = matches!(state.gesture, Gesture::None).then_some(state.camera.rect.center());
    let Some(hand) = Hand::of(ui, otherwise) else { return };
    match std::mem::take(&mut state.gesture) {
        Gesture::None => start(ui, state, scene, touch, hand, actions),
        Gesture::Pan => {
            state.camera.pan(hand.delta);
            if hand.down || hand.middle_down {
                state.gesture = Gesture::Pan;
            }
        }
        Gesture::Band { from, base } => {
            stretch_band(state, scene, from, &base, hand, actions);
            if hand.down {
                state.gesture = Gesture::Band { from, base };
            }
        }
        Gesture::Move(mut motion) => {
            motion.follow(scene.project, state.camera.to_canvas(hand.at), hand.snap, actions);
            if hand.down {
                state.gesture = Gesture::Move(motion);
            } else {
                actions.push(Action::EndGesture);
            }
        }
        Gesture::Wire(wire) => draw_wire(ui, state, scene.project, wire, hand, actions),
    }
}

fn start(ui: &Ui, state: &mut CanvasState, scene: &Scene<'_>, touch: &Touch, hand: Hand, actions: &mut Vec<Action>) {
    let over_canvas = ui.rect_contains_pointer(state.camera.rect);
    if over_canvas && ui.input(|i| i.pointer.button_pressed(PointerButton::Middle)) {
        state.gesture = Gesture::Pan;
        return;
    }
    let ids: Vec<NodeId> = state.sketch.figures.iter().map(|f| f.id).collect();
    let origin = hand.origin.unwrap_or(hand.at);
    let grabbed = |r: &Response| r.drag_started_by(PointerButton::Primary);
    for (&id, port) in ids.iter().zip(&touch.ports) {
        if grabbed(port) {
            state.gesture = Gesture::Wire(Wire::begin(id, origin, true));
            return;
        }
        node_clicks(state, scene, id, port, false, actions);
    }
    for (&id, (body, title)) in ids.iter().zip(&touch.nodes) {
        if grabbed(body) || grabbed(title) {
            state.gesture = match (hand.space, on_rim(&state.camera, &state.sketch, id, origin) && grabbed(body)) {
                (true, _) => Gesture::Pan,
                (_, true) => Gesture::Wire(Wire::begin(id, origin, false)),
                _ => Gesture::Move(take_hold(state, scene, id, origin, hand, actions)),
            };
            return;
        }
        node_clicks(state, scene, id, body, true, actions);
        node_clicks(state, scene, id, title, true, actions);
    }
    let wires: Vec<ProjectionId> = state.sketch.routes.iter().map(|r| r.id).collect();
    for (&id, edge) in wires.iter().zip(&touch.edges) {
        if edge.clicked() || grabbed(edge) {
            actions.push(Action::Select(toggled_projection(scene.selection, id, hand.add)));
        }
        if edge.secondary_clicked() {
            open_wire_menu(state, scene, id, hand.at, actions);
        }
    }
    background(state, scene, &touch.background, origin, hand, actions);
}

/// Takes hold of a node, and of all that is selected with it; with Alt, of their copies.
fn take_hold(
    state: &mut CanvasState,
    scene: &Scene<'_>,
    id: NodeId,
    origin: Pos2,
    hand: Hand,
    actions: &mut Vec<Action>,
) -> Move {
    let held = scene.selection.nodes.contains(&id);
    let selection = if held { scene.selection.clone() } else { toggled_node(scene.selection, id, hand.add) };
    state.moves += 1;
    let grabbed = state.camera.to_canvas(origin);
    if hand.alt {
        return Move::begin_with_copies(scene.project, &selection, grabbed, state.moves, actions);
    }
    let motion = Move::begin(scene.project, &selection, grabbed, state.moves);
    if &selection != scene.selection {
        actions.push(Action::Select(selection));
    }
    motion
}

/// Follows the hand with a wire, or lands it.
fn draw_wire(
    ui: &Ui,
    state: &mut CanvasState,
    project: &Project,
    mut wire: Wire,
    hand: Hand,
    actions: &mut Vec<Action>,
) {
    let Some(home) = state.sketch.figure(wire.from) else { return };
    wire.follow(home, &state.camera, hand.at);
    if !hand.released {
        if wire.goes_on(hand.down) {
            state.gesture = Gesture::Wire(wire);
        }
        return;
    }
    match wiring::landing(&state.camera, &state.sketch, project, &wire, hand.at) {
        Landing::Home => {}
        Landing::Empty => {
            if wire.was_meant(hand.at) && state.camera.rect.contains(hand.at) {
                let at = state.camera.to_canvas(hand.at);
                state.finder = Some(Finder::new(Purpose::AddAndConnect(wire.from), at));
            }
            return;
        }
        Landing::Serves(id) => actions.extend(wire_devices::serve(project, wire.from, id).map(Action::from)),
        Landing::Refused(reason) => state.refusal = Some(Refusal::new(ui, reason, hand.at)),
        Landing::Fits(target) => wiring::connect(project, wire.from, target, actions),
    }
    if hand.alt {
        state.gesture = Gesture::Wire(wire.chained());
    }
}

fn node_clicks(
    state: &mut CanvasState,
    scene: &Scene<'_>,
    id: NodeId,
    response: &Response,
    is_body: bool,
    actions: &mut Vec<Action>,
) {
    let add = response.ctx.input(|i| i.modifiers.shift || i.modifiers.command);
    if response.double_clicked() && is_body && !add {
        state.rename = Some(Rename::new(id));
    } else if response.clicked() {
        actions.push(Action::Select(toggled_node(scene.selection, id, add)));
    }
    if response.secondary_clicked() {
        if !scene.selection.nodes.contains(&id) {
            actions.push(Action::Select(Selection::node(id)));
        }
        let at = response.interact_pointer_pos().unwrap_or(response.rect.center());
        state.menu = Some(Menu { target: Target::Node(id), at });
    }
}

fn background(
    state: &mut CanvasState,
    scene: &Scene<'_>,
    response: &Response,
    origin: Pos2,
    hand: Hand,
    actions: &mut Vec<Action>,
) {
    let reach = WIRE_REACH / state.camera.zoom;
    let wire_at =
        |state: &CanvasState, at: Pos2| state.sketch.route_at(state.camera.to_canvas(at), reach).map(|r| r.id);
    if response.drag_started_by(PointerButton::Primary) {
        if hand.space {
            state.gesture = Gesture::Pan;
        } else if let Some(wire) = wire_at(state, origin) {
            actions.push(Action::Select(toggled_projection(scene.selection, wire, hand.add)));
        } else {
            let base = if hand.add { scene.selection.clone() } else { Selection::default() };
            state.gesture = Gesture::Band { from: state.camera.to_canvas(origin), base };
        }
        return;
    }
    let at = response.interact_pointer_pos().unwrap_or(hand.at);
    let wire = wire_at(state, at);
    if response.double_clicked() && wire.is_none() {
        state.finder = Some(Finder::new(Purpose::Add, state.camera.to_canvas(at)));
    } else if response.clicked() {
        match wire {
            Some(id) => actions.push(Action::Select(toggled_projection(scene.selection, id, hand.add))),
            None if !hand.add && !scene.selection.is_empty() => actions.push(Action::Select(Selection::default())),
            None => {}
        }
    }
    if response.secondary_clicked() {
        match wire {
            Some(id) => open_wire_menu(state, scene, id, at, actions),
            None => state.finder = Some(Finder::new(Purpose::Add, state.camera.to_canvas(at))),
        }
    }
}

fn open_wire_menu(state: &mut CanvasState, scene: &Scene<'_>, id: ProjectionId, at: Pos2, actions: &mut Vec<Action>) {
    if !scene.selection.projections.contains(&id) {
        actions.push(Action::Select(Selection::projection(id)));
    }
    state.menu = Some(Menu { target: Target::Projection(id), at });
}

/// The selection after a click on a node.
fn toggled_node(selection: &Selection, id: NodeId, add: bool) -> Selection {
    if !add {
        return Selection::node(id);
    }
    let mut new = selection.clone();
    if !new.nodes.remove(&id) {
        new.nodes.insert(id);
    }
    new
}

fn toggled_projection(selection: &Selection, id: ProjectionId, add: bool) -> Selection {
    if !add {
        return Selection::projection(id);
    }
    let mut new = selection.clone();
    if !new.projections.remove(&id) {
        new.projections.insert(id);
    }
    new
}

/// The rubber band, in canvas coordinates.
pub fn band_rect(camera: &Camera, from: Pos2, pointer: Pos2) -> Rect {
    Rect::from_two_pos(from, camera.to_canvas(pointer))
}

fn stretch_band(
    state: &CanvasState,
    scene: &Scene<'_>,
    from: Pos2,
    base: &Selection,
    hand: Hand,
    actions: &mut Vec<Action>,
) {
    let band = band_rect(&state.camera, from, hand.at);
    let mut new = base.clone();
    new.nodes.extend(state.sketch.figures.iter().filter(|f| band.intersects(f.bounds())).map(|f| f.id));
    new.projections.extend(state.sketch.routes.iter().filter(|r| band.contains_rect(r.bounds)).map(|r| r.id));
    if &new != scene.selection {
        actions.push(Action::Select(new));
    }
}
