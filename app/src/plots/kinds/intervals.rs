//! Histogram of inter-spike intervals: how long neurons are silent between two of their spikes, and how irregularly
//! they fire.
//!
//! The intervals of each neuron are counted, of the whole run, and shown together by population. The coefficient of
//! variation is the mean over neurons of the standard deviation of their intervals over the mean (see
//! [`spikeloom_engine::analysis`]), so that neurons of different rates do not pass for irregular ones.

use egui::{Color32, Pos2, Rect, Shape, Stroke, pos2};
use serde::{Deserialize, Serialize};
use spikeloom_engine::analysis::{self, Bins, FEWEST_INTERVALS, Histogram};
use spikeloom_engine::recordings::Recordings;

use crate::plots::axis::{self, thousands};
use crate::plots::bins;
use crate::plots::data::Shown;
use crate::plots::editor::{Editor, NumberField};
use crate::plots::plot::{Facts, Plot, ReadOut};
use crate::plots::populations::{self, Population, Reader, are_spikes};
use crate::plots::sheet::{Across, Scale, Sheet};
use crate::plots::table::{Table, exact};
use crate::plots::takes;

/// Bins of a histogram at most; longer intervals are counted, but not by their length.
const MOST_BINS: usize = 100_000;

/// Lower end of a logarithmic axis: the decadic logarithm of an interval in ms.
const SHORTEST: f64 = -3.0;

/// The longest intervals on a linear axis, as a share of all, are left out: a few long ones would take all the room.
const LEFT_OUT: f64 = 0.01;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Indices of the cells counted of each population; empty for all.
    pub cells: Vec<u32>,
    /// Width of a bin on a linear axis, ms.
    pub bin: f64,
    /// A logarithmic axis.
    pub log: bool,
    /// Bins within a factor of ten on a logarithmic axis.
    pub per_decade: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { cells: Vec::new(), bin: 2.0, log: false, per_decade: 20 }
    }
}

/// How intervals are binned.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Binning {
    /// Width, ms.
    Linear(f64),
    /// Width, in decades.
    Logarithmic(f64),
}

impl Binning {
    fn of(settings: &Settings, resolution: f64) -> Self {
        if settings.log {
            Binning::Logarithmic(1.0 / f64::from(settings.per_decade.clamp(1, 100)))
        } else {
            Binning::Linear(bins::width(settings.bin, resolution))
        }
    }

    /// Where an interval (ms) lies on the axis.
    fn place(self, interval: f64) -> f64 {
        match self {
            Binning::Linear(_) => interval,
            Binning::Logarithmic(_) => interval.log10(),
        }
    }

    /// The interval (ms) at a place of the axis.
    fn interval(self, place: f64) -> f64 {
        match self {
            Binning::Linear(_) => place,
            Binning::Logarithmic(_) => 10f64.powf(place),
        }
    }

    fn empty(self) -> Option<Histogram> {
        let bins = match self {
            Binning::Linear(width) => Bins::new(0.0, width),
            Binning::Logarithmic(width) => Bins::new(SHORTEST, width),
        };
        bins.map(|bins| Histogram::new(bins, MOST_BINS))
    }
}

/// The intervals of one population; they grow with the recordings.
struct Tally {
    neurons: analysis::Intervals,
    histogram: Histogram,
    regularity: Regularity,
}

/// What all intervals together say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Regularity {
    intervals: u64,
    /// In ms.
    mean: Option<f64>,
    /// Mean over the neurons with intervals enough.
    cv: Option<f64>,
}

impl Tally {
    fn of(population: &Population, histogram: Histogram) -> Self {
        let neurons = analysis::Intervals::new(population.shown() as usize);
        Tally { neurons, histogram, regularity: Regularity::default() }
    }

    /// The bins with intervals: index, and share of all intervals in percent.
    fn filled(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let counts = self.histogram.counts().iter().enumerate().filter(|(_, count)| **count > 0);
        counts.map(|(bin, _)| (bin, self.percent(bin)))
    }

    fn percent(&self, bin: usize) -> f64 {
        let count = self.histogram.counts().get(bin).copied().unwrap_or(0);
        100.0 * count as f64 / self.histogram.total().max(1) as f64
    }

    /// Index of the first bin with intervals, and one more than that of the last, all but the longest `left_out`.
    fn extent(&self, left_out: f64) -> Option<(usize, usize)> {
        let counts = self.histogram.counts();
        let first = counts.iter().position(|count| *count > 0)?;
        let may_go = (left_out * self.histogram.total() as f64) as u64;
        let mut gone = self.histogram.beyond();
        let last = counts.iter().rposition(|count| {
            gone += count;
            gone > may_go
        });
        Some((first, last.unwrap_or(first) + 1))
    }
}

