//! What a synapse does by itself: how it learns from pairs of spikes, and what it makes of a train of them.

use std::collections::BTreeMap;

use super::{gone_on, typical};
use crate::description::{NodeId, Value};
use crate::models::{self, Model};
use crate::network::{Connection, Error, Network};
use crate::project::{Node, Projection};

/// Pairs of spikes side by side in a window.
const PAIRS: i32 = 80;
/// The window reaches from minus so many ms to so many; a wider or narrower one is taken where this shows too little.
const REACH: f64 = 100.0;
const WIDE: f64 = 400.0;
const NARROW: f64 = 25.0;
/// A window is too narrow if at its ends is more than this part of the largest change, and too wide if its inner half holds
/// all but so little.
const LEFT_OUT: f64 = 0.2;
const NOTHING: f64 = 0.01;
/// So many reaches pass before the pair, as some rules take time 0 for a spike, and as many until the source fires once
/// more, which brings its synapse up to date: by then traces have decayed.
const APART: f64 = 10.0;
/// Where a neuromodulator turns what pairs leave behind into a change of the weight, one spike of it arrives so long after the
/// last of the pairs, ms.
const RELEASED: f64 = 20.0;
/// The train: so many spikes at this interval, and one more after a pause, ms.
const SPIKES: usize = 10;
const INTERVAL: f64 = 50.0;
const PAUSE: f64 = 500.0;
/// The delay of whatever leads to the neurons, ms, and when a train begins.
const LEAD: f64 = 1.0;
const BEGIN: f64 = 5.0;

/// The synapses whose portrait is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedSynapse {
    pub model: &'static Model,
    /// Parameters that differ from the defaults, as a projection has them; of drawn values the typical one counts.
    pub params: BTreeMap<String, Value>,
    /// From which it learns.
    pub weight: f64,
    /// ms.
    pub delay: f64,
    /// What its target says of plasticity, such as `tau_minus`.
    pub target: BTreeMap<&'static str, f64>,
    /// The step of the time grid, ms.
    pub resolution: f64,
}

/// What a synapse does by itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SynapsePortrait {
    /// How the weight changes by one pair of spikes, if it does.
    pub window: Option<Window>,
    /// What arrives of the spikes of a train, if they are not all alike.
    pub train: Option<Train>,
}

/// The change of weight by one spike of the source and one of the target.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// The time of the target's spike after that of the source, ms, ascending, and the change.
    pub points: Vec<(f64, f64)>,
    /// When a spike of neuromodulatory neurons arrived after that of the source, ms, if the synapse learns by them.
    pub released: Option<f64>,
}

/// The weight with which each spike of a train arrives.
#[derive(Clone, Debug, PartialEq)]
pub struct Train {
    /// ms after the first.
    pub times: Vec<f64>,
    pub weights: Vec<f64>,
}

impl SynapsePortrait {
    /// Draws the portrait; `None` where `go_on` denied.
    ///
    /// # Errors
    /// As the problems of a network with such synapses: where the parameters cannot run, or the synapse needs more than two
    /// neurons that fire.
    pub fn try_of(asked: &AskedSynapse, go_on: &dyn Fn() -> bool) -> Result<Option<SynapsePortrait>, Error> {
        let Some(mut window) = asked.window(REACH, go_on)? else { return Ok(None) };
        if let Some(reach) = window.better_reach() {
            let Some(better) = asked.window(reach, go_on)? else { return Ok(None) };
            window = better;
        }
        let Some(train) = asked.train(go_on)? else { return Ok(None) };
        let (window, train) = (window.tells().then_some(window), train.tells().then_some(train));
        Ok(Some(SynapsePortrait { window, train }))
    }

    /// Whether there is anything to be seen.
    pub fn is_empty(&self) -> bool {
        self.window.is_none() && self.train.is_none()
    }
}

impl Window {
    fn largest(&self, of: impl Fn(f64) -> bool) -> f64 {
        self.points.iter().filter(|(dt, _)| of(*dt)).fold(0.0, |most, (_, change)| most.max(change.abs()))
    }

    fn tells(&self) -> bool {
        self.largest(|_| true) > 0.0
    }

    /// A reach that shows more, of a window that reaches so far as is usual.
    fn better_reach(&self) -> Option<f64> {
        let [all, outside, ends] =
            [0.0, 0.5 * REACH, 0.95 * REACH].map(|least| self.largest(|dt: f64| dt.abs() >= least));
        if ends > LEFT_OUT * all {
            Some(WIDE)
        } else if outside < NOTHING * all {
            Some(NARROW)
        } else {
            None
        }
    }
}

impl Train {
    fn tells(&self) -> bool {
        self.weights.iter().any(|w| Some(w) != self.weights.first())
    }
}

/// Sources and targets that fire when they are told, with one synapse from each to each.
struct Pairs {
    network: Network,
    sources: NodeId,
    targets: NodeId,
    connection: Connection,
}

