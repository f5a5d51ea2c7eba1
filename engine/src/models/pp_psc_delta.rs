//! Point-process neuron: a leaky integrator of delta input whose potential sets the chance of a spike.
//!
//! tau_m dV/dt = -V + (tau_m/C_m) (I_e + I), a spike of weight w adds w to V (V is relative to rest)
//! rate = c_1 (V - E) + c_2 exp(c_3 (V - E)), E = sum_i E_i, tau_sfa_i dE_i/dt = -E_i, spike: E_i += q_sfa_i
//!
//! Jolivet, Rauch, Lüscher & Gerstner 2006, J Comput Neurosci 21:35; Pozzorini, Naud, Mensi & Gerstner 2013, Nat
//! Neurosci 16:942; Deger, Schwalger, Naud & Gerstner 2014, Phys Rev E 90:062704.
//!
//! NEST keeps old components of adaptation beside the new ones when parameters are set after a run; here they
//! keep their state and get the new constants. `t_ref_remaining` is state: what is left of the dead time.

use super::declare::*;
use super::parts::spike_triggered::{Component, component, components, decay_and_sum};
use super::shared::*;
use crate::math;
use crate::mechanisms::escape::{fires, one_or_more};
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::neurons::constants::{Coefficients, Grouped};
use crate::runtime::neurons::dynamics::{Arriving, Neuron};
use crate::runtime::neurons::lists::{ListSet, Lists};
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::{Parameters, declared, list, real as get};

pub const MODEL: Model = Model {
    name: "pp_psc_delta",
    title: "Point process, delta input",
    doc: "Leaky integrator that spikes by chance, the more likely the higher its potential, with dead time and adapting threshold",
    equations: "tau_m dV/dt = -V + (tau_m / C_m) I_e, spike at a synapse: V += w\nrate = c_1 (V - E) + c_2 exp(c_3 (V - E)), in spikes/s\nE = sum_i E_i, tau_sfa[i] dE_i/dt = -E_i, spike: E_i += q_sfa[i]\nno further spike within the dead time",
    reference: "Jolivet et al. 2006, J Comput Neurosci 21:35\nPozzorini et al. 2013, Nat Neurosci 16:942\nDeger et al. 2014, Phys Rev E 90:062704",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                real("I_e", "pA", 0.0).main(-500.0, 1000.0).doc("Constant input current"),
                real("tau_m", "ms", 10.0).above(0.0).main(1.0, 50.0).doc("Membrane time constant"),
                real("C_m", "pF", 250.0).above(0.0).slider(10.0, 1000.0).doc("Membrane capacitance"),
                flag("with_reset", true).doc("The potential returns to rest at a spike"),
            ],
        },
        Group {
            title: "Chance of a spike",
            parameters: &[
                real("c_1", "1/(s mV)", 0.0).slider(0.0, 20.0).doc("Linear part of the rate"),
                real("c_2", "1/s", 1.238).main(0.0, 100.0).doc("Factor of the exponential part of the rate"),
                real("c_3", "1/mV", 0.25).at_least(0.0).main(0.0, 1.0).doc("Steepness of the exponential part"),
            ],
        },
        Group {
            title: "Dead time",
            parameters: &[
                real("dead_time", "ms", 1.0)
                    .at_least(0.0)
                    .main(0.0, 20.0)
                    .doc("Time after a spike without another; with 0, several spikes may fall into one step. One that has begun lasts to its end, whatever is changed"),
                flag("dead_time_random", false)
                    .doc("Each dead time is drawn from a gamma distribution with mean dead_time"),
                integer("dead_time_shape", 1)
                    .at_least(1.0)
                    .acts_if_on("dead_time_random")
                    .doc("Shape of the gamma distribution"),
            ],
        },
        Group {
            title: "Adaptation",
            parameters: &[
                reals("tau_sfa", "ms").above(0.0).doc("Time constants with which the threshold falls back"),
                reals("q_sfa", "mV")
                    .as_long_as("tau_sfa")
                    .doc("Jumps of the threshold at a spike, one for each time constant"),
            ],
        },
        Group {
            title: "Initial state",
            parameters: &[
                state("V_m", "mV", 0.0).slider(-20.0, 20.0).doc("Membrane potential relative to rest"),
                state("t_ref_remaining", "ms", 0.0).at_least(0.0).doc("Dead time that is left"),
            ],
        },
        PLASTICITY,
    ],
    recordables: &[V_M, Recordable::new("E_sfa", "mV", "Shift of the threshold by adaptation")],
    ports: &[
        Port::spikes(0, "mV", "Spikes; the weight is added to the potential"),
        Port::currents(0, "Currents into the membrane"),
    ],
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<PpPscDelta>, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["escape noise", "stochastic neuron", "SRM", "spike response model"])
        .section(Section::EscapeNoise)
        .response(Response::Jump),
};

