//! Brunel's network of 800 excitatory and 200 inhibitory neurons (J Comput Neurosci 8:183, 2000), in the words of NEST.

use spikeloom_engine::network::{Connection, Error, Rule, Simulator, Synapse, Value};

fn main() -> Result<(), Error> {
    let (order, g, eta, j) = (200, 5.0, 2.0, 0.1);
    let (tau_m, theta, delay) = (20.0, 20.0, 1.5);
    let (excitatory_inputs, inhibitory_inputs) = (4 * order / 10, order / 10);
    // The rate of input (spikes/s) that alone brings the mean potential to the threshold.
    let threshold_rate = 1000.0 * theta / (j * tau_m);

    let cell: [(&str, Value); 6] = [
        ("tau_m", tau_m.into()),
        ("t_ref", 2.0.into()),
        ("E_L", 0.0.into()),
        ("V_reset", 0.0.into()),
        ("V_m", 0.0.into()),
        ("V_th", theta.into()),
    ];
    let mut simulator = Simulator::new().with_seed(1);
    let excitatory = simulator.create("iaf_psc_delta", 4 * order, &cell)?;
    let inhibitory = simulator.create("iaf_psc_delta", order, &cell)?;
    let noise = simulator.create("poisson_generator", 1, &[("rate", (eta * threshold_rate).into())])?;
    let spikes = simulator.create("spike_recorder", 1, &[])?;

    let all = &excitatory + &inhibitory;
    let (excites, inhibits) = (Synapse::from(j).delay(delay), Synapse::from(-g * j).delay(delay));
    simulator.connect(&noise, &all, Rule::AllToAll, excites.clone())?;
    simulator.connect(&excitatory, &all, Connection::fixed_indegree(excitatory_inputs as u64), excites)?;
    simulator.connect(&inhibitory, &all, Connection::fixed_indegree(inhibitory_inputs as u64), inhibits)?;
    simulator.connect(&all, &spikes, Rule::AllToAll, Synapse::default())?;

    let result = simulator.simulate(1000.0)?;
    println!("excitatory {:.1} spikes/s, inhibitory {:.1}", result.rate(&excitatory)?, result.rate(&inhibitory)?);
    Ok(())
}
