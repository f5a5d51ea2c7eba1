//! Every field of every kind of node and wire acts, or a message names it, or a list here says why it does neither: a
//! value that is accepted and changes nothing is physics that is silently wrong.

use std::collections::BTreeSet;

use rayon::prelude::*;
use spikeloom_engine::description::{Acts, DefaultValue, Severity, Value};
use spikeloom_engine::models::{self, CATALOGUE, Family, Model, Parameter, Signal};
use spikeloom_engine::project::{Node, NodeId, Project, Projection, ProjectionId, Rule, validate};
use spikeloom_engine::recordings::Frame;
use spikeloom_engine::runtime::Simulation;

/// How long networks run, ms.
const DURATION: f64 = 40.0;
const CELLS: NodeId = NodeId(0);
const N: usize = 3;

/// Fields that neither act here nor are told of, and why not: model (`*` for all), field, reason.
const SILENT: &[(&str, &str, &str)] = &[
    ("*", "label", "it names the file of results"),
    ("*", "time_in_steps", "it decides how files of results tell times"),
    ("*", "record_to", "it decides where rows are kept, and they are the same"),
    ("*", "n_events", "it clears what has been recorded, and nothing has been at the beginning"),
    ("*", "at", "where the node is drawn"),
    ("*", "color", "how the node is drawn"),
    ("*", "precise_times", "it decides on times between steps, and those given are none"),
    ("*", "allow_offgrid_times", "it decides on times between steps, and those given are none"),
    ("*", "shift_now_spikes", "it decides on spikes at the very beginning, and there are none"),
    ("*", "autapses", "where none could be made it holds already"),
    ("*", "gsl_error_tol", "the errors of these sub-steps are far below it, and above it elsewhere"),
    ("amat2_psc_exp", "tau_2", "with alpha_2 0, the default, nothing of it is in the threshold"),
    ("aeif_psc_delta", "refractory_input", "with t_ref 0, the default, nothing arrives in a refractory period"),
    ("iaf_bw_2001", "conc_Mg2", "it blocks NMDA, which only neurons of this model drive, and there are none"),
    ("iaf_chs_2007", "V_noise", "the list of noise is empty"),
    ("ht_neuron", "equilibrate", "the state is at equilibrium already"),
    ("ignore_and_fire", "phase", "it decides on the first spike, which is later than the end"),
    ("pp_cond_exp_mc_urbanczik", "t_ref", "no two spikes are so near to each other"),
    ("pp_cond_exp_mc_urbanczik", "dendritic.g_L", "nothing reaches the dendrite, which rests"),
    ("pp_cond_exp_mc_urbanczik", "dendritic.C_m", "nothing reaches the dendrite, which rests"),
    ("gauss_rate_ipn", "rectify_output", "no rate falls below zero"),
    ("rate_transformer_lin", "linear_summation", "a linear function of a sum is the sum of the functions"),
    ("rate_transformer_threshold_lin", "linear_summation", "all inputs are on the linear side of the threshold"),
    ("tanh_rate_ipn", "mult_coupling", "it keeps excitation and inhibition apart, and there is one of them"),
    ("tanh_rate_opn", "mult_coupling", "it keeps excitation and inhibition apart, and there is one of them"),
    ("threshold_lin_rate_ipn", "mult_coupling", "it keeps excitation and inhibition apart, and there is one of them"),
    ("threshold_lin_rate_opn", "mult_coupling", "it keeps excitation and inhibition apart, and there is one of them"),
    ("sigmoid_rate_gg_1998_ipn", "mult_coupling", "it keeps excitation and inhibition apart, and there is one of them"),
    ("iaf_tum_2000", "tau_minus", "no plastic synapse leads to it that reads this trace"),
    ("pp_cond_exp_mc_urbanczik", "tau_minus", "no plastic synapse leads to it that reads this trace"),
    ("cm_default", "tau_minus", "no plastic synapse leads to it that reads this trace"),
    ("ignore_and_fire", "tau_minus", "no plastic synapse leads to it that reads this trace"),
    ("iaf_tum_2000", "tau_minus_triplet", "no plastic synapse leads to it that reads this trace"),
    ("iaf_bw_2001", "tau_minus_triplet", "no plastic synapse leads to it that reads this trace"),
    ("iaf_bw_2001_exact", "tau_minus_triplet", "no plastic synapse leads to it that reads this trace"),
    ("pp_cond_exp_mc_urbanczik", "tau_minus_triplet", "no plastic synapse leads to it that reads this trace"),
    ("cm_default", "tau_minus_triplet", "no plastic synapse leads to it that reads this trace"),
    ("ignore_and_fire", "tau_minus_triplet", "no plastic synapse leads to it that reads this trace"),
    ("stdp_facetshw_synapse_hom", "driver_readout_time", "no synapse is read out again after a pair of spikes"),
    ("stdp_facetshw_synapse_hom", "no_synapses", "no synapse is read out again after a pair of spikes"),
    ("stdp_facetshw_synapse_hom", "synapses_per_driver", "no synapse is read out again after a pair of spikes"),
    ("stdp_facetshw_synapse_hom", "readout_cycle_duration", "no synapse is read out again after a pair of spikes"),
    ("stdp_facetshw_synapse_hom", "init_flag", "a synapse with a number begins as the first one without"),
    ("Gif", "b", "draws the threshold back, which stands still while a is 0"),
    ("Gif", "k1", "decay of a current that is 0 while A1 and A2 are"),
    ("Gif", "k2", "decay of a current that is 0 while A1 and A2 are"),
    ("Gif", "R1", "scales a current that is 0 while A1 and A2 are"),
    ("Gif", "R2", "scales a current that is 0 while A1 and A2 are"),
    ("GifRef", "b", "draws the threshold back, which stands still while a is 0"),
    ("GifRef", "k1", "decay of a current that is 0 while A1 and A2 are"),
    ("GifRef", "k2", "decay of a current that is 0 while A1 and A2 are"),
    ("GifRef", "R1", "scales a current that is 0 while A1 and A2 are"),
    ("GifRef", "R2", "scales a current that is 0 while A1 and A2 are"),
    ("MorrisLecar", "tau_minus", "traces of spikes, which it does not fire in this network"),
    ("MorrisLecar", "tau_minus_triplet", "traces of spikes, which it does not fire in this network"),
    ("FitzHughNagumo", "tau_minus", "traces of spikes, which it does not fire in this network"),
    ("FitzHughNagumo", "tau_minus_triplet", "traces of spikes, which it does not fire in this network"),
    ("pong_environment", "paddle_length", "no ball comes to a paddle in this time"),
    ("pong_environment", "symmetric", "the winners of these few turns are the same"),
    ("*", "multapses", "where none could be made it holds already"),
];

