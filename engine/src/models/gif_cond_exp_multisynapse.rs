//! Generalised integrate-and-fire neuron with any number of receptors, whose conductances decay exponentially.
//!
//! C_m dV/dt = -g_L (V - E_L) - sum_i eta_i + sum_k g_k (E_rev_k - V) + I_e + I; tau_syn_k dg_k/dt = -g_k
//! rate = lambda_0 exp((V - V_T) / Delta_V), V_T = V_T_star + sum_j gamma_j
//! eta_i and gamma_j decay with tau_stc_i and tau_sfa_j and jump by q_stc_i and q_sfa_j at each spike
//!
//! Mensi et al. 2012, J Neurophysiol 107:1756; Pozzorini et al. 2015, PLoS Comput Biol 11:e1004275.

use super::declare::*;
use super::gif::{CHANCE, E_SFA, I_STC, MOVING_THRESHOLD, NEURON, SOLVER, TRIGGERED};
use super::parts::coupling::ConductanceList;
use super::parts::gif::Gif;
use super::shared::*;
use crate::mechanisms::kernels::Exp;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "gif_cond_exp_multisynapse",
    title: "Generalised integrate-and-fire, many receptors",
    doc: "Leaky neuron that spikes by chance near a threshold that moves; each receptor has a conductance of its own",
    equations: "C_m dV/dt = -g_L (V - E_L) - sum_i eta_i + sum_k g_k (E_rev[k] - V) + I_e\ntau_syn[k] dg_k/dt = -g_k, spike at receptor k: g_k += w\nrate = lambda_0 exp((V - V_T) / Delta_V), V_T = V_T_star + sum_j gamma_j\nspike: eta_i += q_stc[i], gamma_j += q_sfa[j], V = V_reset for t_ref\neta_i, gamma_j decay with tau_stc[i], tau_sfa[j]",
    reference: "Mensi et al. 2012, J Neurophysiol 107:1756\nPozzorini et al. 2015, PLoS Comput Biol 11:e1004275",
    groups: &[
        NEURON,
        CHANCE,
        TRIGGERED,
        MOVING_THRESHOLD,
        Group {
            title: "Synaptic input",
            parameters: &[
                reals_from("E_rev", "mV", &[0.0]).doc("Reversal potential of each receptor; receptors count from 1"),
                reals_from("tau_syn", "ms", &[2.0]).above(0.0).as_long_as("E_rev").doc("Decay time of each receptor"),
            ],
        },
        SOLVER,
        INITIAL_POTENTIAL,
        PLASTICITY,
    ],
    recordables: &[V_M, E_SFA, I_STC],
    ports: &conductances_at_receptors(),
    relations: &[],
    behaviour: Behaviour::neurons(Gif::<GifCondExpMultisynapse, ConductanceList<Exp>>::make, &[Signal::Spikes]),
    facts: Facts::NONE.also_called(&["GIF with receptors", "escape noise, conductances"]).section(Section::EscapeNoise),
};

/// The declaration, to which the parts of the neuron refer.
pub struct GifCondExpMultisynapse;
declared!(GifCondExpMultisynapse);
