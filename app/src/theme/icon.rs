//! Icons as painted shapes: the same on every system, sharp at every size.

use egui::{Color32, Painter, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

/// A sign on a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Play,
    Pause,
    Step,
    Reset,
    /// A ribbon in a book.
    Keep,
    /// An arrow to the ribbon.
    GoBack,
    ToEnd,
    Undo,
    Redo,
    Close,
    /// A star that is not set, and one that is.
    Star,
    Starred,
}

/// A square button with a painted sign; `name` is what screen readers and tests call it.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str, enabled: bool) -> Response {
    let size = match icon {
        Icon::Close => Vec2::splat(18.0),
        _ => vec2(28.0, 24.0),
    };
    ui.add_enabled_ui(enabled, |ui| {
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
        if ui.is_rect_visible(rect) {
            let visuals = ui.style().interact(&response);
            if response.hovered() || response.has_focus() {
                ui.painter().rect(
                    rect,
                    visuals.corner_radius,
                    visuals.weak_bg_fill,
                    if response.has_focus() { ui.visuals().selection.stroke } else { Stroke::NONE },
                    egui::StrokeKind::Inside,
                );
            }
            paint(
                ui.painter(),
                rect.shrink2((rect.size() - Vec2::splat(14.0)).max(Vec2::ZERO) * 0.5),
                icon,
                visuals.text_color(),
            );
        }
        response
    })
    .inner
}

/// Paints a sign into a square.
pub fn paint(painter: &Painter, rect: Rect, icon: Icon, color: Color32) {
    let at = |x: f32, y: f32| pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height());
    let fill = |points: Vec<egui::Pos2>| painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
    let bar = |x0, x1| painter.rect_filled(Rect::from_two_pos(at(x0, 0.08), at(x1, 0.92)), 1.0, color);
    let stroke = Stroke::new(1.6, color);
    match icon {
        Icon::Play => drop(fill(vec![at(0.18, 0.05), at(0.95, 0.5), at(0.18, 0.95)])),
        Icon::Pause => {
            bar(0.18, 0.4);
            bar(0.6, 0.82);
        }
        Icon::Step => {
            bar(0.08, 0.24);
            fill(vec![at(0.36, 0.08), at(0.95, 0.5), at(0.36, 0.92)]);
        }
        Icon::Reset => {
            bar(0.08, 0.22);
            fill(vec![at(0.92, 0.08), at(0.3, 0.5), at(0.92, 0.92)]);
        }
        Icon::Keep => ribbon(painter, rect, stroke, 0.22, 0.78),
        Icon::GoBack => {
            ribbon(painter, rect, stroke, 0.0, 0.4);
            painter.line_segment([at(0.56, 0.5), at(1.0, 0.5)], stroke);
            painter.add(Shape::line(vec![at(0.76, 0.26), at(0.54, 0.5), at(0.76, 0.74)], stroke));
        }
        Icon::ToEnd => {
            fill(vec![at(0.08, 0.08), at(0.7, 0.5), at(0.08, 0.92)]);
            bar(0.78, 0.92);
        }
        Icon::Undo => turn(painter, rect, stroke, false),
        Icon::Redo => turn(painter, rect, stroke, true),
        Icon::Close => {
            painter.line_segment([at(0.2, 0.2), at(0.8, 0.8)], stroke);
            painter.line_segment([at(0.8, 0.2), at(0.2, 0.8)], stroke);
        }
        Icon::Star => drop(painter.add(Shape::closed_line(star(rect), Stroke::new(1.2, color)))),
        Icon::Starred => {
            let corners = star(rect);
            let (tips, notches): (Vec<_>, Vec<_>) = corners.chunks(2).map(|pair| (pair[0], pair[1])).unzip();
            for (i, tip) in tips.into_iter().enumerate() {
                fill(vec![notches[(i + 4) % 5], tip, notches[i]]);
            }
            fill(notches);
        }
    }
}

/// The corners of a star with five tips: a tip, the notch after it, the next tip, …
fn star(rect: Rect) -> Vec<egui::Pos2> {
    let radius = 0.5 * rect.width();
    let corner = |i: usize| {
        let angle = std::f32::consts::PI * (i as f32 / 5.0 - 0.5);
        let length = if i.is_multiple_of(2) { radius } else { 0.45 * radius };
        rect.center() + length * Vec2::angled(angle)
    };
    (0..10).map(corner).collect()
}

/// The outline of a ribbon between two places from left to right.
fn ribbon(painter: &Painter, rect: Rect, stroke: Stroke, left: f32, right: f32) {
    let at = |x: f32, y: f32| pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height());
    let (middle, notch) = (0.5 * (left + right), 0.94 - 0.5 * (right - left));
    let corners = vec![at(left, 0.06), at(right, 0.06), at(right, 0.94), at(middle, notch), at(left, 0.94)];
    painter.add(Shape::closed_line(corners, stroke));
}

/// A bent arrow to the left, or to the right.
fn turn(painter: &Painter, rect: Rect, stroke: Stroke, right: bool) {
    let at = |x: f32, y: f32| {
        let x = if right { 1.0 - x } else { x };
        pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height())
    };
    let mut points = vec![at(0.08, 0.32), at(0.6, 0.32)];
    for i in 0..=12 {
        let angle = std::f32::consts::PI * (i as f32 / 12.0 - 0.5);
        points.push(at(0.6 + 0.3 * angle.cos(), 0.62 + 0.3 * angle.sin()));
    }
    points.push(at(0.3, 0.92));
    painter.add(Shape::line(points, stroke));
    painter.add(Shape::line(vec![at(0.34, 0.06), at(0.06, 0.32), at(0.34, 0.58)], stroke));
}
