//! The window: lays out the panels and performs what they ask for.
//!
//! A frame: take what the engine and the dialogs have to say, read keys, draw
//! the panels, which push [`Action`]s, perform these, then let engine, autosave
//! and title follow the document.

mod building;
mod command_list;
mod commands;
mod entries;
mod export;
mod help;
mod keys;
mod links;
mod menus;
mod open;
mod open_save;
mod overlay;
mod overlays;
mod panels;
mod perform;
mod status_line;
#[cfg(test)]
mod tests;
mod top_bar;

use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};
use egui::{CentralPanel, Context, Ui};
use spikeloom_engine::live::{Phase, Status};
use spikeloom_engine::project::{Problem, Project};
use spikeloom_engine::recordings::Recordings;

pub use self::open::{OpenOptions, open};

use self::keys::KeyState;
use self::open_save::Asked;
use self::overlay::Overlay;
use self::panels::Panels;
use crate::action::{Action, Message, Selection};
use crate::autosave::{Autosave, Remains};
use crate::crash;
use crate::dialogs::Dialogs;
use crate::document::Document;
use crate::files::FileState;
use crate::messages::{self, Messages};
use crate::plots;
use crate::session::{Event, Session};
use crate::settings::Settings;
use crate::start_page::{self, StartPage};
use crate::theme;

/// What the window needs from its surroundings; tests bring their own.
pub struct Services {
    pub dialogs: Box<dyn Dialogs>,
    /// Folder for settings, autosaves and reports; `None` if the system has no place for them.
    pub data_folder: Option<PathBuf>,
}

/// The whole window.
pub struct Window {
    services: Services,
    document: Document,
    file: FileState,
    session: Session,
    panels: Panels,
    start_page: StartPage,
    on_start_page: bool,
    settings: Settings,
    saved_settings: Settings,
    messages: Messages,
    overlay: Option<Overlay>,
    autosave: Option<Autosave>,
    remains: Vec<Remains>,
    keys: KeyState,
    /// Problems of the document at a revision.
    problems: Vec<Problem>,
    problems_at: Option<u64>,
    /// Where file dialogs put their answers.
    answers: Sender<Option<PathBuf>>,
    answered: Receiver<Option<PathBuf>>,
    asked: Option<Asked>,
    /// The next pasted text comes with the wires into it.
    paste_wires: bool,
    /// Messages of problems that stay until the network runs without them.
    trouble: Vec<String>,
    title: String,
    /// The question about unsaved changes has been answered, or need not be asked.
    may_close: bool,
}

impl Window {
    /// A window with an empty network and the start page in front.
    pub fn new(ctx: &Context, services: Services) -> Window {
        theme::install(ctx);
        let mut messages = Messages::default();
        let (settings, complaint) =
            services.data_folder.as_deref().map_or_else(|| (Settings::default(), None), Settings::load);
        complaint.into_iter().for_each(|text| messages.say(messages::warning(text)));
        let autosave = claim_autosave(&services, &mut messages);
        let remains = autosave.as_ref().map(Autosave::left_behind).unwrap_or_default();
        let wake = ctx.clone();
        let document = Document::default();
        let session =
            Session::new(document.project(), settings.recordings_mib << 20, Arc::new(move || wake.request_repaint()));
        let (answers, answered) = unbounded();
        let window = Window {
            services,
            document,
            file: FileState::default(),
            session,
            panels: Panels::default(),
            start_page: StartPage::default(),
            on_start_page: true,
            saved_settings: settings.clone(),
            settings,
            messages,
            overlay: (!remains.is_empty()).then_some(Overlay::Recover),
            autosave,
            remains,
            keys: KeyState::default(),
            problems: Vec::new(),
            problems_at: None,
            answers,
            answered,
            asked: None,
            paste_wires: false,
            trouble: Vec::new(),
            title: String::new(),
            may_close: false,
        };
        window.apply_settings(ctx);
        window
    }

    /// The network as it stands.
    pub fn project(&self) -> &Project {
        self.document.project()
    }

    pub fn selection(&self) -> &Selection {
        self.document.selection()
    }

    pub fn recordings(&self) -> &Recordings {
        self.session.recordings()
    }

    /// What was recorded in the trials before the present one, the latest first, of a network that plays again and again.
    pub fn past_trials(&self) -> impl Iterator<Item = &Recordings> {
        self.session.past_trials().iter().map(|trial| &trial.recordings)
    }

    pub fn status(&self) -> &Status {
        self.session.status()
    }

    /// Whether there are changes that no file holds.
    pub fn modified(&self) -> bool {
        self.document.modified()
    }

    /// The file of the document.
    pub fn path(&self) -> Option<&std::path::Path> {
        self.file.path.as_deref()
    }

    /// Texts of the messages on show.
    pub fn messages(&self) -> Vec<&str> {
        self.messages.texts().collect()
    }

