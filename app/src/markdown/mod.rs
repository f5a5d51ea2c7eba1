//! Texts in Markdown, as descriptions and notes are: drawn, or as plain words.
//!
//! Nothing is fetched: a picture becomes a link to it. What a text could make slow or deep is bounded, so that a text of
//! any kind can be opened: a very long or deeply nested one is shown as it is written.

pub(crate) mod formula;
mod prepare;
#[cfg(test)]
mod tests;

use egui::text::LayoutJob;
use egui::{Align, Color32, FontFamily, FontId, Frame, Label, Layout, Margin, RichText, TextStyle, Ui, vec2};
use egui_commonmark::{CommonMarkCache, CommonMarkViewer};

pub use prepare::{headline, plain};

use crate::theme::semibold;
use prepare::{Piece, Prepared, prepare};

/// Draws a text as wide as there is room, in the sizes of the style's text.
pub fn show(ui: &mut Ui, text: &str) {
    let Some(prepared) = prepare(text) else {
        ui.label(text);
        return;
    };
    let Prepared { text, pieces } = prepared;
    let draw = move |ui: &mut Ui, math: &str, inline: bool| match prepare::piece(&pieces, math) {
        Some(piece) => show_piece(ui, piece),
        None => formula::show(ui, math, inline),
    };
    CommonMarkViewer::new().render_math_fn(Some(&draw)).show(ui, &mut CommonMarkCache::default(), &text);
}

/// Makes all that is drawn into `ui` larger by a factor: letters and the gaps between them.
pub fn enlarge(ui: &mut Ui, factor: f32) {
    let style = ui.style_mut();
    for font in style.text_styles.values_mut() {
        font.size = (font.size * factor).max(1.0);
    }
    let spacing = &mut style.spacing;
    spacing.item_spacing *= factor;
    spacing.interact_size *= factor;
    spacing.icon_width *= factor;
    spacing.icon_width_inner *= factor;
    spacing.indent *= factor;
}

fn show_piece(ui: &mut Ui, piece: &Piece) {
    let size = TextStyle::Body.resolve(ui.style()).size;
    match piece {
        Piece::Bold(text) => {
            ui.label(bold(ui, text, size));
        }
        Piece::Heading(level, text) => {
            let larger = [1.4, 1.2, 1.1][usize::from(*level).clamp(1, 3) - 1];
            ui.label(bold(ui, text, (size * larger * 2.0).round() / 2.0));
        }
        Piece::Code(text) => {
            let width = ui.available_width();
            ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::LEFT), |ui| code_block(ui, text));
        }
    }
}

fn bold(ui: &Ui, text: &str, size: f32) -> RichText {
    RichText::new(text).font(FontId::new(size, bold_family(ui))).color(ui.visuals().strong_text_color())
}

/// The window's bold letters, where they are installed.
fn bold_family(ui: &Ui) -> FontFamily {
    let there = ui.fonts(|fonts| fonts.definitions().families.contains_key(&semibold()));
    if there { semibold() } else { FontFamily::Proportional }
}

fn code_block(ui: &mut Ui, text: &str) {
    let font = TextStyle::Monospace.resolve(ui.style());
    let margin = Margin::same((font.size * 0.5).round().clamp(0.0, 100.0) as i8);
    Frame::new().fill(ui.visuals().code_bg_color).corner_radius(4).inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let job = LayoutJob::simple(text.to_owned(), font, ui.visuals().text_color(), ui.available_width());
        ui.add(Label::new(job).wrap());
    });
}

/// What stands in the text for what cannot be drawn.
fn as_written(ui: &mut Ui, text: String) -> egui::Response {
    let color: Color32 = ui.visuals().text_color();
    ui.label(RichText::new(text).code().color(color))
}
