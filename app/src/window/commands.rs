//! When each command can be used, and what it does.

use egui::{Context, ViewportCommand};
use spikeloom_engine::models;
use spikeloom_engine::project::ViewKind;

use super::overlays::{Overlay, Search};
use super::{Next, Window};
use crate::action::Edit;
use crate::canvas;
use crate::clipboard;
use crate::command::Command;
use crate::editing;
use crate::messages;
use crate::plots;

impl Window {
    /// Whether a command can be used now.
    pub fn enabled(&self, command: Command) -> bool {
        let project = self.document.project();
        let selection = self.document.selection();
        let network = !self.on_start_page;
        match command {
            Command::Undo => network && self.document.undo_label().is_some(),
            Command::Redo => network && self.document.redo_label().is_some(),
            Command::Cut | Command::Copy | Command::Duplicate => network && !selection.nodes.is_empty(),
            Command::Delete | Command::Mute | Command::FitSelection => network && !selection.is_empty(),
            Command::Rename => network && selection.nodes.len() == 1,
            Command::SelectAll | Command::FindNode | Command::FitAll => network && !project.nodes.is_empty(),
            Command::AddRecorders => network && project.nodes.iter().any(|n| n.model.is_neuron()),
            Command::PlayPause | Command::StepOnce | Command::Reset | Command::Keep | Command::RunToEnd => {
                network && !project.nodes.is_empty()
            }
            Command::GoBack => network && self.session.kept().is_some(),
            Command::Paste
            | Command::PasteWithWires
            | Command::SelectNone
            | Command::AddNode
            | Command::TogglePalette
            | Command::ToggleInspector
            | Command::TogglePlots
            | Command::AddRaster
            | Command::AddTraces
            | Command::AddRate
            | Command::AddWeights
            | Command::AddCorrelogram
            | Command::AddStates
            | Command::Save
            | Command::SaveAs => network,
            Command::New
            | Command::Open
            | Command::Quit
            | Command::StartPage
            | Command::CommandList
            | Command::ZoomTextIn
            | Command::ZoomTextOut
            | Command::ZoomTextReset
            | Command::ToggleTheme
            | Command::Help => true,
        }
    }

    /// Does what a command says, if it can be used.
    pub(super) fn run_command(&mut self, ctx: &Context, command: Command) {
        if !self.enabled(command) {
            return;
        }
        match command {
            Command::New => self.go(ctx, Next::New),
            Command::Open => self.go(ctx, Next::Choose),
            Command::Save => self.save(ctx, None),
            Command::SaveAs => self.save_as(ctx, None),
            Command::Quit => self.go(ctx, Next::Quit),
            Command::StartPage => self.on_start_page = true,
            Command::Undo => drop(self.document.undo()),
            Command::Redo => drop(self.document.redo()),
            Command::Copy => self.copy(ctx),
            Command::Cut => {
                self.copy(ctx);
                self.edit(editing::delete(self.document.project(), self.document.selection()));
            }
            Command::Paste => self.ask_for_paste(ctx, false),
            Command::PasteWithWires => self.ask_for_paste(ctx, true),
            Command::Duplicate => {
                if let Some(edit) = editing::duplicate(self.document.project(), self.document.selection()) {
                    self.edit(edit);
                }
            }
            Command::Delete => self.edit(editing::delete(self.document.project(), self.document.selection())),
            Command::Mute => self.edit(editing::mute(self.document.project(), self.document.selection())),
            Command::SelectAll => {
                self.document.select(crate::action::Selection::all(self.document.project()));
            }
            Command::SelectNone => self.escape(),
            Command::Rename => {
                if let Some(&node) = self.document.selection().nodes.first() {
                    self.canvas.rename(node);
                }
            }
            Command::AddNode => self.canvas.open_finder(),
            Command::FindNode => self.overlay = Some(Overlay::FindNode(Search::default())),
            Command::CommandList => self.overlay = Some(Overlay::CommandList(Search::default())),
            Command::Help => self.overlay = Some(Overlay::Help),
            Command::PlayPause => self.play_or_pause(),
            Command::StepOnce => self.session.step(self.document.project().simulation.resolution),
            Command::Reset => self.session.reset(self.document.project()),
            Command::Keep => self.session.keep(),
            Command::GoBack => {
                let now = ctx.input(|i| i.time);
                self.session.go_back(self.document.project(), now);
            }
            Command::RunToEnd => self.run_to_end(),
            Command::FitAll => self.canvas.fit(None),
            Command::FitSelection => self.canvas.fit(Some(self.document.selection())),
            Command::ZoomTextIn => self.zoom_text(0.1),
            Command::ZoomTextOut => self.zoom_text(-0.1),
            Command::ZoomTextReset => self.settings.zoom = 1.0,
            Command::ToggleTheme => self.settings.dark = Some(ctx.theme() != egui::Theme::Dark),
            Command::TogglePalette => self.settings.palette = !self.settings.palette,
            Command::ToggleInspector => self.settings.inspector = !self.settings.inspector,
            Command::TogglePlots => self.settings.plots = !self.settings.plots,
            Command::AddRaster => self.add_plot(ViewKind::Raster),
            Command::AddTraces => self.add_plot(ViewKind::Traces),
            Command::AddRate => self.add_plot(ViewKind::Rate),
            Command::AddWeights => self.add_plot(ViewKind::Weights),
            Command::AddCorrelogram => self.add_plot(ViewKind::Correlogram),
            Command::AddStates => self.add_plot(ViewKind::States),
            Command::AddRecorders => self.add_recorders(),
        }
    }

