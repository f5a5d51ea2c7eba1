//! One plot: header with its buttons, axes, captions, read-out.

use egui::{
    Align, Align2, Color32, FontId, Label, Layout, Popup, PopupCloseBehavior, Pos2, Rect, Response, RichText, Role,
    Sense, Shape, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use egui_plot::{Plot, PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform, PlotUi};
use spikeloom_engine::project::{Project, View, ViewId};

use super::icons::{self, Icon};
use super::state::Pane;
use super::time_axis::{Clock, TimeAxis};
use super::{arrangement, brush, empty, gestures, settings_menu};
use crate::action::{Action, Edit, ExportKind};
use crate::plots::axis;
use crate::plots::data::PlotData;
use crate::plots::kind::{Kind, Picture};
use crate::plots::kinds;
use crate::plots::sheet::{Across, Scale, Sheet};
use crate::plots::views::{name_of, title_of};

const HEADER: f32 = 22.0;

/// Draws a plot with its header into all the space of `ui`. True if the user begins to move it.
pub fn show(
    ui: &mut Ui,
    view: &View,
    pane: &mut Pane,
    time: &mut TimeAxis,
    data: &PlotData<'_>,
    actions: &mut Vec<Action>,
) -> bool {
    let space = ui.max_rect().shrink2(vec2(3.0, 1.0));
    let (head, body) = space.split_top_bottom_at_y(space.top() + HEADER);
    pane.rect = Some(body);
    let kind = kinds::find(&view.kind);
    // The pane is drawn by itself, so its picture stands beside it meanwhile.
    let mut picture = pane.picture.take();
    let shown = match (kind, picture.as_deref_mut()) {
        (Some(kind), Some(picture)) => {
            picture.update(view, data, ui.visuals().dark_mode);
            empty::reason(kind, view, data).map_or(Ok(picture), Err)
        }
        _ => Err(format!("This program has no plots of the kind {}", view.kind)),
    };
    let amount = shown
        .as_ref()
        .map_or_else(|_| String::new(), |picture| picture.amount(view, data, range(picture.across(), time, data)));
    let right_to_left = Layout::right_to_left(Align::Center);
    let title = ui.scope_builder(UiBuilder::new().max_rect(head).layout(right_to_left), |ui| {
        header(ui, kind, view, pane, &amount, data, actions)
    });
    ui.scope_builder(UiBuilder::new().max_rect(body), |ui| match shown {
        Err(why) => explain(ui, view, data, &why),
        Ok(picture) => {
            let scale = picture.scale(view, data);
            let mut ui = below_margin(ui, &scale);
            let shown = plot(&mut ui, view, pane, picture, &scale, time, data);
            shown.0.widget_info(|| named_area(view, data, &amount));
            use_plot(&ui, &shown, (view, data), pane, picture, time, actions);
        }
    });
    pane.picture = picture;
    title.inner.drag_started()
}

/// Room above a plot for the upper half of the number at the top of its axis.
fn below_margin(ui: &mut Ui, scale: &Scale) -> Ui {
    const HALF_NUMBER: f32 = 5.0;
    let mut rect = ui.max_rect();
    if matches!(scale, Scale::Numbers(_)) {
        rect.min.y += HALF_NUMBER;
    }
    ui.new_child(UiBuilder::new().max_rect(rect))
}

/// What goes across: the time that all plots share, or something of this plot's own.
fn range(across: Across, time: &TimeAxis, data: &PlotData<'_>) -> (f64, f64) {
    match across {
        Across::Time => time.range(Clock::of(data)),
        Across::Durations(from, to) | Across::Decades(from, to) => (from, to),
    }
}

/// "Raster of Spikes".
fn full_name(view: &View, data: &PlotData<'_>) -> String {
    format!("{} of {}", title_of(&view.kind), name_of(view, data.project))
}

/// "Spikes (raster)".
pub fn tab_name(view: &View, project: &Project) -> String {
    format!("{} ({})", name_of(view, project), title_of(&view.kind).to_lowercase())
}

/// Title, amount and buttons of a plot, from the right to the left. Dragging the title moves the plot.
fn header(
    ui: &mut Ui,
    kind: Option<&Kind>,
    view: &View,
    pane: &mut Pane,
    amount: &str,
    data: &PlotData<'_>,
    actions: &mut Vec<Action>,
) -> Response {
    ui.spacing_mut().item_spacing.x = 2.0;
    ui.spacing_mut().button_padding = vec2(4.0, 0.0);
    let name = full_name(view, data);
    if icons::button(ui, Icon::Close, &format!("Close {name}"), "Close this plot").clicked() {
        actions.push(close_view(view.id, &name).into());
    }
    if let Some(kind) = kind {
        let button = icons::button(ui, Icon::Export, &format!("Export {name}"), "Export this plot");
        Popup::menu(&button).show(|ui| export_menu(ui, view, actions));
        let button = icons::button(ui, Icon::Settings, &format!("Settings of {name}"), "What this plot shows");
        Popup::menu(&button)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .show(|ui| settings_menu::show(ui, kind, view, pane, data, actions));
    }
    title(ui, view, data, amount)
}

fn export_menu(ui: &mut Ui, view: &View, actions: &mut Vec<Action>) {
    for (text, kind) in [("Export picture (PNG)…", ExportKind::Png), ("Export data (CSV)…", ExportKind::Csv)] {
        if ui.button(text).clicked() {
            actions.push(Action::Export { view: view.id, kind });
            ui.close();
        }
    }
}

/// What moves the plot when it is dragged.
fn title(ui: &mut Ui, view: &View, data: &PlotData<'_>, amount: &str) -> Response {
    let space = ui.available_rect_before_wrap();
    let drag = ui.interact(space, ui.scope_id().with("move"), Sense::drag()).on_hover_cursor(egui::CursorIcon::Grab);
    drag.widget_info(|| WidgetInfo::labeled(Role::TitleBar, true, format!("Move {}", full_name(view, data))));
    ui.scope_builder(UiBuilder::new().max_rect(space).layout(Layout::left_to_right(Align::Center)), |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let title = RichText::new(name_of(view, data.project)).strong();
        ui.add(Label::new(title).truncate().selectable(false));
        if !amount.is_empty() && ui.available_width() > 40.0 {
            ui.add(Label::new(RichText::new(amount).size(11.0)).truncate().selectable(false));
        }
    });
    drag
}

