//! A network that runs, and what it has recorded.

use super::{Error, NodeId, ProjectionId, Value};
use crate::recordings::{Frame, RecorderKind, RecorderPlan, RecordingPlan, Recordings, Rows};
use crate::runtime::{Connected, Counters, Simulation, Snapshot};

/// A network that runs.
pub struct Run {
    simulation: Simulation,
    recordings: Recordings,
}

/// The spikes that a recorder has received, by time.
#[derive(Clone, Debug, PartialEq)]
pub struct Spikes<'a> {
    plan: &'a RecordingPlan,
    /// ms.
    pub times: &'a [f64],
    /// The number of the sender of each, counted over all nodes of the network.
    pub senders: &'a [u32],
}

/// What a multimeter has sampled of one quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples<'a> {
    plan: &'a RecordingPlan,
    senders: &'a [u32],
    values: &'a [f64],
    variables: usize,
    variable: usize,
    /// ms.
    pub times: &'a [f64],
}

impl Run {
    pub(super) fn new(simulation: Simulation) -> Run {
        let recordings = Recordings::new(simulation.plan().clone());
        Run { simulation, recordings }
    }

    /// Runs on for so many ms.
    ///
    /// # Errors
    /// [`Error::Stopped`] where the state of a neuron is no longer finite, or spikes multiply without bound.
    pub fn simulate(&mut self, ms: f64) -> Result<(), Error> {
        let steps = (ms / self.simulation.resolution()).round().max(0.0) as u64;
        let done = self.simulation.advance(steps);
        let mut frame = Frame::default();
        self.simulation.take_frame(&mut frame);
        self.recordings.append(&mut frame);
        done.map(|_| ()).map_err(Error::Stopped)
    }

    /// Keeps everything that decides how the run goes on from here.
    pub fn snapshot(&self) -> Snapshot {
        self.simulation.snapshot()
    }

