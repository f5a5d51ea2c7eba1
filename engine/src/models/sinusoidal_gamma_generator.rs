//! Gamma renewal processes whose rate follows a sine.
//!
//! An ordinary gamma process of mean interval 1 runs on operational time, the integral of the rate, in which each train
//! keeps how far it has come since its last spike; its hazard there gives the probability of a spike in a step.

use super::declare::*;
use super::shared::*;
use crate::math;
use crate::mechanisms::random::Stream;
use crate::runtime::Span;
use crate::runtime::devices::{
    Device, DeviceOutput, DeviceSettings, Drawn, Generator, MakeGenerator, Origin, Sending, Sine, Trains,
};
use crate::runtime::parameters::{declared, each, flag};

pub const MODEL: Model = Model {
    name: "sinusoidal_gamma_generator",
    title: "Gamma spikes, sinusoidal",
    doc: "Sends gamma-distributed spikes, more regular than Poisson spikes, whose rate rises and falls as a sine",
    equations: "rate(t) = rate + amplitude sin(2π frequency t + phase)\nintervals of the integral of order · rate(t) ~ Gamma(order, 1); CV = 1/sqrt(order) at a steady rate",
    reference: "",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[
                real("rate", "spikes/s", 0.0)
                    .up_to(MOST_SPIKES)
                    .at_least(0.0)
                    .main(0.0, 500.0)
                    .starts_at(50.0)
                    .doc("Mean rate of each train; at most one spike a step is sent"),
                real("amplitude", "spikes/s", 0.0)
                    .up_to(MOST_SPIKES)
                    .at_least(0.0)
                    .main(0.0, 500.0)
                    .doc("Amplitude of the sine"),
                real("frequency", "Hz", 0.0).main(0.0, 200.0).doc("Frequency of the sine"),
                real("phase", "deg", 0.0).slider(0.0, 360.0).doc("Phase at time 0"),
                real("order", "", 1.0)
                    .at_least(1.0)
                    .main(1.0, 20.0)
                    .starts_at(3.0)
                    .doc("Order of the gamma process; at 1 it is a Poisson process"),
                flag("individual_spike_trains", true)
                    .fixed()
                    .doc("Each target gets a train of its own; otherwise all get the same one"),
            ],
        },
        WINDOW,
    ],
    recordables: &[Recordable::new("rate", "spikes/s", "Present rate of each train")],
    ports: &[],
    relations: &[Relation::NotGreater("start", "stop"), Relation::NotGreater("amplitude", "rate")],
    behaviour: Behaviour::generator(MAKE, &[Signal::Spikes]),
    facts: Facts::NONE.also_called(&["oscillating spikes", "inhomogeneous gamma"]).unfolds(periods),
};

const MAKE: MakeGenerator = |p, origin| {
    let shared = (0..p.n).map(|i| (Progress::default(), origin.stream(i))).collect();
    Box::new(Sinusoidal { shared, modulation: Vec::new() })
};

#[derive(Clone)]
struct Sinusoidal {
    modulation: Vec<Modulation>,
    /// For trains that all targets share.
    shared: Vec<(Progress, Stream)>,
}

declared!(Sinusoidal);

/// The rate of a device as it changes.
#[derive(Clone, Copy, PartialEq)]
struct Modulation {
    /// Spikes/s.
    rate: f64,
    amplitude: f64,
    sine: Sine,
    order: f64,
}

impl Modulation {
    fn of(p: &DeviceSettings) -> Vec<Modulation> {
        let (rates, amplitudes) = (each!(p, Sinusoidal, "rate"), each!(p, Sinusoidal, "amplitude"));
        let (orders, sines) = (each!(p, Sinusoidal, "order"), Sine::of::<Sinusoidal>(p));
        let of = |i: usize| Modulation { rate: rates[i], amplitude: amplitudes[i], sine: sines[i], order: orders[i] };
        (0..p.n).map(of).collect()
    }

    /// Spikes/s at a time in ms.
    fn at(&self, t: f64) -> f64 {
        self.rate + self.amplitude * self.sine.at(t)
    }

