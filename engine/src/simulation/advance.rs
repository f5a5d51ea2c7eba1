//! The clock: slices, their phases, and the threads that work on them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use web_time::Instant;

use super::chunk::{Chunk, LONGEST_SPAN, Outbox, STORM, Span, Trouble};
use super::coupling::{self, Signals};
use super::devices::Devices;
use super::recorders::Recorders;
use super::team::Team;
use super::transmitters::Transmitter;
use super::{Counters, Simulation};
use crate::mechanisms::time::Grid;
use crate::project::{Place, Problem};

/// Phases of a slice that the threads do together.
const UPDATE: usize = 0;
const DELIVER: usize = 1;
const TRIGGER: usize = 2;

/// States are tested for being finite whenever this many steps have passed.
const CHECK_EVERY: i64 = 32;

/// Why a run broke off.
enum Broken {
    Internal,
    InChunk(usize, Trouble),
    /// A recorder, by node, that a source floods.
    AtRecorder(usize),
}

/// What the threads share during one call of `advance`.
struct Shared<'a> {
    chunks: &'a [Mutex<Chunk>],
    outboxes: &'a [RwLock<Outbox>],
    devices: &'a RwLock<(Devices, Vec<Outbox>)>,
    transmitters: &'a RwLock<Vec<Transmitter>>,
    span: RwLock<Span>,
    broken: Mutex<Option<(usize, Trouble)>>,
    events: AtomicU64,
    signals: &'a Mutex<Signals>,
    /// The chunks that step together.
    coupled: Vec<usize>,
    grid: Grid,
    slice: i64,
}

impl Simulation {
    /// A run begins: oscillators of generators take the phase of absolute time.
    /// Needed after parameters of generators have changed; done once when the network is built.
    pub fn begin_run(&mut self) {
        let now = self.now;
        let (devices, _) = self.devices.get_mut().unwrap_or_else(PoisonError::into_inner);
        devices.list.iter_mut().flatten().for_each(|device| device.begin_run(now));
    }

    /// Advances by whole steps. After an error the simulation stays where it is.
    pub fn advance(&mut self, steps: u64) -> Result<(), Problem> {
        if let Some(problem) = &self.failure {
            return Err(problem.clone());
        }
        let end = self.now + steps.min(i64::MAX as u64 / 8) as i64;
        // The recorders are the lead's alone while the others work.
        let mut recorders = std::mem::take(&mut self.recorders);
        let (mut now, mut counters) = (self.now, self.counters);
        let shared = Shared {
            chunks: &self.chunks,
            outboxes: &self.outboxes,
            devices: &self.devices,
            transmitters: &self.transmitters,
            span: RwLock::default(),
            broken: Mutex::new(None),
            events: AtomicU64::new(counters.synaptic_events),
            signals: &self.signals,
            coupled: (0..self.chunks.len()).filter(|&i| locked(&self.chunks[i]).coupled).collect(),
            grid: self.grid,
            slice: self.slice,
        };
        let work = |phase: usize, chunks: &mut dyn Iterator<Item = usize>| shared.work(phase, chunks);
        let result = Team::run(self.threads, self.chunks.len(), &self.patience, &work, |team, patience| {
            while now < end {
                now = shared.pass(&|phase| team.together(phase, patience), now, end, &mut recorders, &mut counters)?;
            }
            Ok(())
        });
        counters.synaptic_events = shared.events.load(Ordering::Relaxed);
        (self.now, self.counters, self.recorders) = (now, counters, recorders);
        result.map_err(|broken| {
            let problem = self.explain(broken);
            self.failure = Some(problem.clone());
            problem
        })
    }

