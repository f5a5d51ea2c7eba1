//! A generator's schedule drawn over time: spikes as lines, values as a staircase, set with the mouse or by keys.

use egui::{
    CursorIcon, EventFilter, Id, Key, Modifiers, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    WidgetInfo, lerp, pos2, vec2,
};
use spikeloom_engine::description::{Schedule, Value};
use spikeloom_engine::models::{Parameter, Signal};
use spikeloom_engine::project::Node;

use super::number_field::{round_for, snapped};
use super::owner::{Owner, field_key};
use super::panel::Panel;
use super::{allowed, list_text, recorded};
use crate::action::Action;
use crate::{focus, number, theme};

const HEIGHT: f32 = 84.0;
/// So far from a line, in points, the pointer still takes it.
const REACH: f32 = 4.0;
/// More lines in sight are drawn but not taken hold of.
const MOST: usize = 250;
/// So much of the time is shown beyond the last entry.
const BEYOND: f64 = 1.15;
/// Room above and below the values, as a part of their range.
const ROOM: f64 = 0.12;

/// The lists of a node as they are drawn: what a gesture changes and writes back.
#[derive(Clone, Debug, PartialEq)]
struct Lists {
    times: Vec<f64>,
    /// The values of a staircase, or other lists that go with the times; those may be empty.
    alongside: Vec<Vec<f64>>,
}

/// What is drawn: names, and the grid on which times lie.
struct Drawing<'a> {
    node: &'a Node,
    times: &'static Parameter,
    /// The further lists, and what a new entry is.
    alongside: Vec<(&'static Parameter, f64)>,
    steps: bool,
    h: f64,
}

/// The part of the schedule that is in sight.
struct Sheet {
    rect: Rect,
    from: f64,
    to: f64,
    low: f64,
    high: f64,
}

impl Sheet {
    fn x(&self, t: f64) -> f32 {
        lerp(self.rect.left()..=self.rect.right(), ((t - self.from) / (self.to - self.from)) as f32)
    }
    fn y(&self, value: f64) -> f32 {
        lerp(self.rect.bottom()..=self.rect.top(), ((value - self.low) / (self.high - self.low)) as f32)
    }
    fn time(&self, at: Pos2) -> f64 {
        self.from + f64::from((at.x - self.rect.left()) / self.rect.width().max(1.0)) * (self.to - self.from)
    }
    fn value(&self, at: Pos2) -> f64 {
        self.low + f64::from((self.rect.bottom() - at.y) / self.rect.height().max(1.0)) * (self.high - self.low)
    }
    /// The time and the value of a point of the screen.
    fn grain(&self) -> (f64, f64) {
        let width = f64::from(self.rect.width().max(1.0));
        ((self.to - self.from) / width, (self.high - self.low) / f64::from(self.rect.height().max(1.0)))
    }
    fn shows(&self, t: f64) -> bool {
        (self.from..=self.to).contains(&t)
    }
}

/// What a gesture does to the lists.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    Add(f64, f64),
    Remove(usize),
    Move(usize, f64),
    Level(usize, f64),
}

