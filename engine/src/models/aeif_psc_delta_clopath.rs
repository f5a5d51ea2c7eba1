//! Adaptive exponential integrate-and-fire neuron for voltage-based plasticity: clamped spikes, an afterpotential,
//! a moving threshold and low-passed potentials; spikes that arrive make the potential jump.
//!
//! C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th)/Delta_T) - w + z + I_e + I
//! tau_w dw/dt = a (V - E_L) - w,  tau_z dz/dt = -z,  tau_V_th dV_th/dt = V_th_rest - V_th
//! tau_u_bar dū/dt = V - ū for ū+ and ū-; tau_u_bar_bar dū̄/dt = ū- - ū̄
//! V ≥ V_peak: spike, V = V_clamp for t_clamp, then V_reset; w += b, z = I_sp, V_th = V_th_max
//!
//! Clopath et al. 2010, Nat Neurosci 13:344; Clopath & Gerstner 2010, Front Synaptic Neurosci 2:25.

use super::aeif::{self, ADAPTATION, C_M, DELTA_T, E_L, G_L, I_E, SOLVER, T_REF, V_RESET, W, membrane, waiting_steps};
use super::declare::*;
use super::shared::*;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::Allowed;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, Lookup};
use crate::runtime::neurons::solved::{Equations, solved};

pub const MODEL: Model = Model {
    name: "aeif_psc_delta_clopath",
    family: Family::Neuron,
    title: "Adaptive exponential, voltage-based plasticity",
    doc: "Adaptive exponential integrate-and-fire neuron whose low-passed potential guides the plasticity of its synapses",
    equations: "C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th) / Delta_T) - w + z + I_e\ntau_w dw/dt = a (V - E_L) - w\ntau_z dz/dt = -z, tau_V_th dV_th/dt = V_th_rest - V_th\nV ≥ V_peak: spike, V = V_clamp for t_clamp, then V_reset; w += b, z = I_sp, V_th = V_th_max",
    reference: "Clopath et al. 2010, Nat Neurosci 13:344",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                I_E,
                V_RESET,
                real("V_peak", "mV", 33.0).slider(-40.0, 60.0).doc("Potential at which a spike counts"),
                T_REF,
                DELTA_T,
                G_L,
                C_M,
                E_L,
            ],
        },
        ADAPTATION,
        Group {
            title: "Threshold and afterpotential",
            parameters: &[
                real("V_th_rest", "mV", -50.4).main(-70.0, -30.0).doc("Threshold at rest"),
                real("V_th_max", "mV", 30.4).slider(-50.0, 60.0).doc("Threshold right after a spike"),
                real("tau_V_th", "ms", 50.0)
                    .above(0.0)
                    .slider(1.0, 200.0)
                    .doc("Time in which the threshold comes down"),
                real("I_sp", "pA", 400.0).slider(0.0, 1000.0).doc("Depolarising current after a spike"),
                real("tau_z", "ms", 40.0).above(0.0).slider(1.0, 200.0).doc("Decay time of that current"),
            ],
        },
        Group {
            title: "Clamp",
            parameters: &[
                real("V_clamp", "mV", 33.0).slider(-40.0, 60.0).doc("Potential during a spike"),
                real("t_clamp", "ms", 2.0).at_least(0.0).slider(0.0, 10.0).doc("Duration of a spike"),
            ],
        },
        Group {
            title: "Low-passed potentials",
            parameters: &[
                real("tau_u_bar_plus", "ms", 7.0).above(0.0).slider(1.0, 100.0).doc("Time constant for potentiation"),
                real("tau_u_bar_minus", "ms", 10.0).above(0.0).slider(1.0, 100.0).doc("Time constant for depression"),
                real("tau_u_bar_bar", "ms", 500.0)
                    .above(0.0)
                    .slider(10.0, 5000.0)
                    .doc("Time constant of the homeostatic average"),
            ],
        },
        CLOPATH_ARCHIVE,
        SOLVER,
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -70.6).slider(-90.0, -40.0).doc("Membrane potential"),
                state("w", "pA", 0.0).doc("Adaptation current"),
                state("u_bar_plus", "mV", -70.6).slider(-90.0, -40.0).doc(U_BAR_PLUS.doc),
                state("u_bar_minus", "mV", -70.6).slider(-90.0, -40.0).doc(U_BAR_MINUS.doc),
                state("u_bar_bar", "mV", -70.6).slider(-90.0, -40.0).doc(U_BAR_BAR.doc),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[
        V_M,
        W,
        Recordable::new("z", "pA", "Depolarising current after a spike"),
        Recordable::new("V_th", "mV", "Threshold"),
        U_BAR_PLUS,
        U_BAR_MINUS,
        U_BAR_BAR,
    ],
    ports: &spikes_and_currents("mV"),
    emits: Emits::Spikes,
    signal: None,
    relations: &[
        Relation::NotGreater("V_th_rest", "V_peak"),
        Relation::NotGreater("V_th_rest", "V_th_max"),
        Relation::Less("V_reset", "V_peak"),
        aeif::exponent_fits("V_th_rest"),
    ],
    neurons: Some(Blocks::<AeifPscDeltaClopath, _, _>::make),
    generator: None,
    synapses: None,
};

