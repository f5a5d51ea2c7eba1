//! A raster with too many spikes for single marks, painted into a bitmap column by column.

use std::ops::Range;

use egui::{Color32, ColorImage};
use spikeloom_engine::recordings::{Cursor, News, Recordings, Rows};

use super::ring::{Ring, Shades};
use crate::plots::populations::Population;

/// Spikes painted at most in one frame; of more, every so many-th is taken and counted for the others.
const MOST: usize = 2_000_000;

/// By how much the shades of a raster that scrolls may be off.
const RETAINED: f32 = 1.4;

/// No row for this neuron.
const NOWHERE: u32 = u32::MAX;

/// What a bitmap is painted for; another geometry needs another bitmap.
#[derive(Clone, Debug, PartialEq)]
pub struct Geometry {
    /// Size in pixels.
    pub columns: usize,
    pub rows: usize,
    pub columns_per_ms: f64,
    /// Bottom and top of what is shown.
    pub y: (f64, f64),
    /// Largest height of a mark, pixels.
    pub tallest: usize,
}

/// What has changed in the bitmap.
#[derive(Clone, Debug, PartialEq)]
pub enum Dirty {
    All,
    /// Absolute numbers of columns; may be empty.
    Columns(Range<i64>),
}

/// The bitmap and how far the recordings are painted into it.
pub struct Bitmap {
    geometry: Geometry,
    populations: Vec<Population>,
    ring: Ring,
    /// One for each recorder.
    sources: Vec<Source>,
    /// The rows of pixels that belong to each population, by its index.
    stripes: Vec<(usize, Range<usize>)>,
    shades: Vec<Shades>,
    /// First column in view and rows painted when the shades were chosen.
    judged: (i64, usize),
    /// Row by row what the texture holds: each row of the texture is a column of the plot.
    pixels: Vec<Color32>,
}

/// A recorder's part in the bitmap.
struct Source {
    /// How far its recording is painted.
    cursor: Cursor,
    /// Rows of the recording that are painted.
    painted: usize,
    /// Number of the neuron of the first entry of `marks`.
    first: u32,
    /// For each neuron, top row and height of its mark: `top << 8 | height`.
    marks: Vec<u32>,
}

impl Bitmap {
    /// An empty bitmap.
    pub fn new(geometry: Geometry, populations: &[Population], recorders: usize) -> Self {
        let ring = Ring::new(geometry.columns, geometry.rows, 0);
        let sources = (0..recorders).map(|r| Source::new(r, populations, &geometry)).collect();
        Bitmap {
            stripes: stripes(&owners(populations, &geometry)),
            shades: populations.iter().map(|p| Shades::new(p.color, 1.0)).collect(),
            judged: (0, 0),
            pixels: vec![Color32::TRANSPARENT; ring.width() * ring.height()],
            populations: populations.to_vec(),
            geometry,
            ring,
            sources,
        }
    }

    /// Whether this bitmap serves that geometry and those populations.
    pub fn fits(&self, geometry: &Geometry, populations: &[Population]) -> bool {
        // The width of a window that scrolls is the difference of two large numbers.
        let same_scale = (self.geometry.columns_per_ms / geometry.columns_per_ms - 1.0).abs() < 1e-9;
        let rest = Geometry { columns_per_ms: self.geometry.columns_per_ms, ..geometry.clone() };
        same_scale && self.geometry == rest && self.populations == populations
    }

    pub fn ring(&self) -> &Ring {
        &self.ring
    }

    /// The column that a time falls into.
    #[inline]
    pub fn column(&self, time: f64) -> i64 {
        (time * self.geometry.columns_per_ms).floor() as i64
    }

    /// How far a time lies behind the beginning of its column, in columns.
    pub fn offset(&self, time: f64) -> f32 {
        let columns = time * self.geometry.columns_per_ms;
        (columns - columns.floor()) as f32
    }

