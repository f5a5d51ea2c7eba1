//! Leaky integrate-and-fire neuron with alpha-shaped synaptic currents and any number of receptors.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (sum_i I_i + I_e + I)
//! I_i(t) = w (e/tau_syn_i) t exp(-t/tau_syn_i) after a spike of weight w at receptor i
//!
//! Rotter & Diesmann 1999, Biol Cybern 81:381; Diesmann et al. 2001, Neurocomputing 38:565.

use super::declare::*;
use super::parts::currents::CurrentList;
use super::parts::exact::{Exact, Floor};
use super::parts::spike_rules::Threshold;
use super::shared::*;
use crate::mechanisms::kernels::Alpha;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "iaf_psc_alpha_multisynapse",
    title: "Integrate-and-fire, alpha currents, many receptors",
    doc: "Leaky integrate-and-fire neuron; each receptor has a current that rises and falls with its own time constant",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (sum_i I_i + I_e)\nI_i(t) = w (e / tau_i) t exp(-t / tau_i), tau_i = tau_syn[i]\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Rotter & Diesmann 1999, Biol Cybern 81:381",
    groups: &[
        LEAKY_MEMBRANE,
        Group { title: "Bounds", parameters: &[V_MIN] },
        RECEPTORS,
        INITIAL_POTENTIAL,
        PLASTICITY,
    ],
    recordables: &[V_M, I_SYN, I_SYN_EACH],
    ports: &spikes_at_receptors("pA"),
    relations: RESET_BELOW_THRESHOLD,
    behaviour: Behaviour::neurons(
        stepped::make::<Exact<IafPscAlphaMultisynapse, CurrentList<Alpha>, Threshold, Floor>>,
        &[Signal::Spikes],
    ),
    facts: Facts::NONE
        .also_called(&["LIF with receptors", "current-based with receptors"])
        .section(Section::IntegrateAndFireCurrents)
        .response(Response::Leaky(TimeCourse::Alpha))
        .spike(SpikeShape::reset_at("V_th")),
};

/// The declaration, to which the parts of the neuron refer.
pub struct IafPscAlphaMultisynapse;
declared!(IafPscAlphaMultisynapse);
