//! Populations of differentiable cells, stepped for many patterns at once, forwards and backwards.
//!
//! The cells of a population stand there once for each pattern: pattern by pattern, neuron by neuron within. The model's own
//! step is written down once ([`expressions`](crate::mechanisms::expressions)); one program makes it, and another, of its
//! derivatives, tells what the loss wants of the state before the step and of its input. Both leave out what leads to no spike
//! and to no value.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use crate::description::Value;
use crate::mechanisms::expressions::{Expressions, Id, Written, written};
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::programs::{Program, Room, VECTOR};
use crate::mechanisms::surrogates::Surrogate;
use crate::mechanisms::time::Grid;
use crate::models::Visit;
use crate::runtime::input::inputs::{Gathered, Lanes};
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::{Arrivals, Neuron};
use crate::runtime::neurons::lists::{ListShape, Lists};
use crate::runtime::parameters::{Parameters, Raw};
use crate::runtime::table::Table;

/// Cells that are worth a step of a program: with fewer, what a step costs by itself counts; with more, caches do.
const TOGETHER: usize = 1024;

/// So many patterns are run together where populations have up to so many neurons: results are summed in these portions, so
/// it depends on nothing else.
pub fn patterns_at_once(widest: usize) -> usize {
    (TOGETHER / widest.max(1)).clamp(1, 16)
}

/// The number of the state that a loss can read: potential, or what is read out.
pub const VALUE: usize = 0;

/// Makes the cells of a population.
pub struct Making<'a> {
    pub params: &'a BTreeMap<String, Value>,
    pub n: usize,
    pub grid: Grid,
    pub seed: u64,
    /// The place of the node in the project.
    pub index: u64,
    /// Patterns that are run together, at most.
    pub at_once: usize,
    /// Inlets that projections reach, ascending, and whether something is to be learnt of what the loss wants of them.
    pub inlets: Vec<(usize, bool)>,
}

/// A model's step, written down. Given are the numbers of the state, then the sums of input, then the constants that differ.
pub struct OneStep {
    list: Expressions,
    /// State after the step, and who fires.
    after: Vec<Id>,
    fired: Id,
    /// State at first, neuron by neuron.
    begin: Vec<Vec<f64>>,
    /// Constants that differ, neuron by neuron.
    differing: Vec<Vec<f64>>,
}

