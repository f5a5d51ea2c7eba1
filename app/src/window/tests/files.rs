//! Files are opened, saved, recovered and exported.

use super::*;

#[test]
fn a_network_is_saved_and_opened_again() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    assert!(window.state().modified());
    desk.answers.give(desk.file("mine"));
    press(&mut window, Modifiers::COMMAND, Key::S);
    assert_eq!(window.state().path(), Some(desk.file("mine.ron").as_path()));
    assert!(!window.state().modified());
    edit(&mut window, add("B"));
    press(&mut window, Modifiers::COMMAND, Key::S);

    press(&mut window, Modifiers::COMMAND, Key::N);
    assert!(names(&window).is_empty());
    desk.answers.give(desk.file("mine.ron"));
    press(&mut window, Modifiers::COMMAND, Key::O);
    assert_eq!(names(&window), ["A", "B"]);
    assert!(!window.state().modified());
}

#[test]
fn two_windows_on_one_file_do_not_overwrite_each_other_without_a_word() {
    let desk = Desk::new();
    let mut mine = desk.blank();
    edit(&mut mine, add("A"));
    desk.answers.give(desk.file("shared.ron"));
    press(&mut mine, Modifiers::COMMAND, Key::S);
    let mut other = desk.start();
    other.state_mut().open_file(&desk.file("shared.ron"));
    settle(&mut other);
    edit(&mut other, add("theirs"));
    press(&mut other, Modifiers::COMMAND, Key::S);
    let theirs = std::fs::read_to_string(desk.file("shared.ron")).unwrap();

    edit(&mut mine, add("B"));
    press(&mut mine, Modifiers::COMMAND, Key::S);
    let here = || std::fs::read_to_string(desk.file("shared.ron")).unwrap();
    assert_eq!(here(), theirs, "asked first");
    click(&mut mine, "Cancel");
    assert!(mine.state().modified());
    press(&mut mine, Modifiers::COMMAND, Key::S);
    desk.answers.give(desk.file("mine.ron"));
    click(&mut mine, "Save under another name…");
    assert_eq!(here(), theirs);
    assert_eq!(mine.state().path(), Some(desk.file("mine.ron").as_path()));

    // Coming back to a window whose file was changed meanwhile.
    mine.state_mut().open_file(&desk.file("shared.ron"));
    settle(&mut mine);
    edit(&mut other, add("more"));
    press(&mut other, Modifiers::COMMAND, Key::S);
    assert_eq!(names(&mine), ["A", "theirs"]);
    mine.event(egui::Event::WindowFocused(true));
    settle(&mut mine);
    click(&mut mine, "Read it again");
    assert_eq!(names(&mine), ["A", "theirs", "more"]);
    mine.event(egui::Event::WindowFocused(true));
    settle(&mut mine);
    assert!(mine.query_by_label("Read it again").is_none(), "nothing new");

    edit(&mut other, add("again"));
    press(&mut other, Modifiers::COMMAND, Key::S);
    edit(&mut mine, add("C"));
    press(&mut mine, Modifiers::COMMAND, Key::S);
    click(&mut mine, "Replace it");
    assert!(!mine.state().modified() && here().contains("C") && !here().contains("again"));
}

#[test]
fn saving_an_unchanged_file_keeps_its_comments() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    let text = format!("// A comment of the author\n{}", spikeloom_engine::project::write(window.state().project()));
    let path = desk.file("commented.ron");
    std::fs::write(&path, &text).unwrap();
    window.state_mut().open_file(&path);
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::S);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn unsaved_changes_are_asked_about() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    press(&mut window, Modifiers::COMMAND, Key::N);
    assert_eq!(names(&window), ["A"]);
    click(&mut window, "Cancel");
    assert_eq!(names(&window), ["A"]);

    press(&mut window, Modifiers::COMMAND, Key::N);
    desk.answers.give(desk.file("kept.ron"));
    click(&mut window, "Save");
    assert!(desk.file("kept.ron").exists());
    assert!(names(&window).is_empty());

    edit(&mut window, add("B"));
    press(&mut window, Modifiers::COMMAND, Key::N);
    click(&mut window, "Don't save");
    assert!(names(&window).is_empty());
    assert!(window.state().path().is_none());
}

#[test]
fn closing_with_unsaved_changes_asks_first() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    let close = |window: &mut Harness<'_, Window>| {
        let root = egui::ViewportId::ROOT;
        if let Some(info) = window.input_mut().viewports.get_mut(&root) {
            info.events.push(egui::ViewportEvent::Close);
        }
        window.step();
        window.run_steps(2);
    };
    close(&mut window);
    assert!(window.query_by_label("Save changes to Unnamed?").is_some());
    assert!(window.state().autosave.is_some());
}

