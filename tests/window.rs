//! The whole window with the real engine, used as people use it: by keys, by pointer, by accessible names.

#[allow(dead_code)]
mod desk;
#[path = "window/large.rs"]
mod large;
#[path = "window/models.rs"]
mod models;
#[path = "window/texts.rs"]
mod texts;
#[path = "window/training.rs"]
mod training;

use desk::*;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use spikeloom::window::Window;
use spikeloom_engine::live::Phase;
use spikeloom_engine::project::{self, NodeId, Project};
use spikeloom_engine::recordings::{Frame, Recordings};
use spikeloom_engine::runtime::Simulation;

const NOISY: &str = r#"(
    spikeloom: 1,
    title: "Noise",
    simulation: (duration: 300, seed: 5),
    nodes: {
        "Noise": (model: "poisson_generator", at: (0, 0), params: (rate: 4000)),
        "E": (model: "iaf_psc_exp", n: 20, at: (250, 0)),
        "Spikes": (model: "spike_recorder", at: (500, 0)),
    },
    projections: [
        (from: "Noise", to: "E", weight: 100),
        (from: "E", to: "Spikes"),
    ],
    views: { 1: (kind: raster, title: "Spikes", of: ["Spikes"]) },
)
"#;

/// A window that shows the network of this text.
fn open(desk: &Desk, text: &str) -> Seat {
    let path = desk.file("network.ron");
    std::fs::write(&path, text).unwrap();
    let mut seat = desk.start();
    seat.state_mut().open_file(&path);
    settle(&mut seat);
    assert!(!seat.state().project().nodes.is_empty(), "{:?}", seat.state().messages());
    seat
}

fn node(window: &Window, name: &str) -> NodeId {
    window.project().node_named(name).unwrap_or_else(|| panic!("no node {name}")).id
}

/// Times of the spikes that a recorder has.
fn spikes<'a>(window: &'a Window, recorder: &str) -> &'a [f64] {
    window.recordings().recorder(node(window, recorder)).map_or(&[], |(_, rows)| rows.times.as_slice())
}

/// Adds a node through the search box.
fn add(seat: &mut Seat, words: &str) {
    key(seat, Key::N);
    type_text(seat, words);
    key(seat, Key::Enter);
}

/// Selects a node by its name, without a pointer.
fn find(seat: &mut Seat, name: &str) {
    press(seat, Modifiers::COMMAND, Key::F);
    type_text(seat, name);
    key(seat, Key::Enter);
}

/// Wires two nodes by keys alone.
fn connect(seat: &mut Seat, from: &str, to: &str) {
    find(seat, from);
    key(seat, Key::W);
    type_text(seat, to);
    key(seat, Key::Enter);
}

/// Types into a number of the inspector, without a pointer.
fn set_number(seat: &mut Seat, name: &str, text: &str) {
    seat.get_by_role_and_label(Role::SpinButton, name).focus();
    settle(seat);
    key(seat, Key::Enter);
    press(seat, Modifiers::COMMAND, Key::A);
    type_text(seat, text);
    key(seat, Key::Enter);
}

fn double_click(seat: &mut Seat, at: Pos2) {
    seat.hover_at(at);
    seat.step();
    for pressed in [true, false, true, false] {
        let modifiers = Modifiers::NONE;
        seat.event(Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers });
    }
    settle(seat);
}

/// Runs a project as the command line does.
fn plain_run(project: &Project) -> Recordings {
    let mut simulation = Simulation::build(project, &|_| true).expect("it can be built");
    let steps = (project.simulation.duration / simulation.resolution()).round() as u64;
    simulation.advance(steps).expect("it runs");
    let mut recordings = Recordings::new(simulation.plan().clone());
    let mut frame = Frame::default();
    simulation.take_frame(&mut frame);
    recordings.append(&mut frame);
    recordings
}