    fn explain(&self, broken: Broken) -> Problem {
        let time = crate::value::number(self.time());
        match broken {
            Broken::Internal => Problem::error(
                Place::Simulation,
                format!("the simulation broke off after {time} ms with an internal error"),
            ),
            Broken::AtRecorder(node) => {
                let node = &self.nodes[node];
                Problem::error(
                    Place::Node { id: node.id, name: node.name.clone() },
                    format!(
                        "one of its sources sends it more than {STORM} spikes in one step shortly after {time} ms; \
                         check rates and multiplicities"
                    ),
                )
            }
            Broken::InChunk(chunk, trouble) => {
                let chunk = locked(&self.chunks[chunk]);
                let node = &self.nodes[self.populations[chunk.population].node];
                let message = match trouble {
                    Trouble::NotFinite { neuron } => format!(
                        "the state of neuron {} is no longer a finite number, or changes too fast to be followed, shortly after {time} ms; \
                         check weights, parameters and the resolution",
                        chunk.first + neuron
                    ),
                    Trouble::Storm { neuron } => format!(
                        "neuron {} sends more than {STORM} spikes in one step shortly after {time} ms; \
                         do populations repeat each other's spikes?",
                        chunk.first + neuron
                    ),
                };
                Problem::error(Place::Node { id: node.id, name: node.name.clone() }, message)
            }
        }
    }
}

