//! Currents that follow a course in time, and random ones, in the manner of BrainPy.
//!
//! The value at the time t acts, after a delay of one step, in the step that begins at t; the first one acts in the first
//! step. Numbers count in the unit of the target's input.

use super::*;
use crate::math;
use crate::mechanisms::random::Stream;
use crate::models::listed::{devices, in_device, list_of};
use crate::models::shared::{WINDOW, WINDOW_RELATIONS, periods};
use crate::runtime::Span;
use crate::runtime::devices::{DeviceOutput, DeviceSettings, Generator, MakeGenerator, Sending};
use crate::runtime::parameters::{Declared, Parameters, declared, list, reals as get_all};

/// What a device sends at each time.
trait Course: Declared + Clone {
    fn of(p: &Parameters<'_, Self>) -> Self;
    /// The value at a time in ms.
    fn at(&self, t: f64) -> f64;
}

/// The devices of a node.
#[derive(Clone)]
struct Courses<C> {
    of: Vec<C>,
}

impl<C: Course> Courses<C> {
    const MAKE: MakeGenerator = |p, _| Box::new(Courses { of: Self::read(p) });

    fn read(p: &DeviceSettings) -> Vec<C> {
        (0..p.n).map(|i| C::of(&p.of(i))).collect()
    }
}

impl<C: Course> Generator for Courses<C> {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Values
    }
    fn begins_at_once(&self) -> bool {
        true
    }
    fn set(&mut self, p: &DeviceSettings, _: &[&str], _: i64) {
        self.of = Self::read(p);
    }
    fn prepare(&mut self, p: &DeviceSettings, _: &Span, sent: &mut DeviceOutput<'_>) {
        let h = p.grid.h();
        sent.each(|i, stamp| if p.window.holds_current(stamp) { self.of[i].at(stamp as f64 * h) } else { 0.0 });
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

const RECORDABLES: &[Recordable] = &[Recordable::new("I", "", "Current sent, in the unit of the target's input")];

/// A value without a unit of its own.
const fn amount(name: &'static str, default: f64) -> Parameter {
    real(name, "", default).main(-20.0, 20.0)
}

const DURATION: Parameter = real("duration", "ms", 500.0).main(0.0, 1000.0).doc("It ends after this time");

pub const SECTION_INPUT: Model = Model {
    name: "SectionInput",
    title: "Current in sections, BrainPy",
    doc: "Sends one value after the other, each for a time of its own",
    equations: "I(t) = values[j] while the sum of the durations before j ≤ t < that sum and durations[j]; 0 after",
    reference: "",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                reals_from("values", "", &[1.0, 5.0, 0.0])
                    .doc("Values of the sections, in the unit of the target's input"),
                reals_from("durations", "ms", &[20.0, 300.0, 100.0]).doc("How long each section lasts"),
            ],
        },
        WINDOW,
    ],
    recordables: RECORDABLES,
    ports: &[],
    relations: WINDOW_RELATIONS,
    behaviour: Behaviour::generator(Courses::<Sections>::MAKE, &[Signal::Currents]),
    facts: OF_BRAINPY
        .also_called(&["section input", "current sections", "BrainPy current"])
        .caption(&[Line::Count("values", "section")])
        .check(|given, _| check_lengths(given, "values", "durations"))
        .unfolds(|given| Some(list_of(&given.value("durations"), 0).iter().sum())),
};

/// It is seen as a whole where the end is in sight.
fn duration(given: &dyn Given) -> Option<f64> {
    given.number("duration")
}

/// Two lists of the same length.
fn check_lengths(given: &dyn Given, first: &'static str, second: &'static str) -> Result<(), Wrong> {
    let lists = (given.value(first), given.value(second));
    for device in 0..devices(given, &[&lists.0, &lists.1]) {
        let (a, b) = (list_of(&lists.0, device).len(), list_of(&lists.1, device).len());
        if a != b {
            let which = in_device(given, device);
            return Err((second, format!("must have one entry for each of {a} {first}, has {b}{which}")));
        }
    }
    Ok(())
}

#[derive(Clone)]
struct Sections {
    values: Vec<f64>,
    ends: Vec<f64>,
}
declared!(Sections, SECTION_INPUT);