#[test]
fn a_network_is_built_and_run_by_keys_alone() {
    let desk = Desk::new();
    let mut seat = desk.start();
    press(&mut seat, Modifiers::COMMAND, Key::N);
    add(&mut seat, "poisson");
    add(&mut seat, "iaf_psc_exp");
    add(&mut seat, "spike_recorder");
    connect(&mut seat, "Poisson", "Neurons");
    connect(&mut seat, "Neurons", "Spikes");
    find(&mut seat, "Poisson");
    set_number(&mut seat, "rate", "8000");
    find(&mut seat, "Neurons");
    set_number(&mut seat, "Number", "10");
    let project = seat.state().project();
    assert_eq!((project.nodes.len(), project.projections.len()), (3, 2));
    assert_eq!(project.nodes[0].real("rate"), 8000.0);
    assert_eq!(project.nodes[1].n, 10);

    assert_eq!(plot_text(&seat, "Raster of Spikes"), "Press play to see spikes");
    key(&mut seat, Key::Space);
    wait_for(&mut seat, "spikes", |w| spikes(w, "Spikes").len() > 100);
    key(&mut seat, Key::Space);
    wait_for(&mut seat, "a pause", |w| w.status().phase == Phase::Paused);
    settle(&mut seat);
    assert!(plot_text(&seat, "Raster of Spikes").ends_with(" spikes"));
}

#[test]
fn a_network_is_drawn_by_pointer_alone() {
    let desk = Desk::new();
    // Tall enough for the whole palette, with frames that follow each other as fast as clicks do.
    let mut seat = desk.start_with(|builder| builder.with_size([1280.0, 3600.0]).with_step_dt(0.03));
    click(&mut seat, "New network");
    let canvas = seat.get_by_label("Network canvas").rect();
    let place = |x: f32| canvas.left_center() + vec2(canvas.width() * x, 0.0);
    let palette = |seat: &Seat, title: &str| seat.get_by_role_and_label(Role::ListItem, title).rect().center();
    for (title, x) in [("Poisson spikes", 0.15), ("Spike recorder", 0.85)] {
        let from = palette(&seat, title);
        drag(&mut seat, from, place(x));
    }
    double_click(&mut seat, place(0.5));
    seat.get_by_label("Integrate-and-fire, alpha currents, iaf_psc_alpha").click();
    settle(&mut seat);
    let port = |seat: &Seat, name: &str| center(seat, &format!("Connect from {name}"));

    // Into a generator goes nothing; the pointer is told why.
    let (from, to) = (port(&seat, "Neurons"), center(&seat, "Poisson, poisson_generator"));
    drag_and_hold(&mut seat, from, to);
    seat.get_by_label("poisson_generator is a generator and takes no input");
    seat.drop_at(to);
    settle(&mut seat);
    assert!(seat.state().project().projections.is_empty());

    let (from, to) = (port(&seat, "Poisson"), center(&seat, "Neurons, iaf_psc_alpha"));
    drag(&mut seat, from, to);
    // A recorder takes the wire from either end.
    for (from, to) in [("Neurons", "Spikes, spike_recorder"), ("Spikes", "Neurons, iaf_psc_alpha")] {
        let (from, to) = (port(&seat, from), center(&seat, to));
        drag(&mut seat, from, to);
        let project = seat.state().project();
        let wire = project.projections.last().expect("a wire");
        assert_eq!(project.projections.len(), 2);
        assert_eq!((wire.from, wire.to), (node(seat.state(), "Neurons"), node(seat.state(), "Spikes")));
        if from.x < to.x {
            click(&mut seat, "Undo");
            assert_eq!(seat.state().project().projections.len(), 1);
        }
    }

    seat.get_by_label("Poisson, poisson_generator").click();
    settle(&mut seat);
    let rail = seat.get_by_role_and_label(Role::Slider, "rate slider").rect();
    let before = seat.state().project().nodes[0].real("rate");
    drag(&mut seat, rail.center(), rail.right_center() - vec2(4.0, 0.0));
    assert!(seat.state().project().nodes[0].real("rate") > before);

    click(&mut seat, "Play or pause");
    wait_for(&mut seat, "spikes", |w| spikes(w, "Spikes").len() > 5);
}

