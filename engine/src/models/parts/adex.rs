//! The adaptive exponential integrate-and-fire membrane.
//!
//! C_m dV/dt = -g_L (U - E_L) + g_L Delta_T exp((U - V_th)/Delta_T) - w + I_syn + I_e + I, with U = min(V, V_peak)
//! tau_w dw/dt = a (U - E_L) - w
//! V ≥ V_peak: spike, V = V_reset, w += b; V stays at V_reset during the refractory period
//!
//! Spikes are found after every sub-step of the solver, so there can be several in a step.
//!
//! Brette & Gerstner 2005, J Neurophysiol 94:3637.

use std::marker::PhantomData;

use super::coupling::Coupling;
use crate::description::Declaration;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::random::Stream;
use crate::mechanisms::rkf45::{Allowed, DecaySet};
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::equations::{Equations, Solved, still};
use crate::runtime::neurons::lists::{ListSet, Lists};
use crate::runtime::neurons::readings::Readings;
use crate::runtime::neurons::receptors::Receptors;
use crate::runtime::parameters::{Declared, Parameters, real};

/// Below this potential (mV), or with an adaptation current beyond this size (pA), the equations have run away.
const LOWEST_POTENTIAL: f64 = -1000.0;
const LARGEST_ADAPTATION: f64 = 1e6;

/// The neurons of model `M` with this coupling.
pub type Adex<M, C> = Solved<AdexEquations<M, C>>;

pub struct AdexEquations<M, C>(PhantomData<(M, C)>);

/// Derived constants of the membrane.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Membrane<R> {
    pub per_c_m: R,
    pub g_l: R,
    pub e_l: R,
    pub v_th: R,
    pub v_peak: R,
    pub reset: R,
    /// g_L Delta_T and 1/Delta_T, both 0 where Delta_T is.
    upstroke: R,
    pub per_delta_t: R,
    /// V_peak, or V_th where Delta_T is 0.
    detected: R,
    a: R,
    pub b: R,
    per_tau_w: R,
    i_e: R,
    /// Steps to wait after a spike, counted with the one of the spike.
    pub refractory: R,
    tolerance: R,
}

/// Steps of a time that begins within a step: that step counts too, unless the time is 0.
pub fn waiting_steps<M: Declared>(p: &Parameters<'_, M>, ms: f64) -> f64 {
    match p.steps(ms) {
        0.0 => 0.0,
        n => n + 1.0,
    }
}

impl Membrane<f64> {
    /// From the parameters of a model; `v_th` is the threshold at which the spike takes off.
    pub fn of<M: Declared>(p: &Parameters<'_, M>, v_th: f64) -> Self {
        let (g_l, delta_t, v_peak) = (real!(p, M, "g_L"), real!(p, M, "Delta_T"), real!(p, M, "V_peak"));
        let sharp = delta_t == 0.0;
        Membrane {
            per_c_m: 1.0 / real!(p, M, "C_m"),
            g_l,
            e_l: real!(p, M, "E_L"),
            v_th,
            v_peak,
            reset: real!(p, M, "V_reset"),
            upstroke: g_l * delta_t,
            per_delta_t: if sharp { 0.0 } else { 1.0 / delta_t },
            detected: if sharp { v_th } else { v_peak },
            a: real!(p, M, "a"),
            b: real!(p, M, "b"),
            per_tau_w: 1.0 / real!(p, M, "tau_w"),
            i_e: real!(p, M, "I_e"),
            refractory: waiting_steps(p, real!(p, M, "t_ref")),
            tolerance: real!(p, M, "gsl_error_tol"),
        }
    }
}

impl<R: Real> Membrane<R> {
    /// The error allowed in a sub-step.
    #[inline(always)]
    pub fn allowed(&self) -> Allowed<R> {
        Allowed::Slope { absolute: self.tolerance, relative: self.tolerance }
    }
    /// The potential that currents see, with so many steps of the refractory period left.
    #[inline(always)]
    pub fn effective(&self, v: R, refractory: R) -> R {
        R::select(refractory.gt(R::of(0.0)), self.reset, v.min(self.v_peak))
    }
    /// dV/dt unless refractory, of a spike that takes off at `v_th`; `current` is all but leak, upstroke and I_e.
    #[inline(always)]
    pub fn slope(&self, u: R, v_th: R, current: R) -> R {
        let upstroke = self.upstroke * R::exp((u - v_th) * self.per_delta_t);
        (current + self.i_e + upstroke - self.g_l * (u - self.e_l)) * self.per_c_m
    }
    /// dw/dt.
    #[inline(always)]
    pub fn adaptation(&self, u: R, w: R) -> R {
        (self.a * (u - self.e_l) - w) * self.per_tau_w
    }
}

/// Gives up the state of lanes that moved and have run away.
#[inline(always)]
pub fn give_up<R: Real>(v: &mut R, w: &mut R, who: R::Mask) {
    let away = R::or(R::of(LOWEST_POTENTIAL).gt(*v), w.abs().gt(R::of(LARGEST_ADAPTATION)));
    let away = R::and(who, away);
    *v = R::select(away, R::of(f64::NAN), *v);
    *w = R::select(away, R::of(f64::NAN), *w);
}

