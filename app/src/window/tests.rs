//! The window driven through its accessible names, without a display.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use spikeloom_engine::models;
use spikeloom_engine::project::Node;
use tempfile::TempDir;

use super::*;
use crate::action::{Edit, ExportKind, PictureOptions};
use crate::command::Command;
use crate::dialogs::{FileKind, Reply};

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

#[test]
fn a_network_is_saved_and_opened_again() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    assert!(window.state().modified());
    desk.answers.give(desk.file("mine"));
    press(&mut window, Modifiers::COMMAND, Key::S);
    assert_eq!(window.state().path(), Some(desk.file("mine.ron").as_path()));
    assert!(!window.state().modified());
    edit(&mut window, add("B"));
    press(&mut window, Modifiers::COMMAND, Key::S);

    press(&mut window, Modifiers::COMMAND, Key::N);
    assert!(names(&window).is_empty());
    desk.answers.give(desk.file("mine.ron"));
    press(&mut window, Modifiers::COMMAND, Key::O);
    assert_eq!(names(&window), ["A", "B"]);
    assert!(!window.state().modified());
}

#[test]
fn two_windows_on_one_file_do_not_overwrite_each_other_without_a_word() {
    let desk = Desk::new();
    let mut mine = desk.blank();
    edit(&mut mine, add("A"));
    desk.answers.give(desk.file("shared.ron"));
    press(&mut mine, Modifiers::COMMAND, Key::S);
    let mut other = desk.start();
    other.state_mut().open_file(&desk.file("shared.ron"));
    settle(&mut other);
    edit(&mut other, add("theirs"));
    press(&mut other, Modifiers::COMMAND, Key::S);
    let theirs = std::fs::read_to_string(desk.file("shared.ron")).unwrap();

    edit(&mut mine, add("B"));
    press(&mut mine, Modifiers::COMMAND, Key::S);
    let here = || std::fs::read_to_string(desk.file("shared.ron")).unwrap();
    assert_eq!(here(), theirs, "asked first");
    click(&mut mine, "Cancel");
    assert!(mine.state().modified());
    press(&mut mine, Modifiers::COMMAND, Key::S);
    desk.answers.give(desk.file("mine.ron"));
    click(&mut mine, "Save under another name…");
    assert_eq!(here(), theirs);
    assert_eq!(mine.state().path(), Some(desk.file("mine.ron").as_path()));

    // Coming back to a window whose file was changed meanwhile.
    mine.state_mut().open_file(&desk.file("shared.ron"));
    settle(&mut mine);
    edit(&mut other, add("more"));
    press(&mut other, Modifiers::COMMAND, Key::S);
    assert_eq!(names(&mine), ["A", "theirs"]);
    mine.event(egui::Event::WindowFocused(true));
    settle(&mut mine);
    click(&mut mine, "Read it again");
    assert_eq!(names(&mine), ["A", "theirs", "more"]);
    mine.event(egui::Event::WindowFocused(true));
    settle(&mut mine);
    assert!(mine.query_by_label("Read it again").is_none(), "nothing new");

    edit(&mut other, add("again"));
    press(&mut other, Modifiers::COMMAND, Key::S);
    edit(&mut mine, add("C"));
    press(&mut mine, Modifiers::COMMAND, Key::S);
    click(&mut mine, "Replace it");
    assert!(!mine.state().modified() && here().contains("C") && !here().contains("again"));
}

#[test]
fn saving_an_unchanged_file_keeps_its_comments() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    let text = format!("// A comment of the author\n{}", spikeloom_engine::project::write(window.state().project()));
    let path = desk.file("commented.ron");
    std::fs::write(&path, &text).unwrap();
    window.state_mut().open_file(&path);
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::S);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn keys_undo_and_redo() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(names(&window).is_empty());
    press(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(names(&window), ["A"]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(names(&window), ["A"]);
    click(&mut window, "Undo");
    assert!(names(&window).is_empty());
}

#[test]
fn unsaved_changes_are_asked_about() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    press(&mut window, Modifiers::COMMAND, Key::N);
    assert_eq!(names(&window), ["A"]);
    click(&mut window, "Cancel");
    assert_eq!(names(&window), ["A"]);

    press(&mut window, Modifiers::COMMAND, Key::N);
    desk.answers.give(desk.file("kept.ron"));
    click(&mut window, "Save");
    assert!(desk.file("kept.ron").exists());
    assert!(names(&window).is_empty());

    edit(&mut window, add("B"));
    press(&mut window, Modifiers::COMMAND, Key::N);
    click(&mut window, "Don't save");
    assert!(names(&window).is_empty());
    assert!(window.state().path().is_none());
}

