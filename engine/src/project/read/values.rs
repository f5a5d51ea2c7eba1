//! Reads values: numbers, lists, distributions, rules.

use super::fields::{Fields, Reader, describe};
use super::space::SPATIAL;
use crate::description::{Distribution, Range, Row, Shape, Value};
use crate::models::{DefaultValue, Parameter};
use crate::project::scan::{Field, Item, Position, Spanned};
use crate::project::suggest::unknown;
use crate::project::{PairsFile, Place, Rule};

const DISTRIBUTIONS: [&str; 4] = ["normal", "lognormal", "uniform", "exponential"];
const RANGES: [&str; 2] = ["linear", "logarithmic"];

/// A rule with the pairs that it lists, and the file in which they stand.
pub type RuleRead = (Rule, Vec<(u32, u32)>, Option<PairsFile>);

impl Reader {
    /// A value of a parameter (`None` if the model does not have it), a weight or a delay.
    pub fn value(&mut self, place: &Place, field: &str, given: Spanned, of: Option<&Parameter>) -> Option<Value> {
        let position = given.position;
        match in_own_words(given.item) {
            Item::Number(number) => Some(Value::Real(number.real)),
            Item::Flag(flag) => Some(Value::Flag(flag)),
            Item::Text(text) => Some(Value::Text(text)),
            Item::List(items) if items.is_empty() => Some(empty_list(of)),
            Item::List(items) => self.list_value(place, field, items),
            Item::Struct { name: Some(name), fields } => {
                let inner = Spanned { position, item: Item::Struct { name: None, fields } };
                if RANGES.contains(&name.as_str()) {
                    return self.range_of_values(place, field, &name, inner);
                }
                self.distribution(place, field, &name, inner).map(Value::Distribution)
            }
            Item::Tuple { name: Some(name), items } if DISTRIBUTIONS.contains(&name.as_str()) => {
                self.plain_distribution(place, field, &name, items, position).map(Value::Distribution)
            }
            Item::Tuple { name: Some(name), items } if name == SPATIAL => self.spatial(place, field, items, position),
            Item::Tuple { name: Some(name), items } if RANGES.contains(&name.as_str()) => {
                if items.len() != 2 {
                    let message = format!("{name} takes two numbers: {}, here are {}", pattern(&name), items.len());
                    self.error_of(place, field, position, message);
                    return None;
                }
                let numbers = self.all(items, |r, item| r.real(place, field, item))?;
                Some(Value::Range(range(&name, numbers[0], numbers[1])))
            }
            Item::Struct { name: None, .. } | Item::Tuple { name: None, .. } if of.is_none_or(Parameter::is_number) => {
                let message = "a value stands without brackets, as in `10`, `[1, 2]` or `normal(mean: 0, std: 1)`";
                self.error_of(place, field, position, message);
                None
            }
            Item::Word(word) => {
                let message = if DISTRIBUTIONS.contains(&word.as_str()) || RANGES.contains(&word.as_str()) {
                    format!("give its numbers: {}", pattern(&word))
                } else {
                    format!("`{word}` is no value; a text stands in quotes: \"{word}\"")
                };
                self.error_of(place, field, position, message);
                None
            }
            other => self.expected(place, field, position, "a number, flag, text, list or distribution", &other),
        }
    }

    /// All numbers, all switches, all texts, all lists of numbers or all records.
    fn list_value(&mut self, place: &Place, field: &str, items: Vec<Spanned>) -> Option<Value> {
        match items.first().map(|first| &first.item) {
            Some(Item::Text(_)) => self.all(items, |r, item| r.text(place, field, item)).map(Value::Names),
            Some(Item::Struct { name: None, .. }) => {
                self.all(items, |r, item| r.record(place, field, item)).map(Value::Table)
            }
            Some(Item::Flag(_)) => self.all(items, |r, item| r.flag(place, field, item)).map(Value::Flags),
            Some(Item::List(_)) => {
                let row = |r: &mut Self, item: Spanned| {
                    let numbers = r.list(place, field, item)?;
                    r.all(numbers, |r, x| r.real(place, field, x))
                };
                self.all(items, row).map(Value::Lists)
            }
            _ => self.all(items, |r, item| r.real(place, field, item)).map(Value::List),
        }
    }

    /// Fields that stand together under a name, `name: (a: 1, b: 2)`, with the names `name.a` and `name.b`.
    pub fn group(&mut self, place: &Place, name: &str, given: Spanned, field: &str) -> Vec<(String, Spanned)> {
        let position = given.position;
        let Item::Struct { name: None, fields } = given.item else {
            let _: Option<()> = self.expected(place, field, position, "`(name: value, …)`", &given.item);
            return Vec::new();
        };
        let mut parts = Vec::<(String, Spanned)>::new();
        for inner in fields {
            let whole = format!("{name}.{}", inner.name);
            if parts.iter().any(|(given, _)| *given == whole) {
                self.error_of(place, field, inner.position, format!("`{whole}` is given twice"));
                continue;
            }
            self.positions.insert(place, &whole, inner.value.position);
            parts.push((whole, inner.value));
        }
        parts
    }

