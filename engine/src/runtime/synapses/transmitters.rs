//! Volume transmitters: they collect the spikes of neuromodulatory neurons for all synapses that name them.
//!
//! A transmitter acts at the end of a slice. The spikes that have arrived within the slice join its list, and at the end
//! of every `deliver_interval`-th slice all its synapses are brought up to date with the list, which then begins anew.
//!
//! Potjans, Morrison & Diesmann 2010, Front Comput Neurosci 4:141.

use std::sync::Arc;

use crate::mechanisms::time::Grid;
use crate::runtime::connections::rows::SynapseRows;
use crate::runtime::slice::{Outbox, Source};

/// Neuromodulatory spikes that arrive at one time.
#[derive(Clone, Copy, Debug)]
pub struct Release {
    /// ms.
    pub time: f64,
    pub spikes: f64,
}

/// A projection onto a transmitter.
#[derive(Clone)]
pub struct Afferent {
    pub projection: usize,
    pub source: Source,
    /// Synapses onto one target, the transmitter.
    pub rows: Arc<SynapseRows>,
    pub muted: bool,
}

#[derive(Clone)]
pub struct Transmitter {
    pub node: usize,
    /// Slices between two times at which its synapses are brought up to date.
    pub interval: i64,
    pub afferents: Vec<Afferent>,
    /// Spikes on their way, in order of arrival: the stamp at which they arrive, and how many.
    coming: Vec<(i64, f64)>,
    /// When its synapses were last brought up to date, then what has arrived since.
    released: Vec<Release>,
}

impl Transmitter {
    pub fn new(node: usize, interval: i64, afferents: Vec<Afferent>) -> Self {
        let released = vec![Release { time: 0.0, spikes: 0.0 }];
        Transmitter { node, interval, afferents, coming: Vec::new(), released }
    }

    pub fn released(&self) -> &[Release] {
        &self.released
    }

    /// The slice of `outboxes` has ended at step `now`: its spikes are on their way, and those that have arrived join the
    /// list. Tells whether the synapses are to be brought up to date.
    pub fn end_slice(&mut self, grid: Grid, now: i64, slice: i64, outboxes: &[Outbox], trains: &[Outbox]) -> bool {
        for afferent in self.afferents.iter().filter(|a| !a.muted) {
            for outbox in afferent.source.of(outboxes, trains) {
                for step in 0..slice as usize {
                    let stamp = now - slice + step as i64 + 1;
                    let plain = outbox.spikes[step].iter().map(|&source| (source, 1));
                    let events = outbox.events[step].iter().map(|event| (event.source, event.multiplicity));
                    for (source, multiplicity) in plain.chain(events) {
                        for i in afferent.rows.row(source as usize) {
                            let arrival = stamp + afferent.rows.delay(i) as i64;
                            let at = self.coming.partition_point(|(step, _)| *step < arrival);
                            match self.coming.get_mut(at) {
                                Some((step, spikes)) if *step == arrival => *spikes += multiplicity as f64,
                                _ => self.coming.insert(at, (arrival, multiplicity as f64)),
                            }
                        }
                    }
                }
            }
        }
        let arrived = self.coming.partition_point(|(step, _)| *step <= now);
        let arrivals = self.coming.drain(..arrived);
        self.released.extend(arrivals.map(|(step, spikes)| Release { time: grid.ms(step), spikes }));
        self.is_due(now, slice)
    }

    /// Whether the synapses are brought up to date at the end of the slice that ends at step `now`.
    pub fn is_due(&self, now: i64, slice: i64) -> bool {
        now % self.interval.saturating_mul(slice) == 0
    }

    /// The synapses have been brought up to `time` (ms); the list begins anew.
    pub fn triggered(&mut self, time: f64) {
        self.released.clear();
        self.released.push(Release { time, spikes: 0.0 });
    }
}
