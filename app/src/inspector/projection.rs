//! One projection: what it carries, who is connected to whom, weight and delay.

use egui::{Button, ComboBox, Label, RichText, Sense, Ui, vec2};
use spikeloom_engine::description::Value;
use spikeloom_engine::models::{self, Carries, PortKind, Signal, Wiring, weight_unit};
use spikeloom_engine::project::{Node, Place, Project, Projection, Rule, Turned};

use super::value_editor::{Outcome, Quantity};
use super::{Panel, allowed, knobs, problems, psp, synapse};
use crate::action::{Action, Edit, Selection};
use crate::theme::{self, Sign};
use crate::{model_shape, number};

pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection) {
    let (Some(from), Some(to)) = (panel.project.node(projection.from), panel.project.node(projection.to)) else {
        ui.label("This projection has lost one of its ends; delete it");
        return;
    };
    ends(ui, panel, from, to);
    problems::here(ui, panel.problems, |place| matches!(place, Place::Projection { id, .. } if *id == projection.id));
    let wiring = panel.project.wiring(projection);
    carried(ui, panel, projection, &wiring);
    ui.separator();
    let carries = wiring.map(|w| w.carries).unwrap_or(Carries::Spikes);
    if carries == Carries::Samples {
        ui.label("Samples are taken from every neuron it is connected to");
    }
    rule(ui, panel, projection, from, to);
    synapses(ui, panel, projection, from, to);
    if carries != Carries::Samples {
        ui.separator();
        receptor(ui, panel, projection, to, carries);
        let has = |name: &str| projection.synapse.parameter(name).is_some();
        if has("weight") {
            weight(ui, panel, projection, from, to, carries);
            ui.add_space(4.0);
        }
        if has("delay") {
            delay(ui, panel, projection, from, to);
        }
        synapse::show(ui, panel, projection, (from, to), carries);
    }
}

/// From and to, each a button that selects the node.
fn ends(ui: &mut Ui, panel: &mut Panel<'_, '_>, from: &Node, to: &Node) {
    ui.horizontal_wrapped(|ui| {
        end(ui, panel, from);
        ui.label(RichText::new("→").heading());
        end(ui, panel, to);
    });
}

fn end(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node) {
    let (rect, _) = ui.allocate_exact_size(vec2(14.0, 14.0), Sense::hover());
    let color = theme::node_color(panel.project, node.id, ui.visuals().dark_mode);
    let sign = theme::node_sign(panel.project, node);
    model_shape::paint(ui.painter(), rect, node.model.family, sign, color);
    let button = ui.push_id(node.id, |ui| ui.add(Button::new(RichText::new(&node.name).strong()).frame(false))).inner;
    if button.on_hover_text(format!("Select {}", node.name)).clicked() {
        panel.push(Action::Select(Selection::node(node.id)));
    }
}

fn carried(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, wiring: &Result<Wiring, String>) {
    ui.horizontal(|ui| {
        match wiring {
            Ok(w) => {
                let what = match w.carries {
                    Carries::Spikes => "Carries spikes",
                    Carries::Currents => "Carries a current",
                    Carries::Transitions => "Carries states",
                    Carries::Signal(Signal::Rate) => "Carries a rate",
                    Carries::Signal(Signal::Diffusion) => "Carries mean and variance",
                    Carries::Signal(Signal::Potential) => "Joins membranes",
                    Carries::Signal(Signal::SlowCurrent) => "Carries a slow current",
                    Carries::Samples => "Takes samples",
                };
                ui.label(what).on_hover_text(projection.synapse.doc);
                let onto_neurons = panel.project.node(projection.to).is_some_and(|to| to.model.is_neuron());
                let sign = match (w.carries, theme::projection_sign(projection)) {
                    _ if !onto_neurons => "",
                    (Carries::Samples | Carries::Signal(Signal::Potential), _) | (_, Sign::Generic) => "",
                    (_, Sign::Excitatory) => "excitatory",
                    (_, Sign::Inhibitory) => "inhibitory",
                };
                ui.weak(sign);
            }
            Err(reason) => {
                ui.add(Label::new(RichText::new(reason).color(ui.visuals().error_fg_color)).wrap());
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let mut muted = projection.muted;
            if ui.checkbox(&mut muted, "Mute").on_hover_text("Its synapses transmit nothing (M)").changed() {
                let word = if muted { "Mute" } else { "Unmute" };
                change(panel, projection, word, move |p| p.muted = muted);
                panel.push(Action::EndGesture);
            }
        });
    });
}

