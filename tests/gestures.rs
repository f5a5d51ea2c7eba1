//! Whatever people do with a document, in whatever order: nothing panics or hangs, undo of everything gives the first
//! document, and what is saved opens as it was.
//!
//! `PROPTEST_CASES` sets how many cases are tried: some thousands for an hour.

mod explore;

use std::collections::BTreeMap;

use proptest::prelude::*;
use spikeloom::action::{Edit, Selection};
use spikeloom::document::Document;
use spikeloom::editing::{self, align, create, duplicate, synapse_choice, wire_devices};
use spikeloom::{canvas, clipboard, plots};
use spikeloom_engine::description::space::{
    Coordinate, Form, Kernel, KernelShape, Lines, Mask, MaskKind, Places, Point, Positions,
};
use spikeloom_engine::description::{
    Distribution, NodeId, Part, ProjectionId, Range, Severity, Shape, Storage, Value, ViewId,
};
use spikeloom_engine::models::{self, CATALOGUE, Family, Model, Parameter};
use spikeloom_engine::project::{
    Adjusted, Knob, Loss, Note, Play, Project, Projection, Rule, Task, ThirdFactor, Training, Turn, Turned, read_draft,
    validate, write,
};
use spikeloom_engine::recordings::{Frame, Recordings};
use spikeloom_engine::runtime::Simulation;

/// Networks that are foreseen to need more memory are not run here.
const LARGE: u64 = 50 << 20;

/// What is done to the document; numbers choose among what is there.
#[derive(Clone, Debug)]
enum Deed {
    Add(usize, [f32; 2]),
    AddBeside(usize, usize),
    Connect(usize, usize),
    Serve(usize, usize),
    Synapse(usize, usize),
    Set(usize, usize, Value),
    SetSynapses(usize, usize, Value),
    Weight(usize, Value),
    Delay(usize, Value),
    Receptor(usize, u32),
    Rule(usize, Rule),
    /// Cells of sources or targets, as they are typed.
    Part(usize, bool, String),
    Storage(usize, usize),
    SeedOf(usize, Option<u64>),
    /// One of the populations that could be it, or none.
    ThirdFactor(usize, usize),
    /// Several nodes that a rule sees as one, from text.
    Unite(usize),
    Positions(usize, Option<Positions>),
    Mask(usize, Option<Mask>),
    /// Joined to the mask that is there, taken from it, or cut with it.
    MaskWith(usize, u8, Form),
    MaskAtTarget(usize, bool),
    Kernel(usize, Option<Kernel>),
    Flags(usize, u8),
    Number(usize, usize),
    Rename(usize, String),
    Color(usize, u8),
    Move(usize, [f32; 2]),
    Delete(Vec<usize>),
    Duplicate(Vec<usize>),
    /// What is copied is pasted, with or without the wires into it.
    Copy(Vec<usize>, bool),
    PasteText(String),
    Mute(Vec<usize>),
    Reverse(Vec<usize>),
    Align(Vec<usize>, bool, bool),
    Arrange,
    Record(usize, usize),
    RecordAll,
    Plot(usize),
    ViewSetting(usize, String, Value),
    RemoveView(usize),
    Knob(usize, usize, f64, f64),
    KnobOfWeights(usize, f64),
    KnobOfSynapses(usize, usize, f64, f64),
    Texts(String, String),
    Note(String, [f32; 2]),
    Resolution(f64),
    Duration(f64),
    Seed(u64),
    Play(u8),
    Select(Vec<usize>),
    EndGesture,
    Undo,
    Redo,
    Save,
    Run(u8),
}

fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![
        5 => prop::sample::select(vec![0.0, 0.1, 0.5, 1.0, 2.0, 10.0, 100.0, -1.0, -70.0, -55.0, 800.0]),
        2 => prop::sample::select(vec![
            1e-300, 1e-12, 1e-3, 1e4, 1e6, 1e9, 4294967296.0, 1e14, 1e18, 1e38, 1e100, 1e308, -0.0, -1e-300, -1e4, -1e9, -1e300,
            f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NEG_INFINITY,
        ]),
        2 => -1e3..1e3f64,
        // As it is typed; what is no number is refused and stays as it was.
        1 => texts().prop_map(|text| spikeloom::number::parse(&text).unwrap_or(3.0)),
    ]
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => prop::sample::select(vec![
            "", " ", "E", "E 2", "Neurons", "\"", "\\", "a\nb", "\r\n\t", "\u{0}", "日本語", "🧠🧠", "// no comment", "/*", "r#\"", "1e999", "0,5",
            "−55", "∞", "nan", "-inf", "1_000", "0x10", "9".repeat(400).leak(), "ﬁ\u{301}\u{202e}", "( ] }", "\u{feff}", "$x^2$ **b** [l](u)",
            "(nodes: {})", "(nodes: {\"a\": (model: \"parrot_neuron\")})", "(nodes: {\"a\": (model: \"x\")})", "Not copied, only the origin of wires:\nE",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => any::<String>(),
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let bound = || prop::option::of(numbers());
    let shapes = (0..4usize, numbers(), numbers()).prop_map(|(shape, a, b)| match shape {
        0 => Shape::Normal { mean: a, std: b.abs() },
        1 => Shape::Lognormal { mean: a, std: b.abs() },
        2 => Shape::Exponential { beta: b.abs() },
        // No field takes a NaN, which −∞ + ∞ would be.
        _ => Shape::Uniform { low: a, high: a.max(a + b.abs()) },
    });
    prop_oneof![
        6 => numbers().prop_map(Value::Real),
        2 => (shapes, bound(), bound()).prop_map(|(shape, min, max)| Value::Distribution(Distribution { shape, min, max })),
        2 => prop::collection::vec(numbers(), 0..4).prop_map(Value::List),
        1 => (numbers(), numbers(), any::<bool>())
            .prop_map(|(from, to, logarithmic)| Value::Range(Range { from, to, logarithmic })),
        1 => kernels().prop_map(Value::Spatial),
        1 => any::<bool>().prop_map(Value::Flag),
        1 => prop::collection::vec(any::<bool>(), 0..3).prop_map(Value::Flags),
        1 => prop::collection::vec(prop::collection::vec(numbers(), 0..3), 0..3).prop_map(Value::Lists),
        1 => prop::collection::vec(texts(), 0..3).prop_map(Value::Names),
        1 => texts().prop_map(Value::Text),
    ]
}

fn counts() -> impl Strategy<Value = u64> {
    prop_oneof![
        8 => 1..8u64,
        2 => prop::sample::select(vec![0, 64, 65, 1000, 10_000]),
        1 => prop::sample::select(vec![1u64 << 31, 1 << 32, 1 << 53, u64::MAX]),
    ]
}

fn rules() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::AllToAll),
        Just(Rule::OneToOne),
        counts().prop_map(|indegree| Rule::FixedIndegree { indegree }),
        counts().prop_map(|outdegree| Rule::FixedOutdegree { outdegree }),
        counts().prop_map(|n| Rule::FixedTotalNumber { n }),
        numbers().prop_map(|p| Rule::PairwiseBernoulli { p }),
        numbers().prop_map(|mean| Rule::PairwisePoisson { mean }),
        numbers().prop_map(|p| Rule::SymmetricPairwiseBernoulli { p }),
    ]
}

/// As they are typed; what is no part is refused and stays as it was.
fn parts() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec!["all", "0:2", "1:", "-2:", "0:100:3", ":1", "0", "0, 1", "1,0", "2:1", "::0", "0:50:2", "99", "[0:3]"])
            .prop_map(str::to_owned),
        1 => (-5..9i64, -5..70i64, 0..4u64).prop_map(|(a, b, c)| format!("{a}:{b}:{c}")),
        1 => prop::collection::btree_set(0..9u32, 0..5)
            .prop_map(|cells| cells.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")),
    ]
}

/// Coordinates and sizes that stand in fields of space.
fn lengths() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => prop::sample::select(vec![0.0, 0.1, 0.25, 0.5, 1.0, 2.0, -0.5, -1.0, 90.0]),
        2 => -2.0..2.0f64,
        1 => prop::sample::select(vec![1e-9, 1e9, -1e9, -0.0]),
    ]
}

fn positions() -> impl Strategy<Value = Positions> {
    let point = || [lengths(), lengths(), lengths()];
    let list = |least| prop::collection::vec(lengths(), least..4);
    let places = prop_oneof![
        2 => prop::collection::vec(1..5usize, 2..4).prop_map(|shape| Positions::grid(&shape)),
        2 => (prop::collection::vec(point(), 1..6), 2..4usize).prop_map(|(mut at, dimensions)| {
            at.iter_mut().for_each(|[_, _, z]| *z = if dimensions == 2 { 0.0 } else { *z });
            Positions::free(at, dimensions)
        }),
        1 => (list(1), list(1), list(0), 1..3usize).prop_map(|(x, y, z, each)| Positions::lattice(Lines { x, y, z, each })),
        2 => (prop::collection::vec(lengths(), 2..4), any::<u64>()).prop_map(|(extent, seed)| Positions::uniform(&extent, seed)),
    ];
    (places, any::<bool>(), prop::option::of(point()), prop::option::of(point())).prop_map(
        |(positions, edge_wrap, extent, center)| {
            let flat = |[x, y, z]: Point| [x, y, if positions.dimensions == 2 { 0.0 } else { z }];
            // The middle of listed places is told by them.
            let is_free = matches!(positions.places, Places::Free { .. });
            Positions {
                edge_wrap,
                extent: extent.map(flat).or(positions.extent),
                center: center.filter(|_| !is_free).map_or(positions.center, flat),
                ..positions
            }
        },
    )
}

fn forms() -> impl Strategy<Value = Form> {
    let kinds = prop::sample::select(MaskKind::ALL.to_vec());
    (kinds, lengths(), prop::option::of((0..8usize, lengths())), [lengths(), lengths(), lengths()], any::<bool>())
        .prop_map(|(kind, radius, change, anchor, moved)| {
            let mut form = kind.around(radius.abs().max(0.1));
            if let Some((field, x)) = change {
                let field = &kind.fields()[field % kind.fields().len()];
                form.numbers[field.at] = x;
            }
            if moved {
                form.anchor = [anchor[0], anchor[1], if kind.dimensions() == 2 { 0.0 } else { anchor[2] }];
            }
            form
        })
}

