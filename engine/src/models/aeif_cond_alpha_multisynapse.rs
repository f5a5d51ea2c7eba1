//! Adaptive exponential integrate-and-fire neuron with any number of receptors, whose conductances are alpha functions.
//!
//! C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th)/Delta_T) + sum_i g_i (E_rev_i - V) - w + I_e + I
//! tau_w dw/dt = a (V - E_L) - w
//! g_i(t) = w (e/tau_syn_i) t exp(-t/tau_syn_i) after a spike of weight w at receptor i
//!
//! Brette & Gerstner 2005, J Neurophysiol 94:3637.

use super::aeif::{ADAPTATION, INITIAL, NEURON, RELATIONS, SOLVER, W};
use super::declare::*;
use super::parts::adex::Adex;
use super::parts::coupling::ConductanceList;
use super::shared::*;
use crate::mechanisms::kernels::Alpha;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "aeif_cond_alpha_multisynapse",
    title: "Adaptive exponential, many alpha receptors",
    doc: "Adaptive exponential integrate-and-fire neuron; each receptor has an alpha-shaped conductance with its own time and reversal potential",
    equations: "C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th) / Delta_T) + sum_i g_i (E_rev[i] - V) - w + I_e\ntau_w dw/dt = a (V - E_L) - w\ng_i(t) = w (e / tau_syn[i]) t exp(-t / tau_syn[i])\nV ≥ V_peak: spike, V = V_reset, w += b",
    reference: "Brette & Gerstner 2005, J Neurophysiol 94:3637",
    groups: &[
        NEURON,
        ADAPTATION,
        Group {
            title: "Synaptic input",
            parameters: &[
                reals_from("E_rev", "mV", &[0.0]).doc("Reversal potential of each receptor; receptors count from 1"),
                reals_from("tau_syn", "ms", &[2.0]).above(0.0).as_long_as("E_rev").doc("Rise time of each receptor"),
            ],
        },
        SOLVER,
        INITIAL,
        PLASTICITY,
    ],
    recordables: &[V_M, W, G_EACH],
    ports: &conductances_at_receptors(),
    relations: RELATIONS,
    behaviour: Behaviour::neurons(Adex::<AeifCondAlphaMultisynapse, ConductanceList<Alpha>>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["AdEx with alpha receptors"])
        .section(Section::Adaptive)
        .spike(SpikeShape::upstroke(0.3).and_reset_at("V_peak")),
};

/// The declaration, to which the parts of the neuron refer.
pub struct AeifCondAlphaMultisynapse;
declared!(AeifCondAlphaMultisynapse);