fn is_listed(model: &str, field: &str) -> bool {
    SILENT.iter().any(|(of, name, _)| (*of == "*" || *of == model) && *name == field)
}

fn find(name: &str) -> &'static Model {
    models::find(name).unwrap_or_else(|| panic!("{name} is not in the catalogue"))
}

/// Values with which a model does something, beside the defaults.
fn prepare(node: &mut Node) {
    let list = |xs: &[f64]| Value::List(xs.to_vec());
    let values: &[(&str, Value)] = &[
        ("rate", Value::Real(800.0)),
        ("freqs", Value::Real(800.0)),
        ("freq", Value::Real(8.0)),
        ("amplitude", Value::Real(200.0)),
        ("std", Value::Real(60.0)),
        ("std_mod", Value::Real(30.0)),
        ("frequency", Value::Real(50.0)),
        ("p_copy", Value::Real(0.5)),
        ("spike_times", list(&[5.0, 10.0, 15.0, 30.0])),
        ("amplitude_times", list(&[5.0, 20.0])),
        ("amplitude_values", list(&[150.0, 400.0])),
        ("rate_times", list(&[5.0, 20.0])),
        ("rate_values", list(&[900.0, 300.0])),
        ("pulse_times", list(&[5.0, 20.0])),
        ("choices", list(&[1.0])),
        ("turn", Value::Real(5.0)),
        ("input_offset", Value::Real(1.0)),
        ("input_interval", Value::Real(2.0)),
        ("reward_time", Value::Real(2.0)),
        ("activity", Value::Real(20.0)),
        ("sdev", Value::Real(2.0)),
        ("order", Value::Real(3.0)),
        ("n_proc", Value::Real(4.0)),
        ("gamma_shape", Value::Real(2.0)),
        ("dead_time", Value::Real(0.5)),
        ("relative_amplitude", Value::Real(0.5)),
    ];
    if node.model.is_generator() {
        for (name, value) in values {
            if node.model.parameter(name).is_some() {
                node.params.insert((*name).into(), value.clone());
            }
        }
    }
    for parameter in node.model.parameters() {
        if let DefaultValue::Table(schema) = parameter.default {
            let row = schema.required.iter().map(|key| (key.name.to_owned(), Value::from(key.default))).collect();
            node.params.insert(parameter.name.into(), Value::Table(vec![row]));
        }
    }
    if node.model.is_meter() {
        node.params.entry("interval".into()).or_insert(Value::Real(0.1));
        node.params.entry("record_from".into()).or_insert(Value::Names(vec!["V_m".into()]));
    }
}

