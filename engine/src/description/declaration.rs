//! What a model declares of its numbers.

use super::compiled::{Sentence, is_made_of};
use super::parameter::{DefaultValue, Group, Parameter, Role};
use super::recordable::Recordable;

/// The numbers of a model by their names: parameters and settable state, and what can be sampled.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// The model's name.
    pub name: &'static str,
    /// Parameters and settable state, in groups as the inspector shows them.
    pub groups: &'static [Group],
    /// What a multimeter can sample.
    pub recordables: &'static [Recordable],
}

impl Declaration {
    /// All parameters and settable state, in the order of declaration.
    pub fn parameters(self) -> impl Iterator<Item = &'static Parameter> {
        self.groups.iter().flat_map(|group| group.parameters)
    }
    /// Settable state variables.
    pub fn states(self) -> impl Iterator<Item = &'static Parameter> {
        self.parameters().filter(|parameter| parameter.role == Role::State)
    }
    /// How many settable state variables there are.
    pub(crate) const fn count_states(self) -> usize {
        let (mut n, mut group) = (0, 0);
        while group < self.groups.len() {
            let parameters = self.groups[group].parameters;
            let mut i = 0;
            while i < parameters.len() {
                n += matches!(parameters[i].role, Role::State) as usize;
                i += 1;
            }
            group += 1;
        }
        n
    }
    /// The settable state variable number `i`.
    pub(crate) const fn state(self, i: usize) -> &'static Parameter {
        let (mut n, mut group) = (0, 0);
        while group < self.groups.len() {
            let parameters = self.groups[group].parameters;
            let mut j = 0;
            while j < parameters.len() {
                if matches!(parameters[j].role, Role::State) {
                    if n == i {
                        return &parameters[j];
                    }
                    n += 1;
                }
                j += 1;
            }
            group += 1;
        }
        Sentence::of(&[self.name, ": so many states are not declared"]).panic()
    }
    /// The place of a settable state variable among all of them.
    pub(crate) fn state_place(self, name: &str) -> Option<usize> {
        self.states().position(|state| state.name == name)
    }
    /// The parameter of this name, or of which it is an alias.
    pub fn parameter(self, name: &str) -> Option<&'static Parameter> {
        self.parameters().find(|parameter| parameter.is_called(name))
    }
    /// The place among all parameters of the one of this name, which comes in parts. For names written in the program:
    /// evaluated when it is compiled, which fails if there is no such parameter.
    pub const fn place_of(self, parts: &[&str]) -> usize {
        match self.find(parts) {
            Some(place) => place,
            None => Sentence::of(&[self.name, ": no parameter of this name is declared: "]).and(parts).panic(),
        }
    }
    /// The place of the parameter whose name is these parts, if there is one; aliases do not count.
    pub(crate) const fn find(self, parts: &[&str]) -> Option<usize> {
        let (mut place, mut group) = (0, 0);
        while group < self.groups.len() {
            let parameters = self.groups[group].parameters;
            let mut i = 0;
            while i < parameters.len() {
                if is_made_of(parameters[i].name, parts) {
                    return Some(place);
                }
                (place, i) = (place + 1, i + 1);
            }
            group += 1;
        }
        None
    }
    /// Makes sure that the table parameter of this name has a key of this name in some kind of its rows. For names
    /// written in the program, like [`Declaration::place_of`].
    pub const fn assert_key(self, table: &str, key: &str) {
        let mut group = 0;
        while group < self.groups.len() {
            let parameters = self.groups[group].parameters;
            let mut i = 0;
            while i < parameters.len() {
                if let DefaultValue::Table(schema) = parameters[i].default
                    && is_made_of(parameters[i].name, &[table])
                    && schema.has_key(key)
                {
                    return;
                }
                i += 1;
            }
            group += 1;
        }
        Sentence::of(&[self.name, ": no key of this name is declared: ", table, ".", key]).panic()
    }
}