/// Draws the schedule of a node, of which `times` is the list of times.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, node: &Node, times: &'static Parameter) {
    let Some(drawing) = Drawing::of(node, times, panel.project.simulation.resolution) else { return };
    let Some(lists) = drawing.lists() else { return };
    let key = format!("{} drawn of {}", times.name, node.id.0);
    let (from, to) = in_sight(panel, &drawing, &lists, &key);
    let (rect, area) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click_and_drag());
    let id = area.id;
    let inner = rect.shrink2(vec2(6.0, 6.0));
    let (low, high) = panel.fields.slider_range(&format!("{key}{LEVELS}"), drawing.extent(&lists));
    let sheet = Sheet { rect: inner, from, to, low, high };
    let hint = if drawing.steps {
        "Double-click adds a step, drag moves its time or its level, right-click or Delete removes it"
    } else {
        "Click adds one, drag moves it, right-click or Delete removes it"
    };
    area.widget_info(|| WidgetInfo::labeled(Role::Group, true, format!("Drawing of {}", times.name)));
    paint(ui, rect, &sheet, &drawing, &lists, area.has_focus());
    let mut changes = Vec::new();
    let mut held = None;
    let mut ended = false;
    touch_background(ui, &area, &sheet, &drawing, &mut changes);
    let within: Vec<usize> = (0..lists.times.len()).filter(|i| sheet.shows(lists.times[*i])).collect();
    if within.len() <= MOST {
        for i in within {
            let edge = drawing.edge(ui, id, &sheet, &lists, i);
            if edge.act(&mut changes, &mut ended) {
                held = Some(TIMES);
            }
            if drawing.steps && drawing.level(ui, id, &sheet, &lists, i).act(&mut changes, &mut ended) {
                held = Some(LEVELS);
            }
        }
    }
    area.on_hover_text(hint);
    // What is in sight stays while something is dragged.
    for (what, range) in [(TIMES, (from, to)), (LEVELS, (low, high))] {
        panel.fields.hold_slider(&format!("{key}{what}"), (held == Some(what)).then_some(range));
    }
    below(ui, panel, &drawing, &lists, (key.as_str(), from, to), &mut changes);
    if let Some(change) = changes.first() {
        let new = drawing.changed(&lists, *change);
        if new != lists {
            write(panel, &drawing, &new);
        }
        // What is no drag is a step of its own.
        ended |= held.is_none();
    }
    panel.end_gesture(ended);
}

/// Whether the drawing of a generator's schedule shows all that it sends: rates leave the spikes to chance.
pub fn tells_all(node: &Node) -> bool {
    let (times, by_chance) = match node.model.facts.schedule {
        Schedule::Nothing => return false,
        Schedule::Events { times, .. } => (times, false),
        Schedule::Steps { times, .. } => (times, node.model.emits(Signal::Spikes)),
    };
    let drawing = node.model.parameter(times).and_then(|times| Drawing::of(node, times, 1.0));
    !by_chance && drawing.is_some_and(|drawing| drawing.lists().is_some())
}

/// What is in sight: all of the schedule unless the user says otherwise.
fn in_sight(panel: &Panel<'_, '_>, drawing: &Drawing<'_>, lists: &Lists, key: &str) -> (f64, f64) {
    let last = lists.times.iter().copied().fold(0.0, f64::max);
    let all = (BEYOND * last).max(panel.project.simulation.duration.min(1000.0)).max(10.0 * drawing.h);
    let all = if all.is_finite() { all.ceil() } else { 1000.0 };
    let said = |name: &str| panel.fields.drafts.get(&format!("{key} {name}")).and_then(|text| number::parse(text).ok());
    let from = said(FROM).unwrap_or(0.0).max(0.0);
    let to = said(TO).unwrap_or(all);
    let range = (from, if to > from + drawing.h { to } else { from + 10.0 * drawing.h });
    panel.fields.slider_range(&format!("{key}{TIMES}"), range)
}

/// What is held while it is dragged.
const TIMES: &str = " times";
const LEVELS: &str = " levels";

const FROM: &str = "view from";
const TO: &str = "view to";

/// The part that is shown, and a button that adds an entry for who has no mouse.
fn below(
    ui: &mut Ui,
    panel: &mut Panel<'_, '_>,
    drawing: &Drawing<'_>,
    lists: &Lists,
    (key, from, to): (&str, f64, f64),
    changes: &mut Vec<Change>,
) {
    ui.horizontal_wrapped(|ui| {
        recorded::remembered(ui, panel, key, FROM, drawing.times, from);
        recorded::remembered(ui, panel, key, TO, drawing.times, to);
        let text = if drawing.steps { "Add step" } else { "Add" };
        let name = format!("Add to {}", drawing.times.name);
        let button = ui.small_button(text).on_hover_text("One more, after the last one").accessible_name(name);
        if button.clicked() {
            let last = lists.times.iter().copied().reduce(f64::max);
            let interval = round_for(0.1 * (to - from), 0.05 * (to - from), false).max(drawing.h);
            let value = lists.alongside.first().and_then(|values| values.last()).copied().unwrap_or(0.0);
            changes.push(Change::Add(last.unwrap_or(from) + interval, value));
        }
    });
}

