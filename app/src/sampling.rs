//! How often meters that the window makes take samples.

use spikeloom_engine::description::Value;
use spikeloom_engine::project::{NodeId, Project};

/// So many cells are sampled at every time step; of more cells samples would fill the memory.
pub const FEW: f64 = 20.0;

/// Lets a meter of few cells take a sample at every time step, so that no peak is missed, unless the user has said how
/// often it should.
pub fn sample_finely(project: &mut Project, meter: NodeId) {
    let resolution = project.simulation.resolution;
    let wires = project.projections.iter().filter(|wire| wire.from == meter);
    let cells: f64 = wires.map(|wire| project.expected_synapses(wire)).sum();
    let Some(node) = project.node_mut(meter).filter(|node| node.model.is_meter()) else { return };
    if cells > 0.0 && cells <= FEW && !node.params.contains_key("interval") && resolution < node.real("interval") {
        node.params.insert("interval".into(), Value::Real(resolution));
    }
}

/// Meters that took a sample at every time step go on to do so when the step was `before` (ms) and is another now.
pub fn follow_resolution(project: &mut Project, before: f64) {
    let resolution = project.simulation.resolution;
    if resolution == before {
        return;
    }
    for node in project.nodes.iter_mut().filter(|node| node.model.is_meter()) {
        if node.params.get("interval") == Some(&Value::Real(before)) {
            node.params.insert("interval".into(), Value::Real(resolution));
        }
    }
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::project::read_draft;

    use super::*;

    fn interval(n: usize, meter: &str) -> f64 {
        let text = format!(
            r#"(simulation: (resolution: 0.2), nodes: {{ "c": (model: "iaf_psc_alpha", n: {n}), "V": (model: "{meter}") }},
                projections: [(from: "V", to: "c")])"#
        );
        let (mut project, _) = read_draft(&text).unwrap();
        sample_finely(&mut project, NodeId(1));
        project.nodes[1].real("interval")
    }

    #[test]
    fn few_cells_are_sampled_at_every_step_and_many_are_not() {
        assert_eq!([interval(2, "voltmeter"), interval(20, "multimeter"), interval(21, "voltmeter")], [0.2, 0.2, 1.0]);
    }

    #[test]
    fn meters_of_every_step_follow_the_step() {
        let text = r#"(simulation: (resolution: 0.2), nodes: { "V": (model: "voltmeter", params: (interval: 0.1)),
            "W": (model: "voltmeter", params: (interval: 5)) })"#;
        let (mut project, _) = read_draft(text).unwrap();
        follow_resolution(&mut project, 0.1);
        assert_eq!([project.nodes[0].real("interval"), project.nodes[1].real("interval")], [0.2, 5.0]);
    }

    #[test]
    fn what_the_user_has_said_holds() {
        let text = r#"(nodes: { "c": (model: "iaf_psc_alpha"), "V": (model: "voltmeter", params: (interval: 5)) },
            projections: [(from: "V", to: "c")])"#;
        let (mut project, _) = read_draft(text).unwrap();
        sample_finely(&mut project, NodeId(1));
        assert_eq!(project.nodes[1].real("interval"), 5.0);
    }
}
