//! Hodgkin-Huxley neuron of the hippocampus, as simplified for network benchmarks, with exponential conductances.
//!
//! C_m dV/dt = -g_Na m^3 h (V - E_Na) - g_K n^4 (V - E_K) - g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e + I
//! dx/dt = alpha_x (1 - x) - beta_x x for x = m, h, n, with rates of V - V_T
//!
//! Traub & Miles 1991, Neuronal Networks of the Hippocampus; Brette et al. 2007, J Comput Neurosci 23:349.

use super::declare::*;
use super::hh::{
    ACT_M, ACT_N, INACT_H, SodiumPotassium, SodiumPotassiumGates, gate, linear_over_rise, linear_over_rise_of,
};
use super::parts::coupling::Conductance;
use super::parts::hodgkin_huxley::{Channels, HodgkinHuxley};
use super::shared::*;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::kernels::Exp;
use crate::mechanisms::lanes::Real;
use crate::runtime::parameters::{Declared, Parameters, declared, real as get};

pub const MODEL: Model = Model {
    name: "hh_cond_exp_traub",
    title: "Hodgkin-Huxley neuron, conductances",
    doc: "Sodium and potassium channels of hippocampal pyramidal cells; synaptic conductances",
    equations: "C_m dV/dt = -g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e\ndx/dt = alpha_x (1 - x) - beta_x x, x = m, h, n, rates of V - V_T\ntau_syn dg/dt = -g, spike: g += |w|\nV ≥ V_T + 30 mV and past its peak: spike",
    reference: "Traub & Miles 1991; Brette et al. 2007, J Comput Neurosci 23:349",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-500.0, 2000.0).doc("Constant input current"),
                real("g_Na", "nS", 20000.0).main(0.0, 40000.0).doc("Sodium conductance, all channels open"),
                real("g_K", "nS", 6000.0).main(0.0, 20000.0).doc("Potassium conductance, all channels open"),
                real("g_L", "nS", 10.0).slider(0.0, 100.0).doc("Leak conductance"),
                real("C_m", "pF", 200.0).above(0.0).slider(10.0, 500.0).doc("Membrane capacitance"),
                real("V_T", "mV", -63.0).slider(-80.0, -40.0).doc("Shifts the rates of all channels"),
                real("E_Na", "mV", 50.0).slider(0.0, 100.0).doc("Sodium reversal potential"),
                real("E_K", "mV", -90.0).slider(-120.0, -50.0).doc("Potassium reversal potential"),
                real("E_L", "mV", -60.0).slider(-90.0, -40.0).doc("Leak reversal potential"),
                real("t_ref", "ms", 2.0)
                    .at_least(0.0)
                    .slider(0.0, 20.0)
                    .in_steps()
                    .doc("Time after a spike in which no other is registered"),
            ],
        },
        Group {
            title: "Synaptic input",
            parameters: &[
                real("E_ex", "mV", 0.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
                real("E_in", "mV", -80.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
                real("tau_syn_ex", "ms", 5.0).above(0.0).slider(0.1, 20.0).doc("Decay time of excitatory conductance"),
                real("tau_syn_in", "ms", 10.0).above(0.0).slider(0.1, 20.0).doc("Decay time of inhibitory conductance"),
            ],
        },
        GATES_AT_FIRST,
        PLASTICITY,
    ],
    recordables: &[V_M, ACT_M, INACT_H, ACT_N, G_EX, G_IN],
    ports: &spikes_and_currents("nS"),
    relations: &[],
    behaviour: Behaviour::neurons(
        HodgkinHuxley::<HhCondExpTraub, Hippocampal, Conductance<Exp>>::make,
        &[Signal::Spikes],
    ),
    facts: Facts::NONE
        .also_called(&["HH, conductances", "Traub-Miles", "pyramidal cell"])
        .section(Section::HodgkinHuxley)
        .spike(SpikeShape::upstroke(0.3)),
};

