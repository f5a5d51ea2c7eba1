//! What people can do to a document, drawn at random.

use proptest::prelude::*;
use spikeloom_engine::description::space::{
    Coordinate, Form, Kernel, KernelShape, Lines, Mask, MaskKind, Places, Point, Positions,
};
use spikeloom_engine::description::{Distribution, Range, Shape, Value};
use spikeloom_engine::project::Rule;

/// What is done to the document; numbers choose among what is there.
#[derive(Clone, Debug)]
pub enum Deed {
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
pub const UNITED: [&str; 3] = [
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

pub fn deeds() -> impl Strategy<Value = Deed> {
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
