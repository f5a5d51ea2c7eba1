//! The clock: slices, their phases, and the threads that work on them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use web_time::Instant;

use crate::description::{Place, Problem};
use crate::runtime::Simulation;
use crate::runtime::clock::team::WORTH_MEETING;
use crate::runtime::coupling::signals;
use crate::runtime::slice::{LONGEST_SPAN, Outbox, STORM, Span, Trouble};

/// States are tested for being finite whenever this many steps have passed.
const CHECK_EVERY: i64 = 32;

/// Why a run broke off.
enum Broken {
    Internal,
    InChunk(usize, Trouble),
    /// A recorder, by node, that a source floods.
    AtRecorder(usize),
}

/// The time that the parts of a slice take is measured in one slice out of so many, as reading the clock costs time
/// itself. A prime number, so that the slices measured are not always those in which something else happens every 32 steps.
const TIMED_EVERY: i64 = 13;

/// How much time was spent, ns, in the slices in which it was measured.
#[derive(Clone, Default)]
pub struct Shares {
    /// Delivering and updating, by all threads together.
    deliver: u64,
    update: u64,
    /// Both together, and recording, on the clock.
    work: u64,
    record: u64,
}

impl Shares {
    /// What was spent delivering, updating and recording of so many seconds.
    fn of(&self, seconds: f64) -> [f64; 3] {
        let share = |part: u64, other: u64| part as f64 / (part + other).max(1) as f64;
        let recording = seconds * share(self.record, self.work);
        let delivering = (seconds - recording) * share(self.deliver, self.update);
        [delivering, seconds - recording - delivering, recording]
    }
}

impl Simulation {
    /// A run begins: oscillators of generators take the phase of absolute time.
    /// Needed after parameters of generators have changed; done once when the network is built.
    pub fn begin_run(&mut self) {
        let now = self.now;
        self.devices.list.iter_mut().flatten().for_each(|device| device.begin_run(now));
    }

    /// Advances by whole steps. After an error the simulation stays where it is.
    pub fn advance(&mut self, steps: u64) -> Result<(), Problem> {
        if let Some(problem) = &self.failure {
            return Err(problem.clone());
        }
        let began = Instant::now();
        let end = self.now + steps.min(i64::MAX as u64 / 8) as i64;
        let mut result = Ok(());
        while self.now < end && result.is_ok() {
            result = self.advance_span(end);
        }
        for chunk in &mut self.chunks {
            self.counters.spikes += std::mem::take(&mut chunk.sent);
            self.counters.synaptic_events += std::mem::take(&mut chunk.delivered);
        }
        let [delivering, updating, recording] = self.shares.of(began.elapsed().as_secs_f64());
        self.counters.deliver_s += delivering;
        self.counters.update_s += updating;
        self.counters.record_s += recording;
        result.map_err(|broken| {
            let problem = self.explain(broken);
            self.failure = Some(problem.clone());
            problem
        })
    }

