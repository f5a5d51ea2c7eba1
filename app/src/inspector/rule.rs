//! Who is connected to whom: the rule of a projection and its numbers.

mod third_factor;

use egui::{ComboBox, Ui};
use spikeloom_engine::description::Value;
use spikeloom_engine::models;
use spikeloom_engine::project::{Node, Projection, Rule};

use super::panel::Panel;
use super::value_editor::Quantity;
use super::words::rule_title;
use crate::action::Action;
use crate::editing::rule::give;
use crate::{messages, number};

/// Who is connected to whom: the rule, its number, and what it allows.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, from: &Node, to: &Node) {
    let (title, doc) = rule_title(&projection.rule);
    if projection.third_factor.is_some() {
        ui.horizontal(|ui| {
            ui.label("Rule");
            ui.strong(title).on_hover_text(doc);
        });
        return third_factor::leg(ui, panel, projection);
    }
    ui.horizontal(|ui| {
        let label = ui.label("Rule");
        let combo = ComboBox::from_id_salt("rule").width(ui.available_width()).selected_text(title);
        let response = combo.show_ui(ui, |ui| {
            for choice in Rule::ALL {
                let (title, doc) = rule_title(&choice);
                let chosen = choice.name() == projection.rule.name();
                let row = ui.selectable_label(chosen, title);
                if row.on_hover_text(format!("{doc}\n{}", choice.name())).clicked() && !chosen {
                    let lost = lost_in_space(panel, projection, choice);
                    let step = match lost {
                        Some(what) => format!("Set rule, remove {what} of"),
                        None => "Set rule of".to_owned(),
                    };
                    if let Some(what) = lost {
                        let text = format!("“{title}” takes no {what}: removed, and Undo brings it back");
                        panel.push(Action::Say(messages::info(text)));
                    }
                    panel.change(projection, &step, move |p| give(p, choice));
                    panel.push(Action::EndGesture);
                }
            }
        });
        response.response.on_hover_text(doc).labelled_by(label.id);
    });
    rule_number(ui, panel, projection, from, to);
    self_and_multiple(ui, panel, projection, both_ways(from, to));
    third_factor::choice(ui, panel, projection);
}

/// What of a mask and a kernel another rule cannot take.
fn lost_in_space(panel: &Panel<'_, '_>, projection: &Projection, rule: Rule) -> Option<&'static str> {
    let has = |what: fn(&Projection) -> bool| panel.together(projection).any(what);
    let (mask, kernel) = (has(|p| p.mask.is_some()), has(|p| p.kernel.is_some()));
    match (mask && !rule.looks_at_space(), kernel && (!rule.looks_at_space() || rule == Rule::AllToAll)) {
        (true, true) => Some("mask and kernel"),
        (true, false) => Some("mask"),
        (false, true) => Some("kernel"),
        (false, false) => None,
    }
}

fn rule_number(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, from: &Node, to: &Node) {
    let pairs = (from.n as f64 * to.n as f64).max(1.0);
    match projection.rule {
        Rule::AllToAll | Rule::OneToOne | Rule::ThirdFactor { .. } => {}
        Rule::Pairs => {
            if let Some(file) = &projection.pairs_file {
                let hint = "A file beside the project: columns source, target and perhaps weight and delay";
                ui.weak(format!("{} of {}", number::counted(projection.pairs.len() as u64, "pair"), file.name))
                    .on_hover_text(hint);
            }
        }
        Rule::FixedIndegree { indegree } => {
            let row = ("K_in", "Sources of each target", from.n as f64);
            degree(ui, panel, projection, row, indegree, |indegree| Rule::FixedIndegree { indegree });
        }
        Rule::FixedOutdegree { outdegree } => {
            let row = ("K_out", "Targets of each source", to.n as f64);
            degree(ui, panel, projection, row, outdegree, |outdegree| Rule::FixedOutdegree { outdegree });
        }
        Rule::FixedTotalNumber { n } => {
            let row = ("N", "Number of synapses in all", pairs);
            degree(ui, panel, projection, row, n, |n| Rule::FixedTotalNumber { n });
        }
        Rule::PairwiseBernoulli { p } => {
            fraction(ui, panel, projection, PROBABILITY, p, |p| Rule::PairwiseBernoulli { p });
        }
        Rule::SymmetricPairwiseBernoulli { p } => {
            fraction(ui, panel, projection, PROBABILITY, p, |p| Rule::SymmetricPairwiseBernoulli { p });
        }
        Rule::PairwisePoisson { mean } => {
            let row = ("λ", "Mean number of synapses of each pair", 1e6);
            fraction(ui, panel, projection, row, mean, |mean| Rule::PairwisePoisson { mean });
        }
    }
}

