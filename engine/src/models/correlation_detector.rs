//! The correlation detector: how the spikes at two ports follow each other. The lag is the time at port 1 less that at
//! port 0.

use std::collections::VecDeque;

use super::declare::*;
use super::recorders::{LABEL, SPIKE_RECORDER};
use super::shared::*;
use crate::description::{Value, number};
use crate::mechanisms::time::Grid;
use crate::runtime::parameters::{Parameters, declared, named, real};
use crate::runtime::recording::correlation::{Arrival, PairCounts, PairDetector};

pub const DELTA_TAU: Parameter =
    real("delta_tau", "ms", 0.5).above(0.0).on_grid().main(0.1, 10.0).doc("Width of a bin");
pub const TAU_MAX: Parameter =
    real("tau_max", "ms", 5.0).at_least(0.0).on_grid().main(1.0, 200.0).doc("Largest lag, a multiple of delta_tau");
pub const T_START: Parameter =
    real("Tstart", "ms", 0.0).at_least(0.0).doc("Spikes before this time only serve as partners");
pub const T_STOP: Parameter =
    real("Tstop", "ms", f64::INFINITY).at_least(0.0).doc("Spikes after this time only serve as partners");

/// Counts how spikes at one port follow those at the other.
pub const MODEL: Model = Model {
    name: "correlation_detector",
    title: "Correlation detector",
    doc: "Counts pairs of spikes, one from each of two ports, by the time between them",
    equations: "histogram[k] = sum of w0 w1 over pairs with (k - 1/2) delta_tau ≤ t1 - t0 < (k + 1/2) delta_tau, |k delta_tau| ≤ tau_max",
    groups: &[
        Group {
            title: "Correlation",
            parameters: &[
                DELTA_TAU,
                TAU_MAX,
                T_START,
                T_STOP,
                integers("n_events").at_least(0.0).at_most(0.0).doc("Spikes at each port; set to [0, 0] to clear all"),
                LABEL,
            ],
        },
        WINDOW,
    ],
    ports: &[
        Port::spikes(0, "", "Spikes that come first, t0").or_transitions(),
        Port::spikes(1, "", "Spikes that follow, t1").or_transitions(),
    ],
    behaviour: Behaviour::detector(PairDetector::<PairHistogram>::make, PairHistogram::COLUMNS),
    facts: Facts::NONE
        .also_called(&["cross-correlogram", "cross-correlation", "cross-covariance"])
        .caption(&[Line::Word("pairs"), Line::Word("by lag")])
        .check(check_bins),
    ..SPIKE_RECORDER
};

/// Pairs by lag.
#[derive(Clone, Default)]
pub struct PairHistogram {
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

impl PairHistogram {
    /// The largest lag that is counted, in steps.
    fn edge(&self) -> f64 {
        self.most as f64 + 0.5 * self.width as f64
    }

    /// Adds to a sum without losing small weights (Kahan).
    fn add(&mut self, bin: usize, weight: f64) {
        let y = weight - self.corrections[bin];
        let sum = self.weights[bin] + y;
        self.corrections[bin] = (sum - self.weights[bin]) - y;
        self.weights[bin] = sum;
    }
}

declared!(PairHistogram);

impl PairCounts for PairHistogram {
    const COLUMNS: &'static [(&'static str, &'static str)] = &[("lags", "ms"), ("weights", ""), ("counts", "")];
    const CLEARING: &'static [&'static str] = &["delta_tau", "tau_max", "Tstart", "Tstop", "n_events"];

    fn new(p: &Parameters<'_, Self>, _: i64) -> Self {
        let steps = |ms: f64| p.grid().on_grid(ms);
        // The default of 0.5 ms is 5 steps where it does not lie on the grid.
        let width = steps(real!(p, Self, "delta_tau")).unwrap_or(5).max(1);
        let most = steps(real!(p, Self, "tau_max")).unwrap_or(width * 10).max(0);
        let bins = 2 * (most / width) as usize + 1;
        // Times between grid points count from the step that holds them.
        let stamp = |ms: f64| ms / p.h();
        PairHistogram {
            width,
            most,
            from: stamp(real!(p, Self, "Tstart")).ceil() as i64,
            until: stamp(real!(p, Self, "Tstop")).floor() as i64,
            weights: vec![0.0; bins],
            corrections: vec![0.0; bins],
            counts: vec![0; bins],
            ..PairHistogram::default()
        }
    }

    fn bins(&self) -> usize {
        self.counts.len()
    }

    fn tell_bin(&self, bin: usize, grid: Grid, row: &mut Vec<f64>) {
        row.push(grid.ms(bin as i64 * self.width - self.most));
    }

    fn of_bin(&self, bin: usize) -> (f64, u64) {
        (self.weights[bin], self.counts[bin])
    }

    fn take(&mut self, spike: Arrival, grows: &mut impl FnMut(usize, (f64, u64))) {
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
                    grows(bin, self.of_bin(bin));
                    self.counts[bin] += multiplicity as u64;
                    self.add(bin, sum * partner);
                }
            }
        }
        let waiting = &mut self.waiting[port];
        let behind = waiting.partition_point(|(j, _)| *j <= stamp);
        waiting.insert(behind, (stamp, sum));
    }

    fn forget_before(&mut self, stamp: i64) {
        let edge = self.edge();
        for waiting in &mut self.waiting {
            while waiting.front().is_some_and(|(j, _)| (stamp - j) as f64 > edge + 1.0) {
                waiting.pop_front();
            }
        }
    }

    fn status(&self, name: &str) -> Option<Value> {
        let PairHistogram { n_events, weights, corrections, counts, .. } = self;
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

/// The largest lag is a whole number of bins, and not too many.
pub fn check_bins(given: &dyn Given, resolution: Resolution) -> Result<(), Wrong> {
    let steps = |name: &str| match given.value(name) {
        Some(Value::Real(t)) => resolution.step(t),
        _ => None,
    };
    // The default of 0.5 ms is 5 steps where it does not lie on the grid.
    let width = steps(named!(PairHistogram, "delta_tau")).unwrap_or(5.0);
    let most = steps(named!(PairHistogram, "tau_max")).unwrap_or(10.0 * width);
    if width >= 1.0 && most % width != 0.0 {
        let message = format!("must be a multiple of delta_tau ({} ms)", number(width * resolution.ms()));
        return Err(("tau_max", message));
    }
    if most > MOST_BINS * width {
        let message = format!("must not be more than {} times delta_tau", number(MOST_BINS));
        return Err(("tau_max", message));
    }
    Ok(())
}

/// Bins on either side of lag 0 that a correlation detector may have.
const MOST_BINS: f64 = 1e6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{NodeId, read};
    use crate::recordings::{Frame, Recordings};
    use crate::runtime::Simulation;

    /// The histogram that rows give when they are summed up, without lags that have nothing.
    fn summed(recordings: &Recordings) -> Vec<(f64, f64)> {
        let mut sums: Vec<(f64, f64)> = Vec::new();
        for row in recordings.rows[0].values.chunks_exact(PairHistogram::COLUMNS.len()) {
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
