//! Pairs of spikes by the time between them: the count histograms of correlation detectors, of the whole run. Detectors of
//! several channels have one for each pair of channels, a channel with itself among them.

use egui::{Color32, ComboBox, DragValue, Pos2, Rect, Shape, Stroke, pos2};
use serde::{Deserialize, Serialize};
use spikeloom_engine::analysis::{LagCount, LagCounts};
use spikeloom_engine::description::Value;
use spikeloom_engine::project::{Node, NodeId, Project, View};
use spikeloom_engine::recordings::{Cursor, RecorderKind, RecorderPlan};

use crate::action::Edit;
use crate::plots::axis::{self, thousands};
use crate::plots::bins;
use crate::plots::data::{PlotData, Shown};
use crate::plots::editor::Editor;
use crate::plots::plot::{Facts, Plot, ReadOut, Remark, passed};
use crate::plots::settings;
use crate::plots::sheet::{Across, Scale, Sheet};
use crate::plots::table::{Table, exact};
use crate::plots::takes;
use crate::theme;

/// The bins are those of the detectors.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The two channels shown of detectors of several; empty for all pairs.
    pub pair: Vec<u32>,
}

/// The histogram of one detector, or of one pair of its channels; it grows with the recordings.
#[derive(Clone, Debug, Default)]
struct Curve {
    /// Of detectors of several channels: which two. The lag is the time of the second less that of the first.
    pair: Option<(u32, u32)>,
    name: String,
    counts: LagCounts,
}

/// What one detector has counted.
#[derive(Clone, Debug)]
struct Track {
    node: NodeId,
    recorder: usize,
    /// Width of a bin, and the largest lag at the middle of one, ms.
    width: f64,
    most: f64,
    curves: Vec<Curve>,
    cursor: Cursor,
}

#[derive(Default)]
pub struct Correlogram {
    tracks: Vec<Track>,
    /// The two channels shown of detectors of several.
    pair: Option<(u32, u32)>,
    dark: bool,
}

/// Lags are told to this many ms.
const FINEST: f64 = 1e-6;

/// Where what is counted stands among the columns.
struct Columns {
    lag: usize,
    weights: usize,
    pairs: usize,
    channels: Option<Channels>,
    number: usize,
}

/// Where the two channels stand of which a row tells. Its lag is the time of the first less that of the second.
#[derive(Clone, Copy)]
struct Channels {
    first: usize,
    second: usize,
    /// Negative lags are told as positive ones of the opposite pair.
    halves: bool,
}

/// The columns, if pairs are counted.
fn columns(plan: &RecorderPlan) -> Option<Columns> {
    let RecorderKind::Rows { columns } = &plan.kind else { return None };
    let place = |name: &str| columns.iter().position(|(column, _)| column == name);
    let named = |first: &str, second: &str, halves: bool| {
        Some(Channels { first: place(first)?, second: place(second)?, halves })
    };
    let channels = named("later", "earlier", true).or_else(|| named("first", "second", false));
    let (lag, weights, pairs) = (place("lags")?, place("weights")?, place("counts")?);
    Some(Columns { lag, weights, pairs, channels, number: columns.len() })
}

