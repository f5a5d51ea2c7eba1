//! Plasticity by pairs of spikes: all pairs of a spike of the source and one of the target count.
//!
//! At each spike of the source the weight grows for every spike of the target since the last one, oldest first, by
//! the trace of the source at that time; then it shrinks by the trace of the target; then it is transmitted. What a
//! model adds is how much it grows and shrinks.
//!
//! These rules run in large networks, so a synapse is only a weight: the trace of the source and the time of its
//! last spike are the same for all its synapses. Rows are done in batches whose arithmetic is done in lanes.
//!
//! How much a weight grows depends on nothing that happens later than the last spike of the source. So what the
//! targets of a source did that has been silent for long is taken in beforehand, when another source fires, lest the
//! archives of the targets keep it for ever. The weights that result wait beside those that count until the source
//! fires: a weight is what it was at the last spike of its source. Weights and parameters that are set meanwhile hold
//! for what is still to be taken in: a weight that is set has no part in what was taken in before, and parameters
//! that are set do not change that.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::math;
use crate::mechanisms::lanes::{InLanes, Level, Real, level};
use crate::mechanisms::time::Grid;
use crate::runtime::input::inputs::prefetch;
use crate::runtime::model::Model;
use crate::runtime::neurons::dynamics::Lookup;
use crate::runtime::synapses::archive::Archive;
use crate::runtime::synapses::plastic::{Constants, MakeRows, Pass, PlasticModel, PlasticRows, Reads, Transmitted};
use crate::runtime::synapses::rows::{Delays, Rows};
use crate::runtime::table::Table;

/// A rule for pairs of spikes, with `K` constants.
pub trait PairRule<const K: usize>: Send + Sync + 'static {
    /// Which constant is the time constant of the trace of the source, ms.
    const TAU_PLUS: usize;

    fn constants(p: &dyn Lookup) -> [f64; K];
    /// The weight after a spike of the target. At its arrival the trace of the source is `trace` · e^`decay`.
    fn potentiated<R: Real>(k: &[f64; K], weight: R, trace: R, decay: R) -> R;
    /// The weight after a spike of the source, with the trace of the target.
    fn depressed<R: Real>(k: &[f64; K], weight: R, trace: R) -> R;
}

/// Traces of the sources just after their last spike.
#[derive(Clone)]
enum Traces {
    /// One a source, where all its synapses have the same; their constants are the same then.
    BySource(Vec<f64>),
    /// Where traces were given synapse by synapse or constants differ.
    BySynapse(Vec<f64>),
}

/// Synapses with rule `D`, in order of their rows.
pub struct Paired<D, const K: usize> {
    model: &'static Model,
    rows: Arc<Rows>,
    weights: Vec<f64>,
    traces: Traces,
    /// Stamp of the last spike of each source, and up to which arrivals of spikes of its targets are taken in.
    last: Vec<i64>,
    taken: Vec<i64>,
    /// The weights of sources for which more is taken in than they have transmitted, by source.
    ahead: BTreeMap<usize, Vec<f64>>,
    constants: Constants<K>,
    level: Level,
    bench: Box<Bench>,
    rule: PhantomData<D>,
}

/// The state of such synapses.
const STATE: [&str; 2] = ["weight", "Kplus"];

impl<D: PairRule<K>, const K: usize> Paired<D, K> {
    /// What a declaration says of the model with rule `D`.
    pub const MODEL: PlasticModel = PlasticModel { make: Self::make, reads: Reads::Spikes, triggered: false };

    fn make(make: &MakeRows<'_>) -> Box<dyn PlasticRows> {
        Box::new(Self::new(make))
    }

