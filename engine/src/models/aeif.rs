//! What the adaptive exponential integrate-and-fire neurons have in common.
//!
//! C_m dV/dt = -g_L (U - E_L) + g_L Delta_T exp((U - V_th)/Delta_T) - w + I_syn + I_e + I, with U = min(V, V_peak)
//! tau_w dw/dt = a (U - E_L) - w
//! V ≥ V_peak: spike, V = V_reset, w += b; V stays at V_reset during the refractory period
//!
//! Spikes are found after every sub-step of the solver, so there can be several in a step.
//!
//! Brette & Gerstner 2005, J Neurophysiol 94:3637.

use super::declare::*;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::Allowed;
use crate::mechanisms::time::Grid;
use crate::runtime::neurons::dynamics::{Coefficients, Lookup};

/// Above this (mV, pA) the equations have run away.
const LOWEST_POTENTIAL: f64 = -1000.0;
const LARGEST_ADAPTATION: f64 = 1e6;

/// (V_peak − V_th)/Delta_T below which the exponential term, times 10²⁰, is a number.
const LARGEST_EXPONENT: f64 = 663.731_011_033_503;

pub const I_E: Parameter = real("I_e", "pA", 0.0).main(-500.0, 2000.0).doc("Constant input current");
pub const V_RESET: Parameter = real("V_reset", "mV", -60.0).main(-80.0, -40.0).doc("Potential after a spike");
pub const T_REF: Parameter = real("t_ref", "ms", 0.0).at_least(0.0).slider(0.0, 20.0).doc("Refractory period");
pub const DELTA_T: Parameter =
    real("Delta_T", "mV", 2.0).at_least(0.0).slider(0.0, 10.0).doc("Sharpness of the spike's upstroke");
