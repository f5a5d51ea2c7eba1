//! Writes what a network is to learn.

use super::{filled, number, text};
use crate::project::{
    Adjusted, Goal, Lesson, Loss, Method, NodeId, Pattern, Penalty, Population, Project, Read, Statistic, Surrogate,
    Task, Trained, Training, Wanted,
};

/// The fields, each on lines of its own.
pub(super) fn entries(project: &Project, training: &Training) -> Vec<String> {
    let writer = Writer(project);
    let trained: Vec<String> = training.train.iter().filter_map(|t| writer.trained(t)).collect();
    let mut all =
        vec![format!("method: {}", method(&training.method)), format!("train: {}", filled("[", &trained, "]", 8))];
    if training.epochs != 100 {
        all.push(format!("epochs: {}", training.epochs));
    }
    if training.enough != 0.0 {
        all.push(format!("enough: {}", number(training.enough)));
    }
    match &training.task {
        Task::Goals(goals) => {
            let goals: Vec<String> = goals.iter().filter_map(|goal| writer.goal(goal)).collect();
            all.push(format!("goals: {}", filled("[", &goals, "]", 8)));
        }
        Task::Patterns(lesson) => writer.lesson(lesson, &mut all),
    }
    all
}

/// `name(a: 1, b: 2)`, or the name alone.
fn called(name: &str, fields: &[String]) -> String {
    if fields.is_empty() { name.to_owned() } else { format!("{name}({})", fields.join(", ")) }
}

/// A field, unless it is what holds anyway.
fn unless(name: &str, x: f64, usual: f64) -> Option<String> {
    (x != usual).then(|| format!("{name}: {}", number(x)))
}

fn method(method: &Method) -> String {
    let rate = |x: f64| Some(format!("learning_rate: {}", number(x)));
    let (beta_1, beta_2) = Method::BETAS;
    let fields: [Option<String>; 3] = match *method {
        Method::SeparableNes(population) | Method::CmaEs(population) => {
            let usual = Population::default();
            let size = unless("population", population.size as f64, usual.size as f64);
            [size, unless("spread", population.spread, usual.spread), None]
        }
        Method::Sgd { learning_rate } => [rate(learning_rate), None, None],
        Method::Momentum { learning_rate, momentum } => {
            [rate(learning_rate), unless("momentum", momentum, beta_1), None]
        }
        Method::Adam { learning_rate, beta_1: b1, beta_2: b2 } => {
            [rate(learning_rate), unless("beta_1", b1, beta_1), unless("beta_2", b2, beta_2)]
        }
    };
    called(method.name(), &fields.into_iter().flatten().collect::<Vec<_>>())
}

fn surrogate(surrogate: Surrogate) -> String {
    let given: Vec<String> = surrogate.given().into_iter().map(|(name, x)| format!("{name}: {}", number(x))).collect();
    called(surrogate.name(), &given)
}

/// Lists of numbers, one behind the other.
fn trains(trains: &[Vec<f64>]) -> String {
    let train = |train: &Vec<f64>| format!("[{}]", train.iter().map(|t| number(*t)).collect::<Vec<_>>().join(", "));
    filled("[", &trains.iter().map(train).collect::<Vec<_>>(), "]", 16)
}

/// Knows the names of nodes. What concerns a node that is gone is not written.
struct Writer<'a>(&'a Project);

