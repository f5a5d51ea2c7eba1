//! Finds every problem in a project; each names place, parameter, value and what is allowed.

mod devices;
mod distribution;
mod grid;
mod lists;
mod node;
mod parameter;
mod projection;
mod recorded;
mod settings;
mod synapse_values;
mod views;
mod warnings;

use std::collections::HashSet;
use std::fmt;

pub use node::check_node;
pub use parameter::check_parameter;
pub use projection::check_synapses;
pub use synapse_values::check_parameter as check_synapse_parameter;

use super::{NodeId, Project, ProjectionId, View};

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

impl Place {
    /// A view, by its title, or its number if it has none.
    pub fn of_view(view: &View) -> Place {
        Place::View(if view.title.is_empty() { view.id.0.to_string() } else { view.title.clone() })
    }
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
        write!(f, "{}: ", self.place)?;
        // Where the message names the parameter itself, once is enough.
        if let Some(parameter) = self.parameter.as_ref().filter(|p| !self.message.contains(&format!("`{p}`"))) {
            write!(f, "{parameter}: ")?;
        }
        write!(f, "{}", self.message)
    }
}

/// Every problem of the project, errors and warnings.
pub fn validate(project: &Project) -> Vec<Problem> {
    let mut problems = Vec::new();
    settings::check(&project.simulation, &mut problems);
    check_names(project, &mut problems);
    check_total(project, &mut problems);
    for node in &project.nodes {
        problems.extend(check_node(node, project.simulation.resolution));
    }
    let grid = grid::Grid::new(project.simulation.resolution);
    for projection in &project.projections {
        projection::check(project, projection, grid, &mut problems);
    }
    recorded::check(project, &mut problems);
    views::check(project, &mut problems);
    warnings::check(project, &mut problems);
    problems
}

/// Errors of those values that are right or wrong by themselves, whatever the rest of the project is:
/// constants and distributions. For files of which a part could not be read.
pub(super) fn check_single_values(project: &Project) -> Vec<Problem> {
    let mut problems = Vec::new();
    for node in &project.nodes {
        node::check_single_values(node, project.simulation.resolution, &mut problems);
    }
    if let Some(grid) = grid::Grid::new(project.simulation.resolution) {
        for projection in &project.projections {
            projection::check_single_values(project, projection, grid, &mut problems);
        }
    }
    problems
}

fn check_names(project: &Project, problems: &mut Vec<Problem>) {
    let (mut names, mut ids) = (HashSet::new(), HashSet::new());
    for node in &project.nodes {
        if !names.insert(node.name.as_str()) {
            let message = format!("there are two nodes of the name \"{}\"", node.name);
            problems.push(Problem::error(node::place(node), message));
        }
        if !ids.insert(node.id) {
            problems.push(Problem::error(node::place(node), "two nodes have the same identity"));
        }
    }
    let mut ids = HashSet::new();
    for projection in &project.projections {
        if !ids.insert(projection.id) {
            let place = projection::place(project, projection);
            problems.push(Problem::error(place, "two projections have the same identity"));
        }
    }
}

fn check_total(project: &Project, problems: &mut Vec<Problem>) {
    let total = project.nodes.iter().fold(0u64, |sum, node| sum.saturating_add(node.n as u64));
    if total > node::LARGEST {
        let message = format!("at most {} neurons and devices can be simulated, here are {total}", node::LARGEST);
        problems.push(Problem::error(Place::Project, message));
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use crate::models::find;
    use crate::project::{Node, Projection};

    /// A node `a` and a node `b`, and a projection from a to b.
    pub(crate) fn pair(from: &str, n: usize, to: &str, m: usize) -> Project {
        let mut project = Project::default();
        for (i, (name, model, n)) in [("a", from, n), ("b", to, m)].into_iter().enumerate() {
            let mut node = Node::new(NodeId(i as u32), name, find(model).unwrap());
            node.n = n;
            project.nodes.push(node);
        }
        project.projections.push(Projection::new(ProjectionId(0), NodeId(0), NodeId(1)));
        project
    }

    fn of_severity(project: &Project, severity: Severity) -> Vec<String> {
        validate(project).iter().filter(|p| p.severity == severity).map(Problem::to_string).collect()
    }
    pub(crate) fn errors(project: &Project) -> Vec<String> {
        of_severity(project, Severity::Error)
    }
    pub(crate) fn warnings(project: &Project) -> Vec<String> {
        of_severity(project, Severity::Warning)
    }

    #[test]
    fn names_and_totals() {
        let mut project = pair("parrot_neuron", 1 << 30, "parrot_neuron", 1 << 30);
        project.projections.clear();
        assert!(errors(&project).is_empty());
        project.nodes[0].n += 1;
        assert!(errors(&project)[0].contains("at most 2147483648"));
        project.nodes[0].n = 1;
        project.nodes[1].name = "a".into();
        assert!(errors(&project)[0].contains("two nodes of the name"));
        project.nodes[1].name = " ".into();
        assert!(errors(&project)[0].contains("must have a name"));
    }

    #[test]
    fn a_projection_without_an_end_is_an_error() {
        let mut project = pair("parrot_neuron", 1, "parrot_neuron", 1);
        project.nodes.pop();
        assert!(errors(&project)[0].contains("does not exist"));
    }
}
