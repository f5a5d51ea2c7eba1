//! Delivery of spikes, per synaptic event: 1000 neurons that fire together with 1000 synapses each. The update of
//! sources and targets adds a few hundredths.

use crate::{advance, build, project};

/// Under so strong a current a neuron fires in the first step after its refractory period of 2 ms.
const SOURCES: &str = r#""S": (model: "iaf_psc_delta", n: 1000, params: (I_e: 1e6))"#;
const PERIOD: u64 = 21;

/// Weights so small that the targets rest.
const SYNAPSES: [&str; 3] = [
    "weight: 1e-6, delay: 1.5",
    "weight: normal(mean: 1e-6, std: 1e-7), delay: 1.5",
    "weight: normal(mean: 1e-6, std: 1e-7), delay: normal(mean: 1.5, std: 0.7, min: 0.1)",
];

#[divan::bench(args = SYNAPSES)]
fn event(bencher: divan::Bencher, synapses: &str) {
    let nodes = format!(r#"{SOURCES}, "T": (model: "iaf_psc_delta", n: 2000)"#);
    let rows = format!(r#"(from: "S", to: "T", rule: fixed_outdegree(1000), {synapses})"#);
    let mut simulation = build(&project(&nodes, &rows));
    advance(&mut simulation, 10 * PERIOD);
    let before = simulation.counters().synaptic_events;
    advance(&mut simulation, 10 * PERIOD);
    assert_eq!(simulation.counters().synaptic_events - before, 10_000_000, "every source fires once a period");
    bencher.bench_local(|| advance(&mut simulation, PERIOD));
}
