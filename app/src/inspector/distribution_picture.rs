//! A little picture of what a value is drawn from: the density with its cuts, or a histogram; or how it runs over a population.

use egui::{Color32, Pos2, Rect, Role, Sense, Shape as Paint, Stroke, Ui, WidgetInfo, pos2, vec2};
use spikeloom_engine::description::{Distribution, Range, Shape};

use crate::number;

const HEIGHT: f32 = 40.0;
/// Points at which the density is evaluated.
const POINTS: usize = 240;

/// The density over an interval, with its moments.
struct Curve {
    low: f64,
    high: f64,
    density: Vec<f64>,
    mean: f64,
    sd: f64,
}

/// Draws the density of a distribution, cut at its bounds, with mean and standard deviation below.
pub fn show(ui: &mut Ui, name: &str, unit: &str, distribution: &Distribution) {
    let Some(curve) = Curve::of(distribution) else {
        ui.weak("Nothing can be drawn from this distribution");
        return;
    };
    let peak = curve.density.iter().copied().fold(0.0, f64::max);
    let heights: Vec<f32> = curve.density.iter().map(|d| (d / peak) as f32).collect();
    let text = moments(curve.mean, curve.sd, unit);
    let rect = frame(ui, &format!("Distribution of {name}: {text}"));
    paint_area(ui, rect, &heights);
    caption(ui, curve.low, curve.high, &text);
}

/// Draws a histogram of listed values, with mean and standard deviation below.
pub fn show_list(ui: &mut Ui, name: &str, unit: &str, values: &[f64]) {
    let finite: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
    if finite.len() < 2 {
        return;
    }
    let n = finite.len() as f64;
    let (low, high) = finite.iter().fold((f64::MAX, f64::MIN), |(a, b), &x| (a.min(x), b.max(x)));
    let mean = finite.iter().sum::<f64>() / n;
    let sd = (finite.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    let bins = (n.sqrt().ceil() as usize).clamp(4, 40);
    let mut counts = vec![0u32; bins];
    for x in &finite {
        let place = if high > low { (x - low) / (high - low) * bins as f64 } else { 0.0 };
        counts[(place as usize).min(bins - 1)] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    let text = moments(mean, sd, unit);
    let rect = frame(ui, &format!("Histogram of {name}: {text}"));
    let width = rect.width() / bins as f32;
    for (i, &count) in counts.iter().enumerate() {
        let left = rect.left() + i as f32 * width;
        let top = rect.bottom() - rect.height() * count as f32 / most;
        let bar = Rect::from_min_max(pos2(left + 0.5, top), pos2(left + width - 0.5, rect.bottom()));
        ui.painter().rect_filled(bar, 0.0, fill(ui));
    }
    caption(ui, low, high, &text);
}

/// Draws how a value runs from the first neuron of a population to the last; zero is in sight.
pub fn show_range(ui: &mut Ui, name: &str, unit: &str, range: &Range) {
    let (low, high) = (range.from.min(range.to).min(0.0), range.from.max(range.to).max(0.0));
    let distances = if range.logarithmic { "equal ratios" } else { "equal distances" };
    let (from, to) = (short(range.from), number::with_unit(rounded(range.to), unit));
    let rect = frame(ui, &format!("Range of {name}: {from} to {to}, {distances}"));
    let values = range.values(POINTS);
    if high > low && values.iter().all(|x| x.is_finite()) {
        paint_area(ui, rect, &values.iter().map(|x| ((x - low) / (high - low)) as f32).collect::<Vec<_>>());
    }
    caption(ui, range.from, range.to, distances);
}

fn moments(mean: f64, sd: f64, unit: &str) -> String {
    format!("mean {} ± {}", short(mean), number::with_unit(rounded(sd), unit))
}

fn short(x: f64) -> String {
    number::plain(rounded(x))
}

/// Four significant digits: moments are estimates.
fn rounded(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let unit = 10f64.powf(3.0 - x.abs().log10().floor());
    (x * unit).round() / unit
}

fn frame(ui: &mut Ui, name: &str) -> Rect {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    ui.painter().rect_filled(rect, 3.0, ui.visuals().extreme_bg_color);
    rect.shrink2(vec2(4.0, 3.0))
}

fn caption(ui: &mut Ui, low: f64, high: f64, text: &str) {
    ui.horizontal(|ui| {
        ui.small(short(low));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.small(short(high));
            ui.centered_and_justified(|ui| ui.small(text));
        });
    });
}

fn fill(ui: &Ui) -> Color32 {
    ui.visuals().selection.bg_fill
}

