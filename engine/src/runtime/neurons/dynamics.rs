//! What a neuron model must say about itself to be simulated.

use crate::mechanisms::lanes::Real;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::clock::chunk::{Outbox, Probe, Span, Trouble};
use crate::runtime::input::inputs::{Gathered, Inputs};
use crate::runtime::neurons::blocks::{self, Blocks};
use crate::runtime::neurons::lists::{List, Lists};

/// Derived constants of the neurons: the same for all, or one set a neuron.
pub trait Coefficients: Copy {
    /// Constant `i` for the neurons that start at `lane` of the block.
    fn at<R: Real>(&self, i: usize, lane: usize) -> R;
}

/// One set for the whole population: costs nothing per neuron.
#[derive(Clone, Copy)]
pub struct Uniform<'a, const K: usize>(pub &'a [f64; K]);

impl<const K: usize> Coefficients for Uniform<'_, K> {
    #[inline(always)]
    fn at<R: Real>(&self, i: usize, _: usize) -> R {
        R::of(self.0[i])
    }
}

/// One set a neuron: of the 64 of a block, or of any that stand side by side.
#[derive(Clone, Copy)]
pub struct PerNeuron<'a, const K: usize, const W: usize = 64>(pub &'a [[f64; W]; K]);

impl<const K: usize, const W: usize> Coefficients for PerNeuron<'_, K, W> {
    #[inline(always)]
    fn at<R: Real>(&self, i: usize, lane: usize) -> R {
        R::load(&self.0[i][lane..])
    }
}

/// What arrives at some neurons in one step.
#[derive(Clone, Copy)]
pub struct Arriving<'a, R> {
    /// Sum of positive weights, in models with one signed port.
    pub excitatory: R,
    /// Sum of negative weights (a negative number).
    pub inhibitory: R,
    /// Current into the membrane during the step, pA.
    pub current: R,
    /// Current on port 1, pA.
    pub filtered: R,
    /// A number uniform on [0, 1), where the model asks for it.
    pub chance: R,
    pub(crate) gathered: &'a Gathered,
    pub(crate) lane: usize,
}

impl<'a, R: Real> Arriving<'a, R> {
    /// For the neurons that start at `lane`, from sums over the block and random numbers for it.
    #[inline(always)]
    pub(crate) fn at(lane: usize, gathered: &'a Gathered, chance: &[f64; 64]) -> Self {
        Arriving {
            excitatory: R::load(&gathered.spikes[0][lane..]),
            inhibitory: R::load(&gathered.spikes[1][lane..]),
            current: R::load(&gathered.currents[0][lane..]),
            filtered: R::load(&gathered.currents[1][lane..]),
            chance: R::load(&chance[lane..]),
            gathered,
            lane,
        }
    }
    /// Sum of weights at inlet `i`: inlets are numbered over the spike ports in order of their
    /// declaration, a signed port having two (excitatory, inhibitory).
    #[inline(always)]
    pub fn spikes(&self, i: usize) -> R {
        R::load(&self.gathered.spikes[i][self.lane..])
    }
    /// Current at the `i`-th current port, pA.
    #[inline(always)]
    pub fn currents(&self, i: usize) -> R {
        R::load(&self.gathered.currents[i][self.lane..])
    }
}

/// What flows through the gap junctions of a neuron during a step: ∑ w p(s) − V ∑ w, where p is the
/// polynomial of a partner's potential in s = 0 … 1, the part of the step that has passed.
#[derive(Clone, Copy, Debug, Default)]
pub struct GapInput {
    /// ∑ w, nS.
    pub conductance: f64,
    /// Coefficients of ∑ w p(s).
    pub coefficients: [f64; 4],
}

/// A step tried: the potential (mV) and its slope (mV per step) at its beginning and end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rehearsed {
    pub potential: [f64; 2],
    pub slope: [f64; 2],
}

