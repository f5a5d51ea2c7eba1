//! Pulse packets: so many spikes around each listed time, normally distributed.
//!
//! Diesmann, Gewaltig & Aertsen 1999, Nature 402:529.

use std::collections::VecDeque;

use super::declare::*;
use super::listed::{devices, in_device, list_of};
use super::shared::*;
use crate::description::{Load, number};
use crate::mechanisms::random::Stream;
use crate::runtime::Span;
use crate::runtime::devices::{DeviceOutput, DeviceSettings, Generator, MakeGenerator, Sending};
use crate::runtime::parameters::{declared, list, named, real as get};

pub const MODEL: Model = Model {
    name: "pulsepacket_generator",
    title: "Pulse packets",
    doc: "Sends all targets the same packets of spikes, scattered around the times you list",
    equations: "activity spikes at pulse_times[i] + sdev N(0, 1), rounded up to the grid, and a step later",
    reference: "Diesmann, Gewaltig & Aertsen 1999, Nature 402:529",
    groups: &[
        Group {
            title: "Packets",
            parameters: &[
                reals("pulse_times", "ms")
                    .starts_with(&[100.0, 300.0, 500.0])
                    .doc("Centres of the packets; neither origin nor start moves them"),
                integer("activity", 0)
                    .at_least(0.0)
                    .up_to(MOST_IN_A_PACKET)
                    .main(0.0, 200.0)
                    .starts_at(50.0)
                    .doc("Spikes in each packet"),
                real("sdev", "ms", 0.0)
                    .at_least(0.0)
                    .main(0.0, 20.0)
                    .starts_at(2.0)
                    .doc("Standard deviation of their times"),
            ],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(MAKE, &[Signal::Spikes]).spreading(Spreads::ThroughSynapses),
    facts: Facts::NONE
        .also_called(&["volley", "synfire chain input", "spike packet"])
        .caption(&[Line::Count("pulse_times", "packet")])
        .events("pulse_times", &[])
        .check(check)
        .bytes(bytes),
};

/// The largest packet that can be simulated.
const MOST_IN_A_PACKET: f64 = 1e7;

/// Packets that wait to be sent, all at once where they are wide.
fn bytes(given: &dyn Given, _: Resolution, _: Load) -> f64 {
    let times = given.value("pulse_times");
    let packets = (0..devices(given, &[&times])).map(|device| list_of(&times, device).len()).max().unwrap_or(0);
    let activity = given.number("activity").unwrap_or(0.0).clamp(0.0, MOST_IN_A_PACKET);
    16.0 * given.n() as f64 * activity * packets.max(1) as f64
}

const MAKE: MakeGenerator = |p, origin| {
    let of = (0..p.n).map(|i| Packets { stream: origin.stream(i), ..Packets::default() }).collect();
    Box::new(PulsePackets { of })
};

#[derive(Clone)]
struct PulsePackets {
    of: Vec<Packets>,
}

declared!(PulsePackets);

/// The packets of one device.
#[derive(Clone)]
struct Packets {
    /// ms, in ascending order.
    centres: Vec<f64>,
    activity: u64,
    sdev: f64,
    /// The packet to be drawn next, and the one behind the last that is to be drawn.
    next: usize,
    end: usize,
    /// Steps of the spikes that have been drawn, in ascending order.
    drawn: VecDeque<i64>,
    stream: Stream,
}

impl Default for Packets {
    fn default() -> Self {
        let stream = Stream::new(0);
        Packets { centres: Vec::new(), activity: 0, sdev: 0.0, next: 0, end: 0, drawn: VecDeque::new(), stream }
    }
}

impl Packets {
    /// So far from its centre, ms, a packet is looked for.
    fn reach(&self) -> f64 {
        if self.sdev > 0.0 { 10.0 * self.sdev } else { 1.0 }
    }

    /// Packets that may still send something are drawn; those that have begun, once more.
    fn begin_run(&mut self, now: f64) {
        let reach = self.reach();
        (self.next, self.end) = (0, 0);
        while let Some(centre) = self.centres.get(self.end).filter(|centre| **centre - now <= reach) {
            if (centre - now).abs() > reach {
                self.next += 1;
            }
            self.end += 1;
        }
    }

    /// Draws the packets that come into reach at a time.
    fn draw(&mut self, p: &DeviceSettings, step: i64) {
        let now = p.grid.ms(step);
        while self.centres.get(self.end).is_some_and(|centre| centre - now <= self.reach()) {
            self.end += 1;
        }
        if self.next == self.end {
            return;
        }
        for centre in &self.centres[self.next..self.end] {
            for _ in 0..self.activity {
                let scattered = if self.sdev > 0.0 { self.sdev * self.stream.normal() } else { 0.0 };
                let time = centre + scattered;
                if time >= now {
                    self.drawn.push_back(p.grid.steps_up(time));
                }
            }
        }
        self.next = self.end;
        self.drawn.make_contiguous().sort_unstable();
    }
}

impl Generator for PulsePackets {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Spikes
    }
    fn set(&mut self, p: &DeviceSettings, names: &[&str], _: i64) {
        let decisive = [named!(Self, "pulse_times"), named!(Self, "activity"), named!(Self, "sdev")];
        if !names.iter().any(|name| decisive.contains(name)) {
            return;
        }
        for (i, packets) in self.of.iter_mut().enumerate() {
            let p = p.of::<Self>(i);
            packets.centres = list!(p, Self, "pulse_times").to_vec();
            packets.centres.sort_by(f64::total_cmp);
            packets.activity = get!(p, Self, "activity") as u64;
            packets.sdev = get!(p, Self, "sdev");
            packets.drawn.clear();
        }
    }
    fn begin_run(&mut self, p: &DeviceSettings, now: i64) {
        let now = p.grid.ms(now);
        self.of.iter_mut().for_each(|packets| packets.begin_run(now));
    }
    fn prepare(&mut self, p: &DeviceSettings, span: &Span, sent: &mut DeviceOutput<'_>) {
        for step in span.first..span.first + span.n as i64 {
            let slice = step - step.rem_euclid(p.slice);
            // Whether it is active is asked once a slice, as if two steps of it were over.
            let active = p.window.holds(slice + 2);
            for (i, packets) in self.of.iter_mut().enumerate() {
                if active && (step == slice || step == span.first) {
                    packets.draw(p, slice);
                }
                let mut spikes = 0;
                while packets.drawn.front().is_some_and(|at| *at <= step) {
                    // What was due while it was inactive is lost.
                    spikes += u64::from(packets.drawn.pop_front() == Some(step) && active);
                }
                sent.spikes(step + 1, i, spikes);
            }
        }
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

fn check(given: &dyn Given, _: Resolution) -> Result<(), Wrong> {
    let times = given.value(named!(PulsePackets, "pulse_times"));
    for device in 0..devices(given, &[&times]) {
        if let Some(t) = list_of(&times, device).iter().find(|t| !t.is_finite()) {
            let which = in_device(given, device);
            return Err(("pulse_times", format!("must be finite, {} is not{which}", number(*t))));
        }
    }
    Ok(())
}