fn paint_area(ui: &Ui, rect: Rect, heights: &[f32]) {
    let last = (heights.len() - 1).max(1) as f32;
    let at = |i: usize, h: f32| -> Pos2 {
        pos2(rect.left() + rect.width() * i as f32 / last, rect.bottom() - rect.height() * h)
    };
    let mut mesh = egui::Mesh::default();
    let color = fill(ui).gamma_multiply(0.6);
    for (i, &h) in heights.iter().enumerate() {
        let base = mesh.vertices.len() as u32;
        mesh.colored_vertex(at(i, 0.0), color);
        mesh.colored_vertex(at(i, h), color);
        if i > 0 {
            mesh.add_triangle(base - 2, base - 1, base);
            mesh.add_triangle(base - 1, base, base + 1);
        }
    }
    ui.painter().add(Paint::mesh(mesh));
    let line: Vec<Pos2> = heights.iter().enumerate().map(|(i, &h)| at(i, h)).collect();
    ui.painter().add(Paint::line(line, Stroke::new(1.5, ui.visuals().text_color())));
}

impl Curve {
    /// `None` if the numbers describe no distribution or the bounds leave nothing of it.
    fn of(distribution: &Distribution) -> Option<Curve> {
        let (low, high) = support(&distribution.shape)?;
        let (low, high) =
            (distribution.min.map_or(low, |a| low.max(a)), distribution.max.map_or(high, |b| high.min(b)));
        if low >= high {
            return None;
        }
        let margin = 0.06 * (high - low);
        let positive = low >= 0.0 && matches!(distribution.shape, Shape::Lognormal { .. } | Shape::Exponential { .. });
        let (low, high) = (if positive { (low - margin).max(0.0) } else { low - margin }, high + margin);
        let inside = |x: f64| distribution.min.is_none_or(|a| x >= a) && distribution.max.is_none_or(|b| x <= b);
        let step = (high - low) / (POINTS - 1) as f64;
        let xs = (0..POINTS).map(|i| low + i as f64 * step);
        let density: Vec<f64> =
            xs.clone().map(|x| if inside(x) { density(&distribution.shape, x) } else { 0.0 }).collect();
        let total: f64 = density.iter().sum();
        if !(total > 0.0 && total.is_finite()) {
            return None;
        }
        let mean = xs.clone().zip(&density).map(|(x, d)| x * d).sum::<f64>() / total;
        let variance = xs.zip(&density).map(|(x, d)| (x - mean).powi(2) * d).sum::<f64>() / total;
        let uncut = distribution.min.is_none() && distribution.max.is_none();
        let (mean, sd) = if uncut { exact_moments(&distribution.shape) } else { (mean, variance.sqrt()) };
        Some(Curve { low, high, density, mean, sd })
    }
}

/// Where nearly all of the distribution lies.
fn support(shape: &Shape) -> Option<(f64, f64)> {
    let (low, high) = match *shape {
        Shape::Normal { mean, std } => (mean - 4.0 * std, mean + 4.0 * std),
        Shape::Lognormal { mean, std } => (0.0, (mean + 2.6 * std).exp()),
        Shape::Uniform { low, high } => (low, high),
        Shape::Exponential { beta } => (0.0, 5.0 * beta),
    };
    (low.is_finite() && high.is_finite() && low < high).then_some((low, high))
}

fn density(shape: &Shape, x: f64) -> f64 {
    let bell = |z: f64| (-0.5 * z * z).exp();
    match *shape {
        Shape::Normal { mean, std } => bell((x - mean) / std),
        Shape::Lognormal { mean, std } if x > 0.0 => bell((x.ln() - mean) / std) / x,
        Shape::Lognormal { .. } => 0.0,
        Shape::Uniform { low, high } => f64::from(u8::from(x >= low && x < high)),
        Shape::Exponential { beta } if x >= 0.0 => (-x / beta).exp(),
        Shape::Exponential { .. } => 0.0,
    }
}

fn exact_moments(shape: &Shape) -> (f64, f64) {
    match *shape {
        Shape::Normal { mean, std } => (mean, std),
        Shape::Lognormal { mean, std } => {
            let middle = (mean + 0.5 * std * std).exp();
            (middle, middle * (std * std).exp_m1().sqrt())
        }
        Shape::Uniform { low, high } => (0.5 * (low + high), (high - low) / 12f64.sqrt()),
        Shape::Exponential { beta } => (beta, beta),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(shape: Shape, min: Option<f64>, max: Option<f64>) -> Option<Curve> {
        Curve::of(&Distribution { shape, min, max })
    }

    #[test]
    fn a_cut_moves_the_mean() {
        let whole = curve(Shape::Normal { mean: 0.0, std: 1.0 }, None, None).expect("a curve");
        assert!(whole.mean.abs() < 1e-12 && (whole.sd - 1.0).abs() < 1e-12);
        let half = curve(Shape::Normal { mean: 0.0, std: 1.0 }, Some(0.0), None).expect("a curve");
        // The half normal has mean sqrt(2/pi).
        assert!((half.mean - (2.0 / std::f64::consts::PI).sqrt()).abs() < 0.02, "{}", half.mean);
    }

    #[test]
    fn impossible_distributions_have_no_curve() {
        assert!(curve(Shape::Normal { mean: 0.0, std: 1.0 }, Some(50.0), None).is_none());
        assert!(curve(Shape::Normal { mean: 0.0, std: -1.0 }, None, None).is_none());
        assert!(curve(Shape::Uniform { low: 1.0, high: 1.0 }, None, None).is_none());
    }
}
