//! Evolution strategies: numbers of a project are changed until statistics of what it records come to their goals.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::statistics::loss;
use super::strategies::{Strategy, strategy};
use super::{Outcome, refused, stopped};
use crate::description::{DefaultValue, Problem, Value};
use crate::mechanisms::random::{Purpose, Stream};
use crate::project::{Adjusted, Goal, Project, Projection, Training};

/// More numbers are not sought at once: a strategy would not come to an end.
const MOST_NUMBERS: usize = 2000;

/// A search for numbers of a project.
pub struct Evolution {
    project: Project,
    sought: Vec<Sought>,
    goals: Vec<Goal>,
    strategy: Box<dyn Strategy>,
    stream: Stream,
    threads: usize,
    best: Option<(f64, Vec<f64>)>,
    /// Set from elsewhere to end a generation that goes on.
    pub stop: Arc<AtomicBool>,
}

/// Something that is trained, with as many numbers as it has.
struct Sought {
    what: Adjusted,
    range: (f64, f64),
    shape: Shape,
    /// It holds whole numbers, or whole steps of this many ms.
    grid: Option<f64>,
}

/// How the numbers of a value lie.
enum Shape {
    One,
    List(usize),
    Lists(Vec<usize>),
}

impl Shape {
    fn numbers(&self) -> usize {
        match self {
            Shape::One => 1,
            Shape::List(n) => *n,
            Shape::Lists(rows) => rows.iter().sum(),
        }
    }
    fn value(&self, numbers: &[f64]) -> Value {
        match self {
            Shape::One => Value::Real(numbers[0]),
            Shape::List(_) => Value::List(numbers.to_vec()),
            Shape::Lists(rows) => {
                let mut rest = numbers;
                let mut row = |n: &usize| {
                    let (first, others) = rest.split_at(*n);
                    rest = others;
                    first.to_vec()
                };
                Value::Lists(rows.iter().map(&mut row).collect())
            }
        }
    }
}

/// A number of the line folded into 0 to 1, as if there were mirrors at both ends.
fn folded(x: f64) -> f64 {
    let x = x.abs() % 2.0;
    if x > 1.0 { 2.0 - x } else { x }
}

/// Without the digits that only binary arithmetic adds, so that files stay readable.
fn short(x: f64) -> f64 {
    format!("{x:.8e}").parse().unwrap_or(x)
}

impl Sought {
    fn of(project: &Project, what: &Adjusted, range: (f64, f64)) -> Result<(Sought, Vec<f64>), Problem> {
        let values = values(project, what);
        let tell = |message: &str| refused(format!("{}: {message}", what.called(project)));
        let (shape, start) = match &values[..] {
            [] => return Err(tell("there is no such number")),
            [Value::List(xs)] => (Shape::List(xs.len()), xs.clone()),
            [Value::Lists(rows)] => (Shape::Lists(rows.iter().map(Vec::len).collect()), rows.concat()),
            values => {
                let numbers: Option<Vec<f64>> = values.iter().map(Value::as_real).collect();
                let Some(numbers) = numbers else {
                    let cure = "values that are drawn or run over a range cannot be sought; give one number or a list";
                    return Err(tell(cure));
                };
                (Shape::One, vec![numbers[0]])
            }
        };
        let grid = match what {
            Adjusted::Delays { .. } => Some(project.simulation.resolution),
            Adjusted::Parameter { of, name } => {
                let parameter = project.node(*of).and_then(|node| node.model.parameter(name));
                parameter.is_some_and(|p| matches!(p.default, DefaultValue::Integer(_))).then_some(1.0)
            }
            _ => None,
        };
        Ok((Sought { what: what.clone(), range, shape, grid }, start))
    }

    /// The number that stands at this place between 0 and 1.
    fn number(&self, x: f64) -> f64 {
        let (low, high) = self.range;
        let x = low + folded(x) * (high - low);
        match self.grid {
            // Delays last a step at least.
            Some(grid) if matches!(self.what, Adjusted::Delays { .. }) => short((x / grid).round().max(1.0) * grid),
            Some(grid) => short((x / grid).round() * grid),
            None => short(x),
        }
    }

    /// Puts its numbers into the project.
    fn put(&self, project: &mut Project, numbers: &[f64]) {
        let value = self.shape.value(numbers);
        // Projections that share a rule share what is changed.
        let reaches = |p: &&Projection| project.united(p).any(|one| self.what.reaches(project, one));
        let reached: Vec<_> = project.projections.iter().filter(reaches).map(|p| p.id).collect();
        match &self.what {
            Adjusted::Parameter { of, name } => {
                if let Some(node) = project.node_mut(*of) {
                    let name = node.model.main_name(name).to_owned();
                    node.params.insert(name, value);
                }
            }
            Adjusted::Knob(name) => {
                if let Some(knob) = project.knobs.iter().find(|knob| knob.name == *name).cloned() {
                    knob.turn(project, numbers[0]);
                }
            }
            Adjusted::Weights { .. } | Adjusted::Delays { .. } => {
                for id in reached {
                    let Some(projection) = project.projection_mut(id) else { continue };
                    match self.what {
                        Adjusted::Delays { .. } => projection.give_delay(value.clone()),
                        _ => projection.weight = value.clone(),
                    }
                }
            }
        }
    }
}

