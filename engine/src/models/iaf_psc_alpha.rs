//! Leaky integrate-and-fire neuron with alpha-shaped synaptic currents.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_syn_ex + I_syn_in + I_e + I)
//! I_syn(t) = w (e/tau_syn) t exp(-t/tau_syn) after a spike of weight w
//!
//! Rotter & Diesmann 1999, Biol Cybern 81:381; Diesmann et al. 2001, Neurocomputing 38:565.

use super::declare::*;
use super::shared::*;

pub const MODEL: Model = Model {
    name: "iaf_psc_alpha",
    family: Family::Neuron,
    title: "Integrate-and-fire, alpha currents",
    doc: "Leaky integrate-and-fire neuron; each spike causes a current that rises and falls smoothly",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\nI_syn(t) = w (e / tau_syn) t exp(-t / tau_syn)\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Rotter & Diesmann 1999, Biol Cybern 81:381",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-500.0, 1000.0).doc("Constant input current"),
                real("tau_m", "ms", 10.0).above(0.0).main(1.0, 50.0).doc("Membrane time constant"),
                real("V_th", "mV", -55.0).main(-70.0, -30.0).doc("Threshold"),
                real("t_ref", "ms", 2.0).at_least(0.0).main(0.0, 20.0).doc("Refractory period"),
                real("C_m", "pF", 250.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
                real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Resting potential"),
                real("V_reset", "mV", -70.0).slider(-90.0, -40.0).doc("Potential after a spike"),
                real("V_min", "mV", f64::NEG_INFINITY).slider(-120.0, -60.0).doc("Lower bound of the potential"),
            ],
        },
        Group {
            title: "Synaptic input",
            parameters: &[
                real("tau_syn_ex", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory currents"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory currents"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential")],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, I_SYN_EX, I_SYN_IN],
    ports: &spikes_and_currents("pA"),
    emits: Emits::Spikes,
    relations: &[Relation::Less("V_reset", "V_th")],
};