    fn new(make: &MakeRows<'_>) -> Self {
        let (n, sources) = (make.rows.len(), make.rows.sources());
        let all = |name: &str| (0..n).map(|i| make.table.real(name, i)).collect();
        let alike = |name: &str| make.table.is_alike(&[name]);
        let mut this = Paired {
            model: make.model,
            rows: make.rows.clone(),
            // One look at the table for all: there may be millions.
            weights: if alike("weight") { vec![make.table.real("weight", 0); n] } else { all("weight") },
            traces: match alike("Kplus") {
                true => Traces::BySource(vec![make.table.real("Kplus", 0); sources]),
                false => Traces::BySynapse(all("Kplus")),
            },
            last: vec![0; sources],
            taken: vec![0; sources],
            ahead: BTreeMap::new(),
            constants: Constants::new(make.model, make.table, &STATE, n, D::constants),
            level: level(),
            bench: Bench::new(),
            rule: PhantomData::<D>,
        };
        this.spread_traces();
        this
    }

    /// Where constants differ between synapses, so do the traces.
    fn spread_traces(&mut self) {
        if let (Constants::Each(_), Traces::BySource(traces)) = (&self.constants, &self.traces) {
            let rows = traces.iter().enumerate().map(|(source, trace)| (*trace, self.rows.row(source).len()));
            self.traces = Traces::BySynapse(rows.flat_map(|(trace, n)| std::iter::repeat_n(trace, n)).collect());
        }
    }
}

/// ms after which a source is silent for long.
const LONG_SILENT: f64 = 2000.0;

/// A spike of a source, for all its synapses; or a time up to which they take in what their targets did.
#[derive(Clone, Copy)]
struct Spike {
    grid: Grid,
    /// Its stamp, up to which arrivals were taken in before, and that of the spike before.
    stamp: i64,
    taken: i64,
    last: i64,
    /// The trace of the source just after its last spike.
    trace: f64,
    /// Whether there is a spike.
    fires: bool,
}

impl Spike {
    /// How long before the arrival of a spike of the target the source had last fired, in steps, negative: it has a
    /// `delay`, the spike of the target was at `time` (ms). On the grid it is a whole number, as for
    /// [`Spike::lag_of_stamp`].
    fn lag(&self, delay: i64, time: f64) -> f64 {
        let stamp = (time / self.grid.h()).round();
        if self.grid.ms(stamp as i64) == time {
            (self.last - delay) as f64 - stamp
        } else {
            (self.grid.ms(self.last - delay) - time) / self.grid.h()
        }
    }

    /// The trace of the source afterwards.
    fn trace_after(&self, tau_plus: f64) -> f64 {
        if !self.fires {
            return self.trace;
        }
        self.trace * math::exp((self.grid.ms(self.last) - self.grid.ms(self.stamp)) / tau_plus) + 1.0
    }

    #[inline(always)]
    fn lag_of_stamp(&self, delay: i64, stamp: i32) -> f64 {
        (self.last - delay - stamp as i64) as f64
    }
}

/// Synapses done together: long lists fill vectors and keep the processor busy. Most rows are shorter.
const BATCH: usize = 512;

/// Numbers for a batch, room for whole vectors.
#[repr(align(64))]
struct Batch([f64; BATCH]);

/// Working memory.
struct Bench {
    /// The trace of the target of each synapse of a batch, and how far it has decayed.
    trace: Batch,
    decay: Batch,
    /// Synapses of the batch whose targets have fired, with the places of the first and the last spike that count
    /// among the latest spikes of the target.
    which: [u16; BATCH],
    oldest: [u8; BATCH],
    newest: [u8; BATCH],
    /// Those whose spikes reach further back, with the numbers of the first spike that counts and of the one
    /// behind the last.
    long: Vec<(u16, u32, u32)>,
    /// For one spike of each of these synapses: the weight, and steps since the source fired, negative.
    weight: Batch,
    lag: Batch,
    shown: Shown,
}

impl Bench {
    fn new() -> Box<Bench> {
        let zero = || Batch([0.0; BATCH]);
        Box::new(Bench {
            trace: zero(),
            decay: zero(),
            which: [0; BATCH],
            oldest: [0; BATCH],
            newest: [0; BATCH],
            long: Vec::new(),
            weight: zero(),
            lag: zero(),
            shown: Shown::default(),
        })
    }

