//! Parameters: names, types, defaults, ranges and what the inspector makes of them.

use super::compiled::is_made_of;
use super::number::number;
use super::value::{Row, Value};

/// A named group of parameters.
#[derive(Debug)]
pub struct Group {
    pub title: &'static str,
    pub parameters: &'static [Parameter],
}

/// The default value of a parameter; its variant is the parameter's type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultValue {
    Real(f64),
    Integer(i64),
    Flag(bool),
    Reals(&'static [f64]),
    Integers(&'static [i64]),
    Names(&'static [&'static str]),
    Text(&'static str),
    /// A table with these columns, empty at first.
    Table(&'static TableSchema),
}

impl From<DefaultValue> for Value {
    fn from(default: DefaultValue) -> Self {
        match default {
            DefaultValue::Real(x) => Value::Real(x),
            DefaultValue::Integer(i) => Value::Real(i as f64),
            DefaultValue::Flag(b) => Value::Flag(b),
            DefaultValue::Reals(xs) => Value::List(xs.to_vec()),
            DefaultValue::Integers(xs) => Value::List(xs.iter().map(|&i| i as f64).collect()),
            DefaultValue::Names(xs) => Value::Names(xs.iter().map(|&s| s.to_owned()).collect()),
            DefaultValue::Text(s) => Value::Text(s.to_owned()),
            DefaultValue::Table(_) => Value::Table(Vec::new()),
        }
    }
}

/// What a parameter of a new node is set to, where with its default the node would do nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    Value(DefaultValue),
    /// Rows of a table, each with its keys.
    Rows(&'static [&'static [(&'static str, DefaultValue)]]),
}

impl From<Start> for Value {
    fn from(start: Start) -> Self {
        match start {
            Start::Value(value) => value.into(),
            Start::Rows(rows) => {
                let row = |keys: &&[(&str, DefaultValue)]| {
                    keys.iter().map(|&(key, value)| (key.to_owned(), Value::from(value))).collect()
                };
                Value::Table(rows.iter().map(row).collect())
            }
        }
    }
}

/// What the rows of a table hold: `[(comp_idx: 0, receptor_type: "AMPA", params: (e_AMPA: 5)), …]`.
/// Keys within `params` are written `params.e_AMPA` here.
#[derive(Debug, PartialEq)]
pub struct TableSchema {
    /// What each entry must have.
    pub required: &'static [Parameter],
    /// Which of that, a word, tells the kind of an entry; empty where all are of one kind.
    pub kind: &'static str,
    pub kinds: &'static [RowKind],
    /// A key that is negative in the first entry and in every other one the number of one before it, so that they
    /// make a tree; empty if they do not.
    pub parent: &'static str,
    /// Keys that are the number of an entry of another list.
    pub among: &'static [(&'static str, &'static str)],
}

/// A kind of rows.
#[derive(Debug, PartialEq)]
pub struct RowKind {
    /// The word that tells it; empty where there is only one kind.
    pub name: &'static str,
    /// What an entry may have.
    pub optional: &'static [Parameter],
    /// What is given together or not at all.
    pub together: &'static [&'static str],
}

impl TableSchema {
    /// The number of an entry's kind, if its word is known.
    pub fn kind_of(&self, record: &Row) -> Option<usize> {
        if self.kind.is_empty() {
            return Some(0);
        }
        let Some(Value::Text(word)) = record.get(self.kind) else { return None };
        self.kinds.iter().position(|kind| kind.name == word)
    }
    /// Whether entries, or those of some kind, have this key.
    pub(crate) const fn has_key(&self, key: &str) -> bool {
        let mut there = has(self.required, key);
        let mut i = 0;
        while i < self.kinds.len() {
            there |= has(self.kinds[i].optional, key);
            i += 1;
        }
        there
    }
}

/// Whether one of the parameters has this name.
const fn has(parameters: &[Parameter], name: &str) -> bool {
    let mut i = 0;
    while i < parameters.len() {
        if is_made_of(parameters[i].name, &[name]) {
            return true;
        }
        i += 1;
    }
    false
}

/// What a parameter is to the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Parameter,
    /// A state variable whose initial value can be set; setting it in
    /// mid-run moves the neuron there.
    State,
}

/// When a parameter has an effect; parameters that need another one name it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Acts {
    Always,
    /// While this switch is on.
    IfOn(&'static str),
    /// While this switch is off.
    IfOff(&'static str),
    /// While this number is more than 0.
    IfPositive(&'static str),
    /// Never, here as in NEST, for this reason.
    Never(&'static str),
}

impl Acts {
    /// Why it has no effect, if so; `value` gives the values of the other parameters. What varies between neurons has
    /// an effect as soon as it has one in some of them.
    pub fn idle(self, value: &dyn Fn(&str) -> Option<Value>) -> Option<String> {
        let (name, idle, state) = match self {
            Acts::Always => return None,
            Acts::Never(why) => return Some(why.to_owned()),
            Acts::IfOn(name) => (name, all_flags(value(name)?, false), "false"),
            Acts::IfOff(name) => (name, all_flags(value(name)?, true), "true"),
            Acts::IfPositive(name) => {
                let idle = match value(name)? {
                    Value::Real(x) => x <= 0.0,
                    Value::List(xs) => xs.iter().all(|x| *x <= 0.0),
                    _ => false,
                };
                (name, idle, "0")
            }
        };
        idle.then(|| format!("{name} is {state}"))
    }
}

fn all_flags(value: Value, state: bool) -> bool {
    match value {
        Value::Flag(on) => on == state,
        Value::Flags(flags) => flags.iter().all(|on| *on == state),
        _ => false,
    }
}

/// One parameter or settable state variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Name as in NEST and in project files.
    pub name: &'static str,
    /// Unit, empty for pure numbers.
    pub unit: &'static str,
    pub default: DefaultValue,
    pub role: Role,
    /// Smallest allowed value and whether it is itself allowed.
    pub min: Option<(f64, Edge)>,
    /// Largest allowed value and whether it is itself allowed.
    pub max: Option<(f64, Edge)>,
    /// The largest number that can be simulated, though larger ones have a meaning; drawn numbers, too, keep to it.
    pub ceiling: Option<f64>,
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
    /// A list of times that must not lie in the past when they are set.
    pub to_come: bool,
    /// A duration that lasts a step at least.
    pub a_step: bool,
    /// A duration that is rounded up to whole steps.
    pub in_steps: bool,
    /// May be changed while the simulation runs.
    pub live: bool,
    /// May differ between the neurons of a population.
    pub per_neuron: bool,
    /// A list that has as many entries as this one; empty for any number.
    pub as_long_as: &'static str,
    /// A list that must have an entry.
    pub not_empty: bool,
    /// A list that has as many entries as its default.
    pub same_length: bool,
    /// Other names that are understood, such as older ones of NEST; what is saved is the name.
    pub aliases: &'static [&'static str],
    /// What it is set to in a new node, where that is not the default.
    pub start: Option<Start>,
    /// When it has an effect.
    pub acts: Acts,
    /// Of a word: what it may be; anything if empty. A model sees its place among them as a number.
    pub words: &'static [&'static str],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Included,
    Excluded,
}

const fn parameter(name: &'static str, unit: &'static str, default: DefaultValue) -> Parameter {
    Parameter {
        name,
        unit,
        default,
        role: Role::Parameter,
        min: None,
        max: None,
        ceiling: None,
        doc: "",
        main: false,
        slider: None,
        logarithmic: false,
        on_grid: false,
        to_come: false,
        a_step: false,
        in_steps: false,
        live: true,
        per_neuron: true,
        as_long_as: "",
        not_empty: false,
        same_length: false,
        aliases: &[],
        start: None,
        acts: Acts::Always,
        words: &[],
    }
}

/// A real-valued parameter.
pub const fn real(name: &'static str, unit: &'static str, default: f64) -> Parameter {
    parameter(name, unit, DefaultValue::Real(default))
}

/// A settable state variable.
pub const fn state(name: &'static str, unit: &'static str, default: f64) -> Parameter {
    Parameter { role: Role::State, ..parameter(name, unit, DefaultValue::Real(default)) }
}

/// A whole number.
pub const fn integer(name: &'static str, default: i64) -> Parameter {
    parameter(name, "", DefaultValue::Integer(default))
}

/// A switch.
pub const fn flag(name: &'static str, default: bool) -> Parameter {
    parameter(name, "", DefaultValue::Flag(default))
}

/// A list of real numbers, such as spike times.
pub const fn reals(name: &'static str, unit: &'static str) -> Parameter {
    reals_from(name, unit, &[])
}

/// A list of real numbers that is not empty at first.
pub const fn reals_from(name: &'static str, unit: &'static str, default: &'static [f64]) -> Parameter {
    parameter(name, unit, DefaultValue::Reals(default))
}

/// A list of whole numbers.
pub const fn integers(name: &'static str) -> Parameter {
    parameter(name, "", DefaultValue::Integers(&[]))
}

/// A list of whole numbers that is not empty at first.
pub const fn integers_from(name: &'static str, default: &'static [i64]) -> Parameter {
    parameter(name, "", DefaultValue::Integers(default))
}

/// A list of names, such as recordables.
pub const fn names(name: &'static str, default: &'static [&'static str]) -> Parameter {
    parameter(name, "", DefaultValue::Names(default)).fixed()
}

/// A table, such as compartments.
pub const fn table(name: &'static str, keys: &'static TableSchema) -> Parameter {
    parameter(name, "", DefaultValue::Table(keys)).fixed()
}

/// A word.
pub const fn text(name: &'static str, default: &'static str) -> Parameter {
    parameter(name, "", DefaultValue::Text(default)).fixed()
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
    /// More cannot be simulated.
    pub const fn up_to(mut self, ceiling: f64) -> Self {
        self.ceiling = Some(ceiling);
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
    /// A list of times that lie after the present one when they are set.
    pub const fn to_come(mut self) -> Self {
        self.to_come = true;
        self
    }
    /// A duration that lasts a step at least.
    pub const fn at_least_a_step(mut self) -> Self {
        self.a_step = true;
        self.in_steps = true;
        self
    }
    /// A duration that is rounded up to whole steps.
    pub const fn in_steps(mut self) -> Self {
        self.in_steps = true;
        self
    }
    /// A list with one entry for each of another list.
    pub const fn as_long_as(mut self, list: &'static str) -> Self {
        self.as_long_as = list;
        self
    }
    /// Other names that are understood.
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }
    /// Set to this in a new node.
    pub const fn starts_at(mut self, x: f64) -> Self {
        self.start = Some(Start::Value(DefaultValue::Real(x)));
        self
    }
    /// A word that is one of these.
    pub const fn one_of(mut self, words: &'static [&'static str]) -> Self {
        self.words = words;
        self
    }
    /// Set to this word in a new node.
    pub const fn starts_as(mut self, word: &'static str) -> Self {
        self.start = Some(Start::Value(DefaultValue::Text(word)));
        self
    }
    /// Set to this list in a new node.
    pub const fn starts_with(mut self, list: &'static [f64]) -> Self {
        self.start = Some(Start::Value(DefaultValue::Reals(list)));
        self
    }
    /// Set to these names in a new node.
    pub const fn starts_with_names(mut self, names: &'static [&'static str]) -> Self {
        self.start = Some(Start::Value(DefaultValue::Names(names)));
        self
    }
    /// Set to these rows in a new node.
    pub const fn starts_with_rows(mut self, rows: &'static [&'static [(&'static str, DefaultValue)]]) -> Self {
        self.start = Some(Start::Rows(rows));
        self
    }
    /// When it has an effect.
    pub const fn acts(mut self, acts: Acts) -> Self {
        self.acts = acts;
        self
    }
    /// Has an effect only while this switch is on.
    pub const fn acts_if_on(mut self, switch: &'static str) -> Self {
        self.acts = Acts::IfOn(switch);
        self
    }
    /// Has an effect only while this switch is off.
    pub const fn acts_if_off(mut self, switch: &'static str) -> Self {
        self.acts = Acts::IfOff(switch);
        self
    }
    /// Has an effect only while this number is more than 0.
    pub const fn acts_if_positive(mut self, number: &'static str) -> Self {
        self.acts = Acts::IfPositive(number);
        self
    }
    /// Is accepted, as by NEST, and never has an effect, for this reason.
    pub const fn acts_never(mut self, why: &'static str) -> Self {
        self.acts = Acts::Never(why);
        self
    }
    /// Whether it is meant by this name.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
    /// A list that must have an entry.
    pub const fn not_empty(mut self) -> Self {
        self.not_empty = true;
        self
    }
    /// A list that has as many entries as its default.
    pub const fn same_length(mut self) -> Self {
        self.same_length = true;
        self
    }
    /// Is the same for all neurons or devices of a node.
    pub const fn shared(mut self) -> Self {
        self.per_neuron = false;
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
        matches!(self.default, DefaultValue::Real(_) | DefaultValue::Integer(_))
    }
    /// Whether its value is a list of numbers, whatever the number of neurons.
    pub const fn is_list(&self) -> bool {
        matches!(self.default, DefaultValue::Reals(_) | DefaultValue::Integers(_) | DefaultValue::Table(_))
    }
    /// Of a synapse model: one value for all synapses of a projection.
    pub const fn common(mut self) -> Self {
        self.per_neuron = false;
        self
    }
    /// How many entries the list must have, if that is fixed.
    pub const fn length(&self) -> Option<usize> {
        match self.default {
            DefaultValue::Reals(xs) if self.same_length => Some(xs.len()),
            DefaultValue::Integers(xs) if self.same_length => Some(xs.len()),
            _ => None,
        }
    }
    /// The place of a word among those that are allowed, as a number.
    pub(crate) fn place_of_word(&self, word: &str) -> Option<f64> {
        self.words.iter().position(|allowed| *allowed == word).map(|place| place as f64)
    }
    /// The range in words, for messages: "> 0", "0 … 1"; empty if anything goes.
    pub fn range_text(&self) -> String {
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
    /// Whether `x` is more than can be simulated, and the message.
    pub fn exceeds(&self, x: f64) -> Option<String> {
        let ceiling = self.ceiling.filter(|ceiling| x > *ceiling)?;
        let space = if self.unit.is_empty() { "" } else { " " };
        Some(format!(
            "must be at most {}{space}{}, more cannot be simulated; is {}",
            number(ceiling),
            self.unit,
            number(x)
        ))
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
