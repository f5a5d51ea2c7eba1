//! Izhikevich's simple model, each variable by exponential Euler.
//!
//! Izhikevich 2003, IEEE Trans Neural Networks 14:1569.

use super::*;
use crate::models::parts::cells::{Cells, Held, Resetting};
use crate::models::parts::reduced::Simple;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

const I_E: Parameter = i_e("mV/ms", -10.0, 40.0);
const A: Parameter = real("a", "1/ms", 0.02).main(0.005, 0.2).doc("Rate of recovery");
const B: Parameter = real("b", "1/ms", 0.2).main(0.05, 0.4).doc("Sensitivity of recovery to the potential");
const C: Parameter = real("c", "mV", -65.0).main(-80.0, -40.0).doc("Potential after a spike");
const D: Parameter = real("d", "mV/ms", 8.0).main(0.0, 15.0).doc("Jump of the recovery variable at a spike");
const V_TH: Parameter = real("V_th", "mV", 30.0).slider(1.0, 60.0).doc("Peak at which a spike is registered");
const V_M: Parameter = v_m("mV", -65.0).slider(-90.0, 30.0);
const U: Parameter = state("u", "mV/ms", 0.0).slider(-20.0, 20.0).doc("Recovery variable");
const HARD: Parameter = Parameter { default: DefaultValue::Text("hard"), ..IDLE_SPK_RESET };

pub const IZHIKEVICH: Model = Model {
    name: "Izhikevich",
    title: "Izhikevich neuron, BrainPy",
    doc: "Two variables that reproduce the firing patterns of many cortical neurons, by exponential Euler",
    equations: "dV/dt = 0.04 V² + 5 V + 140 - u + I\ndu/dt = a (b V - u)\nV ≥ V_th: spike, V = c, u += d",
    reference: "Izhikevich 2003, IEEE Trans Neural Networks 14:1569",
    groups: &[
        Group { title: "Neuron", parameters: &[I_E, A, B, C, D, V_TH, HARD] },
        SYNAPSES,
        Group { title: INITIALLY, parameters: &[V_M, U] },
        PLASTICITY,
    ],
    recordables: recordables!(
        potential("mV"),
        Recordable::new("u", "mV/ms", "Recovery variable"); "mV/ms", "1/ms"),
    ports: &ports(jumps("mV"), "1/ms", "1/ms", "mV/ms/pA"),
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<IzhikevichCells>, SENDS),
    facts: FACTS
        .also_called(&["BrainPy Izhikevich"])
        .short("Izhikevich")
        .spike(SpikeShape::upstroke(1.0).and_reset_at("V_th")),
};
pub struct Izhikevich;
declared!(Izhikevich, IZHIKEVICH);
/// The neurons.
pub type IzhikevichCells = Cells<Izhikevich, Simple, Resetting>;

pub const IZHIKEVICH_REF: Model = Model {
    name: "IzhikevichRef",
    title: "Izhikevich neuron with refractory period, BrainPy",
    doc: "Izhikevich's two variables by exponential Euler, held for a time after each spike",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[I_E, A, B, C, D, V_TH, Parameter { default: DefaultValue::Real(0.0), ..TAU_REF }, HARD],
        },
        SYNAPSES,
        Group { title: INITIALLY, parameters: &[V_M, U, LAST_SPIKE_TIME] },
        PLASTICITY,
    ],
    behaviour: Behaviour::neurons(stepped::make::<IzhikevichRefCells>, SENDS),
    facts: IZHIKEVICH.facts.also_called(&["Izhikevich, refractory", "BrainPy IzhikevichRef"]),
    ..IZHIKEVICH
};
pub struct IzhikevichRef;
declared!(IzhikevichRef, IZHIKEVICH_REF);
/// The neurons.
pub type IzhikevichRefCells = Cells<IzhikevichRef, Simple, Held>;