/// A project without nodes; tests run side by side, so each network keeps to one thread.
fn empty() -> Project {
    let mut project = Project::default();
    (project.simulation.duration, project.simulation.threads) = (DURATION, 1);
    project
}

fn add(project: &mut Project, name: &str, model: &'static Model, n: usize) -> NodeId {
    let id = project.free_node_id();
    let mut node = Node::new(id, project.free_name(name), model);
    node.n = n;
    prepare(&mut node);
    project.nodes.push(node);
    id
}

fn errors(project: &Project) -> Vec<String> {
    validate(project).iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect()
}

/// A weight that moves a neuron without driving it to its limits, by the unit of the port.
fn usual_weight(unit: &str) -> f64 {
    match unit {
        "pA" => 200.0,
        "nS" => 3.0,
        "mV" => 3.0,
        "µS" => 0.02,
        // A current in pA into neurons that count in mA and the like.
        _ if unit.ends_with("/pA") => 0.02,
        _ => 1.0,
    }
}

/// Wires two nodes with a synapse model, if they fit.
fn wire(project: &mut Project, from: NodeId, to: NodeId, synapse: Option<&'static Model>) -> Option<ProjectionId> {
    let (source, target) = (project.node(from)?.model, project.node(to)?.model);
    let synapse = synapse.or_else(|| models::fitting_synapses(source, target).first().copied())?;
    let wiring = models::wire_with(source, target, synapse).ok().filter(|wiring| !wiring.reversed)?;
    let port = target.ports.iter().find(|port| port.takes == wiring.carries);
    let mut projection = Projection::new(project.free_projection_id(), from, to);
    projection.synapse = synapse;
    projection.receptor = port.map_or(0, |port| port.number);
    if synapse.parameter("weight").is_some() && (target.is_neuron() || target.stores() == Some(models::Stored::Pairs)) {
        projection.weight = Value::Real(port.map_or(1.0, |port| usual_weight(port.unit)));
    }
    if port.is_some_and(|port| port.weightless) {
        projection.weight = Value::Real(1.0);
    }
    if wiring.carries == Signal::Potential {
        projection.autapses = from != to;
    }
    let id = projection.id;
    project.projections.push(projection);
    if errors(project).is_empty() {
        return Some(id);
    }
    project.projections.pop();
    None
}

/// Records whatever can be recorded of a node.
fn record(project: &mut Project, id: NodeId) {
    let recordables: Vec<String> =
        project.node(id).expect("it is there").recordables().into_iter().map(|r| r.name).collect();
    if !recordables.is_empty() {
        let meter = add(project, "what it shows", find("multimeter"), 1);
        project.node_mut(meter).expect("just made").params.insert("record_from".into(), Value::Names(recordables));
        wire(project, meter, id, None);
    }
    for name in ["spike_recorder", "spin_detector"] {
        let recorder = add(project, name, find(name), 1);
        wire(project, id, recorder, None);
    }
}

/// Neurons of a model, driven by whatever fits, with plastic synapses among themselves where there can be.
fn neurons(model: &'static Model) -> Project {
    let mut project = empty();
    add(&mut project, "cells", model, N);
    // The words with which a new node begins: not every reset bears what drives these neurons.
    for (parameter, value) in model.starts().filter(|(_, value)| matches!(value, Value::Text(_))) {
        project.node_mut(CELLS).expect("just made").params.insert(parameter.name.into(), value);
    }
    for name in ["poisson_generator", "dc_generator", "noise_generator", "step_rate_generator"] {
        let device = add(&mut project, name, find(name), 1);
        if wire(&mut project, device, CELLS, None).is_none() {
            project.nodes.pop();
            continue;
        }
        // Some hundred pA are a few of the units in which other neurons count.
        let wired = project.projections.last_mut().expect("just made");
        if find(name).emits(Signal::Currents)
            && models::weight_unit(Signal::Currents, model, wired.receptor).ends_with("/pA")
        {
            wired.weight = Value::Real(0.02);
        }
    }
    // So that it fires by itself, and what a spike does can be seen.
    for (name, current) in [("I_e", 1500.0), ("soma.I_e", 1500.0), ("mean", 10.0)] {
        let node = project.node_mut(CELLS).expect("just made");
        if let Some(parameter) = model.parameter(name).filter(|p| p.role == models::Role::Parameter) {
            // Where the unit is small, so is the current that makes it fire.
            let most = parameter.slider.map_or(current, |(_, most)| most.max(1.0));
            node.params.insert(name.into(), Value::Real(current.min(most)));
        }
    }
    // An astrocyte sends its current as soon as there is calcium enough.
    if model.parameter("Ca_astro").is_some() {
        project.node_mut(CELLS).expect("just made").params.insert("Ca_astro".into(), Value::Real(0.5));
    }
    drive_every_port(&mut project, CELLS);
    let weights = add(&mut project, "weights", find("weight_recorder"), 1);
    // What repeats every spike would drive itself without end: its plastic synapses come from others.
    let repeats = model.ports.iter().any(|port| port.weightless);
    let sources: Vec<NodeId> = if repeats {
        let others = ["iaf_psc_exp", "iaf_psc_exp_ps"].map(|name| add(&mut project, name, find(name), 1));
        for id in others {
            project.node_mut(id).expect("just made").params.insert("I_e".into(), Value::Real(900.0));
        }
        others.into()
    } else {
        wire(&mut project, CELLS, CELLS, None);
        vec![CELLS]
    };
    for from in sources {
        for name in ["stdp_triplet_synapse", "clopath_synapse", "urbanczik_synapse"] {
            if wire(&mut project, from, CELLS, Some(find(name))).is_some() {
                project.projections.last_mut().expect("just made").weight_recorder = Some(weights);
            }
        }
    }
    // Slow currents are seen only in a neuron that takes them.
    if model.emits(Signal::SlowCurrent) {
        let target = CATALOGUE.iter().find(|m| m.is_neuron() && m.takes(Signal::SlowCurrent)).expect("a target");
        let target = add(&mut project, "target", target, 1);
        wire(&mut project, CELLS, target, None).expect("it fits");
        record(&mut project, target);
    }
    record(&mut project, CELLS);
    project
}

