//! The window driven through its accessible names, without a display.

mod commands;
mod files;
mod use_of_it;

use super::*;
use crate::action::{Edit, ExportKind, PictureOptions};
use crate::command::Command;
use crate::dialogs::{FileKind, Reply};
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use spikeloom_engine::models;
use spikeloom_engine::project::Node;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// Answers file dialogs in order; an empty list closes them.
#[derive(Clone, Default)]
struct Answers(Arc<Mutex<VecDeque<PathBuf>>>);

impl Answers {
    fn give(&self, path: impl Into<PathBuf>) {
        self.0.lock().unwrap().push_back(path.into());
    }
}

impl Dialogs for Answers {
    fn open(&mut self, _kind: FileKind, _folder: Option<&Path>, reply: Reply) {
        reply(self.0.lock().unwrap().pop_front());
    }
    fn save(&mut self, kind: FileKind, folder: Option<&Path>, _name: &str, reply: Reply) {
        self.open(kind, folder, reply);
    }
    fn browse(&mut self, url: &str) -> Result<(), String> {
        Err(format!("no browser for {url}"))
    }
}

struct Desk {
    folder: TempDir,
    answers: Answers,
}

impl Desk {
    fn new() -> Self {
        Desk { folder: tempfile::tempdir().unwrap(), answers: Answers::default() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A window as it comes up when the program is started.
    fn start(&self) -> Harness<'static, Window> {
        let services =
            Services { dialogs: Box::new(self.answers.clone()), data_folder: Some(self.folder.path().join("data")) };
        let mut harness = Harness::builder()
            .with_size(egui::vec2(1280.0, 800.0))
            .with_max_steps(40)
            .build_eframe(move |cc| Window::new(&cc.egui_ctx, services));
        settle(&mut harness);
        harness
    }

    /// A window with an empty network.
    fn blank(&self) -> Harness<'static, Window> {
        let mut harness = self.start();
        click(&mut harness, "New network");
        harness
    }
}

/// Some frames: while an engine builds or runs, frames never stop being asked for.
fn settle(harness: &mut Harness<'_, Window>) {
    harness.run_steps(6);
}

fn click(harness: &mut Harness<'_, Window>, name: &str) {
    let button = harness.get_all_by_role_and_label(egui::accesskit::Role::Button, name).last();
    button.unwrap_or_else(|| panic!("no button {name}")).click();
    settle(harness);
}

fn press(harness: &mut Harness<'_, Window>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    settle(harness);
}

/// Does what a panel's action would.
fn edit(harness: &mut Harness<'_, Window>, edit: Edit) {
    harness.state_mut().edit(edit);
    settle(harness);
}

fn add(name: &'static str) -> Edit {
    Edit::new(format!("Add {name}"), move |p| {
        let id = p.free_node_id();
        p.nodes.push(Node::new(id, name, &models::iaf_psc_alpha::MODEL));
    })
}

fn select_all(harness: &mut Harness<'_, Window>) {
    let all = Selection::all(harness.state().project());
    harness.state_mut().document.select(all);
}

fn run(harness: &mut Harness<'_, Window>, command: Command) {
    let ctx = harness.ctx.clone();
    harness.state_mut().run_command(&ctx, command);
    settle(harness);
}

/// Does what a panel or an entry of a menu asks for.
fn act(harness: &mut Harness<'_, Window>, action: impl Into<Action>) {
    let ctx = harness.ctx.clone();
    harness.state_mut().perform(&ctx, vec![action.into()]);
    settle(harness);
}

fn names(harness: &Harness<'_, Window>) -> Vec<String> {
    harness.state().project().nodes.iter().map(|n| n.name.clone()).collect()
}

/// Gives the command that the list finds first for these words.
fn command_by_words(window: &mut Harness<'_, Window>, words: &str) {
    press(window, Modifiers::COMMAND, Key::K);
    window.event(Event::Text(words.into()));
    settle(window);
    press(window, Modifiers::NONE, Key::Enter);
}
