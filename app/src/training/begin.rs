//! A training to begin with, and what can be added to one.

use spikeloom_engine::description::Value;
use spikeloom_engine::models::{Signal, Stored};
use spikeloom_engine::project::{
    Adjusted, Goal, Lesson, Loss, Method, Node, NodeId, Pattern, Population, Project, Projection, Read, Statistic,
    Surrogate, Task, Trained, Training, Wanted,
};
use spikeloom_engine::training::input_of;

/// Where goals and numbers begin that the network says nothing of.
const RATE: f64 = 10.0;
const POTENTIAL: f64 = -60.0;
const LEARNING_RATE: f64 = 0.01;
const EPOCHS: usize = 100;

/// A training that strives for a goal; or what the network needs before.
pub fn with_goal(project: &Project) -> Result<Training, &'static str> {
    let goal = goals(project).into_iter().next();
    let goal = goal.ok_or("A goal is a statistic of what is recorded, and nothing is recorded yet")?;
    let knobs: Vec<Adjusted> = project.knobs.iter().map(|knob| Adjusted::Knob(knob.name.clone())).collect();
    let what = if knobs.is_empty() { trainable(project, false).into_iter().take(1).collect() } else { knobs };
    if what.is_empty() {
        return Err("Nothing can be trained yet: add neurons and connect something to them");
    }
    let train = what.into_iter().map(|what| trained(project, what, false)).collect();
    let method = Method::CmaEs(Population::default());
    Ok(Training { method, train, epochs: EPOCHS, enough: 0.01, task: Task::Goals(vec![goal]) })
}

/// A training that learns to answer patterns, the first of which is the present input; or what the network needs before.
pub fn with_patterns(project: &Project) -> Result<Training, &'static str> {
    let answering = answering(project).ok_or("The network has no neurons that could answer")?;
    if present_input(project).is_empty() {
        return Err("Patterns are put in by generators of listed spikes, and there is none");
    }
    let of = answering.id;
    let loss = match answering.n {
        1 => Loss::Rate { of },
        _ => Loss::CrossEntropy { of, read: Read::Mean },
    };
    let what = trainable(project, true);
    if what.is_empty() {
        return Err("Nothing can be trained yet: connect the input to neurons");
    }
    let train = what.into_iter().map(|what| trained(project, what, true)).collect();
    let patterns = vec![Pattern { input: present_input(project), wanted: wanted(project, &loss) }];
    let lesson = Lesson { loss, surrogate: Surrogate::USUAL, batch: 0, penalties: Vec::new(), patterns };
    let (beta_1, beta_2) = Method::BETAS;
    let method = Method::Adam { learning_rate: LEARNING_RATE, beta_1, beta_2 };
    Ok(Training { method, train, epochs: EPOCHS, enough: 0.1, task: Task::Patterns(lesson) })
}

/// The neurons that send spikes to no other ones, the last of them; or else the last neurons there are.
fn answering(project: &Project) -> Option<&Node> {
    let neurons = || project.nodes.iter().filter(|node| node.model.is_neuron());
    let is_neuron = |id: NodeId| project.node(id).is_some_and(|node| node.model.is_neuron());
    let sends =
        |node: &&Node| project.projections.iter().any(|p| p.from == node.id && p.to != node.id && is_neuron(p.to));
    neurons().rfind(|node| !sends(node)).or_else(|| neurons().next_back())
}

/// The spikes that generators send as they stand, if patterns can give them.
pub fn present_input(project: &Project) -> std::collections::BTreeMap<NodeId, Vec<Vec<f64>>> {
    project.nodes.iter().filter_map(|node| Some((node.id, input_of(node)?))).collect()
}

