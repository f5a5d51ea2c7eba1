//! Runs the network of a case through its schedule and keeps what NEST would have
//! handed over by then.
//!
//! A multimeter of NEST hands its samples over at the beginning of the next slice, so
//! those of the last slice are missing from the answer, and clearing the record leaves
//! them alone. Here samples arrive at once; the difference is made up for below.

use std::collections::BTreeMap;

use super::build::{self, Network};
use super::case::{Case, Change};
use super::values::Obstacle;
use crate::description::Value;
use crate::project::{Node, NodeId, Problem};
use crate::recordings::{Frame, RecorderKind, RecorderPlan, Recordings, Rows};
use crate::runtime::{Connected, Simulation};

/// A network at the end of its run.
pub struct Finished<'a> {
    pub network: &'a Network,
    pub simulation: Simulation,
    recordings: Recordings,
}

/// Rows of a recorder, one column after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordedColumns {
    pub times: Vec<f64>,
    /// Senders, counted from the first neuron of some population.
    pub senders: Vec<i64>,
    pub columns: Vec<(String, Vec<f64>)>,
}

/// Builds the network and runs it to the end.
pub fn run<'a>(case: &'a Case, network: &'a Network) -> Result<Finished<'a>, Obstacle> {
    let refused = |problems: Vec<Problem>| Obstacle::Refused(sentence(&problems));
    let simulation = Simulation::build(&network.project, &|_| true).map_err(refused)?;
    let recordings = Recordings::new(simulation.plan().clone());
    let mut run = Running { case, clock: 0, finished: Finished { network, simulation, recordings } };
    let mut schedule: Vec<&Change> = case.schedule.iter().collect();
    schedule.sort_by(|a, b| a.at.total_cmp(&b.at));
    for change in schedule {
        run.advance_to(change.at).map_err(Obstacle::Refused)?;
        run.set(change).map_err(Obstacle::Refused)?;
    }
    run.advance_to(case.duration).map_err(Obstacle::Refused)?;
    run.drop_samples(|time, handed_over| time > handed_over);
    Ok(run.finished)
}

fn sentence(problems: &[Problem]) -> String {
    if problems.is_empty() {
        return "refused without a reason".into();
    }
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; ")
}

struct Running<'a> {
    case: &'a Case,
    /// Steps done.
    clock: u64,
    finished: Finished<'a>,
}

impl Running<'_> {
    /// One run that ends when the clock stands at `time` ms; none if it stands there already.
    fn advance_to(&mut self, time: f64) -> Result<(), String> {
        let end = (time / self.case.resolution).round().max(0.0) as u64;
        if end <= self.clock {
            return Ok(());
        }
        let Finished { simulation, recordings, .. } = &mut self.finished;
        simulation.begin_run();
        simulation.advance(end - self.clock).map_err(|problem| problem.to_string())?;
        let mut frame = Frame::default();
        simulation.take_frame(&mut frame);
        recordings.append(&mut frame);
        self.clock = end;
        Ok(())
    }

    fn set(&mut self, change: &Change) -> Result<(), String> {
        let node = self.finished.node(&change.node)?;
        let (id, model) = (node.id, node.model);
        let params =
            build::parameters(model, &change.params).map_err(|message| format!("{}: {message}", change.node))?;
        self.finished.simulation.set(id, &params).map_err(|problems| sentence(&problems))?;
        if model.is_recorder() && params.iter().any(|(name, _)| name == "n_events") {
            self.clear(id);
        }
        Ok(())
    }

    /// Empties the record of a recorder.
    fn clear(&mut self, id: NodeId) {
        let last = self.last_handed_over();
        let step = self.case.resolution;
        if let Some((plan, rows)) = self.finished.recorder_mut(id) {
            match plan.kind {
                RecorderKind::Spikes | RecorderKind::Rows { .. } => rows.clear(),
                RecorderKind::Samples { .. } => keep_samples(plan, rows, |time| steps(time, step) > last),
            }
        }
    }

    /// Drops the samples of which `gone` is true, given their step and the last one handed over.
    fn drop_samples(&mut self, gone: impl Fn(u64, u64) -> bool) {
        let last = self.last_handed_over();
        let step = self.case.resolution;
        let Recordings { plan, rows, .. } = &mut self.finished.recordings;
        for (plan, rows) in plan.recorders.iter().zip(rows) {
            keep_samples(plan, rows, |time| !gone(steps(time, step), last));
        }
    }

    /// The step whose samples were the last to be handed over: where the last slice began.
    fn last_handed_over(&self) -> u64 {
        let slice = self.finished.network.slice;
        self.clock.div_ceil(slice).saturating_sub(1) * slice
    }
}

fn steps(time: f64, step: f64) -> u64 {
    (time / step).round().max(0.0) as u64
}