#[derive(Default)]
pub struct IntervalHistogram {
    binning: Option<Binning>,
    reader: Reader,
    /// By population.
    tallies: Vec<Tally>,
}

impl IntervalHistogram {
    /// Counts what has been recorded since the last call.
    fn count(&mut self, populations: Vec<Population>, binning: Binning, recordings: &Recordings) {
        if self.binning != Some(binning) {
            self.binning = Some(binning);
            self.reader.begin_anew();
        }
        let news = self.reader.advance(populations, recordings);
        if news.anew {
            let new = |population| Some(Tally::of(population, binning.empty()?));
            self.tallies = self.populations().iter().filter_map(new).collect();
        }
        let mut grown = vec![false; self.tallies.len()];
        for row in self.reader.rows(&news, recordings) {
            let Some(tally) = self.tallies.get_mut(row.population) else { continue };
            if let Some(interval) = tally.neurons.add(row.place as usize, row.time) {
                tally.histogram.add(binning.place(interval));
                grown[row.population] = true;
            }
        }
        for (tally, _) in self.tallies.iter_mut().zip(grown).filter(|(_, grown)| *grown) {
            let (intervals, mean) = (tally.neurons.count(), tally.neurons.mean());
            tally.regularity = Regularity { intervals, mean, cv: tally.neurons.mean_cv(FEWEST_INTERVALS) };
        }
    }

    fn populations(&self) -> &[Population] {
        self.reader.populations()
    }

    fn each(&self) -> impl Iterator<Item = (&Population, &Tally)> {
        self.populations().iter().zip(&self.tallies)
    }

    /// The bars of one population. Where bins are narrower than a point of the screen, several stand together, at the
    /// height of the highest.
    fn bars(&self, tally: &Tally, sheet: &Sheet) -> Vec<Rect> {
        const NARROWEST: f64 = 1.0;
        let bins = tally.histogram.bins();
        let together = (NARROWEST * sheet.per_point() / bins.width()).ceil().max(1.0) as usize;
        let mut bars: Vec<(usize, f64)> = Vec::new();
        for (bin, percent) in tally.filled() {
            match bars.last_mut() {
                Some((place, highest)) if *place == bin / together => *highest = highest.max(percent),
                _ => bars.push((bin / together, percent)),
            }
        }
        let corner = |bin: usize, percent: f64| pos2(sheet.x(bins.start(bin)), sheet.y(percent));
        let bar = |(place, percent): (usize, f64)| {
            Rect::from_two_pos(corner(place * together, 0.0), corner((place + 1) * together, percent))
        };
        bars.into_iter().map(bar).collect()
    }
}

/// "CV 0.92, mean 35.1 ms, 1,234 intervals".
fn in_words(regularity: Regularity) -> String {
    let Regularity { intervals, mean, cv } = regularity;
    let cv = cv.map(|cv| format!("CV {cv:.2}"));
    let mean = mean.map(|mean| format!("mean {} ms", axis::tick(mean, if mean < 10.0 { 0.01 } else { 0.1 })));
    let noun = if intervals == 1 { "interval" } else { "intervals" };
    let intervals = format!("{} {noun}", thousands(intervals as usize));
    cv.into_iter().chain(mean).chain([intervals]).collect::<Vec<_>>().join(", ")
}

impl Plot for IntervalHistogram {
    type Settings = Settings;

