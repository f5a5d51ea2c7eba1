//! What a neuron, a synapse or a generator does by itself. Of a neuron: its answer to a steady stimulus, its rate as a function of the
//! stimulus, and what one spike at each of its ports does to it. Of a synapse: how it learns from a pair of spikes, and
//! what it makes of a train. Of a generator: its current or rate over time, or a sample of its trains.
//!
//! The same engine runs a few small networks that have the parameters asked for:
//!
//! ```
//! use spikeloom_engine::{models, portrait::{Portrait, Asked}};
//!
//! let model = models::find("iaf_psc_alpha").expect("in the catalogue");
//! let portrait = Portrait::of(&Asked::new(model), &|| true).expect("parameters that can run");
//! assert!(portrait.answer.is_some_and(|answer| answer.spikes.len() > 3));
//! assert!(portrait.curve.is_some_and(|curve| curve.points.last().is_some_and(|(_, rate)| *rate > 10.0)));
//! ```

mod cells;
mod drive;
mod generator;
mod synapse;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::description::{Port, Signal, Value};
use crate::models::Model;
use crate::network::{Error, Run};
use cells::Cells;
use drive::Drive;
pub use generator::{AskedGenerator, GeneratorPortrait, Rates};
pub use synapse::{AskedSynapse, SynapsePortrait, Train, Window};

/// How much simulated time passes between two questions whether to go on, ms.
const PIECE: f64 = 25.0;

/// The neurons whose portrait is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub model: &'static Model,
    /// Parameters that differ from the defaults, as a node has them; of values that differ among neurons the typical one counts.
    pub params: BTreeMap<String, Value>,
    /// The step of the time grid, ms.
    pub resolution: f64,
}

impl Asked {
    /// A model as a new node has it, on a grid of 0.1 ms.
    pub fn new(model: &'static Model) -> Asked {
        let params = model.starts().map(|(parameter, value)| (parameter.name.to_owned(), value)).collect();
        Asked { model, params, resolution: 0.1 }
    }
}

/// What a neuron does by itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Portrait {
    /// The answer to a stimulus that begins and ends.
    pub answer: Option<Answer>,
    /// The rate of firing, or the rate shown, as a function of a steady stimulus.
    pub curve: Option<Curve>,
    /// What one spike does, for each port and sign of the weight.
    pub responses: Vec<Response>,
}

/// A quantity of one neuron in time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    pub quantity: &'static str,
    pub unit: &'static str,
    /// ms.
    pub times: Vec<f64>,
    pub values: Vec<f64>,
}

/// What a neuron is stimulated with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stimulus {
    /// "Current", "Rate", "Spikes".
    pub name: &'static str,
    pub unit: &'static str,
}

/// The answer to a stimulus that begins and ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub stimulus: Stimulus,
    pub strength: f64,
    /// Begin and end of the stimulus, ms.
    pub during: [f64; 2],
    /// All of the time that is shown, ms.
    pub duration: f64,
    pub trace: Option<Trace>,
    /// Times of its spikes, ms.
    pub spikes: Vec<f64>,
}

/// The rate as a function of a steady stimulus.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub stimulus: Stimulus,
    /// What is shown: "Spikes" per second, or the model's own quantity.
    pub quantity: &'static str,
    pub unit: &'static str,
    /// Strengths of the stimulus, ascending, with the rate at each.
    pub points: Vec<(f64, f64)>,
}

/// What one spike does to a quantity: the difference to a neuron that gets none.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The port's number, with its name where it has one.
    pub port: String,
    pub weight: f64,
    pub unit: &'static str,
    /// Times count from the arrival of the spike.
    pub trace: Trace,
}

impl Portrait {
    /// Draws the portrait. `go_on` is asked every few milliseconds of work; where it denies, `None` comes back at once.
    ///
    /// # Errors
    /// As the problems of a network with this node, where the parameters cannot run.
    pub fn try_of(asked: &Asked, go_on: &dyn Fn() -> bool) -> Result<Option<Portrait>, Error> {
        let cells = Cells::new(asked, go_on)?;
        let mut portrait = Portrait::default();
        let drive = Drive::of(&cells);
        if let Some(drive) = &drive {
            let Some(range) = drive.range(&cells)? else { return Ok(None) };
            let Some(curve) = borne(drive.curve(&cells, range))? else { return Ok(None) };
            let strength = drive.telling(curve.as_ref(), range);
            let Some(answer) = borne(drive.answer(&cells, strength))? else { return Ok(None) };
            portrait.answer = answer;
            portrait.curve = curve.filter(Curve::tells);
        }
        let Some(responses) = borne(drive::responses(&cells))? else { return Ok(None) };
        portrait.responses = responses.unwrap_or_default();
        Ok(Some(portrait))
    }

    /// As [`Portrait::try_of`], where only what has been drawn matters.
    pub fn of(asked: &Asked, go_on: &dyn Fn() -> bool) -> Option<Portrait> {
        Portrait::try_of(asked, go_on).ok().flatten()
    }
}

impl Curve {
    /// Whether the curve is more than a line at zero.
    fn tells(&self) -> bool {
        self.points.iter().any(|(_, rate)| *rate != 0.0)
    }
}

/// A run that stopped, because a neuron did not bear what it was given, shows nothing; the other parts of the portrait do.
fn borne<T>(part: Result<Option<T>, Error>) -> Result<Option<Option<T>>, Error> {
    match part {
        Ok(part) => Ok(part.map(Some)),
        Err(Error::Stopped(_)) => Ok(Some(None)),
        Err(e) => Err(e),
    }
}

/// Runs a network to this time, ms; false where that was given up.
fn goes_on(run: &mut Run, until: f64, resolution: f64, go_on: &dyn Fn() -> bool) -> Result<bool, Error> {
    while run.time() < until - 0.5 * resolution {
        if !go_on() {
            return Ok(false);
        }
        run.simulate(PIECE.min(until - run.time()).max(resolution))?;
    }
    Ok(true)
}

/// As [`goes_on`], of a run that is only looked at afterwards; `None` where it was given up.
fn gone_on(mut run: Run, until: f64, resolution: f64, go_on: &dyn Fn() -> bool) -> Result<Option<Run>, Error> {
    Ok(goes_on(&mut run, until, resolution, go_on)?.then_some(run))
}

/// Parameters with the typical value in place of values that differ.
fn typical(model: &Model, params: &BTreeMap<String, Value>) -> Vec<(String, Value)> {
    let typical = |(name, value): (&String, &Value)| {
        let single = model.parameter(name).is_some_and(|p| p.is_number());
        (name.clone(), if single { Value::Real(value.typical()) } else { value.clone() })
    };
    params.iter().map(typical).collect()
}

/// The first port that takes a signal.
fn port_for(model: &Model, signal: Signal) -> Option<&'static Port> {
    model.ports.iter().find(|port| port.takes == signal)
}
