//! The correlation matrix detector: how the spikes of any number of channels follow each other, for every pair of them.
//!
//! Entry (u, v) counts spikes of channel u that come after those of channel v, so that lags are never negative; lag 0
//! counts for both orders. Each spike is a partner of itself.

use std::collections::VecDeque;

use super::declare::*;
use super::recorders::{LABEL, SPIKE_RECORDER};
use super::shared::*;
use crate::description::{Value, number};
use crate::mechanisms::time::Grid;
use crate::runtime::recording::correlation::{Arrival, PairCounts, PairDetector};
use crate::runtime::table::Table;

pub const MODEL: Model = Model {
    name: "correlomatrix_detector",
    title: "Correlation matrix detector",
    doc: "Counts pairs of spikes of any two of its channels by the time between them",
    equations: "covariance[u][v][k] = sum of w_u w_v over pairs with (k - 1/2) delta_tau < t_u - t_v < (k + 1/2) delta_tau, 0 ≤ k delta_tau ≤ tau_max",
    groups: &[
        Group {
            title: "Correlation",
            parameters: &[
                integer("N_channels", 1).at_least(1.0).fixed().main(1.0, 10.0).doc("Number of channels, one a port"),
                real("delta_tau", "ms", 0.5)
                    .above(0.0)
                    .on_grid()
                    .main(0.1, 10.0)
                    .doc("Width of a bin, an odd number of time steps"),
                real("tau_max", "ms", 5.0)
                    .at_least(0.0)
                    .on_grid()
                    .main(1.0, 200.0)
                    .doc("Largest lag, a multiple of delta_tau"),
                real("Tstart", "ms", 0.0).at_least(0.0).doc("Spikes before this time only serve as partners"),
                real("Tstop", "ms", f64::INFINITY).at_least(0.0).doc("Spikes after this time only serve as partners"),
                integers("n_events").at_least(0.0).at_most(0.0).doc("Spikes at each port; set to zeros to clear all"),
                LABEL,
            ],
        },
        WINDOW,
    ],
    ports: &[Port::spikes(0, "", "Spikes of the channels, by their number").each("N_channels").or_transitions()],
    behaviour: Behaviour::detector(PairDetector::<PairMatrix>::make, PairMatrix::COLUMNS),
    facts: Facts::NONE.check(check_bins),
    ..SPIKE_RECORDER
};

/// Pairs by channels and lag.
#[derive(Clone, Default)]
pub struct PairMatrix {
    /// Width of a bin, steps.
    width: i64,
    /// Bins of a pair of channels.
    lags: usize,
    /// First and last stamp at which pairs are counted.
    from: i64,
    until: i64,
    n_events: Vec<u64>,
    /// By the later channel, the earlier one, and lag.
    weights: Vec<f64>,
    counts: Vec<u64>,
    /// Spikes that may still find a partner, by stamp: stamp, weight, channel.
    waiting: VecDeque<(i64, f64, usize)>,
}

impl PairMatrix {
    /// The largest lag that is counted, in steps.
    fn edge(&self) -> f64 {
        (self.lags as f64 - 0.5) * self.width as f64
    }

    fn bin(&self, later: usize, earlier: usize, lag: usize) -> usize {
        (later * self.n_events.len() + earlier) * self.lags + lag
    }
}

