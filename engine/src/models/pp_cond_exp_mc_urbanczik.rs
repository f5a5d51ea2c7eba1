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
use crate::mechanisms::lanes::Real;
use crate::mechanisms::random::Stream;
use crate::mechanisms::rkf45::Allowed;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, Lookup, Uniform};
use crate::runtime::neurons::solved::{Equations, solved};

pub const MODEL: Model = Model {
    name: "pp_cond_exp_mc_urbanczik",
    family: Family::Neuron,
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
                    .doc("Time after a spike without another; with 0, several may fall into one step"),
                real("g_sp", "nS", 600.0).main(0.0, 1000.0).doc("Conductance from dendrite to soma"),
                real("g_ps", "nS", 0.0).slider(0.0, 1000.0).doc("Conductance from soma to dendrite"),
            ],
        },
        compartment!("soma", "Soma", C_m: 300.0, g_L: 30.0, E_ex: 0.0, E_in: -75.0, tau_syn: (3.0, 3.0)),
        compartment!("dendritic", "Dendrite", C_m: 300.0, g_L: 30.0, E_ex: 0.0, E_in: 0.0, tau_syn: (3.0, 3.0)),
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
        Port::spikes(1, "nS", "Excitation of the soma"),
        Port::spikes(2, "nS", "Inhibition of the soma"),
        Port::spikes(3, "pA", "Excitation of the dendrite"),
        Port::spikes(4, "pA", "Inhibition of the dendrite"),
        Port::currents(5, "Currents into the soma"),
        Port::currents(6, "Currents at the dendrite, which have no effect"),
    ],
    emits: Emits::Spikes,
    signal: None,
    relations: &[],
    neurons: Some(Blocks::<PpCondExpMcUrbanczik, _, _>::make),
    generator: None,
    synapses: None,
};

/// Absolute error allowed in every component (mV, nS, pA).
const TOLERANCE: f64 = 1e-3;

/// Derived constants.
mod k {
    pub const PER_C_S: usize = 0;
    pub const G_L_S: usize = 1;
    pub const E_L_S: usize = 2;
    pub const E_EX: usize = 3;
    pub const E_IN: usize = 4;
    pub const I_E: usize = 5;
    pub const PER_TAU_EX_S: usize = 6;
    pub const PER_TAU_IN_S: usize = 7;
    pub const PER_C_P: usize = 8;
    pub const G_L_P: usize = 9;
    pub const E_L_P: usize = 10;
    pub const PER_TAU_EX_P: usize = 11;
    pub const PER_TAU_IN_P: usize = 12;
    pub const G_SP: usize = 13;
    pub const G_PS: usize = 14;
    pub const PHI_MAX: usize = 15;
    pub const THETA: usize = 16;
    pub const BETA: usize = 17;
    pub const RATE_SLOPE: usize = 18;
    pub const REFRACTORY: usize = 19;
    pub const T_REF: usize = 20;
    pub const H: usize = 21;
}

/// Numbers of state: the components of the equations, then what stands still.
mod s {
    pub const V: usize = 0;
    pub const G_EX: usize = 1;
    pub const G_IN: usize = 2;
    pub const U: usize = 3;
    pub const I_EX: usize = 4;
    pub const I_IN: usize = 5;
    pub const REFRACTORY: usize = 6;
    /// By how much the spikes of the latest step exceed what the dendrite predicted, weighted with how much the
    /// prediction depends on its potential: (spikes − φ(V*) h) η(V*), in 1/mV. It drives `urbanczik_synapse`.
    pub const PREDICTION_ERROR: usize = 7;
    pub const SUB_STEP: usize = 8;
}

pub struct PpCondExpMcUrbanczik;

/// β (θ − u), within the bounds where its exponential is an ordinary number.
#[inline(always)]
fn below_rise<R: Real, C: Coefficients>(c: C, lane: usize, u: R) -> R {
    let at = |i| c.at::<R>(i, lane);
    (at(k::BETA) * (at(k::THETA) - u)).min(R::of(600.0)).max(R::of(-600.0))
}

/// φ(u): the rate at a potential, per ms.
#[inline(always)]
fn rate<R: Real, C: Coefficients>(c: C, lane: usize, u: R) -> R {
    let at = |i| c.at::<R>(i, lane);
    at(k::PHI_MAX) / (R::of(1.0) + at(k::RATE_SLOPE) * R::exp(below_rise(c, lane, u)))
}

/// V*: the potential of a soma that only its dendrite drives.
#[inline(always)]
fn predicted<R: Real, C: Coefficients>(c: C, lane: usize, u: R) -> R {
    let at = |i| c.at::<R>(i, lane);
    (at(k::E_L_S) * at(k::G_L_S) + u * at(k::G_SP)) / (at(k::G_SP) + at(k::G_L_S))
}

/// η(u) = 15 β / (1 + exp(−β (θ − u)) / rate_slope): the derivative of ln φ, scaled, per mV.
#[inline(always)]
fn sensitivity<R: Real, C: Coefficients>(c: C, lane: usize, u: R) -> R {
    let at = |i| c.at::<R>(i, lane);
    R::of(15.0) * at(k::BETA) / (R::of(1.0) + R::exp(-below_rise(c, lane, u)) / at(k::RATE_SLOPE))
}

