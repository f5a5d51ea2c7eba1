//! Pairs of spikes by the time between them: the count histograms of correlation detectors, of the whole run.

use egui::{Color32, Pos2, Rect, Shape, Stroke, pos2};
use spikeloom_engine::analysis::{LagCount, LagCounts};
use spikeloom_engine::project::{NodeId, View};
use spikeloom_engine::recordings::{RecorderKind, RecorderPlan};

use super::kinds::{Picture, Scale, Sheet};
use super::populations::thousands;
use super::{PlotData, axis};
use crate::theme;

/// The histogram of one detector; it grows with the recordings.
#[derive(Clone, Debug)]
pub struct Track {
    node: NodeId,
    pub name: String,
    recorder: usize,
    /// Width of a bin, and the largest lag at the middle of one, ms.
    width: f64,
    most: f64,
    counts: LagCounts,
    counted: usize,
    /// Time of the first row, as long as it is kept.
    begin: Option<f64>,
}

#[derive(Default)]
pub struct Correlogram {
    tracks: Vec<Track>,
    dark: bool,
}

/// Lags are told to this many ms.
const FINEST: f64 = 1e-6;

/// Places of lag, weights and pairs among the columns, and their number, if pairs are counted.
fn columns(plan: &RecorderPlan) -> Option<([usize; 3], usize)> {
    let RecorderKind::Rows { columns } = &plan.kind else { return None };
    let place = |name: &str| columns.iter().position(|(column, _)| column == name);
    Some(([place("lags")?, place("weights")?, place("counts")?], columns.len()))
}

impl Track {
    fn new(node: NodeId, plan: &RecorderPlan, recorder: usize) -> Self {
        let (name, counts) = (plan.name.clone(), LagCounts::default());
        Track { node, name, recorder, width: 0.5, most: 5.0, counts, counted: 0, begin: None }
    }

    fn update(&mut self, data: &PlotData<'_>) {
        let (plan, rows) = (&data.recordings.plan.recorders[self.recorder], &data.recordings.rows[self.recorder]);
        let Some(([lag, weights, pairs], columns)) = columns(plan) else { return };
        if rows.times.len() < self.counted || (self.counted > 0 && rows.times.first() != self.begin.as_ref()) {
            *self = Track::new(self.node, plan, self.recorder);
        }
        if let Some(node) = data.project.node(self.node) {
            let or = |x: f64, other: f64| if x.is_finite() && x > 0.0 { x } else { other };
            (self.width, self.most) = (or(node.real("delta_tau"), 0.5), or(node.real("tau_max"), 0.0));
            self.name.clone_from(&node.name);
        }
        for row in rows.values.chunks_exact(columns).skip(self.counted) {
            self.counts.add(row[lag], row[pairs], row[weights]);
        }
        self.counted = rows.times.len();
        self.begin = rows.times.first().copied();
    }

    /// All bins between the largest lags, empty ones too.
    pub fn histogram(&self) -> impl Iterator<Item = (f64, LagCount)> + '_ {
        self.counts.histogram(self.width, self.most)
    }

    /// Bins with pairs: lag and number.
    fn filled(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.counts.filled().map(|(lag, count)| (lag, count.pairs))
    }
}

impl Correlogram {
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    fn color(&self, place: usize) -> Color32 {
        theme::palette_color(place as u8 % theme::COLORS, self.dark)
    }
}

impl Picture for Correlogram {
    fn update(&mut self, view: &View, data: &PlotData<'_>) {
        let recorders = &data.recordings.plan.recorders;
        let place = |id: &NodeId| recorders.iter().position(|r| r.node == *id && columns(r).is_some());
        let wanted: Vec<(NodeId, usize)> =
            view.sources.iter().filter_map(|id| place(id).map(|recorder| (*id, recorder))).collect();
        if !self.tracks.iter().map(|t| (t.node, t.recorder)).eq(wanted.iter().copied()) {
            let new = |(id, recorder): (NodeId, usize)| Track::new(id, &recorders[recorder], recorder);
            self.tracks = wanted.into_iter().map(new).collect();
        }
        self.tracks.iter_mut().for_each(|t| t.update(data));
    }

    fn across(&self) -> Option<(f64, f64)> {
        let half = self.tracks.iter().map(|t| t.most + 0.5 * t.width).fold(0.0, f64::max);
        Some(if half > 0.0 { (-half, half) } else { (-5.0, 5.0) })
    }

    fn amount(&self, _: &View, _: &PlotData<'_>, _: (f64, f64)) -> String {
        let pairs: f64 = self.tracks.iter().flat_map(Track::filled).map(|(_, pairs)| pairs).sum();
        if pairs == 1.0 { "1 pair".into() } else { format!("{} pairs", thousands(pairs as usize)) }
    }

    fn fit(&self, _: &View, _: &PlotData<'_>, _: (f64, f64)) -> (f64, f64) {
        let most = self.tracks.iter().flat_map(Track::filled).map(|(_, pairs)| pairs).fold(0.0, f64::max);
        let top = axis::top_for(most * 1.02);
        (-0.03 * top, top)
    }

    fn scale(&self, _: &View) -> Scale {
        Scale::Numbers("pairs of spikes by lag".into())
    }

    fn legend(&self) -> Vec<(String, Color32)> {
        // One detector is named by the title.
        if self.tracks.len() < 2 {
            return Vec::new();
        }
        self.tracks.iter().enumerate().map(|(i, t)| (t.name.clone(), self.color(i))).collect()
    }

