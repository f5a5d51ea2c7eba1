//! Reduced cells: a potential and one or two further variables, each advanced by itself.

use super::cells::Cell;
use super::receptors::Driving;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::schemes::Scheme;
use crate::runtime::neurons::readings::Readings;
use crate::runtime::parameters::{Declared, Parameters, real};

/// A threshold from which the distance is measured in units of itself.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Threshold<R> {
    at: R,
    per: R,
}

impl Threshold<f64> {
    fn of<M: Declared>(p: &Parameters<'_, M>) -> Self {
        Threshold { at: real!(p, M, "V_th"), per: 1.0 / real!(p, M, "V_th") }
    }
}

impl<R: Real> Threshold<R> {
    #[inline(always)]
    fn distance(&self, v: R) -> R {
        (v - self.at) * self.per
    }
}

/// dV/dt = 0.04 V² + 5 V + 140 − u + I, du/dt = a (b V − u); V ≥ V_th: spike, V = c, u += d.
///
/// Izhikevich 2003, IEEE Trans Neural Networks 14:1569.
pub struct Simple;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct SimpleState<R> {
    #[name = "V_m"]
    v: R,
    #[name = "u"]
    u: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct SimpleConstants<R> {
    a: R,
    b: R,
    c: R,
    d: R,
    threshold: Threshold<R>,
}

impl Cell for Simple {
    type State<R: Real> = SimpleState<R>;
    type Constants<R: Real> = SimpleConstants<R>;
    const READINGS: Readings = Readings::of::<SimpleState<f64>>();
    /// Conductances are rates, 1/ms.
    const MS_TIMES_MV: f64 = 1.0;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> SimpleConstants<f64> {
        SimpleConstants {
            a: real!(p, M, "a"),
            b: real!(p, M, "b"),
            c: real!(p, M, "c"),
            d: real!(p, M, "d"),
            threshold: Threshold::of(p),
        }
    }
    #[inline(always)]
    fn distance<R: Real>(k: &SimpleConstants<R>, s: &SimpleState<R>) -> R {
        k.threshold.distance(s.v)
    }
    #[inline(always)]
    fn is_above<R: Real>(k: &SimpleConstants<R>, s: &SimpleState<R>) -> R::Mask {
        s.v.ge(k.threshold.at)
    }
    #[inline(always)]
    fn reset<R: Real>(k: &SimpleConstants<R>, s: &mut SimpleState<R>, spiked: R::Mask) {
        s.v = s.v - R::select(spiked, s.v.held() - k.c, R::of(0.0));
        s.u = R::select(spiked, s.u + k.d, s.u);
    }
    #[inline(always)]
    fn advance<R: Real, I: Scheme, D: Driving<R>>(
        k: &SimpleConstants<R>,
        s: &mut SimpleState<R>,
        drive: D,
        jump: R,
        h: R,
    ) -> R {
        let SimpleState { v, u } = *s;
        let (current, slope) = drive.at(v);
        let f = R::of(0.04) * v * v + R::of(5.0) * v + R::of(140.0) - u + current;
        s.v = I::advance(v, f, R::of(0.08) * v + R::of(5.0) + slope, h) + jump;
        s.u = I::advance(u, k.a * (k.b * s.v - u), -k.a, h);
        current
    }
}

/// tau dV/dt = V − V³/3 − w + I, tau_w dw/dt = V + a − b w.
///
/// FitzHugh 1961, Biophys J 1:445.
pub struct FitzHughNagumo;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct RecoveryState<R> {
    #[name = "V_m"]
    v: R,
    #[name = "w"]
    w: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct RecoveryConstants<R> {
    a: R,
    b: R,
    per_tau: R,
    per_tau_w: R,
    threshold: Threshold<R>,
}

impl Cell for FitzHughNagumo {
    type State<R: Real> = RecoveryState<R>;
    type Constants<R: Real> = RecoveryConstants<R>;
    const READINGS: Readings = Readings::of::<RecoveryState<f64>>();
    const MS_TIMES_MV: f64 = 1.0;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> RecoveryConstants<f64> {
        RecoveryConstants {
            a: real!(p, M, "a"),
            b: real!(p, M, "b"),
            per_tau: 1.0 / real!(p, M, "tau"),
            per_tau_w: 1.0 / real!(p, M, "tau_w"),
            threshold: Threshold::of(p),
        }
    }
    #[inline(always)]
    fn distance<R: Real>(k: &RecoveryConstants<R>, s: &RecoveryState<R>) -> R {
        k.threshold.distance(s.v)
    }
    #[inline(always)]
    fn is_above<R: Real>(k: &RecoveryConstants<R>, s: &RecoveryState<R>) -> R::Mask {
        s.v.ge(k.threshold.at)
    }
    #[inline(always)]
    fn reset<R: Real>(_: &RecoveryConstants<R>, _: &mut RecoveryState<R>, _: R::Mask) {}
    #[inline(always)]
    fn advance<R: Real, I: Scheme, D: Driving<R>>(
        k: &RecoveryConstants<R>,
        s: &mut RecoveryState<R>,
        drive: D,
        jump: R,
        h: R,
    ) -> R {
        let RecoveryState { v, w } = *s;
        let (current, _) = drive.at(v);
        let f = v - v * v * v / R::of(3.0) - w + current;
        s.v = I::advance(v, f * k.per_tau, (R::of(1.0) - v * v) * k.per_tau, h) + jump;
        s.w = I::advance(w, (v + k.a - k.b * w) * k.per_tau_w, -k.b * k.per_tau_w, h);
        current
    }
}

/// tau dV/dt = y − a V³ + b V² − z + I, tau dy/dt = c − d V² − y, tau dz/dt = r (s (V − V_r) − z).
///
/// Hindmarsh & Rose 1984, Proc R Soc Lond B 221:87.
pub struct HindmarshRose;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct BurstingState<R> {
    #[name = "V_m"]
    v: R,
    #[name = "y"]
    y: R,
    #[name = "z"]
    z: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct BurstingConstants<R> {
    a: R,
    b: R,
    c: R,
    d: R,
    r: R,
    s: R,
    v_r: R,
    per_tau: R,
    threshold: Threshold<R>,
}

impl Cell for HindmarshRose {
    type State<R: Real> = BurstingState<R>;
    type Constants<R: Real> = BurstingConstants<R>;
    const READINGS: Readings = Readings::of::<BurstingState<f64>>();
    const MS_TIMES_MV: f64 = 1.0;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> BurstingConstants<f64> {
        BurstingConstants {
            a: real!(p, M, "a"),
            b: real!(p, M, "b"),
            c: real!(p, M, "c"),
            d: real!(p, M, "d"),
            r: real!(p, M, "r"),
            s: real!(p, M, "s"),
            v_r: real!(p, M, "V_r"),
            per_tau: 1.0 / real!(p, M, "tau"),
            threshold: Threshold::of(p),
        }
    }
    #[inline(always)]
    fn distance<R: Real>(k: &BurstingConstants<R>, s: &BurstingState<R>) -> R {
        k.threshold.distance(s.v)
    }
    #[inline(always)]
    fn is_above<R: Real>(k: &BurstingConstants<R>, s: &BurstingState<R>) -> R::Mask {
        s.v.ge(k.threshold.at)
    }
    #[inline(always)]
    fn reset<R: Real>(_: &BurstingConstants<R>, _: &mut BurstingState<R>, _: R::Mask) {}
    #[inline(always)]
    fn advance<R: Real, I: Scheme, D: Driving<R>>(
        k: &BurstingConstants<R>,
        s: &mut BurstingState<R>,
        drive: D,
        jump: R,
        h: R,
    ) -> R {
        let BurstingState { v, y, z } = *s;
        let (current, _) = drive.at(v);
        let f = y - k.a * v * v * v + k.b * v * v - z + current;
        let falls = R::of(2.0) * k.b * v - R::of(3.0) * k.a * v * v;
        s.v = I::advance(v, f * k.per_tau, falls * k.per_tau, h) + jump;
        s.y = I::advance(y, (k.c - k.d * v * v - y) * k.per_tau, -k.per_tau, h);
        s.z = I::advance(z, k.r * (k.s * (v - k.v_r) - z) * k.per_tau, -k.r * k.per_tau, h);
        current
    }
}
