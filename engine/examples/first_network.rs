//! A balanced network of 1000 neurons, its rates and the irregularity of its spike trains.

use spikeloom_engine::analysis;
use spikeloom_engine::network::{Connection, Error, Network, normal};

fn main() -> Result<(), Error> {
    let mut network = Network::new();
    let excitatory = network.create("iaf_psc_exp", 800)?;
    let inhibitory = network.create("iaf_psc_exp", 200)?;
    let noise = network.create("poisson_generator", 1)?;
    let spikes = network.create("spike_recorder", 1)?;
    network.set(noise, "rate", 9000.0)?;

    for target in [excitatory, inhibitory] {
        network.set(target, "V_m", normal(-65.0, 5.0))?;
        network.connect(noise, target, Connection::all_to_all().weight(20.0))?;
        network.connect(excitatory, target, Connection::fixed_indegree(80).weight(20.0).delay(1.5))?;
        network.connect(inhibitory, target, Connection::fixed_indegree(20).weight(-100.0).delay(1.5))?;
        network.connect(target, spikes, Connection::all_to_all())?;
    }

    let mut run = network.build()?;
    let duration = 1000.0;
    run.simulate(duration)?;

    let (neurons, synapses) = run.size();
    println!("{neurons} neurons, {synapses} synapses, {duration} ms");
    let recorded = run.spikes(spikes)?;
    for (name, population, n) in [("excitatory", excitatory, 800), ("inhibitory", inhibitory, 200)] {
        let trains: Vec<Vec<f64>> = (0..n).map(|i| recorded.train_of(population, i)).collect();
        let count: usize = trains.iter().map(Vec::len).sum();
        let rate = analysis::mean_rate(count as u64, n as u64, duration).unwrap_or(0.0);
        let cv = analysis::mean_cv(trains.iter().map(Vec::as_slice), 3);
        println!("{name}: {rate:.1} spikes/s, CV {}", cv.map_or("–".into(), |cv| format!("{cv:.2}")));
    }
    Ok(())
}
