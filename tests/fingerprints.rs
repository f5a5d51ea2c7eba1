//! What is computed does not change by accident: every project and every reference case gives the same spikes,
//! samples, weights and delays as when `tests/fingerprints.txt` was written, to the last bit.
//!
//! Where a change is meant to move results, `SPIKELOOM_FINGERPRINTS=write` writes the file anew, and the
//! change says which results moved and why; `SPIKELOOM_FINGERPRINTS=add` adds those of new projects and cases.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use spikeloom_engine::project::{NodeId, read};
use spikeloom_engine::recordings::Frame;
use spikeloom_engine::runtime::Simulation;
use spikeloom_engine::verify::{Fingerprint, cases_below, fingerprint_case};

/// The synaptic events (spikes times targets) that a project is run for, at most: large ones are slow in a test.
const MOST_SYNAPSES: f64 = 5e7;
/// How long projects are run, ms; large ones less.
const DURATION: f64 = 300.0;
const LARGE: f64 = 2e6;
const SHORT: f64 = 20.0;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Path below the root, as it stands in the file.
fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string().replace('\\', "/")
}

fn projects() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = ["projects", "projects/benchmarks"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root().join(folder)).expect("a folder of projects"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "ron"))
        .collect();
    files.sort();
    files
}

/// `None` for networks that are too large for a test; what they are made of is in smaller ones too.
fn of_project(text: &str) -> Option<u64> {
    let project = read(text).expect("a project").0;
    let estimate = Simulation::estimate(&project);
    if estimate.synapses > MOST_SYNAPSES {
        return None;
    }
    let mut simulation = Simulation::build(&project, &|_| true).expect("a network that can be built");
    let duration = if estimate.synapses > LARGE { SHORT } else { DURATION };
    simulation.advance((duration / simulation.resolution()).round() as u64).expect("a network that runs");
    let mut frame = Frame::default();
    simulation.take_frame(&mut frame);
    let mut fingerprint = Fingerprint::default();
    frame.rows.iter().for_each(|rows| fingerprint.rows(rows));
    fingerprint.numbers(&[simulation.counters().spikes as f64, simulation.counters().synaptic_events as f64]);
    for node in project.nodes.iter().filter(|node| node.model.is_neuron()) {
        fingerprint.numbers(&potentials(&simulation, node.id, node.n));
    }
    // The weights of all synapses of small networks, of some of large ones.
    for projection in &project.projections {
        let every = if estimate.synapses > LARGE { 997 } else { 1 };
        for (source, target, weight, delay) in simulation.synapses_of(projection.id).into_iter().step_by(every) {
            fingerprint.numbers(&[source as f64, target as f64, weight, delay]);
        }
    }
    Some(fingerprint.value())
}

fn potentials(simulation: &Simulation, node: NodeId, n: usize) -> Vec<f64> {
    (0..n).filter_map(|i| simulation.get(node, i, "V_m")?.as_real()).collect()
}

/// Of all projects and cases whose name is wanted.
fn computed(wanted: impl Fn(&str) -> bool + Sync) -> BTreeMap<String, u64> {
    let text = |path: &Path| std::fs::read_to_string(path).expect("a readable file");
    let cases = cases_below(&root().join("tests/reference")).expect("the folder with the cases");
    let of_cases = cases
        .par_iter()
        .filter(|path| wanted(&name(path)))
        .filter_map(|path| Some((name(path), fingerprint_case(&text(path))?)));
    let mut all: BTreeMap<String, u64> = of_cases.collect();
    all.extend(
        projects()
            .iter()
            .filter(|path| wanted(&name(path)))
            .filter_map(|path| Some((name(path), of_project(&text(path))?))),
    );
    all
}

#[test]
fn nothing_that_is_computed_has_moved() {
    let file = root().join("tests/fingerprints.txt");
    let wish = std::env::var("SPIKELOOM_FINGERPRINTS").unwrap_or_default();
    if wish == "add" {
        let text = std::fs::read_to_string(&file).expect("tests/fingerprints.txt");
        let known = |name: &str| text.lines().any(|line| line.split_once(' ').is_some_and(|(_, known)| known == name));
        let new = computed(|name| !known(name));
        let new = new.iter().map(|(name, value)| format!("{value:016x} {name}"));
        let mut lines: Vec<String> = text.lines().map(str::to_owned).chain(new).collect();
        lines.sort_by(|a, b| a[17..].cmp(&b[17..]));
        std::fs::write(&file, lines.join("\n") + "\n").expect("a file that can be written");
        return;
    }
    let computed = computed(|_| true);
    if wish == "write" {
        let mut text = String::new();
        computed.iter().for_each(|(name, value)| writeln!(text, "{value:016x} {name}").expect("room"));
        std::fs::write(&file, text).expect("a file that can be written");
        return;
    }
    let text = std::fs::read_to_string(&file).expect("tests/fingerprints.txt");
    let mut known = 0;
    let moved: Vec<&str> = text
        .lines()
        .filter_map(|line| {
            let (value, name) = line.split_once(' ').expect("a fingerprint and a name");
            known += 1;
            let same = computed.get(name).is_some_and(|now| format!("{now:016x}") == value);
            (!same).then_some(name)
        })
        .collect();
    assert!(moved.is_empty(), "{} of {known} results have moved: {moved:#?}", moved.len());
    let new: Vec<&String> = computed.keys().filter(|name| !text.contains(&format!(" {name}\n"))).collect();
    assert!(new.is_empty(), "not in tests/fingerprints.txt yet: {new:#?}");
}
