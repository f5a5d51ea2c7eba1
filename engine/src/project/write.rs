//! Writes a project as text; the format is described in [`super::read`](super::read()).

mod space;
mod training;

use std::collections::BTreeMap;

use super::{
    FORMAT, Knob, Layout, Leg, Node, NodeId, Part, Play, Project, Projection, Rule, Settings, Turn, Turned, View,
};
use crate::description::space::Positions;
use crate::description::{Distribution, Row, Value, number};
use crate::models::{Model, VOLUME_TRANSMITTER, WEIGHT_RECORDER};

/// Longer lines are broken within lists and parameters.
const WIDTH: usize = 110;

/// The project as text: stable order, only what differs from defaults; settings of views as they are.
///
/// [`read`](super::read()) of the text gives the project back, with nodes and projections
/// numbered in their order.
pub fn write(project: &Project) -> String {
    let mut out = String::from("(\n");
    line(&mut out, &format!("spikeloom: {FORMAT}"));
    write_texts(&mut out, project);
    write_settings(&mut out, &project.simulation);
    block(&mut out, "nodes: {", "}", project.nodes.iter().map(node));
    some_block(&mut out, "projections: [", "]", project.projections.iter().filter_map(|p| projection(project, p)));
    write_views(&mut out, project);
    some_block(
        &mut out,
        "notes: [",
        "]",
        project.notes.iter().map(|n| fields([Some(at(n.position)), Some(format!("text: {}", text(&n.text)))])),
    );
    some_block(&mut out, "knobs: {", "}", project.knobs.iter().map(|k| knob(project, k)));
    if let Some(training) = &project.training {
        block(&mut out, "training: (", ")", training::entries(project, training).into_iter());
    }
    out.push_str(")\n");
    out
}

/// Views, unless they are the program's choice. A file with recorders that says nothing of views leaves them to the program, so
/// that there is none has to be said.
fn write_views(out: &mut String, project: &Project) {
    if project.default_views {
        return;
    }
    if project.views.is_empty() && project.nodes.iter().any(|node| node.model.stores().is_some()) {
        line(out, "views: {}");
    }
    some_block(out, "views: {", "}", project.views.iter().map(|v| view(project, v)));
    if let Some(arrangement) = project.layout.as_ref().filter(|l| l.levels() <= Layout::MOST_LEVELS) {
        line(out, &format!("layout: {}", layout(arrangement)));
    }
}

fn write_texts(out: &mut String, project: &Project) {
    if !project.title.is_empty() {
        line(out, &format!("title: {}", text(&project.title)));
    }
    if !project.about.is_empty() {
        line(out, &format!("about: {}", text(&project.about)));
    }
}

fn write_settings(out: &mut String, settings: &Settings) {
    let default = Settings::default();
    if *settings == default {
        return;
    }
    let given = fields([
        (settings.resolution != default.resolution).then(|| format!("resolution: {}", number(settings.resolution))),
        (settings.duration != default.duration).then(|| format!("duration: {}", number(settings.duration))),
        match settings.play {
            Play::Endless => None,
            Play::Once => Some("play: once".to_owned()),
            Play::Repeat { next_seed: false } => Some("play: repeat".to_owned()),
            Play::Repeat { next_seed: true } => Some("play: repeat(next_seed: true)".to_owned()),
        },
        (settings.speed != default.speed).then(|| format!("speed: {}", number(settings.speed))),
        settings.time_window.map(|width| format!("time_window: {}", number(width))),
        (settings.seed != default.seed).then(|| format!("seed: {}", settings.seed)),
        (settings.threads != default.threads).then(|| format!("threads: {}", settings.threads)),
        (settings.use_wfr != default.use_wfr).then(|| format!("use_wfr: {}", settings.use_wfr)),
        (settings.wfr_interpolation_order != default.wfr_interpolation_order)
            .then(|| format!("wfr_interpolation_order: {}", settings.wfr_interpolation_order)),
        (settings.wfr_tol != default.wfr_tol).then(|| format!("wfr_tol: {}", number(settings.wfr_tol))),
        (settings.wfr_max_iterations != default.wfr_max_iterations)
            .then(|| format!("wfr_max_iterations: {}", settings.wfr_max_iterations)),
    ]);
    line(out, &format!("simulation: {given}"));
}

