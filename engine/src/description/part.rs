//! Parts of populations: slices and lists of cells.

use std::str::FromStr;
use std::sync::Arc;

/// Which cells of a population a projection concerns.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Part {
    #[default]
    Whole,
    /// From one place to before another, as Python's slices: negative places count from the end.
    Slice { start: i64, stop: Option<i64>, step: u64 },
    /// Numbers of cells from 0, ascending.
    List(Arc<[u32]>),
}

/// The cells of a part, in their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// So many, at equal distances.
    Run {
        first: usize,
        step: usize,
        n: usize,
    },
    List(Arc<[u32]>),
}

impl Part {
    /// From `start` to before `stop`.
    pub fn range(cells: std::ops::Range<usize>) -> Part {
        Part::Slice { start: cells.start as i64, stop: Some(cells.end as i64), step: 1 }
    }

    pub fn list(cells: impl IntoIterator<Item = u32>) -> Part {
        Part::List(cells.into_iter().collect())
    }

    /// The cells of a population of `n`.
    ///
    /// # Errors
    /// What is wrong with the part, and the cure.
    pub fn cells(&self, n: usize) -> Result<Cells, String> {
        match self {
            Part::Whole => Ok(Cells::Run { first: 0, step: 1, n }),
            Part::Slice { start, stop, step } => {
                let (size, end) = (n as i64, stop.unwrap_or(n as i64));
                if *step == 0 {
                    return Err("step must be at least 1".into());
                }
                let place = |x: i64| if x < 0 { x.saturating_add(size) } else { x };
                let (first, last) = (place(*start), place(end));
                for (name, given, is, most) in [("start", *start, first, size - 1), ("stop", end, last, size)] {
                    if !(0..=most).contains(&is) {
                        return Err(format!("{name} must be from {} to {most}, for there are {n}; is {given}", -size));
                    }
                }
                if first >= last {
                    return Err(format!("holds no cell: start ({start}) must lie before stop ({end})"));
                }
                let (first, span, step) = (first as usize, (last - first) as usize, *step);
                let step = usize::try_from(step).unwrap_or(usize::MAX).min(n);
                Ok(Cells::Run { first, step, n: span.div_ceil(step) })
            }
            Part::List(cells) => {
                if cells.is_empty() {
                    return Err("holds no cell; leave it out for all of them".into());
                }
                if let Some(beyond) = cells.iter().find(|cell| **cell as usize >= n) {
                    return Err(format!("there is no cell {beyond} among {n}, counted from 0"));
                }
                match cells.windows(2).find(|pair| pair[0] >= pair[1]) {
                    Some([a, b]) if a == b => Err(format!("cell {a} is listed twice; list each once")),
                    Some([a, b]) => Err(format!("cells are listed in ascending order, but {b} comes after {a}")),
                    _ => Ok(Cells::List(cells.clone())),
                }
            }
        }
    }

