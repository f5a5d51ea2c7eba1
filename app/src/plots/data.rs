//! What plots are given to show.

use spikeloom_engine::live::Status;
use spikeloom_engine::project::{NodeId, Project, ProjectionId, View};
use spikeloom_engine::recordings::Recordings;

use crate::statistics::Statistics;

/// What the plots show.
pub struct PlotData<'a> {
    pub project: &'a Project,
    pub recordings: &'a Recordings,
    /// Changes whenever the run starts anew, so that plots do too.
    pub generation: u64,
    pub status: &'a Status,
    /// Rate, regularity and potential of the populations recorded.
    pub statistics: &'a Statistics,
    /// The recordings are those of a network that has been changed since.
    pub previous_run: bool,
    /// Of a network that plays again and again: which trial this is.
    pub trial: Option<Trial>,
    /// The projection that is edited, if it is the only thing selected.
    pub edited: Option<ProjectionId>,
    /// The trials before it, the latest first.
    pub past: Vec<PastTrial<'a>>,
}

/// A run of a network that plays again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Counted from 0.
    pub number: u64,
    pub seed: u64,
}

/// What was recorded in a trial that is over.
#[derive(Clone, Copy)]
pub struct PastTrial<'a> {
    /// Counted from 0.
    pub number: u64,
    pub recordings: &'a Recordings,
    pub status: &'a Status,
}

impl<'a> PlotData<'a> {
    /// A trial that is over, as if it were the present one.
    pub fn of_trial(&self, trial: PastTrial<'a>) -> PlotData<'a> {
        let PastTrial { recordings, status, .. } = trial;
        PlotData { recordings, status, past: Vec::new(), ..*self }
    }
}

/// What one plot is asked to show: these recorders of the network, with the settings `S` of its kind.
pub struct Shown<'a, S> {
    pub project: &'a Project,
    pub recordings: &'a Recordings,
    pub status: &'a Status,
    /// The recorders.
    pub sources: &'a [NodeId],
    pub settings: &'a S,
    /// The projection that is edited.
    pub edited: Option<ProjectionId>,
    /// Whether it stands on a dark ground.
    pub dark: bool,
}

impl<'a, S> Shown<'a, S> {
    pub fn new(view: &'a View, settings: &'a S, data: &'a PlotData<'_>, dark: bool) -> Self {
        let PlotData { project, recordings, status, .. } = data;
        Shown { project, recordings, status, sources: &view.sources, settings, edited: data.edited, dark }
    }
}
