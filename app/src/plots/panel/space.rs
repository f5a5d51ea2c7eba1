//! Wheel and mouse in plots of places: what is seen is magnified, moved and turned.

use egui::{CursorIcon, EventFilter, Key, PointerButton, Response, StrokeKind, Ui, Vec2, vec2};

use super::gestures::SCROLL;
use super::state::Pane;
use super::zoom::Zoom;
use crate::action::{Action, Edit};
use crate::plots::sheet::Sheet;

/// Points of dragging that an arrow key stands for.
const KEY: f32 = 20.0;

/// Applies what the user does in the plotting area: the wheel magnifies, dragging turns what can be turned and moves what
/// cannot, as the middle button does always; a double-click shows all.
pub fn apply(
    ui: &Ui,
    response: &Response,
    sheet: &Sheet,
    pane: &mut Pane,
    turn: impl Fn(Vec2) -> Option<Edit>,
    actions: &mut Vec<Action>,
) {
    let before = pane.zoom;
    if response.double_clicked() {
        pane.zoom = Zoom::default();
    }
    if response.contains_pointer()
        && let Some(pointer) = ui.input(|i| i.pointer.hover_pos())
    {
        let (scroll, zoom) = ui.input(|i| (i.smooth_scroll_delta(), i.zoom_delta()));
        let factor = f64::from((scroll.y / SCROLL).exp() * zoom);
        if factor != 1.0 {
            pane.zoom.magnify(factor, in_parts(pointer - sheet.rect.center(), sheet));
        }
    }
    let primary = response.dragged_by(PointerButton::Primary);
    if primary || response.dragged_by(PointerButton::Middle) {
        ui.set_cursor_icon(CursorIcon::Grabbing);
        drag(response.drag_delta(), primary, sheet, pane, &turn, actions);
    }
    if response.has_focus() {
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        ui.painter().rect_stroke(sheet.rect, 2.0, ui.visuals().selection.stroke, StrokeKind::Inside);
        let presses = |key| ui.input(|i| i.num_presses(key)) as f32;
        let by =
            vec2(presses(Key::ArrowRight) - presses(Key::ArrowLeft), presses(Key::ArrowDown) - presses(Key::ArrowUp));
        if by != Vec2::ZERO {
            drag(KEY * by, true, sheet, pane, &turn, actions);
        }
    }
    if before != pane.zoom {
        ui.request_repaint();
    }
}

fn drag(
    by: Vec2,
    turns: bool,
    sheet: &Sheet,
    pane: &mut Pane,
    turn: &impl Fn(Vec2) -> Option<Edit>,
    actions: &mut Vec<Action>,
) {
    match turn(by).filter(|_| turns) {
        Some(edit) if by != Vec2::ZERO => actions.push(edit.into()),
        Some(_) => {}
        None => pane.zoom.pan(in_parts(by, sheet)),
    }
}

/// A way on the screen in parts of the plotting area; upwards is more.
fn in_parts(way: Vec2, sheet: &Sheet) -> (f64, f64) {
    let size = sheet.rect.size().max(Vec2::splat(1.0));
    (f64::from(way.x / size.x), -f64::from(way.y / size.y))
}
