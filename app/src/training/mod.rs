//! The training of a network in the window: what is trained and what is wanted, how training goes on, and the network before
//! and with the best numbers.
//!
//! Training goes on, on a thread of its own, with the network as it was when it began. Whoever edits the network meanwhile is
//! told so; the trained numbers are put into the network as it then is, if they still fit.

mod begin;
mod curve;
mod form;
mod pattern_picture;
mod results;
mod run;
mod setup;

use std::sync::Arc;

use egui::{Align, Button, Context, Label, Layout, ProgressBar, RichText, Ui};
use spikeloom_engine::project::{Project, Training};
use spikeloom_engine::training::End;

use self::curve::{loss_words, percent};
use self::form::Form;
use self::results::Results;
use self::run::{Phase, Run, Stands, told};
use crate::action::{Action, Edit};
use crate::command::Command;
use crate::inspector::{Fields, bold_family};
use crate::number;

/// A training that goes on or is over, and where the user looks; never saved.
#[derive(Default)]
pub struct TrainingState {
    /// The panel is there.
    pub shown: bool,
    /// It is in front of the plots.
    pub in_front: bool,
    run: Option<Run>,
    page: Page,
    fields: Fields,
    results: Results,
    /// The pattern that is shown.
    pattern: usize,
    /// What is wrong with the training of the document, at a revision.
    problems: Vec<String>,
    problems_at: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    #[default]
    Setup,
    Results,
}

impl TrainingState {
    /// That of a document that has just been opened: in front, if it says how it is trained.
    pub fn of(project: &Project) -> Self {
        let shown = project.training.is_some();
        TrainingState { shown, in_front: shown, ..TrainingState::default() }
    }

    /// Shows the panel in front of the plots.
    pub fn bring_to_front(&mut self) {
        (self.shown, self.in_front) = (true, true);
    }

    /// Takes in what training has to say.
    pub fn hear(&mut self, ctx: &Context) {
        let Some(run) = &mut self.run else { return };
        run.hear();
        if run.is_working() {
            // The thread wakes the window itself; this only keeps the time left going.
            ctx.request_repaint_after_secs(0.5);
        }
    }

    /// Whether training works.
    pub fn is_working(&self) -> bool {
        self.run.as_ref().is_some_and(Run::is_working)
    }

    /// Whether training has begun and is not over.
    pub fn goes_on(&self) -> bool {
        self.run.as_ref().is_some_and(|run| !run.is_over())
    }

    /// Whether there is a training to be discarded.
    pub fn has_run(&self) -> bool {
        self.run.is_some()
    }

    /// Begins to train, or rests, or goes on.
    pub fn train_or_pause(&mut self, project: Arc<Project>, ctx: &Context) {
        match &mut self.run {
            Some(run) if !run.is_over() => run.pause_or_resume(),
            _ => {
                self.run = Some(Run::start(project, self.pattern, ctx));
                self.results = Results::default();
                self.page = Page::Results;
            }
        }
    }

    pub fn stop(&mut self) {
        if let Some(run) = &mut self.run {
            run.stop();
        }
    }

    /// Forgets the training and what it has found.
    pub fn discard(&mut self) {
        self.run = None;
        self.results = Results::default();
        self.page = Page::Setup;
    }

    /// Whether the document can take numbers that it does not have.
    pub fn can_keep(&self, project: &Project) -> bool {
        let run = self.run.as_ref().filter(|run| run.has_numbers());
        run.is_some_and(|run| run.kept(project).is_ok_and(|kept| kept != *project))
    }

    /// The edit that puts the trained numbers into the document.
    pub fn keep(&self, project: &Project) -> Option<Edit> {
        let kept = self.run.as_ref().filter(|run| run.has_numbers())?.kept(project).ok()?;
        Some(Edit::new("Keep trained numbers", move |project| *project = kept))
    }
}

/// What the panel shows of the document.
pub struct Trained<'a> {
    pub project: &'a Project,
    pub revision: u64,
}