impl Writer<'_> {
    fn name(&self, id: NodeId) -> Option<String> {
        self.0.node(id).map(|node| text(&node.name))
    }

    fn trained(&self, trained: &Trained) -> Option<String> {
        let range = trained.range.map(|(low, high)| format!("range: ({}, {})", number(low), number(high)));
        let wires = |from: NodeId, to: &Option<NodeId>| {
            let to = match to {
                Some(to) => Some(format!("to: {}", self.name(*to)?)),
                None => None,
            };
            Some([Some(format!("from: {}", self.name(from)?)), to])
        };
        let (kind, fields) = match &trained.what {
            Adjusted::Parameter { of, name } => {
                ("parameter", [Some(format!("of: {}", self.name(*of)?)), Some(format!("name: {}", text(name)))])
            }
            Adjusted::Weights { from, to } => ("weights", wires(*from, to)?),
            Adjusted::Delays { from, to } => ("delays", wires(*from, to)?),
            Adjusted::Knob(name) if range.is_none() => return Some(format!("knob({})", text(name))),
            Adjusted::Knob(name) => ("knob", [Some(format!("name: {}", text(name))), None]),
        };
        Some(called(kind, &fields.into_iter().flatten().chain(range).collect::<Vec<_>>()))
    }

    fn goal(&self, goal: &Goal) -> Option<String> {
        let of = Some(format!("of: {}", self.name(goal.of)?));
        let target = Some(format!("target: {}", number(goal.target)));
        let own = |variable: &String| (variable != "V_m").then(|| format!("variable: {}", text(variable)));
        let fields = match &goal.what {
            Statistic::Rate | Statistic::Cv => vec![of, target],
            Statistic::Correlation { bin } => vec![of, target, unless("bin", *bin, 1.0)],
            Statistic::Mean { variable } => vec![of, own(variable), target],
            Statistic::Trace { variable, samples } => {
                let samples: Vec<String> = samples.iter().map(|x| number(*x)).collect();
                vec![of, own(variable), Some(format!("samples: {}", filled("[", &samples, "]", 12)))]
            }
        };
        let fields: Vec<String> = fields.into_iter().flatten().chain(unless("scale", goal.scale, 1.0)).collect();
        Some(called(goal.what.name(), &fields))
    }

    fn lesson(&self, lesson: &Lesson, all: &mut Vec<String>) {
        all.extend(self.loss(&lesson.loss).map(|loss| format!("loss: {loss}")));
        if lesson.surrogate != Surrogate::USUAL {
            all.push(format!("surrogate: {}", surrogate(lesson.surrogate)));
        }
        if lesson.batch != 0 {
            all.push(format!("batch: {}", lesson.batch));
        }
        let penalties: Vec<String> = lesson.penalties.iter().filter_map(|penalty| self.penalty(penalty)).collect();
        if !penalties.is_empty() {
            all.push(format!("penalties: {}", filled("[", &penalties, "]", 8)));
        }
        let patterns = lesson.patterns.iter().map(|pattern| format!("\n            {}", self.pattern(pattern)));
        all.push(format!("patterns: [{},\n        ]", patterns.collect::<Vec<_>>().join(",")));
    }

    fn loss(&self, loss: &Loss) -> Option<String> {
        let of = format!("of: {}", self.name(loss.of())?);
        let more = match loss {
            Loss::CrossEntropy { read: Read::Max, .. } | Loss::Rate { .. } => None,
            Loss::CrossEntropy { read, .. } => Some(format!("read: {}", read.name())),
            Loss::SpikeTimes { tau, .. } => unless("tau", *tau, 10.0),
        };
        Some(called(loss.name(), &[Some(of), more].into_iter().flatten().collect::<Vec<_>>()))
    }

    fn penalty(&self, penalty: &Penalty) -> Option<String> {
        let of = format!("of: {}", self.name(penalty.of)?);
        let costs = [unless("l1", penalty.l1, 0.0), unless("l2", penalty.l2, 0.0)];
        let fields: Vec<String> = std::iter::once(of).chain(costs.into_iter().flatten()).collect();
        Some(format!("({})", fields.join(", ")))
    }

    fn pattern(&self, pattern: &Pattern) -> String {
        let input =
            pattern.input.iter().filter_map(|(id, given)| Some(format!("{}: {}", self.name(*id)?, trains(given))));
        let wanted = match &pattern.wanted {
            Wanted::Label(label) => label.to_string(),
            Wanted::Rates(rates) => format!("[{}]", rates.iter().map(|x| number(*x)).collect::<Vec<_>>().join(", ")),
            Wanted::Times(times) => trains(times),
        };
        format!("(input: {{{}}}, {}: {wanted})", input.collect::<Vec<_>>().join(", "), pattern.wanted.name())
    }
}
