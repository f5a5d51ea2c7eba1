//! What must hold of every model of the catalogue: a new one is covered by being listed.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use spikeloom_engine::description::{Convention, DefaultValue, Severity, TableSchema, Value};
use spikeloom_engine::models::{self, CATALOGUE, Model, Parameter, Role, Signal, Stored};
use spikeloom_engine::project::{Node, NodeId, Project, Projection, read, validate, write};
use spikeloom_engine::recordings::Frame;
use spikeloom_engine::runtime::Simulation;

/// Two blocks of 64, the second one not full.
const NEURONS: usize = 70;
const CELLS: NodeId = NodeId(0);
/// How long networks run, ms.
const DURATION: f64 = 30.0;

fn neurons() -> impl ParallelIterator<Item = &'static Model> {
    CATALOGUE.par_iter().copied().filter(|model| model.is_neuron())
}

/// A row of a table that has what rows must have.
fn row(schema: &TableSchema) -> BTreeMap<String, Value> {
    schema.required.iter().map(|key| (key.name.to_owned(), Value::from(key.default))).collect()
}

/// A node of the model, with entries in the tables that decide how many ports it has.
fn node(id: NodeId, name: &str, model: &'static Model, n: usize) -> Node {
    let mut node = Node::new(id, name, model);
    node.n = n;
    for parameter in model.parameters() {
        if let DefaultValue::Table(schema) = parameter.default {
            node.params.insert(parameter.name.into(), Value::Table(vec![row(schema)]));
        }
    }
    // The words with which a new node begins: not every reset bears what drives these neurons.
    let words = model.starts().filter(|(_, value)| matches!(value, Value::Text(_)));
    node.params.extend(words.map(|(parameter, value)| (parameter.name.to_owned(), value)));
    node
}

/// By how much a neuron's threshold is nearer to its rest than the usual 15 mV: what drives it is weaker by as much.
fn depth(model: &Model) -> f64 {
    let default = |name: &str| model.parameter(name).and_then(|parameter| Value::from(parameter.default).as_real());
    match default("V_th").zip(default("V_rest")) {
        Some((threshold, rest)) if threshold > rest => ((threshold - rest) / 15.0).min(1.0),
        _ => 1.0,
    }
}

/// A weight that moves a neuron without driving it to its limits, by the unit of the port.
fn weight(unit: &str) -> f64 {
    match unit {
        "pA" => 60.0,
        "nS" => 0.5,
        "mV" => 0.7,
        "µS" => 0.01,
        // A current in pA into neurons that count in mA and the like.
        _ if unit.ends_with("/pA") => 0.02,
        _ => 0.5,
    }
}

/// Wires two nodes if they fit.
fn connect(project: &mut Project, from: NodeId, to: NodeId) -> bool {
    let (source, target) = (project.node(from).unwrap().model, project.node(to).unwrap().model);
    let Some(synapse) = models::fitting_synapses(source, target).first().copied() else { return false };
    let Ok(wiring) = models::wire_with(source, target, synapse) else { return false };
    let port = target.ports.iter().find(|port| port.takes == wiring.carries);
    let mut projection = Projection::new(project.free_projection_id(), from, to);
    projection.synapse = synapse;
    projection.receptor = port.map_or(0, |port| port.number);
    let scale = if target.is_neuron() { depth(target) } else { 1.0 };
    projection.weight = Value::Real(port.map_or(1.0, |port| scale * weight(port.unit)));
    let before = project.projections.len();
    project.projections.push(projection);
    if errors(project).is_empty() {
        return true;
    }
    project.projections.truncate(before);
    false
}

fn errors(project: &Project) -> Vec<String> {
    validate(project).iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect()
}

/// Whether a recorder is tried with neurons of a model. Counting pairs of spikes takes time that grows with the square of the
/// rate, so it is tried with one model of spiking neurons, and with those whose states are counted.
fn records(recorder: &Model, model: &Model) -> bool {
    recorder.stores() != Some(Stored::Pairs) || model.name == "iaf_psc_exp" || model.emits(Signal::Transitions)
}

