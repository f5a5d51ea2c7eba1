//! How a plastic synapse changes with the time between a spike of its source and one of its target.

use spikeloom_engine::network::{Connection, Error, Network};

fn main() -> Result<(), Error> {
    println!("{:>8} {:>10}", "Δt, ms", "Δw");
    for lag in (-40..=40).step_by(5) {
        let change = change_of_weight(f64::from(lag))?;
        println!("{lag:>8} {change:>10.3}");
    }
    Ok(())
}

/// The change of a weight of 50 by one pair of spikes, the target `lag` ms after the source.
fn change_of_weight(lag: f64) -> Result<f64, Error> {
    let mut network = Network::new();
    let (pre, post) = (network.create("parrot_neuron", 1)?, network.create("parrot_neuron", 1)?);
    // The last spike of the source makes the synapse take in all that has happened.
    for (neuron, times) in [(pre, vec![100.0, 300.0]), (post, vec![101.0 + lag])] {
        let generator = network.create("spike_generator", 1)?;
        network.set(generator, "spike_times", times)?;
        network.connect(generator, neuron, Connection::one_to_one())?;
    }
    // Receptor 1 of a parrot takes spikes without repeating them.
    let plastic = Connection::one_to_one().synapse("stdp_synapse").receptor(1).weight(50.0);
    let synapse = network.connect(pre, post, plastic)?;
    let mut run = network.build()?;
    run.simulate(310.0)?;
    Ok(run.weights(synapse).next().unwrap_or(50.0) - 50.0)
}
