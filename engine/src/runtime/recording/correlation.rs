//! The correlation detector: how the spikes at two ports follow each other.
//!
//! A pair is counted when its second spike comes; the lag is the time at port 1 less that at port 0.

use std::collections::VecDeque;

use crate::description::Value;
use crate::mechanisms::time::Grid;
use crate::recordings::Rows as RecordedRows;
use crate::runtime::clock::chunk::{Outbox, Span};
use crate::runtime::devices::{Devices, Window};
use crate::runtime::recording::listening::{Heard, Listening, TooMany};
use crate::runtime::synapses::rows::Rows;
use crate::runtime::table::Table;

/// What a correlation detector stores for each bin that has grown in a slice, beside time and sender. When it is
/// cleared, rows take back what it had counted: summed up to any time, rows give the histogram of that time.
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
    /// What has been cleared since rows were written, with the signs of rows: lag (ms), weights, counts.
    cleared: Vec<[f64; 3]>,
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

    /// The lag at the middle of a bin, ms.
    fn lag(&self, bin: usize, grid: Grid) -> f64 {
        grid.ms(bin as i64 * self.width - self.most)
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
            cleared: Vec::new(),
            rows: RecordedRows::default(),
        }
    }

    /// Begins anew. Rows that have been handed out already are taken back by rows to come.
    pub fn clear(&mut self, table: &Table, grid: Grid) {
        let mut told: Vec<[f64; 3]> = (0..self.counted.counts.len())
            .map(|bin| [self.counted.lag(bin, grid), self.counted.weights[bin], self.counted.counts[bin] as f64])
            .collect();
        for (bin, weights, counts) in self.grown.drain(..) {
            (told[bin][1], told[bin][2]) = (weights, counts as f64);
        }
        for row in self.rows.values.chunks_exact(CORRELATION_COLUMNS.len()) {
            match told.iter_mut().find(|[lag, ..]| *lag == row[0]) {
                Some([_, weights, counts]) => (*weights, *counts) = (*weights - row[1], *counts - row[2]),
                None => told.push([row[0], -row[1], -row[2]]),
            }
        }
        let taken_back = told.into_iter().filter(|[.., counts]| *counts != 0.0);
        self.cleared.extend(taken_back.map(|[lag, weights, counts]| [lag, -weights, -counts]));
        self.counted = Histogram::of(table, grid);
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
        let CorrelationDetector { counted, grown, cleared, rows, .. } = self;
        grown.sort_by_key(|(bin, ..)| *bin);
        let added = grown.drain(..).map(|(bin, weights, counts)| {
            let more = counted.counts[bin] - counts;
            [counted.lag(bin, grid), counted.weights[bin] - weights, more as f64]
        });
        for row in cleared.drain(..).chain(added) {
            rows.times.push(grid.ms(now));
            rows.senders.push(sender);
            rows.values.extend(row);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{NodeId, read};
    use crate::recordings::{Frame, Recordings};
    use crate::runtime::Simulation;

    /// The histogram that rows give when they are summed up, without lags that have nothing.
    fn summed(recordings: &Recordings) -> Vec<(f64, f64)> {
        let mut sums: Vec<(f64, f64)> = Vec::new();
        for row in recordings.rows[0].values.chunks_exact(CORRELATION_COLUMNS.len()) {
            match sums.iter_mut().find(|(lag, _)| *lag == row[0]) {
                Some((_, counts)) => *counts += row[2],
                None => sums.push((row[0], row[2])),
            }
        }
        sums.retain(|(_, counts)| *counts != 0.0);
        sums.sort_by(|a, b| a.0.total_cmp(&b.0));
        sums
    }

    #[test]
    fn rows_sum_up_to_what_is_counted_also_when_it_is_cleared() {
        let text = r#"(nodes: {
            "noise": (model: "poisson_generator", params: (rate: 400)),
            "cells": (model: "parrot_neuron", n: 2),
            "d": (model: "correlation_detector"),
        }, projections: [
            (from: "noise", to: "cells"), (from: "cells", to: "d"), (from: "cells", to: "d", receptor: 1),
        ])"#;
        let (project, _) = read(text).unwrap();
        let mut simulation = Simulation::build(&project, &|_| true).unwrap();
        let mut recordings = Recordings::new(simulation.plan().clone());
        let mut frame = Frame::default();
        let detector = NodeId(2);
        let mut run = |simulation: &mut Simulation, change: Option<(&str, Value)>, fetched: bool| {
            simulation.advance(500).unwrap();
            if fetched {
                simulation.take_frame(&mut frame);
                recordings.append(&mut frame);
            }
            if let Some((name, value)) = change {
                simulation.set(detector, &[(name.into(), value)]).unwrap();
            }
            simulation.advance(500).unwrap();
            simulation.take_frame(&mut frame);
            recordings.append(&mut frame);
            let Some(Value::List(counts)) = simulation.get(detector, 0, "count_histogram") else { panic!("no counts") };
            let middle = (counts.len() / 2) as f64;
            let width = project.node(detector).unwrap().real("delta_tau");
            let lags = counts.iter().enumerate().map(|(bin, counts)| ((bin as f64 - middle) * width, *counts));
            assert_eq!(summed(&recordings), lags.filter(|(_, counts)| *counts != 0.0).collect::<Vec<_>>());
        };
        run(&mut simulation, None, true);
        run(&mut simulation, Some(("tau_max", Value::Real(3.0))), true);
        run(&mut simulation, Some(("tau_max", Value::Real(8.0))), false);
        run(&mut simulation, Some(("n_events", Value::List(vec![0.0, 0.0]))), true);
        assert!(!summed(&recordings).is_empty());
    }
}
