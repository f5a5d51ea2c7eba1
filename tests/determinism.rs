//! A seed gives the same spikes and samples, to the last bit, for any number of threads
//! and for any way of cutting a run into pieces.

#[path = "explore/mod.rs"]
mod explore;

use proptest::prelude::*;
use spikeloom_engine::project::{Place, Project, read};
use spikeloom_engine::recordings::{Frame, Rows};
use spikeloom_engine::runtime::Simulation;

const NEURONS: [&str; 10] = [
    "iaf_psc_alpha",
    "iaf_psc_exp",
    "iaf_psc_delta",
    "iaf_cond_exp",
    "iaf_cond_beta",
    "aeif_cond_alpha",
    "izhikevich",
    "hh_psc_alpha",
    "hh_cond_exp_traub",
    "parrot_neuron",
];
const RULES: [&str; 6] = [
    "all_to_all",
    "fixed_indegree(5)",
    "fixed_outdegree(4)",
    "fixed_total_number(60)",
    "pairwise_bernoulli(0.2)",
    "fixed_indegree(3)",
];
const WEIGHTS: [&str; 4] = ["30", "-25", "normal(mean: 20, std: 8)", "uniform(low: -20, high: 30)"];
const DELAYS: [&str; 4] = ["1.5", "0.3", "uniform(low: 0.5, high: 4)", "normal(mean: 2, std: 1, min: 0.2, max: 6)"];
const SYNAPSES: [&str; 9] = [
    "static_synapse",
    "static_synapse",
    "bernoulli_synapse",
    "tsodyks_synapse",
    "quantal_stp_synapse",
    "stdp_synapse",
    "stdp_pl_synapse_hom",
    "stdp_triplet_synapse",
    "stdp_dopamine_synapse",
];

#[derive(Clone, Debug)]
struct Network {
    populations: Vec<(usize, usize)>,
    projections: Vec<(usize, usize, usize, usize, usize, usize)>,
    seed: u64,
}

fn networks() -> impl Strategy<Value = Network> {
    let population = (0..NEURONS.len(), 1usize..150);
    let projection = (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        0..RULES.len(),
        0..WEIGHTS.len(),
        0..DELAYS.len(),
        0..SYNAPSES.len(),
    );
    (prop::collection::vec(population, 2..5), prop::collection::vec(projection, 1..8), any::<u32>()).prop_map(
        |(populations, projections, seed)| {
            let n = populations.len();
            let projections =
                projections.into_iter().map(|(f, t, r, w, d, s)| (f.index(n), t.index(n), r, w, d, s)).collect();
            Network { populations, projections, seed: seed as u64 }
        },
    )
}

impl Network {
    fn project(&self, threads: usize) -> Project {
        let mut nodes = String::new();
        let mut projections = String::new();
        for (i, (model, n)) in self.populations.iter().enumerate() {
            let model = NEURONS[*model];
            nodes += &format!("\"p{i}\": (model: \"{model}\", n: {n}),\n");
            projections += &format!("(from: \"noise\", to: \"p{i}\", weight: 40), (from: \"p{i}\", to: \"spikes\"),\n");
            if model != "parrot_neuron" {
                projections += &format!(
                    "(from: \"V\", to: \"p{i}\"), (from: \"current\", to: \"p{i}\", weight: uniform(low: 0, high: 1)),\n"
                );
            }
        }
        projections += "(from: \"p0\", to: \"dopamine\"),\n";
        for (from, to, rule, weight, delay, synapse) in &self.projections {
            // Parrots that repeat each other never stop.
            if [from, to].iter().all(|p| NEURONS[self.populations[**p].0] == "parrot_neuron") {
                continue;
            }
            let (rule, weight, delay, synapse) = (RULES[*rule], WEIGHTS[*weight], DELAYS[*delay], SYNAPSES[*synapse]);
            let mut devices = String::new();
            if synapse != "static_synapse" {
                devices += ", weight_recorder: \"weights\"";
            }
            if synapse == "stdp_dopamine_synapse" {
                devices += ", volume_transmitter: \"dopamine\"";
            }
            projections += &format!(
                "(from: \"p{from}\", to: \"p{to}\", rule: {rule}, weight: {weight}, delay: {delay}, synapse: \"{synapse}\"{devices}),\n"
            );
        }
        let records = self.populations.iter().any(|(model, _)| NEURONS[*model] != "parrot_neuron");
        let meter = if records {
            "\"V\": (model: \"multimeter\", params: (record_from: [\"V_m\"], interval: 0.7)),"
        } else {
            ""
        };
        let text = format!(
            "(simulation: (seed: {}, threads: {threads}), nodes: {{ \"noise\": (model: \"poisson_generator\", params: (rate: 3000)),
            \"current\": (model: \"noise_generator\", params: (mean: 200, std: 150, dt: 0.5)), \"spikes\": (model: \"spike_recorder\"),
            \"weights\": (model: \"weight_recorder\"), \"dopamine\": (model: \"volume_transmitter\"), {meter} {nodes} }}, projections: [{projections}])",
            self.seed
        );
        read(&text).unwrap_or_else(|e| panic!("{e}\n{text}")).0
    }

