//! Single neurons and small populations: what they do on their own, and how they fire together.
//!
//! Numbers of NEST are those of NEST 3.10, numbers of brainpy those of brainpy.state 0.1.0, of the same network; where it is
//! random, over ten seeds.

use super::Lesson;
use spikeloom_engine::analysis::{self, Bins, intervals};
use spikeloom_engine::network::{Network, Value};

/// Sets a parameter of the node of this name.
fn set(network: &mut Network, node: &str, parameter: &str, value: impl Into<Value>) {
    let id = network.project().nodes.iter().find(|n| n.name == node).unwrap_or_else(|| panic!("there is no {node}")).id;
    network.set(id, parameter, value).unwrap_or_else(|e| panic!("{node}: {parameter}: {e}"));
}

/// The example with texts of its file replaced, after so many ms.
fn edited(ms: f64, file: &str, changes: &[(&str, &str)]) -> Lesson {
    let path = format!("{}/../projects/{file}.ron", env!("CARGO_MANIFEST_DIR"));
    let mut text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    for (from, to) in changes {
        assert!(text.contains(from), "{file} has {from}");
        text = text.replace(from, to);
    }
    let mut network = Network::read(&text).unwrap_or_else(|e| panic!("{file}: {e}"));
    let mut run = network.threads(1).build().unwrap_or_else(|e| panic!("{file}: {e}"));
    run.simulate(ms).unwrap_or_else(|e| panic!("{file}: {e}"));
    Lesson { network, run }
}

impl Lesson {
    fn neurons_of(&self, node: &str) -> usize {
        self.network.project().node(self.node(node)).expect("a node").n
    }

    /// The number of spikes of each neuron.
    fn spike_counts(&self, recorder: &str, node: &str) -> Vec<usize> {
        (0..self.neurons_of(node)).map(|i| self.train(recorder, node, i).len()).collect()
    }

    /// All spikes of a population within a time.
    fn trains_within(&self, recorder: &str, node: &str, (from, to): (f64, f64)) -> Vec<Vec<f64>> {
        let of = |i| self.train(recorder, node, i).into_iter().filter(|t| *t > from && *t <= to).collect();
        (0..self.neurons_of(node)).map(of).collect()
    }

    /// Variance over mean of the spikes of a population in bins of so many ms.
    fn fano_factor(&self, recorder: &str, node: &str, time: (f64, f64), bin: f64) -> f64 {
        let bins = Bins::new(time.0, bin).expect("a width");
        let trains = self.trains_within(recorder, node, time);
        analysis::fano_factor(&bins.counts(trains.into_iter().flatten(), time.1)).expect("spikes")
    }
}

/// Mean over neurons of the coefficient of variation, of those with so many intervals.
fn cv(trains: &[Vec<f64>], fewest: usize) -> f64 {
    analysis::mean_cv(trains.iter().map(Vec::as_slice), fewest).expect("intervals")
}

fn mean(of: &[f64]) -> f64 {
    analysis::mean(of).expect("numbers")
}

/// Sizes of bursts that are whole, where a pause is longer than so many ms.
fn bursts(train: &[f64], pause: f64) -> Vec<usize> {
    let mut sizes = vec![1];
    for interval in intervals(train) {
        match sizes.last_mut() {
            Some(size) if interval <= pause => *size += 1,
            _ => sizes.push(1),
        }
    }
    sizes.pop();
    sizes.into_iter().skip(1).collect()
}

fn within(value: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((value - expected).abs() <= tolerance, "{what}: {value}, expected {expected} ± {tolerance}");
}

fn same_times(train: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert!(train.len() >= expected.len(), "{what}: {} spikes, expected {}", train.len(), expected.len());
    for (t, e) in train.iter().zip(expected) {
        within(*t, *e, tolerance, what);
    }
}

