//! What reads spikes out as numbers.

use super::*;
use crate::math;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
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
