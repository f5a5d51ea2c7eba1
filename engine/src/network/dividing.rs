//! Connections between views: which projections between nodes make them.

use std::collections::BTreeMap;

use super::view::{NodeView, Segment};
use super::{Connection, Error, NodeId, Rule, Value};
use crate::description::{Place, Problem, Severity};
use crate::mechanisms::random::{Purpose, Stream};
use crate::project::{Node, Project, Projection};
use crate::runtime::connections::pairs::Pairing;

/// More pairs than this are not listed one by one.
const MOST_PAIRS: usize = 100_000_000;

/// A connection of one node with another.
pub(super) type OfNodes = (NodeId, NodeId, Connection);

/// The connections between nodes that make up one between views. Each view counts as one population, as in NEST: a fixed
/// indegree is the number of sources from all of it.
///
/// Where the rule acts on every node alone it stays as it is; otherwise the pairs are drawn here and listed.
pub(super) fn divided(
    project: &Project,
    pre: &NodeView,
    post: &NodeView,
    connection: Connection,
) -> Result<Vec<OfNodes>, Error> {
    for view in [pre, post] {
        if let Some(neuron) = view.twice() {
            let name = project.node(neuron.node).map_or("?", |node| node.name.as_str());
            return Err(refused(format!("neuron {} of {name} is twice in the view; connect it once", neuron.index)));
        }
        if view.segments().iter().any(|segment| project.node(segment.node).is_none_or(|node| node.n != segment.all)) {
            return Err(Error::NoSuchNode);
        }
    }
    if pre.is_empty() || post.is_empty() {
        return Err(refused("one of the views is empty: there is nothing to connect".into()));
    }
    match by_node(pre, post, &connection) {
        Some(ends) => Ok(ends.into_iter().map(|(from, to)| (from.node, to.node, connection.clone())).collect()),
        None => by_pair(project, pre, post, connection),
    }
}

/// The ends, if the rule between the views is the same rule between each of their nodes.
fn by_node(pre: &NodeView, post: &NodeView, connection: &Connection) -> Option<Vec<(Segment, Segment)>> {
    let (from, to) = (pre.segments(), post.segments());
    if !pre.is_whole() || !post.is_whole() {
        return None;
    }
    let (one_source, one_target) = (from.len() == 1, to.len() == 1);
    if one_source && one_target {
        return Some(vec![(from[0], to[0])]);
    }
    if connection.has_lists() {
        return None;
    }
    match connection.rule() {
        Rule::AllToAll | Rule::PairwiseBernoulli { .. } | Rule::PairwisePoisson { .. } => {}
        Rule::FixedIndegree { .. } if one_source => {}
        Rule::FixedOutdegree { .. } if one_target => {}
        Rule::OneToOne if from.iter().map(|s| s.len).eq(to.iter().map(|s| s.len)) => {
            return Some(from.iter().copied().zip(to.iter().copied()).collect());
        }
        _ => return None,
    }
    Some(from.iter().flat_map(|from| to.iter().map(|to| (*from, *to))).collect())
}

/// The pairs between two nodes, and where they stand in the views.
type Between = (Vec<(u32, u32)>, Vec<InViews>);

