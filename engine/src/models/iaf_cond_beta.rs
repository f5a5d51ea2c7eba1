//! Leaky integrate-and-fire neuron with synaptic conductances that rise and decay: beta functions.
//!
//! C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e + I
//! g(t) = w (exp(-t/tau_decay) - exp(-t/tau_rise)) / p after a spike of weight w; p makes the peak w
//!
//! Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159; Rotter & Diesmann 1999, Biol Cybern 81:381.

use super::declare::*;
use super::iaf_cond::{self, NEURON, TOLERANCE, membrane};
use super::shared::*;
use crate::mechanisms::kernels::beta_increment;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::Allowed;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, Lookup};
use crate::runtime::neurons::solved::{Equations, solved};

pub const MODEL: Model = Model {
    name: "iaf_cond_beta",
    family: Family::Neuron,
    title: "Integrate-and-fire, beta conductances",
    doc: "Leaky integrate-and-fire neuron; each spike opens a conductance that rises and decays with times of its own",
    equations: "C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e\ndz/dt = -z / tau_decay, dg/dt = z - g / tau_rise\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159",
    groups: &[
        NEURON,
        Group {
            title: "Synaptic input",
            parameters: &[
                real("E_ex", "mV", 0.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
                real("E_in", "mV", -85.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
                real("tau_rise_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory conductance"),
                real("tau_decay_ex", "ms", 0.2)
                    .above(0.0)
                    .slider(0.1, 20.0)
                    .doc("Decay time of excitatory conductance"),
                real("tau_rise_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory conductance"),
                real("tau_decay_in", "ms", 2.0)
                    .above(0.0)
                    .slider(0.1, 20.0)
                    .doc("Decay time of inhibitory conductance"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential"),
                state("g_ex", "nS", 0.0).doc("Excitatory conductance"),
                state("g_in", "nS", 0.0).doc("Inhibitory conductance"),
                state("dg_ex", "nS/ms", 0.0).doc("What drives the excitatory conductance"),
                state("dg_in", "nS/ms", 0.0).doc("What drives the inhibitory conductance"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, G_EX, G_IN, T_REF_REMAINING],
    ports: &spikes_and_currents("nS"),
    emits: Emits::Spikes,
    signal: None,
    relations: RESET_BELOW_THRESHOLD,
    neurons: Some(Blocks::<IafCondBeta, _, _>::make),
    generator: None,
    synapses: None,
};

/// Derived constants after those of the membrane.
mod k {
    pub use super::iaf_cond::k::*;
    pub const PER_RISE_EX: usize = 10;
    pub const PER_DECAY_EX: usize = 11;
    pub const PER_RISE_IN: usize = 12;
    pub const PER_DECAY_IN: usize = 13;
    pub const GAIN_EX: usize = 14;
    pub const GAIN_IN: usize = 15;
}

/// Numbers of state; the first five are the components of the equations.
mod s {
    pub const V: usize = 0;
    pub const Z_EX: usize = 1;
    pub const G_EX: usize = 2;
    pub const Z_IN: usize = 3;
    pub const G_IN: usize = 4;
    pub const REFRACTORY: usize = 5;
    pub const SUB_STEP: usize = 6;
}

pub struct IafCondBeta;

impl Dynamics<7, 16> for IafCondBeta {
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 16] {
        let mut k = [0.0; 16];
        k[..10].copy_from_slice(&membrane(p, grid));
        k[k::PER_RISE_EX] = 1.0 / p.real("tau_rise_ex");
        k[k::PER_DECAY_EX] = 1.0 / p.real("tau_decay_ex");
        k[k::PER_RISE_IN] = 1.0 / p.real("tau_rise_in");
        k[k::PER_DECAY_IN] = 1.0 / p.real("tau_decay_in");
        k[k::GAIN_EX] = beta_increment(p.real("tau_rise_ex"), p.real("tau_decay_ex"));
        k[k::GAIN_IN] = beta_increment(p.real("tau_rise_in"), p.real("tau_decay_in"));
        k
    }
    fn initial(_: &dyn Lookup, k: &[f64; 16]) -> [f64; 7] {
        let mut s = [0.0; 7];
        s[s::SUB_STEP] = k[k::H];
        s
    }
    fn recordable(i: usize, s: &[f64; 7], k: &[f64; 16]) -> f64 {
        [s[s::V], s[s::G_EX], s[s::G_IN], s[s::REFRACTORY] * k[k::H]][i]
    }
    fn state(name: &str, s: &[f64; 7], _: &[f64; 16]) -> f64 {
        s[place(name)]
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 7], _: &[f64; 16]) {
        s[place(name)] = x;
    }
    solved!(7, 16, 5);
}

impl Equations<7, 16, 5> for IafCondBeta {
    const H: usize = k::H;
    const DECAYING: &'static [(usize, usize)] = &[(s::Z_EX, k::PER_DECAY_EX), (s::Z_IN, k::PER_DECAY_IN)];
    #[inline(always)]
    fn allowed<R: Real, C: Coefficients>(_: C, _: usize) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn slopes<R: Real, C: Coefficients>(c: C, lane: usize, y: &[R; 5], s: &[R; 7], current: R) -> [R; 5] {
        let at = |i| c.at::<R>(i, lane);
        let [v, z_ex, g_ex, z_in, g_in] = *y;
        [
            iaf_cond::slope(c, lane, v, s[s::REFRACTORY], g_ex, g_in, current),
            -z_ex * at(k::PER_DECAY_EX),
            z_ex - g_ex * at(k::PER_RISE_EX),
            -z_in * at(k::PER_DECAY_IN),
            z_in - g_in * at(k::PER_RISE_IN),
        ]
    }
    #[inline(always)]
    fn end<R: Real, C: Coefficients>(c: C, lane: usize, s: &mut [R; 7], input: &Arriving<R>) -> R::Mask {
        let [v, _, _, _, _, r, _] = s;
        let fired = iaf_cond::end(c, lane, v, r);
        s[s::Z_EX] = s[s::Z_EX] + input.excitatory * c.at(k::GAIN_EX, lane);
        s[s::Z_IN] = s[s::Z_IN] - input.inhibitory * c.at(k::GAIN_IN, lane);
        fired
    }
}

fn place(state: &str) -> usize {
    match state {
        "g_ex" => s::G_EX,
        "g_in" => s::G_IN,
        "dg_ex" => s::Z_EX,
        "dg_in" => s::Z_IN,
        _ => s::V,
    }
}
