//! Hodgkin-Huxley neuron of cortical interneurons that can be joined by gap junctions; alpha-shaped synaptic currents.
//!
//! C_m dV/dt = -g_Na m^3 h (V - E_Na) - (g_Kv1 n^4 + g_Kv3 p^2) (V - E_K) - g_L (V - E_L) + I_syn + I_gap + I_e + I
//! dx/dt = alpha_x (1 - x) - beta_x x for x = m, h, n, p
//!
//! Mancilla et al. 2007, J Neurosci 27:2058; Hahne et al. 2015, Front Neuroinform 9:22.

use super::declare::*;
use super::hh::{self, ACT_M, ACT_N, INACT_H, gate, linear_over_rise};
use super::shared::*;
use crate::mechanisms::kernels::alpha_increment;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::Allowed;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, GapInput, Lookup, Rehearsed};
use crate::runtime::neurons::solved::{Equations, rehearse, solved};

pub const MODEL: Model = Model {
    name: "hh_psc_alpha_gap",
    family: Family::Neuron,
    title: "Hodgkin-Huxley neuron with gap junctions",
    doc: "Fast-spiking interneuron with two kinds of potassium channels, for gap junctions; alpha-shaped synaptic currents",
    equations: "C_m dV/dt = -g_Na m³ h (V - E_Na) - (g_Kv1 n⁴ + g_Kv3 p²) (V - E_K) - g_L (V - E_L) + I_syn + I_gap + I_e\ndx/dt = alpha_x (1 - x) - beta_x x, x = m, h, n, p\nV ≥ 0 mV and past its peak: spike",
    reference: "Mancilla et al. 2007, J Neurosci 27:2058; Hahne et al. 2015, Front Neuroinform 9:22",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-200.0, 500.0).doc("Constant input current"),
                real("g_Na", "nS", 4500.0).at_least(0.0).main(0.0, 9000.0).doc("Sodium conductance, all channels open"),
                real("g_Kv1", "nS", 9.0)
                    .at_least(0.0)
                    .main(0.0, 50.0)
                    .doc("Conductance of slow potassium channels, all open"),
                real("g_Kv3", "nS", 9000.0)
                    .at_least(0.0)
                    .main(0.0, 20000.0)
                    .doc("Conductance of fast potassium channels, all open"),
                real("g_L", "nS", 10.0).at_least(0.0).slider(0.0, 100.0).doc("Leak conductance"),
                real("C_m", "pF", 40.0).above(0.0).slider(10.0, 500.0).doc("Membrane capacitance"),
                real("E_Na", "mV", 74.0).slider(0.0, 100.0).doc("Sodium reversal potential"),
                real("E_K", "mV", -90.0).slider(-120.0, -50.0).doc("Potassium reversal potential"),
                real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Leak reversal potential"),
                real("t_ref", "ms", 2.0)
                    .at_least(0.0)
                    .slider(0.0, 20.0)
                    .doc("Time after a spike in which no other is registered"),
            ],
        },
        Group {
            title: "Synaptic input",
            parameters: &[
                real("tau_syn_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory currents"),
                real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory currents"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -69.60401191631222).slider(-90.0, 40.0).doc("Membrane potential"),
                state("Act_m", "", 0.019198766985083732).at_least(0.0).slider(0.0, 1.0).doc("Sodium activation m"),
                state("Inact_h", "", 0.868462041294399).at_least(0.0).slider(0.0, 1.0).doc("Sodium inactivation h"),
                state("Act_n", "", 0.0005741576228359767).at_least(0.0).slider(0.0, 1.0).doc("Potassium activation n"),
                state("Inact_p", "", 0.0002511318227150632).at_least(0.0).slider(0.0, 1.0).doc(ACT_P.doc),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, ACT_M, INACT_H, ACT_N, ACT_P, I_SYN_EX, I_SYN_IN],
    ports: &[
        spikes_and_currents("pA")[0],
        spikes_and_currents("pA")[1],
        Port::signal(0, Signal::Potential, "nS", "Gap junctions with other neurons"),
    ],
    emits: Emits::Spikes,
    signal: Some(Signal::Potential),
    relations: &[],
    neurons: Some(Blocks::<HhPscAlphaGap, _, _>::make),
    generator: None,
    synapses: None,
};

