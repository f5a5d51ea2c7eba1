//! Samples that recorders and plastic synapses ask of neurons.

use std::ops::Range;

use crate::description::Quantity;

/// What one multimeter samples in a chunk.
#[derive(Clone)]
pub struct Probe {
    pub meter: usize,
    pub variables: Vec<Quantity>,
    /// Neuron within the chunk and its place among the meter's senders, by neuron.
    pub neurons: Vec<(u32, u32)>,
    /// For each time sampled in the span, each neuron, each variable.
    pub values: Vec<f64>,
    /// Times sampled in the span before the part in work.
    pub taken: usize,
}

impl Probe {
    /// Writes the samples of some neurons at step `i` of a part of the span; `of` tells a recordable of a neuron.
    pub fn take(&mut self, due: u64, i: usize, neurons: Range<usize>, of: impl Fn(usize, usize) -> f64) {
        if due >> i & 1 == 0 {
            return;
        }
        let width = self.variables.len();
        let first = self.place(due, i);
        for j in self.of_block(neurons) {
            let neuron = self.neurons[j].0 as usize;
            for (v, variable) in self.variables.iter().enumerate() {
                self.values[first + j * width + v] = of(neuron, variable.declared);
            }
        }
    }

    /// The places of these neurons among those that are sampled.
    pub(crate) fn of_block(&self, neurons: Range<usize>) -> Range<usize> {
        let before = |end: usize| self.neurons.partition_point(|(neuron, _)| (*neuron as usize) < end);
        before(neurons.start)..before(neurons.end)
    }

    /// Where the samples of step `i` of a part of the span begin.
    pub(crate) fn place(&self, due: u64, i: usize) -> usize {
        let ordinal = self.taken + (due & ((1u64 << i) - 1)).count_ones() as usize;
        ordinal * self.neurons.len() * self.variables.len()
    }
}
