//! The palette: favourites, then all models by family, what a course needs first before the others, to be dragged onto
//! the canvas.

mod sections;

use egui::{
    Button, CollapsingHeader, CursorIcon, Id, Key, Rect, RichText, Role, ScrollArea, Sense, TextEdit, TextStyle, Ui,
    WidgetInfo, pos2, vec2,
};
use spikeloom_engine::models::{BASICS, CATALOGUE, Family, Model};
use spikeloom_engine::portrait::{Asked, AskedGenerator};

use crate::action::Action;
use crate::favourites::{Favourites, is_basic};
use crate::model_search::find_models;
use crate::model_shape;
use crate::portrait::Portraits;
use crate::sign::Sign;
use crate::theme::{self, Icon, icon};

/// What is searched for; never saved.
#[derive(Default)]
pub struct PaletteState {
    pub search: String,
    portraits: Portraits,
}

/// What is dragged from the palette onto the canvas (egui drag-and-drop payload): the model's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DraggedModel(pub &'static str);

/// Families that can be put onto the canvas; synapses come with wires.
const FAMILIES: [Family; 3] = [Family::Neuron, Family::Generator, Family::Recorder];

/// Draws the palette into the space of `ui`.
pub fn show(ui: &mut Ui, state: &mut PaletteState, favourites: &Favourites, actions: &mut Vec<Action>) {
    let searching = !state.search.trim().is_empty();
    let found = if searching { find_models(&state.search, FAMILIES, favourites, |_| true) } else { Vec::new() };
    search(ui, state, &found, actions);
    let mut entries = Entries { portraits: &mut state.portraits, favourites, actions };
    ScrollArea::vertical().id_salt("palette").auto_shrink(false).show(ui, |ui| {
        if !searching {
            return all(ui, &mut entries);
        }
        if found.is_empty() {
            ui.weak(format!("No model matches “{}”", state.search.trim()));
        }
        for models in found.chunk_by(|a, b| a.family() == b.family()) {
            let Some(family) = models.first().map(|m| m.family()) else { continue };
            // A search shows what it finds even in families that are folded, best first.
            heading(family.title()).open(Some(true)).show_unindented(ui, |ui| entries.show(ui, models));
        }
    });
    show_dragged(ui);
}

/// What the user reaches for, then all families.
fn all(ui: &mut Ui, entries: &mut Entries<'_>) {
    let favourites = entries.favourites;
    for (title, models) in [("Starred", favourites.starred()), ("Used lately", favourites.lately())] {
        if !models.is_empty() {
            heading(title).show_unindented(ui, |ui| entries.show(ui, &models));
        }
    }
    for family in FAMILIES {
        heading(family.title()).show_unindented(ui, |ui| of_family(ui, family, entries));
    }
}

fn heading(title: &str) -> CollapsingHeader {
    CollapsingHeader::new(RichText::new(title).strong()).default_open(true)
}

/// What a course needs first, and the others one click away.
fn of_family(ui: &mut Ui, family: Family, entries: &mut Entries<'_>) {
    let basic: Vec<_> = BASICS.iter().copied().filter(|m| m.family() == family).collect();
    let others: Vec<_> = CATALOGUE.iter().copied().filter(|m| m.family() == family && !is_basic(m)).collect();
    entries.show(ui, &basic);
    let title = format!("{} more {}", others.len(), family.title().to_lowercase());
    CollapsingHeader::new(RichText::new(title).small()).id_salt(("more", family.title())).show_unindented(ui, |ui| {
        for (title, models) in sections::of(family, &others) {
            if title.is_empty() {
                entries.show(ui, &models);
            } else {
                let section = CollapsingHeader::new(RichText::new(title).small()).id_salt(title);
                section.show(ui, |ui| entries.show(ui, &models));
            }
        }
    });
}

/// The search field; Enter adds the first of the models found.
fn search(ui: &mut Ui, state: &mut PaletteState, found: &[&'static Model], actions: &mut Vec<Action>) {
    let edit = TextEdit::singleline(&mut state.search).hint_text("Search models").desired_width(f32::INFINITY);
    let response = ui.add(edit).accessible_name("Search models");
    let entered = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    let response = response.on_hover_text("Enter adds the first model found");
    if entered && let Some(model) = found.first() {
        actions.push(Action::AddNode(model.name));
        response.request_focus();
    }
}

/// Width of the shape and of the "+" beside the text of an entry.
const ICON: f32 = 16.0;
const PLUS: f32 = 20.0;

/// What entries show and do.
struct Entries<'a> {
    portraits: &'a mut Portraits,
    favourites: &'a Favourites,
    actions: &'a mut Vec<Action>,
}

