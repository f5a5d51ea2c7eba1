//! What stands above a plot, outside its data: the meaning of the axis, names with their colours, statistics, remarks.

use egui::{Align, Color32, FontId, Label, Layout, Rect, RichText, Sense, Stroke, Ui, UiBuilder, pos2, vec2};

use crate::action::Action;
use crate::plots::plot::Remark;

/// Height of a line, and of the whole body of a plot below which the statistics are left to the tooltip of the title, and
/// below which captions are.
const LINE: f32 = 14.0;
const LOW: f32 = 120.0;
const LOWEST: f32 = 52.0;

const SIZE: f32 = 11.0;

/// What there is to be written.
pub struct Captions {
    /// What the vertical axis means, if it has numbers.
    pub meaning: Option<String>,
    pub legend: Vec<(String, Color32)>,
    /// One line for each population.
    pub statistics: Vec<String>,
    /// The plot shows a run of a network that has been changed since.
    pub previous_run: bool,
}

/// Writes the captions at the top of `body` and gives back what is left for the plot.
pub fn show(
    ui: &mut Ui,
    mut body: Rect,
    captions: Captions,
    remark: Option<Remark>,
    actions: &mut Vec<Action>,
) -> Rect {
    let height = body.height();
    let mut line = |height: f32| {
        let (line, rest) = body.split_top_bottom_at_y(body.top() + height);
        body = rest;
        line.shrink2(vec2(4.0, 0.0))
    };
    if captions.previous_run {
        let text = RichText::new("Previous run: the network has been changed since").size(SIZE).italics();
        write(ui, line(LINE), text, "Play shows the network as it is now");
    }
    if height >= LOW && !captions.statistics.is_empty() {
        let text = RichText::new(captions.statistics.join("   ")).size(SIZE);
        let all = format!("Over the whole run so far\n{}", captions.statistics.join("\n"));
        write(ui, line(LINE), text, &all);
    }
    if let Some(remark) = remark {
        show_remark(ui, line(LINE + 6.0), remark, actions);
    }
    if height >= LOWEST && (captions.meaning.is_some() || !captions.legend.is_empty()) {
        names(ui, line(LINE), captions.meaning.as_deref(), &captions.legend);
    }
    body
}

fn write(ui: &mut Ui, line: Rect, text: RichText, tip: &str) {
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(line).layout(layout), |ui| {
        ui.add(Label::new(text).truncate().selectable(false)).on_hover_text(tip);
    });
}

fn show_remark(ui: &mut Ui, line: Rect, remark: Remark, actions: &mut Vec<Action>) {
    let layout = Layout::right_to_left(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(line).layout(layout), |ui| {
        ui.spacing_mut().button_padding = vec2(6.0, 0.0);
        let cure = ui.small_button(RichText::new(&remark.cure).size(SIZE)).on_hover_text(&remark.edit.label);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let text = RichText::new(&remark.text).size(SIZE).color(ui.visuals().warn_fg_color);
            ui.add(Label::new(text).truncate().selectable(false)).on_hover_text(&remark.why);
        });
        if cure.clicked() {
            actions.push(remark.edit.into());
        }
    });
}

/// The meaning of the axis at the left, names with dashes of their colours at the right; as many as there is room for, the
/// others in a tooltip.
fn names(ui: &Ui, line: Rect, meaning: Option<&str>, legend: &[(String, Color32)]) {
    const DASH: f32 = 12.0;
    const GAP: f32 = 10.0;
    let painter = ui.painter().with_clip_rect(line.expand2(vec2(4.0, 0.0)).intersect(ui.clip_rect()));
    let color = ui.visuals().text_color();
    let lay_out = |text: &str| painter.layout_no_wrap(text.to_owned(), FontId::proportional(SIZE), color);
    let place = |x: f32, galley: &std::sync::Arc<egui::Galley>| pos2(x, line.center().y - 0.5 * galley.size().y);
    let mut left = line.left();
    if let Some(meaning) = meaning {
        let galley = lay_out(meaning);
        left += galley.size().x + 2.0 * GAP;
        painter.galley(place(line.left(), &galley), galley, color);
    }
    let entries: Vec<_> = legend.iter().map(|(name, color)| (lay_out(name), *color)).collect();
    let width = |galley: &egui::Galley| DASH + 4.0 + galley.size().x + GAP;
    let total: f32 = entries.iter().map(|(galley, _)| width(galley)).sum();
    let room = line.right() - left;
    let more = |hidden: usize| lay_out(&format!("and {hidden} more"));
    let shown = if total <= room + GAP {
        entries.len()
    } else {
        let mut used = more(entries.len()).size().x;
        let fits = |(galley, _): &&(std::sync::Arc<egui::Galley>, Color32)| {
            used += width(galley);
            used <= room
        };
        entries.iter().take_while(fits).count()
    };
    let hidden = entries.len() - shown;
    let mut right = line.right();
    if hidden > 0 {
        let galley = more(hidden);
        if galley.size().x <= room {
            right -= galley.size().x;
            painter.galley(place(right, &galley), galley, color);
            right -= GAP;
        }
        let names: Vec<&str> = legend.iter().map(|(name, _)| name.as_str()).collect();
        let response = ui.interact(line, ui.scope_id().with("legend"), Sense::hover());
        response.on_hover_text(names.join("\n"));
    }
    for (galley, color) in entries.into_iter().take(shown).rev() {
        right -= galley.size().x;
        painter.galley(place(right, &galley), galley, color);
        let y = line.center().y;
        painter.line_segment([pos2(right - 4.0 - DASH, y), pos2(right - 4.0, y)], Stroke::new(2.5, color));
        right -= DASH + 4.0 + GAP;
    }
}
