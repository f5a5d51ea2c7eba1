//! Synaptic kernels and their exact propagators onto a leaky membrane.
//!
//! Rotter & Diesmann 1999, Biol Cybern 81:381.

use super::lanes::{Real, exp_m1};
use crate::math;

/// Exponential current: the exact contribution to the potential over `h` of a current of 1 pA.
///
/// `tau_s`, `tau_m` in ms, `c_m` in pF; equal time constants have their own limit.
pub fn exponential_onto_membrane(tau_s: f64, tau_m: f64, c_m: f64, h: f64) -> f64 {
    let limit = h / c_m * math::exp(-h / tau_m);
    if tau_s == tau_m {
        return limit;
    }
    let beta = tau_s * tau_m / (tau_m - tau_s);
    let p = beta / c_m * math::exp(-h / tau_s) * math::exp_m1(h / beta);
    if p.is_normal() && p > 0.0 { p } else { limit }
}

/// An exponential current over a part of a step, worked out where its length is not known before.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExponentialPart {
    /// What remains of it.
    pub decay: f64,
    /// As [`exponential_onto_membrane`].
    pub onto_membrane: f64,
}

impl ExponentialPart {
    pub fn new(tau_s: f64, tau_m: f64, c_m: f64, dt: f64) -> ExponentialPart {
        let decay = Real::exp(-dt / tau_s);
        let beta = tau_s * tau_m / (tau_m - tau_s);
        let p = beta / c_m * decay * exp_m1(dt / beta);
        let distinct = tau_s != tau_m && p.is_normal() && p > 0.0;
        ExponentialPart { decay, onto_membrane: if distinct { p } else { dt / c_m * Real::exp(-dt / tau_m) } }
    }
}

/// Alpha current: the exact contribution to the potential over `h` of the derivative variable.
pub fn alpha_onto_membrane(tau_s: f64, tau_m: f64, c_m: f64, h: f64) -> f64 {
    let limit = 0.5 * h * h / c_m * math::exp(-h / tau_m);
    if tau_s == tau_m || h <= 1e-7 * tau_m * tau_m / (tau_m - tau_s).abs() {
        return limit;
    }
    let beta = tau_s * tau_m / (tau_m - tau_s);
    beta / c_m * math::exp(-h / tau_s) * (beta * math::exp_m1(h / beta) - h)
}

/// One step of an alpha function x with derivative variable z: z' = −z/τ, x' = z − x/τ;
/// `decay` is e^(−h/τ), `arriving` what the spikes add to z.
#[inline(always)]
pub fn alpha_step<R: Real>(z: &mut R, x: &mut R, decay: R, h: R, arriving: R) {
    *x = decay * (h * *z + *x);
    *z = decay * *z + arriving;
}

/// What a spike of weight 1 adds to the derivative variable, so that the peak is 1.
pub fn alpha_increment(tau: f64) -> f64 {
    std::f64::consts::E / tau
}

/// What a spike of weight 1 adds to the derivative variable of a beta function, so that the peak is 1:
/// z' = −z/τ, x' = z − x/τ', with rise and decay time in either place.
pub fn beta_increment(rise: f64, decay: f64) -> f64 {
    let peak = if (decay - rise).abs() > f64::EPSILON {
        let t = decay * rise * math::ln(decay / rise) / (decay - rise);
        math::exp(-t / decay) - math::exp(-t / rise)
    } else {
        0.0
    };
    if peak.abs() < f64::EPSILON { std::f64::consts::E / decay } else { (1.0 / rise - 1.0 / decay) / peak }
}

/// Peak of e^(−t/fall) − e^(−t/rise).
pub fn double_exponential_peak(rise: f64, fall: f64) -> f64 {
    let t = rise * fall / (fall - rise) * math::ln(fall / rise);
    math::exp(-t / fall) - math::exp(-t / rise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beta_increments_are_those_of_alpha_functions_at_equal_times() {
        assert_eq!(beta_increment(2.0, 2.0), alpha_increment(2.0));
        assert!((beta_increment(2.0, 2.0 + 1e-6) / alpha_increment(2.0) - 1.0).abs() < 1e-6);
        assert!((beta_increment(1.0, 3.0) - beta_increment(3.0, 1.0)).abs() < 1e-15);
    }

    #[test]
    fn parts_of_a_step_are_solved_as_steps_are() {
        for (tau_s, dt) in [(2.0, 0.1), (2.0, 1e-9), (10.0, 0.3), (10.0 + 1e-9, 0.3), (50.0, 40.0)] {
            let part = ExponentialPart::new(tau_s, 10.0, 250.0, dt);
            let whole = exponential_onto_membrane(tau_s, 10.0, 250.0, dt);
            assert!((part.onto_membrane / whole - 1.0).abs() < 1e-13, "{tau_s}, {dt}");
            assert!((part.decay - (-dt / tau_s).exp()).abs() < 1e-15);
        }
    }

    #[test]
    fn propagators_are_continuous_at_equal_time_constants() {
        let (tau_m, c_m, h) = (10.0, 250.0, 0.1);
        let e = exponential_onto_membrane(10.0, tau_m, c_m, h);
        let a = alpha_onto_membrane(10.0, tau_m, c_m, h);
        for tau_s in [10.0 + 1e-5, 10.0 - 1e-5] {
            assert!((exponential_onto_membrane(tau_s, tau_m, c_m, h) / e - 1.0).abs() < 1e-6);
            assert!((alpha_onto_membrane(tau_s, tau_m, c_m, h) / a - 1.0).abs() < 1e-4);
        }
    }
}
