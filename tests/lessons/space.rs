//! Networks in space.

use super::Lesson;

/// Nothing in it is random: NEST 3.10 gives the same times of the same spikes.
#[test]
fn waves_cross_the_sheet_once_and_vanish_where_they_meet() {
    let lesson = Lesson::after(400.0, "travelling_activity");
    let first = |i: usize| lesson.train("Spikes", "Sheet", i);
    let all: Vec<Vec<f64>> = (0..1600).map(first).collect();
    assert!(all.iter().all(|train| train.len() == 1), "every neuron fires once, for none is ready again in time");
    for (neuron, time) in [
        (0, 266.9),
        (39, 121.5),
        (100, 78.9),
        (420, 68.2),
        (500, 75.0),
        (820, 129.8),
        (821, 126.4),
        (1000, 150.0),
        (1234, 216.3),
        (1560, 154.0),
        (1599, 303.3),
    ] {
        let found = all[neuron][0];
        assert!((found - time).abs() < 1e-6, "neuron {neuron} fires at {found} ms, in NEST at {time} ms");
    }
    // Spikes in steps of 20 ms, in NEST.
    let nest = [32, 48, 84, 150, 174, 194, 212, 191, 138, 114, 94, 79, 51, 26, 12, 1, 0, 0, 0, 0];
    let mut counts = [0; 20];
    all.iter().for_each(|train| counts[((train[0] + 1e-9) / 20.0) as usize] += 1);
    assert_eq!(counts, nest);
}

/// Spikes of all neurons in 400 ms with a knob turned, and what NEST 3.10 gives.
#[test]
fn waves_need_a_low_threshold_and_a_long_refractory_time() {
    let spikes = |knob: &str, x: f64| {
        let lesson = Lesson::turned(400.0, "travelling_activity", &[(knob, x)]);
        (0..1600).map(|i| lesson.train("Spikes", "Sheet", i).len()).sum::<usize>()
    };
    assert_eq!(spikes("Threshold", -53.0), 128, "the kicks and a ring around each");
    let endless = spikes("Refractory time", 20.0);
    // It goes on for good; sums in another order may move single spikes.
    assert!(endless.abs_diff(18_654) < 560, "{endless} spikes, in NEST 18,654");
}