impl Dynamics<9, 22> for PpCondExpMcUrbanczik {
    const BURSTS: bool = true;
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 22] {
        [
            1.0 / p.real("soma.C_m"),
            p.real("soma.g_L"),
            p.real("soma.E_L"),
            p.real("soma.E_ex"),
            p.real("soma.E_in"),
            p.real("soma.I_e"),
            1.0 / p.real("soma.tau_syn_ex"),
            1.0 / p.real("soma.tau_syn_in"),
            1.0 / p.real("dendritic.C_m"),
            p.real("dendritic.g_L"),
            p.real("dendritic.E_L"),
            1.0 / p.real("dendritic.tau_syn_ex"),
            1.0 / p.real("dendritic.tau_syn_in"),
            p.real("g_sp"),
            p.real("g_ps"),
            p.real("phi_max"),
            p.real("theta"),
            p.real("beta"),
            p.real("rate_slope"),
            grid.steps_up(p.real("t_ref")) as f64,
            p.real("t_ref"),
            grid.h(),
        ]
    }
    fn initial(_: &dyn Lookup, k: &[f64; 22]) -> [f64; 9] {
        let mut s = [0.0; 9];
        s[s::SUB_STEP] = k[k::H];
        s
    }
    fn needs_chance(k: &[f64; 22]) -> bool {
        k[k::PHI_MAX] > 0.0
    }
    fn fire(s: &mut [f64; 9], k: &[f64; 22], chance: &mut Stream) -> u32 {
        let c = Uniform(k);
        let spikes = if k[k::T_REF] > 0.0 { 1 } else { one_or_more(rate::<f64, _>(c, 0, s[s::V]) * k[k::H], chance) };
        s[s::PREDICTION_ERROR] += spikes as f64 * sensitivity::<f64, _>(c, 0, predicted(c, 0, s[s::U]));
        spikes
    }
    fn recordable(i: usize, s: &[f64; 9], _: &[f64; 22]) -> f64 {
        s[[s::V, s::G_EX, s::G_IN, s::U, s::I_EX, s::I_IN, s::PREDICTION_ERROR][i]]
    }
    fn state(name: &str, s: &[f64; 9], _: &[f64; 22]) -> f64 {
        s[potential(name)]
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 9], _: &[f64; 22]) {
        s[potential(name)] = x;
    }
    solved!(9, 22, 6);
}

fn potential(name: &str) -> usize {
    if name == "soma.V_m" { s::V } else { s::U }
}

impl Equations<9, 22, 6> for PpCondExpMcUrbanczik {
    const H: usize = k::H;
    const DECAYING: &'static [(usize, usize)] = &[
        (s::G_EX, k::PER_TAU_EX_S),
        (s::G_IN, k::PER_TAU_IN_S),
        (s::I_EX, k::PER_TAU_EX_P),
        (s::I_IN, k::PER_TAU_IN_P),
    ];
    #[inline(always)]
    fn allowed<R: Real, C: Coefficients>(_: C, _: usize) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn slopes<R: Real, C: Coefficients>(c: C, lane: usize, y: &[R; 6], _: &[R; 9], current: R) -> [R; 6] {
        let at = |i| c.at::<R>(i, lane);
        let [v, g_ex, g_in, u, i_ex, i_in] = *y;
        let soma = current + at(k::I_E)
            - at(k::G_L_S) * (v - at(k::E_L_S))
            - g_ex * (v - at(k::E_EX))
            - g_in * (v - at(k::E_IN))
            + at(k::G_SP) * (u - v);
        let dendrite = i_ex + i_in - at(k::G_L_P) * (u - at(k::E_L_P)) + at(k::G_PS) * (v - u);
        [
            soma * at(k::PER_C_S),
            -g_ex * at(k::PER_TAU_EX_S),
            -g_in * at(k::PER_TAU_IN_S),
            dendrite * at(k::PER_C_P),
            -i_ex * at(k::PER_TAU_EX_P),
            -i_in * at(k::PER_TAU_IN_P),
        ]
    }
    #[inline(always)]
    fn end<R: Real, C: Coefficients>(c: C, lane: usize, s: &mut [R; 9], input: &Arriving<R>) -> R::Mask {
        let at = |i| c.at::<R>(i, lane);
        s[s::G_EX] = s[s::G_EX] + input.spikes(0);
        s[s::G_IN] = s[s::G_IN] + input.spikes(1);
        s[s::I_EX] = s[s::I_EX] + input.spikes(2);
        s[s::I_IN] = s[s::I_IN] - input.spikes(3);
        let h = at(k::H);
        let star = predicted(c, lane, s[s::U]);
        s[s::PREDICTION_ERROR] = -rate(c, lane, star) * h * sensitivity(c, lane, star);
        let waiting = s[s::REFRACTORY].gt(R::of(0.0));
        let expected = R::select(waiting, R::of(0.0), rate(c, lane, s[s::V]) * h);
        let fired = fires(expected, input.chance);
        let r = R::select(waiting, s[s::REFRACTORY] - R::of(1.0), s[s::REFRACTORY]);
        s[s::REFRACTORY] = R::select(fired, at(k::REFRACTORY), r);
        fired
    }
}
