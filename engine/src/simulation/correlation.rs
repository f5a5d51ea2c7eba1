//! The correlation detector: how the spikes at two ports follow each other.
//!
//! A pair is counted when its second spike comes; the lag is the time at port 1 less that at port 0.

use std::collections::VecDeque;

use super::chunk::{Outbox, Span};
use super::devices::{Devices, Window};
use super::listening::{Heard, Listening, TooMany};
use super::rows::Rows;
use super::table::Table;
use crate::mechanisms::time::Grid;
use crate::recordings::Rows as RecordedRows;
use crate::value::Value;

/// What a correlation detector stores for each bin that has grown in a slice, beside time and sender.
pub const CORRELATION_COLUMNS: [(&str, &str); 3] = [("lags", "ms"), ("weights", ""), ("counts", "")];

/// Parameters that clear what has been counted when they are set.
pub const CLEARING: [&str; 5] = ["delta_tau", "tau_max", "Tstart", "Tstop", "n_events"];

/// A projection onto a detector.
#[derive(Clone)]
pub struct DetectorInput {
    pub port: usize,
    pub listening: Listening,
    /// Its synapses, for their weights.
    pub rows: Rows,
}

#[derive(Clone)]
pub struct CorrelationDetector {
    pub node: usize,
    pub window: Window,
    pub inputs: Vec<DetectorInput>,
    counted: Histogram,
    /// Bins that have grown since rows were written, with the sums and counts they had.
    grown: Vec<(usize, f64, u64)>,
    pub rows: RecordedRows,
}

/// Pairs by lag.
#[derive(Clone, Default)]
struct Histogram {
    /// Width of a bin, and the largest lag at the middle of one; steps.
    width: i64,
    most: i64,
    /// First and last stamp at which pairs are counted.
    from: i64,
    until: i64,
    n_events: [u64; 2],
    weights: Vec<f64>,
    /// What rounding has taken from each sum.
    corrections: Vec<f64>,
    counts: Vec<u64>,
    /// Spikes at each port that may still find a partner, by stamp: stamp, weight.
    waiting: [VecDeque<(i64, f64)>; 2],
}

/// A spike at a port of a detector.
#[derive(Clone, Copy)]
struct Arrival {
    port: usize,
    stamp: i64,
    multiplicity: u32,
    weight: f64,
}

impl Histogram {
    fn of(table: &Table, grid: Grid) -> Histogram {
        let steps = |name: &str| grid.on_grid(table.real(name, 0));
        // The default of 0.5 ms is 5 steps where it does not lie on the grid.
        let width = steps("delta_tau").unwrap_or(5).max(1);
        let most = steps("tau_max").unwrap_or(width * 10).max(0);
        let bins = 2 * (most / width) as usize + 1;
        // Times between grid points count from the step that holds them.
        let stamp = |name: &str| table.real(name, 0) / grid.h();
        Histogram {
            width,
            most,
            from: stamp("Tstart").ceil() as i64,
            until: stamp("Tstop").floor() as i64,
            weights: vec![0.0; bins],
            corrections: vec![0.0; bins],
            counts: vec![0; bins],
            ..Histogram::default()
        }
    }

    /// The largest lag that is counted, in steps.
    fn edge(&self) -> f64 {
        self.most as f64 + 0.5 * self.width as f64
    }

    /// Takes a spike; `grow` is told the bins to which pairs are added.
    fn take(&mut self, spike: Arrival, mut grow: impl FnMut(usize, &Histogram)) {
        let Arrival { port, stamp, multiplicity, weight } = spike;
        let (other, edge) = (1 - port, self.edge());
        let gone = |j: i64| (stamp - j) as f64 - 0.5 * other as f64 >= edge;
        while self.waiting[other].front().is_some_and(|(j, _)| gone(*j)) {
            self.waiting[other].pop_front();
        }
        let sum = multiplicity as f64 * weight;
        if (self.from..=self.until).contains(&stamp) {
            self.n_events[port] += 1;
            for k in 0..self.waiting[other].len() {
                let (j, partner) = self.waiting[other][k];
                let lag = (stamp - j) * (2 * port as i64 - 1);
                let bin = ((edge + lag as f64) / self.width as f64).floor();
                if bin >= 0.0 && (bin as usize) < self.counts.len() {
                    let bin = bin as usize;
                    grow(bin, self);
                    self.counts[bin] += multiplicity as u64;
                    self.add(bin, sum * partner);
                }
            }
        }
        let waiting = &mut self.waiting[port];
        let behind = waiting.partition_point(|(j, _)| *j <= stamp);
        waiting.insert(behind, (stamp, sum));
    }