    /// Paints what is new, with the view beginning at column `first`, and says what has changed.
    pub fn paint(&mut self, recordings: &Recordings, first: i64) -> Dirty {
        let seen = self.ring.columns();
        let blank = self.is_blank();
        let news = |(r, source): (usize, &mut Source)| source.advance(recordings, r);
        let news: Vec<News> = self.sources.iter_mut().enumerate().map(news).collect();
        if news.iter().any(|news| news.anew) || !seen.contains(&first) || blank {
            return self.repaint(recordings, first);
        }
        let entered = seen.end..first + self.ring.width() as i64;
        let fresh = self.rows_to_paint(recordings, &news, &entered);
        if fresh.iter().flatten().map(|rows| rows.len()).sum::<usize>() > MOST {
            return self.repaint(recordings, first);
        }
        self.ring.scroll_to(first);
        let mut touched = entered;
        for (r, (ranges, rows)) in fresh.into_iter().zip(&recordings.rows).enumerate() {
            for row in ranges.into_iter().flatten() {
                touched.start = touched.start.min(self.column(rows.times[row]));
                self.mark(r, rows, row, 1);
            }
        }
        if self.has_moved_on(first) && self.choose_shades(RETAINED) {
            self.color(self.ring.columns());
            return Dirty::All;
        }
        touched.start = touched.start.max(first);
        self.color(touched.clone());
        Dirty::Columns(touched)
    }

    /// For each recorder the rows that were painted before but lie in the columns that come into
    /// view, and those that are new. Rows behind the view wait until it reaches them.
    fn rows_to_paint(&self, recordings: &Recordings, news: &[News], entered: &Range<i64>) -> Vec<[Range<usize>; 2]> {
        let of = |((source, news), rows): ((&Source, &News), &Rows)| {
            if !source.is_shown() {
                return [0..0, 0..0];
            }
            let (painted, end) = (news.rows.start, self.first_row(rows, entered.end));
            let known = self.first_row(rows, entered.start).min(painted)..end.min(painted);
            [known, painted..end.max(painted)]
        };
        self.sources.iter().zip(news).zip(&recordings.rows).map(of).collect()
    }

    /// Paints everything in view anew.
    fn repaint(&mut self, recordings: &Recordings, first: i64) -> Dirty {
        self.ring = Ring::new(self.geometry.columns, self.geometry.rows, first);
        let columns = self.ring.columns();
        let in_view = |(source, rows): (&Source, &Rows)| match source.is_shown() {
            true => self.first_row(rows, columns.start)..self.first_row(rows, columns.end),
            false => 0..0,
        };
        let visible: Vec<Range<usize>> = self.sources.iter().zip(&recordings.rows).map(in_view).collect();
        let total: usize = visible.iter().map(|v| v.len()).sum();
        let stride = total.div_ceil(MOST).max(1);
        for (r, (visible, rows)) in visible.into_iter().zip(&recordings.rows).enumerate() {
            for row in visible.step_by(stride) {
                self.mark(r, rows, row, stride.min(usize::from(u16::MAX)) as u16);
            }
        }
        self.choose_shades(1.0);
        self.color(columns);
        Dirty::All
    }

    /// Whether the view holds much that it did not hold when the shades were chosen.
    fn has_moved_on(&self, first: i64) -> bool {
        let (from, painted) = self.judged;
        first - from > self.ring.width() as i64 / 8 || self.painted() * 4 > painted * 5
    }

    fn painted(&self) -> usize {
        self.sources.iter().map(|s| s.painted).sum()
    }

    /// Chooses for each population how many spikes a pixel get the full colour: somewhat more than what a
    /// pixel with spikes holds, so that waves and pauses show in the densest raster. Shades in use stay unless they are
    /// off by more than a factor of `retained`. Says whether any has changed.
    fn choose_shades(&mut self, retained: f32) -> bool {
        self.judged = (self.ring.columns().start, self.painted());
        let mut changed = false;
        for (p, population) in self.populations.iter().enumerate() {
            let (mut spikes, mut pixels) = (0u64, 0u64);
            for place in 0..self.ring.width() {
                let counts = self.ring.counts(place);
                for (_, rows) in self.stripes.iter().filter(|(owner, _)| *owner == p) {
                    spikes += counts[rows.clone()].iter().map(|c| u64::from(*c)).sum::<u64>();
                    pixels += counts[rows.clone()].iter().filter(|c| **c > 0).count() as u64;
                }
            }
            let share = spikes as f32 / pixels.max(1) as f32;
            // Neurons that share pixels look denser than those that have their own.
            let least = if pixels_per_row(population, &self.geometry) < 1.0 { 2.0 } else { 1.0 };
            let full = (2.0 * share - 1.0).max(least);
            let ratio = full / self.shades[p].full();
            if ratio > retained || ratio < 1.0 / retained {
                self.shades[p] = Shades::new(population.color, full);
                changed = true;
            }
        }
        changed
    }

