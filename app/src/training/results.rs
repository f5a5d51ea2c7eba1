//! How training goes: curves of loss and accuracy, what was measured, and the network before and with the best numbers.

use std::collections::HashMap;

use egui::{
    Align, ComboBox, Grid, Label, Layout, Rect, Response, RichText, Role, ScrollArea, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};
use spikeloom_engine::description::Value;
use spikeloom_engine::live::{self, Status};
use spikeloom_engine::project::{Goal, Lesson, NodeId, Project, Statistic, Task, View, ViewId, Wanted};
use spikeloom_engine::training::{End, Seen, Watched};

use super::begin;
use super::curve::{self, Curve, loss_words, percent};
use super::run::{Phase, Run, told};
use super::setup::{unit_of, wanted_words};
use crate::plots::{self, Mark, PlotData, Still};
use crate::statistics::Statistics;
use crate::{number, theme};

/// A plot lower than this shows nothing of use, points.
const LOWEST: f32 = 86.0;
/// Width of the curves, as a share and in points.
const CURVES: (f32, f32, f32) = (0.36, 190.0, 380.0);
/// Patterns that have a line in the table: answers to no more are told.
const MOST_PATTERNS: usize = 100;
/// Where a table has less room than this, points, a goal takes two lines.
const NARROW: f32 = 300.0;
/// Accuracy has a plot of its own where both have so much room, points.
const APART: f32 = 200.0;
/// Height of a line of the table.
const LINE: f32 = 26.0;

/// What is kept of the results between frames.
#[derive(Default)]
pub struct Results {
    before: Side,
    after: Side,
    /// The plot that is shown, where there is no room for all or the user has chosen one.
    view: Option<ViewId>,
}

/// Plots of one run.
#[derive(Default)]
struct Side {
    /// What is shown, as [`Run::seen`] counts.
    seen: Option<u64>,
    stills: HashMap<ViewId, Still>,
    statistics: Statistics,
    status: Status,
}

/// Draws the results into all the space of `ui`. `pattern` is the pattern that is shown.
pub fn show(ui: &mut Ui, results: &mut Results, run: &Run, pattern: &mut usize) {
    let space = ui.available_rect_before_wrap();
    let (share, least, most) = CURVES;
    let width = (space.width() * share).clamp(least, most);
    let (left, right) = space.split_left_right_at_x(space.left() + width);
    ui.scope_builder(UiBuilder::new().max_rect(left.shrink2(vec2(0.0, 2.0))), |ui| curves_and_table(ui, run, pattern));
    let right = Rect::from_min_max(right.min + vec2(8.0, 0.0), right.max);
    ui.scope_builder(UiBuilder::new().max_rect(right), |ui| sides(ui, results, run));
    ui.allocate_rect(space, egui::Sense::hover());
}

fn curves_and_table(ui: &mut Ui, run: &Run, pattern: &mut usize) {
    let Some(training) = &run.begun().training else { return };
    let rows = match &training.task {
        Task::Goals(goals) => goals.len(),
        Task::Patterns(lesson) => lesson.patterns.len(),
    };
    let space = ui.available_rect_before_wrap();
    let lines = match &training.task {
        Task::Goals(_) if space.width() < NARROW => 2 * rows,
        _ => rows + 1,
    };
    let table = (lines as f32 * LINE + 8.0).min(0.42 * space.height());
    let (above, below) = space.split_top_bottom_at_y(space.bottom() - table);
    let losses: Vec<f64> = run.epochs.iter().map(|epoch| epoch.loss).collect();
    let accuracies: Vec<f64> = run.epochs.iter().filter_map(|epoch| epoch.accuracy).collect();
    let last = accuracies.last().copied();
    let apart = last.is_some() && above.height() >= APART;
    let (upper, lower) = match apart {
        true => above.split_top_bottom_at_y(above.top() + 0.6 * above.height()),
        false => (above, Rect::NOTHING),
    };
    let dark = ui.visuals().dark_mode;
    let blue = theme::palette_color(0, dark);
    let accuracy = last.map_or(String::new(), |last| format!("Accuracy {}", percent(last)));
    let enough = format!("enough: {}", loss_words(run.enough()));
    let told = match run.least {
        Some(least) => format!(
            "{}, least {}, of number {}",
            number::counted(losses.len() as u64, run.round()),
            loss_words(least.loss),
            least.number
        ),
        None => format!("no {} yet", run.round()),
    };
    let loss = Curve {
        name: "Loss",
        told,
        values: &losses,
        target: Some((run.enough(), &enough)),
        range: None,
        words: loss_words,
        color: theme::palette_color(1, dark),
        shares: last.filter(|_| !apart).map(|_| (&accuracies[..], accuracy.as_str(), blue)),
    };
    curve::show(ui, upper, &loss);
    if let Some(last) = last.filter(|_| apart) {
        let accuracy = Curve {
            name: "Accuracy",
            told: percent(last),
            values: &accuracies,
            target: None,
            range: Some((0.0, 1.05)),
            words: percent,
            color: blue,
            shares: None,
        };
        curve::show(ui, lower, &accuracy);
    }
    ui.scope_builder(UiBuilder::new().max_rect(below.shrink2(vec2(2.0, 2.0))), |ui| {
        ScrollArea::vertical().id_salt("training table").auto_shrink(false).show(ui, |ui| match &training.task {
            Task::Goals(all) => goals(ui, run, all),
            Task::Patterns(lesson) => answers(ui, run, lesson, pattern),
        });
    });
}

