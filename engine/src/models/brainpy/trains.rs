//! Spikes at listed times and random ones, in the manner of BrainPy.

use super::*;
use crate::description::Value;
use crate::math;
use crate::mechanisms::random::Stream;
use crate::models::listed::list_of;
use crate::models::shared::{MOST_SPIKES, WINDOW, WINDOW_RELATIONS};
use crate::runtime::Span;
use crate::runtime::devices::{
    self, DeviceOutput, DeviceSettings, Drawn, Event, Generator, MakeGenerator, Origin, Sending, Trains,
};
use crate::runtime::parameters::{Declared, ParameterPlace, declared, each, list, real as get};

/// How a time becomes a step.
const ROUNDINGS: &[&str] = &["round", "floor", "ceil"];

pub const SPIKE_TIME: Model = Model {
    name: "SpikeTime",
    title: "Spikes at listed times, BrainPy",
    doc: "Each entry is a spike of one of the devices at a time, with a weight",
    equations: "the device indices[k] sends a spike times weights[k] in the step of times[k]",
    reference: "",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[
                reals_from("times", "ms", &[10.0, 20.0, 30.0]).doc("Times of the spikes, in any order"),
                integers("indices").doc("The device of each spike, counted from 0; empty: every device sends all"),
                reals("weights", "").doc("Factor on the weight of each spike; empty: 1"),
                text("time_as_step", "round")
                    .one_of(ROUNDINGS)
                    .doc("How times between steps are brought to a step: round (halves to even), floor or ceil"),
            ],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(|p, _| Box::new(Listed { of: vec![Vec::new(); p.n] }), &[Signal::Spikes]),
    facts: OF_BRAINPY
        .also_called(&["BrainPy spikes"])
        .caption(&[Line::Count("times", "spike")])
        .events("times", &[("indices", 0.0), ("weights", 1.0)])
        .check(check),
};

/// Stamp and factor of the spikes of each device; stamps ascend. A spike acts, after a delay of one step, in the step that
/// begins at its stamp.
#[derive(Clone)]
struct Listed {
    of: Vec<Vec<(i64, f64)>>,
}
declared!(Listed, SPIKE_TIME);

/// The step of a time, as `rounding` says.
fn step_of(time: f64, h: f64, rounding: f64) -> i64 {
    let steps = time / h;
    let rounded = match ROUNDINGS.get(rounding as usize) {
        Some(&"floor") => steps.floor(),
        Some(&"ceil") => steps.ceil(),
        _ => steps.round_ties_even(),
    };
    rounded as i64
}

