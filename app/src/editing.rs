//! Edits that commands make: delete, duplicate, mute, record, plot; below it what makes and places nodes and wires.

pub mod align;
pub mod arrange;
pub mod create;
pub mod duplicate;
mod flow;
pub mod place;
pub mod rule;
pub mod synapse_choice;
pub mod wire_devices;

use std::collections::BTreeSet;

use spikeloom_engine::description::{Shape, Value};
use spikeloom_engine::models::{self, Signal};
use spikeloom_engine::project::{Node, NodeId, Project, Projection, Rule};

use crate::action::{Edit, Selection};
use crate::clipboard;
use crate::plots;
use crate::sampling;

/// Of populations of more cells than this, a meter that is added samples only some.
const MANY: usize = 100;
/// So many.
const SAMPLED: u64 = 10;

/// The selection in a few words: "E", "E → I", "3 things".
pub fn describe(project: &Project, selection: &Selection) -> String {
    let name = |id: NodeId| project.node(id).map_or("?", |n| n.name.as_str());
    match (selection.nodes.first(), selection.projections.first(), selection.len()) {
        (Some(&id), _, 1) => name(id).to_owned(),
        (_, Some(&id), 1) => {
            project.projection(id).map_or_else(String::new, |p| format!("{} → {}", name(p.from), name(p.to)))
        }
        (_, _, n) => format!("{n} things"),
    }
}

/// Deletes nodes with their wires, and projections.
pub fn delete(project: &Project, selection: &Selection) -> Edit {
    let selection = selection.clone();
    Edit::new(format!("Delete {}", describe(project, &selection)), move |p| {
        let gone = |id: &NodeId| selection.nodes.contains(id);
        p.nodes.retain(|n| !gone(&n.id));
        p.projections.retain(|w| !selection.projections.contains(&w.id) && !gone(&w.from) && !gone(&w.to));
        for w in &mut p.projections {
            w.weight_recorder = w.weight_recorder.filter(|id| !gone(id));
            w.volume_transmitter = w.volume_transmitter.filter(|id| !gone(id));
        }
        p.views.iter_mut().for_each(|v| v.sources.retain(|s| !gone(s)));
        p.knobs.iter_mut().for_each(|k| k.turns.retain(|t| !selection.nodes.iter().any(|&id| t.what.concerns(id))));
        p.knobs.retain(|k| !k.turns.is_empty());
        let of_gone: Vec<_> = selection.nodes.iter().copied().collect();
        if p.training.as_mut().is_some_and(|training| !training.forget(&of_gone)) {
            p.training = None;
        }
    })
    .selecting(Selection::default())
}

/// Inserts a fragment and selects it.
pub fn insert(project: &Project, label: String, fragment: Project, wires: bool, offset: [f32; 2]) -> Edit {
    let offset = free_offset(project, &fragment, offset);
    // The edit must know what it selects before it is made, so it is made on a copy.
    let mut after = project.clone();
    let inserted = clipboard::paste(&mut after, &fragment, wires, offset);
    Edit::new(label, move |p| {
        clipboard::paste(p, &fragment, wires, offset);
    })
    .selecting(inserted)
}

/// Moves a copy on until it does not lie exactly on an earlier one.
fn free_offset(project: &Project, fragment: &Project, step: [f32; 2]) -> [f32; 2] {
    let covers = |offset: [f32; 2]| {
        fragment.nodes.iter().any(|copy| {
            let at = [copy.position[0] + offset[0], copy.position[1] + offset[1]];
            project.nodes.iter().any(|n| (n.position[0] - at[0]).hypot(n.position[1] - at[1]) < 10.0)
        })
    };
    let mut offset = step;
    for _ in 0..project.nodes.len() {
        if !covers(offset) {
            break;
        }
        offset = [offset[0] + step[0], offset[1] + step[1]];
    }
    offset
}

/// "Mute", or "Unmute" if all of the selection is silent.
pub fn mute_text(project: &Project, selection: &Selection) -> &'static str {
    let nodes = project.nodes.iter().filter(|n| selection.nodes.contains(&n.id)).map(|n| n.muted);
    let wires = project.projections.iter().filter(|w| selection.projections.contains(&w.id)).map(|w| w.muted);
    if nodes.chain(wires).all(|muted| muted) { "Unmute" } else { "Mute" }
}

