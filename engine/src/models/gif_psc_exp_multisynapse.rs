//! Generalised integrate-and-fire neuron with any number of receptors, whose currents decay exponentially.
//!
//! C_m dV/dt = -g_L (V - E_L) - sum_i eta_i + sum_k I_k + I_e + I; tau_syn_k dI_k/dt = -I_k
//! rate = lambda_0 exp((V - V_T) / Delta_V), V_T = V_T_star + sum_j gamma_j
//! eta_i and gamma_j decay with tau_stc_i and tau_sfa_j and jump by q_stc_i and q_sfa_j at each spike
//!
//! Mensi et al. 2012, J Neurophysiol 107:1756; Pozzorini et al. 2015, PLoS Comput Biol 11:e1004275.

use super::declare::*;
use super::gif::{CHANCE, E_SFA, I_STC, MOVING_THRESHOLD, NEURON, TRIGGERED};
use super::parts::currents::CurrentList;
use super::parts::gif::ExactGif;
use super::shared::*;
use crate::mechanisms::kernels::Exp;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "gif_psc_exp_multisynapse",
    title: "Generalised integrate-and-fire, many current receptors",
    doc: "Leaky neuron that spikes by chance near a threshold that moves; each receptor has a current of its own",
    equations: "C_m dV/dt = -g_L (V - E_L) - sum_i eta_i + sum_k I_k + I_e\ntau_syn[k] dI_k/dt = -I_k, spike at receptor k: I_k += w\nrate = lambda_0 exp((V - V_T) / Delta_V), V_T = V_T_star + sum_j gamma_j\nspike: eta_i += q_stc[i], gamma_j += q_sfa[j], V = V_reset for t_ref\neta_i, gamma_j decay with tau_stc[i], tau_sfa[j]",
    reference: "Mensi et al. 2012, J Neurophysiol 107:1756\nPozzorini et al. 2015, PLoS Comput Biol 11:e1004275",
    groups: &[NEURON, CHANCE, TRIGGERED, MOVING_THRESHOLD, RECEPTORS, INITIAL_POTENTIAL, PLASTICITY],
    recordables: &[V_M, E_SFA, I_STC],
    ports: &spikes_at_receptors("pA"),
    relations: &[],
    behaviour: Behaviour::neurons(
        stepped::make::<ExactGif<GifPscExpMultisynapse, CurrentList<Exp>>>,
        &[Signal::Spikes],
    ),
    facts: Facts::NONE
        .also_called(&["GIF with current receptors"])
        .section(Section::EscapeNoise)
        .response(Response::Leaky(TimeCourse::Exponential)),
};

/// The declaration, to which the parts of the neuron refer.
pub struct GifPscExpMultisynapse;
declared!(GifPscExpMultisynapse);
