//! The running network: engine, recordings and what the user wants of them.
//!
//! [`Session::follow`] is called after every change of the document. What the
//! engine need not know is ignored, what it can be told is told, and what
//! changes the structure builds a new engine in the background while the
//! plots keep showing the old run.

mod activity;
mod change;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use spikeloom_engine::live::files::records_to_file;
use spikeloom_engine::live::{Asked, Command, Engine, Folder, Look, Phase, Status};
use spikeloom_engine::project::{NodeId, Play, Problem, Project, Settings};
use spikeloom_engine::recordings::Recordings;

use self::activity::Activity;
use self::change::{Change, compare};
use crate::statistics::Statistics;

/// Seconds without a further change after which a rebuild starts although a gesture goes on.
const DEBOUNCE: f64 = 0.3;

/// A build that takes longer than this, s, is shown as it goes on.
const LONG_BUILD: f64 = 0.4;

/// The speed at which a network is played at first: a small one runs a hundred times faster than anyone can watch.
fn first_speed(settings: &Settings) -> Option<f64> {
    Some(settings.speed).filter(|speed| speed.is_finite() && *speed > 0.0)
}

/// So much of what recorders write into files stays in memory for plots, ms, and is dropped when it is twice as much.
const IN_SIGHT: f64 = 10_000.0;

/// Trials that are kept to be shown behind the present one.
const PAST_TRIALS: usize = 8;

/// Where a network that plays stops or starts anew, ms; `None` if it goes on for ever.
fn goal(settings: &Settings) -> Option<f64> {
    (settings.play != Play::Endless).then_some(settings.duration)
}

/// The seed of a trial, by its number counted from 0.
fn seed(settings: &Settings, trial: u64) -> u64 {
    match settings.play {
        Play::Repeat { next_seed: true } => settings.seed.wrapping_add(trial),
        _ => settings.seed,
    }
}

/// What the user wants the network to do.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Intent {
    Rest,
    /// Play as the document says: for ever, once, or again and again.
    Play,
    /// Run until this time, ms.
    Until(f64),
}

/// Something the user should hear of.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The engine could not build or go on.
    Failed(Vec<Problem>),
    /// The engine did not do what it was told.
    Refused(Vec<Problem>),
    /// Recordings older than this time in ms were dropped to stay within the memory limit.
    Dropped(f64),
    /// Frames were thinned; the recordings have a gap.
    Lossy,
    /// Recorders have begun to write files into this folder.
    Recording(PathBuf),
    /// Files of recorders are written no more.
    NotWritten(Problem),
}

/// A run to the duration that is over, while the network plays again and again.
pub struct Trial {
    /// Counted from 0.
    pub number: u64,
    pub recordings: Recordings,
    pub status: Status,
}

/// The runtime part of the program's state; never saved.
pub struct Session {
    engine: Engine,
    /// What the engine was told.
    told: Project,
    /// What the engine had been told when its state was kept.
    kept: Option<Project>,
    wake: Arc<dyn Fn() + Send + Sync>,
    intent: Intent,
    speed_limit: Option<f64>,
    recordings: Recordings,
    /// The recordings belong to an engine that was replaced.
    stale: bool,
    /// The number of the present trial, counted from 0.
    trial: u64,
    /// The trials before it, the latest first.
    past: VecDeque<Trial>,
    /// Since when the network is being built, s.
    building_since: Option<f64>,
    /// The user did not wait until the network was built.
    cancelled: bool,
    /// The engine of a trial is made ready: until it runs, the network counts as running.
    between_trials: bool,
    generation: u64,
    status: Status,
    activity: Activity,
    statistics: Statistics,
    /// When the structure was last seen to differ from what the engine was told, s.
    outdated_since: Option<f64>,
    memory_limit: usize,
    refused: Vec<Problem>,
    look: Option<Look>,
    asked: Option<Asked>,
    reported_failure: bool,
    reported_lossy: bool,
    /// Where recorders write their files.
    folder: Folder,
    reported_folder: bool,
    reported_files: bool,
}

