//! What a change of the document means for a running network.

use spikeloom_engine::description::Value;
use spikeloom_engine::live::Command;
use spikeloom_engine::models::Role;
use spikeloom_engine::project::{Node, Project, Projection};

/// The difference between two projects as the engine sees it.
#[derive(Debug, PartialEq)]
pub enum Change {
    /// Nothing that the engine knows of: names, positions, plots, notes.
    Cosmetic,
    /// The running network can be told.
    Live(Vec<Command>),
    /// The network has to be built anew.
    Structural,
}

/// Compares what the engine was told with what the document says now.
pub fn compare(old: &Project, new: &Project) -> Change {
    if !same_structure(old, new) {
        return Change::Structural;
    }
    let mut commands = Vec::new();
    for (old, new) in old.nodes.iter().zip(&new.nodes) {
        if !node_commands(old, new, &mut commands) {
            return Change::Structural;
        }
    }
    for (old, new) in old.projections.iter().zip(&new.projections) {
        if !projection_commands(old, new, &mut commands) {
            return Change::Structural;
        }
    }
    if commands.is_empty() { Change::Cosmetic } else { Change::Live(commands) }
}

/// Whether both have the same nodes and projections in the same order, and the same clockwork.
fn same_structure(old: &Project, new: &Project) -> bool {
    let (a, b) = (&old.simulation, &new.simulation);
    a.resolution == b.resolution
        && a.seed == b.seed
        && a.threads == b.threads
        && (a.use_wfr, a.wfr_interpolation_order) == (b.use_wfr, b.wfr_interpolation_order)
        && (a.wfr_tol, a.wfr_max_iterations) == (b.wfr_tol, b.wfr_max_iterations)
        && old.nodes.len() == new.nodes.len()
        && old.projections.len() == new.projections.len()
        && old.nodes.iter().zip(&new.nodes).all(|(a, b)| a.id == b.id && a.model == b.model && a.n == b.n)
        && old.nodes.iter().zip(&new.nodes).all(|(a, b)| a.positions == b.positions || !stands_in_space(old, new, a))
        && old.projections.iter().zip(&new.projections).all(|(a, b)| same_wires(a, b, new.simulation.resolution))
}

/// Whether anything that the engine works out depends on where the neurons of a node stand.
fn stands_in_space(old: &Project, new: &Project, node: &Node) -> bool {
    let values = |project: &Project| {
        project.node(node.id).is_some_and(|n| n.params.values().any(|value| matches!(value, Value::Spatial(_))))
    };
    let ends = |p: &&Projection| p.from == node.id || p.to == node.id;
    let wires = |project: &Project| project.projections.iter().filter(ends).any(Projection::needs_space);
    [old, new].into_iter().any(|project| values(project) || wires(project))
}

fn same_wires(a: &Projection, b: &Projection, resolution: f64) -> bool {
    a.id == b.id
        && a.from == b.from
        && a.to == b.to
        && (&a.sources, &a.targets, a.union, a.third_factor) == (&b.sources, &b.targets, b.union, b.third_factor)
        && a.rule == b.rule
        && a.pairs == b.pairs
        && a.autapses == b.autapses
        && a.multapses == b.multapses
        && a.symmetric == b.symmetric
        && a.seed == b.seed
        && a.storage == b.storage
        && (&a.mask, a.kernel) == (&b.mask, b.kernel)
        && (a.use_on_source, a.allow_oversized_mask) == (b.use_on_source, b.allow_oversized_mask)
        && a.synapse == b.synapse
        && (a.weight_recorder, a.volume_transmitter) == (b.weight_recorder, b.volume_transmitter)
        && (&a.delay, a.adapted_delay(resolution)) == (&b.delay, b.adapted_delay(resolution))
        && a.receptor == b.receptor
}