    /// An entry of a table: numbers and words by key.
    fn record(&mut self, place: &Place, field: &str, given: Spanned) -> Option<Row> {
        let positions = std::mem::take(&mut self.positions);
        let fields = self.fields(place, field, given, None);
        let mut record = Row::new();
        let mut sound = fields.is_some();
        for (key, value) in fields.into_iter().flat_map(Fields::into_entries) {
            let inner = matches!(value.item, Item::Struct { name: None, .. });
            let parts = if inner { self.group(place, &key, value, field) } else { vec![(key, value)] };
            for (key, value) in parts {
                let read = match value.item {
                    Item::Number(number) => Some(Value::Real(number.real)),
                    Item::Text(text) => Some(Value::Text(text)),
                    other => self.expected(place, field, value.position, "a number or a text in quotes", &other),
                };
                sound &= read.is_some();
                record.extend(read.map(|value| (key, value)));
            }
        }
        self.positions = positions;
        sound.then_some(record)
    }

    /// Reads all items, so that every problem is found, even if one fails.
    pub fn all<T>(
        &mut self,
        items: Vec<Spanned>,
        mut read: impl FnMut(&mut Self, Spanned) -> Option<T>,
    ) -> Option<Vec<T>> {
        let read: Vec<Option<T>> = items.into_iter().map(|item| read(self, item)).collect();
        read.into_iter().collect()
    }

    fn distribution(&mut self, place: &Place, field: &str, name: &str, given: Spanned) -> Option<Distribution> {
        let position = given.position;
        let (first, second) = match name {
            "normal" | "lognormal" => ("mean", "std"),
            "uniform" => ("low", "high"),
            "exponential" => ("beta", ""),
            _ => {
                let known: Vec<&str> = DISTRIBUTIONS.into_iter().chain(RANGES).collect();
                let message = unknown("distribution", name, "values", &known);
                self.error_of(place, field, position, message);
                return None;
            }
        };
        // The positions of `mean` or `min` must not pass for those of parameters of these names.
        let known: Vec<&str> = [first, second, "min", "max"].into_iter().filter(|name| !name.is_empty()).collect();
        let mut fields = self.inner_fields(place, name, given, &known)?;
        let mut a = fields.take(first);
        let mut b = if second.is_empty() { a.clone() } else { fields.take(second) };
        if name == "uniform" && a.is_none() && b.is_none() {
            // NEST's names of its ends; without other ends they say the same.
            (a, b) = (fields.take("min"), fields.take("max"));
        }
        if a.is_none() || b.is_none() {
            self.error_of(place, field, position, format!("give all its numbers: {}", pattern(name)));
            return None;
        }
        let (a, b) = (a.and_then(|v| self.real(place, field, v)), b.and_then(|v| self.real(place, field, v)));
        let bound = |r: &mut Self, given: Option<Spanned>| match given {
            None => Some(None),
            Some(v) => r.real(place, field, v).map(Some),
        };
        let (min, max) = (bound(self, fields.take("min")), bound(self, fields.take("max")));
        Some(Distribution { shape: shape(name, a?, b?), min: min?, max: max? })
    }

    /// From one number to another over a population.
    fn range_of_values(&mut self, place: &Place, field: &str, name: &str, given: Spanned) -> Option<Value> {
        let position = given.position;
        let mut fields = self.inner_fields(place, name, given, &["from", "to"])?;
        let (Some(from), Some(to)) = (fields.take("from"), fields.take("to")) else {
            self.error_of(place, field, position, format!("give both its ends: {}", pattern(name)));
            return None;
        };
        let (from, to) = (self.real(place, field, from), self.real(place, field, to));
        Some(Value::Range(range(name, from?, to?)))
    }

    /// A distribution whose two numbers are not named, as in `uniform(-70, -55)`.
    fn plain_distribution(
        &mut self,
        place: &Place,
        field: &str,
        name: &str,
        items: Vec<Spanned>,
        at: Position,
    ) -> Option<Distribution> {
        if name == "exponential" && items.len() == 1 {
            let numbers = self.all(items, |r, item| r.real(place, field, item))?;
            return Some(Distribution { shape: shape(name, numbers[0], numbers[0]), min: None, max: None });
        }
        if items.len() != 2 || name == "exponential" {
            let decimals = if items.len() == 4 { "; write decimals with a point, as in 0.1" } else { "" };
            let message =
                format!("{name} takes {}: {}, here are {}{decimals}", how_many(name), pattern(name), items.len());
            self.error_of(place, field, at, message);
            return None;
        }
        let numbers = self.all(items, |r, item| r.real(place, field, item))?;
        Some(Distribution { shape: shape(name, numbers[0], numbers[1]), min: None, max: None })
    }

