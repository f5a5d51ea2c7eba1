use super::*;
use crate::plots::sample::Sample;
use spikeloom_engine::description::space::{Mask, MaskKind};
use spikeloom_engine::live::{Bundle, Direction};
use spikeloom_engine::project::{NodeId, Projection, ProjectionId};

/// The excitatory neurons stand on a grid of 10 by 10, the others nowhere.
fn sample() -> Sample {
    let mut sample = Sample::two_populations();
    sample.project.nodes[0].positions = Some(Positions::grid(&[10, 10]));
    sample
}

fn updated(sample: &Sample, place: usize) -> Map {
    let mut map = Map::default();
    map.update(&sample.shown(place, &Settings::default()));
    map
}

fn sheet(map: &Map) -> Sheet {
    let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(200.0, 200.0));
    let (across, y) = map.frame();
    Sheet { ctx: egui::Context::default(), rect, across, y, values: None }
}

#[test]
fn spikes_light_up_where_the_neuron_stands_and_fade() {
    let s = sample();
    let mut map = updated(&s, 0);
    let rows = &s.recordings.rows[0];
    let (time, sender) = rows.times.iter().zip(&rows.senders).rfind(|(_, sender)| **sender < 100).expect("a spike");
    let field = &map.fields[0];
    assert_eq!(field.last[*sender as usize], *time);
    assert!((map.glow(field, *sender as usize, *time, 10.0) - 1.0).abs() < 1e-6);
    assert!((map.glow(field, *sender as usize, *time + 10.0, 10.0) - 0.368).abs() < 1e-3);
    assert_eq!(map.glow(field, *sender as usize, *time + 100.0, 10.0), 0.0);
    let sheet = sheet(&map);
    let shapes = map.draw(&s.shown(0, &Settings::default()), &sheet);
    let [Shape::Mesh(rest), Shape::Mesh(_)] = &shapes[..] else { panic!("what rests and what is lit") };
    assert_eq!(rest.vertices.len(), 400, "a square for each neuron that stands somewhere");
    let again = map.draw(&s.shown(0, &Settings::default()), &sheet);
    let Shape::Mesh(kept) = &again[0] else { panic!("what rests") };
    assert!(Arc::ptr_eq(rest, kept), "what rests is painted once");
    assert!(map.amount(&s.shown(0, &Settings::default()), (0.0, 1.0)).starts_with("100 neurons, "));
}

#[test]
fn says_who_stands_under_the_pointer() {
    let s = sample();
    let map = updated(&s, 0);
    let sheet = sheet(&map);
    let at = pos2(sheet.x(-0.45), sheet.y(0.45));
    let read = map.read_out(&s.shown(0, &Settings::default()), &sheet, at).expect("a neuron").text;
    assert!(read.starts_with("Excitatory 0 at ("), "{read}");
    assert!(map.read_out(&s.shown(0, &Settings::default()), &sheet, pos2(-50.0, -50.0)).is_none());
}

#[test]
fn what_stands_nowhere_is_told_with_a_cure() {
    let mut s = sample();
    let remark = updated(&s, 0).remark(&s.shown(0, &Settings::default())).expect("a remark");
    assert_eq!(remark.text, "Inhibitory stands nowhere");
    (remark.edit.change)(&mut s.project);
    assert!(updated(&s, 0).remark(&s.shown(0, &Settings::default())).is_none());
}

#[test]
fn samples_are_colours_between_their_extremes() {
    let s = sample();
    let map = updated(&s, 1);
    assert_eq!(map.quantity, ("V_m".to_owned(), "mV".to_owned()));
    let field = &map.fields[0];
    assert_eq!(field.values[3], Sample::value(9999, 3, 0));
    assert!(field.values[50].is_nan());
    let glow = map.glow(field, 3, 0.0, 10.0);
    assert!((0.0..=1.0).contains(&glow));
    assert!(map.amount(&s.shown(1, &Settings::default()), (0.0, 1.0)).contains("V_m"));
}

