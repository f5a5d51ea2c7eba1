//! How two nodes are connected.

use std::sync::Arc;

use super::{Error, NodeId, Rule, Synapse, Value, find, known};
use crate::description::space::{Kernel, Mask};
use crate::description::{Place, Problem, Storage};
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
    symmetric: bool,
    seed: Option<u64>,
    third: Option<Box<ThirdConnection>>,
    storage: Storage,
    mask: Option<Mask>,
    kernel: Option<Kernel>,
    use_on_source: bool,
    allow_oversized_mask: bool,
}

/// A third factor and its legs.
#[derive(Clone, Debug)]
struct ThirdConnection {
    node: NodeId,
    rule: Rule,
    inward: Connection,
    outward: Connection,
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
            symmetric: false,
            seed: None,
            third: None,
            storage: Storage::Auto,
            mask: None,
            kernel: None,
            use_on_source: false,
            allow_oversized_mask: false,
        }
    }
    /// Beside each synapse, with probability `p`, a neuron of a third population, such as an astrocyte: the source is
    /// connected to it by `inward`, it to the target by `outward`, whatever the rules of these. Each target has a pool of
    /// `pool_size` neurons from which it takes them; `None` for all. NEST's `third_factor_bernoulli_with_pool`.
    ///
    /// ```
    /// use spikeloom_engine::network::{Connection, Network};
    ///
    /// let mut network = Network::new();
    /// let neurons = network.create("aeif_cond_alpha_astro", 20)?;
    /// let astrocytes = network.create("astrocyte_lr_1994", 10)?;
    /// let outward = Connection::all_to_all().synapse("sic_connection");
    /// let third = (astrocytes, 0.5, Some(4));
    /// let primary = Connection::fixed_indegree(5).third_factor(third, Connection::all_to_all(), outward);
    /// network.connect(neurons, neurons, primary)?;
    /// let run = network.build()?;
    /// assert!(run.size().1 > 100, "{}", run.size().1);
    /// # Ok::<(), spikeloom_engine::network::Error>(())
    /// ```
    pub fn third_factor(
        mut self,
        (node, p, pool_size): (NodeId, f64, Option<u64>),
        inward: Connection,
        outward: Connection,
    ) -> Self {
        let rule = Rule::ThirdFactor { p, pool_size, block: false };
        self.third = Some(Box::new(ThirdConnection { node, rule, inward, outward }));
        self
    }
    /// Pools of the third factor are blocks, one after the other; otherwise each is drawn.
    pub fn pools_in_blocks(mut self) -> Self {
        if let Some(third) = &mut self.third
            && let Rule::ThirdFactor { block, .. } = &mut third.rule
        {
            *block = true;
        }
        self
    }
    /// The node of the third factor with its rule and legs.
    pub(super) fn take_third(&mut self) -> Option<(NodeId, Rule, Connection, Connection)> {
        let third = *self.third.take()?;
        Some((third.node, third.rule, third.inward, third.outward))
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

    /// Each pair as often as a Poisson number of this mean says.
    pub fn pairwise_poisson(mean: f64) -> Connection {
        Connection::new(Rule::PairwisePoisson { mean })
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
    /// All that a description of synapses says; what it does not say stays.
    pub fn with(mut self, synapse: impl Into<Synapse>) -> Self {
        let Synapse { model, weight, delay, receptor, params, weight_recorder, volume_transmitter } = synapse.into();
        self.synapse = model.or(self.synapse);
        self.weight = weight.or(self.weight);
        self.delay = delay.or(self.delay);
        self.receptor = receptor.or(self.receptor);
        self.params.extend(params);
        self.weight_recorder = weight_recorder.or(self.weight_recorder);
        self.volume_transmitter = volume_transmitter.or(self.volume_transmitter);
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

    /// Only partners within this region around a neuron are connected.
    pub fn mask(mut self, mask: impl Into<Mask>) -> Self {
        self.mask = Some(mask.into());
        self
    }
    /// A factor on the probability of the rule, or how likely partners are drawn, by where both stand.
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = Some(kernel);
        self
    }
    /// The mask of pairwise_bernoulli stands at the targets and holds sources.
    pub fn use_on_source(mut self, on: bool) -> Self {
        self.use_on_source = on;
        self
    }
    /// The mask may be larger than a periodic space: pairs are then made more than once.
    pub fn allow_oversized_mask(mut self, allowed: bool) -> Self {
        self.allow_oversized_mask = allowed;
        self
    }

    /// How the synapses are kept; what they do does not depend on it.
    pub fn storage(mut self, storage: Storage) -> Self {
        self.storage = storage;
        self
    }

    /// Each pair is connected both ways, NEST's `make_symmetric`.
    pub fn symmetric(mut self, both_ways: bool) -> Self {
        self.symmetric = both_ways;
        self
    }
    /// The seed of what is drawn for this connection alone: its graph, weights, delays and parameters. Connections of one
    /// seed still have graphs of their own; without a seed that of the network decides.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    pub(super) fn rule(&self) -> Rule {
        self.rule
    }
    pub(super) fn are_autapses_allowed(&self) -> bool {
        self.autapses
    }
    pub(super) fn are_multapses_allowed(&self) -> bool {
        self.multapses
    }
    pub(super) fn is_symmetric(&self) -> bool {
        self.symmetric
    }
    pub(super) fn own_seed(&self) -> Option<u64> {
        self.seed
    }
    pub(super) fn listed_pairs(&self) -> &[(u32, u32)] {
        &self.pairs
    }
    /// Whether a weight, delay or parameter is a list that goes with the synapses.
    pub(super) fn has_lists(&self) -> bool {
        let values = self.params.iter().map(|(_, value)| value).chain(&self.weight).chain(&self.delay);
        values.into_iter().any(|value| matches!(value, Value::List(_) | Value::Lists(_)))
    }
    /// Every list that goes with the synapses made into another one.
    pub(super) fn map_lists(mut self, of: impl Fn(&Value) -> Value) -> Self {
        let params = self.params.iter_mut().map(|(_, value)| value);
        for value in params.chain(&mut self.weight).chain(&mut self.delay) {
            if matches!(value, Value::List(_) | Value::Lists(_)) {
                *value = of(value);
            }
        }
        self
    }
    /// The same synapses between these pairs, which have been drawn.
    pub(super) fn between(self, pairs: Vec<(u32, u32)>) -> Self {
        Connection { rule: Rule::Pairs, pairs: pairs.into(), autapses: true, multapses: true, ..self }
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
        projection.symmetric = self.symmetric;
        projection.seed = self.seed;
        projection.storage = self.storage;
        (projection.mask, projection.kernel) = (self.mask, self.kernel);
        projection.use_on_source = self.use_on_source;
        projection.allow_oversized_mask = self.allow_oversized_mask;
        for (name, value) in self.params {
            projection.params.insert(known(synapse, &name)?.to_owned(), value);
        }
        Ok(())
    }
}

/// A rule alone, with the synapses that stand beside it.
impl From<Rule> for Connection {
    fn from(rule: Rule) -> Connection {
        Connection::new(rule)
    }
}
