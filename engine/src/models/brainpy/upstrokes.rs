//! Integrate-and-fire neurons with an upstroke of their own, exponential or quadratic, with and without adaptation.
//!
//! tau dV/dt = f(V) + R (I − w), tau_w dw/dt = a (V − V_rest) − w
//!
//! A soft reset of an upstroke that overshoots V_th by more than V_th − V_reset never returns; new nodes have a hard one.

use super::*;
use crate::models::parts::cells::{Cells, Held, Resetting};
use crate::models::parts::integrate_and_fire::{AdaptationCurrent, Exponential, IntegrateAndFire, Quadratic};
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

const I_E: Parameter = i_e("mA", 0.0, 20.0);
const R: Parameter = real("R", "Ω", 1.0).slider(0.1, 10.0).doc("Resistance of the membrane");
const TAU: Parameter = real("tau", "ms", 10.0).main(1.0, 50.0).doc("Membrane time constant");
const V_TH: Parameter =
    real("V_th", "mV", -30.0).main(-60.0, 30.0).doc("Threshold, at which a spike is registered and reset");
const EARLY_V_TH: Parameter = Parameter { default: DefaultValue::Real(-55.0), ..V_TH };
const V_RESET: Parameter = real("V_reset", "mV", -68.0).slider(-90.0, -40.0).doc("Reset potential");
const V_REST: Parameter = real("V_rest", "mV", -65.0).slider(-90.0, -40.0).doc("Resting potential");
const V_T: Parameter = real("V_T", "mV", -59.9).main(-70.0, -40.0).doc("Where the upstroke takes off");
const DELTA_T: Parameter = real("delta_T", "mV", 3.48).slider(0.5, 10.0).doc("Width of the take-off");
const V_C: Parameter = real("V_c", "mV", -50.0).main(-60.0, -40.0).doc("Where the upstroke takes off");
const C: Parameter = real("c", "1/mV", 0.07).slider(0.01, 0.2).doc("Strength of the upstroke");
const TAU_W: Parameter = real("tau_w", "ms", 30.0).main(5.0, 500.0).doc("Time constant of the adaptation");
const SHORT_TAU_W: Parameter = Parameter { default: DefaultValue::Real(10.0), ..TAU_W };
const A: Parameter = real("a", "S", 1.0).slider(0.0, 5.0).doc("How the adaptation follows the potential");
const B: Parameter = real("b", "mA", 1.0).slider(0.0, 5.0).doc("What a spike adds to the adaptation");
const SMALL_B: Parameter = Parameter { default: DefaultValue::Real(0.1), ..B };
const REF: Parameter = Parameter { default: DefaultValue::Real(1.7), ..TAU_REF };
const RESET: Parameter = spk_reset(Some("hard"));
const V_M: Parameter = v_m("mV", -65.0).slider(-90.0, -30.0);
const W: Parameter = state("w", "mA", 0.0).doc("Adaptation current");

const RECORDABLES: &[Recordable] = recordables!(
    potential("mV"); "mA", "mS");
const ADAPTING: &[Recordable] = recordables!(
    potential("mV"),
    Recordable::new("w", "mA", "Adaptation current"); "mA", "mS");
const INITIAL: Group = Group { title: INITIALLY, parameters: &[V_M] };
const HELD: Group = Group { title: INITIALLY, parameters: &[V_M, LAST_SPIKE_TIME] };
const INITIAL_W: Group = Group { title: INITIALLY, parameters: &[V_M, W] };
const HELD_W: Group = Group { title: INITIALLY, parameters: &[V_M, W, LAST_SPIKE_TIME] };