#[test]
fn the_neuron_under_the_pointer_asks_for_its_targets_once_and_lines_lead_there() {
    let mut s = sample();
    let mut map = updated(&s, 0);
    let sheet = sheet(&map);
    let settings = Settings::default();
    let at = pos2(sheet.x(-0.45), sheet.y(0.45));
    let asked = map.point(&s.shown(0, &settings), &sheet, Some(at)).expect("a neuron");
    assert_eq!((asked.node, asked.neuron, asked.direction), (NodeId(0), 0, Direction::Targets));
    let synapses = vec![(5, 20.0), (5, 40.0), (99, 30.0)];
    let bundles = vec![Bundle { projection: ProjectionId(9), node: NodeId(0), synapses }];
    s.status.connections = Some(Arc::new(Connections { asked, bundles }));
    let lines = |shapes: Vec<Shape>| shapes.iter().filter(|s| matches!(s, Shape::LineSegment { .. })).count();
    assert_eq!(lines(map.draw(&s.shown(0, &settings), &sheet)), 3);
    let read = map.read_out(&s.shown(0, &settings), &sheet, at).expect("a neuron").text;
    assert!(read.ends_with("\n2 targets in Excitatory by 3 synapses, mean weight 30"), "{read}");
    let sources = Settings { lines: Lines::Sources, ..Settings::default() };
    let asked = map.point(&s.shown(0, &sources), &sheet, Some(at)).expect("a neuron");
    assert_eq!(asked.direction, Direction::Sources);
    assert_eq!(lines(map.draw(&s.shown(0, &sources), &sheet)), 0, "the answer belongs to another question");
    let none = Settings { lines: Lines::None, ..Settings::default() };
    assert_eq!(map.point(&s.shown(0, &none), &sheet, Some(at)), None);
    assert_eq!(map.point(&s.shown(0, &settings), &sheet, None), None);
}

#[test]
fn mask_and_kernel_of_the_edited_projection_stand_around_the_neuron_under_the_pointer() {
    let mut s = sample();
    let mut projection = Projection::new(ProjectionId(9), NodeId(0), NodeId(0));
    projection.mask = Some(Mask::Form(MaskKind::Circular.around(0.2)));
    s.project.projections.push(projection);
    let (mut map, settings) = (updated(&s, 0), Settings::default());
    let sheet = sheet(&map);
    let mut meshes = |edited, pointer| {
        let shown = Shown { edited, ..s.shown(0, &settings) };
        map.point(&shown, &sheet, pointer);
        let shapes = map.draw(&shown, &sheet);
        shapes.iter().map(Shape::visual_bounding_rect).collect::<Vec<_>>()
    };
    assert_eq!(meshes(None, None).len(), 2);
    let around = |places: &[Rect]| (places.len() == 3).then(|| places[0].center()).expect("the reach, too");
    let middle = around(&meshes(Some(ProjectionId(9)), None));
    assert!(middle.distance(pos2(sheet.x(0.0), sheet.y(0.0))) < 1.0, "{middle:?}");
    let at = pos2(sheet.x(-0.25), sheet.y(0.25));
    let pointed = around(&meshes(Some(ProjectionId(9)), Some(at)));
    assert!(pointed.distance(at) < 1.0, "{pointed:?} around {at:?}");
}

#[test]
fn dragging_turns_a_space_of_three_dimensions_and_forgets_no_spike() {
    let mut s = sample();
    assert!(updated(&s, 0).turn(Vec2::new(10.0, 0.0)).is_none(), "a plane is not turned");
    s.project.nodes[0].positions = Some(Positions::grid(&[5, 5, 4]));
    let mut map = updated(&s, 0);
    let mut settings = Settings::default();
    map.turn(Vec2::new(20.0, 400.0)).expect("a turn")(&mut settings);
    assert_eq!((settings.azimuth, settings.elevation), (20.0, 90.0));
    let (before, last) = (map.fields[0].flat.clone(), map.fields[0].last.clone());
    map.update(&s.shown(0, &settings));
    assert_ne!(map.fields[0].flat, before);
    assert_eq!(map.fields[0].last, last);
    assert!(last.iter().any(|time| time.is_finite()));
}

#[test]
fn any_sampled_quantity_can_be_the_colour_also_beside_spikes() {
    let mut s = sample();
    s.project.views[0].sources.push(NodeId(3));
    assert!(updated(&s, 0).sampled.is_empty(), "spikes, if nothing else is wanted");
    let mut map = Map::default();
    let settings = Settings { variable: "V_m".into(), ..Settings::default() };
    map.update(&s.shown(0, &settings));
    assert_eq!(map.quantity.0, "V_m");
    assert!(map.fields[0].values[3].is_finite());
}
