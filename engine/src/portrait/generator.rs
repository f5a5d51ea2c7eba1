//! What a generator sends: its current or its rate over time, or a sample of its trains.

use std::collections::BTreeMap;

use super::{PIECE, Trace};
use crate::description::{DefaultValue, NodeId, Schedule, Signal, Value};
use crate::models::{self, Model};
use crate::network::{Connection, Error, Network, Run};
use crate::project::Node;

/// More devices of a node are not made; so many of them are shown.
const MOST_DEVICES: usize = 1000;
const SHOWN: usize = 8;
/// Targets whose trains are drawn, for the rate that all of them have: so many where a step brings no more spikes than that.
const TARGETS: [(usize, f64); 3] = [(64, 100.0), (8, 1e4), (1, 1e5)];
/// Where nothing changes with time, a current is shown for so long, and trains, until there are so many spikes in each, ms.
const CURRENT: f64 = 200.0;
const SPIKES: f64 = 1000.0;
const ENOUGH: usize = 40;
/// So much of a schedule is shown beyond its last time, and so much time in all, ms.
const BEYOND: f64 = 1.15;
const LEAST: f64 = 20.0;
const MOST: f64 = 20_000.0;
/// More spikes of all targets are not drawn, more samples of a device not taken.
const MOST_SPIKES: usize = 200_000;
const MOST_SAMPLES: f64 = 8000.0;
/// The rate of all trains is told in so many bins, where there are so many spikes.
const BINS: f64 = 50.0;
const FEWEST_SPIKES: usize = 100;
/// What generators are given that receive spikes, spikes/s, and the delay of all that leads to neurons, ms.
const GIVEN: f64 = 50.0;
const LEAD: f64 = 1.0;

/// The generator whose portrait is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedGenerator {
    pub model: &'static Model,
    /// Parameters that differ from the defaults, as a node has them.
    pub params: BTreeMap<String, Value>,
    /// Number of devices.
    pub n: usize,
    /// The step of the time grid, ms.
    pub resolution: f64,
}

/// What a generator sends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GeneratorPortrait {
    /// All of the time that is shown, ms.
    pub duration: f64,
    /// The current or rate of its devices; one where they do not differ.
    pub courses: Vec<Trace>,
    /// The spikes that it was given, ms, of a generator that receives some.
    pub received: Option<Vec<f64>>,
    /// Times of spikes, ms: of some targets, or of some devices; one train where they do not differ, none where there are too
    /// many to be drawn.
    pub trains: Vec<Vec<f64>>,
    /// Spikes per second of one train.
    pub mean_rate: f64,
    /// The same as it changes with time, where there are enough spikes to tell and no course does.
    pub rate: Option<Rates>,
}

/// Rates in bins of equal width, from time 0 on.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// Width of a bin, ms.
    pub bin: f64,
    /// Spikes/s.
    pub values: Vec<f64>,
}

/// How long is shown, ms, and whether all of that has to be seen.
struct Horizon {
    time: f64,
    whole: bool,
}

impl AskedGenerator {
    /// A model as a new node has it, on a grid of 0.1 ms.
    pub fn new(model: &'static Model) -> AskedGenerator {
        let params = model.starts().map(|(parameter, value)| (parameter.name.to_owned(), value)).collect();
        AskedGenerator { model, params, n: 1, resolution: 0.1 }
    }

    fn on_grid(&self, t: f64) -> f64 {
        (t / self.resolution).round().max(1.0) * self.resolution
    }

    /// A node with these parameters.
    fn node(&self) -> Node {
        Node { params: self.params.clone(), n: self.n, ..Node::new(NodeId(0), "", self.model) }
    }

    fn horizon(&self) -> Horizon {
        let node = self.node();
        let facts = &self.model.facts;
        let listed = match facts.schedule {
            Schedule::Events { times, .. } | Schedule::Steps { times, .. } => last(node.value(times)),
            Schedule::Nothing => None,
        };
        let unfolds = listed.or_else(|| (facts.unfolds)(&node)).filter(|time| time.is_finite() && *time > 0.0);
        // Only what is the same for all devices is looked at.
        let [origin, start, stop] = ["origin", "start", "stop"].map(|name| node.real(name));
        let begin = (origin + start).max(0.0);
        let shown = unfolds.map(|time| origin.max(0.0) + BEYOND * time);
        let mut time = shown.unwrap_or(begin + if self.model.emits(Signal::Spikes) { SPIKES } else { CURRENT });
        let end = BEYOND * (origin + stop);
        let ends = end > begin && end < time;
        if ends {
            time = end;
        }
        let time = if time.is_finite() { two_digits(time.clamp(LEAST, MOST)) } else { MOST };
        Horizon { time: self.on_grid(time), whole: shown.is_some() || ends }
    }

