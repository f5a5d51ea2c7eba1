//! Edits a quantity that may be one number, a list or a distribution.

use egui::{Button, Color32, ComboBox, Layout, RichText, Slider, SliderClamping, Ui, vec2};
use spikeloom_engine::description::Value;
use spikeloom_engine::description::space::{Kernel, KernelShape};

use super::fields::Fields;
use super::number_field::{NumberField, round_for, snapped};
use super::value_form::Form;
use super::{distribution_fields, distribution_picture, list_text, reset, space};
use crate::number;

/// Width of the field of a number.
const VALUE: f32 = 84.0;

/// The longest list that is edited as text.
const MOST_LISTED: usize = 2000;

/// What is edited: names, ranges and what it may be.
pub struct Quantity<'a> {
    /// Tells quantities apart; unique within the inspector.
    pub key: String,
    pub name: &'a str,
    pub unit: &'a str,
    /// A few words beside the name, as far as there is room.
    pub note: &'a str,
    /// Meaning, unit, default and range, shown on hover.
    pub hover: String,
    /// The default that a reset goes back to.
    pub default: Option<f64>,
    /// Differs from the default.
    pub changed: bool,
    /// The things edited together differ in it.
    pub mixed: bool,
    /// Range of the slider; it also sets the speed of dragging.
    pub range: Option<(f64, f64)>,
    pub logarithmic: bool,
    /// Draw the slider.
    pub slider: bool,
    pub whole: bool,
    /// Dragging stops at these.
    pub limits: (f64, f64),
    /// Dragging and the slider stay on multiples of this.
    pub grid: Option<f64>,
    /// What an infinite value is called.
    pub infinity: &'a str,
    /// May be drawn from a distribution.
    pub varies: bool,
    /// May be a list of this many values.
    pub list: Option<usize>,
    /// Colour of the slider's handle and mark of the sign.
    pub tint: Option<Color32>,
    /// May become a knob beside the network's description.
    pub knob: bool,
    /// May depend on where neurons stand, in so many dimensions.
    pub space: Option<usize>,
}

impl<'a> Quantity<'a> {
    /// A constant with a slider and no default.
    pub fn plain(name: &'a str, doc: &str) -> Self {
        Quantity {
            key: String::new(),
            name,
            unit: "",
            note: "",
            hover: doc.to_owned(),
            default: None,
            changed: false,
            mixed: false,
            range: None,
            logarithmic: false,
            slider: true,
            whole: false,
            limits: (f64::NEG_INFINITY, f64::INFINITY),
            grid: None,
            infinity: "∞",
            varies: false,
            list: None,
            tint: None,
            knob: false,
            space: None,
        }
    }
}

/// What the user asked for in this frame.
#[derive(Default)]
pub struct Outcome {
    pub set: Option<Value>,
    /// Back to the default.
    pub reset: bool,
    /// The gesture is over.
    pub ended: bool,
    /// Put a slider for it beside the network's description, over this range.
    pub knob: Option<(f64, f64)>,
}

