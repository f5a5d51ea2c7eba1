//! Weights that spikes were transmitted with, over time: their mean, and the range from the smallest
//! to the largest.

use egui::{Color32, Pos2, Rect, Shape, Stroke, pos2};
use serde::{Deserialize, Serialize};
use spikeloom_engine::project::{Node, NodeId};
use spikeloom_engine::recordings::{Cursor, RecorderKind, RecorderPlan, Recordings};

use crate::plots::axis;
use crate::plots::bins;
use crate::plots::data::{PlotData, Shown};
use crate::plots::editor::Editor;
use crate::plots::plot::{Facts, Plot, ReadOut, passed};
use crate::plots::sheet::{Scale, Sheet};
use crate::plots::table::{Table, write_rows};
use crate::plots::takes;
use crate::{number, theme};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Width of a bin, ms.
    pub bin: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { bin: bins::USUAL }
    }
}

/// The column of a weight recorder that is shown.
const COLUMN: &str = "weights";

/// What was transmitted within a bin.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bin {
    n: u32,
    sum: f64,
    low: f64,
    high: f64,
}

impl Default for Bin {
    fn default() -> Self {
        Bin { n: 0, sum: 0.0, low: f64::INFINITY, high: f64::NEG_INFINITY }
    }
}

impl Bin {
    fn add(&mut self, weight: f64) {
        self.join(&Bin { n: 1, sum: weight, low: weight, high: weight });
    }
    fn join(&mut self, other: &Bin) {
        self.n += other.n;
        self.sum += other.sum;
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
    }
    fn mean(&self) -> f64 {
        self.sum / f64::from(self.n.max(1))
    }
}

/// The bins of one recorder; they grow with the recordings.
#[derive(Clone, Debug)]
struct Track {
    node: NodeId,
    name: String,
    recorder: usize,
    bins: Vec<Bin>,
    cursor: Cursor,
}

#[derive(Default)]
pub struct Weights {
    bin: f64,
    tracks: Vec<Track>,
    dark: bool,
}

/// Place and number of columns, if it records weights.
fn column(plan: &RecorderPlan) -> Option<(usize, usize)> {
    let RecorderKind::Rows { columns } = &plan.kind else { return None };
    Some((columns.iter().position(|(name, _)| name == COLUMN)?, columns.len()))
}

impl Track {
    fn new(node: NodeId, plan: &RecorderPlan, recorder: usize) -> Self {
        Track { node, name: plan.name.clone(), recorder, bins: Vec::new(), cursor: Cursor::default() }
    }

    fn update(&mut self, bin: f64, recordings: &Recordings) {
        let (plan, rows) = (&recordings.plan.recorders[self.recorder], &recordings.rows[self.recorder]);
        let Some((place, width)) = column(plan) else { return };
        let news = self.cursor.advance(recordings, self.recorder);
        if news.anew {
            self.bins.clear();
        }
        for i in news.rows {
            let Some(weight) = rows.values.get(i * width + place) else { break };
            let at = (rows.times[i] / bin + 1e-9).floor().max(0.0) as usize;
            if self.bins.len() <= at {
                self.bins.resize(at + 1, Bin::default());
            }
            self.bins[at].add(*weight);
        }
    }
}

impl Weights {
    /// The bins of a track that touch a time range, joined to at most `most` groups: the middle of each, and what it holds.
    fn groups(&self, track: &Track, time: (f64, f64), most: usize) -> Vec<(f64, Bin)> {
        let bin = self.bin.max(1e-3);
        let from = ((time.0 / bin).floor().max(0.0) as usize).min(track.bins.len());
        let to = ((time.1 / bin).ceil().max(0.0) as usize).clamp(from, track.bins.len());
        let each = (to - from).div_ceil(most.max(1)).max(1);
        track.bins[from..to]
            .chunks(each)
            .enumerate()
            .filter_map(|(i, bins)| {
                let mut all = Bin::default();
                bins.iter().for_each(|b| all.join(b));
                let middle = (from as f64 + (i * each) as f64 + 0.5 * bins.len() as f64) * bin;
                (all.n > 0).then_some((middle, all))
            })
            .collect()
    }

    fn whole(&self, time: (f64, f64)) -> Bin {
        let mut all = Bin::default();
        for track in &self.tracks {
            self.groups(track, time, 1).iter().for_each(|(_, bin)| all.join(bin));
        }
        all
    }

