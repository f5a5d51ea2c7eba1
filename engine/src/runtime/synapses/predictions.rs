//! The history that dendritic prediction learning reads: for every step, by how much the spikes of the soma exceeded
//! what the potential of the dendrite predicted; and the constants of the dendrite.
//!
//! Urbanczik & Senn 2014, Neuron 81:521.

use std::collections::VecDeque;

use crate::mechanisms::time::Grid;
use crate::runtime::synapses::histories::{History, OfTarget, Opening, SampledHistory, Samples, TargetParameters};
use crate::runtime::table::Row;

/// The parameters of neurons that this history reads. A neuron model that keeps it makes sure to have them.
pub const PARAMETERS: [&str; 4] = ["dendritic.C_m", "dendritic.g_L", "dendritic.tau_syn_ex", "dendritic.tau_syn_in"];

/// Constants of a dendrite.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dendrite {
    /// pF.
    pub capacitance: f64,
    /// nS.
    pub leak: f64,
    /// Time constants of its synapses, ms.
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

impl SampledHistory for Predictions {
    const QUANTITIES: &'static [&'static str] = &["prediction_error"];

    fn open(opening: &Opening<'_>) -> Predictions {
        let dendrites = (0..opening.neurons).map(|i| Dendrite::of(&opening.parameters.of(i))).collect();
        Predictions { grid: opening.grid, dendrites, first: 1, errors: VecDeque::new() }
    }
}

impl History for Predictions {
    fn set_parameters(&mut self, parameters: TargetParameters<'_>) {
        self.dendrites.iter_mut().enumerate().for_each(|(i, dendrite)| *dendrite = Dendrite::of(&parameters.of(i)));
    }

    fn note(&mut self, _: i64, samples: Samples<'_>) {
        self.errors.extend(samples.by_neuron().flatten());
    }

    fn forget_before(&mut self, horizon: f64) {
        let n = self.dendrites.len();
        let kept = (self.errors.len() / n) as i64;
        let gone = (self.grid.delay(horizon) - self.first).clamp(0, kept);
        self.errors.drain(..gone as usize * n);
        self.first += gone;
    }

    fn bytes(&self) -> usize {
        self.errors.capacity() * 8 + self.dendrites.len() * size_of::<Dendrite>()
    }

    fn clone_box(&self) -> Box<dyn History> {
        Box::new(self.clone())
    }
}

/// What a synapse reads of its target's dendrite.
impl<'a> OfTarget<'a, Predictions> {
    pub fn dendrite(self) -> Dendrite {
        self.history.dendrites[self.target]
    }

    /// Time (ms, at the soma) and error of the steps after `from` up to and including `to`, oldest first.
    pub fn errors(self, from: f64, to: f64) -> impl Iterator<Item = (f64, f64)> + Clone + 'a {
        let Predictions { grid, dendrites, first, errors } = self.history;
        let n = dendrites.len();
        let begin = (grid.delay(from) + 1).max(*first);
        let end = grid.delay(to).min(first + (errors.len() / n) as i64 - 1);
        (begin..=end).map(move |stamp| (grid.ms(stamp), errors[(stamp - first) as usize * n + self.target]))
    }
}

impl Dendrite {
    fn of(p: &Row<'_>) -> Dendrite {
        let [capacitance, leak, tau_ex, tau_in] = PARAMETERS.map(|name| p.named(name));
        Dendrite { capacitance, leak, tau_ex, tau_in }
    }
}