pub const G_L: Parameter = real("g_L", "nS", 30.0).slider(1.0, 100.0).doc("Leak conductance");
pub const C_M: Parameter = real("C_m", "pF", 281.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance");
pub const E_L: Parameter = real("E_L", "mV", -70.6).slider(-90.0, -40.0).doc("Leak reversal potential");

pub const ADAPTATION: Group = Group {
    title: "Adaptation",
    parameters: &[
        real("a", "nS", 4.0).main(-10.0, 50.0).doc("Adaptation by the potential"),
        real("b", "pA", 80.5).main(0.0, 500.0).doc("Adaptation by each spike"),
        real("tau_w", "ms", 144.0).above(0.0).main(1.0, 500.0).doc("Time constant of adaptation"),
    ],
};

pub const SOLVER: Group = Group {
    title: "Solver",
    parameters: &[real("gsl_error_tol", "", 1e-6)
        .above(0.0)
        .fixed()
        .doc("Error allowed in a sub-step, absolute and relative to the change")],
};

pub const NEURON: Group = Group {
    title: "Neuron",
    parameters: &[
        I_E,
        real("V_th", "mV", -50.4).main(-70.0, -30.0).doc("Threshold: where the spike takes off"),
        V_RESET,
        real("V_peak", "mV", 0.0).slider(-40.0, 40.0).doc("Potential at which a spike counts and is reset"),
        T_REF,
        DELTA_T,
        G_L,
        C_M,
        E_L,
    ],
};

pub const RELATIONS: &[Relation] =
    &[Relation::NotGreater("V_th", "V_peak"), Relation::Less("V_reset", "V_peak"), exponent_fits("V_th")];

/// The spike's upstroke from this threshold to `V_peak` can be followed.
pub const fn exponent_fits(threshold: &'static str) -> Relation {
    Relation::Exponent { high: "V_peak", low: threshold, scale: "Delta_T", below: LARGEST_EXPONENT }
}

pub const W: Recordable = Recordable::new("w", "pA", "Adaptation current");

/// Derived constants of the membrane, the first of each model.
pub mod k {
    pub const PER_C_M: usize = 0;
    pub const G_L: usize = 1;
    pub const E_L: usize = 2;
    pub const V_TH: usize = 3;
    pub const V_PEAK: usize = 4;
    pub const RESET: usize = 5;
    /// g_L Delta_T and 1/Delta_T, both 0 where Delta_T is.
    pub const UPSTROKE: usize = 6;
    pub const PER_DELTA_T: usize = 7;
    /// V_peak, or V_th where Delta_T is 0.
    pub const DETECTED: usize = 8;
    pub const A: usize = 9;
    pub const B: usize = 10;
    pub const PER_TAU_W: usize = 11;
    pub const I_E: usize = 12;
    /// Steps to wait, counted with the one of the spike.
    pub const REFRACTORY: usize = 13;
    pub const TOLERANCE: usize = 14;
    pub const H: usize = 15;
}

/// The constants of the membrane; `threshold` names the parameter at which the spike takes off.
pub fn membrane(p: &dyn Lookup, grid: Grid, threshold: &str) -> [f64; 16] {
    let (g_l, delta, v_th, v_peak) = (p.real("g_L"), p.real("Delta_T"), p.real(threshold), p.real("V_peak"));
    let sharp = delta == 0.0;
    [
        1.0 / p.real("C_m"),
        g_l,
        p.real("E_L"),
        v_th,
        v_peak,
        p.real("V_reset"),
        g_l * delta,
        if sharp { 0.0 } else { 1.0 / delta },
        if sharp { v_th } else { v_peak },
        p.real("a"),
        p.real("b"),
        1.0 / p.real("tau_w"),
        p.real("I_e"),
        waiting_steps(p.real("t_ref"), grid),
        p.real("gsl_error_tol"),
        grid.h(),
    ]
}

/// Steps of a time that begins within a step: that step counts too, unless the time is 0.
pub fn waiting_steps(ms: f64, grid: Grid) -> f64 {
    match grid.steps_up(ms) {
        0 => 0.0,
        n => (n + 1) as f64,
    }
}

#[inline(always)]
pub fn allowed<R: Real, C: Coefficients>(k: C, lane: usize) -> Allowed<R> {
    let tolerance = k.at::<R>(k::TOLERANCE, lane);
    Allowed::Slope { absolute: tolerance, relative: tolerance }
}

/// The potential that currents see, with `r` steps of the refractory period left.
#[inline(always)]
pub fn effective<R: Real, C: Coefficients>(k: C, lane: usize, v: R, r: R) -> R {
    let at = |i| k.at::<R>(i, lane);
    R::select(r.gt(R::of(0.0)), at(k::RESET), v.min(at(k::V_PEAK)))
}

/// dV/dt unless refractory, of a spike that takes off at `v_th`; `current` is all but leak, upstroke and I_e.
#[inline(always)]
pub fn slope<R: Real, C: Coefficients>(k: C, lane: usize, u: R, v_th: R, current: R) -> R {
    let at = |i| k.at::<R>(i, lane);
    let upstroke = at(k::UPSTROKE) * R::exp((u - v_th) * at(k::PER_DELTA_T));
    (current + at(k::I_E) + upstroke - at(k::G_L) * (u - at(k::E_L))) * at(k::PER_C_M)
}

/// dw/dt.
#[inline(always)]
pub fn adaptation<R: Real, C: Coefficients>(k: C, lane: usize, u: R, w: R) -> R {
    let at = |i| k.at::<R>(i, lane);
    (at(k::A) * (u - at(k::E_L)) - w) * at(k::PER_TAU_W)
}

/// Gives up the state of lanes that moved and have run away.
#[inline(always)]
pub fn give_up<R: Real>(v: &mut R, w: &mut R, who: R::Mask) {
    let away = R::or(R::of(LOWEST_POTENTIAL).gt(*v), w.abs().gt(R::of(LARGEST_ADAPTATION)));
    let away = R::and(who, away);
    *v = R::select(away, R::of(f64::NAN), *v);
    *w = R::select(away, R::of(f64::NAN), *w);
}

/// After a sub-step: of those who moved, who waits stays at V_reset, and who has reached the peak fires.
#[inline(always)]
pub fn fire<R: Real, C: Coefficients>(k: C, lane: usize, who: R::Mask, [v, w, r, spikes]: [&mut R; 4]) {
    let at = |i| k.at::<R>(i, lane);
    give_up(v, w, who);
    let zero = R::of(0.0);
    let fires = R::and(R::and(who, zero.ge(*r)), v.ge(at(k::DETECTED)));
    let down = R::or(R::and(who, r.gt(zero)), fires);
    *v = R::select(down, at(k::RESET), *v);
    *w = R::select(fires, *w + at(k::B), *w);
    *r = R::select(fires, at(k::REFRACTORY), *r);
    *spikes = R::select(fires, *spikes + R::of(1.0), *spikes);
}

/// A count goes down to 0.
#[inline(always)]
pub fn count_down<R: Real>(count: &mut R) {
    *count = (*count - R::of(1.0)).max(R::of(0.0));
}
