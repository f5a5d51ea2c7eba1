//! A membrane with voltage-gated sodium and potassium channels, after Hodgkin and Huxley.
//!
//! C_m dV/dt = -I_Na - I_K - g_L (V - E_L) + I_syn + I_gap + I_e + I
//! dx/dt = alpha_x (1 - x) - beta_x x for each gate x
//!
//! A spike is the first falling step above a threshold outside the refractory period; nothing is reset.
//!
//! Hodgkin & Huxley 1952, J Physiol 117:500.

use std::marker::PhantomData;

use super::coupling::Coupling;
use crate::description::Declaration;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::{Allowed, DecaySet};
use crate::models::hh::fire_past_peak;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::{Arriving, GapInput};
use crate::runtime::neurons::equations::{Equations, Solved, TakeIn, component};
use crate::runtime::neurons::lists::{ListSet, Lists};
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::neurons::receptors::Receptors;
use crate::runtime::parameters::{Declared, Parameters, real};

/// The neurons of model `M` with these channels and this coupling, joined by gap junctions or not.
pub type HodgkinHuxley<M, Ch, C, G = NoJunctions> = Solved<Membrane<M, Ch, C, G>>;

/// The equations.
pub struct Membrane<M, Ch, C, G>(PhantomData<(M, Ch, C, G)>);

/// The channels of a membrane.
pub trait Channels: Send + Sync + 'static {
    /// The gates, named as users know them.
    type Gates<R: Real>: Fields<R>;
    type Constants<R: Real>: Fields<R>;
    /// Absolute error that a sub-step may make in any component.
    const TOLERANCE: f64;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64>;
    /// The sodium and the potassium current that leave the cell, pA.
    fn currents<R: Real>(k: &Self::Constants<R>, v: R, gates: &Self::Gates<R>) -> [R; 2];
    /// d/dt of the gates, per ms.
    fn slopes<R: Real>(k: &Self::Constants<R>, v: R, gates: &Self::Gates<R>) -> Self::Gates<R>;
    /// Above this potential (mV) the first falling step is a spike.
    fn threshold<R: Real>(k: &Self::Constants<R>) -> R;
}

/// What flows through gap junctions.
pub trait Junctions: Send + Sync + 'static {
    type Still<R: Real>: Fields<R>;
    /// Takes in what flows in a step that is only tried, if there are junctions.
    const TAKE_IN: Option<TakeIn<Self::Still<f64>>>;

    /// Takes in what flows in this step.
    fn begin<R: Real>(still: &mut Self::Still<R>, input: &Arriving<'_, R>);
    /// The current at potential `v` with that of the junctions added, at a time that is this part of the step.
    fn add<R: Real>(still: &Self::Still<R>, v: R, current: R, part: R) -> R;
}

/// A neuron without gap junctions.
pub struct NoJunctions;

impl Junctions for NoJunctions {
    type Still<R: Real> = ();
    const TAKE_IN: Option<TakeIn<()>> = None;
    #[inline(always)]
    fn begin<R: Real>(_: &mut (), _: &Arriving<'_, R>) {}
    #[inline(always)]
    fn add<R: Real>(_: &(), _: R, current: R, _: R) -> R {
        current
    }
}

/// Gap junctions, whose conductance and whose partners' potential arrive in the inlets behind the signed port.
pub struct GapJunctions;

/// The first of these inlets.
const FIRST_GAP_INLET: usize = 2;

/// The sum of conductances (nS), and the coefficients of the partners' potential, weighted with them.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct JunctionCurrent<R> {
    conductance: R,
    partners: [R; 4],
}

