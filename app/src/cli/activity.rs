//! How much and how regularly the recorded populations fired.

use std::collections::BTreeMap;

use spikeloom_engine::project::{Node, Project};
use spikeloom_engine::recordings::{Members, RecorderKind, Recordings, Rows};

/// Intervals that a neuron must have to count in the mean CV.
const FEWEST_INTERVALS: usize = 5;

/// The firing of one population as one recorder saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    pub recorder: String,
    pub population: String,
    pub neurons: u32,
    pub spikes: usize,
    /// Spikes per neuron and second of the time in which the recorder was on; `None` if it never was.
    pub rate: Option<f64>,
    /// Mean coefficient of variation of the intervals, over neurons with enough of them.
    pub cv: Option<f64>,
}

/// The activity of all populations with a spike recorder, at `time` ms.
pub fn activities(project: &Project, recordings: &Recordings, time: f64) -> Vec<Activity> {
    let recorders = recordings.plan.recorders.iter().zip(&recordings.rows);
    let of_spikes = recorders.filter(|(recorder, _)| recorder.kind == RecorderKind::Spikes);
    of_spikes
        .flat_map(|(recorder, rows)| {
            let on = project.node(recorder.node).map_or(time, |node| active_time(node, time));
            let sources = recorder.sources.iter().filter_map(|id| recordings.plan.members_of(*id));
            sources.map(move |members| activity(&recorder.name, members, rows, on))
        })
        .collect()
}

/// How long a recorder was on until `time`, ms.
fn active_time(recorder: &Node, time: f64) -> f64 {
    let origin = recorder.real("origin");
    let (start, stop) = (origin + recorder.real("start"), origin + recorder.real("stop"));
    (stop.min(time) - start.max(0.0)).max(0.0)
}

fn activity(recorder: &str, members: &Members, rows: &Rows, on: f64) -> Activity {
    let mut trains: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for (time, sender) in rows.times.iter().zip(&rows.senders) {
        if (members.first..members.first + members.n).contains(sender) {
            trains.entry(*sender).or_default().push(*time);
        }
    }
    let spikes: usize = trains.values().map(Vec::len).sum();
    let cvs: Vec<f64> = trains.values_mut().filter_map(|train| cv(train)).collect();
    let neuron_seconds = f64::from(members.n) * on / 1e3;
    Activity {
        recorder: recorder.to_owned(),
        population: members.name.clone(),
        neurons: members.n,
        spikes,
        rate: (neuron_seconds > 0.0).then(|| spikes as f64 / neuron_seconds),
        cv: (!cvs.is_empty()).then(|| cvs.iter().sum::<f64>() / cvs.len() as f64),
    }
}

/// Standard deviation over mean of the intervals of one neuron.
fn cv(train: &mut [f64]) -> Option<f64> {
    train.sort_by(f64::total_cmp);
    let intervals: Vec<f64> = train.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let n = intervals.len() as f64;
    let mean = intervals.iter().sum::<f64>() / n;
    if intervals.len() < FEWEST_INTERVALS || mean <= 0.0 {
        return None;
    }
    let variance = intervals.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    Some(variance.sqrt() / mean)
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::description::Value;
    use spikeloom_engine::models;
    use spikeloom_engine::project::NodeId;
    use spikeloom_engine::recordings::{RecorderPlan, RecordingPlan};

    use super::*;

    #[test]
    fn rate_and_cv_are_those_of_the_population_while_the_recorder_was_on() {
        let mut node = Node::new(NodeId(1), "spikes", models::find("spike_recorder").unwrap());
        node.params.insert("start".into(), Value::Real(500.0));
        let project = Project { nodes: vec![node], ..Project::default() };
        let member = |id, name: &str, first, n| Members { node: NodeId(id), name: name.into(), first, n };
        let recorder = RecorderPlan {
            node: NodeId(1),
            name: "spikes".into(),
            kind: RecorderKind::Spikes,
            sources: vec![NodeId(0)],
        };
        let members = vec![member(0, "E", 0, 2), member(2, "I", 2, 1)];
        let mut recordings = Recordings::new(RecordingPlan { members, recorders: vec![recorder] });
        // Neuron 0: intervals 1 and 3 in turn, so CV 0.5; neuron 1: one spike; neuron 2: not of E.
        recordings.rows[0] = Rows {
            times: vec![600.0, 601.0, 604.0, 605.0, 608.0, 609.0, 612.0, 700.0, 700.0],
            senders: vec![0, 0, 0, 0, 0, 0, 0, 1, 2],
            values: Vec::new(),
        };
        let found = activities(&project, &recordings, 1500.0);
        let [activity] = &found[..] else { panic!("one population") };
        assert_eq!((activity.population.as_str(), activity.spikes), ("E", 8));
        assert_eq!(activity.rate, Some(4.0));
        assert!((activity.cv.unwrap() - 0.5).abs() < 1e-12);
        assert_eq!(activities(&project, &recordings, 400.0)[0].rate, None);
    }
}
