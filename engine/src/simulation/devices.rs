//! Generators: what each of them sends in every step.
//!
//! Windows, stamps and rounding follow NEST: a step (t, t + h] has the stamp t + h; currents are on
//! for start ≤ stamp < stop, listed spikes for start < stamp ≤ stop, Poisson spikes for
//! start + h < stamp ≤ stop + h.

use std::collections::VecDeque;

use super::chunk::{Outbox, Span};
use super::inputs::Event;
use super::table::Table;
use crate::mechanisms::random::{Purpose, Stream};
use crate::mechanisms::time::{FAR, Grid};
use crate::value::Value;

/// The active window in steps, counted from time 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    pub start: i64,
    pub stop: i64,
}

impl Window {
    pub fn of(table: &Table, grid: Grid) -> Window {
        let origin = grid.on_grid(table.real("origin", 0)).unwrap_or(0);
        let at = |name: &str| origin + grid.on_grid(table.real(name, 0)).unwrap_or(0);
        Window { start: at("start"), stop: at("stop") }
    }
    /// Recorders and listed times: start < stamp ≤ stop.
    pub fn holds(self, stamp: i64) -> bool {
        self.start < stamp && stamp <= self.stop
    }
    /// Currents: start ≤ stamp < stop.
    fn holds_current(self, stamp: i64) -> bool {
        self.start <= stamp && stamp < self.stop
    }
    /// Poisson spikes: one step later than listed ones.
    fn holds_poisson(self, stamp: i64) -> bool {
        self.holds(stamp - 1)
    }
}

/// Listed spikes of one device: stamps ascend.
#[derive(Clone, Default)]
struct Train {
    stamps: Vec<i64>,
    offsets: Vec<f64>,
    weights: Vec<f64>,
    multiplicities: Vec<u32>,
    next: usize,
    /// As the user reads it back, after rounding.
    times: Vec<f64>,
}

/// A current that changes at listed times.
#[derive(Clone, Default)]
struct Staircase {
    stamps: Vec<i64>,
    values: Vec<f64>,
    next: usize,
    present: f64,
}

/// Gaussian current, drawn anew for each target every `dt`.
#[derive(Clone)]
struct Noise {
    stream: Stream,
    next: i64,
    /// Oscillator of the modulation; it stands still while the generator is inactive.
    oscillator: (f64, f64),
    /// Number of the latest draw, and all draws that targets may still read.
    latest: u64,
    draws: VecDeque<Vec<f64>>,
    /// For each step of the history, the number of the draw that is sent; 0 while inactive.
    sent: Vec<u64>,
}

#[derive(Clone)]
enum Kind {
    /// Mean counts a step with the stamp from which each is valid.
    Poisson {
        history: Vec<(i64, Vec<f64>, Window)>,
    },
    Spikes(Vec<Train>),
    Direct,
    Sine,
    Staircase(Vec<Staircase>),
    Noise(Vec<Noise>),
}

/// One generator node.
#[derive(Clone)]
pub struct Device {
    kind: Kind,
    n: usize,
    window: Window,
    pub muted: bool,
    /// Connections of each of its devices to neurons; sets how many noise currents are drawn.
    pub connections: Vec<u32>,
    /// The longest delay with which its currents are read, in steps.
    pub longest_delay: usize,
    /// Currents by step and device, as a ring of `history` steps.
    currents: Vec<f64>,
    history: usize,
    table: Table,
    grid: Grid,
}

/// All generators, by the index of their node; `None` for other nodes.
#[derive(Clone, Default)]
pub struct Devices {
    pub list: Vec<Option<Device>>,
}

impl Device {
    /// A generator of `model`. Values have been validated.
    pub fn new(
        model: &str,
        table: &Table,
        params: &dyn Fn(&str, usize) -> Option<Value>,
        n: usize,
        grid: Grid,
        seed: u64,
        node: u64,
    ) -> Device {
        let kind = match model {
            "poisson_generator" => Kind::Poisson { history: Vec::new() },
            "spike_generator" => Kind::Spikes((0..n).map(|_| Train::default()).collect()),
            "ac_generator" => Kind::Sine,
            "step_current_generator" | "step_rate_generator" => {
                Kind::Staircase((0..n).map(|_| Staircase::default()).collect())
            }
            "noise_generator" => Kind::Noise(
                (0..n)
                    .map(|i| Noise {
                        stream: Stream::of(seed, Purpose::Noise, node, i as u64),
                        next: 0,
                        oscillator: (0.0, 0.0),
                        latest: 0,
                        draws: VecDeque::new(),
                        sent: Vec::new(),
                    })
                    .collect(),
            ),
            _ => Kind::Direct,
        };
        let mut device = Device {
            kind,
            n,
            window: Window::of(table, grid),
            muted: false,
            connections: vec![0; n],
            longest_delay: 1,
            currents: Vec::new(),
            history: 0,
            table: table.clone(),
            grid,
        };
        device.set(table, params, &["rate", "spike_times", "amplitude_times"], 0);
        device
    }

