//! Building a network, per synapse: 4000 neurons with 250 synapses each.

use crate::{build, project};

const RULES: [&str; 4] =
    ["fixed_indegree(250)", "fixed_outdegree(250)", "fixed_total_number(1000000)", "pairwise_bernoulli(0.0625)"];

#[divan::bench(args = RULES)]
fn constant_weight_and_delay(bencher: divan::Bencher, rule: &str) {
    with_values(bencher, rule, "weight: 1, delay: 1.5");
}

#[divan::bench(args = RULES)]
fn drawn_weights_and_delays(bencher: divan::Bencher, rule: &str) {
    with_values(bencher, rule, "weight: normal(mean: 1, std: 0.1), delay: normal(mean: 1.5, std: 0.7, min: 0.1)");
}

fn with_values(bencher: divan::Bencher, rule: &str, values: &str) {
    let network = project(
        r#""N": (model: "iaf_psc_delta", n: 4000)"#,
        &format!(r#"(from: "N", to: "N", rule: {rule}, {values})"#),
    );
    bencher.bench_local(|| build(&network));
}