/// Parameters of one neuron, by name.
pub trait Lookup {
    fn real(&self, name: &str) -> f64;
    fn flag(&self, name: &str) -> bool {
        self.real(name) != 0.0
    }
    /// A list-valued parameter.
    fn list(&self, name: &str) -> &[f64];
}

/// A neuron model with `S` numbers of state and `K` derived constants.
pub trait Dynamics<const S: usize, const K: usize>: Send + Sync + 'static {
    /// Whether a neuron can send several spikes in one step; [`Dynamics::spikes`] then tells how many.
    const BURSTS: bool = false;
    /// Derived constants from the parameters.
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; K];
    /// State at time 0, before settable state is put in.
    fn initial(p: &dyn Lookup, k: &[f64; K]) -> [f64; S];
    /// One step for the neurons that start at `lane`; returns who fires.
    fn step<R: Real, C: Coefficients>(k: C, lane: usize, s: &mut [R; S], input: Arriving<R>) -> R::Mask;
    /// Number of spikes that a neuron sends in a step in which it fires.
    fn spikes(_s: &[f64; S]) -> u32 {
        1
    }
    /// The signal that a neuron shows at the beginning of a step.
    fn shown(_s: &[f64; S], _k: &[f64; K]) -> f64 {
        0.0
    }
    /// Across gap junctions: one step tried without consequences.
    fn rehearse(_s: &[f64; S], _k: &[f64; K], _current: f64, _gap: &GapInput) -> Option<Rehearsed> {
        None
    }
    /// As [`Dynamics::spikes`], for what firing leaves to chance: how many spikes, or what becomes of the neuron.
    fn fire(s: &mut [f64; S], _k: &[f64; K], _chance: &mut Stream) -> u32 {
        Self::spikes(s)
    }
    /// The value of recordable `i` of the declaration.
    fn recordable(i: usize, s: &[f64; S], k: &[f64; K]) -> f64;
    /// The value of a settable state variable.
    fn state(name: &str, s: &[f64; S], k: &[f64; K]) -> f64;
    /// Puts a settable state variable to `x`.
    fn set_state(name: &str, x: f64, s: &mut [f64; S], k: &[f64; K]);
    /// Called when these parameters have been set; most models have nothing to do.
    fn parameters_set(_names: &[&str], _s: &mut [f64; S], _k: &[f64; K]) {}
    /// Whether a neuron with these constants needs [`Arriving::chance`].
    fn needs_chance(_k: &[f64; K]) -> bool {
        false
    }
    /// Takes the neurons of a chunk through a span; models that are solved adaptively have
    /// [`crate::runtime::neurons::solved::run`] here.
    #[inline(always)]
    fn run<R: Real>(
        blocks: &mut Blocks<Self, S, K>,
        span: &Span,
        inputs: &mut Inputs,
        outbox: &mut Outbox,
        probes: &mut [Probe],
    ) -> Result<(), Trouble>
    where
        Self: Sized,
    {
        blocks::run::<Self, S, K, R>(blocks, span, inputs, outbox, probes)
    }
}

