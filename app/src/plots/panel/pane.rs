//! One plot: header with its buttons, axes, captions, read-out.

use egui::{
    Align, Color32, Label, Layout, Popup, PopupCloseBehavior, Rect, Response, RichText, Role, Sense, Shape, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};
use egui_plot::{Plot, PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform, PlotUi};
use spikeloom_engine::project::{NodeId, Project, View, ViewId};

use super::captions::{self, Captions};
use super::icons::{self, Icon};
use super::state::Pane;
use super::time_axis::{Clock, TimeAxis};
use super::{arrangement, brush, empty, gestures, read_out, settings_menu, space, trials};
use crate::action::{Action, Edit, ExportKind};
use crate::plots::axis;
use crate::plots::data::PlotData;
use crate::plots::kind::{Kind, Picture};
use crate::plots::kinds;
use crate::plots::sheet::{Across, Scale, Sheet};
use crate::plots::views::{full_name_of, heading_of, name_of, title_of};

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
        (Some(kind), Some(picture)) => catch_up(ui, kind, view, pane, picture, data).map_or(Ok(picture), Err),
        _ => Err(format!("This program has no plots of the kind {}", view.kind)),
    };
    let mut amount = shown
        .as_ref()
        .map_or_else(|_| String::new(), |picture| picture.amount(view, data, range(picture.across(), time, data)));
    if data.previous_run && shown.is_ok() {
        amount.push_str(", previous run");
    }
    let right_to_left = Layout::right_to_left(Align::Center);
    let title = ui.scope_builder(UiBuilder::new().max_rect(head).layout(right_to_left), |ui| {
        header(ui, kind, view, pane, &amount, data, actions)
    });
    ui.scope_builder(UiBuilder::new().max_rect(body), |ui| match shown {
        Err(why) => explain(ui, view, data, &why),
        Ok(picture) => {
            let remark = picture.remark(view, data);
            let rest = captions::show(ui, body, captions_of(view, picture, data), remark, actions);
            let mut ui = below_margin(ui, rest, &picture.scale(view, data));
            let shown = plot(&mut ui, view, pane, picture, time, data);
            shown.0.widget_info(|| named_area(view, data, &amount));
            use_plot(&ui, &shown, (view, data), pane, picture, time, actions);
        }
    });
    pane.picture = picture;
    title.inner.drag_started()
}

/// Draws a plot without its header into `body`: nothing in it can be clicked. Says where its data lie, if there are any.
pub fn picture(
    ui: &mut Ui,
    body: Rect,
    kind: &Kind,
    view: &View,
    pane: &mut Pane,
    time: &TimeAxis,
    data: &PlotData<'_>,
) -> Option<(Response, Sheet)> {
    let mut picture = pane.picture.take()?;
    let why_not = catch_up(ui, kind, view, pane, &mut *picture, data);
    let shown = ui.scope_builder(UiBuilder::new().max_rect(body), |ui| match why_not {
        Some(why) => {
            explain(ui, view, data, &why);
            None
        }
        None => {
            let rest = captions::show(ui, body, captions_of(view, &*picture, data), None, &mut Vec::new());
            let mut ui = below_margin(ui, rest, &picture.scale(view, data));
            Some(plot(&mut ui, view, pane, &mut *picture, time, data))
        }
    });
    pane.picture = Some(picture);
    shown.inner
}

/// Brings a plot and those of past trials up to date; says why there is nothing to show, if so.
fn catch_up(
    ui: &Ui,
    kind: &Kind,
    view: &View,
    pane: &mut Pane,
    picture: &mut dyn Picture,
    data: &PlotData<'_>,
) -> Option<String> {
    let dark = ui.visuals().dark_mode;
    picture.update(view, data, dark);
    pane.trials.follow(view, data, dark);
    empty::reason(kind, view, data)
}

/// What is written above a plot.
fn captions_of(view: &View, picture: &dyn Picture, data: &PlotData<'_>) -> Captions {
    let meaning = match picture.scale(view, data) {
        Scale::Numbers(meaning) => Some(meaning),
        Scale::Names(_) => None,
    };
    let lines = |recorder: &NodeId| data.statistics.lines(data.project, data.recordings, *recorder);
    let statistics = view.sources.iter().flat_map(lines).collect();
    Captions { meaning, legend: picture.legend(), statistics, previous_run: data.previous_run }
}

