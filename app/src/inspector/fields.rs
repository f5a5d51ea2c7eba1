//! What the input fields of the inspector remember between frames: text that is being typed,
//! a drag in progress, and why the last input was refused.

use std::collections::BTreeMap;

use egui::{FontFamily, RichText, Ui};

/// Memory of all fields, by their keys.
#[derive(Default)]
pub struct Fields {
    /// The number field that is being typed into.
    pub typing: Option<Typing>,
    /// The number field that is being dragged, with its unrounded value.
    pub drag: Option<(String, f64)>,
    /// Texts that differ from the document, because they are unfinished or were refused.
    pub drafts: BTreeMap<String, String>,
    refusals: BTreeMap<String, String>,
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

    /// Notes why the input was not taken.
    pub fn refuse(&mut self, key: &str, reason: impl Into<String>) {
        self.refusals.insert(key.to_owned(), reason.into());
    }

    /// The last input was fine.
    pub fn accept(&mut self, key: &str) {
        self.refusals.remove(key);
    }

    /// Shows why the last input of this field was refused, if it was.
    pub fn show_refusal(&self, ui: &mut Ui, key: &str) {
        if let Some(reason) = self.refusals.get(key) {
            ui.label(RichText::new(reason).color(ui.visuals().error_fg_color).small());
        }
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
