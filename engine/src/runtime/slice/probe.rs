//! Samples that recorders and plastic synapses ask of neurons.

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
    /// Writes the samples of step `i` of a part of the span; `of` tells a recordable of a neuron.
    pub fn take(&mut self, due: u64, i: usize, of: impl Fn(usize, usize) -> f64) {
        if due >> i & 1 == 0 {
            return;
        }
        let width = self.variables.len();
        let first = self.place(due, i);
        for (j, (neuron, _)) in self.neurons.iter().enumerate() {
            for (v, variable) in self.variables.iter().enumerate() {
                self.values[first + j * width + v] = of(*neuron as usize, variable.declared);
            }
        }
    }

    /// Where the samples of step `i` of a part of the span begin.
    pub(crate) fn place(&self, due: u64, i: usize) -> usize {
        let ordinal = self.taken + (due & ((1u64 << i) - 1)).count_ones() as usize;
        ordinal * self.neurons.len() * self.variables.len()
    }
}
