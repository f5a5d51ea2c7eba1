//! The loop of a running simulation, without the one who drives it.

use std::sync::Arc;
use std::time::Duration;

use web_time::Instant;

use super::files::Files;
use super::look::Looking;
use super::pace::{Batch, Pace};
use super::speed::Speed;
use super::{Command, Connections, Phase, Status};
use crate::description::{Place, Problem};
use crate::project::Project;
use crate::recordings::{Frame, Rows};
use crate::runtime::{Simulation, Snapshot};

/// How far [`Pump::pump`] goes at most before it returns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// Wall time. At least one batch of steps is done; batches take about 2 ms, and none is begun
    /// that would last longer than what is left.
    Time(Duration),
    /// Time steps of the simulation.
    Steps(u64),
}

/// Why [`Pump::pump`] returned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pumped {
    /// Nothing runs; it waits for a command.
    Idle,
    /// The budget is spent and there is more to do.
    Spent,
    /// The run is as far as the speed limit lets it be; the next step is due after this time.
    Early(Duration),
}

/// A simulation that obeys commands and runs when it is pumped.
pub struct Pump {
    simulation: Simulation,
    phase: Phase,
    /// What was recorded since the last frame was taken.
    frame: Frame,
    /// The files of recorders that write some, and what they are to take next.
    files: Option<Files>,
    fresh: Frame,
    kept: Option<Snapshot>,
    /// The time of the state that was kept, ms.
    kept_at: Option<f64>,
    /// The run pauses when this step is reached.
    until: Option<u64>,
    pace: Pace,
    batch: Batch,
    speed: Speed,
    build_seconds: f64,
    /// Bytes held by the network when it was built.
    memory: u64,
    refused: Vec<Problem>,
    looking: Looking,
    connections: Option<Arc<Connections>>,
    /// Something has happened since the last status that should not wait.
    news: bool,
}

impl Pump {
    /// Builds the network; refused with every problem found. Where the number of threads is left to the program, `spare` cores are left
    /// to others. `progress` hears the fraction done now and then and cancels by returning false.
    pub fn build(
        project: &Project,
        spare: usize,
        progress: &(dyn Fn(f64) -> bool + Sync),
    ) -> Result<Pump, Vec<Problem>> {
        let began = Instant::now();
        let simulation = Simulation::build_sparing(project, spare, progress)?;
        let files = Files::of(project, simulation.plan());
        Ok(Pump { build_seconds: began.elapsed().as_secs_f64(), files, ..Pump::new(simulation) })
    }

    /// A pump for a network that is built; it is paused. It writes no files.
    pub fn new(simulation: Simulation) -> Self {
        Pump {
            pace: Pace::new(simulation.resolution()),
            memory: simulation.memory(),
            simulation,
            phase: Phase::Paused,
            frame: Frame::default(),
            files: None,
            fresh: Frame::default(),
            kept: None,
            kept_at: None,
            until: None,
            batch: Batch::new(),
            speed: Speed::default(),
            build_seconds: 0.0,
            refused: Vec::new(),
            looking: Looking::default(),
            connections: None,
            news: true,
        }
    }

    /// The network.
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// Whether there is something to do for [`Pump::pump`].
    pub fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Whether something has happened since the last status that should not wait: it began or ceased to run, refused a command, kept
    /// a state or failed.
    pub fn has_news(&self) -> bool {
        self.news
    }

    /// The present status; refusals are handed out once.
    pub fn status(&mut self) -> Status {
        let (time, counters) = (self.simulation.time(), self.simulation.counters());
        self.speed.measure(time, counters.spikes);
        self.news = false;
        Status {
            phase: self.phase.clone(),
            built: 1.0,
            time,
            speed: self.speed.factor,
            spikes_per_second: self.speed.spikes_per_second,
            spikes: counters.spikes,
            neurons: self.simulation.neurons(),
            synapses: self.simulation.synapses(),
            threads: self.simulation.threads(),
            kept: self.kept_at,
            memory: self.memory,
            build_seconds: self.build_seconds,
            lossy: false,
            refused: std::mem::take(&mut self.refused),
            files: self.files.as_ref().map(Files::written),
            seen: self.looking.see(&self.simulation, self.phase == Phase::Running),
            connections: self.connections.clone(),
            counters,
        }
    }

    /// What was recorded since the last frame was taken.
    pub fn recorded(&self) -> &Frame {
        &self.frame
    }

    /// Puts what was recorded since the last call into `frame`, in place of what is there; its memory is used for
    /// what is recorded next.
    pub fn take_frame(&mut self, frame: &mut Frame) {
        frame.clear();
        std::mem::swap(frame, &mut self.frame);
    }

    /// Drops what was recorded since the last frame was taken; that the run went back is not forgotten.
    pub fn drop_recorded(&mut self) {
        self.frame.rows.iter_mut().for_each(Rows::clear);
    }

