//! Networks of cells and dense weights, run forwards with all that is needed to come back, and backwards through time.
//!
//! A spike of step s (counted from 1; what is put in at time t has s = t/h) arrives d − 1 steps later through a projection of
//! delay d, as in a simulation.

use super::cells::{Adjoint, Cells, Room, Step, VECTOR};
use crate::mechanisms::lanes::{InLanes, Real, level};
use crate::mechanisms::surrogates::Surrogate;

/// Neurons that are stepped, or devices whose spikes are given.
pub struct Population {
    pub n: usize,
    pub cells: Option<Box<dyn Cells>>,
}

/// A projection: a weight for each pair.
pub struct Synapses {
    pub from: usize,
    pub to: usize,
    pub inlet: usize,
    /// In steps, at least 1.
    pub delay: usize,
    /// Source by source; 0 where there is no synapse.
    pub weights: Vec<f64>,
}

/// A network that can be run backwards.
pub struct Layers {
    pub populations: Vec<Population>,
    pub synapses: Vec<Synapses>,
    pub steps: usize,
    pub surrogate: Surrogate,
}

/// By step, the cells that fire: those that stand at the same place of all rows.
pub type Events = Vec<Vec<u32>>;

/// All that happened in a run of some patterns.
pub struct Tape {
    pub patterns: usize,
    /// Of each population, the places of its rows.
    padded: Vec<usize>,
    /// The state before each step and after the last one.
    states: Vec<Vec<f64>>,
    inputs: Vec<Vec<f64>>,
    pub events: Vec<Events>,
}

/// The derivative of the loss by what populations put out, by population and then step; empty where it asks for none.
pub struct Wrong {
    /// Spikes of the steps from 1 on.
    pub spikes: Vec<Vec<f64>>,
    /// Values after each step.
    pub values: Vec<Vec<f64>>,
}

/// Adds rows of weights to the input of the targets of those that fire.
struct Deliver<'a> {
    events: &'a [u32],
    sources: usize,
    targets: usize,
    weights: &'a [f64],
    input: &'a mut [f64],
}

impl InLanes for Deliver<'_> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        for event in self.events {
            let (pattern, source) = (*event as usize / self.sources, *event as usize % self.sources);
            let row = &self.weights[source * self.targets..][..self.targets];
            let input = &mut self.input[pattern * self.targets..][..self.targets];
            for (x, w) in input.iter_mut().zip(row) {
                *x += w;
            }
        }
    }
}

/// Adds what is wanted of the input to what is wanted of the weights of those that fire.
struct Collect<'a> {
    events: &'a [u32],
    sources: usize,
    targets: usize,
    wanted: &'a [f64],
    weights: &'a mut [f64],
}

impl InLanes for Collect<'_> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        for event in self.events {
            let (pattern, source) = (*event as usize / self.sources, *event as usize % self.sources);
            let row = &mut self.weights[source * self.targets..][..self.targets];
            let wanted = &self.wanted[pattern * self.targets..][..self.targets];
            for (g, x) in row.iter_mut().zip(wanted) {
                *g += x;
            }
        }
    }
}

/// Adds what is wanted of the input to what is wanted of the spikes of all sources.
struct Return<'a> {
    patterns: usize,
    sources: usize,
    targets: usize,
    wanted: &'a [f64],
    /// Target by target.
    weights: &'a [f64],
    spikes: &'a mut [f64],
}

impl InLanes for Return<'_> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        for pattern in 0..self.patterns {
            let spikes = &mut self.spikes[pattern * self.sources..][..self.sources];
            for target in 0..self.targets {
                let x = self.wanted[pattern * self.targets + target];
                if x == 0.0 {
                    continue;
                }
                let column = &self.weights[target * self.sources..][..self.sources];
                for (g, w) in spikes.iter_mut().zip(column) {
                    *g += x * w;
                }
            }
        }
    }
}

impl Layers {
    /// Runs patterns: `given` are the events of each population without cells, from step 0 on.
    pub fn forward(&self, patterns: usize, given: Vec<Events>, room: &mut Room) -> Tape {
        let padded = |p: &Population| (patterns * p.n).next_multiple_of(VECTOR);
        let mut tape = Tape {
            patterns,
            padded: self.populations.iter().map(padded).collect(),
            states: self.populations.iter().map(|_| Vec::new()).collect(),
            inputs: self.populations.iter().map(|_| Vec::new()).collect(),
            events: given,
        };
        for (p, population) in self.populations.iter().enumerate() {
            let Some(cells) = &population.cells else { continue };
            let padded = tape.padded[p];
            tape.states[p] = Vec::with_capacity((self.steps + 1) * cells.numbers() * padded);
            tape.states[p].extend(cells.begin(padded));
            tape.inputs[p] = vec![0.0; self.steps * cells.inlets() * padded];
            tape.events[p] = vec![Vec::new(); self.steps + 1];
        }
        let mut spikes = Vec::new();
        for step in 0..self.steps {
            for (p, population) in self.populations.iter().enumerate() {
                let Some(cells) = &population.cells else { continue };
                let (padded, numbers, inlets) = (tape.padded[p], cells.numbers(), cells.inlets());
                let input = &mut tape.inputs[p][step * inlets * padded..][..inlets * padded];
                for synapses in self.synapses.iter().filter(|synapses| synapses.to == p) {
                    let Some(events) = arriving(synapses, step).and_then(|s| tape.events[synapses.from].get(s)) else {
                        continue;
                    };
                    level().run(Deliver {
                        events,
                        sources: self.populations[synapses.from].n,
                        targets: population.n,
                        weights: &synapses.weights,
                        input: &mut input[synapses.inlet * padded..][..padded],
                    });
                }
                let old = step * numbers * padded;
                tape.states[p].extend_from_within(old..old + numbers * padded);
                let state = &mut tape.states[p][old + numbers * padded..];
                spikes.clear();
                spikes.resize(padded, 0.0);
                cells.forward(Step { padded, input, room }, state, &mut spikes);
                let fired = spikes[..patterns * population.n].iter().enumerate().filter(|(_, spike)| **spike > 0.0);
                tape.events[p][step + 1] = fired.map(|(cell, _)| cell as u32).collect();
            }
        }
        tape
    }

