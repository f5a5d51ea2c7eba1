//! The shapes that stand for nodes in lists and panels (Senk et al. 2022):
//! triangle excitatory, circle inhibitory, square neutral, hexagon generator, parallelogram recorder.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use spikeloom_engine::models::Family;

use crate::sign::Sign;

/// Paints the shape of a node into `rect`.
pub fn paint(painter: &Painter, rect: Rect, family: Family, sign: Sign, color: Color32) {
    let stroke = Stroke::new(1.5, color);
    let fill = color.gamma_multiply(0.35);
    match (family, sign) {
        (Family::Neuron, Sign::Inhibitory) => {
            painter.circle(rect.center(), rect.width() * 0.45, fill, stroke);
        }
        _ => {
            painter.add(Shape::convex_polygon(outline(rect, family, sign), fill, stroke));
        }
    }
}

fn outline(rect: Rect, family: Family, sign: Sign) -> Vec<Pos2> {
    let at = |x: f32, y: f32| pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height());
    match (family, sign) {
        (Family::Neuron, Sign::Excitatory) => vec![at(0.5, 0.05), at(0.97, 0.92), at(0.03, 0.92)],
        (Family::Generator, _) => (0..6)
            .map(|i| {
                let angle = std::f32::consts::TAU * i as f32 / 6.0;
                rect.center() + vec2(angle.cos(), angle.sin()) * rect.width() * 0.5
            })
            .collect(),
        (Family::Recorder, _) => vec![at(0.25, 0.15), at(1.0, 0.15), at(0.75, 0.85), at(0.0, 0.85)],
        _ => vec![at(0.1, 0.1), at(0.9, 0.1), at(0.9, 0.9), at(0.1, 0.9)],
    }
}
