//! Nodes and the simulation.

use super::*;

#[test]
fn recordables_are_chosen_by_check_boxes() {
    let mut harness = desk(node(3));
    harness.run();
    harness.get_by_role_and_label(Role::CheckBox, "I_syn_ex").click();
    harness.run();
    harness.get_by_role_and_label(Role::CheckBox, "V_m").click();
    harness.run();
    let names = |names: &[&str]| Value::Names(names.iter().map(|&n| n.to_owned()).collect());
    assert_eq!(harness.state().node(3).params.get("record_from"), Some(&names(&["I_syn_ex", "V_m"])));
    harness.get_by_role_and_label(Role::CheckBox, "I_syn_ex").click();
    harness.run();
    assert_eq!(harness.state().node(3).params.get("record_from"), Some(&names(&["V_m"])));
}

#[test]
fn a_taken_name_is_refused_and_a_free_one_taken() {
    let mut harness = desk(node(0));
    harness.run();
    retype(&mut harness, "Name", "Inhibitory");
    assert_eq!(harness.state().node(0).name, "Excitatory");
    harness.get_by_label_contains("Another node is called “Inhibitory”");
    retype(&mut harness, "Name", "Pyramidal cells");
    assert_eq!(harness.state().node(0).name, "Pyramidal cells");
    assert_eq!(harness.state().steps, ["Rename Excitatory"]);
}

#[test]
fn the_search_filters_all_parameters() {
    let mut harness = desk(node(0));
    harness.run();
    harness.get_by_label("All parameters").click();
    harness.run();
    assert!(harness.query_by_role_and_label(Role::SpinButton, "C_m").is_some());
    harness.get_by_label("Search parameters").focus();
    harness.run();
    harness.get_by_label("Search parameters").type_text("plasticity");
    harness.run();
    assert!(harness.query_by_role_and_label(Role::SpinButton, "C_m").is_none());
    assert!(harness.query_by_role_and_label(Role::SpinButton, "tau_minus").is_some());
}

#[test]
fn a_problem_leads_to_its_culprit() {
    let mut desk = Desk::new(network(), Selection::default());
    let place = Place::Node { id: NodeId(2), name: "Noise".into() };
    desk.problems = vec![Problem::warning(place, "sends nothing at 0 spikes/s").of("rate")];
    let mut harness = desk_of(desk);
    harness.run();
    harness.get_by_label_contains("sends nothing at 0 spikes/s").click();
    harness.run();
    assert_eq!(harness.state().selection, node(2));
    assert!(matches!(harness.state().others.as_slice(), [Action::Reveal(s)] if *s == node(2)));
    harness.get_by_label_contains("rate: sends nothing");
}

#[test]
fn the_simulation_is_edited_while_nothing_is_selected() {
    let mut harness = desk(Selection::default());
    harness.run();
    type_number(&mut harness, "Duration", "2500");
    type_number(&mut harness, "Time step", "0");
    harness.get_by_label_contains("more than 0");
    harness.get_by_label("New seed").click();
    harness.run();
    retype(&mut harness, "Seed", "18446744073709551615");
    let settings = &harness.state().project.simulation;
    assert_eq!((settings.duration, settings.resolution, settings.seed), (2500.0, 0.1, u64::MAX));
    retype(&mut harness, "Title", "Two populations");
    assert_eq!(harness.state().project.title, "Two populations");
}

#[test]
fn every_kind_of_thing_can_be_shown() {
    let project = network();
    for model in models::CATALOGUE.iter().filter(|m| m.family() != models::Family::Synapse) {
        let mut project = project.clone();
        let mut shown = Node::new(NodeId(99), "Shown", model);
        shown.n = 7;
        project.nodes.push(shown);
        let mut harness = desk_of(Desk::new(project, node(99)));
        harness.run();
        if let Some(header) = harness.query_by_label("All parameters") {
            header.click();
        }
        harness.run();
        assert!(harness.state().steps.is_empty(), "{} edits without being asked", model.name);
    }
    for wire in &project.projections {
        desk(Selection::projection(wire.id)).run();
    }
}

