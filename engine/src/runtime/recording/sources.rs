//! How recorders of spikes get them: from outboxes, or as targets with trains of their own.

use std::ops::Range;

use crate::runtime::connections::rows::SynapseRows;
use crate::runtime::devices::{Devices, Drawn, Trains};
use crate::runtime::slice::{Outbox, STORM, Span};

/// Where the spikes of a projection onto a recorder come from.
#[derive(Clone)]
pub enum SpikeSource {
    /// Neurons of a population: indices of its outboxes.
    Chunks(Range<usize>),
    /// A generator that sends all targets the same spikes.
    Shared,
    /// A generator whose spikes are handed over as those of neurons are.
    AsNeurons,
    /// A generator that draws for each target; the recorder is one.
    Own { trains: Box<dyn Trains>, sources: Vec<u32>, drawn: Vec<Drawn>, next: usize },
}

impl SpikeSource {
    /// Connections to these devices of a generator that draws for each.
    pub fn own(trains: Box<dyn Trains>, sources: Vec<u32>) -> SpikeSource {
        SpikeSource::Own { trains, sources, drawn: Vec::new(), next: 0 }
    }
}

/// The connections of a projection onto a recorder.
#[derive(Clone)]
pub enum Connections {
    /// Each source once.
    Once,
    /// How often each source is connected.
    Times(Vec<u32>),
    /// Synapses with their weights.
    Weighted(SynapseRows),
}

/// What a source sent at one stamp.
#[derive(Clone, Copy, Debug)]
pub struct SentSpikes {
    /// Number within the node.
    pub source: u32,
    /// The connection, if the spikes came through one only.
    pub connection: Option<usize>,
    pub multiplicity: u32,
    /// Factor on the weight.
    pub factor: f64,
    /// ms before the stamp.
    pub offset: f64,
}

impl Connections {
    /// How often a source is connected, where weights do not count.
    pub fn times(&self, sent: &SentSpikes) -> u32 {
        match (self, sent.connection) {
            (Connections::Times(times), None) => times[sent.source as usize],
            _ => 1,
        }
    }

    /// The weights of the synapses through which it came.
    pub fn weights(&self, sent: &SentSpikes) -> impl Iterator<Item = f64> {
        self.synapses(sent).map(|(rows, synapse)| rows.weight(synapse))
    }

    /// The targets of the synapses through which it came, and their delays in steps.
    pub fn targets(&self, sent: &SentSpikes) -> impl Iterator<Item = (u16, u32)> {
        self.synapses(sent).map(|(rows, synapse)| (rows.targets().at(synapse), rows.delay(synapse)))
    }

    /// The synapses through which it came, where they have weights and delays.
    fn synapses(&self, sent: &SentSpikes) -> impl Iterator<Item = (&SynapseRows, usize)> {
        let (rows, range) = match (self, sent.connection) {
            (Connections::Weighted(rows), Some(connection)) => (Some(rows), connection..connection + 1),
            (Connections::Weighted(rows), None) => (Some(rows), rows.row(sent.source as usize)),
            _ => (None, 0..0),
        };
        range.filter_map(move |synapse| rows.map(|rows| (rows, synapse)))
    }
}

/// A projection onto a recorder of spikes.
#[derive(Clone)]
pub struct RecorderInput {
    pub projection: usize,
    pub node: usize,
    /// Number of the node's first neuron or device.
    pub first: u32,
    /// Which of the recorder's ports it ends at, counted from 0.
    pub port: usize,
    pub source: SpikeSource,
    pub connections: Connections,
    pub muted: bool,
}

/// A source that sends more than [`STORM`] spikes in a step.
#[derive(Clone, Copy, Debug)]
pub struct TooMany;

impl RecorderInput {
    pub fn is_from_neurons(&self) -> bool {
        matches!(self.source, SpikeSource::Chunks(_) | SpikeSource::AsNeurons)
    }

    /// Draws what a generator sends during the span, if it draws for each target.
    pub fn open(&mut self, span: &Span, devices: &Devices) -> Result<(), TooMany> {
        let SpikeSource::Own { trains, drawn, next, .. } = &mut self.source else { return Ok(()) };
        drawn.clear();
        *next = 0;
        let Some(device) = devices.get(self.node).filter(|device| !device.muted && !self.muted) else {
            return Ok(());
        };
        let followed = trains.draw(device, span.first, span.n, drawn);
        drawn.sort_by_key(|spike| spike.stamp);
        if followed { Ok(()) } else { Err(TooMany) }
    }

    /// Tells everything that was sent in step `i` of the span.
    pub fn receive(
        &mut self,
        span: &Span,
        i: usize,
        outboxes: &[Outbox],
        trains: &[Outbox],
        mut take: impl FnMut(SentSpikes, &Connections),
    ) -> Result<(), TooMany> {
        let RecorderInput { node, source, connections, muted, .. } = self;
        if *muted {
            return Ok(());
        }
        let (step, stamp) = (span.offset + i, span.first + i as i64 + 1);
        let mut most = 0;
        let mut tell = |sent: SentSpikes| {
            most = most.max(sent.multiplicity);
            if sent.multiplicity <= STORM {
                take(sent, connections);
            }
        };
        let plain = SentSpikes { source: 0, connection: None, multiplicity: 1, factor: 1.0, offset: 0.0 };
        let mut all = |outbox: &Outbox| {
            outbox.spikes[step].iter().for_each(|&source| tell(SentSpikes { source, ..plain }));
            for e in &outbox.events[step] {
                let (multiplicity, factor, offset) = (e.multiplicity, e.factor, e.offset);
                tell(SentSpikes { source: e.source, multiplicity, factor, offset, ..plain });
            }
        };
        match source {
            SpikeSource::Chunks(range) => outboxes[range.clone()].iter().for_each(&mut all),
            SpikeSource::Shared | SpikeSource::AsNeurons => all(&trains[*node]),
            SpikeSource::Own { sources, drawn, next, .. } => {
                while let Some(spike) = drawn.get(*next).filter(|spike| spike.stamp <= stamp) {
                    *next += 1;
                    let connection = spike.connection as usize;
                    let (multiplicity, offset) = (spike.multiplicity, spike.offset);
                    let source = sources[connection];
                    tell(SentSpikes { source, connection: Some(connection), multiplicity, offset, ..plain });
                }
            }
        }
        if most > STORM { Err(TooMany) } else { Ok(()) }
    }
}
