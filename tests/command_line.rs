//! The program as a user of the command line meets it: exit codes, output, files.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const NETWORK: &str = r#"(
    spikeloom: 1,
    title: "Noise drives a population",
    simulation: (duration: 200, seed: 3),
    nodes: {
        "noise": (model: "poisson_generator", params: (rate: 8000)),
        "E": (model: "iaf_psc_alpha", n: 150),
        "spikes": (model: "spike_recorder"),
        "V": (model: "multimeter", params: (record_from: ["V_m", "I_syn_ex"], interval: 10)),
    },
    projections: [
        (from: "noise", to: "E", weight: 20, delay: 1.5),
        (from: "E", to: "E", rule: fixed_indegree(15), weight: 10, delay: 1.5),
        (from: "E", to: "spikes"),
        (from: "V", to: "E"),
    ],
)
"#;

/// A folder with `network.ron` in it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("network.ron"), NETWORK).expect("a writable folder");
    folder
}

/// The program, called in `folder` without any display.
fn spikeloom(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spikeloom"));
    command.current_dir(folder).args(arguments).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command
}

fn called(folder: &Path, arguments: &[&str]) -> Output {
    spikeloom(folder, arguments).output().expect("the program starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program ended by itself")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// Name and content of all files of a run with these further arguments.
fn results(folder: &Path, arguments: &[&str]) -> BTreeMap<String, String> {
    let out = tempfile::tempdir_in(folder).expect("a temporary folder");
    let target = out.path().join("deep/results");
    let mut all = vec!["run", "network.ron", "--out", target.to_str().expect("a plain path")];
    all.extend(arguments);
    let output = called(folder, &all);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let files = fs::read_dir(&target).expect("results").map(|entry| entry.expect("a file"));
    files
        .map(|file| {
            let name = file.file_name().into_string().expect("a plain name");
            (name, fs::read_to_string(file.path()).expect("text"))
        })
        .filter(|(name, _)| name.ends_with(".csv"))
        .collect()
}

/// The same files with the same cells; numbers that were summed up in another order agree to twelve digits.
fn assert_same_tables(ours: &BTreeMap<String, String>, theirs: &BTreeMap<String, String>) {
    assert!(ours.keys().eq(theirs.keys()));
    let cells = |text: &str| text.split(['\n', ',']).map(str::to_owned).collect::<Vec<_>>();
    for (name, text) in ours {
        let (ours, theirs) = (cells(text), cells(&theirs[name]));
        assert_eq!(ours.len(), theirs.len(), "{name}");
        for (a, b) in ours.iter().zip(&theirs) {
            let near = |(a, b): (f64, f64)| (a - b).abs() <= 1e-12 * b.abs();
            assert!(a == b || a.parse().ok().zip(b.parse().ok()).is_some_and(near), "{name}: {a}, not {b}");
        }
    }
}

#[test]
fn tables_that_are_written_as_the_network_runs_are_those_of_memory() {
    let folder = folder();
    let kept = results(folder.path(), &["--per-neuron"]);
    assert_same_tables(&results(folder.path(), &["--per-neuron", "--to-files"]), &kept);
    let one =
        NETWORK.replace(r#"(model: "spike_recorder")"#, r#"(model: "spike_recorder", params: (record_to: "ascii"))"#);
    assert_ne!(one, NETWORK);
    fs::write(folder.path().join("network.ron"), one).expect("a writable folder");
    assert_same_tables(&results(folder.path(), &["--per-neuron"]), &kept);
    // The summary tells the same, too.
    let rates = |arguments: &[&str]| {
        let output = called(folder.path(), arguments);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        stdout(&output).lines().filter(|line| line.contains("spikes/s")).map(str::to_owned).collect::<Vec<_>>()
    };
    let streamed = rates(&["run", "network.ron"]);
    fs::write(folder.path().join("network.ron"), NETWORK).expect("a writable folder");
    assert_eq!(rates(&["run", "network.ron"]), streamed);
    assert!(!streamed.is_empty());
}

#[test]
fn a_folder_that_cannot_be_written_is_told_before_the_run() {
    let folder = folder();
    fs::write(folder.path().join("taken"), "a file").expect("a writable folder");
    let output = called(folder.path(), &["run", "network.ron", "--to-files", "--out", "taken/results"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("cannot be made"), "{}", stderr(&output));
}

#[test]
fn wrong_calls_exit_with_2() {
    let folder = folder();
    for arguments in [
        &["run"][..],
        &["run", "network.ron", "--for", "-5"],
        &["run", "network.ron", "--frobnicate"],
        &["check"],
        &["models", "iaf_psc_alfa"],
        &["verify", "no-such-folder"],
        &["--renderer", "crayons"],
    ] {
        let output = called(folder.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?} told its trouble on standard output");
        assert!(!output.stderr.is_empty(), "{arguments:?} was silent");
    }
}

#[test]
fn help_and_version_exit_with_0() {
    let folder = folder();
    for arguments in [&["--help"][..], &["--version"], &["run", "--help"]] {
        assert_eq!(code(&called(folder.path(), arguments)), 0, "{arguments:?}");
    }
}

#[test]
fn an_unreadable_file_exits_with_1_and_a_message() {
    let folder = folder();
    for task in ["run", "check", "info"] {
        let output = called(folder.path(), &[task, "nowhere.ron"]);
        assert_eq!(code(&output), 1, "{task}");
        assert!(stderr(&output).contains("nowhere.ron: cannot be read"), "{task}: {}", stderr(&output));
    }
}

#[test]
fn check_finds_nothing_wrong_with_a_sound_file() {
    let folder = folder();
    let output = called(folder.path(), &["check", "network.ron"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, "no problems\n"), "{}", stderr(&output));
}

#[test]
fn check_lists_every_problem_with_line_and_column() {
    let folder = folder();
    let faulty = NETWORK
        .replace("n: 150", "n: 150, params: (V_tresh: -50)")
        .replace("interval: 10", "interval: 0.25")
        .replace("rate: 8000", "rate: -1");
    fs::write(folder.path().join("faulty.ron"), &faulty).expect("a writable folder");
    let output = called(folder.path(), &["check", "faulty.ron"]);
    let listing = stdout(&output);
    assert_eq!(code(&output), 1, "{listing}");
    for (parameter, line) in [("rate", 6), ("V_tresh", 7), ("interval", 9)] {
        let prefix = format!("faulty.ron:{line}:");
        let found = listing.lines().find(|l| l.starts_with(&prefix) && l.contains(parameter));
        let found = found.unwrap_or_else(|| panic!("no {prefix} with {parameter} in\n{listing}"));
        let (column, rest) = found[prefix.len()..].split_once(':').expect("a column");
        let column: usize = column.parse().expect("a number");
        let width = faulty.lines().nth(line - 1).expect("that line").chars().count();
        assert!((1..=width).contains(&column), "column {column} of {width}");
        assert!(rest.starts_with(" error: "), "{found}");
    }
}

#[test]
fn models_are_listed_as_json() {
    let folder = folder();
    let output = called(folder.path(), &["models", "--json"]);
    let models: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).expect("a JSON list");
    let names: Vec<&str> = models.iter().filter_map(|m| m["name"].as_str()).collect();
    assert!(names.contains(&"iaf_psc_alpha") && names.contains(&"spike_recorder"), "{names:?}");
    let output = called(folder.path(), &["models", "iaf_psc_alpha", "--json"]);
    let model: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a JSON object");
    let parameters = model["parameters"].as_array().expect("parameters");
    let tau_m = parameters.iter().find(|p| p["name"] == "tau_m").expect("tau_m");
    assert_eq!((&tau_m["default"], &tau_m["unit"]), (&10.0.into(), &"ms".into()));
}

#[test]
fn an_unknown_model_brings_a_suggestion() {
    let folder = folder();
    let output = called(folder.path(), &["models", "iaf_psc_alfa"]);
    assert!(stderr(&output).contains("iaf_psc_alpha"), "{}", stderr(&output));
}

#[test]
fn info_tells_the_size_before_building() {
    let folder = folder();
    let output = called(folder.path(), &["info", "network.ron", "--json"]);
    let info: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a JSON object");
    assert_eq!(info["neurons"], 150);
    assert_eq!(info["nodes"].as_array().map(Vec::len), Some(4));
    assert_eq!(info["projections"][1]["synapses"], 2250.0);
    assert!(info["memory_bytes"].as_u64() > Some(0));
    let text = stdout(&called(folder.path(), &["info", "network.ron"]));
    assert!(text.contains("K_in = 15") && text.contains("iaf_psc_alpha"), "{text}");
}

#[test]
fn synapses_both_ways_count_twice_in_info_as_in_a_run() {
    let folder = folder();
    let network = r#"(simulation: (duration: 1),
        nodes: { "a": (model: "iaf_psc_alpha", n: 3), "b": (model: "iaf_psc_alpha", n: 3) },
        projections: [(from: "a", to: "b", rule: one_to_one, symmetric: true), (from: "a", to: "b", rule: one_to_one)])"#;
    fs::write(folder.path().join("both.ron"), network).expect("a writable folder");
    let info: serde_json::Value =
        serde_json::from_slice(&called(folder.path(), &["info", "both.ron", "--json"]).stdout).expect("a JSON object");
    assert_eq!(info["synapses"], 9.0);
    let synapses: Vec<_> =
        info["projections"].as_array().expect("a list").iter().map(|p| p["synapses"].clone()).collect();
    assert_eq!(synapses, [6.0, 3.0]);
    let run = stdout(&called(folder.path(), &["run", "both.ron"]));
    let built = run.lines().find(|line| line.starts_with("Synapses")).expect("the number of synapses");
    assert!(built.ends_with(" 9"), "{built}");
}

#[test]
fn rates_are_those_of_the_neurons_that_a_recorder_reaches() {
    let folder = folder();
    let network = r#"(simulation: (duration: 1000),
        nodes: {
            "P": (model: "poisson_generator", params: (rate: 100)),
            "A": (model: "parrot_neuron", n: 40),
            "few": (model: "spike_recorder"), "twice": (model: "spike_recorder"),
        },
        projections: [
            (from: "P", to: "A"),
            (from: "A", to: "few", rule: pairwise_bernoulli(0.3)),
            (from: "A", to: "twice"), (from: "A", to: "twice"),
        ])"#;
    fs::write(folder.path().join("few.ron"), network).expect("a writable folder");
    let run = stdout(&called(folder.path(), &["run", "few.ron"]));
    for (recorder, reached) in [("few", 5.0..=20.0), ("twice", 40.0..=40.0)] {
        let row = run.lines().find(|line| line.starts_with(recorder)).unwrap_or_else(|| panic!("{run}"));
        let words: Vec<&str> = row.split_whitespace().collect();
        let (neurons, rate): (f64, f64) = (words[2].parse().expect("neurons"), words[4].parse().expect("a rate"));
        assert!(reached.contains(&neurons), "{row}");
        let error = (100.0 / neurons).sqrt();
        assert!((rate - 100.0).abs() < 5.0 * error, "{rate} instead of 100 ± {error}: {row}");
    }
}

