//! Integrate-and-fire cells: a drift of the potential, what adapts, and what spikes act on.
//!
//! tau dV/dt = f(V) + R (I − w); V ≥ V_th: spike, V −= V_th − V_reset (soft) or V = V_reset (hard)

use std::marker::PhantomData;

use super::cells::{Cell, ResetTo};
use super::receptors::Driving;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::schemes::Scheme;
use crate::runtime::neurons::readings::Readings;
use crate::runtime::parameters::{Declared, Parameters, real};

/// Where the potential goes by itself: f(V), mV.
pub trait Drift: Send + Sync + 'static {
    type Constants<R: Real>: Fields<R>;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64>;
    /// f and its derivative.
    fn at<R: Real>(k: &Self::Constants<R>, v: R) -> (R, R);
    /// Where a reset leads to.
    fn reset<M: Declared>(p: &Parameters<'_, M>) -> f64 {
        real!(p, M, "V_reset")
    }
}

/// f = −(V − V_rest).
pub struct Leak;

impl Drift for Leak {
    type Constants<R: Real> = R;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> f64 {
        real!(p, M, "V_rest")
    }
    #[inline(always)]
    fn at<R: Real>(rest: &R, v: R) -> (R, R) {
        (*rest - v, R::of(-1.0))
    }
}

/// f = −V, and the reset leads to 0.
pub struct LeakToZero;

impl Drift for LeakToZero {
    type Constants<R: Real> = ();

    fn constants<M: Declared>(_: &Parameters<'_, M>) {}
    #[inline(always)]
    fn at<R: Real>(_: &(), v: R) -> (R, R) {
        (-v, R::of(-1.0))
    }
    fn reset<M: Declared>(_: &Parameters<'_, M>) -> f64 {
        0.0
    }
}

/// f = −(V − V_rest) + delta_T exp((V − V_T)/delta_T), with an exponent of 20 at most.
pub struct Exponential;

/// The largest exponent.
const CLAMP: f64 = 20.0;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Upstroke<R> {
    rest: R,
    v_t: R,
    delta_t: R,
}

impl Drift for Exponential {
    type Constants<R: Real> = Upstroke<R>;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Upstroke<f64> {
        Upstroke { rest: real!(p, M, "V_rest"), v_t: real!(p, M, "V_T"), delta_t: real!(p, M, "delta_T") }
    }
    #[inline(always)]
    fn at<R: Real>(k: &Upstroke<R>, v: R) -> (R, R) {
        let (most, one) = (R::of(CLAMP), R::of(1.0));
        let z = (v - k.v_t) / k.delta_t;
        let e = R::exp(z.min(most));
        // Where the exponent is clamped it has no slope; at the edge it has half of it.
        let free = R::select(z.gt(most), R::of(0.0), R::select(z.ge(most), R::of(0.5), one));
        (k.rest - v + k.delta_t * e, e * free - one)
    }
}

/// f = c (V − V_rest)(V − V_c).
pub struct Quadratic;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Parabola<R> {
    c: R,
    rest: R,
    v_c: R,
}

impl Drift for Quadratic {
    type Constants<R: Real> = Parabola<R>;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Parabola<f64> {
        Parabola { c: real!(p, M, "c"), rest: real!(p, M, "V_rest"), v_c: real!(p, M, "V_c") }
    }
    #[inline(always)]
    fn at<R: Real>(k: &Parabola<R>, v: R) -> (R, R) {
        (k.c * (v - k.rest) * (v - k.v_c), k.c * (v + v - k.rest - k.v_c))
    }
}

/// What a cell remembers of its spikes.
pub trait Adaptation: Send + Sync + 'static {
    type State<R: Real>: Fields<R>;
    type Constants<R: Real>: Fields<R>;
    const READINGS: Readings;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64>;
    /// The current that it takes away.
    fn current<R: Real>(_: &Self::State<R>) -> R {
        R::of(0.0)
    }
    /// By how much it raises the threshold, mV.
    fn raise<R: Real>(_: &Self::Constants<R>, _: &Self::State<R>) -> R {
        R::of(0.0)
    }
    fn spiked<R: Real>(k: &Self::Constants<R>, s: &mut Self::State<R>, spiked: R::Mask);
    /// A step, at the potential after it.
    fn advance<R: Real, I: Scheme>(k: &Self::Constants<R>, s: &mut Self::State<R>, v: R, h: R);
}

/// Nothing.
pub struct Steady;

impl Adaptation for Steady {
    type State<R: Real> = ();
    type Constants<R: Real> = ();
    const READINGS: Readings = Readings::NONE;