/// Neurons of the model, driven by whatever fits, coupled to themselves where they can be, and recorded.
fn network(model: &'static Model) -> Project {
    let mut project = Project::default();
    project.simulation.seed = 5;
    project.nodes.push(node(CELLS, "cells", model, NEURONS));
    let drive: [(&str, &str, f64); 3] =
        [("poisson_generator", "rate", 4000.0), ("dc_generator", "amplitude", 150.0), ("noise_generator", "std", 20.0)];
    for (name, parameter, value) in drive {
        let id = project.free_node_id();
        let mut device = node(id, name, models::find(name).expect("a generator"), 1);
        device.params.insert(parameter.into(), Value::Real(value));
        project.nodes.push(device);
        connect(&mut project, id, CELLS);
    }
    // What repeats every spike would repeat its own without end.
    if !model.ports.iter().any(|port| port.weightless) {
        connect(&mut project, CELLS, CELLS);
    }
    for recorder in CATALOGUE.iter().copied().filter(|m| m.is_recorder() && !m.is_transmitter() && records(m, model)) {
        let id = project.free_node_id();
        let mut recorder = node(id, recorder.name, recorder, 1);
        if recorder.model.is_meter() && recorder.model.parameter("record_from").is_some() {
            let names: Vec<String> = project.node(CELLS).unwrap().recordables().into_iter().map(|r| r.name).collect();
            if !names.is_empty() {
                recorder.params.insert("record_from".into(), Value::Names(names));
            }
        }
        project.nodes.push(recorder);
        if !connect(&mut project, CELLS, id) {
            connect(&mut project, id, CELLS);
        }
    }
    project
}

fn build(project: &Project, what: &str) -> Simulation {
    Simulation::build(project, &|_| true).unwrap_or_else(|problems| panic!("{what}: {problems:?}"))
}

fn steps(simulation: &Simulation) -> u64 {
    (DURATION / simulation.resolution()).round() as u64
}

/// All that has been recorded since the last call.
fn recorded(simulation: &mut Simulation) -> Frame {
    let mut frame = Frame::default();
    simulation.take_frame(&mut frame);
    frame
}

fn run(mut simulation: Simulation, what: &str) -> Frame {
    let n = steps(&simulation);
    simulation.advance(n).unwrap_or_else(|problem| panic!("{what}: {problem}"));
    recorded(&mut simulation)
}

fn same(a: &Frame, b: &Frame) -> bool {
    let bits = |xs: &[f64]| xs.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    a.rows.len() == b.rows.len()
        && a.rows.iter().zip(&b.rows).all(|(a, b)| {
            bits(&a.times) == bits(&b.times) && a.senders == b.senders && bits(&a.values) == bits(&b.values)
        })
}

/// Numbers that a parameter may take beside its default, in a network that stays valid.
fn other_number(project: &Project, parameter: &Parameter) -> Option<f64> {
    let default = match parameter.default {
        DefaultValue::Real(x) => x,
        DefaultValue::Integer(i) => i as f64,
        _ => return None,
    };
    let start = if default.is_finite() { default } else { -80.0 };
    let whole = matches!(parameter.default, DefaultValue::Integer(_));
    let near = [1.1 * start, 0.9 * start, start + 0.5, start - 0.5, start + 1.0, 2.0 * start, 0.5];
    near.into_iter()
        .map(|x| {
            if whole {
                x.round()
            } else if parameter.on_grid {
                (x * 10.0).round() / 10.0
            } else {
                x
            }
        })
        .filter(|x| *x != default && parameter.allows(*x))
        .find(|x| {
            let mut changed = project.clone();
            changed.node_mut(CELLS).unwrap().params.insert(parameter.name.into(), Value::Real(*x));
            errors(&changed).is_empty()
        })
}

fn close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3)
}

