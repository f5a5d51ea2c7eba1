//! The bitmap of a raster as a ring of pixel columns: while the plot scrolls, only the columns
//! that come into view are painted.

use std::ops::Range;

use egui::Color32;

/// Spikes counted by pixel. A column covers a fixed span of time and keeps its absolute number:
/// column `c` lies at `c % width`, so scrolling moves no pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Ring {
    width: usize,
    height: usize,
    /// Absolute number of the leftmost column in view.
    first: i64,
    /// Where that column lies in the texture.
    origin: usize,
    /// Column by column, each from top to bottom.
    counts: Vec<u16>,
}

impl Ring {
    /// An empty ring whose view begins at column `first`; both sizes are at least 1.
    pub fn new(width: usize, height: usize, first: i64) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let origin = first.rem_euclid(width as i64) as usize;
        Ring { width, height, first, origin, counts: vec![0; width * height] }
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.height
    }

    /// The columns in view.
    pub fn columns(&self) -> Range<i64> {
        self.first..self.first + self.width as i64
    }

    /// Where a column lies in the texture.
    pub fn place(&self, column: i64) -> usize {
        column.rem_euclid(self.width as i64) as usize
    }

    /// The same for a column in view, without a division; `None` out of view.
    #[inline]
    fn place_in_view(&self, column: i64) -> Option<usize> {
        let distance = usize::try_from(column - self.first).ok().filter(|d| *d < self.width)?;
        let place = self.origin + distance;
        Some(if place < self.width { place } else { place - self.width })
    }

    /// Moves the view to the right and empties the columns that come in. Returns them.
    pub fn scroll_to(&mut self, first: i64) -> Range<i64> {
        let old_end = self.columns().end;
        self.first = self.first.max(first);
        self.origin = self.place(self.first);
        let new = old_end.max(self.first)..self.columns().end;
        for column in new.clone() {
            let start = self.place(column) * self.height;
            self.counts[start..start + self.height].fill(0);
        }
        new
    }

    /// Marks `height` pixels from `top` down in a column, `times` times. What lies outside is cut off.
    #[inline]
    pub fn mark(&mut self, column: i64, top: usize, height: usize, times: u16) {
        let Some(place) = self.place_in_view(column) else { return };
        let bottom = (top + height).min(self.height);
        for count in &mut self.counts[place * self.height..][top.min(bottom)..bottom] {
            *count = count.saturating_add(times);
        }
    }

    /// The counts of a place in the texture, from top to bottom.
    pub fn counts(&self, place: usize) -> &[u16] {
        &self.counts[place * self.height..(place + 1) * self.height]
    }
}

/// Colours by count, so that overlapping spikes look darker.
#[derive(Clone, Debug, PartialEq)]
pub struct Shades {
    /// Spikes a pixel that get the full colour.
    full: f32,
    steps_per_spike: f32,
    steps: Box<[Color32; 256]>,
}

impl Shades {
    /// Shades of a colour that reach the full colour at `full` spikes a pixel. Where every spike has
    /// a pixel of its own, that is 1; the more share one, the fainter is a single spike.
    pub fn new(color: Color32, full: f32) -> Self {
        let full = full.max(1.0);
        let (faintest, power) = if full <= 4.0 { (0.3, 0.6) } else { ((0.3 / (full / 4.0).sqrt()).max(0.12), 0.9) };
        let steps = std::array::from_fn(|step| match step {
            0 => Color32::TRANSPARENT,
            _ => color.gamma_multiply(faintest + (1.0 - faintest) * (step as f32 / 255.0).powf(power)),
        });
        Shades { full, steps_per_spike: 255.0 / full, steps: Box::new(steps) }
    }

    pub fn full(&self) -> f32 {
        self.full
    }

    #[inline]
    pub fn color(&self, count: u16) -> Color32 {
        let step = (f32::from(count) * self.steps_per_spike).min(255.0);
        // A spike shows, however many share a pixel elsewhere.
        self.steps[if count == 0 { 0 } else { (step as usize).max(1) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scrolling_leaves_what_stays_in_view() {
        let mut ring = Ring::new(5, 2, 10);
        ring.mark(10, 0, 1, 1);
        ring.mark(14, 1, 1, 1);
        assert_eq!(ring.scroll_to(12), 15..17);
        assert_eq!(ring.columns(), 12..17);
        assert_eq!(ring.counts(ring.place(14)), [0, 1]);
        assert_eq!(ring.counts(ring.place(15)), [0, 0], "the place of column 10 was emptied");
    }

    #[test]
    fn a_leap_empties_everything() {
        let mut ring = Ring::new(4, 1, 0);
        (0..4).for_each(|c| ring.mark(c, 0, 1, 1));
        assert_eq!(ring.scroll_to(100), 100..104);
        assert!((0..4).all(|place| ring.counts(place) == [0]));
    }

    #[test]
    fn marks_are_cut_off_at_the_edges() {
        let mut ring = Ring::new(2, 3, 0);
        ring.mark(0, 2, 5, 1);
        ring.mark(-1, 0, 1, 1);
        ring.mark(2, 0, 1, 1);
        assert_eq!(ring.counts(0), [0, 0, 1]);
        assert_eq!(ring.counts(1), [0, 0, 0]);
    }

    #[test]
    fn more_spikes_look_darker() {
        let shades = Shades::new(Color32::RED, 50.0);
        assert!(shades.color(1).a() > 25, "one spike is seen");
        assert!(shades.color(1).a() < shades.color(10).a() && shades.color(10).a() < shades.color(40).a());
        assert_eq!(shades.color(200), Color32::RED);
        assert_eq!(Shades::new(Color32::RED, 1.0).color(1), Color32::RED);
        assert_eq!(shades.color(0), Color32::TRANSPARENT);
    }
}
