//! What a network is to learn: what is changed, what is wanted, and by which method.
//!
//! Evolution strategies change numbers of any node or projection until statistics of what recorders record come to their
//! goals. Gradients change the weights of networks of differentiable models until their answers to given patterns are right.

use std::collections::BTreeMap;

use super::{Knob, NodeId, Project, Projection};
use crate::description::{nearest, number};
pub use crate::mechanisms::surrogates::Surrogate;
use crate::models::{Signal, Stored};

/// How a network is trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Training {
    pub method: Method,
    pub train: Vec<Trained>,
    /// Epochs of gradients, generations of an evolution strategy.
    pub epochs: usize,
    /// Training ends when the loss is no larger.
    pub enough: f64,
    pub task: Task,
}

/// How what is trained is changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// Separable natural evolution strategy.
    SeparableNes(Population),
    /// Evolution strategy that adapts the covariance of its candidates.
    CmaEs(Population),
    /// Down the gradient.
    Sgd { learning_rate: f64 },
    /// Down a mean of gradients that fades by this factor a step.
    Momentum { learning_rate: f64, momentum: f64 },
    /// Down a mean of gradients, scaled by that of their squares.
    Adam { learning_rate: f64, beta_1: f64, beta_2: f64 },
}

/// The candidates of an evolution strategy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Population {
    /// How many are drawn; 0 is as many as the method takes for so many numbers.
    pub size: usize,
    /// Their standard deviation at first, as a share of the range of each number.
    pub spread: f64,
}

impl Default for Population {
    fn default() -> Self {
        Population { size: 0, spread: 0.2 }
    }
}

impl Method {
    pub const NAMES: [&'static str; 5] = ["separable_nes", "cma_es", "sgd", "momentum", "adam"];
    /// Of [`Method::Adam`], where nothing else is given.
    pub const BETAS: (f64, f64) = (0.9, 0.999);

    pub fn name(&self) -> &'static str {
        match self {
            Method::SeparableNes(_) => Self::NAMES[0],
            Method::CmaEs(_) => Self::NAMES[1],
            Method::Sgd { .. } => Self::NAMES[2],
            Method::Momentum { .. } => Self::NAMES[3],
            Method::Adam { .. } => Self::NAMES[4],
        }
    }
    /// Whether it goes by gradients.
    pub fn is_gradient(&self) -> bool {
        !matches!(self, Method::SeparableNes(_) | Method::CmaEs(_))
    }
}

/// Something that is trained, within a range where one is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    pub what: Adjusted,
    pub range: Option<(f64, f64)>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Adjusted {
    /// A parameter of a node: one number for all, or each number of a list.
    Parameter { of: NodeId, name: String },
    /// The weights of projections to neurons from one node; to one only, if that is given.
    Weights { from: NodeId, to: Option<NodeId> },
    /// Their delays.
    Delays { from: NodeId, to: Option<NodeId> },
    /// What a knob turns.
    Knob(String),
}

impl Adjusted {
    /// Whether it concerns this node.
    fn concerns(&self, id: NodeId) -> bool {
        match self {
            Adjusted::Parameter { of, .. } => *of == id,
            Adjusted::Weights { from, to } | Adjusted::Delays { from, to } => *from == id || *to == Some(id),
            Adjusted::Knob(_) => false,
        }
    }

    /// Whether it is about weights or delays of this projection.
    pub fn reaches(&self, project: &Project, projection: &Projection) -> bool {
        let (Adjusted::Weights { from, to } | Adjusted::Delays { from, to }) = self else { return false };
        let neurons = project.node(projection.to).is_some_and(|n| n.model.is_neuron());
        let weighted = project.wiring(projection).is_ok_and(|w| w.carries != Signal::Samples);
        projection.from == *from && to.is_none_or(|to| projection.to == to) && neurons && weighted
    }

