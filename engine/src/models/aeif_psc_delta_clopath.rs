//! Adaptive exponential integrate-and-fire neuron for voltage-based plasticity: clamped spikes, an afterpotential,
//! a moving threshold and low-passed potentials; spikes that arrive make the potential jump.
//!
//! C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th)/Delta_T) - w + z + I_e + I
//! tau_w dw/dt = a (V - E_L) - w,  tau_z dz/dt = -z,  tau_V_th dV_th/dt = V_th_rest - V_th
//! tau_u_bar dū/dt = V - ū for ū+ and ū-; tau_u_bar_bar dū̄/dt = ū- - ū̄
//! V ≥ V_peak: spike, V = V_clamp for t_clamp, then V_reset; w += b, z = I_sp, V_th = V_th_max
//!
//! Clopath et al. 2010, Nat Neurosci 13:344; Clopath & Gerstner 2010, Front Synaptic Neurosci 2:25.

use super::aeif::{self, ADAPTATION, C_M, DELTA_T, E_L, G_L, I_E, SOLVER, T_REF, V_RESET, W};
use super::declare::*;
use super::parts::adex::{Membrane, count_down, give_up, waiting_steps};
use super::shared::*;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::random::Stream;
use crate::mechanisms::rkf45::{Allowed, DecaySet};
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::equations::{Equations, Solved};
use crate::runtime::neurons::lists::Lists;
use crate::runtime::neurons::readings::Readings;
use crate::runtime::neurons::receptors::NoReceptors;
use crate::runtime::parameters::{Parameters, declared, real as get};

pub const MODEL: Model = Model {
    name: "aeif_psc_delta_clopath",
    title: "Adaptive exponential, voltage-based plasticity",
    doc: "Adaptive exponential integrate-and-fire neuron whose low-passed potential guides the plasticity of its synapses",
    equations: "C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th) / Delta_T) - w + z + I_e\ntau_w dw/dt = a (V - E_L) - w\ntau_z dz/dt = -z, tau_V_th dV_th/dt = V_th_rest - V_th\nV ≥ V_peak: spike, V = V_clamp for t_clamp, then V_reset; w += b, z = I_sp, V_th = V_th_max",
    reference: "Clopath et al. 2010, Nat Neurosci 13:344",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                I_E,
                V_RESET,
                real("V_peak", "mV", 33.0).slider(-40.0, 60.0).doc("Potential at which a spike counts"),
                T_REF,
                DELTA_T,
                G_L,
                C_M,
                E_L,
            ],
        },
        ADAPTATION,
        Group {
            title: "Threshold and afterpotential",
            parameters: &[
                real("V_th_rest", "mV", -50.4).main(-70.0, -30.0).doc("Threshold at rest"),
                real("V_th_max", "mV", 30.4).slider(-50.0, 60.0).doc("Threshold right after a spike"),
                real("tau_V_th", "ms", 50.0)
                    .above(0.0)
                    .slider(1.0, 200.0)
                    .doc("Time in which the threshold comes down"),
                real("I_sp", "pA", 400.0).slider(0.0, 1000.0).doc("Depolarising current after a spike"),
                real("tau_z", "ms", 40.0).above(0.0).slider(1.0, 200.0).doc("Decay time of that current"),
            ],
        },
        Group {
            title: "Clamp",
            parameters: &[
                real("V_clamp", "mV", 33.0).slider(-40.0, 60.0).doc("Potential during a spike"),
                real("t_clamp", "ms", 2.0).at_least(0.0).slider(0.0, 10.0).in_steps().doc("Duration of a spike"),
            ],
        },
        Group {
            title: "Low-passed potentials",
            parameters: &[
                real("tau_u_bar_plus", "ms", 7.0).above(0.0).slider(1.0, 100.0).doc("Time constant for potentiation"),
                real("tau_u_bar_minus", "ms", 10.0).above(0.0).slider(1.0, 100.0).doc("Time constant for depression"),
                real("tau_u_bar_bar", "ms", 500.0)
                    .above(0.0)
                    .slider(10.0, 5000.0)
                    .doc("Time constant of the homeostatic average"),
            ],
        },
        CLOPATH_ARCHIVE,
        SOLVER,
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -70.6).slider(-90.0, -40.0).doc("Membrane potential"),
                state("w", "pA", 0.0).doc("Adaptation current"),
                state("u_bar_plus", "mV", -70.6).slider(-90.0, -40.0).doc(U_BAR_PLUS.doc),
                state("u_bar_minus", "mV", -70.6).slider(-90.0, -40.0).doc(U_BAR_MINUS.doc),
                state("u_bar_bar", "mV", -70.6).slider(-90.0, -40.0).doc(U_BAR_BAR.doc),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[
        V_M,
        W,
        Recordable::new("z", "pA", "Depolarising current after a spike"),
        Recordable::new("V_th", "mV", "Threshold"),
        U_BAR_PLUS,
        U_BAR_MINUS,
        U_BAR_BAR,
    ],
    ports: &spikes_and_currents("mV"),
    relations: &[
        Relation::NotGreater("V_th_rest", "V_peak"),
        Relation::NotGreater("V_th_rest", "V_th_max"),
        Relation::Less("V_reset", "V_peak"),
        aeif::exponent_fits("V_th_rest"),
    ],
    behaviour: Behaviour::neurons(Solved::<AeifPscDeltaClopath>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["AdEx, Clopath", "Clopath neuron"])
        .section(Section::Adaptive)
        .spike(SpikeShape::upstroke(0.3))
        .bytes(clopath_bytes),
};