#[test]
fn a_run_writes_one_table_for_each_recorder() {
    let folder = folder();
    let output = called(folder.path(), &["run", "network.ron", "--for", "100"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let summary = stdout(&output);
    assert!(summary.contains("100 ms") && summary.contains("spikes/s"), "{summary}");
    let table = |name: &str| {
        let path = folder.path().join("network-results").join(name);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    };
    let spikes = table("spikes.csv");
    assert!(spikes.starts_with("time_ms,sender_node,sender\n"), "{spikes:.80}");
    assert!(spikes.lines().skip(1).all(|row| row.split(',').nth(1) == Some("E")));
    assert!(spikes.lines().count() > 100, "the noise makes the population fire");
    let samples = table("V.csv");
    assert!(samples.starts_with("time_ms,sender_node,sender,V_m,I_syn_ex\n"), "{samples:.80}");
    // Ten times, 150 neurons, a header.
    assert_eq!(samples.lines().count(), 10 * 150 + 1);
}

#[test]
fn a_time_that_is_no_multiple_of_the_step_says_what_it_becomes_or_is_refused() {
    let folder = folder();
    let nothing = called(folder.path(), &["run", "network.ron", "--for", "0.04"]);
    assert_eq!(code(&nothing), 1);
    assert!(stderr(&nothing).contains("duration: must be at least one step (0.1 ms), is 0.04"), "{}", stderr(&nothing));
    let rounded = called(folder.path(), &["run", "network.ron", "--for", "20.17"]);
    assert_eq!(code(&rounded), 0);
    assert!(stderr(&rounded).contains("counts as 20.2 ms"), "{}", stderr(&rounded));
    assert!(stdout(&rounded).contains("20.2 ms"), "{}", stdout(&rounded));
}

#[test]
fn tables_a_neuron_and_final_weights_come_on_request_and_go_with_their_run() {
    let folder = folder();
    let plastic = NETWORK.replace(
        "rule: fixed_indegree(15), weight: 10",
        "synapse: \"stdp_synapse\", rule: fixed_indegree(15), weight: 10",
    );
    fs::write(folder.path().join("plastic.ron"), plastic).expect("a writable folder");
    let run = |more: &[&str]| {
        let mut all = vec!["run", "plastic.ron", "--for", "100", "--out", "results"];
        all.extend(more);
        let output = called(folder.path(), &all);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let files = fs::read_dir(folder.path().join("results")).expect("results");
        let mut names: Vec<String> =
            files.map(|f| f.expect("a file").file_name().into_string().expect("plain")).collect();
        names.retain(|name| name.ends_with(".csv"));
        names.sort();
        names
    };
    let all = run(&["--per-neuron", "--weights"]);
    assert_eq!(all, ["V.csv", "spikes per neuron.csv", "spikes.csv", "weights E to E.csv"]);
    let table = |name: &str| fs::read_to_string(folder.path().join("results").join(name)).expect("a table");
    let neurons = table("spikes per neuron.csv");
    assert!(neurons.starts_with("node,neuron,spikes,rate_per_s,cv\nE,0,"), "{neurons:.80}");
    assert_eq!(neurons.lines().count(), 151);
    let counted: usize = neurons.lines().skip(1).map(|l| l.split(',').nth(2).unwrap().parse::<usize>().unwrap()).sum();
    assert_eq!(counted, table("spikes.csv").lines().count() - 1);
    let weights = table("weights E to E.csv");
    assert!(weights.starts_with("from_node,from,to_node,to,weight,delay_ms\n"), "{weights:.80}");
    assert_eq!(weights.lines().count(), 150 * 15 + 1);
    assert!(weights.lines().skip(1).any(|l| l.split(',').nth(4) != Some("10")), "some have learned");
    assert_eq!(run(&[]), ["V.csv", "spikes.csv"], "what is of an earlier run only is gone");
}

#[test]
fn check_looks_at_plots_too() {
    let folder = folder();
    let views = NETWORK.replace(
        "    ],\n)",
        "    ],\n    views: {1: (kind: traces, of: [\"V\"], variable: \"g_ex\", cells: [150])},\n)",
    );
    fs::write(folder.path().join("views.ron"), views).expect("a writable folder");
    let output = called(folder.path(), &["check", "views.ron"]);
    let listing = stdout(&output);
    assert_eq!(code(&output), 0, "{listing}");
    assert!(listing.contains("unknown quantity `g_ex`") && listing.contains("no cell 150"), "{listing}");
}

#[test]
fn results_depend_on_the_seed_and_nothing_else() {
    let folder = folder();
    // Large enough to be worth a second thread.
    let large = NETWORK.replace("n: 150", "n: 9000").replace("duration: 200", "duration: 40");
    fs::write(folder.path().join("network.ron"), large).expect("a writable folder");
    assert_eq!((threads_used(folder.path(), "1"), threads_used(folder.path(), "2")), (1, 2));
    let one = results(folder.path(), &["--threads", "1"]);
    assert_eq!(one.keys().collect::<Vec<_>>(), ["V.csv", "spikes.csv"]);
    assert!(one["spikes.csv"].lines().count() > 1000, "the noise makes the population fire");
    assert!(one == results(folder.path(), &["--threads", "2"]), "the number of threads changed the results");
    assert!(one == results(folder.path(), &["--seed", "3"]), "the same seed gave other results");
    assert!(one != results(folder.path(), &["--seed", "4"]), "another seed gave the same results");
}

/// The number of threads that the program takes when it may have so many.
fn threads_used(folder: &Path, allowed: &str) -> u64 {
    let output = called(folder, &["run", "network.ron", "--for", "1", "--threads", allowed, "--timings", "json"]);
    let timings: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    timings["threads"].as_u64().expect("a number")
}

#[test]
fn timings_are_one_json_object_on_standard_output() {
    let folder = folder();
    let output = called(folder.path(), &["run", "network.ron", "--timings", "json"]);
    let timings: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!((&timings["neurons"], &timings["bio_ms"]), (&150.into(), &200.0.into()));
    for key in ["synapses", "threads", "build_s", "sim_s", "real_time_factor", "update_s", "deliver_s", "record_s"] {
        assert!(timings[key].is_number(), "{key}: {timings}");
    }
    assert!(timings["spikes"].as_u64() > Some(0) && timings["synaptic_events"].as_u64() > Some(0), "{timings}");
    assert!(timings.get("peak_rss_mb").is_some());
    assert!(stderr(&output).contains("Real-time factor"));
}

#[test]
fn a_reader_that_stops_early_does_no_harm() {
    let folder = folder();
    let mut command = spikeloom(folder.path(), &["models", "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    let mut messages = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut messages).expect("text");
    assert_eq!((child.wait().expect("an end").code(), messages.as_str()), (Some(0), ""));
}

#[test]
fn verify_gives_a_line_for_each_case_and_a_tally() {
    let folder = folder();
    let cases = folder.path().join("cases/deep");
    fs::create_dir_all(&cases).expect("a writable folder");
    let write = |name: &str, text: &str| fs::write(cases.join(name), text).expect("a writable folder");
    write(
        "a.json",
        r#"{"id": "a/refused/passes", "expect_error": true, "nodes": {"n": {"model": "parrot_neuron"}},
        "connections": [{"pre": "n", "post": "nobody"}]}"#,
    );
    write("b.json", r#"{"id": "b/unknown/skipped", "nodes": {"n": {"model": "no_such_model"}}}"#);
    let output = called(folder.path(), &["verify", "cases"]);
    assert_eq!(
        stdout(&output),
        "ok a/refused/passes\nskip b/unknown/skipped: no model no_such_model\n1 passed, 0 failed, 1 skipped\n"
    );
    assert_eq!(code(&output), 0);

    write("c.json", r#"{"id": "c/parameter/fails", "nodes": {"n": {"model": "parrot_neuron", "params": {"x": 1}}}}"#);
    let output = called(folder.path(), &["verify", "cases"]);
    assert_eq!(code(&output), 1);
    let lines = stdout(&output);
    assert!(
        lines.contains("\nFAIL c/parameter/fails: ") && lines.ends_with("1 passed, 1 failed, 1 skipped\n"),
        "{lines}"
    );

    fs::create_dir(folder.path().join("empty")).expect("a writable folder");
    assert_eq!(code(&called(folder.path(), &["verify", "empty"])), 2);
}

#[test]
fn reference_cases_run_from_the_command_line() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/reference/synapse");
    let folder = folder();
    let output = called(folder.path(), &["verify", cases.to_str().expect("a plain path")]);
    let lines = stdout(&output);
    let last = lines.lines().last().expect("a tally");
    assert!(last.ends_with(" passed, 0 failed, 0 skipped"), "{lines}");
    assert_eq!(code(&output), 0);
}
