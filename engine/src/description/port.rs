//! What models send and take: kinds of events, continuous signals, and the ports at which they arrive.

/// The kind of event that a model sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emits {
    Spikes,
    Currents,
    /// Transitions of a binary neuron: two spikes for one upwards, one for one downwards.
    Transitions,
    /// Multimeters ask their targets for samples.
    Requests,
    Nothing,
}

/// An input port of a model.
#[derive(Clone, Copy, Debug)]
pub struct Port {
    /// The number given as `receptor_type`.
    pub number: u32,
    pub kind: PortKind,
    /// Unit of a weight at this port, empty where weights do not count.
    pub unit: &'static str,
    pub doc: &'static str,
    /// Positive and negative weights are summed apart.
    pub signed: bool,
    /// One port for each entry of this list parameter, numbered from `number` on; empty for a single port.
    pub each: &'static str,
    /// Spikes keep their time between grid points.
    pub precise: bool,
    /// Spikes are repeated or counted, whatever their weight.
    pub weightless: bool,
    /// Weights must not be negative.
    pub only_positive: bool,
    /// Currents act in the step in which they are read, one step earlier than elsewhere.
    pub prompt: bool,
}

impl Port {
    const fn new(number: u32, kind: PortKind, unit: &'static str, doc: &'static str) -> Port {
        let (only_positive, prompt, precise, weightless) = (false, false, false, false);
        Port { number, kind, unit, doc, signed: false, each: "", only_positive, prompt, precise, weightless }
    }
    /// Takes spikes; their weights are summed, whatever their sign.
    pub const fn spikes(number: u32, unit: &'static str, doc: &'static str) -> Port {
        Port::new(number, PortKind::Spikes, unit, doc)
    }
    /// Takes the transitions of binary neurons.
    pub const fn binary(number: u32, doc: &'static str) -> Port {
        Port::new(number, PortKind::Transitions, "", doc)
    }
    /// Takes a continuous signal.
    pub const fn signal(number: u32, signal: Signal, unit: &'static str, doc: &'static str) -> Port {
        Port::new(number, PortKind::Signal(signal), unit, doc)
    }
    /// Takes currents in pA.
    pub const fn currents(number: u32, doc: &'static str) -> Port {
        Port::new(number, PortKind::Currents, "", doc)
    }
    /// Positive and negative weights are summed apart: excitation and inhibition.
    pub const fn signed(mut self) -> Port {
        self.signed = true;
        self
    }
    /// Spikes keep their time between grid points.
    pub const fn precise(mut self) -> Port {
        self.precise = true;
        self
    }
    /// Spikes are repeated or counted, whatever their weight.
    pub const fn weightless(mut self) -> Port {
        self.weightless = true;
        self
    }
    /// One port for each entry of a list parameter.
    pub const fn each(mut self, parameter: &'static str) -> Port {
        self.each = parameter;
        self
    }
    /// Weights must not be negative.
    pub const fn only_positive(mut self) -> Port {
        self.only_positive = true;
        self
    }
    /// Currents act in the step in which they are read.
    pub const fn prompt(mut self) -> Port {
        self.prompt = true;
        self
    }
    pub(crate) fn has(&self, number: u32, entries: &dyn Fn(&str) -> usize) -> bool {
        let ports = if self.each.is_empty() { 1 } else { entries(self.each) as u64 };
        (self.number as u64..self.number as u64 + ports).contains(&(number as u64))
    }
    /// How many sums of input its neurons keep.
    pub(crate) fn inlets(&self, entries: &dyn Fn(&str) -> usize) -> usize {
        let ports = if self.each.is_empty() { 1 } else { entries(self.each) };
        match self.kind {
            // Conductance and the coefficients of a cubic polynomial.
            PortKind::Signal(Signal::Potential) => 5 * ports,
            _ if self.signed => 2 * ports,
            _ => ports,
        }
    }
}

/// Where the events of a port go: each neuron sums its input in numbered inlets, one a port, or two
/// where the port is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inlet {
    pub first: usize,
    pub signed: bool,
}

impl Inlet {
    /// The inlet of an event of that weight.
    #[inline(always)]
    pub fn of(self, weight: f64) -> usize {
        self.first + (self.signed && weight <= 0.0) as usize
    }
}

/// What flows through a projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    Spikes,
    Currents,
    /// States of binary neurons.
    Transitions,
    /// Samples asked for by a multimeter.
    Samples,
    /// Values that are there all the time.
    Signal(Signal),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortKind {
    Spikes,
    Currents,
    /// States of binary neurons, told by their transitions.
    Transitions,
    /// Values that are there all the time.
    Signal(Signal),
}

/// A quantity that a neuron shows to others all the time, not only when it fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Firing rate of a rate neuron.
    Rate,
    /// Firing rate that acts as drift and diffusion of a mean-field unit.
    Diffusion,
    /// Membrane potential, across a gap junction.
    Potential,
    /// Slow inward current caused by an astrocyte.
    SlowCurrent,
}

impl PortKind {
    /// Currents are summed apart; spikes and signals are summed side by side.
    pub(crate) fn shares_inlets(self, other: PortKind) -> bool {
        (self == PortKind::Currents) == (other == PortKind::Currents)
    }
}

impl Signal {
    /// As a plural, for sentences.
    pub fn name(self) -> &'static str {
        match self {
            Signal::Rate => "rates",
            Signal::Diffusion => "diffusion",
            Signal::Potential => "potentials",
            Signal::SlowCurrent => "slow inward currents",
        }
    }
}
