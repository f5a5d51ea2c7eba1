//! The neurons of one population in one partition, with all that belongs to them.

use std::sync::Arc;

use super::archive::Archive;
use super::coupling::Coupling;
use super::devices::Devices;
use super::dynamics::{Arriving, Coefficients, GapInput, ListDynamics, Lookup, PerNeuron, Rehearsed, Uniform};
use super::inputs::{Event, Flight, Gathered, Inputs, Lanes};
use super::lists::{Lists, PerNeuronRows, Shape, UniformRows};
use super::plastic::{Pass, PlasticRows, Reads, Transmitted};
use super::rows::Rows;
use super::solved::Bench;
use super::table::Table;
use super::transmitters::{Release, Transmitter};
use crate::mechanisms::lanes::{Level, Real, level};
use crate::mechanisms::random::{Purpose, Stream, Streams16};
use crate::mechanisms::time::Grid;
use crate::models::{Inlet, Model, Quantity, Role};

/// Steps that a chunk runs through at once, while its blocks stay in the cache.
#[derive(Clone, Debug, Default)]
pub struct Span {
    /// The first step.
    pub first: i64,
    /// Its place within the slice.
    pub offset: usize,
    /// Number of steps, at most 64.
    pub n: usize,
    /// For each multimeter, one bit a step in which it samples.
    pub due: Vec<u64>,
    /// Whether states are tested for being finite at the end.
    pub check: bool,
}

/// Steps between two times at which archives forget samples.
const FORGET_EVERY: i64 = 1024;

/// The longest span, set by the bits of [`Span::due`].
pub const LONGEST_SPAN: usize = 64;

/// The spikes of a chunk or generator in the present slice, by step.
#[derive(Clone, Default)]
pub struct Outbox {
    /// Numbers within the population.
    pub spikes: Vec<Vec<u32>>,
    /// Spikes with multiplicity or factor, of sources that send such.
    pub events: Vec<Vec<Event>>,
}

impl Outbox {
    pub fn new(steps: usize) -> Self {
        Outbox { spikes: vec![Vec::new(); steps], events: vec![Vec::new(); steps] }
    }
    pub fn clear(&mut self) {
        self.spikes.iter_mut().for_each(Vec::clear);
        self.events.iter_mut().for_each(Vec::clear);
    }
}

/// What one multimeter samples in a chunk.
#[derive(Clone)]
pub struct Probe {
    pub meter: usize,
    pub variables: Vec<Quantity>,
    /// Neuron within the chunk and its place among the meter's senders, by neuron.
    pub neurons: Vec<(u32, u32)>,
    /// For each time sampled in the span, each neuron, each variable.
    pub values: Vec<f64>,
    /// Times sampled in the span before the part in work.
    pub taken: usize,
}

impl Probe {
    /// Writes the samples of step `i` of a part of the span; `of` tells a recordable of a neuron.
    pub fn take(&mut self, due: u64, i: usize, of: impl Fn(usize, usize) -> f64) {
        if due >> i & 1 == 0 {
            return;
        }
        let width = self.variables.len();
        let first = self.place(due, i);
        for (j, (neuron, _)) in self.neurons.iter().enumerate() {
            for (v, variable) in self.variables.iter().enumerate() {
                self.values[first + j * width + v] = of(*neuron as usize, variable.declared);
            }
        }
    }

    /// Where the samples of step `i` of a part of the span begin.
    fn place(&self, due: u64, i: usize) -> usize {
        let ordinal = self.taken + (due & ((1u64 << i) - 1)).count_ones() as usize;
        ordinal * self.neurons.len() * self.variables.len()
    }
}

/// Why a chunk cannot go on; the neuron is counted within the chunk.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    /// Its state is no longer finite.
    NotFinite { neuron: usize },
    /// It sends more than [`STORM`] spikes in one step.
    Storm { neuron: usize },
}

/// More spikes of one neuron in one step are a storm: parrots that feed each other multiply without bound.
pub const STORM: u32 = 10_000;