fn kernels() -> impl Strategy<Value = Kernel> {
    let shapes = prop::sample::select(KernelShape::ALL.to_vec());
    let of = prop::sample::select(Coordinate::ALL.to_vec());
    (shapes, of, prop::option::of((0..6usize, lengths())), (lengths(), lengths()), any::<bool>()).prop_map(
        |(shape, of, change, (times, plus), absolute)| {
            let mut kernel = Kernel { times, plus, ..Kernel::new(shape) };
            if shape.has_direction() {
                kernel.absolute = absolute;
            } else {
                kernel.of = of;
            }
            if let Some((place, x)) = change
                && let Some(number) = shape.numbers().get(place)
            {
                kernel = kernel.with(number.name, x);
            }
            kernel
        },
    )
}

/// Networks whose rules see several nodes as one, and one with a third factor.
const UNITED: [&str; 3] = [
    r#"(nodes: {"E": (model: "iaf_psc_exp", n: 4), "I": (model: "iaf_psc_exp", n: 2)},
        projections: [(from: ["E", "I"], to: ["E", "I"], rule: fixed_indegree(2), weight: 20, autapses: false)])"#,
    r#"(nodes: {"E": (model: "iaf_psc_exp", n: 8), "I": (model: "iaf_psc_exp", n: 6), "s": (model: "spike_recorder")},
        projections: [(from: ["E", "I"], to: "I", sources: {"E": slice(step: 4), "I": [0, 1, 5]}, rule: pairwise_bernoulli(0.5)),
            (from: ["E", "I"], to: "s")])"#,
    r#"(nodes: {"E": (model: "aeif_cond_alpha_astro", n: 4), "I": (model: "aeif_cond_alpha_astro", n: 2),
            "A": (model: "astrocyte_lr_1994", n: 2)},
        projections: [(from: "E", to: ["E", "I"], rule: pairwise_bernoulli(p: 0.5), weight: 1,
            third_factor: (node: "A", p: 0.5, pool_size: 1, pool_type: "random",
                third_in: (synapse: "tsodyks_synapse", weight: 1), third_out: (synapse: "sic_connection")))])"#,
];

fn places() -> impl Strategy<Value = [f32; 2]> {
    let x = || {
        prop_oneof![
            6 => -500.0..500.0f32,
            1 => prop::sample::select(vec![0.0, -0.0, 1e9, -1e30, f32::MAX, f32::MIN_POSITIVE])
        ]
    };
    [x(), x()]
}

fn deeds() -> impl Strategy<Value = Deed> {
    let i = any::<usize>;
    let some = || prop::collection::vec(any::<usize>(), 0..4);
    let making = prop_oneof![
        6 => (i(), places()).prop_map(|(m, at)| Deed::Add(m, at)),
        2 => (i(), i()).prop_map(|(m, n)| Deed::AddBeside(m, n)),
        8 => (i(), i()).prop_map(|(a, b)| Deed::Connect(a, b)),
        1 => (i(), i()).prop_map(|(d, p)| Deed::Serve(d, p)),
        2 => (i(), i()).prop_map(|(p, m)| Deed::Synapse(p, m)),
        1 => (i(), i()).prop_map(|(n, r)| Deed::Record(n, r)),
        1 => Just(Deed::RecordAll),
        1 => i().prop_map(Deed::Plot),
        1 => (i(), texts(), values()).prop_map(|(v, name, value)| Deed::ViewSetting(v, name, value)),
        1 => i().prop_map(Deed::RemoveView),
        1 => (i(), i(), numbers(), numbers()).prop_map(|(n, p, a, b)| Deed::Knob(n, p, a, b)),
        1 => (i(), numbers()).prop_map(|(n, times)| Deed::KnobOfWeights(n, times)),
        1 => (i(), i(), numbers(), numbers()).prop_map(|(w, p, a, b)| Deed::KnobOfSynapses(w, p, a, b)),
        1 => (texts(), places()).prop_map(|(text, at)| Deed::Note(text, at)),
        1 => i().prop_map(Deed::Unite),
    ];
    let connecting = prop_oneof![
        2 => (i(), any::<bool>(), parts()).prop_map(|(w, sources, part)| Deed::Part(w, sources, part)),
        1 => (i(), i()).prop_map(|(w, storage)| Deed::Storage(w, storage)),
        1 => (i(), any::<Option<u64>>()).prop_map(|(w, seed)| Deed::SeedOf(w, seed)),
        1 => (i(), i()).prop_map(|(w, node)| Deed::ThirdFactor(w, node)),
        4 => (i(), prop::option::weighted(0.9, positions())).prop_map(|(n, positions)| Deed::Positions(n, positions)),
        2 => (i(), prop::option::weighted(0.8, forms())).prop_map(|(w, form)| Deed::Mask(w, form.map(Mask::Form))),
        1 => (i(), any::<u8>(), forms()).prop_map(|(w, way, form)| Deed::MaskWith(w, way, form)),
        1 => (i(), any::<bool>()).prop_map(|(w, on)| Deed::MaskAtTarget(w, on)),
        2 => (i(), prop::option::weighted(0.8, kernels())).prop_map(|(w, kernel)| Deed::Kernel(w, kernel)),
    ];
    let setting = prop_oneof![
        6 => (i(), i(), values()).prop_map(|(n, p, v)| Deed::Set(n, p, v)),
        2 => (i(), i(), values()).prop_map(|(n, p, v)| Deed::SetSynapses(n, p, v)),
        1 => (i(), values()).prop_map(|(w, v)| Deed::Weight(w, v)),
        1 => (i(), values()).prop_map(|(w, v)| Deed::Delay(w, v)),
        1 => (i(), prop_oneof![0..4u32, any::<u32>()]).prop_map(|(w, r)| Deed::Receptor(w, r)),
        2 => (i(), rules()).prop_map(|(w, rule)| Deed::Rule(w, rule)),
        1 => (i(), any::<u8>()).prop_map(|(w, flags)| Deed::Flags(w, flags)),
        2 => (i(), counts()).prop_map(|(n, of)| Deed::Number(n, usize::try_from(of).unwrap_or(usize::MAX).clamp(1, 100_000_000))),
        1 => (i(), texts()).prop_map(|(n, name)| Deed::Rename(n, name)),
        1 => (i(), any::<u8>()).prop_map(|(n, color)| Deed::Color(n, color)),
        1 => (i(), places()).prop_map(|(n, at)| Deed::Move(n, at)),
        1 => (texts(), texts()).prop_map(|(title, about)| Deed::Texts(title, about)),
        1 => numbers().prop_map(Deed::Resolution),
        1 => numbers().prop_map(Deed::Duration),
        1 => any::<u64>().prop_map(Deed::Seed),
        1 => any::<u8>().prop_map(Deed::Play),
    ];
    let arranging = prop_oneof![
        2 => some().prop_map(Deed::Delete),
        2 => some().prop_map(Deed::Duplicate),
        2 => (some(), any::<bool>()).prop_map(|(of, wires)| Deed::Copy(of, wires)),
        1 => texts().prop_map(Deed::PasteText),
        1 => some().prop_map(Deed::Mute),
        1 => some().prop_map(Deed::Reverse),
        1 => (some(), any::<bool>(), any::<bool>()).prop_map(|(of, row, spread)| Deed::Align(of, row, spread)),
        1 => Just(Deed::Arrange),
        1 => some().prop_map(Deed::Select),
        1 => Just(Deed::EndGesture),
        3 => Just(Deed::Undo),
        2 => Just(Deed::Redo),
        2 => Just(Deed::Save),
        3 => any::<u8>().prop_map(Deed::Run),
    ];
    prop_oneof![3 => making, 3 => setting, 1 => connecting, 2 => arranging]
}

