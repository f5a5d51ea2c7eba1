//! `spikeloom verify`: runs reference cases on all cores.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use spikeloom_engine::verify::{Outcome, cases_below, run_case};

use super::Failure;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Case files, or folders with cases at any depth
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
}

pub fn verify(arguments: &Arguments, out: &mut impl Write) -> Result<(), Failure> {
    let mut files = Vec::new();
    for path in &arguments.paths {
        let found = cases_below(path);
        files.extend(found.map_err(|e| Failure::Usage(format!("{}: cannot be read: {e}", path.display())))?);
    }
    if files.is_empty() {
        return Err(Failure::Usage("no case found".into()));
    }
    // The line of the case tells the panic; the trace between the lines would only confuse.
    std::panic::set_hook(Box::new(|_| {}));
    let mut tally = Tally::default();
    in_order(&files, run_file, |(line, outcome)| {
        match outcome {
            Outcome::Passed => tally.passed += 1,
            Outcome::Failed(_) => tally.failed += 1,
            Outcome::Skipped(_) => tally.skipped += 1,
        }
        writeln!(out, "{line}")?;
        Ok(out.flush()?)
    })?;
    writeln!(out, "{} passed, {} failed, {} skipped", tally.passed, tally.failed, tally.skipped)?;
    if tally.failed > 0 { Err(Failure::Told) } else { Ok(()) }
}

/// Runs a case; its line and outcome.
fn run_file(path: &PathBuf) -> (String, Outcome) {
    let (id, outcome) = match std::fs::read_to_string(path) {
        Ok(text) => run_case(&text),
        Err(error) => (String::new(), Outcome::Failed(format!("cannot be read: {error}"))),
    };
    (line(&id, path, &outcome), outcome)
}

fn line(id: &str, path: &Path, outcome: &Outcome) -> String {
    let name = if id.is_empty() { path.display().to_string() } else { id.to_owned() };
    match outcome {
        Outcome::Passed => format!("ok {name}"),
        Outcome::Failed(why) => format!("FAIL {name}: {}", one_line(why)),
        Outcome::Skipped(why) => format!("skip {name}: {}", one_line(why)),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Does `work` for all items on all cores and hands the results to `take` in the order of
/// the items, each as soon as all before it are there. Stops when `take` refuses.
fn in_order<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let (sender, receiver) = crossbeam_channel::unbounded();
    std::thread::scope(|scope| {
        // Owned by this scope, so that a refusal drops it and the workers notice.
        let receiver = receiver;
        for _ in 0..cores.min(items.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                while let Some((i, item)) = take_next(items, next) {
                    if sender.send((i, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut expected = 0;
        for (i, result) in receiver {
            early.insert(i, result);
            while let Some(result) = early.remove(&expected) {
                take(result)?;
                expected += 1;
            }
        }
        Ok(())
    })
}

fn take_next<'a, T>(items: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let i = next.fetch_add(1, Ordering::Relaxed);
    items.get(i).map(|item| (i, item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..40).rev().collect();
        let slow_start = |n: &u64| {
            std::thread::sleep(std::time::Duration::from_micros(n * 20));
            n * 2
        };
        let mut seen = Vec::new();
        in_order(&items, slow_start, |r| {
            seen.push(r);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, items.iter().map(|n| n * 2).collect::<Vec<_>>());
    }

    #[test]
    fn a_refusal_stops_the_work() {
        let items: Vec<u32> = (0..1000).collect();
        let mut seen = 0;
        let stopped = in_order(
            &items,
            |n| *n,
            |_| {
                seen += 1;
                if seen == 3 { Err(Failure::Told) } else { Ok(()) }
            },
        );
        assert!(stopped.is_err());
        assert_eq!(seen, 3);
    }

    #[test]
    fn lines_stay_lines() {
        let path = Path::new("x.json");
        assert_eq!(line("a/b", path, &Outcome::Failed("one\n two".into())), "FAIL a/b: one two");
        assert_eq!(line("", path, &Outcome::Passed), "ok x.json");
        assert_eq!(line("a/b", path, &Outcome::Skipped("no model m".into())), "skip a/b: no model m");
    }
}
