//! Training in the window: an example is trained, kept and undone; a training is begun; what cannot be trained is told.

use std::time::{Duration, Instant};

use super::*;

/// Waits until a text is on the window.
fn wait_for_text(seat: &mut Seat, text: &str) {
    let begun = Instant::now();
    while seat.query_by_label_contains(text).is_none() {
        assert!(begun.elapsed() < Duration::from_secs(60), "“{text}” did not come");
        seat.step();
        std::thread::sleep(Duration::from_millis(1));
    }
    settle(seat);
}

/// The least loss, as its curve tells it.
fn least_loss(seat: &Seat) -> f64 {
    let told = plot_text(seat, "Loss");
    let least = told.split("least ").nth(1).and_then(|rest| rest.split(',').next());
    least.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{told}"))
}

#[test]
fn an_example_of_training_is_trained_kept_and_undone() {
    let desk = Desk::new();
    let mut seat = desk.start();
    click(&mut seat, "Fit a neuron to a recorded trace");
    // The panel is there by itself.
    seat.get_by_role_and_label(Role::Button, "Train");
    assert!(!seat.state().enabled(spikeloom::command::Command::KeepTrained));
    let before = seat.state().project().clone();
    let enough = before.training.as_ref().expect("a training").enough;
    click(&mut seat, "Train");
    wait_for_text(&mut seat, "Done: the loss is small enough");
    assert!(least_loss(&seat) <= 1.005 * enough, "{}", plot_text(&seat, "Loss"));
    for when in ["before", "after"] {
        seat.get_by_role_and_label(Role::Figure, &format!("Traces of V {when} training"));
    }
    seat.get_by_label_contains("Trace of V_m of V best: ");
    assert_eq!(*seat.state().project(), before, "nothing is kept yet");

    click(&mut seat, "Keep trained numbers");
    let fitted = |seat: &Seat| seat.state().project().nodes[0].real("C_m");
    assert!((fitted(&seat) / 180.0 - 1.0).abs() < 0.02, "{}", fitted(&seat));
    seat.get_by_label("Kept in the network");
    click(&mut seat, "Undo");
    assert_eq!(*seat.state().project(), before, "one step back");
    click(&mut seat, "Keep trained numbers");
    assert!((fitted(&seat) / 180.0 - 1.0).abs() < 0.02);
    click(&mut seat, "Discard training");
    assert!(seat.query_by_role_and_label(Role::Figure, "Loss").is_none());
    // Plots are a tab away, and the panel can be hidden.
    click(&mut seat, "Plots");
    seat.get_by_role_and_label(Role::Figure, "Traces of V");
    click(&mut seat, "Hide training");
    assert!(seat.query_by_role_and_label(Role::Button, "Training").is_none());
}

#[test]
fn training_is_begun_in_a_network_that_says_nothing_of_it() {
    let desk = Desk::new();
    let mut seat = open(&desk, NOISY);
    assert!(seat.query_by_role_and_label(Role::Button, "Train towards a goal").is_none());
    press(&mut seat, Modifiers::COMMAND, Key::K);
    type_text(&mut seat, "Show training");
    key(&mut seat, Key::Enter);
    seat.get_by_label_contains("Training changes numbers of the network");
    click(&mut seat, "Train towards a goal");
    let training = |seat: &Seat| seat.state().project().training.clone().expect("a training");
    assert_eq!(training(&seat).problems(seat.state().project()), Vec::<String>::new());
    // Fields are edits of the document, with what is not allowed told.
    set_number(&mut seat, "Target of Rate of Spikes", "40");
    set_number(&mut seat, "Most weights Noise → E", "300");
    set_number(&mut seat, "Generations", "3");
    assert_eq!((training(&seat).epochs, training(&seat).train[0].range), (3, Some((0.0, 300.0))));
    set_number(&mut seat, "Least weights Noise → E", "500");
    seat.get_by_label_contains("the smaller first");
    assert_eq!(training(&seat).train[0].range, Some((0.0, 300.0)));
    let text = project::write(seat.state().project());
    assert!(text.contains(r#"rate(of: "Spikes", target: 40, scale: 5)"#), "{text}");

    click(&mut seat, "Train");
    wait_for_text(&mut seat, "All generations are done");
    assert_eq!(plot_text(&seat, "Loss").split(',').next(), Some("3 generations"));
    seat.get_by_role_and_label(Role::Figure, "Raster of Spikes before training");
    // The network is edited meanwhile: what still fits is kept.
    find(&mut seat, "E");
    set_number(&mut seat, "tau_m", "12");
    seat.get_by_label_contains("The network has been changed since training began");
    click(&mut seat, "Keep trained numbers");
    let project = seat.state().project();
    assert_eq!(project.nodes[1].real("tau_m"), 12.0);
    assert_ne!(project.projections[0].weight.as_real(), Some(100.0));
    click(&mut seat, "Undo");
    set_number(&mut seat, "Number", "3");
    seat.get_by_label_contains("Cannot be kept: E had 20 cells and has 3");
    assert!(!seat.state().enabled(spikeloom::command::Command::KeepTrained));
}

#[test]
fn a_refusal_of_training_is_told_with_its_cure_and_patterns_are_begun_from_the_input() {
    let desk = Desk::new();
    let mut seat = open(
        &desk,
        r#"(
            simulation: (resolution: 1, duration: 30),
            nodes: {
                "In": (model: "spike_generator", n: 2, params: (spike_times: [[5, 9], [20]])),
                "Out": (model: "iaf_psc_exp", n: 2, at: (250, 0)),
                "Spikes": (model: "spike_recorder", at: (500, 0)),
            },
            projections: [(from: "In", to: "Out", weight: 500), (from: "Out", to: "Spikes")],
            views: { 0: (kind: raster, of: ["Spikes"]) },
        )"#,
    );
    press(&mut seat, Modifiers::COMMAND, Key::K);
    type_text(&mut seat, "Show training");
    key(&mut seat, Key::Enter);
    click(&mut seat, "Learn patterns");
    click(&mut seat, "Add present input");
    set_number(&mut seat, "Wanted label", "1");
    set_number(&mut seat, "Learning rate", "-1");
    seat.get_by_label_contains("allowed is above 0");
    click(&mut seat, "Train");
    wait_for_text(&mut seat, "cma_es trains any model");
    let training = seat.state().project().training.clone().expect("a training");
    assert!(training.method.is_gradient() && training.problems(seat.state().project()).is_empty());
    // A document that is closed ends its training; the next one begins without.
    press(&mut seat, Modifiers::COMMAND, Key::N);
    click(&mut seat, "Don't save");
    assert!(seat.query_by_label_contains("cma_es trains any model").is_none());
    assert!(!seat.state().enabled(spikeloom::command::Command::DiscardTrained));
}
