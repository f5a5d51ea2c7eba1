//! The pointer and the keys held with it.

use egui::{Pos2, Ui, Vec2};

/// The pointer and the keys held, once a frame.
#[derive(Clone, Copy)]
pub struct Hand {
    /// On the screen; where it was last if it has left.
    pub at: Pos2,
    pub down: bool,
    pub middle_down: bool,
    pub released: bool,
    pub origin: Option<Pos2>,
    pub delta: Vec2,
    pub alt: bool,
    pub add: bool,
    pub snap: bool,
    pub space: bool,
}

impl Hand {
    /// `otherwise` stands for the pointer when there is none.
    pub fn of(ui: &Ui, otherwise: Option<Pos2>) -> Option<Hand> {
        ui.input(|i| {
            Some(Hand {
                at: i.pointer.interact_pos().or(i.pointer.latest_pos()).or(otherwise)?,
                down: i.pointer.primary_down(),
                middle_down: i.pointer.middle_down(),
                released: i.pointer.primary_released(),
                origin: i.pointer.press_origin(),
                delta: i.pointer.delta(),
                alt: i.modifiers.alt,
                add: i.modifiers.shift || i.modifiers.command,
                snap: i.modifiers.command,
                space: i.key_down(egui::Key::Space),
            })
        })
    }
}