/// Silences the selection, or lets it speak if all of it is silent.
pub fn mute(project: &Project, selection: &Selection) -> Edit {
    let verb = mute_text(project, selection);
    let mute = verb == "Mute";
    let selection = selection.clone();
    Edit::new(format!("{verb} {}", describe(project, &selection)), move |p| {
        p.nodes.iter_mut().filter(|n| selection.nodes.contains(&n.id)).for_each(|n| n.muted = mute);
        p.projections.iter_mut().filter(|w| selection.projections.contains(&w.id)).for_each(|w| w.muted = mute);
    })
}

/// Whether the sign of a weight is that of excitation and inhibition here: what reaches neurons as spikes, rates or
/// states. Couplings and what devices take have none, nor have receptors whose currents reverse at a potential of theirs.
pub fn has_sign(project: &Project, projection: &Projection) -> bool {
    let by_weight = |to: &Node| to.model.is_neuron() && to.reversal(projection.receptor).is_none();
    let signed = |carries| matches!(carries, Signal::Spikes | Signal::Transitions | Signal::Rate);
    project.node(projection.to).is_some_and(by_weight) && project.wiring(projection).is_ok_and(|w| signed(w.carries))
}

/// The weights of the selected wires with the other sign; `None` if none of them can be turned.
pub fn reverse_sign(project: &Project, selection: &Selection) -> Option<Edit> {
    let wires = project.projections.iter().filter(|p| selection.projections.contains(&p.id) && has_sign(project, p));
    let turned: Vec<_> = wires.filter(|p| !is_lognormal(&p.weight)).map(|p| (p.id, p.weight.negated())).collect();
    let label = match turned.as_slice() {
        [] => return None,
        [(id, _)] => format!("Reverse sign of {}", describe(project, &Selection::projection(*id))),
        many => format!("Reverse sign of {} projections", many.len()),
    };
    Some(Edit::new(label, move |p| {
        for (id, weight) in turned {
            if let Some(projection) = p.projection_mut(id) {
                projection.weight = weight;
            }
        }
    }))
}

/// Values that are positive by what they are.
pub fn is_lognormal(value: &Value) -> bool {
    matches!(value, Value::Distribution(d) if matches!(d.shape, Shape::Lognormal { .. } | Shape::Exponential { .. }))
}

/// Another seed, short enough to be told to a neighbour: a step of SplitMix64, cut to six digits.
pub fn new_seed(project: &Project) -> Edit {
    let seed = project.simulation.seed;
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let new = (z ^ (z >> 31)) % 1_000_000;
    let new = if new == seed { new + 1 } else { new };
    Edit::new("Set seed", move |p| p.simulation.seed = new)
}

/// Populations that send this and of which no such recorder receives it.
fn unrecorded(project: &Project, what: models::Signal, recorder: &models::Model) -> Vec<NodeId> {
    let recorded: BTreeSet<NodeId> = project
        .projections
        .iter()
        .filter(|w| project.node(w.to).is_some_and(|n| n.model == recorder))
        .map(|w| w.from)
        .collect();
    let sends = |n: &&Node| n.model.is_neuron() && n.model.emits(what);
    project.nodes.iter().filter(sends).filter(|n| !recorded.contains(&n.id)).map(|n| n.id).collect()
}

/// Populations that send neither spikes nor states and of which no meter takes samples, with what is worth sampling.
fn unsampled(project: &Project) -> Vec<(NodeId, &'static str)> {
    let sends = [models::Signal::Spikes, models::Signal::Transitions];
    let continuous =
        project.nodes.iter().filter(|n| n.model.is_neuron() && !sends.iter().any(|signal| n.model.emits(*signal)));
    let continuous = continuous.filter(|n| !is_sampled(project, n.id));
    continuous.filter_map(|n| Some((n.id, n.model.recordables.first()?.name))).collect()
}

/// Populations whose potential can be sampled and is not.
fn without_potential(project: &Project) -> Vec<NodeId> {
    let has_potential = |n: &&Node| n.model.is_neuron() && n.recordables().iter().any(|r| r.name == "V_m");
    project.nodes.iter().filter(has_potential).map(|n| n.id).filter(|id| !is_sampled(project, *id)).collect()
}

/// Whether a meter takes samples of a population.
fn is_sampled(project: &Project, id: NodeId) -> bool {
    let samples = |w: &&Projection| project.wiring(w).is_ok_and(|w| w.carries == Signal::Samples);
    project.projections.iter().filter(samples).any(|w| w.to == id)
}

