//! Fields by which users change what a plot shows.

use egui::{DragValue, Response, TextEdit, Ui};
use spikeloom_engine::project::ViewId;

use super::data::Shown;
use super::settings::{self, PlotSettings};
use super::{bins, cells};
use crate::action::Action;

/// The menu in which the settings `S` of a plot are changed.
pub struct Editor<'a, S> {
    pub ui: &'a mut Ui,
    pub shown: Shown<'a, S>,
    pub view: ViewId,
    /// The list of cells while it is being typed.
    pub cells_text: &'a mut Option<String>,
    pub actions: &'a mut Vec<Action>,
}

/// A field for a number.
pub struct NumberField {
    pub label: &'static str,
    pub tip: &'static str,
    /// The name of the setting.
    pub name: &'static str,
    /// What the step is called that changes it.
    pub step: &'static str,
    pub value: f64,
    pub range: std::ops::RangeInclusive<f64>,
    /// By how much a point of dragging changes it.
    pub speed: f64,
    pub suffix: &'static str,
    pub decimals: usize,
}

impl<S: PlotSettings> Editor<'_, S> {
    /// Changes the settings in one step; steps of the same `setting` become one while a gesture lasts.
    pub fn change(&mut self, step: &str, setting: Option<&str>, edit: impl FnOnce(&mut S) + 'static) {
        let id = self.view;
        let change = settings::edit(id, step, edit);
        let change = match setting {
            Some(name) => change.merged(format!("{name} of view {}", id.0)),
            None => change,
        };
        self.actions.push(change.into());
    }

    /// Ends the step of a field when the user has done with it.
    pub fn end_step(&mut self, field: &Response) {
        if field.drag_stopped() || field.lost_focus() {
            self.actions.push(Action::EndGesture);
        }
    }

    /// A number and its label.
    pub fn number(&mut self, field: NumberField, set: impl FnOnce(&mut S, f64) + 'static) {
        let NumberField { label, tip, name, step, mut value, range, speed, suffix, decimals } = field;
        let response = self.ui.horizontal(|ui| {
            let label = ui.label(label).on_hover_text(tip);
            let field = DragValue::new(&mut value).range(range).speed(speed).suffix(suffix).max_decimals(decimals);
            ui.add(field).labelled_by(label.id).on_hover_text(tip)
        });
        if response.inner.changed() {
            self.change(step, Some(name), move |settings| set(settings, value));
        }
        self.end_step(&response.inner);
    }

    /// The width of bins of time.
    pub fn bin(&mut self, given: f64, tip: &'static str, set: impl FnOnce(&mut S, f64) + 'static) {
        let resolution = self.shown.project.simulation.resolution;
        let (value, least) = (bins::width(given, resolution), bins::narrowest(resolution));
        let (name, step) = ("bin", "Set bin width");
        let (range, speed, suffix, decimals) = (least..=1000.0, 0.1, " ms", 2);
        self.number(NumberField { label: "Bin", tip, name, step, value, range, speed, suffix, decimals }, set);
    }

    /// A switch.
    pub fn switch(
        &mut self,
        label: &str,
        tip: &str,
        step: &str,
        mut on: bool,
        set: impl FnOnce(&mut S, bool) + 'static,
    ) {
        if self.ui.checkbox(&mut on, label).on_hover_text(tip).changed() {
            self.change(step, None, move |settings| set(settings, on));
        }
    }

    /// The cells shown of each population, as a list and by quick picks. `none` tells what an empty list means.
    pub fn cells(&mut self, now: &[u32], none: &str, picks: &[(&str, Vec<u32>)], of: fn(&mut S) -> &mut Vec<u32>) {
        self.ui.separator();
        let mut text = self.cells_text.clone().unwrap_or_else(|| cells::format(now));
        let response = self.ui.horizontal(|ui| {
            let label = ui.label("Cells");
            let field = TextEdit::singleline(&mut text).desired_width(150.0).hint_text(none);
            ui.add(field).labelled_by(label.id).on_hover_text("Numbers within each population, such as 0, 3, 7-12")
        });
        let field = response.inner;
        if field.changed() {
            if let Ok(cells) = cells::parse(&text) {
                self.change("Choose cells", Some("cells"), move |settings| *of(settings) = cells);
            }
            *self.cells_text = Some(text.clone());
        }
        // What cannot be read stays with its reason until it is put right or given up.
        let given_up = self.ui.input(|i| i.key_pressed(egui::Key::Escape));
        if field.lost_focus() && (given_up || cells::parse(&text).is_ok()) {
            *self.cells_text = None;
        }
        self.end_step(&field);
        if let Err(problem) = cells::parse(&text) {
            self.ui.colored_label(self.ui.visuals().error_fg_color, problem);
        }
        let clicked = self.ui.horizontal(|ui| picks.iter().filter(|(text, _)| ui.button(*text).clicked()).last());
        if let Some((_, cells)) = clicked.inner.cloned() {
            *self.cells_text = None;
            self.change("Choose cells", None, move |settings| *of(settings) = cells);
        }
    }

    /// Quick picks where plots show all cells if none are chosen.
    pub fn picks_of_all(&self) -> [(&'static str, Vec<u32>); 3] {
        let most = self.largest_population();
        [
            ("All", Vec::new()),
            ("First 50", (0..most.min(50) as u32).collect()),
            ("50 random", cells::scattered(50, most)),
        ]
    }

    /// The size of the largest population that the recorders shown record, or are wired to.
    pub fn largest_population(&self) -> usize {
        let wired = self.shown.project.projections.iter().filter_map(|p| {
            let sources = self.shown.sources;
            let other = if sources.contains(&p.from) {
                p.to
            } else if sources.contains(&p.to) {
                p.from
            } else {
                return None;
            };
            self.shown.project.node(other).map(|node| node.n)
        });
        wired.max().unwrap_or(0)
    }
}