    /// What messages call it.
    pub fn called(&self, project: &Project) -> String {
        let name = |id: NodeId| project.node(id).map_or("?", |n| n.name.as_str());
        let wires = |what: &str, from: NodeId, to: Option<NodeId>| match to {
            Some(to) => format!("{what} {} → {}", name(from), name(to)),
            None => format!("{what} from {}", name(from)),
        };
        match self {
            Adjusted::Parameter { of, name: parameter } => format!("{parameter} of {}", name(*of)),
            Adjusted::Weights { from, to } => wires("weights", *from, *to),
            Adjusted::Delays { from, to } => wires("delays", *from, *to),
            Adjusted::Knob(knob) => format!("knob {knob}"),
        }
    }
}

/// What is wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// Statistics of recordings at their goals.
    Goals(Vec<Goal>),
    /// Right answers to patterns.
    Patterns(Lesson),
}

/// A statistic of what a recorder records, and where it is to come: the loss is the sum of ((statistic − target) / scale)².
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    pub of: NodeId,
    pub what: Statistic,
    pub target: f64,
    pub scale: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Statistic {
    /// Mean rate, spikes/s.
    Rate,
    /// Mean coefficient of variation of the intervals.
    Cv,
    /// Mean correlation of pairs, of spikes counted in bins of this width, ms.
    Correlation { bin: f64 },
    /// Mean of a quantity over time and neurons.
    Mean { variable: String },
    /// Root of the mean squared distance of the samples of a quantity from these; the target is 0.
    Trace { variable: String, samples: Vec<f64> },
}

impl Statistic {
    pub const NAMES: [&'static str; 5] = ["rate", "cv", "correlation", "mean", "trace"];

    pub fn name(&self) -> &'static str {
        match self {
            Statistic::Rate => Self::NAMES[0],
            Statistic::Cv => Self::NAMES[1],
            Statistic::Correlation { .. } => Self::NAMES[2],
            Statistic::Mean { .. } => Self::NAMES[3],
            Statistic::Trace { .. } => Self::NAMES[4],
        }
    }
    /// What it is a statistic of.
    fn of_spikes(&self) -> bool {
        matches!(self, Statistic::Rate | Statistic::Cv | Statistic::Correlation { .. })
    }
}

/// Patterns and what is to be answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    pub loss: Loss,
    pub surrogate: Surrogate,
    /// How many patterns make a step; 0 is all of them.
    pub batch: usize,
    pub penalties: Vec<Penalty>,
    pub patterns: Vec<Pattern>,
}

/// How wrong an answer is; the mean over patterns is made small.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Loss {
    /// Cross entropy of the label and what is read of these neurons, one a class.
    CrossEntropy { of: NodeId, read: Read },
    /// Squared distance of the rates of these neurons from those wanted, (spikes/s)².
    Rate { of: NodeId },
    /// Van Rossum's distance of the spikes of these neurons from those wanted, with this time constant, ms.
    SpikeTimes { of: NodeId, tau: f64 },
}

impl Loss {
    pub const NAMES: [&'static str; 3] = ["cross_entropy", "rate", "spike_times"];

    pub fn name(&self) -> &'static str {
        match self {
            Loss::CrossEntropy { .. } => Self::NAMES[0],
            Loss::Rate { .. } => Self::NAMES[1],
            Loss::SpikeTimes { .. } => Self::NAMES[2],
        }
    }
    /// The neurons that answer.
    pub fn of(&self) -> NodeId {
        match self {
            Loss::CrossEntropy { of, .. } | Loss::Rate { of } | Loss::SpikeTimes { of, .. } => *of,
        }
    }
    /// The field of a pattern that says what is wanted.
    pub fn wants(&self) -> &'static str {
        match self {
            Loss::CrossEntropy { .. } => "label",
            Loss::Rate { .. } => "rates",
            Loss::SpikeTimes { .. } => "times",
        }
    }
}

/// What is read of a neuron as one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// The largest potential, or number read out.
    Max,
    /// Its mean over time.
    Mean,
    /// The last one.
    Last,
    /// The number of spikes.
    Count,
}

impl Read {
    pub const ALL: [(&'static str, Read); 4] =
        [("max", Read::Max), ("mean", Read::Mean), ("last", Read::Last), ("count", Read::Count)];

    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, read)| *read == self).map_or("", |(name, _)| name)
    }
}