/// Draws the panel into all the space of `ui`.
pub fn show(ui: &mut Ui, state: &mut TrainingState, shown: &Trained<'_>, actions: &mut Vec<Action>) {
    state.fields.bold = bold_family(ui);
    if state.problems_at != Some(shown.revision) {
        let of = |training: &Training| training.problems(shown.project);
        state.problems = shown.project.training.as_ref().map(of).unwrap_or_default();
        state.problems_at = Some(shown.revision);
        state.fields.forget_refusals();
    }
    if shown.project.training.is_none() && state.run.is_none() {
        invitation(ui, shown.project, actions);
        return;
    }
    bar(ui, state, shown, actions);
    progress(ui, state, shown);
    let (refused, pattern) = (state.fields.refused(), state.pattern);
    match (state.page, &state.run, &shown.project.training) {
        (Page::Results, Some(run), _) => results::show(ui, &mut state.results, run, &mut state.pattern),
        (_, _, Some(training)) => {
            let fields = &mut state.fields;
            let mut form = Form { project: shown.project, training, fields, actions };
            setup::show(ui, &mut form, &state.problems, &mut state.pattern);
            if let Some(run) = state.run.as_ref().filter(|_| state.pattern != pattern) {
                run.show_pattern(state.pattern);
            }
        }
        (_, _, None) => invitation(ui, shown.project, actions),
    }
    if state.fields.refused() != refused {
        // Refusals stand above what has just been refused and are drawn before it.
        ui.ctx().request_repaint();
    }
}

/// What training is, and how to begin one.
fn invitation(ui: &mut Ui, project: &Project, actions: &mut Vec<Action>) {
    ui.vertical_centered(|ui| {
        ui.add_space((0.5 * ui.available_height() - 62.0).clamp(4.0, 80.0));
        ui.add(Label::new(WHAT_IT_IS).wrap());
        ui.add_space(6.0);
        type Begun = Result<Training, &'static str>;
        let mut begin = |ui: &mut Ui, text: &str, tip: &str, begun: Begun| {
            let button = ui.add_enabled(begun.is_ok(), Button::new(text));
            let why = begun.as_ref().err().copied().unwrap_or(tip);
            if button.on_hover_text(tip).on_disabled_hover_text(why).clicked()
                && let Ok(training) = begun
            {
                actions.push(Edit::new("Begin training", |project| project.training = Some(training)).into());
            }
        };
        let goal = begin::with_goal(project);
        let missing = goal.as_ref().err().copied();
        begin(ui, "Train towards a goal", "An evolution strategy changes any numbers of any model", goal);
        let tip = "Gradients through time change the weights of BrainPy's neurons, such as LIF";
        begin(ui, "Learn patterns", tip, begin::with_patterns(project));
        if let Some(missing) = missing {
            ui.add(Label::new(RichText::new(missing).weak()).wrap());
            let can_record = project.nodes.iter().any(|node| node.model.is_neuron()) && !project.is_recorded();
            let (text, tip) = Command::AddRecorders.text();
            if can_record && ui.button(text).on_hover_text(tip).clicked() {
                actions.push(Action::Command(Command::AddRecorders));
            }
        }
    });
}

const WHAT_IT_IS: &str = "Training changes numbers of the network – weights, delays, parameters, knobs – until what it does \
                          comes to a goal, or until it answers patterns rightly.";

/// The buttons, and which page is shown.
fn bar(ui: &mut Ui, state: &mut TrainingState, shown: &Trained<'_>, actions: &mut Vec<Action>) {
    let phase = state.run.as_ref().map(|run| &run.phase);
    let (train, name, tip) = match phase {
        Some(Phase::Running) => ("Pause", "Pause training", "Rest after the epoch that goes on"),
        Some(Phase::Pausing) => ("Go on", "Go on training", "An epoch goes on still; do not rest after it"),
        Some(Phase::Paused) => ("Go on", "Go on training", "Train where it rests"),
        Some(Phase::Stopping | Phase::Ended(_)) => ("Train again", "Train", "Train the network as it now stands"),
        None => ("Train", "Train", "Change the numbers until the loss is small enough"),
    };
    let can_train = state.goes_on() || shown.project.training.is_some();
    let can_train = can_train && !matches!(phase, Some(Phase::Stopping));
    let can_stop = state.goes_on() && !matches!(phase, Some(Phase::Stopping));
    let can_discard = state.has_run();
    let stands = state.run.as_mut().map(|run| run.stands(shown.project, shown.revision));
    let has_numbers = state.run.as_ref().is_some_and(Run::has_numbers);
    let (can_keep, keep_tip) = match &stands {
        Some(Stands::Kept) => (false, "The network has the trained numbers; Undo brings the old ones back"),
        Some(Stands::Misfit(why)) => (false, why.as_str()),
        Some(_) if has_numbers => (true, "Put the best numbers into the network; Undo brings the old ones back"),
        Some(_) => (false, "Pause or stop training first"),
        None => (false, "Nothing has been trained yet"),
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let mut button = |ui: &mut Ui, text: &str, name: &str, tip: &str, enabled: bool, command: Command| {
            let text = RichText::new(text);
            // Whatever stands on the first one, the others stay where they are.
            let (text, width) = if command == Command::Train { (text.strong(), 92.0) } else { (text, 0.0) };
            let button = Button::new(text).min_size(egui::vec2(width, 0.0));
            let button = ui.add_enabled(enabled, button).accessible_name(name);
            if button.on_hover_text(tip).on_disabled_hover_text(tip).clicked() {
                actions.push(Action::Command(command));
            }
        };
        button(ui, train, name, tip, can_train, Command::Train);
        let tip = "End training; the best numbers so far stay to be kept";
        button(ui, "Stop", "Stop training", tip, can_stop, Command::StopTraining);
        ui.add_space(4.0);
        button(ui, "Keep", "Keep trained numbers", keep_tip, can_keep, Command::KeepTrained);
        let tip = "Forget what training has found; the network stays as it is";
        button(ui, "Discard", "Discard training", tip, can_discard, Command::DiscardTrained);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let has_run = state.run.is_some();
            ui.add_enabled_ui(has_run, |ui| {
                ui.selectable_value(&mut state.page, Page::Results, "Results")
                    .on_hover_text("Loss, measured numbers, the network before and after")
                    .on_disabled_hover_text("Train first");
            });
            ui.selectable_value(&mut state.page, Page::Setup, "Setup")
                .on_hover_text("Method, what is trained, and what is wanted");
            if let Some(run) = state.run.as_ref().filter(|_| state.page == Page::Results) {
                results::choose_plot(ui, &mut state.results, run);
            }
        });
    });
}