impl AskedSynapse {
    /// The synapses of a projection onto this target.
    pub fn of(projection: &Projection, target: &Node, resolution: f64) -> AskedSynapse {
        // Repeaters stand for the targets: of what they know all else is the target's own business.
        let known = models::PARROT_NEURON.parameters().filter(|p| target.model.parameter(p.name).is_some());
        let of_target = known.map(|p| {
            let given = target.params.get(p.name).cloned();
            (p.name, given.unwrap_or_else(|| p.default.into()).typical())
        });
        AskedSynapse {
            model: projection.synapse,
            params: projection.params.clone(),
            weight: projection.weight.typical(),
            delay: projection.delay.typical(),
            target: of_target.collect(),
            resolution,
        }
    }

    /// Whether a volume transmitter takes part.
    fn is_modulated(&self) -> bool {
        self.model.plastic().is_some_and(|plastic| plastic.triggered)
    }

    /// `sources` and `targets` are the times of the spikes of each neuron, `released` those of neuromodulatory spikes, ms.
    fn pairs(&self, sources: Vec<Vec<f64>>, targets: Vec<Vec<f64>>, released: Vec<f64>) -> Result<Pairs, Error> {
        let mut network = Network::new();
        network.resolution(self.resolution).threads(1);
        let firing = |network: &mut Network, times: Vec<Vec<f64>>| {
            let generator = network.create(models::SPIKE_GENERATOR.name, times.len())?;
            let cells = network.create(models::PARROT_NEURON.name, times.len())?;
            network.set(generator, "spike_times", times)?;
            network.connect(generator, cells, Connection::one_to_one().delay(LEAD.max(self.resolution)))?;
            Ok::<NodeId, Error>(cells)
        };
        let sources = firing(&mut network, sources)?;
        let targets = firing(&mut network, targets)?;
        for (name, value) in &self.target {
            network.set(targets, name, *value)?;
        }
        let mut connection = self.connection();
        if self.is_modulated() {
            let modulators = firing(&mut network, vec![released])?;
            let transmitter = network.create(models::VOLUME_TRANSMITTER.name, 1)?;
            // Every slice brings synapses up to date, and a slice is as long as the least delay.
            let delay = LEAD.max(self.resolution);
            network.connect(modulators, transmitter, Connection::all_to_all().delay(delay))?;
            connection = connection.volume_transmitter(transmitter);
        }
        Ok(Pairs { network, sources, targets, connection })
    }

    /// The synapses; what their targets receive through this port is not repeated.
    fn connection(&self) -> Connection {
        let connection = Connection::one_to_one().receptor(1).synapse(self.model.name);
        let connection = connection.weight(self.weight).delay(self.delay.max(self.resolution));
        let params = typical(self.model, &self.params);
        params.into_iter().fold(connection, |connection, (name, value)| connection.set(&name, value))
    }

    fn on_grid(&self, t: f64) -> f64 {
        (t / self.resolution).round() * self.resolution
    }

    fn window(&self, reach: f64, go_on: &dyn Fn() -> bool) -> Result<Option<Window>, Error> {
        let at = |i: i32| self.on_grid(2.0 * reach * f64::from(i) / f64::from(PAIRS) - reach);
        let differences: Vec<f64> = (0..=PAIRS).map(at).collect();
        let first = self.on_grid((APART + 1.0) * reach);
        let last = first + self.on_grid((APART + 1.0) * reach);
        // A last pair, of which neither fires before the end, shows what changes without.
        let mut sources = vec![vec![first, last]; differences.len()];
        sources.push(vec![last]);
        let mut targets: Vec<Vec<f64>> = differences.iter().map(|dt| vec![first + dt]).collect();
        targets.push(Vec::new());
        let released = self.on_grid(reach + RELEASED);
        let Pairs { mut network, sources, targets, connection } =
            self.pairs(sources, targets, vec![first + released])?;
        let synapses = network.connect(sources, targets, connection)?;
        let run = network.build()?;
        let end = last + LEAD + self.delay + 10.0 * self.resolution;
        let Some(run) = gone_on(run, end, self.resolution, go_on)? else { return Ok(None) };
        let weights: Vec<f64> = run.weights(synapses).collect();
        let unpaired = weights.last().copied().unwrap_or(self.weight);
        let points = differences.into_iter().zip(weights).map(|(dt, weight)| (dt, weight - unpaired)).collect();
        Ok(Some(Window { points, released: self.is_modulated().then_some(released) }))
    }

    fn train(&self, go_on: &dyn Fn() -> bool) -> Result<Option<Train>, Error> {
        let mut times: Vec<f64> = (0..SPIKES).map(|i| self.on_grid(BEGIN + INTERVAL * i as f64)).collect();
        times.push(self.on_grid(BEGIN + INTERVAL * (SPIKES - 1) as f64 + PAUSE));
        let last = times.last().copied().unwrap_or(BEGIN);
        let Pairs { mut network, sources, targets, connection } =
            self.pairs(vec![times], vec![Vec::new()], Vec::new())?;
        let recorder = network.create(models::WEIGHT_RECORDER.name, 1)?;
        network.connect(sources, targets, connection.weight_recorder(recorder))?;
        let end = last + LEAD + self.delay + 10.0 * self.resolution;
        let Some(run) = gone_on(network.build()?, end, self.resolution, go_on)? else { return Ok(None) };
        let (times, weights) = run.weight_trace(recorder)?;
        let begin = times.first().copied().unwrap_or(0.0);
        Ok(Some(Train { times: times.iter().map(|t| t - begin).collect(), weights }))
    }
}
