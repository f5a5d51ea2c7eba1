//! Hodgkin-Huxley neuron with alpha-shaped synaptic currents.
//!
//! C_m dV/dt = -g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L) + I_syn + I_e + I
//! dx/dt = alpha_x (1 - x) - beta_x x for x = m, h, n
//!
//! Hodgkin & Huxley 1952, J Physiol 117:500; Gerstner & Kistler 2002, Spiking Neuron Models.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::{self, Equations};
use crate::mechanisms::time::Grid;
use crate::simulation::Blocks;
use crate::simulation::dynamics::{Arriving, Coefficients, Dynamics, Lookup};

pub const MODEL: Model = Model {
    name: "hh_psc_alpha",
    family: Family::Neuron,
    title: "Hodgkin-Huxley neuron",
    doc: "Sodium and potassium channels of the squid axon; alpha-shaped synaptic currents",
    equations: "C_m dV/dt = -g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L) + I_syn + I_e\ndx/dt = alpha_x (1 - x) - beta_x x, x = m, h, n\nV ≥ 0 mV and past its peak: spike",
    reference: "Hodgkin & Huxley 1952, J Physiol 117:500",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-500.0, 2000.0).doc("Constant input current"),
                real("g_Na", "nS", 12000.0)
                    .at_least(0.0)
                    .main(0.0, 24000.0)
                    .doc("Sodium conductance, all channels open"),
                real("g_K", "nS", 3600.0)
                    .at_least(0.0)
                    .main(0.0, 10000.0)
                    .doc("Potassium conductance, all channels open"),
                real("g_L", "nS", 30.0).at_least(0.0).slider(0.0, 200.0).doc("Leak conductance"),
                real("C_m", "pF", 100.0).above(0.0).slider(10.0, 500.0).doc("Membrane capacitance"),
                real("E_Na", "mV", 50.0).slider(0.0, 100.0).doc("Sodium reversal potential"),
                real("E_K", "mV", -77.0).slider(-120.0, -50.0).doc("Potassium reversal potential"),
                real("E_L", "mV", -54.402).slider(-90.0, -40.0).doc("Leak reversal potential"),
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
                state("V_m", "mV", -65.0).slider(-90.0, 40.0).doc("Membrane potential"),
                state("Act_m", "", 0.05293248525724958).at_least(0.0).slider(0.0, 1.0).doc("Sodium activation m"),
                state("Inact_h", "", 0.5961207535084603).at_least(0.0).slider(0.0, 1.0).doc("Sodium inactivation h"),
                state("Act_n", "", 0.3176769140606974).at_least(0.0).slider(0.0, 1.0).doc("Potassium activation n"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[
        V_M,
        Recordable::new("Act_m", "", "Sodium activation m"),
        Recordable::new("Inact_h", "", "Sodium inactivation h"),
        Recordable::new("Act_n", "", "Potassium activation n"),
        I_SYN_EX,
        I_SYN_IN,
    ],
    ports: &spikes_and_currents("pA"),
    emits: Emits::Spikes,
    relations: &[],
    neurons: Some(Blocks::<HhPscAlpha, _, _>::make),
};

/// Absolute tolerance of the solver in every component.
const TOLERANCE: f64 = 1e-3;

/// Derived constants.
mod k {
    pub const C_M: usize = 0;
    pub const G_NA: usize = 1;
    pub const G_K: usize = 2;
    pub const G_L: usize = 3;
    pub const E_NA: usize = 4;
    pub const E_K: usize = 5;
    pub const E_L: usize = 6;
    pub const I_E: usize = 7;
    pub const TAU_EX: usize = 8;
    pub const TAU_IN: usize = 9;
    pub const REFRACTORY: usize = 10;
    pub const H: usize = 11;
}

/// Components of the equations and of the state.
mod y {
    pub const V: usize = 0;
    pub const M: usize = 1;
    pub const H: usize = 2;
    pub const N: usize = 3;
    pub const Z_EX: usize = 4;
    pub const I_EX: usize = 5;
    pub const Z_IN: usize = 6;
    pub const I_IN: usize = 7;
}

/// State: the eight components of the equations, the refractory count, the solver's suggested step.
pub struct HhPscAlpha;

struct Membrane<'a, C> {
    constants: C,
    /// By lane of the vector in work, which starts at `first`.
    current: &'a [f64; 8],
    first: usize,
}

/// x/(1 − e^(−x/s)), with its limit s + x/2 near 0, where the quotient has no digits.
#[inline(always)]
fn exprel<R: Real>(x: R, s: f64) -> R {
    let quotient = x / (R::of(1.0) - (x * R::of(-1.0 / s)).exp());
    R::select(x.abs().gt(R::of(1e-7)), quotient, R::of(s) + x * R::of(0.5))
}

