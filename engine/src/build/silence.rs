//! Populations that nothing can bring to fire. Whether a neuron fires without input, the engine is asked: it runs a few
//! of them for a while.

use std::sync::{Mutex, PoisonError};

use crate::description::{Role, Value, number};
use crate::models::{MULTIMETER, SPIKE_RECORDER, Signal};
use crate::project::{Node, NodeId, Place, Problem, Project, Projection, Rule};
use crate::recordings::Frame;
use crate::runtime::Simulation;

/// Steady input that brings a neuron less than this part of the way to threshold is far too weak.
const FAR: f64 = 0.5;

/// Warnings of populations that nothing can bring to fire.
pub fn warnings(project: &Project) -> Vec<Problem> {
    project.nodes.iter().filter_map(|node| check_drive(project, node)).collect()
}

fn check_drive(project: &Project, node: &Node) -> Option<Problem> {
    if !node.model.is_neuron() || !node.model.emits(Signal::Spikes) {
        return None;
    }
    let warning = |message: String| {
        let place = Place::Node { id: node.id, name: node.name.clone() };
        Some(Problem::warning(place, message))
    };
    let inputs: Vec<(&Projection, Signal)> = project
        .projections
        .iter()
        .filter(|p| p.to == node.id || (p.symmetric && p.from == node.id))
        .filter_map(|p| Some((p, project.wiring(p).ok()?.carries)))
        .filter(|(_, carries)| *carries != Signal::Samples)
        .collect();
    if inputs.is_empty() {
        return if is_silent(node, project.simulation.resolution) {
            warning("has no input and will not fire".into())
        } else {
            None
        };
    }
    let steady = steady_current(project, node, &inputs)?;
    let (depolarisation, distance) = (depolarisation(node, steady)?, to_threshold(node)?);
    if depolarisation < FAR * distance && is_silent(node, project.simulation.resolution) {
        let (v, away) = (rounded(depolarisation), rounded(distance));
        return warning(format!("steady depolarisation {v} mV; threshold is {away} mV away"));
    }
    None
}

/// What was asked for last, with the answers: the window asks anew after every change of the document.
static ASKED: Mutex<Vec<(Node, f64, bool)>> = Mutex::new(Vec::new());

/// As many answers are kept.
const KEPT: usize = 64;

/// As many neurons with values of their own are tried.
const MOST_TRIED: usize = 64;

/// Whether neurons of this node certainly never fire without input.
fn is_silent(node: &Node, resolution: f64) -> bool {
    let drawn = node.params.values().any(|value| matches!(value, Value::Distribution(_)));
    let apart = node.params.values().any(|value| {
        matches!(value, Value::List(_) | Value::Lists(_) | Value::Flags(_) | Value::Range(_) | Value::Spatial(_))
    });
    if drawn || (apart && node.n > MOST_TRIED) {
        return false;
    }
    let mut tried = Node::new(NodeId(0), "neurons", node.model);
    (tried.n, tried.params) = (if apart { node.n } else { 1 }, node.params.clone());
    if apart {
        tried.positions.clone_from(&node.positions);
    }
    let asked = || ASKED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = asked().iter().find(|(of, h, _)| *of == tried && *h == resolution).map(|(.., silent)| *silent);
    known.unwrap_or_else(|| {
        let silent = stays_silent(&tried, resolution).unwrap_or(false);
        let mut asked = asked();
        if asked.len() >= KEPT {
            asked.remove(0);
        }
        asked.push((tried, resolution, silent));
        silent
    })
}

/// How long neurons are run at most, ms and steps.
const LONGEST: f64 = 1000.0;
const MOST_STEPS: f64 = 20_000.0;
/// After so long it is looked whether anything still changes, ms.
const WHILE: f64 = 10.0;
/// A quantity stands still if it changes by less than this part of itself in that time.
const STILL: f64 = 1e-6;

