//! What is seen of a network.

use super::*;

#[test]
fn zooming_keeps_the_point_under_the_pointer() {
    let mut h = bench(network());
    let at = center(&h, INHIBITORY);
    let zoom = h.state().canvas.camera.zoom;
    h.hover_at(at);
    h.event(Event::Zoom(1.5));
    h.run();
    assert!((h.state().canvas.camera.zoom / zoom - 1.5).abs() < 0.01);
    assert!(center(&h, INHIBITORY).distance(at) < 1.0);
    let wheel = |unit, y| Event::MouseWheel {
        unit,
        delta: vec2(0.0, y),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    };
    h.event(wheel(MouseWheelUnit::Line, 2.0));
    h.run();
    assert!(h.state().canvas.camera.zoom > zoom * 1.55);
    assert!(center(&h, INHIBITORY).distance(at) < 1.5);
    let zoom = h.state().canvas.camera.zoom;
    h.event(wheel(MouseWheelUnit::Point, 40.0));
    h.run();
    assert_eq!(h.state().canvas.camera.zoom, zoom);
    assert!(center(&h, INHIBITORY).y > at.y + 20.0, "two fingers pan");
}

#[test]
fn the_middle_button_pans() {
    let mut h = bench(network());
    let before = center(&h, EXCITATORY);
    let start = before + vec2(0.0, 150.0);
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: egui::PointerButton::Middle,
        pressed,
        modifiers: Modifiers::NONE,
    };
    h.hover_at(start);
    h.event(button(start, true));
    h.hover_at(start + vec2(40.0, 25.0));
    h.event(button(start + vec2(40.0, 25.0), false));
    h.run();
    assert!((center(&h, EXCITATORY) - before - vec2(40.0, 25.0)).length() < 1.0);
    assert!(h.state().selection.is_empty() && h.state().labels.is_empty());
}

#[test]
fn fitting_shows_everything_after_the_view_was_moved() {
    let mut h = bench(network());
    h.state_mut().canvas.camera.center = pos2(5000.0, 5000.0);
    h.run();
    h.state_mut().canvas.fit(None);
    h.run();
    let view = h.state().canvas.camera.rect;
    for name in [POISSON, EXCITATORY, INHIBITORY, SPIKES] {
        assert!(view.contains_rect(h.get_by_label(name).rect()), "{name} is out of view");
    }
}

#[test]
fn every_model_can_be_drawn() {
    let mut project = Project::default();
    for model in models::CATALOGUE.iter().copied().filter(|m: &&'static Model| m.name != "static_synapse") {
        let at = free_spot(&project, model, [0.0, 0.0]);
        insert_node(&mut project, model, at, None);
    }
    project.nodes[0].muted = true;
    let mut h = bench(project);
    for zoom in [0.1, 0.5, 1.0, 3.0] {
        h.state_mut().canvas.camera.zoom = zoom;
        h.state_mut().canvas.camera.center = pos2(0.0, 0.0);
        h.run();
    }
    h.get_by_label("Neurons, iaf_psc_alpha, muted");
}

/// Wires between many nodes are drawn and hit without looking for free ways among all of them.
#[test]
fn a_large_network_is_still_shown_by_name() {
    let mut p = Project::default();
    for i in 0..150u32 {
        let at = [(i % 15) as f32 * 180.0, (i / 15) as f32 * 180.0];
        insert_node(&mut p, &models::iaf_psc_alpha::MODEL, at, None);
    }
    for i in 0..150 {
        insert_projection(&mut p, NodeId(i), NodeId((i * 7 + 3) % 150)).unwrap();
    }
    let mut h = bench(p);
    h.get_by_label("Projection Neurons → Neurons 4").click();
    h.run();
    assert_eq!(h.state().selection.projections.len(), 1);
}

#[test]
fn the_overview_appears_when_not_all_is_seen_and_leads_there() {
    let mut h = bench(network());
    assert!(h.query_by_label("Overview of the network").is_none());
    h.state_mut().canvas.camera.zoom = 3.0;
    h.state_mut().canvas.camera.center = pos2(0.0, 0.0);
    h.run();
    let overview = h.get_by_label("Overview of the network").rect();
    click_at(&mut h, overview.right_center() - vec2(15.0, 0.0), Modifiers::NONE);
    assert!(h.state().canvas.camera.center.x > 400.0);
    assert!(h.state().labels.is_empty() && h.state().selection.is_empty());
}