impl Entries<'_> {
    fn show(&mut self, ui: &mut Ui, models: &[&'static Model]) {
        models.iter().for_each(|model| self.entry(ui, model));
    }

    /// One model: drag it, double-click it, press Enter on it, or its "+".
    fn entry(&mut self, ui: &mut Ui, model: &'static Model) {
        let gap = 6.0;
        let width = ui.available_width();
        let text_width = (width - ICON - PLUS - 4.0 * gap).max(40.0);
        let font = |style: TextStyle| style.resolve(ui.style());
        let title =
            ui.painter().layout(model.title.into(), font(TextStyle::Body), ui.visuals().text_color(), text_width);
        let small = egui::FontId::new(10.5, egui::FontFamily::Monospace);
        // Long names go on below, behind an underscore.
        let name = ui.painter().layout(model.name.into(), small, ui.visuals().weak_text_color(), text_width);
        let height = title.size().y + name.size().y + gap;
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::ListItem, ui.is_enabled(), model.title));
        response.dnd_set_drag_payload(DraggedModel(model.name));
        let response = response.on_hover_cursor(CursorIcon::Grab);
        let lit = response.contains_pointer() || response.has_focus();
        if lit {
            let visuals = ui.style().interact(&response);
            ui.painter().rect(rect, 4.0, visuals.weak_bg_fill, visuals.bg_stroke, egui::StrokeKind::Inside);
        }
        let column = rect.left() + gap + 0.5 * ICON;
        let shape = Rect::from_center_size(pos2(column, rect.top() + 0.5 * gap + 8.0), vec2(14.0, 14.0));
        let dark = ui.visuals().dark_mode;
        let color = theme::palette_color(if model.is_neuron() { 0 } else { 7 }, dark);
        model_shape::paint(ui.painter(), shape, model.family(), Sign::Generic, color);
        let text = pos2(shape.right() + gap + 1.0, rect.top() + 0.5 * gap);
        let below = text + vec2(0.0, title.size().y);
        ui.painter().galley(text, title, ui.visuals().text_color());
        ui.painter().galley(below, name, ui.visuals().weak_text_color());
        let star = Rect::from_center_size(pos2(column, rect.bottom() - 10.0), vec2(16.0, 16.0));
        if star_button(ui, response.id, star, model, self.favourites.is_starred(model), lit) {
            self.actions.push(Action::ToggleStar(model.name));
        }
        let plus = Rect::from_center_size(pos2(rect.right() - 0.5 * PLUS - 2.0, rect.center().y), vec2(PLUS, PLUS));
        let entered = response.has_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        if add_button(ui, plus, model) || response.double_clicked() || entered {
            self.actions.push(Action::AddNode(model.name));
        }
        response.on_hover_ui(|ui| {
            introduce(ui, model, self.portraits);
            ui.small("Drag it onto the canvas, or double-click");
        });
    }
}

/// A star below the shape: seen where it is set, and where the pointer is. Says whether it was clicked.
fn star_button(ui: &mut Ui, id: Id, rect: Rect, model: &Model, set: bool, lit: bool) -> bool {
    let response = ui.interact(rect, id.with("star"), Sense::CLICK);
    let name = format!("{} {}", if set { "Unstar" } else { "Star" }, model.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
    if set || lit {
        let color = match (set, response.hovered()) {
            (_, true) => ui.visuals().strong_text_color(),
            (true, false) => theme::palette_color(1, ui.visuals().dark_mode),
            (false, false) => ui.visuals().weak_text_color(),
        };
        icon::paint(ui.painter(), rect.shrink(2.0), if set { Icon::Starred } else { Icon::Star }, color);
    }
    response.on_hover_text(if set { "Take it off the top" } else { "Keep it on top of the palette" }).clicked()
}

fn add_button(ui: &mut Ui, rect: Rect, model: &Model) -> bool {
    let button = Button::new("+").small().min_size(rect.size());
    // A child, so that the entries below do not move.
    let centred = egui::Layout::centered_and_justified(egui::Direction::TopDown);
    let mut place = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(centred));
    place.spacing_mut().button_padding = vec2(0.0, 0.0);
    let response = place.add(button).on_hover_text(format!("Add {} to the canvas", model.title));
    response.accessible_name(format!("Add {}", model.name)).clicked()
}