/// What differs from the model's defaults.
fn params(params: &BTreeMap<String, Value>, model: &Model) -> Option<String> {
    let params: Vec<(&str, String)> = params
        .iter()
        .filter(|(name, value)| model.parameter(name).is_none_or(|p| Value::from(p.default) != **value))
        .map(|(name, value)| (name.as_str(), self::value(value, 12)))
        .collect();
    (!params.is_empty()).then(|| format!("params: {}", filled("(", &grouped(params), ")", 8)))
}

/// Names with their texts, in order; what has names such as `soma.g_L` stands together: `soma: (g_L: 10)`.
fn grouped(entries: Vec<(&str, String)>) -> Vec<String> {
    let mut items = Vec::new();
    let mut rest = entries.into_iter().peekable();
    while let Some((name, text)) = rest.next() {
        let Some((group, key)) = name.split_once('.') else {
            items.push(format!("{name}: {text}"));
            continue;
        };
        let mut members = vec![(key, text)];
        let within = |name: &str| name.split_once('.').is_some_and(|(other, _)| other == group);
        while let Some((name, text)) = rest.next_if(|(name, _)| within(name)) {
            members.push((&name[group.len() + 1..], text));
        }
        items.push(format!("{group}: ({})", grouped(members).join(", ")));
    }
    items
}

fn node(node: &Node) -> String {
    let told = node.positions.as_ref().and_then(Positions::number);
    let given = fields([
        Some(format!("model: {}", text(node.model.name))),
        // Where places are listed they tell the number, unless another is given.
        (node.n != 1 || told.is_some_and(|told| told != node.n)).then(|| format!("n: {}", node.n)),
        (node.position != [0.0, 0.0]).then(|| at(node.position)),
        node.muted.then(|| "muted: true".to_owned()),
        node.color.map(|color| format!("color: {color}")),
        params(&node.params, node.model),
        node.positions.as_ref().map(|given| format!("positions: {}", space::positions(given))),
    ]);
    format!("{}: {given}", text(&node.name))
}

/// A projection that has lost an end cannot be written. Of those that share a rule, the first stands for all.
fn projection(project: &Project, projection: &Projection) -> Option<String> {
    let name = |id: NodeId| project.node(id).map(|n| text(&n.name));
    let default = Projection::new(projection.id, projection.from, projection.to);
    if project.leader(projection).id != projection.id || projection.third_factor.is_some() {
        return None;
    }
    name(projection.from).and(name(projection.to))?;
    let (sources, targets) = (project.sources_of(projection), project.targets_of(projection));
    Some(fields([
        Some(format!("from: {}", names(&sources))),
        Some(format!("to: {}", names(&targets))),
        parts("sources", &sources),
        parts("targets", &targets),
        (projection.rule != default.rule).then(|| format!("rule: {}", rule(projection))),
        (projection.synapse != default.synapse).then(|| format!("synapse: {}", text(projection.synapse.name))),
        params(&projection.params, projection.synapse),
        (projection.weight != projection.default_weight()).then(|| format!("weight: {}", value(&projection.weight, 8))),
        (projection.delay_given || projection.delay != projection.file_delays().unwrap_or(default.delay))
            .then(|| format!("delay: {}", value(&projection.delay, 8))),
        (projection.receptor != default.receptor).then(|| format!("receptor: {}", projection.receptor)),
        projection.weight_recorder.and_then(name).map(|name| format!("{}: {name}", WEIGHT_RECORDER.name)),
        projection.volume_transmitter.and_then(name).map(|name| format!("{}: {name}", VOLUME_TRANSMITTER.name)),
        (!projection.autapses).then(|| "autapses: false".to_owned()),
        (!projection.multapses).then(|| "multapses: false".to_owned()),
        projection.symmetric.then(|| "symmetric: true".to_owned()),
        projection.seed.map(|seed| format!("seed: {seed}")),
        projection.muted.then(|| "muted: true".to_owned()),
        (projection.storage != default.storage).then(|| format!("storage: {}", projection.storage.name())),
        third_factor(project, projection),
        projection.mask.as_ref().map(|mask| format!("mask: {}", space::mask(mask))),
        projection.kernel.as_ref().map(|kernel| format!("kernel: {}", space::kernel(kernel))),
        projection.use_on_source.then(|| "use_on_source: true".to_owned()),
        projection.allow_oversized_mask.then(|| "allow_oversized_mask: true".to_owned()),
    ]))
}

