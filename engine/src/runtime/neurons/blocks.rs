//! Neurons of one model in blocks of 64. Each number of the state has a row of 64 places in a block, one for each neuron.
//!
//! Nothing here is compiled for each model: what differs stands in the [`Kind`], and only the steps themselves
//! ([`stepped`](super::stepped), [`solved`](super::solved)) know the model.

use std::marker::PhantomData;

use super::constants::ChunkConstants;
use super::dynamics::{GapInput, TrialStep};
use super::interface::{Make, Neurons};
use super::kind::Kind;
use super::lists::{ListShape, Lists};
use super::readings::{Reading, Sampled, write};
use super::scratch::Scratch;
use crate::description::Quantity;
use crate::mechanisms::lanes::{InLanes, Level, Real, level};
use crate::mechanisms::random::{Purpose, Stream, Streams16};
use crate::mechanisms::time::Grid;
use crate::runtime::input::inputs::{Gathered, Inputs, Lanes};
use crate::runtime::parameters::Raw;
use crate::runtime::slice::{Event, Outbox, Probe, STORM, Span, Trouble};
use crate::runtime::table::Table;

/// Neurons of a chunk.
#[derive(Clone)]
pub struct Blocks {
    pub(super) kind: &'static Kind,
    run: Run,
    /// Number within the population of the first neuron.
    first: usize,
    pub(super) n: usize,
    pub(super) grid: Grid,
    /// State: for each block a row for each number of the state.
    pub(super) rows: Vec<Lanes>,
    pub(super) constants: ChunkConstants,
    /// Length of the model's lists, and state and constants of their entries, kept as those above.
    pub(super) shape: ListShape,
    pub(super) list_rows: Vec<Lanes>,
    pub(super) list_constants: ChunkConstants,
    /// Random numbers of each block, for models and parameters that need them: one for each neuron in every step, and
    /// those that are drawn when a neuron fires.
    chance: Vec<Streams16>,
    chance_at_spikes: Vec<Stream>,
    needs_chance: bool,
    pub(super) level: Level,
    /// Working memory of models that are solved adaptively.
    pub(super) scratch: Scratch,
}

/// Takes the neurons of a chunk through a span with the instructions of a level.
type Run = fn(Level, &mut Blocks, &mut Turn<'_>) -> Result<(), Trouble>;

/// What becomes of the neurons of a model in a span.
pub(super) trait Through {
    /// Takes all blocks through the span; must be `#[inline(always)]`, with all that it computes.
    fn through<R: Real>(blocks: &mut Blocks, turn: &mut Turn<'_>) -> Result<(), Trouble>;
}

/// The work of a span, for each level of instructions.
struct Work<'a, 'b, T> {
    blocks: &'a mut Blocks,
    turn: &'a mut Turn<'b>,
    model: PhantomData<T>,
}

impl<T: Through> InLanes for Work<'_, '_, T> {
    type Output = Result<(), Trouble>;
    #[inline(always)]
    fn run<R: Real>(self) -> Result<(), Trouble> {
        T::through::<R>(self.blocks, self.turn)
    }
}

fn run<T: Through>(level: Level, blocks: &mut Blocks, turn: &mut Turn<'_>) -> Result<(), Trouble> {
    level.run_dynamics(Work { blocks, turn, model: PhantomData::<T> })
}

/// What the neurons work with in a span.
pub struct Turn<'a> {
    pub(super) span: &'a Span,
    pub(super) inputs: &'a mut Inputs,
    outbox: &'a mut Outbox,
    probes: &'a mut [Probe],
    level: Level,
}

impl Turn<'_> {
    /// Sums up what arrives at a block in step `i` of the span.
    #[inline(always)]
    pub(super) fn gather(&mut self, block: usize, i: usize, gathered: &mut Gathered) {
        self.level.run(Gather { block, i, span: self.span, inputs: self.inputs, gathered });
    }
}

