//! What is remembered of neurons, step by step, for the synapses onto them, as an open list.
//!
//! A further history is one file with a type that implements [`SampledHistory`]; nothing here changes for it.

use std::any::{Any, TypeId};

use crate::mechanisms::time::Grid;
use crate::runtime::table::{Row, Table};

/// What is remembered of the neurons of a chunk, written at the end of every step.
pub trait History: Any + Send + Sync {
    /// The end of the step `stamp`: the sampled quantities of all neurons.
    fn note(&mut self, stamp: i64, samples: Samples<'_>);
    /// Forgets what no synapse can ask for any more: what was before `horizon`, ms.
    fn forget_before(&mut self, horizon: f64);
    /// Takes over changed parameters of the neurons; what has been noted stays.
    fn set_parameters(&mut self, parameters: TargetParameters<'_>);
    fn bytes(&self) -> usize;
    fn clone_box(&self) -> Box<dyn History>;
}

impl Clone for Box<dyn History> {
    fn clone(&self) -> Self {
        // The history itself, not its box.
        (**self).clone_box()
    }
}

/// A history that can be opened for a chunk.
pub trait SampledHistory: History + Sized {
    /// Recordables of the target, in the order in which the samples give them.
    const QUANTITIES: &'static [&'static str];

    fn open(opening: &Opening<'_>) -> Self;
}

/// What a history begins with.
pub struct Opening<'a> {
    pub grid: Grid,
    /// The number of neurons.
    pub neurons: usize,
    /// How many steps into the past a synapse asks at most: the longest delay and a slice.
    pub back: usize,
    pub parameters: TargetParameters<'a>,
}

/// A history as the synapses of one target see it.
pub struct OfTarget<'a, H> {
    pub history: &'a H,
    pub target: usize,
}

impl<H> Clone for OfTarget<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H> Copy for OfTarget<'_, H> {}

/// Parameters of the neurons of a chunk.
#[derive(Clone, Copy)]
pub struct TargetParameters<'a> {
    /// Those of the population, and the number of the chunk's first neuron in it.
    pub table: &'a Table,
    pub first: usize,
}

impl<'a> TargetParameters<'a> {
    pub fn of(self, neuron: usize) -> Row<'a> {
        self.table.row(self.first + neuron)
    }
}

/// A kind of history, as declarations of synapses name it.
#[derive(Clone, Copy, Debug)]
pub struct HistoryKind {
    pub quantities: &'static [&'static str],
    open: fn(&Opening<'_>) -> Box<dyn History>,
    id: fn() -> TypeId,
}

impl HistoryKind {
    pub const fn of<H: SampledHistory>() -> HistoryKind {
        HistoryKind { quantities: H::QUANTITIES, open: |opening| Box::new(H::open(opening)), id: TypeId::of::<H> }
    }
}

/// What was sampled at the end of a step for one history.
#[derive(Clone, Copy)]
pub struct Samples<'a> {
    /// One neuron after the other, each with the quantities of all histories.
    values: &'a [f64],
    /// How many these are, and which of them belong to the history.
    width: usize,
    first: usize,
    n: usize,
}

impl<'a> Samples<'a> {
    /// The quantities of the history, neuron by neuron.
    pub fn by_neuron(self) -> impl Iterator<Item = &'a [f64]> {
        let Samples { values, width, first, n } = self;
        values.chunks_exact(width).map(move |row| &row[first..first + n])
    }
}

/// The histories of the neurons of a chunk: one of each kind that its synapses read.
#[derive(Clone, Default)]
pub struct Histories {
    kept: Vec<(HistoryKind, Box<dyn History>)>,
}

impl Histories {
    /// Opens those of `kinds` that are not there.
    pub fn open(&mut self, kinds: &'static [HistoryKind], opening: &Opening<'_>) {
        for kind in kinds {
            if self.kept.iter().all(|(there, _)| (there.id)() != (kind.id)()) {
                self.kept.push((*kind, (kind.open)(opening)));
            }
        }
    }

