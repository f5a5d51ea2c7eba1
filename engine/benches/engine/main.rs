//! What the parts of a simulation cost, one thread.
//!
//! `cargo bench -p spikeloom-engine [NAME]`. Each measurement does a million of what its module counts, so
//! that a time of 1 ms reads as 1 ns for one neuron-step, synaptic event, synapse or row.

mod building;
mod delivery;
mod frames;
mod poisson;
mod update;

use spikeloom_engine::project::{Project, read};
use spikeloom_engine::runtime::Simulation;

fn main() {
    divan::main();
}

/// The project with these entries in its file.
fn project(nodes: &str, projections: &str) -> Project {
    let text = format!("(simulation: (threads: 1), nodes: {{ {nodes} }}, projections: [ {projections} ])");
    match read(&text) {
        Ok((project, _)) => project,
        Err(error) => panic!("{error}\n{text}"),
    }
}

fn build(project: &Project) -> Simulation {
    Simulation::build(project, &|_| true).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn advance(simulation: &mut Simulation, steps: u64) {
    simulation.advance(steps).unwrap_or_else(|problem| panic!("{problem}"));
}