struct Gather<'a> {
    block: usize,
    i: usize,
    span: &'a Span,
    inputs: &'a mut Inputs,
    gathered: &'a mut Gathered,
}

impl InLanes for Gather<'_> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        self.inputs.gather(self.block, self.span.first, self.i, self.gathered);
    }
}

impl Blocks {
    /// Neurons of this kind, which `T` takes through a span.
    pub(super) fn of<T: Through>(make: &Make<'_>, kind: &'static Kind) -> Self {
        Self::new(make, kind, run::<T>)
    }

    fn new(make: &Make<'_>, kind: &'static Kind, run: Run) -> Self {
        let &Make { declared, table, first, n, grid, seed, node } = make;
        let blocks = n.div_ceil(64);
        let part = |b: usize| (first / 64 + b) as u64;
        let mut this = Blocks {
            kind,
            run,
            first,
            n,
            grid,
            rows: vec![Lanes([0.0; 64]); blocks * kind.state],
            constants: ChunkConstants::default(),
            shape: ListShape::default(),
            list_rows: Vec::new(),
            list_constants: ChunkConstants::default(),
            chance: (0..blocks).map(|b| Streams16::of(seed, Purpose::Escape, node, part(b))).collect(),
            chance_at_spikes: (0..blocks)
                .map(|b| Stream::of(seed, Purpose::Escape, node, (1 << 60) + part(b)))
                .collect(),
            needs_chance: false,
            level: level(),
            scratch: Scratch::default(),
        };
        this.compute_constants(table);
        for lane in 0..blocks * 64 {
            // Lanes behind the last neuron repeat it, so that their numbers stay ordinary.
            let neuron = lane.min(n - 1);
            let (k, mut s) = (this.constants_of(neuron), vec![0.0; kind.state]);
            (kind.set_initial)(this.raw(table, neuron), &k, &mut s);
            this.store(lane, &s);
            for (place, state) in declared.states().enumerate() {
                this.set_state(place, lane, table.real(state.name, first + neuron));
            }
            this.begin_lists(lane, None);
        }
        this
    }

