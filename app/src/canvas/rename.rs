//! Editing a node's title in place.

use egui::{Align2, FontId, Id, Key, Modifiers, Rect, TextEdit, Ui, vec2};
use spikeloom_engine::project::{NodeId, Project};

use super::camera::Camera;
use super::nodes::title_rect;
use super::sketch::Sketch;
use crate::action::{Action, Edit};
use crate::messages;

/// A title being edited.
pub struct Rename {
    pub node: NodeId,
    text: Option<String>,
    age: u32,
}

impl Rename {
    pub fn new(node: NodeId) -> Self {
        Rename { node, text: None, age: 0 }
    }
}

/// Shows the text field if a title is being edited. Names must be unique and not empty.
pub fn show(
    ui: &mut Ui,
    open: &mut Option<Rename>,
    camera: &Camera,
    sketch: &Sketch,
    project: &Project,
    actions: &mut Vec<Action>,
) {
    let Some(rename) = open else { return };
    let (Some(node), Some(figure)) = (project.node(rename.node), sketch.figure(rename.node)) else {
        *open = None;
        return;
    };
    let enter = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter));
    let escape = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
    let text = rename.text.get_or_insert_with(|| node.name.clone());
    let title = title_rect(camera, figure);
    let rect = Rect::from_center_size(title.center(), vec2(title.width().max(150.0), title.height().max(24.0)));
    let id = Id::unique("canvas rename");
    let edit = TextEdit::singleline(text)
        .id(id)
        .font(FontId::proportional(camera.font_size(15.0)))
        .align(Align2::CENTER_CENTER)
        .char_limit(80);
    let response = ui.put(rect, edit).accessible_name("Name of node");
    if rename.age < 3 {
        response.request_focus();
        if rename.age == 0 {
            select_all(ui, id, text.chars().count());
        }
    }
    rename.age = rename.age.saturating_add(1);
    let left = rename.age > 3 && response.lost_focus();
    if escape {
        *open = None;
        return;
    }
    if !(enter || left) {
        return;
    }
    match check(project, rename.node, text) {
        Ok(None) => *open = None,
        Ok(Some(name)) => {
            let id = rename.node;
            let edit = Edit::new(format!("Rename {} to {name}", node.name), move |p| {
                if let Some(node) = p.node_mut(id) {
                    node.name = name;
                }
            });
            actions.push(edit.into());
            *open = None;
        }
        Err(reason) => {
            actions.push(Action::Say(messages::warning(reason)));
            // Enter leaves the field open to correct the name; leaving it gives up.
            if left && !enter {
                *open = None;
            } else {
                rename.age = 1;
            }
        }
    }
}

/// The new name, `None` if nothing changed, or why it cannot be.
fn check(project: &Project, id: NodeId, text: &str) -> Result<Option<String>, String> {
    let name = text.trim();
    if name.is_empty() {
        return Err("A node needs a name".into());
    }
    match project.node_named(name) {
        Some(other) if other.id != id => Err(format!("Another node is called {name}; names must be unique")),
        Some(_) => Ok(None),
        None => Ok(Some(name.to_owned())),
    }
}

fn select_all(ui: &Ui, id: Id, length: usize) {
    let mut state = egui::text_edit::TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let range = egui::text::CCursorRange::two(egui::text::CCursor::new(0), egui::text::CCursor::new(length));
    state.cursor.set_char_range(Some(range));
    state.store(ui.ctx(), id);
}
