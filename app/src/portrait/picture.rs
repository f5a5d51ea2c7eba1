//! A portrait as little pictures: the answer to a stimulus, the rate as a function of its strength, and single spikes.

use egui::{Color32, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, lerp, pos2, vec2};
use spikeloom_engine::models::Model;
use spikeloom_engine::portrait::{Answer, Curve, Portrait, Response, Trace};

use crate::{number, theme};

/// Height of the picture of the answer, and of those below it.
pub(super) const TALL: f32 = 62.0;
pub(super) const LOW: f32 = 46.0;
/// Between two pictures side by side.
const GAP: f32 = 8.0;
/// A range that is smaller than this part of the values is drawn as if it were that large.
const LEAST_RANGE: f64 = 1e-9;

/// Draws all that the portrait shows.
pub fn show(ui: &mut Ui, portrait: &Portrait) {
    if let Some(answer) = &portrait.answer {
        show_answer(ui, answer);
    }
    let curve = portrait.curve.as_ref().map(|curve| |ui: &mut Ui| show_curve(ui, curve));
    let responses = (!portrait.responses.is_empty()).then_some(|ui: &mut Ui| show_responses(ui, &portrait.responses));
    let below: Vec<&dyn Fn(&mut Ui)> =
        [curve.as_ref().map(|f| f as _), responses.as_ref().map(|f| f as _)].into_iter().flatten().collect();
    if below.is_empty() && portrait.answer.is_none() {
        ui.weak("It does nothing by itself");
    }
    side_by_side(ui, LOW, &below);
}

/// Parts of a portrait in columns of this height, each with its caption.
pub(super) fn side_by_side(ui: &mut Ui, height: f32, parts: &[&dyn Fn(&mut Ui)]) {
    if parts.is_empty() {
        return;
    }
    let width = (ui.available_width() - GAP * (parts.len() - 1) as f32) / parts.len() as f32;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        for add in parts {
            ui.allocate_ui_with_layout(vec2(width, height), egui::Layout::top_down(egui::Align::Min), |ui| {
                ui.set_width(width);
                add(ui);
            });
        }
    });
}

/// What a place that is kept for a portrait says of itself.
pub(super) fn being_drawn(model: &Model) -> String {
    format!("The portrait of {} is being drawn", model.name)
}

/// The room that a portrait of this model will take, about.
pub fn empty(ui: &mut Ui, model: &Model) {
    frame(ui, TALL, &being_drawn(model));
    ui.small(" ");
    frame(ui, LOW, "");
    ui.small(" ");
}

fn show_answer(ui: &mut Ui, answer: &Answer) {
    let stimulus = match answer.stimulus.unit {
        "" => format!("{} {}", answer.stimulus.name.to_lowercase(), number::plain(answer.strength)),
        unit => number::with_unit(answer.strength, unit),
    };
    let spikes = number::counted(answer.spikes.len() as u64, "spike");
    let [from, to] = answer.during;
    let what = answer.trace.as_ref().map_or(spikes.clone(), |trace| match answer.spikes.len() {
        0 => trace.quantity.to_owned(),
        _ => format!("{}, {spikes}", trace.quantity),
    });
    let said = format!("{stimulus} for {} ms: {what}", number::plain(to - from));
    let rect = frame(ui, TALL, &format!("Answer to {said}"));
    let x = |t: f64| lerp(rect.left()..=rect.right(), (t / answer.duration) as f32);
    let [weak, line] = [ui.visuals().weak_text_color(), ink(ui, 0)];
    // The stimulus stands below as a bar.
    let bar = Rect::from_min_max(pos2(x(from), rect.bottom() - 3.0), pos2(x(to), rect.bottom()));
    ui.painter().rect_filled(bar, 1.0, weak.gamma_multiply(0.6));
    let above = Rect::from_min_max(rect.min, pos2(rect.right(), rect.bottom() - 6.0));
    // Spikes stand above as ticks, which the trace itself may not show.
    for time in &answer.spikes {
        ui.painter().vline(x(*time), above.top()..=above.top() + 6.0, Stroke::new(1.0, ui.visuals().text_color()));
    }
    if let Some(trace) = &answer.trace {
        let below = Rect::from_min_max(pos2(above.left(), above.top() + 8.0), above.max);
        paint(ui, below, trace, (0.0, answer.duration), range([trace]), line);
    }
    caption(ui, &said);
}

