//! Mean firing rate of populations over time.

use egui::{Color32, Pos2, Shape, Stroke, pos2};
use serde::{Deserialize, Serialize};
use spikeloom_engine::analysis::{Bins, mean_rate};
use spikeloom_engine::recordings::Recordings;

use crate::plots::axis;
use crate::plots::bins;
use crate::plots::data::Shown;
use crate::plots::editor::Editor;
use crate::plots::plot::{Facts, Plot, ReadOut};
use crate::plots::populations::{self, Population, Reader, are_spikes};
use crate::plots::sheet::{Scale, Sheet};
use crate::plots::table::{Table, exact};
use crate::plots::takes;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Indices of the cells counted of each population; empty for all.
    pub cells: Vec<u32>,
    /// Width of a bin, ms.
    pub bin: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { cells: Vec::new(), bin: bins::USUAL }
    }
}

/// Spikes counted by population and bin; grows with the recordings.
#[derive(Clone, Debug, Default, PartialEq)]
struct SpikeCounts {
    /// Width of a bin, ms.
    bin: f64,
    reader: Reader,
    /// Spikes by population, then by bin from time 0.
    counts: Vec<Vec<u32>>,
}

impl SpikeCounts {
    /// Counts what has been recorded since the last call.
    fn update(&mut self, populations: Vec<Population>, bin: f64, recordings: &Recordings) {
        if self.bin != bin {
            self.bin = bin;
            self.reader.begin_anew();
        }
        let news = self.reader.advance(populations, recordings);
        if news.anew {
            self.counts = vec![Vec::new(); self.populations().len()];
        }
        let Some(bins) = self.bins() else { return };
        for row in self.reader.rows(&news, recordings) {
            let Some(bin) = bins.index(row.time) else { continue };
            let counts = &mut self.counts[row.population];
            if counts.len() <= bin {
                counts.resize(bin + 1, 0);
            }
            counts[bin] += 1;
        }
    }

    fn populations(&self) -> &[Population] {
        self.reader.populations()
    }

    /// Spikes per second and neuron in a bin.
    fn rate(&self, population: usize, bin: usize) -> f64 {
        let count = self.counts.get(population).and_then(|c| c.get(bin)).copied().unwrap_or(0);
        let connections = self.populations().get(population).map_or(1, |p| p.connections);
        mean_rate(u64::from(count), connections, self.bin).unwrap_or(0.0)
    }

    /// Number of bins that are over at a time.
    fn complete(&self, now: f64) -> usize {
        self.bins().map_or(0, |bins| bins.complete(now))
    }

    /// The bins from time 0 on; `None` before the first update.
    fn bins(&self) -> Option<Bins> {
        Bins::new(0.0, self.bin)
    }
}

#[derive(Default)]
pub struct Rate {
    spikes: SpikeCounts,
}

impl Rate {
    /// The bins that are over and touch a time range.
    fn bins(&self, now: f64, time: (f64, f64)) -> std::ops::Range<usize> {
        let bin = self.spikes.bin.max(1e-3);
        let from = (time.0 / bin).floor().max(0.0) as usize;
        let to = ((time.1 / bin).ceil().max(0.0) as usize).min(self.spikes.complete(now));
        from..to.max(from)
    }

    /// Corners of one population's line.
    fn line(&self, population: usize, now: f64, sheet: &Sheet) -> Vec<Pos2> {
        let bins = self.bins(now, sheet.across);
        let width = self.spikes.bin;
        let columns = (sheet.rect.width() * sheet.ctx.pixels_per_point()).max(1.0) as usize;
        let per_column = bins.len() / columns;
        if per_column < 2 {
            let corner =
                |bin: usize, y| [pos2(sheet.x(bin as f64 * width), y), pos2(sheet.x((bin + 1) as f64 * width), y)];
            return bins.flat_map(|bin| corner(bin, sheet.y(self.spikes.rate(population, bin)))).collect();
        }
        let mut points = Vec::with_capacity(2 * columns);
        for start in bins.clone().step_by(per_column) {
            let rates = (start..(start + per_column).min(bins.end)).map(|bin| self.spikes.rate(population, bin));
            let (low, high) = rates.fold((f64::INFINITY, 0.0f64), |(l, h), r| (l.min(r), h.max(r)));
            let x = sheet.x((start as f64 + 0.5 * per_column as f64) * width);
            points.extend([pos2(x, sheet.y(low)), pos2(x, sheet.y(high))]);
        }
        points
    }
}

