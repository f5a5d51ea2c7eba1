//! Another synapse model for a wire, with all that lets it run: what still fits stays as it was.

use spikeloom_engine::description::Value;
use spikeloom_engine::models::{Model, Signal, VOLUME_TRANSMITTER, weight_unit};
use spikeloom_engine::project::{Node, NodeId, Place, Problem, Project, Projection, Rule, Severity, validate};

use super::create::{insert_beside, new_projection};
use crate::action::Edit;

/// The projection with this synapse model; receptor, rule, weight and delay become what the model needs.
pub fn with_synapse(project: &Project, old: &Projection, model: &'static Model) -> Projection {
    let mut new = Projection { synapse: model, ..old.clone() };
    new.params.retain(|name, _| model.parameter(name).is_some());
    let (Some(from), Some(to)) = (project.node(old.from), project.node(old.to)) else { return new };
    let carries = |p: &Projection| project.wiring(p).map_or(Signal::Spikes, |w| w.carries);
    let (before, now) = (carries(old), carries(&new));
    if before != now {
        new.receptor = to.model.ports.iter().find(|p| p.takes == now).map_or(0, |p| p.number);
    }
    let unit = weight_unit(now, to.model, new.receptor);
    let refused = matches!((&new.weight, model.parameter("weight")), (Value::Real(x), Some(p)) if !p.allows(*x));
    if before != now || refused || unit != weight_unit(before, to.model, old.receptor) {
        new.weight = usual_weight(project, &new, now);
    }
    if model.parameter("delay").is_none() {
        new.reset_delay();
    }
    if now == Signal::Potential {
        pair_both_ways(&mut new, from, to);
    } else if before == Signal::Potential {
        new.symmetric = matches!(new.rule, Rule::SymmetricPairwiseBernoulli { .. });
    }
    if model.plastic().is_some_and(|s| s.triggered) && new.volume_transmitter.is_none() {
        new.volume_transmitter = project.nodes.iter().find(|n| n.model.is_transmitter()).map(|n| n.id);
    }
    new
}

/// The weight that a new wire of this kind would have.
fn usual_weight(project: &Project, projection: &Projection, carries: Signal) -> Value {
    let declared = projection.synapse.parameter("weight").map(|p| Value::from(p.default));
    let default = || declared.clone().unwrap_or(Value::Real(1.0));
    if carries.is_continuous() {
        return default();
    }
    match new_projection(project, projection.id, projection.from, projection.to) {
        Ok(fresh) if fresh.synapse.carries().is_none() => fresh.weight,
        _ => default(),
    }
}

/// What both sides have in common goes both ways: pairs that are drawn, or named, or all within one population.
fn pair_both_ways(projection: &mut Projection, from: &Node, to: &Node) {
    let share = |k: u64, of: usize| (k as f64 / of.max(1) as f64).clamp(0.0, 0.999);
    let of_pairs = |n: u64| (n as f64 / (from.n as f64 * to.n as f64).max(1.0)).clamp(0.0, 0.999);
    let p = match projection.rule {
        // All within one population are paired both ways already.
        Rule::AllToAll if from.id == to.id => {
            projection.symmetric = false;
            return;
        }
        Rule::AllToAll | Rule::OneToOne if from.n == to.n => {
            projection.rule = Rule::OneToOne;
            projection.symmetric = true;
            return;
        }
        Rule::AllToAll | Rule::OneToOne => 0.1,
        Rule::FixedIndegree { indegree } => share(indegree, from.n),
        Rule::FixedOutdegree { outdegree } => share(outdegree, to.n),
        Rule::FixedTotalNumber { n } => of_pairs(n),
        // A leg of a third factor has no other rule.
        Rule::ThirdFactor { .. } => return,
        Rule::Pairs => of_pairs(projection.pairs.len() as u64),
        Rule::PairwiseBernoulli { p } | Rule::SymmetricPairwiseBernoulli { p } => p.clamp(0.0, 0.999),
        Rule::PairwisePoisson { mean } => mean.clamp(0.0, 0.999),
    };
    projection.rule = Rule::SymmetricPairwiseBernoulli { p };
    (projection.symmetric, projection.autapses, projection.multapses) = (true, false, true);
}

/// Why the wire could not run with this model, in spite of all that is set with it.
pub fn objection(project: &Project, old: &Projection, model: &'static Model) -> Option<Problem> {
    let new = with_synapse(project, old, model);
    let ends = project.nodes.iter().filter(|n| n.id == old.from || n.id == old.to || n.model.is_transmitter());
    let mut trial = Project { nodes: ends.cloned().collect(), ..Project::default() };
    trial.simulation = project.simulation.clone();
    let waits = model.plastic().is_some_and(|s| s.triggered) && new.volume_transmitter.is_none();
    trial.projections.push(Projection { weight_recorder: None, ..new });
    let errors = validate(&trial).into_iter().filter(|p| p.severity == Severity::Error);
    // The volume transmitter is made with the choice.
    let own = |p: &Problem| matches!(p.place, Place::Projection { .. });
    let is_device = |p: &Problem| p.parameter.as_deref() == Some(VOLUME_TRANSMITTER.name);
    errors.into_iter().find(|p| own(p) && !(waits && is_device(p)))
}

