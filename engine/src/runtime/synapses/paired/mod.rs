//! Plasticity by pairs of spikes, one of the source and one of the target, and by triplets.
//!
//! When its source fires, the weight of a synapse is potentiated once for every spike of the target since the source's
//! last spike that counts, oldest first, by the trace of the source at that time; then it is depressed by the trace of
//! the target; then it is transmitted. A model chooses by how much ([`PairRule`]) and which pairs count ([`Scheme`]). The
//! slow traces of both neurons, just before the spike itself, tell a triplet rule of the spikes before the pair.
//!
//! These rules run in large networks, so a synapse is only a weight: the trace of the source and the time of its last
//! spike are the same for all its synapses and kept once a source. Rows are advanced in batches whose arithmetic is done
//! in lanes.
//!
//! For silent sources postsynaptic spikes are applied early to a shadow weight, so that the archive can be pruned:
//! potentiation depends on nothing that happens after the last spike of the source, except on a weight or parameters
//! that are set meanwhile. The shadow weight becomes the weight when the source fires; until then the weight stays what
//! it was at the source's last spike. A weight that is set replaces the shadow weight too, and spikes that have already
//! been applied do not change it; parameters that are set hold for spikes that have not been applied yet.
//!
//! Morrison, Diesmann & Gerstner 2008, Biol Cybern 98:459.

mod powers;
mod row;
mod target_traces;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::mechanisms::lanes::{InLanes, Level, Real, level};
use crate::mechanisms::prefetch::prefetch;
use crate::mechanisms::time::Grid;
use crate::runtime::connections::rows::{Delays, SynapseRows};
use crate::runtime::parameters::{Declared, Parameters, assert_declared};
use crate::runtime::synapses::archive::Archive;
use crate::runtime::synapses::plastic::{MakeRows, Pass, PlasticModel, PlasticRows, SynapseConstants, Transmitted};
use crate::runtime::synapses::reads::{Needs, ReadsTarget, Spikes};
use crate::runtime::table::Table;

pub use powers::{raised, raised_decayed, signed};
use row::{AdvanceRow, PreSpike, RowScratch};
use target_traces::ComputeTraces;

/// The names of the state of a synapse: its weight, and the traces of its source.
const WEIGHT: &str = "weight";
const TRACE: &str = "Kplus";
const SLOW_TRACE: &str = "Kplus_triplet";
/// ms of silence after which spikes of the targets are applied early.
const LONG_SILENT: f64 = 2000.0;

/// By how much a pair of spikes changes the weight; a rule with `K` constants.
pub trait PairRule<const K: usize>: Send + Sync + 'static {
    /// Which constant is the time constant of the trace of the source, ms.
    const TAU_PLUS: usize;
    /// Which constant is that of the slow trace of the source, ms, for a rule that counts triplets; the slow traces are 0
    /// for any other.
    const TAU_SLOW: Option<usize> = None;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> [f64; K];
    /// The weight after a spike of the target has arrived, when the trace of the source was `trace` · e^`decay` and the
    /// slow trace of the target `slow`.
    fn potentiated<R: Real>(k: &[f64; K], weight: R, trace: R, decay: R, slow: R) -> R;
    /// The weight after a spike of the source, with the trace of the target and the slow trace of the source at that time.
    fn depressed<R: Real>(k: &[f64; K], weight: R, trace: R, slow: R) -> R;
}

/// Which pairs of spikes count.
pub trait Scheme: Send + Sync + 'static {
    /// A spike pairs with the nearest earlier spike of the other neuron only, not with all: traces are set to 1, they do
    /// not add up.
    const NEAREST: bool = false;
    /// Of the target's spikes between two spikes of the source only the first one potentiates, and where there is none
    /// the weight is not depressed either: of both neurons only immediate neighbours pair.
    const RESTRICTED: bool = false;
    /// Of the target's spikes between two spikes of the source only the first one potentiates, together with all spikes
    /// of the source since the pair before: their trace adds up, and begins anew at the synapse that has paired.
    const CENTRED: bool = false;

    /// Whether the trace of the source is 1 after each of its spikes.
    const ALWAYS_ONE: bool = Self::NEAREST && !Self::CENTRED;
}

/// All pairs count.
pub struct AllToAll;

