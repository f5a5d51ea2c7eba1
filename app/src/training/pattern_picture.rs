//! The spikes of a pattern, drawn small.

use std::collections::BTreeMap;

use egui::{Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use spikeloom_engine::project::{NodeId, Project};

use crate::number;

/// Height of the picture, points.
const TALL: f32 = 74.0;

/// Draws the input of a pattern: a row for each device, over the duration of a pattern.
pub fn show(ui: &mut Ui, project: &Project, input: &BTreeMap<NodeId, Vec<Vec<f64>>>, name: &str) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), TALL), Sense::hover());
    let trains: Vec<&Vec<f64>> = input.values().flatten().collect();
    let spikes: usize = trains.iter().map(|train| train.len()).sum();
    let told = format!(
        "{} of {}, {}",
        number::counted(spikes as u64, "spike"),
        number::counted(trains.len() as u64, "input"),
        number::with_unit(project.simulation.duration, "ms")
    );
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Figure, true, name);
        info.current_text_value = Some(told.clone());
        info
    });
    ui.painter().rect_filled(rect, 2.0, ui.visuals().extreme_bg_color);
    let area = rect.shrink(4.0);
    let row = area.height() / trains.len().max(1) as f32;
    let stroke = Stroke::new(1.5, ui.visuals().text_color());
    for (i, train) in trains.iter().enumerate() {
        for time in *train {
            let share = (time / project.simulation.duration) as f32;
            if (0.0..=1.0).contains(&share) {
                let (x, y) = (area.left() + share * area.width(), area.top() + (i as f32 + 0.5) * row);
                let half = (0.42 * row).clamp(0.7, 5.0);
                ui.painter().line_segment([pos2(x, y - half), pos2(x, y + half)], stroke);
            }
        }
    }
    response.on_hover_text(told);
}
