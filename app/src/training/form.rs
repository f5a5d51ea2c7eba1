//! Fields that edit the section `training` of a document.

use egui::{Align, ComboBox, Label, Layout, RichText, Ui};
use spikeloom_engine::project::{Lesson, Project, Task, Training};

use crate::action::{Action, Edit};
use crate::inspector::{Fields, NumberField};
use crate::number;

/// What the fields show and change.
pub struct Form<'a, 'b> {
    pub project: &'a Project,
    pub training: &'a Training,
    pub fields: &'b mut Fields,
    pub actions: &'b mut Vec<Action>,
}

/// A number of the form.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// What stands beside it, and what it is called for who cannot see where it stands.
    pub label: &'a str,
    pub name: &'a str,
    pub unit: &'a str,
    pub doc: &'a str,
    pub whole: bool,
    /// What is allowed, in numbers and in words.
    pub limits: (f64, f64),
    pub allowed: &'a str,
    /// What zero is called, if it means something else than a number.
    pub zero: &'a str,
}

impl<'a> Row<'a> {
    /// Any number.
    pub fn any(label: &'a str, doc: &'a str) -> Self {
        let limits = (-1e12, 1e12);
        Row { label, name: label, unit: "", doc, whole: false, limits, allowed: "a finite number", zero: "" }
    }
}

impl Form<'_, '_> {
    /// The title of a section.
    pub fn section(&self, ui: &mut Ui, title: &str) {
        ui.label(RichText::new(title).strong().family(self.fields.bold.clone()));
    }

    /// An edit of the training; the same `key` in one gesture becomes one step.
    pub fn change(&mut self, label: impl Into<String>, key: &str, act: impl FnOnce(&mut Training) + 'static) {
        let edit = Edit::new(label, move |project| {
            if let Some(training) = &mut project.training {
                act(training);
            }
        });
        self.actions.push(edit.merged(format!("training {key}")).into());
    }

    /// An edit that is a step by itself.
    pub fn set(&mut self, label: impl Into<String>, act: impl FnOnce(&mut Training) + 'static) {
        self.change(label, "", act);
        self.actions.push(Action::EndGesture);
    }

    /// The same of what is learnt by patterns.
    pub fn set_lesson(&mut self, label: impl Into<String>, act: impl FnOnce(&mut Lesson) + 'static) {
        self.set(label, |training| {
            if let Task::Patterns(lesson) = &mut training.task {
                act(lesson);
            }
        });
    }

    /// A line with a label at the left and a number at the right.
    pub fn number(&mut self, ui: &mut Ui, row: Row<'_>, x: f64, set: impl Fn(&mut Training, f64) + 'static) {
        ui.horizontal(|ui| {
            ui.add(Label::new(row.label).truncate()).on_hover_text(row.doc);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| self.field(ui, row, x, 84.0, set));
        });
        self.fields.mark_refusal(ui, &key(row));
    }

    /// The number alone.
    pub fn field(&mut self, ui: &mut Ui, row: Row<'_>, x: f64, width: f32, set: impl Fn(&mut Training, f64) + 'static) {
        let key = key(row);
        let field = NumberField {
            key: &key,
            name: row.name,
            unit: row.unit,
            speed: if row.whole { 0.2 } else { (0.01 * x.abs()).max(1e-4) },
            whole: row.whole,
            bold: false,
            limits: row.limits,
            infinity: "∞",
            zero: row.zero,
            grid: None,
            width,
        };
        let answer = field.show(ui, self.fields, x);
        if let Some(new) = answer.set {
            self.take(row, &key, new, set);
        }
        if answer.ended {
            self.actions.push(Action::EndGesture);
        }
        answer.response.on_hover_text(format!("{}\nAllowed: {}", row.doc, row.allowed));
    }

    /// Sets a number if it is allowed and brings no new problem.
    fn take(&mut self, row: Row<'_>, key: &str, new: f64, set: impl Fn(&mut Training, f64) + 'static) {
        let (low, high) = row.limits;
        if !(low..=high).contains(&new) {
            let shown = number::with_unit(new, row.unit);
            self.fields.refuse(key, format!("{}, {shown}: allowed is {}", row.name, row.allowed));
            return;
        }
        let mut trial = self.training.clone();
        set(&mut trial, new);
        let before = self.training.problems(self.project);
        if let Some(problem) = trial.problems(self.project).into_iter().find(|problem| !before.contains(problem)) {
            self.fields.refuse(key, problem);
            return;
        }
        self.fields.accept(key);
        self.change(format!("Set {} of training", row.name.to_lowercase()), row.name, move |t| set(t, new));
    }

    /// A line with a label at the left and a choice at the right. Says what was chosen.
    pub fn choice<T: PartialEq + Clone>(
        &mut self,
        ui: &mut Ui,
        (label, doc): (&str, &str),
        now: &T,
        choices: &[(String, T)],
    ) -> Option<T> {
        let mut chosen = None;
        ui.horizontal(|ui| {
            let label = ui.label(label).on_hover_text(doc);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let width = (ui.available_width() - 4.0).clamp(60.0, 190.0);
                let shown = choices.iter().find(|(_, choice)| choice == now).map_or("", |(text, _)| text.as_str());
                let combo = ComboBox::from_id_salt(("training", doc)).selected_text(shown).width(width).truncate();
                let combo = combo.show_ui(ui, |ui| {
                    for (text, choice) in choices {
                        if ui.selectable_label(choice == now, text).clicked() && choice != now {
                            chosen = Some(choice.clone());
                        }
                    }
                });
                combo.response.labelled_by(label.id).on_hover_text(doc);
            });
        });
        chosen
    }
}

/// What a field is known by.
fn key(row: Row<'_>) -> String {
    format!("training {}", row.name)
}
