//! Superposition of Poisson processes with dead time, independent for each target; their hazard may follow a sine.
//!
//! The processes of a train differ only in how long ago they spiked, so it is enough to know how many are active and how
//! many spiked in each of the steps that a dead time lasts.
//!
//! Deger, Helias, Boucsein & Rotter 2012, J Comput Neurosci 32:443.

use super::declare::*;
use super::shared::*;
use crate::description::Load;
use crate::math;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::devices::{Device, DeviceSettings, Drawn, Generator, MakeGenerator, Origin, Sending, Trains};
use crate::runtime::parameters::{declared, real as get};

pub const MODEL: Model = Model {
    name: "ppd_sup_generator",
    title: "Poisson with dead time, superposed",
    doc: "Sends each target the spikes of many independent Poisson processes with dead time",
    equations: "each of n_proc processes: after a dead time spikes with hazard\n(1 + relative_amplitude sin(2π frequency t)) / (1/rate - dead_time)",
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
                real("dead_time", "ms", 0.0)
                    .at_least(0.0)
                    .up_to(LONGEST_DEAD_TIME)
                    .main(0.0, 50.0)
                    .doc("Shortest interval between two spikes of a process, in whole steps; setting another one begins anew"),
                integer("n_proc", 1)
                    .starts_at(10.0)
                    .at_least(1.0)
                    .up_to(MOST_PROCESSES)
                    .main(1.0, 1000.0)
                    .logarithmic()
                    .doc("Number of processes in each train; setting another one begins anew"),
                real("frequency", "Hz", 0.0).slider(0.0, 200.0).doc("Frequency with which the hazard is modulated"),
                real("relative_amplitude", "", 0.0)
                    .at_least(0.0)
                    .at_most(1.0)
                    .slider(0.0, 1.0)
                    .doc("Amplitude of the modulation, as a part of the mean hazard"),
            ],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    relations: &[Relation::NotGreater("start", "stop"), Relation::LongerPeriod { rate: "rate", least: "dead_time" }],
    behaviour: Behaviour::generator(MAKE, &[Signal::Spikes]),
    facts: Facts::NONE
        .also_called(&["refractory Poisson, many", "dead time"])
        .short("Refractory Poisson")
        .bytes(bytes),
};

/// ms.
const LONGEST_DEAD_TIME: f64 = 1e4;

/// Each train has a number for each step of a dead time.
fn bytes(given: &dyn Given, resolution: Resolution, load: Load) -> f64 {
    let dead = given.number("dead_time").unwrap_or(0.0).clamp(0.0, LONGEST_DEAD_TIME);
    8.0 * load.connections * (dead / resolution.ms() + 4.0)
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
        let of = devices.into_iter().map(|device| Processes { device, ..Processes::default() }).collect();
        Box::new(OfTrains { of, stream: origin.stream(0) })
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

/// The parameters of a device.
struct Superposition {
    rate: f64,
    dead_time: f64,
    n_proc: f64,
    /// Radians per ms.
    speed: f64,
    amplitude: f64,
}

impl Superposition {
    fn of(p: &DeviceSettings, i: usize) -> Superposition {
        let p = p.of::<Superposed>(i);
        Superposition {
            rate: get!(p, Superposed, "rate"),
            dead_time: get!(p, Superposed, "dead_time"),
            n_proc: get!(p, Superposed, "n_proc"),
            speed: std::f64::consts::TAU * get!(p, Superposed, "frequency") / 1000.0,
            amplitude: get!(p, Superposed, "relative_amplitude"),
        }
    }
    /// Probability that an active process spikes in a step.
    fn hazard(&self, step: i64, grid: Grid) -> f64 {
        if self.rate <= 0.0 {
            return 0.0;
        }
        let mean = grid.h() / (1000.0 / self.rate - self.dead_time);
        if self.amplitude > 0.0 && self.speed != 0.0 {
            mean * (1.0 + self.amplitude * math::sin(self.speed * grid.ms(step)))
        } else {
            mean
        }
    }
}

#[derive(Clone)]
struct OfTrains {
    of: Vec<Processes>,
    stream: Stream,
}

/// The processes of one connection.
#[derive(Clone, Default)]
struct Processes {
    device: u32,
    active: u64,
    /// How many spiked in each of the last steps, as a ring.
    dead: Vec<u64>,
    oldest: usize,
    /// Number of processes and dead time with which it began.
    begun: Option<(f64, f64)>,
}

impl Processes {
    /// As many dead as there are on average.
    fn begin(&mut self, of: &Superposition, h: f64) {
        let bins = (of.dead_time / h) as usize;
        let each = (of.rate / 1000.0 * of.n_proc * h) as u64;
        self.active = (of.n_proc as u64).saturating_sub(each * bins as u64);
        (self.dead, self.oldest) = (vec![each; bins], 0);
        self.begun = Some((of.n_proc, of.dead_time));
    }

    /// A step in which each active process spikes with probability `p`. Returns how many do.
    fn step(&mut self, p: f64, stream: &mut Stream) -> u64 {
        let spikes = stream.binomial(self.active, p);
        if let Some(oldest) = self.dead.get_mut(self.oldest) {
            self.active = self.active + *oldest - spikes;
            *oldest = spikes;
            self.oldest = (self.oldest + 1) % self.dead.len();
        }
        spikes
    }
}

impl Trains for OfTrains {
    fn draw(&mut self, device: &Device, first: i64, n: usize, drawn: &mut Vec<Drawn>) -> bool {
        let p = device.settings();
        let devices: Vec<Superposition> = (0..p.n).map(|i| Superposition::of(p, i)).collect();
        for processes in &mut self.of {
            let of = &devices[processes.device as usize];
            if processes.begun != Some((of.n_proc, of.dead_time)) {
                processes.begin(of, p.grid.h());
            }
        }
        for step in first..first + n as i64 {
            // What is outside of the window stands still.
            if !p.window.holds_drawn(step + 1) {
                continue;
            }
            let hazards: Vec<f64> = devices.iter().map(|of| of.hazard(step, p.grid)).collect();
            for (connection, processes) in self.of.iter_mut().enumerate() {
                let spikes = processes.step(hazards[processes.device as usize], &mut self.stream);
                let multiplicity = u32::try_from(spikes).unwrap_or(u32::MAX);
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
