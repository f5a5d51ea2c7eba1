//! Neurons of one model in blocks of 64: state in rows, one step after the other while a block stays in the cache.

use crate::description::Role;
use crate::mechanisms::lanes::{InLanes, Level, Real, level};
use crate::mechanisms::random::{Purpose, Stream, Streams16};
use crate::mechanisms::time::Grid;
use crate::runtime::clock::chunk::{Make, Neurons, Outbox, Probe, STORM, Span, Trouble};
use crate::runtime::input::inputs::{Gathered, Inputs, Lanes};
use crate::runtime::model::Model;
use crate::runtime::neurons::dynamics::{
    Arriving, Coefficients, GapInput, ListDynamics, Lookup, PerNeuron, Rehearsed, Uniform,
};
use crate::runtime::neurons::lists::{Lists, PerNeuronRows, Shape, UniformRows};
use crate::runtime::neurons::solved::Bench;
use crate::runtime::table::Table;

/// State of 64 neurons: one row a variable.
#[repr(align(64))]
#[derive(Clone)]
pub(crate) struct Block<const S: usize>(pub [[f64; 64]; S]);

#[derive(Clone)]
pub(crate) enum Constants<const K: usize> {
    Same([f64; K]),
    Each(Vec<[[f64; 64]; K]>),
}

impl<const K: usize> Constants<K> {
    /// Those of one neuron of the chunk.
    pub fn of(&self, neuron: usize) -> [f64; K] {
        match self {
            Constants::Same(k) => *k,
            Constants::Each(blocks) => std::array::from_fn(|i| blocks[neuron / 64][i][neuron % 64]),
        }
    }
}

/// Neurons of model `D` in blocks of 64.
pub struct Blocks<D, const S: usize, const K: usize> {
    model: &'static Model,
    /// Number within the population of the first neuron.
    pub(crate) first: usize,
    pub(crate) n: usize,
    pub(crate) grid: Grid,
    pub(crate) blocks: Vec<Block<S>>,
    pub(crate) constants: Constants<K>,
    /// Extent of the model's lists, and their state and constants, block after block.
    pub(crate) shape: Shape,
    rows: Vec<Lanes>,
    list_constants: Vec<f64>,
    /// Random numbers, for models and parameters that need them: for each step, and when one fires.
    pub(crate) chance: Vec<Streams16>,
    pub(crate) chance_at_spikes: Vec<Stream>,
    pub(crate) needs_chance: bool,
    level: Level,
    /// Working memory of models that are solved adaptively.
    pub(crate) bench: Bench,
    dynamics: std::marker::PhantomData<D>,
}

impl<D: ListDynamics<S, K>, const S: usize, const K: usize> Blocks<D, S, K> {
    /// Neurons of the model with dynamics `D`.
    pub fn make(make: &Make<'_>) -> Box<dyn Neurons> {
        Box::new(Self::new(make))
    }

    fn new(make: &Make<'_>) -> Self {
        let &Make { model, table, first, n, grid, seed, node } = make;
        let n_blocks = n.div_ceil(64);
        let part = |b: usize| (first / 64 + b) as u64;
        let mut this = Blocks {
            model,
            first,
            n,
            grid,
            blocks: vec![Block([[0.0; 64]; S]); n_blocks],
            constants: Constants::Same([0.0; K]),
            shape: Shape::default(),
            rows: Vec::new(),
            list_constants: Vec::new(),
            chance: (0..n_blocks).map(|b| Streams16::of(seed, Purpose::Escape, node, part(b))).collect(),
            chance_at_spikes: (0..n_blocks)
                .map(|b| Stream::of(seed, Purpose::Escape, node, (1 << 60) + part(b)))
                .collect(),
            needs_chance: false,
            level: level(),
            bench: Bench::default(),
            dynamics: std::marker::PhantomData::<D>,
        };
        this.compute_constants(table);
        for lane in 0..n_blocks * 64 {
            // Lanes behind the last neuron repeat it, so that their numbers stay ordinary.
            let neuron = lane.min(n - 1);
            let k = this.constants_of(neuron);
            let row = table.row(first + neuron);
            let mut s = D::initial(&row, &k);
            for state in model.parameters().filter(|p| p.role == Role::State) {
                D::set_state(state.name, table.real(state.name, first + neuron), &mut s, &k);
            }
            this.store(lane, &s);
            this.begin_lists(lane);
        }
        this
    }

