//! The correlation matrix detector of binary neurons: for how long the states of two channels are 1 together, by the lag
//! between them.
//!
//! A channel is up from a transition upwards to the next one downwards; that pulse is counted when the event after its end
//! arrives, with all pulses that can overlap with it when they are shifted by a lag.

use super::correlation_detector::{T_START, T_STOP};
use super::declare::*;
use super::recorders::{LABEL, SPIKE_RECORDER};
use super::shared::*;
use crate::description::{Value, number};
use crate::mechanisms::time::Grid;
use crate::runtime::parameters::{Parameters, declared, named, real as get};
use crate::runtime::recording::correlation::{Arrival, PairCounts, PairDetector};

const WITHOUT_EFFECT: &str = "all spikes count; start and stop bound them";

pub const MODEL: Model = Model {
    name: "correlospinmatrix_detector",
    title: "State correlation detector",
    doc: "Counts the time for which binary neurons of several channels are in state 1 together, by lag",
    equations: "count_covariance[i][j][k] = steps in which i is up and j, shifted by the lag k delta_tau - tau_max, too",
    groups: &[
        Group {
            title: "Correlation",
            parameters: &[
                integer("N_channels", 1).at_least(1.0).main(1.0, 10.0).fixed().doc("Channels, a receptor each"),
                DELTA_TAU,
                real("tau_max", "ms", 1.0)
                    .at_least(0.0)
                    .on_grid()
                    .main(1.0, 200.0)
                    .doc("Largest lag, a multiple of delta_tau"),
                T_START.acts_never(WITHOUT_EFFECT).doc("Accepted, as in NEST, and without effect"),
                T_STOP.acts_never(WITHOUT_EFFECT).doc("Accepted, as in NEST, and without effect"),
                LABEL,
            ],
        },
        WINDOW,
    ],
    ports: &[Port::spikes(0, "", "Transitions of this channel, written in spikes").each("N_channels").or_transitions()],
    behaviour: Behaviour::Recorder(RecorderBehaviour::Detector {
        make: PairDetector::<OverlapMatrix>::make,
        stores: Stored::Pairs,
        columns: OverlapMatrix::COLUMNS,
        weighs: false,
    }),
    facts: Facts::NONE
        .also_called(&["covariance of binary neurons", "spin correlation"])
        .caption(&[Line::Word("spins"), Line::Square("N_channels")])
        .check(check),
    ..SPIKE_RECORDER
};

const DELTA_TAU: Parameter =
    real("delta_tau", "ms", 0.1).above(0.0).on_grid().main(0.1, 10.0).doc("Step from lag to lag");

/// Steps of joint activity by channels and lag.
#[derive(Clone, Default)]
pub struct OverlapMatrix {
    channels: usize,
    /// Step from lag to lag, and how many of them the largest one has.
    width: i64,
    lags: i64,
    /// Steps of a slice.
    slice: i64,
    /// Bin k of entry \[i]\[j] is number (i · channels + j) · (2 lags + 1) + k.
    counts: Vec<u64>,
    /// By channel: whether it is up, and the stamp at which it last went up or down.
    up: Vec<bool>,
    last: Vec<i64>,
    /// Channel and stamp of the event before.
    before: (usize, i64),
    /// The event before was a single spike: a transition downwards unless another follows at once.
    tentative: bool,
    /// In order of their ends.
    pulses: Vec<Pulse>,
}

/// A channel is up from one stamp to another.
#[derive(Clone, Copy, Debug)]
struct Pulse {
    channel: usize,
    on: i64,
    off: i64,
}

impl OverlapMatrix {
    fn bin(&self, i: usize, j: usize, lag: i64) -> usize {
        let length = 2 * self.lags + 1;
        (i * self.channels + j) * length as usize + (self.lags + lag) as usize
    }

    fn add(&mut self, bin: usize, steps: i64, grows: &mut impl FnMut(usize, (f64, u64))) {
        grows(bin, self.of_bin(bin));
        self.counts[bin] += steps as u64;
    }

