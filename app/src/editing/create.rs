//! New nodes, wires and plots with values from which something can be seen at once.

use spikeloom_engine::description::Value;
use spikeloom_engine::models::{self, Model, RECORD_FROM, Signal};
use spikeloom_engine::project::{Node, NodeId, Project, Projection, ProjectionId, Rule};

use crate::action::{Edit, Selection};
use crate::plots::show_recorder;
use crate::sampling::sample_finely;
use crate::sign::Sign;

/// Parameters with which a node does something, where its defaults do nothing.
/// `target` is the neuron it is made for, if there is one.
fn starting_params(model: &Model, target: Option<&Node>) -> Vec<(&'static str, Value)> {
    // Models without units of current, such as Izhikevich's, answer to tens, not hundreds.
    let slight = target
        .and_then(|t| t.model.parameter("I_e"))
        .and_then(|p| p.slider)
        .is_some_and(|(_, largest)| largest < 100.0);
    let lessened = |value: Value| match value {
        Value::Real(x) => Value::Real(x / 40.0),
        Value::List(xs) => Value::List(xs.into_iter().map(|x| x / 40.0).collect()),
        other => other,
    };
    let fitted = |(parameter, value): (&models::Parameter, Value)| {
        let value = if slight && parameter.unit == "pA" { lessened(value) } else { value };
        (parameter.name, value)
    };
    model.starts().map(fitted).collect()
}

/// Puts a new node of `model` at a place and returns its number.
pub fn insert_node(project: &mut Project, model: &'static Model, at: [f32; 2], target: Option<NodeId>) -> NodeId {
    let id = project.free_node_id();
    let mut node = Node::new(id, project.free_name(&model.short_title()), model);
    node.position = at;
    let target = target.and_then(|t| project.node(t));
    node.params = starting_params(model, target).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    project.nodes.push(node);
    id
}

/// Puts a new node of `model` where there is room beside a place.
pub fn insert_beside(project: &mut Project, model: &'static Model, [x, y]: [f32; 2]) -> NodeId {
    let at = super::place::free_spot(project, model, [x + 170.0, y]);
    insert_node(project, model, at, None)
}

/// Wires two nodes, in the direction that works, with a view for a recorder that no plot shows.
pub fn insert_projection(project: &mut Project, drawn_from: NodeId, drawn_to: NodeId) -> Result<ProjectionId, String> {
    let id = project.free_projection_id();
    let projection = new_projection(project, id, drawn_from, drawn_to)?;
    let ends = [projection.from, projection.to];
    adapt_meter(project, &projection);
    project.projections.push(projection);
    for end in ends {
        sample_finely(project, end);
        show_recorder(project, end);
    }
    Ok(id)
}