/// Room above a plot for the upper half of the number at the top of its axis.
fn below_margin(ui: &mut Ui, mut rect: Rect, scale: &Scale) -> Ui {
    const HALF_NUMBER: f32 = 5.0;
    if matches!(scale, Scale::Numbers(_)) {
        rect.min.y += HALF_NUMBER;
    }
    ui.new_child(UiBuilder::new().max_rect(rect))
}

/// What goes across: the time that all plots share, or something of this plot's own.
fn range(across: Across, time: &TimeAxis, data: &PlotData<'_>) -> (f64, f64) {
    match across {
        Across::Time => time.range(Clock::of(data)),
        Across::Durations(from, to) | Across::Decades(from, to) | Across::Lengths(from, to) => (from, to),
        Across::Nothing => (0.0, 1.0),
    }
}

/// "Spikes (raster)".
pub fn tab_name(view: &View, project: &Project) -> String {
    let (name, heading) = (name_of(view, project), heading_of(view, project));
    if heading != name { heading } else { format!("{name} ({})", title_of(&view.kind).to_lowercase()) }
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
    let name = full_name_of(view, data.project);
    if icons::button(ui, Icon::Close, &format!("Close {name}"), "Close this plot").clicked() {
        actions.push(close_view(view.id, &name).into());
    }
    if let Some(kind) = kind {
        let button = icons::button(ui, Icon::Export, &format!("Export {name}"), "Export this plot");
        Popup::menu(&button)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .show(|ui| export_menu(ui, view, pane, actions));
        let button = icons::button(ui, Icon::Settings, &format!("Settings of {name}"), "What this plot shows");
        Popup::menu(&button)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .show(|ui| settings_menu::show(ui, kind, view, pane, data, actions));
    }
    title(ui, view, data, amount)
}

fn export_menu(ui: &mut Ui, view: &View, pane: &mut Pane, actions: &mut Vec<Action>) {
    // In a menu numbers would look like plain text.
    let style = ui.ctx().global_style();
    let mut ask = |ui: &mut Ui, text: &str, kind: ExportKind| {
        if ui.button(text).clicked() {
            actions.push(Action::Export { view: view.id, kind });
            ui.close();
        }
    };
    ui.horizontal(|ui| {
        ui.set_style(style);
        ui.label("Scale").on_hover_text("Pixels of the picture for a point of the screen");
        for scale in [1, 2, 3, 4, 6, 8] {
            ui.selectable_value(&mut pane.options.scale, scale, format!("{scale}×"));
        }
    });
    ui.checkbox(&mut pane.options.dark, "Dark background");
    ask(ui, "Export picture (PNG)…", ExportKind::Png(pane.options));
    ui.separator();
    ask(ui, "Export data (CSV)…", ExportKind::Csv);
}

