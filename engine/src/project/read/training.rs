//! Reads what a network is to learn.

use std::collections::BTreeMap;

use super::fields::Reader;
use super::network::Names;
use crate::project::scan::{Item, Position, Spanned};
use crate::project::suggest::unknown;
use crate::project::{
    Adjusted, Goal, Lesson, Loss, Method, Pattern, Penalty, Place, Population, Read, Statistic, Surrogate, Task,
    Trained, Training, Wanted,
};

/// The fields of a training and of its patterns.
pub(super) const TRAINING: [&str; 10] =
    ["method", "train", "epochs", "enough", "goals", "loss", "surrogate", "batch", "penalties", "patterns"];
pub(super) const PATTERN: [&str; 4] = ["input", "label", "rates", "times"];

const PLACE: Place = Place::Project;

impl Reader {
    pub fn training(&mut self, given: Spanned, names: &Names) -> Option<Training> {
        let position = given.position;
        let mut fields = self.fields(&PLACE, "a training", given, Some(&TRAINING))?;
        let method = self.required(&PLACE, &mut fields, "method", position).and_then(|v| self.method(v));
        let train = self.required(&PLACE, &mut fields, "train", position);
        let train = train.and_then(|v| self.each(v, "train", |r, item| r.trained(item, names)));
        let epochs = match fields.take("epochs") {
            Some(v) => self.whole(&PLACE, "epochs", v, 1, Training::MOST_EPOCHS as u64).map(|n| n as usize),
            None => Some(100),
        };
        let enough = self.number_or(fields.take("enough"), "enough", 0.0);
        let lesson = ["loss", "surrogate", "batch", "penalties", "patterns"].map(|name| fields.take(name));
        let task = match (fields.take("goals"), lesson) {
            (Some(_), [Some(_), ..]) => {
                self.error_of(&PLACE, "training", position, "either `goals` or `loss` is given, not both");
                None
            }
            (Some(goals), lesson) => {
                if let Some(other) = lesson.into_iter().flatten().next() {
                    let message =
                        "`goals` stand alone: `surrogate`, `batch`, `penalties` and `patterns` go with `loss`";
                    self.error_of(&PLACE, "training", other.position, message);
                }
                self.each(goals, "goals", |r, item| r.goal(item, names)).map(Task::Goals)
            }
            (None, [Some(loss), surrogate, batch, penalties, patterns]) => {
                self.lesson(loss, [surrogate, batch, penalties, patterns], names).map(Task::Patterns)
            }
            (None, _) => {
                let message = "say what is wanted: `goals: [rate(of: \"spikes\", target: 10)]` or `loss: rate(of: \"out\")` with `patterns`";
                self.error_of(&PLACE, "training", position, message);
                None
            }
        };
        Some(Training { method: method?, train: train?, epochs: epochs?, enough: enough?, task: task? })
    }

    /// The entries of a list.
    fn each<T>(
        &mut self,
        given: Spanned,
        field: &str,
        mut read: impl FnMut(&mut Self, Spanned) -> Option<T>,
    ) -> Option<Vec<T>> {
        let items = self.list(&PLACE, field, given)?;
        let read: Vec<Option<T>> = items.into_iter().map(|item| read(self, item)).collect();
        read.into_iter().collect()
    }

    fn number_or(&mut self, given: Option<Spanned>, field: &str, otherwise: f64) -> Option<f64> {
        match given {
            Some(given) => self.real(&PLACE, field, given),
            None => Some(otherwise),
        }
    }

    /// A word, alone or with fields in brackets.
    fn worded(&mut self, given: Spanned, field: &str, what: &str, known: &[&str]) -> Option<(String, Spanned)> {
        let position = given.position;
        let (word, fields) = match given.item {
            Item::Word(word) => (word, Vec::new()),
            Item::Struct { name: Some(word), fields } => (word, fields),
            other => return self.expected(&PLACE, field, position, what, &other),
        };
        if !known.contains(&word.as_str()) {
            self.error_of(&PLACE, field, position, unknown(field, &word, "", known));
            return None;
        }
        Some((word, Spanned { position, item: Item::Struct { name: None, fields } }))
    }