    fn constants<M: Declared>(_: &Parameters<'_, M>) {}
    #[inline(always)]
    fn spiked<R: Real>(_: &(), _: &mut (), _: R::Mask) {}
    #[inline(always)]
    fn advance<R: Real, I: Scheme>(_: &(), _: &mut (), _: R, _: R) {}
}

/// tau_w dw/dt = a (V − V_rest) − w, and each spike adds b.
pub struct AdaptationCurrent;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Taken<R> {
    #[name = "w"]
    w: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct TakenConstants<R> {
    a: R,
    b: R,
    per_tau: R,
    rest: R,
}

impl Adaptation for AdaptationCurrent {
    type State<R: Real> = Taken<R>;
    type Constants<R: Real> = TakenConstants<R>;
    const READINGS: Readings = Readings::of::<Taken<f64>>();

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> TakenConstants<f64> {
        let [a, b] = [real!(p, M, "a"), real!(p, M, "b")];
        TakenConstants { a, b, per_tau: 1.0 / real!(p, M, "tau_w"), rest: real!(p, M, "V_rest") }
    }
    #[inline(always)]
    fn current<R: Real>(s: &Taken<R>) -> R {
        s.w
    }
    #[inline(always)]
    fn spiked<R: Real>(k: &TakenConstants<R>, s: &mut Taken<R>, spiked: R::Mask) {
        s.w = R::select(spiked, s.w + k.b, s.w);
    }
    #[inline(always)]
    fn advance<R: Real, I: Scheme>(k: &TakenConstants<R>, s: &mut Taken<R>, v: R, h: R) {
        s.w = I::advance(s.w, (k.a * (v - k.rest) - s.w) * k.per_tau, -k.per_tau, h);
    }
}

/// The threshold lies beta a higher; tau_a da/dt = −a, and each spike adds 1 to a.
pub struct AdaptiveThreshold;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Raised<R> {
    #[name = "a"]
    a: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct RaisedConstants<R> {
    beta: R,
    per_tau: R,
}

impl Adaptation for AdaptiveThreshold {
    type State<R: Real> = Raised<R>;
    type Constants<R: Real> = RaisedConstants<R>;
    const READINGS: Readings = Readings::of::<Raised<f64>>();

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> RaisedConstants<f64> {
        RaisedConstants { beta: real!(p, M, "beta"), per_tau: 1.0 / real!(p, M, "tau_a") }
    }
    #[inline(always)]
    fn raise<R: Real>(k: &RaisedConstants<R>, s: &Raised<R>) -> R {
        k.beta * s.a
    }
    #[inline(always)]
    fn spiked<R: Real>(_: &RaisedConstants<R>, s: &mut Raised<R>, spiked: R::Mask) {
        s.a = R::select(spiked, s.a + R::of(1.0), s.a);
    }
    #[inline(always)]
    fn advance<R: Real, I: Scheme>(k: &RaisedConstants<R>, s: &mut Raised<R>, _: R, h: R) {
        s.a = I::advance(s.a, -s.a * k.per_tau, -k.per_tau, h);
    }
}

/// What spikes at the first port act on.
pub trait Target: Send + Sync + 'static {
    type State<R: Real>: Fields<R>;
    type Constants<R: Real>: Fields<R>;
    const READINGS: Readings;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64>;
    /// Takes in what arrives; returns the jump of the potential.
    fn receive<R: Real, I: Scheme>(k: &Self::Constants<R>, s: &mut Self::State<R>, arrives: R, h: R) -> R;
    /// Its current at this potential, and the derivative.
    fn at<R: Real>(k: &Self::Constants<R>, s: &Self::State<R>, v: R) -> (R, R);
}

/// The potential jumps.
pub struct Potential;

impl Target for Potential {
    type State<R: Real> = ();
    type Constants<R: Real> = ();
    const READINGS: Readings = Readings::NONE;