#[test]
fn declarations_are_whole() {
    for model in CATALOGUE {
        let name = model.name;
        assert_eq!(CATALOGUE.iter().filter(|other| other.name == name).count(), 1, "{name} is there twice");
        assert!(!model.title.is_empty() && !model.doc.is_empty(), "{name} says nothing of itself");
        let all: Vec<&Parameter> = model.parameters().collect();
        for parameter in &all {
            let of = format!("{name}: {}", parameter.name);
            assert!(!parameter.doc.is_empty(), "{of} has no doc");
            let called = |name: &str| all.iter().filter(|other| other.is_called(name)).count();
            assert!([parameter.name].iter().chain(parameter.aliases).all(|n| called(n) == 1), "{of} is there twice");
            let numbers: Vec<f64> = match parameter.default {
                DefaultValue::Real(x) => vec![x],
                DefaultValue::Integer(i) => vec![i as f64],
                DefaultValue::Reals(xs) => xs.to_vec(),
                _ => vec![],
            };
            assert!(numbers.iter().all(|x| parameter.allows(*x)), "{of}: the default is not allowed");
        }
        for recordable in model.recordables {
            assert!(!recordable.doc.is_empty(), "{name}: {} has no doc", recordable.name);
        }
    }
}

#[test]
fn every_neuron_can_be_driven_recorded_and_run() {
    neurons().for_each(|model| {
        let project = network(model);
        assert!(
            project.projections.iter().any(|p| p.to == CELLS && p.from != CELLS),
            "{}: nothing drives it",
            model.name
        );
        let frame = run(build(&project, model.name), model.name);
        let values = || frame.rows.iter().flat_map(|rows| &rows.values);
        assert!(values().all(|x| x.is_finite()), "{}: a recorded number is not finite", model.name);
        let wanted = project.node(CELLS).unwrap().recordables().len();
        assert!(wanted == 0 || values().count() > 0, "{}: nothing is sampled", model.name);
    });
}

#[test]
fn all_that_can_be_recorded_can_be_looked_at() {
    neurons().for_each(|model| {
        let project = network(model);
        let simulation = build(&project, model.name);
        let mut told = Vec::new();
        simulation.tell_neuron(CELLS, NEURONS - 1, |name, unit, x| told.push((name.to_owned(), unit, x)));
        for recordable in project.node(CELLS).unwrap().recordables() {
            let seen = told.iter().find(|(name, unit, _)| *name == recordable.name && *unit == recordable.unit);
            let of = format!("{}: {}", model.name, recordable.name);
            let Some((.., x)) = seen else { panic!("{of} is not told") };
            assert!(x.is_finite(), "{of}: {x}");
            // A parameter may have the name of something else that is recorded, as in NEST.
            if model.parameter(&recordable.name).is_none() {
                assert_eq!(simulation.get(CELLS, NEURONS - 1, &recordable.name), Some(Value::Real(*x)), "{of}");
            }
        }
    });
}

#[test]
fn the_reversal_potential_of_a_receptor_is_a_parameter_of_its_model() {
    let mut inhibiting = 0;
    for model in CATALOGUE.iter().filter(|model| model.is_neuron()) {
        let node = node(CELLS, "cells", model, 1);
        for port in model.ports.iter().filter(|port| !port.reversal.is_empty()) {
            let reversal = node.reversal(port.number);
            // Of receptors of several kinds some have no such potential.
            let of_kinds = matches!(node.value(port.each), Some(Value::Table(_)));
            assert!(reversal.map_or(of_kinds, |x| (-120.0..=60.0).contains(&x)), "{}: {reversal:?}", model.name);
            inhibiting += usize::from(node.inhibits(port.number));
        }
    }
    assert!(inhibiting >= 7, "GABA receptors of several models: {inhibiting}");
}

