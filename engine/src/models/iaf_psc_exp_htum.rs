//! Leaky integrate-and-fire neuron with exponential synaptic currents whose refractoriness has two parts: the potential
//! waits `t_ref_abs`, and no spike comes before `t_ref_tot`.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_syn_ex + I_syn_in + I_e + I)
//! tau_syn dI_syn/dt = -I_syn, a spike of weight w adds w
//!
//! Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50.
//!
//! As in NEST, the recorded potential is relative to E_L; the one that is set is not.

use super::declare::*;
use super::parts::currents::Current;
use super::parts::exact::Exact;
use super::parts::spike_rules::TotalRefractoriness;
use super::shared::*;
use crate::mechanisms::kernels::Exp;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "iaf_psc_exp_htum",
    title: "Integrate-and-fire, absolute and total refractoriness",
    doc: "Leaky integrate-and-fire neuron with exponential currents that goes on integrating before it can fire again; V_m is recorded relative to E_L",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\ntau_syn dI_syn/dt = -I_syn, spike: I_syn += w\nV ≥ V_th: spike, V = V_reset for t_ref_abs, no other spike for t_ref_tot",
    reference: "Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-500.0, 1000.0).doc("Constant input current"),
                real("tau_m", "ms", 10.0).above(0.0).main(1.0, 50.0).doc("Membrane time constant"),
                real("V_th", "mV", -55.0).main(-70.0, -30.0).doc("Threshold"),
                real("t_ref_abs", "ms", 2.0)
                    .above(0.0)
                    .main(0.1, 20.0)
                    .at_least_a_step()
                    .doc("Time after a spike in which the potential stays where it is"),
                real("t_ref_tot", "ms", 2.0)
                    .above(0.0)
                    .main(0.1, 20.0)
                    .at_least_a_step()
                    .doc("Time after a spike in which there is no other"),
                real("C_m", "pF", 250.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
                real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Resting potential"),
                real("V_reset", "mV", -70.0).slider(-90.0, -40.0).doc("Potential after a spike"),
            ],
        },
        EXPONENTIAL_CURRENTS,
        INITIAL_POTENTIAL,
        PLASTICITY,
    ],
    recordables: &[Recordable::new("V_m", "mV", "Membrane potential relative to E_L"), I_SYN_EX, I_SYN_IN],
    ports: &spikes_and_currents("pA"),
    relations: &[Relation::Less("V_reset", "V_th"), Relation::NotGreater("t_ref_abs", "t_ref_tot")],
    behaviour: Behaviour::neurons(
        stepped::make::<Exact<IafPscExpHtum, Current<Exp>, TotalRefractoriness>>,
        &[Signal::Spikes],
    ),
    facts: Facts::NONE
        .also_called(&["LIF, total refractoriness", "absolute and relative refractory period"])
        .section(Section::IntegrateAndFireCurrents)
        .response(Response::Leaky(TimeCourse::Exponential)),
};

/// The declaration, to which the parts of the neuron refer.
pub struct IafPscExpHtum;
declared!(IafPscExpHtum);
