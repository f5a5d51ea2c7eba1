//! Where the named quantities of a neuron are read: a number of its state, perhaps plus one of its constants.
//!
//! A model gives its [`Readings`], a part of a model those of the part. For the recordables and states that a model
//! declares they are looked up when the program is compiled, which fails if one is missing; at run time a quantity is
//! known by its place in the declaration.

use super::constants::ChunkConstants;
use super::lists::ListShape;
use crate::description::{Sentence, is_made_of};
use crate::mechanisms::fields::Fields;
use crate::mechanisms::time::Grid;
use crate::runtime::input::inputs::Lanes;

/// A quantity that can be sampled, and set where it is a state variable.
#[derive(Clone, Copy)]
pub struct Reading {
    of: Source,
    plus: Option<usize>,
}

#[derive(Clone, Copy)]
enum Source {
    /// A number of the state.
    State(usize),
    /// A duration, ms, of which the state counts the steps.
    Duration(usize),
    /// A number of the state of an entry of a list.
    Entry { list: usize, place: usize },
    /// The same, added up over the entries.
    Sum { list: usize, place: usize },
    /// Computed from state and constants.
    Computed(fn(&[f64], &[f64]) -> f64),
}

impl Reading {
    const fn new(of: Source) -> Reading {
        Reading { of, plus: None }
    }
    /// The number at this place of the state.
    pub const fn state(place: usize) -> Reading {
        Reading::new(Source::State(place))
    }
    /// The duration, ms, whose steps are counted at this place of the state. When it is set it is rounded up.
    pub const fn duration(place: usize) -> Reading {
        Reading::new(Source::Duration(place))
    }
    /// The number at this place of the state of an entry of a list.
    pub const fn entry(list: usize, place: usize) -> Reading {
        Reading::new(Source::Entry { list, place })
    }
    /// The sum of these numbers over all entries.
    pub const fn sum(list: usize, place: usize) -> Reading {
        Reading::new(Source::Sum { list, place })
    }
    /// What a function makes of state and constants.
    pub const fn computed(of: fn(&[f64], &[f64]) -> f64) -> Reading {
        Reading::new(Source::Computed(of))
    }
    /// Plus the constant at this place: of potentials that are kept relative to it.
    pub const fn plus(mut self, constant: usize) -> Reading {
        self.plus = Some(constant);
        self
    }
    /// The same quantity of a part whose state begins at this place.
    const fn within(mut self, state: usize) -> Reading {
        self.of = match self.of {
            Source::State(place) => Source::State(state + place),
            Source::Duration(place) => Source::Duration(state + place),
            of => of,
        };
        self
    }
    /// The constant to which the state is relative.
    pub(crate) fn relative_to(self) -> Option<usize> {
        self.plus
    }
    /// Whether there is one for each entry of a list.
    pub(super) const fn is_of_entry(self) -> bool {
        matches!(self.of, Source::Entry { .. })
    }
    /// Its place among the numbers of the state, if it is one of them.
    pub(crate) const fn place(self) -> Option<usize> {
        match self.of {
            Source::State(place) => Some(place),
            _ => None,
        }
    }
    pub(super) const fn can_be_set(self) -> bool {
        matches!(self.of, Source::State(_) | Source::Duration(_))
    }
}

/// The most quantities that a model tells of.
pub(super) const MOST: usize = 40;

/// A name in parts.
type Name = [&'static str; 3];

/// The quantities of a model or of a part of one, by name. There may be more than a declaration names.
#[derive(Clone, Copy)]
pub struct Readings {
    all: [(Name, Reading); MOST],
    n: usize,
}

impl Readings {
    pub const NONE: Readings = Readings { all: [([""; 3], Reading::state(0)); MOST], n: 0 };

    /// Those of the numbers of the state that bear a name.
    pub const fn of<S: Fields<f64>>() -> Readings {
        let mut all = Readings::NONE;
        let mut i = 0;
        while i < S::NAMED.len() {
            let (name, place) = S::NAMED[i];
            all = all.and(name, Reading::state(place));
            i += 1;
        }
        all
    }
    /// The same of the state of the entries of a list.
    pub const fn of_entry<S: Fields<f64>>(list: usize) -> Readings {
        let mut all = Readings::of::<S>();
        let mut i = 0;
        while i < all.n {
            all.all[i].1 = Reading::entry(list, S::NAMED[i].1);
            i += 1;
        }
        all
    }
    /// These, and one more.
    pub const fn and(self, name: &'static str, reading: Reading) -> Readings {
        self.and_in_parts([name, "", ""], reading)
    }
    /// The same, with a name that is put together from parts.
    pub const fn and_in_parts(mut self, name: Name, reading: Reading) -> Readings {
        self.all[self.n] = (name, reading);
        self.n += 1;
        self
    }
    /// These, and those of a part whose state begins at this place.
    pub const fn and_those(mut self, part: Readings, state: usize) -> Readings {
        let mut i = 0;
        while i < part.n {
            let (name, reading) = part.all[i];
            self = self.and_in_parts(name, reading.within(state));
            i += 1;
        }
        self
    }
    /// Whether a quantity of this name is among them.
    pub(super) const fn has(&self, name: &str) -> bool {
        let mut i = 0;
        while i < self.n {
            if is_made_of(name, &self.all[i].0) {
                return true;
            }
            i += 1;
        }
        false
    }
    /// Where the quantity of this name is read.
    pub(crate) const fn find(&self, model: &str, name: &str) -> Reading {
        let mut i = 0;
        while i < self.n {
            if is_made_of(name, &self.all[i].0) {
                return self.all[i].1;
            }
            i += 1;
        }
        Sentence::of(&[model, ": the model does not tell where this is read: ", name]).panic()
    }
}

/// The most numbers of state or constants that a model has beside its lists.
pub(crate) const MOST_NUMBERS: usize = 64;

/// State and constants of a chunk, as sampling sees them.
pub(crate) struct Sampled<'a> {
    pub rows: &'a [Lanes],
    /// Numbers of state of a neuron.
    pub state: usize,
    pub constants: &'a ChunkConstants,
    /// Constants of a neuron.
    pub count: usize,
    pub shape: &'a ListShape,
    pub list_rows: &'a [Lanes],
    pub grid: Grid,
}

