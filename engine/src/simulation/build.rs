//! From a project to a simulation: populations in chunks, rows of synapses, rings, recorders.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use rayon::prelude::*;

use super::archive::Archive;
use super::chunk::{Chunk, Incoming, LONGEST_SPAN, Make, Outbox, Probe, Source};
use super::correlation::{CORRELATION_COLUMNS, CorrelationDetector, DetectorInput};
use super::coupling::{Coupling, Lag, Shown, Signals};
use super::devices::{Device, Devices, Emission, Origin, Window};
use super::inputs::{Channel, CurrentInput, CurrentKind, CurrentSynapse, Inputs, PoissonInput, Ring};
use super::listening::{Ear, Listening};
use super::pairs::Pairing;
use super::plastic::{MakeRows, PlasticRows, Reads};
use super::predictions::Predictions;
use super::recorders::{
    Multimeter, Recorded, RecorderList, Recorders, SpikeRecorder, WEIGHT_COLUMNS, Watched, WeightRecorder,
};
use super::relaxation::Stopping;
use super::rows::{Delays, Rows, Weights};
use super::spins::{SPIN_COLUMN, SpinReader};
use super::table::{Column, Table};
use super::train_input::{TrainInput, TrainSynapse};
use super::transmitters::{Afferent, Transmitter};
use super::voltages::Voltages;
use super::{Counters, NodeKind, Population, Simulation, SimulationNode, Wired, memory};
use crate::mechanisms::random::Purpose;
use crate::mechanisms::time::Grid;
use crate::models::{Carries, Emits, Inlet, Port, PortKind, Signal, static_synapse};
use crate::project::{self, NodeId, Place, Problem, Project, Projection, Rule, Severity};
use crate::recordings::{Members, RecorderKind, RecorderPlan, RecordingPlan, Rows as RecordedRows};
use crate::value::{Value, number};

/// Rows of about this many synapses are delivered fastest.
const GOOD_ROW: f64 = 300.0;
/// Neurons of a chunk at most; rows address them with 16 bits, rings should fit the cache.
const LARGEST_CHUNK: usize = 8192;
/// No population is cut into more chunks than this.
const MOST_CHUNKS: usize = 64;

/// Told the fraction done; false cancels.
pub type Progress<'a> = &'a (dyn Fn(f64) -> bool + Sync);

pub fn build(project: &Project, spare: usize, progress: Progress<'_>) -> Result<Simulation, Vec<Problem>> {
    let errors: Vec<Problem> =
        project::validate(project).into_iter().filter(|p| p.severity == Severity::Error).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let Some(grid) = Grid::new(project.simulation.resolution) else {
        return Err(vec![
            Problem::error(Place::Simulation, "the resolution must be a whole number of µs").of("resolution"),
        ]);
    };
    let (project, back_of) = both_ways(project);
    memory::check(&project).map_err(|p| vec![p])?;
    let mut builder = Builder::new(&project, back_of, grid, spare)?;
    builder.connect(progress)?;
    builder.record()?;
    Ok(builder.finish())
}

/// The project with a projection of its own for the way back of each that is symmetric, and for each
/// projection the place of the one of which it is the way back.
fn both_ways(project: &Project) -> (Cow<'_, Project>, Vec<Option<usize>>) {
    let mut back_of = vec![None; project.projections.len()];
    if project.projections.iter().all(|projection| !projection.symmetric) {
        return (Cow::Borrowed(project), back_of);
    }
    let mut both = project.clone();
    for (p, projection) in project.projections.iter().enumerate() {
        if projection.symmetric && projection.from != projection.to {
            let (from, to) = (projection.to, projection.from);
            let turned = |value: &Value| match value {
                Value::Lists(rows) => {
                    let width = rows.first().map_or(0, Vec::len);
                    Value::Lists((0..width).map(|i| rows.iter().map(|row| row[i]).collect()).collect())
                }
                other => other.clone(),
            };
            let (weight, delay) = (turned(&projection.weight), turned(&projection.delay));
            both.projections.push(Projection { from, to, weight, delay, symmetric: false, ..projection.clone() });
            back_of.push(Some(p));
        }
    }
    (Cow::Owned(both), back_of)
}

/// A simulation in the making; nodes go by their place in the project.
struct Builder<'a> {
    project: &'a Project,
    /// By projection: the one of which it is the way back.
    back_of: Vec<Option<usize>>,
    grid: Grid,
    seed: u64,
    threads: usize,
    nodes: Vec<SimulationNode>,
    populations: Vec<Population>,
    chunks: Vec<Chunk>,
    devices: Devices,
    recorders: Recorders,
    transmitters: Vec<Transmitter>,
    plan: RecordingPlan,
    wired: Vec<Wired>,
    synapses: u64,
    slice: usize,
    /// The smallest delay of all projections in steps: with it generators hand over rates.
    exchange: usize,
    /// By node: the longest delay in steps of anything that reaches it.
    longest: Vec<usize>,
}

