//! What is given and has no effect, or another one than it seems: every field acts or gets a message.

use std::collections::BTreeMap;

use super::{Place, Problem, node, projection};
use crate::description::{Acts, Resolution, Value, number};
use crate::models::{Behaviour, Model, PASSING, RecorderBehaviour, Signal, Stored, UNDRIVEN};
use crate::project::{Knob, Node, NodeId, Project, Projection, Rule, Turned};

pub(super) fn check(project: &Project, problems: &mut Vec<Problem>) {
    if let Some(resolution) = Resolution::new(project.simulation.resolution) {
        check_duration(project, resolution, problems);
        project.nodes.iter().for_each(|node| check_durations(node, resolution, problems));
        project.projections.iter().for_each(|p| check_rounded_delay(project, p, resolution, problems));
        project.projections.iter().for_each(|p| check_projection(project, p, resolution, problems));
    }
    for node in &project.nodes {
        let value = |name: &str| node.value(name);
        let idle = idle(node.model, &node.params, &value);
        problems.extend(idle.map(|(name, message)| Problem::warning(node::place(node), message).of(name)));
    }
    for p in &project.projections {
        let value = |name: &str| p.value(name);
        let idle = idle(p.synapse, &p.params, &value);
        problems.extend(idle.map(|(name, message)| Problem::warning(projection::place(project, p), message).of(name)));
    }
    project.nodes.iter().for_each(|node| check_recorder(project, node, problems));
    project.knobs.iter().for_each(|knob| check_knob(project, knob, problems));
    let of_training = project.training.iter().flat_map(|training| training.problems(project));
    problems.extend(
        of_training.map(|message| Problem::warning(Place::Project, format!("training: {message}")).of("training")),
    );
}

/// Parameters that are given and have no effect as the others stand.
fn idle<'a>(
    model: &'static Model,
    given: &'a BTreeMap<String, Value>,
    value: &'a dyn Fn(&str) -> Option<Value>,
) -> impl Iterator<Item = (&'static str, String)> + 'a {
    given.iter().filter_map(move |(name, given)| {
        let parameter = model.parameter(name)?;
        let changed = Value::from(parameter.default) != *given;
        let why = parameter.acts.idle(value).filter(|_| changed)?;
        let link = if matches!(parameter.acts, Acts::Never(_)) { ":" } else { " while" };
        Some((parameter.name, format!("has no effect{link} {why}")))
    })
}

/// What a time becomes that is no multiple of the resolution, as a sentence.
fn becomes(ms: f64, steps: f64, resolution: Resolution) -> String {
    let h = resolution.ms();
    format!(
        "{} ms is no multiple of the resolution ({} ms) and counts as {} ms",
        number(ms),
        number(h),
        number(clean(steps * h))
    )
}

/// Without the digits that only binary arithmetic adds.
fn clean(x: f64) -> f64 {
    format!("{x:.12e}").parse().unwrap_or(x)
}

fn check_duration(project: &Project, resolution: Resolution, problems: &mut Vec<Problem>) {
    let duration = project.simulation.duration;
    let steps = (duration / resolution.ms()).round();
    if resolution.step(duration).is_none() && steps >= 1.0 && duration.is_finite() {
        problems.push(Problem::warning(Place::Simulation, becomes(duration, steps, resolution)).of("duration"));
    }
}

/// Durations that are rounded up to whole steps, such as refractory periods.
fn check_durations(node: &Node, resolution: Resolution, problems: &mut Vec<Problem>) {
    for parameter in node.model.parameters().filter(|p| p.in_steps) {
        let Some(Value::Real(ms)) = node.params.get(parameter.name) else { continue };
        if *ms > 0.0 && ms.is_finite() && resolution.step(*ms).is_none() {
            let message = becomes(*ms, resolution.step_or_next(*ms), resolution);
            problems.push(Problem::warning(node::place(node), message).of(parameter.name));
        }
    }
}

/// Delays are rounded to the nearest step. Drawn ones always are.
fn check_rounded_delay(
    project: &Project,
    projection: &Projection,
    resolution: Resolution,
    problems: &mut Vec<Problem>,
) {
    let given: Vec<f64> = match &projection.delay {
        _ if projection.synapse.acts_between_steps() => return,
        // The default adapts by itself.
        Value::Real(delay) if *delay == 1.0 => return,
        Value::Real(delay) => vec![*delay],
        Value::List(delays) => delays.clone(),
        Value::Lists(rows) => rows.iter().flatten().copied().collect(),
        _ => return,
    };
    let rounded =
        |delay: &f64| delay.is_finite() && resolution.step(*delay).is_none() && resolution.delay_steps(*delay) >= 1.0;
    let Some(first) = given.iter().find(|delay| rounded(delay)) else { return };
    let mut message = becomes(*first, resolution.delay_steps(*first), resolution);
    if given.len() > 1 {
        message +=
            &format!("; so are rounded {} of {} delays", given.iter().filter(|d| rounded(d)).count(), given.len());
    }
    problems.push(Problem::warning(projection::place(project, projection), message).of("delay"));
}

/// The kind of a receptor, where a table of them has several.
fn receptor_kind(to: &Node, port: u32) -> Option<&'static str> {
    let each = to.model.ports.iter().find(|p| !p.each.is_empty() && p.takes == Signal::Spikes && p.number <= port)?;
    to.kind(each.each, (port - each.number) as usize)
}

