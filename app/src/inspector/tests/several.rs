//! Several things at once, and knobs.

use super::*;

#[test]
fn several_nodes_of_one_model_are_edited_together() {
    let both = Selection { nodes: [NodeId(0), NodeId(1)].into(), ..Default::default() };
    let mut harness = desk(both);
    harness.run();
    type_number(&mut harness, "t_ref", "5");
    let desk = harness.state();
    assert_eq!((desk.node(0).real("t_ref"), desk.node(1).real("t_ref")), (5.0, 5.0));
    assert_eq!(desk.steps, ["Set t_ref of 2 nodes"]);
}

#[test]
fn a_knob_is_made_of_a_parameter_turned_and_removed() {
    let mut harness = desk(node(2));
    harness.run();
    harness.get_by_role_and_label(Role::Label, "rate").click();
    harness.run();
    harness.get_by_label("Make it a knob").click();
    harness.run();
    assert_eq!(harness.state().project.knobs.len(), 1);
    harness.state_mut().selection = Selection::default();
    harness.run();
    type_number(&mut harness, "rate of Noise", "700");
    assert_eq!(harness.state().node(2).real("rate"), 700.0);
    assert_eq!(harness.state().steps, ["Add knob rate of Noise", "Turn rate of Noise"]);
    harness.get_by_label("Remove knob rate of Noise").click();
    harness.run();
    assert!(harness.state().project.knobs.is_empty());
    assert_eq!(harness.state().node(2).real("rate"), 700.0);
}

#[test]
fn a_new_knob_says_where_it_is() {
    let mut harness = desk(node(0));
    harness.run();
    harness.get_all_by_label("V_th").next().expect("its name").click();
    harness.run();
    harness.get_by_label("Make it a knob").click();
    harness.run();
    let said = |a: &Action| matches!(a, Action::Say(m) if m.text.contains("V_th of Excitatory"));
    assert!(harness.state().others.iter().any(said));
    assert_eq!(harness.state().project.knobs.len(), 1);
}

#[test]
fn several_wires_are_edited_together() {
    let wires = Selection { nodes: Default::default(), projections: [ProjectionId(0), ProjectionId(1)].into() };
    let mut harness = desk(wires);
    harness.run();
    harness.get_by_label("Changes here go to all 2 projections");
    harness.get_by_label("(differ)");
    type_number(&mut harness, "weight", "33");
    type_number(&mut harness, "delay", "2.5");
    type_number(&mut harness, "p", "0.3");
    let desk = harness.state();
    for wire in &desk.project.projections[..2] {
        assert_eq!((&wire.weight, &wire.delay), (&Value::Real(33.0), &Value::Real(2.5)));
        assert_eq!(wire.rule, Rule::PairwiseBernoulli { p: 0.3 });
    }
    assert_eq!(desk.steps, ["Set weight of 2 projections", "Set delay of 2 projections", "Set rule of 2 projections"]);
    assert_eq!(desk.project.projections[2].weight, Value::Real(20.0));
    harness.get_by_role_and_label(Role::ComboBox, "Synapse").click();
    harness.run();
    // The list is long: what is looked for may stand below.
    harness.get_by_role_and_label(Role::Button, "Spike-timing dependent plasticity").scroll_to_me();
    harness.run_steps(20);
    harness.get_by_role_and_label(Role::Button, "Spike-timing dependent plasticity").click();
    harness.run();
    type_number(&mut harness, "lambda", "0.02");
    for wire in &harness.state().project.projections[..2] {
        assert_eq!(wire.synapse.name, "stdp_synapse");
        assert_eq!(wire.params.get("lambda"), Some(&Value::Real(0.02)));
    }
}

#[test]
fn the_receptor_of_several_wires_is_set_together() {
    let mut project = network();
    let receiver = models::find("iaf_psc_exp_multisynapse").expect("in the catalogue");
    project.nodes[0].model = receiver;
    project.nodes[0].params.insert("tau_syn".into(), Value::List(vec![2.0, 5.0, 9.0]));
    for (wire, port) in [(1, 1), (2, 2)] {
        project.projections[wire].receptor = port;
    }
    let projections = [ProjectionId(1), ProjectionId(2)].into_iter().collect();
    let both = Selection { projections, ..Selection::default() };
    let mut harness = desk_of(Desk::new(project, both));
    harness.run();
    let receptor = harness.get_by_role_and_label(Role::ComboBox, "Receptor");
    assert_eq!(receptor.accesskit_node().value().as_deref(), Some("(differ)"));
    receptor.click();
    harness.run();
    harness.get_by_label_contains("3: ").click();
    harness.run();
    let now: Vec<u32> = harness.state().project.projections[1..3].iter().map(|p| p.receptor).collect();
    assert_eq!(now, [3, 3]);
    assert_eq!(harness.state().steps.len(), 1);
}

#[test]
fn the_size_of_several_populations_is_set_together() {
    let both = Selection { nodes: [NodeId(0), NodeId(1)].into(), ..Default::default() };
    let mut harness = desk(both);
    harness.run();
    type_number(&mut harness, "Number", "7");
    assert_eq!((harness.state().node(0).n, harness.state().node(1).n), (7, 7));
    type_number(&mut harness, "Number", "0");
    harness.get_by_label_contains("Allowed is 1");
}

#[test]
fn a_knob_is_edited_in_the_window() {
    let mut project = network();
    project.nodes[2].params.insert("rate".into(), Value::Real(500.0));
    project.nodes[0].params.insert("I_e".into(), Value::Real(250.0));
    let what = Turned::Parameter { of: NodeId(2), name: "rate".into() };
    let turns = vec![Turn { what, times: 1.0 }];
    project.knobs.push(Knob { name: "drive".into(), doc: String::new(), range: (0.0, 1000.0), step: 0.0, turns });
    let mut harness = desk_of(Desk::new(project, Selection::default()));
    harness.run();
    harness.get_by_label("Edit knob drive").click();
    harness.run();
    retype(&mut harness, "Knob name", "input");
    assert_eq!(harness.state().project.knobs[0].name, "input");
    harness.get_by_label("Add target").click();
    harness.run();
    harness.get_by_label("Excitatory").click();
    harness.run();
    harness.run_steps(30);
    harness.get_by_label("I_e of Excitatory").click_accesskit();
    harness.run();
    let knob = harness.state().project.knobs[0].clone();
    assert_eq!(knob.turns.len(), 2);
    // By a step that is set the slider stops at its multiples.
    harness.get_by_role_and_label(Role::SpinButton, "Step").set_value_accesskit(40.0);
    harness.run();
    assert_eq!(harness.state().project.knobs[0].step, 40.0);
    // What is added keeps its value.
    assert_eq!((knob.turns[1].times, knob.value(&harness.state().project)), (0.5, Some(500.0)));
}