    /// Goes back to where a snapshot of this run was taken; what has been recorded since then goes. From there the run goes
    /// on bit by bit as it did.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        let undone = self.simulation.restore(snapshot);
        let mut frame = Frame::default();
        frame.rewind(&self.recordings.plan, &undone);
        self.recordings.append(&mut frame);
    }

    /// The clock, ms.
    pub fn time(&self) -> f64 {
        self.simulation.time()
    }

    /// Numbers of neurons and synapses.
    pub fn size(&self) -> (u64, u64) {
        (self.simulation.neurons(), self.simulation.synapses())
    }

    /// Wall time by phase, spikes, synaptic events.
    pub fn counters(&self) -> Counters {
        self.simulation.counters()
    }

    /// Changes a parameter, or moves a state variable, of all neurons of a node; it counts from now on.
    ///
    /// # Errors
    /// [`Error::Refused`], with what is allowed; nothing has changed then.
    pub fn set(&mut self, node: NodeId, parameter: &str, value: impl Into<Value>) -> Result<(), Error> {
        self.simulation.set(node, &[(parameter.to_owned(), value.into())]).map_err(Error::Refused)
    }

    /// The present value of a parameter or state variable of a neuron, if its model has it.
    pub fn get(&self, node: NodeId, neuron: usize, name: &str) -> Option<Value> {
        self.simulation.get(node, neuron, name)
    }

    /// The present weights of the synapses of a projection, by source, then in order of creation; of one between several
    /// nodes, pair of nodes by pair of nodes.
    pub fn weights(&self, projection: ProjectionId) -> impl Iterator<Item = f64> + use<> {
        let united = self.simulation.united(projection).into_iter();
        let synapses: Vec<_> = united.flat_map(|one| self.simulation.synapses_of(one)).collect();
        synapses.into_iter().map(|(_, _, weight, _)| weight)
    }

    /// All connections of a projection at present, by source, then in order of creation; those of generators and recorders
    /// too.
    pub fn connections(&self, projection: ProjectionId) -> Vec<Connected> {
        self.simulation.connections_of(projection)
    }

    /// Sets the weight of each connection of a projection, in the order of [`Run::connections`]. Spikes on their way arrive
    /// as they were sent.
    ///
    /// # Errors
    /// [`Error::Refused`], with what is allowed; nothing has changed then.
    pub fn set_weights(&mut self, projection: ProjectionId, weights: &[f64]) -> Result<(), Error> {
        self.simulation.set_weights(projection, weights).map_err(Error::Refused)
    }

    /// A parameter or state variable of the synapses of a projection at present, if their model keeps one for each: in the
    /// order of [`Run::connections`].
    pub fn synapse_values(&self, projection: ProjectionId, name: &str) -> Option<Vec<f64>> {
        self.simulation.synapse_values(projection, name)
    }

    /// Changes a parameter of all synapses of a projection; their state stays.
    ///
    /// # Errors
    /// [`Error::Refused`], with what is allowed; nothing has changed then.
    pub fn set_synapses(
        &mut self,
        projection: ProjectionId,
        parameter: &str,
        value: impl Into<Value>,
    ) -> Result<(), Error> {
        self.simulation.set_synapses(projection, &[(parameter.to_owned(), value.into())]).map_err(Error::Refused)
    }

    /// Silences a node, or lets it speak again: neurons and generators send nothing meanwhile, recorders record nothing.
    pub fn mute(&mut self, node: NodeId, muted: bool) {
        self.simulation.mute_node(node, muted);
    }

    /// Everything recorded so far, as plots and files see it.
    pub fn recordings(&self) -> &Recordings {
        &self.recordings
    }

    /// The spikes that a recorder has received.
    ///
    /// # Errors
    /// [`Error::NotRecorded`] where the node is no recorder of spikes, or nothing is connected to it.
    pub fn spikes(&self, recorder: NodeId) -> Result<Spikes<'_>, Error> {
        match self.recorder(recorder)? {
            (RecorderPlan { kind: RecorderKind::Spikes, .. }, rows) => {
                Ok(Spikes { plan: &self.recordings.plan, times: &rows.times, senders: &rows.senders })
            }
            _ => Err(Error::NotRecorded),
        }
    }

    /// What a multimeter or voltmeter has sampled of a quantity.
    ///
    /// # Errors
    /// [`Error::NotRecorded`] where it does not sample this quantity.
    pub fn samples(&self, meter: NodeId, quantity: &str) -> Result<Samples<'_>, Error> {
        let (plan, rows) = self.recorder(meter)?;
        let RecorderKind::Samples { variables, senders, .. } = &plan.kind else { return Err(Error::NotRecorded) };
        let variable = variables.iter().position(|(name, _)| name == quantity).ok_or(Error::NotRecorded)?;
        Ok(Samples {
            plan: &self.recordings.plan,
            senders,
            values: &rows.values,
            variables: variables.len(),
            variable,
            times: &rows.times,
        })
    }

    /// The weights that a weight recorder has seen, as times (ms) and weights: one of each spike that was transmitted.
    ///
    /// # Errors
    /// [`Error::NotRecorded`] where the node is no weight recorder, or no synapses lead to it.
    pub fn weight_trace(&self, recorder: NodeId) -> Result<(Vec<f64>, Vec<f64>), Error> {
        let (plan, rows) = self.recorder(recorder)?;
        let RecorderKind::Rows { columns } = &plan.kind else { return Err(Error::NotRecorded) };
        let place = columns.iter().position(|(name, _)| name == "weights").ok_or(Error::NotRecorded)?;
        Ok((rows.times.clone(), rows.values.iter().skip(place).step_by(columns.len()).copied().collect()))
    }

    fn recorder(&self, node: NodeId) -> Result<(&RecorderPlan, &Rows), Error> {
        self.recordings.recorder(node).ok_or(Error::NotRecorded)
    }
}

impl Spikes<'_> {
    /// The spike times of one neuron, ms.
    pub fn train_of(&self, node: NodeId, neuron: usize) -> Vec<f64> {
        let Some(members) = self.plan.members_of(node) else { return Vec::new() };
        let number = members.first + neuron as u32;
        let of_neuron = self.times.iter().zip(self.senders).filter(|(_, sender)| **sender == number);
        of_neuron.map(|(time, _)| *time).collect()
    }
}

impl Samples<'_> {
    /// The samples of one neuron, one a time.
    pub fn of(&self, node: NodeId, neuron: usize) -> Vec<f64> {
        let number = self.plan.members_of(node).map(|members| members.first + neuron as u32);
        let Some(place) = self.senders.iter().position(|sender| Some(*sender) == number) else { return Vec::new() };
        let width = self.senders.len() * self.variables;
        self.values.iter().skip(place * self.variables + self.variable).step_by(width).copied().collect()
    }
}