fn check_projection(project: &Project, projection: &Projection, resolution: Resolution, problems: &mut Vec<Problem>) {
    let (Some(from), Some(to)) = (project.node(projection.from), project.node(projection.to)) else { return };
    let Ok(carries) = project.wiring(projection).map(|wiring| wiring.carries) else { return };
    let mut warn = |field: &str, message: String| {
        problems.push(Problem::warning(projection::place(project, projection), message).of(field));
    };
    let file = projection.pairs_file.as_ref().filter(|_| projection.rule == Rule::Pairs);
    if let Some(file) = file {
        let columns = [("weight", &file.weights, &projection.weight), ("delay", &file.delays, &projection.delay)];
        for (name, column, given) in columns {
            if column.as_ref().is_some_and(|column| column != given) {
                warn(name, format!("takes the place of the column `{name}` of {}", file.name));
            }
        }
    }
    if file.is_none_or(|file| file.problem.is_none()) && project.expected_of_all(projection) == 0.0 {
        warn("rule", "makes no synapses".into());
    }
    if projection.seed.is_some() && !projection.is_drawn() {
        warn("seed", "has no effect: nothing of these synapses is drawn".into());
    }
    let kind = receptor_kind(to, projection.receptor);
    if projection.synapse.plastic().is_some_and(|synapse| synapse.lasting)
        && !kind.is_some_and(|kind| kind.starts_with(PASSING))
    {
        let (name, to) = (projection.synapse.name, &to.name);
        warn(
            "receptor",
            format!(
                "{name} acts in every step, which adds up here; lead it to a synapse of {to} whose kind begins with {PASSING}"
            ),
        );
    }
    // What the user did not choose: as the canvas writes it where 1 ms is no multiple of the resolution.
    let usual = resolution.delay_steps(1.0).max(1.0);
    let delayed = match &projection.delay {
        Value::Real(delay) => resolution.delay_steps(*delay) != usual && *delay != 1.0,
        _ => true,
    };
    let weighted = projection.weight != Value::Real(1.0);
    let device = if from.model.is_meter() { from } else { to };
    match device.model.behaviour {
        Behaviour::Recorder(behaviour) => {
            let (title, is_transmitter) = (device.model.name, device.model.is_transmitter());
            let weighs = matches!(behaviour, RecorderBehaviour::Detector { weighs: true, .. });
            if weighted && !weighs {
                warn("weight", format!("has no effect: to a {title} weights do not count"));
            }
            if delayed && !is_transmitter {
                let what =
                    if device.model.is_meter() { "samples are taken" } else { "spikes are stored with the time" };
                let when = if device.model.is_meter() { "when they are due" } else { "at which they were sent" };
                warn("delay", format!("has no effect: by a {title}, {what} {when}"));
            }
        }
        _ => {
            let port = to.model.port(carries, projection.receptor, &|name| to.entries(name));
            let seen = projection.weight_recorder.is_some();
            if weighted && !seen && carries == Signal::Spikes && port.is_some_and(|port| port.weightless) {
                warn("weight", format!("has no effect: {} takes every spike, whatever its weight", to.model.name));
            }
            let lowest = projection.weight.lowest();
            let undriven = kind.is_some_and(|kind| kind.ends_with(UNDRIVEN));
            if let Some(port) = port.filter(|p| p.is_conductance() && !p.signed && !p.only_positive && !undriven)
                && lowest < 0.0
            {
                let what = "is negative, which at this receptor makes a negative conductance (in NEST too)";
                let cure = if carries == Signal::Spikes {
                    "; for inhibition use a positive weight at an inhibitory receptor"
                } else {
                    ""
                };
                warn("weight", format!("{what}: {}{cure}", port.doc));
            }
        }
    }
    if projection.weight_recorder.is_some()
        && let Some(why) = unseen(from, to, carries)
    {
        warn(crate::models::WEIGHT_RECORDER.name, format!("records nothing here: {why}"));
    }
    let listens = projection.synapse.plastic().is_some_and(|s| s.triggered);
    if projection.volume_transmitter.is_some() && !listens {
        let name = projection.synapse.name;
        warn(crate::models::VOLUME_TRANSMITTER.name, format!("has no effect: {name} listens to none"));
    }
}

