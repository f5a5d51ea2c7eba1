//! Poisson spikes with dead time at any time between grid points, independent for each target.
//!
//! Intervals are dead_time + E, E exponential with mean 1/rate − dead_time. The process is stationary from the
//! beginning: the first spike is drawn from the forward recurrence time. So is the next one as soon as rate or dead time
//! change, as in NEST; other than there it still keeps the dead time after the spike before it.

use super::declare::*;
use super::shared::*;
use crate::mechanisms::random::Stream;
use crate::mechanisms::time::Grid;
use crate::runtime::STORM;
use crate::runtime::devices::{Device, DeviceSettings, Drawn, Generator, MakeGenerator, Origin, Sending, Trains};
use crate::runtime::parameters::{declared, each};

pub const MODEL: Model = Model {
    name: "poisson_generator_ps",
    title: "Poisson spikes, precise times",
    doc: "Sends each target its own random spike train, with times between grid points and a dead time",
    equations: "intervals: dead_time + E, E exponential with mean 1/rate - dead_time",
    reference: "",
    groups: &[
        Group {
            title: "Spikes",
            parameters: &[
                real("rate", "spikes/s", 0.0)
                    .up_to(MOST_SPIKES)
                    .at_least(0.0)
                    .main(1.0, 20000.0)
                    .logarithmic()
                    .starts_at(1000.0)
                    .doc("Mean rate of each train"),
                real("dead_time", "ms", 0.0).at_least(0.0).main(0.0, 20.0).doc("Shortest interval between two spikes"),
            ],
        },
        WINDOW,
    ],
    recordables: &[],
    ports: &[],
    relations: &[Relation::NotGreater("start", "stop"), Relation::Period { rate: "rate", least: "dead_time" }],
    behaviour: Behaviour::generator(MAKE, &[Signal::Spikes]),
    facts: Facts::NONE.also_called(&["Poisson noise, precise", "Poisson with dead time", "refractory Poisson"]),
};

const MAKE: MakeGenerator = |_, _| Box::new(PrecisePoisson);

#[derive(Clone)]
struct PrecisePoisson;

declared!(PrecisePoisson);

impl Generator for PrecisePoisson {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Trains
    }
    fn trains(&self, devices: Vec<u32>, origin: Origin) -> Box<dyn Trains> {
        let train = |(i, device)| Train {
            device,
            process: None,
            last: f64::NEG_INFINITY,
            next: None,
            stream: origin.stream(i),
        };
        Box::new(Renewals { trains: devices.into_iter().enumerate().map(train).collect() })
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

#[derive(Clone)]
struct Renewals {
    trains: Vec<Train>,
}

/// The train of one connection.
#[derive(Clone)]
struct Train {
    device: u32,
    /// What the spike to come was drawn from.
    process: Option<Process>,
    /// The spike before it, ms.
    last: f64,
    /// The spike to come, ms.
    next: Option<f64>,
    stream: Stream,
}

impl Trains for Renewals {
    fn draw(&mut self, device: &Device, first: i64, n: usize, drawn: &mut Vec<Drawn>) -> bool {
        let p = device.settings();
        let (rates, dead_times) = (each!(p, PrecisePoisson, "rate"), each!(p, PrecisePoisson, "dead_time"));
        // The window is (start, stop]; before it nothing is drawn.
        let (from, until) = (first.max(p.window.start), (first + n as i64).min(p.window.stop));
        if from >= until {
            return true;
        }
        for (connection, train) in self.trains.iter_mut().enumerate() {
            let process = Process::new(rates[train.device as usize], dead_times[train.device as usize]);
            train.follow(process);
            let Some(process) = process else { continue };
            let before = drawn.len();
            while let Some((stamp, offset)) = train.spike(process, p.grid, from, until) {
                drawn.push(Drawn { connection: connection as u32, stamp, multiplicity: 1, offset });
                if drawn.len() - before > STORM as usize * n {
                    return false;
                }
            }
        }
        true
    }
    fn clone_box(&self) -> Box<dyn Trains> {
        Box::new(self.clone())
    }
}

/// Intervals of a train, ms.
#[derive(Clone, Copy, PartialEq)]
struct Process {
    dead_time: f64,
    /// Mean of the rest of an interval.
    rest: f64,
}

impl Process {
    /// `None` if there are no spikes.
    fn new(rate: f64, dead_time: f64) -> Option<Process> {
        (rate > 0.0).then(|| Process { dead_time, rest: 1000.0 / rate - dead_time })
    }
    fn interval(self, stream: &mut Stream) -> f64 {
        self.dead_time + self.rest * stream.exponential()
    }
    /// From any time to the next spike.
    fn recurrence(self, stream: &mut Stream) -> f64 {
        let dead = self.dead_time / (self.dead_time + self.rest);
        if stream.uniform() < dead { self.dead_time * stream.uniform() } else { self.interval(stream) }
    }
}

impl Train {
    /// A spike that was drawn from another process than this one is not sent.
    fn follow(&mut self, process: Option<Process>) {
        if self.process != process {
            self.process = process;
            self.next = None;
        }
    }

    /// The next spike with a stamp after `from`, if its stamp is not after `until`.
    fn spike(&mut self, process: Process, grid: Grid, from: i64, until: i64) -> Option<(i64, f64)> {
        // What was to come before `from` has been missed: the window has moved, or nobody listened.
        let waiting = self.next.filter(|t| grid.place(*t).0 > from);
        let t = waiting.unwrap_or_else(|| {
            let first = grid.ms(from) + process.recurrence(&mut self.stream);
            let first = first.max(self.last + process.dead_time);
            if grid.place(first).0 > from { first } else { grid.ms(from) + 0.5 * grid.h() }
        });
        self.next = Some(t);
        let (stamp, offset) = grid.place(t);
        if stamp > until {
            return None;
        }
        (self.last, self.next) = (t, Some(t + process.interval(&mut self.stream)));
        Some((stamp, offset))
    }
}
