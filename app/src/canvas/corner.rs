//! Zoom buttons in a corner and an overview in another when not all is in view.

use egui::{Button, Id, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::camera::Camera;
use super::nodes::{Pen, strong};
use super::sketch::Sketch;
use crate::theme;

const SIDE: f32 = 26.0;
const OVERVIEW: Vec2 = vec2(150.0, 100.0);

/// The zoom buttons; true if all is to be shown.
pub fn buttons(ui: &mut Ui, camera: &mut Camera) -> bool {
    let corner = camera.rect.right_bottom() - vec2(8.0, 8.0);
    let place = |i: f32, width: f32| Rect::from_min_size(pos2(corner.x - i, corner.y - SIDE), vec2(width, SIDE));
    let (fit, out, into) = (place(40.0, 40.0), place(72.0, SIDE), place(102.0, SIDE));
    if ui.put(into, Button::new("+")).on_hover_text("Zoom in").accessible_name("Zoom in").clicked() {
        camera.zoom_about(camera.rect.center(), 1.25);
    }
    if ui.put(out, Button::new("−")).on_hover_text("Zoom out").accessible_name("Zoom out").clicked() {
        camera.zoom_about(camera.rect.center(), 0.8);
    }
    ui.put(fit, Button::new("Fit")).on_hover_text("Show all").accessible_name("Show all of the network").clicked()
}

/// A small picture of the whole network with the part that is seen; click or drag to go there.
pub fn overview(
    ui: &mut Ui,
    id: Id,
    camera: &mut Camera,
    sketch: &Sketch,
    project: &spikeloom_engine::project::Project,
) {
    let Some(whole) = sketch.whole() else { return };
    if camera.seen().expand(4.0).contains_rect(whole) || camera.rect.width() < 3.0 * OVERVIEW.x {
        return;
    }
    let board = Rect::from_min_size(camera.rect.left_bottom() + vec2(8.0, -8.0 - OVERVIEW.y), OVERVIEW);
    let shown = whole.union(camera.seen());
    let scale = (board.width() / shown.width()).min(board.height() / shown.height()) * 0.92;
    let place = |p: Pos2| board.center() + (p - shown.center()) * scale;
    let response = ui.interact(board, id.with("overview"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Overview of the network"));
    let painter = ui.painter().with_clip_rect(board.intersect(ui.clip_rect()));
    let visuals = ui.visuals().clone();
    painter.rect(
        board,
        4.0,
        visuals.window_fill.gamma_multiply(0.92),
        Stroke::new(1.0, visuals.weak_text_color()),
        StrokeKind::Inside,
    );
    for route in &sketch.routes {
        let ends = [place(route.at(0.0)), place(route.at(1.0))];
        painter.line_segment(ends, Stroke::new(0.7, visuals.weak_text_color().gamma_multiply(0.6)));
    }
    let pen = Pen { painter: &painter, camera, visuals: &visuals, project };
    for figure in &sketch.figures {
        let color = theme::node_color(pen.project, figure.id, pen.dark());
        painter.circle_filled(place(figure.center), (figure.shape.half_size().x * scale).max(2.0), color);
    }
    let seen = Rect::from_min_max(place(camera.seen().min), place(camera.seen().max));
    painter.rect_stroke(seen, 2.0, Stroke::new(1.5, strong(&visuals)), StrokeKind::Inside);
    if (response.clicked() || response.dragged())
        && let Some(pointer) = response.interact_pointer_pos()
    {
        camera.center = shown.center() + (pointer - board.center()) / scale;
    }
}
