//! Projections: ends, receptor, rule.

use super::node::{unknown_parameter, violated};
pub(super) use super::places::of_projection as place;
use super::synapse_values;
use super::{Place, Problem, space};
use crate::description::Resolution;
use crate::description::{Storage, Value, number};
use crate::models::{self, Family, PARROT_NEURON, STATIC_SYNAPSE, Signal, VOLUME_TRANSMITTER, WEIGHT_RECORDER};
use crate::project::third_factor::check_pools;
use crate::project::{Extent, Leg, Node, Project, Projection, Rule, ThirdFactor};
use crate::runtime::synapses::archive::TAU_MINUS;

/// Every error of one projection.
pub(super) fn check(
    project: &Project,
    projection: &Projection,
    resolution: Option<Resolution>,
    problems: &mut Vec<Problem>,
) {
    let place = place(project, projection);
    let mut wrong = |field: &str, message: String| {
        problems.push(Problem::error(place.clone(), message).of(field));
    };
    let (Some(from), Some(to)) = (project.node(projection.from), project.node(projection.to)) else {
        let field = if project.node(projection.from).is_none() { "from" } else { "to" };
        return wrong(field, "the node that this projection belongs to does not exist".into());
    };
    if projection.synapse.family() != Family::Synapse {
        wrong("synapse", format!("{} is no synapse model", projection.synapse.name));
    }
    let mut spatial = Vec::new();
    match project.wiring(projection) {
        Err(message) => return wrong("to", message),
        Ok(wiring) if wiring.reversed => {
            wrong("from", format!("the wire works the other way: from {} to {}", to.name, from.name));
        }
        Ok(wiring) => {
            space::check_projection(project, projection, wiring.carries, &mut spatial);
            check_receptor(projection, wiring.carries, to).unwrap_or_else(|m| wrong("receptor", m));
            check_sign(projection, wiring.carries, from, to).unwrap_or_else(|m| wrong("weight", m));
            check_source(projection, wiring.carries, from, to).unwrap_or_else(|(field, m)| wrong(field, m));
        }
    }
    for (field, members) in [("sources", project.sources_of(projection)), ("targets", project.targets_of(projection))] {
        for (node, part) in members {
            if let Err(message) = part.cells(node.n) {
                return wrong(field, format!("{}: {message}", node.name));
            }
        }
    }
    check_third_factor(project, projection).unwrap_or_else(|(field, message)| wrong(field, message));
    check_united(project, projection).unwrap_or_else(|message| wrong("from", message));
    if let Some(problem) = projection.pairs_file.as_ref().and_then(|file| file.problem.clone())
        && projection.rule == Rule::Pairs
    {
        return wrong("rule", problem);
    }
    if projection.storage == Storage::Dense
        && let Some(reason) = project.reason_against_dense(projection)
    {
        wrong("storage", format!("dense keeps a table of all pairs: {reason}; leave it out or write sparse"));
    }
    let extent = project.extent(projection);
    check_rule(project, projection, from, to).unwrap_or_else(|message| wrong("rule", message));
    synapse_values::check_weight(projection, extent.sources, extent.targets)
        .unwrap_or_else(|message| wrong("weight", message));
    if let Some(resolution) = resolution
        && projection.adapted_delay(resolution.ms()).is_none()
    {
        synapse_values::check_delay(projection, extent.sources, extent.targets, resolution)
            .unwrap_or_else(|message| wrong("delay", message));
    }
    problems.extend(spatial);
    problems.extend(check_synapses(projection, extent.sources, extent.targets, &place));
    let mut wrong = |field: &str, message: String| {
        problems.push(Problem::error(place.clone(), message).of(field));
    };
    if from.model.is_generator() && !from.model.passes_plastic_synapses() && projection.synapse.plastic().is_some() {
        let name = projection.synapse.name;
        wrong(
            "synapse",
            format!("{name} takes no spikes straight from a generator; put a {} between", PARROT_NEURON.name),
        );
    }
    let targets = [Some(to), projection.symmetric.then_some(from)].into_iter().flatten();
    for (target, needs) in targets.filter_map(|target| Some((target, projection.synapse.plastic()?.needs))) {
        let (name, model) = (projection.synapse.name, target.model.name);
        if let Some(missing) = needs.quantities().find(|name| target.recordable(name).is_none()) {
            wrong("synapse", format!("{name} reads {missing} of its targets, which {model} does not have"));
        }
        // How fast the trace of its spikes decays is a parameter of a neuron that keeps one.
        if needs.spikes && target.model.is_neuron() && target.model.parameter(TAU_MINUS.name).is_none() {
            wrong("synapse", format!("{name} reads the trace of its targets' spikes, which {model} does not keep"));
        }
    }
    if projection.synapse.plastic().is_some_and(|s| s.triggered) && projection.volume_transmitter.is_none() {
        let name = projection.synapse.name;
        let device = VOLUME_TRANSMITTER.name;
        wrong(device, format!("{name} needs one: add a {device} and name it here"));
    }
    if projection.synapse.plastic().is_some()
        && (!from.model.is_generator() || from.model.passes_plastic_synapses())
        && let Some(device) =
            [to, from].into_iter().find(|node| node.model.is_recorder() || node.id == to.id && to.model.is_generator())
    {
        let (name, takes) = (projection.synapse.name, STATIC_SYNAPSE.name);
        wrong("synapse", format!("{name} does not lead to a {}: its wires are of {takes} only", device.model.name));
    }
    // NEST refuses them, too: whoever gives them expects that they act.
    if projection.synapse.parameter("delay").is_none() && projection.delay != Value::Real(1.0) {
        wrong("delay", format!("{} has no delay, it acts at once; leave it out", projection.synapse.name));
    }
    if projection.synapse.parameter("weight").is_none() && projection.weight != Value::Real(1.0) {
        let own: Vec<&str> = projection.synapse.parameters().map(|p| p.name).collect();
        let (name, own) = (projection.synapse.name, own.join(" and "));
        wrong("weight", format!("{name} has no weight; set {own} in `params`"));
    }
    if to.model.is_transmitter() && !from.model.sends_as_neurons() {
        wrong("from", format!("{} hears neurons only; put a {} between", to.name, PARROT_NEURON.name));
    }
    let devices =
        [(WEIGHT_RECORDER.name, projection.weight_recorder), (VOLUME_TRANSMITTER.name, projection.volume_transmitter)];
    for (model, given) in devices {
        let Some(id) = given else { continue };
        match project.node(id) {
            Some(node) if node.model.name == model => {}
            Some(node) => wrong(model, format!("must be a {model}, {} is a {}", node.name, node.model.name)),
            None => wrong(model, format!("the {model} of this projection does not exist")),
        }
    }
    if projection.synapse.carries() == Some(Signal::Potential) {
        let all_of_one = projection.rule == Rule::AllToAll && extent.same;
        let pairs = projection.rule != Rule::AllToAll && projection.symmetric;
        if !all_of_one && !pairs {
            let message = "a gap junction goes both ways: use symmetric_pairwise_bernoulli, one_to_one with `symmetric`, or all_to_all within one population";
            wrong("rule", message.into());
        }
    }
    if projection.symmetric {
        let back = models::wire_with(to.model, from.model, projection.synapse);
        if !projection.rule.can_be_symmetric() {
            let message = format!("{} cannot be made symmetric; all_to_all and one_to_one can", projection.rule.name());
            wrong("symmetric", message);
        } else if !back.is_ok_and(|wiring| !wiring.reversed) {
            wrong("symmetric", format!("no synapses run back from {} to {}", to.name, from.name));
        }
    }
}

