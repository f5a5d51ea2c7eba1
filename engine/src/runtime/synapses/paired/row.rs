//! One row of synapses advanced to a spike of its source, batch by batch, in lanes.

use std::marker::PhantomData;

use super::target_traces::{TargetTraces, counted};
use super::{PairRule, Scheme, SourceTraces};
use crate::math;
use crate::mechanisms::lanes::{InLanes, Real};
use crate::mechanisms::time::Grid;
use crate::runtime::synapses::archive::Archive;

/// A spike of a source, the same for all its synapses; or only a time up to which their targets' spikes are applied.
#[derive(Clone, Copy)]
pub(super) struct PreSpike {
    pub grid: Grid,
    pub stamp: i64,
    /// The stamp up to which spikes of the targets have been applied before, at their arrival at the synapse.
    pub applied: i64,
    /// The stamp of the source's last spike, and its traces just after that.
    pub last: i64,
    pub traces: SourceTraces,
    /// Its slow trace just before this spike.
    pub slow: f64,
    /// Whether there is a spike at `stamp`.
    pub fires: bool,
}

impl PreSpike {
    /// The source had these traces after its last spike.
    pub fn begin<D: PairRule<K>, const K: usize>(&mut self, k: &[f64; K], traces: SourceTraces) {
        self.traces = traces;
        self.slow = D::TAU_SLOW.map_or(0.0, |tau| traces.slow * self.decay(k[tau]));
    }

    /// By how much a trace of the source has decayed since its last spike.
    fn decay(&self, tau: f64) -> f64 {
        math::exp((self.grid.ms(self.last) - self.grid.ms(self.stamp)) / tau)
    }

    /// The time of the source's last spike less that at which a spike of the target arrived at the synapse, in steps:
    /// 0 or negative. The synapse has a `delay` in steps, the target fired at `time` (ms). A whole number if that is on
    /// the grid, as of [`PreSpike::lag_of_stamp`].
    fn lag(&self, delay: i64, time: f64) -> f64 {
        let stamp = (time / self.grid.h()).round();
        if self.grid.ms(stamp as i64) == time {
            (self.last - delay) as f64 - stamp
        } else {
            (self.grid.ms(self.last - delay) - time) / self.grid.h()
        }
    }

    /// The traces of the source just after this spike.
    pub fn traces_after<P: Scheme>(&self, tau_plus: f64) -> SourceTraces {
        if !self.fires || P::ALWAYS_ONE {
            return self.traces;
        }
        SourceTraces { fast: self.traces.fast * self.decay(tau_plus) + 1.0, slow: self.slow + 1.0 }
    }

    /// Advances traces that synapses have of their own, and puts down the slow ones as they are just before this spike.
    fn advance_traces<D: PairRule<K>, P: Scheme, const K: usize>(
        &self,
        k: &[f64; K],
        own: &mut [SourceTraces],
        before: &mut [f64],
    ) {
        if !P::ALWAYS_ONE {
            let left = self.decay(k[D::TAU_PLUS]);
            own.iter_mut().for_each(|own| own.fast = own.fast * left + 1.0);
        }
        if let Some(tau) = D::TAU_SLOW {
            let left = self.decay(k[tau]);
            for (own, before) in own.iter_mut().zip(before) {
                *before = own.slow * left;
                own.slow = *before + 1.0;
            }
        }
    }

    #[inline(always)]
    fn lag_of_stamp(&self, delay: i64, stamp: i32) -> f64 {
        (self.last - delay - stamp as i64) as f64
    }
}

/// Synapses of a row that are advanced together, so many that their lists fill vectors. Most rows are shorter.
const BATCH: usize = 512;

/// A number for each synapse of a batch, with room for whole vectors.
#[repr(align(64))]
struct Batch([f64; BATCH]);

/// The synapses of a batch, and the spike that passes them.
#[derive(Clone, Copy)]
struct Passed<'a, F> {
    targets: &'a [u16],
    /// The delay of each in steps.
    delay: F,
    spike: PreSpike,
    archive: &'a Archive,
}