/// Something to want of a pattern, as the loss asks.
pub fn wanted(project: &Project, loss: &Loss) -> Wanted {
    let n = project.node(loss.of()).map_or(0, |node| node.n);
    match loss {
        Loss::CrossEntropy { .. } => Wanted::Label(0),
        Loss::Rate { .. } => Wanted::Rates(vec![RATE; n]),
        Loss::SpikeTimes { .. } => Wanted::Times(vec![Vec::new(); n]),
    }
}

/// All goals that the recorders of the network can have, the most usual of each first.
pub fn goals(project: &Project) -> Vec<Goal> {
    let recorders = || project.nodes.iter().filter(|node| node.model.is_recorder() && project.reaches(node.id));
    let stores = |node: &Node, what: Stored| node.model.stores().is_some_and(|stored| stored == what);
    let goal = |node: &Node, what: Statistic, target: f64, scale: f64| Goal { of: node.id, what, target, scale };
    let spikes = || recorders().filter(|node| stores(node, Stored::Spikes));
    let rates = spikes().map(|node| goal(node, Statistic::Rate, RATE, 5.0));
    let cvs = spikes().map(|node| goal(node, Statistic::Cv, 1.0, 0.2));
    let correlations = spikes().map(|node| goal(node, Statistic::Correlation { bin: 5.0 }, 0.0, 0.1));
    let means = recorders().filter(|node| stores(node, Stored::Samples)).flat_map(|node| {
        let of = move |variable: String| {
            let target = if variable == "V_m" { POTENTIAL } else { 0.0 };
            goal(node, Statistic::Mean { variable }, target, 2.0)
        };
        sampled(node).into_iter().map(of)
    });
    rates.chain(means).chain(cvs).chain(correlations).collect()
}

/// What a meter samples.
pub fn sampled(node: &Node) -> Vec<String> {
    match node.value("record_from") {
        Some(Value::Names(names)) => names,
        _ => Vec::new(),
    }
}

/// A goal in words: "rate of Spikes".
pub fn called(project: &Project, goal: &Goal) -> String {
    let name = project.node(goal.of).map_or("?", |node| node.name.as_str());
    match &goal.what {
        Statistic::Rate => format!("Rate of {name}"),
        Statistic::Cv => format!("CV of {name}"),
        Statistic::Correlation { .. } => format!("Correlation of {name}"),
        Statistic::Mean { variable } => format!("Mean {variable} of {name}"),
        Statistic::Trace { variable, .. } => format!("Trace of {variable} of {name}"),
    }
}

/// Whether weights or delays of a projection mean something.
fn onto_neurons(project: &Project, p: &Projection) -> bool {
    let neurons = project.node(p.to).is_some_and(|node| node.model.is_neuron());
    neurons && project.wiring(p).is_ok_and(|w| w.carries != Signal::Samples)
}

/// All that can be trained: weights first, then, unless by gradients, knobs, numbers of nodes and delays.
pub fn trainable(project: &Project, gradients: bool) -> Vec<Adjusted> {
    let mut found = Vec::new();
    let mut add = |what: Adjusted| {
        if !found.contains(&what) {
            found.push(what);
        }
    };
    let wires = || project.projections.iter().filter(|p| onto_neurons(project, p));
    wires().for_each(|p| add(Adjusted::Weights { from: p.from, to: Some(p.to) }));
    if gradients {
        return found;
    }
    project.knobs.iter().for_each(|knob| add(Adjusted::Knob(knob.name.clone())));
    for node in project.nodes.iter().filter(|node| !node.model.is_recorder()) {
        let number = |name: &str| node.value(name).is_some_and(|v| matches!(v, Value::Real(_) | Value::List(_)));
        let numbers = node.model.parameters().filter(|p| p.is_number() && number(p.name));
        numbers.for_each(|p| add(Adjusted::Parameter { of: node.id, name: p.name.into() }));
    }
    wires().for_each(|p| add(Adjusted::Delays { from: p.from, to: Some(p.to) }));
    found
}