impl Course for Sections {
    fn of(p: &Parameters<'_, Self>) -> Self {
        let mut end = 0.0;
        let ends = list!(p, Self, "durations").iter().map(|duration| {
            end += duration;
            end
        });
        Sections { ends: ends.collect(), values: list!(p, Self, "values").to_vec() }
    }
    fn at(&self, t: f64) -> f64 {
        let section = self.ends.iter().position(|end| t < *end);
        section.and_then(|j| self.values.get(j)).copied().unwrap_or(0.0)
    }
}

pub const CONSTANT_INPUT: Model = Model {
    name: "ConstantInput",
    title: "Constant current, BrainPy",
    doc: "Sends a constant value for a time",
    equations: "I(t) = value for t < duration; 0 after",
    groups: &[
        Group {
            title: "Current",
            parameters: &[amount("value", 5.0).doc("Value, in the unit of the target's input"), DURATION],
        },
        WINDOW,
    ],
    behaviour: Behaviour::generator(Courses::<Constant>::MAKE, &[Signal::Currents]),
    facts: OF_BRAINPY
        .also_called(&["constant input", "steady current"])
        .caption(&[Line::Value("value")])
        .unfolds(duration),
    ..SECTION_INPUT
};

#[derive(Clone)]
struct Constant([f64; 2]);
declared!(Constant, CONSTANT_INPUT);

impl Course for Constant {
    fn of(p: &Parameters<'_, Self>) -> Self {
        Constant(get_all!(p, Self, ["value", "duration"]))
    }
    fn at(&self, t: f64) -> f64 {
        if t < self.0[1] { self.0[0] } else { 0.0 }
    }
}

pub const STEP_INPUT: Model = Model {
    name: "StepInput",
    title: "Steps of current, BrainPy",
    doc: "Sends a value that changes at listed times",
    equations: "I(t) = amplitudes[j] with the last step_times[j] ≤ t; 0 before the first",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                reals_from("amplitudes", "", &[5.0, 0.0, 8.0])
                    .doc("Value from each of these times on, in the unit of the target's input"),
                reals_from("step_times", "ms", &[20.0, 300.0, 500.0])
                    .doc("Times at which the value changes, in any order"),
            ],
        },
        WINDOW,
    ],
    behaviour: Behaviour::generator(Courses::<Steps>::MAKE, &[Signal::Currents]),
    facts: OF_BRAINPY
        .also_called(&["step input"])
        .caption(&[Line::Count("amplitudes", "step")])
        .steps("step_times", "amplitudes")
        .check(|given, _| check_lengths(given, "amplitudes", "step_times")),
    ..SECTION_INPUT
};

/// Times, ascending, and the value from each on.
#[derive(Clone)]
struct Steps(Vec<(f64, f64)>);
declared!(Steps, STEP_INPUT);

impl Course for Steps {
    fn of(p: &Parameters<'_, Self>) -> Self {
        let (times, values) = (list!(p, Self, "step_times"), list!(p, Self, "amplitudes"));
        let mut steps: Vec<(f64, f64)> = times.iter().copied().zip(values.iter().copied()).collect();
        steps.sort_by(|a, b| a.0.total_cmp(&b.0));
        Steps(steps)
    }
    fn at(&self, t: f64) -> f64 {
        match self.0.partition_point(|(time, _)| *time <= t) {
            0 => 0.0,
            n => self.0[n - 1].1,
        }
    }
}

pub const RAMP_INPUT: Model = Model {
    name: "RampInput",
    title: "Ramp of current, BrainPy",
    doc: "Sends a value that goes evenly from one to another",
    equations: "I(t) = c_start + (c_end - c_start) (t - t_start)/duration for t_start ≤ t < t_start + duration; else 0",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                amount("c_start", 0.0).doc("Value at the beginning, in the unit of the target's input"),
                amount("c_end", 10.0).doc("Value at the end"),
                real("duration", "ms", 500.0).above(0.0).main(1.0, 1000.0).doc("How long it lasts"),
                real("t_start", "ms", 0.0).slider(0.0, 1000.0).doc("When it begins"),
            ],
        },
        WINDOW,
    ],
    behaviour: Behaviour::generator(Courses::<Ramp>::MAKE, &[Signal::Currents]),
    facts: OF_BRAINPY
        .also_called(&["ramp input"])
        .caption(&[Line::Value("c_start"), Line::Value("c_end")])
        .unfolds(|given| Some(given.number("t_start")? + given.number("duration")?)),
    ..SECTION_INPUT
};

