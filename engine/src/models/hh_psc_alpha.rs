//! Hodgkin-Huxley neuron with alpha-shaped synaptic currents.
//!
//! C_m dV/dt = -g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L) + I_syn + I_e + I
//! dx/dt = alpha_x (1 - x) - beta_x x for x = m, h, n
//!
//! Hodgkin & Huxley 1952, J Physiol 117:500; Gerstner & Kistler 2002, Spiking Neuron Models.

use super::declare::*;
use super::hh::{ACT_M, ACT_N, INACT_H, SodiumPotassium, SodiumPotassiumGates, gate, linear_over_rise};
use super::parts::coupling::Current;
use super::parts::hodgkin_huxley::{Channels, HodgkinHuxley};
use super::shared::*;
use crate::mechanisms::kernels::Alpha;
use crate::mechanisms::lanes::Real;
use crate::runtime::parameters::{Declared, Parameters, declared};

/// The membrane of the squid axon.
pub const NEURON: Group = Group {
    title: "Neuron",
    parameters: &[
        real("I_e", "pA", 0.0).main(-500.0, 2000.0).doc("Constant input current"),
        real("g_Na", "nS", 12000.0).at_least(0.0).main(0.0, 24000.0).doc("Sodium conductance, all channels open"),
        real("g_K", "nS", 3600.0).at_least(0.0).main(0.0, 10000.0).doc("Potassium conductance, all channels open"),
        real("g_L", "nS", 30.0).at_least(0.0).slider(0.0, 200.0).doc("Leak conductance"),
        real("C_m", "pF", 100.0).above(0.0).slider(10.0, 500.0).doc("Membrane capacitance"),
        real("E_Na", "mV", 50.0).slider(0.0, 100.0).doc("Sodium reversal potential"),
        real("E_K", "mV", -77.0).slider(-120.0, -50.0).doc("Potassium reversal potential"),
        real("E_L", "mV", -54.402).slider(-90.0, -40.0).doc("Leak reversal potential"),
        real("t_ref", "ms", 2.0)
            .at_least(0.0)
            .slider(0.0, 20.0)
            .in_steps()
            .doc("Time after a spike in which no other is registered"),
    ],
};

pub const ALPHA_CURRENTS: Group = Group {
    title: "Synaptic input",
    parameters: &[
        real("tau_syn_ex", "ms", 0.2).above(0.0).slider(0.1, 20.0).doc("Rise time of excitatory currents"),
        real("tau_syn_in", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time of inhibitory currents"),
    ],
};

pub const V_M_AT_FIRST: Parameter = state("V_m", "mV", -65.0).slider(-90.0, 40.0).doc("Membrane potential");
pub const M_AT_FIRST: Parameter =
    state("Act_m", "", 0.05293248525724958).at_least(0.0).slider(0.0, 1.0).doc("Sodium activation m");
pub const H_AT_FIRST: Parameter =
    state("Inact_h", "", 0.5961207535084603).at_least(0.0).slider(0.0, 1.0).doc("Sodium inactivation h");
pub const N_AT_FIRST: Parameter =
    state("Act_n", "", 0.3176769140606974).at_least(0.0).slider(0.0, 1.0).doc("Potassium activation n");

pub const MODEL: Model = Model {
    name: "hh_psc_alpha",
    title: "Hodgkin-Huxley neuron",
    doc: "Sodium and potassium channels of the squid axon; alpha-shaped synaptic currents",
    equations: "C_m dV/dt = -g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L) + I_syn + I_e\ndx/dt = alpha_x (1 - x) - beta_x x, x = m, h, n\nV ≥ 0 mV and past its peak: spike",
    reference: "Hodgkin & Huxley 1952, J Physiol 117:500",
    groups: &[
        NEURON,
        ALPHA_CURRENTS,
        Group { title: "Initial state", parameters: &[V_M_AT_FIRST, M_AT_FIRST, H_AT_FIRST, N_AT_FIRST] },
        PLASTICITY,
    ],
    recordables: &[V_M, ACT_M, INACT_H, ACT_N, I_SYN_EX, I_SYN_IN],
    ports: &spikes_and_currents("pA"),
    relations: &[],
    behaviour: Behaviour::neurons(HodgkinHuxley::<HhPscAlpha, SquidAxon, Current<Alpha>>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["HH", "squid axon", "action potential", "ion channels"])
        .section(Section::HodgkinHuxley)
        .response(Response::Active(TimeCourse::Alpha))
        .spike(SpikeShape::upstroke(0.3)),
};

/// The declaration, to which the parts of the neuron refer.
pub struct HhPscAlpha;
declared!(HhPscAlpha);

/// The channels of the squid axon.
pub struct SquidAxon;

/// Above this potential (mV) the first falling step is a spike.
const THRESHOLD: f64 = 0.0;
/// e^1, e^2.5 and e^3: what shifts e^(−(V + 65)/10) to −55, −40 and −35 mV.
const E1: f64 = std::f64::consts::E;
const E2_5: f64 = 12.182_493_960_703_473;
const E3: f64 = 20.085_536_923_187_668;

impl Channels for SquidAxon {
    type Gates<R: Real> = SodiumPotassiumGates<R>;
    type Constants<R: Real> = SodiumPotassium<R>;
    const TOLERANCE: f64 = 1e-3;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> SodiumPotassium<f64> {
        SodiumPotassium::of(p)
    }
    #[inline(always)]
    fn currents<R: Real>(k: &SodiumPotassium<R>, v: R, gates: &SodiumPotassiumGates<R>) -> [R; 2] {
        k.currents(v, gates)
    }
    #[inline(always)]
    fn slopes<R: Real>(_: &SodiumPotassium<R>, v: R, gates: &SodiumPotassiumGates<R>) -> SodiumPotassiumGates<R> {
        let c = |x: f64| R::of(x);
        // The rates need e^(−V/80), its 4th and 8th power, and e^(−V/18).
        let rest = v + c(65.0);
        let e80 = R::exp(rest * c(-1.0 / 80.0));
        let e40 = e80 * e80;
        let e20 = e40 * e40;
        let e10 = e20 * e20;
        let alpha_n = c(0.01) * linear_over_rise(v + c(55.0), e10 * c(E1), 10.0);
        let beta_n = c(0.125) * e80;
        let alpha_m = c(0.1) * linear_over_rise(v + c(40.0), e10 * c(E2_5), 10.0);
        let beta_m = c(4.0) * R::exp(rest * c(-1.0 / 18.0));
        let alpha_h = c(0.07) * e20;
        let beta_h = c(1.0) / (c(1.0) + e10 * c(E3));
        SodiumPotassiumGates {
            m: gate(gates.m, alpha_m, beta_m),
            h: gate(gates.h, alpha_h, beta_h),
            n: gate(gates.n, alpha_n, beta_n),
        }
    }
    #[inline(always)]
    fn threshold<R: Real>(_: &SodiumPotassium<R>) -> R {
        R::of(THRESHOLD)
    }
}