/// The neurons of a chunk, whatever their model. One call per chunk and span.
pub trait Neurons: Send + Sync {
    fn update(
        &mut self,
        span: &Span,
        inputs: &mut Inputs,
        outbox: &mut Outbox,
        probes: &mut [Probe],
    ) -> Result<(), Trouble>;
    /// Takes over changed parameters; `names` are those that were set.
    fn set_parameters(&mut self, table: &Table, names: &[&str]);
    /// A settable state variable of a neuron of the chunk.
    fn state(&self, name: &str, neuron: usize) -> f64;
    fn set_state(&mut self, name: &str, neuron: usize, x: f64);
    /// Writes the signal that the neurons show at the beginning of a step, if they show one.
    fn show(&mut self, _to: &mut [f64]) {}
    /// One step of every neuron tried without consequences, for gap junctions.
    fn rehearse(&self, _current: &[f64], _gap: &[GapInput], _tried: &mut [Rehearsed]) {}
    /// Whether what they show holds noise of the step.
    fn shows_noise(&self) -> bool {
        false
    }
    /// What each target makes of a signal before it is weighted and summed; false if nothing.
    fn see(&self, _targets: &[u16], _value: f64, _seen: &mut Vec<f64>) -> bool {
        false
    }
    /// Something else that a neuron tells of itself, such as the time of its last spike.
    fn tell(&self, _name: &str, _neuron: usize) -> Option<f64> {
        None
    }
    /// Whether their spikes have multiplicities, factors or times between grid points.
    fn send_events(&self) -> bool {
        false
    }
    fn bytes(&self) -> usize;
    /// A copy with all state, for snapshots.
    fn clone_box(&self) -> Box<dyn Neurons>;
}

impl Clone for Box<dyn Neurons> {
    fn clone(&self) -> Self {
        self.clone_box()
    }
}

/// Where the spikes of a projection come from.
#[derive(Clone)]
pub enum Source {
    /// The outboxes of a population's chunks.
    Chunks(std::ops::Range<usize>),
    /// A generator of listed spikes, by node.
    Train(usize),
}

/// The synapses of one projection onto a chunk.
#[derive(Clone)]
pub struct Incoming {
    pub projection: usize,
    pub source: Source,
    pub inlet: Inlet,
    /// Shared with snapshots.
    pub rows: Arc<Rows>,
    /// The counting channel, where all synapses have one weight and delay.
    pub channel: Option<usize>,
    pub muted: bool,
    /// The targets repeat spikes: factors on weights do not count.
    pub relays: bool,
    /// Spikes are written in the code of binary neurons: two for a transition upwards, one for one downwards.
    pub coded: bool,
    /// State of the synapses, where they have one.
    pub plastic: Option<Box<dyn PlasticRows>>,
    /// What was transmitted in the slice before, if a weight recorder wants to know.
    pub transmitted: Option<Vec<Transmitted>>,
    /// The volume transmitter of the projection.
    pub transmitter: Option<usize>,
}

impl Incoming {
    /// The present weight of a synapse.
    pub fn weight(&self, synapse: usize) -> f64 {
        let of_state = self.plastic.as_ref().and_then(|plastic| plastic.value("weight", synapse));
        of_state.unwrap_or_else(|| self.rows.weight(synapse))
    }
}

/// What the neurons of a chunk are made from.
pub struct Make<'a> {
    pub model: &'static Model,
    /// Parameters of the whole population.
    pub table: &'a Table,
    /// Number within the population of the chunk's first neuron, and how many there are (at least one).
    pub first: usize,
    pub n: usize,
    pub grid: Grid,
    pub seed: u64,
    /// Index of the node, for random streams.
    pub node: u64,
}

