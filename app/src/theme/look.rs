//! Fonts, spacing and colours of the window itself.

use std::sync::Arc;

use egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Shadow, Stroke, Style, TextStyle,
    Theme, Visuals, vec2,
};

static REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.otf");
static SEMIBOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.otf");

/// Gives the window its fonts and looks; called once before the first frame.
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts());
    for theme in [Theme::Light, Theme::Dark] {
        ctx.style_mut_of(theme, |style| shape(style, theme));
    }
    ctx.options_mut(|o| o.zoom_with_keyboard = false);
}

/// Family for headings and what must stand out.
pub fn semibold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// Inter first; egui's own fonts fill in what it lacks.
fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    fonts.font_data.insert("Inter".into(), Arc::new(FontData::from_static(REGULAR)));
    fonts.font_data.insert("Inter SemiBold".into(), Arc::new(FontData::from_static(SEMIBOLD)));
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let with = |name: &str| std::iter::once(name.to_owned()).chain(fallback.iter().cloned()).collect();
    fonts.families.insert(FontFamily::Proportional, with("Inter"));
    fonts.families.insert(semibold(), with("Inter SemiBold"));
    fonts
}

fn shape(style: &mut Style, theme: Theme) {
    style.text_styles = [
        (TextStyle::Small, FontId::new(11.5, FontFamily::Proportional)),
        (TextStyle::Body, FontId::new(13.0, FontFamily::Proportional)),
        (TextStyle::Button, FontId::new(13.0, FontFamily::Proportional)),
        (TextStyle::Heading, FontId::new(17.0, semibold())),
        (TextStyle::Monospace, FontId::new(12.5, FontFamily::Monospace)),
    ]
    .into();
    style.spacing.item_spacing = vec2(8.0, 5.0);
    style.spacing.button_padding = vec2(8.0, 3.0);
    style.spacing.interact_size = vec2(36.0, 22.0);
    style.spacing.menu_margin = egui::Margin::same(6);
    // Labels that can be selected would compete with the canvas for Ctrl+C.
    style.interaction.selectable_labels = false;
    // A scroll bar in the colour of text would be the brightest thing of a dark window.
    style.spacing.scroll.foreground_color = false;
    style.visuals = match theme {
        Theme::Light => light(),
        Theme::Dark => dark(),
    };
}

/// The few colours that everything else is made of.
struct Tones {
    panel: Color32,
    raised: Color32,
    sunken: Color32,
    line: Color32,
    text: Color32,
    strong: Color32,
    weak: Color32,
    button: Color32,
    hovered: Color32,
    pressed: Color32,
    accent: Color32,
    accent_fill: Color32,
    warning: Color32,
    error: Color32,
    shadow: Color32,
}

fn light() -> Visuals {
    let tones = Tones {
        panel: Color32::from_rgb(0xF7, 0xF8, 0xFA),
        raised: Color32::WHITE,
        sunken: Color32::WHITE,
        line: Color32::from_rgb(0xDD, 0xE1, 0xE7),
        text: Color32::from_rgb(0x2B, 0x32, 0x3B),
        strong: Color32::from_rgb(0x0E, 0x14, 0x1B),
        weak: Color32::from_rgb(0x5F, 0x69, 0x76),
        button: Color32::from_rgb(0xE9, 0xEC, 0xF1),
        hovered: Color32::from_rgb(0xDD, 0xE3, 0xEB),
        pressed: Color32::from_rgb(0xCC, 0xD6, 0xE2),
        accent: Color32::from_rgb(0x1B, 0x66, 0xB5),
        accent_fill: Color32::from_rgb(0xCF, 0xE3, 0xF8),
        warning: Color32::from_rgb(0x9A, 0x5B, 0x00),
        error: Color32::from_rgb(0xB8, 0x1F, 0x2B),
        shadow: Color32::from_black_alpha(28),
    };
    colored(Visuals::light(), &tones)
}

fn dark() -> Visuals {
    let tones = Tones {
        panel: Color32::from_rgb(0x1B, 0x1F, 0x25),
        raised: Color32::from_rgb(0x24, 0x29, 0x31),
        sunken: Color32::from_rgb(0x13, 0x16, 0x1B),
        line: Color32::from_rgb(0x33, 0x3A, 0x44),
        text: Color32::from_rgb(0xCD, 0xD3, 0xDB),
        strong: Color32::from_rgb(0xF4, 0xF6, 0xF9),
        weak: Color32::from_rgb(0x93, 0x9D, 0xAA),
        button: Color32::from_rgb(0x2C, 0x33, 0x3D),
        hovered: Color32::from_rgb(0x38, 0x41, 0x4D),
        pressed: Color32::from_rgb(0x46, 0x52, 0x61),
        accent: Color32::from_rgb(0x6C, 0xB2, 0xF5),
        accent_fill: Color32::from_rgb(0x24, 0x4A, 0x70),
        warning: Color32::from_rgb(0xF0, 0xB4, 0x4C),
        error: Color32::from_rgb(0xFF, 0x7B, 0x7B),
        shadow: Color32::from_black_alpha(110),
    };
    colored(Visuals::dark(), &tones)
}

fn colored(mut v: Visuals, t: &Tones) -> Visuals {
    let radius = CornerRadius::same(5);
    v.panel_fill = t.panel;
    v.window_fill = t.raised;
    v.window_stroke = Stroke::new(1.0, t.line);
    v.window_corner_radius = CornerRadius::same(8);
    v.menu_corner_radius = CornerRadius::same(7);
    v.window_shadow = Shadow { offset: [0, 6], blur: 20, spread: 0, color: t.shadow };
    v.popup_shadow = Shadow { offset: [0, 3], blur: 10, spread: 0, color: t.shadow };
    v.extreme_bg_color = t.sunken;
    v.text_edit_bg_color = Some(t.sunken);
    v.faint_bg_color = t.button.gamma_multiply(0.5);
    v.code_bg_color = t.button;
    v.hyperlink_color = t.accent;
    v.warn_fg_color = t.warning;
    v.error_fg_color = t.error;
    v.weak_text_color = Some(t.weak);
    v.selection.bg_fill = t.accent_fill;
    v.selection.stroke = Stroke::new(1.0, t.accent);
    let w = &mut v.widgets;
    w.noninteractive.bg_stroke = Stroke::new(1.0, t.line);
    w.noninteractive.fg_stroke = Stroke::new(1.0, t.text);
    w.inactive.fg_stroke = Stroke::new(1.0, t.text);
    w.hovered.fg_stroke = Stroke::new(1.5, t.strong);
    w.active.fg_stroke = Stroke::new(1.5, t.strong);
    w.open.fg_stroke = Stroke::new(1.0, t.strong);
    (w.inactive.bg_fill, w.inactive.weak_bg_fill) = (t.button, t.button);
    (w.hovered.bg_fill, w.hovered.weak_bg_fill) = (t.hovered, t.hovered);
    (w.active.bg_fill, w.active.weak_bg_fill) = (t.pressed, t.pressed);
    (w.open.bg_fill, w.open.weak_bg_fill) = (t.hovered, t.hovered);
    w.hovered.bg_stroke = Stroke::new(1.0, t.line);
    w.active.bg_stroke = Stroke::new(1.0, t.accent);
    for state in [&mut w.noninteractive, &mut w.inactive, &mut w.hovered, &mut w.active, &mut w.open] {
        state.corner_radius = radius;
        state.expansion = 0.0;
    }
    v
}