    /// Takes in a synapse whose target has fired, without a branch, which could not be foreseen. `n` have been
    /// taken in before.
    #[inline(always)]
    fn take(&mut self, n: &mut usize, j: usize, places: std::ops::Range<u32>) {
        let place = *n % BATCH;
        (self.which[place], self.oldest[place]) = (j as u16, places.end.wrapping_sub(1) as u8);
        self.newest[place] = places.start as u8;
        *n += (places.start < places.end) as usize;
    }

    /// The first `n` weights after the spikes on the bench.
    #[inline(always)]
    fn potentiate<D: PairRule<K>, const K: usize, R: Real>(&mut self, n: usize, k: &[f64; K], trace: f64, rate: f64) {
        for lane in (0..n).step_by(R::LANES) {
            let decay = R::load(&self.lag.0[lane..]) * R::of(rate);
            let weight = D::potentiated(k, R::load(&self.weight.0[lane..]), R::of(trace), decay);
            weight.store(&mut self.weight.0[lane..]);
        }
    }
}

/// What all targets show to spikes that read them at one time. When many sources fire in the same step it is
/// worked out once for all; it is the same as each of them would see.
#[derive(Default)]
struct Shown {
    /// The stamp of the sources' spikes, and the events that their rows have made, and those of the step before.
    stamp: i64,
    events: usize,
    before: usize,
    /// Whether it is worked out.
    there: bool,
    /// The traces of the targets.
    traces: Vec<f64>,
    decays: Vec<f64>,
    /// Stamps of their latest spikes; the largest number where that takes a search.
    latest: Vec<i32>,
}

impl Shown {
    /// A row with so many `events` passes. Whether it is worth to look at all the neurons.
    fn pays(&mut self, stamp: i64, events: usize, neurons: usize) -> bool {
        if self.stamp != stamp {
            self.before = if self.stamp + 1 == stamp { self.events } else { 0 };
            (self.stamp, self.events, self.there) = (stamp, 0, false);
        }
        let pays = self.events.max(self.before) >= neurons;
        self.events += events;
        pays
    }
}

/// Works out what the targets show at `to`.
struct Show<'a> {
    shown: &'a mut Shown,
    archive: &'a Archive,
    grid: Grid,
    to: i32,
}

impl InLanes for Show<'_> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        let Show { shown, archive, grid, to } = self;
        let (n, h) = (archive.neurons(), grid.h());
        let whole = n.next_multiple_of(R::LANES);
        shown.traces.resize(whole, 0.0);
        shown.decays.resize(whole, 0.0);
        shown.latest.resize(n, 0);
        let places = shown.traces.iter_mut().zip(&mut shown.decays).zip(&mut shown.latest);
        for (neuron, ((trace, decay), latest)) in places.enumerate() {
            (*trace, *decay, *latest) = match archive.trace::<R>(neuron, to, h) {
                Some(seen) => seen,
                None => {
                    let seen = archive.look(neuron, grid.ms(to as i64), grid.ms(to as i64));
                    (seen.trace, seen.decay, i32::MAX)
                }
            };
        }
        for lane in (0..n).step_by(R::LANES) {
            let trace = R::load(&shown.traces[lane..]) * R::exp(R::load(&shown.decays[lane..]));
            trace.store(&mut shown.traces[lane..]);
        }
        shown.there = true;
    }
}

/// Brings the weights of a row up to a spike. `delay` is in steps.
struct Bring<'a, D, F, const K: usize> {
    k: &'a [f64; K],
    weights: &'a mut [f64],
    targets: &'a [u16],
    delay: F,
    spike: Spike,
    archive: &'a Archive,
    bench: &'a mut Bench,
    /// What the targets show is worked out.
    shown: bool,
    rule: PhantomData<D>,
}

