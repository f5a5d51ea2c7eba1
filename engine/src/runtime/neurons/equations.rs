//! Neurons as equations: what a model says that is solved with adaptive sub-steps, and one sub-step of it.
//!
//! Every lane has a sub-step of its own and no neuron's numbers depend on what stands beside it.

use std::marker::PhantomData;

use super::constants::{Coefficients, Grouped};
use super::dynamics::{Arriving, Carried, Carries, GapInput, Neuron, Trial, TrialStep};
use super::lists::{ListSet, ListShape, Lists};
use super::readings::{Reading, Readings};
use super::receptors::{Receptors, accept};
use crate::description::Declaration;
use crate::mechanisms::fields::{Fields, place, select};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::random::Stream;
use crate::mechanisms::rkf45::{self, Allowed, Decay, DecaySet, Decays, EVALUATIONS, MOST_DECAYS, System};
use crate::mechanisms::time::Grid;
use crate::runtime::input::inputs::Lanes;
use crate::runtime::parameters::{Declared, Parameters};

/// Takes what flows through gap junctions into the state `S` that stands still while the solver works.
pub type TakeIn<S> = fn(&mut S, &GapInput);

/// A neuron that follows coupled differential equations between grid points. [`Solved`] makes a [`Neuron`] of it.
pub trait Equations: Declared {
    /// The components of the equations, the membrane potential first.
    type Components<R: Real>: Fields<R>;
    /// State that stands still while the solver works.
    type Still<R: Real>: Fields<R>;
    type Constants<R: Real>: Fields<R>;
    /// Receptors that come in a list, the first of the model's lists.
    type Receptors: Receptors;
    /// Components that do nothing but decay.
    const DECAYS: DecaySet = DecaySet::NONE;
    const LISTS: ListSet = ListSet::NONE;
    /// Where recordables and settable state variables are read: [`component`], a number behind [`still`], or an entry of a list. All that
    /// are declared must be there.
    const READINGS: Readings;
    /// Whether the number of spikes in a step is told by [`Equations::fire`].
    const FIRES: bool = false;
    /// Takes in what flows through gap junctions, in models that can be joined by them.
    const GAP: Option<TakeIn<Self::Still<f64>>> = None;
    /// What a spike carries: [`Neuron::CARRIED`].
    const CARRIED: Option<Carries<Self::Still<f64>, Self::Constants<f64>>> = None;
    /// The list that a parameter begins: [`Neuron::FIRST_ENTRIES`].
    const FIRST_ENTRIES: Option<(&'static str, usize)> = None;

    fn constants(p: &Parameters<'_, Self>) -> Self::Constants<f64>
    where
        Self: Sized;
    fn entry_constants(_p: &Parameters<'_, Self>, _list: usize, _entry: usize, _k: &mut [f64])
    where
        Self: Sized,
    {
    }
    fn initial_entry(_list: usize, _k: &[f64], _s: &mut [f64]) {}
    fn initial(_y: &mut Self::Components<f64>, _still: &mut Self::Still<f64>) {}
    fn output() -> Option<Reading> {
        None
    }
    fn needs_chance(_k: &Self::Constants<f64>) -> bool {
        false
    }
    /// What becomes of a neuron that fires; returns how many spikes it sends.
    fn fire(
        _y: &Self::Components<f64>,
        _still: &mut Self::Still<f64>,
        _k: &Self::Constants<f64>,
        _chance: &mut Stream,
    ) -> u32 {
        1
    }

    /// The error that a sub-step may make.
    fn allowed<R: Real>(k: &Self::Constants<R>) -> Allowed<R>;
    /// Whether something changes the components before a step: [`Equations::awaken`].
    const AWAKENS: bool = false;
    /// What happens before a step that a user has set going.
    #[inline(always)]
    fn awaken<R: Real>(_k: &Self::Constants<R>, _y: &mut Self::Components<R>, _still: &mut Self::Still<R>) {}
    /// What happens at the beginning of the step.
    #[inline(always)]
    fn begin<R: Real, C: Coefficients>(
        _k: &Self::Constants<R>,
        _y: &Self::Components<R>,
        _still: &mut Self::Still<R>,
        _lists: &mut Lists<'_, C>,
        _input: &Arriving<'_, R>,
    ) {
    }
    /// What [`Equations::moved`] gets after the first sub-step: the jump that arriving spikes cause within the step.
    #[inline(always)]
    fn jump<R: Real>(_input: &Arriving<'_, R>) -> R {
        R::of(0.0)
    }
    /// The current into the membrane at time `t` (ms) of the step, where it is not the same all the step.
    #[inline(always)]
    fn current<R: Real>(
        _k: &Self::Constants<R>,
        _y: &Self::Components<R>,
        _still: &Self::Still<R>,
        steady: R,
        _t: R,
    ) -> R {
        steady
    }
    /// dy/dt at `y`, per ms; `current` is what flows into the membrane, pA, and `drive` what receptors in lists do.
    fn slopes<R: Real>(
        k: &Self::Constants<R>,
        y: &Self::Components<R>,
        still: &Self::Still<R>,
        current: R,
        drive: &<Self::Receptors as Receptors>::Drive<R>,
    ) -> Self::Components<R>;
    /// What happens after each sub-step, in lanes that moved: spikes within the step. `jump` is that of
    /// [`Equations::jump`] after the first sub-step and 0 after the others.
    #[inline(always)]
    fn moved<R: Real>(
        _k: &Self::Constants<R>,
        _y: &mut Self::Components<R>,
        _still: &mut Self::Still<R>,
        _who: R::Mask,
        _jump: R,
    ) {
    }
    /// What happens at the end of the step; returns who has fired.
    fn end<R: Real, C: Coefficients>(
        k: &Self::Constants<R>,
        y: &mut Self::Components<R>,
        still: &mut Self::Still<R>,
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) -> R::Mask;
}

/// The neurons of these equations.
pub struct Solved<E>(PhantomData<E>);

/// What a neuron keeps: its components, what stands still, and the sub-step that its solver suggests, ms.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct State<R, Y, S> {
    pub(super) y: Y,
    pub(super) still: S,
    pub(super) sub_step: R,
}

/// The state of the neurons of `E`.
pub(super) type StateOf<E, R> = State<R, <E as Equations>::Components<R>, <E as Equations>::Still<R>>;

/// Where what stands still begins among the numbers of state.
pub const fn still<E: Equations>() -> usize {
    place!(StateOf<E, f64>, still)
}

/// A reading of a component.
pub const fn component(place: usize) -> Reading {
    Reading::state(place)
}

impl<E: Equations> Declared for Solved<E> {
    const DECLARATION: Declaration = E::DECLARATION;
}

impl<E: Equations> Neuron for Solved<E> {
    type State<R: Real> = StateOf<E, R>;
    type Constants<R: Real> = E::Constants<R>;
    const LISTS: ListSet = E::LISTS;
    const READINGS: Readings = E::READINGS;
    const FIRES: bool = E::FIRES;
    const TRIAL: Option<Trial<Self>> = if E::GAP.is_some() { Some(trial::<E>) } else { None };
    const CARRIED: Option<Carried<Self>> = if E::CARRIED.is_some() { Some(carried::<E>) } else { None };
    const FIRST_ENTRIES: Option<(&'static str, usize)> = E::FIRST_ENTRIES;

    fn constants(p: &Parameters<'_, Self>) -> E::Constants<f64> {
        E::constants(&p.of_same())
    }
    fn entry_constants(p: &Parameters<'_, Self>, list: usize, entry: usize, k: &mut [f64]) {
        E::entry_constants(&p.of_same(), list, entry, k);
    }
    fn initial(p: &Parameters<'_, Self>, _: &E::Constants<f64>) -> StateOf<E, f64> {
        let mut s = <StateOf<E, f64> as Fields<f64>>::filled(0.0);
        E::initial(&mut s.y, &mut s.still);
        s.sub_step = p.h();
        s
    }
    fn initial_entry(list: usize, k: &[f64], s: &mut [f64]) {
        E::initial_entry(list, k, s);
    }
    fn output() -> Option<Reading> {
        E::output()
    }
    fn needs_chance(k: &E::Constants<f64>) -> bool {
        E::needs_chance(k)
    }
    fn fire(
        s: &mut StateOf<E, f64>,
        k: &E::Constants<f64>,
        _: &mut Lists<'_, Grouped<'_>>,
        chance: &mut Stream,
    ) -> u32 {
        E::fire(&s.y, &mut s.still, k, chance)
    }
    /// One step for the neurons of one vector: the reference for `run`.
    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        k: &E::Constants<R>,
        s: &mut StateOf<E, R>,
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let mut proposed = vec![Lanes([0.0; 64]); lists.shape.rows];
        whole_step::<E, R, C>(k, s, lists, input, &mut proposed)
    }
}

/// One step of the neurons of a vector, sub-step by sub-step; returns who has fired. `proposed` is working memory.
#[inline(always)]
pub(super) fn whole_step<E: Equations, R: Real, C: Coefficients>(
    k: &E::Constants<R>,
    s: &mut StateOf<E, R>,
    lists: &mut Lists<'_, C>,
    input: &Arriving<'_, R>,
    proposed: &mut [Lanes],
) -> R::Mask {
    let (mut t, whole) = (R::of(0.0), input.h);
    let mut room = [Decay::none(); MOST_DECAYS];
    if E::AWAKENS {
        E::awaken(k, &mut s.y, &mut s.still);
    }
    E::begin(k, &s.y, &mut s.still, lists, input);
    for _ in 0..rkf45::MOST {
        if !R::any(whole.gt(t)) {
            break;
        }
        let driven = Driven { current: input.current, jump: E::jump(input) };
        sub_step::<E, R, C>(k, s, lists, proposed, &mut t, whole, driven, &mut room);
    }
    // A neuron that has not reached the end of the step by now becomes NaN, which stops the run with a message.
    let going = whole.gt(t);
    let first = &mut s.y.numbers_mut()[0];
    *first = R::select(going, R::of(f64::NAN), *first);
    E::end(k, &mut s.y, &mut s.still, lists, input)
}

/// The equations of the neurons of a vector, as the solver sees them between two grid points.
pub(super) struct Between<'a, E: Equations, R: Real> {
    pub k: &'a E::Constants<R>,
    pub still: &'a E::Still<R>,
    pub current: R,
    pub drives: [<E::Receptors as Receptors>::Drive<R>; EVALUATIONS],
    /// The factors by which components decay in a whole grid step, where all neurons have the same constants: most
    /// sub-steps are as long as the grid step, so that these need not be computed anew.
    pub whole: Option<&'a Whole<R>>,
}

/// The length of a grid step (ms) and the factors by which components decay in it.
pub(super) struct Whole<R> {
    pub step: R,
    pub decays: Decays<R>,
}

/// Computes the factors by which components decay in a sub-step of this size.
#[inline(always)]
pub(super) fn decays<E: Equations, R: Real>(k: &E::Constants<R>, size: R, to: &mut Decays<R>) {
    for i in 0..E::DECAYS.len() {
        to[i] = Decay::over(size, k.numbers()[E::DECAYS.get(i).1]);
    }
}

impl<E: Equations, R: Real> System<R> for Between<'_, E, R> {
    type Y = E::Components<R>;
    const DECAYS: DecaySet = E::DECAYS;