impl Visit for &Making<'_> {
    type Output = Result<OneStep, String>;

    fn visit<N: Neuron>(self) -> Self::Output {
        let Making { params, n, grid, seed, index, .. } = *self;
        let table = Table::new(N::DECLARATION, params, n, seed, index)?;
        let different = if table.is_uniform(N::DECLARATION) { 1 } else { n };
        let entries = |list: usize, neuron: usize| table.list(N::LISTS.all()[list].of, neuron).len();
        let longest = |list: usize| (0..different).map(|neuron| entries(list, neuron)).max().unwrap_or(0);
        let shape = ListShape::new(N::LISTS.all(), (0..N::LISTS.len()).map(longest));
        let own_state = <N::State<f64> as Fields<f64>>::COUNT;
        let own_constants = <N::Constants<f64> as Fields<f64>>::COUNT;
        let (mut begin, mut constants) = (Vec::new(), Vec::new());
        for neuron in 0..n {
            let p = Parameters::<N>::of(Raw { table: &table, neuron, grid });
            let k = N::constants(&p);
            let mut all = vec![0.0; own_constants + shape.constants];
            all[..own_constants].copy_from_slice(Fields::<f64>::numbers(&k));
            let mut numbers = vec![0.0; own_state + shape.rows];
            numbers[..own_state].copy_from_slice(Fields::<f64>::numbers(&N::initial(&p, &k)));
            for declared in N::DECLARATION.states() {
                if let Some(place) = N::READINGS.find(N::DECLARATION.name, declared.name).place() {
                    numbers[place] = table.real(declared.name, neuron);
                }
            }
            for entry in shape.entries().filter(|entry| entry.entry < entries(entry.list, neuron)) {
                let of_entry = own_constants + entry.constants.start..own_constants + entry.constants.end;
                N::entry_constants(&p, entry.list, entry.entry, &mut all[of_entry.clone()]);
                let rows = own_state + entry.state.start..own_state + entry.state.end;
                N::initial_entry(entry.list, &all[of_entry], &mut numbers[rows]);
            }
            begin.push(numbers);
            if neuron < different {
                constants.push(all);
            }
        }
        // The first port, then one for each entry of the lists.
        let of_lists: usize = (0..N::LISTS.len()).map(|list| shape.len(list)).sum();
        let inlets = self.inlets.last().map_or(0, |(last, _)| last + 1).max(1 + of_lists);
        let numbers = own_state + shape.rows;
        let differs = |i: &usize| constants.iter().any(|k: &Vec<f64>| k[*i].to_bits() != constants[0][*i].to_bits());
        let differing: Vec<usize> = (0..own_constants + shape.constants).filter(differs).collect();
        let (list, (after, fired)) = written(|| {
            let mut gathered = Gathered::default();
            gathered.spikes.resize(inlets.max(2), Lanes([0.0; 64]));
            gathered.currents.resize(2, Lanes([0.0; 64]));
            for (i, (inlet, _)) in self.inlets.iter().enumerate() {
                Written::given(numbers + i).store(&mut gathered.spikes[*inlet].0);
            }
            let mut all = vec![0.0; own_constants + shape.constants];
            for (i, to) in all.iter_mut().enumerate() {
                let place = differing.iter().position(|differing| *differing == i);
                let k = place.map(|place| Written::given(numbers + self.inlets.len() + place));
                k.unwrap_or_else(|| Written::of(constants[0][i])).store(std::slice::from_mut(to));
            }
            let k: N::Constants<Written> = Places(&all).load(0, 0);
            let mut s = N::State::<Written>::filled(Written::of(0.0));
            for i in 0..own_state {
                s.numbers_mut()[i] = Written::given(i);
            }
            let mut rows = vec![Lanes([0.0; 64]); shape.rows];
            for (i, row) in rows.iter_mut().enumerate() {
                Written::given(own_state + i).store(&mut row.0);
            }
            let chance = [0.0; 64];
            let arriving = Arrivals::new(&gathered, &chance, grid.h()).at::<Written>(0);
            let of_lists = Places(&all[own_constants..]);
            let mut lists = Lists { shape: &shape, constants: of_lists, rows: &mut rows, lane: 0 };
            let fired = N::step(&k, &mut s, &mut lists, &arriving);
            let of_lists = rows.iter().map(|row| Written::load(&row.0));
            (s.numbers().iter().copied().chain(of_lists).map(|x| x.0).collect(), fired.0)
        });
        let differing = constants.iter().map(|k| differing.iter().map(|i| k[*i]).collect()).collect();
        Ok(OneStep { list, after, fired, begin, differing })
    }
}

/// Constants that are written down, by their places in the list.
#[derive(Clone, Copy)]
struct Places<'a>(&'a [f64]);

impl Coefficients for Places<'_> {
    fn load<R: Real, K: Fields<R>>(self, first: usize, _: usize) -> K {
        let mut to = K::filled(R::of(0.0));
        for (to, place) in to.numbers_mut().iter_mut().zip(&self.0[first..]) {
            *to = R::load(std::slice::from_ref(place));
        }
        to
    }
}

/// Cells of a population. Their state is those numbers that lead to spikes or to the value, which is the first; those that are
/// needed on the way back come before the others.
pub struct Cells {
    /// Numbers of the state, and how many of them are kept of each step.
    pub numbers: usize,
    pub kept: usize,
    /// Inlets that projections reach.
    pub inlets: Vec<usize>,
    /// Whether their sums are needed on the way back.
    pub keeps_input: bool,
    /// Those whose sums the loss may want otherwise, and so many numbers of the state.
    pub learning: Vec<usize>,
    pub live: usize,
    /// Whether they ever fire.
    pub fires: bool,
    /// Rows for as many patterns as are run together: state at first, constants that differ.
    begin: Vec<Vec<f64>>,
    differing: Vec<Vec<f64>>,
    forward: Program,
    backward: Option<Program>,
}