#[test]
fn a_population_is_made_inhibitory_with_all_its_wires() {
    let mut harness = desk(node(0));
    harness.run();
    harness.get_by_label("Make inhibitory").click();
    harness.run();
    let weights = |h: &Harness<'_, Desk>| -> Vec<f64> {
        h.state().project.projections.iter().map(|p| p.weight.typical()).collect()
    };
    assert_eq!(weights(&harness), [-20.0, -100.0, 20.0, 1.0, -20.0, 30.0]);
    assert_eq!(harness.state().steps, ["Make inhibitory: Excitatory"]);
    harness.get_by_label("Make excitatory").click();
    harness.run();
    assert_eq!(weights(&harness)[0], 20.0);
}

/// A tree of compartments (0) whose receptor takes the spikes of a generator (1).
fn tree() -> Project {
    let text = r#"(nodes: {
        "Tree": (model: "cm_default", params: (
            compartments: [(parent_idx: -1), (parent_idx: 0), (parent_idx: 0)],
            receptors: [(comp_idx: 2, receptor_type: "AMPA"), (comp_idx: 2, receptor_type: "GABA")])),
        "Spikes": (model: "spike_generator"),
    }, projections: [(from: "Spikes", to: "Tree", receptor: 1)])"#;
    spikeloom_engine::project::read(text).expect("a network").0
}

fn entries(desk: &Desk, list: &str) -> Vec<spikeloom_engine::description::Row> {
    match desk.node(0).value(list) {
        Some(Value::Table(entries)) => entries,
        other => panic!("{list}: {other:?}"),
    }
}

fn press_button(harness: &mut Harness<'_, Desk>, name: &str) {
    // Headers that fold open are no buttons.
    harness.get_by_label(name).click_accesskit();
    harness.run();
}

#[test]
fn compartments_and_receptors_are_edited() {
    let mut harness = desk_of(Desk::new(tree(), node(0)));
    press_button(&mut harness, "compartment 1, on 0");
    type_number(&mut harness, "C_m of compartment 1", "0.5");
    assert_eq!(entries(harness.state(), "compartments")[1]["params.C_m"], Value::Real(0.5));
    // Reversal potentials of channels are given together.
    type_number(&mut harness, "e_K of compartment 1", "-80");
    assert_eq!(entries(harness.state(), "compartments")[1]["params.e_Na"], Value::Real(50.0));
    press_button(&mut harness, "Reset C_m of compartment 1");
    assert!(!entries(harness.state(), "compartments")[1].contains_key("params.C_m"));
    press_button(&mut harness, "Add compartment");
    assert_eq!(entries(harness.state(), "compartments").len(), 4);

    // What counts the entries behind the one that goes is renumbered.
    press_button(&mut harness, "Remove compartment 1");
    assert_eq!(entries(harness.state(), "compartments").len(), 3);
    assert_eq!(entries(harness.state(), "receptors")[0]["comp_idx"], Value::Real(1.0));
    press_button(&mut harness, "receptor 0: AMPA, on 1");
    press_button(&mut harness, "Remove receptor 0");
    let desk = harness.state();
    assert_eq!(entries(desk, "receptors").len(), 1);
    assert_eq!(desk.project.projections[0].receptor, 0);
    assert!(spikeloom_engine::project::validate(&desk.project).iter().all(|p| !p.message.contains("must")));
}

#[test]
fn an_entry_in_use_cannot_be_removed() {
    let mut harness = desk_of(Desk::new(tree(), node(0)));
    press_button(&mut harness, "receptor 1: GABA, on 2");
    press_button(&mut harness, "Remove receptor 1");
    press_button(&mut harness, "compartment 2, on 0");
    press_button(&mut harness, "Remove compartment 2");
    assert_eq!((entries(harness.state(), "receptors").len(), entries(harness.state(), "compartments").len()), (2, 3));
}

