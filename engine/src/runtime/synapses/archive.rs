//! The archive of a chunk: the spikes that its neurons have sent, with the traces that plastic synapses read.
//!
//! A synapse acts when its source fires. It then asks for the spikes of its target since the source's last spike
//! ([`Post::window`]) and for the target's trace ([`Post::k_minus`]). Spikes are kept until every synapse onto the chunk has asked for them.
//!
//! Morrison, Diesmann & Gerstner 2008, Biol Cybern 98:459.

use std::ops::Range;

use crate::description::{Parameter, real};
use crate::math;
use crate::mechanisms::lanes::Real;
use crate::runtime::synapses::histories::{Histories, TargetParameters};

/// What neurons declare whose spikes are kept.
pub const TAU_MINUS: Parameter =
    real("tau_minus", "ms", 20.0).above(0.0).doc("Time constant of the trace that plastic synapses read");
pub const TAU_MINUS_TRIPLET: Parameter =
    real("tau_minus_triplet", "ms", 110.0).above(0.0).doc("Time constant of the slow trace for triplet rules");

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

impl Entry {
    /// The slow trace just before the spike.
    #[inline(always)]
    pub fn slow_before(&self) -> f64 {
        self.k_triplet - 1.0
    }
}

/// How many of a neuron's latest spikes have their stamps in [`Recent`], and how many their traces.
const RECENT: usize = 8;
const TRACES: usize = 3;
/// From so many spikes of one neuron on that are kept for a silent source, the archive is worth pruning.
const CROWD: u32 = 64;
/// Stands for the stamps of spikes that a neuron has not sent yet; earlier than any query.
const NEVER: i32 = i32::MIN;

/// The latest spikes of a neuron in one cache line: enough for most queries of a rule for pairs of spikes.
#[repr(align(64))]
#[derive(Clone, Copy, Debug)]
struct Recent {
    /// Steps at whose ends they were, newest first. One vector comparison counts those of a window.
    stamps: [i32; RECENT],
    /// The trace just after the latest spikes, newest first.
    traces: [f64; TRACES],
}

#[derive(Clone, Copy, Debug)]
struct Neuron {
    tau_minus: f64,
    tau_minus_triplet: f64,
    /// Spikes are numbered as they come; kept are numbers `first` to `next - 1`.
    first: u32,
    next: u32,
    /// Both traces just after the last spike, and its time, ms.
    k: f64,
    k_triplet: f64,
    last: f64,
}

/// The spikes of the neurons of a chunk, a ring of entries for each neuron, and the histories that are sampled of them.
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
    /// What is sampled at the end of every step, where a synapse reads it.
    pub histories: Histories,
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
            histories: Histories::default(),
        }
    }

    /// Whether spikes are kept.
    pub fn keeps_spikes(&self) -> bool {
        !self.neurons.is_empty()
    }

    /// Takes over parameters of the neurons. New time constants hold for the decay since the last spike too.
    pub fn set_parameters(&mut self, parameters: TargetParameters<'_>) {
        for (i, (neuron, rate)) in self.neurons.iter_mut().zip(&mut self.rates).enumerate() {
            let p = parameters.of(i);
            (neuron.tau_minus, neuron.tau_minus_triplet) = (p.real(&TAU_MINUS), p.real(&TAU_MINUS_TRIPLET));
            *rate = 1.0 / neuron.tau_minus;
        }
        self.histories.set_parameters(parameters);
    }

    /// Whether the ring of a neuron is full.
    pub fn is_full(&self, neuron: usize) -> bool {
        let neuron = &self.neurons[neuron];
        neuron.next - neuron.first == self.capacity
    }

    /// Forgets spikes that no query about a time from `horizon` (ms) on can reach.
    pub fn forget_before(&mut self, horizon: f64) {
        for n in 0..self.neurons.len() {
            // The trace at the horizon decays from the last spike before it, so that one is kept.
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

    /// Doubles the length of all rings.
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

    /// A spike of a neuron by its number.
    #[inline(always)]
    pub fn entry(&self, neuron: usize, i: u32) -> &Entry {
        &self.entries[neuron * self.capacity as usize + (i & (self.capacity - 1)) as usize]
    }

    /// A neuron's spikes after `from` up to and including `to`, and its trace at `to`, ms: by search, for any spike that
    /// is kept. [`Archive::glance`] and [`Archive::trace`] answer the same for the latest spikes without a search.
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

    /// The spikes of a neuron after the stamp `from` up to and including `to`, as places among its latest spikes, of
    /// which the newest has place 0. `None` if the window may reach further back, or spikes lie between grid points.
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

    /// The slow trace of a neuron just before one of its latest spikes, newest first, which is still kept.
    #[inline(always)]
    pub fn slow_before(&self, neuron: usize, place: u8) -> f64 {
        let newest = self.neurons[neuron].next.wrapping_sub(1);
        self.entry(neuron, newest.wrapping_sub(place as u32)).slow_before()
    }

    /// The trace of a neuron at the stamp `to`: its value just after the last spike before `to`, and the exponent of its
    /// decay since then, as in [`Seen`]; and the stamp of the last spike up to and including `to`. `None` if that takes
    /// a search.
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

    pub fn bytes(&self) -> usize {
        let spikes = self.neurons.len() * (size_of::<Neuron>() + size_of::<Recent>() + 8);
        spikes + self.entries.len() * size_of::<Entry>() + self.histories.bytes()
    }
}

/// What [`Archive::look`] finds.
pub struct Seen {
    /// The spikes of the window are numbers `begin` to `end - 1`.
    pub begin: u32,
    pub end: u32,
    /// The trace at the end of the window is `trace` · e^`decay`: its value just after the last spike before, and the
    /// negative time since then in units of its time constant. Without a spike `trace` is 0.
    pub trace: f64,
    pub decay: f64,
}

/// The spikes of the post-synaptic neuron as its synapses see them. Times are at the soma, ms.
#[derive(Clone, Copy)]
pub struct Post<'a> {
    archive: &'a Archive,
    neuron: usize,
}

