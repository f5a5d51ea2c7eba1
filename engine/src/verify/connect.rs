//! Turns the connections of a case into projections, refusing what NEST refuses
//! and a project cannot express. What it can express, building the network judges.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::case::{Case, Connection, SynapseModel};
use super::values::{self, Obstacle, real};
use crate::description::Value;
use crate::mechanisms::time::Grid;
use crate::models::{self, Family, Model, Parameter};
use crate::project::{
    Node, NodeId, Place, Project, Projection, ProjectionId, Rule, check_single_delay, check_synapses,
};

/// Settings that cases make for the whole simulation. Those of waveform relaxation
/// concern continuous coupling only.
pub const KERNEL_KEYS: &[&str] = &[
    "min_delay",
    "max_delay",
    "use_wfr",
    "wfr_comm_interval",
    "wfr_interpolation_order",
    "wfr_max_iterations",
    "wfr_tol",
];

/// Adds a projection for each connection; returns the length of a slice in steps.
pub fn connect(case: &Case, project: &mut Project) -> Result<u64, Obstacle> {
    let copies: BTreeMap<&str, SynapseModel> = case.copies().map_err(Obstacle::Refused)?.into_iter().collect();
    for (name, copy) in &copies {
        check_copy(name, copy, project, case.resolution).map_err(Obstacle::Refused)?;
    }
    let limits = delay_limits(case).map_err(Obstacle::Refused)?;
    let mut model_of_generator: BTreeMap<&str, &str> = BTreeMap::new();
    for connection in &case.connections {
        let place = |message: String| Obstacle::Refused(format!("{} → {}: {message}", connection.pre, connection.post));
        one_model_a_generator(connection, project, &mut model_of_generator).map_err(place)?;
        let projection = projection(connection, &copies, project, case.resolution)?;
        if let Some(limits) = limits {
            within(limits, &projection, case.resolution).map_err(place)?;
        }
        project.projections.push(projection);
    }
    let exchange = || Grid::new(case.resolution).map_or(1, |grid| project.exchange_steps(grid) as u64);
    Ok(limits.map_or_else(exchange, |(low, _)| low))
}

/// Properties of synapses that name a device bear the name of its model.
const WEIGHT_RECORDER: &str = models::WEIGHT_RECORDER.name;
const VOLUME_TRANSMITTER: &str = models::VOLUME_TRANSMITTER.name;

/// A copy may change the weight and delay that are assumed, and name a recorder of weights. Its values are judged even if
/// no connection uses it, and more strictly than those of a projection: a wrong sign is refused.
fn check_copy(name: &str, copy: &SynapseModel, project: &Project, resolution: f64) -> Result<(), String> {
    for key in [WEIGHT_RECORDER, VOLUME_TRANSMITTER] {
        let Some(json) = copy.params.get(key) else { continue };
        let device = json.as_str().and_then(|node| project.node_named(node));
        if device.is_none_or(|node| node.model.name != key) {
            return Err(format!("{name}: {key} must name a {key}, not {json}"));
        }
    }
    // What there is no model for shows where a connection uses it.
    let Ok(synapse) = synapse_model(&copy.base) else { return Ok(()) };
    let nowhere = NodeId(u32::MAX);
    let mut trial = Projection { synapse, ..Projection::new(ProjectionId(u32::MAX), nowhere, nowhere) };
    trial.weight = trial.default_weight();
    set_synapse(&mut trial, &copy.params, project).map_err(|message| format!("{name}: {message}"))?;
    let problems = check_synapses(&trial, 1, 1, &Place::Project).into_iter();
    let short = (copy.params.contains_key("delay"))
        .then(|| check_single_delay(&trial, resolution).err().map(|message| format!("delay: {message}")))
        .flatten();
    match problems.map(|problem| problem.to_string()).chain(short).next() {
        Some(message) => Err(format!("{name}: {message}")),
        None => Ok(()),
    }
}