#[test]
fn the_rate_grows_with_the_current_as_in_nest_and_the_knobs_move_top_and_onset() {
    let chosen = |l: &Lesson| {
        let counts = l.spike_counts("Spikes", "Neurons");
        [17, 18, 36, 37, 38, 49, 69, 89, 99].map(|i| counts[i])
    };
    let changed =
        |parameter: &str, value: f64| Lesson::changed(1000.0, "f_i_curve", |n| set(n, "Neurons", parameter, value));
    let lesson = Lesson::after(1000.0, "f_i_curve");
    assert_eq!(chosen(&lesson), [0, 0, 0, 22, 28, 62, 103, 135, 147]);
    assert_eq!(chosen(&changed("t_ref", 10.0)), [0, 0, 0, 18, 23, 42, 57, 65, 68]);
    assert_eq!(chosen(&changed("tau_m", 20.0)), [0, 11, 61, 63, 65, 87, 120, 149, 161]);

    // From reset to threshold: τ ln(I / (I - 375 pA)), in whole steps of 0.1 ms.
    for (i, count) in lesson.spike_counts("Spikes", "Neurons").into_iter().enumerate().skip(37) {
        let current = 10.0 * (i + 1) as f64;
        let period = 2.0 + (10.0 * (current / (current - 375.0)).ln() * 10.0).ceil() / 10.0;
        within(count as f64, 999.0 / period, 1.5, &format!("spikes at {current} pA"));
    }
}

#[test]
fn the_patterns_of_naud_are_those_of_nest() {
    let lesson = Lesson::after(600.0, "adex_patterns");
    let train = |node| lesson.train("Spikes", node, 0);
    let nest: [(&str, usize, &[f64]); 8] = [
        ("Tonic", 62, &[14.3, 23.2, 32.3, 41.5, 50.8, 60.2, 69.6, 79.1, 88.6, 98.1]),
        ("Adapting", 12, &[15.0, 26.2, 40.6, 60.2, 89.6, 137.4, 205.1, 279.9, 355.7, 431.6, 507.5, 583.4]),
        ("Initial", 12, &[5.5, 8.9, 16.3, 71.0, 135.1, 199.1, 263.0, 327.0, 390.9, 454.9, 518.8, 582.8]),
        ("Bursting", 11, &[16.2, 19.1, 24.2, 156.0, 161.4, 294.6, 299.9, 433.1, 438.4, 571.6, 577.0]),
        ("Delayed", 46, &[33.6, 54.2, 73.3, 91.2, 108.3, 124.6, 140.3, 155.4, 170.1, 184.5]),
        ("Late", 32, &[57.2, 60.4, 64.8, 72.2, 129.0, 132.3, 136.8, 145.0, 202.1, 205.4]),
        ("Single", 1, &[30.3]),
        ("Chaotic", 33, &[15.7, 19.1, 23.6, 30.3, 49.0, 67.7, 86.5, 104.8, 124.7, 140.6, 169.3, 178.0, 214.4]),
    ];
    for (node, count, times) in nest {
        assert_eq!(train(node).len(), count, "{node}");
        same_times(&train(node), times, 0.15, node);
    }
    let twice = Lesson::changed(600.0, "adex_patterns", |n| {
        set(n, "Late", "I_e", 220.0);
        set(n, "Single", "I_e", 0.7 * 180.0);
    });
    assert_eq!((twice.spike_counts("Spikes", "Late"), twice.spike_counts("Spikes", "Single")), (vec![71], vec![0]));
    assert!(cv(&[train("Late")], 5) > 1.0 && cv(&[twice.train("Spikes", "Late", 0)], 5) < 0.3);
}

