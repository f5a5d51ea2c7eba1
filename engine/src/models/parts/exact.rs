//! A leaky membrane that is solved exactly from grid point to grid point.
//!
//! tau_m dV/dt = -(V - E_L) + (tau_m/C_m) (I_syn + I_e + I); V stays at V_reset during the refractory period.
//!
//! Rotter & Diesmann 1999, Biol Cybern 81:381.

use std::marker::PhantomData;

use super::currents::Synapses;
use super::spike_rules::SpikeRule;
use crate::description::Declaration;
use crate::math;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::kernels::Passive;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::membrane::integrate_unless_refractory;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::{Arriving, Carried, Neuron};
use crate::runtime::neurons::lists::{ListSet, Lists};
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::parameters::{Declared, Parameters, real};

/// The neurons of model `M`: a leaky membrane with these synapses and this spike rule.
pub struct Exact<M, S, F, B = Unbounded>(PhantomData<(M, S, F, B)>);

/// Whether the potential has a lower bound.
pub trait Bound: Send + Sync + 'static {
    type Constants<R: Real>: Fields<R>;
    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64>;
    fn bound<R: Real>(k: &Self::Constants<R>, potential: R) -> R;
}

/// The potential goes as low as currents bring it.
pub struct Unbounded;

impl Bound for Unbounded {
    type Constants<R: Real> = ();
    fn constants<M: Declared>(_: &Parameters<'_, M>) {}
    #[inline(always)]
    fn bound<R: Real>(_: &(), potential: R) -> R {
        potential
    }
}

/// The potential does not fall below the parameter `V_min`.
pub struct Floor;

impl Bound for Floor {
    type Constants<R: Real> = R;
    fn constants<M: Declared>(p: &Parameters<'_, M>) -> f64 {
        real!(p, M, "V_min") - real!(p, M, "E_L")
    }
    #[inline(always)]
    fn bound<R: Real>(floor: &R, potential: R) -> R {
        potential.max(*floor)
    }
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct State<R, S, F> {
    /// Potential relative to E_L, mV.
    potential: R,
    /// Steps left of the refractory period.
    refractory: R,
    synapses: S,
    rule: F,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R, S, F, B> {
    /// e^(−h/tau_m) − 1.
    leak: R,
    /// What a current of 1 pA during a step adds, mV.
    current: R,
    i_e: R,
    e_l: R,
    bound: B,
    synapses: S,
    rule: F,
}

type StateOf<R, S, F> = State<R, <S as Synapses>::State<R>, <F as SpikeRule>::State<R>>;
type ConstantsOf<R, S, F, B> =
    Constants<R, <S as Synapses>::Constants<R>, <F as SpikeRule>::Constants<R>, <B as Bound>::Constants<R>>;

/// Membrane and step.
fn passive<M: Declared>(p: &Parameters<'_, M>) -> Passive {
    Passive { tau_m: real!(p, M, "tau_m"), c_m: real!(p, M, "C_m"), h: p.h() }
}

impl<M: Declared, S: Synapses, F: SpikeRule, B: Bound> Declared for Exact<M, S, F, B> {
    const DECLARATION: Declaration = M::DECLARATION;
}

impl<M: Declared, S: Synapses, F: SpikeRule, B: Bound> Neuron for Exact<M, S, F, B> {
    type State<R: Real> = StateOf<R, S, F>;
    type Constants<R: Real> = ConstantsOf<R, S, F, B>;
    const LISTS: ListSet = S::LISTS;
    const READINGS: Readings = Readings::NONE
        .and("V_m", Reading::state(0).plus(place!(ConstantsOf<f64, S, F, B>, e_l)))
        .and_those(S::READINGS, place!(StateOf<f64, S, F>, synapses))
        .and_those(F::READINGS, place!(StateOf<f64, S, F>, rule));
    const RECORDED: Readings =
        if F::RECORDED_FROM_REST { Readings::NONE.and("V_m", Reading::state(0)) } else { Readings::NONE };
    const CARRIED: Option<Carried<Self>> = if F::CARRIED.is_some() { Some(carried::<S, F, B>) } else { None };

    fn constants(p: &Parameters<'_, Self>) -> ConstantsOf<f64, S, F, B> {
        let p = &p.of_same::<M>();
        let membrane = passive(p);
        let leak = math::exp_m1(-membrane.h / membrane.tau_m);
        Constants {
            leak,
            current: -membrane.tau_m / membrane.c_m * leak,
            i_e: real!(p, M, "I_e"),
            e_l: real!(p, M, "E_L"),
            bound: B::constants(p),
            synapses: S::constants(p, membrane),
            rule: F::constants(p),
        }
    }
    fn entry_constants(p: &Parameters<'_, Self>, _: usize, entry: usize, k: &mut [f64]) {
        let p = &p.of_same::<M>();
        S::entry_constants(p, passive(p), entry, k);
    }
    fn initial(_: &Parameters<'_, Self>, k: &ConstantsOf<f64, S, F, B>) -> StateOf<f64, S, F> {
        State { rule: F::initial(&k.rule), ..Fields::filled(0.0) }
    }
    fn needs_chance(k: &ConstantsOf<f64, S, F, B>) -> bool {
        F::needs_chance(&k.rule)
    }
    fn parameters_set(names: &[&str], s: &mut StateOf<f64, S, F>, k: &ConstantsOf<f64, S, F, B>) {
        F::parameters_set::<M>(names, &k.rule, &mut s.rule);
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        k: &ConstantsOf<R, S, F, B>,
        s: &mut StateOf<R, S, F>,
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let u = s.potential;
        let membrane = u + u * k.leak + k.current * (k.i_e + input.current);
        let integrated = S::step(&k.synapses, &mut s.synapses, lists, input, s.refractory, membrane);
        integrate_unless_refractory(&mut s.potential, &mut s.refractory, B::bound(&k.bound, integrated));
        F::fire(&k.rule, &mut s.rule, &mut s.potential, &mut s.refractory, input)
    }
}

/// What the spike of a neuron that has just fired carries.
fn carried<S: Synapses, F: SpikeRule, B: Bound>(s: &mut StateOf<f64, S, F>, k: &ConstantsOf<f64, S, F, B>) -> f64 {
    F::CARRIED.map_or(0.0, |carried| carried(&mut s.rule, &k.rule))
}
