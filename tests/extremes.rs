//! Whatever numbers a file or a field holds, the program answers with a network or with a refusal: it neither panics nor
//! hangs nor takes memory without a bound.
//!
//! `PROPTEST_CASES` sets how many cases each test tries: some hundred thousand for a night.

mod explore;

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use spikeloom_engine::description::{Distribution, Shape, Value};
use spikeloom_engine::models::{self, CATALOGUE, Family, Model};
use spikeloom_engine::project::{Node, NodeId, Problem, Project, Projection, Rule, Severity, read, read_draft, write};
use spikeloom_engine::recordings::Frame;
use spikeloom_engine::runtime::Simulation;

/// Networks that are foreseen to need more are not built here; that they need no more is asserted.
const LARGE: u64 = 100 << 20;
/// What a case may take beyond what is foreseen: the tables of a network are coarse, recordings come on top.
const SLACK: usize = 400 << 20;
/// No case lasts longer.
const LONGEST: Duration = Duration::from_secs(60);

/// Counts what is held, and tells a case that asks for more than any may.
struct Counting;
static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: all is left to the system's allocator; this only counts.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(at, layout) }
    }
}

fn count(bytes: usize) {
    let held = HELD.fetch_add(bytes, Relaxed) + bytes;
    PEAK.fetch_max(held, Relaxed);
    if bytes > 20 * SLACK {
        let case = CASE.try_lock().map_or(String::new(), |case| case.as_ref().map_or(String::new(), |c| c.0.clone()));
        eprintln!("{bytes} bytes at once for\n{case}");
        std::process::abort();
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The case that is tried, and since when: one at a time, so that memory and time are its own.
static CASE: Mutex<Option<(String, Instant)>> = Mutex::new(None);
static ALONE: Mutex<()> = Mutex::new(());
static WATCH: Once = Once::new();

/// Tries a case; a second thread ends the program if that does not end.
fn alone(case: &str, try_it: impl FnOnce()) {
    WATCH.call_once(|| {
        std::thread::spawn(|| {
            loop {
                std::thread::sleep(Duration::from_secs(1));
                let case = CASE.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some((text, _)) = case.as_ref().filter(|(_, since)| since.elapsed() > LONGEST) {
                    eprintln!("no end after {LONGEST:?} with\n{text}");
                    std::process::abort();
                }
            }
        });
    });
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let set = |to| *CASE.lock().unwrap_or_else(PoisonError::into_inner) = to;
    set(Some((case.to_owned(), Instant::now())));
    PEAK.store(HELD.load(Relaxed), Relaxed);
    try_it();
    set(None);
}

/// A change of a running network.
#[derive(Clone, Debug)]
enum Change {
    Set(usize, usize, Value),
    SetSynapses(usize, usize, Value),
    Weight(usize, Value),
    Mute(usize, bool),
    MuteProjection(usize, bool),
    GoBack,
}

/// Builds a network, runs it for some steps, changes it while it runs.
fn try_network(project: &Project, changes: &[Change]) {
    let problems = Simulation::problems(project);
    assert!(problems.iter().all(|p| !p.message.is_empty()));
    let before = HELD.load(Relaxed);
    let foreseen = Simulation::estimate(project).memory;
    if foreseen > LARGE {
        return;
    }
    // Long steps are worked on for long.
    let steps = (3.0 / project.simulation.resolution).clamp(1.0, 12.0) as u64;
    let Ok(mut simulation) = Simulation::build(project, &|_| true) else { return };
    let mut frame = Frame::default();
    let kept = simulation.snapshot();
    let mut run = |simulation: &mut Simulation| {
        let ran = simulation.advance(steps);
        simulation.take_frame(&mut frame);
        frame.clear();
        ran.is_ok()
    };
    let mut runs = run(&mut simulation);
    for change in changes {
        let node = |i: usize| &project.nodes[i % project.nodes.len()];
        let wire = |i: usize| project.projections.get(i % project.projections.len().max(1));
        let name = |model: &Model, i: usize| model.parameters().nth(i % model.parameters().count().max(1));
        match change {
            Change::Set(n, p, value) => {
                if let Some(parameter) = name(node(*n).model, *p) {
                    let _ = simulation.set(node(*n).id, &[(parameter.name.into(), value.clone())]);
                }
            }
            Change::SetSynapses(w, p, value) => {
                if let Some(wire) = wire(*w)
                    && let Some(parameter) = name(wire.synapse, *p)
                {
                    let _ = simulation.set_synapses(wire.id, &[(parameter.name.into(), value.clone())]);
                }
            }
            Change::Weight(w, value) => {
                if let Some(wire) = wire(*w) {
                    let _ = simulation.set_weight(wire.id, value);
                }
            }
            Change::Mute(n, on) => simulation.mute_node(node(*n).id, *on),
            Change::MuteProjection(w, on) => {
                if let Some(wire) = wire(*w) {
                    simulation.mute_projection(wire.id, *on);
                }
            }
            Change::GoBack => {
                simulation.restore(&kept);
                runs = true;
            }
        }
        if runs {
            runs = run(&mut simulation);
        }
    }
    let taken = PEAK.load(Relaxed).saturating_sub(before);
    let most = 4 * foreseen as usize + SLACK;
    assert!(taken <= most, "{taken} bytes taken where {foreseen} were foreseen");
}

/// A refusal that says nothing, or where nobody would look, helps nobody.
fn assert_names_its_cause(problems: &[Problem]) {
    let causes: Vec<_> = problems.iter().filter(|p| p.severity == Severity::Error).collect();
    assert!(!causes.is_empty() && causes.iter().all(|p| !p.message.trim().is_empty()), "{problems:?}");
}

/// What the program has read, and would write, is read as the same.
fn reopens_equal(project: &Project) {
    let text = write(project);
    let (again, _) = read_draft(&text).unwrap_or_else(|e| panic!("what was written is refused: {e}\n{text}"));
    assert_eq!(write(&again), text);
    // Numbers that are none are equal to nothing, not even to themselves.
    assert!(again == *project || *project != project.clone(), "{again:#?}\nis not\n{project:#?}");
}

fn text_of(project: &Project, changes: &[Change]) -> String {
    format!("{}\nchanges: {changes:?}", write(project))
}

/// Numbers at the edges of what types, formulas and tables hold, and usual ones.
fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => prop::sample::select(vec![0.0, 0.1, 0.5, 1.0, 2.0, 10.0, 100.0, -1.0, -70.0, -55.0]),
        3 => prop::sample::select(vec![
            1e-300, 1e-12, 1e-6, 1e-3, 1e3, 1e4, 65536.0, 1e6, 1e9, 2147483648.0, 4294967296.0, 1e11, 1e13, 1e14, 1e15,
            9007199254740993.0, 1e18, 1.8446744073709552e19, 1e38, 1e100, 1e300, f64::MAX, f64::MIN_POSITIVE,
        ]),
        2 => prop::sample::select(vec![-1e-300, -1e-3, -1e4, -1e9, -1e15, -1e18, -1e300, f64::MIN]),
        1 => prop::sample::select(vec![f64::INFINITY, f64::NEG_INFINITY, f64::NAN]),
        2 => -1e3..1e3f64,
    ]
}