#[test]
fn the_seven_kinds_of_izhikevich_are_those_of_nest() {
    let lesson = Lesson::after(500.0, "izhikevich_patterns");
    let nest: [(&str, usize, &[f64]); 7] = [
        ("RS", 11, &[54.7, 72.5, 117.7, 162.8, 207.9, 253.0, 298.1, 343.2, 388.3, 433.4, 478.5]),
        ("IB", 16, &[54.7, 57.1, 60.8, 98.6, 130.2, 161.8, 193.4, 225.0, 256.6, 288.2, 319.8]),
        ("CH", 43, &[54.7, 56.3, 58.0, 59.8, 61.9, 64.3, 67.3, 73.0, 121.1, 123.2, 125.6, 128.6, 133.7, 181.8]),
        ("FS", 59, &[54.7, 58.9, 64.7, 71.9, 79.5, 87.1, 94.8, 102.6, 110.4, 118.1]),
        ("LTS", 36, &[53.6, 56.7, 60.5, 65.3, 72.1, 82.6, 96.0, 109.7, 123.4, 137.1]),
        ("TC", 12, &[57.9, 66.4, 76.8, 89.9, 106.2, 125.6, 146.9, 168.8, 190.8, 409.5, 417.3, 428.7]),
        ("RZ", 6, &[254.7, 296.3, 338.6, 380.9, 423.1, 465.3]),
    ];
    for (node, count, times) in nest {
        assert_eq!(lesson.spike_counts("Spikes", node), [count], "{node}");
        same_times(&lesson.train("Spikes", node, 0), times, 0.11, node);
    }
    let without = Lesson::changed(500.0, "izhikevich_patterns", |n| set(n, "CH", "c", -65.0));
    assert!(cv(&lesson.trains_within("Spikes", "CH", (100.0, 500.0)), 5) > 1.0);
    assert!(cv(&without.trains_within("Spikes", "CH", (100.0, 500.0)), 5) < 0.2);
}

#[test]
fn one_type_begins_to_fire_slowly_and_the_other_at_once_as_in_brainpy() {
    let lesson = Lesson::after(4000.0, "excitability");
    let one = [0, 0, 0, 0, 4, 15, 20, 24, 27, 30, 32, 34, 36, 38, 40, 41, 43, 44, 46, 47, 48, 49, 50, 51, 52];
    let two = [1, 1, 1, 1, 1, 1, 1, 1, 1, 35, 37, 38, 39, 40, 40, 41, 41, 42, 42, 43, 43, 44, 44, 44, 45];
    assert_eq!(lesson.spike_counts("Spikes I", "Type I"), one);
    assert_eq!(lesson.spike_counts("Spikes II", "Type II"), two);
}

#[test]
fn the_slow_variable_counts_the_spikes_of_a_burst_as_in_brainpy() {
    let run = |ms, current: f64, r: f64| {
        let lesson = Lesson::changed(ms, "bursting", |n| {
            set(n, "Neuron", "I_e", current);
            set(n, "Neuron", "r", r);
        });
        lesson.train("Spikes", "Neuron", 0)
    };
    let train = run(1000.0, 3.0, 0.006);
    let brainpy = [58.71, 69.97, 83.6, 101.86, 139.52, 216.38, 229.18, 245.64, 272.54, 349.38];
    assert_eq!(train.len(), 29);
    same_times(&train, &brainpy, 0.015, "bursts");
    let settled = |current, r| {
        let late: Vec<f64> = run(2000.0, current, r).into_iter().filter(|t| *t > 500.0).collect();
        bursts(&late, 40.0)
    };
    for (current, r, size) in [(1.5, 0.006, 1), (2.0, 0.006, 2), (2.5, 0.006, 3), (3.0, 0.006, 4), (3.0, 0.003, 7)] {
        let sizes = settled(current, r);
        assert!(sizes.len() > 3 && sizes.iter().all(|s| *s == size), "at {current}, {r}: {sizes:?}");
    }
    assert_eq!(run(1000.0, 1.2, 0.006).len(), 0);
    assert!(settled(3.5, 0.006).is_empty(), "no pause");
    let coarse = edited(2000.0, "bursting", &[("resolution: 0.01", "resolution: 0.1")]);
    let trains = coarse.trains_within("Spikes", "Neuron", (500.0, 2000.0));
    assert!(cv(&trains, 10) < 0.05, "a coarse step shows no bursts");
}