impl Scheme for AllToAll {}

/// Symmetric nearest-neighbour scheme: each spike of either neuron pairs with the last one of the other.
pub struct NearestSymmetric;

impl Scheme for NearestSymmetric {
    const NEAREST: bool = true;
}

/// Restricted symmetric nearest-neighbour scheme: only immediate neighbours pair.
pub struct NearestRestricted;

impl Scheme for NearestRestricted {
    const NEAREST: bool = true;
    const RESTRICTED: bool = true;
}

/// Presynaptically centred nearest-neighbour scheme: a spike of the source pairs with the target's last one before it and with
/// its first one after it.
pub struct NearestCentred;

impl Scheme for NearestCentred {
    const NEAREST: bool = true;
    const CENTRED: bool = true;
}

/// The traces of a source just after its last spike.
#[derive(Clone, Copy)]
struct SourceTraces {
    /// Decays with `tau_plus`.
    fast: f64,
    /// Read by triplet rules.
    slow: f64,
}

/// Traces of the sources just after their last spike.
#[derive(Clone)]
enum Traces {
    /// One set a source, where all its synapses have the same; their constants are the same then.
    BySource(Vec<SourceTraces>),
    /// Where traces were given synapse by synapse, constants differ, or pairs change traces.
    BySynapse(Vec<SourceTraces>),
}

/// Synapses of model `M` with rule `D` and scheme `P`, in order of their rows.
pub struct Paired<M, D, P, const K: usize> {
    rows: Arc<SynapseRows>,
    weights: Vec<f64>,
    traces: Traces,
    /// The stamp of the last spike of each source.
    last: Vec<i64>,
    /// The stamp up to which spikes of the targets have been applied, at their arrival at the synapse: that of the last
    /// spike of the source, or a later one where they have been applied early.
    applied: Vec<i64>,
    /// The shadow weights of sources whose targets' spikes have been applied early, by source.
    shadow: BTreeMap<usize, Vec<f64>>,
    constants: SynapseConstants<K>,
    level: Level,
    scratch: Box<RowScratch>,
    rule: PhantomData<(M, D, P)>,
}

impl<M: Declared, D: PairRule<K>, P: Scheme, const K: usize> Paired<M, D, P, K> {
    /// What a declaration says of its model.
    pub const MODEL: PlasticModel =
        PlasticModel { make: Self::make, needs: Spikes::NEEDS, triggered: false, lasting: false };
    /// Parameters that are state. Without adding traces there is no trace to begin with.
    const STATE: &[&str] = match D::TAU_SLOW {
        None if P::ALWAYS_ONE => &[WEIGHT],
        None => &[WEIGHT, TRACE],
        Some(_) => &[WEIGHT, TRACE, SLOW_TRACE],
    };

    fn make(make: &MakeRows<'_>) -> Box<dyn PlasticRows> {
        const {
            assert_declared::<M>(Self::STATE);
            assert!(D::TAU_SLOW.is_none() || !P::NEAREST, "all triplets count");
        }
        Box::new(Self::new(make))
    }

    fn new(make: &MakeRows<'_>) -> Self {
        let (n, sources) = (make.rows.len(), make.rows.sources());
        let all = |name: &str| (0..n).map(|i| make.table.real(name, i)).collect();
        let alike = |name: &str| make.table.is_alike(&[name]);
        let slow = |i| if D::TAU_SLOW.is_some() { make.table.real(SLOW_TRACE, i) } else { 0.0 };
        let traces = |i| match P::ALWAYS_ONE {
            true => SourceTraces { fast: 1.0, slow: 0.0 },
            false => SourceTraces { fast: make.table.real(TRACE, i), slow: slow(i) },
        };
        let mut this = Paired {
            rows: make.rows.clone(),
            // One query of the table for all: there may be millions.
            weights: if alike(WEIGHT) { vec![make.table.real(WEIGHT, 0); n] } else { all(WEIGHT) },
            traces: match P::ALWAYS_ONE || make.table.is_alike(&Self::STATE[1..]) {
                true if n > 0 => Traces::BySource(vec![traces(0); sources]),
                _ => Traces::BySynapse((0..n).map(traces).collect()),
            },
            last: vec![0; sources],
            applied: vec![0; sources],
            shadow: BTreeMap::new(),
            constants: SynapseConstants::new(make.table, make.grid, Self::STATE, n, D::constants::<M>),
            level: level(),
            scratch: RowScratch::new(),
            rule: PhantomData,
        };
        this.spread_traces();
        this
    }

