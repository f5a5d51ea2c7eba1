//! Izhikevich's simple model.
//!
//! dv/dt = 0.04 v² + 5 v + 140 - u + I, du/dt = a (b v - u)
//! v ≥ V_th: v = c, u += d
//! The explicit Euler step is part of the model.
//!
//! Izhikevich 2003, IEEE Trans Neural Networks 14:1569; numerics: Pauli et al. 2018, Front Neuroinform 12:46.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, Lookup};

pub const MODEL: Model = Model {
    name: "izhikevich",
    family: Family::Neuron,
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
    emits: Emits::Spikes,
    signal: None,
    relations: &[],
    neurons: Some(Blocks::<Izhikevich, _, _>::make),
    generator: None,
    synapses: None,
};

/// Derived constants.
mod k {
    pub const A: usize = 0;
    pub const B: usize = 1;
    pub const C: usize = 2;
    pub const D: usize = 3;
    pub const I_E: usize = 4;
    pub const THRESHOLD: usize = 5;
    pub const FLOOR: usize = 6;
    pub const H: usize = 7;
    /// 1 for the consistent step, 0 for the two half steps.
    pub const CONSISTENT: usize = 8;
}

/// State: potential and recovery variable.
pub struct Izhikevich;

impl Dynamics<2, 9> for Izhikevich {
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 9] {
        [
            p.real("a"),
            p.real("b"),
            p.real("c"),
            p.real("d"),
            p.real("I_e"),
            p.real("V_th"),
            p.real("V_min"),
            grid.h(),
            p.flag("consistent_integration") as u8 as f64,
        ]
    }

    fn initial(_: &dyn Lookup, _: &[f64; 9]) -> [f64; 2] {
        [0.0; 2]
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(c: C, lane: usize, s: &mut [R; 2], input: Arriving<R>) -> R::Mask {
        let at = |i| c.at::<R>(i, lane);
        let [v0, u0] = *s;
        let w = input.excitatory + input.inhibitory;
        let current = at(k::I_E) + input.current;
        let slope = |v: R, i: R| R::of(0.04) * v * v + R::of(5.0) * v + R::of(140.0) - u0 + i;
        let mut v = v0 + at(k::H) * slope(v0, current) + w;
        let mut u = u0 + at(k::H) * at(k::A) * (at(k::B) * v0 - u0);
        let consistent = at(k::CONSISTENT).gt(R::of(0.0));
        if R::bits(consistent) != u64::MAX >> (64 - R::LANES) {
            let half = at(k::H) * R::of(0.5);
            let v1 = v0 + half * slope(v0, current + w);
            let v2 = v1 + half * slope(v1, current + w);
            let u2 = u0 + at(k::H) * at(k::A) * (at(k::B) * v2 - u0);
            v = R::select(consistent, v, v2);
            u = R::select(consistent, u, u2);
        }
        v = v.max(at(k::FLOOR));
        let fired = v.ge(at(k::THRESHOLD));
        *s = [R::select(fired, at(k::C), v), R::select(fired, u + at(k::D), u)];
        fired
    }

    fn recordable(i: usize, s: &[f64; 2], _: &[f64; 9]) -> f64 {
        s[i]
    }
    fn state(name: &str, s: &[f64; 2], _: &[f64; 9]) -> f64 {
        s[(name == "U_m") as usize]
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 2], _: &[f64; 9]) {
        s[(name == "U_m") as usize] = x;
    }
}