    /// What was recorded, or the node that could not go on.
    fn run(&self, threads: usize, pieces: &[u64]) -> Result<Vec<Rows>, Place> {
        let mut simulation = Simulation::build(&self.project(threads), &|_| true).expect("a valid network");
        let mut frame = Frame::default();
        for steps in pieces {
            simulation.advance(*steps).map_err(|problem| problem.place)?;
            simulation.take_frame(&mut frame);
        }
        Ok(frame.rows)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, ..explore::config(12, 1) })]

    #[test]
    fn threads_do_not_change_a_bit(network in networks()) {
        let alone = network.run(1, &[400]);
        for threads in [2, 3, 8] {
            prop_assert!(network.run(threads, &[400]) == alone, "{} threads give other results", threads);
        }
    }

    #[test]
    fn cuts_do_not_change_a_bit(network in networks(), cuts in prop::collection::vec(1u64..90, 1..8)) {
        let mut pieces = cuts;
        pieces.push(400u64.saturating_sub(pieces.iter().sum()));
        let whole = network.run(1, &[pieces.iter().sum()]);
        prop_assert!(network.run(2, &pieces) == whole, "pieces of {:?} steps give other results", pieces);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, ..explore::config(8, 2) })]

    #[test]
    fn a_restored_state_goes_on_bit_by_bit(network in networks(), cut in 1u64..300) {
        let whole = network.run(1, &[cut, 400 - cut]);
        let mut simulation = Simulation::build(&network.project(2), &|_| true).expect("a valid network");
        let run = |simulation: &mut Simulation, frame: &mut Frame, steps: u64| {
            simulation.advance(steps).map_err(|problem| problem.place)?;
            simulation.take_frame(frame);
            Ok(())
        };
        let mut before = Frame::default();
        let outcome = run(&mut simulation, &mut before, cut);
        prop_assume!(outcome.is_ok());
        let kept = simulation.snapshot();
        for _ in 0..2 {
            let mut frame = before.clone();
            let outcome = run(&mut simulation, &mut frame, 400 - cut).map(|()| frame.rows);
            prop_assert!(outcome == whole, "after {} steps the state goes on otherwise", cut);
            simulation.restore(&kept);
        }
        prop_assert_eq!(simulation.step(), cut);
    }
}

#[test]
fn the_spikes_are_there_and_the_seed_counts() {
    let network = |seed| Network {
        populations: vec![(0, 80), (1, 20)],
        projections: vec![(0, 1, 1, 0, 0, 5), (1, 0, 1, 1, 1, 0)],
        seed,
    };
    let rows = network(1).run(1, &[2000]).expect("a finite state");
    assert!(rows[0].times.len() > 200, "{} spikes", rows[0].times.len());
    assert_eq!(Ok(&rows), network(1).run(1, &[2000]).as_ref());
    assert_ne!(Ok(&rows), network(2).run(1, &[2000]).as_ref());
}

