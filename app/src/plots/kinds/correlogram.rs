//! Pairs of spikes by the time between them: the count histograms of correlation detectors, of the whole run.

use egui::{Color32, DragValue, Pos2, Rect, Shape, Stroke, pos2};
use serde::{Deserialize, Serialize};
use spikeloom_engine::analysis::{LagCount, LagCounts};
use spikeloom_engine::description::Value;
use spikeloom_engine::project::{Node, NodeId, Project};
use spikeloom_engine::recordings::{Cursor, RecorderKind, RecorderPlan};

use crate::action::Edit;
use crate::plots::axis::{self, thousands};
use crate::plots::bins;
use crate::plots::data::{PlotData, Shown};
use crate::plots::editor::Editor;
use crate::plots::plot::{Facts, Plot, ReadOut, passed};
use crate::plots::sheet::{Across, Scale, Sheet};
use crate::plots::table::{Table, exact};
use crate::plots::takes;
use crate::theme;

/// The bins are those of the detectors.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {}

/// The histogram of one detector; it grows with the recordings.
#[derive(Clone, Debug)]
struct Track {
    node: NodeId,
    name: String,
    recorder: usize,
    /// Width of a bin, and the largest lag at the middle of one, ms.
    width: f64,
    most: f64,
    counts: LagCounts,
    cursor: Cursor,
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
        let (name, counts, cursor) = (plan.name.clone(), LagCounts::default(), Cursor::default());
        Track { node, name, recorder, width: 0.5, most: 5.0, counts, cursor }
    }

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        let (plan, rows) = (&shown.recordings.plan.recorders[self.recorder], &shown.recordings.rows[self.recorder]);
        let Some(([lag, weights, pairs], columns)) = columns(plan) else { return };
        if let Some(node) = shown.project.node(self.node) {
            let or = |x: f64, other: f64| if x.is_finite() && x > 0.0 { x } else { other };
            (self.width, self.most) = (or(node.real("delta_tau"), 0.5), or(node.real("tau_max"), 0.0));
            self.name.clone_from(&node.name);
        }
        let news = self.cursor.advance(shown.recordings, self.recorder);
        if news.anew {
            self.counts = LagCounts::default();
        }
        for row in rows.values.chunks_exact(columns).skip(news.rows.start).take(news.rows.len()) {
            self.counts.add(row[lag], row[pairs], row[weights]);
        }
    }

    /// All bins between the largest lags, empty ones too.
    fn histogram(&self) -> impl Iterator<Item = (f64, LagCount)> + '_ {
        self.counts.histogram(self.width, self.most)
    }

    /// Bins with pairs: lag and number.
    fn filled(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.counts.filled().map(|(lag, count)| (lag, count.pairs))
    }
}

impl Correlogram {
    fn color(&self, place: usize) -> Color32 {
        theme::palette_color(place as u8 % theme::COLORS, self.dark)
    }
}

impl Plot for Correlogram {
    type Settings = Settings;

