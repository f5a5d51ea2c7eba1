//! Lists of cells as people write them: `0, 3, 7-12`.

/// The most cells that one list may name.
const MOST: usize = 100_000;

/// Reads a list of indices and ranges. An empty text is an empty list.
pub fn parse(text: &str) -> Result<Vec<u32>, String> {
    let mut cells = Vec::new();
    for part in text.split([',', ';', ' ']).map(str::trim).filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once(['-', '–']).unwrap_or((part, part));
        let number =
            |s: &str| s.trim().parse::<u32>().map_err(|_| format!("\"{part}\" is neither an index nor a range"));
        let (from, to) = (number(from)?, number(to)?);
        if from > to {
            return Err(format!("\"{part}\" runs backwards"));
        }
        if (to - from) as usize >= MOST {
            return Err(format!("\"{part}\" names more than {MOST} cells"));
        }
        cells.extend(from..=to);
    }
    cells.sort_unstable();
    cells.dedup();
    Ok(cells)
}

/// Writes a list of ascending indices with ranges.
pub fn format(cells: &[u32]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = cells;
    while let [first, ..] = rest {
        let run = rest.iter().zip(*first..).take_while(|(a, b)| **a == *b).count().max(1);
        let last = rest[run - 1];
        match run {
            1 => parts.push(first.to_string()),
            2 => parts.push(format!("{first}, {last}")),
            _ => parts.push(format!("{first}-{last}")),
        }
        rest = &rest[run..];
    }
    parts.join(", ")
}

/// `how_many` of `n` cells, spread evenly by a golden-ratio sequence: looks random, stays the same.
pub fn scattered(how_many: usize, n: usize) -> Vec<u32> {
    let mut cells: Vec<u32> = (1..=n)
        .map(|i| ((i as f64 * 0.618_033_988_75).fract() * n as f64) as u32)
        .scan(std::collections::BTreeSet::new(), |seen, cell| Some(seen.insert(cell).then_some(cell)))
        .flatten()
        .take(how_many)
        .collect();
    cells.sort_unstable();
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["", "0", "0, 3, 7-12", "1, 2", "5-9, 100"] {
            assert_eq!(format(&parse(text).expect(text)), text);
        }
        assert_eq!(parse(" 3,1;1  2 ").as_deref(), Ok(&[1, 2, 3][..]));
    }

    #[test]
    fn nonsense_is_refused_with_a_reason() {
        for text in ["a", "-1", "3-", "9-2", "0-4000000000", "99999999999"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("9-2").unwrap_err(), "\"9-2\" runs backwards");
    }

    #[test]
    fn scattered_cells_exist_and_differ() {
        for (k, n) in [(10, 1000), (10, 3), (0, 5), (5, 0)] {
            let cells = scattered(k, n);
            assert!(cells.len() <= k.min(n) && cells.iter().all(|&c| (c as usize) < n), "{k} {n}: {cells:?}");
            assert!(cells.windows(2).all(|w| w[0] < w[1]));
        }
        assert_eq!(scattered(10, 1000).len(), 10);
    }
}
