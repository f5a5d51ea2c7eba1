//! Leaky integrate-and-fire neuron with AMPA, GABA and NMDA conductances, of networks with persistent activity and
//! decisions. The saturation of NMDA receptors is worked out once, in the sender, for all its synapses.
//!
//! C_m dV/dt = -g_L (V - E_L) - s_AMPA (V - E_ex) - s_GABA (V - E_in) - s_NMDA (V - E_ex)/(1 + conc_Mg2 e^(-0.062 V)/3.57) + I
//! tau ds/dt = -s; a spike adds its weight, at NMDA times what it carries
//!
//! Brunel & Wang 2001, J Comput Neurosci 11:63; Wang 1999, J Neurosci 19:9587; Wang 2002, Neuron 36:955.
//!
//! As in NEST, the recorded time of a spike is earlier by what it carries, as if that were ms.

use super::declare::*;
use super::shared::*;
use crate::math;
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

pub const NEURON: Group = Group {
    title: "Neuron",
    parameters: &[
        real("V_th", "mV", -55.0).main(-70.0, -30.0).doc("Threshold"),
        real("t_ref", "ms", 2.0)
            .at_least(0.0)
            .main(0.0, 20.0)
            .in_steps()
            .doc("Refractory period; one that has begun lasts to its end, whatever is changed"),
        real("g_L", "nS", 25.0).main(1.0, 50.0).doc("Leak conductance"),
        real("C_m", "pF", 500.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
        real("E_L", "mV", -70.0).slider(-90.0, -40.0).doc("Leak reversal potential"),
        real("V_reset", "mV", -60.0).slider(-90.0, -40.0).doc("Potential after a spike"),
    ],
};

pub const SYNAPTIC_INPUT: Group = Group {
    title: "Synaptic input",
    parameters: &[
        real("E_ex", "mV", 0.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
        real("E_in", "mV", -70.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
        real("tau_AMPA", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Decay time at AMPA"),
        real("tau_GABA", "ms", 5.0).above(0.0).slider(0.1, 50.0).doc("Decay time at GABA"),
        real("tau_decay_NMDA", "ms", 100.0).above(0.0).slider(1.0, 500.0).doc("Decay time at NMDA"),
        real("tau_rise_NMDA", "ms", 2.0).above(0.0).slider(0.1, 20.0).doc("Rise time at NMDA"),
        real("alpha", "1/ms", 0.5).above(0.0).slider(0.01, 2.0).doc("How fast NMDA receptors open"),
        real("conc_Mg2", "mM", 1.0).above(0.0).slider(0.1, 5.0).doc("Magnesium, which blocks NMDA receptors"),
    ],
};

pub const SOLVER: Group = Group {
    title: "Solver",
    parameters: &[real("gsl_error_tol", "", 1e-3).above(0.0).fixed().doc("Error allowed in a sub-step")],
};

pub const MODEL: Model = Model {
    name: "iaf_bw_2001",
    title: "Integrate-and-fire, AMPA, GABA and NMDA",
    doc: "Leaky integrate-and-fire neuron with AMPA, GABA and saturating NMDA conductances; its spikes carry the NMDA gating, by which their recorded times are early",
    equations: "C_m dV/dt = -g_L (V - E_L) - s_AMPA (V - E_ex) - s_GABA (V - E_in) - s_NMDA (V - E_ex) / (1 + conc_Mg2 exp(-0.062 V) / 3.57)\ntau ds/dt = -s, spike: s += w, at NMDA times what it carries\nV ≥ V_th: spike, V = V_reset for t_ref, it carries k_0 + k_1 S, S += that; tau_decay_NMDA dS/dt = -S",
    reference: "Brunel & Wang 2001, J Comput Neurosci 11:63",
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
                state("s_NMDA", "nS", 0.0).doc(S_NMDA.doc),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, S_AMPA, S_GABA, S_NMDA, I_AMPA, I_GABA, I_NMDA],
    ports: &[
        Port::spikes(1, "nS", "Fast excitation").named("AMPA").reverses_at("E_ex"),
        Port::spikes(2, "nS", "Inhibition").named("GABA").reverses_at("E_in"),
        Port::spikes(3, "nS", "Slow excitation, by neurons of this model; a spike counts by what it carries")
            .named("NMDA")
            .reverses_at("E_ex")
            .carried()
            .of_its_own(true),
        Port::currents(0, "Currents into the membrane"),
    ],
    relations: RESET_BELOW_THRESHOLD,
    behaviour: Behaviour::neurons(Solved::<IafBw2001>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["Brunel-Wang neuron", "NMDA, AMPA and GABA", "decision network", "working memory"])
        .section(Section::IntegrateAndFireConductances)
        .spike(SpikeShape::reset_at("V_th")),
};

pub const S_AMPA: Recordable = Recordable::new("s_AMPA", "nS", "Conductance of AMPA receptors");
pub const S_GABA: Recordable = Recordable::new("s_GABA", "nS", "Conductance of GABA receptors");
pub const S_NMDA: Recordable = Recordable::new("s_NMDA", "nS", "Conductance of NMDA receptors without magnesium");
pub const I_AMPA: Recordable = Recordable::new("I_AMPA", "pA", "Current of AMPA receptors, outwards");
pub const I_GABA: Recordable = Recordable::new("I_GABA", "pA", "Current of GABA receptors, outwards");
pub const I_NMDA: Recordable = Recordable::new("I_NMDA", "pA", "Current of NMDA receptors, outwards");

pub struct IafBw2001;
declared!(IafBw2001);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Components<R> {
    #[name = "V_m"]
    v: R,
    #[name = "s_AMPA"]
    ampa: R,
    #[name = "s_GABA"]
    gaba: R,
    #[name = "s_NMDA"]
    nmda: R,
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
    /// Gating of the NMDA receptors onto which this neuron leads, as it was right after its last spike, and the steps since.
    gating: R,
    steps: R,
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
    nmda: R,
    /// conc_Mg2/3.57.
    magnesium: R,
    tolerance: R,
    /// What a spike makes of gating that is 0, and of each unit that is there.
    opened: R,
    kept: R,
    h: R,
}

/// ∫ t^(s−1) e^(−t) dt from 0 to x, where s is neither 0 nor a negative whole number.
fn lower_gamma(s: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0 / s, 1.0 / s, 0.0);
    while n < 10_000.0 && (n < x || term.abs() > 1e-17 * sum.abs()) {
        n += 1.0;
        term *= x / (s + n);
        sum += term;
    }
    sum * math::exp(s * math::ln(x) - x)
}

/// By how much magnesium, conc_Mg2/3.57, lowers the NMDA conductance.
#[inline(always)]
pub fn unblocked<R: Real>(magnesium: R, v: R) -> R {
    R::of(1.0) + magnesium * R::exp(v * R::of(-0.062))
}

/// The currents that leave the cell through AMPA, GABA and NMDA receptors, pA.
#[inline(always)]
fn leaving<R: Real>(k: &Constants<R>, y: &Components<R>) -> [R; 3] {
    let outwards = y.v - k.e_ex;
    [y.ampa * outwards, y.gaba * (y.v - k.e_in), y.nmda * outwards / unblocked(k.magnesium, y.v)]
}

impl Equations for IafBw2001 {
    type Components<R: Real> = Components<R>;
    type Still<R: Real> = Still<R>;
    type Constants<R: Real> = Constants<R>;
    type Receptors = NoReceptors;
    const READINGS: Readings =
        Readings::of::<Components<f64>>().and_those(Readings::of::<Still<f64>>(), still::<Self>());
    const DECAYS: DecaySet = DecaySet::one(place!(Components<f64>, ampa), place!(Constants<f64>, ampa))
        .and(place!(Components<f64>, gaba), place!(Constants<f64>, gaba))
        .and(place!(Components<f64>, nmda), place!(Constants<f64>, nmda));
    const CARRIED: Option<fn(&mut Still<f64>, &Constants<f64>) -> f64> = Some(|s, k| {
        s.gating *= math::exp(-s.steps * k.h * k.nmda);
        let opened = k.opened + k.kept * s.gating;
        s.gating += opened;
        s.steps = 0.0;
        opened
    });

    fn constants(p: &Parameters<'_, Self>) -> Constants<f64> {
        let (rise, decay) = (get!(p, Self, "tau_rise_NMDA"), get!(p, Self, "tau_decay_NMDA"));
        let (opening, part) = (get!(p, Self, "alpha") * rise, rise / decay);
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
            nmda: 1.0 / decay,
            magnesium: get!(p, Self, "conc_Mg2") / 3.57,
            tolerance: get!(p, Self, "gsl_error_tol"),
            opened: math::exp(part * math::ln(opening)) * lower_gamma(1.0 - part, opening),
            kept: math::exp_m1(-opening),
            h: p.h(),
        }
    }

    #[inline(always)]
    fn allowed<R: Real>(k: &Constants<R>) -> Allowed<R> {
        Allowed::Absolute(k.tolerance)
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &Constants<R>, y: &Components<R>, _: &Still<R>, current: R, _: &()) -> Components<R> {
        let [ampa, gaba, nmda] = leaving(k, y);
        Components {
            v: (current - k.g_l * (y.v - k.e_l) - ampa - gaba - nmda) * k.per_c_m,
            ampa: -y.ampa * k.ampa,
            gaba: -y.gaba * k.gaba,
            nmda: -y.nmda * k.nmda,
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
        [s.i_ampa, s.i_gaba, s.i_nmda] = leaving(k, y);
        y.ampa = y.ampa + input.spikes(0);
        y.gaba = y.gaba + input.spikes(1);
        y.nmda = y.nmda + input.spikes(2);
        s.steps = s.steps + R::of(1.0);
        let waiting = s.refractory.gt(R::of(0.0));
        y.v = R::select(waiting, k.reset, y.v);
        s.refractory = R::select(waiting, s.refractory - R::of(1.0), s.refractory);
        fire_and_reset(&mut y.v, &mut s.refractory, k.threshold, k.reset, k.refractory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incomplete_gamma_functions_are_right() {
        // γ(1, x) = 1 − e^(−x); γ(½, x) = √π erf(√x).
        for x in [0.01, 1.0, 30.0, 300.0f64] {
            assert!((lower_gamma(1.0, x) / (1.0 - (-x).exp()) - 1.0).abs() < 1e-12, "{x}");
        }
        assert!((lower_gamma(0.5, 1.0) - 1.493_648_265_624_854).abs() < 1e-13);
    }
}
