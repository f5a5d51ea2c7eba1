//! A look at the state of a network while it runs: one neuron, or all synapses of a projection.

use std::time::Duration;

use web_time::Instant;

use crate::analysis::Moments;
use crate::description::{NodeId, ProjectionId};
use crate::runtime::Simulation;

/// Looks follow each other no more often than this, and take no more than this part of the time.
const PAUSE: Duration = Duration::from_millis(50);
const SHARE: u32 = 50;
/// Of more synapses some are looked at.
const MOST_SYNAPSES: usize = 100_000;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// One neuron of a node, counted from 0.
    Neuron(NodeId, usize),
    /// The synapses of a projection.
    Synapses(ProjectionId),
}

/// What was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub look: Look,
    /// State and recordables of a neuron; weight and state of synapses.
    pub quantities: Vec<Quantity>,
}

/// A quantity over all that were looked at: one neuron, or many synapses.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    pub name: String,
    /// Empty where it has none, or, of weights, that of the target's port.
    pub unit: &'static str,
    pub count: u64,
    pub mean: f64,
    pub std: f64,
    pub smallest: f64,
    pub largest: f64,
}

/// Sums up a quantity.
struct Sum {
    name: String,
    unit: &'static str,
    moments: Moments,
    smallest: f64,
    largest: f64,
}

impl Look {
    /// Looks now.
    pub fn at(self, simulation: &Simulation) -> Seen {
        let mut sums: Vec<Sum> = Vec::new();
        let tell = |name: &str, unit: &'static str, x: f64| {
            let place = sums.iter().position(|sum| sum.name == name).unwrap_or_else(|| {
                sums.push(Sum { name: name.to_owned(), unit, moments: Moments::default(), smallest: x, largest: x });
                sums.len() - 1
            });
            let sum = &mut sums[place];
            sum.moments.add(x);
            (sum.smallest, sum.largest) = (sum.smallest.min(x), sum.largest.max(x));
        };
        match self {
            Look::Neuron(node, neuron) => simulation.tell_neuron(node, neuron, tell),
            Look::Synapses(projection) => simulation.tell_synapses(projection, MOST_SYNAPSES, tell),
        }
        Seen { look: self, quantities: sums.iter().map(Sum::quantity).collect() }
    }
}

impl Sum {
    fn quantity(&self) -> Quantity {
        let Sum { name, unit, moments, smallest, largest } = self;
        let (name, unit, smallest, largest) = (name.clone(), *unit, *smallest, *largest);
        let (mean, variance) = (moments.mean().unwrap_or(0.0), moments.variance().unwrap_or(0.0));
        Quantity { name, unit, count: moments.count(), mean, std: variance.sqrt(), smallest, largest }
    }
}

/// Looks now and then, so that looking does not slow the run.
#[derive(Default)]
pub struct Looking {
    look: Option<Look>,
    seen: Option<Seen>,
    /// When the next look is due.
    due: Option<Instant>,
}

impl Looking {
    /// From now on at this.
    pub fn turn_to(&mut self, look: Option<Look>) {
        *self = Looking { look, ..Looking::default() };
    }

    /// Whether anything is looked at.
    pub fn is_turned(&self) -> bool {
        self.look.is_some()
    }

    /// What is seen; of a network that rests what it is now, of one that runs what it was a moment ago.
    pub fn see(&mut self, simulation: &Simulation, running: bool) -> Option<Seen> {
        let began = Instant::now();
        if let Some(look) = self.look
            && (!running || self.due.is_none_or(|due| began >= due))
        {
            self.seen = Some(look.at(simulation));
            let took = began.elapsed();
            self.due = Some(began + took + PAUSE.max(took * SHARE));
        }
        self.seen.clone()
    }
}
