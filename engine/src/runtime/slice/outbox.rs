//! Spikes on their way out of chunks and generators.

use std::ops::Range;

use super::span::Span;

/// The spikes of a chunk or generator in the present slice, by step.
#[derive(Clone, Default)]
pub struct Outbox {
    /// Numbers within the population.
    pub spikes: Vec<Vec<u32>>,
    /// Spikes with multiplicity or factor, of sources that send such.
    pub events: Vec<Vec<Event>>,
}

impl Outbox {
    pub fn new(steps: usize) -> Self {
        Outbox { spikes: vec![Vec::new(); steps], events: vec![Vec::new(); steps] }
    }
    pub fn clear(&mut self) {
        self.spikes.iter_mut().for_each(Vec::clear);
        self.events.iter_mut().for_each(Vec::clear);
    }
    /// Spikes sent in the steps of a span.
    pub fn count(&self, span: &Span) -> u64 {
        let steps = span.offset..span.offset + span.n;
        let plain: usize = self.spikes[steps.clone()].iter().map(Vec::len).sum();
        let events = self.events[steps].iter().flatten();
        plain as u64 + events.map(|e| e.multiplicity as u64).sum::<u64>()
    }
}

/// A spike with a multiplicity and a factor on its weight: generators and parrots send such.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    pub source: u32,
    pub multiplicity: u32,
    pub factor: f64,
    /// ms before the stamp, for spikes between grid points.
    pub offset: f64,
}

impl Event {
    /// One spike of this source at its stamp.
    #[inline(always)]
    pub const fn single(source: u32) -> Event {
        Event { source, multiplicity: 1, factor: 1.0, offset: 0.0 }
    }
    /// Whether it is one spike at its stamp.
    #[inline(always)]
    pub fn is_plain(&self) -> bool {
        self.multiplicity == 1 && self.factor == 1.0 && self.offset == 0.0
    }
}

/// Where the spikes of a projection come from.
#[derive(Clone)]
pub enum Source {
    /// The outboxes of a population's chunks.
    Chunks(Range<usize>),
    /// A generator of listed spikes, by node.
    Train(usize),
}

impl Source {
    /// Its outboxes among those of chunks, or of generators.
    pub fn of<'a>(&self, outboxes: &'a [Outbox], trains: &'a [Outbox]) -> &'a [Outbox] {
        match self {
            Source::Chunks(chunks) => &outboxes[chunks.clone()],
            Source::Train(node) => std::slice::from_ref(&trains[*node]),
        }
    }
}