    /// Puts the entries of a neuron's lists to their state at time 0.
    fn begin_lists(&mut self, lane: usize) {
        for entry in self.shape.entries() {
            let k: Vec<f64> = match &self.constants {
                Constants::Same(_) => self.list_constants[entry.constants].to_vec(),
                Constants::Each(_) => {
                    let row = |i: usize| (lane / 64 * self.shape.constants + i) * 64 + lane % 64;
                    entry.constants.map(|i| self.list_constants[row(i)]).collect()
                }
            };
            let mut s = vec![0.0; entry.state.len()];
            D::initial_entry(entry.list, &k, &mut s);
            for (row, x) in self.rows[lane / 64 * self.shape.rows..][entry.state].iter_mut().zip(s) {
                row[lane % 64] = x;
            }
        }
    }

    fn compute_constants(&mut self, table: &Table) {
        let uniform = table.is_uniform(self.model);
        let neurons = self.first..self.first + if uniform { 1 } else { self.n };
        let shape = Shape::new(D::LISTS, neurons.map(|i| table.row(i)));
        if shape != self.shape {
            self.rows = shape.refit(&self.shape, &self.rows, self.blocks.len());
            self.shape = shape;
        }
        let of = |neuron: usize| D::constants(&table.row(neuron), self.grid);
        let lists_of = |neuron: usize| {
            let row = table.row(neuron);
            let mut k = vec![0.0; self.shape.constants];
            for entry in self.shape.entries().filter(|e| e.entry < row.list(D::LISTS[e.list].of).len()) {
                D::entry_constants(entry.list, entry.entry, &row, self.grid, &mut k[entry.constants]);
            }
            k
        };
        (self.constants, self.list_constants) = if uniform {
            (Constants::Same(of(self.first)), lists_of(self.first))
        } else {
            let mut blocks = vec![[[0.0; 64]; K]; self.blocks.len()];
            let mut rows = vec![0.0; self.blocks.len() * self.shape.constants * 64];
            for lane in 0..self.blocks.len() * 64 {
                let neuron = self.first + lane.min(self.n - 1);
                for (row, x) in blocks[lane / 64].iter_mut().zip(of(neuron)) {
                    row[lane % 64] = x;
                }
                for (i, x) in lists_of(neuron).into_iter().enumerate() {
                    rows[(lane / 64 * self.shape.constants + i) * 64 + lane % 64] = x;
                }
            }
            (Constants::Each(blocks), rows)
        };
        self.needs_chance =
            (0..self.n).step_by(if uniform { self.n } else { 1 }).any(|i| D::needs_chance(&self.constants_of(i)));
    }

    fn constants_of(&self, neuron: usize) -> [f64; K] {
        self.constants.of(neuron)
    }

    fn load(&self, lane: usize) -> [f64; S] {
        std::array::from_fn(|i| self.blocks[lane / 64].0[i][lane % 64])
    }

    fn store(&mut self, lane: usize, s: &[f64; S]) {
        for i in 0..S {
            self.blocks[lane / 64].0[i][lane % 64] = s[i];
        }
    }
}

impl<D: ListDynamics<S, K>, const S: usize, const K: usize> Neurons for Blocks<D, S, K> {
    fn update(
        &mut self,
        span: &Span,
        inputs: &mut Inputs,
        outbox: &mut Outbox,
        probes: &mut [Probe],
    ) -> Result<(), Trouble> {
        let level = self.level;
        let done = level.run(Through { neurons: self, span, inputs, outbox, probes });
        if span.check { done.and_then(|()| self.test_finite()) } else { done }
    }