/// A document with whoever works on it.
struct Desk {
    document: Document,
    text: Option<String>,
}

impl Desk {
    fn project(&self) -> &Project {
        self.document.project()
    }

    fn node(&self, i: usize) -> Option<NodeId> {
        let nodes = &self.project().nodes;
        nodes.get(i % nodes.len().max(1)).map(|n| n.id)
    }

    fn wire(&self, i: usize) -> Option<Projection> {
        let wires = &self.project().projections;
        wires.get(i % wires.len().max(1)).cloned()
    }

    fn view(&self, i: usize) -> Option<ViewId> {
        let views = &self.project().views;
        views.get(i % views.len().max(1)).map(|v| v.id)
    }

    /// Nodes and wires that these numbers choose.
    fn selection(&self, of: &[usize]) -> Selection {
        let mut selection = Selection::default();
        for &i in of {
            if i % 3 == 0 {
                selection.projections.extend(self.wire(i / 3).map(|w| w.id));
            } else {
                selection.nodes.extend(self.node(i / 3));
            }
        }
        selection
    }

    fn edit(&mut self, edit: Edit) {
        self.document.apply(edit);
    }

    fn change(&mut self, merge: &str, change: impl FnOnce(&mut Project) + 'static) {
        let edit = Edit::new("Change", change);
        self.edit(if merge.is_empty() { edit } else { edit.merged(merge) });
    }

    fn change_wire(&mut self, i: usize, change: impl FnOnce(&mut Projection) + 'static) {
        if let Some(id) = self.wire(i).map(|w| w.id) {
            self.change("wire", move |p| change(p.projection_mut(id).expect("there")));
        }
    }

