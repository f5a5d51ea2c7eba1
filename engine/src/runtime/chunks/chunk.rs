//! The neurons of one population in one partition, with all that belongs to them.

use std::ops::Range;
use std::sync::Arc;

use crate::description::Inlet;
use crate::mechanisms::time::Grid;
use crate::runtime::chunks::coupled::Coupling;
use crate::runtime::connections::rows::{SynapseRows, Weights};
use crate::runtime::devices::Devices;
use crate::runtime::input::inputs::{Event, Flight, Inputs};
use crate::runtime::input::late::{LateRows, Profile};
use crate::runtime::neurons::interface::Neurons;
use crate::runtime::slice::{Outbox, Probe, Source, Span, Trouble};
use crate::runtime::synapses::archive::Archive;
use crate::runtime::synapses::histories::TargetParameters;
use crate::runtime::synapses::plastic::{Pass, PlasticRows, Transmitted};
use crate::runtime::synapses::transmitters::{Release, Transmitter};
use crate::runtime::table::Table;

/// Steps between two times at which archives forget samples.
const FORGET_EVERY: i64 = 1024;

/// The synapses of one projection onto a chunk.
#[derive(Clone)]
pub struct Incoming {
    pub projection: usize,
    pub source: Source,
    pub inlet: Inlet,
    /// Shared with snapshots.
    pub rows: Arc<SynapseRows>,
    /// The counting channel, where all synapses have one weight and delay.
    pub channel: Option<usize>,
    /// How delays are spread, where spikes are delivered late.
    pub late: Option<Arc<Profile>>,
    pub muted: bool,
    /// Several spikes of a source at once pass its synapses together: they change them as one does.
    pub whole: bool,
    /// The targets repeat spikes: factors on weights do not count.
    pub relays: bool,
    /// Spikes are written in the code of binary neurons: two for a transition upwards, one for one downwards.
    pub coded: bool,
    /// Spikes count by what they carry; those that carry nothing do nothing.
    pub carried: bool,
    /// State of the synapses, where they have one.
    pub plastic: Option<Box<dyn PlasticRows>>,
    /// What was transmitted in the slice before, if a weight recorder wants to know.
    pub transmitted: Option<Vec<Transmitted>>,
    /// The volume transmitter of the projection.
    pub transmitter: Option<usize>,
}

impl Incoming {
    /// Its rows, where spikes are delivered late.
    #[inline(always)]
    fn late_rows(&self) -> Option<LateRows<'_>> {
        let profile = self.late.as_ref()?;
        Some(LateRows { rows: &self.rows, inlet: self.inlet, profile })
    }

    /// The present weight of a synapse.
    pub fn weight(&self, synapse: usize) -> f64 {
        let of_state = self.plastic.as_ref().and_then(|plastic| plastic.value("weight", synapse));
        of_state.unwrap_or_else(|| self.rows.weight(synapse))
    }
}

/// Synapses, gap junctions or rate connections of one projection onto the neurons of a chunk.
#[derive(Clone, Copy)]
pub struct Wires<'a> {
    pub projection: usize,
    pub rows: &'a SynapseRows,
    chunk: &'a Chunk,
    incoming: Option<&'a Incoming>,
}