/// What a text of a table is called where its row and column are not seen.
fn called_as(label: &Response, name: String) {
    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
}

fn heads(ui: &mut Ui, heads: [&str; 4]) {
    for head in heads {
        ui.add(Label::new(RichText::new(head).small().weak()));
    }
    ui.end_row();
}

/// Measured statistics beside their targets.
fn goals(ui: &mut Ui, run: &Run, all: &[Goal]) {
    let measured = |seen: &Option<Seen>, i: usize| match seen.as_ref().map(|seen| &seen.run) {
        Some(Ok(watched)) => match watched.measured.get(i) {
            Some(Some(x)) => loss_words(*x),
            _ => "none".into(),
        },
        _ => "…".into(),
    };
    if ui.available_width() < NARROW {
        for (i, goal) in all.iter().enumerate() {
            let called = begin::called(run.begun(), goal);
            let (before, best) = (measured(&run.before, i), measured(&run.best, i));
            ui.add(Label::new(&called).truncate());
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                called_as(&ui.label(&before), format!("{called} before: {before}"));
                ui.weak("→");
                called_as(&ui.strong(&best), format!("{called} best: {best}"));
                ui.weak(format!("target {}", number::with_unit(goal.target, unit_of(&goal.what))));
            });
        }
        return;
    }
    Grid::new("goals").num_columns(4).spacing([10.0, 3.0]).show(ui, |ui| {
        heads(ui, ["Goal", "Before", "Best", "Target"]);
        for (i, goal) in all.iter().enumerate() {
            let called = begin::called(run.begun(), goal);
            let unit = unit_of(&goal.what);
            let tip = if unit.is_empty() { called.clone() } else { format!("{called}, {unit}") };
            ui.add(Label::new(&called).truncate()).on_hover_text(tip);
            let (before, best) = (measured(&run.before, i), measured(&run.best, i));
            called_as(&ui.label(&before), format!("{called} before: {before}"));
            called_as(&ui.strong(&best), format!("{called} best: {best}"));
            ui.label(number::with_unit(goal.target, unit));
            ui.end_row();
        }
    });
}

/// What is answered to each pattern; a click shows it.
fn answers(ui: &mut Ui, run: &Run, lesson: &Lesson, pattern: &mut usize) {
    let answer = |seen: &Option<Seen>, i: usize, wanted: &Wanted| {
        let answer = seen.as_ref().and_then(|seen| seen.answers.get(i));
        match (answer, wanted) {
            (None, _) => (String::new(), None),
            (Some(answer), Wanted::Label(label)) => {
                let told = answer.label.map_or("?".into(), |label| format!("label {label}"));
                (told, Some(answer.label == Some(*label)))
            }
            (Some(answer), _) => (format!("loss {}", loss_words(answer.loss)), None),
        }
    };
    let color = |ui: &Ui, right: Option<bool>| match right {
        Some(false) => ui.visuals().error_fg_color,
        _ => ui.visuals().text_color(),
    };
    Grid::new("answers").num_columns(4).spacing([10.0, 3.0]).show(ui, |ui| {
        heads(ui, ["Pattern", "Wanted", "Before", "Best"]);
        for (i, given) in lesson.patterns.iter().enumerate().take(MOST_PATTERNS) {
            let shown = ui.selectable_label(*pattern == i, format!("{}", i + 1));
            let shown = shown.accessible_name(format!("Show pattern {}", i + 1));
            if shown.on_hover_text("Shows what the network does with this pattern").clicked() && *pattern != i {
                *pattern = i;
                run.show_pattern(i);
            }
            ui.add(Label::new(wanted_words(&given.wanted)).truncate());
            for (when, seen) in [("before", &run.before), ("best", &run.best)] {
                let (told, right) = answer(seen, i, &given.wanted);
                let sign = if right == Some(false) { " ✗" } else { "" };
                let label = ui.label(RichText::new(format!("{told}{sign}")).color(color(ui, right)));
                called_as(&label, format!("Pattern {} {when}: {told}", i + 1));
            }
            ui.end_row();
        }
    });
}

