//! Synapses by themselves: their conductance, as a neuron sees it, and their state.

use serde_json::{Map, Value as Json, json};

use super::super::values::Obstacle;
use super::dynamics::{every, kick};
use super::network::{Network, model, value};
use super::quantity::{Quantity, Stimulus, factor, scaled};
use super::{Tolerance, Verdict, difference, expected, number_of, refused, word};
use crate::description::{NodeId, Value};
use crate::math;
use crate::models::{self, LIF, PARROT_NEURON};
use crate::project::{ProjectionId, Rule};

pub fn synapse(case: &Json) -> Verdict {
    match models::find(word(case, "model")).map(|model| model.plastic()) {
        Some(Some(synapse)) if synapse.lasting => kinetic(case),
        Some(Some(_)) => release(case),
        // What is no model of its own is a synapse on a neuron.
        _ => linear(case),
    }
}

/// The parameters of a case, with their numbers.
fn params(case: &Json) -> Map<String, Json> {
    case.get("params").and_then(Json::as_object).cloned().unwrap_or_default()
}

/// The same for one element.
fn of_element(params: &Map<String, Json>, i: usize) -> Result<Map<String, Json>, Obstacle> {
    let one = |(name, json): (&String, &Json)| {
        let quantity = Quantity::of(json).ok_or_else(|| refused(format!("{name}: {json}")))?;
        let x = quantity.numbers.get(if quantity.is_list { i } else { 0 });
        Ok((name.clone(), json!([x.ok_or_else(|| refused(format!("{name} has too few")))?, quantity.unit])))
    };
    params.iter().map(one).collect()
}

/// One by one, each compared with the column of its name.
fn verdict(case: &Json, n: usize, ours: &[(String, Vec<f64>)]) -> Vec<String> {
    let compared = ours
        .iter()
        .filter_map(|(name, values)| difference(name, values, &expected(case, name)?, n, Tolerance::of(case, name)));
    compared.collect()
}

/// Columns of one element each, side by side.
fn side_by_side(columns: &[Vec<f64>]) -> Vec<f64> {
    let rows = columns.first().map_or(0, Vec::len);
    (0..rows).flat_map(|row| columns.iter().map(move |column| column[row])).collect()
}

/// Synapses that live on the neuron.
fn linear(case: &Json) -> Verdict {
    let n = number_of(case, "n", 1.0) as usize;
    let (name, records) = (word(case, "model"), case.get("record").and_then(Json::as_array));
    let wanted: Vec<&str> = records.into_iter().flatten().map(|r| word(r, "name")).collect();
    let mut network = Network::new(case, 1);
    let (steps, h) = (network.steps, network.h);
    let stimulus = |key: &str| Stimulus::of(case.get(key), steps, n);
    let mut meters = Vec::new();
    for i in 0..n {
        let cells = network.add("cells", &LIF, 1);
        let own = of_element(&params(case), i)?;
        let tau = own.get("tau").and_then(Quantity::of).map_or(8.0, |tau| tau.numbers[0]);
        let port = network.receptor(cells, &json!({"model": name, "params": own}), &json!({"model": "CUBA"}))?;
        network.set(cells, "V_th", Value::Real(1e9));
        for key in ["input", "delta", "current"] {
            let mut given = stimulus(key)?;
            // A current c brings g nearer to c, by what a step leaves to go.
            let share = if key == "current" { -math::exp_m1(-h / tau) } else { 1.0 };
            given.values.iter_mut().for_each(|row| *row = vec![row[i] * share]);
            kick(&mut network, cells, &given, port)?;
        }
        let quantity = |state: &str| if state == "output" { "g_1".to_owned() } else { format!("{state}_1") };
        let all: Vec<String> = wanted.iter().copied().chain(["output"]).map(quantity).collect();
        let mut names = all.clone();
        names.sort();
        names.dedup();
        meters.push((network.meter(cells, names, every(case)), all));
    }
    let run = network.run()?;
    let mut ours = Vec::new();
    for (j, name) in wanted.iter().copied().chain(["output"]).enumerate() {
        let columns: Result<Vec<_>, _> = meters.iter().map(|(meter, all)| run.samples(*meter, &all[j])).collect();
        ours.push((name.to_owned(), side_by_side(&columns?)));
    }
    Ok(verdict(case, n, &ours))
}