    /// Where constants differ between synapses, so do the traces.
    fn spread_traces(&mut self) {
        let differ = P::CENTRED || matches!(self.constants, SynapseConstants::Each(_));
        if let (true, Traces::BySource(traces)) = (differ, &self.traces) {
            let rows = traces.iter().enumerate().map(|(source, trace)| (*trace, self.rows.row(source).len()));
            self.traces = Traces::BySynapse(rows.flat_map(|(trace, n)| std::iter::repeat_n(trace, n)).collect());
        }
    }
}

impl<M: Declared, D: PairRule<K>, P: Scheme, const K: usize> Paired<M, D, P, K> {
    /// Advances the weights of a source, its own or their shadows, to a spike or a time.
    fn advance(&mut self, source: usize, weights: &mut [f64], mut spike: PreSpike, archive: &Archive) {
        let (rows, level, scratch) = (&*self.rows, self.level, &mut *self.scratch);
        let rule = PhantomData::<(D, P)>;
        let row = rows.row(source);
        let targets = rows.targets().of(row.clone());
        let delay = |j: usize| rows.delay(row.start + j) as i64;
        match (&mut self.traces, rows.delays()) {
            (Traces::BySource(traces), Delays::Same(d)) => {
                let (k, d) = (self.constants.of(0), *d as i64);
                spike.begin::<D, K>(k, traces[source]);
                let all = &mut scratch.of_all;
                if spike.fires
                    && all.pays(spike.stamp, targets.len(), archive.neurons())
                    && !all.computed
                    && let Ok(to) = i32::try_from(spike.stamp - d)
                {
                    level.run(ComputeTraces::<P>::new(all, archive, spike.grid, to));
                }
                let computed = spike.fires && all.computed;
                let (delay, own) = (|_| d, None);
                level.run(AdvanceRow { k, weights, targets, own, delay, spike, archive, scratch, computed, rule });
                traces[source] = spike.traces_after::<P>(k[D::TAU_PLUS]);
            }
            (Traces::BySource(traces), _) => {
                let k = self.constants.of(0);
                spike.begin::<D, K>(k, traces[source]);
                let (own, computed) = (None, false);
                level.run(AdvanceRow { k, weights, targets, own, delay, spike, archive, scratch, computed, rule });
                traces[source] = spike.traces_after::<P>(k[D::TAU_PLUS]);
            }
            (Traces::BySynapse(traces), _) => match &self.constants {
                SynapseConstants::Same(k) => {
                    let (own, computed) = (Some(&mut traces[row.clone()]), false);
                    level.run(AdvanceRow { k, weights, targets, own, delay, spike, archive, scratch, computed, rule });
                }
                SynapseConstants::Each(all) => {
                    for (j, i) in row.clone().enumerate() {
                        let (k, own, delay) = (&all[i], Some(&mut traces[i..=i]), |_| delay(j));
                        let (weights, targets, computed) = (&mut weights[j..=j], &targets[j..=j], false);
                        AdvanceRow { k, weights, targets, own, delay, spike, archive, scratch, computed, rule }
                            .run::<f64>();
                    }
                }
            },
        }
        self.applied[source] = spike.stamp;
        if spike.fires {
            self.last[source] = spike.stamp;
        }
    }

    /// A spike of a source at `stamp`, or only that time.
    fn spike(&self, source: usize, grid: Grid, stamp: i64, fires: bool) -> PreSpike {
        let (applied, last) = (self.applied[source], self.last[source]);
        PreSpike { grid, stamp, applied, last, traces: SourceTraces { fast: 0.0, slow: 0.0 }, slow: 0.0, fires }
    }
}