#[test]
fn storms_and_states_that_explode_are_told() {
    let parrots = r#"(nodes: {"g": (model: "spike_generator", params: (spike_times: [1])), "p": (model: "parrot_neuron", n: 50)},
        projections: [(from: "g", to: "p"), (from: "p", to: "p")])"#;
    let explosion = r#"(nodes: {"p": (model: "hh_psc_alpha", n: 3, params: (I_e: 1e300))}, projections: [])"#;
    // So far below rest the channels close within nanoseconds.
    let stiff = r#"(nodes: {"p": (model: "hh_psc_alpha", n: 100, params: (I_e: -8000))}, projections: [])"#;
    for (text, told) in [(parrots, "spikes in one step"), (explosion, "finite"), (stiff, "too fast")] {
        let (project, _) = read(text).expect("a valid project");
        let mut simulation = Simulation::build(&project, &|_| true).expect("a valid network");
        let problem = simulation.advance(2000).expect_err("it cannot go on");
        assert!(problem.to_string().starts_with("p: "), "{problem}");
        assert!(problem.to_string().contains(told), "{problem}");
        assert_eq!(simulation.advance(1), Err(problem), "it stays where it is");
    }
}

#[test]
fn networks_that_cannot_be_are_refused_when_they_are_built() {
    let crossed = r#"(nodes: {"p": (model: "iaf_psc_alpha", n: 200, params: (V_th: normal(mean: -68, std: 3)))}, projections: [])"#;
    let endless = r#"(nodes: {"g": (model: "poisson_generator"), "p": (model: "iaf_psc_alpha", n: 10)},
        projections: [(from: "g", to: "p", rule: fixed_indegree(1000000000000000)), (from: "p", to: "p", rule: fixed_total_number(1000000000000000))])"#;
    for (text, told) in [(crossed, "got -70; it must be < V_th"), (endless, "memory")] {
        let (project, _) = read(text).expect("a valid project");
        let problems = Simulation::build(&project, &|_| true).err().expect("it is refused");
        assert!(problems[0].to_string().contains(told), "{}", problems[0]);
    }
}

/// Receptors, adaptation in lists, spikes by chance, and trees of compartments, each in more than one block.
const LISTS_AND_CHANCE: &str = r#"(
    simulation: (seed: 3, threads: THREADS),
    nodes: {
        "noise": (model: "poisson_generator", params: (rate: 4000)),
        "current": (model: "noise_generator", params: (mean: 200, std: 150, dt: 0.5)),
        "receptors": (model: "iaf_psc_alpha_multisynapse", n: 150, params: (tau_syn: [0.5, 3, 12], V_m: uniform(low: -70, high: -60))),
        "point": (model: "pp_psc_delta", n: 100, params: (c_2: 20, dead_time_random: true, dead_time_shape: 3, tau_sfa: [20, 50], q_sfa: [1, 3])),
        "bursts": (model: "pp_psc_delta", n: 70, params: (c_2: 300, dead_time: 0, with_reset: false)),
        "gif": (model: "gif_psc_exp", n: 90, params: (I_e: 110, V_T_star: -48, lambda_0: 20, tau_stc: [40], q_stc: [15], tau_sfa: [60], q_sfa: [2])),
        "three": (model: "iaf_cond_alpha_mc", n: 80, params: (soma: (I_e: 300), distal: (I_e: uniform(low: 0, high: 200)))),
        "two": (model: "pp_cond_exp_mc_urbanczik", n: 80, params: (t_ref: 0, soma: (I_e: 2000), g_sp: 100)),
        "tree": (model: "cm_default", n: 80, params: (
            compartments: [(parent_idx: -1, params: (C_m: 0.089, g_L: 0.009, e_L: -75, gbar_Na: 4.6, gbar_K: 0.96)), (parent_idx: 0, params: (C_m: 0.01, g_C: 0.001, g_L: 0.0001)), (parent_idx: 1)],
            receptors: [(comp_idx: 2, receptor_type: "AMPA_NMDA"), (comp_idx: 0, receptor_type: "GABA")])),
        "spikes": (model: "spike_recorder"),
        "V": (model: "multimeter", params: (record_from: ["V_m"], interval: 0.7)),
        "I": (model: "multimeter", params: (record_from: ["I_syn_3", "I_syn"])),
        "mc": (model: "multimeter", params: (record_from: ["V_m.s", "V_m.p"])),
        "cm": (model: "multimeter", params: (record_from: ["v_comp0", "v_comp2", "m_Na_0", "g_d_AN_NMDA_0"])),
    },
    projections: [
        (from: "noise", to: "receptors", weight: 30, receptor: 1), (from: "noise", to: "point", weight: 0.1),
        (from: "noise", to: "gif", weight: 5), (from: "current", to: "receptors", weight: uniform(low: 0, high: 1)),
        (from: "receptors", to: "receptors", rule: fixed_indegree(8), weight: -20, receptor: 3, delay: 0.3),
        (from: "receptors", to: "three", rule: fixed_indegree(8), weight: uniform(low: 1, high: 5), receptor: 5),
        (from: "bursts", to: "two", rule: fixed_indegree(5), weight: 4, receptor: 1), (from: "gif", to: "gif", rule: pairwise_bernoulli(0.2), weight: -5),
        (from: "point", to: "tree", rule: fixed_indegree(5), weight: uniform(low: 0, high: 0.01), receptor: 0),
        (from: "two", to: "tree", rule: fixed_indegree(5), weight: 0.001, receptor: 1), (from: "current", to: "tree", weight: 0.002),
        (from: "receptors", to: "spikes"), (from: "point", to: "spikes"), (from: "bursts", to: "spikes"), (from: "gif", to: "spikes"),
        (from: "three", to: "spikes"), (from: "two", to: "spikes"), (from: "tree", to: "spikes"),
        (from: "V", to: "receptors"), (from: "V", to: "gif"), (from: "V", to: "bursts"), (from: "V", to: "point"),
        (from: "I", to: "receptors"), (from: "mc", to: "three"), (from: "mc", to: "two"), (from: "cm", to: "tree"),
    ],
)"#;

