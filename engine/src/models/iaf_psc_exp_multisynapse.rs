//! Leaky integrate-and-fire neuron with any number of receptors, whose currents decay exponentially.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (sum_i I_i + I_e + I)
//! tau_syn_i dI_i/dt = -I_i, a spike of weight w at receptor i adds w to I_i
//!
//! Rotter & Diesmann 1999, Biol Cybern 81:381; Diesmann et al. 2001, Neurocomputing 38:565.

use super::declare::*;
use super::parts::currents::CurrentList;
use super::parts::exact::Exact;
use super::parts::spike_rules::Threshold;
use super::shared::*;
use crate::description::{Value, number};
use crate::mechanisms::kernels::Exp;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::{declared, named};

pub const MODEL: Model = Model {
    name: "iaf_psc_exp_multisynapse",
    title: "Integrate-and-fire, exponential currents, many receptors",
    doc: "Leaky integrate-and-fire neuron; each receptor has a current that jumps up and decays with its own time constant",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (sum_i I_i + I_e)\ntau_i dI_i/dt = -I_i, spike at receptor i: I_i += w, tau_i = tau_syn[i]\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Rotter & Diesmann 1999, Biol Cybern 81:381",
    groups: &[LEAKY_MEMBRANE, RECEPTORS, INITIAL_POTENTIAL, PLASTICITY],
    recordables: &[V_M, I_SYN, I_SYN_EACH],
    ports: &spikes_at_receptors("pA"),
    relations: RESET_BELOW_THRESHOLD,
    behaviour: Behaviour::neurons(
        stepped::make::<Exact<IafPscExpMultisynapse, CurrentList<Exp>, Threshold>>,
        &[Signal::Spikes],
    ),
    // As in NEST, only where the time constants of receptors are given themselves.
    facts: Facts::NONE
        .also_called(&["LIF, exponential, with receptors", "CUBA with receptors"])
        .section(Section::IntegrateAndFireCurrents)
        .response(Response::Leaky(TimeCourse::Exponential))
        .spike(SpikeShape::reset_at("V_th"))
        .check(|given, _| match (given.is_given(TAU_SYN), given.value(TAU_SYN), given.number(TAU_M)) {
            (true, Some(Value::List(times)), Some(tau_m)) if times.contains(&tau_m) => {
                Err(("tau_syn", format!("no entry may be equal to tau_m ({} ms)", number(tau_m))))
            }
            _ => Ok(()),
        }),
};

/// The declaration, to which the parts of the neuron refer.
pub struct IafPscExpMultisynapse;
declared!(IafPscExpMultisynapse);

const TAU_SYN: &str = named!(IafPscExpMultisynapse, "tau_syn");
const TAU_M: &str = named!(IafPscExpMultisynapse, "tau_m");
