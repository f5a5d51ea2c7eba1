//! Problems, warnings and refused input, in a place of their own below the parameters: nothing moves when one comes or goes.

use egui::{Button, Frame, Margin, Panel as Strip, RichText, ScrollArea, Ui};
use spikeloom_engine::project::{Place, Problem, Severity};

use super::panel::Panel;
use super::words::menu_words;
use crate::action::{Action, Selection};

/// The height of the place, in points, and the part of the inspector that it takes at most; the user can change it.
const HEIGHT: f32 = 76.0;
const SHARE: f32 = 0.14;
const LEAST: f32 = 40.0;

/// The text of a problem without its place, as a sentence about it.
fn text(problem: &Problem) -> String {
    let message = menu_words(&problem.message);
    match &problem.parameter {
        Some(parameter) if !problem.message.contains(&format!("`{parameter}`")) => {
            format!("{}: {message}", menu_words(&format!("`{parameter}`")).replace(['`', '“', '”'], ""))
        }
        _ => message,
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

/// The place below the parameters: refused input first, then what concerns the selection, or all if nothing is
/// selected.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, selection: &Selection) {
    let frame = Frame::new().inner_margin(Margin { top: 6, ..Margin::ZERO });
    let height = (SHARE * ui.available_height()).clamp(LEAST, HEIGHT);
    let strip = Strip::bottom("inspector problems").resizable(true).default_size(height).size_range(LEAST..=400.0);
    strip.frame(frame).show(ui, |ui| {
        ScrollArea::vertical().id_salt("problems").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            let refused = panel.fields.show_refusals(ui);
            let shown = if selection.is_empty() { list(ui, panel) } else { here(ui, panel.problems, selection) };
            if !refused && !shown {
                ui.weak("No problems");
            }
        });
    });
}

/// The problems of what is selected, without buttons. Says whether there are any.
fn here(ui: &mut Ui, problems: &[Problem], selection: &Selection) -> bool {
    let concerns = |place: &Place| match place {
        Place::Node { id, .. } => selection.nodes.contains(id),
        Place::Projection { id, .. } => selection.projections.contains(id),
        _ => false,
    };
    let one = selection.len() == 1;
    let mut any = false;
    for problem in problems.iter().filter(|p| concerns(&p.place)) {
        let words = match (one, problem.goes_on()) {
            (true, true) => format!("it {}", text(problem)),
            (true, false) => text(problem),
            (false, _) => with_place(problem),
        };
        ui.label(line(ui, problem, &words));
        any = true;
    }
    any
}

fn with_place(problem: &Problem) -> String {
    let colon = if problem.goes_on() { "" } else { ":" };
    format!("{}{colon} {}", problem.place, text(problem))
}

/// All problems; each a button that selects its culprit. Says whether there are any.
fn list(ui: &mut Ui, panel: &mut Panel<'_, '_>) -> bool {
    for (i, problem) in panel.problems.iter().enumerate() {
        let rich = line(ui, problem, &with_place(problem));
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
    !panel.problems.is_empty()
}

fn culprit(place: &Place) -> Option<Selection> {
    match place {
        Place::Node { id, .. } => Some(Selection::node(*id)),
        Place::Projection { id, .. } => Some(Selection::projection(*id)),
        _ => None,
    }
}
