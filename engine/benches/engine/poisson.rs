//! Poisson input, a train of its own for each of 1000 neurons, per neuron and step, together with the update of
//! iaf_psc_delta. Low, middle and high rates are drawn in different ways.

use crate::{advance, build, project};

#[divan::bench(args = [1, 100, 1_000, 8_000, 26_000, 400_000])]
fn rate(bencher: divan::Bencher, rate: u32) {
    let nodes =
        format!(r#""N": (model: "iaf_psc_delta", n: 1000), "P": (model: "poisson_generator", params: (rate: {rate}))"#);
    let mut simulation = build(&project(&nodes, r#"(from: "P", to: "N", weight: 1e-3)"#));
    bencher.bench_local(|| advance(&mut simulation, 1000));
}
