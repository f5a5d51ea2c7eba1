//! What can run, but probably not as meant: nothing recorded, inputs too weak to matter, silence.

use super::{Place, Problem, node, projection};
use crate::description::{Value, number};
use crate::models::{Family, Signal};
use crate::project::{Node, Project, Projection};

/// Steady input that brings a neuron less than this part of the way to threshold is far too weak.
const FAR: f64 = 0.5;

pub(super) fn check(project: &Project, problems: &mut Vec<Problem>) {
    check_recorders(project, problems);
    check_muted(project, problems);
    for node in &project.nodes {
        if let Err((parameter, message)) = (node.model.facts.advise)(node) {
            problems.push(Problem::warning(node::place(node), message).of(parameter));
        }
        if node.model.is_neuron() {
            check_drive(project, node, problems);
        }
    }
}

fn check_recorders(project: &Project, problems: &mut Vec<Problem>) {
    let stores = |n: &Node| n.model.stores().is_some();
    if !project.nodes.is_empty() && !project.nodes.iter().any(stores) {
        let message = "nothing is recorded; add a spike recorder or a multimeter";
        problems.push(Problem::warning(Place::Project, message));
    }
    for recorder in project.nodes.iter().filter(|n| n.model.is_recorder()) {
        let id = recorder.id;
        let connected = |p: &Projection| p.from == id || p.to == id || p.devices().any(|device| device == id);
        if !project.projections.iter().any(connected) {
            problems.push(Problem::warning(node::place(recorder), "is connected to nothing, so it records nothing"));
        }
    }
}

fn check_muted(project: &Project, problems: &mut Vec<Problem>) {
    for muted in project.nodes.iter().filter(|n| n.muted) {
        let does = match muted.model.family() {
            Family::Recorder if muted.model.is_transmitter() => "so it hands on nothing",
            Family::Recorder => "so it records nothing",
            _ => "so it sends nothing",
        };
        problems.push(Problem::warning(node::place(muted), format!("is muted, {does}")));
    }
    for muted in project.projections.iter().filter(|p| p.muted) {
        let place = projection::place(project, muted);
        problems.push(Problem::warning(place, "is muted, so it transmits nothing"));
    }
}

/// Warns of a population that nothing can bring to fire.
fn check_drive(project: &Project, node: &Node, problems: &mut Vec<Problem>) {
    if !node.model.emits(Signal::Spikes) || fires_by_itself(node) {
        return;
    }
    let inputs: Vec<(&Projection, Signal)> = project
        .projections
        .iter()
        .filter(|p| p.to == node.id)
        .filter_map(|p| Some((p, project.wiring(p).ok()?.carries)))
        .filter(|(_, carries)| *carries != Signal::Samples)
        .collect();
    let Some(steady) = steady_current(project, node, &inputs) else { return };
    if inputs.is_empty() && steady == 0.0 {
        problems.push(Problem::warning(node::place(node), "has no input and will not fire"));
        return;
    }
    let (Some(depolarisation), Some(distance)) = (depolarisation(node, steady), to_threshold(node)) else { return };
    if depolarisation < FAR * distance {
        let (v, away) = (rounded(depolarisation), rounded(distance));
        let message = format!("steady depolarisation {v} mV; threshold is {away} mV away");
        problems.push(Problem::warning(node::place(node), message));
    }
}

/// Whether the neuron may fire without any input, or whether that is more than can be told.
fn fires_by_itself(node: &Node) -> bool {
    if let Some(fires) = node.model.facts.fires_by_itself {
        return fires(node);
    }
    let escapes = node.value("delta").is_some_and(|delta| delta != Value::Real(0.0));
    let forced = node.value("ignore_and_spike") == Some(Value::Flag(true));
    let starts_above = match (node.value("V_m"), node.model.parameter("V_th")) {
        (Some(Value::Real(v)), Some(_)) => v >= node.real("V_th"),
        (Some(_), Some(_)) => true,
        _ => false,
    };
    let rests_above = to_threshold(node).is_some_and(|distance| distance <= 0.0);
    escapes || forced || starts_above || rests_above
}

/// From rest to threshold in mV, if both are the same for all neurons.
fn to_threshold(node: &Node) -> Option<f64> {
    match (node.value("V_th")?, node.value("E_L")?) {
        (Value::Real(threshold), Value::Real(rest)) => Some(threshold - rest),
        _ => None,
    }
}

/// The largest steady current in pA into each neuron, if steady currents are all it gets.
fn steady_current(project: &Project, node: &Node, inputs: &[(&Projection, Signal)]) -> Option<f64> {
    let own = match node.value("I_e") {
        Some(Value::Real(x)) => x,
        Some(_) => return None,
        None => 0.0,
    };
    inputs.iter().try_fold(own, |sum, (projection, carries)| {
        let from = project.node(projection.from)?;
        let (Signal::Currents, Value::Real(weight)) = (carries, &projection.weight) else { return None };
        let each = project.expected_synapses(projection) / node.n as f64;
        Some(sum + largest_current(from, *weight)? * each)
    })
}

