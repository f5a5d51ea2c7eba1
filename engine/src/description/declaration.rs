//! What a model declares of its numbers.

use super::parameter::{Group, Parameter, Role};
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
    /// The parameter of this name, or of which it is an alias.
    pub fn parameter(self, name: &str) -> Option<&'static Parameter> {
        self.parameters().find(|parameter| parameter.is_called(name))
    }
    /// The place among all parameters of the one of this name, which comes in parts. For names written in the program:
    /// evaluated when it is compiled, which fails if there is no such parameter.
    pub const fn place_of(self, parts: &[&str]) -> usize {
        let (mut place, mut group) = (0, 0);
        while group < self.groups.len() {
            let parameters = self.groups[group].parameters;
            let mut i = 0;
            while i < parameters.len() {
                if is_made_of(parameters[i].name, parts) {
                    return place;
                }
                (place, i) = (place + 1, i + 1);
            }
            group += 1;
        }
        panic!("the declaration of the model has no parameter of this name");
    }
}

/// Whether a name is these parts one after the other.
const fn is_made_of(name: &str, parts: &[&str]) -> bool {
    let name = name.as_bytes();
    let (mut at, mut part) = (0, 0);
    while part < parts.len() {
        let bytes = parts[part].as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            if at >= name.len() || name[at] != bytes[i] {
                return false;
            }
            (at, i) = (at + 1, i + 1);
        }
        part += 1;
    }
    at == name.len()
}
