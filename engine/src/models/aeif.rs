//! What the declarations of adaptive exponential integrate-and-fire neurons have in common; their dynamics are
//! [`adex`](super::parts::adex).
//!
//! C_m dV/dt = -g_L (U - E_L) + g_L Delta_T exp((U - V_th)/Delta_T) - w + I_syn + I_e + I, with U = min(V, V_peak)
//! tau_w dw/dt = a (U - E_L) - w
//! V ≥ V_peak: spike, V = V_reset, w += b; V stays at V_reset during the refractory period
//!
//! Spikes are found after every sub-step of the solver, so there can be several in a step.
//!
//! Brette & Gerstner 2005, J Neurophysiol 94:3637.

use super::declare::*;

/// (V_peak − V_th)/Delta_T below which the exponential term, times 10²⁰, is a number.
const LARGEST_EXPONENT: f64 = 663.731_011_033_503;

pub const I_E: Parameter = real("I_e", "pA", 0.0).main(-500.0, 2000.0).doc("Constant input current");
pub const V_RESET: Parameter = real("V_reset", "mV", -60.0).main(-80.0, -40.0).doc("Potential after a spike");
pub const T_REF: Parameter =
    real("t_ref", "ms", 0.0).at_least(0.0).slider(0.0, 20.0).in_steps().doc("Refractory period");
pub const DELTA_T: Parameter =
    real("Delta_T", "mV", 2.0).at_least(0.0).slider(0.0, 10.0).doc("Sharpness of the spike's upstroke");
pub const G_L: Parameter = real("g_L", "nS", 30.0).slider(1.0, 100.0).doc("Leak conductance");
pub const C_M: Parameter = real("C_m", "pF", 281.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance");
pub const E_L: Parameter = real("E_L", "mV", -70.6).slider(-90.0, -40.0).doc("Leak reversal potential");

pub const ADAPTATION: Group = Group {
    title: "Adaptation",
    parameters: &[
        real("a", "nS", 4.0).main(-10.0, 50.0).doc("Adaptation by the potential"),
        real("b", "pA", 80.5).main(0.0, 500.0).doc("Adaptation by each spike"),
        real("tau_w", "ms", 144.0).above(0.0).main(1.0, 500.0).doc("Time constant of adaptation"),
    ],
};

pub const SOLVER: Group = Group {
    title: "Solver",
    parameters: &[real("gsl_error_tol", "", 1e-6)
        .above(0.0)
        .fixed()
        .doc("Error allowed in a sub-step, absolute and relative to the change")],
};

pub const NEURON: Group = Group {
    title: "Neuron",
    parameters: &[
        I_E,
        real("V_th", "mV", -50.4).main(-70.0, -30.0).doc("Threshold: where the spike takes off"),
        V_RESET,
        real("V_peak", "mV", 0.0).slider(-40.0, 40.0).doc("Potential at which a spike counts and is reset"),
        T_REF,
        DELTA_T,
        G_L,
        C_M,
        E_L,
    ],
};

pub const RELATIONS: &[Relation] =
    &[Relation::NotGreater("V_th", "V_peak"), Relation::Less("V_reset", "V_peak"), exponent_fits("V_th")];

/// The spike's upstroke from this threshold to `V_peak` can be followed.
pub const fn exponent_fits(threshold: &'static str) -> Relation {
    Relation::Exponent { high: "V_peak", low: threshold, scale: "Delta_T", below: LARGEST_EXPONENT }
}

pub const W: Recordable = Recordable::new("w", "pA", "Adaptation current");

/// State of the models whose receptors come in lists.
pub const INITIAL: Group = Group {
    title: "Initial state",
    parameters: &[
        state("V_m", "mV", -70.6).slider(-90.0, -40.0).doc("Membrane potential"),
        state("w", "pA", 0.0).doc("Adaptation current"),
    ],
};