const ACT_P: Recordable = Recordable::new("Inact_p", "", "Activation p of fast potassium channels");

/// Absolute error allowed in every component.
const TOLERANCE: f64 = 1e-6;
/// Above this potential (mV) the first falling step is a spike.
const THRESHOLD: f64 = 0.0;

/// Derived constants.
mod k {
    pub const PER_C_M: usize = 0;
    pub const G_NA: usize = 1;
    pub const G_KV1: usize = 2;
    pub const G_KV3: usize = 3;
    pub const G_L: usize = 4;
    pub const E_NA: usize = 5;
    pub const E_K: usize = 6;
    pub const E_L: usize = 7;
    pub const I_E: usize = 8;
    pub const PER_TAU_EX: usize = 9;
    pub const PER_TAU_IN: usize = 10;
    pub const GAIN_EX: usize = 11;
    pub const GAIN_IN: usize = 12;
    pub const REFRACTORY: usize = 13;
    pub const H: usize = 14;
    pub const PER_H: usize = 15;
}

/// Numbers of state; the first nine are the components of the equations.
mod s {
    pub const V: usize = 0;
    pub const M: usize = 1;
    pub const H: usize = 2;
    pub const N: usize = 3;
    pub const P: usize = 4;
    pub const Z_EX: usize = 5;
    pub const I_EX: usize = 6;
    pub const Z_IN: usize = 7;
    pub const I_IN: usize = 8;
    pub const V_BEFORE: usize = 9;
    pub const REFRACTORY: usize = 10;
    /// What flows through gap junctions: the sum of conductances, then the coefficients of the partners' potential.
    pub const GAP: usize = 11;
    pub const SUB_STEP: usize = 16;
}

/// After the two inlets of spikes: conductance and coefficients of the partners' potential.
const FIRST_GAP_INLET: usize = 2;

pub struct HhPscAlphaGap;

impl Dynamics<17, 16> for HhPscAlphaGap {
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 16] {
        [
            1.0 / p.real("C_m"),
            p.real("g_Na"),
            p.real("g_Kv1"),
            p.real("g_Kv3"),
            p.real("g_L"),
            p.real("E_Na"),
            p.real("E_K"),
            p.real("E_L"),
            p.real("I_e"),
            1.0 / p.real("tau_syn_ex"),
            1.0 / p.real("tau_syn_in"),
            alpha_increment(p.real("tau_syn_ex")),
            alpha_increment(p.real("tau_syn_in")),
            grid.steps_up(p.real("t_ref")) as f64,
            grid.h(),
            1.0 / grid.h(),
        ]
    }
    fn initial(_: &dyn Lookup, k: &[f64; 16]) -> [f64; 17] {
        let mut s = [0.0; 17];
        s[s::SUB_STEP] = k[k::H];
        s
    }
    fn recordable(i: usize, s: &[f64; 17], _: &[f64; 16]) -> f64 {
        s[[s::V, s::M, s::H, s::N, s::P, s::I_EX, s::I_IN][i]]
    }
    fn shown(s: &[f64; 17], _: &[f64; 16]) -> f64 {
        s[s::V]
    }
    fn state(name: &str, s: &[f64; 17], _: &[f64; 16]) -> f64 {
        s[hh::place(name)]
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 17], _: &[f64; 16]) {
        s[hh::place(name)] = x;
    }
    fn rehearse(s: &[f64; 17], k: &[f64; 16], current: f64, gap: &GapInput) -> Option<Rehearsed> {
        let mut s = *s;
        s[s::GAP] = gap.conductance;
        s[s::GAP + 1..s::GAP + 5].copy_from_slice(&gap.coefficients);
        Some(rehearse::<Self, 17, 16, 9>(k, s, current))
    }
    solved!(17, 16, 9);
}