    fn is_blank(&self) -> bool {
        self.sources.iter().all(|s| s.painted == 0)
    }

    /// The first row of a recording in this column or a later one.
    fn first_row(&self, rows: &Rows, column: i64) -> usize {
        rows.times.partition_point(|t| self.column(*t) < column)
    }

    #[inline]
    fn mark(&mut self, recorder: usize, rows: &Rows, row: usize, times: u16) {
        let source = &self.sources[recorder];
        let mark = rows.senders[row]
            .checked_sub(source.first)
            .and_then(|i| source.marks.get(i as usize))
            .copied()
            .unwrap_or(NOWHERE);
        if mark != NOWHERE {
            let column = self.column(rows.times[row]);
            self.ring.mark(column, (mark >> 8) as usize, (mark & 255) as usize, times);
        }
    }

    /// Turns the counts of some columns into colours.
    fn color(&mut self, columns: Range<i64>) {
        let height = self.ring.height();
        for column in columns {
            let place = self.ring.place(column);
            let pixels = &mut self.pixels[place * height..(place + 1) * height];
            let counts = self.ring.counts(place);
            for (population, rows) in &self.stripes {
                let shades = &self.shades[*population];
                for (pixel, count) in pixels[rows.clone()].iter_mut().zip(&counts[rows.clone()]) {
                    *pixel = shades.color(*count);
                }
            }
        }
    }

    /// The whole texture; its rows are the columns of the plot.
    pub fn image(&self) -> ColorImage {
        ColorImage::new([self.ring.height(), self.ring.width()], self.pixels.clone())
    }

    /// The rows of the texture that hold these columns: first row and image, at most twice.
    pub fn patches(&self, columns: Range<i64>) -> Vec<(usize, ColorImage)> {
        let height = self.ring.height();
        self.stretches(columns)
            .into_iter()
            .map(|places| {
                let pixels = self.pixels[places.start * height..places.end * height].to_vec();
                (places.start, ColorImage::new([height, places.len()], pixels))
            })
            .collect()
    }

    /// Where columns lie in the texture: one stretch, or two if the ring closes between them.
    pub fn stretches(&self, columns: Range<i64>) -> Vec<Range<usize>> {
        let length = (columns.end - columns.start).clamp(0, self.ring.width() as i64) as usize;
        let start = self.ring.place(columns.start);
        let first = length.min(self.ring.width() - start);
        [start..start + first, 0..length - first].into_iter().filter(|s| !s.is_empty()).collect()
    }
}

impl Source {
    fn new(recorder: usize, populations: &[Population], geometry: &Geometry) -> Self {
        let of_this = || populations.iter().filter(|p| p.recorder == recorder);
        let first = of_this().map(|p| p.first).min().unwrap_or(0);
        let end = of_this().map(|p| p.first + p.n).max().unwrap_or(0);
        let mut marks = vec![NOWHERE; (end - first) as usize];
        for population in of_this() {
            for place in 0..population.shown() {
                if let Some(index) = population.index(place)
                    && let Some(mark) = mark(population, place, geometry)
                {
                    marks[(population.first - first + index) as usize] = mark;
                }
            }
        }
        Source { cursor: Cursor::default(), painted: 0, first, marks }
    }

    /// Whether any of its spikes are shown; a recorder of samples has none.
    fn is_shown(&self) -> bool {
        !self.marks.is_empty()
    }

    /// What is to be painted of its recording.
    fn advance(&mut self, recordings: &Recordings, recorder: usize) -> News {
        let news = self.cursor.advance(recordings, recorder);
        self.painted = news.rows.end;
        news
    }
}

/// Pixels from the top at a height.
fn pixel(y: f64, geometry: &Geometry) -> f64 {
    let (bottom, top) = geometry.y;
    (top - y) / (top - bottom) * geometry.rows as f64
}

