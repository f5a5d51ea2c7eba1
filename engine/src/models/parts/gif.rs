//! Generalised integrate-and-fire neurons: spike-triggered currents, a moving threshold, and spikes by chance around it.
//!
//! C_m dV/dt = -g_L (V - E_L) - sum_i eta_i + I_syn + I_e + I
//! rate = lambda_0 exp((V - V_T) / Delta_V), V_T = V_T_star + sum_j gamma_j
//! eta_i and gamma_j decay with tau_stc_i and tau_sfa_j and jump by q_stc_i and q_sfa_j at each spike
//!
//! As in NEST, the potential is reset one step after the spike, and never where t_ref is 0.
//!
//! Mensi et al. 2012, J Neurophysiol 107:1756; Pozzorini et al. 2015, PLoS Comput Biol 11:e1004275.

use std::marker::PhantomData;

use super::coupling::Coupling;
use super::currents::Synapses;
use super::spike_triggered::{component as component_constants, components, jump, sum_and_decay};
use crate::description::Declaration;
use crate::math;
use crate::mechanisms::escape::fires;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::kernels::Passive;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::{Allowed, DecaySet};
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::{Arriving, Neuron};
use crate::runtime::neurons::equations::{Equations, Solved, component, still};
use crate::runtime::neurons::lists::{ListSet, Lists};
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::neurons::receptors::Receptors;
use crate::runtime::parameters::{Declared, Parameters, list, real};

/// Spike-triggered currents and the moving threshold as they were in the last step, and the refractory period.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Trace<R> {
    /// Steps left of the refractory period.
    refractory: R,
    #[name = "I_stc"]
    i_stc: R,
    #[name = "E_sfa"]
    e_sfa: R,
}

/// What decides about a spike.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Escape<R> {
    reset: R,
    /// Steps of the refractory period.
    refractory: R,
    v_t_star: R,
    delta_v: R,
    /// lambda_0 h, the number of spikes expected in a step at threshold.
    expected: R,
}

impl Escape<f64> {
    fn of<M: Declared>(p: &Parameters<'_, M>) -> Self {
        Escape {
            reset: real!(p, M, "V_reset"),
            refractory: p.steps(real!(p, M, "t_ref")),
            v_t_star: real!(p, M, "V_T_star"),
            delta_v: real!(p, M, "Delta_V"),
            expected: real!(p, M, "lambda_0") * 1e-3 * p.h(),
        }
    }
}

/// The two lists of spike-triggered components behind `first` others.
const fn lists(before: ListSet) -> ListSet {
    before.and(components("tau_stc")).and(components("tau_sfa"))
}

/// Constants of an entry of the first (0) or second (1) of these lists.
fn entry<M: Declared>(p: &Parameters<'_, M>, which: usize, entry: usize, k: &mut [f64]) {
    let (tau, q) = match which {
        0 => (list!(p, M, "tau_stc"), list!(p, M, "q_stc")),
        _ => (list!(p, M, "tau_sfa"), list!(p, M, "q_sfa")),
    };
    component_constants(tau[entry], q[entry], p.h(), k);
}

/// Currents and threshold of the step that begins, the lists of components being those from number `first` on.
#[inline(always)]
fn begin<R: Real, L: Coefficients>(k: &Escape<R>, s: &mut Trace<R>, lists: &mut Lists<'_, L>, first: usize) {
    s.i_stc = sum_and_decay::<R, L>(lists, first);
    s.e_sfa = k.v_t_star + sum_and_decay::<R, L>(lists, first + 1);
}

