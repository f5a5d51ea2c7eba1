//! Hodgkin-Huxley neuron with alpha-shaped synaptic currents.
//!
//! C_m dV/dt = -g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L) + I_syn + I_e + I
//! dx/dt = alpha_x (1 - x) - beta_x x for x = m, h, n
//!
//! Hodgkin & Huxley 1952, J Physiol 117:500; Gerstner & Kistler 2002, Spiking Neuron Models.

use super::declare::*;
use super::hh::{self, ACT_M, ACT_N, INACT_H, gate, linear_over_rise};
use super::shared::*;
use crate::mechanisms::kernels::alpha_increment;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::Allowed;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, Lookup};
use crate::runtime::neurons::solved::{Equations, solved};

pub const MODEL: Model = Model {
    name: "hh_psc_alpha",
    family: Family::Neuron,
    title: "Hodgkin-Huxley neuron",
    doc: "Sodium and potassium channels of the squid axon; alpha-shaped synaptic currents",
    equations: "C_m dV/dt = -g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L) + I_syn + I_e\ndx/dt = alpha_x (1 - x) - beta_x x, x = m, h, n\nV ≥ 0 mV and past its peak: spike",
    reference: "Hodgkin & Huxley 1952, J Physiol 117:500",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-500.0, 2000.0).doc("Constant input current"),
                real("g_Na", "nS", 12000.0)
                    .at_least(0.0)
                    .main(0.0, 24000.0)
                    .doc("Sodium conductance, all channels open"),
                real("g_K", "nS", 3600.0)
                    .at_least(0.0)
                    .main(0.0, 10000.0)
                    .doc("Potassium conductance, all channels open"),
                real("g_L", "nS", 30.0).at_least(0.0).slider(0.0, 200.0).doc("Leak conductance"),
                real("C_m", "pF", 100.0).above(0.0).slider(10.0, 500.0).doc("Membrane capacitance"),
                real("E_Na", "mV", 50.0).slider(0.0, 100.0).doc("Sodium reversal potential"),
                real("E_K", "mV", -77.0).slider(-120.0, -50.0).doc("Potassium reversal potential"),
                real("E_L", "mV", -54.402).slider(-90.0, -40.0).doc("Leak reversal potential"),
                real("t_ref", "ms", 2.0)
                    .at_least(0.0)
                    .slider(0.0, 20.0)
                    .doc("Time after a spike in which no other is registered"),
            ],
        },
        Group {
            title: "Synaptic input",
            parameters: &[
                real("tau_syn_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory currents"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory currents"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -65.0).slider(-90.0, 40.0).doc("Membrane potential"),
                state("Act_m", "", 0.05293248525724958).at_least(0.0).slider(0.0, 1.0).doc("Sodium activation m"),
                state("Inact_h", "", 0.5961207535084603).at_least(0.0).slider(0.0, 1.0).doc("Sodium inactivation h"),
                state("Act_n", "", 0.3176769140606974).at_least(0.0).slider(0.0, 1.0).doc("Potassium activation n"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, ACT_M, INACT_H, ACT_N, I_SYN_EX, I_SYN_IN],
    ports: &spikes_and_currents("pA"),
    emits: Emits::Spikes,
    signal: None,
    relations: &[],
    neurons: Some(Blocks::<HhPscAlpha, _, _>::make),
    generator: None,
    synapses: None,
};

/// Absolute error allowed in every component.
const TOLERANCE: f64 = 1e-3;
/// Above this potential (mV) the first falling step is a spike.
const THRESHOLD: f64 = 0.0;

/// Derived constants.
mod k {
    pub const PER_C_M: usize = 0;
    pub const G_NA: usize = 1;
    pub const G_K: usize = 2;
    pub const G_L: usize = 3;
    pub const E_NA: usize = 4;
    pub const E_K: usize = 5;
    pub const E_L: usize = 6;
    pub const I_E: usize = 7;
    pub const PER_TAU_EX: usize = 8;
    pub const PER_TAU_IN: usize = 9;
    pub const GAIN_EX: usize = 10;
    pub const GAIN_IN: usize = 11;
    pub const REFRACTORY: usize = 12;
    pub const H: usize = 13;
}

/// Numbers of state; the first eight are the components of the equations.
mod s {
    pub const V: usize = 0;
    pub const M: usize = 1;
    pub const H: usize = 2;
    pub const N: usize = 3;
    pub const Z_EX: usize = 4;
    pub const I_EX: usize = 5;
    pub const Z_IN: usize = 6;
    pub const I_IN: usize = 7;
    pub const V_BEFORE: usize = 8;
    pub const REFRACTORY: usize = 9;
    pub const SUB_STEP: usize = 10;
}

pub struct HhPscAlpha;

impl Dynamics<11, 14> for HhPscAlpha {
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 14] {
        [
            1.0 / p.real("C_m"),
            p.real("g_Na"),
            p.real("g_K"),
            p.real("g_L"),
            p.real("E_Na"),
            p.real("E_K"),
            p.real("E_L"),
            p.real("I_e"),
            1.0 / p.real("tau_syn_ex"),
            1.0 / p.real("tau_syn_in"),
            alpha_increment(p.real("tau_syn_ex")),
            alpha_increment(p.real("tau_syn_in")),
            grid.steps_up(p.real("t_ref")) as f64,
            grid.h(),
        ]
    }
    fn initial(_: &dyn Lookup, k: &[f64; 14]) -> [f64; 11] {
        let mut s = [0.0; 11];
        s[s::SUB_STEP] = k[k::H];
        s
    }
    fn recordable(i: usize, s: &[f64; 11], _: &[f64; 14]) -> f64 {
        s[[s::V, s::M, s::H, s::N, s::I_EX, s::I_IN][i]]
    }
    fn state(name: &str, s: &[f64; 11], _: &[f64; 14]) -> f64 {
        s[hh::place(name)]
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 11], _: &[f64; 14]) {
        s[hh::place(name)] = x;
    }
    solved!(11, 14, 8);
}