/// Removes a view and its place in the layout.
fn close_view(id: ViewId, name: &str) -> Edit {
    Edit::new(format!("Close {name}"), move |project| {
        project.views.retain(|view| view.id != id);
        if project.layout.is_some() {
            project.layout = arrangement::effective(project.layout.as_ref(), &project.views);
        }
    })
}

/// The reason why there is nothing to see, in the middle.
fn explain(ui: &mut Ui, view: &View, data: &PlotData<'_>, why: &str) {
    let area = ui.max_rect();
    ui.painter().rect_filled(area, 2.0, ui.visuals().extreme_bg_color);
    let response = ui.interact(area, ui.scope_id().with("area"), Sense::hover());
    response.widget_info(|| named_area(view, data, why));
    let middle = Rect::from_center_size(area.center(), vec2(area.width() - 12.0, area.height().min(40.0)));
    ui.scope_builder(UiBuilder::new().max_rect(middle), |ui| {
        ui.vertical_centered(|ui| ui.add(Label::new(RichText::new(why)).wrap()));
    });
}

/// How tests and screen readers see a plot.
fn named_area(view: &View, data: &PlotData<'_>, value: &str) -> WidgetInfo {
    let mut info = WidgetInfo::labeled(Role::Figure, true, full_name(view, data));
    info.current_text_value = Some(value.to_owned());
    info
}

