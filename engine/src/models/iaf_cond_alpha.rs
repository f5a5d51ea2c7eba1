//! Leaky integrate-and-fire neuron with alpha-shaped synaptic conductances.
//!
//! C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e + I
//! g(t) = w (e/tau_syn) t exp(-t/tau_syn) after a spike of weight w
//!
//! Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159; Kuhn, Aertsen & Rotter 2004, J Neurosci 24:2345.

use super::declare::*;
use super::parts::conductance_lif::ConductanceLif;
use super::shared::*;
use crate::mechanisms::kernels::Alpha;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "iaf_cond_alpha",
    title: "Integrate-and-fire, alpha conductances",
    doc: "Leaky integrate-and-fire neuron; each spike opens a conductance that rises and falls smoothly",
    equations: "C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e\ng(t) = w (e / tau_syn) t exp(-t / tau_syn)\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159\nKuhn, Aertsen & Rotter 2004, J Neurosci 24:2345",
    groups: &[CONDUCTANCE_MEMBRANE, CONDUCTANCES, INITIAL_DRIVEN_CONDUCTANCES, PLASTICITY],
    recordables: &[V_M, G_EX, G_IN, T_REF_REMAINING],
    ports: &spikes_and_currents("nS"),
    relations: RESET_BELOW_THRESHOLD,
    behaviour: Behaviour::neurons(ConductanceLif::<IafCondAlpha, Alpha>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["LIF, alpha conductances", "conductance-based, alpha"])
        .section(Section::IntegrateAndFireConductances)
        .spike(SpikeShape::reset_at("V_th")),
};

/// The declaration, to which the parts of the neuron refer.
pub struct IafCondAlpha;
declared!(IafCondAlpha);
