//! Leaky integrate-and-fire neuron whose potential jumps at each input spike.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_e + I), a spike of weight w adds w to V
//!
//! Rotter & Diesmann 1999, Biol Cybern 81:381; Diesmann et al. 2001, Neurocomputing 38:565.

use super::declare::*;
use super::shared::*;

pub const MODEL: Model = Model {
    name: "iaf_psc_delta",
    family: Family::Neuron,
    title: "Integrate-and-fire, delta pulses",
    doc: "Leaky integrate-and-fire neuron; each spike makes the potential jump by its weight in mV",
    equations: "tau_m dV/dt = -(V - E_L) + (tau_m / C_m) I_e, spike: V += w\nV ≥ V_th: spike, V = V_reset for t_ref",
    reference: "Rotter & Diesmann 1999, Biol Cybern 81:381",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-500.0, 1000.0).doc("Constant input current"),
                real("tau_m", "ms", 10.0).above(0.0).main(1.0, 50.0).doc("Membrane time constant"),
                real("V_th", "mV", -55.0).main(-70.0, -30.0).doc("Threshold"),
                real("t_ref", "ms", 2.0).at_least(0.0).main(0.0, 20.0).doc("Refractory period"),
                real("C_m", "pF", 250.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
                real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Resting potential"),
                real("V_reset", "mV", -70.0).slider(-90.0, -40.0).doc("Potential after a spike"),
                real("V_min", "mV", f64::NEG_INFINITY).slider(-120.0, -60.0).doc("Lower bound of the potential"),
                flag("refractory_input", false)
                    .doc("Keep input that arrives during refractoriness, decayed, until it ends"),
            ],
        },
        Group {
            title: "Forced firing",
            parameters: &[
                flag("ignore_and_spike", false).doc("Fire regularly whatever the potential is"),
                real("ignore_and_spike_interval", "ms", 100.0).above(0.0).doc("Interval of forced spikes"),
                real("ignore_and_spike_offset", "ms", 1.0).above(0.0).doc("Time of the first forced spike"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential")],
        },
        PLASTICITY,
    ],
    recordables: &[V_M],
    ports: &spikes_and_currents("mV"),
    emits: Emits::Spikes,
    relations: &[Relation::Less("V_reset", "V_th")],
};