    fn does(&mut self, deed: &Deed) {
        let all = |family: Option<Family>| -> Vec<&'static Model> {
            CATALOGUE
                .iter()
                .copied()
                .filter(|m| family.map_or(m.family() != Family::Synapse, |f| m.family() == f))
                .collect()
        };
        let pick = |models: Vec<&'static Model>, i: usize| models[i % models.len()];
        match deed.clone() {
            Deed::Add(model, at) => self.edit(create::add_node(self.project(), pick(all(None), model), at)),
            Deed::AddBeside(model, node) => {
                if let Some(node) = self.node(node) {
                    self.edit(create::add_and_connect(self.project(), pick(all(None), model), [40.0, 40.0], node));
                }
            }
            Deed::Connect(a, b) => {
                if let (Some(a), Some(b)) = (self.node(a), self.node(b)) {
                    match create::connect(self.project(), a, b) {
                        Ok((edit, _)) => self.edit(edit),
                        Err(reason) => assert!(!reason.is_empty()),
                    }
                }
            }
            Deed::Serve(device, wire) => {
                let edit = self.node(device).zip(self.wire(wire));
                if let Some(edit) = edit.and_then(|(device, wire)| wire_devices::serve(self.project(), device, wire.id))
                {
                    self.edit(edit);
                }
            }
            Deed::Synapse(wire, model) => {
                let model = pick(all(Some(Family::Synapse)), model);
                if let Some(wire) = self.wire(wire)
                    && synapse_choice::objection(self.project(), &wire, model).is_none()
                {
                    self.edit(synapse_choice::choose(self.project(), vec![wire], model, "Choose".into()));
                }
            }
            Deed::Set(node, parameter, value) => {
                let Some(id) = self.node(node) else { return };
                let model = self.project().node(id).expect("just found").model;
                let Some(parameter) = model.parameters().nth(parameter % model.parameters().count().max(1)) else {
                    return;
                };
                if is_of_its_kind(parameter, &value) {
                    self.change(parameter.name, move |p| {
                        p.node_mut(id).expect("there").params.insert(parameter.name.into(), value);
                    });
                }
            }
            Deed::SetSynapses(wire, parameter, value) => {
                let Some(synapse) = self.wire(wire).map(|w| w.synapse) else { return };
                let Some(parameter) = synapse.parameters().nth(parameter % synapse.parameters().count().max(1)) else {
                    return;
                };
                if !["weight", "delay"].contains(&parameter.name) && is_of_its_kind(parameter, &value) {
                    self.change_wire(wire, move |w| drop(w.params.insert(parameter.name.into(), value)));
                }
            }
            Deed::Weight(wire, value) if is_number(&value) => self.change_wire(wire, move |w| w.weight = value),
            Deed::Delay(wire, value) if is_number(&value) => self.change_wire(wire, move |w| w.give_delay(value)),
            Deed::Weight(..) | Deed::Delay(..) => {}
            Deed::Receptor(wire, number) => self.change_wire(wire, move |w| w.receptor = number),
            Deed::Rule(wire, rule) => self.change_wire(wire, move |w| editing::rule::give(w, rule)),
            Deed::Part(wire, sources, text) => {
                let Some(end) = self.wire(wire).map(|w| if sources { w.from } else { w.to }) else { return };
                let n = self.project().node(end).expect("there").n;
                if let Ok(part) = text.parse::<Part>().and_then(|part| part.cells(n).map(|_| part)) {
                    self.change_wire(wire, move |w| if sources { w.sources = part } else { w.targets = part });
                }
            }
            Deed::Storage(wire, storage) => {
                self.change_wire(wire, move |w| w.storage = Storage::ALL[storage % Storage::ALL.len()]);
            }
            Deed::SeedOf(wire, seed) => self.change_wire(wire, move |w| w.seed = seed),
            Deed::ThirdFactor(wire, choice) => {
                let Some(primary) = self.wire(wire).filter(|w| w.third_factor.is_none()) else { return };
                let nodes = editing::rule::third_factors(self.project(), &primary);
                let chosen = nodes.get(choice % (nodes.len() + 1)).map(|(node, _)| *node);
                self.change("", move |p| editing::rule::give_third_factor(p, &primary, chosen));
            }
            Deed::Unite(which) => self.does(&Deed::PasteText(UNITED[which % UNITED.len()].to_owned())),
            Deed::Positions(node, positions) => {
                if let Some(id) = self.node(node) {
                    self.change("positions", move |p| {
                        let node = p.node_mut(id).expect("there");
                        node.n = positions.as_ref().and_then(Positions::number).unwrap_or(node.n);
                        node.positions = positions;
                    });
                }
            }
            Deed::Mask(wire, mask) => self.mask(wire, mask),
            Deed::MaskWith(wire, way, form) => {
                let Some(old) = self.wire(wire).and_then(|w| w.mask) else { return };
                let form = Mask::Form(form);
                let joined = match way % 3 {
                    0 => Mask::Union(vec![old, form]),
                    1 => Mask::Difference(Box::new(old), Box::new(form)),
                    _ => Mask::Intersection(vec![old, form]),
                };
                if joined.levels() <= Mask::MOST_LEVELS {
                    self.mask(wire, Some(joined));
                }
            }
            Deed::MaskAtTarget(wire, on) => self.change_wire(wire, move |w| {
                w.use_on_source = on && w.mask.is_some() && matches!(w.rule, Rule::PairwiseBernoulli { .. });
            }),
            Deed::Kernel(wire, kernel) => {
                if kernel.is_none_or(|kernel| kernel.check(3).is_ok()) {
                    self.change_wire(wire, move |w| w.kernel = kernel);
                }
            }
            Deed::Flags(wire, flags) => self.change_wire(wire, move |w| {
                [w.autapses, w.multapses, w.symmetric, w.muted] = [0, 1, 2, 3].map(|bit| flags >> bit & 1 == 1);
            }),
            Deed::Number(node, n) => {
                if let Some(id) = self.node(node) {
                    self.change("n", move |p| p.node_mut(id).expect("there").n = n);
                }
            }
            Deed::Rename(node, name) => {
                // As the window does: names are trimmed, unique and not empty.
                let name = name.trim().to_owned();
                let taken = self.project().nodes.iter().any(|n| n.name == name);
                if let Some(id) = self.node(node).filter(|_| !name.is_empty() && !taken) {
                    self.change("", move |p| p.node_mut(id).expect("there").name = name);
                }
            }
            Deed::Color(node, color) => {
                if let Some(id) = self.node(node) {
                    self.change("", move |p| p.node_mut(id).expect("there").color = Some(color));
                }
            }
            Deed::Move(node, at) => {
                if let Some(id) = self.node(node) {
                    self.change("move", move |p| p.node_mut(id).expect("there").position = at);
                }
            }
            Deed::Delete(of) => self.edit(editing::delete(self.project(), &self.selection(&of))),
            Deed::Duplicate(of) => {
                if let Some(edit) = duplicate::beside(self.project(), &self.selection(&of)) {
                    self.edit(edit);
                }
            }
            Deed::Copy(of, wires) => {
                self.text = clipboard::copy(self.project(), &self.selection(&of)).or(self.text.take());
                if let Some(text) = self.text.clone() {
                    let fragment = clipboard::parse(&text, None).unwrap_or_else(|e| panic!("{e}\n{text}"));
                    self.edit(editing::insert(self.project(), "Paste".into(), fragment, wires, clipboard::OFFSET));
                }
            }
            Deed::PasteText(text) => match clipboard::parse(&text, None) {
                Ok(fragment) => {
                    self.edit(editing::insert(self.project(), "Paste".into(), fragment, true, clipboard::OFFSET));
                }
                Err(reason) => assert!(!reason.is_empty()),
            },
            Deed::Mute(of) => self.edit(editing::mute(self.project(), &self.selection(&of))),
            Deed::Reverse(of) => {
                if let Some(edit) = editing::reverse_sign(self.project(), &self.selection(&of)) {
                    self.edit(edit);
                }
            }
            Deed::Align(of, row, spread) => {
                let nodes = self.selection(&of).nodes;
                let axis = if row { align::Axis::Row } else { align::Axis::Column };
                self.change("", move |p| {
                    if spread { align::distribute(p, &nodes, axis) } else { align::align(p, &nodes, axis) }
                });
            }
            Deed::Arrange => self.edit(Edit::new("Arrange", canvas::arrange)),
            Deed::Record(node, recorder) => {
                let recorder = pick(all(Some(Family::Recorder)), recorder);
                let fits = |id: &NodeId| create::can_record(self.project().node(*id).expect("there"), recorder);
                let edit = self.node(node).filter(fits).and_then(|id| create::record(self.project(), id, recorder));
                if let Some(edit) = edit {
                    self.edit(edit);
                }
            }
            Deed::RecordAll => {
                if let Some(edit) = editing::record_all(self.project()) {
                    self.edit(edit);
                }
            }
            Deed::Plot(kind) => {
                let kinds: Vec<_> = plots::kinds().map(|(kind, _)| kind).collect();
                let kind = kinds[kind % kinds.len()];
                if let Some(edit) = editing::plot(self.project(), self.document.selection(), kind) {
                    self.edit(edit);
                }
            }
            Deed::ViewSetting(view, name, value) => {
                // Files know names of settings by words alone.
                let name: String = name.chars().filter(char::is_ascii_alphabetic).collect();
                let known = ["bin", "cells", "variable", "stacked", "from", "to"];
                let name = if name.is_empty() { known[view % known.len()].to_owned() } else { name };
                // Settings are numbers, switches, words, or lists of them that hold something.
                let holds = match &value {
                    Value::List(list) => !list.is_empty(),
                    Value::Flags(list) => !list.is_empty(),
                    Value::Names(list) => !list.is_empty(),
                    Value::Lists(lists) => !lists.is_empty() && lists.iter().all(|list| !list.is_empty()),
                    _ => true,
                };
                if let Some(id) = self.view(view).filter(|_| {
                    holds
                        && !["kind", "of", "title", "inf", "nan", "true", "false"]
                            .contains(&name.to_lowercase().as_str())
                }) {
                    self.change("", move |p| {
                        let view = p.view_mut(id).expect("there");
                        view.settings.retain(|(other, _)| *other != name);
                        view.settings.push((name, value));
                    });
                }
            }
            Deed::RemoveView(view) => {
                if let Some(id) = self.view(view) {
                    self.change("", move |p| p.views.retain(|v| v.id != id));
                }
            }
            Deed::Knob(node, parameter, a, b) => {
                let Some(id) = self.node(node) else { return };
                let model = self.project().node(id).expect("just found").model;
                let Some(parameter) = model.parameters().nth(parameter % model.parameters().count().max(1)) else {
                    return;
                };
                // As the window asks for it: a range from a smaller to a larger number, of a parameter that is a number.
                if !(parameter.is_number() && a.is_finite() && b.is_finite() && a != b) {
                    return;
                }
                let name = format!("k{}", self.project().knobs.len());
                let what = Turned::Parameter { of: id, name: parameter.name.into() };
                self.add_knob(name, what, 1.0, (a.min(b), a.max(b)));
            }
            Deed::KnobOfWeights(node, times) => {
                if let Some(from) = self.node(node).filter(|_| times.is_finite() && times != 0.0) {
                    self.add_knob(
                        format!("w{}", self.project().knobs.len()),
                        Turned::Weights { from, to: None },
                        times,
                        (0.0, 1.0),
                    );
                }
            }
            Deed::KnobOfSynapses(wire, parameter, a, b) => {
                let Some(wire) = self.wire(wire) else { return };
                // Weights have knobs of their own.
                let is_turned = |p: &&Parameter| p.is_number() && !["weight", "delay"].contains(&p.name);
                let numbers: Vec<_> = wire.synapse.parameters().filter(is_turned).collect();
                let Some(parameter) = numbers.get(parameter % numbers.len().max(1)) else { return };
                if a.is_finite() && b.is_finite() && a != b {
                    let name = format!("s{}", self.project().knobs.len());
                    let to = (parameter.name.len() % 2 == 0).then_some(wire.to);
                    let what = Turned::Synapses { from: wire.from, to, name: parameter.name.into() };
                    self.add_knob(name, what, 1.0, (a.min(b), a.max(b)));
                }
            }
            Deed::Texts(title, about) => self.change("", move |p| (p.title, p.about) = (title, about)),
            Deed::Note(text, position) => self.change("", move |p| p.notes.push(Note { text, position })),
            Deed::Resolution(x) => self.change("", move |p| p.simulation.resolution = x),
            Deed::Duration(x) => self.change("", move |p| p.simulation.duration = x),
            Deed::Seed(x) => self.change("", move |p| p.simulation.seed = x),
            Deed::Play(x) => self.change("", move |p| {
                p.simulation.play = [Play::Endless, Play::Once, Play::Repeat { next_seed: x > 99 }][usize::from(x % 3)];
            }),
            Deed::Select(of) => self.document.select(self.selection(&of)),
            Deed::EndGesture => self.document.end_gesture(),
            Deed::Undo => drop(self.document.undo()),
            Deed::Redo => drop(self.document.redo()),
            Deed::Save => opens_as_it_was(self.project()),
            Deed::Run(steps) => run(self.project(), steps),
        }
    }

    /// As the window does: a form that is no region is refused.
    fn mask(&mut self, wire: usize, mask: Option<Mask>) {
        let is_region = |mask: &Mask| [2, 3].iter().any(|dimensions| mask.check(*dimensions).is_ok());
        if mask.as_ref().is_none_or(is_region) {
            self.change_wire(wire, move |w| {
                w.mask = mask;
                w.use_on_source &= w.mask.is_some() || w.kernel.is_some();
                w.allow_oversized_mask &= w.mask.is_some();
            });
        }
    }

    fn add_knob(&mut self, name: String, what: Turned, times: f64, range: (f64, f64)) {
        if self.project().knobs.iter().any(|k| k.name == name) {
            return;
        }
        let knob = Knob { name, doc: String::new(), step: 0.0, range, turns: vec![Turn { what, times }] };
        self.change("", move |p| p.knobs.push(knob));
    }
}