/// Parameters of every synapse model that stand beside `params`, as fields of the projection.
pub const OF_THE_WIRE: [&str; 2] = ["weight", "delay"];

fn beside_params(name: &str) -> String {
    format!("belongs beside `params`, not into them: `{name}: …`")
}

/// The parameters of a projection's synapses, also for changes while they run.
pub fn check_synapses(projection: &Projection, sources: usize, targets: usize, place: &Place) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, value) in &projection.params {
        let checked = match projection.synapse.parameter(name) {
            Some(_) if OF_THE_WIRE.contains(&name.as_str()) => Err(beside_params(name)),
            Some(parameter) => synapse_values::check_parameter(projection, parameter, value, sources, targets),
            None => Err(unknown_parameter(projection.synapse, name, &OF_THE_WIRE)),
        };
        problems.extend(checked.err().map(|message| Problem::error(place.clone(), message).of(name)));
    }
    check_relations(projection, place, &mut problems);
    problems
}

/// What parameters of synapses must hold together. A wrong sign is odd, but the formulas go through.
fn check_relations(projection: &Projection, place: &Place, problems: &mut Vec<Problem>) {
    for relation in projection.synapse.relations {
        let names = relation.parameters();
        let given = names.iter().map(|name| projection.value(name)).collect::<Option<Vec<Value>>>();
        let Some((_, values)) = given.and_then(|given| violated(relation, &given)) else { continue };
        let (first, message) = (names[0], format!("{}, is {}", relation.demand(0, &values, ""), number(values[0])));
        let problem = if relation.is_advice() { Problem::warning } else { Problem::error };
        problems.push(problem(place.clone(), message).of(first));
    }
}

