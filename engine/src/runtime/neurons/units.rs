//! Neurons that are stepped one by one: rate neurons, mean-field units, binary neurons, precise neurons.

use std::marker::PhantomData;

use crate::description::{Quantity, Sentence, is_made_of};
use crate::mechanisms::random::{Purpose, Stream};
use crate::mechanisms::time::Grid;
use crate::runtime::input::inputs::{Event, Inputs};
use crate::runtime::input::timed::TimedSpike;
use crate::runtime::neurons::interface::{Make, Neurons};
use crate::runtime::parameters::{Declared, Parameters};
use crate::runtime::slice::{Outbox, Probe, Span, Trouble};
use crate::runtime::table::Table;

/// What a unit reads in a step.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The step, from 0.
    pub step: i64,
    /// Sums at its first two inlets.
    pub inlets: [f64; 2],
    /// Current at its first port, pA.
    pub current: f64,
    /// Spikes that arrive within the step, the earliest first, where the port keeps their times.
    pub timed: &'a [TimedSpike],
}

/// Spikes that a unit sends in a step.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    pub multiplicity: u32,
    /// Factor on the weight of each.
    pub factor: f64,
    /// ms before the end of the step.
    pub offset: f64,
}

/// A quantity of a unit, under the name that it has in the declaration of the model.
pub struct Variable<U> {
    name: &'static str,
    read: fn(&U) -> f64,
    /// Puts it to a value, where it is a settable state variable.
    set: Option<fn(&mut U, f64)>,
}

impl<U> Variable<U> {
    /// A quantity that can be recorded.
    pub const fn recorded(name: &'static str, read: fn(&U) -> f64) -> Variable<U> {
        Variable { name, read, set: None }
    }
    /// A settable state variable, which can be recorded too.
    pub const fn state(name: &'static str, read: fn(&U) -> f64, set: fn(&mut U, f64)) -> Variable<U> {
        Variable { name, read, set: Some(set) }
    }
}

/// The variables of a unit by their places in the declaration of the model, worked out when the program is compiled.
struct Order<U>(PhantomData<U>);

impl<U: Unit> Order<U> {
    /// Of each recordable.
    const RECORDABLES: [usize; MOST] = {
        let recordables = U::DECLARATION.recordables;
        let (mut places, mut i) = ([0; MOST], 0);
        while i < recordables.len() {
            places[i] = Self::place(recordables[i].name);
            i += 1;
        }
        places
    };
    /// Of each settable state variable.
    const STATES: [usize; MOST] = {
        let (mut places, mut i) = ([0; MOST], 0);
        while i < U::DECLARATION.count_states() {
            let name = U::DECLARATION.state(i).name;
            places[i] = Self::place(name);
            if U::VARIABLES[places[i]].set.is_none() {
                Sentence::of(&[U::DECLARATION.name, ": the model cannot set ", name]).panic();
            }
            i += 1;
        }
        places
    };

    const fn place(name: &str) -> usize {
        let mut i = 0;
        while i < U::VARIABLES.len() {
            if is_made_of(name, &[U::VARIABLES[i].name]) {
                return i;
            }
            i += 1;
        }
        Sentence::of(&[U::DECLARATION.name, ": the model does not tell where this is read: ", name]).panic()
    }
    fn read(unit: &U, place: usize) -> f64 {
        (U::VARIABLES[place].read)(unit)
    }
    fn set_state(unit: &mut U, state: usize, x: f64) {
        if let Some(set) = U::VARIABLES[Self::STATES[state]].set {
            set(unit, x);
        }
    }
}

/// The most recordables, or states, of a unit.
const MOST: usize = 16;

/// A neuron that is stepped by itself.
pub trait Unit: Declared + Clone {
    /// Whether what it puts out holds noise of the step.
    const NOISY_OUTPUT: bool = false;
    /// Its recordables and settable state variables. All that are declared must be there.
    const VARIABLES: &'static [Variable<Self>];