/// Axes and data, with what they mean: where on the screen, and on what sheet.
fn plot(
    ui: &mut Ui,
    view: &View,
    pane: &Pane,
    picture: &mut dyn Picture,
    scale: &Scale,
    time: &TimeAxis,
    data: &PlotData<'_>,
) -> (Response, Sheet) {
    let across = picture.across();
    let range = range(across, time, data);
    let y = pane.y.unwrap_or_else(|| picture.fit(view, data, range));
    let names = match scale {
        Scale::Names(names) => Some(names.clone()),
        Scale::Numbers(_) => None,
    };
    let has_names = names.is_some();
    let mut plot = Plot::new("plot")
        .id(egui::Id::unique(("plot", view.id)))
        // Low panes squeeze the data rather than lose the time axis.
        .min_size(vec2(32.0, 16.0))
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .allow_axis_zoom_drag(false)
        .show_crosshair(true)
        .show_y(false)
        .show_grid([true, !has_names])
        .label_formatter(|_| None)
        .custom_x_axes(vec![axis::axis_across(ui, across, range)])
        .custom_y_axes(vec![axis::value_axis(ui, scale)])
        .x_grid_spacer(move |input| axis::marks_across(across, input))
        .y_grid_spacer(move |input| match &names {
            Some(names) => {
                names.iter().map(|(y, height, _)| egui_plot::GridMark { value: *y, step_size: *height }).collect()
            }
            None => axis::value_marks(input),
        });
    if across == Across::Time {
        plot = plot.link_cursor(egui::Id::unique("time of all plots"), [true, false]);
    }
    let shown = plot.show(ui, |plot| {
        let sheet = Sheet { ctx: plot.ctx().clone(), rect: plot.response().rect, across: range, y };
        plot.set_plot_bounds_x(range.0..=range.1);
        plot.set_plot_bounds_y(y.0..=y.1);
        let shapes = picture.draw(view, data, &sheet);
        draw(plot, shapes);
        sheet
    });
    let sheet = shown.inner;
    if let Some(time) = data.status.kept.filter(|_| across == Across::Time) {
        kept_moment(ui, time, &sheet);
    }
    captions(ui, scale, &picture.legend(), &sheet);
    (shown.response, sheet)
}

/// What the user does in the plotting area, and the read-out at the pointer.
fn use_plot(
    ui: &Ui,
    (response, sheet): &(Response, Sheet),
    (view, data): (&View, &PlotData<'_>),
    pane: &mut Pane,
    picture: &dyn Picture,
    time: &mut TimeAxis,
    actions: &mut Vec<Action>,
) {
    if !brush::apply(ui, response, sheet, pane, picture, data, actions) {
        // What is not time stays as it is.
        let mut elsewhere = time.clone();
        let time = if picture.across() == Across::Time { time } else { &mut elsewhere };
        gestures::apply(ui, response, sheet, pane, time, Clock::of(data));
    }
    if let Some(pointer) = response.hover_pos()
        && !response.dragged()
        && let Some(text) = picture.read_out(view, data, sheet, pointer)
    {
        read_out(ui, &text, pointer, sheet);
    }
}

fn draw(plot: &mut PlotUi<'_>, shapes: Vec<Shape>) {
    plot.add(Drawn { base: PlotItemBase::new(String::new()), shapes });
}

/// Shapes that are laid out on the screen already.
struct Drawn {
    base: PlotItemBase,
    shapes: Vec<Shape>,
}

impl PlotItem for Drawn {
    fn shapes(&self, _: &Ui, _: &PlotTransform, shapes: &mut Vec<Shape>) {
        shapes.extend(self.shapes.iter().cloned());
    }
    fn initialize(&mut self, _: std::ops::RangeInclusive<f64>) {}
    fn color(&self) -> Color32 {
        Color32::TRANSPARENT
    }
    fn allow_hover(&self) -> bool {
        false
    }
    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }
    fn bounds(&self) -> PlotBounds {
        PlotBounds::NOTHING
    }
    fn base(&self) -> &PlotItemBase {
        &self.base
    }
    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}

