//! Populations of differentiable cells, stepped in lanes for many patterns at once, forwards and backwards.
//!
//! The cells of a population stand there once for each pattern: pattern by pattern, neuron by neuron within. Backwards the
//! model's own step runs again from the state that was kept, with numbers that carry derivatives ([`Jet`]), and what came out
//! of it is multiplied with what the loss wants of it.

use std::collections::BTreeMap;

use crate::description::Value;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::jet::{Jet, using};
use crate::mechanisms::lanes::{InLanes, Level, Real, level};
use crate::mechanisms::random::Stream;
use crate::mechanisms::surrogates::Surrogate;
use crate::mechanisms::time::Grid;
use crate::models::Visit;
use crate::runtime::input::inputs::{Gathered, Lanes};
use crate::runtime::neurons::constants::{Coefficients, Eight};
use crate::runtime::neurons::dynamics::{Arrivals, Neuron};
use crate::runtime::neurons::lists::{ListShape, Lists};
use crate::runtime::parameters::{Parameters, Raw};
use crate::runtime::table::Table;

/// Cells are worked on in vectors of at most so many; rows are as long as whole ones.
pub const VECTOR: usize = 8;
/// Derivatives that are carried at once.
const WIDTH: usize = 4;
/// The number that a loss can read of a cell: potential, or what is read out.
const VALUE: usize = 0;

/// Cells of a model, whichever it is.
pub trait Cells: Send + Sync {
    /// Numbers of the state of a cell.
    fn numbers(&self) -> usize;
    /// Sums of input that it takes in a step.
    fn inlets(&self) -> usize;
    /// Those numbers of the state on which spikes and values depend smoothly; the value comes first.
    fn live(&self) -> &[usize];
    /// The state at first, a row of `padded` places for each number.
    fn begin(&self, padded: usize) -> Vec<f64>;
    /// A step of all; `spikes` becomes 1 where a cell fires, else 0.
    fn forward(&self, step: Step<'_>, state: &mut [f64], spikes: &mut [f64]);
    /// What the loss wants of the state before and of the input of a step, given what it wants of what came out.
    fn backward(&self, step: Step<'_>, before: &[f64], surrogate: Surrogate, adjoint: Adjoint<'_>);
}

/// The input of a step and room to work in.
pub struct Step<'a> {
    /// Places of a row.
    pub padded: usize,
    /// A row for each inlet.
    pub input: &'a [f64],
    pub room: &'a mut Room,
}

/// What the loss wants, in rows: the derivative of it by each number.
pub struct Adjoint<'a> {
    /// Of the spikes of the step.
    pub spikes: &'a [f64],
    /// Of the live numbers of the state after it.
    pub after: &'a [f64],
    /// Of the live numbers of the state before it.
    pub before: &'a mut [f64],
    /// Of its input.
    pub input: &'a mut [f64],
}

/// Memory to work in, one a thread.
#[derive(Default)]
pub struct Room {
    gathered: Gathered,
    rows: Vec<Lanes>,
}

impl Room {
    fn fit(&mut self, inlets: usize, rows: usize) {
        self.gathered.spikes.clear();
        self.gathered.spikes.resize(inlets.max(2), Lanes([0.0; 64]));
        self.gathered.currents.clear();
        self.gathered.currents.resize(2, Lanes([0.0; 64]));
        self.rows.resize(rows, Lanes([0.0; 64]));
    }
}

/// Makes the cells of a population.
pub struct Making<'a> {
    pub params: &'a BTreeMap<String, Value>,
    pub n: usize,
    pub grid: Grid,
    pub seed: u64,
    /// The place of the node in the project.
    pub index: u64,
    /// Inlets that projections reach, ascending.
    pub wired: Vec<usize>,
}

impl Visit for Making<'_> {
    type Output = Result<Box<dyn Cells>, String>;

    fn visit<N: Neuron>(self) -> Self::Output {
        Ok(Box::new(CellsOf::<N>::new(&self)?))
    }
}

/// Cells of one model.
struct CellsOf<N: Neuron> {
    n: usize,
    h: f64,
    inlets: usize,
    /// Those of them that something reaches.
    wired: Vec<usize>,
    shape: ListShape,
    /// Numbers at first, neuron by neuron.
    initial: Vec<f64>,
    /// Constants of each neuron, of the model and then of its lists; of one, if they are the same for all.
    constants: Vec<Vec<f64>>,
    live: Vec<usize>,
    level: Level,
    model: std::marker::PhantomData<fn() -> N>,
}

