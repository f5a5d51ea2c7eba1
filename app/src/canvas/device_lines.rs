//! Dotted lines from weight recorders and volume transmitters to the wires whose synapses they work with.

use egui::{Shape, Stroke};

use super::edges::Chip;
use super::nodes::Pen;
use super::sketch::Sketch;

/// Draws the line of every device to every wire that it works with.
pub fn paint(pen: &Pen<'_>, sketch: &Sketch, chips: &[Chip]) {
    for (route, chip) in sketch.routes.iter().zip(chips) {
        let Some(projection) = pen.project.projection(route.id) else { continue };
        for device in projection.devices() {
            let Some(figure) = sketch.figure(device) else { continue };
            let end = pen.camera.to_canvas(chip.rect.center());
            let away = end - figure.center;
            if away.length() < 1.0 {
                continue;
            }
            let start = figure.center + away.normalized() * figure.shape.rim(away);
            let line = [pen.camera.to_screen(start), chip.rect.center()];
            let color = pen.visuals.weak_text_color();
            pen.painter.extend(Shape::dotted_line(&line, color, 6.0, 1.4 * pen.camera.zoom.clamp(0.7, 1.5)));
            pen.painter.circle(chip.rect.center(), 3.0, pen.ground(), Stroke::new(1.0, color));
        }
    }
}
