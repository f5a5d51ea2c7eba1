//! What the parts of a simulation cost, one thread.
//!
//! `cargo bench -p spikeloom-engine [NAME]`. Each measurement does a million of what its module counts, so
//! that a time of 1 ms reads as 1 ns for one neuron-step, synaptic event, synapse or row.

mod building;
mod delivery;
mod frames;
mod poisson;
mod update;

use spikeloom_engine::network::{Connection, Error, Network, NodeId, Run, Value};

fn main() {
    divan::main();
}

/// A network that one thread runs.
fn network() -> Network {
    let mut network = Network::new();
    network.threads(1);
    network
}

/// Neurons or devices with these parameters.
fn create(network: &mut Network, model: &str, n: usize, params: &[(&str, Value)]) -> NodeId {
    let node = told(network.create(model, n));
    params.iter().for_each(|(name, value)| told(network.set(node, name, value.clone())));
    node
}

fn connect(network: &mut Network, from: NodeId, to: NodeId, connection: Connection) {
    told(network.connect(from, to, connection));
}

fn build(network: &Network) -> Run {
    told(network.build())
}

/// Runs on for so many steps of 0.1 ms.
fn advance(run: &mut Run, steps: u64) {
    told(run.simulate(steps as f64 * 0.1));
}

/// A mistake in a measurement is told as the library tells it.
fn told<T>(result: Result<T, Error>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}
