//! A simulation on a thread of its own: commands go in, frames come out.
//!
//! The life of a run: [`Engine::start`] builds the network in the background
//! (progress in [`Status`]); then it waits for [`Command`]s; while it runs it
//! publishes [`Frame`](crate::recordings::Frame)s, which [`Engine::drain`]
//! moves into [`Recordings`](crate::recordings::Recordings). The window never waits for the
//! engine, nor the engine for the window.

use std::sync::Arc;

use crate::project::{NodeId, Problem, Project, ProjectionId};
use crate::recordings::{Frame, RecordingPlan};
use crate::value::Value;

/// What the engine can be told.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Run until paused.
    Run,
    Pause,
    /// Advance by this many ms, then pause.
    Step(f64),
    /// Run until the clock stands at this time in ms, then pause.
    RunUntil(f64),
    /// Simulated seconds per second of wall time; `None` for as fast as it goes.
    SpeedLimit(Option<f64>),
    /// Change parameters of a node, at once and all together.
    Set {
        node: NodeId,
        params: Vec<(String, Value)>,
    },
    /// Change the weight of a projection.
    SetWeight {
        projection: ProjectionId,
        weight: Value,
    },
    /// Silence a node or let it speak again.
    MuteNode {
        node: NodeId,
        muted: bool,
    },
    MuteProjection {
        projection: ProjectionId,
        muted: bool,
    },
}

/// What the engine is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// The network is being built.
    #[default]
    Building,
    Paused,
    Running,
    /// The network could not be built or the run was stopped by an error.
    Failed(Vec<Problem>),
}

/// The present state in a few words; only the latest is kept.
#[derive(Clone, Debug, Default)]
pub struct Status {
    pub phase: Phase,
    /// Simulated time, ms.
    pub time: f64,
    /// Simulated time over wall time during the last half second (above 1: faster than life).
    pub speed: f64,
    /// Spikes of all neurons per second of simulated time, over the last half second.
    pub spikes_per_second: f64,
    /// Spikes of all neurons so far.
    pub spikes: u64,
    pub neurons: u64,
    pub synapses: u64,
    pub threads: usize,
    /// Bytes held by the network.
    pub memory: u64,
    /// Seconds that building took.
    pub build_seconds: f64,
    /// Frames were thinned because the window was slow; recordings have a gap.
    pub lossy: bool,
    /// A command that was refused, with the reason; `Set` of a value out of range, say.
    pub refused: Vec<Problem>,
    pub counters: crate::simulation::Counters,
}

/// A handle to a simulation that runs on a thread of its own. Dropping it ends the run.
pub struct Engine {
    plan: Option<RecordingPlan>,
}

impl Engine {
    /// Builds the network in the background. `wake` is called whenever there is something
    /// new to see, from the engine's thread, at most every 8 ms.
    pub fn start(project: Project, wake: Arc<dyn Fn() + Send + Sync>) -> Engine {
        let _ = (project, wake);
        Engine { plan: None }
    }
    /// Tells the engine something; it acts between two slices.
    pub fn send(&self, command: Command) {
        let _ = command;
    }
    /// The latest status.
    pub fn status(&self) -> Status {
        Status::default()
    }
    /// Who records what; `None` until the network is built.
    pub fn plan(&self) -> Option<&RecordingPlan> {
        self.plan.as_ref()
    }
    /// Takes what has been recorded since the last call, frame by frame.
    pub fn drain(&mut self, mut take: impl FnMut(&mut Frame)) {
        let _ = &mut take;
    }
}
