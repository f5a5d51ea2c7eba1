//! Things are selected and moved.

use super::*;

#[test]
fn clicks_select_and_toggle() {
    let mut h = bench(network());
    let (first, second) = (center(&h, EXCITATORY), center(&h, INHIBITORY));
    click_at(&mut h, first, Modifiers::NONE);
    assert_eq!(h.state().selection, Selection::node(NodeId(1)));
    click_at(&mut h, second, Modifiers::SHIFT);
    assert_eq!(h.state().selection.len(), 2);
    click_at(&mut h, first, Modifiers::COMMAND);
    assert_eq!(h.state().selection, Selection::node(NodeId(2)));
    click_at(&mut h, first + vec2(0.0, 250.0), Modifiers::NONE);
    assert!(h.state().selection.is_empty());
}

#[test]
fn parallel_wires_are_selected_one_by_one() {
    let mut project = network();
    for _ in 0..3 {
        insert_projection(&mut project, NodeId(1), NodeId(2)).unwrap();
    }
    let mut h = bench(project);
    for (number, name) in [
        (0, "Projection Excitatory → Inhibitory"),
        (1, "Projection Excitatory → Inhibitory (2)"),
        (2, "Projection Excitatory → Inhibitory (3)"),
    ] {
        h.get_by_label(name).click();
        h.run();
        let wire = h.state().project.projections[number].id;
        assert_eq!(h.state().selection, Selection::projection(wire));
    }
    let rects: Vec<Rect> = h.get_all_by_label_contains("Projection").map(|n| n.rect()).collect();
    for (i, a) in rects.iter().enumerate() {
        assert!(rects[..i].iter().all(|b| !a.shrink(1.0).intersects(b.shrink(1.0))), "labels overlap: {rects:?}");
    }
}

#[test]
fn a_wire_is_selected_by_a_click_on_its_curve() {
    let mut project = network();
    insert_projection(&mut project, NodeId(0), NodeId(2)).unwrap();
    let mut h = bench(project);
    let at = {
        let canvas = &h.state().canvas;
        canvas.camera.to_screen(canvas.sketch.routes[0].at(0.25)) + vec2(0.0, 4.0)
    };
    click_at(&mut h, at, Modifiers::NONE);
    assert_eq!(h.state().selection.projections.len(), 1);
}

#[test]
fn the_rubber_band_takes_nodes_and_the_wires_between_them() {
    let mut project = network();
    insert_projection(&mut project, NodeId(0), NodeId(1)).unwrap();
    insert_projection(&mut project, NodeId(1), NodeId(2)).unwrap();
    let mut h = bench(project);
    let (a, b) = (h.get_by_label(POISSON).rect(), h.get_by_label(EXCITATORY).rect());
    drag(&mut h, a.left_top() - vec2(20.0, 60.0), b.right_bottom() + vec2(4.0, 60.0));
    let selection = &h.state().selection;
    assert_eq!(selection.nodes, [NodeId(0), NodeId(1)].into());
    assert_eq!(selection.projections.len(), 1);
}

#[test]
fn dragging_moves_the_whole_selection_in_one_step() {
    let mut h = bench(network());
    h.state_mut().selection = Selection { nodes: [NodeId(1), NodeId(2)].into(), ..Default::default() };
    h.run();
    let zoom = h.state().canvas.camera.zoom;
    let from = center(&h, EXCITATORY);
    drag(&mut h, from, from + vec2(60.0, 90.0));
    let p = &h.state().project;
    let moved = |i: usize, x: f32| vec2(p.nodes[i].position[0] - x, p.nodes[i].position[1]);
    for offset in [moved(1, 200.0), moved(2, 400.0)] {
        assert!((offset - vec2(60.0, 90.0) / zoom).length() < 0.5, "{offset:?} at zoom {zoom}");
    }
    assert_eq!(p.nodes[0].position, [0.0, 0.0]);
    assert_eq!(h.state().steps, 1);
    let from = center(&h, EXCITATORY);
    drag(&mut h, from, from + vec2(0.0, 30.0));
    assert_eq!(h.state().steps, 2, "the next drag is a step of its own");
}