/// Spikes at every port that takes them, and negative ones where a port tells signs apart.
fn drive_every_port(project: &mut Project, cells: NodeId) {
    let model = project.node(cells).expect("it is there").model;
    for port in model.ports.iter().filter(|port| port.takes == Signal::Spikes && port.each.is_empty()) {
        for sign in [1.0, -1.0] {
            let times = if sign > 0.0 { [3.0, 12.0, 22.0] } else { [7.0, 17.0, 27.0] };
            let source = add(project, "input", find("spike_generator"), 1);
            project
                .node_mut(source)
                .expect("just made")
                .params
                .insert("spike_times".into(), Value::List(times.to_vec()));
            let mut projection = Projection::new(project.free_projection_id(), source, cells);
            projection.receptor = port.number;
            projection.weight = Value::Real(if port.weightless { 1.0 } else { sign * usual_weight(port.unit) });
            project.projections.push(projection);
            if !errors(project).is_empty() {
                project.projections.pop();
                project.nodes.pop();
            }
        }
    }
}

/// A generator with neurons that take what it sends, and a recorder of its own.
fn generator(model: &'static Model) -> Project {
    let mut project = empty();
    // What it receives can decide between two of three devices at least.
    add(&mut project, "device", model, if model.takes(Signal::Spikes) { 3 } else { 2 });
    if model.takes(Signal::Spikes) {
        let source = add(&mut project, "input", find("poisson_generator"), 1);
        wire(&mut project, source, CELLS, None);
    }
    for target in ["iaf_psc_exp", "lin_rate_ipn", "iaf_psc_exp_ps"] {
        let target = add(&mut project, target, find(target), N);
        // They fire whatever the generator does, so that wires to their recorders matter.
        if let Some(node) = project.node_mut(target).filter(|node| node.model.parameter("I_e").is_some()) {
            node.params.insert("I_e".into(), Value::Real(600.0));
        }
        if wire(&mut project, CELLS, target, None).is_some() {
            record(&mut project, target);
        }
    }
    record(&mut project, CELLS);
    project
}