    fn new(p: &Parameters<'_, Self>) -> Self;
    /// Takes over changed parameters; state stays.
    fn set_parameters(&mut self, p: &Parameters<'_, Self>);
    /// Called when these parameters have been set; most models have nothing to do.
    fn parameters_set(&mut self, _names: &[&str]) {}
    /// Whether chance has a part in what it does.
    fn draws(&self) -> bool {
        false
    }
    /// Draws the random numbers of a step, before anything is put out.
    fn draw(&mut self, _chance: &mut Stream) {}
    /// The signal that it puts out at the beginning of a step.
    fn output(&self) -> f64 {
        0.0
    }
    /// What it makes of a signal before it is weighted and summed; `None` if nothing.
    fn transform_input(&self, _value: f64) -> Option<f64> {
        None
    }
    fn step(&mut self, input: Input<'_>, grid: Grid, chance: &mut Stream) -> Option<Sent>;
    /// Names and units of what else can be asked of it.
    const TOLD: &'static [(&'static str, &'static str)] = &[];
    /// What one of these is now.
    fn status(&self, _name: &str) -> Option<f64> {
        None
    }
    /// A number that is finite as long as the state is.
    fn finite_check(&self) -> f64;
}

/// The units of a chunk.
#[derive(Clone)]
pub struct Units<U> {
    first: usize,
    grid: Grid,
    units: Vec<U>,
    /// One stream for each block of 64.
    streams: Vec<Stream>,
    /// The random numbers of the next step have been drawn.
    drawn: bool,
}

impl<U: Unit> Units<U> {
    pub fn make(make: &Make<'_>) -> Box<dyn Neurons> {
        let &Make { table, first, n, grid, seed, node, declared } = make;
        let unit = |i: usize| {
            let mut unit = U::new(&Parameters::at(table, first + i, grid));
            for (place, state) in declared.states().enumerate() {
                Order::set_state(&mut unit, place, table.real(state.name, first + i));
            }
            unit
        };
        let stream = |block: usize| Stream::of(seed, Purpose::Escape, node, (first / 64 + block) as u64);
        Box::new(Units {
            first,
            grid,
            units: (0..n).map(unit).collect(),
            streams: (0..n.div_ceil(64)).map(stream).collect(),
            drawn: false,
        })
    }

    fn draw(&mut self) {
        if !self.drawn {
            self.drawn = true;
            for (units, stream) in self.units.chunks_mut(64).zip(&mut self.streams) {
                units.iter_mut().for_each(|unit| unit.draw(stream));
            }
        }
    }
}

impl<U: Unit> Neurons for Units<U> {
    fn update(
        &mut self,
        span: &Span,
        inputs: &mut Inputs,
        outbox: &mut Outbox,
        probes: &mut [Probe],
    ) -> Result<(), Trouble> {
        let (mut gathered, mut timed) = (inputs.lend(), inputs.lend_timed());
        let steps = span.first..span.first + span.n as i64;
        if let Some(timed) = &mut timed {
            steps.clone().for_each(|step| timed.sort(step));
        }
        let drawn = std::mem::take(&mut self.drawn);
        // A block is in the cache for all steps of the slice.
        for (block, (units, stream)) in self.units.chunks_mut(64).zip(&mut self.streams).enumerate() {
            let neurons = block * 64..block * 64 + units.len();
            for i in 0..span.n {
                let step = span.first + i as i64;
                if i > 0 || !drawn {
                    units.iter_mut().for_each(|unit| unit.draw(stream));
                }
                inputs.gather(block, span.first, i, &mut gathered);
                let mut arriving = timed.as_ref().map(|timed| timed.from(step, neurons.start)).unwrap_or_default();
                for (lane, unit) in units.iter_mut().enumerate() {
                    let inlets = [gathered.spikes[0][lane], gathered.spikes[1][lane]];
                    let timed = arriving.take(neurons.start + lane);
                    let input = Input { step, inlets, current: gathered.currents[0][lane], timed };
                    if let Some(Sent { multiplicity, factor, offset }) = unit.step(input, self.grid, stream) {
                        let source = (self.first + neurons.start + lane) as u32;
                        outbox.events[span.offset + i].push(Event { source, multiplicity, factor, offset });
                    }
                }
                for probe in probes.iter_mut() {
                    let due = span.due[probe.meter];
                    probe.take(due, i, neurons.clone(), |neuron, variable| {
                        Order::read(&units[neuron - neurons.start], Order::<U>::RECORDABLES[variable])
                    });
                }
            }
        }
        if let Some(timed) = &mut timed {
            steps.for_each(|step| timed.clear(step));
        }
        inputs.give_back(gathered);
        inputs.give_back_timed(timed);
        match self.units.iter().position(|unit| span.check && !unit.finite_check().is_finite()) {
            Some(neuron) => Err(Trouble::NotFinite { neuron }),
            None => Ok(()),
        }
    }

    fn output(&mut self, to: &mut [f64]) {
        self.draw();
        to.iter_mut().zip(&self.units).for_each(|(to, unit)| *to = unit.output());
    }

    fn draws(&self) -> bool {
        self.units.iter().any(U::draws)
    }

    fn has_noisy_output(&self) -> bool {
        U::NOISY_OUTPUT
    }

    fn transform_input(&self, targets: &[u16], value: f64, transformed: &mut Vec<f64>) -> bool {
        if targets.iter().all(|t| self.units[*t as usize].transform_input(value).is_none()) {
            return false;
        }
        transformed.clear();
        transformed.extend(targets.iter().map(|t| self.units[*t as usize].transform_input(value).unwrap_or(value)));
        true
    }

    fn set_parameters(&mut self, table: &Table, names: &[&str]) {
        for (i, unit) in self.units.iter_mut().enumerate() {
            unit.set_parameters(&Parameters::at(table, self.first + i, self.grid));
            unit.parameters_set(names);
        }
    }
    fn state(&self, state: usize, neuron: usize) -> f64 {
        Order::read(&self.units[neuron], Order::<U>::STATES[state])
    }
    fn set_state(&mut self, state: usize, neuron: usize, x: f64) {
        Order::set_state(&mut self.units[neuron], state, x);
    }
    fn status(&self, name: &str, neuron: usize) -> Option<f64> {
        self.units[neuron].status(name)
    }
    fn told(&self) -> &'static [(&'static str, &'static str)] {
        U::TOLD
    }
    fn shown(&self, quantity: Quantity, neuron: usize) -> Option<f64> {
        Some(Order::read(&self.units[neuron], Order::<U>::RECORDABLES[quantity.declared]))
    }
    fn send_events(&self) -> bool {
        true
    }
    fn bytes(&self) -> usize {
        self.units.len() * size_of::<U>() + self.streams.len() * size_of::<Stream>()
    }
    fn clone_box(&self) -> Box<dyn Neurons> {
        Box::new(self.clone())
    }
}
