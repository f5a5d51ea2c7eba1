//! The command line: opens the window, or does one thing without it.
//!
//! Results go to standard output, messages to standard error. Exit codes: 0 done, 1 something
//! is wrong with the input or failed, 2 the program was called wrongly.

mod check;
mod columns;
mod info;
mod models;
mod results;
mod run;
mod train;
mod verify;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use spikeloom_engine::project::{self, Problem, Project, Severity};

use crate::{plots, window};

/// Draw spiking neural networks and watch them live.
#[derive(Debug, Parser)]
#[command(name = "spikeloom", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// Project to open
    file: Option<PathBuf>,
    /// How the window is drawn; the program chooses if it is not said
    #[arg(long, value_parser = ["glow", "wgpu"])]
    renderer: Option<String>,
    #[command(subcommand)]
    command: Option<Task>,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Simulate a project and write what its recorders recorded as CSV files
    Run(run::Arguments),
    /// Train a project as its section `training` says, and write it with what it has learnt
    Train(train::Arguments),
    /// List all problems of project files
    Check(check::Arguments),
    /// Tell the size of a network before it is built
    Info(info::Arguments),
    /// List the models, or tell everything about one
    Models(models::Arguments),
    /// Run reference cases and compare with their answers
    Verify(verify::Arguments),
}

/// Why a task was not done.
#[derive(Debug)]
enum Failure {
    /// Something is wrong with the input, or went wrong; the messages have been given.
    Told,
    /// The same, with the message to be given.
    Input(String),
    /// The program was called wrongly.
    Usage(String),
    /// Standard output does not take the result.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

/// Runs the program with the arguments it was called with.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = io::stdout().lock();
    let done = match arguments.command {
        None => open_window(arguments.file, arguments.renderer),
        Some(Task::Run(arguments)) => run::run(&arguments, &mut out),
        Some(Task::Train(arguments)) => train::train(&arguments, &mut out),
        Some(Task::Check(arguments)) => check::check(&arguments, &mut out),
        Some(Task::Info(arguments)) => info::info(&arguments, &mut out),
        Some(Task::Models(arguments)) => models::models(&arguments, &mut out),
        Some(Task::Verify(arguments)) => verify::verify(&arguments, &mut out),
    };
    exit_code(done.and_then(|()| Ok(out.flush()?)))
}

fn exit_code(done: Result<(), Failure>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has read enough, as `head` does.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => {
            tell(format_args!("cannot write the output: {error}"));
            ExitCode::from(1)
        }
        Err(Failure::Told) => ExitCode::from(1),
        Err(Failure::Input(message)) => {
            tell(format_args!("{message}"));
            ExitCode::from(1)
        }
        Err(Failure::Usage(message)) => {
            tell(format_args!("{message}"));
            ExitCode::from(2)
        }
    }
}

fn open_window(file: Option<PathBuf>, renderer: Option<String>) -> Result<(), Failure> {
    window::open(window::OpenOptions { file, renderer })
        .map_err(|error| Failure::Input(format!("the window cannot be opened: {error}")))
}

/// A line on standard error. If nobody listens there, nothing can be done about it.
fn tell(message: std::fmt::Arguments) {
    let _ = writeln!(io::stderr(), "{message}");
}

/// The project in a file; its problems are told, warnings too.
fn open_project(path: &Path) -> Result<Project, Failure> {
    let text = read_text(path).map_err(Failure::Input)?;
    let (project, problems) = match project::read_in(&text, path.parent(), plots::check) {
        Ok((project, warnings)) => (Some(project), warnings),
        Err(error) => (None, error.problems),
    };
    problems.iter().for_each(|problem| tell(format_args!("{}", problem_line(path, problem))));
    project.ok_or(Failure::Told)
}

fn read_text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: cannot be read: {error}", path.display()))
}

/// A problem as compilers write it: `FILE:LINE:COL: error: …`.
fn problem_line(path: &Path, problem: &Problem) -> String {
    let position = problem.position.map_or(String::new(), |(line, column)| format!("{line}:{column}:"));
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let what = problem.clone().at(None);
    format!("{}:{position} {severity}: {what}", path.display())
}
