//! Networks that take a while to build.

use std::time::{Duration, Instant};

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use spikeloom_engine::live::Phase;

use super::desk::*;
use super::open;

/// Some seconds of building, and 300 MB.
const LARGE: &str = r##"(
    nodes: {
        "A": (model: "iaf_psc_exp", n: 20000),
        "Spikes": (model: "spike_recorder", at: (300, 0)),
    },
    projections: [
        (from: "A", to: "A", rule: fixed_total_number(40000000), weight: normal(mean: 1, std: 0.1), delay: normal(mean: 1.5, std: 0.5, min: 0.1)),
        (from: "A", to: "Spikes"),
    ],
)"##;

/// Waits until the panel that tells of building is there, and says how far it is.
fn progress(seat: &mut Seat) -> String {
    let began = Instant::now();
    loop {
        seat.step();
        let bar = seat.query_by_role(Role::ProgressIndicator);
        if let Some(text) = bar.and_then(|bar| bar.accesskit_node().value().or(bar.accesskit_node().label())) {
            return text;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "nothing tells of building: {:?}", seat.state().status());
    }
}

#[test]
fn building_a_large_network_is_shown_and_can_be_given_up() {
    let desk = Desk::new();
    let mut seat = open(&desk, LARGE);
    assert!(progress(&mut seat).contains('%'));
    seat.get_by_label("Building the network");
    seat.get_by_label_contains("20 k neurons, 40 M synapses");
    click(&mut seat, "Cancel");
    wait_for(&mut seat, "the end of building", |w| w.status().phase == Phase::Paused);
    settle(&mut seat);
    assert!(seat.query_by_label("Building the network").is_none(), "nothing is built any more");
    seat.get_by_label("Not built");
    assert!(seat.query_by_label_contains("cannot run").is_none(), "nothing is wrong with the network");
    assert_eq!(seat.state().project().nodes.len(), 2, "the document is as it was");
    // Play builds it after all.
    key(&mut seat, Key::Space);
    assert!(progress(&mut seat).contains('%'));
}
