//! A plot of a run that is over, drawn beside the same plot of another run: with the same axes, to be compared.

use egui::{Pos2, Rect, Role, Shape, Stroke, Ui, WidgetInfo, pos2};
use spikeloom_engine::project::View;

use super::pane;
use super::state::Pane;
use super::time_axis::TimeAxis;
use crate::plots::data::PlotData;
use crate::plots::kinds;
use crate::plots::sheet::{Across, Scale};

/// A plot of a run that is over.
pub struct Still {
    pane: Pane,
    time: TimeAxis,
}

/// Something that the recorded data are compared with.
pub enum Mark<'a> {
    /// A moment, ms: a dashed line from top to bottom.
    Moment(f64),
    /// Values at times, ms: a dashed line, where the axis has numbers.
    Curve(&'a [f64], &'a [f64]),
}

impl Still {
    /// `place` tells plots of one view apart that are drawn in one frame.
    pub fn new(view: &View, place: &'static str, duration: f64) -> Self {
        let mut pane = Pane::new(&view.kind);
        pane.beside = Some(place);
        let mut time = TimeAxis::default();
        time.show(0.0, duration);
        Still { pane, time }
    }

    /// Bottom and top that show everything, where the axis has numbers.
    pub fn fit(&mut self, view: &View, data: &PlotData<'_>, dark: bool) -> Option<(f64, f64)> {
        let picture = self.pane.picture.as_deref_mut()?;
        picture.update(view, data, dark);
        let across = (picture.across() == Across::Time).then_some((0.0, data.project.simulation.duration))?;
        let has_numbers = matches!(picture.scale(view, data), Scale::Numbers(_));
        has_numbers.then(|| picture.fit(view, data, across))
    }

    /// Draws it into `body`, with these ends of the vertical axis or those that fit, and what it is to be compared with.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        body: Rect,
        (view, data): (&View, &PlotData<'_>),
        name: &str,
        y: Option<(f64, f64)>,
        marks: &[Mark<'_>],
    ) {
        let Some(kind) = kinds::find(&view.kind) else { return };
        self.pane.y = y;
        let Some((response, sheet)) = pane::picture(ui, body, kind, view, &mut self.pane, &self.time, data) else {
            return;
        };
        let Some(picture) = &self.pane.picture else { return };
        let amount = picture.amount(view, data, sheet.across);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Figure, true, name);
            info.current_text_value = Some(amount.clone());
            info
        });
        if picture.across() != Across::Time {
            return;
        }
        let has_numbers = matches!(picture.scale(view, data), Scale::Numbers(_));
        let (strong, weak) = (ui.visuals().strong_text_color(), ui.visuals().weak_text_color());
        let painter = ui.painter().with_clip_rect(sheet.rect.intersect(ui.clip_rect()));
        for mark in marks {
            let (line, stroke): (Vec<Pos2>, Stroke) = match mark {
                // Weak, as spikes may lie on it.
                Mark::Moment(time) => {
                    let x = sheet.x(*time);
                    (vec![pos2(x, sheet.rect.top()), pos2(x, sheet.rect.bottom())], Stroke::new(1.0, weak))
                }
                Mark::Curve(times, values) if has_numbers => {
                    let points = times.iter().zip(*values).map(|(t, y)| pos2(sheet.x(*t), sheet.y(*y)));
                    (points.collect(), Stroke::new(1.5, strong))
                }
                Mark::Curve(..) => continue,
            };
            painter.extend(Shape::dashed_line(&line, stroke, 3.0, 4.0));
        }
    }
}
