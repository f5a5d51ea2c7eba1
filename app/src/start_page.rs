//! The start page: examples with pictures, recent files, new and open.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use egui::text::{LayoutJob, TextWrapping};
use egui::{
    Align, Button, Color32, ColorImage, CornerRadius, FontId, Image, Label, Layout, Rect, Response, RichText, Role,
    ScrollArea, Sense, Stroke, TextEdit, TextureHandle, TextureOptions, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use crate::action::Action;
use crate::command::Command;
use crate::examples::{self, Example, Told};
use crate::markdown;

/// The size of a card, at least, and the space between cards.
const CARD: Vec2 = vec2(232.0, 246.0);
const GAP: f32 = 12.0;
/// Height of its picture.
const PICTURE_HEIGHT: f32 = 130.0;

/// What is searched for, and the pictures of the gallery, once decoded.
#[derive(Default)]
pub struct StartPage {
    search: String,
    pictures: HashMap<&'static str, Option<TextureHandle>>,
}

/// Draws the page. `network` if there is a network to go back to; says whether the user wants to.
pub fn show(ui: &mut Ui, state: &mut StartPage, recent: &[PathBuf], network: bool, actions: &mut Vec<Action>) -> bool {
    let mut back = false;
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        let width = (ui.available_width() - 40.0).min(1080.0);
        let margin = (ui.available_width() - width) * 0.5;
        ui.add_space(20.0);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(margin);
            ui.vertical(|ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing.x = 8.0;
                back = header(ui, network, actions);
                ui.add_space(14.0);
                columns(ui, state, recent, actions);
            });
        });
    });
    back
}

/// The gallery, and beside it the recent files, if there are any.
fn columns(ui: &mut Ui, state: &mut StartPage, recent: &[PathBuf], actions: &mut Vec<Action>) {
    let (list, gap) = if recent.is_empty() { (0.0, 0.0) } else { (220.0, 20.0) };
    let gallery = (ui.available_width() - list - gap).max(CARD.x);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.vertical(|ui| {
            ui.set_width(gallery);
            show_gallery(ui, state, actions);
        });
        if !recent.is_empty() {
            ui.add_space(gap);
            ui.vertical(|ui| {
                ui.set_width(list);
                show_recent(ui, recent, actions);
            });
        }
    });
}

fn header(ui: &mut Ui, network: bool, actions: &mut Vec<Action>) -> bool {
    let mut back = false;
    ui.label(RichText::new("Spikeloom").family(crate::theme::semibold()).size(28.0));
    ui.label(RichText::new("Draw spiking neural networks and watch them live").weak().size(14.0));
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        for (command, name) in [(Command::New, "New network"), (Command::Open, "Open…")] {
            let button = Button::new(name).min_size(vec2(110.0, 30.0));
            if ui.add(button).on_hover_text(command.text().1).clicked() {
                actions.push(Action::Command(command));
            }
        }
        if network {
            back = ui.add(Button::new("Back to the network").min_size(vec2(110.0, 30.0))).clicked();
        }
    });
    back
}

fn show_gallery(ui: &mut Ui, state: &mut StartPage, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.heading("Examples");
        ui.add_space(12.0);
        let edit = TextEdit::singleline(&mut state.search).hint_text("Search examples").desired_width(180.0);
        ui.add(edit).accessible_name("Search examples");
    });
    ui.label(RichText::new("One click opens and runs").weak());
    let found = examples::find_all(&state.search);
    if found.is_empty() {
        ui.add_space(6.0);
        ui.weak(format!("No example is about “{}”", state.search.trim()));
    }
    let size = card_size(ui.available_width());
    for (section, examples) in found {
        ui.add_space(10.0);
        ui.label(RichText::new(section.title()).strong().size(15.0));
        ui.add_space(2.0);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(GAP);
            for Told { example, title, about } in examples {
                if card(ui, state, size, example, title, about).clicked() {
                    actions.push(Action::OpenExample(example.file.to_owned()));
                }
            }
        });
    }
}

/// As many cards as fit beside each other share the whole width; their pictures keep their shape.
fn card_size(width: f32) -> Vec2 {
    let beside = ((width + GAP) / (CARD.x + GAP)).floor().max(1.0);
    let width = ((width + GAP) / beside - GAP).floor().max(CARD.x);
    vec2(width, CARD.y - PICTURE_HEIGHT + picture_height(width))
}

