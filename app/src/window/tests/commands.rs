//! Commands, keys and menus.

use super::*;

#[test]
fn keys_undo_and_redo() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert!(names(&window).is_empty());
    press(&mut window, Modifiers::COMMAND, Key::Y);
    assert_eq!(names(&window), ["A"]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    press(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(names(&window), ["A"]);
    click(&mut window, "Undo");
    assert!(names(&window).is_empty());
}

#[test]
fn keys_are_off_while_typing() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("M"));
    select_all(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::F);
    press(&mut window, Modifiers::NONE, Key::M);
    press(&mut window, Modifiers::NONE, Key::Delete);
    press(&mut window, Modifiers::NONE, Key::Space);
    let node = &window.state().project().nodes[0];
    assert!(!node.muted);
    assert!(!window.state().session.is_playing());
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("Search nodes").is_none());
    press(&mut window, Modifiers::NONE, Key::M);
    assert!(window.state().project().nodes[0].muted);
}

#[test]
fn the_command_list_finds_and_runs_a_command() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    press(&mut window, Modifiers::COMMAND, Key::K);
    window.event(Event::Text("select all".into()));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().selection().nodes.len(), 1);
    assert!(window.query_by_label("Search commands").is_none());
}

#[test]
fn the_command_list_knows_other_words_for_a_command() {
    let desk = Desk::new();
    let mut window = desk.blank();
    let dark = window.ctx.theme() == egui::Theme::Dark;
    press(&mut window, Modifiers::COMMAND, Key::K);
    window.event(Event::Text("theme".into()));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().settings.dark, Some(!dark));
}

#[test]
fn the_command_list_adds_models_opens_examples_and_arranges() {
    let desk = Desk::new();
    let mut window = desk.blank();
    for words in ["electrode", "add poisson", "spike detector", "iaf_psc_alpha"] {
        command_by_words(&mut window, words);
    }
    let models: Vec<_> = window.state().project().nodes.iter().map(|n| n.model.name).collect();
    assert_eq!(models, ["dc_generator", "poisson_generator", "spike_recorder", "iaf_psc_alpha"]);
    let places = |window: &Harness<'_, Window>| -> Vec<_> {
        window.state().project().nodes.iter().map(|n| n.position.map(f32::to_bits)).collect()
    };
    edit(&mut window, Edit::new("Pile up", |p| p.nodes.iter_mut().for_each(|n| n.position = [5.0, 5.0])));
    let piled = places(&window);
    command_by_words(&mut window, "tidy up");
    assert_ne!(places(&window), piled);
    assert_eq!(window.state().document.undo_label(), Some("Arrange"));
    desk.answers.give(desk.file("mine"));
    press(&mut window, Modifiers::COMMAND, Key::S);
    command_by_words(&mut window, "open example hodgkin");
    assert!(window.state().project().title.contains("Hodgkin"), "{}", window.state().project().title);
}

#[test]
fn what_context_menus_offer_can_be_commanded() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    select_all(&mut window);
    let wires = |window: &Harness<'_, Window>| window.state().project().projections.len();
    command_by_words(&mut window, "connect to itself");
    assert_eq!(wires(&window), 1);
    let weight = window.state().project().projections[0].weight.typical();
    command_by_words(&mut window, "make inhibitory");
    assert_eq!(window.state().project().projections[0].weight.typical(), -weight);
    for words in ["record spikes", "record potential", "record with multimeter"] {
        let a = Selection::node(window.state().project().node_named("A").unwrap().id);
        window.state_mut().document.select(a);
        command_by_words(&mut window, words);
    }
    assert_eq!((wires(&window), window.state().project().nodes.len()), (4, 4));
    let seed = window.state().project().simulation.seed;
    command_by_words(&mut window, "new seed");
    assert_ne!(window.state().project().simulation.seed, seed);
}

#[test]
fn everything_that_is_offered_stands_in_a_menu() {
    let desk = Desk::new();
    let window = desk.blank();
    let entries = window.state().entries();
    // Models stand in the palette, examples on the start page, speeds in the top bar, exports at the plots.
    let shown = |what| {
        use entries::Offered::{Example, Export, Model, Speed};
        matches!(what, Model(_) | Example(_) | Speed(_) | Export(..))
    };
    assert!(entries.iter().all(|entry| !entry.menus.is_empty() || shown(entry.what)));
    for panel in ["Palette", "Inspector", "Plots"] {
        assert!(entries.iter().any(|entry| entry.what == entries::Offered::Panel(panel)), "{panel}");
    }
}

#[test]
fn nodes_are_arranged_aligned_and_distributed_by_commands() {
    let desk = Desk::new();
    let mut window = desk.blank();
    for name in ["A", "B", "C"] {
        edit(&mut window, add(name));
    }
    let places = |window: &Harness<'_, Window>| -> Vec<[f32; 2]> {
        window.state().project().nodes.iter().map(|n| n.position).collect()
    };
    let start = places(&window);
    for command in [Command::AlignRow, Command::DistributeColumn] {
        assert!(!window.state().enabled(command), "{command:?} needs a selection");
    }
    press(&mut window, Modifiers::COMMAND, Key::K);
    window.event(Event::Text("arrange".into()));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let arranged = places(&window);
    assert_ne!(arranged, start);
    assert_eq!(window.state().text_now(Command::Undo).as_deref(), Some("Undo Arrange"));
    select_all(&mut window);
    run(&mut window, Command::AlignColumn);
    let column = places(&window);
    assert!(column.iter().all(|at| at[0] == column[0][0]), "{column:?}");
    run(&mut window, Command::AlignRow);
    let row = places(&window);
    assert!(row.iter().all(|at| at[1] == row[0][1]), "{row:?}");
    for _ in 0..3 {
        run(&mut window, Command::Undo);
    }
    assert_eq!(places(&window), start, "each is one step that can be taken back");
}

#[test]
fn the_overview_is_switched_in_the_view_menu_and_stays_so() {
    let desk = Desk::new();
    let mut window = desk.blank();
    click(&mut window, "View");
    click(&mut window, "Hide overview");
    assert!(!window.state().settings.overview);
    drop(window);
    let mut window = desk.start();
    click(&mut window, "New network");
    click(&mut window, "View");
    click(&mut window, "Show overview");
    assert!(window.state().settings.overview);
}

#[test]
fn help_lists_every_key() {
    let desk = Desk::new();
    let mut window = desk.blank();
    press(&mut window, Modifiers::NONE, Key::F1);
    for command in Command::ALL.iter().filter(|c| !c.shortcuts().is_empty()) {
        assert!(window.query_all_by_label(command.text().1).count() > 0, "{command:?}");
    }
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.query_by_label("Keys and gestures").is_none());
}

#[test]
fn theme_and_panels_are_remembered() {
    let desk = Desk::new();
    let mut window = desk.blank();
    run(&mut window, Command::ToggleTheme);
    act(&mut window, Action::TogglePanel("Palette"));
    press(&mut window, Modifiers::COMMAND, Key::Minus);
    let settings = window.state().settings.clone();
    assert!((settings.zoom - 0.9).abs() < 1e-6);
    drop(window);
    let window = desk.start();
    assert_eq!(window.state().settings, settings);
}

#[test]
fn every_command_can_be_given_at_any_time() {
    let desk = Desk::new();
    for with_node in [false, true] {
        let mut window = desk.blank();
        if with_node {
            edit(&mut window, add("A"));
            select_all(&mut window);
        }
        for entry in window.state().entries() {
            act(&mut window, entry.what);
            window.state_mut().overlay = None;
        }
    }
}
