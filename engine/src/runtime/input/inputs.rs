//! What arrives at the neurons of a chunk: rings of future input, random input, currents.
//!
//! Synapses of equal weight only count spikes (16 bits); the weight is applied at the update, so
//! it can change while the simulation runs.

use std::ops::Range;

use bytemuck::Pod;

use crate::description::Inlet;
use crate::mechanisms::lanes::{Level, level};
use crate::mechanisms::poisson::{LARGEST_TABLE, PoissonCounts};
use crate::mechanisms::random::{Purpose, Stream, Streams16};
use crate::mechanisms::time::Grid;
use crate::runtime::connections::rows::{Delays, Side, SynapseRows, Weights};
use crate::runtime::devices::Devices;
use crate::runtime::input::late::Late;
use crate::runtime::input::ring::{Ring, Rings};
use crate::runtime::input::timed::{Timed, TimedSpike};
use crate::runtime::input::train_input::TrainInput;
pub use crate::runtime::slice::Event;
use crate::runtime::slice::Trouble;

/// Counts of spikes through the synapses of one projection, all of one weight and delay.
#[derive(Clone)]
pub struct Channel {
    pub inlet: Inlet,
    pub weight: f64,
    pub delay: u32,
    pub ring: Ring<u16>,
}

/// Spikes of a Poisson generator onto all neurons of the chunk alike.
#[derive(Clone)]
pub struct PoissonInput {
    pub projection: usize,
    /// Node of the generator.
    pub device: usize,
    pub inlet: Inlet,
    pub weight: f64,
    pub delay: u32,
    pub muted: bool,
    streams: Vec<Streams16>,
    /// Expected number of spikes until the next one in each block, where the rate is so low
    /// that steps without a spike are skipped: exponential with mean 1, whatever the rate does.
    gaps: Vec<f64>,
    gap_streams: Vec<Stream>,
    counts: PoissonCounts,
    /// Mean count in each step of the present span.
    means: Vec<f64>,
    level: Level,
}

/// Below this mean count a step, the steps without a spike are skipped.
const SKIP_BELOW: f64 = 0.02;

impl PoissonInput {
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        projection: usize,
        device: usize,
        inlet: Inlet,
        weight: f64,
        delay: u32,
        blocks: usize,
        seed: u64,
        part: u64,
    ) -> Self {
        let owner = projection as u64;
        let block = |b: usize| (part << 24) + b as u64;
        let mut gap_streams: Vec<Stream> =
            (0..blocks).map(|b| Stream::of(seed, Purpose::PoissonInput, owner, (1 << 60) + block(b))).collect();
        PoissonInput {
            projection,
            device,
            inlet,
            weight,
            delay,
            muted: false,
            streams: (0..blocks).map(|b| Streams16::of(seed, Purpose::PoissonInput, owner, block(b))).collect(),
            gaps: gap_streams.iter_mut().map(Stream::exponential).collect(),
            gap_streams,
            counts: PoissonCounts::default(),
            means: Vec::new(),
            level: level(),
        }
    }

    /// Takes over the rates of the steps to come.
    fn prepare(&mut self, devices: &Devices, first: i64, n: usize) {
        self.means.clear();
        for i in 0..n as i64 {
            let stamp = first + i + 1 - self.delay as i64;
            self.means.push(if self.muted { 0.0 } else { devices.total(self.device, stamp - 1) });
        }
    }

    /// Number of spikes for each neuron of a block at step `i` of the span; false if there are none, or too many for
    /// whole numbers of 32 bits.
    #[inline(always)]
    fn counts(&mut self, block: usize, i: usize, counts: &mut [i32; 64]) -> bool {
        let mean = self.means[i];
        if mean <= 0.0 || mean > LARGEST_TABLE {
            return false;
        }
        if mean >= SKIP_BELOW {
            if mean != self.counts.mean() {
                self.counts = PoissonCounts::of(mean);
            }
            self.counts.draw(&mut self.streams[block], self.level, counts);
            return true;
        }
        let gap = &mut self.gaps[block];
        let expected = 64.0 * mean;
        if *gap >= expected {
            *gap -= expected;
            return false;
        }
        *counts = [0; 64];
        while *gap < expected {
            counts[((*gap / mean) as usize).min(63)] += 1;
            *gap += self.gap_streams[block].exponential();
        }
        *gap -= expected;
        true
    }

    /// Adds the spikes of a step `i` in which they are very many. Called seldom, so it stands apart from the loops that
    /// every neuron goes through, and hands the sums back instead of borrowing them, so that these stay in registers.
    #[cold]
    #[inline(never)]
    fn flood<'a>(&mut self, block: usize, i: usize, mut sums: Sums<'a>) -> Sums<'a> {
        let (mean, weight) = (self.means[i], self.weight);
        let stream = &mut self.gap_streams[block];
        let counts: [f64; 64] = std::array::from_fn(|_| stream.poisson(mean) as f64);
        sums.add(self.inlet.of(weight), |l| weight * counts[l]);
        sums
    }

    fn bytes(&self) -> usize {
        self.streams.len() * (size_of::<Streams16>() + 8 + size_of::<Stream>())
    }
}

