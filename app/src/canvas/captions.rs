//! What is written on nodes and wires, and what assistive technology is told about them.

use spikeloom_engine::description::{self, Line, Value};
use spikeloom_engine::models::{self, Family, RECORD_FROM, Signal, Stored, weight_unit};
use spikeloom_engine::project::{Node, Project, Projection, Rule};

use super::routes::Route;
use crate::number;

/// A number for reading: at most four significant digits and a true minus sign.
pub fn short(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return description::number(x).replace('-', "−");
    }
    let digits = (3 - x.abs().log10().floor() as i32).clamp(0, 12);
    let scale = 10f64.powi(digits);
    description::number((x * scale).round() / scale).replace('-', "−")
}

/// A value for reading; what varies is marked by a tilde.
pub fn value(value: &Value) -> String {
    match value {
        Value::Real(x) => short(*x),
        varying => format!("~{}", short(varying.typical())),
    }
}

/// Two short lines within the shape: what the node is or does.
pub fn inside(node: &Node) -> (String, String) {
    let alone = |first: String| (first, String::new());
    match node.model.family() {
        Family::Neuron => alone(format!("N = {}", number::count(node.n as u64))),
        Family::Generator | Family::Recorder if !node.model.facts.caption.is_empty() => {
            let mut lines = node.model.facts.caption.iter().map(|written| line(node, *written));
            (lines.next().unwrap_or_default(), lines.next().unwrap_or_default())
        }
        Family::Generator => first_main(node),
        Family::Recorder => match node.model.stores() {
            Some(Stored::Samples) => alone(recorded(node)),
            Some(Stored::Spikes) => alone("spikes".into()),
            Some(Stored::States) => alone("states".into()),
            Some(Stored::Weights) => alone("weights".into()),
            Some(Stored::Pairs) => alone("pairs".into()),
            None => alone(node.model.title.split_whitespace().next().unwrap_or("").to_lowercase()),
        },
        Family::Synapse => alone(String::new()),
    }
}

/// A line that the model declares.
fn line(node: &Node, line: Line) -> String {
    let parameter = line.parameter().unwrap_or_default();
    let unit = node.model.parameter(parameter).map_or("", |p| p.unit);
    let space = if unit.is_empty() { "" } else { " " };
    let shown = || node.value(parameter).map_or_else(String::new, |v| format!("{}{space}{unit}", value(&v)));
    match line {
        Line::Word(word) => word.to_owned(),
        Line::Square(_) => [shown(), shown()].join(" × "),
        Line::Value(_) => shown(),
        Line::Spread(_) => format!("± {}", shown()),
        Line::Count(name, noun) => counted(node.entries(name), noun),
    }
}

/// The first main parameter of a generator, with its unit below.
fn first_main(node: &Node) -> (String, String) {
    let Some(parameter) = node.model.parameters().find(|p| p.main) else { return (String::new(), String::new()) };
    match node.value(parameter.name) {
        Some(value) => (self::value(&value), parameter.unit.to_owned()),
        None => (String::new(), String::new()),
    }
}

fn counted(n: usize, noun: &str) -> String {
    match n {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}

fn recorded(node: &Node) -> String {
    match node.value(RECORD_FROM) {
        Some(Value::Names(names)) => match names.as_slice() {
            [] => "nothing".into(),
            [one] => one.clone(),
            many => format!("{} values", many.len()),
        },
        _ => String::new(),
    }
}

/// The accessible name of a node.
pub fn node_name(node: &Node) -> String {
    let kind = match (node.model.family(), node.n) {
        (Family::Neuron, n) if n != 1 => format!("population of {n} {}", node.model.name),
        (_, 1) => node.model.name.to_owned(),
        (_, n) => format!("{n} times {}", node.model.name),
    };
    let muted = if node.muted { ", muted" } else { "" };
    format!("{}, {kind}{muted}", node.name)
}

/// The accessible name of a wire; parallel ones are numbered.
pub fn projection_name(project: &Project, route: &Route) -> String {
    let name = |id| project.node(id).map_or("", |n| n.name.as_str());
    let number = if route.ordinal > 1 { format!(" ({})", route.ordinal) } else { String::new() };
    format!("Projection {} → {}{number}", name(route.from), name(route.to))
}

/// What is written on a wire.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WireText {
    /// Rule, weight, delay, and what else has to be said.
    pub parts: Vec<String>,
    /// Letters that are struck out: A where autapses, M where multapses are forbidden.
    pub struck: Vec<&'static str>,
}

/// What stands between the parts of a label.
const BETWEEN: &str = "   ";

/// A way to write a label.
#[derive(Clone, Debug, PartialEq)]
pub struct WireForm {
    pub lines: Vec<String>,
    /// Nothing is left out.
    pub whole: bool,
}

