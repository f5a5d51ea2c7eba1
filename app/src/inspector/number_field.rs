//! A number that can be dragged, typed and stepped by keys. Ctrl makes a drag fine, Shift coarse.
//!
//! Unlike [`egui::DragValue`] it can refuse what is typed: the text that was refused is explained
//! beside the field, and the value stays.

use egui::{Button, CursorIcon, Key, Modifiers, Response, RichText, Role, Sense, TextEdit, Ui, WidgetInfo};

use super::fields::{Fields, Typing};
use crate::number;

/// What a number field shows and how it moves.
pub struct NumberField<'a> {
    /// Tells fields apart; unique within the inspector.
    pub key: &'a str,
    /// Accessible name.
    pub name: &'a str,
    pub unit: &'a str,
    /// Change a point of dragging.
    pub speed: f64,
    /// Whole numbers only.
    pub whole: bool,
    /// Shown bold, as it differs from the default.
    pub bold: bool,
    /// Dragging stops at these; typing does not, so that a refusal can be explained.
    pub limits: (f64, f64),
    /// What an infinite value is called: "never", "none", "∞".
    pub infinity: &'a str,
    /// What zero is called, if it means something else than a number.
    pub zero: &'a str,
    /// Dragging and keys stay on multiples of this.
    pub grid: Option<f64>,
    pub width: f32,
}

/// What happened to a number field in this frame.
pub struct Answer {
    /// The number asked for.
    pub set: Option<f64>,
    /// The drag or the typing is over.
    pub ended: bool,
    pub response: Response,
}

