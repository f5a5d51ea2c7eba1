//! Nodes are made, named and deleted; searches and menus.

use super::*;

#[test]
fn a_node_is_made_by_double_click_and_a_few_letters() {
    let mut h = bench(Project::default());
    double_click(&mut h, pos2(300.0, 300.0));
    h.get_by_label("Search models");
    find_and_enter(&mut h, "poiss");
    let desk = h.state();
    assert_eq!(desk.project.nodes.len(), 1);
    let node = &desk.project.nodes[0];
    assert_eq!((node.name.as_str(), node.model.name), ("Poisson", "poisson_generator"));
    assert_eq!(node.value("rate"), Some(Value::Real(1000.0)));
    assert!(!desk.canvas.finder_open());
    assert_eq!(desk.selection, Selection::node(node.id));
    assert!(center(&h, POISSON).distance(pos2(300.0, 300.0)) < 12.0);
}

#[test]
fn arrow_keys_choose_and_escape_closes_the_search() {
    let mut h = bench(Project::default());
    h.state_mut().canvas.open_finder();
    h.run();
    h.key_press(Key::ArrowDown);
    h.key_press(Key::ArrowDown);
    h.key_press(Key::ArrowUp);
    h.run();
    h.key_press(Key::Enter);
    h.run();
    assert_eq!(h.state().project.nodes[0].model.name, models::BASICS[1].name);
    h.state_mut().canvas.open_finder();
    h.run();
    h.key_press(Key::Escape);
    h.run();
    assert!(!h.state().canvas.finder_open());
    assert_eq!(h.state().project.nodes.len(), 1);
}

#[test]
fn a_right_click_on_the_background_offers_models_and_arranging() {
    let mut h = bench(network());
    let at = center(&h, EXCITATORY) + vec2(0.0, 220.0);
    h.hover_at(at);
    press(&h, at, egui::PointerButton::Secondary, Modifiers::NONE);
    h.run();
    assert!(h.state().canvas.finder_open());
    h.get_by_label("Arrange").click();
    h.run();
    assert_eq!(h.state().commands, [Command::Arrange]);
    assert!(!h.state().canvas.finder_open());
}

#[test]
fn a_node_is_renamed_in_place_and_names_stay_unique() {
    let mut h = bench(network());
    h.state_mut().canvas.rename(NodeId(1));
    h.run();
    find_and_enter(&mut h, "Inhibitory");
    assert_eq!(h.state().project.nodes[1].name, "Excitatory");
    assert!(h.state().said[0].contains("must be unique"), "{:?}", h.state().said);
    h.key_press_modifiers(Modifiers::COMMAND, Key::A);
    find_and_enter(&mut h, "Pyramidal");
    assert_eq!(h.state().project.nodes[1].name, "Pyramidal");
    assert_eq!(h.state().labels, ["Rename Excitatory to Pyramidal"]);
    h.get_by_label("Pyramidal, iaf_psc_alpha");
}

#[test]
fn double_click_on_the_title_renames_and_escape_gives_up() {
    let mut h = bench(network());
    let title = h.get_by_label(EXCITATORY).rect().center_bottom() + vec2(0.0, 12.0);
    double_click(&mut h, title);
    h.get_by_label("Name of node");
    h.event(Event::Text("Nonsense".into()));
    h.key_press(Key::Escape);
    h.run();
    assert!(h.query_by_label("Name of node").is_none());
    assert!(h.state().labels.is_empty());
}

#[test]
fn delete_is_left_to_the_program() {
    let mut h = bench(network());
    h.state_mut().selection = Selection::node(NodeId(1));
    h.key_press(Key::Delete);
    h.key_press(Key::Backspace);
    h.run();
    assert_eq!(h.state().project.nodes.len(), 4);
    assert!(h.state().labels.is_empty());
}

#[test]
fn a_model_dropped_from_the_palette_becomes_a_node() {
    let mut h = bench(network());
    let to = center(&h, EXCITATORY) + vec2(0.0, 190.0);
    let from = center(&h, "Palette voltmeter");
    drag(&mut h, from, to);
    assert_eq!(h.state().project.nodes.len(), 5);
    let made = center(&h, "Voltmeter, voltmeter");
    assert!(made.distance(to) < 20.0, "{made:?} is far from {to:?}");
    assert_eq!(h.state().labels, ["Add Voltmeter"]);
}

