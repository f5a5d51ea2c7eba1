//! Fires regularly, whatever it receives: a neuron for benchmarks whose work does not depend on the network.
//!
//! The first spike comes phase/rate and a step after the beginning, the others at intervals of 1/rate.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::{Arriving, Neuron};
use crate::runtime::neurons::lists::Lists;
use crate::runtime::neurons::readings::Readings;
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::{Parameters, declared, real as get};

pub const MODEL: Model = Model {
    name: "ignore_and_fire",
    title: "Ignore and fire",
    doc: "Fires regularly whatever it receives; for benchmarks",
    equations: "spikes at phase/rate + h, then every 1/rate; input is taken and ignored",
    reference: "",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("rate", "1/s", 10.0)
                    .above(0.0)
                    .main(1.0, 100.0)
                    .doc("Firing rate; setting it begins a new interval"),
                real("phase", "", 1.0)
                    .above(0.0)
                    .at_most(1.0)
                    .main(0.01, 1.0)
                    .doc("Part of an interval until the first spike; setting it begins a new one"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[],
    ports: &spikes_and_currents(""),
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<IgnoreAndFire>, &[Signal::Spikes]),
    facts: Facts::NONE.also_called(&["pacemaker", "benchmark neuron", "clock"]),
};

pub struct IgnoreAndFire;
declared!(IgnoreAndFire);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct State<R> {
    /// Steps to wait before the step of the next spike.
    left: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R> {
    /// Steps to wait at first, and steps from spike to spike.
    first: R,
    period: R,
}

impl Neuron for IgnoreAndFire {
    type State<R: Real> = State<R>;
    type Constants<R: Real> = Constants<R>;
    const READINGS: Readings = Readings::NONE;

    fn constants(p: &Parameters<'_, Self>) -> Constants<f64> {
        let (rate, phase) = (get!(p, Self, "rate"), get!(p, Self, "phase"));
        Constants { first: p.steps(1000.0 * phase / rate), period: p.steps(1000.0 / rate) }
    }
    fn initial(_: &Parameters<'_, Self>, k: &Constants<f64>) -> State<f64> {
        State { left: k.first }
    }
    fn parameters_set(_: &[&str], s: &mut State<f64>, k: &Constants<f64>) {
        s.left = k.first;
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        k: &Constants<R>,
        s: &mut State<R>,
        _: &mut Lists<'_, C>,
        _: &Arriving<'_, R>,
    ) -> R::Mask {
        let (zero, one) = (R::of(0.0), R::of(1.0));
        let fires = zero.ge(s.left);
        s.left = R::select(fires, (k.period - one).max(zero), s.left - one);
        fires
    }
}