#[test]
fn closing_with_unsaved_changes_asks_first() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    let close = |window: &mut Harness<'_, Window>| {
        let root = egui::ViewportId::ROOT;
        if let Some(info) = window.input_mut().viewports.get_mut(&root) {
            info.events.push(egui::ViewportEvent::Close);
        }
        window.step();
        window.run_steps(2);
    };
    close(&mut window);
    assert!(window.query_by_label("Save changes to Unnamed?").is_some());
    assert!(window.state().autosave.is_some());
}

#[test]
fn unsaved_work_is_offered_after_a_crash() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    // Time passes until the autosave is due; a frame takes a quarter of a second here.
    window.run_steps(30);
    window.state().autosave.as_ref().unwrap().flush();
    drop(window);

    let mut window = desk.start();
    assert!(window.query_by_label("Unsaved work was found").is_some());
    click(&mut window, "Recover");
    assert_eq!(names(&window), ["A"]);
    assert!(window.state().modified());
    assert!(window.query_by_label("Unsaved work was found").is_none());

    // It is not offered while a window has it open, but again after another crash.
    let other = desk.start();
    assert!(other.query_by_label("Unsaved work was found").is_none());
    drop(other);
    drop(window);
    let mut window = desk.start();
    click(&mut window, "Discard");
    drop(window);
    assert!(desk.start().query_by_label("Unsaved work was found").is_none());
}

#[test]
fn saved_work_is_not_offered_again() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    window.run_steps(30);
    desk.answers.give(desk.file("a.ron"));
    press(&mut window, Modifiers::COMMAND, Key::S);
    window.state().autosave.as_ref().unwrap().flush();
    drop(window);
    assert!(desk.start().query_by_label("Unsaved work was found").is_none());
}

#[test]
fn a_bad_file_lists_every_problem_and_changes_nothing() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    let text = spikeloom_engine::project::write(window.state().project()).replace("iaf_psc_alpha", "iaf_psc_alhpa");
    let path = desk.file("bad.ron");
    std::fs::write(&path, text).unwrap();
    window.state_mut().open_file(&path);
    settle(&mut window);
    assert!(window.query_by_label("bad.ron could not be opened").is_some());
    assert!(window.query_by_label_contains("iaf_psc_alhpa").is_some());
    assert!(window.query_by_label_contains("line ").is_some());
    click(&mut window, "Close");
    assert_eq!(names(&window), ["A"]);
}

#[test]
fn a_network_that_cannot_run_yet_is_opened_to_be_put_right() {
    let desk = Desk::new();
    let mut window = desk.blank();
    let mut unfinished = add("A");
    let change = unfinished.change;
    unfinished.change = Box::new(|p| {
        change(p);
        p.nodes[0].params.insert("V_reset".into(), spikeloom_engine::description::Value::Real(0.0));
    });
    edit(&mut window, unfinished);
    desk.answers.give(desk.file("unfinished.ron"));
    press(&mut window, Modifiers::COMMAND, Key::S);
    press(&mut window, Modifiers::COMMAND, Key::N);
    desk.answers.give(desk.file("unfinished.ron"));
    press(&mut window, Modifiers::COMMAND, Key::O);
    assert!(window.query_by_label("unfinished.ron could not be opened").is_some());
    assert!(names(&window).is_empty());
    click(&mut window, "Open anyway");
    assert_eq!(names(&window), ["A"]);
    assert_eq!(window.state().path(), Some(desk.file("unfinished.ron").as_path()));
    assert!(
        window.state().messages()[0].starts_with("Opened, but it cannot run yet"),
        "{:?}",
        window.state().messages()
    );

    std::fs::write(desk.file("torn.ron"), "(nodes: {").unwrap();
    window.state_mut().open_file(&desk.file("torn.ron"));
    settle(&mut window);
    assert!(window.query_by_label("Open anyway").is_none(), "there is nothing to open");
}

#[test]
fn a_missing_file_is_reported() {
    let desk = Desk::new();
    let mut window = desk.blank();
    desk.answers.give(desk.file("nothing.ron"));
    press(&mut window, Modifiers::COMMAND, Key::O);
    assert!(window.query_by_label_contains("there is no such file").is_some());
}