    const FACTS: Facts = Facts {
        name: "intervals",
        title: "Intervals",
        add: ("Add intervals", "Plot the inter-spike intervals (ISI) of neurons and how irregular they are (CV)"),
        shows: "intervals between spikes",
        takes: takes::spikes,
        follows_picks: false,
        overlays: true,
    };

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        let binning = Binning::of(shown.settings, shown.project.simulation.resolution);
        let populations = populations::of(shown, &shown.settings.cells, are_spikes);
        self.count(populations, binning, shown.recordings);
    }

    fn across(&self) -> Across {
        match self.binning {
            Some(Binning::Logarithmic(width)) => {
                let extents = self.tallies.iter().filter_map(|tally| tally.extent(0.0));
                let (first, last) = extents.fold((usize::MAX, 0), |(f, l), (first, last)| (f.min(first), l.max(last)));
                if first >= last {
                    return Across::Decades(0.0, 3.0);
                }
                let place = |bin: usize| SHORTEST + bin as f64 * width;
                // Whole decades: a single one would have few marks.
                let (from, to) = (place(first).floor(), place(last).ceil());
                Across::Decades(from, to.max(from + 1.0))
            }
            Some(Binning::Linear(width)) => {
                let last = self.tallies.iter().filter_map(|tally| tally.extent(LEFT_OUT)).map(|(_, last)| last).max();
                Across::Durations(0.0, axis::top_for(last.map_or(100.0, |last| last as f64 * width)))
            }
            None => Across::Durations(0.0, 100.0),
        }
    }

    fn amount(&self, _: &Shown<'_, Settings>, _: (f64, f64)) -> String {
        match &self.tallies[..] {
            [only] => in_words(only.regularity),
            _ => {
                let cv = |(population, tally): (&Population, &Tally)| {
                    Some(format!("{} {:.2}", population.name, tally.regularity.cv?))
                };
                let cvs: Vec<String> = self.each().filter_map(cv).collect();
                let all: u64 = self.tallies.iter().map(|tally| tally.regularity.intervals).sum();
                if cvs.is_empty() {
                    format!("{} intervals", thousands(all as usize))
                } else {
                    format!("CV of {}", cvs.join(", "))
                }
            }
        }
    }

    fn fit(&self, _: &Shown<'_, Settings>, _: (f64, f64)) -> (f64, f64) {
        axis::from_zero(self.tallies.iter().flat_map(Tally::filled).map(|(_, percent)| percent).fold(0.0, f64::max))
    }

    fn scale(&self, _: &Shown<'_, Settings>) -> Scale {
        Scale::Numbers("% of intervals".into())
    }

    fn legend(&self) -> Vec<(String, Color32)> {
        self.populations().iter().map(|p| (p.name.clone(), p.color)).collect()
    }

    fn draw(&mut self, _: &Shown<'_, Settings>, sheet: &Sheet) -> Vec<Shape> {
        let overlaid = self.tallies.len() > 1;
        let mut shapes = Vec::new();
        for (population, tally) in self.each() {
            let bars = self.bars(tally, sheet);
            let fill = population.color.gamma_multiply(if overlaid { 0.3 } else { 0.85 });
            shapes.extend(bars.iter().map(|bar| Shape::rect_filled(*bar, 0.0, fill)));
            if overlaid {
                shapes.push(Shape::line(outline(&bars), Stroke::new(1.3, population.color)));
            }
        }
        shapes.push(Shape::hline(sheet.rect.x_range(), sheet.y(0.0), Stroke::new(1.0, Color32::GRAY)));
        shapes
    }

    fn read_out(&self, _: &Shown<'_, Settings>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut> {
        let binning = self.binning?;
        let place = sheet.x_at(pointer);
        let bins = self.tallies.first()?.histogram.bins();
        let bin = bins.index(place)?;
        let edge = |bin: usize| binning.interval(bins.start(bin));
        let (from, to) = (edge(bin), edge(bin + 1));
        let step = axis::round_up((to - from) / 20.0).min(1.0);
        let mut lines = vec![format!("{} to {} ms", axis::tick(from, step), axis::tick(to, step))];
        for (population, tally) in self.each() {
            lines.push(format!("{}: {:.1} % of intervals here", population.name, tally.percent(bin)));
            lines.push(format!("    {}", in_words(tally.regularity)));
        }
        Some(ReadOut { text: lines.join("\n"), at: pointer })
    }

    fn edit(editor: &mut Editor<'_, Settings>) {
        editor.cells(&editor.shown.settings.cells, "all", &editor.picks_of_all(), |settings| &mut settings.cells);
        editor.ui.separator();
        let Settings { bin, log, per_decade, .. } = *editor.shown.settings;
        editor.switch("Logarithmic axis", "Short and long intervals side by side", "Set axis", log, |settings, on| {
            settings.log = on;
        });
        if log {
            let field = NumberField {
                label: "Bins per decade",
                tip: "Bins within a factor of ten",
                name: "per_decade",
                step: "Set bins",
                value: f64::from(per_decade),
                range: 1.0..=100.0,
                speed: 0.2,
                suffix: "",
                decimals: 0,
            };
            editor.number(field, |settings, bins| settings.per_decade = bins.round() as u32);
        } else {
            let tip = "Intervals that differ by less are counted together. The longest hundredth is not shown";
            editor.bin(bin, tip, |settings, bin| settings.bin = bin);
        }
    }

    fn cells(settings: &mut Settings) -> Option<&mut Vec<u32>> {
        Some(&mut settings.cells)
    }

    fn problems(settings: &Settings) -> Vec<(&'static str, String)> {
        let few = (!(1..=100).contains(&settings.per_decade)).then(|| ("per_decade", "must be from 1 to 100".into()));
        bins::problem(settings.bin).into_iter().chain(few).collect()
    }

    fn table(table: &mut Table, shown: &Shown<'_, Settings>) -> Result<(), csv::Error> {
        table.write_record(["interval_from_ms", "interval_to_ms", "population", "intervals"])?;
        let mut plot = IntervalHistogram::default();
        plot.update(shown);
        let Some(binning) = plot.binning else { return Ok(()) };
        for (population, tally) in plot.each() {
            let Some((first, last)) = tally.extent(0.0) else { continue };
            for bin in first..last {
                let edge = |bin: usize| exact(binning.interval(tally.histogram.bins().start(bin)));
                let count = tally.histogram.counts()[bin].to_string();
                table.write_record([&edge(bin), &edge(bin + 1), &population.name, &count])?;
            }
        }
        Ok(())
    }
}