impl<'a> Builder<'a> {
    fn new(project: &'a Project, back_of: Vec<Option<usize>>, grid: Grid, spare: usize) -> Result<Self, Vec<Problem>> {
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        let available = cores.saturating_sub(spare).max(1);
        let threads = if project.simulation.threads == 0 { available } else { project.simulation.threads.min(256) };
        let mut this = Builder {
            project,
            back_of,
            grid,
            seed: project.simulation.seed,
            threads,
            nodes: Vec::new(),
            populations: Vec::new(),
            chunks: Vec::new(),
            devices: Devices::default(),
            recorders: Recorders::default(),
            transmitters: Vec::new(),
            plan: RecordingPlan::default(),
            wired: Vec::new(),
            synapses: 0,
            slice: LONGEST_SPAN,
            exchange: project.exchange_steps(grid),
            longest: vec![1; project.nodes.len()],
        };
        let mut problems = Vec::new();
        for index in 0..project.nodes.len() {
            if let Err(problem) = this.add_node(index) {
                problems.push(problem);
            }
        }
        if problems.is_empty() { Ok(this) } else { Err(problems) }
    }

    fn add_node(&mut self, index: usize) -> Result<(), Problem> {
        let node = &self.project.nodes[index];
        let place = || Place::Node { id: node.id, name: node.name.clone() };
        let first = self.plan.members.last().map_or(0, |m| m.first + m.n);
        let n = u32::try_from(node.n).map_err(|_| Problem::error(place(), "too many neurons").of("n"))?;
        self.plan.members.push(Members { node: node.id, name: node.name.clone(), first, n });
        let table = Table::new(node.model, &node.params, node.n, self.seed, index as u64)
            .map_err(|message| Problem::error(place(), message))?;
        self.check_relations(index, &table)?;
        let mut device = None;
        let kind = if node.model.is_neuron() {
            let chunks = self.add_chunks(index, &table);
            self.populations.push(Population { node: index, chunks, table });
            NodeKind::Neurons(self.populations.len() - 1)
        } else if node.model.is_generator() {
            let names: Vec<&str> = node.model.parameters().map(|p| p.name).collect();
            let origin = Origin { seed: self.seed, purpose: Purpose::Noise, owner: index as u64, part: 0 };
            let make = node.model.generator;
            device = make.map(|make| Device::new(make, &names, &table, node.n, self.grid, origin));
            NodeKind::Generator(table)
        } else {
            NodeKind::Recorder(table)
        };
        self.devices.list.push(device);
        self.nodes.push(SimulationNode {
            id: node.id,
            name: node.name.clone(),
            model: node.model,
            n: node.n,
            first,
            kind,
            params: node.params.clone(),
            muted: node.muted,
        });
        Ok(())
    }

    /// Relations between parameters hold for every neuron, also where values were drawn.
    fn check_relations(&self, index: usize, table: &Table) -> Result<(), Problem> {
        let node = &self.project.nodes[index];
        for relation in node.model.relations {
            let names = relation.parameters();
            let values = |i: usize| names.iter().map(|name| table.real(name, i)).collect::<Vec<f64>>();
            if let Some(i) = (0..node.n).find(|&i| !relation.holds(&values(i))) {
                let (values, unit) = (values(i), node.model.parameter(names[0]).map_or("", |p| p.unit));
                let message = format!("neuron {i} got {}; it {}", number(values[0]), relation.demand(0, &values, unit));
                return Err(Problem::error(Place::Node { id: node.id, name: node.name.clone() }, message).of(names[0]));
            }
        }
        Ok(())
    }

    /// Cuts a population into chunks, of whole blocks of 64 neurons.
    fn add_chunks(&mut self, index: usize, table: &Table) -> Range<usize> {
        let node = &self.project.nodes[index];
        let Some(make) = node.model.neurons else { return 0..0 };
        let blocks = node.n.div_ceil(64);
        let row = self
            .project
            .projections
            .iter()
            .filter(|p| p.to == node.id)
            .filter_map(|p| {
                let from = self.project.node(p.from).filter(|f| f.model.is_neuron())?;
                Some(self.project.expected_synapses(p) / from.n.max(1) as f64)
            })
            .fold(0.0, f64::max);
        let parts = (row / GOOD_ROW).round() as usize;
        let parts = parts.clamp(1, MOST_CHUNKS).max(node.n.div_ceil(LARGEST_CHUNK)).min(blocks);
        let begin = self.chunks.len();
        for part in 0..parts {
            let (from, to) = (blocks * part / parts * 64, (blocks * (part + 1) / parts * 64).min(node.n));
            let n = to - from;
            self.chunks.push(Chunk {
                population: self.populations.len(),
                first: from,
                n,
                neurons: make(&Make {
                    model: node.model,
                    table,
                    first: from,
                    n,
                    grid: self.grid,
                    seed: self.seed,
                    node: index as u64,
                }),
                archive: Archive::new(0),
                couplings: Vec::new(),
                coupled: false,
                inputs: Inputs::new(
                    n.div_ceil(64) * 64,
                    node.model.inlets(PortKind::Spikes, &|name| node.entries(name)),
                    node.model.inlets(PortKind::Currents, &|name| node.entries(name)),
                ),
                incoming: Vec::new(),
                probes: Vec::new(),
                flights: Vec::new(),
            });
        }
        begin..self.chunks.len()
    }

    fn place(&self, projection: &Projection) -> Place {
        let name = |id| self.project.node(id).map_or_else(String::new, |n| n.name.clone());
        Place::Projection { id: projection.id, from: name(projection.from), to: name(projection.to) }
    }

    fn index(&self, id: project::NodeId) -> Option<usize> {
        self.project.nodes.iter().position(|n| n.id == id)
    }