impl Quantity<'_> {
    /// Draws the quantity with everything needed to change it.
    pub fn show(&self, ui: &mut Ui, fields: &mut Fields, value: &Value) -> Outcome {
        let mut outcome = Outcome::default();
        self.header(ui, fields, value, &mut outcome);
        match value {
            Value::Real(x) if self.slider => self.slider(ui, fields, *x, &mut outcome),
            Value::List(values) => self.list(ui, fields, values, &mut outcome),
            Value::Lists(rows) => self.matrix(ui, rows),
            Value::Range(range) => {
                let drawn = distribution_fields::Drawn { key: &self.key, name: self.name, unit: self.unit };
                let (set, ended) = distribution_fields::show_range(ui, fields, drawn, range);
                outcome.set = outcome.set.take().or(set.map(Value::Range));
                outcome.ended |= ended;
            }
            Value::Distribution(d) => {
                let drawn = distribution_fields::Drawn { key: &self.key, name: self.name, unit: self.unit };
                let (set, ended) = distribution_fields::show(ui, fields, drawn, d);
                outcome.set = outcome.set.take().or(set.map(Value::Distribution));
                outcome.ended |= ended;
            }
            Value::Spatial(kernel) => {
                let dimensions = self.space.unwrap_or(2);
                let (set, ended) =
                    space::edit_kernel(ui, fields, &self.key, (self.name, self.unit), kernel, dimensions);
                outcome.set = outcome.set.take().or(set.map(Value::Spatial));
                outcome.ended |= ended;
                shapes(ui, kernel, &mut outcome);
            }
            _ => {}
        }
        fields.mark_refusal(ui, &self.key);
        outcome
    }

    /// Name, value if it is one number, form and reset; in two lines where the name is long.
    fn header(&self, ui: &mut Ui, fields: &mut Fields, value: &Value, outcome: &mut Outcome) {
        let two_lines = self.name_width(ui) + self.controls_width(value) > ui.available_width();
        ui.horizontal(|ui| {
            let label = name_label(ui, self.name, self.changed);
            self.name_menu(label, value, outcome);
            if self.mixed {
                ui.small("(differ)").on_hover_text("What is selected differs in this; a change sets all of it");
            }
            if two_lines {
                self.note(ui);
                return;
            }
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                self.controls(ui, fields, value, outcome);
                ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| self.note(ui));
            });
        });
        if two_lines {
            let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
            ui.allocate_ui_with_layout(size, Layout::right_to_left(egui::Align::Center), |ui| {
                self.controls(ui, fields, value, outcome);
            });
        }
    }

    fn name_width(&self, ui: &Ui) -> f32 {
        let font = egui::TextStyle::Monospace.resolve(ui.style());
        ui.painter().layout_no_wrap(self.name.to_owned(), font, egui::Color32::PLACEHOLDER).size().x
    }

    fn controls_width(&self, value: &Value) -> f32 {
        let number = if matches!(value, Value::Real(_)) { VALUE + 3.0 } else { 0.0 };
        let form = match Form::of(value) {
            Form::Constant if !self.varies && self.list.is_none() && self.space.is_none() => 0.0,
            Form::Constant => 37.0,
            _ => 111.0,
        };
        number + form + if self.changed { 23.0 } else { 0.0 } + 8.0
    }

    /// From the right: form, value, reset.
    fn controls(&self, ui: &mut Ui, fields: &mut Fields, value: &Value, outcome: &mut Outcome) {
        ui.spacing_mut().item_spacing.x = 3.0;
        self.form_combo(ui, value, outcome);
        if let Value::Real(x) = value {
            self.constant(ui, fields, *x, outcome);
        }
        if self.changed {
            self.reset_button(ui, outcome);
        }
    }

    /// What it means, as far as there is room.
    fn note(&self, ui: &mut Ui) {
        if !self.note.is_empty() && ui.available_width() > 40.0 {
            let note = egui::Label::new(RichText::new(self.note).small().weak()).truncate();
            ui.add(note.show_tooltip_when_elided(false)).on_hover_text(&self.hover);
        }
    }

    /// What a click on the name offers.
    fn name_menu(&self, label: egui::Response, value: &Value, outcome: &mut Outcome) {
        let Some(x) = value.as_real().filter(|x| self.knob && x.is_finite()) else {
            label.on_hover_text(&self.hover);
            return;
        };
        let label = label.interact(egui::Sense::click());
        let text = format!("{}\nClick to make it a knob of the network", self.hover);
        let label = label.on_hover_text(text);
        egui::Popup::menu(&label).show(|ui| {
            let hint = "A slider beside the description, seen when nothing is selected";
            if ui.button("Make it a knob").on_hover_text(hint).clicked() {
                let width = if x == 0.0 { 1.0 } else { 2.0 * x.abs() };
                let around = if x < 0.0 { (-width, 0.0) } else { (0.0, width) };
                outcome.knob = Some(self.range.unwrap_or(around));
            }
        });
    }

    fn reset_button(&self, ui: &mut Ui, outcome: &mut Outcome) {
        let text = match self.default {
            Some(x) => format!("Reset {} to {}", self.name, number::with_unit(x, self.unit)),
            None => format!("Reset {}", self.name),
        };
        if reset::button(ui, &text) {
            outcome.reset = true;
        }
    }

    fn constant(&self, ui: &mut Ui, fields: &mut Fields, x: f64, outcome: &mut Outcome) {
        let field = NumberField {
            key: &self.key,
            name: self.name,
            unit: self.unit,
            speed: self.speed(x),
            whole: self.whole,
            bold: self.changed,
            limits: self.limits,
            infinity: self.infinity,
            zero: "",
            grid: self.grid,
            width: VALUE,
        };
        let answer = field.show(ui, fields, x);
        outcome.set = answer.set.map(Value::Real).or(outcome.set.take());
        outcome.ended |= answer.ended;
        if answer.response.secondary_clicked() && self.changed {
            outcome.reset = true;
        }
        answer.response.on_hover_text(format!(
            "{}\nDrag to change (Ctrl fine, Shift coarse), click to type, right-click to reset",
            self.hover
        ));
    }

    /// The change that a point of dragging makes.
    fn speed(&self, x: f64) -> f64 {
        if self.whole {
            return (x.abs() * 0.01).max(0.1);
        }
        match self.range {
            Some((low, _)) if self.logarithmic => x.abs().max(low.abs()) * 0.01,
            Some((low, high)) => (high - low) / 250.0,
            None => match x.abs().max(self.default.map_or(0.0, f64::abs)) {
                size if size > 0.0 && size.is_finite() => size * 0.01,
                _ => 0.1,
            },
        }
    }

    fn slider(&self, ui: &mut Ui, fields: &mut Fields, x: f64, outcome: &mut Outcome) {
        let Some(range) = self.range else { return };
        let (low, high) = fields.slider_range(&self.key, grown(range, x, self.limits, self.logarithmic));
        let mut shown = x.clamp(low, high);
        ui.spacing_mut().slider_width = ui.available_width() - 4.0;
        let slider = Slider::new(&mut shown, low..=high)
            .show_value(false)
            .logarithmic(self.logarithmic)
            .clamping(SliderClamping::Never);
        let response =
            ui.add(slider.trailing_fill(self.tint.is_none())).accessible_name(format!("{} slider", self.name));
        if let Some(tint) = self.tint {
            paint_from_zero(ui, response.rect, shown / (high - low), -low / (high - low), tint);
        }
        if response.changed() {
            let step = (high - low) / 1000.0;
            let new = if self.whole { shown.round() } else { round_for(shown, step, self.logarithmic) };
            // A movement to the limits of the slider may reach values that are not allowed.
            let new = self.grid.map_or(new, |step| snapped(new, step));
            outcome.set = Some(Value::Real(new.clamp(self.limits.0, self.limits.1)));
        }
        fields.hold_slider(&self.key, response.dragged().then_some((low, high)));
        outcome.ended |= response.drag_stopped() || response.lost_focus();
        if response.changed() && !response.dragged() && !ui.input(|i| i.pointer.any_down()) {
            outcome.ended = true;
        }
        response.on_hover_text(&self.hover);
    }

    /// Hidden while there is nothing to choose.
    fn form_combo(&self, ui: &mut Ui, value: &Value, outcome: &mut Outcome) {
        let form = Form::of(value);
        if form == Form::Constant && !self.varies && self.list.is_none() && self.space.is_none() {
            return;
        }
        let constant = form == Form::Constant;
        let combo = ComboBox::from_id_salt(("form", &self.key))
            .width(if constant { 18.0 } else { 92.0 })
            .selected_text(if constant { "" } else { form.title() });
        let response = combo.show_ui(ui, |ui| {
            for choice in Form::ALL {
                let varying = choice.is_drawn() || choice.is_range();
                let nowhere = choice == Form::Spatial && self.space.is_none() && choice != form;
                let fixed = !self.varies && varying && choice != form;
                if (choice == Form::List && self.list.is_none()) || fixed || nowhere {
                    continue;
                }
                let possible = match choice {
                    Form::Lognormal | Form::Exponential => value.typical() > 0.0 || form == choice,
                    Form::Logarithmic => value.typical() != 0.0 || form == choice,
                    Form::List => self.list.is_none_or(|n| n <= MOST_LISTED) || form == Form::List,
                    _ => true,
                };
                let row = ui.add_enabled(possible, Button::selectable(form == choice, choice.title()));
                let row = row.on_disabled_hover_text(match choice {
                    Form::List => "Too many values to edit here",
                    Form::Logarithmic => "Such values are not zero; set another value first",
                    _ => "Such values are positive; set a positive value first",
                });
                if row.on_hover_text(choice.doc()).clicked() && choice != form {
                    outcome.set = Some(choice.of_the_middle(value, self.list, self.limits));
                    outcome.ended = true;
                }
            }
        });
        let name = format!("{} varies: {}", self.name, form.title());
        response.response.on_hover_text("One value, a list, a range or a distribution").accessible_name(name);
    }

    fn list(&self, ui: &mut Ui, fields: &mut Fields, values: &[f64], outcome: &mut Outcome) {
        if values.len() > MOST_LISTED && self.list.is_none_or(|n| n == values.len()) {
            ui.small(format!("{} values from the file; too many to edit here", number::count(values.len() as u64)));
            distribution_picture::show_list(ui, self.name, self.unit, values);
            return;
        }
        let (set, ended) = list_text::show(ui, fields, &self.key, self.name, values, self.list);
        outcome.set = outcome.set.take().or(set.map(Value::List));
        outcome.ended |= ended;
        distribution_picture::show_list(ui, self.name, self.unit, values);
    }

    fn matrix(&self, ui: &mut Ui, rows: &[Vec<f64>]) {
        let columns = rows.first().map_or(0, Vec::len);
        ui.small(format!("A table of {} × {} values from the file", rows.len(), columns));
        let values: Vec<f64> = rows.iter().flatten().copied().collect();
        distribution_picture::show_list(ui, self.name, self.unit, &values);
    }
}

