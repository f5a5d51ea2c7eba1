//! Detectors that count pairs of spikes by the lag between them.
//!
//! A pair is counted when its second spike comes; the lag is the time at the one port less that at the other. Spikes of
//! devices are taken at once and whole, those of neurons one by one when their slice has ended, as in NEST.

use std::collections::VecDeque;

use super::detector::{Detector, DetectorSettings, Received};
use super::sources::TooMany;
use crate::description::Value;
use crate::mechanisms::time::Grid;
use crate::recordings::Rows;
use crate::runtime::parameters::{Declared, Parameters, assert_declared};
use crate::runtime::table::Table;

/// A spike at a port of a detector.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    pub port: usize,
    pub stamp: i64,
    pub multiplicity: u32,
    pub weight: f64,
}

/// Counts of pairs in bins, which a detector keeps.
pub trait PairCounts: Declared + Clone {
    /// What is stored for each bin that has grown in a slice beside time and sender: what tells the bin, then
    /// `weights` and `counts`. When the detector is cleared, rows take back what it had counted: summed up to any time,
    /// rows give the counts of that time.
    const COLUMNS: &'static [(&'static str, &'static str)];
    /// Parameters that clear what has been counted when they are set.
    const CLEARING: &'static [&'static str];
    /// Spikes are handed over slice by slice, and within a slice sender by sender: for what reads the spikes of one sender
    /// together. Where it is false they come in order of time.
    const BY_SENDER: bool = false;
    /// Weights count; where they do not, each spike has weight 1.
    const WEIGHED: bool = true;

    /// `slice` are the steps of a slice as distributed simulators have it.
    fn new(p: &Parameters<'_, Self>, slice: i64) -> Self;
    /// Number of bins.
    fn bins(&self) -> usize;
    /// Writes what tells a bin, as the first columns have it.
    fn tell_bin(&self, bin: usize, grid: Grid, row: &mut Vec<f64>);
    /// Sum of the products of weights, and number of pairs.
    fn of_bin(&self, bin: usize) -> (f64, u64);
    /// Takes a spike; `grows` is told each bin just before a pair is added to it, with what it holds.
    fn take(&mut self, spike: Arrival, grows: &mut impl FnMut(usize, (f64, u64)));
    /// Forgets spikes to which nothing after `stamp` can be a partner.
    fn forget_before(&mut self, stamp: i64);
    /// What has been counted so far, by the names of NEST's properties.
    fn status(&self, name: &str) -> Option<Value>;
}

/// Bins that have grown since rows were written.
#[derive(Clone, Default)]
struct Grown {
    /// With the sums and counts they had.
    bins: Vec<(usize, (f64, u64))>,
    /// By bin: whether it is among them.
    is_there: Vec<bool>,
}

impl Grown {
    fn note(&mut self, bin: usize, before: (f64, u64)) {
        if bin >= self.is_there.len() {
            self.is_there.resize(bin + 1, false);
        }
        if !std::mem::replace(&mut self.is_there[bin], true) {
            self.bins.push((bin, before));
        }
    }
    fn take(&mut self) -> Vec<(usize, (f64, u64))> {
        let mut bins = std::mem::take(&mut self.bins);
        bins.iter().for_each(|(bin, _)| self.is_there[*bin] = false);
        bins.sort_by_key(|(bin, _)| *bin);
        bins
    }
}

/// Spikes that are to be handed over sender by sender, with the numbers of their senders; in order of time.
#[derive(Clone, Default)]
struct Waiting {
    neurons: VecDeque<(u32, Arrival)>,
    devices: VecDeque<(u32, Arrival)>,
}

/// A detector of pairs.
#[derive(Clone)]
pub struct PairDetector<C> {
    counted: C,
    grown: Grown,
    /// Steps of a slice as distributed simulators have it.
    slice: i64,
    waiting: Waiting,
    /// What has been cleared since rows were written, with the signs of rows.
    cleared: Vec<Vec<f64>>,
}

impl<C: PairCounts> PairDetector<C> {
    pub fn make(p: &DetectorSettings<'_>) -> Box<dyn Detector> {
        const { assert_declared::<C>(C::CLEARING) };
        let counted = C::new(&Parameters::at(p.table, 0, p.grid), p.slice as i64);
        Box::new(PairDetector {
            counted,
            grown: Grown::default(),
            slice: p.slice as i64,
            waiting: Waiting::default(),
            cleared: Vec::new(),
        })
    }

    /// A row: what tells a bin, and its sum and count.
    fn row(&self, bin: usize, (weights, counts): (f64, f64), grid: Grid) -> Vec<f64> {
        let mut row = Vec::with_capacity(C::COLUMNS.len());
        self.counted.tell_bin(bin, grid, &mut row);
        row.extend([weights, counts]);
        row
    }

