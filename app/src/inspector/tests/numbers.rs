//! Numbers, lists and distributions are edited.

use super::*;

#[test]
fn a_typed_threshold_is_set_and_can_be_reset() {
    let mut harness = desk(node(0));
    harness.run();
    type_number(&mut harness, "V_th", "−50");
    assert_eq!(harness.state().node(0).params.get("V_th"), Some(&Value::Real(-50.0)));
    assert_eq!(harness.state().steps, ["Set V_th of Excitatory"]);
    harness.get_by_label("Reset V_th to −55 mV").click();
    harness.run();
    assert!(harness.state().node(0).params.is_empty());
    assert_eq!(harness.state().steps.last().map(String::as_str), Some("Reset V_th of Excitatory"));
}

#[test]
fn a_value_equal_to_the_default_is_not_kept() {
    let mut harness = desk(node(0));
    harness.run();
    type_number(&mut harness, "V_th", "-50");
    type_number(&mut harness, "V_th", "-55");
    assert!(harness.state().node(0).params.is_empty());
}

#[test]
fn a_slider_drag_is_one_step() {
    let mut harness = desk(node(0));
    harness.run();
    let rail = harness.get_by_role_and_label(Role::Slider, "V_th slider").rect();
    harness.drag_at(rail.center());
    harness.run();
    for i in 1..6 {
        harness.hover_at(rail.center() + egui::vec2(i as f32 * 8.0, 0.0));
        harness.run();
    }
    harness.drop_at(rail.center() + egui::vec2(48.0, 0.0));
    harness.run();
    let desk = harness.state();
    assert_eq!(desk.steps, ["Set V_th of Excitatory"]);
    assert!(desk.node(0).real("V_th") > -50.0, "{}", desk.node(0).real("V_th"));
    assert_eq!(desk.open, None);
}

#[test]
fn a_number_is_dragged_and_shift_makes_it_coarse() {
    let travel = |modifiers: Modifiers| {
        let mut harness = desk(node(0));
        harness.run();
        let field = harness.get_by_role_and_label(Role::SpinButton, "V_th").rect();
        harness.event(egui::Event::ModifiersChanged(modifiers));
        harness.drag_at(field.center());
        harness.run();
        for i in 1..=4 {
            harness.hover_at(field.center() + egui::vec2(i as f32 * 10.0, 0.0));
            harness.step();
        }
        harness.drop_at(field.center() + egui::vec2(40.0, 0.0));
        harness.run();
        assert_eq!(harness.state().steps.len(), 1);
        harness.state().node(0).real("V_th") + 55.0
    };
    let (plain, coarse, fine) = (travel(Modifiers::NONE), travel(Modifiers::SHIFT), travel(Modifiers::COMMAND));
    assert!(0.0 < fine && fine < plain && plain < coarse, "{fine} {plain} {coarse}");
}

#[test]
fn dragged_times_stay_on_the_grid() {
    let mut project = network();
    project.simulation.resolution = 0.25;
    let mut harness = desk_of(Desk::new(project, node(3)));
    harness.run();
    let rail = harness.get_by_role_and_label(Role::Slider, "interval slider").rect();
    for i in 0..7 {
        harness.drag_at(rail.left_center() + egui::vec2(40.0 + i as f32 * 13.0, 0.0));
        harness.run();
        harness.drop_at(rail.left_center() + egui::vec2(40.0 + i as f32 * 13.0, 0.0));
        harness.run();
        let interval = harness.state().node(3).real("interval");
        assert_eq!((interval / 0.25).fract(), 0.0, "{interval}");
    }
    assert!(harness.state().node(3).real("interval") > 2.0);
}

#[test]
fn arrow_keys_step_a_focused_number() {
    let mut harness = desk(node(0));
    harness.run();
    harness.get_by_role_and_label(Role::SpinButton, "V_th").focus();
    harness.run();
    harness.key_press(Key::ArrowUp);
    harness.run();
    assert_eq!(harness.state().node(0).real("V_th"), -54.0);
}