impl<'a> Drawing<'a> {
    fn of(node: &'a Node, times: &'static Parameter, h: f64) -> Option<Self> {
        let parameter = |name: &str| node.model.parameter(name);
        let (steps, alongside) = match node.model.facts.schedule {
            Schedule::Nothing => return None,
            Schedule::Events { times: name, alongside } if name == times.name => {
                (false, alongside.iter().filter_map(|(name, new)| Some((parameter(name)?, *new))).collect())
            }
            Schedule::Steps { times: name, values } if name == times.name => (true, vec![(parameter(values)?, 0.0)]),
            _ => return None,
        };
        Some(Drawing { node, times, alongside, steps, h })
    }

    /// `None` where devices have lists of their own, or lists do not fit each other.
    fn lists(&self) -> Option<Lists> {
        let list = |parameter: &Parameter| match self.node.value(parameter.name) {
            Some(Value::List(list)) => Some(list),
            _ => None,
        };
        let times = list(self.times)?;
        let alongside: Vec<Vec<f64>> =
            self.alongside.iter().map(|(parameter, _)| list(parameter)).collect::<Option<_>>()?;
        let fits = |list: &Vec<f64>| list.len() == times.len() || (list.is_empty() && !self.steps);
        alongside.iter().all(fits).then_some(Lists { times, alongside })
    }

    /// The range of values that is drawn; zero is in sight.
    fn extent(&self, lists: &Lists) -> (f64, f64) {
        let values = || lists.alongside.first().into_iter().flatten().copied().filter(|x| x.is_finite());
        if !self.steps {
            return (0.0, 1.0);
        }
        let (low, high) = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
        let usual = self.alongside.first().and_then(|(parameter, _)| parameter.slider).map_or(1.0, |(_, high)| high);
        let width = if high > low { high - low } else { usual.abs().max(1e-9) };
        let above = if high > 0.0 || high == low { ROOM * width } else { 0.5 * ROOM * width };
        let below = if low < 0.0 { ROOM * width } else { 0.0 };
        (low - below, if high > low { high + above } else { high + width })
    }

    /// A time on the grid, brought to a round one that a point of the screen can tell.
    fn time_of(&self, t: f64, grain: f64, fine: bool) -> f64 {
        let round = if fine { t } else { round_to(t, grain) };
        snapped(round, self.h).max(snapped(self.h, self.h))
    }

    /// The lists after a change; what is not allowed leaves them as they are.
    fn changed(&self, lists: &Lists, change: Change) -> Lists {
        let mut new = lists.clone();
        let ascend = lists.times.is_sorted();
        match change {
            Change::Add(t, value) => {
                let t = self.time_of(t, 0.0, true);
                if lists.times.iter().any(|other| (other - t).abs() < 0.5 * self.h) {
                    return new;
                }
                let place = if ascend { lists.times.partition_point(|other| *other < t) } else { lists.times.len() };
                new.times.insert(place, t);
                for (list, (parameter, usual)) in new.alongside.iter_mut().zip(&self.alongside) {
                    if self.steps {
                        let (low, high) = allowed::limits(parameter);
                        list.insert(place, value.clamp(low, high));
                    } else if !list.is_empty() {
                        list.insert(place, *usual);
                    }
                }
            }
            Change::Remove(i) => {
                new.times.remove(i);
                new.alongside.iter_mut().filter(|list| i < list.len()).for_each(|list| _ = list.remove(i));
            }
            Change::Move(i, t) => {
                // Entries keep their order; steps do not come to stand on one another.
                let apart = if self.steps { self.h } else { 0.0 };
                let before = i.checked_sub(1).map(|before| lists.times[before] + apart).filter(|_| ascend);
                let after = lists.times.get(i + 1).map(|after| after - apart).filter(|_| ascend);
                let t = after.map_or(t, |after| t.min(after));
                let t = before.map_or(t, |before| t.max(before));
                new.times[i] = snapped(t.max(self.h), self.h);
            }
            Change::Level(i, value) => {
                if let (Some(values), Some((parameter, _))) = (new.alongside.first_mut(), self.alongside.first()) {
                    let (low, high) = allowed::limits(parameter);
                    values[i] = value.clamp(low, high) + 0.0;
                }
            }
        }
        new
    }