#[test]
fn a_dialog_that_never_came_up_is_replaced_by_a_path_field() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    press(&mut window, Modifiers::COMMAND, Key::S);
    assert!(window.query_by_label("Save to path").is_some());
    let path = desk.file("typed.ron");
    let field = window.get_by_label("Path of the file");
    field.focus();
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::A);
    window.event(Event::Text(path.display().to_string()));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(path.exists());
    assert!(!window.state().modified());
}

#[test]
fn keys_are_off_while_typing() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("M"));
    select_all(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::F);
    press(&mut window, Modifiers::NONE, Key::M);
    press(&mut window, Modifiers::NONE, Key::Delete);
    press(&mut window, Modifiers::NONE, Key::Space);
    let node = &window.state().project().nodes[0];
    assert!(!node.muted);
    assert!(!window.state().session.is_playing());
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("Search nodes").is_none());
    press(&mut window, Modifiers::NONE, Key::M);
    assert!(window.state().project().nodes[0].muted);
}

#[test]
fn space_plays_and_pauses_unless_it_pans() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    press(&mut window, Modifiers::NONE, Key::Space);
    assert!(window.state().session.is_playing());
    press(&mut window, Modifiers::NONE, Key::Space);
    assert!(!window.state().session.is_playing());
    window.key_down(Key::Space);
    window.drag_at(egui::pos2(600.0, 250.0));
    window.step();
    window.drop_at(egui::pos2(640.0, 260.0));
    window.step();
    window.key_up(Key::Space);
    settle(&mut window);
    assert!(!window.state().session.is_playing());
}

#[test]
fn playing_without_a_recorder_offers_to_record() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    click(&mut window, "Play or pause");
    click(&mut window, "Record all populations");
    let project = window.state().project();
    assert!(project.is_recorded());
    assert_eq!(project.views.len(), 2);
}

#[test]
fn the_start_page_opens_and_runs_an_example() {
    let desk = Desk::new();
    let mut window = desk.start();
    let (title, _) = &crate::examples::titles()[0];
    click(&mut window, title);
    assert!(!names(&window).is_empty());
    assert!(window.state().session.is_playing());
    assert!(!window.state().modified());
    assert!(window.state().path().is_none());
}

#[test]
fn a_running_example_records_and_reset_forgets() {
    let desk = Desk::new();
    let mut window = desk.start();
    let (title, _) = &crate::examples::titles()[0];
    click(&mut window, title);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while window.state().recordings().bytes() == 0 {
        assert!(std::time::Instant::now() < deadline, "nothing was recorded: {:?}", window.state().status());
        window.step();
    }
    press(&mut window, Modifiers::COMMAND, Key::R);
    assert_eq!(window.state().recordings().bytes(), 0);
    assert!(!window.state().session.is_playing());
}

#[test]
fn copied_text_is_pasted_and_other_text_refused() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    press(&mut window, Modifiers::COMMAND, Key::A);
    let text = crate::clipboard::copy(window.state().project(), window.state().selection()).unwrap();
    window.event(Event::Paste(text));
    settle(&mut window);
    assert_eq!(names(&window), ["A", "A 2"]);
    assert_eq!(window.state().selection().nodes.len(), 1);
    window.event(Event::Paste("Lorem ipsum".into()));
    settle(&mut window);
    assert_eq!(names(&window).len(), 2);
    assert!(window.state().messages().iter().any(|m| m.contains("does not hold a network")));
    window.event(Event::Cut);
    settle(&mut window);
    assert_eq!(names(&window), ["A"]);
}

