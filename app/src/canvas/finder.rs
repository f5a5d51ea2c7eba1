//! A search box with a list below it: models to add, or nodes to connect.

use egui::text::{CCursor, CCursorRange, LayoutJob, TextFormat};
use egui::{
    Button, FontId, Id, Key, Layout, Modifiers, Popup, PopupCloseBehavior, PopupKind, Pos2, ScrollArea, TextEdit,
    TextStyle, Ui,
};
use spikeloom_engine::models::{Family, Model};
use spikeloom_engine::project::{Node, NodeId, Project};

use super::camera::Camera;
use super::wiring;
use crate::action::{Action, Selection};
use crate::command::Command;
use crate::editing::create;
use crate::editing::place::{free_spot, stored};
use crate::favourites::Favourites;
use crate::model_search::find_models;
use crate::palette;
use crate::portrait::Portraits;
use crate::search::{Texts, find};

/// What choosing an entry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Add a node.
    Add,
    /// Add a node at the end of a wire that comes from this node.
    AddAndConnect(NodeId),
    /// Wire this node to one that is there.
    Connect(NodeId),
}

/// An open search.
pub struct Finder {
    pub purpose: Purpose,
    /// Where the new node goes, canvas coordinates.
    pub at: Pos2,
    query: String,
    chosen: usize,
    /// The entry was chosen by keys: its portrait is shown as if it was pointed at.
    by_keys: bool,
    /// Frames since it was opened; the search box takes the focus in the first ones.
    age: u32,
    portraits: Portraits,
}

#[derive(Clone, Copy)]
enum Entry {
    Model(&'static Model),
    Node(NodeId),
}

impl Finder {
    pub fn new(purpose: Purpose, at: Pos2) -> Self {
        let portraits = Portraits::default();
        Finder { purpose, at, query: String::new(), chosen: 0, by_keys: false, age: 0, portraits }
    }
}

/// Width of the search in points.
const WIDTH: f32 = 330.0;

/// Shows the search if it is open, and closes it when it is done. Portraits do not slow a network that is `running`.
pub fn show(
    ui: &mut Ui,
    open: &mut Option<Finder>,
    camera: &Camera,
    (project, running): (&Project, bool),
    favourites: &Favourites,
    actions: &mut Vec<Action>,
) {
    let Some(finder) = open else { return };
    finder.portraits.beside_a_run(running);
    let keys = Keys::take(ui);
    let entries = entries(project, favourites, finder);
    finder.chosen = keys.moved(finder.chosen, entries.len());
    finder.by_keys = keys.arrow != 0 || (finder.by_keys && !ui.input(|i| i.pointer.is_moving()));
    let mut picked = if keys.enter { entries.get(finder.chosen).copied() } else { None };
    let mut stays_open = !keys.escape;
    // Within the canvas, so that it does not cover the inspector.
    let mut anchor = camera.to_screen(finder.at).clamp(camera.rect.min, camera.rect.max);
    anchor.x = anchor.x.min((camera.rect.right() - WIDTH - 16.0).max(camera.rect.left()));
    let popup = Popup::new(Id::unique("canvas finder"), ui.ctx().clone(), anchor, ui.layer_id())
        .kind(PopupKind::Popup)
        .layout(Layout::top_down_justified(egui::Align::Min))
        .width(WIDTH)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .open_bool(&mut stays_open);
    popup.show(|ui| {
        ui.set_width(WIDTH);
        search_box(ui, finder);
        ui.add_space(2.0);
        let clicked = list(ui, finder, &entries, project, keys.arrow != 0);
        picked = clicked.or(picked);
        if finder.purpose == Purpose::Add {
            ui.separator();
            background_buttons(ui, actions);
        }
    });
    finder.age = finder.age.saturating_add(1);
    if let Some(entry) = picked {
        choose(finder, entry, project, actions);
        stays_open = false;
    }
    if !stays_open {
        *open = None;
    }
}

/// The keys of a list, taken before the text field sees them.
struct Keys {
    arrow: i32,
    enter: bool,
    escape: bool,
}

impl Keys {
    fn take(ui: &Ui) -> Keys {
        ui.input_mut(|i| Keys {
            arrow: i.count_and_consume_key(Modifiers::NONE, Key::ArrowDown) as i32
                - i.count_and_consume_key(Modifiers::NONE, Key::ArrowUp) as i32,
            enter: i.consume_key(Modifiers::NONE, Key::Enter),
            escape: i.consume_key(Modifiers::NONE, Key::Escape),
        })
    }
    fn moved(&self, chosen: usize, entries: usize) -> usize {
        let last = entries.saturating_sub(1);
        chosen.saturating_add_signed(self.arrow as isize).min(last)
    }
}

fn search_box(ui: &mut Ui, finder: &mut Finder) {
    let (name, hint) = match finder.purpose {
        Purpose::Add => ("Search models", "Search models"),
        Purpose::AddAndConnect(_) => ("Search models that fit", "Search models that fit"),
        Purpose::Connect(_) => ("Search nodes to connect to", "Connect to…"),
    };
    let edit = TextEdit::singleline(&mut finder.query).id(Id::unique("canvas finder search")).hint_text(hint);
    let mut output = edit.desired_width(f32::INFINITY).show(ui);
    let response = output.response.response.accessible_name(name);
    if finder.age < 3 {
        response.request_focus();
        // The key that opened the search must not end up as its first letter's selection.
        output.state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(finder.query.chars().count()))));
        output.state.store(ui.ctx(), response.id);
    }
    if response.changed() {
        (finder.chosen, finder.by_keys) = (0, false);
    }
}

