//! Neurons, inputs, outputs and projections: networks that are compared step by step.

use serde_json::{Value as Json, json};

use super::super::values::Obstacle;
use super::network::{Network, model, value};
use super::quantity::{Quantity, Stimulus, factor, scaled};
use super::{Tolerance, Verdict, difference, expected, number_of, refused, word};
use crate::description::{NodeId, Value};
use crate::models::{self, GAP_JUNCTION, LEAKY_RATE_READOUT, LIF, PARROT_NEURON, POISSON_INPUT};
use crate::project::Rule;

/// How many steps lie between two samples.
pub fn every(case: &Json) -> usize {
    number_of(case, "every", 1.0).max(1.0) as usize
}

/// What a model here calls a state of theirs.
fn own_name(name: &str) -> &str {
    if name == "V" { "V_m" } else { name }
}

/// Records a population, runs, and compares what the case records of it.
fn compare(case: &Json, network: &mut Network, cells: NodeId) -> Verdict {
    let none = Vec::new();
    let records = case.get("record").and_then(Json::as_array).unwrap_or(&none);
    let names: Vec<String> = records.iter().map(|r| own_name(word(r, "name")).to_owned()).collect();
    let n = network.node(cells).n;
    let meter = network.meter(cells, names, every(case));
    let recorder = network.recorder(cells);
    let run = network.run()?;
    let mut differences = Vec::new();
    for record in records {
        let (name, unit) = (word(record, "name"), word(record, "unit"));
        let size = factor(network.unit_of(cells, own_name(name)), unit)?;
        let ours: Vec<f64> = run.samples(meter, own_name(name))?.iter().map(|x| scaled(*x, size)).collect();
        let Some(theirs) = expected(case, name) else { continue };
        differences.extend(difference(name, &ours, &theirs, n, Tolerance::of(case, name)));
    }
    if let Some(spikes) = case.get("expected").and_then(|e| e.get("spikes")) {
        let exact = Tolerance { abs: 0.0, rel: 0.0 };
        let (steps, neurons) = run.spikes(recorder, cells);
        differences.extend(difference("spike steps", &steps, &super::flat(&spikes["steps"]), 1, exact));
        differences.extend(difference("spiking neurons", &neurons, &super::flat(&spikes["neurons"]), 1, exact));
    }
    Ok(differences)
}

/// Jumps of the first port.
pub fn kick(network: &mut Network, cells: NodeId, stimulus: &Stimulus, port: u32) -> Result<(), Obstacle> {
    if stimulus.unit.is_empty() {
        return Ok(());
    }
    let unit = network.port_unit(cells, port);
    let size = factor(&stimulus.unit, unit)?;
    let n = network.node(cells).n;
    let device = network.spikes(stimulus, n, 0)?;
    network.wire(device, cells, Rule::OneToOne, Value::Real(size), port);
    Ok(())
}

pub fn neuron(case: &Json) -> Verdict {
    let (n, mut network) = (number_of(case, "n", 1.0) as usize, Network::new(case, 1));
    let cells = network.population("cells", case, n)?;
    let steps = network.steps;
    let stimulus = |key: &str| Stimulus::of(case.get(key), steps, n);
    for key in ["input", "current"] {
        network.drive(cells, &stimulus(key)?)?;
    }
    kick(&mut network, cells, &stimulus("delta")?, 0)?;
    for output in case.get("outputs").and_then(Json::as_array).unwrap_or(&Vec::new()) {
        let port = network.receptor(cells, &json!({"model": "Current"}), output)?;
        kick(&mut network, cells, &Stimulus::of(output.get("conductance"), steps, n)?, port)?;
    }
    compare(case, &mut network, cells)
}

/// The values of a generator, as its targets get them.
pub fn input(case: &Json) -> Verdict {
    let n = number_of(case, "n", 1.0) as usize;
    let name = word(case, "model");
    let queries = case.get("queries").map(super::flat);
    let mut network = Network::new(case, 1);
    if let Some(queries) = &queries {
        network.steps = queries.iter().fold(1.0, |most: f64, q| most.max(q + 1.0)) as usize;
    }
    let device = generator(&mut network, case, n)?;
    let (cells, reading) = targets(&mut network, device, n)?;
    let meter = network.meter(cells, vec![reading.into()], 1);
    let run = network.run()?;
    let ours = run.samples(meter, reading)?;
    let Some(theirs) = expected(case, "output") else { return Err(refused(format!("nothing is expected of {name}"))) };
    let row = |step: usize| ours[step * n..][..n].to_vec();
    let ours: Vec<f64> = match queries {
        // Before the beginning there is nothing to be recorded.
        Some(queries) => queries.iter().flat_map(|q| if *q < 0.0 { vec![0.0; n] } else { row(*q as usize) }).collect(),
        None => (1..=network.steps / every(case)).flat_map(|k| row(k * every(case) - 1)).collect(),
    };
    Ok(difference("output", &ours, &theirs, n, Tolerance::of(case, "output")).into_iter().collect())
}