pub const EXP_IF: Model = Model {
    name: "ExpIF",
    title: "Exponential integrate-and-fire, BrainPy",
    doc: "Integrate-and-fire neuron with an exponential upstroke",
    equations: "tau dV/dt = -(V - V_rest) + delta_T exp((V - V_T)/delta_T) + R I\nV ≥ V_th: spike, V = V_reset (hard) or V -= V_th - V_reset (soft)",
    reference: "Fourcaud-Trocmé et al. 2003, J Neurosci 23:11628",
    groups: &[
        Group { title: "Neuron", parameters: &[I_E, TAU, V_TH, V_T, DELTA_T, V_RESET, V_REST, R, RESET] },
        SYNAPSES,
        INITIAL,
        PLASTICITY,
    ],
    recordables: RECORDABLES,
    ports: &ports(jumps("mV"), "mS", "S", "mA/pA"),
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<ExpIfCells>, SENDS),
    facts: FACTS
        .also_called(&["exponential integrate-and-fire", "EIF", "BrainPy ExpIF"])
        .short("ExpIF")
        .spike(SpikeShape::upstroke(1.0).and_reset_at("V_th")),
};
pub struct ExpIf;
declared!(ExpIf, EXP_IF);
/// The neurons.
pub type ExpIfCells = Cells<ExpIf, IntegrateAndFire<Exponential>, Resetting>;

pub const EXP_IF_REF: Model = Model {
    name: "ExpIFRef",
    title: "Exponential integrate-and-fire with refractory period, BrainPy",
    doc: "Integrate-and-fire neuron with an exponential upstroke that is held for a time after each spike",
    groups: &[
        Group { title: "Neuron", parameters: &[I_E, TAU, V_TH, V_T, DELTA_T, REF, V_RESET, V_REST, R, RESET] },
        SYNAPSES,
        HELD,
        PLASTICITY,
    ],
    behaviour: Behaviour::neurons(stepped::make::<ExpIfRefCells>, SENDS),
    facts: EXP_IF.facts.also_called(&["exponential integrate-and-fire, refractory", "BrainPy ExpIFRef"]),
    ..EXP_IF
};
pub struct ExpIfRef;
declared!(ExpIfRef, EXP_IF_REF);
/// The neurons.
pub type ExpIfRefCells = Cells<ExpIfRef, IntegrateAndFire<Exponential>, Held>;

pub const AD_EX_IF: Model = Model {
    name: "AdExIF",
    title: "Adaptive exponential integrate-and-fire, BrainPy",
    doc: "Integrate-and-fire neuron with an exponential upstroke and an adaptation current",
    equations: "tau dV/dt = -(V - V_rest) + delta_T exp((V - V_T)/delta_T) + R (I - w)\ntau_w dw/dt = a (V - V_rest) - w\nV ≥ V_th: spike, w += b, V = V_reset (hard) or V -= V_th - V_reset (soft)",
    reference: "Brette & Gerstner 2005, J Neurophysiol 94:3637",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[I_E, TAU, EARLY_V_TH, V_T, DELTA_T, TAU_W, A, B, V_RESET, V_REST, R, RESET],
        },
        SYNAPSES,
        INITIAL_W,
        PLASTICITY,
    ],
    recordables: ADAPTING,
    behaviour: Behaviour::neurons(stepped::make::<AdExIfCells>, SENDS),
    facts: EXP_IF.facts.also_called(&["adaptive exponential", "BrainPy AdExIF"]).short("AdExIF"),
    ..EXP_IF
};
pub struct AdExIf;
declared!(AdExIf, AD_EX_IF);
/// The neurons.
pub type AdExIfCells = Cells<AdExIf, IntegrateAndFire<Exponential, AdaptationCurrent>, Resetting>;

pub const AD_EX_IF_REF: Model = Model {
    name: "AdExIFRef",
    title: "Adaptive exponential integrate-and-fire with refractory period, BrainPy",
    doc: "Integrate-and-fire neuron with an exponential upstroke and an adaptation current, held for a time after each spike",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[I_E, TAU, EARLY_V_TH, V_T, DELTA_T, TAU_W, A, B, REF, V_RESET, V_REST, R, RESET],
        },
        SYNAPSES,
        HELD_W,
        PLASTICITY,
    ],
    behaviour: Behaviour::neurons(stepped::make::<AdExIfRefCells>, SENDS),
    facts: AD_EX_IF.facts.also_called(&["AdEx, refractory", "BrainPy AdExIFRef"]),
    ..AD_EX_IF
};
pub struct AdExIfRef;
declared!(AdExIfRef, AD_EX_IF_REF);
/// The neurons.
pub type AdExIfRefCells = Cells<AdExIfRef, IntegrateAndFire<Exponential, AdaptationCurrent>, Held>;

