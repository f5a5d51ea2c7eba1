//! A small network with recordings, made up for tests.

use spikeloom_engine::live::{Phase, Status};
use spikeloom_engine::models::{self, Model};
use spikeloom_engine::project::{Node, NodeId, Project, Projection, ProjectionId, View};
use spikeloom_engine::recordings::{Members, RecorderKind, RecorderPlan, RecordingPlan, Recordings, Rows};

use super::data::{PastTrial, PlotData, Shown, Trial};
use super::export::export_csv;
use super::settings::{self, PlotSettings};
use crate::statistics::Statistics;

pub struct Sample {
    pub project: Project,
    pub recordings: Recordings,
    pub status: Status,
    pub generation: u64,
    pub statistics: Statistics,
    pub previous_run: bool,
    /// Recordings of trials that are over, the latest first.
    pub past: Vec<Recordings>,
}

/// Samples taken of each cell, one every 0.1 ms.
const SAMPLES: usize = 10_000;
const SAMPLED: u32 = 8;

impl Sample {
    /// Excitatory (100) and Inhibitory (25) with a spike recorder, 8 excitatory cells with a
    /// multimeter; a second of recordings; a raster, traces and a rate.
    pub fn two_populations() -> Self {
        let mut project = Project::default();
        for (name, model, n) in [
            ("Excitatory", "iaf_psc_alpha", 100),
            ("Inhibitory", "iaf_psc_alpha", 25),
            ("Spikes", "spike_recorder", 1),
            ("Potentials", "multimeter", 1),
        ] {
            project.nodes.push(Node { n, ..Node::new(project.free_node_id(), name, model_named(model)) });
        }
        for (from, to) in [(0, 2), (1, 2), (3, 0)] {
            let id = project.free_projection_id();
            project.projections.push(Projection::new(id, NodeId(from), NodeId(to)));
        }
        for (kind, title, source) in [("raster", "Spikes", 2), ("traces", "Potentials", 3), ("rate", "Spikes", 2)] {
            let id = project.free_view_id();
            project.views.push(View { title: title.into(), sources: vec![NodeId(source)], ..View::new(id, kind) });
        }
        let mut recordings = Recordings::new(plan());
        recordings.rows = vec![spikes(), samples()];
        let status = Status { phase: Phase::Paused, time: 1000.0, ..Status::default() };
        let statistics = Statistics::default();
        Sample { project, recordings, status, generation: 1, statistics, previous_run: false, past: Vec::new() }
    }

    /// The same before anything was recorded.
    pub fn before_the_run() -> Self {
        let mut sample = Sample::two_populations();
        sample.recordings.rows.iter_mut().for_each(Rows::clear);
        sample.status.time = 0.0;
        sample
    }

    pub fn view(&self, place: usize) -> &View {
        &self.project.views[place]
    }

    pub fn data(&self) -> PlotData<'_> {
        PlotData {
            project: &self.project,
            recordings: &self.recordings,
            generation: self.generation,
            status: &self.status,
            statistics: &self.statistics,
            previous_run: self.previous_run,
            edited: None,
            trial: (!self.past.is_empty()).then_some(Trial { number: self.past.len() as u64, seed: 1 }),
            past: (0..self.past.len())
                .map(|i| PastTrial {
                    number: (self.past.len() - 1 - i) as u64,
                    recordings: &self.past[i],
                    status: &self.status,
                })
                .collect(),
        }
    }

    /// What a view's plot is given, with these settings.
    pub fn shown<'a, S>(&'a self, place: usize, settings: &'a S) -> Shown<'a, S> {
        let Sample { project, recordings, status, .. } = self;
        Shown { project, recordings, status, sources: &self.view(place).sources, settings, edited: None, dark: false }
    }

    /// Gives a view these settings.
    pub fn set(&mut self, place: usize, settings: &impl PlotSettings) {
        settings::write(settings, &mut self.project.views[place].settings);
    }

    /// The lines of the table that a view is exported as.
    pub fn lines(&self, place: usize) -> Vec<String> {
        let bytes = export_csv(self.view(place).id, &self.data()).expect("the view exists");
        String::from_utf8(bytes).expect("CSV is text").lines().map(str::to_owned).collect()
    }

    /// What the multimeter sampled: the quantity `variable` of a cell.
    pub fn value(row: usize, cell: u32, variable: usize) -> f64 {
        let t = row as f64 * 0.1;
        match variable {
            0 => -62.0 + 5.0 * (t * 0.05 + f64::from(cell)).sin() + f64::from(cell % 3),
            _ => 2.0 + (t * 0.02 - f64::from(cell)).cos(),
        }
    }

    /// Disconnects a recorder.
    pub fn without_projection(mut self, id: u32) -> Self {
        self.project.projections.retain(|p| p.id != ProjectionId(id));
        self
    }
}

fn model_named(name: &str) -> &'static Model {
    models::find(name).expect("the model is in the catalogue")
}

fn plan() -> RecordingPlan {
    let members =
        [(0, "Excitatory", 0, 100), (1, "Inhibitory", 100, 25), (2, "Spikes", 125, 1), (3, "Potentials", 126, 1)]
            .map(|(node, name, first, n)| Members { node: NodeId(node), name: name.into(), first, n });
    let samples = RecorderKind::Samples {
        variables: vec![("V_m".into(), "mV".into()), ("g_ex".into(), "nS".into())],
        senders: (0..SAMPLED).collect(),
        interval: 0.1,
    };
    RecordingPlan {
        members: members.into(),
        recorders: vec![
            RecorderPlan {
                node: NodeId(2),
                name: "Spikes".into(),
                kind: RecorderKind::Spikes,
                sources: vec![NodeId(0), NodeId(1)],
                connected: Vec::new(),
            },
            RecorderPlan {
                node: NodeId(3),
                name: "Potentials".into(),
                kind: samples,
                sources: vec![NodeId(0)],
                connected: Vec::new(),
            },
        ],
    }
}

/// Irregular spikes of 125 neurons at about 20 spikes/s, in volleys.
fn spikes() -> Rows {
    let mut rows = Rows::default();
    let mut seed = 12_345u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as f64 / (1u64 << 31) as f64
    };
    for step in 1..=10_000 {
        let time = f64::from(step) * 0.1;
        let volley = 1.0 + (time * 0.05).sin();
        for _ in 0..2 {
            if next() < 0.13 * volley {
                rows.times.push(time);
                rows.senders.push((next() * 125.0) as u32);
            }
        }
    }
    rows
}

fn samples() -> Rows {
    let mut rows = Rows::default();
    for row in 0..SAMPLES {
        rows.times.push((row + 1) as f64 * 0.1);
        for cell in 0..SAMPLED {
            rows.values.extend([0, 1].map(|variable| Sample::value(row, cell, variable)));
        }
    }
    rows
}