impl Generator for Listed {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Spikes
    }
    fn begins_at_once(&self) -> bool {
        true
    }
    fn set(&mut self, p: &DeviceSettings, _: &[&str], _: i64) {
        let origin = p.origin();
        for (i, spikes) in self.of.iter_mut().enumerate() {
            let of = p.of(i);
            let (times, indices) = (list!(of, Self, "times"), list!(of, Self, "indices"));
            let (weights, rounding) = (list!(of, Self, "weights"), get!(of, Self, "time_as_step"));
            let own = |k: usize| indices.is_empty() || indices.get(k).is_some_and(|index| *index == i as f64);
            let spike = |k: usize| {
                let factor = weights.get(k).copied().unwrap_or(1.0);
                (origin + step_of(times[k], p.grid.h(), rounding), factor)
            };
            *spikes = (0..times.len()).filter(|k| own(*k)).map(spike).collect();
            spikes.sort_by_key(|(stamp, _)| *stamp);
        }
    }
    fn prepare(&mut self, p: &DeviceSettings, span: &Span, sent: &mut DeviceOutput<'_>) {
        for (source, spikes) in self.of.iter().enumerate() {
            let first = spikes.partition_point(|(stamp, _)| *stamp <= span.first);
            let until = span.first + span.n as i64;
            for &(stamp, factor) in spikes[first..].iter().take_while(|(stamp, _)| *stamp <= until) {
                if p.window.start <= stamp && stamp <= p.window.stop {
                    sent.spike(stamp, Event { factor, ..Event::single(source as u32) });
                }
            }
        }
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

fn check(given: &dyn Given, _: Resolution) -> Result<(), Wrong> {
    let [times, indices, weights] = ["times", "indices", "weights"].map(|name| given.value(name));
    let lists = [&times, &indices, &weights];
    let own = lists.iter().any(|list| matches!(list, Some(Value::Lists(_))));
    for device in 0..if own { given.n() } else { 1 } {
        let [times, indices, weights] = lists.map(|list| list_of(list, device));
        for (name, length) in [("indices", indices.len()), ("weights", weights.len())] {
            if length != 0 && length != times.len() {
                let message = format!("must have one entry for each of {} times, or none; has {length}", times.len());
                return Err((name, message));
            }
        }
        if let Some(index) = indices.iter().find(|index| **index < 0.0 || **index >= given.n() as f64) {
            let message = format!("must be 0 … {}, is {index}", given.n().saturating_sub(1));
            return Err(("indices", message));
        }
        if let Some(time) = times.iter().find(|time| !time.is_finite()) {
            return Err(("times", format!("must be finite, is {time}")));
        }
    }
    Ok(())
}

/// The probability of a spike in a step of `h` ms at this rate in spikes/s.
fn probability(rate: f64, h: f64) -> f64 {
    -math::exp_m1(-rate * h / 1000.0)
}

/// Devices that send each target a spike in a step with a probability; what is sent is that probability.
#[derive(Clone)]
struct Chances<M> {
    of: Vec<f64>,
    model: std::marker::PhantomData<M>,
}

/// A model that has a rate.
trait Rated: Declared + Clone {
    const RATE: ParameterPlace<Self>;
}

impl<M: Rated> Chances<M> {
    const MAKE: MakeGenerator = |_, _| Box::new(Chances::<M> { of: Vec::new(), model: std::marker::PhantomData });
}

impl<M: Rated> Generator for Chances<M> {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Trains
    }
    fn set(&mut self, p: &DeviceSettings, _: &[&str], _: i64) {
        self.of = p.each(M::RATE).iter().map(|rate| probability(*rate, p.grid.h())).collect();
    }
    fn prepare(&mut self, p: &DeviceSettings, _: &Span, sent: &mut DeviceOutput<'_>) {
        sent.each(|i, stamp| if p.window.holds_current(stamp) { self.of[i] } else { 0.0 });
    }
    fn trains(&self, devices: Vec<u32>, origin: Origin) -> Box<dyn Trains> {
        Box::new(Coins { devices, stream: origin.stream(0) })
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

/// A spike or none for each connection in each step.
#[derive(Clone)]
struct Coins {
    devices: Vec<u32>,
    stream: Stream,
}

impl Trains for Coins {
    fn draw(&mut self, device: &devices::Device, first: i64, n: usize, drawn: &mut Vec<Drawn>) -> bool {
        for step in first..first + n as i64 {
            let chances = device.sent(step);
            for (connection, i) in self.devices.iter().enumerate() {
                if self.stream.uniform() < chances[*i as usize] {
                    drawn.push(Drawn { connection: connection as u32, stamp: step + 1, multiplicity: 1, offset: 0.0 });
                }
            }
        }
        true
    }
    fn clone_box(&self) -> Box<dyn Trains> {
        Box::new(self.clone())
    }
}

const fn rate(name: &'static str) -> Parameter {
    real(name, "Hz", 0.0).at_least(0.0).up_to(MOST_SPIKES).main(0.0, 500.0).starts_at(100.0)
}

pub const POISSON_SPIKE: Model = Model {
    name: "PoissonSpike",
    title: "Random spikes, one a step, BrainPy",
    doc: "Sends each target its own random train, with one spike in a step at most",
    equations: "a spike in each step with probability 1 - exp(-freqs h)",
    groups: &[Group { title: "Spikes", parameters: &[rate("freqs").doc("Rate of each train")] }, WINDOW],
    behaviour: Behaviour::generator(Chances::<Spiking>::MAKE, &[Signal::Spikes]),
    facts: OF_BRAINPY.also_called(&["Poisson spikes", "Bernoulli spikes", "BrainPy Poisson"]),
    ..SPIKE_TIME
};

#[derive(Clone)]
struct Spiking;
declared!(Spiking, POISSON_SPIKE);
impl Rated for Spiking {
    const RATE: ParameterPlace<Self> = ParameterPlace::of(&["freqs"]);
}

pub const POISSON_ENCODER: Model = Model {
    name: "PoissonEncoder",
    title: "Numbers as random spikes, BrainPy",
    doc: "Each device codes a number, such as the brightness of a pixel, as the rate of random spikes",
    equations: "a spike in each step with probability 1 - exp(-rate h)",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[rate("rate").doc("Rate that each device codes; one a device, changed as the network runs")],
        },
        WINDOW,
    ],
    behaviour: Behaviour::generator(Chances::<Encoding>::MAKE, &[Signal::Spikes]),
    facts: OF_BRAINPY.also_called(&["rate coding", "Poisson encoding", "image as spikes"]),
    ..SPIKE_TIME
};

