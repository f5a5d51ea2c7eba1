//! Generalised leaky integrate-and-fire neurons of the Allen Institute, in five levels that switches choose.
//!
//! C_m dV/dt = -g (V - E_L) + sum_a I_a + I_syn + I
//! dI_a/dt = -k_a I_a; V > V_th + theta_s + theta_v: spike
//! spike: I_a = amp_a + r_a I_a e^(-k_a t_ref), V = V_reset, or E_L + f (V - E_L) + add with theta_s += th_spike_add
//! dtheta_s/dt = -b_s theta_s, dtheta_v/dt = a_v (V - E_L) - b_v theta_v
//!
//! While refractory all this stands still but the synapses.
//!
//! Teeter et al. 2018, Nat Commun 9:709.

use std::marker::PhantomData;

use super::coupling::Coupling;
use super::currents::ListedCurrents;
use crate::description::Declaration;
use crate::math;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::kernels::Passive;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::Allowed;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::{Arriving, Neuron};
use crate::runtime::neurons::equations::{Equations, Solved, component, still};
use crate::runtime::neurons::lists::{List, ListSet, Lists};
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::neurons::receptors::Receptors;
use crate::runtime::parameters::{Declared, Parameters, flag, list, real};

/// The model of such a neuron: what its leak conductance is called.
pub trait Leaky: Declared {
    fn conductance(p: &Parameters<'_, Self>) -> f64
    where
        Self: Sized;
}

/// What decides about spikes and what follows from them, as derived constants. Switches are 1 or 0.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Levels<R> {
    v_th: R,
    e_l: R,
    /// Threshold and reset relative to E_L.
    threshold: R,
    reset: R,
    /// Steps of the refractory period.
    refractory: R,
    by_spikes: R,
    by_currents: R,
    by_potential: R,
    /// What remains of the part of the threshold that spikes raise, after a step and after the refractory period.
    spike_decay: R,
    spike_kept: R,
    spike_add: R,
    fraction: R,
    reset_add: R,
    /// a_v/(b_v − g/C_m), a_v/b_v, e^(−g h/C_m), e^(−b_v h), and 1/g.
    phi: R,
    steady: R,
    leak: R,
    voltage_decay: R,
    per_g: R,
}

impl Levels<f64> {
    fn of<M: Leaky>(p: &Parameters<'_, M>) -> Self {
        let (h, g, c_m, e_l) = (p.h(), M::conductance(p), real!(p, M, "C_m"), real!(p, M, "E_L"));
        let switch = |on: bool| if on { 1.0 } else { 0.0 };
        let by_potential = flag!(p, M, "adapting_threshold");
        let (a_v, b_v) = (real!(p, M, "th_voltage_index"), real!(p, M, "th_voltage_decay"));
        let (b_s, t_ref) = (real!(p, M, "th_spike_decay"), real!(p, M, "t_ref"));
        let only = |x: f64| if by_potential { x } else { 0.0 };
        Levels {
            v_th: real!(p, M, "V_th"),
            e_l,
            threshold: real!(p, M, "V_th") - e_l,
            reset: real!(p, M, "V_reset") - e_l,
            refractory: p.steps(t_ref),
            by_spikes: switch(flag!(p, M, "spike_dependent_threshold")),
            by_currents: switch(flag!(p, M, "after_spike_currents")),
            by_potential: switch(by_potential),
            spike_decay: math::exp(-b_s * h),
            spike_kept: math::exp(-b_s * t_ref),
            spike_add: real!(p, M, "th_spike_add"),
            fraction: real!(p, M, "voltage_reset_fraction"),
            reset_add: real!(p, M, "voltage_reset_add"),
            phi: only(a_v / (b_v - g / c_m)),
            steady: only(a_v / b_v),
            leak: math::exp(-g * h / c_m),
            voltage_decay: math::exp(-b_v * h),
            per_g: 1.0 / g,
        }
    }
}

/// What a current that spikes trigger is multiplied with.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
struct AfterSpike<R> {
    /// Its mean over a step, and what remains after it.
    mean: R,
    decay: R,
    /// What a spike puts there, and what it keeps.
    amplitude: R,
    kept: R,
    /// At first.
    first: R,
}

/// The list of currents that spikes trigger, behind those of the synapses.
const fn lists(before: ListSet) -> ListSet {
    before.and(List::new::<f64, AfterSpike<f64>>("asc_decay"))
}

