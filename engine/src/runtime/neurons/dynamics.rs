//! What a neuron model must say about itself to be simulated.

use super::constants::{Coefficients, Grouped};
use super::lists::{ListSet, Lists};
use super::readings::{Reading, Readings};
use super::rows::at;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::input::inputs::{Gathered, Lanes};
use crate::runtime::parameters::{Declared, Parameters};

/// What arrives at some neurons in one step.
#[derive(Clone, Copy)]
pub struct Arriving<'a, R> {
    /// Sum of positive weights, in models with one signed port.
    pub excitatory: R,
    /// Sum of negative weights (a negative number).
    pub inhibitory: R,
    /// Current into the membrane during the step, pA.
    pub current: R,
    /// A number uniform on [0, 1), where the model asks for it.
    pub chance: R,
    /// The step, ms.
    pub h: R,
    block: Arrivals<'a>,
    pub(crate) lane: usize,
}

/// What a block receives in a step. It is taken apart once a block, so that the loop over its neurons need not ask
/// again how many inlets there are.
#[derive(Clone, Copy)]
pub(crate) struct Arrivals<'a> {
    spikes: &'a [Lanes],
    currents: &'a [Lanes],
    /// The first of them, which every step reads.
    excitatory: &'a Lanes,
    inhibitory: &'a Lanes,
    current: &'a Lanes,
    /// Random numbers, where the model asks for them.
    chance: &'a [f64; 64],
    /// The step, ms.
    h: f64,
}

impl<'a> Arrivals<'a> {
    #[inline(always)]
    pub fn new(gathered: &'a Gathered, chance: &'a [f64; 64], h: f64) -> Self {
        let Gathered { spikes, currents, .. } = gathered;
        // There are at least two sums of spikes and of currents.
        let (excitatory, inhibitory, current) = (&spikes[0], &spikes[1], &currents[0]);
        Arrivals { spikes, currents, excitatory, inhibitory, current, chance, h }
    }

    /// For the neurons that start at `lane`.
    #[inline(always)]
    pub fn at<R: Real>(self, lane: usize) -> Arriving<'a, R> {
        Arriving {
            excitatory: R::load(at::<R>(self.excitatory, lane)),
            inhibitory: R::load(at::<R>(self.inhibitory, lane)),
            current: R::load(at::<R>(self.current, lane)),
            chance: R::load(at::<R>(self.chance, lane)),
            h: R::of(self.h),
            block: self,
            lane,
        }
    }
}

impl<R: Real> Arriving<'_, R> {
    /// Sum of weights at inlet `i`: inlets are numbered over the spike ports in order of their
    /// declaration, a signed port having two (excitatory, inhibitory).
    #[inline(always)]
    pub fn spikes(&self, i: usize) -> R {
        R::load(at::<R>(&self.block.spikes[i], self.lane))
    }
    /// Whether there is an inlet of this number: of some ports there are inlets only where something is wired to them.
    #[inline(always)]
    pub fn is_wired(&self, i: usize) -> bool {
        i < self.block.spikes.len()
    }
    /// Current at the `i`-th current port, pA.
    #[inline(always)]
    pub fn currents(&self, i: usize) -> R {
        R::load(at::<R>(&self.block.currents[i], self.lane))
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
pub struct TrialStep {
    pub potential: [f64; 2],
    pub slope: [f64; 2],
}

/// A model whose neurons are stepped in lanes.
///
/// The runtime keeps the numbers of [`State`](Neuron::State) and [`Constants`](Neuron::Constants) for it. What is
/// computed in lanes stands in functions that are `#[inline(always)]`; all else is called once a neuron or less.
pub trait Neuron: Declared + Sized {
    /// What changes from step to step.
    type State<R: Real>: Fields<R>;
    /// What is derived from the parameters.
    type Constants<R: Real>: Fields<R>;
    /// The list parameters whose entries have state.
    const LISTS: ListSet = ListSet::NONE;
    /// Where recordables and settable state variables are read. All that are declared must be there.
    const READINGS: Readings;
    /// Where recordables are read that are something else than the state variables of their names.
    const RECORDED: Readings = Readings::NONE;
    /// Whether two vectors are stepped side by side, so that one computes while the other waits. It gains where a step is a
    /// long chain of operations, each of which needs the one before; elsewhere it takes registers away.
    const SIDE_BY_SIDE: bool = false;
    /// Whether something is left to do when a neuron fires: [`Neuron::fire`].
    const FIRES: bool = false;
    /// Tries a step of one neuron without consequences, in models that gap junctions can join.
    const TRIAL: Option<Trial<Self>> = None;
    /// What a spike carries in the place of the time before the end of its step, where that is not 0.
    const CARRIED: Option<Carried<Self>> = None;
    /// The list parameter that is the state at first of the entries of one of the lists, with the number of that list:
    /// when it is set the entries begin anew.
    const FIRST_ENTRIES: Option<(&'static str, usize)> = None;

    fn constants(p: &Parameters<'_, Self>) -> Self::Constants<f64>;
    /// Puts the constants of an entry of a list into `k`, which is 0 before.
    fn entry_constants(_p: &Parameters<'_, Self>, _list: usize, _entry: usize, _k: &mut [f64]) {}
    /// State at time 0, before settable state is put in.
    fn initial(_p: &Parameters<'_, Self>, _k: &Self::Constants<f64>) -> Self::State<f64> {
        Self::State::filled(0.0)
    }
    /// Puts the state of an entry at time 0 into `s`, which is 0 before.
    fn initial_entry(_list: usize, _k: &[f64], _s: &mut [f64]) {}
    /// The signal that a neuron puts out to others at the beginning of a step.
    fn output() -> Option<Reading> {
        None
    }
    /// Whether a neuron with these constants needs [`Arriving::chance`].
    fn needs_chance(_k: &Self::Constants<f64>) -> bool {
        false
    }
    /// Called when these parameters have been set; most models have nothing to do.
    fn parameters_set(_names: &[&str], _s: &mut Self::State<f64>, _k: &Self::Constants<f64>) {}
    /// What becomes of a neuron that fires; returns how many spikes it sends.
    fn fire(
        _s: &mut Self::State<f64>,
        _k: &Self::Constants<f64>,
        _lists: &mut Lists<'_, Grouped<'_>>,
        _chance: &mut Stream,
    ) -> u32 {
        1
    }
    /// One step of the neurons of a vector; returns who fires.
    fn step<R: Real, C: Coefficients>(
        k: &Self::Constants<R>,
        s: &mut Self::State<R>,
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) -> R::Mask;
}

/// A step of one neuron tried with this current and these gap junctions; the state is the caller's copy.
pub type Trial<N> =
    fn(&mut <N as Neuron>::State<f64>, &<N as Neuron>::Constants<f64>, f64, &GapInput, Grid) -> TrialStep;

/// Tells what a spike of a neuron with this state and these constants carries.
pub type Carries<S, K> = fn(&mut S, &K) -> f64;

/// What the spike of a neuron that has just fired carries: ms before the end of the step, or what a model puts there.
pub type Carried<N> = Carries<<N as Neuron>::State<f64>, <N as Neuron>::Constants<f64>>;
