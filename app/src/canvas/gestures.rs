//! What the pointer does: select, move, draw wires, rubber band, pan.

use egui::{PointerButton, Pos2, Rect, Response, Ui, Vec2};
use spikeloom_engine::project::{NodeId, ProjectionId};

use super::camera::Camera;
use super::finder::{Finder, Purpose};
use super::menu::{Menu, Target};
use super::moving::{Move, begin_move, carry_on_moving, put_back};
use super::rename::Rename;
use super::wiring::{Wire, begin_wire, carry_on_wiring, on_rim};
use super::{CanvasState, Scene};
use crate::action::{Action, Selection};

/// A wire is selected by a click this close to it, in pixels.
const WIRE_REACH: f32 = 7.0;

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

/// What the widgets of the canvas report in a frame.
pub struct Touch {
    pub background: Response,
    /// Shape and title of each figure.
    pub nodes: Vec<(Response, Response)>,
    pub ports: Vec<Response>,
    pub edges: Vec<Response>,
}

/// The pointer and the keys held, once a frame.
#[derive(Clone, Copy)]
pub struct Hand {
    /// On the screen; where it was last if it has left.
    pub at: Pos2,
    pub down: bool,
    pub middle_down: bool,
    pub released: bool,
    pub origin: Option<Pos2>,
    pub delta: Vec2,
    pub alt: bool,
    pub add: bool,
    pub snap: bool,
    pub space: bool,
}

impl Hand {
    /// `otherwise` stands for the pointer when there is none.
    fn of(ui: &Ui, otherwise: Option<Pos2>) -> Option<Hand> {
        ui.input(|i| {
            Some(Hand {
                at: i.pointer.interact_pos().or(i.pointer.latest_pos()).or(otherwise)?,
                down: i.pointer.primary_down(),
                middle_down: i.pointer.middle_down(),
                released: i.pointer.primary_released(),
                origin: i.pointer.press_origin(),
                delta: i.pointer.delta(),
                alt: i.modifiers.alt,
                add: i.modifiers.shift || i.modifiers.command,
                snap: i.modifiers.command,
                space: i.key_down(egui::Key::Space),
            })
        })
    }
}

/// Carries the gesture in progress on, or starts one.
pub fn run(ui: &Ui, state: &mut CanvasState, scene: &Scene<'_>, touch: &Touch, actions: &mut Vec<Action>) {
    put_back(state, actions);
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
        Gesture::Move(motion) => carry_on_moving(state, scene.project, motion, hand, actions),
        Gesture::Wire(wire) => carry_on_wiring(ui, state, scene.project, wire, hand, actions),
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
            state.gesture = begin_wire(id, origin, true);
            return;
        }
        node_clicks(state, scene, id, port, false, actions);
    }
    for (&id, (body, title)) in ids.iter().zip(&touch.nodes) {
        if grabbed(body) || grabbed(title) {
            state.gesture = match (hand.space, on_rim(&state.camera, &state.sketch, id, origin) && grabbed(body)) {
                (true, _) => Gesture::Pan,
                (_, true) => begin_wire(id, origin, false),
                _ => begin_move(state, scene, id, origin, hand, actions),
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
pub fn toggled_node(selection: &Selection, id: NodeId, add: bool) -> Selection {
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

/// Ends what is under way without leaving a trace.
pub fn cancel(state: &mut CanvasState) -> bool {
    match std::mem::take(&mut state.gesture) {
        Gesture::None => false,
        Gesture::Move(motion) => {
            state.cancelled_move = Some(motion);
            true
        }
        _ => true,
    }
}
