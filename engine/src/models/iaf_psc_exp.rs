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

pub const MODEL: Model = Model {
    name: "iaf_psc_exp",
    family: Family::Neuron,
    title: "Integrate-and-fire, exponential currents",
    doc: "Leaky integrate-and-fire neuron; each spike causes a current that jumps up and decays",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\ntau_syn dI_syn/dt = -I_syn, spike: I_syn += w\nV ≥ V_th: spike, V = V_reset for t_ref\ndelta > 0: spikes with intensity rho exp((V - V_th) / delta)",
    reference: "Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50",
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
            ],
        },
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
        Group {
            title: "Initial state",
            parameters: &[state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential")],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, I_SYN_EX, I_SYN_IN],
    ports: &[
        Port {
            number: 0,
            kind: PortKind::Spikes,
            unit: "pA",
            doc: "Spikes; the sign of the weight decides between excitation and inhibition",
        },
        Port { number: 0, kind: PortKind::Currents, unit: "", doc: "Currents into the membrane" },
        Port { number: 1, kind: PortKind::Currents, unit: "", doc: "Currents low-passed by the excitatory synapse" },
    ],
    emits: Emits::Spikes,
    relations: &[Relation::Less("V_reset", "V_th")],
};