/// Signals that are there all the time, neurons that spike between grid points, and synapses that read what their
/// targets did, each in more than one block.
const SIGNALS_AND_HISTORIES: &str = r#"(
    simulation: (seed: 5, threads: THREADS),
    nodes: {
        "noise": (model: "poisson_generator", params: (rate: 4000)),
        "exact noise": (model: "poisson_generator_ps", params: (rate: 3000)),
        "gaps": (model: "hh_psc_alpha_gap", n: 70, params: (I_e: normal(mean: 400, std: 100))),
        "instant": (model: "lin_rate_ipn", n: 70, params: (mu: uniform(low: 0, high: 1), sigma: 0.3)),
        "late": (model: "lin_rate_opn", n: 70, params: (sigma: 0.2)),
        "field": (model: "siegert_neuron", n: 2),
        "drive": (model: "siegert_neuron", params: (mean: 500)),
        "glia": (model: "astrocyte_lr_1994", n: 70),
        "near glia": (model: "aeif_cond_alpha_astro", n: 70),
        "binary": (model: "ginzburg_neuron", n: 130, params: (theta: -1, tau_m: 5)),
        "exact": (model: "iaf_psc_exp_ps", n: 80),
        "relay": (model: "parrot_neuron", n: 70),
        "voltage": (model: "aeif_psc_delta_clopath", n: 70, params: (A_LTD: 0.014, A_LTP: 0.008)),
        "dendrite": (model: "pp_cond_exp_mc_urbanczik", n: 70),
        "spikes": (model: "spike_recorder"),
        "weights": (model: "weight_recorder"),
        "V": (model: "multimeter", params: (record_from: ["V_m"], interval: 0.7)),
        "rates": (model: "multimeter", params: (record_from: ["rate"])),
        "slow": (model: "multimeter", params: (record_from: ["I_SIC"])),
        "states": (model: "multimeter", params: (record_from: ["S", "h"])),
    },
    projections: [
        (from: "gaps", to: "gaps", synapse: "gap_junction", rule: symmetric_pairwise_bernoulli(0.05), symmetric: true, autapses: false, weight: 0.5),
        (from: "noise", to: "gaps", weight: 5), (from: "gaps", to: "gaps", rule: fixed_indegree(5), weight: 5, delay: 1.2),
        (from: "instant", to: "instant", synapse: "rate_connection_instantaneous", rule: fixed_indegree(5), weight: 0.1),
        (from: "instant", to: "late", synapse: "rate_connection_delayed", rule: fixed_indegree(7), weight: normal(mean: 0, std: 0.1), delay: 1.3),
        (from: "late", to: "instant", synapse: "rate_connection_delayed", rule: fixed_indegree(7), weight: 0.05, delay: 0.4),
        (from: "drive", to: "field", synapse: "diffusion_connection", params: (drift_factor: 2, diffusion_factor: 0.3)),
        (from: "field", to: "field", synapse: "diffusion_connection", params: (drift_factor: -1, diffusion_factor: 0.2)),
        (from: "noise", to: "near glia", weight: 20),
        (from: "near glia", to: "glia", synapse: "tsodyks_synapse", rule: fixed_indegree(4), weight: 5, delay: 1),
        (from: "glia", to: "near glia", synapse: "sic_connection", rule: fixed_indegree(2), weight: 1),
        (from: "binary", to: "binary", rule: fixed_indegree(12), weight: normal(mean: 0, std: 0.5), delay: 0.5),
        (from: "exact noise", to: "exact", weight: 60), (from: "exact", to: "exact", rule: fixed_indegree(6), weight: -20, delay: 0.7),
        (from: "noise", to: "relay"), (from: "noise", to: "voltage", weight: 4),
        (from: "relay", to: "voltage", synapse: "clopath_synapse", rule: fixed_indegree(6), weight: 0.5, weight_recorder: "weights"),
        (from: "relay", to: "dendrite", synapse: "urbanczik_synapse", rule: fixed_indegree(6), weight: 0.5, receptor: 3, weight_recorder: "weights"),
        (from: "gaps", to: "spikes"), (from: "near glia", to: "spikes"), (from: "binary", to: "spikes"), (from: "exact", to: "spikes"),
        (from: "relay", to: "spikes"), (from: "voltage", to: "spikes"), (from: "dendrite", to: "spikes"),
        (from: "V", to: "gaps"), (from: "V", to: "exact"), (from: "V", to: "voltage"), (from: "rates", to: "instant"),
        (from: "rates", to: "late"), (from: "rates", to: "field"), (from: "slow", to: "near glia"), (from: "states", to: "binary"),
    ],
)"#;