/// The third factor of a projection, with its legs.
fn third_factor(project: &Project, primary: &Projection) -> Option<String> {
    let node = project.node(project.third_node(primary)?)?;
    let leg = |leg: Leg| project.legs_of(primary).find(|p| p.third_factor.is_some_and(|third| third.leg == leg));
    let (inward, outward) = (leg(Leg::In)?, leg(Leg::Out)?);
    let Rule::ThirdFactor { p, pool_size, block } = inward.rule else { return None };
    let synapses = |name: &str, leg: &Projection| {
        let default = Projection::new(leg.id, leg.from, leg.to);
        let recorder = leg.weight_recorder.and_then(|id| project.node(id)).map(|node| text(&node.name));
        let given = fields([
            (leg.synapse != default.synapse).then(|| format!("synapse: {}", text(leg.synapse.name))),
            params(&leg.params, leg.synapse),
            (leg.weight != leg.default_weight()).then(|| format!("weight: {}", value(&leg.weight, 8))),
            (leg.delay_given || leg.delay != default.delay).then(|| format!("delay: {}", value(&leg.delay, 8))),
            (leg.receptor != default.receptor).then(|| format!("receptor: {}", leg.receptor)),
            recorder.map(|name| format!("{}: {name}", WEIGHT_RECORDER.name)),
            leg.muted.then(|| "muted: true".to_owned()),
        ]);
        (given != "()").then(|| format!("{name}: {given}"))
    };
    let given = fields([
        Some(format!("node: {}", text(&node.name))),
        (p != 1.0).then(|| format!("p: {}", number(p))),
        pool_size.map(|size| format!("pool_size: {size}")),
        block.then(|| "pool_type: \"block\"".to_owned()),
        synapses("third_in", inward),
        synapses("third_out", outward),
    ]);
    Some(format!("third_factor: {given}"))
}

/// One node, or a list of several.
fn names(members: &[(&Node, &Part)]) -> String {
    match members {
        [(node, _)] => text(&node.name),
        _ => filled("[", &members.iter().map(|(node, _)| text(&node.name)).collect::<Vec<_>>(), "]", 8),
    }
}

/// Which cells take part, where that is not all.
fn parts(field: &str, members: &[(&Node, &Part)]) -> Option<String> {
    match members {
        [(_, Part::Whole)] => None,
        [(_, given)] => Some(format!("{field}: {}", part(given))),
        _ => {
            let given = members.iter().filter(|(_, given)| **given != Part::Whole);
            let given: Vec<String> =
                given.map(|(node, given)| format!("{}: {}", text(&node.name), part(given))).collect();
            (!given.is_empty()).then(|| format!("{field}: {}", filled("{", &given, "}", 8)))
        }
    }
}

fn part(part: &Part) -> String {
    match part {
        Part::Whole => "slice(start: 0)".to_owned(),
        Part::Slice { start, stop, step } => {
            let given = [
                (*start != 0 || (stop.is_none() && *step == 1)).then(|| format!("start: {start}")),
                stop.map(|stop| format!("stop: {stop}")),
                (*step != 1).then(|| format!("step: {step}")),
            ];
            format!("slice{}", fields(given))
        }
        Part::List(cells) => filled("[", &cells.iter().map(u32::to_string).collect::<Vec<_>>(), "]", 8),
    }
}

fn rule(projection: &Projection) -> String {
    let rule = &projection.rule;
    match rule {
        Rule::Pairs => {
            if let Some(file) = &projection.pairs_file {
                return format!("{}(csv: {})", rule.name(), text(&file.name));
            }
            let pairs: Vec<String> = projection.pairs.iter().map(|(s, t)| format!("({s}, {t})")).collect();
            format!("{}({})", rule.name(), filled("[", &pairs, "]", 8))
        }
        Rule::AllToAll | Rule::OneToOne | Rule::ThirdFactor { .. } => rule.name().to_owned(),
        Rule::FixedIndegree { indegree: count }
        | Rule::FixedOutdegree { outdegree: count }
        | Rule::FixedTotalNumber { n: count } => format!("{}({count})", rule.name()),
        Rule::PairwiseBernoulli { p: x }
        | Rule::PairwisePoisson { mean: x }
        | Rule::SymmetricPairwiseBernoulli { p: x } => format!("{}({})", rule.name(), number(*x)),
    }
}

