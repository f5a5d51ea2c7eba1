//! Leaky integrate-and-fire neuron with AMPA, GABA and NMDA conductances; each NMDA synapse has a gate of its own, which
//! saturates.
//!
//! As `iaf_bw_2001`, but s_NMDA = sum_j w_j S_j over synapses: dS_j/dt = -S_j/tau_decay + alpha x_j (1 - S_j),
//! dx_j/dt = -x_j/tau_rise, a spike adds 1 to x_j
//!
//! Brunel & Wang 2001, J Comput Neurosci 11:63; Wang 1999, J Neurosci 19:9587; Wang 2002, Neuron 36:955.

use super::declare::*;
use super::iaf_bw_2001::{
    I_AMPA, I_GABA, I_NMDA, MODEL as APPROXIMATE, NEURON, S_AMPA, S_GABA, S_NMDA, SOLVER, SYNAPTIC_INPUT, unblocked,
};
use super::shared::*;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::membrane::fire_and_reset;
use crate::mechanisms::rkf45::{Allowed, DecaySet};
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::equations::{Equations, Solved, still};
use crate::runtime::neurons::lists::Lists;
use crate::runtime::neurons::readings::Readings;
use crate::runtime::neurons::receptors::NoReceptors;
use crate::runtime::parameters::{Parameters, declared, real as get};

pub const MODEL: Model = Model {
    name: "iaf_bw_2001_exact",
    title: "Integrate-and-fire, AMPA, GABA and a gate for each NMDA synapse",
    doc: "Leaky integrate-and-fire neuron with AMPA, GABA and NMDA conductances; each NMDA synapse has a gate that saturates",
    equations: "C_m dV/dt = -g_L (V - E_L) - s_AMPA (V - E_ex) - s_GABA (V - E_in) - s_NMDA (V - E_ex) / (1 + conc_Mg2 exp(-0.062 V) / 3.57)\ntau ds/dt = -s, spike: s += w at AMPA and GABA\ns_NMDA = sum_j w_j S_j, dS_j/dt = -S_j / tau_decay_NMDA + alpha x_j (1 - S_j), dx_j/dt = -x_j / tau_rise_NMDA, spike: x_j += 1\nV ≥ V_th: spike, V = V_reset for t_ref",
    groups: &[
        NEURON,
        SYNAPTIC_INPUT,
        SOLVER,
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", -70.0).slider(-90.0, -40.0).doc("Membrane potential"),
                state("s_AMPA", "nS", 0.0).doc(S_AMPA.doc),
                state("s_GABA", "nS", 0.0).doc(S_GABA.doc),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, S_AMPA, S_GABA, S_NMDA, I_AMPA, I_GABA, I_NMDA],
    ports: &[
        Port::spikes(1, "nS", "Fast excitation").named("AMPA").reverses_at("E_ex"),
        Port::spikes(2, "nS", "Inhibition").named("GABA").reverses_at("E_in"),
        Port::spikes(3, "nS", "Slow excitation, with a gate for each synapse")
            .named("NMDA")
            .reverses_at("E_ex")
            .gated(["alpha", "tau_rise_NMDA", "tau_decay_NMDA"]),
        Port::currents(0, "Currents into the membrane"),
    ],
    behaviour: Behaviour::neurons(Solved::<IafBw2001Exact>::make, &[Signal::Spikes]),
    facts: APPROXIMATE.facts.also_called(&["Brunel-Wang neuron, exact NMDA", "saturating NMDA synapses"]),
    ..APPROXIMATE
};