    /// The value of a parameter for the first `n` of its devices.
    fn of_first(&self, name: &str, value: &Value, n: usize) -> Value {
        let each = n < self.n && self.model.parameter(name).is_some_and(|p| !p.is_list());
        match value {
            Value::List(values) if each => Value::List(values[..n.min(values.len())].to_vec()),
            Value::Flags(flags) if each => Value::Flags(flags[..n.min(flags.len())].to_vec()),
            Value::Range(range) if each => Value::List((0..n).map(|i| range.at(i, self.n)).collect()),
            Value::Lists(lists) if n < self.n => Value::Lists(lists[..n.min(lists.len())].to_vec()),
            value => value.clone(),
        }
    }

    /// How many targets can be given trains.
    fn targets(&self) -> usize {
        let node = self.node();
        let value = |name: &str| node.value(name).map_or(0.0, |value| largest(&value));
        let is_rate = |unit: &str| unit == "spikes/s" || unit == "Hz";
        let rates = self.model.parameters().filter(|p| is_rate(p.unit)).map(|p| value(p.name)).reduce(f64::max);
        // What is counted, processes or spikes at a time, at most all multiplies.
        let counts = self
            .model
            .parameters()
            .filter(|p| matches!(p.default, DefaultValue::Integer(_) | DefaultValue::Integers(_)));
        let counted: f64 = counts.map(|p| value(p.name).max(1.0)).product();
        let in_a_step = counted * rates.map_or(1.0, |rate| rate * self.resolution / 1000.0);
        TARGETS.into_iter().find(|(_, most)| in_a_step <= *most).map_or(0, |(targets, _)| targets)
    }

    /// Runs until all is seen that is to be seen; `None` where that was given up.
    fn run(
        &self,
        mut run: Run,
        (end, whole): (f64, bool),
        spikes: Option<(NodeId, usize)>,
        go_on: &dyn Fn() -> bool,
    ) -> Option<Run> {
        let mut piece = LEAD;
        while run.time() < end - 0.5 * self.resolution {
            if !go_on() {
                return None;
            }
            // What floods its targets is shown as far as they bore it.
            if run.simulate(piece.min(end - run.time()).max(self.resolution)).is_err() {
                break;
            }
            if let Some((recorder, targets)) = spikes
                && let Ok(spikes) = run.spikes(recorder)
                && (spikes.times.len() > MOST_SPIKES || !whole && spikes.times.len() > ENOUGH * targets)
            {
                break;
            }
            piece = (2.0 * piece).min(PIECE);
        }
        Some(run)
    }
}

/// The largest number of a value, about; nothing else than numbers counts.
fn largest(value: &Value) -> f64 {
    match value {
        Value::List(list) => list.iter().copied().fold(0.0, f64::max),
        Value::Lists(lists) => lists.iter().flatten().copied().fold(0.0, f64::max),
        Value::Range(range) => range.from.max(range.to),
        value => value.typical(),
    }
}

/// The last of these times.
fn last(times: Option<Value>) -> Option<f64> {
    match times? {
        Value::List(times) => times.into_iter().reduce(f64::max),
        Value::Lists(devices) => devices.into_iter().flatten().reduce(f64::max),
        _ => None,
    }
}

/// Rounded up to two digits.
fn two_digits(x: f64) -> f64 {
    let text = format!("{x:.1e}");
    let unit = text.split_once('e').and_then(|(_, power)| format!("1e{power}").parse::<f64>().ok()).unwrap_or(x) / 10.0;
    let rounded = (x / unit - 1e-9).ceil() * unit;
    format!("{rounded:.1e}").parse().unwrap_or(x)
}

/// One of several that are alike.
fn distinct<T: PartialEq>(mut all: Vec<T>) -> Vec<T> {
    if all.windows(2).all(|pair| pair[0] == pair[1]) {
        all.truncate(1);
    }
    all
}

