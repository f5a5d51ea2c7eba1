//! The panels of plots: their arrangement, and the strip above them.

use egui::scroll_area::ScrollSource;
use egui::{Button, Label, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, Vec2};
use egui_tiles::{Behavior, EditAction, SimplificationOptions, TileId, Tiles, UiResponse};
use spikeloom_engine::project::ViewId;

use super::state::{Arrangement, Pane, PlotsState};
use super::time_axis::{Clock, TimeAxis};
use super::{arrangement, pane};
use crate::action::{Action, Edit};
use crate::command::Command;
use crate::plots::axis;
use crate::plots::data::PlotData;
use crate::plots::kind::Kind;
use crate::plots::kinds::KINDS;
use crate::plots::views::fitting;

/// Shown while the project has no plot.
pub fn invitation(ui: &mut Ui, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    let has_recorder = data.project.nodes.iter().any(|node| node.model.is_recorder());
    ui.vertical_centered(|ui| {
        ui.add_space((0.5 * ui.available_height() - 40.0).max(4.0));
        let has_neurons = data.project.nodes.iter().any(|node| node.model.is_neuron());
        ui.label(match (has_recorder, has_neurons) {
            (true, _) => "No plots yet",
            (false, true) => "Nothing is recorded yet",
            (false, false) => "Plots appear here once something is recorded",
        });
        ui.add_space(4.0);
        if has_recorder {
            KINDS.iter().filter(|kind| is_fed(kind, data)).for_each(|kind| add_button(ui, kind, data, actions));
        } else if has_neurons {
            button(ui, Command::AddRecorders.text(), Action::Command(Command::AddRecorders), actions);
        }
    });
}

/// Whether a recorder of the network delivers what a kind of plot shows.
fn is_fed(kind: &Kind, data: &PlotData<'_>) -> bool {
    !fitting(data.project, kind.facts.name).is_empty()
}

/// Adds a plot, or says which recorder it would need.
fn add_button(ui: &mut Ui, kind: &Kind, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    let (text, tip) = kind.facts.add;
    if is_fed(kind, data) {
        button(ui, kind.facts.add, Action::AddPlot(kind.facts.name), actions);
    } else {
        ui.add_enabled(false, Button::new(text)).on_disabled_hover_text(format!("{tip}: needs {}", kind.needs()));
    }
}

fn button(ui: &mut Ui, (text, tip): (&str, &str), action: Action, actions: &mut Vec<Action>) {
    if ui.button(text).on_hover_text(tip).clicked() {
        actions.push(action);
        ui.close();
    }
}

/// The strip above the plots: add a plot, follow the run. Where it is narrow it takes two lines.
pub fn strip(ui: &mut Ui, state: &mut PlotsState, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().button_padding.y = 1.0;
        ui.add_space(6.0);
        ui.menu_button("+ Add plot", |ui| KINDS.iter().for_each(|kind| add_button(ui, kind, data, actions)));
        let following = state.axis.is_following();
        let follow = Button::selectable(following, "Follow");
        if ui.add(follow).on_hover_text("Scroll with the newest data").clicked() {
            state.axis.follow();
        }
        if ui.button("Show all").on_hover_text("Show the whole run so far (double-click in a plot)").clicked() {
            state.axis.show_all(0.0, Clock::of(data));
            state.panes.values_mut().for_each(|pane| pane.y = None);
        }
        let (start, end) = state.axis.range(Clock::of(data));
        let step = axis::round_up((end - start) / 100.0).min(1.0);
        let range = if start >= 10_000.0 {
            let step = step / 1000.0;
            format!("{} to {} s", axis::tick(start / 1000.0, step), axis::tick(end / 1000.0, step))
        } else {
            format!("{} to {} ms", axis::tick(start, step), axis::tick(end, step))
        };
        let trial = data.trial.map(|trial| format!("trial {}, seed {}: ", trial.number + 1, trial.seed));
        let text = RichText::new(format!("{}{range}", trial.unwrap_or_default())).size(11.0);
        ui.add(Label::new(text).extend());
    });
}

