//! Finds every problem in a project; each names place, parameter, value and what is allowed.

mod distribution;
mod effects;
mod lists;
mod node;
mod numbers;
mod parameter;
mod places;
mod projection;
mod recorded;
mod settings;
mod space;
mod synapse_values;
mod views;
mod warnings;

use std::collections::HashSet;

pub use node::check_node;
pub use parameter::check_parameter;
pub use projection::check_synapses;
pub use synapse_values::check_parameter as check_synapse_parameter;
pub(crate) use synapse_values::check_single_delay;

use super::Project;
use crate::description::{Place, Problem, Resolution};

/// Every problem of the project, errors and warnings.
pub fn validate(project: &Project) -> Vec<Problem> {
    let mut problems = Vec::new();
    settings::check(&project.simulation, &mut problems);
    check_names(project, &mut problems);
    check_total(project, &mut problems);
    for node in &project.nodes {
        problems.extend(check_node(node, project.simulation.resolution));
    }
    let resolution = Resolution::new(project.simulation.resolution);
    for projection in &project.projections {
        projection::check(project, projection, resolution, &mut problems);
    }
    space::check_drawn(project, &mut problems);
    recorded::check(project, &mut problems);
    views::check(project, &mut problems);
    warnings::check(project, &mut problems);
    effects::check(project, &mut problems);
    // Projections that share a rule share its problems.
    if project.projections.iter().any(|projection| projection.union.is_some()) {
        let mut told = Vec::<Problem>::new();
        problems.retain(|problem| {
            let new = !matches!(problem.place, Place::Projection { .. }) || !told.contains(problem);
            if new {
                told.push(problem.clone());
            }
            new
        });
    }
    problems
}

/// Errors of those values that are right or wrong by themselves, whatever the rest of the project is:
/// constants and distributions. For files of which a part could not be read.
pub(super) fn check_single_values(project: &Project) -> Vec<Problem> {
    let mut problems = Vec::new();
    for node in &project.nodes {
        node::check_single_values(node, project.simulation.resolution, &mut problems);
    }
    if let Some(resolution) = Resolution::new(project.simulation.resolution) {
        for projection in &project.projections {
            projection::check_single_values(project, projection, resolution, &mut problems);
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
    use crate::description::{NodeId, ProjectionId, Severity, Value};
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

    /// What is wrong with a node of this model and number, and these parameters, by itself.
    pub(crate) fn problems_of(model: &str, n: usize, params: &[(&str, Value)]) -> Vec<String> {
        let mut node = Node::new(NodeId(0), "a", find(model).unwrap());
        node.n = n;
        node.params = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        check_node(&node, 0.1).iter().map(|p| p.message.clone()).collect()
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