/// The values that it now has.
fn values(project: &Project, what: &Adjusted) -> Vec<Value> {
    let reached = project.projections.iter().filter(|p| what.reaches(project, p));
    match what {
        Adjusted::Parameter { of, name } => project.node(*of).and_then(|node| node.value(name)).into_iter().collect(),
        Adjusted::Weights { .. } => reached.map(|p| p.weight.clone()).collect(),
        Adjusted::Delays { .. } => reached.map(|p| p.delay.clone()).collect(),
        Adjusted::Knob(name) => {
            let knob = project.knobs.iter().find(|knob| knob.name == *name);
            knob.and_then(|knob| knob.value(project)).map(Value::Real).into_iter().collect()
        }
    }
}

impl Evolution {
    /// Begins where the project stands.
    pub fn new(project: &Project, training: &Training, goals: &[Goal]) -> Result<Evolution, Problem> {
        let (mut sought, mut mean) = (Vec::new(), Vec::new());
        for trained in &training.train {
            let Some((low, high)) = training.range_of(project, trained) else { continue };
            let (one, start) = Sought::of(project, &trained.what, (low, high))?;
            mean.extend(start.iter().map(|x| ((x - low) / (high - low)).clamp(0.0, 1.0)));
            sought.push(one);
        }
        if mean.len() > MOST_NUMBERS {
            return Err(refused(format!(
                "{} numbers are too many for an evolution strategy: at most {MOST_NUMBERS}",
                mean.len()
            )));
        }
        let strategy = strategy(training.method, mean).ok_or_else(|| refused("the method goes by gradients"))?;
        let mut project = project.clone();
        let threads = match project.simulation.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            given => given,
        };
        // Candidates run beside each other, each on one thread.
        project.simulation.threads = 1;
        let stream = Stream::of(project.simulation.seed, Purpose::Training, 0, 0);
        let (goals, stop) = (goals.to_vec(), Arc::default());
        Ok(Evolution { project, sought, goals, strategy, stream, threads, best: None, stop })
    }

    /// The numbers that a candidate stands for.
    fn numbers(&self, candidate: &[f64]) -> Vec<f64> {
        let owners = self.sought.iter().flat_map(|sought| std::iter::repeat_n(sought, sought.shape.numbers()));
        owners.zip(candidate).map(|(sought, x)| sought.number(*x)).collect()
    }

    /// The project with these numbers.
    fn with(&self, numbers: &[f64]) -> Project {
        let mut project = self.project.clone();
        let mut rest = numbers;
        for sought in &self.sought {
            let (own, others) = rest.split_at(sought.shape.numbers());
            sought.put(&mut project, own);
            rest = others;
        }
        project
    }

    /// The losses of projects with these numbers. Threads claim them one after the other; the order of the results is theirs.
    fn losses(&self, candidates: &[Vec<f64>]) -> Vec<Result<f64, Problem>> {
        let threads = self.threads.min(candidates.len());
        let of = |numbers: &Vec<f64>| loss(&self.with(numbers), &self.goals, &self.stop);
        if threads <= 1 {
            return candidates.iter().map(of).collect();
        }
        let (next, found) = (AtomicUsize::new(0), Mutex::new(vec![None; candidates.len()]));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let i = next.fetch_add(1, Ordering::Relaxed);
                        let Some(numbers) = candidates.get(i) else { break };
                        let loss = of(numbers);
                        found.lock().unwrap_or_else(PoisonError::into_inner)[i] = Some(loss);
                    }
                });
            }
        });
        let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.into_iter().map(|loss| loss.unwrap_or_else(|| Err(refused("a candidate was not run")))).collect()
    }

    /// The next generation; its outcome is the least loss in it.
    pub fn advance(&mut self) -> Result<Outcome, Problem> {
        let candidates = self.strategy.ask(&mut self.stream);
        let mut numbers: Vec<Vec<f64>> = candidates.iter().map(|candidate| self.numbers(candidate)).collect();
        // The first generation also tries where the project stands.
        let drawn = numbers.len();
        if self.best.is_none() {
            numbers.push(self.numbers(self.strategy.mean()));
        }
        let found = self.losses(&numbers);
        if self.stop.load(Ordering::Relaxed) {
            return Err(stopped());
        }
        // A candidate that cannot run is as bad as can be; if none can, that is told.
        if found.iter().all(Result::is_err)
            && let Some(Err(problem)) = found.first()
        {
            return Err(problem.clone());
        }
        let losses: Vec<f64> = found.iter().map(|loss| *loss.as_ref().unwrap_or(&f64::INFINITY)).collect();
        self.strategy.tell(&losses[..drawn]);
        let least = |a: &usize, b: &usize| losses[*a].total_cmp(&losses[*b]);
        let Some(first) = (0..losses.len()).min_by(least) else { return Err(refused("nothing was drawn")) };
        if self.best.as_ref().is_none_or(|(best, _)| losses[first] < *best) {
            self.best = Some((losses[first], numbers[first].clone()));
        }
        Ok(Outcome { loss: losses[first], accuracy: None })
    }

    /// The project with the best numbers so far.
    pub fn best(&self, project: &Project) -> Project {
        let Some((_, numbers)) = &self.best else { return project.clone() };
        let mut best = self.with(numbers);
        best.simulation.threads = project.simulation.threads;
        best
    }
}
