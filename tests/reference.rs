//! Every reference case in `tests/reference` must agree with the answer of NEST.
//! `SPIKELOOM_CASES` names another file or folder of cases.

use std::path::Path;

use rayon::prelude::*;
use spikeloom_engine::verify::{Outcome, cases_below, run_case};

#[test]
fn every_case_agrees_with_nest() {
    let chosen = std::env::var_os("SPIKELOOM_CASES").map(std::path::PathBuf::from);
    let folder = chosen.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/reference"));
    let files = cases_below(&folder).expect("the folder with the cases");
    assert!(!files.is_empty(), "no cases below {}", folder.display());
    let disagreeing: Vec<String> = files.par_iter().filter_map(|file| disagreement(file)).collect();
    disagreeing.iter().for_each(|line| println!("{line}"));
    println!("{} of {} cases agree", files.len() - disagreeing.len(), files.len());
    assert!(disagreeing.is_empty(), "{} of {} cases disagree", disagreeing.len(), files.len());
}

/// What is wrong with a case, if anything is. A case that is skipped does not belong here.
fn disagreement(file: &Path) -> Option<String> {
    let text = std::fs::read_to_string(file).expect("a readable case");
    let (id, outcome) = run_case(&text);
    let name = if id.is_empty() { file.display().to_string() } else { id };
    match outcome {
        Outcome::Passed => None,
        Outcome::Failed(why) => Some(format!("FAIL {name}: {why}")),
        Outcome::Skipped(why) => Some(format!("skip {name}: {why}")),
    }
}
