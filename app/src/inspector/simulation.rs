//! Nothing selected: the whole network and how it is simulated.

use egui::{ComboBox, CursorIcon, Layout, Role, Sense, StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo};
use spikeloom_engine::live::Status;
use spikeloom_engine::models::Signal;
use spikeloom_engine::project::{Place, Problem, Project, Projection, Settings, Severity, validate};

use super::knobs;
use super::number_field::NumberField;
use super::panel::Panel;
use crate::action::{Action, Edit};
use crate::sampling::follow_resolution;
use crate::{editing, markdown, number};

/// More threads than any machine has.
const MOST_THREADS: f64 = 1024.0;

pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>) {
    title_and_about(ui, panel);
    knobs::show(ui, panel);
    ui.separator();
    panel.section(ui, "Simulation");
    settings(ui, panel);
    ui.separator();
    panel.section(ui, "Network");
    totals(ui, panel.project, panel.status);
}

fn title_and_about(ui: &mut Ui, panel: &mut Panel<'_, '_>) {
    let mut title = panel.project.title.clone();
    let edit = TextEdit::singleline(&mut title)
        .font(egui::TextStyle::Heading)
        .hint_text("Title of the network")
        .desired_width(f32::INFINITY);
    let response = ui.add(edit).accessible_name("Title");
    if response.changed() {
        panel.push(Edit::new("Set title", move |project| project.title = title).merged("title"));
    }
    let written = about(ui, panel);
    if response.lost_focus() || written {
        panel.push(Action::EndGesture);
    }
}

/// The description: drawn, and a text field while it is written. Says whether writing has ended.
fn about(ui: &mut Ui, panel: &mut Panel<'_, '_>) -> bool {
    let id = ui.scope_id().with("description");
    // Writing has been asked for.
    let wanted = ui.data(|data| data.get_temp::<()>(id).is_some());
    let writing = ui.memory(|memory| memory.has_focus(id.with("field")));
    if !(wanted || writing || panel.project.about.trim().is_empty()) {
        let drawn = ui.scope_builder(UiBuilder::new().scope_id(id.with("drawn")).sense(Sense::click()), |ui| {
            markdown::show(ui, &panel.project.about);
        });
        let response = drawn.response.on_hover_cursor(CursorIcon::Text);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Edit description"));
        if response.has_focus() || response.hovered() {
            let stroke = ui.visuals().selection.stroke;
            ui.painter().rect_stroke(response.rect.expand(3.0), 4.0, stroke, StrokeKind::Outside);
        }
        if response.clicked() {
            ui.data_mut(|data| data.insert_temp(id, ()));
            ui.ctx().request_repaint();
        }
        return false;
    }
    let mut about = panel.project.about.clone();
    let edit = TextEdit::multiline(&mut about)
        .id(id.with("field"))
        .hint_text("What this network shows, in a few sentences (Markdown)")
        .desired_rows(3)
        .desired_width(f32::INFINITY);
    let text = ui.add(edit).accessible_name("Description");
    if wanted {
        text.request_focus();
        ui.data_mut(|data| data.remove_temp::<()>(id));
    }
    if text.changed() {
        panel.push(Edit::new("Set description", move |project| project.about = about).merged("about"));
    }
    text.lost_focus()
}

/// One number of the settings.
struct Setting {
    name: &'static str,
    unit: &'static str,
    doc: &'static str,
    /// What is allowed, in words.
    range: &'static str,
    speed: f64,
    whole: bool,
    limits: (f64, f64),
    /// What zero is called, if it means something else than a number.
    zero: &'static str,
    set: fn(&mut Settings, f64),
}

fn settings(ui: &mut Ui, panel: &mut Panel<'_, '_>) {
    let now = panel.project.simulation.clone();
    row(
        ui,
        panel,
        now.resolution,
        &Setting {
            name: "Time step",
            unit: "ms",
            doc: "Resolution of the simulation; delays are multiples of it",
            range: "more than 0, up to 100 ms",
            speed: 0.005,
            whole: false,
            limits: (0.001, 100.0),
            zero: "",
            set: |s, x| s.resolution = x,
        },
    );
    row(
        ui,
        panel,
        now.duration,
        &Setting {
            name: "Duration",
            unit: "ms",
            doc: "How long a run to the end lasts",
            range: "more than 0 and finite",
            speed: (now.duration.abs() * 0.005).max(0.1),
            whole: false,
            limits: (0.1, 1e12),
            zero: "",
            set: |s, x| s.duration = x,
        },
    );
    seed(ui, panel, now.seed);
    row(
        ui,
        panel,
        now.threads as f64,
        &Setting {
            name: "Threads",
            unit: "",
            doc: "Processors used; results do not depend on it. 0 lets the program choose",
            range: "a whole number up to 1024, 0 for automatic",
            speed: 0.05,
            whole: true,
            limits: (0.0, MOST_THREADS),
            zero: "automatic",
            set: |s, x| s.threads = x as usize,
        },
    );
    relaxation(ui, panel, &now);
}

