//! The bar at the top: menus, undo, run controls, clock.

use egui::{Align, DragValue, Frame, Layout, Margin, Panel, RichText, ScrollArea, Ui, Vec2};
use spikeloom_engine::description::number;
use spikeloom_engine::live::Phase;
use spikeloom_engine::project::Play;

use super::Window;
use crate::action::{Action, Edit};
use crate::command::{Command, keys_text};
use crate::theme::{Icon, icon_button};

/// Where there is less room than this, points, the bar is scrolled.
const NARROW: f32 = 860.0;

/// Speeds to choose from, simulated seconds per second.
const SPEEDS: [f64; 9] = [0.01, 0.05, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0];

impl Window {
    pub(super) fn show_top_bar(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let frame = Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin::symmetric(8, 5));
        Panel::top("top bar").frame(frame).show(ui, |ui| {
            let fits = ui.available_width() >= NARROW;
            if fits {
                self.bar(ui, fits, actions);
            } else {
                let scrolled = ScrollArea::horizontal().id_salt("top bar").auto_shrink([false, true]);
                scrolled.show(ui, |ui| self.bar(ui, fits, actions));
            }
        });
    }

    /// What stands in the bar; the clock stands at the right end if all of it fits.
    fn bar(&mut self, ui: &mut Ui, fits: bool, actions: &mut Vec<Action>) {
        ui.horizontal(|ui| {
            ui.set_min_height(26.0);
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.visuals_mut().button_frame = false;
            ui.scope(|ui| {
                // Frameless buttons have no room of their own.
                ui.spacing_mut().item_spacing.x = 12.0;
                self.show_menus(ui, actions);
            });
            if self.on_start_page {
                return;
            }
            ui.separator();
            self.command_icon(ui, Icon::Undo, Command::Undo, actions);
            self.command_icon(ui, Icon::Redo, Command::Redo, actions);
            ui.separator();
            self.run_controls(ui, actions);
            if fits {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| self.clock(ui));
            } else {
                let time = time_text(self.session.status().time);
                ui.label(RichText::new(time).strong()).on_hover_text("Simulated time");
            }
        });
    }

    /// A command as an icon; its tooltip says what it would do as things stand.
    fn command_icon(&self, ui: &mut Ui, icon: Icon, command: Command, actions: &mut Vec<Action>) {
        let (name, tip) = command.text();
        let keys = command.shortcuts().first().map_or_else(String::new, |s| format!(" ({})", keys_text(ui.ctx(), s)));
        let hint = self.text_now(command).map_or_else(|| format!("{tip}{keys}"), |now| format!("{now}{keys}\n{tip}"));
        if icon_button(ui, icon, name, self.enabled(command))
            .on_hover_text(&hint)
            .on_disabled_hover_text(&hint)
            .clicked()
        {
            actions.push(Action::Command(command));
        }
    }

    fn run_controls(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let icon = if self.session.is_playing() { Icon::Pause } else { Icon::Play };
        self.command_icon(ui, icon, Command::PlayPause, actions);
        self.command_icon(ui, Icon::Step, Command::StepOnce, actions);
        self.command_icon(ui, Icon::Reset, Command::Reset, actions);
        ui.separator();
        self.command_icon(ui, Icon::Keep, Command::Keep, actions);
        self.command_icon(ui, Icon::GoBack, Command::GoBack, actions);
        ui.separator();
        self.duration_field(ui, actions);
        self.play_menu(ui, actions);
        self.command_icon(ui, Icon::ToEnd, Command::RunToEnd, actions);
        ui.separator();
        self.speed_menu(ui, actions);
    }

    /// The duration of a run to the end; part of the document.
    fn duration_field(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let simulation = &self.document.project().simulation;
        let mut duration = simulation.duration;
        let label = ui.label("until");
        let speed = (duration * 0.01).max(1.0);
        let field = DragValue::new(&mut duration).range(simulation.resolution..=1e9).speed(speed).suffix(" ms");
        let response = ui.add(field).labelled_by(label.id).on_hover_text("How long a run to the end lasts, ms");
        if response.changed() && duration != simulation.duration {
            let edit = Edit::new("Set duration", move |p| p.simulation.duration = duration);
            actions.push(edit.merged("duration").into());
        }
        if response.drag_stopped() || response.lost_focus() {
            actions.push(Action::EndGesture);
        }
    }

    /// What happens at the duration; part of the document.
    fn play_menu(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let play = self.document.project().simulation.play;
        let button = ui.menu_button(play_text(play), |ui| {
            ui.set_min_width(200.0);
            for (way, command) in WAYS_TO_PLAY {
                let (text, tip) = command.text();
                if ui.selectable_label(play == way, text).on_hover_text(tip).clicked() {
                    actions.push(Action::Command(command));
                    ui.close();
                }
            }
        });
        button.response.on_hover_text("What play does at this time: goes on, stops, or starts anew");
    }

    fn speed_menu(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let limit = self.session.speed_limit();
        let button = ui.menu_button(format!("Speed {}", speed_text(limit)), |ui| {
            ui.set_min_width(150.0);
            ui.weak("Simulated time per real time");
            for choice in speed_limits() {
                if ui.selectable_label(limit == choice, speed_text(choice)).clicked() {
                    actions.push(Action::SpeedLimit(choice));
                    ui.close();
                }
            }
            self.speed_of_file(ui, limit, actions);
        });
        button.response.on_hover_text("How fast the network runs at most, in this session");
    }

    /// At which speed the project plays when it is opened, and a button that makes it the present one.
    fn speed_of_file(&self, ui: &mut Ui, limit: Option<f64>, actions: &mut Vec<Action>) {
        let said = self.document.project().simulation.speed;
        let now = limit.unwrap_or(f64::INFINITY);
        ui.separator();
        ui.weak(format!("Opens at {}", speed_text(Some(said).filter(|x| x.is_finite()))));
        let text = format!("Open at {}", speed_text(limit));
        let button = ui.add_enabled(said != now, egui::Button::new(text));
        let button =
            button.on_hover_text("What is chosen above holds for this session; this makes it part of the project");
        if button.on_disabled_hover_text("The project opens at the speed of this session").clicked() {
            actions.push(Edit::new("Set speed", move |project| project.simulation.speed = now).into());
            ui.close();
        }
    }

    /// Time, real-time factor and spikes, from the right.
    fn clock(&self, ui: &mut Ui) {
        let status = self.session.status();
        let wide = ui.available_width() > 350.0;
        ui.spacing_mut().item_spacing.x = 12.0;
        fixed(ui, 74.0, RichText::new(time_text(status.time)).strong(), "Simulated time");
        let running = status.phase == Phase::Running;
        let speed = match &status.phase {
            Phase::Running => format!("{} real time", factor_text(status.speed)),
            Phase::Paused if self.session.is_cancelled() => "Not built".into(),
            phase => phase_text(phase).into(),
        };
        fixed(ui, 108.0, RichText::new(speed).weak(), "Simulated time per real time, over the last half second");
        if wide && running {
            let rate = format!("{} spikes/s in all", short(status.spikes_per_second));
            fixed(ui, 116.0, RichText::new(rate).weak(), "Spikes of all neurons per simulated second");
        }
    }
}