    /// The parameters of a neuron of the chunk.
    fn raw<'a>(&self, table: &'a Table, neuron: usize) -> Raw<'a> {
        Raw { table, neuron: self.first + neuron, grid: self.grid }
    }

    pub(super) fn blocks(&self) -> usize {
        self.n.div_ceil(64)
    }

    /// Neurons in a block; lanes behind them are padding.
    #[inline(always)]
    pub(super) fn lanes(&self, block: usize) -> usize {
        (self.n - block * 64).min(64)
    }

    /// Draws a number uniform on [0, 1) for each neuron of a block, where the model needs them.
    #[inline(always)]
    pub(super) fn draw_chance(&mut self, block: usize, to: &mut Lanes) {
        if self.needs_chance {
            *to = Lanes(self.chance[block].uniforms());
        }
    }

    /// Puts the entries of a neuron's lists, or those of one list, to their state at time 0.
    fn begin_lists(&mut self, lane: usize, only: Option<usize>) {
        for entry in self.shape.entries().filter(|entry| only.is_none_or(|only| entry.list == only)) {
            let (mut k, mut s) = (vec![0.0; entry.constants.len()], vec![0.0; entry.state.len()]);
            self.list_constants.read(lane, entry.constants.start, &mut k);
            (self.kind.set_initial_entry)(entry.list, &k, &mut s);
            for (row, x) in self.list_rows[lane / 64 * self.shape.rows..][entry.state].iter_mut().zip(s) {
                row[lane % 64] = x;
            }
        }
    }

    fn compute_constants(&mut self, table: &Table) {
        let (kind, blocks) = (self.kind, self.blocks());
        let uniform = table.is_uniform(kind.declared);
        let different = if uniform { 1 } else { self.n };
        let entries = |list: usize, neuron: usize| table.list(kind.lists.all()[list].of, self.first + neuron).len();
        let longest = |list: usize| (0..different).map(|neuron| entries(list, neuron)).max().unwrap_or(0);
        let shape = ListShape::new(kind.lists.all(), (0..kind.lists.len()).map(longest));
        let constants_of = |neuron: usize| {
            let raw = Raw { table, neuron: self.first + neuron, grid: self.grid };
            let (mut k, mut of_lists) = (vec![0.0; kind.constants], vec![0.0; shape.constants]);
            (kind.set_constants)(raw, &mut k);
            for entry in shape.entries().filter(|e| e.entry < entries(e.list, neuron)) {
                (kind.set_entry_constants)(raw, entry.list, entry.entry, &mut of_lists[entry.constants]);
            }
            (k, of_lists)
        };
        let (k, of_lists) = constants_of(0);
        let (mut constants, mut list_constants) = (ChunkConstants::uniform(&k), ChunkConstants::uniform(&of_lists));
        let mut needs_chance = (kind.needs_chance)(&k);
        if !uniform {
            constants = ChunkConstants::of_each(kind.constants, blocks);
            list_constants = ChunkConstants::of_each(shape.constants, blocks);
            for lane in 0..blocks * 64 {
                let (k, of_lists) = constants_of(lane.min(self.n - 1));
                constants.set(lane, &k);
                list_constants.set(lane, &of_lists);
                needs_chance |= (kind.needs_chance)(&k);
            }
        }
        if shape != self.shape {
            self.list_rows = shape.refit(&self.shape, &self.list_rows, blocks);
            self.shape = shape;
        }
        (self.constants, self.list_constants, self.needs_chance) = (constants, list_constants, needs_chance);
    }

    fn constants_of(&self, neuron: usize) -> Vec<f64> {
        let mut k = vec![0.0; self.kind.constants];
        self.constants.read(neuron, 0, &mut k);
        k
    }

    fn load(&self, lane: usize) -> Vec<f64> {
        let rows = &self.rows[lane / 64 * self.kind.state..][..self.kind.state];
        rows.iter().map(|row| row[lane % 64]).collect()
    }

    fn store(&mut self, lane: usize, s: &[f64]) {
        let rows = &mut self.rows[lane / 64 * self.kind.state..][..self.kind.state];
        rows.iter_mut().zip(s).for_each(|(row, x)| row[lane % 64] = *x);
    }

    fn sampled(&self) -> Sampled<'_> {
        Sampled {
            rows: &self.rows,
            state: self.kind.state,
            constants: &self.constants,
            count: self.kind.constants,
            shape: &self.shape,
            list_rows: &self.list_rows,
            grid: self.grid,
        }
    }

    /// The end of step `i` of a block: sends the spikes of the neurons that fired, and takes the samples that are due.
    #[inline(always)]
    pub(super) fn finish(&mut self, block: usize, i: usize, fired: u64, turn: &mut Turn<'_>) -> Result<(), Trouble> {
        let fired = fired & u64::MAX >> (64 - self.lanes(block));
        if fired != 0 {
            self.send(block, fired, turn.outbox, turn.span.offset + i)?;
        }
        if !turn.probes.is_empty() {
            self.sample(block, i, turn);
        }
        Ok(())
    }

    /// Notes the spikes of the neurons of a block that fired, and lets happen what follows for them.
    #[inline(never)]
    fn send(&mut self, block: usize, mut fired: u64, outbox: &mut Outbox, step: usize) -> Result<(), Trouble> {
        let spikes = &mut outbox.spikes[step];
        let base = (self.first + block * 64) as u32;
        while fired != 0 {
            let lane = fired.trailing_zeros();
            if self.kind.fire.is_some() || self.kind.carried.is_some() {
                let (times, carried) = self.fire(block, lane as usize);
                if times > STORM {
                    return Err(Trouble::Storm { neuron: block * 64 + lane as usize });
                }
                if self.kind.carried.is_some() {
                    let event = Event { source: base + lane, multiplicity: times, factor: 1.0, offset: carried };
                    outbox.events[step].push(event);
                    fired &= fired - 1;
                    continue;
                }
                spikes.extend((0..times).map(|_| base + lane));
            } else {
                spikes.push(base + lane);
            }
            fired &= fired - 1;
        }
        Ok(())
    }

    /// What becomes of a neuron that fires; returns how many spikes it sends and what they carry.
    fn fire(&mut self, block: usize, lane: usize) -> (u32, f64) {
        let neuron = block * 64 + lane;
        let Scratch { of_one: (s, k), .. } = &mut self.scratch;
        s.clear();
        s.extend(self.rows[block * self.kind.state..][..self.kind.state].iter().map(|row| row[lane]));
        k.resize(self.kind.constants, 0.0);
        self.constants.read(neuron, 0, k);
        let rows = &mut self.list_rows[block * self.shape.rows..][..self.shape.rows];
        let mut lists = Lists { shape: &self.shape, constants: self.list_constants.block(block), rows, lane };
        let times = match self.kind.fire {
            Some(fire) => fire(s, k, &mut lists, &mut self.chance_at_spikes[block]),
            None => 1,
        };
        let carried = self.kind.carried.map_or(0.0, |carried| carried(s, k));
        for (row, x) in self.rows[block * self.kind.state..].iter_mut().zip(s) {
            row[lane] = *x;
        }
        (times, carried)
    }

    /// Writes the sampled quantities of a block at step `i` of the span.
    #[inline(never)]
    fn sample(&self, block: usize, i: usize, turn: &mut Turn<'_>) {
        let sampled = self.sampled();
        for probe in turn.probes.iter_mut().filter(|p| turn.span.due[p.meter] >> i & 1 != 0) {
            let first = probe.place(turn.span.due[probe.meter], i);
            let width = probe.variables.len();
            for j in probe.of_block(block * 64..block * 64 + 64) {
                let neuron = probe.neurons[j].0 as usize;
                for (v, variable) in probe.variables.iter().enumerate() {
                    let reading = self.kind.recordables[variable.declared];
                    probe.values[first + j * width + v] = sampled.read(reading, variable.entry, neuron);
                }
            }
        }
    }

    /// Which neuron has a state that is not finite.
    fn test_finite(&self) -> Result<(), Trouble> {
        for b in 0..self.blocks() {
            let rows = &self.rows[b * self.kind.state..][..self.kind.state];
            let lists = &self.list_rows[b * self.shape.rows..][..self.shape.rows];
            let state = || rows.iter().chain(lists).map(|row| &row.0);
            // Zero times a number that is not finite is NaN, and stays so in a sum. Eight sums side by side are faster
            // than one test a number.
            let mut sums = [0.0; 8];
            for x in state().flat_map(|row| row.as_chunks::<8>().0) {
                (0..8).for_each(|l| sums[l] += x[l] * 0.0);
            }
            if sums.iter().sum::<f64>() != 0.0 {
                let bad = (0..64).find(|&l| b * 64 + l < self.n && state().any(|row| !row[l].is_finite()));
                if let Some(lane) = bad {
                    return Err(Trouble::NotFinite { neuron: b * 64 + lane });
                }
            }
        }
        Ok(())
    }
}

