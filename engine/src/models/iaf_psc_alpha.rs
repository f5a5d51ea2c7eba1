//! Leaky integrate-and-fire neuron with alpha-shaped synaptic currents.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_syn_ex + I_syn_in + I_e + I)
//! I_syn(t) = w (e/tau_syn) t exp(-t/tau_syn) after a spike of weight w
//!
//! Rotter & Diesmann 1999, Biol Cybern 81:381; Diesmann et al. 2001, Neurocomputing 38:565.

use super::declare::*;
use super::parts::currents::Current;
use super::parts::exact::{Exact, Floor};
use super::parts::spike_rules::Threshold;
use super::shared::*;
use crate::mechanisms::kernels::Alpha;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "iaf_psc_alpha",
    title: "Integrate-and-fire, alpha currents",
    doc: "Leaky integrate-and-fire neuron; each spike causes a current that rises and falls smoothly",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\nI_syn(t) = w (e / tau_syn) t exp(-t / tau_syn)\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Rotter & Diesmann 1999, Biol Cybern 81:381",
    groups: &[
        LEAKY_MEMBRANE,
        Group { title: "Bounds", parameters: &[V_MIN] },
        Group {
            title: "Synaptic input",
            parameters: &[
                real("tau_syn_ex", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory currents"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory currents"),
            ],
        },
        INITIAL_POTENTIAL,
        PLASTICITY,
    ],
    recordables: &[V_M, I_SYN_EX, I_SYN_IN],
    ports: &spikes_and_currents("pA"),
    relations: RESET_BELOW_THRESHOLD,
    behaviour: Behaviour::neurons(
        stepped::make::<Exact<IafPscAlpha, Current<Alpha>, Threshold, Floor>>,
        &[Signal::Spikes],
    ),
    facts: Facts::NONE
        .also_called(&["LIF", "leaky integrate-and-fire", "current-based", "point neuron"])
        .section(Section::IntegrateAndFireCurrents)
        .response(Response::Leaky(TimeCourse::Alpha))
        .spike(SpikeShape::reset_at("V_th")),
};

/// The declaration, to which the parts of the neuron refer.
pub struct IafPscAlpha;
declared!(IafPscAlpha);