impl GeneratorPortrait {
    /// Draws the portrait; `None` where `go_on` denied.
    ///
    /// # Errors
    /// As the problems of a network with this node, where the parameters cannot run.
    pub fn try_of(asked: &AskedGenerator, go_on: &dyn Fn() -> bool) -> Result<Option<GeneratorPortrait>, Error> {
        let (model, n) = (asked.model, asked.n.clamp(1, MOST_DEVICES));
        let shown = n.min(SHOWN);
        let Horizon { time, whole } = asked.horizon();
        let mut network = Network::new();
        network.resolution(asked.resolution).threads(1);
        let devices = network.create(model.name, n)?;
        for (name, value) in &asked.params {
            network.set(devices, name, asked.of_first(name, value, n))?;
        }
        let lead = asked.on_grid(LEAD);
        let some = |i: usize| (i as u32, i as u32);
        if model.emits(Signal::Currents) {
            // Random currents are drawn for targets alone. These take no notice.
            let targets = network.create(models::iaf_psc_alpha::MODEL.name, shown)?;
            network.connect(devices, targets, Connection::pairs((0..shown).map(some)).weight(0.0).delay(lead))?;
        }
        let quantity = model.recordables.first();
        let mut meter = None;
        if let Some(quantity) = quantity {
            let interval = (time / asked.resolution / MOST_SAMPLES).ceil().max(1.0) * asked.resolution;
            let sampler = network.create(models::MULTIMETER.name, 1)?;
            network.set(sampler, "record_from", [quantity.name])?;
            network.set(sampler, "interval", interval)?;
            network.connect(sampler, devices, Connection::pairs((0..shown).map(|i| (0, i as u32))))?;
            meter = Some(sampler);
        }
        let (mut spikes, mut given) = (None, None);
        let recorded = |network: &mut Network, cells: NodeId| {
            let recorder = network.create(models::SPIKE_RECORDER.name, 1)?;
            network.connect(cells, recorder, Connection::all_to_all())?;
            Ok::<NodeId, Error>(recorder)
        };
        let n_targets = if model.emits(Signal::Spikes) { asked.targets() } else { 0 };
        if n_targets > 0 {
            let targets = network.create(models::parrot_neuron::PRECISE.name, n_targets)?;
            let pairs = (0..n_targets).map(|i| ((i % shown) as u32, i as u32));
            network.connect(devices, targets, Connection::pairs(pairs).delay(lead))?;
            spikes = Some((targets, recorded(&mut network, targets)?));
        }
        if model.takes(Signal::Spikes) {
            let source = network.create(models::POISSON_GENERATOR.name, 1)?;
            network.set(source, "rate", GIVEN)?;
            let cells = network.create(models::PARROT_NEURON.name, 1)?;
            network.connect(source, cells, Connection::all_to_all().delay(lead))?;
            network.connect(cells, devices, Connection::all_to_all().delay(lead))?;
            given = Some((cells, recorded(&mut network, cells)?));
        }
        let end = if spikes.is_some() { time + lead } else { time };
        let recorder = spikes.map(|(_, recorder)| (recorder, n_targets));
        let Some(run) = asked.run(network.build()?, (end, whole), recorder, go_on) else { return Ok(None) };
        let duration = if spikes.is_some() { (run.time() - lead).max(asked.resolution) } else { time };
        let mut portrait = GeneratorPortrait { duration, ..GeneratorPortrait::default() };
        if let (Some(quantity), Some(meter)) = (quantity, meter) {
            let samples = run.samples(meter, quantity.name)?;
            let of = |i: usize| {
                let (times, values) = (samples.times.to_vec(), samples.of(devices, i));
                Trace { quantity: quantity.name, unit: quantity.unit, times, values }
            };
            portrait.courses = distinct((0..shown).map(of).collect());
        }
        if let Some((cells, recorder)) = given {
            let train = run.spikes(recorder)?.train_of(cells, 0);
            portrait.received = Some(train.iter().map(|t| t + lead).filter(|t| *t <= duration).collect());
        }
        if let Some((targets, recorder)) = spikes {
            let trains = trains(&run, (targets, n_targets), recorder, lead)?;
            portrait.take_trains(asked, trains, shown);
        }
        Ok(Some(portrait))
    }

    /// Takes the trains of all targets: some to be shown, all of them for the rate.
    fn take_trains(&mut self, asked: &AskedGenerator, mut trains: Vec<Vec<f64>>, devices: usize) {
        let end = self.duration + 1e-6;
        trains.iter_mut().for_each(|train| train.retain(|t| *t <= end));
        let count: usize = trains.iter().map(Vec::len).sum();
        self.mean_rate = 1000.0 * count as f64 / (trains.len() as f64 * self.duration);
        let alike = trains.windows(2).all(|pair| pair[0] == pair[1]);
        let counted = if alike { &trains[..1] } else { &trains[..] };
        if self.courses.is_empty() && counted.iter().map(Vec::len).sum::<usize>() >= FEWEST_SPIKES {
            self.rate = Some(Rates::of(counted, self.duration, asked.resolution));
        }
        trains.truncate(if devices > 1 { devices } else { SHOWN });
        self.trains = distinct(trains);
    }
}

impl Rates {
    /// The mean rate of trains in bins that are whole steps wide.
    fn of(trains: &[Vec<f64>], duration: f64, h: f64) -> Rates {
        let bin = (duration / BINS / h - 1e-9).ceil().max(1.0) * h;
        let n = (duration / bin - 1e-9).ceil().max(1.0) as usize;
        let mut counts = vec![0u32; n];
        for t in trains.iter().flatten() {
            // A spike on the grid stands at the end of its step.
            counts[(((t - 0.5 * h) / bin).max(0.0) as usize).min(n - 1)] += 1;
        }
        let rate = |(i, count): (usize, &u32)| {
            let width = bin.min(duration - i as f64 * bin);
            1000.0 * f64::from(*count) / (trains.len() as f64 * width)
        };
        Rates { bin, values: counts.iter().enumerate().map(rate).collect() }
    }
}

/// The spikes of each target at the time when they were sent.
fn trains(run: &Run, (targets, n): (NodeId, usize), recorder: NodeId, lead: f64) -> Result<Vec<Vec<f64>>, Error> {
    let spikes = run.spikes(recorder)?;
    let first = run.recordings().plan.members_of(targets).map_or(0, |members| members.first);
    let mut trains = vec![Vec::new(); n];
    for (time, sender) in spikes.times.iter().zip(spikes.senders) {
        if let Some(train) = sender.checked_sub(first).and_then(|i| trains.get_mut(i as usize)) {
            train.push(time - lead);
        }
    }
    Ok(trains)
}
