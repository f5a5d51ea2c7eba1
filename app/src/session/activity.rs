//! How active each recorded population is, for the lights on the canvas.

use spikeloom_engine::analysis::mean_rate;
use spikeloom_engine::project::NodeId;
use spikeloom_engine::recordings::{Frame, RecorderKind, RecordingPlan};

/// Time over which rates are smoothed, s of wall time.
const SMOOTHING: f64 = 0.25;

/// Smoothed firing rates of recorded nodes.
#[derive(Default)]
pub struct Activity {
    /// Spikes of each node of the plan since the last update.
    counts: Vec<u64>,
    rates: Vec<(NodeId, f64)>,
    /// Simulated time (ms) and wall time (s) of the last update.
    last: Option<(f64, f64)>,
}

impl Activity {
    /// Spikes per second and neuron of each recorded node.
    pub fn rates(&self) -> &[(NodeId, f64)] {
        &self.rates
    }

    /// Counts the spikes of a frame. A node that several recorders record counts by the first.
    pub fn count(&mut self, plan: &RecordingPlan, frame: &Frame) {
        self.counts.resize(plan.members.len(), 0);
        let mut seen: Vec<NodeId> = Vec::new();
        for (recorder, rows) in plan.recorders.iter().zip(&frame.rows) {
            if recorder.kind != RecorderKind::Spikes {
                continue;
            }
            let fresh: Vec<NodeId> = recorder.sources.iter().copied().filter(|s| !seen.contains(s)).collect();
            for (member, count) in plan.members.iter().zip(&mut self.counts) {
                if fresh.contains(&member.node) {
                    let range = member.first..member.first + member.n;
                    *count += rows.senders.iter().filter(|&s| range.contains(s)).count() as u64;
                }
            }
            seen.extend(fresh);
        }
    }

    /// Turns the counts since the last update into rates. `time` is simulated, in ms; `now` in s.
    pub fn update(&mut self, plan: &RecordingPlan, time: f64, now: f64) {
        let (then, before) = self.last.unwrap_or((0.0, now));
        let simulated = time - then;
        if simulated <= 0.0 {
            return;
        }
        let share = if self.last.is_some() { 1.0 - (-(now - before) / SMOOTHING).exp() } else { 1.0 };
        let recorder =
            |node: NodeId| plan.recorders.iter().find(|r| r.kind == RecorderKind::Spikes && r.sources.contains(&node));
        self.counts.resize(plan.members.len(), 0);
        let fresh: Vec<(NodeId, f64)> = plan
            .members
            .iter()
            .zip(&self.counts)
            .filter_map(|(member, &count)| {
                let connections = recorder(member.node)?.reach(member, None).connections;
                Some((member.node, mean_rate(count, connections, simulated).unwrap_or(0.0)))
            })
            .collect();
        if self.rates.len() != fresh.len() {
            self.rates = fresh;
        } else {
            for (old, new) in self.rates.iter_mut().zip(fresh) {
                *old = (new.0, old.1 + share * (new.1 - old.1));
            }
        }
        self.counts.iter_mut().for_each(|c| *c = 0);
        self.last = Some((time, now));
    }

    /// Nothing came: the lights go out when the run is over.
    pub fn rest(&mut self, now: f64, running: bool) {
        if !running
            && let Some((_, before)) = self.last
            && now > before
        {
            self.rates.clear();
            self.last = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use spikeloom_engine::recordings::{Members, RecorderPlan, Rows};

    use super::*;

    fn plan() -> RecordingPlan {
        let member = |node: u32, first, n| Members { node: NodeId(node), name: format!("{node}"), first, n };
        let recorder = |node: u32, sources: &[u32]| RecorderPlan {
            node: NodeId(node),
            name: format!("{node}"),
            kind: RecorderKind::Spikes,
            sources: sources.iter().map(|&s| NodeId(s)).collect(),
            connected: Vec::new(),
        };
        RecordingPlan {
            members: vec![member(0, 0, 2), member(1, 2, 4)],
            recorders: vec![recorder(8, &[0]), recorder(9, &[0, 1])],
        }
    }

    #[test]
    fn rates_count_each_spike_once_and_per_neuron() {
        let rows =
            |senders: &[u32]| Rows { times: vec![1.0; senders.len()], senders: senders.to_vec(), values: vec![] };
        let frame = Frame { rows: vec![rows(&[0, 1, 1]), rows(&[0, 1, 1, 2])], rewound: None };
        let mut activity = Activity::default();
        activity.count(&plan(), &frame);
        activity.update(&plan(), 500.0, 1.0);
        assert_eq!(activity.rates(), &[(NodeId(0), 3.0), (NodeId(1), 0.5)]);
        activity.rest(2.0, false);
        assert!(activity.rates().is_empty());
    }
}
