//! Synapses with a state of their own: what a synapse model must say of itself, and the rows of such synapses.
//!
//! A synapse acts only when its source fires. It advances its state from the source's last spike to this one, with what
//! its target has done meanwhile, transmits a weight or nothing, and updates the traces of its source. The whole delay
//! is dendritic: what the target did is read at the time of the spike less the delay. What there is to be read is an
//! open list, see [`histories`](super::histories).

use std::sync::Arc;

use crate::description::Inlet;
use crate::mechanisms::random::{Purpose, Stream};
use crate::mechanisms::time::Grid;
use crate::runtime::connections::rows::SynapseRows;
use crate::runtime::input::inputs::{Event, Inputs};
use crate::runtime::parameters::{Declared, Parameters, assert_declared};
use crate::runtime::synapses::archive::Archive;
use crate::runtime::synapses::reads::{Needs, ReadsTarget};
use crate::runtime::synapses::transmitters::Release;
use crate::runtime::table::Table;

/// A presynaptic spike as its synapses see it; ms.
#[derive(Clone, Copy, Debug)]
pub struct Spike {
    /// Its stamp: the end of the step in which it was sent.
    pub time: f64,
    /// The stamp of the source's spike before it, or [`Synapse::BEFORE_FIRST`].
    pub last: f64,
    /// The delay of the synapse in whole steps.
    pub delay: f64,
}

/// What changes with every spike and is shared by all synapses of a projection onto a chunk.
#[derive(Clone)]
pub struct Shared {
    pub chance: Stream,
    /// How many synapses a model that numbers them has numbered.
    pub numbered: u64,
}

/// A synapse model with `S` numbers of state, the weight first, and `K` constants.
pub trait Synapse<const S: usize, const K: usize>: Declared {
    /// What it reads of its target.
    type Reads: ReadsTarget;
    /// What follows from the times of two spikes of the source alone, as the decay between them. Synapses that share
    /// their constants share it, so that it is reckoned once a spike.
    type Interval: Clone + Default + Send + Sync + 'static;
    /// What counts as the time of the source's last spike before its first one, ms.
    const BEFORE_FIRST: f64 = 0.0;
    /// Whether a volume transmitter brings it up to date between spikes.
    const TRIGGERED: bool = false;
    /// The spikes of a slice pass in order of their sources, not of their times.
    const BY_SOURCE: bool = false;
    /// The names of its state variables; the first is the weight. One that is no parameter begins at 0.
    const STATE: [&'static str; S];

    fn constants(p: &Parameters<'_, Self>) -> [f64; K]
    where
        Self: Sized;
    /// Reckons what the synapses of a source share between `last` and `time` (ms), as in [`Spike`].
    fn interval(
        _k: &[f64; K],
        _last: f64,
        _time: f64,
        _row: <Self::Reads as ReadsTarget>::Row<'_>,
        _interval: &mut Self::Interval,
    ) {
    }
    /// A spike of the source: advances the state to it and returns the weight transmitted, if any.
    fn send(
        k: &[f64; K],
        s: &mut [f64; S],
        spike: Spike,
        interval: &Self::Interval,
        post: <Self::Reads as ReadsTarget>::View<'_>,
        shared: &mut Shared,
    ) -> Option<f64>;
    /// The weight has been set, at first or later.
    fn weight_set(_s: &mut [f64; S]) {}
    /// Advances the state to `spike.time` without a spike.
    fn trigger(
        _k: &[f64; K],
        _s: &mut [f64; S],
        _spike: Spike,
        _interval: &Self::Interval,
        _post: <Self::Reads as ReadsTarget>::View<'_>,
    ) {
    }
}

/// A synapse model with state, as its declaration names it.
#[derive(Debug)]
pub struct PlasticModel {
    pub make: MakePlastic,
    /// What must be kept of the targets.
    pub needs: Needs,
    /// It needs a volume transmitter.
    pub triggered: bool,
    /// It acts on the target in every step, and not only when a spike arrives.
    pub lasting: bool,
}

/// A weight that was transmitted, for a weight recorder.
#[derive(Clone, Copy, Debug)]
pub struct Transmitted {
    /// Step at whose end the source fired.
    pub stamp: i64,
    pub source: u32,
    /// Within the chunk.
    pub target: u16,
    pub weight: f64,
    /// Place of the synapse within its row.
    pub place: u32,
}

/// What a row of plastic synapses reads and writes when a spike passes it.
pub struct Pass<'a> {
    pub rows: &'a SynapseRows,
    pub grid: Grid,
    pub inlet: Inlet,
    /// The targets repeat spikes, whatever the weight.
    pub relays: bool,
    pub archive: &'a Archive,
    /// What the volume transmitter of the projection has collected since it last brought its synapses up to date.
    pub released: &'a [Release],
    pub inputs: &'a mut Inputs,
    /// The spike that passes. Plasticity knows only its stamp; it arrives by its offset earlier, and its factor counts.
    pub spike: Event,
    /// Where transmitted weights are listed, if a weight recorder watches the projection.
    pub transmitted: Option<&'a mut Vec<Transmitted>>,
}

impl Pass<'_> {
    /// The spike arrives at a target with this weight, `step` being the step at whose end its stamp does.
    #[inline(always)]
    pub fn deliver(&mut self, step: i64, target: u16, weight: f64) {
        let weight = if self.relays { 1.0 } else { weight * self.spike.factor };
        self.inputs.deliver_at(self.inlet, step, target, weight, self.spike.multiplicity, self.spike.offset);
    }
}