fn distributions() -> impl Strategy<Value = Value> {
    let shapes = (0..3usize, numbers(), numbers()).prop_map(|(shape, a, b)| match shape {
        0 => Shape::Normal { mean: a, std: b.abs() },
        1 => Shape::Lognormal { mean: a, std: b.abs() },
        _ => Shape::Uniform { low: a, high: a + b.abs() },
    });
    let bound = || prop::option::of(numbers());
    (shapes, bound(), bound()).prop_map(|(shape, min, max)| Value::Distribution(Distribution { shape, min, max }))
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => numbers().prop_map(Value::Real),
        2 => distributions(),
        2 => prop::collection::vec(numbers(), 0..4).prop_map(|mut xs| { xs.sort_by(f64::total_cmp); Value::List(xs) }),
        1 => any::<bool>().prop_map(Value::Flag),
        1 => prop::collection::vec(prop::collection::vec(numbers(), 0..3), 0..3).prop_map(Value::Lists),
    ]
}

fn counts() -> impl Strategy<Value = u64> {
    prop_oneof![
        6 => 0..8u64,
        2 => prop::sample::select(vec![64, 65, 1000, 10_000, 100_000]),
        2 => prop::sample::select(vec![1u64 << 31, (1 << 31) + 1, 1 << 32, 1 << 40, 1 << 53, 1 << 63, u64::MAX]),
    ]
}

