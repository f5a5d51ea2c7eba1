//! Neurons that are stepped in the manner of BrainPy: a cell with synapses, a rule for spikes and an integration scheme.
//!
//! A step first resets what has spiked in the step before, then lets synapses and cell advance over the step, adds what
//! arrives as jumps, and tests for a spike. So the potential that is read at a spike is the one that has passed the
//! threshold.

use std::marker::PhantomData;

use super::receptors::{self, Driving, Receiving};
use crate::description::Declaration;
use crate::mechanisms::fields::{Fields, place, select};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::schemes::{ExponentialEuler, Scheme};
use crate::mechanisms::time::Grid;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::{Arriving, GapInput, Neuron, Trial, TrialStep};
use crate::runtime::neurons::lists::{ListSet, Lists};
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::parameters::{Declared, Parameters, real};

/// A cell: potential and whatever else moves with it. Its spikes are decided by the scaled distance from the threshold.
pub trait Cell: Send + Sync + 'static {
    type State<R: Real>: Fields<R>;
    type Constants<R: Real>: Fields<R>;
    /// Of the state variables, counted within the cell.
    const READINGS: Readings;
    /// What 1 mS times 1 mV is in the unit of its current.
    const MS_TIMES_MV: f64;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64>;
    /// The distance from the threshold at which spikes are decided: they are where it is 0 or more.
    fn distance<R: Real>(k: &Self::Constants<R>, s: &Self::State<R>) -> R;
    /// Whether the potential is at the threshold or above.
    fn is_above<R: Real>(k: &Self::Constants<R>, s: &Self::State<R>) -> R::Mask;
    /// What becomes of those that have spiked.
    fn reset<R: Real>(k: &Self::Constants<R>, s: &mut Self::State<R>, spiked: R::Mask);
    /// A step of `h`; `jump` is what arrives as jumps. Returns the current at the potential before the step.
    fn advance<R: Real, I: Scheme, D: Driving<R>>(
        k: &Self::Constants<R>,
        s: &mut Self::State<R>,
        drive: D,
        jump: R,
        h: R,
    ) -> R;
}

/// What becomes of spikes.
pub trait Firing: Send + Sync + 'static {
    type State<R: Real>: Fields<R>;
    type Constants<R: Real>: Fields<R>;
    /// Of the state variables, counted within the rule.
    const READINGS: Readings;
    /// Whether cells are reset.
    const RESETS: bool;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64>;
    /// After a step of `h`; `before` tells who was above the threshold at its beginning, `kept` is the cell as it was then,
    /// after the reset. Returns who spikes.
    fn fire<R: Real, C: Cell>(
        k: &Self::Constants<R>,
        s: &mut Self::State<R>,
        of_cell: &C::Constants<R>,
        cell: &mut C::State<R>,
        kept: &C::State<R>,
        before: R::Mask,
        h: R,
    ) -> R::Mask;
}

/// A reset in the step after each spike.
pub struct Resetting;

impl Firing for Resetting {
    type State<R: Real> = ();
    type Constants<R: Real> = ();
    const READINGS: Readings = Readings::NONE;
    const RESETS: bool = true;

    fn constants<M: Declared>(_: &Parameters<'_, M>) {}
    #[inline(always)]
    fn fire<R: Real, C: Cell>(
        _: &(),
        _: &mut (),
        of_cell: &C::Constants<R>,
        cell: &mut C::State<R>,
        _: &C::State<R>,
        _: R::Mask,
        _: R,
    ) -> R::Mask {
        R::spike(C::distance(of_cell, cell), R::of(0.0))
    }
}

/// The same, and the cell stays as it is for the time `tau_ref` after each spike; what arrives then is lost.
pub struct Held;

/// A time, ms, long before every simulation.
pub const NEVER: f64 = -1e7;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Clock<R> {
    #[name = "last_spike_time"]
    last: R,
    /// Steps done.
    steps: R,
}

impl Firing for Held {
    type State<R: Real> = Clock<R>;
    /// The refractory period, ms.
    type Constants<R: Real> = R;
    const READINGS: Readings = Readings::of::<Clock<f64>>();
    const RESETS: bool = true;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> f64 {
        real!(p, M, "tau_ref")
    }
    #[inline(always)]
    fn fire<R: Real, C: Cell>(
        tau_ref: &R,
        s: &mut Clock<R>,
        of_cell: &C::Constants<R>,
        cell: &mut C::State<R>,
        kept: &C::State<R>,
        _: R::Mask,
        h: R,
    ) -> R::Mask {
        // The time at the beginning of the step is this product and no sum, for ties are decided by its last bit.
        let t = s.steps * h;
        let refractory = tau_ref.gt(t - s.last);
        *cell = select(refractory, kept, cell);
        s.last = R::select(C::is_above(of_cell, cell), t, s.last);
        s.steps = s.steps + R::of(1.0);
        R::spike(C::distance(of_cell, cell), R::of(0.0))
    }
}

/// One spike each time the potential comes to the threshold from below; nothing is reset.
pub struct Crossing;

impl Firing for Crossing {
    type State<R: Real> = ();
    type Constants<R: Real> = ();
    const READINGS: Readings = Readings::NONE;
    const RESETS: bool = false;