impl Track {
    fn new(node: NodeId, recorder: usize) -> Self {
        Track { node, recorder, width: 0.5, most: 5.0, curves: Vec::new(), cursor: Cursor::default() }
    }

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        let (plan, rows) = (&shown.recordings.plan.recorders[self.recorder], &shown.recordings.rows[self.recorder]);
        let Some(columns) = columns(plan) else { return };
        let node = shown.project.node(self.node);
        if let Some(node) = node {
            let or = |x: f64, other: f64| if x.is_finite() && x > 0.0 { x } else { other };
            (self.width, self.most) = (or(node.real("delta_tau"), 0.5), or(node.real("tau_max"), 0.0));
        }
        let news = self.cursor.advance(shown.recordings, self.recorder);
        if news.anew {
            self.curves.clear();
        }
        if self.curves.is_empty() {
            self.curves = curves(&columns, node);
        }
        for row in rows.values.chunks_exact(columns.number).skip(news.rows.start).take(news.rows.len()) {
            let (lag, pairs, weights) = (row[columns.lag], row[columns.pairs], row[columns.weights]);
            let Some(Channels { first, second, halves }) = columns.channels else {
                self.curves[0].counts.add(lag, pairs, weights);
                continue;
            };
            let (first, second) = (row[first] as u32, row[second] as u32);
            let mut add = |from: u32, to: u32, lag: f64| {
                if let Some(curve) = self.curves.iter_mut().find(|curve| curve.pair == Some((from, to))) {
                    curve.counts.add(lag, pairs, weights);
                }
            };
            add(second, first, lag);
            // What is not earlier is not later either where the lag is 0: both halves tell of it.
            if halves && lag > 0.0 {
                add(first, second, -lag);
            }
        }
        let name = node.map_or(&plan.name, |node| &node.name);
        for curve in &mut self.curves {
            curve.name = match curve.pair {
                None => name.clone(),
                Some(pair) => pair_name(self.node, pair, shown.project),
            };
        }
    }

    /// The curves shown: that of the chosen pair of channels, or else each pair once.
    fn shown(&self, pair: Option<(u32, u32)>) -> impl Iterator<Item = &Curve> + '_ {
        self.curves.iter().filter(move |curve| match (curve.pair, pair) {
            (None, _) => true,
            (Some((first, second)), None) => first <= second,
            (own, chosen) => own == chosen,
        })
    }

    /// All bins between the largest lags, empty ones too.
    fn histogram<'a>(&self, curve: &'a Curve) -> impl Iterator<Item = (f64, LagCount)> + 'a {
        curve.counts.histogram(self.width, self.most)
    }
}

/// Empty curves of a detector: one, or one for each ordered pair of its channels.
fn curves(columns: &Columns, node: Option<&Node>) -> Vec<Curve> {
    if columns.channels.is_none() {
        return vec![Curve::default()];
    }
    let channels = node.map_or(0, channels_of);
    let pairs = (0..channels).flat_map(|first| (0..channels).map(move |second| (first, second)));
    pairs.map(|pair| Curve { pair: Some(pair), ..Curve::default() }).collect()
}

/// Channels of a detector.
fn channels_of(node: &Node) -> u32 {
    match node.model.parameter("N_channels") {
        Some(_) => node.real("N_channels").clamp(0.0, 1000.0) as u32,
        None => 2,
    }
}

/// The node that sends to a channel alone, or the channel's number.
fn channel_name(detector: NodeId, channel: u32, project: &Project) -> String {
    let mut senders = project.projections.iter().filter(|p| p.to == detector && p.receptor == channel);
    match (senders.next(), senders.next()) {
        (Some(only), None) => project.node(only.from).map_or_else(|| channel.to_string(), |node| node.name.clone()),
        _ => channel.to_string(),
    }
}

/// "A, B", or "A, itself".
fn pair_name(detector: NodeId, (first, second): (u32, u32), project: &Project) -> String {
    let name = |channel| channel_name(detector, channel, project);
    let other = if first == second { "itself".to_owned() } else { name(second) };
    format!("{}, {other}", name(first))
}

impl Curve {
    /// Bins with pairs: lag and number.
    fn filled(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.counts.filled().map(|(lag, count)| (lag, count.pairs))
    }

    /// A channel with itself: all its spikes are pairs with themselves, more than there are others.
    fn is_own(&self) -> bool {
        self.pair.is_some_and(|(first, second)| first == second)
    }
}

impl Correlogram {
    fn color(&self, place: usize) -> Color32 {
        theme::palette_color(place as u8 % theme::COLORS, self.dark)
    }

    /// What is shown, with its detector.
    fn curves(&self) -> impl Iterator<Item = (&Track, &Curve)> + '_ {
        self.tracks.iter().flat_map(|track| track.shown(self.pair).map(move |curve| (track, curve)))
    }

    /// What is counted is the time that two are up together.
    fn counts_steps(&self, shown: &Shown<'_, Settings>) -> bool {
        let plan = |track: &Track| columns(&shown.recordings.plan.recorders[track.recorder]);
        let channels = self.tracks.iter().filter_map(plan).map(|columns| columns.channels);
        let mut channels = channels.peekable();
        channels.peek().is_some() && channels.all(|channels| channels.is_some_and(|channels| !channels.halves))
    }
}