pub struct AeifPscDeltaClopath;
declared!(AeifPscDeltaClopath);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Components<R> {
    #[name = "V_m"]
    v: R,
    #[name = "w"]
    w: R,
    /// The depolarising current after a spike.
    #[name = "z"]
    z: R,
    #[name = "V_th"]
    v_th: R,
    #[name = "u_bar_plus"]
    u_plus: R,
    #[name = "u_bar_minus"]
    u_minus: R,
    #[name = "u_bar_bar"]
    u_bar: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Still<R> {
    /// Steps left of the refractory period, and of the clamp.
    refractory: R,
    clamped: R,
    /// Spikes of the step.
    spikes: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R> {
    membrane: Membrane<R>,
    per_tau_z: R,
    per_tau_v_th: R,
    v_th_max: R,
    i_sp: R,
    v_clamp: R,
    /// Steps of the clamp, counted with the one of the spike.
    clamp: R,
    per_tau_plus: R,
    per_tau_minus: R,
    per_tau_bar: R,
}

/// The threshold at first (mV), whatever `V_th_rest` is set to.
const INITIAL_THRESHOLD: f64 = -50.4;

impl Equations for AeifPscDeltaClopath {
    type Components<R: Real> = Components<R>;
    type Still<R: Real> = Still<R>;
    type Constants<R: Real> = Constants<R>;
    type Receptors = NoReceptors;
    const READINGS: Readings = Readings::of::<Components<f64>>();
    const DECAYS: DecaySet = DecaySet::one(place!(Components<f64>, z), place!(Constants<f64>, per_tau_z));
    const FIRES: bool = true;

    fn constants(p: &Parameters<'_, Self>) -> Constants<f64> {
        Constants {
            membrane: Membrane::of(p, get!(p, Self, "V_th_rest")),
            per_tau_z: 1.0 / get!(p, Self, "tau_z"),
            per_tau_v_th: 1.0 / get!(p, Self, "tau_V_th"),
            v_th_max: get!(p, Self, "V_th_max"),
            i_sp: get!(p, Self, "I_sp"),
            v_clamp: get!(p, Self, "V_clamp"),
            clamp: waiting_steps(p, get!(p, Self, "t_clamp")),
            per_tau_plus: 1.0 / get!(p, Self, "tau_u_bar_plus"),
            per_tau_minus: 1.0 / get!(p, Self, "tau_u_bar_minus"),
            per_tau_bar: 1.0 / get!(p, Self, "tau_u_bar_bar"),
        }
    }
    fn initial(y: &mut Components<f64>, _: &mut Still<f64>) {
        y.v_th = INITIAL_THRESHOLD;
    }
    fn fire(_: &Components<f64>, s: &mut Still<f64>, _: &Constants<f64>, _: &mut Stream) -> u32 {
        s.spikes as u32
    }

    #[inline(always)]
    fn allowed<R: Real>(k: &Constants<R>) -> Allowed<R> {
        k.membrane.allowed()
    }
    #[inline(always)]
    fn begin<R: Real, L: Coefficients>(
        _: &Constants<R>,
        _: &Components<R>,
        s: &mut Still<R>,
        _: &mut Lists<'_, L>,
        _: &Arriving<'_, R>,
    ) {
        s.spikes = R::of(0.0);
    }
    #[inline(always)]
    fn jump<R: Real>(input: &Arriving<'_, R>) -> R {
        input.excitatory + input.inhibitory
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &Constants<R>, y: &Components<R>, s: &Still<R>, current: R, _: &()) -> Components<R> {
        let (m, zero) = (&k.membrane, R::of(0.0));
        let (waiting, clamped) = (s.refractory.gt(zero), s.clamped.gt(zero));
        let u = R::select(clamped, k.v_clamp, m.effective(y.v, s.refractory));
        let slope = m.slope(u, y.v_th, current - y.w + y.z);
        Components {
            v: R::select(R::or(clamped, waiting), zero, slope),
            w: R::select(clamped, zero, m.adaptation(u, y.w)),
            z: -y.z * k.per_tau_z,
            v_th: (m.v_th - y.v_th) * k.per_tau_v_th,
            u_plus: (u - y.u_plus) * k.per_tau_plus,
            u_minus: (u - y.u_minus) * k.per_tau_minus,
            u_bar: (y.u_minus - y.u_bar) * k.per_tau_bar,
        }
    }
    /// Spikes that arrive count after the first sub-step, unless the neuron is clamped or refractory.
    #[inline(always)]
    fn moved<R: Real>(k: &Constants<R>, y: &mut Components<R>, s: &mut Still<R>, who: R::Mask, jump: R) {
        let (m, zero, one) = (&k.membrane, R::of(0.0), R::of(1.0));
        give_up(&mut y.v, &mut y.w, who);
        let free = R::and(who, zero.ge(s.clamped));
        let v = R::select(R::and(free, zero.ge(s.refractory)), y.v + jump, y.v);
        let sharp = zero.ge(m.per_delta_t);
        let fires = R::and(free, R::spike(v, R::select(sharp, y.v_th, m.v_peak)));
        let released = R::and(who, R::and(s.clamped.ge(one), one.ge(s.clamped)));
        let v = R::select(released, m.reset, R::select(fires, k.v_clamp, v));
        let refractory = R::select(released, m.refractory, s.refractory);
        y.v = R::select(R::and(who, refractory.gt(zero)), m.reset, v);
        y.w = R::select(fires, y.w + m.b, y.w);
        y.z = R::select(fires, k.i_sp, y.z);
        y.v_th = R::select(fires, k.v_th_max, y.v_th);
        s.refractory = refractory;
        s.clamped = R::select(released, zero, R::select(fires, k.clamp, s.clamped));
        s.spikes = R::select(fires, s.spikes + one, s.spikes);
    }
    #[inline(always)]
    fn end<R: Real, L: Coefficients>(
        _: &Constants<R>,
        _: &mut Components<R>,
        s: &mut Still<R>,
        _: &mut Lists<'_, L>,
        _: &Arriving<'_, R>,
    ) -> R::Mask {
        count_down(&mut s.clamped);
        count_down(&mut s.refractory);
        R::drawn(s.spikes, R::of(0.0))
    }
}
