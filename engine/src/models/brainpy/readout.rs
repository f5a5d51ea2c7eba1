//! What reads spikes out as numbers.

use super::*;
use crate::math;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::schemes::{ExponentialEuler, Scheme};
use crate::models::parts::cells::ResetTo;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::lists::Lists;
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::{Parameters, declared, real as get};

pub const LEAKY_RATE_READOUT: Model = Model {
    name: "LeakyRateReadout",
    title: "Leaky read-out, BrainPy",
    doc: "Adds up the weights of its spikes and lets the sum decay; it does not fire",
    equations: "r = r exp(-h/tau) + sum of the weights that arrive in the step",
    reference: "",
    groups: &[
        Group {
            title: "Read-out",
            parameters: &[real("tau", "ms", 5.0).above(0.0).main(1.0, 100.0).doc("Time constant of the decay")],
        },
        Group { title: INITIALLY, parameters: &[state("r", "", 0.0).slider(-10.0, 10.0).doc("What is read out")] },
    ],
    recordables: &[Recordable::new("r", "", "What is read out")],
    ports: &[Port::spikes(0, "", "Spikes, each of which adds its weight")],
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<Readout>, &[Signal::Rate]),
    facts: OF_BRAINPY
        .section(Section::BrainPy)
        .also_called(&["readout", "output layer", "leaky integrator", "BrainPy readout"])
        .short("Read-out"),
};

pub struct Readout;
declared!(Readout, LEAKY_RATE_READOUT);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct State<R> {
    #[name = "r"]
    r: R,
}

impl Neuron for Readout {
    type State<R: Real> = State<R>;
    /// What a step leaves.
    type Constants<R: Real> = R;
    const READINGS: Readings = Readings::of::<State<f64>>();

    fn constants(p: &Parameters<'_, Self>) -> f64 {
        math::exp(-p.h() / get!(p, Self, "tau"))
    }
    fn output() -> Option<Reading> {
        Some(Reading::state(0))
    }
    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        left: &R,
        s: &mut State<R>,
        _: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        s.r = *left * s.r + input.spikes(0);
        R::mask(0)
    }
}

pub const LEAKY_SPIKE_READOUT: Model = Model {
    name: "LeakySpikeReadout",
    title: "Leaky read-out that fires, BrainPy",
    doc: "Its spikes, weighted and added up, drive a leaky potential that fires at V_th",
    equations: "tau dV/dt = -V + I_e + sum of the weights that arrive in the step\nV ≥ V_th: spike, V -= V_th (soft) or V = 0 (hard)",
    reference: "",
    groups: &[
        Group {
            title: "Read-out",
            parameters: &[
                i_e("mV", 0.0, 10.0),
                real("tau", "ms", 5.0).above(0.0).main(1.0, 100.0).doc("Time constant of the potential"),
                real("V_th", "mV", 1.0).above(0.0).main(0.1, 10.0).doc("Threshold"),
                spk_reset(None),
            ],
        },
        Group { title: INITIALLY, parameters: &[v_m("mV", 0.0).slider(-10.0, 10.0)] },
        PLASTICITY,
    ],
    recordables: &[potential("mV")],
    ports: &[Port::spikes(0, "mV", "Spikes, which drive the potential by their weights for a step")],
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<FiringReadout>, &[Signal::Spikes]),
    facts: OF_BRAINPY
        .section(Section::BrainPy)
        .also_called(&["spiking readout", "output layer that fires", "BrainPy spike readout"])
        .spike(SpikeShape::reset_at("V_th"))
        .short("Spike read-out"),
};

pub struct FiringReadout;
declared!(FiringReadout, LEAKY_SPIKE_READOUT);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Potential<R> {
    #[name = "V_m"]
    v: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Leaking<R> {
    reset: ResetTo<R>,
    per_tau: R,
    i_e: R,
}

impl Neuron for FiringReadout {
    type State<R: Real> = Potential<R>;
    type Constants<R: Real> = Leaking<R>;
    const READINGS: Readings = Readings::of::<Potential<f64>>();

    fn constants(p: &Parameters<'_, Self>) -> Leaking<f64> {
        Leaking { reset: ResetTo::of(p, 0.0), per_tau: 1.0 / get!(p, Self, "tau"), i_e: get!(p, Self, "I_e") }
    }
    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        k: &Leaking<R>,
        s: &mut Potential<R>,
        _: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let zero = R::of(0.0);
        let v = k.reset.after(s.v, R::spike(k.reset.distance(s.v), zero));
        s.v = ExponentialEuler::advance(v, (k.i_e + input.spikes(0) - v) * k.per_tau, -k.per_tau, input.h);
        R::spike(k.reset.distance(s.v), zero)
    }
}

pub const WEIGHTED_READOUT: Model = Model {
    name: "WeightedReadout",
    title: "Weighted read-out, BrainPy",
    doc: "Adds up the weights of the spikes of each step; it keeps nothing and does not fire",
    equations: "r = bias + sum of the weights that arrive in the step",
    reference: "",
    groups: &[Group {
        title: "Read-out",
        parameters: &[real("bias", "", 0.0).slider(-10.0, 10.0).doc("What is read out where nothing arrives")],
    }],
    recordables: &[Recordable::new("r", "", "What is read out")],
    ports: &[Port::spikes(0, "", "Spikes, each of which adds its weight in its step")],
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<Weighted>, &[Signal::Rate]),
    facts: OF_BRAINPY
        .section(Section::BrainPy)
        .also_called(&["linear readout", "weighted sum", "BrainPy weighted readout"])
        .short("Weighted read-out"),
};

pub struct Weighted;
declared!(Weighted, WEIGHTED_READOUT);

impl Neuron for Weighted {
    type State<R: Real> = State<R>;
    /// The bias.
    type Constants<R: Real> = R;
    const READINGS: Readings = Readings::of::<State<f64>>();

    fn constants(p: &Parameters<'_, Self>) -> f64 {
        get!(p, Self, "bias")
    }
    fn initial(_: &Parameters<'_, Self>, bias: &f64) -> State<f64> {
        State { r: *bias }
    }
    fn output() -> Option<Reading> {
        Some(Reading::state(0))
    }
    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        bias: &R,
        s: &mut State<R>,
        _: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        s.r = *bias + input.spikes(0);
        R::mask(0)
    }
}