/// The choice among the shapes of a function of space.
fn shapes(ui: &mut Ui, kernel: &Kernel, outcome: &mut Outcome) {
    ui.horizontal_wrapped(|ui| {
        for shape in KernelShape::ALL.into_iter().filter(|shape| *shape != KernelShape::Constant) {
            let chosen = shape == kernel.shape;
            if ui.selectable_label(chosen, RichText::new(shape.name()).small()).clicked() && !chosen {
                let (times, plus) = (kernel.times, kernel.plus);
                outcome.set = Some(Value::Spatial(Kernel { times, plus, ..space::usual(shape, 1.0) }));
                outcome.ended = true;
            }
        }
    });
}

/// The range of a slider that also holds the present value, with room beyond it, within what is allowed.
pub fn grown((low, high): (f64, f64), x: f64, limits: (f64, f64), logarithmic: bool) -> (f64, f64) {
    if !x.is_finite() || (low..=high).contains(&x) {
        return (low, high);
    }
    let above = x > high;
    let end = if logarithmic && low > 0.0 && x > 0.0 {
        if above { round_out(2.0 * x, x, true) } else { round_out(0.5 * x, x, false) }
    } else if above {
        round_out(x + 0.25 * (x - low), x - low, true)
    } else {
        round_out(x - 0.25 * (high - x), high - x, false)
    };
    // A value beyond what is allowed is shown, too: it has been read from a file.
    if above { (low, end.min(limits.1).max(x)) } else { (end.max(limits.0).min(x), high) }
}

