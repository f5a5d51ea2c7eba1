//! Turns a case into a [`Project`]: nodes with their parameters, then connections.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::case::{Case, NodeSpec};
use super::connect::{self, KERNEL_KEYS};
use super::values::{Obstacle, real, value};
use crate::description::Value;
use crate::models::{self, DefaultValue, Model, Parameter};
use crate::project::{Node, NodeId, Project, Settings};

/// A network and what only the comparison needs to know of it.
#[derive(Clone, Debug)]
pub struct Network {
    pub project: Project,
    /// The smallest delay of all connections in steps: the length of a slice in NEST,
    /// which decides when samples are handed over.
    pub slice: u64,
}

/// The network of a case with the given seed.
pub fn build(case: &Case, seed: u64) -> Result<Network, Obstacle> {
    nothing_missing(case)?;
    known_kernel_keys(case).map_err(Obstacle::Refused)?;
    let mut project = Project {
        title: case.id.clone(),
        simulation: settings(case, seed).map_err(Obstacle::Refused)?,
        ..Project::default()
    };
    let specs = case.node_specs().map_err(Obstacle::Refused)?;
    for (i, (name, spec)) in specs.iter().enumerate() {
        project.nodes.push(node(NodeId(i as u32), name, spec)?);
    }
    let slice = connect::connect(case, &mut project)?;
    Ok(Network { project, slice })
}

/// Settings of the simulation, of which NEST refuses some.
fn settings(case: &Case, seed: u64) -> Result<Settings, String> {
    let mut settings =
        Settings { resolution: case.resolution, duration: case.duration, seed, threads: 1, ..Settings::default() };
    let kernel = |key: &str| case.kernel.get(key);
    let number = |key: &str| kernel(key).map(real).transpose().map_err(|e| format!("kernel: {key}: {e}"));
    if let Some(on) = kernel("use_wfr") {
        settings.use_wfr = on.as_bool().ok_or("kernel: use_wfr: expected true or false")?;
    }
    if let Some(order) = number("wfr_interpolation_order")? {
        settings.wfr_interpolation_order = if order >= 0.0 && order.fract() == 0.0 { order as u32 } else { u32::MAX };
    }
    match number("wfr_comm_interval")? {
        Some(_) if !settings.use_wfr => return Err("kernel: wfr_comm_interval needs use_wfr".into()),
        Some(interval) if interval < case.resolution => {
            return Err(format!("kernel: wfr_comm_interval {interval} ms is less than a step"));
        }
        _ => {}
    }
    // NEST's own defaults, where the case says nothing.
    settings.wfr_tol = number("wfr_tol")?.unwrap_or(1e-4);
    if let Some(rounds) = number("wfr_max_iterations")? {
        settings.wfr_max_iterations = rounds.max(0.0) as u32;
    }
    Ok(settings)
}

/// Whether NEST has a model of this name that the catalogue lacks: those of e-prop, and variants of synapses that differ in
/// how NEST stores them.
fn is_only_nests(name: &str) -> bool {
    name.starts_with("eprop_") || ["_hpc", "_lbl"].iter().any(|variant| name.ends_with(variant))
}

/// Names the first model that the catalogue lacks, before anything else is looked at. Where an error is expected, a name that
/// NEST does not know either is that error.
fn nothing_missing(case: &Case) -> Result<(), Obstacle> {
    let missing = |name: &str| {
        let message = format!("no model {name}");
        let refused = case.expect_error && !is_only_nests(name);
        if refused { Obstacle::Refused(message) } else { Obstacle::Missing(message) }
    };
    for (_, spec) in case.node_specs().map_err(Obstacle::Refused)? {
        models::find(&spec.model).ok_or_else(|| missing(&spec.model))?;
    }
    let copies = case.copies().map_err(Obstacle::Refused)?;
    for (_, copy) in &copies {
        models::find(&copy.base).ok_or_else(|| missing(&copy.base))?;
    }
    for connection in &case.connections {
        if let Some(name) = connection.synapse.get("synapse_model").and_then(Json::as_str)
            && !case.synapse_models.contains_key(name)
        {
            models::find(name).ok_or_else(|| missing(name))?;
        }
    }
    Ok(())
}

fn known_kernel_keys(case: &Case) -> Result<(), String> {
    match case.kernel.keys().find(|key| !KERNEL_KEYS.contains(&key.as_str())) {
        Some(key) => Err(format!("kernel: unknown setting {key}")),
        None => Ok(()),
    }
}

/// What NEST lets be set for a whole model only; here every node may have it.
const MODEL_ONLY: [&str; 1] = ["individual_spike_trains"];

