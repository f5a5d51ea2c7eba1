//! Dotted lines from weight recorders and volume transmitters to the wires whose synapses they work with.

use egui::{Pos2, Shape, Stroke};

use super::edges::Chip;
use super::nodes::Pen;
use super::routes;
use super::sketch::Sketch;

/// Draws the line of every device to every wire that it works with.
pub fn paint(pen: &Pen<'_>, sketch: &Sketch, chips: &[Chip]) {
    for (route, chip) in sketch.routes.iter().zip(chips) {
        let Some(projection) = pen.project.projection(route.id) else { continue };
        for device in projection.devices() {
            let Some(figure) = sketch.figure(device) else { continue };
            let end = pen.camera.to_canvas(chip.rect.center());
            if figure.contains(end, 0.0) {
                continue;
            }
            let line = routes::to_point(figure, end, &sketch.figures);
            let line: Vec<Pos2> = line.into_iter().map(|p| pen.camera.to_screen(p)).collect();
            let color = pen.visuals.weak_text_color();
            pen.painter.extend(Shape::dotted_line(&line, color, 6.0, 1.4 * pen.camera.zoom.clamp(0.7, 1.5)));
            pen.painter.circle(chip.rect.center(), 3.0, pen.ground(), Stroke::new(1.0, color));
        }
    }
}
