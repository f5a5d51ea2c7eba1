//! Steady stimuli of many strengths, and single spikes.

use std::f64::consts::LN_10;

use super::cells::{Cells, Dish, Seen};
use super::{Answer, Curve, Response, Stimulus, Trace, port_for};
use crate::description::{Port, ProjectionId, Signal, Value};
use crate::math;
use crate::models;
use crate::network::{Connection, Error, Snapshot};

/// Neurons side by side in a curve.
const POINTS: usize = 24;
/// Strengths are looked for from these powers of ten on, up to the next, in so many steps.
const DECADES: [f64; 8] = [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
const STRENGTHS: u32 = 4;
/// The strength of a current that is shown to who answers none by spikes, pA.
const UNANSWERED: f64 = 100.0;
/// How long strengths are looked for, and how long those of the curve act, ms.
const SEARCH: f64 = 200.0;
const STEADY: f64 = 400.0;
/// What is counted begins after this time, ms.
const SETTLED: f64 = 100.0;
/// The stimulus of the answer, and all that is shown of it, ms.
const DURING: [f64; 2] = [50.0, 250.0];
const SHOWN: f64 = 350.0;
/// A single spike is sent after a neuron has come to rest, and its effect is watched for so long, ms.
const REST: f64 = 200.0;
const WATCHED: f64 = 100.0;
/// The size of the effect of a spike that is shown, in the unit of the quantity.
const EFFECT: f64 = 1.0;
/// More ports are not shown.
const MOST_PORTS: usize = 8;

/// How a neuron is stimulated.
#[derive(Clone, Copy)]
pub(super) enum Drive {
    /// By a current, pA.
    Current(&'static Port),
    /// By a rate shown to a rate neuron.
    Rate(&'static Port),
    /// By spikes at regular intervals, per second, for whoever repeats them.
    Spikes(&'static Port),
}

/// The strengths between which a neuron begins to answer: none yet at the first, and certainly at the second.
pub(super) type Range = (f64, f64);

impl Drive {
    pub fn of(cells: &Cells<'_>) -> Option<Drive> {
        let model = cells.model;
        if let Some(port) = port_for(model, Signal::Rate).filter(|_| model.emits(Signal::Rate)) {
            return Some(Drive::Rate(port));
        }
        if let Some(port) = port_for(model, Signal::Currents) {
            return Some(Drive::Current(port));
        }
        port_for(model, Signal::Spikes).filter(|port| port.weightless).map(Drive::Spikes)
    }

    fn stimulus(self) -> Stimulus {
        match self {
            // Weight 1 counts a pA as one of the unit that the neuron has for currents.
            Drive::Current(port) => Stimulus { name: "Current", unit: port.unit.strip_suffix("/pA").unwrap_or("pA") },
            Drive::Rate(_) => Stimulus { name: "Input rate", unit: "" },
            Drive::Spikes(_) => Stimulus { name: "Input spikes", unit: "spikes/s" },
        }
    }

    /// Gives every neuron of a dish its own strength from one time to another.
    fn stimulate(self, cells: &Cells<'_>, dish: &mut Dish, strengths: &[f64], during: [f64; 2]) -> Result<(), Error> {
        let h = cells.resolution;
        let on_grid = |t: f64| (t / h).round().max(1.0) * h;
        let [from, to] = during.map(on_grid);
        let steps = |network: &mut crate::network::Network, model, port: &Port, target| {
            let generator = network.create(model, strengths.len())?;
            network.set(generator, "amplitude_times", vec![vec![from, to]; strengths.len()])?;
            let values: Vec<Vec<f64>> = strengths.iter().map(|x| vec![*x, 0.0]).collect();
            network.set(generator, "amplitude_values", values)?;
            network.connect(generator, target, Connection::one_to_one().receptor(port.number))
        };
        match self {
            Drive::Current(port) if models::wire(&models::STEP_CURRENT_GENERATOR, cells.model).is_err() => {
                // Binary neurons take currents from generators of noise alone; one without noise sends a steady current.
                let generator = dish.network.create(models::NOISE_GENERATOR.name, strengths.len())?;
                dish.network.set(generator, "mean", strengths.to_vec())?;
                dish.network.set(generator, "start", from)?;
                dish.network.set(generator, "stop", to)?;
                dish.network.connect(generator, dish.cells, Connection::one_to_one().receptor(port.number))?
            }
            Drive::Current(port) => steps(&mut dish.network, models::STEP_CURRENT_GENERATOR.name, port, dish.cells)?,
            Drive::Rate(port) => steps(&mut dish.network, models::STEP_RATE_GENERATOR.name, port, dish.cells)?,
            Drive::Spikes(port) => {
                let trains: Vec<Vec<f64>> = strengths
                    .iter()
                    .map(|rate| {
                        let n = ((to - from) * rate / 1000.0).floor().max(0.0) as usize;
                        (0..n).map(|i| on_grid(from + i as f64 * 1000.0 / rate)).collect()
                    })
                    .collect();
                let generator = dish.network.create(models::SPIKE_GENERATOR.name, strengths.len())?;
                dish.network.set(generator, "spike_times", trains)?;
                let connection = Connection::one_to_one().receptor(port.number).delay(h.max(1.0));
                dish.network.connect(generator, dish.cells, connection)?
            }
        };
        Ok(())
    }

    /// Looks for the strengths between which the neuron begins to fire.
    pub fn range(self, cells: &Cells<'_>) -> Result<Option<Range>, Error> {
        match self {
            Drive::Rate(_) => return Ok(Some((-5.0, 5.0))),
            Drive::Spikes(_) => return Ok(Some((0.0, 100.0))),
            Drive::Current(_) => {}
        }
        // From weak to strong, so that no neuron is driven harder than it takes to make it fire.
        let mut silent = 0.0;
        for decade in DECADES {
            let strengths: Vec<f64> = std::iter::once(0.0)
                .chain((1..=STRENGTHS).map(|i| math::exp(LN_10 * (decade + f64::from(i) / f64::from(STRENGTHS)))))
                .collect();
            let mut dish = cells.dish(strengths.len(), false)?;
            self.stimulate(cells, &mut dish, &strengths, [cells.resolution, 2.0 * SEARCH])?;
            let seen = match cells.watch(dish, SEARCH) {
                Ok(Some(seen)) => seen,
                Ok(None) => return Ok(None),
                // More than it can bear: what it bore shows what it does.
                Err(Error::Stopped(_)) => break,
                Err(e) => return Err(e),
            };
            let counts: Vec<usize> = (0..strengths.len()).map(|i| seen.train(i).len()).collect();
            // Of a neuron that fires by itself: what makes a difference.
            let answers = |i: &usize| counts[*i] > counts[0] + counts[0] / 2 && counts[*i] > 1;
            if let Some(first) = (1..strengths.len()).find(answers) {
                let below = if first == 1 { silent } else { strengths[first - 1] };
                return Ok(Some((below, strengths[first])));
            }
            silent = strengths[strengths.len() - 1];
        }
        Ok(Some((0.0, UNANSWERED)))
    }

    /// The rate at strengths that show where it begins and how it grows.
    pub fn curve(self, cells: &Cells<'_>, range: Range) -> Result<Option<Curve>, Error> {
        let (low, high) = match self {
            Drive::Rate(_) => range,
            _ => (0.0, 2.5 * range.1),
        };
        let last = (POINTS - 1) as f64;
        let strengths: Vec<f64> = (0..POINTS).map(|i| low + (high - low) * i as f64 / last).collect();
        let continuous = matches!(self, Drive::Rate(_));
        let mut dish = cells.dish(POINTS, continuous)?;
        self.stimulate(cells, &mut dish, &strengths, [cells.resolution, 2.0 * STEADY])?;
        let Some(seen) = cells.watch(dish, STEADY)? else { return Ok(None) };
        let level = |i: usize| {
            let trace = seen.trace(i)?;
            let late: Vec<f64> =
                trace.times.iter().zip(&trace.values).filter(|(t, _)| **t > 0.5 * STEADY).map(|(_, x)| *x).collect();
            crate::analysis::mean(&late)
        };
        let rate = |i: usize| if continuous { level(i).unwrap_or(0.0) } else { steady_rate(&seen.train(i)) };
        let points = strengths.iter().enumerate().map(|(i, x)| (*x, rate(i))).collect();
        let (quantity, unit) = match continuous {
            true => cells.quantity().unwrap_or(("rate", "")),
            false => ("Firing rate", "spikes/s"),
        };
        Ok(Some(Curve { stimulus: self.stimulus(), quantity, unit, points }))
    }

    /// A strength at which the answer shows the kind of neuron: half as much again as makes it fire.
    pub fn telling(self, curve: Option<&Curve>, range: Range) -> f64 {
        match self {
            Drive::Rate(_) => 1.0,
            Drive::Spikes(_) => 50.0,
            Drive::Current(_) => {
                let points = curve.map_or(&[][..], |curve| &curve.points);
                let first = points.first().map_or(0.0, |(_, rate)| *rate);
                let fires = points.iter().find(|(x, rate)| *x > 0.0 && *rate > first);
                two_digits(fires.map_or(range.1, |(x, _)| 1.5 * x))
            }
        }
    }

    /// The answer to a stimulus of this strength that begins and ends.
    pub fn answer(self, cells: &Cells<'_>, strength: f64) -> Result<Option<Answer>, Error> {
        let mut dish = cells.dish(1, true)?;
        self.stimulate(cells, &mut dish, &[strength], DURING)?;
        let Some(seen) = cells.watch(dish, SHOWN)? else { return Ok(None) };
        let (trace, spikes) = (seen.trace(0), seen.train(0));
        Ok(Some(Answer { stimulus: self.stimulus(), strength, during: DURING, duration: SHOWN, trace, spikes }))
    }
}

/// Spikes per second when the first transients are over: by the intervals between them where there are some.
fn steady_rate(train: &[f64]) -> f64 {
    let late: Vec<f64> = train.iter().copied().filter(|t| *t > SETTLED).collect();
    match late.as_slice() {
        [first, .., last] if late.len() > 2 && last > first => 1000.0 * (late.len() - 1) as f64 / (last - first),
        _ => 1000.0 * late.len() as f64 / (STEADY - SETTLED),
    }
}

/// Rounded to two digits.
fn two_digits(x: f64) -> f64 {
    format!("{x:.1e}").parse().unwrap_or(x)
}

/// A port at which single spikes are tried: number, what it is called, unit and sign of the weight.
type SpikePort = (u32, String, &'static str, f64);

/// The ports at which single spikes are tried, with either sign where that makes a difference.
fn spike_ports(cells: &Cells<'_>) -> Vec<SpikePort> {
    let takes = |port: &&Port| {
        port.takes == Signal::Spikes
            && !port.weightless
            && !port.carried
            && port.gated.is_none()
            && port.of_its_own != Some(true)
    };
    let mut ports = Vec::new();
    for port in cells.model.ports.iter().filter(takes) {
        let copies = if port.each.is_empty() { 1 } else { cells.entries(port.each) };
        for number in (port.number..).take(copies) {
            let name = match port.name {
                "" if port.signed => String::new(),
                "" => format!("port {number}"),
                name => name.to_owned(),
            };
            ports.push((number, name, port.unit, 1.0));
            if !port.only_positive && port.signed {
                ports.push((number, String::new(), port.unit, -1.0));
            }
        }
    }
    ports.truncate(MOST_PORTS);
    ports
}

/// What one spike at each port does to a neuron that has come to rest.
pub(super) fn responses(cells: &Cells<'_>) -> Result<Option<Vec<Response>>, Error> {
    let ports = spike_ports(cells);
    if ports.is_empty() || cells.quantity().is_none() {
        return Ok(Some(Vec::new()));
    }
    let Some(mut at_rest) = AtRest::come(cells, &ports)? else { return Ok(None) };
    let Some(rest) = at_rest.watched(cells, None)? else { return Ok(None) };
    let mut effects = |weights: &mut dyn Iterator<Item = f64>| -> Result<Option<Vec<Trace>>, Error> {
        let mut traces = Vec::new();
        for (port, weight) in weights.enumerate() {
            let Some(mut trace) = at_rest.watched(cells, Some((port, weight)))? else { return Ok(None) };
            trace.values.iter_mut().zip(&rest.values).for_each(|(x, rest)| *x -= rest);
            traces.push(trace);
        }
        Ok(Some(traces))
    };
    let Some(tried) = effects(&mut ports.iter().map(|port| port.3))? else { return Ok(None) };
    let peak = |trace: &Trace| trace.values.iter().fold(0.0f64, |most, x| most.max(x.abs()));
    // Weights at which the effects are as large as is wanted.
    let weights: Vec<f64> = tried
        .iter()
        .zip(&ports)
        .map(|(trace, (_, _, _, sign))| match peak(trace) {
            0.0 => 100.0 * sign,
            most => sign * one_digit((EFFECT / most).clamp(1e-6, 1e6)),
        })
        .collect();
    let Some(traces) = effects(&mut weights.iter().copied())? else { return Ok(None) };
    let shown = ports.into_iter().zip(weights).zip(traces).filter(|(_, trace)| peak(trace) > 0.0);
    let response = |(((_, port, unit, _), weight), trace)| Response { port, weight, unit, trace };
    Ok(Some(shown.map(response).collect()))
}

fn one_digit(x: f64) -> f64 {
    format!("{x:.0e}").parse().unwrap_or(x)
}

/// A neuron that has come to rest, to which a spike comes at each port, without weight until one is given.
struct AtRest {
    seen: Seen,
    /// The connection to each port.
    spikes: Vec<ProjectionId>,
    rest: Snapshot,
    /// When the spikes arrive, ms.
    arrive: f64,
}

impl AtRest {
    /// `None` where that was given up.
    fn come(cells: &Cells<'_>, ports: &[SpikePort]) -> Result<Option<AtRest>, Error> {
        let h = cells.resolution;
        let (arrive, delay) = ((REST / h).round() * h, h.max(1.0));
        let mut dish = cells.dish(1, true)?;
        let generator = dish.network.create(models::SPIKE_GENERATOR.name, 1)?;
        dish.network.set(generator, "spike_times", Value::List(vec![arrive - delay]))?;
        let spike = |(number, ..): &SpikePort| {
            let connection = Connection::all_to_all().receptor(*number).weight(0.0).delay(delay);
            dish.network.connect(generator, dish.cells, connection)
        };
        let spikes = ports.iter().map(spike).collect::<Result<_, _>>()?;
        // Before the spikes are sent.
        let Some(seen) = cells.watch(dish, arrive - 2.0 * delay)? else { return Ok(None) };
        let rest = seen.run.snapshot();
        Ok(Some(AtRest { seen, spikes, rest, arrive }))
    }

    /// The main quantity from the arrival of the spikes on, if the one at this port has this weight; chance is the same every
    /// time. `None` where that was given up.
    fn watched(&mut self, cells: &Cells<'_>, tried: Option<(usize, f64)>) -> Result<Option<Trace>, Error> {
        let AtRest { seen, spikes, rest, arrive } = self;
        seen.run.restore(rest);
        if let Some((port, weight)) = tried {
            seen.run.set_weights(spikes[port], &[weight])?;
        }
        if !seen.goes_on(cells, REST + WATCHED)? {
            return Ok(None);
        }
        let Some(mut trace) = seen.trace(0) else { return Ok(None) };
        let late = trace.times.iter().position(|t| *t >= *arrive - 0.5 * cells.resolution).unwrap_or(0);
        trace.values.drain(..late);
        trace.times = trace.times.iter().skip(late).map(|t| t - *arrive).collect();
        Ok(Some(trace))
    }
}