#[test]
fn labels_of_an_arranged_network_cover_neither_nodes_nor_each_other() {
    let mut p = Project::default();
    let [e, i] = ["E", "I"].map(|name| {
        let id = insert_node(&mut p, &models::iaf_psc_exp::MODEL, [0.0; 2], None);
        let node = p.node_mut(id).unwrap();
        (node.name, node.n) = (name.into(), 1000);
        id
    });
    let noise = insert_node(&mut p, &models::POISSON_GENERATOR, [0.0; 2], None);
    let spikes = insert_node(&mut p, &models::SPIKE_RECORDER, [0.0; 2], None);
    let meter = insert_node(&mut p, &models::VOLTMETER, [0.0; 2], None);
    for (from, to) in
        [(noise, e), (noise, i), (e, e), (e, i), (i, e), (i, i), (e, spikes), (i, spikes), (meter, e), (meter, i)]
    {
        insert_projection(&mut p, from, to).unwrap();
    }
    assert_labels_cover_nothing("E and I", p, vec2(900.0, 640.0));
}

/// After *Arrange*, in a canvas of this size.
fn assert_labels_cover_nothing(name: &str, mut p: Project, size: egui::Vec2) {
    arrange(&mut p);
    let mut h = bench(p);
    h.set_size(size);
    h.state_mut().canvas.fit(None);
    h.run_steps(30);
    let canvas = &h.state().canvas;
    let on_screen = |f: &figure::Figure| {
        [canvas.camera.rect_to_screen(f.bounds().shrink(4.0)), nodes::writing_rect(&canvas.camera, f)]
    };
    let taken: Vec<Rect> = canvas.sketch.figures.iter().flat_map(on_screen).collect();
    let named = |route: &routes::Route| {
        let wire = h.state().project.projection(route.id).expect("a wire");
        let text = captions::wire(&h.state().project, wire);
        let place = || h.get_by_label(&captions::projection_name(&h.state().project, route)).rect();
        (!text.parts.is_empty() || !text.struck.is_empty()).then(place)
    };
    let labels: Vec<Rect> = canvas.sketch.routes.iter().filter_map(named).collect();
    for (k, label) in labels.iter().enumerate() {
        for other in taken.iter().chain(&labels[..k]) {
            // The margin about the writing is wider than this.
            let overlap = label.shrink(3.0).intersect(*other);
            assert!(!overlap.is_positive(), "{name}, {size}: the label {label} covers {other}");
        }
    }
}

/// Of more nodes or wires names and labels have no room beside each other in a small canvas.
const MOST_IN_SMALL: usize = 8;
const MOST_WIRES_IN_SMALL: usize = 14;

/// More wires have more labels than there is room for: the eight populations of the microcircuit have some sixty.
const MOST_WIRES: usize = 30;

#[test]
fn labels_of_arranged_examples_cover_nothing() {
    for example in crate::examples::EXAMPLES {
        let (project, _) = spikeloom_engine::project::read(example.text).expect("a sound example");
        if project.projections.len() > MOST_WIRES {
            continue;
        }
        for size in [vec2(900.0, 640.0), vec2(620.0, 420.0)] {
            let project = project.clone();
            let few = project.nodes.len() <= MOST_IN_SMALL && project.projections.len() <= MOST_WIRES_IN_SMALL;
            if size.x > 800.0 || few {
                assert_labels_cover_nothing(example.file, project, size);
            }
        }
    }
}

fn on_screen(h: &Bench, node: NodeId) -> Rect {
    let canvas = &h.state().canvas;
    canvas.camera.rect_to_screen(canvas.sketch.figure(node).expect("a node").footprint())
}