impl WireText {
    /// Everything but the letters in one line.
    pub fn plain(&self) -> String {
        self.parts.join(BETWEEN)
    }

    /// The ways to write it, the one that needs most room first: a line, two lines, and with the last parts left out.
    pub fn forms(&self) -> Vec<WireForm> {
        let mut forms = vec![WireForm { lines: vec![self.plain()], whole: true }];
        let widths = |at: usize| [&self.parts[..at], &self.parts[at..]].map(|half| half.join(BETWEEN));
        let longer = |at: &usize| widths(*at).iter().map(|line| line.chars().count()).max();
        if let Some(at) = (1..self.parts.len()).min_by_key(longer) {
            forms.push(WireForm { lines: widths(at).into(), whole: true });
        }
        for kept in (1..self.parts.len()).rev() {
            forms.push(WireForm { lines: vec![format!("{} …", self.parts[..kept].join(BETWEEN))], whole: false });
        }
        forms.push(WireForm { lines: vec!["…".into()], whole: false });
        forms
    }

    /// About how wide it is in two lines, in canvas units: what a layout leaves room for.
    pub fn usual_width(&self) -> f32 {
        /// Of a letter.
        const WIDTH: f32 = 6.6;
        const FRAME: f32 = 16.0;
        let form = self.forms().into_iter().rfind(|form| form.whole);
        let letters = form.iter().flat_map(|form| &form.lines).map(|line| line.chars().count()).max().unwrap_or(0);
        if letters == 0 { 0.0 } else { FRAME + WIDTH * (letters + 2 * self.struck.len()) as f32 }
    }
}

/// The label of a projection; empty where there is nothing to say.
pub fn wire(project: &Project, projection: &Projection) -> WireText {
    let Ok(wiring) = project.wiring(projection) else { return WireText::default() };
    let Some(to) = project.node(projection.to) else { return WireText::default() };
    let mut parts = Vec::new();
    let rule = projection.rule;
    match (projection.sources.label(), projection.targets.label()) {
        (sources, targets) if !sources.is_empty() && !targets.is_empty() => {
            parts.push(format!("{sources} → {targets}"))
        }
        (sources, targets) if !sources.is_empty() || !targets.is_empty() => parts.push(sources + &targets),
        _ => {}
    }
    if wiring.carries == Signal::Samples || to.model.is_recorder() {
        if rule != Rule::AllToAll {
            parts.push(rule.label());
        }
        let several = to.model.is_recorder() && to.model.ports.len() > 1;
        if several || names_port(to, wiring.carries, projection.receptor) {
            parts.push(format!("port {}", projection.receptor));
        }
    } else {
        parts.push(rule.label());
        let unit = weight_unit(wiring.carries, to.model, projection.receptor);
        let space = if unit.is_empty() { "" } else { " " };
        // A current is multiplied by the weight.
        let factor = if wiring.carries == Signal::Currents { "× " } else { "" };
        if projection.synapse.parameter("weight").is_some() {
            parts.push(format!("{factor}{}{space}{unit}", value(&projection.weight)));
        }
        if projection.synapse.parameter("delay").is_some() {
            parts.push(format!("{} ms", value(&projection.delay)));
        }
        if projection.synapse != &models::STATIC_SYNAPSE {
            parts.push(projection.synapse.short_title());
        }
        if names_port(to, wiring.carries, projection.receptor) {
            parts.push(format!("port {}", projection.receptor));
        }
    }
    let repeats =
        matches!(rule, Rule::FixedIndegree { .. } | Rule::FixedOutdegree { .. } | Rule::FixedTotalNumber { .. });
    let mut struck = Vec::new();
    if projection.from == projection.to && !projection.autapses {
        struck.push("A");
    }
    if repeats && !projection.multapses {
        struck.push("M");
    }
    WireText { parts, struck }
}

