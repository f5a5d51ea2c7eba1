//! Poisson spike trains whose rate follows a sine.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::random::Stream;
use crate::runtime::Span;
use crate::runtime::devices::{DeviceOutput, DeviceSettings, Generator, MakeGenerator, Sending, Sine};
use crate::runtime::parameters::{declared, each, flag};

pub const MODEL: Model = Model {
    name: "sinusoidal_poisson_generator",
    title: "Poisson spikes, sinusoidal",
    doc: "Sends random spikes whose rate rises and falls as a sine",
    equations: "rate(t) = max(0, rate + amplitude sin(2π frequency t + phase))\nnumber of spikes in each step ~ Poisson(rate(t) h)",
    reference: "",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[
                real("rate", "spikes/s", 0.0)
                    .up_to(MOST_SPIKES)
                    .main(0.0, 20000.0)
                    .starts_at(1000.0)
                    .doc("Mean rate of each train"),
                real("amplitude", "spikes/s", 0.0).up_to(MOST_SPIKES).main(0.0, 20000.0).doc("Amplitude of the sine"),
                real("frequency", "Hz", 0.0).main(0.0, 200.0).doc("Frequency of the sine"),
                real("phase", "deg", 0.0).slider(0.0, 360.0).doc("Phase at time 0"),
                flag("individual_spike_trains", true)
                    .fixed()
                    .doc("Each target gets a train of its own; otherwise all get the same one"),
            ],
        },
        WINDOW,
    ],
    recordables: &[Recordable::new("rate", "spikes/s", "Present rate of each train")],
    ports: &[],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(MAKE, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["oscillating background", "rhythmic spikes", "inhomogeneous Poisson", "modulated rate"])
        .unfolds(periods),
};

const MAKE: MakeGenerator =
    |p, origin| Box::new(Sinusoidal { streams: (0..p.n).map(|i| origin.stream(i)).collect(), ..Sinusoidal::default() });

#[derive(Clone, Default)]
struct Sinusoidal {
    rate: Vec<f64>,
    amplitude: Vec<f64>,
    sine: Vec<Sine>,
    /// For trains that all targets share.
    streams: Vec<Stream>,
}

impl Sinusoidal {
    /// Rate of device `i`, spikes/s.
    fn rate(&self, p: &DeviceSettings, i: usize, stamp: i64) -> f64 {
        (self.rate[i] + self.amplitude[i] * self.sine[i].at(p.grid.ms(stamp))).max(0.0)
    }
}

declared!(Sinusoidal);

impl Generator for Sinusoidal {
    fn sending(&self, p: &DeviceSettings) -> Sending {
        if flag!(p.of(0), Self, "individual_spike_trains") { Sending::Poisson } else { Sending::Spikes }
    }
    fn set(&mut self, p: &DeviceSettings, _: &[&str], _: i64) {
        (self.rate, self.amplitude, self.sine) =
            (each!(p, Self, "rate"), each!(p, Self, "amplitude"), Sine::of::<Self>(p));
    }
    fn prepare(&mut self, p: &DeviceSettings, span: &Span, sent: &mut DeviceOutput<'_>) {
        let mean = |i, stamp| {
            let rate = self.rate(p, i, stamp);
            // The window is that of currents; the rate shows outside of it, too.
            (if p.window.holds_current(stamp) { rate * p.grid.h() / 1000.0 } else { 0.0 }, rate)
        };
        sent.each_sampled(mean);
        if self.sending(p) == Sending::Spikes {
            for step in span.first..span.first + span.n as i64 {
                for i in 0..p.n {
                    let mean = sent.value(i, step);
                    sent.spikes(step + 1, i, self.streams[i].poisson(mean));
                }
            }
        }
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}