/// The largest current that a generator of known, steady output sends through a weight.
fn largest_current(from: &Node, weight: f64) -> Option<f64> {
    if from.muted { None } else { (from.model.facts.largest_current)(from, weight) }
}

/// What a steady current makes of the membrane potential, in mV.
fn depolarisation(node: &Node, current: f64) -> Option<f64> {
    let of = |name: &str| match node.value(name) {
        Some(Value::Real(x)) if x > 0.0 => Some(x),
        _ => None,
    };
    match (of("tau_m"), of("C_m"), of("g_L")) {
        (Some(tau), Some(capacitance), _) => Some(current * tau / capacitance),
        (None, _, Some(leak)) => Some(current / leak),
        _ => None,
    }
}

/// Two digits that matter: `0.04`, `3.8`, `15`.
fn rounded(x: f64) -> String {
    if x.abs() >= 10.0 { number(x.round()) } else { number(format!("{x:.1e}").parse().unwrap_or(x)) }
}

#[cfg(test)]
mod tests {
    use super::rounded;
    use crate::description::Value;
    use crate::project::Project;
    use crate::project::validate::testing::{pair, warnings};

    fn set(project: &mut Project, node: usize, name: &str, x: f64) {
        project.nodes[node].params.insert(name.into(), Value::Real(x));
    }
    fn has(project: &Project, part: &str) -> bool {
        warnings(project).iter().any(|w| w.contains(part))
    }

    #[test]
    fn recorders() {
        let mut project = pair("parrot_neuron", 1, "spike_recorder", 1);
        assert!(!has(&project, "record"));
        project.projections.clear();
        assert!(has(&project, "b: is connected to nothing"));
        project.nodes.pop();
        assert!(has(&project, "nothing is recorded"));
        assert!(warnings(&Project::default()).is_empty());
    }

    #[test]
    fn a_current_that_cannot_matter() {
        let mut project = pair("dc_generator", 1, "iaf_psc_alpha", 3);
        set(&mut project, 0, "amplitude", 1.0);
        assert!(has(&project, "b: steady depolarisation 0.04 mV; threshold is 15 mV away"));
        set(&mut project, 0, "amplitude", 376.0);
        assert!(!has(&project, "depolarisation"));
        set(&mut project, 0, "amplitude", 1.0);
        project.nodes[1].params.insert("I_e".into(), Value::Real(375.0));
        assert!(!has(&project, "depolarisation"));
    }

    #[test]
    fn conductance_based_neurons_and_steps() {
        let mut project = pair("step_current_generator", 1, "iaf_cond_exp", 1);
        project.nodes[0].params.insert("amplitude_times".into(), Value::List(vec![1.0, 2.0]));
        project.nodes[0].params.insert("amplitude_values".into(), Value::List(vec![-5.0, 10.0]));
        assert!(has(&project, "steady depolarisation 0.6 mV; threshold is 15 mV away"));
    }

    #[test]
    fn weak_currents_beside_other_input_are_no_matter() {
        let mut project = pair("poisson_generator", 1, "iaf_psc_alpha", 1);
        set(&mut project, 0, "rate", 100.0);
        set(&mut project, 1, "I_e", 1.0);
        assert!(!has(&project, "depolarisation"));
    }

    #[test]
    fn silence() {
        let alone = |model, params: &[(&str, f64)]| {
            let mut project = pair(model, 1, "spike_recorder", 1);
            params.iter().for_each(|(name, x)| set(&mut project, 0, name, *x));
            has(&project, "will not fire")
        };
        assert!(alone("iaf_psc_alpha", &[]));
        assert!(alone("parrot_neuron", &[]));
        assert!(alone("hh_psc_alpha", &[]));
        assert!(!alone("iaf_psc_alpha", &[("E_L", -50.0)]));
        assert!(!alone("iaf_psc_alpha", &[("I_e", 400.0)]));
        assert!(!alone("iaf_psc_exp", &[("delta", 1.0)]));
        assert!(!alone("izhikevich", &[]));
    }

    #[test]
    fn muted_things_and_silent_generators() {
        let mut project = pair("poisson_generator", 1, "iaf_psc_alpha", 1);
        assert!(has(&project, "a: rate: is 0 spikes/s"));
        project.nodes[0].muted = true;
        project.projections[0].muted = true;
        assert!(has(&project, "a is muted, so it sends nothing"));
        assert!(has(&project, "a → b is muted, so it transmits nothing"));
        let mut recorded = pair("parrot_neuron", 1, "spike_recorder", 1);
        recorded.nodes[1].muted = true;
        assert!(has(&recorded, "b is muted, so it records nothing"));
    }

    #[test]
    fn rounding_keeps_two_digits() {
        for (x, text) in
            [(0.04, "0.04"), (15.0, "15"), (3.777, "3.8"), (123.4, "123"), (0.0, "0"), (-0.04123, "-0.041")]
        {
            assert_eq!(rounded(x), text);
        }
    }
}
