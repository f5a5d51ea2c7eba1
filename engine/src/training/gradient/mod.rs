//! Back-propagation through time: the weights of a network of differentiable models are changed down the gradient of a loss.
//!
//! The network is the part of the project that leads to the neurons that answer. Forwards every cell makes the very step that
//! it makes in a simulation; backwards the derivatives of the same step lead from what the loss wants to the weights, and a
//! surrogate stands for the slope of the spike.
//!
//! Neftci, Mostafa & Zenke 2019, IEEE Signal Process Mag 36:51.

mod cells;
mod losses;
mod network;
mod optimiser;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Outcome, PatternAnswer, refused, stopped};
use crate::description::{NodeId, Problem, ProjectionId, Rule, Signal, Value};
use crate::math;
use crate::mechanisms::random::{Purpose, Stream};
use crate::mechanisms::time::Grid;
use crate::models::Model;
use crate::project::{Lesson, Loss, Node, Part, Project, Projection, Training, Wanted};
use crate::runtime::Simulation;
use cells::{Cells, Making, patterns_at_once};
use losses::{Answer, By, Costs, Judge, Marks};
use network::{Event, Events, Layers, Population, Synapses, Tape};
use optimiser::Optimiser;

/// A projection of more pairs is too large to be kept as a matrix.
const MOST_PAIRS: usize = 50_000_000;

/// Training by gradients.
pub struct Gradient {
    layers: Layers,
    /// The projection of each set of synapses.
    projections: Vec<ProjectionId>,
    /// Which pairs have a synapse; empty if all have.
    there: Vec<Vec<bool>>,
    /// Of those that are trained, the range.
    trained: Vec<Option<(f64, f64)>>,
    /// Patterns that are run together, at most.
    at_once: usize,
    judge: Judge,
    patterns: Vec<Ready>,
    batch: usize,
    optimiser: Optimiser,
    stream: Stream,
    threads: usize,
    best: Option<(f64, Vec<Vec<f64>>)>,
    /// Memory of earlier runs.
    tapes: Mutex<Vec<Tape>>,
    /// Set from elsewhere to end an epoch that goes on.
    pub stop: Arc<AtomicBool>,
}

/// A pattern as it is put in, and what is wanted.
struct Ready {
    /// By population, the devices that send in each step from 0 on.
    given: Vec<Events>,
    answer: Answer,
}

/// The parameter that lists the spikes of this model's devices, if patterns can give them.
fn given_list(model: &Model) -> Option<&'static str> {
    let mut lists = model.parameters().filter(|p| ["spike_times", "times"].contains(&p.name) && p.is_list());
    lists.next().filter(|_| model.is_generator()).map(|p| p.name)
}

/// The spikes that each device of a node sends as it stands, ms, if patterns can give them.
pub fn input_of(node: &Node) -> Option<Vec<Vec<f64>>> {
    let listed = node.value(given_list(node.model)?)?;
    let of_device = |times: &[f64], devices: &[f64], device: usize| -> Vec<f64> {
        let own = |i: usize| devices.get(i).is_none_or(|d| *d == device as f64);
        times.iter().enumerate().filter(|(i, _)| own(*i)).map(|(_, t)| *t).collect()
    };
    match listed {
        Value::List(times) => {
            let devices = match node.model.parameter("indices").and_then(|p| node.value(p.name)) {
                Some(Value::List(devices)) => devices,
                _ => Vec::new(),
            };
            Some((0..node.n).map(|device| of_device(&times, &devices, device)).collect())
        }
        Value::Lists(trains) => Some(trains),
        _ => None,
    }
}