    const FACTS: Facts = Facts {
        name: "correlogram",
        title: "Correlogram",
        add: ("Add correlogram", "Plot how often spikes follow each other at each lag"),
        shows: "pairs of spikes",
        takes: takes::lags,
        follows_picks: false,
    };

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        self.dark = shown.dark;
        let recorders = &shown.recordings.plan.recorders;
        let place = |id: &NodeId| recorders.iter().position(|r| r.node == *id && columns(r).is_some());
        let wanted: Vec<(NodeId, usize)> =
            shown.sources.iter().filter_map(|id| place(id).map(|recorder| (*id, recorder))).collect();
        if !self.tracks.iter().map(|t| (t.node, t.recorder)).eq(wanted.iter().copied()) {
            let new = |(id, recorder): (NodeId, usize)| Track::new(id, &recorders[recorder], recorder);
            self.tracks = wanted.into_iter().map(new).collect();
        }
        self.tracks.iter_mut().for_each(|t| t.update(shown));
    }

    fn across(&self) -> Across {
        let half = self.tracks.iter().map(|t| t.most + 0.5 * t.width).fold(0.0, f64::max);
        if half > 0.0 { Across::Durations(-half, half) } else { Across::Durations(-5.0, 5.0) }
    }

    fn amount(&self, _: &Shown<'_, Settings>, _: (f64, f64)) -> String {
        let pairs: f64 = self.tracks.iter().flat_map(Track::filled).map(|(_, pairs)| pairs).sum();
        if pairs == 1.0 { "1 pair".into() } else { format!("{} pairs", thousands(pairs as usize)) }
    }

    fn fit(&self, _: &Shown<'_, Settings>, _: (f64, f64)) -> (f64, f64) {
        let most = self.tracks.iter().flat_map(Track::filled).map(|(_, pairs)| pairs).fold(0.0, f64::max);
        axis::from_zero(most)
    }

    fn scale(&self, _: &Shown<'_, Settings>) -> Scale {
        Scale::Numbers("pairs of spikes by lag".into())
    }

    fn legend(&self) -> Vec<(String, Color32)> {
        // One detector is named by the title.
        if self.tracks.len() < 2 {
            return Vec::new();
        }
        self.tracks.iter().enumerate().map(|(i, t)| (t.name.clone(), self.color(i))).collect()
    }

    fn draw(&mut self, _: &Shown<'_, Settings>, sheet: &Sheet) -> Vec<Shape> {
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

    fn read_out(&self, _: &Shown<'_, Settings>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut> {
        let lag = sheet.x_at(pointer);
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
        (!lines.is_empty()).then(|| ReadOut { text: lines.join("\n"), at: pointer })
    }

    fn edit(editor: &mut Editor<'_, Settings>) {
        let project = editor.shown.project;
        let detectors: Vec<&Node> = editor.shown.sources.iter().filter_map(|id| project.node(*id)).collect();
        for detector in &detectors {
            editor.ui.separator();
            if detectors.len() > 1 {
                editor.ui.strong(&detector.name);
            }
            bins_of(editor, detector);
        }
    }

    fn table(table: &mut Table, shown: &Shown<'_, Settings>) -> Result<(), csv::Error> {
        table.write_record(["lag_ms", "detector", "pairs", "sum_of_weights"])?;
        let mut correlogram = Correlogram::default();
        correlogram.update(shown);
        for track in &correlogram.tracks {
            for (lag, count) in track.histogram() {
                let (pairs, weights) = (count.pairs.to_string(), count.weights.to_string());
                table.write_record([&exact(lag), &track.name, &pairs, &weights])?;
            }
        }
        Ok(())
    }

    fn nothing_yet(recorders: &[&Node], data: &PlotData<'_>) -> String {
        match missing_port(recorders, data.project) {
            Some(port) => format!("Nothing comes to port {port}: pairs need spikes at both ports"),
            None => format!("No spikes so close to each other yet (in {})", passed(data)),
        }
    }
}

/// Width of a bin and largest lag of a correlation detector. Both on the grid, the lag a whole number of bins.
fn bins_of(editor: &mut Editor<'_, Settings>, detector: &Node) {
    let step = bins::narrowest(editor.shown.project.simulation.resolution);
    let (width, most) = (detector.real("delta_tau").max(step), detector.real("tau_max").max(0.0));
    let fields = [
        ("Bin (delta_tau)", "delta_tau", width, step, step..=100.0),
        ("Largest lag (tau_max)", "tau_max", most, width, 0.0..=1000.0 * width),
    ];
    for (label, name, now, unit, range) in fields {
        let field = editor.ui.horizontal(|ui| {
            let label = ui.label(label).on_hover_text("Changing it begins a new count");
            let mut value = now;
            let field = DragValue::new(&mut value).range(range).speed(unit).suffix(" ms").max_decimals(3);
            (ui.add(field).labelled_by(label.id), value)
        });
        let (field, value) = field.inner;
        let value = whole(value, unit).max(if name == "delta_tau" { unit } else { 0.0 });
        if field.changed() && value != now {
            let (id, key) = (detector.id, format!("{name} of {}", detector.id.0));
            let width = if name == "delta_tau" { value } else { width };
            let most = if name == "tau_max" { value } else { whole(most, width).max(width) };
            let set = move |project: &mut Project| {
                if let Some(node) = project.node_mut(id) {
                    node.params.insert("delta_tau".into(), Value::Real(width));
                    node.params.insert("tau_max".into(), Value::Real(most));
                }
            };
            editor.actions.push(Edit::new(format!("Set {name}"), set).merged(key).into());
        }
        editor.end_step(&field);
    }
}

