//! Adaptive exponential integrate-and-fire neurons whose synapses are currents, exponential or alpha-shaped, or jumps of
//! the potential.
//!
//! C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th)/Delta_T) + I_syn_ex - I_syn_in - w + I_e + I
//! tau_w dw/dt = a (V - E_L) - w
//!
//! Brette & Gerstner 2005, J Neurophysiol 94:3637.

use super::aeif::{ADAPTATION, INITIAL, NEURON, RELATIONS, SOLVER, W};
use super::declare::*;
use super::parts::adex::Adex;
use super::parts::coupling::{Jumps, OpposedCurrent};
use super::shared::*;
use crate::mechanisms::kernels::{Alpha, Exp};
use crate::runtime::parameters::declared;

const V_M_AT_FIRST: Parameter = state("V_m", "mV", -70.6).slider(-90.0, -40.0).doc("Membrane potential");
const W_AT_FIRST: Parameter = state("w", "pA", 0.0).doc("Adaptation current");
const I_EX_AT_FIRST: Parameter = state("I_syn_ex", "pA", 0.0).at_least(0.0).doc("Excitatory synaptic current");
const I_IN_AT_FIRST: Parameter =
    state("I_syn_in", "pA", 0.0).at_least(0.0).doc("Inhibitory synaptic current, a positive number");

pub const EXPONENTIAL: Model = Model {
    name: "aeif_psc_exp",
    title: "Adaptive exponential, exponential currents",
    doc: "Adaptive exponential integrate-and-fire neuron; each spike causes a current that jumps up and decays",
    equations: "C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th) / Delta_T) + I_syn_ex - I_syn_in - w + I_e\ntau_w dw/dt = a (V - E_L) - w\ntau_syn dI_syn/dt = -I_syn, spike: I_syn += |w|\nV ≥ V_peak: spike, V = V_reset, w += b",
    reference: "Brette & Gerstner 2005, J Neurophysiol 94:3637",
    groups: &[
        NEURON,
        ADAPTATION,
        Group {
            title: "Synaptic input",
            parameters: &[
                real("tau_syn_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Decay time of excitatory currents"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time of inhibitory currents"),
            ],
        },
        SOLVER,
        Group { title: "Initial state", parameters: &[V_M_AT_FIRST, W_AT_FIRST, I_EX_AT_FIRST, I_IN_AT_FIRST] },
        PLASTICITY,
    ],
    recordables: &[V_M, W, I_SYN_EX, I_SYN_IN],
    ports: &spikes_and_currents("pA"),
    relations: RELATIONS,
    behaviour: Behaviour::neurons(Adex::<AeifPscExp, OpposedCurrent<Exp>>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["AdEx, currents", "AdEx, exponential currents"])
        .section(Section::Adaptive)
        .response(Response::Active(TimeCourse::Exponential))
        .spike(SpikeShape::upstroke(0.3).and_reset_at("V_peak")),
};

pub const ALPHA: Model = Model {
    name: "aeif_psc_alpha",
    title: "Adaptive exponential, alpha currents",
    doc: "Adaptive exponential integrate-and-fire neuron; each spike causes a current that rises and falls smoothly",
    equations: "C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th) / Delta_T) + I_syn_ex - I_syn_in - w + I_e\ntau_w dw/dt = a (V - E_L) - w\nI_syn(t) = |w| (e / tau_syn) t exp(-t / tau_syn)\nV ≥ V_peak: spike, V = V_reset, w += b",
    groups: &[
        NEURON,
        ADAPTATION,
        Group {
            title: "Synaptic input",
            parameters: &[
                real("tau_syn_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory currents"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory currents"),
            ],
        },
        SOLVER,
        Group {
            title: "Initial state",
            parameters: &[
                V_M_AT_FIRST,
                W_AT_FIRST,
                I_EX_AT_FIRST,
                state("dI_syn_ex", "pA/ms", 0.0).doc("What drives the excitatory current"),
                I_IN_AT_FIRST,
                state("dI_syn_in", "pA/ms", 0.0).doc("What drives the inhibitory current"),
            ],
        },
        PLASTICITY,
    ],
    behaviour: Behaviour::neurons(Adex::<AeifPscAlpha, OpposedCurrent<Alpha>>::make, &[Signal::Spikes]),
    facts: EXPONENTIAL.facts.also_called(&["AdEx, alpha currents"]).response(Response::Active(TimeCourse::Alpha)),
    ..EXPONENTIAL
};

pub const DELTA: Model = Model {
    name: "aeif_psc_delta",
    title: "Adaptive exponential, delta pulses",
    doc: "Adaptive exponential integrate-and-fire neuron; each spike makes the potential jump by its weight in mV",
    equations: "C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th) / Delta_T) - w + I_e, spike that arrives: V += w\ntau_w dw/dt = a (V - E_L) - w\nV ≥ V_peak: spike, V = V_reset, w += b",
    groups: &[
        NEURON,
        ADAPTATION,
        Group {
            title: "Synaptic input",
            parameters: &[flag("refractory_input", false)
                .doc("Keep input that arrives during refractoriness, decayed, until it ends")],
        },
        SOLVER,
        INITIAL,
        PLASTICITY,
    ],
    recordables: &[V_M, W],
    ports: &spikes_and_currents("mV"),
    behaviour: Behaviour::neurons(Adex::<AeifPscDelta, Jumps>::make, &[Signal::Spikes]),
    facts: EXPONENTIAL.facts.also_called(&["AdEx, delta"]).response(Response::Jump),
    ..EXPONENTIAL
};

/// The declarations, to which the parts of the neurons refer.
pub struct AeifPscExp;
declared!(AeifPscExp, EXPONENTIAL);
pub struct AeifPscAlpha;
declared!(AeifPscAlpha, ALPHA);
pub struct AeifPscDelta;
declared!(AeifPscDelta, DELTA);