    fn set_parameters(&mut self, table: &Table, names: &[&str]) {
        // Potentials are absolute to the user and relative to E_L inside: when E_L moves they stay.
        let moves = names.contains(&"E_L");
        let states: Vec<&str> =
            self.model.parameters().filter(|p| p.role == Role::State && moves).map(|p| p.name).collect();
        let kept: Vec<Vec<f64>> =
            states.iter().map(|name| (0..self.n).map(|i| self.state(name, i)).collect()).collect();
        self.compute_constants(table);
        for (name, values) in states.iter().zip(&kept) {
            for (i, x) in values.iter().enumerate() {
                self.set_state(name, i, *x);
            }
        }
        for i in 0..self.n {
            let (k, mut s) = (self.constants_of(i), self.load(i));
            D::parameters_set(names, &mut s, &k);
            self.store(i, &s);
        }
    }

    fn show(&mut self, to: &mut [f64]) {
        for (neuron, to) in to.iter_mut().enumerate() {
            *to = D::shown(&self.load(neuron), &self.constants_of(neuron));
        }
    }

    fn rehearse(&self, current: &[f64], gap: &[GapInput], tried: &mut [Rehearsed]) {
        for neuron in 0..self.n {
            let (s, k) = (self.load(neuron), self.constants_of(neuron));
            if let Some(rehearsed) = D::rehearse(&s, &k, current[neuron], &gap[neuron]) {
                tried[neuron] = rehearsed;
            }
        }
    }

    fn state(&self, name: &str, neuron: usize) -> f64 {
        D::state(name, &self.load(neuron), &self.constants_of(neuron))
    }

    fn set_state(&mut self, name: &str, neuron: usize, x: f64) {
        let (k, mut s) = (self.constants_of(neuron), self.load(neuron));
        D::set_state(name, x, &mut s, &k);
        self.store(neuron, &s);
    }

    fn bytes(&self) -> usize {
        let constants = match &self.constants {
            Constants::Same(_) => 0,
            Constants::Each(blocks) => size_of_val(&blocks[..]),
        };
        self.blocks.len() * (64 * 8 * S + size_of::<Streams16>() + size_of::<Stream>())
            + size_of_val(&self.rows[..])
            + size_of_val(&self.list_constants[..])
            + constants
    }

    fn clone_box(&self) -> Box<dyn Neurons> {
        Box::new(Blocks {
            model: self.model,
            first: self.first,
            n: self.n,
            grid: self.grid,
            blocks: self.blocks.clone(),
            constants: self.constants.clone(),
            shape: self.shape.clone(),
            rows: self.rows.clone(),
            list_constants: self.list_constants.clone(),
            chance: self.chance.clone(),
            chance_at_spikes: self.chance_at_spikes.clone(),
            needs_chance: self.needs_chance,
            level: self.level,
            bench: Bench::default(),
            dynamics: std::marker::PhantomData::<D>,
        })
    }
}