/// Errors of weight and delay that do not depend on rule and sizes.
pub(super) fn check_single_values(
    project: &Project,
    projection: &Projection,
    resolution: Resolution,
    problems: &mut Vec<Problem>,
) {
    let is_single = |value: &Value| !matches!(value, Value::List(_) | Value::Lists(_));
    let checked = [
        ("weight", &projection.weight, synapse_values::check_weight(projection, 0, 0)),
        ("delay", &projection.delay, synapse_values::check_delay(projection, 0, 0, resolution)),
    ];
    for (field, value, checked) in checked {
        if let Err(message) = checked
            && is_single(value)
            && (field != "delay" || projection.adapted_delay(resolution.ms()).is_none())
        {
            problems.push(Problem::error(place(project, projection), message).of(field));
        }
    }
}

/// How many targets the projection has that a leg follows.
fn primary_targets(project: &Project, leg: &Projection) -> usize {
    project.primary_of(leg).map_or(0, |primary| project.extent(primary).targets)
}

/// Legs follow a projection between neurons and lead to neurons.
fn check_third_factor(project: &Project, projection: &Projection) -> Result<(), (&'static str, String)> {
    if projection.third_factor.is_some() {
        let Some(primary) = project.primary_of(projection) else {
            return Err(("rule", "the projection whose synapses it follows does not exist".into()));
        };
        let third = project.third_node(primary).and_then(|id| project.node(id));
        return match third {
            Some(third) if !third.model.is_neuron() => {
                let message = format!("a third factor is a population, {} is a {}", third.name, third.model.name);
                Err(("rule", message))
            }
            _ => Ok(()),
        };
    }
    if project.third_node(projection).is_none() {
        return Ok(());
    }
    if projection.symmetric {
        return Err(("symmetric", "a projection with a third factor cannot be made symmetric".into()));
    }
    if project.targets_of(projection).iter().any(|(node, _)| !node.model.is_neuron()) {
        return Err(("third_factor", "stands beside synapses onto neurons only".into()));
    }
    if !project.has_whole_legs(projection) {
        return Err(("third_factor", "has lost a leg; delete it and make it anew".into()));
    }
    Ok(())
}

/// Those that share a rule are as many as pairs of nodes, and agree.
fn check_united(project: &Project, projection: &Projection) -> Result<(), String> {
    if projection.union.is_none() {
        return Ok(());
    }
    let (sources, targets) = (project.sources_of(projection).len(), project.targets_of(projection).len());
    let one_for_each = project.united(projection).count() == sources * targets;
    if !one_for_each || !project.united(projection).all(|other| other.agrees(projection)) {
        return Err("the projections that share this rule do not agree; delete them and make them anew".into());
    }
    Ok(())
}