/// Draws the pairs as between two populations and lists them by the nodes to which they belong.
fn by_pair(project: &Project, pre: &NodeView, post: &NodeView, connection: Connection) -> Result<Vec<OfNodes>, Error> {
    let rule = connection.rule();
    if connection.is_symmetric() {
        return Err(refused("symmetric connections are made between whole nodes; make one for each direction".into()));
    }
    let same = pre == post;
    check(project, pre, post, &connection)?;
    let autapses = connection.are_autapses_allowed();
    // Rules that decide on each pair alone can be asked for all pairs, of which autapses are dropped.
    let alone = matches!(
        rule,
        Rule::AllToAll | Rule::OneToOne | Rule::PairwiseBernoulli { .. } | Rule::PairwisePoisson { .. } | Rule::Pairs
    );
    if !autapses && !same && !alone && pre.iter().any(|neuron| post.position(neuron).is_some()) {
        let message =
            format!("{} without autapses needs views that are equal or have no neuron in common", rule.name());
        return Err(refused(message));
    }
    let expected = match rule {
        Rule::Pairs => connection.listed_pairs().len() as f64,
        rule => rule.expected_synapses(pre.len(), post.len(), same, if same { pre.len() } else { 0 }, autapses),
    };
    if expected > MOST_PAIRS as f64 {
        let message = format!("some {expected:.0} pairs cannot be listed; connect whole nodes, each by itself");
        return Err(refused(message));
    }
    let pairing = Pairing {
        rule,
        pairs: connection.listed_pairs().into(),
        sources: pre.len(),
        targets: post.len(),
        same,
        autapses,
        multapses: connection.are_multapses_allowed(),
        listed: connection.has_lists(),
        seed: connection.own_seed().unwrap_or(project.simulation.seed),
        projection: (1 << 40) + u64::from(project.free_projection_id().0),
        owner: (1 << 40) + u64::from(project.free_projection_id().0),
        back_of: None,
        share: None,
        followed: false,
        third: None,
        space: None,
    };
    let mut between: BTreeMap<(usize, usize), Between> = BTreeMap::new();
    let ends = |view: &NodeView| -> Vec<(usize, NodeId, usize)> {
        let segments = view.segments().iter().enumerate();
        segments
            .flat_map(|(s, segment)| (0..segment.len).map(move |i| (s, segment.node, segment.first + i * segment.step)))
            .collect()
    };
    let (sources, targets) = (ends(pre), ends(post));
    pairing.for_each(0..post.len(), |source, target, index| {
        let ((from, from_node, s), (to, to_node, t)) = (sources[source], targets[target]);
        if autapses || from_node != to_node || s != t {
            let (pairs, places) = between.entry((from, to)).or_default();
            pairs.push((s as u32, t as u32));
            places.push(InViews { source, target, index });
        }
    });
    if between.is_empty() {
        return Err(refused(format!("{} makes no synapses here", rule.name())));
    }
    Ok(between
        .into_iter()
        .map(|((from, to), (pairs, places))| {
            let listed = |value: &Value| Value::List(places.iter().map(|place| place.of(value, rule)).collect());
            let connection = connection.clone().map_lists(listed).between(pairs);
            (pre.segments()[from].node, post.segments()[to].node, connection)
        })
        .collect())
}

/// A pair by its places in the views and in the order in which lists are given.
#[derive(Clone, Copy)]
struct InViews {
    source: usize,
    target: usize,
    index: usize,
}

impl InViews {
    /// Its number in a list that goes with the synapses.
    fn of(&self, value: &Value, rule: Rule) -> f64 {
        let found = match value {
            Value::List(list) if rule.lists_synapses() => list.get(self.index),
            Value::List(list) => list.get(self.source),
            Value::Lists(rows) if rule == Rule::AllToAll => rows.get(self.target).and_then(|row| row.get(self.source)),
            Value::Lists(rows) => {
                let width = rows.first().map_or(1, Vec::len).max(1);
                rows.get(self.index / width).and_then(|row| row.get(self.index % width))
            }
            _ => None,
        };
        found.copied().unwrap_or(f64::NAN)
    }
}

/// Whether the rule and its lists fit the sizes of the views: as between two nodes that have these.
fn check(project: &Project, pre: &NodeView, post: &NodeView, connection: &Connection) -> Result<(), Error> {
    let model = |view: &NodeView| project.node(view.segments()[0].node).map(|node| node.model).ok_or(Error::NoSuchNode);
    let mut trial = Project { simulation: project.simulation.clone(), ..Project::default() };
    let mut node = |name: &str, view: &NodeView| -> Result<NodeId, Error> {
        let id = trial.free_node_id();
        trial.nodes.push(Node { n: view.len(), ..Node::new(id, name, model(view)?) });
        Ok(id)
    };
    let from = node("the first view", pre)?;
    let to = if pre == post { from } else { node("the second view", post)? };
    let mut projection = Projection::new(trial.free_projection_id(), from, to);
    let (source, target) = (model(pre)?, model(post)?);
    connection.clone().onto(&mut projection, source, target)?;
    // Receptors and devices belong to the nodes, of which these are none.
    projection.receptor = 0;
    (projection.weight_recorder, projection.volume_transmitter) = (None, None);
    trial.projections.push(projection);
    let of_rule = |p: &Problem| matches!(p.parameter.as_deref(), Some("rule" | "weight" | "delay"));
    let problems = crate::project::validate(&trial).into_iter();
    let problems: Vec<Problem> = problems.filter(|p| p.severity == Severity::Error && of_rule(p)).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Refused(problems)) }
}

/// Numbers for some neurons of a node, drawn for the `nth` time.
pub(super) fn drawn(project: &Project, value: &Value, node: NodeId, nth: u64, n: usize) -> Result<Vec<f64>, Error> {
    let Value::Distribution(distribution) = value else { return Ok(vec![value.typical(); n]) };
    let part = (1 << 62) + nth;
    let mut stream = Stream::of(project.simulation.seed, Purpose::Parameter, u64::from(node.0), part);
    (0..n).map(|_| stream.draw_finite(distribution)).collect::<Result<_, String>>().map_err(refused)
}

pub(super) fn refused(why: String) -> Error {
    Error::Refused(vec![Problem::error(Place::Project, why)])
}
