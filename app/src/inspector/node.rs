//! One node: name, model, size, looks, then its parameters.

use egui::{Button, CollapsingHeader, Color32, Label, RichText, Sense, Slider, SliderClamping, TextEdit, Ui, vec2};
use spikeloom_engine::live::Written;
use spikeloom_engine::live::files::records_to_file;
use spikeloom_engine::models::{Family, Model};
use spikeloom_engine::portrait::AskedGenerator;
use spikeloom_engine::project::Node;

use super::allowed;
use super::now;
use super::number_field::NumberField;
use super::owner::Owner;
use super::panel::Panel;
use super::parameters;
use super::space;
use super::stimulus;
use super::value_editor::grown;
use crate::action::{Action, Edit};
use crate::model_shape;
use crate::sign::Sign;
use crate::theme;
use crate::{editing, equations, number};

pub const ALLOWED_NUMBER: &str = "Allowed is 1 … 100,000,000";

/// With so much room below, in points, the portrait is unfolded at first.
const ROOMY: f32 = 380.0;

pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node) {
    title(ui, panel, node);
    about_model(ui, node);
    size(ui, panel, node);
    match panel.activity {
        Some(activity) => {
            let text = RichText::new(activity).small();
            ui.add(Label::new(text).wrap()).on_hover_text("Over the whole run so far");
        }
        // The line is kept free, so that nothing moves when the network begins to run.
        None if node.model.is_neuron() => _ = ui.small(" "),
        None => {}
    }
    colors(ui, panel, node);
    space::positions(ui, panel, node);
    portrait(ui, panel, node);
    now::neuron(ui, panel, node);
    ui.separator();
    parameters::show(ui, panel, Owner::Nodes(&[node]));
    files(ui, panel, node);
}

/// Where a recorder writes its file.
fn files(ui: &mut Ui, panel: &Panel<'_, '_>, node: &Node) {
    if !node.model.is_recorder() || !records_to_file(node) {
        return;
    }
    let text = match &panel.status.files {
        Some(Written { trouble: Some(trouble), .. }) => format!("Not written into a file: {}", trouble.message),
        Some(Written { folder: Some(folder), bytes, .. }) => {
            format!("All files of this run: {} in {}", number::bytes(*bytes), folder.display())
        }
        _ => "Each run writes into a new folder beside the project".to_owned(),
    };
    ui.add(Label::new(RichText::new(text).small()).wrap().selectable(true))
        .on_hover_text("The file grows while the network runs; plots show the last seconds");
}

/// Shape, and the name as a text field.
fn title(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node) {
    let key = format!("name of {}", node.id.0);
    let mut text = panel.fields.drafts.get(&key).cloned().unwrap_or_else(|| node.name.clone());
    let response = ui
        .horizontal(|ui| {
            let sign = Sign::of_population(panel.project, node);
            let (rect, _) = ui.allocate_exact_size(vec2(20.0, 26.0), Sense::hover());
            let rect = egui::Rect::from_center_size(rect.center(), vec2(18.0, 18.0));
            let color = theme::node_color(panel.project, node.id, ui.visuals().dark_mode);
            model_shape::paint(ui.painter(), rect.shrink(1.0), node.model.family(), sign, color);
            ui.add(TextEdit::singleline(&mut text).font(egui::TextStyle::Heading).desired_width(f32::INFINITY))
        })
        .inner
        .on_hover_text("Name, unique in this network")
        .accessible_name("Name");
    if response.changed() {
        match name_refusal(panel, node, &text) {
            Some(reason) => panel.fields.refuse(&key, reason),
            None => panel.fields.accept(&key),
        }
        panel.fields.drafts.insert(key.clone(), text.clone());
    }
    if panel.fields.drafts.contains_key(&key) && !response.has_focus() {
        rename(panel, node, &key, text.trim(), ui.input(|i| i.key_pressed(egui::Key::Escape)));
    }
    panel.fields.mark_refusal(ui, &key);
}

fn name_refusal(panel: &Panel<'_, '_>, node: &Node, text: &str) -> Option<String> {
    let name = text.trim();
    if name.is_empty() {
        return Some("A node needs a name".into());
    }
    let taken = panel.project.node_named(name).is_some_and(|other| other.id != node.id);
    taken.then(|| format!("Another node is called “{name}”; try “{}”", panel.project.free_name(name)))
}

