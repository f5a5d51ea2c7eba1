//! A leaky membrane that is not reset, with a threshold that spikes raise and that decays with two time constants: the
//! multi-timescale adaptive threshold.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_syn + I_e + I)
//! V ≥ V_th outside the refractory period: spike, theta_i += alpha_i; tau_i dtheta_i/dt = -theta_i
//! V_th = omega + theta_1 + theta_2 + theta_v, where theta_v follows the slope of the potential, in one of the models
//!
//! Kobayashi, Tsubo & Shinomoto 2009, Front Comput Neurosci 3:9; Yamauchi, Kim & Shinomoto 2011, Front Comput Neurosci
//! 5:42.

use std::marker::PhantomData;

use super::currents::{Current, Signs, Synapses};
use crate::description::Declaration;
use crate::math;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::kernels::{Exp, Passive};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::propagator::exponential;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::{Arriving, Neuron};
use crate::runtime::neurons::lists::Lists;
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::parameters::{Declared, Parameters, real};

/// The neurons of model `M`, whose threshold follows the potential as `V` says.
pub struct AdaptiveThreshold<M, V>(PhantomData<(M, V)>);

/// What of the threshold follows the potential.
pub trait Following: Send + Sync + 'static {
    type State<R: Real>: Fields<R>;
    type Constants<R: Real>: Fields<R>;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64>;
    /// One step, from what the membrane was like at its beginning.
    fn step<R: Real>(k: &Self::Constants<R>, s: &mut Self::State<R>, membrane: Beginning<R>);
    /// The part of the threshold, mV.
    fn value<R: Real>(s: &Self::State<R>) -> R;
}

/// The membrane at the beginning of a step: constant current, synaptic currents, potential above E_L.
pub struct Beginning<R> {
    pub current: R,
    pub excitatory: R,
    pub inhibitory: R,
    pub potential: R,
}

/// A threshold that does not follow the potential.
pub struct Fixed;

impl Following for Fixed {
    type State<R: Real> = ();
    type Constants<R: Real> = ();
    fn constants<M: Declared>(_: &Parameters<'_, M>) {}
    #[inline(always)]
    fn step<R: Real>(_: &(), _: &mut (), _: Beginning<R>) {}
    #[inline(always)]
    fn value<R: Real>(_: &()) -> R {
        R::of(0.0)
    }
}

/// tau_v dθ/dt = −θ + tau_v u, tau_v du/dt = −u + tau_v beta dV/dt.
pub struct FollowsSlope;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Slope<R> {
    theta: R,
    drive: R,
}

/// What a constant current, the synaptic currents, the potential, the drive and the component itself at the beginning of
/// a step make of the drive and of the component at its end.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct SlopeStep<R> {
    drive: [R; 5],
    theta: [R; 6],
}

