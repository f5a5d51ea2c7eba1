//! Leaky integrate-and-fire neuron with alpha-shaped synaptic currents and any number of receptors.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (sum_i I_i + I_e + I)
//! I_i(t) = w (e/tau_syn_i) t exp(-t/tau_syn_i) after a spike of weight w at receptor i
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
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, ListDynamics, Lookup};
use crate::runtime::neurons::lists::{List, Lists};

pub const MODEL: Model = Model {
    name: "iaf_psc_alpha_multisynapse",
    family: Family::Neuron,
    title: "Integrate-and-fire, alpha currents, many receptors",
    doc: "Leaky integrate-and-fire neuron; each receptor has a current that rises and falls with its own time constant",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (sum_i I_i + I_e)\nI_i(t) = w (e / tau_i) t exp(-t / tau_i), tau_i = tau_syn[i]\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Rotter & Diesmann 1999, Biol Cybern 81:381",
    groups: &[
        LEAKY_MEMBRANE,
        Group { title: "Bounds", parameters: &[V_MIN] },
        RECEPTORS,
        INITIAL_POTENTIAL,
        PLASTICITY,
    ],
    recordables: &[V_M, I_SYN, I_SYN_EACH],
    ports: &spikes_at_receptors("pA"),
    emits: Emits::Spikes,
    signal: None,
    relations: RESET_BELOW_THRESHOLD,
    neurons: Some(Blocks::<IafPscAlphaMultisynapse, _, _>::make),
    generator: None,
    synapses: None,
};

/// Derived constants.
mod k {
    pub const LEAK: usize = 0;
    pub const CURRENT: usize = 1;
    pub const I_E: usize = 2;
    pub const H: usize = 3;
    pub const THRESHOLD: usize = 4;
    pub const RESET: usize = 5;
    pub const FLOOR: usize = 6;
    pub const REFRACTORY: usize = 7;
    pub const E_L: usize = 8;
}

/// The list of receptors; of each the derivative variable and the current.
const RECEPTOR: usize = 0;
mod receptor {
    pub const Z: usize = 0;
    pub const I: usize = 1;
    pub const DECAY: usize = 0;
    pub const FROM_Z: usize = 1;
    pub const FROM_I: usize = 2;
    pub const GAIN: usize = 3;
}

/// State: the potential relative to E_L and the refractory count.
pub struct IafPscAlphaMultisynapse;

impl ListDynamics<2, 9> for IafPscAlphaMultisynapse {
    const LISTS: &'static [List] = &[List { of: "tau_syn", state: 2, constants: 4 }];

    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 9] {
        let (h, e_l, tau_m) = (grid.h(), p.real("E_L"), p.real("tau_m"));
        let leak = math::exp_m1(-h / tau_m);
        [
            leak,
            -tau_m / p.real("C_m") * leak,
            p.real("I_e"),
            h,
            p.real("V_th") - e_l,
            p.real("V_reset") - e_l,
            p.real("V_min") - e_l,
            grid.steps_up(p.real("t_ref")) as f64,
            e_l,
        ]
    }

    fn entry_constants(_: usize, entry: usize, p: &dyn Lookup, grid: Grid, k: &mut [f64]) {
        let (h, tau_m, c_m, tau) = (grid.h(), p.real("tau_m"), p.real("C_m"), p.list("tau_syn")[entry]);
        k[receptor::DECAY] = math::exp(-h / tau);
        k[receptor::FROM_Z] = alpha_onto_membrane(tau, tau_m, c_m, h);
        k[receptor::FROM_I] = exponential_onto_membrane(tau, tau_m, c_m, h);
        k[receptor::GAIN] = alpha_increment(tau);
    }

    fn initial(_: &dyn Lookup, _: &[f64; 9]) -> [f64; 2] {
        [0.0; 2]
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients, L: Coefficients>(
        c: C,
        lane: usize,
        s: &mut [R; 2],
        lists: &mut Lists<'_, L>,
        input: Arriving<R>,
    ) -> R::Mask {
        let at = |i| c.at::<R>(i, lane);
        let [mut u, mut r] = *s;
        let mut integrated = u + u * at(k::LEAK) + at(k::CURRENT) * (at(k::I_E) + input.current);
        for i in 0..lists.len(RECEPTOR) {
            let of = |j| lists.constant::<R>(RECEPTOR, i, j);
            let (mut z, mut current) =
                (lists.get::<R>(RECEPTOR, i, receptor::Z), lists.get::<R>(RECEPTOR, i, receptor::I));
            integrated = integrated + of(receptor::FROM_Z) * z + of(receptor::FROM_I) * current;
            let arriving = of(receptor::GAIN) * input.spikes(i);
            alpha_step(&mut z, &mut current, of(receptor::DECAY), at(k::H), arriving);
            lists.set(RECEPTOR, i, receptor::Z, z);
            lists.set(RECEPTOR, i, receptor::I, current);
        }
        integrate_unless_refractory(&mut u, &mut r, integrated.max(at(k::FLOOR)));
        let fired = fire_and_reset(&mut u, &mut r, at(k::THRESHOLD), at(k::RESET), at(k::REFRACTORY));
        *s = [u, r];
        fired
    }

    fn recordable<L: Coefficients>(i: usize, entry: usize, s: &[f64; 2], k: &[f64; 9], lists: &Lists<'_, L>) -> f64 {
        let current = |entry| lists.get::<f64>(RECEPTOR, entry, receptor::I);
        match i {
            0 => s[0] + k[k::E_L],
            1 => (0..lists.len(RECEPTOR)).map(current).sum(),
            _ => current(entry),
        }
    }
    fn state(_: &str, s: &[f64; 2], k: &[f64; 9]) -> f64 {
        s[0] + k[k::E_L]
    }
    fn set_state(_: &str, v_m: f64, s: &mut [f64; 2], k: &[f64; 9]) {
        s[0] = v_m - k[k::E_L];
    }
}