impl Neurons for Blocks {
    fn update(
        &mut self,
        span: &Span,
        inputs: &mut Inputs,
        outbox: &mut Outbox,
        probes: &mut [Probe],
    ) -> Result<(), Trouble> {
        let level = self.level;
        let done = (self.run)(level, self, &mut Turn { span, inputs, outbox, probes, level });
        if span.check { done.and_then(|()| self.test_finite()) } else { done }
    }

    fn set_parameters(&mut self, table: &Table, names: &[&str]) {
        // Some potentials are absolute to the user and relative to a constant (E_L) inside: when that moves they stay.
        let relative = |(place, reading): (usize, &Reading)| Some((place, reading.relative_to()?));
        let kept: Vec<(usize, usize, Vec<[f64; 2]>)> = (self.kind.states.iter().enumerate().filter_map(relative))
            .map(|(state, constant)| {
                let of = |i: usize| [self.constants.get(i, constant), self.state(state, i)];
                (state, constant, (0..self.n).map(of).collect())
            })
            .collect();
        self.compute_constants(table);
        for (state, constant, values) in kept {
            for (i, [before, x]) in values.into_iter().enumerate() {
                if self.constants.get(i, constant) != before {
                    self.set_state(state, i, x);
                }
            }
        }
        if let Some((_, list)) = self.kind.first_entries.filter(|(name, _)| names.contains(name)) {
            (0..self.blocks() * 64).for_each(|lane| self.begin_lists(lane, Some(list)));
        }
        for i in 0..self.n {
            let (k, mut s) = (self.constants_of(i), self.load(i));
            (self.kind.parameters_set)(names, &mut s, &k);
            self.store(i, &s);
        }
    }