/// All plots as tiles.
pub fn tiles(ui: &mut Ui, state: &mut PlotsState, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    let mut arrangement = current_arrangement(state, data);
    let PlotsState { panes, axis, .. } = state;
    let shown = arrangement::effective(arrangement.layout.as_ref(), &data.project.views);
    let needed = shown.as_ref().map_or(Vec2::ZERO, arrangement::needed);
    let room = ui.available_size();
    let seen = Rect::from_min_size(ui.cursor().min, room).intersect(ui.clip_rect());
    let scrolls = needed.x > room.x || needed.y > room.y;
    let mut behavior = Panes { panes, axis, data, actions, seen, scrolls, rearranged: false };
    // The wheel is the plots': it magnifies.
    let scrolling = ScrollArea::both().id_salt("plots").auto_shrink(false).scroll_source(ScrollSource::SCROLL_BAR);
    scrolling.show(ui, |ui| {
        let rect = Rect::from_min_size(ui.cursor().min, room.max(needed));
        ui.allocate_rect(rect, Sense::hover());
        ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| arrangement.tree.ui(&mut behavior, ui));
    });
    if behavior.rearranged {
        arrangement.tree.simplify(&arrangement::SIMPLIFICATION);
        let layout = arrangement::layout(&arrangement.tree);
        if layout != arrangement.layout {
            arrangement.layout.clone_from(&layout);
            let edit = Edit::new("Arrange plots", move |project| project.layout = layout).merged("arrange plots");
            actions.push(edit.into());
        }
    }
    state.arrangement = Some(arrangement);
}

/// The tiles of the last frame if the project still agrees with them, else new ones.
fn current_arrangement(state: &mut PlotsState, data: &PlotData<'_>) -> Arrangement {
    let views: Vec<ViewId> = data.project.views.iter().map(|v| v.id).collect();
    let layout = data.project.layout.as_ref();
    let old = state.arrangement.take();
    match old {
        Some(old) if old.layout.as_ref() == layout && old.views == views => old,
        old => {
            let effective = arrangement::effective(layout, &data.project.views);
            let mut tree = arrangement::tree(effective.as_ref(), egui::Id::unique("plots"));
            if let Some(old) = old {
                let in_front: Vec<ViewId> = active_views(&old.tree);
                tree.make_active(|_, tile| matches!(tile, egui_tiles::Tile::Pane(id) if in_front.contains(id)));
            }
            Arrangement { tree, layout: layout.cloned(), views }
        }
    }
}

fn active_views(tree: &egui_tiles::Tree<ViewId>) -> Vec<ViewId> {
    tree.active_tiles().iter().filter_map(|id| tree.tiles.get_pane(id).copied()).collect()
}

/// What the tiles need to draw themselves.
struct Panes<'a, 'b> {
    panes: &'a mut std::collections::HashMap<ViewId, Pane>,
    axis: &'a mut TimeAxis,
    data: &'a PlotData<'b>,
    actions: &'a mut Vec<Action>,
    /// Where plots are seen; the tiles do not hand on that nothing is painted outside.
    seen: Rect,
    /// There are more than there is room for.
    scrolls: bool,
    rearranged: bool,
}

impl Behavior<ViewId> for Panes<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, _: TileId, id: &mut ViewId) -> UiResponse {
        let (Some(view), Some(pane)) = (self.data.project.view(*id), self.panes.get_mut(id)) else {
            return UiResponse::None;
        };
        ui.set_clip_rect(self.seen.intersect(ui.clip_rect()));
        let moved = ui.push_id(*id, |ui| pane::show(ui, view, pane, self.axis, self.data, self.actions)).inner;
        if moved { UiResponse::DragStarted } else { UiResponse::None }
    }

    fn resize_stroke(&self, style: &egui::Style, state: egui_tiles::ResizeState) -> egui::Stroke {
        let visuals = &style.visuals;
        match state {
            // The line would go on outside the room.
            egui_tiles::ResizeState::Idle if self.scrolls => egui::Stroke::NONE,
            egui_tiles::ResizeState::Idle => egui::Stroke::new(self.gap_width(style), self.tab_bar_color(visuals)),
            egui_tiles::ResizeState::Hovering => visuals.widgets.hovered.fg_stroke,
            egui_tiles::ResizeState::Dragging => visuals.widgets.active.fg_stroke,
        }
    }

    fn tab_title_for_pane(&mut self, id: &ViewId) -> egui::WidgetText {
        self.data.project.view(*id).map_or_else(String::new, |view| pane::tab_name(view, self.data.project)).into()
    }

    fn retain_pane(&mut self, id: &ViewId) -> bool {
        self.data.project.view(*id).is_some()
    }

    fn simplification_options(&self) -> SimplificationOptions {
        arrangement::SIMPLIFICATION
    }

    fn tab_title_for_tile(&mut self, tiles: &Tiles<ViewId>, id: TileId) -> egui::WidgetText {
        match tiles.get(id) {
            Some(egui_tiles::Tile::Pane(view)) => self.tab_title_for_pane(&view.clone()),
            _ => "Plots".into(),
        }
    }

    fn gap_width(&self, _: &egui::Style) -> f32 {
        3.0
    }

    fn min_size(&self) -> f32 {
        120.0
    }

    fn on_edit(&mut self, action: EditAction) {
        self.rearranged |= matches!(action, EditAction::TileResized | EditAction::TileDropped);
    }
}
