//! Zoom buttons in a corner and an overview in another when not all is in view.

use egui::{
    Button, Id, Painter, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, Visuals, WidgetInfo, pos2, vec2,
};
use spikeloom_engine::project::Project;

use super::camera::Camera;
use super::nodes::strong;
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

/// Corners that the overview can stand in, the preferred one first; the zoom buttons have the fourth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Corner {
    #[default]
    LeftBottom,
    LeftTop,
    RightTop,
}

impl Corner {
    const ALL: [Corner; 3] = [Corner::LeftBottom, Corner::LeftTop, Corner::RightTop];

    /// The overview's place on a canvas.
    fn board(self, canvas: Rect) -> Rect {
        let free = canvas.shrink(8.0);
        let min = match self {
            Corner::LeftBottom => free.left_bottom() - vec2(0.0, OVERVIEW.y),
            Corner::LeftTop => free.left_top(),
            Corner::RightTop => free.right_top() - vec2(OVERVIEW.x, 0.0),
        };
        Rect::from_min_size(min, OVERVIEW)
    }
}

/// A small picture of the whole network with the part that is seen; click or drag to go there. It keeps out of the way
/// of nodes: it stands in a corner without any, and where there is none it is faint and leaves clicks to the nodes.
pub fn overview(ui: &mut Ui, id: Id, camera: &mut Camera, corner: &mut Corner, sketch: &Sketch, project: &Project) {
    let Some(whole) = sketch.whole() else { return };
    if camera.seen().expand(4.0).contains_rect(whole) || camera.rect.width() < 3.0 * OVERVIEW.x {
        return;
    }
    let id = id.with("overview");
    let held = ui.ctx().is_being_dragged(id);
    let covers = |corner: Corner| {
        let board = camera.rect_to_canvas(corner.board(camera.rect).expand(4.0));
        sketch.figures.iter().any(|f| f.footprint().intersects(board))
    };
    // It stays where it is as long as it can, and while it leads the view.
    if !held && covers(*corner) {
        *corner = Corner::ALL.into_iter().find(|c| !covers(*c)).unwrap_or_default();
    }
    let board = corner.board(camera.rect);
    let pointer = ui.input(|i| i.pointer.latest_pos()).filter(|p| board.contains(*p));
    let over_node = pointer.is_some_and(|p| sketch.node_at(camera.to_canvas(p), 0.0).is_some());
    let faint = !held && covers(*corner) && (pointer.is_none() || over_node);
    let painter = ui.painter().with_clip_rect(board.intersect(ui.clip_rect()));
    paint_overview(&painter, ui.visuals(), camera, sketch, project, board, if faint { 0.35 } else { 1.0 });
    if over_node && !held {
        return;
    }
    let response = ui.interact(board, id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Overview of the network"));
    if (response.clicked() || response.dragged())
        && let Some(pointer) = response.interact_pointer_pos()
    {
        let (shown, scale) = overview_scale(camera, whole, board);
        camera.center = shown.center() + (pointer - board.center()) / scale;
    }
}

/// The part of the canvas that the overview shows, and pixels per canvas unit.
fn overview_scale(camera: &Camera, whole: Rect, board: Rect) -> (Rect, f32) {
    let shown = whole.union(camera.seen());
    (shown, (board.width() / shown.width()).min(board.height() / shown.height()) * 0.92)
}

fn paint_overview(
    painter: &Painter,
    visuals: &Visuals,
    camera: &Camera,
    sketch: &Sketch,
    project: &Project,
    board: Rect,
    opacity: f32,
) {
    let Some(whole) = sketch.whole() else { return };
    let (shown, scale) = overview_scale(camera, whole, board);
    let place = |p: Pos2| board.center() + (p - shown.center()) * scale;
    let weak = visuals.weak_text_color().gamma_multiply(opacity);
    let ground = visuals.window_fill.gamma_multiply(0.92 * opacity);
    painter.rect(board, 4.0, ground, Stroke::new(1.0, weak), StrokeKind::Inside);
    for route in &sketch.routes {
        let ends = [place(route.at(0.0)), place(route.at(1.0))];
        painter.line_segment(ends, Stroke::new(0.7, weak.gamma_multiply(0.6)));
    }
    for figure in &sketch.figures {
        let color = theme::node_color(project, figure.id, visuals.dark_mode).gamma_multiply(opacity);
        painter.circle_filled(place(figure.center), (figure.shape.half_size().x * scale).max(2.0), color);
    }
    let seen = Rect::from_min_max(place(camera.seen().min), place(camera.seen().max));
    painter.rect_stroke(seen, 2.0, Stroke::new(1.5, strong(visuals).gamma_multiply(opacity)), StrokeKind::Inside);
}
