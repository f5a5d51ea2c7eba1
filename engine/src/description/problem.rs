//! What is wrong, where, and the cure.

use std::fmt;

use super::ids::{NodeId, ProjectionId};

/// Something wrong with a project, and the cure.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub severity: Severity,
    pub place: Place,
    /// The parameter or field concerned.
    pub parameter: Option<String>,
    /// What was given and what is allowed.
    pub message: String,
    /// Line and column in the file, both from 1.
    pub position: Option<(usize, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The network cannot run like this.
    Error,
    /// It can, but probably not as meant.
    Warning,
}

/// What a problem concerns.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    Project,
    Simulation,
    Node { id: NodeId, name: String },
    Projection { id: ProjectionId, from: String, to: String },
    View(String),
}

impl Problem {
    pub fn error(place: Place, message: impl Into<String>) -> Self {
        Problem { severity: Severity::Error, place, parameter: None, message: message.into(), position: None }
    }
    pub fn warning(place: Place, message: impl Into<String>) -> Self {
        Problem { severity: Severity::Warning, ..Problem::error(place, message) }
    }
    pub fn of(mut self, parameter: impl Into<String>) -> Self {
        self.parameter = Some(parameter.into());
        self
    }
    /// Whether the message begins with a verb and goes on behind the name of its place: "is muted" to "E is muted".
    pub fn goes_on(&self) -> bool {
        self.parameter.is_none() && ["is ", "has "].iter().any(|verb| self.message.starts_with(verb))
    }
    pub fn at(mut self, position: Option<(usize, usize)>) -> Self {
        self.position = position;
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Project => write!(f, "project"),
            Place::Simulation => write!(f, "simulation"),
            Place::Node { name, .. } => write!(f, "{name}"),
            Place::Projection { from, to, .. } => write!(f, "{from} → {to}"),
            Place::View(title) => write!(f, "view {title}"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.position {
            write!(f, "line {line}, column {column}: ")?;
        }
        write!(f, "{}{} ", self.place, if self.goes_on() { "" } else { ":" })?;
        // Where the message names the parameter itself, once is enough.
        if let Some(parameter) = self.parameter.as_ref().filter(|p| !self.message.contains(&format!("`{p}`"))) {
            write!(f, "{parameter}: ")?;
        }
        write!(f, "{}", self.message)
    }
}

/// Writes problems, one a line.
pub(crate) fn write_lines(problems: &[Problem], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (i, problem) in problems.iter().enumerate() {
        if i > 0 {
            writeln!(f)?;
        }
        write!(f, "{problem}")?;
    }
    Ok(())
}