/// The nearest multiple, without the noise of its last digits.
fn whole(x: f64, unit: f64) -> f64 {
    ((x / unit).round() * unit * 1e6).round() / 1e6
}

/// A port of a correlation detector that no wire ends at.
fn missing_port(detectors: &[&Node], project: &Project) -> Option<u32> {
    let comes = |id, port| project.projections.iter().any(|p| p.to == id && p.receptor == port);
    detectors.iter().find_map(|node| (0..2).find(|port| !comes(node.id, *port)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::sample::Sample;
    use spikeloom_engine::recordings::Rows;

    /// A correlation detector that has told these changes of bins: time, lag, pairs.
    fn sample(rows: &[(f64, f64, f64)]) -> Sample {
        let mut sample = Sample::two_populations();
        let detector = spikeloom_engine::models::find("correlation_detector").expect("in the catalogue");
        sample.project.nodes[2] = Node::new(NodeId(2), "Pairs", detector);
        sample.project.views[0].kind = "correlogram".into();
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
        correlogram.update(&sample.shown(0, &Settings {}));
        correlogram
    }

    #[test]
    fn pairs_are_summed_by_lag_as_they_come() {
        let mut s = sample(&[(1.0, -0.5, 2.0), (1.0, 0.30000000000000004, 1.0), (2.0, -0.5, 3.0)]);
        let mut correlogram = updated(&s);
        assert_eq!(correlogram.tracks[0].filled().collect::<Vec<_>>(), [(-0.5, 5.0), (0.3, 1.0)]);
        tell(&mut s, &[(3.0, 5.0, 1.0)]);
        correlogram.update(&s.shown(0, &Settings {}));
        assert_eq!(correlogram.amount(&s.shown(0, &Settings {}), (0.0, 1.0)), "7 pairs");
    }

    #[test]
    fn what_is_taken_back_leaves_nothing() {
        let s = sample(&[(1.0, 0.0, 2.0), (5.0, 0.0, -2.0), (5.0, 1.0, 1.0)]);
        assert_eq!(updated(&s).tracks[0].filled().collect::<Vec<_>>(), [(1.0, 1.0)]);
    }

    #[test]
    fn the_axis_reaches_to_the_largest_lag_of_the_detector() {
        let mut s = sample(&[(1.0, 0.0, 2.0)]);
        assert_eq!(updated(&s).across(), Across::Durations(-5.25, 5.25));
        s.project.nodes[2].params.insert("tau_max".into(), Value::Real(20.0));
        assert_eq!(updated(&s).across(), Across::Durations(-20.25, 20.25));
        assert_eq!(updated(&s).tracks[0].histogram().count(), 81);
    }

    #[test]
    fn says_what_lies_under_the_pointer() {
        let s = sample(&[(1.0, -0.5, 1200.0)]);
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(105.0, 100.0));
        let sheet =
            Sheet { ctx: egui::Context::default(), rect, across: (-5.25, 5.25), y: (0.0, 1500.0), values: None };
        let read = |x: f32| updated(&s).read_out(&s.shown(0, &Settings {}), &sheet, pos2(x, 50.0));
        let text = |x| read(x).map(|read| read.text);
        assert_eq!(text(48.0).as_deref(), Some("1,200 pairs at −0.5 ms"));
        assert_eq!(text(52.5).as_deref(), Some("0 pairs at 0 ms"));
    }

    #[test]
    fn correlograms_are_written_with_empty_bins() {
        let mut s = sample(&[(1.0, -0.5, 3.0), (1.0, 0.0, 1.0)]);
        s.project.nodes[2].params.insert("tau_max".into(), Value::Real(0.5));
        let header = "lag_ms,detector,pairs,sum_of_weights";
        assert_eq!(s.lines(0), [header, "-0.5,Pairs,3,1.5", "0,Pairs,1,0.5", "0.5,Pairs,0,0"]);
    }
}