fn rules() -> impl Strategy<Value = Rule> {
    prop_oneof![
        4 => Just(Rule::AllToAll),
        2 => Just(Rule::OneToOne),
        1 => counts().prop_map(|indegree| Rule::FixedIndegree { indegree }),
        1 => counts().prop_map(|outdegree| Rule::FixedOutdegree { outdegree }),
        1 => counts().prop_map(|n| Rule::FixedTotalNumber { n }),
        1 => numbers().prop_map(|p| Rule::PairwiseBernoulli { p }),
        1 => numbers().prop_map(|mean| Rule::PairwisePoisson { mean }),
        1 => numbers().prop_map(|p| Rule::SymmetricPairwiseBernoulli { p }),
    ]
}

#[derive(Clone, Debug)]
struct Wire {
    ends: (usize, usize),
    rule: Rule,
    /// `None` leaves what is usual.
    weight: Option<Value>,
    delay: Option<Value>,
    synapse: usize,
    params: Vec<(usize, Value)>,
    flags: [bool; 4],
}

fn wires() -> impl Strategy<Value = Wire> {
    let ends = (any::<usize>(), any::<usize>());
    let rest = (prop::option::weighted(0.4, values()), prop::option::weighted(0.4, values()));
    let params = prop::collection::vec((any::<usize>(), values()), 0..2);
    (ends, rules(), rest, any::<usize>(), params, any::<[bool; 4]>()).prop_map(
        |(ends, rule, (weight, delay), synapse, params, flags)| Wire {
            ends,
            rule,
            weight,
            delay,
            synapse,
            params,
            flags,
        },
    )
}

type Given = (usize, u64, Vec<(usize, Value)>);

/// A network of these nodes and wires; wires that cannot be drawn are left out.
fn network(nodes: &[Given], wires: &[Wire], settings: (f64, u64)) -> Project {
    let mut project = Project::default();
    project.simulation.resolution = settings.0;
    (project.simulation.seed, project.simulation.threads) = (settings.1, 1 + (settings.1 % 2) as usize);
    let all: Vec<&'static Model> = CATALOGUE.iter().copied().filter(|m| m.family() != Family::Synapse).collect();
    for (i, (model, n, params)) in nodes.iter().enumerate() {
        let model = all[model % all.len()];
        let mut node = Node::new(NodeId(i as u32), format!("{} {i}", model.name), model);
        node.n = if model.is_recorder() { 1 } else { usize::try_from(*n).unwrap_or(usize::MAX).max(1) };
        for (which, value) in params {
            let Some(parameter) = model.parameters().nth(which % model.parameters().count().max(1)) else { continue };
            node.params.insert(parameter.name.into(), value.clone());
        }
        project.nodes.push(node);
    }
    for wire in wires {
        let end = |i: usize| &project.nodes[i % project.nodes.len()];
        let (from, to) = (end(wire.ends.0), end(wire.ends.1));
        let fitting = models::fitting_synapses(from.model, to.model);
        let Some(synapse) = fitting.get(wire.synapse % fitting.len().max(1)) else { continue };
        let mut made = Projection::new(project.free_projection_id(), from.id, to.id);
        (made.synapse, made.rule) = (*synapse, wire.rule);
        made.weight = wire.weight.clone().unwrap_or(made.weight);
        made.delay = wire.delay.clone().unwrap_or(made.delay);
        [made.autapses, made.multapses, made.symmetric, made.muted] = wire.flags;
        made.symmetric &= !wire.flags[3];
        let wiring = models::wire_with(from.model, to.model, synapse).ok();
        made.receptor =
            wiring.and_then(|w| to.model.ports.iter().find(|p| p.takes == w.carries)).map_or(0, |p| p.number);
        for (which, value) in &wire.params {
            let Some(parameter) = synapse.parameters().nth(which % synapse.parameters().count().max(1)) else {
                continue;
            };
            if !["weight", "delay"].contains(&parameter.name) {
                made.params.insert(parameter.name.into(), value.clone());
            }
        }
        project.projections.push(made);
    }
    project
}

fn nodes() -> impl Strategy<Value = Vec<Given>> {
    let params = prop::collection::vec((any::<usize>(), values()), 0..3);
    prop::collection::vec((any::<usize>(), counts(), params), 1..5)
}