/// Whether a value is of a kind that the fields of the window give to a parameter: what its default is, one for each neuron, or,
/// for numbers, a distribution. Whether it is in range is for problems to say.
fn is_of_its_kind(parameter: &Parameter, value: &Value) -> bool {
    match Value::from(parameter.default) {
        Value::Real(_) => is_number(value),
        Value::Flag(_) => matches!(value, Value::Flag(_)) || matches!(value, Value::Flags(list) if !list.is_empty()),
        Value::List(_) => matches!(value, Value::List(_)) || matches!(value, Value::Lists(lists) if !lists.is_empty()),
        default => std::mem::discriminant(&default) == std::mem::discriminant(value),
    }
}

/// A number, one for each, or a distribution to draw them from.
fn is_number(value: &Value) -> bool {
    match value {
        Value::Real(_) | Value::Distribution(_) | Value::Range(_) | Value::Spatial(_) => true,
        Value::List(list) => !list.is_empty(),
        _ => false,
    }
}

/// What is written is read as the same project, but for numbers of nodes and wires and for values that equal defaults.
fn opens_as_it_was(project: &Project) {
    let text = write(project);
    let (again, _) = read_draft(&text).unwrap_or_else(|e| panic!("what was saved is refused: {e}\n{text}"));
    let told = numbered(project);
    assert!(again == told, "{text}\nopens otherwise: {}", first_difference(&again, &told));
    assert_eq!(write(&again), text);
}

