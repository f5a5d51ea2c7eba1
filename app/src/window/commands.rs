//! What commands do with the window, and when they can be used: the part of their rows that only the window can run.

use std::collections::HashSet;
use std::path::Path;

use egui::{Context, ViewportCommand};
use spikeloom_engine::models::{self, Model};
use spikeloom_engine::project::{Node, NodeId, Play, Project};

use super::overlay::{Next, Overlay, PathPurpose, Search};
use super::top_bar::time_text;
use super::{Window, panels};
use crate::action::{Edit, Selection};
use crate::command::{Command, commands};
use crate::editing::align::{self, Axis};
use crate::editing::{self, create, duplicate, place};
use crate::plots;
use crate::{canvas, clipboard};
use crate::{messages, number};

/// What a row says to the window alone.
struct Behaviour {
    when: fn(&Window) -> bool,
    does: fn(&mut Window, &Context),
    now: Option<fn(&Window) -> Option<String>>,
}

macro_rules! behave {
    ($(
        $command:ident: $text:literal, $tip:literal,
        search $words:literal, keys [$($keys:tt)*], menu [$($menu:tt)*],
        when $when:expr, does $does:expr $(, now $now:expr)?;
    )*) => {
        fn behaviour(command: Command) -> Behaviour {
            match command {
                $(Command::$command => Behaviour { when: $when, does: $does, now: if_any!($($now)?) },)*
            }
        }
    };
}

macro_rules! if_any {
    () => {
        None
    };
    ($now:expr) => {
        Some($now)
    };
}

commands!(behave);

fn always(_: &Window) -> bool {
    true
}

/// A network is shown, not the start page.
fn network(window: &Window) -> bool {
    !window.on_start_page
}

/// There is something on the canvas.
fn nodes(window: &Window) -> bool {
    network(window) && !window.project().nodes.is_empty()
}

fn neurons(window: &Window) -> bool {
    network(window) && window.project().nodes.iter().any(|n| n.model.is_neuron())
}

fn selected(window: &Window) -> bool {
    network(window) && !window.selection().is_empty()
}

fn selected_nodes(window: &Window) -> bool {
    network(window) && !window.selection().nodes.is_empty()
}

fn one_node(window: &Window) -> bool {
    network(window) && window.selected_node().is_some()
}

fn one_population(window: &Window) -> bool {
    network(window) && window.selected_node().is_some_and(|n| n.model.is_neuron())
}

/// At least so many nodes are selected that they can stand in line.
fn several_nodes(window: &Window) -> bool {
    network(window) && window.selection().nodes.len() > 1
}

/// So many nodes are selected that some stand between others.
fn many_nodes(window: &Window) -> bool {
    network(window) && window.selection().nodes.len() > 2
}

impl Window {
    /// Whether a command can be used now.
    pub fn enabled(&self, command: Command) -> bool {
        (behaviour(command).when)(self)
    }

    /// What a command would do as things stand: "Undo Move E".
    pub(super) fn text_now(&self, command: Command) -> Option<String> {
        behaviour(command).now.and_then(|now| now(self))
    }

    /// Does what a command says, if it can be used.
    pub(super) fn run_command(&mut self, ctx: &Context, command: Command) {
        let Behaviour { when, does, .. } = behaviour(command);
        if when(self) {
            does(self, ctx);
        }
    }

    pub(super) fn edit(&mut self, edit: Edit) {
        let before: HashSet<NodeId> = self.document.project().nodes.iter().map(|n| n.id).collect();
        self.document.apply(edit);
        for node in self.document.project().nodes.iter().filter(|n| !before.contains(&n.id)) {
            self.settings.models.note_use(node.model);
        }
    }

    fn delete(&mut self) {
        self.edit(editing::delete(self.document.project(), self.document.selection()));
    }

    fn duplicate(&mut self) {
        if let Some(edit) = duplicate::beside(self.document.project(), self.document.selection()) {
            self.edit(edit);
        }
    }

    fn arrange(&mut self) {
        self.edit(Edit::new("Arrange", canvas::arrange));
        self.panels.canvas.fit(None);
    }

    fn align(&mut self, axis: Axis) {
        let nodes = self.document.selection().nodes.clone();
        self.edit(Edit::new(format!("Align {}", number::counted(nodes.len() as u64, "node")), move |p| {
            align::align(p, &nodes, axis)
        }));
    }

    fn distribute(&mut self, axis: Axis) {
        let nodes = self.document.selection().nodes.clone();
        self.edit(Edit::new(format!("Distribute {}", number::counted(nodes.len() as u64, "node")), move |p| {
            align::distribute(p, &nodes, axis)
        }));
    }

    fn mute(&mut self) {
        self.edit(editing::mute(self.document.project(), self.document.selection()));
    }

    fn reverse_sign(&mut self) {
        if let Some(edit) = editing::reverse_sign(self.document.project(), self.document.selection()) {
            self.edit(edit);
        }
    }

    /// The node that is selected, if it is one alone.
    fn selected_node(&self) -> Option<&Node> {
        let mut nodes = self.document.selection().nodes.iter();
        match (nodes.next(), nodes.next()) {
            (Some(&node), None) => self.document.project().node(node),
            _ => None,
        }
    }

    fn rename(&mut self) {
        if let Some(node) = self.selected_node().map(|n| n.id) {
            self.panels.canvas.rename(node);
        }
    }

    fn connect(&mut self) {
        if let Some(node) = self.selected_node().cloned() {
            self.panels.canvas.connect(&node);
        }
    }

