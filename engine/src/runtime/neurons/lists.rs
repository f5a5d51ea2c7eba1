//! State that comes in lists: receptor ports, components of adaptation, compartments.
//!
//! How many entries a list has, its parameters decide when the neurons are made. An entry has so many
//! numbers of state and of derived constants; each of them is a row of 64, one a neuron of the block, so that the
//! entries of all neurons of a vector are worked on side by side. Neurons with fewer entries than others have
//! constants of 0 there.

use super::constants::Coefficients;
use super::rows;
use crate::description::Declaration;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::runtime::input::inputs::Lanes;

/// A list-valued parameter whose entries have state of their own.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// The list parameter.
    pub of: &'static str,
    /// Numbers of state that an entry has.
    pub state: usize,
    /// Its derived constants.
    pub constants: usize,
}

impl List {
    /// Entries with this state and these constants.
    pub const fn new<S: Fields<f64>, K: Fields<f64>>(of: &'static str) -> List {
        List { of, state: S::COUNT, constants: K::COUNT }
    }
}

/// The most lists that a model has.
const MOST: usize = 4;

/// The lists of a model or of a part of one.
#[derive(Clone, Copy, Debug)]
pub struct ListSet {
    lists: [List; MOST],
    n: usize,
}

impl ListSet {
    pub const NONE: ListSet = ListSet { lists: [List { of: "", state: 0, constants: 0 }; MOST], n: 0 };

    pub const fn one(list: List) -> ListSet {
        ListSet::NONE.and(list)
    }
    /// These lists, then one more.
    pub const fn and(mut self, list: List) -> ListSet {
        self.lists[self.n] = list;
        self.n += 1;
        self
    }
    pub const fn len(&self) -> usize {
        self.n
    }
    /// Makes sure, when the program is compiled, that the lists are parameters of the declaration.
    pub(super) const fn assert_declared(&self, declared: Declaration) {
        let mut i = 0;
        while i < self.n {
            declared.place_of(&[self.lists[i].of]);
            i += 1;
        }
    }
    pub fn all(&self) -> &[List] {
        &self.lists[..self.n]
    }
}

/// How many entries each list of a model has in some neurons, and where their rows begin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListShape {
    lists: Vec<Extent>,
    /// How many rows of state a block has for all lists together, and how many constants a neuron.
    pub rows: usize,
    pub constants: usize,
}

/// One list in these neurons. Of two numbers the first is of rows of state, the second of constants.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Extent {
    /// Entries in the neuron that has most.
    entries: usize,
    /// How many an entry has.
    of_entry: [usize; 2],
    /// Where those of the first entry stand among those of all lists.
    first: [usize; 2],
}

impl ListShape {
    /// Room for so many entries of each list.
    pub fn new(lists: &[List], entries: impl Iterator<Item = usize>) -> ListShape {
        let mut shape = ListShape::default();
        for (list, entries) in lists.iter().zip(entries) {
            let first = [shape.rows, shape.constants];
            shape.rows += entries * list.state;
            shape.constants += entries * list.constants;
            shape.lists.push(Extent { entries, of_entry: [list.state, list.constants], first });
        }
        shape
    }

    /// Number of entries of a list, in the neuron with most.
    #[inline(always)]
    pub fn len(&self, list: usize) -> usize {
        self.lists[list].entries
    }
    /// The first row of state of an entry.
    #[inline(always)]
    pub fn row(&self, list: usize, entry: usize) -> usize {
        let extent = &self.lists[list];
        extent.first[0] + entry * extent.of_entry[0]
    }
    /// The first constant of an entry.
    #[inline(always)]
    pub fn constant(&self, list: usize, entry: usize) -> usize {
        let extent = &self.lists[list];
        extent.first[1] + entry * extent.of_entry[1]
    }

