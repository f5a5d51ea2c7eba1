//! When a neuron with a leaky membrane fires, and what becomes of its potential.
//!
//! Potentials are relative to E_L. After a spike the potential stays at its reset value for the refractory period.

use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::membrane::fire_and_reset;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::parameters::{Declared, Parameters, named, real};

/// A spike rule.
pub trait SpikeRule: Send + Sync + 'static {
    type State<R: Real>: Fields<R>;
    type Constants<R: Real>: Fields<R>;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64>;
    fn initial(_k: &Self::Constants<f64>) -> Self::State<f64> {
        Self::State::filled(0.0)
    }
    /// Whether it asks for random numbers.
    fn needs_chance(_k: &Self::Constants<f64>) -> bool {
        false
    }
    fn parameters_set<M: Declared>(_names: &[&str], _k: &Self::Constants<f64>, _s: &mut Self::State<f64>) {}
    /// Who fires: their potential is reset and their refractory count starts.
    fn fire<R: Real>(
        k: &Self::Constants<R>,
        s: &mut Self::State<R>,
        potential: &mut R,
        refractory: &mut R,
        input: &Arriving<'_, R>,
    ) -> R::Mask;
}

/// Fires at a fixed threshold.
pub struct Threshold;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Fixed<R> {
    threshold: R,
    reset: R,
    /// Steps of the refractory period.
    refractory: R,
}

impl SpikeRule for Threshold {
    type State<R: Real> = ();
    type Constants<R: Real> = Fixed<R>;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Fixed<f64> {
        let e_l = real!(p, M, "E_L");
        Fixed {
            threshold: real!(p, M, "V_th") - e_l,
            reset: real!(p, M, "V_reset") - e_l,
            refractory: p.steps(real!(p, M, "t_ref")),
        }
    }
    #[inline(always)]
    fn fire<R: Real>(k: &Fixed<R>, _: &mut (), u: &mut R, refractory: &mut R, _: &Arriving<'_, R>) -> R::Mask {
        fire_and_reset(u, refractory, k.threshold, k.reset, k.refractory)
    }
}

/// Fires by chance with intensity rho exp((V − V_th)/delta), or at the threshold where delta is 0.
pub struct EscapeNoise;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Soft<R> {
    fixed: Fixed<R>,
    /// 1/delta, or 0 for a sharp threshold.
    softness: R,
    /// rho h, the probability of a spike at threshold.
    hazard: R,
}

impl SpikeRule for EscapeNoise {
    type State<R: Real> = ();
    type Constants<R: Real> = Soft<R>;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Soft<f64> {
        let delta = real!(p, M, "delta");
        Soft {
            fixed: Threshold::constants(p),
            softness: if delta > 1e-10 { 1.0 / delta } else { 0.0 },
            hazard: real!(p, M, "rho") * p.h() * 1e-3,
        }
    }
    fn needs_chance(k: &Soft<f64>) -> bool {
        k.softness > 0.0
    }
    #[inline(always)]
    fn fire<R: Real>(k: &Soft<R>, s: &mut (), u: &mut R, refractory: &mut R, input: &Arriving<'_, R>) -> R::Mask {
        let (zero, Fixed { threshold, reset, refractory: steps }) = (R::of(0.0), k.fixed);
        let soft = k.softness.gt(zero);
        if !R::any(soft) {
            return Threshold::fire(&k.fixed, s, u, refractory, input);
        }
        // Drawn in refractory steps too; the potential is the reset value then.
        let probability = k.hazard * R::exp((*u - threshold) * k.softness);
        // Each lane has one of the two rules: what the other one compares never comes true there.
        let by_chance = R::drawn(R::select(soft, probability, zero), input.chance);
        let fired = R::or(by_chance, R::spike(*u, R::select(soft, R::of(f64::INFINITY), threshold)));
        *u = R::select(fired, reset, *u);
        *refractory = R::select(fired, steps, *refractory);
        fired
    }
}

/// Fires at a fixed threshold, or regularly whatever the potential is if `ignore_and_spike` is set.
pub struct ThresholdOrForced;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Countdown<R> {
    /// Steps until the next forced spike.
    steps: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Forced<R> {
    fixed: Fixed<R>,
    /// 1 if firing is forced.
    forced: R,
    interval: R,
    offset: R,
}

impl SpikeRule for ThresholdOrForced {
    type State<R: Real> = Countdown<R>;
    type Constants<R: Real> = Forced<R>;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Forced<f64> {
        Forced {
            fixed: Threshold::constants(p),
            forced: real!(p, M, "ignore_and_spike"),
            interval: p.steps(real!(p, M, "ignore_and_spike_interval")),
            offset: p.steps(real!(p, M, "ignore_and_spike_offset")),
        }
    }
    fn initial(k: &Forced<f64>) -> Countdown<f64> {
        Countdown { steps: k.offset }
    }
    fn parameters_set<M: Declared>(names: &[&str], k: &Forced<f64>, s: &mut Countdown<f64>) {
        if names.contains(&named!(M, "ignore_and_spike_offset")) {
            s.steps = k.offset;
        }
    }
    #[inline(always)]
    fn fire<R: Real>(
        k: &Forced<R>,
        s: &mut Countdown<R>,
        u: &mut R,
        refractory: &mut R,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let (zero, one, Fixed { threshold, reset, refractory: steps }) = (R::of(0.0), R::of(1.0), k.fixed);
        let forced = k.forced.gt(zero);
        if !R::any(forced) {
            return Threshold::fire(&k.fixed, &mut (), u, refractory, input);
        }
        s.steps = R::select(forced, s.steps - one, s.steps);
        let due = zero.ge(s.steps);
        // Beside forced neurons others of the same lanes keep their threshold. What stands for the potential of a forced
        // one lies above any threshold or below.
        let infinite = R::of(f64::INFINITY);
        let fired = R::spike(R::select(forced, R::select(due, infinite, -infinite), *u), threshold);
        s.steps = R::select(R::and(forced, due), k.interval, s.steps);
        *u = R::select(fired, reset, *u);
        *refractory = R::select(fired, steps, *refractory);
        fired
    }
}
