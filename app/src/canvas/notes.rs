//! Notes: texts on the canvas that belong to no node. A note's position is its upper left corner.
//!
//! A note is written where it stands: a click begins, a click elsewhere ends, and a note without text is gone. So a
//! note is in the document only once it says something.

use egui::{
    Align, CornerRadius, CursorIcon, FontId, Frame, Id, Key, Layout, Margin, PointerButton, Pos2, Rect, Response, Role,
    Sense, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, Vec2, WidgetInfo, vec2,
};
use spikeloom_engine::project::{Note, Project};

use super::camera::Camera;
use crate::action::{Action, Edit};
use crate::editing::place::{point, stored};
use crate::markdown;

/// Width of a note and the border round its text, in canvas units.
const WIDTH: f32 = 240.0;
const BORDER: f32 = 10.0;
/// Size of its letters at zoom 1.
const LETTERS: f32 = 13.0;
/// Smaller letters cannot be read and are only hinted at.
const READABLE: f32 = 4.0;

/// Notes on the canvas, and the one being written.
#[derive(Default)]
pub struct Notes {
    writing: Option<Writing>,
    /// A note has been asked for.
    wanted: bool,
    /// Counts drags, so that each is an undo step of its own.
    drags: u64,
    /// Where each note lies, canvas coordinates.
    pub areas: Vec<Rect>,
    /// How high each note was when it was last drawn.
    heights: Vec<Option<Height>>,
}

/// The height of a text, in canvas units.
struct Height {
    text: String,
    height: f32,
}

struct Writing {
    /// Its place among the notes; a new one has none yet.
    place: Option<usize>,
    at: Pos2,
    text: String,
    age: u32,
}

impl Notes {
    /// Begins a new note at the next frame.
    pub fn add(&mut self) {
        self.wanted = true;
    }

    /// Follows the project.
    pub fn follow(&mut self, ui: &Ui, camera: &Camera, project: &Project) {
        self.heights.resize_with(project.notes.len(), || None);
        let drawn = self.heights.iter().zip(&project.notes).map(|(height, note)| {
            let known = height.as_ref().filter(|known| known.text == note.text);
            area(note, known.map_or_else(|| estimate(ui, camera, &note.text), |known| known.height))
        });
        self.areas = drawn.collect();
    }

    /// Registers the notes, which lie above the ground and below the network.
    pub fn touch(&self, ui: &Ui, id: Id, camera: &Camera, project: &Project) -> Vec<Response> {
        let notes = self.areas.iter().zip(&project.notes).enumerate();
        let responses = notes.map(|(i, (area, note))| {
            let response = ui.interact(camera.rect_to_screen(*area), id.with(("note", i)), Sense::click_and_drag());
            response.widget_info(|| {
                WidgetInfo::labeled(Role::Button, true, format!("Note: {}", markdown::headline(&note.text)))
            });
            response
        });
        responses.collect()
    }

    /// Moves notes that are dragged, and begins to write one that is clicked.
    pub fn act(&mut self, ui: &Ui, camera: &Camera, project: &Project, touch: &[Response], actions: &mut Vec<Action>) {
        for (place, (response, note)) in touch.iter().zip(&project.notes).enumerate() {
            if response.drag_started_by(PointerButton::Primary) {
                self.drags += 1;
            }
            if response.dragged_by(PointerButton::Primary) && response.drag_delta() != Vec2::ZERO {
                let position = stored(point(note.position) + response.drag_delta() / camera.zoom);
                let edit = change(place, "Move note", move |note| note.position = position);
                actions.push(edit.merged(format!("drag {} of note {place}", self.drags)).into());
            }
            if response.drag_stopped() {
                actions.push(Action::EndGesture);
            }
            let entered = response.has_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            if response.clicked() || entered {
                let at = point(note.position);
                self.writing = Some(Writing { place: Some(place), at, text: note.text.clone(), age: 0 });
            }
            if response.hovered() {
                ui.ctx().set_cursor_icon(CursorIcon::Text);
            }
        }
    }