    fn method(&mut self, given: Spanned) -> Option<Method> {
        let position = given.position;
        let what = "a method such as `cma_es` or `adam(learning_rate: 0.01)`";
        let (word, bracket) = self.worded(given, "method", what, &Method::NAMES)?;
        let known: &[&str] = match word.as_str() {
            "separable_nes" | "cma_es" => &["population", "spread"],
            "momentum" => &["learning_rate", "momentum"],
            "adam" => &["learning_rate", "beta_1", "beta_2"],
            _ => &["learning_rate"],
        };
        let mut fields = self.fields(&PLACE, &word, bracket, Some(known))?;
        if known.contains(&"population") {
            let usual = Population::default();
            let size = match fields.take("population") {
                Some(v) => self.whole(&PLACE, "population", v, 0, Training::MOST_CANDIDATES as u64)? as usize,
                None => usual.size,
            };
            let population =
                Population { size, spread: self.number_or(fields.take("spread"), "spread", usual.spread)? };
            return Some(if word == "cma_es" { Method::CmaEs(population) } else { Method::SeparableNes(population) });
        }
        let learning_rate = self.required(&PLACE, &mut fields, "learning_rate", position)?;
        let learning_rate = self.real(&PLACE, "learning_rate", learning_rate)?;
        let (beta_1, beta_2) = Method::BETAS;
        Some(match word.as_str() {
            "momentum" => {
                let momentum = self.number_or(fields.take("momentum"), "momentum", beta_1)?;
                Method::Momentum { learning_rate, momentum }
            }
            "adam" => Method::Adam {
                learning_rate,
                beta_1: self.number_or(fields.take("beta_1"), "beta_1", beta_1)?,
                beta_2: self.number_or(fields.take("beta_2"), "beta_2", beta_2)?,
            },
            _ => Method::Sgd { learning_rate },
        })
    }

    fn trained(&mut self, given: Spanned, names: &Names) -> Option<Trained> {
        const KINDS: [&str; 4] = ["parameter", "weights", "delays", "knob"];
        let position = given.position;
        // The name of a knob stands alone in its brackets.
        if let Item::Tuple { name: Some(kind), items } = &given.item
            && kind == "knob"
            && let [only] = &items[..]
        {
            let name = self.text(&PLACE, "train", only.clone())?;
            return Some(Trained { what: Adjusted::Knob(name), range: None });
        }
        let what = "`parameter(of: …, name: …)`, `weights(from: …)`, `delays(from: …)` or `knob(\"…\")`";
        let (kind, bracket) = self.worded(given, "train", what, &KINDS)?;
        let known: &[&str] = match kind.as_str() {
            "parameter" => &["of", "name", "range"],
            "knob" => &["name", "range"],
            _ => &["from", "to", "range"],
        };
        let mut fields = self.fields(&PLACE, &kind, bracket, Some(known))?;
        let range = match fields.take("range") {
            Some(range) => Some(self.range(range)?),
            None => None,
        };
        let mut required = |r: &mut Self, name: &str| r.required(&PLACE, &mut fields, name, position);
        let what = match kind.as_str() {
            "parameter" => {
                let (of, name) = (required(self, "of")?, required(self, "name")?);
                let of = self.node_name(&PLACE, "of", of, names)?;
                Adjusted::Parameter { of, name: self.text(&PLACE, "name", name)? }
            }
            "knob" => {
                let name = required(self, "name")?;
                Adjusted::Knob(self.text(&PLACE, "name", name)?)
            }
            _ => {
                let from = required(self, "from")?;
                let from = self.node_name(&PLACE, "from", from, names)?;
                let to = match fields.take("to") {
                    Some(to) => Some(self.node_name(&PLACE, "to", to, names)?),
                    None => None,
                };
                if kind == "weights" { Adjusted::Weights { from, to } } else { Adjusted::Delays { from, to } }
            }
        };
        Some(Trained { what, range })
    }

