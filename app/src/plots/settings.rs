//! What a plot shows: its name, recorders, quantity, cells, bins.

use egui::{Checkbox, ComboBox, DragValue, TextEdit, Ui};
use spikeloom_engine::description::Value;
use spikeloom_engine::project::{Node, Project, View, ViewId, ViewKind};

use super::kinds::Kind;
use super::{Pane, PlotData, cells, fitting, name_of, rate, traces};
use crate::action::{Action, Edit};

/// The settings of one plot.
pub fn show(ui: &mut Ui, view: &View, pane: &mut Pane, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    ui.set_min_width(220.0);
    // In a menu numbers would look like plain text.
    let style = ui.ctx().global_style();
    ui.set_style(style);
    title(ui, view, data, actions);
    recorders(ui, view, data, actions);
    (Kind::of(view.kind).settings)(ui, view, pane, data, actions);
}

/// What only rasters and states have.
pub fn of_raster(ui: &mut Ui, view: &View, pane: &mut Pane, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    cell_list(ui, view, pane, data, actions);
}

/// What only traces have.
pub fn of_traces(ui: &mut Ui, view: &View, pane: &mut Pane, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    quantity(ui, view, data, actions);
    cell_list(ui, view, pane, data, actions);
    stacked(ui, view, actions);
}

/// What only rates and weights have.
pub fn of_rate(ui: &mut Ui, view: &View, _: &mut Pane, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    bin(ui, view, data, actions);
}

/// What only correlograms have: the bins of their detectors.
pub fn of_correlogram(ui: &mut Ui, view: &View, _: &mut Pane, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    let detectors: Vec<&Node> = view.sources.iter().filter_map(|id| data.project.node(*id)).collect();
    for detector in &detectors {
        ui.separator();
        if detectors.len() > 1 {
            ui.strong(&detector.name);
        }
        bins(ui, detector, data.project.simulation.resolution, actions);
    }
}

/// Width of a bin and largest lag of a correlation detector. Both on the grid, the lag a whole number of bins.
fn bins(ui: &mut Ui, detector: &Node, resolution: f64, actions: &mut Vec<Action>) {
    let step = rate::least_bin(resolution);
    let (width, most) = (detector.real("delta_tau").max(step), detector.real("tau_max").max(0.0));
    let fields = [
        ("Bin (delta_tau)", "delta_tau", width, step, step..=100.0),
        ("Largest lag (tau_max)", "tau_max", most, width, 0.0..=1000.0 * width),
    ];
    for (label, name, now, unit, range) in fields {
        ui.horizontal(|ui| {
            let label = ui.label(label).on_hover_text("Changing it begins a new count");
            let mut value = now;
            let field = DragValue::new(&mut value).range(range).speed(unit).suffix(" ms").max_decimals(3);
            let field = ui.add(field).labelled_by(label.id);
            let value = whole(value, unit).max(if name == "delta_tau" { unit } else { 0.0 });
            if field.changed() && value != now {
                let (id, key) = (detector.id, format!("{name} of {}", detector.id.0));
                let width = if name == "delta_tau" { value } else { width };
                let most = if name == "tau_max" { value } else { whole(most, width).max(width) };
                let set = move |project: &mut Project| {
                    if let Some(node) = project.node_mut(id) {
                        node.params.insert("delta_tau".into(), Value::Real(width));
                        node.params.insert("tau_max".into(), Value::Real(most));
                    }
                };
                actions.push(Edit::new(format!("Set {name}"), set).merged(key).into());
            }
            if field.drag_stopped() || field.lost_focus() {
                actions.push(Action::EndGesture);
            }
        });
    }
}

/// The nearest multiple, without the noise of its last digits.
fn whole(x: f64, unit: f64) -> f64 {
    ((x / unit).round() * unit * 1e6).round() / 1e6
}

/// An edit of one view.
fn change(id: ViewId, label: &str, edit: impl FnOnce(&mut View) + 'static) -> Edit {
    Edit::new(label, move |project| {
        if let Some(view) = project.view_mut(id) {
            edit(view);
        }
    })
}

fn title(ui: &mut Ui, view: &View, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let label = ui.label("Name");
        let mut title = view.title.clone();
        let edit = TextEdit::singleline(&mut title).desired_width(150.0).hint_text(name_of(view, data.project));
        let field = ui.add(edit).labelled_by(label.id);
        if field.changed() {
            let key = format!("name of view {}", view.id.0);
            actions.push(change(view.id, "Rename plot", |view| view.title = title).merged(key).into());
        }
        if field.lost_focus() {
            actions.push(Action::EndGesture);
        }
    });
}

