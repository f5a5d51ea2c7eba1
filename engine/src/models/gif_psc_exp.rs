//! Generalised integrate-and-fire neuron with exponential synaptic currents: spike-triggered currents, a moving
//! threshold, and spikes by chance around it.
//!
//! C_m dV/dt = -g_L (V - E_L) - sum_i eta_i + I_syn_ex + I_syn_in + I_e + I
//! rate = lambda_0 exp((V - V_T) / Delta_V), V_T = V_T_star + sum_j gamma_j
//! eta_i and gamma_j decay with tau_stc_i and tau_sfa_j and jump by q_stc_i and q_sfa_j at each spike
//!
//! Mensi et al. 2012, J Neurophysiol 107:1756; Pozzorini et al. 2015, PLoS Comput Biol 11:e1004275.
//!
//! As in NEST, arriving spikes act over the whole step in which they arrive, and the potential is reset one step
//! after the spike (never, where t_ref is 0).

use super::declare::*;
use super::shared::*;
use crate::math;
use crate::mechanisms::escape::fires;
use crate::mechanisms::kernels::exponential_onto_membrane;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, ListDynamics, Lookup};
use crate::runtime::neurons::lists::{List, Lists};

pub const MODEL: Model = Model {
    name: "gif_psc_exp",
    family: Family::Neuron,
    title: "Generalised integrate-and-fire, exponential currents",
    doc: "Leaky neuron that spikes by chance near a threshold that moves; each spike triggers currents of its own",
    equations: "C_m dV/dt = -g_L (V - E_L) - sum_i eta_i + I_syn + I_e\nrate = lambda_0 exp((V - V_T) / Delta_V), V_T = V_T_star + sum_j gamma_j\nspike: eta_i += q_stc[i], gamma_j += q_sfa[j], V = V_reset for t_ref\neta_i, gamma_j decay with tau_stc[i], tau_sfa[j]",
    reference: "Mensi et al. 2012, J Neurophysiol 107:1756\nPozzorini et al. 2015, PLoS Comput Biol 11:e1004275",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-100.0, 500.0).doc("Constant input current"),
                real("g_L", "nS", 4.0).above(0.0).main(1.0, 50.0).doc("Leak conductance"),
                real("C_m", "pF", 80.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
                real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Leak reversal potential"),
                real("V_reset", "mV", -55.0).slider(-90.0, -40.0).doc("Potential after a spike"),
                real("t_ref", "ms", 4.0)
                    .at_least(0.0)
                    .main(0.0, 20.0)
                    .doc("Refractory period; with 0 the potential is not reset"),
            ],
        },
        Group {
            title: "Chance of a spike",
            parameters: &[
                real("V_T_star", "mV", -35.0).main(-60.0, -20.0).doc("Base of the threshold"),
                real("Delta_V", "mV", 0.5)
                    .above(0.0)
                    .main(0.1, 5.0)
                    .doc("Width of the threshold: how much the rate depends on chance"),
                real("lambda_0", "1/s", 1.0).at_least(0.0).slider(0.0, 100.0).doc("Rate at threshold"),
            ],
        },
        Group {
            title: "Spike-triggered current",
            parameters: &[
                reals("tau_stc", "ms").above(0.0).doc("Time constants of the currents that spikes trigger"),
                reals("q_stc", "pA")
                    .as_long_as("tau_stc")
                    .doc("Jumps of these currents at a spike, one for each time constant; they hyperpolarise"),
            ],
        },
        Group {
            title: "Moving threshold",
            parameters: &[
                reals("tau_sfa", "ms").above(0.0).doc("Time constants with which the threshold falls back"),
                reals("q_sfa", "mV")
                    .as_long_as("tau_sfa")
                    .doc("Jumps of the threshold at a spike, one for each time constant"),
            ],
        },
        Group {
            title: "Synaptic input",
            parameters: &[
                real("tau_syn_ex", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of excitatory currents"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of inhibitory currents"),
            ],
        },
        INITIAL_POTENTIAL,
        PLASTICITY,
    ],
    recordables: &[
        V_M,
        Recordable::new("E_sfa", "mV", "Threshold V_T"),
        Recordable::new("I_stc", "pA", "Sum of spike-triggered currents"),
        I_SYN_EX,
        I_SYN_IN,
    ],
    ports: &spikes_and_currents("pA"),
    emits: Emits::Spikes,
    signal: None,
    relations: &[],
    neurons: Some(Blocks::<GifPscExp, _, _>::make),
    generator: None,
    synapses: None,
};

/// Derived constants.
mod k {
    pub const DECAY: usize = 0;
    /// What the leak brings in a step.
    pub const LEAK: usize = 1;
    pub const CURRENT: usize = 2;
    pub const I_E: usize = 3;
    pub const DECAY_EX: usize = 4;
    pub const DECAY_IN: usize = 5;
    pub const I_EX: usize = 6;
    pub const I_IN: usize = 7;
    pub const RESET: usize = 8;
    pub const REFRACTORY: usize = 9;
    pub const THRESHOLD: usize = 10;
    pub const WIDTH: usize = 11;
    /// lambda_0 h, the number of spikes expected in a step at threshold.
    pub const EXPECTED: usize = 12;
}

