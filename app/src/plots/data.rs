//! What plots are given to show.

use spikeloom_engine::live::Status;
use spikeloom_engine::project::{NodeId, Project, View};
use spikeloom_engine::recordings::Recordings;

/// What the plots show.
pub struct PlotData<'a> {
    pub project: &'a Project,
    pub recordings: &'a Recordings,
    /// Changes whenever the run starts anew, so that plots do too.
    pub generation: u64,
    pub status: &'a Status,
}

/// What one plot is asked to show: these recorders of the network, with the settings `S` of its kind.
pub struct Shown<'a, S> {
    pub project: &'a Project,
    pub recordings: &'a Recordings,
    pub status: &'a Status,
    /// The recorders.
    pub sources: &'a [NodeId],
    pub settings: &'a S,
    /// Whether it stands on a dark ground.
    pub dark: bool,
}

impl<'a, S> Shown<'a, S> {
    pub fn new(view: &'a View, settings: &'a S, data: &'a PlotData<'_>, dark: bool) -> Self {
        let PlotData { project, recordings, status, .. } = data;
        Shown { project, recordings, status, sources: &view.sources, settings, dark }
    }
}