/// A recorder at neurons that fire, and at all its ports.
fn recorder(model: &'static Model) -> Option<Project> {
    let mut project = empty();
    let cells = add(&mut project, "cells", find("iaf_psc_alpha"), N);
    let noise = add(&mut project, "noise", find("poisson_generator"), 1);
    project.node_mut(noise)?.params.insert("rate".into(), Value::Real(9000.0));
    wire(&mut project, noise, cells, None)?;
    let it = add(&mut project, "it", model, 1);
    // As many ports as can be reached below.
    if model.ports.iter().any(|port| !port.each.is_empty()) {
        for parameter in model.parameters().filter(|p| model.shapes(p.name)) {
            project.node_mut(it)?.params.insert(parameter.name.into(), Value::Real(2.0));
        }
    }
    let second = wire(
        &mut project,
        cells,
        cells,
        Some(if model.is_transmitter() { find("stdp_dopamine_synapse") } else { find("static_synapse") }),
    );
    if second.is_none() && model.is_transmitter() {
        let mut learning = Projection::new(project.free_projection_id(), cells, cells);
        (learning.synapse, learning.volume_transmitter) = (find("stdp_dopamine_synapse"), Some(it));
        learning.weight = Value::Real(5.0);
        project.projections.push(learning);
        let weights = add(&mut project, "weights", find("weight_recorder"), 1);
        project.projections.last_mut()?.weight_recorder = Some(weights);
    }
    if model.stores() == Some(models::Stored::Weights) {
        project.projections.iter_mut().filter(|p| p.from == cells).for_each(|p| p.weight_recorder = Some(it));
    } else if wire(&mut project, cells, it, None).is_none() && wire(&mut project, it, cells, None).is_none() {
        // What only binary neurons send.
        let binary = add(&mut project, "binary", find("ginzburg_neuron"), N);
        wire(&mut project, binary, it, None)?;
    }
    if model.stores() == Some(models::Stored::Pairs) {
        let mut other = project.projections.last()?.clone();
        (other.id, other.receptor) = (project.free_projection_id(), other.receptor + 1);
        project.projections.push(other);
        if !errors(&project).is_empty() {
            project.projections.pop();
        }
    }
    errors(&project).is_empty().then_some(project)
}

/// A wire with this synapse model between neurons that fit it, with sources that fire.
fn synapses(model: &'static Model) -> Option<(Project, ProjectionId)> {
    let pairs = CATALOGUE.iter().filter(|m| m.is_neuron()).flat_map(|to| {
        let from = if model.carries().is_some() {
            CATALOGUE.iter().filter(|m| m.is_neuron()).copied().collect()
        } else {
            vec![find("iaf_psc_alpha")]
        };
        from.into_iter().map(move |from| (from, *to))
    });
    pairs.filter(|(_, to)| !to.ports.iter().any(|port| port.weightless)).find_map(|(from, to)| {
        let mut project = empty();
        let sources = add(&mut project, "sources", from, N);
        let targets = add(&mut project, "targets", to, N);
        // Neurons without spikes need a rate of their own to send anything.
        for cells in [sources, targets] {
            let node = project.node_mut(cells)?;
            if node.model.parameter("mean").is_some_and(|p| p.role == models::Role::Parameter) {
                node.params.insert("mean".into(), Value::Real(10.0));
            }
            for name in ["poisson_generator", "dc_generator", "noise_generator"] {
                let device = add(&mut project, &format!("{name} {}", cells.0), find(name), 1);
                if let Some(rate) = project.node_mut(device)?.params.get_mut("rate") {
                    *rate = Value::Real(9000.0);
                }
                wire(&mut project, device, cells, None);
            }
        }
        let weights = add(&mut project, "weights", find("weight_recorder"), 1);
        let transmitter = add(&mut project, "dopamine", find("volume_transmitter"), 1);
        wire(&mut project, sources, transmitter, None);
        let mut projection = Projection::new(project.free_projection_id(), sources, targets);
        projection.synapse = model;
        let carries = models::wire_with(from, to, model).ok()?.carries;
        let port = to.ports.iter().find(|port| port.takes == carries)?;
        projection.receptor = port.number;
        if model.parameter("weight").is_some() {
            projection.weight = Value::Real(usual_weight(port.unit) / 4.0);
        }
        if model.carries().is_none() {
            projection.weight_recorder = Some(weights);
        }
        // Bounds that leave room, and thresholds that are met at first.
        let room = 10.0 * projection.weight.typical();
        for (name, value) in [("Wmax", room), ("a_thresh_th", 0.5), ("a_thresh_tl", 0.4), ("a_causal", 1.0)] {
            if model.parameter(name).is_some() {
                projection.params.insert(name.into(), Value::Real(value));
            }
        }
        if model.plastic().is_some_and(|s| s.triggered) {
            projection.volume_transmitter = Some(transmitter);
        }
        if carries == Signal::Potential {
            (projection.rule, projection.symmetric) = (Rule::OneToOne, true);
        }
        let id = projection.id;
        project.projections.push(projection);
        record(&mut project, targets);
        errors(&project).is_empty().then_some((project, id))
    })
}

fn run(project: &Project) -> Result<Frame, String> {
    let text = |problems: Vec<_>| format!("{problems:?}");
    let mut simulation = Simulation::build(project, &|_| true).map_err(text)?;
    simulation.advance((DURATION / simulation.resolution()).round() as u64).map_err(|p| p.to_string())?;
    let mut frame = Frame::default();
    simulation.take_frame(&mut frame);
    Ok(frame)
}