/// Name of the projection for undo steps.
pub fn called(project: &Project, projection: &Projection) -> String {
    let name = |id| project.node(id).map_or("?", |n| n.name.as_str());
    format!("{} → {}", name(projection.from), name(projection.to))
}

/// Pushes an edit of this projection; the same `what` in one gesture becomes one step.
pub fn change(
    panel: &mut Panel<'_, '_>,
    projection: &Projection,
    what: &str,
    act: impl FnOnce(&mut Projection) + 'static,
) {
    let id = projection.id;
    let label = format!("{what} {}", called(panel.project, projection));
    let edit = Edit::new(label, move |project| {
        if let Some(projection) = project.projection_mut(id) {
            act(projection);
        }
    });
    panel.push(edit.merged(format!("{what} of projection {}", id.0)));
}

fn rule_title(rule: &Rule) -> (&'static str, &'static str) {
    match rule {
        Rule::AllToAll => ("All to all", "Every source to every target"),
        Rule::OneToOne => ("One to one", "Each source to the target of the same number; both need the same size"),
        Rule::FixedIndegree { .. } => ("Fixed in-degree", "Each target gets this many sources, drawn at random"),
        Rule::FixedOutdegree { .. } => ("Fixed out-degree", "Each source gets this many targets, drawn at random"),
        Rule::FixedTotalNumber { .. } => ("Fixed total number", "This many pairs, drawn at random"),
        Rule::PairwiseBernoulli { .. } => ("Pairwise Bernoulli", "Each pair is connected with probability p"),
        Rule::PairwisePoisson { .. } => {
            ("Pairwise Poisson", "Each pair is connected a random number of times of mean λ")
        }
        Rule::SymmetricPairwiseBernoulli { .. } => {
            ("Symmetric Bernoulli", "Each pair is connected with probability p, and always both ways")
        }
    }
}

fn rule(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, from: &Node, to: &Node) {
    let (title, doc) = rule_title(&projection.rule);
    ui.horizontal(|ui| {
        let label = ui.label("Rule");
        let combo = ComboBox::from_id_salt("rule").width(ui.available_width()).selected_text(title);
        let response = combo.show_ui(ui, |ui| {
            for choice in Rule::ALL {
                let (title, doc) = rule_title(&choice);
                let chosen = choice.name() == projection.rule.name();
                let row = ui.selectable_label(chosen, title);
                if row.on_hover_text(format!("{doc}\n{}", choice.name())).clicked() && !chosen {
                    change(panel, projection, "Set rule of", move |p| {
                        p.rule = choice;
                        let both = matches!(choice, Rule::SymmetricPairwiseBernoulli { .. });
                        p.symmetric = both || (p.symmetric && choice.can_be_symmetric());
                        p.autapses &= !both;
                        p.multapses |= choice.needs_multapses();
                    });
                    panel.push(Action::EndGesture);
                }
            }
        });
        response.response.on_hover_text(doc).labelled_by(label.id);
    });
    rule_number(ui, panel, projection, from, to);
    self_and_multiple(ui, panel, projection, both_ways(from, to));
}

fn rule_number(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, from: &Node, to: &Node) {
    let pairs = (from.n as f64 * to.n as f64).max(1.0);
    match projection.rule {
        Rule::AllToAll | Rule::OneToOne => {}
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
fn degree(
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
            change(panel, projection, "Set rule of", move |p| p.rule = rule);
        } else {
            panel.fields.refuse(&quantity.key, format!("{name}: allowed is a whole number ≥ 0"));
        }
    }
    end_gesture(panel, &outcome);
}

const PROBABILITY: (&str, &str, f64) = ("p", "Probability of each pair to be connected", 1.0);

/// A number of a rule that need not be whole, from 0 to what is allowed.
fn fraction(
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
            change(panel, projection, "Set rule of", move |p| p.rule = rule);
        } else {
            let message = format!("{name} = {}: allowed is 0 … {}", number::plain(x), number::plain(most));
            panel.fields.refuse(&quantity.key, message);
        }
    }
    end_gesture(panel, &outcome);
}

fn end_gesture(panel: &mut Panel<'_, '_>, outcome: &Outcome) {
    if outcome.ended {
        panel.push(Action::EndGesture);
    }
}

/// Whether synapses from one to the other could also run back.
fn both_ways(from: &Node, to: &Node) -> bool {
    from.model.is_neuron() && to.model.is_neuron() && models::wire(to.model, from.model).is_ok_and(|w| !w.reversed)
}