/// Runs the neurons until they fire or nothing changes any more; `None` if neither can be told.
fn stays_silent(tried: &Node, resolution: f64) -> Option<bool> {
    let names: Vec<String> = tried.recordables().into_iter().map(|r| r.name).collect();
    let mut project = Project::default();
    (project.simulation.resolution, project.simulation.threads) = (resolution, 1);
    project.nodes.push(tried.clone());
    let mut wire = |to: Node, reads: bool| {
        let (from, to) = if reads { (to.id, tried.id) } else { (tried.id, to.id) };
        let mut projection = Projection::new(project.free_projection_id(), from, to);
        projection.rule = Rule::AllToAll;
        projection.delay = Value::Real(resolution);
        project.projections.push(projection);
    };
    let spikes = Node::new(NodeId(1), "spikes", &SPIKE_RECORDER);
    let mut meter = Node::new(NodeId(2), "meter", &MULTIMETER);
    meter.params.insert("record_from".into(), Value::Names(names.clone()));
    meter.params.insert("interval".into(), Value::Real(resolution));
    wire(spikes.clone(), false);
    if !names.is_empty() {
        wire(meter.clone(), true);
    }
    project.nodes.push(spikes);
    if !names.is_empty() {
        project.nodes.push(meter);
    }
    let mut simulation = Simulation::build(&project, &|_| true).ok()?;
    if simulation.draws() {
        return None;
    }
    // A state that lasts a while by itself, such as what is left of a refractory period, may hide what comes.
    let lasting = tried.model.parameters().filter(|p| p.role == Role::State && p.unit == "ms");
    let least = lasting.map(|p| most(tried.value(p.name))).fold(2.0 * WHILE, f64::max);
    let steps = (WHILE / resolution).ceil().max(2.0);
    let (mut frame, mut before, mut still) = (Frame::default(), Vec::new(), 0);
    while simulation.time() < LONGEST && (simulation.step() as f64) < MOST_STEPS {
        simulation.advance(steps as u64).ok()?;
        simulation.take_frame(&mut frame);
        let now = frame
            .rows
            .get(1)
            .map_or(&[][..], |rows| &rows.values[rows.values.len().saturating_sub(names.len() * tried.n)..])
            .to_vec();
        if frame.rows.first().is_some_and(|rows| !rows.is_empty()) {
            return Some(false);
        }
        let stands = before.len() == now.len()
            && before.iter().zip(&now).all(|(a, b): (&f64, &f64)| (a - b).abs() <= STILL * b.abs().max(1e-3));
        still = if stands && !names.is_empty() { still + 1 } else { 0 };
        if still >= 2 && simulation.time() > least {
            return Some(true);
        }
        before = now;
        frame.clear();
    }
    // Of what shows nothing, only what nothing can be set of is known to wait for input.
    (names.is_empty() && !tried.model.parameters().any(|p| p.main)).then_some(true)
}

fn most(value: Option<Value>) -> f64 {
    match value {
        Some(Value::Real(x)) => x,
        Some(Value::List(xs)) => xs.into_iter().fold(0.0, f64::max),
        _ => 0.0,
    }
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
    use super::*;
    use crate::models::Model;
    use crate::project::testing::pair;

    fn set(project: &mut Project, node: usize, name: &str, x: f64) {
        project.nodes[node].params.insert(name.into(), Value::Real(x));
    }
    fn has(project: &Project, part: &str) -> bool {
        warnings(project).iter().any(|w| w.to_string().contains(part))
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
        let mut project = pair("iaf_psc_alpha", 5, "spike_recorder", 1);
        for (to, silent) in [(300.0, true), (500.0, false)] {
            let range = crate::description::Range { from: 0.0, to, logarithmic: false };
            project.nodes[0].params.insert("I_e".into(), Value::Range(range));
            assert_eq!(has(&project, "will not fire"), silent, "currents up to {to} pA");
        }
        assert!(!alone("iaf_psc_exp", &[("delta", 1.0)]));
        assert!(!alone("pp_psc_delta", &[]));
        assert!(alone("izhikevich", &[]));
        assert!(!alone("izhikevich", &[("I_e", 10.0)]));
    }

    #[test]
    fn neurons_that_differ_by_the_seed_say_that_they_draw() {
        let mut by_chance = 0;
        let fires = |model: &&&Model| model.emits(Signal::Spikes) || model.emits(Signal::Transitions);
        for model in crate::models::CATALOGUE.iter().filter(|model| model.is_neuron()).filter(fires) {
            let ran = |seed| {
                let mut project = pair(model.name, 1, "spike_recorder", 1);
                project.simulation.seed = seed;
                for (name, x) in [("I_e", 500.0), ("theta", -1.0)] {
                    if model.parameter(name).is_some_and(|p| p.is_number()) {
                        set(&mut project, 0, name, x);
                    }
                }
                let mut simulation = Simulation::build(&project, &|_| true).ok()?;
                simulation.advance(3000).ok()?;
                let mut frame = Frame::default();
                simulation.take_frame(&mut frame);
                Some((frame.rows, simulation.draws()))
            };
            let (Some(one), Some(other)) = (ran(1), ran(2)) else { continue };
            let differ = one.0 != other.0;
            assert!(one.1 || !differ, "{}: chance has a part", model.name);
            by_chance += usize::from(differ);
        }
        assert!(by_chance >= 8, "{by_chance} models");
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