#[test]
fn a_whole_network_is_pasted_wherever_and_keeps_all_it_has() {
    let desk = Desk::new();
    let mut window = desk.start();
    let text = r#"(
        title: "Shared", about: "What a friend has sent",
        nodes: {
            "Noise": (model: "poisson_generator"),
            "E": (model: "iaf_psc_alpha", n: 5, at: (200, 0)),
            "Spikes": (model: "spike_recorder", at: (400, 0)),
        },
        projections: [(from: "Noise", to: "E"), (from: "E", to: "Spikes")],
        views: { 1: (kind: raster, of: ["Spikes"]) },
        notes: [(at: (0, 100), text: "Look")],
        knobs: { "drive": (range: (0, 10), turns: [parameter(of: "Noise", name: "rate")]) },
    )"#;
    window.event(Event::Paste(text.into()));
    settle(&mut window);
    let shared = window.state().project().clone();
    assert_eq!(
        (shared.title.as_str(), shared.knobs.len(), shared.views.len(), shared.notes.len()),
        ("Shared", 1, 1, 1)
    );
    assert!(window.state().modified(), "no file holds it");

    // All of it goes into the clipboard and comes out again, in a new document.
    let copied = |window: &Harness<'_, Window>| {
        let commands = &window.output().platform_output.commands;
        commands.iter().find_map(|c| match c {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    };
    press(&mut window, Modifiers::COMMAND, Key::K);
    window.event(Event::Text("copy network as text".into()));
    settle(&mut window);
    // One event alone, since what a frame gives out is replaced by the next one, which a released key would bring.
    let (key, modifiers) = (Key::Enter, Modifiers::NONE);
    let enter = Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
    window.event(enter);
    let copy = (0..6).find_map(|_| {
        window.step();
        copied(&window)
    });
    let copy = copy.expect("a text in the clipboard");
    settle(&mut window);
    run(&mut window, Command::New);
    click(&mut window, "Don't save");
    edit(&mut window, add("A"));
    window.event(Event::Paste(copy));
    settle(&mut window);
    click(&mut window, "Don't save");
    assert_eq!(*window.state().project(), shared);
}

#[test]
fn the_first_node_stays_where_it_was_put() {
    let desk = Desk::new();
    let mut window = desk.blank();
    let canvas = window.get_by_label("Network canvas").rect();
    let at = canvas.left_top() + egui::vec2(120.0, 90.0);
    window.hover_at(at);
    window.run_steps(2);
    press(&mut window, Modifiers::NONE, Key::N);
    window.event(Event::Text("parrot".into()));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.run_steps(60);
    let put = window.get_by_label("Parrot, parrot_neuron").rect().center();
    assert!((put - at).length() < 15.0, "{put:?} is not at {at:?}");
}

#[test]
fn an_exported_plot_is_never_without_a_name() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    run(&mut window, Command::AddRecorders);
    let view = window.state().project().views[0].id;
    let retitle = |title: &'static str, keep: bool| {
        Edit::new("Rename plot", move |p| {
            p.views[0].title = title.into();
            if !keep {
                p.views[0].sources.clear();
            }
        })
    };
    let name = |window: &Harness<'_, Window>| window.state().export_name(view, ExportKind::Csv);
    edit(&mut window, retitle("E/I", true));
    assert_eq!(name(&window).as_deref(), Some("E_I.csv"));
    edit(&mut window, retitle("", true));
    assert_eq!(name(&window).as_deref(), Some("Spikes.csv"));
    // The path field that stands in for a dialog.
    let ctx = window.ctx.clone();
    window.state_mut().ask_export(&ctx, view, ExportKind::Png(PictureOptions::default()));
    settle(&mut window);
    let path = window.get_by_label("Path of the file").value().unwrap_or_default();
    assert!(path.ends_with("Spikes.png"), "{path}");
    press(&mut window, Modifiers::NONE, Key::Escape);
    edit(&mut window, retitle(" ", false));
    assert_eq!(name(&window).as_deref(), Some("Unnamed.csv"));
}

#[test]
fn the_command_list_finds_and_runs_a_command() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    press(&mut window, Modifiers::COMMAND, Key::K);
    window.event(Event::Text("select all".into()));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().selection().nodes.len(), 1);
    assert!(window.query_by_label("Search commands").is_none());
}

#[test]
fn the_command_list_knows_other_words_for_a_command() {
    let desk = Desk::new();
    let mut window = desk.blank();
    let dark = window.ctx.theme() == egui::Theme::Dark;
    press(&mut window, Modifiers::COMMAND, Key::K);
    window.event(Event::Text("theme".into()));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().settings.dark, Some(!dark));
}

/// Gives the command that the list finds first for these words.
fn command_by_words(window: &mut Harness<'_, Window>, words: &str) {
    press(window, Modifiers::COMMAND, Key::K);
    window.event(Event::Text(words.into()));
    settle(window);
    press(window, Modifiers::NONE, Key::Enter);
}

