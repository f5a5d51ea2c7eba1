//! The inspector through its widgets, by their accessible names.

mod nodes;
mod numbers;
mod several;
mod stimuli;
mod wires;

use super::{Inspected, InspectorState, show};
use crate::action::{Action, Selection};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use spikeloom_engine::description::{Distribution, Range, Shape, Value, real};
use spikeloom_engine::live::Status;
use spikeloom_engine::models::{self, Group, Model};
use spikeloom_engine::project::{
    Knob, Node, NodeId, Place, Problem, Project, Projection, ProjectionId, Rule, Turn, Turned,
};

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
    desk_at(desk, 0.25)
}

/// The same with so many seconds from frame to frame.
fn desk_at(desk: Desk, seconds: f32) -> Harness<'static, Desk> {
    Harness::builder()
        .with_size([300.0, 900.0])
        .with_step_dt(seconds)
        // A portrait comes when it is drawn, and asks for a frame then.
        .with_max_steps(100)
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

/// The accessible text of a picture of a portrait, once it is another than `before`.
fn portrayed(harness: &mut Harness<'_, Desk>, picture: &str, before: &str) -> String {
    let start = std::time::Instant::now();
    loop {
        harness.step();
        let found = harness.query_by_label_contains(picture).and_then(|picture| picture.accesskit_node().label());
        if let Some(text) = found.filter(|text| text != before) {
            return text;
        }
        assert!(start.elapsed().as_secs() < 60, "no other portrait than “{before}” was drawn");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
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