/// Height of a neuron's row in pixels.
fn pixels_per_row(population: &Population, geometry: &Geometry) -> f64 {
    population.row() / (geometry.y.1 - geometry.y.0) * geometry.rows as f64
}

/// Height in pixels of a mark in a row of that height.
pub fn mark_height(row: f64, tallest: usize) -> usize {
    if row < 1.5 { 1 } else { ((row * 0.8) as usize).clamp(2, tallest.clamp(2, 255)) }
}

/// Top row and height of a neuron's mark, or nothing if it is out of view.
fn mark(population: &Population, place: u32, geometry: &Geometry) -> Option<u32> {
    let height = mark_height(pixels_per_row(population, geometry), geometry.tallest) as f64;
    let middle = pixel(population.y(place), geometry);
    let end = pixel(population.low, geometry).ceil().min(geometry.rows as f64);
    let top = (middle - 0.5 * height).round().clamp(0.0, (end - 1.0).max(0.0));
    let bottom = (top + height).min(end);
    let seen = middle + height > 0.0 && middle - height < geometry.rows as f64 && bottom > top;
    seen.then_some(((top as u32) << 8) | (bottom - top) as u32)
}

/// Runs of rows with the same owner.
fn stripes(owners: &[Option<usize>]) -> Vec<(usize, Range<usize>)> {
    let mut start = 0;
    let mut stripes = Vec::new();
    for run in owners.chunk_by(|a, b| a == b) {
        if let [Some(owner), ..] = run {
            stripes.push((*owner, start..start + run.len()));
        }
        start += run.len();
    }
    stripes
}