#[test]
fn the_oscillator_runs_between_its_two_hopf_bifurcations() {
    // The trace of the Jacobian, 1 - V² - b/tau_w, is positive between these fixed points.
    let v = (1.0f64 - 0.8 / 12.5).sqrt();
    let current = |v: f64| (v + 0.7) / 0.8 - v + v * v * v / 3.0;
    let (low, high) = (current(-v), current(v));
    within(low, 0.3313, 1e-4, "lower bifurcation");
    within(high, 1.4187, 1e-4, "upper bifurcation");
    let late = |current: f64, tau_w: f64| {
        let lesson = Lesson::changed(1500.0, "relaxation", |n| {
            set(n, "Neuron", "I_e", current);
            set(n, "Neuron", "tau_w", tau_w);
        });
        lesson.trains_within("Spikes", "Neuron", (1000.0, 1500.0)).remove(0)
    };
    assert!(late(low - 0.05, 12.5).is_empty() && late(high + 0.05, 12.5).is_empty());
    assert!(late(low + 0.005, 12.5).len() > 9 && late(high - 0.005, 12.5).len() > 9);
    // brainpy: 39.375 ms from spike to spike.
    within(mean(&intervals(&late(0.5, 12.5))), 39.375, 0.03, "period");
    assert!(late(0.5, 2.0).is_empty(), "a recovery as fast as the potential stops it");
}

#[test]
fn noise_makes_spikes_below_threshold_as_often_and_as_irregularly_as_in_nest() {
    let run = |mean: f64, std: f64| {
        Lesson::changed(2000.0, "noise_makes_spikes", |n| {
            set(n, "Noisy current", "mean", mean);
            set(n, "Noisy current", "std", std);
        })
    };
    let rate = |mean, std| run(mean, std).rate("Spikes", "Neurons", 0.0, 2000.0);
    // A run in which neurons seldom fire has no interval to be irregular.
    let rate_and_cv = |mean, std| {
        let lesson = run(mean, std);
        let trains = lesson.trains_within("Spikes", "Neurons", (0.0, 2000.0));
        (lesson.rate("Spikes", "Neurons", 0.0, 2000.0), cv(&trains, 5))
    };
    assert_eq!(rate(350.0, 0.0), 0.0);
    within(rate(350.0, 50.0), 3.25, 0.4, "rate at 50 pA");
    let (often, irregular) = rate_and_cv(350.0, 100.0);
    // The standard deviations of a run are 0.13 spikes/s and 0.009.
    within(often, 13.40, 0.52, "rate at 100 pA");
    within(irregular, 0.525, 0.037, "CV at 100 pA");
    within(rate(350.0, 200.0), 22.77, 0.5, "rate at 200 pA");
    let (often, regular) = rate_and_cv(450.0, 0.0);
    within(often, 50.0, 0.5, "rate above threshold");
    assert!(regular < 1e-3);
    let (often, irregular) = rate_and_cv(450.0, 200.0);
    within(often, 50.4, 0.5, "rate above threshold with noise");
    within(irregular, 0.25, 0.02, "CV above threshold with noise");
}

#[test]
fn a_dendrite_tells_the_direction_and_weakens_and_delays_what_is_far_as_in_nest() {
    let lesson = Lesson::after(450.0, "dendrite");
    let soma = lesson.trace("Meter", "V_m.s", "Neuron", 0);
    // Samples are those of 0.1, 0.2, … ms.
    let peak = |at: usize| {
        let (place, v) =
            (10 * at - 1..10 * at + 750).map(|i| (i, soma[i])).max_by(|a, b| a.1.total_cmp(&b.1)).expect("samples");
        ((place + 1) as f64 / 10.0 - at as f64, v + 70.0)
    };
    for (at, time, height) in [(20, 11.9, 1.61), (100, 5.8, 3.18), (180, 3.1, 8.71), (360, 3.1, 8.70)] {
        within(peak(at).0, time, 0.15, "time of the peak");
        within(peak(at).1, height, 0.006, "height of the peak");
    }
    let spikes = |changes: &[(&str, &str)]| edited(450.0, "dendrite", changes).train("Spikes", "Neuron", 0);
    same_times(&spikes(&[]), &[269.9], 0.05, "towards the soma");
    assert_eq!(spikes(&[]).len(), 1);
    assert_eq!(spikes(&[("weight: 20", "weight: 15")]).len(), 0);
    same_times(&spikes(&[("weight: 20", "weight: 25")]), &[182.5, 269.6, 362.5], 0.05, "stronger synapses");
}

