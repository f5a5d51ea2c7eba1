//! The neurons of one population in one partition, with all that belongs to them.

use std::sync::Arc;

use crate::description::{Inlet, Quantity};
use crate::mechanisms::time::Grid;
use crate::runtime::coupling::signals::Coupling;
use crate::runtime::devices::Devices;
use crate::runtime::input::inputs::{Event, Flight, Inputs};
use crate::runtime::model::Model;
use crate::runtime::neurons::dynamics::{GapInput, Rehearsed};
use crate::runtime::synapses::archive::Archive;
use crate::runtime::synapses::plastic::{Pass, PlasticRows, Reads, Transmitted};
use crate::runtime::synapses::rows::Rows;
use crate::runtime::synapses::transmitters::{Release, Transmitter};
use crate::runtime::table::Table;

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
    /// Spikes sent in the steps of a span.
    fn count(&self, span: &Span) -> u64 {
        let steps = span.offset..span.offset + span.n;
        let plain: usize = self.spikes[steps.clone()].iter().map(Vec::len).sum();
        let events = self.events[steps].iter().flatten();
        plain as u64 + events.map(|e| e.multiplicity as u64).sum::<u64>()
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
    pub(crate) fn place(&self, due: u64, i: usize) -> usize {
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
    /// Spikes sent and events delivered that have not been added to the counters.
    pub sent: u64,
    pub delivered: u64,
}

/// A row is fetched from memory while so many others are delivered.
const ROWS_AHEAD: usize = 3;

impl Chunk {
    /// Delivers the spikes of a slice that began at step `start`. Returns the number of synaptic events.
    pub fn deliver(
        &mut self,
        grid: Grid,
        start: i64,
        outboxes: &[Outbox],
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
                    for step in 0..outboxes[range.start].spikes.len() {
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
    fn deliver_plain(&mut self, start: i64, outboxes: &[Outbox]) -> u64 {
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
        self.sent += outbox.count(span);
        self.archive_samples(grid, span, outbox.spikes.len());
        for probe in &mut self.probes {
            probe.taken += span.due[probe.meter].count_ones() as usize;
        }
        if self.archive.keeps_spikes() {
            self.archive_spikes(grid, span, outbox);
            // At steps that no cut of a run changes; spikes of the slice in work have not passed yet.
            let last = span.first + span.n as i64 - 1;
            let at = last - last % FORGET_EVERY;
            if at >= span.first {
                let until = at - outbox.spikes.len() as i64;
                for plastic in self.incoming.iter_mut().filter_map(|incoming| incoming.plastic.as_mut()) {
                    plastic.take_in(until, grid, &self.archive);
                }
            }
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
