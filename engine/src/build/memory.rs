//! How much memory a network needs, and how much there is.

use crate::build::{as_built, parts};
use crate::description::space;
use crate::description::{Distribution, Load, Resolution, Shape, Value};
use crate::math;
use crate::mechanisms::time::Grid;
use crate::models::Family;
use crate::project::{Node, Place, Problem, Project, Projection, Rule};
use crate::runtime::Estimate;
use crate::runtime::input::late;
use crate::runtime::slice::LONGEST_SPAN;

/// Bytes of a neuron with its constants and random streams.
const NEURON: f64 = 150.0;

/// Bytes of the target of a synapse.
const TARGET: f64 = 2.0;

/// Bytes of an entry of its lists: receptors, compartments.
const ENTRY: f64 = 64.0;

/// Where the system does not tell its free memory, this much is taken for granted.
const UNKNOWN: u64 = 8 << 30;

/// Bytes of a connection of a generator that sends each target something of its own.
const CONNECTION: f64 = 100.0;

/// Bytes of a connection with a recorder.
const RECORDED: f64 = 16.0;

/// Bytes of a place in space.
const PLACE: f64 = 24.0;

/// Bytes of a device of a generator, beside what it has sent of late; and of an entry of its lists.
const DEVICE: f64 = 300.0;
const LISTED: f64 = 40.0;

/// Size of the network without building it.
pub fn estimate(project: &Project) -> Estimate {
    let (project, _) = as_built(project);
    let project = &*project;
    let grid = Grid::new(project.simulation.resolution);
    let slice = grid.map_or(1, |grid| project.exchange_steps(grid)).min(LONGEST_SPAN);
    let mut estimate = Estimate::default();
    let mut bytes = 0.0;
    for node in &project.nodes {
        bytes += own_bytes(project, node);
    }
    for node in project.nodes.iter().filter(|n| n.model.is_neuron()) {
        estimate.neurons = estimate.neurons.saturating_add(node.n as u64);
        let entries: usize = node.model.parameters().filter(|p| p.is_list()).map(|p| node.entries(p.name)).sum();
        let mut rings = SharedRings { longest: 1.0, ..SharedRings::default() };
        let chunks = parts(project, node) as f64;
        for projection in project.projections.iter().filter(|projection| projection.to == node.id) {
            let Some(from) = project.node(projection.from).filter(|from| !from.model.is_recorder()) else { continue };
            let synapses = project.expected_synapses(projection);
            estimate.synapses += synapses;
            let steps = longest(&projection.delay, diagonal(project, projection)) / project.simulation.resolution;
            rings.longest = rings.longest.max(steps);
            let kind = WeightKind::of(projection);
            if from.model.is_generator() {
                // One generator onto all neurons alike needs no synapses.
                let extent = project.extent(projection);
                let partial = extent.own != (from.n, node.n);
                if from.n > 1 || kind != WeightKind::Counted || projection.rule != Rule::AllToAll || partial {
                    bytes += synapses * CONNECTION;
                    rings.exact = true;
                }
                continue;
            }
            let is_drawn = matches!(projection.delay, Value::Distribution(_));
            let delay = bytes_of_delay(projection, steps);
            if projection.needs_space() {
                bytes += PLACE * (from.n + node.n) as f64;
            }
            bytes += synapses * per_synapse(project, projection, kind, delay) + 4.0 * chunks * from.n as f64;
            match kind {
                WeightKind::Counted => bytes += planes(steps) * size_of::<u16>() as f64 * node.n as f64,
                WeightKind::Drawn | WeightKind::Delayed if late::is_worthwhile(steps as usize, slice) && is_drawn => {
                    match kind {
                        WeightKind::Drawn => rings.late_drawn = true,
                        _ => rings.late_exact = true,
                    }
                }
                WeightKind::Drawn => rings.drawn = true,
                WeightKind::Delayed | WeightKind::Listed | WeightKind::Plastic => rings.exact = true,
            }
        }
        let wired = |signal| project.carries_to(node.id, signal);
        let inlets = node.model.inlets_of_wired(&wired, &|name| node.entries(name)).max(2) as f64;
        let wide = if rings.exact { 8.0 } else { 0.0 } + if rings.drawn { 4.0 } else { 0.0 };
        let late = if rings.late_exact { 8.0 } else { 0.0 } + if rings.late_drawn { 4.0 } else { 0.0 };
        let rings = wide * planes(rings.longest + slice as f64) + late * planes(late::window(slice) as f64);
        let per_neuron = NEURON + ENTRY * entries as f64 + inlets * rings;
        bytes += per_neuron * node.n as f64;
    }
    estimate.memory = bytes as u64;
    estimate
}