/// Membrane and gates of these cells at first.
pub const GATES_AT_FIRST: Group = Group {
    title: "Initial state",
    // The gates rest at -60 mV with rates of V, not of V - V_T, as in NEST; they relax in the first milliseconds.
    parameters: &[
        state("V_m", "mV", -60.0).slider(-90.0, 40.0).doc("Membrane potential"),
        state("Act_m", "", 9.895563096746586e-9).at_least(0.0).slider(0.0, 1.0).doc("Sodium activation m"),
        state("Inact_h", "", 0.999999999106396).at_least(0.0).slider(0.0, 1.0).doc("Sodium inactivation h"),
        state("Act_n", "", 2.551577051602551e-7).at_least(0.0).slider(0.0, 1.0).doc("Potassium activation n"),
    ],
};

/// The declaration, to which the parts of the neuron refer.
pub struct HhCondExpTraub;
declared!(HhCondExpTraub);

/// The channels of hippocampal pyramidal cells, with rates of V − V_T.
pub struct Hippocampal;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Shifted<R> {
    channels: SodiumPotassium<R>,
    v_t: R,
}

/// This far above V_T (mV) the first falling step is a spike.
const THRESHOLD: f64 = 30.0;
/// e^3, e^3.25 and e^8: what shifts e^(−W/5) and e^(−W/4) to where the rates have them.
const E3: f64 = 20.085_536_923_187_668;
const E3_25: f64 = 25.790_339_917_193_062;
const E8: f64 = 2_980.957_987_041_728_3;
/// e^¼ and e^(17/18).
const E1_4: f64 = 1.284_025_416_687_741_4;
const E17_18: f64 = 2.571_384_434_788_029_7;

impl Channels for Hippocampal {
    type Gates<R: Real> = SodiumPotassiumGates<R>;
    type Constants<R: Real> = Shifted<R>;
    const TOLERANCE: f64 = 1e-3;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Shifted<f64> {
        Shifted { channels: SodiumPotassium::of(p), v_t: get!(p, M, "V_T") }
    }
    #[inline(always)]
    fn currents<R: Real>(k: &Shifted<R>, v: R, gates: &SodiumPotassiumGates<R>) -> [R; 2] {
        k.channels.currents(v, gates)
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &Shifted<R>, v: R, gates: &SodiumPotassiumGates<R>) -> SodiumPotassiumGates<R> {
        let c = |x: f64| R::of(x);
        // The rates need e^(−W/40), its 8th and 10th power, and e^(−W/18): powers 9, 72, 90 and 20 of one number.
        let w = v - k.v_t;
        let p1 = R::exp(w * c(-1.0 / 360.0));
        let p2 = p1 * p1;
        let p4 = p2 * p2;
        let p5 = p4 * p1;
        let p10 = p5 * p5;
        let p18 = (p5 * p4) * (p5 * p4);
        let p36 = p18 * p18;
        let (e40, e18, e5) = (p5 * p4, p10 * p10, p36 * p36);
        let e4 = e5 * p18;
        let alpha_n = c(0.032) * linear_over_rise(w - c(15.0), e5 * c(E3), 5.0);
        let beta_n = c(0.5 * E1_4) * e40;
        let alpha_m = c(0.32) * linear_over_rise(w - c(13.0), e4 * c(E3_25), 4.0);
        let e5_40 = e5 * c(E8);
        let beta_m = c(0.28) * linear_over_rise_of(c(40.0) - w, e5_40, 5.0);
        let alpha_h = c(0.128 * E17_18) * e18;
        let beta_h = c(4.0) / (c(1.0) + e5_40);
        SodiumPotassiumGates {
            m: gate(gates.m, alpha_m, beta_m),
            h: gate(gates.h, alpha_h, beta_h),
            n: gate(gates.n, alpha_n, beta_n),
        }
    }
    #[inline(always)]
    fn threshold<R: Real>(k: &Shifted<R>) -> R {
        k.v_t + R::of(THRESHOLD)
    }
}
