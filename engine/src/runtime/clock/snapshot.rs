//! The whole state of a simulation, kept and put back.

use crate::runtime::clock::team::Team;
use crate::runtime::{Simulation, Span};

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
    ///
    /// Returns how many rows of each recorder, of those that frames have taken since the snapshot, have not happened now.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Vec<usize> {
        let before = |recorder| snapshot.0.recorders.taken.get(recorder).copied().unwrap_or(0);
        let undone =
            self.recorders.taken.iter().enumerate().map(|(i, taken)| taken.saturating_sub(before(i))).collect();
        // The threads stay.
        let team = std::mem::replace(&mut self.team, Team::new(1, &[]));
        *self = snapshot.0.copy();
        self.team = team;
        undone
    }

    fn team(&self) -> Team {
        let sizes: Vec<usize> = self.chunks.iter().map(|chunk| chunk.n).collect();
        Team::new(self.threads, &sizes)
    }

    fn copy(&self) -> Simulation {
        Simulation {
            grid: self.grid,
            nodes: self.nodes.clone(),
            populations: self.populations.clone(),
            chunks: self.chunks.clone(),
            outboxes: self.outboxes.clone(),
            before: self.before.clone(),
            span: Span::default(),
            devices: self.devices.clone(),
            trains: self.trains.clone(),
            trains_before: self.trains_before.clone(),
            transmitters: self.transmitters.clone(),
            signals: self.signals.clone(),
            recorders: self.recorders.clone(),
            intakes: self.intakes.clone(),
            plan: self.plan.clone(),
            wired: self.wired.clone(),
            synapses: self.synapses,
            slice: self.slice,
            now: self.now,
            threads: self.threads,
            counters: self.counters,
            shares: self.shares.clone(),
            team: self.team(),
            failure: self.failure.clone(),
        }
    }
}