#[test]
fn the_overview_covers_no_node_and_can_be_switched_off() {
    let mut h = bench(network());
    h.state_mut().canvas.camera.zoom = 2.0;
    let canvas = h.get_by_label("Network canvas").rect();
    // A node in one corner after the other.
    for corner in [vec2(90.0, -70.0), vec2(90.0, 70.0), vec2(-90.0, 70.0)] {
        let from = |low: f32, high: f32, by: f32| if by > 0.0 { low + by } else { high + by };
        let at = pos2(from(canvas.left(), canvas.right(), corner.x), from(canvas.top(), canvas.bottom(), corner.y));
        let camera = &mut h.state_mut().canvas.camera;
        camera.center = Pos2::ZERO + (camera.rect.center() - at) / camera.zoom;
        h.run();
        assert!(on_screen(&h, NodeId(0)).contains(at), "the generator stands there");
        let overview = h.get_by_label("Overview of the network").rect();
        for node in 0..4 {
            assert!(!overview.intersects(on_screen(&h, NodeId(node))), "{overview} covers node {node}");
        }
    }
    h.state_mut().overview = false;
    h.run();
    assert!(h.query_by_label("Overview of the network").is_none());
}

#[test]
fn where_no_corner_is_free_nodes_below_the_overview_can_be_clicked() {
    let mut p = network();
    for n in &mut p.nodes[..3] {
        n.position = [-380.0, 230.0];
    }
    p.nodes[1].position = [-380.0, -230.0];
    p.nodes[2].position = [380.0, -230.0];
    p.nodes[3].position = [2000.0, 0.0];
    let mut h = bench(p);
    h.state_mut().canvas.camera.zoom = 1.0;
    h.state_mut().canvas.camera.center = Pos2::ZERO;
    h.run();
    let overview = h.get_by_label("Overview of the network").rect();
    let at = center(&h, POISSON);
    assert!(overview.contains(at), "{overview} {at}");
    click_at(&mut h, at, Modifiers::NONE);
    assert_eq!(h.state().selection, Selection::node(NodeId(0)));
}

#[test]
fn new_nodes_are_brought_into_view_and_no_further() {
    let mut h = bench(network());
    let center = h.state().canvas.camera.center;
    let canvas = h.get_by_label("Network canvas").rect();
    // In view: the camera rests.
    let inside = h.state().canvas.middle();
    let id = insert_node(&mut h.state_mut().project, &models::VOLTMETER, [inside[0], inside[1] + 60.0], None);
    h.run();
    assert_eq!(h.state().canvas.camera.center, center);
    assert!(canvas.contains_rect(on_screen(&h, id)));
    // Out of view, nearby and far away, on all sides.
    for at in [[0.0, 420.0], [9000.0, 0.0], [-9000.0, -9000.0]] {
        let id = insert_node(&mut h.state_mut().project, &models::VOLTMETER, at, None);
        h.run();
        let seen = on_screen(&h, id);
        assert!(canvas.contains_rect(seen), "{at:?}: {seen} is not within {canvas}");
        assert_eq!(h.state().project.node(id).unwrap().position, at, "it stays where it was asked for");
    }
    // Many at once that need more room than there is.
    let zoom = h.state().canvas.camera.zoom;
    let ends =
        [[0.0, 0.0], [4000.0, 0.0]].map(|at| insert_node(&mut h.state_mut().project, &models::VOLTMETER, at, None));
    h.run();
    assert!(ends.iter().all(|&id| canvas.contains_rect(on_screen(&h, id))));
    assert!(h.state().canvas.camera.zoom < zoom);
}

#[test]
fn what_was_fitted_stays_in_view_until_it_is_moved() {
    let mut h = bench(network());
    let seen = |h: &Bench| h.get_by_label("Network canvas").rect();
    h.set_size(vec2(500.0, 400.0));
    h.run();
    let all = h.state().canvas.sketch.whole().unwrap();
    assert!(seen(&h).contains_rect(h.state().canvas.camera.rect_to_screen(all)));
    h.state_mut().canvas.camera.pan(vec2(30.0, 0.0));
    let center = h.state().canvas.camera.center;
    h.set_size(vec2(900.0, 640.0));
    h.run();
    assert_eq!(h.state().canvas.camera.center, center);
}

#[test]
fn zoom_buttons_zoom_and_fit() {
    let mut h = bench(network());
    let zoom = h.state().canvas.camera.zoom;
    h.get_by_label("Zoom out").click();
    h.run();
    assert!(h.state().canvas.camera.zoom < zoom);
    h.get_by_label("Zoom in").click();
    h.get_by_label("Zoom in").click();
    h.run();
    assert!(h.state().canvas.camera.zoom > zoom);
    h.get_by_label("Show all of the network").click();
    h.run();
    assert!((h.state().canvas.camera.zoom - zoom).abs() < 1e-3);
}