    /// Draws all but the one that is being written.
    pub fn paint(&mut self, ui: &mut Ui, id: Id, camera: &Camera, project: &Project, touch: &[Response]) {
        let written = self.writing.as_ref().and_then(|w| w.place);
        for (place, (note, area)) in project.notes.iter().zip(&self.areas).enumerate() {
            let rect = camera.rect_to_screen(*area);
            if written == Some(place) || !rect.intersects(camera.rect) {
                continue;
            }
            let visuals = ui.visuals();
            let lit = touch.get(place).is_some_and(|r| r.hovered() || r.has_focus());
            let stroke = if lit { visuals.selection.stroke } else { visuals.widgets.noninteractive.bg_stroke };
            let corner = CornerRadius::same((6.0 * camera.zoom).clamp(0.0, 12.0) as u8);
            ui.painter().rect(rect, corner, visuals.extreme_bg_color, stroke, StrokeKind::Inside);
            let inside = rect.shrink(BORDER * camera.zoom);
            if letters(camera) < READABLE {
                let middle = inside.center().y;
                ui.painter().hline(inside.x_range(), middle, Stroke::new(1.0, visuals.weak_text_color()));
                continue;
            }
            let room = UiBuilder::new().id_salt(id.with(("note text", place))).max_rect(inside);
            let mut room = ui.new_child(room.layout(Layout::top_down(Align::LEFT)));
            room.set_clip_rect(rect.intersect(ui.clip_rect()));
            markdown::enlarge(&mut room, letters(camera) / LETTERS);
            markdown::show(&mut room, &note.text);
            let height = room.min_rect().height() / camera.zoom;
            if (height + 2.0 * BORDER - area.height()).abs() > 1.0 / camera.zoom {
                ui.ctx().request_repaint();
            }
            self.heights[place] = Some(Height { text: note.text.clone(), height });
        }
    }

    /// The text field of the note that is being written.
    pub fn write(&mut self, ui: &mut Ui, camera: &Camera, at: Pos2, actions: &mut Vec<Action>) {
        if std::mem::take(&mut self.wanted) {
            self.writing = Some(Writing { place: None, at, text: String::new(), age: 0 });
        }
        let Some(writing) = &mut self.writing else { return };
        let width = (WIDTH * camera.zoom).max(160.0);
        let rect = Rect::from_min_size(camera.to_screen(writing.at), vec2(width, camera.rect.height()));
        let mut place = ui.new_child(UiBuilder::new().max_rect(rect));
        let mut done = false;
        let mut delete = false;
        Frame::popup(ui.style()).inner_margin(Margin::same(6)).show(&mut place, |ui| {
            let size = letters(camera).clamp(12.0, 40.0);
            let edit = TextEdit::multiline(&mut writing.text)
                .id(Id::unique("canvas note"))
                .font(FontId::proportional(size))
                .hint_text("A note (Markdown)")
                .desired_rows(3)
                .desired_width(f32::INFINITY);
            let response = ui.add(edit).accessible_name("Text of note");
            ui.horizontal(|ui| {
                // Pressed, not clicked: the field loses the focus before the button is let go.
                let button = ui.small_button("Delete note");
                delete = button.is_pointer_button_down_on() || button.clicked();
                ui.weak("Esc or a click elsewhere ends");
            });
            if writing.age < 3 {
                response.request_focus();
            }
            done = writing.age > 3 && !response.has_focus();
        });
        writing.age = writing.age.saturating_add(1);
        if delete {
            writing.text.clear();
        }
        if done || delete {
            actions.extend(self.writing.take().and_then(finish).map(Action::from));
        }
    }

    /// Ends writing without taking what was written. Says whether anything was being written.
    pub fn cancel(&mut self) -> bool {
        self.writing.take().is_some() | std::mem::take(&mut self.wanted)
    }
}

/// The step that puts what was written into the document.
fn finish(writing: Writing) -> Option<Edit> {
    let text = writing.text.trim_end().to_owned();
    let position = stored(writing.at);
    match (writing.place, text.trim().is_empty()) {
        (None, true) => None,
        (None, false) => Some(Edit::new("Add note", move |p| p.notes.push(Note { text, position }))),
        (Some(place), true) => Some(Edit::new("Delete note", move |p| {
            if place < p.notes.len() {
                p.notes.remove(place);
            }
        })),
        (Some(place), false) => Some(change(place, "Write note", move |note| note.text = text)),
    }
}

/// A change of the note at this place.
fn change(place: usize, label: &str, act: impl FnOnce(&mut Note) + 'static) -> Edit {
    Edit::new(label, move |p| {
        if let Some(note) = p.notes.get_mut(place) {
            act(note);
        }
    })
}

fn letters(camera: &Camera) -> f32 {
    (LETTERS * camera.zoom * 2.0).round() / 2.0
}

fn galley(ui: &Ui, camera: &Camera, text: &str) -> std::sync::Arc<egui::Galley> {
    let font = FontId::proportional(letters(camera).max(1.0));
    let width = ((WIDTH - 2.0 * BORDER) * camera.zoom).max(1.0);
    ui.painter().layout(text.to_owned(), font, ui.visuals().text_color(), width)
}

/// How high a text will be when it is drawn, about.
fn estimate(ui: &Ui, camera: &Camera, text: &str) -> f32 {
    if letters(camera) < READABLE {
        text.lines().count().max(1) as f32 * LETTERS * 1.4
    } else {
        galley(ui, camera, text).size().y / camera.zoom
    }
}

/// What a note covers, in canvas coordinates.
fn area(note: &Note, height: f32) -> Rect {
    Rect::from_min_size(point(note.position), vec2(WIDTH, height + 2.0 * BORDER))
}
