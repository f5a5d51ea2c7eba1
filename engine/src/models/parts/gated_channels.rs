//! Cells with channels whose gates and potential are advanced each by itself, from their values before the step.
//!
//! C dV/dt = −Σ g (V − E) + I; a spike is a crossing of V_th from below, nothing is reset.
//!
//! Hodgkin & Huxley 1952, J Physiol 117:500; Morris & Lecar 1981, Biophys J 35:193; Wang & Buzsáki 1996, J Neurosci 16:6402.

use super::cells::Cell;
use super::receptors::Driving;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::schemes::{Scheme, cosh, linoid, tanh};
use crate::runtime::neurons::readings::Readings;
use crate::runtime::parameters::{Declared, Parameters, real};

/// Channels: their conductances and how their gates move.
pub trait Channels: Send + Sync + 'static {
    /// Potential and gates.
    type State<R: Real>: Fields<R>;
    type Constants<R: Real>: Fields<R>;
    const READINGS: Readings;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64>;
    /// Puts gates where they rest if that has been asked for.
    fn awaken<R: Real>(_s: &mut Self::State<R>) {}
    fn potential<R: Real>(s: &mut Self::State<R>) -> &mut R;
    fn threshold<R: Real>(k: &Self::Constants<R>) -> (R, R);
    /// Sum of all currents into the membrane, sum of all conductances, and 1/C.
    fn currents<R: Real>(k: &Self::Constants<R>, s: &Self::State<R>) -> [R; 3];
    fn advance_gates<R: Real, I: Scheme>(k: &Self::Constants<R>, s: &mut Self::State<R>, h: R);
}

/// A gate that opens and closes at these rates.
#[inline(always)]
fn gate<R: Real, I: Scheme>(x: R, opens: R, closes: R, h: R) -> R {
    I::advance(x, opens * (R::of(1.0) - x) - closes * x, -(opens + closes), h)
}

/// Where a gate with these rates rests.
#[inline(always)]
fn resting<R: Real>((opens, closes): (R, R)) -> R {
    opens / (opens + closes)
}

/// factor e^(−(v + shift)/scale).
#[inline(always)]
fn falling<R: Real>(factor: f64, v: R, shift: f64, scale: f64) -> R {
    R::of(factor) * R::exp(-(v + R::of(shift)) / R::of(scale))
}

/// 1/(1 + e^(−(v + shift)/scale)).
#[inline(always)]
fn sigmoid<R: Real>(v: R, shift: f64, scale: f64) -> R {
    R::of(1.0) / (R::of(1.0) + falling(1.0, v, shift, scale))
}

/// factor y/(1 − e^(−y)) with y = (v + shift)/scale.
#[inline(always)]
fn opening<R: Real>(factor: f64, v: R, shift: f64, scale: f64) -> R {
    R::of(factor) * linoid((v + R::of(shift)) / R::of(scale))
}

impl<C: Channels> Cell for C {
    type State<R: Real> = <C as Channels>::State<R>;
    type Constants<R: Real> = <C as Channels>::Constants<R>;
    const READINGS: Readings = <C as Channels>::READINGS;
    /// µA.
    const MS_TIMES_MV: f64 = 1.0;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> <C as Channels>::Constants<f64> {
        <C as Channels>::constants(p)
    }
    #[inline(always)]
    fn distance<R: Real>(k: &<C as Channels>::Constants<R>, s: &<C as Channels>::State<R>) -> R {
        let (threshold, per_threshold) = C::threshold(k);
        let mut s = *s;
        (*C::potential(&mut s) - threshold) * per_threshold
    }
    #[inline(always)]
    fn is_above<R: Real>(k: &<C as Channels>::Constants<R>, s: &<C as Channels>::State<R>) -> R::Mask {
        let mut s = *s;
        C::potential(&mut s).ge(C::threshold(k).0)
    }
    #[inline(always)]
    fn reset<R: Real>(_: &<C as Channels>::Constants<R>, _: &mut <C as Channels>::State<R>, _: R::Mask) {}
    #[inline(always)]
    fn advance<R: Real, I: Scheme, D: Driving<R>>(
        k: &<C as Channels>::Constants<R>,
        s: &mut <C as Channels>::State<R>,
        drive: D,
        jump: R,
        h: R,
    ) -> R {
        C::awaken(s);
        let v = *C::potential(s);
        // The current of synapses is taken at the potential before the step and does not count for the derivative.
        let (current, _) = drive.at(v);
        let [inward, conductance, per_c] = C::currents(k, s);
        let after = I::advance(v, (inward + current) * per_c, -conductance * per_c, h) + jump;
        C::advance_gates::<R, I>(k, s, h);
        *C::potential(s) = after;
        current
    }
}

