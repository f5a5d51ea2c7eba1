//! Two-compartment neuron whose dendrite predicts the spikes of its soma.
//!
//! C_s dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + g_sp (U - V) + I_e + I     (soma)
//! C_p dU/dt = -g_L (U - E_L) + I_ex + I_in + g_ps (V - U)                                      (dendrite)
//! conductances of the soma and currents of the dendrite decay exponentially
//! rate = phi(V) = phi_max / (1 + rate_slope exp(beta (theta - V))); spikes do not reset V
//!
//! Urbanczik & Senn 2014, Neuron 81:521.
//!
//! As in NEST, reversal potentials, I_e and the current port of the dendrite have no effect.

use super::compartments::compartment;
use super::declare::*;
use super::shared::*;
use crate::mechanisms::escape::{fires, one_or_more};
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::random::Stream;
use crate::mechanisms::rkf45::{Allowed, DecaySet};
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::equations::{Equations, Solved, component, still};
use crate::runtime::neurons::lists::Lists;
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::neurons::receptors::NoReceptors;
use crate::runtime::parameters::{Parameters, assert_declared, declared, real as get};
use crate::runtime::synapses::predictions;

pub const MODEL: Model = Model {
    name: "pp_cond_exp_mc_urbanczik",
    title: "Soma and predicting dendrite",
    doc: "Soma with conductances that spikes by chance, and a dendrite whose synapses learn to predict these spikes",
    equations: "C_s dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + g_sp (U - V) + I_e\nC_p dU/dt = -g_L (U - E_L) + I_ex + I_in + g_ps (V - U)\nrate = phi_max / (1 + rate_slope exp(beta (theta - V))), in spikes/ms\nno spike for t_ref after a spike",
    reference: "Urbanczik & Senn 2014, Neuron 81:521",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("phi_max", "1/ms", 0.15).at_least(0.0).main(0.0, 1.0).doc("Largest rate"),
                real("theta", "mV", -55.0).main(-70.0, -40.0).doc("Potential where the rate rises"),
                real("beta", "1/mV", 1.0 / 3.0).main(0.05, 2.0).doc("Steepness of this rise"),
                real("rate_slope", "", 0.5).at_least(0.0).slider(0.0, 2.0).doc("Shifts the rise"),
                real("t_ref", "ms", 3.0)
                    .at_least(0.0)
                    .main(0.0, 20.0)
            .in_steps()
                    .doc("Time after a spike without another; with 0, several may fall into one step. One that has begun lasts to its end"),
                real("g_sp", "nS", 600.0).main(0.0, 1000.0).doc("Conductance from dendrite to soma"),
                real("g_ps", "nS", 0.0).slider(0.0, 1000.0).doc("Conductance from soma to dendrite"),
            ],
        },
        compartment!("soma", "Soma", C_m: 300.0, g_L: 30.0, E_ex: 0.0, E_in: -75.0, tau_syn: (3.0, 3.0)),
        compartment!(
            "dendritic", "Dendrite", C_m: 300.0, g_L: 30.0, E_ex: 0.0, E_in: 0.0, tau_syn: (3.0, 3.0),
            current: Acts::Never("the dendrite of this model takes no constant current, in NEST neither"),
            reversals: Acts::Never("synapses at the dendrite of this model are currents, in NEST too")
        ),
        PLASTICITY,
    ],
    recordables: &[
        Recordable::new("V_m.s", "mV", "Potential of the soma"),
        Recordable::new("g_ex.s", "nS", "Excitatory conductance of the soma"),
        Recordable::new("g_in.s", "nS", "Inhibitory conductance of the soma"),
        Recordable::new("V_m.p", "mV", "Potential of the dendrite"),
        Recordable::new("I_ex.p", "pA", "Excitatory current of the dendrite"),
        Recordable::new("I_in.p", "pA", "Inhibitory current of the dendrite"),
        Recordable::new("prediction_error", "1/mV", "By how much spikes exceed what the dendrite predicts"),
    ],
    ports: &[
        Port::spikes(1, "nS", "Excitation of the soma").named("soma_exc").reverses_at("soma.E_ex"),
        Port::spikes(2, "nS", "Inhibition of the soma").named("soma_inh").reverses_at("soma.E_in"),
        Port::spikes(3, "pA", "Excitation of the dendrite").named("dendritic_exc"),
        Port::spikes(4, "pA", "Inhibition of the dendrite").named("dendritic_inh"),
        Port::currents(5, "Currents into the soma").named("soma_curr"),
        Port::currents(6, "Currents at the dendrite, which have no effect").named("dendritic_curr"),
    ],
    relations: &[],
    behaviour: Behaviour::neurons(Solved::<PpCondExpMcUrbanczik>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["two-compartment", "dendritic learning", "Urbanczik-Senn neuron"])
        .section(Section::Compartments),
};