fn check_receptor(projection: &Projection, carries: Signal, to: &Node) -> Result<(), String> {
    let number = projection.receptor;
    if carries == Signal::Samples {
        let refused = format!("must be 0, for samples pass no receptor, is {number}");
        return if number == 0 { Ok(()) } else { Err(refused) };
    }
    if to.model.port(carries, number, &|name| to.entries(name)).is_some() {
        return Ok(());
    }
    let named = |p: &models::Port| if p.name.is_empty() { String::new() } else { format!(" ({})", p.name) };
    let ports = to.model.ports.iter().filter(|p| p.takes == carries).map(|p| format!("{}{}", p.number, named(p)));
    let (what, ports) = (carries.name(), ports.collect::<Vec<String>>().join(" and "));
    Err(format!("{} takes {what} at {ports}, not at {number}", to.model.name))
}

/// Some receptors are conductances by themselves, for which a negative weight has no meaning.
fn check_sign(projection: &Projection, carries: Signal, from: &Node, to: &Node) -> Result<(), String> {
    let port = to.model.port(Signal::Spikes, projection.receptor, &|name| to.entries(name));
    if carries != Signal::Spikes || !port.is_some_and(|p| p.only_positive) {
        return Ok(());
    }
    let lowest = projection.weight.lowest();
    if lowest < 0.0 {
        return Err(format!(
            "{} takes no negative weights at its receptors; here is {}",
            to.model.name,
            number(lowest)
        ));
    }
    let factor = from.value("spike_weights").map_or(0.0, |weights| weights.lowest());
    if factor < 0.0 {
        let message = "takes no negative weights at its receptors; the spike_weights of";
        return Err(format!("{} {message} {} hold {}", to.model.name, from.name, number(factor)));
    }
    Ok(())
}

/// Some receptors take spikes of certain models only, and need what these spikes carry.
fn check_source(
    projection: &Projection,
    carries: Signal,
    from: &Node,
    to: &Node,
) -> Result<(), (&'static str, String)> {
    let (model, receptor) = (to.model.name, projection.receptor);
    let port = to.model.port(carries, receptor, &|name| to.entries(name));
    let own = from.model.name == model;
    match port.and_then(|port| port.of_its_own) {
        Some(true) if !own => {
            let message = format!("{model} takes spikes of {model} only at {receptor}, not of {}", from.model.name);
            return Err(("receptor", message));
        }
        Some(false) if own => {
            let other = to.model.ports.iter().find(|p| p.takes == carries && p.carried).map_or(receptor, |p| p.number);
            return Err(("receptor", format!("{model} takes no spikes of {model} at {receptor}; use {other}")));
        }
        _ => {}
    }
    if port.is_some_and(|port| port.gated.is_some()) {
        let (name, usual) = (projection.synapse.name, STATIC_SYNAPSE.name);
        if projection.synapse.plastic().is_some() {
            let message =
                format!("receptor {receptor} of {model} has a state for each synapse, {name} too; use {usual}");
            return Err(("synapse", message));
        }
        if projection.weight_recorder.is_some() {
            let message =
                format!("receptor {receptor} of {model} has a state for each synapse; leave the recorder out");
            return Err((WEIGHT_RECORDER.name, message));
        }
        if from.model.is_generator() && from.model.facts.happens_at.is_none() {
            let message = format!(
                "random spikes do not lead to receptor {receptor} of {model}; put a {} between",
                PARROT_NEURON.name
            );
            return Err(("receptor", message));
        }
    }
    let takes_whole = port.is_some_and(|port| port.weightless || port.gated.is_some() || port.carried);
    if projection.synapse.interpolates() && takes_whole && !to.model.is_recorder() {
        let (name, usual) = (projection.synapse.name, STATIC_SYNAPSE.name);
        let message = format!("{name} shares spikes between two steps, which {model} does not take; use {usual}");
        return Err(("synapse", message));
    }
    if port.is_some_and(|port| port.carried) && projection.synapse.plastic().is_some() {
        let (name, usual) = (projection.synapse.name, STATIC_SYNAPSE.name);
        let message = format!("{name} does not pass on what spikes carry to {receptor} of {model}; use {usual}");
        return Err(("synapse", message));
    }
    if port.is_some_and(|port| port.carried) && projection.weight_recorder.is_some() {
        let message =
            format!("receptor {receptor} of {model} weighs spikes by what they carry; leave the recorder out");
        return Err((WEIGHT_RECORDER.name, message));
    }
    Ok(())
}

