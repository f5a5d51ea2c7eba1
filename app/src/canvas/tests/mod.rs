//! The gestures, tried through the real widgets by their accessible names.

mod making;
mod selecting;
mod viewing;
mod wiring;

use super::*;
use crate::action::Selection;
use crate::command::Command;
use crate::editing::create::{insert_node, insert_projection};
use crate::favourites::Favourites;
use egui::{Event, Key, Modifiers, MouseWheelUnit, Pos2, Rect, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use spikeloom_engine::description::Value;
use spikeloom_engine::models::{self, Model};
use spikeloom_engine::project::{NodeId, Project, Rule};

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
                    running: false,
                    favourites: &Favourites::default(),
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