    pub fn inner_fields(&mut self, place: &Place, what: &str, given: Spanned, known: &[&str]) -> Option<Fields> {
        let positions = std::mem::take(&mut self.positions);
        let fields = self.fields(place, what, given, Some(known));
        self.positions = positions;
        fields
    }

    /// A rule, with the pairs that it lists, and the file in which they stand.
    pub fn rule(&mut self, place: &Place, given: Spanned) -> Option<RuleRead> {
        let is_pairs = |name: &str| [Rule::Pairs.name(), Rule::Pairs.also_called()].contains(&name);
        match given.item {
            Item::Tuple { name: Some(name), items } if is_pairs(&name) => {
                self.pairs(place, items, given.position).map(|pairs| (Rule::Pairs, pairs, None))
            }
            Item::Word(name) if is_pairs(&name) => {
                self.pairs(place, Vec::new(), given.position).map(|pairs| (Rule::Pairs, pairs, None))
            }
            Item::Struct { name: Some(name), fields } if name == Rule::Pairs.name() => {
                let inner = Spanned { item: Item::Struct { name: None, fields }, ..given };
                let mut fields = self.inner_fields(place, &name, inner, &["csv"])?;
                let Some(file) = fields.take("csv") else {
                    let message = "name the file beside the project: `pairs(csv: \"connections.csv\")`";
                    self.error_of(place, "rule", given.position, message);
                    return None;
                };
                let name = self.text(place, "rule", file)?;
                let (file, pairs) = PairsFile::read(self.folder.as_deref(), &name);
                Some((Rule::Pairs, pairs, Some(file)))
            }
            item => self.plain_rule(place, Spanned { item, ..given }).map(|rule| (rule, Vec::new(), None)),
        }
    }

    /// `pairs([(0, 3), (1, 2)])`: the numbers of source and target of each synapse.
    fn pairs(&mut self, place: &Place, mut items: Vec<Spanned>, at: Position) -> Option<Vec<(u32, u32)>> {
        let wanted = "the pairs of source and target, counted from 0: `pairs([(0, 3), (1, 2)])`";
        let listed = items.pop().filter(|_| items.is_empty());
        let Some(Spanned { item: Item::List(pairs), .. }) = listed else {
            self.error_of(place, "rule", at, format!("give {wanted}"));
            return None;
        };
        self.all(pairs, |reader, pair| match pair.item {
            Item::Tuple { name: None, items } | Item::List(items) if items.len() == 2 => {
                let most = u64::from(u32::MAX);
                let ends = reader.all(items, |r, end| r.whole(place, "rule", end, 0, most))?;
                Some((u32::try_from(ends[0]).ok()?, u32::try_from(ends[1]).ok()?))
            }
            other => reader.expected(place, "rule", pair.position, wanted, &other),
        })
    }

    fn plain_rule(&mut self, place: &Place, given: Spanned) -> Option<Rule> {
        let position = given.position;
        let (name, fields, mut items) = match given.item {
            Item::Word(name) => (name, Vec::new(), Vec::new()),
            Item::Struct { name: Some(name), fields } => (name, fields, Vec::new()),
            Item::Tuple { name: Some(name), items } => (name, Vec::new(), items),
            Item::Text(text) => {
                self.error_of(place, "rule", position, format!("a rule stands without quotes: `{text}`"));
                return None;
            }
            other => {
                let what = "a rule such as `all_to_all` or `fixed_indegree(10)`";
                return self.expected(place, "rule", position, what, &other);
            }
        };
        let third = Rule::ThirdFactor { p: 1.0, pool_size: None, block: false };
        if name == third.name() {
            let message = "a third factor stands beside the rule: `third_factor: (node: \"astrocytes\", p: 0.5)`";
            self.error_of(place, "rule", position, message);
            return None;
        }
        let Some(rule) = Rule::ALL.into_iter().find(|rule| [rule.name(), rule.also_called()].contains(&name.as_str()))
        else {
            let known: Vec<&str> = Rule::ALL.iter().chain([&Rule::Pairs]).map(Rule::name).collect();
            self.error_of(place, "rule", position, unknown("rule", &name, "projections", &known));
            return None;
        };
        if items.len() > 1 {
            let message = format!("`{name}` takes one number, here are {}; write decimals with a point", items.len());
            self.error_of(place, "rule", position, message);
            return None;
        }
        let argument = if fields.is_empty() { items.pop() } else { Some(self.named_number(place, rule, fields)?) };
        self.rule_number(place, rule, argument, position)
    }

