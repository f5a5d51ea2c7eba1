//! The picture of a frame: ground, wires, nodes, labels, and the gesture under way.

use egui::{
    Align2, CursorIcon, DragAndDrop, FontId, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2,
};
use spikeloom_engine::project::{NodeId, Project};

use super::device_lines;
use super::edges::{self, Chip};
use super::finder::{Finder, Purpose};
use super::gestures::{self, Touch};
use super::nodes::{self, Mood, Pen};
use super::state::{CanvasState, Gesture, Refusal, Scene};
use super::wiring::{self, Landing};
use crate::editing::create;
use crate::palette::DraggedModel;

/// Draws what lies below notes and network.
pub fn paint_ground(pen: &Pen<'_>) {
    pen.painter.rect_filled(pen.camera.rect, 0.0, pen.ground());
    paint_grid(pen);
}

/// Draws the network, and what hangs at the pointer.
pub fn paint(ui: &Ui, pen: &Pen<'_>, state: &CanvasState, scene: &Scene<'_>, touch: &Touch, chips: &[Chip]) {
    if scene.project.nodes.is_empty() && scene.project.notes.is_empty() {
        paint_hint(pen);
    }
    let pointer = ui.input(|i| i.pointer.latest_pos());
    let quiet = matches!(state.gesture, Gesture::None);
    let near = pointer.filter(|_| quiet && touch.background.hovered());
    let near = near.and_then(|p| state.sketch.route_at(pen.camera.to_canvas(p), 7.0 / pen.camera.zoom));
    let landing = wire_landing(pen, state, scene.project, pointer);
    let served = match &landing {
        Some(Landing::Serves(id)) => Some(*id),
        _ => None,
    };
    let hovered = |i: usize| {
        let id = state.sketch.routes[i].id;
        touch.edges.get(i).is_some_and(|r| r.hovered()) || near.is_some_and(|n| n.id == id) || served == Some(id)
    };
    let selected = |i: usize| scene.selection.projections.contains(&state.sketch.routes[i].id);
    for (i, route) in state.sketch.routes.iter().enumerate() {
        edges::paint_wire(pen, route, selected(i), hovered(i));
    }
    for (i, figure) in state.sketch.figures.iter().enumerate() {
        let Some(node) = scene.project.node(figure.id) else { continue };
        let mood = mood(state, scene, touch, i);
        nodes::paint(pen, node, figure, mood);
        let port = touch.ports.get(i);
        if let Some(port) = port.filter(|p| quiet && (mood.selected || mood.hovered || p.hovered())) {
            nodes::paint_port(pen, port.rect, node, port.hovered());
        }
    }
    device_lines::paint(pen, &state.sketch, chips);
    for (i, chip) in chips.iter().enumerate() {
        edges::paint_chip(pen, chip, selected(i), hovered(i));
    }
    paint_gesture(ui, pen, state, landing, pointer);
    point_cursor(ui, state, touch, near.is_some());
}

fn mood(state: &CanvasState, scene: &Scene<'_>, touch: &Touch, i: usize) -> Mood {
    let id = state.sketch.figures[i].id;
    let fits = match &state.gesture {
        Gesture::Wire(wire) => {
            let project = scene.project;
            Some(create::new_projection(project, project.free_projection_id(), wire.from, id).is_ok())
        }
        _ => None,
    };
    let from_here = matches!(&state.gesture, Gesture::Wire(wire) if wire.from == id);
    Mood {
        selected: scene.selection.nodes.contains(&id),
        hovered: touch.nodes.get(i).is_some_and(|(body, title)| body.hovered() || title.hovered()),
        welcomes: fits == Some(true) && !from_here,
        refuses: fits == Some(false) && !from_here,
        activity: scene.activity.iter().find(|(node, _)| *node == id).map_or(0.0, |(_, rate)| *rate),
        renaming: state.rename.as_ref().is_some_and(|r| r.node == id),
    }
}

fn wire_landing(pen: &Pen<'_>, state: &CanvasState, project: &Project, pointer: Option<Pos2>) -> Option<Landing> {
    let (Gesture::Wire(wire), Some(pointer)) = (&state.gesture, pointer) else { return None };
    Some(wiring::landing(pen.camera, &state.sketch, project, wire, pointer))
}