/// What spikes of a population cost, mean over patterns: l1 times their number, and l2 times the square of the number of
/// each neuron.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Penalty {
    pub of: NodeId,
    pub l1: f64,
    pub l2: f64,
}

/// Spikes that are put in, and what is wanted then.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// Spike times of each device of a node, ms.
    pub input: BTreeMap<NodeId, Vec<Vec<f64>>>,
    pub wanted: Wanted,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// The number of the neuron that is to answer, from 0.
    Label(usize),
    /// The rate of each neuron, spikes/s.
    Rates(Vec<f64>),
    /// The spike times of each neuron, ms.
    Times(Vec<Vec<f64>>),
}

impl Wanted {
    pub fn name(&self) -> &'static str {
        match self {
            Wanted::Label(_) => "label",
            Wanted::Rates(_) => "rates",
            Wanted::Times(_) => "times",
        }
    }
}

impl Training {
    /// No training has more epochs, and no generation more candidates.
    pub const MOST_EPOCHS: usize = 1_000_000;
    pub const MOST_CANDIDATES: usize = 10_000;

    /// Drops what concerns nodes that are gone; `false` if nothing is left to train or to be wanted.
    pub fn forget(&mut self, gone: &[NodeId]) -> bool {
        self.train.retain(|trained| !gone.iter().any(|id| trained.what.concerns(*id)));
        let gone = |id: NodeId| gone.contains(&id);
        let wanted = match &mut self.task {
            Task::Goals(goals) => {
                goals.retain(|goal| !gone(goal.of));
                !goals.is_empty()
            }
            Task::Patterns(lesson) => {
                lesson.penalties.retain(|penalty| !gone(penalty.of));
                lesson.patterns.iter_mut().for_each(|p| p.input.retain(|id, _| !gone(*id)));
                !gone(lesson.loss.of())
            }
        };
        wanted && !self.train.is_empty()
    }

    /// The range within which a number is sought.
    pub fn range_of(&self, project: &Project, trained: &Trained) -> Option<(f64, f64)> {
        let of_knob = || match &trained.what {
            Adjusted::Knob(name) => knob(project, name).map(|knob| knob.range),
            _ => None,
        };
        trained.range.or_else(of_knob)
    }

    /// What is wrong with it, each with the cure.
    pub fn problems(&self, project: &Project) -> Vec<String> {
        let mut found = Vec::new();
        self.check_method(&mut found);
        if self.train.is_empty() {
            found.push("`train` names nothing: write `train: [weights(from: …)]`".into());
        }
        for trained in &self.train {
            let told = self.trained_problem(project, trained);
            found.extend(told.map(|message| format!("{}: {message}", trained.what.called(project))));
        }
        match &self.task {
            Task::Goals(goals) => check_goals(project, goals, &mut found),
            Task::Patterns(lesson) => lesson.check(project, &mut found),
        }
        found
    }

    fn check_method(&self, found: &mut Vec<String>) {
        let name = self.method.name();
        let mut must = |field: &str, x: f64, holds: bool, what: &str| {
            if !holds {
                found.push(format!("{name}: `{field}` must be {what}, is {}", number(x)));
            }
        };
        match self.method {
            Method::SeparableNes(population) | Method::CmaEs(population) => {
                let Population { size, spread } = population;
                must("spread", spread, spread > 0.0 && spread <= 1.0, "above 0 and at most 1");
                let most = Self::MOST_CANDIDATES;
                let whole = size == 0 || (2..=most).contains(&size);
                must("population", size as f64, whole, "0 (as many as usual) or from 2 to 10000");
            }
            Method::Sgd { learning_rate } => check_rate(learning_rate, &mut must),
            Method::Momentum { learning_rate, momentum } => {
                check_rate(learning_rate, &mut must);
                must("momentum", momentum, (0.0..1.0).contains(&momentum), "from 0 to below 1");
            }
            Method::Adam { learning_rate, beta_1, beta_2 } => {
                check_rate(learning_rate, &mut must);
                must("beta_1", beta_1, (0.0..1.0).contains(&beta_1), "from 0 to below 1");
                must("beta_2", beta_2, (0.0..1.0).contains(&beta_2), "from 0 to below 1");
            }
        }
        match (&self.task, self.method.is_gradient()) {
            (Task::Goals(_), true) => {
                found.push(format!(
                    "{name} learns from `loss` and `patterns`; `goals` go with separable_nes and cma_es"
                ));
            }
            (Task::Patterns(_), false) => {
                found.push(format!("{name} strives for `goals`; `loss` and `patterns` go with sgd, momentum and adam"));
            }
            _ => {}
        }
    }

