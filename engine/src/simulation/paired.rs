//! Plasticity by pairs of spikes: all pairs of a spike of the source and one of the target count.
//!
//! At each spike of the source the weight grows for every spike of the target since the last one, oldest first, by
//! the trace of the source at that time; then it shrinks by the trace of the target; then it is transmitted. What a
//! model adds is how much it grows and shrinks.
//!
//! These rules run in large networks, so a synapse is only a weight: the trace of the source and the time of its
//! last spike are the same for all its synapses. Rows are done in batches whose arithmetic is done in lanes.

use std::sync::Arc;

use super::archive::Archive;
use super::dynamics::Lookup;
use super::plastic::{Constants, MakeRows, Pass, PlasticModel, PlasticRows, Reads, Transmitted};
use super::rows::{Delays, Rows};
use super::table::Table;
use crate::mechanisms::lanes::{Level, Real, level};
use crate::mechanisms::time::Grid;
use crate::models::Model;

/// A rule for pairs of spikes, with `K` constants.
pub trait PairRule<const K: usize>: Send + Sync + 'static {
    /// Which constant is the time constant of the trace of the source, ms.
    const TAU_PLUS: usize;

    fn constants(p: &dyn Lookup) -> [f64; K];
    /// The weight after a spike of the target, with the trace of the source at its arrival.
    fn potentiated<R: Real>(k: &[f64; K], weight: R, trace: R) -> R;
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
    /// Stamp of the last spike of each source.
    last: Vec<i64>,
    constants: Constants<K>,
    level: Level,
    rule: std::marker::PhantomData<D>,
}

/// The state of such synapses.
const STATE: [&str; 2] = ["weight", "Kplus"];

impl<D: PairRule<K>, const K: usize> Paired<D, K> {
    /// What a declaration says of the model with rule `D`.
    pub const MODEL: PlasticModel = PlasticModel { make: Self::make, reads: Reads::Spikes, triggered: false };

    fn make(make: &MakeRows<'_>) -> Box<dyn PlasticRows> {
        let (n, sources) = (make.rows.len(), make.rows.starts.len() - 1);
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
            constants: Constants::new(make.model, make.table, &STATE, n, D::constants),
            level: level(),
            rule: std::marker::PhantomData::<D>,
        };
        this.spread_traces();
        Box::new(this)
    }

    /// Where constants differ between synapses, so do the traces.
    fn spread_traces(&mut self) {
        if let (Constants::Each(_), Traces::BySource(traces)) = (&self.constants, &self.traces) {
            let rows = traces.iter().enumerate().map(|(source, trace)| (*trace, self.rows.row(source).len()));
            self.traces = Traces::BySynapse(rows.flat_map(|(trace, n)| std::iter::repeat_n(trace, n)).collect());
        }
    }
}

/// A spike of a source, for all its synapses.
#[derive(Clone, Copy)]
struct Spike {
    grid: Grid,
    /// Its stamp and that of the one before.
    stamp: i64,
    last: i64,
    /// The trace of the source just after its last spike.
    trace: f64,
}

/// Synapses done together.
const BATCH: usize = 64;

/// Numbers for a batch, room for whole vectors.
#[repr(align(64))]
struct Batch([f64; BATCH]);

impl Batch {
    const ZERO: Batch = Batch([0.0; BATCH]);
}

/// Synapses of a batch whose targets have fired, each with the weight and with ms since the last spike of the source
/// in units of its time constant, negative.
struct Fired {
    n: usize,
    which: [u8; BATCH],
    weight: Batch,
    decay: Batch,
}

impl Fired {
    /// Takes a synapse in, if it has fired; without a branch, which could not be foreseen.
    #[inline(always)]
    fn push_if(&mut self, fired: bool, which: usize, weight: f64, decay: f64) {
        let place = self.n % BATCH;
        (self.which[place], self.weight.0[place], self.decay.0[place]) = (which as u8, weight, decay);
        self.n += fired as usize;
    }