fn paint_gesture(ui: &Ui, pen: &Pen<'_>, state: &CanvasState, landing: Option<Landing>, pointer: Option<Pos2>) {
    let accent = nodes::strong(pen.visuals);
    if let (Gesture::Band { from, .. }, Some(pointer)) = (&state.gesture, pointer) {
        let band = pen.camera.rect_to_screen(gestures::band_rect(pen.camera, *from, pointer));
        pen.painter.rect(band, 0.0, accent.gamma_multiply(0.12), Stroke::new(1.0, accent), StrokeKind::Inside);
    }
    if let (Gesture::Wire(wire), Some(pointer)) = (&state.gesture, pointer) {
        paint_loose_wire(pen, state, wire.from, pointer);
    }
    if let Some(Finder { purpose: Purpose::AddAndConnect(from), at, .. }) = &state.finder {
        paint_loose_wire(pen, state, *from, pen.camera.to_screen(*at));
    }
    let refused = pen.visuals.error_fg_color;
    if let (Some(Landing::Refused(reason)), Some(pointer)) = (&landing, pointer) {
        name_board(ui, nodes::paint_board(pen, pointer, reason, refused), reason);
    } else if let Some(Refusal { reason, at, .. }) = &state.refusal {
        name_board(ui, nodes::paint_board(pen, *at, reason, refused), reason);
    }
    if let Some(pointer) = pointer.filter(|&p| pen.camera.rect.contains(p))
        && let Some(dragged) = DragAndDrop::payload::<DraggedModel>(ui.ctx())
    {
        pen.painter.circle_stroke(pointer, 36.0 * pen.camera.zoom, Stroke::new(2.0, accent));
        nodes::paint_board(pen, pointer, &format!("Add {}", dragged.0), accent);
    }
}

fn name_board(ui: &Ui, rect: Rect, reason: &str) {
    let response = ui.interact(rect, ui.scope_id().with("canvas refusal"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, reason));
}

fn paint_loose_wire(pen: &Pen<'_>, state: &CanvasState, from: NodeId, to: Pos2) {
    let Some(figure) = state.sketch.figure(from) else { return };
    let end = pen.camera.to_canvas(to) - figure.center;
    let start = if end.length() > 1.0 { end.normalized() * figure.shape.rim(end) } else { figure.shape.port() };
    let stroke = Stroke::new(2.5, nodes::strong(pen.visuals));
    pen.painter.line_segment([pen.camera.to_screen(figure.center + start), to], stroke);
    pen.painter.circle_filled(to, 4.0, stroke.color);
}

fn point_cursor(ui: &Ui, state: &CanvasState, touch: &Touch, near_wire: bool) {
    let icon = match &state.gesture {
        Gesture::Pan => CursorIcon::Grabbing,
        Gesture::Wire(_) | Gesture::Band { .. } => CursorIcon::Crosshair,
        Gesture::Move(_) => CursorIcon::Move,
        Gesture::None => {
            let pointer = ui.input(|i| i.pointer.hover_pos());
            let on_rim = |i: usize, p| wiring::on_rim(&state.camera, &state.sketch, state.sketch.figures[i].id, p);
            let over = touch.nodes.iter().position(|(body, _)| body.hovered());
            match (over, pointer) {
                _ if touch.ports.iter().any(|p| p.hovered()) => CursorIcon::Crosshair,
                (Some(i), Some(p)) if on_rim(i, p) => CursorIcon::Crosshair,
                (Some(_), _) => CursorIcon::Grab,
                _ if near_wire || touch.edges.iter().any(|e| e.hovered()) => CursorIcon::PointingHand,
                _ => return,
            }
        }
    };
    ui.ctx().set_cursor_icon(icon);
}

/// A grid of faint dots that thins out when it would become dense.
fn paint_grid(pen: &Pen<'_>) {
    let step = 40.0;
    if pen.camera.zoom < 0.35 {
        return;
    }
    let color = pen.visuals.weak_text_color().gamma_multiply(0.3);
    let seen = pen.camera.seen();
    let (left, top) = ((seen.left() / step).floor() as i64, (seen.top() / step).floor() as i64);
    let (right, bottom) = ((seen.right() / step).ceil() as i64, (seen.bottom() / step).ceil() as i64);
    for x in left..=right {
        for y in top..=bottom {
            let at = pen.camera.to_screen(pos2(x as f32 * step, y as f32 * step));
            pen.painter.rect_filled(Rect::from_center_size(at, Vec2::splat(1.6)), 0.0, color);
        }
    }
}

fn paint_hint(pen: &Pen<'_>) {
    pen.painter.text(
        pen.camera.rect.center(),
        Align2::CENTER_CENTER,
        "Double-click or drag a model here to begin",
        FontId::proportional(17.0),
        pen.visuals.weak_text_color(),
    );
}