    /// The port of a node to which events of that kind go.
    fn port(&self, carries: Carries, to: usize, port: u32) -> Option<&'static Port> {
        let node = &self.project.nodes[to];
        node.model.port(port_kind(carries), port, &|name| node.entries(name))
    }

    /// Where events of that kind go at a port of a node.
    fn inlet(&self, carries: Carries, to: usize, port: u32) -> Inlet {
        let node = &self.project.nodes[to];
        if carries == Carries::Signal(Signal::Diffusion) {
            return Inlet::default();
        }
        node.model.inlet(port_kind(carries), port, &|name| node.entries(name)).unwrap_or_default()
    }

    fn only_positive(&self, to: usize, port: u32) -> bool {
        let node = &self.project.nodes[to];
        node.model.port(PortKind::Spikes, port, &|name| node.entries(name)).is_some_and(|p| p.only_positive)
    }

    /// All projections between neurons and from generators to neurons.
    fn connect(&mut self, progress: Progress<'_>) -> Result<(), Vec<Problem>> {
        let mut jobs: Vec<(usize, usize)> = Vec::new();
        for (p, projection) in self.project.projections.iter().enumerate() {
            let (from, to) = (self.index(projection.from), self.index(projection.to));
            let (Some(from), Some(to)) = (from, to) else {
                return Err(vec![Problem::error(self.place(projection), "the projection has lost one of its ends")]);
            };
            let (source, target) = (&self.nodes[from], &self.nodes[to]);
            let carries = crate::models::wire_with(source.model, target.model, projection.synapse)
                .map_err(|message| vec![Problem::error(self.place(projection), message)])?
                .carries;
            let pairing = Pairing {
                rule: projection.rule,
                sources: source.n,
                targets: target.n,
                same: from == to,
                autapses: projection.autapses,
                multapses: projection.multapses,
                listed: is_listed(projection),
                seed: self.seed,
                projection: p as u64,
                back_of: self.back_of[p].map(|there| there as u64),
            };
            self.wired.push(Wired {
                id: projection.id,
                from,
                to,
                carries,
                pairing,
                muted: projection.muted,
                relays: self.port(carries, to, projection.receptor).is_some_and(|port| port.weightless),
                inlet: self.inlet(carries, to, projection.receptor),
                only_positive: self.only_positive(to, projection.receptor),
            });
            if let NodeKind::Neurons(population) = target.kind
                && carries != Carries::Samples
            {
                jobs.extend(self.populations[population].chunks.clone().map(|chunk| (p, chunk)));
            }
        }
        let rows = self.draw_rows(&jobs, progress)?;
        self.choose_slice(&jobs, &rows);
        self.add_transmitters()?;
        for ((p, chunk), rows) in jobs.into_iter().zip(rows) {
            self.attach(p, chunk, rows)?;
        }
        self.open_archives();
        Ok(())
    }

    /// The synapses of each (projection, chunk), in parallel; each has streams of its own.
    fn draw_rows(&self, jobs: &[(usize, usize)], progress: Progress<'_>) -> Result<Vec<Rows>, Vec<Problem>> {
        let (done, cancelled) = (AtomicUsize::new(0), AtomicBool::new(false));
        let draw = |&(p, chunk): &(usize, usize)| -> Result<Rows, Problem> {
            let (projection, wired, chunk) = (&self.project.projections[p], &self.wired[p], &self.chunks[chunk]);
            let targets = chunk.first..chunk.first + chunk.n;
            let counted = Value::Real(1.0);
            // Synapses with state keep their weight there.
            let weight = if wired.relays || is_plastic(projection) { &counted } else { &projection.weight };
            if cancelled.load(Ordering::Relaxed) {
                return Err(Problem::error(Place::Project, "cancelled"));
            }
            let rows = Rows::build(&wired.pairing, targets, weight, &projection.delay, self.grid)
                .map_err(|message| Problem::error(self.place(projection), message));
            let n = done.fetch_add(1, Ordering::Relaxed) + 1;
            if !progress(n as f64 / jobs.len().max(1) as f64) {
                cancelled.store(true, Ordering::Relaxed);
            }
            rows
        };
        let results: Vec<Result<Rows, Problem>> =
            if self.threads == 1 { jobs.iter().map(draw).collect() } else { jobs.par_iter().map(draw).collect() };
        let mut rows = Vec::with_capacity(results.len());
        let mut problems: Vec<Problem> = Vec::new();
        for result in results {
            match result {
                Ok(r) => rows.push(r),
                Err(problem) if !problems.contains(&problem) => problems.push(problem),
                Err(_) => {}
            }
        }
        if problems.is_empty() { Ok(rows) } else { Err(problems) }
    }

    /// A slice is the smallest delay with which spikes reach neurons.
    fn choose_slice(&mut self, jobs: &[(usize, usize)], rows: &[Rows]) {
        for ((p, _), rows) in jobs.iter().zip(rows) {
            let Some((shortest, longest)) = rows.delay_range() else { continue };
            let wired = &self.wired[*p];
            self.longest[wired.to] = self.longest[wired.to].max(longest as usize);
            if matches!(wired.carries, Carries::Spikes | Carries::Transitions) {
                self.slice = self.slice.min(shortest as usize).max(1);
            }
        }
    }

    /// Gives the chunk its synapses of one projection.
    fn attach(&mut self, p: usize, chunk: usize, rows: Rows) -> Result<(), Vec<Problem>> {
        let wired = &self.wired[p];
        self.synapses += rows.len() as u64;
        let source = &self.nodes[wired.from];
        let longest = rows.delay_range().map_or(1, |(_, longest)| longest as usize);
        let ahead = self.ahead(p) + self.slice;
        let muted = wired.muted || source.muted;
        let (inlet, relays) = (wired.inlet, wired.relays);
        if self.port(wired.carries, wired.to, self.project.projections[p].receptor).is_some_and(|port| port.precise) {
            self.chunks[chunk].inputs.need_timed(ahead);
        }
        let emission = self.devices.get(wired.from).map(|device| device.emission);
        match (wired.carries, emission) {
            (Carries::Signal(signal), _) => {
                let attached = self.attach_signal(p, chunk, rows, signal);
                attached.map_err(|message| vec![Problem::error(self.place(&self.project.projections[p]), message)])?;
            }
            (Carries::Currents, _) => self.attach_currents(p, chunk, rows, longest),
            (Carries::Spikes, Some(Emission::Poisson | Emission::Trains)) => self.attach_trains(p, chunk, rows),
            _ => {
                let binary = source.model.emits == Emits::Transitions;
                let coded = wired.carries == Carries::Transitions && !binary;
                let (from, plain) = match source.kind {
                    NodeKind::Neurons(population) => {
                        let chunks = self.populations[population].chunks.clone();
                        let plain = self.chunks[chunks.clone()].iter().all(|chunk| !chunk.neurons.send_events());
                        (Source::Chunks(chunks), plain)
                    }
                    _ => (Source::Train(wired.from), false),
                };
                let target = &mut self.chunks[chunk];
                let slots = target.n.div_ceil(64) * 64;
                let rows = Arc::new(rows);
                let projection = &self.project.projections[p];
                let plastic = if is_plastic(projection) {
                    Some(self.make_plastic(p, chunk, &rows).map_err(|problem| vec![problem])?)
                } else {
                    None
                };
                let target = &mut self.chunks[chunk];
                let channel = match (&rows.weights, &rows.delays) {
                    _ if plastic.is_some() => {
                        target.inputs.need_exact(ahead);
                        None
                    }
                    (Weights::Same(weight), Delays::Same(delay))
                        if plain && rows.largest_indegree(slots) <= u16::MAX as u32 =>
                    {
                        let ring = Ring::new(slots, *delay as usize);
                        target.inputs.channels.push(Channel { inlet, weight: *weight, delay: *delay, ring });
                        Some(target.inputs.channels.len() - 1)
                    }
                    (Weights::Drawn(_), _) => {
                        target.inputs.need_drawn(ahead);
                        None
                    }
                    _ => {
                        target.inputs.need_exact(ahead);
                        None
                    }
                };
                let transmitter = projection.volume_transmitter.and_then(|id| {
                    let node = self.index(id)?;
                    self.transmitters.iter().position(|t| t.node == node)
                });
                self.chunks[chunk].incoming.push(Incoming {
                    projection: p,
                    source: from,
                    inlet,
                    rows,
                    channel,
                    muted,
                    relays,
                    coded,
                    plastic,
                    transmitted: projection.weight_recorder.is_some().then(Vec::new),
                    transmitter,
                });
            }
        }
        Ok(())
    }

    /// A signal of a population or generator onto a chunk; both step together from now on.
    fn attach_signal(&mut self, p: usize, chunk: usize, rows: Rows, signal: Signal) -> Result<(), String> {
        let (projection, wired) = (&self.project.projections[p], &self.wired[p]);
        let settings = &self.project.simulation;
        let ahead = self.ahead(p) + self.exchange;
        let source = match self.nodes[wired.from].kind {
            NodeKind::Neurons(population) => Shown::Population(population),
            _ => Shown::Device(wired.from),
        };
        let mut noisy = false;
        if let Shown::Population(population) = source {
            let population = &self.populations[population];
            for chunk in &mut self.chunks[population.chunks.clone()] {
                chunk.coupled = true;
                noisy |= chunk.neurons.shows_noise();
            }
        }
        let delayed = projection.synapse.parameter("delay").is_some();
        let (lag, from_step) = match (source, signal) {
            (Shown::Device(_), _) => (Lag::Delayed(-(self.exchange as i64)), 0),
            // The target stores the current for a step before it acts.
            (_, Signal::SlowCurrent) => (Lag::Delayed(-1), 1),
            _ if delayed => (Lag::Delayed(0), 0),
            _ => (Lag::None, !settings.use_wfr as i64),
        };
        let gap = signal == Signal::Potential;
        let late = lag == Lag::None && !settings.use_wfr && noisy;
        let (inlet, muted) = (wired.inlet, wired.muted || self.nodes[wired.from].muted);
        let rows = Arc::new(rows);
        let coupling = Coupling { projection: p, from: source, inlet, rows, lag, from_step, late, gap, muted };
        let target = &mut self.chunks[chunk];
        target.inputs.need_exact(ahead);
        target.coupled = true;
        if signal == Signal::Diffusion {
            // Two sums of the same rates, each with a factor of its own.
            let targets = target.first..target.first + target.n;
            let weighted = |name: &str, stream: u64| -> Result<Arc<Rows>, String> {
                let mut rows = Rows::clone(&coupling.rows);
                rows.weights = match projection.value(name) {
                    Some(Value::Real(x)) => Weights::Same(x),
                    Some(value) => {
                        let part = stream + targets.start as u64;
                        let pairing = &self.wired[p].pairing;
                        Weights::Listed(rows.values(pairing, targets.clone(), &value, Purpose::Parameter, part)?)
                    }
                    None => Weights::Same(1.0),
                };
                Ok(Arc::new(rows))
            };
            let (drift, diffusion) = (weighted("drift_factor", 1 << 62)?, weighted("diffusion_factor", 1 << 61)?);
            let second = Inlet { first: inlet.first + 1, signed: false };
            target.couplings.push(Coupling { rows: drift, ..coupling.clone() });
            target.couplings.push(Coupling { rows: diffusion, inlet: second, ..coupling });
        } else {
            target.couplings.push(coupling);
        }
        Ok(())
    }

    /// The states of a projection's synapses onto a chunk.
    fn make_plastic(&self, p: usize, chunk: usize, rows: &Arc<Rows>) -> Result<Box<dyn PlasticRows>, Problem> {
        let projection = &self.project.projections[p];
        let chunk = &self.chunks[chunk];
        let table = synapse_table(projection, &self.wired[p].pairing, chunk.first..chunk.first + chunk.n, rows)
            .map_err(|message| Problem::error(self.place(projection), message))?;
        let make = projection.synapse.synapses.as_ref().unwrap_or(&static_synapse::WATCHED).make;
        let (model, seed) = (projection.synapse, self.seed);
        Ok(make(&MakeRows { model, table: &table, rows, seed, projection: p as u64, first: chunk.first as u64 }))
    }

    /// Chunks keep what their synapses ask for.
    fn open_archives(&mut self) {
        for chunk in &mut self.chunks {
            let population = &self.populations[chunk.population];
            let of = |i: usize| population.table.row(chunk.first + i);
            let asked: Vec<Reads> = chunk.incoming.iter().filter_map(|i| Some(i.plastic.as_ref()?.reads())).collect();
            if asked.contains(&Reads::Spikes) {
                chunk.archive = Archive::new(chunk.n);
            }
            if asked.contains(&Reads::Voltages) {
                let back = self.longest[population.node] + self.slice;
                chunk.archive.voltages = Some(Voltages::new(self.grid, chunk.n, back, of));
            }
            if asked.contains(&Reads::Predictions) {
                chunk.archive.predictions = Some(Predictions::new(self.grid, chunk.n, of));
            }
            chunk.set_archive(&population.table);
        }
    }

    /// Chunks whose synapses ask for quantities step by step sample them, behind all meters.
    fn open_diaries(&mut self) {
        for chunk in &mut self.chunks {
            let node = &self.project.nodes[self.populations[chunk.population].node];
            let asked = chunk.incoming.iter().filter_map(|i| Some(i.plastic.as_ref()?.reads().quantities()));
            let Some(names) = asked.max_by_key(|names| names.len()).filter(|names| !names.is_empty()) else { continue };
            let variables = names.iter().filter_map(|name| Some(node.recordable(name)?.quantity)).collect();
            let neurons = (0..chunk.n as u32).map(|i| (i, i)).collect();
            let meter = self.recorders.meters.len();
            chunk.probes.push(Probe { meter, variables, neurons, values: Vec::new(), taken: 0 });
        }
    }

    /// Volume transmitters with what reaches them; its delays bound the slice too.
    fn add_transmitters(&mut self) -> Result<(), Vec<Problem>> {
        for node in 0..self.nodes.len() {
            let NodeKind::Recorder(table) = &self.nodes[node].kind else { continue };
            if self.nodes[node].model.name != "volume_transmitter" {
                continue;
            }
            let interval = table.real("deliver_interval", 0) as i64;
            let mut afferents = Vec::new();
            for (p, wired) in self.wired.iter().enumerate().filter(|(_, wired)| wired.to == node) {
                let NodeKind::Neurons(population) = self.nodes[wired.from].kind else { continue };
                let projection = &self.project.projections[p];
                let rows = Rows::build(&wired.pairing, 0..1, &Value::Real(1.0), &projection.delay, self.grid)
                    .map_err(|message| vec![Problem::error(self.place(projection), message)])?;
                if let Some((shortest, _)) = rows.delay_range() {
                    self.slice = self.slice.min(shortest as usize).max(1);
                }
                let chunks = self.populations[population].chunks.clone();
                let muted = wired.muted || self.nodes[wired.from].muted;
                afferents.push(Afferent { projection: p, chunks, rows: Arc::new(rows), muted });
            }
            self.transmitters.push(Transmitter::new(node, interval, afferents));
        }
        Ok(())
    }

    /// How far ahead the rings of a projection's target must reach, for all projections share them: at the
    /// beginning of a slice its random input is drawn, and spikes of the slice before are delivered.
    fn ahead(&self, p: usize) -> usize {
        self.longest[self.wired[p].to].max(self.slice)
    }

    /// Spikes that a generator draws for each target.
    fn attach_trains(&mut self, p: usize, chunk: usize, rows: Rows) {
        let (wired, seed) = (&self.wired[p], self.seed);
        let (projection, from, inlet, muted) = (p, wired.from, wired.inlet, wired.muted);
        // Trains of the whole slice are sent on their way at its beginning.
        let ahead = self.ahead(p) + self.slice;
        let (target, sources) = (&mut self.chunks[chunk], self.nodes[from].n);
        let Some(device) = &mut self.devices.list[from] else { return };
        let (block, blocks) = (target.first as u64 / 64, target.n.div_ceil(64));
        let all = matches!(wired.pairing.rule, Rule::AllToAll) && rows.len() == sources * target.n;
        if let (Weights::Same(weight), Delays::Same(delay), Emission::Poisson, true) =
            (&rows.weights, &rows.delays, device.emission, all)
        {
            let mut input = PoissonInput::new(p, from, inlet, *weight, *delay, blocks, seed, block);
            input.muted = muted;
            device.longest_delay = device.longest_delay.max(*delay as usize);
            target.inputs.poisson.push(input);
            return;
        }
        let synapse = |(_, slot, i)| TrainSynapse { slot, weight: rows.weight(i), delay: rows.delay(i) };
        let synapses = synapses_of(&rows).map(synapse).collect();
        let devices = synapses_of(&rows).map(|(source, ..)| source as u32).collect();
        let part = (1 << 61) + (block << 34);
        let origin = Origin { seed, purpose: Purpose::PoissonInput, owner: p as u64, part };
        let trains = device.trains(devices, origin);
        target.inputs.need_exact(ahead);
        target.inputs.trains.push(TrainInput {
            projection,
            device: from,
            inlet,
            muted,
            synapses,
            trains,
            drawn: Vec::new(),
        });
    }

    fn attach_currents(&mut self, p: usize, chunk: usize, rows: Rows, longest: usize) {
        let wired = &self.wired[p];
        let target = &mut self.chunks[chunk];
        let Some(device) = &mut self.devices.list[wired.from] else { return };
        let noisy = device.emission == Emission::Draws;
        let kind = match (&rows.weights, &rows.delays) {
            (Weights::Same(weight), Delays::Same(delay))
                if !noisy
                    && matches!(wired.pairing.rule, Rule::AllToAll)
                    && rows.len() == wired.pairing.sources * target.n =>
            {
                CurrentKind::Alike { weight: *weight, delay: *delay }
            }
            _ => CurrentKind::Synapses(
                synapses_of(&rows)
                    .map(|(source, slot, i)| {
                        let connection = device.connections[source];
                        device.connections[source] += 1;
                        CurrentSynapse {
                            slot,
                            device: source as u32,
                            weight: rows.weight(i),
                            delay: rows.delay(i),
                            connection,
                        }
                    })
                    .collect(),
            ),
        };
        let inlet = wired.inlet.first;
        let (to, port) = (&self.project.nodes[wired.to], self.project.projections[p].receptor);
        let port = to.model.port(PortKind::Currents, port, &|name| to.entries(name));
        let lag = i64::from(!port.is_some_and(|p| p.prompt));
        target.inputs.currents.push(CurrentInput {
            projection: p,
            device: wired.from,
            inlet,
            lag,
            muted: wired.muted,
            kind,
        });
        device.longest_delay = device.longest_delay.max(longest);
    }

    /// Recorders and what they are connected to.
    fn record(&mut self) -> Result<(), Vec<Problem>> {
        for index in 0..self.nodes.len() {
            let node = &self.nodes[index];
            let NodeKind::Recorder(table) = &node.kind else { continue };
            if node.model.name == "volume_transmitter" {
                continue;
            }
            let window = Window::of(table, self.grid);
            let incoming: Vec<usize> =
                (0..self.wired.len()).filter(|&p| self.wired[p].from == index || self.wired[p].to == index).collect();
            let sources = incoming.iter().map(|&p| {
                let other = if self.wired[p].from == index { self.wired[p].to } else { self.wired[p].from };
                self.nodes[other].id
            });
            let mut unique = Vec::new();
            for id in sources {
                if !unique.contains(&id) {
                    unique.push(id);
                }
            }
            let kind = if node.model.name == "weight_recorder" {
                unique = self.add_weight_recorder(index, window);
                RecorderKind::Rows { columns: WEIGHT_COLUMNS.iter().map(|name| ((*name).into(), "".into())).collect() }
            } else if node.model.emits == Emits::Requests {
                self.add_meter(index, window, &incoming)?
            } else if node.model.name == "correlation_detector" {
                let table = table.clone();
                self.add_correlation_detector(index, &table, &incoming).map_err(|problem| vec![problem])?;
                let named = |(name, unit): (&str, &str)| (name.to_owned(), unit.to_owned());
                RecorderKind::Rows { columns: CORRELATION_COLUMNS.map(named).into() }
            } else if node.model.name == "spin_detector" {
                self.add_spike_recorder(index, window, &incoming, Some(SpinReader::new(self.exchange)));
                RecorderKind::Rows { columns: vec![(SPIN_COLUMN.into(), String::new())] }
            } else {
                self.add_spike_recorder(index, window, &incoming, None);
                RecorderKind::Spikes
            };
            let node = &self.nodes[index];
            self.plan.recorders.push(RecorderPlan { node: node.id, name: node.name.clone(), kind, sources: unique });
        }
        self.open_diaries();
        Ok(())
    }

    /// How a recorder hears a projection, given the source of each connection if the generator draws for each.
    fn listening(&self, p: usize, connections: impl FnOnce() -> Vec<u32>) -> Listening {
        let wired = &self.wired[p];
        let source = &self.nodes[wired.from];
        let ear = match (&source.kind, self.devices.get(wired.from)) {
            (NodeKind::Neurons(population), _) => Ear::Chunks(self.populations[*population].chunks.clone()),
            (_, Some(device)) if matches!(device.emission, Emission::Poisson | Emission::Trains) => {
                let sources = connections();
                let (purpose, owner) = (Purpose::DirectTrain, p as u64);
                Ear::own(device.trains(sources.clone(), Origin { seed: self.seed, purpose, owner, part: 0 }), sources)
            }
            _ => Ear::Shared,
        };
        let muted = wired.muted || source.muted;
        Listening { projection: p, node: wired.from, first: source.first, ear, muted }
    }

    fn add_spike_recorder(&mut self, index: usize, window: Window, incoming: &[usize], spins: Option<SpinReader>) {
        let mut recorded = Vec::new();
        for &p in incoming {
            let (pairing, n) = (&self.wired[p].pairing, self.nodes[self.wired[p].from].n);
            let times = (!matches!(pairing.rule, Rule::AllToAll)).then(|| {
                let mut times = vec![0; n];
                pairing.for_each(0..1, |s, _, _| times[s] += 1);
                times
            });
            let often = |source: usize| times.as_ref().map_or(1, |times| times[source]) as usize;
            let sources = || (0..n).flat_map(|source| std::iter::repeat_n(source as u32, often(source))).collect();
            let listening = self.listening(p, sources);
            recorded.push(Recorded { listening, times });
        }
        self.recorders.order.push((RecorderList::Spikes, self.recorders.spikes.len()));
        let rows = RecordedRows::default();
        self.recorders.spikes.push(SpikeRecorder { node: index, window, recorded, spins, rows });
    }

    fn add_correlation_detector(&mut self, index: usize, table: &Table, incoming: &[usize]) -> Result<(), Problem> {
        let mut inputs = Vec::new();
        for &p in incoming {
            let projection = &self.project.projections[p];
            let rows = Rows::build(&self.wired[p].pairing, 0..1, &projection.weight, &projection.delay, self.grid)
                .map_err(|message| Problem::error(self.place(projection), message))?;
            let listening = self.listening(p, || synapses_of(&rows).map(|(source, ..)| source as u32).collect());
            let port = self.wired[p].inlet.first.min(1);
            inputs.push(DetectorInput { port, listening, rows });
        }
        self.recorders.order.push((RecorderList::Correlations, self.recorders.correlations.len()));
        self.recorders.correlations.push(CorrelationDetector::new(index, table, self.grid, inputs));
        Ok(())
    }

    /// Returns the sources of the projections that name it.
    fn add_weight_recorder(&mut self, index: usize, window: Window) -> Vec<NodeId> {
        let node = &self.nodes[index];
        let list = |name: &str| match node.params.get(name) {
            Some(Value::List(numbers)) => numbers.iter().map(|n| *n as i64 - 1).collect(),
            _ => Vec::new(),
        };
        let mut watched = Vec::new();
        let mut sources = Vec::new();
        for (p, projection) in self.project.projections.iter().enumerate() {
            if projection.weight_recorder != Some(node.id) {
                continue;
            }
            let wired = &self.wired[p];
            let (from, to) = (&self.nodes[wired.from], &self.nodes[wired.to]);
            watched.push(Watched {
                projection: p,
                first_source: from.first,
                first_target: to.first,
                receptor: wired.inlet.first as f64,
            });
            if !sources.contains(&from.id) {
                sources.push(from.id);
            }
        }
        let (senders, targets) = (list("senders"), list("targets"));
        self.recorders.order.push((RecorderList::Weights, self.recorders.weights.len()));
        let rows = RecordedRows::default();
        self.recorders.weights.push(WeightRecorder { node: index, window, watched, senders, targets, rows });
        sources
    }

    fn add_meter(&mut self, index: usize, window: Window, incoming: &[usize]) -> Result<RecorderKind, Vec<Problem>> {
        let node = &self.nodes[index];
        let NodeKind::Recorder(table) = &node.kind else { return Ok(RecorderKind::Spikes) };
        let names = match self.project.nodes[index].value("record_from") {
            Some(Value::Names(names)) => names,
            _ => Vec::new(),
        };
        let meter = self.recorders.meters.len();
        let interval = self.grid.on_grid(table.real("interval", 0)).unwrap_or(1).max(1);
        let offset = self.grid.on_grid(table.real("offset", 0)).unwrap_or(0);
        let (mut senders, mut generators) = (Vec::new(), Vec::new());
        let mut units = vec![String::new(); names.len()];
        for &p in incoming {
            let wired = &self.wired[p];
            let target = &self.nodes[wired.to];
            let mut variables = Vec::new();
            for (unit, name) in units.iter_mut().zip(&names) {
                let Some(sampled) = self.project.nodes[wired.to].recordable(name) else {
                    let place = Place::Node { id: node.id, name: node.name.clone() };
                    let message = format!("{} ({}) has no recordable `{name}`", target.name, target.model.name);
                    return Err(vec![Problem::error(place, message).of("record_from")]);
                };
                *unit = sampled.unit.to_owned();
                variables.push(sampled.quantity);
            }
            let mut sampled = Vec::new();
            wired.pairing.for_each(0..target.n, |_, t, _| sampled.push(t));
            let place_of = |i: usize| senders.len() + i;
            match &target.kind {
                NodeKind::Neurons(population) => {
                    for chunk in &mut self.chunks[self.populations[*population].chunks.clone()] {
                        let mut neurons: Vec<(u32, u32)> = sampled
                            .iter()
                            .enumerate()
                            .filter(|(_, t)| (chunk.first..chunk.first + chunk.n).contains(t))
                            .map(|(i, t)| ((t - chunk.first) as u32, place_of(i) as u32))
                            .collect();
                        neurons.sort();
                        if !neurons.is_empty() {
                            chunk.probes.push(Probe {
                                meter,
                                variables: variables.clone(),
                                neurons,
                                values: Vec::new(),
                                taken: 0,
                            });
                        }
                    }
                }
                _ => generators.extend(sampled.iter().enumerate().map(|(i, t)| (place_of(i), wired.to, *t))),
            }
            senders.extend(sampled.iter().map(|t| target.first + *t as u32));
        }
        self.recorders.order.push((RecorderList::Meters, meter));
        self.recorders.meters.push(Multimeter {
            node: index,
            window,
            interval,
            offset,
            variables: names.len(),
            senders: senders.len(),
            generators,
            rows: RecordedRows::default(),
        });
        let variables = names.into_iter().zip(units).collect();
        Ok(RecorderKind::Samples { variables, senders, interval: self.grid.ms(interval) })
    }

    fn finish(mut self) -> Simulation {
        for (node, device) in self.nodes.iter().zip(&mut self.devices.list) {
            if let Some(device) = device {
                device.open(self.exchange as i64);
                device.muted = node.muted;
                device.begin_run(0);
            }
        }
        let slice = self.slice;
        let threads = self.useful_threads();
        let trains = self.nodes.iter().map(|_| Outbox::new(slice)).collect();
        let settings = &self.project.simulation;
        let shown = self.populations.iter().map(|population| {
            let coupled = population.chunks.clone().any(|chunk| self.chunks[chunk].coupled);
            vec![0.0; if coupled { self.nodes[population.node].n } else { 0 }]
        });
        let shown: Vec<Vec<f64>> = shown.collect();
        let relaxes = settings.use_wfr && settings.wfr_tol > 0.0 && self.chunks.iter().any(Chunk::sees_at_once);
        let stopping = relaxes.then_some(Stopping {
            tolerance: settings.wfr_tol,
            most_rounds: settings.wfr_max_iterations,
            slice: self.exchange as i64,
        });
        Simulation {
            signals: Mutex::new(Signals {
                before: shown.clone(),
                polynomials: vec![Vec::new(); shown.len()],
                order: if settings.use_wfr { settings.wfr_interpolation_order } else { 0 },
                stopping,
                relaxed: Vec::new(),
                shown,
            }),
            grid: self.grid,
            outboxes: self.chunks.iter().map(|_| RwLock::new(Outbox::new(slice))).collect(),
            chunks: self.chunks.into_iter().map(Mutex::new).collect(),
            nodes: self.nodes,
            populations: self.populations,
            devices: RwLock::new((self.devices, trains)),
            recorders: self.recorders,
            transmitters: RwLock::new(self.transmitters),
            plan: self.plan,
            wired: self.wired,
            synapses: self.synapses,
            slice: slice as i64,
            now: 0,
            threads,
            counters: Counters::default(),
            patience: Default::default(),
            failure: None,
        }
    }

    /// As many threads as were asked for, as far as there are chunks for them. Left to the program,
    /// a slice must hold enough work to be worth meeting for.
    fn useful_threads(&self) -> usize {
        let neurons: usize = self.chunks.iter().map(|c| c.n).sum();
        let small = neurons * self.slice < 10_000;
        if self.project.simulation.threads == 0 && small { 1 } else { self.threads.clamp(1, self.chunks.len().max(1)) }
    }
}