#[test]
fn a_moment_is_kept_and_gone_back_to() {
    let desk = Desk::new();
    let mut seat = desk.start();
    click(&mut seat, "Excitation and inhibition");
    wait_for(&mut seat, "playing", |w| w.status().phase == Phase::Running && w.status().time > 0.0);
    click(&mut seat, "Play or pause");
    wait_for(&mut seat, "a pause", |w| w.status().phase == Phase::Paused);
    seat.key_press_modifiers(Modifiers::COMMAND, Key::R);
    wait_for(&mut seat, "the reset", |w| w.status().phase == Phase::Paused && w.status().time == 0.0);
    let until = |seat: &mut Seat, ms: f64| {
        // In this field typing begins with the focus.
        seat.get_by_role_and_label(Role::SpinButton, "until").focus();
        settle(seat);
        press(seat, Modifiers::COMMAND, Key::A);
        type_text(seat, &ms.to_string());
        key(seat, Key::Enter);
        seat.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
        wait_for(seat, "the end of the run", |w| w.status().phase == Phase::Paused && w.status().time == ms);
        settle(seat);
        spikes(seat.state(), "Spikes").to_vec()
    };
    assert!(!seat.state().enabled(spikeloom::command::Command::GoBack));
    let before = until(&mut seat, 200.0);
    key(&mut seat, Key::K);
    wait_for(&mut seat, "the moment kept", |w| w.status().kept == Some(200.0));
    settle(&mut seat);
    let first = until(&mut seat, 400.0);
    assert!(before.len() > 100 && first.len() > before.len());

    // What was recorded since then goes, and comes again.
    click(&mut seat, "Go back");
    wait_for(&mut seat, "going back", |w| w.status().time == 200.0 && spikes(w, "Spikes").len() == before.len());
    assert_eq!(until(&mut seat, 400.0), first);

    // A weight changed since then stays as it is now.
    key(&mut seat, Key::B);
    wait_for(&mut seat, "going back", |w| w.status().time == 200.0);
    seat.get_by_label("Projection I → E").click_accesskit();
    settle(&mut seat);
    set_number(&mut seat, "weight", "-100");
    let changed = until(&mut seat, 400.0);
    assert_ne!(changed, first);
    assert_eq!(changed[..before.len()], before);
    key(&mut seat, Key::B);
    wait_for(&mut seat, "going back", |w| w.status().time == 200.0);
    assert_eq!(until(&mut seat, 400.0), changed);
}

#[test]
fn a_weight_changes_the_rate_of_the_running_network() {
    let desk = Desk::new();
    let mut seat = open(&desk, NOISY);
    key(&mut seat, Key::Space);
    wait_for(&mut seat, "a second of activity", |w| w.status().time > 1000.0);
    let loud = spikes(seat.state(), "Spikes").len() as f64 / seat.state().status().time;
    seat.get_by_label("Projection Noise → E").click_accesskit();
    settle(&mut seat);
    let before = seat.state().status().time;
    set_number(&mut seat, "weight", "1");
    let told = seat.state().status().time;
    assert!(told >= before, "the clock went back from {before} to {told}");
    wait_for(&mut seat, "another second", |w| w.status().time > told + 1000.0);
    let since = |w: &Window| spikes(w, "Spikes").iter().filter(|&&t| t > told + 100.0).count() as f64;
    let quiet = since(seat.state()) / (seat.state().status().time - told - 100.0);
    assert!(quiet < 0.1 * loud, "{loud} then {quiet} spikes a millisecond");
    assert!(spikes(seat.state(), "Spikes").iter().any(|&t| t < 100.0), "the recordings began anew");
}

