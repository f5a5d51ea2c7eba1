//! From a project to a simulation: populations in chunks, rows of synapses, rings, recorders.

pub mod attaching;
pub(crate) mod memory;
mod recording;
mod set;
mod silence;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use crate::description::{Value, number};
use crate::mechanisms::random::Purpose;
use crate::mechanisms::time::Grid;
use crate::models::{self, Behaviour, Inlet, Port, Signal};
use crate::project::{
    self, Leg, Node, Part, Place, Problem, Project, Projection, ProjectionId, Rule, Severity, ThirdFactor,
};
use crate::recordings::{Members, RecordingPlan};
use crate::runtime::chunks::chunk::Chunk;
use crate::runtime::clock::team::{Team, WORTH_MEETING};
use crate::runtime::connections::pairs::Pairing;
use crate::runtime::connections::pairs::third::Third;
use crate::runtime::connections::rows::{Form, SynapseRows};
use crate::runtime::connections::share::{End, Share};
use crate::runtime::coupling::relaxation::Stopping;
use crate::runtime::coupling::signals::Signals;
use crate::runtime::devices::{Device, Devices, Origin};
use crate::runtime::input::inputs::Inputs;
use crate::runtime::neurons::interface::Make;
use crate::runtime::projection::{ResolvedProjection, SynapseParameters};
use crate::runtime::recording::intakes::Intake;
use crate::runtime::recording::recorders::Recorders;
use crate::runtime::slice::{LONGEST_SPAN, Outbox, Span};
use crate::runtime::synapses::archive::Archive;
use crate::runtime::synapses::transmitters::Transmitter;
use crate::runtime::table::Table;
use crate::runtime::{Counters, Estimate, NodeKind, Population, Simulation, SimulationNode};

/// Rows of about this many synapses are delivered fastest.
const GOOD_ROW: f64 = 300.0;
/// Where rows are shorter than this, delivery costs little beside the update.
const SHORT_ROW: f64 = 150.0;
/// Populations with such rows are cut into chunks of about so many neurons, for threads to share.
const SHORT_ROW_CHUNK: f64 = 1024.0;
/// Neurons of a chunk at most; rows address them with 16 bits, rings should fit the cache.
const LARGEST_CHUNK: usize = 8192;
/// Where weights are drawn, the rings of a chunk are short and rows may be long: so many chunks share a network, of no
/// fewer neurons than this.
const DRAWN_CHUNKS: usize = 6;
const SMALLEST_DRAWN_CHUNK: usize = 2048;
/// No population is cut into more chunks than this.
const MOST_CHUNKS: usize = 64;

/// Told the fraction done; false cancels.
pub type Progress<'a> = &'a (dyn Fn(f64) -> bool + Sync);

impl Simulation {
    /// Every problem of the project: what [`validate`](project::validate()) finds, and populations that will stay silent,
    /// for which a few of their neurons are run on their own.
    pub fn problems(project: &Project) -> Vec<Problem> {
        let mut problems = project::validate(project);
        problems.extend(silence::warnings(project));
        problems
    }

    /// Size of the network without building it.
    pub fn estimate(project: &Project) -> Estimate {
        memory::estimate(project)
    }

    /// Bytes that the synapses of a projection between neurons need, without what they write to.
    pub fn bytes_of_synapses(project: &Project, projection: &Projection) -> f64 {
        memory::of_synapses(project, projection)
    }

    /// Builds the network; refused with every problem found.
    /// `progress` hears the fraction done now and then and cancels by returning false.
    pub fn build(project: &Project, progress: &(dyn Fn(f64) -> bool + Sync)) -> Result<Simulation, Vec<Problem>> {
        build(project, 0, progress)
    }

    /// As [`Simulation::build`], but where the number of threads is left to the program, `spare` cores are
    /// left to others: a window that runs beside it needs one.
    pub fn build_sparing(
        project: &Project,
        spare: usize,
        progress: &(dyn Fn(f64) -> bool + Sync),
    ) -> Result<Simulation, Vec<Problem>> {
        build(project, spare, progress)
    }
}

fn build(project: &Project, spare: usize, progress: Progress<'_>) -> Result<Simulation, Vec<Problem>> {
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
    let (project, back_of) = as_built(project);
    memory::check(&project).map_err(|p| vec![p])?;
    let mut builder = Builder::new(&project, back_of, grid, spare)?;
    builder.connect(progress)?;
    builder.record()?;
    Ok(builder.finish())
}