/// Rooms for the programs of some cells.
pub struct Rooms {
    forward: Room,
    backward: Option<Room>,
}

/// Rows for a program, listed without asking for memory: that is done in every step.
type Rows<'a> = SmallVec<[&'a [f64]; 24]>;
type RowsOut<'a> = SmallVec<[&'a mut [f64]; 24]>;

/// What cells are given, in rows of `padded` places.
pub struct Step<'a> {
    pub padded: usize,
    /// The kept numbers of the state before the step, then the others; on the way back the kept ones before and after it.
    pub state: [&'a [f64]; 2],
    /// Sums of input; on the way back none, where they are not needed.
    pub input: &'a [f64],
}

/// What cells are given on the way back: derivatives of the loss in rows.
pub struct Wanted<'a> {
    /// By the spikes of the step.
    pub spikes: &'a [f64],
    /// By the live numbers of the state after it.
    pub after: &'a [f64],
}

impl Cells {
    /// The cells of a model of that family.
    pub fn new(model: &str, making: &Making<'_>) -> Option<Result<Cells, String>> {
        Some(crate::models::visit(model, making)?.map(|step| Cells::of(step, making)))
    }

    fn of(step: OneStep, making: &Making<'_>) -> Cells {
        let OneStep { mut list, after, fired, begin, differing } = step;
        let (n, all, sums) = (making.n, after.len(), making.inlets.len());
        let inlets: Vec<usize> = making.inlets.iter().map(|(inlet, _)| *inlet).collect();
        let learning: Vec<usize> = (0..sums).filter(|i| making.inlets[*i].1).collect();
        // What leads to spikes or to the value, in whatever way, and what does so smoothly.
        let leading = |smooth: bool| {
            let mut found = vec![VALUE];
            loop {
                let outputs: Vec<Id> = found.iter().map(|i| after[*i]).chain([fired]).collect();
                let more = list.depends_on(&outputs, smooth).into_iter().map(|given| given as usize);
                let more: Vec<usize> = more.filter(|i| *i < all && !found.contains(i)).collect();
                if more.is_empty() {
                    return found;
                }
                found.extend(more);
            }
        };
        let (mut state, live) = (leading(false), leading(true));
        let mut given = |i: usize| list.given(i as u32);
        let (of_state, of_sums): (Vec<Id>, Vec<Id>) =
            ((0..all).map(&mut given).collect(), (all..all + sums).map(&mut given).collect());
        let count = differing.first().map_or(0, Vec::len);
        let of_constants: Vec<Id> = (all + sums..all + sums + count).map(&mut given).collect();
        let first = (all + sums + count) as u32;
        // On the way back.
        let back = (!learning.is_empty()).then(|| {
            let by_spikes = list.given(first);
            let by_after: Vec<Id> = (0..live.len() as u32).map(|i| list.given(first + 1 + i)).collect();
            let outputs = live.iter().zip(&by_after).map(|(i, by)| (after[*i], *by)).chain([(fired, by_spikes)]);
            let by: Vec<Id> = live.iter().map(|i| of_state[*i]).chain(learning.iter().map(|i| of_sums[*i])).collect();
            let wanted = list.derivatives(&outputs.collect::<Vec<_>>(), &by);
            (by_spikes, by_after, wanted)
        });
        let program_back = |state: &[usize]| {
            let (by_spikes, by_after, wanted) = back.as_ref()?;
            let before = state.iter().map(|i| of_state[*i]);
            // What stays as it was is read from before.
            let given = before.chain(state.iter().map(|i| after[*i])).chain(of_sums.iter().copied());
            let given = given.chain(of_constants.iter().copied()).chain([*by_spikes]).chain(by_after.iter().copied());
            let given: Vec<Option<Id>> = given.map(|id| list.value(id).is_none().then_some(id)).collect();
            Some(Program::new(&list, &given, wanted))
        };
        let tried = program_back(&state);
        let is_read = |place: usize| tried.as_ref().is_some_and(|p| p.reads(place) || p.reads(state.len() + place));
        let (mut kept, others): (Vec<usize>, Vec<usize>) =
            (0..state.len()).partition(|place| *place == VALUE || is_read(*place));
        let keeps_input = (0..sums).any(|i| tried.as_ref().is_some_and(|p| p.reads(2 * state.len() + i)));
        let count_kept = kept.len();
        kept.extend(others);
        state = kept.into_iter().map(|place| state[place]).collect();
        let given =
            state.iter().map(|i| of_state[*i]).chain(of_sums.iter().copied()).chain(of_constants.iter().copied());
        let outputs: Vec<Id> = state.iter().map(|i| after[*i]).chain([fired]).collect();
        let forward = Program::new(&list, &given.map(Some).collect::<Vec<_>>(), &outputs);
        let backward = program_back(&state[..count_kept]);
        // Places behind the last cell repeat neurons, so that their numbers stay ordinary.
        let places = (making.at_once * n).next_multiple_of(VECTOR);
        let row = |of: &[Vec<f64>], i: usize| (0..places).map(|cell| of[cell % n % of.len()][i]).collect();
        Cells {
            numbers: state.len(),
            kept: count_kept,
            inlets,
            keeps_input,
            learning,
            live: live.len(),
            fires: list.value(fired).is_none(),
            begin: state.iter().map(|i| row(&begin, *i)).collect(),
            differing: (0..count).map(|i| row(&differing, i)).collect(),
            forward,
            backward,
        }
    }

