//! Wheel and mouse in plots of places: what is seen is magnified, moved and turned.

use egui::{CursorIcon, EventFilter, Key, PointerButton, Response, StrokeKind, Ui, Vec2, vec2};

use super::gestures::SCROLL;
use super::state::Pane;
use crate::action::{Action, Edit};
use crate::plots::sheet::Sheet;

/// How much is magnified at least and at most.
const LEAST: f64 = 0.25;
const MOST: f64 = 1e4;

/// Points of dragging that an arrow key stands for.
const KEY: f32 = 20.0;

/// Ends of both axes.
type Ends = ((f64, f64), (f64, f64));

/// What of a plot of places is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zoom {
    by: f64,
    /// How far the middle has moved, in parts of the whole.
    moved: (f64, f64),
}

impl Default for Zoom {
    fn default() -> Self {
        Zoom { by: 1.0, moved: (0.0, 0.0) }
    }
}

impl Zoom {
    /// Ends of the axes where those of the whole are `whole`.
    pub fn of(&self, whole: Ends) -> Ends {
        let part = |(low, high): (f64, f64), moved: f64| {
            let (middle, size) = (0.5 * (low + high) + moved * (high - low), (high - low) / self.by);
            (middle - 0.5 * size, middle + 0.5 * size)
        };
        (part(whole.0, self.moved.0), part(whole.1, self.moved.1))
    }

    /// Magnifies about a point, given in parts of what is seen from its middle.
    fn magnify(&mut self, factor: f64, at: (f64, f64)) {
        let before = self.by;
        self.by = (self.by * factor).clamp(LEAST, MOST);
        let shift = 1.0 / before - 1.0 / self.by;
        self.moved = (self.moved.0 + at.0 * shift, self.moved.1 + at.1 * shift);
    }

    /// Moves what is seen by parts of its size.
    fn pan(&mut self, by: (f64, f64)) {
        self.moved = (self.moved.0 - by.0 / self.by, self.moved.1 - by.1 / self.by);
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_under_the_pointer_stays_there() {
        let whole = ((-1.0, 3.0), (0.0, 2.0));
        let mut zoom = Zoom::default();
        assert_eq!(zoom.of(whole), whole);
        let at = (0.25, -0.4);
        let place = |zoom: &Zoom| {
            let ((a, b), (c, d)) = zoom.of(whole);
            (0.5 * (a + b) + at.0 * (b - a), 0.5 * (c + d) + at.1 * (d - c))
        };
        let before = place(&zoom);
        for factor in [1.7, 3.0, 0.4] {
            zoom.magnify(factor, at);
            let after = place(&zoom);
            assert!((after.0 - before.0).abs() < 1e-12 && (after.1 - before.1).abs() < 1e-12, "{before:?} {after:?}");
        }
        zoom.pan((0.5, 0.0));
        let ((left, right), _) = zoom.of(whole);
        assert!((right - left - 4.0 / zoom.by).abs() < 1e-12);
        zoom.magnify(1e9, at);
        assert_eq!(zoom.by, MOST);
    }
}
