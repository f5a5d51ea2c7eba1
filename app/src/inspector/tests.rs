//! The inspector through its widgets, by their accessible names.

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use spikeloom_engine::description::{Distribution, Shape, Value, real};
use spikeloom_engine::live::Status;

use spikeloom_engine::models::{self, Group, Model};
use spikeloom_engine::project::{
    Knob, Node, NodeId, Place, Problem, Project, Projection, ProjectionId, Rule, Turn, Turned,
};

use super::{Inspected, InspectorState, show};
use crate::action::{Action, Selection};

/// A window around the inspector that performs its edits, as the program does.
pub struct Desk {
    pub project: Project,
    selection: Selection,
    pub problems: Vec<Problem>,
    pub state: InspectorState,
    status: Status,
    /// Labels of the undo steps; an edit with the merge key of an open gesture joins the last.
    steps: Vec<String>,
    open: Option<String>,
    others: Vec<Action>,
    edits: u64,
}

impl Desk {
    pub fn new(project: Project, selection: Selection) -> Self {
        Desk {
            project,
            selection,
            problems: Vec::new(),
            state: InspectorState::default(),
            status: Status::default(),
            steps: Vec::new(),
            open: None,
            others: Vec::new(),
            edits: 0,
        }
    }

    fn perform(&mut self, action: Action) {
        match action {
            Action::Edit(edit) => {
                if edit.merge.is_none() || edit.merge != self.open {
                    self.steps.push(edit.label);
                }
                self.open = edit.merge;
                (edit.change)(&mut self.project);
                self.edits += 1;
            }
            Action::EndGesture => self.open = None,
            Action::Select(selection) => self.selection = selection,
            other => self.others.push(other),
        }
    }

    pub fn ui(&mut self, ui: &mut egui::Ui) {
        let mut actions = Vec::new();
        let inspected = Inspected {
            project: &self.project,
            selection: &self.selection,
            problems: &self.problems,
            status: &self.status,
            activity: None,
            revision: self.edits,
        };
        show(ui, &mut self.state, &inspected, &mut actions);
        actions.into_iter().for_each(|action| self.perform(action));
    }

    fn node(&self, id: u32) -> &Node {
        self.project.node(NodeId(id)).expect("the node is there")
    }
}

/// Excitatory (0) and inhibitory (1) cells, a generator (2), a multimeter (3) and their wires.
pub fn network() -> Project {
    let mut project = Project { title: "Balanced network".into(), ..Default::default() };
    let nodes = [
        ("Excitatory", "iaf_psc_alpha", 80),
        ("Inhibitory", "iaf_psc_alpha", 20),
        ("Noise", "poisson_generator", 1),
        ("Meter", "multimeter", 1),
        ("Spikes", "spike_generator", 1),
        ("Single", "iaf_psc_exp", 1),
    ];
    for (i, (name, model, n)) in nodes.into_iter().enumerate() {
        let mut node = Node::new(NodeId(i as u32), name, models::find(model).expect("a model"));
        node.n = n;
        project.nodes.push(node);
    }
    let wires = [(0, 1, 20.0), (1, 0, -100.0), (2, 0, 20.0), (3, 0, 1.0), (0, 0, 20.0), (4, 5, 30.0)];
    for (i, (from, to, weight)) in wires.into_iter().enumerate() {
        let mut wire = Projection::new(ProjectionId(i as u32), NodeId(from), NodeId(to));
        wire.weight = Value::Real(weight);
        if i < 2 || i == 4 {
            wire.rule = Rule::PairwiseBernoulli { p: 0.1 };
        }
        project.projections.push(wire);
    }
    project
}

fn desk(selection: Selection) -> Harness<'static, Desk> {
    desk_of(Desk::new(network(), selection))
}

