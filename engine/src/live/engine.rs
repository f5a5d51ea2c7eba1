//! A simulation on a thread of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded, unbounded};
use web_time::Instant;

use super::pace::BATCH;
use super::{Budget, Command, Phase, Pump, Pumped, Status};
use crate::description::{Place, Problem};
use crate::project::Project;
use crate::recordings::{Frame, RecordingPlan};

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
/// Frames are published, and the window woken, no more often than this.
const PUBLISH_EVERY: Duration = Duration::from_millis(8);
/// Rest between two looks at the clock while the speed limit holds the run back: no longer than a command should have to wait.
const REST: (Duration, Duration) = (Duration::from_micros(200), Duration::from_millis(4));

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
                let pump = build(&project, &theirs)?;
                let published = Instant::now();
                Driver { pump, shared: &theirs, inbox, outbox, returned, published }.run();
                Ok(())
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

    /// Gives up building, or ends the run; the status then says that it has failed.
    pub fn cancel(&self) {
        self.shared.stop.store(true, Ordering::Release);
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
            frame.clear();
            // Back for reuse; if there is no room it is dropped.
            let _ = self.empties.try_send(frame);
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.cancel();
    }
}

fn internal_error() -> Problem {
    Problem::error(
        Place::Simulation,
        "the engine stopped with an internal error; the network and what was recorded are kept",
    )
}

fn build(project: &Project, shared: &Shared) -> Result<Pump, Vec<Problem>> {
    let go_on = |fraction: f64| {
        shared.status().built = fraction;
        !shared.stop.load(Ordering::Acquire)
    };
    // One core is the window's.
    let mut pump = Pump::build(project, 1, &go_on)?;
    // The plan is there before the status says that the network is built.
    let _ = shared.plan.set(pump.simulation().plan().clone());
    *shared.status() = pump.status();
    (shared.wake)();
    Ok(pump)
}

/// The engine's thread once the network stands.
struct Driver<'a> {
    pump: Pump,
    shared: &'a Shared,
    inbox: Receiver<Command>,
    outbox: Sender<Frame>,
    returned: Receiver<Frame>,
    published: Instant,
}

impl Driver<'_> {
    fn run(mut self) {
        while !self.shared.stop.load(Ordering::Acquire) {
            if !self.take_commands() {
                return;
            }
            if let Pumped::Early(wait) = self.pump.pump(Budget::Time(BATCH)) {
                std::thread::sleep(wait.clamp(REST.0, REST.1));
            }
            if self.pump.has_news() || (self.pump.is_running() && self.published.elapsed() >= PUBLISH_EVERY) {
                self.publish();
            }
        }
    }

    /// Acts on waiting commands; waits for one if nothing runs. False when the handle is gone.
    fn take_commands(&mut self) -> bool {
        if !self.pump.is_running() {
            match self.inbox.recv() {
                Ok(command) => self.pump.obey(command),
                Err(_) => return false,
            }
        }
        loop {
            match self.inbox.try_recv() {
                Ok(command) => self.pump.obey(command),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    /// Hands over what was recorded, if there is room, and the latest status.
    fn publish(&mut self) {
        self.published = Instant::now();
        let mut lossy = false;
        if !self.pump.recorded().is_empty() {
            if !self.outbox.is_full() {
                let mut frame = self.returned.try_recv().unwrap_or_default();
                self.pump.take_frame(&mut frame);
                // The room is not taken by anyone else; without a handle nobody wants the frame.
                let _ = self.outbox.try_send(frame);
            } else if self.pump.recorded().bytes() > KEPT_BYTES {
                self.pump.drop_recorded();
                lossy = true;
            }
        }
        let mut status = self.pump.status();
        let mut shown = self.shared.status();
        status.lossy = lossy || shown.lossy;
        // Refusals stay until they are fetched.
        status.refused.splice(..0, shown.refused.drain(..));
        *shown = status;
        drop(shown);
        (self.shared.wake)();
    }
}