    /// The line at the time of an entry.
    fn edge(&self, ui: &Ui, id: Id, sheet: &Sheet, lists: &Lists, i: usize) -> Handle {
        let t = lists.times[i];
        let gap = |other: Option<&f64>| other.map_or(f32::INFINITY, |other| 0.5 * (sheet.x(*other) - sheet.x(t)).abs());
        let neighbours = gap(i.checked_sub(1).and_then(|i| lists.times.get(i))).min(gap(lists.times.get(i + 1)));
        let reach = REACH.min(neighbours).max(1.0);
        let x = sheet.x(t);
        let place = Rect::from_x_y_ranges(x - reach..=x + reach, sheet.rect.y_range());
        let response = ui.interact(place, id.with(("edge", i)), Sense::click_and_drag());
        let response = response.on_hover_cursor(CursorIcon::ResizeHorizontal);
        response.widget_info(|| spin_button(&format!("{} {}", self.times.name, i + 1), t, self.times.unit));
        let (grain, fine) = (sheet.grain().0, ui.input(|i| i.modifiers.command));
        let dragged = moved(&response).map(|at| Change::Move(i, self.time_of(sheet.time(at), grain, fine)));
        let keys = [Key::ArrowLeft, Key::ArrowRight];
        let stepped = steps_by_keys(ui, &response, keys, self.h, round_up(10.0 * self.h, grain));
        let stepped = stepped.map(|by| Change::Move(i, self.time_of(t + by, 0.0, true)));
        let said = number::with_unit(t, self.times.unit);
        let response = response.on_hover_text(said);
        if response.has_focus() || response.hovered() || response.dragged() {
            let stroke = Stroke::new(2.0, ui.visuals().selection.stroke.color);
            ui.painter().vline(x, sheet.rect.y_range(), stroke);
        }
        Handle { removed: removed(ui, &response), response, change: dragged.or(stepped), i }
    }

    /// The level of a step, up to the next one.
    fn level(&self, ui: &Ui, id: Id, sheet: &Sheet, lists: &Lists, i: usize) -> Handle {
        let values = &lists.alongside[0];
        let value = values[i];
        let end = lists.times.get(i + 1).map_or(sheet.to, |next| next.min(sheet.to));
        let (left, right) = (sheet.x(lists.times[i]) + REACH, sheet.x(end) - REACH);
        let y = sheet.y(value);
        let place = Rect::from_x_y_ranges(left..=right.max(left + 1.0), y - REACH..=y + REACH);
        let response = ui.interact(place, id.with(("level", i)), Sense::click_and_drag());
        let response = response.on_hover_cursor(CursorIcon::ResizeVertical);
        let parameter = self.alongside[0].0;
        response.widget_info(|| spin_button(&format!("{} {}", parameter.name, i + 1), value, parameter.unit));
        let (grain, fine) = (sheet.grain().1, ui.input(|i| i.modifiers.command));
        let rounded = |x: f64| round_to(x, if fine { 0.1 * grain } else { grain });
        let dragged = moved(&response).map(|at| Change::Level(i, rounded(sheet.value(at))));
        let small = round_up(0.0, grain);
        let stepped = steps_by_keys(ui, &response, [Key::ArrowDown, Key::ArrowUp], small, 10.0 * small);
        let stepped = stepped.map(|by| Change::Level(i, round_to(value + by, 1e-3 * small)));
        let response = response.on_hover_text(number::with_unit(value, parameter.unit));
        if response.has_focus() || response.hovered() || response.dragged() {
            let stroke = Stroke::new(2.5, ui.visuals().selection.stroke.color);
            ui.painter().hline(left..=right, y, stroke);
        }
        Handle { removed: removed(ui, &response), response, change: dragged.or(stepped), i }
    }
}

