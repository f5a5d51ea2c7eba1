//! Taking out what was recorded and storing it, as the window does, per spike and per sample.

use std::cell::RefCell;

use spikeloom_engine::recordings::{Frame, Recordings};

use crate::{advance, build, project};

/// Under so strong a current a neuron fires every 21 steps.
const NEURONS: &str = r#""N": (model: "iaf_psc_delta", n: 10000, params: (I_e: 1e6))"#;

#[divan::bench]
fn spikes(bencher: divan::Bencher) {
    frames(bencher, r#""spike_recorder""#, 2100);
}

#[divan::bench]
fn samples(bencher: divan::Bencher) {
    frames(bencher, r#""voltmeter""#, 1000);
}

/// A frame with a million spikes or samples: those of so many `steps`.
fn frames(bencher: divan::Bencher, recorder: &str, steps: u64) {
    let nodes = format!(r#"{NEURONS}, "R": (model: {recorder})"#);
    let simulation = RefCell::new(build(&project(&nodes, r#"(from: "N", to: "R")"#)));
    let plan = simulation.borrow().plan().clone();
    let record = || {
        advance(&mut simulation.borrow_mut(), steps);
        Recordings::new(plan.clone())
    };
    bencher.with_inputs(record).bench_local_values(|mut recordings| {
        let mut frame = Frame::default();
        simulation.borrow_mut().take_frame(&mut frame);
        recordings.append(&mut frame);
        recordings
    });
}