/// One connection of a current generator.
#[derive(Clone)]
pub struct CurrentSynapse {
    pub slot: u16,
    pub device: u32,
    pub weight: f64,
    pub delay: u32,
    /// Place among all connections of its node, for generators that draw for each target.
    pub connection: u32,
}

/// Currents of one generator node onto the chunk.
#[derive(Clone)]
pub struct CurrentInput {
    pub projection: usize,
    pub device: usize,
    /// Current inlet of the neurons.
    pub inlet: usize,
    /// Steps from reading a current to acting on it.
    pub lag: i64,
    pub muted: bool,
    pub kind: CurrentKind,
}

#[derive(Clone)]
pub enum CurrentKind {
    /// The same for all neurons.
    Alike {
        weight: f64,
        delay: u32,
    },
    Synapses(Vec<CurrentSynapse>),
}

/// Currents of the steps of a span.
#[derive(Clone, Default)]
struct CurrentPlanes {
    /// One number a step, the same for all.
    alike: Vec<f64>,
    /// For each step one number a slot; empty if all are alike.
    by_slot: Vec<f64>,
}

impl CurrentPlanes {
    fn is_empty(&self) -> bool {
        self.alike.is_empty() && self.by_slot.is_empty()
    }
}

/// All input of a chunk.
#[derive(Clone)]
pub struct Inputs {
    slots: usize,
    spike_inlets: usize,
    pub channels: Vec<Channel>,
    exact: Option<Rings<f64>>,
    drawn: Option<Rings<f32>>,
    /// Rows of drawn delays, added shortly before they are read.
    pub late: Option<Late>,
    pub poisson: Vec<PoissonInput>,
    pub trains: Vec<TrainInput>,
    /// Spikes between grid points, if the neurons can tell.
    timed: Option<Timed>,
    pub currents: Vec<CurrentInput>,
    /// One a current inlet.
    planes: Vec<CurrentPlanes>,
    /// There are currents in the planes.
    flow: bool,
    /// Where a block's input is gathered, lent out during an update.
    gathered: Gathered,
}

/// Numbers for the 64 neurons of a block.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub struct Lanes(pub [f64; 64]);

impl std::ops::Deref for Lanes {
    type Target = [f64; 64];
    #[inline(always)]
    fn deref(&self) -> &[f64; 64] {
        &self.0
    }
}
impl std::ops::DerefMut for Lanes {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [f64; 64] {
        &mut self.0
    }
}

/// Sums of what arrives at the neurons of a block in one step, by inlet.
#[derive(Clone)]
pub struct Gathered {
    /// At least two: excitatory and inhibitory in models with one signed port.
    pub spikes: Vec<Lanes>,
    /// At least two.
    pub currents: Vec<Lanes>,
    /// Working memory: counts of random spikes.
    counts: [i32; 64],
    /// One bit for each inlet: its sums may differ from zero. The last bit stands for all inlets from there on.
    filled: u64,
    /// Currents may differ from zero.
    flowing: bool,
}

