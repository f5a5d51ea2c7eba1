//! What the program has to know of a model beside its parameters, and asks its declaration for.

use super::resolution::Resolution;
use super::value::Value;

/// The values of a node's parameters as the user gave them.
pub trait Given {
    /// The user's value, or the default.
    fn value(&self, name: &str) -> Option<Value>;
    /// Whether the user gave a value to a parameter whose name begins like this.
    fn is_given(&self, beginning: &str) -> bool;
    /// Number of neurons or devices.
    fn n(&self) -> usize;
}

impl dyn Given + '_ {
    /// A number that is the same for all.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.value(name)?.as_real()
    }

    pub fn flag(&self, name: &str) -> bool {
        self.value(name) == Some(Value::Flag(true))
    }
}

/// A parameter and what is wrong with it.
pub type Wrong = (&'static str, String);

/// What a declaration says of all the parameters of a node together; nothing by default.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// What must hold, where relations between two numbers cannot say it. Each parameter is right by itself.
    pub check: fn(&dyn Given, Resolution) -> Result<(), Wrong>,
    /// What can run, but probably not as meant.
    pub advise: fn(&dyn Given) -> Result<(), Wrong>,
    /// Of neurons: whether one may fire without any input, or whether that is more than can be told; `None` where
    /// threshold and rest decide.
    pub fires_by_itself: Option<fn(&dyn Given) -> bool>,
    /// Of generators of steady currents: the largest current, pA, that reaches a target through this weight.
    pub largest_current: fn(&dyn Given, f64) -> Option<f64>,
}

impl Facts {
    pub const NONE: Facts =
        Facts { check: |_, _| Ok(()), advise: |_| Ok(()), fires_by_itself: None, largest_current: |_, _| None };

    pub const fn check(mut self, check: fn(&dyn Given, Resolution) -> Result<(), Wrong>) -> Facts {
        self.check = check;
        self
    }
    pub const fn advise(mut self, advise: fn(&dyn Given) -> Result<(), Wrong>) -> Facts {
        self.advise = advise;
        self
    }
    pub const fn fires_by_itself(mut self, fires: fn(&dyn Given) -> bool) -> Facts {
        self.fires_by_itself = Some(fires);
        self
    }
    pub const fn largest_current(mut self, largest: fn(&dyn Given, f64) -> Option<f64>) -> Facts {
        self.largest_current = largest;
        self
    }
}