#[test]
fn what_is_set_is_what_is_told() {
    neurons().for_each(|model| {
        let plain = network(model);
        for parameter in model.parameters() {
            let Some(x) = other_number(&plain, parameter) else { continue };
            let of = format!("{}: {} = {x}", model.name, parameter.name);
            let mut project = plain.clone();
            let each: Vec<f64> = (0..NEURONS)
                .map(|i| if i % 3 == 0 { x } else { plain.node(CELLS).unwrap().real(parameter.name) })
                .collect();
            let value = if parameter.per_neuron { Value::List(each.clone()) } else { Value::Real(x) };
            project.node_mut(CELLS).unwrap().params.insert(parameter.name.into(), value);
            let simulation = build(&project, &of);
            for i in [0, 1, 66, NEURONS - 1] {
                let told = simulation.get(CELLS, i, parameter.name).and_then(|v| v.as_real());
                let expected = if parameter.per_neuron { each[i] } else { x };
                assert!(told.is_some_and(|t| close(t, expected)), "{of}: neuron {i} tells {told:?}");
            }
        }
    });
}

#[test]
fn a_parameter_set_at_once_is_as_one_built_with() {
    neurons().for_each(|model| {
        let plain = network(model);
        for parameter in model.parameters().filter(|p| p.live && p.role == Role::Parameter) {
            let Some(x) = other_number(&plain, parameter) else { continue };
            let of = format!("{}: {} = {x}", model.name, parameter.name);
            let mut changed = plain.clone();
            changed.node_mut(CELLS).unwrap().params.insert(parameter.name.into(), Value::Real(x));
            let mut set = build(&plain, &of);
            set.set(CELLS, &[(parameter.name.into(), Value::Real(x))]).unwrap_or_else(|p| panic!("{of}: {p:?}"));
            assert!(
                same(&run(set, &of), &run(build(&changed, &of), &of)),
                "{of}: differs from a network built with it"
            );
        }
    });
}

#[test]
fn threads_cuts_and_snapshots_change_no_bit() {
    neurons().for_each(|model| {
        let mut project = network(model);
        project.simulation.threads = 1;
        let whole = run(build(&project, model.name), model.name);
        for threads in [2, 3, 8] {
            project.simulation.threads = threads;
            let other = run(build(&project, model.name), model.name);
            assert!(same(&whole, &other), "{}: {threads} threads give other results", model.name);
        }
        let mut simulation = build(&project, model.name);
        let (n, mut frame) = (steps(&simulation), Frame::default());
        for part in [1, 6, 40, 13, n - 60] {
            simulation.advance(part).expect("it runs");
            frame.append(&mut recorded(&mut simulation));
        }
        assert!(same(&whole, &frame), "{}: a cut changes results", model.name);

        let mut simulation = build(&project, model.name);
        simulation.advance(n / 2).expect("it runs");
        recorded(&mut simulation);
        let kept = simulation.snapshot();
        simulation.advance(n / 2).expect("it runs");
        let first = recorded(&mut simulation);
        simulation.restore(&kept);
        recorded(&mut simulation);
        simulation.advance(n / 2).expect("it runs");
        let again = recorded(&mut simulation);
        assert!(same(&first, &again), "{}: going back changes what follows", model.name);
    });
}

#[test]
fn what_is_not_allowed_is_refused() {
    CATALOGUE.par_iter().copied().filter(|m| m.is_neuron() || m.is_generator()).for_each(|model| {
        let mut plain = Project::default();
        plain.nodes.push(node(CELLS, "cells", model, 3));
        assert_eq!(errors(&plain), Vec::<String>::new(), "{}", model.name);
        for parameter in model.parameters().filter(|p| p.is_number()) {
            let outside = [f64::NAN, -1e9, -1.0, 0.0, 1e9].into_iter().filter(|x| !parameter.allows(*x));
            for x in outside {
                let mut project = plain.clone();
                project.node_mut(CELLS).unwrap().params.insert(parameter.name.into(), Value::Real(x));
                let found = errors(&project);
                assert!(
                    found.iter().any(|e| e.contains(parameter.name)),
                    "{}: {} = {x} is accepted",
                    model.name,
                    parameter.name
                );
            }
        }
    });
}