/// Chooses the plot that is compared, where there are several.
pub fn choose_plot(ui: &mut Ui, results: &mut Results, run: &Run) {
    let Some(watched) = watched(&run.before) else { return };
    let views = views_of(&watched.project);
    if views.len() < 2 {
        return;
    }
    let called = |view: &View| plots::heading_of(view, &watched.project);
    let now = results.view.and_then(|id| views.iter().find(|view| view.id == id));
    let text = now.map_or("All plots".into(), called);
    let combo = ComboBox::from_id_salt("plots compared").selected_text(text).width(84.0).truncate();
    let combo = combo.show_ui(ui, |ui| {
        ui.selectable_value(&mut results.view, None, "All plots");
        for view in &views {
            ui.selectable_value(&mut results.view, Some(view.id), called(view));
        }
    });
    combo.response.on_hover_text("The plots that are compared").accessible_name("Plots compared");
}

/// The network before and with the best numbers, beside each other.
fn sides(ui: &mut Ui, results: &mut Results, run: &Run) {
    let views = watched(&run.before).map_or_else(Vec::new, |watched| views_of(&watched.project));
    let space = ui.available_rect_before_wrap();
    let (head, body) = space.split_top_bottom_at_y(space.top() + 22.0);
    let (left, right) = body.split_left_right_at_x(body.center().x);
    let fits = ((body.height() / LOWEST) as usize).max(1);
    let shown: Vec<&View> = match results.view.and_then(|id| views.iter().find(|view| view.id == id)) {
        Some(chosen) => vec![chosen],
        None => views.iter().take(fits).collect(),
    };
    let best = match &run.best {
        Some(seen) => format!("Best, {} {}", run.round(), seen.epoch),
        None => "Best so far".into(),
    };
    let title = |ui: &mut Ui, x: f32, text: &str| {
        let place = Rect::from_min_max(pos2(x, head.top()), pos2(x + 0.5 * head.width() - 8.0, head.bottom()));
        ui.scope_builder(UiBuilder::new().max_rect(place).layout(Layout::left_to_right(Align::Center)), |ui| {
            ui.add(Label::new(RichText::new(text).strong().family(theme::semibold())).truncate());
        });
    };
    title(ui, left.left() + 4.0, "Before training");
    title(ui, right.left() + 4.0, &best);
    let dark = ui.visuals().dark_mode;
    let height = body.height() / shown.len().max(1) as f32;
    for (i, view) in shown.iter().enumerate() {
        let mut both =
            [("before", left, &run.before, &mut results.before), ("after", right, &run.best, &mut results.after)];
        let fits =
            both.iter_mut().filter_map(|(when, _, seen, side)| side.fit(run.seen, view, when, watched(seen)?, dark));
        // What is aimed at is seen, too.
        let range = fits.reduce(join).map(|fit| sought(run, view).map_or(fit, |samples| join(fit, ends(samples))));
        for (when, column, seen, side) in both {
            let top = column.top() + i as f32 * height;
            let place = Rect::from_min_max(pos2(column.left(), top), pos2(column.right(), top + height));
            ui.push_id((when, view.id), |ui| match (watched(seen), seen) {
                (Some(watched), Some(seen)) => {
                    side.show(ui, place.shrink2(vec2(3.0, 1.0)), (view, when, watched), range, &marks(run, seen, view));
                }
                _ if i == 0 => say(ui, place, &waiting(run, seen)),
                _ => {}
            });
        }
    }
    if shown.is_empty() {
        say(ui, body, &waiting(run, &run.before));
    }
}

/// A run that has been watched.
fn watched(seen: &Option<Seen>) -> Option<&Watched> {
    seen.as_ref().and_then(|seen| seen.run.as_ref().ok())
}

/// Why there is nothing to be seen.
fn waiting(run: &Run, seen: &Option<Seen>) -> String {
    match seen.as_ref().map(|seen| &seen.run) {
        Some(Err(refusal)) => told(refusal),
        _ if matches!(run.phase, Phase::Ended(End::Refused(_))) => String::new(),
        _ if run.before.is_none() => "The network is being run…".into(),
        _ => "No numbers tried yet".into(),
    }
}

fn say(ui: &mut Ui, place: Rect, text: &str) {
    ui.painter().rect_filled(place.shrink(3.0), 2.0, ui.visuals().extreme_bg_color);
    let middle = Rect::from_center_size(place.center(), vec2(place.width() - 20.0, 40.0));
    ui.scope_builder(UiBuilder::new().max_rect(middle), |ui| {
        ui.vertical_centered(|ui| ui.add(Label::new(text).wrap()));
    });
}