    /// The weights after these spikes.
    #[inline(always)]
    fn potentiate<D: PairRule<K>, const K: usize, R: Real>(&mut self, k: &[f64; K], trace: f64, batch: &mut [f64]) {
        for lane in (0..self.n).step_by(R::LANES) {
            let trace = R::of(trace) * R::load(&self.decay.0[lane..]).exp();
            D::potentiated(k, R::load(&self.weight.0[lane..]), trace).store(&mut self.weight.0[lane..]);
        }
        for (&j, weight) in self.which[..self.n].iter().zip(&self.weight.0) {
            batch[j as usize] = *weight;
        }
    }
}

/// The row of a spike: all weights are brought up to date. `delay` is in steps. Melts into the functions compiled
/// for the processor's instructions.
#[inline(always)]
fn bring<D: PairRule<K>, const K: usize, R: Real>(
    k: &[f64; K],
    weights: &mut [f64],
    targets: &[u16],
    delay: impl Fn(usize) -> i64,
    spike: Spike,
    archive: &Archive,
) {
    let (grid, h) = (spike.grid, spike.grid.h());
    let per_tau = 1.0 / k[D::TAU_PLUS];
    let short = i32::try_from(spike.stamp).is_ok();
    let mut fired = Fired { n: 0, which: [0; BATCH], weight: Batch::ZERO, decay: Batch::ZERO };
    let (mut trace, mut decay) = (Batch::ZERO, Batch::ZERO);
    let mut windows = [(0u32, 0u32); BATCH];
    let mut again = [0u8; BATCH];
    for (b, batch) in weights.chunks_mut(BATCH).enumerate() {
        let targets = &targets[b * BATCH..][..batch.len()];
        let delay = |j: usize| delay(b * BATCH + j);
        // The first spike of the target in each window; who has more is noted.
        fired.n = 0;
        let mut more = 0;
        for (j, &target) in targets.iter().enumerate() {
            let d = delay(j);
            let (from, to) = (spike.last - d, spike.stamp - d);
            let glance = if short { archive.glance::<R>(target as usize, from as i32, to as i32, h) } else { None };
            let (seen, since) = match glance {
                Some((seen, first)) => (seen, (from - first as i64) as f64 * h),
                None => {
                    let seen = archive.look(target as usize, grid.ms(from), grid.ms(to));
                    let since = grid.ms(from) - archive.time(target as usize, seen.begin);
                    (seen, since)
                }
            };
            let n = seen.end.wrapping_sub(seen.begin);
            fired.push_if(n > 0, j, batch[j], since * per_tau);
            again[more % BATCH] = j as u8;
            more += (n > 1) as usize;
            windows[j] = (seen.begin, seen.end);
            (trace.0[j], decay.0[j]) = (seen.trace, seen.decay);
        }
        fired.potentiate::<D, K, R>(k, spike.trace, batch);
        // Then the second of those that have it, the third, …
        let mut round = 1;
        while more > 0 {
            fired.n = 0;
            let mut left = 0;
            for i in 0..more {
                let j = again[i] as usize;
                let (begin, end) = windows[j];
                let at = archive.time(targets[j] as usize, begin.wrapping_add(round));
                fired.push_if(true, j, batch[j], (grid.ms(spike.last - delay(j)) - at) * per_tau);
                again[left] = j as u8;
                left += (end.wrapping_sub(begin) > round + 1) as usize;
            }
            fired.potentiate::<D, K, R>(k, spike.trace, batch);
            (more, round) = (left, round + 1);
        }
        let mut dense = Batch::ZERO;
        dense.0[..batch.len()].copy_from_slice(batch);
        for lane in (0..batch.len()).step_by(R::LANES) {
            let trace = R::load(&trace.0[lane..]) * R::load(&decay.0[lane..]).exp();
            D::depressed(k, R::load(&dense.0[lane..]), trace).store(&mut dense.0[lane..]);
        }
        batch.copy_from_slice(&dense.0[..batch.len()]);
    }
}

/// Compiled for AVX2. Callers have made sure that the processor has it.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn bring_avx2<D: PairRule<K>, const K: usize>(
    k: &[f64; K],
    weights: &mut [f64],
    targets: &[u16],
    delay: impl Fn(usize) -> i64,
    spike: Spike,
    archive: &Archive,
) {
    bring::<D, K, crate::mechanisms::lanes::F64x4>(k, weights, targets, delay, spike, archive);
}