/// A whole number of a rule, with a slider up to what the populations suggest.
pub fn degree(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    projection: &Projection,
    (name, doc, suggested): (&str, &str, f64),
    now: u64,
    rule: impl Fn(u64) -> Rule,
) {
    const MOST: f64 = 1e12;
    let high = suggested.max(10.0);
    let quantity = Quantity {
        key: format!("{name} of projection {}", projection.id.0),
        range: Some((1.0, high)),
        logarithmic: high > 1000.0,
        whole: true,
        limits: (0.0, MOST),
        ..Quantity::plain(name, doc)
    };
    let outcome = quantity.show(ui, panel.fields, &Value::Real(now as f64));
    if let Some(Value::Real(x)) = outcome.set {
        if (0.0..=MOST).contains(&x) {
            panel.fields.accept(&quantity.key);
            let rule = rule(x as u64);
            panel.change(projection, "Set rule of", move |p| p.rule = rule);
        } else {
            panel.fields.refuse(&quantity.key, format!("{name}: allowed is a whole number ≥ 0"));
        }
    }
    panel.end_gesture(outcome.ended);
}

pub const PROBABILITY: (&str, &str, f64) = ("p", "Probability of each pair to be connected", 1.0);

/// A number of a rule that need not be whole, from 0 to what is allowed.
pub fn fraction(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    projection: &Projection,
    (name, doc, most): (&str, &str, f64),
    now: f64,
    rule: impl Fn(f64) -> Rule,
) {
    let doc = format!("{doc}\nAllowed: 0 … {}", number::plain(most));
    let quantity = Quantity {
        key: format!("{name} of projection {}", projection.id.0),
        range: Some((0.0, 1.0)),
        limits: (0.0, most),
        ..Quantity::plain(name, &doc)
    };
    let outcome = quantity.show(ui, panel.fields, &Value::Real(now));
    if let Some(Value::Real(x)) = outcome.set {
        if (0.0..=most).contains(&x) {
            panel.fields.accept(&quantity.key);
            let rule = rule(x);
            panel.change(projection, "Set rule of", move |p| p.rule = rule);
        } else {
            let message = format!("{name} = {}: allowed is 0 … {}", number::plain(x), number::plain(most));
            panel.fields.refuse(&quantity.key, message);
        }
    }
    panel.end_gesture(outcome.ended);
}

/// Whether synapses from one to the other could also run back.
fn both_ways(from: &Node, to: &Node) -> bool {
    from.model.is_neuron() && to.model.is_neuron() && models::wire(to.model, from.model).is_ok_and(|w| !w.reversed)
}

fn self_and_multiple(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, both_ways: bool) {
    let random = projection.rule.is_random() && !projection.rule.has_random_number();
    let to_itself = panel.project.extent(projection).shared > 0;
    ui.horizontal(|ui| {
        let mut autapses = projection.autapses;
        let response = ui.add_enabled(to_itself, egui::Checkbox::new(&mut autapses, "Autapses"));
        let response = response.on_disabled_hover_text("Only within one population can a neuron connect to itself");
        if response.on_hover_text("A neuron may connect to itself").changed() {
            panel.change(projection, "Set autapses of", move |p| p.autapses = autapses);
            panel.push(Action::EndGesture);
        }
        let mut multapses = projection.multapses;
        let response = ui.add_enabled(random, egui::Checkbox::new(&mut multapses, "Multapses"));
        let response = response.on_disabled_hover_text("This rule connects each pair at most once");
        if response.on_hover_text("The same pair may be drawn more than once").changed() {
            panel.change(projection, "Set multapses of", move |p| p.multapses = multapses);
            panel.push(Action::EndGesture);
        }
        let names_pairs = matches!(projection.rule, Rule::AllToAll | Rule::OneToOne);
        if (both_ways && names_pairs) || (projection.symmetric && !projection.rule.has_random_number()) {
            symmetric(ui, panel, projection);
        }
    });
}

/// Each pair both ways, for rules that name every pair.
fn symmetric(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection) {
    let mut on = projection.symmetric;
    let response = ui.checkbox(&mut on, "Both ways");
    if response.on_hover_text("Each pair is connected in both directions (make_symmetric)").changed() {
        panel.change(projection, "Set symmetry of", move |p| p.symmetric = on);
        panel.push(Action::EndGesture);
    }
}
