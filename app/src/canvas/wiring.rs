//! Drawing wires: from a port or a rim to another node, or into empty space.

use egui::{Pos2, Ui};
use spikeloom_engine::project::{NodeId, Project, ProjectionId};

use super::camera::Camera;
use super::finder::{Finder, Purpose};
use super::gestures::{Gesture, Hand};
use super::sketch::Sketch;
use super::{CanvasState, create, say_info, serving};
use crate::action::Action;

/// A wire counts as meant for a node this close to its rim, in pixels.
const NEAR: f32 = 8.0;
/// The band along the rim from which a wire can be drawn, in pixels.
const RIM: f32 = 7.0;
/// Nodes smaller than this, in pixels, have no rim to draw from, only a port.
const LEAST_RIM_RADIUS: f32 = 26.0;
/// A wire shorter than this, in pixels, was not meant.
const SHORTEST_WIRE: f32 = 14.0;

/// A wire being drawn.
pub struct Wire {
    pub from: NodeId,
    start: Pos2,
    from_port: bool,
    left_home: bool,
    /// Going on to further targets with Alt held; the button need not be down.
    chained: bool,
}

/// Whether a press at `origin` (screen) takes hold of the rim of a node.
pub fn on_rim(camera: &Camera, sketch: &Sketch, id: NodeId, origin: Pos2) -> bool {
    let Some(figure) = sketch.figure(id) else { return false };
    let at = camera.to_canvas(origin);
    let depth = figure.depth(at) * camera.zoom;
    let radius = figure.shape.rim(at - figure.center) * camera.zoom;
    radius > LEAST_RIM_RADIUS && (-RIM..RIM).contains(&depth)
}

/// Starts a wire at a press on a port or a rim.
pub fn begin_wire(from: NodeId, start: Pos2, from_port: bool) -> Gesture {
    Gesture::Wire(Wire { from, start, from_port, left_home: false, chained: false })
}

/// What a wire under way would do if it were let go here.
pub enum Landing {
    /// On nothing.
    Empty,
    /// Still on the node that it comes from.
    Home,
    Fits(NodeId),
    /// On a wire whose synapses the device will work with.
    Serves(ProjectionId),
    Refused(String),
}

/// Where a wire under way would land if it were let go at the pointer.
pub fn landing(camera: &Camera, sketch: &Sketch, project: &Project, wire: &Wire, pointer: Pos2) -> Landing {
    let at = camera.to_canvas(pointer);
    let Some(target) = sketch.node_at(at, NEAR / camera.zoom) else {
        let served = sketch.route_at(at, NEAR / camera.zoom).map(|r| r.id);
        let served = served.filter(|&id| serving::serve(project, wire.from, id).is_some());
        return served.map_or(Landing::Empty, Landing::Serves);
    };
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

/// Follows the hand, or lands the wire.
pub fn carry_on_wiring(
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
        Landing::Serves(id) => actions.extend(serving::serve(project, wire.from, id).map(Action::from)),
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
