//! Every example of training reaches what its text promises, in seconds and without a window; one seed gives the same numbers
//! on any number of threads.
//!
//! `SPIKELOOM_DOCS=write` writes the files of the examples as the program does.

use std::path::{Path, PathBuf};

use spikeloom_engine::project::{Project, read, write};
use spikeloom_engine::training::{Epoch, Trainer};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../projects").join(name).with_extension("ron")
}

fn project(name: &str) -> Project {
    let text = std::fs::read_to_string(file(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let (project, _) = read(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
    project
}

/// Trains to the end.
fn trained(project: &Project) -> (Vec<Epoch>, Trainer) {
    let mut trainer = Trainer::new(project).unwrap_or_else(|e| panic!("{e}"));
    let mut epochs = Vec::new();
    while !trainer.is_done() {
        epochs.push(trainer.advance().unwrap_or_else(|e| panic!("{e}")));
    }
    (epochs, trainer)
}

/// The training has come to its end before its epochs are over.
fn reaches(name: &str) -> (Vec<Epoch>, Trainer) {
    let project = project(name);
    let enough = project.training.as_ref().expect("a training").enough;
    let (epochs, trainer) = trained(&project);
    let losses: Vec<f64> = epochs.iter().map(|epoch| epoch.loss).collect();
    assert!(enough > 0.0 && trainer.best_loss() <= enough, "{name}: {losses:?}");
    assert!(losses[0] > 4.0 * enough, "{name}: there was something to learn: {losses:?}");
    (epochs, trainer)
}

/// All cases are answered rightly, and not from the beginning.
fn learns(name: &str) {
    let (epochs, _) = reaches(name);
    let accuracy = |epoch: &Epoch| epoch.accuracy.expect("answers are right or wrong");
    assert!(accuracy(&epochs[0]) < 0.9 && accuracy(&epochs[epochs.len() - 1]) == 1.0, "{name}: {epochs:?}");
}

const EXAMPLES: [&str; 6] =
    ["learn_spike_times", "learn_two_patterns", "learn_xor", "learn_pictures", "fit_a_trace", "evolve_brunel"];

#[test]
fn examples_are_written_as_the_program_writes() {
    for name in EXAMPLES {
        let text = std::fs::read_to_string(file(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        let (project, warnings) = read(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(warnings.is_empty(), "{name}: {warnings:?}");
        if std::env::var("SPIKELOOM_DOCS").as_deref() == Ok("write") {
            std::fs::write(file(name), write(&project)).expect("a file that can be written");
        } else {
            assert_eq!(write(&project), text, "{name}");
        }
    }
}

#[test]
fn a_delayed_pattern_of_spike_times_is_learnt() {
    let (_, trainer) = reaches("learn_spike_times");
    // In a simulation the trained network fires at the times wanted.
    let mut network = spikeloom_engine::network::Network::read(&write(&trainer.best())).expect("a network");
    let mut run = network.threads(1).build().expect("a network that can be built");
    run.simulate(100.0).expect("it runs");
    let id = |name: &str| trainer.best().node_named(name).expect("a node").id;
    let times = run.spikes(id("Spikes")).expect("they are recorded").train_of(id("Cell"), 0);
    let wanted = [25.0, 48.0, 70.0];
    assert_eq!(times.len(), wanted.len(), "{times:?}");
    assert!(times.iter().zip(wanted).all(|(t, w)| (t - w).abs() <= 2.0), "{times:?}");
}

#[test]
fn two_patterns_are_told_apart() {
    learns("learn_two_patterns");
}

#[test]
fn xor_in_time_is_learnt() {
    learns("learn_xor");
}

#[test]
fn pictures_coded_by_latency_are_named() {
    learns("learn_pictures");
}

#[test]
fn a_neuron_is_fitted_to_a_trace() {
    let (_, trainer) = reaches("fit_a_trace");
    let cell = trainer.best().node_named("Cell").expect("the cell").clone();
    let (c_m, tau_m) = (cell.real("C_m"), cell.real("tau_m"));
    assert!((c_m / 180.0 - 1.0).abs() < 0.02 && (tau_m / 15.0 - 1.0).abs() < 0.02, "{c_m} pF, {tau_m} ms");
}

#[test]
fn rates_of_a_balanced_network_come_to_their_goals() {
    let (_, trainer) = reaches("evolve_brunel");
    let best = trainer.best();
    let turned: Vec<f64> =
        best.knobs.iter().map(|knob| knob.value(&best).expect("the knob stands somewhere")).collect();
    assert!((2.0..=10.0).contains(&turned[0]) && (0.5..=4.0).contains(&turned[1]), "{turned:?}");
}

#[test]
fn one_seed_gives_the_same_training_on_any_number_of_threads() {
    for name in ["learn_xor", "fit_a_trace"] {
        let with = |threads: usize, seed: u64| {
            let mut project = project(name);
            (project.simulation.threads, project.simulation.seed) = (threads, seed);
            project.training.as_mut().expect("a training").epochs = 3;
            let (epochs, trainer) = trained(&project);
            let mut best = trainer.best();
            best.simulation.threads = 0;
            (epochs, write(&best))
        };
        let alone = with(1, 5);
        assert_eq!(alone, with(3, 5), "{name}");
        assert_ne!(alone.0, with(1, 6).0, "{name}: the seed decides");
    }
}
