//! Descriptions and notes: drawn as Markdown, written as text, links opened when they are clicked; the command list.

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Pos2};
use egui_kittest::kittest::Queryable as _;
use spikeloom_engine::project::ViewId;

use super::desk::*;
use super::{find, open};

const DESCRIBED: &str = r##"(
    title: "Described",
    about: "Turn **g** up.\n\nSee [the paper](https://example.org/paper), not [this](file:///etc/passwd).",
    nodes: {
        "E": (model: "iaf_psc_exp", at: (250, 0)),
        "Spikes": (model: "spike_recorder", at: (500, 0)),
    },
    projections: [(from: "E", to: "Spikes")],
    notes: [(at: (0, 120), text: "# Try first\n\n- raise *w* until $w > 4$\n- read [more](https://example.org/more)")],
    views: {
        1: (kind: raster, title: "Spikes", of: ["Spikes"]),
        2: (kind: raster, title: "Spikes", of: ["Spikes"], cells: [0]),
    },
)"##;

/// A short press at a place.
fn click_at(seat: &mut Seat, at: Pos2) {
    seat.hover_at(at);
    seat.step();
    for pressed in [true, false] {
        let (button, modifiers) = (egui::PointerButton::Primary, Modifiers::NONE);
        seat.event(Event::PointerButton { pos: at, button, pressed, modifiers });
    }
    settle(seat);
}

#[test]
fn a_description_is_drawn_and_written_where_it_is_clicked() {
    let desk = Desk::new();
    let mut seat = open(&desk, DESCRIBED);
    key(&mut seat, Key::Escape);
    seat.get_by_role_and_label(Role::Label, "g");
    assert!(seat.query_by_role_and_label(Role::MultilineTextInput, "Description").is_none());
    let at = seat.get_by_role_and_label(Role::Label, "g").rect().center();
    click_at(&mut seat, at);
    let field = seat.get_by_role_and_label(Role::MultilineTextInput, "Description");
    assert!(field.is_focused());
    press(&mut seat, Modifiers::COMMAND, Key::A);
    type_text(&mut seat, "Other *words*");
    assert_eq!(seat.state().project().about, "Other *words*");
    key(&mut seat, Key::Escape);
    assert!(seat.query_by_role_and_label(Role::MultilineTextInput, "Description").is_none(), "Escape ends writing");
    seat.get_by_role_and_label(Role::Label, "words");
    assert_eq!(seat.state().project().about, "Other *words*");
    press(&mut seat, Modifiers::COMMAND, Key::Z);
    assert!(seat.state().project().about.starts_with("Turn"), "what was written is one step");
    // By keys alone, and ended by a click elsewhere.
    seat.get_by_role_and_label(Role::Button, "Edit description").focus();
    key(&mut seat, Key::Enter);
    press(&mut seat, Modifiers::COMMAND, Key::A);
    type_text(&mut seat, "Third");
    let canvas = seat.get_by_label("Network canvas").rect();
    click_at(&mut seat, canvas.left_bottom() + egui::vec2(20.0, -20.0));
    assert_eq!(seat.state().project().about, "Third");
    seat.get_by_role_and_label(Role::Label, "Third");
}

#[test]
fn links_are_opened_when_they_are_clicked_and_lead_only_to_the_web() {
    let desk = Desk::new();
    let mut seat = open(&desk, DESCRIBED);
    key(&mut seat, Key::Escape);
    assert!(desk.visited().is_empty(), "nothing is opened unasked");
    let at = seat.get_by_role_and_label(Role::Link, "the paper").rect().center();
    click_at(&mut seat, at);
    let at = seat.get_by_role_and_label(Role::Link, "more").rect().center();
    click_at(&mut seat, at);
    assert_eq!(desk.visited(), ["https://example.org/paper", "https://example.org/more"]);
    assert!(seat.query_by_label("Text of note").is_none(), "a link is no place to begin writing");
    let at = seat.get_by_role_and_label(Role::Link, "this").rect().center();
    click_at(&mut seat, at);
    assert_eq!(desk.visited().len(), 2);
    let messages = seat.state().messages();
    assert!(messages.iter().any(|m| m.contains("file:///etc/passwd") && m.contains("https://")), "{messages:?}");
}

#[test]
fn a_note_is_drawn_in_the_size_of_the_canvas_and_written_where_it_is_clicked() {
    let desk = Desk::new();
    let mut seat = open(&desk, DESCRIBED);
    let height = |seat: &Seat| seat.get_by_role_and_label(Role::Label, "Try first").rect().height();
    let note = |seat: &Seat| seat.get_by_role_and_label(Role::Button, "Note: Try first").rect();
    seat.get_by_role_and_label(Role::Math, "w > 4");
    let (before, area) = (height(&seat), note(&seat));
    for name in ["Try first", "more"] {
        let part = seat.get_by_label(name).rect();
        assert!(area.contains_rect(part), "{name} at {part:?} is not in the note at {area:?}");
    }
    let heading = seat.get_by_role_and_label(Role::Label, "Try first").rect().center();
    seat.hover_at(heading);
    for _ in 0..3 {
        seat.event(Event::Zoom(1.25));
        settle(&mut seat);
    }
    let zoomed = height(&seat) / before;
    let grown = note(&seat).width() / area.width();
    assert!(grown > 1.5 && (zoomed / grown - 1.0).abs() < 0.1, "letters grew {zoomed} times, the note {grown} times");
    let at = seat.get_by_role_and_label(Role::Label, "Try first").rect().center();
    click_at(&mut seat, at);
    seat.get_by_label("Text of note").type_text("x");
    settle(&mut seat);
    key(&mut seat, Key::Escape);
    assert!(seat.query_by_label("Text of note").is_none());
    assert!(seat.state().project().notes[0].text.contains('x'), "Escape ends writing and keeps it");
}

#[test]
fn speeds_and_exports_are_in_the_command_list() {
    let desk = Desk::new();
    let mut seat = open(&desk, DESCRIBED);
    press(&mut seat, Modifiers::COMMAND, Key::K);
    type_text(&mut seat, "limit speed to 0.1");
    key(&mut seat, Key::Enter);
    seat.get_by_role_and_label(Role::Button, "Speed 0.1×");
    press(&mut seat, Modifiers::COMMAND, Key::K);
    type_text(&mut seat, "unlimited");
    key(&mut seat, Key::Enter);
    seat.get_by_role_and_label(Role::Button, "Speed unlimited");
    // Both plots are called "Spikes".
    press(&mut seat, Modifiers::COMMAND, Key::K);
    type_text(&mut seat, "export data");
    seat.get_by_label_contains("Export data (CSV): Raster of Spikes (1)…");
    seat.get_by_label_contains("Export data (CSV): Raster of Spikes (2)…");
    let table = desk.file("spikes.csv");
    desk.answer(&table);
    key(&mut seat, Key::Enter);
    wait_for(&mut seat, "the export", |_| table.exists());
    assert!(seat.state().project().view(ViewId(1)).is_some());
    find(&mut seat, "E");
}