    /// Nothing is wanted yet of a run.
    pub fn nothing_wrong(&self, tape: &Tape, of_spikes: &[usize], of_values: &[usize]) -> Wrong {
        let rows = |which: &[usize]| {
            let of = |p: usize| if which.contains(&p) { self.steps * tape.padded[p] } else { 0 };
            (0..self.populations.len()).map(|p| vec![0.0; of(p)]).collect()
        };
        Wrong { spikes: rows(of_spikes), values: rows(of_values) }
    }

    /// The derivative of the loss by all weights of each projection whose number is wanted; others stay empty.
    pub fn backward(&self, tape: &Tape, wrong: Wrong, wanted: &[bool], room: &mut Room) -> Vec<Vec<f64>> {
        let Wrong { mut spikes, values } = wrong;
        let mut gradients: Vec<Vec<f64>> = (self.synapses.iter().zip(wanted))
            .map(|(synapses, wanted)| vec![0.0; if *wanted { synapses.weights.len() } else { 0 }])
            .collect();
        let turned: Vec<Vec<f64>> = self.synapses.iter().map(|synapses| self.turned(synapses)).collect();
        for (p, spikes) in spikes.iter_mut().enumerate() {
            if self.populations[p].cells.is_some() {
                spikes.resize(self.steps * tape.padded[p], 0.0);
            }
        }
        let mut adjoints: Vec<Vec<f64>> = (self.populations.iter().zip(&tape.padded))
            .map(|(p, padded)| vec![0.0; p.cells.as_ref().map_or(0, |cells| cells.live().len() * padded)])
            .collect();
        let (mut before, mut to_input) = (Vec::new(), Vec::new());
        for step in (0..self.steps).rev() {
            for (p, population) in self.populations.iter().enumerate() {
                let Some(cells) = &population.cells else { continue };
                let (padded, numbers, inlets) = (tape.padded[p], cells.numbers(), cells.inlets());
                if !values[p].is_empty() {
                    let of_step = &values[p][step * padded..][..padded];
                    adjoints[p].iter_mut().zip(of_step).for_each(|(a, x)| *a += x);
                }
                before.clear();
                before.resize(cells.live().len() * padded, 0.0);
                to_input.clear();
                to_input.resize(inlets * padded, 0.0);
                let input = &tape.inputs[p][step * inlets * padded..][..inlets * padded];
                let state = &tape.states[p][step * numbers * padded..][..numbers * padded];
                let adjoint = Adjoint {
                    spikes: &spikes[p][step * padded..][..padded],
                    after: &adjoints[p],
                    before: &mut before,
                    input: &mut to_input,
                };
                cells.backward(Step { padded, input, room }, state, self.surrogate, adjoint);
                std::mem::swap(&mut adjoints[p], &mut before);
                for (q, synapses) in self.synapses.iter().enumerate().filter(|(_, synapses)| synapses.to == p) {
                    let Some(stamp) = arriving(synapses, step) else { continue };
                    let wanted_of = &to_input[synapses.inlet * padded..][..tape.patterns * population.n];
                    let (sources, targets) = (self.populations[synapses.from].n, population.n);
                    if wanted[q]
                        && let Some(events) = tape.events[synapses.from].get(stamp)
                    {
                        let weights = &mut gradients[q][..];
                        level().run(Collect { events, sources, targets, wanted: wanted_of, weights });
                    }
                    if self.populations[synapses.from].cells.is_some() && stamp > 0 {
                        let of_source = tape.padded[synapses.from];
                        let spikes = &mut spikes[synapses.from][(stamp - 1) * of_source..][..of_source];
                        let (patterns, weights) = (tape.patterns, &turned[q][..]);
                        level().run(Return { patterns, sources, targets, wanted: wanted_of, weights, spikes });
                    }
                }
            }
        }
        gradients
    }

    /// The weights of a projection target by target; nothing where its sources cannot learn of it.
    fn turned(&self, synapses: &Synapses) -> Vec<f64> {
        if self.populations[synapses.from].cells.is_none() {
            return Vec::new();
        }
        let (sources, targets) = (self.populations[synapses.from].n, self.populations[synapses.to].n);
        (0..sources * targets).map(|i| synapses.weights[i % sources * targets + i / sources]).collect()
    }

    /// The value of a cell of a population after a step.
    pub fn value(&self, tape: &Tape, p: usize, step: usize, cell: usize) -> f64 {
        let numbers = self.populations[p].cells.as_ref().map_or(0, |cells| cells.numbers());
        tape.states[p][(step + 1) * numbers * tape.padded[p] + cell]
    }

    /// Where a row of a population ends.
    pub fn row(&self, tape: &Tape, p: usize) -> usize {
        tape.padded[p]
    }
}

/// The step whose spikes arrive in this one.
fn arriving(synapses: &Synapses, step: usize) -> Option<usize> {
    (step + 1).checked_sub(synapses.delay)
}