impl<C: Coefficients> Equations<8> for Membrane<'_, C> {
    #[inline(always)]
    fn derivatives<R: Real>(&self, lane: usize, s: &[R; 8]) -> [R; 8] {
        let at = |i| self.constants.at::<R>(i, lane);
        let c = |x: f64| R::of(x);
        let (v, m, h, n) = (s[y::V], s[y::M], s[y::H], s[y::N]);
        let rest = v + c(65.0);
        let alpha_n = c(0.01) * exprel(v + c(55.0), 10.0);
        let beta_n = c(0.125) * (rest * c(-1.0 / 80.0)).exp();
        let alpha_m = c(0.1) * exprel(v + c(40.0), 10.0);
        let beta_m = c(4.0) * (rest * c(-1.0 / 18.0)).exp();
        let alpha_h = c(0.07) * (rest * c(-1.0 / 20.0)).exp();
        let beta_h = c(1.0) / (c(1.0) + ((v + c(35.0)) * c(-1.0 / 10.0)).exp());
        let i_na = at(k::G_NA) * m * m * m * h * (v - at(k::E_NA));
        let i_k = at(k::G_K) * n * n * n * n * (v - at(k::E_K));
        let i_l = at(k::G_L) * (v - at(k::E_L));
        let current = at(k::I_E) + R::load(&self.current[lane - self.first..]);
        [
            (s[y::I_EX] + s[y::I_IN] + current - i_na - i_k - i_l) / at(k::C_M),
            alpha_m * (c(1.0) - m) - beta_m * m,
            alpha_h * (c(1.0) - h) - beta_h * h,
            alpha_n * (c(1.0) - n) - beta_n * n,
            -s[y::Z_EX] / at(k::TAU_EX),
            s[y::Z_EX] - s[y::I_EX] / at(k::TAU_EX),
            -s[y::Z_IN] / at(k::TAU_IN),
            s[y::Z_IN] - s[y::I_IN] / at(k::TAU_IN),
        ]
    }
}

impl Dynamics<10, 12> for HhPscAlpha {
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 12] {
        [
            p.real("C_m"),
            p.real("g_Na"),
            p.real("g_K"),
            p.real("g_L"),
            p.real("E_Na"),
            p.real("E_K"),
            p.real("E_L"),
            p.real("I_e"),
            p.real("tau_syn_ex"),
            p.real("tau_syn_in"),
            grid.steps_up(p.real("t_ref")) as f64,
            grid.h(),
        ]
    }

    fn initial(_: &dyn Lookup, k: &[f64; 12]) -> [f64; 10] {
        let mut s = [0.0; 10];
        s[9] = k[k::H];
        s
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(c: C, lane: usize, s: &mut [R; 10], input: Arriving<R>) -> R::Mask {
        let at = |i| c.at::<R>(i, lane);
        let v_old = s[y::V];
        let mut current = [0.0; 8];
        input.current.store(&mut current);
        let membrane = Membrane { constants: c, current: &current, first: lane };
        let mut state: [R; 8] = std::array::from_fn(|i| s[i]);
        let mut size = s[9];
        let h = c.at::<f64>(k::H, lane);
        rkf45::advance(&membrane, lane, &mut state, &mut size, h, TOLERANCE);
        let gain = R::of(std::f64::consts::E);
        state[y::Z_EX] = state[y::Z_EX] + input.excitatory * gain / at(k::TAU_EX);
        state[y::Z_IN] = state[y::Z_IN] + input.inhibitory * gain / at(k::TAU_IN);
        // A spike is the first falling step above 0 mV that is not refractory.
        let r = s[8];
        let waiting = r.gt(R::of(0.0));
        let falling = R::and(state[y::V].ge(R::of(0.0)), v_old.gt(state[y::V]));
        let fired = R::and(falling, R::of(0.0).ge(r));
        let counted = R::select(waiting, r - R::of(1.0), r);
        s[..8].copy_from_slice(&state);
        s[8] = R::select(fired, at(k::REFRACTORY), counted);
        s[9] = size;
        fired
    }

    fn recordable(i: usize, s: &[f64; 10], _: &[f64; 12]) -> f64 {
        s[[y::V, y::M, y::H, y::N, y::I_EX, y::I_IN][i]]
    }
    fn state(name: &str, s: &[f64; 10], _: &[f64; 12]) -> f64 {
        s[place(name)]
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 10], _: &[f64; 12]) {
        s[place(name)] = x;
    }
}

fn place(state: &str) -> usize {
    match state {
        "Act_m" => y::M,
        "Inact_h" => y::H,
        "Act_n" => y::N,
        _ => y::V,
    }
}