impl Sampled<'_> {
    /// The value of a quantity of a neuron; `entry` counts where there is one for each entry of a list.
    pub fn read(&self, reading: Reading, entry: usize, neuron: usize) -> f64 {
        let (block, lane) = (neuron / 64, neuron % 64);
        let of_entry = |list: usize, entry: usize, place: usize| {
            self.list_rows[block * self.shape.rows + self.shape.row(list, entry) + place][lane]
        };
        let x = match reading.of {
            Source::State(place) => self.rows[block * self.state + place][lane],
            Source::Duration(place) => self.rows[block * self.state + place][lane] * self.grid.h(),
            Source::Entry { list, place } => of_entry(list, entry, place),
            Source::Sum { list, place } => (0..self.shape.len(list)).map(|entry| of_entry(list, entry, place)).sum(),
            Source::Computed(of) => {
                let (mut s, mut k) = ([0.0; MOST_NUMBERS], [0.0; MOST_NUMBERS]);
                (0..self.state).for_each(|place| s[place] = self.rows[block * self.state + place][lane]);
                self.constants.read(neuron, 0, &mut k[..self.count]);
                of(&s[..self.state], &k[..self.count])
            }
        };
        reading.plus.map_or(x, |shift| x + self.constants.get(neuron, shift))
    }
}

/// Puts a state variable of a neuron to `x`; `state` is how many numbers of state a neuron has.
pub(crate) fn write(
    reading: Reading,
    x: f64,
    rows: &mut [Lanes],
    state: usize,
    constants: &ChunkConstants,
    grid: Grid,
    neuron: usize,
) {
    let (place, x) = match reading.of {
        Source::State(place) => (place, x),
        Source::Duration(place) => (place, grid.steps_up(x) as f64),
        _ => return,
    };
    let x = reading.plus.map_or(x, |shift| x - constants.get(neuron, shift));
    rows[neuron / 64 * state + place][neuron % 64] = x;
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: Readings = Readings::NONE.and_in_parts(["", "g", "_ex"], Reading::state(1));
    const WHOLE: Readings = Readings::NONE
        .and("V_m", Reading::state(0).plus(3))
        .and_those(PART, 4)
        .and("t_ref_remaining", Reading::duration(2));

    #[test]
    fn quantities_are_found_by_their_whole_name() {
        let source = |name: &str| WHOLE.find("a model", name).of;
        assert!(matches!(source("V_m"), Source::State(0)) && WHOLE.find("a model", "V_m").relative_to() == Some(3));
        assert!(matches!(source("g_ex"), Source::State(5)));
        assert!(matches!(source("t_ref_remaining"), Source::Duration(2)));
    }

    /// When the program is compiled, this is an error with the same words.
    #[test]
    #[should_panic(expected = "a model: the model does not tell where this is read: g_e")]
    fn a_misspelt_name_is_told() {
        WHOLE.find("a model", "g_e");
    }

    #[test]
    fn what_is_set_is_read_back_relative_to_constants_and_in_steps() {
        let (mut rows, shape) = (vec![Lanes([0.0; 64]); 3], ListShape::default());
        let constants = ChunkConstants::uniform(&[0.0, 0.0, 0.0, -70.0]);
        let grid = Grid::new(0.1).expect("a step of 0.1 ms");
        for (name, x) in [("V_m", -58.0), ("t_ref_remaining", 1.25)] {
            write(WHOLE.find("a model", name), x, &mut rows, 3, &constants, grid, 5);
        }
        assert_eq!((rows[0][5], rows[2][5]), (12.0, 13.0));
        let sampled =
            Sampled { rows: &rows, state: 3, constants: &constants, count: 4, shape: &shape, list_rows: &[], grid };
        let read = |name: &str| sampled.read(WHOLE.find("a model", name), 0, 5);
        assert_eq!((read("V_m"), read("t_ref_remaining")), (-58.0, 13.0 * 0.1));
    }
}