impl Default for Gathered {
    fn default() -> Self {
        Gathered { spikes: Vec::new(), currents: Vec::new(), counts: [0; 64], filled: 0, flowing: false }
    }
}

/// Sums by inlet in the making. What is zero already is left alone, and the first addend is written, not added.
struct Sums<'a> {
    spikes: &'a mut [Lanes],
    /// Which inlets were filled the time before, and which are now.
    before: u64,
    filled: u64,
}

impl Sums<'_> {
    #[inline(always)]
    fn bit(inlet: usize) -> u64 {
        1 << inlet.min(63)
    }
    #[inline(always)]
    fn add(&mut self, inlet: usize, addend: impl Fn(usize) -> f64) {
        let to = &mut self.spikes[inlet];
        if self.filled & Self::bit(inlet) == 0 && inlet < 63 {
            for l in 0..64 {
                // Adding zero leaves no negative zero behind.
                to[l] = 0.0 + addend(l);
            }
        } else {
            for l in 0..64 {
                to[l] += addend(l);
            }
        }
        self.filled |= Self::bit(inlet);
    }
    /// Adds what rings hold for the slots of a block in a step, and clears it.
    #[inline(always)]
    fn add_rings<T: Pod + Into<f64>>(&mut self, rings: &mut Rings<T>, step: i64, slots: &Range<usize>) {
        for (inlet, plane) in rings.planes(step).enumerate() {
            let plane: &mut [T; 64] = (&mut plane[slots.clone()]).try_into().expect("64 slots");
            self.add(inlet, |l| plane[l].into());
            *plane = [T::zeroed(); 64];
        }
    }
    /// Clears what is filled no more.
    #[inline(always)]
    fn close(self) -> u64 {
        let stale = self.before & !self.filled;
        if stale != 0 {
            for (inlet, to) in self.spikes.iter_mut().enumerate().take(63) {
                if stale & Self::bit(inlet) != 0 {
                    **to = [0.0; 64];
                }
            }
        }
        self.filled
    }
}

impl Inputs {
    /// Input for `slots` neurons (a multiple of 64), each with so many sums of spikes and of currents.
    pub fn new(slots: usize, spike_inlets: usize, current_inlets: usize) -> Self {
        let lanes = |n: usize| vec![Lanes([0.0; 64]); n.max(2)];
        Inputs {
            slots,
            spike_inlets: spike_inlets.max(2),
            channels: Vec::new(),
            exact: None,
            drawn: None,
            late: None,
            poisson: Vec::new(),
            trains: Vec::new(),
            timed: None,
            currents: Vec::new(),
            planes: (0..current_inlets.max(2)).map(|_| CurrentPlanes::default()).collect(),
            flow: false,
            gathered: Gathered { spikes: lanes(spike_inlets), currents: lanes(current_inlets), ..Gathered::default() },
        }
    }

    /// Room to gather input in; to be given back.
    pub fn lend(&mut self) -> Gathered {
        std::mem::take(&mut self.gathered)
    }
    pub fn give_back(&mut self, gathered: Gathered) {
        self.gathered = gathered;
    }

    /// Makes room for synapses with weights of their own.
    pub fn need_exact(&mut self, steps: usize) {
        Rings::need(&mut self.exact, self.spike_inlets, self.slots, steps);
    }
    pub fn need_drawn(&mut self, steps: usize) {
        Rings::need(&mut self.drawn, self.spike_inlets, self.slots, steps);
    }

    /// Makes room for rows that are delivered late, in slices of so many steps.
    pub fn need_late(&mut self, weights: &Weights, slice: usize) {
        self.late.get_or_insert_with(|| Late::new(slice)).need(weights, self.spike_inlets, self.slots);
    }

    /// Makes room for spikes between grid points.
    pub fn need_timed(&mut self, steps: usize) {
        self.timed.get_or_insert_with(|| Timed::new(steps));
    }

