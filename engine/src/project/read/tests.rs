//! Files as people write them, broken files, and the round through `write`.

#[path = "../../../../tests/explore/mod.rs"]
mod explore;

use proptest::prelude::*;

use super::*;
use crate::description::{Distribution, Range, Row, Shape, Value};
use crate::models::{CATALOGUE, Family, find};
use crate::project::{Layout, Node, NodeId, Note, Projection, ProjectionId, Rule, View, ViewId, write};

const EXAMPLE: &str = r#"(
    spikeloom: 1,
    title: "Two populations",
    about: "Markdown paragraph",
    simulation: (resolution: 0.1, duration: 1000, seed: 1, threads: 0),
    nodes: {
        "E": (model: "iaf_psc_alpha", n: 800, at: (120, 80), params: (tau_m: 20, V_m: normal(mean: -60, std: 5, min: -70))),
        "noise": (model: "poisson_generator", at: (0, 80), params: (rate: 8000)),
        "spikes": (model: "spike_recorder", at: (300, 80)),
        "V": (model: "multimeter", params: (record_from: ["V_m", "I_syn_ex"], interval: 0.1)),
    },
    projections: [
        (from: "E", to: "E", rule: fixed_indegree(80), weight: 20.7, delay: 1.5, autapses: false),
        (from: "noise", to: "E", weight: 20.7, delay: uniform(low: 1, high: 2)),
        (from: "E", to: "spikes"),
        (from: "V", to: "E"),
    ],
    views: {
        1: (kind: raster, of: ["spikes"]),
        2: (kind: traces, of: ["V"], variable: "V_m", cells: [0, 1, 2], stacked: true),
        3: (kind: rate, of: ["spikes"], bin: 5),
    },
    layout: row([(0.6, view(1)), (0.4, column([(0.5, view(2)), (0.5, view(3))]))]),
    notes: [(at: (10, 10), text: "…")],
)
"#;

fn problems(text: &str) -> Vec<String> {
    match read(text) {
        Ok((_, problems)) => panic!("no error in {text}; {problems:?}"),
        Err(error) => {
            error.problems.iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect()
        }
    }
}

/// The problems of a file with one node of this text.
fn node_problems(node: &str) -> Vec<String> {
    problems(&format!("(nodes: {{\"a\": {node}}})"))
}

#[test]
fn the_example_is_read_as_it_stands() {
    let (project, problems) = read(EXAMPLE).unwrap();
    assert_eq!(problems, vec![]);
    assert_eq!(project.title, "Two populations");
    assert_eq!(project.nodes.len(), 4);
    let e = &project.nodes[0];
    assert_eq!((e.name.as_str(), e.n, e.position), ("E", 800, [120.0, 80.0]));
    let shape = Shape::Normal { mean: -60.0, std: 5.0 };
    assert_eq!(e.params["V_m"], Value::Distribution(Distribution { shape, min: Some(-70.0), max: None }));
    assert_eq!(project.projections[0].rule, Rule::FixedIndegree { indegree: 80 });
    assert!(!project.projections[0].autapses);
    let settings = [
        ("variable", Value::Text("V_m".into())),
        ("cells", Value::List(vec![0.0, 1.0, 2.0])),
        ("stacked", Value::Flag(true)),
    ];
    assert_eq!(project.views[1].settings, settings.map(|(name, value)| (name.to_owned(), value)));
    assert!(matches!(&project.layout, Some(Layout::Row(children)) if children.len() == 2));
    assert_eq!(project.notes[0].text, "…");
    let text = write(&project);
    assert_eq!(read(&text).unwrap().0, project);
    assert_eq!(write(&read(&text).unwrap().0), text);
}

#[test]
fn ten_lines_by_hand_are_enough() {
    let text = r#"(
    nodes: {
        "cells": (model: "iaf_psc_exp", n: 10, params: (I_e: 400)),
        "spikes": (model: "spike_recorder"),
    },
    projections: [
        (from: "cells", to: "spikes"),
    ],
)"#;
    let (project, problems) = read(text).unwrap();
    assert_eq!(problems, vec![]);
    assert_eq!(project.simulation, Settings::default());
    assert_eq!(project.nodes[0].params["I_e"], Value::Real(400.0));
}

#[test]
fn misspelt_parameters_are_found_with_line_and_column() {
    let text = "(nodes: {\n    \"E\": (model: \"iaf_psc_alpha\", params: (V_tresh: -50)),\n})";
    assert_eq!(
        problems(text),
        ["line 2, column 53: E: unknown parameter `V_tresh` of iaf_psc_alpha: did you mean `V_th`?"]
    );
}