    fn constants<M: Declared>(_: &Parameters<'_, M>) {}
    #[inline(always)]
    fn fire<R: Real, C: Cell>(
        _: &(),
        _: &mut (),
        of_cell: &C::Constants<R>,
        cell: &mut C::State<R>,
        _: &C::State<R>,
        before: R::Mask,
        _: R,
    ) -> R::Mask {
        let (zero, one) = (R::of(0.0), R::of(1.0));
        let now = R::spike(C::distance(of_cell, cell), zero);
        R::drawn(R::select(now, one, zero) * (one - R::select(before, one, zero)), zero)
    }
}

/// The neurons of model `M`: this cell with this rule for spikes, synapses of any number, and an integration scheme.
pub struct Cells<M, C, F, I = ExponentialEuler>(PhantomData<(M, C, F, I)>);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct State<R, C, F> {
    cell: C,
    firing: F,
    /// The current of the last step, taken at the potential before it.
    current: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R, C, F> {
    cell: C,
    firing: F,
    /// Constant current.
    i_e: R,
}

type StateOf<R, C, F> = State<R, <C as Cell>::State<R>, <F as Firing>::State<R>>;
type ConstantsOf<R, C, F> = Constants<R, <C as Cell>::Constants<R>, <F as Firing>::Constants<R>>;

impl<M: Declared, C: Cell, F: Firing, I: Scheme> Declared for Cells<M, C, F, I> {
    const DECLARATION: Declaration = M::DECLARATION;
}

impl<M: Declared, C: Cell, F: Firing, I: Scheme> Neuron for Cells<M, C, F, I> {
    type State<R: Real> = StateOf<R, C, F>;
    type Constants<R: Real> = ConstantsOf<R, C, F>;
    const LISTS: ListSet = receptors::LISTS;
    const READINGS: Readings = receptors::READINGS
        .and("I", Reading::state(place!(StateOf<f64, C, F>, current)))
        .and_those(C::READINGS, place!(StateOf<f64, C, F>, cell))
        .and_those(F::READINGS, place!(StateOf<f64, C, F>, firing));
    const SIDE_BY_SIDE: bool = true;
    const TRIAL: Option<Trial<Self>> = Some(still::<C, F>);

    fn output() -> Option<Reading> {
        Some(Reading::state(POTENTIAL))
    }
    fn constants(p: &Parameters<'_, Self>) -> ConstantsOf<f64, C, F> {
        let p = &p.of_same::<M>();
        Constants { cell: C::constants(p), firing: F::constants(p), i_e: real!(p, M, "I_e") }
    }
    fn entry_constants(p: &Parameters<'_, Self>, _: usize, entry: usize, k: &mut [f64]) {
        receptors::entry_constants(&p.of_same::<M>(), C::MS_TIMES_MV, entry, k);
    }

    #[inline(always)]
    fn step<R: Real, L: Coefficients>(
        k: &ConstantsOf<R, C, F>,
        s: &mut StateOf<R, C, F>,
        lists: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let stored = s.cell.numbers()[POTENTIAL];
        let before = R::spike(C::distance(&k.cell, &s.cell), R::of(0.0));
        if F::RESETS {
            C::reset(&k.cell, &mut s.cell, before);
        }
        let kept = s.cell;
        let through_gaps = receptors::through_gaps(lists, input, stored);
        let drive = Receiving { lists, input, current: k.i_e + input.current + through_gaps };
        s.current = C::advance::<R, I, _>(&k.cell, &mut s.cell, drive, input.spikes(0), input.h);
        F::fire::<R, C>(&k.firing, &mut s.firing, &k.cell, &mut s.cell, &kept, before, input.h)
    }
}

/// The place of the potential among the numbers of every cell.
const POTENTIAL: usize = 0;

/// Gap junctions see the potential before the step, for all of it.
fn still<C: Cell, F: Firing>(
    s: &mut StateOf<f64, C, F>,
    _: &ConstantsOf<f64, C, F>,
    _: f64,
    _: &GapInput,
    _: Grid,
) -> TrialStep {
    let v = Fields::<f64>::numbers(s)[POTENTIAL];
    TrialStep { potential: [v, v], slope: [0.0, 0.0] }
}

/// A reset that subtracts the distance from the threshold to the reset potential, or puts the potential there.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct ResetTo<R> {
    pub threshold: R,
    pub reset: R,
    /// 1/(threshold − reset).
    pub per_gap: R,
    /// 1 where the potential is put to `reset`.
    hard: R,
}

impl ResetTo<f64> {
    pub fn of<M: Declared>(p: &Parameters<'_, M>, reset: f64) -> Self {
        let threshold = real!(p, M, "V_th");
        ResetTo { threshold, reset, per_gap: 1.0 / (threshold - reset), hard: real!(p, M, "spk_reset") }
    }
}

impl<R: Real> ResetTo<R> {
    /// The distance of a potential from this threshold, scaled.
    #[inline(always)]
    pub fn distance(&self, v: R) -> R {
        (v - self.threshold) * self.per_gap
    }
    /// The potential of those that have spiked, after the reset.
    #[inline(always)]
    pub fn after(&self, v: R, spiked: R::Mask) -> R {
        self.after_from(v, self.threshold, spiked)
    }
    /// The same with another threshold.
    #[inline(always)]
    pub fn after_from(&self, v: R, threshold: R, spiked: R::Mask) -> R {
        let soft = v - R::select(spiked, threshold - self.reset, R::of(0.0));
        // The potential itself cancels, and its slope stays: a large one leaves no rounding behind.
        let hard = (v - v.held()) + R::select(spiked, self.reset, v.held());
        R::select(self.hard.gt(R::of(0.0)), hard, soft)
    }
}
