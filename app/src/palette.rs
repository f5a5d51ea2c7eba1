//! The palette: all models by family, to be dragged onto the canvas.

use egui::{
    Button, CollapsingHeader, CursorIcon, Key, Label, RichText, Role, ScrollArea, Sense, TextEdit, TextStyle, Ui,
    WidgetInfo, vec2,
};
use spikeloom_engine::models::{CATALOGUE, Family, Model};

use crate::action::Action;
use crate::model_shape;
use crate::theme::{self, Sign};

/// What is searched for; never saved.
#[derive(Default)]
pub struct PaletteState {
    pub search: String,
}

/// What is dragged from the palette onto the canvas (egui drag-and-drop payload): the model's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DraggedModel(pub &'static str);

/// Families that can be put onto the canvas; synapses come with wires.
const FAMILIES: [Family; 3] = [Family::Neuron, Family::Generator, Family::Recorder];

/// Draws the palette into the space of `ui`.
pub fn show(ui: &mut Ui, state: &mut PaletteState, actions: &mut Vec<Action>) {
    let found = found(&state.search);
    search(ui, state, &found, actions);
    ScrollArea::vertical().id_salt("palette").auto_shrink(false).show(ui, |ui| {
        if found.is_empty() {
            ui.weak(format!("No model matches “{}”", state.search.trim()));
        }
        // A search shows what it finds even in families that are folded.
        let open = (!state.search.trim().is_empty()).then_some(true);
        for family in FAMILIES {
            let models: Vec<_> = found.iter().copied().filter(|m| m.family == family).collect();
            if !models.is_empty() {
                CollapsingHeader::new(RichText::new(family.title()).strong())
                    .default_open(true)
                    .open(open)
                    .show_unindented(ui, |ui| {
                        for model in models {
                            entry(ui, model, actions);
                        }
                    });
            }
        }
    });
    show_dragged(ui);
}

/// The models that fit the text, in the order of the catalogue.
fn found(search: &str) -> Vec<&'static Model> {
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let fits = |model: &Model| {
        let text = format!("{} {} {} {}", model.name, model.title, model.doc, model.family.title()).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    CATALOGUE.iter().copied().filter(|m| FAMILIES.contains(&m.family) && fits(m)).collect()
}

/// The search field; Enter adds the first model found.
fn search(ui: &mut Ui, state: &mut PaletteState, found: &[&'static Model], actions: &mut Vec<Action>) {
    let edit = TextEdit::singleline(&mut state.search).hint_text("Search models").desired_width(f32::INFINITY);
    let response = ui.add(edit).accessible_name("Search models");
    let entered = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    let response = response.on_hover_text("Enter adds the first model found");
    if entered
        && !state.search.trim().is_empty()
        && let Some(model) = found.first()
    {
        actions.push(Action::AddNode(model.name));
        response.request_focus();
    }
}

/// One model: drag it, double-click it, press Enter on it, or its "+".
fn entry(ui: &mut Ui, model: &'static Model, actions: &mut Vec<Action>) {
    let height = ui.text_style_height(&TextStyle::Body) + ui.text_style_height(&TextStyle::Small) + 8.0;
    let size = vec2(ui.available_width(), height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), model.title));
    response.dnd_set_drag_payload(DraggedModel(model.name));
    let response = response.on_hover_cursor(CursorIcon::Grab);
    let visuals = ui.style().interact(&response);
    if response.hovered() || response.has_focus() {
        ui.painter().rect(rect, 4.0, visuals.weak_bg_fill, visuals.bg_stroke, egui::StrokeKind::Inside);
    }
    let contents = rect.shrink2(vec2(4.0, 2.0));
    let mut inside = ui
        .new_child(egui::UiBuilder::new().max_rect(contents).layout(egui::Layout::left_to_right(egui::Align::Center)));
    line(&mut inside, model, actions);
    let entered = response.has_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    if response.double_clicked() || entered {
        actions.push(Action::AddNode(model.name));
    }
    response.on_hover_ui(|ui| hover(ui, model));
}

fn line(ui: &mut Ui, model: &'static Model, actions: &mut Vec<Action>) {
    let (icon, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
    let color = match model.family {
        Family::Neuron => theme::palette_color(0, ui.visuals().dark_mode),
        _ => theme::palette_color(7, ui.visuals().dark_mode),
    };
    model_shape::paint(ui.painter(), icon.shrink(1.0), model.family, Sign::Generic, color);
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        let name = format!("Add {}", model.name);
        let plus = Button::new("+").small().min_size(vec2(18.0, 18.0));
        if ui.add(plus).on_hover_text(format!("Add {} to the canvas", model.title)).accessible_name(name).clicked() {
            actions.push(Action::AddNode(model.name));
        }
        ui.with_layout(egui::Layout::top_down(egui::Align::Min), |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add(Label::new(model.title).truncate().selectable(false).sense(Sense::empty()));
            let name = RichText::new(model.name).monospace().size(10.0).weak();
            ui.add(Label::new(name).truncate().selectable(false).sense(Sense::empty()));
        });
    });
}

fn hover(ui: &mut Ui, model: &Model) {
    ui.set_max_width(280.0);
    ui.label(RichText::new(model.title).strong());
    ui.label(model.doc);
    ui.small("Drag it onto the canvas, or double-click");
}

/// The model under the pointer while it is dragged.
fn show_dragged(ui: &Ui) {
    let Some(dragged) = egui::DragAndDrop::payload::<DraggedModel>(ui.ctx()) else { return };
    let Some(pointer) = ui.ctx().pointer_interact_pos() else { return };
    egui::Area::new(egui::Id::unique("dragged model"))
        .order(egui::Order::Tooltip)
        .interactable(false)
        .fixed_pos(pointer + vec2(12.0, 4.0))
        .show(ui.ctx(), |ui| {
            egui::Frame::popup(ui.style()).show(ui, |ui| ui.label(dragged.0));
        });
}
