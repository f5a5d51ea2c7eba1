//! How a model is declared: once, as data. Inspector, validation, file format,
//! catalogue listing and documentation all follow from what stands here.

use super::devices::MakeGenerator;
use super::recording::detector::MakeDetector;
use super::synapses::plastic::PlasticModel;
use crate::description::{
    Declaration, DefaultValue, Facts, Group, Inlet, Parameter, Port, Recordable, Relation, Signal, Value,
};
use crate::runtime::neurons::interface::MakeNeurons;

/// Everything the program knows about a model.
#[derive(Debug)]
pub struct Model {
    /// Stable name, the one NEST uses; written to project files.
    pub name: &'static str,
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
    /// Relations between parameters that must hold.
    pub relations: &'static [Relation],
    /// What it does in a running network.
    pub behaviour: Behaviour,
    /// What is to be known of its parameters together, and how its nodes are shown.
    pub facts: Facts,
}

/// What a model does in a running network, with what each kind of model needs for it.
#[derive(Debug)]
pub enum Behaviour {
    Neurons {
        /// Makes the neurons of a chunk.
        make: MakeNeurons,
        /// What they send: one kind of event at most, and continuous signals.
        sends: &'static [Signal],
        /// Binary neurons take what they send, too.
        to_binary: bool,
    },
    Generator {
        /// Makes the devices of a node.
        make: MakeGenerator,
        sends: &'static [Signal],
        /// Binary neurons take what it sends, too.
        to_binary: bool,
        spreads: Spreads,
    },
    Recorder(RecorderBehaviour),
    Synapse(SynapseBehaviour),
}

/// How the spikes of a generator come to its targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spreads {
    /// Made for each target: they pass synapses without a state only.
    ForEach,
    /// One train for all, through synapses of any kind.
    ThroughSynapses,
    /// As those of neurons, in every respect.
    AsNeurons,
}

/// What a recorder takes and stores.
#[derive(Clone, Copy, Debug)]
pub enum RecorderBehaviour {
    /// It receives spikes.
    Detector {
        make: MakeDetector,
        stores: Stored,
        /// Name and unit of what it stores beside time and sender; spikes have nothing else.
        columns: &'static [(&'static str, &'static str)],
        /// The weights of its synapses count.
        weighs: bool,
    },
    /// It asks its targets for samples.
    Meter,
    /// It stores the weights transmitted by the projections that name it.
    Weights,
    /// It stores nothing and hands spikes to the synapses of the projections that name it.
    Transmitter,
}

/// What a recorder stores, which decides how it can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    Spikes,
    /// States of binary neurons, one row a transition.
    States,
    /// Samples of recordables.
    Samples,
    /// Weights that synapses transmit.
    Weights,
    /// Counts of pairs of spikes by lag.
    Pairs,
}

/// What a recorder does for the synapses of the projections that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// It stores the weights that they transmit.
    StoresWeights,
    /// Its spikes are their third factor, such as dopamine.
    ThirdFactor,
}

impl Service {
    pub const ALL: [Service; 2] = [Service::StoresWeights, Service::ThirdFactor];
}

/// What synapses do with what passes them.
#[derive(Debug)]
pub enum SynapseBehaviour {
    /// They transmit with a constant weight.
    Static,
    /// The same after delays that need not be whole steps.
    StaticBetweenSteps,
    /// The same: what falls between two steps is shared between them.
    StaticInterpolated,
    /// They have a state of their own.
    Plastic(PlasticModel),
    /// They carry a continuous signal.
    Continuous(Signal),
}