impl NumberField<'_> {
    pub fn show(&self, ui: &mut Ui, fields: &mut Fields, x: f64) -> Answer {
        if fields.typing.as_ref().is_some_and(|t| t.key == self.key) {
            self.typing(ui, fields, x)
        } else {
            self.resting(ui, fields, x)
        }
    }

    fn text(&self, x: f64) -> String {
        if x == 0.0 && !self.zero.is_empty() {
            self.zero.to_owned()
        } else if x.is_infinite() && !self.infinity.is_empty() {
            let sign = if x < 0.0 && self.infinity == "∞" { "−" } else { "" };
            format!("{sign}{}", self.infinity)
        } else {
            number::with_unit(x, self.unit)
        }
    }

    fn resting(&self, ui: &mut Ui, fields: &mut Fields, x: f64) -> Answer {
        let mut text = RichText::new(self.text(x));
        if self.bold {
            text = text.strong().family(fields.bold.clone());
        }
        let button = Button::new(text).sense(Sense::click_and_drag()).min_size([self.width, 0.0].into()).truncate();
        let response =
            ui.push_id(("number", self.key), |ui| ui.add(button)).inner.on_hover_cursor(CursorIcon::ResizeHorizontal);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::SpinButton, ui.is_enabled(), self.name);
            info.value = Some(x);
            info.current_text_value = Some(self.text(x));
            info
        });
        let mut answer = Answer { set: None, ended: false, response };
        if answer.response.clicked() {
            fields.type_into(self.key, exact(x));
        }
        self.step_by_keys(ui, x, &mut answer);
        self.drag(ui, fields, x, &mut answer);
        answer
    }

    fn step_by_keys(&self, ui: &Ui, x: f64, answer: &mut Answer) {
        if !answer.response.has_focus() || !x.is_finite() {
            return;
        }
        ui.memory_mut(|m| {
            m.set_focus_lock_filter(
                answer.response.id,
                egui::EventFilter { vertical_arrows: true, ..Default::default() },
            );
        });
        let steps = ui.input_mut(|i| {
            i.count_and_consume_key(Modifiers::NONE, Key::ArrowUp) as f64
                - i.count_and_consume_key(Modifiers::NONE, Key::ArrowDown) as f64
        });
        if steps != 0.0 {
            let step = if self.whole { 1.0 } else { round_up_to_power(self.speed).max(self.grid.unwrap_or(0.0)) };
            answer.set = Some(self.rounded(x + steps * step, step));
            answer.ended = true;
        }
    }

    fn drag(&self, ui: &Ui, fields: &mut Fields, x: f64, answer: &mut Answer) {
        let response = &answer.response;
        if response.drag_started() && x.is_finite() {
            fields.drag = Some((self.key.to_owned(), x));
        }
        let Some((key, precise)) = &mut fields.drag else { return };
        if key != self.key {
            return;
        }
        if response.dragged() {
            let factor = ui.input(|i| match (i.modifiers.command, i.modifiers.shift) {
                (true, _) => 0.1,
                (_, true) => 10.0,
                _ => 1.0,
            });
            let way = response.drag_delta();
            if way != egui::Vec2::ZERO {
                let speed = self.speed * factor;
                *precise = (*precise + f64::from(way.x - way.y) * speed).clamp(self.limits.0, self.limits.1);
                let new = self.rounded(*precise, speed);
                if new != x {
                    answer.set = Some(new);
                }
            }
        }
        if response.drag_stopped() {
            fields.drag = None;
            answer.ended = true;
        }
    }

    /// Rounded to a digit that a movement of `step` can change, within the limits.
    fn rounded(&self, x: f64, step: f64) -> f64 {
        let x = if self.whole {
            x.round()
        } else {
            let decimals = (-step.abs().max(1e-12).log10().floor()).clamp(0.0, 12.0);
            let unit = 10f64.powf(decimals);
            (x * unit).round() / unit
        };
        let x = self.grid.map_or(x, |step| snapped(x, step));
        // Adding zero turns a negative zero into a plain one.
        x.clamp(self.limits.0, self.limits.1) + 0.0
    }

    fn typing(&self, ui: &mut Ui, fields: &mut Fields, x: f64) -> Answer {
        let id = egui::Id::unique(("inspector number", self.key));
        let Some(Typing { text, fresh, .. }) = &mut fields.typing else {
            return Answer { set: None, ended: false, response: ui.label("") };
        };
        let edit = TextEdit::singleline(text)
            .id(id)
            .desired_width((self.width - 8.0).max(24.0))
            .align(egui::Align2::RIGHT_CENTER)
            .clip_text(true);
        let response = ui.add(edit).accessible_name(self.name);
        let fresh = std::mem::take(fresh);
        if fresh {
            response.request_focus();
            select_all(ui, id, text);
        }
        let mut answer = Answer { set: None, ended: false, response };
        // Not only when focus is lost: what was clicked instead may have taken it in this frame.
        if !fresh && !answer.response.has_focus() {
            let text = std::mem::take(text);
            fields.typing = None;
            if !ui.input(|i| i.key_pressed(Key::Escape)) {
                self.commit(fields, &text, x, &mut answer);
            }
        }
        answer
    }

    fn commit(&self, fields: &mut Fields, text: &str, x: f64, answer: &mut Answer) {
        let text = text.trim().strip_suffix(self.unit).unwrap_or(text);
        let parsed = match text.trim().to_lowercase().as_str() {
            "" | "none" if self.infinity == "none" => Ok(if x < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY }),
            _ => number::parse(text),
        };
        match parsed {
            Ok(new) if self.whole && new.fract() != 0.0 => {
                fields.refuse(self.key, format!("{} is not a whole number", number::plain(new)));
            }
            Ok(new) => {
                fields.accept(self.key);
                answer.set = (new != x).then_some(new);
                answer.ended = true;
            }
            Err(reason) => fields.refuse(self.key, reason),
        }
    }
}

/// Every digit, for editing.
fn exact(x: f64) -> String {
    spikeloom_engine::description::number(x)
}

/// The nearest multiple of `step`, without the noise of binary fractions.
pub fn snapped(x: f64, step: f64) -> f64 {
    if step > 0.0 && x.is_finite() { ((x / step).round() * step * 1e9).round() / 1e9 } else { x }
}

fn round_up_to_power(step: f64) -> f64 {
    10f64.powf(step.abs().max(1e-12).log10().ceil())
}

fn select_all(ui: &Ui, id: egui::Id, text: &str) {
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    state.cursor.set_char_range(Some(egui::text::CCursorRange::select_all_str(text)));
    state.store(ui.ctx(), id);
}

/// Rounds to the digits that a step of this size can change; two more digits of a number on a
/// logarithmic scale.
pub fn round_for(x: f64, step: f64, logarithmic: bool) -> f64 {
    let size = if logarithmic { x.abs() * 0.01 } else { step.abs() };
    if size <= 0.0 || !x.is_finite() {
        return x;
    }
    let unit = 10f64.powf(-size.log10().floor());
    (x * unit).round() / unit + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_follows_the_step() {
        assert_eq!(round_for(-50.123456, 0.04, false), -50.12);
        assert_eq!(round_for(1234.56, 0.0, true), 1230.0);
    }
}