/// A round number above or below `x`, for a range of this width.
fn round_out(x: f64, width: f64, up: bool) -> f64 {
    let unit = 10f64.powf(width.abs().max(1e-300).log10().floor()) * 0.5;
    let steps = if up { (x / unit).ceil() } else { (x / unit).floor() };
    let rounded = steps * unit;
    if rounded.is_finite() { rounded } else { x }
}

/// Colours the rail from zero to the handle; both are shares of the rail.
fn paint_from_zero(ui: &Ui, rect: egui::Rect, length: f64, zero: f64, color: Color32) {
    // As the slider lays out its rail: the handle stays within the rectangle.
    let radius = rect.height() / 2.5;
    let handle = radius * 0.75;
    let width = rect.width() - 2.0 * handle;
    let zero_at = rect.left() + handle + width * zero as f32;
    let handle_at = zero_at + width * length as f32;
    let middle = rect.center().y;
    ui.painter().vline(zero_at, middle - 5.0..=middle + 5.0, egui::Stroke::new(1.0, ui.visuals().weak_text_color()));
    let (left, right) = if handle_at > zero_at { (zero_at, handle_at - handle) } else { (handle_at + handle, zero_at) };
    if right > left {
        let bar = egui::Rect::from_x_y_ranges(left..=right, middle - 2.0..=middle + 2.0);
        ui.painter().rect_filled(bar, 1.0, color);
    }
}

