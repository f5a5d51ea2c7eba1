//! How much memory a network needs, and how much there is.

use super::Estimate;
use crate::mechanisms::time::Grid;
use crate::models::PortKind;
use crate::project::{Place, Problem, Project, Rule};
use crate::value::Value;

/// Bytes of a neuron with its constants and its share of short rings.
const NEURON: f64 = 400.0;

/// Bytes of an entry of its lists: receptors, compartments.
const ENTRY: f64 = 64.0;

/// Where the system does not tell its free memory, this much is taken for granted.
const UNKNOWN: u64 = 8 << 30;

/// Size of the network without building it.
pub fn estimate(project: &Project) -> Estimate {
    let mut estimate = Estimate::default();
    let mut bytes = 0.0;
    for node in project.nodes.iter().filter(|n| n.model.is_neuron()) {
        estimate.neurons += node.n as u64;
        let entries: usize = node.model.parameters().filter(|p| p.is_list()).map(|p| node.entries(p.name)).sum();
        bytes += (NEURON + ENTRY * entries as f64) * node.n as f64;
    }
    let per_ms = Grid::new(project.simulation.resolution).map_or(10.0, |g| 1.0 / g.h());
    for projection in &project.projections {
        let (Some(from), Some(to)) = (project.node(projection.from), project.node(projection.to)) else { continue };
        if !to.model.is_neuron() || from.model.is_recorder() {
            continue;
        }
        let synapses = project.expected_synapses(projection);
        estimate.synapses += synapses;
        let weight = match &projection.weight {
            Value::Real(_) => 0.0,
            Value::Distribution(_) => 4.0,
            _ => 8.0,
        };
        let delay = if projection.delay.as_real().is_some() { 0.0 } else { 2.0 };
        // Poisson input and direct currents onto all neurons alike need no synapses.
        let alike = from.model.is_generator() && weight + delay == 0.0 && projection.rule == Rule::AllToAll;
        if !alike {
            bytes += synapses * (2.0 + weight + delay) + 4.0 * from.n as f64;
        }
        if from.model.is_neuron() {
            let steps = (projection.delay.typical() * per_ms + 64.0).max(1.0);
            let inlets = to.model.inlets(PortKind::Spikes, &|name| to.entries(name)).max(2);
            let planes = if weight + delay == 0.0 { 2.0 } else { 8.0 * inlets as f64 };
            bytes += (steps as u64).next_power_of_two() as f64 * planes * to.n as f64;
        }
    }
    estimate.memory = bytes as u64;
    estimate
}

/// Refuses a network that would not fit.
pub fn check(project: &Project) -> Result<(), Problem> {
    let need = estimate(project).memory;
    let free = available().unwrap_or(UNKNOWN);
    if need > free / 10 * 9 {
        let gb = |bytes: u64| format!("{:.1} GB", bytes as f64 / 1e9);
        return Err(Problem::error(
            Place::Project,
            format!(
                "the network needs about {} of memory and {} are free; reduce neurons or synapses",
                gb(need),
                gb(free)
            ),
        ));
    }
    Ok(())
}

/// Free memory in bytes, where the system tells.
#[cfg(target_os = "linux")]
fn available() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|l| l.starts_with("MemAvailable:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb * 1024)
}

#[cfg(not(target_os = "linux"))]
fn available() -> Option<u64> {
    None
}