impl Plot for Rate {
    type Settings = Settings;

    const FACTS: Facts = Facts {
        name: "rate",
        title: "Rate",
        add: ("Add rate", "Plot the mean firing rate of populations"),
        shows: "rates",
        takes: takes::spikes,
        follows_picks: false,
        overlays: true,
    };

    fn update(&mut self, shown: &Shown<'_, Settings>) {
        let bin = bins::width(shown.settings.bin, shown.project.simulation.resolution);
        let populations = populations::of(shown, &shown.settings.cells, are_spikes);
        self.spikes.update(populations, bin, shown.recordings);
    }

    fn amount(&self, shown: &Shown<'_, Settings>, time: (f64, f64)) -> String {
        let connections: u64 = self.spikes.populations().iter().map(|p| p.connections).sum();
        let duration = time.1.min(shown.status.time) - time.0.max(0.0);
        let spikes = populations::count(self.spikes.populations(), shown.recordings, time);
        match mean_rate(spikes as u64, connections, duration) {
            Some(rate) => format!("mean {rate:.1} spikes/s per neuron"),
            None => "0 spikes/s".into(),
        }
    }

    fn fit(&self, shown: &Shown<'_, Settings>, time: (f64, f64)) -> (f64, f64) {
        let bins = self.bins(shown.status.time, time);
        let rates = (0..self.spikes.populations().len()).flat_map(|p| bins.clone().map(move |b| (p, b)));
        let most = rates.map(|(p, b)| self.spikes.rate(p, b)).fold(0.0, f64::max);
        axis::from_zero(most)
    }

    fn scale(&self, _: &Shown<'_, Settings>) -> Scale {
        Scale::Numbers("spikes/s".into())
    }

    fn legend(&self) -> Vec<(String, Color32)> {
        self.spikes.populations().iter().map(|p| (p.name.clone(), p.color)).collect()
    }

    fn draw(&mut self, shown: &Shown<'_, Settings>, sheet: &Sheet) -> Vec<Shape> {
        let populations = self.spikes.populations().iter().enumerate();
        populations
            .map(|(p, population)| {
                Shape::line(self.line(p, shown.status.time, sheet), Stroke::new(1.5, population.color))
            })
            .collect()
    }

    fn read_out(&self, shown: &Shown<'_, Settings>, sheet: &Sheet, pointer: Pos2) -> Option<ReadOut> {
        let width = self.spikes.bin;
        let bin = (sheet.x_at(pointer) / width).floor();
        if bin < 0.0 || bin as usize >= self.spikes.complete(shown.status.time) {
            return None;
        }
        let rate = |p| self.spikes.rate(p, bin as usize);
        let populations = self.spikes.populations().iter().enumerate();
        let mut lines: Vec<String> =
            populations.map(|(p, population)| format!("{}: {:.1} spikes/s", population.name, rate(p))).collect();
        let step = width.min(1.0);
        lines.push(format!("{} to {} ms", axis::tick(bin * width, step), axis::tick((bin + 1.0) * width, step)));
        let heights = (0..self.spikes.populations().len()).map(|p| sheet.y(rate(p)));
        let nearest = heights.min_by(|a, b| (a - pointer.y).abs().total_cmp(&(b - pointer.y).abs()));
        Some(ReadOut { text: lines.join("\n"), at: pos2(pointer.x, nearest.unwrap_or(pointer.y)) })
    }

