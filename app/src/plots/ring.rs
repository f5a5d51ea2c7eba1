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
    /// Column by column, each from top to bottom.
    counts: Vec<u8>,
}

impl Ring {
    /// An empty ring whose view begins at column `first`; both sizes are at least 1.
    pub fn new(width: usize, height: usize, first: i64) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        Ring { width, height, first, counts: vec![0; width * height] }
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

    /// Moves the view to the right and empties the columns that come in. Returns them.
    pub fn scroll_to(&mut self, first: i64) -> Range<i64> {
        let old_end = self.columns().end;
        self.first = self.first.max(first);
        let new = old_end.max(self.first)..self.columns().end;
        for column in new.clone() {
            let start = self.place(column) * self.height;
            self.counts[start..start + self.height].fill(0);
        }
        new
    }

    /// Marks `height` pixels from `top` down in a column, `times` times. What lies outside is cut off.
    #[inline]
    pub fn mark(&mut self, column: i64, top: usize, height: usize, times: u8) {
        if !self.columns().contains(&column) {
            return;
        }
        let start = self.place(column) * self.height;
        let bottom = (top + height).min(self.height);
        for row in top..bottom {
            let count = &mut self.counts[start + row];
            *count = count.saturating_add(times);
        }
    }

    /// The counts of a place in the texture, from top to bottom.
    pub fn counts(&self, place: usize) -> &[u8] {
        &self.counts[place * self.height..(place + 1) * self.height]
    }
}

/// Colours by count, so that overlapping spikes look darker.
#[derive(Clone, Debug, PartialEq)]
pub struct Shades([Color32; 5]);

impl Shades {
    /// Shades of a colour. Where every neuron has a pixel of its own, one spike has the full colour.
    pub fn new(color: Color32, own_pixel: bool) -> Self {
        let opacity = if own_pixel { [0.0, 1.0, 1.0, 1.0, 1.0] } else { [0.0, 0.5, 0.7, 0.85, 1.0] };
        Shades(opacity.map(|o| if o == 0.0 { Color32::TRANSPARENT } else { color.gamma_multiply(o) }))
    }

    #[inline]
    pub fn color(&self, count: u8) -> Color32 {
        self.0[usize::from(count.min(4))]
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
        let shades = Shades::new(Color32::RED, false);
        assert!(shades.color(1).a() < shades.color(2).a());
        assert_eq!(shades.color(200), Color32::RED);
        assert_eq!(shades.color(0), Color32::TRANSPARENT);
    }
}