    /// Room for what targets with delays up to `steps` read back.
    pub fn keep_history(&mut self, steps: usize) {
        self.history = (steps + 2 * super::chunk::LONGEST_SPAN + 2).next_power_of_two();
        self.currents = vec![0.0; self.history * self.n];
        if let Kind::Noise(noises) = &mut self.kind {
            for noise in noises {
                noise.sent = vec![0; self.history];
            }
        }
    }

    /// Takes over changed parameters at step `now`; `names` are those that were set.
    pub fn set(&mut self, table: &Table, params: &dyn Fn(&str, usize) -> Option<Value>, names: &[&str], now: i64) {
        self.table = table.clone();
        self.window = Window::of(table, self.grid);
        let (grid, window, n) = (self.grid, self.window, self.n);
        let any = |these: &[&str]| these.iter().any(|x| names.contains(x));
        match &mut self.kind {
            Kind::Poisson { history } => {
                let means = (0..n).map(|i| table.real("rate", i) * grid.h() / 1000.0).collect();
                // A value set at time 0 counts from the beginning.
                let from = if history.is_empty() { -FAR } else { now + 1 };
                history.retain(|(at, ..)| *at != from);
                history.push((from, means, window));
                let old = history.len().saturating_sub(64);
                history.drain(..old);
            }
            Kind::Spikes(trains) => {
                if any(&["spike_times", "spike_weights", "spike_multiplicities", "origin"]) {
                    for (i, train) in trains.iter_mut().enumerate() {
                        *train = Train::read(table, params, i, grid, now);
                    }
                }
            }
            Kind::Staircase(stairs) => {
                if any(&["amplitude_times", "amplitude_values"]) {
                    for (i, stair) in stairs.iter_mut().enumerate() {
                        let list = |name| list_of(params(name, i));
                        stair.stamps = list("amplitude_times").iter().map(|t| grid.at_or_after(*t)).collect();
                        stair.values = list("amplitude_values");
                        stair.next = 0;
                    }
                }
            }
            Kind::Direct | Kind::Sine | Kind::Noise(_) => {}
        }
    }

    /// A run begins at step `now`: oscillators take the phase of absolute time.
    pub fn begin_run(&mut self, now: i64) {
        let t = self.grid.ms(now);
        for i in 0..self.n {
            let angle = self.angle(i, t);
            if let Kind::Noise(noises) = &mut self.kind {
                noises[i].oscillator = (angle.cos(), angle.sin());
            }
        }
    }

    /// ω t + φ of device `i` at time `t` ms.
    fn angle(&self, i: usize, t: f64) -> f64 {
        self.table.real("frequency", i) / 1000.0 * std::f64::consts::TAU * t + self.table.real("phase", i).to_radians()
    }

    /// Works out what is sent during the span.
    fn prepare(&mut self, span: &Span, outbox: &mut Outbox) {
        if self.muted {
            self.skip(span);
            return;
        }
        match &mut self.kind {
            Kind::Poisson { .. } => {}
            Kind::Spikes(trains) => {
                for (source, train) in trains.iter_mut().enumerate() {
                    train.send(source as u32, span, self.window, outbox);
                }
            }
            Kind::Direct | Kind::Sine | Kind::Staircase(_) => {
                for step in span.first..span.first + span.n as i64 {
                    for i in 0..self.n {
                        let current = self.current_of(i, step);
                        let place = self.place(step) * self.n + i;
                        self.currents[place] = current;
                    }
                }
            }
            Kind::Noise(_) => {
                for step in span.first..span.first + span.n as i64 {
                    for i in 0..self.n {
                        self.draw_noise(i, step);
                    }
                }
            }
        }
    }

