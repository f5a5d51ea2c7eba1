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
use super::shared::*;
use crate::math;
use crate::mechanisms::escape::{fires, one_or_more};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, ListDynamics, Lookup};
use crate::runtime::neurons::lists::{List, Lists};

pub const MODEL: Model = Model {
    name: "pp_psc_delta",
    family: Family::Neuron,
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
                    .doc("Time after a spike without another; with 0, several spikes may fall into one step"),
                flag("dead_time_random", false)
                    .doc("Each dead time is drawn from a gamma distribution with mean dead_time"),
                integer("dead_time_shape", 1).at_least(1.0).doc("Shape of the gamma distribution"),
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
    emits: Emits::Spikes,
    signal: None,
    relations: &[],
    neurons: Some(Blocks::<PpPscDelta, _, _>::make),
    generator: None,
    synapses: None,
};

/// Derived constants.
mod k {
    pub const DECAY: usize = 0;
    pub const CURRENT: usize = 1;
    pub const I_E: usize = 2;
    pub const C_1: usize = 3;
    pub const C_2: usize = 4;
    pub const C_3: usize = 5;
    pub const DEAD_STEPS: usize = 6;
    pub const DEAD_TIME: usize = 7;
    /// Shape of the distribution of dead times; 0 if they are all the same.
    pub const SHAPE: usize = 8;
    pub const RESETS: usize = 9;
    pub const H: usize = 10;
}

mod s {
    pub const V: usize = 0;
    pub const DEAD: usize = 1;
    pub const E: usize = 2;
}

/// The components of adaptation, of each its size E_i.
const COMPONENT: usize = 0;
mod component {
    pub const DECAY: usize = 0;
    pub const JUMP: usize = 1;
}

/// State: the potential, steps of dead time to come, and the sum E as it was in the last step.
pub struct PpPscDelta;

/// Expected number of spikes in a step.
#[inline(always)]
fn expected<R: Real>(at: impl Fn(usize) -> R, v: R) -> R {
    // Beyond a bound the exponential stays finite, so that with c_2 = 0 it counts nothing there either.
    let rate = at(k::C_1) * v + at(k::C_2) * R::exp((at(k::C_3) * v).min(R::of(600.0)));
    rate * at(k::H) * R::of(1e-3)
}

/// Whole steps of a dead time.
fn steps(dead_time: f64, k: &[f64; 11]) -> f64 {
    Grid::new(k[k::H]).map_or(0.0, |grid| grid.steps_up(dead_time) as f64)
}

impl ListDynamics<3, 11> for PpPscDelta {
    const BURSTS: bool = true;
    const LISTS: &'static [List] = &[List { of: "tau_sfa", state: 1, constants: 2 }];

    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 11] {
        let (h, tau_m, dead_time) = (grid.h(), p.real("tau_m"), p.real("dead_time"));
        let decay = math::exp(-h / tau_m);
        // A dead time shorter than a step is a step.
        let dead_time = if dead_time > 0.0 { dead_time.max(h) } else { 0.0 };
        let shape = if p.flag("dead_time_random") { p.real("dead_time_shape") } else { 0.0 };
        [
            decay,
            tau_m / p.real("C_m") * (1.0 - decay),
            p.real("I_e"),
            p.real("c_1"),
            p.real("c_2"),
            p.real("c_3"),
            grid.steps_up(dead_time) as f64,
            dead_time,
            shape,
            p.flag("with_reset") as u8 as f64,
            h,
        ]
    }

    fn entry_constants(_: usize, entry: usize, p: &dyn Lookup, grid: Grid, k: &mut [f64]) {
        k[component::DECAY] = math::exp(-grid.h() / p.list("tau_sfa")[entry]);
        k[component::JUMP] = p.list("q_sfa")[entry];
    }

    fn initial(_: &dyn Lookup, _: &[f64; 11]) -> [f64; 3] {
        [0.0; 3]
    }

    fn needs_chance(_: &[f64; 11]) -> bool {
        true
    }

    #[inline(always)]
    fn step<R: Real, C: Coefficients, L: Coefficients>(
        c: C,
        lane: usize,
        s: &mut [R; 3],
        lists: &mut Lists<'_, L>,
        input: Arriving<R>,
    ) -> R::Mask {
        let at = |i| c.at::<R>(i, lane);
        s[s::V] = at(k::DECAY) * s[s::V] + at(k::CURRENT) * (input.current + at(k::I_E)) + input.spikes(0);
        let mut e = R::of(0.0);
        for i in 0..lists.len(COMPONENT) {
            let decayed = lists.constant::<R>(COMPONENT, i, component::DECAY) * lists.get(COMPONENT, i, 0);
            lists.set(COMPONENT, i, 0, decayed);
            e = e + decayed;
        }
        s[s::E] = e;
        let dead = s[s::DEAD].gt(R::of(0.0));
        s[s::DEAD] = R::select(dead, s[s::DEAD] - R::of(1.0), s[s::DEAD]);
        let chance = R::select(dead, R::of(0.0), expected(at, s[s::V] - e));
        fires(chance, input.chance)
    }

    fn fire<L: Coefficients>(s: &mut [f64; 3], k: &[f64; 11], lists: &mut Lists<'_, L>, chance: &mut Stream) -> u32 {
        let spikes = if k[k::DEAD_TIME] > 0.0 { 1 } else { one_or_more(expected(|i| k[i], s[s::V] - s[s::E]), chance) };
        s[s::DEAD] = match k[k::SHAPE] {
            shape if shape > 0.0 && k[k::DEAD_TIME] > 0.0 => steps(chance.gamma(shape, k[k::DEAD_TIME] / shape), k),
            _ => k[k::DEAD_STEPS],
        };
        for i in 0..lists.len(COMPONENT) {
            let jump = lists.constant::<f64>(COMPONENT, i, component::JUMP) * spikes as f64;
            lists.set(COMPONENT, i, 0, lists.get::<f64>(COMPONENT, i, 0) + jump);
        }
        if k[k::RESETS] != 0.0 {
            s[s::V] = 0.0;
        }
        spikes
    }

    fn recordable<L: Coefficients>(i: usize, _: usize, s: &[f64; 3], _: &[f64; 11], _: &Lists<'_, L>) -> f64 {
        s[[s::V, s::E][i]]
    }
    fn state(name: &str, s: &[f64; 3], k: &[f64; 11]) -> f64 {
        if name == "V_m" { s[s::V] } else { s[s::DEAD] * k[k::H] }
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 3], k: &[f64; 11]) {
        match name {
            "V_m" => s[s::V] = x,
            _ => s[s::DEAD] = steps(x, k),
        }
    }
}