/// One spike recorder for all populations that have none, one spin detector for binary ones, one voltmeter for all that have a
/// potential and no meter, a multimeter for each that has neither, and plots of all; `None` if there is nothing to add.
pub fn record_all(project: &Project) -> Option<Edit> {
    let populations = unrecorded(project, models::Signal::Spikes, &models::SPIKE_RECORDER);
    let binary = unrecorded(project, models::Signal::Transitions, &models::SPIN_DETECTOR);
    let potentials = without_potential(project);
    let mut continuous = unsampled(project);
    continuous.retain(|(id, _)| !potentials.contains(id));
    if populations.is_empty() && binary.is_empty() && continuous.is_empty() && potentials.is_empty() {
        return None;
    }
    Some(Edit::new("Record all populations", move |p| {
        if !populations.is_empty() {
            let recorder = add_recorder(p, "Spikes", &models::SPIKE_RECORDER, &populations);
            plots::show_recorder(p, recorder);
        }
        if !binary.is_empty() {
            let recorder = add_recorder(p, "States", &models::SPIN_DETECTOR, &binary);
            plots::show_recorder(p, recorder);
        }
        for (population, quantity) in continuous {
            let meter = add_recorder(p, quantity, &models::MULTIMETER, &[population]);
            if let Some(meter) = p.node_mut(meter) {
                meter.params.insert("record_from".into(), Value::Names(vec![quantity.into()]));
            }
            sampling::sample_finely(p, meter);
            plots::show_recorder(p, meter);
        }
        if !potentials.is_empty() {
            let meter = add_recorder(p, "Voltage", &models::VOLTMETER, &potentials);
            sampling::sample_finely(p, meter);
            plots::show_recorder(p, meter);
        }
    }))
}

/// Whether [`record_all`] would add a recorder that this kind of plot can show.
pub fn gives_recorder_for(project: &Project, kind: &str) -> bool {
    record_all(project).is_some_and(|edit| {
        let mut recorded = project.clone();
        (edit.change)(&mut recorded);
        !plots::fitting(&recorded, kind).is_empty()
    })
}

/// Adds a recorder to the right of what it records and wires it, in the direction that works.
fn add_recorder(project: &mut Project, name: &str, model: &'static models::Model, populations: &[NodeId]) -> NodeId {
    let id = project.free_node_id();
    let mut recorder = Node::new(id, project.free_name(name), model);
    recorder.position = free_place(project);
    for &population in populations {
        let wire = project.free_projection_id();
        let asks = model.is_meter();
        let (from, to) = if asks { (id, population) } else { (population, id) };
        let n = project.node(population).map_or(0, |node| node.n);
        let mut wire = Projection::new(wire, from, to);
        if asks && n > MANY {
            wire.rule = Rule::FixedOutdegree { outdegree: SAMPLED };
            wire.multapses = false;
        }
        project.projections.push(wire);
    }
    project.nodes.push(recorder);
    id
}

/// A place right of everything, below what is already there.
fn free_place(project: &Project) -> [f32; 2] {
    let right = project.nodes.iter().filter(|n| !n.model.is_recorder()).map(|n| n.position[0]).fold(0.0, f32::max);
    let column = right + 220.0;
    let used = project.nodes.iter().filter(|n| n.position[0] >= column - 100.0).map(|n| n.position[1]);
    let top = project.nodes.iter().map(|n| n.position[1]).fold(f32::INFINITY, f32::min);
    let below = used.map(|y| y + 120.0).fold(if top.is_finite() { top } else { 0.0 }, f32::max);
    [column, below]
}