#[test]
fn the_command_list_adds_models_opens_examples_and_arranges() {
    let desk = Desk::new();
    let mut window = desk.blank();
    for words in ["electrode", "add poisson", "spike detector", "iaf_psc_alpha"] {
        command_by_words(&mut window, words);
    }
    let models: Vec<_> = window.state().project().nodes.iter().map(|n| n.model.name).collect();
    assert_eq!(models, ["dc_generator", "poisson_generator", "spike_recorder", "iaf_psc_alpha"]);
    let places = |window: &Harness<'_, Window>| -> Vec<_> {
        window.state().project().nodes.iter().map(|n| n.position.map(f32::to_bits)).collect()
    };
    edit(&mut window, Edit::new("Pile up", |p| p.nodes.iter_mut().for_each(|n| n.position = [5.0, 5.0])));
    let piled = places(&window);
    command_by_words(&mut window, "tidy up");
    assert_ne!(places(&window), piled);
    assert_eq!(window.state().document.undo_label(), Some("Arrange"));
    desk.answers.give(desk.file("mine"));
    press(&mut window, Modifiers::COMMAND, Key::S);
    command_by_words(&mut window, "open example hodgkin");
    assert!(window.state().project().title.contains("Hodgkin"), "{}", window.state().project().title);
}

#[test]
fn what_context_menus_offer_can_be_commanded() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    select_all(&mut window);
    let wires = |window: &Harness<'_, Window>| window.state().project().projections.len();
    command_by_words(&mut window, "connect to itself");
    assert_eq!(wires(&window), 1);
    let weight = window.state().project().projections[0].weight.typical();
    command_by_words(&mut window, "make inhibitory");
    assert_eq!(window.state().project().projections[0].weight.typical(), -weight);
    for words in ["record spikes", "record potential", "record with multimeter"] {
        let a = Selection::node(window.state().project().node_named("A").unwrap().id);
        window.state_mut().document.select(a);
        command_by_words(&mut window, words);
    }
    assert_eq!((wires(&window), window.state().project().nodes.len()), (4, 4));
    let seed = window.state().project().simulation.seed;
    command_by_words(&mut window, "new seed");
    assert_ne!(window.state().project().simulation.seed, seed);
}

#[test]
fn a_note_is_written_changed_moved_and_deleted_on_the_canvas() {
    let desk = Desk::new();
    let mut window = desk.blank();
    let texts = |window: &Harness<'_, Window>| -> Vec<String> {
        window.state().project().notes.iter().map(|n| n.text.clone()).collect()
    };
    command_by_words(&mut window, "add note");
    window.get_by_label("Text of note").type_text("What to try first");
    settle(&mut window);
    assert!(texts(&window).is_empty(), "it is in the document once it is written");
    let canvas = window.get_by_label("Network canvas").rect();
    let aside = canvas.left_bottom() + egui::vec2(20.0, -20.0);
    let click_at = |window: &mut Harness<'_, Window>, at: egui::Pos2| {
        window.hover_at(at);
        window.step();
        for pressed in [true, false] {
            let modifiers = Modifiers::NONE;
            let button = egui::PointerButton::Primary;
            window.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        }
        settle(window);
    };
    click_at(&mut window, aside);
    assert_eq!(texts(&window), ["What to try first"]);

    let before = window.state().project().notes[0].position;
    let from = window.get_by_label("Note: What to try first").rect().center();
    window.hover_at(from);
    window.step();
    window.drag_at(from);
    window.hover_at(from + egui::vec2(30.0, 10.0));
    window.step();
    window.hover_at(from + egui::vec2(60.0, 20.0));
    settle(&mut window);
    window.drop_at(from + egui::vec2(60.0, 20.0));
    settle(&mut window);
    assert_ne!(window.state().project().notes[0].position, before);
    run(&mut window, Command::Undo);
    assert_eq!(window.state().project().notes[0].position, before, "a drag is one step");

    window.get_by_label("Note: What to try first").click();
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::A);
    window.get_by_label("Text of note").type_text("Then this");
    settle(&mut window);
    click_at(&mut window, aside);
    assert_eq!(texts(&window), ["Then this"]);
    window.get_by_label("Note: Then this").click();
    settle(&mut window);
    click(&mut window, "Delete note");
    assert!(texts(&window).is_empty());
    run(&mut window, Command::Undo);
    assert_eq!(texts(&window), ["Then this"]);
}