/// The project with the spikes of a pattern as its input: what a simulation of it shows is what training sees.
pub fn with_pattern(project: &Project, lesson: &Lesson, pattern: usize) -> Project {
    let mut shown = project.clone();
    let Some(pattern) = lesson.patterns.get(pattern) else { return shown };
    let Some(grid) = Grid::new(project.simulation.resolution) else { return shown };
    let leading = leading_to(project, lesson.loss.of());
    for node in shown.nodes.iter_mut().filter(|node| leading.contains(&node.id)) {
        let Some(name) = given_list(node.model) else { continue };
        // On the grid, in their order; what comes before the first step does not come.
        let train = |device: usize| -> Vec<f64> {
            let given = pattern.input.get(&node.id).and_then(|trains| trains.get(device));
            let mut steps: Vec<i64> = given.into_iter().flatten().map(|t| grid.at_or_after(*t)).collect();
            steps.retain(|step| *step > 0);
            steps.sort_unstable();
            steps.into_iter().map(|step| grid.ms(step)).collect()
        };
        let trains: Vec<Vec<f64>> = (0..node.n).map(train).collect();
        // Lists with an entry for each spike would no longer fit.
        node.params.retain(|name, _| !node.model.parameter(name).is_some_and(|p| p.is_list()));
        if node.model.parameter("indices").is_some() {
            let device = |(i, train): (usize, &Vec<f64>)| vec![i as f64; train.len()];
            let devices: Vec<f64> = trains.iter().enumerate().flat_map(device).collect();
            node.params.insert("indices".into(), Value::List(devices));
            node.params.insert(name.into(), Value::List(trains.concat()));
        } else if let [only] = &trains[..] {
            node.params.insert(name.into(), Value::List(only.clone()));
        } else {
            node.params.insert(name.into(), Value::Lists(trains));
        }
    }
    shown
}

/// A node that a network cannot be trained with, and why.
fn told(node: &Node, message: impl std::fmt::Display) -> Problem {
    refused(format!("{}: {message}", node.name))
}

