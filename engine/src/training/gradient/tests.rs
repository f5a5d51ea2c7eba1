//! Gradients are those of reference cases, of an independent program, and of finite differences; spikes are those of a
//! simulation.

use super::*;
use crate::mechanisms::surrogates::Surrogate;
use crate::network::Network;
use crate::project::{Read, Task, read};

fn prepared(text: &str) -> Gradient {
    let (project, _) = read(text).unwrap_or_else(|e| panic!("{e}"));
    let training = project.training.clone().expect("it is to be trained");
    let Task::Patterns(lesson) = &training.task else { panic!("it has patterns") };
    Gradient::new(&project, &training, lesson).unwrap_or_else(|e| panic!("{e:?}"))
}

fn all(gradient: &Gradient) -> (Marks, Vec<f64>) {
    gradient.batch_gradient(&(0..gradient.patterns.len()).collect::<Vec<_>>())
}

/// A recurrent network whose answer depends on all its weights; patterns are those of the program of [`EXPECTED`].
fn recurrent(reset: &str, surrogate: &str) -> String {
    format!(
        r#"(
    simulation: (resolution: 0.5, duration: 30),
    nodes: {{
        "in": (model: "spike_generator", n: 3, params: (spike_times: [[5], [6], [7]])),
        "hidden": (
            model: "LIF", n: 3,
            params: (spk_reset: "{reset}", receptors: [(synapse: "Expon CUBA", tau: 4)]),
        ),
        "out": (model: "LeakyRateReadout", n: 2, params: (tau: 10)),
    }},
    projections: [
        (from: "in", to: "hidden", weight: [[3, 0.8, 1], [1.5, 2.5, 0.4], [0.5, 1.2, 3.2]], delay: 0.5, receptor: 1),
        (from: "hidden", to: "hidden", weight: [[0.2, 0.7, -0.4], [-0.5, 0.1, 0.6], [0.9, -0.3, 0.3]], delay: 0.5, receptor: 1),
        (from: "hidden", to: "out", weight: [[0.5, -0.3, 0.1], [-0.2, 0.8, 0.4]], delay: 0.5),
    ],
    training: (
        method: sgd(learning_rate: 0.1),
        train: [weights(from: "in"), weights(from: "hidden")],
        loss: cross_entropy(of: "out", read: mean),
        surrogate: {surrogate},
        penalties: [(of: "hidden", l1: 0.01, l2: 0.02)],
        patterns: [
            (input: {{"in": [[2, 9, 16], [4, 11], [7, 20]]}}, label: 0),
            (input: {{"in": [[5, 12], [1, 3, 15, 22], [8]]}}, label: 1),
        ],
    ),
)"#
    )
}

