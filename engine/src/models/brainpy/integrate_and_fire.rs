//! Leaky integrate-and-fire neurons.
//!
//! tau dV/dt = −(V − V_rest) + R I
//!
//! Lapicque 1907, J Physiol Pathol Gen 9:620; Bellec et al. 2018, Adv Neural Inf Process Syst 31.

use super::*;
use crate::models::parts::cells::{Cells, Held, Resetting};
use crate::models::parts::integrate_and_fire::{
    AdaptiveThreshold, IntegrateAndFire, Leak, LeakToZero, Steady, SynapticConductance, SynapticCurrent,
};
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

const R: Parameter = real("R", "Ω", 1.0).slider(0.1, 10.0).doc("Resistance of the membrane");
const TAU: Parameter = real("tau", "ms", 5.0).main(1.0, 50.0).doc("Membrane time constant");
const V_TH: Parameter = real("V_th", "mV", 1.0).main(-60.0, 20.0).doc("Threshold");
const V_RESET: Parameter = real("V_reset", "mV", 0.0).slider(-90.0, 10.0).doc("Reset potential");
const V_REST: Parameter = real("V_rest", "mV", 0.0).slider(-90.0, 10.0).doc("Resting potential");
const I_E: Parameter = i_e("mA", 0.0, 10.0);
const INITIAL: Group = Group { title: INITIALLY, parameters: &[v_m("mV", 0.0).slider(-90.0, 20.0)] };
const HELD: Group = Group { title: INITIALLY, parameters: &[v_m("mV", 0.0).slider(-90.0, 20.0), LAST_SPIKE_TIME] };
const RECORDABLES: &[Recordable] = recordables!(
    potential("mV"); "mA", "mS");

/// A leak to zero.
pub const IF: Model = Model {
    name: "IF",
    title: "Leaky integrate-and-fire to zero, BrainPy",
    doc: "Integrate-and-fire neuron that leaks to 0 mV and is reset by V_th or to 0 mV",
    equations: "tau dV/dt = -V + R I\nV ≥ V_th: spike, V -= V_th (soft) or V = 0 (hard)",
    reference: "Lapicque 1907, J Physiol Pathol Gen 9:620",
    groups: &[
        Group { title: "Neuron", parameters: &[I_E, TAU, V_TH, R, spk_reset(None)] },
        SYNAPSES,
        INITIAL,
        PLASTICITY,
    ],
    recordables: RECORDABLES,
    ports: &ports(jumps("mV"), "mS", "S", "mA/pA"),
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<IfCells>, SENDS),
    facts: FACTS
        .also_called(&["integrate-and-fire", "Lapicque", "BrainPy IF"])
        .short("IF")
        .response(Response::Jump)
        .spike(SpikeShape::reset_at("V_th")),
};
pub struct If;
declared!(If, IF);
/// The neurons.
pub type IfCells = Cells<If, IntegrateAndFire<LeakToZero>, Resetting>;

pub const LIF: Model = Model {
    name: "LIF",
    title: "Leaky integrate-and-fire, BrainPy",
    doc: "Leaky integrate-and-fire neuron in mV, Ω and mA",
    equations: "tau dV/dt = -(V - V_rest) + R I\nV ≥ V_th: spike, V -= V_th - V_reset (soft) or V = V_reset (hard)",
    groups: &[
        Group { title: "Neuron", parameters: &[I_E, TAU, V_TH, V_RESET, V_REST, R, spk_reset(None)] },
        SYNAPSES,
        INITIAL,
        PLASTICITY,
    ],
    behaviour: Behaviour::neurons(stepped::make::<LifCells>, SENDS),
    facts: IF.facts.also_called(&["BrainPy LIF", "surrogate gradient neuron"]).short("LIF"),
    ..IF
};
pub struct Lif;
declared!(Lif, LIF);
/// The neurons.
pub type LifCells = Cells<Lif, IntegrateAndFire<Leak>, Resetting>;

pub const LIF_REF: Model = Model {
    name: "LIFRef",
    title: "Leaky integrate-and-fire with refractory period, BrainPy",
    doc: "Leaky integrate-and-fire neuron in mV, Ω and mA that is held for a time after each spike",
    groups: &[
        Group { title: "Neuron", parameters: &[I_E, TAU, V_TH, TAU_REF, V_RESET, V_REST, R, spk_reset(None)] },
        SYNAPSES,
        HELD,
        PLASTICITY,
    ],
    behaviour: Behaviour::neurons(stepped::make::<LifRefCells>, SENDS),
    facts: LIF.facts.also_called(&["leaky integrate-and-fire, refractory", "BrainPy LIFRef"]),
    ..LIF
};
pub struct LifRef;
declared!(LifRef, LIF_REF);
/// The neurons.
pub type LifRefCells = Cells<LifRef, IntegrateAndFire<Leak>, Held>;

