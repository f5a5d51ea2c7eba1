//! Rate, regularity and potential of every recorded population, kept up to date while a network runs.

use spikeloom_engine::analysis::{FEWEST_INTERVALS, Intervals, Moments, active_time, mean_rate};
use spikeloom_engine::project::{NodeId, Project};
use spikeloom_engine::recordings::{Cursor, RecorderKind, Recordings};

/// Statistics of all that is recorded in a run.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// One for each recorder of the plan.
    recorders: Vec<Recorder>,
    /// Simulated time, ms.
    time: f64,
    /// What was recorded before this time, ms, is gone.
    since: f64,
}

#[derive(Clone, Debug, Default)]
struct Recorder {
    cursor: Cursor,
    populations: Vec<Population>,
}

/// What one recorder has recorded of one population.
#[derive(Clone, Debug)]
struct Population {
    node: NodeId,
    /// Numbers of its first neuron and the one after its last.
    numbers: std::ops::Range<u32>,
    spikes: u64,
    intervals: Option<Intervals>,
    /// Places of its potentials among the values sampled at one time.
    columns: Vec<usize>,
    potential: Moments,
}

impl Statistics {
    /// What was recorded before `time` (ms) has been dropped: only what comes after it counts.
    pub fn drop_before(&mut self, time: f64) {
        self.since = time;
    }

    /// Takes in what has been recorded since the last call.
    pub fn update(&mut self, project: &Project, recordings: &Recordings, time: f64) {
        self.time = time;
        self.recorders.resize_with(recordings.plan.recorders.len(), Recorder::default);
        for (place, recorder) in self.recorders.iter_mut().enumerate() {
            let news = recorder.cursor.advance(recordings, place);
            if news.anew {
                recorder.populations = populations(project, recordings, place);
            }
            let rows = &recordings.rows[place];
            match &recordings.plan.recorders[place].kind {
                RecorderKind::Spikes => {
                    for row in news.rows {
                        recorder.add_spike(rows.senders[row], rows.times[row]);
                    }
                }
                RecorderKind::Samples { variables, senders, .. } => {
                    let width = variables.len() * senders.len();
                    for population in &mut recorder.populations {
                        for row in news.rows.clone() {
                            for column in &population.columns {
                                let value = rows.values[row * width + column];
                                if value.is_finite() {
                                    population.potential.add(value);
                                }
                            }
                        }
                    }
                }
                RecorderKind::Rows { .. } => {}
            }
        }
    }

    /// What a recorder has recorded, a line for each population: "E: 12.3 spikes/s, CV 0.82". Empty as long as there is
    /// nothing to tell.
    pub fn lines(&self, project: &Project, recordings: &Recordings, recorder: NodeId) -> Vec<String> {
        let Some(place) = recordings.plan.recorders.iter().position(|r| r.node == recorder) else { return Vec::new() };
        let Some(recorder) = self.recorders.get(place) else { return Vec::new() };
        let line = |population: &Population| {
            let text = self.text(project, recordings, place, population)?;
            let name = project.node(population.node).map_or("", |node| &node.name);
            Some(format!("{name}: {text}"))
        };
        recorder.populations.iter().filter_map(line).collect()
    }

    /// All that is known of a population: "12.3 spikes/s, CV 0.82, V_m −61.2 ± 3.1 mV".
    pub fn of(&self, project: &Project, recordings: &Recordings, node: NodeId) -> Option<String> {
        let of_recorder = |(place, recorder): (usize, &Recorder)| {
            let population = recorder.populations.iter().find(|population| population.node == node)?;
            self.text(project, recordings, place, population)
        };
        let mut texts: Vec<String> = Vec::new();
        for text in self.recorders.iter().enumerate().filter_map(of_recorder) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        (!texts.is_empty()).then(|| texts.join(", "))
    }

    fn text(
        &self,
        project: &Project,
        recordings: &Recordings,
        place: usize,
        population: &Population,
    ) -> Option<String> {
        let plan = recordings.plan.recorders.get(place)?;
        if let RecorderKind::Samples { variables, .. } = &plan.kind {
            let (mean, sd) = (population.potential.mean()?, population.potential.variance()?.sqrt());
            let (name, unit) = variables.iter().find(|(name, _)| is_potential(project, population.node, name))?;
            return Some(format!("{name} {} ± {sd:.1} {unit}", minus(format!("{mean:.1}"))));
        }
        let intervals = population.intervals.as_ref()?;
        let since = self.since.max(recordings.since(place));
        let on = project
            .node(plan.node)
            .map_or(self.time - since, |recorder| active_time(recorder, self.time) - active_time(recorder, since));
        let neurons = u64::from(population.numbers.end - population.numbers.start);
        let rate = mean_rate(population.spikes, neurons, on)?;
        Some(match intervals.mean_cv(FEWEST_INTERVALS) {
            Some(cv) => format!("{rate:.1} spikes/s, CV {cv:.2}"),
            None => format!("{rate:.1} spikes/s"),
        })
    }
}