fn recorders(ui: &mut Ui, view: &View, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    ui.separator();
    let all = fitting(data.project, view.kind);
    if all.is_empty() {
        ui.weak(format!("Needs {}; this network has none", Kind::of(view.kind).needs));
    }
    for id in all {
        let Some(node) = data.project.node(id) else { continue };
        let mut shown = view.sources.contains(&id);
        if ui.add(Checkbox::new(&mut shown, &node.name)).changed() {
            let edit = change(view.id, "Choose recorders", move |view| {
                view.sources.retain(|source| *source != id);
                if shown {
                    view.sources.push(id);
                }
            });
            actions.push(edit.into());
        }
    }
}

fn quantity(ui: &mut Ui, view: &View, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    ui.separator();
    let all = traces::variables(view, data);
    let Some((first, _)) = all.first() else {
        ui.weak("Quantities can be chosen once the run has started");
        return;
    };
    let chosen = all.iter().find(|(name, _)| *name == view.variable).map_or(first, |(name, _)| name);
    ComboBox::from_label("Quantity").selected_text(chosen).show_ui(ui, |ui| {
        for (name, unit) in &all {
            let text = if unit.is_empty() { name.clone() } else { format!("{name} ({unit})") };
            if ui.selectable_label(name == chosen, text).clicked() {
                let name = name.clone();
                actions.push(change(view.id, "Choose quantity", |view| view.variable = name).into());
            }
        }
    });
}

/// The cells shown of each population, as a list and by quick picks.
fn cell_list(ui: &mut Ui, view: &View, pane: &mut Pane, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    ui.separator();
    let mut text = pane.cells_text.clone().unwrap_or_else(|| cells::format(&view.cells));
    ui.horizontal(|ui| {
        let label = ui.label("Cells");
        let hint = if view.kind == ViewKind::Traces { "the first 5" } else { "all" };
        let field = TextEdit::singleline(&mut text).desired_width(150.0).hint_text(hint);
        let field =
            ui.add(field).labelled_by(label.id).on_hover_text("Numbers within each population, such as 0, 3, 7-12");
        if field.changed() {
            if let Ok(cells) = cells::parse(&text) {
                let key = format!("cells of view {}", view.id.0);
                actions.push(change(view.id, "Choose cells", |view| view.cells = cells).merged(key).into());
            }
            pane.cells_text = Some(text.clone());
        }
        if field.lost_focus() {
            pane.cells_text = None;
            actions.push(Action::EndGesture);
        }
    });
    if let Err(problem) = cells::parse(&text) {
        ui.colored_label(ui.visuals().error_fg_color, problem);
    }
    let most = largest_population(view, data);
    let picks: [(&str, Vec<u32>); 3] = match view.kind {
        ViewKind::Traces => [
            ("First 5", Vec::new()),
            ("10 random", cells::scattered(10, most)),
            ("All up to 50", (0..most.min(traces::MOST) as u32).collect()),
        ],
        _ => [
            ("All", Vec::new()),
            ("First 50", (0..most.min(50) as u32).collect()),
            ("50 random", cells::scattered(50, most)),
        ],
    };
    ui.horizontal(|ui| {
        for (text, cells) in picks {
            if ui.button(text).clicked() {
                pane.cells_text = None;
                actions.push(change(view.id, "Choose cells", |view| view.cells = cells).into());
            }
        }
    });
}

/// The size of the largest population that the view's recorders record, or are wired to.
fn largest_population(view: &View, data: &PlotData<'_>) -> usize {
    let wired = data.project.projections.iter().filter_map(|p| {
        let other = if view.sources.contains(&p.from) {
            p.to
        } else if view.sources.contains(&p.to) {
            p.from
        } else {
            return None;
        };
        data.project.node(other).map(|node| node.n)
    });
    wired.max().unwrap_or(0)
}

fn stacked(ui: &mut Ui, view: &View, actions: &mut Vec<Action>) {
    let mut stacked = view.stacked;
    if ui.checkbox(&mut stacked, "Above each other").changed() {
        actions.push(change(view.id, "Stack traces", move |view| view.stacked = stacked).into());
    }
}

fn bin(ui: &mut Ui, view: &View, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    ui.separator();
    ui.horizontal(|ui| {
        let label = ui.label("Bin");
        let mut bin = rate::bin_width(view, data.project.simulation.resolution);
        let least = rate::least_bin(data.project.simulation.resolution);
        let field = DragValue::new(&mut bin).range(least..=1000.0).speed(0.1).suffix(" ms").max_decimals(2);
        let field = ui.add(field).labelled_by(label.id);
        if field.changed() {
            let key = format!("bin of view {}", view.id.0);
            actions.push(change(view.id, "Set bin width", move |view| view.bin = bin).merged(key).into());
        }
        if field.drag_stopped() || field.lost_focus() {
            actions.push(Action::EndGesture);
        }
    });
}
