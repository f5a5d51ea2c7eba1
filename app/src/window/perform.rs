//! Performs what the panels asked for, after the frame.

use egui::Context;

use super::Window;
use super::overlay::Next;
use crate::action::Action;

impl Window {
    pub(super) fn perform(&mut self, ctx: &Context, actions: Vec<Action>) {
        let any = !actions.is_empty();
        for action in actions {
            self.perform_one(ctx, action);
        }
        // What has changed is seen only in the next frame.
        if any {
            ctx.request_repaint();
        }
    }

    fn perform_one(&mut self, ctx: &Context, action: Action) {
        match action {
            Action::Edit(edit) => self.edit(edit),
            Action::EndGesture => self.document.end_gesture(),
            Action::Command(command) => self.run_command(ctx, command),
            Action::Select(selection) => self.document.select(selection),
            Action::Open(path) => self.go(ctx, Next::Open(path)),
            Action::CancelBuilding => self.session.cancel_building(),
            Action::OpenExample(file) => self.go(ctx, Next::Example(file)),
            Action::SpeedLimit(limit) => self.session.set_speed_limit(limit),
            Action::RunUntil(time) => self.session.run_until(time),
            Action::Say(message) => self.messages.say(message),
            Action::Export { view, kind } => self.ask_export(ctx, view, kind),
            Action::AddNode(model) => self.add_node(model),
            Action::ToggleStar(model) => self.settings.models.toggle_star(model),
            Action::AddPlot(kind) => self.add_plot(kind),
            Action::TogglePanel(name) => self.settings.toggle_panel(name),
            Action::Reveal(selection) => {
                self.on_start_page = false;
                self.panels.canvas.reveal(&selection);
            }
        }
    }
}