    fn output(&mut self, to: &mut [f64]) {
        let reading = (self.kind.output)();
        let sampled = self.sampled();
        for (neuron, to) in to.iter_mut().enumerate() {
            *to = reading.map_or(0.0, |reading| sampled.read(reading, 0, neuron));
        }
    }

    fn trial_step(&self, current: &[f64], gap: &[GapInput], tried: &mut [TrialStep]) {
        let Some(trial) = self.kind.trial else { return };
        for neuron in 0..self.n {
            let (s, k) = (self.load(neuron), self.constants_of(neuron));
            tried[neuron] = trial(&s, &k, current[neuron], &gap[neuron], self.grid);
        }
    }

    fn state(&self, state: usize, neuron: usize) -> f64 {
        self.sampled().read(self.kind.states[state], 0, neuron)
    }

    fn set_state(&mut self, state: usize, neuron: usize, x: f64) {
        let reading = self.kind.states[state];
        write(reading, x, &mut self.rows, self.kind.state, &self.constants, self.grid, neuron);
    }

    fn shown(&self, quantity: Quantity, neuron: usize) -> Option<f64> {
        Some(self.sampled().read(self.kind.recordables[quantity.declared], quantity.entry, neuron))
    }

    fn draws(&self) -> bool {
        self.needs_chance
    }

    fn send_events(&self) -> bool {
        self.kind.carried.is_some()
    }

    fn bytes(&self) -> usize {
        self.blocks() * (size_of::<Streams16>() + size_of::<Stream>())
            + size_of_val(&self.rows[..])
            + size_of_val(&self.list_rows[..])
            + self.constants.bytes()
            + self.list_constants.bytes()
    }

    fn clone_box(&self) -> Box<dyn Neurons> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use crate::description::{NodeId, Value};
    use crate::runtime::Simulation;

    #[test]
    fn potentials_stay_where_they_are_when_e_l_moves() {
        let text = r#"(nodes: {
            "cells": (model: "iaf_psc_alpha", n: 3, params: (E_L: [-70, -65, -60], V_m: -66.1)),
        })"#;
        let project = crate::project::read(text).expect("a project").0;
        let mut simulation = Simulation::build(&project, &|_| true).expect("it can be built");
        let potentials = |simulation: &Simulation| {
            [0, 1, 2].map(|i| match simulation.get(NodeId(0), i, "V_m") {
                Some(Value::Real(v)) => v,
                other => panic!("{other:?}"),
            })
        };
        let before = potentials(&simulation);
        simulation.set(NodeId(0), &[("E_L".into(), Value::Real(-60.0))]).expect("it can be set");
        let after = potentials(&simulation);
        for i in 0..3 {
            assert!((before[i] + 66.1).abs() < 1e-12 && (after[i] + 66.1).abs() < 1e-12, "{before:?} {after:?}");
        }
        // Where it has not moved nothing is computed anew.
        assert_eq!(before[2].to_bits(), after[2].to_bits());
    }
}
