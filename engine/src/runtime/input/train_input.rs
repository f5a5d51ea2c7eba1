//! Spikes that a generator draws for each connection, onto the neurons of a chunk.

use crate::description::Inlet;
use crate::runtime::clock::chunk::Trouble;
use crate::runtime::devices::{Devices, Drawn, Trains};
use crate::runtime::input::inputs::Inputs;

/// One connection.
#[derive(Clone, Copy, Debug)]
pub struct TrainSynapse {
    pub slot: u16,
    pub weight: f64,
    pub delay: u32,
}

/// The connections of one projection from a generator onto a chunk.
#[derive(Clone)]
pub struct TrainInput {
    pub projection: usize,
    /// Node of the generator.
    pub device: usize,
    pub inlet: Inlet,
    pub muted: bool,
    pub synapses: Vec<TrainSynapse>,
    pub trains: Box<dyn Trains>,
    /// Spikes of the present span.
    pub drawn: Vec<Drawn>,
}

impl TrainInput {
    pub fn bytes(&self) -> usize {
        self.synapses.len() * size_of::<TrainSynapse>() + self.drawn.capacity() * size_of::<Drawn>()
    }

    /// Draws the spikes of the `n` steps from `first` on and sends them on their way.
    pub fn send(&mut self, devices: &Devices, first: i64, n: usize, inputs: &mut Inputs) -> Result<(), Trouble> {
        let Some(device) = devices.get(self.device).filter(|device| !device.muted && !self.muted) else {
            return Ok(());
        };
        self.drawn.clear();
        let followed = self.trains.draw(device, first, n, &mut self.drawn);
        for spike in &self.drawn {
            let synapse = self.synapses[spike.connection as usize];
            let step = spike.stamp - 1 + synapse.delay as i64;
            inputs.deliver_at(self.inlet, step, synapse.slot, synapse.weight, spike.multiplicity, spike.offset);
        }
        match self.drawn.last() {
            Some(spike) if !followed => {
                Err(Trouble::Storm { neuron: self.synapses[spike.connection as usize].slot as usize })
            }
            _ => Ok(()),
        }
    }
}