fn desk_of(desk: Desk) -> Harness<'static, Desk> {
    Harness::builder()
        .with_size([300.0, 900.0])
        .with_context_setup(|ctx| ctx.set_fonts(fonts()))
        .build_ui_state(|ui, desk: &mut Desk| desk.ui(ui), desk)
}

/// The toolkit's own fonts, with arrows and signs from its monospace font.
fn fonts() -> egui::FontDefinitions {
    let mut fonts = egui::FontDefinitions::default();
    let monospace = fonts.families[&egui::FontFamily::Monospace].clone();
    fonts.families.entry(egui::FontFamily::Proportional).or_default().extend(monospace);
    fonts
}

fn node(id: u32) -> Selection {
    Selection::node(NodeId(id))
}

fn projection(id: u32) -> Selection {
    Selection::projection(ProjectionId(id))
}

/// Clicks a number field, types and presses Enter.
fn type_number(harness: &mut Harness<'_, Desk>, name: &str, text: &str) {
    harness.get_by_role_and_label(Role::SpinButton, name).click_accesskit();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, name).type_text(text);
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
}

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

/// Replaces the text of a field.
fn retype(harness: &mut Harness<'_, Desk>, name: &str, text: &str) {
    harness.get_by_role_and_label(Role::TextInput, name).focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, name).type_text(text);
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
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
fn the_rule_and_its_number_are_edited() {
    let mut harness = desk(projection(0));
    harness.run();
    harness.get_by_label("≈ 160 synapses, 8 per target");
    harness.get_by_role_and_label(Role::ComboBox, "Rule").click();
    harness.run();
    harness.get_by_label("Fixed in-degree").click();
    harness.run();
    type_number(&mut harness, "K_in", "25");
    assert_eq!(harness.state().project.projections[0].rule, Rule::FixedIndegree { indegree: 25 });
    type_number(&mut harness, "K_in", "2.5");
    assert_eq!(harness.state().project.projections[0].rule, Rule::FixedIndegree { indegree: 25 });
    harness.get_by_label_contains("not a whole number");
}

#[test]
fn the_sign_is_reversed_and_short_delays_refused() {
    let mut harness = desk(projection(1));
    harness.run();
    harness.get_by_label("Reverse sign").click();
    harness.run();
    assert_eq!(harness.state().project.projections[1].weight, Value::Real(100.0));
    type_number(&mut harness, "delay", "0.01");
    assert_eq!(harness.state().project.projections[1].delay, Value::Real(1.0));
    harness.get_by_label_contains("at least one time step");
    type_number(&mut harness, "delay", "1.5 ms");
    assert_eq!(harness.state().project.projections[1].delay, Value::Real(1.5));
}

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

/// A synapse with parameters of its own.
static PLASTIC: Model = Model {
    name: "plastic",
    title: "Plastic synapse",
    groups: &[Group {
        title: "Plasticity",
        parameters: &[
            real("weight", "", 1.0),
            real("lambda", "", 0.01).at_least(0.0).main(0.0, 0.1).common().doc("Step size"),
            real("U", "", 0.5).at_least(0.0).at_most(1.0).main(0.0, 1.0).doc("Share released by a spike"),
        ],
    }],
    ..models::STATIC_SYNAPSE
};

#[test]
fn parameters_of_synapses_are_set_drawn_and_reset() {
    let mut project = network();
    project.projections[0].synapse = &PLASTIC;
    let mut harness = desk_of(Desk::new(project, projection(0)));
    harness.run();
    type_number(&mut harness, "lambda", "0.02");
    type_number(&mut harness, "lambda", "-1");
    harness.get_by_label_contains("allowed is ≥ 0");
    let params = |h: &Harness<'_, Desk>| h.state().project.projections[0].params.clone();
    assert_eq!(params(&harness).get("lambda"), Some(&Value::Real(0.02)));
    assert!(harness.query_by_label("lambda varies: Constant").is_none(), "one value for all synapses");
    harness.get_by_label("U varies: Constant").click();
    harness.run();
    harness.get_by_label("Uniform").click();
    harness.run();
    assert!(matches!(params(&harness).get("U"), Some(Value::Distribution(_))));
    harness.get_by_label_contains("Reset lambda").click();
    harness.run();
    assert_eq!(params(&harness).keys().collect::<Vec<_>>(), ["U"]);
    let steps = harness.state().steps.clone();
    assert_eq!(steps.last().map(String::as_str), Some("Reset lambda of Excitatory → Inhibitory"));
    // Weight and delay have rows of their own.
    assert_eq!(harness.query_all_by_role_and_label(Role::SpinButton, "weight").count(), 1);
}