    /// The number of a rule that is given by its name.
    fn named_number(&mut self, place: &Place, rule: Rule, fields: Vec<Field>) -> Option<Spanned> {
        let (name, names) = (rule.name(), rule.number_names());
        let mut number = None;
        for field in fields {
            let of_the_wire = [
                ("autapses", &["autapses", "allow_autapses"]),
                ("multapses", &["multapses", "allow_multapses"]),
                ("symmetric", &["symmetric", "make_symmetric"]),
            ];
            let elsewhere = of_the_wire.iter().find(|(_, called)| called.contains(&field.name.as_str()));
            let message = match elsewhere {
                Some((own, _)) => format!("`{}` belongs beside the rule: `{own}: …`", field.name),
                None if names.is_empty() => format!("`{name}` takes no number, here is `{}`", field.name),
                None if !names.contains(&field.name.as_str()) => unknown("number", &field.name, name, &names[..1]),
                None if number.is_some() => format!("`{}` is given twice", field.name),
                None => {
                    number = Some(field.value);
                    continue;
                }
            };
            self.error_of(place, "rule", field.position, message);
            return None;
        }
        number
    }

    fn rule_number(&mut self, place: &Place, rule: Rule, given: Option<Spanned>, at: Position) -> Option<Rule> {
        let name = rule.name();
        match (rule, given) {
            (Rule::AllToAll | Rule::OneToOne, None) => Some(rule),
            (Rule::AllToAll | Rule::OneToOne, Some(value)) => {
                let message = format!("`{name}` takes no number, here is {}", describe(&value.item));
                self.error_of(place, "rule", at, message);
                None
            }
            (rule, None) => {
                let example = if rule.has_random_number() { "0.1" } else { "10" };
                let message = format!("give the {}: `{name}({example})`", rule.number_in_words());
                self.error_of(place, "rule", at, message);
                None
            }
            (Rule::PairwiseBernoulli { .. }, Some(value)) => {
                self.real(place, "rule", value).map(|p| Rule::PairwiseBernoulli { p })
            }
            (Rule::PairwisePoisson { .. }, Some(value)) => {
                self.real(place, "rule", value).map(|mean| Rule::PairwisePoisson { mean })
            }
            (Rule::SymmetricPairwiseBernoulli { .. }, Some(value)) => {
                self.real(place, "rule", value).map(|p| Rule::SymmetricPairwiseBernoulli { p })
            }
            (_, Some(value)) => {
                let count = self.whole(place, "rule", value, 0, u64::MAX)?;
                Some(match rule {
                    Rule::FixedIndegree { .. } => Rule::FixedIndegree { indegree: count },
                    Rule::FixedOutdegree { .. } => Rule::FixedOutdegree { outdegree: count },
                    _ => Rule::FixedTotalNumber { n: count },
                })
            }
        }
    }
}

/// BrainPy's names of distributions are as good as our own.
fn in_own_words(item: Item) -> Item {
    let own = |name: String| match name.as_str() {
        "Normal" => "normal".to_owned(),
        "LogNormal" => "lognormal".to_owned(),
        "Uniform" => "uniform".to_owned(),
        _ => name,
    };
    match item {
        Item::Struct { name: Some(name), fields } => Item::Struct { name: Some(own(name)), fields },
        Item::Tuple { name: Some(name), items } => Item::Tuple { name: Some(own(name)), items },
        Item::Word(name) => Item::Word(own(name)),
        other => other,
    }
}

/// `[]` says nothing of what it does not hold; the parameter does.
fn empty_list(of: Option<&Parameter>) -> Value {
    match of.map(|p| p.default) {
        Some(DefaultValue::Names(_)) => Value::Names(Vec::new()),
        Some(DefaultValue::Table(_)) => Value::Table(Vec::new()),
        _ => Value::List(Vec::new()),
    }
}

fn shape(distribution: &str, a: f64, b: f64) -> Shape {
    match distribution {
        "normal" => Shape::Normal { mean: a, std: b },
        "lognormal" => Shape::Lognormal { mean: a, std: b },
        "exponential" => Shape::Exponential { beta: a },
        _ => Shape::Uniform { low: a, high: b },
    }
}

fn range(name: &str, from: f64, to: f64) -> Range {
    Range { from, to, logarithmic: name == "logarithmic" }
}

fn how_many(distribution: &str) -> &'static str {
    if distribution == "exponential" { "one number" } else { "two numbers" }
}

fn pattern(distribution: &str) -> String {
    match distribution {
        "uniform" => "`uniform(low: 0, high: 1)`".into(),
        "exponential" => "`exponential(beta: 1)`".into(),
        "linear" | "logarithmic" => format!("`{distribution}(from: 1, to: 100)`"),
        name => format!("`{name}(mean: 0, std: 1)`"),
    }
}
