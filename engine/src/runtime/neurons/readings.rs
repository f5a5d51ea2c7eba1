//! Where a named quantity of a neuron is read: a number of its state, perhaps times or plus one of its constants.

use super::constants::Constants;
use super::lists::ListShape;
use crate::runtime::input::inputs::Lanes;

/// A quantity that can be sampled, and set where it is a state variable.
#[derive(Clone, Copy)]
pub struct Reading {
    of: Source,
    times: Option<usize>,
    plus: Option<usize>,
}

#[derive(Clone, Copy)]
enum Source {
    /// A number of the state.
    State(usize),
    /// A number of the state of an entry of a list.
    Entry { list: usize, place: usize },
    /// The same, added up over the entries.
    Sum { list: usize, place: usize },
    /// Computed from state and constants.
    Computed(fn(&[f64], &[f64]) -> f64),
}

impl Reading {
    const fn new(of: Source) -> Reading {
        Reading { of, times: None, plus: None }
    }
    /// The number at this place of the state.
    pub const fn state(place: usize) -> Reading {
        Reading::new(Source::State(place))
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
    /// Times the constant at this place.
    pub const fn times(mut self, constant: usize) -> Reading {
        self.times = Some(constant);
        self
    }
    /// Plus the constant at this place: of potentials that are kept relative to it.
    pub const fn plus(mut self, constant: usize) -> Reading {
        self.plus = Some(constant);
        self
    }
    /// The same quantity of a part that begins at these places of state and constants and at this list.
    pub const fn within(mut self, state: usize, constants: usize, lists: usize) -> Reading {
        self.of = match self.of {
            Source::State(place) => Source::State(state + place),
            Source::Entry { list, place } => Source::Entry { list: lists + list, place },
            Source::Sum { list, place } => Source::Sum { list: lists + list, place },
            computed => computed,
        };
        if let Some(place) = self.times {
            self.times = Some(constants + place);
        }
        if let Some(place) = self.plus {
            self.plus = Some(constants + place);
        }
        self
    }
}

/// The most numbers of state or constants that a model has beside its lists.
pub(crate) const MOST_NUMBERS: usize = 64;

/// State and constants of a chunk, as sampling sees them.
pub(crate) struct Sampled<'a> {
    pub rows: &'a [Lanes],
    /// Numbers of state of a neuron.
    pub state: usize,
    pub constants: &'a Constants,
    /// Constants of a neuron.
    pub count: usize,
    pub shape: &'a ListShape,
    pub list_rows: &'a [Lanes],
}

impl Sampled<'_> {
    /// The value of a quantity of a neuron; `entry` counts where there is one for each entry of a list.
    pub fn read(&self, reading: Reading, entry: usize, neuron: usize) -> f64 {
        let (block, lane) = (neuron / 64, neuron % 64);
        let of_entry = |list: usize, entry: usize, place: usize| {
            self.list_rows[block * self.shape.rows + self.shape.row(list, entry) + place][lane]
        };
        let mut x = match reading.of {
            Source::State(place) => self.rows[block * self.state + place][lane],
            Source::Entry { list, place } => of_entry(list, entry, place),
            Source::Sum { list, place } => (0..self.shape.len(list)).map(|entry| of_entry(list, entry, place)).sum(),
            Source::Computed(of) => {
                let (mut s, mut k) = ([0.0; MOST_NUMBERS], [0.0; MOST_NUMBERS]);
                (0..self.state).for_each(|place| s[place] = self.rows[block * self.state + place][lane]);
                self.constants.read(neuron, 0, &mut k[..self.count]);
                of(&s[..self.state], &k[..self.count])
            }
        };
        if let Some(factor) = reading.times {
            x *= self.constants.get(neuron, factor);
        }
        if let Some(shift) = reading.plus {
            x += self.constants.get(neuron, shift);
        }
        x
    }
}

/// Puts a state variable to `x`; what is not a number of the state stays.
pub(crate) fn write(reading: Reading, x: f64, rows: &mut [Lanes], state: usize, constants: &Constants, neuron: usize) {
    let Source::State(place) = reading.of else { return };
    let shifted = reading.plus.map_or(x, |shift| x - constants.get(neuron, shift));
    let scaled = reading.times.map_or(shifted, |factor| shifted / constants.get(neuron, factor));
    rows[neuron / 64 * state + place][neuron % 64] = scaled;
}
