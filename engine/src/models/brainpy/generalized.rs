//! Generalized integrate-and-fire neurons.
//!
//! Mihalas & Niebur 2009, Neural Comput 21:704.

use super::*;
use crate::models::parts::cells::{Cells, Held, Resetting};
use crate::models::parts::generalized::Generalized;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

const I_E: Parameter = i_e("mA", 0.0, 5.0);
const R: Parameter = real("R", "Ω", 20.0).slider(1.0, 100.0).doc("Resistance of the membrane");
const TAU: Parameter = real("tau", "ms", 20.0).main(1.0, 50.0).doc("Membrane time constant");
const V_REST: Parameter = real("V_rest", "mV", -70.0).slider(-90.0, -40.0).doc("Resting potential");
const V_RESET: Parameter = real("V_reset", "mV", -70.0).slider(-90.0, -40.0).doc("Reset potential");
const V_TH_INF: Parameter = real("V_th_inf", "mV", -50.0).main(-65.0, -30.0).doc("Where the threshold rests");
const V_TH_RESET: Parameter =
    real("V_th_reset", "mV", -60.0).slider(-70.0, -30.0).doc("The threshold is at least here after a spike");
const A: Parameter = real("a", "1/ms", 0.0).slider(0.0, 0.02).doc("How the threshold follows the potential");
const B: Parameter = real("b", "1/ms", 0.01).slider(0.0, 0.05).doc("How fast the threshold returns");
const K1: Parameter = real("k1", "1/ms", 0.2).slider(0.0, 1.0).doc("How fast the first current decays");
const K2: Parameter = real("k2", "1/ms", 0.02).slider(0.0, 1.0).doc("How fast the second current decays");
const R1: Parameter = real("R1", "", 0.0).slider(-1.0, 1.0).doc("What a spike leaves of the first current");
const R2: Parameter = real("R2", "", 1.0).slider(-1.0, 1.0).doc("What a spike leaves of the second current");
const A1: Parameter = real("A1", "mA", 0.0).slider(-2.0, 2.0).doc("What a spike adds to the first current");
const A2: Parameter = real("A2", "mA", 0.0).slider(-2.0, 2.0).doc("What a spike adds to the second current");
const V_M: Parameter = v_m("mV", -70.0).slider(-90.0, -30.0);
const I1: Parameter = state("I1", "mA", 0.0).doc("First current");
const I2: Parameter = state("I2", "mA", 0.0).doc("Second current");
const V_TH: Parameter = state("V_th", "mV", -50.0).slider(-70.0, -30.0).doc("Threshold");

pub const GIF: Model = Model {
    name: "Gif",
    title: "Generalized integrate-and-fire, BrainPy",
    doc: "Integrate-and-fire neuron with two currents and a threshold that remember its spikes",
    equations: "tau dV/dt = -(V - V_rest) + R (I1 + I2 + I), dI1/dt = -k1 I1, dI2/dt = -k2 I2\ndV_th/dt = a (V - V_rest) - b (V_th - V_th_inf)\nV ≥ V_th: spike, V reset, I1 = R1 I1 + A1, I2 = R2 I2 + A2, V_th = max(V_th, V_th_reset)",
    reference: "Mihalas & Niebur 2009, Neural Comput 21:704",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                I_E,
                TAU,
                V_TH_INF,
                R,
                V_RESET,
                V_REST,
                V_TH_RESET,
                A,
                B,
                K1,
                K2,
                R1,
                R2,
                A1,
                A2,
                spk_reset(None),
            ],
        },
        SYNAPSES,
        Group { title: INITIALLY, parameters: &[V_M, I1, I2, V_TH] },
        PLASTICITY,
    ],
    recordables: recordables!(
        potential("mV"),
        Recordable::new("V_th", "mV", "Threshold"),
        Recordable::new("I1", "mA", "First current"),
        Recordable::new("I2", "mA", "Second current"); "mA", "mS"),
    ports: &ports(jumps("mV"), "mS", "S", "mA/pA"),
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<GifCells>, SENDS),
    facts: FACTS
        .also_called(&["generalized integrate-and-fire", "Mihalas-Niebur", "BrainPy Gif"])
        .short("GIF")
        .response(Response::Jump),
};
pub struct Gif;
declared!(Gif, GIF);
/// The neurons.
pub type GifCells = Cells<Gif, Generalized<true>, Resetting>;

pub const GIF_REF: Model = Model {
    name: "GifRef",
    title: "Generalized integrate-and-fire with refractory period, BrainPy",
    doc: "Integrate-and-fire neuron with two currents and a threshold that remember its spikes, held for a time after each",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                I_E,
                TAU,
                V_TH_INF,
                Parameter { default: DefaultValue::Real(1.7), ..TAU_REF },
                R,
                V_RESET,
                V_REST,
                V_TH_RESET,
                A,
                B,
                K1,
                K2,
                R1,
                R2,
                A1,
                A2,
                spk_reset(None),
            ],
        },
        SYNAPSES,
        Group { title: INITIALLY, parameters: &[V_M, I1, I2, V_TH, LAST_SPIKE_TIME] },
        PLASTICITY,
    ],
    behaviour: Behaviour::neurons(stepped::make::<GifRefCells>, SENDS),
    facts: GIF.facts.also_called(&["generalized integrate-and-fire, refractory", "BrainPy GifRef"]),
    ..GIF
};
pub struct GifRef;
declared!(GifRef, GIF_REF);
/// The neurons.
pub type GifRefCells = Cells<GifRef, Generalized<false>, Held>;