/// A projection with sensible values for the two nodes, or the reason why they do not fit.
pub fn new_projection(project: &Project, id: ProjectionId, a: NodeId, b: NodeId) -> Result<Projection, String> {
    let (Some(first), Some(second)) = (project.node(a), project.node(b)) else {
        return Err("One end of the wire is gone".into());
    };
    let wiring = models::wire(first.model, second.model).map_err(|reason| {
        match [first, second].into_iter().find(|n| n.model.serves().is_some()) {
            Some(device) => format!("Drag {} onto a wire, it works with synapses", device.name),
            None => reason,
        }
    })?;
    let (from, to) = if wiring.reversed { (second, first) } else { (first, second) };
    refuse_useless(project, from, to)?;
    let mut projection = Projection::new(id, from.id, to.id);
    if let Some(usual) = models::fitting_synapses(from.model, to.model).first() {
        projection.synapse = usual;
    }
    if wiring.carries.is_continuous() {
        // No spikes, so nothing of what follows; the defaults of the connection are meant for it.
        projection.receptor = to.model.ports.iter().find(|p| p.takes == wiring.carries).map_or(0, |p| p.number);
        projection.symmetric = wiring.carries == Signal::Potential;
        return Ok(projection);
    }
    let entries = |name: &str| to.entries(name);
    let own = from.model.name == to.model.name;
    let fits = |port: &models::Port| port.takes == wiring.carries && port.admits(own);
    if wiring.carries != Signal::Samples && !to.model.port(wiring.carries, 0, &entries).is_some_and(|p| p.admits(own)) {
        projection.receptor = to.model.ports.iter().find(|port| fits(port)).map_or(0, |p| p.number);
    }
    if to.model.stores() == Some(models::Stored::Pairs) {
        // Pairs need spikes at several ports: a wire ends at the first that is free.
        let taken = |port: u32| project.projections.iter().any(|p| p.to == to.id && p.receptor == port);
        let is_port = |port: &u32| to.model.port(wiring.carries, *port, &entries).is_some();
        projection.receptor = (0..).take_while(is_port).find(|port| !taken(*port)).unwrap_or(0);
    }
    if wiring.carries == Signal::Spikes && to.model.is_neuron() {
        let unit = models::weight_unit(wiring.carries, to.model, projection.receptor);
        projection.weight = Value::Real(weight_that_matters(to, unit));
    }
    if wiring.carries == Signal::Currents {
        let unit = models::weight_unit(wiring.carries, to.model, projection.receptor);
        // A current in pA into a neuron that counts in other units: some hundred pA are a few of these.
        if unit.ends_with("/pA") && from.model.recordables.iter().any(|recordable| recordable.unit == "pA") {
            projection.weight = Value::Real(0.02);
        }
    }
    if from.model.is_neuron() && to.model.is_neuron() {
        projection.delay = Value::Real(whole_steps(1.5, project.simulation.resolution));
        if from.n > 10 && to.n > 10 {
            let indegree = (from.n as u64 / 10).clamp(1, 100);
            projection.rule = Rule::FixedIndegree { indegree };
            // Many inputs share what ten would do, or the population would drive itself to its limits.
            let share = (10.0 / indegree as f64).min(1.0);
            projection.weight = Value::Real(round_to_1_2_5(projection.weight.typical() * share));
        }
        // Where weights cannot be negative, the port decides what a spike does.
        let signed = |port: u32| to.model.port(wiring.carries, port, &entries).is_none_or(|p| !p.only_positive);
        if Sign::of_population(project, from) == Sign::Inhibitory {
            // A receptor that inhibits, or else weights that do.
            let is_port = |port: &u32| to.model.port(wiring.carries, *port, &entries).is_some();
            let first = projection.receptor;
            match (first..).take_while(is_port).find(|port| to.inhibits(*port)) {
                Some(port) => projection.receptor = port,
                None if signed(first) => projection.weight = projection.weight.negated(),
                None => {}
            }
        }
    } else {
        projection.delay = Value::Real(whole_steps(1.0, project.simulation.resolution));
    }
    Ok(projection)
}

/// Wires that fit by their kind and yet could do nothing.
fn refuse_useless(project: &Project, from: &Node, to: &Node) -> Result<(), String> {
    if let Some(Value::Names(names)) = from.value(RECORD_FROM).filter(|_| !is_undecided(project, from)) {
        let recordables = to.recordables();
        if let Some(missing) = names.iter().find(|name| recordables.iter().all(|r| r.name != **name)) {
            let which = if from.model.samples().is_empty() { "another" } else { "a" };
            return Err(format!("{} has no {missing}; use {which} multimeter", to.name));
        }
    }
    if to.model.is_transmitter() && !from.model.sends_as_neurons() {
        return Err(format!("{} hears neurons only; put a {} between", to.name, models::PARROT_NEURON.name));
    }
    Ok(())
}

/// `ms` rounded to whole steps, at least one.
fn whole_steps(ms: f64, resolution: f64) -> f64 {
    if resolution <= 0.0 || !resolution.is_finite() {
        return ms;
    }
    let steps = (ms / resolution).round().max(1.0);
    // Resolutions are decimal fractions: drop the digits that only binary arithmetic adds.
    (steps * resolution * 1e9).round() / 1e9
}

/// A weight whose single spike moves the membrane by about one millivolt.
fn weight_that_matters(target: &Node, unit: &str) -> f64 {
    let known = |name: &str| target.model.parameter(name).map(|_| target.real(name)).filter(|x| x.is_finite());
    let estimate = match (unit, known("C_m"), known("tau_syn_ex")) {
        ("pA", Some(c), Some(tau)) if tau > 0.0 => {
            let area = target.model.facts.response.course().map_or(1.0, |course| course.area());
            c / (area * tau)
        }
        ("nS", Some(c), Some(tau)) if tau > 0.0 => {
            let drive = known("E_ex").zip(known("E_L")).map_or(70.0, |(e, l)| (e - l).abs());
            c / (tau * drive.max(1.0))
        }
        ("pA", ..) => 50.0,
        ("nS", ..) => 2.0,
        ("µS", ..) => 1e-3,
        // Izhikevich's model has no leak to rest; one millivolt a spike does not reach its threshold.
        ("mV", None, _) => 5.0,
        _ => 1.0,
    };
    round_to_1_2_5(estimate)
}

