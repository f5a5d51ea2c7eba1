//! How a model is declared: once, as data. Inspector, validation, file format,
//! catalogue listing and documentation all follow from what stands here.

use crate::runtime::MakeNeurons;
use crate::runtime::devices::MakeGenerator;
use crate::runtime::synapses::plastic::PlasticModel;

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

/// A named group of parameters.
#[derive(Debug)]
pub struct Group {
    pub title: &'static str,
    pub parameters: &'static [Parameter],
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
    fn has(&self, number: u32, entries: &dyn Fn(&str) -> usize) -> bool {
        let ports = if self.each.is_empty() { 1 } else { entries(self.each) as u64 };
        (self.number as u64..self.number as u64 + ports).contains(&(number as u64))
    }
    /// How many sums of input its neurons keep.
    fn inlets(&self, entries: &dyn Fn(&str) -> usize) -> usize {
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
    fn shares_inlets(self, other: PortKind) -> bool {
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

/// A quantity that can be sampled.
#[derive(Clone, Copy, Debug)]
pub struct Recordable {
    /// Its name, or where there is one for each entry of a list, what its name begins with.
    pub name: &'static str,
    pub unit: &'static str,
    pub doc: &'static str,
    /// There is one for each entry of this list parameter; empty for a single quantity.
    pub each: &'static str,
    /// The number in the name of the first one.
    pub first: usize,
    /// Only entries of this kind have it, where a list of records has several; empty for all.
    pub kind: &'static str,
}

impl Recordable {
    pub const fn new(name: &'static str, unit: &'static str, doc: &'static str) -> Recordable {
        Recordable { name, unit, doc, each: "", first: 0, kind: "" }
    }
    /// One for each entry of a list parameter, numbered from `first` on.
    pub const fn each(mut self, parameter: &'static str, first: usize) -> Recordable {
        self.each = parameter;
        self.first = first;
        self
    }
    /// Only of the entries of one kind.
    pub const fn of_kind(mut self, kind: &'static str) -> Recordable {
        self.kind = kind;
        self
    }
    /// How it is called in lists of what a model has: `I_syn_1…` stands for as many as there are.
    pub fn title(&self) -> String {
        if self.each.is_empty() { self.name.into() } else { format!("{}{}…", self.name, self.first) }
    }
}

/// One quantity of a node: which recordable of the declaration, and of which entry of its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    pub declared: usize,
    pub entry: usize,
}

/// A relation between two parameters of one neuron.
#[derive(Clone, Copy, Debug)]
pub enum Relation {
    /// The first must be smaller than the second.
    Less(&'static str, &'static str),
    /// The first must not be larger than the second.
    NotGreater(&'static str, &'static str),
    /// Of synapses: both have the same sign, 0 counting as positive. Otherwise the model still runs,
    /// but hardly as meant.
    SameSign(&'static str, &'static str),
    /// Of synapses: the first is positive or 0 where the second is positive, else negative. Otherwise as before.
    PositiveTogether(&'static str, &'static str),
    /// Together they must not exceed this.
    SumAtMost(&'static str, &'static str, f64),
    /// (high − low)/scale, an exponent, must be less than `below`; a scale of 0 switches the term off.
    Exponent { high: &'static str, low: &'static str, scale: &'static str, below: f64 },
    /// The mean interval 1000/rate (ms) must not be shorter than the second.
    Period { rate: &'static str, least: &'static str },
}

impl Relation {
    /// The parameters that it binds.
    pub fn parameters(&self) -> Vec<&'static str> {
        match *self {
            Relation::Less(a, b) | Relation::NotGreater(a, b) | Relation::SameSign(a, b) => vec![a, b],
            Relation::PositiveTogether(a, b) => vec![a, b],
            Relation::SumAtMost(a, b, _) => vec![a, b],
            Relation::Exponent { high, low, scale, .. } => vec![scale, high, low],
            Relation::Period { rate, least } => vec![rate, least],
        }
    }
    /// Whether it holds between these values of them.
    pub fn holds(&self, values: &[f64]) -> bool {
        match (self, values) {
            (Relation::Less(..), [a, b]) => a < b,
            (Relation::NotGreater(..), [a, b]) => a <= b,
            (Relation::SameSign(..), [a, b]) => (*a >= 0.0) == (*b >= 0.0),
            (Relation::PositiveTogether(..), [a, b]) => (*a >= 0.0) == (*b > 0.0),
            (Relation::SumAtMost(_, _, most), [a, b]) => a + b <= *most,
            (Relation::Exponent { below, .. }, [scale, high, low]) => *scale == 0.0 || (high - low) / scale < *below,
            (Relation::Period { .. }, [rate, least]) => *rate == 0.0 || 1000.0 / rate >= *least,
            _ => false,
        }
    }
    /// Whether the model also runs where it does not hold, though hardly as meant.
    pub fn is_advice(&self) -> bool {
        matches!(self, Relation::SameSign(..) | Relation::PositiveTogether(..))
    }
    /// What the parameter at place `which` must be, given the values of all: "must be < V_th (-55 mV)".
    pub fn demand(&self, which: usize, values: &[f64], unit: &str) -> String {
        use crate::value::number;
        let space = if unit.is_empty() { "" } else { " " };
        let names = self.parameters();
        let other = |sign: &str| {
            let place = 1 - which.min(1);
            format!("{sign} {} ({}{space}{unit})", names[place], number(values[place]))
        };
        match self {
            Relation::Less(..) => other(if which == 0 { "must be <" } else { "must be >" }),
            Relation::NotGreater(..) => other(if which == 0 { "must be ≤" } else { "must be ≥" }),
            Relation::SameSign(..) | Relation::PositiveTogether(..) => other("must have the sign of"),
            Relation::SumAtMost(_, _, most) => other(&format!("must not exceed {} together with", number(*most))),
            Relation::Period { .. } if which == 0 => format!("must be ≤ 1000 / {}", names[1]),
            Relation::Period { .. } => format!("must be ≤ 1000 / {} ({} ms)", names[0], number(1000.0 / values[0])),
            Relation::Exponent { high, low, scale, below } => {
                format!("({high} - {low}) / {scale} must be < {}", number(*below))
            }
        }
    }
}

/// The default value of a parameter; its variant is the parameter's type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    Real(f64),
    Integer(i64),
    Flag(bool),
    Reals(&'static [f64]),
    Integers(&'static [i64]),
    Names(&'static [&'static str]),
    Text(&'static str),
    /// A list of records with these keys, empty at first.
    Records(&'static Records),
}

/// What the entries of a list of records hold: `[(comp_idx: 0, receptor_type: "AMPA", params: (e_AMPA: 5)), …]`.
/// Keys within `params` are written `params.e_AMPA` here.
#[derive(Debug, PartialEq)]
pub struct Records {
    /// What each entry must have.
    pub required: &'static [Parameter],
    /// Which of that, a word, tells the kind of an entry; empty where all are of one kind.
    pub kind: &'static str,
    pub kinds: &'static [Kind],
    /// A key that is negative in the first entry and in every other one the number of one before it, so that they
    /// make a tree; empty if they do not.
    pub parent: &'static str,
    /// Keys that are the number of an entry of another list.
    pub among: &'static [(&'static str, &'static str)],
}

/// A kind of records.
#[derive(Debug, PartialEq)]
pub struct Kind {
    /// The word that tells it; empty where there is only one kind.
    pub name: &'static str,
    /// What an entry may have.
    pub optional: &'static [Parameter],
    /// What is given together or not at all.
    pub together: &'static [&'static str],
}

impl Records {
    /// The number of an entry's kind, if its word is known.
    pub fn kind_of(&self, record: &crate::value::Record) -> Option<usize> {
        if self.kind.is_empty() {
            return Some(0);
        }
        let Some(crate::value::Value::Text(word)) = record.get(self.kind) else { return None };
        self.kinds.iter().position(|kind| kind.name == word)
    }
}

/// What a parameter is to the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Parameter,
    /// A state variable whose initial value can be set; setting it in
    /// mid-run moves the neuron there.
    State,
}

/// One parameter or settable state variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Name as in NEST and in project files.
    pub name: &'static str,
    /// Unit, empty for pure numbers.
    pub unit: &'static str,
    pub default: Default,
    pub role: Role,
    /// Smallest allowed value and whether it is itself allowed.
    pub min: Option<(f64, Edge)>,
    /// Largest allowed value and whether it is itself allowed.
    pub max: Option<(f64, Edge)>,
    /// Meaning, one line.
    pub doc: &'static str,
    /// One of the few that matter most; the inspector shows it first, as a slider.
    pub main: bool,
    /// The range a slider sweeps (narrower than what is allowed).
    pub slider: Option<(f64, f64)>,
    /// The slider moves on a logarithmic scale.
    pub logarithmic: bool,
    /// A time that must be a multiple of the resolution.
    pub on_grid: bool,
    /// A duration that lasts a step at least.
    pub a_step: bool,
    /// May be changed while the simulation runs.
    pub live: bool,
    /// May differ between the neurons of a population.
    pub per_neuron: bool,
    /// A list that has as many entries as this one; empty for any number.
    pub as_long_as: &'static str,
    /// A list that must have an entry.
    pub not_empty: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Included,
    Excluded,
}

const fn parameter(name: &'static str, unit: &'static str, default: Default) -> Parameter {
    Parameter {
        name,
        unit,
        default,
        role: Role::Parameter,
        min: None,
        max: None,
        doc: "",
        main: false,
        slider: None,
        logarithmic: false,
        on_grid: false,
        a_step: false,
        live: true,
        per_neuron: true,
        as_long_as: "",
        not_empty: false,
    }
}

/// A real-valued parameter.
pub const fn real(name: &'static str, unit: &'static str, default: f64) -> Parameter {
    parameter(name, unit, Default::Real(default))
}

/// A settable state variable.
pub const fn state(name: &'static str, unit: &'static str, default: f64) -> Parameter {
    Parameter { role: Role::State, ..parameter(name, unit, Default::Real(default)) }
}

/// A whole number.
pub const fn integer(name: &'static str, default: i64) -> Parameter {
    parameter(name, "", Default::Integer(default))
}

/// A switch.
pub const fn flag(name: &'static str, default: bool) -> Parameter {
    parameter(name, "", Default::Flag(default))
}

/// A list of real numbers, such as spike times.
pub const fn reals(name: &'static str, unit: &'static str) -> Parameter {
    reals_from(name, unit, &[])
}

/// A list of real numbers that is not empty at first.
pub const fn reals_from(name: &'static str, unit: &'static str, default: &'static [f64]) -> Parameter {
    parameter(name, unit, Default::Reals(default))
}

/// A list of whole numbers.
pub const fn integers(name: &'static str) -> Parameter {
    parameter(name, "", Default::Integers(&[]))
}

/// A list of names, such as recordables.
pub const fn names(name: &'static str, default: &'static [&'static str]) -> Parameter {
    parameter(name, "", Default::Names(default)).fixed()
}

/// A list of records, such as compartments.
pub const fn records(name: &'static str, keys: &'static Records) -> Parameter {
    parameter(name, "", Default::Records(keys)).fixed()
}

/// A word.
pub const fn text(name: &'static str, default: &'static str) -> Parameter {
    parameter(name, "", Default::Text(default)).fixed()
}

impl Parameter {
    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }
    /// Must be larger than `min`.
    pub const fn above(mut self, min: f64) -> Self {
        self.min = Some((min, Edge::Excluded));
        self
    }
    /// Must be `min` or larger.
    pub const fn at_least(mut self, min: f64) -> Self {
        self.min = Some((min, Edge::Included));
        self
    }
    /// Must be `max` or smaller.
    pub const fn at_most(mut self, max: f64) -> Self {
        self.max = Some((max, Edge::Included));
        self
    }
    /// Shown first, as a slider from `from` to `to`.
    pub const fn main(mut self, from: f64, to: f64) -> Self {
        self.main = true;
        self.slider = Some((from, to));
        self
    }
    /// A slider range for a parameter that is not among the main ones.
    pub const fn slider(mut self, from: f64, to: f64) -> Self {
        self.slider = Some((from, to));
        self
    }
    pub const fn logarithmic(mut self) -> Self {
        self.logarithmic = true;
        self
    }
    /// A time that must be a multiple of the resolution.
    pub const fn on_grid(mut self) -> Self {
        self.on_grid = true;
        self.per_neuron = false;
        self
    }
    /// A duration that lasts a step at least.
    pub const fn at_least_a_step(mut self) -> Self {
        self.a_step = true;
        self
    }
    /// A list with one entry for each of another list.
    pub const fn as_long_as(mut self, list: &'static str) -> Self {
        self.as_long_as = list;
        self
    }
    /// A list that must have an entry.
    pub const fn not_empty(mut self) -> Self {
        self.not_empty = true;
        self
    }
    /// Cannot change while the simulation runs, nor differ between neurons.
    pub const fn fixed(mut self) -> Self {
        self.live = false;
        self.per_neuron = false;
        self
    }
    /// Whether its value is a single number.
    pub const fn is_number(&self) -> bool {
        matches!(self.default, Default::Real(_) | Default::Integer(_))
    }
    /// Whether its value is a list of numbers, whatever the number of neurons.
    pub const fn is_list(&self) -> bool {
        matches!(self.default, Default::Reals(_) | Default::Integers(_) | Default::Records(_))
    }
    /// Of a synapse model: one value for all synapses of a projection.
    pub const fn common(mut self) -> Self {
        self.per_neuron = false;
        self
    }
    /// The range in words, for messages: "> 0", "0 … 1"; empty if anything goes.
    pub fn range_text(&self) -> String {
        use crate::value::number;
        match (self.min, self.max) {
            (None, None) => String::new(),
            (Some((a, Edge::Excluded)), None) => format!("> {}", number(a)),
            (Some((a, Edge::Included)), None) => format!("≥ {}", number(a)),
            (None, Some((b, Edge::Excluded))) => format!("< {}", number(b)),
            (None, Some((b, Edge::Included))) => format!("≤ {}", number(b)),
            (Some((a, ea)), Some((b, eb))) => format!(
                "{}{} … {}{}",
                if ea == Edge::Excluded { "more than " } else { "" },
                number(a),
                if eb == Edge::Excluded { "less than " } else { "" },
                number(b)
            ),
        }
    }
    /// Whether `x` lies in the allowed range. NaN never does.
    pub fn allows(&self, x: f64) -> bool {
        let low = match self.min {
            None => !x.is_nan(),
            Some((a, Edge::Included)) => x >= a,
            Some((a, Edge::Excluded)) => x > a,
        };
        let high = match self.max {
            None => !x.is_nan(),
            Some((b, Edge::Included)) => x <= b,
            Some((b, Edge::Excluded)) => x < b,
        };
        low && high
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
