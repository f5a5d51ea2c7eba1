//! Networks of cells and dense weights, run forwards with all that is needed to come back, and backwards through time.
//!
//! A spike of step s (counted from 1; what is put in at time t has s = t/h) arrives d − 1 steps later through a projection of
//! delay d, as in a simulation.

use super::cells::{Cells, Rooms, Step, VALUE, Wanted};
use crate::mechanisms::lanes::{InLanes, Real, level};
use crate::mechanisms::programs::VECTOR;
use crate::mechanisms::surrogates::Surrogate;

/// Neurons that are stepped, or devices whose spikes are given.
pub struct Population {
    pub n: usize,
    pub cells: Option<Cells>,
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

/// A neuron or device that fires in one of the patterns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    pub pattern: u32,
    pub neuron: u32,
}

/// Events by step.
pub type Events = Vec<Vec<Event>>;

/// A run of some patterns: all that happened and memory to work in, of each population. The memory serves run after run.
#[derive(Default)]
pub struct Tape {
    pub patterns: usize,
    /// The places of a row.
    padded: Vec<usize>,
    /// The numbers of the state that are kept, before each step and after the last one.
    states: Vec<Vec<f64>>,
    /// Input of each step, where it is needed on the way back; else of one.
    inputs: Vec<Vec<f64>>,
    pub events: Vec<Events>,
    /// Numbers of the state that are not kept, before and after the present step.
    passing: Vec<[Vec<f64>; 2]>,
    /// On the way back, what the loss wants of the spikes of steps not yet come to: a ring of rows.
    returned: Vec<Vec<f64>>,
    /// What it wants of the state after the present step, and before it.
    adjoints: Vec<[Vec<f64>; 2]>,
    to_input: Vec<f64>,
    spikes: Vec<f64>,
    rooms: Vec<Option<Rooms>>,
}

/// The derivative of the loss by what populations put out, by population and then step; empty where it asks for none.
pub struct Wrong {
    /// Spikes of the steps from 1 on.
    pub spikes: Vec<Vec<f64>>,
    /// Values after each step.
    pub values: Vec<Vec<f64>>,
}

/// Adds a row to another one for each event: that of the source to that of the pattern, or the other way round.
struct Spread<'a> {
    events: &'a [Event],
    into_patterns: bool,
    /// The length of rows.
    targets: usize,
    from: &'a [f64],
    to: &'a mut [f64],
}

impl InLanes for Spread<'_> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        let Spread { events, into_patterns, targets, from, to } = self;
        for Event { pattern, neuron } in events {
            let (source, goal) = if into_patterns { (neuron, pattern) } else { (pattern, neuron) };
            let from = &from[*source as usize * targets..][..targets];
            for (to, x) in to[*goal as usize * targets..][..targets].iter_mut().zip(from) {
                *to += x;
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
        let Return { patterns, sources, targets, wanted, weights, spikes } = self;
        for pattern in 0..patterns {
            let spikes = &mut spikes[pattern * sources..][..sources];
            let wanted = &wanted[pattern * targets..][..targets];
            let pairs = wanted.chunks_exact(2).zip(weights.chunks_exact(2 * sources));
            for (x, columns) in pairs {
                if x == [0.0; 2] {
                    continue;
                }
                let (first, second) = columns.split_at(sources);
                for ((g, a), b) in spikes.iter_mut().zip(first).zip(second) {
                    *g = *g + x[0] * a + x[1] * b;
                }
            }
            let last = wanted.chunks_exact(2).remainder().iter().filter(|x| **x != 0.0);
            for x in last {
                let column = &weights[(targets - 1) * sources..];
                spikes.iter_mut().zip(column).for_each(|(g, w)| *g += x * w);
            }
        }
    }
}

/// Finds the cells that fire: those where a row is not 0.
struct Fired<'a> {
    spikes: &'a [f64],
    n: usize,
    patterns: usize,
    events: &'a mut Vec<Event>,
}

impl InLanes for Fired<'_> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        let Fired { spikes, n, patterns, events } = self;
        // The present pattern and where its cells end.
        let (mut pattern, mut end) = (0, n);
        for (i, vector) in spikes.chunks_exact(R::LANES).enumerate() {
            let mut bits = R::bits(R::load(vector).gt(R::of(0.0)));
            while bits != 0 {
                let cell = i * R::LANES + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                while cell >= end {
                    (pattern, end) = (pattern + 1, end + n);
                }
                if pattern < patterns {
                    events.push(Event { pattern: pattern as u32, neuron: (cell + n - end) as u32 });
                }
            }
        }
    }
}