fn check_rule(project: &Project, projection: &Projection, from: &Node, to: &Node) -> Result<(), String> {
    let name = projection.rule.name();
    let extent = project.extent(projection);
    let (sources, targets) = (extent.sources, extent.targets);
    let is_fixed = matches!(
        projection.rule,
        Rule::FixedIndegree { .. } | Rule::FixedOutdegree { .. } | Rule::FixedTotalNumber { .. }
    );
    let is_repeated = matches!(projection.rule, Rule::PairwisePoisson { .. } | Rule::SymmetricPairwiseBernoulli { .. });
    let to_device = !to.model.is_neuron();
    if (is_fixed && to_device) || (is_repeated && (from.model.is_recorder() || to_device)) {
        return Err(format!("{name} cannot lead to a device; use all_to_all, one_to_one or pairwise_bernoulli"));
    }
    // Two neurons of one population may be drawn once and then mirrored.
    let once = extent.same && matches!(projection.rule, Rule::SymmetricPairwiseBernoulli { .. });
    if projection.rule.needs_multapses() && !projection.multapses && !once {
        return Err(format!("{name} always allows multapses; they cannot be off"));
    }
    match projection.rule {
        Rule::AllToAll => Ok(()),
        Rule::OneToOne if sources == targets => Ok(()),
        Rule::OneToOne => {
            let (from, to) = (project.sources_label(projection), project.targets_label(projection));
            let wanted = "one_to_one needs populations of the same size, but";
            Err(format!("{wanted} {from} has {sources} and {to} has {targets}"))
        }
        Rule::FixedIndegree { indegree } => check_degree(projection, extent, indegree, sources, "sources"),
        Rule::FixedOutdegree { outdegree } => check_degree(projection, extent, outdegree, targets, "targets"),
        Rule::FixedTotalNumber { n } => check_total(projection, extent, n),
        Rule::PairwiseBernoulli { p } if (0.0..=1.0).contains(&p) => Ok(()),
        // What comes of it together with the kernel counts.
        Rule::PairwiseBernoulli { p } if projection.kernel.is_some() && p >= 0.0 && p.is_finite() => Ok(()),
        Rule::PairwiseBernoulli { p } => Err(format!("the probability must be 0 … 1, is {}", number(p))),
        Rule::PairwisePoisson { mean } if mean >= 0.0 && mean.is_finite() => Ok(()),
        Rule::PairwisePoisson { mean } => Err(format!("the mean number must be finite and ≥ 0, is {}", number(mean))),
        Rule::SymmetricPairwiseBernoulli { p } if once && !projection.multapses && projection.symmetric => {
            if (0.0..=1.0).contains(&p) {
                Ok(())
            } else {
                Err(format!("the probability must be 0 … 1, is {}", number(p)))
            }
        }
        Rule::SymmetricPairwiseBernoulli { p } if !(0.0..1.0).contains(&p) => {
            Err(format!("the probability must be at least 0 and less than 1, is {}", number(p)))
        }
        Rule::SymmetricPairwiseBernoulli { .. } if projection.autapses || !projection.symmetric => {
            Err(format!("{name} needs `symmetric: true` and `autapses: false`"))
        }
        Rule::SymmetricPairwiseBernoulli { .. } => Ok(()),
        Rule::Pairs => check_pairs(project, projection),
        Rule::ThirdFactor { .. } => match projection.third_factor {
            Some(ThirdFactor { leg: Leg::In, .. }) => {
                check_pools(projection.rule, primary_targets(project, projection), to)
            }
            Some(_) => check_pools(projection.rule, targets, from),
            None => Err(format!("{name} is for third factors; choose another rule")),
        },
    }
}