    /// Lends out the spikes between grid points; to be given back.
    pub fn lend_timed(&mut self) -> Option<Timed> {
        self.timed.take()
    }
    pub fn give_back_timed(&mut self, timed: Option<Timed>) {
        self.timed = timed;
    }

    /// Random trains and currents of the `n` steps from `first` on.
    pub fn prepare(&mut self, devices: &Devices, grid: Grid, first: i64, n: usize) -> Result<(), Trouble> {
        for input in &mut self.poisson {
            input.prepare(devices, first, n);
        }
        let mut trains = std::mem::take(&mut self.trains);
        let sent = trains.iter_mut().try_for_each(|train| {
            let drawn = train.draw(devices, first, n);
            for (step, before, synapse, multiplicity) in train.arriving(grid.h()) {
                self.deliver_at(train.inlet, step, synapse.slot, synapse.weight, multiplicity, before);
            }
            drawn
        });
        self.trains = trains;
        self.lay_out_currents(devices, first, n);
        sent
    }

    /// Currents at the first port in a step, by slot.
    pub fn current(&mut self, devices: &Devices, step: i64) -> Vec<f64> {
        self.lay_out_currents(devices, step, 1);
        let planes = &self.planes[0];
        let alike = planes.alike.first().copied().unwrap_or(0.0);
        (0..self.slots).map(|slot| alike + planes.by_slot.get(slot).copied().unwrap_or(0.0)).collect()
    }

    /// A current sent in step k with delay d is read in step k + d and drives step k + d + 1, or k + d at once.
    fn lay_out_currents(&mut self, devices: &Devices, first: i64, n: usize) {
        let slots = self.slots;
        for planes in &mut self.planes {
            planes.alike.clear();
            planes.by_slot.clear();
        }
        for input in self.currents.iter().filter(|c| !c.muted) {
            let planes = &mut self.planes[input.inlet];
            match &input.kind {
                CurrentKind::Alike { weight, delay } => {
                    planes.alike.resize(n, 0.0);
                    for (i, sum) in planes.alike.iter_mut().enumerate() {
                        *sum += weight * devices.total(input.device, first + i as i64 - input.lag - *delay as i64);
                    }
                }
                CurrentKind::Synapses(synapses) => {
                    planes.by_slot.resize(n * slots, 0.0);
                    for (i, plane) in planes.by_slot.chunks_mut(slots).enumerate() {
                        for s in synapses {
                            let sent = first + i as i64 - input.lag - s.delay as i64;
                            let current = devices.value(input.device, s.device as usize, s.connection as usize, sent);
                            plane[s.slot as usize] += s.weight * current;
                        }
                    }
                }
            }
        }
        self.flow = self.planes.iter().any(|planes| !planes.is_empty());
    }

    /// Sums up, and clears, what arrives at a block in step `first + i`.
    #[inline(always)]
    pub fn gather(&mut self, block: usize, first: i64, i: usize, out: &mut Gathered) {
        let range = block * 64..block * 64 + 64;
        let step = first + i as i64;
        let Gathered { spikes, currents, counts, filled, flowing } = out;
        spikes.iter_mut().skip(63).for_each(|to| **to = [0.0; 64]);
        let mut sums = Sums { spikes, before: *filled, filled: 0 };
        for channel in &mut self.channels {
            let weight = channel.weight;
            let plane: &mut [u16; 64] = (&mut channel.ring.plane(step)[range.clone()]).try_into().expect("64 slots");
            if plane.iter().fold(0, |any, count| any | count) != 0 {
                sums.add(channel.inlet.of(weight), |l| weight * plane[l] as f64);
                *plane = [0; 64];
            }
        }
        if let Some(rings) = &mut self.exact {
            sums.add_rings(rings, step, &range);
        }
        if let Some(rings) = self.late.as_mut().and_then(Late::exact) {
            sums.add_rings(rings, step, &range);
        }
        if let Some(rings) = &mut self.drawn {
            sums.add_rings(rings, step, &range);
        }
        if let Some(rings) = self.late.as_mut().and_then(Late::drawn) {
            sums.add_rings(rings, step, &range);
        }
        for input in &mut self.poisson {
            if input.counts(block, i, counts) {
                let weight = input.weight;
                sums.add(input.inlet.of(weight), |l| weight * counts[l] as f64);
            } else if input.means[i] > LARGEST_TABLE {
                sums = input.flood(block, i, sums);
            }
        }
        *filled = sums.close();
        if !self.flow && !*flowing {
            return;
        }
        *flowing = self.flow;
        for (planes, to) in self.planes.iter().zip(currents) {
            let alike = planes.alike.get(i).copied().unwrap_or(0.0);
            if planes.by_slot.is_empty() {
                **to = [alike; 64];
            } else {
                let from = &planes.by_slot[i * self.slots + range.start..][..64];
                for l in 0..64 {
                    to[l] = alike + from[l];
                }
            }
        }
    }