#[derive(Clone)]
struct Ramp([f64; 4]);
declared!(Ramp, RAMP_INPUT);

impl Course for Ramp {
    fn of(p: &Parameters<'_, Self>) -> Self {
        Ramp(get_all!(p, Self, ["c_start", "c_end", "duration", "t_start"]))
    }
    fn at(&self, t: f64) -> f64 {
        let [from, to, duration, start] = self.0;
        if start <= t && t < start + duration { from + (to - from) * (t - start) / duration } else { 0.0 }
    }
}

pub const SINUSOIDAL_INPUT: Model = Model {
    name: "SinusoidalInput",
    title: "Sinusoidal current, BrainPy",
    doc: "Sends a value that swings as a sine",
    equations: "I(t) = bias + amplitude sin(2π frequency t) for t < duration; 0 after",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                amount("amplitude", 5.0).doc("Height of the swing, in the unit of the target's input"),
                real("frequency", "Hz", 10.0).main(0.0, 200.0).doc("Frequency"),
                DURATION,
                amount("bias", 0.0).doc("Value around which it swings"),
            ],
        },
        WINDOW,
    ],
    behaviour: Behaviour::generator(Courses::<Sinusoid>::MAKE, &[Signal::Currents]),
    facts: OF_BRAINPY
        .also_called(&["sinusoidal input", "sine input"])
        .unfolds(|given| given.number("duration").into_iter().chain(periods(given)).reduce(f64::min))
        .caption(&[Line::Value("amplitude"), Line::Value("frequency")]),
    ..SECTION_INPUT
};

#[derive(Clone)]
struct Sinusoid([f64; 4]);
declared!(Sinusoid, SINUSOIDAL_INPUT);

impl Course for Sinusoid {
    fn of(p: &Parameters<'_, Self>) -> Self {
        Sinusoid(get_all!(p, Self, ["amplitude", "frequency", "duration", "bias"]))
    }
    fn at(&self, t: f64) -> f64 {
        let [amplitude, frequency, duration, bias] = self.0;
        let turns = frequency * t / 1000.0;
        if t < duration { bias + amplitude * math::sin(std::f64::consts::TAU * turns) } else { 0.0 }
    }
}

/// A random process, of which each connection has a path of its own.
trait Process: Declared + Clone {
    fn of(p: &Parameters<'_, Self>) -> Self;
    fn duration(&self) -> f64;
    /// Where a path begins.
    fn first(&self) -> f64;
    /// The value after `x`, a step of `h` later.
    fn next(&self, x: f64, h: f64, stream: &mut Stream) -> f64;
}

#[derive(Clone)]
struct Paths<P> {
    of: Vec<Device<P>>,
}

#[derive(Clone)]
struct Device<P> {
    process: P,
    stream: Stream,
    /// One a connection, once they are known.
    paths: Vec<f64>,
}

impl<P: Process> Paths<P> {
    const MAKE: MakeGenerator = |p, origin| {
        let of = |i| Device { process: P::of(&p.of(i)), stream: origin.stream(i), paths: Vec::new() };
        Box::new(Paths { of: (0..p.n).map(of).collect() })
    };
}

impl<P: Process> Generator for Paths<P> {
    fn sending(&self, _: &DeviceSettings) -> Sending {
        Sending::Draws
    }
    fn begins_at_once(&self) -> bool {
        true
    }
    fn set(&mut self, p: &DeviceSettings, _: &[&str], _: i64) {
        for (i, device) in self.of.iter_mut().enumerate() {
            device.process = P::of(&p.of(i));
        }
    }
    fn prepare(&mut self, p: &DeviceSettings, span: &Span, sent: &mut DeviceOutput<'_>) {
        let h = p.grid.h();
        for (i, Device { process, stream, paths }) in self.of.iter_mut().enumerate() {
            paths.resize(sent.connections[i] as usize, process.first());
            for step in span.first..span.first + span.n as i64 {
                if !p.window.holds_current(step + 1) || (step + 1) as f64 * h >= process.duration() {
                    sent.draws[i].send_nothing(step);
                    sent.set_sampled(i, step, 0.0);
                    continue;
                }
                paths.iter_mut().for_each(|x| *x = process.next(*x, h, stream));
                sent.draws[i].draw(paths.clone());
                let mean = sent.draws[i].send(step);
                sent.set_sampled(i, step, mean);
            }
        }
    }
    fn clone_box(&self) -> Box<dyn Generator> {
        Box::new(self.clone())
    }
}

const MEAN_SENT: &[Recordable] =
    &[Recordable::new("I", "", "Current sent, averaged over targets, in the unit of their input")];

pub const WIENER_PROCESS_INPUT: Model = Model {
    name: "WienerProcessInput",
    title: "White noise current, BrainPy",
    doc: "Sends each target a random value of its own, drawn anew in every step",
    equations: "I(t) = sigma √(h/ms) N(0, 1) for t < duration; 0 after",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                amount("sigma", 5.0).doc("Strength of the noise, in the unit of the target's input"),
                DURATION,
            ],
        },
        WINDOW,
    ],
    recordables: MEAN_SENT,
    behaviour: Behaviour::generator(Paths::<Wiener>::MAKE, &[Signal::Currents]),
    facts: OF_BRAINPY
        .also_called(&["Wiener process"])
        .caption(&[Line::Spread("sigma")])
        .unfolds(duration)
        .bytes(|_, _, load| 8.0 * load.connections * (load.delay + 130.0)),
    ..SECTION_INPUT
};