/// Why a weight recorder sees nothing of a wire, if so. NEST's stays empty there, too.
fn unseen(from: &Node, to: &Node, carries: Signal) -> Option<String> {
    if from.model.is_generator() && !from.model.passes_plastic_synapses() {
        return Some(format!("{} is a generator, and weights are recorded of synapses between neurons", from.name));
    }
    if to.model.is_recorder() || from.model.is_recorder() {
        return Some("weights are recorded of synapses between neurons, not of the wires of recorders".into());
    }
    carries.is_continuous().then(|| format!("only spikes transmit a weight, and this wire carries {}", carries.name()))
}

/// Recorders that stay empty although they are connected.
fn check_recorder(project: &Project, recorder: &Node, problems: &mut Vec<Problem>) {
    let mut warn = |message: String| problems.push(Problem::warning(node::place(recorder), message));
    let named = |p: &&Projection| [p.weight_recorder, p.volume_transmitter].contains(&Some(recorder.id));
    let reached: Vec<&Projection> = project.projections.iter().filter(|p| p.to == recorder.id).collect();
    if recorder.model.is_transmitter() && !reached.is_empty() && !project.projections.iter().any(|p| named(&p)) {
        return warn(format!("has no effect: no projection names it as its {}", recorder.model.name));
    }
    if recorder.model.is_transmitter() && reached.is_empty() && project.projections.iter().any(|p| named(&p)) {
        return warn("hears nothing: connect the neuromodulatory neurons to it".into());
    }
    if recorder.model.stores() == Some(Stored::Pairs) && !reached.is_empty() {
        let entries = |name: &str| recorder.entries(name);
        let ports: Vec<u32> =
            (0..).take_while(|n| recorder.model.port(Signal::Spikes, *n, &entries).is_some()).take(64).collect();
        let free = ports.iter().find(|port| reached.iter().all(|p| p.receptor != **port));
        // Where both ports must be reached, one alone has no partners; a matrix counts pairs within a channel too.
        if let (2, Some(free), true) = (ports.len(), free, ports_are_fixed(recorder)) {
            warn(format!(
                "stays empty: nothing is connected to its port {free} (`receptor: {free}`), so no spike has a partner"
            ));
        }
    }
}

fn ports_are_fixed(recorder: &Node) -> bool {
    recorder.model.ports.iter().all(|port| port.each.is_empty())
}