    fn color(&self, place: usize) -> Color32 {
        theme::palette_color(place as u8 % theme::COLORS, self.dark)
    }
}

impl Plot for Weights {
    type Settings = Settings;

    const FACTS: Facts = Facts {
        name: "weights",
        title: "Weights",
        add: ("Add weights", "Plot the weights that spikes were transmitted with"),
        shows: "weights",
        takes: takes::weights,
        follows_picks: false,
        overlays: true,
    };

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        self.dark = shown.dark;
        let bin = bins::width(shown.settings.bin, shown.project.simulation.resolution);
        let recorders = &shown.recordings.plan.recorders;
        let place = |id: &NodeId| recorders.iter().position(|r| r.node == *id && column(r).is_some());
        let wanted: Vec<(NodeId, usize)> =
            shown.sources.iter().filter_map(|id| place(id).map(|recorder| (*id, recorder))).collect();
        if self.bin != bin || !self.tracks.iter().map(|t| (t.node, t.recorder)).eq(wanted.iter().copied()) {
            self.bin = bin;
            let new = |(id, recorder): (NodeId, usize)| Track::new(id, &recorders[recorder], recorder);
            self.tracks = wanted.into_iter().map(new).collect();
        }
        self.tracks.iter_mut().for_each(|t| t.update(bin, shown.recordings));
    }

    fn amount(&self, _: &Shown<'_, Settings>, time: (f64, f64)) -> String {
        match self.whole(time) {
            Bin { n: 0, .. } => "no spike passed".into(),
            all => format!("mean {}", number::plain(rounded(all.mean(), all.high - all.low))),
        }
    }

    fn fit(&self, _: &Shown<'_, Settings>, time: (f64, f64)) -> (f64, f64) {
        match self.whole(time) {
            Bin { n: 0, .. } => (0.0, 1.0),
            Bin { low, high, .. } => {
                let border = (0.06 * (high - low)).max(1e-3 * high.abs().max(low.abs())).max(1e-9);
                (low - border, high + border)
            }
        }
    }

    fn scale(&self, _: &Shown<'_, Settings>) -> Scale {
        Scale::Numbers("weight".into())
    }

    fn legend(&self) -> Vec<(String, Color32)> {
        self.tracks.iter().enumerate().map(|(i, t)| (t.name.clone(), self.color(i))).collect()
    }

    fn draw(&mut self, _: &Shown<'_, Settings>, sheet: &Sheet) -> Vec<Shape> {
        let mut shapes = Vec::new();
        let most = (sheet.rect.width() / 2.0).max(1.0) as usize;
        for (i, track) in self.tracks.iter().enumerate() {
            let color = self.color(i);
            let groups = self.groups(track, sheet.across, most);
            let apart = groups.windows(2).map(|w| w[1].0 - w[0].0).fold(f64::INFINITY, f64::min);
            let half = if apart.is_finite() { apart } else { self.bin } / 2.0;
            shapes.extend(groups.iter().filter(|(_, b)| b.high > b.low).map(|(time, b)| {
                let corner = |time: f64, y: f64| pos2(sheet.x(time), sheet.y(y));
                let strip = Rect::from_two_pos(corner(time - half, b.low), corner(time + half, b.high));
                Shape::rect_filled(strip, 0.0, color.gamma_multiply(0.25))
            }));
            let mean: Vec<Pos2> = groups.iter().map(|(time, b)| pos2(sheet.x(*time), sheet.y(b.mean()))).collect();
            if let [only] = mean[..] {
                shapes.push(Shape::circle_filled(only, 2.0, color));
            }
            shapes.push(Shape::line(mean, Stroke::new(1.8, color)));
        }
        shapes
    }

    fn read_out(&self, _: &Shown<'_, Settings>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut> {
        let time = sheet.x_at(pointer);
        let at = (time / self.bin).floor();
        let mut nearest: Option<Pos2> = None;
        let lines: Vec<String> = self
            .tracks
            .iter()
            .filter_map(|track| {
                let bin = track.bins.get((at >= 0.0).then_some(at as usize)?).filter(|b| b.n > 0)?;
                let mean = pos2(pointer.x, sheet.y(bin.mean()));
                if nearest.is_none_or(|near| (mean.y - pointer.y).abs() < (near.y - pointer.y).abs()) {
                    nearest = Some(mean);
                }
                let show = |x: f64| number::plain(rounded(x, bin.high - bin.low));
                Some(format!("{}: mean {}, {} to {}", track.name, show(bin.mean()), show(bin.low), show(bin.high)))
            })
            .collect();
        (!lines.is_empty())
            .then(|| format!("{}\n{} ms", lines.join("\n"), axis::tick(time, sheet.per_point().min(1.0))))
            .map(|text| ReadOut { text, at: nearest.unwrap_or(pointer) })
    }

    fn edit(editor: &mut Editor<'_, Settings>) {
        editor.ui.separator();
        editor
            .bin(editor.shown.settings.bin, "Time over which weights are averaged", |settings, bin| settings.bin = bin);
    }

    fn problems(settings: &Settings) -> Vec<(&'static str, String)> {
        bins::problem(settings.bin).into_iter().collect()
    }

    fn table(table: &mut Table, shown: &Shown<'_, Settings>) -> Result<(), csv::Error> {
        write_rows(table, shown)
    }

    fn nothing_yet(_: &[&Node], data: &PlotData<'_>) -> String {
        format!("No spike has passed these synapses yet (in {})", passed(data))
    }
}