/// Whether lists of values go with its synapses.
fn is_listed(projection: &Projection) -> bool {
    let values = projection.params.values().chain([&projection.weight, &projection.delay]);
    values.into_iter().any(|value| matches!(value, Value::List(_) | Value::Lists(_)))
}

/// The kind of port that takes such events.
fn port_kind(carries: Carries) -> PortKind {
    match carries {
        Carries::Currents => PortKind::Currents,
        Carries::Transitions => PortKind::Transitions,
        Carries::Signal(signal) => PortKind::Signal(signal),
        Carries::Spikes | Carries::Samples => PortKind::Spikes,
    }
}

/// Whether its synapses have a state of their own, or are watched as if they had.
fn is_plastic(projection: &Projection) -> bool {
    projection.synapse.synapses.is_some() || projection.weight_recorder.is_some()
}

/// Parameters and initial state of the synapses of a projection onto the chunk with these targets.
pub fn synapse_table(
    projection: &Projection,
    pairing: &Pairing,
    targets: Range<usize>,
    rows: &Rows,
) -> Result<Table, String> {
    let mut table = Table::default();
    for (place, parameter) in projection.synapse.parameters().enumerate().filter(|(_, p)| p.name != "delay") {
        let Some(value) = projection.value(parameter.name) else { continue };
        if parameter.is_list() {
            table.set_list(parameter.name, value, 1);
            continue;
        }
        let column = match &value {
            Value::Real(x) => Column::Same(*x),
            Value::Flag(on) => Column::Same(*on as u8 as f64),
            Value::List(_) | Value::Lists(_) | Value::Distribution(_) => {
                let (purpose, part) = match parameter.name {
                    "weight" => (Purpose::Weight, targets.start as u64),
                    _ => (Purpose::Parameter, (1 << 63) + ((place as u64) << 40) + targets.start as u64),
                };
                let values = rows.values(pairing, targets.clone(), &value, purpose, part);
                Column::Each(values.map_err(|message| format!("{}: {message}", parameter.name))?)
            }
            _ => continue,
        };
        table.set(parameter.name, column);
    }
    Ok(table)
}

/// All synapses of rows: source, slot, place.
fn synapses_of(rows: &Rows) -> impl Iterator<Item = (usize, u16, usize)> {
    (0..rows.starts.len() - 1).flat_map(move |s| rows.row(s).map(move |i| (s, rows.targets[i], i)))
}