/// How signals without delay reach each other; of no concern to a network that has none.
fn relaxation(ui: &mut Ui, panel: &mut Panel<'_, '_>, now: &Settings) {
    let has_zero_lag = |p: &&Projection| p.synapse.carries().is_some() && p.synapse.parameter("delay").is_none();
    let zero_lag: Vec<&Projection> = panel.project.projections.iter().filter(has_zero_lag).collect();
    if zero_lag.is_empty() {
        return;
    }
    let mut on = now.use_wfr;
    let doc = "use_wfr: gap junctions and rates without delay act within the same step.\n\
               Otherwise a step sees what was shown in the step before: faster, less exact";
    if ui.checkbox(&mut on, "Signals act within a step").on_hover_text(doc).changed() {
        panel.push(Edit::new("Set use_wfr", move |p| p.simulation.use_wfr = on));
    }
    if !now.use_wfr {
        return;
    }
    let has_gap_junctions = zero_lag.iter().any(|p| p.synapse.carries() == Some(Signal::Potential));
    iteration(ui, panel, now);
    if !has_gap_junctions {
        return;
    }
    let doc = "wfr_interpolation_order: how a neuron sees its partner's potential between two steps";
    ui.horizontal(|ui| {
        let label = ui.label("Gap junctions see").on_hover_text(doc);
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            let orders = [(0, "constants"), (1, "straight lines"), (3, "cubic curves")];
            let shown = orders.iter().find(|(order, _)| *order == now.wfr_interpolation_order).map_or("", |o| o.1);
            let combo = ComboBox::from_id_salt("interpolation").selected_text(shown).width(110.0);
            let combo = combo.show_ui(ui, |ui| {
                for (order, name) in orders {
                    if ui.selectable_label(order == now.wfr_interpolation_order, name).clicked() {
                        let change = move |p: &mut Project| p.simulation.wfr_interpolation_order = order;
                        panel.push(Edit::new("Set wfr_interpolation_order", change));
                    }
                }
            });
            combo.response.labelled_by(label.id).on_hover_text(doc);
        });
    });
}

/// Whether these signals are exchanged in every step, or iterated as distributed simulators do.
fn iteration(ui: &mut Ui, panel: &mut Panel<'_, '_>, now: &Settings) {
    row(
        ui,
        panel,
        now.wfr_tol,
        &Setting {
            name: "Tolerance",
            unit: "",
            doc: "wfr_tol: 0 exchanges signals in every step, which is exact. Otherwise they are iterated slice by \
                  slice, as distributed simulators do, until no value changes by more",
            range: "0 (exact) or more, such as 0.0001",
            speed: 0.02 * now.wfr_tol.clamp(1e-4, 1.0),
            whole: false,
            limits: (0.0, 1000.0),
            zero: "exact",
            set: |s, x| s.wfr_tol = x,
        },
    );
    if now.wfr_tol == 0.0 {
        return;
    }
    row(
        ui,
        panel,
        f64::from(now.wfr_max_iterations),
        &Setting {
            name: "Iterations",
            unit: "",
            doc: "wfr_max_iterations: rounds of a slice at most, also if the tolerance is not met",
            range: "a whole number from 1 to 10000",
            speed: 0.05,
            whole: true,
            limits: (1.0, 10_000.0),
            zero: "",
            set: |s, x| s.wfr_max_iterations = x as u32,
        },
    );
}

fn row(ui: &mut Ui, panel: &mut Panel<'_, '_>, x: f64, setting: &Setting) {
    let answer = ui
        .horizontal(|ui| {
            ui.label(setting.name).on_hover_text(setting.doc);
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                let field = NumberField {
                    key: setting.name,
                    name: setting.name,
                    unit: setting.unit,
                    speed: setting.speed,
                    whole: setting.whole,
                    bold: false,
                    limits: setting.limits,
                    infinity: "∞",
                    zero: setting.zero,
                    grid: None,
                    width: 110.0,
                };
                field.show(ui, panel.fields, x)
            })
            .inner
        })
        .inner;
    answer.response.on_hover_text(format!("{}\nAllowed: {}", setting.doc, setting.range));
    if let Some(new) = answer.set {
        take(panel, setting, new);
    }
    if answer.ended {
        panel.push(Action::EndGesture);
    }
    panel.fields.mark_refusal(ui, setting.name);
}

