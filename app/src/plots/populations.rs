//! The populations that a plot of spikes shows: bands of a raster, lines of a rate.

use std::ops::Range;

use egui::{Color32, Shape, Stroke};
use spikeloom_engine::project::NodeId;
use spikeloom_engine::recordings::{Cursor, RecorderKind, Recordings, Rows};

use super::data::Shown;
use super::sheet::{Scale, Sheet};
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
    /// Connections of the neurons shown with the recorder: a rate is that of one of them.
    pub connections: u64,
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

    /// Whether it has the same rows of recordings as another, whatever it is called and how it looks.
    fn reads_as(&self, other: &Population) -> bool {
        (self.node, self.recorder, self.first, self.n, &self.cells)
            == (other.node, other.recorder, other.first, other.n, &other.cells)
    }
}

/// Whether a recorder has recorded spikes.
pub fn are_spikes(kind: &RecorderKind) -> bool {
    *kind == RecorderKind::Spikes
}

/// The populations that a plot shows, in the order of its recorders, of those that record what fits; the first has the
/// topmost band. A population that two recorders record is shown once. With `cells`, only those of each population.
pub fn of<S>(shown: &Shown<'_, S>, cells: &[u32], fits: impl Fn(&RecorderKind) -> bool) -> Vec<Population> {
    let plan = &shown.recordings.plan;
    let mut populations: Vec<Population> = Vec::new();
    for source in shown.sources {
        let Some(recorder) = plan.recorders.iter().position(|r| r.node == *source && fits(&r.kind)) else { continue };
        for node in &plan.recorders[recorder].sources {
            let Some(members) = plan.members_of(*node) else { continue };
            if populations.iter().any(|p| p.node == *node) {
                continue;
            }
            let mut chosen: Vec<u32> = cells.iter().copied().filter(|c| *c < members.n).collect();
            if chosen.is_empty() && !cells.is_empty() {
                continue;
            }
            chosen.sort_unstable();
            chosen.dedup();
            let only = (!chosen.is_empty()).then_some(&chosen[..]);
            let connections = plan.recorders[recorder].reach(members, only).connections;
            populations.push(Population {
                node: *node,
                name: shown.project.node(*node).map_or(&members.name, |n| &n.name).clone(),
                color: theme::node_color(shown.project, *node, shown.dark),
                recorder,
                first: members.first,
                n: members.n,
                cells: chosen,
                connections,
                low: 0.0,
                high: 0.0,
            });
        }
    }
    stack(&mut populations);
    populations
}

/// Reads the rows of populations as they are recorded, each once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reader {
    populations: Vec<Population>,
    /// One for each recorder.
    cursors: Vec<Cursor>,
}

/// What a [`Reader`] has to read.
pub struct News {
    /// What was read before does not count any more: all rows there are follow.
    pub anew: bool,
    /// Recorders, by their index, and their rows.
    rows: Vec<(usize, Range<usize>)>,
}

/// A row of a recording: what was recorded of one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Index of the population.
    pub population: usize,
    /// Place of the cell among those shown of it.
    pub place: u32,
    /// In ms.
    pub time: f64,
    /// Index of its recorder, and of the row there.
    pub recorder: usize,
    pub index: usize,
}

impl Reader {
    /// The populations read, in order.
    pub fn populations(&self) -> &[Population] {
        &self.populations
    }

    /// Begins anew with the next [`Self::advance`].
    pub fn begin_anew(&mut self) {
        self.cursors.clear();
    }

    /// What is new of these populations since the last call.
    pub fn advance(&mut self, populations: Vec<Population>, recordings: &Recordings) -> News {
        let recorders = recordings.rows.len();
        let same = self.cursors.len() == recorders
            && self.populations.len() == populations.len()
            && self.populations.iter().zip(&populations).all(|(a, b)| a.reads_as(b));
        self.populations = populations;
        if !same {
            self.cursors = vec![Cursor::default(); recorders];
        }
        let read = |(r, cursor): (usize, &mut Cursor)| (r, cursor.advance(recordings, r));
        let is_shown = |(r, _): &(usize, &mut Cursor)| self.populations.iter().any(|p| p.recorder == *r);
        let news: Vec<_> = self.cursors.iter_mut().enumerate().filter(is_shown).map(read).collect();
        let anew = !same || news.iter().any(|(_, news)| news.anew);
        let range = |rows: Range<usize>| if anew { 0..rows.end } else { rows };
        News { anew, rows: news.into_iter().map(|(r, news)| (r, range(news.rows))).collect() }
    }

