//! Piecewise constant Gaussian current, independent for each target.

use super::declare::*;
use super::shared::*;
use crate::math;
use crate::mechanisms::random::Stream;
use crate::runtime::Span;
use crate::runtime::devices::{DeviceOutput, DeviceSettings, Generator, MakeGenerator, Sending, Sine};
use crate::runtime::parameters::{declared, real, reals};

pub const MODEL: Model = Model {
    name: "noise_generator",
    title: "Gaussian noise current",
    doc: "Sends each target its own random current, drawn anew every dt",
    equations: "I(t) = mean + sqrt(std² + std_mod² sin(2π frequency t + phase)) N(0, 1), every dt",
    reference: "",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                real("mean", "pA", 0.0).main(-500.0, 1000.0).starts_at(360.0).doc("Mean current"),
                real("std", "pA", 0.0).at_least(0.0).main(0.0, 1000.0).starts_at(400.0).doc("Standard deviation"),
                real("dt", "ms", 1.0)
                    .above(0.0)
                    .on_grid()
                    .main(0.1, 10.0)
                    .doc("Interval between draws; one that has begun lasts to its end, whatever is changed"),
                real("std_mod", "pA", 0.0)
                    .at_least(0.0)
                    .slider(0.0, 500.0)
                    .doc("Modulated part of the standard deviation"),
                real("frequency", "Hz", 0.0).slider(0.0, 200.0).doc("Frequency of the modulation"),
                real("phase", "deg", 0.0).slider(0.0, 360.0).doc("Phase of the modulation at time 0"),
            ],
        },
        WINDOW,
    ],
    recordables: &[I],
    ports: &[],
    relations: &[Relation::NotGreater("start", "stop"), Relation::NotGreater("std_mod", "std")],
    behaviour: Behaviour::generator(MAKE, &[Signal::Currents]).also_to_binary(),
    // A draw for each target is kept until its delay is over.
    facts: Facts::NONE
        .also_called(&["white noise", "noisy current", "random current", "fluctuating current", "electrode, noise"])
        .caption(&[Line::Value("mean"), Line::Spread("std")])
        .unfolds(|given| given.number("std_mod").filter(|std| *std != 0.0).and_then(|_| periods(given)))
        .bytes(|_, _, load| 8.0 * load.connections * (load.delay + 130.0)),
};

const MAKE: MakeGenerator = |p, origin| {
    let noise = |i| Noise { stream: origin.stream(i), next: 0, oscillator: (1.0, 0.0) };
    Box::new(Noises { of: (0..p.n).map(noise).collect() })
};

#[derive(Clone)]
struct Noises {
    of: Vec<Noise>,
}

#[derive(Clone)]
struct Noise {
    stream: Stream,
    /// Step of the next draw.
    next: i64,
    /// Cosine and sine of the modulation; they stand still while the generator is inactive.
    oscillator: (f64, f64),
}

declared!(Noises);

impl Generator for Noises {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Draws
    }
    fn begin_run(&mut self, p: &DeviceSettings, now: i64) {
        for (noise, sine) in self.of.iter_mut().zip(Sine::of::<Self>(p)) {
            let angle = sine.angle(p.grid.ms(now));
            noise.oscillator = (math::cos(angle), math::sin(angle));
        }
    }
    fn prepare(&mut self, p: &DeviceSettings, span: &Span, sent: &mut DeviceOutput<'_>) {
        for (i, noise) in self.of.iter_mut().enumerate() {
            for step in span.first..span.first + span.n as i64 {
                if p.window.holds_current(step + 1) {
                    noise.draw(p, i, step, sent);
                    let mean = sent.draws[i].send(step);
                    sent.set_sampled(i, step, mean);
                } else {
                    sent.draws[i].send_nothing(step);
                    sent.set_sampled(i, step, 0.0);
                }
            }
        }
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

impl Noise {
    /// Draws anew if it is time to.
    fn draw(&mut self, p: &DeviceSettings, i: usize, step: i64, sent: &mut DeviceOutput<'_>) {
        let [mean, std, std_mod] = reals!(p.of(i), Noises, ["mean", "std", "std_mod"]);
        if std_mod != 0.0 {
            let turn = real!(p.of(i), Noises, "frequency") / 1000.0 * std::f64::consts::TAU * p.grid.h();
            let ((x, y), (sin, cos)) = (self.oscillator, math::sin_cos(turn));
            self.oscillator = (x * cos - y * sin, y * cos + x * sin);
        }
        if step >= self.next {
            let spread = (std * std + self.oscillator.1 * std_mod * std_mod).max(0.0).sqrt();
            let targets = sent.connections[i];
            sent.draws[i].draw((0..targets).map(|_| mean + spread * self.stream.normal()).collect());
            // The default of 1 ms is 10 steps where it does not lie on the grid.
            self.next = step + p.grid.on_grid(real!(p.of(i), Noises, "dt")).unwrap_or(10).max(1);
        }
    }
}