impl Equations<17, 16, 9> for HhPscAlphaGap {
    const H: usize = k::H;
    const DECAYING: &'static [(usize, usize)] = &[(s::Z_EX, k::PER_TAU_EX), (s::Z_IN, k::PER_TAU_IN)];
    #[inline(always)]
    fn allowed<R: Real, C: Coefficients>(_: C, _: usize) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn begin<R: Real, C: Coefficients>(_: C, _: usize, s: &mut [R; 17], input: &Arriving<R>) {
        s[s::V_BEFORE] = s[s::V];
        for i in 0..5 {
            s[s::GAP + i] = input.spikes(FIRST_GAP_INLET + i);
        }
    }
    #[inline(always)]
    fn current<R: Real, C: Coefficients>(k: C, lane: usize, y: &[R; 9], s: &[R; 17], steady: R, t: R) -> R {
        let part = t * k.at(k::PER_H, lane);
        let partners = s[s::GAP + 1] + part * (s[s::GAP + 2] + part * (s[s::GAP + 3] + part * s[s::GAP + 4]));
        steady + partners - y[s::V] * s[s::GAP]
    }
    #[inline(always)]
    fn slopes<R: Real, C: Coefficients>(k: C, lane: usize, y: &[R; 9], _: &[R; 17], current: R) -> [R; 9] {
        let at = |i| k.at::<R>(i, lane);
        let c = |x: f64| R::of(x);
        let [v, m, h, n, p, z_ex, i_ex, z_in, i_in] = *y;
        let rate = Channel { v };
        let alpha_n = c(0.014) * rate.linear(44.0, 2.3);
        let beta_n = c(0.0043) * rate.falling(44.0, 34.0);
        let alpha_m = c(40.0) * rate.linear(-75.5, 13.5);
        let beta_m = c(1.2262) * rate.falling(0.0, 42.248);
        let alpha_h = c(0.0035) * rate.falling(0.0, 24.186);
        let beta_h = c(0.017) * rate.linear(51.25, 5.2);
        let alpha_p = rate.linear(-95.0, 11.8);
        let beta_p = c(0.025) * rate.falling(0.0, 22.222);
        let i_na = at(k::G_NA) * (m * m * m * h) * (v - at(k::E_NA));
        let i_k = (at(k::G_KV1) * (n * n * (n * n)) + at(k::G_KV3) * (p * p)) * (v - at(k::E_K));
        let i_l = at(k::G_L) * (v - at(k::E_L));
        [
            (i_ex + i_in + at(k::I_E) + current - i_na - i_k - i_l) * at(k::PER_C_M),
            gate(m, alpha_m, beta_m),
            gate(h, alpha_h, beta_h),
            gate(n, alpha_n, beta_n),
            gate(p, alpha_p, beta_p),
            -z_ex * at(k::PER_TAU_EX),
            z_ex - i_ex * at(k::PER_TAU_EX),
            -z_in * at(k::PER_TAU_IN),
            z_in - i_in * at(k::PER_TAU_IN),
        ]
    }
    #[inline(always)]
    fn end<R: Real, C: Coefficients>(k: C, lane: usize, s: &mut [R; 17], input: &Arriving<R>) -> R::Mask {
        let at = |i| k.at::<R>(i, lane);
        s[s::Z_EX] = s[s::Z_EX] + input.excitatory * at(k::GAIN_EX);
        s[s::Z_IN] = s[s::Z_IN] + input.inhibitory * at(k::GAIN_IN);
        let (v, before) = (s[s::V], s[s::V_BEFORE]);
        hh::fire_past_peak(v, before, &mut s[s::REFRACTORY], R::of(THRESHOLD), at(k::REFRACTORY))
    }
}

/// Rates at a potential.
struct Channel<R> {
    v: R,
}

impl<R: Real> Channel<R> {
    /// e^(−(V + shift)/width)
    #[inline(always)]
    fn falling(&self, shift: f64, width: f64) -> R {
        R::exp((self.v + R::of(shift)) * R::of(-1.0 / width))
    }
    /// x/(1 − e^(−x/width)) with x = V + shift
    #[inline(always)]
    fn linear(&self, shift: f64, width: f64) -> R {
        linear_over_rise(self.v + R::of(shift), self.falling(shift, width), width)
    }
}