    fn connect_to_itself(&mut self) {
        let Some(node) = self.selected_node().map(|n| n.id) else { return };
        match create::connect(self.document.project(), node, node) {
            Ok((edit, remark)) => {
                self.edit(edit);
                remark.into_iter().for_each(|text| self.messages.say(messages::info(text)));
            }
            Err(reason) => self.messages.say(messages::warning(reason)),
        }
    }

    fn can_record(&self, recorder: &Model) -> bool {
        network(self) && self.selected_node().is_some_and(|node| create::can_record(node, recorder))
    }

    fn record(&mut self, recorder: &'static Model) {
        let node = self.selected_node().map(|n| n.id);
        if let Some(edit) = node.and_then(|node| create::record(self.document.project(), node, recorder)) {
            self.edit(edit);
        }
    }

    /// Escape ends the innermost thing first: a gesture, then messages, then the selection.
    fn escape(&mut self) {
        if self.panels.canvas.cancel_gesture() || self.messages.close_passing() {
            return;
        }
        self.document.select(Selection::default());
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

    /// Inserts text from the clipboard. A whole network opens as a new document, unless it is a part of this one.
    pub(super) fn paste(&mut self, ctx: &Context, text: &str) {
        let wires = std::mem::take(&mut self.paste_wires);
        let project = self.document.project();
        let opens = |fragment: &Project| {
            let other = clipboard::is_whole(fragment) && fragment.title != project.title;
            self.on_start_page || other || (clipboard::is_whole(fragment) && *project == Project::default())
        };
        let folder = self.file.path.as_deref().and_then(Path::parent);
        match clipboard::parse(text, folder) {
            Ok(fragment) if opens(&fragment) => self.go(ctx, Next::Text(text.to_owned())),
            Ok(fragment) => {
                let edit = editing::insert(self.document.project(), "Paste".into(), fragment, wires, clipboard::OFFSET);
                self.edit(edit);
            }
            Err(reason) => self.messages.say(messages::warning(reason)),
        }
    }

    fn copy_network(&mut self, ctx: &Context) {
        ctx.copy_text(self.file.text(self.document.project()));
        self.messages.say(messages::info("The network is in the clipboard as text"));
    }

    fn play_or_pause(&mut self) {
        if self.session.is_playing() {
            self.session.pause();
            return;
        }
        self.offer_recorders();
        self.offer_an_end();
        self.session.play(self.document.project());
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

    fn go_back(&mut self, ctx: &Context) {
        let now = ctx.input(|i| i.time);
        self.session.go_back(self.document.project(), now);
    }

    /// A run that records nothing shows nothing: says so, with the cure.
    fn offer_recorders(&mut self) {
        let project = self.document.project();
        if project.nodes.iter().any(|n| n.model.is_neuron()) && !project.is_recorded() {
            let text = "Nothing is recorded: this network has no recorder, so the plots stay empty";
            self.messages.offer(messages::warning(text), Command::AddRecorders);
        }
    }

    /// What has nothing but listed or windowed stimuli would play on over flat lines: offers to stop.
    fn offer_an_end(&mut self) {
        let project = self.document.project();
        let begins = |end: &f64| *end > 0.0 && self.session.time() <= 0.0;
        if project.simulation.play == Play::Endless
            && let Some(end) = project.stimuli_end().filter(begins)
        {
            let text = format!("After {} no stimulus follows, and play goes on for ever", time_text(end));
            self.messages.offer(messages::info(text), Command::PlayOnce);
        }
    }

    /// Whether play ends at the duration; part of the document.
    fn set_play(&mut self, play: Play) {
        if self.document.project().simulation.play != play {
            self.edit(Edit::new("Set how it plays", move |project| project.simulation.play = play));
        }
    }

    /// Shows the panel of training in front, or hides it.
    fn show_training(&mut self) {
        let training = &mut self.panels.training;
        match training.shown {
            true => training.shown = false,
            false => training.bring_to_front(),
        }
    }

    /// Begins to train, or lets training rest, or go on.
    fn train_or_pause(&mut self, ctx: &Context) {
        self.panels.training.bring_to_front();
        self.panels.training.train_or_pause(self.document.snapshot(), ctx);
    }

    /// Puts the trained numbers into the document.
    fn keep_trained(&mut self) {
        if let Some(edit) = self.panels.training.keep(self.document.project()) {
            self.edit(edit);
        }
    }

    /// Back to time zero, with the time axis as it was at first.
    fn reset(&mut self) {
        self.session.reset(self.document.project());
        self.panels.plots.reset_time();
    }

    fn add_recorders(&mut self) {
        match editing::record_all(self.document.project()) {
            Some(edit) => {
                self.edit(edit);
                self.panels.canvas.fit(None);
            }
            None => self.messages.say(messages::info("Every population is recorded already")),
        }
    }

    /// Adds a node of the model with this name at a free place.
    pub(super) fn add_node(&mut self, model: &str) {
        if let Some(model) = models::find(model) {
            self.on_start_page = false;
            let project = self.document.project();
            let place = place::free_spot(project, model, self.panels.canvas.middle());
            self.edit(create::add_node(project, model, place));
        }
    }

    /// Adds a plot of what is selected, or says which recorder it would need.
    pub(super) fn add_plot(&mut self, kind: &str) {
        match editing::plot(self.document.project(), self.document.selection(), kind) {
            Some(edit) => {
                self.edit(edit);
                self.settings.set_panel(panels::PLOTS, true);
                self.panels.training.in_front = false;
            }
            None => {
                let text = format!("This plot needs {}; the network has none", plots::needs(kind));
                if editing::gives_recorder_for(self.document.project(), kind) {
                    self.messages.offer(messages::warning(text), Command::AddRecorders);
                } else {
                    self.messages.say(messages::warning(text));
                }
            }
        }
    }
}
