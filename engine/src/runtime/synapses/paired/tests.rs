//! Paired synapses of small made-up networks.

use super::*;
use crate::description::Inlet;
use crate::mechanisms::random::{Purpose, Stream};
use crate::models::find;
use crate::models::stdp_nn_pre_centered_synapse::StdpNnPreCentered;
use crate::models::stdp_nn_symm_synapse::StdpNnSymm;
use crate::models::stdp_pl_synapse_hom::{PowerLaw, StdpPlHom};
use crate::models::stdp_synapse::{Stdp, StdpSynapse};
use crate::models::stdp_triplet_synapse::{StdpTriplet, Triplet};
use crate::runtime::connections::rows::Weights;
use crate::runtime::input::inputs::{Event, Inputs};
use crate::runtime::synapses::archive::Post;
use crate::runtime::table::Column;

/// Two sources onto three neurons that fire irregularly, and one without synapses. Source 1 fires all the time, now
/// and then in a row of steps; source 0 is silent for 30 s.
#[derive(Clone, Copy)]
struct Case {
    model: &'static str,
    /// Synapses have delays of their own, their traces too; spikes are between grid points.
    delays: bool,
    traces: bool,
    off_grid: bool,
    /// Neurons that share the archive, and whether spikes are applied early for silent sources.
    neurons: usize,
    early: bool,
}

/// The weights every second and at the end, and the most bytes of the archive.
fn run<M: Declared, D: PairRule<K>, P: Scheme, const K: usize>(case: Case) -> (Vec<u64>, usize) {
    let grid = Grid::new(0.1).expect("a grid");
    let model = find(case.model).expect("a model");
    let delays = if case.delays { Delays::Short(vec![1, 15, 90, 7, 15, 200].into()) } else { Delays::Same(15) };
    let (starts, targets) = (vec![0, 3, 6, 6], vec![0, 1, 2, 2, 1, 0]);
    let rows = Arc::new(SynapseRows::new(3, starts, targets, Weights::Same(1.0), delays));
    let params = [("weight".to_owned(), crate::description::Value::Real(40.0))].into();
    let mut table = Table::new(model.declaration(), &params, 1, 1, 0).expect("parameters");
    if case.traces && model.parameter("Kplus").is_some() {
        table.set("Kplus", Column::Each(vec![0.0, 0.1, 0.2, 0.3, 0.4, 0.5]));
    }
    if case.traces && model.parameter("Kplus_triplet").is_some() {
        table.set("Kplus_triplet", Column::Each(vec![0.3, 0.0, 0.1, 0.5, 0.2, 0.4]));
    }
    let make = MakeRows { table: &table, rows: &rows, grid, seed: 1, projection: 0, first: 0 };
    let mut synapses = Paired::<M, D, P, K>::new(&make);
    let mut archive = Archive::new(case.neurons);
    let mut inputs = Inputs::new(case.neurons, 2, 2);
    let mut chance = Stream::of(1, Purpose::Release, 0, 0);
    let (slice, end) = (10, 350_000);
    let (mut seen, mut most) = (Vec::new(), 0);
    let horizon = |synapses: &Paired<M, D, P, K>| synapses.horizon(grid) - grid.ms(200 + slice);
    for step in 0..end {
        let mut send = |source: usize| {
            let (rows, inlet, archive, inputs) = (&*rows, Inlet::default(), &archive, &mut inputs);
            let (released, relays, transmitted) = (&[], false, None);
            let mut pass =
                Pass { rows, grid, inlet, relays, archive, released, inputs, spike: Event::single(0), transmitted };
            synapses.send(source, step, &mut pass);
        };
        if step % 701 < 3 {
            send(1);
            send(2);
        }
        if [1_000, 1_300, 310_000, end - 100].contains(&step) {
            send(0);
        }
        for neuron in 0..3 {
            if chance.below(100 + 50 * neuron as u64) > 0 {
                continue;
            }
            if archive.is_full(neuron) {
                archive.forget_before(horizon(&synapses));
            }
            if archive.is_full(neuron) {
                archive.grow();
            }
            let stamp = step + 1;
            match case.off_grid {
                false => archive.push(neuron, grid.ms(stamp), Some(stamp as i32)),
                true => archive.push(neuron, grid.ms(stamp) - 0.03, None),
            }
        }
        if case.early && step % 1024 == 0 {
            synapses.apply_early(step - slice, grid, &archive);
        }
        if step % 10_000 == 0 || step == end - 1 {
            seen.extend((0..6).map(|i| synapses.value("weight", i).expect("a weight").to_bits()));
        }
        most = most.max(archive.bytes());
    }
    (seen, most)
}