#[test]
fn everything_that_is_offered_stands_in_a_menu() {
    let desk = Desk::new();
    let window = desk.blank();
    let entries = window.state().entries();
    // Models stand in the palette, examples on the start page, speeds in the top bar, exports at the plots.
    let shown = |what| {
        use entries::Offered::{Example, Export, Model, Speed};
        matches!(what, Model(_) | Example(_) | Speed(_) | Export(..))
    };
    assert!(entries.iter().all(|entry| !entry.menus.is_empty() || shown(entry.what)));
    for panel in ["Palette", "Inspector", "Plots"] {
        assert!(entries.iter().any(|entry| entry.what == entries::Offered::Panel(panel)), "{panel}");
    }
}

#[test]
fn nodes_are_arranged_aligned_and_distributed_by_commands() {
    let desk = Desk::new();
    let mut window = desk.blank();
    for name in ["A", "B", "C"] {
        edit(&mut window, add(name));
    }
    let places = |window: &Harness<'_, Window>| -> Vec<[f32; 2]> {
        window.state().project().nodes.iter().map(|n| n.position).collect()
    };
    let start = places(&window);
    for command in [Command::AlignRow, Command::DistributeColumn] {
        assert!(!window.state().enabled(command), "{command:?} needs a selection");
    }
    press(&mut window, Modifiers::COMMAND, Key::K);
    window.event(Event::Text("arrange".into()));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let arranged = places(&window);
    assert_ne!(arranged, start);
    assert_eq!(window.state().text_now(Command::Undo).as_deref(), Some("Undo Arrange"));
    select_all(&mut window);
    run(&mut window, Command::AlignColumn);
    let column = places(&window);
    assert!(column.iter().all(|at| at[0] == column[0][0]), "{column:?}");
    run(&mut window, Command::AlignRow);
    let row = places(&window);
    assert!(row.iter().all(|at| at[1] == row[0][1]), "{row:?}");
    for _ in 0..3 {
        run(&mut window, Command::Undo);
    }
    assert_eq!(places(&window), start, "each is one step that can be taken back");
}

#[test]
fn the_overview_is_switched_in_the_view_menu_and_stays_so() {
    let desk = Desk::new();
    let mut window = desk.blank();
    click(&mut window, "View");
    click(&mut window, "Hide overview");
    assert!(!window.state().settings.overview);
    drop(window);
    let mut window = desk.start();
    click(&mut window, "New network");
    click(&mut window, "View");
    click(&mut window, "Show overview");
    assert!(window.state().settings.overview);
}

#[test]
fn help_lists_every_key() {
    let desk = Desk::new();
    let mut window = desk.blank();
    press(&mut window, Modifiers::NONE, Key::F1);
    for command in Command::ALL.iter().filter(|c| !c.shortcuts().is_empty()) {
        assert!(window.query_all_by_label(command.text().1).count() > 0, "{command:?}");
    }
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("Keys and gestures").is_none());
}

#[test]
fn theme_and_panels_are_remembered() {
    let desk = Desk::new();
    let mut window = desk.blank();
    run(&mut window, Command::ToggleTheme);
    act(&mut window, Action::TogglePanel("Palette"));
    press(&mut window, Modifiers::COMMAND, Key::Minus);
    let settings = window.state().settings.clone();
    assert!((settings.zoom - 0.9).abs() < 1e-6);
    drop(window);
    let window = desk.start();
    assert_eq!(window.state().settings, settings);
}

#[test]
fn every_command_can_be_given_at_any_time() {
    let desk = Desk::new();
    for with_node in [false, true] {
        let mut window = desk.blank();
        if with_node {
            edit(&mut window, add("A"));
            select_all(&mut window);
        }
        for entry in window.state().entries() {
            act(&mut window, entry.what);
            window.state_mut().overlay = None;
        }
    }
}

#[test]
fn an_idle_window_asks_for_no_frames() {
    let desk = Desk::new();
    let mut window = desk.blank();
    let delay = |window: &Harness<'_, Window>| window.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    // The engine's thread may have a last word when the machine is busy; then nothing may ask any more.
    let mut quiet = 0;
    while quiet < 20 {
        assert!(std::time::Instant::now() < deadline, "{:?} {:?}", delay(&window), window.state().status().phase);
        window.step();
        let idle = delay(&window) == std::time::Duration::MAX && !window.state().session.is_busy();
        quiet = if idle { quiet + 1 } else { 0 };
    }
}
