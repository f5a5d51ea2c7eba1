//! The running network: slices, partitions, blocks.

use crate::project::{NodeId, Problem, Project, ProjectionId};
use crate::recordings::{Frame, RecordingPlan};
use crate::value::Value;

/// Where the time went and how much was done; always on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counters {
    /// Seconds in each phase, summed over slices (of the slowest thread).
    pub update_s: f64,
    pub deliver_s: f64,
    pub record_s: f64,
    /// Spikes of neurons.
    pub spikes: u64,
    /// Spikes times synapses they passed.
    pub synaptic_events: u64,
}

/// What a network will need, known before it is built.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    pub neurons: u64,
    /// Expected number of synapses.
    pub synapses: f64,
    /// Bytes.
    pub memory: u64,
}

/// A network ready to run.
pub struct Simulation {}

impl Simulation {
    /// Size of the network without building it.
    pub fn estimate(project: &Project) -> Estimate {
        let _ = project;
        Estimate::default()
    }
    /// Builds the network; refused with every problem found.
    /// `progress` hears the fraction done now and then and may cancel by returning false.
    pub fn build(project: &Project, progress: &(dyn Fn(f64) -> bool + Sync)) -> Result<Simulation, Vec<Problem>> {
        let _ = (project, progress);
        Err(Vec::new())
    }
    /// Says that a run begins here: some devices start anew at the beginning of each run.
    /// To be called before the first [`advance`](Self::advance) of every run.
    pub fn begin_run(&mut self) {}
    /// Advances by whole steps.
    pub fn advance(&mut self, steps: u64) -> Result<(), Problem> {
        let _ = steps;
        Ok(())
    }
    /// The clock, ms.
    pub fn time(&self) -> f64 {
        0.0
    }
    pub fn threads(&self) -> usize {
        1
    }
    pub fn neurons(&self) -> u64 {
        0
    }
    pub fn synapses(&self) -> u64 {
        0
    }
    /// Bytes held by the network.
    pub fn memory(&self) -> u64 {
        0
    }
    pub fn counters(&self) -> Counters {
        Counters::default()
    }
    pub fn plan(&self) -> &RecordingPlan {
        unreachable!()
    }
    /// Moves everything recorded since the last call into `frame`.
    pub fn take_frame(&mut self, frame: &mut Frame) {
        let _ = frame;
    }
    /// Sets parameters or state of a node, all or none.
    pub fn set(&mut self, node: NodeId, params: &[(String, Value)]) -> Result<(), Vec<Problem>> {
        let _ = (node, params);
        Ok(())
    }
    /// The present value of a parameter or state variable of one neuron or device.
    pub fn get(&self, node: NodeId, index: usize, name: &str) -> Option<Value> {
        let _ = (node, index, name);
        None
    }
    /// All synapses of a projection: source and target by index in their populations, weight,
    /// delay in ms; in order of source, then of creation.
    pub fn synapses_of(&self, projection: ProjectionId) -> Vec<(u32, u32, f64, f64)> {
        let _ = projection;
        Vec::new()
    }
    /// Changes the weight of all synapses of a projection.
    pub fn set_weight(&mut self, projection: ProjectionId, weight: &Value) -> Result<(), Vec<Problem>> {
        let _ = (projection, weight);
        Ok(())
    }
    pub fn mute_node(&mut self, node: NodeId, muted: bool) {
        let _ = (node, muted);
    }
    pub fn mute_projection(&mut self, projection: ProjectionId, muted: bool) {
        let _ = (projection, muted);
    }
}