/// Loss and gradient of the network above by reset and surrogate, from its equations in JAX 0.10 with automatic
/// differentiation (64 bits): weights of the input, of the recurrent synapses, of the read-out, source by source.
const EXPECTED: &[(&str, &str, f64, [f64; 24])] = &[
    (
        "soft",
        "ReluGrad",
        5.548075014886729,
        [
            0.6723076951632416,
            0.7697684444861077,
            0.8600373294142954,
            0.7892970408439999,
            0.8481293845681372,
            0.902170161804965,
            0.3819454302692924,
            0.4393596869510582,
            0.5081696060136615,
            1.9503224241907713,
            2.1605942858625857,
            2.445238701832245,
            1.9145167344019918,
            2.021387939408715,
            2.304636849692483,
            2.3318491704463953,
            2.542204679068701,
            2.897450062118462,
            -0.7018734220565973,
            0.7018734220565973,
            -0.5515932587379022,
            0.5515932587379022,
            -0.8949806044462649,
            0.8949806044462649,
        ],
    ),
    (
        "hard",
        "ReluGrad",
        5.184442933002966,
        [
            0.7550498767061621,
            0.8694024705282397,
            0.9963681099647326,
            0.8698861063702896,
            0.9245162792233157,
            1.0424195036744004,
            0.41773801698719315,
            0.4829648299047109,
            0.5606322526298475,
            2.053009560008609,
            2.2869360140918027,
            2.624342643021156,
            1.8948076235184348,
            2.061403751999779,
            2.3521988071732935,
            2.357101410961759,
            2.615265064542564,
            3.067239721101877,
            -0.6485591209507096,
            0.6485591209507096,
            -0.4800469495768172,
            0.4800469495768172,
            -0.8224300470709948,
            0.8224300470709945,
        ],
    ),
    (
        "soft",
        "InvSquareGrad",
        5.548075014886729,
        [
            0.17453766358413458,
            0.21431718629491553,
            0.18316520339303807,
            0.23042054205532497,
            0.3059183283986781,
            0.2144118921439115,
            0.0869801376412943,
            0.11545544371915195,
            0.11912787037137464,
            0.5010174270313877,
            0.6857513032944865,
            0.6761142799625571,
            0.5301774208246812,
            0.6412384686125394,
            0.6639374030273066,
            0.5520484263079628,
            0.801199502013878,
            0.8521667593959701,
            -0.7018734220565973,
            0.7018734220565973,
            -0.5515932587379022,
            0.5515932587379022,
            -0.8949806044462649,
            0.8949806044462649,
        ],
    ),
    (
        "hard",
        "InvSquareGrad",
        5.184442933002966,
        [
            0.06154521707124934,
            0.13456165190068373,
            0.14463392993198027,
            0.06449362510590738,
            0.12885707505948976,
            0.16600325068510766,
            0.027353568508317914,
            0.10287287576164138,
            0.0740065266272165,
            0.13165373918603607,
            0.4168723872321531,
            0.3304272261520813,
            0.12982422715205844,
            0.3129494364079112,
            0.3042508267665923,
            0.14308058592317013,
            0.5617415229089168,
            0.33678454085116133,
            -0.6485591209507096,
            0.6485591209507096,
            -0.4800469495768172,
            0.4800469495768172,
            -0.8224300470709948,
            0.8224300470709945,
        ],
    ),
    (
        "soft",
        "Sigmoid",
        5.548075014886729,
        [
            1.0652379438774977,
            1.1561317776231859,
            1.2695405727183713,
            1.2204154041659176,
            1.2854570300515649,
            1.3263125993981377,
            0.6063526027967481,
            0.6619027694930529,
            0.7537510764646819,
            3.0496164766759475,
            3.261406446290298,
            3.6329173821206333,
            3.0047999021521328,
            3.064363854139592,
            3.4282650791532134,
            3.6647982425924903,
            3.8670953225660787,
            4.2992270586114385,
            -0.7018734220565973,
            0.7018734220565973,
            -0.5515932587379022,
            0.5515932587379022,
            -0.8949806044462649,
            0.8949806044462649,
        ],
    ),
    (
        "hard",
        "Sigmoid",
        5.184442933002966,
        [
            1.3856754154644797,
            1.5211499341069512,
            1.7068954460106718,
            1.6211109026238948,
            1.6178142174364578,
            1.8116301947330906,
            0.7911454035846115,
            0.8628283387909246,
            0.9029693377212926,
            3.944356078995221,
            4.087786006396691,
            4.3648327916001595,
            3.5530187001556874,
            3.8024022982738375,
            4.006731347203889,
            4.587512082602282,
            4.721328896245819,
            5.256027952505801,
            -0.6485591209507096,
            0.6485591209507096,
            -0.4800469495768172,
            0.4800469495768172,
            -0.8224300470709948,
            0.8224300470709945,
        ],
    ),
];

#[test]
fn gradients_of_a_recurrent_network_are_those_of_automatic_differentiation() {
    for (reset, surrogate, loss, expected) in EXPECTED {
        let (marks, found) = all(&prepared(&recurrent(reset, surrogate)));
        assert!((marks.loss - loss).abs() < 1e-12, "{reset}, {surrogate}: {} {loss}", marks.loss);
        assert_eq!(found.len(), expected.len());
        for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
            let near = (found - expected).abs() < 1e-9 * (1.0 + expected.abs());
            assert!(near, "{reset}, {surrogate}: weight {i}: {found} {expected}");
        }
    }
}

#[test]
fn threads_and_units_do_not_change_a_bit() {
    let mut gradient = prepared(&recurrent("soft", "SlayerGrad(alpha: 2)"));
    let many: Vec<usize> = (0..70).map(|i| i % 2).collect();
    gradient.threads = 1;
    let alone = gradient.batch_gradient(&many);
    gradient.threads = 3;
    let shared = gradient.batch_gradient(&many);
    assert_eq!((alone.0.loss.to_bits(), alone.1), (shared.0.loss.to_bits(), shared.1));
}

#[test]
fn what_leads_to_no_trained_weight_is_left_out() {
    let text = recurrent("soft", "Sigmoid");
    let (_, whole) = all(&prepared(&text));
    let learns = |gradient: &Gradient| -> Vec<bool> {
        gradient.layers.populations.iter().map(|p| p.cells.as_ref().is_some_and(cells::Cells::learns)).collect()
    };
    let trained = "train: [weights(from: \"in\"), weights(from: \"hidden\")]";
    for (train, from, expected) in [
        ("weights(from: \"hidden\", to: \"out\")", 18, [false, false, true]),
        ("weights(from: \"hidden\")", 9, [false, true, true]),
    ] {
        let gradient = prepared(&text.replace(trained, &format!("train: [{train}]")));
        assert_eq!(learns(&gradient), expected, "{train}");
        assert_eq!(all(&gradient).1, whole[from..], "{train}");
    }
}