/// The name of a parameter: monospace, strong if changed.
pub fn name_label(ui: &mut Ui, name: &str, changed: bool) -> egui::Response {
    let text = RichText::new(name).monospace();
    ui.add(egui::Label::new(if changed { text.strong() } else { text }).truncate())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_of_a_slider_grows_to_hold_the_value() {
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        assert_eq!(grown((-60.0, -40.0), -50.0, free, false), (-60.0, -40.0));
        assert_eq!(grown((-60.0, -40.0), 20.0, free, false), (-60.0, 40.0));
        assert_eq!(grown((0.0, 10.0), -3.0, free, false), (-10.0, 10.0));
        assert_eq!(grown((0.0, 10.0), 30.0, (0.0, 31.0), false), (0.0, 31.0));
        assert_eq!(grown((1.0, 1000.0), 50_000.0, free, true), (1.0, 100_000.0));
        assert_eq!(grown((0.0, 1.0), f64::INFINITY, free, false), (0.0, 1.0));
        for x in [1e300, -1e300, 1e-300, f64::MAX] {
            let (low, high) = grown((0.5, 1.0), x, free, false);
            assert!(low <= x && x <= high && low < high, "{x}: {low} {high}");
        }
    }

    fn quantity(limits: (f64, f64)) -> Quantity<'static> {
        Quantity {
            key: "test".into(),
            name: "tau_m",
            unit: "ms",
            note: "",
            hover: String::new(),
            default: Some(10.0),
            changed: false,
            mixed: false,
            range: Some((1.0, 50.0)),
            logarithmic: false,
            slider: true,
            whole: false,
            limits,
            grid: None,
            infinity: "∞",
            varies: true,
            list: Some(3),
            tint: None,
            knob: false,
            space: None,
        }
    }

    #[test]
    fn a_long_name_stands_above_its_value_instead_of_being_cut() {
        use egui::accesskit::Role;
        use egui_kittest::kittest::Queryable as _;
        for (name, above) in [("tau_m", false), ("t_ref_remaining", true)] {
            let show = move |ui: &mut Ui, fields: &mut Fields| {
                let quantity = Quantity { name, ..quantity((0.0, 100.0)) };
                let _ = quantity.show(ui, fields, &Value::Real(2.0));
            };
            let builder = egui_kittest::Harness::builder().with_size([230.0, 200.0]);
            let mut harness = builder.build_ui_state(show, Fields::default());
            harness.run();
            let label = harness.get_by_role_and_label(Role::Label, name).rect();
            let field = harness.get_by_role_and_label(Role::SpinButton, name).rect();
            assert_eq!(label.bottom() <= field.top(), above, "{name}: {label:?} {field:?}");
        }
    }
}