/// The upper edge of bars; it falls to the ground where none stands.
fn outline(bars: &[Rect]) -> Vec<Pos2> {
    const GAP: f32 = 0.01;
    let mut points = Vec::with_capacity(2 * bars.len() + 4);
    for (i, bar) in bars.iter().enumerate() {
        let stands_apart = |other: Option<&Rect>, edge: f32| {
            other.is_none_or(|o| (o.left() - edge).abs() > GAP && (o.right() - edge).abs() > GAP)
        };
        if stands_apart(i.checked_sub(1).and_then(|before| bars.get(before)), bar.left()) {
            points.push(bar.left_bottom());
        }
        points.extend([bar.left_top(), bar.right_top()]);
        if stands_apart(bars.get(i + 1), bar.right()) {
            points.push(bar.right_bottom());
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::sample::Sample;

    /// Two populations whose spikes are these: time and sender.
    fn sample(spikes: &[(f64, u32)]) -> Sample {
        let mut sample = Sample::two_populations();
        sample.project.views[0].kind = "intervals".into();
        let rows = &mut sample.recordings.rows[0];
        (rows.times, rows.senders) = spikes.iter().copied().unzip();
        sample
    }

    fn updated(sample: &Sample, settings: &Settings) -> IntervalHistogram {
        let mut intervals = IntervalHistogram::default();
        intervals.update(&sample.shown(0, settings));
        intervals
    }

    /// Neuron 3 fires every 10 ms, neuron 5 after 5 and 15 ms by turns, inhibitory neuron 100 twice.
    fn regular_and_irregular() -> Sample {
        let mut spikes = Vec::new();
        for k in 0..20 {
            let t = f64::from(k) * 20.0;
            spikes.extend([(t, 3), (t, 5), (t + 5.0, 5), (t + 10.0, 3)]);
        }
        spikes.extend([(400.0, 100), (700.0, 100)]);
        sample(&spikes)
    }

    #[test]
    fn intervals_are_those_of_single_neurons() {
        let plot = updated(&regular_and_irregular(), &Settings { bin: 5.0, ..Settings::default() });
        assert_eq!(plot.tallies[0].histogram.counts(), [0, 20, 39, 19]);
        assert_eq!(plot.tallies[1].histogram.counts().iter().sum::<u64>(), 1);
        let Regularity { intervals, mean, cv } = plot.tallies[0].regularity;
        assert_eq!(intervals, 78);
        assert!((mean.expect("a mean") - (390.0 + 100.0 + 285.0) / 78.0).abs() < 1e-9);
        // Neuron 3 has a CV of 0, neuron 5 one of (nearly) 1/2.
        assert!((cv.expect("a CV") - 0.25).abs() < 0.01, "{cv:?}");
        assert_eq!(plot.tallies[1].regularity.cv, None, "one interval has no variation");
    }

    #[test]
    fn growing_gives_the_same_as_counting_at_once() {
        let whole = Sample::two_populations();
        let mut part = Sample::two_populations();
        part.recordings.rows[0].clear();
        let mut growing = updated(&part, &Settings::default());
        for (i, (time, sender)) in
            whole.recordings.rows[0].times.iter().zip(&whole.recordings.rows[0].senders).enumerate()
        {
            part.recordings.rows[0].times.push(*time);
            part.recordings.rows[0].senders.push(*sender);
            if i % 29 == 0 {
                growing.update(&part.shown(0, &Settings::default()));
            }
        }
        growing.update(&part.shown(0, &Settings::default()));
        let at_once = updated(&whole, &Settings::default());
        for (growing, at_once) in growing.tallies.iter().zip(&at_once.tallies) {
            assert_eq!(growing.histogram, at_once.histogram);
            assert_eq!(growing.regularity, at_once.regularity);
        }
        assert!(at_once.tallies[0].regularity.intervals > 500);
    }

    #[test]
    fn the_header_tells_the_cv_of_each_population() {
        let mut sample = regular_and_irregular();
        let settings = Settings::default();
        let amount = |sample: &Sample| updated(sample, &settings).amount(&sample.shown(0, &settings), (0.0, 1.0));
        assert_eq!(amount(&sample), "CV of Excitatory 0.25");
        sample.recordings.plan.recorders[0].sources.truncate(1);
        assert_eq!(amount(&sample), "CV 0.25, mean 9.94 ms, 78 intervals");
        sample.recordings.rows[0].clear();
        assert_eq!(amount(&sample), "0 intervals");
    }

    #[test]
    fn says_what_lies_under_the_pointer() {
        let (sample, settings) = (regular_and_irregular(), Settings { bin: 5.0, ..Settings::default() });
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 100.0));
        let sheet = Sheet { ctx: egui::Context::default(), rect, across: (0.0, 20.0), y: (0.0, 60.0), values: None };
        let plot = updated(&sample, &settings);
        let read = |x: f32| plot.read_out(&sample.shown(0, &settings), &sheet, pos2(x, 50.0)).expect("a read-out").text;
        let lines: Vec<String> = read(60.0).lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "10.0 to 15.0 ms");
        assert_eq!(lines[1], "Excitatory: 50.0 % of intervals here");
        assert_eq!(lines[2].trim(), "CV 0.25, mean 9.94 ms, 78 intervals");
        assert_eq!(lines[3..], ["Inhibitory: 0.0 % of intervals here", "    mean 300.0 ms, 1 interval"]);
    }

    #[test]
    fn the_axis_holds_all_but_a_few_long_intervals_or_whole_decades() {
        let mut spikes: Vec<(f64, u32)> = (0..200).map(|k| (f64::from(k) * 10.0, 3)).collect();
        spikes.push((7000.0, 3));
        let sample = sample(&spikes);
        let linear = updated(&sample, &Settings::default());
        assert_eq!(linear.across(), Across::Durations(0.0, 12.0));
        let log = updated(&sample, &Settings { log: true, ..Settings::default() });
        assert_eq!(log.across(), Across::Decades(1.0, 4.0));
        assert_eq!(updated(&Sample::before_the_run(), &Settings::default()).across(), Across::Durations(0.0, 100.0));
    }

    #[test]
    fn bins_of_a_logarithmic_axis_have_equal_ratios() {
        let settings = Settings { log: true, per_decade: 1, ..Settings::default() };
        let plot = updated(&sample(&[(0.0, 3), (5.0, 3), (55.0, 3), (75.0, 3), (75.0, 3)]), &settings);
        let filled: Vec<usize> = plot.tallies[0].filled().map(|(bin, _)| bin).collect();
        assert_eq!(filled, [3, 4], "5 ms; 50 and 20 ms; an interval of 0 has no logarithm");
    }

    #[test]
    fn bars_narrower_than_a_point_stand_together() {
        let spikes: Vec<(f64, u32)> = (0..2000).map(|k| (f64::from(k * k) * 0.005, 3)).collect();
        let plot = updated(&sample(&spikes), &Settings { bin: 0.1, ..Settings::default() });
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(50.0, 100.0));
        let sheet = Sheet { ctx: egui::Context::default(), rect, across: (0.0, 20.0), y: (0.0, 2.0), values: None };
        let bars = plot.bars(&plot.tallies[0], &sheet);
        assert!(bars.len() <= 50 && bars.len() > 40, "{}", bars.len());
        assert_eq!(outline(&bars).len(), 2 * bars.len() + 2, "they touch");
    }

    #[test]
    fn intervals_are_written_by_bin() {
        let mut sample = regular_and_irregular();
        sample.set(0, &Settings { bin: 5.0, cells: vec![5], ..Settings::default() });
        let lines = sample.lines(0);
        assert_eq!(lines[0], "interval_from_ms,interval_to_ms,population,intervals");
        assert_eq!(lines[1..], ["5,10,Excitatory,20", "10,15,Excitatory,0", "15,20,Excitatory,19"]);
    }

    #[test]
    fn recordings_that_lose_their_beginning_are_counted_anew() {
        let mut sample = Sample::two_populations();
        let mut plot = updated(&sample, &Settings::default());
        sample.recordings.drop_older_half();
        plot.update(&sample.shown(0, &Settings::default()));
        let anew = updated(&sample, &Settings::default());
        assert_eq!(plot.tallies[0].regularity, anew.tallies[0].regularity);
    }
}