/// Whether it has to be said to which port something goes: where there are as many as entries of a list, or where it is
/// not the usual one. Samples come from no port.
fn names_port(node: &Node, carries: Signal, receptor: u32) -> bool {
    match node.model.ports.iter().find(|p| p.takes == carries) {
        Some(first) if first.each.is_empty() => receptor != first.number,
        Some(first) => node.entries(first.each) > 1,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editing::create::{insert_node, insert_projection};
    use spikeloom_engine::project::NodeId;

    #[test]
    fn numbers_are_short_and_carry_a_true_minus() {
        assert_eq!(short(-20.68123), "−20.68");
        assert_eq!(short(8000.0), "8000");
        assert_eq!(short(123456.0), "123456");
        assert_eq!(short(0.1 + 0.2), "0.3");
    }

    #[test]
    fn what_is_written_in_a_recorder_fits_its_shape() {
        for model in models::CATALOGUE.iter().filter(|m| m.family() == Family::Recorder) {
            let (first, second) = inside(&Node::new(NodeId(0), "a", model));
            assert!((1..=8).contains(&first.len()) && second.len() <= 8, "{}: {first} {second}", model.name);
        }
        let written = |name: &str| {
            let (first, second) = inside(&Node::new(NodeId(0), "a", models::find(name).unwrap()));
            format!("{first}|{second}")
        };
        let detectors = ["correlation_detector", "correlomatrix_detector", "correlospinmatrix_detector"];
        assert_eq!(detectors.map(written), ["pairs|by lag", "matrix|1 × 1", "spins|1 × 1"]);
    }

    #[test]
    fn what_is_written_in_a_generator_tells_what_it_does() {
        let written = |name: &str| {
            let mut p = Project::default();
            let id = insert_node(&mut p, models::find(name).unwrap(), [0.0; 2], None);
            let (first, second) = inside(p.node(id).unwrap());
            format!("{first}|{second}")
        };
        assert_eq!(written("poisson_generator"), "1000|spikes/s");
        assert_eq!(written("dc_generator"), "400 pA|");
        assert_eq!(written("ac_generator"), "200 pA|10 Hz");
        assert_eq!(written("noise_generator"), "360 pA|± 400 pA");
        assert_eq!(written("step_current_generator"), "4 steps|");
        assert_eq!(written("spike_generator"), "6 spikes|");
    }

    #[test]
    fn what_models_declare_to_be_written_is_a_parameter_of_theirs() {
        for model in models::CATALOGUE {
            for line in model.facts.caption {
                assert!(line.parameter().is_none_or(|p| model.parameter(p).is_some()), "{}: {line:?}", model.name);
            }
            let is_device = matches!(model.family(), Family::Generator | Family::Recorder);
            assert!(model.facts.caption.len() <= 2 && (is_device || model.facts.caption.is_empty()));
        }
    }

    #[test]
    fn synapses_have_short_names() {
        let all = ["stdp_synapse", "rate_connection_delayed", "gap_junction", "stdp_pl_synapse_hom"];
        let short = ["stdp", "rate delayed", "gap junction", "stdp pl synapse hom"];
        assert_eq!(all.map(|name| models::find(name).unwrap().short_title()), short);
    }

    #[test]
    fn wires_say_rule_weight_and_delay() {
        let mut p = Project::default();
        insert_node(&mut p, &models::iaf_psc_alpha::MODEL, [0.0; 2], None);
        insert_node(&mut p, &models::SPIKE_RECORDER, [0.0; 2], None);
        insert_projection(&mut p, NodeId(0), NodeId(0)).unwrap();
        insert_projection(&mut p, NodeId(0), NodeId(1)).unwrap();
        p.projections[0].rule = Rule::FixedIndegree { indegree: 80 };
        p.projections[0].weight = Value::Real(-20.7);
        p.projections[0].autapses = false;
        let text = wire(&p, &p.projections[0]);
        assert_eq!(text.plain(), "K_in = 80   −20.7 pA   1.5 ms");
        assert_eq!(text.struck, ["A"]);
        assert_eq!(wire(&p, &p.projections[1]), WireText::default());
        insert_node(&mut p, &models::CORRELATION_DETECTOR, [0.0; 2], None);
        insert_projection(&mut p, NodeId(0), NodeId(2)).unwrap();
        assert_eq!(wire(&p, &p.projections[2]).plain(), "port 0");
        // A meter takes its samples, and a current goes, where there is one way only.
        for (model, said) in [("voltmeter", ""), ("dc_generator", "all   × 1   1 ms")] {
            let mut p = Project::default();
            let device = insert_node(&mut p, models::find(model).unwrap(), [0.0; 2], None);
            let cells = insert_node(&mut p, models::find("ht_neuron").unwrap(), [0.0; 2], None);
            insert_projection(&mut p, device, cells).unwrap();
            assert_eq!(wire(&p, &p.projections[0]).plain(), said, "{model}");
        }
    }

    #[test]
    fn labels_take_less_room_where_there_is_less() {
        let text = |parts: &[&str]| WireText { parts: parts.iter().map(|p| (*p).to_owned()).collect(), struck: vec![] };
        let lines: Vec<String> =
            text(&["K_in = 80", "−20.7 pA", "1.5 ms"]).forms().iter().map(|f| f.lines.join("|")).collect();
        let all = [
            "K_in = 80   −20.7 pA   1.5 ms",
            "K_in = 80|−20.7 pA   1.5 ms",
            "K_in = 80   −20.7 pA …",
            "K_in = 80 …",
            "…",
        ];
        assert_eq!(lines, all);
        assert!(text(&["all"]).forms().iter().map(|f| f.whole).eq([true, false]));
        assert_eq!(text(&[]).usual_width(), 0.0);
    }
}
