//! A little picture of a mask and a kernel around the neuron at which they stand.

use egui::{Color32, Mesh, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use spikeloom_engine::description::space::{Kernel, Mask};

use crate::number;
use crate::plots::reach;

const HEIGHT: f32 = 96.0;
/// Patches along the height.
const ROWS: usize = 48;

/// Draws where partners are connected, the darker the likelier.
pub fn show(ui: &mut Ui, mask: Option<&Mask>, kernel: Option<&Kernel>) {
    let half = reach::half_width(mask, kernel);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let parts = [mask.map(Mask::name), kernel.map(|kernel| kernel.shape.name())];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    let name = format!("Picture of {}, {} high", parts.join(" and "), number::plain(2.0 * half));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    response.on_hover_text("Where partners are connected, seen from the neuron; stronger colour is more likely");
    ui.painter().rect_filled(rect, 3.0, ui.visuals().extreme_bg_color);
    let size = rect.height() / ROWS as f32;
    let columns = (rect.width() / size) as usize;
    let left = rect.center().x - 0.5 * columns as f32 * size;
    let per_point = 2.0 * half / f64::from(rect.height());
    let value = |column: usize, row: usize| {
        let x = (f64::from(left + (column as f32 + 0.5) * size - rect.center().x)) * per_point;
        let y = f64::from(rect.center().y - rect.top() - (row as f32 + 0.5) * size) * per_point;
        reach::value(mask, kernel, [x, y, 0.0])
    };
    let values: Vec<f64> = (0..columns * ROWS).map(|i| value(i % columns, i / columns)).collect();
    let most = values.iter().copied().filter(|x| x.is_finite()).fold(0.0, f64::max);
    let color = ui.visuals().selection.bg_fill;
    let mut mesh = Mesh::default();
    for (i, value) in values.iter().enumerate().filter(|(_, value)| **value > 0.0 && most > 0.0) {
        let corner = pos2(left + (i % columns) as f32 * size, rect.top() + (i / columns) as f32 * size);
        let share = (value / most).clamp(0.0, 1.0) as f32;
        mesh.add_colored_rect(Rect::from_min_size(corner, vec2(size, size)), faded(color, share));
    }
    ui.painter().add(Shape::mesh(mesh));
    let stroke = Stroke::new(1.0, ui.visuals().text_color());
    let middle = rect.center();
    ui.painter().line_segment([middle - vec2(4.0, 0.0), middle + vec2(4.0, 0.0)], stroke);
    ui.painter().line_segment([middle - vec2(0.0, 4.0), middle + vec2(0.0, 4.0)], stroke);
}

fn faded(color: Color32, share: f32) -> Color32 {
    color.gamma_multiply(0.08 + 0.92 * share)
}