/// Bytes of a synapse. Where every source reaches all targets, these are not listed.
fn per_synapse(project: &Project, projection: &Projection, kind: WeightKind, delay: f64) -> f64 {
    let target = if project.keeps_dense(projection) { 0.0 } else { TARGET };
    target + delay + kind.per_synapse()
}

/// Bytes that the synapses of a projection between neurons need, without what they write to.
pub fn of_synapses(project: &Project, projection: &Projection) -> f64 {
    let steps = longest(&projection.delay, diagonal(project, projection)) / project.simulation.resolution;
    let kind = WeightKind::of(projection);
    project.expected_synapses(projection) * per_synapse(project, projection, kind, bytes_of_delay(projection, steps))
}

/// Bytes of the delay of a synapse, of at most so many steps.
fn bytes_of_delay(projection: &Projection, steps: f64) -> f64 {
    match projection.delay {
        Value::Real(_) => 0.0,
        _ if steps < 256.0 => 1.0,
        _ => 2.0,
    }
}

/// What a node needs beside neurons and their input: what its model tells, devices with what they have sent of late,
/// connections with recorders.
fn own_bytes(project: &Project, node: &Node) -> f64 {
    let mut load = Load::default();
    for projection in project.projections.iter().filter(|p| p.from == node.id || p.to == node.id) {
        let steps = longest(&projection.delay, diagonal(project, projection)) / project.simulation.resolution;
        load.connections += project.expected_synapses(projection);
        load.delay = load.delay.max(steps);
    }
    let told = Resolution::new(project.simulation.resolution).map_or(0.0, |h| (node.model.facts.bytes)(node, h, load));
    let n = node.n as f64;
    match node.model.family() {
        Family::Recorder => told + RECORDED * load.connections,
        Family::Generator => {
            let entries: usize = node.model.parameters().filter(|p| p.is_list()).map(|p| node.entries(p.name)).sum();
            let sent = 16.0 * planes(load.delay + 2.0 * LONGEST_SPAN as f64);
            let received = project.projections.iter().filter(|projection| projection.to == node.id);
            let received: f64 = received.map(|projection| project.expected_synapses(projection)).sum();
            told + n * (DEVICE + sent + LISTED * entries as f64) + CONNECTION * received
        }
        Family::Neuron | Family::Synapse => told,
    }
}

/// What all projections onto a node write to.
#[derive(Default)]
struct SharedRings {
    exact: bool,
    drawn: bool,
    late_exact: bool,
    late_drawn: bool,
    /// The longest delay, in steps.
    longest: f64,
}

/// How synapses keep their weights.
#[derive(Clone, Copy, PartialEq)]
enum WeightKind {
    /// One weight and delay: they only count.
    Counted,
    /// One weight, but delays that differ.
    Delayed,
    Drawn,
    Listed,
    Plastic,
}

impl WeightKind {
    fn of(projection: &Projection) -> WeightKind {
        match (&projection.weight, &projection.delay) {
            _ if projection.synapse.plastic().is_some() || projection.weight_recorder.is_some() => WeightKind::Plastic,
            _ if projection.synapse.acts_between_steps() => WeightKind::Plastic,
            (Value::Distribution(_), _) => WeightKind::Drawn,
            (Value::Real(_), Value::Real(_)) => WeightKind::Counted,
            (Value::Real(_), _) => WeightKind::Delayed,
            _ => WeightKind::Listed,
        }
    }

    /// Bytes.
    fn per_synapse(self) -> f64 {
        match self {
            WeightKind::Counted | WeightKind::Delayed => 0.0,
            WeightKind::Drawn => 4.0,
            WeightKind::Listed | WeightKind::Plastic => 8.0,
        }
    }
}

/// Planes of a ring for the input of so many steps.
fn planes(steps: f64) -> f64 {
    (steps.clamp(1.0, 1e9).ceil() as u64).next_power_of_two() as f64
}

/// No two neurons of a projection are farther apart.
fn diagonal(project: &Project, projection: &Projection) -> f64 {
    let node = |id| project.node(id).and_then(|node| node.positions.as_ref());
    let (Some(from), Some(to)) = (node(projection.from), node(projection.to)) else { return 0.0 };
    let ((a, size), (b, other)) = (from.frame(), to.frame());
    space::length(std::array::from_fn(|axis| (a[axis] - b[axis]).abs() + 0.5 * (size[axis] + other[axis])))
}

/// The longest delay that a value gives, ms; of distributions without bound, one that is hardly ever exceeded.
fn longest(delay: &Value, diagonal: f64) -> f64 {
    let most = |xs: &[f64]| xs.iter().copied().fold(0.0, f64::max);
    match delay {
        Value::List(xs) => most(xs),
        Value::Lists(rows) => rows.iter().map(|row| most(row)).fold(0.0, f64::max),
        Value::Range(range) => range.from.max(range.to),
        Value::Spatial(kernel) => kernel.most(0.0, diagonal),
        Value::Distribution(Distribution { shape, max, .. }) => {
            let of_shape = match *shape {
                Shape::Normal { mean, std } => mean + 5.0 * std,
                Shape::Lognormal { mean, std } => math::exp(mean + 5.0 * std),
                Shape::Uniform { high, .. } => high,
                Shape::Exponential { beta } => 12.0 * beta,
            };
            max.map_or(of_shape, |max| max.min(of_shape))
        }
        other => other.typical(),
    }
}