impl Session {
    /// Builds `project` and waits. `wake` is called from the engine's thread when there is news.
    pub fn new(project: &Project, memory_limit: usize, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let engine = Engine::start(project.clone(), wake.clone());
        let speed_limit = first_speed(&project.simulation);
        engine.send(Command::SpeedLimit(speed_limit));
        Session {
            engine,
            told: project.clone(),
            kept: None,
            wake,
            intent: Intent::Rest,
            speed_limit,
            recordings: Recordings::default(),
            stale: true,
            trial: 0,
            past: VecDeque::new(),
            building_since: None,
            cancelled: false,
            between_trials: false,
            generation: 0,
            status: Status::default(),
            activity: Activity::default(),
            statistics: Statistics::default(),
            outdated_since: None,
            memory_limit,
            refused: Vec::new(),
            look: None,
            asked: None,
            reported_failure: false,
            reported_lossy: false,
            folder: Folder::Unknown,
            reported_folder: false,
            reported_files: false,
        }
    }

    /// Recorders that write files write those of each run into a new folder within this one.
    pub fn record_within(&mut self, folder: Option<PathBuf>) {
        let folder = folder.map_or(Folder::Unknown, Folder::Within);
        if self.folder != folder {
            self.folder = folder.clone();
            self.engine.send(Command::RecordInto(folder));
        }
    }

    /// Another document: everything recorded so far is forgotten.
    pub fn open(&mut self, project: &Project) {
        self.intent = Intent::Rest;
        self.speed_limit = first_speed(&project.simulation);
        self.forget_recordings();
        self.rebuild(project);
    }

    pub fn status(&self) -> &Status {
        &self.status
    }

    pub fn recordings(&self) -> &Recordings {
        &self.recordings
    }

    /// Changes whenever recordings start anew or lose their beginning.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The number of the present trial, counted from 0, of a network that plays again and again.
    pub fn trial(&self) -> u64 {
        self.trial
    }

    /// The seed of the present trial.
    pub fn trial_seed(&self) -> u64 {
        seed(&self.told.simulation, self.trial)
    }

    /// The trials before the present one, the latest first.
    pub fn past_trials(&self) -> &VecDeque<Trial> {
        &self.past
    }

    /// Whether the recordings are those of a network that has been replaced, and nothing has come from the new one yet.
    pub fn shows_previous_run(&self) -> bool {
        self.stale && !self.between_trials && self.recordings.bytes() > 0
    }

    /// Spikes per second and neuron of recorded nodes while running.
    pub fn activity(&self) -> &[(NodeId, f64)] {
        self.activity.rates()
    }

    /// Rate, regularity and potential of what is recorded.
    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// Simulated seconds per second of wall time; `None` for unlimited.
    pub fn speed_limit(&self) -> Option<f64> {
        self.speed_limit
    }

    /// Whether the network runs, or will as soon as it is built.
    pub fn is_playing(&self) -> bool {
        self.intent != Intent::Rest
    }

    /// Whether something goes on that will change what is shown.
    pub fn is_busy(&self) -> bool {
        self.is_playing() || self.outdated_since.is_some() || self.status.phase == Phase::Building
    }

    /// How far the network is built, if that has taken some time already, and how many more seconds it will take.
    pub fn building(&self, now: f64) -> Option<(f64, Option<f64>)> {
        let elapsed = now - self.building_since?;
        let done = self.status.built;
        let left = (done > 0.0).then(|| elapsed * (1.0 - done) / done);
        (self.status.phase == Phase::Building && elapsed >= LONG_BUILD).then_some((done, left))
    }

    /// Does not wait any longer until the network is built. Playing builds it again.
    pub fn cancel_building(&mut self) {
        if self.status.phase == Phase::Building {
            self.intent = Intent::Rest;
            self.cancelled = true;
            self.engine.cancel();
        }
    }

    /// Whether the network is not built because the user did not want to wait.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    /// Simulated time, ms.
    pub fn time(&self) -> f64 {
        self.status.time
    }

    /// Bytes of recordings that are kept at most.
    pub fn set_memory_limit(&mut self, bytes: usize) {
        self.memory_limit = bytes;
    }

