//! The spikes that neurons have sent, with the traces that plastic synapses read: what a synapse knows
//! of its target.
//!
//! Morrison, Diesmann & Gerstner 2008, Biol Cybern 98:459.

use std::ops::Range;

use crate::math;
use crate::mechanisms::lanes::Real;
use crate::runtime::neurons::dynamics::Lookup;
use crate::runtime::synapses::predictions::{Dendrite, Predictions};
use crate::runtime::synapses::transmitters::Release;
use crate::runtime::synapses::voltages::{Potentiation, Voltages};

/// Times that differ by less (ms) are the same.
pub const SAME_TIME: f64 = 1e-6;

/// A spike and both traces just after it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry {
    /// ms.
    pub time: f64,
    /// Trace that decays with `tau_minus`.
    pub k: f64,
    /// Trace that decays with `tau_minus_triplet`.
    pub k_triplet: f64,
}

/// How many stamps of the latest spikes of a neuron stand side by side, and how many of their traces.
const RECENT: usize = 8;
const TRACES: usize = 3;
/// So many spikes of a neuron that wait for a source are many.
const CROWD: u32 = 64;
/// The stamp of a spike that never was.
const NEVER: i32 = i32::MIN;

/// What rules for pairs of spikes mostly need of a neuron, in one cache line.
#[repr(align(64))]
#[derive(Clone, Copy, Debug)]
struct Recent {
    /// Steps at whose ends the latest spikes were, newest first, so that those of a window are counted without a search.
    stamps: [i32; RECENT],
    /// The trace just after the latest spikes, newest first.
    traces: [f64; TRACES],
}

#[derive(Clone, Copy, Debug)]
struct Neuron {
    tau_minus: f64,
    tau_minus_triplet: f64,
    /// The spikes kept are numbers `first` to `next - 1`.
    first: u32,
    next: u32,
    k: f64,
    k_triplet: f64,
    last: f64,
}

/// The archives of the neurons of a chunk: a ring of entries each, all of one length.
#[derive(Clone, Debug)]
pub struct Archive {
    neurons: Vec<Neuron>,
    entries: Vec<Entry>,
    capacity: u32,
    recent: Vec<Recent>,
    /// Rates at which the traces of the neurons decay, per ms.
    rates: Vec<f64>,
    /// Whether all stamps of the spikes are in `recent`: not those of spikes between grid points.
    on_grid: bool,
    /// What is noted step by step, where a synapse asks for it.
    pub voltages: Option<Voltages>,
    pub predictions: Option<Predictions>,
}

impl Archive {
    pub fn new(n: usize) -> Archive {
        let neuron =
            Neuron { tau_minus: 20.0, tau_minus_triplet: 110.0, first: 0, next: 0, k: 0.0, k_triplet: 0.0, last: -1.0 };
        let capacity = 8;
        let entries = vec![Entry::default(); n * capacity as usize];
        let recent = vec![Recent { stamps: [NEVER; RECENT], traces: [0.0; TRACES] }; n];
        Archive {
            neurons: vec![neuron; n],
            entries,
            capacity,
            recent,
            rates: vec![1.0 / neuron.tau_minus; n],
            on_grid: true,
            voltages: None,
            predictions: None,
        }
    }

    /// Whether spikes are kept.
    pub fn keeps_spikes(&self) -> bool {
        !self.neurons.is_empty()
    }

    /// Takes over parameters of the neurons. Time constants of traces count for all decays from now on.
    pub fn set_parameters<L: Lookup>(&mut self, parameters: impl Fn(usize) -> L) {
        for (i, (neuron, rate)) in self.neurons.iter_mut().zip(&mut self.rates).enumerate() {
            let p = parameters(i);
            (neuron.tau_minus, neuron.tau_minus_triplet) = (p.real("tau_minus"), p.real("tau_minus_triplet"));
            *rate = 1.0 / neuron.tau_minus;
        }
        if let Some(voltages) = &mut self.voltages {
            voltages.set_parameters(&parameters);
        }
        if let Some(predictions) = &mut self.predictions {
            predictions.set_parameters(&parameters);
        }
    }