impl Recorder {
    fn add_spike(&mut self, sender: u32, time: f64) {
        let Some(population) = self.populations.iter_mut().find(|p| p.numbers.contains(&sender)) else { return };
        population.spikes += 1;
        if let Some(intervals) = &mut population.intervals {
            intervals.add((sender - population.numbers.start) as usize, time);
        }
    }
}

/// The populations that a recorder records, with nothing recorded yet.
fn populations(project: &Project, recordings: &Recordings, place: usize) -> Vec<Population> {
    let plan = &recordings.plan.recorders[place];
    let population = |node: &NodeId| {
        let members = recordings.plan.members_of(*node)?;
        let numbers = members.first..members.first + members.n;
        let columns = match &plan.kind {
            RecorderKind::Samples { variables, senders, .. } => {
                let variable = variables.iter().position(|(name, _)| is_potential(project, *node, name));
                let column = |(sender, number): (usize, &u32)| {
                    numbers.contains(number).then_some(sender * variables.len() + variable?)
                };
                senders.iter().enumerate().filter_map(column).collect()
            }
            RecorderKind::Spikes | RecorderKind::Rows { .. } => Vec::new(),
        };
        let intervals = (plan.kind == RecorderKind::Spikes).then(|| Intervals::new(members.n as usize));
        Some(Population { node: *node, numbers, spikes: 0, intervals, columns, potential: Moments::default() })
    };
    plan.sources.iter().filter_map(population).collect()
}

/// Whether a recordable shows the potential in which a population's spikes are seen, or is the first in mV.
fn is_potential(project: &Project, node: NodeId, name: &str) -> bool {
    let Some(model) = project.node(node).map(|node| node.model) else { return false };
    match model.facts.spike {
        Some(spike) => spike.potential == name,
        None => model.recordables.iter().find(|r| r.unit == "mV").is_some_and(|r| r.name == name),
    }
}

/// A number with a true minus sign.
fn minus(text: String) -> String {
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::analysis::activities;
    use spikeloom_engine::project::read;
    use spikeloom_engine::recordings::Frame;
    use spikeloom_engine::runtime::Simulation;

    use super::*;

    const NETWORK: &str = r#"(nodes: {
        "E": (model: "iaf_psc_alpha", n: 20, params: (I_e: 450, V_m: uniform(low: -70, high: -55))),
        "noise": (model: "poisson_generator", params: (rate: 3000)),
        "spikes": (model: "spike_recorder"), "V": (model: "voltmeter"),
    }, projections: [(from: "noise", to: "E", weight: 40), (from: "E", to: "spikes"), (from: "V", to: "E")])"#;

    #[test]
    fn what_is_kept_up_to_date_is_what_the_command_line_counts_in_the_end() {
        let (project, _) = read(NETWORK).unwrap();
        let mut simulation = Simulation::build(&project, &|_| true).unwrap();
        let mut recordings = Recordings::new(simulation.plan().clone());
        let (mut statistics, mut frame) = (Statistics::default(), Frame::default());
        for _ in 0..7 {
            simulation.advance(1000).unwrap();
            simulation.take_frame(&mut frame);
            recordings.append(&mut frame);
            statistics.update(&project, &recordings, simulation.time());
        }
        let [activity] = &activities(&project, &recordings, simulation.time())[..] else { panic!("one population") };
        let (rate, cv) = (activity.rate.unwrap(), activity.cv.unwrap());
        let spikes = project.node_named("spikes").unwrap().id;
        assert_eq!(statistics.lines(&project, &recordings, spikes), [format!("E: {rate:.1} spikes/s, CV {cv:.2}")]);
        let values = &recordings.rows[1].values;
        let (mean, variance) = spikeloom_engine::analysis::mean_and_variance(values).unwrap();
        let potential = format!("V_m {} ± {:.1} mV", minus(format!("{mean:.1}")), variance.sqrt());
        let all = statistics.of(&project, &recordings, project.node_named("E").unwrap().id).unwrap();
        assert_eq!(all, format!("{rate:.1} spikes/s, CV {cv:.2}, {potential}"));
        statistics.update(&project, &Recordings::new(simulation.plan().clone()), 0.0);
        assert!(statistics.lines(&project, &recordings, spikes).is_empty(), "a new run begins anew");
    }
}