    pub fn bytes(&self) -> usize {
        self.channels.iter().map(|c| c.ring.bytes()).sum::<usize>()
            + self.exact.as_ref().map_or(0, Rings::bytes)
            + self.drawn.as_ref().map_or(0, Rings::bytes)
            + self.late.as_ref().map_or(0, Late::bytes)
            + self.poisson.iter().map(PoissonInput::bytes).sum::<usize>()
            + self.trains.iter().map(TrainInput::bytes).sum::<usize>()
            + self.timed.as_ref().map_or(0, Timed::bytes)
    }
}

/// A plain spike on its way through the row of its source.
#[derive(Clone, Copy)]
pub struct Flight {
    /// Which of the chunk's incoming projections.
    pub incoming: u32,
    pub source: u32,
    /// The step in which the source fired.
    pub step: i64,
}

impl Inputs {
    /// Delivers a plain spike through a row that only counts.
    pub fn count_row(&mut self, channel: usize, rows: &SynapseRows, row: Range<usize>, step: i64) {
        let channel = &mut self.channels[channel];
        let plane = channel.ring.plane(step + channel.delay as i64);
        assert!(rows.slots() <= plane.len(), "these rows lead to another chunk");
        if rows.are_dense() {
            plane[..row.len()].iter_mut().for_each(|count| *count = count.wrapping_add(1));
            return;
        }
        for &t in rows.targets().of(row) {
            debug_assert!(usize::from(t) < plane.len());
            // SAFETY: every target of `SynapseRows` is below their number of slots (the invariant that `SynapseRows::new` tests), and
            // the plane is no shorter: that has just been asserted.
            let count = unsafe { plane.get_unchecked_mut(t as usize) };
            *count = count.wrapping_add(1);
        }
    }

    /// Adds to what an inlet reads in `step`.
    #[inline(always)]
    pub fn add(&mut self, inlet: usize, step: i64, slot: u16, value: f64) {
        if let Some(rings) = &mut self.exact {
            *rings.at(inlet, step, slot) += value;
        }
    }

    /// Adds the weights of a row that arrive together at the end of `step`.
    pub fn deliver_row(&mut self, inlet: Inlet, step: i64, targets: &[u16], weights: &[f64]) {
        let Some(rings) = &mut self.exact else { return };
        let plane = rings.plane(inlet.of(1.0), step);
        let mut all = true;
        for (&target, &weight) in targets.iter().zip(weights) {
            let here = inlet.of(weight) == inlet.first;
            plane[target as usize] += if here { weight } else { 0.0 };
            all &= here;
        }
        if !all {
            let plane = rings.plane(inlet.of(-1.0), step);
            let others = targets.iter().zip(weights).filter(|(_, weight)| inlet.of(**weight) != inlet.first);
            others.for_each(|(&target, &weight)| plane[target as usize] += weight);
        }
    }

