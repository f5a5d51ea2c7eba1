//! Projections that carry a continuous signal onto a chunk.

use std::sync::Arc;

use crate::description::Inlet;
use crate::runtime::connections::rows::SynapseRows;

/// Where a signal comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalSource {
    /// Index of the population.
    Population(usize),
    /// Node of a generator of rates.
    Device(usize),
}

/// When what is put out at the beginning of a step acts.
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
    pub from: SignalSource,
    pub inlet: Inlet,
    pub rows: Arc<SynapseRows>,
    pub lag: Lag,
    /// The first step whose signals are passed on.
    pub from_step: i64,
    /// What was put out in the step before is passed on.
    pub late: bool,
    /// A gap junction: passed on as the polynomial of a potential.
    pub gap: bool,
    pub muted: bool,
}