fn round_to_1_2_5(x: f64) -> f64 {
    if !(x.is_finite() && x > 0.0) {
        return 1.0;
    }
    let decade = 10f64.powf(x.log10().floor());
    let closest = |a: &&f64, b: &&f64| (x / **a).ln().abs().total_cmp(&(x / **b).ln().abs());
    let candidates = [decade, 2.0 * decade, 5.0 * decade, 10.0 * decade];
    candidates.iter().min_by(closest).copied().unwrap_or(1.0)
}

/// Whether the first target of a meter decides what it samples: it has none yet and is made for no quantity.
fn is_undecided(project: &Project, meter: &Node) -> bool {
    meter.model.is_meter()
        && meter.model.samples().is_empty()
        && !project.projections.iter().any(|p| p.from == meter.id)
}

/// Of what is set a meter without targets samples what its first one has, or else the first quantity of that.
fn adapt_meter(project: &mut Project, projection: &Projection) {
    let Some(offered) = project.node(projection.to).map(|n| n.recordables()) else { return };
    let Some(meter) = project.node(projection.from).filter(|meter| is_undecided(project, meter)) else { return };
    let mut names = match meter.value(RECORD_FROM) {
        Some(Value::Names(names)) => names,
        _ => Vec::new(),
    };
    let before = names.len();
    names.retain(|name| offered.iter().any(|o| o.name == *name));
    if names.is_empty() {
        names.extend(offered.first().map(|first| first.name.clone()));
    } else if names.len() == before {
        return;
    }
    if let Some(meter) = project.node_mut(projection.from) {
        meter.params.insert(RECORD_FROM.into(), Value::Names(names));
    }
}

/// The step that adds a node of `model`.
pub fn add_node(project: &Project, model: &'static Model, at: [f32; 2]) -> Edit {
    let id = project.free_node_id();
    Edit::new(format!("Add {}", project.free_name(&model.short_title())), move |p| {
        insert_node(p, model, at, None);
    })
    .selecting(Selection::node(id))
}

/// The step that adds a node and wires it to one that is there.
pub fn add_and_connect(project: &Project, model: &'static Model, at: [f32; 2], other: NodeId) -> Edit {
    let id = project.free_node_id();
    Edit::new(format!("Add {}", project.free_name(&model.short_title())), move |p| {
        let new = insert_node(p, model, at, Some(other));
        // A wire that does not fit one way is drawn the other way; the list offered only what fits.
        if insert_projection(p, other, new).is_err() {
            let _ = insert_projection(p, new, other);
        }
    })
    .selecting(Selection::node(id))
}

/// Whether a wire between a node of `old` and a new one of `new` works in either direction.
pub fn fits(old: &Model, new: &Model) -> bool {
    models::wire(old, new).is_ok() || models::wire(new, old).is_ok()
}

/// The step that wires two nodes, with a remark for the user, or the reason why it cannot be.
pub fn connect(project: &Project, from: NodeId, to: NodeId) -> Result<(Edit, Option<String>), String> {
    let id = project.free_projection_id();
    let projection = new_projection(project, id, from, to)?;
    let name = |id| project.node(id).map_or("", |n| n.name.as_str());
    let label = format!("Connect {} to {}", name(projection.from), name(projection.to));
    // Told once in a network; the next wires are known to be like that.
    let first = !project.projections.iter().any(|p| p.rule.is_random());
    let remark = match projection.rule {
        Rule::FixedIndegree { indegree } if first => Some(format!(
            "Each neuron of {} gets {indegree} inputs from {} chosen at random; change the rule in the inspector",
            name(projection.to),
            name(projection.from)
        )),
        _ => None,
    };
    let edit = Edit::new(label, move |p| {
        // Checked just above on the same document.
        let _ = insert_projection(p, from, to);
    });
    Ok((edit.selecting(Selection::projection(id)), remark))
}

/// Whether this recorder has something to record of this node; a meter needs all that it samples by default.
pub fn can_record(node: &Node, recorder: &Model) -> bool {
    let wired = models::wire(node.model, recorder).is_ok();
    wired && !node.model.is_recorder() && recorder.samples().iter().all(|name| node.model.always_has(name))
}