#[derive(Clone)]
struct Encoding;
declared!(Encoding, POISSON_ENCODER);
impl Rated for Encoding {
    const RATE: ParameterPlace<Self> = ParameterPlace::of(&["rate"]);
}

pub const POISSON_INPUT: Model = Model {
    name: "PoissonInput",
    title: "Many random inputs, BrainPy",
    doc: "Stands for many random trains onto each target: sends it their number of spikes in each step",
    equations: "K ~ Binomial(num_input, 1 - exp(-freq h)) spikes in each step\nwhere num_input p and num_input (1 - p) exceed 5: K = max(0, round(N(num_input p, num_input p (1 - p))))",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[
                rate("freq").doc("Rate of each of the inputs"),
                integer("num_input", 100).at_least(0.0).main(1.0, 5000.0).doc("How many inputs there are"),
            ],
        },
        WINDOW,
    ],
    behaviour: Behaviour::generator(|_, _| Box::new(Crowds { of: Vec::new() }), &[Signal::Spikes]),
    facts: OF_BRAINPY.also_called(&["Poisson background", "binomial input"]),
    ..SPIKE_TIME
};

/// Number of inputs and probability of each device.
#[derive(Clone)]
struct Crowds {
    of: Vec<(f64, f64)>,
}
declared!(Crowds, POISSON_INPUT);

impl Generator for Crowds {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Trains
    }
    fn set(&mut self, p: &DeviceSettings, _: &[&str], _: i64) {
        let chances = each!(p, Self, "freq").into_iter().map(|rate| probability(rate, p.grid.h()));
        self.of = each!(p, Self, "num_input").into_iter().zip(chances).collect();
    }
    fn prepare(&mut self, p: &DeviceSettings, _: &Span, sent: &mut DeviceOutput<'_>) {
        sent.each(|i, stamp| if p.window.holds_current(stamp) { self.of[i].1 } else { 0.0 });
    }
    fn trains(&self, devices: Vec<u32>, origin: Origin) -> Box<dyn Trains> {
        Box::new(Counts { devices, stream: origin.stream(0) })
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

/// How many of the inputs spike, for each connection in each step.
#[derive(Clone)]
struct Counts {
    devices: Vec<u32>,
    stream: Stream,
}

/// Where more spikes than this, and more pauses, are expected, their number is drawn from a normal distribution.
const NORMAL_FROM: f64 = 5.0;

/// How many of `n` spike, each with probability `p`.
fn count(n: f64, p: f64, stream: &mut Stream) -> u64 {
    let (mean, pauses) = (n * p, n * (1.0 - p));
    if mean > NORMAL_FROM && pauses > NORMAL_FROM {
        return (mean + (mean * (1.0 - p)).sqrt() * stream.normal()).round_ties_even().max(0.0) as u64;
    }
    stream.binomial(n as u64, p)
}

impl Trains for Counts {
    fn draw(&mut self, device: &devices::Device, first: i64, n: usize, drawn: &mut Vec<Drawn>) -> bool {
        let inputs = each!(device.settings(), Crowds, "num_input");
        for step in first..first + n as i64 {
            let chances = device.sent(step);
            for (connection, i) in self.devices.iter().enumerate() {
                let (n, p) = (inputs[*i as usize], chances[*i as usize]);
                if p <= 0.0 || n <= 0.0 {
                    continue;
                }
                let multiplicity = u32::try_from(count(n, p, &mut self.stream)).unwrap_or(u32::MAX);
                if multiplicity > 0 {
                    drawn.push(Drawn { connection: connection as u32, stamp: step + 1, multiplicity, offset: 0.0 });
                }
            }
        }
        true
    }
    fn clone_box(&self) -> Box<dyn Trains> {
        Box::new(self.clone())
    }
}