impl Gradient {
    /// Begins where the project stands.
    pub fn new(project: &Project, training: &Training, lesson: &Lesson) -> Result<Gradient, Vec<Problem>> {
        let one = |problem: Problem| vec![problem];
        let simulation = Simulation::build(project, &|_| true)?;
        let grid = Grid::new(project.simulation.resolution).ok_or_else(|| one(refused("there is no time step")))?;
        let nodes = leading_to(project, lesson.loss.of());
        let place = |id: NodeId| nodes.iter().position(|node| *node == id);
        let (mut problems, mut synapses) = (Vec::new(), Vec::new());
        let (mut projections, mut there, mut trained) = (Vec::new(), Vec::new(), Vec::new());
        for projection in &project.projections {
            let (Some(from), Some(to)) = (place(projection.from), place(projection.to)) else { continue };
            if projection.muted {
                continue;
            }
            match matrix(project, &simulation, grid, projection) {
                Ok((weights, pairs, delay)) => {
                    synapses.push(Synapses { from, to, inlet: projection.receptor as usize, delay, weights });
                    projections.push(projection.id);
                    there.push(pairs);
                    let of = training.train.iter().find(|t| t.what.reaches(project, projection));
                    let unbounded = (f64::NEG_INFINITY, f64::INFINITY);
                    trained.push(of.map(|trained| trained.range.unwrap_or(unbounded)));
                }
                Err(problem) => problems.push(problem),
            }
        }
        for wish in &training.train {
            let reached = project.projections.iter().filter(|p| wish.what.reaches(project, p));
            if reached.clone().count() > 0 && !reached.clone().any(|p| projections.contains(&p.id)) {
                let answers = project.node(lesson.loss.of()).map_or("?", |node| node.name.as_str());
                let message = format!("{}: they do not lead to \"{answers}\"", wish.what.called(project));
                problems.push(refused(message));
            }
        }
        let mut populations = Vec::new();
        let cells = nodes.iter().filter_map(|id| project.node(*id)).filter(|node| given_list(node.model).is_none());
        let at_once = patterns_at_once(cells.map(|node| node.n).max().unwrap_or(1));
        let learning = learning(project, &nodes, &synapses, &trained);
        for (p, id) in nodes.iter().enumerate() {
            let mut inlets: BTreeMap<usize, bool> = BTreeMap::new();
            for (synapses, learning) in synapses.iter().zip(&learning).filter(|(synapses, _)| synapses.to == p) {
                *inlets.entry(synapses.inlet).or_default() |= learning;
            }
            match population(project, *id, grid, at_once, inlets.into_iter().collect()) {
                Ok(population) => populations.push(population),
                Err(problem) => problems.push(problem),
            }
        }
        let costly: Vec<NodeId> = lesson.penalties.iter().map(|penalty| penalty.of).collect();
        for id in
            costly.iter().filter(|id| place(**id).is_none_or(|p| populations.get(p).is_some_and(|p| p.cells.is_none())))
        {
            let name = project.node(*id).map_or("?", |node| node.name.as_str());
            problems
                .push(refused(format!("penalty of \"{name}\": it is no population of the network that is trained")));
        }
        let steps = (project.simulation.duration / grid.h()).round().max(0.0) as usize;
        if steps == 0 {
            problems.push(refused("the duration of a pattern, `simulation: (duration: …)`, is no step"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let layers = Layers { populations, synapses, steps, surrogate: lesson.surrogate };
        let of = |id: NodeId| place(id).unwrap_or(0);
        let judge = Judge {
            of: of(lesson.loss.of()),
            by: match lesson.loss {
                Loss::CrossEntropy { read, .. } => By::CrossEntropy(read),
                Loss::Rate { .. } => By::Rate { of_a_spike: 1000.0 / (steps as f64 * grid.h()) },
                Loss::SpikeTimes { tau, .. } => {
                    By::SpikeTimes { kept: math::exp(-grid.h() / tau), counts: grid.h() / tau }
                }
            },
            penalties: lesson.penalties.iter().map(|p| Costs { of: of(p.of), l1: p.l1, l2: p.l2 }).collect(),
        };
        let patterns = ready(project, grid, &nodes, &layers, lesson).map_err(one)?;
        let numbers = layers.synapses.iter().zip(&trained).filter(|(_, t)| t.is_some()).map(|(s, _)| s.weights.len());
        let optimiser = Optimiser::new(training.method, numbers.sum());
        let threads = match project.simulation.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            given => given,
        };
        let batch = if lesson.batch == 0 { patterns.len() } else { lesson.batch.min(patterns.len()) };
        let stream = Stream::of(project.simulation.seed, Purpose::Training, 1, 0);
        let (best, tapes, stop) = (None, Mutex::default(), Arc::default());
        Ok(Gradient {
            layers,
            projections,
            there,
            trained,
            at_once,
            judge,
            patterns,
            batch,
            optimiser,
            stream,
            threads,
            best,
            tapes,
            stop,
        })
    }

    /// The next epoch; its outcome is the mean over all patterns, each as the network was when it came.
    pub fn advance(&mut self) -> Result<Outcome, Problem> {
        let n = self.patterns.len();
        let mut order: Vec<usize> = (0..n).collect();
        let whole = self.batch >= n;
        if !whole {
            for i in (1..n).rev() {
                order.swap(i, self.stream.below(i as u64 + 1) as usize);
            }
        }
        let before = self.weights();
        let (mut loss, mut right) = (0.0, 0);
        for batch in order.chunks(self.batch.max(1)) {
            if self.stop.load(Ordering::Relaxed) {
                return Err(stopped());
            }
            let (marks, gradient) = self.batch_gradient(batch);
            if !(marks.loss.is_finite() && gradient.iter().all(|g| g.is_finite())) {
                return Err(refused("the loss is no longer finite; take a smaller learning_rate"));
            }
            loss += marks.loss * batch.len() as f64 / n as f64;
            right += marks.right;
            self.change(&gradient);
        }
        // Of all patterns at once the loss is that of the weights before the change.
        if self.best.as_ref().is_none_or(|(best, _)| loss < *best) {
            self.best = Some((loss, if whole { before } else { self.weights() }));
        }
        let labels = matches!(self.judge.by, By::CrossEntropy(_));
        Ok(Outcome { loss, accuracy: labels.then_some(right as f64 / n as f64) })
    }

    fn weights(&self) -> Vec<Vec<f64>> {
        self.layers.synapses.iter().map(|synapses| synapses.weights.clone()).collect()
    }

    /// Loss of a batch, and its derivative by all that is trained.
    fn batch_gradient(&self, batch: &[usize]) -> (Marks, Vec<f64>) {
        let units: Vec<&[usize]> = batch.chunks(self.at_once).collect();
        let share = 1.0 / batch.len() as f64;
        let wanted: Vec<bool> = self.trained.iter().map(Option::is_some).collect();
        let of_unit = |unit: &[usize], tape: &mut Tape| {
            self.layers.forward(unit.len(), self.given(unit), tape);
            let answers: Vec<&Answer> = unit.iter().map(|i| &self.patterns[*i].answer).collect();
            let (marks, wrong) = self.judge.judge(&self.layers, tape, &answers, share);
            (marks, self.layers.backward(tape, &wrong, &wanted).concat())
        };
        let (next, found) = (AtomicUsize::new(0), Mutex::new(vec![None; units.len()]));
        let work = || {
            let mut tape = self.tapes().pop().unwrap_or_default();
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                let Some(unit) = units.get(i) else { break };
                let done = of_unit(unit, &mut tape);
                found.lock().unwrap_or_else(PoisonError::into_inner)[i] = Some(done);
            }
            self.tapes().push(tape);
        };
        std::thread::scope(|scope| {
            (1..self.threads.min(units.len())).for_each(|_| drop(scope.spawn(work)));
            work();
        });
        let found = found.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten();
        // Summed in the order of the units, whoever has run them.
        let mut all = (Marks::default(), Vec::new());
        for (marks, gradient) in found {
            all.0.loss += marks.loss;
            all.0.right += marks.right;
            if all.1.is_empty() {
                all.1 = gradient;
            } else {
                all.1.iter_mut().zip(gradient).for_each(|(sum, g)| *sum += g);
            }
        }
        all
    }

    fn tapes(&self) -> MutexGuard<'_, Vec<Tape>> {
        self.tapes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is put in with these patterns, side by side.
    fn given(&self, unit: &[usize]) -> Vec<Events> {
        let of = |p: usize| {
            let mut events: Events = Vec::new();
            for (place, pattern) in unit.iter().enumerate() {
                let own = &self.patterns[*pattern].given[p];
                events.resize(events.len().max(own.len()), Vec::new());
                for (to, from) in events.iter_mut().zip(own) {
                    to.extend(from.iter().map(|event| Event { pattern: place as u32, ..*event }));
                }
            }
            events
        };
        (0..self.layers.populations.len()).map(of).collect()
    }

    /// Changes what is trained.
    fn change(&mut self, gradient: &[f64]) {
        let synapses = self.layers.synapses.iter().zip(&self.trained).filter(|(_, trained)| trained.is_some());
        let mut numbers: Vec<f64> = synapses.flat_map(|(synapses, _)| synapses.weights.iter().copied()).collect();
        self.optimiser.step(&mut numbers, gradient);
        let mut rest = &numbers[..];
        for ((synapses, trained), there) in self.layers.synapses.iter_mut().zip(&self.trained).zip(&self.there) {
            let Some((low, high)) = trained else { continue };
            let (own, others) = rest.split_at(synapses.weights.len());
            rest = others;
            for (i, (to, x)) in synapses.weights.iter_mut().zip(own).enumerate() {
                if there.get(i).copied().unwrap_or(true) {
                    *to = x.clamp(*low, *high);
                }
            }
        }
    }

    /// The project with the best weights so far.
    pub fn best(&self, project: &Project) -> Project {
        match &self.best {
            Some((_, weights)) => self.with(project, weights),
            None => project.clone(),
        }
    }

    /// The project with the weights as they now are.
    pub fn present(&self, project: &Project) -> Project {
        self.with(project, &self.weights())
    }

    /// What the network answers to the first patterns with the best weights so far; with those that it began with, if no
    /// epoch is over.
    pub fn answers(&mut self, most: usize) -> Vec<PatternAnswer> {
        let present = self.best.as_ref().map(|(_, best)| best.clone()).map(|best| self.exchange(best));
        let answers = (0..self.patterns.len().min(most)).map(|i| self.answer(i)).collect();
        if let Some(present) = present {
            self.exchange(present);
        }
        answers
    }

    /// Puts other weights in, and gives back those that were there.
    fn exchange(&mut self, weights: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        let synapses = self.layers.synapses.iter_mut().zip(weights);
        synapses.map(|(synapses, weights)| std::mem::replace(&mut synapses.weights, weights)).collect()
    }

    fn answer(&self, pattern: usize) -> PatternAnswer {
        let mut tape = self.tapes().pop().unwrap_or_default();
        self.layers.forward(1, self.given(&[pattern]), &mut tape);
        let (marks, _) = self.judge.judge(&self.layers, &tape, &[&self.patterns[pattern].answer], 1.0);
        let answer = PatternAnswer { loss: marks.loss, label: self.judge.label(&self.layers, &tape, 0) };
        self.tapes().push(tape);
        answer
    }

    /// The project with these weights.
    fn with(&self, project: &Project, weights: &[Vec<f64>]) -> Project {
        let mut best = project.clone();
        let trained = self.trained.iter().enumerate().filter(|(_, trained)| trained.is_some());
        for (q, _) in trained {
            let synapses = &self.layers.synapses[q];
            let Some(projection) = best.projection_mut(self.projections[q]) else { continue };
            let targets = self.layers.populations[synapses.to].n;
            let rows = weights[q].chunks(targets.max(1));
            if self.there[q].is_empty() {
                let rows: Vec<&[f64]> = rows.collect();
                projection.leave_space();
                projection.rule = Rule::AllToAll;
                projection.weight =
                    Value::Lists((0..targets).map(|target| rows.iter().map(|row| row[target]).collect()).collect());
            } else {
                let all = (0..weights[q].len()).filter(|i| self.there[q][*i]);
                projection.list_pairs(all.clone().map(|i| ((i / targets) as u32, (i % targets) as u32)).collect());
                projection.weight = Value::List(all.map(|i| weights[q][i]).collect());
            }
        }
        best
    }
}

/// The nodes from which spikes lead to one, and itself, in the order of the project.
fn leading_to(project: &Project, answering: NodeId) -> Vec<NodeId> {
    let (mut found, mut next) = (vec![answering], vec![answering]);
    while let Some(id) = next.pop() {
        for projection in project.projections.iter().filter(|p| p.to == id && !p.muted) {
            if !found.contains(&projection.from)
                && project.wiring(projection).is_ok_and(|w| w.carries != Signal::Samples)
            {
                found.push(projection.from);
                next.push(projection.from);
            }
        }
    }
    project.nodes.iter().map(|node| node.id).filter(|id| found.contains(id)).collect()
}

/// Whether something is to be learnt of what the loss wants of the input through each projection: it is trained, or what makes
/// its sources fire is.
fn learning(project: &Project, nodes: &[NodeId], synapses: &[Synapses], trained: &[Option<(f64, f64)>]) -> Vec<bool> {
    let fixed = |p: usize| project.node(nodes[p]).is_none_or(|node| given_list(node.model).is_some());
    let mut learning: Vec<bool> = trained.iter().map(Option::is_some).collect();
    loop {
        let learns = |p: usize| !fixed(p) && synapses.iter().zip(&learning).any(|(s, learning)| s.to == p && *learning);
        let now: Vec<bool> = synapses.iter().zip(&learning).map(|(s, learning)| *learning || learns(s.from)).collect();
        if now == learning {
            return now;
        }
        learning = now;
    }
}

/// A population of the network, with cells if it is no input.
fn population(
    project: &Project,
    id: NodeId,
    grid: Grid,
    at_once: usize,
    inlets: Vec<(usize, bool)>,
) -> Result<Population, Problem> {
    let index = project.nodes.iter().position(|node| node.id == id);
    let Some((index, node)) = index.map(|index| (index, &project.nodes[index])) else {
        return Err(refused("a node is gone"));
    };
    if given_list(node.model).is_some() {
        return Ok(Population { n: node.n, cells: None });
    }
    let seed = project.simulation.seed;
    let making = Making { params: &node.params, n: node.n, grid, seed, index: index as u64, at_once, inlets };
    match Cells::new(node.model.name, &making) {
        Some(Ok(cells)) => Ok(Population { n: node.n, cells: Some(cells) }),
        Some(Err(message)) => Err(told(node, message)),
        None if node.model.is_generator() => {
            let message = format!("gradients need spikes that patterns give, and {} makes its own", node.model.name);
            Err(told(node, message))
        }
        None => {
            let message = format!(
                "gradients go through the neurons of BrainPy's family, such as LIF, and {} is none of them; cma_es trains any model",
                node.model.name
            );
            Err(told(node, message))
        }
    }
}

/// Weights by source and target, which pairs have a synapse (none named if all have), and the delay in steps.
type Matrix = (Vec<f64>, Vec<bool>, usize);

fn matrix(project: &Project, simulation: &Simulation, grid: Grid, projection: &Projection) -> Result<Matrix, Problem> {
    let name = |id: NodeId| project.node(id).map_or("?", |node| node.name.as_str());
    let tell = |message: String| refused(format!("{} → {}: {message}", name(projection.from), name(projection.to)));
    if projection.symmetric {
        return Err(tell("gradients go one way; make two projections of a symmetric one".into()));
    }
    let whole = projection.sources == Part::Whole && projection.targets == Part::Whole;
    if !whole || projection.union.is_some() || projection.third_factor.is_some() {
        return Err(tell(
            "gradients go from one whole population to another; name each by itself, or list the pairs".into(),
        ));
    }
    if projection.synapse.plastic().is_some() || project.wiring(projection).is_ok_and(|w| w.carries != Signal::Spikes) {
        return Err(tell(format!("gradients go through static synapses, not {}", projection.synapse.name)));
    }
    let Some(delay) = projection.delay.as_real() else {
        return Err(tell("gradients need one delay for all synapses of a projection".into()));
    };
    let size = |id: NodeId| project.node(id).map_or(0, |node| node.n);
    let (sources, targets) = (size(projection.from), size(projection.to));
    if sources.saturating_mul(targets) > MOST_PAIRS {
        return Err(tell(format!("{sources} times {targets} weights are too many for gradients")));
    }
    let made: Vec<(usize, usize, f64)> = match simulation.synapses_of(projection.id) {
        made if !made.is_empty() => made.into_iter().map(|(s, t, w, _)| (s as usize, t as usize, w)).collect(),
        _ => listed(project, projection, sources, targets).map_err(tell)?,
    };
    let (mut weights, mut there) = (vec![0.0; sources * targets], vec![false; sources * targets]);
    for (source, target, weight) in made {
        let i = source * targets + target;
        weights[i] += weight;
        there[i] = true;
    }
    if there.iter().all(|there| *there) {
        there.clear();
    }
    Ok((weights, there, (grid.delay(delay)).max(1) as usize))
}

/// The synapses of a projection that a simulation keeps no list of: those of generators.
fn listed(
    project: &Project,
    projection: &Projection,
    sources: usize,
    targets: usize,
) -> Result<Vec<(usize, usize, f64)>, String> {
    if projection.is_drawn_in_space() {
        return Err("inputs of gradients have no mask and no kernel".into());
    }
    let pairs: Vec<(usize, usize)> = match projection.rule {
        Rule::AllToAll => (0..sources).flat_map(|s| (0..targets).map(move |t| (s, t))).collect(),
        Rule::OneToOne => (0..sources.min(targets)).map(|i| (i, i)).collect(),
        Rule::Pairs => projection.pairs.iter().map(|(s, t)| (*s as usize, *t as usize)).collect(),
        _ => {
            return Err("inputs of gradients are connected all_to_all, one_to_one or by pairs".into());
        }
    };
    let mut stream = Stream::of(project.simulation.seed, Purpose::Training, 2, u64::from(projection.id.0));
    let mut weight = |i: usize, source: usize, target: usize| match &projection.weight {
        Value::Real(x) => Ok(*x),
        Value::List(xs) => xs.get(i).copied().ok_or_else(|| "its list of weights is too short".to_owned()),
        Value::Lists(rows) => {
            let weight = rows.get(target).and_then(|row| row.get(source)).copied();
            weight.ok_or_else(|| "its lists of weights are too short".to_owned())
        }
        Value::Distribution(distribution) => stream.draw_finite(distribution),
        _ => Err("its weights must be numbers".to_owned()),
    };
    pairs.into_iter().enumerate().map(|(i, (s, t))| Ok((s, t, weight(i, s, t)?))).collect()
}

/// Patterns on the grid.
fn ready(
    project: &Project,
    grid: Grid,
    nodes: &[NodeId],
    layers: &Layers,
    lesson: &Lesson,
) -> Result<Vec<Ready>, Problem> {
    let mut all = Vec::new();
    for (i, pattern) in lesson.patterns.iter().enumerate() {
        let tell = |message: String| refused(format!("pattern {i}: {message}"));
        let mut given: Vec<Events> = nodes.iter().map(|_| Vec::new()).collect();
        for (id, trains) in &pattern.input {
            let name = project.node(*id).map_or("?", |node| node.name.as_str());
            let Some(p) = nodes.iter().position(|node| node == id).filter(|p| layers.populations[*p].cells.is_none())
            else {
                return Err(tell(format!("\"{name}\" is no input of the network that is trained")));
            };
            let mut events: Events = vec![Vec::new(); layers.steps + 1];
            for (device, time) in trains.iter().enumerate().flat_map(|(i, train)| train.iter().map(move |t| (i, *t))) {
                let step = grid.at_or_after(time).max(0) as usize;
                if let Some(events) = events.get_mut(step) {
                    events.push(Event { pattern: 0, neuron: device as u32 });
                }
            }
            given[p] = events;
        }
        let answer = match &pattern.wanted {
            Wanted::Label(label) => Answer::Label(*label),
            Wanted::Rates(rates) => Answer::Rates(rates.clone()),
            Wanted::Times(times) => {
                let steps = |train: &Vec<f64>| train.iter().map(|t| grid.at_or_after(*t).max(0) as usize).collect();
                Answer::Steps(times.iter().map(steps).collect())
            }
        };
        all.push(Ready { given, answer });
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
