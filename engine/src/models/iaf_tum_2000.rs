//! Leaky integrate-and-fire neuron with exponential synaptic currents, whose spikes carry short-term plasticity that is
//! worked out once, in the sender, for all its synapses.
//!
//! As `iaf_psc_exp`; at a spike, with x recovered, y active and z inactive resources:
//! u += U (1 - u), the spike carries u x, which goes from x to y; y → z with tau_psc, z → x with tau_rec, u decays with
//! tau_fac. At receptor 1 a spike counts with what it carries, times its weight.
//!
//! Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50.
//!
//! As in NEST, the recorded time of a spike is earlier by what it carries, as if that were ms.

use super::declare::*;
use super::parts::currents::FilteredCurrent;
use super::parts::exact::Exact;
use super::parts::spike_rules::{EscapeNoise, WithSharedPlasticity};
use super::shared::*;
use crate::mechanisms::kernels::Exp;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "iaf_tum_2000",
    title: "Integrate-and-fire, short-term plasticity in the sender",
    doc: "Leaky integrate-and-fire neuron with exponential currents; its spikes carry depression and facilitation to receptor 1 of others; recorded times are early by what they carry",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\ntau_syn dI_syn/dt = -I_syn, spike: I_syn += w, at receptor 1 times what it carries\nV ≥ V_th: spike, V = V_reset for t_ref, u += U (1 - u), the spike carries u x\ndx/dt = z / tau_rec - u x δ(t - t_sp), dy/dt = -y / tau_psc + u x δ(t - t_sp), z = 1 - x - y, du/dt = -u / tau_fac",
    reference: "Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50",
    groups: &[
        LEAKY_MEMBRANE,
        ESCAPE_NOISE,
        EXPONENTIAL_CURRENTS,
        Group {
            title: "Short-term plasticity",
            parameters: &[
                real("U", "", 0.5)
                    .at_least(0.0)
                    .at_most(1.0)
                    .main(0.0, 1.0)
                    .doc("Part of the resources that a spike uses"),
                real("tau_rec", "ms", 400.0).above(0.0).main(1.0, 2000.0).doc("Recovery time of resources"),
                real("tau_fac", "ms", 1000.0)
                    .at_least(0.0)
                    .main(0.0, 2000.0)
                    .doc("Time constant of facilitation; 0 is none"),
                real("tau_psc", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Time for which used resources are active"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential"),
                state("x", "", 0.0).slider(0.0, 1.0).doc("Recovered resources after the last spike"),
                state("y", "", 0.0).slider(0.0, 1.0).doc("Active resources after the last spike"),
                state("u", "", 0.0)
                    .at_least(0.0)
                    .at_most(1.0)
                    .slider(0.0, 1.0)
                    .doc("Part of the resources that the last spike used"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, I_SYN_EX, I_SYN_IN],
    ports: &[
        Port::spikes(
            0,
            "pA",
            "Spikes of other models; the sign of the weight decides between excitation and inhibition",
        )
        .signed()
        .of_its_own(false),
        Port::spikes(1, "pA", "Spikes that count by what they carry; those of other models do nothing")
            .signed()
            .carried(),
        Port::currents(0, "Currents into the membrane"),
        Port::currents(1, "Currents low-passed by the excitatory synapse"),
    ],
    relations: &[
        Relation::Less("V_reset", "V_th"),
        Relation::Differ("tau_psc", "tau_rec"),
        Relation::SumAtMost("x", "y", 1.0),
    ],
    behaviour: Behaviour::neurons(
        stepped::make::<Exact<IafTum2000, FilteredCurrent<Exp, true>, WithSharedPlasticity<EscapeNoise>>>,
        &[Signal::Spikes],
    ),
    facts: Facts::NONE
        .also_called(&["Tsodyks-Markram neuron", "LIF, depressing synapses", "short-term depression in the neuron"])
        .section(Section::IntegrateAndFireCurrents)
        .response(Response::Leaky(TimeCourse::Exponential))
        .spike(SpikeShape::reset_at("V_th")),
};

/// The declaration, to which the parts of the neuron refer.
pub struct IafTum2000;
declared!(IafTum2000);