/// The states of the plastic synapses of one projection onto a chunk, whatever their model. One call a row.
pub trait PlasticRows: Send + Sync {
    /// A spike of `source` in `step` passes its row.
    fn send(&mut self, source: usize, step: i64, pass: &mut Pass<'_>);
    /// The spikes of a slice pass in order of their sources, not of their times.
    fn by_source(&self) -> bool {
        false
    }
    /// Advances all synapses to `time` (ms) without a spike.
    fn trigger(&mut self, time: f64, pass: &mut Pass<'_>);
    /// For sources that have been silent for long, postsynaptic spikes up to the stamp `until` are applied early to a
    /// shadow weight, so that the archive can be pruned; the weight itself stays. All spikes of the sources up to there
    /// must have passed.
    fn apply_early(&mut self, _until: i64, _grid: Grid, _archive: &Archive) {}
    /// Makes `n` steps from `first` on of synapses whose state acts all the time, before their targets make them.
    fn advance(&mut self, _first: i64, _n: usize, _rows: &SynapseRows, _inlet: Inlet, _inputs: &mut Inputs) {}
    /// Takes over parameters of the targets, the first of which has this number.
    fn set_targets(&mut self, _table: &Table, _first: usize) {}
    /// A state variable of a synapse.
    fn value(&self, name: &str, synapse: usize) -> Option<f64>;
    fn set_weights(&mut self, weight: &dyn Fn(usize) -> f64);
    /// Takes over changed parameters; state stays.
    fn set_parameters(&mut self, table: &Table, grid: Grid);
    /// What targets did before this time (ms, at the synapse) is not asked for any more: the earliest of the times up to
    /// which synapses have been advanced. Infinite if they read nothing of their targets.
    fn horizon(&self, grid: Grid) -> f64;
    fn needs(&self) -> Needs;
    fn bytes(&self) -> usize;
    fn clone_box(&self) -> Box<dyn PlasticRows>;
}

impl Clone for Box<dyn PlasticRows> {
    fn clone(&self) -> Self {
        self.clone_box()
    }
}

/// What plastic rows are made from.
pub struct MakeRows<'a> {
    /// Values of parameters and initial state by synapse, in order of the rows.
    pub table: &'a Table,
    pub rows: &'a Arc<SynapseRows>,
    pub grid: Grid,
    pub seed: u64,
    /// Index of the projection and first neuron of the chunk, for random streams.
    pub projection: u64,
    pub first: u64,
}

/// Makes the plastic rows of a chunk; each synapse model with state declares its own.
pub type MakePlastic = fn(&MakeRows<'_>) -> Box<dyn PlasticRows>;

/// Derived constants of the synapses of a projection onto a chunk: the same for all, or one set a synapse.
#[derive(Clone)]
pub(crate) enum SynapseConstants<const K: usize> {
    Same([f64; K]),
    Each(Vec<[f64; K]>),
}

impl<const K: usize> SynapseConstants<K> {
    /// Those of `n` synapses of model `M`; `state` are the parameters that do not decide them.
    pub fn new<M: Declared>(
        table: &Table,
        grid: Grid,
        state: &[&str],
        n: usize,
        of: fn(&Parameters<'_, M>) -> [f64; K],
    ) -> Self {
        let parameters = M::DECLARATION.parameters().map(|p| p.name);
        let names: Vec<&str> = parameters.filter(|name| !state.contains(name)).collect();
        if table.is_alike(&names) {
            SynapseConstants::Same(of(&Parameters::at(table, 0, grid)))
        } else {
            SynapseConstants::Each((0..n).map(|i| of(&Parameters::at(table, i, grid))).collect())
        }
    }

    pub fn bytes(&self) -> usize {
        if let SynapseConstants::Each(ks) = self { size_of_val(&ks[..]) } else { 0 }
    }

    #[inline(always)]
    pub fn of(&self, synapse: usize) -> &[f64; K] {
        match self {
            SynapseConstants::Same(k) => k,
            SynapseConstants::Each(ks) => &ks[synapse],
        }
    }
}

/// Synapses of model `D`, in order of their rows.
pub struct Plastic<D: Synapse<S, K>, const S: usize, const K: usize> {
    states: Vec<[f64; S]>,
    constants: SynapseConstants<K>,
    /// Time of the last spike of each source, ms, which is the same for all its synapses. Infinite for a source without
    /// synapses, which asks for nothing.
    last: Vec<f64>,
    shared: Shared,
    interval: D::Interval,
    dynamics: std::marker::PhantomData<D>,
}

impl<D: Synapse<S, K>, const S: usize, const K: usize> Plastic<D, S, K> {
    /// What a declaration says of the model with dynamics `D`.
    pub const MODEL: PlasticModel =
        PlasticModel { make: Self::make, needs: D::Reads::NEEDS, triggered: D::TRIGGERED, lasting: false };

    /// Rows of the model with dynamics `D`.
    fn make(make: &MakeRows<'_>) -> Box<dyn PlasticRows> {
        const { assert_declared::<D>(&D::STATE) };
        let n = make.rows.len();
        let state = |i: usize| {
            // State without a name is no parameter and begins at 0.
            let mut state = D::STATE.map(|name| if name.is_empty() { 0.0 } else { make.table.real(name, i) });
            D::weight_set(&mut state);
            state
        };
        let states = if make.table.is_alike(&D::STATE) {
            // One query of the table for all: there may be millions.
            if n == 0 { Vec::new() } else { vec![state(0); n] }
        } else {
            (0..n).map(state).collect()
        };
        Box::new(Plastic {
            states,
            constants: SynapseConstants::new(make.table, make.grid, &D::STATE, n, D::constants),
            last: (0..make.rows.sources())
                .map(|source| if make.rows.row(source).is_empty() { f64::INFINITY } else { D::BEFORE_FIRST })
                .collect(),
            shared: Shared {
                chance: Stream::of(make.seed, Purpose::Release, make.projection, make.first),
                numbered: 0,
            },
            interval: D::Interval::default(),
            dynamics: std::marker::PhantomData::<D>,
        })
    }
}

impl<D: Synapse<S, K>, const S: usize, const K: usize> PlasticRows for Plastic<D, S, K> {
    fn send(&mut self, source: usize, step: i64, pass: &mut Pass<'_>) {
        let Pass { rows, grid, archive, released, .. } = *pass;
        let row = rows.row(source);
        if row.is_empty() {
            return;
        }
        let begin = row.start;
        let (time, last) = (grid.ms(step + 1), self.last[source]);
        let read = D::Reads::row(archive, released);
        if let SynapseConstants::Same(k) = &self.constants {
            D::interval(k, last, time, read, &mut self.interval);
        }
        for (i, &target) in row.clone().zip(rows.targets().of(row)) {
            let steps = rows.delay(i);
            let k = self.constants.of(i);
            if let SynapseConstants::Each(_) = &self.constants {
                D::interval(k, last, time, read, &mut self.interval);
            }
            let spike = Spike { time, last, delay: grid.ms(steps as i64) };
            let post = D::Reads::view(read, target as usize);
            let sent = D::send(k, &mut self.states[i], spike, &self.interval, post, &mut self.shared);
            let Some(weight) = sent else { continue };
            pass.deliver(step + steps as i64, target, weight);
            if let Some(transmitted) = &mut pass.transmitted {
                let (source, place) = (source as u32, (i - begin) as u32);
                transmitted.push(Transmitted { stamp: step + 1, source, target, weight, place });
            }
        }
        self.last[source] = time;
    }

    fn by_source(&self) -> bool {
        D::BY_SOURCE
    }

    fn trigger(&mut self, time: f64, pass: &mut Pass<'_>) {
        let read = D::Reads::row(pass.archive, pass.released);
        for source in 0..self.last.len() {
            let row = pass.rows.row(source);
            if row.is_empty() {
                continue;
            }
            let last = self.last[source];
            if let SynapseConstants::Same(k) = &self.constants {
                D::interval(k, last, time, read, &mut self.interval);
            }
            for (i, &target) in row.clone().zip(pass.rows.targets().of(row)) {
                let k = self.constants.of(i);
                if let SynapseConstants::Each(_) = &self.constants {
                    D::interval(k, last, time, read, &mut self.interval);
                }
                let spike = Spike { time, last, delay: pass.grid.ms(pass.rows.delay(i) as i64) };
                let post = D::Reads::view(read, target as usize);
                D::trigger(k, &mut self.states[i], spike, &self.interval, post);
            }
            self.last[source] = time;
        }
    }

    fn value(&self, name: &str, synapse: usize) -> Option<f64> {
        D::STATE.iter().position(|state| *state == name).map(|place| self.states[synapse][place])
    }

    fn set_weights(&mut self, weight: &dyn Fn(usize) -> f64) {
        for (i, state) in self.states.iter_mut().enumerate() {
            state[0] = weight(i);
            D::weight_set(state);
        }
    }

    fn set_parameters(&mut self, table: &Table, grid: Grid) {
        self.constants = SynapseConstants::new(table, grid, &D::STATE, self.states.len(), D::constants);
    }

    fn horizon(&self, _: Grid) -> f64 {
        if D::Reads::NEEDS.is_nothing() {
            return f64::INFINITY;
        }
        self.last.iter().copied().fold(f64::INFINITY, f64::min)
    }

    fn needs(&self) -> Needs {
        D::Reads::NEEDS
    }

    fn bytes(&self) -> usize {
        self.states.len() * 8 * S + self.last.len() * 8 + self.constants.bytes()
    }

    fn clone_box(&self) -> Box<dyn PlasticRows> {
        Box::new(Plastic {
            states: self.states.clone(),
            constants: self.constants.clone(),
            last: self.last.clone(),
            shared: self.shared.clone(),
            interval: self.interval.clone(),
            dynamics: std::marker::PhantomData::<D>,
        })
    }
}
