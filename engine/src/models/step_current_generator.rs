//! Values that change at listed times: a current, or a rate for rate neurons.

use super::declare::*;
use super::shared::*;
use crate::runtime::Span;
use crate::runtime::devices::{Emission, Generator, MakeGenerator, Sent, Settings};

/// Current that changes at listed times.
pub const CURRENT: Model = Model {
    name: "step_current_generator",
    family: Family::Generator,
    title: "Stepwise current",
    doc: "Sends a current that takes a new value at each listed time",
    equations: "I(t) = amplitude_values[i] from amplitude_times[i] on",
    reference: "",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                reals("amplitude_times", "ms").doc("Times at which the current changes"),
                reals("amplitude_values", "pA").doc("Current from each of these times on"),
                flag("allow_offgrid_times", false).doc("Round times up to the grid instead of refusing them"),
            ],
        },
        WINDOW,
    ],
    recordables: &[I],
    ports: &[],
    emits: Emits::Currents,
    signal: None,
    relations: WINDOW_RELATIONS,
    neurons: None,
    generator: Some(MAKE),
    synapses: None,
};

/// Rate that changes at listed times.
pub const RATE: Model = Model {
    name: "step_rate_generator",
    title: "Stepwise rate",
    doc: "Shows rate neurons a rate that takes a new value at each listed time",
    equations: "rate(t) = amplitude_values[i] from amplitude_times[i] on",
    groups: &[
        Group {
            title: "Rate",
            parameters: &[
                reals("amplitude_times", "ms").doc("Times at which the rate changes"),
                reals("amplitude_values", "").doc("Rate from each of these times on"),
                flag("allow_offgrid_times", false).doc("Round times up to the grid instead of refusing them"),
            ],
        },
        WINDOW,
    ],
    recordables: &[Recordable::new("rate", "", "Rate sent")],
    emits: Emits::Nothing,
    signal: Some(Signal::Rate),
    ..CURRENT
};

const MAKE: MakeGenerator = |p, _| Box::new(Stairs { of: vec![Staircase::default(); p.n] });

#[derive(Clone)]
struct Stairs {
    of: Vec<Staircase>,
}

/// The values of one device.
#[derive(Clone, Default)]
struct Staircase {
    stamps: Vec<i64>,
    values: Vec<f64>,
    next: usize,
    present: f64,
}

impl Staircase {
    /// The value at a stamp; stamps ascend. What was to come before the first one asked for is skipped.
    fn at(&mut self, stamp: i64) -> f64 {
        while self.stamps.get(self.next).is_some_and(|next| *next < stamp) {
            self.next += 1;
        }
        if self.stamps.get(self.next) == Some(&stamp) {
            self.present = self.values.get(self.next).copied().unwrap_or(0.0);
            self.next += 1;
        }
        self.present
    }
}

impl Generator for Stairs {
    fn emission(&self, _: &Settings) -> Emission {
        Emission::Values
    }
    /// New lists begin anew; the present value stays until the next time listed.
    fn set(&mut self, p: &Settings, names: &[&str], _: i64) {
        if names.iter().any(|name| ["amplitude_times", "amplitude_values"].contains(name)) {
            for (i, stair) in self.of.iter_mut().enumerate() {
                stair.stamps = p.list("amplitude_times", i).iter().map(|t| p.grid.at_or_after(*t)).collect();
                stair.values = p.list("amplitude_values", i).to_vec();
                stair.next = 0;
            }
        }
    }
    fn prepare(&mut self, p: &Settings, _: &Span, sent: &mut Sent<'_>) {
        sent.each(|i, stamp| {
            // It is followed while inactive, too.
            let value = self.of[i].at(stamp);
            if p.window.holds_current(stamp) { value } else { 0.0 }
        });
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}
