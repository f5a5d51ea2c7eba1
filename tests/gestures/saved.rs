//! Whether what is saved opens as it was.

use std::collections::BTreeMap;

use spikeloom_engine::description::{NodeId, ProjectionId, Value};
use spikeloom_engine::project::{
    Adjusted, Loss, Project, Rule, Task, ThirdFactor, Training, Turned, read_draft, write,
};

/// What is written is read as the same project, but for numbers of nodes and wires and for values that equal defaults.
pub fn opens_as_it_was(project: &Project) {
    let text = write(project);
    let (again, _) = read_draft(&text).unwrap_or_else(|e| panic!("what was saved is refused: {e}\n{text}"));
    let told = numbered(project);
    assert!(again == told, "{text}\nopens otherwise: {}", first_difference(&again, &told));
    assert_eq!(write(&again), text);
}

/// The first lines in which what was read and what was told differ.
fn first_difference(again: &Project, told: &Project) -> String {
    let (again, told) = (format!("{again:#?}"), format!("{told:#?}"));
    // Places of functions in memory say nothing.
    let differ = again.lines().zip(told.lines()).position(|(a, b)| a != b && !a.contains("0x")).unwrap_or(0);
    let near = |text: &str| text.lines().skip(differ.saturating_sub(6)).take(18).collect::<Vec<_>>().join("\n");
    format!("{}\nwas\n{}", near(&again), near(&told))
}

/// As files number and hold it.
fn numbered(project: &Project) -> Project {
    let mut told = project.clone();
    let nodes: BTreeMap<NodeId, NodeId> = (0..).zip(&project.nodes).map(|(i, n)| (n.id, NodeId(i))).collect();
    for node in &mut told.nodes {
        node.id = nodes[&node.id];
        let model = node.model;
        node.params.retain(|name, value| model.parameter(name).is_none_or(|p| Value::from(p.default) != *value));
    }
    // What several wires have in common is called after the first of them.
    let called = |of: ProjectionId| {
        let first = project.projections.iter().position(|wire| wire.union.unwrap_or(wire.id) == of);
        ProjectionId(first.expect("a wire of this name") as u32)
    };
    for (i, wire) in told.projections.iter_mut().enumerate() {
        wire.id = ProjectionId(i as u32);
        wire.union = wire.union.map(called);
        wire.third_factor = wire.third_factor.map(|third| ThirdFactor { primary: called(third.primary), ..third });
        (wire.from, wire.to) = (nodes[&wire.from], nodes[&wire.to]);
        wire.weight_recorder = wire.weight_recorder.map(|id| nodes[&id]);
        wire.volume_transmitter = wire.volume_transmitter.map(|id| nodes[&id]);
        // Pairs are written with the rule that has them.
        if wire.rule != Rule::Pairs {
            wire.pairs = Default::default();
        }
        let synapse = wire.synapse;
        wire.params.retain(|name, value| synapse.parameter(name).is_none_or(|p| Value::from(p.default) != *value));
    }
    told.views.iter_mut().flat_map(|v| &mut v.sources).for_each(|id| *id = nodes[id]);
    for turn in told.knobs.iter_mut().flat_map(|k| &mut k.turns) {
        match &mut turn.what {
            Turned::Parameter { of, .. } => *of = nodes[of],
            Turned::Weights { from, to } | Turned::Synapses { from, to, .. } => {
                *from = nodes[from];
                *to = to.map(|id| nodes[&id]);
            }
        }
    }
    if let Some(training) = &mut told.training {
        number_training(training, &nodes);
    }
    told
}

fn number_training(training: &mut Training, nodes: &BTreeMap<NodeId, NodeId>) {
    for trained in &mut training.train {
        match &mut trained.what {
            Adjusted::Parameter { of, .. } => *of = nodes[of],
            Adjusted::Weights { from, to } | Adjusted::Delays { from, to } => {
                *from = nodes[from];
                *to = to.map(|id| nodes[&id]);
            }
            Adjusted::Knob(_) => {}
        }
    }
    match &mut training.task {
        Task::Goals(goals) => goals.iter_mut().for_each(|goal| goal.of = nodes[&goal.of]),
        Task::Patterns(lesson) => {
            let (Loss::CrossEntropy { of, .. } | Loss::Rate { of } | Loss::SpikeTimes { of, .. }) = &mut lesson.loss;
            *of = nodes[of];
            lesson.penalties.iter_mut().for_each(|penalty| penalty.of = nodes[&penalty.of]);
            for pattern in &mut lesson.patterns {
                let input = std::mem::take(&mut pattern.input);
                pattern.input = input.into_iter().map(|(id, times)| (nodes[&id], times)).collect();
            }
        }
    }
}