/// Compiled for AVX-512. Callers have made sure that the processor has it.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl,popcnt")]
fn bring_avx512<D: PairRule<K>, const K: usize>(
    k: &[f64; K],
    weights: &mut [f64],
    targets: &[u16],
    delay: impl Fn(usize) -> i64,
    spike: Spike,
    archive: &Archive,
) {
    bring::<D, K, crate::mechanisms::lanes::F64x8>(k, weights, targets, delay, spike, archive);
}

impl<D: PairRule<K>, const K: usize> PlasticRows for Paired<D, K> {
    fn send(&mut self, source: usize, step: i64, pass: &mut Pass<'_>) {
        let Pass { rows, grid, inlet, relays, archive, inputs, transmitted, .. } = pass;
        let row = rows.row(source);
        let (weights, targets) = (&mut self.weights[row.clone()], &rows.targets[row.clone()]);
        let mut spike = Spike { grid: *grid, stamp: step + 1, last: self.last[source], trace: 0.0 };
        let delay = |j: usize| rows.delay(row.start + j) as i64;
        match &mut self.traces {
            Traces::BySource(traces) => {
                let k = self.constants.of(0);
                spike.trace = traces[source];
                match self.level {
                    Level::Scalar => bring::<D, K, f64>(k, weights, targets, delay, spike, archive),
                    #[cfg(target_arch = "x86_64")]
                    // SAFETY: `level` has asked the processor for these instructions.
                    Level::Avx2 => unsafe { bring_avx2::<D, K>(k, weights, targets, delay, spike, archive) },
                    #[cfg(target_arch = "x86_64")]
                    // SAFETY: as above.
                    Level::Avx512 => unsafe { bring_avx512::<D, K>(k, weights, targets, delay, spike, archive) },
                }
                traces[source] = grown(spike, k[D::TAU_PLUS]);
            }
            Traces::BySynapse(traces) => {
                for (j, i) in row.clone().enumerate() {
                    let k = self.constants.of(i);
                    spike.trace = traces[i];
                    bring::<D, K, f64>(k, &mut weights[j..=j], &targets[j..=j], |_| delay(j), spike, archive);
                    traces[i] = grown(spike, k[D::TAU_PLUS]);
                }
            }
        }
        self.last[source] = spike.stamp;
        match (&rows.delays, *relays) {
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

    fn value(&self, name: &str, synapse: usize) -> Option<f64> {
        match (name, &self.traces) {
            ("weight", _) => Some(self.weights[synapse]),
            ("Kplus", Traces::BySynapse(traces)) => Some(traces[synapse]),
            ("Kplus", Traces::BySource(traces)) => {
                Some(traces[self.rows.starts.partition_point(|start| *start as usize <= synapse) - 1])
            }
            _ => None,
        }
    }

    fn set_weights(&mut self, weight: &dyn Fn(usize) -> f64) {
        self.weights.iter_mut().enumerate().for_each(|(i, w)| *w = weight(i));
    }

    fn set_parameters(&mut self, table: &Table) {
        self.constants = Constants::new(self.model, table, &STATE, self.weights.len(), D::constants);
        self.spread_traces();
    }

    fn horizon(&self, grid: Grid) -> f64 {
        self.last.iter().min().map_or(f64::INFINITY, |last| grid.ms(*last))
    }

    fn reads(&self) -> Reads {
        Reads::Spikes
    }

    fn bytes(&self) -> usize {
        let traces = match &self.traces {
            Traces::BySource(traces) | Traces::BySynapse(traces) => traces.len(),
        };
        (self.weights.len() + traces + self.last.len()) * 8 + self.constants.bytes()
    }

    fn clone_box(&self) -> Box<dyn PlasticRows> {
        Box::new(Paired {
            model: self.model,
            rows: self.rows.clone(),
            weights: self.weights.clone(),
            traces: self.traces.clone(),
            last: self.last.clone(),
            constants: self.constants.clone(),
            level: self.level,
            rule: std::marker::PhantomData::<D>,
        })
    }
}

/// The trace of the source just after a spike.
fn grown(spike: Spike, tau_plus: f64) -> f64 {
    spike.trace * ((spike.grid.ms(spike.last) - spike.grid.ms(spike.stamp)) / tau_plus).exp() + 1.0
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

#[cfg(test)]
mod tests {
    use super::*;

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
