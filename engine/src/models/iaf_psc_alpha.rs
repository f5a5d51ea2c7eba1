//! Leaky integrate-and-fire neuron with alpha-shaped synaptic currents.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_syn_ex + I_syn_in + I_e + I)
//! I_syn(t) = w (e/tau_syn) t exp(-t/tau_syn) after a spike of weight w
//!
//! Rotter & Diesmann 1999, Biol Cybern 81:381; Diesmann et al. 2001, Neurocomputing 38:565.

use super::declare::*;
use super::shared::*;
use crate::math;
use crate::mechanisms::kernels::{alpha_increment, alpha_onto_membrane, alpha_step, exponential_onto_membrane};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::membrane::{fire_and_reset, integrate_unless_refractory};
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, Lookup};

pub const MODEL: Model = Model {
    name: "iaf_psc_alpha",
    family: Family::Neuron,
    title: "Integrate-and-fire, alpha currents",
    doc: "Leaky integrate-and-fire neuron; each spike causes a current that rises and falls smoothly",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\nI_syn(t) = w (e / tau_syn) t exp(-t / tau_syn)\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Rotter & Diesmann 1999, Biol Cybern 81:381",
    groups: &[
        LEAKY_MEMBRANE,
        Group { title: "Bounds", parameters: &[V_MIN] },
        Group {
            title: "Synaptic input",
            parameters: &[
                real("tau_syn_ex", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory currents"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory currents"),
            ],
        },
        INITIAL_POTENTIAL,
        PLASTICITY,
    ],
    recordables: &[V_M, I_SYN_EX, I_SYN_IN],
    ports: &spikes_and_currents("pA"),
    emits: Emits::Spikes,
    signal: None,
    relations: RESET_BELOW_THRESHOLD,
    neurons: Some(Blocks::<IafPscAlpha, _, _>::make),
    generator: None,
    synapses: None,
};

/// Derived constants.
mod k {
    pub const LEAK: usize = 0;
    pub const CURRENT: usize = 1;
    pub const I_E: usize = 2;
    pub const H: usize = 3;
    pub const DECAY_EX: usize = 4;
    pub const DECAY_IN: usize = 5;
    pub const Z_EX: usize = 6;
    pub const I_EX: usize = 7;
    pub const Z_IN: usize = 8;
    pub const I_IN: usize = 9;
    pub const GAIN_EX: usize = 10;
    pub const GAIN_IN: usize = 11;
    pub const THRESHOLD: usize = 12;
    pub const RESET: usize = 13;
    pub const FLOOR: usize = 14;
    pub const REFRACTORY: usize = 15;
    pub const E_L: usize = 16;
}

/// State: the potential relative to E_L, the refractory count, and for each sign the
/// derivative variable and the current.
pub struct IafPscAlpha;

impl Dynamics<6, 17> for IafPscAlpha {
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 17] {
        let (h, e_l, tau_m, c_m) = (grid.h(), p.real("E_L"), p.real("tau_m"), p.real("C_m"));
        let (ex, inh) = (p.real("tau_syn_ex"), p.real("tau_syn_in"));
        let leak = math::exp_m1(-h / tau_m);
        [
            leak,
            -tau_m / c_m * leak,
            p.real("I_e"),
            h,
            math::exp(-h / ex),
            math::exp(-h / inh),
            alpha_onto_membrane(ex, tau_m, c_m, h),
            exponential_onto_membrane(ex, tau_m, c_m, h),
            alpha_onto_membrane(inh, tau_m, c_m, h),
            exponential_onto_membrane(inh, tau_m, c_m, h),
            alpha_increment(ex),
            alpha_increment(inh),
            p.real("V_th") - e_l,
            p.real("V_reset") - e_l,
            p.real("V_min") - e_l,
            grid.steps_up(p.real("t_ref")) as f64,
            e_l,
        ]
    }

    fn initial(_: &dyn Lookup, _: &[f64; 17]) -> [f64; 6] {
        [0.0; 6]
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(c: C, lane: usize, s: &mut [R; 6], input: Arriving<R>) -> R::Mask {
        let at = |i| c.at::<R>(i, lane);
        let [mut u, mut r, mut z_ex, mut i_ex, mut z_in, mut i_in] = *s;
        let integrated = u
            + u * at(k::LEAK)
            + at(k::CURRENT) * (at(k::I_E) + input.current)
            + at(k::Z_EX) * z_ex
            + at(k::I_EX) * i_ex
            + at(k::Z_IN) * z_in
            + at(k::I_IN) * i_in;
        integrate_unless_refractory(&mut u, &mut r, integrated.max(at(k::FLOOR)));
        alpha_step(&mut z_ex, &mut i_ex, at(k::DECAY_EX), at(k::H), at(k::GAIN_EX) * input.excitatory);
        alpha_step(&mut z_in, &mut i_in, at(k::DECAY_IN), at(k::H), at(k::GAIN_IN) * input.inhibitory);
        let fired = fire_and_reset(&mut u, &mut r, at(k::THRESHOLD), at(k::RESET), at(k::REFRACTORY));
        *s = [u, r, z_ex, i_ex, z_in, i_in];
        fired
    }

    fn recordable(i: usize, s: &[f64; 6], k: &[f64; 17]) -> f64 {
        [s[0] + k[k::E_L], s[3], s[5]][i]
    }
    fn state(_: &str, s: &[f64; 6], k: &[f64; 17]) -> f64 {
        s[0] + k[k::E_L]
    }
    fn set_state(_: &str, v_m: f64, s: &mut [f64; 6], k: &[f64; 17]) {
        s[0] = v_m - k[k::E_L];
    }
}
