//! What the pointer does: select, move, draw wires, rubber band, pan.

use egui::{PointerButton, Pos2, Rect, Response, Ui, Vec2, vec2};
use spikeloom_engine::project::{NodeId, Project, ProjectionId};

use super::camera::{Camera, point, stored};
use super::finder::{Finder, Purpose};
use super::menu::{Menu, Target};
use super::rename::Rename;
use super::sketch::Sketch;
use super::{CanvasState, Scene, create, say_info};
use crate::action::{Action, Edit, Selection};

/// Grid of arrow keys and of moving with Ctrl, canvas units.
const GRID: f32 = 10.0;
/// A wire counts as meant for a node this close to its rim, in pixels.
const NEAR: f32 = 8.0;
/// The band along the rim from which a wire can be drawn, in pixels.
const RIM: f32 = 7.0;
/// Nodes smaller than this, in pixels, have no rim to draw from, only a port.
const LEAST_RIM_RADIUS: f32 = 26.0;
/// A wire is selected by a click this close to it, in pixels.
const WIRE_REACH: f32 = 7.0;
/// A wire shorter than this, in pixels, was not meant.
const SHORTEST_WIRE: f32 = 14.0;

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

/// Nodes being dragged.
pub struct Move {
    /// Where the nodes stood, and stand again if the gesture is cancelled.
    start: Vec<(NodeId, [f32; 2])>,
    grabbed: Pos2,
    moved: Vec2,
    key: String,
    /// The nodes are copies made by this gesture.
    copies: bool,
}