/// A generator with the parameters of a case.
pub fn generator(network: &mut Network, case: &Json, n: usize) -> Result<NodeId, Obstacle> {
    let kind = model(match word(case, "model") {
        "poisson_input" => POISSON_INPUT.name,
        name => name,
    })?;
    let device = network.add("device", kind, n);
    let unit = case.get("output_unit").and_then(Json::as_str).unwrap_or("1");
    for (name, json) in case.get("params").and_then(Json::as_object).unwrap_or(&serde_json::Map::new()) {
        if name == "weight" {
            continue;
        }
        let parameter =
            kind.parameter(name).ok_or_else(|| refused(format!("{} has no parameter {name}", kind.name)))?;
        let value = value(parameter, json, n, unit)?;
        network.set(device, name, value);
    }
    Ok(device)
}

/// Neurons that each get what one device sends, and the quantity that shows it.
pub fn targets(network: &mut Network, device: NodeId, n: usize) -> Result<(NodeId, &'static str), Obstacle> {
    let cells = network.add("cells", &LIF, n);
    // Spikes open a synapse that keeps nothing.
    let port = network.receptor(cells, &json!({"model": "Current"}), &json!({"model": "CUBA"}))?;
    network.set(cells, "V_th", Value::Real(1e9));
    let is_current = network.node(device).model.emits(crate::models::Signal::Currents);
    let (port, reading) = if is_current { (0, "I") } else { (port, "g_1") };
    network.wire(device, cells, Rule::OneToOne, Value::Real(1.0), port);
    Ok((cells, reading))
}

/// The current of an output at given conductances and potentials, in the first step of neurons that begin there.
pub fn output(case: &Json) -> Verdict {
    let quantity = |key: &str| {
        let json = case.get(key).and_then(Quantity::of);
        json.ok_or_else(|| refused(format!("no {key}")))
    };
    let (g, v) = (quantity("conductance")?, quantity("potential")?);
    let n = g.numbers.len();
    // Without units the numbers are those of mS, mV and µA.
    let plain = g.unit == "1";
    let within = |q: &Quantity, unit: &str| if plain { Ok(q.numbers.clone()) } else { q.each(unit, n) };
    let mut network = Network::new(&json!({"dt": 0.1, "duration": 0.1}), 1);
    let cells = network.add("cells", &LIF, n);
    network.set(cells, "V_m", Value::List(within(&v, "mV")?));
    network.set(cells, "V_th", Value::Real(1e9));
    let port = network.receptor(cells, &json!({"model": "Current"}), case)?;
    let spikes = Stimulus { unit: "mS".into(), values: vec![within(&g, "mS")?] };
    kick(&mut network, cells, &spikes, port)?;
    let meter = network.meter(cells, vec!["I".into()], 1);
    let run = network.run()?;
    let unit = if plain { "uA" } else { word(case, "output_unit") };
    let size = factor("mA", unit)?;
    let ours: Vec<f64> = run.samples(meter, "I")?.iter().map(|x| scaled(*x, size)).collect();
    let theirs = expected(case, "current").unwrap_or_default();
    Ok(difference("current", &ours, &theirs, n, Tolerance::of(case, "current")).into_iter().collect())
}

/// Rows of a matrix.
fn matrix(json: &Json) -> Vec<Vec<f64>> {
    json.as_array().map(|rows| rows.iter().map(super::flat).collect()).unwrap_or_default()
}

/// The other way round.
fn transposed(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let width = rows.first().map_or(0, Vec::len);
    (0..width).map(|j| rows.iter().map(|row| row[j]).collect()).collect()
}