    /// Obeys a command. What is refused changes nothing and stands in the next status.
    pub fn obey(&mut self, command: Command) {
        let outcome = match command {
            Command::Run => {
                self.until = None;
                self.set_running(true);
                Ok(())
            }
            Command::Pause => {
                self.set_running(false);
                Ok(())
            }
            Command::Step(ms) => {
                let steps = (ms / self.simulation.resolution()).round().max(1.0) as u64;
                self.run_to(self.simulation.step() + steps);
                Ok(())
            }
            Command::RunUntil(ms) => {
                self.run_to((ms / self.simulation.resolution()).round().max(0.0) as u64);
                Ok(())
            }
            Command::SpeedLimit(limit) => {
                self.pace.set(limit, self.simulation.step());
                Ok(())
            }
            Command::Set { node, params } => self.simulation.set(node, &params),
            Command::SetWeight { projection, weight } => self.simulation.set_weight(projection, &weight),
            Command::SetSynapses { projection, params } => self.simulation.set_synapses(projection, &params),
            Command::MuteNode { node, muted } => {
                self.simulation.mute_node(node, muted);
                Ok(())
            }
            Command::MuteProjection { projection, muted } => {
                self.simulation.mute_projection(projection, muted);
                Ok(())
            }
            Command::RecordInto(folder) => {
                if let Some(files) = &mut self.files {
                    files.record_into(folder);
                }
                Ok(())
            }
            Command::Keep => {
                self.keep();
                Ok(())
            }
            Command::GoBack => self.go_back(),
            Command::Connections(asked) => {
                self.connections = asked.map(|asked| Arc::new(asked.of(&self.simulation)));
                self.news = true;
                Ok(())
            }
            Command::Look(look) => {
                self.looking.turn_to(look);
                self.news = true;
                Ok(())
            }
        };
        if let Err(problems) = outcome {
            self.refused.extend(problems);
            self.news = true;
        }
        // Whoever looks at a network that rests sees what a command has changed.
        self.news |= self.looking.is_turned() && !self.is_running();
    }

    fn keep(&mut self) {
        // What has been recorded goes on its way, so that it is not recorded again after going back.
        self.take_recorded();
        if let Some(files) = &mut self.files {
            self.news |= files.keep().is_err();
        }
        self.kept = Some(self.simulation.snapshot());
        self.kept_at = Some(self.simulation.time());
        self.news = true;
    }

    fn go_back(&mut self) -> Result<(), Vec<Problem>> {
        let Some(kept) = &self.kept else {
            return Err(vec![Problem::error(Place::Simulation, "no state has been kept to go back to")]);
        };
        let undone = self.simulation.restore(kept);
        self.frame.rewind(self.simulation.plan(), &undone);
        if let Some(files) = &mut self.files {
            self.news |= files.go_back().is_err();
        }
        self.set_running(false);
        Ok(())
    }

    fn run_to(&mut self, step: u64) {
        self.until = Some(step);
        self.set_running(step > self.simulation.step());
    }

    fn set_running(&mut self, running: bool) {
        self.phase = if running { Phase::Running } else { Phase::Paused };
        // Whoever rests may be looked at by others: all that has been recorded stands in its files.
        if let Some(files) = self.files.as_mut().filter(|_| !running) {
            self.news |= files.flush().is_err();
        }
        self.speed.restart();
        self.pace.restart(self.simulation.step());
        self.news = true;
    }

    /// Runs until the budget is spent, the goal is reached, the speed limit is met or the run fails.
    pub fn pump(&mut self, budget: Budget) -> Pumped {
        let (began, first) = (Instant::now(), self.simulation.step());
        let mut latest = Duration::ZERO;
        while self.is_running() {
            let now = self.simulation.step();
            let affordable = match budget {
                Budget::Time(most) if now > first && began.elapsed() + latest > most => 0,
                Budget::Time(_) => self.batch.steps(),
                Budget::Steps(most) => most - (now - first),
            };
            if affordable == 0 {
                return Pumped::Spent;
            }
            let due = match self.pace.due(now) {
                Ok(due) => due,
                Err(wait) => return Pumped::Early(wait),
            };
            let wanted = self.until.map_or(u64::MAX, |until| until.saturating_sub(now));
            latest = self.advance(affordable.min(due).min(wanted));
        }
        Pumped::Idle
    }

    /// Takes in what was recorded; files take it first.
    fn take_recorded(&mut self) {
        let Some(files) = &mut self.files else { return self.simulation.take_frame(&mut self.frame) };
        self.simulation.take_frame(&mut self.fresh);
        self.news |= files.write(self.simulation.plan(), &self.fresh).is_err();
        self.frame.append(&mut self.fresh);
    }

    /// Advances and takes in what was recorded; gives back how long that took.
    fn advance(&mut self, steps: u64) -> Duration {
        let began = Instant::now();
        let outcome = self.simulation.advance(steps);
        let took = began.elapsed();
        self.batch.measured(steps, took);
        self.take_recorded();
        match outcome {
            Err(problem) => {
                self.phase = Phase::Failed(vec![problem]);
                self.news = true;
            }
            Ok(()) if self.until.is_some_and(|until| self.simulation.step() >= until) => self.set_running(false),
            Ok(()) => {}
        }
        took
    }
}
