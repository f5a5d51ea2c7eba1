//! Inter-spike intervals of many neurons as their spikes arrive.

use super::Moments;
use super::irregularity::local_variation;
use super::moments::mean;

/// The inter-spike intervals of a population, neuron by neuron, as spikes arrive: what is needed for their
/// regularity, in a few numbers a neuron however long the run is.
#[derive(Clone, Debug, PartialEq)]
pub struct Intervals {
    neurons: Vec<Neuron>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Neuron {
    /// Time of its latest spike, ms.
    latest: Option<f64>,
    /// Its latest interval, ms.
    interval: Option<f64>,
    all: Moments,
    /// Sum of the local variations of successive intervals.
    local: f64,
}

impl Intervals {
    /// No spikes yet of so many neurons.
    pub fn new(neurons: usize) -> Self {
        Intervals { neurons: vec![Neuron::default(); neurons] }
    }

    /// Takes a spike at `time` (ms) of a neuron, by its index in the population, and gives back the interval that it
    /// ends; `None` for the neuron's first spike, or if there is no such neuron. The spikes of each neuron arrive in order.
    pub fn add(&mut self, neuron: usize, time: f64) -> Option<f64> {
        let neuron = self.neurons.get_mut(neuron)?;
        let interval = time - neuron.latest.replace(time)?;
        neuron.all.add(interval);
        if let Some(before) = neuron.interval.replace(interval) {
            neuron.local += local_variation(before, interval);
        }
        Some(interval)
    }

    /// How many intervals there are.
    pub fn count(&self) -> u64 {
        self.neurons.iter().map(|neuron| neuron.all.count()).sum()
    }

    /// How many intervals of a neuron there are.
    pub fn count_of(&self, neuron: usize) -> u64 {
        self.neurons.get(neuron).map_or(0, |neuron| neuron.all.count())
    }

    /// The mean of all intervals, ms; `None` if there is none.
    pub fn mean(&self) -> Option<f64> {
        let sum = |neuron: &Neuron| neuron.all.mean().map(|mean| mean * neuron.all.count() as f64);
        let n = self.count();
        (n > 0).then(|| self.neurons.iter().filter_map(sum).sum::<f64>() / n as f64)
    }

    /// The coefficient of variation of a neuron's intervals, as [`cv`](super::cv).
    pub fn cv(&self, neuron: usize) -> Option<f64> {
        let all = &self.neurons.get(neuron)?.all;
        let mean = all.mean().filter(|mean| *mean > 0.0 && all.count() >= 2)?;
        Some(all.variance()?.sqrt() / mean)
    }

    /// The local variation of a neuron's intervals, as [`lv`](super::lv).
    pub fn lv(&self, neuron: usize) -> Option<f64> {
        let neuron = self.neurons.get(neuron)?;
        let pairs = neuron.all.count().checked_sub(1).filter(|pairs| *pairs > 0)?;
        Some(3.0 * neuron.local / pairs as f64)
    }

    /// The mean CV of the neurons with `fewest` intervals or more, as [`mean_cv`](super::mean_cv); `None` if none has.
    pub fn mean_cv(&self, fewest: usize) -> Option<f64> {
        self.mean_of(fewest, Self::cv)
    }

    /// The mean local variation of the neurons with `fewest` intervals or more; `None` if none has.
    pub fn mean_lv(&self, fewest: usize) -> Option<f64> {
        self.mean_of(fewest, Self::lv)
    }

    fn mean_of(&self, fewest: usize, measure: impl Fn(&Self, usize) -> Option<f64>) -> Option<f64> {
        let enough = |i: &usize| self.neurons[*i].all.count() >= fewest as u64;
        let values: Vec<f64> =
            (0..self.neurons.len()).filter(enough).filter_map(|neuron| measure(self, neuron)).collect();
        mean(&values)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{cv, intervals, lv};
    use super::*;

    /// Intervals 1, 3, 1, 3, 1, 3 ms.
    const TRAIN: [f64; 7] = [0.0, 1.0, 4.0, 5.0, 8.0, 9.0, 12.0];

    #[test]
    fn there_is_one_interval_fewer_than_spikes() {
        assert_eq!(intervals(&TRAIN), [1.0, 3.0, 1.0, 3.0, 1.0, 3.0]);
        assert!(intervals(&[5.0]).is_empty() && intervals(&[]).is_empty());
    }

    #[test]
    fn intervals_that_arrive_are_those_of_the_train() {
        let mut arriving = Intervals::new(3);
        assert_eq!((arriving.count(), arriving.mean(), arriving.mean_cv(1)), (0, None, None));
        let told: Vec<f64> = TRAIN.iter().filter_map(|time| arriving.add(1, *time)).collect();
        assert_eq!(told, intervals(&TRAIN));
        assert_eq!((arriving.add(0, 3.0), arriving.add(3, 3.0)), (None, None));
        assert_eq!(arriving.add(0, 7.0), Some(4.0));
        assert_eq!((arriving.count(), arriving.mean()), (7, Some(16.0 / 7.0)));
        assert!((arriving.cv(1).unwrap() - cv(&told).unwrap()).abs() < 1e-15);
        assert!((arriving.lv(1).unwrap() - lv(&told).unwrap()).abs() < 1e-15);
        assert_eq!((arriving.cv(0), arriving.lv(0), arriving.cv(2)), (None, None, None), "too few intervals");
        assert_eq!((arriving.mean_cv(5), arriving.mean_lv(5)), (arriving.cv(1), arriving.lv(1)));
        assert_eq!(arriving.mean_cv(7), None);
    }
}