    /// Adds to a sum without losing small weights (Kahan).
    fn add(&mut self, bin: usize, weight: f64) {
        let y = weight - self.corrections[bin];
        let sum = self.weights[bin] + y;
        self.corrections[bin] = (sum - self.weights[bin]) - y;
        self.weights[bin] = sum;
    }

    /// Forgets spikes to which nothing after `stamp` can be a partner.
    fn forget_before(&mut self, stamp: i64) {
        let edge = self.edge();
        for waiting in &mut self.waiting {
            while waiting.front().is_some_and(|(j, _)| (stamp - j) as f64 > edge + 1.0) {
                waiting.pop_front();
            }
        }
    }
}

impl CorrelationDetector {
    pub fn new(node: usize, table: &Table, grid: Grid, inputs: Vec<DetectorInput>) -> CorrelationDetector {
        CorrelationDetector {
            node,
            window: Window::of(table, grid),
            inputs,
            counted: Histogram::of(table, grid),
            grown: Vec::new(),
            rows: RecordedRows::default(),
        }
    }

    /// Begins anew.
    pub fn clear(&mut self, table: &Table, grid: Grid) {
        self.counted = Histogram::of(table, grid);
        self.grown.clear();
        self.rows.clear();
    }

    /// Takes the spikes of devices during the span, whole and at once.
    pub fn take_devices(
        &mut self,
        span: &Span,
        devices: &Devices,
        outboxes: &[Outbox],
        trains: &[Outbox],
    ) -> Result<(), TooMany> {
        for input in self.inputs.iter_mut().filter(|input| !input.listening.hears_neurons()) {
            input.listening.open(span, devices)?;
        }
        self.take(span, outboxes, trains, false)
    }

    /// Takes the spikes of neurons of the slice that has passed, one by one.
    pub fn take_neurons(&mut self, slice: &Span, outboxes: &[Outbox]) -> Result<(), TooMany> {
        self.take(slice, outboxes, &[], true)
    }

    fn take(&mut self, span: &Span, outboxes: &[Outbox], trains: &[Outbox], of_neurons: bool) -> Result<(), TooMany> {
        let CorrelationDetector { window, inputs, counted, grown, .. } = self;
        let mut grow = |bin: usize, counted: &Histogram| {
            if grown.iter().all(|(b, ..)| *b != bin) {
                grown.push((bin, counted.weights[bin], counted.counts[bin]));
            }
        };
        for i in 0..span.n {
            let stamp = span.first + i as i64 + 1;
            if !window.holds(stamp) {
                continue;
            }
            for DetectorInput { port, listening, rows } in inputs.iter_mut() {
                if listening.hears_neurons() != of_neurons {
                    continue;
                }
                let port = *port;
                listening.hear(span, i, outboxes, trains, |heard: Heard| {
                    let synapses = match heard.connection {
                        Some(connection) => connection..connection + 1,
                        None => rows.row(heard.source as usize),
                    };
                    let (times, multiplicity) =
                        if of_neurons { (heard.multiplicity, 1) } else { (1, heard.multiplicity) };
                    for _ in 0..times {
                        for synapse in synapses.clone() {
                            let weight = rows.weight(synapse) * heard.factor;
                            counted.take(Arrival { port, stamp, multiplicity, weight }, &mut grow);
                        }
                    }
                })?;
            }
        }
        Ok(())
    }

    /// A slice of that many steps ends at step `now`: writes rows of what has been added since the one before.
    pub fn end_slice(&mut self, now: i64, slice: i64, grid: Grid) {
        let sender = self.inputs.first().map_or(0, |input| input.listening.first);
        self.grown.sort_by_key(|(bin, ..)| *bin);
        for (bin, weight, count) in self.grown.drain(..) {
            let lag = grid.ms(bin as i64 * self.counted.width - self.counted.most);
            self.rows.times.push(grid.ms(now));
            self.rows.senders.push(sender);
            let more = self.counted.counts[bin] - count;
            self.rows.values.extend([lag, self.counted.weights[bin] - weight, more as f64]);
        }
        // Spikes of neurons come a slice late.
        self.counted.forget_before(now - slice);
    }

    /// What has been counted so far, by the name of NEST's properties.
    pub fn tell(&self, name: &str) -> Option<Value> {
        let Histogram { n_events, weights, corrections, counts, .. } = &self.counted;
        let whole = |xs: &[u64]| Value::List(xs.iter().map(|x| *x as f64).collect());
        match name {
            "n_events" => Some(whole(n_events)),
            "histogram" => Some(Value::List(weights.clone())),
            "histogram_correction" => Some(Value::List(corrections.clone())),
            "count_histogram" => Some(whole(counts)),
            _ => None,
        }
    }
}