fn self_and_multiple(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, both_ways: bool) {
    let random = projection.rule.is_random() && !projection.rule.has_random_number();
    let to_itself = projection.from == projection.to;
    ui.horizontal(|ui| {
        let mut autapses = projection.autapses;
        let response = ui.add_enabled(to_itself, egui::Checkbox::new(&mut autapses, "Autapses"));
        let response = response.on_disabled_hover_text("Only within one population can a neuron connect to itself");
        if response.on_hover_text("A neuron may connect to itself").changed() {
            change(panel, projection, "Set autapses of", move |p| p.autapses = autapses);
            panel.push(Action::EndGesture);
        }
        let mut multapses = projection.multapses;
        let response = ui.add_enabled(random, egui::Checkbox::new(&mut multapses, "Multapses"));
        let response = response.on_disabled_hover_text("This rule connects each pair at most once");
        if response.on_hover_text("The same pair may be drawn more than once").changed() {
            change(panel, projection, "Set multapses of", move |p| p.multapses = multapses);
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
        change(panel, projection, "Set symmetry of", move |p| p.symmetric = on);
        panel.push(Action::EndGesture);
    }
}

/// Expected number of synapses, in all and for each neuron.
fn synapses(ui: &mut Ui, panel: &Panel<'_, '_>, projection: &Projection, from: &Node, to: &Node) {
    let all = panel.project.expected_synapses(projection);
    let about = if projection.rule.has_random_number() { "≈ " } else { "" };
    let total = all.round() as u64;
    let mut text = format!("{about}{} synapse{}", number::count(total), if total == 1 { "" } else { "s" });
    if to.n > 1 {
        let each = (all / to.n as f64 * 10.0).round() / 10.0;
        text += &format!(", {} per target", number::plain(each));
    } else if from.n > 1 {
        text += ", all onto one target";
    }
    ui.add(Label::new(text).wrap());
}

fn port_kind(carries: Carries) -> Option<PortKind> {
    match carries {
        Carries::Spikes => Some(PortKind::Spikes),
        Carries::Currents => Some(PortKind::Currents),
        Carries::Transitions => Some(PortKind::Transitions),
        Carries::Signal(signal) => Some(PortKind::Signal(signal)),
        Carries::Samples => None,
    }
}

/// The target's ports of this kind, by number: what each is for.
fn ports(to: &Node, carries: Carries) -> Vec<(u32, String)> {
    let ports = to.model.ports.iter().filter(|p| Some(p.kind) == port_kind(carries));
    ports
        .flat_map(|port| {
            let entries = match to.value(port.each) {
                Some(Value::List(xs)) => xs,
                _ => Vec::new(),
            };
            let count = if port.each.is_empty() { 1 } else { to.entries(port.each) as u32 };
            (0..count).map(move |i| {
                let entry = entries.get(i as usize).map(|x| format!(" ({} = {})", port.each, number::plain(*x)));
                (port.number + i, format!("{}: {}{}", port.number + i, port.doc, entry.unwrap_or_default()))
            })
        })
        .collect()
}

/// A choice among the target's ports, if there are several.
fn receptor(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, to: &Node, carries: Carries) {
    let ports = ports(to, carries);
    let known = ports.iter().find(|(number, _)| *number == projection.receptor);
    if ports.len() < 2 && known.is_some() {
        return;
    }
    let title = match known {
        Some((_, title)) => title.clone(),
        None => format!("{}: does not exist", projection.receptor),
    };
    ui.horizontal(|ui| {
        let label = ui.label("Receptor").on_hover_text("Input port of the target");
        let combo = ComboBox::from_id_salt("receptor").width(ui.available_width()).selected_text(title).truncate();
        let response = combo.show_ui(ui, |ui| {
            for (number, title) in ports {
                let chosen = number == projection.receptor;
                if ui.selectable_label(chosen, title).clicked() && !chosen {
                    change(panel, projection, "Set receptor of", move |p| p.receptor = number);
                    panel.push(Action::EndGesture);
                }
            }
        });
        response.response.labelled_by(label.id);
    });
}

/// How many values a list of weights or delays has, where that does not depend on chance.
fn list_length(projection: &Projection, from: &Node, to: &Node) -> Option<usize> {
    let length = match projection.rule {
        Rule::OneToOne => from.n.min(to.n),
        _ => return None,
    };
    (length > 1).then_some(length)
}

/// Half width of the weight slider: large enough for what is usual with this unit.
fn usual_weight(unit: &str) -> f64 {
    match unit {
        "nS" => 50.0,
        "mV" => 20.0,
        "pA" => 1000.0,
        _ => 10.0,
    }
}

fn weight(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, from: &Node, to: &Node, carries: Carries) {
    let unit = weight_unit(carries, to.model, projection.receptor);
    let width = usual_weight(unit);
    let declared = projection.synapse.parameter("weight").and_then(|p| p.slider);
    let range = declared.filter(|_| matches!(carries, Carries::Signal(_))).unwrap_or((-width, width));
    let several = panel.project.expected_synapses(projection) > 1.0;
    let quantity = Quantity {
        key: format!("weight of projection {}", projection.id.0),
        unit,
        default: Some(1.0),
        range: Some(range),
        varies: several && carries != Carries::Currents,
        list: list_length(projection, from, to).filter(|_| carries != Carries::Currents),
        tint: Some(sign_color(ui, projection)),
        knob: true,
        ..Quantity::plain("weight", &weight_doc(carries, unit))
    };
    let outcome = quantity.show(ui, panel.fields, &projection.weight);
    if let Some(value) = &outcome.set {
        match allowed::weight(projection, value) {
            Err(reason) => panel.fields.refuse(&quantity.key, reason),
            Ok(()) => {
                panel.fields.accept(&quantity.key);
                let value = value.clone();
                change(panel, projection, "Set weight of", move |p| p.weight = value);
            }
        }
    }
    if let Some(range) = outcome.knob {
        let what = Turned::Weights { from: from.id, to: Some(to.id) };
        let wish = format!("{} → {}", from.name, to.name);
        panel.push(knobs::add(panel.project, wish.clone(), format!("Weight of {wish}, {unit}"), range, what));
    }
    end_gesture(panel, &outcome);
    below_weight(ui, panel, projection, to, carries);
}

/// Size of the effect, and the button that turns the sign.
fn below_weight(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, to: &Node, carries: Carries) {
    ui.horizontal(|ui| {
        let signed = carries != Carries::Signal(Signal::Potential);
        if signed && ui.small_button("Reverse sign").on_hover_text("Turn excitation into inhibition, or back").clicked()
        {
            let turned = projection.weight.negated();
            change(panel, projection, "Reverse sign of", move |p| p.weight = turned);
            panel.push(Action::EndGesture);
        }
        if carries == Carries::Spikes
            && let Some(size) = psp::peak(to, projection)
        {
            let size = (size * 1000.0).round() / 1000.0;
            let why = "Peak deflection of the membrane potential by one spike, far from threshold";
            ui.small(format!("one spike: {} mV", number::plain(size))).on_hover_text(why);
        }
    });
}

fn weight_doc(carries: Carries, unit: &str) -> String {
    match carries {
        Carries::Currents => "Factor on the current".into(),
        _ if unit.is_empty() => "Strength; does not count at this target".into(),
        _ => format!("Strength of each synapse\nUnit: {unit}\nPositive excites, negative inhibits"),
    }
}

fn sign_color(ui: &Ui, projection: &Projection) -> egui::Color32 {
    let dark = ui.visuals().dark_mode;
    match theme::projection_sign(projection) {
        Sign::Excitatory => theme::palette_color(0, dark),
        Sign::Inhibitory => theme::palette_color(1, dark),
        Sign::Generic => theme::palette_color(7, dark),
    }
}

fn delay(ui: &mut Ui, panel: &mut Panel<'_, '_>, projection: &Projection, from: &Node, to: &Node) {
    let step = panel.project.simulation.resolution;
    let several = panel.project.expected_synapses(projection) > 1.0;
    let doc =
        format!("Time from spike to effect\nUnit: ms\nAllowed: ≥ {} (one time step)", number::with_unit(step, "ms"));
    let quantity = Quantity {
        key: format!("delay of projection {}", projection.id.0),
        unit: "ms",
        default: Some(1.0),
        range: Some((step, (20.0f64).max(step * 10.0))),
        limits: (step, f64::INFINITY),
        grid: Some(step),
        varies: several,
        list: list_length(projection, from, to),
        ..Quantity::plain("delay", &doc)
    };
    let outcome = quantity.show(ui, panel.fields, &projection.delay);
    if let Some(value) = &outcome.set {
        match allowed::delay(projection, value, &panel.project.simulation) {
            Err(reason) => panel.fields.refuse(&quantity.key, reason),
            Ok(()) => {
                panel.fields.accept(&quantity.key);
                let value = value.clone();
                change(panel, projection, "Set delay of", move |p| p.delay = value);
            }
        }
    }
    end_gesture(panel, &outcome);
}