/// The smallest and largest delay that the case allows, in steps.
fn delay_limits(case: &Case) -> Result<Option<(u64, u64)>, String> {
    let limit = |key: &str| case.kernel.get(key).map(real).transpose().map_err(|e| format!("kernel: {key}: {e}"));
    match (limit("min_delay")?, limit("max_delay")?) {
        (None, None) => Ok(None),
        (Some(min), Some(max)) => {
            let (low, high) = (steps(min, case.resolution), steps(max, case.resolution));
            if low < 1 || high < low {
                return Err(format!("kernel: min_delay {min} ms must be at least one step and not above {max} ms"));
            }
            Ok(Some((low, high)))
        }
        _ => Err("kernel: min_delay and max_delay must be set together".into()),
    }
}

/// A delay in whole steps: the nearest, halves up.
fn steps(delay: f64, resolution: f64) -> u64 {
    (delay * (1.0 / resolution) + 0.5).floor().max(0.0) as u64
}

fn within((low, high): (u64, u64), projection: &Projection, resolution: f64) -> Result<(), String> {
    let grid = Grid::new(resolution);
    for delay in delays(&projection.delay) {
        let (first, last) = match grid.map(|grid| grid.delay_between(delay)) {
            Some((whole, shorter)) if projection.synapse.acts_between_steps() => {
                (whole.max(0) as u64 - u64::from(shorter > 0.0 && whole > 0), whole.max(0) as u64)
            }
            _ => (steps(delay, resolution), steps(delay, resolution)),
        };
        if first < low || last > high {
            return Err(format!("delay {delay} ms is outside min_delay and max_delay"));
        }
    }
    Ok(())
}

/// Delays that are given with a connection are rounded, also where those of the model need not be whole steps.
fn on_grid(delay: &Value, resolution: f64) -> Value {
    let rounded = |delay: &f64| Grid::new(resolution).map_or(*delay, |grid| grid.ms(grid.delay(*delay)));
    match delay {
        Value::Real(delay) => Value::Real(rounded(delay)),
        Value::List(delays) => Value::List(delays.iter().map(rounded).collect()),
        Value::Lists(rows) => Value::Lists(rows.iter().map(|row| row.iter().map(rounded).collect()).collect()),
        other => other.clone(),
    }
}

fn delays(value: &Value) -> Vec<f64> {
    match value {
        Value::Real(x) => vec![*x],
        Value::List(items) => items.clone(),
        Value::Lists(rows) => rows.iter().flatten().copied().collect(),
        _ => Vec::new(),
    }
}

/// All connections of a generator must use one synapse model, unless it sends as neurons do.
fn one_model_a_generator<'a>(
    connection: &'a Connection,
    project: &Project,
    used: &mut BTreeMap<&'a str, &'a str>,
) -> Result<(), String> {
    if end(&connection.pre, project)?.model.sends_as_neurons() || !end(&connection.pre, project)?.model.is_generator() {
        return Ok(());
    }
    let model = synapse_name(connection);
    match *used.entry(&connection.pre).or_insert(model) {
        first if first == model => Ok(()),
        first => Err(format!("all connections of a generator use one synapse model, not {first} and {model}")),
    }
}

fn synapse_name(connection: &Connection) -> &str {
    connection.synapse.get("synapse_model").and_then(Json::as_str).unwrap_or(models::STATIC_SYNAPSE.name)
}

fn end<'p>(name: &str, project: &'p Project) -> Result<&'p Node, String> {
    project.node_named(name).ok_or_else(|| format!("there is no node {name}"))
}

