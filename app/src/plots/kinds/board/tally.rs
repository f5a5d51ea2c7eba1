//! What the cells of a board hold: spikes of late, counted by option, and what follows from them.

use std::collections::VecDeque;

/// How a population is laid out on a board: row by row, in each cell option by option, each the same number of neurons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    pub rows: usize,
    pub columns: usize,
    pub options: usize,
    /// Rows and columns of a box; 0 where no option is bound to be single.
    pub box_rows: usize,
    pub box_columns: usize,
}

impl Shape {
    pub fn cells(&self) -> usize {
        self.rows * self.columns
    }

    /// How many neurons stand for each option of a cell, if so many fill the board.
    pub fn copies(&self, neurons: usize) -> Option<usize> {
        let needed = self.cells() * self.options;
        (needed > 0 && neurons > 0 && neurons.is_multiple_of(needed)).then(|| neurons / needed)
    }

    /// Whether each option may stand only once in a row, a column and a box.
    pub fn is_bound(&self) -> bool {
        self.box_rows > 0 && self.box_columns > 0
    }

    /// The cells of each row, of each column and of each box.
    pub fn groups(&self) -> Vec<Vec<usize>> {
        if !self.is_bound() {
            return Vec::new();
        }
        let cell = |row: usize, column: usize| row * self.columns + column;
        let rows = (0..self.rows).map(|row| (0..self.columns).map(|column| cell(row, column)).collect());
        let columns = (0..self.columns).map(|column| (0..self.rows).map(|row| cell(row, column)).collect());
        let mut groups: Vec<Vec<usize>> = rows.chain(columns).collect();
        if self.box_rows * self.box_columns > 1 {
            for top in (0..self.rows).step_by(self.box_rows) {
                for left in (0..self.columns).step_by(self.box_columns) {
                    let inside = |(row, column): &(usize, usize)| *row < self.rows && *column < self.columns;
                    let all = (top..top + self.box_rows)
                        .flat_map(|row| (left..left + self.box_columns).map(move |column| (row, column)));
                    groups.push(all.filter(inside).map(|(row, column)| cell(row, column)).collect());
                }
            }
        }
        groups
    }

    /// Cells whose option stands a second time in a row, a column or a box of theirs; 0 stands for none.
    pub fn conflicts(&self, options: &[usize]) -> Vec<bool> {
        let mut found = vec![false; options.len()];
        for group in self.groups() {
            for (i, a) in group.iter().enumerate() {
                for b in group.iter().skip(i + 1) {
                    if options[*a] != 0 && options[*a] == options[*b] {
                        (found[*a], found[*b]) = (true, true);
                    }
                }
            }
        }
        found
    }

    /// How many rows, columns and boxes hold no option twice and no cell without one, and how many there are.
    pub fn right(&self, options: &[usize]) -> (usize, usize) {
        let groups = self.groups();
        let is_right = |group: &&Vec<usize>| {
            let mut seen = vec![false; self.options + 1];
            group.iter().all(|cell| options[*cell] != 0 && !std::mem::replace(&mut seen[options[*cell]], true))
        };
        (groups.iter().filter(is_right).count(), groups.len())
    }
}

/// What a cell shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Held {
    /// From 1; 0 while no neuron of the cell has fired of late, or two options are equal.
    pub option: usize,
    /// The share of the spikes of the cell that its neurons have sent.
    pub share: f64,
}

/// The spikes of late.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Time, and cell times options plus option.
    spikes: VecDeque<(f64, u32)>,
    counts: Vec<u32>,
    options: usize,
}

impl Tally {
    pub fn new(shape: &Shape) -> Tally {
        let counts = vec![0; shape.cells() * shape.options];
        Tally { spikes: VecDeque::new(), counts, options: shape.options }
    }

    /// A spike of a neuron that stands for this option of a cell, both together counted from 0.
    pub fn add(&mut self, time: f64, place: usize) {
        if let Some(count) = self.counts.get_mut(place) {
            *count += 1;
            self.spikes.push_back((time, place as u32));
        }
    }

    /// Forgets what was earlier.
    pub fn forget_before(&mut self, time: f64) {
        while let Some((_, place)) = self.spikes.front().copied().filter(|(at, _)| *at <= time) {
            self.spikes.pop_front();
            self.counts[place as usize] -= 1;
        }
    }

    /// What each cell holds.
    pub fn held(&self) -> Vec<Held> {
        let held = |counts: &[u32]| {
            let most = counts.iter().copied().max().unwrap_or(0);
            let total: u32 = counts.iter().sum();
            let alone = counts.iter().filter(|count| **count == most).count() == 1;
            let place = counts.iter().position(|count| *count == most && most > 0 && alone);
            let share = if total > 0 { f64::from(most) / f64::from(total) } else { 0.0 };
            place.map_or(Held::default(), |place| Held { option: place + 1, share })
        };
        self.counts.chunks(self.options.max(1)).map(held).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUDOKU: Shape = Shape { rows: 9, columns: 9, options: 9, box_rows: 3, box_columns: 3 };

    /// A board that is solved: each row is the one above it moved on.
    fn solved() -> Vec<usize> {
        (0..81).map(|cell| (cell / 9 * 3 + cell / 27 + cell % 9) % 9 + 1).collect()
    }

    #[test]
    fn a_solved_board_has_no_conflicts() {
        assert_eq!(SUDOKU.right(&solved()), (27, 27));
        assert!(!SUDOKU.conflicts(&solved()).contains(&true));
        let mut wrong = solved();
        wrong[0] = wrong[1];
        let conflicts = SUDOKU.conflicts(&wrong);
        assert!(conflicts[0] && conflicts[1] && !conflicts[80]);
        assert_eq!(SUDOKU.right(&wrong).0, 24, "a row, a column and a box are wrong");
        wrong[0] = 0;
        assert!(!SUDOKU.conflicts(&wrong).contains(&true), "an empty cell has no conflicts");
        assert_eq!(SUDOKU.right(&wrong).0, 24, "but it is not right");
    }

    #[test]
    fn boards_without_boxes_know_rows_and_columns_only_or_no_rule() {
        assert_eq!(Shape { box_rows: 1, box_columns: 1, ..SUDOKU }.groups().len(), 18);
        assert_eq!(Shape { box_rows: 0, ..SUDOKU }.groups().len(), 0);
        assert_eq!(SUDOKU.copies(3645), Some(5));
        assert_eq!(SUDOKU.copies(3646), None);
    }

    #[test]
    fn a_cell_holds_the_option_whose_neurons_fired_most_of_late() {
        let shape = Shape { rows: 1, columns: 2, options: 3, box_rows: 0, box_columns: 0 };
        let mut tally = Tally::new(&shape);
        for (time, place) in [(1.0, 0), (2.0, 0), (3.0, 1), (4.0, 5), (9.0, 1)] {
            tally.add(time, place);
        }
        assert_eq!(tally.held()[0], Held::default(), "two spikes each");
        assert_eq!(tally.held()[1], Held { option: 3, share: 1.0 });
        tally.forget_before(2.0);
        assert_eq!(tally.held()[0], Held { option: 2, share: 1.0 });
        tally.forget_before(4.0);
        assert_eq!(tally.held()[1], Held::default(), "silent");
    }
}
