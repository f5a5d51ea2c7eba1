//! Poisson input, a train of its own for each of 1000 neurons, per neuron and step, together with the update of
//! iaf_psc_delta. Low, middle and high rates are drawn in different ways.

use spikeloom_engine::network::Connection;

use crate::{advance, build, connect, create, network};

#[divan::bench(args = [1, 100, 1_000, 8_000, 26_000, 400_000])]
fn rate(bencher: divan::Bencher, rate: u32) {
    let mut network = network();
    let neurons = create(&mut network, "iaf_psc_delta", 1000, &[]);
    let noise = create(&mut network, "poisson_generator", 1, &[("rate", f64::from(rate).into())]);
    connect(&mut network, noise, neurons, Connection::all_to_all().weight(1e-3));
    let mut run = build(&network);
    bencher.bench_local(|| advance(&mut run, 1000));
}