    /// Plays as the document says: for ever, to its duration, or again and again. What has come to its end begins anew.
    pub fn play(&mut self, project: &Project) {
        if goal(&project.simulation).is_some_and(|end| self.is_at(end)) {
            match project.simulation.play {
                Play::Repeat { .. } => self.next_trial(project),
                Play::Endless | Play::Once => self.reset(project),
            }
        }
        let command = self.play_command();
        self.want(Intent::Play, command);
    }

    /// Whether the network rests at a time (ms) or later.
    fn is_at(&self, time: f64) -> bool {
        let half_step = 0.5 * self.told.simulation.resolution;
        self.status.phase == Phase::Paused && self.status.time >= time - half_step
    }

    fn play_command(&self) -> Command {
        goal(&self.told.simulation).map_or(Command::Run, Command::RunUntil)
    }

    /// Has the state of this told with each status, or of nothing.
    pub fn look(&mut self, look: Option<Look>) {
        if self.look != look {
            self.look = look;
            self.engine.send(Command::Look(look));
        }
    }

    /// Has it told to whom a neuron is connected, once for each that is asked for.
    pub fn ask(&mut self, asked: Option<Asked>) {
        if self.asked != asked {
            self.asked = asked;
            self.engine.send(Command::Connections(asked));
        }
    }

    pub fn pause(&mut self) {
        self.want(Intent::Rest, Command::Pause);
    }

    /// Runs until the clock stands at `time`, ms.
    pub fn run_until(&mut self, time: f64) {
        self.want(Intent::Until(time), Command::RunUntil(time));
    }

    /// Advances by `ms` and pauses.
    pub fn step(&mut self, ms: f64) {
        self.want(Intent::Rest, Command::Step(ms));
    }

    fn want(&mut self, intent: Intent, command: Command) {
        if self.cancelled {
            self.rebuild(&self.told.clone());
        }
        self.intent = intent;
        self.reported_failure = false;
        self.engine.send(command);
    }

    /// Simulated seconds per second of wall time; `None` for unlimited.
    pub fn set_speed_limit(&mut self, limit: Option<f64>) {
        self.speed_limit = limit;
        self.engine.send(Command::SpeedLimit(limit));
    }

    /// Back to time zero, at rest, with nothing recorded.
    pub fn reset(&mut self, project: &Project) {
        self.intent = Intent::Rest;
        self.forget_recordings();
        self.rebuild(project);
    }

    /// The next trial from time zero, at rest, with the one that is over behind it.
    fn next_trial(&mut self, project: &Project) {
        let recordings = std::mem::take(&mut self.recordings);
        let trial = Trial { number: self.trial, status: self.status.clone(), recordings };
        self.recordings = Recordings::new(trial.recordings.plan.clone());
        self.past.push_front(trial);
        self.past.truncate(PAST_TRIALS);
        self.trial += 1;
        self.activity = Activity::default();
        self.statistics = Statistics::default();
        let (shown, kept_on) = (self.status.clone(), self.refused.clone());
        self.start(project);
        // What is on show does not flicker while the engine makes ready.
        self.between_trials = true;
        let phase = if self.is_playing() { Phase::Running } else { shown.phase };
        self.status = Status { phase, time: 0.0, kept: None, ..shown };
        self.refused = kept_on;
    }

    /// Keeps the state of the network as it is when the engine hears of it.
    pub fn keep(&mut self) {
        self.kept = Some(self.told.clone());
        self.engine.send(Command::Keep);
    }

    /// The time that was kept, ms.
    pub fn kept(&self) -> Option<f64> {
        self.status.kept
    }

    /// Back to the state kept, at rest. What was recorded since then goes; what the document says now
    /// goes on to hold.
    pub fn go_back(&mut self, project: &Project, now: f64) {
        let Some(kept) = self.kept.clone() else { return };
        self.want(Intent::Rest, Command::GoBack);
        // The engine has the parameters of then as well: it is told what has changed since.
        self.told = kept;
        self.follow(project, false, now);
    }

