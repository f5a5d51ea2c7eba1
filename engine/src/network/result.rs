//! What has been recorded in one call of `simulate`.

use std::sync::Arc;

use super::dividing::refused;
use super::view::{Neuron, NodeView};
use super::{Error, NodeId};
use crate::recordings::{Members, RecorderKind, RecorderPlan, RecordingPlan, Recordings, Rows};

/// What recorders received during one call of [`Simulator::simulate`](super::Simulator::simulate). It owns its data: it stays
/// as it is while the simulator goes on, and can be handed to another thread.
///
/// Recorders can be asked for by themselves, or by the neurons that they record.
#[derive(Clone, Debug)]
pub struct SimulationResult {
    plan: Arc<RecordingPlan>,
    rows: Arc<Vec<Rows>>,
    begin: f64,
    end: f64,
}

/// Spikes with their senders, by time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Events {
    /// ms; the end of the step in which the sender fired, as in NEST.
    pub times: Vec<f64>,
    /// Who sent each.
    pub senders: Vec<Neuron>,
}

/// The course of one quantity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// The unit of the values.
    pub unit: String,
    /// When samples were taken, ms.
    pub times: Vec<f64>,
    /// Whose they are.
    pub neurons: Vec<Neuron>,
    /// For each of the neurons one value a time.
    pub values: Vec<Vec<f64>>,
}

/// Weights that were transmitted, one for each spike and synapse, by time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeightTrace {
    /// When the source fired, ms.
    pub times: Vec<f64>,
    /// Who fired.
    pub sources: Vec<Neuron>,
    /// Whom the spike reaches.
    pub targets: Vec<Neuron>,
    /// In the unit of the port.
    pub weights: Vec<f64>,
    /// Which of the synapses of the source in its projection, counted from 0.
    pub ports: Vec<usize>,
}

impl Events {
    /// The spike times of each neuron of a view, ms.
    pub fn trains(&self, view: &NodeView) -> Vec<Vec<f64>> {
        let mut trains = vec![Vec::new(); view.len()];
        for (time, sender) in self.times.iter().zip(&self.senders) {
            if let Some(place) = view.position(*sender) {
                trains[place].push(*time);
            }
        }
        trains
    }
}

impl WeightTrace {
    /// Times and weights of the synapses between two neurons.
    pub fn between(&self, source: Neuron, target: Neuron) -> (Vec<f64>, Vec<f64>) {
        let rows = 0..self.times.len();
        rows.filter(|i| self.sources[*i] == source && self.targets[*i] == target)
            .map(|i| (self.times[i], self.weights[i]))
            .unzip()
    }
}

/// How many rows each recorder has.
pub(super) fn lengths(recordings: &Recordings) -> Vec<usize> {
    recordings.rows.iter().map(Rows::len).collect()
}

impl SimulationResult {
    /// The rows that have come since the recorders had `before`, and the time that has passed.
    pub(super) fn since(recordings: &Recordings, before: &[usize], begin: f64, end: f64) -> SimulationResult {
        let plan = &recordings.plan;
        let rows = recordings.rows.iter().zip(&plan.recorders).enumerate().map(|(i, (rows, recorder))| {
            let from = before.get(i).copied().unwrap_or(0);
            let width = width(recorder);
            Rows {
                times: rows.times[from..].to_vec(),
                senders: rows.senders.get(from..).unwrap_or_default().to_vec(),
                values: rows.values.get(from * width..).unwrap_or_default().to_vec(),
            }
        });
        SimulationResult { rows: Arc::new(rows.collect()), plan: Arc::new(plan.clone()), begin, end }
    }

    /// The clock when the call began, ms.
    pub fn begin(&self) -> f64 {
        self.begin
    }

    /// The clock when it ended, ms.
    pub fn end(&self) -> f64 {
        self.end
    }

