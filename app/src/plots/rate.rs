//! Mean firing rate of populations over time.

use egui::{Color32, Pos2, Shape, Stroke, pos2};
use spikeloom_engine::analysis::{Bins, mean_rate};
use spikeloom_engine::project::View;

use super::kinds::{Picture, Scale, Sheet};
use super::populations::{self, Population};
use super::{PlotData, axis};

/// Width of a bin where the view gives no usable one, ms.
const BIN: f64 = 5.0;

/// Spikes counted by population and bin; grows with the recordings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// Width of a bin, ms.
    pub bin: f64,
    populations: Vec<Population>,
    /// Spikes by population, then by bin from time 0.
    pub counts: Vec<Vec<u32>>,
    /// Rows of each recorder that are counted, and the time of its first row then.
    counted: Vec<(usize, Option<f64>)>,
}

/// The narrowest bin that makes sense at a resolution, ms.
pub fn least_bin(resolution: f64) -> f64 {
    if resolution.is_finite() { resolution.clamp(0.01, 1000.0) } else { 0.1 }
}

/// The width of a bin that is used for a view: within what makes sense for this run.
pub fn bin_width(view: &View, resolution: f64) -> f64 {
    let least = least_bin(resolution);
    if view.bin.is_finite() && view.bin > 0.0 { view.bin.clamp(least, 100_000.0) } else { BIN.max(least) }
}

impl Histogram {
    /// Counts what has been recorded since the last call.
    pub fn update(&mut self, populations: &[Population], bin: f64, data: &PlotData<'_>) {
        let rows = &data.recordings.rows;
        let same = self.bin == bin
            && self.counted.len() == rows.len()
            && self.populations.len() == populations.len()
            && self.populations.iter().zip(populations).all(|(a, b)| {
                (a.node, a.recorder, a.first, a.n, &a.cells) == (b.node, b.recorder, b.first, b.n, &b.cells)
            });
        let dropped = self.counted.iter().zip(rows).any(|((counted, begin), rows)| {
            rows.times.len() < *counted || (*counted > 0 && rows.times.first() != begin.as_ref())
        });
        if !same || dropped {
            *self = Histogram {
                bin,
                populations: Vec::new(),
                counts: vec![Vec::new(); populations.len()],
                counted: vec![(0, None); rows.len()],
            };
        }
        self.populations = populations.to_vec();
        for (r, rows) in rows.iter().enumerate() {
            let of_this: Vec<usize> = (0..populations.len()).filter(|p| populations[*p].recorder == r).collect();
            if !of_this.is_empty() {
                for i in self.counted[r].0..rows.times.len() {
                    self.count(&of_this, rows.times[i], rows.senders[i]);
                }
            }
            self.counted[r] = (rows.times.len(), rows.times.first().copied());
        }
    }

    fn count(&mut self, candidates: &[usize], time: f64, sender: u32) {
        let Some(population) = candidates.iter().copied().find(|p| self.populations[*p].place(sender).is_some()) else {
            return;
        };
        let Some(bin) = self.bins().and_then(|bins| bins.index(time)) else { return };
        let counts = &mut self.counts[population];
        if counts.len() <= bin {
            counts.resize(bin + 1, 0);
        }
        counts[bin] += 1;
    }

    /// Spikes per second and neuron in a bin.
    pub fn rate(&self, population: usize, bin: usize) -> f64 {
        let count = self.counts.get(population).and_then(|c| c.get(bin)).copied().unwrap_or(0);
        let neurons = self.populations.get(population).map_or(1, |p| p.shown().max(1));
        mean_rate(u64::from(count), u64::from(neurons), self.bin).unwrap_or(0.0)
    }

    /// Number of bins that are over at a time.
    pub fn complete(&self, now: f64) -> usize {
        self.bins().map_or(0, |bins| bins.complete(now))
    }

    /// The bins from time 0 on; `None` before the first update.
    fn bins(&self) -> Option<Bins> {
        Bins::new(0.0, self.bin)
    }
}

#[derive(Default)]
pub struct Rate {
    populations: Vec<Population>,
    histogram: Histogram,
    dark: bool,
}

impl Rate {
    pub fn populations(&self) -> &[Population] {
        &self.populations
    }
    pub fn histogram(&self) -> &Histogram {
        &self.histogram
    }

    /// The bins that are over and touch a time range.
    fn bins(&self, data: &PlotData<'_>, time: (f64, f64)) -> std::ops::Range<usize> {
        let bin = self.histogram.bin.max(1e-3);
        let from = (time.0 / bin).floor().max(0.0) as usize;
        let to = ((time.1 / bin).ceil().max(0.0) as usize).min(self.histogram.complete(data.status.time));
        from..to.max(from)
    }

    /// Corners of one population's line.
    fn line(&self, population: usize, data: &PlotData<'_>, sheet: &Sheet) -> Vec<Pos2> {
        let bins = self.bins(data, sheet.time);
        let width = self.histogram.bin;
        let columns = (sheet.rect.width() * sheet.ctx.pixels_per_point()).max(1.0) as usize;
        let per_column = bins.len() / columns;
        if per_column < 2 {
            let corner =
                |bin: usize, y| [pos2(sheet.x(bin as f64 * width), y), pos2(sheet.x((bin + 1) as f64 * width), y)];
            return bins.flat_map(|bin| corner(bin, sheet.y(self.histogram.rate(population, bin)))).collect();
        }
        let mut points = Vec::with_capacity(2 * columns);
        for start in bins.clone().step_by(per_column) {
            let rates = (start..(start + per_column).min(bins.end)).map(|bin| self.histogram.rate(population, bin));
            let (low, high) = rates.fold((f64::INFINITY, 0.0f64), |(l, h), r| (l.min(r), h.max(r)));
            let x = sheet.x((start as f64 + 0.5 * per_column as f64) * width);
            points.extend([pos2(x, sheet.y(low)), pos2(x, sheet.y(high))]);
        }
        points
    }
}

