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

pub(crate) mod changes;
pub(crate) mod chunks;
pub(crate) mod clock;
pub(crate) mod connections;
pub(crate) mod coupling;
pub(crate) mod devices;
pub(crate) mod input;
pub(crate) mod model;
pub(crate) mod neurons;
pub(crate) mod parameters;
pub(crate) mod projection;
mod readings;
pub(crate) mod recording;
pub(crate) mod single_synapses;
pub(crate) mod slice;
pub(crate) mod synapses;
pub(crate) mod table;

use std::collections::BTreeMap;

pub use clock::snapshot::Snapshot;
pub use neurons::interface::MakeNeurons;
pub use single_synapses::Connected;
pub(crate) use slice::{Outbox, STORM, Span};

use crate::description::{NodeId, Problem, Sampled, Value};
use crate::mechanisms::time::Grid;
use crate::recordings::{Frame, RecordingPlan};
use chunks::chunk::Chunk;
use clock::advance::Shares;
use clock::team::Team;
use coupling::signals::Signals;
use devices::Devices;
use model::Model;
use projection::ResolvedProjection;
use recording::intakes::Intake;
use recording::recorders::Recorders;
use synapses::transmitters::Transmitter;
use table::Table;

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
pub(crate) struct SimulationNode {
    pub(crate) id: NodeId,
    pub(crate) name: String,
    pub(crate) model: &'static Model,
    pub(crate) n: usize,
    /// Number of its first neuron or device.
    pub(crate) first: u32,
    pub(crate) kind: NodeKind,
    pub(crate) params: BTreeMap<String, Value>,
    /// What can be sampled of it.
    pub(crate) recordables: Vec<Sampled>,
    pub(crate) muted: bool,
}

#[derive(Clone)]
pub(crate) enum NodeKind {
    /// Index of the population.
    Neurons(usize),
    Generator(Table),
    Recorder(Table),
}

/// The neurons of a node.
#[derive(Clone)]
pub(crate) struct Population {
    pub(crate) node: usize,
    pub(crate) chunks: std::ops::Range<usize>,
    pub(crate) table: Table,
}

/// A network ready to run.
pub struct Simulation {
    pub(crate) grid: Grid,
    pub(crate) nodes: Vec<SimulationNode>,
    pub(crate) populations: Vec<Population>,
    pub(crate) chunks: Vec<Chunk>,
    /// By chunk: its spikes in the present slice, and in the one before.
    pub(crate) outboxes: Vec<Outbox>,
    pub(crate) before: Vec<Outbox>,
    pub(crate) devices: Devices,
    /// By node: what generators of listed spikes send in the present slice, and sent in the one before.
    pub(crate) trains: Vec<Outbox>,
    pub(crate) trains_before: Vec<Outbox>,
    /// What populations show that step together.
    pub(crate) signals: Signals,
    pub(crate) recorders: Recorders,
    /// Generators that receive spikes.
    pub(crate) intakes: Vec<Intake>,
    pub(crate) transmitters: Vec<Transmitter>,
    pub(crate) plan: RecordingPlan,
    pub(crate) wired: Vec<ResolvedProjection>,
    pub(crate) synapses: u64,
    /// Steps of a slice.
    pub(crate) slice: i64,
    /// Steps done.
    pub(crate) now: i64,
    pub(crate) threads: usize,
    pub(crate) counters: Counters,
    /// The span that was worked on last.
    pub(crate) span: Span,
    pub(crate) shares: Shares,
    pub(crate) team: Team,
    /// Why the run cannot go on.
    pub(crate) failure: Option<Problem>,
}

impl Simulation {
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

    /// Whether chance has a part in what its neurons do, such as escape noise.
    pub(crate) fn draws(&self) -> bool {
        self.chunks.iter().any(|chunk| chunk.neurons.draws())
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

    pub(crate) fn node_index(&self, id: NodeId) -> Option<usize> {
        self.nodes.iter().position(|n| n.id == id)
    }
}