impl Behaviour {
    pub const fn neurons(make: MakeNeurons, sends: &'static [Signal]) -> Behaviour {
        Behaviour::Neurons { make, sends, to_binary: false }
    }
    pub const fn generator(make: MakeGenerator, sends: &'static [Signal]) -> Behaviour {
        Behaviour::Generator { make, sends, to_binary: false, spreads: Spreads::ForEach }
    }
    /// The spikes of this generator come to its targets in another way.
    pub const fn spreading(mut self, how: Spreads) -> Behaviour {
        if let Behaviour::Generator { spreads, .. } = &mut self {
            *spreads = how;
        }
        self
    }
    pub const fn plastic(model: PlasticModel) -> Behaviour {
        Behaviour::Synapse(SynapseBehaviour::Plastic(model))
    }
    pub const fn continuous(signal: Signal) -> Behaviour {
        Behaviour::Synapse(SynapseBehaviour::Continuous(signal))
    }
    /// A recorder that counts pairs of spikes.
    pub const fn detector(make: MakeDetector, columns: &'static [(&'static str, &'static str)]) -> Behaviour {
        Behaviour::Recorder(RecorderBehaviour::Detector { make, stores: Stored::Pairs, columns, weighs: true })
    }
    /// Binary neurons, too, take what these neurons or this generator send: listed spikes as transitions, and the one
    /// current that can be random.
    pub const fn also_to_binary(mut self) -> Behaviour {
        if let Behaviour::Neurons { to_binary, .. } | Behaviour::Generator { to_binary, .. } = &mut self {
            *to_binary = true;
        }
        self
    }
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
    /// Its numbers: what its neurons, devices or synapses know of it.
    pub const fn declaration(&self) -> Declaration {
        Declaration { name: self.name, groups: self.groups, recordables: self.recordables }
    }
    /// All parameters and settable state, in the order of declaration.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        self.declaration().parameters()
    }
    /// Settable state variables.
    pub fn states(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        self.declaration().states()
    }
    /// The parameter of this name, or of which it is an alias.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.declaration().parameter(name)
    }
    /// The name under which values of this parameter are kept: the parameter's own for an alias; a name that is not
    /// known stays.
    pub fn main_name<'a>(&self, name: &'a str) -> &'a str {
        self.parameter(name).map_or(name, |parameter| parameter.name)
    }
    /// Which of these names, given together, mean a parameter that another of them means, too: its place among them, and
    /// what is to be told.
    pub fn given_twice(&self, names: &[&str]) -> Vec<(usize, String)> {
        let mut problems = Vec::new();
        for (i, name) in names.iter().enumerate() {
            let own = self.main_name(name);
            if names[..i].contains(name) {
                problems.push((i, format!("`{name}` is given twice; give it once")));
            } else if own != *name && names.iter().any(|other| other != name && self.main_name(other) == own) {
                problems.push((i, format!("`{name}` is another name of `{own}`; give one of them")));
            }
        }
        problems
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
    pub fn port(&self, signal: Signal, number: u32, entries: &dyn Fn(&str) -> usize) -> Option<&'static Port> {
        self.ports.iter().find(|p| p.takes == signal && p.has(number, entries))
    }
    /// How many sums of input of that kind a neuron keeps.
    pub fn inlets(&self, signal: Signal, entries: &dyn Fn(&str) -> usize) -> usize {
        self.ports.iter().filter(|p| p.takes.shares_inlets(signal)).map(|p| p.inlets(entries)).sum()
    }
    /// The same for spikes and continuous signals, where `wired` tells which signals reach the neurons.
    pub fn inlets_of_wired(&self, wired: &dyn Fn(Signal) -> bool, entries: &dyn Fn(&str) -> usize) -> usize {
        let there = |p: &&Port| p.takes.shares_inlets(Signal::Spikes) && (!p.if_wired || wired(p.takes));
        self.ports.iter().filter(there).map(|p| p.inlets(entries)).sum()
    }
    /// Which of them the events at a port go to.
    pub fn inlet(&self, signal: Signal, number: u32, entries: &dyn Fn(&str) -> usize) -> Option<Inlet> {
        let mut first = 0;
        for port in self.ports.iter().filter(|p| p.takes.shares_inlets(signal)) {
            if port.takes == signal && port.has(number, entries) {
                let width = if port.signed { 2 } else { 1 };
                return Some(Inlet { first: first + width * (number - port.number) as usize, signed: port.signed });
            }
            first += port.inlets(entries);
        }
        None
    }
    pub const fn family(&self) -> Family {
        match self.behaviour {
            Behaviour::Neurons { .. } => Family::Neuron,
            Behaviour::Generator { .. } => Family::Generator,
            Behaviour::Recorder(_) => Family::Recorder,
            Behaviour::Synapse(_) => Family::Synapse,
        }
    }
    pub fn is_neuron(&self) -> bool {
        self.family() == Family::Neuron
    }
    pub fn is_generator(&self) -> bool {
        self.family() == Family::Generator
    }
    pub fn is_recorder(&self) -> bool {
        self.family() == Family::Recorder
    }
    /// Whether what it sends may pass synapses with a state of their own.
    pub fn passes_plastic_synapses(&self) -> bool {
        match self.behaviour {
            Behaviour::Generator { spreads, .. } => spreads != Spreads::ForEach,
            _ => self.is_neuron(),
        }
    }
    /// Whether its spikes are handed over as those of neurons are.
    pub fn sends_as_neurons(&self) -> bool {
        match self.behaviour {
            Behaviour::Generator { spreads, .. } => spreads == Spreads::AsNeurons,
            _ => self.is_neuron(),
        }
    }
    /// What it sends to its targets.
    pub fn sends(&self) -> &'static [Signal] {
        match self.behaviour {
            Behaviour::Neurons { sends, .. } | Behaviour::Generator { sends, .. } => sends,
            Behaviour::Recorder(RecorderBehaviour::Meter) => &[Signal::Samples],
            Behaviour::Recorder(_) | Behaviour::Synapse(_) => &[],
        }
    }
    pub fn emits(&self, signal: Signal) -> bool {
        self.sends().contains(&signal)
    }
    /// Whether one of its ports takes this signal.
    pub fn takes(&self, signal: Signal) -> bool {
        self.ports.iter().any(|port| port.takes == signal)
    }
    /// What it would take of that sender, if one of its ports or recordables fits: the way from what is sent to what
    /// is carried.
    pub fn takes_from(&self, from: &Model) -> Option<Signal> {
        let to_binary = match from.behaviour {
            Behaviour::Neurons { to_binary, .. } | Behaviour::Generator { to_binary, .. } => to_binary,
            Behaviour::Recorder(_) | Behaviour::Synapse(_) => false,
        };
        let is_binary = self.takes(Signal::Transitions);
        from.sends().iter().find_map(|&signal| match signal {
            Signal::Samples => (!self.recordables.is_empty() && !self.is_recorder()).then_some(signal),
            Signal::Spikes if is_binary => to_binary.then_some(Signal::Transitions),
            Signal::Currents if is_binary && !to_binary => None,
            Signal::Transitions if self.ports.iter().any(|port| port.or_transitions) => Some(Signal::Spikes),
            signal => self.takes(signal).then_some(signal),
        })
    }
    /// Of recorders: what they store, if anything.
    pub fn stores(&self) -> Option<Stored> {
        match self.behaviour {
            Behaviour::Recorder(RecorderBehaviour::Detector { stores, .. }) => Some(stores),
            Behaviour::Recorder(RecorderBehaviour::Meter) => Some(Stored::Samples),
            Behaviour::Recorder(RecorderBehaviour::Weights) => Some(Stored::Weights),
            _ => None,
        }
    }
    /// Whether it hands spikes to the synapses of the projections that name it.
    pub fn is_transmitter(&self) -> bool {
        matches!(self.behaviour, Behaviour::Recorder(RecorderBehaviour::Transmitter))
    }
    /// Of recorders that work with the synapses of a projection rather than with a node: what they do for them.
    pub fn serves(&self) -> Option<Service> {
        match self.behaviour {
            Behaviour::Recorder(RecorderBehaviour::Weights) => Some(Service::StoresWeights),
            Behaviour::Recorder(RecorderBehaviour::Transmitter) => Some(Service::ThirdFactor),
            _ => None,
        }
    }
    /// Of synapses: whether they do nothing without a device of this kind.
    pub fn needs(&self, service: Service) -> bool {
        service == Service::ThirdFactor && self.plastic().is_some_and(|plastic| plastic.triggered)
    }
    /// Of a meter: what it samples unless something else is chosen.
    pub fn samples(&self) -> &'static [&'static str] {
        match self.parameter(RECORD_FROM).map(|p| p.default) {
            Some(DefaultValue::Names(names)) if self.is_meter() => names,
            _ => &[],
        }
    }
    /// What the parameters of a new node are set to, where with the defaults it would do nothing.
    pub fn starts(&self) -> impl Iterator<Item = (&'static Parameter, Value)> + use<> {
        self.parameters().filter_map(|p| Some((p, Value::from(p.start?))))
    }
    /// A word or two: what its first node is called, and its synapses on a wire.
    pub fn short_title(&self) -> String {
        match self.family() {
            _ if !self.facts.short.is_empty() => self.facts.short.to_owned(),
            Family::Neuron if self.title.contains(',') => "Neurons".to_owned(),
            Family::Neuron => self.title.trim_end_matches(" neuron").to_owned(),
            Family::Synapse => self.name.trim_end_matches("_synapse").replace("_connection", "").replace('_', " "),
            Family::Generator | Family::Recorder => self.title.split(',').next().unwrap_or(self.title).to_owned(),
        }
    }
    /// Of a meter: it asks its targets for samples.
    pub fn is_meter(&self) -> bool {
        matches!(self.behaviour, Behaviour::Recorder(RecorderBehaviour::Meter))
    }
    /// Of synapses with a state of their own: what they do.
    pub fn plastic(&self) -> Option<&PlasticModel> {
        match &self.behaviour {
            Behaviour::Synapse(SynapseBehaviour::Plastic(model)) => Some(model),
            _ => None,
        }
    }
    /// Of synapses: whether their delays need not be whole steps.
    pub fn acts_between_steps(&self) -> bool {
        let interpolated = self.interpolates();
        interpolated || matches!(self.behaviour, Behaviour::Synapse(SynapseBehaviour::StaticBetweenSteps))
    }
    /// Of synapses: whether what arrives between two steps is shared between them.
    pub fn interpolates(&self) -> bool {
        matches!(self.behaviour, Behaviour::Synapse(SynapseBehaviour::StaticInterpolated))
    }
    /// Of synapses that carry a continuous signal: which.
    pub fn carries(&self) -> Option<Signal> {
        match self.behaviour {
            Behaviour::Synapse(SynapseBehaviour::Continuous(signal)) => Some(signal),
            _ => None,
        }
    }
}

/// The parameter in which meters have the quantities that they sample.
pub const RECORD_FROM: &str = "record_from";

impl PartialEq for Model {
    /// Models are the same if their names are: each name is declared once.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
