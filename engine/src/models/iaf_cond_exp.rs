//! Leaky integrate-and-fire neuron with exponential synaptic conductances.
//!
//! C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e + I
//! tau_syn dg/dt = -g, a spike of weight w adds |w| to g_ex (w > 0) or g_in
//!
//! Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159.

use super::declare::*;
use super::parts::conductance_lif::ConductanceLif;
use super::shared::*;
use crate::mechanisms::kernels::Exp;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "iaf_cond_exp",
    title: "Integrate-and-fire, conductances",
    doc: "Leaky integrate-and-fire neuron; each spike opens a conductance towards a reversal potential",
    equations: "C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e\ntau_syn dg/dt = -g, spike: g += |w|\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159",
    groups: &[
        CONDUCTANCE_MEMBRANE,
        Group {
            title: "Synaptic input",
            parameters: &[
                real("E_ex", "mV", 0.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
                real("E_in", "mV", -85.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
                real("tau_syn_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Decay time of excitatory conductance"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of inhibitory conductance"),
            ],
        },
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
    recordables: &[V_M, G_EX, G_IN],
    ports: &spikes_and_currents("nS"),
    relations: RESET_BELOW_THRESHOLD,
    behaviour: Behaviour::neurons(ConductanceLif::<IafCondExp, Exp>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["LIF, conductances", "conductance-based", "COBA", "reversal potential"])
        .section(Section::IntegrateAndFireConductances)
        .spike(SpikeShape::reset_at("V_th")),
};

/// The declaration, to which the parts of the neuron refer.
pub struct IafCondExp;
declared!(IafCondExp);