/// The first lines in which what was read and what was told differ.
fn first_difference(again: &Project, told: &Project) -> String {
    let (again, told) = (format!("{again:#?}"), format!("{told:#?}"));
    // Places of functions in memory say nothing.
    let differ = again.lines().zip(told.lines()).position(|(a, b)| a != b && !a.contains("0x")).unwrap_or(0);
    let near = |text: &str| text.lines().skip(differ.saturating_sub(6)).take(18).collect::<Vec<_>>().join("\n");
    format!("{}\nwas\n{}", near(&again), near(&told))
}

/// As files number and hold it.
fn numbered(project: &Project) -> Project {
    let mut told = project.clone();
    let nodes: BTreeMap<NodeId, NodeId> = (0..).zip(&project.nodes).map(|(i, n)| (n.id, NodeId(i))).collect();
    for node in &mut told.nodes {
        node.id = nodes[&node.id];
        let model = node.model;
        node.params.retain(|name, value| model.parameter(name).is_none_or(|p| Value::from(p.default) != *value));
    }
    // What several wires have in common is called after the first of them.
    let called = |of: ProjectionId| {
        let first = project.projections.iter().position(|wire| wire.union.unwrap_or(wire.id) == of);
        ProjectionId(first.expect("a wire of this name") as u32)
    };
    for (i, wire) in told.projections.iter_mut().enumerate() {
        wire.id = ProjectionId(i as u32);
        wire.union = wire.union.map(called);
        wire.third_factor = wire.third_factor.map(|third| ThirdFactor { primary: called(third.primary), ..third });
        (wire.from, wire.to) = (nodes[&wire.from], nodes[&wire.to]);
        wire.weight_recorder = wire.weight_recorder.map(|id| nodes[&id]);
        wire.volume_transmitter = wire.volume_transmitter.map(|id| nodes[&id]);
        // Pairs are written with the rule that has them.
        if wire.rule != Rule::Pairs {
            wire.pairs = Default::default();
        }
        let synapse = wire.synapse;
        wire.params.retain(|name, value| synapse.parameter(name).is_none_or(|p| Value::from(p.default) != *value));
    }
    told.views.iter_mut().flat_map(|v| &mut v.sources).for_each(|id| *id = nodes[id]);
    for turn in told.knobs.iter_mut().flat_map(|k| &mut k.turns) {
        match &mut turn.what {
            Turned::Parameter { of, .. } => *of = nodes[of],
            Turned::Weights { from, to } | Turned::Synapses { from, to, .. } => {
                *from = nodes[from];
                *to = to.map(|id| nodes[&id]);
            }
        }
    }
    if let Some(training) = &mut told.training {
        number_training(training, &nodes);
    }
    told
}