impl<M: Declared, D: PairRule<K>, P: Scheme, const K: usize> PlasticRows for Paired<M, D, P, K> {
    fn send(&mut self, source: usize, step: i64, pass: &mut Pass<'_>) {
        let Pass { rows, grid, archive, .. } = *pass;
        let row = rows.row(source);
        let targets = rows.targets().of(row.clone());
        prefetch(targets);
        prefetch(&self.weights[row.clone()]);
        if !self.shadow.is_empty()
            && let Some(weights) = self.shadow.remove(&source)
        {
            self.weights[row.clone()].copy_from_slice(&weights);
        }
        let spike = self.spike(source, grid, step + 1, true);
        let mut all = std::mem::take(&mut self.weights);
        self.advance(source, &mut all[row.clone()], spike, archive);
        self.weights = all;
        let weights = &self.weights[row.clone()];
        let delay = |j: usize| rows.delay(row.start + j) as i64;
        match rows.delays() {
            Delays::Same(delay) if !pass.relays && pass.spike.is_plain() => {
                pass.inputs.deliver_row(pass.inlet, step + *delay as i64, targets, weights);
            }
            _ => {
                for (j, (&target, &weight)) in targets.iter().zip(weights.iter()).enumerate() {
                    pass.deliver(step + delay(j), target, weight);
                }
            }
        }
        if let Some(transmitted) = &mut pass.transmitted {
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

    fn apply_early(&mut self, until: i64, grid: Grid, archive: &Archive) {
        // Which spike of a target is the first since the last one of the source must stay known until that fires.
        if P::RESTRICTED || P::CENTRED {
            return;
        }
        let horizon = self.horizon(grid);
        if grid.ms(until) - horizon < LONG_SILENT || !archive.is_crowded(horizon, grid.ms(until)) {
            return;
        }
        for source in 0..self.last.len() {
            let row = self.rows.row(source);
            if row.is_empty() || grid.ms(until) - grid.ms(self.applied[source]) < LONG_SILENT {
                continue;
            }
            let mut weights = self.shadow.remove(&source).unwrap_or_else(|| self.weights[row].to_vec());
            self.advance(source, &mut weights, self.spike(source, grid, until, false), archive);
            self.shadow.insert(source, weights);
        }
    }

    fn value(&self, name: &str, synapse: usize) -> Option<f64> {
        if name == WEIGHT {
            return Some(self.weights[synapse]);
        }
        if !Self::STATE.contains(&name) {
            return None;
        }
        let traces = match &self.traces {
            Traces::BySynapse(traces) => traces[synapse],
            Traces::BySource(traces) => {
                traces[self.rows.starts().partition_point(|start| *start as usize <= synapse) - 1]
            }
        };
        Some(if name == TRACE { traces.fast } else { traces.slow })
    }

    fn set_weights(&mut self, weight: &dyn Fn(usize) -> f64) {
        self.weights.iter_mut().enumerate().for_each(|(i, w)| *w = weight(i));
        self.shadow.clear();
    }

    fn set_parameters(&mut self, table: &Table, grid: Grid) {
        self.constants = SynapseConstants::new(table, grid, Self::STATE, self.weights.len(), D::constants::<M>);
        self.spread_traces();
    }

    fn horizon(&self, grid: Grid) -> f64 {
        // Sources without synapses never ask.
        let asking = self.applied.iter().enumerate().filter(|(source, _)| !self.rows.row(*source).is_empty());
        asking.map(|(_, applied)| *applied).min().map_or(f64::INFINITY, |applied| grid.ms(applied))
    }

    fn needs(&self) -> Needs {
        Spikes::NEEDS
    }

    fn bytes(&self) -> usize {
        let traces = match &self.traces {
            Traces::BySource(traces) | Traces::BySynapse(traces) => size_of_val(&traces[..]),
        };
        let shadow: usize = self.shadow.values().map(Vec::len).sum();
        (self.weights.len() + 2 * self.last.len() + shadow) * 8
            + traces
            + self.constants.bytes()
            + size_of::<RowScratch>()
    }

    fn clone_box(&self) -> Box<dyn PlasticRows> {
        Box::new(Paired::<M, D, P, K> {
            rows: self.rows.clone(),
            weights: self.weights.clone(),
            traces: self.traces.clone(),
            last: self.last.clone(),
            applied: self.applied.clone(),
            shadow: self.shadow.clone(),
            constants: self.constants.clone(),
            level: self.level,
            scratch: RowScratch::new(),
            rule: PhantomData,
        })
    }
}
