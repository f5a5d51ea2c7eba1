//! Synaptic kernels and their exact propagators onto a leaky membrane.
//!
//! Rotter & Diesmann 1999, Biol Cybern 81:381.

use super::fields::Fields;
use super::lanes::{Real, exp_m1};
use super::rkf45::{Decay, DecaySet, EVALUATIONS, Rise};
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

/// An alpha current over a part of a step, worked out where its length is not known before.
#[derive(Clone, Copy, Debug, Default)]
pub struct AlphaPart {
    /// What remains of it.
    pub decay: f64,
    /// As [`exponential_onto_membrane`] and [`alpha_onto_membrane`].
    pub onto_membrane: f64,
    pub drive_onto_membrane: f64,
    pub dt: f64,
}

impl AlphaPart {
    pub fn new(tau_s: f64, tau_m: f64, c_m: f64, dt: f64) -> AlphaPart {
        let ExponentialPart { decay, onto_membrane } = ExponentialPart::new(tau_s, tau_m, c_m, dt);
        let drive_onto_membrane = if tau_s != tau_m && dt > 1e-7 * tau_m * tau_m / (tau_m - tau_s).abs() {
            let beta = tau_s * tau_m / (tau_m - tau_s);
            beta / c_m * decay * (beta * exp_m1(dt / beta) - dt)
        } else {
            0.5 * dt * dt / c_m * Real::exp(-dt / tau_m)
        };
        AlphaPart { decay, onto_membrane, drive_onto_membrane, dt }
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

/// How the current or conductance of a synapse rises and falls after a spike. The peak after a spike is its weight.
pub trait Kernel: Send + Sync + 'static {
    /// Its time constants, as their parameters are called before the name of the receptor.
    const TIMES: &'static [&'static str];
    /// The place of the current or conductance in its state, and of the component that drives it, if there is one.
    const VALUE: usize;
    const DRIVE: Option<usize>;
    type State<R: Real>: Fields<R>;

    /// The current or conductance.
    fn value<R: Real>(s: &Self::State<R>) -> R;
}

/// Jumps and decays: tau dx/dt = -x.
pub struct Exp;

/// Rises and falls with one time constant: x(t) = (e/tau) t exp(-t/tau).
pub struct Alpha;

/// Rises and falls with time constants of its own: x(t) is the difference of two exponentials. The driving component,
/// which users can see, decays with `tau_decay` if `SLOW_DRIVE`, else with `tau_rise`; x(t) is the same.
pub struct Beta<const SLOW_DRIVE: bool>;

/// A driving component that decays, and what it drives.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Driven<R> {
    pub drive: R,
    pub value: R,
}

impl Kernel for Exp {
    const TIMES: &'static [&'static str] = &["tau_syn"];
    const VALUE: usize = 0;
    const DRIVE: Option<usize> = None;
    type State<R: Real> = R;
    #[inline(always)]
    fn value<R: Real>(s: &R) -> R {
        *s
    }
}

impl Kernel for Alpha {
    const TIMES: &'static [&'static str] = &["tau_syn"];
    const VALUE: usize = 1;
    const DRIVE: Option<usize> = Some(0);
    type State<R: Real> = Driven<R>;
    #[inline(always)]
    fn value<R: Real>(s: &Driven<R>) -> R {
        s.value
    }
}

impl<const SLOW_DRIVE: bool> Kernel for Beta<SLOW_DRIVE> {
    const TIMES: &'static [&'static str] = &["tau_rise", "tau_decay"];
    const VALUE: usize = 1;
    const DRIVE: Option<usize> = Some(0);
    type State<R: Real> = Driven<R>;
    #[inline(always)]
    fn value<R: Real>(s: &Driven<R>) -> R {
        s.value
    }
}

/// A leaky membrane and the step that solves it: ms, pF, ms.
#[derive(Clone, Copy)]
pub struct Passive {
    pub tau_m: f64,
    pub c_m: f64,
    pub h: f64,
}