/// Makes a vector so long, whatever stands in it, for each of some populations.
fn fit<T: Clone + Default>(memory: &mut Vec<T>, populations: usize) {
    memory.resize(populations, T::default());
}

impl Layers {
    /// Runs patterns: `given` are the events of each population without cells, from step 0 on.
    pub fn forward(&self, patterns: usize, given: Vec<Events>, tape: &mut Tape) {
        let many = self.populations.len();
        tape.patterns = patterns;
        tape.padded.clear();
        tape.padded.extend(self.populations.iter().map(|p| (patterns * p.n).next_multiple_of(VECTOR)));
        fit(&mut tape.states, many);
        fit(&mut tape.inputs, many);
        fit(&mut tape.events, many);
        fit(&mut tape.passing, many);
        if tape.rooms.is_empty() {
            tape.rooms = self.populations.iter().map(|p| p.cells.as_ref().map(Cells::rooms)).collect();
        }
        for (p, (population, given)) in self.populations.iter().zip(given).enumerate() {
            let Some(cells) = &population.cells else {
                tape.events[p] = given;
                continue;
            };
            let padded = tape.padded[p];
            let inputs = if cells.keeps_input { self.steps } else { 1 };
            tape.inputs[p].resize(inputs * cells.inlets.len() * padded, 0.0);
            tape.states[p].resize((self.steps + 1) * cells.kept * padded, 0.0);
            tape.passing[p].iter_mut().for_each(|rows| rows.resize((cells.numbers - cells.kept) * padded, 0.0));
            cells.begin(&mut tape.states[p][..cells.kept * padded], &mut tape.passing[p][0], padded);
            tape.events[p].resize(self.steps + 1, Vec::new());
            tape.events[p].iter_mut().for_each(Vec::clear);
        }
        for step in 0..self.steps {
            for (p, population) in self.populations.iter().enumerate() {
                let (Some(cells), Some(rooms)) = (&population.cells, &mut tape.rooms[p]) else { continue };
                let padded = tape.padded[p];
                let size = cells.inlets.len() * padded;
                let input = &mut tape.inputs[p][if cells.keeps_input { step * size } else { 0 }..][..size];
                input.fill(0.0);
                for synapses in self.synapses.iter().filter(|synapses| synapses.to == p) {
                    let Some(events) = arriving(synapses, step).and_then(|s| tape.events[synapses.from].get(s)) else {
                        continue;
                    };
                    let to = &mut input[cells.place(synapses.inlet) * padded..][..padded];
                    let (targets, from) = (population.n, &synapses.weights[..]);
                    level().run(Spread { events, into_patterns: true, targets, from, to });
                }
                let (before, after) = tape.states[p].split_at_mut((step + 1) * cells.kept * padded);
                let [passing, passed] = &mut tape.passing[p];
                let state = [&before[step * cells.kept * padded..], &passing[..]];
                tape.spikes.resize(padded, 0.0);
                let after = [&mut after[..cells.kept * padded], &mut passed[..]];
                cells.forward(rooms, Step { padded, state, input }, after, &mut tape.spikes);
                std::mem::swap(passing, passed);
                if cells.fires {
                    let events = &mut tape.events[p][step + 1];
                    level().run(Fired { spikes: &tape.spikes, n: population.n, patterns, events });
                }
            }
        }
    }

    /// Nothing is wanted yet of a run.
    pub fn nothing_wrong(&self, tape: &Tape, of_spikes: &[usize], of_values: &[usize]) -> Wrong {
        let rows = |which: &[usize]| {
            let of = |p: usize| if which.contains(&p) { self.steps * tape.padded[p] } else { 0 };
            (0..self.populations.len()).map(|p| vec![0.0; of(p)]).collect()
        };
        Wrong { spikes: rows(of_spikes), values: rows(of_values) }
    }

    /// Whether what the loss wants of the spikes of this population leads to weights that are trained.
    fn learns(&self, p: usize) -> Option<&Cells> {
        self.populations[p].cells.as_ref().filter(|cells| cells.learns())
    }