/// How many numbers of its own the state of a model has, and how many constants.
fn state_of<N: Neuron>() -> usize {
    <N::State<f64> as Fields<f64>>::COUNT
}
fn constants_of<N: Neuron>() -> usize {
    <N::Constants<f64> as Fields<f64>>::COUNT
}

impl<N: Neuron> CellsOf<N> {
    fn new(making: &Making<'_>) -> Result<Self, String> {
        let Making { params, n, grid, seed, index, .. } = *making;
        let table = Table::new(N::DECLARATION, params, n, seed, index)?;
        let different = if table.is_uniform(N::DECLARATION) { 1 } else { n };
        let entries = |list: usize, neuron: usize| table.list(N::LISTS.all()[list].of, neuron).len();
        let longest = |list: usize| (0..different).map(|neuron| entries(list, neuron)).max().unwrap_or(0);
        let shape = ListShape::new(N::LISTS.all(), (0..N::LISTS.len()).map(longest));
        let (state, own) = (state_of::<N>(), constants_of::<N>());
        let (mut initial, mut constants) = (Vec::new(), Vec::new());
        for neuron in 0..n {
            let p = Parameters::<N>::of(Raw { table: &table, neuron, grid });
            let k = N::constants(&p);
            let mut all = vec![0.0; own + shape.constants];
            all[..own].copy_from_slice(Fields::<f64>::numbers(&k));
            let mut numbers = vec![0.0; state + shape.rows];
            numbers[..state].copy_from_slice(Fields::<f64>::numbers(&N::initial(&p, &k)));
            for declared in N::DECLARATION.states() {
                if let Some(place) = N::READINGS.find(N::DECLARATION.name, declared.name).place() {
                    numbers[place] = table.real(declared.name, neuron);
                }
            }
            for entry in shape.entries().filter(|entry| entry.entry < entries(entry.list, neuron)) {
                let of_entry = own + entry.constants.start..own + entry.constants.end;
                N::entry_constants(&p, entry.list, entry.entry, &mut all[of_entry.clone()]);
                let rows = state + entry.state.start..state + entry.state.end;
                N::initial_entry(entry.list, &all[of_entry], &mut numbers[rows]);
            }
            initial.extend(numbers);
            if neuron < different {
                constants.push(all);
            }
        }
        let live = (0..state + shape.rows).collect();
        // The first port, then one for each entry of the lists.
        let of_lists: usize = (0..N::LISTS.len()).map(|list| shape.len(list)).sum();
        let inlets = making.wired.last().map_or(0, |last| last + 1).max(1 + of_lists);
        let (h, wired, level, model) = (grid.h(), making.wired.clone(), level(), std::marker::PhantomData);
        let mut cells = CellsOf { n, h, inlets, wired, shape, initial, constants, live, level, model };
        cells.live = cells.reached();
        Ok(cells)
    }

    /// The numbers that lead to spikes or to the value: found by trying, from states that lie about the first one.
    fn reached(&self) -> Vec<usize> {
        const TRIALS: usize = 16;
        let (numbers, inlets) = (self.numbers(), self.inlets);
        let padded = (TRIALS * self.n).next_multiple_of(VECTOR);
        let mut stream = Stream::new(1);
        let mut before = self.begin(padded);
        before.iter_mut().for_each(|x| *x += (0.5 * x.abs()).max(1.0) * stream.normal());
        let input: Vec<f64> = (0..inlets * padded).map(|_| stream.normal()).collect();
        let mut room = Room::default();
        // A slope that is nowhere 0.
        let everywhere = Surrogate::LeakyRelu { alpha: 1.0, beta: 1.0 };
        // Spikes first, then each number that turns out to matter.
        let (mut found, mut next) = (vec![VALUE], vec![None, Some(VALUE)]);
        while let Some(output) = next.pop() {
            let one = |is: bool| if is { 1.0 } else { 0.0 };
            let spikes = vec![one(output.is_none()); padded];
            let after: Vec<f64> = (0..numbers * padded).map(|i| one(output == Some(i / padded))).collect();
            let (mut to_before, mut to_input) = (vec![0.0; numbers * padded], vec![0.0; inlets * padded]);
            let adjoint = Adjoint { spikes: &spikes, after: &after, before: &mut to_before, input: &mut to_input };
            self.backward(Step { padded, input: &input, room: &mut room }, &before, everywhere, adjoint);
            for number in 0..numbers {
                let matters = to_before[number * padded..][..padded].iter().any(|x| *x != 0.0);
                if matters && !found.contains(&number) {
                    found.push(number);
                    next.push(Some(number));
                }
            }
        }
        found[1..].sort_unstable();
        found
    }