/// It as something to train, within a range that suits what it is now. Gradients need none.
pub fn trained(project: &Project, what: Adjusted, gradients: bool) -> Trained {
    let range = match &what {
        Adjusted::Knob(_) => None,
        _ if gradients => None,
        _ => Some(range_for(project, &what)),
    };
    Trained { what, range }
}

/// A range that suits what something is now.
pub fn range_for(project: &Project, what: &Adjusted) -> (f64, f64) {
    let about = |x: f64| match x {
        x if x > 0.0 => (0.0, 2.0 * x),
        x if x < 0.0 => (2.0 * x, 0.0),
        _ => (0.0, 1.0),
    };
    let mut reached = project.projections.iter().filter(|p| what.reaches(project, p));
    match what {
        Adjusted::Weights { .. } => about(reached.next().and_then(|p| p.weight.as_real()).unwrap_or(0.0)),
        Adjusted::Delays { .. } => {
            let delay = reached.next().and_then(|p| p.delay.as_real()).unwrap_or(1.0);
            let step = project.simulation.resolution;
            (step, (2.0 * delay).max(2.0 * step))
        }
        Adjusted::Parameter { of, name } => {
            let node = project.node(*of);
            let slider = node.and_then(|node| node.model.parameter(name)).and_then(|p| p.slider);
            let now = node.map_or(0.0, |node| node.real(name));
            slider.filter(|(low, high)| (*low..=*high).contains(&now)).unwrap_or_else(|| about(now))
        }
        Adjusted::Knob(name) => {
            project.knobs.iter().find(|knob| knob.name == *name).map_or((0.0, 1.0), |knob| knob.range)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spikeloom_engine::project::read;

    fn project(nodes: &str, wires: &str) -> Project {
        let text = format!("(nodes: {{ {nodes} }}, projections: [{wires}])");
        read(&text).unwrap_or_else(|e| panic!("{e}")).0
    }

    #[test]
    fn what_is_begun_with_has_no_problems_and_trains_what_leads_to_the_goal() {
        let noise =
            r#""noise": (model: "poisson_generator", params: (rate: 8000)), "E": (model: "iaf_psc_exp", n: 3),"#;
        let wires = r#"(from: "noise", to: "E", weight: 20),"#;
        let silent = project(noise, wires);
        assert!(with_goal(&silent).is_err_and(|why| why.contains("nothing is recorded")));
        let recorded = project(
            &format!(r#"{noise} "spikes": (model: "spike_recorder"), "V": (model: "voltmeter")"#),
            &format!(r#"{wires} (from: "E", to: "spikes"), (from: "V", to: "E")"#),
        );
        let training = with_goal(&recorded).expect("a training");
        assert_eq!(training.problems(&recorded), Vec::<String>::new());
        assert_eq!(training.train[0].range, Some((0.0, 40.0)));
        assert_eq!(
            goals(&recorded).iter().map(|goal| called(&recorded, goal)).collect::<Vec<_>>(),
            ["Rate of spikes", "Mean V_m of V", "CV of spikes", "Correlation of spikes"]
        );
        assert!(with_patterns(&recorded).is_err_and(|why| why.contains("listed spikes")));
    }

    #[test]
    fn patterns_begin_with_the_present_input() {
        let listed = project(
            r#""in": (model: "spike_generator", n: 2, params: (spike_times: [[5, 9], []])),
               "hidden": (model: "LIF", n: 3), "out": (model: "LIF", n: 2)"#,
            r#"(from: "in", to: "hidden"), (from: "hidden", to: "out")"#,
        );
        let training = with_patterns(&listed).expect("a training");
        assert_eq!(training.problems(&listed), Vec::<String>::new());
        let Task::Patterns(lesson) = &training.task else { panic!("{training:?}") };
        assert_eq!(lesson.patterns[0].input.values().next(), Some(&vec![vec![5.0, 9.0], vec![]]));
        assert_eq!(lesson.loss.of(), listed.nodes[2].id);
        assert_eq!(training.train.len(), 2);
    }
}
