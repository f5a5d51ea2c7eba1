//! Wires are drawn.

use super::*;

#[test]
fn two_nodes_are_connected_by_a_drag_from_port_to_node() {
    let mut h = bench(network());
    let (from, to) = (center(&h, "Connect from Poisson"), center(&h, EXCITATORY));
    drag(&mut h, from, to);
    let p = &h.state().project;
    assert_eq!(p.projections.len(), 1);
    assert_eq!((p.projections[0].from, p.projections[0].to), (NodeId(0), NodeId(1)));
    assert_eq!(h.state().labels, ["Connect Poisson to Excitatory"]);
    assert_eq!(h.state().selection, Selection::projection(p.projections[0].id));
    h.get_by_label("Projection Poisson → Excitatory");
}

#[test]
fn a_wire_to_a_recorder_works_both_ways_and_brings_a_plot() {
    for reversed in [false, true] {
        let mut h = bench(network());
        let (from, to) =
            if reversed { ("Connect from Spikes", INHIBITORY) } else { ("Connect from Inhibitory", SPIKES) };
        let (from, to) = (center(&h, from), center(&h, to));
        drag(&mut h, from, to);
        let p = &h.state().project;
        assert_eq!((p.projections[0].from, p.projections[0].to), (NodeId(2), NodeId(3)));
        assert_eq!(p.views.len(), 1);
        assert_eq!((p.views[0].kind.as_str(), p.views[0].sources.as_slice()), ("raster", &[NodeId(3)][..]));
        assert_eq!(h.state().steps, 1, "wire and plot are one step");
    }
}

#[test]
fn a_wrong_wire_is_refused_with_its_reason() {
    let mut h = bench(network());
    let (from, to) = (center(&h, "Connect from Excitatory"), center(&h, POISSON));
    h.hover_at(from);
    h.drag_at(from);
    h.hover_at(to);
    h.run();
    let reason = "poisson_generator is a generator and takes no input";
    h.get_by_label(reason);
    h.drop_at(to);
    h.step();
    h.get_by_label(reason);
    assert!(h.state().project.projections.is_empty());
    assert!(h.state().labels.is_empty());
}

#[test]
fn a_wire_from_a_node_to_itself_is_a_self_connection() {
    let mut h = bench(network());
    let (from, to) = (center(&h, "Connect from Excitatory"), center(&h, EXCITATORY));
    drag(&mut h, from, to);
    let p = &h.state().project;
    assert_eq!((p.projections[0].from, p.projections[0].to), (NodeId(1), NodeId(1)));
    let wire = h.get_by_label("Projection Excitatory → Excitatory").rect();
    assert!(wire.center().y < h.get_by_label(EXCITATORY).rect().top());
}

#[test]
fn a_wire_can_be_drawn_from_the_rim() {
    let mut h = bench(network());
    let body = h.get_by_label(EXCITATORY).rect();
    let to = center(&h, INHIBITORY);
    drag(&mut h, body.center_bottom() - vec2(0.0, 2.0), to);
    assert_eq!(h.state().project.projections.len(), 1);
    assert_eq!(h.state().project.nodes[1].position, [200.0, 0.0]);
}

#[test]
fn with_alt_one_wire_goes_on_to_further_targets() {
    let mut h = bench(network());
    let from = center(&h, "Connect from Poisson");
    let (first, second) = (center(&h, EXCITATORY), center(&h, INHIBITORY));
    h.hover_at(from);
    h.drag_at(from);
    h.hover_at(first);
    h.event(Event::ModifiersChanged(Modifiers::ALT));
    let up = |at| Event::PointerButton {
        pos: at,
        button: egui::PointerButton::Primary,
        pressed: false,
        modifiers: Modifiers::ALT,
    };
    h.event(up(first));
    h.run();
    assert_eq!(h.state().project.projections.len(), 1);
    h.event(Event::ModifiersChanged(Modifiers::NONE));
    click_at(&mut h, second, Modifiers::NONE);
    let ends: Vec<_> = h.state().project.projections.iter().map(|p| (p.from.0, p.to.0)).collect();
    assert_eq!(ends, [(0, 1), (0, 2)]);
    h.hover_at(first);
    h.run();
    assert!(!h.state_mut().canvas.cancel_gesture(), "without Alt the wire has ended");
}

#[test]
fn a_wire_into_empty_space_offers_what_fits_and_connects_it() {
    let mut h = bench(network());
    let from = center(&h, "Connect from Excitatory");
    drag(&mut h, from, from + vec2(30.0, 200.0));
    h.get_by_label("Search models that fit");
    find_and_enter(&mut h, "volt");
    let p = &h.state().project;
    assert_eq!(p.nodes[4].model.name, "voltmeter");
    assert_eq!((p.projections[0].from, p.projections[0].to), (NodeId(4), NodeId(1)));
    assert_eq!(p.views[0].kind, "traces");
    assert_eq!(h.state().steps, 1);
}

#[test]
fn a_loose_wire_out_of_neurons_prefers_what_takes_it() {
    let mut h = bench(network());
    let from = center(&h, "Connect from Excitatory");
    drag(&mut h, from, from + vec2(30.0, 200.0));
    find_and_enter(&mut h, "spike");
    assert_eq!(h.state().project.nodes[4].model.name, "spike_recorder");
}

#[test]
fn what_does_not_fit_is_not_offered_for_a_loose_wire() {
    let mut h = bench(network());
    let from = center(&h, "Connect from Poisson");
    drag(&mut h, from, from + vec2(30.0, 200.0));
    find_and_enter(&mut h, "dc_generator");
    assert_eq!(h.state().project.nodes.len(), 4);
    assert!(h.state().canvas.finder_open());
}

#[test]
fn nodes_are_connected_by_keyboard() {
    let mut h = bench(network());
    h.state_mut().selection = Selection::node(NodeId(0));
    h.run();
    let desk = h.state_mut();
    desk.canvas.connect(&desk.project.nodes[0]);
    h.run();
    h.get_by_label("Search nodes to connect to");
    find_and_enter(&mut h, "inhib");
    let p = &h.state().project;
    assert_eq!((p.projections[0].from, p.projections[0].to), (NodeId(0), NodeId(2)));
}

#[test]
fn escape_stops_a_wire_under_way() {
    let mut h = bench(network());
    let (from, to) = (center(&h, "Connect from Poisson"), center(&h, EXCITATORY));
    h.hover_at(from);
    h.drag_at(from);
    h.hover_at(to);
    h.run();
    assert!(h.state_mut().canvas.cancel_gesture());
    h.drop_at(to);
    h.run();
    assert!(h.state().project.projections.is_empty());
}