    fn goal(&mut self, given: Spanned, names: &Names) -> Option<Goal> {
        let position = given.position;
        let what = "a goal such as `rate(of: \"spikes\", target: 10)`";
        let (kind, bracket) = self.worded(given, "goals", what, &Statistic::NAMES)?;
        let known: &[&str] = match kind.as_str() {
            "correlation" => &["of", "target", "scale", "bin"],
            "mean" => &["of", "target", "scale", "variable"],
            "trace" => &["of", "scale", "variable", "samples"],
            _ => &["of", "target", "scale"],
        };
        let mut fields = self.fields(&PLACE, &kind, bracket, Some(known))?;
        let of = self.required(&PLACE, &mut fields, "of", position)?;
        let of = self.node_name(&PLACE, "of", of, names)?;
        let scale = self.number_or(fields.take("scale"), "scale", 1.0)?;
        let target = match kind.as_str() {
            "trace" => 0.0,
            _ => {
                let target = self.required(&PLACE, &mut fields, "target", position)?;
                self.real(&PLACE, "target", target)?
            }
        };
        let variable = match (known.contains(&"variable"), fields.take("variable")) {
            (_, Some(variable)) => self.text(&PLACE, "variable", variable)?,
            (true, None) => "V_m".to_owned(),
            _ => String::new(),
        };
        let what = match kind.as_str() {
            "rate" => Statistic::Rate,
            "cv" => Statistic::Cv,
            "correlation" => Statistic::Correlation { bin: self.number_or(fields.take("bin"), "bin", 1.0)? },
            "mean" => Statistic::Mean { variable },
            _ => {
                let samples = self.required(&PLACE, &mut fields, "samples", position)?;
                let samples = self.each(samples, "samples", |r, x| r.real(&PLACE, "samples", x))?;
                Statistic::Trace { variable, samples }
            }
        };
        Some(Goal { of, what, target, scale })
    }

    fn lesson(&mut self, loss: Spanned, rest: [Option<Spanned>; 4], names: &Names) -> Option<Lesson> {
        let position = loss.position;
        let loss = self.loss(loss, names);
        let [surrogate, batch, penalties, patterns] = rest;
        let surrogate = match surrogate {
            Some(surrogate) => self.surrogate(surrogate),
            None => Some(Surrogate::USUAL),
        };
        let batch = match batch {
            Some(batch) => self.whole(&PLACE, "batch", batch, 0, u32::MAX.into()).map(|n| n as usize),
            None => Some(0),
        };
        let penalties = match penalties {
            Some(penalties) => self.each(penalties, "penalties", |r, item| r.penalty(item, names)),
            None => Some(Vec::new()),
        };
        let Some(patterns) = patterns else {
            self.error_of(&PLACE, "training", position, "the field `patterns` is missing");
            return None;
        };
        let patterns = self.each(patterns, "patterns", |r, item| r.pattern(item, names));
        Some(Lesson { loss: loss?, surrogate: surrogate?, batch: batch?, penalties: penalties?, patterns: patterns? })
    }

    fn loss(&mut self, given: Spanned, names: &Names) -> Option<Loss> {
        let position = given.position;
        let what = "a loss such as `cross_entropy(of: \"out\", read: max)`";
        let (kind, bracket) = self.worded(given, "loss", what, &Loss::NAMES)?;
        let known: &[&str] = match kind.as_str() {
            "cross_entropy" => &["of", "read"],
            "spike_times" => &["of", "tau"],
            _ => &["of"],
        };
        let mut fields = self.fields(&PLACE, &kind, bracket, Some(known))?;
        let of = self.required(&PLACE, &mut fields, "of", position)?;
        let of = self.node_name(&PLACE, "of", of, names)?;
        Some(match kind.as_str() {
            "cross_entropy" => {
                let read = match fields.take("read") {
                    Some(read) => self.read_word(read)?,
                    None => Read::Max,
                };
                Loss::CrossEntropy { of, read }
            }
            "spike_times" => Loss::SpikeTimes { of, tau: self.number_or(fields.take("tau"), "tau", 10.0)? },
            _ => Loss::Rate { of },
        })
    }