#[test]
fn a_larger_population_is_built_anew_and_runs_on() {
    let desk = Desk::new();
    let mut seat = open(&desk, NOISY);
    key(&mut seat, Key::Space);
    wait_for(&mut seat, "some activity", |w| w.status().time > 200.0);
    find(&mut seat, "E");
    set_number(&mut seat, "Number", "40");
    wait_for(&mut seat, "the larger network", |w| w.status().neurons == 40 && w.status().time > 50.0);
    let n = |w: &Window| w.recordings().plan.members_of(node(w, "E")).map(|m| m.n);
    wait_for(&mut seat, "its recordings", |w| n(w) == Some(40) && !spikes(w, "Spikes").is_empty());
    assert_eq!(seat.state().project().projections.len(), 2);
    assert_eq!(seat.state().project().title, "Noise");
}

#[test]
fn undone_redone_saved_and_opened_it_is_the_same_and_runs_as_without_a_window() {
    let desk = Desk::new();
    let mut seat = desk.start();
    click(&mut seat, "New network");
    let empty = seat.state().project().clone();
    for words in ["poisson", "iaf_psc_exp", "spike_recorder"] {
        add(&mut seat, words);
    }
    connect(&mut seat, "Poisson", "Neurons");
    connect(&mut seat, "Neurons", "Spikes");
    find(&mut seat, "Poisson");
    set_number(&mut seat, "rate", "9000");
    let made = seat.state().project().clone();
    for _ in 0..30 {
        press(&mut seat, Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(*seat.state().project(), empty);
    for _ in 0..30 {
        press(&mut seat, Modifiers::COMMAND, Key::Y);
    }
    assert_eq!(*seat.state().project(), made);

    let path = desk.file("made.ron");
    desk.answer(&path);
    press(&mut seat, Modifiers::COMMAND, Key::S);
    press(&mut seat, Modifiers::COMMAND, Key::N);
    assert!(seat.state().project().nodes.is_empty());
    desk.answer(&path);
    press(&mut seat, Modifiers::COMMAND, Key::O);
    assert_eq!(*seat.state().project(), made);

    run_to_end(&mut seat);
    let (read, _) = project::read(&std::fs::read_to_string(&path).unwrap()).expect("a good file");
    let plain = plain_run(&read);
    let window = seat.state().recordings();
    assert!(!plain.rows[0].times.is_empty());
    assert_eq!(window.plan, plain.plan);
    assert_eq!(window.rows, plain.rows);
}

#[test]
fn a_run_that_blows_up_names_the_population_and_loses_nothing() {
    let desk = Desk::new();
    let mut seat = open(&desk, NOISY);
    key(&mut seat, Key::Space);
    wait_for(&mut seat, "spikes", |w| spikes(w, "Spikes").len() > 20);
    seat.get_by_label("Projection Noise → E").click_accesskit();
    settle(&mut seat);
    set_number(&mut seat, "weight", "-1e308");
    wait_for(&mut seat, "a failure", |w| matches!(w.status().phase, Phase::Failed(_)));
    let kept = seat.state().project().clone();
    settle(&mut seat);
    let messages = seat.state().messages();
    assert!(messages.iter().any(|m| m.contains("cannot run. E:") && m.contains("finite")), "{messages:?}");
    assert!(spikes(seat.state(), "Spikes").len() > 20);
    assert_eq!(*seat.state().project(), kept);
}

#[test]
fn a_bad_file_lists_all_that_is_wrong_and_changes_nothing() {
    let desk = Desk::new();
    let mut seat = open(&desk, NOISY);
    let before = seat.state().project().clone();
    let bad = NOISY
        .replace("rate: 4000", "rte: 4000")
        .replace("iaf_psc_exp", "iaf_psc_xep")
        .replace("duration: 300", "duration: -3");
    let path = desk.file("bad.ron");
    std::fs::write(&path, bad).unwrap();
    desk.answer(&path);
    press(&mut seat, Modifiers::COMMAND, Key::O);
    for wrong in ["rte", "iaf_psc_xep", "duration"] {
        assert!(seat.query_all_by_label_contains(wrong).count() > 0, "{wrong} is not listed");
    }
    click(&mut seat, "Close");
    assert_eq!(*seat.state().project(), before);
    assert!(!seat.state().modified());
}

#[test]
fn a_run_without_recorder_offers_one_that_then_records() {
    let desk = Desk::new();
    let mut seat = desk.start();
    click(&mut seat, "New network");
    for words in ["poisson", "iaf_psc_exp"] {
        add(&mut seat, words);
    }
    connect(&mut seat, "Poisson", "Neurons");
    find(&mut seat, "Poisson");
    set_number(&mut seat, "rate", "9000");
    key(&mut seat, Key::Space);
    assert!(seat.state().messages().iter().any(|m| m.contains("no recorder")));
    click(&mut seat, "Record all populations");
    wait_for(&mut seat, "spikes", |w| w.recordings().rows.first().is_some_and(|r| !r.times.is_empty()));
}

#[test]
fn a_silent_network_says_that_it_is_silent() {
    let desk = Desk::new();
    let mut seat = open(&desk, &NOISY.replace("weight: 100", "weight: 0.1").replace("duration: 300", "duration: 1000"));
    run_to_end(&mut seat);
    assert_eq!(plot_text(&seat, "Raster of Spikes"), "Sources are silent (0 spikes in 1,000 ms)");
}

#[test]
fn correlograms_and_states_are_recorded_and_plotted() {
    let desk = Desk::new();
    let text = r#"(
        simulation: (duration: 200, seed: 3),
        nodes: {
            "A": (model: "poisson_generator", params: (rate: 500)),
            "B": (model: "poisson_generator", params: (rate: 500)),
            "Pairs": (model: "correlation_detector"),
            "Binary": (model: "ginzburg_neuron", n: 30, params: (theta: 0)),
            "States": (model: "spin_detector"),
        },
        projections: [
            (from: "A", to: "Pairs"), (from: "B", to: "Pairs", receptor: 1),
            (from: "Binary", to: "States"),
        ],
        views: { 1: (kind: correlogram, of: ["Pairs"]), 2: (kind: states, of: ["States"]) },
    )"#;
    let mut seat = open(&desk, text);
    assert_eq!(plot_text(&seat, "Correlogram of Pairs"), "Press play to see pairs of spikes");
    run_to_end(&mut seat);
    let pairs = |seat: &Seat| {
        let shown = plot_text(seat, "Correlogram of Pairs");
        shown.trim_end_matches(" pairs").replace(',', "").parse::<u32>().unwrap_or_else(|_| panic!("{shown}"))
    };
    let before = pairs(&seat);
    assert!(before > 100);
    let states = plot_text(&seat, "States of States");
    let mean: f64 = states.trim_start_matches("mean state ").parse().unwrap_or_else(|_| panic!("{states}"));
    assert!((0.2..0.8).contains(&mean), "{states}");
    // Another bin begins a new count.
    click(&mut seat, "Settings of Correlogram of Pairs");
    let field = seat.get_by_role_and_label(Role::SpinButton, "Bin (delta_tau)");
    field.focus();
    settle(&mut seat);
    key(&mut seat, Key::ArrowUp);
    assert!(seat.state().project().node_named("Pairs").unwrap().real("delta_tau") > 0.5);
    key(&mut seat, Key::Escape);
    let end = seat.state().status().time;
    key(&mut seat, Key::Space);
    wait_for(&mut seat, "some more time", |w| w.status().time > end + 20.0);
    key(&mut seat, Key::Space);
    wait_for(&mut seat, "a pause", |w| w.status().phase == Phase::Paused);
    settle(&mut seat);
    // However far it has come: as many pairs as that time makes, not those before added to them.
    let expected = f64::from(before) * (seat.state().status().time - end) / 200.0;
    let counted = f64::from(pairs(&seat));
    assert!(counted < expected + f64::from(before) / 2.0, "{counted}, of {before} before and {expected} since");
}

/// A lesson must not wait: `cargo test --release -p spikeloom --test window -- --ignored --nocapture time_from_play`.
#[test]
#[ignore = "a measurement that prints its result"]
fn the_time_from_play_to_the_first_spike_in_a_plot() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../projects/benchmarks/lesson_100.ron"));
    let text = text.unwrap();
    for _ in 0..5 {
        let mut seat = open(&desk, &text);
        wait_for(&mut seat, "a network", |w| w.status().phase == Phase::Paused);
        settle(&mut seat);
        let played = std::time::Instant::now();
        seat.key_press(Key::Space);
        seat.step();
        let shown = |seat: &Seat| plot_text(seat, "Raster of Spikes");
        while !shown(&seat).starts_with(|c: char| ('1'..='9').contains(&c)) {
            std::thread::sleep(std::time::Duration::from_millis(1));
            seat.step();
        }
        let passed = played.elapsed().as_secs_f64();
        let first = spikes(seat.state(), "Spikes").first().copied().unwrap_or(f64::NAN);
        println!("{:.0} ms from play to {}, the first at {first} ms", 1e3 * passed, shown(&seat));
    }
}

