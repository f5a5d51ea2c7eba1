//! The rate of a neuron against its input current: one population, each neuron with a current of its own.

use spikeloom_engine::analysis;
use spikeloom_engine::network::{Connection, Error, Network};

fn main() -> Result<(), Error> {
    let currents: Vec<f64> = (0..=20).map(|i| 300.0 + 20.0 * i as f64).collect();
    let mut network = Network::new();
    let cells = network.create("iaf_psc_alpha", currents.len())?;
    network.set(cells, "I_e", currents.clone())?;
    let spikes = network.create("spike_recorder", 1)?;
    network.connect(cells, spikes, Connection::all_to_all())?;

    let mut run = network.build()?;
    run.simulate(2000.0)?;
    let recorded = run.spikes(spikes)?;
    println!("{:>8} {:>10}", "I, pA", "spikes/s");
    for (i, current) in currents.iter().enumerate() {
        let intervals = analysis::intervals(&recorded.train_of(cells, i));
        let rate = analysis::mean(&intervals).map_or(0.0, |mean| 1000.0 / mean);
        println!("{current:>8} {rate:>10.1}");
    }
    Ok(())
}