/// The range that holds both.
fn join(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0.min(b.0), a.1.max(b.1))
}

fn ends(samples: &[f64]) -> (f64, f64) {
    samples.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)))
}

/// The plots of a network; those that the program would choose, if there are none.
fn views_of(project: &Project) -> Vec<View> {
    if !project.views.is_empty() {
        return project.views.clone();
    }
    let mut with_views = project.clone();
    plots::add_default_views(&mut with_views);
    with_views.views
}

/// The samples that a trace is to come to, where a view shows that trace.
fn sought<'a>(run: &'a Run, view: &View) -> Option<&'a [f64]> {
    let training = run.begun().training.as_ref()?;
    let Task::Goals(goals) = &training.task else { return None };
    goals.iter().find_map(|goal| match &goal.what {
        Statistic::Trace { variable, samples } if view.sources == [goal.of] => {
            let chosen = view.settings.iter().find_map(|(name, value)| match value {
                Value::Text(text) if name == "variable" => Some(text.clone()),
                _ => None,
            });
            let first = || run.begun().node(goal.of).and_then(|node| begin::sampled(node).into_iter().next());
            (chosen.or_else(first).as_ref() == Some(variable)).then_some(&samples[..])
        }
        _ => None,
    })
}

/// What the plot of a run is compared with: the trace that is sought, or the spikes that are wanted.
fn marks<'a>(run: &'a Run, seen: &'a Seen, view: &View) -> Vec<Mark<'a>> {
    if let Some(samples) = sought(run, view) {
        let times = seen.run.as_ref().ok().and_then(|watched| watched.recordings.recorder(*view.sources.first()?));
        return times.map(|(_, rows)| Mark::Curve(&rows.times, samples)).into_iter().collect();
    }
    let Some(Task::Patterns(lesson)) = run.begun().training.as_ref().map(|training| &training.task) else {
        return Vec::new();
    };
    let of = lesson.loss.of();
    let meets = |id: &NodeId| {
        let wires = &run.begun().projections;
        wires.iter().any(|wire| (wire.from, wire.to) == (of, *id) || (wire.from, wire.to) == (*id, of))
    };
    match lesson.patterns.get(seen.pattern).map(|pattern| &pattern.wanted) {
        Some(Wanted::Times(times)) if times.len() == 1 && view.sources.iter().any(meets) => {
            times[0].iter().map(|time| Mark::Moment(*time)).collect()
        }
        _ => Vec::new(),
    }
}

impl Side {
    /// Forgets what was made from another run.
    fn catch_up(&mut self, seen: u64, watched: &Watched) {
        if self.seen == Some(seen) {
            return;
        }
        let duration = watched.project.simulation.duration;
        self.seen = Some(seen);
        self.stills.clear();
        self.statistics = Statistics::default();
        self.statistics.update(&watched.project, &watched.recordings, duration);
        self.status = Status { phase: live::Phase::Paused, time: duration, ..Status::default() };
    }

    fn still(&mut self, view: &View, when: &'static str, watched: &Watched) -> &mut Still {
        let duration = watched.project.simulation.duration;
        self.stills.entry(view.id).or_insert_with(|| Still::new(view, when, duration))
    }

    /// Bottom and top that show everything.
    fn fit(&mut self, seen: u64, view: &View, when: &'static str, watched: &Watched, dark: bool) -> Option<(f64, f64)> {
        self.catch_up(seen, watched);
        self.still(view, when, watched);
        let Side { stills, statistics, status, .. } = self;
        stills.get_mut(&view.id)?.fit(view, &data_of(watched, statistics, status), dark)
    }

    fn show(
        &mut self,
        ui: &mut Ui,
        place: Rect,
        (view, when, watched): (&View, &'static str, &Watched),
        range: Option<(f64, f64)>,
        marks: &[Mark<'_>],
    ) {
        self.still(view, when, watched);
        let name = format!("{} {when} training", plots::full_name_of(view, &watched.project));
        let Side { stills, statistics, status, .. } = self;
        if let Some(still) = stills.get_mut(&view.id) {
            still.show(ui, place, (view, &data_of(watched, statistics, status)), &name, range, marks);
        }
    }
}

/// A run that is over, as plots take it.
fn data_of<'a>(watched: &'a Watched, statistics: &'a Statistics, status: &'a Status) -> PlotData<'a> {
    PlotData {
        project: &watched.project,
        recordings: &watched.recordings,
        generation: 0,
        status,
        statistics,
        previous_run: false,
        trial: None,
        edited: None,
        past: Vec::new(),
    }
}