/// What moves the plot when it is dragged.
fn title(ui: &mut Ui, view: &View, data: &PlotData<'_>, amount: &str) -> Response {
    let space = ui.available_rect_before_wrap();
    let drag = ui.interact(space, ui.scope_id().with("move"), Sense::drag()).on_hover_cursor(egui::CursorIcon::Grab);
    drag.widget_info(|| {
        WidgetInfo::labeled(Role::TitleBar, true, format!("Move {}", full_name_of(view, data.project)))
    });
    ui.scope_builder(UiBuilder::new().max_rect(space).layout(Layout::left_to_right(Align::Center)), |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let title = RichText::new(heading_of(view, data.project)).strong();
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
    let mut info = WidgetInfo::labeled(Role::Figure, true, full_name_of(view, data.project));
    info.current_text_value = Some(value.to_owned());
    info
}

/// Axes and data, with what they mean: where on the screen, and on what sheet.
fn plot(
    ui: &mut Ui,
    view: &View,
    pane: &mut Pane,
    picture: &mut dyn Picture,
    time: &TimeAxis,
    data: &PlotData<'_>,
) -> (Response, Sheet) {
    let across = picture.across();
    let range = range(across, time, data);
    let y = pane.y.unwrap_or_else(|| fit(view, pane, picture, data, range));
    let (range, y) = match across {
        Across::Lengths(..) => pane.zoom.of((range, y)),
        _ => (range, y),
    };
    let values = pane.trials.each(view, data).filter_map(|(picture, data)| picture.values(view, &data));
    let values = values.chain(picture.values(view, data)).reduce(join);
    let scale = &picture.scale(view, data);
    let names = match scale {
        Scale::Names(names) => Some(names.clone()),
        Scale::Numbers(_) => None,
    };
    let has_names = names.is_some();
    let mut plot = Plot::new("plot")
        .id(match pane.beside {
            None => egui::Id::unique(("plot", view.id)),
            Some(place) => egui::Id::unique(("plot", view.id, place)),
        })
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
    if across == Across::Nothing {
        plot = plot.custom_x_axes(Vec::new()).custom_y_axes(Vec::new()).show_grid(false).show_crosshair(false);
    }
    if across == Across::Time {
        plot = plot.link_cursor(egui::Id::unique("time of all plots"), [true, false]);
    }
    let shown = plot.show(ui, |plot| {
        let sheet = Sheet { ctx: plot.ctx().clone(), rect: plot.response().rect, across: range, y, values };
        plot.set_plot_bounds_x(range.0..=range.1);
        plot.set_plot_bounds_y(y.0..=y.1);
        let mut shapes = pane.trials.draw(view, data, |picture, data| picture.draw(view, data, &sheet));
        let mut present = picture.draw(view, data, &sheet);
        if data.previous_run {
            trials::fade(&mut present, trials::PREVIOUS_RUN);
        }
        shapes.append(&mut present);
        draw(plot, shapes);
        sheet
    });
    let sheet = shown.inner;
    if let Some(time) = data.status.kept.filter(|_| across == Across::Time) {
        kept_moment(ui, time, &sheet);
    }
    (shown.response, sheet)
}

/// Bottom and top that show everything, of the trials that are over too.
fn fit(view: &View, pane: &Pane, picture: &dyn Picture, data: &PlotData<'_>, range: (f64, f64)) -> (f64, f64) {
    let present = picture.fit(view, data, range);
    let past = pane.trials.each(view, data).map(|(picture, data)| picture.fit(view, &data, range)).reduce(join);
    match past {
        Some(past) if trials::has_rows(&view.sources, data.recordings) => join(past, present),
        Some(past) => past,
        None => present,
    }
}

/// The range that holds both.
fn join(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0.min(b.0), a.1.max(b.1))
}

/// What the user does in the plotting area, and the read-out at the pointer.
fn use_plot(
    ui: &Ui,
    (response, sheet): &(Response, Sheet),
    (view, data): (&View, &PlotData<'_>),
    pane: &mut Pane,
    picture: &mut dyn Picture,
    time: &mut TimeAxis,
    actions: &mut Vec<Action>,
) {
    if picture.touch(view, data, sheet, ui, response, actions) {
        // It is a plot that has taken what was done.
    } else if matches!(picture.across(), Across::Lengths(..)) {
        space::apply(ui, response, sheet, pane, |by| picture.turn(view, by), actions);
    } else if !brush::apply(ui, response, sheet, pane, picture, data, actions) {
        // What is not time stays as it is.
        let mut elsewhere = time.clone();
        let time = if picture.across() == Across::Time { time } else { &mut elsewhere };
        gestures::apply(ui, response, sheet, pane, time, Clock::of(data));
    }
    // While the mouse drags, what was pointed at is held.
    if !response.dragged() {
        pane.asked = picture.point(view, data, sheet, response.hover_pos());
    }
    if let Some(pointer) = response.hover_pos()
        && !response.dragged()
        && let Some(read) = picture.read_out(view, data, sheet, pointer)
    {
        let aside = matches!(picture.across(), Across::Lengths(..));
        read_out::show(ui, &read, pointer, sheet, aside);
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

/// A dashed line at the moment that was kept.
fn kept_moment(ui: &Ui, time: f64, sheet: &Sheet) {
    let x = sheet.x(time);
    if sheet.rect.x_range().contains(x) {
        let ends = [pos2(x, sheet.rect.top()), pos2(x, sheet.rect.bottom())];
        let stroke = egui::Stroke::new(1.5, ui.visuals().strong_text_color());
        ui.painter()
            .with_clip_rect(sheet.rect.intersect(ui.clip_rect()))
            .extend(Shape::dashed_line(&ends, stroke, 5.0, 4.0));
    }
}
