//! What another rule brings with it, and the third factor beside synapses.

use spikeloom_engine::description::Storage;
use spikeloom_engine::models::{self, Model, Signal};
use spikeloom_engine::project::{NodeId, Project, Projection, Rule};

/// Gives a projection another rule, and takes from it what this rule cannot take.
pub fn give(projection: &mut Projection, rule: Rule) {
    projection.rule = rule;
    match rule {
        _ if !rule.looks_at_space() => projection.leave_space(),
        Rule::AllToAll => projection.kernel = None,
        _ => {}
    }
    projection.use_on_source &= matches!(rule, Rule::PairwiseBernoulli { .. });
    let both = matches!(rule, Rule::SymmetricPairwiseBernoulli { .. });
    projection.symmetric = both || (projection.symmetric && rule.can_be_symmetric());
    projection.autapses &= !both;
    projection.multapses |= rule.needs_multapses();
    if projection.storage == Storage::Dense && rule != Rule::AllToAll {
        projection.storage = Storage::Auto;
    }
}

/// Populations that could stand beside the synapses of a projection: the sources reach them, and they reach the targets.
pub fn third_factors<'a>(project: &'a Project, projection: &'a Projection) -> Vec<(NodeId, &'a str)> {
    let (sources, targets) = (project.sources_of(projection), project.targets_of(projection));
    if projection.symmetric || targets.iter().any(|(node, _)| !node.model.is_neuron()) {
        return Vec::new();
    }
    let stands = |model: &Model| {
        // What takes no signal of its own from the third factor is no case for one.
        let takes = |to: &Model| {
            let synapses = models::fitting_synapses(model, to);
            synapses.iter().any(|synapse| synapse.carries() == Some(Signal::SlowCurrent))
        };
        model.is_neuron()
            && sources.iter().all(|(from, _)| !models::fitting_synapses(from.model, model).is_empty())
            && targets.iter().all(|(to, _)| takes(to.model))
    };
    project.nodes.iter().filter(|node| stands(node.model)).map(|node| (node.id, node.name.as_str())).collect()
}

/// Gives a projection another third factor, with the first synapse models that fit, or none.
pub fn give_third_factor(project: &mut Project, primary: &Projection, node: Option<NodeId>) {
    let rule = project.legs_of(primary).next().map(|leg| leg.rule);
    project.remove_third_factor(primary.key());
    let Some(node) = node else { return };
    let leg = |project: &Project, from: NodeId, to: NodeId| {
        let mut leg = Projection::new(project.free_projection_id(), from, to);
        let models = (project.node(from).map(|node| node.model), project.node(to).map(|node| node.model));
        if let (Some(from), Some(to)) = models
            && let Some(synapse) = models::fitting_synapses(from, to).first()
        {
            leg.synapse = synapse;
        }
        leg.weight = leg.default_weight();
        leg.rule = rule.unwrap_or(Rule::ThirdFactor { p: 0.5, pool_size: None, block: false });
        leg
    };
    let (inward, outward) = (leg(project, primary.from, node), leg(project, node, primary.to));
    project.add_third_factor(primary, node, &inward, &outward);
}