/// One neuron that gets two spikes, a voltmeter on it, and nothing that says how it plays.
const LISTED: &str = r#"(
    spikeloom: 1,
    simulation: (duration: 40),
    nodes: {
        "Pulse": (model: "spike_generator", at: (0, 0), params: (spike_times: [5, 9])),
        "Neuron": (model: "iaf_psc_alpha", at: (250, 0)),
        "Meter": (model: "voltmeter", at: (500, 0), params: (interval: 0.1)),
    },
    projections: [(from: "Pulse", to: "Neuron", weight: 300), (from: "Meter", to: "Neuron")],
)
"#;

/// Chooses what happens at the duration, from the menu beside it.
fn choose_play(seat: &mut Seat, now: &str, wanted: &str) {
    click(seat, now);
    click(seat, wanted);
}

#[test]
fn a_network_of_listed_stimuli_is_offered_to_stop_and_stops() {
    let desk = Desk::new();
    let mut seat = open(&desk, LISTED);
    // Slow enough that the end is not passed before it is asked for.
    click(&mut seat, "Speed 1×");
    click(&mut seat, "0.01×");
    key(&mut seat, Key::Space);
    assert!(
        seat.state().messages().iter().any(|m| m.contains("After 9.0 ms no stimulus follows")),
        "it goes on for ever"
    );
    click(&mut seat, "Play once");
    click(&mut seat, "Speed 0.01×");
    click(&mut seat, "unlimited");
    wait_for(&mut seat, "the end", |w| w.status().phase == Phase::Paused && w.status().time >= 40.0 - 1e-6);
    assert_eq!(seat.state().project().simulation.play, project::Play::Once);
    settle(&mut seat);
    let recorded = seat.state().recordings().bytes();
    // Slow enough that the new run is seen.
    click(&mut seat, "Speed unlimited");
    click(&mut seat, "0.01×");
    key(&mut seat, Key::Space);
    wait_for(&mut seat, "a new run", |w| w.status().time < 39.0);
    click(&mut seat, "Speed 0.01×");
    click(&mut seat, "unlimited");
    wait_for(&mut seat, "its end", |w| w.status().phase == Phase::Paused && w.status().time >= 40.0 - 1e-6);
    settle(&mut seat);
    assert_eq!(seat.state().recordings().bytes(), recorded, "played once more from zero");
    assert!(seat.state().status().time < 40.1);
    press(&mut seat, Modifiers::COMMAND, Key::Z);
    assert_eq!(seat.state().project().simulation.play, project::Play::Endless, "it can be undone");
}

