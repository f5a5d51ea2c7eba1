//! What has been drawn ahead must not outlive the parameter that it was drawn from: after a change while a network runs,
//! spikes and currents have the statistics of the new value at once. Every model of the catalogue that draws random
//! numbers in time is tried with every number that it can change while it runs.

use std::collections::BTreeMap;

use rayon::prelude::*;
use spikeloom_engine::description::{DefaultValue, Severity, Value};
use spikeloom_engine::models::{self, CATALOGUE, Model, Parameter, Role, Signal};
use spikeloom_engine::project::{Node, NodeId, Project, Projection, Rule, validate};
use spikeloom_engine::recordings::Frame;
use spikeloom_engine::runtime::Simulation;

const TRIED: NodeId = NodeId(0);
const TARGETS: NodeId = NodeId(1);
const METER: NodeId = NodeId(3);
/// Neurons, or devices with a target each.
const N: usize = 60;
/// Time of the change and of the end, ms.
const CHANGE: f64 = 20.0;
const END: f64 = 120.0;
/// For so long after the change what was under way may go on: a delay, a step, an interval between draws of 1 ms,
/// relaxing membranes.
const SETTLING: f64 = 5.0;
const SETTLING_NEURONS: f64 = 60.0;
/// Runs of each kind, from whose spread standard errors are computed.
const SEEDS: u64 = 5;

