//! What must hold of the BrainPy family, each under the name of what it is about.

use spikeloom_engine::models;
use spikeloom_engine::network::{Error, Network, NodeId, Run};

/// A network with a step of 0.1 ms from these nodes and projections; it runs for so many ms.
fn run(nodes: &str, projections: &str, ms: f64) -> Run {
    let mut run = built(nodes, projections).unwrap_or_else(|error| panic!("{error}"));
    run.simulate(ms).unwrap_or_else(|error| panic!("{error}"));
    run
}

fn built(nodes: &str, projections: &str) -> Result<Run, Error> {
    Network::read(&format!("(nodes: {{{nodes}}}, projections: [{projections}])"))?.build()
}

/// The samples of neuron `i` of a node, by the numbers of meter and node in the order of the text.
fn samples(run: &Run, meter: u32, quantity: &str, node: u32, i: usize) -> Vec<f64> {
    run.samples(NodeId(meter), quantity).expect("it is recorded").of(NodeId(node), i)
}

/// Spike times of neuron `i` of a node.
fn train(run: &Run, recorder: u32, node: u32, i: usize) -> Vec<f64> {
    run.spikes(NodeId(recorder)).expect("it is recorded").train_of(NodeId(node), i)
}

#[test]
fn hh_family_fires_once_an_upward_crossing() {
    for (model, i_e) in
        [("HH", 10.0), ("MorrisLecar", 100.0), ("WangBuzsakiHH", 2.0), ("FitzHughNagumo", 0.8), ("HindmarshRose", 3.0)]
    {
        let nodes = format!(
            r#""cells": (model: "{model}", params: (I_e: {i_e})), "spikes": (model: "spike_recorder"),
            "meter": (model: "multimeter", params: (interval: 0.1, record_from: ["V_m"]))"#
        );
        let run = run(&nodes, r#"(from: "cells", to: "spikes"), (from: "meter", to: "cells", delay: 0.1)"#, 200.0);
        let threshold = models::find(model).and_then(|m| m.parameter("V_th")).map(|p| p.default);
        let Some(models::DefaultValue::Real(threshold)) = threshold else { panic!("{model} has no threshold") };
        let v = samples(&run, 2, "V_m", 0, 0);
        let crossings = v.windows(2).filter(|pair| pair[0] < threshold && pair[1] >= threshold).count();
        let spikes = train(&run, 1, 0, 0).len();
        assert!(crossings > 1 && spikes == crossings, "{model}: {spikes} spikes in {crossings} crossings");
        assert!(v.iter().filter(|v| **v >= threshold).count() > crossings, "{model} stays above for more than a step");
    }
}

#[test]
fn stp_and_std_release_before_they_deplete() {
    for (synapse, first) in [("STP", 0.15), ("STD", 1.0)] {
        let nodes = r#"
            "given": (model: "SpikeTime", params: (times: [10])), "relay": (model: "parrot_neuron"),
            "cells": (model: "LIF", params: (receptors: [(synapse: "Current CUBA")])),
            "meter": (model: "multimeter", params: (interval: 0.1, record_from: ["g_1"]))"#;
        let projections = format!(
            r#"(from: "given", to: "relay", delay: 0.1),
            (from: "relay", to: "cells", synapse: "{synapse}", weight: 2, delay: 0.1, receptor: 1),
            (from: "meter", to: "cells", delay: 0.1)"#
        );
        let run = run(nodes, &projections, 20.0);
        let most = samples(&run, 3, "g_1", 2, 0).into_iter().fold(0.0, f64::max);
        // All resources are there; of STP, U of them and what has not yet decayed of the release at first.
        let expected = if synapse == "STD" { 2.0 } else { 2.0 * (first + first * (1.0 - 0.15)) };
        assert!((most / expected - 1.0).abs() < 0.01, "{synapse} transmits {most}, not {expected}");
    }
}

#[test]
fn wang_buzsaki_potassium_opens_at_a_tenth_per_ms() {
    // A step from 0 at −34 mV, where the rate is 0.1 per ms times phi 5: with that of before it would be ten times as much.
    let nodes = r#"
        "cells": (model: "WangBuzsakiHH", params: (V_m: -34, n: 0)),
        "meter": (model: "multimeter", params: (interval: 0.1, record_from: ["n"]))"#;
    let run = run(nodes, r#"(from: "meter", to: "cells", delay: 0.1)"#, 0.2);
    let n = samples(&run, 1, "n", 0, 0)[0];
    let (opens, closes): (f64, f64) = (0.1 * 5.0, 5.0 * 0.125 * (-10.0f64 / 80.0).exp());
    let expected = opens / (opens + closes) * (1.0 - (-0.1 * (opens + closes)).exp());
    assert!((n - expected).abs() < 1e-12, "{n} {expected}");
}

#[test]
fn spike_times_out_of_range_give_zeros() {
    let nodes = r#"
        "given": (model: "SpikeTime", n: 2, params: (times: [-3, 0, 5, 1000], indices: [0, 0, 1, 1])),
        "cells": (model: "LIF", n: 2, params: (receptors: [(synapse: "Current CUBA")])),
        "meter": (model: "multimeter", params: (interval: 0.1, record_from: ["g_1"]))"#;
    let projections = r#"(from: "given", to: "cells", rule: one_to_one, delay: 0.1, receptor: 1),
        (from: "meter", to: "cells", delay: 0.1)"#;
    let run = run(nodes, projections, 10.0);
    let at = |i: usize| {
        let g = samples(&run, 2, "g_1", 1, i);
        g.iter().enumerate().filter(|(_, g)| **g != 0.0).map(|(step, g)| (step, *g)).collect::<Vec<_>>()
    };
    // The spike at time 0 acts in the first step.
    assert_eq!((at(0), at(1)), (vec![(0, 1.0)], vec![(50, 1.0)]));
}

#[test]
fn exponential_upstroke_is_clamped() {
    for model in ["ExpIF", "ExpIFRef", "AdExIF", "AdExIFRef"] {
        let nodes = format!(
            r#""kick": (model: "SpikeTime", params: (times: [3])),
            "cells": (model: "{model}", params: (delta_T: 0.5, spk_reset: "hard")),
            "meter": (model: "multimeter", params: (interval: 0.1, record_from: ["V_m"]))"#
        );
        let projections =
            r#"(from: "kick", to: "cells", weight: 200, delay: 0.1), (from: "meter", to: "cells", delay: 0.1)"#;
        let run = run(&nodes, projections, 30.0);
        let v = samples(&run, 2, "V_m", 1, 0);
        assert!(v.iter().all(|v| v.is_finite()) && v.iter().any(|v| *v > 100.0), "{model}");
        assert!(v.last().is_some_and(|v| *v < -50.0), "{model} has come back: {:?}", v.last());
    }
}

#[test]
fn poisson_generators_have_the_exact_probability_of_a_step() {
    let (n, ms, rate) = (200.0, 100.0, 8000.0);
    let nodes = format!(
        r#""spikes": (model: "PoissonSpike", params: (freqs: {rate})),
        "codes": (model: "PoissonEncoder", params: (rate: {rate})),
        "crowd": (model: "PoissonInput", params: (freq: 50000, num_input: 200)),
        "a": (model: "LIF", n: 200, params: (receptors: [(synapse: "Current CUBA"), (synapse: "Current CUBA"), (synapse: "Current CUBA")])),
        "meter": (model: "multimeter", params: (interval: 0.1, record_from: ["g_1", "g_2", "g_3"]))"#
    );
    let projections = r#"(from: "spikes", to: "a", delay: 0.1, receptor: 1), (from: "codes", to: "a", delay: 0.1, receptor: 2),
        (from: "crowd", to: "a", delay: 0.1, receptor: 3), (from: "meter", to: "a", delay: 0.1)"#;
    let run = run(&nodes, projections, ms + 0.1);
    let p = 1.0 - (-rate * 1e-4f64).exp();
    for quantity in ["g_1", "g_2"] {
        // The first sample lies before the first draw.
        let all: Vec<f64> = (0..200).flat_map(|i| samples(&run, 4, quantity, 3, i)[1..].to_vec()).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let error = (p * (1.0 - p) / (n * 1000.0)).sqrt();
        assert!((mean - p).abs() < 4.0 * error, "{quantity}: {mean}, not {p} ± {error}");
        assert!(all.iter().all(|g| *g == 0.0 || *g == 1.0), "one spike a step at most");
    }
    // Nearly all of 200 inputs in each step: a rounded number, never negative, never undefined.
    let all: Vec<f64> = (0..200).flat_map(|i| samples(&run, 4, "g_3", 3, i)[1..].to_vec()).collect();
    assert!(all.iter().all(|k| k.fract() == 0.0 && (0.0..=203.0).contains(k)));
    let (mean, expected) = (all.iter().sum::<f64>() / all.len() as f64, 200.0 * (1.0 - (-5.0f64).exp()));
    assert!((mean - expected).abs() < 0.05, "{mean} {expected}");
}

#[test]
fn leaky_rate_readout_has_a_time_constant_for_each_output() {
    let nodes = r#"
        "given": (model: "SpikeTime", params: (times: [1])),
        "outputs": (model: "LeakyRateReadout", n: 2, params: (tau: [5, 20])),
        "meter": (model: "multimeter", params: (interval: 1, record_from: ["r"]))"#;
    let projections = r#"(from: "given", to: "outputs", delay: 0.1), (from: "meter", to: "outputs", delay: 0.1)"#;
    let run = run(nodes, projections, 11.0);
    for (i, tau) in [5.0, 20.0].into_iter().enumerate() {
        let r = samples(&run, 2, "r", 1, i);
        // The spike acts in the step that begins at 1 ms, at the end of which nothing has decayed.
        let expected = f64::exp(-(10.9 - 1.0) / tau);
        assert!((r[10] - expected).abs() < 1e-12, "{i}: {} {expected}", r[10]);
    }
}

#[test]
fn gap_junction_currents_do_not_accumulate() {
    // Two coupled membranes at rest at potentials apart: the current is that of the difference, at every step.
    let nodes = r#"
        "cells": (model: "LIF", n: 2, params: (V_m: [-50, -60], V_rest: [-50, -60], V_th: 1e9, V_reset: -70, tau: 20)),
        "meter": (model: "multimeter", params: (interval: 0.1, record_from: ["V_m", "I"]))"#;
    let projections = r#"(from: "cells", to: "cells", synapse: "gap_junction", weight: [[0, 0.5], [0.5, 0]]),
        (from: "meter", to: "cells", delay: 0.1)"#;
    let run = run(nodes, projections, 500.0);
    let [a, b] = [0, 1].map(|i| (samples(&run, 1, "V_m", 0, i), samples(&run, 1, "I", 0, i)));
    for step in 1..a.0.len() {
        let difference = b.0[step - 1] - a.0[step - 1];
        assert!((a.1[step] - 0.5 * difference).abs() < 1e-12 && (b.1[step] + 0.5 * difference).abs() < 1e-12, "{step}");
    }
    // With R = 1 Ω they end a half of the distance apart.
    assert!((a.0.last().unwrap() - b.0.last().unwrap() - 5.0).abs() < 1e-6);
}

#[test]
fn spk_reset_is_validated() {
    for model in models::CATALOGUE.iter().filter(|m| m.parameter("spk_reset").is_some()) {
        let built = |word: &str| {
            built(&format!(r#""cells": (model: "{}", params: (spk_reset: "{word}"))"#, model.name), "").map(|_| ())
        };
        assert!(built("soft").is_ok() && built("hard").is_ok(), "{}", model.name);
        let refusal = built("medium").expect_err("it is refused").to_string();
        assert!(refusal.contains(r#"must be "soft" or "hard", is "medium""#), "{}: {refusal}", model.name);
    }
    assert!(models::CATALOGUE.iter().filter(|m| m.parameter("spk_reset").is_some()).count() == 23);
}

#[test]
fn every_target_of_a_generator_has_a_stream_of_its_own() {
    let nodes = |seed: u32| {
        format!(
            r#""spikes": (model: "PoissonSpike", params: (freqs: 3000)), "noise": (model: "WienerProcessInput"),
            "a": (model: "LIF", n: 3, params: (receptors: [(synapse: "Current CUBA")])),
            "b": (model: "LIF", n: 3, params: (receptors: [(synapse: "Current CUBA")])),
            "meter": (model: "multimeter", params: (interval: 0.1, record_from: ["g_1", "I"]))}}, simulation: (seed: {seed}), views: {{"#
        )
    };
    let projections = r#"(from: "spikes", to: "a", delay: 0.1, receptor: 1), (from: "spikes", to: "b", delay: 0.1, receptor: 1),
        (from: "noise", to: "a", delay: 0.1), (from: "noise", to: "b", delay: 0.1),
        (from: "meter", to: "a", delay: 0.1), (from: "meter", to: "b", delay: 0.1)"#;
    let recorded = |seed: u32| {
        let run = run(&nodes(seed), projections, 50.0);
        let of = |quantity: &str| {
            (2..=3)
                .flat_map(|node| (0..3).map(move |i| (node, i)))
                .map(|(node, i)| samples(&run, 4, quantity, node, i))
                .collect::<Vec<_>>()
        };
        (of("g_1"), of("I"))
    };
    let (spikes, noise) = recorded(1);
    for all in [&spikes, &noise] {
        for i in 0..all.len() {
            assert!((0..i).all(|j| all[i] != all[j]), "targets {i} and before have trains of their own");
        }
    }
    assert_eq!(recorded(1), (spikes.clone(), noise.clone()), "the seed alone decides");
    assert_ne!(recorded(2).0, spikes);
}

#[test]
fn delays_between_steps_are_interpolated() {
    // 2.3 steps: 0.7 of the weight after two, 0.3 after three; a delay of one step acts in the step of the spike.
    let nodes = r#"
        "given": (model: "SpikeTime", params: (times: [5])),
        "noise": (model: "PoissonSpike", params: (freqs: 2000)),
        "cells": (model: "LIF", params: (receptors: [(synapse: "Current CUBA"), (synapse: "Current CUBA")])),
        "meter": (model: "multimeter", params: (interval: 0.1, record_from: ["g_1", "g_2"]))"#;
    let projections = r#"
        (from: "given", to: "cells", synapse: "interpolated_delay_synapse", weight: 2, delay: 0.23, receptor: 1),
        (from: "noise", to: "cells", synapse: "interpolated_delay_synapse", delay: 0.35, receptor: 2),
        (from: "meter", to: "cells", delay: 0.1)"#;
    let run = run(nodes, projections, 200.0);
    let g = samples(&run, 3, "g_1", 2, 0);
    let at: Vec<(usize, f64)> = g.iter().copied().enumerate().filter(|(_, g)| *g != 0.0).collect();
    assert_eq!(at.iter().map(|(step, _)| *step).collect::<Vec<_>>(), [51, 52]);
    assert!((at[0].1 - 1.4).abs() < 1e-9 && (at[1].1 - 0.6).abs() < 1e-9, "{at:?}");
    // Halves of spikes, and never less or more than what two neighbours make.
    let halves = samples(&run, 3, "g_2", 2, 0);
    assert!(halves.iter().all(|g| [0.0, 0.5, 1.0].iter().any(|part| (g - part).abs() < 1e-9)));
    assert!(halves.iter().any(|g| (g - 0.5).abs() < 1e-9));
    let shared = built(nodes, r#"(from: "given", to: "cells", synapse: "interpolated_delay_synapse", delay: 0.05)"#);
    assert!(shared.map(|_| ()).expect_err("less than a step").to_string().contains("at least one step"));
}

#[test]
fn every_source_may_have_a_delay_of_its_own() {
    let nodes = r#"
        "given": (model: "SpikeTime", n: 3, params: (times: [5, 5, 5], indices: [0, 1, 2])),
        "cells": (model: "LIF", n: 2, params: (receptors: [(synapse: "Current CUBA")])),
        "meter": (model: "multimeter", params: (interval: 0.1, record_from: ["g_1"]))"#;
    for (synapse, rule) in
        [("static_synapse", "all_to_all"), ("interpolated_delay_synapse", "fixed_outdegree(2), multapses: false")]
    {
        let projections = format!(
            r#"(from: "given", to: "cells", rule: {rule}, synapse: "{synapse}", delay: [0.1, 0.3, 0.4], receptor: 1),
            (from: "meter", to: "cells", delay: 0.1)"#
        );
        let run = run(nodes, &projections, 10.0);
        for i in 0..2 {
            let g = samples(&run, 2, "g_1", 1, i);
            let steps: Vec<usize> = (0..g.len()).filter(|step| g[*step] != 0.0).collect();
            assert_eq!(steps, [50, 52, 53], "{synapse}, {rule}");
        }
    }
    let short = built(nodes, r#"(from: "given", to: "cells", delay: [0.1, 0.3], receptor: 1)"#).map(|_| ());
    assert!(short.expect_err("two delays for three sources").to_string().contains("a list of 3, one for each source"));
}

#[test]
fn names_of_brainpy_say_the_same() {
    let text = |rule: &str, weight: &str| {
        let nodes = r#""a": (model: "LIF", n: 10)"#;
        let text =
            format!(r#"(nodes: {{{nodes}}}, projections: [(from: "a", to: "a", rule: {rule}, weight: {weight})])"#);
        Network::read(&text).unwrap_or_else(|error| panic!("{text}: {error}")).write()
    };
    for (theirs, ours) in [
        ("AllToAllProj", "all_to_all"),
        ("OneToOneProj", "one_to_one"),
        ("FixedIndegreeProj(K: 3)", "fixed_indegree(3)"),
        ("FixedOutdegreeProj(3)", "fixed_outdegree(3)"),
        ("FixedTotalNumberProj(N: 7)", "fixed_total_number(7)"),
        ("PairwiseBernoulliProj(p: 0.5)", "pairwise_bernoulli(0.5)"),
        ("PairwisePoissonProj(mean: 0.5)", "pairwise_poisson(0.5)"),
        ("explicit_edges([(0, 3), (1, 2)])", "pairs([(0, 3), (1, 2)])"),
    ] {
        assert_eq!(text(theirs, "1"), text(ours, "1"));
    }
    for (theirs, ours) in [
        ("Normal(1, 0.5)", "normal(1, 0.5)"),
        ("LogNormal(mean: 1, std: 0.5)", "lognormal(1, 0.5)"),
        ("Uniform(low: 1, high: 2)", "uniform(1, 2)"),
    ] {
        assert_eq!(text("FixedIndegreeProj(3)", theirs), text("fixed_indegree(3)", ours));
    }
}
