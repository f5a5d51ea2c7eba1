//! State that comes in lists: receptor ports, components of adaptation, compartments.
//!
//! How many entries a list has, its parameters decide when the neurons are made. An entry has so many
//! numbers of state and of derived constants; each of them is a row of 64, one a neuron of the block, so that the
//! entries of all neurons of a vector are worked on side by side. Neurons with fewer entries than others have
//! constants of 0 there.

use crate::mechanisms::lanes::Real;
use crate::runtime::input::inputs::Lanes;
use crate::runtime::neurons::dynamics::{Coefficients, Lookup};

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

/// How many entries each list of a model has in some neurons, and where their rows begin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    lists: Vec<Extent>,
    /// Rows of state of a block, and of constants.
    pub rows: usize,
    pub constants: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Extent {
    entries: usize,
    list: [usize; 2],
    first: [usize; 2],
}

impl Shape {
    /// Room for the longest lists of the neurons.
    pub fn new<L: Lookup>(lists: &[List], neurons: impl Iterator<Item = L> + Clone) -> Shape {
        let mut shape = Shape::default();
        for list in lists {
            let entries = neurons.clone().map(|n| n.list(list.of).len()).max().unwrap_or(0);
            let first = [shape.rows, shape.constants];
            shape.rows += entries * list.state;
            shape.constants += entries * list.constants;
            shape.lists.push(Extent { entries, list: [list.state, list.constants], first });
        }
        shape
    }

    /// Every entry with the rows of its state and of its constants.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        self.lists.iter().enumerate().flat_map(|(list, extent)| {
            (0..extent.entries).map(move |entry| Entry {
                list,
                entry,
                state: extent.first[0] + entry * extent.list[0]..extent.first[0] + (entry + 1) * extent.list[0],
                constants: extent.first[1] + entry * extent.list[1]..extent.first[1] + (entry + 1) * extent.list[1],
            })
        })
    }

    /// Rows of state in this shape, taken from blocks in another one: entries keep their state, new ones begin at 0.
    pub fn refit(&self, old: &Shape, rows: &[Lanes], blocks: usize) -> Vec<Lanes> {
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

/// One entry of a list.
pub struct Entry {
    pub list: usize,
    pub entry: usize,
    pub state: std::ops::Range<usize>,
    pub constants: std::ops::Range<usize>,
}

/// The lists of the neurons in work. Lists and their numbers are counted as the model declares them.
pub struct Lists<'a, C> {
    pub(crate) shape: &'a Shape,
    pub(crate) constants: C,
    pub(crate) rows: &'a mut [Lanes],
    pub(crate) lane: usize,
}

impl<C: Coefficients> Lists<'_, C> {
    /// Number of entries, in the neuron with most.
    #[inline(always)]
    pub fn len(&self, list: usize) -> usize {
        self.shape.lists[list].entries
    }
    #[inline(always)]
    pub fn constant<R: Real>(&self, list: usize, entry: usize, i: usize) -> R {
        let extent = &self.shape.lists[list];
        self.constants.at(extent.first[1] + entry * extent.list[1] + i, self.lane)
    }
    #[inline(always)]
    pub fn get<R: Real>(&self, list: usize, entry: usize, i: usize) -> R {
        let extent = &self.shape.lists[list];
        R::load(&self.rows[extent.first[0] + entry * extent.list[0] + i][self.lane..])
    }
    #[inline(always)]
    pub fn set<R: Real>(&mut self, list: usize, entry: usize, i: usize, x: R) {
        let extent = &self.shape.lists[list];
        x.store(&mut self.rows[extent.first[0] + entry * extent.list[0] + i][self.lane..]);
    }
}

/// Constants of list entries, the same for all neurons.
#[derive(Clone, Copy)]
pub struct UniformRows<'a>(pub &'a [f64]);

impl Coefficients for UniformRows<'_> {
    #[inline(always)]
    fn at<R: Real>(&self, i: usize, _: usize) -> R {
        R::of(self.0[i])
    }
}

/// Constants of list entries, 64 for each: one a neuron of the block.
#[derive(Clone, Copy)]
pub struct PerNeuronRows<'a>(pub &'a [f64]);

impl Coefficients for PerNeuronRows<'_> {
    #[inline(always)]
    fn at<R: Real>(&self, i: usize, lane: usize) -> R {
        R::load(&self.0[i * 64 + lane..])
    }
}
