//! Binary neuron with a sigmoidal gain, updated at random times.
//!
//! At intervals that are exponential with mean tau_m the state becomes 1 with probability
//! c_1 h + c_2/2 (1 + tanh(c_3 (h − theta))), h the summed weights of the inputs that are 1.
//!
//! Ginzburg & Sompolinsky 1994, Phys Rev E 50:3171; Morrison & Diesmann 2007, Lect Notes Phys.

use super::declare::*;
use crate::math;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::neurons::units::{Input, Sent, Unit, Units, Variable};
use crate::runtime::parameters::{Parameters, declared, reals};

pub const MODEL: Model = Model {
    name: "ginzburg_neuron",
    title: "Binary neuron, sigmoidal",
    doc: "Two states; at random times it takes state 1 with a probability that grows with its input",
    equations: "P(1) = c_1 h + c_2/2 (1 + tanh(c_3 (h − theta)))\nh: sum of the weights of inputs that are 1; updates at exponential intervals of mean tau_m",
    reference: "Ginzburg & Sompolinsky 1994, Phys Rev E 50:3171",
    groups: &[Group {
        title: "Neuron",
        parameters: &[
            real("tau_m", "ms", 10.0)
                .above(0.0)
                .main(1.0, 50.0)
                .doc("Mean time between updates; one already drawn stays when this changes"),
            real("theta", "", 0.0).main(-5.0, 5.0).doc("Input at the middle of the sigmoid"),
            real("c_3", "", 1.0).main(0.0, 10.0).doc("Slope of the sigmoid"),
            real("c_2", "", 1.0).slider(0.0, 1.0).doc("Height of the sigmoid"),
            real("c_1", "", 0.0).slider(0.0, 1.0).doc("Slope of the linear part"),
        ],
    }],
    recordables: &[
        Recordable::new("S", "", "State, 0 or 1"),
        Recordable::new("h", "", "Sum of the weights of inputs that are 1"),
    ],
    ports: &[Port::binary(0, "States of binary neurons"), Port::currents(0, "Added to the input").zero_lag()],
    relations: &[],
    behaviour: Behaviour::neurons(Units::<Ginzburg>::make, &[Signal::Transitions]),
    facts: Facts::NONE.also_called(&["binary", "Ising", "two-state neuron", "Glauber"]).section(Section::Binary),
};

#[derive(Clone, Debug)]
pub struct Ginzburg {
    tau_m: f64,
    theta: f64,
    c: [f64; 3],
    on: bool,
    h: f64,
    /// Time of the next update, ms, on a grid of 1 µs; drawn when the first step begins.
    next: Option<f64>,
}

impl Ginzburg {
    fn interval(&self, chance: &mut Stream) -> f64 {
        (self.tau_m * chance.exponential() * 1000.0).round() / 1000.0
    }
}

declared!(Ginzburg);

impl Unit for Ginzburg {
    const VARIABLES: &'static [Variable<Self>] =
        &[Variable::recorded("S", |n| n.on as u8 as f64), Variable::recorded("h", |n| n.h)];

    fn new(p: &Parameters<'_, Self>) -> Self {
        let c = reals!(p, Self, ["c_1", "c_2", "c_3"]);
        let [tau_m, theta] = reals!(p, Self, ["tau_m", "theta"]);
        Ginzburg { tau_m, theta, c, on: false, h: 0.0, next: None }
    }
    fn set_parameters(&mut self, p: &Parameters<'_, Self>) {
        let Ginzburg { on, h, next, .. } = *self;
        *self = Ginzburg { on, h, next, ..Ginzburg::new(p) };
    }

    fn step(&mut self, input: Input<'_>, grid: Grid, chance: &mut Stream) -> Option<Sent> {
        self.h += input.inlets[0];
        let next = match self.next {
            Some(next) => next,
            None => self.interval(chance),
        };
        self.next = Some(next);
        if grid.ms(input.step) <= next {
            return None;
        }
        self.next = Some(next + self.interval(chance));
        let u = self.h + input.current;
        let probability = self.c[0] * u + 0.5 * self.c[1] * (1.0 + math::tanh(self.c[2] * (u - self.theta)));
        let on = chance.uniform() < probability;
        if on == self.on {
            return None;
        }
        self.on = on;
        Some(if on { TURNED_ON } else { TURNED_OFF })
    }

    fn finite_check(&self) -> f64 {
        self.h
    }
}

/// A transition upwards is two spikes, one downwards is one; together they add the weight once, or take it away.
const TURNED_ON: Sent = Sent { multiplicity: 2, factor: 0.5, offset: 0.0 };
const TURNED_OFF: Sent = Sent { multiplicity: 1, factor: -1.0, offset: 0.0 };