#[test]
fn trials_follow_each_other_with_the_same_seed_or_the_next() {
    let desk = Desk::new();
    let mut seat = open(&desk, NOISY);
    click(&mut seat, "Speed 1×");
    click(&mut seat, "unlimited");
    choose_play(&mut seat, "then goes on", "Play again and again");
    key(&mut seat, Key::Space);
    wait_for(&mut seat, "three trials", |w| w.past_trials().count() >= 3);
    let trains = |w: &Window, recorder: NodeId| -> Vec<Vec<f64>> {
        w.past_trials().map(|r| r.recorder(recorder).unwrap().1.times.clone()).collect()
    };
    let recorder = node(seat.state(), "Spikes");
    let same = trains(seat.state(), recorder);
    assert!(same[0].len() > 20 && same.iter().all(|train| *train == same[0]), "one seed, one result");
    choose_play(&mut seat, "then repeats", "Play again with the next seed");
    click(&mut seat, "Reset");
    assert_eq!(seat.state().past_trials().count(), 0);
    key(&mut seat, Key::Space);
    wait_for(&mut seat, "three trials", |w| w.past_trials().count() >= 3);
    key(&mut seat, Key::Space);
    let next = trains(seat.state(), recorder);
    assert!(next[0] != next[1] && next[1] != next[2]);
    let first = next.last().filter(|_| next.len() < 8).unwrap_or(&same[0]);
    assert_eq!(*first, same[0], "the first trial has the seed of the file");
    let mut second = seat.state().project().clone();
    second.simulation.seed += 1;
    let mut simulation = Simulation::build(&second, &|_| true).unwrap();
    simulation.advance(3000).unwrap();
    let mut frame = Frame::default();
    simulation.take_frame(&mut frame);
    let seen = if next.len() < 8 { &next[next.len() - 2] } else { &frame.rows[0].times };
    assert_eq!(*seen, frame.rows[0].times, "a trial is the run that the next seed in the file would give");
    assert!(plot_text(&seat, "Raster of Spikes").contains("spike"), "{}", plot_text(&seat, "Raster of Spikes"));
}