/// What the vertical axis means, top left, and whose colours are whose, top right: below each other, or in a row
/// where the plot is low.
fn captions(ui: &Ui, scale: &Scale, legend: &[(String, Color32)], sheet: &Sheet) {
    const LINE: f32 = 13.0;
    const DASH: f32 = 16.0;
    let painter = ui.painter().with_clip_rect(sheet.rect);
    let back = ui.visuals().extreme_bg_color.gamma_multiply(0.8);
    let text_color = ui.visuals().text_color();
    let lay_out = |text: &str, color| painter.layout_no_wrap(text.to_owned(), FontId::proportional(11.0), color);
    let write = |at: Pos2, align: Align2, text: &str, color: Color32| {
        let galley = lay_out(text, color);
        let rect = align.anchor_size(at, galley.size());
        painter.rect_filled(rect.expand2(vec2(2.0, 0.0)), 2.0, back);
        painter.galley(rect.min, galley, color);
        rect
    };
    let entry = |at: Pos2, (name, color): &(String, Color32)| {
        let text = write(at, Align2::RIGHT_TOP, name, text_color);
        let y = text.center().y;
        let dash = [pos2(text.left() - DASH, y), pos2(text.left() - 4.0, y)];
        painter.line_segment(dash, egui::Stroke::new(2.5, *color));
        dash[0].x
    };
    let Scale::Numbers(meaning) = scale else { return };
    let meaning = write(sheet.rect.left_top() + vec2(4.0, 2.0), Align2::LEFT_TOP, meaning, text_color);
    let corner = sheet.rect.right_top() + vec2(-4.0, 2.0);
    let room = ((sheet.rect.height() * 0.5 / LINE) as usize).min(6);
    let widths = legend.iter().map(|(name, _)| lay_out(name, text_color).size().x + DASH + 8.0);
    if legend.len() > room && widths.sum::<f32>() < corner.x - meaning.right() {
        legend.iter().rev().fold(corner.x, |right, of| entry(pos2(right, corner.y), of) - 8.0);
        return;
    }
    let shown = if legend.len() > room { room.saturating_sub(1) } else { legend.len() };
    for (i, of) in legend.iter().take(shown).enumerate() {
        entry(corner + vec2(0.0, i as f32 * LINE), of);
    }
    if shown < legend.len() && room > 0 {
        let at = corner + vec2(0.0, shown as f32 * LINE);
        write(at, Align2::RIGHT_TOP, &format!("and {} more", legend.len() - shown), ui.visuals().weak_text_color());
    }
}

/// A dashed line at the moment that was kept.
fn kept_moment(ui: &Ui, time: f64, sheet: &Sheet) {
    let x = sheet.x(time);
    if sheet.rect.x_range().contains(x) {
        let ends = [pos2(x, sheet.rect.top()), pos2(x, sheet.rect.bottom())];
        let stroke = egui::Stroke::new(1.5, ui.visuals().strong_text_color());
        ui.painter().with_clip_rect(sheet.rect).extend(Shape::dashed_line(&ends, stroke, 5.0, 4.0));
    }
}

/// What lies under the pointer, beside it. It may reach beyond a narrow plot, but not beyond the window.
fn read_out(ui: &Ui, text: &str, pointer: Pos2, sheet: &Sheet) {
    const LEAST: f32 = 200.0;
    let layer = egui::LayerId::new(egui::Order::Tooltip, egui::Id::unique("read-out of a plot"));
    let (painter, window) = (ui.ctx().layer_painter(layer), ui.ctx().content_rect());
    let color = ui.visuals().strong_text_color();
    let width = sheet.rect.width().max(LEAST) - 8.0;
    let galley = painter.layout(text.to_owned(), FontId::proportional(12.0), color, width);
    let size = galley.size() + vec2(8.0, 4.0);
    let room = if size.x <= sheet.rect.width() { sheet.rect } else { window };
    let free = room.max - size;
    let left = if pointer.x + 12.0 <= free.x { pointer.x + 12.0 } else { pointer.x - 12.0 - size.x };
    let corner = pos2(left.min(free.x).max(room.left()), (pointer.y - size.y - 6.0).max(sheet.rect.top()));
    let rect = Rect::from_min_size(corner, size);
    painter.rect_filled(rect, 3.0, ui.visuals().window_fill.gamma_multiply(0.92));
    painter.galley(rect.min + vec2(4.0, 2.0), galley, color);
}
