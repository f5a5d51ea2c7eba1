//! What a running simulation can be told.

use super::{Asked, Folder, Look};
use crate::description::{NodeId, ProjectionId, Value};

/// What a running simulation can be told.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Run until paused.
    Run,
    /// Stop after the present batch of steps.
    Pause,
    /// Advance by this many ms, then pause.
    Step(f64),
    /// Run until the clock stands at this time in ms, then pause.
    RunUntil(f64),
    /// Simulated seconds per second of wall time; `None` for as fast as it goes.
    SpeedLimit(Option<f64>),
    /// Change parameters of a node, at once and all together.
    Set {
        /// The node.
        node: NodeId,
        /// Names and new values.
        params: Vec<(String, Value)>,
    },
    /// Change the weight of a projection.
    SetWeight {
        /// The projection.
        projection: ProjectionId,
        /// The new weight of its synapses.
        weight: Value,
    },
    /// Change parameters of the synapses of a projection, at once and all together; their state stays.
    SetSynapses {
        /// The projection.
        projection: ProjectionId,
        /// Names and new values.
        params: Vec<(String, Value)>,
    },
    /// Silence a node or let it speak again.
    MuteNode {
        /// The node.
        node: NodeId,
        /// Whether it is silent from now on.
        muted: bool,
    },
    /// Silence the synapses of a projection or let them transmit again.
    MuteProjection {
        /// The projection.
        projection: ProjectionId,
        /// Whether it is silent from now on.
        muted: bool,
    },
    /// Where recorders that write files put them; of no effect once they have begun to.
    RecordInto(Folder),
    /// Keep the present state, in place of the one kept before.
    Keep,
    /// Go back to the state kept; what was recorded since then is dropped.
    GoBack,
    /// Tell the state of this with each status, or of nothing.
    Look(Option<Look>),
    /// Tell once to whom a neuron is connected; the answer stands in each status until something else is asked for.
    Connections(Option<Asked>),
}