fn same(a: &Frame, b: &Frame) -> bool {
    let bits = |xs: &[f64]| xs.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    a.rows.len() == b.rows.len()
        && a.rows.iter().zip(&b.rows).all(|(a, b)| {
            bits(&a.times) == bits(&b.times) && a.senders == b.senders && bits(&a.values) == bits(&b.values)
        })
}

/// Whether a changed project differs in what it records, or says something of the field that the other does not.
fn acts(plain: &Project, frame: &Frame, changed: &Project, field: &str) -> bool {
    let said = |project: &Project| -> BTreeSet<String> {
        let problems = validate(project).into_iter();
        let of_it = problems.filter(|p| p.parameter.as_deref() == Some(field) || p.message.contains(field));
        of_it.map(|p| p.to_string()).collect()
    };
    if !said(changed).is_subset(&said(plain)) {
        return true;
    }
    run(changed).map_or(true, |other| !same(frame, &other))
}

/// Other values of a parameter, of which one should do something.
fn others(parameter: &Parameter, given: &Value) -> Vec<Value> {
    let numbers = |x: f64| {
        let start = if x.is_finite() { x } else { 20.0 };
        let near =
            [1.5 * start, 0.5 * start, start + 1.0, start - 1.0, start + 20.0, start - 20.0, 0.0, 3.0, 40.0, -55.0];
        let rounded = move |x: f64| match parameter.default {
            DefaultValue::Integer(_) => x.round(),
            _ if parameter.on_grid || parameter.in_steps => (x * 10.0).round() / 10.0,
            _ => x,
        };
        near.into_iter().map(rounded).filter(|y| *y != x && parameter.allows(*y)).map(Value::Real).collect::<Vec<_>>()
    };
    match given {
        Value::Real(x) => numbers(*x),
        Value::Flag(on) => vec![Value::Flag(!on)],
        Value::List(xs) if xs.is_empty() => {
            [vec![1.0], vec![2.0], vec![0.5; 4], vec![2.0; 4], vec![2.0; 3]].map(Value::List).into()
        }
        Value::List(xs) => {
            let scaled = |factor: f64| Value::List(xs.iter().map(|x| (x * factor * 10.0).round() / 10.0).collect());
            vec![scaled(2.0), scaled(0.6), Value::List(vec![1.0; xs.len()]), Value::List(vec![])]
        }
        Value::Names(names) => {
            vec![Value::Names(names.iter().skip(1).cloned().collect()), Value::Names(vec!["V_m".into()])]
        }
        Value::Text(_) => vec![Value::Text("other".into())],
        _ => Vec::new(),
    }
}

/// What a parameter of a model needs so that it has an effect, and so that it has none: another parameter with a value
/// for either.
fn switch_of(model: &Model, parameter: &Parameter) -> Option<(&'static str, Value, Value)> {
    let (name, on, off) = match parameter.acts {
        Acts::Always | Acts::Never(_) => return None,
        Acts::IfOn(name) => (name, Value::Flag(true), Value::Flag(false)),
        Acts::IfOff(name) => (name, Value::Flag(false), Value::Flag(true)),
        Acts::IfPositive(name) => (name, Value::Real(2.0), Value::Real(0.0)),
    };
    let switch = model.parameter(name).unwrap_or_else(|| panic!("{}: no {name}", model.name));
    assert!(matches!(
        (switch.default, &on),
        (DefaultValue::Flag(_), Value::Flag(_)) | (DefaultValue::Real(_), Value::Real(_))
    ));
    Some((name, on, off))
}

/// The parameter has its effect when what it needs is there; when not, a message says so.
fn acts_or_is_told(
    model: &'static Model,
    parameter: &Parameter,
    project: &Project,
    frame: &Frame,
    given: &Value,
    set: &dyn Fn(&mut Project, &str, Value),
) -> bool {
    let with = |base: &Project, name: &str, value: Value| {
        let mut changed = base.clone();
        set(&mut changed, name, value);
        changed
    };
    let others = others(parameter, given);
    let Some((name, on, off)) = switch_of(model, parameter) else {
        return others
            .iter()
            .any(|value| acts(project, frame, &with(project, parameter.name, value.clone()), parameter.name));
    };
    let (on, off) = (with(project, name, on), with(project, name, off));
    // Where the switch alone is refused, because it needs another one, or ends the run, that has been told.
    let acts_when_on = run(&on).map_or(true, |frame| {
        others.iter().any(|value| acts(&on, &frame, &with(&on, parameter.name, value.clone()), parameter.name))
    });
    let words = format!("has no effect while {name}");
    let told_when_off = others.iter().any(|value| {
        validate(&with(&off, parameter.name, value.clone()))
            .iter()
            .any(|p| p.parameter.as_deref() == Some(parameter.name) && p.message.contains(&words))
    });
    acts_when_on && told_when_off
}

