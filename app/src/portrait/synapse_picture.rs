//! The portrait of a synapse as little pictures: the change of its weight by a pair of spikes, and a train of spikes.

use egui::{Pos2, Response, Shape, Stroke, Ui, lerp, pos2};
use spikeloom_engine::models::Model;
use spikeloom_engine::portrait::{SynapsePortrait, Train, Window};

use super::picture::{TALL, being_drawn, caption, frame, ink, rounded, side_by_side};
use crate::number;

/// Draws all that the portrait shows, of synapses with this weight in this unit. It is as high as the place kept for it,
/// whatever there is to be seen, so that nothing below moves.
pub fn show(ui: &mut Ui, portrait: &SynapsePortrait, weight: f64, unit: &str) {
    let window = portrait.window.as_ref().map(|window| move |ui: &mut Ui| show_window(ui, window, weight, unit));
    let train = portrait.train.as_ref().map(|train| move |ui: &mut Ui| show_train(ui, train, weight, unit));
    let parts: Vec<&dyn Fn(&mut Ui)> =
        [window.as_ref().map(|f| f as _), train.as_ref().map(|f| f as _)].into_iter().flatten().collect();
    side_by_side(ui, TALL, &parts);
}

/// The room that a portrait of this model will take.
pub fn empty(ui: &mut Ui, model: &Model) {
    frame(ui, TALL, &being_drawn(model));
    caption(ui, " ");
}

/// The place of a portrait, with what is said in its stead.
pub fn nothing(ui: &mut Ui, why: &str) -> Response {
    frame(ui, TALL, "");
    caption(ui, why)
}

/// Potentiation in blue above the line, depression in vermilion below it.
fn show_window(ui: &mut Ui, window: &Window, weight: f64, unit: &str) {
    let (Some((first, _)), Some((last, _))) = (window.points.first(), window.points.last()) else { return };
    let changes = || window.points.iter().map(|(_, change)| *change);
    let (low, high) = (changes().fold(0.0, f64::min), changes().fold(0.0, f64::max));
    let told = |change: f64| number::with_unit(rounded(change), unit);
    let reach = number::with_unit(*last, "ms");
    let said = format!(
        "A pair of spikes changes a weight of {} by {} to {}, the target's spike from {reach} before to {reach} after the source's{}",
        told(weight),
        told(low),
        told(high),
        window.released.map_or_else(String::new, |released| {
            format!(", once a spike of dopamine has arrived {} after the source's", number::with_unit(released, "ms"))
        }),
    );
    let rect = frame(ui, TALL, &format!("Learning window: {said}"));
    let place = |dt: f64, change: f64| {
        let share = |x: f64, low: f64, high: f64| ((x - low) / (high - low)) as f32;
        pos2(
            lerp(rect.left()..=rect.right(), share(dt, *first, *last)),
            lerp(rect.bottom()..=rect.top(), share(change, low, high)),
        )
    };
    let (zero, weak) = (place(0.0, 0.0), Stroke::new(1.0, ui.visuals().weak_text_color().gamma_multiply(0.5)));
    ui.painter().hline(rect.x_range(), zero.y, weak);
    ui.painter().vline(zero.x, rect.y_range(), weak);
    // A line that goes through zero is cut there, so that each part has its colour.
    for part in window.points.chunk_by(|a, b| (a.1 < 0.0) == (b.1 < 0.0)) {
        let line: Vec<Pos2> = part.iter().map(|(dt, change)| place(*dt, *change)).collect();
        let color = ink(ui, u8::from(part.iter().any(|(_, change)| *change < 0.0)));
        ui.painter().add(Shape::line(line, Stroke::new(1.5, color)));
    }
    let by = match window.released {
        Some(_) => "a pair, then dopamine".to_owned(),
        None => format!("a pair within {reach}"),
    };
    caption(ui, &format!("{} to {} by {by}", told(low), told(high))).on_hover_text(said);
}

/// Each spike as a line as high as what arrives of it.
fn show_train(ui: &mut Ui, train: &Train, weight: f64, unit: &str) {
    let (Some(last), Some(end)) = (train.weights.last(), train.times.last()) else { return };
    let largest = train.weights.iter().fold(0.0f64, |most, w| most.max(w.abs()));
    let before_pause = train.weights.iter().rev().nth(1).unwrap_or(last);
    let first = train.weights.first().unwrap_or(last);
    let told = |weight: f64| number::with_unit(rounded(weight), unit);
    let said = format!(
        "Of {} arrive {} at the first spike, {} at the last of the train, {} after a pause",
        told(weight),
        told(*first),
        told(*before_pause),
        told(*last)
    );
    let rect = frame(ui, TALL, &format!("A train of spikes: {said}"));
    let color = ink(ui, u8::from(weight < 0.0));
    for (time, weight) in train.times.iter().zip(&train.weights) {
        let x = lerp(rect.left() + 2.0..=rect.right() - 2.0, (time / end) as f32);
        let y = lerp(rect.bottom()..=rect.top(), (weight.abs() / largest) as f32);
        ui.painter().vline(x, y..=rect.bottom(), Stroke::new(2.0, color));
    }
    caption(ui, &format!("20 spikes/s: {}, then {}", told(*first), told(*before_pause))).on_hover_text(said);
}