/// At the end of the step: who fires, and what follows; who waits stays at V_reset.
#[inline(always)]
fn fire<R: Real, L: Coefficients>(
    k: &Escape<R>,
    v: &mut R,
    s: &mut Trace<R>,
    lists: &mut Lists<'_, L>,
    first: usize,
    chance: R,
) -> R::Mask {
    let zero = R::of(0.0);
    let waiting = s.refractory.gt(zero);
    *v = R::select(waiting, k.reset, *v);
    let expected = k.expected * R::exp((*v - s.e_sfa) / k.delta_v);
    let fired = fires(R::select(waiting, zero, expected), chance);
    jump::<R, L>(lists, first, fired);
    jump::<R, L>(lists, first + 1, fired);
    let left = R::select(waiting, s.refractory - R::of(1.0), s.refractory);
    s.refractory = R::select(fired, k.refractory, left);
    fired
}

/// The neurons of model `M` with these synapses and a membrane that is solved exactly.
pub struct ExactGif<M, S>(PhantomData<(M, S)>);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct State<R, S> {
    v: R,
    trace: Trace<R>,
    synapses: S,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R, S> {
    /// e^(−h/tau_m), and what the leak brings in a step.
    decay: R,
    leak: R,
    /// What a current of 1 pA during a step adds, mV.
    current: R,
    i_e: R,
    escape: Escape<R>,
    synapses: S,
}

type StateOf<R, S> = State<R, <S as Synapses>::State<R>>;
type ConstantsOf<R, S> = Constants<R, <S as Synapses>::Constants<R>>;

impl<M: Declared, S: Synapses> Declared for ExactGif<M, S> {
    const DECLARATION: Declaration = M::DECLARATION;
}

/// Membrane and step.
fn passive<M: Declared>(p: &Parameters<'_, M>) -> Passive {
    let c_m = real!(p, M, "C_m");
    Passive { tau_m: c_m / real!(p, M, "g_L"), c_m, h: p.h() }
}

impl<M: Declared, S: Synapses> Neuron for ExactGif<M, S> {
    type State<R: Real> = StateOf<R, S>;
    type Constants<R: Real> = ConstantsOf<R, S>;
    const LISTS: ListSet = lists(S::LISTS);
    const READINGS: Readings = Readings::NONE
        .and("V_m", Reading::state(0))
        .and_those(Readings::of::<Trace<f64>>(), place!(StateOf<f64, S>, trace))
        .and_those(S::READINGS, place!(StateOf<f64, S>, synapses));

    fn constants(p: &Parameters<'_, Self>) -> ConstantsOf<f64, S> {
        let p = &p.of_same::<M>();
        let membrane = passive(p);
        let Passive { tau_m, c_m, h } = membrane;
        let lost = -math::exp_m1(-h / tau_m);
        Constants {
            decay: math::exp(-h / tau_m),
            leak: lost * real!(p, M, "E_L"),
            current: tau_m / c_m * lost,
            i_e: real!(p, M, "I_e"),
            escape: Escape::of(p),
            synapses: S::constants(p, membrane),
        }
    }
    fn entry_constants(p: &Parameters<'_, Self>, list: usize, at: usize, k: &mut [f64]) {
        let p = &p.of_same::<M>();
        match list.checked_sub(S::LISTS.len()) {
            Some(which) => entry(p, which, at, k),
            None => S::entry_constants(p, passive(p), at, k),
        }
    }
    fn needs_chance(k: &ConstantsOf<f64, S>) -> bool {
        k.escape.expected > 0.0
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        k: &ConstantsOf<R, S>,
        s: &mut StateOf<R, S>,
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let first = S::LISTS.len();
        begin(&k.escape, &mut s.trace, lists, first);
        let membrane = k.decay * s.v + k.leak + k.current * (input.current + k.i_e - s.trace.i_stc);
        s.v = S::step(&k.synapses, &mut s.synapses, lists, input, s.trace.refractory, membrane);
        fire(&k.escape, &mut s.v, &mut s.trace, lists, first, input.chance)
    }
}

/// The neurons of model `M` with a coupling that needs the adaptive solver.
pub type Gif<M, C> = Solved<GifEquations<M, C>>;

/// The equations.
pub struct GifEquations<M, C>(PhantomData<(M, C)>);

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
    synapses: S,
    none: [R; 0],
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Membrane<R, S> {
    per_c_m: R,
    g_l: R,
    e_l: R,
    i_e: R,
    tolerance: R,
    escape: Escape<R>,
    synapses: S,
}

type Y<R, C> = Components<R, <C as Coupling>::State<R>>;
type Rest<R, C> = Still<R, <C as Coupling>::Still<R>>;
type Of<R, C> = Membrane<R, <C as Coupling>::Constants<R>>;

impl<M: Declared, C: Coupling> Declared for GifEquations<M, C> {
    const DECLARATION: Declaration = M::DECLARATION;
}

impl<M: Declared, C: Coupling> Equations for GifEquations<M, C> {
    type Components<R: Real> = Y<R, C>;
    type Still<R: Real> = Rest<R, C>;
    type Constants<R: Real> = Of<R, C>;
    type Receptors = C::Receptors;
    const DECAYS: DecaySet =
        DecaySet::NONE.and_those(C::DECAYS, place!(Y<f64, C>, synapses), place!(Of<f64, C>, synapses));
    const LISTS: ListSet = lists(C::LISTS);
    const READINGS: Readings = Readings::NONE
        .and("V_m", component(0))
        .and_those(Readings::of::<Trace<f64>>(), still::<Self>() + place!(Rest<f64, C>, trace))
        .and_those(C::READINGS, place!(Y<f64, C>, synapses));

