//! The firing of populations whose spikes are not kept, counted as they arrive.

use super::activity::active_time;
use super::{Activity, FEWEST_INTERVALS, Intervals, NeuronActivity, mean_rate};
use crate::project::Project;
use crate::recordings::{Members, RecorderKind, RecordingPlan, Rows};

/// What one recorder of spikes has received so far, by population and neuron.
#[derive(Clone, Debug)]
pub struct Tally {
    recorder: usize,
    populations: Vec<Counted>,
}

/// The spikes of one population.
#[derive(Clone, Debug)]
struct Counted {
    members: Members,
    spikes: Vec<u64>,
    /// With those that came through several connections, and as one each.
    all: Intervals,
    distinct: Intervals,
    latest: Vec<f64>,
}

impl Tally {
    /// No spikes yet of the recorder at this place of the plan; `None` if it records something else.
    pub fn new(plan: &RecordingPlan, recorder: usize) -> Option<Tally> {
        let of = plan.recorders.get(recorder).filter(|of| of.kind == RecorderKind::Spikes)?;
        let counted = |members: &Members| {
            let n = members.n as usize;
            let [all, distinct] = [(); 2].map(|()| Intervals::new(n));
            Counted { members: members.clone(), spikes: vec![0; n], all, distinct, latest: vec![f64::NAN; n] }
        };
        let populations = of.sources.iter().filter_map(|id| plan.members_of(*id)).map(counted).collect();
        Some(Tally { recorder, populations })
    }

    /// The place of the recorder in the plan.
    pub fn recorder(&self) -> usize {
        self.recorder
    }

    /// Takes spikes; those of each neuron arrive in order.
    pub fn add(&mut self, rows: &Rows) {
        for (sender, time) in rows.senders.iter().zip(&rows.times) {
            let of = |c: &&mut Counted| (c.members.first..c.members.first + c.members.n).contains(sender);
            let Some(counted) = self.populations.iter_mut().find(of) else { continue };
            let neuron = (sender - counted.members.first) as usize;
            counted.spikes[neuron] += 1;
            counted.all.add(neuron, *time);
            if std::mem::replace(&mut counted.latest[neuron], *time) != *time {
                counted.distinct.add(neuron, *time);
            }
        }
    }

    /// As [`activities`](super::activities), of this recorder.
    pub fn activities(&self, project: &Project, plan: &RecordingPlan, time: f64) -> Vec<Activity> {
        let recorder = &plan.recorders[self.recorder];
        let on = project.node(recorder.node).map_or(time, |node| active_time(node, time));
        let activity = |counted: &Counted| {
            let reach = recorder.reach(&counted.members, None);
            let spikes: u64 = counted.spikes.iter().sum();
            Activity {
                recorder: recorder.name.clone(),
                population: counted.members.name.clone(),
                neurons: reach.neurons,
                spikes: spikes as usize,
                rate: mean_rate(spikes, reach.connections, on),
                cv: counted.all.mean_cv(FEWEST_INTERVALS),
            }
        };
        self.populations.iter().map(activity).collect()
    }

    /// As [`neuron_activities`](super::neuron_activities), of this recorder.
    pub fn neuron_activities(&self, project: &Project, plan: &RecordingPlan, time: f64) -> Vec<NeuronActivity> {
        let recorder = &plan.recorders[self.recorder];
        let on = project.node(recorder.node).map_or(time, |node| active_time(node, time));
        let neurons = self.populations.iter().flat_map(|counted| (0..counted.members.n).map(move |i| (counted, i)));
        let activity = |(counted, index): (&Counted, u32)| {
            let reach = recorder.reach(&counted.members, Some(&[index]));
            let spikes = counted.spikes[index as usize];
            (reach.neurons > 0).then(|| NeuronActivity {
                population: counted.members.name.clone(),
                index,
                spikes: spikes as usize,
                rate: mean_rate(spikes, reach.connections, on),
                cv: counted
                    .distinct
                    .cv(index as usize)
                    .filter(|_| counted.distinct.count_of(index as usize) >= FEWEST_INTERVALS as u64),
            })
        };
        neurons.filter_map(activity).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{activities, neuron_activities};
    use crate::recordings::{Frame, Recordings};
    use crate::runtime::Simulation;

    #[test]
    fn what_is_counted_is_what_kept_spikes_say() {
        let text = r#"(simulation: (seed: 3), nodes: {
            "E": (model: "iaf_psc_exp", n: 12), "noise": (model: "poisson_generator", params: (rate: 20000)),
            "spikes": (model: "spike_recorder", params: (start: 50)) },
            projections: [(from: "noise", to: "E", weight: 35), (from: "E", to: "spikes"), (from: "E", to: "spikes", rule: pairwise_bernoulli(0.5))])"#;
        let (project, _) = crate::project::read(text).expect("a sound project");
        let mut simulation = Simulation::build(&project, &|_| true).expect("it can be built");
        let mut recordings = Recordings::new(simulation.plan().clone());
        let mut tally = Tally::new(simulation.plan(), 0).expect("it records spikes");
        for _ in 0..10 {
            simulation.advance(1000).expect("it runs");
            let mut frame = Frame::default();
            simulation.take_frame(&mut frame);
            tally.add(&frame.rows[0]);
            recordings.append(&mut frame);
        }
        let kept = activities(&project, &recordings, 1000.0);
        let counted = tally.activities(&project, &recordings.plan, 1000.0);
        assert!(kept[0].spikes > 100 && kept[0].cv.is_some(), "{kept:?}");
        let close = |a: Option<f64>, b: Option<f64>| {
            a.is_some() == b.is_some() && a.zip(b).is_none_or(|(a, b)| (a - b).abs() < 1e-9)
        };
        assert_eq!(
            (counted[0].spikes, counted[0].neurons, counted[0].rate),
            (kept[0].spikes, kept[0].neurons, kept[0].rate)
        );
        assert!(close(counted[0].cv, kept[0].cv), "{counted:?} instead of {kept:?}");
        let kept = neuron_activities(&project, &recordings, 1000.0).remove(0).1;
        let counted = tally.neuron_activities(&project, &recordings.plan, 1000.0);
        assert_eq!(kept.len(), counted.len());
        for (a, b) in counted.iter().zip(&kept) {
            assert_eq!((&a.population, a.index, a.spikes, a.rate), (&b.population, b.index, b.spikes, b.rate));
            assert!(close(a.cv, b.cv), "{a:?} instead of {b:?}");
        }
    }
}
