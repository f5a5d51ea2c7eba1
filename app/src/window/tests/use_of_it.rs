//! Running, copying and pasting, notes.

use super::*;

#[test]
fn space_plays_and_pauses_unless_it_pans() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    press(&mut window, Modifiers::NONE, Key::Space);
    assert!(window.state().session.is_playing());
    press(&mut window, Modifiers::NONE, Key::Space);
    assert!(!window.state().session.is_playing());
    window.key_down(Key::Space);
    window.drag_at(egui::pos2(600.0, 250.0));
    window.step();
    window.drop_at(egui::pos2(640.0, 260.0));
    window.step();
    window.key_up(Key::Space);
    settle(&mut window);
    assert!(!window.state().session.is_playing());
}

#[test]
fn playing_without_a_recorder_offers_to_record() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    click(&mut window, "Play or pause");
    click(&mut window, "Record all populations");
    let project = window.state().project();
    assert!(project.is_recorded());
    assert_eq!(project.views.len(), 2);
}

#[test]
fn the_start_page_opens_and_runs_an_example() {
    let desk = Desk::new();
    let mut window = desk.start();
    let (title, _) = &crate::examples::titles()[0];
    click(&mut window, title);
    assert!(!names(&window).is_empty());
    assert!(window.state().session.is_playing());
    assert!(!window.state().modified());
    assert!(window.state().path().is_none());
}

#[test]
fn a_running_example_records_and_reset_forgets() {
    let desk = Desk::new();
    let mut window = desk.start();
    let (title, _) = &crate::examples::titles()[0];
    click(&mut window, title);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while window.state().recordings().bytes() == 0 {
        assert!(std::time::Instant::now() < deadline, "nothing was recorded: {:?}", window.state().status());
        window.step();
    }
    press(&mut window, Modifiers::COMMAND, Key::R);
    assert_eq!(window.state().recordings().bytes(), 0);
    assert!(!window.state().session.is_playing());
}

#[test]
fn copied_text_is_pasted_and_other_text_refused() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    press(&mut window, Modifiers::COMMAND, Key::A);
    let text = crate::clipboard::copy(window.state().project(), window.state().selection()).unwrap();
    window.event(Event::Paste(text));
    settle(&mut window);
    assert_eq!(names(&window), ["A", "A 2"]);
    assert_eq!(window.state().selection().nodes.len(), 1);
    window.event(Event::Paste("Lorem ipsum".into()));
    settle(&mut window);
    assert_eq!(names(&window).len(), 2);
    assert!(window.state().messages().iter().any(|m| m.contains("does not hold a network")));
    window.event(Event::Cut);
    settle(&mut window);
    assert_eq!(names(&window), ["A"]);
}

#[test]
fn a_whole_network_is_pasted_wherever_and_keeps_all_it_has() {
    let desk = Desk::new();
    let mut window = desk.start();
    let text = r#"(
        title: "Shared", about: "What a friend has sent",
        nodes: {
            "Noise": (model: "poisson_generator"),
            "E": (model: "iaf_psc_alpha", n: 5, at: (200, 0)),
            "Spikes": (model: "spike_recorder", at: (400, 0)),
        },
        projections: [(from: "Noise", to: "E"), (from: "E", to: "Spikes")],
        views: { 1: (kind: raster, of: ["Spikes"]) },
        notes: [(at: (0, 100), text: "Look")],
        knobs: { "drive": (range: (0, 10), turns: [parameter(of: "Noise", name: "rate")]) },
    )"#;
    window.event(Event::Paste(text.into()));
    settle(&mut window);
    let shared = window.state().project().clone();
    assert_eq!(
        (shared.title.as_str(), shared.knobs.len(), shared.views.len(), shared.notes.len()),
        ("Shared", 1, 1, 1)
    );
    assert!(window.state().modified(), "no file holds it");

    // All of it goes into the clipboard and comes out again, in a new document.
    let copied = |window: &Harness<'_, Window>| {
        let commands = &window.output().platform_output.commands;
        commands.iter().find_map(|c| match c {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    };
    press(&mut window, Modifiers::COMMAND, Key::K);
    window.event(Event::Text("copy network as text".into()));
    settle(&mut window);
    // One event alone, since what a frame gives out is replaced by the next one, which a released key would bring.
    let (key, modifiers) = (Key::Enter, Modifiers::NONE);
    let enter = Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
    window.event(enter);
    let copy = (0..6).find_map(|_| {
        window.step();
        copied(&window)
    });
    let copy = copy.expect("a text in the clipboard");
    settle(&mut window);
    run(&mut window, Command::New);
    click(&mut window, "Don't save");
    edit(&mut window, add("A"));
    window.event(Event::Paste(copy));
    settle(&mut window);
    click(&mut window, "Don't save");
    assert_eq!(*window.state().project(), shared);
}

#[test]
fn the_first_node_stays_where_it_was_put() {
    let desk = Desk::new();
    let mut window = desk.blank();
    let canvas = window.get_by_label("Network canvas").rect();
    let at = canvas.left_top() + egui::vec2(120.0, 90.0);
    window.hover_at(at);
    window.run_steps(2);
    press(&mut window, Modifiers::NONE, Key::N);
    window.event(Event::Text("parrot".into()));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.run_steps(60);
    let put = window.get_by_label("Parrot, parrot_neuron").rect().center();
    assert!((put - at).length() < 15.0, "{put:?} is not at {at:?}");
}