    /// Silence during the span.
    fn skip(&mut self, span: &Span) {
        for step in span.first..span.first + span.n as i64 {
            let place = self.place(step);
            for i in 0..self.n {
                if let Some(current) = self.currents.get_mut(place * self.n + i) {
                    *current = 0.0;
                }
                if let Kind::Noise(noises) = &mut self.kind {
                    noises[i].sent[place] = 0;
                }
            }
        }
        if let Kind::Spikes(trains) = &mut self.kind {
            for train in trains {
                train.pass(span.first + span.n as i64);
            }
        }
    }

    fn place(&self, step: i64) -> usize {
        step as usize & (self.history - 1)
    }

    /// Current of a direct, sine or stepwise generator in a step.
    fn current_of(&mut self, i: usize, step: i64) -> f64 {
        let stamp = step + 1;
        let active = self.window.holds_current(stamp);
        match &mut self.kind {
            Kind::Staircase(stairs) => {
                // The amplitude is followed while inactive, too.
                let stair = &mut stairs[i];
                while stair.next < stair.stamps.len() && stair.stamps[stair.next] < stamp {
                    stair.next += 1;
                }
                if stair.next < stair.stamps.len() && stair.stamps[stair.next] == stamp {
                    stair.present = stair.values.get(stair.next).copied().unwrap_or(0.0);
                    stair.next += 1;
                }
                if active { stair.present } else { 0.0 }
            }
            _ if !active => 0.0,
            Kind::Sine => {
                let angle = self.angle(i, self.grid.ms(stamp));
                self.table.real("offset", i) + self.table.real("amplitude", i) * angle.sin()
            }
            _ => self.table.real("amplitude", i),
        }
    }

    fn draw_noise(&mut self, i: usize, step: i64) {
        let real = |name: &str| self.table.real(name, i);
        let (mean, std, std_mod) = (real("mean"), real("std"), real("std_mod"));
        let turn = real("frequency") / 1000.0 * std::f64::consts::TAU * self.grid.h();
        // The default of 1 ms is 10 steps where it does not lie on the grid.
        let every = self.grid.on_grid(real("dt")).unwrap_or(10).max(1);
        let active = self.window.holds_current(step + 1);
        let place = self.place(step);
        let keep = self.history as u64 + 2;
        let targets = self.connections[i] as usize;
        let Kind::Noise(noises) = &mut self.kind else { return };
        let noise = &mut noises[i];
        if !active {
            noise.sent[place] = 0;
            self.currents[place * self.n + i] = 0.0;
            return;
        }
        if std_mod != 0.0 {
            let (x, y) = noise.oscillator;
            let (sin, cos) = turn.sin_cos();
            noise.oscillator = (x * cos - y * sin, y * cos + x * sin);
        }
        if step >= noise.next {
            let spread = (std * std + noise.oscillator.1 * std_mod * std_mod).max(0.0).sqrt();
            let draw: Vec<f64> = (0..targets).map(|_| mean + spread * noise.stream.normal()).collect();
            noise.latest += 1;
            noise.draws.push_back(draw);
            while noise.draws.len() as u64 > keep.min(noise.latest) {
                noise.draws.pop_front();
            }
            noise.next = step + every;
        }
        noise.sent[place] = noise.latest;
        let latest = noise.draws.back();
        let average = latest.map_or(0.0, |d| if d.is_empty() { 0.0 } else { d.iter().sum::<f64>() / d.len() as f64 });
        self.currents[place * self.n + i] = average;
    }

    /// What the user reads back after rounding, for parameters that are rounded.
    pub fn read_back(&self, name: &str, i: usize) -> Option<Value> {
        match &self.kind {
            Kind::Spikes(trains) if name == "spike_times" => Some(Value::List(trains.get(i)?.times.clone())),
            _ => None,
        }
    }
}

impl Train {
    fn read(table: &Table, params: &dyn Fn(&str, usize) -> Option<Value>, i: usize, grid: Grid, now: i64) -> Train {
        let flag = |name: &str| table.real(name, i) != 0.0;
        let origin = grid.on_grid(table.real("origin", 0)).unwrap_or(0);
        let precise = flag("precise_times");
        let mut train = Train::default();
        for t in list_of(params("spike_times", i)) {
            let mut stamp = grid.at_or_after(t);
            let mut offset = if precise { grid.ms(stamp) - t } else { 0.0 };
            if offset < 4.0 * f64::EPSILON * t.abs() {
                offset = 0.0;
            }
            if flag("shift_now_spikes") && origin + stamp == now {
                stamp += 1;
            }
            train.stamps.push(origin + stamp);
            train.offsets.push(offset);
            train.times.push(if precise { t } else { grid.ms(stamp) });
        }
        train.weights = list_of(params("spike_weights", i));
        train.multiplicities = list_of(params("spike_multiplicities", i)).iter().map(|m| m.max(0.0) as u32).collect();
        train
    }

