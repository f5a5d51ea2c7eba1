//! Stimuli drawn with the mouse, by keys, or pasted.

use super::*;
use egui::{Event, Pos2};

fn list(harness: &Harness<'_, Desk>, id: u32, name: &str) -> Vec<f64> {
    match harness.state().node(id).value(name) {
        Some(Value::List(list)) => list,
        other => panic!("{name}: {other:?}"),
    }
}

fn handle(harness: &Harness<'_, Desk>, name: &str) -> Pos2 {
    harness.get_by_role_and_label(Role::SpinButton, name).rect().center()
}

fn drag(harness: &mut Harness<'_, Desk>, from: Pos2, by: egui::Vec2) {
    harness.drag_at(from);
    harness.run();
    for share in [0.3, 0.6, 1.0] {
        harness.hover_at(from + share * by);
        harness.run();
    }
    harness.drop_at(from + by);
    harness.run();
}

/// A desk with a step current in the place of the generator of spikes.
fn stairs(times: &[f64], values: &[f64]) -> Harness<'static, Desk> {
    let mut project = network();
    project.nodes[4] = Node::new(NodeId(4), "Steps", models::find("step_current_generator").expect("a model"));
    project.nodes[4].params.insert("amplitude_times".into(), Value::List(times.to_vec()));
    project.nodes[4].params.insert("amplitude_values".into(), Value::List(values.to_vec()));
    // Two clicks follow each other soon enough to be a double-click.
    let mut harness = desk_at(Desk::new(project, node(4)), 0.03);
    harness.run();
    harness
}

#[test]
fn spikes_are_added_moved_and_removed_in_the_drawing() {
    let mut harness = desk(node(4));
    harness.run();
    harness.get_by_label("Drawing of spike_times").click();
    harness.run();
    assert_eq!(list(&harness, 4, "spike_times"), [500.0], "the middle of a second");
    let from = handle(&harness, "spike_times 1");
    drag(&mut harness, from, egui::vec2(40.0, 0.0));
    let moved = list(&harness, 4, "spike_times")[0];
    assert!((600.0..700.0).contains(&moved) && (moved * 10.0).fract() == 0.0, "{moved}");
    assert_eq!(harness.state().steps, ["Draw spike_times of Spikes"; 2], "a drag is one step");
    harness.get_by_label("Add to spike_times").click();
    harness.run();
    assert_eq!(list(&harness, 4, "spike_times").len(), 2);
    harness.get_by_role_and_label(Role::SpinButton, "spike_times 1").focus();
    harness.run();
    harness.key_press(Key::ArrowRight);
    harness.run();
    assert!((list(&harness, 4, "spike_times")[0] - moved - 0.1).abs() < 1e-9);
    harness.key_press(Key::Delete);
    harness.run();
    assert_eq!(list(&harness, 4, "spike_times").len(), 1);
    harness.get_by_role_and_label(Role::SpinButton, "spike_times 1").click_secondary();
    harness.run();
    assert!(list(&harness, 4, "spike_times").is_empty());
}

#[test]
fn steps_are_drawn_in_time_and_level() {
    let mut harness = stairs(&[200.0, 600.0], &[100.0, 0.0]);
    let from = handle(&harness, "amplitude_values 1");
    drag(&mut harness, from, egui::vec2(0.0, 20.0));
    let level = list(&harness, 4, "amplitude_values")[0];
    assert!((20.0..90.0).contains(&level), "{level}");
    let from = handle(&harness, "amplitude_times 2");
    drag(&mut harness, from, egui::vec2(30.0, 0.0));
    let times = list(&harness, 4, "amplitude_times");
    assert!(times[0] == 200.0 && (660.0..760.0).contains(&times[1]), "{times:?}");
    assert_eq!(harness.state().steps.len(), 2, "{:?}", harness.state().steps);
    // A double-click adds a step where it is made.
    let area = harness.get_by_label("Drawing of amplitude_times").rect();
    let at = area.left_top() + 0.9 * egui::vec2(area.width(), 0.0) + egui::vec2(0.0, 12.0);
    for _ in 0..2 {
        for pressed in [true, false] {
            let (button, modifiers) = (egui::PointerButton::Primary, Modifiers::NONE);
            harness.event(Event::PointerMoved(at));
            harness.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        }
        harness.step();
    }
    harness.run();
    assert_eq!(list(&harness, 4, "amplitude_times").len(), 3);
    assert!(list(&harness, 4, "amplitude_values")[2] > 0.0);
    harness.get_by_role_and_label(Role::SpinButton, "amplitude_values 3").focus();
    harness.run();
    harness.key_press(Key::Delete);
    harness.run();
    assert_eq!(list(&harness, 4, "amplitude_values").len(), 2);
}

#[test]
fn a_table_that_is_pasted_fills_both_lists() {
    let mut harness = stairs(&[200.0], &[100.0]);
    harness.get_by_role_and_label(Role::MultilineTextInput, "amplitude_times").focus();
    harness.run();
    harness.event(Event::Paste("ms\tpA\n100\t50\n250\t−75\n400\t0\n".into()));
    harness.run();
    assert_eq!(list(&harness, 4, "amplitude_times"), [100.0, 250.0, 400.0]);
    assert_eq!(list(&harness, 4, "amplitude_values"), [50.0, -75.0, 0.0]);
    assert_eq!(harness.state().steps.len(), 1);
}

#[test]
fn a_schedule_is_drawn_once_and_chance_beside_it_too() {
    let mut harness = desk(node(4));
    harness.run();
    harness.get_by_label("Drawing of spike_times");
    assert!(harness.query_by_label("What it sends").is_none());
    let mut project = network();
    project.nodes[4].model = models::find("inhomogeneous_poisson_generator").expect("a model");
    let mut harness = desk_of(Desk::new(project, node(4)));
    harness.run_steps(3);
    harness.get_by_label("What it sends");
}
