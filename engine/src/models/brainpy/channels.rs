//! Neurons with channels: Hodgkin and Huxley's, Wang and Buzsáki's, Morris and Lecar's.
//!
//! Hodgkin & Huxley 1952, J Physiol 117:500; Wang & Buzsáki 1996, J Neurosci 16:6402; Morris & Lecar 1981, Biophys J 35:193.

use super::*;
use crate::models::parts::cells::{Cells, Crossing};
use crate::models::parts::gated_channels::{HodgkinHuxley, MorrisLecar, WangBuzsaki};
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

/// Where m, h and n of [`HH`] rest at a potential, mV.
pub fn gates_at_rest(v: f64) -> [f64; 3] {
    HodgkinHuxley::at_rest(v)
}

const I_E: Parameter = i_e("µA", 0.0, 20.0);
const V_M: Parameter = v_m("mV", -65.0).slider(-90.0, 30.0);
const C: Parameter = real("C", "µF", 1.0).slider(0.5, 5.0).doc("Membrane capacitance");
const V_TH: Parameter =
    real("V_th", "mV", 20.0).main(5.0, 40.0).doc("A spike is told when the potential comes to this from below");

const fn reversal(name: &'static str, default: f64, doc: &'static str) -> Parameter {
    real(name, "mV", default).slider(-100.0, 140.0).doc(doc)
}
const fn conductance(name: &'static str, default: f64, to: f64, doc: &'static str) -> Parameter {
    real(name, "mS", default).slider(0.0, to).doc(doc)
}

const E_NA: &str = "Sodium reversal potential";
const G_NA: &str = "Largest sodium conductance";
const E_K: &str = "Potassium reversal potential";
const G_K: &str = "Largest potassium conductance";
const E_L: &str = "Leak reversal potential";
const G_L: &str = "Leak conductance";
const H: &str = "Sodium inactivation";
const N: &str = "Potassium activation";

pub const HH: Model = Model {
    name: "HH",
    title: "Hodgkin-Huxley neuron, BrainPy",
    doc: "The squid's axon: sodium, potassium and leak, each variable by exponential Euler",
    equations: "C dV/dt = -gNa m³ h (V - ENa) - gK n⁴ (V - EK) - gL (V - EL) + I\ndx/dt = alpha_x(V) (1 - x) - beta_x(V) x for m, h, n\nV comes to V_th from below: spike",
    reference: "Hodgkin & Huxley 1952, J Physiol 117:500",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                I_E,
                V_TH,
                reversal("ENa", 50.0, E_NA),
                conductance("gNa", 120.0, 200.0, G_NA),
                reversal("EK", -77.0, E_K),
                conductance("gK", 36.0, 100.0, G_K),
                reversal("EL", -54.387, E_L),
                conductance("gL", 0.03, 1.0, G_L),
                C,
                IDLE_SPK_RESET,
            ],
        },
        SYNAPSES,
        Group {
            title: INITIALLY,
            parameters: &[
                V_M,
                Parameter { role: Role::State, ..flag("equilibrate", true) }
                    .doc("Put the gates where they rest at V_m"),
                state("m", "", 0.0529).slider(0.0, 1.0).acts_if_off("equilibrate").doc("Sodium activation"),
                state("h", "", 0.5961).slider(0.0, 1.0).acts_if_off("equilibrate").doc(H),
                state("n", "", 0.3177).slider(0.0, 1.0).acts_if_off("equilibrate").doc(N),
            ],
        },
        PLASTICITY,
    ],
    recordables: recordables!(
        potential("mV"),
        Recordable::new("m", "", "Sodium activation"),
        Recordable::new("h", "", H),
        Recordable::new("n", "", N); "µA", "mS"),
    ports: &ports(jumps("mV"), "mS", "mS", "µA/pA"),
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<HhCells>, SENDS),
    facts: FACTS.also_called(&["Hodgkin-Huxley", "BrainPy HH"]).short("HH").spike(SpikeShape::upstroke(0.5)),
};
pub struct Hh;
declared!(Hh, HH);
/// The neurons.
pub type HhCells = Cells<Hh, HodgkinHuxley, Crossing>;

