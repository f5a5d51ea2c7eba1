//! What dendritic prediction learning reads of its targets: by how much the spikes of each step exceeded what the
//! dendrite predicted, and the constants of the dendrite.
//!
//! Urbanczik & Senn 2014, Neuron 81:521.

use std::collections::VecDeque;

use crate::mechanisms::time::Grid;
use crate::runtime::neurons::dynamics::Lookup;

/// The recordable of the target that is noted.
pub const QUANTITIES: [&str; 1] = ["prediction_error"];

/// Constants of a dendrite.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dendrite {
    /// pF.
    pub capacitance: f64,
    /// nS.
    pub leak: f64,
    /// ms.
    pub tau_ex: f64,
    pub tau_in: f64,
}

#[derive(Clone, Debug)]
pub struct Predictions {
    grid: Grid,
    dendrites: Vec<Dendrite>,
    /// Stamp of the oldest step that is kept.
    first: i64,
    /// Errors of all neurons, step after step.
    errors: VecDeque<f64>,
}

impl Predictions {
    pub fn new<L: Lookup>(grid: Grid, n: usize, parameters: impl Fn(usize) -> L) -> Predictions {
        let dendrites = (0..n).map(|i| Dendrite::of(&parameters(i))).collect();
        Predictions { grid, dendrites, first: 1, errors: VecDeque::new() }
    }

    pub fn set_parameters<L: Lookup>(&mut self, parameters: impl Fn(usize) -> L) {
        self.dendrites.iter_mut().enumerate().for_each(|(i, dendrite)| *dendrite = Dendrite::of(&parameters(i)));
    }

    pub fn dendrite(&self, neuron: usize) -> Dendrite {
        self.dendrites[neuron]
    }

    /// The end of the step after the last one noted: the errors of all neurons.
    pub fn note(&mut self, errors: &[f64]) {
        self.errors.extend(errors);
    }

    /// Forgets what no query about a time from `horizon` (ms) on can ask for.
    pub fn forget_before(&mut self, horizon: f64) {
        let n = self.dendrites.len();
        let kept = (self.errors.len() / n) as i64;
        let gone = (self.grid.delay(horizon) - self.first).clamp(0, kept);
        self.errors.drain(..gone as usize * n);
        self.first += gone;
    }

    /// Time (ms) and error of the steps of a neuron after `from` up to and including `to` (ms), oldest first.
    pub fn errors(&self, neuron: usize, from: f64, to: f64) -> impl Iterator<Item = (f64, f64)> {
        let n = self.dendrites.len();
        let begin = (self.grid.delay(from) + 1).max(self.first);
        let end = self.grid.delay(to).min(self.first + (self.errors.len() / n) as i64 - 1);
        (begin..=end).map(move |stamp| (self.grid.ms(stamp), self.errors[(stamp - self.first) as usize * n + neuron]))
    }

    pub fn bytes(&self) -> usize {
        self.errors.capacity() * 8 + self.dendrites.len() * size_of::<Dendrite>()
    }
}

impl Dendrite {
    fn of(p: &dyn Lookup) -> Dendrite {
        Dendrite {
            capacitance: p.real("dendritic.C_m"),
            leak: p.real("dendritic.g_L"),
            tau_ex: p.real("dendritic.tau_syn_ex"),
            tau_in: p.real("dendritic.tau_syn_in"),
        }
    }
}