/// Whether all listed pairs are there, and none is more than is allowed.
fn check_pairs(project: &Project, projection: &Projection) -> Result<(), String> {
    let extent = project.extent(projection);
    let (from, to) = (project.sources_label(projection), project.targets_label(projection));
    let is_self = project.same_cells(projection);
    for (i, &(source, target)) in projection.pairs.iter().enumerate() {
        for (end, name, n) in [(source, &from, extent.sources), (target, &to, extent.targets)] {
            if end as usize >= n {
                let pair = i + 1;
                return Err(format!("pair {pair} is ({source}, {target}), but {name} has {n}, counted from 0"));
            }
        }
        if !projection.autapses && is_self(source as usize, target as usize) {
            return Err(format!("pair {} is ({source}, {target}), an autapse, and autapses are off", i + 1));
        }
    }
    if !projection.multapses {
        let mut sorted = projection.pairs.to_vec();
        sorted.sort_unstable();
        if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            let (source, target) = twice[0];
            return Err(format!("({source}, {target}) is listed twice, and multapses are off"));
        }
    }
    Ok(())
}

/// Whether each neuron can find `degree` partners among `partners`.
fn check_degree(
    projection: &Projection,
    extent: Extent,
    degree: u64,
    partners: usize,
    what: &str,
) -> Result<(), String> {
    let without_self = extent.shared > 0 && !projection.autapses;
    let available = partners as u64 - u64::from(without_self && partners > 0);
    let name = projection.rule.name();
    let besides = if without_self { " besides itself (autapses are off)" } else { "" };
    if degree > 0 && available == 0 {
        return Err(format!("{name}({degree}) is impossible: a neuron has no {what}{besides}"));
    }
    if !projection.multapses && degree > available {
        return Err(format!(
            "{name}({degree}) is impossible without multapses: a neuron has only {available} {what}{besides}"
        ));
    }
    Ok(())
}

