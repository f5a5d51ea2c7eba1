//! Delivery of spikes, per synaptic event: 1000 neurons that fire together with 1000 synapses each, onto neurons that
//! fire as often. The update of all of them adds a few hundredths.

use crate::{advance, build, project};

/// Under so strong a current a neuron fires in the first step after its refractory period of 2 ms.
const NEURONS: &str = r#"
    "S": (model: "iaf_psc_delta", n: 1000, params: (I_e: 1e6)),
    "T": (model: "iaf_psc_delta", n: 2000, params: (I_e: 1e6)),
"#;
const PERIOD: u64 = 21;

/// Weights so small that they change nothing.
const SYNAPSES: [&str; 5] = [
    "weight: 1e-6, delay: 1.5",
    "weight: normal(mean: 1e-6, std: 1e-7), delay: 1.5",
    "weight: normal(mean: 1e-6, std: 1e-7), delay: normal(mean: 1.5, std: 0.7, min: 0.1)",
    r#"synapse: "stdp_synapse", weight: 1e-6, delay: 1.5"#,
    r#"synapse: "stdp_pl_synapse_hom", weight: 1e-6, delay: 1.5"#,
];

#[divan::bench(args = SYNAPSES)]
fn event(bencher: divan::Bencher, synapses: &str) {
    let rows = format!(r#"(from: "S", to: "T", rule: fixed_outdegree(1000), {synapses})"#);
    let mut simulation = build(&project(NEURONS, &rows));
    advance(&mut simulation, 10 * PERIOD);
    let before = simulation.counters().synaptic_events;
    advance(&mut simulation, 10 * PERIOD);
    assert_eq!(simulation.counters().synaptic_events - before, 10_000_000, "every source fires once a period");
    bencher.bench_local(|| advance(&mut simulation, PERIOD));
}