#[test]
fn a_file_without_views_shows_what_it_records_and_stays_as_it_is() {
    let desk = Desk::new();
    let mut seat = open(&desk, LISTED);
    run_to_end(&mut seat);
    assert_eq!(plot_text(&seat, "Traces of Meter"), "V_m of 1 cell");
    assert!(!seat.state().modified());
    assert!(!project::write(seat.state().project()).contains("views"), "a plot that nobody has touched is not written");
    click(&mut seat, "Close Traces of Meter");
    assert!(seat.state().project().views.is_empty());
    let text = project::write(seat.state().project());
    assert!(text.contains("views: {}"), "{text}");
    let (again, _) = project::read(&text).unwrap();
    assert!(!again.default_views, "what was closed stays closed");
    press(&mut seat, Modifiers::COMMAND, Key::Z);
    click(&mut seat, "Settings of Traces of Meter");
    click(&mut seat, "All up to 50");
    assert!(project::write(seat.state().project()).contains("kind: traces"), "what has been changed is written");
}

#[test]
fn reset_gives_the_time_axis_its_first_width() {
    let desk = Desk::new();
    let mut seat = open(&desk, NOISY);
    run_to_end(&mut seat);
    click(&mut seat, "Speed 1×");
    click(&mut seat, "unlimited");
    key(&mut seat, Key::Space);
    wait_for(&mut seat, "five seconds", |w| w.status().time > 5000.0);
    key(&mut seat, Key::Space);
    settle(&mut seat);
    click(&mut seat, "Show all");
    click(&mut seat, "Follow");
    assert!(seat.query_by_label("0 to 300 ms").is_none());
    click(&mut seat, "Reset");
    assert!(seat.query_by_label("0 to 300 ms").is_some(), "the whole of a run of 300 ms");
}

#[test]
fn a_run_of_a_network_that_was_changed_says_so() {
    let desk = Desk::new();
    let mut seat = open(&desk, NOISY);
    run_to_end(&mut seat);
    assert!(!plot_text(&seat, "Raster of Spikes").contains("previous run"));
    find(&mut seat, "E");
    set_number(&mut seat, "Number", "30");
    wait_for(&mut seat, "the new network", |w| w.status().neurons >= 30 && w.status().time == 0.0);
    settle(&mut seat);
    assert!(plot_text(&seat, "Raster of Spikes").ends_with("previous run"), "{}", plot_text(&seat, "Raster of Spikes"));
    assert!(seat.query_by_label_contains("Previous run").is_some());
    run_to_end(&mut seat);
    assert!(!plot_text(&seat, "Raster of Spikes").contains("previous run"));
}