fn view(project: &Project, view: &View) -> String {
    let sources: Vec<String> = view.sources.iter().filter_map(|&id| project.node(id)).map(|n| text(&n.name)).collect();
    let given = [
        Some(format!("kind: {}", view.kind)),
        (!view.title.is_empty()).then(|| format!("title: {}", text(&view.title))),
        (!sources.is_empty()).then(|| format!("of: {}", filled("[", &sources, "]", 8))),
    ];
    let settings = view.settings.iter().map(|(name, value)| format!("{name}: {}", self::value(value, 8)));
    let all: Vec<String> = given.into_iter().flatten().chain(settings).collect();
    format!("{}: ({})", view.id.0, all.join(", "))
}

fn layout(arrangement: &Layout) -> String {
    let shared = |name: &str, children: &[(f32, Layout)]| {
        let children: Vec<String> =
            children.iter().map(|(share, child)| format!("({}, {})", single(*share), layout(child))).collect();
        format!("{name}([{}])", children.join(", "))
    };
    match arrangement {
        Layout::View(id) => format!("view({})", id.0),
        Layout::Row(children) => shared("row", children),
        Layout::Column(children) => shared("column", children),
        Layout::Tabs(children) => {
            format!("tabs([{}])", children.iter().map(layout).collect::<Vec<_>>().join(", "))
        }
    }
}

fn knob(project: &Project, knob: &Knob) -> String {
    let turns: Vec<String> = knob.turns.iter().filter_map(|t| turn(project, t)).collect();
    let given = fields([
        (!knob.doc.is_empty()).then(|| format!("doc: {}", text(&knob.doc))),
        Some(format!("range: ({}, {})", number(knob.range.0), number(knob.range.1))),
        (knob.step != 0.0).then(|| format!("step: {}", number(knob.step))),
        Some(format!("turns: {}", filled("[", &turns, "]", 8))),
    ]);
    format!("{}: {given}", text(&knob.name))
}

/// What turns a node that is gone is not written.
fn turn(project: &Project, turn: &Turn) -> Option<String> {
    let name = |id: NodeId| project.node(id).map(|n| text(&n.name));
    let times = (turn.times != 1.0).then(|| format!("times: {}", number(turn.times)));
    Some(match &turn.what {
        Turned::Parameter { of, name: parameter } => {
            let given = [Some(format!("of: {}", name(*of)?)), Some(format!("name: {}", text(parameter))), times];
            format!("parameter{}", fields(given))
        }
        Turned::Weights { from, to } => {
            let to = match to {
                Some(to) => Some(format!("to: {}", name(*to)?)),
                None => None,
            };
            format!("weights{}", fields([Some(format!("from: {}", name(*from)?)), to, times]))
        }
        Turned::Synapses { from, to, name: parameter } => {
            let to = match to {
                Some(to) => Some(format!("to: {}", name(*to)?)),
                None => None,
            };
            let (from, parameter) = (format!("from: {}", name(*from)?), format!("name: {}", text(parameter)));
            format!("synapses{}", fields([Some(from), to, Some(parameter), times]))
        }
    })
}

fn value(value: &Value, indent: usize) -> String {
    let numbers = |xs: &[f64]| -> Vec<String> { xs.iter().map(|&x| number(x)).collect() };
    match value {
        Value::Real(x) => number(*x),
        Value::Flag(flag) => flag.to_string(),
        Value::Text(words) => text(words),
        Value::List(xs) => filled("[", &numbers(xs), "]", indent),
        Value::Lists(rows) => {
            let rows: Vec<String> = rows.iter().map(|xs| filled("[", &numbers(xs), "]", indent + 4)).collect();
            filled("[", &rows, "]", indent)
        }
        Value::Flags(flags) => filled("[", &flags.iter().map(bool::to_string).collect::<Vec<_>>(), "]", indent),
        Value::Names(names) => filled("[", &names.iter().map(|name| text(name)).collect::<Vec<_>>(), "]", indent),
        Value::Table(records) => filled("[", &records.iter().map(record_text).collect::<Vec<_>>(), "]", indent),
        Value::Distribution(distribution) => self::distribution(distribution),
        Value::Spatial(kernel) => format!("spatial({})", space::kernel(kernel)),
        Value::Range(range) => format!("{}(from: {}, to: {})", range.name(), number(range.from), number(range.to)),
    }
}