fn after_spike<M: Declared>(p: &Parameters<'_, M>, entry: usize, k: &mut [f64]) {
    let of = |list: &[f64]| list.get(entry).copied().unwrap_or(0.0);
    let (rate, h) = (of(list!(p, M, "asc_decay")), p.h());
    let current = AfterSpike {
        mean: if rate == 0.0 { 1.0 } else { -math::exp_m1(-rate * h) / (rate * h) },
        decay: math::exp(-rate * h),
        amplitude: of(list!(p, M, "asc_amps")),
        kept: of(list!(p, M, "asc_r")) * math::exp(-rate * real!(p, M, "t_ref")),
        first: of(list!(p, M, "ASCurrents")),
    };
    k.copy_from_slice(Fields::<f64>::numbers(&current));
}

/// The parameter that these currents begin with.
const FIRST: &str = "ASCurrents";

fn begin_currents(k: &[f64], s: &mut [f64]) {
    s[0] = k[place!(AfterSpike<f64>, first)];
}

/// What stands beside the potential.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Trace<R> {
    /// Steps left of the refractory period.
    refractory: R,
    #[name = "threshold_spike"]
    by_spikes: R,
    #[name = "threshold_voltage"]
    by_potential: R,
    #[name = "ASCurrents_sum"]
    after_spikes: R,
    /// The injected current of the next step, pA.
    #[name = "I"]
    injected: R,
    #[name = "I_syn"]
    synaptic: R,
}

/// The part of the threshold that spikes raise goes on, and the currents they trigger do, unless refractory.
#[inline(always)]
fn go_on<R: Real, L: Coefficients>(k: &Levels<R>, s: &mut Trace<R>, lists: &mut Lists<'_, L>, list: usize) {
    let zero = R::of(0.0);
    let free = zero.ge(s.refractory);
    let raised = R::and(free, k.by_spikes.gt(zero));
    let flow = R::and(free, k.by_currents.gt(zero));
    s.by_spikes = R::select(raised, s.by_spikes * k.spike_decay, s.by_spikes);
    let mut sum = zero;
    for i in 0..lists.len(list) {
        let mut entry = lists.entry(list, i);
        let (of, x): (AfterSpike<R>, R) = (entry.constants(), entry.get());
        sum = sum + of.mean * x;
        entry.set(&R::select(flow, of.decay * x, x));
    }
    s.after_spikes = R::select(free, R::select(flow, sum, zero), s.after_spikes);
}

/// The end of a step that took the potential from `before` to `u`: who fires, and what follows.
#[inline(always)]
fn settle<R: Real, L: Coefficients>(
    k: &Levels<R>,
    s: &mut Trace<R>,
    lists: &mut Lists<'_, L>,
    list: usize,
    before: R,
    u: &mut R,
) -> R::Mask {
    let (zero, one) = (R::of(0.0), R::of(1.0));
    let waits = s.refractory.gt(zero);
    let free = zero.ge(s.refractory);
    let follows = R::and(free, k.by_potential.gt(zero));
    if R::any(follows) {
        let towards = (s.injected + s.after_spikes) * k.per_g;
        let steady = k.steady * towards;
        let by_leak = k.phi * (before - towards);
        let moved = by_leak * k.leak + k.voltage_decay * (s.by_potential - by_leak - steady) + steady;
        s.by_potential = R::select(follows, moved, s.by_potential);
    }
    let threshold = s.by_spikes + s.by_potential + k.threshold;
    let fired = R::and(free, u.gt(threshold));
    *u = R::select(waits, before, *u);
    s.refractory = R::select(waits, s.refractory - one, s.refractory);
    if R::any(fired) {
        let raised = R::and(fired, k.by_spikes.gt(zero));
        let triggers = R::and(fired, k.by_currents.gt(zero));
        for i in 0..lists.len(list) {
            let mut entry = lists.entry(list, i);
            let (of, x): (AfterSpike<R>, R) = (entry.constants(), entry.get());
            entry.set(&R::select(triggers, of.amplitude + x * of.kept, x));
        }
        *u = R::select(fired, k.reset, *u);
        *u = R::select(raised, k.fraction * before + k.reset_add, *u);
        s.by_spikes = R::select(raised, s.by_spikes * k.spike_kept + k.spike_add, s.by_spikes);
        s.refractory = R::select(fired, k.refractory, s.refractory);
    }
    fired
}