#[test]
fn an_impossible_value_is_refused_with_what_is_allowed() {
    let mut harness = desk(node(0));
    harness.run();
    type_number(&mut harness, "tau_m", "-3");
    assert!(harness.state().node(0).params.is_empty());
    assert!(harness.state().steps.is_empty());
    harness.get_by_label_contains("allowed is > 0");
    type_number(&mut harness, "tau_m", "12");
    assert_eq!(harness.state().node(0).real("tau_m"), 12.0);
    assert!(harness.query_by_label_contains("allowed is > 0").is_none());
    type_number(&mut harness, "V_th", "-80");
    harness.get_by_label_contains("V_reset");
    assert_eq!(harness.state().node(0).real("V_th"), -55.0);
    type_number(&mut harness, "V_th", "high");
    harness.get_by_label_contains("“high” is not a number");
}

#[test]
fn escape_leaves_the_value() {
    let mut harness = desk(node(0));
    harness.run();
    harness.get_by_role_and_label(Role::SpinButton, "V_th").click_accesskit();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "V_th").type_text("-40");
    harness.run();
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.state().steps.is_empty());
}

#[test]
fn what_was_typed_is_taken_when_something_else_is_selected() {
    let mut harness = desk(node(0));
    harness.run();
    harness.get_by_role_and_label(Role::SpinButton, "V_th").click_accesskit();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "V_th").type_text("-52");
    harness.run();
    harness.state_mut().selection = node(1);
    harness.run();
    assert_eq!(harness.state().node(0).real("V_th"), -52.0);
    assert_eq!(harness.state().node(1).real("V_th"), -55.0);
    harness.get_by_label("inhibitory");
}

#[test]
fn a_weight_becomes_normal_and_its_spread_is_edited() {
    let mut harness = desk(projection(0));
    harness.run();
    harness.get_by_label("weight varies: Constant").click();
    harness.run();
    harness.get_by_label("Normal").click();
    harness.run();
    let weight = |h: &Harness<'_, Desk>| h.state().project.projections[0].weight.clone();
    let normal =
        |std| Value::Distribution(Distribution { shape: Shape::Normal { mean: 20.0, std }, min: None, max: None });
    assert_eq!(weight(&harness), normal(2.0));
    type_number(&mut harness, "weight std", "5");
    assert_eq!(weight(&harness), normal(5.0));
    type_number(&mut harness, "weight std", "-1");
    assert_eq!(weight(&harness), normal(5.0));
    harness.get_by_label_contains("allowed is ≥ 0");
    type_number(&mut harness, "weight min", "0");
    assert!(matches!(weight(&harness), Value::Distribution(d) if d.min == Some(0.0) && d.max.is_none()));
    type_number(&mut harness, "weight min", "none");
    assert_eq!(weight(&harness), normal(5.0));
}

#[test]
fn a_value_runs_over_the_population() {
    let mut harness = desk(node(0));
    harness.run();
    harness.get_by_label("tau_m varies: Constant").click();
    harness.run();
    harness.get_by_label("Range").click();
    harness.run();
    let range = |from, to, logarithmic| Some(Value::Range(Range { from, to, logarithmic }));
    let tau = |h: &Harness<'_, Desk>| h.state().node(0).params.get("tau_m").cloned();
    assert_eq!(tau(&harness), range(9.0, 11.0, false));
    type_number(&mut harness, "tau_m to", "40");
    assert_eq!(tau(&harness), range(9.0, 40.0, false));
    harness.get_by_label("Range of tau_m: 9 to 40 ms, equal distances");
    type_number(&mut harness, "tau_m from", "-1");
    assert_eq!(tau(&harness), range(9.0, 40.0, false), "refused");
    harness.get_by_label("tau_m varies: Range").click();
    harness.run();
    harness.get_by_label("Logarithmic range").click();
    harness.run();
    assert!(matches!(tau(&harness), Some(Value::Range(Range { logarithmic: true, .. }))));
    let mut harness = desk(projection(2));
    harness.run();
    harness.get_by_label("weight varies: Constant").click();
    harness.run();
    harness.get_by_label("Range").click();
    harness.run();
    assert_eq!(Some(harness.state().project.projections[2].weight.clone()), range(18.0, 22.0, false));
}