pub fn projections(case: &Json) -> Verdict {
    let (n, mut network) = (number_of(case, "n", 1.0) as usize, Network::new(case, 1));
    let post = case.get("post").ok_or_else(|| refused("there is no post"))?;
    let cells = network.population("cells", post, n)?;
    let steps = network.steps;
    network.drive(cells, &Stimulus::of(case.get("input"), steps, n)?)?;
    let mut shared: Vec<(Json, u32)> = Vec::new();
    for projection in case.get("projections").and_then(Json::as_array).unwrap_or(&Vec::new()) {
        attach(&mut network, cells, projection, &mut shared)?;
    }
    compare(case, &mut network, cells)
}

/// Whether synapses of this model have a conductance of their own, on the presynaptic side.
fn is_presynaptic(name: &str) -> bool {
    models::find(name).and_then(|m| m.plastic()).is_some_and(|synapse| synapse.lasting)
}

/// Adds a projection of a case; `shared` are the synapses that equal ones share, with their ports.
fn attach(
    network: &mut Network,
    cells: NodeId,
    projection: &Json,
    shared: &mut Vec<(Json, u32)>,
) -> Result<(), Obstacle> {
    let none = json!({});
    let part = |key: &str| projection.get(key).filter(|json| !json.is_null()).unwrap_or(&none);
    let (synapse, output, stp) = (part("syn"), part("out"), part("stp"));
    let is_align_pre = word(projection, "kind") == "align_pre_projection";
    let own = is_align_pre && is_presynaptic(word(synapse, "model"));
    let port = match word(projection, "kind") {
        "DeltaProj" => 0,
        "CurrentProj" => network.receptor(cells, &json!({"model": "Current"}), output)?,
        _ if own => network.receptor(cells, &json!({"model": "Current"}), output)?,
        _ if is_align_pre => network.receptor(cells, synapse, output)?,
        "AlignPostProj" | "align_post_projection" => {
            if !["Expon", "DualExpon"].contains(&word(synapse, "model")) {
                return Err(refused(format!("{} cannot be shared by sources", word(synapse, "model"))));
            }
            let descriptor = json!([synapse, output]);
            let merges = projection.get("merge").and_then(Json::as_bool).unwrap_or(true);
            match shared.iter().find(|(other, _)| merges && *other == descriptor) {
                Some((_, port)) => *port,
                None => {
                    let port = network.receptor(cells, synapse, output)?;
                    if merges {
                        shared.push((descriptor, port));
                    }
                    port
                }
            }
        }
        kind => return Err(Obstacle::Missing(format!("no projection {kind}"))),
    };
    let weights = matrix(projection.get("weight").unwrap_or(&Json::Null));
    let (n_pre, steps) = (weights.len(), network.steps);
    let unit = match word(projection, "weight_unit") {
        "" => "1",
        unit => unit,
    };
    // Weights on the output of a synapse of its own are numbers: it counts in mS.
    let size = if is_align_pre && unit == "1" { 1.0 } else { factor(unit, network.port_unit(cells, port))? };
    let weights: Vec<Vec<f64>> = weights.iter().map(|row| row.iter().map(|w| scaled(*w, size)).collect()).collect();
    let plastic = match word(stp, "model") {
        "" if own => Some(synapse),
        "" => None,
        _ if own => return Err(Obstacle::Missing("no short-term plasticity of synapses with a state".into())),
        _ => Some(stp),
    };
    let (pre, weights) = if word(projection, "from") == "post" {
        let bounds = super::flat(part("slice"));
        let first = bounds.first().map_or(0, |x| *x as usize);
        let mut all = vec![vec![0.0; network.node(cells).n]; network.node(cells).n];
        weights.into_iter().enumerate().for_each(|(i, row)| all[first + i] = row);
        (cells, all)
    } else {
        let spikes = Stimulus::of(projection.get("spikes"), steps, n_pre)?;
        if plastic.is_some() {
            // Generators drive no plastic synapses: neurons that repeat the spikes do, one step later.
            let device = network.spikes(&spikes, n_pre, 1)?;
            let relay = network.add("relay", &PARROT_NEURON, n_pre);
            network.wire(device, relay, Rule::OneToOne, Value::Real(1.0), 0);
            (relay, weights)
        } else {
            (network.spikes(&spikes, n_pre, 0)?, weights)
        }
    };
    let delays = match projection.get("delay").filter(|json| !json.is_null()).and_then(Quantity::of) {
        Some(delay) => delay.each("ms", weights.len())?,
        None => vec![0.0; weights.len()],
    };
    let h = network.h;
    // A delay between grid points splits what is sent over the two next to it.
    for late in [false, true] {
        let share = |i: usize| {
            let part = delays[i] / h - (delays[i] / h).floor();
            if late { part } else { 1.0 - part }
        };
        if (0..weights.len()).all(|i| share(i) == 0.0) {
            continue;
        }
        let lag = |i: usize| if late { (delays[i] / h).ceil() } else { (delays[i] / h).floor() };
        let parts: Vec<Vec<f64>> =
            weights.iter().enumerate().map(|(i, row)| row.iter().map(|w| w * share(i)).collect()).collect();
        let waits: Vec<Vec<f64>> =
            (0..weights.len()).map(|i| vec![((lag(i) + 1.0) * h * 1e6).round() / 1e6; weights[i].len()]).collect();
        let id = network.wire(pre, cells, Rule::AllToAll, Value::Lists(transposed(&parts)), port);
        network.projection(id).delay = Value::Lists(transposed(&waits));
        if let Some(spec) = plastic {
            let kind = model(word(spec, "model"))?;
            let mut params = Vec::new();
            for (name, json) in spec.get("params").and_then(Json::as_object).unwrap_or(&serde_json::Map::new()) {
                let parameter = kind.parameter(name).ok_or_else(|| refused(format!("{} has no {name}", kind.name)))?;
                params.push((parameter.name.to_owned(), value(parameter, json, 1, "1")?));
                // Their release begins at U; here it is a state with a value of its own.
                if name == "U" && kind.parameter("u").is_some() {
                    params.push(("u".to_owned(), value(parameter, json, 1, "1")?));
                }
            }
            let projection = network.projection(id);
            projection.synapse = kind;
            projection.params.extend(params);
        }
    }
    Ok(())
}