fn check_knob(project: &Project, knob: &Knob, problems: &mut Vec<Problem>) {
    let mut warn = |message: String| {
        problems.push(Problem::warning(Place::Project, format!("knob {}: {message}", knob.name)).of("knobs"));
    };
    if knob.turns.is_empty() {
        return warn("turns nothing".into());
    }
    for turn in &knob.turns {
        if let Some(message) = turns_nothing(project, &turn.what) {
            return warn(message);
        }
        let turned = match &turn.what {
            Turned::Parameter { of, name } => {
                project.node(*of).and_then(|node| Some((name, node.model.parameter(name)?)))
            }
            Turned::Synapses { name, .. } => {
                let found = project.projections.iter().find(|p| turn.what.weighs(project, p));
                found.and_then(|p| Some((name, p.synapse.parameter(name)?)))
            }
            Turned::Weights { .. } => None,
        };
        if let Some((name, parameter)) = turned {
            let ends = [knob.range.0 * turn.times, knob.range.1 * turn.times];
            if let Some(end) = ends.iter().find(|end| !parameter.allows(**end)) {
                return warn(format!(
                    "its range turns {name} to {}, but that must be {}",
                    number(*end),
                    parameter.range_text()
                ));
            }
        }
    }
    if knob.value(project).is_none() {
        warn("what it turns does not agree on where it stands: values that vary, or that contradict each other".into());
    }
}

fn turns_nothing(project: &Project, what: &Turned) -> Option<String> {
    let name = |id: NodeId| project.node(id).map_or("?", |n| n.name.as_str());
    let (from, to, named) = match what {
        Turned::Parameter { .. } => return None,
        Turned::Weights { from, to } => (from, to, String::new()),
        Turned::Synapses { from, to, name } => (from, to, format!(" with synapses that have {name}")),
    };
    if project.projections.iter().any(|p| what.weighs(project, p)) {
        return None;
    }
    let there = to.map_or_else(|| "any neurons".to_owned(), |to| format!("\"{}\"", name(to)));
    Some(format!("turns nothing: no projection{named} leads from \"{}\" to {there}", name(*from)))
}

#[cfg(test)]
mod tests {
    use crate::description::Value;
    use crate::models::find;
    use crate::project::validate::testing::{errors, pair, warnings};
    use crate::project::{Knob, Node, NodeId, Project, Projection, ProjectionId, Rule, Turn, Turned};

    fn found(project: &Project, part: &str) -> bool {
        assert_eq!(errors(project), Vec::<String>::new());
        warnings(project).iter().any(|w| w.contains(part))
    }
    fn with(from: &str, to: &str, change: impl FnOnce(&mut Projection)) -> Project {
        let mut project = pair(from, 1, to, 1);
        change(&mut project.projections[0]);
        project
    }

    #[test]
    fn times_between_steps_say_what_they_become() {
        let mut project = pair("spike_generator", 1, "iaf_psc_alpha", 1);
        project.simulation.duration = 0.11;
        assert!(found(
            &project,
            "simulation: duration: 0.11 ms is no multiple of the resolution (0.1 ms) and counts as 0.1 ms"
        ));
        project.nodes[1].params.insert("t_ref".into(), Value::Real(2.05));
        assert!(found(&project, "b: t_ref: 2.05 ms is no multiple of the resolution (0.1 ms) and counts as 2.1 ms"));
        project.projections[0].delay = Value::Real(1.52);
        assert!(found(&project, "delay: 1.52 ms is no multiple of the resolution (0.1 ms) and counts as 1.5 ms"));
        project.projections[0].delay = Value::Lists(vec![vec![1.52]]);
        assert!(found(&project, "counts as 1.5 ms"));
        let plain = pair("spike_generator", 1, "iaf_psc_alpha", 1);
        assert!(!found(&plain, "multiple"));
    }

    #[test]
    fn seeds_of_what_is_not_drawn() {
        let seeded = |rule: Rule| {
            with("iaf_psc_alpha", "iaf_psc_exp", |p| {
                p.rule = rule;
                p.seed = Some(3);
            })
        };
        assert!(found(&seeded(Rule::AllToAll), "seed: has no effect"));
        assert!(!found(&seeded(Rule::PairwiseBernoulli { p: 0.5 }), "seed: has no effect"));
    }

