//! Single nodes: number, parameters, and what parameters must hold together.

use super::parameter::check_parameter;
pub(super) use super::places::of_node as place;
use super::{Place, Problem, lists, space};
use crate::description::{Resolution, Value, number};
use crate::models::{Model, Relation};
use crate::project::Node;
use crate::project::suggest::unknown;

/// As many neurons or devices as a network can have.
pub(super) const LARGEST: u64 = 1 << 31;

/// Every error in a node by itself: its number, its parameters one by one and together.
///
/// `resolution` is the time step in ms.
pub fn check_node(node: &Node, resolution: f64) -> Vec<Problem> {
    let place = place(node);
    let mut problems = Vec::new();
    check_name_and_number(node, &place, &mut problems);
    space::check_node(node, &place, &mut problems);
    check_parameters(node, resolution, &place, &mut problems);
    // What parameters must hold together means something only if each is right by itself.
    if problems.is_empty() {
        check_relations(node, &place, &mut problems);
        lists::check_node(node, &place, &mut problems);
        if let Some(resolution) = Resolution::new(resolution)
            && let Err((parameter, message)) = (node.model.facts.check)(node, resolution)
        {
            problems.push(Problem::error(place, message).of(parameter));
        }
    }
    problems
}

fn check_name_and_number(node: &Node, place: &Place, problems: &mut Vec<Problem>) {
    if node.name.trim().is_empty() {
        problems.push(Problem::error(place.clone(), "a node must have a name"));
    }
    if node.n == 0 || node.n as u64 > LARGEST {
        let message = format!("must be from 1 to {LARGEST}, is {}", node.n);
        problems.push(Problem::error(place.clone(), message).of("n"));
    } else if node.model.is_recorder() && node.n != 1 {
        let message = format!("a {} is one device, is {}", node.model.name, node.n);
        problems.push(Problem::error(place.clone(), message).of("n"));
    }
}

fn check_parameters(node: &Node, resolution: f64, place: &Place, problems: &mut Vec<Problem>) {
    for (name, value) in &node.params {
        if let Err(message) = check_named(node, name, value, resolution) {
            problems.push(Problem::error(place.clone(), message).of(name));
        }
    }
}

/// Errors of parameters that do not depend on the number of neurons.
pub(super) fn check_single_values(node: &Node, resolution: f64, problems: &mut Vec<Problem>) {
    for (name, value) in &node.params {
        let is_single = !matches!(value, Value::List(_) | Value::Lists(_) | Value::Flags(_));
        if let Err(message) = check_named(node, name, value, resolution)
            && is_single
        {
            problems.push(Problem::error(place(node), message).of(name));
        }
    }
}

fn check_named(node: &Node, name: &str, value: &Value, resolution: f64) -> Result<(), String> {
    match (node.model.parameter(name), value) {
        (Some(parameter), Value::Spatial(kernel)) => {
            space::check_value(node, kernel)?;
            let n = node.n.min(Node::MOST_LOOKED_AT);
            check_parameter(parameter, &node.some_by_place(kernel), n, resolution)
        }
        (Some(parameter), _) => check_parameter(parameter, value, node.n, resolution),
        (None, _) if node.model.has_group(name) => Err(format!("holds several parameters: `{name}: (name: value, …)`")),
        (None, _) => Err(unknown_parameter(node.model, name, &[])),
    }
}

/// `elsewhere` are parameters that are not given here.
pub(super) fn unknown_parameter(model: &Model, name: &str, elsewhere: &[&str]) -> String {
    let known: Vec<&str> = model.parameters().map(|p| p.name).filter(|name| !elsewhere.contains(name)).collect();
    unknown("parameter", name, model.name, &known)
}

/// Relations hold for each neuron; values that are yet to be drawn are looked at when they are.
fn check_relations(node: &Node, place: &Place, problems: &mut Vec<Problem>) {
    for relation in node.model.relations {
        let names = relation.parameters();
        let Some(given) = names.iter().map(|name| node.value(name)).collect::<Option<Vec<Value>>>() else { continue };
        let Some((i, values)) = violated(relation, &given) else { continue };
        // The one that the user set is the one to look at.
        let which = names.iter().position(|name| node.params.contains_key(*name)).unwrap_or(0);
        let unit = node.model.parameter(names[which]).map_or("", |p| p.unit);
        let entry =
            if given.iter().any(|value| entries(value) > 1) { format!(" (entry {})", i + 1) } else { String::new() };
        let message = format!("{}, is {}{entry}", relation.demand(which, &values, unit), number(values[which]));
        problems.push(Problem::error(place.clone(), message).of(names[which]));
    }
}