/// A wire being drawn.
pub struct Wire {
    pub from: NodeId,
    start: Pos2,
    from_port: bool,
    left_home: bool,
    /// Going on to further targets with Alt held; the button need not be down.
    chained: bool,
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
struct Hand {
    /// On the screen; where it was last if it has left.
    at: Pos2,
    down: bool,
    middle_down: bool,
    released: bool,
    origin: Option<Pos2>,
    delta: Vec2,
    alt: bool,
    add: bool,
    snap: bool,
    space: bool,
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

/// Nodes of a cancelled move go back to where they were.
fn put_back(state: &mut CanvasState, actions: &mut Vec<Action>) {
    if let Some(motion) = state.cancelled_move.take() {
        if motion.copies {
            let copies: Vec<NodeId> = motion.start.iter().map(|(id, _)| *id).collect();
            let edit = Edit::new("Duplicate", move |p| {
                p.nodes.retain(|n| !copies.contains(&n.id));
                p.projections.retain(|q| !copies.contains(&q.from) && !copies.contains(&q.to));
                p.views.retain(|v| !v.sources.iter().any(|s| copies.contains(s)));
            });
            actions.push(Action::Edit(edit.merged(motion.key).selecting(Selection::default())));
        } else {
            actions.push(positions("Move", motion.start, &motion.key));
        }
        actions.push(Action::EndGesture);
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

/// Whether a press at `origin` (screen) takes hold of the rim of a node.
pub fn on_rim(camera: &Camera, sketch: &Sketch, id: NodeId, origin: Pos2) -> bool {
    let Some(figure) = sketch.figure(id) else { return false };
    let at = camera.to_canvas(origin);
    let depth = figure.depth(at) * camera.zoom;
    let radius = figure.shape.rim(at - figure.center) * camera.zoom;
    radius > LEAST_RIM_RADIUS && (-RIM..RIM).contains(&depth)
}

fn begin_wire(from: NodeId, start: Pos2, from_port: bool) -> Gesture {
    Gesture::Wire(Wire { from, start, from_port, left_home: false, chained: false })
}

fn begin_move(
    state: &mut CanvasState,
    scene: &Scene<'_>,
    id: NodeId,
    origin: Pos2,
    hand: Hand,
    actions: &mut Vec<Action>,
) -> Gesture {
    let mut selection = scene.selection.clone();
    if !selection.nodes.contains(&id) {
        selection = toggled_node(scene.selection, id, hand.add);
    }
    state.moves += 1;
    let key = format!("move {}", state.moves);
    let mut start: Vec<(NodeId, [f32; 2])> =
        scene.project.nodes.iter().filter(|n| selection.nodes.contains(&n.id)).map(|n| (n.id, n.position)).collect();
    if hand.alt {
        let (edit, copies) = create::duplicate(scene.project, &selection, [0.0, 0.0]);
        start = copies.into_iter().zip(start).map(|(copy, (_, position))| (copy, position)).collect();
        actions.push(Action::Edit(edit.merged(key.clone())));
    } else if &selection != scene.selection {
        actions.push(Action::Select(selection));
    }
    Gesture::Move(Move { start, grabbed: state.camera.to_canvas(origin), moved: Vec2::ZERO, key, copies: hand.alt })
}

fn carry_on_moving(
    state: &mut CanvasState,
    project: &Project,
    mut motion: Move,
    hand: Hand,
    actions: &mut Vec<Action>,
) {
    let mut by = state.camera.to_canvas(hand.at) - motion.grabbed;
    if hand.snap
        && let Some(&(_, first)) = motion.start.first()
    {
        let wish = point(first) + by;
        by = vec2((wish.x / GRID).round() * GRID, (wish.y / GRID).round() * GRID) - point(first).to_vec2();
    }
    if by != motion.moved {
        motion.moved = by;
        let places = motion.start.iter().map(|&(id, at)| (id, stored(point(at) + by))).collect();
        actions.push(positions(&move_label(project, &motion.start), places, &motion.key));
    }
    if hand.down {
        state.gesture = Gesture::Move(motion);
    } else {
        actions.push(Action::EndGesture);
    }
}

fn move_label(project: &Project, moved: &[(NodeId, [f32; 2])]) -> String {
    match moved {
        [(one, _)] => format!("Move {}", project.node(*one).map_or("node", |n| n.name.as_str())),
        many => format!("Move {} nodes", many.len()),
    }
}

fn positions(label: &str, places: Vec<(NodeId, [f32; 2])>, key: &str) -> Action {
    let edit = Edit::new(label, move |p| {
        for (id, position) in places {
            if let Some(node) = p.node_mut(id) {
                node.position = position;
            }
        }
    });
    Action::Edit(edit.merged(key))
}

/// Moves the selected nodes by arrow keys: ten units, one with Shift.
pub fn nudge(ui: &Ui, scene: &Scene<'_>, actions: &mut Vec<Action>) {
    use egui::Key;
    const ARROWS: [(Key, Vec2); 4] = [
        (Key::ArrowLeft, vec2(-1.0, 0.0)),
        (Key::ArrowRight, vec2(1.0, 0.0)),
        (Key::ArrowUp, vec2(0.0, -1.0)),
        (Key::ArrowDown, vec2(0.0, 1.0)),
    ];
    let (step, ended) = ui.input(|i| {
        let plain = !i.modifiers.command && !i.modifiers.alt;
        let size = if i.modifiers.shift { 1.0 } else { GRID };
        let presses = |key| if plain { i.num_presses(key) as f32 } else { 0.0 };
        let step = ARROWS.iter().fold(Vec2::ZERO, |sum, &(key, way)| sum + way * presses(key) * size);
        (step, ARROWS.iter().any(|&(key, _)| i.key_released(key)))
    });
    if scene.selection.nodes.is_empty() {
        return;
    }
    if step != Vec2::ZERO {
        let moved: Vec<(NodeId, [f32; 2])> = scene
            .project
            .nodes
            .iter()
            .filter(|n| scene.selection.nodes.contains(&n.id))
            .map(|n| (n.id, stored(point(n.position) + step)))
            .collect();
        actions.push(positions(&move_label(scene.project, &moved), moved, "nudge"));
    }
    if ended {
        actions.push(Action::EndGesture);
    }
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

/// What a wire under way would do if it were let go here.
pub enum Landing {
    /// On nothing.
    Empty,
    /// Still on the node that it comes from.
    Home,
    Fits(NodeId),
    Refused(String),
}

pub fn landing(camera: &Camera, sketch: &Sketch, project: &Project, wire: &Wire, pointer: Pos2) -> Landing {
    let at = camera.to_canvas(pointer);
    let Some(target) = sketch.node_at(at, NEAR / camera.zoom) else { return Landing::Empty };
    if target.id == wire.from {
        let meant = wire.left_home || (wire.from_port && pointer.distance(wire.start) > SHORTEST_WIRE);
        if !meant {
            return Landing::Home;
        }
    }
    match create::new_projection(project, project.free_projection_id(), wire.from, target.id) {
        Ok(_) => Landing::Fits(target.id),
        Err(reason) => Landing::Refused(reason),
    }
}

fn carry_on_wiring(
    ui: &Ui,
    state: &mut CanvasState,
    project: &Project,
    mut wire: Wire,
    hand: Hand,
    actions: &mut Vec<Action>,
) {
    let Some(home) = state.sketch.figure(wire.from) else { return };
    wire.left_home |= !home.contains(state.camera.to_canvas(hand.at), NEAR / state.camera.zoom);
    if !hand.released {
        if hand.down || wire.chained {
            state.gesture = Gesture::Wire(wire);
        }
        return;
    }
    match landing(&state.camera, &state.sketch, project, &wire, hand.at) {
        Landing::Home => {}
        Landing::Empty => {
            if hand.at.distance(wire.start) > SHORTEST_WIRE && state.camera.rect.contains(hand.at) {
                let at = state.camera.to_canvas(hand.at);
                state.finder = Some(Finder::new(Purpose::AddAndConnect(wire.from), at));
            }
            return;
        }
        Landing::Refused(reason) => {
            let until = ui.input(|i| i.time) + super::REFUSAL_SECONDS;
            state.refusal = Some(super::Refusal { reason, at: hand.at, until });
        }
        Landing::Fits(target) => match create::connect(project, wire.from, target) {
            Ok((edit, remark)) => {
                actions.push(edit.into());
                actions.extend(remark.map(say_info));
            }
            Err(reason) => actions.push(super::say(reason)),
        },
    }
    if hand.alt {
        state.gesture = Gesture::Wire(Wire { chained: true, left_home: true, ..wire });
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