    /// The constants of the neurons of a vector of cells, each eight times or neuron by neuron.
    #[inline(always)]
    fn constants_at(&self, cell: usize, to: &mut [Eight]) {
        if let [same] = &self.constants[..] {
            to.iter_mut().zip(same).for_each(|(to, x)| *to = Eight([*x; VECTOR]));
            return;
        }
        for lane in 0..VECTOR {
            let of_neuron = &self.constants[(cell + lane) % self.n];
            to.iter_mut().zip(of_neuron).for_each(|(to, x)| to.0[lane] = *x);
        }
    }
}

/// The constants of a vector.
#[derive(Clone, Copy)]
struct OfVector<'a>(&'a [Eight]);

impl Coefficients for OfVector<'_> {
    #[inline(always)]
    fn load<R: Real, K: Fields<R>>(self, first: usize, _: usize) -> K {
        let from = &self.0[first..first + K::COUNT];
        let mut to = K::filled(R::of(0.0));
        for i in 0..K::COUNT {
            to.numbers_mut()[i] = R::load_halves(&from[i].0, &from[i].0[R::LANES / 2..]);
        }
        to
    }
}

impl<N: Neuron> Cells for CellsOf<N> {
    fn numbers(&self) -> usize {
        state_of::<N>() + self.shape.rows
    }
    fn inlets(&self) -> usize {
        self.inlets
    }
    fn live(&self) -> &[usize] {
        &self.live
    }
    fn begin(&self, padded: usize) -> Vec<f64> {
        let numbers = self.numbers();
        let mut state = vec![0.0; numbers * padded];
        for (i, x) in state.iter_mut().enumerate() {
            let (number, cell) = (i / padded, i % padded);
            // Places behind the last cell repeat neurons, so that their numbers stay ordinary.
            *x = self.initial[cell % self.n * numbers + number];
        }
        state
    }
    fn forward(&self, step: Step<'_>, state: &mut [f64], spikes: &mut [f64]) {
        self.level.run_dynamics(Forward { cells: self, step, state, spikes });
    }
    fn backward(&self, step: Step<'_>, before: &[f64], surrogate: Surrogate, adjoint: Adjoint<'_>) {
        using(surrogate, || self.level.run_dynamics(Backward { cells: self, step, before, adjoint }));
    }
}

struct Forward<'a, N: Neuron> {
    cells: &'a CellsOf<N>,
    step: Step<'a>,
    state: &'a mut [f64],
    spikes: &'a mut [f64],
}

impl<N: Neuron> InLanes for Forward<'_, N> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        let Forward { cells, step: Step { padded, input, room }, state, spikes } = self;
        let own = constants_of::<N>();
        let numbers = state_of::<N>();
        let rows = cells.shape.rows;
        room.fit(cells.inlets, rows);
        let Room { gathered, rows: list_rows } = room;
        let chance = [0.0; 64];
        let mut eights = vec![Eight([0.0; VECTOR]); own + cells.shape.constants];
        cells.constants_at(0, &mut eights);
        for cell in (0..padded).step_by(R::LANES) {
            if cells.constants.len() > 1 {
                cells.constants_at(cell, &mut eights);
            }
            let k = OfVector(&eights).load::<R, N::Constants<R>>(0, 0);
            let mut s = N::State::<R>::filled(R::of(0.0));
            for i in 0..numbers {
                s.numbers_mut()[i] = R::load(&state[i * padded + cell..]);
            }
            for i in 0..rows {
                R::load(&state[(numbers + i) * padded + cell..]).store(&mut list_rows[i].0);
            }
            for i in 0..cells.inlets {
                R::load(&input[i * padded + cell..]).store(&mut gathered.spikes[i].0);
            }
            let arriving = Arrivals::new(gathered, &chance, cells.h).at::<R>(0);
            let constants = OfVector(&eights[own..]);
            let mut lists = Lists { shape: &cells.shape, constants, rows: &mut list_rows[..], lane: 0 };
            let fired = N::step(&k, &mut s, &mut lists, &arriving);
            R::select(fired, R::of(1.0), R::of(0.0)).store(&mut spikes[cell..]);
            for i in 0..numbers {
                s.numbers()[i].store(&mut state[i * padded + cell..]);
            }
            for i in 0..rows {
                R::load(&list_rows[i].0).store(&mut state[(numbers + i) * padded + cell..]);
            }
        }
    }
}