#[test]
fn signals_without_delay_have_settings_of_their_own() {
    let mut harness = desk(Selection::default());
    assert!(harness.query_by_label("Signals act within a step").is_none());
    let text = r#"(nodes: { "A": (model: "hh_psc_alpha_gap", n: 2) },
        projections: [(from: "A", to: "A", synapse: "gap_junction", symmetric: true, autapses: false)])"#;
    let (project, _) = spikeloom_engine::project::read_draft(text).expect("a network");
    harness = desk_of(Desk::new(project, Selection::default()));
    assert!(harness.query_by_label("Gap junctions see").is_some());
    assert!(harness.query_by_label("Iterations").is_none(), "exact signals are not iterated");
    type_number(&mut harness, "Tolerance", "1e-4");
    type_number(&mut harness, "Iterations", "20");
    let settings = &harness.state().project.simulation;
    assert_eq!((settings.wfr_tol, settings.wfr_max_iterations), (1e-4, 20));
    type_number(&mut harness, "Iterations", "0");
    assert_eq!(harness.state().project.simulation.wfr_max_iterations, 20, "refused");
    type_number(&mut harness, "Tolerance", "-1");
    assert_eq!(harness.state().project.simulation.wfr_tol, 1e-4, "refused");
    harness.get_by_label("Signals act within a step").click_accesskit();
    harness.run();
    assert!(!harness.state().project.simulation.use_wfr);
    assert!(harness.query_by_label("Gap junctions see").is_none());
    assert!(harness.query_by_label("Tolerance").is_none());
}

#[test]
fn the_inspector_keeps_its_width_whatever_is_selected() {
    let mut project = network();
    project.nodes[0].n = 1_000_000;
    for width in [225.0, 290.0] {
        for selection in [Selection::default(), node(0), node(2), projection(0)] {
            let show = |ui: &mut egui::Ui, desk: &mut (Desk, f32)| {
                desk.0.ui(ui);
                desk.1 = ui.min_rect().width();
            };
            let mut harness = Harness::builder()
                .with_size([width, 900.0])
                .with_context_setup(|ctx| ctx.set_fonts(fonts()))
                .build_ui_state(show, (Desk::new(project.clone(), selection.clone()), 0.0));
            harness.run();
            let needed = harness.state().1;
            assert!(needed <= width, "{selection:?} needs {needed} of {width}");
        }
    }
}

/// Where the fields of the inspector stand.
fn places(harness: &Harness<'_, Desk>, names: &[&str]) -> Vec<f32> {
    names.iter().map(|name| harness.get_all_by_label(name).next().expect("a field").rect().top()).collect()
}

#[test]
fn nothing_moves_when_a_problem_or_a_refusal_comes_or_goes() {
    let fields = ["V_th", "tau_m", "Number", "All parameters"];
    let mut harness = desk(node(0));
    harness.run();
    let before = places(&harness, &fields);
    type_number(&mut harness, "tau_m", "-3");
    harness.get_by_label_contains("allowed is > 0");
    assert_eq!(places(&harness, &fields), before);
    let place = Place::Node { id: NodeId(0), name: "Excitatory".into() };
    let long = "has no input and will not fire ".repeat(20);
    harness.state_mut().problems =
        vec![Problem::warning(place.clone(), long), Problem::error(place, "allowed is ≥ 0").of("t_ref")];
    harness.run();
    harness.get_by_label_contains("Warning: it has no input");
    harness.get_by_label("Error: t_ref: allowed is ≥ 0");
    assert_eq!(places(&harness, &fields), before);
    harness.state_mut().problems.clear();
    type_number(&mut harness, "tau_m", "12");
    harness.get_by_label("No problems");
    assert_eq!(places(&harness, &fields), before);
}

#[test]
fn one_thing_is_one_thing() {
    let mut project = network();
    project.nodes[0].n = 1;
    let both = Selection { nodes: [NodeId(0), NodeId(2)].into(), projections: [ProjectionId(2)].into() };
    project.nodes[0].muted = true;
    project.nodes[2].muted = true;
    project.projections[2].muted = true;
    let mut harness = desk_of(Desk::new(project, both));
    harness.run();
    harness.get_by_label("2 nodes and 1 projection selected");
    harness.get_by_label("1 neuron in the selected populations");
    harness.get_by_label("≈ 1 synapse expected in the selected projections");
    harness.get_by_label("Unmute");
}