#[test]
fn inhibition_alone_brings_the_interneurons_into_step_as_in_brainpy() {
    let with_drive =
        |drive: f64| Lesson::changed(800.0, "gamma_interneurons", |n| set(n.threads(1), "Cells", "I_e", drive));
    let lesson = with_drive(1.0);
    let late = (500.0, 800.0);
    within(lesson.rate("Spikes", "Cells", late.0, late.1), 36.67, 0.01, "rate of the rhythm");
    within(lesson.fano_factor("Spikes", "Cells", late, 2.0), 92.67, 1.0, "synchrony");
    // From the beginning, 35.83 spikes/s with a standard deviation of 0.24.
    within(lesson.rate("Spikes", "Cells", 0.0, 800.0), 35.83, 1.0, "rate from the beginning");
    assert!(lesson.fano_factor("Spikes", "Cells", (0.0, 50.0), 2.0) < 15.0, "no order at first");
    let alone = edited(800.0, "gamma_interneurons", &[("weight: 0.001", "weight: 0")]);
    within(alone.rate("Spikes", "Cells", late.0, late.1), 51.93, 0.7, "rate without inhibition");
    assert!(alone.fano_factor("Spikes", "Cells", late, 2.0) < 4.0, "no order without inhibition");
    let driven = with_drive(2.0);
    within(driven.rate("Spikes", "Cells", late.0, late.1), 63.33, 0.01, "rate at 2 µA");
}

#[test]
fn balance_sets_the_rate_and_makes_it_irregular_as_in_nest() {
    let run = |expected: f64| {
        let lesson = Lesson::changed(1000.0, "balance", |n| {
            set(n.threads(1), "E", "I_e", 62.5 * expected);
            set(n, "I", "I_e", 50.0 * expected);
        });
        let trains = lesson.trains_within("Spikes", "E", (200.0, 1000.0));
        (lesson.rate("Spikes", "E", 200.0, 1000.0), lesson.rate("Spikes", "I", 200.0, 1000.0), cv(&trains[..200], 4))
    };
    // Four standard deviations of a run of NEST. By the balance equations both rates would be the expected one, up to
    // corrections of order 1/√K.
    let (e, i, cv) = run(20.0);
    within(e, 22.41, 3.0, "rate of E");
    within(i, 20.89, 1.6, "rate of I");
    within(cv, 1.113, 0.165, "CV");
    let (e, i, cv) = run(40.0);
    within(e, 41.83, 3.9, "rate of E, twice the input");
    within(i, 39.42, 1.7, "rate of I, twice the input");
    within(cv, 1.315, 0.32, "CV, twice the input");
}

#[test]
fn conductances_in_balance_fire_as_irregularly_as_in_brainpy() {
    let statistics = |lesson: &Lesson| {
        let trains = lesson.trains_within("Spikes", "E", (200.0, 1000.0));
        (lesson.rate("Spikes", "E", 200.0, 1000.0), cv(&trains, 5))
    };
    // Four standard deviations of a run of brainpy.
    let (rate, irregularity) = statistics(&edited(1000.0, "coba_1000", &[]));
    within(rate, 20.3, 12.3, "rate");
    within(irregularity, 1.576, 0.22, "CV");
    let (rate, irregularity) = statistics(&edited(1000.0, "coba_1000", &[("weight: 600", "weight: 0")]));
    within(rate, 4.75, 1.6, "rate without excitation");
    within(irregularity, 1.083, 0.2, "CV without excitation");
    // Alone: the refractory period and, from reset to threshold, 20 ms · ln 2, in whole steps.
    let alone = edited(1000.0, "coba_1000", &[("weight: 6700", "weight: 0"), ("weight: 600", "weight: 0")]);
    within(statistics(&alone).0, 1000.0 / (5.0 + 13.9), 1.0, "rate of neurons alone");
}