/// How far training is, what came of it, and how the document stands to it.
fn progress(ui: &mut Ui, state: &mut TrainingState, shown: &Trained<'_>) {
    let Some(run) = &mut state.run else { return };
    let stands = run.stands(shown.project, shown.revision);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(10.0, 1.0);
        let (done, most) = (run.epochs.len(), run.most_epochs());
        let epochs = format!("{} {} of {}", run.round(), number::count(done as u64), number::count(most as u64));
        ui.scope(|ui| {
            // The part that is not done must be seen on the panel's ground.
            ui.visuals_mut().extreme_bg_color = ui.visuals().widgets.inactive.weak_bg_fill;
            let share = done as f32 / most.max(1) as f32;
            ui.add(
                ProgressBar::new(share).desired_width(160.0).desired_height(16.0).text(RichText::new(epochs).small()),
            );
        });
        if let Some(least) = run.least {
            ui.label(format!("Best loss {} of {} {}", loss_words(least.loss), run.round(), least.number));
            ui.weak(format!("enough: {}", loss_words(run.enough())));
        }
        if let Some(accuracy) = run.epochs.last().and_then(|epoch| epoch.accuracy) {
            ui.label(format!("Accuracy {}", percent(accuracy)));
        }
        match &run.phase {
            Phase::Running => {
                if let Some(seconds) = run.seconds_left() {
                    ui.weak(format!("at most {} left", time_text(seconds)));
                }
            }
            Phase::Pausing => drop(ui.weak(format!("pauses after this {}…", run.round()))),
            Phase::Paused => drop(ui.strong("Paused")),
            Phase::Stopping => drop(ui.weak("stops…")),
            Phase::Ended(End::Enough) => drop(ui.strong("Done: the loss is small enough")),
            Phase::Ended(End::Epochs) => {
                let tip = "More of them, or other settings, may bring it further";
                ui.strong(format!("All {}s are done", run.round())).on_hover_text(tip);
            }
            Phase::Ended(End::Stopped) => drop(ui.strong("Stopped")),
            Phase::Ended(End::Refused(refusal)) => {
                let text = RichText::new(format!("Cannot be trained. {}", told(refusal)));
                ui.add(Label::new(text.color(ui.visuals().error_fg_color)).wrap());
            }
        }
        let warn = ui.visuals().warn_fg_color;
        match stands {
            Stands::AsBegun => {}
            Stands::Kept => drop(ui.label("Kept in the network")),
            Stands::Changed => {
                let text = "The network has been changed since training began: training has the old one";
                ui.label(RichText::new(text).color(warn));
            }
            Stands::Misfit(why) => {
                ui.add(Label::new(RichText::new(format!("Cannot be kept: {why}")).color(warn)).wrap());
            }
        }
    });
}

/// A duration in whole numbers: "12 s", "3 min".
fn time_text(seconds: f64) -> String {
    match seconds {
        s if s < 100.0 => format!("{:.0} s", s.max(1.0).ceil()),
        s if s < 6000.0 => format!("{:.0} min", (s / 60.0).round()),
        s => format!("{:.0} h", (s / 3600.0).round()),
    }
}
