//! Projections and their synapses.

use super::*;
use spikeloom_engine::description::space::{Mask, MaskKind, Positions};
use spikeloom_engine::models::Family;

#[test]
fn the_rule_and_its_number_are_edited() {
    let mut harness = desk(projection(0));
    harness.run();
    harness.get_by_label("≈ 160 synapses, 8 per target");
    harness.get_by_role_and_label(Role::ComboBox, "Rule").click();
    harness.run();
    harness.get_by_label("Fixed in-degree").click();
    harness.run();
    type_number(&mut harness, "K_in", "25");
    assert_eq!(harness.state().project.projections[0].rule, Rule::FixedIndegree { indegree: 25 });
    type_number(&mut harness, "K_in", "2.5");
    assert_eq!(harness.state().project.projections[0].rule, Rule::FixedIndegree { indegree: 25 });
    harness.get_by_label_contains("not a whole number");
}

#[test]
fn the_sign_is_reversed_and_short_delays_refused() {
    let mut harness = desk(projection(1));
    harness.run();
    harness.get_by_label("Reverse sign").click();
    harness.run();
    assert_eq!(harness.state().project.projections[1].weight, Value::Real(100.0));
    type_number(&mut harness, "delay", "0.01");
    assert_eq!(harness.state().project.projections[1].delay, Value::Real(1.0));
    harness.get_by_label_contains("at least one time step");
    type_number(&mut harness, "delay", "1.5 ms");
    assert_eq!(harness.state().project.projections[1].delay, Value::Real(1.5));
    let is_written = |harness: &Harness<'_, Desk>| {
        let text = spikeloom_engine::project::write(&harness.state().project);
        text.contains("delay: 1,") || text.contains("delay: 1)")
    };
    assert!(!is_written(&harness));
    type_number(&mut harness, "delay", "1");
    assert!(is_written(&harness), "what is typed is kept, the default too");
}

#[test]
fn parameters_of_synapses_are_set_drawn_and_reset() {
    let mut project = network();
    project.projections[0].synapse = &PLASTIC;
    let mut harness = desk_of(Desk::new(project, projection(0)));
    harness.run();
    type_number(&mut harness, "lambda", "0.02");
    type_number(&mut harness, "lambda", "-1");
    harness.get_by_label_contains("allowed is ≥ 0");
    let params = |h: &Harness<'_, Desk>| h.state().project.projections[0].params.clone();
    assert_eq!(params(&harness).get("lambda"), Some(&Value::Real(0.02)));
    assert!(harness.query_by_label("lambda varies: Constant").is_none(), "one value for all synapses");
    harness.get_by_label("U varies: Constant").click();
    harness.run();
    harness.get_by_label("Uniform").click();
    harness.run();
    assert!(matches!(params(&harness).get("U"), Some(Value::Distribution(_))));
    harness.get_by_label_contains("Reset lambda").click();
    harness.run();
    assert_eq!(params(&harness).keys().collect::<Vec<_>>(), ["U"]);
    let steps = harness.state().steps.clone();
    assert_eq!(steps.last().map(String::as_str), Some("Reset lambda of Excitatory → Inhibitory"));
    // Weight and delay have rows of their own.
    assert_eq!(harness.query_all_by_role_and_label(Role::SpinButton, "weight").count(), 1);
}

#[test]
fn another_synapse_model_keeps_weight_and_delay_and_what_it_knows() {
    let mut project = network();
    project.projections[0].synapse = &PLASTIC;
    project.projections[0].params.insert("U".into(), Value::Real(0.2));
    let mut harness = desk_of(Desk::new(project, projection(0)));
    harness.run();
    harness.get_by_role_and_label(Role::ComboBox, "Synapse").click();
    harness.run();
    harness.get_by_label("Static synapse").click();
    harness.run();
    let wire = &harness.state().project.projections[0];
    assert_eq!((wire.synapse.name, wire.weight.typical()), ("static_synapse", 20.0));
    assert!(wire.params.is_empty());
}

#[test]
fn several_populations_and_their_parts_are_shown_as_one() {
    let text = r#"(nodes: {"E": (model: "iaf_psc_alpha", n: 80), "I": (model: "iaf_psc_alpha", n: 20)},
        projections: [(from: ["E", "I"], to: "E", sources: {"E": slice(stop: 30)}, rule: fixed_indegree(10))])"#;
    let (project, _) = spikeloom_engine::project::read(text).expect("a network");
    let mut harness = desk_of(Desk::new(project, projection(0)));
    harness.run();
    harness.get_by_label("Part of E[:30] + I → E");
    harness.get_by_label("800 synapses, 10 per target");
    assert_eq!(harness.get_by_role_and_label(Role::TextInput, "Sources").value().as_deref(), Some(":30"));
}