#[test]
fn files_keep_every_model() {
    for model in CATALOGUE.iter().copied().filter(|m| m.is_neuron()) {
        let mut project = network(model);
        for parameter in model.parameters() {
            if let Some(x) = other_number(&project, parameter) {
                project.node_mut(CELLS).unwrap().params.insert(parameter.name.into(), Value::Real(x));
                if !errors(&project).is_empty() {
                    project.node_mut(CELLS).unwrap().params.remove(parameter.name);
                }
            }
        }
        let text = write(&project);
        let (again, _) = read(&text).unwrap_or_else(|e| panic!("{}: {e:?}\n{text}", model.name));
        assert_eq!(write(&again), text, "{}", model.name);
        assert_eq!(again.node_named("cells").unwrap().params, project.node(CELLS).unwrap().params, "{}", model.name);
    }
}

#[test]
fn aliases_are_understood_and_main_names_saved() {
    let mut seen = 0;
    for model in CATALOGUE {
        for parameter in model.parameters() {
            for alias in parameter.aliases {
                seen += 1;
                let name = model.name;
                let text = format!(r#"(nodes: {{"a": (model: "{name}", params: ({alias}: 0.25))}})"#);
                let (project, _) = read(&text).unwrap_or_else(|e| panic!("{name}: {e:?}"));
                assert_eq!(project.nodes[0].params.keys().collect::<Vec<_>>(), [parameter.name], "{name}");
                let own = parameter.name;
                let both = format!(r#"(nodes: {{"a": (model: "{name}", params: ({alias}: 0.25, {own}: 0.5))}})"#);
                let refusal = format!("{:?}", read(&both).err());
                assert!(refusal.contains("another name"), "{name}: {refusal}");
                let mut simulation = build(&project, name);
                simulation.set(project.nodes[0].id, &[((*alias).into(), Value::Real(0.75))]).expect("it can be set");
                let told = simulation.get(project.nodes[0].id, 0, own).and_then(|v| v.as_real());
                assert_eq!(told, Some(0.75), "{name}");
                assert_eq!(simulation.get(project.nodes[0].id, 0, alias), told.map(Value::Real), "{name}");
                let both = [((*alias).into(), Value::Real(0.25)), (own.into(), Value::Real(0.5))];
                let refusal = format!("{:?}", simulation.set(project.nodes[0].id, &both).err());
                assert!(refusal.contains(&format!("`{alias}` is another name of `{own}`")), "{name}: {refusal}");
                let twice = [(own.into(), Value::Real(0.25)), (own.into(), Value::Real(0.5))];
                let refusal = format!("{:?}", simulation.set(project.nodes[0].id, &twice).err());
                assert!(refusal.contains(&format!("`{own}` is given twice")), "{name}: {refusal}");
                let told = simulation.get(project.nodes[0].id, 0, own).and_then(|v| v.as_real());
                assert_eq!(told, Some(0.75), "{name}: nothing of what is refused is set");
            }
        }
    }
    assert!(seen >= 4, "the rate neurons have aliases");
}

/// The parameters and settable states of NEST's synapse models with their defaults: those that a projection has beside
/// (devices, receptor) and those without meaning (a delay of what acts at once) are left out.
#[test]
fn synapses_have_nests_parameters_with_its_defaults() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/nest_synapses.json");
    let text = std::fs::read_to_string(file).expect("a readable file");
    let all: BTreeMap<String, BTreeMap<String, serde_json::Value>> = serde_json::from_str(&text).expect("synapses");
    let mut wrong = Vec::new();
    for (name, theirs) in &all {
        let Some(model) = models::find(name) else {
            wrong.push(format!("{name} is missing"));
            continue;
        };
        for (parameter, default) in theirs {
            let ours = model.parameter(parameter).map(|parameter| match parameter.default {
                DefaultValue::Real(x) => x.into(),
                DefaultValue::Integer(i) => i.into(),
                DefaultValue::Flag(on) => on.into(),
                DefaultValue::Integers(list) => list.into(),
                _ => serde_json::Value::Null,
            });
            if ours.as_ref() != Some(default) {
                wrong.push(format!("{name}: {parameter} is {ours:?}, NEST's is {default}"));
            }
        }
        // What NEST tells under this name among the defaults is the number of the model.
        let hidden = |parameter: &&Parameter| parameter.name == "synapse_id";
        let unknown = model.parameters().filter(|p| !theirs.contains_key(p.name) && !hidden(p));
        wrong.extend(unknown.map(|parameter| format!("{name}: NEST has no {}", parameter.name)));
    }
    let of_nest =
        |model: &&&Model| model.family() == models::Family::Synapse && model.facts.convention == Convention::Nest;
    let more = CATALOGUE.iter().filter(of_nest).filter(|model| !all.contains_key(model.name));
    wrong.extend(more.map(|model| format!("NEST has no {}", model.name)));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_synapse_model_carries_something() {
    for synapse in CATALOGUE.iter().copied().filter(|m| m.family() == models::Family::Synapse) {
        let pairs =
            || CATALOGUE.iter().filter(|m| m.is_neuron()).flat_map(|from| CATALOGUE.iter().map(move |to| (from, to)));
        let fits = pairs().any(|(from, to)| to.is_neuron() && models::wire_with(from, to, synapse).is_ok());
        assert!(fits, "{} fits nowhere", synapse.name);
    }
    let sends_spikes = CATALOGUE.iter().filter(|m| m.is_neuron() && m.emits(Signal::Spikes)).count();
    assert!(sends_spikes > 20, "{sends_spikes}");
}

/// Any two neurons with any synapse, one way or both: the network is refused with a reason, or it is built and runs. What a
/// synapse reads of its target is asked for before, not when it is looked up.
#[test]
fn every_wire_between_neurons_runs_or_is_refused() {
    let all = CATALOGUE;
    let dopamine = all.iter().find(|m| m.is_transmitter()).expect("a volume transmitter");
    let from_them = |from: &'static Model| -> usize {
        let pairs = all.iter().filter(|m| m.is_neuron()).flat_map(|to| all.iter().map(move |synapse| (*to, *synapse)));
        let wired = pairs.filter(|(_, synapse)| synapse.family() == models::Family::Synapse);
        let runs = wired.flat_map(|(to, synapse)| [false, true].map(|symmetric| (to, synapse, symmetric))).filter(
            |(to, synapse, symmetric)| {
                let mut project = Project::default();
                project.simulation.threads = 1;
                project.nodes = vec![node(CELLS, "from", from, 2), node(NodeId(1), "to", to, 2)];
                let mut projection = Projection::new(project.free_projection_id(), CELLS, NodeId(1));
                (projection.synapse, projection.symmetric) = (synapse, *symmetric);
                if synapse.plastic().is_some_and(|s| s.triggered) {
                    project.nodes.push(node(NodeId(2), "dopamine", dopamine, 1));
                    projection.volume_transmitter = Some(NodeId(2));
                }
                project.projections.push(projection);
                if !errors(&project).is_empty() {
                    return false;
                }
                let of = format!("{} to {} by {}, both ways: {symmetric}", from.name, to.name, synapse.name);
                build(&project, &of).advance(5).unwrap_or_else(|problem| panic!("{of}: {problem}"));
                true
            },
        );
        runs.count()
    };
    let runs: usize = neurons().map(from_them).sum();
    assert!(runs > 2000, "{runs} of all wires run");
}

/// One line a model: its name and a hash of all bits recorded. Printed for [`levels_agree`].
#[test]
fn fingerprints_of_all_neurons() {
    let mut lines: Vec<String> = neurons()
        .map(|model| {
            let frame = run(build(&network(model), model.name), model.name);
            let mut fingerprint = spikeloom_engine::verify::Fingerprint::default();
            frame.rows.iter().for_each(|rows| fingerprint.rows(rows));
            format!("fingerprint {} {:016x}", model.name, fingerprint.value())
        })
        .collect();
    lines.sort();
    assert!(lines.len() > 30);
    lines.iter().for_each(|line| println!("{line}"));
}

#[test]
fn levels_of_instructions_change_no_bit() {
    let of = |level: &str| {
        let output = std::process::Command::new(std::env::current_exe().expect("this program"))
            .args(["fingerprints_of_all_neurons", "--exact", "--nocapture"])
            .env("SPIKELOOM_LEVEL", level)
            .output()
            .expect("it starts again");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines = text.lines().filter_map(|line| Some(line.split_once("fingerprint ")?.1.to_owned()));
        lines.collect::<Vec<_>>()
    };
    let (best, avx2, scalar) = (of(""), of("avx2"), of("scalar"));
    assert!(best.len() > 30, "{best:?}");
    assert_eq!(best, scalar, "the best level and the scalar one differ");
    assert_eq!(avx2, scalar, "AVX2 and the scalar level differ");
}

/// Whatever the resolution, a network of defaults runs: what is too short for a step lasts one, as in NEST. What was
/// written is refused.
#[test]
fn defaults_fit_every_resolution() {
    for resolution in [0.007, 0.3, 10.0] {
        CATALOGUE.par_iter().copied().filter(|m| m.family() != models::Family::Synapse).for_each(|model| {
            let mut project = Project::default();
            project.simulation.resolution = resolution;
            let mut one = Node::new(CELLS, "one", model);
            if model.is_neuron() {
                // What it cannot do without: compartments, say.
                one.params.extend(model.starts().map(|(parameter, value)| (parameter.name.to_owned(), value)));
            }
            project.nodes.push(one);
            for other in CATALOGUE.iter().copied().filter(|m| m.family() != models::Family::Synapse) {
                let id = project.free_node_id();
                project.nodes.push(Node::new(id, other.name, other));
                let (source, target) =
                    (other.is_generator() || other.is_meter(), other.is_recorder() && records(other, model));
                if !(source && connect(&mut project, id, CELLS) || target && connect(&mut project, CELLS, id)) {
                    project.nodes.pop();
                }
            }
            let of = format!("{} at {resolution} ms", model.name);
            assert_eq!(errors(&project), Vec::<String>::new(), "{of}");
            let mut simulation = build(&project, &of);
            simulation.advance(10).unwrap_or_else(|problem| panic!("{of}: {problem}"));
        });
    }
    let text = |delay: &str| {
        format!(
            r#"(simulation: (resolution: 10), nodes: {{"n": (model: "iaf_psc_alpha"), "v": (model: "voltmeter")}},
                projections: [(from: "v", to: "n"{delay})])"#
        )
    };
    let (project, _) = read(&text("")).unwrap_or_else(|e| panic!("{e}"));
    let mut simulation = build(&project, "a voltmeter");
    simulation.advance(3).expect("it runs");
    let frame = recorded(&mut simulation);
    assert_eq!(frame.rows[0].times.first(), Some(&10.0), "{:?}", frame.rows[0].times);
    let refused = read(&text(", delay: 1")).expect_err("what was written is refused").to_string();
    assert!(refused.contains("delay: must be at least one step (10 ms), is 1"), "{refused}");
}