    fn trained_problem(&self, project: &Project, trained: &Trained) -> Option<String> {
        if let Some((low, high)) = trained.range
            && !(low.is_finite() && high.is_finite() && low < high)
        {
            return Some("its range must be two numbers, the smaller first".into());
        }
        if self.method.is_gradient() && !matches!(trained.what, Adjusted::Weights { .. }) {
            return Some("gradients train weights only; take cma_es or separable_nes for it".into());
        }
        match &trained.what {
            Adjusted::Weights { .. } | Adjusted::Delays { .. } => {
                let any = project.projections.iter().any(|p| trained.what.reaches(project, p));
                if !any {
                    return Some("there is no such projection to neurons".into());
                }
            }
            Adjusted::Parameter { of, name } => {
                let node = project.node(*of)?;
                let known = || node.model.parameters().filter(|p| p.is_number()).map(|p| p.name);
                if node.model.parameter(name).is_none_or(|p| !p.is_number()) {
                    let meant = nearest(name, known()).map(|meant| format!(": did you mean `{meant}`?"));
                    let meant = meant.unwrap_or_default();
                    return Some(format!("{} has no number of this name{meant}", node.model.name));
                }
            }
            Adjusted::Knob(name) => {
                if knob(project, name).is_none() {
                    return Some("there is no such knob".into());
                }
            }
        }
        let needs_range = !self.method.is_gradient() && self.range_of(project, trained).is_none();
        needs_range.then(|| "say within which range: `range: (0, 10)`".into())
    }
}

fn check_rate(learning_rate: f64, must: &mut impl FnMut(&str, f64, bool, &str)) {
    must("learning_rate", learning_rate, learning_rate > 0.0 && learning_rate.is_finite(), "above 0");
}

fn knob<'a>(project: &'a Project, name: &str) -> Option<&'a Knob> {
    project.knobs.iter().find(|knob| knob.name == name)
}

fn check_goals(project: &Project, goals: &[Goal], found: &mut Vec<String>) {
    if goals.is_empty() {
        found.push("`goals` names nothing: write `goals: [rate(of: \"spikes\", target: 10)]`".into());
    }
    for goal in goals {
        let Some(node) = project.node(goal.of) else { continue };
        let mut tell = |message: String| found.push(format!("goal {} of {}: {message}", goal.what.name(), node.name));
        let records = node.model.stores();
        if goal.what.of_spikes() && !records.is_some_and(|stores| stores == Stored::Spikes) {
            tell(format!("is of the spikes of a spike recorder, and {} is none", node.model.name));
        }
        if !goal.what.of_spikes() && !records.is_some_and(|stores| stores == Stored::Samples) {
            tell(format!("is of what a multimeter samples, and {} does not", node.model.name));
        }
        if !(goal.scale > 0.0 && goal.scale.is_finite()) {
            tell(format!("`scale` must be above 0, is {}", number(goal.scale)));
        }
        if !goal.target.is_finite() {
            tell("`target` must be a finite number".into());
        }
        match &goal.what {
            Statistic::Correlation { bin } if !(*bin > 0.0 && bin.is_finite()) => {
                tell(format!("`bin` must be above 0 ms, is {}", number(*bin)));
            }
            Statistic::Trace { samples, .. } if samples.is_empty() => tell("`samples` is empty".into()),
            _ => {}
        }
    }
}