#[test]
fn values_out_of_range_are_found_with_line_and_column() {
    let text = "(nodes: {\n  \"ä\": (model: \"iaf_psc_alpha\", params: (tau_m: -3)),\n})";
    assert_eq!(problems(text), ["line 2, column 49: ä: tau_m: must be > 0 ms, is -3"]);
    let text = "(simulation: (resolution: 0),\nnodes: {})";
    assert!(problems(text)[0].starts_with("line 1, column 27: simulation: resolution:"));
}

#[test]
fn all_problems_are_found_at_once() {
    let text = r#"(
    titel: "x",
    nodes: {
        "a": (model: "iaf_psc_alfa"),
        "b": (model: "iaf_psc_exp", n: -5, params: (tau_m: "x")),
        "b": (model: "iaf_psc_exp"),
        "c": (modle: "iaf_psc_exp"),
    },
    projections: [
        (from: "a", to: "bb", rule: fixed_indegree(2.5)),
        (from: "b", to: "b", weight: normal(mean: 1), delay: 0),
    ],
    views: { 1: (kind: "raster", of: ["x"]) },
)"#;
    let found = problems(text);
    for part in [
        "line 2, column 5: project: unknown field `titel` of a project: did you mean `title`?",
        "unknown model `iaf_psc_alfa`: did you mean `iaf_psc_alpha`?",
        "line 5, column 40: b: n: must be a whole number from 1 to 2147483648, is -5",
        "line 5, column 60: b: tau_m: must be a number, is the text \"x\"",
        "line 6, column 9: b: there are two nodes of the name \"b\"",
        "unknown field `modle` of a node: did you mean `model`?",
        "c: the field `model` is missing",
        "a → bb: to: unknown node `bb`: did you mean `b`?",
        "a → bb: rule: must be a whole number ≥ 0, is 2.5",
        "b → b: weight: give all its numbers: `normal(mean: 0, std: 1)`",
        "b → b: delay: must be at least one step (0.1 ms), is 0",
        "view 1: kind: must be a kind of plot such as `raster`, is the text \"raster\"",
    ] {
        assert!(found.iter().any(|p| p.contains(part)), "{part} is not in {found:#?}");
    }
}

#[test]
fn newer_files_are_refused_as_such() {
    assert_eq!(
        problems("(spikeloom: 2, nodes: 5, whatever: [1])"),
        [
            "line 1, column 13: project: this file was written by a newer Spikeloom (format 2, this program reads up to 1)"
        ]
    );
    assert!(problems("(spikeloom: 0, nodes: {})")[0].contains("must be a whole number"));
    assert!(read("(nodes: {})").is_ok());
}

#[test]
fn broken_grammar_tells_where() {
    assert!(problems("")[0].contains("the text ends"));
    assert!(problems("(nodes: {")[0].contains("never closed"));
    assert!(problems("(nodes: {}) x")[0].contains("line 1, column 13"));
    assert!(problems("(title: \"x\" nodes: {})")[0].contains("a comma or `)` is missing here"));
    assert!(problems("5")[0].contains("a project is written as"));
    assert!(problems("()")[0].contains("the field `nodes` is missing"));
}

#[test]
fn numbers_that_do_not_fit_are_problems() {
    assert!(node_problems("(model: \"iaf_psc_exp\", n: 99999999999999999999999)")[0].contains("whole number"));
    assert!(node_problems("(model: \"iaf_psc_exp\", n: 0)")[0].contains("from 1"));
    assert!(node_problems("(model: \"iaf_psc_exp\", n: 1.5)")[0].contains("is 1.5"));
    assert!(node_problems("(model: \"iaf_psc_exp\", at: (1e300, 0))")[0].contains("finite"));
    assert!(node_problems("(model: \"iaf_psc_exp\", params: (V_m: NaN))")[0].contains("NaN"));
    assert!(node_problems("(model: \"iaf_psc_exp\", params: (V_m: inf))")[0].contains("must be finite"));
    assert!(problems("(simulation: (seed: -1), nodes: {})")[0].contains("is -1"));
}

#[test]
fn wires_of_recorders_are_turned() {
    let text = r#"(nodes: {"a": (model: "iaf_psc_exp"), "V": (model: "voltmeter"), "s": (model: "spike_recorder")},
        projections: [(from: "a", to: "V"), (from: "s", to: "a")])"#;
    let (project, _) = read(text).unwrap();
    let ends: Vec<_> = project.projections.iter().map(|p| (p.from, p.to)).collect();
    assert_eq!(ends, [(NodeId(1), NodeId(0)), (NodeId(0), NodeId(2))]);
}

#[test]
fn values_equal_to_defaults_are_dropped() {
    let (project, _) = read("(nodes: {\"a\": (model: \"iaf_psc_exp\", params: (V_th: -55.0, E_L: -71))})").unwrap();
    assert_eq!(project.nodes[0].params.keys().collect::<Vec<_>>(), ["E_L"]);
}