impl Following for FollowsSlope {
    type State<R: Real> = Slope<R>;
    type Constants<R: Real> = SlopeStep<R>;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> SlopeStep<f64> {
        let [c_m, tau_m] = [real!(p, M, "C_m"), real!(p, M, "tau_m")];
        let [ex, inh] = [real!(p, M, "tau_syn_ex"), real!(p, M, "tau_syn_in")];
        let [tau_v, beta] = [real!(p, M, "tau_v"), real!(p, M, "beta")];
        let mut a = [[0.0; 6]; 6];
        (a[1][1], a[2][2]) = (-1.0 / ex, -1.0 / inh);
        a[3] = [1.0 / c_m, 1.0 / c_m, 1.0 / c_m, -1.0 / tau_m, 0.0, 0.0];
        a[4] = a[3].map(|slope| beta * slope);
        a[4][4] = -1.0 / tau_v;
        (a[5][4], a[5][5]) = (1.0, -1.0 / tau_v);
        let step = exponential(&a, p.h());
        SlopeStep { drive: std::array::from_fn(|i| step[4][i]), theta: step[5] }
    }
    #[inline(always)]
    fn step<R: Real>(k: &SlopeStep<R>, s: &mut Slope<R>, membrane: Beginning<R>) {
        let Beginning { current, excitatory, inhibitory, potential } = membrane;
        let [i, e, n, u, z] = k.drive;
        let [ti, te, tn, tu, tz, tt] = k.theta;
        let theta = ti * current + te * excitatory + tn * inhibitory + tu * potential + tz * s.drive + tt * s.theta;
        s.drive = i * current + e * excitatory + n * inhibitory + u * potential + z * s.drive;
        s.theta = theta;
    }
    #[inline(always)]
    fn value<R: Real>(s: &Slope<R>) -> R {
        s.theta
    }
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct State<R, V> {
    /// Potential relative to E_L, mV.
    potential: R,
    /// Steps left of the refractory period.
    refractory: R,
    theta: [R; 2],
    synapses: Signs<R, R>,
    following: V,
}

type SynapsesOf<R> = <Current<Exp> as Synapses>::Constants<R>;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R, S, V> {
    leak: R,
    current: R,
    i_e: R,
    e_l: R,
    omega: R,
    decays: [R; 2],
    jumps: [R; 2],
    /// Steps of the refractory period.
    refractory: R,
    synapses: S,
    following: V,
}

type StateOf<R, V> = State<R, <V as Following>::State<R>>;
type Of<R, V> = Constants<R, SynapsesOf<R>, <V as Following>::Constants<R>>;

/// The threshold, mV.
fn threshold<V: Following>(s: &[f64], k: &[f64]) -> f64 {
    let mut state = <StateOf<f64, V> as Fields<f64>>::filled(0.0);
    state.numbers_mut().copy_from_slice(s);
    k[place!(Of<f64, V>, omega)] + above::<f64, V>(&state)
}

/// The threshold above omega, mV.
#[inline(always)]
fn above<R: Real, V: Following>(s: &StateOf<R, V>) -> R {
    s.theta[0] + s.theta[1] + V::value(&s.following)
}

impl<M: Declared, V: Following> Declared for AdaptiveThreshold<M, V> {
    const DECLARATION: Declaration = M::DECLARATION;
}

impl<M: Declared, V: Following> Neuron for AdaptiveThreshold<M, V> {
    type State<R: Real> = StateOf<R, V>;
    type Constants<R: Real> = Of<R, V>;
    const READINGS: Readings = Readings::NONE
        .and("V_m", Reading::state(0).plus(place!(Of<f64, V>, e_l)))
        .and("V_th", Reading::computed(threshold::<V>))
        .and("V_th_alpha_1", Reading::state(place!(StateOf<f64, V>, theta)))
        .and("V_th_alpha_2", Reading::state(place!(StateOf<f64, V>, theta) + 1))
        .and("V_th_v", Reading::state(place!(StateOf<f64, V>, following)))
        .and_those(Current::<Exp>::READINGS, place!(StateOf<f64, V>, synapses));

    fn constants(p: &Parameters<'_, Self>) -> Of<f64, V> {
        let p = &p.of_same::<M>();
        let membrane = Passive { tau_m: real!(p, M, "tau_m"), c_m: real!(p, M, "C_m"), h: p.h() };
        let leak = math::exp_m1(-membrane.h / membrane.tau_m);
        let decays = [real!(p, M, "tau_1"), real!(p, M, "tau_2")].map(|tau| math::exp(-membrane.h / tau));
        Constants {
            leak,
            current: -membrane.tau_m / membrane.c_m * leak,
            i_e: real!(p, M, "I_e"),
            e_l: real!(p, M, "E_L"),
            omega: real!(p, M, "omega"),
            decays,
            jumps: [real!(p, M, "alpha_1"), real!(p, M, "alpha_2")],
            refractory: p.steps(real!(p, M, "t_ref")),
            synapses: Current::<Exp>::constants(p, membrane),
            following: V::constants(p),
        }
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        k: &Of<R, V>,
        s: &mut StateOf<R, V>,
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let (zero, current) = (R::of(0.0), k.i_e + input.current);
        let Signs { excitatory, inhibitory, .. } = s.synapses;
        V::step(&k.following, &mut s.following, Beginning { current, excitatory, inhibitory, potential: s.potential });
        let membrane = s.potential + s.potential * k.leak + k.current * current;
        s.potential = Current::<Exp>::step(&k.synapses, &mut s.synapses, lists, input, zero, membrane);
        for i in 0..2 {
            s.theta[i] = s.theta[i] * k.decays[i];
        }
        let waits = s.refractory.gt(zero);
        let margin = s.potential - (k.omega + above::<R, V>(s) - k.e_l);
        let fired = R::spike(R::select(waits, R::of(f64::NEG_INFINITY), margin), zero);
        for i in 0..2 {
            s.theta[i] = R::select(fired, s.theta[i] + k.jumps[i], s.theta[i]);
        }
        let left = R::select(waits, s.refractory - R::of(1.0), s.refractory);
        s.refractory = R::select(fired, k.refractory, left);
        fired
    }
}
