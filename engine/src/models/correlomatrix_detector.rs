//! The correlation matrix detector: how the spikes of each of several channels follow those of every other and its own.
//!
//! Entry \[u]\[v] counts pairs in which the spike of channel u is not earlier than that of channel v, by the lag between
//! them. Every spike also pairs with itself.

use std::collections::VecDeque;

use super::correlation_detector::{DELTA_TAU, T_START, T_STOP, TAU_MAX, check_bins};
use super::declare::*;
use super::recorders::{LABEL, SPIKE_RECORDER};
use super::shared::*;
use crate::description::{Value, number};
use crate::mechanisms::time::Grid;
use crate::runtime::parameters::{Parameters, declared, named, real};
use crate::runtime::recording::correlation::{Arrival, PairCounts, PairDetector};

pub const MODEL: Model = Model {
    name: "correlomatrix_detector",
    title: "Correlation matrix detector",
    doc: "Counts pairs of spikes within and between several channels, by the time between them",
    equations: "covariance[u][v][k] = sum of wu wv over pairs with (k - 1/2) delta_tau ≤ tu - tv < (k + 1/2) delta_tau, tu ≥ tv, k delta_tau ≤ tau_max",
    groups: &[
        Group {
            title: "Correlation",
            parameters: &[
                integer("N_channels", 1).at_least(1.0).main(1.0, 10.0).fixed().doc("Channels, a receptor each"),
                DELTA_TAU,
                TAU_MAX,
                T_START,
                T_STOP,
                integers("n_events")
                    .at_least(0.0)
                    .at_most(0.0)
                    .doc("Spikes of each channel; set to a list of zeros to clear all"),
                LABEL,
            ],
        },
        WINDOW,
    ],
    ports: &[Port::spikes(0, "", "Spikes of this channel").each("N_channels").or_transitions()],
    behaviour: Behaviour::detector(PairDetector::<PairMatrix>::make, PairMatrix::COLUMNS),
    facts: Facts::NONE
        .also_called(&["covariance matrix", "correlation of many"])
        .caption(&[Line::Word("matrix"), Line::Square("N_channels")])
        .check(check_matrix),
    ..SPIKE_RECORDER
};

/// Pairs by channels and lag.
#[derive(Clone, Default)]
pub struct PairMatrix {
    channels: usize,
    /// Width of a bin in steps, an odd number, and how many bins an entry has.
    width: i64,
    length: usize,
    /// First and last stamp at which pairs are counted.
    from: i64,
    until: i64,
    n_events: Vec<u64>,
    /// Bin k of entry \[u]\[v] is number (u · channels + v) · length + k.
    covariance: Vec<f64>,
    counts: Vec<u64>,
    /// Spikes of all channels that may still find a partner, by stamp: stamp, weight, channel.
    waiting: VecDeque<(i64, f64, usize)>,
}

impl PairMatrix {
    fn bin(&self, u: usize, v: usize, k: usize) -> usize {
        (u * self.channels + v) * self.length + k
    }
}

declared!(PairMatrix);

