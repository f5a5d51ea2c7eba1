//! Spikes that a generator draws for each connection, onto the neurons of a chunk.

use crate::description::Inlet;
use crate::runtime::devices::{Devices, Drawn, Trains};
use crate::runtime::slice::Trouble;

/// One connection.
#[derive(Clone, Copy, Debug)]
pub struct TrainSynapse {
    pub slot: u16,
    pub weight: f64,
    pub delay: u32,
    /// How much shorter the delay is than its steps, ms.
    pub shorter: f64,
}

/// The connections of one projection from a generator onto a chunk.
#[derive(Clone)]
pub struct TrainInput {
    pub projection: usize,
    /// Node of the generator.
    pub device: usize,
    pub inlet: Inlet,
    pub muted: bool,
    /// What arrives between two steps is shared between them.
    pub interpolates: bool,
    pub synapses: Vec<TrainSynapse>,
    /// The device of each synapse.
    pub sources: Vec<u32>,
    pub trains: Box<dyn Trains>,
    /// Spikes of the present span.
    pub drawn: Vec<Drawn>,
}

impl TrainInput {
    pub fn bytes(&self) -> usize {
        self.synapses.len() * (size_of::<TrainSynapse>() + 4) + self.drawn.capacity() * size_of::<Drawn>()
    }

    /// Draws the spikes of the `n` steps from `first` on; `Err` if a source floods a neuron.
    pub fn draw(&mut self, devices: &Devices, first: i64, n: usize) -> Result<(), Trouble> {
        self.drawn.clear();
        let Some(device) = devices.get(self.device).filter(|device| !device.muted && !self.muted) else {
            return Ok(());
        };
        let followed = self.trains.draw(device, first, n, &mut self.drawn);
        match self.drawn.last() {
            Some(spike) if !followed => {
                Err(Trouble::Storm { neuron: self.synapses[spike.connection as usize].slot as usize })
            }
            _ => Ok(()),
        }
    }

    /// What has been drawn: the step in which each spike arrives, how long before its end (ms), its synapse and its
    /// multiplicity. Where it is shared between two steps, the synapse has a share of its weight.
    pub fn arriving(&self, h: f64) -> impl Iterator<Item = (i64, f64, TrainSynapse, u32)> {
        self.drawn.iter().flat_map(move |spike| {
            let synapse = self.synapses[spike.connection as usize];
            let (step, multiplicity) = (spike.stamp - 1 + synapse.delay as i64, spike.multiplicity);
            if self.interpolates {
                let early = synapse.shorter / h;
                let share = |share: f64| TrainSynapse { weight: share * synapse.weight, ..synapse };
                let before = (early > 0.0).then(|| (step - 1, spike.offset, share(early), multiplicity));
                return [Some((step, spike.offset, share(1.0 - early), multiplicity)), before].into_iter().flatten();
            }
            let before = spike.offset + synapse.shorter;
            let (step, before) = if before < h { (step, before) } else { (step - 1, before - h) };
            [Some((step, before, synapse, multiplicity)), None].into_iter().flatten()
        })
    }
}