/// What is said to stay silent does, and what fires without input is not said to: the engine itself is asked.
#[test]
fn silence_is_told_of_silent_neurons_alone() {
    let told = |project: &Project| Simulation::problems(project).iter().any(|p| p.message.contains("will not fire"));
    neurons().filter(|model| model.emits(Signal::Spikes)).for_each(|model| {
        let mut project = Project::default();
        (project.simulation.seed, project.simulation.threads) = (5, 1);
        let mut cells = node(CELLS, "cells", model, 1);
        let mut tried = vec![cells.params.clone()];
        for parameter in model.parameters().filter(|p| p.unit == "pA" || p.unit == "mV") {
            for by in [500.0, 30.0] {
                let mut params = cells.params.clone();
                params.insert(parameter.name.into(), Value::Real(cells.real(parameter.name) + by));
                tried.push(params);
            }
        }
        project.nodes.push(cells.clone());
        for params in tried {
            cells.params = params;
            project.nodes[0] = cells.clone();
            if !errors(&project).is_empty() {
                continue;
            }
            if told(&project) {
                let mut simulation = build(&project, model.name);
                let ran = simulation.advance(10_000).is_ok();
                let fires = ran && simulation.counters().spikes > 0;
                assert!(!fires, "{} {:?} fires, but is said not to", model.name, cells.params);
            }
        }
    });
    for (name, silent) in
        [("iaf_psc_alpha", true), ("hh_psc_alpha", true), ("parrot_neuron", true), ("pp_psc_delta", false)]
    {
        let mut project = Project::default();
        project.nodes.push(node(CELLS, "cells", models::find(name).expect("a neuron"), 5));
        assert_eq!(told(&project), silent, "{name}");
    }
}