/// Makes the neurons of a chunk; each neuron model declares its own.
pub type MakeNeurons = fn(&Make<'_>) -> Box<dyn Neurons>;

/// A chunk of a population.
#[derive(Clone)]
pub struct Chunk {
    /// Index of the population.
    pub population: usize,
    /// Number within the population of the first neuron, and how many there are.
    pub first: usize,
    pub n: usize,
    pub neurons: Box<dyn Neurons>,
    pub inputs: Inputs,
    pub incoming: Vec<Incoming>,
    /// The spikes of its neurons, if a synapse asks for them.
    pub archive: Archive,
    /// Signals that its neurons see.
    pub couplings: Vec<Coupling>,
    /// It steps together with other chunks.
    pub coupled: bool,
    pub probes: Vec<Probe>,
    /// Where the spikes to be delivered are listed.
    pub flights: Vec<Flight>,
}

/// A row is fetched from memory while so many others are delivered.
const ROWS_AHEAD: usize = 3;

impl Chunk {
    /// Delivers the spikes of a slice that began at step `start`; `own` is the outbox of this chunk.
    /// Returns the number of synaptic events.
    pub fn deliver<O: std::ops::Deref<Target = Outbox>>(
        &mut self,
        grid: Grid,
        start: i64,
        own: usize,
        outboxes: &[O],
        trains: &[Outbox],
        transmitters: &[Transmitter],
    ) -> u64 {
        let mut events = self.deliver_plain(start, outboxes);
        for Incoming { source, inlet, rows, relays, coded, plastic, transmitted, transmitter, .. } in
            self.incoming.iter_mut().filter(|i| !i.muted)
        {
            let inputs = &mut self.inputs;
            if let Some(plastic) = plastic {
                let (inlet, relays, archive) = (*inlet, *relays, &self.archive);
                let transmitted = transmitted.as_mut();
                let released = released(transmitters, *transmitter);
                let mut pass = Pass { rows, grid, inlet, relays, archive, released, inputs, transmitted };
                let mut send = |source: u32, step: usize| {
                    events += rows.row(source as usize).len() as u64;
                    plastic.send(source as usize, start + step as i64, &mut pass);
                };
                let mut send_all = |outbox: &Outbox, step: usize| {
                    outbox.spikes[step].iter().for_each(|&source| send(source, step));
                    for event in &outbox.events[step] {
                        (0..event.multiplicity).for_each(|_| send(event.source, step));
                    }
                };
                if let Source::Chunks(range) = source {
                    for step in 0..outboxes[own].spikes.len() {
                        outboxes[range.clone()].iter().for_each(|outbox| send_all(outbox, step));
                    }
                }
                continue;
            }
            let mut pass = |outbox: &Outbox, step: usize| {
                let at = start + step as i64;
                let sent = &outbox.events[step];
                events += if *coded {
                    inputs.weigh_events(rows, *inlet, &decoded(sent), at, false)
                } else {
                    inputs.weigh_events(rows, *inlet, sent, at, *relays)
                };
            };
            match source {
                Source::Train(node) => (0..trains[*node].events.len()).for_each(|step| pass(&trains[*node], step)),
                Source::Chunks(range) => {
                    let outboxes = &outboxes[range.clone()];
                    if outboxes.iter().all(|outbox| outbox.events.iter().all(Vec::is_empty)) {
                        continue;
                    }
                    for step in 0..outboxes[0].events.len() {
                        outboxes.iter().for_each(|outbox| pass(outbox, step));
                    }
                }
            }
        }
        events
    }

    /// Plain spikes through synapses without state. All that are to pass are listed first, so that rows can be
    /// fetched from memory some spikes ahead, whatever projection they belong to.
    fn deliver_plain<O: std::ops::Deref<Target = Outbox>>(&mut self, start: i64, outboxes: &[O]) -> u64 {
        let mut flights = std::mem::take(&mut self.flights);
        flights.clear();
        for (index, incoming) in self.incoming.iter().enumerate() {
            let Source::Chunks(range) = &incoming.source else { continue };
            if incoming.muted || incoming.coded || incoming.plastic.is_some() {
                continue;
            }
            let outboxes = &outboxes[range.clone()];
            for step in 0..outboxes[0].spikes.len() {
                for outbox in outboxes.iter().filter(|outbox| !outbox.spikes[step].is_empty()) {
                    let (incoming, sent) = (index as u32, start + step as i64);
                    let fly = |&source: &u32| Flight { incoming, source, step: sent };
                    flights.extend(outbox.spikes[step].iter().map(fly));
                }
            }
        }
        let mut events = 0;
        for (j, flight) in flights.iter().enumerate() {
            if let Some(later) = flights.get(j + 2 * ROWS_AHEAD) {
                self.incoming[later.incoming as usize].rows.prefetch_start(later.source as usize);
            }
            if let Some(soon) = flights.get(j + ROWS_AHEAD) {
                self.incoming[soon.incoming as usize].rows.prefetch_row(soon.source as usize);
            }
            let Incoming { rows, channel, inlet, .. } = &self.incoming[flight.incoming as usize];
            let row = rows.row(flight.source as usize);
            events += row.len() as u64;
            match channel {
                Some(channel) => self.inputs.count_row(*channel, rows, row, flight.step),
                None => self.inputs.weigh_row(rows, *inlet, row, flight.step, 1.0),
            }
        }
        self.flights = flights;
        events
    }

    /// The volume transmitters that are due at step `now` bring their synapses up to date, silent ones too.
    pub fn trigger(&mut self, grid: Grid, now: i64, slice: i64, transmitters: &[Transmitter]) {
        for Incoming { inlet, rows, relays, plastic, transmitter, .. } in &mut self.incoming {
            let (Some(plastic), Some(of)) = (plastic, *transmitter) else { continue };
            if transmitters[of].is_due(now, slice) {
                let (inlet, relays, archive, inputs) = (*inlet, *relays, &self.archive, &mut self.inputs);
                let released = transmitters[of].released();
                let mut pass = Pass { rows, grid, inlet, relays, archive, released, inputs, transmitted: None };
                plastic.trigger(grid.ms(now), &mut pass);
            }
        }
    }

    /// Takes over what the archive needs of the parameters of its neurons.
    pub fn set_archive(&mut self, table: &Table) {
        self.archive.set_parameters(|i| table.row(self.first + i));
    }

    /// Takes what was sampled for the archive in a span or a part of it.
    fn archive_samples(&mut self, grid: Grid, span: &Span, slice: usize) {
        let Some(diary) = self.probes.iter().position(|probe| probe.meter + 1 == span.due.len()) else { return };
        // Forgetting takes time, so it is done now and then.
        if span.first % FORGET_EVERY < span.n as i64 {
            self.archive.forget_samples(self.horizon(grid, slice));
        }
        let diary = &self.probes[diary];
        let width = diary.neurons.len() * diary.variables.len();
        for (i, values) in diary.values.chunks_exact(width).skip(diary.taken).take(span.n).enumerate() {
            self.archive.note(span.first + i as i64 + 1, values);
        }
    }

    /// Takes the span's spikes of its own neurons into the archive.
    fn archive_spikes(&mut self, grid: Grid, span: &Span, own: &Outbox) {
        let mut pruned = false;
        for i in 0..span.n {
            let (end, step) = (grid.ms(span.first + i as i64 + 1), span.offset + i);
            let plain = own.spikes[step].iter().map(|&neuron| (neuron, 1, end));
            let events = own.events[step].iter().map(|e| (e.source, e.multiplicity, end - e.offset));
            for (neuron, multiplicity, time) in plain.chain(events) {
                let stamp = (time == end).then(|| i32::try_from(span.first + i as i64 + 1).ok()).flatten();
                let neuron = neuron as usize - self.first;
                for _ in 0..multiplicity {
                    if self.archive.is_full(neuron) && !pruned {
                        self.archive.forget_before(self.horizon(grid, own.spikes.len()));
                        pruned = true;
                    }
                    if self.archive.is_full(neuron) {
                        self.archive.grow();
                    }
                    self.archive.push(neuron, time, stamp);
                }
            }
        }
    }

    /// The earliest time that a synapse may still ask its target about, ms. What has been triggered at the end of
    /// a slice may be turned back to its beginning.
    fn horizon(&self, grid: Grid, slice: usize) -> f64 {
        let of = |incoming: &Incoming| {
            let plastic = incoming.plastic.as_ref().filter(|plastic| plastic.reads() != Reads::Nothing)?;
            let longest = incoming.rows.delay_range().map_or(0, |(_, longest)| longest as i64);
            Some(plastic.horizon(grid) - grid.ms(longest + slice as i64))
        };
        self.incoming.iter().filter_map(of).fold(f64::INFINITY, f64::min)
    }

    pub fn update(&mut self, grid: Grid, span: &Span, devices: &Devices, outbox: &mut Outbox) -> Result<(), Trouble> {
        self.begin(span);
        self.advance(grid, span, devices, outbox)
    }

    /// A span begins: room for its samples.
    pub fn begin(&mut self, span: &Span) {
        for probe in &mut self.probes {
            let samples = span.due[probe.meter].count_ones() as usize;
            probe.values.clear();
            probe.values.resize(samples * probe.neurons.len() * probe.variables.len(), 0.0);
            probe.taken = 0;
        }
    }

    /// Makes the steps of a span, or of a part of the span that has begun.
    pub fn advance(&mut self, grid: Grid, span: &Span, devices: &Devices, outbox: &mut Outbox) -> Result<(), Trouble> {
        self.inputs.prepare(devices, span.first, span.n)?;
        self.neurons.update(span, &mut self.inputs, outbox, &mut self.probes)?;
        self.archive_samples(grid, span, outbox.spikes.len());
        for probe in &mut self.probes {
            probe.taken += span.due[probe.meter].count_ones() as usize;
        }
        if self.archive.keeps_spikes() {
            self.archive_spikes(grid, span, outbox);
        }
        Ok(())
    }
}

/// What a volume transmitter has told since it last triggered.
fn released(transmitters: &[Transmitter], which: Option<usize>) -> &[Release] {
    which.map_or(&[], |which| transmitters[which].released())
}

/// Spikes in the code of binary neurons, as what they add: a doublet adds the weight, a single spike takes it
/// away, and one that follows another of the same sender makes a doublet of it.
fn decoded(events: &[Event]) -> Vec<Event> {
    let mut before = None;
    events
        .iter()
        .map(|event| {
            let factor = match event.multiplicity {
                1 if before == Some(event.source) => 2.0,
                1 => -1.0,
                _ => 1.0,
            };
            before = Some(event.source);
            Event { multiplicity: 1, factor, ..*event }
        })
        .collect()
}

/// State of 64 neurons: one row a variable.
#[repr(align(64))]
#[derive(Clone)]
pub(super) struct Block<const S: usize>(pub [[f64; 64]; S]);

#[derive(Clone)]
pub(super) enum Constants<const K: usize> {
    Same([f64; K]),
    Each(Vec<[[f64; 64]; K]>),
}

impl<const K: usize> Constants<K> {
    /// Those of one neuron of the chunk.
    pub fn of(&self, neuron: usize) -> [f64; K] {
        match self {
            Constants::Same(k) => *k,
            Constants::Each(blocks) => std::array::from_fn(|i| blocks[neuron / 64][i][neuron % 64]),
        }
    }
}

/// Neurons of model `D` in blocks of 64.
pub struct Blocks<D, const S: usize, const K: usize> {
    model: &'static Model,
    /// Number within the population of the first neuron.
    pub(super) first: usize,
    pub(super) n: usize,
    pub(super) grid: Grid,
    pub(super) blocks: Vec<Block<S>>,
    pub(super) constants: Constants<K>,
    /// Extent of the model's lists, and their state and constants, block after block.
    pub(super) shape: Shape,
    rows: Vec<Lanes>,
    list_constants: Vec<f64>,
    /// Random numbers, for models and parameters that need them: for each step, and when one fires.
    pub(super) chance: Vec<Streams16>,
    pub(super) chance_at_spikes: Vec<Stream>,
    pub(super) needs_chance: bool,
    level: Level,
    /// Working memory of models that are solved adaptively.
    pub(super) bench: Bench,
    dynamics: std::marker::PhantomData<D>,
}

impl<D: ListDynamics<S, K>, const S: usize, const K: usize> Blocks<D, S, K> {
    /// Neurons of the model with dynamics `D`.
    pub fn make(make: &Make<'_>) -> Box<dyn Neurons> {
        Box::new(Self::new(make))
    }

    fn new(make: &Make<'_>) -> Self {
        let &Make { model, table, first, n, grid, seed, node } = make;
        let n_blocks = n.div_ceil(64);
        let part = |b: usize| (first / 64 + b) as u64;
        let mut this = Blocks {
            model,
            first,
            n,
            grid,
            blocks: vec![Block([[0.0; 64]; S]); n_blocks],
            constants: Constants::Same([0.0; K]),
            shape: Shape::default(),
            rows: Vec::new(),
            list_constants: Vec::new(),
            chance: (0..n_blocks).map(|b| Streams16::of(seed, Purpose::Escape, node, part(b))).collect(),
            chance_at_spikes: (0..n_blocks)
                .map(|b| Stream::of(seed, Purpose::Escape, node, (1 << 60) + part(b)))
                .collect(),
            needs_chance: false,
            level: level(),
            bench: Bench::default(),
            dynamics: std::marker::PhantomData::<D>,
        };
        this.compute_constants(table);
        for lane in 0..n_blocks * 64 {
            // Lanes behind the last neuron repeat it, so that their numbers stay ordinary.
            let neuron = lane.min(n - 1);
            let k = this.constants_of(neuron);
            let row = table.row(first + neuron);
            let mut s = D::initial(&row, &k);
            for state in model.parameters().filter(|p| p.role == Role::State) {
                D::set_state(state.name, table.real(state.name, first + neuron), &mut s, &k);
            }
            this.store(lane, &s);
            this.begin_lists(lane);
        }
        this
    }

    /// Puts the entries of a neuron's lists to their state at time 0.
    fn begin_lists(&mut self, lane: usize) {
        for entry in self.shape.entries() {
            let k: Vec<f64> = match &self.constants {
                Constants::Same(_) => self.list_constants[entry.constants].to_vec(),
                Constants::Each(_) => {
                    let row = |i: usize| (lane / 64 * self.shape.constants + i) * 64 + lane % 64;
                    entry.constants.map(|i| self.list_constants[row(i)]).collect()
                }
            };
            let mut s = vec![0.0; entry.state.len()];
            D::initial_entry(entry.list, &k, &mut s);
            for (row, x) in self.rows[lane / 64 * self.shape.rows..][entry.state].iter_mut().zip(s) {
                row[lane % 64] = x;
            }
        }
    }

    fn compute_constants(&mut self, table: &Table) {
        let uniform = table.is_uniform(self.model);
        let neurons = self.first..self.first + if uniform { 1 } else { self.n };
        let shape = Shape::new(D::LISTS, neurons.map(|i| table.row(i)));
        if shape != self.shape {
            self.rows = shape.refit(&self.shape, &self.rows, self.blocks.len());
            self.shape = shape;
        }
        let of = |neuron: usize| D::constants(&table.row(neuron), self.grid);
        let lists_of = |neuron: usize| {
            let row = table.row(neuron);
            let mut k = vec![0.0; self.shape.constants];
            for entry in self.shape.entries().filter(|e| e.entry < row.list(D::LISTS[e.list].of).len()) {
                D::entry_constants(entry.list, entry.entry, &row, self.grid, &mut k[entry.constants]);
            }
            k
        };
        (self.constants, self.list_constants) = if uniform {
            (Constants::Same(of(self.first)), lists_of(self.first))
        } else {
            let mut blocks = vec![[[0.0; 64]; K]; self.blocks.len()];
            let mut rows = vec![0.0; self.blocks.len() * self.shape.constants * 64];
            for lane in 0..self.blocks.len() * 64 {
                let neuron = self.first + lane.min(self.n - 1);
                for (row, x) in blocks[lane / 64].iter_mut().zip(of(neuron)) {
                    row[lane % 64] = x;
                }
                for (i, x) in lists_of(neuron).into_iter().enumerate() {
                    rows[(lane / 64 * self.shape.constants + i) * 64 + lane % 64] = x;
                }
            }
            (Constants::Each(blocks), rows)
        };
        self.needs_chance =
            (0..self.n).step_by(if uniform { self.n } else { 1 }).any(|i| D::needs_chance(&self.constants_of(i)));
    }

    fn constants_of(&self, neuron: usize) -> [f64; K] {
        self.constants.of(neuron)
    }

    fn load(&self, lane: usize) -> [f64; S] {
        std::array::from_fn(|i| self.blocks[lane / 64].0[i][lane % 64])
    }

    fn store(&mut self, lane: usize, s: &[f64; S]) {
        for i in 0..S {
            self.blocks[lane / 64].0[i][lane % 64] = s[i];
        }
    }
}

impl<D: ListDynamics<S, K>, const S: usize, const K: usize> Neurons for Blocks<D, S, K> {
    fn update(
        &mut self,
        span: &Span,
        inputs: &mut Inputs,
        outbox: &mut Outbox,
        probes: &mut [Probe],
    ) -> Result<(), Trouble> {
        let done = match self.level {
            Level::Scalar => D::run::<f64>(self, span, inputs, outbox, probes),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `level` has asked the processor for these instructions.
            Level::Avx2 => unsafe { run_avx2::<D, S, K>(self, span, inputs, outbox, probes) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Level::Avx512 => unsafe { run_avx512::<D, S, K>(self, span, inputs, outbox, probes) },
        };
        if span.check { done.and_then(|()| self.test_finite()) } else { done }
    }

    fn set_parameters(&mut self, table: &Table, names: &[&str]) {
        // Potentials are absolute to the user and relative to E_L inside: when E_L moves they stay.
        let moves = names.contains(&"E_L");
        let states: Vec<&str> =
            self.model.parameters().filter(|p| p.role == Role::State && moves).map(|p| p.name).collect();
        let kept: Vec<Vec<f64>> =
            states.iter().map(|name| (0..self.n).map(|i| self.state(name, i)).collect()).collect();
        self.compute_constants(table);
        for (name, values) in states.iter().zip(&kept) {
            for (i, x) in values.iter().enumerate() {
                self.set_state(name, i, *x);
            }
        }
        for i in 0..self.n {
            let (k, mut s) = (self.constants_of(i), self.load(i));
            D::parameters_set(names, &mut s, &k);
            self.store(i, &s);
        }
    }

    fn show(&mut self, to: &mut [f64]) {
        for (neuron, to) in to.iter_mut().enumerate() {
            *to = D::shown(&self.load(neuron), &self.constants_of(neuron));
        }
    }

    fn rehearse(&self, current: &[f64], gap: &[GapInput], tried: &mut [Rehearsed]) {
        for neuron in 0..self.n {
            let (s, k) = (self.load(neuron), self.constants_of(neuron));
            if let Some(rehearsed) = D::rehearse(&s, &k, current[neuron], &gap[neuron]) {
                tried[neuron] = rehearsed;
            }
        }
    }

    fn state(&self, name: &str, neuron: usize) -> f64 {
        D::state(name, &self.load(neuron), &self.constants_of(neuron))
    }

    fn set_state(&mut self, name: &str, neuron: usize, x: f64) {
        let (k, mut s) = (self.constants_of(neuron), self.load(neuron));
        D::set_state(name, x, &mut s, &k);
        self.store(neuron, &s);
    }

    fn bytes(&self) -> usize {
        let constants = match &self.constants {
            Constants::Same(_) => 0,
            Constants::Each(blocks) => size_of_val(&blocks[..]),
        };
        self.blocks.len() * (64 * 8 * S + size_of::<Streams16>() + size_of::<Stream>())
            + size_of_val(&self.rows[..])
            + size_of_val(&self.list_constants[..])
            + constants
    }

    fn clone_box(&self) -> Box<dyn Neurons> {
        Box::new(Blocks {
            model: self.model,
            first: self.first,
            n: self.n,
            grid: self.grid,
            blocks: self.blocks.clone(),
            constants: self.constants.clone(),
            shape: self.shape.clone(),
            rows: self.rows.clone(),
            list_constants: self.list_constants.clone(),
            chance: self.chance.clone(),
            chance_at_spikes: self.chance_at_spikes.clone(),
            needs_chance: self.needs_chance,
            level: self.level,
            bench: Bench::default(),
            dynamics: std::marker::PhantomData::<D>,
        })
    }
}

impl<D: ListDynamics<S, K>, const S: usize, const K: usize> Blocks<D, S, K> {
    fn test_finite(&self) -> Result<(), Trouble> {
        for (b, block) in self.blocks.iter().enumerate() {
            let lists = &self.rows[b * self.shape.rows..(b + 1) * self.shape.rows];
            let state = || block.0.iter().chain(lists.iter().map(|row| &row.0));
            // Zero times what is not finite is not a number. Eight sums side by side.
            let mut sums = [0.0; 8];
            for x in state().flat_map(|row| row.as_chunks::<8>().0) {
                (0..8).for_each(|l| sums[l] += x[l] * 0.0);
            }
            if sums.iter().sum::<f64>() != 0.0 {
                let bad = (0..64).find(|&l| b * 64 + l < self.n && state().any(|row| !row[l].is_finite()));
                if let Some(lane) = bad {
                    return Err(Trouble::NotFinite { neuron: b * 64 + lane });
                }
            }
        }
        Ok(())
    }
}

/// Compiled for AVX2. Callers have made sure that the processor has it.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn run_avx2<D: ListDynamics<S, K>, const S: usize, const K: usize>(
    this: &mut Blocks<D, S, K>,
    span: &Span,
    inputs: &mut Inputs,
    outbox: &mut Outbox,
    probes: &mut [Probe],
) -> Result<(), Trouble> {
    D::run::<crate::mechanisms::lanes::F64x4>(this, span, inputs, outbox, probes)
}

/// Compiled for AVX-512. Callers have made sure that the processor has it.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl")]
fn run_avx512<D: ListDynamics<S, K>, const S: usize, const K: usize>(
    this: &mut Blocks<D, S, K>,
    span: &Span,
    inputs: &mut Inputs,
    outbox: &mut Outbox,
    probes: &mut [Probe],
) -> Result<(), Trouble> {
    D::run::<crate::mechanisms::lanes::F64x8>(this, span, inputs, outbox, probes)
}

/// All blocks through the span, block by block. Everything below melts into the function
/// that is compiled for the processor's instructions.
#[inline(always)]
pub(super) fn run<D: ListDynamics<S, K>, const S: usize, const K: usize, R: Real>(
    this: &mut Blocks<D, S, K>,
    span: &Span,
    inputs: &mut Inputs,
    outbox: &mut Outbox,
    probes: &mut [Probe],
) -> Result<(), Trouble> {
    let mut gathered = inputs.lend();
    let shape = &this.shape;
    let mut done = Ok(());
    for b in 0..this.blocks.len() {
        let place = Place { block: b, first: this.first, lanes: (this.n - b * 64).min(64) };
        let chance = if this.needs_chance { this.chance.get_mut(b) } else { None };
        let mut around = Around {
            block: &mut this.blocks[b],
            chance,
            chance_at_spikes: &mut this.chance_at_spikes[b],
            place,
            span,
            inputs,
            gathered: &mut gathered,
            outbox,
            probes,
        };
        let rows = &mut this.rows[b * shape.rows..(b + 1) * shape.rows];
        done = match &this.constants {
            Constants::Same(k) => {
                let lists = Lists { shape, constants: UniformRows(&this.list_constants), rows, lane: 0 };
                run_block::<D, S, K, R, _, _>(Uniform(k), lists, &mut around, |_| *k)
            }
            Constants::Each(blocks) => {
                let k = &blocks[b];
                let per_block = shape.constants * 64;
                let constants = PerNeuronRows(&this.list_constants[b * per_block..(b + 1) * per_block]);
                let lists = Lists { shape, constants, rows, lane: 0 };
                let of = |lane: usize| std::array::from_fn(|i| k[i][lane]);
                run_block::<D, S, K, R, _, _>(PerNeuron(k), lists, &mut around, of)
            }
        };
        if done.is_err() {
            break;
        }
    }
    inputs.give_back(gathered);
    done
}

/// What models get that do not ask for random numbers.
static NO_CHANCE: [f64; 64] = [0.0; 64];

/// Where a block stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub block: usize,
    /// Number within the population of the chunk's first neuron.
    pub first: usize,
    /// Neurons in the block; lanes behind them are padding.
    pub lanes: usize,
}