    /// These rows one by one, those of each recorder in order of time; rows of other cells are left out.
    pub fn rows<'a>(&'a self, news: &'a News, recordings: &'a Recordings) -> impl Iterator<Item = Row> + 'a {
        news.rows.iter().flat_map(move |(recorder, range)| {
            let recorder = *recorder;
            let rows = &recordings.rows[recorder];
            let of_this: Vec<usize> =
                (0..self.populations.len()).filter(|p| self.populations[*p].recorder == recorder).collect();
            range.clone().filter_map(move |index| {
                let (sender, time) = (rows.senders[index], rows.times[index]);
                let place = |p: &usize| Some((*p, self.populations[*p].place(sender)?));
                let (population, place) = of_this.iter().find_map(place)?;
                Some(Row { population, place, time, recorder, index })
            })
        })
    }
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

/// Thin lines between the bands.
pub fn separators(populations: &[Population], sheet: &Sheet) -> Vec<Shape> {
    let line = Stroke::new(1.0, Color32::GRAY.gamma_multiply(0.45));
    let between = populations.iter().skip(1);
    between.map(|p| Shape::hline(sheet.rect.x_range(), sheet.y(p.high), line)).collect()
}

/// The population and the place in it whose row lies at this height.
pub fn row_at(populations: &[Population], y: f64) -> Option<(usize, u32)> {
    let p = populations.iter().position(|p| p.low <= y && y < p.high)?;
    Some((p, ((y - populations[p].low) / populations[p].row()) as u32))
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
pub fn count(populations: &[Population], recordings: &Recordings, time: (f64, f64)) -> usize {
    let mut spikes = 0;
    for (r, (plan, rows)) in recordings.plan.recorders.iter().zip(&recordings.rows).enumerate() {
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

#[cfg(test)]
mod tests {
    use super::super::sample::Sample;
    use super::*;

    fn of_spikes(sample: &Sample, cells: &[u32]) -> Vec<Population> {
        of(&sample.shown(0, &()), cells, are_spikes)
    }

    #[test]
    fn bands_follow_the_order_of_sources_from_top_to_bottom() {
        let sample = Sample::two_populations();
        let populations = of_spikes(&sample, &[]);
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
        let populations = of_spikes(&sample, &[]);
        assert!(populations[1].high - populations[1].low > 0.1 * populations[0].high);
    }

    #[test]
    fn only_chosen_cells_are_counted() {
        let sample = Sample::two_populations();
        let all = count(&of_spikes(&sample, &[]), &sample.recordings, (0.0, 1e9));
        assert_eq!(all, sample.recordings.rows[0].times.len());
        let first = |p: &Population| p.first + 3;
        let populations = of_spikes(&sample, &[3]);
        let wanted: Vec<u32> = populations.iter().map(first).collect();
        let expected = sample.recordings.rows[0].senders.iter().filter(|s| wanted.contains(s)).count();
        assert!(expected > 0 && expected < all);
        assert_eq!(count(&populations, &sample.recordings, (0.0, 1e9)), expected);
    }

    #[test]
    fn each_row_of_the_cells_shown_is_read_once() {
        let mut sample = Sample::two_populations();
        let whole = std::mem::take(&mut sample.recordings.rows[0]);
        let mut reader = Reader::default();
        let mut read = Vec::new();
        for (i, (time, sender)) in whole.times.iter().zip(&whole.senders).enumerate() {
            sample.recordings.rows[0].times.push(*time);
            sample.recordings.rows[0].senders.push(*sender);
            if i.is_multiple_of(17) {
                let news = reader.advance(of_spikes(&sample, &[3, 5]), &sample.recordings);
                assert_eq!(news.anew, i == 0);
                read.extend(reader.rows(&news, &sample.recordings).map(|row| row.index));
            }
        }
        let last = (whole.times.len() - 1) / 17 * 17;
        let wanted = |i: &usize| [3, 5, 103, 105].contains(&whole.senders[*i]);
        assert_eq!(read, (0..=last).filter(wanted).collect::<Vec<_>>());
        assert!(read.len() > 10);
    }

    #[test]
    fn other_cells_and_lost_rows_begin_anew() {
        let mut sample = Sample::two_populations();
        let mut reader = Reader::default();
        let mut anew =
            |cells: &[u32], sample: &Sample| reader.advance(of_spikes(sample, cells), &sample.recordings).anew;
        assert!(anew(&[], &sample));
        assert!(!anew(&[], &sample));
        assert!(anew(&[3], &sample));
        sample.project.nodes[0].name = "Another name".into();
        assert!(!anew(&[3], &sample));
        sample.recordings.drop_older_half();
        assert!(anew(&[3], &sample));
    }
}