/// What NEST tells of generators and recorders beside their parameters, and what concerns other means of storing and
/// feeding data than there are here.
const NOT_PARAMETERS: [&str; 7] = [
    "stimulus_source",
    "histogram",
    "histogram_correction",
    "count_histogram",
    "covariance",
    "count_covariance",
    "n_events",
];

/// A number, switch, text or list of NEST's is the default here.
fn is_default(theirs: &ron::Value, ours: DefaultValue) -> bool {
    match (theirs, ours) {
        // NEST writes infinity as the largest number.
        (ron::Value::Number(x), DefaultValue::Real(y)) => {
            let x = x.into_f64();
            x == y || (x >= f64::MAX && y == f64::INFINITY)
        }
        (ron::Value::Number(x), DefaultValue::Integer(i)) => x.into_f64() == i as f64,
        (ron::Value::Bool(x), DefaultValue::Flag(y)) => *x == y,
        (ron::Value::String(x), DefaultValue::Text(y)) => x == y,
        (ron::Value::Seq(xs), DefaultValue::Reals([]) | DefaultValue::Integers([])) => xs.is_empty(),
        (ron::Value::Seq(xs), DefaultValue::Names(names)) => xs
            .iter()
            .map(|x| x.clone().into_rust::<String>().ok())
            .eq(names.iter().map(|name| Some((*name).to_owned()))),
        _ => false,
    }
}

