//! Binary neurons: two states, taken anew at random times.
//!
//! At intervals that are exponential with mean tau_m the state becomes what a rule says of the input: h, the summed
//! weights of the inputs that are 1, and currents.
//!
//! Ginzburg & Sompolinsky 1994, Phys Rev E 50:3171; Morrison & Diesmann 2007, Lect Notes Phys.

use std::marker::PhantomData;

use crate::description::{Declaration, Facts, Group, Parameter, Port, Recordable, Section, real};
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::neurons::units::{Input, Sent, Unit, Variable};
use crate::runtime::parameters::{Declared, Parameters, real as get};

/// The mean time between updates, which all binary neurons have.
pub const TAU_M: Parameter = real("tau_m", "ms", 10.0)
    .above(0.0)
    .main(1.0, 50.0)
    .doc("Mean time between updates; one already drawn stays when this changes");

pub const RECORDABLES: &[Recordable] =
    &[Recordable::new("S", "", "State, 0 or 1"), Recordable::new("h", "", "Sum of the weights of inputs that are 1")];

pub const PORTS: &[Port] =
    &[Port::binary(0, "States of binary neurons"), Port::currents(0, "Added to the input").zero_lag()];

/// The parameters of a neuron, and how it is listed.
pub const fn parameters(parameters: &'static [Parameter]) -> Group {
    Group { title: "Neuron", parameters }
}
pub const FACTS: Facts = Facts::NONE.section(Section::Binary);

/// What decides about the state at an update.
pub trait Rule: Clone + Send + Sync + 'static {
    fn of<M: Declared>(p: &Parameters<'_, M>) -> Self;
    /// The state that an input leads to.
    fn state(&self, input: f64, chance: &mut Stream) -> bool;
}

/// A binary neuron of model `M` with this rule.
#[derive(Clone, Debug)]
pub struct Binary<M, F> {
    tau_m: f64,
    rule: F,
    on: bool,
    h: f64,
    /// Time of the next update, ms, on a grid of 1 µs; drawn when the first step begins.
    next: Option<f64>,
    model: PhantomData<M>,
}

impl<M, F> Binary<M, F> {
    fn interval(&self, chance: &mut Stream) -> f64 {
        (self.tau_m * chance.exponential() * 1000.0).round() / 1000.0
    }
}

impl<M: Declared + Clone, F: Rule> Declared for Binary<M, F> {
    const DECLARATION: Declaration = M::DECLARATION;
}

impl<M: Declared + Clone, F: Rule> Unit for Binary<M, F> {
    const VARIABLES: &'static [Variable<Self>] =
        &[Variable::recorded("S", |n| n.on as u8 as f64), Variable::recorded("h", |n| n.h)];

    fn new(p: &Parameters<'_, Self>) -> Self {
        let p = &p.of_same::<M>();
        Binary { tau_m: get!(p, M, "tau_m"), rule: F::of(p), on: false, h: 0.0, next: None, model: PhantomData }
    }
    fn set_parameters(&mut self, p: &Parameters<'_, Self>) {
        let Binary { on, h, next, .. } = *self;
        *self = Binary { on, h, next, ..Self::new(p) };
    }

    fn draws(&self) -> bool {
        true
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
        let on = self.rule.state(self.h + input.current, chance);
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
