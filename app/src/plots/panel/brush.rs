//! Picking cells: a band of a raster, brushed with Alt held, chooses what the traces show.

use egui::{PointerButton, Rect, Response, Stroke, StrokeKind, Ui};
use spikeloom_engine::project::{NodeId, ViewId};
use spikeloom_engine::recordings::RecorderKind;

use super::state::Pane;
use crate::action::{Action, Edit, Message, MessageKind};
use crate::plots::data::PlotData;
use crate::plots::kind::Picture;
use crate::plots::kinds;
use crate::plots::sheet::Sheet;

/// Cells that are picked at most; more lines could not be told apart.
const MOST: usize = 50;

/// Handles the brush; true while it is in use, so that nothing else takes the drag.
pub fn apply(
    ui: &Ui,
    response: &Response,
    sheet: &Sheet,
    pane: &mut Pane,
    picture: &dyn Picture,
    data: &PlotData<'_>,
    actions: &mut Vec<Action>,
) -> bool {
    if response.drag_started_by(PointerButton::Primary) && ui.input(|i| i.modifiers.alt) {
        pane.brush_from = ui.input(|i| i.pointer.press_origin());
    }
    let Some(from) = pane.brush_from else { return false };
    let to = ui.input(|i| i.pointer.interact_pos()).unwrap_or(from);
    let area = Rect::from_two_pos(from, to).intersect(sheet.rect);
    if response.drag_stopped_by(PointerButton::Primary) {
        pane.brush_from = None;
        let range = (sheet.y_at(area.left_bottom()), sheet.y_at(area.left_top()));
        actions.extend(picture.pick(range).and_then(|(node, cells)| pick(node, cells, data)));
    } else if response.dragged_by(PointerButton::Primary) {
        let stroke = Stroke::new(1.0, ui.visuals().text_color());
        let fill = ui.visuals().selection.bg_fill.gamma_multiply(0.3);
        ui.painter().rect(area, 0.0, fill, stroke, StrokeKind::Inside);
    } else {
        pane.brush_from = None;
    }
    true
}

/// Shows these cells of a population in the traces that can show them, or says that none can.
fn pick(node: NodeId, cells: Vec<u32>, data: &PlotData<'_>) -> Option<Action> {
    let recorded: Vec<u32> = cells.iter().copied().filter(|cell| is_sampled(node, *cell, data)).collect();
    let views: Vec<ViewId> = data
        .project
        .views
        .iter()
        .filter(|v| kinds::find(&v.kind).is_some_and(|kind| kind.facts.follows_picks))
        .filter(|v| v.sources.iter().any(|r| samples(*r, node, data)))
        .map(|v| v.id)
        .collect();
    let name = &data.project.node(node)?.name;
    if views.is_empty() || recorded.is_empty() {
        let text = format!("No multimeter with a plot records these cells of {name}");
        return Some(Action::Say(Message { kind: MessageKind::Info, text, culprit: None }));
    }
    let cells: Vec<u32> = recorded.into_iter().take(MOST).collect();
    let label = format!("Show cells of {name}");
    let edit = Edit::new(label, move |project| {
        for view in views {
            if let Some(view) = project.view_mut(view)
                && let Some(kind) = kinds::find(&view.kind)
            {
                (kind.choose_cells)(view, &cells);
            }
        }
    });
    Some(edit.into())
}

/// Whether a recorder samples cells of a population.
fn samples(recorder: NodeId, node: NodeId, data: &PlotData<'_>) -> bool {
    let plan = data.recordings.recorder(recorder).map(|(plan, _)| plan);
    plan.is_some_and(|plan| matches!(plan.kind, RecorderKind::Samples { .. }) && plan.sources.contains(&node))
}

/// Whether any recorder samples this cell.
fn is_sampled(node: NodeId, cell: u32, data: &PlotData<'_>) -> bool {
    let plan = &data.recordings.plan;
    let Some(members) = plan.members_of(node) else { return false };
    plan.recorders.iter().any(|recorder| match &recorder.kind {
        RecorderKind::Samples { senders, .. } => senders.contains(&(members.first + cell)),
        RecorderKind::Spikes | RecorderKind::Rows { .. } => false,
    })
}