#[test]
fn devices_have_the_parameters_and_defaults_of_nest() {
    let text = include_str!("catalogue/devices.json");
    let all: BTreeMap<String, BTreeMap<String, ron::Value>> = ron::from_str(text).expect("a list of devices");
    assert!(all.len() >= 26, "{}", all.len());
    let mut wrong = Vec::new();
    for (name, device) in &all {
        let Some(model) = models::find(name) else {
            wrong.push(format!("{name} is missing"));
            continue;
        };
        let defaults: BTreeMap<String, ron::Value> =
            device["defaults"].clone().into_rust().expect("parameters with defaults");
        for (parameter, theirs) in &defaults {
            // A generator writes no file that a label could name.
            let of_files = model.is_generator() && parameter == "label";
            if of_files || parameter.starts_with("y_") || NOT_PARAMETERS.contains(&parameter.as_str()) {
                continue;
            }
            match model.parameter(parameter) {
                None => wrong.push(format!("{name} has no {parameter}")),
                Some(ours) if is_default(theirs, ours.default) => {}
                Some(ours) => wrong.push(format!("{name}: {parameter} is {:?}, not {theirs:?}", ours.default)),
            }
        }
        let recordables: Vec<String> = device["recordables"].clone().into_rust().expect("names");
        for recordable in recordables {
            if !model.recordables.iter().any(|ours| ours.name == recordable) {
                wrong.push(format!("{name} has no recordable {recordable}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