#[test]
fn spikes_that_are_applied_early_show_nowhere_and_the_archive_stays_short() {
    for bits in 0..8 {
        let (delays, traces, off_grid) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
        let case = |model, early| Case { model, delays, traces, off_grid, neurons: 3, early };
        let power_law = |early| run::<StdpPlHom, PowerLaw, AllToAll, _>(case("stdp_pl_synapse_hom", early));
        let stdp = |early| run::<StdpSynapse, Stdp, AllToAll, _>(case("stdp_synapse", early));
        let nearest = |early| run::<StdpNnSymm, Stdp, NearestSymmetric, _>(case("stdp_nn_symm_synapse", early));
        let triplet = |early| run::<StdpTriplet, Triplet, AllToAll, _>(case("stdp_triplet_synapse", early));
        let runs = [
            (power_law(false), power_law(true)),
            (stdp(false), stdp(true)),
            (nearest(false), nearest(true)),
            (triplet(false), triplet(true)),
        ];
        for ((late, most), (early, bounded)) in runs {
            assert!(late == early, "{bits}");
            assert!(4 * bounded < most, "{bits}: {bounded} of {most} bytes");
            assert!((0..6).all(|i| late[i] != late[late.len() - 6 + i]), "{bits}");
        }
    }
}

#[test]
fn traces_of_all_targets_at_once_are_those_of_each() {
    let model = "stdp_synapse";
    let case = Case { model, delays: false, traces: false, off_grid: false, neurons: 3, early: false };
    // Few neurons: their traces are computed together. Many: row by row.
    let many = Case { neurons: 70, ..case };
    assert!(run::<StdpSynapse, Stdp, AllToAll, _>(case).0 == run::<StdpSynapse, Stdp, AllToAll, _>(many).0);
    assert!(
        run::<StdpSynapse, Stdp, NearestSymmetric, _>(case).0 == run::<StdpSynapse, Stdp, NearestSymmetric, _>(many).0
    );
    assert!(
        run::<StdpSynapse, Stdp, NearestRestricted, _>(case).0
            == run::<StdpSynapse, Stdp, NearestRestricted, _>(many).0
    );
    let triplet = |case| run::<StdpTriplet, Triplet, AllToAll, _>(Case { model: "stdp_triplet_synapse", ..case }).0;
    assert!(triplet(case) == triplet(many));
}

#[test]
fn a_weight_that_is_set_replaces_the_shadow_weight() {
    let (grid, model) = (Grid::new(0.1).expect("a grid"), find("stdp_synapse").expect("a model"));
    let (starts, targets, delays) = (vec![0, 1], vec![0], Delays::Same(10));
    let rows = Arc::new(SynapseRows::new(3, starts, targets, Weights::Same(1.0), delays));
    let table = Table::new(model.declaration(), &[].into(), 1, 1, 0).expect("parameters");
    let make = MakeRows { table: &table, rows: &rows, grid, seed: 1, projection: 0, first: 0 };
    let mut synapses = Paired::<StdpSynapse, Stdp, AllToAll, _>::new(&make);
    let (mut archive, mut inputs) = (Archive::new(1), Inputs::new(1, 2, 2));
    let mut send = |synapses: &mut Paired<StdpSynapse, Stdp, AllToAll, 6>, archive: &Archive, step| {
        let (rows, inlet, inputs, released) = (&*rows, Inlet::default(), &mut inputs, &[]);
        let pass = &mut Pass {
            rows,
            grid,
            inlet,
            relays: false,
            archive,
            released,
            inputs,
            spike: Event::single(0),
            transmitted: None,
        };
        synapses.send(0, step, pass);
    };
    send(&mut synapses, &archive, 0);
    for stamp in (20..30_000).step_by(100) {
        if archive.is_full(0) {
            archive.grow();
        }
        archive.push(0, grid.ms(stamp), Some(stamp as i32));
    }
    synapses.apply_early(29_990, grid, &archive);
    assert_eq!(synapses.value("weight", 0), Some(1.0));
    assert_eq!(synapses.horizon(grid), 2999.0);
    synapses.set_weights(&|_| 50.0);
    send(&mut synapses, &archive, 40_000);
    assert!(synapses.value("weight", 0).is_some_and(|weight| (weight - 50.0).abs() < 1e-9));
}

/// A synapse as rule and scheme have it in words, with the traces of its source just after the last spike.
#[derive(Clone, Copy)]
struct InWords {
    weight: f64,
    traces: SourceTraces,
}

impl InWords {
    /// A spike of the source at `time`, after one at `last` (ms).
    fn send<D: PairRule<K>, P: Scheme, const K: usize>(
        &mut self,
        k: &[f64; K],
        (last, time, delay): (f64, f64, f64),
        post: Post<'_>,
    ) {
        let mut spikes: Vec<_> = post.window(last - delay, time - delay).copied().collect();
        if P::RESTRICTED || P::CENTRED {
            spikes.truncate(1);
        }
        if P::RESTRICTED && spikes.is_empty() {
            return;
        }
        let InWords { weight, traces: SourceTraces { fast, slow } } = self;
        let tau_plus = k[D::TAU_PLUS];
        for spike in &spikes {
            let slow = if D::TAU_SLOW.is_some() { spike.k_triplet - 1.0 } else { 0.0 };
            *weight = D::potentiated(k, *weight, *fast, (last - (spike.time + delay)) / tau_plus, slow);
        }
        if P::CENTRED && !spikes.is_empty() {
            *fast = 0.0;
        }
        *slow *= D::TAU_SLOW.map_or(0.0, |tau| crate::math::exp((last - time) / k[tau]));
        let at = time - delay;
        *weight = D::depressed(k, *weight, if P::NEAREST { post.k_minus_nearest(at) } else { post.k_minus(at) }, *slow);
        *slow += f64::from(u8::from(D::TAU_SLOW.is_some()));
        *fast = if P::ALWAYS_ONE { 1.0 } else { *fast * crate::math::exp((last - time) / tau_plus) + 1.0 };
    }
}