    fn edit(editor: &mut Editor<'_, Settings>) {
        editor.ui.separator();
        editor.bin(editor.shown.settings.bin, "Time over which spikes are counted", |settings, bin| settings.bin = bin);
    }

    fn cells(settings: &mut Settings) -> Option<&mut Vec<u32>> {
        Some(&mut settings.cells)
    }

    fn problems(settings: &Settings) -> Vec<(&'static str, String)> {
        bins::problem(settings.bin).into_iter().collect()
    }

    fn table(table: &mut Table, shown: &Shown<'_, Settings>) -> Result<(), csv::Error> {
        table.write_record(["bin_start_ms", "population", "rate_per_s"])?;
        let mut rate = Rate::default();
        rate.update(shown);
        for (p, population) in rate.spikes.populations().iter().enumerate() {
            for bin in 0..rate.spikes.complete(shown.status.time) {
                let start = exact(bin as f64 * rate.spikes.bin);
                table.write_record([&start, &population.name, &rate.spikes.rate(p, bin).to_string()])?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::sample::Sample;

    fn updated(rate: &mut Rate, sample: &Sample) {
        rate.update(&sample.shown(2, &Settings::default()));
    }

    #[test]
    fn counts_spikes_by_population_and_bin() {
        let mut sample = Sample::two_populations();
        let rows = &mut sample.recordings.rows[0];
        rows.times = vec![0.1, 4.9, 5.0, 12.0, 12.0];
        rows.senders = vec![0, 1, 0, 100, 101];
        let mut rate = Rate::default();
        sample.status.time = 20.0;
        updated(&mut rate, &sample);
        assert_eq!(rate.spikes.counts, [vec![2, 1], vec![0, 0, 2]]);
        assert_eq!(rate.spikes.rate(0, 0), 2.0 / (100.0 * 0.005), "spikes/s and neuron");
        assert_eq!(rate.spikes.complete(19.99), 3);
    }

    #[test]
    fn growing_gives_the_same_as_counting_at_once() {
        let sample = Sample::two_populations();
        let mut at_once = Rate::default();
        updated(&mut at_once, &sample);
        let mut part = Sample::two_populations();
        let whole = std::mem::take(&mut part.recordings.rows[0]);
        let mut growing = Rate::default();
        for (time, sender) in whole.times.iter().zip(&whole.senders) {
            part.recordings.rows[0].times.push(*time);
            part.recordings.rows[0].senders.push(*sender);
            if part.recordings.rows[0].times.len().is_multiple_of(37) {
                updated(&mut growing, &part);
            }
        }
        updated(&mut growing, &part);
        assert_eq!(growing.spikes.counts, at_once.spikes.counts);
        assert!(at_once.spikes.counts.iter().flatten().sum::<u32>() > 1000);
    }

    #[test]
    fn a_dropped_half_and_another_bin_are_counted_anew() {
        let mut sample = Sample::two_populations();
        let mut rate = Rate::default();
        updated(&mut rate, &sample);
        sample.recordings.drop_older_half();
        updated(&mut rate, &sample);
        let counted = |rate: &Rate| rate.spikes.counts.iter().flatten().sum::<u32>() as usize;
        assert_eq!(counted(&rate), sample.recordings.rows[0].times.len());
        rate.update(&sample.shown(2, &Settings { bin: 50.0, ..Settings::default() }));
        assert_eq!(counted(&rate), sample.recordings.rows[0].times.len());
        assert_eq!(rate.spikes.counts[0].len(), 20);
    }

    #[test]
    fn rates_are_written_for_whole_bins() {
        let mut sample = Sample::two_populations();
        let rows = &mut sample.recordings.rows[0];
        (rows.times, rows.senders) = (vec![6.0], vec![100]);
        sample.status.time = 12.0;
        let lines = sample.lines(2);
        assert_eq!(lines[0], "bin_start_ms,population,rate_per_s");
        assert_eq!(lines[3..], ["0,Inhibitory,0", "5,Inhibitory,8"]);
    }
}