pub struct PpPscDelta;
declared!(PpPscDelta);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct State<R> {
    #[name = "V_m"]
    v: R,
    /// Steps of dead time to come.
    dead: R,
    /// The shift of the threshold as it was in the last step.
    #[name = "E_sfa"]
    e_sfa: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Constants<R> {
    /// e^(−h/tau_m), and what a current of 1 pA during a step adds, mV.
    decay: R,
    current: R,
    i_e: R,
    c_1: R,
    c_2: R,
    c_3: R,
    dead_steps: R,
    dead_time: R,
    /// Shape of the distribution of dead times; 0 if they are all the same.
    shape: R,
    /// 1 if the potential returns to rest at a spike.
    resets: R,
    h: R,
}

/// The list of components of adaptation.
const ADAPTATION: usize = 0;

/// Expected number of spikes in a step.
#[inline(always)]
fn expected<R: Real>(k: &Constants<R>, v: R) -> R {
    // Beyond a bound the exponential stays finite, so that with c_2 = 0 it counts nothing there either.
    let rate = k.c_1 * v + k.c_2 * R::exp((k.c_3 * v).min(R::of(600.0)));
    rate * k.h * R::of(1e-3)
}

/// Whole steps of a dead time.
fn steps(dead_time: f64, h: f64) -> f64 {
    Grid::new(h).map_or(0.0, |grid| grid.steps_up(dead_time) as f64)
}

impl Neuron for PpPscDelta {
    type State<R: Real> = State<R>;
    type Constants<R: Real> = Constants<R>;
    const LISTS: ListSet = ListSet::one(components("tau_sfa"));
    const READINGS: Readings =
        Readings::of::<State<f64>>().and("t_ref_remaining", Reading::duration(place!(State<f64>, dead)));
    const FIRES: bool = true;

    fn constants(p: &Parameters<'_, Self>) -> Constants<f64> {
        let (h, tau_m, dead_time) = (p.h(), get!(p, Self, "tau_m"), get!(p, Self, "dead_time"));
        let decay = math::exp(-h / tau_m);
        // A dead time shorter than a step is a step.
        let dead_time = if dead_time > 0.0 { dead_time.max(h) } else { 0.0 };
        let random = get!(p, Self, "dead_time_random") != 0.0;
        Constants {
            decay,
            current: tau_m / get!(p, Self, "C_m") * (1.0 - decay),
            i_e: get!(p, Self, "I_e"),
            c_1: get!(p, Self, "c_1"),
            c_2: get!(p, Self, "c_2"),
            c_3: get!(p, Self, "c_3"),
            dead_steps: p.steps(dead_time),
            dead_time,
            shape: if random { get!(p, Self, "dead_time_shape") } else { 0.0 },
            resets: get!(p, Self, "with_reset"),
            h,
        }
    }
    fn entry_constants(p: &Parameters<'_, Self>, _: usize, entry: usize, k: &mut [f64]) {
        component(list!(p, Self, "tau_sfa")[entry], list!(p, Self, "q_sfa")[entry], p.h(), k);
    }
    fn needs_chance(_: &Constants<f64>) -> bool {
        true
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        k: &Constants<R>,
        s: &mut State<R>,
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) -> R::Mask {
        s.v = k.decay * s.v + k.current * (input.current + k.i_e) + input.spikes(0);
        s.e_sfa = decay_and_sum::<R, C>(lists, ADAPTATION);
        let dead = s.dead.gt(R::of(0.0));
        s.dead = R::select(dead, s.dead - R::of(1.0), s.dead);
        let chance = R::select(dead, R::of(0.0), expected(k, s.v - s.e_sfa));
        fires(chance, input.chance)
    }

    fn fire(s: &mut State<f64>, k: &Constants<f64>, lists: &mut Lists<'_, Grouped<'_>>, chance: &mut Stream) -> u32 {
        let spikes = if k.dead_time > 0.0 { 1 } else { one_or_more(expected(k, s.v - s.e_sfa), chance) };
        s.dead = match k.shape {
            shape if shape > 0.0 && k.dead_time > 0.0 => steps(chance.gamma(shape, k.dead_time / shape), k.h),
            _ => k.dead_steps,
        };
        for i in 0..lists.len(ADAPTATION) {
            let mut entry = lists.entry(ADAPTATION, i);
            let (Component { jump, .. }, x): (Component<f64>, f64) = (entry.constants(), entry.get());
            entry.set(&(x + jump * spikes as f64));
        }
        if k.resets != 0.0 {
            s.v = 0.0;
        }
        spikes
    }
}