#[derive(Clone)]
struct Wiener([f64; 2]);
declared!(Wiener, WIENER_PROCESS_INPUT);

impl Process for Wiener {
    fn of(p: &Parameters<'_, Self>) -> Self {
        Wiener(get_all!(p, Self, ["sigma", "duration"]))
    }
    fn duration(&self) -> f64 {
        self.0[1]
    }
    fn first(&self) -> f64 {
        0.0
    }
    fn next(&self, _: f64, h: f64, stream: &mut Stream) -> f64 {
        self.0[0] * h.sqrt() * stream.normal()
    }
}

pub const OU_PROCESS_INPUT: Model = Model {
    name: "OUProcessInput",
    title: "Ornstein-Uhlenbeck current, BrainPy",
    doc: "Sends each target a random value of its own that wanders around a mean",
    equations: "x += (mean - x) h/tau + sigma √(h/ms) N(0, 1), x(0) = mean\nI(t) = x for t < duration; 0 after",
    reference: "Uhlenbeck & Ornstein 1930, Phys Rev 36:823",
    groups: &[
        Group {
            title: "Current",
            parameters: &[
                amount("mean", 5.0)
                    .doc("Mean, in the unit of the target's input; what has been drawn drifts to it with tau"),
                amount("sigma", 1.0).doc("Strength of the noise"),
                real("tau", "ms", 10.0).above(0.0).main(1.0, 100.0).doc("Time in which it returns to the mean"),
                DURATION,
            ],
        },
        WINDOW,
    ],
    behaviour: Behaviour::generator(Paths::<OrnsteinUhlenbeck>::MAKE, &[Signal::Currents]),
    facts: WIENER_PROCESS_INPUT
        .facts
        .also_called(&["Ornstein-Uhlenbeck process", "coloured noise"])
        .caption(&[Line::Value("mean"), Line::Spread("sigma")]),
    ..WIENER_PROCESS_INPUT
};

#[derive(Clone)]
struct OrnsteinUhlenbeck([f64; 4]);
declared!(OrnsteinUhlenbeck, OU_PROCESS_INPUT);

impl Process for OrnsteinUhlenbeck {
    fn of(p: &Parameters<'_, Self>) -> Self {
        OrnsteinUhlenbeck(get_all!(p, Self, ["mean", "sigma", "tau", "duration"]))
    }
    fn duration(&self) -> f64 {
        self.0[3]
    }
    fn first(&self) -> f64 {
        self.0[0]
    }
    fn next(&self, x: f64, h: f64, stream: &mut Stream) -> f64 {
        let [mean, sigma, tau, _] = self.0;
        x + (mean - x) * h / tau + sigma * h.sqrt() * stream.normal()
    }
}