/// Sets a number if it is in its range and brings no new problem of the simulation.
fn take(panel: &mut Panel<'_, '_>, setting: &Setting, new: f64) {
    let (low, high) = setting.limits;
    // Dragging keeps to sensible numbers; typing may go below, but not to zero unless that has a meaning.
    let positive = (f64::MIN_POSITIVE..=high).contains(&new);
    if !(positive || low <= 0.0 && new == 0.0) {
        let shown = number::with_unit(new, setting.unit);
        panel.fields.refuse(setting.name, format!("{shown}: allowed is {}", setting.range));
        return;
    }
    if let Some(reason) = objection(panel.project, setting, new) {
        panel.fields.refuse(setting.name, reason);
        return;
    }
    panel.fields.accept(setting.name);
    let set = setting.set;
    let edit = Edit::new(format!("Set {}", setting.name.to_lowercase()), move |p| {
        let before = p.simulation.resolution;
        set(&mut p.simulation, new);
        follow_resolution(p, before);
    });
    panel.push(edit.merged(setting.name));
}

/// What validation says against the new number that it does not already say.
fn objection(project: &Project, setting: &Setting, new: f64) -> Option<String> {
    let errors = |p: &Project| -> Vec<Problem> {
        let all = validate(p);
        all.into_iter().filter(|p| p.severity == Severity::Error && p.place == Place::Simulation).collect()
    };
    // Settings can be judged without the nodes.
    let bare = Project { simulation: project.simulation.clone(), ..Default::default() };
    let before = errors(&bare);
    let mut trial = bare;
    (setting.set)(&mut trial.simulation, new);
    errors(&trial).into_iter().find(|p| !before.contains(p)).map(|p| p.message)
}

/// A whole number of up to 64 bits: typed as text, as an `f64` cannot hold it.
fn seed(ui: &mut Ui, panel: &mut Panel<'_, '_>, seed: u64) {
    const KEY: &str = "seed";
    let mut text = panel.fields.drafts.get(KEY).cloned().unwrap_or_else(|| seed.to_string());
    ui.horizontal(|ui| {
        ui.label("Seed").on_hover_text("Start of all random numbers; the same seed gives the same run");
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            if ui.small_button("New").on_hover_text("New seed").accessible_name("New seed").clicked() {
                panel.fields.drafts.remove(KEY);
                panel.fields.accept(KEY);
                panel.push(editing::new_seed(panel.project));
            }
            let edit = TextEdit::singleline(&mut text).desired_width(90.0).align(egui::Align2::RIGHT_CENTER);
            let response = ui.add(edit).accessible_name("Seed");
            if response.changed() {
                panel.fields.drafts.insert(KEY.into(), text.clone());
            }
            if panel.fields.drafts.contains_key(KEY) && !response.has_focus() {
                match text.trim().parse::<u64>() {
                    Ok(new) => {
                        panel.fields.drafts.remove(KEY);
                        panel.fields.accept(KEY);
                        if new != seed {
                            set_seed(panel, new);
                        }
                    }
                    Err(_) => {
                        let most = number::count(u64::MAX);
                        panel.fields.refuse(KEY, format!("“{}”: allowed is a whole number 0 … {most}", text.trim()));
                    }
                }
            }
        });
    });
    panel.fields.mark_refusal(ui, KEY);
}

fn set_seed(panel: &mut Panel<'_, '_>, seed: u64) {
    panel.push(Edit::new("Set seed", move |project| project.simulation.seed = seed));
}

fn totals(ui: &mut Ui, project: &Project, status: &Status) {
    let sizes = project.nodes.iter().filter(|n| n.model.is_neuron()).map(|n| n.n as u64);
    let neurons = sizes.fold(0, u64::saturating_add);
    let expected: f64 = project.projections.iter().map(|p| project.expected_synapses(p)).sum();
    let random = project.projections.iter().any(|p| p.rule.has_random_number());
    let about = if random { "≈ " } else { "" };
    let mut lines = vec![
        ("Neurons in all populations", number::count(neurons), ""),
        (
            "Synapses of all projections",
            format!("{about}{}", number::count(expected.round() as u64)),
            "What the rules of all wires ask for, those of generators and recorders too",
        ),
    ];
    if status.synapses > 0 {
        let hint = "Synapses that were built. Generators that reach all neurons alike, and recorders, need none";
        lines.push(("… of them in memory", number::count(status.synapses), hint));
    }
    lines.push(("Nodes", number::count(project.nodes.len() as u64), "Populations, generators and recorders"));
    lines.push(("Projections", number::count(project.projections.len() as u64), "Wires between nodes"));
    if status.memory > 0 {
        lines.push(("Memory of the network", number::bytes(status.memory), "Recordings are not counted"));
    }
    for (name, value, hint) in lines {
        ui.horizontal(|ui| {
            ui.label(name).on_hover_text(if hint.is_empty() { name } else { hint });
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| ui.label(value));
        });
    }
}
