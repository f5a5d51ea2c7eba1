//! `spikeloom check`: lists all problems of project files.

use std::io::Write;
use std::path::PathBuf;

use spikeloom_engine::project::{self, Severity};

use crate::plots;

use super::{Failure, problem_line, read_text, tell};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Project files
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

pub fn check(arguments: &Arguments, out: &mut impl Write) -> Result<(), Failure> {
    let mut sound = true;
    let mut problems_found = false;
    for path in &arguments.files {
        let text = match read_text(path) {
            Ok(text) => text,
            Err(message) => {
                tell(format_args!("{message}"));
                (sound, problems_found) = (false, true);
                continue;
            }
        };
        let (readable, problems) = match project::read_in(&text, path.parent(), plots::check) {
            Ok((_, warnings)) => (true, warnings),
            Err(error) => (false, error.problems),
        };
        for problem in &problems {
            writeln!(out, "{}", problem_line(path, problem))?;
        }
        sound &= readable && problems.iter().all(|p| p.severity != Severity::Error);
        problems_found |= !readable || !problems.is_empty();
    }
    if !problems_found {
        writeln!(out, "no problems")?;
    }
    if sound { Ok(()) } else { Err(Failure::Told) }
}