    /// Order times the number of spikes expected between two times.
    fn between(&self, from: f64, until: f64) -> f64 {
        let mut expected = self.rate * (until - from);
        if self.amplitude != 0.0 && self.sine.speed() != 0.0 {
            let cosine = |t: f64| math::cos(self.sine.angle(t));
            expected -= self.amplitude / self.sine.speed() * (cosine(until) - cosine(from));
        }
        self.order * expected / 1000.0
    }
}

/// How far a train has come since its last spike, in operational time.
#[derive(Clone, Copy, Default)]
struct Progress {
    /// Up to a time, ms.
    before: f64,
    from: f64,
    /// How the rate has changed since then.
    modulation: Option<Modulation>,
}

impl Progress {
    /// Follows a rate that changes in this way from step `now` on.
    fn follow(&mut self, modulation: Modulation, now: f64) {
        if self.modulation == Some(modulation) {
            return;
        }
        if let Some(old) = self.modulation.replace(modulation) {
            self.before += old.between(self.from, now);
        }
        self.from = now;
    }

    /// Whether there is a spike in the step of length `h` that ends at `t`.
    fn spikes(&mut self, t: f64, h: f64, active: bool, stream: &mut Stream) -> bool {
        let Some(modulation) = self.modulation.filter(|_| active) else { return false };
        let rate = modulation.at(t);
        if rate <= 0.0 {
            return false;
        }
        let come = self.before + modulation.between(self.from, t);
        let spikes =
            stream.uniform() < h * modulation.order * rate / 1000.0 * math::gamma_hazard(modulation.order, come);
        if spikes {
            (self.before, self.from) = (0.0, t);
        }
        spikes
    }
}

impl Generator for Sinusoidal {
    fn sending(&self, p: &DeviceSettings) -> Sending {
        if flag!(p.of(0), Self, "individual_spike_trains") { Sending::Trains } else { Sending::Spikes }
    }
    fn set(&mut self, p: &DeviceSettings, _: &[&str], _: i64) {
        self.modulation = Modulation::of(p);
    }
    fn prepare(&mut self, p: &DeviceSettings, span: &Span, sent: &mut DeviceOutput<'_>) {
        sent.each(|i, stamp| self.modulation[i].at(p.grid.ms(stamp)));
        if self.sending(p) == Sending::Spikes {
            for step in span.first..span.first + span.n as i64 {
                for (i, (progress, stream)) in self.shared.iter_mut().enumerate() {
                    progress.follow(self.modulation[i], p.grid.ms(step));
                    let active = p.window.holds_drawn(step + 1);
                    let spikes = progress.spikes(p.grid.ms(step + 1), p.grid.h(), active, stream);
                    sent.spikes(step + 1, i, u64::from(spikes));
                }
            }
        }
    }
    fn trains(&self, devices: Vec<u32>, origin: Origin) -> Box<dyn Trains> {
        let of = devices.into_iter().map(|device| (device, Progress::default())).collect();
        Box::new(OfTrains { of, stream: origin.stream(0) })
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

#[derive(Clone)]
struct OfTrains {
    /// The device of each connection, and how far its train has come.
    of: Vec<(u32, Progress)>,
    stream: Stream,
}

impl Trains for OfTrains {
    fn draw(&mut self, device: &Device, first: i64, n: usize, drawn: &mut Vec<Drawn>) -> bool {
        let p = device.settings();
        let modulation = Modulation::of(p);
        for (i, progress) in &mut self.of {
            progress.follow(modulation[*i as usize], p.grid.ms(first));
        }
        for step in first..first + n as i64 {
            let (t, active) = (p.grid.ms(step + 1), p.window.holds_drawn(step + 1));
            for (connection, (_, progress)) in self.of.iter_mut().enumerate() {
                if progress.spikes(t, p.grid.h(), active, &mut self.stream) {
                    let connection = connection as u32;
                    drawn.push(Drawn { connection, stamp: step + 1, multiplicity: 1, offset: 0.0 });
                }
            }
        }
        true
    }
    fn clone_box(&self) -> Box<dyn Trains> {
        Box::new(self.clone())
    }
}