    /// The derivative of the loss by all weights of each projection whose number is wanted; others stay empty.
    pub fn backward(&self, tape: &mut Tape, wrong: &Wrong, wanted: &[bool]) -> Vec<Vec<f64>> {
        let mut gradients: Vec<Vec<f64>> = (self.synapses.iter().zip(wanted))
            .map(|(synapses, wanted)| vec![0.0; if *wanted { synapses.weights.len() } else { 0 }])
            .collect();
        let turned: Vec<Vec<f64>> = self.synapses.iter().map(|synapses| self.turned(synapses)).collect();
        let many = self.populations.len();
        fit(&mut tape.returned, many);
        fit(&mut tape.adjoints, many);
        // How many steps later the last spikes arrive, and one more.
        let ring = |p: usize| self.synapses.iter().filter(|s| s.from == p).map(|s| s.delay).max().unwrap_or(0) + 1;
        for p in 0..many {
            let Some(cells) = self.learns(p) else { continue };
            let padded = tape.padded[p];
            let begin = |rows: &mut Vec<f64>, count: usize| {
                rows.clear();
                rows.resize(count * padded, 0.0);
            };
            begin(&mut tape.returned[p], ring(p));
            tape.adjoints[p].iter_mut().for_each(|rows| begin(rows, cells.live));
        }
        for step in (0..self.steps).rev() {
            for (p, population) in self.populations.iter().enumerate() {
                let (Some(cells), Some(rooms)) = (self.learns(p), &mut tape.rooms[p]) else { continue };
                let padded = tape.padded[p];
                let [after, before] = &mut tape.adjoints[p];
                let add = |to: &mut [f64], rows: &[f64]| {
                    let of_step = rows.get(step * padded..(step + 1) * padded);
                    to.iter_mut().zip(of_step.unwrap_or(&[])).for_each(|(a, x)| *a += x);
                };
                add(&mut after[VALUE * padded..][..padded], &wrong.values[p]);
                let row = step % ring(p) * padded;
                let spikes = &mut tape.returned[p][row..row + padded];
                add(spikes, &wrong.spikes[p]);
                let size = cells.inlets.len() * padded;
                let input = if cells.keeps_input { &tape.inputs[p][step * size..][..size] } else { &[] };
                let state = |step: usize| &tape.states[p][step * cells.kept * padded..][..cells.kept * padded];
                tape.to_input.resize(cells.learning.len() * padded, 0.0);
                let of_step = Wanted { spikes, after };
                let to = [&mut before[..], &mut tape.to_input[..]];
                let state = [state(step), state(step + 1)];
                cells.backward(rooms, Step { padded, state, input }, of_step, self.surrogate, to);
                std::mem::swap(after, before);
                spikes.fill(0.0);
                for (q, synapses) in self.synapses.iter().enumerate().filter(|(_, synapses)| synapses.to == p) {
                    let Some(stamp) = arriving(synapses, step) else { continue };
                    let Some(place) = cells.learning.iter().position(|i| cells.inlets[*i] == synapses.inlet) else {
                        continue;
                    };
                    let (sources, targets) = (self.populations[synapses.from].n, population.n);
                    let of_input = &tape.to_input[place * padded..][..tape.patterns * targets];
                    if wanted[q]
                        && let Some(events) = tape.events[synapses.from].get(stamp)
                    {
                        let to = &mut gradients[q][..];
                        level().run(Spread { events, into_patterns: false, targets, from: of_input, to });
                    }
                    if self.learns(synapses.from).is_some() && stamp > 0 {
                        let (patterns, weights) = (tape.patterns, &turned[q][..]);
                        let row = (stamp - 1) % ring(synapses.from) * tape.padded[synapses.from];
                        let spikes = &mut tape.returned[synapses.from][row..];
                        level().run(Return { patterns, sources, targets, wanted: of_input, weights, spikes });
                    }
                }
            }
        }
        gradients
    }

    /// The weights of a projection target by target; nothing where its sources cannot learn of it.
    fn turned(&self, synapses: &Synapses) -> Vec<f64> {
        if self.learns(synapses.from).is_none() {
            return Vec::new();
        }
        let (sources, targets) = (self.populations[synapses.from].n, self.populations[synapses.to].n);
        let column = |target: usize| (0..sources).map(move |source| synapses.weights[source * targets + target]);
        (0..targets).flat_map(column).collect()
    }

    /// The value of a cell of a population after a step.
    pub fn value(&self, tape: &Tape, p: usize, step: usize, cell: usize) -> f64 {
        let kept = self.populations[p].cells.as_ref().map_or(0, |cells| cells.kept);
        tape.states[p][((step + 1) * kept + VALUE) * tape.padded[p] + cell]
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