impl<D: ListDynamics<S, K>, const S: usize, const K: usize> Blocks<D, S, K> {
    fn test_finite(&self) -> Result<(), Trouble> {
        for (b, block) in self.blocks.iter().enumerate() {
            let lists = &self.rows[b * self.shape.rows..(b + 1) * self.shape.rows];
            let state = || block.0.iter().chain(lists.iter().map(|row| &row.0));
            // Zero times what is not finite is not a number. Eight sums side by side.
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

/// The neurons of a chunk go through a span.
struct Through<'a, D, const S: usize, const K: usize> {
    neurons: &'a mut Blocks<D, S, K>,
    span: &'a Span,
    inputs: &'a mut Inputs,
    outbox: &'a mut Outbox,
    probes: &'a mut [Probe],
}

impl<D: ListDynamics<S, K>, const S: usize, const K: usize> InLanes for Through<'_, D, S, K> {
    type Output = Result<(), Trouble>;
    #[inline(always)]
    fn run<R: Real>(self) -> Result<(), Trouble> {
        let Through { neurons, span, inputs, outbox, probes } = self;
        D::run::<R>(neurons, span, inputs, outbox, probes)
    }
}

/// All blocks through the span, block by block. Everything below melts into the function
/// that is compiled for the processor's instructions.
#[inline(always)]
pub(crate) fn run<D: ListDynamics<S, K>, const S: usize, const K: usize, R: Real>(
    this: &mut Blocks<D, S, K>,
    span: &Span,
    inputs: &mut Inputs,
    outbox: &mut Outbox,
    probes: &mut [Probe],
) -> Result<(), Trouble> {
    let mut gathered = inputs.lend();
    let shape = &this.shape;
    let mut done = Ok(());
    for b in 0..this.blocks.len() {
        let place = Place { block: b, first: this.first, lanes: (this.n - b * 64).min(64) };
        let chance = if this.needs_chance { this.chance.get_mut(b) } else { None };
        let mut around = Around {
            block: &mut this.blocks[b],
            chance,
            chance_at_spikes: &mut this.chance_at_spikes[b],
            place,
            span,
            inputs,
            gathered: &mut gathered,
            outbox,
            probes,
        };
        let rows = &mut this.rows[b * shape.rows..(b + 1) * shape.rows];
        done = match &this.constants {
            Constants::Same(k) => {
                let lists = Lists { shape, constants: UniformRows(&this.list_constants), rows, lane: 0 };
                run_block::<D, S, K, R, _, _>(Uniform(k), lists, &mut around, |_| *k)
            }
            Constants::Each(blocks) => {
                let k = &blocks[b];
                let per_block = shape.constants * 64;
                let constants = PerNeuronRows(&this.list_constants[b * per_block..(b + 1) * per_block]);
                let lists = Lists { shape, constants, rows, lane: 0 };
                let of = |lane: usize| std::array::from_fn(|i| k[i][lane]);
                run_block::<D, S, K, R, _, _>(PerNeuron(k), lists, &mut around, of)
            }
        };
        if done.is_err() {
            break;
        }
    }
    inputs.give_back(gathered);
    done
}

/// What models get that do not ask for random numbers.
static NO_CHANCE: [f64; 64] = [0.0; 64];

/// Where a block stands.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub block: usize,
    /// Number within the population of the chunk's first neuron.
    pub first: usize,
    /// Neurons in the block; lanes behind them are padding.
    pub lanes: usize,
}

/// A block and what it works with in a span.
struct Around<'a, const S: usize> {
    block: &'a mut Block<S>,
    chance: Option<&'a mut Streams16>,
    chance_at_spikes: &'a mut Stream,
    place: Place,
    span: &'a Span,
    inputs: &'a mut Inputs,
    gathered: &'a mut Gathered,
    outbox: &'a mut Outbox,
    probes: &'a mut [Probe],
}