/// What a model is, with its portrait.
pub fn introduce(ui: &mut Ui, model: &'static Model, portraits: &mut Portraits) {
    ui.set_max_width(280.0);
    ui.label(RichText::new(model.title).strong());
    ui.label(model.doc);
    if model.is_neuron() {
        let Asked { params, resolution, .. } = Asked::new(model);
        portraits.show(ui, model, &params, resolution);
    } else if model.is_generator() {
        portraits.show_generator(ui, AskedGenerator::new(model));
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    #[derive(Default)]
    struct Desk {
        state: PaletteState,
        favourites: Favourites,
        added: Vec<&'static str>,
    }

    fn desk() -> Harness<'static, Desk> {
        let ui = |ui: &mut Ui, desk: &mut Desk| {
            let mut actions = Vec::new();
            show(ui, &mut desk.state, &desk.favourites, &mut actions);
            for action in actions {
                match action {
                    Action::AddNode(name) => desk.added.push(name),
                    Action::ToggleStar(name) => desk.favourites.toggle_star(name),
                    _ => {}
                }
            }
        };
        let mut harness =
            Harness::builder().with_size([200.0, 900.0]).with_step_dt(1.0 / 60.0).build_ui_state(ui, Desk::default());
        harness.run();
        harness
    }

    #[test]
    fn every_model_but_synapses_can_be_added_by_its_button() {
        let mut harness = desk();
        for model in CATALOGUE.iter().filter(|m| m.family() != Family::Synapse) {
            harness.state_mut().state.search = model.name.into();
            harness.run();
            harness.get_by_label(&format!("Add {}", model.name)).click_accesskit();
            harness.run();
            assert_eq!(harness.state().added.last(), Some(&model.name));
        }
        assert!(harness.query_by_label("Add static_synapse").is_none());
    }

    /// Without a search the list is short: what a course needs first, and the rest one click away.
    #[test]
    fn basic_models_are_on_top_and_the_others_one_click_away() {
        let mut harness = desk();
        for model in BASICS {
            harness.get_by_label(&format!("Add {}", model.name));
        }
        assert!(harness.query_by_label("Add glif_psc").is_none());
        assert!(harness.query_by_label("Add correlation_detector").is_none());
        let more = CATALOGUE.iter().filter(|m| m.family() == Family::Recorder && !is_basic(m)).count();
        harness.get_by_label(&format!("{more} more recorders")).click_accesskit();
        harness.run();
        harness.get_by_label("Add correlation_detector");
    }

    #[test]
    fn a_star_brings_a_model_to_the_top_and_takes_it_back() {
        let mut harness = desk();
        harness.state_mut().state.search = "glif_cond".into();
        harness.run();
        harness.get_by_label("Star glif_cond").click_accesskit();
        harness.run();
        harness.state_mut().state.search.clear();
        harness.run();
        harness.get_by_label("Starred");
        harness.get_by_label("Add glif_cond");
        harness.get_by_label("Unstar glif_cond").click_accesskit();
        harness.run();
        assert!(harness.query_by_label("Add glif_cond").is_none());
        assert!(harness.query_by_label("Starred").is_none());
    }

    #[test]
    fn long_names_of_models_are_written_whole() {
        let mut harness = desk();
        let height = |harness: &mut Harness<'static, Desk>, search: &str, title: &str| {
            harness.state_mut().state.search = search.into();
            harness.run();
            harness.get_by_label(title).rect().height()
        };
        let short = height(&mut harness, "parrot_neuron", "Parrot");
        let model = spikeloom_engine::models::find("iaf_psc_alpha_multisynapse").expect("in the catalogue");
        let long = height(&mut harness, model.name, model.title);
        assert!(long > short + 8.0, "{long} is not a line more than {short}");
    }

    #[test]
    fn the_search_filters_and_enter_adds_the_first() {
        let mut harness = desk();
        harness.get_by_label("Search models").focus();
        harness.run();
        harness.get_by_label("Search models").type_text("generator listed");
        harness.run();
        assert!(harness.query_by_label("Add iaf_psc_alpha").is_none());
        assert!(harness.query_by_label("Add poisson_generator").is_none());
        harness.key_press(Key::Enter);
        harness.run();
        assert_eq!(harness.state().added, ["spike_generator"]);
        harness.state_mut().state.search = "no such thing".into();
        harness.run();
        harness.get_by_label("No model matches “no such thing”");
    }

    #[test]
    fn an_entry_is_added_by_enter_and_by_double_click() {
        let mut harness = desk();
        harness.state_mut().state.search = "izhikevich".into();
        harness.run();
        harness.get_by_label("Izhikevich neuron").focus();
        harness.run();
        harness.key_press(Key::Enter);
        harness.run();
        harness.state_mut().state.search = "parrot".into();
        harness.run();
        harness.get_by_label("Parrot").click();
        harness.get_by_label("Parrot").click();
        harness.run();
        assert_eq!(harness.state().added, ["izhikevich", "parrot_neuron"]);
    }

    #[test]
    fn a_dragged_entry_carries_its_model() {
        let mut harness = desk();
        harness.state_mut().state.search = "parrot".into();
        harness.run();
        let entry = harness.get_by_label("Parrot").rect().left_center() + vec2(30.0, 0.0);
        harness.drag_at(entry);
        harness.run();
        harness.hover_at(entry + vec2(60.0, 40.0));
        harness.run();
        let payload = egui::DragAndDrop::payload::<DraggedModel>(&harness.ctx);
        assert_eq!(payload.as_deref(), Some(&DraggedModel("parrot_neuron")));
    }
}