fn number_training(training: &mut Training, nodes: &BTreeMap<NodeId, NodeId>) {
    for trained in &mut training.train {
        match &mut trained.what {
            Adjusted::Parameter { of, .. } => *of = nodes[of],
            Adjusted::Weights { from, to } | Adjusted::Delays { from, to } => {
                *from = nodes[from];
                *to = to.map(|id| nodes[&id]);
            }
            Adjusted::Knob(_) => {}
        }
    }
    match &mut training.task {
        Task::Goals(goals) => goals.iter_mut().for_each(|goal| goal.of = nodes[&goal.of]),
        Task::Patterns(lesson) => {
            let (Loss::CrossEntropy { of, .. } | Loss::Rate { of } | Loss::SpikeTimes { of, .. }) = &mut lesson.loss;
            *of = nodes[of];
            lesson.penalties.iter_mut().for_each(|penalty| penalty.of = nodes[&penalty.of]);
            for pattern in &mut lesson.patterns {
                let input = std::mem::take(&mut pattern.input);
                pattern.input = input.into_iter().map(|(id, times)| (nodes[&id], times)).collect();
            }
        }
    }
}

/// Runs what can be run, for some steps; what cannot says why.
fn run(project: &Project, steps: u8) {
    let problems = plots::check(project);
    assert!(problems.iter().all(|p| !p.message.trim().is_empty()));
    if Simulation::estimate(project).memory > LARGE {
        return;
    }
    match Simulation::build(project, &|_| true) {
        Err(problems) => assert!(problems.iter().any(|p| p.severity == Severity::Error), "refused without a cause"),
        Ok(mut simulation) => {
            let found = validate(project);
            let errors: Vec<_> = found.iter().filter(|p| p.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "it runs with {errors:?}");
            let most = (3.0 / project.simulation.resolution).clamp(1.0, 12.0) as u64;
            let _ = simulation.advance(u64::from(steps) % most + 1);
            let mut recordings = Recordings::new(simulation.plan().clone());
            let mut frame = Frame::default();
            simulation.take_frame(&mut frame);
            recordings.append(&mut frame);
        }
    }
}

fn all_is_undone_and_done_again(document: &mut Document, first: &Project) {
    while document.redo().is_some() {}
    let last = document.project().clone();
    while document.undo().is_some() {}
    assert!(document.project() == first, "undo of everything gives\n{:#?}\nand not\n{first:#?}", document.project());
    assert!(!document.modified());
    while document.redo().is_some() {}
    assert!(*document.project() == last, "redo of everything gives\n{:#?}\nand not\n{last:#?}", document.project());
}

fn examples() -> &'static [Project] {
    static ALL: std::sync::OnceLock<Vec<Project>> = std::sync::OnceLock::new();
    ALL.get_or_init(|| {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../projects");
        let read = |file: std::path::PathBuf| read_draft(&std::fs::read_to_string(file).ok()?).ok().map(|(p, _)| p);
        let mut files: Vec<_> =
            std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        std::iter::once(Project::default()).chain(files.into_iter().filter_map(read)).collect()
    })
}

proptest! {
    #![proptest_config(explore::config(150, 27))]

    #[test]
    fn any_deeds_can_be_undone_and_what_is_saved_opens(
        begin in prop_oneof![3 => Just(0), 1 => any::<usize>()], deeds in prop::collection::vec(deeds(), 1..40)
    ) {
        let all = examples();
        let first = all[begin % all.len()].clone();
        let mut desk = Desk { document: Document::new(first.clone()), text: None };
        for deed in &deeds {
            desk.does(deed);
        }
        opens_as_it_was(desk.project());
        all_is_undone_and_done_again(&mut desk.document, &first);
        // The catalogue has what the wires say.
        assert!(desk.project().projections.iter().all(|w| models::find(w.synapse.name).is_some()));
    }
}
