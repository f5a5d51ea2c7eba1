//! Generators: what each of them sends in every step.
//!
//! A generator model says how in [`Generator`]; it stands with its declaration in [`crate::models`]. Here is what all
//! of them share: the window in which they are active, what they have sent, the trains of their targets.

mod arrivals;
mod signal;
mod trains;
mod window;

pub use arrivals::Arrivals;
pub use signal::Draws;
pub use trains::{Drawn, Origin, PoissonTrains, Trains};
pub use window::{ORIGIN, START, STOP, Window};

use crate::description::Value;
use crate::math;
use crate::mechanisms::time::Grid;
pub use crate::runtime::input::inputs::Event;
use crate::runtime::parameters::{Declared, ParameterPlace, Parameters, real};
use crate::runtime::slice::{LONGEST_SPAN, Outbox, Span};
use crate::runtime::table::Table;
use signal::History;

/// In which form a generator sends its signal: once for all targets, or drawn for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// A number in each step, the same for all targets: a current or a rate.
    Values,
    /// A current of its own to each target.
    Draws,
    /// Spikes, the same for all targets.
    Spikes,
    /// Poisson spikes, drawn for each target; the number sent is their mean count.
    Poisson,
    /// Spikes drawn for each target in the generator's own way.
    Trains,
}

/// A generator model: the state of all devices of a node.
pub trait Generator: Send + Sync {
    fn sending(&self, p: &DeviceSettings) -> Sending;
    /// Takes over parameters at step `now`; `names` are those that were set, at first all of them.
    fn set(&mut self, _p: &DeviceSettings, _names: &[&str], _now: i64) {}
    /// A run begins at step `now`.
    fn begin_run(&mut self, _p: &DeviceSettings, _now: i64) {}
    /// Works out what is sent during the span.
    fn prepare(&mut self, _p: &DeviceSettings, _span: &Span, _sent: &mut DeviceOutput<'_>) {}
    /// Whether it sends something with the stamp 0, which with a delay of one step acts in the first step.
    fn begins_at_once(&self) -> bool {
        false
    }
    /// The trains of connections, given the device of each; for [`Sending::Trains`].
    fn trains(&self, devices: Vec<u32>, origin: Origin) -> Box<dyn Trains> {
        Box::new(PoissonTrains::new(devices, origin))
    }
    /// What the user reads back after rounding, for parameters that are rounded.
    fn read_back(&self, _name: &str, _i: usize) -> Option<Value> {
        None
    }
    fn clone_box(&self) -> Box<dyn Generator>;
}

impl Clone for Box<dyn Generator> {
    fn clone(&self) -> Self {
        self.clone_box()
    }
}

/// Makes the devices of a node; random numbers that all targets share come from `origin`.
pub type MakeGenerator = fn(p: &DeviceSettings, origin: Origin) -> Box<dyn Generator>;

/// The parameters of a generator node.
#[derive(Clone)]
pub struct DeviceSettings {
    /// Number of devices.
    pub n: usize,
    pub grid: Grid,
    pub window: Window,
    /// Steps after which devices tell others what they do.
    pub slice: i64,
    table: Table,
}

impl DeviceSettings {
    /// Those of device `i` of model `M`.
    pub fn of<M: Declared>(&self, i: usize) -> Parameters<'_, M> {
        Parameters::at(&self.table, i, self.grid)
    }
    /// One value a device. Written `each!(p, M, "name")`.
    pub fn each<M: Declared>(&self, place: ParameterPlace<M>) -> Vec<f64> {
        (0..self.n).map(|i| self.of(i).real(place)).collect()
    }
    /// The time from which the window and listed times count, in steps; 0 if it lies between grid points.
    pub fn origin(&self) -> i64 {
        Window::origin(&self.table, self.grid)
    }
}

/// Where a generator puts what it sends.
pub struct DeviceOutput<'a> {
    values: &'a mut History,
    sampled: &'a mut History,
    /// Numbers that a multimeter can read of each device.
    quantities: usize,
    arrivals: &'a mut Arrivals,
    /// For [`Sending::Draws`]: one a device.
    pub draws: &'a mut [Draws],
    /// Connections of each device to neurons.
    pub connections: &'a [u32],
    span: &'a Span,
    outbox: &'a mut Outbox,
}