    fn constants(p: &Parameters<'_, Self>) -> Of<f64, C> {
        let p = &p.of_same::<M>();
        Membrane {
            per_c_m: 1.0 / real!(p, M, "C_m"),
            g_l: real!(p, M, "g_L"),
            e_l: real!(p, M, "E_L"),
            i_e: real!(p, M, "I_e"),
            tolerance: real!(p, M, "gsl_error_tol"),
            escape: Escape::of(p),
            synapses: C::constants(p),
        }
    }
    fn entry_constants(p: &Parameters<'_, Self>, list: usize, at: usize, k: &mut [f64]) {
        let p = &p.of_same::<M>();
        match list.checked_sub(C::LISTS.len()) {
            Some(which) => entry(p, which, at, k),
            None => C::entry_constants(p, at, k),
        }
    }
    fn needs_chance(k: &Of<f64, C>) -> bool {
        k.escape.expected > 0.0
    }

    #[inline(always)]
    fn allowed<R: Real>(k: &Of<R, C>) -> Allowed<R> {
        Allowed::Absolute(k.tolerance)
    }
    #[inline(always)]
    fn begin<R: Real, L: Coefficients>(
        k: &Of<R, C>,
        _: &Y<R, C>,
        s: &mut Rest<R, C>,
        lists: &mut Lists<'_, L>,
        _: &Arriving<'_, R>,
    ) {
        begin(&k.escape, &mut s.trace, lists, C::LISTS.len());
    }
    #[inline(always)]
    fn slopes<R: Real>(
        k: &Of<R, C>,
        y: &Y<R, C>,
        s: &Rest<R, C>,
        current: R,
        drive: &<C::Receptors as Receptors>::Drive<R>,
    ) -> Y<R, C> {
        let waiting = s.trace.refractory.gt(R::of(0.0));
        let u = R::select(waiting, k.escape.reset, y.v);
        let sum = k.i_e + C::steady(&s.synapses, current) - k.g_l * (u - k.e_l) - s.trace.i_stc;
        let sum = C::add(&k.synapses, &y.synapses, drive, u, sum);
        Components { v: R::select(waiting, R::of(0.0), sum * k.per_c_m), synapses: C::slopes(&k.synapses, &y.synapses) }
    }
    #[inline(always)]
    fn end<R: Real, L: Coefficients>(
        k: &Of<R, C>,
        y: &mut Y<R, C>,
        s: &mut Rest<R, C>,
        lists: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        C::receive(&k.synapses, &mut y.synapses, &mut s.synapses, lists, input);
        fire(&k.escape, &mut y.v, &mut s.trace, lists, C::LISTS.len(), input.chance)
    }
}