/// Derived constants after those of the membrane.
mod k {
    pub use super::aeif::k::*;
    pub const PER_TAU_Z: usize = 16;
    pub const PER_TAU_V_TH: usize = 17;
    pub const V_TH_MAX: usize = 18;
    pub const I_SP: usize = 19;
    pub const V_CLAMP: usize = 20;
    /// Steps of the clamp, counted with the one of the spike.
    pub const CLAMP: usize = 21;
    pub const PER_TAU_PLUS: usize = 22;
    pub const PER_TAU_MINUS: usize = 23;
    pub const PER_TAU_BAR: usize = 24;
}

/// Numbers of state; the first seven are the components of the equations.
mod s {
    pub const V: usize = 0;
    pub const W: usize = 1;
    pub const Z: usize = 2;
    pub const V_TH: usize = 3;
    pub const U_PLUS: usize = 4;
    pub const U_MINUS: usize = 5;
    pub const U_BAR: usize = 6;
    pub const REFRACTORY: usize = 7;
    pub const CLAMPED: usize = 8;
    /// Spikes of the step.
    pub const SPIKES: usize = 9;
    pub const SUB_STEP: usize = 10;
}

pub struct AeifPscDeltaClopath;

impl Dynamics<11, 25> for AeifPscDeltaClopath {
    const BURSTS: bool = true;
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 25] {
        let mut k = [0.0; 25];
        k[..16].copy_from_slice(&membrane(p, grid, "V_th_rest"));
        k[k::PER_TAU_Z] = 1.0 / p.real("tau_z");
        k[k::PER_TAU_V_TH] = 1.0 / p.real("tau_V_th");
        k[k::V_TH_MAX] = p.real("V_th_max");
        k[k::I_SP] = p.real("I_sp");
        k[k::V_CLAMP] = p.real("V_clamp");
        k[k::CLAMP] = waiting_steps(p.real("t_clamp"), grid);
        k[k::PER_TAU_PLUS] = 1.0 / p.real("tau_u_bar_plus");
        k[k::PER_TAU_MINUS] = 1.0 / p.real("tau_u_bar_minus");
        k[k::PER_TAU_BAR] = 1.0 / p.real("tau_u_bar_bar");
        k
    }
    fn initial(_: &dyn Lookup, k: &[f64; 25]) -> [f64; 11] {
        let mut s = [0.0; 11];
        s[s::V_TH] = INITIAL_THRESHOLD;
        s[s::SUB_STEP] = k[k::H];
        s
    }
    fn spikes(s: &[f64; 11]) -> u32 {
        s[s::SPIKES] as u32
    }
    fn recordable(i: usize, s: &[f64; 11], _: &[f64; 25]) -> f64 {
        s[[s::V, s::W, s::Z, s::V_TH, s::U_PLUS, s::U_MINUS, s::U_BAR][i]]
    }
    fn state(name: &str, s: &[f64; 11], _: &[f64; 25]) -> f64 {
        s[place(name)]
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 11], _: &[f64; 25]) {
        s[place(name)] = x;
    }
    solved!(11, 25, 7);
}

