//! New, open, save, close: with the question about unsaved changes before, and every
//! problem of a bad file after.

use std::path::{Path, PathBuf};

use egui::{Context, ViewportCommand};
use spikeloom_engine::project::{self, Problem, Project, Rule, Severity, ViewId};

use super::Window;
use super::overlay::{Changed, Next, Overlay, PathPurpose, Report};
use crate::action::{Action, ExportKind};
use crate::autosave::Remains;
use crate::canvas::{self, CanvasState};
use crate::crash;
use crate::dialogs;
use crate::document::Document;
use crate::editing::place;
use crate::examples;
use crate::files::{self, FileState, Loaded};
use crate::messages;
use crate::plots::{self, PlotsState};
use crate::training::TrainingState;

/// What a file dialog was opened for.
pub(super) struct Asked {
    purpose: Purpose,
    since: f64,
}

pub(super) enum Purpose {
    Open,
    SaveAs(Option<Next>),
    Export(ViewId, ExportKind),
}

/// A dialog that is answered faster than this (s) without a file was never seen by anyone.
const NOBODY: f64 = 0.4;

impl Window {
    /// Goes on to something else, after asking about unsaved changes.
    pub(super) fn go(&mut self, ctx: &Context, next: Next) {
        if self.document.modified() {
            self.overlay = Some(Overlay::Unsaved(next));
        } else {
            self.proceed(ctx, next);
        }
    }