fn projection(
    connection: &Connection,
    copies: &BTreeMap<&str, SynapseModel>,
    project: &Project,
    resolution: f64,
) -> Result<Projection, Obstacle> {
    let place = |message: String| Obstacle::Refused(format!("{} → {}: {message}", connection.pre, connection.post));
    let from = end(&connection.pre, project).map_err(place)?;
    let to = end(&connection.post, project).map_err(place)?;
    if models::wire(from.model, to.model).is_ok_and(|wiring| wiring.reversed) {
        return Err(place("works in the other direction only".into()));
    }
    let drawn = rule(&connection.rule)?;
    let mut projection = Projection {
        rule: drawn.rule,
        symmetric: drawn.symmetric,
        autapses: drawn.autapses,
        multapses: drawn.multapses,
        ..Projection::new(ProjectionId(project.projections.len() as u32), from.id, to.id)
    };
    let copy = copies.get(synapse_name(connection));
    projection.synapse = synapse_model(copy.map_or(synapse_name(connection), |c| &c.base)).map_err(place)?;
    projection.weight = projection.default_weight();
    if let Some(copy) = copy {
        set_synapse(&mut projection, &copy.params, project).map_err(place)?;
    }
    set_synapse(&mut projection, &connection.synapse, project).map_err(place)?;
    // NEST knows no lists with an entry for each source.
    if matches!(projection.delay, Value::List(_)) && !projection.rule.lists_synapses() {
        return Err(place(format!("{} takes no flat list of delays", projection.rule.name())));
    }
    if projection.synapse.acts_between_steps() && connection.synapse.contains_key("delay") {
        projection.delay = on_grid(&projection.delay, resolution);
    }
    refuse_common(&projection, connection).map_err(place)?;
    refuse_signs(&projection, connection).map_err(place)?;
    Ok(projection)
}

fn synapse_model(name: &str) -> Result<&'static Model, String> {
    models::find(name)
        .filter(|model| model.family() == Family::Synapse)
        .ok_or_else(|| format!("{name} is not a synapse model"))
}

/// Values that all synapses of a model have in common are not given with a connection.
fn refuse_common(projection: &Projection, connection: &Connection) -> Result<(), String> {
    let given = connection.synapse.keys().filter_map(|key| projection.synapse.parameter(key));
    match given.into_iter().find(|p| !p.per_neuron && p.name != "delay") {
        Some(parameter) => Err(format!("{} is common to all synapses of the model", parameter.name)),
        None => Ok(()),
    }
}

/// Signs are looked at only if more than weight and delay are given with a connection.
fn refuse_signs(projection: &Projection, connection: &Connection) -> Result<(), String> {
    if connection.synapse.keys().all(|key| ["synapse_model", "weight", "delay"].contains(&key.as_str())) {
        return Ok(());
    }
    for relation in projection.synapse.relations {
        let names = relation.parameters();
        let real = |name: &&str| projection.value(name).and_then(|value| value.as_real());
        if let Some(values) = names.iter().map(real).collect::<Option<Vec<f64>>>()
            && !relation.holds(&values)
        {
            return Err(format!("{}: {}, is {}", names[0], relation.demand(0, &values, ""), values[0]));
        }
    }
    Ok(())
}

/// Sets what a dictionary says of the synapses.
fn set_synapse(projection: &mut Projection, given: &Map<String, Json>, project: &Project) -> Result<(), String> {
    for (key, json) in given {
        match key.as_str() {
            "weight" | "delay" if projection.synapse.parameter(key).is_none() => {
                return Err(format!("{} has no {key}", projection.synapse.name));
            }
            "weight" => projection.weight = numbers(key, json)?,
            "delay" => projection.give_delay(numbers(key, json)?),
            "receptor_type" => {
                let number = json.as_u64().and_then(|n| u32::try_from(n).ok());
                projection.receptor =
                    number.ok_or_else(|| format!("receptor_type: expected a whole number from 0, not {json}"))?;
            }
            "synapse_model" => {}
            WEIGHT_RECORDER => projection.weight_recorder = Some(named(key, json, project)?),
            VOLUME_TRANSMITTER => projection.volume_transmitter = Some(named(key, json, project)?),
            _ => {
                let parameter = projection.synapse.parameter(key);
                let parameter =
                    parameter.ok_or_else(|| format!("{} has no parameter {key}", projection.synapse.name))?;
                projection.params.insert(key.clone(), parameter_value(parameter, key, json)?);
            }
        }
    }
    Ok(())
}

