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
use super::gif::{CHANCE, E_SFA, I_STC, MOVING_THRESHOLD, NEURON, TRIGGERED};
use super::parts::currents::EarlyCurrent;
use super::parts::gif::ExactGif;
use super::shared::*;
use crate::mechanisms::kernels::Exp;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "gif_psc_exp",
    title: "Generalised integrate-and-fire, exponential currents",
    doc: "Leaky neuron that spikes by chance near a threshold that moves; each spike triggers currents of its own",
    equations: "C_m dV/dt = -g_L (V - E_L) - sum_i eta_i + I_syn + I_e\nrate = lambda_0 exp((V - V_T) / Delta_V), V_T = V_T_star + sum_j gamma_j\nspike: eta_i += q_stc[i], gamma_j += q_sfa[j], V = V_reset for t_ref\neta_i, gamma_j decay with tau_stc[i], tau_sfa[j]",
    reference: "Mensi et al. 2012, J Neurophysiol 107:1756\nPozzorini et al. 2015, PLoS Comput Biol 11:e1004275",
    groups: &[
        NEURON,
        CHANCE,
        TRIGGERED,
        MOVING_THRESHOLD,
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
    recordables: &[V_M, E_SFA, I_STC, I_SYN_EX, I_SYN_IN],
    ports: &spikes_and_currents("pA"),
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<ExactGif<GifPscExp, EarlyCurrent<Exp>>>, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["GIF", "GLM", "escape noise, currents", "stochastic threshold"])
        .section(Section::EscapeNoise)
        .response(Response::Leaky(TimeCourse::Exponential)),
};

/// The declaration, to which the parts of the neuron refer.
pub struct GifPscExp;
declared!(GifPscExp);