    pub fn rooms(&self) -> Rooms {
        Rooms { forward: self.forward.room(), backward: self.backward.as_ref().map(Program::room) }
    }

    /// Whether something can be learnt of what the loss wants of them.
    pub fn learns(&self) -> bool {
        self.backward.is_some()
    }

    /// The place of an inlet among those that projections reach.
    pub fn place(&self, inlet: usize) -> usize {
        self.inlets.iter().position(|wired| *wired == inlet).unwrap_or(0)
    }

    /// Puts the state at first into rows: those that are kept, and the others.
    pub fn begin(&self, kept: &mut [f64], others: &mut [f64], padded: usize) {
        let rows = kept.chunks_exact_mut(padded).chain(others.chunks_exact_mut(padded));
        rows.zip(&self.begin).for_each(|(to, from)| to.copy_from_slice(&from[..padded]));
    }

    /// A step of all cells; into `after` come the kept numbers of their state and the others, and `spikes` becomes 1 where a cell
    /// fires, else 0.
    pub fn forward(&self, rooms: &mut Rooms, step: Step<'_>, after: [&mut [f64]; 2], spikes: &mut [f64]) {
        let given: Rows<'_> = self.given(&step).collect();
        let outputs = after.into_iter().flat_map(|rows| rows.chunks_exact_mut(step.padded));
        let mut outputs: RowsOut<'_> = outputs.chain([spikes]).collect();
        self.forward.run(&mut rooms.forward, step.padded, &given, &mut outputs, Surrogate::USUAL);
    }

    /// What the loss wants of the live numbers of the state before a step and of those sums of input of which something is
    /// learnt, given what it wants of what came out.
    pub fn backward(
        &self,
        rooms: &mut Rooms,
        step: Step<'_>,
        wanted: Wanted<'_>,
        surrogate: Surrogate,
        to: [&mut [f64]; 2],
    ) {
        let (Some(program), Some(room)) = (&self.backward, &mut rooms.backward) else { return };
        let given = self.given(&step).chain([wanted.spikes]).chain(wanted.after.chunks_exact(step.padded));
        let given: Rows<'_> = given.collect();
        let mut outputs: RowsOut<'_> = to.into_iter().flat_map(|rows| rows.chunks_exact_mut(step.padded)).collect();
        program.run(room, step.padded, &given, &mut outputs, surrogate);
    }

    /// The rows that both programs are given: state, input, constants that differ.
    fn given<'a>(&'a self, step: &Step<'a>) -> impl Iterator<Item = &'a [f64]> {
        let Step { padded, state, input } = *step;
        let of_input = (0..self.inlets.len()).map(move |i| input.get(i * padded..(i + 1) * padded).unwrap_or(&[]));
        let of_state = state.into_iter().flat_map(move |rows| rows.chunks_exact(padded));
        of_state.chain(of_input).chain(self.differing.iter().map(|row| &row[..]))
    }
}