    #[inline(always)]
    fn decays<'a>(&'a self, size: R, room: &'a mut Decays<R>) -> &'a Decays<R> {
        if let Some(whole) = self.whole
            && R::all(size.ge(whole.step))
        {
            return &whole.decays;
        }
        decays::<E, R>(self.k, size, room);
        room
    }
    #[inline(always)]
    fn slopes(&self, stage: usize, t: R, y: &E::Components<R>) -> E::Components<R> {
        let current = E::current(self.k, y, self.still, self.current, t);
        E::slopes(self.k, y, self.still, current, &self.drives[stage])
    }
}

/// What drives neurons from outside during a step.
#[derive(Clone, Copy)]
pub(super) struct Driven<R> {
    pub current: R,
    pub jump: R,
}

/// One sub-step of the lanes that have not reached `whole`, the end of the step.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub(super) fn sub_step<E: Equations, R: Real, C: Coefficients>(
    k: &E::Constants<R>,
    s: &mut StateOf<E, R>,
    lists: &mut Lists<'_, C>,
    proposed: &mut [Lanes],
    t: &mut R,
    whole: R,
    driven: Driven<R>,
    room: &mut Decays<R>,
) {
    let (allowed, extent) = (E::allowed(k), rkf45::extent(*t, s.sub_step, whole));
    let (drives, error) = E::Receptors::respond(lists, proposed, extent.0, &allowed);
    let between = Between::<E, R> { k, still: &s.still, current: driven.current, drives, whole: None };
    let mut attempt = rkf45::attempt(&between, *t, &s.y, extent, allowed, room);
    if E::Receptors::ANY {
        attempt.ratio = rkf45::larger(attempt.ratio, error);
    }
    let (moves, suggested) = attempt.settle(whole);
    let going = whole.gt(*t);
    let moves = R::and(moves, going);
    accept::<E::Receptors, R, C>(lists, proposed, moves);
    s.y = select(moves, &attempt.y, &s.y);
    s.sub_step = R::select(going, suggested, s.sub_step);
    let first = R::of(0.0).ge(*t);
    E::moved(k, &mut s.y, &mut s.still, moves, R::select(first, driven.jump, R::of(0.0)));
    *t = R::select(moves, attempt.reached, *t);
}