impl<'a> Post<'a> {
    pub fn new(archive: &'a Archive, neuron: usize) -> Post<'a> {
        Post { archive, neuron }
    }

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

    /// The trace K− just before `at`, to which all its spikes have contributed 1.
    #[inline]
    pub fn k_minus(self, at: f64) -> f64 {
        self.before(at).map_or(0.0, |entry| entry.k * math::exp((entry.time - at) / self.tau_minus()))
    }

    /// The trace K− just before `at` if only the nearest spike contributes: each spike sets the trace to 1.
    #[cfg(test)]
    pub fn k_minus_nearest(self, at: f64) -> f64 {
        self.before(at).map_or(0.0, |entry| math::exp((entry.time - at) / self.tau_minus()))
    }

    #[inline]
    fn tau_minus(self) -> f64 {
        self.archive.neurons[self.neuron].tau_minus
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

    fn post(archive: &Archive) -> Post<'_> {
        Post::new(archive, 1)
    }

    #[test]
    fn windows_exclude_their_beginning_and_include_their_end() {
        let archive = archive(&[1.0, 2.0, 3.0]);
        let window = |from, to| post(&archive).window(from, to).map(|e| e.time).collect::<Vec<_>>();
        assert_eq!(window(1.0, 3.0), [2.0, 3.0]);
        assert_eq!(window(0.0, 2.5), [1.0, 2.0]);
        assert_eq!(window(3.0, 9.0), [0.0; 0]);
        assert_eq!(Post::new(&archive, 0).window(0.0, 9.0).count(), 0);
    }

    #[test]
    fn traces_leave_out_a_spike_at_the_time_asked_for() {
        let archive = archive(&[10.0, 20.0]);
        let post = post(&archive);
        assert_eq!((post.k_minus(10.0), post.k_minus_nearest(10.0)), (0.0, 0.0));
        assert_eq!(post.k_minus_nearest(20.0), post.k_minus(20.0));
        assert!((post.k_minus_nearest(30.0) - (-0.5f64).exp()).abs() < 1e-15);
        assert!((post.k_minus(20.0) - (-0.5f64).exp()).abs() < 1e-15);
        assert!((post.k_minus(30.0) - (1.0 + (-0.5f64).exp()) * (-0.5f64).exp()).abs() < 1e-15);
    }

    #[test]
    fn growing_and_forgetting_change_no_answer() {
        let times: Vec<f64> = (1..100).map(|i| i as f64 * 1.7).collect();
        let mut archive = archive(&times);
        let answer = |archive: &Archive| {
            let window: Vec<f64> = post(archive).window(120.0, 150.0).map(|e| e.k_triplet).collect();
            (window, post(archive).k_minus(120.0), post(archive).k_minus(133.3))
        };
        let before = answer(&archive);
        archive.forget_before(120.0);
        archive.grow();
        assert_eq!(answer(&archive), before);
        assert!(archive.neurons[1].next - archive.neurons[1].first < 40);
    }
}
