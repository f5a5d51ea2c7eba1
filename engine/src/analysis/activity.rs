//! How much and how regularly the recorded populations fired.

use super::{FEWEST_INTERVALS, mean_cv, mean_rate, spike_trains};
use crate::project::{Node, Project};
use crate::recordings::{Members, RecorderKind, RecorderPlan, Recordings, Rows};

/// The firing of one population as one recorder saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// Name of the recorder.
    pub recorder: String,
    /// Name of the population.
    pub population: String,
    /// Neurons of the population.
    pub neurons: u32,
    /// Their recorded spikes.
    pub spikes: usize,
    /// Spikes per neuron and second of the time in which the recorder was on; `None` if it never was.
    pub rate: Option<f64>,
    /// Mean coefficient of variation of the intervals, over neurons with [`FEWEST_INTERVALS`] or more.
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
            sources.map(move |members| activity(recorder, members, rows, on))
        })
        .collect()
}

/// How long a recorder was on until `time`, ms.
pub fn active_time(recorder: &Node, time: f64) -> f64 {
    let origin = recorder.real("origin");
    let (start, stop) = (origin + recorder.real("start"), origin + recorder.real("stop"));
    (stop.min(time) - start.max(0.0)).max(0.0)
}

fn activity(recorder: &RecorderPlan, members: &Members, rows: &Rows, on: f64) -> Activity {
    let reach = recorder.reach(members, None);
    let population = members.first..members.first + members.n;
    let recorded = rows.senders.iter().copied().zip(rows.times.iter().copied());
    let trains = spike_trains(recorded.filter(|(sender, _)| population.contains(sender)));
    let spikes: usize = trains.values().map(Vec::len).sum();
    Activity {
        recorder: recorder.name.clone(),
        population: members.name.clone(),
        neurons: reach.neurons,
        spikes,
        rate: mean_rate(spikes as u64, reach.connections, on),
        cv: mean_cv(trains.values().map(Vec::as_slice), FEWEST_INTERVALS),
    }
}

#[cfg(test)]
mod tests {
    use crate::description::Value;
    use crate::models;
    use crate::project::NodeId;
    use crate::recordings::RecordingPlan;

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
            connected: Vec::new(),
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
