//! Izhikevich's simple model.
//!
//! dv/dt = 0.04 v² + 5 v + 140 - u + I, du/dt = a (b v - u)
//! v ≥ V_th: v = c, u += d
//! The explicit Euler step is part of the model.
//!
//! Izhikevich 2003, IEEE Trans Neural Networks 14:1569; numerics: Pauli et al. 2018, Front Neuroinform 12:46.

use super::declare::*;
use super::shared::*;

pub const MODEL: Model = Model {
    name: "izhikevich",
    family: Family::Neuron,
    title: "Izhikevich neuron",
    doc: "Two variables that reproduce the firing patterns of many cortical neurons",
    equations: "dv/dt = 0.04 v² + 5 v + 140 - u + I\ndu/dt = a (b v - u)\nv ≥ V_th: spike, v = c, u += d",
    reference: "Izhikevich 2003, IEEE Trans Neural Networks 14:1569",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-10.0, 40.0).doc("Constant input current"),
                real("a", "1/ms", 0.02).main(0.005, 0.2).doc("Rate of recovery"),
                real("b", "", 0.2).main(0.05, 0.4).doc("Sensitivity of recovery to the potential"),
                real("c", "mV", -65.0).main(-80.0, -40.0).doc("Potential after a spike"),
                real("d", "mV", 8.0).main(0.0, 15.0).doc("Jump of the recovery variable at a spike"),
                real("V_th", "mV", 30.0).slider(0.0, 60.0).doc("Peak at which a spike is registered"),
                real("V_min", "mV", f64::NEG_INFINITY).slider(-120.0, -60.0).doc("Lower bound of the potential"),
                flag("consistent_integration", true)
                    .doc("Euler step on both variables; off: the two half steps of the 2003 paper"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -65.0).slider(-90.0, 30.0).doc("Membrane potential"),
                state("U_m", "mV", -13.0).slider(-20.0, 20.0).doc("Recovery variable"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, Recordable { name: "U_m", unit: "mV", doc: "Recovery variable" }],
    ports: &spikes_and_currents("mV"),
    emits: Emits::Spikes,
    relations: &[],
};
