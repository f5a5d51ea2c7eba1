//! The synapses of a projection: their model, its parameters, and the devices that they work with.

use egui::{Button, ComboBox, Label, RichText, Ui};
use spikeloom_engine::models::{self, Model, Service, Signal};
use spikeloom_engine::portrait::AskedSynapse;
use spikeloom_engine::project::{Node, NodeId, Projection};

use super::owner::Owner;
use super::panel::{Panel, called};
use super::words::menu_words;
use super::{node, now, parameters};
use crate::action::{Action, Edit};
use crate::editing::synapse_choice::{choose, objection};

pub fn show(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    projection: &Projection,
    (from, to): (&Node, &Node),
    carries: Signal,
) {
    let fitting = models::fitting_synapses(from.model, to.model);
    if fitting.len() < 2 && fitting.first() == Some(&projection.synapse) {
        return;
    }
    ui.separator();
    choice(ui, panel, projection, &fitting);
    ui.add(Label::new(RichText::new(projection.synapse.doc).small()).wrap());
    node::about(ui, projection.synapse);
    let unit = models::weight_unit(carries, to.model, projection.receptor);
    if carries == Signal::Spikes && projection.synapse.plastic().is_some() {
        let asked = AskedSynapse::of(projection, to, panel.project.simulation.resolution);
        panel.portraits.show_synapse(ui, asked, unit);
    }
    parameters::show(ui, panel, Owner::Synapses { of: projection, also: &[], from, to });
    if carries == Signal::Spikes {
        now::synapses(ui, panel, projection, unit);
    }
    for service in Service::ALL {
        let offered = match service {
            Service::StoresWeights => carries == Signal::Spikes,
            Service::ThirdFactor => projection.device(service).is_some() || projection.synapse.needs(service),
        };
        if offered && let Some(model) = models::CATALOGUE.iter().find(|m| m.serves() == Some(service)) {
            device(ui, panel, projection, service, model);
        }
    }
}

/// The model of several projections, and its parameters if it is the same for all.
pub fn show_several(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    first: &Projection,
    (from, to): (&Node, &Node),
    all: &[&Projection],
    fitting: &[&'static Model],
) {
    ui.separator();
    choice(ui, panel, first, fitting);
    if panel.differs(first, |p| p.synapse.name) {
        ui.small("Their synapse models differ; a choice sets all of them");
        return;
    }
    parameters::show(ui, panel, Owner::Synapses { of: first, also: &all[1..], from, to });
}

/// What a device of a kind is called here, and what it is good for.
fn text(service: Service) -> (&'static str, &'static str) {
    match service {
        Service::StoresWeights => ("Weights to", "Records every weight that a spike is transmitted with"),
        Service::ThirdFactor => ("Third factor", "Its spikes are the neuromodulator of these synapses"),
    }
}

fn choice(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, fitting: &[&'static Model]) {
    ui.horizontal(|ui| {
        let label = ui.label("Synapse");
        let combo =
            ComboBox::from_id_salt("synapse").width(ui.available_width()).selected_text(projection.synapse.title);
        let response = combo.truncate().show_ui(ui, |ui| {
            for &model in fitting {
                let chosen = model == projection.synapse;
                let why = if chosen { None } else { objection(panel.project, projection, model) };
                let row = ui.add_enabled(why.is_none(), Button::selectable(chosen, model.title));
                let row = row.on_disabled_hover_text(why.map_or_else(String::new, |p| menu_words(&p.message)));
                if row.on_hover_text(format!("{}\n{}", model.doc, model.name)).clicked() && !chosen {
                    let label = format!("Set synapse of {}", panel.called_together(projection));
                    let all = panel.together(projection).cloned().collect();
                    panel.push(choose(panel.project, all, model, label));
                    panel.push(Action::EndGesture);
                }
            }
        });
        response.response.on_hover_text(projection.synapse.name).labelled_by(label.id);
    });
}

/// A choice among the nodes that do this for synapses, none of them, or a new one of `model`.
fn device(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, service: Service, model: &'static Model) {
    let (title, hint) = text(service);
    let now = projection.device(service);
    let name = |id: Option<NodeId>| match id {
        None => "None",
        Some(id) => panel.project.node(id).map_or("Gone", |n| n.name.as_str()),
    };
    let what = model.title.to_lowercase();
    let nodes: Vec<NodeId> =
        panel.project.nodes.iter().filter(|n| n.model.serves() == Some(service)).map(|n| n.id).collect();
    let mut chosen = None;
    let mut new = false;
    ui.horizontal(|ui| {
        let label = ui.label(title).on_hover_text(hint);
        let combo = ComboBox::from_id_salt(title).width(ui.available_width()).selected_text(name(now));
        let response = combo.truncate().show_ui(ui, |ui| {
            for id in std::iter::once(None).chain(nodes.into_iter().map(Some)) {
                if ui.selectable_label(id == now, name(id)).clicked() && id != now {
                    chosen = Some(id);
                }
            }
            new = ui.button(format!("New {what}")).clicked();
        });
        response.response.on_hover_text(hint).labelled_by(label.id);
    });
    if let Some(id) = chosen {
        panel.change(projection, &format!("Set {what} of"), move |p| p.set_device(service, id));
        panel.push(Action::EndGesture);
    }
    if new {
        let id = projection.id;
        let label = format!("Add {what} to {}", called(panel.project, projection));
        panel.push(Edit::new(label, move |project| {
            let at = project.projection(id).and_then(|p| project.node(p.to)).map_or([0.0; 2], |n| n.position);
            let node = crate::editing::create::insert_beside(project, model, at);
            if let Some(projection) = project.projection_mut(id) {
                projection.set_device(service, Some(node));
            }
            crate::plots::show_recorder(project, node);
        }));
    }
}