fn check_total(projection: &Projection, extent: Extent, n: u64) -> Result<(), String> {
    let alone = (extent.sources, extent.targets, extent.shared) == (1, 1, 1);
    if n > 0 && alone && !projection.autapses {
        return Err(format!("fixed_total_number({n}) is impossible: a single neuron has only autapses, which are off"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::project::validate::testing::{errors, pair};
    use crate::project::{Projection, Rule};

    fn errors_with(from: &str, n: usize, to: &str, m: usize, change: impl FnOnce(&mut Projection)) -> Vec<String> {
        let mut project = pair(from, n, to, m);
        change(&mut project.projections[0]);
        errors(&project)
    }
    fn loop_errors(n: usize, change: impl FnOnce(&mut Projection)) -> Vec<String> {
        let mut project = pair("parrot_neuron", n, "parrot_neuron", n);
        project.projections[0].to = project.projections[0].from;
        change(&mut project.projections[0]);
        errors(&project)
    }

    #[test]
    fn sizes_of_one_to_one() {
        assert!(errors_with("parrot_neuron", 3, "parrot_neuron", 3, |p| p.rule = Rule::OneToOne).is_empty());
        let found = errors_with("parrot_neuron", 3, "parrot_neuron", 4, |p| p.rule = Rule::OneToOne);
        assert_eq!(found, ["a → b: rule: one_to_one needs populations of the same size, but a has 3 and b has 4"]);
    }

    #[test]
    fn receptors_for_what_spikes_carry_choose_their_senders() {
        let found = |from: &str, to: &str, receptor: u32, synapse: &str| {
            errors_with(from, 1, to, 1, |p| {
                p.receptor = receptor;
                p.synapse = crate::models::find(synapse).expect("a synapse model");
            })
        };
        assert!(found("iaf_bw_2001", "iaf_bw_2001", 3, "static_synapse").is_empty());
        assert!(found("iaf_psc_exp", "iaf_bw_2001", 3, "static_synapse")[0].contains("of iaf_bw_2001 only"));
        assert!(found("iaf_tum_2000", "iaf_tum_2000", 1, "static_synapse").is_empty());
        assert!(found("iaf_tum_2000", "iaf_tum_2000", 0, "static_synapse")[0].contains("use 1"));
        assert!(found("iaf_tum_2000", "iaf_tum_2000", 1, "stdp_synapse")[0].contains("use static_synapse"));
        assert!(found("iaf_psc_exp", "iaf_bw_2001_exact", 3, "static_synapse").is_empty());
        assert!(found("iaf_psc_exp", "iaf_bw_2001_exact", 3, "stdp_synapse")[0].contains("use static_synapse"));
        assert!(found("poisson_generator", "iaf_bw_2001_exact", 3, "static_synapse")[0].contains("parrot_neuron"));
    }

    #[test]
    fn degrees_without_multapses() {
        let indegree = |degree, multapses| {
            errors_with("parrot_neuron", 3, "parrot_neuron", 9, |p| {
                p.rule = Rule::FixedIndegree { indegree: degree };
                p.multapses = multapses;
            })
        };
        assert!(indegree(4, true).is_empty());
        assert!(indegree(3, false).is_empty());
        assert!(indegree(4, false)[0].contains("only 3 sources"));
        let outdegree = errors_with("parrot_neuron", 9, "parrot_neuron", 3, |p| {
            p.rule = Rule::FixedOutdegree { outdegree: 4 };
            p.multapses = false;
        });
        assert!(outdegree[0].contains("only 3 targets"));
    }

    #[test]
    fn requests_that_would_never_end() {
        let full = |autapses| {
            loop_errors(3, |p| {
                p.rule = Rule::FixedIndegree { indegree: 3 };
                p.multapses = false;
                p.autapses = autapses;
            })
        };
        assert!(full(true).is_empty());
        assert!(full(false)[0].contains("only 2 sources besides itself"));
        let alone = |rule| {
            loop_errors(1, |p| {
                p.rule = rule;
                p.autapses = false;
            })
        };
        assert!(alone(Rule::FixedIndegree { indegree: 1 })[0].contains("impossible"));
        assert!(alone(Rule::FixedOutdegree { outdegree: 1 })[0].contains("impossible"));
        assert!(alone(Rule::FixedTotalNumber { n: 1 })[0].contains("impossible"));
        assert!(alone(Rule::FixedIndegree { indegree: 0 }).is_empty());
    }

    #[test]
    fn totals_and_probabilities() {
        let total = errors_with("parrot_neuron", 3, "parrot_neuron", 3, |p| {
            p.rule = Rule::FixedTotalNumber { n: 5 };
            p.multapses = false;
        });
        assert!(total[0].contains("multapses"));
        for (p, right) in [(0.0, true), (1.0, true), (1.1, false), (-0.1, false), (f64::NAN, false)] {
            let found = errors_with("parrot_neuron", 3, "parrot_neuron", 3, |x| x.rule = Rule::PairwiseBernoulli { p });
            assert_eq!(found.is_empty(), right, "{p}");
        }
    }

    #[test]
    fn receptors_must_exist() {
        let with = |from, to, receptor| errors_with(from, 1, to, 1, |p| p.receptor = receptor);
        assert!(with("dc_generator", "iaf_psc_exp", 1).is_empty());
        assert!(with("dc_generator", "iaf_psc_exp", 2)[0].contains("currents at 0 and 1, not at 2"));
        assert!(with("spike_generator", "iaf_psc_exp", 1)[0].contains("spikes at 0, not at 1"));
        assert!(with("spike_generator", "parrot_neuron", 1).is_empty());
        assert!(with("multimeter", "iaf_psc_exp", 1)[0].contains("must be 0"));
    }

    #[test]
    fn wires_that_do_not_fit() {
        let with = |from, to| errors_with(from, 1, to, 1, |_| {});
        assert!(with("dc_generator", "parrot_neuron")[0].contains("takes no currents"));
        assert!(with("multimeter", "parrot_neuron")[0].contains("nothing to sample"));
        assert!(with("parrot_neuron", "spike_generator")[0].contains("takes no input"));
        assert!(with("iaf_psc_alpha", "voltmeter")[0].contains("the other way: from b to a"));
        let fixed =
            errors_with("iaf_psc_alpha", 3, "spike_recorder", 1, |p| p.rule = Rule::FixedIndegree { indegree: 1 });
        assert!(fixed[0].contains("cannot lead to a device"));
    }
}
