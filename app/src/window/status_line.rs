//! The line at the bottom: size of the network, memory, seed, threads, last message.

use egui::{Align, Frame, Label, Layout, Margin, Panel, RichText, Ui};
use spikeloom_engine::live::Phase;
use spikeloom_engine::project::Severity;

use super::Window;
use super::top_bar::short;
use crate::action::Action;
use crate::messages;
use crate::number::{bytes, counted, plural};

/// Height of the line with its margins.
pub(super) const HEIGHT: f32 = 26.0;

impl Window {
    pub(super) fn show_status_line(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let frame = Frame::new().fill(ui.visuals().panel_fill).inner_margin(Margin::symmetric(10, 3));
        Panel::bottom("status line").frame(frame).exact_size(HEIGHT).show(ui, |ui| {
            ui.horizontal_centered(|ui| {
                ui.spacing_mut().item_spacing.x = 16.0;
                if !self.on_start_page {
                    self.problem_count(ui, actions);
                    self.figures(ui);
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| self.last_message(ui));
            });
        });
    }

    /// How many problems the network has; a click selects the first.
    fn problem_count(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let errors = self.problems.iter().filter(|p| p.severity == Severity::Error).count();
        let Some(first) = self.problems.iter().find(|p| errors == 0 || p.severity == Severity::Error) else { return };
        let (count, word, color) = if errors > 0 {
            (errors, "error", ui.visuals().error_fg_color)
        } else {
            (self.problems.len(), "warning", ui.visuals().warn_fg_color)
        };
        let text = counted(count as u64, word);
        let response = ui.add(egui::Button::new(RichText::new(text).small().color(color)).frame(false));
        if response.on_hover_text(first.to_string()).clicked()
            && let Some(culprit) = messages::culprit(first)
        {
            actions.push(Action::Select(culprit.clone()));
            actions.push(Action::Reveal(culprit));
        }
    }

    fn figures(&self, ui: &mut Ui) {
        let status = self.session.status();
        let built = !matches!(status.phase, Phase::Building | Phase::Failed(_)) && !self.session.is_cancelled();
        if built {
            figure(ui, count(status.neurons, "neuron"), "Neurons of the whole network");
            let hint = "Synapses in memory. Generators that reach all neurons alike, and recorders, need none";
            figure(ui, format!("{} built", count(status.synapses, "synapse")), hint);
            figure(ui, format!("network {}", bytes(status.memory)), "Memory of the network");
        }
        let recorded = self.session.recordings().bytes() as u64;
        let limit = (self.settings.recordings_mib as u64) << 20;
        figure(
            ui,
            format!("recordings {}", bytes(recorded)),
            &format!("Memory of the recordings; beyond {} the older half is dropped", bytes(limit)),
        );
        figure(ui, format!("seed {}", self.document.project().simulation.seed), "Seed of all chance in the network");
        if built {
            figure(ui, count(status.threads as u64, "thread"), "Threads that run the network");
        }
    }

    fn last_message(&self, ui: &mut Ui) {
        if let Some(message) = self.messages.last() {
            let text = RichText::new(&message.text).small().color(messages::kind_color(ui, message.kind));
            ui.add(Label::new(text).truncate()).on_hover_text(&message.text);
        }
    }
}

fn figure(ui: &mut Ui, text: String, hint: &str) {
    ui.label(RichText::new(text).small().weak()).on_hover_text(hint);
}

/// A number of things.
pub(super) fn count(n: u64, thing: &str) -> String {
    format!("{} {}", short(n as f64), plural(n, thing))
}
