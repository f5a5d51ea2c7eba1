//! Reference cases: small networks with the answers of NEST, run and compared.
//!
//! A case goes one way: `case` reads its JSON, `build` and `connect` make a
//! [`Project`](crate::project::Project) of it, `run` runs that through the schedule,
//! `compare` and `statistics` judge what came out.

mod brainpy;
mod build;
mod case;
mod compare;
mod connect;
mod fingerprint;
mod run;
mod statistics;
mod values;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use case::{Case, Unreadable};
pub use fingerprint::Fingerprint;
use run::Finished;
use values::Obstacle;

/// How a case ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Passed,
    /// What, where, by how much against what tolerance.
    Failed(String),
    /// Which model or rule this program lacks.
    Skipped(String),
}

/// Runs one case (the text of its JSON file); returns its id and outcome. The id is
/// empty if the text is no case at all. A panic on the way is a failure.
pub fn run_case(text: &str) -> (String, Outcome) {
    match Case::read(text) {
        Ok(case) => {
            let outcome = guarded(|| judge(&case));
            (case.id, outcome)
        }
        Err(Unreadable::OtherFamily { id, json }) => (id, guarded(|| brainpy::judge(&json))),
        Err(Unreadable::NotACase { id, message }) => (id, Outcome::Failed(message)),
    }
}

/// What comes of a case; a panic is a failure.
fn guarded(judge: impl FnOnce() -> Outcome) -> Outcome {
    let outcome = catch_unwind(AssertUnwindSafe(judge));
    outcome.unwrap_or_else(|panic| Outcome::Failed(format!("panic: {}", panic_message(&*panic))))
}

/// All case files at or below a path, sorted.
pub fn cases_below(path: &Path) -> io::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?.path();
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|e| e == "json") {
                files.push(entry);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A number that stands for every bit of what a case records and of the weights and delays at its end; `None` if
/// the case does not run. Cases that are judged by statistics are run with their first two seeds.
///
/// Two versions of the program that give the same fingerprints compute the same.
pub fn fingerprint_case(text: &str) -> Option<u64> {
    let case = Case::read(text).ok()?;
    let seeds = if case.statistics.is_empty() { vec![case.seed] } else { case.seeds.iter().copied().take(2).collect() };
    let mut fingerprint = Fingerprint::default();
    for seed in seeds {
        let network = build::build(&case, seed).ok()?;
        let finished = run::run(&case, &network).ok()?;
        finished.recordings().rows.iter().for_each(|rows| fingerprint.rows(rows));
        for projection in &network.project.projections {
            for (source, target, weight, delay) in finished.simulation.synapses_of(projection.id) {
                fingerprint.numbers(&[source as f64, target as f64, weight, delay]);
            }
        }
    }
    Some(fingerprint.value())
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "of unknown kind".into())
}

fn judge(case: &Case) -> Outcome {
    let answer = if case.statistics.is_empty() { compared(case) } else { sampled(case) };
    match (answer, case.expect_error) {
        (Err(Obstacle::Missing(what)), _) => Outcome::Skipped(what),
        (Err(Obstacle::Refused(_)), true) => Outcome::Passed,
        (Ok(_), true) => Outcome::Failed("accepted what must be refused".into()),
        (Err(Obstacle::Refused(why)), false) => Outcome::Failed(why),
        (Ok(differences), false) if differences.is_empty() => Outcome::Passed,
        (Ok(differences), false) => Outcome::Failed(differences.join("; ")),
    }
}

/// Runs once; the differences found.
fn compared(case: &Case) -> Result<Vec<String>, Obstacle> {
    let network = build::build(case, case.seed)?;
    let finished = run::run(case, &network)?;
    let differing = case.compare.iter().filter_map(|want| {
        let difference = compare::compare(case, want, &finished).err()?;
        Some(format!("{}: {difference}", want.name))
    });
    Ok(differing.collect())
}