#[test]
fn a_cancelled_move_leaves_nodes_where_they_were() {
    let mut h = bench(network());
    let from = center(&h, EXCITATORY);
    h.hover_at(from);
    h.drag_at(from);
    h.hover_at(from + vec2(50.0, 50.0));
    h.run();
    assert_ne!(h.state().project.nodes[1].position, [200.0, 0.0]);
    assert!(h.state_mut().canvas.cancel_gesture());
    h.run();
    h.drop_at(from + vec2(80.0, 50.0));
    h.run();
    assert_eq!(h.state().project.nodes[1].position, [200.0, 0.0]);
    assert!(!h.state_mut().canvas.cancel_gesture());
}

#[test]
fn arrow_keys_move_the_selection() {
    let mut h = bench(network());
    h.state_mut().selection = Selection::node(NodeId(3));
    h.run();
    h.key_press(Key::ArrowRight);
    h.key_press(Key::ArrowDown);
    h.key_press_modifiers(Modifiers::SHIFT, Key::ArrowDown);
    h.run();
    assert_eq!(h.state().project.nodes[3].position, [610.0, 11.0]);
}

#[test]
fn alt_drag_makes_a_copy() {
    let mut h = bench(network());
    let from = center(&h, EXCITATORY);
    h.hover_at(from);
    h.event(Event::ModifiersChanged(Modifiers::ALT));
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::ALT,
    };
    h.event(button(from, true));
    h.hover_at(from + vec2(0.0, 60.0));
    h.hover_at(from + vec2(0.0, 120.0));
    h.run();
    h.event(button(from + vec2(0.0, 120.0), false));
    h.run();
    let p = &h.state().project;
    assert_eq!(p.nodes.len(), 5);
    assert_eq!(p.nodes[1].position, [200.0, 0.0]);
    assert!(p.nodes[4].position[1] > 80.0);
    assert_eq!(p.nodes[4].name, "Excitatory 2");
    assert_eq!(h.state().steps, 1);
}

#[test]
fn a_cancelled_copy_is_gone() {
    let mut h = bench(network());
    let from = center(&h, EXCITATORY);
    h.hover_at(from);
    h.event(Event::ModifiersChanged(Modifiers::ALT));
    h.drag_at(from);
    h.hover_at(from + vec2(0.0, 90.0));
    h.run();
    assert_eq!(h.state().project.nodes.len(), 5);
    assert!(h.state_mut().canvas.cancel_gesture());
    h.event(Event::ModifiersChanged(Modifiers::NONE));
    h.drop_at(from);
    h.run();
    assert_eq!(h.state().project, network());
}

#[test]
fn moving_with_ctrl_snaps_to_the_grid() {
    let mut project = network();
    project.nodes[1].position = [203.0, 4.0];
    let mut h = bench(project);
    let from = center(&h, EXCITATORY);
    h.hover_at(from);
    h.drag_at(from);
    h.event(Event::ModifiersChanged(Modifiers::COMMAND));
    h.hover_at(from + vec2(37.0, 58.0));
    h.run();
    h.drop_at(from + vec2(37.0, 58.0));
    h.event(Event::ModifiersChanged(Modifiers::NONE));
    h.run();
    let [x, y] = h.state().project.nodes[1].position;
    assert!((x / 10.0).fract().abs() < 1e-3 && (y / 10.0).fract().abs() < 1e-3, "{x}, {y} is off the grid");
    assert!(x > 203.0 && y > 20.0);
}

#[test]
fn assistive_technology_selects_without_a_pointer() {
    let mut h = bench(network());
    h.get_by_label(EXCITATORY).click_accesskit();
    h.run();
    assert_eq!(h.state().selection, Selection::node(NodeId(1)));
}