/// Parameters with which a model draws in time, where its defaults do not make it, and with which it is lively.
fn lively(model: &Model) -> Vec<(&'static str, Value)> {
    let numbers: &[(&'static str, f64)] = match model.name {
        "poisson_generator" | "poisson_generator_ps" | "sinusoidal_poisson_generator" => &[("rate", 300.0)],
        "mip_generator" => &[("rate", 500.0), ("p_copy", 0.5)],
        "sinusoidal_gamma_generator" => &[("rate", 300.0), ("amplitude", 100.0), ("frequency", 50.0), ("order", 3.0)],
        "gamma_sup_generator" => &[("rate", 30.0), ("gamma_shape", 4.0), ("n_proc", 8.0)],
        "ppd_sup_generator" => &[("rate", 30.0), ("dead_time", 4.0), ("n_proc", 8.0)],
        "pulsepacket_generator" => &[("activity", 40.0), ("sdev", 10.0)],
        "noise_generator" => &[("mean", 20.0), ("std", 50.0)],
        "iaf_psc_exp" => &[("delta", 2.0), ("rho", 100.0), ("V_th", -70.0), ("V_reset", -75.0)],
        "pp_psc_delta" => &[("c_2", 100.0)],
        "gif_psc_exp" | "gif_psc_exp_multisynapse" | "gif_cond_exp" | "gif_cond_exp_multisynapse" => {
            &[("lambda_0", 100.0), ("V_T_star", -70.0), ("V_reset", -75.0), ("Delta_V", 5.0)]
        }
        "pp_cond_exp_mc_urbanczik" => &[("theta", -70.0)],
        // A population remembers some 2000 steps by default, which takes long in so many runs.
        "gif_pop_psc_exp" => &[("len_kernel", 50.0), ("lambda_0", 100.0), ("N", 20.0)],
        _ => &[],
    };
    numbers.iter().map(|(name, x)| (*name, Value::Real(*x))).collect()
}

/// Where what has begun or been drawn goes on although the parameter has changed, as in NEST 3.10; the documentation of
/// each of these parameters says so.
const KEPT: [(&str, &str); 11] = [
    // It drifts to its mean with the time constant tau.
    ("OUProcessInput", "mean"),
    ("ginzburg_neuron", "tau_m"),
    ("erfc_neuron", "tau_m"),
    ("gif_psc_exp_multisynapse", "t_ref"),
    ("gif_cond_exp", "t_ref"),
    ("noise_generator", "dt"),
    ("pp_psc_delta", "dead_time"),
    ("iaf_psc_exp", "t_ref"),
    ("gif_psc_exp", "t_ref"),
    ("gif_cond_exp_multisynapse", "t_ref"),
    ("pp_cond_exp_mc_urbanczik", "t_ref"),
];

fn wire(project: &mut Project, from: NodeId, to: NodeId, rule: Rule) {
    let mut projection = Projection::new(project.free_projection_id(), from, to);
    projection.rule = rule;
    project.projections.push(projection);
}

/// The model, with something that hears it and something that reads it.
fn network(model: &'static Model, seed: u64, params: &BTreeMap<String, Value>) -> Project {
    let mut project = Project::default();
    (project.simulation.seed, project.simulation.threads) = (seed, 1);
    let mut tried = Node::new(TRIED, "tried", model);
    (tried.n, tried.params) = (N, params.clone());
    project.nodes.push(tried);
    let currents = model.is_generator() && model.emits(Signal::Currents);
    let target = models::find(if currents { "iaf_psc_alpha" } else { "parrot_neuron" }).expect("a neuron");
    let mut targets = Node::new(TARGETS, "targets", target);
    targets.n = N;
    project.nodes.push(targets);
    let heard = if model.is_generator() { TARGETS } else { TRIED };
    if model.is_generator() {
        wire(&mut project, TRIED, TARGETS, Rule::OneToOne);
    }
    if !currents {
        project.nodes.push(Node::new(NodeId(2), "spikes", models::find("spike_recorder").expect("a recorder")));
        wire(&mut project, heard, NodeId(2), Rule::AllToAll);
    }
    if model.is_generator() && model.recordables.iter().any(|r| r.name == "I") {
        let mut meter = Node::new(METER, "meter", models::find("multimeter").expect("a recorder"));
        meter.params.insert("record_from".into(), Value::Names(vec!["I".into()]));
        meter.params.insert("interval".into(), Value::Real(project.simulation.resolution));
        project.nodes.push(meter);
        wire(&mut project, METER, TRIED, Rule::AllToAll);
    }
    project
}

fn is_right(project: &Project) -> bool {
    validate(project).iter().all(|p| p.severity != Severity::Error)
}

/// What is looked at: events, mean and mean square of samples, all after the change and what goes on for a while.
type Seen = [f64; 3];

fn seen(frame: &Frame, from: f64) -> Seen {
    let mut seen = [0.0; 3];
    for rows in &frame.rows {
        let sampled = !rows.values.is_empty();
        for (i, _) in rows.times.iter().enumerate().filter(|(_, t)| **t > from) {
            if sampled {
                seen[1] += rows.values[i];
                seen[2] += rows.values[i] * rows.values[i];
            } else {
                seen[0] += 1.0;
            }
        }
    }
    seen
}

/// A run in which parameters change from `before` to `after`, or are `after` from the beginning.
fn run(model: &'static Model, seed: u64, before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) -> Seen {
    let mut simulation = Simulation::build(&network(model, seed, before), &|_| true)
        .unwrap_or_else(|problems| panic!("{}: {problems:?}", model.name));
    let steps = |t: f64| (t / simulation.resolution()).round() as u64;
    let (first, rest) = (steps(CHANGE), steps(END) - steps(CHANGE));
    let advance = |simulation: &mut Simulation, n| {
        simulation.advance(n).unwrap_or_else(|problem| panic!("{}: {problem}", model.name));
        let mut frame = Frame::default();
        simulation.take_frame(&mut frame);
        frame
    };
    advance(&mut simulation, first);
    if before != after {
        let changed: Vec<(String, Value)> = after
            .iter()
            .filter(|(name, value)| before.get(*name) != Some(*value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        simulation.set(TRIED, &changed).unwrap_or_else(|p| panic!("{}: {changed:?}: {p:?}", model.name));
    }
    let settling = if model.is_neuron() { SETTLING_NEURONS } else { SETTLING };
    seen(&advance(&mut simulation, rest), CHANGE + settling)
}

/// Mean and squared standard error of each number.
fn summary(runs: &[Seen]) -> [(f64, f64); 3] {
    std::array::from_fn(|i| {
        let n = runs.len() as f64;
        let mean = runs.iter().map(|run| run[i]).sum::<f64>() / n;
        let variance = runs.iter().map(|run| (run[i] - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, variance / n)
    })
}

/// Whether two runs with different seeds differ: it draws in time.
fn draws(model: &'static Model, params: &BTreeMap<String, Value>) -> bool {
    is_right(&network(model, 1, params)) && run(model, 1, params, params) != run(model, 2, params, params)
}

/// Pairs of values that lie far apart, and both are allowed.
fn pairs(model: &'static Model, parameter: &Parameter, base: &BTreeMap<String, Value>) -> Vec<(Value, Value)> {
    let standing = match (base.get(parameter.name), parameter.default) {
        (Some(Value::Real(x)), _) => *x,
        (_, DefaultValue::Real(x)) if x.is_finite() => x,
        (_, DefaultValue::Integer(i)) => i as f64,
        _ => return Vec::new(),
    };
    let far = match parameter.unit {
        "mV" => [standing - 3.0, standing + 3.0],
        "ms" => [standing.max(1.0) * 300.0, 0.3],
        "spikes/s" | "1/s" | "1/ms" => [standing / 1000.0, 2.0 * standing],
        _ => [0.25 * standing, 2.0 * standing],
    };
    let values = far.into_iter().filter(|x| *x != standing && parameter.allows(*x));
    let works = |x: &f64| {
        let mut params = base.clone();
        params.insert(parameter.name.into(), Value::Real(*x));
        is_right(&network(model, 1, &params))
    };
    values.filter(works).map(|x| (Value::Real(x), Value::Real(standing))).collect()
}

#[test]
fn what_is_drawn_ahead_does_not_outlive_its_parameter() {
    let all: Vec<(&'static Model, BTreeMap<String, Value>)> = CATALOGUE
        .iter()
        .copied()
        .filter(|model| model.is_neuron() || model.is_generator())
        .map(|model| (model, lively(model).into_iter().map(|(name, v)| (name.to_owned(), v)).collect()))
        .collect();
    let random: Vec<_> = all.into_par_iter().filter(|(model, params)| draws(model, params)).collect();
    let names: Vec<&str> = random.iter().map(|(model, _)| model.name).collect();
    assert!(names.len() >= 11, "only these draw in time: {names:?}");
    for (model, parameter) in KEPT {
        assert!(names.contains(&model), "{model} draws nothing");
        let parameter = models::find(model).and_then(|m| m.parameter(parameter)).expect("it is declared");
        assert!(parameter.doc.contains("begun") || parameter.doc.contains("drawn"), "{}", parameter.doc);
    }
    let mut tries = Vec::new();
    for (model, base) in &random {
        for parameter in model.parameters().filter(|p| p.live && p.role == Role::Parameter) {
            for (a, b) in pairs(model, parameter, base) {
                let with = |value: &Value| {
                    let mut params = base.clone();
                    params.insert(parameter.name.into(), value.clone());
                    params
                };
                tries.push((*model, parameter.name, with(&a), with(&b)));
                tries.push((*model, parameter.name, with(&b), with(&a)));
            }
        }
        // The rate alone from nearly nothing, and a window that opens and closes.
        if model.is_generator() {
            let window = |start: f64, stop: f64| {
                let mut params = base.clone();
                params.insert("start".into(), Value::Real(start));
                params.insert("stop".into(), Value::Real(stop));
                params
            };
            for (a, b) in [((0.0, 10.0), (0.0, 1e5)), ((0.0, 1e5), (60.0, 1e5)), ((1e4, 1e5), (0.0, 1e5))] {
                tries.push((*model, "start and stop", window(a.0, a.1), window(b.0, b.1)));
            }
        }
    }
    assert!(tries.len() > 50, "{}", tries.len());
    let wrong: Vec<String> = tries
        .par_iter()
        .filter(|(model, name, ..)| !KEPT.contains(&(model.name, *name)))
        .filter_map(|(model, name, before, after)| {
            let changed: Vec<Seen> = (0..SEEDS).map(|seed| run(model, 100 + seed, before, after)).collect();
            let always: Vec<Seen> = (0..SEEDS).map(|seed| run(model, 200 + seed, after, after)).collect();
            let (changed, always) = (summary(&changed), summary(&always));
            let apart = changed.iter().zip(&always).find(|((a, va), (b, vb))| {
                // Eight standard errors, estimated from few runs, and at least those of a few Poisson events.
                (a - b).abs() > 8.0 * (va + vb).sqrt() + 1e-9 * a.abs().max(b.abs()) + 3.0
            });
            let values = |p: &BTreeMap<String, Value>| format!("{p:?}");
            apart.map(|((a, _), (b, _))| {
                format!("{} {name}: {a} instead of {b}; {} → {}", model.name, values(before), values(after))
            })
        })
        .collect();
    assert!(wrong.is_empty(), "after a change while running:\n{}", wrong.join("\n"));
}

#[test]
fn a_slow_generator_becomes_fast_at_once_and_keeps_its_dead_time() {
    let model = models::find("poisson_generator_ps").expect("a generator");
    let params = |rate: f64, dead: f64| -> BTreeMap<String, Value> {
        [("rate".to_owned(), Value::Real(rate)), ("dead_time".to_owned(), Value::Real(dead))].into()
    };
    let mut simulation = Simulation::build(&network(model, 3, &params(0.1, 1.0)), &|_| true).expect("it builds");
    let mut rows: Vec<(u32, f64)> = Vec::new();
    let mut read = |simulation: &mut Simulation, steps| {
        simulation.advance(steps).expect("it runs");
        let mut frame = Frame::default();
        simulation.take_frame(&mut frame);
        let of = frame.rows.iter().flat_map(|rows| rows.senders.iter().copied().zip(rows.times.iter().copied()));
        rows.extend(of);
    };
    read(&mut simulation, 1000);
    let set = |simulation: &mut Simulation, rate: f64, dead: f64| {
        let params: Vec<(String, Value)> = params(rate, dead).into_iter().collect();
        simulation.set(TRIED, &params).expect("it can be set");
    };
    // As by a hand that moves a slider.
    for i in 0..200 {
        set(&mut simulation, 500.0 + f64::from(i % 2), 1.0);
        read(&mut simulation, 50);
    }
    let after = rows.iter().filter(|(_, t)| *t > 101.0).count() as f64;
    let expected = 0.5 * N as f64 * 999.0;
    assert!((after - expected).abs() < 0.12 * expected, "{after} spikes instead of {expected}");
    let mut by_sender: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    rows.iter().for_each(|(sender, t)| by_sender.entry(*sender).or_default().push(*t));
    let shortest = by_sender.values().flat_map(|ts| ts.windows(2).map(|w| w[1] - w[0])).fold(f64::MAX, f64::min);
    // The recorded times lie on the grid of 0.1 ms.
    assert!(shortest > 0.89, "{shortest} ms between two spikes in spite of a dead time of 1 ms");
}