impl<D: PairRule<K>, F: Fn(usize) -> i64, const K: usize> InLanes for Bring<'_, D, F, K> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        let Bring { k, weights, targets, delay, spike, archive, bench, shown, .. } = self;
        let rate = spike.grid.h() / k[D::TAU_PLUS];
        for (b, batch) in weights.chunks_mut(BATCH).enumerate() {
            let targets = &targets[b * BATCH..][..batch.len()];
            let delay = |j: usize| delay(b * BATCH + j);
            bench.long.clear();
            let mut n = if shown {
                collect_shown::<R>(bench, targets, delay(0), spike, archive)
            } else {
                collect::<R>(bench, targets, delay, spike, archive)
            };
            // The first spike of each target that has fired, then the second of those that have it, the third, …
            while n > 0 {
                for i in 0..n {
                    let j = bench.which[i] as usize;
                    let stamp = archive.stamp(targets[j] as usize, bench.oldest[i]);
                    bench.weight.0[i] = batch[j];
                    bench.lag.0[i] = spike.lag_of_stamp(delay(j), stamp);
                }
                bench.potentiate::<D, K, R>(n, k, spike.trace, rate);
                let mut left = 0;
                for i in 0..n {
                    let (j, oldest, newest) = (bench.which[i], bench.oldest[i], bench.newest[i]);
                    batch[j as usize] = bench.weight.0[i];
                    (bench.which[left], bench.oldest[left]) = (j, oldest.wrapping_sub(1));
                    bench.newest[left] = newest;
                    left += (oldest > newest) as usize;
                }
                n = left;
            }
            let mut round = 0;
            while !bench.long.is_empty() {
                for (i, (j, begin, _)) in bench.long.iter().enumerate() {
                    let time = archive.time(targets[*j as usize] as usize, begin.wrapping_add(round));
                    bench.weight.0[i] = batch[*j as usize];
                    bench.lag.0[i] = spike.lag(delay(*j as usize), time);
                }
                bench.potentiate::<D, K, R>(bench.long.len(), k, spike.trace, rate);
                for ((j, ..), weight) in bench.long.iter().zip(&bench.weight.0) {
                    batch[*j as usize] = *weight;
                }
                round += 1;
                bench.long.retain(|(_, begin, end)| end.wrapping_sub(*begin) > round);
            }
            if !spike.fires {
                continue;
            }
            let vectors = batch.len() / R::LANES * R::LANES;
            for lane in (0..vectors).step_by(R::LANES) {
                let trace = R::load(&bench.trace.0[lane..]);
                D::depressed(k, R::load(&batch[lane..]), trace).store(&mut batch[lane..]);
            }
            for (weight, trace) in batch.iter_mut().zip(&bench.trace.0).skip(vectors) {
                *weight = D::depressed(k, *weight, *trace);
            }
        }
    }
}

/// Finds which targets of a batch have fired and what their traces are; returns how many are listed on the bench.
#[inline(always)]
fn collect<R: Real>(
    bench: &mut Bench,
    targets: &[u16],
    delay: impl Fn(usize) -> i64,
    spike: Spike,
    archive: &Archive,
) -> usize {
    let (grid, h) = (spike.grid, spike.grid.h());
    let short = i32::try_from(spike.stamp).is_ok();
    let mut n = 0;
    for (j, &target) in targets.iter().enumerate() {
        let (target, d) = (target as usize, delay(j));
        let (from, to) = (spike.taken - d, spike.stamp - d);
        let places = if short { archive.glance::<R>(target, from as i32, to as i32) } else { None };
        let trace = if short { archive.trace::<R>(target, to as i32, h) } else { None };
        if let (Some(places), Some((trace, decay, _))) = (places, trace) {
            bench.take(&mut n, j, places);
            (bench.trace.0[j], bench.decay.0[j]) = (trace, decay);
        } else {
            let seen = archive.look(target, grid.ms(from), grid.ms(to));
            if seen.begin != seen.end {
                bench.long.push((j as u16, seen.begin, seen.end));
            }
            (bench.trace.0[j], bench.decay.0[j]) = trace.map_or((seen.trace, seen.decay), |(k, decay, _)| (k, decay));
        }
    }
    for lane in (0..targets.len()).step_by(R::LANES) {
        let trace = R::load(&bench.trace.0[lane..]) * R::exp(R::load(&bench.decay.0[lane..]));
        trace.store(&mut bench.trace.0[lane..]);
    }
    n
}

