//! How much and how regularly each recorded neuron fired.

use super::activity::active_time;
use super::{FEWEST_INTERVALS, cv, intervals, mean_rate, spike_trains};
use crate::project::Project;
use crate::recordings::{RecorderKind, Recordings};

/// The firing of one neuron as one recorder saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct NeuronActivity {
    /// Name of the population.
    pub population: String,
    /// Index of the neuron there, from 0.
    pub index: u32,
    /// Its recorded spikes; each is recorded once a connection.
    pub spikes: usize,
    /// Spikes per second and connection of the time in which the recorder was on; `None` if it never was.
    pub rate: Option<f64>,
    /// Coefficient of variation of its intervals, if there are [`FEWEST_INTERVALS`] or more.
    pub cv: Option<f64>,
}

/// The activity of each neuron that reaches a spike recorder, at `time` ms, by name of the recorder.
pub fn neuron_activities(project: &Project, recordings: &Recordings, time: f64) -> Vec<(String, Vec<NeuronActivity>)> {
    let recorders = recordings.plan.recorders.iter().zip(&recordings.rows);
    let of_spikes = recorders.filter(|(recorder, _)| recorder.kind == RecorderKind::Spikes);
    of_spikes
        .map(|(recorder, rows)| {
            let on = project.node(recorder.node).map_or(time, |node| active_time(node, time));
            let trains = spike_trains(rows.senders.iter().copied().zip(rows.times.iter().copied()));
            let members = recorder.sources.iter().filter_map(|id| recordings.plan.members_of(*id));
            let neurons = members.flat_map(|members| (0..members.n).map(move |index| (members, index)));
            let activity = neurons.filter_map(|(members, index)| {
                let reach = recorder.reach(members, Some(&[index]));
                if reach.neurons == 0 {
                    return None;
                }
                let mut train = trains.get(&(members.first + index)).cloned().unwrap_or_default();
                let spikes = train.len();
                // A spike that came through several connections is one spike.
                train.dedup();
                let between = intervals(&train);
                Some(NeuronActivity {
                    population: members.name.clone(),
                    index,
                    spikes,
                    rate: mean_rate(spikes as u64, reach.connections, on),
                    cv: if between.len() >= FEWEST_INTERVALS { cv(&between) } else { None },
                })
            });
            (recorder.name.clone(), activity.collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::NodeId;
    use crate::recordings::{Members, RecorderPlan, RecordingPlan, Rows};

    #[test]
    fn each_neuron_has_its_own_numbers_silent_ones_too() {
        let members = vec![Members { node: NodeId(0), name: "E".into(), first: 3, n: 2 }];
        let (kind, sources) = (RecorderKind::Spikes, vec![NodeId(0)]);
        let recorders =
            vec![RecorderPlan { node: NodeId(1), name: "spikes".into(), kind, sources, connected: Vec::new() }];
        let mut recordings = Recordings::new(RecordingPlan { members, recorders });
        let times = vec![1.0, 2.0, 5.0, 6.0, 9.0, 10.0, 13.0];
        recordings.rows[0] = Rows { senders: vec![4; times.len()], times, values: Vec::new() };
        let all = neuron_activities(&Project::default(), &recordings, 1000.0);
        let [(name, neurons)] = &all[..] else { panic!("one recorder") };
        assert_eq!((name.as_str(), neurons.len()), ("spikes", 2));
        assert_eq!((neurons[0].spikes, neurons[0].rate, neurons[0].cv), (0, Some(0.0), None));
        assert_eq!((neurons[1].index, neurons[1].spikes, neurons[1].rate), (1, 7, Some(7.0)));
        assert!(neurons[1].cv.is_some_and(|cv| (cv - 0.5).abs() < 1e-12));
    }

    #[test]
    fn neurons_that_do_not_reach_the_recorder_are_left_out() {
        let text = r#"(simulation: (seed: 3), nodes: {
            "E": (model: "parrot_neuron", n: 40), "in": (model: "spike_generator", params: (spike_times: [1, 3, 4, 8, 9, 13, 20])),
            "spikes": (model: "spike_recorder") },
            projections: [(from: "in", to: "E"), (from: "E", to: "spikes", rule: pairwise_bernoulli(0.3))])"#;
        let (project, _) = crate::project::read(text).expect("a sound project");
        let mut simulation = crate::runtime::Simulation::build(&project, &|_| true).expect("it can be built");
        simulation.advance(1000).expect("it runs");
        let mut recordings = Recordings::new(simulation.plan().clone());
        let mut frame = crate::recordings::Frame::default();
        simulation.take_frame(&mut frame);
        recordings.append(&mut frame);
        let all = neuron_activities(&project, &recordings, 100.0);
        let [(_, neurons)] = &all[..] else { panic!("one recorder") };
        let plan = &recordings.plan;
        let members = plan.members_of(plan.recorders[0].sources[0]).expect("the population");
        assert_eq!(neurons.len(), plan.recorders[0].reach(members, None).neurons as usize);
        assert!((1..40).contains(&neurons.len()), "some of forty: {}", neurons.len());
        assert!(neurons.iter().all(|n| n.spikes == 7), "{neurons:?}");
        assert!(neurons.iter().all(|n| n.rate == Some(70.0) && n.cv.is_some_and(|cv| cv > 0.4)), "{neurons:?}");
    }
}
