//! A simulation on a thread of its own: commands go in, frames come out.
//!
//! The life of a run: [`Engine::start`] builds the network in the background
//! (progress in [`Status`]); then it waits for [`Command`]s; while it runs it
//! publishes [`Frame`](crate::recordings::Frame)s, which [`Engine::drain`]
//! moves into [`Recordings`](crate::recordings::Recordings). The window never waits for the
//! engine, nor the engine for the window.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TryRecvError, TrySendError, bounded, unbounded};
use web_time::Instant;

use crate::description::Value;
use crate::project::{NodeId, Place, Problem, Project, ProjectionId};
use crate::recordings::{Frame, RecordingPlan, Rows};
use crate::runtime::{Simulation, Snapshot};

/// What the engine can be told.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Run until paused.
    Run,
    Pause,
    /// Advance by this many ms, then pause.
    Step(f64),
    /// Run until the clock stands at this time in ms, then pause.
    RunUntil(f64),
    /// Simulated seconds per second of wall time; `None` for as fast as it goes.
    SpeedLimit(Option<f64>),
    /// Change parameters of a node, at once and all together.
    Set {
        node: NodeId,
        params: Vec<(String, Value)>,
    },
    /// Change the weight of a projection.
    SetWeight {
        projection: ProjectionId,
        weight: Value,
    },
    /// Change parameters of the synapses of a projection, at once and all together; their state stays.
    SetSynapses {
        projection: ProjectionId,
        params: Vec<(String, Value)>,
    },
    /// Silence a node or let it speak again.
    MuteNode {
        node: NodeId,
        muted: bool,
    },
    MuteProjection {
        projection: ProjectionId,
        muted: bool,
    },
    /// Keep the present state, in place of the one kept before.
    Keep,
    /// Go back to the state kept; what was recorded since then is dropped.
    GoBack,
}

/// What the engine is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// The network is being built.
    #[default]
    Building,
    Paused,
    Running,
    /// The network could not be built or the run was stopped by an error.
    Failed(Vec<Problem>),
}

/// The present state in a few words; only the latest is kept.
#[derive(Clone, Debug, Default)]
pub struct Status {
    pub phase: Phase,
    /// While building: the fraction done.
    pub built: f64,
    /// Simulated time, ms.
    pub time: f64,
    /// Simulated time over wall time during the last half second (above 1: faster than life).
    pub speed: f64,
    /// Spikes of all neurons per second of simulated time, over the last half second.
    pub spikes_per_second: f64,
    /// Spikes of all neurons so far.
    pub spikes: u64,
    pub neurons: u64,
    pub synapses: u64,
    pub threads: usize,
    /// The time of the state that was kept, ms.
    pub kept: Option<f64>,
    /// Bytes held by the network.
    pub memory: u64,
    /// Seconds that building took.
    pub build_seconds: f64,
    /// Frames were thinned because the window was slow; recordings have a gap.
    pub lossy: bool,
    /// A command that was refused, with the reason; `Set` of a value out of range, say.
    pub refused: Vec<Problem>,
    pub counters: crate::runtime::Counters,
}

/// A handle to a simulation that runs on a thread of its own. Dropping it ends the run.
pub struct Engine {
    commands: Sender<Command>,
    frames: Receiver<Frame>,
    empties: Sender<Frame>,
    shared: Arc<Shared>,
    plan: OnceLock<RecordingPlan>,
}