#[test]
fn another_synapse_model_keeps_weight_and_delay_and_what_it_knows() {
    let mut project = network();
    project.projections[0].synapse = &PLASTIC;
    project.projections[0].params.insert("U".into(), Value::Real(0.2));
    let mut harness = desk_of(Desk::new(project, projection(0)));
    harness.run();
    harness.get_by_role_and_label(Role::ComboBox, "Synapse").click();
    harness.run();
    harness.get_by_label("Static synapse").click();
    harness.run();
    let wire = &harness.state().project.projections[0];
    assert_eq!((wire.synapse.name, wire.weight.typical()), ("static_synapse", 20.0));
    assert!(wire.params.is_empty());
}

#[test]
fn a_pair_of_nodes_is_connected_both_ways() {
    let mut harness = desk(projection(5));
    harness.run();
    assert!(harness.query_by_label("Both ways").is_none(), "a generator takes nothing");
    let mut project = network();
    project.projections[0].rule = Rule::AllToAll;
    let mut harness = desk_of(Desk::new(project, projection(0)));
    harness.run();
    harness.get_by_label("Both ways").click();
    harness.run();
    assert!(harness.state().project.projections[0].symmetric);
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

#[test]
fn a_gap_junction_is_chosen_in_one_step_with_rule_weight_and_unit() {
    let mut project = Project::default();
    for i in 0..2 {
        let mut cells = Node::new(NodeId(i), ["A", "B"][i as usize], models::find("hh_psc_alpha_gap").unwrap());
        cells.n = 20;
        project.nodes.push(cells);
    }
    let mut wire = Projection::new(ProjectionId(0), NodeId(0), NodeId(1));
    (wire.rule, wire.weight) = (Rule::FixedIndegree { indegree: 5 }, Value::Real(100.0));
    project.projections.push(wire);
    let mut harness = desk_of(Desk::new(project, projection(0)));
    harness.run();
    harness.get_by_role_and_label(Role::ComboBox, "Synapse").click();
    harness.run();
    harness.get_by_role_and_label(Role::Button, "Gap junction").click();
    harness.run();
    let desk = harness.state();
    assert_eq!(desk.steps.len(), 1);
    let wire = &desk.project.projections[0];
    assert_eq!(wire.rule, Rule::SymmetricPairwiseBernoulli { p: 0.25 });
    assert!(wire.symmetric && !wire.autapses);
    assert_eq!(wire.weight, Value::Real(1.0));
    let wrong = spikeloom_engine::project::validate(&desk.project);
    assert!(wrong.iter().all(|p| p.severity != spikeloom_engine::project::Severity::Error), "{wrong:?}");
    // A conductance has no sign to turn.
    assert!(harness.query_by_label("Reverse sign").is_none());
}

#[test]
fn messages_use_the_words_of_the_menus() {
    let mut harness = desk(projection(0));
    harness.run();
    let place = Place::Projection { id: ProjectionId(0), from: "A".into(), to: "B".into() };
    let message = "use symmetric_pairwise_bernoulli, or one_to_one with `symmetric`";
    harness.state_mut().problems = vec![Problem::error(place, message).of("rule")];
    harness.run();
    harness.get_by_label("Error: rule: use “Symmetric Bernoulli”, or “One to one” with “Both ways”");
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