/// Adds what leads from `old` to `new` while the network runs; false if nothing does.
fn node_commands(old: &Node, new: &Node, commands: &mut Vec<Command>) -> bool {
    if old.params != new.params {
        let mut params = Vec::new();
        for parameter in new.model.parameters() {
            let (Some(before), Some(after)) = (old.value(parameter.name), new.value(parameter.name)) else { continue };
            if before == after {
                continue;
            }
            // What generators list may become longer or shorter while they run.
            let lists = matches!((&before, &after), (Value::List(_), Value::List(_)));
            let listed = lists && parameter.is_list() && new.model.is_generator();
            if !parameter.live || !(listed || same_shape(&before, &after)) {
                return false;
            }
            params.push((parameter.name.to_owned(), after));
        }
        if !params.is_empty() {
            commands.push(Command::Set { node: new.id, params });
        }
    }
    if old.muted != new.muted {
        commands.push(Command::MuteNode { node: new.id, muted: new.muted });
    }
    true
}

fn projection_commands(old: &Projection, new: &Projection, commands: &mut Vec<Command>) -> bool {
    if old.params != new.params {
        let mut params = Vec::new();
        for parameter in new.synapse.parameters() {
            let (Some(before), Some(after)) = (old.value(parameter.name), new.value(parameter.name)) else { continue };
            if before == after || parameter.name == "weight" || parameter.name == "delay" {
                continue;
            }
            let live = new.synapse.plastic().is_some() && parameter.live && parameter.role == Role::Parameter;
            if !live || !same_shape(&before, &after) {
                return false;
            }
            params.push((parameter.name.to_owned(), after));
        }
        if !params.is_empty() {
            commands.push(Command::SetSynapses { projection: new.id, params });
        }
    }
    if old.weight != new.weight {
        if !same_shape(&old.weight, &new.weight) {
            return false;
        }
        commands.push(Command::SetWeight { projection: new.id, weight: new.weight.clone() });
    }
    if old.muted != new.muted {
        commands.push(Command::MuteProjection { projection: new.id, muted: new.muted });
    }
    true
}