/// Something that can be taken hold of, and what was done with it in this frame.
struct Handle {
    response: Response,
    change: Option<Change>,
    removed: bool,
    i: usize,
}

impl Handle {
    /// Says whether it is held.
    fn act(&self, changes: &mut Vec<Change>, ended: &mut bool) -> bool {
        if self.response.clicked() {
            self.response.request_focus();
        }
        if self.removed {
            self.response.surrender_focus();
            changes.push(Change::Remove(self.i));
        } else {
            changes.extend(self.change);
        }
        *ended |= self.response.drag_stopped();
        self.response.dragged()
    }
}

fn spin_button(name: &str, value: f64, unit: &str) -> WidgetInfo {
    let mut info = WidgetInfo::labeled(Role::SpinButton, true, name);
    info.value = Some(value);
    info.current_text_value = Some(number::with_unit(value, unit));
    info
}

/// Where it has been dragged to.
fn moved(response: &Response) -> Option<Pos2> {
    let moves = response.dragged_by(egui::PointerButton::Primary) && response.drag_delta() != egui::Vec2::ZERO;
    moves.then(|| response.interact_pointer_pos()).flatten()
}

/// By how much the arrows move what has the focus; with Shift by more.
fn steps_by_keys(ui: &Ui, response: &Response, [down, up]: [Key; 2], small: f64, large: f64) -> Option<f64> {
    if !response.has_focus() {
        return None;
    }
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    let count = |modifiers: Modifiers| {
        ui.input_mut(|i| {
            i.count_and_consume_key(modifiers, up) as f64 - i.count_and_consume_key(modifiers, down) as f64
        })
    };
    let (coarse, fine) = (count(Modifiers::SHIFT), count(Modifiers::NONE));
    let by = large * coarse + small * fine;
    (by != 0.0).then_some(by)
}

/// Whether it is to go: by the right button, or by Delete while it has the focus.
fn removed(ui: &Ui, response: &Response) -> bool {
    if response.has_focus() {
        focus::claim_delete(ui.ctx(), response.id);
    }
    let pressed = response.has_focus()
        && ui.input_mut(|i| {
            i.consume_key(Modifiers::NONE, Key::Delete) || i.consume_key(Modifiers::NONE, Key::Backspace)
        });
    pressed || response.secondary_clicked()
}

/// A click adds a spike, a double-click a step.
fn touch_background(ui: &Ui, area: &Response, sheet: &Sheet, drawing: &Drawing<'_>, changes: &mut Vec<Change>) {
    let adds = if drawing.steps { area.double_clicked() } else { area.clicked() };
    let Some(at) = area.interact_pointer_pos().filter(|_| adds) else { return };
    let (time, value) = sheet.grain();
    let fine = ui.input(|i| i.modifiers.command);
    let t = drawing.time_of(sheet.time(at), time, fine);
    changes.push(Change::Add(t, round_to(sheet.value(at), value)));
}

/// The nearest multiple of a round number (1, 2 or 5 times a power of ten) that is not less than `grain`.
fn round_to(x: f64, grain: f64) -> f64 {
    let unit = round_up(0.0, grain);
    if unit > 0.0 && x.is_finite() { snapped(x, unit) } else { x }
}

/// The smallest of 1, 2, 5, 10, … times a power of ten that is as large as both.
fn round_up(least: f64, grain: f64) -> f64 {
    let wanted = least.max(grain);
    if wanted <= 0.0 || !wanted.is_finite() {
        return least;
    }
    let power = 10f64.powf(wanted.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|unit| *unit >= wanted * (1.0 - 1e-9)).unwrap_or(wanted)
}