/// Runs once for each seed; the statistics that disagree.
fn sampled(case: &Case) -> Result<Vec<String>, Obstacle> {
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); case.statistics.len()];
    for seed in &case.seeds {
        let network = build::build(case, *seed)?;
        let finished = run::run(case, &network)?;
        for (values, want) in values.iter_mut().zip(&case.statistics) {
            let value = one_statistic(case, want, &finished);
            values.push(value.map_err(|e| Obstacle::Refused(format!("{}: {e}", want.name)))?);
        }
    }
    let disagreeing = case.statistics.iter().zip(&values).filter_map(|(want, values)| {
        let expected = case.expected.get(&want.name).ok_or_else(|| "nothing is expected".to_owned());
        let verdict = expected.and_then(statistics::Expected::read).and_then(|e| statistics::agree(values, e));
        Some(format!("{}: {}", want.name, verdict.err()?))
    });
    Ok(disagreeing.collect())
}

fn one_statistic(case: &Case, want: &case::Statistic, finished: &Finished) -> Result<f64, String> {
    let rows = finished.table(&want.of, want.from.as_deref())?;
    let size = want.from.as_deref().map_or(Ok(1), |name| finished.node(name).map(|node| node.n))?;
    statistics::statistic(want, &rows, size, case.duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_models_and_other_families_are_skipped() {
        let (id, outcome) = run_case(r#"{"id": "a/b/c", "nodes": {"n": {"model": "eprop_iaf"}}}"#);
        assert_eq!((id.as_str(), outcome), ("a/b/c", Outcome::Skipped("no model eprop_iaf".into())));
        let (id, outcome) = run_case(r#"{"id": "brainpy/x/y", "kind": "neuron", "model": "Perceptron"}"#);
        assert_eq!((id.as_str(), outcome), ("brainpy/x/y", Outcome::Skipped("no model Perceptron".into())));
    }

    #[test]
    fn a_name_that_nobody_knows_is_refused_where_an_error_is_expected() {
        let of = |model: &str, synapse: &str| {
            format!(
                r#"{{"id": "a/b/c", "expect_error": true, "nodes": {{"n": {{"model": "{model}"}}}},
                "connections": [{{"pre": "n", "post": "n", "rule": "all_to_all", "synapse": {{"synapse_model": "{synapse}"}}}}],
                "resolution": 0.1, "duration": 1}}"#
            )
        };
        assert_eq!(run_case(&of("parrot_neuron", "no_such_synapse")).1, Outcome::Passed);
        assert_eq!(run_case(&of("no_such_neuron", "static_synapse")).1, Outcome::Passed);
        // What NEST has and this program lacks tells nothing of refusals.
        for (model, synapse) in [("eprop_iaf", "static_synapse"), ("parrot_neuron", "stdp_synapse_hpc")] {
            assert!(matches!(run_case(&of(model, synapse)).1, Outcome::Skipped(_)), "{model}, {synapse}");
        }
        assert_eq!(
            run_case(&of("parrot_neuron", "static_synapse")).1,
            Outcome::Failed("accepted what must be refused".into())
        );
    }

    #[test]
    fn a_refusal_passes_where_an_error_is_expected_and_fails_elsewhere() {
        let case = |expect: bool| {
            format!(
                r#"{{"id": "a/b/c", "expect_error": {expect},
                "nodes": {{"n": {{"model": "iaf_psc_exp", "params": {{"V_rest": 1.0}}}}}}}}"#
            )
        };
        assert_eq!(run_case(&case(true)).1, Outcome::Passed);
        let Outcome::Failed(why) = run_case(&case(false)).1 else { panic!("must fail") };
        assert!(why.contains("V_rest"), "{why}");
    }

    #[test]
    fn a_text_that_is_no_case_fails() {
        assert!(matches!(run_case("{"), (id, Outcome::Failed(_)) if id.is_empty()));
    }

    #[test]
    fn case_files_are_found_at_any_depth_and_sorted() {
        let folder = std::env::temp_dir().join(format!("spikeloom-cases-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("b/deep")).unwrap();
        for name in ["z.json", "b/deep/a.json", "b/notes.txt"] {
            std::fs::write(folder.join(name), "{}").unwrap();
        }
        let found = cases_below(&folder).unwrap();
        let single = cases_below(&folder.join("z.json")).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, [folder.join("b/deep/a.json"), folder.join("z.json")]);
        assert_eq!(single, [folder.join("z.json")]);
        assert!(cases_below(&folder.join("nowhere")).is_err());
    }
}