/// As [`collect`], from what all targets show.
#[inline(always)]
fn collect_shown<R: Real>(bench: &mut Bench, targets: &[u16], d: i64, spike: Spike, archive: &Archive) -> usize {
    let grid = spike.grid;
    let (from, to) = ((spike.taken - d) as i32, (spike.stamp - d) as i32);
    let (mut fired, mut n) = (0, 0);
    let (latest, traces) = (&bench.shown.latest[..], &bench.shown.traces[..bench.shown.latest.len()]);
    for (j, (&target, trace)) in targets.iter().zip(&mut bench.trace.0).enumerate() {
        *trace = traces[target as usize];
        bench.which[fired % BATCH] = j as u16;
        fired += (latest[target as usize] > from) as usize;
    }
    for i in 0..fired {
        let j = bench.which[i];
        let target = targets[j as usize] as usize;
        match archive.glance::<R>(target, from, to) {
            Some(places) => bench.take(&mut n, j as usize, places),
            None => {
                let seen = archive.look(target, grid.ms(from as i64), grid.ms(to as i64));
                if seen.begin != seen.end {
                    bench.long.push((j, seen.begin, seen.end));
                }
            }
        }
    }
    n
}

impl<D: PairRule<K>, const K: usize> Paired<D, K> {
    /// Brings these weights of a source, which are as its synapses have taken in, up to `stamp`.
    fn bring(&mut self, source: usize, weights: &mut [f64], mut spike: Spike, archive: &Archive) {
        let (rows, level, bench, rule) = (&*self.rows, self.level, &mut *self.bench, PhantomData::<D>);
        let row = rows.row(source);
        let targets = &rows.targets()[row.clone()];
        let delay = |j: usize| rows.delay(row.start + j) as i64;
        match (&mut self.traces, rows.delays()) {
            (Traces::BySource(traces), Delays::Same(d)) => {
                let (k, d) = (self.constants.of(0), *d as i64);
                spike.trace = traces[source];
                if spike.fires
                    && bench.shown.pays(spike.stamp, targets.len(), archive.neurons())
                    && !bench.shown.there
                    && let Ok(to) = i32::try_from(spike.stamp - d)
                {
                    level.run(Show { shown: &mut bench.shown, archive, grid: spike.grid, to });
                }
                let shown = spike.fires && bench.shown.there;
                level.run(Bring { k, weights, targets, delay: |_| d, spike, archive, bench, shown, rule });
                traces[source] = spike.trace_after(k[D::TAU_PLUS]);
            }
            (Traces::BySource(traces), _) => {
                let k = self.constants.of(0);
                spike.trace = traces[source];
                level.run(Bring { k, weights, targets, delay, spike, archive, bench, shown: false, rule });
                traces[source] = spike.trace_after(k[D::TAU_PLUS]);
            }
            (Traces::BySynapse(traces), _) => {
                for (j, i) in row.clone().enumerate() {
                    let (k, delay) = (self.constants.of(i), |_| delay(j));
                    spike.trace = traces[i];
                    let (weights, targets, shown) = (&mut weights[j..=j], &targets[j..=j], false);
                    Bring { k, weights, targets, delay, spike, archive, bench, shown, rule }.run::<f64>();
                    traces[i] = spike.trace_after(k[D::TAU_PLUS]);
                }
            }
        }
        self.taken[source] = spike.stamp;
        if spike.fires {
            self.last[source] = spike.stamp;
        }
    }

    /// What happens to a source at `stamp`.
    fn spike(&self, source: usize, grid: Grid, stamp: i64, fires: bool) -> Spike {
        Spike { grid, stamp, taken: self.taken[source], last: self.last[source], trace: 0.0, fires }
    }
}

