//! What a running simulation tells of itself.

use std::sync::Arc;

use super::{Connections, Seen, Written};
use crate::description::Problem;
use crate::runtime::Counters;

/// What the simulation is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// The network is being built.
    #[default]
    Building,
    /// It waits for a command.
    Paused,
    /// Time passes.
    Running,
    /// The network could not be built or the run was stopped by an error.
    Failed(Vec<Problem>),
}

/// The present state in a few words; only the latest is kept.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// What the simulation is doing.
    pub phase: Phase,
    /// While building: the fraction done.
    pub built: f64,
    /// Simulated time, ms.
    pub time: f64,
    /// Simulated time over wall time during the last half second (above 1: faster than life).
    pub speed: f64,
    /// Spikes of all neurons per second of simulated time, over the last half second.
    pub spikes_per_second: f64,
    /// Spikes of all neurons so far.
    pub spikes: u64,
    /// Neurons of the network.
    pub neurons: u64,
    /// Synapses of the network.
    pub synapses: u64,
    /// Threads that work on it.
    pub threads: usize,
    /// The time of the state that was kept, ms.
    pub kept: Option<f64>,
    /// Bytes held by the network.
    pub memory: u64,
    /// Seconds that building took.
    pub build_seconds: f64,
    /// Frames were thinned because the window was slow; recordings have a gap.
    pub lossy: bool,
    /// Commands that were refused since the status was last asked for, with the reason; `Set` of a value out of range, say.
    pub refused: Vec<Problem>,
    /// Of a network with recorders that write files: how far these are.
    pub files: Option<Written>,
    /// What is looked at, as it was not long ago.
    pub seen: Option<Seen>,
    /// To whom the neuron is connected that was asked for, as it was then.
    pub connections: Option<Arc<Connections>>,
    /// Where the time went and how much was done.
    pub counters: Counters,
}