impl Wires<'_> {
    /// The present weight of one of them; where weights do not count, what was given.
    pub fn weight(&self, i: usize) -> f64 {
        let kept = self.incoming.map_or_else(|| self.rows.weight(i), |incoming| incoming.weight(i));
        self.chunk.weight_told(self.projection, i, kept)
    }
}

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
    /// Weights that were given and do not count, as its neurons repeat every spike, by projection in order of the rows.
    pub uncounted: Vec<(usize, Weights)>,
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
    /// What comes in through a projection.
    pub fn incoming_of(&self, projection: usize) -> impl Iterator<Item = &Incoming> {
        self.incoming.iter().filter(move |incoming| incoming.projection == projection)
    }

    /// What leads to its neurons, synapses first.
    pub fn wires(&self) -> impl Iterator<Item = Wires<'_>> {
        let synapses = self.incoming.iter().map(|incoming| Wires {
            projection: incoming.projection,
            rows: &incoming.rows,
            chunk: self,
            incoming: Some(incoming),
        });
        let signals = self.couplings.iter().map(|coupling| Wires {
            projection: coupling.projection,
            rows: &coupling.rows,
            chunk: self,
            incoming: None,
        });
        synapses.chain(signals)
    }

    /// The present weight of a connection of a projection, told from where it is kept; where weights do not count, what
    /// was given.
    pub fn weight_told(&self, projection: usize, connection: usize, kept: f64) -> f64 {
        let given = self.uncounted.iter().find(|(p, _)| *p == projection);
        given.map_or(kept, |(_, weights)| weights.at(connection))
    }

    /// Delivers the spikes of a slice, from its first step to its end. Returns the number of synaptic events.
    pub fn deliver(
        &mut self,
        grid: Grid,
        slice: Range<i64>,
        outboxes: &[Outbox],
        trains: &[Outbox],
        transmitters: &[Transmitter],
    ) -> u64 {
        let mut events = self.deliver_plain(&slice, outboxes);
        let start = slice.start;
        for Incoming {
            source, inlet, rows, relays, whole, coded, carried, plastic, transmitted, transmitter, ..
        } in self.incoming.iter_mut().filter(|i| !i.muted)
        {
            let inputs = &mut self.inputs;
            if let Some(plastic) = plastic {
                let (inlet, relays, archive) = (*inlet, *relays, &self.archive);
                let transmitted = transmitted.as_mut();
                let released = released(transmitters, *transmitter);
                let spike = Event::single(0);
                let mut pass = Pass { rows, grid, inlet, relays, archive, released, inputs, spike, transmitted };
                let (by_source, mut sorted) = (plastic.by_source(), Vec::new());
                let mut send = |event: Event, step: usize| {
                    events += rows.row(event.source as usize).len() as u64;
                    pass.spike = event;
                    plastic.send(event.source as usize, start + step as i64, &mut pass);
                };
                let mut sort_or_send = |event: Event, step: usize| match by_source {
                    true => sorted.push((event, step)),
                    false => send(event, step),
                };
                let mut send_all = |outbox: &Outbox, step: usize| {
                    outbox.spikes[step].iter().for_each(|&source| sort_or_send(Event::single(source), step));
                    for event in &outbox.events[step] {
                        let times = if *whole { u32::from(event.multiplicity > 0) } else { event.multiplicity };
                        let multiplicity = if *whole { event.multiplicity } else { 1 };
                        (0..times).for_each(|_| sort_or_send(Event { multiplicity, ..*event }, step));
                    }
                };
                match source {
                    Source::Chunks(range) => {
                        for step in 0..outboxes[range.start].spikes.len() {
                            outboxes[range.clone()].iter().for_each(|outbox| send_all(outbox, step));
                        }
                    }
                    Source::Train(node) => {
                        (0..trains[*node].events.len()).for_each(|step| send_all(&trains[*node], step));
                    }
                }
                sorted.sort_by_key(|(event, _)| event.source);
                sorted.into_iter().for_each(|(event, step)| send(event, step));
                continue;
            }
            let mut pass = |outbox: &Outbox, step: usize| {
                let at = start + step as i64;
                let sent = &outbox.events[step];
                events += if *coded {
                    inputs.weigh_events(rows, *inlet, &decoded(sent), at, false)
                } else if *carried {
                    inputs.weigh_events(rows, *inlet, &weighed_by_what_is_carried(sent), at, false)
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
    fn deliver_plain(&mut self, slice: &Range<i64>, outboxes: &[Outbox]) -> u64 {
        let Chunk { incoming: all_incoming, inputs, .. } = self;
        let late_rows = |incoming: u32| all_incoming[incoming as usize].late_rows();
        if let Some(late) = &mut inputs.late {
            late.begin_slice(slice.end, slice.end - slice.start, late_rows);
        }
        let mut flights = std::mem::take(&mut self.flights);
        flights.clear();
        for (index, incoming) in self.incoming.iter().enumerate() {
            let Source::Chunks(range) = &incoming.source else { continue };
            if incoming.muted || incoming.coded || incoming.carried || incoming.plastic.is_some() {
                continue;
            }
            let outboxes = &outboxes[range.clone()];
            for step in 0..outboxes[0].spikes.len() {
                for outbox in outboxes.iter().filter(|outbox| !outbox.spikes[step].is_empty()) {
                    let (incoming, sent) = (index as u32, slice.start + step as i64);
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
                let (source, incoming) = (soon.source as usize, &self.incoming[soon.incoming as usize]);
                match (&self.inputs.late, incoming.late_rows()) {
                    (Some(late), Some(rows)) => late.fetch_row(source, soon.step, rows),
                    _ => incoming.rows.prefetch_row(source),
                }
            }
            let incoming = &self.incoming[flight.incoming as usize];
            let Incoming { rows, channel, inlet, .. } = incoming;
            let row = rows.row(flight.source as usize);
            events += row.len() as u64;
            match (channel, &mut self.inputs.late, incoming.late_rows()) {
                (Some(channel), ..) => self.inputs.count_row(*channel, rows, row, flight.step),
                (None, Some(late), Some(late_rows)) => late.send(flight.incoming, row, flight.step, late_rows),
                _ => self.inputs.weigh_row(rows, *inlet, row, flight.step, 1.0),
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
                let (spike, transmitted) = (Event::single(0), None);
                let mut pass = Pass { rows, grid, inlet, relays, archive, released, inputs, spike, transmitted };
                plastic.trigger(grid.ms(now), &mut pass);
            }
        }
    }

    /// Takes over what the archive needs of the parameters of its neurons.
    pub fn set_archive(&mut self, table: &Table) {
        self.archive.set_parameters(TargetParameters { table, first: self.first });
        let first = self.first;
        let plastic = self.incoming.iter_mut().filter_map(|incoming| incoming.plastic.as_mut());
        plastic.for_each(|plastic| plastic.set_targets(table, first));
    }

    /// Hands the histories of the archive what was sampled for them in a span or a part of it.
    fn archive_samples(&mut self, grid: Grid, span: &Span, slice: usize) {
        let Some(probe) = self.probes.iter().position(|probe| probe.meter + 1 == span.due.len()) else { return };
        // Forgetting takes time, so it is done now and then.
        if span.first % FORGET_EVERY < span.n as i64 {
            self.archive.histories.forget_before(self.horizon(grid, slice));
        }
        let probe = &self.probes[probe];
        let width = probe.neurons.len() * probe.variables.len();
        for (i, values) in probe.values.chunks_exact(width).skip(probe.taken).take(span.n).enumerate() {
            self.archive.histories.note(span.first + i as i64 + 1, values);
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

    /// The earliest time about which a synapse may still ask its target, ms, at the soma. A slice more is kept: a volume
    /// transmitter may have advanced synapses to the end of the slice whose spikes are still to pass them.
    fn horizon(&self, grid: Grid, slice: usize) -> f64 {
        let of = |incoming: &Incoming| {
            let plastic = incoming.plastic.as_ref()?;
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
        self.inputs.prepare(devices, grid, span.first, span.n)?;
        for Incoming { rows, inlet, plastic, muted, .. } in &mut self.incoming {
            if let (Some(plastic), false) = (plastic, *muted) {
                plastic.advance(span.first, span.n, rows, *inlet, &mut self.inputs);
            }
        }
        self.neurons.update(span, &mut self.inputs, outbox, &mut self.probes)?;
        self.sent += outbox.count(span);
        self.archive_samples(grid, span, outbox.spikes.len());
        for probe in &mut self.probes {
            probe.taken += span.due[probe.meter].count_ones() as usize;
        }
        if self.archive.keeps_spikes() {
            self.archive_spikes(grid, span, outbox);
            // At the same steps however a run is cut. Spikes of the present slice have not passed their synapses yet.
            let last = span.first + span.n as i64 - 1;
            let at = last - last % FORGET_EVERY;
            if at >= span.first {
                let until = at - outbox.spikes.len() as i64;
                for plastic in self.incoming.iter_mut().filter_map(|incoming| incoming.plastic.as_mut()) {
                    plastic.apply_early(until, grid, &self.archive);
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

/// Spikes that count by what they carry, at the end of their step.
fn weighed_by_what_is_carried(events: &[Event]) -> Vec<Event> {
    events.iter().map(|event| Event { factor: event.factor * event.offset, offset: 0.0, ..*event }).collect()
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