/// The step that gives projections another synapse model; a volume transmitter comes with a model that needs one.
pub fn choose(project: &Project, projections: Vec<Projection>, model: &'static Model, label: String) -> Edit {
    let new: Vec<Projection> = projections.iter().map(|old| with_synapse(project, old, model)).collect();
    Edit::new(label, move |p| {
        let mut transmitter: Option<NodeId> = None;
        for mut new in new {
            if model.plastic().is_some_and(|s| s.triggered) && new.volume_transmitter.is_none() {
                let made = transmitter.get_or_insert_with(|| {
                    let at = p.node(new.to).map_or([0.0; 2], |n| n.position);
                    insert_beside(p, &VOLUME_TRANSMITTER, at)
                });
                new.volume_transmitter = Some(*made);
            }
            if let Some(projection) = p.projection_mut(new.id) {
                *projection = new;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::models::{self, CATALOGUE, fitting_synapses};
    use spikeloom_engine::project::ProjectionId;

    use super::*;

    /// Two populations of these sizes, wired as the canvas does it; one wired to itself if both are the same.
    fn wired(model: &'static Model, sizes: (usize, usize), loops: bool) -> Option<Project> {
        let mut project = Project::default();
        for (i, n) in [sizes.0, sizes.1].into_iter().enumerate() {
            let mut node = Node::new(NodeId(i as u32), ["A", "B"][i], model);
            node.n = n;
            project.nodes.push(node);
        }
        let to = NodeId(u32::from(!loops));
        let wire = new_projection(&project, ProjectionId(0), NodeId(0), to).ok()?;
        project.projections.push(wire);
        Some(project)
    }

    fn errors_of(project: &Project) -> Vec<Problem> {
        validate(project).into_iter().filter(|p| p.severity == Severity::Error).collect()
    }

    #[test]
    fn whatever_synapse_is_chosen_the_network_can_run() {
        let rules = [
            None,
            Some(Rule::FixedIndegree { indegree: 5 }),
            Some(Rule::PairwiseBernoulli { p: 1.0 }),
            Some(Rule::FixedTotalNumber { n: 40 }),
        ];
        let mut chosen = 0;
        for from in CATALOGUE.iter().copied().filter(|m| m.is_neuron()) {
            for (sizes, loops) in [((20, 20), false), ((20, 30), false), ((20, 1), true), ((1, 1), false)] {
                let Some(project) = wired(from, sizes, loops).filter(|p| errors_of(p).is_empty()) else { continue };
                for rule in rules {
                    let mut project = project.clone();
                    if let Some(rule) = rule.filter(|_| project.nodes[0].n > 1) {
                        project.projections[0].rule = rule;
                        project.projections[0].multapses = true;
                    }
                    let old = project.projections[0].clone();
                    for model in fitting_synapses(from, from) {
                        if let Some(why) = objection(&project, &old, model) {
                            // Only what no choice can mend: the neuron does not have what the rule reads, or its spikes
                            // carry what these synapses do not pass on, or it takes no shares of spikes.
                            let told = ["reads", "what spikes carry", "shares spikes"]
                                .iter()
                                .any(|what| why.message.contains(what));
                            assert!(told, "{} {}: {why}", from.name, model.name);
                            continue;
                        }
                        let mut after = project.clone();
                        (choose(&project, vec![old.clone()], model, String::new()).change)(&mut after);
                        let errors = errors_of(&after);
                        assert!(errors.is_empty(), "{} {} {:?}: {errors:?}", from.name, model.name, old.rule);
                        chosen += 1;
                    }
                }
            }
        }
        assert!(chosen > 500, "{chosen}");
    }

    #[test]
    fn currents_do_not_become_conductances() {
        let gap = models::find("hh_psc_alpha_gap").unwrap();
        let mut project = wired(gap, (20, 20), false).unwrap();
        project.projections[0].weight = Value::Real(100.0);
        let joined = with_synapse(&project, &project.projections[0], &models::GAP_JUNCTION);
        assert_eq!((joined.weight, joined.symmetric), (Value::Real(1.0), true));
        // What keeps its unit keeps its value.
        let plastic = with_synapse(&project, &project.projections[0], models::find("stdp_synapse").unwrap());
        assert_eq!(plastic.weight, Value::Real(100.0));
    }
}
