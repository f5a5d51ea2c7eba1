//! Small buttons with painted icons, so that no font has to have them.

use egui::{Painter, Pos2, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Close,
    Export,
    Settings,
}

/// A button of 18 by 18 points with an accessible name and a tooltip.
pub fn button(ui: &mut Ui, icon: Icon, name: &str, tooltip: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(18.0, 18.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let visuals = ui.style().interact(&response);
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 3.0, visuals.weak_bg_fill);
    }
    paint(ui.painter(), icon, rect, Stroke::new(1.3, visuals.fg_stroke.color));
    response.on_hover_text(tooltip)
}

fn paint(painter: &Painter, icon: Icon, rect: Rect, stroke: Stroke) {
    let at = |x: f32, y: f32| -> Pos2 { rect.center() + vec2(x, y) };
    let line = |a: Pos2, b: Pos2| {
        painter.line_segment([a, b], stroke);
    };
    match icon {
        Icon::Close => {
            line(at(-3.5, -3.5), at(3.5, 3.5));
            line(at(-3.5, 3.5), at(3.5, -3.5));
        }
        Icon::Export => {
            line(at(0.0, -5.0), at(0.0, 2.0));
            line(at(-3.0, -1.0), at(0.0, 2.0));
            line(at(3.0, -1.0), at(0.0, 2.0));
            line(at(-5.0, 5.0), at(5.0, 5.0));
        }
        // Two sliders: they read better at this size than a cogwheel.
        Icon::Settings => {
            for (y, knob) in [(-2.5, 2.0), (2.5, -2.0)] {
                let left = pos2(rect.center().x + knob, rect.center().y + y);
                line(at(-5.0, y), left - vec2(1.8, 0.0));
                line(left + vec2(1.8, 0.0), at(5.0, y));
                painter.circle_stroke(left, 1.8, stroke);
            }
        }
    }
}
