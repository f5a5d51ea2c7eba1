//! Transitions of binary neurons, read from their spikes: two in one step mean state 1, one means state 0.

use crate::mechanisms::time::Grid;
use crate::recordings::Rows;

/// The column beside time and sender.
pub const SPIN_COLUMN: &str = "state";

/// A spike or several of one sender in one step.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    pub sender: u32,
    pub stamp: i64,
    pub multiplicity: u32,
}

/// Reads states from spikes, slice by slice and within a slice sender by sender, as NEST hands them over.
///
/// A single spike waits for a second of the same sender and step. One of another sender in between is taken for
/// neither and lost: where many neurons switch within a slice, some transitions are not recorded.
#[derive(Clone, Debug)]
pub struct SpinReader {
    /// Length of a slice in steps.
    slice: i64,
    /// What came in the present slice.
    heard: Vec<Heard>,
}

impl SpinReader {
    pub fn new(slice: usize) -> Self {
        SpinReader { slice: slice as i64, heard: Vec::new() }
    }

    pub fn hear(&mut self, heard: Heard) {
        self.heard.push(heard);
    }

    /// Step `stamp` is through: at the end of a slice its transitions go into the rows.
    pub fn end_step(&mut self, stamp: i64, grid: Grid, rows: &mut Rows) {
        if stamp % self.slice != 0 {
            return;
        }
        self.heard.sort_by_key(|heard| (heard.sender, heard.stamp));
        let mut write = |heard: Heard, state: bool| {
            rows.times.push(grid.ms(heard.stamp));
            rows.senders.push(heard.sender);
            rows.values.push(state as u8 as f64);
        };
        let mut waiting: Option<Heard> = None;
        for heard in self.heard.drain(..) {
            let before = waiting.take();
            if let Some(first) = before {
                let second = heard.multiplicity == 1 && (first.sender, first.stamp) == (heard.sender, heard.stamp);
                write(first, second);
            }
            if heard.multiplicity == 2 {
                write(heard, true);
            } else if before.is_none() {
                waiting = Some(heard);
            }
        }
        if let Some(first) = waiting {
            write(first, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doublets_are_ones_and_singles_zeros_unless_they_crowd() {
        let grid = Grid::new(0.1).unwrap();
        let mut reader = SpinReader::new(10);
        let mut rows = Rows::default();
        // Sender, step, spikes: a doublet, two that make one, a single, and one right behind it that is lost.
        for (sender, stamp, multiplicity) in [(2, 3, 1), (1, 4, 1), (0, 2, 2), (0, 5, 1), (0, 5, 1), (3, 6, 1)] {
            reader.hear(Heard { sender, stamp, multiplicity });
            reader.end_step(stamp, grid, &mut rows);
        }
        assert!(rows.times.is_empty(), "the slice is not over");
        reader.end_step(10, grid, &mut rows);
        assert_eq!(rows.senders, [0, 0, 1, 3]);
        assert_eq!(rows.values, [1.0, 1.0, 0.0, 0.0]);
    }
}
