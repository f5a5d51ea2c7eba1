//! Searches: all that the program can do, every node.

use egui::{Align, Key, RichText, ScrollArea, TextEdit, Ui};
use spikeloom_engine::project::{Node, Project};

use super::entries::{Entry, Offered};
use super::overlay::{Decision, Search};
use crate::action::{Action, Selection};
use crate::command::{Command, keys_text};
use crate::search::{Texts, find};

/// A line of a list to choose from.
struct Line {
    title: String,
    detail: String,
    shortcut: String,
    enabled: bool,
}

/// The list of all that the program can do.
pub(super) fn commands(ui: &mut Ui, search: &mut Search, entries: &[Entry], actions: &mut Vec<Action>) -> Decision {
    let offered = entries.iter().filter(|entry| entry.what != Offered::Command(Command::CommandList));
    let found = find(&search.text, offered, |entry| entry.found_by.clone());
    let lines: Vec<Line> = found
        .iter()
        .map(|(_, entry)| Line {
            title: entry.title.clone(),
            detail: entry.tip.into(),
            shortcut: entry.keys.map_or_else(String::new, |s| keys_text(ui.ctx(), &s)),
            enabled: entry.enabled,
        })
        .collect();
    match choose(ui, "Search commands", search, &lines) {
        Some(i) => {
            actions.push(found[i].1.what.into());
            Decision::Close
        }
        None => Decision::Stay,
    }
}

/// The list of nodes; the chosen one is selected and shown.
pub(super) fn nodes(ui: &mut Ui, search: &mut Search, project: &Project, actions: &mut Vec<Action>) -> Decision {
    let texts = |node: &&Node| Texts::new([&node.name]).called([node.model.name, node.model.title]);
    let found = find(&search.text, &project.nodes, texts);
    let lines: Vec<Line> = found
        .iter()
        .map(|(_, node)| Line {
            title: node.name.clone(),
            detail: if node.n == 1 { node.model.name.into() } else { format!("{} × {}", node.n, node.model.name) },
            shortcut: String::new(),
            enabled: true,
        })
        .collect();
    match choose(ui, "Search nodes", search, &lines) {
        Some(i) => {
            let selection = Selection::node(found[i].1.id);
            actions.push(Action::Select(selection.clone()));
            actions.push(Action::Reveal(selection));
            Decision::Close
        }
        None => Decision::Stay,
    }
}

/// A search field with a list; returns the chosen line.
fn choose(ui: &mut Ui, name: &str, search: &mut Search, lines: &[Line]) -> Option<usize> {
    ui.set_width(460.0);
    let (up, down, enter) =
        ui.input(|i| (i.key_pressed(Key::ArrowUp), i.key_pressed(Key::ArrowDown), i.key_pressed(Key::Enter)));
    let label = ui.label(RichText::new(name).weak());
    let field = ui.add(TextEdit::singleline(&mut search.text).desired_width(f32::INFINITY)).labelled_by(label.id);
    if field.changed() {
        search.line = 0;
    }
    if !enter {
        field.request_focus();
    }
    search.line = (search.line + usize::from(down)).saturating_sub(usize::from(up)).min(lines.len().saturating_sub(1));
    let mut chosen = (enter && lines.get(search.line).is_some_and(|l| l.enabled)).then_some(search.line);
    ui.add_space(4.0);
    ScrollArea::vertical().max_height(340.0).min_scrolled_height(340.0).auto_shrink([false, false]).show(ui, |ui| {
        if lines.is_empty() {
            ui.weak("Nothing matches");
        }
        for (i, line) in lines.iter().enumerate() {
            let button = egui::Button::selectable(i == search.line, &line.title)
                .shortcut_text(RichText::new(&line.shortcut).weak())
                .min_size(egui::vec2(ui.available_width(), 24.0));
            let response = ui.add_enabled(line.enabled, button).on_hover_text(&line.detail);
            if i == search.line && (up || down) {
                response.scroll_to_me(Some(Align::Center));
            }
            if response.clicked() {
                chosen = Some(i);
            }
        }
    });
    chosen
}
