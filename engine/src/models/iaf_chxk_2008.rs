//! Relay cell of the thalamus: a leaky membrane with synaptic conductances that fires when it comes up to threshold, is not
//! reset, and is brought down by a conductance that each spike opens.
//!
//! C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) - g_ahp (V - E_ahp) + I_e + I
//! g(t) = w (e/tau) t exp(-t/tau) after a spike of weight w; after one of its own, g_ahp with weight g_ahp
//! V comes up to V_th: spike, at the time at which a straight line through the step crosses V_th
//!
//! Casti, Hayot, Xiao & Kaplan 2008, J Comput Neurosci 24:235.

use super::declare::*;
use super::parts::coupling::{Conductance, Coupling};
use super::shared::*;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::kernels::{Alpha, Continuous, Driven, DrivenRates};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::{Allowed, DecaySet};
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::equations::{Equations, Solved, component};
use crate::runtime::neurons::lists::Lists;
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::neurons::receptors::NoReceptors;
use crate::runtime::parameters::{Parameters, declared, real as get};

pub const MODEL: Model = Model {
    name: "iaf_chxk_2008",
    title: "Relay cell, conductances",
    doc: "Thalamic relay cell with alpha conductances; each spike opens a conductance of after-hyperpolarisation in place of a reset",
    equations: "C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) - g_ahp (V - E_ahp) + I_e\ng(t) = w (e / tau) t exp(-t / tau)\nV comes up to V_th: spike within the step, the conductance g_ahp opens with weight g_ahp",
    reference: "Casti, Hayot, Xiao & Kaplan 2008, J Comput Neurosci 24:235",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-1000.0, 5000.0).doc("Constant input current"),
                real("V_th", "mV", -45.0).main(-60.0, -30.0).doc("Threshold"),
                real("g_L", "nS", 100.0).main(1.0, 200.0).doc("Leak conductance"),
                real("C_m", "pF", 1000.0).above(0.0).slider(10.0, 2000.0).doc("Membrane capacitance"),
                real("E_L", "mV", -60.0).slider(-90.0, -40.0).doc("Leak reversal potential"),
            ],
        },
        Group {
            title: "After-hyperpolarisation",
            parameters: &[
                real("g_ahp", "nS", 443.8).main(0.0, 1000.0).doc("Peak of the conductance that a spike opens"),
                real("tau_ahp", "ms", 0.5).above(0.0).main(0.1, 20.0).doc("Time constant of that conductance"),
                real("E_ahp", "mV", -95.0).slider(-120.0, -60.0).doc("Reversal potential of that conductance"),
                flag("ahp_bug", false)
                    .doc("A spike replaces what is left of the conductance, as in the original program"),
            ],
        },
        Group {
            title: "Synaptic input",
            parameters: &[
                real("E_ex", "mV", 20.0).slider(-60.0, 40.0).doc("Excitatory reversal potential"),
                real("E_in", "mV", -90.0).slider(-100.0, -50.0).doc("Inhibitory reversal potential"),
                real("tau_syn_ex", "ms", 1.0)
                    .above(0.0)
                    .slider(0.1, 20.0)
                    .doc("Time constant of excitatory conductance"),
                real("tau_syn_in", "ms", 1.0)
                    .above(0.0)
                    .slider(0.1, 20.0)
                    .doc("Time constant of inhibitory conductance"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[state("V_m", "mV", -60.0).slider(-90.0, -40.0).doc("Membrane potential")],
        },
        PLASTICITY,
    ],
    recordables: &[
        V_M,
        G_EX,
        G_IN,
        Recordable::new("g_ahp", "nS", "Conductance of after-hyperpolarisation"),
        Recordable::new("I_syn_ex", "pA", "Excitatory current, outwards"),
        Recordable::new("I_syn_in", "pA", "Inhibitory current, outwards"),
        Recordable::new("I_ahp", "pA", "Current of after-hyperpolarisation, outwards"),
    ],
    ports: &spikes_and_currents("nS"),
    relations: &[],
    behaviour: Behaviour::neurons(Solved::<IafChxk2008>::make, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["LGN relay cell", "Casti model", "after-hyperpolarisation"])
        .section(Section::IntegrateAndFireConductances),
};

pub struct IafChxk2008;
declared!(IafChxk2008);

/// Absolute error allowed in every component (mV, nS).
const TOLERANCE: f64 = 1e-3;