/// Parameters of a node that do nothing and of which nothing is said.
fn silent_parameters(project: &Project, id: NodeId) -> Vec<String> {
    let frame = run(project).unwrap_or_else(|e| panic!("{}: {e}", project.node(id).expect("there").model.name));
    let model = project.node(id).expect("there").model;
    let set = |project: &mut Project, name: &str, value: Value| {
        project.node_mut(id).expect("there").params.insert(name.into(), value);
    };
    let mut silent = Vec::new();
    for parameter in model.parameters().filter(|p| !matches!(p.default, DefaultValue::Table(_))) {
        let given = project.node(id).expect("there").value(parameter.name).expect("a parameter of the model");
        if !is_listed(model.name, parameter.name) && !acts_or_is_told(model, parameter, project, &frame, &given, &set) {
            silent.push(format!("{}: {}", model.name, parameter.name));
        }
    }
    silent
}

/// Changes of each field of a node beside its parameters.
fn silent_fields_of_node(project: &Project, id: NodeId) -> Vec<String> {
    let frame = run(project).expect("it runs");
    let model = project.node(id).expect("there").model;
    type Change = (&'static str, fn(&mut Node));
    let changes: [Change; 4] = [
        ("n", |n| n.n += 1),
        ("muted", |n| n.muted = true),
        ("at", |n| n.position = [9.0, 9.0]),
        ("color", |n| n.color = Some(3)),
    ];
    let mut silent = Vec::new();
    for (field, change) in changes {
        let mut changed = project.clone();
        change(changed.node_mut(id).expect("there"));
        if !acts(project, &frame, &changed, field) && !is_listed(model.name, field) {
            silent.push(format!("{}: {field}", model.name));
        }
    }
    silent
}

/// Changes of each field of a wire that do nothing and of which nothing is said.
fn silent_fields_of_wire(project: &Project, id: ProjectionId) -> Vec<String> {
    let frame = run(project).expect("it runs");
    let wire = project.projection(id).expect("there");
    let name = |id: NodeId| project.node(id).expect("there").model.name;
    let what = format!("{} with {} to {}", name(wire.from), wire.synapse.name, name(wire.to));
    let device = |model: &str| project.nodes.iter().find(|n| n.model.name == model).map(|n| n.id);
    let (weights, transmitter) = (device("weight_recorder"), device("volume_transmitter"));
    type Set<'a> = Box<dyn Fn(&mut Projection) + 'a>;
    type Change<'a> = (&'static str, Set<'a>);
    let mut changes: Vec<Change> = vec![
        ("weight", Box::new(|p| p.weight = Value::Real(0.5 * p.weight.typical()))),
        ("delay", Box::new(|p| p.delay = Value::Real(4.0))),
        ("receptor", Box::new(|p| p.receptor += 99)),
        ("rule", Box::new(|p| p.rule = Rule::PairwiseBernoulli { p: 0.4 })),
        ("autapses", Box::new(|p| p.autapses = !p.autapses)),
        ("multapses", Box::new(|p| p.multapses = !p.multapses)),
        ("symmetric", Box::new(|p| p.symmetric = !p.symmetric)),
        ("seed", Box::new(|p| p.seed = Some(77))),
        ("muted", Box::new(|p| p.muted = true)),
    ];
    if let (Some(_), None) = (weights, wire.weight_recorder) {
        changes.push(("weight_recorder", Box::new(move |p| p.weight_recorder = weights)));
    }
    if let (Some(_), None) = (transmitter, wire.volume_transmitter) {
        changes.push(("volume_transmitter", Box::new(move |p| p.volume_transmitter = transmitter)));
    }
    let mut silent = Vec::new();
    for (field, change) in &changes {
        let mut changed = project.clone();
        change(changed.projection_mut(id).expect("there"));
        let source = project.node(wire.from).expect("there").model.name;
        let listed = is_listed(wire.synapse.name, field) || is_listed(source, field);
        if !acts(project, &frame, &changed, field) && !listed {
            silent.push(format!("{what}: {field}"));
        }
    }
    for parameter in wire.synapse.parameters().filter(|p| !["weight", "delay"].contains(&p.name)) {
        let given = wire.value(parameter.name).expect("a parameter of the model");
        let set = |project: &mut Project, name: &str, value: Value| {
            project.projection_mut(id).expect("there").params.insert(name.into(), value);
        };
        if !is_listed(wire.synapse.name, parameter.name)
            && !acts_or_is_told(wire.synapse, parameter, project, &frame, &given, &set)
        {
            silent.push(format!("{what}: {}", parameter.name));
        }
    }
    silent
}

fn of_family(family: Family) -> impl ParallelIterator<Item = &'static Model> {
    CATALOGUE.par_iter().copied().filter(move |model| model.family() == family)
}