/// The project as it is built: default delays last a step at least, and the way back of each symmetric projection is a
/// projection of its own. With it, for each projection the place of the one of which it is the way back.
pub(crate) fn as_built(project: &Project) -> (Cow<'_, Project>, Vec<Option<usize>>) {
    let mut back_of = vec![None; project.projections.len()];
    let resolution = project.simulation.resolution;
    let plain = |p: &Projection| !p.symmetric && p.adapted_delay(resolution).is_none();
    if project.projections.iter().all(plain) {
        return (Cow::Borrowed(project), back_of);
    }
    let mut built = project.clone();
    for projection in &mut built.projections {
        if let Some(delay) = projection.adapted_delay(resolution) {
            projection.delay = Value::Real(delay);
        }
    }
    for p in 0..built.projections.len() {
        let projection = built.projections[p].clone();
        if projection.symmetric && !project.extent(&projection).same {
            let (from, to) = (projection.to, projection.from);
            let turned = |value: &Value| match value {
                Value::Lists(rows) => {
                    let width = rows.first().map_or(0, Vec::len);
                    let column = |i: usize| rows.iter().filter_map(|row| row.get(i).copied()).collect();
                    Value::Lists((0..width).map(column).collect())
                }
                other => other.clone(),
            };
            let (weight, delay) = (turned(&projection.weight), turned(&projection.delay));
            let (sources, targets) = (projection.targets.clone(), projection.sources.clone());
            // The ways back are one among themselves.
            let union = projection.union.map(|union| ProjectionId(u32::MAX - union.0));
            built.projections[p].symmetric = false;
            let ends = Projection { from, to, sources, targets, union, ..projection };
            built.projections.push(Projection { weight, delay, symmetric: false, ..ends });
            back_of.push(Some(p));
        }
    }
    (Cow::Owned(built), back_of)
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
    intakes: Vec<Intake>,
    transmitters: Vec<Transmitter>,
    plan: RecordingPlan,
    wired: Vec<ResolvedProjection>,
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
            intakes: Vec::new(),
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
        let params = by_place(node);
        let table = Table::new(node.model.declaration(), &params, node.n, self.seed, index as u64)
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
            if let Behaviour::Generator { make, .. } = node.model.behaviour {
                let made = Device::new(make, &names, &table, node.n, self.grid, origin);
                device = Some(made.with_quantities(node.model.recordables.len()));
            }
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
            params: params.into_owned(),
            recordables: node.recordables(),
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
        let Behaviour::Neurons { make, .. } = node.model.behaviour else { return 0..0 };
        let blocks = node.n.div_ceil(64);
        let parts = parts(self.project, node);
        let begin = self.chunks.len();
        for part in 0..parts {
            let (from, to) = (blocks * part / parts * 64, (blocks * (part + 1) / parts * 64).min(node.n));
            let n = to - from;
            self.chunks.push(Chunk {
                population: self.populations.len(),
                first: from,
                n,
                neurons: make(&Make {
                    declared: node.model.declaration(),
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
                    node.model.inlets_of_wired(&|signal| self.project.carries_to(node.id, signal), &|name| {
                        node.entries(name)
                    }),
                    node.model.inlets(Signal::Currents, &|name| node.entries(name)),
                ),
                incoming: Vec::new(),
                uncounted: Vec::new(),
                probes: Vec::new(),
                flights: Vec::new(),
                sent: 0,
                delivered: 0,
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
    fn port(&self, carries: Signal, to: usize, port: u32) -> Option<&'static Port> {
        let node = &self.project.nodes[to];
        node.model.port(carries, port, &|name| node.entries(name))
    }

    /// Where events of that kind go at a port of a node.
    fn inlet(&self, carries: Signal, to: usize, port: u32) -> Inlet {
        let node = &self.project.nodes[to];
        if carries == Signal::Diffusion {
            return Inlet::default();
        }
        node.model.inlet(carries, port, &|name| node.entries(name)).unwrap_or_default()
    }

    fn only_positive(&self, to: usize, port: u32) -> bool {
        let node = &self.project.nodes[to];
        node.model.port(Signal::Spikes, port, &|name| node.entries(name)).is_some_and(|p| p.only_positive)
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
            let pairing = self.pairing(p).map_err(|problem| vec![problem])?;
            let relays = self.port(carries, to, projection.receptor).is_some_and(|port| port.weightless);
            // A recorder sees weights also where they do not count.
            let seen = projection.synapse.acts_between_steps() && projection.weight_recorder.is_some();
            self.wired.push(ResolvedProjection {
                id: projection.id,
                from,
                to,
                carries,
                pairing,
                muted: projection.muted,
                relays,
                weightless: relays && !seen && !is_plastic(projection),
                carried: self.port(carries, to, projection.receptor).is_some_and(|port| port.carried),
                inlet: self.inlet(carries, to, projection.receptor),
                only_positive: self.only_positive(to, projection.receptor),
                synapses: is_plastic(projection).then(|| {
                    let Projection { synapse, params, weight, .. } = projection.clone();
                    // What is only watched is static, whatever its model is called.
                    let model = if synapse.plastic().is_some() { synapse } else { &models::STATIC_SYNAPSE };
                    Box::new(SynapseParameters { model, params, weight })
                }),
            });
            if let NodeKind::Neurons(population) = target.kind
                && carries != Signal::Samples
            {
                jobs.extend(self.populations[population].chunks.clone().map(|chunk| (p, chunk)));
            }
        }
        let rows = self.draw_rows(&jobs, progress)?;
        self.choose_slice(&jobs, &rows);
        self.add_transmitters()?;
        self.add_intakes()?;
        for ((p, chunk), rows) in jobs.into_iter().zip(rows) {
            self.attach(p, chunk, rows)?;
        }
        self.open_archives();
        Ok(())
    }

    /// Who is connected to whom.
    fn pairing(&self, p: usize) -> Result<Pairing, Problem> {
        let projection = &self.project.projections[p];
        let extent = self.project.extent(projection);
        Ok(Pairing {
            rule: projection.rule,
            pairs: projection.pairs.clone(),
            sources: extent.sources,
            targets: extent.targets,
            same: extent.same,
            autapses: projection.autapses,
            multapses: projection.multapses,
            listed: is_listed(projection),
            seed: projection.seed.unwrap_or(self.seed),
            projection: p as u64,
            owner: self.owner(p),
            back_of: self.back_of[p].map(|there| self.owner(there)),
            share: self.share(projection)?,
            followed: self.project.legs_of(projection).next().is_some(),
            third: self.third(projection)?.map(Arc::new),
            space: (self.project.node(projection.from))
                .zip(self.project.node(projection.to))
                .and_then(|(from, to)| projection.space(from, to)),
        })
    }

    /// What a leg of a third factor draws.
    fn third(&self, projection: &Projection) -> Result<Option<Third>, Problem> {
        let (Some(ThirdFactor { leg, .. }), Rule::ThirdFactor { p, pool_size, block }) =
            (projection.third_factor, projection.rule)
        else {
            return Ok(None);
        };
        let refused = || Problem::error(self.place(projection), "the projection that it follows does not exist");
        let primary = self.project.primary_of(projection).ok_or_else(refused)?;
        let mut pieces = Vec::new();
        let mut seen = Vec::new();
        let mut first = None;
        for (at, member) in self.project.projections.iter().enumerate() {
            if member.key() != primary.key() || member.third_factor.is_some() {
                continue;
            }
            first = first.or(Some(at));
            let Some(to) = self.index(member.to).filter(|to| !seen.contains(to)) else { continue };
            seen.push(to);
            let NodeKind::Neurons(population) = self.nodes[to].kind else { continue };
            let pairing = self.pairing(at)?;
            let chunks = &self.chunks[self.populations[population].chunks.clone()];
            pieces.extend(chunks.iter().map(|chunk| pairing.places(chunk.first..chunk.first + chunk.n)));
        }
        let third = if leg == Leg::In { projection.to } else { projection.from };
        let neurons = self.project.node(third).map_or(0, |node| node.n);
        let pool_size = pool_size.map_or(neurons, |size| size as usize).clamp(1, neurons.max(1));
        let inward = leg == Leg::In;
        let primary = self.pairing(first.ok_or_else(refused)?)?;
        Ok(Some(Third { primary, pieces, p, neurons, pool_size, block, inward }))
    }

    /// The first of the projections that share a rule with this one, or what they draw as the legs of a third factor do.
    fn owner(&self, p: usize) -> u64 {
        let projections = &self.project.projections;
        if let Some(ThirdFactor { primary, .. }) = projections[p].third_factor {
            let leg = |other: &Projection| other.third_factor.is_some_and(|third| third.primary == primary);
            return projections.iter().position(leg).unwrap_or(p) as u64;
        }
        let union = projections[p].union;
        let first = projections.iter().position(|other| union.is_some() && other.union == union);
        first.unwrap_or(p) as u64
    }

    /// The share of a projection in what its rule draws, where that sees more or less than two whole nodes.
    fn share(&self, projection: &Projection) -> Result<Option<Share>, Problem> {
        let whole = projection.sources == Part::Whole && projection.targets == Part::Whole;
        if projection.union.is_none() && projection.third_factor.is_none() && whole {
            return Ok(None);
        }
        let project = self.project;
        let end = |members: Vec<(&Node, &Part)>, own: project::NodeId| -> Result<(End, usize), String> {
            let place = members.iter().position(|(node, _)| node.id == own).unwrap_or(0);
            let cells = members
                .iter()
                .map(|(node, part)| Ok((self.index(node.id).unwrap_or(0), part.cells(node.n)?)))
                .collect::<Result<Vec<_>, String>>();
            Ok((End::new(cells?), place))
        };
        let refused = |message: String| Problem::error(self.place(projection), message);
        let (sources, source) = end(project.sources_of(projection), projection.from).map_err(refused)?;
        let (targets, target) = end(project.targets_of(projection), projection.to).map_err(refused)?;
        let n = |id| project.node(id).map_or(0, |node| node.n);
        let neurons = (n(projection.from), n(projection.to));
        let knows_itself = !projection.autapses || matches!(projection.rule, Rule::SymmetricPairwiseBernoulli { .. });
        Ok(Some(Share::new((&sources, &targets), (source, target), neurons, knows_itself)))
    }

    /// The synapses of each (projection, chunk), in parallel; each has streams of its own.
    fn draw_rows(&self, jobs: &[(usize, usize)], progress: Progress<'_>) -> Result<Vec<SynapseRows>, Vec<Problem>> {
        // Done is what has been drawn of the synapses, as far as their number can be foreseen.
        let expected = |&(p, chunk): &(usize, usize)| {
            let targets = self.nodes[self.wired[p].to].n.max(1) as f64;
            1.0 + self.project.expected_synapses(&self.project.projections[p]) * self.chunks[chunk].n as f64 / targets
        };
        let all = jobs.iter().map(expected).sum::<f64>() as u64;
        let (done, cancelled) = (AtomicU64::new(0), AtomicBool::new(false));
        let draw = |job: &(usize, usize)| -> Result<SynapseRows, Problem> {
            let (p, chunk) = *job;
            let (projection, wired, chunk) = (&self.project.projections[p], &self.wired[p], &self.chunks[chunk]);
            let targets = chunk.first..chunk.first + chunk.n;
            let counted = Value::Real(1.0);
            let between = projection.synapse.acts_between_steps();
            // Synapses with state keep their weight there.
            let weight = if wired.weightless || is_plastic(projection) { &counted } else { &projection.weight };
            if cancelled.load(Ordering::Relaxed) {
                return Err(Problem::error(Place::Project, "cancelled"));
            }
            let form = Form { between, dense: self.project.keeps_dense(projection) };
            let rows = SynapseRows::build(&wired.pairing, targets, weight, &projection.delay, self.grid, form)
                .map_err(|message| Problem::error(self.place(projection), message));
            let here = expected(job) as u64;
            let drawn = done.fetch_add(here, Ordering::Relaxed) + here;
            if !progress((drawn as f64 / all.max(1) as f64).min(1.0)) {
                cancelled.store(true, Ordering::Relaxed);
            }
            rows
        };
        let results: Vec<Result<SynapseRows, Problem>> =
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
    fn choose_slice(&mut self, jobs: &[(usize, usize)], rows: &[SynapseRows]) {
        for ((p, _), rows) in jobs.iter().zip(rows) {
            let Some((shortest, longest)) = rows.delay_range() else { continue };
            let wired = &self.wired[*p];
            self.longest[wired.to] = self.longest[wired.to].max(longest as usize);
            if matches!(wired.carries, Signal::Spikes | Signal::Transitions) {
                self.slice = self.slice.min(shortest as usize).max(1);
            }
        }
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
        let sizes: Vec<usize> = self.chunks.iter().map(|chunk| chunk.n).collect();
        let trains: Vec<Outbox> = self.nodes.iter().map(|_| Outbox::new(slice)).collect();
        let settings = &self.project.simulation;
        let output = self.populations.iter().map(|population| {
            let coupled = population.chunks.clone().any(|chunk| self.chunks[chunk].coupled);
            vec![0.0; if coupled { self.nodes[population.node].n } else { 0 }]
        });
        let output: Vec<Vec<f64>> = output.collect();
        let relaxes = settings.use_wfr && settings.wfr_tol > 0.0 && self.chunks.iter().any(Chunk::receives_at_once);
        let stopping = relaxes.then_some(Stopping {
            tolerance: settings.wfr_tol,
            most_rounds: settings.wfr_max_iterations,
            slice: self.exchange as i64,
        });
        Simulation {
            signals: Signals {
                before: output.clone(),
                polynomials: vec![Vec::new(); output.len()],
                order: if settings.use_wfr { settings.wfr_interpolation_order } else { 0 },
                stopping,
                relaxed: Vec::new(),
                output,
            },
            grid: self.grid,
            outboxes: vec![Outbox::new(slice); self.chunks.len()],
            before: vec![Outbox::new(slice); self.chunks.len()],
            span: Span::default(),
            chunks: self.chunks,
            nodes: self.nodes,
            populations: self.populations,
            devices: self.devices,
            trains_before: trains.clone(),
            trains,
            recorders: self.recorders,
            intakes: self.intakes,
            transmitters: self.transmitters,
            plan: self.plan,
            wired: self.wired,
            synapses: self.synapses,
            slice: slice as i64,
            now: 0,
            threads,
            counters: Counters::default(),
            shares: Default::default(),
            team: Team::new(threads, &sizes),
            failure: None,
        }
    }

    /// As many threads as were asked for, as far as there are chunks for them. Left to the program,
    /// a slice must hold enough work to be worth meeting for.
    fn useful_threads(&self) -> usize {
        let neurons: usize = self.chunks.iter().map(|c| c.n).sum();
        let small = neurons * self.slice < WORTH_MEETING;
        if self.project.simulation.threads == 0 && small { 1 } else { self.threads.clamp(1, self.chunks.len().max(1)) }
    }
}

/// Into how many chunks a population is cut.
pub(crate) fn parts(project: &Project, node: &Node) -> usize {
    let row = |projection: &Projection| {
        let from = project.node(projection.from).filter(|from| from.model.is_neuron())?;
        Some(project.expected_synapses(projection) / from.n.max(1) as f64)
    };
    let onto = project.projections.iter().filter(|projection| projection.to == node.id);
    let longest = onto.filter_map(row).fold(0.0, f64::max);
    let mut parts = (longest / GOOD_ROW).round() as usize;
    if is_delivered_late(project, node) {
        let neurons: usize = project.nodes.iter().filter(|node| node.model.is_neuron()).map(|node| node.n).sum();
        parts = parts.min(node.n.div_ceil((neurons / DRAWN_CHUNKS).clamp(SMALLEST_DRAWN_CHUNK, LARGEST_CHUNK)));
    }
    if longest < SHORT_ROW {
        parts = parts.max((node.n as f64 / SHORT_ROW_CHUNK).round() as usize);
    }
    parts.clamp(1, MOST_CHUNKS).max(node.n.div_ceil(LARGEST_CHUNK)).min(node.n.div_ceil(64))
}

/// Whether what neurons send to a node has drawn weights and delays.
fn is_delivered_late(project: &Project, node: &Node) -> bool {
    let is_drawn = |value: &Value| matches!(value, Value::Distribution(_));
    let sent = project.projections.iter().filter(|projection| projection.to == node.id && !is_plastic(projection));
    let of_neurons = |p: &&Projection| project.node(p.from).is_some_and(|from| from.model.is_neuron());
    sent.filter(of_neurons).any(|projection| is_drawn(&projection.weight) && is_drawn(&projection.delay))
}

/// Whether lists of values go with its synapses.
fn is_listed(projection: &Projection) -> bool {
    let values = projection.params.values().chain([&projection.weight, &projection.delay]);
    let is_listed =
        |value: &Value| matches!(value, Value::List(_) | Value::Lists(_) | Value::Range(_) | Value::Spatial(_));
    values.into_iter().any(is_listed)
}

/// The parameters of a node, with the values of those that depend on the place.
fn by_place(node: &Node) -> Cow<'_, BTreeMap<String, Value>> {
    if !node.params.values().any(|value| matches!(value, Value::Spatial(_))) {
        return Cow::Borrowed(&node.params);
    }
    let of = |value: &Value| match value {
        Value::Spatial(kernel) => node.by_place(kernel),
        other => other.clone(),
    };
    Cow::Owned(node.params.iter().map(|(name, value)| (name.clone(), of(value))).collect())
}

/// Whether its synapses have a state of their own, or are watched as if they had.
fn is_plastic(projection: &Projection) -> bool {
    let watched = projection.weight_recorder.is_some() && !projection.synapse.acts_between_steps();
    projection.synapse.plastic().is_some() || watched
}
