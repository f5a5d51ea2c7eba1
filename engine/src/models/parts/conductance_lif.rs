//! A leaky membrane with synaptic conductances that is clamped and reset at a threshold.
//!
//! C_m dV/dt = -g_L (U - E_L) + I_syn(U) + I_e + I, with U = min(V, V_th); V stays at V_reset during the refractory
//! period.
//!
//! Meffin, Burkitt & Grayden 2004, J Comput Neurosci 16:159.

use std::marker::PhantomData;

use super::coupling::{Conductance, Coupling};
use crate::description::Declaration;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::membrane::fire_and_reset;
use crate::mechanisms::rkf45::{Allowed, DecaySet};
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::equations::{Equations, Solved, component, still};
use crate::runtime::neurons::lists::{ListSet, Lists};
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::neurons::receptors::Receptors;
use crate::runtime::parameters::{Declared, Parameters, real};

/// The neurons of model `M` with this coupling, which may have any kernel.
pub type ConductanceLif<M, K> = Solved<Lif<M, Conductance<K>>>;

/// The equations.
pub struct Lif<M, C>(PhantomData<(M, C)>);

/// Absolute error allowed in every component (mV, nS).
const TOLERANCE: f64 = 1e-3;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Components<R, S> {
    v: R,
    synapses: S,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Still<R, S> {
    /// Steps left of the refractory period.
    refractory: R,
    synapses: S,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R, S> {
    per_c_m: R,
    g_l: R,
    e_l: R,
    i_e: R,
    threshold: R,
    reset: R,
    /// Steps of the refractory period.
    refractory: R,
    synapses: S,
}

type Of<R, C> = Constants<R, <C as Coupling>::Constants<R>>;
type Y<R, C> = Components<R, <C as Coupling>::State<R>>;
type Rest<R, C> = Still<R, <C as Coupling>::Still<R>>;

impl<M: Declared, C: Coupling> Declared for Lif<M, C> {
    const DECLARATION: Declaration = M::DECLARATION;
}

impl<M: Declared, C: Coupling> Equations for Lif<M, C> {
    type Components<R: Real> = Y<R, C>;
    type Still<R: Real> = Rest<R, C>;
    type Constants<R: Real> = Of<R, C>;
    type Receptors = C::Receptors;
    const DECAYS: DecaySet =
        DecaySet::NONE.and_those(C::DECAYS, place!(Y<f64, C>, synapses), place!(Of<f64, C>, synapses));
    const LISTS: ListSet = C::LISTS;
    const READINGS: Readings = Readings::NONE
        .and("V_m", component(0))
        .and("t_ref_remaining", Reading::duration(still::<Self>() + place!(Rest<f64, C>, refractory)))
        .and_those(C::READINGS, place!(Y<f64, C>, synapses));

    fn constants(p: &Parameters<'_, Self>) -> Of<f64, C> {
        let p = &p.of_same::<M>();
        Constants {
            per_c_m: 1.0 / real!(p, M, "C_m"),
            g_l: real!(p, M, "g_L"),
            e_l: real!(p, M, "E_L"),
            i_e: real!(p, M, "I_e"),
            threshold: real!(p, M, "V_th"),
            reset: real!(p, M, "V_reset"),
            refractory: p.steps(real!(p, M, "t_ref")),
            synapses: C::constants(p),
        }
    }
    fn entry_constants(p: &Parameters<'_, Self>, _: usize, entry: usize, k: &mut [f64]) {
        C::entry_constants(&p.of_same::<M>(), entry, k);
    }

    #[inline(always)]
    fn allowed<R: Real>(_: &Of<R, C>) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn slopes<R: Real>(
        k: &Of<R, C>,
        y: &Y<R, C>,
        s: &Rest<R, C>,
        current: R,
        drive: &<C::Receptors as Receptors>::Drive<R>,
    ) -> Y<R, C> {
        let waiting = s.refractory.gt(R::of(0.0));
        let u = R::select(waiting, k.reset, y.v.min(k.threshold));
        let sum = k.i_e + C::steady(&s.synapses, current) - k.g_l * (u - k.e_l);
        let current = C::add(&k.synapses, &y.synapses, drive, u, sum);
        Components {
            v: R::select(waiting, R::of(0.0), current * k.per_c_m),
            synapses: C::slopes(&k.synapses, &y.synapses),
        }
    }
    /// Who waits stays at V_reset, who has reached the threshold fires.
    #[inline(always)]
    fn end<R: Real, L: Coefficients>(
        k: &Of<R, C>,
        y: &mut Y<R, C>,
        s: &mut Rest<R, C>,
        lists: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let waiting = s.refractory.gt(R::of(0.0));
        // V_reset lies below the threshold, so who waits does not fire.
        y.v = R::select(waiting, k.reset, y.v);
        s.refractory = R::select(waiting, s.refractory - R::of(1.0), s.refractory);
        let fired = fire_and_reset(&mut y.v, &mut s.refractory, k.threshold, k.reset, k.refractory);
        C::fired(&k.synapses, &mut y.synapses, fired);
        C::receive(&k.synapses, &mut y.synapses, &mut s.synapses, lists, input);
        fired
    }
}
