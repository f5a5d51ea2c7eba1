//! How a model is declared: once, as data. Inspector, validation, file format,
//! catalogue listing and documentation all follow from what stands here.

use super::clock::chunk::MakeNeurons;
use super::devices::MakeGenerator;
use super::synapses::plastic::PlasticModel;
use crate::description::{Emits, Group, Inlet, Parameter, Port, PortKind, Recordable, Relation, Role, Signal};

/// Everything the program knows about a model.
#[derive(Debug)]
pub struct Model {
    /// Stable name, the one NEST uses; written to project files.
    pub name: &'static str,
    pub family: Family,
    /// A few words for palette and inspector.
    pub title: &'static str,
    /// One line: what it does.
    pub doc: &'static str,
    /// Equations as plain text, one a line, for the documentation page.
    pub equations: &'static str,
    /// Literature source.
    pub reference: &'static str,
    /// Parameters and settable state, in groups as the inspector shows them.
    pub groups: &'static [Group],
    /// What a multimeter can sample.
    pub recordables: &'static [Recordable],
    /// Input ports; events of a kind that no port takes are refused.
    pub ports: &'static [Port],
    /// What the model sends to its targets.
    pub emits: Emits,
    /// Relations between parameters that must hold.
    pub relations: &'static [Relation],
    /// The continuous signal that a neuron or generator publishes, or that a synapse model carries.
    pub signal: Option<Signal>,
    /// Neurons: the dynamics.
    pub neurons: Option<MakeNeurons>,
    /// Generators: what they send.
    pub generator: Option<MakeGenerator>,
    /// Synapses with a state of their own: the dynamics.
    pub synapses: Option<PlasticModel>,
}

/// What kind of thing a model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    Neuron,
    Generator,
    Recorder,
    Synapse,
}

impl Family {
    pub fn title(self) -> &'static str {
        match self {
            Family::Neuron => "Neurons",
            Family::Generator => "Generators",
            Family::Recorder => "Recorders",
            Family::Synapse => "Synapses",
        }
    }
}

impl Model {
    /// All parameters and settable state, in the order of declaration.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        self.groups.iter().flat_map(|g| g.parameters)
    }
    /// Settable state variables.
    pub fn states(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        self.parameters().filter(|p| p.role == Role::State)
    }
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters().find(|p| p.name == name)
    }
    /// Whether parameters stand together under this name: `soma` where there is `soma.g_L`.
    pub fn has_group(&self, name: &str) -> bool {
        self.parameters().any(|p| p.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
    }
    /// Whether all its nodes have this quantity, whatever their parameters.
    pub fn always_has(&self, recordable: &str) -> bool {
        self.recordables.iter().any(|r| r.each.is_empty() && r.name == recordable)
    }
    /// Whether one of its ports or recordables goes with each entry of this list.
    pub fn shapes(&self, list: &str) -> bool {
        self.ports.iter().any(|p| p.each == list) || self.recordables.iter().any(|r| r.each == list)
    }
    /// The port of that kind and number; `entries` tells the length of a list parameter.
    pub fn port(&self, kind: PortKind, number: u32, entries: &dyn Fn(&str) -> usize) -> Option<&'static Port> {
        self.ports.iter().find(|p| p.kind == kind && p.has(number, entries))
    }
    /// How many sums of input of that kind a neuron keeps.
    pub fn inlets(&self, kind: PortKind, entries: &dyn Fn(&str) -> usize) -> usize {
        self.ports.iter().filter(|p| p.kind.shares_inlets(kind)).map(|p| p.inlets(entries)).sum()
    }
    /// Which of them the events at a port go to.
    pub fn inlet(&self, kind: PortKind, number: u32, entries: &dyn Fn(&str) -> usize) -> Option<Inlet> {
        let mut first = 0;
        for port in self.ports.iter().filter(|p| p.kind.shares_inlets(kind)) {
            if port.kind == kind && port.has(number, entries) {
                let width = if port.signed { 2 } else { 1 };
                return Some(Inlet { first: first + width * (number - port.number) as usize, signed: port.signed });
            }
            first += port.inlets(entries);
        }
        None
    }
    pub fn is_neuron(&self) -> bool {
        self.family == Family::Neuron
    }
    pub fn is_generator(&self) -> bool {
        self.family == Family::Generator
    }
    pub fn is_recorder(&self) -> bool {
        self.family == Family::Recorder
    }
}

impl PartialEq for Model {
    /// Models are the same if their names are: each name is declared once.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