#[test]
fn a_node_menu_records_and_asks_for_commands() {
    let mut h = bench(network());
    h.get_by_label(EXCITATORY).click_secondary();
    h.run();
    assert_eq!(h.state().selection, Selection::node(NodeId(1)));
    h.get_by_label("Record potential").click();
    h.run();
    let p = &h.state().project;
    assert_eq!(p.nodes[4].model.name, "voltmeter");
    assert_eq!(p.views.len(), 1);
    h.get_by_label(EXCITATORY).click_secondary();
    h.run();
    h.get_by_label_contains("Delete").click();
    h.run();
    assert_eq!(h.state().commands, [Command::Delete]);
}

#[test]
fn a_projection_menu_reverses_the_sign() {
    let mut project = network();
    insert_projection(&mut project, NodeId(1), NodeId(2)).unwrap();
    let mut h = bench(project);
    h.get_by_label("Projection Excitatory → Inhibitory").click_secondary();
    h.run();
    h.get_by_label("Make inhibitory").click();
    h.run();
    assert_eq!(h.state().project.projections[0].weight, Value::Real(-50.0));
}

#[test]
fn large_populations_get_a_sparse_rule_and_a_remark() {
    let mut project = network();
    project.nodes[1].n = 800;
    project.nodes[2].n = 200;
    let mut h = bench(project);
    let (from, to) = (center(&h, "Connect from Excitatory"), center(&h, "Inhibitory, population of 200 iaf_psc_alpha"));
    drag(&mut h, from, to);
    assert_eq!(h.state().project.projections[0].rule, Rule::FixedIndegree { indegree: 80 });
    assert!(h.state().said[0].contains("80 inputs"));
}

#[test]
fn pasting_from_the_search_goes_where_it_was_opened() {
    let mut h = bench(network());
    let at = center(&h, EXCITATORY) + vec2(-30.0, 180.0);
    let expected = h.state().canvas.camera.to_canvas(at);
    h.hover_at(at);
    press(&h, at, egui::PointerButton::Secondary, Modifiers::NONE);
    h.run();
    h.get_by_label("Paste").click();
    h.run_steps(1);
    let [x, y] = h.state().canvas.pointer_position().expect("a place to paste at");
    assert!(pos2(x, y).distance(expected) < 1.0);
    h.run();
    assert_eq!(h.state().commands, [Command::Paste]);
}

#[test]
fn an_entry_of_the_search_is_chosen_by_a_click() {
    let mut h = bench(Project::default());
    h.state_mut().canvas.open_finder();
    h.run();
    h.get_by_label("Integrate-and-fire, alpha currents, iaf_psc_alpha").click();
    h.run();
    assert_eq!(h.state().project.nodes[0].name, "Neurons");
    assert!(!h.state().canvas.finder_open());
}

#[test]
fn a_click_beside_the_search_closes_it() {
    let mut h = bench(network());
    h.state_mut().canvas.open_finder();
    h.run();
    click_at(&mut h, pos2(30.0, 600.0), Modifiers::NONE);
    h.run();
    assert!(!h.state().canvas.finder_open());
    assert_eq!(h.state().project.nodes.len(), 4);
}

#[test]
fn the_search_shows_the_portrait_of_the_model_that_is_chosen() {
    let mut h = bench(network());
    h.state_mut().canvas.open_finder();
    h.run_steps(6);
    let portraits = |h: &Bench| h.query_all_by_role(egui::accesskit::Role::Image).count();
    let before = portraits(&h);
    h.event(Event::Text("hh_psc_alpha".into()));
    h.run_steps(4);
    assert_eq!(portraits(&h), before, "nothing hides the list while one types");
    h.key_press(Key::ArrowDown);
    h.run_steps(4);
    assert!(portraits(&h) > before, "the portrait of what the arrow has come to");
    h.key_press(Key::Escape);
    h.run_steps(4);
    assert_eq!(portraits(&h), before);
}