/// What handle and thread both see.
struct Shared {
    status: Mutex<Status>,
    plan: OnceLock<RecordingPlan>,
    stop: AtomicBool,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Shared {
    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Frames on their way to the window.
const FRAMES: usize = 256;
/// Bytes that the engine keeps back for a window that does not come to fetch them.
const KEPT_BYTES: usize = 256 << 20;
/// One batch of steps takes about this long, so that commands are felt at once.
const BATCH: Duration = Duration::from_millis(2);
/// Frames are published, and the window woken, no more often than this.
const PUBLISH_EVERY: Duration = Duration::from_millis(8);
/// Speed and rate are averaged over this time.
const AVERAGED: Duration = Duration::from_millis(500);

impl Engine {
    /// Builds the network in the background. `wake` is called whenever there is something
    /// new to see, from the engine's thread, at most every 8 ms.
    pub fn start(project: Project, wake: Arc<dyn Fn() + Send + Sync>) -> Engine {
        let (commands, inbox) = unbounded();
        let (outbox, frames) = bounded(FRAMES);
        let (empties, returned) = bounded(FRAMES);
        let shared = Arc::new(Shared {
            status: Mutex::new(Status::default()),
            plan: OnceLock::new(),
            stop: AtomicBool::new(false),
            wake,
        });
        let theirs = shared.clone();
        let thread = std::thread::Builder::new().name("engine".into()).spawn(move || {
            // A panic must end the run and not the program; the document is not here.
            let run = AssertUnwindSafe(|| {
                build(&project, &theirs)
                    .map(|simulation| Runner::new(simulation, &theirs, inbox, outbox, returned).run())
            });
            let outcome = catch_unwind(run).unwrap_or_else(|_| Err(vec![internal_error()]));
            if let Err(problems) = outcome {
                theirs.status().phase = Phase::Failed(problems);
            }
            (theirs.wake)();
        });
        if let Err(error) = thread {
            let message = format!("the engine's thread could not be started: {error}");
            shared.status().phase = Phase::Failed(vec![Problem::error(Place::Simulation, message)]);
        }
        Engine { commands, frames, empties, shared, plan: OnceLock::new() }
    }

    /// Tells the engine something; it acts between two batches of steps.
    pub fn send(&self, command: Command) {
        // After a failure nobody listens; the status says so.
        let _ = self.commands.send(command);
    }

    /// The latest status. Refusals are handed out once.
    pub fn status(&self) -> Status {
        let mut status = self.shared.status();
        let copy = status.clone();
        status.refused.clear();
        copy
    }

    /// Who records what; `None` until the network is built.
    pub fn plan(&self) -> Option<&RecordingPlan> {
        if self.plan.get().is_none()
            && let Some(plan) = self.shared.plan.get()
        {
            return Some(self.plan.get_or_init(|| plan.clone()));
        }
        self.plan.get()
    }

    /// Takes what has been recorded since the last call, frame by frame.
    pub fn drain(&mut self, mut take: impl FnMut(&mut Frame)) {
        while let Ok(mut frame) = self.frames.try_recv() {
            take(&mut frame);
            frame.rows.iter_mut().for_each(Rows::clear);
            frame.rewound = None;
            // Back for reuse; if there is no room it is dropped.
            let _ = self.empties.try_send(frame);
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
    }
}

fn internal_error() -> Problem {
    Problem::error(
        Place::Simulation,
        "the engine stopped with an internal error; the network and what was recorded are kept",
    )
}

fn build(project: &Project, shared: &Shared) -> Result<Simulation, Vec<Problem>> {
    let began = Instant::now();
    let go_on = |fraction: f64| {
        shared.status().built = fraction;
        !shared.stop.load(Ordering::Acquire)
    };
    // One core is the window's.
    let simulation = Simulation::build_sparing(project, 1, &go_on)?;
    let mut status = shared.status();
    status.phase = Phase::Paused;
    status.built = 1.0;
    status.neurons = simulation.neurons();
    status.synapses = simulation.synapses();
    status.threads = simulation.threads();
    status.memory = simulation.memory();
    status.build_seconds = began.elapsed().as_secs_f64();
    drop(status);
    let _ = shared.plan.set(simulation.plan().clone());
    (shared.wake)();
    Ok(simulation)
}

/// The engine's thread once the network stands.
struct Runner<'a> {
    simulation: Simulation,
    shared: &'a Shared,
    inbox: Receiver<Command>,
    outbox: Sender<Frame>,
    returned: Receiver<Frame>,
    frame: Frame,
    kept: Option<Snapshot>,
    running: bool,
    /// The run pauses when this step is reached.
    until: Option<u64>,
    limit: Option<f64>,
    /// Wall time and step from which the speed limit counts.
    paced_from: (Instant, u64),
    /// Steps of the next batch.
    batch: u64,
    published: Instant,
    /// Wall time, simulated ms and spikes at some moments of the last half second.
    trail: VecDeque<(Instant, f64, u64)>,
}

impl<'a> Runner<'a> {
    fn new(
        simulation: Simulation,
        shared: &'a Shared,
        inbox: Receiver<Command>,
        outbox: Sender<Frame>,
        returned: Receiver<Frame>,
    ) -> Self {
        let now = Instant::now();
        Runner {
            simulation,
            shared,
            inbox,
            outbox,
            returned,
            frame: Frame::default(),
            kept: None,
            running: false,
            until: None,
            limit: None,
            paced_from: (now, 0),
            batch: 1,
            published: now,
            trail: VecDeque::new(),
        }
    }

    fn run(mut self) {
        while !self.shared.stop.load(Ordering::Acquire) {
            if !self.take_commands() {
                return;
            }
            if self.running {
                self.run_batch();
            }
        }
    }

    /// Acts on waiting commands; waits for one if nothing runs. False when the handle is gone.
    fn take_commands(&mut self) -> bool {
        if !self.running {
            match self.inbox.recv() {
                Ok(command) => self.obey(command),
                Err(_) => return false,
            }
        }
        loop {
            match self.inbox.try_recv() {
                Ok(command) => self.obey(command),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn obey(&mut self, command: Command) {
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
                self.limit = limit.filter(|x| *x > 0.0);
                self.pace_anew();
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
            Command::Keep => {
                // What has been recorded goes on its way, so that it is not recorded again after going back.
                self.simulation.take_frame(&mut self.frame);
                self.kept = Some(self.simulation.snapshot());
                self.shared.status().kept = Some(self.simulation.time());
                self.publish();
                Ok(())
            }
            Command::GoBack => self.go_back(),
        };
        if let Err(problems) = outcome {
            self.shared.status().refused.extend(problems);
            (self.shared.wake)();
        }
    }

    fn go_back(&mut self) -> Result<(), Vec<Problem>> {
        let Some(kept) = &self.kept else {
            return Err(vec![Problem::error(Place::Simulation, "no state has been kept to go back to")]);
        };
        self.simulation.restore(kept);
        self.frame.rewind(self.simulation.plan(), self.simulation.time());
        self.set_running(false);
        Ok(())
    }

    fn run_to(&mut self, step: u64) {
        self.until = Some(step);
        self.set_running(step > self.simulation.step());
    }

    fn set_running(&mut self, running: bool) {
        self.running = running;
        self.trail.clear();
        self.pace_anew();
        self.shared.status().phase = if running { Phase::Running } else { Phase::Paused };
        self.publish();
    }

    fn pace_anew(&mut self) {
        self.paced_from = (Instant::now(), self.simulation.step());
    }

    /// Some steps, as many as fit in a batch, the goal and the speed limit.
    fn run_batch(&mut self) {
        let now = self.simulation.step();
        let mut steps = self.batch;
        if let Some(until) = self.until {
            steps = steps.min(until.saturating_sub(now));
        }
        if let Some(limit) = self.limit {
            let (began, from) = self.paced_from;
            let due = from + (began.elapsed().as_secs_f64() * 1000.0 * limit / self.simulation.resolution()) as u64;
            steps = steps.min(due.saturating_sub(now));
            if steps == 0 {
                // Not due yet: rest, but not longer than a command should have to wait.
                let wait = ((now + 1 - from) as f64 * self.simulation.resolution() / 1000.0 / limit)
                    - began.elapsed().as_secs_f64();
                std::thread::sleep(Duration::from_secs_f64(wait.clamp(0.0002, 0.004)));
                if self.published.elapsed() >= PUBLISH_EVERY {
                    self.publish();
                }
                return;
            }
        }
        let began = Instant::now();
        let outcome = self.simulation.advance(steps);
        let took = began.elapsed();
        if steps == self.batch {
            if took < BATCH / 2 {
                self.batch = (self.batch * 2).min(1 << 20);
            } else if took > BATCH * 2 {
                self.batch = (self.batch / 2).max(1);
            }
        }
        self.simulation.take_frame(&mut self.frame);
        if let Err(problem) = outcome {
            self.running = false;
            self.publish();
            self.shared.status().phase = Phase::Failed(vec![problem]);
            (self.shared.wake)();
            return;
        }
        if self.until.is_some_and(|until| self.simulation.step() >= until) {
            self.set_running(false);
        } else if self.published.elapsed() >= PUBLISH_EVERY {
            self.publish();
        }
    }

    /// Hands over what was recorded, if there is room, and the latest status.
    fn publish(&mut self) {
        self.published = Instant::now();
        if !self.frame.is_empty() {
            let next = self.returned.try_recv().unwrap_or_default();
            match self.outbox.try_send(std::mem::replace(&mut self.frame, next)) {
                Ok(()) => {}
                // No room: it stays here and the next steps are put behind it.
                Err(TrySendError::Full(frame) | TrySendError::Disconnected(frame)) => {
                    self.frame = frame;
                    if self.frame.bytes() > KEPT_BYTES {
                        self.frame.rows.iter_mut().for_each(Rows::clear);
                        self.shared.status().lossy = true;
                    }
                }
            }
        }
        self.tell_status();
        (self.shared.wake)();
    }

    fn tell_status(&mut self) {
        let (now, time, counters) = (Instant::now(), self.simulation.time(), self.simulation.counters());
        self.trail.push_back((now, time, counters.spikes));
        while self.trail.len() > 2 && now - self.trail[1].0 > AVERAGED {
            self.trail.pop_front();
        }
        let mut status = self.shared.status();
        status.time = time;
        status.spikes = counters.spikes;
        status.counters = counters;
        if let Some((began, from, spikes)) = self.trail.front() {
            let (wall, bio) = ((now - *began).as_secs_f64(), time - from);
            if wall > 0.0 && bio > 0.0 {
                status.speed = bio / 1000.0 / wall;
                status.spikes_per_second = (counters.spikes - spikes) as f64 / (bio / 1000.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::read;
    use crate::recordings::Recordings;

    const NETWORK: &str = r#"(nodes: {
        "E": (model: "iaf_psc_alpha", n: 40, params: (I_e: 450)),
        "noise": (model: "poisson_generator", params: (rate: 2000)),
        "spikes": (model: "spike_recorder"), "V": (model: "voltmeter"),
    }, projections: [
        (from: "noise", to: "E", weight: 30, delay: 1.5), (from: "E", to: "E", rule: fixed_indegree(10), weight: -20, delay: 1.5),
        (from: "E", to: "spikes"), (from: "V", to: "E"),
    ])"#;

    fn wait(engine: &Engine, what: impl Fn(&Status) -> bool) -> Status {
        let began = Instant::now();
        loop {
            let status = engine.status();
            if what(&status) {
                return status;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "waited in vain: {status:?}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn started() -> Engine {
        let (project, _) = read(NETWORK).unwrap();
        let engine = Engine::start(project, Arc::new(|| {}));
        wait(&engine, |s| s.phase == Phase::Paused);
        engine
    }

    fn record(engine: &mut Engine, into: &mut Recordings) {
        engine.drain(|frame| into.append(frame));
    }

    #[test]
    fn the_window_records_what_a_plain_run_records() {
        let mut engine = started();
        let mut seen = Recordings::new(engine.plan().unwrap().clone());
        engine.send(Command::RunUntil(200.0));
        engine.send(Command::RunUntil(500.0));
        wait(&engine, |s| s.phase == Phase::Paused && s.time >= 499.99);
        record(&mut engine, &mut seen);
        let (project, _) = read(NETWORK).unwrap();
        let mut simulation = Simulation::build(&project, &|_| true).unwrap();
        simulation.advance(5000).unwrap();
        let mut frame = Frame::default();
        simulation.take_frame(&mut frame);
        assert!(frame.rows[0].times.len() > 100);
        assert_eq!(seen.rows, frame.rows);
    }

    #[test]
    fn going_back_makes_what_came_after_undone() {
        let mut engine = started();
        let mut seen = Recordings::new(engine.plan().unwrap().clone());
        let run_until = |engine: &Engine, ms: f64| {
            engine.send(Command::RunUntil(ms));
            wait(engine, |s| s.phase == Phase::Paused && (s.time - ms).abs() < 0.01);
        };
        run_until(&engine, 300.0);
        let mut plain = seen.clone();
        record(&mut engine, &mut plain);
        seen.rows.clone_from(&plain.rows);
        engine.send(Command::Keep);
        engine.send(Command::Set { node: NodeId(0), params: vec![("I_e".into(), Value::Real(900.0))] });
        run_until(&engine, 400.0);
        engine.send(Command::GoBack);
        wait(&engine, |s| s.phase == Phase::Paused && (s.time - 300.0).abs() < 0.01);
        record(&mut engine, &mut seen);
        assert_eq!(seen.rows, plain.rows);
        engine.send(Command::GoBack);
        assert_eq!(wait(&engine, |s| s.kept.is_some()).kept, Some(300.0));
    }

    #[test]
    fn a_weight_changed_while_running_is_felt() {
        let mut engine = started();
        let mut seen = Recordings::new(engine.plan().unwrap().clone());
        engine.send(Command::SetWeight { projection: ProjectionId(0), weight: Value::Real(0.0) });
        engine.send(Command::Set { node: NodeId(0), params: vec![("I_e".into(), Value::Real(0.0))] });
        engine.send(Command::RunUntil(300.0));
        wait(&engine, |s| s.time >= 299.99);
        engine.send(Command::Set { node: NodeId(0), params: vec![("I_e".into(), Value::Real(600.0))] });
        engine.send(Command::RunUntil(600.0));
        wait(&engine, |s| s.phase == Phase::Paused && s.time >= 599.99);
        record(&mut engine, &mut seen);
        let spikes = &seen.rows[0].times;
        assert!(spikes.iter().all(|t| *t > 300.0), "silence before");
        assert!(spikes.len() > 100, "spikes after: {}", spikes.len());
    }

    #[test]
    fn synapses_change_while_they_run() {
        let text = r#"(nodes: {
            "pre": (model: "iaf_psc_exp", params: (I_e: 500)), "post": (model: "iaf_psc_exp"),
            "w": (model: "weight_recorder") },
            projections: [(from: "pre", to: "post", weight: 10, synapse: "tsodyks_synapse", params: (U: 0.5), weight_recorder: "w")])"#;
        let (project, _) = read(text).unwrap();
        let mut engine = Engine::start(project.clone(), Arc::new(|| {}));
        wait(&engine, |s| s.phase == Phase::Paused);
        let mut seen = Recordings::new(engine.plan().unwrap().clone());
        engine.send(Command::RunUntil(200.0));
        wait(&engine, |s| s.time >= 199.99);
        let params = vec![("U".to_owned(), Value::Real(0.05))];
        engine.send(Command::SetSynapses { projection: ProjectionId(0), params: params.clone() });
        engine.send(Command::RunUntil(400.0));
        wait(&engine, |s| s.time >= 399.99);
        record(&mut engine, &mut seen);

        let run = |params: &[(String, Value)]| {
            let mut simulation = Simulation::build(&project, &|_| true).unwrap();
            simulation.advance(2000).unwrap();
            let told = simulation.set_synapses(ProjectionId(0), params);
            simulation.advance(2000).unwrap();
            let mut frame = Frame::default();
            simulation.take_frame(&mut frame);
            (told, frame.rows.swap_remove(0))
        };
        let (_, as_built) = run(&[]);
        let (told, changed) = run(&params);
        assert_eq!((told, &changed), (Ok(()), &seen.rows[0]));
        let width = as_built.values.len() / as_built.times.len();
        let before = as_built.times.iter().filter(|t| **t <= 200.0).count() * width;
        assert!(before > 0 && before < as_built.values.len());
        assert_eq!(as_built.values[..before], changed.values[..before]);
        assert_ne!(as_built.values[before..], changed.values[before..]);
        for (name, value) in [("U", 2.0), ("tau_rec", -1.0), ("u", 0.1), ("nothing", 1.0)] {
            let (told, rows) = run(&[("tau_psc".into(), Value::Real(7.0)), (name.into(), Value::Real(value))]);
            assert!(told.unwrap_err()[0].to_string().contains(name));
            assert_eq!(rows, as_built, "all or none");
        }
    }

    #[test]
    fn a_refused_value_is_told_and_changes_nothing() {
        let engine = started();
        engine.send(Command::Set { node: NodeId(0), params: vec![("tau_m".into(), Value::Real(-1.0))] });
        let status = wait(&engine, |s| !s.refused.is_empty());
        assert!(status.refused[0].to_string().contains("tau_m"), "{}", status.refused[0]);
    }

    #[test]
    fn the_speed_limit_holds() {
        let engine = started();
        engine.send(Command::SpeedLimit(Some(0.1)));
        let began = Instant::now();
        engine.send(Command::RunUntil(20.0));
        wait(&engine, |s| s.time >= 19.99);
        assert!(began.elapsed() >= Duration::from_millis(190));
    }

    #[test]
    fn a_project_that_cannot_be_built_fails_with_its_problems() {
        let (mut project, _) = read(NETWORK).unwrap();
        project.nodes[0].params.insert("C_m".into(), Value::Real(0.0));
        let engine = Engine::start(project, Arc::new(|| {}));
        let status = wait(&engine, |s| matches!(s.phase, Phase::Failed(_)));
        let Phase::Failed(problems) = status.phase else { unreachable!("waited for it") };
        assert!(problems[0].to_string().contains("C_m"));
    }
}