/// Working memory for one batch.
pub(super) struct RowScratch {
    /// The trace of the target of each synapse: before its decay, the exponent of the decay, then with the decay.
    trace: Batch,
    decay: Batch,
    /// The list of synapses whose targets have fired since the source's last spike, with the places of the first and the
    /// last of these spikes among the latest ones of the target ([`Archive::glance`]).
    which: [u16; BATCH],
    oldest: [u8; BATCH],
    newest: [u8; BATCH],
    /// Synapses of which that takes a search, with the numbers of the first of these spikes and of the one behind the
    /// last ([`Archive::look`]).
    long: Vec<(u16, u32, u32)>,
    /// For one spike of the target of each listed synapse: the weight, the trace of the source if the synapse has its own,
    /// the lag of [`PreSpike::lag`], and the slow trace of the target just before.
    weight: Batch,
    source: Batch,
    lag: Batch,
    slow: Batch,
    /// The traces of all targets, where it pays to compute them together.
    pub of_all: TargetTraces,
}

impl RowScratch {
    pub fn new() -> Box<RowScratch> {
        let zero = || Batch([0.0; BATCH]);
        Box::new(RowScratch {
            trace: zero(),
            decay: zero(),
            which: [0; BATCH],
            oldest: [0; BATCH],
            newest: [0; BATCH],
            long: Vec::new(),
            weight: zero(),
            source: zero(),
            lag: zero(),
            slow: zero(),
            of_all: TargetTraces::default(),
        })
    }

    /// Lists a synapse as number `n` if its target has fired. There is no branch, as it could not be predicted.
    #[inline(always)]
    fn list(&mut self, n: &mut usize, j: usize, places: std::ops::Range<u32>) {
        let place = *n % BATCH;
        (self.which[place], self.oldest[place]) = (j as u16, places.end.wrapping_sub(1) as u8);
        self.newest[place] = places.start as u8;
        *n += (places.start < places.end) as usize;
    }

    /// Notes weight, traces and lag of the first `n` listed synapses for the oldest spike that is left of each.
    #[inline(always)]
    fn gather<D: PairRule<K>, const K: usize>(
        &mut self,
        n: usize,
        weights: &[f64],
        own: Option<&[SourceTraces]>,
        passed: &Passed<'_, impl Fn(usize) -> i64>,
    ) {
        let Passed { targets, delay, spike, archive } = passed;
        if let Some(own) = own {
            for i in 0..n {
                self.source.0[i] = own[self.which[i] as usize].fast;
            }
        }
        for i in 0..n {
            let j = self.which[i] as usize;
            let stamp = archive.stamp(targets[j] as usize, self.oldest[i]);
            self.weight.0[i] = weights[j];
            self.lag.0[i] = spike.lag_of_stamp(delay(j), stamp);
            if D::TAU_SLOW.is_some() {
                self.slow.0[i] = archive.slow_before(targets[j] as usize, self.oldest[i]);
            }
        }
    }

    /// Potentiates the first `n` weights that have been noted. `trace` is that of the source, if all its synapses have the same;
    /// `rate` is a step in units of `tau_plus`.
    #[inline(always)]
    fn potentiate<D: PairRule<K>, const K: usize, R: Real>(
        &mut self,
        n: usize,
        k: &[f64; K],
        trace: Option<f64>,
        rate: f64,
    ) {
        for lane in (0..n).step_by(R::LANES) {
            let decay = R::load(&self.lag.0[lane..]) * R::of(rate);
            let slow = if D::TAU_SLOW.is_some() { R::load(&self.slow.0[lane..]) } else { R::of(0.0) };
            let trace = match trace {
                Some(trace) => R::of(trace),
                None => R::load(&self.source.0[lane..]),
            };
            let weight = D::potentiated(k, R::load(&self.weight.0[lane..]), trace, decay, slow);
            weight.store(&mut self.weight.0[lane..]);
        }
    }
}

/// Advances the weights of a row to a spike of their source.
pub(super) struct AdvanceRow<'a, D, P, F, const K: usize> {
    pub k: &'a [f64; K],
    pub weights: &'a mut [f64],
    pub targets: &'a [u16],
    /// The traces of the source at each synapse, where it has its own; they advance, too.
    pub own: Option<&'a mut [SourceTraces]>,
    /// The delay of each synapse in steps.
    pub delay: F,
    pub spike: PreSpike,
    pub archive: &'a Archive,
    pub scratch: &'a mut RowScratch,
    /// The traces of all targets have been computed; all delays are the same then.
    pub computed: bool,
    pub rule: PhantomData<(D, P)>,
}