    fn explain(&self, broken: Broken) -> Problem {
        let time = crate::description::number(self.time());
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
                let chunk = &self.chunks[chunk];
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

/// The first trouble by chunk, whichever thread was faster.
#[derive(Default)]
struct Troubles(Mutex<Option<(usize, Trouble)>>);

impl Troubles {
    fn report(&self, chunk: usize, trouble: Trouble) {
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if first.is_none_or(|(other, _)| chunk < other) {
            *first = Some((chunk, trouble));
        }
    }

    /// The outcome of a phase: the first trouble, or an internal error if a thread panicked (`done` is false then).
    fn outcome(self, done: bool) -> Result<(), Broken> {
        match self.0.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some((chunk, trouble)) => Err(Broken::InChunk(chunk, trouble)),
            None if done => Ok(()),
            None => Err(Broken::Internal),
        }
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl Simulation {
    /// Advances to the end of the present slice, or to step `end` or as far as a span may go, if that comes first.
    fn advance_span(&mut self, end: i64) -> Result<(), Broken> {
        let now = self.now;
        let timed = (now / self.slice) % TIMED_EVERY == 0;
        let began = timed.then(Instant::now);
        let offset = now % self.slice;
        // The spikes of the slice before pass their synapses only now: all neurons have been advanced,
        // and what was changed between two runs counts for them.
        let arriving = if now == 0 { self.begin() } else { offset == 0 };
        if arriving && now > 0 {
            self.begin_slice()?;
        }
        let n = (self.slice - offset).min(end - now).min(LONGEST_SPAN as i64);
        let mut span = std::mem::take(&mut self.span);
        self.recorders.set_due(&mut span.due, now, n as usize);
        let check = now / CHECK_EVERY != (now + n) / CHECK_EVERY || now + n == end;
        span = Span { first: now, offset: offset as usize, n: n as usize, check, ..span };
        self.devices.prepare(&span, &mut self.trains);
        self.deliver_and_update(arriving, timed, &span)?;
        self.step_together(&span)?;
        let updated = timed.then(Instant::now);
        if arriving {
            self.recorders.record_weights(self.grid, &mut self.chunks);
        }
        self.record(&span)?;
        if (now + n) % self.slice == 0 && !self.transmitters.is_empty() {
            self.end_slice(now + n)?;
        }
        self.span = span;
        if let (Some(began), Some(updated)) = (began, updated) {
            self.shares.work += nanoseconds(updated - began);
            self.shares.record += nanoseconds(updated.elapsed());
        }
        self.now = now + n;
        Ok(())
    }

    /// Before the first step: generators that begin at once send what acts in it. True if there may be something.
    fn begin(&mut self) -> bool {
        let (slice, mut sent) = (self.slice, false);
        for (device, outbox) in self.devices.list.iter_mut().zip(&mut self.trains_before) {
            if let Some(device) = device {
                outbox.clear();
                sent |= device.begin(slice, outbox);
            }
        }
        sent
    }

    /// A slice has ended at the present step: what was sent in it can be delivered, and there is room for the next.
    fn begin_slice(&mut self) -> Result<(), Broken> {
        let slice = Span { first: self.now - self.slice, n: self.slice as usize, ..Span::default() };
        let Simulation { recorders, devices, outboxes, trains, grid, .. } = self;
        recorders.end_slice(&slice, *grid, devices, outboxes, trains).map_err(Broken::AtRecorder)?;
        std::mem::swap(&mut self.outboxes, &mut self.before);
        std::mem::swap(&mut self.trains, &mut self.trains_before);
        self.trains.iter_mut().for_each(Outbox::clear);
        Ok(())
    }

    /// Every chunk delivers the spikes of the slice before to its neurons, if that is due (`arriving`), and steps them
    /// through the span. Coupled chunks only deliver: they are stepped together afterwards. The time of both is measured
    /// where that is wanted (`timed`).
    fn deliver_and_update(&mut self, arriving: bool, timed: bool, span: &Span) -> Result<(), Broken> {
        let Simulation { chunks, outboxes, devices, team, .. } = self;
        // Threads borrow what they read field by field: chunks and outboxes of the same simulation are written meanwhile.
        let (before, trains, transmitters) = (&self.before[..], &self.trains_before[..], &self.transmitters[..]);
        let (devices, grid, slice) = (&*devices, self.grid, self.slice);
        let troubles = Troubles::default();
        let (delivering, updating) = (AtomicU64::new(0), AtomicU64::new(0));
        let done = team.each_pair(true, chunks, outboxes, |item, chunk, outbox| {
            let began = timed.then(Instant::now);
            if arriving {
                outbox.clear();
                chunk.delivered += chunk.deliver(grid, span.first - slice..span.first, before, trains, transmitters);
            }
            let delivered = timed.then(Instant::now);
            if !chunk.coupled
                && let Err(trouble) = chunk.update(grid, span, devices, outbox)
            {
                troubles.report(item, trouble);
            }
            if let (Some(began), Some(delivered)) = (began, delivered) {
                delivering.fetch_add(nanoseconds(delivered - began), Ordering::Relaxed);
                updating.fetch_add(nanoseconds(delivered.elapsed()), Ordering::Relaxed);
            }
        });
        self.shares.deliver += delivering.into_inner();
        self.shares.update += updating.into_inner();
        troubles.outcome(done)
    }

    /// Steps all coupled chunks through the span. After every step they exchange their continuous signals (rates, gap
    /// junctions without delay), so that no chunk may run ahead of the others.
    fn step_together(&mut self, span: &Span) -> Result<(), Broken> {
        let Simulation { chunks, outboxes, devices, signals, team, grid, .. } = self;
        let (mut places, mut together, mut sent) = (Vec::new(), Vec::new(), Vec::new());
        let all = chunks.iter_mut().zip(outboxes).enumerate();
        for (place, (chunk, outbox)) in all.filter(|(_, (chunk, _))| chunk.coupled) {
            chunk.begin(span);
            places.push(place);
            together.push(chunk);
            sent.push(outbox);
        }
        if together.is_empty() {
            return Ok(());
        }
        let worthwhile = together.iter().map(|chunk| chunk.n).sum::<usize>() >= WORTH_MEETING;
        for i in 0..span.n {
            let part = signals::part(span, i);
            signals::exchange(&mut together, signals, devices, part.first);
            let troubles = Troubles::default();
            let done = team.each_pair(worthwhile, &mut together, &mut sent, |item, chunk, outbox| {
                if let Err(trouble) = chunk.advance(*grid, &part, devices, outbox) {
                    troubles.report(places[item], trouble);
                }
            });
            troubles.outcome(done)?;
        }
        Ok(())
    }

    /// Volume transmitters take the spikes of the slice that ends at step `now`, and trigger their synapses.
    fn end_slice(&mut self, now: i64) -> Result<(), Broken> {
        let Simulation { chunks, outboxes, trains, transmitters, team, grid, slice, .. } = self;
        let (grid, slice) = (*grid, *slice);
        let mut due = false;
        for transmitter in transmitters.iter_mut() {
            due |= transmitter.end_slice(grid, now, slice, outboxes, trains);
        }
        if due {
            let transmitters = &*transmitters;
            let done = team.each(true, chunks, |_, chunk| chunk.trigger(grid, now, slice, transmitters));
            Troubles::default().outcome(done)?;
        }
        let triggered = transmitters.iter_mut().filter(|t| t.is_due(now, slice));
        triggered.for_each(|transmitter| transmitter.triggered(grid.ms(now)));
        Ok(())
    }

    /// Recorders take the spikes and samples of the span.
    fn record(&mut self, span: &Span) -> Result<(), Broken> {
        let Simulation { chunks, outboxes, devices, trains, recorders, intakes, grid, .. } = self;
        recorders.record_spikes(span, *grid, devices, outboxes, trains).map_err(Broken::AtRecorder)?;
        let received = intakes.iter_mut().try_for_each(|intake| intake.receive(span, devices, outboxes, trains));
        received.map_err(Broken::AtRecorder)?;
        if recorders.meters.iter().zip(&span.due).any(|(_, due)| *due != 0) {
            let starts = recorders.open_samples(span, *grid, devices);
            for probe in chunks.iter().flat_map(|chunk| &chunk.probes).filter(|probe| probe.meter < starts.len()) {
                recorders.place_samples(probe, starts[probe.meter]);
            }
        }
        Ok(())
    }
}