    /// Every entry with the rows of its state and of its constants.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        self.lists.iter().enumerate().flat_map(|(list, extent)| {
            (0..extent.entries).map(move |entry| Entry {
                list,
                entry,
                state: extent.first[0] + entry * extent.of_entry[0]..extent.first[0] + (entry + 1) * extent.of_entry[0],
                constants: extent.first[1] + entry * extent.of_entry[1]
                    ..extent.first[1] + (entry + 1) * extent.of_entry[1],
            })
        })
    }

    /// Rows of state in this shape, taken from blocks in another one: entries keep their state, new ones begin at 0.
    pub fn refit(&self, old: &ListShape, rows: &[Lanes], blocks: usize) -> Vec<Lanes> {
        let mut new = vec![Lanes([0.0; 64]); blocks * self.rows];
        for kept in self.entries() {
            let Some(before) = old.entries().find(|e| (e.list, e.entry) == (kept.list, kept.entry)) else { continue };
            for b in 0..blocks {
                let from = &rows[b * old.rows..][before.state.clone()];
                new[b * self.rows..][kept.state.clone()].copy_from_slice(from);
            }
        }
        new
    }
}

/// One entry of a list, with the places of its rows of state and of its constants.
pub struct Entry {
    pub list: usize,
    pub entry: usize,
    pub state: std::ops::Range<usize>,
    pub constants: std::ops::Range<usize>,
}

/// The lists of the neurons in work: those from `lane` of their block on, as many as the number type has lanes. Lists and
/// entries are numbered from 0; the lists in the order of the model's [`ListSet`].
pub struct Lists<'a, C> {
    pub(crate) shape: &'a ListShape,
    pub(crate) constants: C,
    pub(crate) rows: &'a mut [Lanes],
    pub(crate) lane: usize,
}

impl<C: Coefficients> Lists<'_, C> {
    /// Number of entries, in the neuron with most.
    #[inline(always)]
    pub fn len(&self, list: usize) -> usize {
        self.shape.len(list)
    }
    #[inline(always)]
    pub fn constants<R: Real, K: Fields<R>>(&self, list: usize, entry: usize) -> K {
        self.constants.load(self.shape.constant(list, entry), self.lane)
    }
    /// One constant of an entry, by its place among them.
    #[inline(always)]
    pub fn constant<R: Real>(&self, list: usize, entry: usize, place: usize) -> R {
        self.constants.load(self.shape.constant(list, entry) + place, self.lane)
    }
    /// One number of the state of an entry, by its place there.
    #[inline(always)]
    pub fn number<R: Real>(&self, list: usize, entry: usize, place: usize) -> R {
        R::load(rows::at::<R>(&self.rows[self.shape.row(list, entry) + place], self.lane))
    }
    #[inline(always)]
    pub fn set_number<R: Real>(&mut self, list: usize, entry: usize, place: usize, x: R) {
        x.store(rows::at_mut::<R>(&mut self.rows[self.shape.row(list, entry) + place], self.lane));
    }
    #[inline(always)]
    pub fn get<R: Real, S: Fields<R>>(&self, list: usize, entry: usize) -> S {
        rows::load(&self.rows[self.shape.row(list, entry)..], self.lane)
    }
    /// An entry to be read and written, whose place is found once.
    #[inline(always)]
    pub fn entry(&mut self, list: usize, entry: usize) -> EntryInWork<'_, C> {
        let rows = &mut self.rows[self.shape.row(list, entry)..];
        EntryInWork { constants: self.constants, first: self.shape.constant(list, entry), rows, lane: self.lane }
    }
}

/// One entry of a list, of the neurons in work.
pub struct EntryInWork<'a, C> {
    constants: C,
    /// Its first constant, and its rows of state with those of the entries behind it.
    first: usize,
    rows: &'a mut [Lanes],
    lane: usize,
}

impl<C: Coefficients> EntryInWork<'_, C> {
    #[inline(always)]
    pub fn constants<R: Real, K: Fields<R>>(&self) -> K {
        self.constants.load(self.first, self.lane)
    }
    /// Whether one of its constants, by its place among them, is above 0 for any of the neurons.
    #[inline(always)]
    pub fn any_above_zero<R: Real>(&self, place: usize) -> bool {
        self.constants.any_above_zero::<R>(self.first + place, self.lane)
    }
    #[inline(always)]
    pub fn get<R: Real, S: Fields<R>>(&self) -> S {
        rows::load(self.rows, self.lane)
    }
    #[inline(always)]
    pub fn set<R: Real, S: Fields<R>>(&mut self, s: &S) {
        rows::store(s, self.rows, self.lane);
    }
}
