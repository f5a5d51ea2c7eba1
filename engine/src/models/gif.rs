//! What the declarations of generalised integrate-and-fire neurons have in common; their dynamics are
//! [`gif`](super::parts::gif).

use super::declare::*;

/// The membrane.
pub const NEURON: Group = Group {
    title: "Neuron",
    parameters: &[
        real("I_e", "pA", 0.0).main(-100.0, 500.0).doc("Constant input current"),
        real("g_L", "nS", 4.0).above(0.0).main(1.0, 50.0).doc("Leak conductance"),
        real("C_m", "pF", 80.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
        real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Leak reversal potential"),
        real("V_reset", "mV", -55.0).slider(-90.0, -40.0).doc("Potential after a spike"),
        real("t_ref", "ms", 4.0)
            .at_least(0.0)
            .main(0.0, 20.0)
            .in_steps()
            .doc("Refractory period; with 0 the potential is not reset. One that has begun lasts to its end"),
    ],
};

/// The chance of a spike.
pub const CHANCE: Group = Group {
    title: "Chance of a spike",
    parameters: &[
        real("V_T_star", "mV", -35.0).main(-60.0, -20.0).doc("Base of the threshold"),
        real("Delta_V", "mV", 0.5)
            .above(0.0)
            .main(0.1, 5.0)
            .doc("Width of the threshold: how much the rate depends on chance"),
        real("lambda_0", "1/s", 1.0).at_least(0.0).slider(0.0, 100.0).doc("Rate at threshold"),
    ],
};

/// Currents that spikes trigger.
pub const TRIGGERED: Group = Group {
    title: "Spike-triggered current",
    parameters: &[
        reals("tau_stc", "ms").above(0.0).doc("Time constants of the currents that spikes trigger"),
        reals("q_stc", "pA")
            .as_long_as("tau_stc")
            .doc("Jumps of these currents at a spike, one for each time constant; they hyperpolarise"),
    ],
};

/// The threshold that spikes move.
pub const MOVING_THRESHOLD: Group = Group {
    title: "Moving threshold",
    parameters: &[
        reals("tau_sfa", "ms").above(0.0).doc("Time constants with which the threshold falls back"),
        reals("q_sfa", "mV").as_long_as("tau_sfa").doc("Jumps of the threshold at a spike, one for each time constant"),
    ],
};

/// The solver of those with conductances.
pub const SOLVER: Group = Group {
    title: "Solver",
    parameters: &[real("gsl_error_tol", "", 1e-3).above(0.0).fixed().doc("Error allowed in a sub-step")],
};

pub const E_SFA: Recordable = Recordable::new("E_sfa", "mV", "Threshold V_T");
pub const I_STC: Recordable = Recordable::new("I_stc", "pA", "Sum of spike-triggered currents");