#[test]
fn the_portrait_follows_the_parameters() {
    let mut harness = desk(node(0));
    let before = portrayed(&mut harness, "Answer to ", "");
    assert!(before.contains("pA for 200 ms: V_m, "), "{before}");
    assert!(harness.query_by_label_contains("Firing rate of current").is_some());
    assert!(harness.query_by_label_contains("One spike: ").is_some());
    let params = &mut harness.state_mut().project.nodes[0].params;
    params.insert("t_ref".into(), Value::Real(30.0));
    let after = portrayed(&mut harness, "Answer to ", &before);
    let spikes = |text: &str| -> u32 {
        let count = text.rsplit(", ").next().and_then(|end| end.split(' ').next());
        count.and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("no number of spikes in “{text}”"))
    };
    assert!(spikes(&after) < spikes(&before), "“{before}”, then “{after}”");
}

#[test]
fn a_portrait_that_cannot_be_drawn_says_why() {
    let mut project = network();
    project.nodes[0].params.insert("C_m".into(), Value::Real(-1.0));
    let mut harness = desk_of(Desk::new(project, node(0)));
    let start = std::time::Instant::now();
    while harness.query_by_label_contains("Cannot be drawn: ").is_none() {
        harness.step();
        assert!(start.elapsed().as_secs() < 60, "nothing is said");
    }
}

#[test]
fn the_picture_of_a_generator_follows_its_parameters() {
    let mut harness = desk(node(2));
    let before = portrayed(&mut harness, "Trains: ", "");
    harness.state_mut().project.nodes[2].params.insert("rate".into(), Value::Real(50.0));
    let after = portrayed(&mut harness, "Trains: ", &before);
    assert!(after.starts_with("Trains: 8 trains of "), "{after}");
    let mut current = network();
    current.nodes[2] = Node::new(NodeId(2), "Current", models::find("ac_generator").expect("a model"));
    for (name, x) in [("amplitude", 100.0), ("offset", 30.0), ("frequency", 50.0)] {
        current.nodes[2].params.insert(name.into(), Value::Real(x));
    }
    let said = portrayed(&mut desk_of(Desk::new(current, node(2))), "Current: ", "");
    assert!(said.starts_with("Current: −70 … 130 pA within "), "{said}");
}

#[test]
fn recorders_have_no_portrait() {
    let mut harness = desk(node(3));
    harness.run();
    assert!(harness.query_by_label("Portrait").is_none());
    assert!(harness.query_by_label("What it sends").is_none());
}

#[test]
fn a_word_that_is_one_of_a_few_is_chosen_from_a_list() {
    let mut project = network();
    project.nodes[0].model = models::find("LIF").expect("a model");
    project.projections.clear();
    let mut harness = desk_of(Desk::new(project, node(0)));
    harness.run();
    harness.get_by_label("All parameters").click();
    harness.run();
    harness.get_by_role_and_label(Role::ComboBox, "spk_reset").scroll_to_me();
    harness.run();
    harness.get_by_role_and_label(Role::ComboBox, "spk_reset").click();
    harness.run();
    harness.get_by_role_and_label(Role::Button, "hard").click();
    harness.run();
    assert_eq!(harness.state().node(0).params.get("spk_reset"), Some(&Value::Text("hard".into())));
}

#[test]
fn the_state_of_a_neuron_is_shown_as_the_engine_tells_it() {
    use spikeloom_engine::live::{Look, Quantity, Seen};
    let mut harness = desk(node(0));
    harness.run();
    assert_eq!(harness.state().state.look(), None, "nothing is looked at while it is folded");
    harness.get_by_label("At this moment").click_accesskit();
    harness.run();
    assert_eq!(harness.state().state.look(), Some(Look::Neuron(NodeId(0), 0)));
    type_number(&mut harness, "Neuron looked at", "200");
    assert_eq!(harness.state().state.look(), Some(Look::Neuron(NodeId(0), 79)), "there are 80");
    let potential = Quantity {
        name: "V_m".into(),
        unit: "mV",
        count: 1,
        mean: -61.25,
        std: 0.0,
        smallest: -61.25,
        largest: -61.25,
    };
    let look = Look::Neuron(NodeId(0), 79);
    harness.state_mut().status.seen = Some(Seen { look, quantities: vec![potential] });
    harness.run();
    harness.get_by_label("V_m −61.25 mV");
    // What was seen of another neuron is not taken for this one.
    type_number(&mut harness, "Neuron looked at", "3");
    assert!(harness.query_by_label("V_m −61.25 mV").is_none());
}
