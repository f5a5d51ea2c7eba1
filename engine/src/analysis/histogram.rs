//! Histograms of values that arrive one after the other.

use super::Bins;

/// How often values lie in each bin, such as inter-spike intervals; grows as they arrive.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    bins: Bins,
    most: usize,
    counts: Vec<u64>,
    beyond: u64,
}

impl Histogram {
    /// An empty histogram with at most `most` bins; what lies beyond them is counted, but not by size.
    pub fn new(bins: Bins, most: usize) -> Self {
        Histogram { bins, most, counts: Vec::new(), beyond: 0 }
    }

    /// Takes one value; one below the first bin is left out.
    pub fn add(&mut self, value: f64) {
        let Some(bin) = self.bins.index(value) else { return };
        if bin >= self.most {
            self.beyond += 1;
            return;
        }
        if self.counts.len() <= bin {
            self.counts.resize(bin + 1, 0);
        }
        self.counts[bin] += 1;
    }

    /// Where the bins lie.
    pub fn bins(&self) -> Bins {
        self.bins
    }

    /// Values in each bin, up to the last one that has any.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Values beyond all bins.
    pub fn beyond(&self) -> u64 {
        self.beyond
    }

    /// All values, those beyond the bins too.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum::<u64>() + self.beyond
    }

    /// Share of all values that lie in a bin, over the width of the bin (1/ms for times): an estimate of the
    /// probability density. `None` if there are no values.
    pub fn density(&self, bin: usize) -> Option<f64> {
        let total = self.total();
        let count = self.counts.get(bin).copied().unwrap_or(0);
        (total > 0).then(|| count as f64 / (total as f64 * self.bins.width()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_by_bin() {
        let mut histogram = Histogram::new(Bins::new(0.0, 2.0).unwrap(), 3);
        assert_eq!((histogram.total(), histogram.density(0)), (0, None));
        for value in [0.0, 1.9, 2.0, 5.9, 6.0, 1e9, -1.0] {
            histogram.add(value);
        }
        assert_eq!((histogram.counts(), histogram.beyond(), histogram.total()), (&[2, 1, 1][..], 2, 6));
        assert_eq!((histogram.density(0), histogram.density(5)), (Some(2.0 / 12.0), Some(0.0)));
    }
}
