//! Adaptive exponential integrate-and-fire neuron with alpha-shaped synaptic conductances.
//!
//! C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th)/Delta_T) - g_ex (V - E_ex) - g_in (V - E_in) - w + I_e + I
//! tau_w dw/dt = a (V - E_L) - w
//! g(t) = w (e/tau_syn) t exp(-t/tau_syn) after a spike of weight w
//!
//! Brette & Gerstner 2005, J Neurophysiol 94:3637.

use super::aeif::{ADAPTATION, NEURON, RELATIONS, SOLVER, W};
use super::declare::*;
use super::parts::adex::Adex;
use super::parts::coupling::Conductance;
use super::shared::*;
use crate::mechanisms::kernels::Alpha;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "aeif_cond_alpha",
    title: "Adaptive exponential, alpha conductances",
    doc: "Adaptive exponential integrate-and-fire neuron; each spike opens a conductance that rises and falls smoothly",
    equations: EQUATIONS,
    reference: "Brette & Gerstner 2005, J Neurophysiol 94:3637",
    groups: GROUPS,
    recordables: &[V_M, W, G_EX, G_IN],
    ports: &spikes_and_currents("nS"),
    relations: RELATIONS,
    behaviour: Behaviour::neurons(Adex::<AeifCondAlpha, Conductance<Alpha>>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["AdEx, alpha"])
        .section(Section::Adaptive)
        .spike(SpikeShape::upstroke(0.3).and_reset_at("V_peak")),
};

pub const EQUATIONS: &str = "C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th) / Delta_T) - g_ex (V - E_ex) - g_in (V - E_in) - w + I_e\ntau_w dw/dt = a (V - E_L) - w\ng(t) = w (e / tau_syn) t exp(-t / tau_syn)\nV ≥ V_peak: spike, V = V_reset, w += b";

pub const GROUPS: &[Group] = &[
    NEURON,
    ADAPTATION,
    Group {
        title: "Synaptic input",
        parameters: &[
            real("E_ex", "mV", 0.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
            real("E_in", "mV", -85.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
            real("tau_syn_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory conductance"),
            real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory conductance"),
        ],
    },
    SOLVER,
    Group {
        title: "Initial state",
        parameters: &[
            state("V_m", "mV", -70.6).slider(-90.0, -40.0).doc("Membrane potential"),
            state("w", "pA", 0.0).doc("Adaptation current"),
            state("g_ex", "nS", 0.0).at_least(0.0).doc("Excitatory conductance"),
            state("dg_ex", "nS/ms", 0.0).doc("What drives the excitatory conductance"),
            state("g_in", "nS", 0.0).at_least(0.0).doc("Inhibitory conductance"),
            state("dg_in", "nS/ms", 0.0).doc("What drives the inhibitory conductance"),
        ],
    },
    PLASTICITY,
];

/// The declaration, to which the parts of the neuron refer.
pub struct AeifCondAlpha;
declared!(AeifCondAlpha);