fn settings() -> impl Strategy<Value = (f64, u64)> {
    (prop::sample::select(vec![0.1, 0.1, 0.1, 1.0, 0.001, 10.0, 1000.0, 0.3, 1e5, 1e300]), 0..4u64)
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        6 => (any::<usize>(), any::<usize>(), values()).prop_map(|(n, p, v)| Change::Set(n, p, v)),
        2 => (any::<usize>(), any::<usize>(), values()).prop_map(|(n, p, v)| Change::SetSynapses(n, p, v)),
        2 => (any::<usize>(), values()).prop_map(|(w, v)| Change::Weight(w, v)),
        1 => (any::<usize>(), any::<bool>()).prop_map(|(n, on)| Change::Mute(n, on)),
        1 => (any::<usize>(), any::<bool>()).prop_map(|(w, on)| Change::MuteProjection(w, on)),
        1 => Just(Change::GoBack),
    ];
    prop::collection::vec(change, 0..6)
}

/// Damage to a text.
#[derive(Clone, Debug)]
enum Damage {
    Number(usize, f64),
    Delete(usize, usize),
    Insert(usize, char),
    Repeat(usize, usize),
    Cut(usize),
    /// A bit of a byte is turned over.
    Flip(usize, u8),
    /// A bracket with all it holds is there twice.
    Double(usize),
    /// Brackets within brackets, closed or not.
    Nest(usize, usize, char, bool),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        6 => (any::<usize>(), numbers()).prop_map(|(at, x)| Damage::Number(at, x)),
        2 => (any::<usize>(), 1..40usize).prop_map(|(at, n)| Damage::Delete(at, n)),
        2 => (any::<usize>(), prop::sample::select("()[]{}\",:0-+.eE\\é\u{0}".chars().collect::<Vec<_>>()))
            .prop_map(|(at, c)| Damage::Insert(at, c)),
        1 => (any::<usize>(), 1..60usize).prop_map(|(at, n)| Damage::Repeat(at, n)),
        1 => any::<usize>().prop_map(Damage::Cut),
        2 => (any::<usize>(), 0..8u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        2 => any::<usize>().prop_map(Damage::Double),
        1 => (any::<usize>(), prop::sample::select(vec![1, 5, 30, 70, 5000, 200_000]),
            prop::sample::select(vec!['(', '[', '{']), any::<bool>())
            .prop_map(|(at, depth, bracket, closed)| Damage::Nest(at, depth, bracket, closed)),
    ]
}

/// The end of what begins with a bracket, without regard to texts and comments.
fn closing(chars: &[char], begin: usize) -> usize {
    let mut depth = 0;
    for (i, c) in chars.iter().enumerate().skip(begin) {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if depth <= 0 {
            return i + 1;
        }
    }
    chars.len()
}

/// Beginnings of what stands in brackets, with the name before the bracket if it has one.
fn sections(chars: &[char]) -> Vec<(usize, usize)> {
    let opens = |i: &usize| "([{".contains(chars[*i]);
    let name = |at: usize| {
        let part = |c: &&char| c.is_alphanumeric() || "_:\" ".contains(**c);
        at - chars[..at].iter().rev().take_while(part).count()
    };
    (0..chars.len()).filter(opens).map(|at| (name(at), closing(chars, at))).collect()
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for damage in damages {
        let at = |i: usize, chars: &[char]| i % chars.len().max(1);
        match *damage {
            Damage::Number(i, x) => {
                let digit = |i: &usize| chars[*i].is_ascii_digit();
                let begins: Vec<usize> =
                    (0..chars.len()).filter(|i| digit(i) && (*i == 0 || !digit(&(i - 1)))).collect();
                let Some(&begin) = begins.get(i % begins.len().max(1)) else { continue };
                let part = |c: &char| c.is_ascii_digit() || *c == '.';
                let end = begin + chars[begin..].iter().take_while(|c| part(c)).count();
                let written = if i % 2 == 0 { format!("{x:?}") } else { format!("{:.0}", x.clamp(-1e25, 1e25)) };
                chars.splice(begin..end, written.chars());
            }
            Damage::Delete(i, n) => {
                let begin = at(i, &chars);
                chars.drain(begin..(begin + n).min(chars.len()));
            }
            Damage::Insert(i, c) => chars.insert(at(i, &chars), c),
            Damage::Repeat(i, n) => {
                let begin = at(i, &chars);
                let again = chars[begin..(begin + n).min(chars.len())].to_vec();
                chars.splice(begin..begin, again);
            }
            Damage::Cut(i) => chars.truncate(at(i, &chars)),
            Damage::Flip(i, bit) => {
                let mut bytes = chars.iter().collect::<String>().into_bytes();
                let at = i % bytes.len().max(1);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
                chars = String::from_utf8_lossy(&bytes).chars().collect();
            }
            Damage::Double(i) => {
                let all = sections(&chars);
                let Some(&(begin, end)) = all.get(i % all.len().max(1)) else { continue };
                let again: Vec<char> = chars[begin..end].iter().copied().chain([',']).collect();
                chars.splice(begin..begin, again);
            }
            Damage::Nest(i, depth, bracket, closed) => {
                let begin = at(i, &chars);
                let end = if closed { (begin + 1).min(chars.len()) } else { begin };
                let close = match bracket {
                    '(' => ')',
                    '[' => ']',
                    _ => '}',
                };
                let inner = chars[begin..end].to_vec();
                let after = if closed { vec![close; depth] } else { Vec::new() };
                let nested = std::iter::repeat_n(bracket, depth).chain(inner).chain(after);
                chars.splice(begin..end, nested.collect::<Vec<_>>());
            }
        }
    }
    chars.into_iter().collect()
}