    /// Goes on without asking.
    pub(super) fn proceed(&mut self, ctx: &Context, next: Next) {
        match next {
            Next::New => self.replace_document(Document::default(), FileState::default()),
            Next::Choose => self.choose_file(ctx),
            Next::Open(path) => self.open_file(&path),
            Next::Example(file) => self.open_example(&file),
            Next::Text(text) => self.open_text(text),
            Next::Recover(place) => self.recover(place),
            Next::Quit => {
                self.may_close = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
        }
    }

    fn replace_document(&mut self, document: Document, file: FileState) {
        self.document = document;
        self.file = file;
        self.session.open(self.document.project());
        self.keys.followed = None;
        self.problems_at = None;
        self.panels.canvas = CanvasState::default();
        self.panels.canvas.fit(None);
        self.panels.plots = PlotsState::default();
        // Training of the document before ends with it.
        self.panels.training = TrainingState::of(self.document.project());
        self.on_start_page = false;
        if let Some(autosave) = &mut self.autosave {
            autosave.clear();
        }
    }

    /// Opens a file. If it has errors they are listed and the document stays as it is.
    pub fn open_file(&mut self, path: &Path) {
        // A recovered file must be found again from wherever the program is started next.
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        match files::load(&path) {
            Ok(loaded) => {
                self.settings.remember(&path);
                self.show_loaded(loaded, Some(path), None);
            }
            Err(problems) => {
                let title = format!("{} could not be opened", display_name(&path));
                let draft = files::load_draft(&path).is_ok().then_some(path);
                self.overlay = Some(Overlay::Report(Report { title, problems, draft }));
            }
        }
    }

    /// Opens a file whose network cannot run as it is, so that it can be put right here.
    pub(super) fn open_draft(&mut self, path: PathBuf) {
        match files::load_draft(&path) {
            Ok(loaded) => {
                self.settings.remember(&path);
                self.show_loaded(loaded, Some(path), None);
            }
            Err(problems) => self.report(format!("{} could not be opened", display_name(&path)), problems),
        }
    }

    fn open_example(&mut self, file: &str) {
        let Some(example) = examples::find(file) else {
            self.messages.say(messages::error(format!("There is no example {file}")));
            return;
        };
        match project::read(example.text) {
            Ok((project, problems)) => {
                let name = Some(if project.title.is_empty() { file.to_owned() } else { project.title.clone() });
                self.show_loaded(Loaded { text: example.text.to_owned(), project, problems }, None, name);
                self.session.play(self.document.project());
            }
            Err(e) => self.report(format!("The example {file} could not be opened"), e.problems),
        }
    }

    /// Opens a network that was pasted, as a document without a file.
    fn open_text(&mut self, text: String) {
        match project::read_draft(&text) {
            Ok((project, problems)) => {
                let name = (!project.title.is_empty()).then(|| project.title.clone());
                let loaded = Loaded { text, project, problems };
                self.show_loaded(loaded, None, name);
                self.document = Document::unsaved(self.document.project().clone());
            }
            Err(e) => self.report("The text could not be opened".into(), e.problems),
        }
    }

    fn show_loaded(&mut self, mut loaded: Loaded, path: Option<PathBuf>, name: Option<String>) {
        if place::is_unplaced(&loaded.project) {
            canvas::arrange(&mut loaded.project);
        }
        if loaded.project.default_views {
            plots::add_default_views(&mut loaded.project);
        }
        let document = Document::new(loaded.project);
        let file = FileState::of(path, name, loaded.text, document.snapshot());
        self.replace_document(document, file);
        let is_error = |p: &&Problem| p.severity == Severity::Error;
        let worst = loaded.problems.iter().find(is_error).or(loaded.problems.first());
        if let Some(worst) = worst {
            let more = match loaded.problems.len() {
                1 => String::new(),
                n => format!(" (and {} more)", n - 1),
            };
            let mut message = match worst.severity {
                Severity::Error => messages::error(format!("Opened, but it cannot run yet. {worst}{more}")),
                Severity::Warning => messages::warning(format!("Opened with a warning. {worst}{more}")),
            };
            message.culprit = messages::culprit(worst);
            self.messages.say(message);
        }
    }

    fn report(&mut self, title: String, problems: Vec<Problem>) {
        self.overlay = Some(Overlay::Report(Report { title, problems, draft: None }));
    }

    fn choose_file(&mut self, ctx: &Context) {
        let folder = self.folder();
        let reply = self.ask(ctx, Purpose::Open);
        self.services.dialogs.open(dialogs::PROJECT, folder.as_deref(), reply);
    }

    /// Saves to the document's file, or asks for one; then goes on to `next`.
    pub(super) fn save(&mut self, ctx: &Context, next: Option<Next>) {
        if self.file.would_overwrite() {
            self.overlay = Some(Overlay::Changed(Changed::Saving(next)));
        } else {
            self.overwrite(ctx, next);
        }
    }

    /// Saves to the document's file whatever it holds, or asks for one; then goes on to `next`.
    pub(super) fn overwrite(&mut self, ctx: &Context, next: Option<Next>) {
        match self.file.path.clone() {
            Some(path) => self.save_to(ctx, &path, next),
            None => self.save_as(ctx, next),
        }
    }

    /// Reads the document's file again.
    pub(super) fn reload(&mut self) {
        if let Some(path) = self.file.path.clone() {
            self.open_file(&path);
        }
    }

    /// Asks for a file and saves to it; then goes on to `next`.
    pub(super) fn save_as(&mut self, ctx: &Context, next: Option<Next>) {
        let (folder, name) = (self.folder(), self.file.suggestion());
        let reply = self.ask(ctx, Purpose::SaveAs(next));
        self.services.dialogs.save(dialogs::PROJECT, folder.as_deref(), &name, reply);
    }

    /// Saves to a file, which becomes the document's; then goes on to `next`.
    pub(super) fn save_to(&mut self, ctx: &Context, path: &Path, next: Option<Next>) {
        let project = self.document.snapshot();
        match self.file.save(path, project.clone()) {
            Ok(()) => {
                self.document.mark_saved(project);
                self.settings.remember(path);
                self.messages.say(messages::info(format!("Saved {}", display_name(path))));
                if let Some(name) = missing_pairs(self.document.project(), path) {
                    let message =
                        format!("{name} is not in this folder; put a copy there, or the file cannot be opened");
                    self.messages.say(messages::error(message));
                }
                if let Some(next) = next {
                    self.proceed(ctx, next);
                }
            }
            Err(reason) => self.messages.say(messages::error(reason)),
        }
    }

    /// The folder that file dialogs start in.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        let path = self.file.path.as_ref().or(self.settings.recent.first())?;
        path.parent().filter(|folder| folder.is_dir()).map(Path::to_owned)
    }

    pub(super) fn ask(&mut self, ctx: &Context, purpose: Purpose) -> dialogs::Reply {
        // An answer to an earlier dialog that is still open would be taken for this one.
        let (answers, answered) = crossbeam_channel::unbounded();
        (self.answers, self.answered) = (answers.clone(), answered);
        self.asked = Some(Asked { purpose, since: ctx.input(|i| i.time) });
        let ctx = ctx.clone();
        Box::new(move |path| {
            let _ = answers.send(path);
            ctx.request_repaint();
        })
    }