#[test]
fn fields_given_twice_are_found() {
    let text = "(nodes: {\"a\": (model: \"iaf_psc_exp\", n: 1, n: 2)})";
    assert_eq!(problems(text), ["line 1, column 44: a: `n` is given twice"]);
}

#[test]
fn parameters_of_synapses_are_read_and_checked() {
    let wire = |rest: &str| {
        format!(r#"(nodes: {{"a": (model: "parrot_neuron", n: 2)}}, projections: [(from: "a", to: "a", {rest})])"#)
    };
    let found = problems(&wire(r#"synapse: "static_synapse", params: (Wmax: 100)"#));
    assert!(found[0].contains("unknown parameter `Wmax` of static_synapse"), "{found:?}");
    let found = problems(&wire(r#"weight_recorder: "a""#));
    assert!(found[0].contains("must be a weight_recorder, a is a parrot_neuron"), "{found:?}");
    let found = problems(&wire(r#"volume_transmitter: "b""#));
    assert!(found[0].contains("unknown node"), "{found:?}");
    let found = problems(&wire("rule: fixed_indegree(1), symmetric: true"));
    assert!(found[0].contains("cannot be made symmetric"), "{found:?}");
    let text = wire("symmetric: true");
    let (project, _) = read(&text).unwrap();
    assert!(project.projections[0].symmetric);
    assert_eq!(read(&write(&project)).unwrap().0, project);
}

#[test]
fn only_what_differs_is_written() {
    assert_eq!(write(&Project::default()), "(\n    spikeloom: 1,\n    nodes: {},\n)\n");
    let (project, _) = read(EXAMPLE).unwrap();
    let text = write(&project);
    for line in [
        "    title: \"Two populations\",",
        "        \"spikes\": (model: \"spike_recorder\", at: (300, 80)),",
        "        (from: \"E\", to: \"E\", rule: fixed_indegree(80), weight: 20.7, delay: 1.5, autapses: false),",
        "        (from: \"E\", to: \"spikes\"),",
        "        3: (kind: rate, of: [\"spikes\"], bin: 5),",
        "    layout: row([(0.6, view(1)), (0.4, column([(0.5, view(2)), (0.5, view(3))]))]),",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("simulation"));
}

#[test]
fn drafts_keep_what_validation_refuses() {
    let text = "(nodes: {\"a\": (model: \"iaf_psc_exp\", params: (tau_m: -3))})";
    assert!(read(text).is_err());
    let (project, problems) = read_draft(text).unwrap();
    assert_eq!(project.nodes[0].params["tau_m"], Value::Real(-3.0));
    assert!(problems.iter().any(|p| p.severity == Severity::Error));
    assert!(read_draft("(nodes: {\"a\": (model: \"x\")})").is_err());
}

#[test]
fn long_lists_are_wrapped_and_come_back() {
    let mut project = Project::default();
    let mut node = Node::new(NodeId(0), "s", find("spike_generator").unwrap());
    node.params.insert("spike_times".into(), Value::List((1..500).map(|i| f64::from(i) / 10.0).collect()));
    project.nodes.push(node);
    let text = write(&project);
    assert!(text.lines().all(|line| line.chars().count() <= 130), "{text}");
    assert_eq!(read(&text).unwrap().0, project);
}

#[test]
fn deep_layouts_are_refused_not_followed() {
    let text = format!("(nodes: {{}}, layout: {}view(1){})", "tabs([".repeat(5000), "])".repeat(5000));
    assert!(problems(&text)[0].contains("nested"));
}

#[test]
fn a_number_that_differs_from_that_of_the_places_is_kept() {
    for n in [1, 2, 6, 7] {
        let text = format!("(nodes: {{\"E\": (model: \"iaf_psc_alpha\", n: {n}, positions: grid(shape: (3, 2)))}})");
        let (project, _) = read_draft(&text).unwrap();
        assert_eq!(project.nodes[0].n, n);
        assert_eq!(read_draft(&write(&project)).unwrap().0, project, "{n}");
    }
}

#[test]
fn numbers_that_a_smaller_kind_cannot_hold_are_refused() {
    for layout in
        ["row([(1e100, view(1))])", "column([(0.5, view(1)), (-1e39, view(2))])", "tabs([row([(inf, view(1))])])"]
    {
        let found = problems(&format!("(nodes: {{}}, layout: {layout})"));
        assert!(found.iter().any(|p| p.contains("finite")), "{layout}: {found:?}");
    }
    for at in ["(1e100, 0)", "(0, -1e39)"] {
        let found = problems(&format!("(nodes: {{}}, notes: [(at: {at}, text: \"\")])"));
        assert!(found.iter().any(|p| p.contains("finite")), "{at}: {found:?}");
    }
}

#[test]
fn a_layout_is_written_as_deep_as_it_can_be_read() {
    let nested = |levels: usize| {
        let bottom = Layout::View(ViewId(1));
        let layout = (1..levels).fold(bottom, |inner, _| Layout::Row(vec![(1.0, inner)]));
        let (mut project, _) = read(EXAMPLE).unwrap();
        project.layout = Some(layout);
        project
    };
    let deepest = nested(20);
    let text = write(&deepest);
    assert_eq!(read(&text).unwrap().0, deepest);
    assert!(ron::from_str::<ron::Value>(&text).is_ok());
    let (again, _) = read(&write(&nested(21))).unwrap();
    assert_eq!(again.layout, None);
    assert!(validate(&nested(21)).iter().any(|p| p.message.contains("will not be saved")));
}

/// Any text, with what is awkward to write more often than chance has it.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a-z \"#\\\\\n\r\t]{0,40}", Just("a\"#\nb\"##".to_owned()), Just("\r\n".to_owned()),]
}

fn coordinates() -> impl Strategy<Value = [f32; 2]> {
    let one = || any::<f32>().prop_map(|x| if x.is_finite() { x } else { 1.5 });
    [one(), one()]
}

fn potential() -> impl Strategy<Value = Value> {
    let bound = prop::option::of(-200.0..-150.0f64);
    prop_oneof![
        (-100.0..100.0f64).prop_map(Value::Real),
        (-100.0..0.0f64, 0.0..9.0f64, bound).prop_map(|(mean, std, min)| {
            Value::Distribution(Distribution { shape: Shape::Normal { mean, std }, min, max: None })
        }),
        (-100.0..0.0f64, 1.0..9.0f64).prop_map(|(low, width)| {
            let shape = Shape::Uniform { low, high: low + width };
            Value::Distribution(Distribution { shape, min: None, max: None })
        }),
    ]
}

fn node() -> impl Strategy<Value = Node> {
    let models: Vec<_> = CATALOGUE.iter().copied().filter(|m| m.family() != Family::Synapse).collect();
    let details = (coordinates(), any::<bool>(), prop::option::of(any::<u8>()), words());
    (prop::sample::select(models), 1usize..2000, potential(), 0.0..1e6f64, details).prop_map(
        |(model, n, v, rate, (position, muted, color, label))| {
            let mut node = Node::new(NodeId(0), "", model);
            (node.position, node.muted, node.color) = (position, muted, color);
            node.n = if model.is_recorder() { 1 } else { n };
            if model.is_neuron() && model.parameter("V_m").is_some() {
                let list = Value::List((0..node.n).map(|i| v.typical() + 0.1 * i as f64).collect());
                node.params.insert("V_m".into(), if muted { v } else { list });
            }
            if model.parameter("rate").is_some() {
                node.params.insert("rate".into(), Value::Real(rate));
            }
            if model.name == "cm_default" {
                let entry = |i: usize| {
                    let parent = Value::Real(i as f64 - 1.0);
                    Row::from([("parent_idx".into(), parent), ("params.g_L".into(), Value::Real(rate + i as f64))])
                };
                node.params.insert("compartments".into(), Value::Table((0..1 + n % 40).map(entry).collect()));
            }
            if model.has_group("soma") {
                node.params.insert("soma.I_e".into(), Value::Real(rate));
            }
            if model.parameter("label").is_some() && !label.is_empty() {
                node.params.insert("label".into(), Value::Text(label));
            }
            node.params.retain(|name, value| Value::from(model.parameter(name).unwrap().default) != *value);
            node
        },
    )
}

/// A file of a population, a generator with these parameters and a wire with these fields.
fn wired(generator: &str, wire: &str) -> String {
    format!(
        r#"(
    nodes: {{
        "in": (model: "poisson_generator"{generator}),
        "E": (model: "iaf_psc_exp", n: 4, params: (V_m: uniform(-70, -55))),
    }},
    projections: [(from: "in", to: "E"), (from: "E", to: "E"{wire})],
)"#
    )
}

#[test]
fn forms_that_people_write_first_are_understood() {
    let of = |wire: &str| read(&wired("", wire)).unwrap_or_else(|e| panic!("{wire}: {e}")).0;
    let rule = |text: &str| of(&format!(", rule: {text}")).projections[1].rule;
    assert_eq!(rule("pairwise_bernoulli(p: 0.5)"), Rule::PairwiseBernoulli { p: 0.5 });
    assert_eq!(rule("pairwise_bernoulli(0.5)"), Rule::PairwiseBernoulli { p: 0.5 });
    assert_eq!(rule("fixed_indegree(indegree: 8)"), Rule::FixedIndegree { indegree: 8 });
    assert_eq!(rule("fixed_outdegree(outdegree: 3)"), Rule::FixedOutdegree { outdegree: 3 });
    assert_eq!(rule("fixed_total_number(N: 9)"), Rule::FixedTotalNumber { n: 9 });
    assert_eq!(rule("pairwise_poisson(pairwise_avg_num_conns: 0.5)"), Rule::PairwisePoisson { mean: 0.5 });
    let weight = |text: &str| of(&format!(", weight: {text}")).projections[1].weight.clone();
    let drawn = |shape| Value::Distribution(Distribution { shape, min: None, max: None });
    let uniform = drawn(Shape::Uniform { low: 1.0, high: 2.0 });
    for text in ["uniform(1, 2)", "uniform(low: 1, high: 2)", "uniform(min: 1, max: 2)"] {
        assert_eq!(weight(text), uniform, "{text}");
    }
    assert_eq!(weight("normal(5, 1)"), drawn(Shape::Normal { mean: 5.0, std: 1.0 }));
    for text in ["exponential(2)", "exponential(beta: 2)"] {
        assert_eq!(weight(text), drawn(Shape::Exponential { beta: 2.0 }), "{text}");
    }
    let pairs = of(", rule: pairs([(0, 3), [1, 2]]), weight: [5, 6]");
    assert_eq!((pairs.projections[1].rule, &*pairs.projections[1].pairs), (Rule::Pairs, &[(0, 3), (1, 2)][..]));
    assert_eq!(read(&write(&pairs)).expect("what is written").0.projections, pairs.projections);
    for (text, logarithmic) in [("linear(from: 1, to: 9)", false), ("logarithmic(1, 9)", true)] {
        let ranged = format!(r#"(nodes: {{"E": (model: "iaf_psc_exp", n: 3, params: (I_e: {text}))}})"#);
        let (project, _) = read(&ranged).expect("a range");
        let range = Value::Range(Range { from: 1.0, to: 9.0, logarithmic });
        assert_eq!(project.nodes[0].params["I_e"], range);
        assert_eq!(read(&write(&project)).expect("what is written").0.nodes[0].params["I_e"], range);
    }
}

#[test]
fn forms_that_are_not_understood_say_the_cure() {
    let wire = |wire: &str| problems(&wired("", wire)).join("; ");
    for (given, cure) in [
        (", rule: fixed_indegree", "give the number of synapses onto each target: `fixed_indegree(10)`"),
        (", rule: pairwise_bernoulli", "give the probability of each pair: `pairwise_bernoulli(0.1)`"),
        (", rule: pairwise_bernoulli(0,1)", "write decimals with a point"),
        (", rule: fixed_indegree(degree: 3)", "`indegree`"),
        (", rule: fixed_indegree(indegree: 3, allow_autapses: false)", "belongs beside the rule: `autapses: …`"),
        (", rule: \"all_to_all\"", "a rule stands without quotes: `all_to_all`"),
        (", weight: 0,1", "write decimals with a point"),
        (", weight: uniform(0,1, 0,5)", "write decimals with a point"),
        (", weight: [[0,1; 0,2]]", "write decimals with a point"),
        (", weight: (5)", "a value stands without brackets"),
        (", lambda: 0.1", "synapse: \"stdp_synapse\", params: (lambda: …)`"),
        (", synapse: \"stdp_synapse\", lambda: 0.1", "belongs into `params: (lambda: …)`"),
        (", params: (weight: 5, delay: 4)", "belongs beside `params`, not into them: `weight: …`"),
        (", receptor_type: 1", "did you mean `receptor`?"),
        (", receptor: \"soma\"", "have no names; give the number"),
        (", synapse: \"iaf_psc_exp\"", "is no synapse model"),
    ] {
        let found = wire(given);
        assert!(found.contains(cure), "{given}: {found}");
    }
    let generator = |given: &str| problems(&wired(given, "")).join("; ");
    for (given, cure) in [
        (", params: (rate: [10, 100])", "set `n: 2`"),
        (", params: (rate: 0,1)", "write decimals with a point"),
        (", rate: 100", "`rate` is a parameter of poisson_generator; it belongs into `params: (rate: …)`"),
        (", size: 10", "did you mean `n`?"),
    ] {
        let found = generator(given);
        assert!(found.contains(cure), "{given}: {found}");
    }
}

#[test]
fn receptors_are_given_by_name_where_they_have_one() {
    let text = |receptor: &str| {
        wired("", "")
            .replace("\"iaf_psc_exp\"", "\"iaf_cond_alpha_mc\"")
            .replace("V_m: uniform(-70, -55)", "")
            .replace("to: \"E\"", &format!("to: \"E\", receptor: {receptor}"))
    };
    let (project, _) = read(&text("\"distal_exc\"")).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(project.projections[0].receptor, 5);
    assert!(problems(&text("\"distal_ex\""))[0].contains("did you mean `distal_exc`?"));
    assert!(problems(&text("0"))[0].contains("1 (soma_exc)"));
}

fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::AllToAll),
        any::<u64>().prop_map(|indegree| Rule::FixedIndegree { indegree }),
        any::<u64>().prop_map(|outdegree| Rule::FixedOutdegree { outdegree }),
        any::<u64>().prop_map(|n| Rule::FixedTotalNumber { n }),
        (0.0..=1.0f64).prop_map(|p| Rule::PairwiseBernoulli { p }),
        (0.0..9.0f64).prop_map(|mean| Rule::PairwisePoisson { mean }),
    ]
}

/// Any project that validation accepts: random wires are kept if they fit.
fn project() -> impl Strategy<Value = Project> {
    let nodes = prop::collection::vec((words(), node()), 1..6);
    let wires = prop::collection::vec(
        (
            any::<prop::sample::Index>(),
            any::<prop::sample::Index>(),
            rule(),
            -1e3..1e3f64,
            1u32..999,
            any::<[bool; 2]>(),
        ),
        0..9,
    );
    let views = prop::collection::btree_map(
        any::<u32>(),
        (words(), words(), 0.1..99.0f64, any::<bool>(), prop::collection::vec(any::<u32>(), 0..40)),
        0..4,
    );
    let texts = (words(), words(), prop::collection::vec((words(), coordinates()), 0..3));
    (nodes, wires, views, texts, any::<u64>(), 0.001f32..1.0).prop_map(|(nodes, wires, views, texts, seed, share)| {
        let (title, about, notes) = texts;
        let mut project = Project { title, about, ..Project::default() };
        project.simulation.seed = seed;
        project.notes = notes.into_iter().map(|(text, position)| Note { text, position }).collect();
        for (i, (name, mut node)) in nodes.into_iter().enumerate() {
            (node.id, node.name) = (NodeId(i as u32), format!("{i}{name}"));
            project.nodes.push(node);
        }
        for (from, to, rule, weight, delay, [autapses, muted]) in wires {
            let id = ProjectionId(project.projections.len() as u32);
            let (from, to) = (from.get(&project.nodes).id, to.get(&project.nodes).id);
            let mut wire = Projection::new(id, from, to);
            (wire.rule, wire.weight, wire.delay) = (rule, Value::Real(weight), Value::Real(f64::from(delay) / 10.0));
            (wire.autapses, wire.muted) = (autapses, muted);
            project.projections.push(wire);
            if crate::project::validate(&project).iter().any(|p| p.severity == Severity::Error) {
                project.projections.pop();
            }
        }
        for (id, (title, variable, bin, stacked, cells)) in views {
            let settings = [
                ("cells", Value::List(cells.into_iter().map(f64::from).collect())),
                ("bin", Value::Real(bin)),
                ("variable", Value::Text(variable)),
                ("stacked", Value::Flag(stacked)),
            ];
            let settings = settings.map(|(name, value)| (name.to_owned(), value)).into();
            let view = View::new(ViewId(id), if stacked { "traces" } else { "a_kind_of_tomorrow" });
            project.views.push(View { title, sources: vec![NodeId(0)], settings, ..view });
        }
        let children = project.views.iter().map(|v| (share, Layout::View(v.id))).collect();
        project.layout = Some(Layout::Tabs(vec![Layout::Row(children), Layout::Column(Vec::new())]));
        project
    })
}

proptest! {
    #![proptest_config(explore::config(96, 3))]

    #[test]
    fn what_is_written_is_read_again(project in project()) {
        let text = write(&project);
        let (again, _) = read(&text).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
        prop_assert_eq!(&again, &project);
        prop_assert_eq!(write(&again), text);
    }

    #[test]
    fn what_is_written_is_ron(project in project()) {
        let text = write(&project);
        let parsed = ron::from_str::<ron::Value>(&text);
        prop_assert!(parsed.is_ok(), "{:?}\n{}", parsed, text);
    }

    /// Snippets put into, or in place of, parts of a good file.
    #[test]
    fn nothing_in_a_file_can_bring_reading_down(
        edits in prop::collection::vec((0usize..EXAMPLE.len(), 0usize..12, prop_oneof![
            any::<String>(),
            prop::sample::select(vec![
                "(", ")", "[", "]", "{", "}", "\"", ",", ":", "-", "1e999", "-1", "0", "NaN", "inf", "99999999999999999999999999999999999999999",
                "normal(mean: 0, std: -1)", "[[1], 2]", "[]", "()", "\\u{", "r#\"", "/*", "//", "tabs([])", "18446744073709551615", "é",
            ]).prop_map(str::to_owned),
        ]), 1..4)
    ) {
        let mut text = EXAMPLE.to_owned();
        for (at, length, snippet) in edits {
            let floor = |i: usize| (0..=i.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
            let (from, to) = (floor(at), floor(at + length));
            text.replace_range(from..to, &snippet);
        }
        match read(&text) {
            Ok((project, _)) => prop_assert!(read(&write(&project)).is_ok()),
            Err(error) => prop_assert!(error.problems.iter().any(|p| p.severity == Severity::Error)),
        }
    }

    #[test]
    fn nor_can_any_text(text in any::<String>()) {
        let _ = read(&text);
    }
}

#[test]
fn groups_and_records_make_the_round() {
    let text = r#"(
    spikeloom: 1,
    nodes: {
        "mc": (model: "iaf_cond_alpha_mc", n: 2, params: (V_th: -50, distal: (I_e: [1, 2]), soma: (E_L: -68, V_m: normal(mean: -60, std: 2)))),
        "tree": (model: "cm_default", params: (compartments: [(params: (C_m: 0.5, g_L: 0.02), parent_idx: -1), (parent_idx: 0)], receptors: [(comp_idx: 1, params: (e_AMPA: 5), receptor_type: "AMPA")])),
        "switches": (model: "pp_psc_delta", n: 2, params: (with_reset: [true, false])),
    },
)
"#;
    let (project, problems) = read(text).unwrap_or_else(|e| panic!("{e}"));
    assert!(problems.iter().all(|p| p.severity == Severity::Warning), "{problems:?}");
    let [mc, tree, switches] = &project.nodes[..] else { panic!("three nodes") };
    assert_eq!(mc.params["distal.I_e"], Value::List(vec![1.0, 2.0]));
    assert_eq!((mc.real("soma.E_L"), mc.real("soma.g_L")), (-68.0, 10.0));
    let Value::Table(compartments) = &tree.params["compartments"] else { panic!("records") };
    assert_eq!(compartments[0]["params.C_m"], Value::Real(0.5));
    assert_eq!(tree.recordable("g_d_AMPA_0").map(|r| r.quantity.entry), Some(0));
    assert_eq!(switches.params["with_reset"], Value::Flags(vec![true, false]));
    let written = write(&project);
    assert_eq!(read(&written).unwrap().0, project, "{written}");
    assert_eq!(write(&read(&written).unwrap().0), written);
}

#[test]
fn faults_in_groups_and_records_come_with_a_cure() {
    let mc = |params: &str| node_problems(&format!(r#"(model: "iaf_cond_alpha_mc", params: {params})"#));
    assert!(mc("(soma: (g_l: 3))")[0].ends_with("did you mean `soma.g_L`?"), "{:?}", mc("(soma: (g_l: 3))"));
    assert!(mc("(soma: (C_m: 0))")[0].contains("line 1, column"), "{:?}", mc("(soma: (C_m: 0))"));
    assert!(mc("(soma: 3)")[0].contains("(name: value, …)"), "{:?}", mc("(soma: 3)"));
    let tree = |compartments: &str, receptors: &str| {
        node_problems(&format!(
            r#"(model: "cm_default", params: (compartments: [{compartments}], receptors: [{receptors}]))"#
        ))
    };
    let root = "(parent_idx: -1)";
    for (compartments, receptors, told) in [
        ("", "", "must have an entry"),
        ("(parent_idx: 0)", "", "entry 0: it is the root"),
        (
            "(parent_idx: -1), (parent_idx: 3)",
            "",
            "entry 1: parent_idx must be the number of an entry before it, from 0 to 0, is 3",
        ),
        ("(parent_idx: -1, params: (C_M: 1))", "", "entry 0: unknown key `params.C_M`: did you mean `params.C_m`?"),
        ("(parent_idx: -1, params: (e_K: 1))", "", "`params.e_K` needs `params.e_Na` beside it"),
        ("(params: (C_m: 1))", "", "entry 0: `parent_idx` is missing"),
        (root, r#"(comp_idx: 0, receptor_type: "AMPB")"#, "unknown receptor_type `AMPB`: did you mean `AMPA`?"),
        (
            root,
            r#"(comp_idx: 1, receptor_type: "AMPA")"#,
            "entry 0: comp_idx must be the number of one of 1 compartments, is 1",
        ),
        (root, r#"(comp_idx: 0, receptor_type: "GABA", params: (e_AMPA: 0))"#, "unknown key `params.e_AMPA` of GABA"),
        (root, "(comp_idx: [0])", "must be a number or a text in quotes"),
    ] {
        let found = tree(compartments, receptors);
        assert!(found.iter().any(|p| p.contains(told)), "{found:?} lacks {told}");
    }
}

#[test]
fn a_delay_that_was_written_stays_written_even_as_the_default() {
    let file = |delay: &str, resolution: f64| {
        format!(
            r#"(simulation: (resolution: {resolution}), nodes: {{"a": (model: "parrot_neuron"), "b": (model: "parrot_neuron")}},
                projections: [(from: "a", to: "b"{delay})])"#
        )
    };
    let (plain, _) = read(&file("", 0.1)).expect("a sound project");
    let (given, _) = read(&file(", delay: 1", 0.1)).expect("a sound project");
    assert!(!write(&plain).contains("delay") && write(&given).contains("delay: 1"));
    assert_ne!(plain, given);
    assert_eq!(read(&write(&given)).expect("it reopens").0, given);
    // Only the default adapts to longer steps, also after the file was saved.
    let (mut plain, mut given) = (plain, given);
    (plain.simulation.resolution, given.simulation.resolution) = (10.0, 10.0);
    assert!(read(&write(&plain)).is_ok());
    for found in [problems(&write(&given)), problems(&file(", delay: 1", 10.0))] {
        assert!(found.len() == 1 && found[0].contains("delay"), "{found:?}");
    }
}

/// What is written again as it was given.
#[test]
fn space_is_written_as_it_is_read() {
    let node = |positions: &str, n: usize| {
        let n = if n == 1 { String::new() } else { format!(", n: {n}") };
        format!("    nodes: {{\n        \"a\": (model: \"iaf_psc_exp\"{n}, positions: {positions}),\n    }},\n")
    };
    for (positions, n) in [
        ("grid(shape: (2, 3))", 6),
        ("grid(shape: (2, 3), extent: (2, 1.5), center: (0.5, 0), edge_wrap: true)", 6),
        ("grid(shape: (1, 2, 3), extent: (1, 2, 3))", 6),
        ("free(at: [(0, 0), (1, 0.5)])", 2),
        ("free(at: [(0, 0, 1)], extent: (1, 1, 1), edge_wrap: true)", 1),
        ("uniform(extent: (1, 1))", 7),
        ("uniform(extent: (2, 2, 1), center: (0, 0, 1), seed: 9, edge_wrap: true)", 7),
    ] {
        let text = format!("(\n    spikeloom: 1,\n{})\n", node(positions, n));
        let (project, _) = read(&text).unwrap_or_else(|e| panic!("{text}\n{e}"));
        assert_eq!(write(&project), text);
    }
    let flat = node("grid(shape: (2, 3), extent: (4, 6))", 6);
    let solid = node("grid(shape: (1, 2, 3), extent: (2, 4, 6))", 6);
    for (nodes, wire) in [
        (&flat, "rule: pairwise_bernoulli(0.5), mask: circular(radius: 1), kernel: gaussian(std: 0.5)"),
        (&flat, "mask: rectangular(lower_left: (0, -1), upper_right: (1, 1), azimuth_angle: 30, anchor: (0.5, 0))"),
        (&flat, "rule: fixed_indegree(2), mask: doughnut(inner_radius: 0.5, outer_radius: 3)"),
        (&flat, "mask: elliptical(major_axis: 3, minor_axis: 2)"),
        (&flat, "mask: union([circular(radius: 1), difference([circular(radius: 2), circular(radius: 1.5)])])"),
        (&flat, "mask: intersection([circular(radius: 2), circular(radius: 1, anchor: (1, 0))])"),
        (&solid, "mask: box(lower_left: (-1, -1, -1), upper_right: (1, 1, 1), polar_angle: 45)"),
        (&solid, "mask: ellipsoidal(major_axis: 3, minor_axis: 2, polar_axis: 1)"),
        (&solid, "mask: spherical(radius: 1.5)"),
        (&flat, "rule: pairwise_bernoulli(1), mask: circular(radius: 1), use_on_source: true"),
        (&flat, "rule: pairwise_poisson(2), kernel: gaussian2D(mean_x: 1, rho: 0.5, absolute: true)"),
        (&flat, "rule: pairwise_bernoulli(1), kernel: gamma(kappa: 2, theta: 0.5, times: 2, plus: 0.1)"),
        (&flat, "rule: pairwise_bernoulli(1), kernel: exponential(beta: 2, of: x)"),
        (&flat, "rule: pairwise_bernoulli(1), kernel: gaussian"),
        (&flat, "weight: spatial(gabor(theta: 30, lam: 3)), delay: spatial(linear(times: 2, plus: 1))"),
    ] {
        let text = format!(
            "(\n    spikeloom: 1,\n{nodes}    projections: [\n        (from: \"a\", to: \"a\", {wire}),\n    ],\n)\n"
        );
        let (project, _) = read(&text).unwrap_or_else(|e| panic!("{text}\n{e}"));
        assert_eq!(write(&project), text);
    }
}