/// The two channels that a view shows.
fn chosen(settings: &Settings) -> Option<(u32, u32)> {
    match settings.pair[..] {
        [first, second] => Some((first, second)),
        _ => None,
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
        overlays: true,
    };

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        (self.dark, self.pair) = (shown.dark, chosen(shown.settings));
        let recorders = &shown.recordings.plan.recorders;
        let place = |id: &NodeId| recorders.iter().position(|r| r.node == *id && columns(r).is_some());
        let wanted: Vec<(NodeId, usize)> =
            shown.sources.iter().filter_map(|id| place(id).map(|recorder| (*id, recorder))).collect();
        if !self.tracks.iter().map(|t| (t.node, t.recorder)).eq(wanted.iter().copied()) {
            self.tracks = wanted.into_iter().map(|(id, recorder)| Track::new(id, recorder)).collect();
        }
        self.tracks.iter_mut().for_each(|t| t.update(shown));
    }

    fn across(&self) -> Across {
        let half = self.tracks.iter().map(|t| t.most + 0.5 * t.width).fold(0.0, f64::max);
        if half > 0.0 { Across::Durations(-half, half) } else { Across::Durations(-5.0, 5.0) }
    }

    fn amount(&self, shown: &Shown<'_, Settings>, _: (f64, f64)) -> String {
        let noun = if self.counts_steps(shown) { "step" } else { "pair" };
        let pairs: f64 = self.curves().flat_map(|(_, curve)| curve.filled()).map(|(_, pairs)| pairs).sum();
        if pairs == 1.0 { format!("1 {noun}") } else { format!("{} {noun}s", thousands(pairs as usize)) }
    }

    fn fit(&self, shown: &Shown<'_, Settings>, _: (f64, f64)) -> (f64, f64) {
        // Pairs of spikes with themselves reach beyond the top, unless there is nothing else to be seen.
        let steps = self.counts_steps(shown);
        let most = |all: bool| {
            let heights = self.curves().flat_map(|(track, curve)| {
                let own = curve.is_own() && !steps && !all;
                curve.filled().filter(move |(lag, _)| !own || lag.abs() > 0.5 * track.width).map(|(_, pairs)| pairs)
            });
            heights.fold(0.0, f64::max)
        };
        axis::from_zero(if most(false) > 0.0 { most(false) } else { most(true) })
    }

    fn scale(&self, shown: &Shown<'_, Settings>) -> Scale {
        let steps = self.counts_steps(shown);
        Scale::Numbers(if steps { "steps that both are up, by lag" } else { "pairs of spikes by lag" }.into())
    }

    fn legend(&self) -> Vec<(String, Color32)> {
        let curves: Vec<_> = self.curves().collect();
        // One detector is named by the title.
        if let [(_, Curve { pair: None, .. })] = curves[..] {
            return Vec::new();
        }
        curves.iter().enumerate().map(|(i, (_, curve))| (curve.name.clone(), self.color(i))).collect()
    }

    fn draw(&mut self, _: &Shown<'_, Settings>, sheet: &Sheet) -> Vec<Shape> {
        let mut shapes = Vec::new();
        let overlaid = self.curves().count() > 1;
        for (i, (track, curve)) in self.curves().enumerate() {
            let color = self.color(i);
            if curve.pair.is_some() && overlaid {
                shapes.push(Shape::line(outline(track, curve, sheet), Stroke::new(1.5, color)));
                continue;
            }
            let fill = if overlaid { color.gamma_multiply(0.35) } else { color.gamma_multiply(0.85) };
            let apart = (sheet.x(track.width) - sheet.x(0.0)).abs();
            // Bars stand apart where there is room for it.
            let half = track.width * if apart > 6.0 && !overlaid { 0.42 } else { 0.5 };
            for (lag, pairs) in curve.filled() {
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

    fn read_out(&self, shown: &Shown<'_, Settings>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut> {
        let lag = sheet.x_at(pointer);
        let noun = if self.counts_steps(shown) { "step" } else { "pair" };
        let single = self.curves().count() == 1;
        let lines: Vec<String> = self
            .curves()
            .filter_map(|(track, curve)| {
                let middle = (lag / track.width).round() * track.width;
                if middle.abs() > track.most + FINEST {
                    return None;
                }
                let pairs = curve.counts.at(middle).pairs;
                let lag = axis::minus(spikeloom_engine::description::number((middle / FINEST).round() * FINEST));
                let plural = if pairs == 1.0 { "" } else { "s" };
                let whose = if single && curve.pair.is_none() { String::new() } else { format!("{}: ", curve.name) };
                Some(format!("{whose}{} {noun}{plural} at {lag} ms", thousands(pairs.max(0.0) as usize)))
            })
            .collect();
        (!lines.is_empty()).then(|| ReadOut { text: lines.join("\n"), at: pointer })
    }

    fn remark(&self, shown: &Shown<'_, Settings>) -> Option<Remark> {
        let (first, second) = self.pair?;
        let is_there = self.tracks.is_empty() || self.curves().next().is_some();
        let id =
            shown.project.views.iter().find(|view| view.sources == shown.sources && chosen_of(view) == self.pair)?.id;
        (!is_there).then(|| Remark {
            text: format!("There are no channels {first} and {second}"),
            cure: "Show all pairs".into(),
            why: "Channels count from 0 to N_channels - 1 of the detector".into(),
            edit: settings::edit::<Settings>(id, "Choose pair", |settings| settings.pair.clear()),
        })
    }

    fn edit(editor: &mut Editor<'_, Settings>) {
        let project = editor.shown.project;
        let detectors: Vec<&Node> = editor.shown.sources.iter().filter_map(|id| project.node(*id)).collect();
        let matrix = detectors.iter().copied().find(|node| node.model.parameter("N_channels").is_some());
        if let Some(detector) = matrix {
            pair(editor, detector);
        }
        for detector in &detectors {
            editor.ui.separator();
            if detectors.len() > 1 {
                editor.ui.strong(&detector.name);
            }
            bins_of(editor, detector);
        }
    }

    fn problems(settings: &Settings) -> Vec<(&'static str, String)> {
        match settings.pair[..] {
            [] | [_, _] => Vec::new(),
            _ => vec![("pair", "must be two channels, as in [0, 1], or [] for all pairs".to_owned())],
        }
    }

    fn table(table: &mut Table, shown: &Shown<'_, Settings>) -> Result<(), csv::Error> {
        let mut correlogram = Correlogram::default();
        correlogram.update(shown);
        let channels = correlogram.curves().any(|(_, curve)| curve.pair.is_some());
        let header = ["lag_ms", "detector", "first", "second", "pairs", "sum_of_weights"];
        table.write_record(header.iter().filter(|name| channels || !["first", "second"].contains(name)))?;
        for (track, curve) in correlogram.curves() {
            let detector = shown.project.node(track.node).map_or("", |node| node.name.as_str());
            let [first, second] = match curve.pair {
                Some((first, second)) => [first.to_string(), second.to_string()],
                None => Default::default(),
            };
            for (lag, count) in track.histogram(curve) {
                let (lag, pairs, weights) = (exact(lag), count.pairs.to_string(), count.weights.to_string());
                if channels {
                    table.write_record([&*lag, detector, &first, &second, &pairs, &weights])?;
                } else {
                    table.write_record([&*lag, detector, &pairs, &weights])?;
                }
            }
        }
        Ok(())
    }

    fn nothing_yet(recorders: &[&Node], data: &PlotData<'_>) -> String {
        match missing_port(recorders, data.project) {
            Some(port) => {
                let all = if recorders.iter().all(|node| channels_of(node) == 2) { "both" } else { "all" };
                format!("Nothing comes to port {port}: pairs need spikes at {all} ports")
            }
            None => format!("No spikes so close to each other yet (in {})", passed(data)),
        }
    }
}

/// The tops of the bins of a curve, empty ones too, as one line.
fn outline(track: &Track, curve: &Curve, sheet: &Sheet) -> Vec<Pos2> {
    let step = |(lag, count): (f64, LagCount)| {
        let y = sheet.y(count.pairs);
        [lag - 0.5 * track.width, lag + 0.5 * track.width].map(|x| pos2(sheet.x(x), y))
    };
    track.histogram(curve).flat_map(step).collect()
}

/// The two channels that a view of the project shows.
fn chosen_of(view: &View) -> Option<(u32, u32)> {
    chosen(&settings::read(&view.settings))
}

/// Lets the user choose one pair of channels, or all.
fn pair(editor: &mut Editor<'_, Settings>, detector: &Node) {
    let project = editor.shown.project;
    let n = channels_of(detector).min(16);
    let now = chosen(editor.shown.settings);
    let name = |pair: Option<(u32, u32)>| match pair {
        Some(pair) => pair_name(detector.id, pair, project),
        None => "All pairs".to_owned(),
    };
    let all = (0..n).flat_map(|first| (0..n).map(move |second| Some((first, second))));
    editor.ui.separator();
    let clicked = ComboBox::from_label("Pair").selected_text(name(now)).show_ui(editor.ui, |ui| {
        let mut choices = std::iter::once(None).chain(all);
        choices.find(|pair| ui.selectable_label(*pair == now, name(*pair)).clicked())
    });
    clicked.response.on_hover_text("Lags are times of the second channel less those of the first");
    if let Some(pair) = clicked.inner.flatten() {
        let pair = pair.map_or(Vec::new(), |(first, second)| vec![first, second]);
        editor.change("Choose pair", None, move |settings| settings.pair = pair);
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
    detectors.iter().find_map(|node| (0..channels_of(node)).find(|port| !comes(node.id, *port)))
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
        correlogram.update(&sample.shown(0, &Settings::default()));
        correlogram
    }

    #[test]
    fn pairs_are_summed_by_lag_as_they_come() {
        let mut s = sample(&[(1.0, -0.5, 2.0), (1.0, 0.30000000000000004, 1.0), (2.0, -0.5, 3.0)]);
        let mut correlogram = updated(&s);
        assert_eq!(correlogram.tracks[0].curves[0].filled().collect::<Vec<_>>(), [(-0.5, 5.0), (0.3, 1.0)]);
        tell(&mut s, &[(3.0, 5.0, 1.0)]);
        correlogram.update(&s.shown(0, &Settings::default()));
        assert_eq!(correlogram.amount(&s.shown(0, &Settings::default()), (0.0, 1.0)), "7 pairs");
    }

    #[test]
    fn what_is_taken_back_leaves_nothing() {
        let s = sample(&[(1.0, 0.0, 2.0), (5.0, 0.0, -2.0), (5.0, 1.0, 1.0)]);
        assert_eq!(updated(&s).tracks[0].curves[0].filled().collect::<Vec<_>>(), [(1.0, 1.0)]);
    }

    #[test]
    fn the_axis_reaches_to_the_largest_lag_of_the_detector() {
        let mut s = sample(&[(1.0, 0.0, 2.0)]);
        assert_eq!(updated(&s).across(), Across::Durations(-5.25, 5.25));
        s.project.nodes[2].params.insert("tau_max".into(), Value::Real(20.0));
        assert_eq!(updated(&s).across(), Across::Durations(-20.25, 20.25));
        let track = &updated(&s).tracks[0];
        assert_eq!(track.histogram(&track.curves[0]).count(), 81);
    }

    #[test]
    fn says_what_lies_under_the_pointer() {
        let s = sample(&[(1.0, -0.5, 1200.0)]);
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(105.0, 100.0));
        let sheet =
            Sheet { ctx: egui::Context::default(), rect, across: (-5.25, 5.25), y: (0.0, 1500.0), values: None };
        let read = |x: f32| updated(&s).read_out(&s.shown(0, &Settings::default()), &sheet, pos2(x, 50.0));
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

    /// A detector of three channels that has told these bins: lag, first and second channel, number.
    fn matrix(model: &str, names: [&str; 5], rows: &[[f64; 4]]) -> Sample {
        let mut sample = sample(&[]);
        let detector = spikeloom_engine::models::find(model).expect("in the catalogue");
        sample.project.nodes[2] = Node::new(NodeId(2), "Pairs", detector);
        sample.project.nodes[2].params.insert("N_channels".into(), Value::Real(3.0));
        sample.project.nodes[2].params.insert("tau_max".into(), Value::Real(1.0));
        sample.project.nodes[2].params.insert("delta_tau".into(), Value::Real(0.5));
        let columns = names.map(|name| (name.to_owned(), String::new())).into();
        sample.recordings.plan.recorders[0].kind = RecorderKind::Rows { columns };
        for [lag, first, second, count] in rows {
            let to = &mut sample.recordings.rows[0];
            to.times.push(1.0);
            to.senders.push(0);
            to.values.extend([*lag, *first, *second, *count, *count]);
        }
        sample
    }

    #[test]
    fn both_halves_of_a_matrix_make_a_curve_for_each_pair_of_channels() {
        let names = ["lags", "later", "earlier", "weights", "counts"];
        // Channel 1 is 0.5 ms later than 0 five times, and 1 ms earlier once; twice they are at the same time.
        let rows = [
            [0.0, 0.0, 0.0, 50.0],
            [0.5, 1.0, 0.0, 5.0],
            [1.0, 0.0, 1.0, 1.0],
            [0.0, 0.0, 1.0, 2.0],
            [0.0, 1.0, 0.0, 2.0],
            [0.5, 0.0, 0.0, 3.0],
        ];
        let s = matrix("correlomatrix_detector", names, &rows);
        let map = updated(&s);
        let filled = |first: u32, second: u32| {
            let curve = map.tracks[0].curves.iter().find(|c| c.pair == Some((first, second))).expect("a curve");
            curve.filled().collect::<Vec<_>>()
        };
        assert_eq!(filled(0, 1), [(-1.0, 1.0), (0.0, 2.0), (0.5, 5.0)]);
        assert_eq!(filled(1, 0), [(-0.5, 5.0), (0.0, 2.0), (1.0, 1.0)]);
        assert_eq!(filled(0, 0), [(-0.5, 3.0), (0.0, 50.0), (0.5, 3.0)]);
        let shown: Vec<_> = map.curves().filter_map(|(_, curve)| curve.pair).collect();
        assert_eq!(shown, [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)], "each pair once");
        assert!(map.fit(&s.shown(0, &Settings::default()), (0.0, 1.0)).1 < 10.0, "spikes with themselves count less");
        let mut one = Correlogram::default();
        let settings = Settings { pair: vec![1, 0] };
        one.update(&s.shown(0, &settings));
        assert_eq!(one.curves().map(|(_, curve)| curve.pair).collect::<Vec<_>>(), [Some((1, 0))]);
        assert_eq!(one.amount(&s.shown(0, &settings), (0.0, 1.0)), "8 pairs");
    }

    #[test]
    fn joint_states_are_told_at_all_lags_by_each_entry() {
        let names = ["lags", "first", "second", "weights", "counts"];
        let rows = [[-0.5, 1.0, 0.0, 4.0], [0.5, 0.0, 1.0, 4.0], [0.0, 1.0, 0.0, 9.0], [0.0, 0.0, 1.0, 9.0]];
        let s = matrix("correlospinmatrix_detector", names, &rows);
        let map = updated(&s);
        let curve = map.tracks[0].curves.iter().find(|c| c.pair == Some((0, 1))).expect("a curve");
        assert_eq!(curve.filled().collect::<Vec<_>>(), [(-0.5, 4.0), (0.0, 9.0)]);
        assert_eq!(map.amount(&s.shown(0, &Settings::default()), (0.0, 1.0)), "13 steps");
    }

    #[test]
    fn a_pair_that_is_not_there_is_told_with_a_cure() {
        let mut s = matrix("correlomatrix_detector", ["lags", "later", "earlier", "weights", "counts"], &[]);
        s.set(0, &Settings { pair: vec![0, 7] });
        let settings = Settings { pair: vec![0, 7] };
        let mut map = Correlogram::default();
        map.update(&s.shown(0, &settings));
        let remark = map.remark(&s.shown(0, &settings)).expect("a remark");
        assert_eq!(remark.text, "There are no channels 0 and 7");
        (remark.edit.change)(&mut s.project);
        assert_eq!(chosen_of(s.view(0)), None);
        assert_eq!(Correlogram::problems(&Settings { pair: vec![1] }).len(), 1);
    }
}