#[test]
fn unsaved_work_is_offered_after_a_crash() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    // Time passes until the autosave is due; a frame takes a quarter of a second here.
    window.run_steps(30);
    window.state().autosave.as_ref().unwrap().flush();
    drop(window);

    let mut window = desk.start();
    assert!(window.query_by_label("Unsaved work was found").is_some());
    click(&mut window, "Recover");
    assert_eq!(names(&window), ["A"]);
    assert!(window.state().modified());
    assert!(window.query_by_label("Unsaved work was found").is_none());

    // It is not offered while a window has it open, but again after another crash.
    let other = desk.start();
    assert!(other.query_by_label("Unsaved work was found").is_none());
    drop(other);
    drop(window);
    let mut window = desk.start();
    click(&mut window, "Discard");
    drop(window);
    assert!(desk.start().query_by_label("Unsaved work was found").is_none());
}

#[test]
fn saved_work_is_not_offered_again() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    window.run_steps(30);
    desk.answers.give(desk.file("a.ron"));
    press(&mut window, Modifiers::COMMAND, Key::S);
    window.state().autosave.as_ref().unwrap().flush();
    drop(window);
    assert!(desk.start().query_by_label("Unsaved work was found").is_none());
}

#[test]
fn a_bad_file_lists_every_problem_and_changes_nothing() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    let text = spikeloom_engine::project::write(window.state().project()).replace("iaf_psc_alpha", "iaf_psc_alhpa");
    let path = desk.file("bad.ron");
    std::fs::write(&path, text).unwrap();
    window.state_mut().open_file(&path);
    settle(&mut window);
    assert!(window.query_by_label("bad.ron could not be opened").is_some());
    assert!(window.query_by_label_contains("iaf_psc_alhpa").is_some());
    assert!(window.query_by_label_contains("line ").is_some());
    click(&mut window, "Close");
    assert_eq!(names(&window), ["A"]);
}

#[test]
fn a_network_that_cannot_run_yet_is_opened_to_be_put_right() {
    let desk = Desk::new();
    let mut window = desk.blank();
    let mut unfinished = add("A");
    let change = unfinished.change;
    unfinished.change = Box::new(|p| {
        change(p);
        p.nodes[0].params.insert("V_reset".into(), spikeloom_engine::description::Value::Real(0.0));
    });
    edit(&mut window, unfinished);
    desk.answers.give(desk.file("unfinished.ron"));
    press(&mut window, Modifiers::COMMAND, Key::S);
    press(&mut window, Modifiers::COMMAND, Key::N);
    desk.answers.give(desk.file("unfinished.ron"));
    press(&mut window, Modifiers::COMMAND, Key::O);
    assert!(window.query_by_label("unfinished.ron could not be opened").is_some());
    assert!(names(&window).is_empty());
    click(&mut window, "Open anyway");
    assert_eq!(names(&window), ["A"]);
    assert_eq!(window.state().path(), Some(desk.file("unfinished.ron").as_path()));
    assert!(
        window.state().messages()[0].starts_with("Opened, but it cannot run yet"),
        "{:?}",
        window.state().messages()
    );

    std::fs::write(desk.file("torn.ron"), "(nodes: {").unwrap();
    window.state_mut().open_file(&desk.file("torn.ron"));
    settle(&mut window);
    assert!(window.query_by_label("Open anyway").is_none(), "there is nothing to open");
}

#[test]
fn a_missing_file_is_reported() {
    let desk = Desk::new();
    let mut window = desk.blank();
    desk.answers.give(desk.file("nothing.ron"));
    press(&mut window, Modifiers::COMMAND, Key::O);
    assert!(window.query_by_label_contains("there is no such file").is_some());
}

#[test]
fn a_dialog_that_never_came_up_is_replaced_by_a_path_field() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    press(&mut window, Modifiers::COMMAND, Key::S);
    assert!(window.query_by_label("Save to path").is_some());
    let path = desk.file("typed.ron");
    let field = window.get_by_label("Path of the file");
    field.focus();
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::A);
    window.event(Event::Text(path.display().to_string()));
    settle(&mut window);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(path.exists());
    assert!(!window.state().modified());
}

#[test]
fn an_exported_plot_is_never_without_a_name() {
    let desk = Desk::new();
    let mut window = desk.blank();
    edit(&mut window, add("A"));
    run(&mut window, Command::AddRecorders);
    let view = window.state().project().views[0].id;
    let retitle = |title: &'static str, keep: bool| {
        Edit::new("Rename plot", move |p| {
            p.views[0].title = title.into();
            if !keep {
                p.views[0].sources.clear();
            }
        })
    };
    let name = |window: &Harness<'_, Window>| window.state().export_name(view, ExportKind::Csv);
    edit(&mut window, retitle("E/I", true));
    assert_eq!(name(&window).as_deref(), Some("E_I.csv"));
    edit(&mut window, retitle("", true));
    assert_eq!(name(&window).as_deref(), Some("Spikes.csv"));
    // The path field that stands in for a dialog.
    let ctx = window.ctx.clone();
    window.state_mut().ask_export(&ctx, view, ExportKind::Png(PictureOptions::default()));
    settle(&mut window);
    let path = window.get_by_label("Path of the file").value().unwrap_or_default();
    assert!(path.ends_with("Spikes.png"), "{path}");
    press(&mut window, Modifiers::NONE, Key::Escape);
    edit(&mut window, retitle(" ", false));
    assert_eq!(name(&window).as_deref(), Some("Unnamed.csv"));
}
