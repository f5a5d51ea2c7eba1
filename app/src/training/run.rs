//! A training that goes on, as the window has heard of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::Context;
use spikeloom_engine::project::{Node, Place, Problem, Project};
use spikeloom_engine::training::{Background, End, Epoch, News, Order, Refusal, Seen, keep};

/// What a training does.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    Running,
    /// It was told to rest, and an epoch goes on.
    Pausing,
    Paused,
    /// It was told to stop, and something goes on.
    Stopping,
    Ended(End),
}

/// A training and what is known of it.
pub struct Run {
    training: Background,
    /// The document as it was when training began.
    begun: Arc<Project>,
    pub phase: Phase,
    pub epochs: Vec<Epoch>,
    /// What the network does with the numbers that training began with, and with the best so far.
    pub before: Option<Seen>,
    pub best: Option<Seen>,
    /// Counts what is shown: pictures follow it.
    pub seen: u64,
    /// The least loss, and its epoch.
    pub least: Option<Epoch>,
    /// Time spent on epochs until the last news.
    spent: Duration,
    heard: Instant,
    /// How the document stands to it, at a revision.
    stands: Option<(u64, u64, Stands)>,
}

/// How a document stands to a training.
#[derive(Clone, Debug, PartialEq)]
pub enum Stands {
    /// The network is the one that training began with.
    AsBegun,
    /// It has been changed since, and can take the trained numbers.
    Changed,
    /// It has the trained numbers.
    Kept,
    /// It has been changed so that the trained numbers no longer fit: why, with the cure.
    Misfit(String),
}

impl Run {
    /// Begins to train a document.
    pub fn start(project: Arc<Project>, pattern: usize, ctx: &Context) -> Run {
        let wake = ctx.clone();
        let training = Background::start(project.clone(), pattern, Arc::new(move || wake.request_repaint()));
        Run {
            training,
            begun: project,
            phase: Phase::Running,
            epochs: Vec::new(),
            before: None,
            best: None,
            seen: 0,
            least: None,
            spent: Duration::ZERO,
            heard: Instant::now(),
            stands: None,
        }
    }

    /// Takes in what has come.
    pub fn hear(&mut self) {
        for news in self.training.news() {
            match news {
                News::Before(seen) => {
                    self.before = Some(*seen);
                    self.seen += 1;
                    if self.epochs.is_empty() {
                        self.heard = Instant::now();
                    }
                }
                News::Best(seen) => {
                    self.best = Some(*seen);
                    self.seen += 1;
                    self.stands = None;
                }
                News::Epochs(epochs) => {
                    for epoch in epochs {
                        if self.least.is_none_or(|least| epoch.loss < least.loss) {
                            self.least = Some(epoch);
                        }
                        self.epochs.push(epoch);
                    }
                    self.spent += self.heard.elapsed();
                    self.heard = Instant::now();
                }
                News::Paused => self.phase = Phase::Paused,
                News::Ended(end) => self.phase = Phase::Ended(end),
            }
        }
    }

    /// Whether it works, or will go on to.
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Ended(_))
    }

    pub fn is_working(&self) -> bool {
        matches!(self.phase, Phase::Running | Phase::Pausing | Phase::Stopping)
    }

    /// Pauses or goes on.
    pub fn pause_or_resume(&mut self) {
        match self.phase {
            Phase::Running => {
                self.training.tell(Order::Pause);
                self.phase = Phase::Pausing;
            }
            Phase::Paused | Phase::Pausing => {
                self.training.tell(Order::Resume);
                self.phase = Phase::Running;
                self.heard = Instant::now();
            }
            Phase::Stopping | Phase::Ended(_) => {}
        }
    }

    pub fn stop(&mut self) {
        if !self.is_over() {
            self.training.stop();
            self.phase = Phase::Stopping;
        }
    }

    /// Has this pattern shown.
    pub fn show_pattern(&self, pattern: usize) {
        self.training.tell(Order::Show(pattern));
    }

    /// Epochs that it has at most.
    pub fn most_epochs(&self) -> usize {
        self.begun.training.as_ref().map_or(0, |training| training.epochs)
    }

    /// What one of its rounds is called.
    pub fn round(&self) -> &'static str {
        let gradients = self.begun.training.as_ref().is_some_and(|training| training.method.is_gradient());
        if gradients { "epoch" } else { "generation" }
    }

    /// The loss at which it ends.
    pub fn enough(&self) -> f64 {
        self.begun.training.as_ref().map_or(0.0, |training| training.enough)
    }

    /// The document as it was when training began.
    pub fn begun(&self) -> &Project {
        &self.begun
    }

    /// Seconds until all epochs are done, if the next ones take as long as those before.
    pub fn seconds_left(&self) -> Option<f64> {
        let done = self.epochs.len();
        let left = self.most_epochs().saturating_sub(done);
        (done > 0).then(|| self.spent.as_secs_f64() / done as f64 * left as f64)
    }

    /// Whether there are numbers to keep: training rests or is over.
    pub fn has_numbers(&self) -> bool {
        self.best.is_some() && matches!(self.phase, Phase::Paused | Phase::Ended(_))
    }

    /// The document with the trained numbers in it.
    ///
    /// # Errors
    /// Why they no longer fit, with the cure.
    pub fn kept(&self, document: &Project) -> Result<Project, String> {
        let mut kept = document.clone();
        if let Some(best) = &self.best {
            keep(&self.begun, &best.trained, &mut kept).map_err(|refusal| told(&refusal))?;
        }
        Ok(kept)
    }

    /// How a document stands to it. Worked out anew when either has changed.
    pub fn stands(&mut self, document: &Project, revision: u64) -> Stands {
        if let Some((at, seen, stands)) = &self.stands
            && (*at, *seen) == (revision, self.seen)
        {
            return stands.clone();
        }
        let stands = match self.kept(document) {
            Err(why) => Stands::Misfit(why),
            Ok(kept) if self.best.is_some() && kept == *document && kept != *self.begun => Stands::Kept,
            Ok(_) if is_same(&self.begun, document) => Stands::AsBegun,
            Ok(_) => Stands::Changed,
        };
        self.stands = Some((revision, self.seen, stands.clone()));
        stands
    }
}

/// A refusal as it stands in the panel of training, which need not be said.
pub fn told(refusal: &Refusal) -> String {
    let of = |problem: &Problem| match problem.place {
        Place::Project => problem.message.strip_prefix("training: ").unwrap_or(&problem.message).to_owned(),
        _ => problem.to_string(),
    };
    refusal.problems.iter().map(of).collect::<Vec<_>>().join(". ")
}

/// Whether training would do the same with both.
fn is_same(a: &Project, b: &Project) -> bool {
    let essence = |node: &Node| (node.id, node.n, node.muted, node.model.name);
    let same = |(a, b): (&Node, &Node)| essence(a) == essence(b) && a.params == b.params && a.positions == b.positions;
    let clock = |p: &Project| (p.simulation.resolution, p.simulation.duration, p.simulation.seed);
    a.nodes.len() == b.nodes.len()
        && a.nodes.iter().zip(&b.nodes).all(same)
        && a.projections == b.projections
        && clock(a) == clock(b)
        && a.training == b.training
}
