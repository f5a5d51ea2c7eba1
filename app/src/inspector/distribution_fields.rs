//! The numbers of a distribution or a range, each in a field of its own, with a picture below.

use egui::{Layout, RichText, Ui};
use spikeloom_engine::description::{Distribution, Range, Shape};

use super::distribution_picture;
use super::fields::Fields;
use super::number_field::{Answer, NumberField};

/// The quantity that is drawn from the distribution.
#[derive(Clone, Copy)]
pub struct Drawn<'a> {
    /// Tells quantities apart; unique within the inspector.
    pub key: &'a str,
    pub name: &'a str,
    pub unit: &'a str,
}

/// Draws the fields and the picture; returns the distribution if it was changed, and whether the gesture is over.
pub fn show(ui: &mut Ui, fields: &mut Fields, drawn: Drawn<'_>, d: &Distribution) -> (Option<Distribution>, bool) {
    let (mut new, mut ended) = (*d, false);
    let mut part = |ui: &mut Ui, name: &str, unit: &str, x: f64, scale: f64| {
        let answer = drawn.part(ui, fields, (name, unit), x, scale);
        ended |= answer.ended;
        answer.set.unwrap_or(x)
    };
    ui.columns(2, |columns| {
        let [left, right] = columns else { return };
        match &mut new.shape {
            Shape::Normal { mean, std } => {
                let scale = std.abs().max(mean.abs() * 0.01);
                *mean = part(left, "mean", drawn.unit, *mean, scale);
                *std = part(right, "std", drawn.unit, *std, scale);
            }
            Shape::Lognormal { mean, std } => {
                *mean = part(left, "mean", "", *mean, 1.0);
                *std = part(right, "std", "", *std, 1.0);
            }
            Shape::Uniform { low, high } => {
                let scale = (*high - *low).abs().max(1e-3 * high.abs());
                *low = part(left, "low", drawn.unit, *low, scale);
                *high = part(right, "high", drawn.unit, *high, scale);
            }
            Shape::Exponential { beta } => *beta = part(left, "beta", drawn.unit, *beta, beta.abs()),
        }
        let spread = support_width(&new.shape);
        let min = part(left, "min", drawn.unit, new.min.unwrap_or(f64::NEG_INFINITY), spread);
        let max = part(right, "max", drawn.unit, new.max.unwrap_or(f64::INFINITY), spread);
        new.min = min.is_finite().then_some(min);
        new.max = max.is_finite().then_some(max);
    });
    if matches!(d.shape, Shape::Lognormal { .. }) {
        ui.small("mean and std are of the logarithm, as in NEST");
    }
    distribution_picture::show(ui, drawn.name, drawn.unit, d);
    ((new != *d).then_some(new), ended)
}

/// The same of a range over a population.
pub fn show_range(ui: &mut Ui, fields: &mut Fields, drawn: Drawn<'_>, range: &Range) -> (Option<Range>, bool) {
    let (mut new, mut ended) = (*range, false);
    let scale = match (range.to - range.from).abs() {
        0.0 => range.from.abs().max(1e-3),
        width => width,
    };
    ui.columns(2, |columns| {
        let [left, right] = columns else { return };
        for (ui, name, x) in [(left, "from", &mut new.from), (right, "to", &mut new.to)] {
            let answer = drawn.part(ui, fields, (name, drawn.unit), *x, scale);
            ended |= answer.ended;
            *x = answer.set.unwrap_or(*x);
        }
    });
    distribution_picture::show_range(ui, drawn.name, drawn.unit, range);
    ((new != *range).then_some(new), ended)
}

impl Drawn<'_> {
    /// The field of one number; `scale` is the size of usual changes.
    fn part(&self, ui: &mut Ui, fields: &mut Fields, (name, unit): (&str, &str), x: f64, scale: f64) -> Answer {
        let key = format!("{} {name}", self.key);
        let low = if name == "std" { 0.0 } else { f64::NEG_INFINITY };
        let field = NumberField {
            key: &key,
            name: &format!("{} {name}", self.name),
            unit,
            speed: (scale * 0.01).max(1e-9),
            whole: false,
            bold: false,
            limits: (low, f64::INFINITY),
            infinity: if matches!(name, "min" | "max") { "none" } else { "∞" },
            zero: "",
            grid: None,
            width: 72.0,
        };
        let answer = ui
            .horizontal(|ui| {
                ui.label(RichText::new(name).small()).on_hover_text(part_doc(name));
                ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| field.show(ui, fields, x)).inner
            })
            .inner;
        fields.mark_refusal(ui, &key);
        answer
    }
}

fn part_doc(name: &str) -> &'static str {
    match name {
        "mean" => "Middle of the bell curve",
        "std" => "Standard deviation of the bell curve",
        "beta" => "Mean, and standard deviation too",
        "from" => "Value of the first neuron, or at the first target",
        "to" => "Value of the last neuron, or at the last target",
        "low" => "Smallest value",
        "high" => "Largest value",
        "min" => "Values below are drawn again; type “none” for no bound",
        _ => "Values above are drawn again; type “none” for no bound",
    }
}

fn support_width(shape: &Shape) -> f64 {
    match *shape {
        Shape::Normal { std, .. } => 4.0 * std.abs(),
        Shape::Lognormal { mean, std } => (mean + std).exp(),
        Shape::Uniform { low, high } => (high - low).abs(),
        Shape::Exponential { beta } => 4.0 * beta.abs(),
    }
    .clamp(1e-6, 1e12)
}