impl Junctions for GapJunctions {
    type Still<R: Real> = JunctionCurrent<R>;
    const TAKE_IN: Option<TakeIn<JunctionCurrent<f64>>> = Some(|still, gap| {
        *still = JunctionCurrent { conductance: gap.conductance, partners: gap.coefficients };
    });
    #[inline(always)]
    fn begin<R: Real>(still: &mut JunctionCurrent<R>, input: &Arriving<'_, R>) {
        still.conductance = input.spikes(FIRST_GAP_INLET);
        for i in 0..4 {
            still.partners[i] = input.spikes(FIRST_GAP_INLET + 1 + i);
        }
    }
    #[inline(always)]
    fn add<R: Real>(still: &JunctionCurrent<R>, v: R, current: R, part: R) -> R {
        let [a, b, c, d] = still.partners;
        current + (a + part * (b + part * (c + part * d))) - v * still.conductance
    }
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Components<R, G, S> {
    v: R,
    gates: G,
    synapses: S,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Still<R, J, S> {
    /// The potential at the beginning of the step.
    before: R,
    /// Steps left of the refractory period.
    refractory: R,
    junctions: J,
    synapses: S,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R, Ch, S> {
    per_c_m: R,
    g_l: R,
    e_l: R,
    i_e: R,
    /// Steps of the refractory period.
    refractory: R,
    /// 1/h.
    per_h: R,
    channels: Ch,
    synapses: S,
}

type Y<R, Ch, C> = Components<R, <Ch as Channels>::Gates<R>, <C as Coupling>::State<R>>;
type Rest<R, G, C> = Still<R, <G as Junctions>::Still<R>, <C as Coupling>::Still<R>>;
type Of<R, Ch, C> = Constants<R, <Ch as Channels>::Constants<R>, <C as Coupling>::Constants<R>>;

impl<M: Declared, Ch: Channels, C: Coupling, G: Junctions> Declared for Membrane<M, Ch, C, G> {
    const DECLARATION: Declaration = M::DECLARATION;
}

impl<M: Declared, Ch: Channels, C: Coupling, G: Junctions> Equations for Membrane<M, Ch, C, G> {
    type Components<R: Real> = Y<R, Ch, C>;
    type Still<R: Real> = Rest<R, G, C>;
    type Constants<R: Real> = Of<R, Ch, C>;
    type Receptors = C::Receptors;
    const DECAYS: DecaySet =
        DecaySet::NONE.and_those(C::DECAYS, place!(Y<f64, Ch, C>, synapses), place!(Of<f64, Ch, C>, synapses));
    const LISTS: ListSet = C::LISTS;
    const READINGS: Readings = Readings::NONE
        .and("V_m", component(0))
        .and_those(Readings::of::<Ch::Gates<f64>>(), place!(Y<f64, Ch, C>, gates))
        .and_those(C::READINGS, place!(Y<f64, Ch, C>, synapses));
    const GAP: Option<TakeIn<Rest<f64, G, C>>> = if G::TAKE_IN.is_some() { Some(take_in::<G, C>) } else { None };

    fn constants(p: &Parameters<'_, Self>) -> Of<f64, Ch, C> {
        let p = &p.of_same::<M>();
        Constants {
            per_c_m: 1.0 / real!(p, M, "C_m"),
            g_l: real!(p, M, "g_L"),
            e_l: real!(p, M, "E_L"),
            i_e: real!(p, M, "I_e"),
            refractory: p.steps(real!(p, M, "t_ref")),
            per_h: 1.0 / p.h(),
            channels: Ch::constants(p),
            synapses: C::constants(p),
        }
    }
    fn entry_constants(p: &Parameters<'_, Self>, _: usize, entry: usize, k: &mut [f64]) {
        C::entry_constants(&p.of_same::<M>(), entry, k);
    }
    fn output() -> Option<Reading> {
        Some(component(0))
    }

    #[inline(always)]
    fn allowed<R: Real>(_: &Of<R, Ch, C>) -> Allowed<R> {
        Allowed::Absolute(R::of(Ch::TOLERANCE))
    }
    #[inline(always)]
    fn begin<R: Real, L: Coefficients>(
        _: &Of<R, Ch, C>,
        y: &Y<R, Ch, C>,
        s: &mut Rest<R, G, C>,
        _: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) {
        s.before = y.v;
        G::begin(&mut s.junctions, input);
    }
    #[inline(always)]
    fn current<R: Real>(k: &Of<R, Ch, C>, y: &Y<R, Ch, C>, s: &Rest<R, G, C>, steady: R, t: R) -> R {
        G::add(&s.junctions, y.v, steady, t * k.per_h)
    }
    #[inline(always)]
    fn slopes<R: Real>(
        k: &Of<R, Ch, C>,
        y: &Y<R, Ch, C>,
        s: &Rest<R, G, C>,
        current: R,
        drive: &<C::Receptors as Receptors>::Drive<R>,
    ) -> Y<R, Ch, C> {
        let [i_na, i_k] = Ch::currents(&k.channels, y.v, &y.gates);
        let i_l = k.g_l * (y.v - k.e_l);
        let sum = C::entering(&y.synapses, k.i_e) + C::steady(&s.synapses, current) - i_na - i_k - i_l;
        let sum = C::less_leaving(&k.synapses, &y.synapses, drive, y.v, sum);
        Components {
            v: sum * k.per_c_m,
            gates: Ch::slopes(&k.channels, y.v, &y.gates),
            synapses: C::slopes(&k.synapses, &y.synapses),
        }
    }
    #[inline(always)]
    fn end<R: Real, L: Coefficients>(
        k: &Of<R, Ch, C>,
        y: &mut Y<R, Ch, C>,
        s: &mut Rest<R, G, C>,
        lists: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        C::receive(&k.synapses, &mut y.synapses, &mut s.synapses, lists, input);
        fire_past_peak(y.v, s.before, &mut s.refractory, Ch::threshold(&k.channels), k.refractory)
    }
}

/// What flows through the junctions in a step that is only tried.
fn take_in<G: Junctions, C: Coupling>(still: &mut Rest<f64, G, C>, gap: &GapInput) {
    if let Some(take_in) = G::TAKE_IN {
        take_in(&mut still.junctions, gap);
    }
}