impl<D: PairRule<K>, P: Scheme, F: Fn(usize) -> i64, const K: usize> InLanes for AdvanceRow<'_, D, P, F, K> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        let AdvanceRow { k, weights, targets, mut own, delay, spike, archive, scratch, computed, .. } = self;
        let rate = spike.grid.h() / k[D::TAU_PLUS];
        let trace = own.is_none().then_some(spike.traces.fast);
        for (b, batch) in weights.chunks_mut(BATCH).enumerate() {
            let targets = &targets[b * BATCH..][..batch.len()];
            let mut own = own.as_deref_mut().map(|own| &mut own[b * BATCH..][..batch.len()]);
            let delay = |j: usize| delay(b * BATCH + j);
            let passed = Passed { targets, delay, spike, archive };
            scratch.long.clear();
            let mut n =
                if computed { collect_computed::<R>(scratch, &passed) } else { collect::<P, R>(scratch, &passed) };
            if P::RESTRICTED || P::CENTRED {
                n = pair_once::<D, K, R>(k, batch, own.as_deref(), &passed, scratch, n);
            }
            if P::RESTRICTED {
                depress_neighbours::<D, K, R>(k, batch, spike, scratch, n);
                continue;
            }
            if P::CENTRED {
                let own = own.as_deref_mut().unwrap_or_default();
                scratch.which[..n].iter().for_each(|j| own[*j as usize].fast = 0.0);
                scratch.long.clear();
                n = 0;
            }
            // The first spike of each target that has fired, then the second of those that have it, the third, …
            while n > 0 {
                scratch.gather::<D, K>(n, batch, own.as_deref(), &passed);
                scratch.potentiate::<D, K, R>(n, k, trace, rate);
                let mut left = 0;
                for i in 0..n {
                    let (j, oldest, newest) = (scratch.which[i], scratch.oldest[i], scratch.newest[i]);
                    batch[j as usize] = scratch.weight.0[i];
                    (scratch.which[left], scratch.oldest[left]) = (j, oldest.wrapping_sub(1));
                    scratch.newest[left] = newest;
                    left += (oldest > newest) as usize;
                }
                n = left;
            }
            let mut round = 0;
            while !scratch.long.is_empty() {
                for (i, (j, begin, _)) in scratch.long.iter().enumerate() {
                    let entry = archive.entry(targets[*j as usize] as usize, begin.wrapping_add(round));
                    scratch.weight.0[i] = batch[*j as usize];
                    scratch.source.0[i] = own.as_deref().map_or(0.0, |own| own[*j as usize].fast);
                    scratch.lag.0[i] = spike.lag((passed.delay)(*j as usize), entry.time);
                    scratch.slow.0[i] = entry.slow_before();
                }
                scratch.potentiate::<D, K, R>(scratch.long.len(), k, trace, rate);
                for ((j, ..), weight) in scratch.long.iter().zip(&scratch.weight.0) {
                    batch[*j as usize] = *weight;
                }
                round += 1;
                scratch.long.retain(|(_, begin, end)| end.wrapping_sub(*begin) > round);
            }
            if !spike.fires {
                continue;
            }
            let (vectors, slow) = (batch.len() / R::LANES * R::LANES, spike.slow);
            let own_slow = D::TAU_SLOW.is_some() && own.is_some();
            if let Some(own) = own {
                spike.advance_traces::<D, P, K>(k, own, &mut scratch.slow.0);
            }
            for lane in (0..vectors).step_by(R::LANES) {
                let trace = R::load(&scratch.trace.0[lane..]);
                let slow = if own_slow { R::load(&scratch.slow.0[lane..]) } else { R::of(slow) };
                D::depressed(k, R::load(&batch[lane..]), trace, slow).store(&mut batch[lane..]);
            }
            for (j, weight) in batch.iter_mut().enumerate().skip(vectors) {
                let slow = if own_slow { scratch.slow.0[j] } else { slow };
                *weight = D::depressed(k, *weight, scratch.trace.0[j], slow);
            }
        }
    }
}

/// The first spike of each target that has fired potentiates. `n` are listed beside those that took a search; now these are
/// listed, too. Returns how many it are.
#[inline(always)]
fn pair_once<D: PairRule<K>, const K: usize, R: Real>(
    k: &[f64; K],
    weights: &mut [f64],
    own: Option<&[SourceTraces]>,
    passed: &Passed<'_, impl Fn(usize) -> i64>,
    scratch: &mut RowScratch,
    n: usize,
) -> usize {
    let Passed { targets, delay, spike, archive } = passed;
    scratch.gather::<D, K>(n, weights, own, passed);
    for (i, (j, begin, _)) in (n..).zip(&scratch.long) {
        let target = targets[*j as usize] as usize;
        scratch.which[i] = *j;
        scratch.weight.0[i] = weights[*j as usize];
        scratch.source.0[i] = own.map_or(0.0, |own| own[*j as usize].fast);
        scratch.lag.0[i] = spike.lag(delay(*j as usize), archive.entry(target, *begin).time);
    }
    let n = n + scratch.long.len();
    let trace = own.is_none().then_some(spike.traces.fast);
    scratch.potentiate::<D, K, R>(n, k, trace, spike.grid.h() / k[D::TAU_PLUS]);
    for (j, weight) in scratch.which[..n].iter().zip(&scratch.weight.0) {
        weights[*j as usize] = *weight;
    }
    n
}

