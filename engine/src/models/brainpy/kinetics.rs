//! Synapses whose conductance opens while transmitter is there, and saturates: AMPA, GABA and NMDA receptors.
//!
//! A spike starts a pulse of transmitter of the concentration T, or starts it anew; it lasts for T_dur. The conductance is at
//! most 1 mS and goes to the target at every step, times the weight: lead it to a synapse of kind `Current`, whose output
//! makes a current of it.
//!
//! Destexhe, Mainen & Sejnowski 1994, Neural Comput 6:14; Gerstner et al. 2014, Neuronal Dynamics, section 3.1.

use super::*;
use crate::description::Inlet;
use crate::mechanisms::schemes::{ExponentialEuler, Scheme};
use crate::mechanisms::time::Grid;
use crate::models::shared::{STATIC, SYNAPSE};
use crate::runtime::connections::rows::SynapseRows;
use crate::runtime::input::inputs::Inputs;
use crate::runtime::parameters::{Declared, Parameters, declared, reals};
use crate::runtime::slice::LONGEST_SPAN;
use crate::runtime::synapses::plastic::{MakeRows, Pass, PlasticModel, PlasticRows, SynapseConstants, Transmitted};
use crate::runtime::synapses::reads::Needs;
use crate::runtime::table::Table;

/// How a conductance follows transmitter, with `S` numbers of state, the conductance first, and `K` constants, the last of
/// which is the length of a pulse.
trait Kinetics<const S: usize, const K: usize>: Declared + Sized {
    /// Names of the state.
    const STATE: [&'static str; S];
    fn constants(p: &Parameters<'_, Self>) -> [f64; K];
    /// A step of `h`, with transmitter or without.
    fn step(k: &[f64; K], s: &mut [f64; S], is_pulse: bool, h: f64);
}

/// x after a step of dx/dt = opens (1 − x) − closes x.
fn opened(x: f64, opens: f64, closes: f64, h: f64) -> f64 {
    ExponentialEuler::advance(x, opens * (1.0 - x) - closes * x, -(opens + closes), h)
}

/// The synapses of one projection onto a chunk, in order of its rows.
struct Kinetic<D, const S: usize, const K: usize> {
    weights: Vec<f64>,
    states: Vec<[f64; S]>,
    constants: SynapseConstants<K>,
    /// When the last pulse of each began, ms.
    since: Vec<f64>,
    /// A ring over steps: the synapses at which a spike arrives.
    arriving: Vec<Vec<u32>>,
    h: f64,
    dynamics: std::marker::PhantomData<D>,
}

impl<D: Kinetics<S, K>, const S: usize, const K: usize> Kinetic<D, S, K> {
    const MODEL: PlasticModel =
        PlasticModel { make: Self::make, needs: Needs::NOTHING, triggered: false, lasting: true };

    fn constants(table: &Table, grid: Grid, n: usize) -> SynapseConstants<K> {
        SynapseConstants::new(table, grid, &["weight", "delay"], n, D::constants)
    }

    fn make(make: &MakeRows<'_>) -> Box<dyn PlasticRows> {
        let n = make.rows.len();
        let longest = (0..n).map(|i| make.rows.delay(i)).max().unwrap_or(1) as usize;
        Box::new(Kinetic {
            weights: (0..n).map(|i| make.table.real("weight", i)).collect(),
            states: vec![[0.0; S]; n],
            constants: Self::constants(make.table, make.grid, n),
            since: vec![NEVER; n],
            arriving: vec![Vec::new(); (longest + LONGEST_SPAN + 1).next_power_of_two()],
            h: make.grid.h(),
            dynamics: std::marker::PhantomData::<D>,
        })
    }

    fn place(&self, step: i64) -> usize {
        step as usize & (self.arriving.len() - 1)
    }
}

impl<D: Kinetics<S, K>, const S: usize, const K: usize> PlasticRows for Kinetic<D, S, K> {
    fn send(&mut self, source: usize, step: i64, pass: &mut Pass<'_>) {
        let row = pass.rows.row(source);
        let begin = row.start;
        for i in row {
            let place = self.place(step + pass.rows.delay(i) as i64);
            self.arriving[place].push(i as u32);
            if let Some(transmitted) = &mut pass.transmitted {
                let (target, weight) = (pass.rows.targets().at(i), self.weights[i]);
                let (source, place) = (source as u32, (i - begin) as u32);
                transmitted.push(Transmitted { stamp: step + 1, source, target, weight, place });
            }
        }
    }
    fn advance(&mut self, first: i64, n: usize, rows: &SynapseRows, inlet: Inlet, inputs: &mut Inputs) {
        for step in first..first + n as i64 {
            let t = step as f64 * self.h;
            let place = self.place(step);
            for i in self.arriving[place].drain(..) {
                self.since[i as usize] = t;
            }
            for (i, slot) in rows.targets().iter().enumerate() {
                let (k, s) = (self.constants.of(i), &mut self.states[i]);
                let is_pulse = t - self.since[i] < k[K - 1];
                if is_pulse || s.iter().any(|x| *x != 0.0) {
                    D::step(k, s, is_pulse, self.h);
                    let inlet = if inlet.signed { inlet.of(self.weights[i]) } else { inlet.first };
                    inputs.add(inlet, step, slot, self.weights[i] * s[0]);
                }
            }
        }
    }
    fn trigger(&mut self, _: f64, _: &mut Pass<'_>) {}
    fn value(&self, name: &str, synapse: usize) -> Option<f64> {
        if name == "weight" {
            return Some(self.weights[synapse]);
        }
        D::STATE.iter().position(|state| *state == name).map(|place| self.states[synapse][place])
    }
    fn set_weights(&mut self, weight: &dyn Fn(usize) -> f64) {
        self.weights.iter_mut().enumerate().for_each(|(i, w)| *w = weight(i));
    }
    fn set_parameters(&mut self, table: &Table, grid: Grid) {
        self.constants = Self::constants(table, grid, self.weights.len());
    }
    fn horizon(&self, _: Grid) -> f64 {
        f64::INFINITY
    }
    fn needs(&self) -> Needs {
        Needs::NOTHING
    }
    fn bytes(&self) -> usize {
        (16 + 8 * S) * self.weights.len() + self.constants.bytes() + size_of_val(&self.arriving[..])
    }
    fn clone_box(&self) -> Box<dyn PlasticRows> {
        Box::new(Kinetic {
            weights: self.weights.clone(),
            states: self.states.clone(),
            constants: self.constants.clone(),
            since: self.since.clone(),
            arriving: self.arriving.clone(),
            h: self.h,
            dynamics: std::marker::PhantomData::<D>,
        })
    }
}

const fn rate(name: &'static str, unit: &'static str, default: f64, doc: &'static str) -> Parameter {
    real(name, unit, default).at_least(0.0).slider(0.0, 2.0).doc(doc)
}
const fn concentration(default: f64) -> Parameter {
    real("T", "mM", default).at_least(0.0).main(0.0, 2.0).doc("Concentration of transmitter during a pulse")
}
const fn pulse(default: f64) -> Parameter {
    real("T_dur", "ms", default).at_least(0.0).main(0.1, 5.0).doc("How long a pulse of transmitter lasts")
}
const OPENS: &str = "How fast transmitter opens the conductance";
const CLOSES: &str = "How fast the conductance closes";

/// A conductance of the first order.
const FIRST_ORDER: Model = Model {
    equations: "dg/dt = alpha [T] (1 - g) - beta g, [T] = T for T_dur after each spike, else 0\nthe target gets weight · g in every step",
    reference: "Destexhe, Mainen & Sejnowski 1994, Neural Comput 6:14",
    ..STATIC
};

pub const AMPA: Model = Model {
    name: "AMPA",
    title: "AMPA receptor, BrainPy",
    doc: "Fast excitatory conductance that pulses of transmitter open and that saturates",
    groups: &[
        SYNAPSE,
        Group {
            title: "Kinetics",
            parameters: &[
                rate("alpha", "1/(ms mM)", 0.98, OPENS),
                rate("beta", "1/ms", 0.18, CLOSES),
                concentration(0.5),
                pulse(0.5),
            ],
        },
    ],
    behaviour: Behaviour::plastic(Kinetic::<Ampa, 1, 3>::MODEL),
    facts: OF_BRAINPY.also_called(&["fast excitation", "receptor kinetics", "saturating synapse"]),
    ..FIRST_ORDER
};
struct Ampa;
declared!(Ampa, AMPA);

pub const GABA_A: Model = Model {
    name: "GABAa",
    title: "GABA A receptor, BrainPy",
    doc: "Fast inhibitory conductance that pulses of transmitter open and that saturates",
    groups: &[
        SYNAPSE,
        Group {
            title: "Kinetics",
            parameters: &[
                rate("alpha", "1/(ms mM)", 0.53, OPENS),
                rate("beta", "1/ms", 0.18, CLOSES),
                concentration(1.0),
                pulse(1.0),
            ],
        },
    ],
    behaviour: Behaviour::plastic(Kinetic::<GabaA, 1, 3>::MODEL),
    facts: OF_BRAINPY.also_called(&["fast inhibition"]),
    ..FIRST_ORDER
};
struct GabaA;
declared!(GabaA, GABA_A);

/// alpha T, beta, T_dur of both.
macro_rules! first_order {
    ($name:ident) => {
        impl Kinetics<1, 3> for $name {
            const STATE: [&'static str; 1] = ["g"];
            fn constants(p: &Parameters<'_, Self>) -> [f64; 3] {
                let [alpha, beta, t, t_dur] = reals!(p, Self, ["alpha", "beta", "T", "T_dur"]);
                [alpha * t, beta, t_dur]
            }
            fn step(&[opens, closes, _]: &[f64; 3], [g]: &mut [f64; 1], is_pulse: bool, h: f64) {
                *g = opened(*g, if is_pulse { opens } else { 0.0 }, closes, h);
            }
        }
    };
}
first_order!(Ampa);
first_order!(GabaA);

pub const BIO_NMDA: Model = Model {
    name: "BioNMDA",
    title: "NMDA receptor, BrainPy",
    doc: "Slow excitatory conductance of second order that pulses of transmitter open and that saturates",
    equations: "dx/dt = alpha2 [T] (1 - x) - beta2 x, dg/dt = alpha1 x (1 - g) - beta1 g\n[T] = T for T_dur after each spike, else 0; the target gets weight · g in every step",
    reference: "Gerstner et al. 2014, Neuronal Dynamics, section 3.1",
    groups: &[
        SYNAPSE,
        Group {
            title: "Kinetics",
            parameters: &[
                rate("alpha1", "1/ms", 2.0, "How fast x opens the conductance"),
                rate("beta1", "1/ms", 0.01, CLOSES),
                rate("alpha2", "1/(ms mM)", 1.0, "How fast transmitter opens x"),
                rate("beta2", "1/ms", 0.5, "How fast x closes"),
                concentration(1.0),
                pulse(0.5),
            ],
        },
    ],
    behaviour: Behaviour::plastic(Kinetic::<BioNmda, 2, 5>::MODEL),
    facts: OF_BRAINPY.also_called(&["slow excitation"]),
    ..STATIC
};
struct BioNmda;
declared!(BioNmda, BIO_NMDA);

impl Kinetics<2, 5> for BioNmda {
    const STATE: [&'static str; 2] = ["g", "x"];
    fn constants(p: &Parameters<'_, Self>) -> [f64; 5] {
        let [alpha1, beta1, alpha2, beta2, t, t_dur] =
            reals!(p, Self, ["alpha1", "beta1", "alpha2", "beta2", "T", "T_dur"]);
        [alpha1, beta1, alpha2 * t, beta2, t_dur]
    }
    fn step(&[alpha1, beta1, opens, closes, _]: &[f64; 5], [g, x]: &mut [f64; 2], is_pulse: bool, h: f64) {
        *x = opened(*x, if is_pulse { opens } else { 0.0 }, closes, h);
        *g = opened(*g, alpha1 * *x, beta1, h);
    }
}
