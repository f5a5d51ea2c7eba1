//! Networks of the literature show what is known of them.

use std::collections::BTreeSet;

use spikeloom_engine::analysis::{self, FEWEST_INTERVALS};

use crate::{Lesson, assert_like_nest};

/// Spikes per second and neuron of a population after `from` ms, and the mean coefficient of variation of its neurons with
/// five intervals or more.
fn rate_and_cv(lesson: &Lesson, population: &str, from: f64, to: f64) -> (f64, f64) {
    let n = lesson.network.project().node(lesson.node(population)).expect("a node").n;
    let late = |neuron| lesson.train("Spikes", population, neuron).into_iter().filter(|t| *t > from).collect();
    let trains: Vec<Vec<f64>> = (0..n).map(late).collect();
    let spikes: usize = trains.iter().map(Vec::len).sum();
    let cv = analysis::mean_cv(trains.iter().map(Vec::as_slice), FEWEST_INTERVALS).expect("intervals");
    (spikes as f64 / n as f64 / (to - from) * 1000.0, cv)
}

/// The network of Brunel with the knobs at g and eta fires as NEST's, after 100 ms: mean and standard deviation over ten seeds
/// of the rate and of the CV of intervals.
fn assert_brunel(g: f64, eta: f64, ms: f64, rates: (f64, f64), cvs: (f64, f64)) {
    let lesson = Lesson::turned(ms, "brunel_four_regimes", &[("g", g), ("eta", eta)]);
    let (rate, cv) = rate_and_cv(&lesson, "Excitatory", 100.0, ms);
    assert_like_nest("rate", rate, rates, 10);
    assert_like_nest("CV", cv, cvs, 10);
}

#[test]
fn at_g_3_the_network_is_synchronous_and_regular() {
    assert_brunel(3.0, 2.0, 300.0, (332.89, 1.135), (0.0088, 0.0026));
}

#[test]
fn at_g_6_and_eta_4_neurons_are_irregular_in_a_fast_rhythm() {
    assert_brunel(6.0, 4.0, 600.0, (59.516, 2.030), (1.154, 0.0375));
}

#[test]
fn at_g_5_and_eta_2_the_network_is_asynchronous_and_irregular() {
    assert_brunel(5.0, 2.0, 1100.0, (40.542, 1.197), (0.8435, 0.0100));
}

#[test]
fn at_g_4_5_and_eta_0_9_slow_waves_rise_from_silence() {
    assert_brunel(4.5, 0.9, 2100.0, (12.064, 0.499), (0.7014, 0.0117));
}

/// Spikes of the last group of the chain within 12 ms of when the volley is due.
fn volley(spikes_in_packet: f64, spread: f64) -> f64 {
    let knobs = [("Spikes in the packet", spikes_in_packet), ("Spread", spread)];
    let lesson = Lesson::turned(250.0, "synfire_chain", &knobs);
    let due = |t: &f64| (t - 145.5).abs() < 12.0;
    (0..100).map(|i| lesson.train("Spikes", "Group 7", i).iter().filter(|t| due(t)).count() as f64).sum()
}

#[test]
fn a_strong_packet_becomes_a_volley_and_a_weak_or_broad_one_dies() {
    assert_like_nest("a packet of 70 spikes", volley(70.0, 1.0), (104.1, 1.449), 10);
    assert_like_nest("a packet of 30 spikes", volley(30.0, 1.0), (15.5, 4.116), 10);
    assert_like_nest("70 spikes spread over 7 ms", volley(70.0, 7.0), (14.7, 4.945), 10);
}

#[test]
fn coupling_slows_neurons_down_and_makes_them_irregular() {
    let together = Lesson::after(1300.0, "cuba_irregular");
    let (rate, cv) = rate_and_cv(&together, "Excitatory", 300.0, 1300.0);
    assert_like_nest("rate", rate, (3.974, 0.099), 10);
    assert_like_nest("CV", cv, (0.678, 0.0137), 10);
    let alone = Lesson::turned(500.0, "cuba_irregular", &[("Coupling", 0.0)]);
    let train = alone.train("Spikes", "Excitatory", 7);
    // 5 ms of rest, and 20 ln 11 ms from −60 mV to −50 mV, 1 mV below the potential that is aimed at; on the grid.
    let exact = 5.0 + 20.0 * 11.0f64.ln();
    assert!(train.len() > 7);
    assert!(train.windows(2).all(|pair| (pair[1] - pair[0] - exact).abs() < 0.1 + 1e-9));
}

