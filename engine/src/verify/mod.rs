//! Reference cases: small networks with the answers of NEST, run and compared.

use std::path::Path;

/// How a case ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Passed,
    /// What, where, by how much against what tolerance.
    Failed(String),
    /// No such model here.
    Skipped(String),
}

/// Runs one case (the text of its JSON file); returns its id and outcome.
pub fn run_case(text: &str) -> (String, Outcome) {
    let _ = text;
    (String::new(), Outcome::Skipped(String::new()))
}

/// All case files below a path, sorted.
pub fn cases_below(path: &Path) -> std::io::Result<Vec<std::path::PathBuf>> {
    let _ = path;
    Ok(Vec::new())
}
