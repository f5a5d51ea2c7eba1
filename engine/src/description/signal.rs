//! What flows from one model to another: one vocabulary for what is sent, carried and taken.

/// A kind of event, or a continuous signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    Spikes,
    /// State of a binary neuron, told by its transitions: two spikes in one step for one upwards, one spike for one
    /// downwards.
    Transitions,
    Currents,
    /// Samples of recordables, asked for by a multimeter.
    Samples,
    /// Firing rate of a rate neuron.
    Rate,
    /// Firing rate that acts as drift and diffusion of a mean-field unit.
    Diffusion,
    /// Membrane potential, across a gap junction.
    Potential,
    /// Slow inward current caused by an astrocyte.
    SlowCurrent,
}

impl Signal {
    /// Whether it is a continuous signal, which a neuron shows in every step, and not only when something happens.
    pub const fn is_continuous(self) -> bool {
        matches!(self, Signal::Rate | Signal::Diffusion | Signal::Potential | Signal::SlowCurrent)
    }

    /// As a plural, for sentences.
    pub const fn name(self) -> &'static str {
        match self {
            Signal::Spikes => "spikes",
            Signal::Transitions => "transitions",
            Signal::Currents => "currents",
            Signal::Samples => "samples",
            Signal::Rate => "rates",
            Signal::Diffusion => "diffusion",
            Signal::Potential => "potentials",
            Signal::SlowCurrent => "slow inward currents",
        }
    }

    /// Currents are summed apart; spikes and continuous signals are summed side by side.
    pub(crate) fn shares_inlets(self, other: Signal) -> bool {
        (self == Signal::Currents) == (other == Signal::Currents)
    }
}
