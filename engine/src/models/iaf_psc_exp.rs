//! Leaky integrate-and-fire neuron with exponential synaptic currents,
//! optional escape noise and a filtered current port.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_syn_ex + I_syn_in + I_e + I)
//! tau_syn dI_syn/dt = -I_syn, a spike of weight w adds w
//! with delta > 0, spikes are drawn with intensity rho exp((V - V_th)/delta)
//!
//! Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50; Schuecker et al. 2015, Phys Rev E 92:052119.

use super::declare::*;
use super::parts::currents::FilteredCurrent;
use super::parts::exact::Exact;
use super::parts::spike_rules::EscapeNoise;
use super::shared::*;
use crate::mechanisms::kernels::Exp;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "iaf_psc_exp",
    title: "Integrate-and-fire, exponential currents",
    doc: "Leaky integrate-and-fire neuron; each spike causes a current that jumps up and decays",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\ntau_syn dI_syn/dt = -I_syn, spike: I_syn += w\nV ≥ V_th: spike, V = V_reset for t_ref\ndelta > 0: spikes with intensity rho exp((V - V_th) / delta)",
    reference: "Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50",
    groups: &[LEAKY_MEMBRANE, ESCAPE_NOISE, EXPONENTIAL_CURRENTS, INITIAL_POTENTIAL, PLASTICITY],
    recordables: &[V_M, I_SYN_EX, I_SYN_IN],
    ports: &[
        Port::spikes(0, "pA", "Spikes; the sign of the weight decides between excitation and inhibition").signed(),
        Port::currents(0, "Currents into the membrane"),
        Port::currents(1, "Currents low-passed by the excitatory synapse"),
    ],
    relations: RESET_BELOW_THRESHOLD,
    behaviour: Behaviour::neurons(
        stepped::make::<Exact<IafPscExp, FilteredCurrent<Exp>, EscapeNoise>>,
        &[Signal::Spikes],
    ),
    facts: Facts::NONE
        .also_called(&["LIF, exponential", "CUBA", "current-based, exponential"])
        .section(Section::IntegrateAndFireCurrents)
        .response(Response::Leaky(TimeCourse::Exponential))
        .spike(SpikeShape::reset_at("V_th")),
};

/// The declaration, to which the parts of the neuron refer.
pub struct IafPscExp;
declared!(IafPscExp);
