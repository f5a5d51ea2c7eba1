//! The button that takes a changed value back to its default.

use egui::{Role, Sense, Shape, Stroke, Ui, WidgetInfo, vec2};

/// A round arrow; `name` says what is reset to what. True when clicked.
pub fn button(ui: &mut Ui, name: &str) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let visuals = ui.style().interact(&response);
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 3.0, visuals.weak_bg_fill);
    }
    let stroke = Stroke::new(1.3, visuals.fg_stroke.color);
    let (center, radius) = (rect.center(), 4.5);
    // Three quarters of a circle, open at the upper left, where the arrow head is.
    let at =
        |turn: f32| center + radius * vec2((turn * std::f32::consts::TAU).cos(), (turn * std::f32::consts::TAU).sin());
    let arc: Vec<_> = (0..=18).map(|i| at(0.625 + 0.75 * i as f32 / 18.0 + 0.06)).collect();
    let tip = at(0.625 + 0.02);
    ui.painter().add(Shape::line(arc, stroke));
    ui.painter().line_segment([tip, tip + vec2(0.0, -4.0)], stroke);
    ui.painter().line_segment([tip, tip + vec2(4.0, 0.0)], stroke);
    response.on_hover_text(name).clicked()
}