#[test]
fn the_second_spike_is_missing_as_long_as_in_nest_and_the_gates_tell_why() {
    for (current, first) in [(1000.0, 13), (1500.0, 12), (2000.0, 10), (3000.0, 9), (5000.0, 7), (10000.0, 6)] {
        let lesson = Lesson::changed(80.0, "refractory", |n| set(n, "Second pulse", "amplitude", current));
        let counts = lesson.spike_counts("Spikes", "Neurons");
        let expected: Vec<usize> = (0..40).map(|i| if i < first { 1 } else { 2 }).collect();
        assert_eq!(counts, expected, "at {current} pA");
    }
    let lesson = Lesson::after(80.0, "refractory");
    let (h, n) = (lesson.trace("Meter", "Inact_h", "Neurons", 39), lesson.trace("Meter", "Act_n", "Neurons", 39));
    same_times(&lesson.train("Spikes", "Neurons", 39), &[7.9, 47.9], 0.05, "both spikes");
    // At rest, and 4 ms after the spike.
    assert!(h[40] > 0.59 && h[118] < 0.3 && n[40] < 0.32 && n[118] > 0.5, "{} {} {} {}", h[40], h[118], n[40], n[118]);
}

#[test]
fn a_neuron_fires_after_inhibition_that_was_strong_and_long_enough_as_in_nest() {
    for (end, first) in [(22.0, 31), (25.0, 21), (30.0, 15), (40.0, 14), (80.0, 14)] {
        let lesson = Lesson::changed(150.0, "rebound", |n| set(n, "Currents", "stop", end));
        let expected: Vec<usize> = (0..31).map(|i| usize::from(i >= first)).collect();
        assert_eq!(lesson.spike_counts("Spikes", "Neurons"), expected, "until {end} ms");
        for t in lesson.trains_within("Spikes", "Neurons", (0.0, 150.0)).concat() {
            assert!(t > end + 4.0 && t < end + 13.0, "until {end} ms: {t} ms");
        }
    }
    let lesson = Lesson::after(150.0, "rebound");
    same_times(&lesson.train("Spikes", "Neurons", 20), &[86.6], 0.05, "the spike of 400 pA");
    // At rest, and at the end of the current.
    let (h, n) = (lesson.trace("Meter", "Inact_h", "Neurons", 14), lesson.trace("Meter", "Act_n", "Neurons", 14));
    assert!(h[790] > h[100] + 0.05 && n[790] < n[100] - 0.03, "{} {} {} {}", h[100], h[790], n[100], n[790]);
}

#[test]
fn the_rate_of_a_population_follows_the_sine_by_the_theory_of_escape_noise() {
    use std::f64::consts::TAU;
    // The modified Bessel functions I0 and I1.
    let bessel = |order: usize, x: f64| -> f64 {
        let mut term = (x / 2.0).powi(order as i32);
        let mut sum = term;
        for k in 1..30 {
            term *= x * x / 4.0 / (k * (k + order)) as f64;
            sum += term;
        }
        sum
    };
    // NEST has 12.242, 11.084 and 9.916 spikes/s, each with a standard deviation of 0.11 for a run of this length.
    for (frequency, nest) in [(4.0, 12.242), (16.0, 11.084), (100.0, 9.916)] {
        let amplitude = 100.0;
        let lesson = Lesson::changed(2500.0, "escape_noise", |n| {
            set(n.threads(1), "Sine", "amplitude", amplitude);
            set(n, "Sine", "frequency", frequency);
        });
        let spikes: Vec<f64> = lesson.trains_within("Spikes", "Neurons", (1000.0, 2500.0)).concat();
        let rate = lesson.rate("Spikes", "Neurons", 1000.0, 2500.0);
        let phase = |t: &f64| TAU * frequency * t / 1000.0;
        let (c, s) = spikes.iter().fold((0.0f64, 0.0f64), |(c, s), t| (c + phase(t).cos(), s + phase(t).sin()));
        let modulation = 2.0 * c.hypot(s) / spikes.len() as f64;
        // The membrane of 10 ms and 25 nS as a filter; the rate is 10 exp(V/4) outside of 1 ms of dead time.
        let x = amplitude / 25.0 / (TAU * frequency * 0.01).hypot(1.0) / 4.0;
        let free = 10.0 * bessel(0, x);
        within(rate, nest, 0.45, &format!("rate at {frequency} Hz, NEST"));
        within(rate, free / (1.0 + 0.001 * free), 0.55, &format!("rate at {frequency} Hz"));
        within(modulation, 2.0 * bessel(1, x) / bessel(0, x), 0.045, &format!("modulation at {frequency} Hz"));
    }
}