/// Absolute error allowed in every component (mV, nS, pA).
const TOLERANCE: f64 = 1e-3;

pub struct PpCondExpMcUrbanczik;
declared!(PpCondExpMcUrbanczik);
const _: () = assert_declared::<PpCondExpMcUrbanczik>(&predictions::PARAMETERS);

/// Potentials and synapses of soma and dendrite.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Components<R> {
    #[name = "V_m.s"]
    v: R,
    #[name = "g_ex.s"]
    g_ex: R,
    #[name = "g_in.s"]
    g_in: R,
    #[name = "V_m.p"]
    u: R,
    #[name = "I_ex.p"]
    i_ex: R,
    #[name = "I_in.p"]
    i_in: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Still<R> {
    /// Steps left of the refractory period.
    refractory: R,
    /// By how much the spikes of the latest step exceed what the dendrite predicted, weighted with how much the
    /// prediction depends on its potential: (spikes − φ(V*) h) η(V*), in 1/mV. It drives `urbanczik_synapse`.
    prediction_error: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R> {
    per_c_s: R,
    g_l_s: R,
    e_l_s: R,
    e_ex: R,
    e_in: R,
    i_e: R,
    per_tau_ex_s: R,
    per_tau_in_s: R,
    per_c_p: R,
    g_l_p: R,
    e_l_p: R,
    per_tau_ex_p: R,
    per_tau_in_p: R,
    g_sp: R,
    g_ps: R,
    phi_max: R,
    theta: R,
    beta: R,
    rate_slope: R,
    /// Steps of the refractory period, and the period, ms.
    refractory: R,
    t_ref: R,
    h: R,
}

impl<R: Real> Constants<R> {
    /// β (θ − u), within the bounds where its exponential is an ordinary number.
    #[inline(always)]
    fn below_rise(&self, u: R) -> R {
        (self.beta * (self.theta - u)).min(R::of(600.0)).max(R::of(-600.0))
    }
    /// φ(u): the rate at a potential, per ms.
    #[inline(always)]
    fn rate(&self, u: R) -> R {
        self.phi_max / (R::of(1.0) + self.rate_slope * R::exp(self.below_rise(u)))
    }
    /// V*: the potential of a soma that only its dendrite drives.
    #[inline(always)]
    fn predicted(&self, u: R) -> R {
        (self.e_l_s * self.g_l_s + u * self.g_sp) / (self.g_sp + self.g_l_s)
    }
    /// η(u) = 15 β / (1 + exp(−β (θ − u)) / rate_slope): the derivative of ln φ, scaled, per mV.
    #[inline(always)]
    fn sensitivity(&self, u: R) -> R {
        R::of(15.0) * self.beta / (R::of(1.0) + R::exp(-self.below_rise(u)) / self.rate_slope)
    }
}

/// A component that decays, and its rate.
macro_rules! decay {
    ($component:ident, $rate:ident) => {
        DecaySet::one(place!(Components<f64>, $component), place!(Constants<f64>, $rate))
    };
}

impl Equations for PpCondExpMcUrbanczik {
    type Components<R: Real> = Components<R>;
    type Still<R: Real> = Still<R>;
    type Constants<R: Real> = Constants<R>;
    type Receptors = NoReceptors;
    const READINGS: Readings = Readings::of::<Components<f64>>()
        .and("soma.V_m", component(place!(Components<f64>, v)))
        .and("dendritic.V_m", component(place!(Components<f64>, u)))
        .and("prediction_error", Reading::state(still::<Self>() + place!(Still<f64>, prediction_error)));
    const DECAYS: DecaySet = decay!(g_ex, per_tau_ex_s)
        .and_those(decay!(g_in, per_tau_in_s), 0, 0)
        .and_those(decay!(i_ex, per_tau_ex_p), 0, 0)
        .and_those(decay!(i_in, per_tau_in_p), 0, 0);
    const FIRES: bool = true;

    fn constants(p: &Parameters<'_, Self>) -> Constants<f64> {
        Constants {
            per_c_s: 1.0 / get!(p, Self, "soma.C_m"),
            g_l_s: get!(p, Self, "soma.g_L"),
            e_l_s: get!(p, Self, "soma.E_L"),
            e_ex: get!(p, Self, "soma.E_ex"),
            e_in: get!(p, Self, "soma.E_in"),
            i_e: get!(p, Self, "soma.I_e"),
            per_tau_ex_s: 1.0 / get!(p, Self, "soma.tau_syn_ex"),
            per_tau_in_s: 1.0 / get!(p, Self, "soma.tau_syn_in"),
            per_c_p: 1.0 / get!(p, Self, "dendritic.C_m"),
            g_l_p: get!(p, Self, "dendritic.g_L"),
            e_l_p: get!(p, Self, "dendritic.E_L"),
            per_tau_ex_p: 1.0 / get!(p, Self, "dendritic.tau_syn_ex"),
            per_tau_in_p: 1.0 / get!(p, Self, "dendritic.tau_syn_in"),
            g_sp: get!(p, Self, "g_sp"),
            g_ps: get!(p, Self, "g_ps"),
            phi_max: get!(p, Self, "phi_max"),
            theta: get!(p, Self, "theta"),
            beta: get!(p, Self, "beta"),
            rate_slope: get!(p, Self, "rate_slope"),
            refractory: p.steps(get!(p, Self, "t_ref")),
            t_ref: get!(p, Self, "t_ref"),
            h: p.h(),
        }
    }
    fn needs_chance(k: &Constants<f64>) -> bool {
        k.phi_max > 0.0
    }
    fn fire(y: &Components<f64>, s: &mut Still<f64>, k: &Constants<f64>, chance: &mut Stream) -> u32 {
        let spikes = if k.t_ref > 0.0 { 1 } else { one_or_more(k.rate(y.v) * k.h, chance) };
        s.prediction_error += spikes as f64 * k.sensitivity(k.predicted(y.u));
        spikes
    }

    #[inline(always)]
    fn allowed<R: Real>(_: &Constants<R>) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &Constants<R>, y: &Components<R>, _: &Still<R>, current: R, _: &()) -> Components<R> {
        let Components { v, g_ex, g_in, u, i_ex, i_in } = *y;
        let soma =
            current + k.i_e - k.g_l_s * (v - k.e_l_s) - g_ex * (v - k.e_ex) - g_in * (v - k.e_in) + k.g_sp * (u - v);
        let dendrite = i_ex + i_in - k.g_l_p * (u - k.e_l_p) + k.g_ps * (v - u);
        Components {
            v: soma * k.per_c_s,
            g_ex: -g_ex * k.per_tau_ex_s,
            g_in: -g_in * k.per_tau_in_s,
            u: dendrite * k.per_c_p,
            i_ex: -i_ex * k.per_tau_ex_p,
            i_in: -i_in * k.per_tau_in_p,
        }
    }
    #[inline(always)]
    fn end<R: Real, L: Coefficients>(
        k: &Constants<R>,
        y: &mut Components<R>,
        s: &mut Still<R>,
        _: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        y.g_ex = y.g_ex + input.spikes(0);
        y.g_in = y.g_in + input.spikes(1);
        y.i_ex = y.i_ex + input.spikes(2);
        y.i_in = y.i_in - input.spikes(3);
        let star = k.predicted(y.u);
        s.prediction_error = -k.rate(star) * k.h * k.sensitivity(star);
        let waiting = s.refractory.gt(R::of(0.0));
        let expected = R::select(waiting, R::of(0.0), k.rate(y.v) * k.h);
        let fired = fires(expected, input.chance);
        let left = R::select(waiting, s.refractory - R::of(1.0), s.refractory);
        s.refractory = R::select(fired, k.refractory, left);
        fired
    }
}