    /// The end of a step: what the neurons show for [`voltages`](crate::runtime::synapses::voltages) and
    /// [`predictions`](crate::runtime::synapses::predictions), one neuron after the other.
    pub fn note(&mut self, stamp: i64, values: &[f64]) {
        if let Some(voltages) = &mut self.voltages {
            voltages.note(stamp, values);
        }
        if let Some(predictions) = &mut self.predictions {
            predictions.note(values);
        }
    }

    /// Whether another spike of the neuron needs room that is not there.
    pub fn is_full(&self, neuron: usize) -> bool {
        let neuron = &self.neurons[neuron];
        neuron.next - neuron.first == self.capacity
    }

    /// Forgets what no query about a time from `horizon` (ms) on can ask for.
    pub fn forget_before(&mut self, horizon: f64) {
        for n in 0..self.neurons.len() {
            // The last spike before the horizon is still the trace's beginning.
            while self.neurons[n].next - self.neurons[n].first > 1
                && self.entry(n, self.neurons[n].first + 1).time + SAME_TIME < horizon
            {
                self.neurons[n].first += 1;
            }
        }
    }

    /// Whether a neuron has sent many spikes from `from` to `to` (ms).
    pub fn is_crowded(&self, from: f64, to: f64) -> bool {
        self.neurons.iter().enumerate().any(|(n, neuron)| {
            let mut end = neuron.next;
            while end - neuron.first >= CROWD && self.entry(n, end - 1).time > to {
                end -= 1;
            }
            end - neuron.first >= CROWD && self.entry(n, end - CROWD).time >= from
        })
    }

    /// As [`Archive::forget_before`], for what is noted step by step.
    pub fn forget_samples(&mut self, horizon: f64) {
        if let Some(voltages) = &mut self.voltages {
            voltages.forget_before(horizon);
        }
        if let Some(predictions) = &mut self.predictions {
            predictions.forget_before(horizon);
        }
    }

    /// Doubles the room of every neuron.
    pub fn grow(&mut self) {
        let capacity = self.capacity * 2;
        let mut entries = vec![Entry::default(); self.neurons.len() * capacity as usize];
        for (n, neuron) in self.neurons.iter().enumerate() {
            for i in neuron.first..neuron.next {
                entries[n * capacity as usize + (i & (capacity - 1)) as usize] = *self.entry(n, i);
            }
        }
        (self.entries, self.capacity) = (entries, capacity);
    }

    /// A spike at `time` ms, which is the end of step `stamp` if it is on the grid; there must be room for it.
    pub fn push(&mut self, neuron: usize, time: f64, stamp: Option<i32>) {
        let capacity = self.capacity;
        let state = &mut self.neurons[neuron];
        state.k = state.k * math::exp((state.last - time) / state.tau_minus) + 1.0;
        state.k_triplet = state.k_triplet * math::exp((state.last - time) / state.tau_minus_triplet) + 1.0;
        state.last = time;
        let place = neuron * capacity as usize + (state.next & (capacity - 1)) as usize;
        self.entries[place] = Entry { time, k: state.k, k_triplet: state.k_triplet };
        let recent = &mut self.recent[neuron];
        recent.stamps.copy_within(..RECENT - 1, 1);
        recent.stamps[0] = stamp.unwrap_or(NEVER);
        recent.traces.copy_within(..TRACES - 1, 1);
        recent.traces[0] = state.k;
        self.on_grid &= stamp.is_some();
        state.next = state.next.wrapping_add(1);
    }

    #[inline(always)]
    fn entry(&self, neuron: usize, i: u32) -> &Entry {
        &self.entries[neuron * self.capacity as usize + (i & (self.capacity - 1)) as usize]
    }