/// Read-outs of graded input.
pub fn readout(case: &Json) -> Verdict {
    let weights = matrix(case.get("weight").unwrap_or(&Json::Null));
    let outputs = weights.first().map_or(0, Vec::len);
    let mut network = Network::new(case, 1);
    let name = case.get("model").and_then(Json::as_str).unwrap_or(LEAKY_RATE_READOUT.name);
    let spec = json!({"model": name, "params": case.get("params")});
    let cells = network.population("outputs", &spec, outputs)?;
    let given = Stimulus::of(case.get("input"), network.steps, weights.len())?;
    let device = network.spikes(&given, weights.len(), 0)?;
    network.wire(device, cells, Rule::AllToAll, Value::Lists(transposed(&weights)), 0);
    let (shown, called) =
        if model(name)?.recordables.iter().any(|r| r.name == "r") { ("r", "r") } else { ("V_m", "V") };
    let meter = network.meter(cells, vec![shown.into()], every(case));
    let ours = network.run()?.samples(meter, shown)?;
    let theirs = expected(case, called).unwrap_or_default();
    Ok(difference(called, &ours, &theirs, outputs, Tolerance::of(case, called)).into_iter().collect())
}

/// Gap junctions: both groups are put into one population, between whose neurons each edge is two conductances.
pub fn gap(case: &Json) -> Verdict {
    let n = number_of(case, "n", 1.0) as usize;
    let groups: Vec<&Json> = ["pre", "post"].iter().filter_map(|key| case.get(key)).collect();
    let total = n * groups.len();
    let mut network = Network::new(case, 1);
    let steps = network.steps;
    let spec = joined(&groups, n)?;
    let cells = network.population("cells", &spec, total)?;
    let mut input = Stimulus { unit: String::new(), values: vec![Vec::new(); steps] };
    for key in ["input_pre", "input_post"].iter().take(groups.len()) {
        let own = Stimulus::of(case.get(key), steps, n)?;
        if !own.unit.is_empty() {
            input.unit = own.unit;
        }
        input.values.iter_mut().zip(own.values).for_each(|(all, own)| all.extend(own));
    }
    network.drive(cells, &input)?;
    let edges = matrix(case.get("edges").unwrap_or(&Json::Null));
    let unit = network.node(cells).model.ports.iter().find(|p| p.takes == crate::models::Signal::Potential);
    let unit = unit.map(|port| port.unit).ok_or_else(|| refused("the model has no gap junctions"))?;
    let size = factor(word(case, "weight_unit"), unit)?;
    // One conductance for all edges or one an edge; of asymmetric junctions, a pair of them.
    let given = case.get("weight").cloned().unwrap_or(json!(1.0));
    let asymmetric = word(case, "model") == "AsymmetryGapJunction";
    let of_edges: Vec<Vec<f64>> = match (&given, asymmetric) {
        (Json::Array(rows), _) if rows.first().is_some_and(Json::is_array) => matrix(&given),
        (Json::Array(_), true) => vec![super::flat(&given); edges.len()],
        (Json::Array(_), false) => super::flat(&given).into_iter().map(|w| vec![w]).collect(),
        _ => vec![super::flat(&given); edges.len()],
    };
    if of_edges.len() != edges.len() {
        return Err(refused(format!("{} weights for {} edges", of_edges.len(), edges.len())));
    }
    let mut weights = vec![vec![0.0; total]; total];
    let second = if groups.len() == 2 { n } else { 0 };
    for (edge, own) in edges.iter().zip(&of_edges) {
        let (pre, post) = (edge[0] as usize, second + edge[1] as usize);
        let (to_post, to_pre) = (own[0], own.get(1).copied().unwrap_or(own[0]));
        weights[post][pre] += scaled(to_post, size);
        weights[pre][post] += scaled(to_pre, size);
    }
    let id = network.wire(cells, cells, Rule::AllToAll, Value::Lists(weights), 0);
    let projection = network.projection(id);
    (projection.synapse, projection.delay) = (&GAP_JUNCTION, Value::Real(1.0));
    let meter = network.meter(cells, vec!["V_m".into()], every(case));
    let recorder = network.recorder(cells);
    let run = network.run()?;
    let v = run.samples(meter, "V_m")?;
    let (at, who) = run.spikes(recorder, cells);
    let mut differences = Vec::new();
    for (g, name) in ["pre", "post"].iter().enumerate().take(groups.len()) {
        let (low, high) = ((g * n) as f64, ((g + 1) * n) as f64);
        let own: Vec<f64> = v.chunks(total).flat_map(|row| row[g * n..][..n].to_vec()).collect();
        let mut check = |name: String, ours: &[f64], theirs: Option<Vec<f64>>, width: usize, allowed: Tolerance| {
            differences.extend(theirs.and_then(|theirs| difference(&name, ours, &theirs, width, allowed)));
        };
        let potentials = format!("V_{name}");
        check(potentials.clone(), &own, expected(case, &potentials), n, Tolerance::of(case, &potentials));
        let key = format!("spikes_{name}");
        let mine = || at.iter().zip(&who).filter(|(_, i)| (low..high).contains(*i));
        let steps: Vec<f64> = mine().map(|(step, _)| *step).collect();
        let neurons: Vec<f64> = mine().map(|(_, i)| i - low).collect();
        let theirs = |part: &str| {
            let spikes = case.get("expected")?.get(&key)?;
            Some(super::flat(spikes.get(part)?))
        };
        let exact = Tolerance { abs: 0.0, rel: 0.0 };
        check(format!("{key} steps"), &steps, theirs("steps"), 1, exact);
        check(format!("{key} neurons"), &neurons, theirs("neurons"), 1, exact);
    }
    Ok(differences)
}