    fn pass(&mut self, until: i64) {
        while self.next < self.stamps.len() && self.stamps[self.next] <= until {
            self.next += 1;
        }
    }

    fn send(&mut self, source: u32, span: &Span, window: Window, outbox: &mut Outbox) {
        let end = span.first + span.n as i64;
        while self.next < self.stamps.len() && self.stamps[self.next] <= end {
            let (i, stamp) = (self.next, self.stamps[self.next]);
            self.next += 1;
            if stamp <= span.first || !window.holds(stamp) {
                continue;
            }
            let event = Event {
                source,
                multiplicity: self.multiplicities.get(i).copied().unwrap_or(1),
                factor: self.weights.get(i).copied().unwrap_or(1.0),
                offset: self.offsets[i],
            };
            outbox.events[span.offset + (stamp - span.first - 1) as usize].push(event);
        }
    }
}

fn list_of(value: Option<Value>) -> Vec<f64> {
    match value {
        Some(Value::List(xs)) => xs,
        _ => Vec::new(),
    }
}

impl Devices {
    pub fn prepare(&mut self, span: &Span, outboxes: &mut [Outbox]) {
        for (device, outbox) in self.list.iter_mut().zip(outboxes) {
            if let Some(device) = device {
                device.prepare(span, outbox);
            }
        }
    }

    fn get(&self, node: usize) -> Option<&Device> {
        self.list.get(node).and_then(Option::as_ref)
    }

    /// Mean count of spikes with this stamp from one Poisson device.
    pub fn poisson_mean(&self, node: usize, device: usize, stamp: i64) -> f64 {
        let Some((means, window)) = self.poisson_at(node, stamp) else { return 0.0 };
        if window.holds_poisson(stamp) { means.get(device).copied().unwrap_or(0.0) } else { 0.0 }
    }

    /// The same, summed over all devices of the node.
    pub fn poisson_total(&self, node: usize, stamp: i64) -> f64 {
        let Some((means, window)) = self.poisson_at(node, stamp) else { return 0.0 };
        if window.holds_poisson(stamp) { means.iter().sum() } else { 0.0 }
    }

    fn poisson_at(&self, node: usize, stamp: i64) -> Option<(&[f64], Window)> {
        let device = self.get(node).filter(|d| !d.muted)?;
        let Kind::Poisson { history } = &device.kind else { return None };
        let entry = history.iter().rev().find(|(from, ..)| *from <= stamp).or(history.first())?;
        Some((&entry.1, entry.2))
    }

    /// Rate that generator `i` of a node sends in `step`.
    pub fn rate(&self, node: usize, i: usize, step: i64) -> f64 {
        self.get(node).map_or(0.0, |device| device.currents[device.place(step) * device.n + i])
    }

    /// Current that device `i` of a node sent in `step`, for its connection number `connection`.
    pub fn current(&self, node: usize, i: usize, connection: usize, step: i64) -> f64 {
        let Some(device) = self.get(node).filter(|_| step >= 0) else { return 0.0 };
        let place = device.place(step);
        match &device.kind {
            Kind::Noise(noises) => {
                let noise = &noises[i];
                let sent = noise.sent[place];
                if sent == 0 {
                    return 0.0;
                }
                let behind = (noise.latest - sent) as usize;
                let draw = noise.draws.len().checked_sub(1 + behind).and_then(|d| noise.draws.get(d));
                draw.and_then(|d| d.get(connection)).copied().unwrap_or(0.0)
            }
            _ => device.currents[place * device.n + i],
        }
    }

    /// Currents of all devices of a node in `step`, added up.
    pub fn current_total(&self, node: usize, step: i64) -> f64 {
        let Some(device) = self.get(node).filter(|_| step >= 0) else { return 0.0 };
        let place = device.place(step);
        device.currents[place * device.n..][..device.n].iter().sum()
    }

    /// The recordable `I` of a device in `step`: noise is averaged over targets.
    pub fn recorded_current(&self, node: usize, i: usize, step: i64) -> f64 {
        let Some(device) = self.get(node).filter(|_| step >= 0) else { return 0.0 };
        device.currents[device.place(step) * device.n + i]
    }
}
