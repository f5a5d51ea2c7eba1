//! Trials that are over, drawn faded behind the present one, as an oscilloscope does.

use egui::{Shape, epaint::shape_transform::adjust_colors};
use spikeloom_engine::project::{NodeId, View};
use spikeloom_engine::recordings::Recordings;

use crate::plots::data::PlotData;
use crate::plots::kind::Picture;
use crate::plots::kinds;

/// How much of its colour the latest trial that is over keeps, and each one before it of that.
const LATEST: f32 = 0.45;
const EACH: f32 = 0.8;

/// How much of its colour the run of a network keeps that has been changed since.
pub const PREVIOUS_RUN: f32 = 0.35;

/// The plots of trials that are over, by the numbers of the trials, the latest first.
#[derive(Default)]
pub struct Trials(Vec<(u64, Box<dyn Picture>)>);

impl Trials {
    /// Makes plots of what has come and drops those of what is gone.
    pub fn follow(&mut self, view: &View, data: &PlotData<'_>, dark: bool) {
        let Some(kind) = kinds::find(&view.kind).filter(|kind| kind.facts.overlays) else { return };
        let mut old = std::mem::take(&mut self.0);
        for trial in &data.past {
            let kept = old.iter().position(|(number, _)| *number == trial.number);
            let mut picture = kept.map_or_else(|| (kind.picture)(), |place| old.swap_remove(place).1);
            picture.update(view, &data.of_trial(*trial), dark);
            self.0.push((trial.number, picture));
        }
    }

    /// How many there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each trial that has something to show, with what it is drawn from.
    pub fn each<'a>(
        &'a self,
        view: &'a View,
        data: &'a PlotData<'a>,
    ) -> impl Iterator<Item = (&'a dyn Picture, PlotData<'a>)> {
        let shown = self.0.iter().zip(&data.past).filter(|(_, trial)| has_rows(&view.sources, trial.recordings));
        shown.map(|((_, picture), trial)| (&**picture, data.of_trial(*trial)))
    }

    /// What the trials look like, the oldest first; `draw` draws one.
    pub fn draw(
        &mut self,
        view: &View,
        data: &PlotData<'_>,
        draw: impl Fn(&mut dyn Picture, &PlotData<'_>) -> Vec<Shape>,
    ) -> Vec<Shape> {
        let mut all = Vec::new();
        for (age, ((_, picture), trial)) in self.0.iter_mut().zip(&data.past).enumerate().rev() {
            if has_rows(&view.sources, trial.recordings) {
                let mut shapes = draw(&mut **picture, &data.of_trial(*trial));
                fade(&mut shapes, LATEST * EACH.powi(age as i32));
                all.append(&mut shapes);
            }
        }
        all
    }
}

/// Whether any of these recorders has recorded something.
pub fn has_rows(recorders: &[NodeId], recordings: &Recordings) -> bool {
    recorders.iter().any(|id| recordings.recorder(*id).is_some_and(|(_, rows)| !rows.is_empty()))
}

/// Leaves this share of their colours.
pub fn fade(shapes: &mut [Shape], share: f32) {
    shapes.iter_mut().for_each(|shape| adjust_colors(shape, move |color| *color = color.gamma_multiply(share)));
}
