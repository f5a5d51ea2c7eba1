//! Synapses that change.

use crate::{Lesson, assert_like_nest};

/// The highest potential above rest within 20 ms of each spike, mV.
fn psp_peaks(lesson: &Lesson, meter: &str, node: &str) -> Vec<f64> {
    let v = lesson.trace(meter, "V_m", node, 0);
    let peak = |t: f64| {
        let from = (t * 10.0).round() as usize;
        v.iter().skip(from).take(200).fold(f64::MIN, |high, x| high.max(x + 70.0))
    };
    lesson.train("Spikes", "Sender", 0).into_iter().map(peak).collect()
}

/// NEST 3.10, the same network.
#[test]
fn one_train_depresses_one_synapse_and_facilitates_the_other() {
    let lesson = Lesson::after(1000.0, "short_term_plasticity");
    assert_eq!(
        lesson.train("Spikes", "Sender", 0),
        [49.1, 98.2, 147.3, 196.4, 245.5, 294.6, 343.7, 392.8, 441.9, 491.0, 902.9]
    );
    let depressing = [1.6050, 0.8651, 0.5033, 0.3331, 0.2531, 0.2154, 0.1977, 0.1894, 0.1855, 0.1837, 0.7002];
    let facilitating = [0.3210, 0.5625, 0.7170, 0.8088, 0.8642, 0.9011, 0.9288, 0.9514, 0.9703, 0.9864, 1.3560];
    for (meter, node, nest) in [("Meter 1", "Depressing", depressing), ("Meter 2", "Facilitating", facilitating)] {
        let peaks = psp_peaks(&lesson, meter, node);
        assert_eq!(peaks.len(), nest.len());
        for (ours, nests) in peaks.iter().zip(nest) {
            assert!((ours - nests).abs() < 1e-4, "{node}: {ours} mV, NEST {nests} mV");
        }
    }
}

/// The weights that a recorder has seen, in order.
fn weights_seen(lesson: &Lesson, recorder: &str) -> Vec<f64> {
    lesson.run.weight_trace(lesson.node(recorder)).expect("a weight recorder").1
}

/// NEST 3.10, the same network: the weight at the second, third and last spike.
#[test]
fn a_synapse_learns_the_more_the_closer_before_the_reward_it_was_used() {
    let lesson = Lesson::after(40_000.0, "dopamine");
    let nest = [
        ("Weight of Early", [310.7945, 322.4995, 476.1176]),
        ("Weight of Late", [349.3794, 402.7967, 1109.6957]),
        ("Weight of Missed", [298.1607, 296.1739, 270.1741]),
    ];
    for (recorder, [second, third, last]) in nest {
        let weights = weights_seen(&lesson, recorder);
        assert_eq!(weights.len(), 16);
        for (ours, nests) in [(weights[1], second), (weights[2], third), (weights[15], last)] {
            assert!((ours - nests).abs() < 1e-3, "{recorder}: {ours} pA, NEST {nests} pA");
        }
    }
}

/// NEST 3.10, the same network: the weights after 5 s at three settings of the knob.
#[test]
fn pairs_at_a_high_rate_strengthen_in_either_order() {
    let nest = [
        (70.0, 0.5259987069585582, 0.31569715135799536),
        (150.0, 0.8478158268519438, 0.27602700813391284),
        (220.0, 1.5678782775520985, 1.450059350316586),
    ];
    for (current, pre_first, post_first) in nest {
        let lesson = Lesson::turned(5000.0, "clopath_pairing", &[("Current", current)]);
        for (recorder, expected) in [("Pre first", pre_first), ("Post first", post_first)] {
            let last = weights_seen(&lesson, recorder).pop().expect("a weight");
            assert!((last - expected).abs() < 1e-6, "{recorder} at {current} pA: {last}, NEST {expected}");
        }
    }
}

/// NEST: the first two seconds; the target is 5 spikes/s.
#[test]
fn inhibition_brings_excitatory_cells_towards_their_target() {
    let lesson = Lesson::after(2000.0, "inhibitory_plasticity");
    let rate = |from| lesson.rate("Spikes", "Excitatory", from, from + 1000.0);
    assert_like_nest("rate in the first second", rate(0.0), (36.350, 0.100), 4);
    assert_like_nest("rate in the second", rate(1000.0), (10.309, 0.286), 4);
}