/// A block and what it works with in a span.
struct Around<'a, const S: usize> {
    block: &'a mut Block<S>,
    chance: Option<&'a mut Streams16>,
    chance_at_spikes: &'a mut Stream,
    place: Place,
    span: &'a Span,
    inputs: &'a mut Inputs,
    gathered: &'a mut Gathered,
    outbox: &'a mut Outbox,
    probes: &'a mut [Probe],
}

#[inline(always)]
fn run_block<D: ListDynamics<S, K>, const S: usize, const K: usize, R: Real, C: Coefficients, L: Coefficients>(
    constants: C,
    mut lists: Lists<'_, L>,
    around: &mut Around<'_, S>,
    constants_of: impl Fn(usize) -> [f64; K],
) -> Result<(), Trouble> {
    let Around { block, chance, chance_at_spikes, place, span, inputs, gathered, outbox, probes } = around;
    let valid = u64::MAX >> (64 - place.lanes);
    for i in 0..span.n {
        inputs.gather(place.block, span.first, i, gathered);
        let drawn;
        let uniforms = match chance {
            Some(streams) => {
                drawn = streams.uniforms();
                &drawn
            }
            None => &NO_CHANCE,
        };
        let mut fired = 0u64;
        for lane in (0..64).step_by(R::LANES) {
            let mut s: [R; S] = std::array::from_fn(|v| R::load(&block.0[v][lane..]));
            let arriving = Arriving::at(lane, gathered, uniforms);
            lists.lane = lane;
            let who = D::step::<R, C, L>(constants, lane, &mut s, &mut lists, arriving);
            for v in 0..S {
                s[v].store(&mut block.0[v][lane..]);
            }
            fired |= R::bits(who) << lane;
        }
        let spikes = &mut outbox.spikes[span.offset + i];
        send::<D, S, K, L>(fired & valid, *place, block, &constants_of, &mut lists, chance_at_spikes, spikes)?;
        for probe in probes.iter_mut().filter(|p| span.due[p.meter] >> i & 1 != 0) {
            sample::<D, S, K, L>(probe, block, *place, span, i, &constants_of, &mut lists);
        }
    }
    Ok(())
}