/// One cell of a model whose threshold is out of reach: nothing but what is smooth.
fn smooth(model: &str, params: &str, reading: &str) -> String {
    format!(
        r#"(
    simulation: (resolution: 0.5, duration: 20),
    nodes: {{
        "in": (model: "spike_generator", n: 2, params: (spike_times: [[5], [6]])),
        "cells": (model: "{model}", n: 2, params: ({params})),
    }},
    projections: [(from: "in", to: "cells", weight: [[0.3, 0.5], [0.2, -0.4]], delay: 1, receptor: 1)],
    training: (
        method: sgd(learning_rate: 0.1),
        train: [weights(from: "in")],
        loss: cross_entropy(of: "cells", read: {reading}),
        patterns: [(input: {{"in": [[2, 9], [4, 4.5]]}}, label: 0), (input: {{"in": [[], [1, 2, 3]]}}, label: 1)],
    ),
)"#
    )
}

#[test]
fn gradients_below_threshold_are_those_of_finite_differences() {
    let dual = "receptors: [(synapse: \"DualExpon COBA\", tau_decay: 8, tau_rise: 2, E: 5)]";
    let alpha = "receptors: [(synapse: \"Alpha CUBA\", tau: 3)]";
    // Currents of some µA, which the channels bear.
    let weak = "receptors: [(synapse: \"Alpha CUBA\", tau: 3, scale: 1e-5)]";
    let blocked = "receptors: [(synapse: \"Expon MgBlock\", E: 0)]";
    for (model, params, reading) in [
        ("LIF", format!("V_th: 1e6, {dual}"), "max"),
        ("LIFRef", format!("V_th: 1e6, {alpha}"), "mean"),
        ("ALIF", format!("V_th: 1e6, {alpha}"), "last"),
        ("ExpIF", format!("V_th: 1e6, {blocked}"), "mean"),
        ("AdExIF", format!("V_th: 1e6, {dual}"), "last"),
        ("AdQuaIF", format!("V_th: 1e6, {alpha}"), "max"),
        ("CobaLIF", format!("V_th: 1e6, {alpha}"), "mean"),
        ("HH", format!("V_m: [-65, -64], {weak}"), "mean"),
    ] {
        let mut gradient = prepared(&smooth(model, &params, reading));
        // A slope that is 0 where no spike is near.
        gradient.layers.surrogate = Surrogate::ReluGrad { alpha: 0.3, width: 0.5 };
        let (_, found) = all(&gradient);
        let mut largest = 0.0f64;
        for i in 0..4 {
            let eps = 1e-5;
            let mut at = |x: f64| {
                let before = gradient.layers.synapses[0].weights[i];
                gradient.layers.synapses[0].weights[i] = before + x;
                let loss = all(&gradient).0.loss;
                gradient.layers.synapses[0].weights[i] = before;
                loss
            };
            let expected = (at(eps) - at(-eps)) / (2.0 * eps);
            largest = largest.max(expected.abs());
            let near = (found[i] - expected).abs() < 1e-6 * expected.abs() + 1e-9;
            assert!(near, "{model}, {reading}: weight {i}: {} {expected}", found[i]);
        }
        assert!(largest > 1e-6, "{model}: the weights act");
    }
}

