//! The gestures, tried through the real widgets by their accessible names.

use egui::{Event, Key, Modifiers, MouseWheelUnit, Pos2, Rect, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use spikeloom_engine::description::Value;
use spikeloom_engine::models::{self, Model};
use spikeloom_engine::project::{NodeId, Project, Rule};

use super::*;
use crate::action::Selection;
use crate::command::Command;
use crate::editing::create::{insert_node, insert_projection};

/// A document as simple as can be: performs edits at once and remembers what it was told.
#[derive(Default)]
struct Desk {
    canvas: CanvasState,
    project: Project,
    selection: Selection,
    labels: Vec<String>,
    /// Undo steps: an edit with the key of the one before is part of its step.
    steps: usize,
    last_key: Option<String>,
    said: Vec<String>,
    overview: bool,
    commands: Vec<Command>,
}

impl Desk {
    fn perform(&mut self, action: Action) {
        match action {
            Action::Edit(edit) => {
                if edit.merge.is_none() || edit.merge != self.last_key {
                    self.steps += 1;
                }
                self.last_key = edit.merge;
                self.labels.push(edit.label);
                (edit.change)(&mut self.project);
                if let Some(selection) = edit.select {
                    self.selection = selection;
                }
            }
            Action::EndGesture => self.last_key = None,
            Action::Select(selection) => self.selection = selection,
            Action::Say(message) => self.said.push(message.text),
            Action::Command(command) => self.commands.push(command),
            _ => {}
        }
    }
}

type Bench = Harness<'static, Desk>;

fn bench(project: Project) -> Bench {
    let desk = Desk { project, overview: true, ..Default::default() };
    let mut harness =
        Harness::builder().with_size(vec2(900.0, 640.0)).with_step_dt(0.02).with_max_steps(60).build_ui_state(
            |ui, desk: &mut Desk| {
                let mut actions = Vec::new();
                palette_row(ui);
                let scene = Scene {
                    project: &desk.project,
                    selection: &desk.selection,
                    activity: &[],
                    overview: desk.overview,
                };
                show(ui, &mut desk.canvas, &scene, &mut actions);
                actions.into_iter().for_each(|a| desk.perform(a));
            },
            desk,
        );
    harness.run();
    harness
}

/// Stands for the palette: a button that drags a model.
fn palette_row(ui: &mut Ui) {
    let button = egui::Button::new("Palette voltmeter").sense(Sense::click_and_drag());
    ui.add(button).dnd_set_drag_payload(DraggedModel("voltmeter"));
}

/// A generator, two populations and a recorder in a row.
fn network() -> Project {
    let mut p = Project::default();
    insert_node(&mut p, &models::POISSON_GENERATOR, [0.0, 0.0], None);
    insert_node(&mut p, &models::iaf_psc_alpha::MODEL, [200.0, 0.0], None);
    insert_node(&mut p, &models::iaf_psc_alpha::MODEL, [400.0, 0.0], None);
    insert_node(&mut p, &models::SPIKE_RECORDER, [600.0, 0.0], None);
    p.nodes[1].name = "Excitatory".into();
    p.nodes[2].name = "Inhibitory".into();
    p
}

const POISSON: &str = "Poisson, poisson_generator";
const EXCITATORY: &str = "Excitatory, iaf_psc_alpha";
const INHIBITORY: &str = "Inhibitory, iaf_psc_alpha";
const SPIKES: &str = "Spikes, spike_recorder";

fn center(h: &Bench, name: &str) -> Pos2 {
    h.get_by_label(name).rect().center()
}

fn drag(h: &mut Bench, from: Pos2, to: Pos2) {
    h.hover_at(from);
    h.drag_at(from);
    h.hover_at(from + (to - from) * 0.4);
    h.hover_at(to);
    h.run();
    h.drop_at(to);
    h.run();
}

fn click_at(h: &mut Bench, at: Pos2, modifiers: Modifiers) {
    h.hover_at(at);
    press(h, at, egui::PointerButton::Primary, modifiers);
    h.run();
}

fn press(h: &Bench, at: Pos2, button: egui::PointerButton, modifiers: Modifiers) {
    h.event(Event::ModifiersChanged(modifiers));
    for pressed in [true, false] {
        h.event(Event::PointerButton { pos: at, button, pressed, modifiers });
    }
    h.event(Event::ModifiersChanged(Modifiers::NONE));
}

fn double_click(h: &mut Bench, at: Pos2) {
    h.hover_at(at);
    press(h, at, egui::PointerButton::Primary, Modifiers::NONE);
    press(h, at, egui::PointerButton::Primary, Modifiers::NONE);
    h.run();
}

fn find_and_enter(h: &mut Bench, words: &str) {
    h.event(Event::Text(words.into()));
    h.run();
    h.key_press(Key::Enter);
    h.run();
}

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
    assert_eq!(h.state().project.nodes[0].model.name, models::CATALOGUE[1].name);
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
    crate::editing::arrange::arrange(&mut p);
    let h = bench(p);
    let canvas = &h.state().canvas;
    let nodes: Vec<Rect> =
        canvas.sketch.figures.iter().map(|f| canvas.camera.rect_to_screen(f.bounds().shrink(4.0))).collect();
    let labels: Vec<Rect> = canvas
        .sketch
        .routes
        .iter()
        .map(|route| h.get_by_label(&captions::projection_name(&h.state().project, route)).rect())
        .collect();
    for (k, label) in labels.iter().enumerate() {
        for other in nodes.iter().chain(&labels[..k]) {
            let overlap = label.shrink(2.0).intersect(*other);
            assert!(!overlap.is_positive(), "the label {label} of wire {k} covers {other}");
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
fn assistive_technology_selects_without_a_pointer() {
    let mut h = bench(network());
    h.get_by_label(EXCITATORY).click_accesskit();
    h.run();
    assert_eq!(h.state().selection, Selection::node(NodeId(1)));
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