/// Which population owns each row of pixels.
fn owners(populations: &[Population], geometry: &Geometry) -> Vec<Option<usize>> {
    (0..geometry.rows)
        .map(|row| {
            let y = geometry.y.1 - (row as f64 + 0.5) / geometry.rows as f64 * (geometry.y.1 - geometry.y.0);
            populations.iter().position(|p| p.low <= y && y <= p.high)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::populations::{self, are_spikes};
    use crate::plots::sample::Sample;

    fn populations(sample: &Sample, cells: &[u32]) -> Vec<Population> {
        populations::of(&sample.shown(0, &()), cells, are_spikes)
    }

    fn geometry(rows: usize) -> Geometry {
        Geometry { columns: 97, rows, columns_per_ms: 0.31, y: (0.0, 150.0), tallest: 8 }
    }

    /// Plays the recordings in portions of odd lengths and compares with one repaint at every stop.
    fn scrolls_like_a_repaint(rows: usize, cells: &[u32]) {
        let sample = Sample::two_populations();
        let populations = populations(&sample, cells);
        let whole = sample.recordings.rows[0].clone();
        let mut part = sample.recordings.clone();
        part.rows[0].clear();
        let mut scrolling = Bitmap::new(geometry(rows), &populations, part.rows.len());
        let mut stops = 0;
        let mut partial = 0;
        for end in [0, 1, 5, 60, 61, 200, 900, 901, 2000, whole.times.len()] {
            let end = end.min(whole.times.len());
            let have = part.rows[0].times.len();
            part.rows[0].times.extend_from_slice(&whole.times[have..end]);
            part.rows[0].senders.extend_from_slice(&whole.senders[have..end]);
            let now = part.rows[0].times.last().copied().unwrap_or(0.0);
            let first = scrolling.column(now) - 90;
            let dirty = scrolling.paint(&part, first);
            partial += usize::from(matches!(dirty, Dirty::Columns(_)));
            let mut fresh = Bitmap::new(geometry(rows), &populations, part.rows.len());
            fresh.paint(&part, first);
            assert_eq!(scrolling.ring, fresh.ring, "counts after {end} spikes");
            // Shades stay for a while when a raster scrolls.
            fresh.shades.clone_from(&scrolling.shades);
            fresh.color(fresh.ring.columns());
            assert!(scrolling.pixels == fresh.pixels, "colours after {end} spikes");
            stops += 1;
        }
        assert_eq!(stops, 10);
        assert!(partial >= 4, "most stops scroll instead of repainting");
        assert!(scrolling.pixels.iter().any(|p| *p != Color32::TRANSPARENT));
    }

    #[test]
    fn scrolling_gives_the_same_picture_as_painting_anew() {
        scrolls_like_a_repaint(300, &[]);
        scrolls_like_a_repaint(40, &[]);
        scrolls_like_a_repaint(64, &[1, 2, 17]);
    }

    #[test]
    fn a_view_that_stood_still_while_the_run_went_on_catches_up() {
        let sample = Sample::two_populations();
        let populations = populations(&sample, &[]);
        let mut bitmap = Bitmap::new(geometry(80), &populations, 2);
        bitmap.paint(&sample.recordings, 20);
        assert_eq!(bitmap.paint(&sample.recordings, 20), Dirty::Columns(117..117));
        assert_eq!(bitmap.paint(&sample.recordings, 60), Dirty::Columns(117..157));
        let mut fresh = Bitmap::new(geometry(80), &populations, 2);
        fresh.paint(&sample.recordings, 60);
        assert!(bitmap.ring == fresh.ring && bitmap.pixels == fresh.pixels);
    }

    #[test]
    fn patches_are_the_same_pixels_as_the_whole_image() {
        let sample = Sample::two_populations();
        let populations = populations(&sample, &[]);
        let mut bitmap = Bitmap::new(geometry(50), &populations, 3);
        bitmap.paint(&sample.recordings, 40);
        let image = bitmap.image();
        let columns = bitmap.ring().columns();
        assert_eq!(bitmap.stretches(columns.clone()).iter().map(|s| s.len()).sum::<usize>(), 97);
        for (row, patch) in bitmap.patches(columns.start + 3..columns.end) {
            let width = image.size[0];
            assert_eq!(patch.pixels, image.pixels[row * width..(row + patch.size[1]) * width]);
        }
    }

    #[test]
    fn dropping_the_older_half_paints_anew() {
        let mut sample = Sample::two_populations();
        let populations = populations(&sample, &[]);
        let mut bitmap = Bitmap::new(geometry(50), &populations, 3);
        bitmap.paint(&sample.recordings, 0);
        sample.recordings.drop_older_half();
        assert_eq!(bitmap.paint(&sample.recordings, 0), Dirty::All);
        assert_eq!(bitmap.paint(&sample.recordings, 0), Dirty::Columns(97..97), "nothing new");
    }

    #[test]
    fn each_neuron_has_a_mark_in_its_band() {
        let sample = Sample::two_populations();
        let populations = populations(&sample, &[]);
        let high = populations[0].high;
        let geometry = Geometry { y: (0.0, high), ..geometry(600) };
        let owners = owners(&populations, &geometry);
        for (p, population) in populations.iter().enumerate() {
            for place in 0..population.shown() {
                let mark = mark(population, place, &geometry).expect("in view");
                let (top, height) = ((mark >> 8) as usize, (mark & 255) as usize);
                assert!(
                    height >= 2 && owners[top..top + height].iter().all(|o| *o == Some(p)),
                    "{place} at {top} + {height}"
                );
            }
        }
    }

    #[test]
    fn waves_show_where_a_pixel_holds_hundreds_of_spikes() {
        let mut sample = Sample::two_populations();
        let rows = &mut sample.recordings.rows[0];
        // A strong and a weak column by turns, 3000 and 1500 spikes of each neuron.
        let column = 1.0 / 0.31;
        (rows.times, rows.senders) = (0..90)
            .flat_map(|c| {
                (0..if c % 2 == 0 { 3000 } else { 1500 }).map(move |i| ((f64::from(c) + 0.5) * column, i % 100))
            })
            .unzip();
        let populations = populations(&sample, &[]);
        let mut bitmap = Bitmap::new(geometry(20), &populations, 2);
        bitmap.paint(&sample.recordings, 0);
        let height = bitmap.ring.height();
        let (_, stripe) = bitmap.stripes.iter().find(|(owner, _)| *owner == 0).expect("its rows");
        let middle = (stripe.start + stripe.end) / 2;
        let opacity = |c: i64| i32::from(bitmap.pixels[bitmap.ring.place(c) * height + middle].a());
        assert!(bitmap.ring.counts(bitmap.ring.place(2))[middle] > 150);
        assert!(opacity(2) - opacity(3) > 50, "{} and {}", opacity(2), opacity(3));
        assert!(opacity(3) > 60, "the weak one is seen too: {}", opacity(3));
    }
}