pub const WANG_BUZSAKI_HH: Model = Model {
    name: "WangBuzsakiHH",
    title: "Wang-Buzsáki interneuron, BrainPy",
    doc: "A fast-spiking interneuron whose sodium channels open at once",
    equations: "C dV/dt = -gNa m∞(V)³ h (V - ENa) - gK n⁴ (V - EK) - gL (V - EL) + I\ndx/dt = phi (alpha_x(V) (1 - x) - beta_x(V) x) for h, n\nV comes to V_th from below: spike",
    reference: "Wang & Buzsáki 1996, J Neurosci 16:6402",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                i_e("µA", 0.0, 5.0),
                V_TH,
                real("phi", "", 5.0).main(1.0, 10.0).doc("How many times as fast the gates are"),
                reversal("ENa", 55.0, E_NA),
                conductance("gNa", 35.0, 100.0, G_NA),
                reversal("EK", -90.0, E_K),
                conductance("gK", 9.0, 50.0, G_K),
                reversal("EL", -65.0, E_L),
                conductance("gL", 0.1, 1.0, G_L),
                C,
                IDLE_SPK_RESET,
            ],
        },
        SYNAPSES,
        Group {
            title: INITIALLY,
            parameters: &[
                V_M,
                state("h", "", 0.6).slider(0.0, 1.0).doc(H),
                state("n", "", 0.32).slider(0.0, 1.0).doc(N),
            ],
        },
        PLASTICITY,
    ],
    recordables: recordables!(
        potential("mV"),
        Recordable::new("h", "", H),
        Recordable::new("n", "", N); "µA", "mS"),
    behaviour: Behaviour::neurons(stepped::make::<WangBuzsakiHhCells>, SENDS),
    facts: HH.facts.also_called(&["gamma interneuron", "BrainPy WangBuzsakiHH"]).short("Interneuron"),
    ..HH
};
pub struct WangBuzsakiHh;
declared!(WangBuzsakiHh, WANG_BUZSAKI_HH);
/// The neurons.
pub type WangBuzsakiHhCells = Cells<WangBuzsakiHh, WangBuzsaki, Crossing>;

pub const MORRIS_LECAR: Model = Model {
    name: "MorrisLecar",
    title: "Morris-Lecar neuron, BrainPy",
    doc: "Two variables of the barnacle's muscle: calcium that acts at once, and potassium",
    equations: "C dV/dt = -g_Ca M∞(V) (V - V_Ca) - g_K W (V - V_K) - g_leak (V - V_leak) + I\ndW/dt = (W∞(V) - W) phi cosh((V - V3)/(2 V4))\nM∞ = (1 + tanh((V - V1)/V2))/2, W∞ = (1 + tanh((V - V3)/V4))/2\nV comes to V_th from below: spike",
    reference: "Morris & Lecar 1981, Biophys J 35:193",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                i_e("µA", 0.0, 200.0),
                Parameter { default: DefaultValue::Real(10.0), ..V_TH },
                real("phi", "1/ms", 0.04).main(0.01, 0.3).doc("How fast potassium channels are"),
                reversal("V_Ca", 130.0, "Calcium reversal potential"),
                conductance("g_Ca", 4.4, 20.0, "Largest calcium conductance"),
                reversal("V_K", -84.0, E_K),
                conductance("g_K", 8.0, 20.0, G_K),
                reversal("V_leak", -60.0, E_L),
                conductance("g_leak", 2.0, 5.0, G_L),
                Parameter { default: DefaultValue::Real(20.0), slider: Some((1.0, 50.0)), ..C },
                real("V1", "mV", -1.2).slider(-20.0, 20.0).doc("Where half of the calcium channels are open"),
                real("V2", "mV", 18.0).slider(1.0, 40.0).doc("Width of their opening"),
                real("V3", "mV", 2.0).slider(-20.0, 20.0).doc("Where half of the potassium channels are open"),
                real("V4", "mV", 30.0).slider(1.0, 40.0).doc("Width of their opening"),
                IDLE_SPK_RESET,
            ],
        },
        SYNAPSES,
        Group {
            title: INITIALLY,
            parameters: &[V_M, state("W", "", 0.02).slider(0.0, 1.0).doc("Potassium activation")],
        },
        PLASTICITY,
    ],
    recordables: recordables!(
        potential("mV"),
        Recordable::new("W", "", "Potassium activation"); "µA", "mS"),
    behaviour: Behaviour::neurons(stepped::make::<MorrisLecarNeuronCells>, SENDS),
    facts: HH.facts.also_called(&["barnacle", "phase plane", "BrainPy MorrisLecar"]).short("Morris-Lecar"),
    ..HH
};
pub struct MorrisLecarNeuron;
declared!(MorrisLecarNeuron, MORRIS_LECAR);
/// The neurons.
pub type MorrisLecarNeuronCells = Cells<MorrisLecarNeuron, MorrisLecar, Crossing>;
