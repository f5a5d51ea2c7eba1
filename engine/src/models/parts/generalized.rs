//! Generalized integrate-and-fire cells: two currents and a threshold that remember spikes.
//!
//! tau dV/dt = −(V − V_rest) + R (I1 + I2 + I), dI_j/dt = −k_j I_j, dV_th/dt = a (V − V_rest) − b (V_th − V_th_inf)
//! V ≥ V_th: spike, V reset, I_j = R_j I_j + A_j, V_th = max(V_th, V_th_reset)
//!
//! Mihalas & Niebur 2009, Neural Comput 21:704.

use super::cells::Cell;
use super::receptors::Driving;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::schemes::Scheme;
use crate::runtime::neurons::readings::Readings;
use crate::runtime::parameters::{Declared, Parameters, real};

/// With `DECAYED` the potential sees the currents as they are at the end of a step, else those at its beginning.
pub struct Generalized<const DECAYED: bool>;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct State<R> {
    #[name = "V_m"]
    v: R,
    #[name = "I1"]
    i1: R,
    #[name = "I2"]
    i2: R,
    #[name = "V_th"]
    threshold: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R> {
    r: R,
    per_tau: R,
    rest: R,
    reset: R,
    threshold_inf: R,
    threshold_reset: R,
    a: R,
    b: R,
    k: [R; 2],
    kept: [R; 2],
    added: [R; 2],
    hard: R,
}

impl<const DECAYED: bool> Cell for Generalized<DECAYED> {
    type State<R: Real> = State<R>;
    type Constants<R: Real> = Constants<R>;
    const READINGS: Readings = Readings::of::<State<f64>>();
    const MS_TIMES_MV: f64 = 1e-3;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Constants<f64> {
        Constants {
            r: real!(p, M, "R"),
            per_tau: 1.0 / real!(p, M, "tau"),
            rest: real!(p, M, "V_rest"),
            reset: real!(p, M, "V_reset"),
            threshold_inf: real!(p, M, "V_th_inf"),
            threshold_reset: real!(p, M, "V_th_reset"),
            a: real!(p, M, "a"),
            b: real!(p, M, "b"),
            k: [real!(p, M, "k1"), real!(p, M, "k2")],
            kept: [real!(p, M, "R1"), real!(p, M, "R2")],
            added: [real!(p, M, "A1"), real!(p, M, "A2")],
            hard: real!(p, M, "spk_reset"),
        }
    }
    #[inline(always)]
    fn distance<R: Real>(k: &Constants<R>, s: &State<R>) -> R {
        (s.v - s.threshold) / (s.threshold - k.reset)
    }
    #[inline(always)]
    fn is_above<R: Real>(_: &Constants<R>, s: &State<R>) -> R::Mask {
        s.v.ge(s.threshold)
    }
    #[inline(always)]
    fn reset<R: Real>(k: &Constants<R>, s: &mut State<R>, spiked: R::Mask) {
        let after = |current: R, j: usize| R::select(spiked, k.kept[j] * current + k.added[j], current);
        let fall = R::select(k.hard.gt(R::of(0.0)), s.v.held() - k.reset, s.threshold - k.reset);
        *s = State {
            v: s.v - R::select(spiked, fall, R::of(0.0)),
            i1: after(s.i1, 0),
            i2: after(s.i2, 1),
            threshold: R::select(spiked, s.threshold.max(k.threshold_reset), s.threshold),
        };
    }
    #[inline(always)]
    fn advance<R: Real, I: Scheme, D: Driving<R>>(k: &Constants<R>, s: &mut State<R>, drive: D, jump: R, h: R) -> R {
        let State { v, i1, i2, threshold } = *s;
        s.i1 = I::advance(i1, -k.k[0] * i1, -k.k[0], h);
        s.i2 = I::advance(i2, -k.k[1] * i2, -k.k[1], h);
        s.threshold = I::advance(threshold, k.a * (v - k.rest) - k.b * (threshold - k.threshold_inf), -k.b, h);
        let own = if DECAYED { s.i1 + s.i2 } else { i1 + i2 };
        let (current, slope) = drive.at(v);
        let (f, falls) = (k.rest - v + k.r * (own + current), k.r * slope - R::of(1.0));
        s.v = I::advance(v, f * k.per_tau, falls * k.per_tau, h) + jump;
        current
    }
}
