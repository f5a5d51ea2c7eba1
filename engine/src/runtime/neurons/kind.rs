//! A neuron model as a table of sizes and functions on slices, for all that is not done in every step.
//!
//! What makes, sets, samples, copies and tests neurons works on rows of numbers and is compiled once for all models.

use std::marker::PhantomData;

use super::constants::Grouped;
use super::dynamics::{Carries, GapInput, Neuron, TrialStep};
use super::lists::{ListSet, Lists};
use super::readings::{MOST, MOST_NUMBERS, Reading};
use crate::description::{Declaration, Sentence};
use crate::mechanisms::fields::Fields;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::parameters::{Parameters, Raw};

/// What becomes of a neuron that fires: its state, its constants, its lists, and random numbers.
type Fire = fn(&mut [f64], &[f64], &mut Lists<'_, Grouped<'_>>, &mut Stream) -> u32;

/// A step tried without consequences: state, constants, current in pA, gap junctions.
type TrialOnSlices = fn(&[f64], &[f64], f64, &GapInput, Grid) -> TrialStep;

pub(crate) struct Kind {
    pub declared: Declaration,
    /// Numbers of state, and of constants.
    pub state: usize,
    pub constants: usize,
    pub lists: ListSet,
    pub set_constants: fn(Raw<'_>, &mut [f64]),
    pub set_entry_constants: fn(Raw<'_>, usize, usize, &mut [f64]),
    pub set_initial: fn(Raw<'_>, &[f64], &mut [f64]),
    pub set_initial_entry: fn(usize, &[f64], &mut [f64]),
    /// Where the declared recordables and states are read, in the order of the declaration.
    pub recordables: &'static [Reading],
    pub states: &'static [Reading],
    pub output: fn() -> Option<Reading>,
    pub needs_chance: fn(&[f64]) -> bool,
    pub parameters_set: fn(&[&str], &mut [f64], &[f64]),
    pub fire: Option<Fire>,
    pub carried: Option<Carries<[f64], [f64]>>,
    pub first_entries: Option<(&'static str, usize)>,
    pub trial: Option<TrialOnSlices>,
}

impl Kind {
    pub const fn of<N: Neuron>() -> Kind {
        assert!(<N::State<f64> as Fields<f64>>::COUNT <= MOST_NUMBERS);
        assert!(<N::Constants<f64> as Fields<f64>>::COUNT <= MOST_NUMBERS);
        N::LISTS.assert_declared(N::DECLARATION);
        Kind {
            declared: N::DECLARATION,
            state: <N::State<f64> as Fields<f64>>::COUNT,
            constants: <N::Constants<f64> as Fields<f64>>::COUNT,
            lists: N::LISTS,
            set_constants: |raw, to| to.copy_from_slice(N::constants(&Parameters::of(raw)).numbers()),
            set_entry_constants: |raw, list, entry, to| N::entry_constants(&Parameters::of(raw), list, entry, to),
            set_initial: |raw, k, to| to.copy_from_slice(N::initial(&Parameters::of(raw), &from(k)).numbers()),
            set_initial_entry: N::initial_entry,
            recordables: Order::<N>::RECORDABLES,
            states: Order::<N>::STATES,
            output: N::output,
            needs_chance: |k| N::needs_chance(&from(k)),
            parameters_set: |names, s, k| in_place(s, |s| N::parameters_set(names, s, &from(k))),
            fire: if N::FIRES { Some(fire::<N>) } else { None },
            carried: if N::CARRIED.is_some() { Some(carried::<N>) } else { None },
            first_entries: N::FIRST_ENTRIES,
            trial: if N::TRIAL.is_some() { Some(trial::<N>) } else { None },
        }
    }
}

/// The readings of a neuron model in the order of its declaration, worked out when the program is compiled.
struct Order<N>(PhantomData<N>);

impl<N: Neuron> Order<N> {
    const ALL_RECORDABLES: &'static [Reading; MOST] = &{
        let Declaration { name, recordables, .. } = N::DECLARATION;
        let mut all = [Reading::state(0); MOST];
        let mut i = 0;
        while i < recordables.len() {
            let readings = if N::RECORDED.has(recordables[i].name) { N::RECORDED } else { N::READINGS };
            all[i] = readings.find(name, recordables[i].name);
            if all[i].is_of_entry() == recordables[i].each.is_empty() {
                Sentence::of(&[name, ": one or one for each entry? ", recordables[i].name]).panic();
            }
            i += 1;
        }
        all
    };
    const ALL_STATES: &'static [Reading; MOST] = &{
        let declared = N::DECLARATION;
        let (mut all, mut i) = ([Reading::state(0); MOST], 0);
        while i < declared.count_states() {
            let name = declared.state(i).name;
            all[i] = N::READINGS.find(declared.name, name);
            if !all[i].can_be_set() {
                Sentence::of(&[declared.name, ": the model cannot set ", name]).panic();
            }
            i += 1;
        }
        all
    };
    /// Of the recordables.
    pub const RECORDABLES: &'static [Reading] = Self::ALL_RECORDABLES.split_at(N::DECLARATION.recordables.len()).0;
    /// Of the states.
    pub const STATES: &'static [Reading] = Self::ALL_STATES.split_at(N::DECLARATION.count_states()).0;
}

/// The struct with these numbers.
fn from<F: Fields<f64>>(numbers: &[f64]) -> F {
    let mut to = F::filled(0.0);
    to.numbers_mut().copy_from_slice(numbers);
    to
}

/// Changes numbers by way of the struct that they are.
fn in_place<F: Fields<f64>, T>(numbers: &mut [f64], change: impl FnOnce(&mut F) -> T) -> T {
    let mut whole = from(numbers);
    let result = change(&mut whole);
    numbers.copy_from_slice(whole.numbers());
    result
}

fn fire<N: Neuron>(s: &mut [f64], k: &[f64], lists: &mut Lists<'_, Grouped<'_>>, chance: &mut Stream) -> u32 {
    in_place(s, |s| N::fire(s, &from(k), lists, chance))
}

fn carried<N: Neuron>(s: &mut [f64], k: &[f64]) -> f64 {
    match N::CARRIED {
        Some(carried) => in_place(s, |s| carried(s, &from(k))),
        None => 0.0,
    }
}

fn trial<N: Neuron>(s: &[f64], k: &[f64], current: f64, gap: &GapInput, grid: Grid) -> TrialStep {
    match N::TRIAL {
        Some(trial) => trial(&mut from(s), &from(k), current, gap, grid),
        None => TrialStep::default(),
    }
}