/// The restricted scheme: only the weights of the `n` listed synapses are depressed, whose targets have fired.
#[inline(always)]
fn depress_neighbours<D: PairRule<K>, const K: usize, R: Real>(
    k: &[f64; K],
    weights: &mut [f64],
    spike: PreSpike,
    scratch: &mut RowScratch,
    n: usize,
) {
    for i in 0..n {
        scratch.decay.0[i] = scratch.trace.0[scratch.which[i] as usize];
    }
    for lane in (0..n).step_by(R::LANES) {
        let trace = R::load(&scratch.decay.0[lane..]);
        let weight = D::depressed(k, R::load(&scratch.weight.0[lane..]), trace, R::of(spike.slow));
        weight.store(&mut scratch.weight.0[lane..]);
    }
    for (j, weight) in scratch.which[..n].iter().zip(&scratch.weight.0) {
        weights[*j as usize] = *weight;
    }
}

/// Lists the synapses of a batch whose targets have fired since the source's last spike and returns how many it are, not
/// counting those that took a search; and works out the traces of all targets.
#[inline(always)]
fn collect<P: Scheme, R: Real>(scratch: &mut RowScratch, passed: &Passed<'_, impl Fn(usize) -> i64>) -> usize {
    let Passed { targets, delay, spike, archive } = passed;
    let (grid, h) = (spike.grid, spike.grid.h());
    let short = i32::try_from(spike.stamp).is_ok();
    let mut n = 0;
    for (j, &target) in targets.iter().enumerate() {
        let (target, d) = (target as usize, delay(j));
        let (from, to) = (spike.applied - d, spike.stamp - d);
        let places = if short { archive.glance::<R>(target, from as i32, to as i32) } else { None };
        let trace = if short { archive.trace::<R>(target, to as i32, h) } else { None };
        if let (Some(places), Some((trace, decay, _))) = (places, trace) {
            scratch.list(&mut n, j, places);
            (scratch.trace.0[j], scratch.decay.0[j]) = (counted::<P>(trace), decay);
        } else {
            let seen = archive.look(target, grid.ms(from), grid.ms(to));
            if seen.begin != seen.end {
                scratch.long.push((j as u16, seen.begin, seen.end));
            }
            let (trace, decay) = trace.map_or((seen.trace, seen.decay), |(k, decay, _)| (k, decay));
            (scratch.trace.0[j], scratch.decay.0[j]) = (counted::<P>(trace), decay);
        }
    }
    for lane in (0..targets.len()).step_by(R::LANES) {
        let trace = R::load(&scratch.trace.0[lane..]) * R::exp(R::load(&scratch.decay.0[lane..]));
        trace.store(&mut scratch.trace.0[lane..]);
    }
    n
}

/// As [`collect`], from the traces of all targets, where all delays are the same.
#[inline(always)]
fn collect_computed<R: Real>(scratch: &mut RowScratch, passed: &Passed<'_, impl Fn(usize) -> i64>) -> usize {
    let Passed { targets, delay, spike, archive } = passed;
    let (grid, d) = (spike.grid, delay(0));
    let (from, to) = ((spike.applied - d) as i32, (spike.stamp - d) as i32);
    let (mut fired, mut n) = (0, 0);
    let (latest, traces) = (&scratch.of_all.latest[..], &scratch.of_all.traces[..scratch.of_all.latest.len()]);
    for (j, (&target, trace)) in targets.iter().zip(&mut scratch.trace.0).enumerate() {
        *trace = traces[target as usize];
        scratch.which[fired % BATCH] = j as u16;
        fired += (latest[target as usize] > from) as usize;
    }
    for i in 0..fired {
        let j = scratch.which[i];
        let target = targets[j as usize] as usize;
        match archive.glance::<R>(target, from, to) {
            Some(places) => scratch.list(&mut n, j as usize, places),
            None => {
                let seen = archive.look(target, grid.ms(from as i64), grid.ms(to as i64));
                if seen.begin != seen.end {
                    scratch.long.push((j, seen.begin, seen.end));
                }
            }
        }
    }
    n
}
