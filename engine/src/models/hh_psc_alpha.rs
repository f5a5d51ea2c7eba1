//! Hodgkin-Huxley neuron with alpha-shaped synaptic currents.
//!
//! C_m dV/dt = -g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L) + I_syn + I_e + I
//! dx/dt = alpha_x (1 - x) - beta_x x for x = m, h, n
//!
//! Hodgkin & Huxley 1952, J Physiol 117:500; Gerstner & Kistler 2002, Spiking Neuron Models.

use super::declare::*;
use super::shared::*;

pub const MODEL: Model = Model {
    name: "hh_psc_alpha",
    family: Family::Neuron,
    title: "Hodgkin-Huxley neuron",
    doc: "Sodium and potassium channels of the squid axon; alpha-shaped synaptic currents",
    equations: "C_m dV/dt = -g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L) + I_syn + I_e\ndx/dt = alpha_x (1 - x) - beta_x x, x = m, h, n\nV ≥ 0 mV and past its peak: spike",
    reference: "Hodgkin & Huxley 1952, J Physiol 117:500",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-500.0, 2000.0).doc("Constant input current"),
                real("g_Na", "nS", 12000.0)
                    .at_least(0.0)
                    .main(0.0, 24000.0)
                    .doc("Sodium conductance, all channels open"),
                real("g_K", "nS", 3600.0)
                    .at_least(0.0)
                    .main(0.0, 10000.0)
                    .doc("Potassium conductance, all channels open"),
                real("g_L", "nS", 30.0).at_least(0.0).slider(0.0, 200.0).doc("Leak conductance"),
                real("C_m", "pF", 100.0).above(0.0).slider(10.0, 500.0).doc("Membrane capacitance"),
                real("E_Na", "mV", 50.0).slider(0.0, 100.0).doc("Sodium reversal potential"),
                real("E_K", "mV", -77.0).slider(-120.0, -50.0).doc("Potassium reversal potential"),
                real("E_L", "mV", -54.402).slider(-90.0, -40.0).doc("Leak reversal potential"),
                real("t_ref", "ms", 2.0)
                    .at_least(0.0)
                    .slider(0.0, 20.0)
                    .doc("Time after a spike in which no other is registered"),
            ],
        },
        Group {
            title: "Synaptic input",
            parameters: &[
                real("tau_syn_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory currents"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory currents"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -65.0).slider(-90.0, 40.0).doc("Membrane potential"),
                state("Act_m", "", 0.05293248525724958).at_least(0.0).slider(0.0, 1.0).doc("Sodium activation m"),
                state("Inact_h", "", 0.5961207535084603).at_least(0.0).slider(0.0, 1.0).doc("Sodium inactivation h"),
                state("Act_n", "", 0.3176769140606974).at_least(0.0).slider(0.0, 1.0).doc("Potassium activation n"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[
        V_M,
        Recordable { name: "Act_m", unit: "", doc: "Sodium activation m" },
        Recordable { name: "Inact_h", unit: "", doc: "Sodium inactivation h" },
        Recordable { name: "Act_n", unit: "", doc: "Potassium activation n" },
        I_SYN_EX,
        I_SYN_IN,
    ],
    ports: &spikes_and_currents("pA"),
    emits: Emits::Spikes,
    relations: &[],
};
