//! Izhikevich's simple model.
//!
//! dv/dt = 0.04 v² + 5 v + 140 - u + I, du/dt = a (b v - u)
//! v ≥ V_th: v = c, u += d
//! The explicit Euler step is part of the model.
//!
//! Izhikevich 2003, IEEE Trans Neural Networks 14:1569; numerics: Pauli et al. 2018, Front Neuroinform 12:46.

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
    name: "izhikevich",
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
    recordables: &[V_M, Recordable::new("U_m", "mV", "Recovery variable")],
    ports: &spikes_and_currents("mV"),
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<Izhikevich>, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["regular spiking", "fast spiking", "chattering", "intrinsically bursting", "quadratic"])
        .spike(SpikeShape::upstroke(1.0).and_reset_at("V_th")),
};

pub struct Izhikevich;
declared!(Izhikevich);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct State<R> {
    #[name = "V_m"]
    v: R,
    #[name = "U_m"]
    u: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R> {
    a: R,
    b: R,
    c: R,
    d: R,
    i_e: R,
    threshold: R,
    floor: R,
    /// 1 for the consistent step, 0 for the two half steps.
    consistent: R,
}

/// dv/dt at recovery `u`.
#[inline(always)]
fn slope<R: Real>(v: R, u: R, current: R) -> R {
    R::of(0.04) * v * v + R::of(5.0) * v + R::of(140.0) - u + current
}

impl Neuron for Izhikevich {
    type State<R: Real> = State<R>;
    type Constants<R: Real> = Constants<R>;
    const READINGS: Readings = Readings::of::<State<f64>>();

    fn constants(p: &Parameters<'_, Self>) -> Constants<f64> {
        Constants {
            a: get!(p, Self, "a"),
            b: get!(p, Self, "b"),
            c: get!(p, Self, "c"),
            d: get!(p, Self, "d"),
            i_e: get!(p, Self, "I_e"),
            threshold: get!(p, Self, "V_th"),
            floor: get!(p, Self, "V_min"),
            consistent: get!(p, Self, "consistent_integration"),
        }
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        k: &Constants<R>,
        s: &mut State<R>,
        _: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let (State { v: v0, u: u0 }, h) = (*s, input.h);
        let w = input.excitatory + input.inhibitory;
        let current = k.i_e + input.current;
        let mut v = v0 + h * slope(v0, u0, current) + w;
        let mut u = u0 + h * k.a * (k.b * v0 - u0);
        let consistent = k.consistent.gt(R::of(0.0));
        if !R::all(consistent) {
            let half = h * R::of(0.5);
            let v1 = v0 + half * slope(v0, u0, current + w);
            let v2 = v1 + half * slope(v1, u0, current + w);
            let u2 = u0 + h * k.a * (k.b * v2 - u0);
            v = R::select(consistent, v, v2);
            u = R::select(consistent, u, u2);
        }
        v = v.max(k.floor);
        let fired = R::spike(v, k.threshold);
        *s = State { v: R::select(fired, k.c, v), u: R::select(fired, u + k.d, u) };
        fired
    }
}