/// Keeps the samples whose time pleases; spikes are left alone.
fn keep_samples(plan: &RecorderPlan, rows: &mut Rows, pleases: impl Fn(f64) -> bool) {
    let RecorderKind::Samples { variables, senders, .. } = &plan.kind else { return };
    let width = variables.len() * senders.len();
    let old = std::mem::take(rows);
    for (i, time) in old.times.iter().enumerate().filter(|(_, time)| pleases(**time)) {
        rows.times.push(*time);
        rows.values.extend_from_slice(&old.values[i * width..(i + 1) * width]);
    }
}

impl Finished<'_> {
    pub fn recordings(&self) -> &Recordings {
        &self.recordings
    }

    pub fn node(&self, name: &str) -> Result<&Node, String> {
        self.network.project.node_named(name).ok_or_else(|| format!("there is no node {name}"))
    }

    fn recorder_mut(&mut self, id: NodeId) -> Option<(&RecorderPlan, &mut Rows)> {
        let Recordings { plan, rows, .. } = &mut self.recordings;
        let i = plan.recorders.iter().position(|r| r.node == id)?;
        Some((&plan.recorders[i], rows.get_mut(i)?))
    }

    /// What a recorder holds, with senders counted from the first neuron of `from`.
    pub fn table(&self, recorder: &str, from: Option<&str>) -> Result<RecordedColumns, String> {
        let node = self.node(recorder)?;
        let origin = match from {
            None => 0,
            Some(name) => {
                let members = self.recordings.plan.members_of(self.node(name)?.id);
                i64::from(members.ok_or_else(|| format!("{name} is not in the recording plan"))?.first)
            }
        };
        let mut table = match self.recordings.recorder(node.id) {
            Some((plan, rows)) => table(plan, rows, origin),
            // A recorder without any connection has nothing to be planned.
            None if node.model.is_recorder() => RecordedColumns::default(),
            None => return Err(format!("{recorder} is not a recorder")),
        };
        if node.value("time_in_steps") == Some(Value::Flag(true)) {
            times_in_steps(&mut table, self.network.project.simulation.resolution);
        }
        Ok(table)
    }
}

fn table(plan: &RecorderPlan, rows: &Rows, origin: i64) -> RecordedColumns {
    match &plan.kind {
        RecorderKind::Spikes => RecordedColumns {
            times: rows.times.clone(),
            senders: rows.senders.iter().map(|n| i64::from(*n) - origin).collect(),
            columns: Vec::new(),
        },
        RecorderKind::Rows { columns } => {
            let column = |j: usize| rows.values.iter().skip(j).step_by(columns.len()).copied().collect();
            RecordedColumns {
                times: rows.times.clone(),
                senders: rows.senders.iter().map(|n| i64::from(*n) - origin).collect(),
                columns: columns.iter().enumerate().map(|(j, (name, _))| (name.clone(), column(j))).collect(),
            }
        }
        RecorderKind::Samples { variables, senders, .. } => {
            let mut table = RecordedColumns {
                columns: variables.iter().map(|(name, _)| (name.clone(), Vec::new())).collect(),
                ..RecordedColumns::default()
            };
            for (i, time) in rows.times.iter().enumerate() {
                for (k, sender) in senders.iter().enumerate() {
                    table.times.push(*time);
                    table.senders.push(i64::from(*sender) - origin);
                    let first = (i * senders.len() + k) * variables.len();
                    for (j, (_, column)) in table.columns.iter_mut().enumerate() {
                        column.push(rows.values[first + j]);
                    }
                }
            }
            table
        }
    }
}

/// Times as the number of the step in whose end they lie, and how long before it they are.
fn times_in_steps(table: &mut RecordedColumns, step: f64) {
    let number = |time: f64| (time / step - 1e-6).ceil();
    let offsets = table.times.iter().map(|time| (number(*time) * step - time).max(0.0));
    // What is below a tic is the rounding of a product.
    let offsets = offsets.map(|offset| if offset < 1e-9 { 0.0 } else { offset }).collect();
    table.columns.push(("offsets".into(), offsets));
    table.times.iter_mut().for_each(|time| *time = number(*time));
}

impl RecordedColumns {
    pub fn column(&self, name: &str) -> Result<&[f64], String> {
        if name == "times" {
            return Ok(&self.times);
        }
        let found = self.columns.iter().find(|(n, _)| n == name);
        found.map(|(_, values)| values.as_slice()).ok_or_else(|| format!("the recorder has no column {name}"))
    }

    /// The same rows sorted by time (equal within 1e-6 ms), then sender; otherwise as they were.
    pub fn sorted(&self) -> RecordedColumns {
        let key = |i: &usize| ((self.times[*i] * 1e6).round() as i64, self.senders.get(*i).copied());
        let mut order: Vec<usize> = (0..self.times.len()).collect();
        order.sort_by_key(key);
        let in_order = |values: &[f64]| order.iter().filter_map(|i| values.get(*i).copied()).collect();
        RecordedColumns {
            times: in_order(&self.times),
            senders: order.iter().filter_map(|i| self.senders.get(*i).copied()).collect(),
            columns: self.columns.iter().map(|(name, values)| (name.clone(), in_order(values))).collect(),
        }
    }
}

