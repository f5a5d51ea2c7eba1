//! Leaky integrate-and-fire neuron with exponential conductances that its own spikes adapt: slow spike-frequency
//! adaptation and relative refractoriness are conductances too.
//!
//! C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) - g_sfa (V - E_sfa) - g_rr (V - E_rr) + I_e + I
//! tau dg/dt = -g for each conductance; a spike of the neuron adds q_sfa to g_sfa and q_rr to g_rr
//!
//! Dayan & Abbott 2001, Theoretical Neuroscience, p 166; Muller et al. 2007, Neural Comput 19:2958.

use super::declare::*;
use super::parts::conductance_lif::Lif;
use super::parts::coupling::{Conductance, WithOwnConductances};
use super::shared::*;
use crate::mechanisms::kernels::Exp;
use crate::runtime::neurons::equations::Solved;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "iaf_cond_exp_sfa_rr",
    title: "Integrate-and-fire, adaptation and relative refractoriness",
    doc: "Leaky integrate-and-fire neuron with conductances; its own spikes open two more, of adaptation and of refractoriness",
    equations: "C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) - g_sfa (V - E_sfa) - g_rr (V - E_rr) + I_e\ntau dg/dt = -g for each conductance\nV ≥ V_th: spike, V = V_reset for t_ref, g_sfa += q_sfa, g_rr += q_rr",
    reference: "Dayan & Abbott 2001, Theoretical Neuroscience, p 166",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-500.0, 2000.0).doc("Constant input current"),
                real("V_th", "mV", -57.0).main(-70.0, -30.0).doc("Threshold"),
                real("t_ref", "ms", 0.5)
                    .at_least(0.0)
                    .main(0.0, 20.0)
                    .in_steps()
                    .doc("Refractory period; one that has begun lasts to its end, whatever is changed"),
                real("g_L", "nS", 28.95).main(1.0, 50.0).doc("Leak conductance"),
                real("C_m", "pF", 289.5).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
                real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Leak reversal potential"),
                real("V_reset", "mV", -70.0).slider(-90.0, -40.0).doc("Potential after a spike"),
            ],
        },
        Group {
            title: "Adaptation",
            parameters: &[
                real("q_sfa", "nS", 14.48).main(0.0, 100.0).doc("What a spike adds to the conductance of adaptation"),
                real("tau_sfa", "ms", 110.0).above(0.0).main(1.0, 500.0).doc("Decay time of that conductance"),
                real("E_sfa", "mV", -70.0).slider(-100.0, -40.0).doc("Reversal potential of that conductance"),
            ],
        },
        Group {
            title: "Relative refractoriness",
            parameters: &[
                real("q_rr", "nS", 3214.0).slider(0.0, 5000.0).doc("What a spike adds to the refractory conductance"),
                real("tau_rr", "ms", 1.97).above(0.0).slider(0.1, 20.0).doc("Decay time of that conductance"),
                real("E_rr", "mV", -70.0).slider(-100.0, -40.0).doc("Reversal potential of that conductance"),
            ],
        },
        Group {
            title: "Synaptic input",
            parameters: &[
                real("E_ex", "mV", 0.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
                real("E_in", "mV", -75.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
                real("tau_syn_ex", "ms", 1.5).above(0.0).slider(0.1, 20.0).doc("Decay time of excitatory conductance"),
                real("tau_syn_in", "ms", 10.0).above(0.0).slider(0.1, 20.0).doc("Decay time of inhibitory conductance"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential"),
                state("g_ex", "nS", 0.0).doc("Excitatory conductance"),
                state("g_in", "nS", 0.0).doc("Inhibitory conductance"),
                state("g_sfa", "nS", 0.0).doc(G_SFA.doc),
                state("g_rr", "nS", 0.0).doc(G_RR.doc),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, G_EX, G_IN, G_SFA, G_RR],
    ports: &spikes_and_currents("nS"),
    relations: RESET_BELOW_THRESHOLD,
    behaviour: Behaviour::neurons(
        Solved::<Lif<IafCondExpSfaRr, WithOwnConductances<Conductance<Exp>>>>::make,
        &[Signal::Spikes],
    ),
    facts: Facts::NONE
        .also_called(&["LIF with adaptation", "spike-frequency adaptation, conductance", "relative refractoriness"])
        .section(Section::IntegrateAndFireConductances)
        .spike(SpikeShape::reset_at("V_th")),
};

const G_SFA: Recordable = Recordable::new("g_sfa", "nS", "Conductance of spike-frequency adaptation");
const G_RR: Recordable = Recordable::new("g_rr", "nS", "Conductance of relative refractoriness");

/// The declaration, to which the parts of the neuron refer.
pub struct IafCondExpSfaRr;
declared!(IafCondExpSfaRr);
