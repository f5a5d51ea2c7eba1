//! Spikes at listed times.

use super::declare::*;
use super::shared::*;
use crate::description::Value;
use crate::runtime::Span;
use crate::runtime::devices::{Emission, Event, Generator, MakeGenerator, Sent, Settings};

pub const MODEL: Model = Model {
    name: "spike_generator",
    family: Family::Generator,
    title: "Listed spikes",
    doc: "Sends spikes at the times you list",
    equations: "a spike at each of spike_times",
    reference: "",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[
                reals("spike_times", "ms").doc("Times of the spikes, in ascending order"),
                reals("spike_weights", "").doc("Factor on the connection's weight, one a spike, or none"),
                integers("spike_multiplicities").doc("Number of spikes at each time, or none"),
                flag("precise_times", false).doc("Keep times between grid points as they are"),
                flag("allow_offgrid_times", false).doc("Round times up to the grid instead of refusing them"),
                flag("shift_now_spikes", false).doc("Move a spike at the present time to the next step"),
            ],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    emits: Emits::Spikes,
    signal: None,
    relations: WINDOW_RELATIONS,
    neurons: None,
    generator: Some(MAKE),
    synapses: None,
};

const MAKE: MakeGenerator = |p, _| Box::new(Listed { of: vec![Train::default(); p.n] });

#[derive(Clone)]
struct Listed {
    of: Vec<Train>,
}

/// Listed spikes of one device: stamps ascend.
#[derive(Clone, Default)]
struct Train {
    stamps: Vec<i64>,
    offsets: Vec<f64>,
    weights: Vec<f64>,
    multiplicities: Vec<u32>,
    next: usize,
    /// As the user reads it back, after rounding.
    times: Vec<f64>,
}

impl Generator for Listed {
    fn emission(&self, _: &Settings) -> Emission {
        Emission::Spikes
    }
    fn set(&mut self, p: &Settings, names: &[&str], now: i64) {
        let decisive = ["spike_times", "spike_weights", "spike_multiplicities", "origin"];
        if names.iter().any(|name| decisive.contains(name)) {
            for (i, train) in self.of.iter_mut().enumerate() {
                *train = Train::read(p, i, now);
            }
        }
    }
    fn prepare(&mut self, p: &Settings, span: &Span, sent: &mut Sent<'_>) {
        for (source, train) in self.of.iter_mut().enumerate() {
            train.send(source as u32, p, span, sent);
        }
    }
    fn read_back(&self, name: &str, i: usize) -> Option<Value> {
        (name == "spike_times").then(|| self.of.get(i).map(|train| Value::List(train.times.clone()))).flatten()
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

impl Train {
    fn read(p: &Settings, i: usize, now: i64) -> Train {
        let (origin, precise, shift) = (p.steps("origin"), p.flag("precise_times", i), p.flag("shift_now_spikes", i));
        let mut train = Train::default();
        for &t in p.list("spike_times", i) {
            let mut stamp = p.grid.at_or_after(t);
            let mut offset = if precise { p.grid.ms(stamp) - t } else { 0.0 };
            if offset < 4.0 * f64::EPSILON * t.abs() {
                offset = 0.0;
            }
            if shift && origin + stamp == now {
                stamp += 1;
            }
            train.stamps.push(origin + stamp);
            train.offsets.push(offset);
            train.times.push(if precise { t } else { p.grid.ms(stamp) });
        }
        train.weights = p.list("spike_weights", i).to_vec();
        train.multiplicities = p.list("spike_multiplicities", i).iter().map(|m| m.max(0.0) as u32).collect();
        train
    }

    /// Sends what is listed for the span; what lies in the past is dropped.
    fn send(&mut self, source: u32, p: &Settings, span: &Span, sent: &mut Sent<'_>) {
        let end = span.first + span.n as i64;
        while self.next < self.stamps.len() && self.stamps[self.next] <= end {
            let (i, stamp) = (self.next, self.stamps[self.next]);
            self.next += 1;
            if stamp <= span.first || !p.window.holds(stamp) {
                continue;
            }
            let multiplicity = self.multiplicities.get(i).copied().unwrap_or(1);
            let factor = self.weights.get(i).copied().unwrap_or(1.0);
            sent.spike(stamp, Event { source, multiplicity, factor, offset: self.offsets[i] });
        }
    }
}