pub const ALIF: Model = Model {
    name: "ALIF",
    title: "Leaky integrate-and-fire with adaptive threshold, BrainPy",
    doc: "Leaky integrate-and-fire neuron whose threshold rises with each of its spikes",
    equations: "tau dV/dt = -(V - V_rest) + R I, tau_a da/dt = -a\nV ≥ V_th + beta a: spike, a += 1, V -= V_th - V_reset (soft) or V = V_reset (hard)",
    reference: "Bellec et al. 2018, Adv Neural Inf Process Syst 31",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                I_E,
                TAU,
                V_TH,
                real("tau_a", "ms", 100.0).main(10.0, 1000.0).doc("Time constant of the adaptation"),
                real("beta", "mV", 0.1).main(0.0, 5.0).doc("What a spike adds to the threshold"),
                V_RESET,
                V_REST,
                R,
                spk_reset(None),
            ],
        },
        SYNAPSES,
        Group {
            title: INITIALLY,
            parameters: &[v_m("mV", 0.0).slider(-90.0, 20.0), state("a", "", 0.0).doc("Adaptation")],
        },
        PLASTICITY,
    ],
    recordables: recordables!(
        potential("mV"),
        Recordable::new("a", "", "Adaptation"); "mA", "mS"),
    behaviour: Behaviour::neurons(stepped::make::<AlifCells>, SENDS),
    facts: FACTS.also_called(&["adaptive LIF", "LSNN", "BrainPy ALIF"]).short("ALIF").response(Response::Jump),
    ..LIF
};
pub struct Alif;
declared!(Alif, ALIF);
/// The neurons.
pub type AlifCells = Cells<Alif, IntegrateAndFire<Leak, AdaptiveThreshold>, Resetting>;

const TAU_SYN: Parameter = real("tau_syn", "ms", 5.0).main(0.5, 50.0).doc("Decay time of what spikes add");

pub const CUBA_LIF: Model = Model {
    name: "CubaLIF",
    title: "Leaky integrate-and-fire with synaptic current, BrainPy",
    doc: "Leaky integrate-and-fire neuron with one decaying synaptic current",
    equations: "tau dV/dt = -(V - V_rest) + R (g + I), tau_syn dg/dt = -g, spike of weight w: g += w\nV ≥ V_th: spike, V -= V_th - V_reset (soft) or V = V_reset (hard)",
    reference: "",
    groups: &[
        Group { title: "Neuron", parameters: &[I_E, TAU, V_TH, TAU_SYN, V_RESET, V_REST, R, spk_reset(None)] },
        SYNAPSES,
        Group {
            title: INITIALLY,
            parameters: &[v_m("mV", 0.0).slider(-90.0, 20.0), state("g", "mA", 0.0).doc("Synaptic current")],
        },
        PLASTICITY,
    ],
    recordables: recordables!(
        potential("mV"),
        Recordable::new("g", "mA", "Synaptic current"); "mA", "mS"),
    ports: &ports(
        Port::spikes(0, "mA", "Spikes, each of which adds its weight to the synaptic current"),
        "mS",
        "S",
        "mA/pA",
    ),
    behaviour: Behaviour::neurons(stepped::make::<CubaLifCells>, SENDS),
    facts: FACTS
        .also_called(&["current-based LIF", "BrainPy CubaLIF"])
        .short("CUBA LIF")
        .spike(SpikeShape::reset_at("V_th")),
    ..LIF
};
pub struct CubaLif;
declared!(CubaLif, CUBA_LIF);
/// The neurons.
pub type CubaLifCells = Cells<CubaLif, IntegrateAndFire<Leak, Steady, SynapticCurrent>, Resetting>;

pub const COBA_LIF: Model = Model {
    name: "CobaLIF",
    title: "Leaky integrate-and-fire with synaptic conductance, BrainPy",
    doc: "Leaky integrate-and-fire neuron with one decaying synaptic conductance",
    equations: "tau dV/dt = -(V - V_rest) + R (g (E - V) + I), tau_syn dg/dt = -g, spike of weight w: g += w\nV ≥ V_th: spike, V -= V_th - V_reset (soft) or V = V_reset (hard)",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                I_E,
                TAU,
                V_TH,
                TAU_SYN,
                real("E", "mV", 0.0).starts_at(10.0).slider(-90.0, 20.0).doc("Reversal potential of the synapse"),
                V_RESET,
                V_REST,
                R,
                spk_reset(None),
            ],
        },
        SYNAPSES,
        Group {
            title: INITIALLY,
            parameters: &[v_m("mV", 0.0).slider(-90.0, 20.0), state("g", "S", 0.0).doc("Synaptic conductance")],
        },
        PLASTICITY,
    ],
    recordables: recordables!(
        potential("mV"),
        Recordable::new("g", "S", "Synaptic conductance"); "mA", "mS"),
    ports: &ports(
        Port::spikes(0, "S", "Spikes, each of which adds its weight to the synaptic conductance"),
        "mS",
        "S",
        "mA/pA",
    ),
    behaviour: Behaviour::neurons(stepped::make::<CobaLifCells>, SENDS),
    facts: CUBA_LIF.facts.also_called(&["conductance-based LIF", "BrainPy CobaLIF"]).short("COBA LIF"),
    ..CUBA_LIF
};
pub struct CobaLif;
declared!(CobaLif, COBA_LIF);
/// The neurons.
pub type CobaLifCells = Cells<CobaLif, IntegrateAndFire<Leak, Steady, SynapticConductance>, Resetting>;