impl DeviceOutput<'_> {
    /// One number for every step and device, which a multimeter reads, too.
    pub fn each(&mut self, mut value: impl FnMut(usize, i64) -> f64) {
        self.each_sampled(|i, stamp| {
            let value = value(i, stamp);
            (value, value)
        });
    }
    /// For every step and device the number sent and what a multimeter reads.
    pub fn each_sampled(&mut self, mut value: impl FnMut(usize, i64) -> (f64, f64)) {
        for step in self.span.first..self.span.first + self.span.n as i64 {
            let sampled = self.sampled.at_mut(step).chunks_exact_mut(self.quantities);
            for (i, (sent, sampled)) in self.values.at_mut(step).iter_mut().zip(sampled).enumerate() {
                let (value, shown) = value(i, step + 1);
                *sent = value;
                sampled.fill(shown);
            }
        }
    }
    /// The number sent by device `i` in a step of the span.
    pub fn value(&self, i: usize, step: i64) -> f64 {
        self.values.at(step)[i]
    }
    /// The number sent by device `i` in a step is this.
    pub fn set(&mut self, i: usize, step: i64, value: f64) {
        self.values.at_mut(step)[i] = value;
    }
    /// Takes the number of spikes that have arrived at device `i` with this stamp.
    pub fn take_arrived(&mut self, i: usize, stamp: i64) -> f64 {
        self.arrivals.take(i, stamp)
    }
    /// What a multimeter reads of device `i` in a step.
    pub fn set_sampled(&mut self, i: usize, step: i64, value: f64) {
        self.sampled.at_mut(step)[i * self.quantities..][..self.quantities].fill(value);
    }
    /// What a multimeter reads of all devices in a step, in the order in which the model declares its recordables.
    pub fn set_quantities(&mut self, step: i64, values: &[f64]) {
        for sampled in self.sampled.at_mut(step).chunks_exact_mut(self.quantities) {
            sampled.iter_mut().zip(values).for_each(|(to, value)| *to = *value);
        }
    }
    /// A spike with this stamp, which lies within the span.
    pub fn spike(&mut self, stamp: i64, event: Event) {
        let step = self.span.offset + (stamp - self.span.first - 1) as usize;
        self.outbox.events[step].push(event);
    }
    /// So many spikes of device `i` with this stamp.
    pub fn spikes(&mut self, stamp: i64, i: usize, count: u64) {
        let multiplicity = u32::try_from(count).unwrap_or(u32::MAX);
        if multiplicity > 0 {
            self.spike(stamp, Event { multiplicity, ..Event::single(i as u32) });
        }
    }
}

/// The modulation of one device: sin(2π frequency t + phase).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sine {
    /// Radians per ms.
    speed: f64,
    /// Radians.
    phase: f64,
}

impl Sine {
    /// One a device.
    pub fn of<M: Declared>(p: &DeviceSettings) -> Vec<Sine> {
        let of = |i| Sine {
            speed: real!(p.of(i), M, "frequency") / 1000.0 * std::f64::consts::TAU,
            phase: real!(p.of(i), M, "phase").to_radians(),
        };
        (0..p.n).map(of).collect()
    }
    /// Radians per ms.
    pub fn speed(self) -> f64 {
        self.speed
    }
    /// Radians at a time in ms.
    pub fn angle(self, t: f64) -> f64 {
        self.speed * t + self.phase
    }
    pub fn at(self, t: f64) -> f64 {
        math::sin(self.angle(t))
    }
}

/// One generator node.
#[derive(Clone)]
pub struct Device {
    generator: Box<dyn Generator>,
    settings: DeviceSettings,
    pub sending: Sending,
    pub muted: bool,
    /// Connections of each of its devices to neurons; sets how many currents are drawn.
    pub connections: Vec<u32>,
    /// The longest delay with which what it sends is read, in steps.
    pub longest_delay: usize,
    values: History,
    sampled: History,
    /// Numbers that a multimeter can read of each device.
    quantities: usize,
    draws: Vec<Draws>,
    /// What it receives, if it does.
    pub arrivals: Arrivals,
}

impl Device {
    /// A generator node. Values have been validated.
    pub fn new(make: MakeGenerator, names: &[&str], table: &Table, n: usize, grid: Grid, origin: Origin) -> Device {
        let settings = DeviceSettings { n, grid, window: Window::of(table, grid), slice: 1, table: table.clone() };
        let mut generator = make(&settings, origin);
        generator.set(&settings, names, 0);
        Device {
            sending: generator.sending(&settings),
            generator,
            settings,
            muted: false,
            connections: vec![0; n],
            longest_delay: 1,
            values: History::default(),
            sampled: History::default(),
            quantities: 1,
            draws: Vec::new(),
            arrivals: Arrivals::default(),
        }
    }

    /// A multimeter can read so many numbers of each device.
    pub fn with_quantities(mut self, quantities: usize) -> Device {
        self.quantities = quantities.max(1);
        self
    }