struct Backward<'a, N: Neuron> {
    cells: &'a CellsOf<N>,
    step: Step<'a>,
    before: &'a [f64],
    adjoint: Adjoint<'a>,
}

/// A constant, or the number by which derivative `which` is taken.
#[inline(always)]
fn seeded<R: Real>(value: R, which: Option<usize>) -> Jet<R, WIDTH> {
    let mut jet = Jet { value, slopes: [R::of(0.0); WIDTH] };
    if let Some(which) = which {
        jet.slopes[which] = R::of(1.0);
    }
    jet
}

impl<N: Neuron> InLanes for Backward<'_, N> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        let Backward { cells, step: Step { padded, input, room }, before, adjoint } = self;
        let own = constants_of::<N>();
        let numbers = state_of::<N>();
        let rows = cells.shape.rows;
        let live = &cells.live[..];
        let wired = &cells.wired[..];
        let directions = live.len() + wired.len();
        room.fit(cells.inlets, rows);
        let Room { gathered, rows: list_rows } = room;
        let chance = [0.0; 64];
        let mut eights = vec![Eight([0.0; VECTOR]); own + cells.shape.constants];
        cells.constants_at(0, &mut eights);
        for cell in (0..padded).step_by(R::LANES) {
            if cells.constants.len() > 1 {
                cells.constants_at(cell, &mut eights);
            }
            for first in (0..directions).step_by(WIDTH) {
                // Which derivative is that by a number of the state, or by an inlet.
                let place = |direction: usize| direction.checked_sub(first).filter(|which| *which < WIDTH);
                let of_number = |number: usize| live.iter().position(|l| *l == number).and_then(place);
                let of_inlet =
                    |inlet: usize| wired.iter().position(|w| *w == inlet).and_then(|w| place(live.len() + w));
                let k = OfVector(&eights).load::<Jet<R, WIDTH>, N::Constants<Jet<R, WIDTH>>>(0, 0);
                let mut s = N::State::<Jet<R, WIDTH>>::filled(Jet::of(0.0));
                for i in 0..numbers {
                    s.numbers_mut()[i] = seeded(R::load(&before[i * padded + cell..]), of_number(i));
                }
                for i in 0..rows {
                    let x = R::load(&before[(numbers + i) * padded + cell..]);
                    seeded(x, of_number(numbers + i)).store(&mut list_rows[i].0);
                }
                for i in 0..cells.inlets {
                    seeded(R::load(&input[i * padded + cell..]), of_inlet(i)).store(&mut gathered.spikes[i].0);
                }
                let arriving = Arrivals::new(gathered, &chance, cells.h).at::<Jet<R, WIDTH>>(0);
                let constants = OfVector(&eights[own..]);
                let mut lists = Lists { shape: &cells.shape, constants, rows: &mut list_rows[..], lane: 0 };
                let fired = N::step(&k, &mut s, &mut lists, &arriving);
                let mut wanted = [R::of(0.0); WIDTH];
                if let Some(slopes) = fired.slopes {
                    let of_spikes = R::load(&adjoint.spikes[cell..]);
                    for i in 0..WIDTH {
                        wanted[i] = of_spikes * slopes[i];
                    }
                }
                for (place, number) in live.iter().enumerate() {
                    let of_number = R::load(&adjoint.after[place * padded + cell..]);
                    let after = match number.checked_sub(numbers) {
                        None => s.numbers()[*number],
                        Some(row) => Jet::<R, WIDTH>::load(&list_rows[row].0),
                    };
                    for i in 0..WIDTH {
                        wanted[i] = wanted[i] + of_number * after.slopes[i];
                    }
                }
                for i in 0..WIDTH.min(directions - first) {
                    let direction = first + i;
                    match direction.checked_sub(live.len()) {
                        None => wanted[i].store(&mut adjoint.before[direction * padded + cell..]),
                        Some(w) => wanted[i].store(&mut adjoint.input[wired[w] * padded + cell..]),
                    }
                }
            }
        }
    }
}