impl Picture for Rate {
    fn update(&mut self, view: &View, data: &PlotData<'_>) {
        self.populations = populations::of(view, data, self.dark);
        let bin = bin_width(view, data.project.simulation.resolution);
        self.histogram.update(&self.populations, bin, data);
    }

    fn amount(&self, _: &View, data: &PlotData<'_>, time: (f64, f64)) -> String {
        let neurons: u64 = self.populations.iter().map(|p| u64::from(p.shown())).sum();
        let duration = time.1.min(data.status.time) - time.0.max(0.0);
        let spikes = populations::count(&self.populations, data, time);
        match mean_rate(spikes as u64, neurons, duration) {
            Some(rate) => format!("mean {rate:.1} spikes/s"),
            None => "0 spikes/s".into(),
        }
    }

    fn fit(&self, _: &View, data: &PlotData<'_>, time: (f64, f64)) -> (f64, f64) {
        let bins = self.bins(data, time);
        let rates = (0..self.populations.len()).flat_map(|p| bins.clone().map(move |b| (p, b)));
        let most = rates.map(|(p, b)| self.histogram.rate(p, b)).fold(0.0, f64::max);
        let top = axis::top_for(most * 1.02);
        // Zero a little above the border, so that its label does not touch the time axis.
        (-0.03 * top, top)
    }

    fn scale(&self, _: &View) -> Scale {
        Scale::Numbers("spikes/s".into())
    }

    fn legend(&self) -> Vec<(String, Color32)> {
        self.populations.iter().map(|p| (p.name.clone(), p.color)).collect()
    }

    fn draw(&mut self, view: &View, data: &PlotData<'_>, sheet: &Sheet) -> Vec<Shape> {
        if self.dark != sheet.dark {
            self.dark = sheet.dark;
            self.update(view, data);
        }
        (0..self.populations.len())
            .map(|p| Shape::line(self.line(p, data, sheet), Stroke::new(1.5, self.populations[p].color)))
            .collect()
    }

    fn read_out(&self, _: &View, data: &PlotData<'_>, sheet: &Sheet, pointer: Pos2) -> Option<String> {
        let time = axis::time_at(sheet, pointer);
        let bin = (time / self.histogram.bin).floor();
        if bin < 0.0 || bin as usize >= self.histogram.complete(data.status.time) {
            return None;
        }
        let bin = bin as usize;
        let line = |p: usize| format!("{}: {:.1} spikes/s", self.populations[p].name, self.histogram.rate(p, bin));
        let mut lines: Vec<String> = (0..self.populations.len()).map(line).collect();
        let step = self.histogram.bin.min(1.0);
        let (from, to) = (bin as f64 * self.histogram.bin, (bin + 1) as f64 * self.histogram.bin);
        lines.push(format!("{} to {} ms", axis::tick(from, step), axis::tick(to, step)));
        Some(lines.join("\n"))
    }

    fn forget(&mut self) {
        self.populations.clear();
        self.histogram = Histogram::default();
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;

    #[test]
    fn counts_spikes_by_population_and_bin() {
        let mut sample = Sample::two_populations();
        let rows = &mut sample.recordings.rows[0];
        rows.times = vec![0.1, 4.9, 5.0, 12.0, 12.0];
        rows.senders = vec![0, 1, 0, 100, 101];
        let mut rate = Rate::default();
        sample.status.time = 20.0;
        rate.update(sample.view(2), &sample.data());
        assert_eq!(rate.histogram.counts, [vec![2, 1], vec![0, 0, 2]]);
        assert_eq!(rate.histogram.rate(0, 0), 2.0 / (100.0 * 0.005), "spikes/s and neuron");
        assert_eq!(rate.histogram.complete(19.99), 3);
    }

    #[test]
    fn growing_gives_the_same_as_counting_at_once() {
        let sample = Sample::two_populations();
        let mut at_once = Rate::default();
        at_once.update(sample.view(2), &sample.data());
        let mut part = Sample::two_populations();
        let whole = std::mem::take(&mut part.recordings.rows[0]);
        let mut growing = Rate::default();
        for (time, sender) in whole.times.iter().zip(&whole.senders) {
            part.recordings.rows[0].times.push(*time);
            part.recordings.rows[0].senders.push(*sender);
            if part.recordings.rows[0].times.len().is_multiple_of(37) {
                growing.update(part.view(2), &part.data());
            }
        }
        growing.update(part.view(2), &part.data());
        assert_eq!(growing.histogram.counts, at_once.histogram.counts);
        assert!(at_once.histogram.counts.iter().flatten().sum::<u32>() > 1000);
    }

    #[test]
    fn a_dropped_half_is_counted_anew() {
        let mut sample = Sample::two_populations();
        let mut rate = Rate::default();
        rate.update(sample.view(2), &sample.data());
        sample.recordings.drop_older_half();
        rate.update(sample.view(2), &sample.data());
        let counted: u32 = rate.histogram.counts.iter().flatten().sum();
        assert_eq!(counted as usize, sample.recordings.rows[0].times.len());
    }

    #[test]
    fn nonsense_for_a_bin_is_replaced() {
        let mut view = Sample::two_populations().view(2).clone();
        for (given, used) in [(0.0, 5.0), (f64::NAN, 5.0), (-1.0, 5.0), (1e-12, 0.1), (2.0, 2.0)] {
            view.bin = given;
            assert_eq!(bin_width(&view, 0.1), used, "{given}");
        }
    }
}
