//! Small networks of unconnected neurons.

use crate::description::{NodeId, Signal, Value};
use crate::models::{self, Model};
use crate::network::{Connection, Error, Network, Run};

use super::{Asked, Trace, goes_on, gone_on, typical};

/// The neurons asked for, and who decides whether to go on.
pub(super) struct Cells<'a> {
    pub model: &'static Model,
    params: Vec<(String, Value)>,
    pub resolution: f64,
    go_on: &'a dyn Fn() -> bool,
}

/// One network of `n` neurons without input, to which a caller adds some.
pub(super) struct Dish {
    pub network: Network,
    pub cells: NodeId,
    spikes: Option<NodeId>,
    meter: Option<NodeId>,
}

/// What a dish has done.
pub(super) struct Seen {
    pub run: Run,
    cells: NodeId,
    spikes: Option<NodeId>,
    meter: Option<NodeId>,
    quantity: Option<(&'static str, &'static str)>,
    interval: f64,
}

impl<'a> Cells<'a> {
    pub fn new(asked: &Asked, go_on: &'a dyn Fn() -> bool) -> Result<Cells<'a>, Error> {
        let (model, params) = (asked.model, typical(asked.model, &asked.params));
        Ok(Cells { model, params, resolution: asked.resolution, go_on })
    }

    /// The quantity that shows best what the neuron does: name and unit. Those of compartments are left out.
    pub fn quantity(&self) -> Option<(&'static str, &'static str)> {
        let always = || self.model.recordables.iter().filter(|recordable| self.model.always_has(recordable.name));
        let potential = self.model.facts.spike.map(|shape| shape.potential);
        let best = potential.into_iter().chain(["V_m", "rate"]).find_map(|name| always().find(|r| r.name == name));
        best.or(always().next()).map(|recordable| (recordable.name, recordable.unit))
    }

    /// How many ports a parameter stands for that has one for each of its entries.
    pub fn entries(&self, list: &str) -> usize {
        let given = self.params.iter().find(|(name, _)| name == list).map(|(_, value)| value.clone());
        let value = given.or_else(|| self.model.parameter(list).map(|p| Value::from(p.default)));
        match value {
            Some(Value::List(list)) => list.len(),
            Some(Value::Real(n)) => n.max(0.0) as usize,
            _ => 0,
        }
    }

    /// Whether spikes leave the neuron.
    pub fn spikes(&self) -> bool {
        self.model.emits(Signal::Spikes) || self.model.emits(Signal::Transitions)
    }

    /// `n` neurons, their spikes recorded, and their main quantity where asked for.
    pub fn dish(&self, n: usize, sampled: bool) -> Result<Dish, Error> {
        let mut network = Network::new();
        network.resolution(self.resolution).threads(1);
        let cells = network.create(self.model.name, n)?;
        for (name, value) in &self.params {
            network.set(cells, name, value.clone())?;
        }
        let mut dish = Dish { network, cells, spikes: None, meter: None };
        if self.spikes() {
            let recorder = dish.network.create(models::SPIKE_RECORDER.name, 1)?;
            dish.network.connect(cells, recorder, Connection::all_to_all())?;
            dish.spikes = Some(recorder);
        }
        if let Some((quantity, _)) = self.quantity().filter(|_| sampled) {
            let meter = dish.network.create(models::MULTIMETER.name, 1)?;
            dish.network.set(meter, "record_from", [quantity])?;
            dish.network.set(meter, "interval", self.interval())?;
            dish.network.connect(meter, cells, Connection::all_to_all())?;
            dish.meter = Some(meter);
        }
        Ok(dish)
    }

    /// The interval between samples, ms: the step, unless that is finer than a picture shows.
    fn interval(&self) -> f64 {
        self.resolution * (0.1 / self.resolution).round().max(1.0)
    }

    /// Runs a network; `None` where that was given up.
    pub fn watch(&self, dish: Dish, duration: f64) -> Result<Option<Seen>, Error> {
        let Some(run) = gone_on(dish.network.build()?, duration, self.resolution, self.go_on)? else { return Ok(None) };
        let Dish { cells, spikes, meter, .. } = dish;
        Ok(Some(Seen { run, cells, spikes, meter, quantity: self.quantity(), interval: self.interval() }))
    }
}

impl Seen {
    /// Lets it go on to this time; false where that was given up.
    pub fn goes_on(&mut self, cells: &Cells<'_>, until: f64) -> Result<bool, Error> {
        goes_on(&mut self.run, until, cells.resolution, cells.go_on)
    }

    /// The spike times of a neuron, ms.
    pub fn train(&self, neuron: usize) -> Vec<f64> {
        let spikes = self.spikes.and_then(|recorder| self.run.spikes(recorder).ok());
        spikes.map_or_else(Vec::new, |spikes| spikes.train_of(self.cells, neuron))
    }

    /// The main quantity of a neuron.
    pub fn trace(&self, neuron: usize) -> Option<Trace> {
        let (quantity, unit) = self.quantity?;
        let values = self.run.samples(self.meter?, quantity).ok()?.of(self.cells, neuron);
        let times = (1..=values.len()).map(|i| i as f64 * self.interval).collect();
        Some(Trace { quantity, unit, times, values })
    }
}