/// Notes the spikes of the neurons of a block that fired, and lets happen what follows for them.
#[inline(always)]
pub(super) fn send<D: ListDynamics<S, K>, const S: usize, const K: usize, L: Coefficients>(
    mut fired: u64,
    place: Place,
    block: &mut Block<S>,
    constants_of: &impl Fn(usize) -> [f64; K],
    lists: &mut Lists<'_, L>,
    chance: &mut Stream,
    spikes: &mut Vec<u32>,
) -> Result<(), Trouble> {
    let base = (place.first + place.block * 64) as u32;
    while fired != 0 {
        let lane = fired.trailing_zeros();
        if D::BURSTS {
            let times = fire::<D, S, K, L>(lane as usize, block, constants_of, lists, chance);
            if times > STORM {
                return Err(Trouble::Storm { neuron: place.block * 64 + lane as usize });
            }
            spikes.extend((0..times).map(|_| base + lane));
        } else {
            spikes.push(base + lane);
        }
        fired &= fired - 1;
    }
    Ok(())
}

/// What becomes of a neuron that fires; returns how many spikes it sends.
#[inline(never)]
fn fire<D: ListDynamics<S, K>, const S: usize, const K: usize, L: Coefficients>(
    lane: usize,
    block: &mut Block<S>,
    constants_of: &impl Fn(usize) -> [f64; K],
    lists: &mut Lists<'_, L>,
    chance: &mut Stream,
) -> u32 {
    let mut s: [f64; S] = std::array::from_fn(|v| block.0[v][lane]);
    lists.lane = lane;
    let times = D::fire(&mut s, &constants_of(lane), lists, chance);
    for v in 0..S {
        block.0[v][lane] = s[v];
    }
    times
}

/// Writes the sampled quantities of a block at step `i` of the span.
#[inline(never)]
pub(super) fn sample<D: ListDynamics<S, K>, const S: usize, const K: usize, L: Coefficients>(
    probe: &mut Probe,
    block: &Block<S>,
    place: Place,
    span: &Span,
    i: usize,
    constants_of: &impl Fn(usize) -> [f64; K],
    lists: &mut Lists<'_, L>,
) {
    let first = probe.place(span.due[probe.meter], i);
    let width = probe.variables.len();
    let begin = probe.neurons.partition_point(|(neuron, _)| (*neuron as usize) < place.block * 64);
    let end = probe.neurons.partition_point(|(neuron, _)| (*neuron as usize) < place.block * 64 + 64);
    for j in begin..end {
        let lane = probe.neurons[j].0 as usize - place.block * 64;
        let s: [f64; S] = std::array::from_fn(|v| block.0[v][lane]);
        let k = constants_of(lane);
        let at = first + j * width;
        lists.lane = lane;
        for (v, variable) in probe.variables.iter().enumerate() {
            probe.values[at + v] = D::recordable(variable.declared, variable.entry, &s, &k, lists);
        }
    }
}