/// NEST 3.10, the same network: number of spikes in 1 s, and the last of them.
#[test]
fn gap_junctions_make_six_cells_fire_together() {
    let together = [954.5, 954.3, 954.0, 953.6, 952.9, 952.0].map(|last| (18, last));
    let alone = [(15, 964.3), (16, 948.7), (18, 999.3), (19, 988.6), (20, 983.1), (21, 981.5)];
    for (coupling, nest) in [(1.0, together), (0.0, alone)] {
        let lesson = Lesson::turned(1000.0, "gap_junctions", &[("Coupling", coupling)]);
        for (cell, (spikes, last)) in nest.into_iter().enumerate() {
            let train = lesson.train("Spikes", "Cells", cell);
            assert_eq!(train.len(), spikes, "cell {cell} at {coupling} nS");
            let ours = train[spikes - 1];
            assert!((ours - last).abs() < 0.15, "cell {cell} at {coupling} nS: {ours} ms, NEST {last} ms");
        }
    }
}

/// The interval of a leaky cell: 2 ms of rest, and the time from −70 mV to −55 mV.
#[test]
fn a_precise_cell_has_the_exact_interval_and_a_cell_on_the_grid_the_next_step() {
    let exact = 2.0 + 10.0 * (700.0f64 / (700.0 - 375.0)).ln();
    for (step, on_grid) in [(1.0, 10.0), (0.1, 9.7)] {
        let lesson = Lesson::changed(300.0, "precise_spikes", |network| {
            network.resolution(step);
        });
        for (node, interval) in [("Precise", exact), ("On the grid", on_grid)] {
            let train = lesson.train("Spikes", node, 0);
            assert!(train.len() >= 29);
            for pair in train.windows(2) {
                let ours = pair[1] - pair[0];
                assert!((ours - interval).abs() < 1e-6, "{node} at {step} ms: {ours}, should be {interval} ms");
            }
        }
    }
}

#[test]
fn a_kick_wakes_a_network_that_goes_on_by_itself() {
    let lesson = Lesson::after(500.0, "coba_kick");
    let (rate, cv) = rate_and_cv(&lesson, "Excitatory", 300.0, 500.0);
    assert_like_nest("rate", rate, (14.059, 1.003), 5);
    assert_like_nest("CV", cv, (0.904, 0.0188), 5);
    let inhibitory = lesson.rate("Spikes", "Inhibitory", 300.0, 500.0);
    assert_like_nest("rate of the inhibitory cells", inhibitory, (14.189, 0.454), 5);
    let unkicked = Lesson::turned(500.0, "coba_kick", &[("Excitation", 2.0)]);
    assert_eq!(unkicked.rate("Spikes", "Excitatory", 60.0, 500.0), 0.0);
}

/// The difference of the rates is unstable: it grows at the rate $k = 0.2 - 0.1$, so that its sign is that of a Gaussian
/// variable of mean 0.05 / k and variance 0.1² / k.
#[test]
fn the_population_with_the_stronger_input_wins_as_often_as_theory_says() {
    let trials = 100;
    let mut won = 0;
    for seed in 1..=trials {
        let lesson = Lesson::changed(1000.0, "rate_decision", |network| {
            let left = network.project().nodes.iter().find(|n| n.name == "Left").expect("a node").id;
            network.set(left, "mu", 1.05).expect("a parameter");
            network.seed(seed);
        });
        let last = |node| lesson.trace("Rates", "rate", node, 0).pop().expect("a sample");
        let (left, right) = (last("Left"), last("Right"));
        assert!(left.max(right) > 3.0 * left.min(right), "one has won: {left} against {right}");
        won += u32::from(left > right);
    }
    let (share, theory) = (f64::from(won) / trials as f64, 0.9431);
    let bound = 4.0 * (theory * (1.0 - theory) / trials as f64).sqrt();
    assert!((share - theory).abs() < bound, "Left wins {share}, in theory {theory} ± {bound}");
}

#[test]
fn one_more_spike_parts_two_equal_networks() {
    let spikes = |extra: f64, from: f64, to: f64| {
        let lesson = Lesson::turned(1000.0, "one_spike_more", &[("Extra", extra)]);
        let mut trains = ["Network A", "Network B"].map(|network| {
            let of_neuron = |i| lesson.train("Spikes", network, i).into_iter().map(move |t| (i, t.to_bits()));
            let within = |(_, t): &(usize, u64)| (from..to).contains(&f64::from_bits(*t));
            (0..60).flat_map(of_neuron).filter(within).collect::<BTreeSet<_>>()
        });
        let [a, b] = &mut trains;
        (a.len(), b.len(), a.intersection(b).count())
    };
    let (a, b, both) = spikes(20.0, 0.0, 400.0);
    assert!(a > 500 && a == b && a == both, "equal until the spike at 400 ms: {a}, {b}, of which {both} equal");
    let (a, b, both) = spikes(20.0, 500.0, 1000.0);
    assert!(a.abs_diff(b) < a / 10, "parted, but of the same rate: {a} and {b} spikes");
    assert_like_nest("share of equal spikes", both as f64 / a as f64, (0.0346, 0.0082), 7);
    let (a, b, both) = spikes(0.0, 0.0, 1000.0);
    assert!(a == b && a == both, "without the spike they stay equal");
}