#[test]
fn a_note_is_written_changed_moved_and_deleted_on_the_canvas() {
    let desk = Desk::new();
    let mut window = desk.blank();
    let texts = |window: &Harness<'_, Window>| -> Vec<String> {
        window.state().project().notes.iter().map(|n| n.text.clone()).collect()
    };
    command_by_words(&mut window, "add note");
    window.get_by_label("Text of note").type_text("What to try first");
    settle(&mut window);
    assert!(texts(&window).is_empty(), "it is in the document once it is written");
    let canvas = window.get_by_label("Network canvas").rect();
    let aside = canvas.left_bottom() + egui::vec2(20.0, -20.0);
    let click_at = |window: &mut Harness<'_, Window>, at: egui::Pos2| {
        window.hover_at(at);
        window.step();
        for pressed in [true, false] {
            let modifiers = Modifiers::NONE;
            let button = egui::PointerButton::Primary;
            window.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        }
        settle(window);
    };
    click_at(&mut window, aside);
    assert_eq!(texts(&window), ["What to try first"]);

    let before = window.state().project().notes[0].position;
    let from = window.get_by_label("Note: What to try first").rect().center();
    window.hover_at(from);
    window.step();
    window.drag_at(from);
    window.hover_at(from + egui::vec2(30.0, 10.0));
    window.step();
    window.hover_at(from + egui::vec2(60.0, 20.0));
    settle(&mut window);
    window.drop_at(from + egui::vec2(60.0, 20.0));
    settle(&mut window);
    assert_ne!(window.state().project().notes[0].position, before);
    run(&mut window, Command::Undo);
    assert_eq!(window.state().project().notes[0].position, before, "a drag is one step");

    window.get_by_label("Note: What to try first").click();
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::A);
    window.get_by_label("Text of note").type_text("Then this");
    settle(&mut window);
    click_at(&mut window, aside);
    assert_eq!(texts(&window), ["Then this"]);
    window.get_by_label("Note: Then this").click();
    settle(&mut window);
    click(&mut window, "Delete note");
    assert!(texts(&window).is_empty());
    run(&mut window, Command::Undo);
    assert_eq!(texts(&window), ["Then this"]);
}

#[test]
fn an_idle_window_asks_for_no_frames() {
    let desk = Desk::new();
    let mut window = desk.blank();
    let delay = |window: &Harness<'_, Window>| window.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    // The engine's thread may have a last word when the machine is busy; then nothing may ask any more.
    let mut quiet = 0;
    while quiet < 20 {
        assert!(std::time::Instant::now() < deadline, "{:?} {:?}", delay(&window), window.state().status().phase);
        window.step();
        let idle = delay(&window) == std::time::Duration::MAX && !window.state().session.is_busy();
        quiet = if idle { quiet + 1 } else { 0 };
    }
}

#[test]
fn what_is_selected_can_be_looked_at_while_it_runs() {
    use egui_kittest::kittest::NodeT as _;
    let desk = Desk::new();
    let mut window = desk.start();
    let (title, _) = &crate::examples::titles()[0];
    click(&mut window, title);
    let neuron = window.state().project().nodes.iter().find(|n| n.model.is_neuron()).expect("a neuron").id;
    window.state_mut().document.select(crate::action::Selection::node(neuron));
    settle(&mut window);
    window.get_by_label("At this moment").click_accesskit();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let mut shown = std::collections::BTreeSet::new();
    while shown.len() < 3 {
        assert!(std::time::Instant::now() < deadline, "no potential that changes: {shown:?}");
        window.step();
        let potentials = window.query_all_by_label_contains("V_m −").filter_map(|label| label.accesskit_node().value());
        // The statistics of the run tell a spread, too.
        shown.extend(potentials.filter(|text| !text.contains('±')));
    }
}

/// The speed of play is the session's; the file says the one at first.
#[test]
fn a_file_says_at_which_speed_it_is_played() {
    let desk = Desk::new();
    let path = desk.file("slow.ron");
    let text = r#"(simulation: (speed: 0.1), nodes: { "A": (model: "iaf_psc_alpha", params: (I_e: 400)) })"#;
    std::fs::write(&path, text).unwrap();
    let mut window = desk.start();
    window.state_mut().open_file(&path);
    settle(&mut window);
    let speed = |window: &Harness<'_, Window>| {
        (window.state().session.speed_limit(), window.state().project().simulation.speed)
    };
    assert_eq!(speed(&window), (Some(0.1), 0.1));
    click(&mut window, "Speed 0.1×");
    click(&mut window, "2×");
    assert_eq!(speed(&window), (Some(2.0), 0.1), "for this session");
    click(&mut window, "Speed 2×");
    click(&mut window, "Open at 2×");
    assert_eq!(speed(&window), (Some(2.0), 2.0));
    run(&mut window, Command::Undo);
    assert_eq!(speed(&window), (Some(0.1), 0.1), "what the document says anew holds");
}
