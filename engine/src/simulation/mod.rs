//! The running network.
//!
//! Populations are cut into *chunks* of up to 8192 neurons; a chunk owns its neurons
//! (in blocks of 64, one row a state variable), its rings of future input and the rows of all synapses
//! onto it. Time goes in *slices*, the smallest delay of the network. In each slice
//!
//! 1. generators work out what they send;
//! 2. *deliver*: every chunk walks the rows of the spikes of the slice before, ordered by step and then
//!    source, and adds them to its own rings;
//! 3. *update*: it runs through the steps of the slice, block by block, while the block's
//!    state stays in the first cache: gather input, dynamics, threshold, samples, spikes;
//! 4. recorders take the spikes and samples of the slice;
//! 5. at its end, volume transmitters bring their synapses up to date.
//!
//! Threads claim chunks for 2 and 3 in one go and meet once a slice: spikes are read from the lists of the slice before
//! and written to those of the present one. Chunks own all that is written in 2 and 3, streams of random numbers included, so results do not
//! depend on the number of threads or on how a run is cut into pieces.

mod advance;
pub mod archive;
mod blocks;
mod build;
mod by_row;
pub mod chunk;
mod correlation;
mod coupling;
pub mod devices;
mod drawn_delays;
pub mod dynamics;
mod inputs;
mod listening;
pub mod lists;
mod memory;
pub mod paired;
mod pairs;
mod parrots;
pub mod plastic;
pub mod precise;
mod predictions;
pub mod rates;
mod recorders;
mod relaxation;
mod rows;
mod set;
mod snapshot;
pub mod solved;
mod spins;
mod table;
mod team;
mod timed;
mod train_input;
mod transmitters;
pub mod units;
mod voltages;

use std::collections::BTreeMap;

pub use snapshot::Snapshot;

pub use blocks::Blocks;
pub use chunk::MakeNeurons;
pub(crate) use chunk::{Outbox, Probe, STORM, Span, Trouble};
pub(crate) use inputs::Inputs;
pub use parrots::Parrots;

use crate::mechanisms::time::Grid;
use crate::models::{Carries, Inlet, Model};
use crate::project::{NodeId, Problem, Project, Projection, ProjectionId};
use crate::recordings::{Frame, RecordingPlan};
use crate::value::Value;
use advance::Shares;
use chunk::Chunk;
use coupling::Signals;
use devices::Devices;
use pairs::Pairing;
use recorders::Recorders;
use table::Table;
use team::Team;
use transmitters::Transmitter;

/// Where the time went and how much was done; always on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counters {
    /// Seconds of wall time in each phase.
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

/// A node of the network.
#[derive(Clone)]
struct SimulationNode {
    id: NodeId,
    name: String,
    model: &'static Model,
    n: usize,
    /// Number of its first neuron or device.
    first: u32,
    kind: NodeKind,
    params: BTreeMap<String, Value>,
    muted: bool,
}

#[derive(Clone)]
enum NodeKind {
    /// Index of the population.
    Neurons(usize),
    Generator(Table),
    Recorder(Table),
}

/// The neurons of a node.
#[derive(Clone)]
struct Population {
    node: usize,
    chunks: std::ops::Range<usize>,
    table: Table,
}

/// A projection of the network; nodes by index.
#[derive(Clone)]
struct Wired {
    id: ProjectionId,
    from: usize,
    to: usize,
    carries: Carries,
    pairing: Pairing,
    muted: bool,
    /// The target repeats spikes and ignores weights.
    relays: bool,
    /// Where its events go at the targets.
    inlet: Inlet,
    /// Its weights must not be negative.
    only_positive: bool,
    /// Its description, where parameters of its synapses can change.
    described: Option<Box<Projection>>,
}

/// A network ready to run.
pub struct Simulation {
    grid: Grid,
    nodes: Vec<SimulationNode>,
    populations: Vec<Population>,
    chunks: Vec<Chunk>,
    /// By chunk: its spikes in the present slice, and in the one before.
    outboxes: Vec<Outbox>,
    before: Vec<Outbox>,
    devices: Devices,
    /// By node: what generators of listed spikes send in the present slice, and sent in the one before.
    trains: Vec<Outbox>,
    trains_before: Vec<Outbox>,
    /// What populations show that step together.
    signals: Signals,
    recorders: Recorders,
    transmitters: Vec<Transmitter>,
    plan: RecordingPlan,
    wired: Vec<Wired>,
    synapses: u64,
    /// Steps of a slice.
    slice: i64,
    /// Steps done.
    now: i64,
    threads: usize,
    counters: Counters,
    /// The span that was worked on last.
    span: Span,
    shares: Shares,
    team: Team,
    /// Why the run cannot go on.
    failure: Option<Problem>,
}

impl Simulation {
    /// Size of the network without building it.
    pub fn estimate(project: &Project) -> Estimate {
        memory::estimate(project)
    }

    /// Builds the network; refused with every problem found.
    /// `progress` hears the fraction done now and then and cancels by returning false.
    pub fn build(project: &Project, progress: &(dyn Fn(f64) -> bool + Sync)) -> Result<Simulation, Vec<Problem>> {
        build::build(project, 0, progress)
    }

    /// As [`Simulation::build`], but where the number of threads is left to the program, `spare` cores are
    /// left to others: a window that runs beside it needs one.
    pub fn build_sparing(
        project: &Project,
        spare: usize,
        progress: &(dyn Fn(f64) -> bool + Sync),
    ) -> Result<Simulation, Vec<Problem>> {
        build::build(project, spare, progress)
    }

    /// The clock, ms.
    pub fn time(&self) -> f64 {
        self.grid.ms(self.now)
    }

    /// Steps done so far.
    pub fn step(&self) -> u64 {
        self.now as u64
    }

    /// The step h, ms.
    pub fn resolution(&self) -> f64 {
        self.grid.h()
    }

    /// Threads that work on the network.
    pub fn threads(&self) -> usize {
        self.threads
    }

    pub fn neurons(&self) -> u64 {
        self.populations.iter().map(|p| self.nodes[p.node].n as u64).sum()
    }

    pub fn synapses(&self) -> u64 {
        self.synapses
    }

    /// Bytes held by the network.
    pub fn memory(&self) -> u64 {
        self.chunks
            .iter()
            .map(|chunk| {
                let rows: usize = chunk.incoming.iter().map(|i| i.rows.bytes()).sum();
                (chunk.neurons.bytes() + chunk.inputs.bytes() + rows) as u64
            })
            .sum()
    }

    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Who records what.
    pub fn plan(&self) -> &RecordingPlan {
        &self.plan
    }

    /// Moves everything recorded since the last call into `frame`, behind what is there.
    pub fn take_frame(&mut self, frame: &mut Frame) {
        self.recorders.take(frame);
    }

    fn node_index(&self, id: NodeId) -> Option<usize> {
        self.nodes.iter().position(|n| n.id == id)
    }
}