    #[test]
    fn weights_and_delays_that_recorders_do_not_see() {
        assert!(found(
            &with("iaf_psc_alpha", "spike_recorder", |p| p.weight = Value::Real(5.0)),
            "weight: has no effect"
        ));
        assert!(found(
            &with("iaf_psc_alpha", "spike_recorder", |p| p.delay = Value::Real(5.0)),
            "delay: has no effect"
        ));
        assert!(found(&with("voltmeter", "iaf_psc_alpha", |p| p.weight = Value::Real(5.0)), "weight: has no effect"));
        assert!(found(
            &with("iaf_psc_alpha", "parrot_neuron", |p| p.weight = Value::Real(5.0)),
            "weight: has no effect"
        ));
        assert!(!found(&with("iaf_psc_alpha", "correlation_detector", |p| p.weight = Value::Real(5.0)), "weight"));
        assert!(!found(&with("iaf_psc_alpha", "iaf_psc_alpha", |p| p.weight = Value::Real(5.0)), "no effect"));
    }

    #[test]
    fn a_negative_conductance_is_told() {
        let negative =
            |to, receptor| with("spike_generator", to, |p| (p.weight, p.receptor) = (Value::Real(-1.0), receptor));
        assert!(found(&negative("iaf_cond_alpha_mc", 1), "negative conductance (in NEST too)"));
        assert!(found(&negative("pp_cond_exp_mc_urbanczik", 1), "negative conductance"));
        assert!(!found(&negative("iaf_cond_exp", 0), "negative conductance"));
        for (output, told) in [("COBA", true), ("CUBA", false)] {
            let text = format!(
                r#"(nodes: {{"a": (model: "parrot_neuron"), "b": (model: "LIFRef", params: (receptors: [(synapse: "Expon {output}")]))}},
                projections: [(from: "a", to: "b", receptor: 1, weight: -1)])"#
            );
            let (project, _) = crate::project::read(&text).unwrap();
            assert_eq!(found(&project, "negative conductance"), told, "{output}");
        }
        let mut gap = with("hh_psc_alpha_gap", "hh_psc_alpha_gap", |p| {
            (p.symmetric, p.rule, p.weight) = (true, Rule::OneToOne, Value::Real(-1.0));
        });
        gap.projections[0].synapse = find("gap_junction").unwrap();
        assert!(found(&gap, "negative conductance"));
    }

    #[test]
    fn recorders_that_stay_empty_say_why() {
        let mut project = pair("spike_generator", 1, "iaf_psc_alpha", 1);
        project.nodes.push(Node::new(NodeId(2), "w", find("weight_recorder").unwrap()));
        project.projections[0].weight_recorder = Some(NodeId(2));
        assert!(found(&project, "weight_recorder: records nothing here: a is a generator"));
        let pairs = pair("parrot_neuron", 1, "correlation_detector", 1);
        assert!(found(&pairs, "b: stays empty: nothing is connected to its port 1"));
        let mut both = pairs.clone();
        both.projections.push(Projection { id: ProjectionId(1), receptor: 1, ..pairs.projections[0].clone() });
        assert!(!found(&both, "stays empty"));
        let deaf = pair("parrot_neuron", 1, "volume_transmitter", 1);
        assert!(found(&deaf, "no projection names it"));
        let mut unheard = pair("parrot_neuron", 1, "parrot_neuron", 1);
        unheard.nodes.push(Node::new(NodeId(2), "v", find("volume_transmitter").unwrap()));
        unheard.projections[0].volume_transmitter = Some(NodeId(2));
        assert!(found(&unheard, "volume_transmitter: has no effect: static_synapse listens to none"));
    }

    #[test]
    fn rules_that_make_nothing() {
        assert!(found(
            &with("parrot_neuron", "parrot_neuron", |p| p.rule = Rule::PairwiseBernoulli { p: 0.0 }),
            "makes no synapses"
        ));
        assert!(!found(&pair("parrot_neuron", 1, "parrot_neuron", 1), "makes no synapses"));
    }

    #[test]
    fn knobs_that_turn_nothing() {
        let knob = |turns| Knob { name: "g".into(), doc: String::new(), range: (-1.0, 10.0), step: 0.0, turns };
        let with = |turns| Project { knobs: vec![knob(turns)], ..pair("poisson_generator", 1, "iaf_psc_alpha", 1) };
        let weights = |from, to| vec![Turn { what: Turned::Weights { from: NodeId(from), to }, times: 1.0 }];
        assert!(found(&with(weights(1, None)), "knob g: turns nothing: no projection leads from \"b\" to any neurons"));
        assert!(found(&with(weights(1, Some(NodeId(0)))), "from \"b\" to \"a\""));
        assert!(!found(&with(weights(0, None)), "knob"));
        assert!(found(&with(Vec::new()), "turns nothing"));
        let lambda = |name: &str| Turned::Synapses { from: NodeId(0), to: None, name: name.into() };
        let synapses = |synapse: &str, name: &str, times: f64| {
            let knobs = vec![knob(vec![Turn { what: lambda(name), times }])];
            let mut project = Project { knobs, ..pair("parrot_neuron", 1, "iaf_psc_alpha", 1) };
            project.projections[0].synapse = find(synapse).unwrap();
            project
        };
        assert!(found(&with(vec![Turn { what: lambda("lambda"), times: 1.0 }]), "with synapses that have lambda"));
        assert!(!found(&synapses("stdp_synapse", "alpha", 1.0), "knob g"));
        assert!(found(&synapses("tsodyks_synapse", "U", 0.1), "its range turns U to -0.1, but that must be"));
        let rate = vec![Turn { what: Turned::Parameter { of: NodeId(0), name: "rate".into() }, times: 10.0 }];
        assert!(found(&with(rate), "its range turns rate to -10, but that must be ≥ 0"));
        let mut apart = with(weights(0, None));
        apart.projections.push(Projection {
            id: ProjectionId(1),
            weight: Value::Real(7.0),
            ..apart.projections[0].clone()
        });
        assert!(found(&apart, "does not agree"));
    }

    #[test]
    fn parameters_that_need_another_one_say_so() {
        let with = |model: &str, params: &[(&str, Value)]| {
            let mut project = Project::default();
            let mut node = Node::new(NodeId(0), "a", find(model).expect("in the catalogue"));
            node.n = 2;
            node.params = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            project.nodes.push(node);
            project
        };
        let rho = ("rho", Value::Real(5.0));
        let idle = "rho: has no effect while delta is 0";
        assert!(found(&with("iaf_psc_exp", std::slice::from_ref(&rho)), idle));
        for delta in [Value::Real(1.0), Value::List(vec![0.0, 1.0])] {
            assert!(!found(&with("iaf_psc_exp", &[rho.clone(), ("delta", delta)]), idle), "it acts in some neuron");
        }
        let interval = ("ignore_and_spike_interval", Value::Real(5.0));
        let idle = "has no effect while ignore_and_spike is false";
        assert!(found(&with("iaf_psc_delta", std::slice::from_ref(&interval)), idle));
        assert!(!found(&with("iaf_psc_delta", &[interval, ("ignore_and_spike", Value::Flag(true))]), idle));
        let never = with("pp_cond_exp_mc_urbanczik", &[("dendritic.I_e", Value::Real(5.0))]);
        assert!(found(&never, "dendritic.I_e: has no effect: the dendrite"));
        let synapse = |tau_fac: f64| {
            let facilitation = [("u".to_owned(), Value::Real(0.5)), ("tau_fac".to_owned(), Value::Real(tau_fac))];
            with_synapse("tsodyks_synapse", facilitation)
        };
        assert!(found(&synapse(0.0), "u: has no effect while tau_fac is 0"));
        assert!(!found(&synapse(100.0), "u: has no effect"));
    }

    fn with_synapse(model: &str, params: [(String, Value); 2]) -> Project {
        with("iaf_psc_exp", "iaf_psc_exp", |p| {
            p.synapse = find(model).expect("in the catalogue");
            p.params = params.into();
        })
    }
}
