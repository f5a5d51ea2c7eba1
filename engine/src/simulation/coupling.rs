//! Populations that see each other all the time: they step together.
//!
//! In each step of a slice every coupled population shows its signal; the signals pass the rows of the
//! projections that carry them, into the rings of the targets; then every coupled chunk makes its step.
//! A signal without delay thus acts in the very step at whose beginning it is shown. This is the fixed
//! point of the waveform relaxation that distributed simulators iterate to.
//!
//! Hahne et al. 2015, Front Neuroinform 9:22; Hahne et al. 2017, Front Neuroinform 11:34.

use std::sync::Arc;

use super::chunk::{Chunk, Neurons, Span};
use super::devices::Devices;
use super::inputs::Inputs;
use super::rows::Rows;
use crate::models::Inlet;

/// Where a signal comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Index of the population.
    Population(usize),
    /// Node of a generator of rates.
    Device(usize),
}

/// When what is shown at the beginning of a step acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lag {
    /// In the same step.
    None,
    /// So many steps after the synapse's delay; less than none for signals that are stored for one step,
    /// and for generators, whose delay counts from the slice.
    Delayed(i64),
}

/// The synapses of a projection that carries a signal onto a chunk.
#[derive(Clone)]
pub struct Coupling {
    pub projection: usize,
    pub from: Shown,
    pub inlet: Inlet,
    pub rows: Arc<Rows>,
    /// In place of the rows' weights, where there is one.
    pub factor: Option<f64>,
    pub lag: Lag,
    /// The first step whose signals are passed on.
    pub from_step: i64,
    /// What was shown in the step before is passed on.
    pub late: bool,
    pub muted: bool,
}

/// What the coupled populations have shown.
#[derive(Clone, Default)]
pub struct Signals {
    /// By population: the values at the beginning of the step; empty for populations that show none.
    pub shown: Vec<Vec<f64>>,
    /// The values of the step before.
    pub before: Vec<Vec<f64>>,
}

impl Signals {
    /// Takes over what the chunks show at the beginning of a step.
    fn show(&mut self, chunks: &mut [&mut Chunk]) {
        std::mem::swap(&mut self.shown, &mut self.before);
        for chunk in chunks {
            let shown = &mut self.shown[chunk.population];
            if !shown.is_empty() {
                chunk.neurons.show(&mut shown[chunk.first..chunk.first + chunk.n]);
            }
        }
    }
}

impl Coupling {
    /// Passes the signals shown at the beginning of `step` on to the rings of the chunk.
    fn pass(&self, signals: &Signals, devices: &Devices, step: i64, neurons: &dyn Neurons, inputs: &mut Inputs) {
        if self.muted || step < self.from_step {
            return;
        }
        let mut seen = Vec::new();
        for source in 0..self.rows.starts.len() - 1 {
            let row = self.rows.row(source);
            if row.is_empty() {
                continue;
            }
            let value = match self.from {
                Shown::Device(node) => devices.rate(node, source, step),
                Shown::Population(p) if self.late => signals.before[p][source],
                Shown::Population(p) => signals.shown[p][source],
            };
            let targets = &self.rows.targets[row.clone()];
            let shaped = neurons.see(targets, value, &mut seen);
            for (j, i) in row.enumerate() {
                let weight = self.factor.unwrap_or_else(|| self.rows.weight(i));
                let at = match self.lag {
                    Lag::None => step,
                    Lag::Delayed(more) => step + self.rows.delay(i) as i64 + more,
                };
                let inlet = self.inlet.first + (self.inlet.signed && weight < 0.0) as usize;
                inputs.add(inlet, at, targets[j], weight * if shaped { seen[j] } else { value });
            }
        }
    }
}

/// Shows the signals at the beginning of `step` and passes them on.
pub fn exchange(chunks: &mut [&mut Chunk], signals: &mut Signals, devices: &Devices, step: i64) {
    signals.show(chunks);
    for chunk in chunks {
        let Chunk { couplings, neurons, inputs, .. } = &mut **chunk;
        for coupling in couplings.iter() {
            coupling.pass(signals, devices, step, &**neurons, inputs);
        }
    }
}

/// The part of a span that is one step.
pub fn part(span: &Span, i: usize) -> Span {
    Span {
        first: span.first + i as i64,
        offset: span.offset + i,
        n: 1,
        due: span.due.iter().map(|due| due >> i & 1).collect(),
        check: span.check && i + 1 == span.n,
    }
}