fn node(id: NodeId, name: &str, spec: &NodeSpec) -> Result<Node, Obstacle> {
    let model = models::find(&spec.model).ok_or_else(|| Obstacle::Missing(format!("no model {}", spec.model)))?;
    let mut node = Node { n: spec.n, ..Node::new(id, name, model) };
    let refuse = |message: String| Obstacle::Refused(format!("{name}: {message}"));
    if let Some(name) = MODEL_ONLY.iter().find(|name| spec.params.contains_key(**name)) {
        return Err(refuse(format!("{name} is a property of the model, not of a node")));
    }
    let given = parameters(model, &spec.params).and_then(|given| append(model, &BTreeMap::new(), given));
    node.params.extend(given.map_err(refuse)?);
    let own = |params| append(model, &node.params, parameters(model, params)?);
    let each = spec.each.iter().take(spec.n).map(own).collect::<Result<Vec<_>, _>>();
    spread(&mut node, &each.map_err(refuse)?).map_err(refuse)?;
    Ok(node)
}

/// The parameters of a dictionary, each of the kind that the model declares. Those within a dictionary of their
/// own are called `soma.g_L`; what `add_compartments` holds is called so.
pub fn parameters(model: &Model, given: &Map<String, Json>) -> Result<Vec<(String, Value)>, String> {
    let names: Vec<&str> = given.keys().map(String::as_str).collect();
    if let Some((_, message)) = model.given_twice(&names).into_iter().next() {
        return Err(message);
    }
    let mut all = Vec::new();
    for (name, json) in given {
        match json {
            Json::Object(inner) if model.has_group(name) => {
                for (key, json) in inner {
                    let name = format!("{name}.{key}");
                    let value = named(model, &name, json)?;
                    all.push((name, value));
                }
            }
            _ => all.push((model.main_name(name).to_owned(), named(model, name, json)?)),
        }
    }
    Ok(all)
}

fn named(model: &Model, name: &str, json: &Json) -> Result<Value, String> {
    let records = |p: &&Parameter| matches!(p.default, DefaultValue::Table(_));
    let added = || name.strip_prefix("add_").and_then(|list| model.parameter(list)).filter(records);
    let parameter = model.parameter(name).or_else(added);
    let parameter = parameter.ok_or_else(|| format!("{} has no parameter {name}", model.name))?;
    value(parameter, json).map_err(|expected| format!("{name}: {expected}, not {json}"))
}

/// Tables are given once; what `add_` keys hold is put behind what is there.
fn append(
    model: &Model,
    there: &BTreeMap<String, Value>,
    given: Vec<(String, Value)>,
) -> Result<Vec<(String, Value)>, String> {
    let mut all = Vec::new();
    let (mut added, plain): (Vec<_>, Vec<_>) = given.into_iter().partition(|(name, _)| model.parameter(name).is_none());
    for (name, value) in plain {
        let has = matches!(there.get(&name), Some(Value::Table(records)) if !records.is_empty());
        if has && matches!(value, Value::Table(_)) {
            return Err(format!("there are {name} already"));
        }
        all.push((name, value));
    }
    for (name, value) in added.drain(..) {
        let list = name.trim_start_matches("add_").to_owned();
        let own = all.iter().position(|(name, _)| *name == list).map(|i| all.remove(i).1);
        match (own.or_else(|| there.get(&list).cloned()).unwrap_or(Value::Table(Vec::new())), value) {
            (Value::Table(mut records), Value::Table(more)) => {
                records.extend(more);
                all.push((list, Value::Table(records)));
            }
            _ => return Err(format!("{name}: expected entries with keys")),
        }
    }
    Ok(all)
}

/// Joins the parameters given neuron by neuron to one list for each parameter.
fn spread(node: &mut Node, each: &[Vec<(String, Value)>]) -> Result<(), String> {
    let mut names: Vec<&String> = Vec::new();
    for (name, _) in each.iter().flatten() {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        let common = node.value(name).ok_or_else(|| format!("{} has no parameter {name}", node.model.name))?;
        let of_neuron = |i: usize| {
            let own = each.get(i).and_then(|params| params.iter().find(|(n, _)| n == name));
            own.map_or_else(|| element(&common, i, node, name), |(_, value)| value.clone())
        };
        let values: Vec<Value> = (0..node.n).map(of_neuron).collect();
        let joined = join(&values).ok_or_else(|| format!("{name} cannot differ between neurons"))?;
        node.params.insert(name.clone(), joined);
    }
    Ok(())
}

/// What neuron `i` has of a value given to the whole population.
fn element(common: &Value, i: usize, node: &Node, name: &str) -> Value {
    let is_real = node.model.parameter(name).is_some_and(|p| matches!(p.default, DefaultValue::Real(_)));
    match common {
        Value::List(items) if is_real => items.get(i).map_or(Value::Real(f64::NAN), |x| Value::Real(*x)),
        Value::Flags(flags) => flags.get(i).map_or(Value::Flag(false), |on| Value::Flag(*on)),
        other => other.clone(),
    }
}