type Synapses = Conductance<Alpha>;
type SynapsesOf<R> = <Synapses as Coupling>::Constants<R>;
type SynapticState<R> = <Synapses as Coupling>::State<R>;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Components<R, S> {
    v: R,
    synapses: S,
    ahp: Driven<R>,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Still<R> {
    /// The potential at the beginning of the step.
    before: R,
    /// Time from the last crossing of threshold to the end of its step, ms.
    since: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R, S> {
    per_c_m: R,
    g_l: R,
    e_l: R,
    i_e: R,
    threshold: R,
    g_ahp: R,
    e_ahp: R,
    e_ex: R,
    e_in: R,
    /// 1 if a spike replaces the conductance.
    replaces: R,
    ahp: DrivenRates<R>,
    synapses: S,
}

type Y<R> = Components<R, SynapticState<R>>;
type Of<R> = Constants<R, SynapsesOf<R>>;

impl Equations for IafChxk2008 {
    type Components<R: Real> = Y<R>;
    type Still<R: Real> = Still<R>;
    type Constants<R: Real> = Of<R>;
    type Receptors = NoReceptors;
    const DECAYS: DecaySet = DecaySet::NONE
        .and_those(Synapses::DECAYS, place!(Y<f64>, synapses), place!(Of<f64>, synapses))
        .and_those(Alpha::DECAYS, place!(Y<f64>, ahp), place!(Of<f64>, ahp));
    const READINGS: Readings = Readings::NONE
        .and("V_m", component(0))
        .and("g_ahp", component(place!(Y<f64>, ahp.value)))
        .and("I_syn_ex", Reading::computed(|y, k| y[G_EX_AT] * (y[0] - k[place!(Of<f64>, e_ex)])))
        .and("I_syn_in", Reading::computed(|y, k| y[G_IN_AT] * (y[0] - k[place!(Of<f64>, e_in)])))
        .and("I_ahp", Reading::computed(|y, k| y[place!(Y<f64>, ahp.value)] * (y[0] - k[place!(Of<f64>, e_ahp)])))
        .and_those(Synapses::READINGS, place!(Y<f64>, synapses));
    const CARRIED: Option<fn(&mut Still<f64>, &Of<f64>) -> f64> = Some(|s, _| s.since);

    fn constants(p: &Parameters<'_, Self>) -> Of<f64> {
        Constants {
            per_c_m: 1.0 / get!(p, Self, "C_m"),
            g_l: get!(p, Self, "g_L"),
            e_l: get!(p, Self, "E_L"),
            i_e: get!(p, Self, "I_e"),
            threshold: get!(p, Self, "V_th"),
            g_ahp: get!(p, Self, "g_ahp"),
            e_ahp: get!(p, Self, "E_ahp"),
            e_ex: get!(p, Self, "E_ex"),
            e_in: get!(p, Self, "E_in"),
            replaces: get!(p, Self, "ahp_bug"),
            ahp: Alpha::rates(&[get!(p, Self, "tau_ahp")]),
            synapses: Synapses::constants(p),
        }
    }

    #[inline(always)]
    fn allowed<R: Real>(_: &Of<R>) -> Allowed<R> {
        Allowed::Absolute(R::of(TOLERANCE))
    }
    #[inline(always)]
    fn begin<R: Real, L: Coefficients>(
        _: &Of<R>,
        y: &Y<R>,
        s: &mut Still<R>,
        _: &mut Lists<'_, L>,
        _: &Arriving<'_, R>,
    ) {
        s.before = y.v;
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &Of<R>, y: &Y<R>, _: &Still<R>, current: R, _: &()) -> Y<R> {
        let leaving = k.g_l * (y.v - k.e_l) + y.ahp.value * (y.v - k.e_ahp);
        let sum = Synapses::add(&k.synapses, &y.synapses, &(), y.v, k.i_e + current - leaving);
        Components {
            v: sum * k.per_c_m,
            synapses: Synapses::slopes(&k.synapses, &y.synapses),
            ahp: Alpha::slopes(&k.ahp, &y.ahp),
        }
    }
    #[inline(always)]
    fn end<R: Real, L: Coefficients>(
        k: &Of<R>,
        y: &mut Y<R>,
        s: &mut Still<R>,
        lists: &mut Lists<'_, L>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        let fired = R::and(R::spike(y.v, k.threshold), k.threshold.gt(s.before));
        if R::any(fired) {
            let since = input.h * (y.v - k.threshold) / (y.v - s.before);
            let drive = k.g_ahp * k.ahp.gain * R::exp(-(since * k.ahp.drive));
            let replaces = k.replaces.gt(R::of(0.0));
            let left = |x: R| R::select(replaces, R::of(0.0), x);
            let opened = Driven { drive: left(y.ahp.drive) + drive, value: left(y.ahp.value) + drive * since };
            y.ahp.drive = R::select(fired, opened.drive, y.ahp.drive);
            y.ahp.value = R::select(fired, opened.value, y.ahp.value);
            s.since = R::select(fired, since, s.since);
        }
        Synapses::receive(&k.synapses, &mut y.synapses, &mut (), lists, input);
        fired
    }
}

/// Where the synaptic conductances stand among the numbers of state.
const G_EX_AT: usize = place!(Y<f64>, synapses) + place!(SynapticState<f64>, excitatory.value);
const G_IN_AT: usize = place!(Y<f64>, synapses) + place!(SynapticState<f64>, inhibitory.value);
