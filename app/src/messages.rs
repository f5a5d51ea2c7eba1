//! Messages at the edge of the window, some with a button that helps.

use egui::{Align, Align2, Area, Button, Color32, Frame, Layout, Margin, Order, RichText, Ui, Vec2};

use crate::action::{Action, Message, MessageKind, Selection};
use crate::command::Command;
use crate::theme;

/// Messages shown at once; older ones make room.
const SHOWN: usize = 4;

/// Messages on show, and the last one for the status line.
#[derive(Default)]
pub struct Messages {
    shown: Vec<Shown>,
    last: Option<Message>,
}

struct Shown {
    message: Message,
    offer: Option<Command>,
    /// When it disappears, s; set when it is first drawn.
    until: Option<f64>,
}

impl Messages {
    /// Shows a message for some seconds.
    pub fn say(&mut self, message: Message) {
        self.push(message, None);
    }

    /// Shows a message with a button that runs a command.
    pub fn offer(&mut self, message: Message, command: Command) {
        self.push(message, Some(command));
    }

    fn push(&mut self, message: Message, offer: Option<Command>) {
        self.shown.retain(|shown| shown.message.text != message.text);
        self.last = Some(message.clone());
        self.shown.push(Shown { message, offer, until: None });
        if self.shown.len() > SHOWN {
            self.shown.remove(0);
        }
    }

    /// Takes a message back, because what it says is over.
    pub fn withdraw(&mut self, text: &str) {
        self.shown.retain(|shown| shown.message.text != text);
        self.last = self.last.take().filter(|last| last.text != text);
    }

    /// The latest message.
    pub fn last(&self) -> Option<&Message> {
        self.last.as_ref()
    }

    /// The texts on show, the latest last.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.shown.iter().map(|s| s.message.text.as_str())
    }

    /// Closes all messages but errors, which are closed by their own button: a key pressed in
    /// passing must not hide why a run stopped. Says whether there were any.
    pub fn close_passing(&mut self) -> bool {
        let before = self.shown.len();
        self.shown.retain(|shown| shown.message.kind == MessageKind::Error);
        self.shown.len() < before
    }

    /// Draws the messages at the lower right corner, `above` the bottom of the window.
    pub fn show(&mut self, ui: &Ui, above: f32, actions: &mut Vec<Action>) {
        if self.shown.is_empty() {
            return;
        }
        let now = ui.input(|i| i.time);
        let area = Area::new(egui::Id::unique("messages"))
            .order(Order::Foreground)
            .anchor(Align2::RIGHT_BOTTOM, Vec2::new(-12.0, -above - 12.0))
            .show(ui.ctx(), |ui| {
                ui.set_max_width(380.0);
                let mut closed = None;
                for (i, shown) in self.shown.iter().enumerate() {
                    if draw(ui, shown, actions) {
                        closed = Some(i);
                    }
                    ui.add_space(6.0);
                }
                closed
            });
        if let Some(i) = area.inner {
            self.shown.remove(i);
        }
        self.expire(ui, now, area.response.contains_pointer());
    }

    /// Removes what has been shown long enough; the pointer over the messages stops the clock.
    fn expire(&mut self, ui: &Ui, now: f64, hovered: bool) {
        for shown in &mut self.shown {
            let seconds = seconds_to_read(&shown.message, shown.offer.is_some());
            let until = shown.until.get_or_insert(now + seconds);
            if hovered {
                *until = until.max(now + 2.0);
            }
        }
        self.shown.retain(|shown| shown.until.is_none_or(|until| now < until));
        let next = self.shown.iter().filter_map(|s| s.until).fold(f64::INFINITY, f64::min);
        if next.is_finite() {
            ui.ctx().request_repaint_after_secs((next - now).max(0.05) as f32);
        }
    }
}

fn seconds_to_read(message: &Message, offer: bool) -> f64 {
    let text = 3.0 + message.text.len() as f64 / 25.0;
    let least = match message.kind {
        MessageKind::Info => 0.0,
        MessageKind::Warning => 8.0,
        MessageKind::Error => 15.0,
    };
    text.max(least).max(if offer { 12.0 } else { 0.0 })
}

/// Draws one message and says whether it is to be closed.
fn draw(ui: &mut Ui, shown: &Shown, actions: &mut Vec<Action>) -> bool {
    let mut close = false;
    let color = kind_color(ui, shown.message.kind);
    Frame::popup(ui.style()).inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
        ui.set_width(356.0);
        ui.horizontal_top(|ui| {
            let (mark, _) = ui.allocate_exact_size(Vec2::new(10.0, 18.0), egui::Sense::hover());
            ui.painter().circle_filled(mark.center(), 4.0, color);
            ui.with_layout(Layout::right_to_left(Align::TOP), |ui| {
                close |= theme::icon_button(ui, theme::Icon::Close, "Close message", true).clicked();
                ui.with_layout(Layout::top_down(Align::LEFT), |ui| {
                    ui.add(egui::Label::new(&shown.message.text).wrap());
                    close |= buttons(ui, shown, actions);
                });
            });
        });
    });
    close
}

fn buttons(ui: &mut Ui, shown: &Shown, actions: &mut Vec<Action>) -> bool {
    let mut pressed = false;
    if shown.offer.is_none() && shown.message.culprit.is_none() {
        return pressed;
    }
    ui.horizontal(|ui| {
        if let Some(command) = shown.offer
            && ui.add(Button::new(RichText::new(command.text().0).strong())).clicked()
        {
            actions.push(Action::Command(command));
            pressed = true;
        }
        if let Some(culprit) = &shown.message.culprit
            && ui.button("Show where").clicked()
        {
            actions.push(Action::Select(culprit.clone()));
            actions.push(Action::Reveal(culprit.clone()));
            pressed = true;
        }
    });
    pressed
}

/// The colour that goes with a kind of message.
pub fn kind_color(ui: &Ui, kind: MessageKind) -> Color32 {
    match kind {
        MessageKind::Info => ui.visuals().selection.stroke.color,
        MessageKind::Warning => ui.visuals().warn_fg_color,
        MessageKind::Error => ui.visuals().error_fg_color,
    }
}

/// A message without a culprit.
pub fn info(text: impl Into<String>) -> Message {
    Message { kind: MessageKind::Info, text: text.into(), culprit: None }
}

/// Something that may not be as meant.
pub fn warning(text: impl Into<String>) -> Message {
    Message { kind: MessageKind::Warning, text: text.into(), culprit: None }
}

/// Something that did not work.
pub fn error(text: impl Into<String>) -> Message {
    Message { kind: MessageKind::Error, text: text.into(), culprit: None }
}

/// What a problem concerns, to be selected.
pub fn culprit(problem: &spikeloom_engine::project::Problem) -> Option<Selection> {
    use spikeloom_engine::project::Place;
    match problem.place {
        Place::Node { id, .. } => Some(Selection::node(id)),
        Place::Projection { id, .. } => Some(Selection::projection(id)),
        Place::Project | Place::Simulation | Place::View(_) => None,
    }
}