/// The threshold at first (mV), whatever `V_th_rest` is set to.
const INITIAL_THRESHOLD: f64 = -50.4;

impl Equations<11, 25, 7> for AeifPscDeltaClopath {
    const H: usize = k::H;
    const DECAYING: &'static [(usize, usize)] = &[(s::Z, k::PER_TAU_Z)];
    #[inline(always)]
    fn allowed<R: Real, C: Coefficients>(k: C, lane: usize) -> Allowed<R> {
        aeif::allowed(k, lane)
    }
    #[inline(always)]
    fn begin<R: Real, C: Coefficients>(_: C, _: usize, s: &mut [R; 11], _: &Arriving<R>) {
        s[s::SPIKES] = R::of(0.0);
    }
    #[inline(always)]
    fn slopes<R: Real, C: Coefficients>(k: C, lane: usize, y: &[R; 7], s: &[R; 11], current: R) -> [R; 7] {
        let at = |i| k.at::<R>(i, lane);
        let zero = R::of(0.0);
        let [v, w, z, v_th, u_plus, u_minus, u_bar] = *y;
        let (waiting, clamped) = (s[s::REFRACTORY].gt(zero), s[s::CLAMPED].gt(zero));
        let u = R::select(clamped, at(k::V_CLAMP), aeif::effective(k, lane, v, s[s::REFRACTORY]));
        let slope = aeif::slope(k, lane, u, v_th, current - w + z);
        [
            R::select(R::or(clamped, waiting), zero, slope),
            R::select(clamped, zero, aeif::adaptation(k, lane, u, w)),
            -z * at(k::PER_TAU_Z),
            (at(k::V_TH) - v_th) * at(k::PER_TAU_V_TH),
            (u - u_plus) * at(k::PER_TAU_PLUS),
            (u - u_minus) * at(k::PER_TAU_MINUS),
            (u_minus - u_bar) * at(k::PER_TAU_BAR),
        ]
    }
    /// Spikes that arrive count after the first sub-step, unless the neuron is clamped or refractory.
    #[inline(always)]
    fn moved<R: Real, C: Coefficients>(k: C, lane: usize, s: &mut [R; 11], who: R::Mask, arriving: R) {
        let at = |i| k.at::<R>(i, lane);
        let (zero, one) = (R::of(0.0), R::of(1.0));
        let [mut v, mut w, z, v_th, _, _, _, r, clamped, spikes, _] = *s;
        aeif::give_up(&mut v, &mut w, who);
        let free = R::and(who, zero.ge(clamped));
        v = R::select(R::and(free, zero.ge(r)), v + arriving, v);
        let sharp = zero.ge(at(k::PER_DELTA_T));
        let fires = R::and(free, v.ge(R::select(sharp, v_th, at(k::V_PEAK))));
        let released = R::and(who, R::and(clamped.ge(one), one.ge(clamped)));
        v = R::select(released, at(k::RESET), R::select(fires, at(k::V_CLAMP), v));
        let r = R::select(released, at(k::REFRACTORY), r);
        s[s::V] = R::select(R::and(who, r.gt(zero)), at(k::RESET), v);
        s[s::W] = R::select(fires, w + at(k::B), w);
        s[s::Z] = R::select(fires, at(k::I_SP), z);
        s[s::V_TH] = R::select(fires, at(k::V_TH_MAX), v_th);
        s[s::REFRACTORY] = r;
        s[s::CLAMPED] = R::select(released, zero, R::select(fires, at(k::CLAMP), clamped));
        s[s::SPIKES] = R::select(fires, spikes + one, spikes);
    }
    #[inline(always)]
    fn end<R: Real, C: Coefficients>(_: C, _: usize, s: &mut [R; 11], _: &Arriving<R>) -> R::Mask {
        aeif::count_down(&mut s[s::CLAMPED]);
        aeif::count_down(&mut s[s::REFRACTORY]);
        s[s::SPIKES].gt(R::of(0.0))
    }
}

fn place(state: &str) -> usize {
    match state {
        "w" => s::W,
        "u_bar_plus" => s::U_PLUS,
        "u_bar_minus" => s::U_MINUS,
        "u_bar_bar" => s::U_BAR,
        _ => s::V,
    }
}