impl PairCounts for PairMatrix {
    const COLUMNS: &'static [(&'static str, &'static str)] =
        &[("later", ""), ("earlier", ""), ("lags", "ms"), ("weights", ""), ("counts", "")];
    const CLEARING: &'static [&'static str] = &["delta_tau", "tau_max", "Tstart", "Tstop", "n_events"];

    fn new(table: &Table, grid: Grid) -> Self {
        let steps = |name: &str| grid.on_grid(table.real(name, 0));
        // The default of 0.5 ms is 5 steps where it does not lie on the grid.
        let width = steps("delta_tau").unwrap_or(5).max(1);
        let lags = (steps("tau_max").unwrap_or(width * 10).max(0) / width) as usize + 1;
        let channels = table.real("N_channels", 0).max(1.0) as usize;
        // Times between grid points count from the step that holds them.
        let stamp = |name: &str| table.real(name, 0) / grid.h();
        PairMatrix {
            width,
            lags,
            from: stamp("Tstart").ceil() as i64,
            until: stamp("Tstop").floor() as i64,
            n_events: vec![0; channels],
            weights: vec![0.0; channels * channels * lags],
            counts: vec![0; channels * channels * lags],
            waiting: VecDeque::new(),
        }
    }

    fn bins(&self) -> usize {
        self.counts.len()
    }

    fn tell_bin(&self, bin: usize, grid: Grid, row: &mut Vec<f64>) {
        let (pair, lag) = (bin / self.lags, bin % self.lags);
        let (later, earlier) = (pair / self.n_events.len(), pair % self.n_events.len());
        row.extend([later as f64, earlier as f64, grid.ms(lag as i64 * self.width)]);
    }

    fn of_bin(&self, bin: usize) -> (f64, u64) {
        (self.weights[bin], self.counts[bin])
    }

    fn take(&mut self, spike: Arrival, grows: &mut impl FnMut(usize, (f64, u64))) {
        let Arrival { port, stamp, multiplicity, weight } = spike;
        let sum = multiplicity as f64 * weight;
        let behind = self.waiting.partition_point(|(j, ..)| *j <= stamp);
        self.waiting.insert(behind, (stamp, sum, port));
        if !(self.from..=self.until).contains(&stamp) {
            return;
        }
        self.n_events[port] += 1;
        for k in 0..self.waiting.len() {
            let (other, partner, channel) = self.waiting[k];
            let (later, earlier) = if stamp >= other { (port, channel) } else { (channel, port) };
            // The width is odd, so no lag lies between two bins.
            let lag = ((stamp - other).abs() + self.width / 2) / self.width;
            if lag as usize >= self.lags {
                continue;
            }
            let here = self.bin(later, earlier, lag as usize);
            let there = self.bin(earlier, later, 0);
            let both = lag == 0 && !(stamp == other && port == channel);
            for bin in [Some(here), both.then_some(there)].into_iter().flatten() {
                grows(bin, self.of_bin(bin));
                self.counts[bin] += multiplicity as u64;
                self.weights[bin] += sum * partner;
            }
        }
    }

    fn forget_before(&mut self, stamp: i64) {
        let edge = self.edge();
        while self.waiting.front().is_some_and(|(j, ..)| (stamp - j) as f64 > edge + 1.0) {
            self.waiting.pop_front();
        }
    }

    fn status(&self, name: &str) -> Option<Value> {
        match name {
            "n_events" => Some(Value::List(self.n_events.iter().map(|x| *x as f64).collect())),
            "covariance" => Some(Value::Lists(self.weights.chunks(self.lags).map(<[f64]>::to_vec).collect())),
            "count_covariance" => {
                let of_pair = |counts: &[u64]| counts.iter().map(|x| *x as f64).collect();
                Some(Value::Lists(self.counts.chunks(self.lags).map(of_pair).collect()))
            }
            _ => None,
        }
    }
}

fn check_bins(given: &dyn Given, resolution: Resolution) -> Result<(), Wrong> {
    let steps = |name: &str| match given.value(name) {
        Some(Value::Real(t)) => resolution.step(t),
        _ => None,
    };
    if let Some(width) = steps("delta_tau")
        && width % 2.0 != 1.0
    {
        let step = number(resolution.ms());
        return Err(("delta_tau", format!("must be an odd number of time steps of {step} ms, is {}", number(width))));
    }
    super::correlation_detector::check_bins(given, resolution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_by_who_comes_later() {
        let mut pairs = PairMatrix { width: 5, lags: 3, until: 1000, n_events: vec![0; 2], ..PairMatrix::default() };
        (pairs.weights, pairs.counts) = (vec![0.0; 12], vec![0; 12]);
        let spike = |port, stamp, weight| Arrival { port, stamp, multiplicity: 1, weight };
        let mut grown = Vec::new();
        for (port, stamp, weight) in [(0, 100, 2.0), (1, 106, 3.0), (1, 106, 3.0), (0, 140, 1.0)] {
            pairs.take(spike(port, stamp, weight), &mut |bin, _| grown.push(bin));
        }
        assert_eq!(pairs.n_events, [2, 2]);
        let of = |later: usize, earlier: usize| &pairs.counts[(later * 2 + earlier) * 3..][..3];
        assert_eq!((of(0, 0), of(1, 0), of(0, 1)), (&[2, 0, 0][..], &[0, 2, 0][..], &[0, 0, 0][..]));
        // Two spikes of one channel at one time, and each with itself.
        assert_eq!((of(1, 1), pairs.weights[pairs.bin(1, 0, 1)]), (&[3, 0, 0][..], 12.0));
        assert!(grown.contains(&pairs.bin(1, 0, 1)));
    }
}