    /// Takes the answer of a file dialog, if it has come.
    pub(super) fn hear_dialogs(&mut self, ctx: &Context) {
        let Ok(answer) = self.answered.try_recv() else { return };
        let Some(asked) = self.asked.take() else { return };
        match (asked.purpose, answer) {
            (Purpose::Open, Some(path)) => self.proceed(ctx, Next::Open(path)),
            (Purpose::SaveAs(next), Some(path)) => self.save_to(ctx, &files::with_extension(path), next),
            (Purpose::Export(view, kind), Some(path)) => self.export(view, kind, path),
            (purpose, None) => {
                if ctx.input(|i| i.time) - asked.since < NOBODY {
                    self.ask_for_path(match purpose {
                        Purpose::Open => PathPurpose::Open,
                        Purpose::SaveAs(next) => PathPurpose::Save(next),
                        Purpose::Export(view, kind) => PathPurpose::Export(view, kind),
                    });
                }
            }
        }
    }

    /// Asks for a path in a text field: for systems without file dialogs.
    pub(super) fn ask_for_path(&mut self, purpose: PathPurpose) {
        let folder = self.folder().or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        let text = match purpose {
            PathPurpose::Open => format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR),
            PathPurpose::Save(_) => folder.join(self.file.suggestion()).display().to_string(),
            PathPurpose::Export(view, kind) => {
                folder.join(self.export_name(view, kind).unwrap_or_default()).display().to_string()
            }
        };
        self.overlay = Some(Overlay::Path { purpose, text });
    }

    /// Dropped files and the wish to close the window.
    pub(super) fn hear_desktop(&mut self, ctx: &Context, actions: &mut Vec<Action>) {
        let dropped = ctx.input(|i| i.raw.dropped_files.first().map(|f| f.path().to_owned()));
        if let Some(path) = dropped {
            actions.push(Action::Open(path));
        }
        let comes_back = ctx.input(|i| i.events.iter().any(|event| matches!(event, egui::Event::WindowFocused(true))));
        if comes_back && self.overlay.is_none() && !self.on_start_page && self.file.has_news() {
            self.overlay = Some(Overlay::Changed(Changed::ComingBack));
        }
        if ctx.input(|i| i.viewport().close_requested()) {
            if self.document.modified() && !self.may_close {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
                self.overlay = Some(Overlay::Unsaved(Next::Quit));
            } else {
                self.close();
            }
        }
    }

    /// Leaves nothing behind: all is saved, or was given up.
    fn close(&mut self) {
        crash::forget();
        if let Some(autosave) = self.autosave.take() {
            autosave.close();
        }
    }

    fn recover(&mut self, place: usize) {
        if place >= self.remains.len() {
            return;
        }
        match read_remains(&self.remains[place]) {
            Ok(mut project) => {
                if project.default_views {
                    plots::add_default_views(&mut project);
                }
                let remains = self.remains.remove(place);
                let file = FileState::at(remains.origin.clone());
                self.replace_document(Document::unsaved(project), file);
                // Safe in this window's own autosave before the old one goes.
                self.autosave_at_once();
                remains.discard();
                self.messages.say(messages::info("Recovered. Save it to keep it"));
                self.overlay = None;
            }
            Err(problems) => {
                let title = format!("{} could not be recovered", self.remains[place].name());
                self.report(title, problems);
            }
        }
    }

    fn autosave_at_once(&mut self) {
        let snapshot = self.document.snapshot();
        if let Some(autosave) = &mut self.autosave {
            autosave.tick(&snapshot, self.document.revision(), self.file.path.as_deref(), f64::MAX);
            autosave.flush();
        }
    }

    /// Deletes what a crash left behind.
    pub(super) fn discard_remains(&mut self, place: usize) {
        if place < self.remains.len() {
            self.remains.remove(place).discard();
        }
    }
}

fn read_remains(remains: &Remains) -> Result<Project, Vec<Problem>> {
    let text = remains
        .text()
        .map_err(|e| vec![Problem::error(project::Place::Project, format!("the autosave cannot be read: {e}"))])?;
    let folder = remains.origin.as_deref().and_then(Path::parent);
    project::read_draft_in(&text, folder, project::validate).map(|(project, _)| project).map_err(|e| e.problems)
}

/// A file of pairs that does not lie beside the file of the project.
fn missing_pairs(project: &Project, path: &Path) -> Option<String> {
    let folder = path.parent()?;
    let named = project.projections.iter().filter(|p| p.rule == Rule::Pairs).filter_map(|p| p.pairs_file.as_ref());
    named.map(|file| &file.name).find(|name| !folder.join(name).is_file()).cloned()
}

fn display_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
