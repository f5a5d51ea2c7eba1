//! What one neuron of a node, or the synapses of a projection, show at this moment, whether the network runs or rests.

use egui::{CollapsingHeader, Grid, RichText, Role, Ui, WidgetInfo};
use spikeloom_engine::live::{Look, Phase, Quantity};
use spikeloom_engine::project::{Node, Projection};

use super::number_field::NumberField;
use super::panel::Panel;
use crate::number;

/// Digits that are shown of what changes all the time.
const DIGITS: usize = 4;

/// State and recordables of one neuron.
pub fn neuron(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node) {
    if !node.model.is_neuron() {
        return;
    }
    CollapsingHeader::new("At this moment").id_salt("now").show_unindented(ui, |ui| {
        let last = node.n.saturating_sub(1);
        panel.looking.neuron = panel.looking.neuron.min(last);
        if node.n > 1 {
            choice(ui, panel, last);
        }
        shown(ui, panel, Look::Neuron(node.id, panel.looking.neuron), "", |name| {
            let recordable = node.recordable(name).map(|r| r.doc);
            recordable.or_else(|| node.model.parameter(name).map(|p| p.doc)).unwrap_or_default()
        });
    });
}

/// Weights and state of the synapses: mean ± standard deviation, and the range.
pub fn synapses(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, unit: &str) {
    CollapsingHeader::new("At this moment").id_salt("now").show_unindented(ui, |ui| {
        shown(ui, panel, Look::Synapses(projection.id), unit, |name| {
            projection.synapse.parameter(name).map_or("", |p| p.doc)
        });
    });
}

/// Which neuron of the population is looked at.
fn choice(ui: &mut Ui, panel: &mut Panel<'_, '_>, last: usize) {
    ui.horizontal(|ui| {
        ui.label("Neuron");
        let answer = NumberField {
            key: "neuron looked at",
            name: "Neuron looked at",
            unit: "",
            speed: 0.1,
            whole: true,
            bold: false,
            limits: (0.0, last as f64),
            infinity: "∞",
            zero: "",
            grid: None,
            width: 70.0,
        }
        .show(ui, panel.fields, panel.looking.neuron as f64);
        if let Some(neuron) = answer.set {
            panel.looking.neuron = (neuron.max(0.0) as usize).min(last);
        }
        ui.weak(format!("of 0 … {}", number::count(last as u64)));
    });
}

fn shown(ui: &mut Ui, panel: &mut Panel<'_, '_>, look: Look, weight_unit: &str, doc: impl Fn(&str) -> &'static str) {
    panel.looking.at = Some(look);
    let seen = panel.status.seen.as_ref().filter(|seen| seen.look == look);
    let Some(seen) = seen else {
        ui.weak(match panel.status.phase {
            Phase::Building => "The network is being built",
            Phase::Failed(_) => "The network does not run",
            Phase::Paused | Phase::Running => "…",
        });
        return;
    };
    if seen.quantities.is_empty() {
        ui.weak("It has nothing to show");
        return;
    }
    Grid::new("now").num_columns(2).min_col_width(60.0).spacing([10.0, 3.0]).show(ui, |ui| {
        for quantity in &seen.quantities {
            let unit = if quantity.unit.is_empty() && quantity.name == "weight" { weight_unit } else { quantity.unit };
            ui.label(RichText::new(&quantity.name).monospace().size(11.5)).on_hover_text(doc(&quantity.name));
            let text = told(quantity, unit);
            let name = format!("{} {text}", quantity.name);
            ui.label(&text).widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
            ui.end_row();
        }
    });
}

/// `−65.2 mV`, or of many `45.1 ± 3.2 pA, 12 … 80`.
fn told(quantity: &Quantity, unit: &str) -> String {
    let figures = |x: f64| number::plain(format!("{x:.*e}", DIGITS - 1).parse().unwrap_or(x));
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    if quantity.smallest == quantity.largest {
        return format!("{}{unit}", figures(quantity.mean));
    }
    let (mean, std) = (figures(quantity.mean), figures(quantity.std));
    format!("{mean} ± {std}{unit}, {} … {}", figures(quantity.smallest), figures(quantity.largest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_told_alone_and_many_with_their_spread() {
        let one = Quantity {
            name: "V_m".into(),
            unit: "mV",
            count: 1,
            mean: -65.20304,
            std: 0.0,
            smallest: -65.20304,
            largest: -65.20304,
        };
        assert_eq!(told(&one, "mV"), "−65.2 mV");
        let many = Quantity { count: 9, mean: 45.126, std: 3.2, smallest: 12.0, largest: 80.0, ..one };
        assert_eq!(told(&many, "pA"), "45.13 ± 3.2 pA, 12 … 80");
        assert_eq!(told(&Quantity { mean: 0.5, smallest: 0.5, largest: 0.5, ..many }, ""), "0.5");
    }
}