/// Read-only properties that the record, not the simulation, knows.
pub fn status(finished: &Finished, node: &Node, name: &str) -> Result<Vec<Value>, String> {
    let counts_rows = node.model.parameter("n_events").is_some_and(|parameter| parameter.is_number());
    if node.model.is_recorder() && name == "n_events" && counts_rows {
        return Ok(vec![Value::Real(finished.table(&node.name, None)?.times.len() as f64)]);
    }
    (0..node.n)
        .map(|i| {
            let value = finished.simulation.get(node.id, i, name);
            value.ok_or_else(|| format!("{} does not tell {name}", node.model.name))
        })
        .collect()
}

/// The columns of all synapses between two nodes, in order of source, then of creation.
pub fn connections(
    finished: &Finished,
    pre: &str,
    post: &str,
    columns: &[String],
) -> Result<BTreeMap<String, Vec<f64>>, String> {
    let (pre, post) = (finished.node(pre)?.id, finished.node(post)?.id);
    let mut all: Vec<(u32, Vec<f64>)> = Vec::new();
    for projection in finished.network.project.projections.iter().filter(|p| p.from == pre && p.to == post) {
        let mut synapses = finished.simulation.connections_of(projection.id);
        synapses.retain(|connected| !connected.back);
        let values: Vec<Vec<f64>> = columns
            .iter()
            .map(|name| match name.as_str() {
                "weight" => Ok(synapses.iter().map(|connected| connected.weight).collect()),
                "delay" => {
                    let given = projection.delay.typical();
                    Ok(synapses.iter().map(|connected| connected.delay.unwrap_or(given)).collect())
                }
                _ => {
                    let state = finished.simulation.synapse_values(projection.id, name);
                    // Connections of generators and recorders have no state.
                    let state = state.filter(|values| values.len() == synapses.len());
                    // What synapses do not keep stands as it was given.
                    let given = || Some(vec![projection.value(name)?.as_real()?; synapses.len()]);
                    state.or_else(given).ok_or_else(|| format!("synapses do not tell {name}"))
                }
            })
            .collect::<Result<_, String>>()?;
        let row = |(i, connected): (usize, &Connected)| (connected.source, values.iter().map(|v| v[i]).collect());
        all.extend(synapses.iter().enumerate().map(row));
    }
    all.sort_by_key(|(source, _)| *source);
    let column = |j: usize| all.iter().map(|(_, values)| values[j]).collect();
    Ok(columns.iter().enumerate().map(|(j, name)| (name.clone(), column(j))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> (RecorderPlan, Rows) {
        let variables = vec![("V_m".into(), "mV".into()), ("I".into(), "pA".into())];
        let kind = RecorderKind::Samples { variables, senders: vec![4, 3], interval: 1.0 };
        let plan = RecorderPlan { node: NodeId(0), name: "m".into(), kind, sources: Vec::new(), connected: Vec::new() };
        let values = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        (plan, Rows { times: vec![1.0, 2.0], senders: Vec::new(), values })
    }

    #[test]
    fn samples_become_one_row_for_each_time_and_sender() {
        let (plan, rows) = samples();
        let table = table(&plan, &rows, 3).sorted();
        assert_eq!(table.times, [1.0, 1.0, 2.0, 2.0]);
        assert_eq!(table.senders, [0, 1, 0, 1]);
        assert_eq!(table.column("V_m").unwrap(), [3.0, 1.0, 7.0, 5.0]);
        assert_eq!(table.column("I").unwrap(), [4.0, 2.0, 8.0, 6.0]);
        assert!(table.column("g_ex").is_err());
    }

    #[test]
    fn dropped_samples_take_their_values_along() {
        let (plan, mut rows) = samples();
        keep_samples(&plan, &mut rows, |time| time > 1.0);
        assert_eq!((rows.times, rows.values), (vec![2.0], vec![5.0, 6.0, 7.0, 8.0]));
    }

    #[test]
    fn equal_times_are_sorted_by_sender_in_spite_of_rounding() {
        let table =
            RecordedColumns { times: vec![0.1 + 0.2, 0.3, 0.1], senders: vec![0, 1, 2], columns: Vec::new() }.sorted();
        assert_eq!(table.senders, [2, 0, 1]);
    }

    #[test]
    fn times_can_be_step_numbers_with_offsets() {
        let mut table = RecordedColumns { times: vec![0.3, 0.1 + 0.2, 0.55], ..RecordedColumns::default() };
        times_in_steps(&mut table, 0.1);
        assert_eq!(table.times, [3.0, 3.0, 6.0]);
        let offsets = table.column("offsets").unwrap();
        assert_eq!(offsets[..2], [0.0, 0.0]);
        assert!((offsets[2] - 0.05).abs() < 1e-12);
    }
}