#[test]
fn a_pair_of_nodes_is_connected_both_ways() {
    let mut harness = desk(projection(5));
    harness.run();
    assert!(harness.query_by_label("Both ways").is_none(), "a generator takes nothing");
    let mut project = network();
    project.projections[0].rule = Rule::AllToAll;
    let mut harness = desk_of(Desk::new(project, projection(0)));
    harness.run();
    harness.get_by_label("Both ways").click();
    harness.run();
    assert!(harness.state().project.projections[0].symmetric);
}

#[test]
fn a_gap_junction_is_chosen_in_one_step_with_rule_weight_and_unit() {
    let mut project = Project::default();
    for i in 0..2 {
        let mut cells = Node::new(NodeId(i), ["A", "B"][i as usize], models::find("hh_psc_alpha_gap").unwrap());
        cells.n = 20;
        project.nodes.push(cells);
    }
    let mut wire = Projection::new(ProjectionId(0), NodeId(0), NodeId(1));
    (wire.rule, wire.weight) = (Rule::FixedIndegree { indegree: 5 }, Value::Real(100.0));
    project.projections.push(wire);
    let mut harness = desk_of(Desk::new(project, projection(0)));
    harness.run();
    harness.get_by_role_and_label(Role::ComboBox, "Synapse").click();
    harness.run();
    harness.get_by_role_and_label(Role::Button, "Gap junction").click();
    harness.run();
    let desk = harness.state();
    assert_eq!(desk.steps.len(), 1);
    let wire = &desk.project.projections[0];
    assert_eq!(wire.rule, Rule::SymmetricPairwiseBernoulli { p: 0.25 });
    assert!(wire.symmetric && !wire.autapses);
    assert_eq!(wire.weight, Value::Real(1.0));
    let wrong = spikeloom_engine::project::validate(&desk.project);
    assert!(wrong.iter().all(|p| p.severity != spikeloom_engine::project::Severity::Error), "{wrong:?}");
    // A conductance has no sign to turn.
    assert!(harness.query_by_label("Reverse sign").is_none());
}

#[test]
fn messages_use_the_words_of_the_menus() {
    let mut harness = desk(projection(0));
    harness.run();
    let place = Place::Projection { id: ProjectionId(0), from: "A".into(), to: "B".into() };
    let message = "use symmetric_pairwise_bernoulli, or one_to_one with `symmetric`";
    harness.state_mut().problems = vec![Problem::error(place, message).of("rule")];
    harness.run();
    harness.get_by_label("Error: rule: use “Symmetric Bernoulli”, or “One to one” with “Both ways”");
}

#[test]
fn the_learning_window_follows_the_parameters() {
    let mut project = network();
    project.projections[0].synapse = models::find("stdp_synapse").expect("a model");
    let mut harness = desk_of(Desk::new(project, projection(0)));
    let before = portrayed(&mut harness, "Learning window: ", "");
    assert!(before.contains("A pair of spikes changes a weight of 20 pA by "), "{before}");
    harness.state_mut().project.projections[0].params.insert("lambda".into(), Value::Real(0.0));
    let start = std::time::Instant::now();
    while harness.query_by_label_contains("Learning window: ").is_some() {
        harness.step();
        assert!(start.elapsed().as_secs() < 60, "what does not learn has no window");
    }
}

#[test]
fn a_train_shows_what_a_depressing_synapse_makes_of_it() {
    let mut project = network();
    project.projections[0].synapse = models::find("tsodyks2_synapse").expect("a model");
    let mut harness = desk_of(Desk::new(project, projection(0)));
    let text = portrayed(&mut harness, "A train of spikes: ", "");
    assert!(text.contains("at the last of the train"), "{text}");
    assert!(harness.query_by_label_contains("Learning window: ").is_none());
}

#[test]
fn a_rule_that_does_not_look_at_space_takes_the_mask_away_in_one_step_and_says_so() {
    let mut project = network();
    project.nodes[0].positions = Some(Positions::grid(&[8, 10]));
    let wire = &mut project.projections[4];
    wire.mask = Some(Mask::Form(MaskKind::Circular.around(0.3)));
    wire.use_on_source = true;
    let mut harness = desk_of(Desk::new(project, projection(4)));
    harness.run();
    harness.get_by_role_and_label(Role::ComboBox, "Rule").click();
    harness.run();
    harness.get_by_label("Fixed in-degree").click();
    harness.run();
    let wire = |h: &Harness<'_, Desk>| h.state().project.projections[4].clone();
    assert!(wire(&harness).mask.is_some() && !wire(&harness).use_on_source, "this one can take it");
    harness.get_by_role_and_label(Role::ComboBox, "Rule").click();
    harness.run();
    harness.get_by_label("One to one").click();
    harness.run();
    assert_eq!((wire(&harness).rule, wire(&harness).mask), (Rule::OneToOne, None));
    let steps = ["Set rule of Excitatory → Excitatory", "Set rule, remove mask of Excitatory → Excitatory"];
    assert_eq!(harness.state().steps, steps);
    let said = |a: &Action| matches!(a, Action::Say(m) if m.text.contains("takes no mask"));
    assert!(harness.state().others.iter().any(said));
}