/// Refuses a network that would not fit.
pub fn check(project: &Project) -> Result<(), Problem> {
    refuse_above(estimate(project).memory, available().unwrap_or(UNKNOWN))
}

/// Nine tenths of what is free may be used; the rest is for recordings and other programs.
fn refuse_above(need: u64, free: u64) -> Result<(), Problem> {
    let most = free / 10 * 9;
    if need <= most {
        return Ok(());
    }
    let gb = |bytes: u64| format!("{:.1} GB", bytes as f64 / 1e9);
    let message = format!(
        "the network needs about {} of memory, the limit is {}: nine tenths of the {} that are free; \
         reduce neurons, synapses or delays",
        gb(need),
        gb(most),
        gb(free)
    );
    Err(Problem::error(Place::Project, message))
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

#[cfg(test)]
mod tests {
    use crate::project::read;
    use crate::runtime::Simulation;

    #[test]
    fn a_refusal_names_the_limit() {
        assert_eq!(super::refuse_above(9_000_000_000, 10_000_000_000), Ok(()));
        let refusal = super::refuse_above(20_000_000_000, 21_800_000_000).unwrap_err().to_string();
        for part in ["needs about 20.0 GB", "the limit is 19.6 GB", "21.8 GB that are free"] {
            assert!(refusal.contains(part), "{refusal}");
        }
    }

    #[test]
    fn synapses_both_ways_count_twice() {
        let static_ones = ("iaf_psc_alpha", "static_synapse");
        let junctions = ("hh_psc_alpha_gap", "gap_junction");
        for ((model, synapse), to, rule, synapses) in [
            (static_ones, "B", "all_to_all", 18.0),
            (static_ones, "B", "one_to_one", 6.0),
            (static_ones, "A", "all_to_all", 9.0),
            (junctions, "B", "one_to_one", 6.0),
        ] {
            let text = format!(
                r#"(nodes: {{ "A": (model: "{model}", n: 3), "B": (model: "{model}", n: 3) }},
                    projections: [(from: "A", to: "{to}", rule: {rule}, synapse: "{synapse}", symmetric: true)])"#
            );
            let (project, _) = read(&text).unwrap_or_else(|e| panic!("{e}"));
            let simulation = Simulation::build(&project, &|_| true).unwrap_or_else(|p| panic!("{p:?}"));
            assert_eq!(simulation.synapses() as f64, synapses, "{rule} to {to}");
            assert_eq!(Simulation::estimate(&project).synapses, synapses, "{rule} to {to}");
            assert_eq!(project.expected_synapses(&project.projections[0]), synapses, "{rule} to {to}");
        }
    }

    #[test]
    fn what_is_foreseen_is_near_what_is_held() {
        let nodes = r#""E": (model: "iaf_psc_exp", n: 2000), "I": (model: "iaf_psc_exp", n: 500), "P": (model: "poisson_generator", params: (rate: 8000))"#;
        let drawn = "weight: normal(mean: 80, std: 8, min: 0), delay: normal(mean: 1.5, std: 0.75, min: 0.1)";
        let networks = [
            ("counted", "weight: 20, delay: 1.5".to_owned()),
            ("drawn", drawn.to_owned()),
            ("long delays", "weight: uniform(low: 0, high: 3), delay: uniform(low: 1, high: 50)".to_owned()),
            ("drawn delays", "weight: 20, delay: uniform(low: 1, high: 3)".to_owned()),
        ];
        for (name, synapses) in networks {
            let text = format!(
                r#"(nodes: {{ {nodes} }}, projections: [
                    (from: "P", to: "E", weight: 20, delay: 1),
                    (from: "E", to: "E", rule: pairwise_bernoulli(0.2), {synapses}),
                    (from: "E", to: "I", rule: fixed_total_number(200000), {synapses}),
                    (from: "I", to: "E", rule: fixed_indegree(100), {synapses}),
                    (from: "I", to: "I", rule: fixed_outdegree(50), {synapses})])"#
            );
            let (project, _) = read(&text).unwrap_or_else(|e| panic!("{e}"));
            let simulation = Simulation::build(&project, &|_| true).unwrap_or_else(|p| panic!("{p:?}"));
            let ratio = Simulation::estimate(&project).memory as f64 / simulation.memory() as f64;
            assert!((0.9..1.25).contains(&ratio), "{name}: {ratio}");
        }
    }
}