/// The step that puts a recorder beside a node and wires it, with its plot.
pub fn record(project: &Project, node: NodeId, recorder: &'static Model) -> Option<Edit> {
    let recorded = project.node(node)?;
    let [x, y] = recorded.position;
    let at = super::place::free_spot(project, recorder, [x + 170.0, y]);
    let label = format!("Record {}", recorded.name);
    let new = project.free_node_id();
    let edit = Edit::new(label, move |p| {
        let new = insert_node(p, recorder, at, Some(node));
        let _ = insert_projection(p, node, new);
    });
    Some(edit.selecting(Selection::node(new)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use spikeloom_engine::models::Family;
    use spikeloom_engine::project::{Severity, validate};

    fn project(models: &[&'static Model]) -> Project {
        let mut project = Project::default();
        for model in models {
            insert_node(&mut project, model, [0.0, 0.0], None);
        }
        project
    }

    #[test]
    fn names_are_short_and_unique() {
        let p = project(&[
            &models::iaf_psc_alpha::MODEL,
            &models::iaf_psc_delta::MODEL,
            &models::izhikevich::MODEL,
            &models::POISSON_GENERATOR,
            &models::SPIKE_RECORDER,
            &models::VOLTMETER,
        ]);
        let names: Vec<&str> = p.nodes.iter().map(|n| n.name.as_str()).collect();
        assert_eq!(names, ["Neurons", "Neurons 2", "Izhikevich", "Poisson", "Spikes", "Voltmeter"]);
    }

    #[test]
    fn new_nodes_are_right_by_themselves_and_told_apart_by_their_names() {
        for model in models::CATALOGUE.iter().filter(|m| m.family() != Family::Synapse) {
            let p = project(&[model]);
            let problems = spikeloom_engine::project::check_node(&p.nodes[0], p.simulation.resolution);
            let errors: Vec<_> = problems.into_iter().filter(|p| p.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", model.name);
        }
        let devices = models::CATALOGUE.iter().filter(|m| m.is_generator() || m.is_recorder());
        let mut names: Vec<_> = devices.map(|m| m.short_title()).collect();
        names.sort();
        let all = names.len();
        names.dedup();
        // The generators of Poisson spikes share a name but for the first of them.
        assert!(names.len() + 2 >= all, "{names:?}");
    }

    #[test]
    fn a_multimeter_samples_what_its_first_target_has() {
        let rates = models::find("lin_rate_ipn").unwrap();
        let mut p = project(&[rates]);
        let edit = record(&p, NodeId(0), &models::MULTIMETER).unwrap();
        (edit.change)(&mut p);
        assert_eq!(p.nodes[1].value(RECORD_FROM), Some(Value::Names(vec!["rate".into()])));
        assert_eq!((p.projections.len(), p.views.len()), (1, 1));
        insert_node(&mut p, &models::iaf_psc_alpha::MODEL, [0.0; 2], None);
        assert!(insert_projection(&mut p, NodeId(1), NodeId(2)).unwrap_err().contains("has no rate"));
    }

    #[test]
    fn wires_to_a_correlation_detector_end_at_both_ports_and_open_a_plot() {
        let mut p = project(&[&models::iaf_psc_alpha::MODEL, &models::CORRELATION_DETECTOR]);
        for _ in 0..3 {
            insert_projection(&mut p, NodeId(0), NodeId(1)).unwrap();
        }
        assert_eq!(p.projections.iter().map(|p| p.receptor).collect::<Vec<_>>(), [0, 1, 0]);
        assert_eq!(p.views.iter().map(|v| v.kind.as_str()).collect::<Vec<_>>(), ["correlogram"]);
    }

    #[test]
    fn a_wire_drawn_against_its_direction_is_turned() {
        let mut p = project(&[&models::iaf_psc_alpha::MODEL, &models::VOLTMETER]);
        insert_projection(&mut p, NodeId(0), NodeId(1)).unwrap();
        assert_eq!((p.projections[0].from, p.projections[0].to), (NodeId(1), NodeId(0)));
        assert_eq!(p.views.len(), 1);
        assert_eq!(p.views[0].kind, "traces");
        insert_projection(&mut p, NodeId(1), NodeId(0)).unwrap();
        assert_eq!(p.views.len(), 1, "one plot for a recorder is enough");
    }

    #[test]
    fn every_wire_that_can_be_drawn_is_valid() {
        let nodes = models::CATALOGUE.iter().filter(|m| m.family() != Family::Synapse);
        let (mut drawn, mut wrong) = (0, Vec::new());
        for from in nodes.clone() {
            for to in nodes.clone() {
                let mut p = project(&[from, to]);
                p.nodes.iter_mut().filter(|n| !n.model.is_recorder()).for_each(|n| n.n = 3);
                if insert_projection(&mut p, NodeId(0), NodeId(1)).is_ok() {
                    drawn += 1;
                    let errors = validate(&p).into_iter().filter(|p| p.severity == Severity::Error);
                    wrong.extend(errors.map(|e| format!("{} to {}: {e}", from.name, to.name)));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(drawn > 100, "{drawn}");
    }

    #[test]
    fn signals_get_their_own_connections() {
        let rate = models::find("lin_rate_ipn").unwrap();
        let mut p = project(&[rate, rate]);
        insert_projection(&mut p, NodeId(0), NodeId(1)).unwrap();
        assert_eq!(p.projections[0].synapse.carries(), Some(Signal::Rate));
        let cell = project(&[rate, &models::iaf_psc_alpha::MODEL]);
        assert!(new_projection(&cell, ProjectionId(0), NodeId(0), NodeId(1)).is_err());
    }

    #[test]
    fn weights_follow_the_target() {
        let weight = |target: &'static Model| {
            let mut p = project(&[&models::POISSON_GENERATOR, target]);
            insert_projection(&mut p, NodeId(0), NodeId(1)).unwrap();
            p.projections[0].weight.typical()
        };
        assert_eq!(weight(&models::iaf_psc_alpha::MODEL), 50.0);
        assert_eq!(weight(&models::iaf_psc_delta::MODEL), 1.0);
        assert_eq!(weight(&models::iaf_cond_exp::MODEL), 20.0);
        assert_eq!(weight(&models::SPIKE_RECORDER), 1.0);
    }

    #[test]
    fn large_populations_are_wired_sparsely() {
        let mut p = project(&[&models::iaf_psc_alpha::MODEL, &models::iaf_psc_alpha::MODEL]);
        p.nodes[0].n = 800;
        p.nodes[1].n = 200;
        insert_projection(&mut p, NodeId(0), NodeId(1)).unwrap();
        insert_projection(&mut p, NodeId(1), NodeId(0)).unwrap();
        assert_eq!(p.projections[0].rule, Rule::FixedIndegree { indegree: 80 });
        assert_eq!(p.projections[1].rule, Rule::FixedIndegree { indegree: 20 });
        // Ten inputs of 50 pA are shared by as many as there are.
        assert_eq!(p.projections[0].weight, Value::Real(5.0));
        assert_eq!(p.projections[1].weight, Value::Real(20.0));
        assert_eq!(connect(&p, NodeId(0), NodeId(0)).unwrap().1, None, "said before");
        p.projections.clear();
        let (_, remark) = connect(&p, NodeId(0), NodeId(0)).unwrap();
        assert!(remark.unwrap().contains("80 inputs"));
    }

    #[test]
    fn wires_of_an_inhibitory_population_inhibit() {
        let mut p = project(&[&models::iaf_psc_alpha::MODEL, &models::iaf_psc_alpha::MODEL]);
        insert_projection(&mut p, NodeId(0), NodeId(1)).unwrap();
        p.projections[0].weight = Value::Real(-40.0);
        insert_projection(&mut p, NodeId(0), NodeId(0)).unwrap();
        assert_eq!(p.projections[1].weight, Value::Real(-50.0));
    }

    #[test]
    fn wires_of_an_inhibitory_population_go_to_receptors_that_inhibit() {
        let receptors = models::find("aeif_cond_beta_multisynapse").expect("in the catalogue");
        let mut p = project(&[&models::iaf_psc_alpha::MODEL, receptors]);
        p.nodes[1].params.insert("E_rev".into(), Value::List(vec![0.0, -85.0]));
        p.nodes[1].params.insert("tau_rise".into(), Value::List(vec![0.5, 0.5]));
        p.nodes[1].params.insert("tau_decay".into(), Value::List(vec![2.0, 8.0]));
        insert_projection(&mut p, NodeId(0), NodeId(1)).unwrap();
        let drawn = |p: &Project| (Sign::of_projection(p, &p.projections[0]), Sign::of_population(p, &p.nodes[0]));
        assert_eq!(drawn(&p), (Sign::Excitatory, Sign::Excitatory));
        p.projections[0].receptor = 2;
        assert_eq!(drawn(&p), (Sign::Inhibitory, Sign::Inhibitory), "a positive weight at a receptor that inhibits");
        assert!(!crate::editing::has_sign(&p, &p.projections[0]), "the receptor tells it, not the weight");
        insert_projection(&mut p, NodeId(0), NodeId(1)).unwrap();
        assert_eq!(p.projections[1].receptor, 2);
        assert!(p.projections[1].weight.typical() > 0.0);
    }

    #[test]
    fn a_delay_is_a_whole_number_of_steps() {
        assert_eq!(whole_steps(1.5, 0.1), 1.5);
        assert_eq!(whole_steps(1.0, 0.4), 1.2);
        assert_eq!(whole_steps(1.0, 5.0), 5.0);
    }
}