/// The projects that come with the program, and one with a node of every model.
fn texts() -> &'static [String] {
    static TEXTS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    TEXTS.get_or_init(|| {
        let mut texts = Vec::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../projects")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
                if entry.is_dir() {
                    folders.push(entry);
                } else if entry.extension().is_some_and(|e| e == "ron") {
                    texts.push(std::fs::read_to_string(entry).expect("a text"));
                }
            }
        }
        texts.sort();
        let n = CATALOGUE.len();
        let nodes: Vec<Given> = (0..n).map(|i| (i, 2, (0..20).map(|p| (p, Value::Real(1.0))).collect())).collect();
        texts.push(write(&network(&nodes, &[], (0.1, 1))));
        texts
    })
}

proptest! {
    #![proptest_config(explore::config(60, 26))]

    #[test]
    fn networks_with_extreme_numbers_are_run_or_refused(
        nodes in nodes(), wires in prop::collection::vec(wires(), 0..6), settings in settings(), changes in changes()
    ) {
        let project = network(&nodes, &wires, settings);
        alone(&text_of(&project, &changes), || {
            try_network(&project, &changes);
            // What is written is read again, or refused with a message.
            if let Err(refused) = read_draft(&write(&project)) {
                assert!(!refused.problems.is_empty());
            }
        });
    }

    #[test]
    fn damaged_files_are_opened_or_refused(
        which in any::<usize>(), damages in prop::collection::vec(damage(), 1..5), changes in changes()
    ) {
        let texts = texts();
        let text = damaged(&texts[which % texts.len()], &damages);
        alone(&text, || {
            match read_draft(&text) {
                Ok((project, _)) => reopens_equal(&project),
                Err(refused) => assert_names_its_cause(&refused.problems),
            }
            match read(&text) {
                Ok((project, _)) => try_network(&project, &changes),
                Err(refused) => assert_names_its_cause(&refused.problems),
            }
        });
    }
}

/// The rates of the issue that once ended the program, and others beside them.
#[test]
fn rates_beyond_all_measure_are_refused_with_the_limit() {
    let run = |params: &str, n: usize| {
        let text = format!(
            r#"(simulation: (threads: 1), nodes: {{
                "noise": (model: "poisson_generator", n: {n}, params: ({params})),
                "cell": (model: "iaf_psc_delta", n: 70, params: (V_th: 1e300, tau_m: 1e-3)) }},
               projections: [(from: "noise", to: "cell", weight: 1e-12)])"#
        );
        let (project, _) = read(&text).map_err(|e| e.to_string())?;
        let mut simulation = Simulation::build(&project, &|_| true).map_err(|p| format!("{p:?}"))?;
        simulation.advance(50).map_err(|p| p.to_string())
    };
    for rate in ["1e7", "1e9", "1e11"] {
        assert_eq!(run(&format!("rate: {rate}"), 1), Ok(()), "{rate}");
    }
    for rate in ["1.1e11", "1e14", "1e308"] {
        let refused = run(&format!("rate: {rate}"), 1).expect_err("it is refused");
        assert!(refused.contains("at most 100000000000 spikes/s") || refused.contains("at most 1e11"), "{refused}");
    }
    for drawn in ["lognormal(mean: 800, std: 800)", "lognormal(mean: 30, std: 1)"] {
        let refused = run(&format!("rate: {drawn}"), 3).expect_err("it is refused");
        assert!(refused.contains("rate") && refused.contains("max"), "{refused}");
    }
}
