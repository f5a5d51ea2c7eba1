//! Drawing wires: from a port or a rim to another node, or into empty space.

use egui::Pos2;
use spikeloom_engine::project::{NodeId, Project, ProjectionId};

use super::camera::Camera;
use super::figure::Figure;
use super::sketch::Sketch;
use crate::action::Action;
use crate::editing::{create, wire_devices};
use crate::messages;

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

impl Wire {
    /// Starts a wire at a press (on the screen) on a port or a rim.
    pub fn begin(from: NodeId, start: Pos2, from_port: bool) -> Wire {
        Wire { from, start, from_port, left_home: false, chained: false }
    }
    /// Another wire from the same node, drawn without a press.
    pub fn chained(self) -> Wire {
        Wire { chained: true, left_home: true, ..self }
    }
    /// Notes whether the pointer has left the node that the wire comes from.
    pub fn follow(&mut self, home: &Figure, camera: &Camera, pointer: Pos2) {
        self.left_home |= !home.contains(camera.to_canvas(pointer), NEAR / camera.zoom);
    }
    /// Whether it is still being drawn, given whether the button is down.
    pub fn goes_on(&self, down: bool) -> bool {
        down || self.chained
    }
    /// Whether it is long enough not to be a slip of the hand.
    pub fn was_meant(&self, pointer: Pos2) -> bool {
        pointer.distance(self.start) > SHORTEST_WIRE
    }
}

/// Whether a press at `origin` (screen) takes hold of the rim of a node.
pub fn on_rim(camera: &Camera, sketch: &Sketch, id: NodeId, origin: Pos2) -> bool {
    let Some(figure) = sketch.figure(id) else { return false };
    let at = camera.to_canvas(origin);
    let depth = figure.depth(at) * camera.zoom;
    let radius = figure.shape.rim(at - figure.center) * camera.zoom;
    radius > LEAST_RIM_RADIUS && (-RIM..RIM).contains(&depth)
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
        let served = served.filter(|&id| wire_devices::serve(project, wire.from, id).is_some());
        return served.map_or(Landing::Empty, Landing::Serves);
    };
    if target.id == wire.from {
        let meant = wire.left_home || (wire.from_port && wire.was_meant(pointer));
        if !meant {
            return Landing::Home;
        }
    }
    match create::new_projection(project, project.free_projection_id(), wire.from, target.id) {
        Ok(_) => Landing::Fits(target.id),
        Err(reason) => Landing::Refused(reason),
    }
}

/// Wires two nodes and tells what the user should know, or why they do not fit.
pub fn connect(project: &Project, from: NodeId, to: NodeId, actions: &mut Vec<Action>) {
    match create::connect(project, from, to) {
        Ok((edit, remark)) => {
            actions.push(edit.into());
            actions.extend(remark.map(|remark| Action::Say(messages::info(remark))));
        }
        Err(reason) => actions.push(Action::Say(messages::warning(reason))),
    }
}
