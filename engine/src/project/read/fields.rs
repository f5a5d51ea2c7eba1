//! What reading has found so far, and how single fields are taken apart.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::description::number;
use crate::project::scan::{Item, Position, Spanned};
use crate::project::suggest::unknown;
use crate::project::{NodeId, Place, Problem, Project, ProjectionId, Severity};

pub(super) struct Reader {
    pub problems: Vec<Problem>,
    pub positions: Positions,
    /// The folder of the file, where that is known.
    pub folder: Option<PathBuf>,
    /// Everything could be read; validation may still find errors.
    pub sound: bool,
    /// Things of which something could not be read.
    damaged: HashSet<Key>,
}

impl Default for Reader {
    fn default() -> Self {
        let (problems, positions) = (Vec::new(), Positions::default());
        Reader { problems, positions, folder: None, sound: true, damaged: HashSet::new() }
    }
}

/// What stands where in the file.
#[derive(Default)]
pub(super) struct Positions(HashMap<(Key, String), Position>);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Project,
    Simulation,
    Node(NodeId),
    Projection(ProjectionId),
    View(String),
}

impl Key {
    fn of(place: &Place) -> Key {
        match place {
            Place::Project => Key::Project,
            Place::Simulation => Key::Simulation,
            Place::Node { id, .. } => Key::Node(*id),
            Place::Projection { id, .. } => Key::Projection(*id),
            Place::View(title) => Key::View(title.clone()),
        }
    }
}

impl Positions {
    /// Notes where a field of `place` stands; the place itself is the empty field.
    pub fn insert(&mut self, place: &Place, field: &str, position: Position) {
        self.0.entry((Key::of(place), field.to_owned())).or_insert(position);
    }
    /// Where the field stands, or else the place that it belongs to.
    pub fn find(&self, place: &Place, field: Option<&str>) -> Option<Position> {
        let key = Key::of(place);
        field
            .and_then(|field| self.0.get(&(key.clone(), field.to_owned())))
            .or_else(|| self.0.get(&(key, String::new())))
            .copied()
    }
}

/// The fields of one bracket, by name.
pub(super) struct Fields(BTreeMap<String, Spanned>);

impl Fields {
    pub fn take(&mut self, name: &str) -> Option<Spanned> {
        self.0.remove(name)
    }
    pub fn into_entries(self) -> impl Iterator<Item = (String, Spanned)> {
        self.0.into_iter()
    }
}

impl Reader {
    /// Of a text that stands in this folder.
    pub fn within(folder: Option<&Path>) -> Reader {
        Reader { folder: folder.map(Path::to_owned), ..Reader::default() }
    }

    pub fn error(&mut self, place: &Place, position: Position, message: impl Into<String>) {
        self.push(Problem::error(place.clone(), message).at(Some(position)));
    }
    pub fn error_of(&mut self, place: &Place, field: &str, position: Position, message: impl Into<String>) {
        self.push(Problem::error(place.clone(), message).of(field).at(Some(position)));
    }
    fn push(&mut self, problem: Problem) {
        if problem.severity == Severity::Error {
            self.sound = false;
            self.damaged.insert(Key::of(&problem.place));
        }
        self.problems.push(problem);
    }

    /// Whether something of `place` could not be read, or of the nodes that it joins.
    pub fn is_damaged(&self, project: &Project, place: &Place) -> bool {
        let node = |id: NodeId| self.damaged.contains(&Key::Node(id));
        let ends = match place {
            Place::Projection { id, .. } => project.projection(*id).is_some_and(|p| node(p.from) || node(p.to)),
            _ => false,
        };
        ends || self.damaged.contains(&Key::of(place))
    }

    /// The fields of `(a: 1, b: 2)`. Complains of unknown ones (`known` is `None` where any name goes) and repeated ones.
    pub fn fields(&mut self, place: &Place, what: &str, value: Spanned, known: Option<&[&str]>) -> Option<Fields> {
        self.fields_or(place, what, value, known, &|_| None)
    }