    /// Forgets pulses that overlap with none to come: none begins before `on`, or before one that is on.
    fn forget(&mut self, on: i64) {
        let up = self.last.iter().zip(&self.up).filter(|(_, up)| **up).map(|(last, _)| *last);
        let began = up.fold(on, i64::min);
        let edge = (self.lags + 1) * self.width + self.slice;
        let n = self.pulses.iter().take_while(|pulse| began - pulse.off >= edge).count();
        self.pulses.drain(..n);
    }

    /// Takes a pulse that has ended, with all others, itself included.
    fn take_pulse(&mut self, pulse: Pulse, grows: &mut impl FnMut(usize, (f64, u64))) {
        let place = self.pulses.partition_point(|other| other.off <= pulse.off);
        self.pulses.insert(place, pulse);
        let (width, most) = (self.width, self.lags * self.width);
        for k in 0..self.pulses.len() {
            let (i, j) = (pulse, self.pulses[k]);
            let overlap = |lag: i64| (i.off.min(j.off - lag * width)) - (i.on.max(j.on - lag * width));
            let same = i.channel == j.channel;
            let first = (j.on - i.off).max(-most) / width;
            let last = (j.off - i.on).min(most) / width;
            for lag in first.min(0)..=last.max(0) {
                let steps = overlap(lag);
                // Of one channel the pairs with positive lags are those with negative ones.
                if steps <= 0 || (same && lag > 0) {
                    continue;
                }
                self.add(self.bin(i.channel, j.channel, -lag), steps, grows);
                if lag < 0 || !same {
                    self.add(self.bin(j.channel, i.channel, lag), steps, grows);
                }
            }
        }
    }
}

declared!(OverlapMatrix);

impl PairCounts for OverlapMatrix {
    const COLUMNS: &'static [(&'static str, &'static str)] =
        &[("lags", "ms"), ("first", ""), ("second", ""), ("weights", ""), ("counts", "")];
    const CLEARING: &'static [&'static str] = &["delta_tau", "tau_max", "Tstart", "Tstop"];
    const BY_SENDER: bool = true;
    const WEIGHED: bool = false;

    fn new(p: &Parameters<'_, Self>, slice: i64) -> Self {
        let steps = |ms: f64| p.grid().on_grid(ms);
        // The default of 0.1 ms is a step where it does not lie on the grid.
        let width = steps(get!(p, Self, "delta_tau")).unwrap_or(1).max(1);
        let lags = steps(get!(p, Self, "tau_max")).unwrap_or(width * 10).max(0) / width;
        let channels = get!(p, Self, "N_channels") as usize;
        OverlapMatrix {
            channels,
            width,
            lags,
            slice,
            counts: vec![0; channels * channels * (2 * lags + 1) as usize],
            up: vec![false; channels],
            last: vec![0; channels],
            before: (0, i64::MIN),
            tentative: false,
            pulses: Vec::new(),
        }
    }

    fn bins(&self) -> usize {
        self.counts.len()
    }

    fn tell_bin(&self, bin: usize, grid: Grid, row: &mut Vec<f64>) {
        let length = 2 * self.lags as usize + 1;
        let (entry, k) = (bin / length, bin % length);
        row.extend([
            grid.ms((k as i64 - self.lags) * self.width),
            (entry / self.channels) as f64,
            (entry % self.channels) as f64,
        ]);
    }

    fn of_bin(&self, bin: usize) -> (f64, u64) {
        (self.counts[bin] as f64, self.counts[bin])
    }

    fn take(&mut self, spike: Arrival, grows: &mut impl FnMut(usize, (f64, u64))) {
        let Arrival { port: channel, stamp, multiplicity, .. } = spike;
        let (before, at) = self.before;
        let mut ended = false;
        match multiplicity {
            1 if (channel, stamp) == self.before => {
                // The second spike of a pair: it was a transition upwards.
                (self.up[channel], self.last[channel], self.tentative) = (true, stamp, false);
            }
            1 => (ended, self.tentative) = (self.tentative, true),
            2 => {
                (ended, self.tentative) = (self.tentative, false);
                // In this order, as in NEST: of a channel that goes down and up with no event of another between, neither the
                // pulse that ends counts, nor is it known to be up.
                self.up[channel] = true;
                self.up[before] = false;
                self.last[channel] = stamp;
            }
            _ => {}
        }
        if ended {
            let pulse = Pulse { channel: before, on: self.last[before], off: at };
            self.forget(pulse.on);
            self.take_pulse(pulse, grows);
            self.last[before] = at;
        }
        self.before = (channel, stamp);
    }

    // Pulses are forgotten when others end, as in NEST.
    fn forget_before(&mut self, _: i64) {}

    fn status(&self, name: &str) -> Option<Value> {
        let whole = |xs: &[u64]| xs.iter().map(|x| *x as f64).collect::<Vec<f64>>();
        // One list for each entry, row by row.
        let lists = || self.counts.chunks(2 * self.lags as usize + 1).map(whole).collect();
        (name == "count_covariance").then(|| Value::Lists(lists()))
    }
}

