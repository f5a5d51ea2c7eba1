//! A project made in code, written as a file that the program opens: `project_file lesson.ron`, or without a name to the
//! terminal.

use std::error::Error;

use spikeloom_engine::network::{Connection, Network, Rule, Simulator, Synapse, normal};

fn main() -> Result<(), Box<dyn Error>> {
    let mut simulator = Simulator::new().with_seed(3);
    let cells = simulator.create("iaf_psc_exp", 100, &[("V_m", normal(-65.0, 4.0))])?;
    let noise = simulator.create("poisson_generator", 1, &[("rate", 9000.0.into())])?;
    let spikes = simulator.create("spike_recorder", 1, &[])?;
    let meter = simulator.create("voltmeter", 1, &[("interval", 0.5.into())])?;
    simulator.connect(&noise, &cells, Rule::AllToAll, 20.0)?;
    let rule = Connection::fixed_indegree(10).autapses(false);
    simulator.connect(&cells, &cells, rule, Synapse::new("stdp_synapse").weight(normal(15.0, 2.0)).delay(1.5))?;
    simulator.connect(&cells, &spikes, Rule::AllToAll, Synapse::default())?;
    // Three of the cells alone.
    simulator.connect(&meter, &cells.slice(..3)?, Rule::AllToAll, Synapse::default())?;
    simulator.name(&cells, "E")?;

    let project = simulator.network_mut()?.project_mut();
    project.title = "Made in code".into();
    project.about = "A hundred neurons that learn from noise.".into();
    for (node, position) in project.nodes.iter_mut().zip([[250.0, 0.0], [0.0, 0.0], [500.0, -60.0], [500.0, 60.0]]) {
        node.position = position;
    }

    let text = simulator.write();
    assert_eq!(Network::read(&text)?.write(), text, "what is written can be read");
    match std::env::args().nth(1) {
        Some(path) => std::fs::write(path, text)?,
        None => print!("{text}"),
    }
    Ok(())
}