/// A neuron model some of whose state comes in lists ([`lists`](crate::runtime::neurons::lists)); otherwise as [`Dynamics`].
pub trait ListDynamics<const S: usize, const K: usize>: Send + Sync + 'static {
    const BURSTS: bool = false;
    /// The list parameters whose entries have state.
    const LISTS: &'static [List];

    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; K];
    /// Puts the derived constants of one entry into `k`, which is 0 before.
    fn entry_constants(list: usize, entry: usize, p: &dyn Lookup, grid: Grid, k: &mut [f64]);
    fn initial(p: &dyn Lookup, k: &[f64; K]) -> [f64; S];
    /// Puts the state of one entry at time 0 into `s`, which is 0 before.
    fn initial_entry(_list: usize, _k: &[f64], _s: &mut [f64]) {}
    fn step<R: Real, C: Coefficients, L: Coefficients>(
        k: C,
        lane: usize,
        s: &mut [R; S],
        lists: &mut Lists<'_, L>,
        input: Arriving<R>,
    ) -> R::Mask;
    fn fire<L: Coefficients>(_s: &mut [f64; S], _k: &[f64; K], _lists: &mut Lists<'_, L>, _chance: &mut Stream) -> u32 {
        1
    }
    fn shown(_s: &[f64; S], _k: &[f64; K]) -> f64 {
        0.0
    }
    fn rehearse(_s: &[f64; S], _k: &[f64; K], _current: f64, _gap: &GapInput) -> Option<Rehearsed> {
        None
    }
    /// The value of recordable `i` of the declaration, of that entry of its list.
    fn recordable<L: Coefficients>(i: usize, entry: usize, s: &[f64; S], k: &[f64; K], lists: &Lists<'_, L>) -> f64;
    fn state(name: &str, s: &[f64; S], k: &[f64; K]) -> f64;
    fn set_state(name: &str, x: f64, s: &mut [f64; S], k: &[f64; K]);
    fn parameters_set(_names: &[&str], _s: &mut [f64; S], _k: &[f64; K]) {}
    fn needs_chance(_k: &[f64; K]) -> bool {
        false
    }
    #[inline(always)]
    fn run<R: Real>(
        blocks: &mut Blocks<Self, S, K>,
        span: &Span,
        inputs: &mut Inputs,
        outbox: &mut Outbox,
        probes: &mut [Probe],
    ) -> Result<(), Trouble>
    where
        Self: Sized,
    {
        blocks::run::<Self, S, K, R>(blocks, span, inputs, outbox, probes)
    }
}

/// A model without lists is one with none of them.
impl<D: Dynamics<S, K>, const S: usize, const K: usize> ListDynamics<S, K> for D {
    const BURSTS: bool = D::BURSTS;
    const LISTS: &'static [List] = &[];

    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; K] {
        D::constants(p, grid)
    }
    fn entry_constants(_: usize, _: usize, _: &dyn Lookup, _: Grid, _: &mut [f64]) {}
    fn initial(p: &dyn Lookup, k: &[f64; K]) -> [f64; S] {
        D::initial(p, k)
    }
    #[inline(always)]
    fn step<R: Real, C: Coefficients, L: Coefficients>(
        k: C,
        lane: usize,
        s: &mut [R; S],
        _: &mut Lists<'_, L>,
        input: Arriving<R>,
    ) -> R::Mask {
        D::step(k, lane, s, input)
    }
    fn fire<L: Coefficients>(s: &mut [f64; S], k: &[f64; K], _: &mut Lists<'_, L>, chance: &mut Stream) -> u32 {
        D::fire(s, k, chance)
    }
    fn shown(s: &[f64; S], k: &[f64; K]) -> f64 {
        D::shown(s, k)
    }
    fn rehearse(s: &[f64; S], k: &[f64; K], current: f64, gap: &GapInput) -> Option<Rehearsed> {
        D::rehearse(s, k, current, gap)
    }
    fn recordable<L: Coefficients>(i: usize, _: usize, s: &[f64; S], k: &[f64; K], _: &Lists<'_, L>) -> f64 {
        D::recordable(i, s, k)
    }
    fn state(name: &str, s: &[f64; S], k: &[f64; K]) -> f64 {
        D::state(name, s, k)
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; S], k: &[f64; K]) {
        D::set_state(name, x, s, k);
    }
    fn parameters_set(names: &[&str], s: &mut [f64; S], k: &[f64; K]) {
        D::parameters_set(names, s, k);
    }
    fn needs_chance(k: &[f64; K]) -> bool {
        D::needs_chance(k)
    }
    #[inline(always)]
    fn run<R: Real>(
        blocks: &mut Blocks<D, S, K>,
        span: &Span,
        inputs: &mut Inputs,
        outbox: &mut Outbox,
        probes: &mut [Probe],
    ) -> Result<(), Trouble> {
        D::run::<R>(blocks, span, inputs, outbox, probes)
    }
}