fn list(ui: &mut Ui, finder: &mut Finder, entries: &[Entry], project: &Project, moved: bool) -> Option<Entry> {
    if entries.is_empty() {
        ui.label(match finder.purpose {
            Purpose::Connect(_) => "No node fits",
            _ => "No model fits",
        });
        return None;
    }
    let mut picked = None;
    ScrollArea::vertical().max_height(320.0).auto_shrink([false, true]).show(ui, |ui| {
        let mut family = None;
        for (i, &entry) in entries.iter().enumerate() {
            if let Entry::Model(model) = entry
                && family != Some(model.family())
            {
                family = Some(model.family());
                ui.weak(model.family().title());
            }
            let button = Button::selectable(i == finder.chosen, entry_text(ui, entry, project)).wrap();
            let response = ui.add(button).accessible_name(entry_name(entry, project));
            if i == finder.chosen && moved {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                picked = Some(entry);
            }
            if let Entry::Model(model) = entry {
                let portraits = &mut finder.portraits;
                if i == finder.chosen && finder.by_keys {
                    response.show_tooltip_ui(|ui| palette::introduce(ui, model, portraits));
                } else if !finder.by_keys {
                    response.on_hover_ui(|ui| palette::introduce(ui, model, portraits));
                }
            }
        }
    });
    picked
}

fn entry_name(entry: Entry, project: &Project) -> String {
    match entry {
        Entry::Model(m) => format!("{}, {}", m.title, m.name),
        Entry::Node(id) => project.node(id).map_or_else(String::new, |n| format!("Connect to {}", n.name)),
    }
}

fn entry_text(ui: &Ui, entry: Entry, project: &Project) -> LayoutJob {
    let (title, name, doc) = match entry {
        Entry::Model(m) => (m.title, m.name.to_owned(), m.doc),
        Entry::Node(id) => match project.node(id) {
            Some(n) => (n.name.as_str(), n.model.name.to_owned(), n.model.title),
            None => ("", String::new(), ""),
        },
    };
    let body = TextStyle::Body.resolve(ui.style());
    let small = FontId::proportional((body.size - 1.5).max(11.0));
    let visuals = ui.visuals();
    let mut job = LayoutJob::default();
    job.append(title, 0.0, TextFormat::simple(body, visuals.strong_text_color()));
    job.append(&name, 8.0, TextFormat::simple(small.clone(), visuals.text_color()));
    job.append("\n", 0.0, TextFormat::simple(small.clone(), visuals.text_color()));
    job.append(doc, 0.0, TextFormat::simple(small, visuals.text_color()));
    job
}

fn background_buttons(ui: &mut Ui, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        for command in [Command::Paste, Command::SelectAll, Command::FitAll, Command::Arrange, Command::AddNote] {
            let (text, tip) = command.text();
            if ui.button(text).on_hover_text(tip).clicked() {
                actions.push(Action::Command(command));
                ui.close();
            }
        }
    });
}

/// What is offered, best matches first within each family.
fn entries(project: &Project, favourites: &Favourites, finder: &Finder) -> Vec<Entry> {
    let models = |families, wanted: &dyn Fn(&Model) -> bool| {
        let found = find_models(&finder.query, families, favourites, wanted);
        found.into_iter().map(Entry::Model).collect()
    };
    match finder.purpose {
        Purpose::Connect(from) => targets_for(project, &finder.query, from),
        Purpose::Add => models([Family::Neuron, Family::Generator, Family::Recorder], &|_| true),
        Purpose::AddAndConnect(from) => match project.node(from) {
            // A wire drawn out of a node is seldom meant to bring something in.
            Some(node) => {
                models([Family::Neuron, Family::Recorder, Family::Generator], &|m| create::fits(node.model, m))
            }
            None => Vec::new(),
        },
    }
}

/// Nodes that `from` can be wired to.
fn targets_for(project: &Project, query: &str, from: NodeId) -> Vec<Entry> {
    let id = project.free_projection_id();
    let targets = project.nodes.iter().filter(|n| create::new_projection(project, id, from, n.id).is_ok());
    let texts = |n: &&Node| Texts::new([&n.name]).called([n.model.name, n.model.title]);
    find(query, targets, texts).into_iter().map(|(_, n)| Entry::Node(n.id)).collect()
}

fn choose(finder: &Finder, entry: Entry, project: &Project, actions: &mut Vec<Action>) {
    match (finder.purpose, entry) {
        (Purpose::AddAndConnect(from), Entry::Model(model)) => {
            let at = free_spot(project, model, stored(finder.at));
            actions.push(create::add_and_connect(project, model, at, from).into());
        }
        (_, Entry::Model(model)) => {
            let at = free_spot(project, model, stored(finder.at));
            actions.push(create::add_node(project, model, at).into());
        }
        (Purpose::Connect(from), Entry::Node(to)) => wiring::connect(project, from, to, actions),
        (_, Entry::Node(id)) => actions.push(Action::Select(Selection::node(id))),
    }
}
