//! Spike trains that a generator draws apart for each of its connections.

use super::Device;
use crate::mechanisms::random::{Purpose, Stream};

/// Spikes of one connection in one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawn {
    pub connection: u32,
    pub stamp: i64,
    pub multiplicity: u32,
    /// ms before the stamp.
    pub offset: f64,
}

/// The trains of some connections of a generator. One call a span.
pub trait Trains: Send + Sync {
    /// Adds what is sent in the `n` steps from `first` on. No number drawn depends on how a run is cut into spans.
    ///
    /// False if a train is too dense to be followed.
    fn draw(&mut self, device: &Device, first: i64, n: usize, drawn: &mut Vec<Drawn>) -> bool;
    fn clone_box(&self) -> Box<dyn Trains>;
}

impl Clone for Box<dyn Trains> {
    fn clone(&self) -> Self {
        self.clone_box()
    }
}

/// Where the random streams of some trains come from.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    pub seed: u64,
    pub purpose: Purpose,
    pub owner: u64,
    pub part: u64,
}

impl Origin {
    pub fn stream(self, i: usize) -> Stream {
        Stream::of(self.seed, self.purpose, self.owner, self.part + i as u64)
    }
}

/// Poisson trains whose mean counts a step the device tells.
#[derive(Clone)]
pub struct PoissonTrains {
    /// Device of each connection.
    devices: Vec<u32>,
    stream: Stream,
}

impl PoissonTrains {
    pub fn new(devices: Vec<u32>, origin: Origin) -> PoissonTrains {
        PoissonTrains::of_stream(devices, origin.stream(0))
    }
    /// Drawn from this stream.
    pub fn of_stream(devices: Vec<u32>, stream: Stream) -> PoissonTrains {
        PoissonTrains { devices, stream }
    }
}

impl Trains for PoissonTrains {
    fn draw(&mut self, device: &Device, first: i64, n: usize, drawn: &mut Vec<Drawn>) -> bool {
        for step in first..first + n as i64 {
            let means = device.sent(step);
            for (connection, i) in self.devices.iter().enumerate() {
                let count = self.stream.poisson(means[*i as usize]);
                if count > 0 {
                    let multiplicity = u32::try_from(count).unwrap_or(u32::MAX);
                    drawn.push(Drawn { connection: connection as u32, stamp: step + 1, multiplicity, offset: 0.0 });
                }
            }
        }
        true
    }
    fn clone_box(&self) -> Box<dyn Trains> {
        Box::new(self.clone())
    }
}
