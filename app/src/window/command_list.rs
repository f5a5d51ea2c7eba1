//! Searches: every command, every node.

use egui::{Align, Key, RichText, ScrollArea, TextEdit, Ui};
use spikeloom_engine::project::Project;

use super::overlays::{Decision, Search};
use crate::action::{Action, Selection};
use crate::command::{Command, keys_text};

/// A line of a list to choose from.
struct Line {
    title: String,
    detail: String,
    shortcut: String,
    enabled: bool,
}

/// The list of commands.
pub(super) fn commands(
    ui: &mut Ui,
    search: &mut Search,
    enabled: impl Fn(Command) -> bool,
    actions: &mut Vec<Action>,
) -> Decision {
    let found: Vec<Command> = Command::ALL
        .iter()
        .copied()
        .filter(|c| *c != Command::CommandList && matches(&search.text, &[c.text().0, c.text().1]))
        .collect();
    let lines: Vec<Line> = found
        .iter()
        .map(|&command| Line {
            title: command.text().0.into(),
            detail: command.text().1.into(),
            shortcut: command.shortcuts().first().map_or_else(String::new, |s| keys_text(ui.ctx(), s)),
            enabled: enabled(command),
        })
        .collect();
    match choose(ui, "Search commands", search, &lines) {
        Some(i) => {
            actions.push(Action::Command(found[i]));
            Decision::Close
        }
        None => Decision::Stay,
    }
}

/// The list of nodes; the chosen one is selected and shown.
pub(super) fn nodes(ui: &mut Ui, search: &mut Search, project: &Project, actions: &mut Vec<Action>) -> Decision {
    let mut found: Vec<_> =
        project.nodes.iter().filter(|n| matches(&search.text, &[&n.name, n.model.name, n.model.title])).collect();
    // The very name first, then names that begin so: Enter takes what was typed.
    let wanted = search.text.trim().to_lowercase();
    found.sort_by_key(|n| {
        let name = n.name.to_lowercase();
        (name != wanted, !name.starts_with(&wanted))
    });
    let lines: Vec<Line> = found
        .iter()
        .map(|node| Line {
            title: node.name.clone(),
            detail: if node.n == 1 { node.model.name.into() } else { format!("{} × {}", node.n, node.model.name) },
            shortcut: String::new(),
            enabled: true,
        })
        .collect();
    match choose(ui, "Search nodes", search, &lines) {
        Some(i) => {
            let selection = Selection::node(found[i].id);
            actions.push(Action::Select(selection.clone()));
            actions.push(Action::Reveal(selection));
            Decision::Close
        }
        None => Decision::Stay,
    }
}

/// Whether all words of the search occur in the texts.
fn matches(search: &str, texts: &[&str]) -> bool {
    let all = texts.join(" ").to_lowercase();
    search.to_lowercase().split_whitespace().all(|word| all.contains(word))
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
            ui.weak("Nothing of that name");
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

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn all_words_must_occur_in_any_order() {
        assert!(matches("", &["Save as…"]));
        assert!(matches("as sav", &["Save as…", "Save to another file"]));
        assert!(!matches("save xyz", &["Save as…"]));
    }
}