impl Lesson {
    fn check(&self, project: &Project, found: &mut Vec<String>) {
        let size = |id: NodeId| project.node(id).map_or(0, |node| node.n);
        let name = |id: NodeId| project.node(id).map_or("?", |node| node.name.as_str());
        let of = self.loss.of();
        if let Loss::SpikeTimes { tau, .. } = self.loss
            && !(tau > 0.0 && tau.is_finite())
        {
            found.push(format!("spike_times: `tau` must be above 0 ms, is {}", number(tau)));
        }
        for penalty in &self.penalties {
            if !(penalty.l1.is_finite() && penalty.l2.is_finite() && penalty.l1 >= 0.0 && penalty.l2 >= 0.0) {
                found.push(format!("penalty of {}: `l1` and `l2` must be 0 or more", name(penalty.of)));
            }
        }
        if self.patterns.is_empty() {
            found.push("`patterns` is empty: write `patterns: [(input: {\"in\": [[5]]}, label: 0)]`".into());
        }
        for (i, pattern) in self.patterns.iter().enumerate() {
            let mut tell = |message: String| found.push(format!("pattern {i}: {message}"));
            for (id, trains) in &pattern.input {
                if trains.len() != size(*id) {
                    let n = size(*id);
                    tell(format!("\"{}\" has {n} devices, here are the spikes of {}", name(*id), trains.len()));
                }
                if trains.iter().flatten().any(|t| !(t.is_finite() && *t >= 0.0)) {
                    tell(format!("spike times of \"{}\" must be 0 ms or more", name(*id)));
                }
            }
            if pattern.wanted.name() != self.loss.wants() {
                let (loss, wants, is) = (self.loss.name(), self.loss.wants(), pattern.wanted.name());
                tell(format!("{loss} wants `{wants}`, here is `{is}`"));
                continue;
            }
            match &pattern.wanted {
                Wanted::Label(label) if *label >= size(of) => {
                    tell(format!("`label` must be below {}, the number of neurons of \"{}\"", size(of), name(of)));
                }
                Wanted::Rates(rates) if rates.len() != size(of) || rates.iter().any(|r| !r.is_finite()) => {
                    tell(format!("`rates` must be {} numbers, one a neuron of \"{}\"", size(of), name(of)));
                }
                Wanted::Times(times) if times.len() != size(of) => {
                    tell(format!("`times` must be {} lists, one a neuron of \"{}\"", size(of), name(of)));
                }
                Wanted::Times(times) if times.iter().flatten().any(|t| !(t.is_finite() && *t > 0.0)) => {
                    tell("`times` must be above 0 ms".into());
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::project::{read, write};

    const EVOLUTION: &str = r#"(
    nodes: {
        "noise": (model: "poisson_generator", params: (rate: 8000)),
        "E": (model: "iaf_psc_alpha", n: 10),
        "spikes": (model: "spike_recorder"),
        "V": (model: "voltmeter"),
    },
    projections: [(from: "noise", to: "E", weight: 20), (from: "E", to: "spikes"), (from: "V", to: "E")],
    knobs: {
        "drive": (range: (0, 4), turns: [parameter(of: "noise", name: "rate", times: 4000)]),
    },
    training: (
        method: cma_es(population: 8, spread: 0.3),
        train: [knob("drive"), weights(from: "noise", to: "E", range: (0, 50)), delays(from: "noise", range: (1, 2))],
        epochs: 20,
        enough: 0.1,
        goals: [
            rate(of: "spikes", target: 10, scale: 5),
            cv(of: "spikes", target: 0.8),
            correlation(of: "spikes", target: 0, bin: 5),
            mean(of: "V", variable: "V_m", target: -60),
            trace(of: "V", variable: "V_m", samples: [-70, -69, -68]),
        ],
    ),
)"#;

    const GRADIENT: &str = r#"(
    nodes: {
        "in": (model: "spike_generator", n: 2, params: (spike_times: [[5], [10]])),
        "out": (model: "LIF", n: 2),
        "spikes": (model: "spike_recorder"),
    },
    projections: [(from: "in", to: "out", weight: [[1, 2], [3, 4]]), (from: "out", to: "spikes")],
    training: (
        method: adam(learning_rate: 0.01),
        train: [weights(from: "in", range: (0, 5))],
        loss: cross_entropy(of: "out", read: count),
        surrogate: InvSquareGrad(alpha: 50),
        batch: 1,
        penalties: [(of: "out", l1: 0.001)],
        patterns: [
            (input: {"in": [[5, 10], []]}, label: 0),
            (input: {"in": [[], [5.5]]}, label: 1),
        ],
    ),
)"#;

    #[test]
    fn training_is_written_as_it_is_read() {
        let rates = GRADIENT.replace("cross_entropy(of: \"out\", read: count)", "rate(of: \"out\")");
        let rates = rates.replace("label: 0", "rates: [5, 0]").replace("label: 1", "rates: [0, 5]");
        let times = GRADIENT.replace("cross_entropy(of: \"out\", read: count)", "spike_times(of: \"out\", tau: 5)");
        let times = times.replace("label: 0", "times: [[20], []]").replace("label: 1", "times: [[], [30, 40]]");
        let plain = GRADIENT.replace("adam(learning_rate: 0.01)", "momentum(learning_rate: 0.1, momentum: 0.5)");
        let nes = EVOLUTION.replace("cma_es(population: 8, spread: 0.3)", "separable_nes");
        for text in [EVOLUTION, GRADIENT, &rates, &times, &plain, &nes] {
            let (project, warnings) = read(text).unwrap_or_else(|e| panic!("{e}"));
            assert!(warnings.iter().all(|w| w.parameter.as_deref() != Some("training")), "{warnings:?}");
            let written = write(&project);
            let (again, _) = read(&written).unwrap_or_else(|e| panic!("{written}\n{e}"));
            assert_eq!(again, project);
            assert_eq!(write(&again), written);
        }
    }

    #[test]
    fn what_cannot_be_trained_is_told_with_its_cure() {
        let told = |text: &str, from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            match read(&text.replace(from, to)) {
                Ok((_, warnings)) => warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
                Err(error) => error.to_string(),
            }
        };
        let says = |text: &str, from: &str, to: &str, message: &str| {
            let found = told(text, from, to);
            assert!(found.contains(message), "{to}: {found}");
        };
        says(EVOLUTION, "cma_es(", "cma_ess(", "did you mean `cma_es`?");
        says(EVOLUTION, "spread: 0.3", "spread: 0", "`spread` must be above 0 and at most 1, is 0");
        says(EVOLUTION, "knob(\"drive\")", "knob(\"drove\")", "there is no such knob");
        says(EVOLUTION, ", range: (0, 50)", "", "say within which range");
        says(EVOLUTION, "range: (0, 50)", "range: (5, 0)", "the smaller first");
        says(
            EVOLUTION,
            "cv(of: \"spikes\"",
            "cv(of: \"V\"",
            "is of the spikes of a spike recorder, and voltmeter is none",
        );
        says(EVOLUTION, "mean(of: \"V\"", "mean(of: \"spikes\"", "is of what a multimeter samples");
        says(EVOLUTION, "rate(of: \"spikes\"", "rote(of: \"spikes\"", "did you mean `rate`?");
        says(
            EVOLUTION,
            "from: \"noise\", to: \"E\", range",
            "from: \"spikes\", to: \"E\", range",
            "no such projection",
        );
        says(GRADIENT, "learning_rate: 0.01", "learning_rate: -1", "must be above 0, is -1");
        says(GRADIENT, "read: count", "read: most", "unknown");
        says(GRADIENT, "InvSquareGrad(alpha: 50)", "InvSquare", "did you mean `InvSquareGrad`?");
        says(GRADIENT, "alpha: 50", "beta: 50", "has no parameter `beta`");
        says(GRADIENT, "[[], [5.5]]", "[[5.5]]", "has 2 devices, here are the spikes of 1");
        says(GRADIENT, "label: 1", "label: 2", "`label` must be below 2");
        says(GRADIENT, "label: 1", "rates: [1, 2]", "cross_entropy wants `label`");
        says(GRADIENT, "weights(from", "delays(from", "gradients train weights only");
        says(GRADIENT, "adam(learning_rate: 0.01)", "cma_es", "strives for `goals`");
        says(GRADIENT, "{\"in\": [[5, 10], []]}", "{\"inn\": [[5, 10], []]}", "did you mean `in`?");
    }
}
