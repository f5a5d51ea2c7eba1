//! The whole state of a simulation, kept and put back.

use std::sync::{Mutex, RwLock};

use super::Simulation;
use super::advance::{locked, read};

/// A simulation as it stood at some time: state, input on its way, random streams, rows not yet fetched.
/// What does not change while a network runs is shared with it, not copied.
pub struct Snapshot(Simulation);

impl Snapshot {
    /// The clock when it was taken, ms.
    pub fn time(&self) -> f64 {
        self.0.time()
    }
}

impl Simulation {
    /// Keeps everything that decides how the run goes on.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.copy())
    }

    /// Puts the simulation back to where it stood, changed parameters and counters included; from
    /// there it goes on bit by bit as it did. The snapshot can be used again.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        *self = snapshot.0.copy();
    }

    fn copy(&self) -> Simulation {
        let (devices, trains) = &*read(&self.devices);
        Simulation {
            grid: self.grid,
            nodes: self.nodes.clone(),
            populations: self.populations.clone(),
            chunks: self.chunks.iter().map(|chunk| Mutex::new(locked(chunk).clone())).collect(),
            outboxes: self.outboxes.iter().map(|outbox| RwLock::new(read(outbox).clone())).collect(),
            devices: RwLock::new((devices.clone(), trains.clone())),
            transmitters: RwLock::new(read(&self.transmitters).clone()),
            signals: Mutex::new(locked(&self.signals).clone()),
            recorders: self.recorders.clone(),
            plan: self.plan.clone(),
            wired: self.wired.clone(),
            synapses: self.synapses,
            slice: self.slice,
            now: self.now,
            threads: self.threads,
            counters: self.counters,
            patience: Default::default(),
            failure: self.failure.clone(),
        }
    }
}
