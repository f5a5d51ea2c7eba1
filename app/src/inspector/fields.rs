//! What the input fields of the inspector remember between frames: text that is being typed,
//! a drag in progress, and why the last input was refused.

use std::collections::{BTreeMap, BTreeSet};

use egui::{FontFamily, RichText, Stroke, Ui};

/// Memory of all fields, by their keys.
#[derive(Default)]
pub struct Fields {
    /// The number field that is being typed into.
    pub typing: Option<Typing>,
    /// The number field that is being dragged, with its unrounded value.
    pub drag: Option<(String, f64)>,
    /// Texts that differ from the document, because they are unfinished or were refused.
    pub drafts: BTreeMap<String, String>,
    /// The slider that is being dragged, with its range, which stays until it is let go.
    slider: Option<(String, (f64, f64))>,
    refusals: BTreeMap<String, String>,
    /// Counts what changes about refusals.
    refused: u64,
    /// Family for what must stand out: the window's semibold, if it has one.
    pub bold: FontFamily,
}

/// A number that is being typed.
pub struct Typing {
    pub key: String,
    pub text: String,
    /// It has just begun: the field wants the focus.
    pub fresh: bool,
}

impl Fields {
    pub fn type_into(&mut self, key: &str, text: String) {
        self.typing = Some(Typing { key: key.to_owned(), text, fresh: true });
    }

    /// The range of this slider: the one it had when a drag began, as long as that goes on.
    pub fn slider_range(&self, key: &str, range: (f64, f64)) -> (f64, f64) {
        self.slider.as_ref().filter(|(dragged, _)| dragged == key).map_or(range, |(_, held)| *held)
    }

    /// Keeps the range of a slider while it is dragged; `None` when it is not.
    pub fn hold_slider(&mut self, key: &str, range: Option<(f64, f64)>) {
        match range {
            Some(range) => self.slider = Some((key.to_owned(), range)),
            None if self.slider.as_ref().is_some_and(|(dragged, _)| dragged == key) => self.slider = None,
            None => {}
        }
    }

    /// Notes why the input was not taken.
    pub fn refuse(&mut self, key: &str, reason: impl Into<String>) {
        let reason = reason.into();
        if self.refusals.get(key) != Some(&reason) {
            self.refused += 1;
            self.refusals.insert(key.to_owned(), reason);
        }
    }

    /// The last input was fine.
    pub fn accept(&mut self, key: &str) {
        self.refused += u64::from(self.refusals.remove(key).is_some());
    }

    /// Marks what has just been drawn if its last input was refused. The reason stands with the problems, so that
    /// nothing moves.
    pub fn mark_refusal(&self, ui: &Ui, key: &str) {
        if self.refusals.contains_key(key) {
            let y = ui.cursor().top() - 0.5 * ui.spacing().item_spacing.y;
            ui.painter().hline(ui.max_rect().x_range(), y, Stroke::new(1.5, ui.visuals().error_fg_color));
        }
    }

    /// Why input was refused, one line each. Says whether any was.
    pub fn show_refusals(&self, ui: &mut Ui) -> bool {
        // The same parameter may be shown twice.
        for reason in self.refusals.values().collect::<BTreeSet<_>>() {
            ui.label(RichText::new(reason).color(ui.visuals().error_fg_color));
        }
        !self.refusals.is_empty()
    }

    /// The document has changed: what was refused belongs to how it stood, unless its text still stands in a field.
    pub fn forget_refusals(&mut self) {
        self.refusals.retain(|key, _| self.drafts.contains_key(key));
    }

    /// Changes whenever refusals do.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Input has begun that is not yet in the document.
    pub fn unfinished(&self) -> bool {
        self.typing.is_some() || !self.drafts.is_empty()
    }

    /// Forgets everything, when something else is selected.
    pub fn clear(&mut self) {
        *self = Fields { bold: self.bold.clone(), ..Fields::default() };
    }
}