fn picture_height(width: f32) -> f32 {
    (width * PICTURE_HEIGHT / CARD.x).round()
}

fn card(ui: &mut Ui, state: &mut StartPage, size: Vec2, example: &Example, title: &str, about: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, title));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let lit = response.hovered() || response.has_focus();
    let visuals = ui.visuals();
    let stroke = if lit { visuals.selection.stroke } else { visuals.window_stroke };
    ui.painter().rect(rect, CornerRadius::same(8), visuals.window_fill, stroke, egui::StrokeKind::Inside);
    let picture = Rect::from_min_size(rect.min, vec2(rect.width(), picture_height(rect.width()))).shrink(1.0);
    show_picture(ui, state, example, picture);
    let text = Rect::from_min_max(pos2(rect.left(), picture.bottom()), rect.max).shrink2(vec2(12.0, 9.0));
    let mut inner = ui.new_child(UiBuilder::new().max_rect(text).layout(Layout::top_down(Align::LEFT)));
    inner.set_clip_rect(text.intersect(ui.clip_rect()));
    inner.add(Label::new(RichText::new(title).strong().size(14.0)).truncate());
    let mut job =
        LayoutJob::simple(markdown::plain(about), FontId::proportional(12.0), ui.visuals().weak_text_color(), 0.0);
    job.wrap = TextWrapping { max_width: text.width(), max_rows: 4, ..TextWrapping::default() };
    inner.add(Label::new(job));
    response.on_hover_text(markdown::plain(about))
}

fn show_picture(ui: &mut Ui, state: &mut StartPage, example: &Example, rect: Rect) {
    let rounding = CornerRadius { nw: 7, ne: 7, sw: 0, se: 0 };
    let texture = state.pictures.entry(example.file).or_insert_with(|| load(ui, example));
    match texture {
        Some(texture) => {
            let shape = texture.size_vec2();
            let uv = crop(shape, rect.size());
            Image::from_texture(&*texture).uv(uv).corner_radius(rounding).paint_at(ui, rect);
        }
        None => {
            ui.painter().rect_filled(rect, rounding, ui.visuals().faint_bg_color);
            sketch(ui, rect);
        }
    }
}

/// The middle part of a picture that has the shape of `frame`.
fn crop(picture: Vec2, frame: Vec2) -> Rect {
    let scale = (frame.x / picture.x).max(frame.y / picture.y);
    let shown = vec2(frame.x / (picture.x * scale), frame.y / (picture.y * scale));
    Rect::from_center_size(pos2(0.5, 0.5), shown)
}

fn load(ui: &Ui, example: &Example) -> Option<TextureHandle> {
    let decoded = image::load_from_memory_with_format(example.picture?, image::ImageFormat::Png).ok()?.to_rgba8();
    let size = [decoded.width() as usize, decoded.height() as usize];
    let pixels = ColorImage::from_rgba_unmultiplied(size, decoded.as_raw());
    Some(ui.ctx().load_texture(example.file, pixels, TextureOptions::LINEAR))
}

/// A little network for examples without a picture.
fn sketch(ui: &Ui, rect: Rect) {
    let color: Color32 = ui.visuals().weak_text_color();
    let (a, b) = (rect.center() - vec2(38.0, 0.0), rect.center() + vec2(38.0, 0.0));
    ui.painter().line_segment([a, b], Stroke::new(1.5, color));
    ui.painter().circle(a, 15.0, ui.visuals().window_fill, Stroke::new(1.5, color));
    ui.painter().circle(b, 15.0, ui.visuals().window_fill, Stroke::new(1.5, color));
}

fn show_recent(ui: &mut Ui, recent: &[PathBuf], actions: &mut Vec<Action>) {
    ui.heading("Recent files");
    ui.label(RichText::new("The latest first").weak());
    ui.add_space(6.0);
    for path in recent {
        let there = path.exists();
        let button = Button::new(file_name(path)).truncate().frame(true).min_size(vec2(ui.available_width(), 26.0));
        let hint = if there { path.display().to_string() } else { format!("{} is gone", path.display()) };
        let response = ui.add_enabled(there, button).on_hover_text(&hint).on_disabled_hover_text(&hint);
        if response.clicked() {
            actions.push(Action::Open(path.clone()));
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
