//! Adaptive exponential integrate-and-fire neuron with exponential synaptic conductances.
//!
//! C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th)/Delta_T) - g_ex (V - E_ex) - g_in (V - E_in) - w + I_e + I
//! tau_w dw/dt = a (V - E_L) - w
//! tau_syn dg/dt = -g, a spike of weight w adds |w| to g_ex (w > 0) or g_in
//!
//! Brette & Gerstner 2005, J Neurophysiol 94:3637.

use super::aeif::{ADAPTATION, NEURON, RELATIONS, SOLVER, W};
use super::declare::*;
use super::parts::adex::Adex;
use super::parts::coupling::Conductance;
use super::shared::*;
use crate::mechanisms::kernels::Exp;
use crate::runtime::parameters::declared;

pub const MODEL: Model = Model {
    name: "aeif_cond_exp",
    title: "Adaptive exponential, conductances",
    doc: "Adaptive exponential integrate-and-fire neuron; each spike opens a conductance that decays",
    equations: "C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th) / Delta_T) - g_ex (V - E_ex) - g_in (V - E_in) - w + I_e\ntau_w dw/dt = a (V - E_L) - w\ntau_syn dg/dt = -g, spike: g += |w|\nV ≥ V_peak: spike, V = V_reset, w += b",
    reference: "Brette & Gerstner 2005, J Neurophysiol 94:3637",
    groups: &[
        NEURON,
        ADAPTATION,
        CONDUCTANCES,
        SOLVER,
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -70.6).slider(-90.0, -40.0).doc("Membrane potential"),
                state("w", "pA", 0.0).doc("Adaptation current"),
                state("g_ex", "nS", 0.0).at_least(0.0).doc("Excitatory conductance"),
                state("g_in", "nS", 0.0).at_least(0.0).doc("Inhibitory conductance"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, W, G_EX, G_IN],
    ports: &spikes_and_currents("nS"),
    relations: RELATIONS,
    behaviour: Behaviour::neurons(Adex::<AeifCondExp, Conductance<Exp>>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["AdEx", "Brette-Gerstner", "spike-frequency adaptation", "bursting"])
        .section(Section::Adaptive)
        .spike(SpikeShape::upstroke(0.3).and_reset_at("V_peak")),
};

/// The declaration, to which the parts of the neuron refer.
pub struct AeifCondExp;
declared!(AeifCondExp);