/// Four digits, and more where the values differ by less.
fn rounded(x: f64, range: f64) -> f64 {
    let least = if range > 0.0 { (range * 1e-3).min(x.abs() * 1e-3) } else { x.abs() * 1e-4 };
    if least > 0.0 && least.is_finite() {
        let unit = 10f64.powf(least.log10().floor());
        let scaled = (x / unit).round();
        // Dividing by a power of ten leaves fewer stray digits than multiplying by its inverse.
        if unit < 1.0 { scaled / (1.0 / unit).round() } else { scaled * unit }
    } else {
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::sample::Sample;
    use spikeloom_engine::recordings::Rows;

    /// A weight recorder that has seen some weights.
    fn sample(times: &[f64], weights: &[f64]) -> Sample {
        let mut sample = Sample::two_populations();
        let columns = vec![("weights".into(), "".into()), ("targets".into(), "".into())];
        sample.recordings.plan.recorders[0].kind = RecorderKind::Rows { columns };
        sample.recordings.rows[0] = Rows {
            times: times.to_vec(),
            senders: vec![0; times.len()],
            values: weights.iter().flat_map(|w| [*w, 1.0]).collect(),
        };
        sample
    }

    #[test]
    fn weights_are_gathered_in_bins_as_they_come() {
        let mut s = sample(&[1.0, 4.9, 5.0], &[10.0, 20.0, 7.0]);
        let mut weights = Weights::default();
        weights.update(&s.shown(2, &Settings::default()));
        let bins = &weights.tracks[0].bins;
        assert_eq!((bins[0].n, bins[0].mean(), bins[0].low, bins[0].high), (2, 15.0, 10.0, 20.0));
        assert_eq!(bins[1].mean(), 7.0);
        s.recordings.rows[0].times.push(6.0);
        s.recordings.rows[0].values.extend([9.0, 1.0]);
        weights.update(&s.shown(2, &Settings::default()));
        assert_eq!(weights.tracks[0].bins[1].mean(), 8.0);
        assert_eq!(weights.amount(&s.shown(2, &Settings::default()), (5.0, 10.0)), "mean 8");
        s.recordings.drop_older_half();
        weights.update(&s.shown(2, &Settings::default()));
        assert_eq!(weights.tracks[0].bins[0].n, 0);
    }

    #[test]
    fn the_axis_holds_all_weights_and_equal_ones_too() {
        let s = sample(&[1.0, 2.0], &[3.0, 3.0]);
        let mut weights = Weights::default();
        weights.update(&s.shown(2, &Settings::default()));
        let (low, high) = weights.fit(&s.shown(2, &Settings::default()), (0.0, 10.0));
        assert!(low < 3.0 && 3.0 < high);
        assert_eq!(weights.fit(&s.shown(2, &Settings::default()), (50.0, 60.0)), (0.0, 1.0));
    }

    #[test]
    fn numbers_have_as_many_digits_as_tell_them_apart() {
        assert_eq!(rounded(45.123456, 0.0), 45.123);
        assert_eq!(rounded(45.123456, 10.0), 45.12);
        assert_eq!(rounded(0.0, 0.0), 0.0);
    }
}
