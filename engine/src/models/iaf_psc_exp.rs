//! Leaky integrate-and-fire neuron with exponential synaptic currents,
//! optional escape noise and a filtered current port.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_syn_ex + I_syn_in + I_e + I)
//! tau_syn dI_syn/dt = -I_syn, a spike of weight w adds w
//! with delta > 0, spikes are drawn with intensity rho exp((V - V_th)/delta)
//!
//! Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50; Schuecker et al. 2015, Phys Rev E 92:052119.

use super::declare::*;
use super::shared::*;
use crate::math;
use crate::mechanisms::kernels::exponential_onto_membrane;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::membrane::{fire_and_reset, integrate_unless_refractory};
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, Lookup};

pub const MODEL: Model = Model {
    name: "iaf_psc_exp",
    family: Family::Neuron,
    title: "Integrate-and-fire, exponential currents",
    doc: "Leaky integrate-and-fire neuron; each spike causes a current that jumps up and decays",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\ntau_syn dI_syn/dt = -I_syn, spike: I_syn += w\nV ≥ V_th: spike, V = V_reset for t_ref\ndelta > 0: spikes with intensity rho exp((V - V_th) / delta)",
    reference: "Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50",
    groups: &[
        LEAKY_MEMBRANE,
        Group {
            title: "Escape noise",
            parameters: &[
                real("rho", "1/s", 0.01)
                    .at_least(0.0)
                    .slider(0.0, 100.0)
                    .doc("Firing intensity at threshold, if delta > 0"),
                real("delta", "mV", 0.0)
                    .at_least(0.0)
                    .slider(0.0, 10.0)
                    .doc("Width of the soft threshold; 0 is a sharp one"),
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
    recordables: &[V_M, I_SYN_EX, I_SYN_IN],
    ports: &[
        Port::spikes(0, "pA", "Spikes; the sign of the weight decides between excitation and inhibition").signed(),
        Port::currents(0, "Currents into the membrane"),
        Port::currents(1, "Currents low-passed by the excitatory synapse"),
    ],
    emits: Emits::Spikes,
    signal: None,
    relations: RESET_BELOW_THRESHOLD,
    neurons: Some(Blocks::<IafPscExp, _, _>::make),
    generator: None,
    synapses: None,
};

/// Derived constants.
mod k {
    pub const LEAK: usize = 0;
    pub const CURRENT: usize = 1;
    pub const I_E: usize = 2;
    pub const DECAY_EX: usize = 3;
    pub const DECAY_IN: usize = 4;
    pub const I_EX: usize = 5;
    pub const I_IN: usize = 6;
    pub const FILTER: usize = 7;
    pub const THRESHOLD: usize = 8;
    pub const RESET: usize = 9;
    pub const REFRACTORY: usize = 10;
    pub const E_L: usize = 11;
    /// 1/delta, or 0 for a sharp threshold.
    pub const SOFTNESS: usize = 12;
    /// rho h, the probability of a spike at threshold.
    pub const HAZARD: usize = 13;
}

/// State: the potential relative to E_L, the refractory count, both synaptic currents.
pub struct IafPscExp;

impl Dynamics<4, 14> for IafPscExp {
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 14] {
        let (h, e_l, tau_m, c_m) = (grid.h(), p.real("E_L"), p.real("tau_m"), p.real("C_m"));
        let (ex, inh, delta) = (p.real("tau_syn_ex"), p.real("tau_syn_in"), p.real("delta"));
        let leak = math::exp_m1(-h / tau_m);
        [
            leak,
            -tau_m / c_m * leak,
            p.real("I_e"),
            math::exp(-h / ex),
            math::exp(-h / inh),
            exponential_onto_membrane(ex, tau_m, c_m, h),
            exponential_onto_membrane(inh, tau_m, c_m, h),
            -math::exp_m1(-h / ex),
            p.real("V_th") - e_l,
            p.real("V_reset") - e_l,
            grid.steps_up(p.real("t_ref")) as f64,
            e_l,
            if delta > 1e-10 { 1.0 / delta } else { 0.0 },
            p.real("rho") * h * 1e-3,
        ]
    }

    fn initial(_: &dyn Lookup, _: &[f64; 14]) -> [f64; 4] {
        [0.0; 4]
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(c: C, lane: usize, s: &mut [R; 4], input: Arriving<R>) -> R::Mask {
        let at = |i| c.at::<R>(i, lane);
        let [mut u, mut r, i_ex, i_in] = *s;
        let integrated = u
            + u * at(k::LEAK)
            + at(k::CURRENT) * (at(k::I_E) + input.current)
            + at(k::I_EX) * i_ex
            + at(k::I_IN) * i_in;
        integrate_unless_refractory(&mut u, &mut r, integrated);
        let i_ex = at(k::DECAY_EX) * i_ex + at(k::FILTER) * input.filtered + input.excitatory;
        let i_in = at(k::DECAY_IN) * i_in + input.inhibitory;
        let soft = at(k::SOFTNESS).gt(R::of(0.0));
        let fired = if R::bits(soft) == 0 {
            fire_and_reset(&mut u, &mut r, at(k::THRESHOLD), at(k::RESET), at(k::REFRACTORY))
        } else {
            // Drawn in refractory steps too; the potential is the reset value then.
            let probability = at(k::HAZARD) * R::exp((u - at(k::THRESHOLD)) * at(k::SOFTNESS));
            let margin = R::select(soft, probability - input.chance, u - at(k::THRESHOLD));
            let sharp_at_threshold = R::select(soft, R::of(f64::INFINITY), R::of(0.0));
            let fired = R::or(margin.gt(R::of(0.0)), margin.ge(sharp_at_threshold));
            u = R::select(fired, at(k::RESET), u);
            r = R::select(fired, at(k::REFRACTORY), r);
            fired
        };
        *s = [u, r, i_ex, i_in];
        fired
    }

    fn recordable(i: usize, s: &[f64; 4], k: &[f64; 14]) -> f64 {
        [s[0] + k[k::E_L], s[2], s[3]][i]
    }
    fn state(_: &str, s: &[f64; 4], k: &[f64; 14]) -> f64 {
        s[0] + k[k::E_L]
    }
    fn set_state(_: &str, v_m: f64, s: &mut [f64; 4], k: &[f64; 14]) {
        s[0] = v_m - k[k::E_L];
    }
    fn needs_chance(k: &[f64; 14]) -> bool {
        k[k::SOFTNESS] > 0.0
    }
}
