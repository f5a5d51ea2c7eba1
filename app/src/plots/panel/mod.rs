//! The panel of plots: panes that can be split, moved and closed, and what surrounds a plot in its pane.

mod arrangement;
mod brush;
mod captions;
mod empty;
mod gestures;
mod icons;
mod pane;
mod panes;
mod portrait;
mod read_out;
mod settings_menu;
mod space;
mod state;
mod still;
mod time_axis;
mod trials;
mod zoom;

use egui::Ui;

use super::data::PlotData;
use crate::action::Action;
pub(super) use portrait::Portrait;
pub use state::PlotsState;
pub use still::{Mark, Still};
#[cfg(test)]
pub(super) use time_axis::Clock;

/// Draws all views of the project into all the space of `ui`.
pub fn show(ui: &mut Ui, state: &mut PlotsState, data: &PlotData<'_>, actions: &mut Vec<Action>) {
    state.catch_up(data);
    let before = actions.len();
    if data.project.views.is_empty() {
        panes::invitation(ui, data, actions);
        return;
    }
    panes::strip(ui, state, data, actions);
    panes::tiles(ui, state, data, actions);
    end_gesture(ui, state, actions, before);
}

/// Ends the undo step of a drag or of typing when it is over. The plots' own actions begin at `first`.
fn end_gesture(ui: &Ui, state: &mut PlotsState, actions: &mut Vec<Action>, first: usize) {
    let busy = ui.input(|i| i.pointer.any_down()) || ui.egui_wants_keyboard_input();
    let edited = actions[first..].iter().any(|action| matches!(action, Action::Edit(_)));
    state.gesture |= edited;
    if state.gesture && !edited && !busy {
        state.gesture = false;
        actions.push(Action::EndGesture);
    }
}
