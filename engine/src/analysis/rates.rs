//! Firing rates.

use super::Bins;

/// Mean firing rate of a population in spikes per second and neuron: n / (N T), with n spikes of N neurons in the
/// time T (`duration`, ms). See Gerstner, Kistler, Naud & Paninski (2014), Neuronal Dynamics, section 7.2.
///
/// `None` for no neuron or no time.
pub fn mean_rate(spikes: u64, neurons: u64, duration: f64) -> Option<f64> {
    let neuron_time = neurons as f64 * duration;
    (neuron_time > 0.0).then(|| spikes as f64 / (neuron_time * 1e-3))
}

/// The firing rate of a population over time: its spikes, counted in bins as they arrive, per neuron and width of a bin
/// (population activity A(t); Gerstner et al., 2014, section 7.4; summed over trials it is the PSTH).
#[derive(Clone, Debug, PartialEq)]
pub struct PopulationRate {
    bins: Bins,
    neurons: u64,
    counts: Vec<u32>,
}

impl PopulationRate {
    /// No spikes yet of so many neurons.
    pub fn new(bins: Bins, neurons: u64) -> Self {
        PopulationRate { bins, neurons, counts: Vec::new() }
    }

    /// Counts a spike at `time` (ms); one before the first bin is left out.
    pub fn add(&mut self, time: f64) {
        let Some(bin) = self.bins.index(time) else { return };
        if self.counts.len() <= bin {
            self.counts.resize(bin + 1, 0);
        }
        self.counts[bin] += 1;
    }

    /// Where the bins lie.
    pub fn bins(&self) -> Bins {
        self.bins
    }

    /// Spikes in each bin, up to that of the latest spike.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Spikes per second and neuron in a bin: 0 where no spike has arrived; `None` if there is no neuron.
    pub fn rate(&self, bin: usize) -> Option<f64> {
        let count = self.counts.get(bin).copied().unwrap_or(0);
        mean_rate(u64::from(count), self.neurons, self.bins.width())
    }

    /// The rates of all bins that are over at `time` (ms).
    pub fn rates(&self, time: f64) -> Vec<f64> {
        (0..self.bins.complete(time)).map_while(|bin| self.rate(bin)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_per_neuron_and_second() {
        assert_eq!(mean_rate(8, 2, 1000.0), Some(4.0));
        assert_eq!(mean_rate(0, 2, 1000.0), Some(0.0));
        assert_eq!((mean_rate(1, 0, 1000.0), mean_rate(1, 2, 0.0)), (None, None));
    }

    #[test]
    fn a_population_rate_grows_with_its_spikes() {
        let mut rate = PopulationRate::new(Bins::new(0.0, 5.0).unwrap(), 100);
        for time in [0.1, 4.9, 5.0, 12.0, 12.0] {
            rate.add(time);
        }
        assert_eq!(rate.counts(), [2, 1, 2]);
        // Two spikes of 100 neurons in 5 ms are 4 spikes/s.
        assert_eq!(rate.rate(0), Some(4.0));
        assert_eq!(rate.rates(20.0), [4.0, 2.0, 4.0, 0.0]);
        assert_eq!(rate.rates(9.9), [4.0]);
        assert!(PopulationRate::new(Bins::new(0.0, 5.0).unwrap(), 0).rates(20.0).is_empty());
    }
}
