//! Generalised integrate-and-fire neuron with exponential synaptic conductances: spike-triggered currents, a moving
//! threshold, and spikes by chance around it.
//!
//! C_m dV/dt = -g_L (V - E_L) - sum_i eta_i - g_ex (V - E_ex) - g_in (V - E_in) + I_e + I
//! rate = lambda_0 exp((V - V_T) / Delta_V), V_T = V_T_star + sum_j gamma_j
//! eta_i and gamma_j decay with tau_stc_i and tau_sfa_j and jump by q_stc_i and q_sfa_j at each spike
//!
//! Mensi et al. 2012, J Neurophysiol 107:1756; Pozzorini et al. 2015, PLoS Comput Biol 11:e1004275.

use super::declare::*;
use super::gif::{CHANCE, E_SFA, I_STC, MOVING_THRESHOLD, NEURON, SOLVER, TRIGGERED};
use super::parts::coupling::Conductance;
use super::parts::gif::Gif;
use super::shared::*;
use crate::mechanisms::kernels::Exp;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "gif_cond_exp",
    title: "Generalised integrate-and-fire, conductances",
    doc: "Leaky neuron that spikes by chance near a threshold that moves; each spike opens a conductance that decays",
    equations: "C_m dV/dt = -g_L (V - E_L) - sum_i eta_i - g_ex (V - E_ex) - g_in (V - E_in) + I_e\ntau_syn dg/dt = -g, spike: g += |w|\nrate = lambda_0 exp((V - V_T) / Delta_V), V_T = V_T_star + sum_j gamma_j\nspike: eta_i += q_stc[i], gamma_j += q_sfa[j], V = V_reset for t_ref\neta_i, gamma_j decay with tau_stc[i], tau_sfa[j]",
    reference: "Mensi et al. 2012, J Neurophysiol 107:1756\nPozzorini et al. 2015, PLoS Comput Biol 11:e1004275",
    groups: &[
        NEURON,
        CHANCE,
        TRIGGERED,
        MOVING_THRESHOLD,
        Group {
            title: "Synaptic input",
            parameters: &[
                real("E_ex", "mV", 0.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
                real("E_in", "mV", -85.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
                real("tau_syn_ex", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of excitatory conductance"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of inhibitory conductance"),
            ],
        },
        SOLVER,
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
    recordables: &[V_M, E_SFA, I_STC, G_EX, G_IN],
    ports: &spikes_and_currents("nS"),
    relations: &[],
    behaviour: Behaviour::neurons(Gif::<GifCondExp, Conductance<Exp>>::make, &[Signal::Spikes]),
    facts: Facts::NONE.also_called(&["GIF, conductances"]).section(Section::EscapeNoise),
};

/// The declaration, to which the parts of the neuron refer.
pub struct GifCondExp;
declared!(GifCondExp);