impl PairCounts for PairMatrix {
    const COLUMNS: &'static [(&'static str, &'static str)] =
        &[("lags", "ms"), ("later", ""), ("earlier", ""), ("weights", ""), ("counts", "")];
    const CLEARING: &'static [&'static str] = &["delta_tau", "tau_max", "Tstart", "Tstop", "n_events"];

    fn new(p: &Parameters<'_, Self>, _: i64) -> Self {
        let steps = |ms: f64| p.grid().on_grid(ms);
        // The default of 0.5 ms is 5 steps where it does not lie on the grid.
        let width = steps(real!(p, Self, "delta_tau")).unwrap_or(5).max(1);
        let most = steps(real!(p, Self, "tau_max")).unwrap_or(width * 10).max(0);
        let (channels, length) = (real!(p, Self, "N_channels") as usize, (most / width) as usize + 1);
        // Times between grid points count from the step that holds them.
        let stamp = |ms: f64| ms / p.h();
        PairMatrix {
            channels,
            width,
            length,
            from: stamp(real!(p, Self, "Tstart")).ceil() as i64,
            until: stamp(real!(p, Self, "Tstop")).floor() as i64,
            n_events: vec![0; channels],
            covariance: vec![0.0; channels * channels * length],
            counts: vec![0; channels * channels * length],
            waiting: VecDeque::new(),
        }
    }

    fn bins(&self) -> usize {
        self.counts.len()
    }

    fn tell_bin(&self, bin: usize, grid: Grid, row: &mut Vec<f64>) {
        let (entry, k) = (bin / self.length, bin % self.length);
        row.extend([grid.ms(k as i64 * self.width), (entry / self.channels) as f64, (entry % self.channels) as f64]);
    }

    fn of_bin(&self, bin: usize) -> (f64, u64) {
        (self.covariance[bin], self.counts[bin])
    }

    fn take(&mut self, spike: Arrival, grows: &mut impl FnMut(usize, (f64, u64))) {
        let Arrival { port: channel, stamp, multiplicity, weight } = spike;
        let sum = multiplicity as f64 * weight;
        let behind = self.waiting.partition_point(|(j, ..)| *j <= stamp);
        self.waiting.insert(behind, (stamp, sum, channel));
        if !(self.from..=self.until).contains(&stamp) {
            return;
        }
        self.n_events[channel] += 1;
        for i in 0..self.waiting.len() {
            let (j, partner, of) = self.waiting[i];
            // The nearest bin: the width is odd, so no lag lies between two.
            let k = (((stamp - j).abs() + self.width / 2) / self.width) as usize;
            if k >= self.length {
                continue;
            }
            let (u, v) = if stamp >= j { (channel, of) } else { (of, channel) };
            let mut add = |counted: &mut PairMatrix, bin: usize| {
                grows(bin, counted.of_bin(bin));
                counted.covariance[bin] += sum * partner;
                counted.counts[bin] += multiplicity as u64;
            };
            add(self, self.bin(u, v, k));
            // In the first bin neither counts as the later one.
            if k == 0 && (stamp != j || channel != of) {
                add(self, self.bin(v, u, k));
            }
        }
    }

    fn forget_before(&mut self, stamp: i64) {
        let edge = (self.length as i64 - 1) * self.width + self.width / 2 + 1;
        while self.waiting.front().is_some_and(|(j, ..)| stamp - j > edge) {
            self.waiting.pop_front();
        }
    }

    fn status(&self, name: &str) -> Option<Value> {
        let whole = |xs: &[u64]| xs.iter().map(|x| *x as f64).collect::<Vec<f64>>();
        match name {
            "n_events" => Some(Value::List(whole(&self.n_events))),
            // One list for each entry, row by row.
            "covariance" => Some(Value::Lists(self.covariance.chunks(self.length).map(<[f64]>::to_vec).collect())),
            "count_covariance" => Some(Value::Lists(self.counts.chunks(self.length).map(whole).collect())),
            _ => None,
        }
    }
}

fn check_matrix(given: &dyn Given, resolution: Resolution) -> Result<(), Wrong> {
    check_bins(given, resolution)?;
    let steps = |name: &str| match given.value(name) {
        Some(Value::Real(t)) => resolution.step(t),
        _ => None,
    };
    // The default of 0.5 ms is 5 steps where it does not lie on the grid.
    let width = steps(named!(PairMatrix, "delta_tau")).unwrap_or(5.0);
    let most = steps(named!(PairMatrix, "tau_max")).unwrap_or(10.0 * width);
    if width % 2.0 == 0.0 {
        let ms = number(resolution.ms());
        return Err(("delta_tau", format!("must be an odd number of steps ({ms} ms), so that bins have a middle")));
    }
    let Some(Value::Real(channels)) = given.value(named!(PairMatrix, "N_channels")) else { return Ok(()) };
    if channels * channels * (most / width + 1.0) > MOST_COUNTS {
        let message = format!("N_channels² (tau_max / delta_tau + 1) must not be more than {}", number(MOST_COUNTS));
        return Err(("N_channels", message));
    }
    Ok(())
}

/// Counts that a detector may keep.
const MOST_COUNTS: f64 = 1e6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_spike_names_the_row_and_coincidences_count_both_ways() {
        let mut matrix = PairMatrix {
            channels: 2,
            width: 5,
            length: 3,
            until: i64::MAX,
            n_events: vec![0; 2],
            covariance: vec![0.0; 12],
            counts: vec![0; 12],
            ..PairMatrix::default()
        };
        let mut take = |port: usize, stamp: i64, weight: f64| {
            matrix.take(Arrival { port, stamp, multiplicity: 1, weight }, &mut |_, _| {});
        };
        take(0, 100, 1.0);
        take(1, 107, 2.0);
        take(1, 112, 2.0);
        take(0, 200, 1.0);
        take(1, 200, 2.0);
        let of = |u, v| (0..3).map(|k| matrix.counts[matrix.bin(u, v, k)]).collect::<Vec<u64>>();
        // Each spike pairs with itself; 112 follows 107 by one bin, 100 by two.
        assert_eq!((of(0, 0), of(1, 1)), (vec![2, 0, 0], vec![3, 1, 0]));
        assert_eq!((of(1, 0), of(0, 1)), (vec![1, 1, 1], vec![1, 0, 0]));
        assert_eq!(matrix.covariance[matrix.bin(1, 1, 1)], 4.0);
        assert_eq!(matrix.n_events, [2, 3]);
    }
}