fn named(key: &str, json: &Json, project: &Project) -> Result<NodeId, String> {
    let name = json.as_str().ok_or_else(|| format!("{key}: expected the name of a node, not {json}"))?;
    project.node_named(name).map(|node| node.id).ok_or_else(|| format!("{key}: there is no node {name}"))
}

/// A value of a synapse parameter: of its own type, or numbers synapse by synapse.
fn parameter_value(parameter: &Parameter, key: &str, json: &Json) -> Result<Value, String> {
    match json {
        Json::Array(_) if parameter.per_neuron && !parameter.is_list() => numbers(key, json),
        _ => values::value(parameter, json).map_err(|expected| format!("{key}: {expected}, not {json}")),
    }
}

/// A number, a list, or a list of lists.
fn numbers(key: &str, json: &Json) -> Result<Value, String> {
    let wrong = || format!("{key}: expected numbers, not {json}");
    let list = |items: &[Json]| items.iter().map(real).collect::<Result<Vec<f64>, _>>().map_err(|_| wrong());
    match json {
        Json::Array(rows) if rows.iter().any(Json::is_array) => {
            let rows = rows.iter().map(|row| list(row.as_array().ok_or_else(wrong)?));
            rows.collect::<Result<_, _>>().map(Value::Lists)
        }
        Json::Array(items) => list(items).map(Value::List),
        number => real(number).map(Value::Real).map_err(|_| wrong()),
    }
}

struct ConnectionRule {
    rule: Rule,
    symmetric: bool,
    autapses: bool,
    multapses: bool,
}

/// The rule of a connection, given as a name or with its parameters.
fn rule(json: &Json) -> Result<ConnectionRule, Obstacle> {
    let mut given = match json {
        Json::Null => Map::new(),
        Json::String(name) => Map::from_iter([("rule".to_owned(), Json::from(name.as_str()))]),
        Json::Object(keys) => keys.clone(),
        other => return Err(Obstacle::Refused(format!("{other} is not a rule"))),
    };
    let name = match given.remove("rule") {
        None => "all_to_all".to_owned(),
        Some(Json::String(name)) => name,
        Some(other) => return Err(Obstacle::Refused(format!("{other} is not a rule"))),
    };
    let refuse = |message: String| Obstacle::Refused(format!("{name}: {message}"));
    let options = Options {
        autapses: switch(&mut given, "allow_autapses").map_err(refuse)?,
        multapses: switch(&mut given, "allow_multapses").map_err(refuse)?,
        symmetric: switch(&mut given, "make_symmetric").map_err(refuse)?,
    };
    let rule = match name.as_str() {
        "all_to_all" => Rule::AllToAll,
        "one_to_one" => Rule::OneToOne,
        "fixed_indegree" => Rule::FixedIndegree { indegree: count(&mut given, "indegree").map_err(refuse)? },
        "fixed_outdegree" => Rule::FixedOutdegree { outdegree: count(&mut given, "outdegree").map_err(refuse)? },
        "fixed_total_number" => Rule::FixedTotalNumber { n: count(&mut given, "N").map_err(refuse)? },
        "pairwise_bernoulli" => Rule::PairwiseBernoulli { p: number(&mut given, "p").map_err(refuse)? },
        "pairwise_poisson" => {
            Rule::PairwisePoisson { mean: number(&mut given, "pairwise_avg_num_conns").map_err(refuse)? }
        }
        "symmetric_pairwise_bernoulli" => {
            Rule::SymmetricPairwiseBernoulli { p: number(&mut given, "p").map_err(refuse)? }
        }
        "third_factor_bernoulli_with_pool" => return Err(Obstacle::Missing(format!("no rule {name}"))),
        _ => return Err(Obstacle::Refused(format!("there is no rule {name}"))),
    };
    if let Some(key) = given.keys().next() {
        return Err(refuse(format!("the rule has no parameter {key}")));
    }
    if options.symmetric == Some(true) && !rule.can_be_symmetric() {
        return Err(refuse("cannot be made symmetric".into()));
    }
    Ok(ConnectionRule {
        rule,
        symmetric: options.symmetric == Some(true),
        autapses: options.autapses.unwrap_or(true),
        multapses: options.multapses.unwrap_or(true),
    })
}