    fn constants<M: Declared>(_: &Parameters<'_, M>) {}
    #[inline(always)]
    fn receive<R: Real, I: Scheme>(_: &(), _: &mut (), arrives: R, _: R) -> R {
        arrives
    }
    #[inline(always)]
    fn at<R: Real>(_: &(), _: &(), _: R) -> (R, R) {
        (R::of(0.0), R::of(0.0))
    }
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Synaptic<R> {
    #[name = "g"]
    g: R,
}

/// tau_syn dg/dt = −g, and what arrives adds to g.
#[inline(always)]
fn decay_and_add<R: Real, I: Scheme>(per_tau: R, s: &mut Synaptic<R>, arrives: R, h: R) -> R {
    s.g = I::advance(s.g, -s.g * per_tau, -per_tau, h) + arrives;
    R::of(0.0)
}

/// A current g.
pub struct SynapticCurrent;

impl Target for SynapticCurrent {
    type State<R: Real> = Synaptic<R>;
    type Constants<R: Real> = R;
    const READINGS: Readings = Readings::of::<Synaptic<f64>>();

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> f64 {
        1.0 / real!(p, M, "tau_syn")
    }
    #[inline(always)]
    fn receive<R: Real, I: Scheme>(k: &R, s: &mut Synaptic<R>, arrives: R, h: R) -> R {
        decay_and_add::<R, I>(*k, s, arrives, h)
    }
    #[inline(always)]
    fn at<R: Real>(_: &R, s: &Synaptic<R>, _: R) -> (R, R) {
        (s.g, R::of(0.0))
    }
}

/// A conductance g, whose current is g (E − V).
pub struct SynapticConductance;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct ConductanceConstants<R> {
    per_tau: R,
    e: R,
}

impl Target for SynapticConductance {
    type State<R: Real> = Synaptic<R>;
    type Constants<R: Real> = ConductanceConstants<R>;
    const READINGS: Readings = Readings::of::<Synaptic<f64>>();

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> ConductanceConstants<f64> {
        ConductanceConstants { per_tau: 1.0 / real!(p, M, "tau_syn"), e: real!(p, M, "E") }
    }
    #[inline(always)]
    fn receive<R: Real, I: Scheme>(k: &ConductanceConstants<R>, s: &mut Synaptic<R>, arrives: R, h: R) -> R {
        decay_and_add::<R, I>(k.per_tau, s, arrives, h)
    }
    #[inline(always)]
    fn at<R: Real>(k: &ConductanceConstants<R>, s: &Synaptic<R>, v: R) -> (R, R) {
        (s.g * (k.e - v), -s.g)
    }
}

/// A cell of these parts.
pub struct IntegrateAndFire<D, A = Steady, T = Potential>(PhantomData<(D, A, T)>);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct State<R, A, T> {
    #[name = "V_m"]
    v: R,
    adaptation: A,
    target: T,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R, D, A, T> {
    reset: ResetTo<R>,
    r: R,
    per_tau: R,
    drift: D,
    adaptation: A,
    target: T,
}

type StateOf<R, A, T> = State<R, <A as Adaptation>::State<R>, <T as Target>::State<R>>;
type ConstantsOf<R, D, A, T> =
    Constants<R, <D as Drift>::Constants<R>, <A as Adaptation>::Constants<R>, <T as Target>::Constants<R>>;

impl<D: Drift, A: Adaptation, T: Target> Cell for IntegrateAndFire<D, A, T> {
    type State<R: Real> = StateOf<R, A, T>;
    type Constants<R: Real> = ConstantsOf<R, D, A, T>;
    const READINGS: Readings = Readings::of::<StateOf<f64, A, T>>()
        .and_those(A::READINGS, place!(StateOf<f64, A, T>, adaptation))
        .and_those(T::READINGS, place!(StateOf<f64, A, T>, target));
    /// µA, as a part of a mA.
    const MS_TIMES_MV: f64 = 1e-3;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> ConstantsOf<f64, D, A, T> {
        Constants {
            reset: ResetTo::of(p, D::reset(p)),
            r: real!(p, M, "R"),
            per_tau: 1.0 / real!(p, M, "tau"),
            drift: D::constants(p),
            adaptation: A::constants(p),
            target: T::constants(p),
        }
    }
    #[inline(always)]
    fn distance<R: Real>(k: &ConstantsOf<R, D, A, T>, s: &StateOf<R, A, T>) -> R {
        k.reset.distance(s.v - A::raise(&k.adaptation, &s.adaptation))
    }
    #[inline(always)]
    fn is_above<R: Real>(k: &ConstantsOf<R, D, A, T>, s: &StateOf<R, A, T>) -> R::Mask {
        s.v.ge(k.reset.threshold)
    }
    #[inline(always)]
    fn reset<R: Real>(k: &ConstantsOf<R, D, A, T>, s: &mut StateOf<R, A, T>, spiked: R::Mask) {
        s.v = k.reset.after(s.v, spiked);
        A::spiked(&k.adaptation, &mut s.adaptation, spiked);
    }
    #[inline(always)]
    fn advance<R: Real, I: Scheme, Dr: Driving<R>>(
        k: &ConstantsOf<R, D, A, T>,
        s: &mut StateOf<R, A, T>,
        drive: Dr,
        jump: R,
        h: R,
    ) -> R {
        let jump = T::receive::<R, I>(&k.target, &mut s.target, jump, h);
        let (f, falls) = D::at(&k.drift, s.v);
        let (current, slope) = drive.at(s.v);
        let (own, own_slope) = T::at(&k.target, &s.target, s.v);
        let (current, slope) = (current + own, slope + own_slope);
        let total = current - A::current(&s.adaptation);
        s.v = I::advance(s.v, (f + k.r * total) * k.per_tau, (falls + k.r * slope) * k.per_tau, h) + jump;
        A::advance::<R, I>(&k.adaptation, &mut s.adaptation, s.v, h);
        current
    }
}
