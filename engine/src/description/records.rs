//! Parameters that are tables, such as the compartments of a neuron.

use super::parameter::Parameter;
use super::value::{Record, Value};

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
    pub fn kind_of(&self, record: &Record) -> Option<usize> {
        if self.kind.is_empty() {
            return Some(0);
        }
        let Some(Value::Text(word)) = record.get(self.kind) else { return None };
        self.kinds.iter().position(|kind| kind.name == word)
    }
}