    /// Adds a weight that arrives at the end of `step`.
    #[inline(always)]
    pub fn deliver(&mut self, inlet: Inlet, step: i64, slot: u16, weight: f64) {
        if let Some(rings) = &mut self.exact {
            *rings.at(inlet.of(weight), step, slot) += weight;
        }
    }

    /// Delivers spikes at a time within a step, or at its end if the neurons cannot tell.
    #[inline(always)]
    pub fn deliver_at(&mut self, inlet: Inlet, step: i64, slot: u16, weight: f64, multiplicity: u32, offset: f64) {
        match &mut self.timed {
            Some(timed) if offset > 0.0 => {
                let inlet = inlet.of(weight) as u16;
                timed.push(step, TimedSpike { offset, weight, slot, inlet, multiplicity });
            }
            _ => self.deliver(inlet, step, slot, weight * multiplicity as f64),
        }
    }

    /// Delivers events with multiplicity and factor; parrots take the multiplicity alone.
    pub fn weigh_events(
        &mut self,
        rows: &SynapseRows,
        inlet: Inlet,
        sources: &[Event],
        step: i64,
        relays: bool,
    ) -> u64 {
        let mut events = 0;
        for event in sources {
            let row = rows.row(event.source as usize);
            events += row.len() as u64 * event.multiplicity as u64;
            let factor = if relays { 1.0 } else { event.factor };
            if event.offset > 0.0 && self.timed.is_some() {
                for i in row {
                    let (slot, at) = (rows.targets().at(i), step + rows.delay(i) as i64);
                    let weight = rows.weight(i) * factor;
                    self.deliver_at(inlet, at, slot, weight, event.multiplicity, event.offset);
                }
            } else {
                self.weigh_row(rows, inlet, row, step, factor * event.multiplicity as f64);
            }
        }
        events
    }

    /// Delivers a spike through a row with weights or delays of its own.
    pub fn weigh_row(&mut self, rows: &SynapseRows, inlet: Inlet, row: Range<usize>, step: i64, factor: f64) {
        let targets = rows.targets().of(row.clone());
        if let (Weights::Drawn(weights), Some(rings)) = (rows.weights(), &mut self.drawn) {
            let alone = match rows.side() {
                Side::Positive if factor == 1.0 => Some(inlet.of(1.0)),
                Side::Negative if factor == 1.0 => Some(inlet.of(-1.0)),
                _ => None,
            };
            if let (Some(inlet), Delays::Short(delays)) = (alone, rows.delays()) {
                rings.add_row(inlet, step, rows, row, weights, delays);
            } else if let (Some(inlet), Delays::Same(delay), true) = (alone, rows.delays(), rows.are_dense()) {
                let plane = rings.plane(inlet, step + i64::from(*delay));
                plane.iter_mut().zip(&weights[row]).for_each(|(sum, weight)| *sum += weight);
            } else {
                rings.fit(rows);
                for (i, slot) in row.zip(targets.iter().copied()) {
                    let weight = (weights[i] as f64 * factor) as f32;
                    let step = step + rows.delay(i) as i64;
                    // SAFETY: a target of rows that fit.
                    *unsafe { rings.open(inlet.of(weight as f64)).into_slot(step as u32, slot) } += weight;
                }
            }
        } else if let Some(rings) = &mut self.exact {
            if let (Weights::Same(weight), Delays::Same(delay)) = (rows.weights(), rows.delays()) {
                let weight = weight * factor;
                let plane = rings.plane(inlet.of(weight), step + i64::from(*delay));
                if rows.are_dense() {
                    plane[..row.len()].iter_mut().for_each(|sum| *sum += weight);
                } else {
                    targets.iter().for_each(|slot| plane[usize::from(*slot)] += weight);
                }
                return;
            }
            rings.fit(rows);
            for (i, slot) in row.zip(targets.iter().copied()) {
                let (step, weight) = (step + rows.delay(i) as i64, rows.weight(i) * factor);
                // SAFETY: a target of rows that fit.
                *unsafe { rings.open(inlet.of(weight)).into_slot(step as u32, slot) } += weight;
            }
        }
    }
}
