//! When a neuron with a leaky membrane fires, and what becomes of its potential.
//!
//! Potentials are relative to E_L. After a spike the potential stays at its reset value for the refractory period.

use std::marker::PhantomData;

use crate::math;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::membrane::fire_and_reset;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::readings::Readings;
use crate::runtime::parameters::{Declared, Parameters, named, real};

/// A spike rule.
pub trait SpikeRule: Sized + Send + Sync + 'static {
    type State<R: Real>: Fields<R>;
    type Constants<R: Real>: Fields<R>;
    /// What a spike carries in the place of a time, where it carries anything.
    const CARRIED: Option<CarriedBy<Self>> = None;
    /// The recorded potential is relative to E_L, unlike the one that is set.
    const RECORDED_FROM_REST: bool = false;
    /// Where state variables of the rule are read.
    const READINGS: Readings = Readings::NONE;

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

/// What the spike of a neuron that has just fired carries.
pub type CarriedBy<F> = fn(&mut <F as SpikeRule>::State<f64>, &<F as SpikeRule>::Constants<f64>) -> f64;

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

/// Fires at a fixed threshold, unless `t_ref_tot` has not passed since the last spike; the potential waits `t_ref_abs`.
/// As in NEST, the potential is recorded relative to E_L.
pub struct TotalRefractoriness;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Waiting<R> {
    /// Steps left until the threshold counts again.
    left: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Total<R> {
    fixed: Fixed<R>,
    /// Steps from a spike until the threshold counts again.
    total: R,
}

impl SpikeRule for TotalRefractoriness {
    type State<R: Real> = Waiting<R>;
    type Constants<R: Real> = Total<R>;
    const RECORDED_FROM_REST: bool = true;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Total<f64> {
        let e_l = real!(p, M, "E_L");
        let fixed = Fixed {
            threshold: real!(p, M, "V_th") - e_l,
            reset: real!(p, M, "V_reset") - e_l,
            refractory: p.steps(real!(p, M, "t_ref_abs")),
        };
        Total { fixed, total: p.steps(real!(p, M, "t_ref_tot")) }
    }
    #[inline(always)]
    fn fire<R: Real>(k: &Total<R>, s: &mut Waiting<R>, u: &mut R, refractory: &mut R, _: &Arriving<'_, R>) -> R::Mask {
        let (zero, Fixed { threshold, reset, refractory: steps }) = (R::of(0.0), k.fixed);
        let waits = s.left.gt(zero);
        let fired = R::spike(R::select(waits, R::of(f64::NEG_INFINITY), *u), threshold);
        s.left = R::select(fired, k.total, R::select(waits, s.left - R::of(1.0), s.left));
        *u = R::select(fired, reset, *u);
        *refractory = R::select(fired, steps, *refractory);
        fired
    }
}

/// Another rule, with short-term plasticity that all synapses of a sender share: its spikes carry the part of the
/// resources that they use.
///
/// Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50.
pub struct WithSharedPlasticity<F>(PhantomData<F>);

/// Resources in use and on their way back, the part that a spike uses, and the steps since the last spike, all as they
/// were right after it.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Resources<R, S> {
    #[name = "x"]
    x: R,
    #[name = "y"]
    y: R,
    #[name = "u"]
    u: R,
    steps: R,
    rule: S,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Recovery<R, S> {
    tau_fac: R,
    tau_psc: R,
    tau_rec: R,
    used: R,
    h: R,
    rule: S,
}

impl<F: SpikeRule> WithSharedPlasticity<F> {
    /// Brings the resources to a spike; returns the part that it uses.
    fn spend(s: &mut Resources<f64, F::State<f64>>, k: &Recovery<f64, F::Constants<f64>>) -> f64 {
        let passed = s.steps * k.h;
        let facilitation = if k.tau_fac == 0.0 { 0.0 } else { math::exp(-passed / k.tau_fac) };
        let (inactive, lost) = (math::exp(-passed / k.tau_psc), math::exp_m1(-passed / k.tau_rec));
        let recovered = (lost * k.tau_rec - (inactive - 1.0) * k.tau_psc) / (k.tau_psc - k.tau_rec);
        let z = 1.0 - s.x - s.y;
        s.u *= facilitation;
        s.x += recovered * s.y - lost * z;
        s.y *= inactive;
        s.u += k.used * (1.0 - s.u);
        let spent = s.u * s.x;
        s.x -= spent;
        s.y += spent;
        s.steps = 0.0;
        spent
    }
}

impl<F: SpikeRule> SpikeRule for WithSharedPlasticity<F> {
    type State<R: Real> = Resources<R, F::State<R>>;
    type Constants<R: Real> = Recovery<R, F::Constants<R>>;
    const CARRIED: Option<CarriedBy<Self>> = Some(Self::spend);
    const READINGS: Readings = Readings::of::<Resources<f64, F::State<f64>>>();

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Recovery<f64, F::Constants<f64>> {
        Recovery {
            tau_fac: real!(p, M, "tau_fac"),
            tau_psc: real!(p, M, "tau_psc"),
            tau_rec: real!(p, M, "tau_rec"),
            used: real!(p, M, "U"),
            h: p.h(),
            rule: F::constants(p),
        }
    }
    fn initial(k: &Recovery<f64, F::Constants<f64>>) -> Resources<f64, F::State<f64>> {
        Resources { rule: F::initial(&k.rule), ..Fields::filled(0.0) }
    }
    fn needs_chance(k: &Recovery<f64, F::Constants<f64>>) -> bool {
        F::needs_chance(&k.rule)
    }
    #[inline(always)]
    fn fire<R: Real>(
        k: &Recovery<R, F::Constants<R>>,
        s: &mut Resources<R, F::State<R>>,
        u: &mut R,
        refractory: &mut R,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        s.steps = s.steps + R::of(1.0);
        F::fire(&k.rule, &mut s.rule, u, refractory, input)
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
