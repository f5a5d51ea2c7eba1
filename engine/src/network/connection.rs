//! How two nodes are connected.

use std::sync::Arc;

use super::{Error, NodeId, Rule, Value, find, known};
use crate::description::{Place, Problem};
use crate::models::{self, Model};
use crate::project::Projection;

/// A rule of connection, and what the synapses are like. The default weight of their model, delay 1 ms, static synapses and receptor 0 (or the
/// first one that fits) unless said otherwise.
#[derive(Clone, Debug)]
pub struct Connection {
    rule: Rule,
    pairs: Arc<[(u32, u32)]>,
    weight: Option<Value>,
    delay: Option<Value>,
    receptor: Option<u32>,
    synapse: Option<String>,
    params: Vec<(String, Value)>,
    weight_recorder: Option<NodeId>,
    volume_transmitter: Option<NodeId>,
    autapses: bool,
    multapses: bool,
}

impl Connection {
    /// By any of the rules.
    pub fn new(rule: Rule) -> Connection {
        Connection {
            rule,
            pairs: Arc::default(),
            weight: None,
            delay: None,
            receptor: None,
            synapse: None,
            params: Vec::new(),
            weight_recorder: None,
            volume_transmitter: None,
            autapses: true,
            multapses: true,
        }
    }
    /// Every source to every target.
    pub fn all_to_all() -> Connection {
        Connection::new(Rule::AllToAll)
    }
    /// The first source to the first target, and so on.
    pub fn one_to_one() -> Connection {
        Connection::new(Rule::OneToOne)
    }
    /// So many sources for each target, at random.
    pub fn fixed_indegree(indegree: u64) -> Connection {
        Connection::new(Rule::FixedIndegree { indegree })
    }
    /// So many targets for each source, at random.
    pub fn fixed_outdegree(outdegree: u64) -> Connection {
        Connection::new(Rule::FixedOutdegree { outdegree })
    }
    /// So many synapses in all, at random.
    pub fn fixed_total_number(n: u64) -> Connection {
        Connection::new(Rule::FixedTotalNumber { n })
    }
    /// Each pair with this probability.
    pub fn pairwise_bernoulli(p: f64) -> Connection {
        Connection::new(Rule::PairwiseBernoulli { p })
    }

    /// These pairs: numbers of source and target, counted from 0. Lists of weights or delays have an entry for each.
    pub fn pairs(pairs: impl IntoIterator<Item = (u32, u32)>) -> Connection {
        Connection { pairs: pairs.into_iter().collect(), ..Connection::new(Rule::Pairs) }
    }

    /// Weight, in the unit of the port: pA, nS or mV.
    pub fn weight(mut self, weight: impl Into<Value>) -> Self {
        self.weight = Some(weight.into());
        self
    }
    /// Delay, ms.
    pub fn delay(mut self, delay: impl Into<Value>) -> Self {
        self.delay = Some(delay.into());
        self
    }
    /// NEST's `receptor_type`.
    pub fn receptor(mut self, number: u32) -> Self {
        self.receptor = Some(number);
        self
    }
    /// The model of the synapses.
    pub fn synapse(mut self, model: &str) -> Self {
        self.synapse = Some(model.to_owned());
        self
    }
    /// A parameter or the initial state of the synapses beside weight and delay.
    pub fn set(mut self, parameter: &str, value: impl Into<Value>) -> Self {
        self.params.push((parameter.to_owned(), value.into()));
        self
    }
    /// The weight recorder that stores every weight that is transmitted.
    pub fn weight_recorder(mut self, recorder: NodeId) -> Self {
        self.weight_recorder = Some(recorder);
        self
    }
    /// The volume transmitter whose neuromodulator the synapses read.
    pub fn volume_transmitter(mut self, transmitter: NodeId) -> Self {
        self.volume_transmitter = Some(transmitter);
        self
    }
    /// Whether a neuron may be connected to itself.
    pub fn autapses(mut self, allowed: bool) -> Self {
        self.autapses = allowed;
        self
    }
    /// Whether a pair may be connected more than once.
    pub fn multapses(mut self, allowed: bool) -> Self {
        self.multapses = allowed;
        self
    }

    /// Describes a projection between nodes of these models.
    pub(super) fn onto(self, projection: &mut Projection, source: &Model, target: &Model) -> Result<(), Error> {
        let synapse = match &self.synapse {
            Some(name) => find(name)?,
            None => models::fitting_synapses(source, target).first().copied().unwrap_or(projection.synapse),
        };
        let refused = |why: String| Error::Refused(vec![Problem::error(Place::Project, why)]);
        let wiring = models::wire_with(source, target, synapse).map_err(refused)?;
        let first_port = || target.ports.iter().find(|port| port.takes == wiring.carries).map_or(0, |port| port.number);
        (projection.rule, projection.pairs) = (self.rule, self.pairs);
        projection.synapse = synapse;
        projection.receptor = self.receptor.unwrap_or_else(first_port);
        projection.weight = self.weight.unwrap_or_else(|| projection.default_weight());
        match self.delay {
            Some(delay) => projection.give_delay(delay),
            None => projection.reset_delay(),
        }
        projection.weight_recorder = self.weight_recorder;
        projection.volume_transmitter = self.volume_transmitter;
        projection.autapses = self.autapses;
        projection.multapses = self.multapses;
        for (name, value) in self.params {
            projection.params.insert(known(synapse, &name)?.to_owned(), value);
        }
        Ok(())
    }
}