/// Weights and traces of rows in lanes beside those in words.
fn compare<M: Declared, D: PairRule<K>, P: Scheme, const K: usize>(off_grid: bool) {
    let (grid, model) = (Grid::new(0.1).expect("a grid"), find(M::DECLARATION.name).expect("a model"));
    let n = 21;
    let (starts, targets) = (vec![0, n as u32], (0..n as u16).collect::<Vec<_>>());
    let delays = Delays::Short((0..n as u8).map(|i| 1 + 3 * i).collect());
    let rows = Arc::new(SynapseRows::new(n, starts, targets, Weights::Same(1.0), delays));
    let params = [("weight".to_owned(), crate::description::Value::Real(40.0))].into();
    let mut table = Table::new(model.declaration(), &params, 1, 1, 0).expect("parameters");
    // Traces of their own, where there are any.
    let mut given = |name: &'static str, value: fn(usize) -> f64| {
        let there = model.parameter(name).is_some();
        if there {
            table.set(name, Column::Each((0..n).map(value).collect()));
        }
        move |i: usize| if there { value(i) } else { 0.0 }
    };
    let (fast, slow) = (given("Kplus", |i| 0.1 * i as f64), given("Kplus_triplet", |i| 2.0 - 0.1 * i as f64));
    let traces = |i| SourceTraces { fast: if P::ALWAYS_ONE { 1.0 } else { fast(i) }, slow: slow(i) };
    let mut words: Vec<InWords> = (0..n).map(|i| InWords { weight: 40.0, traces: traces(i) }).collect();
    let make = MakeRows { table: &table, rows: &rows, grid, seed: 1, projection: 0, first: 0 };
    let mut synapses = Paired::<M, D, P, K>::new(&make);
    let (mut archive, mut inputs) = (Archive::new(n), Inputs::new(64, 2, 2));
    let mut chance = Stream::of(1, Purpose::Release, 0, 0);
    let k = D::constants::<M>(&Parameters::at(&table, 0, grid));
    let mut last = 0.0;
    for step in 0..20_000 {
        for neuron in 0..n {
            // Some fire so often that a search is needed, some hardly ever.
            if chance.below(20 + 40 * neuron as u64) == 0 {
                if archive.is_full(neuron) {
                    archive.grow();
                }
                let (time, stamp) = (grid.ms(step + 1), Some(step as i32 + 1));
                if off_grid { archive.push(neuron, time - 0.04, None) } else { archive.push(neuron, time, stamp) }
            }
        }
        if chance.below(200) == 0 {
            let time = grid.ms(step + 1);
            for (i, words) in words.iter_mut().enumerate() {
                let delay = grid.ms(rows.delay(i) as i64);
                words.send::<D, P, K>(&k, (last, time, delay), Spikes::view(&archive, i));
            }
            last = time;
            let (rows, inlet, released) = (&*rows, Inlet::default(), &[]);
            let (archive, inputs, relays, transmitted) = (&archive, &mut inputs, false, None);
            synapses.send(
                0,
                step,
                &mut Pass {
                    rows,
                    grid,
                    inlet,
                    relays,
                    archive,
                    released,
                    inputs,
                    spike: Event::single(0),
                    transmitted,
                },
            );
            for (i, InWords { weight, traces }) in words.iter().enumerate() {
                let near = |name: &str, words: f64| {
                    let ours = synapses.value(name, i).unwrap_or(words);
                    assert!((ours - words).abs() <= 1e-10 * words.abs(), "{name} of {i} at {step}: {ours} {words}");
                };
                near("weight", *weight);
                near("Kplus", traces.fast);
                near("Kplus_triplet", traces.slow);
            }
        }
    }
    assert!(words.iter().any(|words| (words.weight - 40.0).abs() > 1.0));
    assert_eq!(synapses.value("Kplus", 0).is_none(), P::ALWAYS_ONE);
    assert_eq!(synapses.value("Kplus_triplet", 0).is_none(), D::TAU_SLOW.is_none());
}

#[test]
fn rows_in_lanes_do_what_rules_and_schemes_say_in_words() {
    for off_grid in [false, true] {
        compare::<StdpNnSymm, Stdp, NearestSymmetric, _>(off_grid);
        compare::<StdpNnSymm, Stdp, NearestRestricted, _>(off_grid);
        compare::<StdpNnPreCentered, Stdp, NearestCentred, _>(off_grid);
        compare::<StdpSynapse, Stdp, AllToAll, _>(off_grid);
        compare::<StdpTriplet, Triplet, AllToAll, _>(off_grid);
    }
}