    /// As [`Reader::fields`]; `elsewhere` tells of an unknown name where it belongs.
    pub fn fields_or(
        &mut self,
        place: &Place,
        what: &str,
        value: Spanned,
        known: Option<&[&str]>,
        elsewhere: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Fields> {
        let given = match value.item {
            Item::Struct { name: None, fields } => fields,
            Item::Invalid => return None,
            other => {
                let message = format!("{what} is written as `(name: value, …)`, here is {}", describe(&other));
                self.error(place, value.position, message);
                return None;
            }
        };
        let mut fields = BTreeMap::new();
        for field in given {
            if known.is_some_and(|known| !known.contains(&field.name.as_str())) {
                let message = elsewhere(&field.name)
                    .unwrap_or_else(|| unknown("field", &field.name, what, known.unwrap_or_default()));
                self.error(place, field.position, message);
                continue;
            }
            match fields.entry(field.name) {
                Entry::Occupied(first) => {
                    self.error(place, field.position, format!("`{}` is given twice", first.key()));
                }
                Entry::Vacant(free) => {
                    self.positions.insert(place, free.key(), field.value.position);
                    free.insert(field.value);
                }
            }
        }
        Some(Fields(fields))
    }

    /// A field without which nothing can be made.
    pub fn required(&mut self, place: &Place, fields: &mut Fields, name: &str, position: Position) -> Option<Spanned> {
        let found = fields.take(name);
        if found.is_none() {
            self.error(place, position, format!("the field `{name}` is missing"));
        }
        found
    }

    pub fn real(&mut self, place: &Place, field: &str, value: Spanned) -> Option<f64> {
        match value.item {
            Item::Number(number) => Some(number.real),
            other => self.expected(place, field, value.position, "a number", &other),
        }
    }

    /// A whole number from `min` to `max`.
    pub fn whole(&mut self, place: &Place, field: &str, value: Spanned, min: u64, max: u64) -> Option<u64> {
        let Item::Number(given) = value.item else {
            return self.expected(place, field, value.position, "a whole number", &value.item);
        };
        // 80.0 is as whole as 80, as long as doubles are exact.
        let exact = given.real.fract() == 0.0 && given.real.abs() < 9e15;
        let whole = given.whole.or_else(|| exact.then_some(given.real as i128));
        let found = whole.and_then(|x| u64::try_from(x).ok()).filter(|x| (min..=max).contains(x));
        if found.is_none() {
            let range = if max == u64::MAX { format!("≥ {min}") } else { format!("from {min} to {max}") };
            let is = given.whole.map_or_else(|| number(given.real), |x| x.to_string());
            self.error_of(place, field, value.position, format!("must be a whole number {range}, is {is}"));
        }
        found
    }

    pub fn text(&mut self, place: &Place, field: &str, value: Spanned) -> Option<String> {
        match value.item {
            Item::Text(text) => Some(text),
            Item::Word(word) => {
                let message = format!("a text stands in quotes: \"{word}\"");
                self.error_of(place, field, value.position, message);
                None
            }
            other => self.expected(place, field, value.position, "a text in quotes", &other),
        }
    }

    pub fn flag(&mut self, place: &Place, field: &str, value: Spanned) -> Option<bool> {
        match value.item {
            Item::Flag(flag) => Some(flag),
            other => self.expected(place, field, value.position, "true or false", &other),
        }
    }

    pub fn list(&mut self, place: &Place, field: &str, value: Spanned) -> Option<Vec<Spanned>> {
        match value.item {
            Item::List(items) => Some(items),
            other => self.expected(place, field, value.position, "a list `[…]`", &other),
        }
    }

    /// A place on the canvas, `(x, y)`.
    pub fn coordinates(&mut self, place: &Place, field: &str, value: Spanned) -> Option<[f32; 2]> {
        let position = value.position;
        let items = match value.item {
            Item::Tuple { name: None, items } if items.len() == 2 => items,
            other => return self.expected(place, field, position, "a place `(x, y)`", &other),
        };
        let mut both = items.into_iter().map(|item| self.real(place, field, item)).collect::<Vec<_>>().into_iter();
        let (x, y) = (both.next()?? as f32, both.next()?? as f32);
        if x.is_finite() && y.is_finite() {
            return Some([x, y]);
        }
        self.error_of(place, field, position, "coordinates must be finite");
        None
    }

    /// Complains that something else is expected; what is invalid has been complained of before.
    pub fn expected<T>(&mut self, place: &Place, field: &str, at: Position, what: &str, is: &Item) -> Option<T> {
        if *is == Item::Invalid {
            self.sound = false;
            self.damaged.insert(Key::of(place));
        } else {
            self.error_of(place, field, at, format!("must be {what}, is {}", describe(is)));
        }
        None
    }
}

/// What a value is, in words.
pub(super) fn describe(item: &Item) -> String {
    match item {
        Item::Number(given) => given.whole.map_or_else(|| number(given.real), |x| x.to_string()),
        Item::Flag(flag) => flag.to_string(),
        Item::Text(text) if text.chars().count() <= 30 => format!("the text \"{text}\""),
        Item::Text(_) => "a text".into(),
        Item::Word(word) => format!("the word `{word}`"),
        Item::List(_) => "a list".into(),
        Item::Map(_) => "a map `{…}`".into(),
        Item::Struct { name: Some(name), .. } | Item::Tuple { name: Some(name), .. } => format!("`{name}(…)`"),
        Item::Struct { name: None, .. } => "`(name: value, …)`".into(),
        Item::Tuple { name: None, .. } => "`(value, …)`".into(),
        Item::Invalid => "not valid".into(),
    }
}