impl Equations<11, 14, 8> for HhPscAlpha {
    const H: usize = k::H;
    const DECAYING: &'static [(usize, usize)] = &[(s::Z_EX, k::PER_TAU_EX), (s::Z_IN, k::PER_TAU_IN)];
    #[inline(always)]
    fn allowed<R: Real, C: Coefficients>(_: C, _: usize) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn begin<R: Real, C: Coefficients>(_: C, _: usize, s: &mut [R; 11], _: &Arriving<R>) {
        s[s::V_BEFORE] = s[s::V];
    }
    #[inline(always)]
    fn slopes<R: Real, C: Coefficients>(k: C, lane: usize, y: &[R; 8], _: &[R; 11], current: R) -> [R; 8] {
        let at = |i| k.at::<R>(i, lane);
        let c = |x: f64| R::of(x);
        let [v, m, h, n, z_ex, i_ex, z_in, i_in] = *y;
        // The rates need e^(−V/80), its 4th and 8th power, and e^(−V/18).
        let rest = v + c(65.0);
        let e80 = R::exp(rest * c(-1.0 / 80.0));
        let e40 = e80 * e80;
        let e20 = e40 * e40;
        let e10 = e20 * e20;
        let alpha_n = c(0.01) * linear_over_rise(v + c(55.0), e10 * c(E1), 10.0);
        let beta_n = c(0.125) * e80;
        let alpha_m = c(0.1) * linear_over_rise(v + c(40.0), e10 * c(E2_5), 10.0);
        let beta_m = c(4.0) * R::exp(rest * c(-1.0 / 18.0));
        let alpha_h = c(0.07) * e20;
        let beta_h = c(1.0) / (c(1.0) + e10 * c(E3));
        let i_na = at(k::G_NA) * (m * m * m * h) * (v - at(k::E_NA));
        let i_k = at(k::G_K) * (n * n * (n * n)) * (v - at(k::E_K));
        let i_l = at(k::G_L) * (v - at(k::E_L));
        [
            (i_ex + i_in + at(k::I_E) + current - i_na - i_k - i_l) * at(k::PER_C_M),
            gate(m, alpha_m, beta_m),
            gate(h, alpha_h, beta_h),
            gate(n, alpha_n, beta_n),
            -z_ex * at(k::PER_TAU_EX),
            z_ex - i_ex * at(k::PER_TAU_EX),
            -z_in * at(k::PER_TAU_IN),
            z_in - i_in * at(k::PER_TAU_IN),
        ]
    }
    #[inline(always)]
    fn end<R: Real, C: Coefficients>(k: C, lane: usize, s: &mut [R; 11], input: &Arriving<R>) -> R::Mask {
        let at = |i| k.at::<R>(i, lane);
        s[s::Z_EX] = s[s::Z_EX] + input.excitatory * at(k::GAIN_EX);
        s[s::Z_IN] = s[s::Z_IN] + input.inhibitory * at(k::GAIN_IN);
        let (v, before) = (s[s::V], s[s::V_BEFORE]);
        hh::fire_past_peak(v, before, &mut s[s::REFRACTORY], R::of(THRESHOLD), at(k::REFRACTORY))
    }
}

/// e^1, e^2.5 and e^3: what shifts e^(−(V + 65)/10) to −55, −40 and −35 mV.
const E1: f64 = std::f64::consts::E;
const E2_5: f64 = 12.182_493_960_703_473;
const E3: f64 = 20.085_536_923_187_668;
