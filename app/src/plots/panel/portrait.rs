//! A plot by itself, as a picture shows it: its title, and what it shows on the screen, without anything to click.

use egui::{Label, RichText, Ui, UiBuilder, vec2};
use spikeloom_engine::project::View;

use super::pane;
use super::state::{Pane, PlotsState, TITLE};
use super::time_axis::TimeAxis;
use crate::plots::data::PlotData;
use crate::plots::kind::Kind;
use crate::plots::views::name_of;

/// A plot that is drawn for a picture.
pub struct Portrait<'a> {
    kind: &'a Kind,
    pane: Pane,
    time: TimeAxis,
}

impl<'a> Portrait<'a> {
    /// A view with the ranges that are seen on the screen.
    pub fn new(kind: &'a Kind, state: &PlotsState, view: &View) -> Self {
        let mut pane = Pane::new(&view.kind);
        pane.y = state.panes.get(&view.id).and_then(|shown| shown.y);
        Portrait { kind, pane, time: state.axis.clone() }
    }

    /// Draws it into all the space of `ui`.
    pub fn show(&mut self, ui: &mut Ui, view: &View, data: &PlotData<'_>) {
        let space = ui.max_rect().shrink2(vec2(8.0, 4.0));
        let (head, body) = space.split_top_bottom_at_y(space.top() + TITLE);
        ui.scope_builder(UiBuilder::new().max_rect(head), |ui| {
            ui.centered_and_justified(|ui| {
                let title = RichText::new(name_of(view, data.project)).size(15.0).strong();
                ui.add(Label::new(title).truncate().selectable(false));
            });
        });
        pane::picture(ui, body, self.kind, view, &mut self.pane, &self.time, data);
    }
}
