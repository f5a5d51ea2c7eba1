//! Mean-field unit: a population of integrate-and-fire neurons by its rate.
//!
//! tau dr/dt = −r + mean + F(m, v), F the stationary rate for input of mean m and variance v
//!
//! Fourcaud & Brunel 2002, Neural Comput 14:2057; Hahne et al. 2017, Front Neuroinform 11:34.

use super::declare::*;
use crate::math;
use crate::mechanisms::random::Stream;
use crate::mechanisms::siegert::Neuron;
use crate::mechanisms::time::Grid;
use crate::runtime::neurons::units::{Input, Sent, Unit, Units, Variable};
use crate::runtime::parameters::{Parameters, declared, real};

pub const MODEL: Model = Model {
    name: "siegert_neuron",
    title: "Mean-field unit",
    doc: "The rate of a population of integrate-and-fire neurons, from mean and variance of its input",
    equations: "tau dr/dt = −r + mean + F(m, v)\n1/F = t_ref + tau_m √π ∫ exp(u²) (1 + erf u) du from (V_reset − m)/√v to (theta − m)/√v",
    reference: "Fourcaud & Brunel 2002, Neural Comput 14:2057",
    groups: &[
        Group {
            title: "Population",
            parameters: &[
                real("mean", "1/s", 0.0).main(0.0, 100.0).doc("Rate that is added"),
                real("tau", "ms", 1.0).above(0.0).main(0.1, 20.0).doc("Time constant with which the rate follows"),
                real("tau_m", "ms", 5.0).above(0.0).slider(1.0, 50.0).doc("Membrane time constant"),
                real("theta", "mV", 15.0).slider(5.0, 30.0).doc("Threshold above rest"),
                real("V_reset", "mV", 0.0).slider(-10.0, 15.0).doc("Reset above rest"),
                real("t_ref", "ms", 2.0).at_least(0.0).slider(0.0, 10.0).doc("Refractory period"),
                real("tau_syn", "ms", 0.0)
                    .at_least(0.0)
                    .slider(0.0, 5.0)
                    .doc("Synaptic time constant; 0 for white noise"),
            ],
        },
        Group { title: "Initial state", parameters: &[state("rate", "1/s", 0.0).slider(0.0, 100.0).doc("Rate")] },
    ],
    recordables: &[Recordable::new("rate", "1/s", "Rate")],
    ports: &[
        Port::signal(0, Signal::Diffusion, "", "Rates, as drift and diffusion").signed(),
        Port::signal(1, Signal::Diffusion, "", "The same as port 0"),
    ],
    relations: &[Relation::Less("V_reset", "theta")],
    behaviour: Behaviour::neurons(Units::<Siegert>::make, &[Signal::Diffusion]),
    facts: Facts::NONE.also_called(&["mean field", "population rate", "firing-rate theory"]).section(Section::Rates),
};

#[derive(Clone)]
pub struct Siegert {
    neuron: Neuron,
    mean: f64,
    /// What remains of the rate after a step.
    decay: f64,
    rate: f64,
    /// Mean and variance of the input last seen, and the rate for it: input often stays as it is.
    known: [f64; 3],
}

declared!(Siegert);

impl Unit for Siegert {
    const VARIABLES: &'static [Variable<Self>] = &[Variable::state("rate", |n| n.rate, |n, x| n.rate = x)];

    fn new(p: &Parameters<'_, Self>) -> Self {
        Siegert {
            neuron: Neuron {
                tau_m: real!(p, Self, "tau_m"),
                tau_syn: real!(p, Self, "tau_syn"),
                t_ref: real!(p, Self, "t_ref"),
                theta: real!(p, Self, "theta"),
                v_reset: real!(p, Self, "V_reset"),
            },
            mean: real!(p, Self, "mean"),
            decay: math::exp(-p.h() / real!(p, Self, "tau")),
            rate: 0.0,
            known: [f64::NAN; 3],
        }
    }
    fn set_parameters(&mut self, p: &Parameters<'_, Self>) {
        *self = Siegert { rate: self.rate, ..Siegert::new(p) };
    }
    fn output(&self) -> f64 {
        self.rate
    }

    fn step(&mut self, input: Input<'_>, _: Grid, _: &mut Stream) -> Option<Sent> {
        let [drift, diffusion] = input.inlets;
        if self.known[..2] != [drift, diffusion] {
            self.known = [drift, diffusion, self.neuron.rate(drift, diffusion)];
        }
        self.rate = self.decay * self.rate + (1.0 - self.decay) * (self.mean + self.known[2]);
        None
    }

    fn finite_check(&self) -> f64 {
        self.rate
    }
}
