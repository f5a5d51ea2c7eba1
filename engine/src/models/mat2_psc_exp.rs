//! Leaky neurons without a reset whose threshold adapts on several timescales, with exponential synaptic currents; in the
//! augmented one the threshold also follows the potential.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_syn_ex + I_syn_in + I_e + I)
//! V ≥ V_th outside the refractory period: spike, theta_i += alpha_i; tau_i dtheta_i/dt = -theta_i
//! V_th = omega + theta_1 + theta_2 (+ theta_v; tau_v dtheta_v/dt = -theta_v + tau_v u, tau_v du/dt = -u + tau_v beta dV/dt)
//!
//! Kobayashi, Tsubo & Shinomoto 2009, Front Comput Neurosci 3:9; Yamauchi, Kim & Shinomoto 2011, Front Comput Neurosci
//! 5:42.

use super::declare::*;
use super::parts::adaptive_threshold::{AdaptiveThreshold, Fixed, FollowsSlope};
use super::shared::*;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

const SYNAPTIC_INPUT: Group = Group {
    title: "Synaptic input",
    parameters: &[
        real("tau_syn_ex", "ms", 1.0).above(0.0).slider(0.1, 20.0).doc("Decay time of excitatory currents"),
        real("tau_syn_in", "ms", 3.0).above(0.0).slider(0.1, 20.0).doc("Decay time of inhibitory currents"),
    ],
};

const I_E: Parameter = real("I_e", "pA", 0.0).main(-500.0, 1000.0).doc("Constant input current");
const T_REF: Parameter = real("t_ref", "ms", 2.0)
    .above(0.0)
    .main(0.1, 20.0)
    .at_least_a_step()
    .doc("Time after a spike in which there is no other; the potential goes on");
const E_L: Parameter = real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Resting potential");
const TAU_1: Parameter =
    real("tau_1", "ms", 10.0).above(0.0).slider(1.0, 100.0).doc("Decay time of the fast threshold");
const TAU_2: Parameter =
    real("tau_2", "ms", 200.0).above(0.0).slider(1.0, 500.0).doc("Decay time of the slow threshold");

const V_M_AT_FIRST: Parameter = state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential");
const THETA_1: Parameter = state("V_th_alpha_1", "mV", 0.0).slider(0.0, 50.0).doc("Fast part of the threshold");
const THETA_2: Parameter = state("V_th_alpha_2", "mV", 0.0).slider(0.0, 50.0).doc("Slow part of the threshold");

const V_TH: Recordable = Recordable::new("V_th", "mV", "Threshold");

pub const MODEL: Model = Model {
    name: "mat2_psc_exp",
    title: "Adaptive threshold on two timescales",
    doc: "Leaky neuron without a reset; each spike raises its threshold, which falls back with two time constants",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\ntau_syn dI_syn/dt = -I_syn, spike: I_syn += w\nV ≥ V_th = omega + theta_1 + theta_2, not within t_ref: spike, theta_i += alpha_i\ntau_i dtheta_i/dt = -theta_i",
    reference: "Kobayashi, Tsubo & Shinomoto 2009, Front Comput Neurosci 3:9",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                I_E,
                real("tau_m", "ms", 5.0).above(0.0).main(1.0, 50.0).doc("Membrane time constant"),
                T_REF,
                real("C_m", "pF", 100.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
                E_L,
            ],
        },
        Group {
            title: "Threshold",
            parameters: &[
                real("omega", "mV", -51.0).main(-70.0, -30.0).doc("Threshold at rest"),
                real("alpha_1", "mV", 37.0).main(-10.0, 100.0).doc("What a spike adds to the fast threshold"),
                TAU_1,
                real("alpha_2", "mV", 2.0).main(-10.0, 20.0).doc("What a spike adds to the slow threshold"),
                TAU_2,
            ],
        },
        SYNAPTIC_INPUT,
        Group { title: "Initial state", parameters: &[V_M_AT_FIRST, THETA_1, THETA_2] },
        PLASTICITY,
    ],
    recordables: &[V_M, V_TH],
    ports: &spikes_and_currents("pA"),
    relations: &[Relation::Differ("tau_syn_ex", "tau_m"), Relation::Differ("tau_syn_in", "tau_m")],
    behaviour: Behaviour::neurons(stepped::make::<AdaptiveThreshold<Mat2PscExp, Fixed>>, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["MAT", "multi-timescale adaptive threshold", "moving threshold"])
        .section(Section::IntegrateAndFireCurrents)
        .response(Response::Leaky(TimeCourse::Exponential)),
};

pub const AUGMENTED: Model = Model {
    name: "amat2_psc_exp",
    title: "Adaptive threshold, also by the potential",
    doc: "Leaky neuron without a reset; spikes and the slope of the potential move its threshold",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) (I_syn + I_e)\ntau_syn dI_syn/dt = -I_syn, spike: I_syn += w\nV ≥ V_th = omega + theta_1 + theta_2 + theta_v, not within t_ref: spike, theta_i += alpha_i\ntau_i dtheta_i/dt = -theta_i\ntau_v dtheta_v/dt = -theta_v + tau_v u, tau_v du/dt = -u + tau_v beta dV/dt",
    reference: "Yamauchi, Kim & Shinomoto 2011, Front Comput Neurosci 5:42",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                I_E,
                real("tau_m", "ms", 10.0).above(0.0).main(1.0, 50.0).doc("Membrane time constant"),
                T_REF,
                real("C_m", "pF", 200.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
                E_L,
            ],
        },
        Group {
            title: "Threshold",
            parameters: &[
                real("omega", "mV", -65.0).main(-70.0, -30.0).doc("Threshold at rest"),
                real("alpha_1", "mV", 10.0).main(-10.0, 100.0).doc("What a spike adds to the fast threshold"),
                TAU_1,
                real("alpha_2", "mV", 0.0).main(-10.0, 20.0).doc("What a spike adds to the slow threshold"),
                TAU_2,
                real("beta", "1/ms", 0.0)
                    .main(-1.0, 1.0)
                    .doc("How much the threshold follows the slope of the potential"),
                real("tau_v", "ms", 5.0).above(0.0).slider(1.0, 50.0).doc("Time constant with which it does"),
            ],
        },
        SYNAPTIC_INPUT,
        Group {
            title: "Initial state",
            parameters: &[
                V_M_AT_FIRST,
                THETA_1,
                THETA_2,
                state("V_th_v", "mV", 0.0).slider(-20.0, 20.0).doc(V_TH_V.doc),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, V_TH, V_TH_V, I_SYN_EX, I_SYN_IN],
    relations: &[
        Relation::Differ("tau_syn_ex", "tau_m"),
        Relation::Differ("tau_syn_in", "tau_m"),
        Relation::Differ("tau_v", "tau_m"),
        Relation::Differ("tau_v", "tau_syn_ex"),
        Relation::Differ("tau_v", "tau_syn_in"),
    ],
    behaviour: Behaviour::neurons(stepped::make::<AdaptiveThreshold<Amat2PscExp, FollowsSlope>>, &[Signal::Spikes]),
    facts: MODEL.facts.also_called(&["AMAT", "augmented adaptive threshold"]),
    ..MODEL
};

const V_TH_V: Recordable = Recordable::new("V_th_v", "mV", "Part of the threshold that follows the potential");

/// The declarations, to which the parts of the neurons refer.
pub struct Mat2PscExp;
declared!(Mat2PscExp);
pub struct Amat2PscExp;
declared!(Amat2PscExp, AUGMENTED);
