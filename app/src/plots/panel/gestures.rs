//! Zooming, panning and box zoom in a plot.

use egui::{CursorIcon, EventFilter, Key, PointerButton, Pos2, Rect, Response, Stroke, StrokeKind, Ui};

use super::state::Pane;
use super::time_axis::{Clock, TimeAxis};
use crate::plots::sheet::Sheet;

/// Points of scrolling that magnify e times.
pub(super) const SCROLL: f32 = 200.0;

/// Boxes smaller than this are slips of the hand, points.
const SMALLEST_BOX: f32 = 5.0;

/// Applies what the user does in the plotting area to the time axis and to the pane's vertical range.
pub fn apply(ui: &Ui, response: &Response, sheet: &Sheet, pane: &mut Pane, time: &mut TimeAxis, clock: Clock) {
    let before = (time.clone(), pane.y);
    act(ui, response, sheet, pane, time, clock);
    if before != (time.clone(), pane.y) {
        // Plots that were drawn earlier in this frame have to follow.
        ui.request_repaint();
    }
}

fn act(ui: &Ui, response: &Response, sheet: &Sheet, pane: &mut Pane, time: &mut TimeAxis, clock: Clock) {
    if response.double_clicked() {
        time.show_all(0.0, clock);
        pane.y = None;
        return;
    }
    keys(ui, response, sheet, time, clock);
    if response.contains_pointer()
        && let Some(pointer) = ui.input(|i| i.pointer.hover_pos())
    {
        wheel(ui, pointer, sheet, pane, time, clock);
    }
    if response.dragged_by(PointerButton::Primary) || response.dragged_by(PointerButton::Middle) {
        ui.set_cursor_icon(CursorIcon::Grabbing);
        let delta = response.drag_delta();
        time.pan(-f64::from(delta.x) * sheet.per_point(), clock);
        if let Some((bottom, top)) = pane.y {
            let up = f64::from(delta.y / sheet.rect.height().max(1.0)) * (top - bottom);
            pane.y = Some((bottom + up, top + up));
        }
    }
    box_zoom(ui, response, sheet, pane, time);
}

/// With the keyboard's focus on the plot, arrows left and right pan, up and down zoom.
fn keys(ui: &Ui, response: &Response, sheet: &Sheet, time: &mut TimeAxis, clock: Clock) {
    if !response.has_focus() {
        return;
    }
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    ui.painter().rect_stroke(sheet.rect, 2.0, ui.visuals().selection.stroke, StrokeKind::Inside);
    let presses = |key| f64::from(ui.input(|i| i.num_presses(key)) as u32);
    let (start, end) = sheet.across;
    time.pan((presses(Key::ArrowRight) - presses(Key::ArrowLeft)) * 0.1 * (end - start), clock);
    time.zoom(1.25f64.powf(presses(Key::ArrowUp) - presses(Key::ArrowDown)), 0.5 * (start + end), clock);
}

/// Wheel: time at the pointer, with Ctrl too. Shift and wheel: vertically. Sideways: pan.
fn wheel(ui: &Ui, pointer: Pos2, sheet: &Sheet, pane: &mut Pane, time: &mut TimeAxis, clock: Clock) {
    let (scroll, zoom, shift) = ui.input(|i| (i.smooth_scroll_delta(), i.zoom_delta(), i.modifiers.shift));
    if shift {
        let factor = f64::from(((scroll.x + scroll.y) / SCROLL).exp());
        if factor != 1.0 {
            let (bottom, top) = sheet.y;
            let at = sheet.y_at(pointer);
            let range = (at - (at - bottom) / factor, at + (top - at) / factor);
            let usable = range.0.is_finite() && range.1.is_finite() && range.1 - range.0 > 1e-9 * (1.0 + at.abs());
            if usable && range.1 - range.0 < 1e12 {
                pane.y = Some(range);
            }
        }
        return;
    }
    time.zoom(f64::from((scroll.y / SCROLL).exp() * zoom), sheet.x_at(pointer), clock);
    time.pan(-f64::from(scroll.x) * sheet.per_point(), clock);
}

/// Dragging with the right button shows what lies in the box.
fn box_zoom(ui: &Ui, response: &Response, sheet: &Sheet, pane: &mut Pane, time: &mut TimeAxis) {
    if response.drag_started_by(PointerButton::Secondary) {
        pane.zoom_from = ui.input(|i| i.pointer.press_origin());
    }
    let Some(from) = pane.zoom_from else { return };
    let to = ui.input(|i| i.pointer.interact_pos()).unwrap_or(from);
    let area = Rect::from_two_pos(from, to).intersect(sheet.rect);
    if response.drag_stopped_by(PointerButton::Secondary) {
        pane.zoom_from = None;
        if area.width() > SMALLEST_BOX && area.height() > SMALLEST_BOX {
            time.show(sheet.x_at(area.left_top()), sheet.x_at(area.right_top()));
            pane.y = Some((sheet.y_at(area.left_bottom()), sheet.y_at(area.left_top())));
        }
    } else if response.dragged_by(PointerButton::Secondary) {
        let color = ui.visuals().selection.bg_fill;
        let stroke = Stroke::new(1.0, ui.visuals().text_color());
        ui.painter().rect(area, 0.0, color.gamma_multiply(0.25), stroke, StrokeKind::Inside);
    } else {
        pane.zoom_from = None;
    }
}
