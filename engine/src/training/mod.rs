//! Training: the numbers of a project are changed until it does what its section `training` wants.
//!
//! ```
//! use spikeloom_engine::{project, training::Trainer};
//!
//! let (project, _) = project::read(
//!     r#"(
//!         simulation: (duration: 500),
//!         nodes: { "cell": (model: "iaf_psc_alpha"), "spikes": (model: "spike_recorder") },
//!         projections: [(from: "cell", to: "spikes")],
//!         training: (
//!             method: cma_es,
//!             train: [parameter(of: "cell", name: "I_e", range: (300, 900))],
//!             goals: [rate(of: "spikes", target: 60, scale: 10)],
//!             enough: 0.01,
//!         ),
//!     )"#,
//! )?;
//! let mut trainer = Trainer::new(&project)?;
//! while !trainer.is_done() {
//!     let epoch = trainer.advance()?;
//!     println!("{}: {}", epoch.number, epoch.loss);
//! }
//! assert!(trainer.best_loss() <= 0.01);
//! let trained = trainer.best();
//! assert!(trained.nodes[0].real("I_e") > 450.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | method | changes | by |
//! | --- | --- | --- |
//! | `separable_nes`, `cma_es` | numbers of any node or projection | `evolution`: candidates are run, `strategies` say which are tried next |
//! | `sgd`, `momentum`, `adam` | weights of networks of differentiable models | `gradient`: back-propagation through time |
//!
//! One seed gives the same bits for any number of threads.
//!
//! [`Background`] is a training on a thread of its own, which tells how it goes on and what the network then does.

mod background;
mod eigen;
mod evolution;
mod gradient;
mod keep;
mod statistics;
mod strategies;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use background::{Background, End, News, Order, Seen};
pub use gradient::input_of;
pub use keep::keep;

use crate::description::{Place, Problem};
use crate::project::{Project, Task};
use crate::recordings::Recordings;
use evolution::Evolution;
use gradient::Gradient;

/// Why a project cannot be trained, or why its training has stopped.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub problems: Vec<Problem>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::description::write_lines(&self.problems, f)
    }
}

impl std::error::Error for Refusal {}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Refusal { problems: vec![problem] }
    }
}

/// A problem of the training as a whole.
fn refused(message: impl fmt::Display) -> Problem {
    Problem::error(Place::Project, format!("training: {message}")).of("training")
}

/// Why an epoch has not come to its end although nothing is wrong.
fn stopped() -> Problem {
    refused("it was stopped")
}

/// What a network answers to a pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PatternAnswer {
    pub loss: f64,
    /// The number of the neuron that answers, where answers are labels.
    pub label: Option<usize>,
}

/// What came of an epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// Counted from 1.
    pub number: usize,
    /// Before its last change; of an evolution strategy, the least in its generation.
    pub loss: f64,
    /// The share of right answers, where answers are right or wrong.
    pub accuracy: Option<f64>,
}

/// The same, without its number.
struct Outcome {
    loss: f64,
    accuracy: Option<f64>,
}

/// Trains a project.
pub struct Trainer {
    project: Project,
    epochs: usize,
    enough: f64,
    done: usize,
    best_loss: f64,
    method: Method,
}

enum Method {
    Evolution(Box<Evolution>),
    Gradient(Box<Gradient>),
}

impl Trainer {
    /// Begins where the project stands.
    ///
    /// # Errors
    /// All that keeps it from being trained, with what is allowed.
    pub fn new(project: &Project) -> Result<Trainer, Refusal> {
        let Some(training) = &project.training else {
            let message = "the project says nothing of it: add `training: (method: …, train: […], goals: […])`";
            return Err(refused(message).into());
        };
        let problems: Vec<Problem> = training.problems(project).into_iter().map(refused).collect();
        if !problems.is_empty() {
            return Err(Refusal { problems });
        }
        let method = match &training.task {
            Task::Goals(goals) => Method::Evolution(Box::new(Evolution::new(project, training, goals)?)),
            Task::Patterns(lesson) => {
                let gradient = Gradient::new(project, training, lesson).map_err(|problems| Refusal { problems })?;
                Method::Gradient(Box::new(gradient))
            }
        };
        let (epochs, enough) = (training.epochs, training.enough);
        Ok(Trainer { project: project.clone(), epochs, enough, done: 0, best_loss: f64::INFINITY, method })
    }