    /// What a rule for pairs of spikes asks of a neuron: its spikes after `from` up to and including `to`, and its
    /// trace at `to`.
    #[inline(always)]
    pub fn look(&self, neuron: usize, from: f64, to: f64) -> Seen {
        let state = &self.neurons[neuron];
        let mut end = state.next;
        while end != state.first && self.entry(neuron, end.wrapping_sub(1)).time >= to + SAME_TIME {
            end = end.wrapping_sub(1);
        }
        let mut begin = end;
        while begin != state.first && self.entry(neuron, begin.wrapping_sub(1)).time >= from + SAME_TIME {
            begin = begin.wrapping_sub(1);
        }
        let mut before = end;
        while before != state.first {
            let entry = self.entry(neuron, before.wrapping_sub(1));
            if to - entry.time > SAME_TIME {
                return Seen { begin, end, trace: entry.k, decay: (entry.time - to) / state.tau_minus };
            }
            before = before.wrapping_sub(1);
        }
        Seen { begin, end, trace: 0.0, decay: 0.0 }
    }

    /// As [`Archive::look`] for stamps: the places of the spikes of the window among the latest, newest first.
    /// `None` if it takes a search.
    #[inline(always)]
    pub fn glance<R: Real>(&self, neuron: usize, from: i32, to: i32) -> Option<Range<u32>> {
        let stamps = &self.recent[neuron].stamps;
        let (after_from, after_to) = (R::count_above(stamps, from), R::count_above(stamps, to));
        (self.on_grid && (after_from as usize) < RECENT).then_some(after_to..after_from)
    }

    /// The stamp of one of the latest spikes, newest first.
    #[inline(always)]
    pub fn stamp(&self, neuron: usize, place: u8) -> i32 {
        self.recent[neuron].stamps[place as usize % RECENT]
    }

    /// The trace of a neuron at `to`, given as the trace just after the last spike before and how far that has decayed
    /// since, as in [`Seen`]; and the stamp of the last spike up to and including `to`. `None` if it takes a search.
    #[inline(always)]
    pub fn trace<R: Real>(&self, neuron: usize, to: i32, h: f64) -> Option<(f64, f64, i32)> {
        let recent = &self.recent[neuron];
        let after_to = R::count_above(&recent.stamps, to) as usize;
        let not_before = R::count_above(&recent.stamps, to - 1) as usize;
        if !self.on_grid || not_before >= TRACES {
            return None;
        }
        let decay = (recent.stamps[not_before] as f64 - to as f64) * (h * self.rates[neuron]);
        Some((recent.traces[not_before], decay, recent.stamps[after_to % RECENT]))
    }

    /// The number of neurons whose spikes are kept.
    pub fn neurons(&self) -> usize {
        self.neurons.len()
    }

    /// When a spike of a neuron was; ms.
    #[inline(always)]
    pub fn time(&self, neuron: usize, spike: u32) -> f64 {
        self.entry(neuron, spike).time
    }

    /// What is known of one neuron, and of the neuromodulator around it.
    #[inline(always)]
    pub fn of<'a>(&'a self, neuron: usize, released: &'a [Release]) -> Post<'a> {
        Post { archive: self, neuron, released }
    }

    pub fn bytes(&self) -> usize {
        self.neurons.len() * (size_of::<Neuron>() + size_of::<Recent>() + 8) + self.entries.len() * size_of::<Entry>()
    }
}

/// What [`Archive::look`] sees.
pub struct Seen {
    /// Numbers of the spikes in the window.
    pub begin: u32,
    pub end: u32,
    /// The trace just after the last spike before the end of the window, and ms since then in units of its time
    /// constant, negative.
    pub trace: f64,
    pub decay: f64,
}

/// The post-synaptic neuron as its synapses see it. Times are at the soma, ms.
#[derive(Clone, Copy)]
pub struct Post<'a> {
    archive: &'a Archive,
    neuron: usize,
    /// What the volume transmitter has told since it last triggered, of which the first entry tells when that was.
    pub released: &'a [Release],
}