/// Potential and three gates.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct ThreeGates<R> {
    #[name = "V_m"]
    v: R,
    #[name = "m"]
    m: R,
    #[name = "h"]
    h: R,
    #[name = "n"]
    n: R,
    /// 1 if the gates are to rest at the potential from the next step on.
    #[name = "equilibrate"]
    equilibrate: R,
}

/// Potential and two gates.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct TwoGates<R> {
    #[name = "V_m"]
    v: R,
    #[name = "h"]
    h: R,
    #[name = "n"]
    n: R,
}

/// Sodium, potassium and leak.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Conductances<R> {
    e_na: R,
    g_na: R,
    e_k: R,
    g_k: R,
    e_l: R,
    g_l: R,
    per_c: R,
    threshold: R,
    per_threshold: R,
    /// How many times as fast gates are.
    phi: R,
}

impl Conductances<f64> {
    fn of<M: Declared>(p: &Parameters<'_, M>, phi: f64) -> Self {
        Conductances {
            e_na: real!(p, M, "ENa"),
            g_na: real!(p, M, "gNa"),
            e_k: real!(p, M, "EK"),
            g_k: real!(p, M, "gK"),
            e_l: real!(p, M, "EL"),
            g_l: real!(p, M, "gL"),
            per_c: 1.0 / real!(p, M, "C"),
            threshold: real!(p, M, "V_th"),
            per_threshold: 1.0 / real!(p, M, "V_th"),
            phi,
        }
    }
}

impl<R: Real> Conductances<R> {
    /// Currents and conductances with these gates.
    #[inline(always)]
    fn currents(&self, v: R, m: R, h: R, n: R) -> [R; 3] {
        let (square, cube) = (n * n, m * m * m);
        let (na, k) = (self.g_na * cube * h, self.g_k * (square * square));
        let inward = na * (self.e_na - v) + k * (self.e_k - v) + self.g_l * (self.e_l - v);
        [inward, na + k + self.g_l, self.per_c]
    }
}

/// The squid's axon.
pub struct HodgkinHuxley;

type Rates<R> = (R, R);

impl HodgkinHuxley {
    #[inline(always)]
    fn m<R: Real>(v: R) -> Rates<R> {
        (opening(1.0, v, 40.0, 10.0), falling(4.0, v, 65.0, 18.0))
    }
    #[inline(always)]
    fn h<R: Real>(v: R) -> Rates<R> {
        (falling(0.07, v, 65.0, 20.0), sigmoid(v, 35.0, 10.0))
    }
    #[inline(always)]
    fn n<R: Real>(v: R) -> Rates<R> {
        (opening(0.1, v, 55.0, 10.0), falling(0.125, v, 65.0, 80.0))
    }
    /// Where the gates rest at a potential.
    pub fn at_rest(v: f64) -> [f64; 3] {
        [resting(Self::m(v)), resting(Self::h(v)), resting(Self::n(v))]
    }
}

impl Channels for HodgkinHuxley {
    type State<R: Real> = ThreeGates<R>;
    type Constants<R: Real> = Conductances<R>;
    const READINGS: Readings = Readings::of::<ThreeGates<f64>>();

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Conductances<f64> {
        Conductances::of(p, 1.0)
    }
    #[inline(always)]
    fn awaken<R: Real>(s: &mut ThreeGates<R>) {
        let asked = s.equilibrate.gt(R::of(0.0));
        if R::any(asked) {
            let of = |rates: Rates<R>, own: R| R::select(asked, resting(rates), own);
            (s.m, s.h, s.n) = (of(Self::m(s.v), s.m), of(Self::h(s.v), s.h), of(Self::n(s.v), s.n));
            s.equilibrate = R::of(0.0);
        }
    }
    #[inline(always)]
    fn potential<R: Real>(s: &mut ThreeGates<R>) -> &mut R {
        &mut s.v
    }
    #[inline(always)]
    fn threshold<R: Real>(k: &Conductances<R>) -> (R, R) {
        (k.threshold, k.per_threshold)
    }
    #[inline(always)]
    fn currents<R: Real>(k: &Conductances<R>, s: &ThreeGates<R>) -> [R; 3] {
        k.currents(s.v, s.m, s.h, s.n)
    }
    #[inline(always)]
    fn advance_gates<R: Real, I: Scheme>(_: &Conductances<R>, s: &mut ThreeGates<R>, h: R) {
        let of = |x: R, (opens, closes): Rates<R>| gate::<R, I>(x, opens, closes, h);
        (s.m, s.h, s.n) = (of(s.m, Self::m(s.v)), of(s.h, Self::h(s.v)), of(s.n, Self::n(s.v)));
    }
}