/// An entry of a table as it stands in files: `(parent_idx: -1, params: (C_m: 1))`.
pub fn record_text(record: &Row) -> String {
    let entries = record.iter().map(|(key, value)| (key.as_str(), self::value(value, 0)));
    format!("({})", grouped(entries.collect()).join(", "))
}

fn distribution(distribution: &Distribution) -> String {
    let given = |(name, x): (&str, f64)| format!("{name}: {}", number(x));
    let bounds = [("min", distribution.min), ("max", distribution.max)];
    let bounds = bounds.into_iter().filter_map(|(name, bound)| Some((name, bound?)));
    let all: Vec<String> = distribution.shape.numbers().into_iter().chain(bounds).map(given).collect();
    let all = format!("({})", all.join(", "));
    format!("{}{all}", distribution.shape.name())
}

/// A text in quotes; as a raw text if it has several lines, so that people can read it.
fn text(words: &str) -> String {
    let printable = words.chars().all(|c| c == '\n' || !c.is_control());
    if words.contains('\n') && printable {
        return raw(words);
    }
    let mut out = String::from("\"");
    for c in words.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A raw text with as many `#` as keep what it contains from closing it.
fn raw(words: &str) -> String {
    let longest = words.split('"').skip(1).map(|after| after.len() - after.trim_start_matches('#').len()).max();
    let hashes = "#".repeat(longest.map_or(1, |n| n + 1));
    format!("r{hashes}\"{words}\"{hashes}")
}

fn at(position: [f32; 2]) -> String {
    format!("at: ({}, {})", single(position[0]), single(position[1]))
}

/// A coordinate or share. What is not finite has no place on a canvas: it becomes 0.
fn single(x: f32) -> String {
    if !x.is_finite() {
        "0".into()
    } else if x != 0.0 && (x.abs() < 1e-4 || x.abs() >= 1e15) {
        format!("{x:e}")
    } else {
        format!("{x}")
    }
}

fn fields<const N: usize>(given: [Option<String>; N]) -> String {
    format!("({})", given.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// Items on one line if they fit, else on lines filled to the width.
fn filled(open: &str, items: &[String], close: &str, indent: usize) -> String {
    let length: usize = items.iter().map(|item| item.chars().count() + 2).sum();
    let broken = items.iter().any(|item| item.contains('\n'));
    if !broken && length + indent <= WIDTH {
        return format!("{open}{}{close}", items.join(", "));
    }
    let (outer, inner) = (" ".repeat(indent), " ".repeat(indent + 4));
    let mut out = format!("{open}\n{inner}");
    let mut column = inner.len();
    for (i, item) in items.iter().enumerate() {
        let width = item.chars().count() + 2;
        if i > 0 {
            let fits = column + width <= WIDTH && !broken;
            out.push_str(if fits { " " } else { "\n" });
            if !fits {
                out.push_str(&inner);
                column = inner.len();
            }
        }
        out.push_str(item);
        out.push(',');
        column += width;
    }
    out.push_str(&format!("\n{outer}{close}"));
    out
}

fn line(out: &mut String, content: &str) {
    out.push_str("    ");
    out.push_str(content);
    out.push_str(",\n");
}

fn block(out: &mut String, open: &str, close: &str, entries: impl Iterator<Item = String>) {
    let mut entries = entries.peekable();
    if entries.peek().is_none() {
        return line(out, &format!("{open}{close}"));
    }
    out.push_str(&format!("    {open}\n"));
    entries.for_each(|entry| out.push_str(&format!("        {entry},\n")));
    line(out, close);
}

fn some_block(out: &mut String, open: &str, close: &str, entries: impl Iterator<Item = String>) {
    let mut entries = entries.peekable();
    if entries.peek().is_some() {
        block(out, open, close, entries);
    }
}