    /// Brings the engine to what the document says. `hold` while a gesture goes on whose
    /// next edits would make a rebuild in vain.
    pub fn follow(&mut self, project: &Project, hold: bool, now: f64) {
        let (before, speed) = (goal(&self.told.simulation), self.told.simulation.speed);
        match compare(&self.told, project) {
            Change::Cosmetic => self.outdated_since = None,
            Change::Live(_) | Change::Structural if self.has_failed() => self.rebuild(project),
            Change::Live(commands) => {
                self.outdated_since = None;
                commands.into_iter().for_each(|c| self.engine.send(c));
                self.told = project.clone();
            }
            Change::Structural if hold => self.outdated_since = Some(now),
            Change::Structural => self.rebuild(project),
        }
        let settings = &project.simulation;
        // A speed that the document says anew, or again after undo, holds from now on.
        if speed != settings.speed {
            self.set_speed_limit(first_speed(settings));
        }
        let told = &mut self.told.simulation;
        (told.play, told.duration, told.speed) = (settings.play, settings.duration, settings.speed);
        // A network that plays goes on as the document says now.
        if self.intent == Intent::Play && before != goal(&self.told.simulation) {
            self.engine.send(self.play_command());
        }
    }

    /// Rebuilds when a held change has come to rest. Says in how many seconds to look again.
    pub fn settle(&mut self, project: &Project, hold: bool, now: f64) -> Option<f64> {
        let since = self.outdated_since?;
        let remaining = since + DEBOUNCE - now;
        if hold && remaining > 0.0 {
            return Some(remaining);
        }
        self.rebuild(project);
        None
    }

    fn has_failed(&self) -> bool {
        matches!(self.status.phase, Phase::Failed(_))
    }

    /// Replaces the engine by one of another network. Running goes on from time zero, with the first trial.
    fn rebuild(&mut self, project: &Project) {
        self.trial = 0;
        self.past.clear();
        self.start(project);
    }

    /// Starts the engine of the present trial.
    fn start(&mut self, project: &Project) {
        let mut network = project.clone();
        network.simulation.seed = seed(&project.simulation, self.trial);
        self.engine = Engine::start(network, self.wake.clone());
        self.told = project.clone();
        self.building_since = None;
        self.cancelled = false;
        self.between_trials = false;
        self.kept = None;
        self.outdated_since = None;
        self.stale = true;
        self.status = Status::default();
        self.refused.clear();
        self.reported_failure = false;
        self.reported_lossy = false;
        self.reported_files = false;
        // Of trials that follow each other it is said once.
        self.reported_folder &= self.trial > 0;
        self.engine.send(Command::RecordInto(self.folder.clone()));
        self.engine.send(Command::SpeedLimit(self.speed_limit));
        self.engine.send(Command::Look(self.look));
        self.engine.send(Command::Connections(self.asked));
        match self.intent {
            Intent::Rest => {}
            Intent::Play => self.engine.send(self.play_command()),
            Intent::Until(time) => self.engine.send(Command::RunUntil(time)),
        }
    }

    fn forget_recordings(&mut self) {
        self.recordings = Recordings::default();
        self.past.clear();
        self.activity = Activity::default();
        self.statistics = Statistics::default();
        self.generation += 1;
    }

    /// Takes what the engine has produced since the last frame of the window.
    pub fn poll(&mut self, now: f64) -> Vec<Event> {
        let status = self.engine.status();
        // Until a trial has begun to run, what is shown goes on to say that the network runs.
        let rests = match status.phase {
            Phase::Building => true,
            Phase::Paused => status.time <= 0.0,
            Phase::Running | Phase::Failed(_) => false,
        };
        if !(self.between_trials && rests && self.is_playing()) {
            self.between_trials = false;
            self.status = status;
        }
        // That building ended early was the user's will, and no failure.
        if self.cancelled && self.has_failed() {
            self.status.phase = Phase::Paused;
        }
        match self.status.phase {
            Phase::Building => _ = self.building_since.get_or_insert(now),
            _ => self.building_since = None,
        }
        self.collect(now);
        let mut events = Vec::new();
        self.note_end_of_run();
        self.note_failure(&mut events);
        self.note_refusals(&mut events);
        if self.status.lossy && !self.reported_lossy {
            self.reported_lossy = true;
            events.push(Event::Lossy);
        }
        self.note_files(&mut events);
        while !self.past.is_empty() && self.bytes() > self.memory_limit {
            self.past.pop_back();
        }
        if self.recordings.bytes() > self.memory_limit {
            let until = self.recordings.drop_older_half();
            self.generation += 1;
            self.statistics.drop_before(until);
            events.push(Event::Dropped(until));
        }
        events
    }