/// Groups of one model as one population, with a value for each neuron wherever they differ.
fn joined(groups: &[&Json], n: usize) -> Result<Json, Obstacle> {
    let first = groups.first().ok_or_else(|| refused("there is no group"))?;
    if groups.iter().any(|group| word(group, "model") != word(first, "model")) {
        return Err(Obstacle::Missing("no gap junctions between different models".into()));
    }
    let mut all = json!({"model": first["model"], "params": {}, "init": {}});
    for part in ["params", "init"] {
        let of = |group: &Json, name: &str| group.get(part).and_then(|p| p.get(name)).cloned();
        let names = groups.iter().filter_map(|g| g.get(part)?.as_object()).flat_map(|entries| entries.keys());
        for name in names {
            let values: Vec<Option<Json>> = groups.iter().map(|group| of(group, name)).collect();
            let is_word = values.iter().flatten().any(|json| json.is_string());
            all[part][name] = match (values.iter().all(|v| *v == values[0]), values[0].clone()) {
                (true, Some(value)) if is_word || groups.len() == 1 => value,
                _ => {
                    let mut numbers = Vec::new();
                    let mut unit = "1".to_owned();
                    for value in &values {
                        let value = value.as_ref().and_then(Quantity::of);
                        let value = value.ok_or_else(|| refused(format!("{name} differs between the groups")))?;
                        unit = value.unit.clone();
                        numbers.extend(value.each(&unit, n)?);
                    }
                    json!([numbers, unit])
                }
            };
        }
    }
    Ok(all)
}