fn assert_none(silent: Vec<String>) {
    assert!(silent.is_empty(), "accepted without effect and without a word:\n{}", silent.join("\n"));
}

#[test]
fn parameters_of_neurons_act_or_are_told_of() {
    assert_none(of_family(Family::Neuron).flat_map_iter(|model| silent_parameters(&neurons(model), CELLS)).collect());
}

#[test]
fn parameters_of_generators_act_or_are_told_of() {
    assert_none(
        of_family(Family::Generator).flat_map_iter(|model| silent_parameters(&generator(model), CELLS)).collect(),
    );
}

#[test]
fn parameters_of_recorders_act_or_are_told_of() {
    let silent = of_family(Family::Recorder).flat_map_iter(|model| {
        let project = recorder(model).unwrap_or_else(|| panic!("{} cannot be used", model.name));
        silent_parameters(&project, NodeId(2))
    });
    assert_none(silent.collect());
}

#[test]
fn fields_of_nodes_act_or_are_told_of() {
    let mut silent = silent_fields_of_node(&neurons(find("iaf_psc_exp")), CELLS);
    silent.extend(silent_fields_of_node(&generator(find("poisson_generator")), CELLS));
    let recorders: Vec<String> = of_family(Family::Recorder)
        .flat_map_iter(|model| silent_fields_of_node(&recorder(model).expect("it can be used"), NodeId(2)))
        .collect();
    silent.extend(recorders);
    assert_none(silent);
}

#[test]
fn fields_of_wires_between_neurons_act_or_are_told_of() {
    let silent = of_family(Family::Synapse).flat_map_iter(|model| {
        let (project, id) = synapses(model).unwrap_or_else(|| panic!("{} fits no two neurons", model.name));
        silent_fields_of_wire(&project, id)
    });
    assert_none(silent.collect());
}

#[test]
fn fields_of_wires_of_devices_act_or_are_told_of() {
    let projects: Vec<Project> = CATALOGUE
        .iter()
        .filter_map(|model| match model.family() {
            Family::Generator => Some(generator(model)),
            Family::Recorder => recorder(model),
            _ => None,
        })
        .collect();
    let silent = projects.par_iter().flat_map_iter(|project| {
        let devices =
            |p: &&Projection| [p.from, p.to].iter().any(|id| !project.node(*id).expect("there").model.is_neuron());
        project
            .projections
            .iter()
            .filter(devices)
            .flat_map(|p| silent_fields_of_wire(project, p.id))
            .collect::<Vec<_>>()
    });
    assert_none(silent.collect::<BTreeSet<_>>().into_iter().collect());
}

#[test]
fn a_muted_recorder_records_nothing_until_it_is_heard_again() {
    of_family(Family::Recorder).filter(|model| model.stores().is_some()).for_each(|model| {
        let mut project = recorder(model).unwrap_or_else(|| panic!("{} cannot be used", model.name));
        project.node_mut(NodeId(2)).expect("there").muted = true;
        let mut simulation = Simulation::build(&project, &|_| true).unwrap_or_else(|e| panic!("{}: {e:?}", model.name));
        let place = simulation.plan().recorders.iter().position(|r| r.node == NodeId(2)).expect("it records");
        let rows = |simulation: &mut Simulation| {
            simulation.advance(400).unwrap_or_else(|e| panic!("{}: {e}", model.name));
            let mut frame = Frame::default();
            simulation.take_frame(&mut frame);
            frame.rows[place].times.len()
        };
        assert_eq!(rows(&mut simulation), 0, "{} is muted", model.name);
        simulation.mute_node(NodeId(2), false);
        assert!(rows(&mut simulation) > 0, "{} is heard again", model.name);
    });
}

#[test]
fn a_meter_has_no_values_of_a_muted_wire() {
    let mut project = empty();
    let cells = [0, 1].map(|i| add(&mut project, &format!("cells {i}"), find("iaf_psc_alpha"), 1));
    let meter = add(&mut project, "meter", find("voltmeter"), 1);
    cells.into_iter().for_each(|cells| assert!(wire(&mut project, meter, cells, None).is_some()));
    project.projections[1].muted = true;
    let frame = run(&project).expect("it runs");
    let values = &frame.rows[0].values;
    assert!(!values.is_empty() && values.chunks(2).all(|pair| pair[0] == -70.0 && pair[1].is_nan()), "{values:?}");
    project.projections[0].muted = true;
    assert!(run(&project).expect("it runs").rows[0].times.is_empty(), "nothing is left to sample");
}
