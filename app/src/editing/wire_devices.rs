//! Devices that work with the synapses of a projection rather than with a node: weight recorders and
//! volume transmitters. They are dragged onto a wire.

use spikeloom_engine::models::{Service, Signal};
use spikeloom_engine::project::{NodeId, Project, ProjectionId};

use crate::action::{Edit, Selection};
use crate::plots::show_recorder;

/// The step that gives a projection a device, if it is one and the projection can have it.
pub fn serve(project: &Project, device: NodeId, id: ProjectionId) -> Option<Edit> {
    let node = project.node(device)?;
    let service = node.model.serves()?;
    let projection = project.projection(id)?;
    let spikes = project.wiring(projection).is_ok_and(|w| w.carries == Signal::Spikes);
    let neurons = project.node(projection.to).is_some_and(|n| n.model.is_neuron());
    let edit = Edit::new(format!("Connect {}", node.name), move |p| {
        if let Some(projection) = p.projection_mut(id) {
            projection.set_device(service, Some(device));
        }
        show_recorder(p, device);
    });
    // A leg of a third factor has none of its own.
    let takes = service == Service::StoresWeights || projection.third_factor.is_none();
    (spikes && neurons && takes).then(|| edit.selecting(Selection::projection(id)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editing::create::{insert_node, insert_projection};
    use spikeloom_engine::models;

    #[test]
    fn a_weight_recorder_belongs_to_a_wire_between_neurons() {
        let mut p = Project::default();
        let cell = insert_node(&mut p, &models::iaf_psc_alpha::MODEL, [0.0; 2], None);
        let recorder = insert_node(&mut p, &models::WEIGHT_RECORDER, [0.0; 2], None);
        let spikes = insert_node(&mut p, &models::SPIKE_RECORDER, [0.0; 2], None);
        let synapses = insert_projection(&mut p, cell, cell).unwrap();
        let recording = insert_projection(&mut p, cell, spikes).unwrap();
        assert!(serve(&p, recorder, recording).is_none());
        assert!(serve(&p, spikes, synapses).is_none());
        let edit = serve(&p, recorder, synapses).unwrap();
        (edit.change)(&mut p);
        assert_eq!(p.projection(synapses).unwrap().weight_recorder, Some(recorder));
        assert_eq!(p.views.last().map(|v| v.kind.as_str()), Some("weights"));
        let refusal = insert_projection(&mut p, cell, recorder).unwrap_err();
        assert!(refusal.contains("onto a wire"), "{refusal}");
    }
}