#[test]
fn resonators_answer_to_a_band_and_integrators_to_all_that_is_slow_as_in_nest() {
    let lesson = Lesson::after(1000.0, "resonance");
    let (mut slow, mut band) = (vec![20, 20, 18, 16, 20, 12, 14, 16, 18, 20, 1, 1, 1], vec![0; 13]);
    band.extend([13, 14, 16, 16, 9]);
    slow.resize(30, 0);
    band.resize(30, 0);
    assert_eq!(lesson.spike_counts("Spikes", "Integrator"), slow);
    assert_eq!(lesson.spike_counts("Spikes", "Resonator"), band);
    // Without its spikes the resonator is linear: |Z| is largest at 32 Hz for a of 200 nS, lower for 100 nS.
    let impedance = |a: f64, f: f64| {
        let (w, tau) = (std::f64::consts::TAU * f / 1000.0, 20.0);
        let (re, im) = (30.0 + a / (1.0 + w * w * tau * tau), w * 281.0 - a * w * tau / (1.0 + w * w * tau * tau));
        1.0 / re.hypot(im)
    };
    let best = |a| (1..=60).map(f64::from).max_by(|f, g| impedance(a, *f).total_cmp(&impedance(a, *g))).expect("one");
    assert!(best(200.0) > 30.0 && best(200.0) < 34.0 && best(100.0) < 26.0);
    let lower = Lesson::changed(1000.0, "resonance", |n| set(n, "Resonator", "a", 100.0));
    let middle = |l: &Lesson| {
        let counts = l.spike_counts("Spikes", "Resonator");
        let firing: Vec<f64> = (0..30).filter(|i| counts[*i] > 0).map(|i| 2.0 * (i + 1) as f64).collect();
        mean(&firing)
    };
    within(middle(&lesson), best(200.0), 2.0, "middle of the band");
    within(middle(&lower), best(100.0), 4.0, "middle of the lower band");
}

#[test]
fn each_receptor_answers_the_same_spike_in_its_own_way_as_in_nest() {
    // Samples are those of 0.1, 0.2, … ms; the spike is that of 50 ms.
    let peak = |lesson: &Lesson, node: &str, neuron: usize| {
        let v = lesson.trace("Voltage", "V_m", node, neuron).split_off(499);
        let farthest = v.iter().enumerate().max_by(|a, b| (a.1 - v[0]).abs().total_cmp(&(b.1 - v[0]).abs()));
        let (place, peak) = farthest.expect("samples");
        (peak - v[0], place as f64 / 10.0)
    };
    let lesson = Lesson::after(500.0, "receptors");
    // At −70 mV, at −62 mV, and when the latter is reached.
    let nest = [
        ("AMPA", 6.153, 5.306, 6.3),
        ("NMDA", 3.98, 6.825, 30.8),
        ("GABA A", 0.0, -3.336, 10.1),
        ("GABA B", -3.589, -4.737, 115.8),
    ];
    for (node, rest, depolarised, time) in nest {
        within(peak(&lesson, node, 0).0, rest, 0.002, &format!("{node} at rest"));
        within(peak(&lesson, node, 1).0, depolarised, 0.002, &format!("{node} depolarised"));
        within(peak(&lesson, node, 1).1, time, 0.15, &format!("peak of {node}"));
    }
    for (reversal, rest, depolarised) in [(-80.0, -4.105, -7.331), (-55.0, 6.157, 2.658)] {
        let lesson = Lesson::changed(500.0, "receptors", |n| set(n, "GABA A", "E_rev_GABA_A", reversal));
        within(peak(&lesson, "GABA A", 0).0, rest, 0.002, "GABA A at rest");
        within(peak(&lesson, "GABA A", 1).0, depolarised, 0.002, "GABA A depolarised");
    }
}