pub const QUA_IF: Model = Model {
    name: "QuaIF",
    title: "Quadratic integrate-and-fire, BrainPy",
    doc: "Integrate-and-fire neuron with a quadratic upstroke",
    equations: "tau dV/dt = c (V - V_rest)(V - V_c) + R I\nV ≥ V_th: spike, V = V_reset (hard) or V -= V_th - V_reset (soft)",
    reference: "Latham et al. 2000, J Neurophysiol 83:808",
    groups: &[
        Group { title: "Neuron", parameters: &[I_E, TAU, V_TH, V_C, C, V_RESET, V_REST, R, RESET] },
        SYNAPSES,
        INITIAL,
        PLASTICITY,
    ],
    behaviour: Behaviour::neurons(stepped::make::<QuaIfCells>, SENDS),
    facts: EXP_IF.facts.also_called(&["quadratic integrate-and-fire", "QIF", "BrainPy QuaIF"]).short("QuaIF"),
    ..EXP_IF
};
pub struct QuaIf;
declared!(QuaIf, QUA_IF);
/// The neurons.
pub type QuaIfCells = Cells<QuaIf, IntegrateAndFire<Quadratic>, Resetting>;

pub const AD_QUA_IF: Model = Model {
    name: "AdQuaIF",
    title: "Adaptive quadratic integrate-and-fire, BrainPy",
    doc: "Integrate-and-fire neuron with a quadratic upstroke and an adaptation current",
    equations: "tau dV/dt = c (V - V_rest)(V - V_c) + R (I - w)\ntau_w dw/dt = a (V - V_rest) - w\nV ≥ V_th: spike, w += b, V = V_reset (hard) or V -= V_th - V_reset (soft)",
    reference: "Izhikevich 2004, IEEE Trans Neural Networks 15:1063",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[I_E, TAU, V_TH, V_C, C, SHORT_TAU_W, A, SMALL_B, V_RESET, V_REST, R, RESET],
        },
        SYNAPSES,
        INITIAL_W,
        PLASTICITY,
    ],
    recordables: ADAPTING,
    behaviour: Behaviour::neurons(stepped::make::<AdQuaIfCells>, SENDS),
    facts: QUA_IF.facts.also_called(&["adaptive quadratic integrate-and-fire", "BrainPy AdQuaIF"]).short("AdQuaIF"),
    ..QUA_IF
};
pub struct AdQuaIf;
declared!(AdQuaIf, AD_QUA_IF);
/// The neurons.
pub type AdQuaIfCells = Cells<AdQuaIf, IntegrateAndFire<Quadratic, AdaptationCurrent>, Resetting>;

pub const AD_QUA_IF_REF: Model = Model {
    name: "AdQuaIFRef",
    title: "Adaptive quadratic integrate-and-fire with refractory period, BrainPy",
    doc: "Integrate-and-fire neuron with a quadratic upstroke and an adaptation current, held for a time after each spike",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[I_E, TAU, V_TH, V_C, C, SHORT_TAU_W, A, SMALL_B, REF, V_RESET, V_REST, R, RESET],
        },
        SYNAPSES,
        HELD_W,
        PLASTICITY,
    ],
    behaviour: Behaviour::neurons(stepped::make::<AdQuaIfRefCells>, SENDS),
    facts: AD_QUA_IF.facts.also_called(&["adaptive quadratic, refractory", "BrainPy AdQuaIFRef"]),
    ..AD_QUA_IF
};
pub struct AdQuaIfRef;
declared!(AdQuaIfRef, AD_QUA_IF_REF);
/// The neurons.
pub type AdQuaIfRefCells = Cells<AdQuaIfRef, IntegrateAndFire<Quadratic, AdaptationCurrent>, Held>;