impl<'a> Post<'a> {
    /// Its spikes after `from` up to and including `to`, oldest first.
    #[inline]
    pub fn window(self, from: f64, to: f64) -> impl Iterator<Item = &'a Entry> {
        let Post { archive, neuron, .. } = self;
        let state = &archive.neurons[neuron];
        let (mut begin, mut end) = (state.next, state.next);
        while end > state.first && archive.entry(neuron, end - 1).time >= to + SAME_TIME {
            end -= 1;
        }
        begin = begin.min(end);
        while begin > state.first && archive.entry(neuron, begin - 1).time >= from + SAME_TIME {
            begin -= 1;
        }
        (begin..end).map(move |i| archive.entry(neuron, i))
    }

    /// Its last spike before `at`.
    #[inline]
    fn before(self, at: f64) -> Option<&'a Entry> {
        let state = &self.archive.neurons[self.neuron];
        (state.first..state.next)
            .rev()
            .map(|i| self.archive.entry(self.neuron, i))
            .find(|entry| at - entry.time > SAME_TIME)
    }

    /// Potentiations by its potential after `from` up to and including `to`, oldest first.
    pub fn potentiations(self, from: f64, to: f64) -> impl Iterator<Item = &'a Potentiation> {
        self.archive.voltages.iter().flat_map(move |voltages| voltages.potentiations(self.neuron, from, to))
    }

    /// The depression by its potential at `at`, 0 if there is none.
    pub fn depression(self, at: f64) -> f64 {
        self.archive.voltages.as_ref().map_or(0.0, |voltages| voltages.depression(self.neuron, at))
    }

    /// By how much its spikes exceeded what its dendrite predicted, with the time of each step after `from` up to
    /// and including `to`, oldest first.
    pub fn prediction_errors(self, from: f64, to: f64) -> impl Iterator<Item = (f64, f64)> {
        self.archive.predictions.iter().flat_map(move |predictions| predictions.errors(self.neuron, from, to))
    }

    /// Constants of its dendrite.
    pub fn dendrite(self) -> Dendrite {
        self.archive.predictions.as_ref().map_or_else(Dendrite::default, |p| p.dendrite(self.neuron))
    }

    /// The trace K− just before `at`.
    #[inline]
    pub fn k_minus(self, at: f64) -> f64 {
        let tau = self.archive.neurons[self.neuron].tau_minus;
        self.before(at).map_or(0.0, |entry| entry.k * math::exp((entry.time - at) / tau))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(times: &[f64]) -> Archive {
        let mut archive = Archive::new(2);
        for time in times {
            if archive.is_full(1) {
                archive.grow();
            }
            archive.push(1, *time, None);
        }
        archive
    }

    #[test]
    fn windows_exclude_their_beginning_and_include_their_end() {
        let archive = archive(&[1.0, 2.0, 3.0]);
        let window = |from, to| archive.of(1, &[]).window(from, to).map(|e| e.time).collect::<Vec<_>>();
        assert_eq!(window(1.0, 3.0), [2.0, 3.0]);
        assert_eq!(window(0.0, 2.5), [1.0, 2.0]);
        assert_eq!(window(3.0, 9.0), [0.0; 0]);
        assert_eq!(archive.of(0, &[]).window(0.0, 9.0).count(), 0);
    }

    #[test]
    fn traces_leave_out_a_spike_at_the_time_asked_for() {
        let archive = archive(&[10.0, 20.0]);
        let post = archive.of(1, &[]);
        assert_eq!(post.k_minus(10.0), 0.0);
        assert!((post.k_minus(20.0) - (-0.5f64).exp()).abs() < 1e-15);
        assert!((post.k_minus(30.0) - (1.0 + (-0.5f64).exp()) * (-0.5f64).exp()).abs() < 1e-15);
    }

    #[test]
    fn growing_and_forgetting_change_no_answer() {
        let times: Vec<f64> = (1..100).map(|i| i as f64 * 1.7).collect();
        let mut archive = archive(&times);
        let answer = |archive: &Archive| {
            let window: Vec<f64> = archive.of(1, &[]).window(120.0, 150.0).map(|e| e.k_triplet).collect();
            (window, archive.of(1, &[]).k_minus(120.0), archive.of(1, &[]).k_minus(133.3))
        };
        let before = answer(&archive);
        archive.forget_before(120.0);
        archive.grow();
        assert_eq!(answer(&archive), before);
        assert!(archive.neurons[1].next - archive.neurons[1].first < 40);
    }
}
