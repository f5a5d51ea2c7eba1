//! Problems and warnings, as lines on top of what they concern.

use egui::{Button, RichText, Ui};
use spikeloom_engine::project::{Place, Problem, Severity};

use super::panel::Panel;
use crate::action::{Action, Selection};

/// The text of a problem without its place.
fn text(problem: &Problem) -> String {
    match &problem.parameter {
        Some(parameter) => format!("{parameter}: {}", problem.message),
        None => problem.message.clone(),
    }
}

fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
    }
}

fn line(ui: &Ui, problem: &Problem, text: &str) -> RichText {
    let color = match problem.severity {
        Severity::Error => ui.visuals().error_fg_color,
        Severity::Warning => ui.visuals().warn_fg_color,
    };
    RichText::new(format!("{}: {text}", sign(problem.severity))).color(color)
}

/// The problems that concern this place, without buttons.
pub fn here(ui: &mut Ui, problems: &[Problem], concerns: impl Fn(&Place) -> bool) {
    for problem in problems.iter().filter(|p| concerns(&p.place)) {
        let rich = line(ui, problem, &text(problem));
        ui.label(rich);
    }
}

/// All problems; each a button that selects its culprit.
pub fn list(ui: &mut Ui, panel: &mut Panel<'_, '_>) {
    if panel.problems.is_empty() {
        ui.label("No problems");
        return;
    }
    for (i, problem) in panel.problems.iter().enumerate() {
        let words = format!("{}: {}", problem.place, text(problem));
        let rich = line(ui, problem, &words);
        match culprit(&problem.place) {
            Some(selection) => {
                let button = ui.push_id(i, |ui| ui.add(Button::new(rich).wrap().frame(false))).inner;
                if button.on_hover_text("Select and show it").clicked() {
                    panel.actions.push(Action::Select(selection.clone()));
                    panel.actions.push(Action::Reveal(selection));
                }
            }
            None => {
                ui.label(rich);
            }
        }
    }
}

fn culprit(place: &Place) -> Option<Selection> {
    match place {
        Place::Node { id, .. } => Some(Selection::node(*id)),
        Place::Projection { id, .. } => Some(Selection::projection(*id)),
        _ => None,
    }
}