    /// Says where files are written, and drops what stands in them and is no longer in sight.
    fn note_files(&mut self, events: &mut Vec<Event>) {
        let Some(written) = &self.status.files else { return };
        match (&written.trouble, &written.folder) {
            (Some(trouble), _) if !self.reported_files => {
                self.reported_files = true;
                events.push(Event::NotWritten(trouble.clone()));
            }
            (None, Some(folder)) if !self.reported_folder => {
                self.reported_folder = true;
                events.push(Event::Recording(folder.clone()));
            }
            _ => {}
        }
        if written.trouble.is_some() || written.folder.is_none() || self.stale {
            return;
        }
        for place in 0..self.recordings.plan.recorders.len() {
            let node = self.told.node(self.recordings.plan.recorders[place].node);
            let first = self.recordings.rows[place].times.first().copied();
            if let Some(first) = first.filter(|_| node.is_some_and(records_to_file))
                && self.status.time - first > 2.0 * IN_SIGHT
            {
                self.recordings.drop_before(place, self.status.time - IN_SIGHT);
            }
        }
    }

    /// Bytes of all that is recorded.
    fn bytes(&self) -> usize {
        self.recordings.bytes() + self.past.iter().map(|trial| trial.recordings.bytes()).sum::<usize>()
    }

    fn collect(&mut self, now: f64) {
        let Session { engine, recordings, activity, statistics, stale, generation, trial, .. } = self;
        let mut new_plan = if *stale { engine.plan().cloned() } else { None };
        let mut begin = |recordings: &mut Recordings, activity: &mut Activity, generation: &mut u64| {
            if let Some(plan) = new_plan.take() {
                *recordings = Recordings::new(plan);
                *activity = Activity::default();
                *statistics = Statistics::default();
                *stale = false;
                // A further trial is seen as the one before was: nothing begins anew but the lines.
                if *trial == 0 {
                    *generation += 1;
                }
            }
        };
        // The plots keep the old run until the new one has something to show.
        if recordings.plan.members.is_empty() {
            begin(recordings, activity, generation);
        }
        let mut news = false;
        engine.drain(|frame| {
            if frame.is_empty() {
                return;
            }
            begin(recordings, activity, generation);
            if frame.rewound.is_some() {
                *activity = Activity::default();
                *generation += 1;
            }
            activity.count(&recordings.plan, frame);
            recordings.append(frame);
            news = true;
        });
        if news {
            activity.update(&recordings.plan, self.status.time, now);
        } else {
            activity.rest(now, self.intent != Intent::Rest);
        }
        // What is left of an older run keeps the time that it had come to.
        if !self.stale {
            self.statistics.update(&self.told, &self.recordings, self.status.time);
        }
    }

    fn note_end_of_run(&mut self) {
        let goal = match self.intent {
            Intent::Rest => None,
            Intent::Play => goal(&self.told.simulation),
            Intent::Until(time) => Some(time),
        };
        if !goal.is_some_and(|end| self.is_at(end)) {
            return;
        }
        match self.told.simulation.play {
            Play::Repeat { .. } if self.intent == Intent::Play => self.next_trial(&self.told.clone()),
            _ => self.intent = Intent::Rest,
        }
    }

    /// A network that cannot be built is only worth a message when the user wants it to run;
    /// until then the inspector lists the problems.
    fn note_failure(&mut self, events: &mut Vec<Event>) {
        let Phase::Failed(problems) = &self.status.phase else { return };
        if !self.reported_failure && self.intent != Intent::Rest {
            self.reported_failure = true;
            events.push(Event::Failed(problems.clone()));
        }
        self.intent = Intent::Rest;
    }

    fn note_refusals(&mut self, events: &mut Vec<Event>) {
        if self.status.refused != self.refused {
            self.refused = self.status.refused.clone();
            if !self.refused.is_empty() {
                events.push(Event::Refused(self.refused.clone()));
            }
        }
    }
}