impl Shared<'_> {
    /// What a thread does in one phase: the chunks that it claims.
    fn work(&self, phase: usize, chunks: &mut dyn Iterator<Item = usize>) {
        let devices = read(self.devices);
        let span = read(&self.span);
        if phase == UPDATE {
            for item in chunks {
                let mut chunk = locked(&self.chunks[item]);
                if chunk.coupled {
                    drop(chunk);
                    self.step_together(item, &span, &devices.0);
                } else if let Err(problem) =
                    chunk.update(self.grid, &span, &devices.0, &mut write(&self.outboxes[item]))
                {
                    self.tell(item, problem);
                }
            }
        } else if phase == TRIGGER {
            let transmitters = read(self.transmitters);
            for item in chunks {
                locked(&self.chunks[item]).trigger(self.grid, span.first, self.slice, &transmitters);
            }
        } else {
            let outboxes: Vec<_> = self.outboxes.iter().map(read).collect();
            let transmitters = read(self.transmitters);
            let deliver = |item: usize| {
                let mut chunk = locked(&self.chunks[item]);
                chunk.deliver(self.grid, span.first, item, &outboxes, &devices.1, &transmitters)
            };
            self.events.fetch_add(chunks.map(deliver).sum(), Ordering::Relaxed);
        }
    }

    /// The first chunk in trouble is named, whichever thread was faster.
    fn tell(&self, item: usize, trouble: Trouble) {
        let mut first = locked(&self.broken);
        if first.is_none_or(|(i, _)| item < i) {
            *first = Some((item, trouble));
        }
    }

    /// All coupled chunks through the span, step by step; the first of them does it for all.
    fn step_together(&self, item: usize, span: &Span, devices: &Devices) {
        let coupled = &self.coupled;
        if coupled.first() != Some(&item) {
            return;
        }
        let mut chunks: Vec<_> = coupled.iter().map(|&i| locked(&self.chunks[i])).collect();
        let mut outboxes: Vec<_> = coupled.iter().map(|&i| write(&self.outboxes[i])).collect();
        let signals = &mut *locked(self.signals);
        chunks.iter_mut().for_each(|chunk| chunk.begin(span));
        for i in 0..span.n {
            let part = coupling::part(span, i);
            let mut together: Vec<&mut Chunk> = chunks.iter_mut().map(|chunk| &mut **chunk).collect();
            coupling::exchange(&mut together, signals, devices, part.first);
            for ((chunk, outbox), &i) in chunks.iter_mut().zip(&mut outboxes).zip(coupled) {
                if let Err(trouble) = chunk.advance(self.grid, &part, devices, outbox) {
                    return self.tell(i, trouble);
                }
            }
        }
    }

    /// The rest of the present slice, or as much of it as is asked for; returns the new time.
    fn pass(
        &self,
        team: &dyn Fn(usize) -> bool,
        now: i64,
        end: i64,
        recorders: &mut Recorders,
        counters: &mut Counters,
    ) -> Result<i64, Broken> {
        let together = |phase| if team(phase) { Ok(()) } else { Err(Broken::Internal) };
        let arrived = Instant::now();
        let offset = now % self.slice;
        if offset == 0 && now > 0 {
            // The spikes of the slice before pass their synapses only now: all neurons have been advanced,
            // and what was changed between two runs counts for them.
            *write(&self.span) = Span { first: now - self.slice, ..Span::default() };
            together(DELIVER)?;
            self.correlate(now, recorders)?;
            self.outboxes.iter().for_each(|o| write(o).clear());
            write(self.devices).1.iter_mut().for_each(Outbox::clear);
            recorders.record_weights(self.grid, self.chunks);
        }
        let began = Instant::now();
        counters.deliver_s += (began - arrived).as_secs_f64();
        let n = (self.slice - offset).min(end - now).min(LONGEST_SPAN as i64);
        let span = Span {
            first: now,
            offset: offset as usize,
            n: n as usize,
            due: recorders.due(now, n as usize),
            check: now / CHECK_EVERY != (now + n) / CHECK_EVERY || now + n == end,
        };
        *write(&self.span) = span.clone();
        {
            let (devices, trains) = &mut *write(self.devices);
            devices.prepare(&span, trains);
        }
        together(UPDATE)?;
        if let Some((chunk, trouble)) = *locked(&self.broken) {
            return Err(Broken::InChunk(chunk, trouble));
        }
        let updated = Instant::now();
        counters.update_s += (updated - began).as_secs_f64();
        self.record(&span, recorders, counters)?;
        counters.record_s += updated.elapsed().as_secs_f64();
        if (now + n) % self.slice == 0 && !read(self.transmitters).is_empty() {
            self.end_slice(now + n, &together)?;
        }
        Ok(now + n)
    }

    /// Correlation detectors take the spikes of neurons of the slice that ends at step `now`.
    fn correlate(&self, now: i64, recorders: &mut Recorders) -> Result<(), Broken> {
        if recorders.correlations.is_empty() {
            return Ok(());
        }
        let slice = Span { first: now - self.slice, n: self.slice as usize, ..Span::default() };
        let guards: Vec<_> = self.outboxes.iter().map(read).collect();
        let outboxes: Vec<&Outbox> = guards.iter().map(|g| &**g).collect();
        recorders.correlate(&slice, self.grid, &outboxes).map_err(Broken::AtRecorder)
    }

    /// Volume transmitters take the spikes of the slice that ends at step `now`, and trigger their synapses.
    fn end_slice(&self, now: i64, together: &dyn Fn(usize) -> Result<(), Broken>) -> Result<(), Broken> {
        let mut due = false;
        {
            let guards: Vec<_> = self.outboxes.iter().map(read).collect();
            let outboxes: Vec<&Outbox> = guards.iter().map(|g| &**g).collect();
            for transmitter in &mut *write(self.transmitters) {
                due |= transmitter.end_slice(self.grid, now, self.slice, &outboxes);
            }
        }
        if due {
            *write(&self.span) = Span { first: now, ..Span::default() };
            together(TRIGGER)?;
            let mut transmitters = write(self.transmitters);
            let due = transmitters.iter_mut().filter(|t| t.is_due(now, self.slice));
            due.for_each(|transmitter| transmitter.triggered(self.grid.ms(now)));
        }
        Ok(())
    }

    /// Recorders take the spikes and samples of the span.
    fn record(&self, span: &Span, recorders: &mut Recorders, counters: &mut Counters) -> Result<(), Broken> {
        let devices = read(self.devices);
        let guards: Vec<_> = self.outboxes.iter().map(read).collect();
        let outboxes: Vec<&Outbox> = guards.iter().map(|g| &**g).collect();
        let recorded = recorders.record_spikes(span, self.grid, &devices.0, &outboxes, &devices.1);
        recorded.map_err(Broken::AtRecorder)?;
        if recorders.meters.iter().zip(&span.due).any(|(_, due)| *due != 0) {
            let starts = recorders.open_samples(span, self.grid, &devices.0);
            for chunk in self.chunks {
                for probe in locked(chunk).probes.iter().filter(|probe| probe.meter < starts.len()) {
                    recorders.place_samples(probe, starts[probe.meter]);
                }
            }
        }
        let steps = span.offset..span.offset + span.n;
        for outbox in outboxes {
            counters.spikes += outbox.spikes[steps.clone()].iter().map(|s| s.len() as u64).sum::<u64>();
            let events = outbox.events[steps.clone()].iter().flatten();
            counters.spikes += events.map(|e| e.multiplicity as u64).sum::<u64>();
        }
        Ok(())
    }
}

// A panic in another thread is told through the team; the data behind a lock stay usable.

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
