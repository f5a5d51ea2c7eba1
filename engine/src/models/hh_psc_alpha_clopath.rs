//! Hodgkin-Huxley neuron with alpha-shaped synaptic currents whose low-passed potential guides voltage-based plasticity.
//!
//! C_m dV/dt = -g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L) + I_syn + I_e + I
//! dx/dt = alpha_x (1 - x) - beta_x x for x = m, h, n
//! tau_u_bar dū/dt = V - ū for ū+ and ū-; tau_u_bar_bar dū̄/dt = ū- - ū̄
//!
//! Hodgkin & Huxley 1952, J Physiol 117:500; Clopath et al. 2010, Nat Neurosci 13:344.

use super::declare::*;
use super::hh::{ACT_M, ACT_N, INACT_H, SodiumPotassium, SodiumPotassiumGates};
use super::hh_psc_alpha::{ALPHA_CURRENTS, H_AT_FIRST, M_AT_FIRST, N_AT_FIRST, NEURON, SquidAxon, V_M_AT_FIRST};
use super::parts::coupling::Current;
use super::parts::hodgkin_huxley::{Channels, HodgkinHuxley};
use super::shared::*;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::kernels::Alpha;
use crate::mechanisms::lanes::Real;
use crate::runtime::parameters::{Declared, Parameters, declared, real as get};

pub const MODEL: Model = Model {
    name: "hh_psc_alpha_clopath",
    title: "Hodgkin-Huxley neuron, voltage-based plasticity",
    doc: "Sodium and potassium channels of the squid axon; its low-passed potential guides the plasticity of its synapses",
    equations: "C_m dV/dt = -g_Na m³ h (V - E_Na) - g_K n⁴ (V - E_K) - g_L (V - E_L) + I_syn + I_e\ndx/dt = alpha_x (1 - x) - beta_x x, x = m, h, n\ntau_u_bar dū/dt = V - ū\nV ≥ 0 mV and past its peak: spike",
    reference: "Hodgkin & Huxley 1952, J Physiol 117:500; Clopath et al. 2010, Nat Neurosci 13:344",
    groups: &[
        NEURON,
        ALPHA_CURRENTS,
        Group {
            title: "Low-passed potentials",
            parameters: &[
                real("tau_u_bar_plus", "ms", 114.0).above(0.0).slider(1.0, 200.0).doc("Time constant for potentiation"),
                real("tau_u_bar_minus", "ms", 10.0).above(0.0).slider(1.0, 100.0).doc("Time constant for depression"),
                real("tau_u_bar_bar", "ms", 500.0)
                    .above(0.0)
                    .slider(10.0, 5000.0)
                    .doc("Time constant of the homeostatic average"),
            ],
        },
        CLOPATH_ARCHIVE,
        Group {
            title: "Initial state",
            parameters: &[
                V_M_AT_FIRST,
                M_AT_FIRST,
                H_AT_FIRST,
                N_AT_FIRST,
                state("u_bar_plus", "mV", 0.0).slider(-90.0, 40.0).doc(U_BAR_PLUS.doc),
                state("u_bar_minus", "mV", 0.0).slider(-90.0, 40.0).doc(U_BAR_MINUS.doc),
                state("u_bar_bar", "mV", 0.0).slider(-90.0, 40.0).doc(U_BAR_BAR.doc),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, ACT_M, INACT_H, ACT_N, I_SYN_EX, I_SYN_IN, U_BAR_PLUS, U_BAR_MINUS, U_BAR_BAR],
    ports: &spikes_and_currents("pA"),
    relations: &[],
    behaviour: Behaviour::neurons(
        HodgkinHuxley::<HhPscAlphaClopath, LowPassed, Current<Alpha>>::make,
        &[Signal::Spikes],
    ),
    facts: Facts::NONE
        .also_called(&["HH, Clopath", "Hodgkin-Huxley for voltage-based plasticity"])
        .section(Section::HodgkinHuxley)
        .response(Response::Active(TimeCourse::Alpha))
        .spike(SpikeShape::upstroke(0.3))
        .bytes(clopath_bytes),
};

/// The declaration, to which the parts of the neuron refer.
pub struct HhPscAlphaClopath;
declared!(HhPscAlphaClopath);

/// The channels of the squid axon, and the potential low-passed in three ways.
pub struct LowPassed;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Gates<R> {
    #[name = "Act_m"]
    m: R,
    #[name = "Inact_h"]
    h: R,
    #[name = "Act_n"]
    n: R,
    #[name = "u_bar_plus"]
    u_plus: R,
    #[name = "u_bar_minus"]
    u_minus: R,
    #[name = "u_bar_bar"]
    u_bar: R,
}

impl<R: Real> Gates<R> {
    #[inline(always)]
    fn channels(&self) -> SodiumPotassiumGates<R> {
        SodiumPotassiumGates { m: self.m, h: self.h, n: self.n }
    }
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R> {
    channels: SodiumPotassium<R>,
    per_tau_plus: R,
    per_tau_minus: R,
    per_tau_bar: R,
}

impl Channels for LowPassed {
    type Gates<R: Real> = Gates<R>;
    type Constants<R: Real> = Constants<R>;
    const TOLERANCE: f64 = SquidAxon::TOLERANCE;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Constants<f64> {
        Constants {
            channels: SquidAxon::constants(p),
            per_tau_plus: 1.0 / get!(p, M, "tau_u_bar_plus"),
            per_tau_minus: 1.0 / get!(p, M, "tau_u_bar_minus"),
            per_tau_bar: 1.0 / get!(p, M, "tau_u_bar_bar"),
        }
    }
    #[inline(always)]
    fn currents<R: Real>(k: &Constants<R>, v: R, gates: &Gates<R>) -> [R; 2] {
        SquidAxon::currents(&k.channels, v, &gates.channels())
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &Constants<R>, v: R, gates: &Gates<R>) -> Gates<R> {
        let SodiumPotassiumGates { m, h, n } = SquidAxon::slopes(&k.channels, v, &gates.channels());
        Gates {
            m,
            h,
            n,
            u_plus: (v - gates.u_plus) * k.per_tau_plus,
            u_minus: (v - gates.u_minus) * k.per_tau_minus,
            u_bar: (gates.u_minus - gates.u_bar) * k.per_tau_bar,
        }
    }
    #[inline(always)]
    fn threshold<R: Real>(k: &Constants<R>) -> R {
        SquidAxon::threshold(&k.channels)
    }
}
