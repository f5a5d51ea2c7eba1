//! Spike trains: the spikes of each neuron by itself.

use std::collections::BTreeMap;

/// The spikes of each sender that fired, senders and times ascending, from the rows of a spike recorder.
///
/// Senders may be of any type that has an order.
pub fn spike_trains<S: Copy + Ord>(spikes: impl IntoIterator<Item = (S, f64)>) -> BTreeMap<S, Vec<f64>> {
    let mut trains: BTreeMap<S, Vec<f64>> = BTreeMap::new();
    for (sender, time) in spikes {
        trains.entry(sender).or_default().push(time);
    }
    // Rows of precise times ascend within a step only after sorting.
    trains.values_mut().for_each(|train| train.sort_by(f64::total_cmp));
    trains
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sender_has_its_spikes_in_order() {
        let trains = spike_trains([(7, 1.0), (2, 1.5), (7, 0.5)]);
        assert_eq!(trains.into_iter().collect::<Vec<_>>(), [(2, vec![1.5]), (7, vec![0.5, 1.0])]);
    }
}
