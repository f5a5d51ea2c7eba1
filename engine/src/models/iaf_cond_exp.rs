//! Leaky integrate-and-fire neuron with exponential synaptic conductances.
//!
//! C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e + I
//! tau_syn dg/dt = -g, a spike of weight w adds |w| to g_ex (w > 0) or g_in
//!
//! Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159.

use super::declare::*;
use super::iaf_cond::{self, NEURON, TOLERANCE, membrane};
use super::shared::*;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::Allowed;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, Lookup};
use crate::runtime::neurons::solved::{Equations, solved};

pub const MODEL: Model = Model {
    name: "iaf_cond_exp",
    family: Family::Neuron,
    title: "Integrate-and-fire, conductances",
    doc: "Leaky integrate-and-fire neuron; each spike opens a conductance towards a reversal potential",
    equations: "C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e\ntau_syn dg/dt = -g, spike: g += |w|\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159",
    groups: &[
        NEURON,
        Group {
            title: "Synaptic input",
            parameters: &[
                real("E_ex", "mV", 0.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
                real("E_in", "mV", -85.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
                real("tau_syn_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Decay time of excitatory conductance"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of inhibitory conductance"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential"),
                state("g_ex", "nS", 0.0).doc("Excitatory conductance"),
                state("g_in", "nS", 0.0).doc("Inhibitory conductance"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, G_EX, G_IN],
    ports: &spikes_and_currents("nS"),
    emits: Emits::Spikes,
    signal: None,
    relations: RESET_BELOW_THRESHOLD,
    neurons: Some(Blocks::<IafCondExp, _, _>::make),
    generator: None,
    synapses: None,
};

/// Derived constants after those of the membrane.
mod k {
    pub use super::iaf_cond::k::*;
    pub const PER_TAU_EX: usize = 10;
    pub const PER_TAU_IN: usize = 11;
}

/// Numbers of state.
mod s {
    pub const V: usize = 0;
    pub const G_EX: usize = 1;
    pub const G_IN: usize = 2;
    pub const REFRACTORY: usize = 3;
    pub const SUB_STEP: usize = 4;
}

/// Components of the equations: V, g_ex, g_in.
pub struct IafCondExp;

impl Dynamics<5, 12> for IafCondExp {
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 12] {
        let mut k = [0.0; 12];
        k[..10].copy_from_slice(&membrane(p, grid));
        k[k::PER_TAU_EX] = 1.0 / p.real("tau_syn_ex");
        k[k::PER_TAU_IN] = 1.0 / p.real("tau_syn_in");
        k
    }
    fn initial(_: &dyn Lookup, k: &[f64; 12]) -> [f64; 5] {
        let mut s = [0.0; 5];
        s[s::SUB_STEP] = k[k::H];
        s
    }
    fn recordable(i: usize, s: &[f64; 5], _: &[f64; 12]) -> f64 {
        s[[s::V, s::G_EX, s::G_IN][i]]
    }
    fn state(name: &str, s: &[f64; 5], _: &[f64; 12]) -> f64 {
        s[place(name)]
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 5], _: &[f64; 12]) {
        s[place(name)] = x;
    }
    solved!(5, 12, 3);
}

impl Equations<5, 12, 3> for IafCondExp {
    const H: usize = k::H;
    const DECAYING: &'static [(usize, usize)] = &[(s::G_EX, k::PER_TAU_EX), (s::G_IN, k::PER_TAU_IN)];
    #[inline(always)]
    fn allowed<R: Real, C: Coefficients>(_: C, _: usize) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn slopes<R: Real, C: Coefficients>(c: C, lane: usize, y: &[R; 3], s: &[R; 5], current: R) -> [R; 3] {
        let at = |i| c.at::<R>(i, lane);
        let [v, g_ex, g_in] = *y;
        [
            iaf_cond::slope(c, lane, v, s[s::REFRACTORY], g_ex, g_in, current),
            -g_ex * at(k::PER_TAU_EX),
            -g_in * at(k::PER_TAU_IN),
        ]
    }
    #[inline(always)]
    fn end<R: Real, C: Coefficients>(c: C, lane: usize, s: &mut [R; 5], input: &Arriving<R>) -> R::Mask {
        let [v, _, _, r, _] = s;
        let fired = iaf_cond::end(c, lane, v, r);
        s[s::G_EX] = s[s::G_EX] + input.excitatory;
        s[s::G_IN] = s[s::G_IN] - input.inhibitory;
        fired
    }
}

fn place(state: &str) -> usize {
    match state {
        "g_ex" => s::G_EX,
        "g_in" => s::G_IN,
        _ => s::V,
    }
}