fn rename(panel: &mut Panel<'_, '_>, node: &Node, key: &str, name: &str, cancelled: bool) {
    if cancelled || name == node.name {
        panel.fields.drafts.remove(key);
        panel.fields.accept(key);
        return;
    }
    if name_refusal(panel, node, name).is_some() {
        return;
    }
    panel.fields.drafts.remove(key);
    let (id, name) = (node.id, name.to_owned());
    panel.push(Edit::new(format!("Rename {}", node.name), move |project| {
        if let Some(node) = project.node_mut(id) {
            node.name = name;
        }
    }));
}

fn about_model(ui: &mut Ui, node: &Node) {
    let model = node.model;
    ui.add(Label::new(RichText::new(model.title).strong()).wrap());
    ui.add(Label::new(RichText::new(model.name).monospace().weak()).selectable(true));
    ui.add(Label::new(RichText::new(model.doc).small()).wrap());
    about(ui, model);
}

/// The equations of a model, and where it comes from.
pub fn about(ui: &mut Ui, model: &Model) {
    if model.equations.is_empty() && model.reference.is_empty() {
        return;
    }
    CollapsingHeader::new("About this model").id_salt("about model").show_unindented(ui, |ui| {
        equations::show(ui, model.equations);
        if !model.reference.is_empty() {
            ui.add(Label::new(RichText::new(model.reference).small()).wrap().selectable(true));
        }
    });
}

/// What one of its neurons does by itself, or what its devices send, with the parameters that the node has now.
fn portrait(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node) {
    let (model, params) = (node.model, &node.params);
    let resolution = panel.project.simulation.resolution;
    let title = match model.family() {
        Family::Neuron => "Portrait",
        // What it sends stands below, where it is drawn with the mouse; chance may add to it.
        Family::Generator if stimulus::tells_all(node) => return,
        Family::Generator => "What it sends",
        _ => return,
    };
    // In a low window the parameters need the room.
    let room = ui.clip_rect().bottom() - ui.cursor().top();
    CollapsingHeader::new(title).id_salt("portrait").default_open(room > ROOMY).show_unindented(ui, |ui| {
        if model.is_neuron() {
            panel.portraits.show(ui, model, params, resolution);
        } else {
            let asked = AskedGenerator { model, params: params.clone(), n: node.n, resolution };
            panel.portraits.show_generator(ui, asked);
        }
    });
}

fn size(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node) {
    let key = format!("n of {}", node.id.0);
    if node.model.is_recorder() {
        return;
    }
    // What does not fit goes on below, or the panel would grow.
    ui.horizontal_wrapped(|ui| {
        let noun = if node.model.is_neuron() { "neurons" } else { "devices" };
        let answer = NumberField {
            key: &key,
            name: "Number",
            unit: if node.n == 1 { &noun[..noun.len() - 1] } else { noun },
            speed: (node.n as f64 * 0.01).max(0.05),
            whole: true,
            bold: false,
            limits: (1.0, allowed::MOST_NEURONS),
            infinity: "∞",
            zero: "",
            grid: None,
            width: 98.0,
        }
        .show(ui, panel.fields, node.n as f64);
        answer
            .response
            .on_hover_text(format!("Number of {noun}\nDrag to change (Ctrl fine, Shift coarse), click to type"));
        if let Some(n) = answer.set {
            resize(panel, node, &key, n);
        }
        if answer.ended {
            panel.push(Action::EndGesture);
        }
        let sign = match Sign::of_population(panel.project, node) {
            _ if !node.model.is_neuron() => None,
            Sign::Excitatory => Some(("excitatory", "Its spikes raise the potential of its targets")),
            Sign::Inhibitory => Some(("inhibitory", "Its spikes keep its targets from firing")),
            Sign::Generic => None,
        };
        if let Some((text, why)) = sign {
            ui.weak(text).on_hover_text(why);
        }
        turn_sign(ui, panel, node);
    });
    if node.model.is_neuron() {
        size_slider(ui, panel, node, &key);
    }
    panel.fields.mark_refusal(ui, &key);
}