/// What the spike of a neuron that has just fired carries.
fn carried<E: Equations>(s: &mut StateOf<E, f64>, k: &E::Constants<f64>) -> f64 {
    E::CARRIED.map_or(0.0, |carried| carried(&mut s.still, k))
}

/// A step of one neuron tried without input by spikes: its potential, the first component, at both ends.
fn trial<E: Equations>(
    s: &mut StateOf<E, f64>,
    k: &E::Constants<f64>,
    current: f64,
    gap: &GapInput,
    grid: Grid,
) -> TrialStep {
    if let Some(take_in) = E::GAP {
        take_in(&mut s.still, gap);
    }
    let (mut t, whole) = (0.0, grid.h());
    let (shape, none) = (ListShape::default(), Grouped::new(&[], 0));
    let mut lists = Lists { shape: &shape, constants: none, rows: &mut [], lane: 0 };
    let mut room = [Decay::none(); MOST_DECAYS];
    let begin = (s.y.numbers()[0], whole * slope::<E>(k, s, current, 0.0));
    for _ in 0..rkf45::MOST {
        if t >= whole {
            break;
        }
        let driven = Driven { current, jump: 0.0 };
        sub_step::<E, f64, _>(k, s, &mut lists, &mut [], &mut t, whole, driven, &mut room);
    }
    let end = (s.y.numbers()[0], whole * slope::<E>(k, s, current, whole));
    TrialStep { potential: [begin.0, end.0], slope: [begin.1, end.1] }
}

/// dV/dt of one neuron, mV/ms.
fn slope<E: Equations>(k: &E::Constants<f64>, s: &StateOf<E, f64>, current: f64, t: f64) -> f64 {
    let drive = <E::Receptors as Receptors>::Drive::filled(0.0);
    let current = E::current(k, &s.y, &s.still, current, t);
    E::slopes(k, &s.y, &s.still, current, &drive).numbers()[0]
}
