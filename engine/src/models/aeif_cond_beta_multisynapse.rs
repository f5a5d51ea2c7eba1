//! Adaptive exponential integrate-and-fire neuron with any number of receptors, whose conductances are beta functions.
//!
//! C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th)/Delta_T) + sum_i g_i (E_rev_i - V) - w + I_e + I
//! tau_w dw/dt = a (V - E_L) - w
//! g_i(t) = w (exp(-t/tau_decay_i) - exp(-t/tau_rise_i)) / p after a spike of weight w at receptor i; p makes the peak w
//!
//! Brette & Gerstner 2005, J Neurophysiol 94:3637; Rotter & Diesmann 1999, Biol Cybern 81:381.

use super::aeif::{ADAPTATION, INITIAL, NEURON, RELATIONS, SOLVER, W};
use super::declare::*;
use super::parts::adex::Adex;
use super::parts::coupling::ConductanceList;
use super::shared::*;
use crate::mechanisms::kernels::Beta;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "aeif_cond_beta_multisynapse",
    title: "Adaptive exponential, many receptors",
    doc: "Adaptive exponential integrate-and-fire neuron; each receptor has a conductance with its own times and reversal potential",
    equations: "C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th) / Delta_T) + sum_i g_i (E_rev[i] - V) - w + I_e\ntau_w dw/dt = a (V - E_L) - w\ng_i rises with tau_rise[i] and decays with tau_decay[i]; its peak after a spike is the weight\nV ≥ V_peak: spike, V = V_reset, w += b",
    reference: "Brette & Gerstner 2005, J Neurophysiol 94:3637",
    groups: &[
        NEURON,
        ADAPTATION,
        Group {
            title: "Synaptic input",
            parameters: &[
                reals_from("E_rev", "mV", &[0.0]).doc("Reversal potential of each receptor; receptors count from 1"),
                reals_from("tau_rise", "ms", &[2.0]).above(0.0).as_long_as("E_rev").doc("Rise time of each receptor"),
                reals_from("tau_decay", "ms", &[20.0])
                    .above(0.0)
                    .as_long_as("E_rev")
                    .doc("Decay time of each receptor"),
            ],
        },
        SOLVER,
        INITIAL,
        PLASTICITY,
    ],
    recordables: &[V_M, W, G_EACH],
    ports: &conductances_at_receptors(),
    relations: RELATIONS,
    behaviour: Behaviour::neurons(
        Adex::<AeifCondBetaMultisynapse, ConductanceList<Beta<false>>>::make,
        &[Signal::Spikes],
    ),
    facts: Facts::NONE
        .also_called(&["AdEx with receptors"])
        .section(Section::Adaptive)
        .spike(SpikeShape::upstroke(0.3).and_reset_at("V_peak"))
        .check(|given, _| not_faster(given, "tau_decay", "tau_rise")),
};

/// The declaration, to which the parts of the neuron refer.
pub struct AeifCondBetaMultisynapse;
declared!(AeifCondBetaMultisynapse);