    /// Draws everything and does what was asked for.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let now = ctx.input(|i| i.time);
        let mut actions = Vec::new();
        self.hear_engine(now);
        self.panels.training.hear(&ctx);
        self.hear_dialogs(&ctx);
        self.hear_desktop(&ctx, &mut actions);
        self.read_keys(&ctx, &mut actions);
        self.find_problems();
        self.show_top_bar(ui, &mut actions);
        self.show_status_line(ui, &mut actions);
        if self.on_start_page {
            self.show_start_page(ui, &mut actions);
        } else {
            self.show_panels(ui, &mut actions);
        }
        self.show_building(ui, &mut actions);
        self.show_overlay(ui, &mut actions);
        self.messages.show(ui, status_line::HEIGHT, &mut actions);
        self.follow_links(&ctx);
        self.perform(&ctx, actions);
        self.follow_document(&ctx, now);
        self.show_title(&ctx);
        self.keep_settings(&ctx);
    }

    fn show_start_page(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        CentralPanel::default().show(ui, |ui| {
            let open = !self.document.project().nodes.is_empty();
            if start_page::show(ui, &mut self.start_page, &self.settings.recent, open, actions) {
                self.on_start_page = false;
            }
        });
    }

    fn find_problems(&mut self) {
        let revision = self.document.revision();
        if self.problems_at != Some(revision) {
            self.problems = plots::check(self.document.project());
            self.problems_at = Some(revision);
        }
    }

    /// Takes frames and news from the engine.
    fn hear_engine(&mut self, now: f64) {
        for event in self.session.poll(now) {
            let message = match event {
                Event::Failed(problems) => self.in_trouble("The network cannot run", &problems),
                Event::Refused(problems) => self.in_trouble("Not changed in the running network", &problems),
                Event::Dropped(until) => messages::warning(format!(
                    "Recordings reached their memory limit; everything before {} was dropped",
                    top_bar::time_text(until)
                )),
                Event::Recording(folder) => messages::info(format!("Recording into {}", folder.display())),
                Event::NotWritten(problem) => self.in_trouble("Not recorded into a file", &[problem]),
                Event::Lossy => messages::warning(
                    "The window fell behind the engine: the recordings have a gap. A lower speed limit avoids that",
                ),
            };
            self.messages.say(message);
        }
        let status = self.session.status();
        if matches!(status.phase, Phase::Paused | Phase::Running) && status.refused.is_empty() {
            self.trouble.drain(..).for_each(|text| self.messages.withdraw(&text));
        }
    }

    /// Tells of problems; the message goes when the network runs without them.
    fn in_trouble(&mut self, what: &str, problems: &[Problem]) -> Message {
        let message = describe_problems(what, problems);
        self.trouble.push(message.text.clone());
        message
    }

    /// Lets engine and autosave follow the document.
    fn follow_document(&mut self, ctx: &Context, now: f64) {
        let hold = self.document.in_gesture();
        self.session.record_within(self.file.path.as_deref().map(crate::files::recordings_folder));
        if self.keys.followed != Some(self.document.revision()) {
            self.keys.followed = Some(self.document.revision());
            self.session.follow(self.document.project(), hold, now);
            crash::remember(self.autosave.as_ref().map(Autosave::path), &self.document.snapshot());
        }
        if let Some(seconds) = self.session.settle(self.document.project(), hold, now) {
            ctx.request_repaint_after_secs(seconds as f32);
        }
        if self.session.is_playing() {
            // The engine wakes the window itself; this only keeps clock and lights going.
            ctx.request_repaint_after_secs(0.1);
        }
        self.keep_safe(ctx, now);
    }

    fn keep_safe(&mut self, ctx: &Context, now: f64) {
        let Some(autosave) = &mut self.autosave else { return };
        if let Some(failure) = autosave.failure() {
            self.messages.say(messages::error(failure));
        }
        if !self.document.modified() {
            autosave.clear();
            return;
        }
        let snapshot = self.document.snapshot();
        let wait = autosave.tick(&snapshot, self.document.revision(), self.file.path.as_deref(), now);
        if let Some(seconds) = wait {
            ctx.request_repaint_after_secs(seconds as f32);
        }
    }

    fn show_title(&mut self, ctx: &Context) {
        let mark = if self.document.modified() { " (unsaved)" } else { "" };
        let title = format!("{}{mark} • Spikeloom", self.file.title());
        if title != self.title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    fn apply_settings(&self, ctx: &Context) {
        ctx.set_zoom_factor(self.settings.zoom);
        ctx.set_theme(self.settings.theme().map_or(egui::ThemePreference::System, Into::into));
    }

    /// Writes the settings when they have changed and no button is held.
    fn keep_settings(&mut self, ctx: &Context) {
        if self.settings == self.saved_settings || ctx.input(|i| i.pointer.any_down()) {
            return;
        }
        self.apply_settings(ctx);
        self.saved_settings = self.settings.clone();
        if let Some(folder) = &self.services.data_folder
            && let Err(reason) = self.settings.save(folder)
        {
            self.messages.say(messages::error(reason));
        }
    }
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        Window::ui(self, ui);
    }
}

/// Without a place for autosaves the program works, but says so.
fn claim_autosave(services: &Services, messages: &mut Messages) -> Option<Autosave> {
    let Some(folder) = &services.data_folder else {
        messages.say(messages::warning("This system has no folder for program data: nothing is autosaved"));
        return None;
    };
    match Autosave::claim(folder) {
        Ok(autosave) => Some(autosave),
        Err(e) => {
            let text = format!("Nothing is autosaved: {} cannot be written ({e})", folder.display());
            messages.say(messages::warning(text));
            None
        }
    }
}

/// The first problem, and how many more there are.
fn describe_problems(what: &str, problems: &[Problem]) -> Message {
    let mut message = match problems {
        [] => messages::error(what.to_owned()),
        [one] => messages::error(format!("{what}. {one}")),
        [first, rest @ ..] => messages::error(format!("{what}. {first} (and {} more)", rest.len())),
    };
    message.culprit = problems.first().and_then(messages::culprit);
    message
}