    /// How many spikes a recorder received, or the neurons of a view sent.
    ///
    /// # Errors
    /// [`Error::NotRecorded`] where the view is no recorder of spikes and some of its neurons are not recorded by one.
    pub fn n_events(&self, view: &NodeView) -> Result<usize, Error> {
        if let Some((_, rows)) = self.spike_recorder(view) {
            return Ok(rows.times.len());
        }
        Ok(self.spikes(view)?.times.len())
    }

    /// The mean rate, spikes/s: of a recorder that of the neurons connected to it, of a view that of its neurons. 0 if no time
    /// has passed.
    ///
    /// # Errors
    /// As [`SimulationResult::n_events`].
    pub fn rate(&self, view: &NodeView) -> Result<f64, Error> {
        let neurons = match self.spike_recorder(view) {
            Some((recorder, _)) => {
                let sources = recorder.sources.iter().filter_map(|node| self.plan.members_of(*node));
                sources.map(|members| recorder.reach(members, None).connections as f64).sum()
            }
            None => view.len() as f64,
        };
        let seconds = (self.end - self.begin) / 1000.0;
        let spikes = self.n_events(view)? as f64;
        Ok(if neurons * seconds > 0.0 { spikes / (neurons * seconds) } else { 0.0 })
    }

    /// The spikes that a recorder received, or those that the neurons of a view sent.
    ///
    /// # Errors
    /// As [`SimulationResult::n_events`].
    pub fn spikes(&self, view: &NodeView) -> Result<Events, Error> {
        if let Some((_, rows)) = self.spike_recorder(view) {
            return Ok(self.events(rows, |_| true));
        }
        // Each node by the first recorder that hears all its neurons that are asked for.
        let mut all: Vec<(f64, Neuron)> = Vec::new();
        for segment in view.segments() {
            let members = self.plan.members_of(segment.node).ok_or(Error::NoSuchNode)?;
            let cells: Vec<u32> = (0..segment.len).map(|i| (segment.first + i * segment.step) as u32).collect();
            let hears = |recorder: &RecorderPlan| {
                recorder.sources.contains(&segment.node)
                    && recorder.reach(members, Some(&cells)).neurons as usize == cells.len()
            };
            let heard = self.recorders().find(|(recorder, _)| is_of_spikes(recorder) && hears(recorder));
            let (_, rows) = heard.ok_or(Error::NotRecorded)?;
            let of_segment = |neuron: Neuron| segment.position(neuron).is_some();
            let Events { times, senders } = self.events(rows, of_segment);
            all.extend(times.into_iter().zip(senders));
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (times, senders) = all.into_iter().unzip();
        Ok(Events { times, senders })
    }

    /// The course of a quantity, of all neurons that a meter samples, or of the neurons of a view.
    ///
    /// # Errors
    /// [`Error::NotRecorded`] where nothing samples all these neurons; [`Error::Refused`] with the quantities that are
    /// sampled where it is none of them.
    pub fn trace(&self, view: &NodeView, quantity: &str) -> Result<Trace, Error> {
        let own = view.node().ok().and_then(|node| self.recorders().find(|(recorder, _)| recorder.node == node));
        let number = |neuron: Neuron| {
            self.plan.members_of(neuron.node).map_or(u32::MAX, |members| members.first + neuron.index as u32)
        };
        let wanted: Option<Vec<u32>> = own.is_none().then(|| view.iter().map(number).collect());
        let mut known: Vec<&str> = Vec::new();
        for (recorder, rows) in self.recorders() {
            let RecorderKind::Samples { variables, senders, .. } = &recorder.kind else { continue };
            let is_meant = match &wanted {
                None => own.is_some_and(|(own, _)| own.node == recorder.node),
                Some(wanted) => wanted.iter().all(|number| senders.contains(number)),
            };
            if !is_meant {
                continue;
            }
            known.extend(variables.iter().map(|(name, _)| name.as_str()));
            let Some(place) = variables.iter().position(|(name, _)| name == quantity) else { continue };
            let numbers = wanted.as_ref().unwrap_or(senders);
            let step = senders.len() * variables.len();
            let course = |number: &u32| {
                let sender = senders.iter().position(|sender| sender == number).unwrap_or(0);
                rows.values.iter().skip(sender * variables.len() + place).step_by(step.max(1)).copied().collect()
            };
            return Ok(Trace {
                unit: variables[place].1.clone(),
                times: rows.times.clone(),
                neurons: numbers.iter().filter_map(|number| self.neuron(*number)).collect(),
                values: numbers.iter().map(course).collect(),
            });
        }
        if known.is_empty() {
            return Err(Error::NotRecorded);
        }
        Err(refused(format!("`{quantity}` is not sampled there; sampled are {}", known.join(", "))))
    }

    /// The weights that a weight recorder has seen.
    ///
    /// # Errors
    /// [`Error::NotRecorded`] where the view is no weight recorder, or no synapses name it.
    pub fn weight_trace(&self, recorder: &NodeView) -> Result<WeightTrace, Error> {
        let node = recorder.node()?;
        let found = self.recorders().find(|(recorder, _)| recorder.node == node);
        let (plan, rows) = found.ok_or(Error::NotRecorded)?;
        let RecorderKind::Rows { columns } = &plan.kind else { return Err(Error::NotRecorded) };
        let column = |name: &str| columns.iter().position(|(own, _)| own == name).ok_or(Error::NotRecorded);
        let (weight, target, port) = (column("weights")?, column("targets")?, column("ports")?);
        let mut trace = WeightTrace::default();
        let each = rows.times.iter().zip(&rows.senders).zip(rows.values.chunks_exact(columns.len()));
        for ((time, sender), values) in each {
            // Columns count nodes from 1, as exports do.
            let target = (values[target] as u32).checked_sub(1).and_then(|number| self.neuron(number));
            let (Some(source), Some(target)) = (self.neuron(*sender), target) else { continue };
            trace.times.push(*time);
            trace.sources.push(source);
            trace.targets.push(target);
            trace.weights.push(values[weight]);
            trace.ports.push(values[port] as usize);
        }
        Ok(trace)
    }

    /// All that any recorder received, as plots and files see it.
    ///
    /// # Errors
    /// [`Error::NotRecorded`] where the view is no recorder; [`Error::SeveralNodes`].
    pub fn rows(&self, recorder: &NodeView) -> Result<&Rows, Error> {
        let node = recorder.node()?;
        self.recorders().find(|(plan, _)| plan.node == node).map(|(_, rows)| rows).ok_or(Error::NotRecorded)
    }

    fn recorders(&self) -> impl Iterator<Item = (&RecorderPlan, &Rows)> {
        self.plan.recorders.iter().zip(self.rows.iter())
    }

    /// The recorder of spikes that a view is.
    fn spike_recorder(&self, view: &NodeView) -> Option<(&RecorderPlan, &Rows)> {
        let node: NodeId = view.node().ok()?;
        self.recorders().find(|(recorder, _)| recorder.node == node && is_of_spikes(recorder))
    }

    fn events(&self, rows: &Rows, is_wanted: impl Fn(Neuron) -> bool) -> Events {
        let each = rows.times.iter().zip(&rows.senders).filter_map(|(time, sender)| {
            let neuron = self.neuron(*sender).filter(|neuron| is_wanted(*neuron))?;
            Some((*time, neuron))
        });
        let (times, senders) = each.unzip();
        Events { times, senders }
    }

    fn neuron(&self, number: u32) -> Option<Neuron> {
        let (Members { node, .. }, index) = self.plan.member(number)?;
        Some(Neuron { node: *node, index: index as usize })
    }
}

fn is_of_spikes(recorder: &RecorderPlan) -> bool {
    matches!(recorder.kind, RecorderKind::Spikes)
}

/// How many values a row of a recorder has.
fn width(recorder: &RecorderPlan) -> usize {
    match &recorder.kind {
        RecorderKind::Spikes => 0,
        RecorderKind::Samples { variables, senders, .. } => variables.len() * senders.len(),
        RecorderKind::Rows { columns } => columns.len(),
    }
}
