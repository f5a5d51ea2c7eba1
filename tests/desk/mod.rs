//! A window at a desk: the real program without a display, with a folder of its own and dialogs that
//! answer by themselves.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Pos2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, HarnessBuilder};
use spikeloom::dialogs::{Dialogs, FileKind, Reply};
use spikeloom::window::{Services, Window};
use spikeloom_engine::live::Phase;
use tempfile::TempDir;

pub type Seat = Harness<'static, Window>;

/// How long anything may take that the engine's thread has to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// Answers file dialogs in order, and keeps the pages that were to be shown.
#[derive(Clone, Default)]
pub struct Answers(Arc<Mutex<VecDeque<PathBuf>>>, Arc<Mutex<Vec<String>>>);

impl Dialogs for Answers {
    fn open(&mut self, _: FileKind, _: Option<&Path>, reply: Reply) {
        reply(self.0.lock().unwrap().pop_front());
    }
    fn save(&mut self, kind: FileKind, folder: Option<&Path>, _: &str, reply: Reply) {
        self.open(kind, folder, reply);
    }
    fn browse(&mut self, url: &str) -> Result<(), String> {
        self.1.lock().unwrap().push(url.to_owned());
        Ok(())
    }
}

/// Where a window stands.
pub struct Desk {
    folder: TempDir,
    answers: Answers,
}

impl Desk {
    pub fn new() -> Self {
        Desk { folder: tempfile::tempdir().unwrap(), answers: Answers::default() }
    }

    /// A path in the folder of this desk.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The file that the next dialog is answered with.
    pub fn answer(&self, path: &Path) {
        self.answers.0.lock().unwrap().push_back(path.to_owned());
    }

    /// The web pages that the browser was asked for.
    pub fn visited(&self) -> Vec<String> {
        self.answers.1.lock().unwrap().clone()
    }

    /// A window as it comes up when the program is started.
    pub fn start(&self) -> Seat {
        self.start_with(|builder| builder.with_size([1280.0, 800.0]))
    }

    pub fn start_with(&self, setup: impl FnOnce(HarnessBuilder<Window>) -> HarnessBuilder<Window>) -> Seat {
        let services = Services { dialogs: Box::new(self.answers.clone()), data_folder: Some(self.file("data")) };
        let mut seat =
            setup(Harness::builder().with_max_steps(40)).build_eframe(move |cc| Window::new(&cc.egui_ctx, services));
        settle(&mut seat);
        seat
    }
}

/// Some frames, so that a click is seen, acted upon and shown. Frames never stop being asked for
/// while an engine runs.
pub fn settle(seat: &mut Seat) {
    seat.run_steps(6);
}

/// Clicks the topmost button with this name; one that lies outside the window is scrolled to before.
pub fn click(seat: &mut Seat, name: &str) {
    let button = seat.get_all_by_role_and_label(Role::Button, name).last();
    let button = button.unwrap_or_else(|| panic!("no button {name}"));
    if !seat.ctx.content_rect().contains(button.rect().center()) {
        button.scroll_to_me();
        // A page scrolls over some frames.
        seat.run_steps(20);
        return click(seat, name);
    }
    button.click();
    settle(seat);
}

pub fn press(seat: &mut Seat, modifiers: Modifiers, key: Key) {
    seat.key_press_modifiers(modifiers, key);
    settle(seat);
}

pub fn key(seat: &mut Seat, key: Key) {
    press(seat, Modifiers::NONE, key);
}

pub fn type_text(seat: &mut Seat, text: &str) {
    seat.event(Event::Text(text.into()));
    settle(seat);
}

pub fn center(seat: &Seat, name: &str) -> Pos2 {
    seat.get_by_label(name).rect().center()
}

/// Presses at one place, moves to another and lets go there.
pub fn drag(seat: &mut Seat, from: Pos2, to: Pos2) {
    drag_and_hold(seat, from, to);
    seat.drop_at(to);
    settle(seat);
}

/// The first part of a drag: the button stays down.
pub fn drag_and_hold(seat: &mut Seat, from: Pos2, to: Pos2) {
    seat.hover_at(from);
    seat.step();
    seat.drag_at(from);
    seat.hover_at(from + (to - from) * 0.4);
    seat.hover_at(to);
    settle(seat);
}

/// Waits until something holds, while the window goes on drawing.
pub fn wait_for(seat: &mut Seat, what: &str, mut holds: impl FnMut(&Window) -> bool) {
    let start = Instant::now();
    while !holds(seat.state()) {
        assert!(start.elapsed() < PATIENCE, "{what} did not happen: {:?}", seat.state().status());
        seat.step();
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Runs to the end (Ctrl+Enter) and waits until the network rests there.
pub fn run_to_end(seat: &mut Seat) {
    let end = seat.state().project().simulation.duration;
    seat.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    seat.step();
    wait_for(seat, "the end of the run", |w| w.status().phase == Phase::Paused && w.status().time >= end - 1e-6);
    settle(seat);
}

/// What a plot says it shows: its number of spikes, or why it is empty.
pub fn plot_text(seat: &Seat, name: &str) -> String {
    seat.get_by_role_and_label(Role::Figure, name).accesskit_node().value().unwrap_or_default()
}
