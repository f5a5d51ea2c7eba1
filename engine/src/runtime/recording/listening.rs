//! How recorders of spikes get them: from outboxes, or as targets with trains of their own.

use crate::runtime::clock::chunk::{Outbox, STORM, Span};
use crate::runtime::devices::{Devices, Drawn, Trains};

/// Where the spikes of a projection onto a recorder come from.
#[derive(Clone)]
pub enum Ear {
    /// Neurons of a population: indices of its outboxes.
    Chunks(std::ops::Range<usize>),
    /// A generator that sends all targets the same spikes.
    Shared,
    /// A generator that draws for each target; the recorder is one.
    Own { trains: Box<dyn Trains>, sources: Vec<u32>, drawn: Vec<Drawn>, next: usize },
}

impl Ear {
    /// Connections to these devices of a generator that draws for each.
    pub fn own(trains: Box<dyn Trains>, sources: Vec<u32>) -> Ear {
        Ear::Own { trains, sources, drawn: Vec::new(), next: 0 }
    }
}

/// What is heard at one stamp.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
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

/// A projection onto a recorder of spikes.
#[derive(Clone)]
pub struct Listening {
    pub projection: usize,
    pub node: usize,
    /// Number of the node's first neuron or device.
    pub first: u32,
    pub ear: Ear,
    pub muted: bool,
}

/// A source that sends more than [`STORM`] spikes in a step.
#[derive(Clone, Copy, Debug)]
pub struct TooMany;

impl Listening {
    pub fn hears_neurons(&self) -> bool {
        matches!(self.ear, Ear::Chunks(_))
    }

    /// Draws what a generator sends during the span, if it draws for each target.
    pub fn open(&mut self, span: &Span, devices: &Devices) -> Result<(), TooMany> {
        let Ear::Own { trains, drawn, next, .. } = &mut self.ear else { return Ok(()) };
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
    pub fn hear(
        &mut self,
        span: &Span,
        i: usize,
        outboxes: &[Outbox],
        trains: &[Outbox],
        mut take: impl FnMut(Heard),
    ) -> Result<(), TooMany> {
        if self.muted {
            return Ok(());
        }
        let (step, stamp) = (span.offset + i, span.first + i as i64 + 1);
        let mut most = 0;
        let mut tell = |heard: Heard| {
            most = most.max(heard.multiplicity);
            if heard.multiplicity <= STORM {
                take(heard);
            }
        };
        let plain = Heard { source: 0, connection: None, multiplicity: 1, factor: 1.0, offset: 0.0 };
        let mut all = |outbox: &Outbox| {
            outbox.spikes[step].iter().for_each(|&source| tell(Heard { source, ..plain }));
            for e in &outbox.events[step] {
                let (multiplicity, factor, offset) = (e.multiplicity, e.factor, e.offset);
                tell(Heard { source: e.source, multiplicity, factor, offset, ..plain });
            }
        };
        match &mut self.ear {
            Ear::Chunks(range) => outboxes[range.clone()].iter().for_each(&mut all),
            Ear::Shared => all(&trains[self.node]),
            Ear::Own { sources, drawn, next, .. } => {
                while let Some(spike) = drawn.get(*next).filter(|spike| spike.stamp <= stamp) {
                    *next += 1;
                    let connection = spike.connection as usize;
                    let (multiplicity, offset) = (spike.multiplicity, spike.offset);
                    let source = sources[connection];
                    tell(Heard { source, connection: Some(connection), multiplicity, offset, ..plain });
                }
            }
        }
        if most > STORM { Err(TooMany) } else { Ok(()) }
    }
}