    /// Begins anew. Rows that have been handed out already are taken back by rows to come.
    fn clear(&mut self, table: &Table, grid: Grid, rows: &mut Rows) {
        let keys = C::COLUMNS.len() - 2;
        let bins = 0..self.counted.bins();
        let of_bin = |bin| {
            let (weights, counts) = self.counted.of_bin(bin);
            self.row(bin, (weights, counts as f64), grid)
        };
        let mut told: Vec<Vec<f64>> = bins.map(of_bin).collect();
        for (bin, (weights, counts)) in self.grown.take() {
            (told[bin][keys], told[bin][keys + 1]) = (weights, counts as f64);
        }
        for row in rows.values.chunks_exact(C::COLUMNS.len()) {
            match told.iter_mut().find(|told| told[..keys] == row[..keys]) {
                Some(told) => told[keys..].iter_mut().zip(&row[keys..]).for_each(|(told, new)| *told -= new),
                None => told.push(row[..keys].iter().copied().chain(row[keys..].iter().map(|x| -x)).collect()),
            }
        }
        told.retain(|row| row[keys + 1] != 0.0);
        told.iter_mut().for_each(|row| row[keys..].iter_mut().for_each(|x| *x = -*x));
        self.cleared.append(&mut told);
        self.counted = C::new(&Parameters::at(table, 0, grid), self.slice);
        rows.clear();
    }

    /// Hands over the spikes of all slices that have ended by step `now`, sender by sender: those of neurons a slice late
    /// and before those of devices.
    fn hand_over(&mut self, now: i64) {
        let PairDetector { counted, grown, slice, waiting, .. } = self;
        let mut grows = |bin: usize, before: (f64, u64)| grown.note(bin, before);
        loop {
            let due = [(&waiting.neurons, *slice), (&waiting.devices, 0)].into_iter().filter_map(|(spikes, late)| {
                let (_, first) = spikes.front()?;
                Some(first.stamp + (-first.stamp).rem_euclid(*slice) + late)
            });
            let Some(end) = due.min().filter(|end| *end <= now) else { return };
            for (spikes, until) in [(&mut waiting.neurons, end - *slice), (&mut waiting.devices, end)] {
                let n = spikes.partition_point(|(_, arrival)| arrival.stamp <= until);
                let mut of_slice: Vec<(u32, Arrival)> = spikes.drain(..n).collect();
                of_slice.sort_by_key(|(sender, arrival)| (*sender, arrival.stamp));
                of_slice.into_iter().for_each(|(_, arrival)| counted.take(arrival, &mut grows));
            }
        }
    }

    fn take(&mut self, received: &mut Received<'_>, of_neurons: bool) -> Result<(), TooMany> {
        let Received { span, window, inputs, outboxes, trains, .. } = received;
        let PairDetector { counted, grown, waiting, .. } = self;
        let mut grows = |bin: usize, before: (f64, u64)| grown.note(bin, before);
        for i in 0..span.n {
            let stamp = span.first + i as i64 + 1;
            if !window.holds(stamp) {
                continue;
            }
            for input in inputs.iter_mut().filter(|input| input.is_from_neurons() == of_neurons) {
                let (port, first) = (input.port, input.first);
                input.receive(span, i, outboxes, trains, |sent, connections| {
                    let (times, multiplicity) =
                        if of_neurons { (sent.multiplicity, 1) } else { (1, sent.multiplicity) };
                    let mut arrive = |weight: f64| {
                        let arrival = Arrival { port, stamp, multiplicity, weight };
                        if C::BY_SENDER {
                            let waiting = if of_neurons { &mut waiting.neurons } else { &mut waiting.devices };
                            waiting.push_back((first + sent.source, arrival));
                        } else {
                            counted.take(arrival, &mut grows);
                        }
                    };
                    for _ in 0..times {
                        if C::WEIGHED {
                            connections.weights(&sent).for_each(|weight| arrive(weight * sent.factor));
                        } else {
                            (0..connections.times(&sent)).for_each(|_| arrive(1.0));
                        }
                    }
                })?;
            }
        }
        Ok(())
    }
}

impl<C: PairCounts> Detector for PairDetector<C> {
    fn record(&mut self, received: &mut Received<'_>, _: &mut Rows) -> Result<(), TooMany> {
        self.take(received, false)?;
        if C::BY_SENDER {
            self.take(received, true)?;
            self.hand_over(received.span.first + received.span.n as i64);
        }
        Ok(())
    }

    fn end_slice(&mut self, received: &mut Received<'_>, rows: &mut Rows) -> Result<(), TooMany> {
        if !C::BY_SENDER {
            self.take(received, true)?;
        }
        let (grid, slice) = (received.grid, received.span.n as i64);
        let now = received.span.first + slice;
        let sender = received.inputs.first().map_or(0, |input| input.first);
        let mut write = |row: &[f64]| {
            rows.times.push(grid.ms(now));
            rows.senders.push(sender);
            rows.values.extend_from_slice(row);
        };
        self.cleared.drain(..).for_each(|row| write(&row));
        for (bin, (weights, counts)) in self.grown.take() {
            let of_bin = self.counted.of_bin(bin);
            write(&self.row(bin, (of_bin.0 - weights, (of_bin.1 - counts) as f64), grid));
        }
        // Spikes of neurons come a slice late.
        self.counted.forget_before(now - slice);
        Ok(())
    }

    fn set_parameters(&mut self, table: &Table, names: &[&str], grid: Grid, rows: &mut Rows) {
        if names.iter().any(|name| C::CLEARING.contains(name)) {
            self.clear(table, grid, rows);
        }
    }

    fn status(&self, name: &str) -> Option<Value> {
        self.counted.status(name)
    }

    fn clone_box(&self) -> Box<dyn Detector> {
        Box::new(self.clone())
    }
}