pub struct IafBw2001Exact;
declared!(IafBw2001Exact);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Components<R> {
    #[name = "V_m"]
    v: R,
    #[name = "s_AMPA"]
    ampa: R,
    #[name = "s_GABA"]
    gaba: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Still<R> {
    /// Steps left of the refractory period.
    refractory: R,
    #[name = "I_AMPA"]
    i_ampa: R,
    #[name = "I_GABA"]
    i_gaba: R,
    #[name = "I_NMDA"]
    i_nmda: R,
    /// NMDA conductance and its slope in a step, at the beginning and at the end of the step.
    begin: [R; 2],
    #[name = "s_NMDA"]
    end: [R; 2],
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R> {
    per_c_m: R,
    g_l: R,
    e_l: R,
    e_ex: R,
    e_in: R,
    threshold: R,
    reset: R,
    /// Steps of the refractory period.
    refractory: R,
    ampa: R,
    gaba: R,
    /// conc_Mg2/3.57.
    magnesium: R,
    tolerance: R,
    per_h: R,
}

/// The first inlet of the NMDA receptors.
const GATES: usize = 2;

impl Equations for IafBw2001Exact {
    type Components<R: Real> = Components<R>;
    type Still<R: Real> = Still<R>;
    type Constants<R: Real> = Constants<R>;
    type Receptors = NoReceptors;
    const READINGS: Readings =
        Readings::of::<Components<f64>>().and_those(Readings::of::<Still<f64>>(), still::<Self>());
    const DECAYS: DecaySet = DecaySet::one(place!(Components<f64>, ampa), place!(Constants<f64>, ampa))
        .and(place!(Components<f64>, gaba), place!(Constants<f64>, gaba));

    fn constants(p: &Parameters<'_, Self>) -> Constants<f64> {
        Constants {
            per_c_m: 1.0 / get!(p, Self, "C_m"),
            g_l: get!(p, Self, "g_L"),
            e_l: get!(p, Self, "E_L"),
            e_ex: get!(p, Self, "E_ex"),
            e_in: get!(p, Self, "E_in"),
            threshold: get!(p, Self, "V_th"),
            reset: get!(p, Self, "V_reset"),
            refractory: p.steps(get!(p, Self, "t_ref")),
            ampa: 1.0 / get!(p, Self, "tau_AMPA"),
            gaba: 1.0 / get!(p, Self, "tau_GABA"),
            magnesium: get!(p, Self, "conc_Mg2") / 3.57,
            tolerance: get!(p, Self, "gsl_error_tol"),
            per_h: 1.0 / p.h(),
        }
    }

    #[inline(always)]
    fn allowed<R: Real>(k: &Constants<R>) -> Allowed<R> {
        Allowed::Absolute(k.tolerance)
    }
    #[inline(always)]
    fn begin<R: Real, L: Coefficients>(
        _: &Constants<R>,
        _: &Components<R>,
        s: &mut Still<R>,
        _: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) {
        s.begin = [input.spikes(GATES), input.spikes(GATES + 1)];
        s.end = [input.spikes(GATES + 2), input.spikes(GATES + 3)];
    }
    /// The NMDA conductance within the step is the cubic that has its values and slopes at both ends.
    #[inline(always)]
    fn current<R: Real>(k: &Constants<R>, y: &Components<R>, s: &Still<R>, steady: R, t: R) -> R {
        let (part, two, three) = (t * k.per_h, R::of(2.0), R::of(3.0));
        let rest = R::of(1.0) - part;
        let risen = part * part * (three - two * part);
        let open = s.begin[0] + (s.end[0] - s.begin[0]) * risen + s.begin[1] * (part * rest * rest)
            - s.end[1] * (part * part * rest);
        steady - open * (y.v - k.e_ex) / unblocked(k.magnesium, y.v)
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &Constants<R>, y: &Components<R>, _: &Still<R>, current: R, _: &()) -> Components<R> {
        let leaving = k.g_l * (y.v - k.e_l) + y.ampa * (y.v - k.e_ex) + y.gaba * (y.v - k.e_in);
        Components { v: (current - leaving) * k.per_c_m, ampa: -y.ampa * k.ampa, gaba: -y.gaba * k.gaba }
    }
    #[inline(always)]
    fn end<R: Real, L: Coefficients>(
        k: &Constants<R>,
        y: &mut Components<R>,
        s: &mut Still<R>,
        _: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        s.i_ampa = y.ampa * (y.v - k.e_ex);
        s.i_gaba = y.gaba * (y.v - k.e_in);
        s.i_nmda = s.end[0] * (y.v - k.e_ex) / unblocked(k.magnesium, y.v);
        y.ampa = y.ampa + input.spikes(0);
        y.gaba = y.gaba + input.spikes(1);
        let waiting = s.refractory.gt(R::of(0.0));
        y.v = R::select(waiting, k.reset, y.v);
        s.refractory = R::select(waiting, s.refractory - R::of(1.0), s.refractory);
        fire_and_reset(&mut y.v, &mut s.refractory, k.threshold, k.reset, k.refractory)
    }
}
