//! Taking out what was recorded and storing it, as the window does, per spike and per sample.

use std::cell::RefCell;

use spikeloom_engine::network::{Connection, Network};
use spikeloom_engine::recordings::{Frame, Recordings};
use spikeloom_engine::runtime::Simulation;

use crate::{connect, create, network};

/// Under so strong a current a neuron fires every 21 steps.
const CURRENT: f64 = 1e6;

#[divan::bench]
fn spikes(bencher: divan::Bencher) {
    let mut network = network();
    let neurons = create(&mut network, "iaf_psc_delta", 10_000, &[("I_e", CURRENT.into())]);
    let recorder = create(&mut network, "spike_recorder", 1, &[]);
    connect(&mut network, neurons, recorder, Connection::all_to_all());
    frames(bencher, &network, 2100);
}

#[divan::bench]
fn samples(bencher: divan::Bencher) {
    let mut network = network();
    let neurons = create(&mut network, "iaf_psc_delta", 10_000, &[("I_e", CURRENT.into())]);
    let meter = create(&mut network, "voltmeter", 1, &[]);
    connect(&mut network, meter, neurons, Connection::all_to_all());
    frames(bencher, &network, 1000);
}

/// A frame with a million spikes or samples: those of so many `steps`.
fn frames(bencher: divan::Bencher, network: &Network, steps: u64) {
    let simulation = Simulation::build(network.project(), &|_| true).unwrap_or_else(|problems| panic!("{problems:?}"));
    let simulation = RefCell::new(simulation);
    let plan = simulation.borrow().plan().clone();
    let record = || {
        simulation.borrow_mut().advance(steps).unwrap_or_else(|problem| panic!("{problem}"));
        Recordings::new(plan.clone())
    };
    bencher.with_inputs(record).bench_local_values(|mut recordings| {
        let mut frame = Frame::default();
        simulation.borrow_mut().take_frame(&mut frame);
        recordings.append(&mut frame);
        recordings
    });
}