    /// How it stands behind a name: `[0:50:2]`, `[3, 5, 8]`; empty for the whole.
    pub fn label(&self) -> String {
        match self {
            Part::Whole => String::new(),
            Part::Slice { start, stop, step } => {
                let start = if *start == 0 { String::new() } else { start.to_string() };
                let stop = stop.map_or_else(String::new, |stop| stop.to_string());
                if *step == 1 { format!("[{start}:{stop}]") } else { format!("[{start}:{stop}:{step}]") }
            }
            Part::List(cells) if cells.len() > 6 => format!("[{}, … {} cells]", cells[0], cells.len()),
            Part::List(cells) => {
                format!("[{}]", cells.iter().map(u32::to_string).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

impl FromStr for Part {
    type Err = String;

    /// Reads `all`, `0:50:2` or `3, 5, 8`, with or without brackets.
    fn from_str(text: &str) -> Result<Part, String> {
        let text = text.trim().trim_start_matches('[').trim_end_matches(']').trim();
        let refused = || "write `all`, a slice such as `0:50` or `0:50:2`, or cells such as `3, 5, 8`".to_owned();
        if text.is_empty() || text == "all" {
            return Ok(Part::Whole);
        }
        if !text.contains(':') {
            let cells = text.split(',').map(|cell| cell.trim().parse::<u32>());
            return cells.collect::<Result<Vec<u32>, _>>().map(Part::list).map_err(|_| refused());
        }
        let places: Vec<&str> = text.split(':').map(str::trim).collect();
        let number = |place: Option<&&str>| match place {
            None | Some(&"") => Ok(None),
            Some(place) => place.parse::<i32>().map(|place| Some(i64::from(place))).map_err(|_| refused()),
        };
        let (start, stop, step) = (number(places.first())?, number(places.get(1))?, number(places.get(2))?);
        let step = u64::try_from(step.unwrap_or(1)).map_err(|_| refused())?;
        if places.len() > 3 {
            return Err(refused());
        }
        Ok(Part::Slice { start: start.unwrap_or(0), stop, step })
    }
}

impl Cells {
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn len(&self) -> usize {
        match self {
            Cells::Run { n, .. } => *n,
            Cells::List(cells) => cells.len(),
        }
    }

    /// The cell at a place.
    pub fn at(&self, place: usize) -> usize {
        match self {
            Cells::Run { first, step, .. } => first + place * step,
            Cells::List(cells) => cells[place] as usize,
        }
    }

    /// How many of them have a smaller number than `cell`.
    pub fn below(&self, cell: usize) -> usize {
        match self {
            Cells::Run { first, step, n } => cell.saturating_sub(*first).div_ceil(*step).min(*n),
            Cells::List(cells) => cells.partition_point(|other| (*other as usize) < cell),
        }
    }

    /// The place of a cell; `None` if it is none of them.
    pub fn place(&self, cell: usize) -> Option<usize> {
        let place = self.below(cell);
        (place < self.len() && self.at(place) == cell).then_some(place)
    }

    /// Whether they are all cells of a population of `n`.
    pub fn is_all(&self, n: usize) -> bool {
        self.len() == n
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.len()).map(|place| self.at(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(start: i64, stop: Option<i64>, step: u64) -> Part {
        Part::Slice { start, stop, step }
    }
    fn of_ten(part: &Part) -> Result<Vec<usize>, String> {
        part.cells(10).map(|cells| cells.iter().collect())
    }

    #[test]
    fn slices_are_those_of_nest() {
        assert_eq!(of_ten(&slice(2, Some(8), 2)), Ok(vec![2, 4, 6]));
        assert_eq!(of_ten(&slice(-3, None, 1)), Ok(vec![7, 8, 9]));
        assert_eq!(of_ten(&slice(0, Some(-8), 1)), Ok(vec![0, 1]));
        assert_eq!(of_ten(&slice(0, Some(10), 20)), Ok(vec![0]));
        assert_eq!(of_ten(&Part::Whole).map(|cells| cells.len()), Ok(10));
        for (part, why) in [
            (slice(0, Some(11), 1), "stop must be from -10 to 10, for there are 10; is 11"),
            (slice(-20, Some(5), 1), "start must be from -10 to 9, for there are 10; is -20"),
            (slice(5, Some(5), 1), "holds no cell"),
            (slice(0, None, 0), "step must be at least 1"),
            (Part::list([5, 3]), "ascending order, but 3 comes after 5"),
            (Part::list([3, 3]), "cell 3 is listed twice"),
            (Part::list([3, 10]), "there is no cell 10 among 10"),
            (Part::list([]), "holds no cell"),
        ] {
            let error = of_ten(&part).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn cells_have_their_places() {
        for part in [Part::Whole, slice(1, Some(9), 3), Part::list([0, 3, 4, 9])] {
            let cells = part.cells(10).unwrap();
            let all: Vec<usize> = cells.iter().collect();
            for cell in 0..10 {
                assert_eq!(cells.place(cell), all.iter().position(|other| *other == cell), "{part:?} {cell}");
                assert_eq!(cells.below(cell), all.iter().filter(|other| **other < cell).count(), "{part:?} {cell}");
            }
        }
        for part in [Part::Whole, slice(1, Some(9), 3), slice(-5, None, 1), Part::list([0, 3, 9])] {
            assert_eq!(part.label().parse(), Ok(part));
        }
        for text in ["1:2:3:4", "a", "1:b", "0:5:-1", "1.5"] {
            assert!(text.parse::<Part>().is_err(), "{text}");
        }
        assert_eq!(slice(1, Some(9), 3).label(), "[1:9:3]");
        assert_eq!(slice(0, Some(50), 1).label(), "[:50]");
        assert_eq!(Part::list([3, 5]).label(), "[3, 5]");
    }
}