mod s {
    pub const V: usize = 0;
    pub const WAIT: usize = 1;
    pub const I_EX: usize = 2;
    pub const I_IN: usize = 3;
    pub const I_STC: usize = 4;
    pub const E_SFA: usize = 5;
}

/// The two lists, of each component its size.
const TRIGGERED: usize = 0;
const THRESHOLD: usize = 1;
mod component {
    pub const DECAY: usize = 0;
    pub const JUMP: usize = 1;
}

/// State: potential, refractory count, synaptic currents, and the sums of both lists as they were in the last step.
pub struct GifPscExp;

/// The sum of a list, which then decays over the step.
#[inline(always)]
fn sum_and_decay<R: Real, L: Coefficients>(lists: &mut Lists<'_, L>, list: usize) -> R {
    let mut sum = R::of(0.0);
    for i in 0..lists.len(list) {
        let x = lists.get::<R>(list, i, 0);
        sum = sum + x;
        lists.set(list, i, 0, lists.constant::<R>(list, i, component::DECAY) * x);
    }
    sum
}

/// The components of a list jump where a neuron fires.
#[inline(always)]
fn jump<R: Real, L: Coefficients>(lists: &mut Lists<'_, L>, list: usize, fired: R::Mask) {
    for i in 0..lists.len(list) {
        let x = lists.get::<R>(list, i, 0);
        lists.set(list, i, 0, R::select(fired, x + lists.constant::<R>(list, i, component::JUMP), x));
    }
}

impl ListDynamics<6, 13> for GifPscExp {
    const LISTS: &'static [List] =
        &[List { of: "tau_stc", state: 1, constants: 2 }, List { of: "tau_sfa", state: 1, constants: 2 }];

    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 13] {
        let (h, c_m, tau_m) = (grid.h(), p.real("C_m"), p.real("C_m") / p.real("g_L"));
        let (ex, inh) = (p.real("tau_syn_ex"), p.real("tau_syn_in"));
        let lost = -math::exp_m1(-h / tau_m);
        [
            math::exp(-h / tau_m),
            lost * p.real("E_L"),
            tau_m / c_m * lost,
            p.real("I_e"),
            math::exp(-h / ex),
            math::exp(-h / inh),
            exponential_onto_membrane(ex, tau_m, c_m, h),
            exponential_onto_membrane(inh, tau_m, c_m, h),
            p.real("V_reset"),
            grid.steps_up(p.real("t_ref")) as f64,
            p.real("V_T_star"),
            p.real("Delta_V"),
            p.real("lambda_0") * 1e-3 * h,
        ]
    }

    fn entry_constants(list: usize, entry: usize, p: &dyn Lookup, grid: Grid, k: &mut [f64]) {
        let (tau, q) = [("tau_stc", "q_stc"), ("tau_sfa", "q_sfa")][list];
        k[component::DECAY] = math::exp(-grid.h() / p.list(tau)[entry]);
        k[component::JUMP] = p.list(q)[entry];
    }

    fn initial(_: &dyn Lookup, _: &[f64; 13]) -> [f64; 6] {
        [0.0; 6]
    }

    fn needs_chance(k: &[f64; 13]) -> bool {
        k[k::EXPECTED] > 0.0
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients, L: Coefficients>(
        c: C,
        lane: usize,
        s: &mut [R; 6],
        lists: &mut Lists<'_, L>,
        input: Arriving<R>,
    ) -> R::Mask {
        let at = |i| c.at::<R>(i, lane);
        let triggered = sum_and_decay::<R, L>(lists, TRIGGERED);
        let threshold = at(k::THRESHOLD) + sum_and_decay::<R, L>(lists, THRESHOLD);
        let i_ex = at(k::DECAY_EX) * s[s::I_EX] + input.excitatory;
        let i_in = at(k::DECAY_IN) * s[s::I_IN] + input.inhibitory;
        let integrated = at(k::DECAY) * s[s::V]
            + at(k::LEAK)
            + at(k::CURRENT) * (input.current + at(k::I_E) - triggered)
            + at(k::I_EX) * i_ex
            + at(k::I_IN) * i_in;
        let waiting = s[s::WAIT].gt(R::of(0.0));
        let v = R::select(waiting, at(k::RESET), integrated);
        let expected = at(k::EXPECTED) * R::exp((v - threshold) / at(k::WIDTH));
        let fired = fires(R::select(waiting, R::of(0.0), expected), input.chance);
        jump::<R, L>(lists, TRIGGERED, fired);
        jump::<R, L>(lists, THRESHOLD, fired);
        let wait = R::select(waiting, s[s::WAIT] - R::of(1.0), s[s::WAIT]);
        *s = [v, R::select(fired, at(k::REFRACTORY), wait), i_ex, i_in, triggered, threshold];
        fired
    }

    fn recordable<L: Coefficients>(i: usize, _: usize, s: &[f64; 6], _: &[f64; 13], _: &Lists<'_, L>) -> f64 {
        s[[s::V, s::E_SFA, s::I_STC, s::I_EX, s::I_IN][i]]
    }
    fn state(_: &str, s: &[f64; 6], _: &[f64; 13]) -> f64 {
        s[s::V]
    }
    fn set_state(_: &str, v_m: f64, s: &mut [f64; 6], _: &[f64; 13]) {
        s[s::V] = v_m;
    }
}
