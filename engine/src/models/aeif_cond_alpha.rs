//! Adaptive exponential integrate-and-fire neuron with alpha-shaped synaptic conductances.
//!
//! C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th)/Delta_T) - g_ex (V - E_ex) - g_in (V - E_in) - w + I_e + I
//! tau_w dw/dt = a (V - E_L) - w
//! g(t) = w (e/tau_syn) t exp(-t/tau_syn) after a spike of weight w
//!
//! Brette & Gerstner 2005, J Neurophysiol 94:3637.

use super::aeif::{self, ADAPTATION, NEURON, RELATIONS, SOLVER, W, membrane};
use super::declare::*;
use super::shared::*;
use crate::mechanisms::kernels::alpha_increment;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::Allowed;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, Lookup};
use crate::runtime::neurons::solved::{Equations, solved};

pub const MODEL: Model = Model {
    name: "aeif_cond_alpha",
    family: Family::Neuron,
    title: "Adaptive exponential, alpha conductances",
    doc: "Adaptive exponential integrate-and-fire neuron; each spike opens a conductance that rises and falls smoothly",
    equations: EQUATIONS,
    reference: "Brette & Gerstner 2005, J Neurophysiol 94:3637",
    groups: GROUPS,
    recordables: &[V_M, W, G_EX, G_IN],
    ports: &spikes_and_currents("nS"),
    emits: Emits::Spikes,
    signal: None,
    relations: RELATIONS,
    neurons: Some(Blocks::<AeifCondAlpha, _, _>::make),
    generator: None,
    synapses: None,
};

pub const EQUATIONS: &str = "C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th) / Delta_T) - g_ex (V - E_ex) - g_in (V - E_in) - w + I_e\ntau_w dw/dt = a (V - E_L) - w\ng(t) = w (e / tau_syn) t exp(-t / tau_syn)\nV ≥ V_peak: spike, V = V_reset, w += b";