fn paint(ui: &Ui, rect: Rect, sheet: &Sheet, drawing: &Drawing<'_>, lists: &Lists, focused: bool) {
    let visuals = ui.visuals();
    ui.painter().rect_filled(rect, 3.0, visuals.extreme_bg_color);
    if focused {
        ui.painter().rect_stroke(rect, 3.0, visuals.selection.stroke, StrokeKind::Inside);
    }
    let ink = theme::palette_color(0, visuals.dark_mode);
    let weak = Stroke::new(1.0, visuals.weak_text_color().gamma_multiply(0.4));
    if !drawing.steps {
        ui.painter().hline(sheet.rect.x_range(), sheet.rect.bottom(), weak);
        let height = sheet.rect.top() + 0.25 * sheet.rect.height()..=sheet.rect.bottom();
        let mut last = f32::NEG_INFINITY;
        for t in lists.times.iter().filter(|t| sheet.shows(**t)) {
            let x = sheet.x(*t);
            if (x - last).abs() >= 0.5 {
                ui.painter().vline(x, height.clone(), Stroke::new(1.5, ink));
                last = x;
            }
        }
        return;
    }
    ui.painter().hline(sheet.rect.x_range(), sheet.y(0.0), weak);
    let mut steps: Vec<(f64, f64)> = lists.times.iter().copied().zip(lists.alongside[0].iter().copied()).collect();
    steps.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut line = vec![pos2(sheet.x(sheet.from), sheet.y(0.0))];
    for (t, value) in steps {
        let before = line.last().map_or(sheet.y(0.0), |at| at.y);
        let x = sheet.x(t.clamp(sheet.from, sheet.to));
        if t > sheet.to {
            break;
        }
        line.extend([pos2(x, before), pos2(x, sheet.y(value))]);
    }
    let end = line.last().map_or(sheet.y(0.0), |at| at.y);
    line.push(pos2(sheet.x(sheet.to), end));
    ui.painter().with_clip_rect(rect).add(Shape::line(line, Stroke::new(1.5, ink)));
}

/// Writes the lists into the document.
fn write(panel: &mut Panel<'_, '_>, drawing: &Drawing<'_>, lists: &Lists) {
    let alongside =
        drawing.alongside.iter().zip(&lists.alongside).map(|((parameter, _), list)| (*parameter, list.clone()));
    let all = std::iter::once((drawing.times, lists.times.clone())).chain(alongside);
    set_lists(panel, drawing.node, all.collect());
}

