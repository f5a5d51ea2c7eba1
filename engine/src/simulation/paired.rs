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
use super::rows::Rows;
use super::table::Table;
use crate::mechanisms::lanes::{Level, Real, level};
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
    /// Time of the last spike of each source, ms.
    last: Vec<f64>,
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
            last: vec![0.0; sources],
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

/// A spike of a source, for all its synapses; ms.
#[derive(Clone, Copy)]
struct Spike {
    time: f64,
    last: f64,
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

/// Some synapses of a batch and what the rule needs of them.
struct Chosen {
    n: usize,
    which: [u8; BATCH],
    /// ms since the last spike of the source, in units of its time constant, negative.
    decay: Batch,
}

/// The row of a spike: all weights are brought up to date. Melts into the functions compiled for the processor's
/// instructions.
#[inline(always)]
fn bring<D: PairRule<K>, const K: usize, R: Real>(
    k: &[f64; K],
    weights: &mut [f64],
    targets: &[u16],
    delay: impl Fn(usize) -> f64,
    spike: Spike,
    archive: &Archive,
) {
    let per_tau = 1.0 / k[D::TAU_PLUS];
    let mut chosen = Chosen { n: 0, which: [0; BATCH], decay: Batch::ZERO };
    let (mut dense, mut trace, mut decay) = (Batch::ZERO, Batch::ZERO, Batch::ZERO);
    let mut windows = [(0u32, 0u32); BATCH];
    for (b, batch) in weights.chunks_mut(BATCH).enumerate() {
        let targets = &targets[b * BATCH..][..batch.len()];
        let mut most = 0;
        for (j, &target) in targets.iter().enumerate() {
            let delay = delay(b * BATCH + j);
            let seen = archive.look(target as usize, spike.last - delay, spike.time - delay);
            windows[j] = (seen.begin, seen.end);
            most = most.max(seen.end.wrapping_sub(seen.begin));
            (trace.0[j], decay.0[j]) = (seen.trace, seen.decay);
        }
        // The first spike of the target in each window, then the second, …
        for round in 0..most {
            chosen.n = 0;
            for (j, (begin, end)) in windows[..batch.len()].iter().enumerate() {
                if end.wrapping_sub(*begin) > round {
                    let at = archive.time(targets[j] as usize, begin.wrapping_add(round)) + delay(b * BATCH + j);
                    chosen.which[chosen.n] = j as u8;
                    chosen.decay.0[chosen.n] = (spike.last - at) * per_tau;
                    dense.0[chosen.n] = batch[j];
                    chosen.n += 1;
                }
            }
            for lane in (0..chosen.n).step_by(R::LANES) {
                let trace = R::of(spike.trace) * R::load(&chosen.decay.0[lane..]).exp();
                D::potentiated(k, R::load(&dense.0[lane..]), trace).store(&mut dense.0[lane..]);
            }
            for (&j, weight) in chosen.which[..chosen.n].iter().zip(&dense.0) {
                batch[j as usize] = *weight;
            }
        }
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
#[target_feature(enable = "avx2")]
fn bring_avx2<D: PairRule<K>, const K: usize>(
    k: &[f64; K],
    weights: &mut [f64],
    targets: &[u16],
    delay: impl Fn(usize) -> f64,
    spike: Spike,
    archive: &Archive,
) {
    bring::<D, K, crate::mechanisms::lanes::F64x4>(k, weights, targets, delay, spike, archive);
}

/// Compiled for AVX-512. Callers have made sure that the processor has it.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl")]
fn bring_avx512<D: PairRule<K>, const K: usize>(
    k: &[f64; K],
    weights: &mut [f64],
    targets: &[u16],
    delay: impl Fn(usize) -> f64,
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
        let mut spike = Spike { time: grid.ms(step + 1), last: self.last[source], trace: 0.0 };
        let delay = |j: usize| grid.ms(rows.delay(row.start + j) as i64);
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
        self.last[source] = spike.time;
        for (j, (&target, &weight)) in targets.iter().zip(weights.iter()).enumerate() {
            let arriving = if *relays { 1.0 } else { weight };
            inputs.deliver(*inlet, step + rows.delay(row.start + j) as i64, target, arriving);
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

    fn horizon(&self) -> f64 {
        self.last.iter().copied().fold(f64::INFINITY, f64::min)
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
    spike.trace * ((spike.last - spike.time) / tau_plus).exp() + 1.0
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