/// A kernel as a current onto a leaky membrane, solved exactly over a step.
pub trait Propagated: Kernel {
    type Propagator<R: Real>: Fields<R>;

    fn propagator(tau: f64, membrane: Passive) -> Self::Propagator<f64>;
    /// Adds to a potential at the end of the step what the current at its beginning makes of it.
    fn onto<R: Real>(k: &Self::Propagator<R>, s: &Self::State<R>, potential: R) -> R;
    /// The current goes on to the end of the step.
    fn decay<R: Real>(k: &Self::Propagator<R>, s: &mut Self::State<R>);
    /// A weight arrives.
    fn receive<R: Real>(k: &Self::Propagator<R>, s: &mut Self::State<R>, weight: R);
}

/// What solves an exponential current.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct ExpPropagator<R> {
    pub decay: R,
    pub onto_membrane: R,
}

impl Propagated for Exp {
    type Propagator<R: Real> = ExpPropagator<R>;
    fn propagator(tau: f64, Passive { tau_m, c_m, h }: Passive) -> ExpPropagator<f64> {
        ExpPropagator { decay: math::exp(-h / tau), onto_membrane: exponential_onto_membrane(tau, tau_m, c_m, h) }
    }
    #[inline(always)]
    fn onto<R: Real>(k: &ExpPropagator<R>, s: &R, potential: R) -> R {
        potential + k.onto_membrane * *s
    }
    #[inline(always)]
    fn decay<R: Real>(k: &ExpPropagator<R>, s: &mut R) {
        *s = k.decay * *s;
    }
    #[inline(always)]
    fn receive<R: Real>(_: &ExpPropagator<R>, s: &mut R, weight: R) {
        *s = *s + weight;
    }
}

/// What solves an alpha-shaped current.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct AlphaPropagator<R> {
    pub decay: R,
    pub drive_onto_membrane: R,
    pub onto_membrane: R,
    pub gain: R,
    pub h: R,
}

impl Propagated for Alpha {
    type Propagator<R: Real> = AlphaPropagator<R>;
    fn propagator(tau: f64, Passive { tau_m, c_m, h }: Passive) -> AlphaPropagator<f64> {
        AlphaPropagator {
            decay: math::exp(-h / tau),
            drive_onto_membrane: alpha_onto_membrane(tau, tau_m, c_m, h),
            onto_membrane: exponential_onto_membrane(tau, tau_m, c_m, h),
            gain: alpha_increment(tau),
            h,
        }
    }
    #[inline(always)]
    fn onto<R: Real>(k: &AlphaPropagator<R>, s: &Driven<R>, potential: R) -> R {
        potential + k.drive_onto_membrane * s.drive + k.onto_membrane * s.value
    }
    #[inline(always)]
    fn decay<R: Real>(k: &AlphaPropagator<R>, s: &mut Driven<R>) {
        s.value = k.decay * (k.h * s.drive + s.value);
        s.drive = k.decay * s.drive;
    }
    #[inline(always)]
    fn receive<R: Real>(k: &AlphaPropagator<R>, s: &mut Driven<R>, weight: R) {
        s.drive = s.drive + k.gain * weight;
    }
}

/// A kernel as differential equations.
pub trait Continuous: Kernel {
    type Rates<R: Real>: Fields<R>;
    /// The component that does nothing but decay, and its rate among the constants.
    const DECAYS: DecaySet;

    /// From the time constants as [`Kernel::TIMES`] names them.
    fn rates(times: &[f64]) -> Self::Rates<f64>;
    /// d/dt of the state, per ms.
    fn slopes<R: Real>(k: &Self::Rates<R>, s: &Self::State<R>) -> Self::State<R>;
    /// A weight arrives.
    fn receive<R: Real>(k: &Self::Rates<R>, s: &mut Self::State<R>, weight: R);
    /// What the adaptive scheme makes of the state in a sub-step of this size.
    fn course<R: Real>(k: &Self::Rates<R>, s: &Self::State<R>, size: R) -> Course<R, Self::State<R>>;
}

