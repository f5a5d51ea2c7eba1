//! What can be sampled of a model.

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
    /// Only entries of this kind have it, where a table has several, or of those whose first word this is; empty for all.
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
    /// Whether entries of this kind have it.
    pub fn is_of(&self, kind: &str) -> bool {
        kind.strip_prefix(self.kind).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }
    /// Only of the entries of one kind, or of all kinds with this first word.
    pub const fn of_kind(mut self, kind: &'static str) -> Recordable {
        self.kind = kind;
        self
    }
    /// How it is called in lists of what a model has: `I_syn_1…` stands for as many as there are.
    pub fn title(&self) -> String {
        if self.each.is_empty() { self.name.into() } else { format!("{}{}…", self.name, self.first) }
    }
}

/// A quantity that a multimeter can sample of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampled {
    pub name: String,
    pub unit: &'static str,
    pub doc: &'static str,
    pub quantity: Quantity,
}

/// One quantity of a node: which recordable of the declaration, and of which entry of its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    pub declared: usize,
    pub entry: usize,
}