impl<D: PairRule<K>, const K: usize> PlasticRows for Paired<D, K> {
    fn send(&mut self, source: usize, step: i64, pass: &mut Pass<'_>) {
        let Pass { rows, grid, inlet, relays, archive, inputs, transmitted, .. } = pass;
        let row = rows.row(source);
        let targets = &rows.targets()[row.clone()];
        prefetch(targets);
        prefetch(&self.weights[row.clone()]);
        if !self.ahead.is_empty()
            && let Some(weights) = self.ahead.remove(&source)
        {
            self.weights[row.clone()].copy_from_slice(&weights);
        }
        let spike = self.spike(source, *grid, step + 1, true);
        let mut all = std::mem::take(&mut self.weights);
        self.bring(source, &mut all[row.clone()], spike, archive);
        self.weights = all;
        let weights = &self.weights[row.clone()];
        let delay = |j: usize| rows.delay(row.start + j) as i64;
        match (rows.delays(), *relays) {
            (Delays::Same(delay), false) => inputs.deliver_row(*inlet, step + *delay as i64, targets, weights),
            _ => {
                for (j, (&target, &weight)) in targets.iter().zip(weights.iter()).enumerate() {
                    inputs.deliver(*inlet, step + delay(j), target, if *relays { 1.0 } else { weight });
                }
            }
        }
        if let Some(transmitted) = transmitted {
            let sent = targets.iter().zip(weights.iter()).enumerate().map(|(place, (&target, &weight))| Transmitted {
                stamp: step + 1,
                source: source as u32,
                target,
                weight,
                place: place as u32,
            });
            transmitted.extend(sent);
        }
    }