/// Sets lists of a node together, as one step with those of the same gesture.
fn set_lists(panel: &mut Panel<'_, '_>, node: &Node, lists: Vec<(&'static Parameter, Vec<f64>)>) {
    let nodes = [node];
    let owner = Owner::Nodes(&nodes);
    let Some(first) = lists.first().map(|(parameter, _)| *parameter) else { return };
    let mut lists: Vec<(&'static Parameter, Value)> =
        lists.into_iter().map(|(parameter, list)| (parameter, Value::List(list))).collect();
    lists.retain(|(parameter, list)| node.value(parameter.name).as_ref() != Some(list));
    for (parameter, list) in &lists {
        let keys = [true, false].map(|main| field_key(owner, parameter, main));
        match owner.check(parameter, list, &panel.project.simulation) {
            Err(reason) => {
                panel.fields.refuse(&keys[0], reason);
                return;
            }
            Ok(()) => keys.iter().for_each(|key| {
                panel.fields.accept(key);
                // Text that was typed gives way to what is drawn.
                panel.fields.drafts.remove(key);
            }),
        }
    }
    let label = format!("Draw {} of {}", first.name, node.name);
    let merge = format!("lists drawn of {}", owner.key());
    let edit = owner.edit(label, move |params| {
        for (parameter, list) in &lists {
            if *list == Value::from(parameter.default) {
                params.remove(parameter.name);
            } else {
                params.insert(parameter.name.to_owned(), list.clone());
            }
        }
    });
    panel.push(edit.merged(merge));
}

/// Takes a table of two columns that is pasted into a list of the schedule: times, and what goes with them. Says whether
/// it was one.
pub fn paste(ui: &Ui, panel: &mut Panel<'_, '_>, node: &Node, parameter: &'static Parameter, key: &str) -> bool {
    let (times, other) = match node.model.facts.schedule {
        Schedule::Steps { times, values } => (times, values),
        Schedule::Events { times, alongside: [(other, _), ..] } => (times, *other),
        _ => return false,
    };
    let field = list_text::field_id(key);
    if ![times, other].contains(&parameter.name) || ui.memory(|memory| memory.focused()) != Some(field) {
        return false;
    }
    let mut columns = None;
    ui.input_mut(|i| {
        i.events.retain(|event| match event {
            egui::Event::Paste(text) if columns.is_none() => {
                columns = list_text::columns(text);
                columns.is_none()
            }
            _ => true,
        });
    });
    let Some((first, second)) = columns else { return false };
    let found = [times, other].map(|name| node.model.parameter(name));
    let [Some(times), Some(other)] = found else { return false };
    set_lists(panel, node, vec![(times, first), (other, second)]);
    panel.push(Action::EndGesture);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use spikeloom_engine::models::find;
    use spikeloom_engine::project::NodeId;

    fn node(model: &str, lists: &[(&str, &[f64])]) -> Node {
        let mut node = Node::new(NodeId(0), "g", find(model).expect("a model"));
        node.params.extend(lists.iter().map(|(name, list)| ((*name).to_owned(), Value::List(list.to_vec()))));
        node
    }

    fn after(node: &Node, times: &str, change: Change) -> (Vec<f64>, Vec<Vec<f64>>) {
        let drawing = Drawing::of(node, node.model.parameter(times).expect("a list"), 0.1).expect("it can be drawn");
        let new = drawing.changed(&drawing.lists().expect("lists that fit"), change);
        (new.times, new.alongside)
    }

    #[test]
    fn spikes_stay_in_order_and_on_the_grid() {
        let node = node("spike_generator", &[("spike_times", &[10.0, 20.0]), ("spike_weights", &[2.0, 3.0])]);
        let change = |change| after(&node, "spike_times", change);
        assert_eq!(change(Change::Add(15.04, 0.0)), (vec![10.0, 15.0, 20.0], vec![vec![2.0, 1.0, 3.0], vec![]]));
        assert_eq!(change(Change::Add(20.0, 0.0)).0, [10.0, 20.0], "there is one already");
        assert_eq!(change(Change::Remove(0)), (vec![20.0], vec![vec![3.0], vec![]]));
        assert_eq!(change(Change::Move(0, 50.0)).0, [20.0, 20.0]);
        assert_eq!(change(Change::Move(0, -5.0)).0, [0.1, 20.0]);
    }

    #[test]
    fn steps_keep_apart_and_rates_do_not_fall_below_zero() {
        let lists: [(&str, &[f64]); 2] = [("rate_times", &[10.0, 20.0]), ("rate_values", &[100.0, 50.0])];
        let node = node("inhomogeneous_poisson_generator", &lists);
        let change = |change| after(&node, "rate_times", change);
        assert_eq!(change(Change::Move(0, 30.0)).0, [19.9, 20.0]);
        assert_eq!(change(Change::Level(1, -3.0)).1, [[100.0, 0.0]]);
        assert_eq!(change(Change::Add(5.0, 70.0)), (vec![5.0, 10.0, 20.0], vec![vec![70.0, 100.0, 50.0]]));
        assert_eq!(change(Change::Remove(1)), (vec![10.0], vec![vec![100.0]]));
    }

    #[test]
    fn round_numbers_are_what_a_point_can_tell() {
        assert_eq!([0.3, 1.0, 1.5, 3.4].map(|grain| round_up(0.0, grain)), [0.5, 1.0, 2.0, 5.0]);
        assert_eq!((round_to(123.4, 3.4), round_to(123.4, 0.0)), (125.0, 123.4));
    }
}
