//! What can run, but probably not as meant: nothing recorded, muted things, what models advise against.

use super::{Place, Problem, node, projection};
use crate::models::Family;
use crate::project::{Node, Project, Projection};

pub(super) fn check(project: &Project, problems: &mut Vec<Problem>) {
    check_recorders(project, problems);
    check_muted(project, problems);
    for node in &project.nodes {
        if let Err((parameter, message)) = (node.model.facts.advise)(node) {
            problems.push(Problem::warning(node::place(node), message).of(parameter));
        }
    }
}

fn check_recorders(project: &Project, problems: &mut Vec<Problem>) {
    let stores = |n: &Node| n.model.stores().is_some();
    if !project.nodes.is_empty() && !project.nodes.iter().any(stores) {
        let message = "nothing is recorded; add a spike recorder or a multimeter";
        problems.push(Problem::warning(Place::Project, message));
    }
    for recorder in project.nodes.iter().filter(|n| n.model.is_recorder()) {
        let id = recorder.id;
        let connected = |p: &Projection| p.from == id || p.to == id || p.devices().any(|device| device == id);
        if !project.projections.iter().any(connected) {
            problems.push(Problem::warning(node::place(recorder), "is connected to nothing, so it records nothing"));
        }
    }
}

fn check_muted(project: &Project, problems: &mut Vec<Problem>) {
    for muted in project.nodes.iter().filter(|n| n.muted) {
        let does = match muted.model.family() {
            Family::Recorder if muted.model.is_transmitter() => "so it hands on nothing",
            Family::Recorder => "so it records nothing",
            _ => "so it sends nothing",
        };
        problems.push(Problem::warning(node::place(muted), format!("is muted, {does}")));
    }
    for muted in project.projections.iter().filter(|p| p.muted) {
        let place = projection::place(project, muted);
        problems.push(Problem::warning(place, "is muted, so it transmits nothing"));
    }
}

#[cfg(test)]
mod tests {
    use crate::project::Project;
    use crate::project::validate::testing::{pair, warnings};

    fn has(project: &Project, part: &str) -> bool {
        warnings(project).iter().any(|w| w.contains(part))
    }

    #[test]
    fn recorders() {
        let mut project = pair("parrot_neuron", 1, "spike_recorder", 1);
        assert!(!has(&project, "record"));
        project.projections.clear();
        assert!(has(&project, "b is connected to nothing"));
        project.nodes.pop();
        assert!(has(&project, "nothing is recorded"));
        assert!(warnings(&Project::default()).is_empty());
    }

    #[test]
    fn muted_things_and_silent_generators() {
        let mut project = pair("poisson_generator", 1, "iaf_psc_alpha", 1);
        assert!(has(&project, "a: rate: is 0 spikes/s"));
        project.nodes[0].muted = true;
        project.projections[0].muted = true;
        assert!(has(&project, "a is muted, so it sends nothing"));
        assert!(has(&project, "a → b is muted, so it transmits nothing"));
        let mut recorded = pair("parrot_neuron", 1, "spike_recorder", 1);
        recorded.nodes[1].muted = true;
        assert!(has(&recorded, "b is muted, so it records nothing"));
    }
}