    /// The history of that type, if it is kept.
    pub fn get<H: History>(&self) -> Option<&H> {
        self.kept.iter().find_map(|(_, history)| (&**history as &dyn Any).downcast_ref())
    }

    /// Recordables to be sampled at the end of every step for all of them, in the order in which
    /// [`Histories::note`] takes them.
    pub fn quantities(&self) -> impl Iterator<Item = &'static str> {
        self.kept.iter().flat_map(|(kind, _)| kind.quantities).copied()
    }

    /// The end of a step: the values of all quantities, neuron by neuron.
    pub fn note(&mut self, stamp: i64, values: &[f64]) {
        let width = self.quantities().count();
        let mut first = 0;
        for (kind, history) in &mut self.kept {
            let n = kind.quantities.len();
            history.note(stamp, Samples { values, width, first, n });
            first += n;
        }
    }

    pub fn forget_before(&mut self, horizon: f64) {
        self.kept.iter_mut().for_each(|(_, history)| history.forget_before(horizon));
    }

    pub fn set_parameters(&mut self, parameters: TargetParameters<'_>) {
        self.kept.iter_mut().for_each(|(_, history)| history.set_parameters(parameters));
    }

    pub fn bytes(&self) -> usize {
        self.kept.iter().map(|(_, history)| history.bytes()).sum()
    }
}

impl std::fmt::Debug for Histories {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.quantities()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last value of one quantity of each neuron.
    #[derive(Clone, Default)]
    struct Last<const Q: char>(Vec<f64>);

    impl<const Q: char> History for Last<Q> {
        fn note(&mut self, _: i64, samples: Samples<'_>) {
            self.0 = samples.by_neuron().map(|quantities| quantities.iter().sum()).collect();
        }
        fn forget_before(&mut self, _: f64) {}
        fn set_parameters(&mut self, _: TargetParameters<'_>) {}
        fn bytes(&self) -> usize {
            self.0.len() * 8
        }
        fn clone_box(&self) -> Box<dyn History> {
            Box::new(self.clone())
        }
    }

    impl SampledHistory for Last<'a'> {
        const QUANTITIES: &'static [&'static str] = &["a"];
        fn open(_: &Opening<'_>) -> Self {
            Last::default()
        }
    }

    impl SampledHistory for Last<'b'> {
        const QUANTITIES: &'static [&'static str] = &["b", "c"];
        fn open(_: &Opening<'_>) -> Self {
            Last::default()
        }
    }

    const KINDS_OF_A: &[HistoryKind] = &[HistoryKind::of::<Last<'a'>>()];
    const KINDS_OF_B: &[HistoryKind] = &[HistoryKind::of::<Last<'b'>>()];

    #[test]
    fn several_histories_share_the_samples_of_a_chunk() {
        let table = Table::default();
        let parameters = TargetParameters { table: &table, first: 0 };
        let grid = Grid::new(0.1).expect("a grid");
        let opening = Opening { grid, neurons: 2, back: 1, parameters };
        let mut histories = Histories::default();
        for kinds in [KINDS_OF_A, KINDS_OF_B, KINDS_OF_A] {
            histories.open(kinds, &opening);
        }
        assert_eq!(histories.quantities().collect::<Vec<_>>(), ["a", "b", "c"]);
        histories.note(1, &[1.0, 10.0, 100.0, 2.0, 20.0, 200.0]);
        let (a, b) = (histories.get::<Last<'a'>>().expect("open"), histories.get::<Last<'b'>>().expect("open"));
        assert_eq!((&a.0[..], &b.0[..]), (&[1.0, 2.0][..], &[110.0, 220.0][..]));
        // A copy goes its own way.
        let before = histories.clone();
        histories.note(2, &[0.0; 6]);
        assert_eq!(before.get::<Last<'a'>>().expect("open").0, [1.0, 2.0]);
        assert_eq!(histories.bytes(), 32);
    }
}