/// A plot of the selected recorders, or of all that it can show; `None` if there is none.
pub fn plot(project: &Project, selection: &Selection, kind: &str) -> Option<Edit> {
    let all = plots::fitting(project, kind);
    let selected: Vec<NodeId> = all.iter().copied().filter(|id| selection.nodes.contains(id)).collect();
    let chosen = !selected.is_empty();
    let sources = if chosen { selected } else { all };
    if sources.is_empty() {
        return None;
    }
    let label = plots::kinds().find(|(k, _)| *k == kind).map_or("Add plot", |(_, (text, _))| text);
    let kind = kind.to_owned();
    Some(Edit::new(label, move |p| {
        let view = plots::add_view(p, &kind);
        if let Some(view) = p.view_mut(view).filter(|_| chosen) {
            view.sources = sources;
        }
    }))
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::project::ProjectionId;

    use super::*;
    use crate::document::Document;

    fn document() -> Document {
        let mut p = Project::default();
        for (i, name) in ["E", "I"].into_iter().enumerate() {
            p.nodes.push(Node::new(NodeId(i as u32), name, &models::iaf_psc_alpha::MODEL));
        }
        p.projections.push(Projection::new(ProjectionId(0), NodeId(0), NodeId(1)));
        Document::new(p)
    }

    #[test]
    fn deleting_a_node_deletes_its_wires_and_undo_brings_both_back() {
        let mut d = document();
        let edit = delete(d.project(), &Selection::node(NodeId(0)));
        assert_eq!(edit.label, "Delete E");
        d.apply(edit);
        assert_eq!((d.project().nodes.len(), d.project().projections.len()), (1, 0));
        d.undo();
        assert_eq!((d.project().nodes.len(), d.project().projections.len()), (2, 1));
    }

    #[test]
    fn muting_twice_lets_speak_again() {
        let mut d = document();
        let both = Selection::all(d.project());
        d.apply(mute(d.project(), &both));
        assert!(d.project().nodes.iter().all(|n| n.muted) && d.project().projections[0].muted);
        d.apply(mute(d.project(), &both));
        assert!(d.project().nodes.iter().all(|n| !n.muted));
    }

    #[test]
    fn recording_all_adds_wired_recorders_with_plots_once() {
        let mut d = document();
        assert!(!d.project().is_recorded());
        d.apply(record_all(d.project()).unwrap());
        let p = d.project();
        assert!(p.is_recorded());
        assert_eq!(p.views.len(), 2);
        assert!(p.projections.iter().all(|w| p.wiring(w).is_ok_and(|w| !w.reversed)));
        assert!(record_all(p).is_none());
    }

    #[test]
    fn every_population_gets_what_suits_it() {
        let mut p = Project::default();
        let models =
            ["iaf_psc_alpha", "hh_psc_alpha", "parrot_neuron", "lin_rate_ipn", "ginzburg_neuron", "siegert_neuron"];
        for (i, model) in models.into_iter().enumerate() {
            p.nodes.push(Node::new(NodeId(i as u32), model, models::find(model).unwrap()));
        }
        p.nodes[1].n = 500;
        let mut d = Document::new(p);
        d.apply(record_all(d.project()).unwrap());
        let p = d.project();
        let recorded = |population: u32, recorder: &str| {
            let id = p.node_named(recorder).unwrap_or_else(|| panic!("no {recorder}")).id;
            p.projections.iter().any(|w| [(w.from, w.to), (w.to, w.from)].contains(&(NodeId(population), id)))
        };
        assert!((0..3).all(|i| recorded(i, "Spikes")));
        assert!(
            recorded(0, "Voltage") && recorded(1, "Voltage") && !recorded(2, "Voltage"),
            "a parrot has no potential"
        );
        assert!(recorded(3, "rate") && recorded(4, "States"));
        assert!(spikeloom_engine::project::validate(p).iter().all(|problem| !problem.to_string().contains("Voltage")));
        let cells: f64 = p
            .projections
            .iter()
            .filter(|w| Some(w.from) == p.node_named("Voltage").map(|n| n.id))
            .map(|w| p.expected_synapses(w))
            .sum();
        assert_eq!(cells, 11.0, "one, and ten of five hundred");
        assert_eq!(p.node_named("Voltage").unwrap().real("interval"), p.simulation.resolution);
        assert!(record_all(p).is_none(), "once");
    }

    #[test]
    fn what_sends_no_spikes_is_sampled() {
        let mut p = Project::default();
        p.nodes.push(Node::new(NodeId(0), "Rate", models::find("lin_rate_ipn").unwrap()));
        let mut d = Document::new(p);
        d.apply(record_all(d.project()).unwrap());
        let p = d.project();
        assert_eq!(p.nodes[1].value("record_from"), Some(Value::Names(vec!["rate".into()])));
        assert_eq!(p.views.iter().map(|v| v.kind.as_str()).collect::<Vec<_>>(), ["traces"]);
        assert!(record_all(p).is_none());
    }

    #[test]
    fn binary_neurons_get_a_spin_detector() {
        let mut p = Project::default();
        p.nodes.push(Node::new(NodeId(0), "Binary", models::find("ginzburg_neuron").unwrap()));
        let mut d = Document::new(p);
        d.apply(record_all(d.project()).unwrap());
        let p = d.project();
        assert_eq!(p.nodes[1].model, &models::SPIN_DETECTOR);
        assert_eq!(p.views.iter().map(|v| v.kind.as_str()).collect::<Vec<_>>(), ["states"]);
        assert!(p.projections.iter().all(|w| p.wiring(w).is_ok()));
        assert!(record_all(p).is_none());
    }

    #[test]
    fn a_plot_needs_a_recorder() {
        let mut d = document();
        assert!(plot(d.project(), &Selection::default(), "raster").is_none());
        d.apply(record_all(d.project()).unwrap());
        assert!(plot(d.project(), &Selection::default(), "rate").is_some());
    }
}
