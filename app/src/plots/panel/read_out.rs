//! What lies under the pointer, written beside the point that is meant.

use egui::{Color32, FontId, Pos2, Rect, Stroke, Ui, Vec2, pos2, vec2};

use crate::plots::plot::ReadOut;
use crate::plots::sheet::Sheet;

/// Points round the point and the pointer that stay free.
const FREE: f32 = 9.0;

/// Marks the point and writes what it is: beside it or, where its surroundings count, at the edge of the plot that is further away.
/// The text may reach beyond a narrow plot, but not beyond the window.
pub fn show(ui: &Ui, read: &ReadOut, pointer: Pos2, sheet: &Sheet, aside: bool) {
    const LEAST: f32 = 200.0;
    let layer = egui::LayerId::new(egui::Order::Tooltip, egui::Id::unique("read-out of a plot"));
    let (painter, window) = (ui.ctx().layer_painter(layer), ui.ctx().content_rect());
    let color = ui.visuals().strong_text_color();
    let width = sheet.rect.width().max(LEAST) - 8.0;
    let galley = painter.layout(read.text.clone(), FontId::proportional(12.0), color, width);
    let size = galley.size() + vec2(8.0, 4.0);
    let room = if size.x <= sheet.rect.width() {
        Rect::from_x_y_ranges(sheet.rect.x_range(), window.y_range())
    } else {
        window
    };
    let rect = if aside { at_edge(size, read.at, sheet.rect, room) } else { beside(size, read.at, pointer, room) };
    if sheet.rect.contains(read.at) && read.at != pointer {
        painter.circle(read.at, 3.0, Color32::TRANSPARENT, Stroke::new(1.5, color));
    }
    painter.rect_filled(rect, 3.0, ui.visuals().window_fill.gamma_multiply(0.92));
    painter.galley(rect.min + vec2(4.0, 2.0), galley, color);
}

/// Where a text of this size stands along the upper or lower edge of a plot, away from the point.
fn at_edge(size: Vec2, point: Pos2, plot: Rect, room: Rect) -> Rect {
    const GAP: f32 = 3.0;
    let top = if point.y > plot.center().y { plot.top() + GAP } else { plot.bottom() - GAP - size.y };
    let most = (room.max - size).max(room.min);
    let corner = pos2((plot.left() + GAP).clamp(room.left(), most.x), top.clamp(room.top(), most.y));
    Rect::from_min_size(corner, size)
}

/// Where a text of this size stands: beside the point, in `room`, over neither the point nor the pointer.
fn beside(size: Vec2, point: Pos2, pointer: Pos2, room: Rect) -> Rect {
    let taken = |rect: &Rect| [point, pointer].iter().filter(|at| rect.expand(FREE - 1.0).contains(**at)).count();
    let lefts = [point.x + FREE, point.x - FREE - size.x, pointer.x + FREE, pointer.x - FREE - size.x];
    let tops = [point.y - FREE - size.y, point.y + FREE, pointer.y - FREE - size.y, pointer.y + FREE];
    let pushed = |corner: Pos2| {
        let most = (room.max - size).max(room.min);
        Rect::from_min_size(pos2(corner.x.clamp(room.left(), most.x), corner.y.clamp(room.top(), most.y)), size)
    };
    let places = tops.iter().flat_map(|top| lefts.iter().map(|left| pushed(pos2(*left, *top))));
    places.min_by_key(taken).unwrap_or_else(|| pushed(point))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_covers_neither_the_point_nor_the_pointer() {
        let room = Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 150.0));
        let size = vec2(120.0, 40.0);
        for x in [0.0, 5.0, 90.0, 150.0, 260.0, 300.0] {
            for (point, pointer) in [(0.0, 0.0), (10.0, 60.0), (75.0, 75.0), (149.0, 20.0), (80.0, 149.0), (40.0, 60.0)]
            {
                let (point, pointer) = (pos2(x, point), pos2(x, pointer));
                let rect = beside(size, point, pointer, room);
                assert!(room.contains_rect(rect), "{rect:?}");
                assert!(!rect.contains(point) && !rect.contains(pointer), "{point:?} {pointer:?} {rect:?}");
            }
        }
    }

    #[test]
    fn at_the_edge_the_text_leaves_the_surroundings_of_the_point_free() {
        let plot = Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 200.0));
        for y in [10.0, 90.0, 110.0, 190.0] {
            let rect = at_edge(vec2(120.0, 40.0), pos2(60.0, y), plot, plot);
            assert!(plot.contains_rect(rect) && !rect.expand(40.0).contains(pos2(60.0, y)), "{rect:?} {y}");
        }
    }

    #[test]
    fn a_room_that_is_too_small_does_no_harm() {
        let room = Rect::from_min_max(pos2(0.0, 0.0), pos2(30.0, 10.0));
        beside(vec2(120.0, 40.0), pos2(5.0, 5.0), pos2(6.0, 6.0), room);
    }
}
