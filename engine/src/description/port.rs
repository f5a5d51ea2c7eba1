//! Ports at which signals arrive.

use super::signal::Signal;

/// An input port of a model.
#[derive(Clone, Copy, Debug)]
pub struct Port {
    /// The number given as `receptor_type`.
    pub number: u32,
    pub takes: Signal,
    /// The name by which it can be given in place of its number, NEST's; empty for none.
    pub name: &'static str,
    /// Unit of a weight at this port, empty where weights do not count.
    pub unit: &'static str,
    pub doc: &'static str,
    /// Positive and negative weights are summed apart.
    pub signed: bool,
    /// One port for each entry of this list parameter, or as many as this whole number says, numbered from `number` on;
    /// empty for a single port.
    pub each: &'static str,
    /// Spikes keep their time between grid points.
    pub precise: bool,
    /// Spikes are repeated or counted, whatever their weight.
    pub weightless: bool,
    /// Weights must not be negative.
    pub only_positive: bool,
    /// Currents act in the step in which they are read, one step earlier than elsewhere.
    pub zero_lag: bool,
    /// Spikes count by what they carry in the place of a time, times their weight: what other models send has none and
    /// does nothing.
    pub carried: bool,
    /// Each synapse has a gate of its own, which spikes open and which saturates: the parameters of the neuron that say how
    /// fast it opens, and its rise and decay time.
    pub gated: Option<[&'static str; 3]>,
    /// Takes spikes of neurons of the same model only, or of all others; `None` where the model does not matter.
    pub of_its_own: Option<bool>,
    /// It takes transitions of binary neurons as well, as the spikes in which they are written.
    pub or_transitions: bool,
    /// Neurons keep its sums only where something is wired to it. Such ports are declared behind those of spikes.
    pub if_wired: bool,
    /// The parameter that is the reversal potential of its currents: of ports that a list of parameters has, one of these
    /// lists; of those that a table has, the column whose name begins so. Empty where the weight's sign tells excitation
    /// from inhibition, or nothing does.
    pub reversal: &'static str,
}

impl Port {
    const fn new(number: u32, takes: Signal, unit: &'static str, doc: &'static str) -> Port {
        Port {
            number,
            takes,
            name: "",
            unit,
            doc,
            signed: false,
            each: "",
            precise: false,
            weightless: false,
            only_positive: false,
            zero_lag: false,
            carried: false,
            gated: None,
            of_its_own: None,
            or_transitions: false,
            if_wired: false,
            reversal: "",
        }
    }
    /// Takes spikes; their weights are summed, whatever their sign.
    pub const fn spikes(number: u32, unit: &'static str, doc: &'static str) -> Port {
        Port::new(number, Signal::Spikes, unit, doc)
    }
    /// Takes the transitions of binary neurons.
    pub const fn binary(number: u32, doc: &'static str) -> Port {
        Port::new(number, Signal::Transitions, "", doc)
    }
    /// Takes a continuous signal.
    pub const fn signal(number: u32, signal: Signal, unit: &'static str, doc: &'static str) -> Port {
        Port::new(number, signal, unit, doc)
    }
    /// Takes currents in pA.
    pub const fn currents(number: u32, doc: &'static str) -> Port {
        Port::new(number, Signal::Currents, "", doc)
    }
    /// Weights have this unit: of currents that the neuron counts in other units than pA.
    pub const fn weighed_in(mut self, unit: &'static str) -> Port {
        self.unit = unit;
        self
    }
    /// Positive and negative weights are summed apart: excitation and inhibition.
    pub const fn signed(mut self) -> Port {
        self.signed = true;
        self
    }
    /// It can be given by this name in place of its number.
    pub const fn named(mut self, name: &'static str) -> Port {
        self.name = name;
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
    /// One port for each entry of a list parameter, or as many as a whole number says.
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
    pub const fn zero_lag(mut self) -> Port {
        self.zero_lag = true;
        self
    }
    /// Spikes count by what they carry.
    pub const fn carried(mut self) -> Port {
        self.carried = true;
        self
    }
    /// Each synapse has a gate of its own, with these parameters: speed of opening, rise and decay time.
    pub const fn gated(mut self, parameters: [&'static str; 3]) -> Port {
        self.gated = Some(parameters);
        self
    }
    /// Takes spikes of neurons of the same model only, or of all others.
    pub const fn of_its_own(mut self, only: bool) -> Port {
        self.of_its_own = Some(only);
        self
    }
    /// Its currents reverse at the potential that this parameter says.
    pub const fn reverses_at(mut self, parameter: &'static str) -> Port {
        self.reversal = parameter;
        self
    }
    /// Whether it takes spikes of neurons of the same model (`own`), or else of others.
    pub fn admits(&self, own: bool) -> bool {
        self.of_its_own.is_none_or(|only| only == own)
    }
    /// Takes transitions of binary neurons as well, as the spikes in which they are written.
    pub const fn or_transitions(mut self) -> Port {
        self.or_transitions = true;
        self
    }
    /// Neurons keep its sums only where something is wired to it.
    pub const fn if_wired(mut self) -> Port {
        self.if_wired = true;
        self
    }
    /// Whether a weight here is a conductance.
    pub fn is_conductance(&self) -> bool {
        self.unit.ends_with('S')
    }
    pub(crate) fn has(&self, number: u32, entries: &dyn Fn(&str) -> usize) -> bool {
        let ports = if self.each.is_empty() { 1 } else { entries(self.each) as u64 };
        (self.number as u64..self.number as u64 + ports).contains(&(number as u64))
    }
    /// How many sums of input its neurons keep.
    pub(crate) fn inlets(&self, entries: &dyn Fn(&str) -> usize) -> usize {
        let ports = if self.each.is_empty() { 1 } else { entries(self.each) };
        match self.takes {
            // Conductance and the coefficients of a cubic polynomial.
            Signal::Potential => 5 * ports,
            // Value and slope, at both ends of a step.
            _ if self.gated.is_some() => 4 * ports,
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
