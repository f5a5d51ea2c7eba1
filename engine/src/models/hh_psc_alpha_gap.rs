//! Hodgkin-Huxley neuron of cortical interneurons that can be joined by gap junctions; alpha-shaped synaptic currents.
//!
//! C_m dV/dt = -g_Na m^3 h (V - E_Na) - (g_Kv1 n^4 + g_Kv3 p^2) (V - E_K) - g_L (V - E_L) + I_syn + I_gap + I_e + I
//! dx/dt = alpha_x (1 - x) - beta_x x for x = m, h, n, p
//!
//! Mancilla et al. 2007, J Neurosci 27:2058; Hahne et al. 2015, Front Neuroinform 9:22.

use super::declare::*;
use super::hh::{ACT_M, ACT_N, INACT_H, gate, linear_over_rise};
use super::parts::coupling::Current;
use super::parts::hodgkin_huxley::{Channels, GapJunctions, HodgkinHuxley};
use super::shared::*;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::kernels::Alpha;
use crate::mechanisms::lanes::Real;
use crate::runtime::parameters::{Declared, Parameters, declared, real as get};

pub const MODEL: Model = Model {
    name: "hh_psc_alpha_gap",
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
                    .in_steps()
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
    relations: &[],
    behaviour: Behaviour::neurons(
        HodgkinHuxley::<HhPscAlphaGap, FastSpiking, Current<Alpha>, GapJunctions>::make,
        &[Signal::Spikes, Signal::Potential],
    ),
    facts: Facts::NONE
        .also_called(&["HH with gap junctions", "fast-spiking interneuron", "electrically coupled cell"])
        .section(Section::HodgkinHuxley)
        .response(Response::Active(TimeCourse::Alpha))
        .spike(SpikeShape::upstroke(0.3)),
};

const ACT_P: Recordable = Recordable::new("Inact_p", "", "Activation p of fast potassium channels");

/// The declaration, to which the parts of the neuron refer.
pub struct HhPscAlphaGap;
declared!(HhPscAlphaGap);

/// The channels of fast-spiking interneurons: two kinds of potassium channels beside that of sodium.
pub struct FastSpiking;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Gates<R> {
    #[name = "Act_m"]
    m: R,
    #[name = "Inact_h"]
    h: R,
    #[name = "Act_n"]
    n: R,
    #[name = "Inact_p"]
    p: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Conductances<R> {
    g_na: R,
    g_kv1: R,
    g_kv3: R,
    e_na: R,
    e_k: R,
}

/// Above this potential (mV) the first falling step is a spike.
const THRESHOLD: f64 = 0.0;

impl Channels for FastSpiking {
    type Gates<R: Real> = Gates<R>;
    type Constants<R: Real> = Conductances<R>;
    const TOLERANCE: f64 = 1e-6;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Conductances<f64> {
        Conductances {
            g_na: get!(p, M, "g_Na"),
            g_kv1: get!(p, M, "g_Kv1"),
            g_kv3: get!(p, M, "g_Kv3"),
            e_na: get!(p, M, "E_Na"),
            e_k: get!(p, M, "E_K"),
        }
    }
    #[inline(always)]
    fn currents<R: Real>(k: &Conductances<R>, v: R, gates: &Gates<R>) -> [R; 2] {
        let Gates { m, h, n, p } = *gates;
        let i_na = k.g_na * (m * m * m * h) * (v - k.e_na);
        let i_k = (k.g_kv1 * (n * n * (n * n)) + k.g_kv3 * (p * p)) * (v - k.e_k);
        [i_na, i_k]
    }
    #[inline(always)]
    fn slopes<R: Real>(_: &Conductances<R>, v: R, gates: &Gates<R>) -> Gates<R> {
        let c = |x: f64| R::of(x);
        let rate = Channel { v };
        let alpha_n = c(0.014) * rate.linear(44.0, 2.3);
        let beta_n = c(0.0043) * rate.falling(44.0, 34.0);
        let alpha_m = c(40.0) * rate.linear(-75.5, 13.5);
        let beta_m = c(1.2262) * rate.falling(0.0, 42.248);
        let alpha_h = c(0.0035) * rate.falling(0.0, 24.186);
        let beta_h = c(0.017) * rate.linear(51.25, 5.2);
        let alpha_p = rate.linear(-95.0, 11.8);
        let beta_p = c(0.025) * rate.falling(0.0, 22.222);
        Gates {
            m: gate(gates.m, alpha_m, beta_m),
            h: gate(gates.h, alpha_h, beta_h),
            n: gate(gates.n, alpha_n, beta_n),
            p: gate(gates.p, alpha_p, beta_p),
        }
    }
    #[inline(always)]
    fn threshold<R: Real>(_: &Conductances<R>) -> R {
        R::of(THRESHOLD)
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
