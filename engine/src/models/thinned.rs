//! Trains in which each target gets each spike of a device with some probability, independently of all others.

use std::marker::PhantomData;

use crate::mechanisms::random::Stream;
use crate::runtime::devices::{Device, DeviceSettings, Drawn, Origin, Trains};
use crate::runtime::parameters::Declared;

/// A generator whose spikes are copied to its targets.
pub(super) trait OfCopies: Declared {
    /// With which probability a spike is copied, one a device.
    fn probabilities(p: &DeviceSettings) -> Vec<f64>;
}

/// What reaches each connection of the spikes whose numbers the devices of model `M` send.
pub(super) struct Thinned<M> {
    /// Device of each connection.
    devices: Vec<u32>,
    stream: Stream,
    model: PhantomData<M>,
}

impl<M> Thinned<M> {
    pub(super) fn new(devices: Vec<u32>, origin: Origin) -> Self {
        Thinned { devices, stream: origin.stream(0), model: PhantomData }
    }
}

impl<M: OfCopies> Trains for Thinned<M> {
    fn draw(&mut self, device: &Device, first: i64, n: usize, drawn: &mut Vec<Drawn>) -> bool {
        let probabilities = M::probabilities(device.settings());
        for step in first..first + n as i64 {
            let parents = device.sent(step);
            if parents.iter().all(|spikes| *spikes == 0.0) {
                continue;
            }
            for (connection, i) in self.devices.iter().enumerate() {
                let (spikes, p) = (parents[*i as usize] as u64, probabilities[*i as usize]);
                let multiplicity = u32::try_from(self.stream.binomial(spikes, p)).unwrap_or(u32::MAX);
                if multiplicity > 0 {
                    drawn.push(Drawn { connection: connection as u32, stamp: step + 1, multiplicity, offset: 0.0 });
                }
            }
        }
        true
    }
    fn clone_box(&self) -> Box<dyn Trains> {
        Box::new(Thinned::<M> { devices: self.devices.clone(), stream: self.stream.clone(), model: PhantomData })
    }
}