    /// Trains for so many epochs in place of the project's.
    pub fn epochs(&mut self, epochs: usize) -> &mut Self {
        self.epochs = epochs;
        self
    }

    /// Whether all epochs are over, or the loss is small enough.
    pub fn is_done(&self) -> bool {
        self.done >= self.epochs || self.best_loss <= self.enough
    }

    /// Once `stop` is set, an epoch that goes on ends with a refusal, soon.
    pub fn stop_by(&mut self, stop: Arc<AtomicBool>) -> &mut Self {
        match &mut self.method {
            Method::Evolution(evolution) => evolution.stop = stop,
            Method::Gradient(gradient) => gradient.stop = stop,
        }
        self
    }

    /// Epochs done.
    pub fn done(&self) -> usize {
        self.done
    }

    /// The least loss so far.
    pub fn best_loss(&self) -> f64 {
        self.best_loss
    }

    /// Trains for an epoch, or a generation.
    ///
    /// # Errors
    /// What has stopped it; the best so far stays.
    pub fn advance(&mut self) -> Result<Epoch, Refusal> {
        let Outcome { loss, accuracy } = match &mut self.method {
            Method::Evolution(evolution) => evolution.advance()?,
            Method::Gradient(gradient) => gradient.advance()?,
        };
        self.done += 1;
        self.best_loss = self.best_loss.min(loss);
        Ok(Epoch { number: self.done, loss, accuracy })
    }

    /// The project with the best numbers so far.
    pub fn best(&self) -> Project {
        match &self.method {
            Method::Evolution(evolution) => evolution.best(&self.project),
            Method::Gradient(gradient) => gradient.best(&self.project),
        }
    }

    /// The project with the numbers as they now are. Before the first epoch these are the ones that training begins with; of
    /// weights that are drawn, those drawn.
    pub fn present(&self) -> Project {
        match &self.method {
            Method::Evolution(_) => self.project.clone(),
            Method::Gradient(gradient) => gradient.present(&self.project),
        }
    }

    /// What the network answers to its first patterns, at most so many, with the best numbers so far. Empty where goals are
    /// wanted, not answers.
    pub fn answers(&mut self, most: usize) -> Vec<PatternAnswer> {
        match &mut self.method {
            Method::Evolution(_) => Vec::new(),
            Method::Gradient(gradient) => gradient.answers(most),
        }
    }
}

/// What a network does in a run to its duration.
pub struct Watched {
    /// The network, with the spikes of the pattern as its input.
    pub project: Project,
    pub recordings: Recordings,
    /// Where the statistics of the goals are, in their order; none where one is not defined.
    pub measured: Vec<Option<f64>>,
}

/// Runs a project to its duration as training does: as it is, or with the spikes of this pattern as its input.
fn watch(project: &Project, pattern: usize, stop: &AtomicBool) -> Result<Watched, Problem> {
    let Some(training) = &project.training else { return Err(refused("there is none")) };
    match &training.task {
        Task::Goals(goals) => {
            let recordings = statistics::run(project, stop)?;
            let measured = goals.iter().map(|goal| statistics::statistic(project, &recordings, goal)).collect();
            Ok(Watched { project: project.clone(), recordings, measured })
        }
        Task::Patterns(lesson) => {
            let shown = gradient::with_pattern(project, lesson, pattern);
            let recordings = statistics::run(&shown, stop)?;
            Ok(Watched { project: shown, recordings, measured: Vec::new() })
        }
    }
}