/// A fast-spiking interneuron, whose sodium channels open at once.
pub struct WangBuzsaki;

impl Channels for WangBuzsaki {
    type State<R: Real> = TwoGates<R>;
    type Constants<R: Real> = Conductances<R>;
    const READINGS: Readings = Readings::of::<TwoGates<f64>>();

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Conductances<f64> {
        Conductances::of(p, real!(p, M, "phi"))
    }
    #[inline(always)]
    fn potential<R: Real>(s: &mut TwoGates<R>) -> &mut R {
        &mut s.v
    }
    #[inline(always)]
    fn threshold<R: Real>(k: &Conductances<R>) -> (R, R) {
        (k.threshold, k.per_threshold)
    }
    #[inline(always)]
    fn currents<R: Real>(k: &Conductances<R>, s: &TwoGates<R>) -> [R; 3] {
        let m = resting((opening(1.0, s.v, 35.0, 10.0), falling(4.0, s.v, 60.0, 18.0)));
        k.currents(s.v, m, s.h, s.n)
    }
    #[inline(always)]
    fn advance_gates<R: Real, I: Scheme>(k: &Conductances<R>, s: &mut TwoGates<R>, h: R) {
        let v = s.v;
        let of = |x: R, (opens, closes): Rates<R>| gate::<R, I>(x, k.phi * opens, k.phi * closes, h);
        s.h = of(s.h, (falling(0.07, v, 58.0, 20.0), sigmoid(v, 28.0, 10.0)));
        s.n = of(s.n, (opening(0.1, v, 34.0, 10.0), falling(0.125, v, 44.0, 80.0)));
    }
}

/// The barnacle's muscle: calcium that acts at once, potassium.
pub struct MorrisLecar;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct OneGate<R> {
    #[name = "V_m"]
    v: R,
    #[name = "W"]
    w: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct MorrisLecarConstants<R> {
    v_ca: R,
    g_ca: R,
    v_k: R,
    g_k: R,
    v_leak: R,
    g_leak: R,
    per_c: R,
    v1: R,
    v2: R,
    v3: R,
    v4: R,
    phi: R,
    threshold: R,
    per_threshold: R,
}

impl Channels for MorrisLecar {
    type State<R: Real> = OneGate<R>;
    type Constants<R: Real> = MorrisLecarConstants<R>;
    const READINGS: Readings = Readings::of::<OneGate<f64>>();

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> MorrisLecarConstants<f64> {
        MorrisLecarConstants {
            v_ca: real!(p, M, "V_Ca"),
            g_ca: real!(p, M, "g_Ca"),
            v_k: real!(p, M, "V_K"),
            g_k: real!(p, M, "g_K"),
            v_leak: real!(p, M, "V_leak"),
            g_leak: real!(p, M, "g_leak"),
            per_c: 1.0 / real!(p, M, "C"),
            v1: real!(p, M, "V1"),
            v2: real!(p, M, "V2"),
            v3: real!(p, M, "V3"),
            v4: real!(p, M, "V4"),
            phi: real!(p, M, "phi"),
            threshold: real!(p, M, "V_th"),
            per_threshold: 1.0 / real!(p, M, "V_th"),
        }
    }
    #[inline(always)]
    fn potential<R: Real>(s: &mut OneGate<R>) -> &mut R {
        &mut s.v
    }
    #[inline(always)]
    fn threshold<R: Real>(k: &MorrisLecarConstants<R>) -> (R, R) {
        (k.threshold, k.per_threshold)
    }
    #[inline(always)]
    fn currents<R: Real>(k: &MorrisLecarConstants<R>, s: &OneGate<R>) -> [R; 3] {
        let m = R::of(0.5) * (R::of(1.0) + tanh((s.v - k.v1) / k.v2));
        let (ca, potassium) = (k.g_ca * m, k.g_k * s.w);
        let inward = ca * (k.v_ca - s.v) + potassium * (k.v_k - s.v) + k.g_leak * (k.v_leak - s.v);
        [inward, ca + potassium + k.g_leak, k.per_c]
    }
    #[inline(always)]
    fn advance_gates<R: Real, I: Scheme>(k: &MorrisLecarConstants<R>, s: &mut OneGate<R>, h: R) {
        let z = (s.v - k.v3) / k.v4;
        let rest = R::of(0.5) * (R::of(1.0) + tanh(z));
        let per_tau = k.phi * cosh(R::of(0.5) * z);
        s.w = I::advance(s.w, (rest - s.w) * per_tau, -per_tau, h);
    }
}