/// Whether a value can take another's place without a change of storage.
fn same_shape(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Real(_), Value::Real(_)) | (Value::Flag(_), Value::Flag(_)) => true,
        (Value::Range(_), Value::Range(_)) => true,
        (Value::List(a), Value::List(b)) => a.len() == b.len(),
        (Value::Spatial(_), Value::Spatial(_)) => true,
        (Value::Lists(a), Value::Lists(b)) => a.iter().map(Vec::len).eq(b.iter().map(Vec::len)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::models;
    use spikeloom_engine::project::{NodeId, ProjectionId, View, ViewId};

    use super::*;

    fn network() -> Project {
        let mut project = Project::default();
        project.nodes.push(Node::new(NodeId(0), "E", &models::iaf_psc_alpha::MODEL));
        project.nodes.push(Node::new(NodeId(1), "V", &models::VOLTMETER));
        project.projections.push(Projection::new(ProjectionId(0), NodeId(1), NodeId(0)));
        project
    }

    fn after(change: impl FnOnce(&mut Project)) -> Change {
        let old = network();
        let mut new = old.clone();
        change(&mut new);
        compare(&old, &new)
    }

    #[test]
    fn names_positions_and_plots_do_not_concern_the_engine() {
        let change = after(|p| {
            p.nodes[0].name = "Excitatory".into();
            p.nodes[0].position = [10.0, 20.0];
            p.nodes[0].color = Some(3);
            p.title = "Title".into();
            p.simulation.duration = 5.0;
            p.views.push(View::new(ViewId(0), "raster"));
        });
        assert_eq!(change, Change::Cosmetic);
    }

    #[test]
    fn a_value_is_told_to_the_running_network() {
        let change = after(|p| {
            p.nodes[0].params.insert("I_e".into(), Value::Real(376.0));
        });
        let params = vec![("I_e".to_owned(), Value::Real(376.0))];
        assert_eq!(change, Change::Live(vec![Command::Set { node: NodeId(0), params }]));
    }

    #[test]
    fn drawn_spikes_and_ranges_are_told_to_the_running_network() {
        let mut old = network();
        old.nodes[0] = Node::new(NodeId(0), "G", &models::SPIKE_GENERATOR);
        let told = |name: &str, before: Value, after: Value, of: &Project| {
            let (mut old, mut new) = (of.clone(), of.clone());
            old.nodes[0].params.insert(name.into(), before);
            new.nodes[0].params.insert(name.into(), after);
            matches!(compare(&old, &new), Change::Live(commands) if commands.len() == 1)
        };
        assert!(told("spike_times", Value::List(vec![1.0]), Value::List(vec![1.0, 2.0]), &old));
        let range = |to| Value::Range(spikeloom_engine::description::Range { from: 0.0, to, logarithmic: false });
        let mut several = network();
        several.nodes[0].n = 3;
        assert!(told("I_e", range(100.0), range(200.0), &several));
        assert!(!told("I_e", Value::Real(1.0), range(200.0), &several));
    }

    #[test]
    fn a_reset_value_is_told_as_the_default() {
        let new = network();
        let mut old = new.clone();
        old.nodes[0].params.insert("I_e".into(), Value::Real(376.0));
        let params = vec![("I_e".to_owned(), Value::Real(0.0))];
        assert_eq!(compare(&old, &new), Change::Live(vec![Command::Set { node: NodeId(0), params }]));
    }

    #[test]
    fn writing_the_default_out_changes_nothing() {
        let change = after(|p| {
            p.nodes[0].params.insert("I_e".into(), Value::Real(0.0));
        });
        assert_eq!(change, Change::Cosmetic);
    }

    #[test]
    fn weights_and_muting_are_live() {
        let change = after(|p| {
            p.projections[0].weight = Value::Real(2.0);
            p.projections[0].muted = true;
            p.nodes[0].muted = true;
        });
        let expected = vec![
            Command::MuteNode { node: NodeId(0), muted: true },
            Command::SetWeight { projection: ProjectionId(0), weight: Value::Real(2.0) },
            Command::MuteProjection { projection: ProjectionId(0), muted: true },
        ];
        assert_eq!(change, Change::Live(expected));
    }

    #[test]
    fn parameters_of_synapses_are_live_and_their_initial_state_is_not() {
        let mut old = network();
        old.projections[0].synapse = &models::tsodyks_synapse::MODEL;
        let with = |name: &str, value: f64| {
            let mut new = old.clone();
            new.projections[0].params.insert(name.into(), Value::Real(value));
            compare(&old, &new)
        };
        let params = vec![("U".to_owned(), Value::Real(0.2))];
        let expected = vec![Command::SetSynapses { projection: ProjectionId(0), params }];
        assert_eq!(with("U", 0.2), Change::Live(expected));
        assert_eq!(with("U", 0.5), Change::Cosmetic, "the default written out");
        assert_eq!(with("x", 0.5), Change::Structural);
    }

    #[test]
    fn structure_is_built_anew() {
        assert_eq!(after(|p| p.nodes[0].n = 100), Change::Structural);
        assert_eq!(after(|p| p.simulation.seed = 2), Change::Structural);
        assert_eq!(after(|p| p.projections[0].delay = Value::Real(2.0)), Change::Structural);
        assert_eq!(after(|p| p.projections.clear()), Change::Structural);
        assert_eq!(after(|p| p.nodes.swap(0, 1)), Change::Structural);
        let list = |p: &mut Project| {
            p.nodes[0].params.insert("I_e".into(), Value::List(vec![1.0]));
        };
        assert_eq!(after(list), Change::Structural);
    }

    #[test]
    fn a_parameter_that_is_not_live_is_built_anew() {
        let fixed = models::VOLTMETER.parameters().find(|p| !p.live);
        let Some(parameter) = fixed else { panic!("the voltmeter's recordables are fixed") };
        let change = after(|p| {
            p.nodes[1].params.insert(parameter.name.into(), Value::Names(vec!["other".into()]));
        });
        assert_eq!(change, Change::Structural);
    }
}