#[test]
fn a_projection_has_a_seed_of_its_own_if_it_is_given_one() {
    let mut harness = desk(projection(0));
    harness.run();
    const SEED: &str = "Seed of the projection";
    let seed = |h: &Harness<'_, Desk>| h.state().project.projections[0].seed;
    retype(&mut harness, SEED, "12345678901234567890");
    assert_eq!(seed(&harness), Some(12_345_678_901_234_567_890));
    retype(&mut harness, SEED, "-1");
    harness.get_by_label_contains("allowed is a whole number 0 …");
    assert_eq!(seed(&harness), Some(12_345_678_901_234_567_890));
    retype(&mut harness, SEED, " ");
    assert_eq!(seed(&harness), None);
    harness.state_mut().selection = projection(2);
    harness.run();
    assert!(harness.query_by_label(SEED).is_none(), "nothing of it is drawn");
}

#[test]
fn a_parameter_of_synapses_becomes_a_knob() {
    let mut project = network();
    project.projections[0].synapse = models::find("stdp_synapse").expect("a model");
    let mut harness = desk_of(Desk::new(project, projection(0)));
    harness.run();
    harness.get_all_by_label("lambda").next().expect("its name").click();
    harness.run();
    harness.get_by_label("Make it a knob").click();
    harness.run();
    harness.state_mut().selection = Selection::default();
    harness.run();
    type_number(&mut harness, "lambda of Excitatory → Inhibitory", "0.05");
    assert_eq!(harness.state().project.projections[0].params.get("lambda"), Some(&Value::Real(0.05)));
    let what = &harness.state().project.knobs[0].turns[0].what;
    let wanted = Turned::Synapses { from: NodeId(0), to: Some(NodeId(1)), name: "lambda".into() };
    assert_eq!(*what, wanted);
}

#[test]
fn below_a_portrait_everything_stays_what_it_is_when_it_comes() {
    /// Widgets of the inspector, by identity and place: a menu is open, and a press becomes a click, by identity.
    fn widgets(harness: &Harness<'_, Desk>) -> Vec<(String, String, [f32; 2])> {
        let roles = [Role::Label, Role::Button, Role::SpinButton, Role::ComboBox, Role::Slider];
        let all = roles.into_iter().flat_map(|role| harness.query_all_by_role(role));
        let named = all.filter_map(|widget| Some((widget.accesskit_node().label()?, widget)));
        let placed = named.map(|(name, widget)| {
            let identity = format!("{:?}", widget.accesskit_node().id());
            (name, identity, [widget.rect().left(), widget.rect().top()])
        });
        placed.collect()
    }
    fn pictures(harness: &Harness<'_, Desk>) -> Vec<String> {
        harness.query_all_by_role(Role::Image).filter_map(|picture| picture.accesskit_node().label()).collect()
    }
    let is_awaited = |harness: &Harness<'_, Desk>| pictures(harness).iter().any(|label| label.ends_with("being drawn"));
    let mut compared = 0;
    for model in models::CATALOGUE.iter().copied() {
        let (mut project, mut selection) = (network(), node(5));
        match model.family() {
            _ if model.plastic().is_some() => {
                project.projections[0].synapse = model;
                selection = projection(0);
            }
            // Its portrait is a whole population, and takes seconds.
            Family::Neuron | Family::Generator if model.name != "gif_pop_psc_exp" => {
                project.projections.retain(|wire| ![wire.from, wire.to].contains(&NodeId(5)));
                project.nodes[5] = Node::new(NodeId(5), "Single", model);
            }
            _ => continue,
        }
        let mut harness = desk_of(Desk::new(project, Selection::default()));
        harness.run();
        harness.state_mut().selection = selection;
        // The portrait is asked for in the first of these frames; the second knows how large everything is.
        harness.run_steps(2);
        if !is_awaited(&harness) {
            continue;
        }
        let before = widgets(&harness);
        let start = std::time::Instant::now();
        while is_awaited(&harness) {
            assert!(start.elapsed().as_secs() < 60, "{}: no portrait was drawn", model.name);
            std::thread::sleep(std::time::Duration::from_millis(2));
            harness.step();
        }
        let (after, shown) = (widgets(&harness), pictures(&harness));
        // Few neurons have less to show than there is room for.
        let is_part = |label: &String| ["Firing rate", "One spike"].iter().any(|part| label.starts_with(part));
        if model.is_neuron() && !(shown.iter().any(|l| l.starts_with("Answer to")) && shown.iter().any(is_part)) {
            continue;
        }
        for widget in before.iter().filter(|(name, ..)| name != " ") {
            assert!(after.contains(widget), "{}: {widget:?} has become another", model.name);
            compared += 1;
        }
    }
    assert!(compared > 500, "only {compared} widgets were seen before a portrait came");
}