    pub(super) fn edit(&mut self, edit: Edit) {
        self.document.apply(edit);
    }

    /// Escape ends the innermost thing first: a gesture, then messages, then the selection.
    fn escape(&mut self) {
        if self.canvas.cancel_gesture() || self.messages.close_passing() {
            return;
        }
        self.document.select(Default::default());
    }

    fn zoom_text(&mut self, by: f32) {
        self.settings.zoom = ((self.settings.zoom + by) * 10.0).round().clamp(5.0, 30.0) / 10.0;
    }

    fn copy(&mut self, ctx: &Context) {
        if let Some(text) = clipboard::copy(self.document.project(), self.document.selection()) {
            ctx.copy_text(text);
        }
    }

    /// The desktop answers with a paste event in one of the next frames.
    fn ask_for_paste(&mut self, ctx: &Context, wires: bool) {
        self.paste_wires = wires;
        ctx.send_viewport_cmd(ViewportCommand::RequestPaste);
    }

    /// Inserts text from the clipboard.
    pub(super) fn paste(&mut self, text: &str) {
        let wires = std::mem::take(&mut self.paste_wires);
        if self.on_start_page {
            return;
        }
        match clipboard::parse(text) {
            Ok(fragment) => {
                let edit = editing::insert(self.document.project(), "Paste".into(), fragment, wires, clipboard::OFFSET);
                self.edit(edit);
            }
            Err(reason) => self.messages.say(messages::warning(reason)),
        }
    }

    fn play_or_pause(&mut self) {
        if self.session.is_playing() {
            self.session.pause();
            return;
        }
        self.offer_recorders();
        self.session.play();
    }

    fn run_to_end(&mut self) {
        self.offer_recorders();
        let simulation = &self.document.project().simulation;
        // At the end already: the same run once more, from zero.
        if self.session.time() >= simulation.duration - 0.5 * simulation.resolution {
            self.session.reset(self.document.project());
        }
        self.session.run_until(self.document.project().simulation.duration);
    }

    /// A run that records nothing shows nothing: says so, with the cure.
    fn offer_recorders(&mut self) {
        let project = self.document.project();
        if project.nodes.iter().any(|n| n.model.is_neuron()) && !editing::has_recorder(project) {
            let text = "Nothing is recorded: this network has no recorder, so the plots stay empty";
            self.messages.offer(messages::warning(text), Command::AddRecorders.text().0, Command::AddRecorders);
        }
    }

    fn add_recorders(&mut self) {
        match editing::record_all(self.document.project()) {
            Some(edit) => {
                self.edit(edit);
                self.canvas.fit(None);
            }
            None => self.messages.say(messages::info("Every population is recorded already")),
        }
    }

    /// Adds a node of the model with this name at a free place.
    pub(super) fn add_node(&mut self, model: &str) {
        if let Some(model) = models::find(model) {
            self.on_start_page = false;
            let project = self.document.project();
            let place = canvas::free_spot(project, model, self.canvas.middle());
            self.edit(canvas::add_node(project, model, place));
        }
    }

    fn add_plot(&mut self, kind: ViewKind) {
        match editing::plot(self.document.project(), self.document.selection(), kind) {
            Some(edit) => {
                self.edit(edit);
                self.settings.plots = true;
            }
            None => {
                let text = format!("This plot needs {}; the network has none", plots::needs(kind));
                match kind {
                    // These recorders can be wired by themselves.
                    ViewKind::Raster | ViewKind::Traces | ViewKind::Rate | ViewKind::States => self.messages.offer(
                        messages::warning(text),
                        Command::AddRecorders.text().0,
                        Command::AddRecorders,
                    ),
                    _ => self.messages.say(messages::warning(text)),
                }
            }
        }
    }
}