/// The course of a linear kernel through a sub-step.
pub struct Course<R, S> {
    /// The current or conductance at the evaluations of the slopes.
    pub value: [R; EVALUATIONS],
    /// The state at the end, and its error.
    pub end: S,
    pub error: S,
}

/// 1/tau of an exponential kernel.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct ExpRates<R> {
    pub rate: R,
}

impl Continuous for Exp {
    type Rates<R: Real> = ExpRates<R>;
    const DECAYS: DecaySet = DecaySet::one(0, 0);
    fn rates(times: &[f64]) -> ExpRates<f64> {
        ExpRates { rate: 1.0 / times[0] }
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &ExpRates<R>, s: &R) -> R {
        -*s * k.rate
    }
    #[inline(always)]
    fn receive<R: Real>(_: &ExpRates<R>, s: &mut R, weight: R) {
        *s = *s + weight;
    }
    #[inline(always)]
    fn course<R: Real>(k: &ExpRates<R>, s: &R, size: R) -> Course<R, R> {
        let d = Decay::over(size, k.rate);
        let mut value = [*s; EVALUATIONS];
        for i in 0..5 {
            value[i + 1] = *s * d.stages[i];
        }
        value[6] = *s * d.solution;
        Course { value, end: value[6], error: *s * d.error }
    }
}

/// 1/tau of a driving component and of what it drives, and what a weight of 1 adds to the former.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct DrivenRates<R> {
    pub drive: R,
    pub value: R,
    pub gain: R,
}

/// What alpha and beta functions have in common.
macro_rules! driven {
    () => {
        type Rates<R: Real> = DrivenRates<R>;
        const DECAYS: DecaySet = DecaySet::one(0, 0);
        #[inline(always)]
        fn slopes<R: Real>(k: &DrivenRates<R>, s: &Driven<R>) -> Driven<R> {
            Driven { drive: -s.drive * k.drive, value: s.drive - s.value * k.value }
        }
        #[inline(always)]
        fn receive<R: Real>(k: &DrivenRates<R>, s: &mut Driven<R>, weight: R) {
            s.drive = s.drive + weight * k.gain;
        }
        #[inline(always)]
        fn course<R: Real>(k: &DrivenRates<R>, s: &Driven<R>, size: R) -> Course<R, Driven<R>> {
            let (z, own, rise) =
                (Decay::over(size, k.drive), Decay::over(size, k.value), Rise::over(size, k.drive, k.value));
            let mut value = [s.value; EVALUATIONS];
            for i in 0..5 {
                value[i + 1] = s.value * own.stages[i] + s.drive * rise.stages[i];
            }
            value[6] = s.value * own.solution + s.drive * rise.solution;
            let end = Driven { drive: s.drive * z.solution, value: value[6] };
            let error = Driven { drive: s.drive * z.error, value: s.value * own.error + s.drive * rise.error };
            Course { value, end, error }
        }
    };
}

impl Continuous for Alpha {
    fn rates(times: &[f64]) -> DrivenRates<f64> {
        DrivenRates { drive: 1.0 / times[0], value: 1.0 / times[0], gain: alpha_increment(times[0]) }
    }
    driven!();
}

impl<const SLOW_DRIVE: bool> Continuous for Beta<SLOW_DRIVE> {
    fn rates(times: &[f64]) -> DrivenRates<f64> {
        let (rise, decay) = (1.0 / times[0], 1.0 / times[1]);
        let (drive, value) = if SLOW_DRIVE { (decay, rise) } else { (rise, decay) };
        DrivenRates { drive, value, gain: beta_increment(times[0], times[1]) }
    }
    driven!();
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
            let alpha = AlphaPart::new(tau_s, 10.0, 250.0, dt);
            let whole = alpha_onto_membrane(tau_s, 10.0, 250.0, dt);
            assert!((alpha.drive_onto_membrane / whole - 1.0).abs() < 1e-12, "{tau_s}, {dt}");
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