    fn trigger(&mut self, _: f64, _: &mut Pass<'_>) {}

    fn take_in(&mut self, until: i64, grid: Grid, archive: &Archive) {
        let horizon = self.horizon(grid);
        if grid.ms(until) - horizon < LONG_SILENT || !archive.is_crowded(horizon, grid.ms(until)) {
            return;
        }
        for source in 0..self.last.len() {
            let row = self.rows.row(source);
            if row.is_empty() || grid.ms(until) - grid.ms(self.taken[source]) < LONG_SILENT {
                continue;
            }
            let mut weights = self.ahead.remove(&source).unwrap_or_else(|| self.weights[row].to_vec());
            self.bring(source, &mut weights, self.spike(source, grid, until, false), archive);
            self.ahead.insert(source, weights);
        }
    }

    fn value(&self, name: &str, synapse: usize) -> Option<f64> {
        match (name, &self.traces) {
            ("weight", _) => Some(self.weights[synapse]),
            ("Kplus", Traces::BySynapse(traces)) => Some(traces[synapse]),
            ("Kplus", Traces::BySource(traces)) => {
                Some(traces[self.rows.starts().partition_point(|start| *start as usize <= synapse) - 1])
            }
            _ => None,
        }
    }

    fn set_weights(&mut self, weight: &dyn Fn(usize) -> f64) {
        self.weights.iter_mut().enumerate().for_each(|(i, w)| *w = weight(i));
        self.ahead.clear();
    }

    fn set_parameters(&mut self, table: &Table) {
        self.constants = Constants::new(self.model, table, &STATE, self.weights.len(), D::constants);
        self.spread_traces();
    }

    fn horizon(&self, grid: Grid) -> f64 {
        // Sources without synapses never ask.
        let asking = self.taken.iter().enumerate().filter(|(source, _)| !self.rows.row(*source).is_empty());
        asking.map(|(_, taken)| *taken).min().map_or(f64::INFINITY, |taken| grid.ms(taken))
    }

    fn reads(&self) -> Reads {
        Reads::Spikes
    }

    fn bytes(&self) -> usize {
        let traces = match &self.traces {
            Traces::BySource(traces) | Traces::BySynapse(traces) => traces.len(),
        };
        let ahead: usize = self.ahead.values().map(Vec::len).sum();
        (self.weights.len() + traces + 2 * self.last.len() + ahead) * 8 + self.constants.bytes() + size_of::<Bench>()
    }

    fn clone_box(&self) -> Box<dyn PlasticRows> {
        Box::new(Paired {
            model: self.model,
            rows: self.rows.clone(),
            weights: self.weights.clone(),
            traces: self.traces.clone(),
            last: self.last.clone(),
            taken: self.taken.clone(),
            ahead: self.ahead.clone(),
            constants: self.constants.clone(),
            level: self.level,
            bench: Bench::new(),
            rule: PhantomData::<D>,
        })
    }
}

/// A weight to a power. Whole powers also of negative numbers; 0⁰ is 1.
#[inline(always)]
pub fn raised<R: Real>(base: R, exponent: f64) -> R {
    if exponent == 0.0 {
        R::of(1.0)
    } else if exponent == 1.0 {
        base
    } else if exponent.fract() == 0.0 && (2.0..=64.0).contains(&exponent) {
        let mut power = base;
        for _ in 1..exponent as u32 {
            power = power * base;
        }
        power
    } else {
        base.power(R::of(exponent))
    }
}

/// A weight to a power, times e^`decay`.
#[inline(always)]
pub fn raised_decayed<R: Real>(base: R, exponent: f64, decay: R) -> R {
    if exponent == 0.0 || exponent.fract() == 0.0 && (1.0..=64.0).contains(&exponent) {
        raised(base, exponent) * R::exp(decay)
    } else {
        // One exponential for both.
        R::exp(R::of(exponent) * R::ln(base) + decay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::random::{Purpose, Stream};
    use crate::models::stdp_pl_synapse_hom::PowerLaw;
    use crate::models::stdp_synapse::Stdp;
    use crate::models::{Inlet, find};
    use crate::runtime::input::inputs::Inputs;
    use crate::runtime::synapses::rows::Weights;
    use crate::runtime::table::Column;

    /// Two sources onto three neurons that fire irregularly, and one without synapses. Source 1 fires all the time, now
    /// and then in a row of steps; source 0 is silent for 30 s.
    #[derive(Clone, Copy)]
    struct Case {
        model: &'static str,
        /// Synapses have delays of their own, their traces too; spikes are between grid points.
        delays: bool,
        traces: bool,
        off_grid: bool,
        /// Neurons that share the archive, and whether spikes are taken in beforehand.
        neurons: usize,
        early: bool,
    }

    /// The weights every second and at the end, and the most bytes of the archive.
    fn run<D: PairRule<K>, const K: usize>(case: Case) -> (Vec<u64>, usize) {
        let grid = Grid::new(0.1).expect("a grid");
        let model = find(case.model).expect("a model");
        let delays = if case.delays { Delays::Short(vec![1, 15, 90, 7, 15, 200]) } else { Delays::Same(15) };
        let (starts, targets) = (vec![0, 3, 6, 6], vec![0, 1, 2, 2, 1, 0]);
        let rows = Arc::new(Rows::new(3, starts, targets, Weights::Same(1.0), delays));
        let params = [("weight".to_owned(), crate::description::Value::Real(40.0))].into();
        let mut table = Table::new(model, &params, 1, 1, 0).expect("parameters");
        if case.traces {
            table.set("Kplus", Column::Each(vec![0.0, 0.1, 0.2, 0.3, 0.4, 0.5]));
        }
        let make = MakeRows { model, table: &table, rows: &rows, seed: 1, projection: 0, first: 0 };
        let mut synapses = Paired::<D, K>::new(&make);
        let mut archive = Archive::new(case.neurons);
        let mut inputs = Inputs::new(case.neurons, 2, 2);
        let mut chance = Stream::of(1, Purpose::Release, 0, 0);
        let (slice, end) = (10, 350_000);
        let (mut seen, mut most) = (Vec::new(), 0);
        let horizon = |synapses: &Paired<D, K>| synapses.horizon(grid) - grid.ms(200 + slice);
        for step in 0..end {
            let mut send = |source: usize| {
                let (rows, inlet, archive, inputs) = (&*rows, Inlet::default(), &archive, &mut inputs);
                let (released, relays, transmitted) = (&[], false, None);
                let mut pass = Pass { rows, grid, inlet, relays, archive, released, inputs, transmitted };
                synapses.send(source, step, &mut pass);
            };
            if step % 701 < 3 {
                send(1);
                send(2);
            }
            if [1_000, 1_300, 310_000, end - 100].contains(&step) {
                send(0);
            }
            for neuron in 0..3 {
                if chance.below(100 + 50 * neuron as u64) > 0 {
                    continue;
                }
                if archive.is_full(neuron) {
                    archive.forget_before(horizon(&synapses));
                }
                if archive.is_full(neuron) {
                    archive.grow();
                }
                let stamp = step + 1;
                match case.off_grid {
                    false => archive.push(neuron, grid.ms(stamp), Some(stamp as i32)),
                    true => archive.push(neuron, grid.ms(stamp) - 0.03, None),
                }
            }
            if case.early && step % 1024 == 0 {
                synapses.take_in(step - slice, grid, &archive);
            }
            if step % 10_000 == 0 || step == end - 1 {
                seen.extend((0..6).map(|i| synapses.value("weight", i).expect("a weight").to_bits()));
            }
            most = most.max(archive.bytes());
        }
        (seen, most)
    }

    #[test]
    fn what_is_taken_in_beforehand_shows_nowhere_and_bounds_the_archive() {
        for bits in 0..8 {
            let (delays, traces, off_grid) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
            let case = |model, early| Case { model, delays, traces, off_grid, neurons: 3, early };
            let power_law = |early| run::<PowerLaw, _>(case("stdp_pl_synapse_hom", early));
            let stdp = |early| run::<Stdp, _>(case("stdp_synapse", early));
            for ((late, most), (early, bounded)) in [(power_law(false), power_law(true)), (stdp(false), stdp(true))] {
                assert!(late == early, "{bits}");
                assert!(4 * bounded < most, "{bits}: {bounded} of {most} bytes");
                assert!((0..6).all(|i| late[i] != late[late.len() - 6 + i]), "{bits}");
            }
        }
    }

    #[test]
    fn what_targets_show_together_is_what_each_shows() {
        let model = "stdp_synapse";
        let case = Case { model, delays: false, traces: false, off_grid: false, neurons: 3, early: false };
        assert!(run::<Stdp, _>(case).0 == run::<Stdp, _>(Case { neurons: 70, ..case }).0);
    }

    #[test]
    fn weights_that_are_set_have_no_part_in_what_was_taken_in() {
        let (grid, model) = (Grid::new(0.1).expect("a grid"), find("stdp_synapse").expect("a model"));
        let (starts, targets, delays) = (vec![0, 1], vec![0], Delays::Same(10));
        let rows = Arc::new(Rows::new(3, starts, targets, Weights::Same(1.0), delays));
        let table = Table::new(model, &[].into(), 1, 1, 0).expect("parameters");
        let make = MakeRows { model, table: &table, rows: &rows, seed: 1, projection: 0, first: 0 };
        let mut synapses = Paired::<Stdp, _>::new(&make);
        let (mut archive, mut inputs) = (Archive::new(1), Inputs::new(1, 2, 2));
        let mut send = |synapses: &mut Paired<Stdp, _>, archive: &Archive, step| {
            let (rows, inlet, inputs, released) = (&*rows, Inlet::default(), &mut inputs, &[]);
            let pass = &mut Pass { rows, grid, inlet, relays: false, archive, released, inputs, transmitted: None };
            synapses.send(0, step, pass);
        };
        send(&mut synapses, &archive, 0);
        for stamp in (20..30_000).step_by(100) {
            if archive.is_full(0) {
                archive.grow();
            }
            archive.push(0, grid.ms(stamp), Some(stamp as i32));
        }
        synapses.take_in(29_990, grid, &archive);
        assert_eq!(synapses.value("weight", 0), Some(1.0));
        assert_eq!(synapses.horizon(grid), 2999.0);
        synapses.set_weights(&|_| 50.0);
        send(&mut synapses, &archive, 40_000);
        assert!(synapses.value("weight", 0).is_some_and(|weight| (weight - 50.0).abs() < 1e-9));
    }

    #[test]
    fn powers_are_those_of_the_library() {
        for base in [0.0, 0.3, 1.0, 7.5, 1e6, -0.4, -3.0] {
            for exponent in [0.0, 0.4, 0.5, 1.0, 2.0, 3.0, 1.7] {
                let (ours, theirs) = (raised::<f64>(base, exponent), base.powf(exponent));
                let agree = (ours - theirs).abs() <= 1e-14 * theirs.abs() || ours.is_nan() && theirs.is_nan();
                assert!(agree, "{base}^{exponent}: {ours} {theirs}");
            }
        }
    }
}
