//! The portrait of a generator as little pictures: its current or rate over time, and a sample of its trains.

use egui::{Rect, Stroke, Ui, lerp, pos2};
use spikeloom_engine::description::Signal;
use spikeloom_engine::models::Model;
use spikeloom_engine::portrait::{GeneratorPortrait, Rates};

use super::picture::{LOW, TALL, being_drawn, caption, frame, ink, paint, range, rounded};
use crate::number;

/// Of a picture with trains and their rate, the part above, for the trains.
const TRAINS: f32 = 0.55;

/// Draws all that the portrait shows.
pub fn show(ui: &mut Ui, portrait: &GeneratorPortrait) {
    if !portrait.courses.is_empty() {
        show_courses(ui, portrait);
    }
    if !portrait.trains.is_empty() {
        show_trains(ui, portrait);
    } else if portrait.courses.is_empty() {
        ui.weak("So many spikes cannot be drawn");
    }
}

/// The room that a portrait of this model will take.
pub fn empty(ui: &mut Ui, model: &Model) {
    let (courses, trains) = (!model.recordables.is_empty(), model.emits(Signal::Spikes));
    let name = being_drawn(model);
    if courses {
        frame(ui, TALL, &name);
        ui.small(" ");
    }
    if trains {
        frame(ui, if courses { LOW } else { TALL }, if courses { "" } else { &name });
        ui.small(" ");
    }
}

fn show_courses(ui: &mut Ui, portrait: &GeneratorPortrait) {
    let Some(first) = portrait.courses.first() else { return };
    // Zero is in sight, so that heights mean something.
    let (low, high) = range(&portrait.courses);
    let (bottom, top) = (low.min(0.0), high.max(0.0));
    let span = number::with_unit(rounded(portrait.duration), "ms");
    let quantity = match (first.quantity, first.unit) {
        ("I", _) => "Current",
        ("rate", "") => "Rate shown",
        ("rate", _) => "Rate of each train",
        (other, _) => other,
    };
    let extent = match rounded(low) == rounded(high) {
        true => number::with_unit(rounded(high), first.unit),
        false => format!("{} … {}", number::plain(rounded(low)), number::with_unit(rounded(high), first.unit)),
    };
    let several = match portrait.courses.len() {
        1 => String::new(),
        n => format!(", {n} devices"),
    };
    let said = format!("{extent} within {span}{several}");
    let rect = frame(ui, TALL, &format!("{quantity}: {said}"));
    zero_line(ui, rect, bottom, top);
    for (i, course) in portrait.courses.iter().enumerate() {
        let color = ink(ui, (i % 8) as u8);
        paint(ui, rect, course, (0.0, portrait.duration), (bottom, top), color);
    }
    caption(ui, &said).on_hover_text(format!("{quantity}: {said}"));
}

/// A thin line where the quantity is zero.
pub(super) fn zero_line(ui: &Ui, rect: Rect, bottom: f64, top: f64) {
    if top > bottom {
        let y = lerp(rect.bottom()..=rect.top(), (-bottom / (top - bottom)) as f32);
        let weak = Stroke::new(1.0, ui.visuals().weak_text_color().gamma_multiply(0.4));
        ui.painter().hline(rect.x_range(), y, weak);
    }
}

fn show_trains(ui: &mut Ui, portrait: &GeneratorPortrait) {
    let span = number::with_unit(rounded(portrait.duration), "ms");
    let shown: usize = portrait.trains.iter().map(Vec::len).sum();
    let rate = number::with_unit(rounded(portrait.mean_rate), "spikes/s");
    let said = match portrait.trains.len() {
        1 => format!("{} within {span}", number::counted(shown as u64, "spike")),
        n => format!("{n} trains of {rate} within {span}"),
    };
    let name = match &portrait.received {
        Some(received) => {
            format!("Trains: {said}; above them {} received", number::counted(received.len() as u64, "spike"))
        }
        None => format!("Trains: {said}"),
    };
    let rect = frame(ui, if portrait.courses.is_empty() { TALL } else { LOW }, &name);
    let split = if portrait.rate.is_some() { lerp(rect.top()..=rect.bottom(), TRAINS) } else { rect.bottom() };
    let raster = Rect::from_min_max(rect.min, pos2(rect.right(), split));
    let rows = portrait.received.iter().map(|train| (train, 1)).chain(portrait.trains.iter().map(|train| (train, 0)));
    let n = portrait.trains.len() + usize::from(portrait.received.is_some());
    let row = raster.height() / n as f32;
    for (i, (train, color)) in rows.enumerate() {
        let top = raster.top() + i as f32 * row;
        let ticks = top + 0.1 * row..=top + 0.9 * row;
        let stroke = Stroke::new(1.0, ink(ui, color));
        let mut last = f32::NEG_INFINITY;
        for time in train {
            let x = lerp(rect.left()..=rect.right(), (time / portrait.duration) as f32);
            // Ticks that fall on one another are drawn once.
            if x - last >= 0.5 {
                ui.painter().vline(x, ticks.clone(), stroke);
                last = x;
            }
        }
    }
    if let Some(rates) = &portrait.rate {
        let below = Rect::from_min_max(pos2(rect.left(), split + 3.0), rect.max);
        show_rates(ui, below, rates, portrait.duration);
    }
    caption(ui, &said).on_hover_text(name);
}

/// The rate of all trains as bars.
fn show_rates(ui: &Ui, rect: Rect, rates: &Rates, duration: f64) {
    let most = rates.values.iter().copied().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let color = ink(ui, 0).gamma_multiply(0.5);
    for (i, rate) in rates.values.iter().enumerate() {
        let x = |i: usize| lerp(rect.left()..=rect.right(), (i as f64 * rates.bin / duration).min(1.0) as f32);
        let top = lerp(rect.bottom()..=rect.top(), (rate / most) as f32);
        let bar = Rect::from_min_max(pos2(x(i), top), pos2(x(i + 1), rect.bottom()));
        ui.painter().rect_filled(bar, 0.0, color);
    }
}