    fn read_word(&mut self, given: Spanned) -> Option<Read> {
        let known = Read::ALL.map(|(name, _)| name);
        let (word, _) = self.worded(given, "read", "`max`, `mean`, `last` or `count`", &known)?;
        Read::ALL.iter().find(|(name, _)| *name == word).map(|(_, read)| *read)
    }

    fn surrogate(&mut self, given: Spanned) -> Option<Surrogate> {
        let (what, known) = ("a surrogate such as `SlayerGrad(alpha: 1)`", Surrogate::ALL.map(|(name, ..)| name));
        let (name, bracket) = self.worded(given, "surrogate", what, &known)?;
        let Item::Struct { fields, .. } = bracket.item else { return None };
        let mut surrogate = Surrogate::named(&name, &[])?;
        let mut parameters = Vec::new();
        for field in fields {
            let x = self.real(&PLACE, "surrogate", field.value)?;
            parameters.push((field.name, x));
            let given: Vec<(&str, f64)> = parameters.iter().map(|(name, x)| (name.as_str(), *x)).collect();
            match Surrogate::named(&name, &given) {
                Some(found) => surrogate = found,
                None => {
                    let names: Vec<&str> = Surrogate::ALL.iter().find(|(own, ..)| *own == name)?.1.to_vec();
                    let message =
                        format!("{name} has no parameter `{}`; it has {}", parameters.pop()?.0, names.join(", "));
                    self.error_of(&PLACE, "surrogate", field.position, message);
                    return None;
                }
            }
        }
        Some(surrogate)
    }

    fn penalty(&mut self, given: Spanned, names: &Names) -> Option<Penalty> {
        let position = given.position;
        let mut fields = self.fields(&PLACE, "a penalty", given, Some(&["of", "l1", "l2"]))?;
        let of = self.required(&PLACE, &mut fields, "of", position)?;
        let of = self.node_name(&PLACE, "of", of, names)?;
        let (l1, l2) = (fields.take("l1"), fields.take("l2"));
        Some(Penalty { of, l1: self.number_or(l1, "l1", 0.0)?, l2: self.number_or(l2, "l2", 0.0)? })
    }

    fn pattern(&mut self, given: Spanned, names: &Names) -> Option<Pattern> {
        let position = given.position;
        let mut fields = self.fields(&PLACE, "a pattern", given, Some(&PATTERN))?;
        let input = self.required(&PLACE, &mut fields, "input", position)?;
        let entries = match input.item {
            Item::Map(entries) => entries,
            other => return self.expected(&PLACE, "input", input.position, "a map `{\"in\": [[5], [10]]}`", &other),
        };
        let mut input = BTreeMap::new();
        for (key, trains) in entries {
            let id = self.node_name(&PLACE, "input", key, names)?;
            input.insert(id, self.trains(trains, "input")?);
        }
        let wanted = ["label", "rates", "times"].map(|name| fields.take(name));
        let wanted = match wanted {
            [Some(label), None, None] => {
                Wanted::Label(self.whole(&PLACE, "label", label, 0, u32::MAX.into())? as usize)
            }
            [None, Some(rates), None] => Wanted::Rates(self.each(rates, "rates", |r, x| r.real(&PLACE, "rates", x))?),
            [None, None, Some(times)] => Wanted::Times(self.trains(times, "times")?),
            _ => return self.nothing_wanted(position),
        };
        Some(Pattern { input, wanted })
    }

    fn nothing_wanted(&mut self, position: Position) -> Option<Pattern> {
        let message = "a pattern says one of `label: 0`, `rates: [10, 0]` and `times: [[20], []]`";
        self.error_of(&PLACE, "training", position, message);
        None
    }

    /// Lists of times.
    fn trains(&mut self, given: Spanned, field: &str) -> Option<Vec<Vec<f64>>> {
        self.each(given, field, |r, train| r.each(train, field, |r, x| r.real(&PLACE, field, x)))
    }
}