pub const GROUPS: &[Group] = &[
    NEURON,
    ADAPTATION,
    Group {
        title: "Synaptic input",
        parameters: &[
            real("E_ex", "mV", 0.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
            real("E_in", "mV", -85.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
            real("tau_syn_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory conductance"),
            real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory conductance"),
        ],
    },
    SOLVER,
    Group {
        title: "Initial state",
        parameters: &[
            state("V_m", "mV", -70.6).slider(-90.0, -40.0).doc("Membrane potential"),
            state("w", "pA", 0.0).doc("Adaptation current"),
            state("g_ex", "nS", 0.0).at_least(0.0).doc("Excitatory conductance"),
            state("dg_ex", "nS/ms", 0.0).at_least(0.0).doc("What drives the excitatory conductance"),
            state("g_in", "nS", 0.0).at_least(0.0).doc("Inhibitory conductance"),
            state("dg_in", "nS/ms", 0.0).at_least(0.0).doc("What drives the inhibitory conductance"),
        ],
    },
    PLASTICITY,
];

/// Derived constants after those of the membrane.
mod k {
    pub use super::aeif::k::*;
    pub const E_EX: usize = 16;
    pub const E_IN: usize = 17;
    pub const PER_TAU_EX: usize = 18;
    pub const PER_TAU_IN: usize = 19;
    pub const GAIN_EX: usize = 20;
    pub const GAIN_IN: usize = 21;
}

/// Numbers of state; the first six are the components of the equations.
pub mod s {
    pub const V: usize = 0;
    pub const W: usize = 1;
    pub const Z_EX: usize = 2;
    pub const G_EX: usize = 3;
    pub const Z_IN: usize = 4;
    pub const G_IN: usize = 5;
    pub const REFRACTORY: usize = 6;
    /// Spikes of the step.
    pub const SPIKES: usize = 7;
    const SUB_STEP: usize = 8;
    /// What is sampled after V and w, here and in the variant with an astrocyte.
    pub const SAMPLED: [usize; 4] = [V, W, G_EX, G_IN];
    pub const SIZE: usize = SUB_STEP + 1;
}

pub struct AeifCondAlpha;

pub fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 22] {
    let mut k = [0.0; 22];
    k[..16].copy_from_slice(&membrane(p, grid, "V_th"));
    k[k::E_EX] = p.real("E_ex");
    k[k::E_IN] = p.real("E_in");
    k[k::PER_TAU_EX] = 1.0 / p.real("tau_syn_ex");
    k[k::PER_TAU_IN] = 1.0 / p.real("tau_syn_in");
    k[k::GAIN_EX] = alpha_increment(p.real("tau_syn_ex"));
    k[k::GAIN_IN] = alpha_increment(p.real("tau_syn_in"));
    k
}

/// The components that decay, with their rates.
pub const DECAYING: [(usize, usize); 2] = [(s::Z_EX, k::PER_TAU_EX), (s::Z_IN, k::PER_TAU_IN)];

/// dy/dt, where `s` holds the refractory count.
#[inline(always)]
pub fn slopes<R: Real, C: Coefficients, const S: usize>(
    k: C,
    lane: usize,
    y: &[R; 6],
    s: &[R; S],
    current: R,
) -> [R; 6] {
    let at = |i| k.at::<R>(i, lane);
    let [v, w, z_ex, g_ex, z_in, g_in] = *y;
    let r = s[s::REFRACTORY];
    let u = aeif::effective(k, lane, v, r);
    let current = current - w - g_ex * (u - at(k::E_EX)) - g_in * (u - at(k::E_IN));
    let slope = aeif::slope(k, lane, u, at(k::V_TH), current);
    [
        R::select(r.gt(R::of(0.0)), R::of(0.0), slope),
        aeif::adaptation(k, lane, u, w),
        -z_ex * at(k::PER_TAU_EX),
        z_ex - g_ex * at(k::PER_TAU_EX),
        -z_in * at(k::PER_TAU_IN),
        z_in - g_in * at(k::PER_TAU_IN),
    ]
}

/// After a sub-step.
#[inline(always)]
pub fn moved<R: Real, C: Coefficients, const S: usize>(k: C, lane: usize, s: &mut [R; S], who: R::Mask) {
    let [mut v, mut w, mut r, mut spikes] = [s[s::V], s[s::W], s[s::REFRACTORY], s[s::SPIKES]];
    aeif::fire(k, lane, who, [&mut v, &mut w, &mut r, &mut spikes]);
    (s[s::V], s[s::W], s[s::REFRACTORY], s[s::SPIKES]) = (v, w, r, spikes);
}

/// At the end of a step.
#[inline(always)]
pub fn end<R: Real, C: Coefficients, const S: usize>(
    k: C,
    lane: usize,
    s: &mut [R; S],
    input: &Arriving<R>,
) -> R::Mask {
    aeif::count_down(&mut s[s::REFRACTORY]);
    s[s::Z_EX] = s[s::Z_EX] + input.excitatory * k.at(k::GAIN_EX, lane);
    s[s::Z_IN] = s[s::Z_IN] - input.inhibitory * k.at(k::GAIN_IN, lane);
    s[s::SPIKES].gt(R::of(0.0))
}

pub const H: usize = k::H;

impl Dynamics<9, 22> for AeifCondAlpha {
    const BURSTS: bool = true;
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 22] {
        constants(p, grid)
    }
    fn initial(_: &dyn Lookup, k: &[f64; 22]) -> [f64; 9] {
        let mut s = [0.0; s::SIZE];
        s[s::SIZE - 1] = k[k::H];
        s
    }
    fn spikes(s: &[f64; 9]) -> u32 {
        s[s::SPIKES] as u32
    }
    fn recordable(i: usize, s: &[f64; 9], _: &[f64; 22]) -> f64 {
        s[s::SAMPLED[i]]
    }
    fn state(name: &str, s: &[f64; 9], _: &[f64; 22]) -> f64 {
        s[place(name)]
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 9], _: &[f64; 22]) {
        s[place(name)] = x;
    }
    solved!(9, 22, 6);
}

impl Equations<9, 22, 6> for AeifCondAlpha {
    const H: usize = k::H;
    const DECAYING: &'static [(usize, usize)] = &DECAYING;
    #[inline(always)]
    fn allowed<R: Real, C: Coefficients>(k: C, lane: usize) -> Allowed<R> {
        aeif::allowed(k, lane)
    }
    #[inline(always)]
    fn begin<R: Real, C: Coefficients>(_: C, _: usize, s: &mut [R; 9], _: &Arriving<R>) {
        s[s::SPIKES] = R::of(0.0);
    }
    #[inline(always)]
    fn slopes<R: Real, C: Coefficients>(k: C, lane: usize, y: &[R; 6], s: &[R; 9], current: R) -> [R; 6] {
        slopes(k, lane, y, s, current)
    }
    #[inline(always)]
    fn moved<R: Real, C: Coefficients>(k: C, lane: usize, s: &mut [R; 9], who: R::Mask, _: R) {
        moved(k, lane, s, who);
    }
    #[inline(always)]
    fn end<R: Real, C: Coefficients>(k: C, lane: usize, s: &mut [R; 9], input: &Arriving<R>) -> R::Mask {
        end(k, lane, s, input)
    }
}

pub fn place(state: &str) -> usize {
    match state {
        "w" => s::W,
        "g_ex" => s::G_EX,
        "dg_ex" => s::Z_EX,
        "g_in" => s::G_IN,
        "dg_in" => s::Z_IN,
        _ => s::V,
    }
}