/// The neurons of model `M` with these synapses and a membrane that is solved exactly.
pub struct ExactGlif<M, S>(PhantomData<(M, S)>);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct State<R> {
    /// Potential relative to E_L, mV.
    potential: R,
    trace: Trace<R>,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R> {
    levels: Levels<R>,
    decay: R,
    /// What a current of 1 pA during a step adds, mV.
    current: R,
}

impl<M: Leaky, S: ListedCurrents> Declared for ExactGlif<M, S> {
    const DECLARATION: Declaration = M::DECLARATION;
}

fn passive<M: Leaky>(p: &Parameters<'_, M>) -> Passive {
    let c_m = real!(p, M, "C_m");
    Passive { tau_m: c_m / M::conductance(p), c_m, h: p.h() }
}

impl<M: Leaky, S: ListedCurrents> Neuron for ExactGlif<M, S> {
    type State<R: Real> = State<R>;
    type Constants<R: Real> = Constants<R>;
    const LISTS: ListSet = lists(S::LISTS);
    const READINGS: Readings = Readings::NONE
        .and("V_m", Reading::state(0).plus(place!(Constants<f64>, levels.e_l)))
        .and("threshold", Reading::computed(whole_threshold))
        .and("ASCurrents_", Reading::entry(S::LISTS.len(), 0))
        .and_those(Readings::of::<Trace<f64>>(), place!(State<f64>, trace));
    const FIRST_ENTRIES: Option<(&'static str, usize)> = Some((FIRST, S::LISTS.len()));

    fn constants(p: &Parameters<'_, Self>) -> Constants<f64> {
        let p = &p.of_same::<M>();
        let Passive { tau_m, c_m, h } = passive(p);
        let lost = -math::exp_m1(-h / tau_m);
        Constants { levels: Levels::of(p), decay: math::exp(-h / tau_m), current: tau_m / c_m * lost }
    }
    fn entry_constants(p: &Parameters<'_, Self>, list: usize, entry: usize, k: &mut [f64]) {
        let p = &p.of_same::<M>();
        if list < S::LISTS.len() {
            S::entry_constants(p, passive(p), entry, k);
        } else {
            after_spike(p, entry, k);
        }
    }
    fn initial_entry(list: usize, k: &[f64], s: &mut [f64]) {
        if list == S::LISTS.len() {
            begin_currents(k, s);
        }
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        k: &Constants<R>,
        s: &mut State<R>,
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let (before, list) = (s.potential, S::LISTS.len());
        let free = R::of(0.0).ge(s.trace.refractory);
        go_on(&k.levels, &mut s.trace, lists, list);
        s.trace.synaptic = R::select(free, S::total(lists), s.trace.synaptic);
        let membrane = k.decay * before + k.current * (s.trace.injected + s.trace.after_spikes);
        s.potential = S::go(lists, input, membrane);
        let fired = settle(&k.levels, &mut s.trace, lists, list, before, &mut s.potential);
        s.trace.injected = input.current;
        fired
    }
}

/// The whole threshold, mV.
fn whole_threshold(s: &[f64], k: &[f64]) -> f64 {
    let trace = &s[place!(State<f64>, trace)..];
    let raised = trace[place!(Trace<f64>, by_spikes)] + trace[place!(Trace<f64>, by_potential)];
    raised + k[place!(Constants<f64>, levels.v_th)]
}

/// The neurons of model `M` with a coupling that needs the adaptive solver.
pub type Glif<M, C> = Solved<GlifEquations<M, C>>;

/// The equations.
pub struct GlifEquations<M, C>(PhantomData<(M, C)>);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Components<R, S> {
    v: R,
    synapses: S,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Still<R, S> {
    trace: Trace<R>,
    /// The potential at the beginning of the step.
    before: R,
    synapses: S,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Membrane<R, S> {
    levels: Levels<R>,
    per_c_m: R,
    g: R,
    synapses: S,
}

/// Absolute error allowed in every component (mV, nS).
const TOLERANCE: f64 = 1e-3;

type Y<R, C> = Components<R, <C as Coupling>::State<R>>;
type Rest<R, C> = Still<R, <C as Coupling>::Still<R>>;
type Of<R, C> = Membrane<R, <C as Coupling>::Constants<R>>;

impl<M: Leaky, C: Coupling> Declared for GlifEquations<M, C> {
    const DECLARATION: Declaration = M::DECLARATION;
}

/// The whole threshold, mV, read from the trace that stands at this place of the state.
fn threshold<C: Coupling>(s: &[f64], k: &[f64]) -> f64 {
    let trace = &s[<Y<f64, C> as Fields<f64>>::COUNT + place!(Rest<f64, C>, trace)..];
    let raised = trace[place!(Trace<f64>, by_spikes)] + trace[place!(Trace<f64>, by_potential)];
    raised + k[place!(Of<f64, C>, levels.v_th)]
}

impl<M: Leaky, C: Coupling> Equations for GlifEquations<M, C> {
    type Components<R: Real> = Y<R, C>;
    type Still<R: Real> = Rest<R, C>;
    type Constants<R: Real> = Of<R, C>;
    type Receptors = C::Receptors;
    const LISTS: ListSet = lists(C::LISTS);
    const READINGS: Readings = Readings::NONE
        .and("V_m", component(0))
        .and("threshold", Reading::computed(threshold::<C>))
        .and("ASCurrents_", Reading::entry(C::LISTS.len(), 0))
        .and_those(Readings::of::<Trace<f64>>(), still::<Self>() + place!(Rest<f64, C>, trace))
        .and_those(C::READINGS, place!(Y<f64, C>, synapses));
    const FIRST_ENTRIES: Option<(&'static str, usize)> = Some((FIRST, C::LISTS.len()));

    fn constants(p: &Parameters<'_, Self>) -> Of<f64, C> {
        let p = &p.of_same::<M>();
        Membrane {
            levels: Levels::of(p),
            per_c_m: 1.0 / real!(p, M, "C_m"),
            g: M::conductance(p),
            synapses: C::constants(p),
        }
    }
    fn entry_constants(p: &Parameters<'_, Self>, list: usize, entry: usize, k: &mut [f64]) {
        let p = &p.of_same::<M>();
        if list < C::LISTS.len() { C::entry_constants(p, entry, k) } else { after_spike(p, entry, k) }
    }
    fn initial_entry(list: usize, k: &[f64], s: &mut [f64]) {
        if list == C::LISTS.len() {
            begin_currents(k, s);
        }
    }

    #[inline(always)]
    fn allowed<R: Real>(_: &Of<R, C>) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn begin<R: Real, L: Coefficients>(
        _: &Of<R, C>,
        y: &Y<R, C>,
        s: &mut Rest<R, C>,
        _: &mut Lists<'_, L>,
        _: &Arriving<'_, R>,
    ) {
        s.before = y.v;
    }
    #[inline(always)]
    fn slopes<R: Real>(
        k: &Of<R, C>,
        y: &Y<R, C>,
        s: &Rest<R, C>,
        _: R,
        drive: &<C::Receptors as Receptors>::Drive<R>,
    ) -> Y<R, C> {
        let waits = s.trace.refractory.gt(R::of(0.0));
        let sum = s.trace.injected + s.trace.after_spikes - k.g * (y.v - k.levels.e_l);
        let sum = C::add(&k.synapses, &y.synapses, drive, y.v, sum);
        Components { v: R::select(waits, R::of(0.0), sum * k.per_c_m), synapses: C::slopes(&k.synapses, &y.synapses) }
    }
    #[inline(always)]
    fn end<R: Real, L: Coefficients>(
        k: &Of<R, C>,
        y: &mut Y<R, C>,
        s: &mut Rest<R, C>,
        lists: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let list = C::LISTS.len();
        let waits = s.trace.refractory.gt(R::of(0.0));
        go_on(&k.levels, &mut s.trace, lists, list);
        let (before, mut u) = (s.before - k.levels.e_l, y.v - k.levels.e_l);
        let fired = settle(&k.levels, &mut s.trace, lists, list, before, &mut u);
        // Who does not fire keeps every digit.
        y.v = R::select(waits, s.before, R::select(fired, u + k.levels.e_l, y.v));
        C::receive(&k.synapses, &mut y.synapses, &mut s.synapses, lists, input);
        s.trace.injected = input.current;
        fired
    }
}