/// A count goes down to 0.
#[inline(always)]
pub fn count_down<R: Real>(count: &mut R) {
    *count = (*count - R::of(1.0)).max(R::of(0.0));
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Components<R, S> {
    #[name = "V_m"]
    v: R,
    #[name = "w"]
    w: R,
    synapses: S,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Still<R, S> {
    /// Steps left of the refractory period.
    refractory: R,
    /// Spikes of the step.
    spikes: R,
    synapses: S,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R, S> {
    membrane: Membrane<R>,
    synapses: S,
    none: [R; 0],
}

type Of<R, C> = Constants<R, <C as Coupling>::Constants<R>>;
type Y<R, C> = Components<R, <C as Coupling>::State<R>>;
type Rest<R, C> = Still<R, <C as Coupling>::Still<R>>;

impl<M: Declared, C: Coupling> Declared for AdexEquations<M, C> {
    const DECLARATION: Declaration = M::DECLARATION;
}

impl<M: Declared, C: Coupling> Equations for AdexEquations<M, C> {
    type Components<R: Real> = Y<R, C>;
    type Still<R: Real> = Rest<R, C>;
    type Constants<R: Real> = Of<R, C>;
    type Receptors = C::Receptors;
    const DECAYS: DecaySet =
        DecaySet::NONE.and_those(C::DECAYS, place!(Y<f64, C>, synapses), place!(Of<f64, C>, synapses));
    const LISTS: ListSet = C::LISTS;
    const READINGS: Readings = Readings::of::<Y<f64, C>>()
        .and_those(C::READINGS, place!(Y<f64, C>, synapses))
        .and_those(C::STILL_READINGS, still::<Self>() + place!(Rest<f64, C>, synapses));
    const FIRES: bool = true;

    fn constants(p: &Parameters<'_, Self>) -> Of<f64, C> {
        let p = &p.of_same::<M>();
        Constants { membrane: Membrane::of(p, real!(p, M, "V_th")), synapses: C::constants(p), none: [] }
    }
    fn entry_constants(p: &Parameters<'_, Self>, _: usize, entry: usize, k: &mut [f64]) {
        C::entry_constants(&p.of_same::<M>(), entry, k);
    }
    fn fire(_: &Y<f64, C>, s: &mut Rest<f64, C>, _: &Of<f64, C>, _: &mut Stream) -> u32 {
        s.spikes as u32
    }

    #[inline(always)]
    fn allowed<R: Real>(k: &Of<R, C>) -> Allowed<R> {
        k.membrane.allowed()
    }
    #[inline(always)]
    fn begin<R: Real, L: Coefficients>(
        _: &Of<R, C>,
        _: &Y<R, C>,
        s: &mut Rest<R, C>,
        _: &mut Lists<'_, L>,
        _: &Arriving<'_, R>,
    ) {
        s.spikes = R::of(0.0);
    }
    #[inline(always)]
    fn jump<R: Real>(input: &Arriving<'_, R>) -> R {
        if C::JUMPS { input.excitatory + input.inhibitory } else { R::of(0.0) }
    }
    #[inline(always)]
    fn slopes<R: Real>(
        k: &Of<R, C>,
        y: &Y<R, C>,
        s: &Rest<R, C>,
        current: R,
        drive: &<C::Receptors as Receptors>::Drive<R>,
    ) -> Y<R, C> {
        let m = &k.membrane;
        let u = m.effective(y.v, s.refractory);
        let current = C::add(&k.synapses, &y.synapses, drive, u, C::steady(&s.synapses, current) - y.w);
        let slope = m.slope(u, m.v_th, current);
        Components {
            v: R::select(s.refractory.gt(R::of(0.0)), R::of(0.0), slope),
            w: m.adaptation(u, y.w),
            synapses: C::slopes(&k.synapses, &y.synapses),
        }
    }
    /// Of those who moved, who waits stays at V_reset, and who has reached the peak fires.
    #[inline(always)]
    fn moved<R: Real>(k: &Of<R, C>, y: &mut Y<R, C>, s: &mut Rest<R, C>, who: R::Mask, jump: R) {
        let (m, zero) = (&k.membrane, R::of(0.0));
        give_up(&mut y.v, &mut y.w, who);
        y.v = C::jumped(&k.synapses, &mut s.synapses, y.v, s.refractory, who, jump);
        let fires = R::and(R::and(who, zero.ge(s.refractory)), R::spike(y.v, m.detected));
        let down = R::or(R::and(who, s.refractory.gt(zero)), fires);
        y.v = R::select(down, m.reset, y.v);
        y.w = R::select(fires, y.w + m.b, y.w);
        s.refractory = R::select(fires, m.refractory, s.refractory);
        s.spikes = R::select(fires, s.spikes + R::of(1.0), s.spikes);
    }
    #[inline(always)]
    fn end<R: Real, L: Coefficients>(
        k: &Of<R, C>,
        y: &mut Y<R, C>,
        s: &mut Rest<R, C>,
        lists: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        count_down(&mut s.refractory);
        C::receive(&k.synapses, &mut y.synapses, &mut s.synapses, lists, input);
        R::drawn(s.spikes, R::of(0.0))
    }
}
