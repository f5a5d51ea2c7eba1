//! Leaky integrate-and-fire neuron with synaptic conductances that rise and decay: beta functions.
//!
//! C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e + I
//! g(t) = w (exp(-t/tau_decay) - exp(-t/tau_rise)) / p after a spike of weight w; p makes the peak w
//!
//! Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159; Rotter & Diesmann 1999, Biol Cybern 81:381.

use super::declare::*;
use super::parts::conductance_lif::ConductanceLif;
use super::shared::*;
use crate::mechanisms::kernels::Beta;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "iaf_cond_beta",
    title: "Integrate-and-fire, beta conductances",
    doc: "Leaky integrate-and-fire neuron; each spike opens a conductance that rises and decays with times of its own",
    equations: "C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e\ndz/dt = -z / tau_decay, dg/dt = z - g / tau_rise\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159",
    groups: &[
        CONDUCTANCE_MEMBRANE,
        Group {
            title: "Synaptic input",
            parameters: &[
                real("E_ex", "mV", 0.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
                real("E_in", "mV", -85.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
                real("tau_rise_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory conductance"),
                real("tau_decay_ex", "ms", 0.2)
                    .above(0.0)
                    .slider(0.1, 20.0)
                    .doc("Decay time of excitatory conductance"),
                real("tau_rise_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory conductance"),
                real("tau_decay_in", "ms", 2.0)
                    .above(0.0)
                    .slider(0.1, 20.0)
                    .doc("Decay time of inhibitory conductance"),
            ],
        },
        INITIAL_DRIVEN_CONDUCTANCES,
        PLASTICITY,
    ],
    recordables: &[V_M, G_EX, G_IN, T_REF_REMAINING],
    ports: &spikes_and_currents("nS"),
    relations: RESET_BELOW_THRESHOLD,
    behaviour: Behaviour::neurons(ConductanceLif::<IafCondBeta, Beta<true>>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["LIF, beta conductances", "conductance-based, beta"])
        .section(Section::IntegrateAndFireConductances)
        .spike(SpikeShape::reset_at("V_th")),
};

/// The declaration, to which the parts of the neuron refer.
pub struct IafCondBeta;
declared!(IafCondBeta);