fn check(given: &dyn Given, resolution: Resolution) -> Result<(), Wrong> {
    let steps = |name: &str| match given.value(name) {
        Some(Value::Real(t)) => resolution.step(t),
        _ => None,
    };
    // The default of 0.1 ms is a step where it does not lie on the grid.
    let width = steps(named!(OverlapMatrix, "delta_tau")).unwrap_or(1.0);
    let most = steps(named!(OverlapMatrix, "tau_max")).unwrap_or(10.0 * width);
    if width >= 1.0 && most % width != 0.0 {
        let message = format!("must be a multiple of delta_tau ({} ms)", number(width * resolution.ms()));
        return Err(("tau_max", message));
    }
    let Some(Value::Real(channels)) = given.value(named!(OverlapMatrix, "N_channels")) else { return Ok(()) };
    if channels * channels * (2.0 * most / width + 1.0) > MOST_COUNTS {
        let message = format!("N_channels² (2 tau_max / delta_tau + 1) must not be more than {}", number(MOST_COUNTS));
        return Err(("N_channels", message));
    }
    Ok(())
}

/// Counts that a detector may keep.
const MOST_COUNTS: f64 = 1e6;

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(channels: usize, lags: i64, events: &[(usize, i64, u32)]) -> OverlapMatrix {
        let mut matrix = OverlapMatrix {
            channels,
            width: 10,
            lags,
            slice: 10,
            counts: vec![0; channels * channels * (2 * lags + 1) as usize],
            up: vec![false; channels],
            last: vec![0; channels],
            before: (0, i64::MIN),
            ..OverlapMatrix::default()
        };
        for &(port, stamp, multiplicity) in events {
            matrix.take(Arrival { port, stamp, multiplicity, weight: 1.0 }, &mut |_, _| {});
        }
        matrix
    }

    #[test]
    fn pulses_count_by_their_overlap_at_each_lag() {
        // Channel 0 is up from 100 to 200, channel 1 from 140 to 220; a last event makes the second pulse count.
        let events = [(0, 100, 2), (1, 140, 2), (0, 200, 1), (1, 220, 1), (0, 300, 2)];
        let matrix = counts(2, 2, &events);
        let of = |i, j| (-2..=2).map(|lag| matrix.counts[matrix.bin(i, j, lag)]).collect::<Vec<u64>>();
        assert_eq!(of(0, 0), [80, 90, 100, 90, 80]);
        assert_eq!(of(1, 1), [60, 70, 80, 70, 60]);
        assert_eq!(of(0, 1).iter().rev().copied().collect::<Vec<u64>>(), of(1, 0));
        assert_eq!(matrix.counts[matrix.bin(0, 1, 0)], 60);
        // A pair of single spikes is a transition upwards.
        let single = [(0, 100, 1), (0, 100, 1), (1, 140, 1), (1, 140, 1), (0, 200, 1), (1, 220, 1), (0, 300, 2)];
        assert_eq!(counts(2, 2, &single).counts, matrix.counts);
    }
}
