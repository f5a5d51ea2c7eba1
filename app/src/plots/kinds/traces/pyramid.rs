//! Smallest and largest values of a growing series over any range, without reading every value.

/// Values, or blocks of the level below, that one block stands for.
const FACTOR: usize = 16;

/// Smallest and largest value of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    pub min: f32,
    pub max: f32,
}

impl Extent {
    /// Of no value at all.
    pub const NOTHING: Extent = Extent { min: f32::INFINITY, max: f32::NEG_INFINITY };

    /// Takes one more value in; NaN is ignored.
    pub fn add(&mut self, x: f32) {
        self.min = self.min.min(x);
        self.max = self.max.max(x);
    }

    pub fn merge(&mut self, other: Extent) {
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Whether it holds any value.
    pub fn is_some(&self) -> bool {
        self.min <= self.max
    }
}

/// Extents of blocks of 16, 256, 4096, … values of a series that is stored elsewhere.
///
/// It costs one extent for 15 values. Blocks are entered when they are full; the
/// rest is read from the level below, at last from the values themselves.
#[derive(Clone, Debug, Default)]
pub struct Pyramid {
    /// Number of values seen.
    len: usize,
    levels: Vec<Level>,
}

#[derive(Clone, Debug)]
struct Level {
    full: Vec<Extent>,
    open: Extent,
    /// Entries of the level below in `open`.
    entries: usize,
}

impl Pyramid {
    /// Appends the next value of the series.
    pub fn push(&mut self, x: f32) {
        self.len += 1;
        let mut entry = Extent::NOTHING;
        entry.add(x);
        for level in 0.. {
            if level == self.levels.len() {
                self.levels.push(Level { full: Vec::new(), open: Extent::NOTHING, entries: 0 });
            }
            let level = &mut self.levels[level];
            level.open.merge(entry);
            level.entries += 1;
            if level.entries < FACTOR {
                return;
            }
            entry = std::mem::replace(&mut level.open, Extent::NOTHING);
            level.entries = 0;
            level.full.push(entry);
        }
    }

    /// The extent of the values `from..to`, where `value` reads one of them.
    pub fn extent(&self, from: usize, to: usize, value: impl Fn(usize) -> f32) -> Extent {
        let mut extent = Extent::NOTHING;
        let mut at = from;
        let to = to.min(self.len);
        while at < to {
            match self.largest_block(at, to) {
                Some((block, size)) => {
                    extent.merge(block);
                    at += size;
                }
                None => {
                    extent.add(value(at));
                    at += 1;
                }
            }
        }
        extent
    }

    /// The largest full block that starts at `at` and ends within `to`, with its size in values.
    fn largest_block(&self, at: usize, to: usize) -> Option<(Extent, usize)> {
        let mut best = None;
        let mut size = FACTOR;
        for level in &self.levels {
            if !at.is_multiple_of(size) || at + size > to {
                break;
            }
            match level.full.get(at / size) {
                Some(block) => best = Some((*block, size)),
                None => break,
            }
            size *= FACTOR;
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_reading_every_value() {
        let mut seed = 7u64;
        let mut next = move || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) as usize
        };
        let values: Vec<f32> = (0..9000).map(|_| (next() % 20_001) as f32 / 100.0 - 100.0).collect();
        let mut pyramid = Pyramid::default();
        let mut pushed = 0;
        for _ in 0..600 {
            for _ in 0..(next() % 40) {
                if pushed < values.len() {
                    pyramid.push(values[pushed]);
                    pushed += 1;
                }
            }
            let a = next() % (pushed + 1);
            let b = a + next() % (pushed + 1 - a);
            let mut expected = Extent::NOTHING;
            values[a..b].iter().for_each(|&x| expected.add(x));
            assert_eq!(pyramid.extent(a, b, |i| values[i]), expected, "range {a}..{b} of {pushed}");
        }
        assert_eq!(pushed, values.len());
    }

    #[test]
    fn reads_few_values_of_a_long_series() {
        let mut pyramid = Pyramid::default();
        (0..1_000_000).for_each(|i| pyramid.push(i as f32));
        let reads = std::cell::Cell::new(0);
        let extent = pyramid.extent(3, 999_999, |i| {
            reads.set(reads.get() + 1);
            i as f32
        });
        assert_eq!(extent, Extent { min: 3.0, max: 999_998.0 });
        assert!(reads.get() < 2 * FACTOR, "{} values read", reads.get());
    }
}