    fn draw(&mut self, _: &View, _: &PlotData<'_>, sheet: &Sheet) -> Vec<Shape> {
        self.dark = sheet.dark;
        let mut shapes = Vec::new();
        let overlaid = self.tracks.len() > 1;
        for (i, track) in self.tracks.iter().enumerate() {
            let color = self.color(i);
            let fill = if overlaid { color.gamma_multiply(0.35) } else { color.gamma_multiply(0.85) };
            let apart = (sheet.x(track.width) - sheet.x(0.0)).abs();
            // Bars stand apart where there is room for it.
            let half = track.width * if apart > 6.0 && !overlaid { 0.42 } else { 0.5 };
            for (lag, pairs) in track.filled() {
                let bar = Rect::from_two_pos(
                    pos2(sheet.x(lag - half), sheet.y(0.0)),
                    pos2(sheet.x(lag + half), sheet.y(pairs)),
                );
                shapes.push(Shape::rect_filled(bar, 0.0, fill));
                if overlaid {
                    shapes.push(Shape::hline(bar.x_range(), bar.top(), Stroke::new(1.5, color)));
                }
            }
        }
        shapes.push(Shape::hline(sheet.rect.x_range(), sheet.y(0.0), Stroke::new(1.0, Color32::GRAY)));
        shapes
    }

    fn read_out(&self, _: &View, _: &PlotData<'_>, sheet: &Sheet, pointer: Pos2) -> Option<String> {
        let lag = axis::time_at(sheet, pointer);
        let lines: Vec<String> = self
            .tracks
            .iter()
            .filter_map(|track| {
                let middle = (lag / track.width).round() * track.width;
                if middle.abs() > track.most + FINEST {
                    return None;
                }
                let pairs = track.counts.at(middle).pairs;
                let lag = axis::minus(spikeloom_engine::description::number((middle / FINEST).round() * FINEST));
                let noun = if pairs == 1.0 { "pair" } else { "pairs" };
                let whose = if self.tracks.len() > 1 { format!("{}: ", track.name) } else { String::new() };
                Some(format!("{whose}{} {noun} at {lag} ms", thousands(pairs.max(0.0) as usize)))
            })
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    fn forget(&mut self) {
        self.tracks.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;
    use spikeloom_engine::description::Value;
    use spikeloom_engine::project::{Node, ViewKind};
    use spikeloom_engine::recordings::Rows;

    /// A correlation detector that has told these changes of bins: time, lag, pairs.
    fn sample(rows: &[(f64, f64, f64)]) -> Sample {
        let mut sample = Sample::two_populations();
        let detector = spikeloom_engine::models::find("correlation_detector").expect("in the catalogue");
        sample.project.nodes[2] = Node::new(NodeId(2), "Pairs", detector);
        sample.project.views[0].kind = ViewKind::Correlogram;
        let names = ["lags", "weights", "counts"];
        let columns = names.map(|name| (name.to_owned(), String::new())).into();
        sample.recordings.plan.recorders[0].kind = RecorderKind::Rows { columns };
        sample.recordings.rows[0] = Rows::default();
        tell(&mut sample, rows);
        sample
    }

    fn tell(sample: &mut Sample, rows: &[(f64, f64, f64)]) {
        for (time, lag, pairs) in rows {
            let to = &mut sample.recordings.rows[0];
            to.times.push(*time);
            to.senders.push(0);
            to.values.extend([*lag, 0.5 * pairs, *pairs]);
        }
    }

    fn updated(sample: &Sample) -> Correlogram {
        let mut correlogram = Correlogram::default();
        correlogram.update(sample.view(0), &sample.data());
        correlogram
    }

    #[test]
    fn pairs_are_summed_by_lag_as_they_come() {
        let mut s = sample(&[(1.0, -0.5, 2.0), (1.0, 0.30000000000000004, 1.0), (2.0, -0.5, 3.0)]);
        let mut correlogram = updated(&s);
        assert_eq!(correlogram.tracks[0].filled().collect::<Vec<_>>(), [(-0.5, 5.0), (0.3, 1.0)]);
        tell(&mut s, &[(3.0, 5.0, 1.0)]);
        correlogram.update(s.view(0), &s.data());
        assert_eq!(correlogram.amount(s.view(0), &s.data(), (0.0, 1.0)), "7 pairs");
    }

    #[test]
    fn what_is_taken_back_leaves_nothing() {
        let s = sample(&[(1.0, 0.0, 2.0), (5.0, 0.0, -2.0), (5.0, 1.0, 1.0)]);
        assert_eq!(updated(&s).tracks[0].filled().collect::<Vec<_>>(), [(1.0, 1.0)]);
    }

    #[test]
    fn the_axis_reaches_to_the_largest_lag_of_the_detector() {
        let mut s = sample(&[(1.0, 0.0, 2.0)]);
        assert_eq!(updated(&s).across(), Some((-5.25, 5.25)));
        s.project.nodes[2].params.insert("tau_max".into(), Value::Real(20.0));
        assert_eq!(updated(&s).across(), Some((-20.25, 20.25)));
        assert_eq!(updated(&s).tracks[0].histogram().count(), 81);
    }

    #[test]
    fn says_what_lies_under_the_pointer() {
        let s = sample(&[(1.0, -0.5, 1200.0)]);
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(105.0, 100.0));
        let (time, y, dark) = ((-5.25, 5.25), (0.0, 1500.0), false);
        let sheet = Sheet { ctx: egui::Context::default(), rect, time, y, dark };
        let read = |x: f32| updated(&s).read_out(s.view(0), &s.data(), &sheet, pos2(x, 50.0));
        assert_eq!(read(48.0).as_deref(), Some("1,200 pairs at −0.5 ms"));
        assert_eq!(read(52.5).as_deref(), Some("0 pairs at 0 ms"));
    }
}