    /// All that reads from it is known: room for what is read back late.
    pub fn open(&mut self, slice: i64) {
        let steps = (self.longest_delay + 2 * LONGEST_SPAN + 2).next_power_of_two();
        self.settings.slice = slice;
        self.values = History::new(steps, self.settings.n);
        self.sampled = History::new(steps, self.settings.n * self.quantities);
        self.arrivals.open(self.settings.n);
        if self.sending == Sending::Draws {
            self.draws = vec![Draws::new(steps); self.settings.n];
        }
    }

    /// Takes over changed parameters at step `now`; `names` are those that were set.
    pub fn set(&mut self, table: &Table, names: &[&str], now: i64) {
        self.settings.table = table.clone();
        self.settings.window = Window::of(table, self.settings.grid);
        self.generator.set(&self.settings, names, now);
        self.generator.begin_run(&self.settings, now);
    }

    pub fn begin_run(&mut self, now: i64) {
        self.generator.begin_run(&self.settings, now);
    }

    pub fn trains(&self, devices: Vec<u32>, origin: Origin) -> Box<dyn Trains> {
        self.generator.trains(devices, origin)
    }

    pub fn read_back(&self, name: &str, i: usize) -> Option<Value> {
        self.generator.read_back(name, i)
    }

    pub fn settings(&self) -> &DeviceSettings {
        &self.settings
    }

    /// What each device sent in a step.
    #[inline(always)]
    pub fn sent(&self, step: i64) -> &[f64] {
        self.values.at(step)
    }

    /// Before the first step: what is sent with the stamp 0, as if it were the last of a slice. True if there may be
    /// something.
    pub fn begin(&mut self, slice: i64, outbox: &mut Outbox) -> bool {
        if !self.generator.begins_at_once() {
            return false;
        }
        let span = Span { first: -1, offset: (slice - 1) as usize, n: 1, ..Span::default() };
        self.prepare(&span, outbox);
        true
    }

    /// A muted generator goes on, unheard.
    fn prepare(&mut self, span: &Span, outbox: &mut Outbox) {
        let Device { generator, settings, values, sampled, quantities, draws, connections, arrivals, .. } = self;
        let mut sent =
            DeviceOutput { values, sampled, quantities: *quantities, arrivals, draws, connections, span, outbox };
        generator.prepare(settings, span, &mut sent);
        if self.muted {
            sent.each(|_, _| 0.0);
            for step in span.first..span.first + span.n as i64 {
                self.draws.iter_mut().for_each(|draws| draws.send_nothing(step));
            }
            outbox.events[span.offset..span.offset + span.n].iter_mut().for_each(Vec::clear);
        }
    }
}

/// What generators that begin at once send in this step acts, with a delay of one step, in the first.
const BEFORE_FIRST: i64 = -1;

/// All generators, by the index of their node; `None` for other nodes.
#[derive(Clone, Default)]
pub struct Devices {
    pub list: Vec<Option<Device>>,
    /// What they send is known up to this step.
    pub until: i64,
}

impl Devices {
    pub fn prepare(&mut self, span: &Span, outboxes: &mut [Outbox]) {
        self.until = span.first + span.n as i64;
        for (device, outbox) in self.list.iter_mut().zip(outboxes) {
            if let Some(device) = device {
                device.prepare(span, outbox);
            }
        }
    }

    pub fn get(&self, node: usize) -> Option<&Device> {
        self.list.get(node).and_then(Option::as_ref)
    }

    /// What a device sent in `step`, for its connection number `connection`.
    #[inline(always)]
    pub fn value(&self, node: usize, i: usize, connection: usize, step: i64) -> f64 {
        match self.get(node).filter(|_| step >= BEFORE_FIRST) {
            Some(device) if device.sending == Sending::Draws => device.draws[i].at(step, connection),
            Some(device) => device.sent(step)[i],
            None => 0.0,
        }
    }

    /// The same of all devices of a node, added up; for generators that send all targets the same.
    pub fn total(&self, node: usize, step: i64) -> f64 {
        self.get(node).filter(|_| step >= BEFORE_FIRST).map_or(0.0, |device| device.sent(step).iter().sum())
    }

    /// What a multimeter reads of a device in `step`: the quantity at this place among those of the model.
    pub fn sampled(&self, node: usize, i: usize, quantity: usize, step: i64) -> f64 {
        let of = |device: &Device| device.sampled.at(step)[i * device.quantities + quantity];
        self.get(node).filter(|_| step >= BEFORE_FIRST).map_or(0.0, of)
    }
}