/// Neurons that repeat the spikes of a case, a synapse of its own model onto each of their targets, and what the targets get.
fn relayed(case: &Json, network: &mut Network) -> Result<(ProjectionId, NodeId), Obstacle> {
    let (n, steps) = (number_of(case, "n", 1.0) as usize, network.steps);
    let spikes = Stimulus::of(case.get("input"), steps, n)?;
    let device = network.spikes(&spikes, n, 1)?;
    let relay = network.add("relay", &PARROT_NEURON, n);
    network.wire(device, relay, Rule::OneToOne, Value::Real(1.0), 0);
    let cells = network.add("cells", &LIF, n);
    let port = network.receptor(cells, &json!({"model": "Current"}), &json!({"model": "CUBA"}))?;
    network.set(cells, "V_th", Value::Real(1e9));
    let id = network.wire(relay, cells, Rule::OneToOne, Value::Real(1.0), port);
    let kind = model(word(case, "model"))?;
    let mut own = Vec::new();
    for (name, json) in &params(case) {
        let parameter = kind.parameter(name).ok_or_else(|| refused(format!("{} has no {name}", kind.name)))?;
        own.push((parameter.name.to_owned(), value(parameter, json, n, "1")?));
        if name == "U" && kind.parameter("u").is_some() {
            own.push(("u".into(), value(parameter, json, n, "1")?));
        }
    }
    let projection = network.projection(id);
    projection.synapse = kind;
    projection.params.extend(own);
    Ok((id, network.meter(cells, vec!["g_1".into()], 1)))
}

/// Synapses with a conductance of their own.
fn kinetic(case: &Json) -> Verdict {
    let (n, mut network) = (number_of(case, "n", 1.0) as usize, Network::new(case, 1));
    let (id, meter) = relayed(case, &mut network)?;
    let (steps, every) = (network.steps, every(case));
    let (run, states) = network.watch(id, &["x"], every)?;
    let g = run.samples(meter, "g_1")?;
    let sampled: Vec<f64> = (1..=steps / every).flat_map(|k| g[(k * every - 1) * n..][..n].to_vec()).collect();
    let ours = [("g".into(), sampled.clone()), ("output".into(), sampled), ("x".into(), states.concat())];
    Ok(verdict(case, n, &ours))
}

/// Short-term plasticity: what is transmitted, and the state, which is kept as it was at the last spike.
fn release(case: &Json) -> Verdict {
    let (n, mut network) = (number_of(case, "n", 1.0) as usize, Network::new(case, 1));
    let (id, meter) = relayed(case, &mut network)?;
    let (steps, every, h) = (network.steps, every(case), network.h);
    let facilitates = model(word(case, "model"))?.parameter("u").is_some();
    let names: &[&str] = if facilitates { &["u", "x"] } else { &["x"] };
    let (run, states) = network.watch(id, names, every)?;
    let spikes = Stimulus::of(case.get("input"), steps, n)?;
    let time = |name: &str, usual: f64| params(case).get(name).and_then(Quantity::of).map_or(usual, |q| q.numbers[0]);
    let (of_u, of_x) = (time("tau_f", 1500.0), time(if facilitates { "tau_d" } else { "tau" }, 200.0));
    let g = run.samples(meter, "g_1")?;
    let mut ours = vec![("output".to_owned(), Vec::new())];
    ours.extend(names.iter().map(|name| ((*name).to_owned(), Vec::new())));
    let size = scaled(1.0, factor("1", "1")?);
    for k in 1..=steps / every {
        let step = k * every - 1;
        ours[0].1.extend(g[step * n..][..n].iter().map(|x| x * size));
        for (j, name) in names.iter().enumerate() {
            for i in 0..n {
                let last = (0..=step).rev().find(|s| spikes.values[*s][i] != 0.0);
                let since = last.map_or(step + 1, |last| step - last) as f64 * h;
                let x = states[k - 1][j * n + i];
                let decayed = |tau: f64| math::exp(-since / tau);
                ours[j + 1].1.push(if *name == "u" { x * decayed(of_u) } else { 1.0 - (1.0 - x) * decayed(of_x) });
            }
        }
    }
    Ok(verdict(case, n, &ours))
}