#[inline(always)]
fn run_block<D: ListDynamics<S, K>, const S: usize, const K: usize, R: Real, C: Coefficients, L: Coefficients>(
    constants: C,
    mut lists: Lists<'_, L>,
    around: &mut Around<'_, S>,
    constants_of: impl Fn(usize) -> [f64; K],
) -> Result<(), Trouble> {
    let Around { block, chance, chance_at_spikes, place, span, inputs, gathered, outbox, probes } = around;
    let valid = u64::MAX >> (64 - place.lanes);
    for i in 0..span.n {
        inputs.gather(place.block, span.first, i, gathered);
        let drawn;
        let uniforms = match chance {
            Some(streams) => {
                drawn = streams.uniforms();
                &drawn
            }
            None => &NO_CHANCE,
        };
        let mut fired = 0u64;
        for lane in (0..place.lanes).step_by(R::LANES) {
            let mut s: [R; S] = std::array::from_fn(|v| R::load(&block.0[v][lane..]));
            let arriving = Arriving::at(lane, gathered, uniforms);
            lists.lane = lane;
            let who = D::step::<R, C, L>(constants, lane, &mut s, &mut lists, arriving);
            for v in 0..S {
                s[v].store(&mut block.0[v][lane..]);
            }
            fired |= R::bits(who) << lane;
        }
        let spikes = &mut outbox.spikes[span.offset + i];
        send::<D, S, K, L>(fired & valid, *place, block, &constants_of, &mut lists, chance_at_spikes, spikes)?;
        for probe in probes.iter_mut().filter(|p| span.due[p.meter] >> i & 1 != 0) {
            sample::<D, S, K, L>(probe, block, *place, span, i, &constants_of, &mut lists);
        }
    }
    Ok(())
}

/// Notes the spikes of the neurons of a block that fired, and lets happen what follows for them.
#[inline(always)]
pub(crate) fn send<D: ListDynamics<S, K>, const S: usize, const K: usize, L: Coefficients>(
    mut fired: u64,
    place: Place,
    block: &mut Block<S>,
    constants_of: &impl Fn(usize) -> [f64; K],
    lists: &mut Lists<'_, L>,
    chance: &mut Stream,
    spikes: &mut Vec<u32>,
) -> Result<(), Trouble> {
    let base = (place.first + place.block * 64) as u32;
    while fired != 0 {
        let lane = fired.trailing_zeros();
        if D::BURSTS {
            let times = fire::<D, S, K, L>(lane as usize, block, constants_of, lists, chance);
            if times > STORM {
                return Err(Trouble::Storm { neuron: place.block * 64 + lane as usize });
            }
            spikes.extend((0..times).map(|_| base + lane));
        } else {
            spikes.push(base + lane);
        }
        fired &= fired - 1;
    }
    Ok(())
}

/// What becomes of a neuron that fires; returns how many spikes it sends.
#[inline(never)]
fn fire<D: ListDynamics<S, K>, const S: usize, const K: usize, L: Coefficients>(
    lane: usize,
    block: &mut Block<S>,
    constants_of: &impl Fn(usize) -> [f64; K],
    lists: &mut Lists<'_, L>,
    chance: &mut Stream,
) -> u32 {
    let mut s: [f64; S] = std::array::from_fn(|v| block.0[v][lane]);
    lists.lane = lane;
    let times = D::fire(&mut s, &constants_of(lane), lists, chance);
    for v in 0..S {
        block.0[v][lane] = s[v];
    }
    times
}

/// Writes the sampled quantities of a block at step `i` of the span.
#[inline(never)]
pub(crate) fn sample<D: ListDynamics<S, K>, const S: usize, const K: usize, L: Coefficients>(
    probe: &mut Probe,
    block: &Block<S>,
    place: Place,
    span: &Span,
    i: usize,
    constants_of: &impl Fn(usize) -> [f64; K],
    lists: &mut Lists<'_, L>,
) {
    let first = probe.place(span.due[probe.meter], i);
    let width = probe.variables.len();
    let begin = probe.neurons.partition_point(|(neuron, _)| (*neuron as usize) < place.block * 64);
    let end = probe.neurons.partition_point(|(neuron, _)| (*neuron as usize) < place.block * 64 + 64);
    for j in begin..end {
        let lane = probe.neurons[j].0 as usize - place.block * 64;
        let s: [f64; S] = std::array::from_fn(|v| block.0[v][lane]);
        let k = constants_of(lane);
        let at = first + j * width;
        lists.lane = lane;
        for (v, variable) in probe.variables.iter().enumerate() {
            probe.values[at + v] = D::recordable(variable.declared, variable.entry, &s, &k, lists);
        }
    }
}