/// Turns all weights of a population that tell whether it excites or inhibits.
fn turn_sign(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node) {
    let project = panel.project;
    let wires = || project.projections.iter().filter(|p| p.from == node.id && editing::has_sign(project, p));
    if !node.model.is_neuron() || wires().next().is_none() {
        return;
    }
    let inhibit = wires().any(|p| p.weight.typical() > 0.0);
    let (text, hint) = match inhibit {
        true => ("Make inhibitory", "Make the weights of all its wires negative"),
        false => ("Make excitatory", "Make the weights of all its wires positive"),
    };
    if ui.small_button(text).on_hover_text(hint).clicked() {
        let turned: Vec<_> =
            wires().filter(|p| (p.weight.typical() > 0.0) == inhibit).map(|p| (p.id, p.weight.negated())).collect();
        panel.push(Edit::new(format!("{text}: {}", node.name), move |project| {
            for (id, weight) in turned {
                if let Some(projection) = project.projection_mut(id) {
                    projection.weight = weight;
                }
            }
        }));
    }
}

/// One neuron to ten thousand by the pointer alone, or as many as there are; the field takes more.
fn size_slider(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node, key: &str) {
    let mut n = node.n as f64;
    let (low, high) = panel.fields.slider_range(key, grown((1.0, 10_000.0), n, (1.0, allowed::MOST_NEURONS), true));
    ui.scope(|ui| {
        ui.spacing_mut().slider_width = ui.available_width() - 12.0;
        let slider =
            Slider::new(&mut n, low..=high).logarithmic(true).show_value(false).clamping(SliderClamping::Never);
        let response = ui.add(slider.trailing_fill(true)).accessible_name("Number slider");
        if response.changed() {
            resize(panel, node, key, two_digits(n));
        }
        panel.fields.hold_slider(key, response.dragged().then_some((low, high)));
        if response.drag_stopped() {
            panel.push(Action::EndGesture);
        }
    });
}

/// Rounded to two digits: 1, 2, … 99, 100, 110, …
fn two_digits(n: f64) -> f64 {
    let unit = 10f64.powf((n.max(1.0).log10().floor() - 1.0).max(0.0));
    (n / unit).round() * unit
}

fn resize(panel: &mut Panel<'_, '_>, node: &Node, key: &str, n: f64) {
    if !(1.0..=allowed::MOST_NEURONS).contains(&n) {
        panel.fields.refuse(key, ALLOWED_NUMBER);
        return;
    }
    panel.fields.accept(key);
    let (id, n) = (node.id, n as usize);
    let edit = Edit::new(format!("Set number of {}", node.name), move |project| {
        if let Some(node) = project.node_mut(id) {
            node.n = n;
        }
    });
    panel.push(edit.merged(format!("n of {}", node.id.0)));
}

fn mute(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node) {
    let mut muted = node.muted;
    if ui.checkbox(&mut muted, "Mute").on_hover_text("Silence it: it sends nothing (M)").changed() {
        let (id, word) = (node.id, if muted { "Mute" } else { "Unmute" });
        panel.push(Edit::new(format!("{word} {}", node.name), move |project| {
            if let Some(node) = project.node_mut(id) {
                node.muted = muted;
            }
        }));
    }
}

/// Names of the palette's colours, in its order.
const COLOR_NAMES: [&str; theme::COLORS as usize] =
    ["blue", "vermilion", "green", "purple", "ochre", "sky blue", "violet", "grey"];

fn colors(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node) {
    let dark = ui.visuals().dark_mode;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 3.0;
        ui.label(RichText::new("Colour").small());
        for (index, name) in (0..theme::COLORS).zip(COLOR_NAMES) {
            let chosen = node.color == Some(index);
            if color_button(ui, theme::palette_color(index, dark), chosen, &format!("Colour {name}")) {
                recolor(panel, node, (!chosen).then_some(index));
            }
        }
        if node.color.is_some() && ui.small_button("Auto").on_hover_text("Let the program choose the colour").clicked()
        {
            recolor(panel, node, None);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| mute(ui, panel, node));
    });
}

fn color_button(ui: &mut Ui, color: Color32, chosen: bool, name: &str) -> bool {
    let mut button = Button::new("").fill(color).min_size(vec2(16.0, 16.0)).corner_radius(8.0).small();
    if chosen {
        button = button.stroke(egui::Stroke::new(2.0, ui.visuals().strong_text_color()));
    }
    ui.add(button).on_hover_text(name).accessible_name(name).clicked()
}

fn recolor(panel: &mut Panel<'_, '_>, node: &Node, color: Option<u8>) {
    let id = node.id;
    panel.push(Edit::new(format!("Colour {}", node.name), move |project| {
        if let Some(node) = project.node_mut(id) {
            node.color = color;
        }
    }));
}