#[test]
fn a_weight_recorder_counts_as_recording() {
    let desk = Desk::new();
    let text = NOISY
        .replace("(from: \"E\", to: \"Spikes\"),", "(from: \"E\", to: \"E\", weight: 1, weight_recorder: \"Spikes\"),");
    let text = text.replace("spike_recorder", "weight_recorder").replace("kind: raster", "kind: weights");
    let mut seat = open(&desk, &text);
    key(&mut seat, Key::Space);
    settle(&mut seat);
    let told = seat.state().messages().join(" ");
    assert!(!told.contains("Nothing is recorded"), "{told}");
}

#[test]
fn coarse_samples_of_an_upstroke_are_mended_by_one_click() {
    let desk = Desk::new();
    let text =
        LISTED.replace("iaf_psc_alpha", "hh_psc_alpha").replace("params: (interval: 0.1)", "params: (interval: 1)");
    let mut seat = open(&desk, &text);
    let interval = |seat: &Seat| seat.state().project().node_named("Meter").unwrap().real("interval");
    run_to_end(&mut seat);
    assert!(seat.query_by_label_contains("peaks of spikes are missed").is_some());
    click(&mut seat, "Sample every 0.1 ms");
    assert_eq!(interval(&seat), 0.1);
    assert!(seat.query_by_label_contains("peaks of spikes are missed").is_none());
    press(&mut seat, Modifiers::COMMAND, Key::Z);
    assert_eq!(interval(&seat), 1.0, "one step");
}

#[test]
fn a_voltmeter_made_for_one_cell_samples_every_step() {
    let desk = Desk::new();
    let mut seat = desk.start();
    click(&mut seat, "New network");
    add(&mut seat, "iaf_psc_alpha");
    add(&mut seat, "voltmeter");
    let names: Vec<String> = seat.state().project().nodes.iter().map(|n| n.name.clone()).collect();
    connect(&mut seat, &names[1], &names[0]);
    let meter = &seat.state().project().nodes[1];
    assert_eq!(meter.params.get("interval"), Some(&spikeloom_engine::description::Value::Real(0.1)));
}

#[test]
fn each_population_has_its_statistics_beside_its_plot_and_in_the_inspector() {
    let desk = Desk::new();
    let mut seat = open(&desk, NOISY);
    run_to_end(&mut seat);
    let activity = &spikeloom_engine::analysis::activities(seat.state().project(), seat.state().recordings(), 300.0)[0];
    let line = format!("{:.1} spikes/s, CV {:.2}", activity.rate.unwrap(), activity.cv.unwrap());
    assert!(seat.query_by_label(&format!("E: {line}")).is_some(), "{line}");
    find(&mut seat, "E");
    assert!(seat.query_all_by_label_contains(&line).count() >= 2, "in the inspector, too");
}

#[test]
fn a_plot_is_exported_as_a_picture_of_the_scale_that_was_chosen() {
    let desk = Desk::new();
    let mut seat = open(&desk, NOISY);
    run_to_end(&mut seat);
    let sizes: Vec<(u32, u32)> = ["1×", "2×"]
        .into_iter()
        .map(|scale| {
            let path = desk.file(&format!("{scale}.png"));
            desk.answer(&path);
            click(&mut seat, "Export Raster of Spikes");
            click(&mut seat, scale);
            click(&mut seat, "Export picture (PNG)…");
            settle(&mut seat);
            let picture = image::open(&path).unwrap_or_else(|e| panic!("{e}: {:?}", seat.state().messages())).to_rgb8();
            assert!(picture.get_pixel(2, 2).0.iter().all(|c| *c > 200), "a light ground");
            picture.dimensions()
        })
        .collect();
    assert_eq!((2 * sizes[0].0, 2 * sizes[0].1), sizes[1]);
    assert!(sizes[0].0 > 500, "{sizes:?}");
}
