//! The third factor of a projection: its node, and how its legs are drawn.

use egui::{ComboBox, Ui};
use spikeloom_engine::models;
use spikeloom_engine::project::{NodeId, Project, Projection, Rule, ThirdFactor};

use super::super::panel::Panel;
use super::{PROBABILITY, degree, fraction};
use crate::action::{Action, Edit};

/// Which population stands beside the synapses of a projection, where one could.
pub fn choice(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection) {
    let project = panel.project;
    let now = project.third_node(projection);
    let nodes: Vec<(NodeId, &str)> = candidates(project, projection);
    if now.is_none() && (nodes.is_empty() || !panel.also.is_empty()) {
        return;
    }
    let name = |id: NodeId| project.node(id).map_or("?", |node| node.name.as_str());
    ui.horizontal(|ui| {
        let label = ui.label("Third factor");
        let shown = now.map_or("none", name);
        let combo = ComboBox::from_id_salt("third factor").width(ui.available_width()).selected_text(shown).truncate();
        let response = combo.show_ui(ui, |ui| {
            let chosen = std::iter::once(None).chain(nodes.iter().map(|(id, _)| Some(*id)));
            for choice in chosen {
                let title = choice.map_or("none", name);
                if ui.selectable_label(choice == now, title).clicked() && choice != now {
                    let primary = projection.clone();
                    let edit = Edit::new("Set third factor", move |p| set(p, &primary, choice));
                    panel.push(edit);
                    panel.push(Action::EndGesture);
                }
            }
        });
        let hint = "A population beside the synapses, such as astrocytes: each synapse reaches one of its neurons with a \
                    probability, and this neuron the target (third_factor_bernoulli_with_pool)";
        response.response.on_hover_text(hint).labelled_by(label.id);
    });
}

/// Populations that the sources reach and that reach the targets.
fn candidates<'a>(project: &'a Project, projection: &'a Projection) -> Vec<(NodeId, &'a str)> {
    let (sources, targets) = (project.sources_of(projection), project.targets_of(projection));
    if projection.symmetric || targets.iter().any(|(node, _)| !node.model.is_neuron()) {
        return Vec::new();
    }
    let stands = |node: &spikeloom_engine::project::Node| {
        // What takes neither a signal of its own from the third factor is no case for one.
        let takes = |to: &models::Model| {
            let synapses = models::fitting_synapses(node.model, to);
            synapses.iter().any(|synapse| synapse.carries() == Some(models::Signal::SlowCurrent))
        };
        node.model.is_neuron()
            && sources.iter().all(|(from, _)| !models::fitting_synapses(from.model, node.model).is_empty())
            && targets.iter().all(|(to, _)| takes(to.model))
    };
    project.nodes.iter().filter(|node| stands(node)).map(|node| (node.id, node.name.as_str())).collect()
}

/// Gives a projection another third factor, with the first synapse models that fit.
fn set(project: &mut Project, primary: &Projection, node: Option<NodeId>) {
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

/// The numbers of a leg; both legs have the same.
pub fn leg(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection) {
    let project = panel.project;
    if let Some(primary) = project.primary_of(projection) {
        let (from, to) = (project.sources_label(primary), project.targets_label(primary));
        ui.label(format!("Beside the synapses of {from} → {to}"));
    }
    let Rule::ThirdFactor { p, pool_size, block } = projection.rule else { return };
    let third = match projection.third_factor {
        Some(ThirdFactor { leg: spikeloom_engine::project::Leg::In, .. }) => projection.to,
        _ => projection.from,
    };
    let n = project.node(third).map_or(1, |node| node.n as u64);
    fraction(ui, panel, projection, PROBABILITY, p, |p| Rule::ThirdFactor { p, pool_size, block });
    let row = ("pool", "Neurons of the pool of each target", n as f64);
    degree(ui, panel, projection, row, pool_size.unwrap_or(n), |size| {
        let pool_size = (size != n).then_some(size.max(1));
        Rule::ThirdFactor { p, pool_size, block }
    });
    let mut on = block;
    let response = ui.checkbox(&mut on, "Pools are blocks");
    if response.on_hover_text("Neurons one after the other; otherwise each pool is drawn (pool_type)").changed() {
        panel.change(projection, "Set pools of", move |p| {
            p.rule = Rule::ThirdFactor { p: pool_p(p), pool_size, block: on }
        });
        panel.push(Action::EndGesture);
    }
}

fn pool_p(projection: &Projection) -> f64 {
    if let Rule::ThirdFactor { p, .. } = projection.rule { p } else { 1.0 }
}