/// A text in a place of fixed width, so that changing numbers do not move their neighbours.
fn fixed(ui: &mut Ui, width: f32, text: RichText, hint: &str) {
    let size = Vec2::new(width.min(ui.available_width()), ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_width(size.x);
        ui.add(egui::Label::new(text).truncate()).on_hover_text(hint);
    });
}

fn phase_text(phase: &Phase) -> &'static str {
    match phase {
        Phase::Building => "Building…",
        Phase::Paused => "Paused",
        Phase::Running => "Running",
        Phase::Failed(_) => "Error",
    }
}

/// How a network can play, and the command that makes it so.
const WAYS_TO_PLAY: [(Play, Command); 4] = [
    (Play::Endless, Command::PlayEndless),
    (Play::Once, Command::PlayOnce),
    (Play::Repeat { next_seed: false }, Command::PlayRepeat),
    (Play::Repeat { next_seed: true }, Command::PlayNextSeed),
];

/// How a network plays, in a word.
fn play_text(play: Play) -> &'static str {
    match play {
        Play::Endless => "then goes on",
        Play::Once => "then stops",
        Play::Repeat { .. } => "then repeats",
    }
}

/// The speed limits to choose from; the last is none.
pub(super) fn speed_limits() -> impl Iterator<Item = Option<f64>> {
    SPEEDS.into_iter().map(Some).chain([None])
}

/// A speed limit in words.
pub(super) fn speed_text(limit: Option<f64>) -> String {
    limit.map_or_else(|| "unlimited".into(), |x| format!("{}×", number(x)))
}

fn factor_text(factor: f64) -> String {
    match factor {
        x if x >= 100.0 => format!("{x:.0}×"),
        x if x >= 10.0 => format!("{x:.1}×"),
        x => format!("{x:.2}×"),
    }
}

/// A time in ms as people say it: ms below a second, else s.
pub(super) fn time_text(ms: f64) -> String {
    if ms < 1000.0 { format!("{ms:.1} ms") } else { format!("{:.3} s", ms * 1e-3) }
}

/// A count with k or M.
pub(super) fn short(x: f64) -> String {
    match x {
        x if x >= 1e7 => format!("{:.0} M", x * 1e-6),
        x if x >= 1e6 => format!("{:.1} M", x * 1e-6),
        x if x >= 1e4 => format!("{:.0} k", x * 1e-3),
        x => format!("{x:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_carry_units() {
        assert_eq!(time_text(12.34), "12.3 ms");
        assert_eq!(time_text(1234.5), "1.234 s");
        assert_eq!(short(999.0), "999");
        assert_eq!(short(12_345.0), "12 k");
        assert_eq!(short(2_500_000.0), "2.5 M");
        assert_eq!(speed_text(None), "unlimited");
        assert_eq!(speed_text(Some(0.01)), "0.01×");
        assert_eq!(factor_text(123.4), "123×");
    }
}
