//! Superposition of gamma processes, independent for each target.
//!
//! The processes of a train differ only in how many of the `gamma_shape` events that make a spike they have behind them, so
//! it is enough to know how many stand where: occupation numbers, between which processes move by chance.
//!
//! Deger, Helias, Boucsein & Rotter 2012, J Comput Neurosci 32:443.

use super::declare::*;
use super::shared::*;
use crate::description::Load;
use crate::mechanisms::random::Stream;
use crate::runtime::devices::{Device, DeviceSettings, Drawn, Generator, MakeGenerator, Origin, Sending, Trains};
use crate::runtime::parameters::{declared, each};

pub const MODEL: Model = Model {
    name: "gamma_sup_generator",
    title: "Gamma spikes, superposed",
    doc: "Sends each target the spikes of many independent gamma processes, more regular than Poisson spikes",
    equations: "each of n_proc processes: intervals ~ Gamma(gamma_shape), mean 1/rate; CV = 1/sqrt(gamma_shape)",
    reference: "Deger, Helias, Boucsein & Rotter 2012, J Comput Neurosci 32:443",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[
                real("rate", "spikes/s", 0.0)
                    .up_to(MOST_SPIKES)
                    .at_least(0.0)
                    .main(0.0, 200.0)
                    .starts_at(10.0)
                    .doc("Rate of each of the processes"),
                integer("gamma_shape", 1)
                    .at_least(1.0)
                    .up_to(MOST_STATES)
                    .main(1.0, 20.0)
                    .doc("Order of the processes; setting another one begins anew"),
                integer("n_proc", 1)
                    .starts_at(10.0)
                    .at_least(1.0)
                    .up_to(MOST_PROCESSES)
                    .main(1.0, 1000.0)
                    .logarithmic()
                    .doc("Number of processes in each train; setting another one begins anew"),
            ],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(MAKE, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["gamma process", "regular spikes", "superposition of renewal processes"])
        .short("Gamma processes")
        .bytes(bytes),
};

/// The largest order that can be simulated.
const MOST_STATES: f64 = 1e5;

/// Each train has so many numbers.
fn bytes(given: &dyn Given, _: Resolution, load: Load) -> f64 {
    8.0 * load.connections * given.number("gamma_shape").unwrap_or(1.0).clamp(1.0, MOST_STATES)
}

const MAKE: MakeGenerator = |_, _| Box::new(Superposed);

#[derive(Clone)]
struct Superposed;

declared!(Superposed);

impl Generator for Superposed {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Trains
    }
    fn trains(&self, devices: Vec<u32>, origin: Origin) -> Box<dyn Trains> {
        let of = devices.into_iter().map(|device| Processes { device, occupied: Vec::new(), all: 0 }).collect();
        Box::new(OfTrains { of, stream: origin.stream(0) })
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

#[derive(Clone)]
struct OfTrains {
    of: Vec<Processes>,
    stream: Stream,
}

/// The processes of one connection.
#[derive(Clone)]
struct Processes {
    device: u32,
    /// How many of them have so many events behind them.
    occupied: Vec<u64>,
    all: u64,
}

impl Processes {
    /// Spread over all states as evenly as can be.
    fn spread(&mut self, all: u64, states: usize) {
        self.all = all;
        self.occupied = vec![all / states as u64; states];
        self.occupied[states - 1] += all % states as u64;
    }

    /// A step in which each moves on with probability `p`. Returns how many completed an interval.
    fn step(&mut self, p: f64, stream: &mut Stream) -> u64 {
        let last = self.occupied.len() - 1;
        let spikes = stream.binomial(self.occupied[last], p);
        // From the last state back to the first, so that each is left before others come.
        self.occupied[last] -= spikes;
        for i in (0..last).rev() {
            let moving = stream.binomial(self.occupied[i], p);
            self.occupied[i] -= moving;
            self.occupied[i + 1] += moving;
        }
        self.occupied[0] += spikes;
        spikes
    }
}

impl Trains for OfTrains {
    fn draw(&mut self, device: &Device, first: i64, n: usize, drawn: &mut Vec<Drawn>) -> bool {
        let p = device.settings();
        let (rates, shapes) = (each!(p, Superposed, "rate"), each!(p, Superposed, "gamma_shape"));
        let numbers = each!(p, Superposed, "n_proc");
        for processes in &mut self.of {
            let (states, all) = (shapes[processes.device as usize] as usize, numbers[processes.device as usize] as u64);
            if (processes.occupied.len(), processes.all) != (states, all) {
                processes.spread(all, states);
            }
        }
        for step in first..first + n as i64 {
            // What is outside of the window stands still.
            if !p.window.holds_drawn(step + 1) {
                continue;
            }
            for (connection, processes) in self.of.iter_mut().enumerate() {
                let i = processes.device as usize;
                let moves = rates[i] * shapes[i] * p.grid.h() / 1000.0;
                let multiplicity = u32::try_from(processes.step(moves, &mut self.stream)).unwrap_or(u32::MAX);
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