/// One value for all neurons, if there is such a form.
fn join(values: &[Value]) -> Option<Value> {
    let first = values.first()?;
    if values.iter().all(|v| v == first) {
        return Some(first.clone());
    }
    let reals: Option<Vec<f64>> = values.iter().map(Value::as_real).collect();
    if let Some(reals) = reals {
        return Some(Value::List(reals));
    }
    let flags: Option<Vec<bool>> =
        values.iter().map(|v| if let Value::Flag(on) = v { Some(*on) } else { None }).collect();
    if let Some(flags) = flags {
        return Some(Value::Flags(flags));
    }
    let lists = values.iter().map(|v| match v {
        Value::List(items) => Some(items.clone()),
        _ => None,
    });
    lists.collect::<Option<Vec<_>>>().map(Value::Lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(text: &str) -> Result<Network, Obstacle> {
        build(&Case::read(text).unwrap(), 7)
    }

    #[test]
    fn nodes_get_common_parameters_and_then_their_own() {
        let network = built(
            r#"{"id": "a/b/c", "resolution": 0.2, "duration": 3.0, "nodes": {
                "n": {"model": "iaf_psc_exp", "n": 3, "params": {"I_e": 10.0, "tau_m": 8.0},
                      "each": [{"I_e": 1.0}, {}, {"I_e": 3.0, "V_m": -60.0}]},
                "g": {"model": "spike_generator", "n": 2, "each": [{"spike_times": [1.0]}, {"spike_times": [2.0, 3.0]}]}}}"#,
        )
        .unwrap();
        let [n, g] = &network.project.nodes[..] else { panic!("two nodes") };
        assert_eq!(n.params["I_e"], Value::List(vec![1.0, 10.0, 3.0]));
        assert_eq!(n.params["V_m"], Value::List(vec![-70.0, -70.0, -60.0]));
        assert_eq!(n.params["tau_m"], Value::Real(8.0));
        assert_eq!(g.params["spike_times"], Value::Lists(vec![vec![1.0], vec![2.0, 3.0]]));
        let settings = &network.project.simulation;
        assert_eq!((settings.resolution, settings.duration, settings.seed), (0.2, 3.0, 7));
    }

    #[test]
    fn a_missing_model_comes_before_any_other_fault() {
        let text = r#"{"id": "a/b/c", "nodes": {"n": {"model": "iaf_psc_exp", "params": {"nonsense": 1}},
            "m": {"model": "eprop_iaf"}}}"#;
        assert_eq!(built(text).unwrap_err(), Obstacle::Missing("no model eprop_iaf".into()));
        let text = r#"{"id": "a/b/c", "nodes": {"n": {"model": "parrot_neuron"}},
            "synapse_models": {"s": {"base": "eprop_synapse"}}}"#;
        assert_eq!(built(text).unwrap_err(), Obstacle::Missing("no model eprop_synapse".into()));
    }

    #[test]
    fn unknown_parameters_and_wrong_kinds_are_refused_by_name() {
        let text = r#"{"id": "a/b/c", "nodes": {"n": {"model": "iaf_psc_exp", "params": {"V_rest": 1}}}}"#;
        assert_eq!(built(text).unwrap_err(), Obstacle::Refused("n: iaf_psc_exp has no parameter V_rest".into()));
        let text = r#"{"id": "a/b/c", "nodes": {"g": {"model": "spike_generator", "params": {"precise_times": 1}}}}"#;
        assert_eq!(
            built(text).unwrap_err(),
            Obstacle::Refused("g: precise_times: expected true or false, not 1".into())
        );
    }

    #[test]
    fn a_parameter_under_two_names_is_refused() {
        let with = |params: &str, each: &str| {
            built(&format!(
                r#"{{"id": "a/b/c", "nodes": {{"n": {{"model": "lin_rate_ipn", "params": {{{params}}}, "each": [{{{each}}}]}}}}}}"#
            ))
        };
        let refusal = || Obstacle::Refused("n: `mean` is another name of `mu`; give one of them".into());
        assert_eq!(with(r#""mean": 1.0, "mu": 1.0"#, "").unwrap_err(), refusal());
        assert_eq!(with("", r#""mu": 2.0, "mean": 1.0"#).unwrap_err(), refusal());
        let network = with(r#""mean": 1.0"#, r#""mu": 2.0"#).expect("a neuron has its own value");
        assert_eq!(network.project.nodes[0].params["mu"], Value::Real(2.0));
    }

    #[test]
    fn unknown_kernel_settings_are_refused() {
        let text = r#"{"id": "a/b/c", "kernel": {"colour": 1}, "nodes": {}}"#;
        assert_eq!(built(text).unwrap_err(), Obstacle::Refused("kernel: unknown setting colour".into()));
    }
}
