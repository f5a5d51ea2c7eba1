//! What the Hodgkin-Huxley neurons have in common: gates, and spikes without a reset.

use super::declare::Recordable;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::runtime::parameters::{Declared, Parameters, real};

pub const ACT_M: Recordable = Recordable::new("Act_m", "", "Sodium activation m");
pub const INACT_H: Recordable = Recordable::new("Inact_h", "", "Sodium inactivation h");
pub const ACT_N: Recordable = Recordable::new("Act_n", "", "Potassium activation n");

/// dx/dt of a gate that opens with rate alpha and closes with rate beta.
#[inline(always)]
pub fn gate<R: Real>(x: R, alpha: R, beta: R) -> R {
    alpha * (R::of(1.0) - x) - beta * x
}

/// x/(1 − e^(−x/s)), where `falling` is e^(−x/s).
#[inline(always)]
pub fn linear_over_rise<R: Real>(x: R, falling: R, s: f64) -> R {
    near_zero(x, s, x / (R::of(1.0) - falling))
}

/// The same, where `rising` is e^(x/s).
#[inline(always)]
pub fn linear_over_rise_of<R: Real>(x: R, rising: R, s: f64) -> R {
    near_zero(x, s, x * rising / (rising - R::of(1.0)))
}

/// Near x = 0 the quotient has no digits; there its series s + x/2 + x²/(12 s) stands for it. That is rare enough
/// to ask first.
#[inline(always)]
fn near_zero<R: Real>(x: R, s: f64, quotient: R) -> R {
    let far = x.abs().gt(R::of(1e-3 * s));
    if R::all(far) {
        return quotient;
    }
    let series = R::of(s) + x * (R::of(0.5) + x * R::of(1.0 / (12.0 * s)));
    R::select(far, quotient, series)
}

/// A spike is the first falling step above threshold that is not refractory; nothing is reset.
#[inline(always)]
pub fn fire_past_peak<R: Real>(v: R, before: R, refractory: &mut R, threshold: R, steps: R) -> R::Mask {
    let r = *refractory;
    let zero = R::of(0.0);
    let fired = R::and(R::and(R::spike(v, threshold), before.gt(v)), zero.ge(r));
    *refractory = R::select(fired, steps, R::select(r.gt(zero), r - R::of(1.0), r));
    fired
}

/// The gates of a sodium channel m³h and a potassium channel n⁴.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct SodiumPotassiumGates<R> {
    #[name = "Act_m"]
    pub m: R,
    #[name = "Inact_h"]
    pub h: R,
    #[name = "Act_n"]
    pub n: R,
}

/// Conductances (nS) and reversal potentials (mV) of these channels.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct SodiumPotassium<R> {
    g_na: R,
    g_k: R,
    e_na: R,
    e_k: R,
}

impl SodiumPotassium<f64> {
    pub fn of<M: Declared>(p: &Parameters<'_, M>) -> Self {
        SodiumPotassium {
            g_na: real!(p, M, "g_Na"),
            g_k: real!(p, M, "g_K"),
            e_na: real!(p, M, "E_Na"),
            e_k: real!(p, M, "E_K"),
        }
    }
}

impl<R: Real> SodiumPotassium<R> {
    /// The sodium and the potassium current that leave the cell, pA.
    #[inline(always)]
    pub fn currents(&self, v: R, gates: &SodiumPotassiumGates<R>) -> [R; 2] {
        let SodiumPotassiumGates { m, h, n } = *gates;
        let i_na = self.g_na * (m * m * m * h) * (v - self.e_na);
        let i_k = self.g_k * (n * n * (n * n)) * (v - self.e_k);
        [i_na, i_k]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_smooth_where_the_quotient_is_not() {
        for x in [0.0, 1e-12, 0.009_999, 0.010_001, -0.010_001, 3.0] {
            let x: f64 = x;
            let expected = if x == 0.0 { 10.0 } else { x / -(-x / 10.0).exp_m1() };
            let rate = linear_over_rise(x, (-x / 10.0).exp(), 10.0);
            assert!((rate - expected).abs() < 2e-11, "{x}: {rate} {expected}");
            let rate = linear_over_rise_of(x, (x / 10.0).exp(), 10.0);
            assert!((rate - expected).abs() < 2e-11, "{x}: {rate} {expected}");
        }
    }
}
