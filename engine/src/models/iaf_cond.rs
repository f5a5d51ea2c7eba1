//! What the integrate-and-fire neurons with conductances have in common.
//!
//! C_m dV/dt = -g_L (U - E_L) - g_ex (U - E_ex) - g_in (U - E_in) + I_e + I, with U = min(V, V_th);
//! V stays at V_reset during the refractory period.

use super::declare::*;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::membrane::fire_and_reset;
use crate::mechanisms::time::Grid;
use crate::runtime::neurons::dynamics::{Coefficients, Lookup};

pub const NEURON: Group = Group {
    title: "Neuron",
    parameters: &[
        real("I_e", "pA", 0.0).main(-500.0, 1000.0).doc("Constant input current"),
        real("V_th", "mV", -55.0).main(-70.0, -30.0).doc("Threshold"),
        real("t_ref", "ms", 2.0).at_least(0.0).main(0.0, 20.0).doc("Refractory period"),
        real("g_L", "nS", 16.6667).main(1.0, 50.0).doc("Leak conductance"),
        real("C_m", "pF", 250.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
        real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Leak reversal potential"),
        real("V_reset", "mV", -60.0).slider(-90.0, -40.0).doc("Potential after a spike"),
    ],
};

/// Derived constants of the membrane, the first of each model.
pub mod k {
    pub const PER_C_M: usize = 0;
    pub const G_L: usize = 1;
    pub const E_L: usize = 2;
    pub const E_EX: usize = 3;
    pub const E_IN: usize = 4;
    pub const I_E: usize = 5;
    pub const THRESHOLD: usize = 6;
    pub const RESET: usize = 7;
    pub const REFRACTORY: usize = 8;
    pub const H: usize = 9;
}

/// Absolute error allowed in every component (mV, nS).
pub const TOLERANCE: f64 = 1e-3;

/// The constants of the membrane.
pub fn membrane(p: &dyn Lookup, grid: Grid) -> [f64; 10] {
    [
        1.0 / p.real("C_m"),
        p.real("g_L"),
        p.real("E_L"),
        p.real("E_ex"),
        p.real("E_in"),
        p.real("I_e"),
        p.real("V_th"),
        p.real("V_reset"),
        grid.steps_up(p.real("t_ref")) as f64,
        grid.h(),
    ]
}

/// dV/dt, with `r` steps of the refractory period left.
#[inline(always)]
pub fn slope<R: Real, C: Coefficients>(k: C, lane: usize, v: R, r: R, g_ex: R, g_in: R, current: R) -> R {
    let at = |i| k.at::<R>(i, lane);
    let waiting = r.gt(R::of(0.0));
    let u = R::select(waiting, at(k::RESET), v.min(at(k::THRESHOLD)));
    let current =
        at(k::I_E) + current - at(k::G_L) * (u - at(k::E_L)) - g_ex * (u - at(k::E_EX)) - g_in * (u - at(k::E_IN));
    R::select(waiting, R::of(0.0), current * at(k::PER_C_M))
}

/// The end of a step: who waits stays at V_reset, who has reached the threshold fires.
#[inline(always)]
pub fn end<R: Real, C: Coefficients>(k: C, lane: usize, v: &mut R, r: &mut R) -> R::Mask {
    let at = |i| k.at::<R>(i, lane);
    let waiting = r.gt(R::of(0.0));
    // V_reset lies below the threshold, so who waits does not fire.
    *v = R::select(waiting, at(k::RESET), *v);
    *r = R::select(waiting, *r - R::of(1.0), *r);
    fire_and_reset(v, r, at(k::THRESHOLD), at(k::RESET), at(k::REFRACTORY))
}