fn show_curve(ui: &mut Ui, curve: &Curve) {
    let (Some(first), Some(last)) = (curve.points.first(), curve.points.last()) else { return };
    let values = || curve.points.iter().map(|(_, rate)| *rate);
    let (low, high) = (values().fold(f64::MAX, f64::min).min(0.0), values().fold(f64::MIN, f64::max));
    let stimulus = curve.stimulus.name.to_lowercase();
    let unit = |unit: &str| if unit.is_empty() { String::new() } else { format!(" {unit}") };
    let said = format!(
        "{} of {stimulus}: up to {}{} at {}{}",
        curve.quantity,
        number::plain(rounded(high)),
        unit(curve.unit),
        number::plain(rounded(last.0)),
        unit(curve.stimulus.unit),
    );
    let rect = frame(ui, LOW, &said);
    let line = curve.points.iter().map(|(x, y)| {
        let share = |x: f64, low: f64, high: f64| ((x - low) / (high - low).max(LEAST_RANGE)) as f32;
        pos2(
            lerp(rect.left()..=rect.right(), share(*x, first.0, last.0)),
            lerp(rect.bottom()..=rect.top(), share(*y, low, high)),
        )
    });
    ui.painter().add(Shape::line(line.collect(), Stroke::new(1.5, ink(ui, 0))));
    let at = format!("{}{}", number::plain(rounded(last.0)), unit(curve.stimulus.unit));
    let short = format!("{}{} at {at}", number::plain(rounded(high)), unit(curve.unit));
    caption(ui, &short).on_hover_text(said);
}

fn show_responses(ui: &mut Ui, responses: &[Response]) {
    let traces = || responses.iter().map(|response| &response.trace);
    let said: Vec<String> = responses
        .iter()
        .map(|response| {
            let peak =
                response.trace.values.iter().fold(0.0f64, |most, x| if x.abs() > most.abs() { *x } else { most });
            let port = if response.port.is_empty() { String::new() } else { format!("{}: ", response.port) };
            let weight = number::with_unit(response.weight, response.unit);
            format!("{port}{weight} makes {}", number::with_unit(rounded(peak), response.trace.unit))
        })
        .collect();
    let rect = frame(ui, LOW, &format!("One spike: {}", said.join("; ")));
    let end = traces().filter_map(|trace| trace.times.last()).fold(0.0f64, |end, t| end.max(*t));
    for response in responses {
        let color = ink(ui, u8::from(response.weight < 0.0));
        paint(ui, rect, &response.trace, (0.0, end), range(traces()), color);
    }
    let short = responses
        .first()
        .map_or(String::new(), |first| format!("one spike of {}", number::with_unit(first.weight, first.unit)));
    caption(ui, &short).on_hover_text(said.join("\n"));
}

/// Blue for what excites and all else, vermilion for what inhibits.
pub(super) fn ink(ui: &Ui, color: u8) -> Color32 {
    theme::palette_color(color, ui.visuals().dark_mode)
}

pub(super) fn rounded(x: f64) -> f64 {
    format!("{x:.2e}").parse().unwrap_or(x)
}

/// The smallest and the largest of the values.
pub(super) fn range<'a>(traces: impl IntoIterator<Item = &'a Trace>) -> (f64, f64) {
    let values = traces.into_iter().flat_map(|trace| &trace.values);
    values.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)))
}

/// The background of a picture; returns the room within.
pub(super) fn frame(ui: &mut Ui, height: f32, name: &str) -> Rect {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    if !name.is_empty() {
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    }
    ui.painter().rect_filled(rect, 3.0, ui.visuals().extreme_bg_color);
    rect.shrink2(vec2(4.0, 4.0))
}

pub(super) fn caption(ui: &mut Ui, text: &str) -> egui::Response {
    ui.add(egui::Label::new(egui::RichText::new(text).small().weak()).truncate())
}

/// Draws a trace: of all samples that fall on a column of points the lowest and the highest.
pub(super) fn paint(
    ui: &Ui,
    rect: Rect,
    trace: &Trace,
    (from, to): (f64, f64),
    (low, high): (f64, f64),
    color: Color32,
) {
    let height = (high - low).max(LEAST_RANGE * high.abs().max(1.0));
    let y = |value: f64| lerp(rect.bottom()..=rect.top(), ((value - low) / height) as f32);
    let columns = (rect.width() * ui.ctx().pixels_per_point()).max(1.0);
    let mut line: Vec<Pos2> = Vec::new();
    let mut column = f32::NEG_INFINITY;
    let mut span: Option<(f64, f64)> = None;
    let mut flush = |column: f32, span: &mut Option<(f64, f64)>| {
        if let Some((low, high)) = span.take() {
            let x = rect.left() + rect.width() * column / columns;
            line.push(pos2(x, y(low)));
            if high > low {
                line.push(pos2(x, y(high)));
            }
        }
    };
    for (time, value) in trace.times.iter().zip(&trace.values) {
        let at = (((time - from) / (to - from)) as f32 * columns).floor();
        if at != column {
            flush(column, &mut span);
            column = at;
        }
        let (low, high) = span.unwrap_or((*value, *value));
        span = Some((low.min(*value), high.max(*value)));
    }
    flush(column, &mut span);
    ui.painter().add(Shape::line(line, Stroke::new(1.2, color)));
}
