//! `spikeloom info`: the size of a network before it is built.

use std::io::Write;
use std::path::PathBuf;

use serde_json::json;
use spikeloom_engine::description::Storage;
use spikeloom_engine::models::Family;
use spikeloom_engine::project::{Node, Project, Projection};
use spikeloom_engine::runtime::{Estimate, Simulation};

use super::{Failure, columns::in_columns, open_project};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Project file
    file: PathBuf,
    /// Write one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub fn info(arguments: &Arguments, out: &mut impl Write) -> Result<(), Failure> {
    let project = open_project(&arguments.file)?;
    let estimate = Simulation::estimate(&project);
    if arguments.json {
        writeln!(out, "{:#}", as_json(&project, &estimate))?;
    } else {
        write!(out, "{}", as_text(&project, &estimate))?;
    }
    Ok(())
}

fn kind(node: &Node) -> &'static str {
    match node.model.family() {
        Family::Neuron => "neuron",
        Family::Generator => "generator",
        Family::Recorder => "recorder",
        Family::Synapse => "synapse",
    }
}

fn as_json(project: &Project, estimate: &Estimate) -> serde_json::Value {
    let nodes: Vec<_> = project
        .nodes
        .iter()
        .map(|node| json!({"name": node.name, "model": node.model.name, "kind": kind(node), "n": node.n}))
        .collect();
    let projections: Vec<_> = project
        .projections
        .iter()
        .map(|projection| {
            let (from, to) = ends(project, projection);
            json!({
                "from": from, "to": to, "rule": projection.rule.name(), "synapse": projection.synapse.name,
                "synapses": project.expected_synapses(projection),
                "storage": kept(project, projection).map(|(storage, _)| storage),
                "bytes": kept(project, projection).map(|(_, bytes)| bytes),
            })
        })
        .collect();
    json!({
        "title": project.title,
        "neurons": estimate.neurons,
        "synapses": estimate.synapses,
        "memory_bytes": estimate.memory,
        "resolution_ms": project.simulation.resolution,
        "duration_ms": project.simulation.duration,
        "nodes": nodes,
        "projections": projections,
    })
}

fn as_text(project: &Project, estimate: &Estimate) -> String {
    let mut text = String::new();
    if !project.title.is_empty() {
        text.push_str(&format!("{}\n\n", project.title));
    }
    text.push_str(&format!("Neurons   {}\n", estimate.neurons));
    text.push_str(&format!("Synapses  {:.0} expected\n", estimate.synapses));
    text.push_str(&format!("Memory    {}\n", bytes(estimate.memory)));
    let header = ["Node", "Model", "Kind", "Size"].map(String::from).to_vec();
    let rows = project
        .nodes
        .iter()
        .map(|node| vec![node.name.clone(), node.model.name.to_owned(), kind(node).to_owned(), node.n.to_string()]);
    text.push_str(&format!("\n{}", in_columns(std::iter::once(header).chain(rows))));
    if !project.projections.is_empty() {
        let header = ["From", "To", "Rule", "Synapses", "Kept"].map(String::from).to_vec();
        let rows = project.projections.iter().map(|projection| {
            let (from, to) = ends(project, projection);
            let synapses = format!("{:.0}", project.expected_synapses(projection));
            let kept = kept(project, projection).map(|(storage, size)| format!("{storage}, {}", bytes(size)));
            vec![from.to_owned(), to.to_owned(), projection.rule.label(), synapses, kept.unwrap_or_default()]
        });
        text.push_str(&format!("\n{}", in_columns(std::iter::once(header).chain(rows))));
    }
    text
}

fn ends<'a>(project: &'a Project, projection: &Projection) -> (&'a str, &'a str) {
    let name = |id| project.node(id).map_or("", |node| node.name.as_str());
    (name(projection.from), name(projection.to))
}

/// How the synapses of a projection between neurons are kept, and the bytes that they need.
fn kept(project: &Project, projection: &Projection) -> Option<(&'static str, u64)> {
    let is_neuron = |id| project.node(id).is_some_and(|node| node.model.is_neuron());
    let between = is_neuron(projection.from) && is_neuron(projection.to);
    let storage = if project.keeps_dense(projection) { Storage::Dense } else { Storage::Sparse };
    between.then(|| (storage.name(), Simulation::bytes_of_synapses(project, projection) as u64))
}

/// A number of bytes with three digits: `1.23 GB`.
fn bytes(n: u64) -> String {
    let n = n as f64;
    match n {
        _ if n < 1e3 => format!("{n} B"),
        _ if n < 1e6 => format!("{:.1} kB", n / 1e3),
        _ if n < 1e9 => format!("{:.1} MB", n / 1e6),
        _ => format!("{:.2} GB", n / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_with_their_unit() {
        assert_eq!([999, 1500, 2_000_000, 12_345_000_000].map(bytes), ["999 B", "1.5 kB", "2.0 MB", "12.35 GB"]);
    }
}