struct Options {
    autapses: Option<bool>,
    multapses: Option<bool>,
    symmetric: Option<bool>,
}

fn switch(given: &mut Map<String, Json>, key: &str) -> Result<Option<bool>, String> {
    match given.remove(key) {
        None => Ok(None),
        Some(Json::Bool(on)) => Ok(Some(on)),
        Some(other) => Err(format!("{key}: expected true or false, not {other}")),
    }
}

fn count(given: &mut Map<String, Json>, key: &str) -> Result<u64, String> {
    let json = given.remove(key).ok_or_else(|| format!("{key} is missing"))?;
    json.as_u64().ok_or_else(|| format!("{key}: expected a whole number from 0, not {json}"))
}

fn number(given: &mut Map<String, Json>, key: &str) -> Result<f64, String> {
    let json = given.remove(key).ok_or_else(|| format!("{key} is missing"))?;
    real(&json).map_err(|expected| format!("{key}: {expected}, not {json}"))
}

#[cfg(test)]
mod tests {
    use super::super::build::{Network, build};
    use super::*;

    fn built(rest: &str) -> Result<Network, Obstacle> {
        let nodes = r#""nodes": {"p": {"model": "parrot_neuron", "n": 2}, "q": {"model": "parrot_neuron", "n": 2},
            "g": {"model": "spike_generator"}, "m": {"model": "multimeter"}, "i": {"model": "iaf_psc_exp"}}"#;
        build(&Case::read(&format!(r#"{{"id": "a/b/c", {nodes}, {rest}}}"#)).unwrap(), 1)
    }
    fn with_rule(rule: &str) -> Result<Network, Obstacle> {
        built(&format!(r#""connections": [{{"pre": "p", "post": "q", "rule": {rule}}}]"#))
    }

    #[test]
    fn weights_and_delays_come_in_three_forms() {
        let network = built(
            r#""connections": [
                {"pre": "p", "post": "q", "synapse": {"weight": [[1, 2], [3, 4]], "delay": 2.5, "receptor_type": 1}},
                {"pre": "p", "post": "q", "rule": "one_to_one", "synapse": {"delay": [0.5, 0.75]}}]"#,
        )
        .unwrap();
        let [all, pairs] = &network.project.projections[..] else { panic!("two projections") };
        assert_eq!(all.weight, Value::Lists(vec![vec![1.0, 2.0], vec![3.0, 4.0]]));
        assert_eq!((&all.delay, all.receptor, all.rule), (&Value::Real(2.5), 1, Rule::AllToAll));
        assert_eq!((&pairs.delay, pairs.rule), (&Value::List(vec![0.5, 0.75]), Rule::OneToOne));
        assert_eq!(network.slice, 5);
    }

    #[test]
    fn a_slice_is_the_smallest_delay_rounded_to_the_nearest_step() {
        let slice = |delay: &str| {
            let synapse = format!(r#""connections": [{{"pre": "p", "post": "q", "synapse": {{"delay": {delay}}}}}]"#);
            built(&synapse).unwrap().slice
        };
        assert_eq!((slice("0.15"), slice("0.25"), slice("0.34"), slice("0.1499")), (2, 3, 3, 1));
        assert_eq!(built(r#""connections": []"#).unwrap().slice, 1);
        assert_eq!(with_rule(r#""all_to_all""#).unwrap().slice, 10);
    }

    #[test]
    fn a_copied_synapse_model_lends_its_defaults() {
        let network = built(
            r#""synapse_models": {"s": {"base": "static_synapse", "params": {"weight": 5.0, "delay": 3.0}}},
               "connections": [{"pre": "p", "post": "q", "synapse": {"synapse_model": "s", "delay": 2.0}}]"#,
        )
        .unwrap();
        let projection = &network.project.projections[0];
        assert_eq!((&projection.weight, &projection.delay), (&Value::Real(5.0), &Value::Real(2.0)));
    }

    #[test]
    fn rules_are_read_with_their_parameters() {
        let rule = |text: &str| with_rule(text).unwrap().project.projections[0].clone();
        let drawn = rule(r#"{"rule": "fixed_indegree", "indegree": 2, "allow_autapses": false}"#);
        assert_eq!((drawn.rule, drawn.autapses, drawn.multapses), (Rule::FixedIndegree { indegree: 2 }, false, true));
        assert_eq!(rule(r#"{"rule": "fixed_total_number", "N": 9}"#).rule, Rule::FixedTotalNumber { n: 9 });
        assert_eq!(rule(r#"{"rule": "pairwise_bernoulli", "p": 0.5}"#).rule, Rule::PairwiseBernoulli { p: 0.5 });
    }

    #[test]
    fn faulty_rules_are_refused() {
        for (text, part) in [
            (r#""no_such_rule""#, "no rule no_such_rule"),
            (r#"{"rule": "all_to_all", "foo": 1}"#, "no parameter foo"),
            (r#"{"rule": "fixed_indegree"}"#, "indegree is missing"),
            (r#"{"rule": "fixed_indegree", "indegree": 2.7}"#, "whole number"),
            (r#"{"rule": "fixed_outdegree", "outdegree": -1}"#, "whole number"),
            (r#"{"rule": "fixed_indegree", "indegree": 1, "make_symmetric": true}"#, "symmetric"),
        ] {
            match with_rule(text) {
                Err(Obstacle::Refused(message)) => assert!(message.contains(part), "{message} lacks {part}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn sound_requests_for_rules_that_are_not_here_are_no_refusals() {
        let text = r#"{"rule": "third_factor_bernoulli_with_pool"}"#;
        let missing = Obstacle::Missing("no rule third_factor_bernoulli_with_pool".into());
        assert_eq!(with_rule(text).unwrap_err(), missing);
    }

    #[test]
    fn faulty_synapses_are_refused() {
        let generator = r#""synapse_models": {"s": {"base": "static_synapse"}}, "connections": [
            {"pre": "g", "post": "p"}, {"pre": "g", "post": "q", "synapse": {"synapse_model": "s"}}]"#;
        let recorder = r#""synapse_models": {"s": {"base": "static_synapse", "params": {"weight_recorder": "m"}}}"#;
        let unknown = r#""connections": [{"pre": "p", "post": "q", "synapse": {"foo": 1.0}}]"#;
        let backwards = r#""connections": [{"pre": "i", "post": "m"}]"#;
        let absent = r#""connections": [{"pre": "i", "post": "nobody"}]"#;
        for text in [generator, recorder, unknown, backwards, absent] {
            assert!(matches!(built(text), Err(Obstacle::Refused(_))), "{text}");
        }
    }

    #[test]
    fn delay_limits_come_in_pairs_and_hold() {
        let with = |kernel: &str, delay: f64| {
            built(&format!(
                r#""kernel": {kernel}, "connections": [{{"pre": "p", "post": "q", "synapse": {{"delay": {delay}}}}}]"#
            ))
        };
        let both = r#"{"min_delay": 1.0, "max_delay": 5.0}"#;
        assert_eq!(with(both, 2.0).unwrap().slice, 10);
        assert!(with(both, 0.5).is_err());
        assert!(with(both, 6.0).is_err());
        assert!(with(r#"{"min_delay": 1.0}"#, 1.0).is_err());
        assert!(with(r#"{"min_delay": 2.0, "max_delay": 1.0}"#, 1.0).is_err());
    }
}
