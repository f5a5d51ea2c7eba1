//! The third factor of a projection: its node, and how its legs are drawn.

use egui::{ComboBox, Ui};
use spikeloom_engine::project::{NodeId, Projection, Rule, ThirdFactor};

use super::super::panel::Panel;
use super::{PROBABILITY, degree, fraction};
use crate::action::{Action, Edit};
use crate::editing::rule::{give_third_factor, third_factors};

/// Which population stands beside the synapses of a projection, where one could.
pub fn choice(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection) {
    let project = panel.project;
    let now = project.third_node(projection);
    let nodes: Vec<(NodeId, &str)> = third_factors(project, projection);
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
                    let edit = Edit::new("Set third factor", move |p| give_third_factor(p, &primary, choice));
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