#[test]
fn spikes_are_those_of_a_simulation() {
    for model in ["LIF", "LIFRef", "ALIF", "AdExIF"] {
        let text = format!(
            r#"(
    simulation: (resolution: 0.2, duration: 40),
    nodes: {{
        "in": (model: "spike_generator", n: 2, params: (spike_times: [[1, 5, 9, 9.2, 30], [3, 4, 20.4]])),
        "a": (model: "{model}", n: 5, params: (V_m: uniform(0, 0.5), V_rest: [0, 0.1, 0.2, 0.3, 0.4], V_th: 1, V_reset: 0,
            spk_reset: "hard", receptors: [(synapse: "Expon CUBA", tau: 3)])),
        "b": (model: "LIF", n: 3, params: (receptors: [(synapse: "Expon CUBA"), (synapse: "DualExpon COBA", E: 80)])),
        "spikes": (model: "spike_recorder"),
    }},
    projections: [
        (from: "in", to: "a", weight: [[4, 1], [3, 3], [2, 4], [5, 2], [6, 1]], delay: 0.4, receptor: 1),
        (from: "a", to: "a", rule: pairs([(0, 1), (1, 2), (4, 0)]), weight: [2, -1, 3], delay: 1, receptor: 1),
        (from: "a", to: "b", rule: fixed_indegree(3), weight: uniform(1, 4), delay: 2, receptor: 1),
        (from: "a", to: "b", weight: 0.02, delay: 0.6, receptor: 2),
        (from: "in", to: "b", rule: pairs([(0, 2)]), weight: 0.5, delay: 3),
        (from: "a", to: "spikes"), (from: "b", to: "spikes"),
    ],
    training: (
        method: sgd(learning_rate: 0.1), train: [weights(from: "a", to: "b")], loss: rate(of: "b"),
        patterns: [(input: {{"in": [[1, 5, 9, 9.2, 30], [3, 4, 20.4]]}}, rates: [1, 2, 3])],
    ),
)"#
        );
        let text = if model == "AdExIF" {
            text.replace("V_m: uniform", "b: 0.1, V_T: 0.8, delta_T: 0.2, V_m: uniform")
        } else {
            text
        };
        let gradient = prepared(&text);
        let given = gradient.given(&[0]);
        let mut tape = Tape::default();
        gradient.layers.forward(1, given, &mut tape);
        let network = Network::read(&text).expect("a network");
        let mut run = network.build().expect("a network that can be built");
        run.simulate(40.0).expect("it runs");
        let mut spikes = 0;
        for (p, node, n) in [(1, NodeId(1), 5), (2, NodeId(2), 3)] {
            for neuron in 0..n {
                let expected = run.spikes(NodeId(3)).expect("it is recorded").train_of(node, neuron);
                let own = tape.events[p]
                    .iter()
                    .enumerate()
                    .filter(|(_, events)| events.contains(&Event { pattern: 0, neuron: neuron as u32 }));
                let found: Vec<f64> = own.map(|(stamp, _)| (stamp as f64 * 0.2 * 1e6).round() / 1e6).collect();
                assert_eq!(found, expected, "{model}: neuron {neuron} of {node:?}");
                spikes += found.len();
            }
        }
        assert!(spikes > 10, "{model}: {spikes} spikes");
    }
}

#[test]
fn losses_fall_and_what_is_kept_has_the_least() {
    let text = recurrent("soft", "Sigmoid").replace("sgd(learning_rate: 0.1)", "adam(learning_rate: 0.05)");
    let (project, _) = read(&text).expect("a project");
    let mut gradient = prepared(&text);
    let losses: Vec<f64> = (0..30).map(|_| gradient.advance().expect("it goes on").loss).collect();
    let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(least < 0.5 * losses[0], "{losses:?}");
    let mut kept = gradient.best(&project);
    kept.training = project.training.clone();
    let text = crate::project::write(&kept);
    let again = all(&prepared(&text)).0.loss;
    assert!((again - least).abs() < 1e-12, "{again} {least}");
}

#[test]
fn what_gradients_cannot_do_is_told() {
    let told = |from: &str, to: &str| {
        let text = recurrent("soft", "Sigmoid");
        assert!(text.contains(from), "{from}");
        let (project, _) = read(&text.replace(from, to)).unwrap_or_else(|e| panic!("{e}"));
        let training = project.training.clone().expect("a training");
        let Task::Patterns(lesson) = &training.task else { panic!("it has patterns") };
        match Gradient::new(&project, &training, lesson) {
            Ok(_) => String::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        }
    };
    assert_eq!(told("Sigmoid", "Sigmoid"), "");
    let poisson = told("\"spike_generator\", n: 3, params: (spike_times: [[5], [6], [7]])", "\"PoissonSpike\", n: 3");
    assert!(poisson.contains("gradients need spikes that patterns give"), "{poisson}");
    let delays = told(
        "delay: 0.5, receptor: 1),\n        (from: \"hidden\", to: \"out\"",
        "delay: uniform(1, 2), receptor: 1),\n        (from: \"hidden\", to: \"out\"",
    );
    assert!(delays.contains("one delay for all synapses"), "{delays}");
    let penalty = told("(of: \"hidden\", l1", "(of: \"in\", l1");
    assert!(penalty.contains("no population of the network"), "{penalty}");
}

#[test]
fn cross_entropy_by_count_goes_through_spikes() {
    let text = recurrent("soft", "Sigmoid").replace("of: \"out\", read: mean", "of: \"hidden\", read: count");
    let gradient = prepared(&text.replace("penalties: [(of: \"hidden\", l1: 0.01, l2: 0.02)],", ""));
    assert!(matches!(gradient.judge.by, By::CrossEntropy(Read::Count)));
    let (marks, found) = all(&gradient);
    assert!(marks.loss > 0.0 && found.iter().any(|g| *g != 0.0));
}
