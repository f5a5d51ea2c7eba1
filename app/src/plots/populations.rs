//! The populations that a plot of spikes shows: bands of a raster, lines of a rate.

use egui::Color32;
use spikeloom_engine::project::{NodeId, View};
use spikeloom_engine::recordings::{RecorderKind, Rows};

use super::PlotData;
use super::kinds::Scale;
use crate::theme;

/// A population and where its neurons lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    pub node: NodeId,
    pub name: String,
    pub color: Color32,
    /// Index into the recordings of the recorder that its spikes are taken from.
    pub recorder: usize,
    /// Number of its first neuron.
    pub first: u32,
    /// Neurons of the population.
    pub n: u32,
    /// Ascending indices of the neurons shown; empty for all.
    pub cells: Vec<u32>,
    /// Bottom and top of its band in a raster.
    pub low: f64,
    pub high: f64,
}

impl Population {
    /// How many neurons are shown.
    pub fn shown(&self) -> u32 {
        if self.cells.is_empty() { self.n } else { self.cells.len() as u32 }
    }

    /// The place of a neuron among those shown.
    #[inline]
    pub fn place(&self, number: u32) -> Option<u32> {
        let index = number.checked_sub(self.first).filter(|i| *i < self.n)?;
        if self.cells.is_empty() { Some(index) } else { self.cells.binary_search(&index).ok().map(|i| i as u32) }
    }

    /// The index in its population of the neuron at a place.
    pub fn index(&self, place: u32) -> Option<u32> {
        if self.cells.is_empty() { (place < self.n).then_some(place) } else { self.cells.get(place as usize).copied() }
    }

    /// The height of a neuron's row.
    pub fn row(&self) -> f64 {
        (self.high - self.low) / f64::from(self.shown().max(1))
    }

    /// The middle of the row at a place.
    pub fn y(&self, place: u32) -> f64 {
        self.low + (f64::from(place) + 0.5) * self.row()
    }
}

/// The populations whose spikes a view shows.
pub fn of(view: &View, data: &PlotData<'_>, dark: bool) -> Vec<Population> {
    of_kind(view, data, dark, |kind| *kind == RecorderKind::Spikes)
}

/// The populations of a view in the order of its recorders, of those that record what fits; the first has the
/// topmost band. A population that two recorders record is shown once.
pub fn of_kind(view: &View, data: &PlotData<'_>, dark: bool, fits: impl Fn(&RecorderKind) -> bool) -> Vec<Population> {
    let plan = &data.recordings.plan;
    let mut populations: Vec<Population> = Vec::new();
    for source in &view.sources {
        let Some(recorder) = plan.recorders.iter().position(|r| r.node == *source && fits(&r.kind)) else { continue };
        for node in &plan.recorders[recorder].sources {
            let Some(members) = plan.members_of(*node) else { continue };
            if populations.iter().any(|p| p.node == *node) {
                continue;
            }
            let mut cells: Vec<u32> = view.cells.iter().copied().filter(|c| *c < members.n).collect();
            if cells.is_empty() && !view.cells.is_empty() {
                continue;
            }
            cells.sort_unstable();
            cells.dedup();
            populations.push(Population {
                node: *node,
                name: data.project.node(*node).map_or(&members.name, |n| &n.name).clone(),
                color: theme::node_color(data.project, *node, dark),
                recorder,
                first: members.first,
                n: members.n,
                cells,
                low: 0.0,
                high: 0.0,
            });
        }
    }
    stack(&mut populations);
    populations
}

/// Gives each band a height by its number of neurons, but none less than a quarter of an even share.
fn stack(populations: &mut [Population]) {
    let total: f64 = populations.iter().map(|p| f64::from(p.shown())).sum();
    let least = 0.25 * total / populations.len().max(1) as f64;
    let mut low = 0.0;
    for population in populations.iter_mut().rev() {
        population.low = low;
        low += f64::from(population.shown()).max(least);
        population.high = low;
    }
}

/// The axis that names the bands.
pub fn bands(populations: &[Population]) -> Scale {
    let band = |p: &Population| (0.5 * (p.low + p.high), p.high - p.low, p.name.clone());
    Scale::Names(populations.iter().map(band).collect())
}

/// The cells between two heights, of the band in the middle.
pub fn pick(populations: &[Population], (bottom, top): (f64, f64)) -> Option<(NodeId, Vec<u32>)> {
    let middle = 0.5 * (bottom + top);
    let band = populations.iter().find(|p| p.low <= middle && middle < p.high)?;
    let place = |y: f64| ((y - band.low) / band.row()).clamp(0.0, f64::from(band.shown().max(1) - 1)) as u32;
    let cells = (place(bottom)..=place(top)).filter_map(|place| band.index(place)).collect();
    Some((band.node, cells))
}

/// The rows of recordings that lie within a time range (end included).
pub fn rows_within(rows: &Rows, time: (f64, f64)) -> std::ops::Range<usize> {
    let from = rows.times.partition_point(|t| *t < time.0);
    let to = rows.times.partition_point(|t| *t <= time.1);
    from..to.max(from)
}

/// Spikes of these populations within a time range.
pub fn count(populations: &[Population], data: &PlotData<'_>, time: (f64, f64)) -> usize {
    let mut spikes = 0;
    for (r, (plan, rows)) in data.recordings.plan.recorders.iter().zip(&data.recordings.rows).enumerate() {
        let of_this: Vec<&Population> = populations.iter().filter(|p| p.recorder == r).collect();
        let within = rows_within(rows, time);
        let all = of_this.len() == plan.sources.len() && of_this.iter().all(|p| p.cells.is_empty());
        spikes += match of_this.is_empty() {
            true => 0,
            false if all => within.len(),
            false => rows.senders[within].iter().filter(|s| of_this.iter().any(|p| p.place(**s).is_some())).count(),
        };
    }
    spikes
}

/// A whole number with thousands apart: `1,234`.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;

    #[test]
    fn bands_follow_the_order_of_sources_from_top_to_bottom() {
        let sample = Sample::two_populations();
        let populations = of(sample.view(0), &sample.data(), false);
        assert_eq!(populations.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Excitatory", "Inhibitory"]);
        assert_eq!(populations[0].low, populations[1].high);
        assert!(populations[0].y(0) < populations[0].y(1), "neuron 0 lies at the bottom");
    }

    #[test]
    fn a_single_cell_beside_thousands_keeps_a_visible_band() {
        let mut sample = Sample::two_populations();
        sample.recordings.plan.members[0].n = 8000;
        sample.recordings.plan.members[1].first = 8000;
        sample.recordings.plan.members[1].n = 1;
        let populations = of(sample.view(0), &sample.data(), false);
        assert!(populations[1].high - populations[1].low > 0.1 * populations[0].high);
    }

    #[test]
    fn only_chosen_cells_are_counted() {
        let mut sample = Sample::two_populations();
        let all = count(&of(sample.view(0), &sample.data(), false), &sample.data(), (0.0, 1e9));
        assert_eq!(all, sample.recordings.rows[0].times.len());
        sample.project.views[0].cells = vec![3];
        let first = |p: &Population| p.first + 3;
        let populations = of(sample.view(0), &sample.data(), false);
        let wanted: Vec<u32> = populations.iter().map(first).collect();
        let expected = sample.recordings.rows[0].senders.iter().filter(|s| wanted.contains(s)).count();
        assert!(expected > 0 && expected < all);
        assert_eq!(count(&populations, &sample.data(), (0.0, 1e9)), expected);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1234, 1_000_000].map(thousands), ["0", "999", "1,234", "1,000,000"]);
    }
}
