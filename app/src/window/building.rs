//! What is shown while a large network is built: how far it is, how long it will take, and a way out.

use egui::{Align2, Area, Frame, Id, Order, ProgressBar, RichText, Ui, Vec2, vec2};
use spikeloom_engine::runtime::Simulation;

use super::Window;
use super::status_line::count;
use super::top_bar::short;
use crate::action::Action;
use crate::number::{bytes, plural};

/// Width of the panel, points.
const WIDTH: f32 = 320.0;
/// Below the bars of the window.
const FROM_TOP: Vec2 = vec2(0.0, 84.0);

impl Window {
    /// The panel, while building takes longer than a moment.
    pub(super) fn show_building(&self, ui: &Ui, actions: &mut Vec<Action>) {
        let Some((done, left)) = self.session.building(ui.input(|input| input.time)) else { return };
        let estimate = Simulation::estimate(self.document.project());
        let area = Area::new(Id::unique("building")).order(Order::Foreground).anchor(Align2::CENTER_TOP, FROM_TOP);
        area.show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).inner_margin(12).show(ui, |ui| {
                ui.set_width(WIDTH);
                ui.label(RichText::new("Building the network").strong());
                let synapses = format!("{} {}", short(estimate.synapses), plural(estimate.synapses as u64, "synapse"));
                let memory = bytes(estimate.memory);
                let figures = format!("{}, {synapses}, about {memory}", count(estimate.neurons, "neuron"));
                ui.label(RichText::new(figures).weak());
                // The part that is not done must be seen on the popup's ground.
                ui.visuals_mut().extreme_bg_color = ui.visuals().widgets.inactive.weak_bg_fill;
                ui.add(ProgressBar::new(done as f32).text(progress_text(done, left)).desired_width(WIDTH));
                ui.add_space(4.0);
                if ui.button("Cancel").on_hover_text("Leaves the network as it is, not built; Play builds it").clicked()
                {
                    actions.push(Action::CancelBuilding);
                }
            });
        });
        ui.ctx().request_repaint_after_secs(0.1);
    }
}

/// How far it is and how long it will take.
fn progress_text(done: f64, left: Option<f64>) -> String {
    let percent = format!("{:.0} %", (done * 100.0).floor());
    match left {
        Some(seconds) if done < 1.0 => format!("{percent}, about {:.0} s left", seconds.max(1.0).ceil()),
        Some(_) => format!("{percent}, almost there"),
        None => percent,
    }
}

#[cfg(test)]
mod tests {
    use super::progress_text;

    #[test]
    fn progress_is_told_in_whole_seconds() {
        assert_eq!(progress_text(0.0, None), "0 %");
        assert_eq!(progress_text(0.256, Some(3.2)), "25 %, about 4 s left");
        assert_eq!(progress_text(0.999, Some(0.01)), "99 %, about 1 s left");
        assert_eq!(progress_text(1.0, Some(0.0)), "100 %, almost there");
    }
}