/// Threads, cuts and a restored state do not change a bit of what `text` records in so many steps; returns that.
fn the_same_whatever_the_threads_and_cuts(text: &str, steps: u64) -> Vec<Rows> {
    let build = |threads: usize| {
        let text = text.replace("THREADS", &threads.to_string());
        let (project, _) = read(&text).unwrap_or_else(|e| panic!("{e}"));
        Simulation::build(&project, &|_| true).unwrap_or_else(|problems| panic!("{problems:?}"))
    };
    let go = |simulation: &mut Simulation, pieces: &[u64]| {
        let mut frame = Frame::default();
        for steps in pieces {
            simulation.advance(*steps).unwrap_or_else(|problem| panic!("{problem}"));
            simulation.take_frame(&mut frame);
        }
        frame.rows
    };
    let alone = go(&mut build(1), &[steps]);
    for (threads, pieces) in [(2, &[steps][..]), (3, &[1, steps / 2, steps - 1 - steps / 2]), (8, &[70, steps - 70])] {
        assert!(go(&mut build(threads), pieces) == alone, "{threads} threads, pieces of {pieces:?} steps");
    }
    let mut simulation = build(2);
    go(&mut simulation, &[steps / 3]);
    let kept = simulation.snapshot();
    let after = go(&mut simulation, &[steps - steps / 3]);
    simulation.restore(&kept);
    assert!(go(&mut simulation, &[steps - steps / 3]) == after, "what was restored goes on as before");
    alone
}

#[test]
fn lists_and_chance_are_the_same_for_any_threads_cuts_and_after_a_restore() {
    let alone = the_same_whatever_the_threads_and_cuts(LISTS_AND_CHANCE, 900);
    for first in 0..7u32 {
        assert!(alone[0].senders.iter().any(|s| (first * 80..first * 80 + 80).contains(s)), "all populations spike");
    }
}

#[test]
fn signals_and_histories_are_the_same_for_any_threads_cuts_and_after_a_restore() {
    let exact = the_same_whatever_the_threads_and_cuts(SIGNALS_AND_HISTORIES, 300);
    assert!(exact[0].times.len() > 500, "{} spikes", exact[0].times.len());
    assert!(exact.iter().all(|rows| !rows.times.is_empty()), "every recorder has something to compare");
    // Signals without delay that are iterated twice are other numbers, but the same for any number of threads.
    let relaxed = SIGNALS_AND_HISTORIES.replace("seed: 5", "seed: 5, wfr_tol: 0.01, wfr_max_iterations: 2");
    assert!(
        the_same_whatever_the_threads_and_cuts(&relaxed, 300) != exact,
        "two rounds are not enough for the exact signals"
    );
}