/// The first entry of which the relation does not hold, with the values of all its parameters.
pub(super) fn violated(relation: &Relation, given: &[Value]) -> Option<(usize, Vec<f64>)> {
    let last = given.iter().map(entries).max().unwrap_or(0);
    (0..last)
        .filter_map(|i| Some((i, given.iter().map(|value| entry(value, i)).collect::<Option<Vec<f64>>>()?)))
        .find(|(_, values)| !relation.holds(values))
}

/// How many values are given apart.
fn entries(value: &Value) -> usize {
    match value {
        Value::List(xs) => xs.len(),
        _ => 1,
    }
}

/// The value for one neuron; `None` if it is to be drawn.
fn entry(value: &Value, i: usize) -> Option<f64> {
    match value {
        Value::Real(x) => Some(*x),
        Value::List(xs) => xs.get(i).copied(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::find;
    use crate::project::NodeId;

    fn node(model: &str, n: usize, params: &[(&str, Value)]) -> Node {
        let mut node = Node::new(NodeId(0), "a", find(model).unwrap());
        node.n = n;
        node.params = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        node
    }
    fn error(node: &Node) -> String {
        let problems = check_node(node, 0.1);
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems[0].to_string()
    }

    #[test]
    fn unknown_parameters_come_with_a_suggestion() {
        let wrong = node("iaf_psc_alpha", 1, &[("V_tresh", Value::Real(-50.0))]);
        assert_eq!(error(&wrong), "a: unknown parameter `V_tresh` of iaf_psc_alpha: did you mean `V_th`?");
        let wrong = node("poisson_generator", 1, &[("weight", Value::Real(1.0))]);
        assert!(error(&wrong).contains("there are `rate`, `start`"));
    }

    #[test]
    fn reset_lies_below_threshold_in_every_neuron() {
        let wrong = node("iaf_psc_alpha", 1, &[("V_reset", Value::Real(-55.0))]);
        assert_eq!(error(&wrong), "a: V_reset: must be < V_th (-55 mV), is -55");
        let wrong = node("iaf_psc_alpha", 1, &[("V_th", Value::Real(-80.0))]);
        assert_eq!(error(&wrong), "a: V_th: must be > V_reset (-70 mV), is -80");
        let wrong = node("iaf_psc_alpha", 2, &[("V_reset", Value::List(vec![-70.0, -50.0]))]);
        assert!(error(&wrong).contains("entry 2"));
    }

    #[test]
    fn a_sharp_upstroke_is_a_number() {
        let wrong = node("aeif_cond_alpha", 1, &[("Delta_T", Value::Real(0.05))]);
        let message = error(&wrong);
        assert!(message.starts_with("a: Delta_T: (V_peak - V_th) / Delta_T must be < 663.73"), "{message}");
        assert!(message.ends_with("is 0.05"), "{message}");
        assert_eq!(check_node(&node("aeif_cond_alpha", 1, &[("Delta_T", Value::Real(0.0))]), 0.1), []);
        let wrong = node("aeif_cond_alpha", 2, &[("Delta_T", Value::List(vec![2.0, 0.01]))]);
        assert!(error(&wrong).contains("entry 2"));
    }

    #[test]
    fn windows_do_not_end_before_they_begin() {
        let wrong = node("dc_generator", 1, &[("start", Value::Real(10.0)), ("stop", Value::Real(5.0))]);
        assert_eq!(error(&wrong), "a: start: must be ≤ stop (5 ms), is 10");
        let wrong = node("noise_generator", 1, &[("std", Value::Real(1.0)), ("std_mod", Value::Real(2.0))]);
        assert!(error(&wrong).contains("std_mod"));
    }

    #[test]
    fn numbers_of_devices() {
        assert!(error(&node("spike_recorder", 2, &[])).contains("one device"));
        assert!(error(&node("iaf_psc_alpha", 0, &[])).contains("from 1 to"));
    }
}