#[test]
fn a_parameter_list_takes_one_value_a_neuron() {
    let mut project = network();
    project.nodes[1].n = 3;
    let mut harness = desk_of(Desk::new(project, node(1)));
    harness.run();
    harness.get_by_label("I_e varies: Constant").click();
    harness.run();
    harness.get_by_label("List").click();
    harness.run();
    assert_eq!(harness.state().node(1).params.get("I_e"), Some(&Value::List(vec![0.0; 3])));
    let list = harness.get_by_role_and_label(Role::MultilineTextInput, "I_e");
    list.focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run();
    harness.get_by_role_and_label(Role::MultilineTextInput, "I_e").type_text("1, 2");
    harness.run();
    harness.get_by_label("2 of 3 values");
    assert_eq!(harness.state().node(1).params.get("I_e"), Some(&Value::List(vec![0.0; 3])));
    harness.get_by_role_and_label(Role::MultilineTextInput, "I_e").type_text(" 3.5");
    harness.run();
    assert_eq!(harness.state().node(1).params.get("I_e"), Some(&Value::List(vec![1.0, 2.0, 3.5])));
}

#[test]
fn spike_times_can_be_filled_regularly() {
    let mut harness = desk(node(4));
    harness.run();
    harness.get_all_by_label("Fill regularly").next().expect("a helper").click();
    harness.run();
    type_number(&mut harness, "to for spike_times", "30");
    harness.get_by_label("Fill spike_times").click();
    harness.run();
    assert_eq!(harness.state().node(4).params.get("spike_times"), Some(&Value::List(vec![10.0, 20.0, 30.0])));
}

#[test]
fn infinite_times_are_called_never_and_can_be_typed() {
    let mut harness = desk(node(2));
    harness.run();
    harness.get_by_label("All parameters").click();
    harness.run();
    type_number(&mut harness, "stop", "500");
    assert_eq!(harness.state().node(2).params.get("stop"), Some(&Value::Real(500.0)));
    type_number(&mut harness, "stop", "never");
    assert!(harness.state().node(2).params.is_empty());
}

#[test]
fn a_refusal_is_gone_once_the_document_has_changed() {
    let mut harness = desk(node(0));
    harness.run();
    type_number(&mut harness, "V_th", "-80");
    harness.get_by_label_contains("V_reset");
    harness.get_by_role_and_label(Role::CheckBox, "Mute").click();
    harness.run();
    assert!(harness.query_by_label_contains("V_reset").is_none());
}

#[test]
fn a_slider_holds_a_value_beyond_its_usual_range() {
    let mut project = network();
    project.nodes[0].params.insert("V_th".into(), Value::Real(20.0));
    project.nodes[0].n = 250_000;
    let mut harness = desk_of(Desk::new(project, node(0)));
    harness.run();
    let rail = harness.get_by_role_and_label(Role::Slider, "V_th slider").rect();
    // A small movement from where the handle stands changes the value a little, not to the end of the usual range.
    let handle = rail.left() + rail.width() * 0.8;
    let drag = |harness: &mut Harness<'_, Desk>, from: egui::Pos2, way: f32| {
        harness.drag_at(from);
        harness.run();
        harness.hover_at(from + egui::vec2(way, 0.0));
        harness.run();
        harness.drop_at(from + egui::vec2(way, 0.0));
        harness.run();
    };
    drag(&mut harness, egui::pos2(handle, rail.center().y), 4.0);
    let v = harness.state().node(0).real("V_th");
    assert!((10.0..35.0).contains(&v), "{v}");
    let rail = harness.get_by_role_and_label(Role::Slider, "Number slider").rect();
    drag(&mut harness, egui::pos2(rail.left() + rail.width() * 0.93, rail.center().y), 2.0);
    let n = harness.state().node(0).n;
    assert!((100_000..600_000).contains(&n), "{n}");
}
